/*
 * canevas.c
 *	  Read a canevas: strict JSON, known keys, right types, then predicates.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "canevas_cles.h"
#include "canevas_lecture.h"
#include "json_check.h"

const char *const canevas_unites[UNITE_COUNT] = {"nombre", "montant", "lignes"};

const char *const canevas_genres[GENRE_COUNT] = {
	"part", "distribution", "concentration", "rapport", "qualite", "saisie", "synthese", "calcul"
};

struct CanevasReader
{
	struct json_tokener *tokener;
	struct json_object *racine;
};

bool
lecture_fault(Lecture *lecture, const char *format,...)
{
	va_list		args;

	lecture->fault->kind = CANEVAS_INVALID;
	va_start(args, format);
	vsnprintf(lecture->fault->message, sizeof(lecture->fault->message), format, args);
	va_end(args);
	return false;
}

void
lecture_conseil(Lecture *lecture, const char *format,...)
{
	size_t		len = strlen(lecture->fault->conseil);
	va_list		args;

	va_start(args, format);
	vsnprintf(lecture->fault->conseil + len, sizeof(lecture->fault->conseil) - len, format, args);
	va_end(args);
}

/* Cut before a character that would not be whole; control characters become '?' */
Cite
lecture_citer(Slice texte)
{
	Cite		cite;
	size_t		len = texte.len;

	if (len > sizeof(cite.texte) - 4)
	{
		len = sizeof(cite.texte) - 4;
		while (len > 0 && ((unsigned char) texte.data[len] & 0xC0) == 0x80)
			len--;
	}
	for (size_t i = 0; i < len; i++)
		cite.texte[i] = (unsigned char) texte.data[i] < 0x20 || texte.data[i] == 0x7F ? '?' : texte.data[i];
	cite.texte[len] = '\0';
	if (len < texte.len)
		strcat(cite.texte, "...");
	return cite;
}

bool
lecture_texte(Lecture *lecture, struct json_object *valeur, const char *chemin, Slice *texte)
{
	if (!json_object_is_type(valeur, json_type_string))
		return lecture_fault(lecture, "\"%s\" must be a string", chemin);
	texte->data = json_object_get_string(valeur);
	texte->len = (size_t) json_object_get_string_len(valeur);
	if (texte->len > 0 && memchr(texte->data, '\0', texte->len) != NULL)
		return lecture_fault(lecture, "\"%s\" holds a NUL character", chemin);
	return true;
}

CanevasReader *
canevas_reader_create(void)
{
	CanevasReader *reader = calloc(1, sizeof(CanevasReader));

	if (reader == NULL)
		return NULL;
	/* json-c counts one level more than there are brackets */
	reader->tokener = json_tokener_new_ex(CANEVAS_PROFONDEUR_MAX + 1);
	if (reader->tokener == NULL)
	{
		free(reader);
		return NULL;
	}
	return reader;
}

static void
reader_forget(CanevasReader *reader)
{
	if (reader->racine != NULL)
		json_object_put(reader->racine);
	reader->racine = NULL;
}

void
canevas_reader_destroy(CanevasReader *reader)
{
	reader_forget(reader);
	json_tokener_free(reader->tokener);
	free(reader);
}

/* The text is JSON of bounded size and depth that json-c reads as it is written */
static bool
verifier_texte(Slice texte, CanevasFault *fault)
{
	JsonFault	json;

	if (texte.len > CANEVAS_TAILLE_MAX)
	{
		fault->kind = CANEVAS_TOO_LARGE;
		snprintf(fault->message, sizeof(fault->message), "canevas is too large");
		snprintf(fault->detail, sizeof(fault->detail),
				 "It has %zu bytes, the limit is %d.", texte.len, CANEVAS_TAILLE_MAX);
		return false;
	}
	if (!json_check(texte.data, texte.len, CANEVAS_PROFONDEUR_MAX, &json))
	{
		fault->kind = CANEVAS_NOT_JSON;
		fault->octet = json.octet;
		snprintf(fault->message, sizeof(fault->message), "invalid JSON in canevas");
		snprintf(fault->detail, sizeof(fault->detail),
				 "At byte offset %zu: %s.", json.octet, json.motif);
		return false;
	}
	return true;
}

