/*
 * canevas_predicat.c
 *	  From the JSON of a predicate to its tree.
 *
 * Recursion is as deep as the document, which is bounded before it is parsed.
 */
#include "canevas_lecture.h"

static bool
attribut_inconnu(Lecture *lecture, const char *cle, const char *chemin)
{
	lecture_fault(lecture, "unknown attribute \"%s\" in predicate \"%s\"",
				  lecture_citer(slice_from(cle)).texte, chemin);
	lecture_conseil(lecture, "Attributes are: ");
	for (int i = 0; i < ATT_COUNT; i++)
		lecture_conseil(lecture, "%s%s", i > 0 ? ", " : "", attribut_get((AttributId) i)->nom);
	lecture_conseil(lecture, ". Operators are: et, ou, sauf.");
	return false;
}

static bool
valeur_inconnue(Lecture *lecture, const Attribut *attribut, Slice valeur, const char *chemin)
{
	lecture_fault(lecture, "unknown value \"%s\" of attribute \"%s\" in predicate \"%s\"",
				  lecture_citer(valeur).texte, attribut->nom, chemin);
	lecture_conseil(lecture, "Values are: ");
	for (int i = 0; i < attribut->nvaleurs; i++)
		lecture_conseil(lecture, "%s, ", attribut->valeurs[i].nom);
	if (attribut->kind == ATTRIBUT_ENSEMBLE)
		lecture_conseil(lecture, "aucune, ");
	if (attribut->contradiction)
		lecture_conseil(lecture, "contradictoire, ");
	lecture_conseil(lecture, "connu, inconnu.");
	return false;
}

static bool
ajouter_valeur(Lecture *lecture, Predicat *feuille, struct json_object *valeur, const char *chemin)
{
	Slice		texte;

	if (!json_object_is_type(valeur, json_type_string))
	{
		lecture_fault(lecture, "invalid value of attribute \"%s\" in predicate \"%s\"",
					  feuille->attribut->nom, chemin);
		lecture_conseil(lecture, "A value is a string, or an array of strings of which one must hold.");
		return false;
	}
	if (!lecture_texte(lecture, valeur, chemin, &texte))
		return false;
	if (!predicat_ajouter_valeur(feuille, texte))
		return valeur_inconnue(lecture, feuille->attribut, texte, chemin);
	return true;
}

static Predicat *
lire_feuille(Lecture *lecture, const char *cle, struct json_object *valeur, const char *chemin)
{
	const Attribut *attribut = attribut_find(slice_from(cle), NULL);
	Predicat   *feuille;

	if (attribut == NULL)
	{
		attribut_inconnu(lecture, cle, chemin);
		return NULL;
	}
	feuille = predicat_feuille(lecture->memory, attribut);
	if (!json_object_is_type(valeur, json_type_array))
		return ajouter_valeur(lecture, feuille, valeur, chemin) ? feuille : NULL;
	if (json_object_array_length(valeur) == 0)
	{
		lecture_fault(lecture, "attribute \"%s\" has no value in predicate \"%s\"",
					  attribut->nom, chemin);
		return NULL;
	}
	for (size_t i = 0; i < json_object_array_length(valeur); i++)
	{
		if (!ajouter_valeur(lecture, feuille, json_object_array_get_idx(valeur, i), chemin))
			return NULL;
	}
	return feuille;
}

static Predicat *
lire_liste(Lecture *lecture, PredicatKind kind, struct json_object *liste, const char *chemin)
{
	const char *operateur = kind == PREDICAT_ET ? "et" : "ou";
	Predicat   *resultat = predicat_constante(lecture->memory, kind == PREDICAT_ET);

	if (!json_object_is_type(liste, json_type_array) || json_object_array_length(liste) == 0)
	{
		lecture_fault(lecture, "operator \"%s\" in predicate \"%s\" must be given an array of predicates",
					  operateur, chemin);
		return NULL;
	}
	for (size_t i = 0; i < json_object_array_length(liste); i++)
	{
		Predicat   *terme = lecture_predicat(lecture, json_object_array_get_idx(liste, i), chemin);

		if (terme == NULL)
			return NULL;
		resultat = predicat_joindre(lecture->memory, kind, resultat, terme);
	}
	return resultat;
}

static Predicat *
lire_membre(Lecture *lecture, const char *cle, struct json_object *valeur, const char *chemin)
{
	if (strcmp(cle, "et") == 0)
		return lire_liste(lecture, PREDICAT_ET, valeur, chemin);
	if (strcmp(cle, "ou") == 0)
		return lire_liste(lecture, PREDICAT_OU, valeur, chemin);
	if (strcmp(cle, "sauf") == 0)
	{
		Predicat   *p = lecture_predicat(lecture, valeur, chemin);

		return p ? predicat_nier(p) : NULL;
	}
	return lire_feuille(lecture, cle, valeur, chemin);
}

Predicat *
lecture_predicat(Lecture *lecture, struct json_object *valeur, const char *chemin)
{
	Predicat   *resultat;

	if (json_object_is_type(valeur, json_type_boolean))
		return predicat_constante(lecture->memory, json_object_get_boolean(valeur));
	if (!json_object_is_type(valeur, json_type_object) || json_object_object_length(valeur) == 0)
	{
		lecture_fault(lecture, "predicate \"%s\" must be a non-empty object, true or false", chemin);
		lecture_conseil(lecture, "An object holds when all its members hold: {\"attribut\": \"valeur\"}, {\"attribut\": [\"v1\", \"v2\"]}, {\"et\": [...]}, {\"ou\": [...]}, {\"sauf\": {...}}.");
		return NULL;
	}
	resultat = predicat_constante(lecture->memory, true);
	json_object_object_foreach(valeur, cle, membre)
	{
		Predicat   *terme = lire_membre(lecture, cle, membre, chemin);

		if (terme == NULL)
			return NULL;
		resultat = predicat_joindre(lecture->memory, PREDICAT_ET, resultat, terme);
	}
	return resultat;
}
