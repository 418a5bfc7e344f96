/*
 * canevas_document.c
 *	  The keys of a canevas: which are known, and the form of their values.
 *
 * Tables say what an object may hold; what is kept of it goes to the place
 * that the table gives in the struct being filled.
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "canevas_lecture.h"

/* How the value of a key is read */
typedef enum Forme
{
	FORME_TEXTE,				/* dest: Slice, or NULL */
	FORME_TEXTES,				/* array of texts */
	FORME_CODE,					/* dest: Slice */
	FORME_CODE_CLASSE,			/* dest: Slice */
	FORME_DATE,					/* dest: Slice */
	FORME_BOOLEEN,				/* dest: bool, or NULL */
	FORME_GENRE,				/* dest: int */
	FORME_NIVEAU,				/* dest: int */
	FORME_ETAT,					/* dest: bool, set when the key is there; so the next four */
	FORME_QUALITE,
	FORME_SAISIE,
	FORME_CALCUL,
	FORME_MESURES,
	FORME_NOM_MESURE,
	FORME_NOMBRE,
	FORME_CERTITUDE,
	FORME_SENS,
	FORME_UNITE,
	FORME_UNITES,				/* dest: bool[UNITE_COUNT] */
	FORME_PREDICAT,				/* dest: Predicat * */
	FORME_CLASSES,				/* dest: Canevas */
	FORME_CIBLES,
	FORME_SOURCES
} Forme;

#define SANS_PLACE SIZE_MAX

typedef struct Cle
{
	const char *nom;
	Forme		forme;
	bool		obligatoire;
	size_t		place;			/* offset in the struct that is filled, or SANS_PLACE */
} Cle;

typedef struct Cible
{
	Slice		depuis;
	Slice		jusque;
} Cible;

static const Cle cles_document[] = {
	{"code", FORME_CODE, true, offsetof(CanevasDocument, canevas.code)},
	{"libelle", FORME_TEXTE, true, offsetof(CanevasDocument, canevas.libelle)},
	{"dimension", FORME_TEXTE, false, offsetof(CanevasDocument, canevas.dimension)},
	{"definition", FORME_TEXTE, false, SANS_PLACE},
	{"genre", FORME_GENRE, false, offsetof(CanevasDocument, genre)},
	{"niveau", FORME_NIVEAU, false, offsetof(CanevasDocument, niveau)},
	{"plancher", FORME_BOOLEEN, false, offsetof(CanevasDocument, canevas.plancher)},
	{"unites", FORME_UNITES, false, offsetof(CanevasDocument, canevas.unites)},
	{"population", FORME_PREDICAT, false, offsetof(CanevasDocument, population)},
	{"oui", FORME_PREDICAT, false, offsetof(CanevasDocument, oui)},
	{"non", FORME_PREDICAT, false, offsetof(CanevasDocument, non)},
	{"classes", FORME_CLASSES, false, offsetof(CanevasDocument, canevas)},
	{"etat", FORME_ETAT, false, offsetof(CanevasDocument, etat)},
	{"mesures", FORME_MESURES, false, offsetof(CanevasDocument, mesures)},
	{"saisie", FORME_SAISIE, false, offsetof(CanevasDocument, saisie)},
	{"qualite", FORME_QUALITE, false, offsetof(CanevasDocument, qualite)},
	{"calcul", FORME_CALCUL, false, offsetof(CanevasDocument, calcul)},
	{"cibles", FORME_CIBLES, false, SANS_PLACE},
	{"sources", FORME_SOURCES, false, SANS_PLACE},
	{"ideal", FORME_TEXTE, false, SANS_PLACE},
	{"calculable", FORME_TEXTE, false, SANS_PLACE},
	{"ecart", FORME_TEXTE, false, SANS_PLACE},
	{"champs", FORME_TEXTES, false, SANS_PLACE},
	{"personas", FORME_TEXTES, false, SANS_PLACE},
	{"faisabilite", FORME_TEXTE, false, SANS_PLACE},
	{"registres", FORME_TEXTES, false, SANS_PLACE},
	{"v1", FORME_BOOLEEN, false, SANS_PLACE},
	{"certitude", FORME_CERTITUDE, false, SANS_PLACE},
	{NULL, FORME_TEXTE, false, SANS_PLACE}
};