/* json-c waits for more after a lone number: only an object is handed to it */
static bool
verifier_objet(Lecture *lecture, Slice texte)
{
	size_t		i = 0;

	while (i < texte.len && strchr(" \t\r\n", texte.data[i]) != NULL)
		i++;
	if (i < texte.len && texte.data[i] == '{')
		return true;
	return lecture_fault(lecture, "a canevas must be a JSON object");
}

static bool
verifier_cles(Lecture *lecture, Slice texte)
{
	Slice		cle;

	switch (canevas_cles(texte, &cle))
	{
		case CLES_OK:
			return true;
		case CLES_DOUBLE:
			lecture_fault(lecture, "duplicate key \"%s\" in canevas", lecture_citer(cle).texte);
			break;
		case CLES_ECHAPPEE:
			lecture_fault(lecture, "escape sequence in key \"%s\" of canevas", lecture_citer(cle).texte);
			break;
		case CLES_TROP:
			lecture_fault(lecture, "too many keys in one object of canevas");
			break;
		case CLES_SURROGATE:
			lecture_fault(lecture, "lone surrogate in a string of canevas");
			break;
		case CLES_PROFONDEUR:
			lecture_fault(lecture, "canevas is too deep");
			break;
	}
	lecture->fault->octet = (size_t) (cle.data - texte.data);
	snprintf(lecture->fault->detail, sizeof(lecture->fault->detail),
			 "At byte offset %zu.", lecture->fault->octet);
	return false;
}

/* Targets speak of units that the canevas has, those of a part are fractions; the keys may come in any order */
static bool
verifier_cibles(Lecture *lecture, struct json_object *racine, const Canevas *canevas)
{
	struct json_object *cibles;
	struct json_object *membre;

	if (!json_object_object_get_ex(racine, "cibles", &cibles))
		return true;
	for (size_t i = 0; i < json_object_array_length(cibles); i++)
	{
		struct json_object *cible = json_object_array_get_idx(cibles, i);

		if (canevas->genre == GENRE_PART && json_object_object_get_ex(cible, "valeur", &membre) &&
			json_object_get_double(membre) > 1)
		{
			lecture_fault(lecture, "\"cibles[%zu].valeur\" must be a number from 0 to 1", i);
			lecture_conseil(lecture, "A target of 30 %% is written 0.30.");
			return false;
		}
		if (!json_object_object_get_ex(cible, "unite", &membre))
			continue;
		for (int u = 0; u < UNITE_COUNT; u++)
		{
			if (strcmp(json_object_get_string(membre), canevas_unites[u]) == 0 && !canevas->unites[u])
				return lecture_fault(lecture, "\"cibles[%zu]\" is in \"%s\", in which the canevas is not measured",
									 i, canevas_unites[u]);
		}
	}
	return true;
}

/* A kind that is no part has what names its measures, and nothing of a part */
static bool
verifier_genre(Lecture *lecture, const CanevasDocument *document)
{
	const Canevas *canevas = &document->canevas;
	const char *genre = canevas_genres[canevas->genre];
	const struct
	{
		const char *cle;
		bool		la;
		bool		voulue;
	}			cles[] = {
		{"population", document->population != NULL, false},
		{"oui", document->oui != NULL, false},
		{"non", document->non != NULL, false},
		{"classes", canevas->nclasses > 0, false},
		{"plancher", canevas->plancher, false},
		{"etat", document->etat, canevas->genre <= GENRE_RAPPORT},
		{"mesures", document->mesures, canevas->genre <= GENRE_RAPPORT},
		{"qualite", document->qualite, canevas->genre == GENRE_QUALITE},
		{"saisie", document->saisie, canevas->genre == GENRE_SAISIE},
		{"calcul", document->calcul, canevas->genre == GENRE_CALCUL}
	};

	if (canevas->niveau != NIVEAU_CONTRAT)
		return lecture_fault(lecture, "canevas of genre \"%s\" has a level", genre);
	for (size_t i = 0; i < sizeof(cles) / sizeof(cles[0]); i++)
	{
		if (cles[i].la && !cles[i].voulue)
			return lecture_fault(lecture, "canevas of genre \"%s\" has key \"%s\"", genre, cles[i].cle);
		if (cles[i].voulue && !cles[i].la)
			return lecture_fault(lecture, "canevas of genre \"%s\" has no key \"%s\"", genre, cles[i].cle);
	}
	if (canevas->genre == GENRE_RAPPORT &&
		canevas->unites[UNITE_NOMBRE] + canevas->unites[UNITE_MONTANT] + canevas->unites[UNITE_LIGNES] != 1)
	{
		lecture_fault(lecture, "canevas of genre \"rapport\" has several units");
		lecture_conseil(lecture, "Sums are of one unit: \"unites\": [\"montant\"] of euros, [\"nombre\"] of anything else.");
		return false;
	}
	return true;
}

