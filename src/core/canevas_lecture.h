/*
 * canevas_lecture.h
 *	  What the parts of the reading of a canevas share: the whole
 *	  (canevas.c), its keys (canevas_document.c) and its predicates
 *	  (canevas_predicat.c). Private to them.
 */
#ifndef SPASER_CANEVAS_LECTURE_H
#define SPASER_CANEVAS_LECTURE_H

#include <json-c/json.h>

#include "canevas.h"

/* "classes[63].oui" and longer: legal keys and indexes only, hence short */
#define CHEMIN_MAX 96

typedef struct Lecture
{
	const CoreMemory *memory;
	CanevasFault *fault;
} Lecture;

/* A canevas as it is written: yes and no stand beside the classes */
typedef struct CanevasDocument
{
	Canevas		canevas;
	int			genre;
	int			niveau;
	Predicat   *population;
	Predicat   *oui;
	Predicat   *non;
	bool		etat;			/* is there such a key? */
	bool		mesures;
	bool		saisie;
	bool		qualite;
	bool		calcul;
} CanevasDocument;

/* Record a fault; always false, so that callers return its result */
extern bool lecture_fault(Lecture *lecture, const char *format,...)
			__attribute__((format(printf, 2, 3)));

/* Add to the sentences on what is legal */
extern void lecture_conseil(Lecture *lecture, const char *format,...)
			__attribute__((format(printf, 2, 3)));

/* A text that came from the user, short and on one line, for a message */
typedef struct Cite
{
	char		texte[64];
} Cite;

extern Cite lecture_citer(Slice texte);

/* The text of a JSON value, or false and a fault if it is no string or holds U+0000 */
extern bool lecture_texte(Lecture *lecture, struct json_object *valeur,
						  const char *chemin, Slice *texte);

extern bool lecture_document(Lecture *lecture, struct json_object *racine,
							 CanevasDocument *document);

/* Does it say something: is its population ever met, is a yes never a no? */
extern bool lecture_sens(Lecture *lecture, const Canevas *canevas);

/* NULL: fault is set */
extern Predicat *lecture_predicat(Lecture *lecture, struct json_object *valeur,
								  const char *chemin);

#endif							/* SPASER_CANEVAS_LECTURE_H */
