/*
 * canevas.h
 *	  An indicator as a JSON document, read and compiled.
 *
 * A canevas says who is counted (population), what is a yes (oui) and, where
 * it isn't merely the contrary of yes, what is a no (non). Or it has classes,
 * each with its own yes and no: a breakdown. Everything else in it (wording,
 * targets, sources of law) is for people: its form is checked here, and it is
 * read from the document itself.
 *
 * That is a part ("genre": "part", of contracts or, with "niveau":
 * "attribution", of their holders). The other kinds say which measures of which
 * state of the rollup they are, and have neither population nor yes: here, too,
 * only their form is checked.
 *
 * A predicate is true, false or an object. An object holds when all its members
 * hold: "attribut": "valeur", "attribut": ["v1", "v2"] (one of them), "et": [...]
 * (all of), "ou": [...] (one of), "sauf": predicate (not). predicat.h says how
 * it answers on what is unknown.
 */
#ifndef SPASER_CANEVAS_H
#define SPASER_CANEVAS_H

#include "predicat.h"
#include "slice.h"

#define CANEVAS_TAILLE_MAX (64 * 1024)
#define CANEVAS_PROFONDEUR_MAX 32
#define CANEVAS_CODE_MAX 32

typedef enum CanevasUnite
{
	UNITE_NOMBRE,
	UNITE_MONTANT,
	UNITE_LIGNES,				/* attributions, each for one */
	UNITE_COUNT
} CanevasUnite;

extern const char *const canevas_unites[UNITE_COUNT];

typedef enum CanevasGenre
{
	GENRE_PART,
	GENRE_DISTRIBUTION,			/* of a histogramme */
	GENRE_CONCENTRATION,
	GENRE_RAPPORT,
	GENRE_QUALITE,				/* of the data */
	GENRE_SAISIE,				/* declared, not in the data */
	GENRE_SYNTHESE,				/* made of other indicators */
	GENRE_CALCUL,				/* by a function, over the contracts themselves */
	GENRE_COUNT
} CanevasGenre;

extern const char *const canevas_genres[GENRE_COUNT];

typedef struct CanevasClasse
{
	Slice		code;			/* absent: the canevas has no classes, this is the indicator itself */
	Slice		libelle;
	Predicat   *population;		/* NULL: that of the canevas; else both have to hold */
	Predicat   *oui;
	Predicat   *non;			/* NULL: no is the contrary of yes */
} CanevasClasse;

typedef struct Canevas
{
	Slice		code;
	Slice		libelle;
	Slice		dimension;		/* may be absent */
	CanevasGenre genre;
	Niveau		niveau;			/* of the profils that it judges */
	bool		plancher;		/* without any no, only the minimum means something */
	bool		unites[UNITE_COUNT];
	Predicat   *population;
	CanevasClasse *classes;		/* at least one for a part, none for another kind */
	int			nclasses;
} Canevas;

typedef enum CanevasFaultKind
{
	CANEVAS_NOT_JSON,			/* octet says where */
	CANEVAS_TOO_LARGE,
	CANEVAS_INVALID,
	CANEVAS_OUT_OF_MEMORY
} CanevasFaultKind;

typedef struct CanevasFault
{
	CanevasFaultKind kind;
	size_t		octet;
	char		message[256];	/* English, in the style of errmsg */
	char		detail[256];	/* sentence, or empty */
	char		conseil[1536];	/* what is legal: sentence, or empty */
} CanevasFault;

typedef struct CanevasReader CanevasReader;

/*
 * The reader owns json-c's memory, which is not that of the allocator: destroy
 * it also when the allocator did not return. NULL: out of memory.
 */
extern CanevasReader *canevas_reader_create(void);
extern void canevas_reader_destroy(CanevasReader *reader);

/* text: UTF-8. What canevas points to comes from memory, nothing from text. */
extern bool canevas_read(CanevasReader *reader, const CoreMemory *memory, Slice text,
						 Canevas *canevas, CanevasFault *fault);

typedef enum CanevasVerdict
{
	VERDICT_HORS,				/* not in the population */
	VERDICT_NON,
	VERDICT_INCONNU,
	VERDICT_OUI,
	VERDICT_COUNT
} CanevasVerdict;

/*
 * What a contract counts for in a class, given whether it is in the population
 * of the canevas; with that of the class, if it has one:
 *
 *	population no		outside: neither known nor unknown
 *	population unknown	unknown
 *	yes is yes			yes
 *	"non" is given		no if it is yes, else unknown
 *	"non" is not given	no if yes is no, else unknown
 */
static inline CanevasVerdict
canevas_juger(const CanevasClasse *classe, Verite population, const Profil *profil)
{
	Verite		oui;

	if (classe->population != NULL)
		population = (Verite) (population & predicat_juger(classe->population, profil));
	if (population != VERITE_OUI)
		return population == VERITE_NON ? VERDICT_HORS : VERDICT_INCONNU;
	oui = predicat_juger(classe->oui, profil);
	if (oui == VERITE_OUI)
		return VERDICT_OUI;
	if (classe->non != NULL)
		return predicat_juger(classe->non, profil) == VERITE_OUI ? VERDICT_NON : VERDICT_INCONNU;
	return oui == VERITE_NON ? VERDICT_NON : VERDICT_INCONNU;
}

#endif							/* SPASER_CANEVAS_H */