/* What the keys mean together */
static bool
achever(Lecture *lecture, CanevasDocument *document)
{
	Canevas    *canevas = &document->canevas;

	if (canevas->genre != GENRE_PART)
		return verifier_genre(lecture, document);
	if (document->etat || document->mesures || document->qualite || document->saisie || document->calcul)
	{
		lecture_fault(lecture, "canevas of genre \"part\" has key \"%s\"", document->etat ? "etat" :
					  document->mesures ? "mesures" : document->qualite ? "qualite" :
					  document->saisie ? "saisie" : "calcul");
		lecture_conseil(lecture, "It belongs to another \"genre\".");
		return false;
	}
	if (document->population != NULL)
		canevas->population = document->population;
	if (canevas->nclasses > 0)
	{
		if (document->oui != NULL || document->non != NULL)
			return lecture_fault(lecture, "canevas has \"classes\" beside \"%s\"",
								 document->oui ? "oui" : "non");
		return lecture_sens(lecture, canevas);
	}
	if (document->oui == NULL)
	{
		lecture_fault(lecture, "canevas has neither key \"oui\" nor key \"classes\"");
		lecture_conseil(lecture, "\"oui\" is the predicate of what the indicator counts.");
		return false;
	}
	canevas->classes = lecture->memory->alloc(lecture->memory->context, sizeof(CanevasClasse));
	memset(canevas->classes, 0, sizeof(CanevasClasse));
	canevas->classes->oui = document->oui;
	canevas->classes->non = document->non;
	canevas->nclasses = 1;
	return lecture_sens(lecture, canevas);
}

bool
canevas_read(CanevasReader *reader, const CoreMemory *memory, Slice text,
			 Canevas *canevas, CanevasFault *fault)
{
	Lecture		lecture = {memory, fault};
	CanevasDocument document;
	bool		lu;

	memset(fault, 0, sizeof(*fault));
	if (!verifier_texte(text, fault) || !verifier_objet(&lecture, text) ||
		!verifier_cles(&lecture, text))
		return false;

	/* What an allocator that did not return may have left */
	reader_forget(reader);
	json_tokener_reset(reader->tokener);
	reader->racine = json_tokener_parse_ex(reader->tokener, text.data, (int) text.len);
	if (reader->racine == NULL)
	{
		/* Checked text that json-c does not take: it lacks memory */
		fault->kind = CANEVAS_OUT_OF_MEMORY;
		snprintf(fault->message, sizeof(fault->message), "out of memory");
		return false;
	}

	memset(&document, 0, sizeof(document));
	document.canevas.unites[UNITE_NOMBRE] = document.canevas.unites[UNITE_MONTANT] = true;
	document.canevas.population = predicat_constante(memory, true);
	lu = lecture_document(&lecture, reader->racine, &document);
	document.canevas.genre = (CanevasGenre) document.genre;
	document.canevas.niveau = (Niveau) document.niveau;
	lu = lu && verifier_cibles(&lecture, reader->racine, &document.canevas) && achever(&lecture, &document);
	reader_forget(reader);
	if (lu)
		*canevas = document.canevas;
	return lu;
}