static const Cle cles_mesure[] = {
	{"code", FORME_CODE_CLASSE, true, SANS_PLACE},
	{"libelle", FORME_TEXTE, true, SANS_PLACE},
	{"mesure", FORME_NOM_MESURE, true, SANS_PLACE},
	{"etat", FORME_TEXTE, false, SANS_PLACE},
	{"min", FORME_NOMBRE, false, SANS_PLACE},
	{"max", FORME_NOMBRE, false, SANS_PLACE},
	{NULL, FORME_TEXTE, false, SANS_PLACE}
};

static const Cle cles_saisie[] = {
	{"numerateur", FORME_TEXTE, true, SANS_PLACE},
	{"denominateur", FORME_TEXTE, false, SANS_PLACE},
	{"unite", FORME_TEXTE, true, SANS_PLACE},
	{NULL, FORME_TEXTE, false, SANS_PLACE}
};

static const Cle cles_classe[] = {
	{"code", FORME_CODE_CLASSE, true, offsetof(CanevasClasse, code)},
	{"libelle", FORME_TEXTE, true, offsetof(CanevasClasse, libelle)},
	{"population", FORME_PREDICAT, false, offsetof(CanevasClasse, population)},
	{"oui", FORME_PREDICAT, true, offsetof(CanevasClasse, oui)},
	{"non", FORME_PREDICAT, false, offsetof(CanevasClasse, non)},
	{NULL, FORME_TEXTE, false, SANS_PLACE}
};

static const Cle cles_cible[] = {
	{"valeur", FORME_NOMBRE, true, SANS_PLACE},
	{"unite", FORME_UNITE, false, SANS_PLACE},
	{"sens", FORME_SENS, true, SANS_PLACE},
	{"depuis", FORME_DATE, false, offsetof(Cible, depuis)},
	{"jusque", FORME_DATE, false, offsetof(Cible, jusque)},
	{"contraignante", FORME_BOOLEEN, false, SANS_PLACE},
	{"source", FORME_TEXTE, false, SANS_PLACE},
	{"certitude", FORME_CERTITUDE, false, SANS_PLACE},
	{NULL, FORME_TEXTE, false, SANS_PLACE}
};

static const Cle cles_source[] = {
	{"texte", FORME_TEXTE, true, SANS_PLACE},
	{"date", FORME_DATE, false, SANS_PLACE},
	{"certitude", FORME_CERTITUDE, true, SANS_PLACE},
	{NULL, FORME_TEXTE, false, SANS_PLACE}
};

static const char *const certitudes[] = {"vérifié", "source secondaire", "non vérifié", NULL};
static const char *const sens[] = {">=", "<=", NULL};
static const char *const niveaux[NIVEAU_COUNT] = {"contrat", "attribution"};
static const char *const noms_mesures[] = {
	"moyenne", "mediane", "quartile_1", "quartile_3", "decile_9", "part",
	"hhi", "hhi_normalise", "cr4", "gini", "premier", "diversite",
	"taux", NULL
};

static Slice
copier(Lecture *lecture, Slice texte)
{
	char	   *copie = lecture->memory->alloc(lecture->memory->context, texte.len + 1);

	memcpy(copie, texte.data, texte.len);
	copie[texte.len] = '\0';
	return (Slice) {copie, texte.len};
}

/* Letters, digits, - and _, and . in the code of a canevas */
static bool
code_valide(Slice code, bool point)
{
	if (code.len == 0 || code.len > CANEVAS_CODE_MAX)
		return false;
	for (size_t i = 0; i < code.len; i++)
	{
		char		c = code.data[i];

		if (!((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
			  c == '-' || c == '_' || (point && c == '.')))
			return false;
	}
	return true;
}

static bool
date_valide(Slice date)
{
	static const int jours[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	int			an,
				mois,
				jour;

	if (date.len != 10 || date.data[4] != '-' || date.data[7] != '-')
		return false;
	for (int i = 0; i < 10; i++)
	{
		if (i != 4 && i != 7 && (date.data[i] < '0' || date.data[i] > '9'))
			return false;
	}
	an = atoi(date.data);
	mois = atoi(date.data + 5);
	jour = atoi(date.data + 8);
	if (an < 1 || mois < 1 || mois > 12 || jour < 1)
		return false;
	if (mois == 2 && an % 4 == 0 && (an % 100 != 0 || an % 400 == 0))
		return jour <= 29;
	return jour <= jours[mois - 1];
}

static bool
lire_parmi(Lecture *lecture, struct json_object *valeur, const char *chemin,
		   const char *const *permis, int npermis, int *rang)
{
	Slice		texte;

	if (!lecture_texte(lecture, valeur, chemin, &texte))
		return false;
	for (int i = 0; i < npermis && permis[i] != NULL; i++)
	{
		if (slice_is(texte, permis[i]))
		{
			if (rang != NULL)
				*rang = i;
			return true;
		}
	}
	lecture_fault(lecture, "unknown value \"%s\" of \"%s\"", lecture_citer(texte).texte, chemin);
	lecture_conseil(lecture, "Values are: ");
	for (int i = 0; i < npermis && permis[i] != NULL; i++)
		lecture_conseil(lecture, "%s%s", i > 0 ? ", " : "", permis[i]);
	lecture_conseil(lecture, ".");
	return false;
}

static bool
lire_texte(Lecture *lecture, Forme forme, struct json_object *valeur, const char *chemin, Slice *dest)
{
	Slice		texte;

	if (!lecture_texte(lecture, valeur, chemin, &texte))
		return false;
	if (texte.len == 0)
		return lecture_fault(lecture, "\"%s\" is empty", chemin);
	if ((forme == FORME_CODE || forme == FORME_CODE_CLASSE) &&
		!code_valide(texte, forme == FORME_CODE))
	{
		lecture_fault(lecture, "invalid code \"%s\" in \"%s\"", lecture_citer(texte).texte, chemin);
		lecture_conseil(lecture, "A code has 1 to %d characters among A-Z, a-z, 0-9, _, -%s.",
						CANEVAS_CODE_MAX, forme == FORME_CODE ? " and the dot" : "");
		return false;
	}
	if (forme == FORME_DATE && !date_valide(texte))
	{
		lecture_fault(lecture, "invalid date \"%s\" in \"%s\"", lecture_citer(texte).texte, chemin);
		lecture_conseil(lecture, "A date is written YYYY-MM-DD.");
		return false;
	}
	if (dest != NULL)
		*dest = copier(lecture, texte);
	return true;
}

static bool
lire_nombre(Lecture *lecture, struct json_object *valeur, const char *chemin)
{
	if ((json_object_is_type(valeur, json_type_int) || json_object_is_type(valeur, json_type_double)) &&
		json_object_get_double(valeur) >= 0)
		return true;
	return lecture_fault(lecture, "\"%s\" must be a number, 0 or more", chemin);
}

static bool
lire_booleen(Lecture *lecture, struct json_object *valeur, const char *chemin, bool *dest)
{
	if (!json_object_is_type(valeur, json_type_boolean))
		return lecture_fault(lecture, "\"%s\" must be true or false", chemin);
	if (dest != NULL)
		*dest = json_object_get_boolean(valeur);
	return true;
}

/* Arrays: check that it is one, then each element */
static bool
est_tableau(Lecture *lecture, struct json_object *valeur, const char *chemin, bool vide)
{
	if (!json_object_is_type(valeur, json_type_array))
		return lecture_fault(lecture, "\"%s\" must be an array", chemin);
	if (!vide && json_object_array_length(valeur) == 0)
		return lecture_fault(lecture, "\"%s\" is empty", chemin);
	return true;
}

static void
chemin_element(char chemin[CHEMIN_MAX], const char *parent, size_t rang)
{
	snprintf(chemin, CHEMIN_MAX, "%.60s[%u]", parent, (unsigned) rang);
}

static bool
lire_textes(Lecture *lecture, struct json_object *valeur, const char *chemin)
{
	char		element[CHEMIN_MAX];

	if (!est_tableau(lecture, valeur, chemin, true))
		return false;
	for (size_t i = 0; i < json_object_array_length(valeur); i++)
	{
		chemin_element(element, chemin, i);
		if (!lire_texte(lecture, FORME_TEXTE, json_object_array_get_idx(valeur, i), element, NULL))
			return false;
	}
	return true;
}

static bool
lire_unites(Lecture *lecture, struct json_object *valeur, const char *chemin, bool *unites)
{
	char		element[CHEMIN_MAX];
	int			rang;

	if (!est_tableau(lecture, valeur, chemin, false))
		return false;
	memset(unites, 0, UNITE_COUNT * sizeof(bool));
	for (size_t i = 0; i < json_object_array_length(valeur); i++)
	{
		chemin_element(element, chemin, i);
		if (!lire_parmi(lecture, json_object_array_get_idx(valeur, i), element,
						canevas_unites, UNITE_COUNT, &rang))
			return false;
		if (unites[rang])
			return lecture_fault(lecture, "\"%s\" repeats \"%s\"", element, canevas_unites[rang]);
		unites[rang] = true;
	}
	return true;
}

static bool lire_objet(Lecture *lecture, struct json_object *objet, const char *chemin,
					   const Cle *cles, void *dest);

static bool
lire_classes(Lecture *lecture, struct json_object *valeur, const char *chemin, Canevas *canevas)
{
	char		element[CHEMIN_MAX];
	size_t		n;

	if (!est_tableau(lecture, valeur, chemin, false))
		return false;
	n = json_object_array_length(valeur);
	canevas->classes = lecture->memory->alloc(lecture->memory->context, n * sizeof(CanevasClasse));
	memset(canevas->classes, 0, n * sizeof(CanevasClasse));
	for (size_t i = 0; i < n; i++)
	{
		CanevasClasse *classe = &canevas->classes[i];

		chemin_element(element, chemin, i);
		if (!lire_objet(lecture, json_object_array_get_idx(valeur, i), element, cles_classe, classe))
			return false;
		for (size_t j = 0; j < i; j++)
		{
			if (slice_equal(canevas->classes[j].code, classe->code))
				return lecture_fault(lecture, "\"%s\" repeats the code \"%s\"", element, classe->code.data);
		}
	}
	canevas->nclasses = (int) n;
	return true;
}

/* An array of objects of which only the form matters */
static bool
lire_objets(Lecture *lecture, struct json_object *valeur, const char *chemin, bool vide, const Cle *cles)
{
	char		element[CHEMIN_MAX];

	if (!est_tableau(lecture, valeur, chemin, vide))
		return false;
	for (size_t i = 0; i < json_object_array_length(valeur); i++)
	{
		chemin_element(element, chemin, i);
		if (!lire_objet(lecture, json_object_array_get_idx(valeur, i), element, cles, NULL))
			return false;
	}
	return true;
}

static bool
lire_cibles(Lecture *lecture, struct json_object *valeur, const char *chemin)
{
	char		element[CHEMIN_MAX];

	if (!est_tableau(lecture, valeur, chemin, true))
		return false;
	for (size_t i = 0; i < json_object_array_length(valeur); i++)
	{
		Cible		cible = {SLICE_NONE, SLICE_NONE};

		chemin_element(element, chemin, i);
		if (!lire_objet(lecture, json_object_array_get_idx(valeur, i), element, cles_cible, &cible))
			return false;
		if (cible.depuis.data != NULL && cible.jusque.data != NULL &&
			memcmp(cible.depuis.data, cible.jusque.data, cible.depuis.len) > 0)
			return lecture_fault(lecture, "\"%s\" ends before it begins", element);
	}
	return true;
}

static bool
lire_valeur(Lecture *lecture, Forme forme, struct json_object *valeur, const char *chemin, void *dest)
{
	switch (forme)
	{
		case FORME_TEXTE:
		case FORME_CODE:
		case FORME_CODE_CLASSE:
		case FORME_DATE:
			return lire_texte(lecture, forme, valeur, chemin, dest);
		case FORME_TEXTES:
			return lire_textes(lecture, valeur, chemin);
		case FORME_BOOLEEN:
			return lire_booleen(lecture, valeur, chemin, dest);
		case FORME_GENRE:
			return lire_parmi(lecture, valeur, chemin, canevas_genres, GENRE_COUNT, dest);
		case FORME_NIVEAU:
			return lire_parmi(lecture, valeur, chemin, niveaux, NIVEAU_COUNT, dest);
		case FORME_ETAT:
		case FORME_QUALITE:
		case FORME_CALCUL:
			return *(bool *) dest = lire_texte(lecture, FORME_TEXTE, valeur, chemin, NULL);
		case FORME_SAISIE:
			return *(bool *) dest = lire_objet(lecture, valeur, chemin, cles_saisie, NULL);
		case FORME_MESURES:
			return *(bool *) dest = lire_objets(lecture, valeur, chemin, false, cles_mesure);
		case FORME_NOM_MESURE:
			return lire_parmi(lecture, valeur, chemin, noms_mesures, INT_MAX, NULL);
		case FORME_NOMBRE:
			return lire_nombre(lecture, valeur, chemin);
		case FORME_CERTITUDE:
			return lire_parmi(lecture, valeur, chemin, certitudes, INT_MAX, NULL);
		case FORME_SENS:
			return lire_parmi(lecture, valeur, chemin, sens, INT_MAX, NULL);
		case FORME_UNITE:
			return lire_parmi(lecture, valeur, chemin, canevas_unites, UNITE_COUNT, NULL);
		case FORME_UNITES:
			return lire_unites(lecture, valeur, chemin, dest);
		case FORME_PREDICAT:
			return (*(Predicat **) dest = lecture_predicat(lecture, valeur, chemin)) != NULL;
		case FORME_CLASSES:
			return lire_classes(lecture, valeur, chemin, dest);
		case FORME_CIBLES:
			return lire_cibles(lecture, valeur, chemin);
		case FORME_SOURCES:
			return lire_objets(lecture, valeur, chemin, true, cles_source);
	}
	return false;
}

/* How a message calls an object: its path, or the canevas itself */
static Cite
nommer(const char *chemin)
{
	Cite		nom;

	if (chemin == NULL)
		strcpy(nom.texte, "canevas");
	else
		snprintf(nom.texte, sizeof(nom.texte), "\"%.60s\"", chemin);
	return nom;
}

static bool
cle_inconnue(Lecture *lecture, const char *cle, const char *chemin, const Cle *cles)
{
	lecture_fault(lecture, "unknown key \"%s\" in %s",
				  lecture_citer(slice_from(cle)).texte, nommer(chemin).texte);
	lecture_conseil(lecture, "Keys are: ");
	for (const Cle *c = cles; c->nom != NULL; c++)
		lecture_conseil(lecture, "%s%s", c > cles ? ", " : "", c->nom);
	lecture_conseil(lecture, ".");
	return false;
}

/* chemin: NULL for the document itself; dest: the struct that cles speak of */
static bool
lire_objet(Lecture *lecture, struct json_object *objet, const char *chemin,
		   const Cle *cles, void *dest)
{
	if (!json_object_is_type(objet, json_type_object))
		return lecture_fault(lecture, "%s must be an object", nommer(chemin).texte);
	json_object_object_foreach(objet, cle, valeur)
	{
		char		membre[CHEMIN_MAX];
		const Cle  *c = cles;

		while (c->nom != NULL && strcmp(c->nom, cle) != 0)
			c++;
		if (c->nom == NULL)
			return cle_inconnue(lecture, cle, chemin, cles);
		snprintf(membre, sizeof(membre), "%.72s%s%.20s", chemin ? chemin : "", chemin ? "." : "", c->nom);
		if (!lire_valeur(lecture, c->forme, valeur, membre,
						 c->place == SANS_PLACE ? NULL : (char *) dest + c->place))
			return false;
	}
	for (const Cle *c = cles; c->nom != NULL; c++)
	{
		if (c->obligatoire && !json_object_object_get_ex(objet, c->nom, NULL))
			return lecture_fault(lecture, "%s has no key \"%s\"", nommer(chemin).texte, c->nom);
	}
	return true;
}

bool
lecture_document(Lecture *lecture, struct json_object *racine, CanevasDocument *document)
{
	return lire_objet(lecture, racine, NULL, cles_document, document);
}
