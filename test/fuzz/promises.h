/*
 * promises.h
 *	  What the fuzz targets of both readers assert: the promises of decp.h of a
 *	  contract, and those of framer.h of the frames. To be included behind a
 *	  framer with limits of its own.
 */
#ifndef SPASER_PROMISES_H
#define SPASER_PROMISES_H

#include <stdio.h>

#include "../unit/framer_run.h"
#include "core/anomalie.h"
#include "core/decp.h"
#include "core/utf8.h"

#define ASSERT(condition) \
	do { \
		if (!(condition)) \
		{ \
			fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition); \
			abort(); \
		} \
	} while (0)

/* ---- what a contract may hold ---- */

static inline void
assert_text(Slice text)
{
	if (text.data == NULL)
		ASSERT(text.len == 0);
	else
	{
		ASSERT(memchr(text.data, 0, text.len) == NULL);
		ASSERT(utf8_valid_prefix(text.data, text.len) == text.len);
	}
}

/* [-]digits[.digits], at most 30 digits */
static inline void
assert_decimal(Slice text)
{
	size_t		i = 0;
	size_t		whole = 0;
	size_t		fraction = 0;

	if (text.data == NULL)
		return;
	if (i < text.len && text.data[i] == '-')
		i++;
	for (; i < text.len && text.data[i] >= '0' && text.data[i] <= '9'; i++)
		whole++;
	if (i < text.len && text.data[i] == '.')
	{
		for (i++; i < text.len && text.data[i] >= '0' && text.data[i] <= '9'; i++)
			fraction++;
		ASSERT(fraction > 0);
	}
	ASSERT(whole > 0 && whole + fraction <= 30 && i == text.len);
}

static inline void
assert_date(int32_t date)
{
	ASSERT(date == DATE_NONE || (date >= 0 && date < 36525));
}

static inline void
assert_int(int value)
{
	ASSERT(value == INT_NONE || value >= 0);
}

static inline void
assert_list(const SliceList *list)
{
	ASSERT(list->present == (list->count > 0));
	for (int i = 0; i < list->count; i++)
	{
		ASSERT(list->items[i].len > 0);
		assert_text(list->items[i]);
	}
}

static inline void
assert_holders(const DecpTitulaire *titulaires, int n)
{
	for (int i = 0; i < n; i++)
	{
		assert_text(titulaires[i].type_identifiant);
		assert_text(titulaires[i].identifiant);
		assert_text(titulaires[i].denomination_sociale);
	}
}

static inline void
assert_nested(const DecpContrat *c)
{
	assert_holders(c->titulaires, c->ntitulaires);
	for (int i = 0; i < c->nmodifications; i++)
	{
		assert_text(c->modifications[i].id);
		assert_text(c->modifications[i].objet);
		assert_int(c->modifications[i].duree_mois);
		assert_decimal(c->modifications[i].montant);
		assert_date(c->modifications[i].date_notification);
		assert_date(c->modifications[i].date_publication_donnees);
		assert_holders(c->modifications[i].titulaires, c->modifications[i].ntitulaires);
	}
	for (int i = 0; i < c->nactes; i++)
	{
		assert_text(c->actes[i].id);
		assert_holders(&c->actes[i].sous_traitant, 1);
		assert_int(c->actes[i].duree_mois);
		assert_date(c->actes[i].date_notification);
		assert_date(c->actes[i].date_publication_donnees);
		assert_decimal(c->actes[i].montant);
		assert_text(c->actes[i].variation_prix);
	}
	for (int i = 0; i < c->nmodifications_actes; i++)
	{
		assert_text(c->modifications_actes[i].id);
		assert_int(c->modifications_actes[i].duree_mois);
		assert_date(c->modifications_actes[i].date_notification);
		assert_date(c->modifications_actes[i].date_publication_donnees);
		assert_decimal(c->modifications_actes[i].montant);
	}
	for (int i = 0; i < c->ndonnees_execution; i++)
	{
		assert_date(c->donnees_execution[i].date_publication_donnees);
		assert_decimal(c->donnees_execution[i].depenses_investissement);
		for (int j = 0; j < c->donnees_execution[i].ntarifs; j++)
		{
			assert_text(c->donnees_execution[i].tarifs[j].intitule);
			assert_decimal(c->donnees_execution[i].tarifs[j].tarif);
		}
	}
	ASSERT(c->nanomalies <= R_COUNT * ANOMALIES_PAR_REGLE);
	for (int i = 0; i < c->nanomalies; i++)
	{
		ASSERT(c->anomalies[i].regle < R_COUNT && !regle_get(c->anomalies[i].regle)->ensemble);
		ASSERT(c->anomalies[i].valeur.len <= ANOMALIE_VALEUR_MAX);
		assert_text(c->anomalies[i].champ);
		assert_text(c->anomalies[i].valeur);
	}
	ASSERT(c->nbruts <= 50);
	for (int i = 0; i < c->nbruts; i++)
	{
		assert_text(c->bruts[i].chemin);
		ASSERT(c->bruts[i].texte.data != NULL && c->bruts[i].texte.len <= 500);
		assert_text(c->bruts[i].texte);
	}
}

static inline void
assert_contrat(const DecpContrat *c)
{
	const Slice texts[] = {
		c->id, c->uid, c->source, c->acheteur_id, c->acheteur_nom, c->nature, c->objet, c->code_cpv,
		c->procedure, c->lieu_execution_code, c->lieu_execution_type_code, c->lieu_execution_nom,
		c->forme_prix, c->id_accord_cadre, c->ccag, c->type_groupement_operateurs
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
	{
		ASSERT(texts[i].data == NULL || texts[i].len > 0);
		assert_text(texts[i]);
	}
	ASSERT(c->format_decp == 1 || c->format_decp == 2);
	ASSERT(c->nchamps > 0);
	assert_decimal(c->montant);
	assert_decimal(c->montant_subvention_publique);
	assert_decimal(c->taux_avance);
	assert_decimal(c->origine_ue);
	assert_decimal(c->origine_france);
	assert_int(c->duree_mois);
	assert_int(c->offres_recues);
	assert_date(c->date_notification);
	assert_date(c->date_publication_donnees);
	assert_date(c->date_debut_execution);
	assert_list(&c->types_prix);
	assert_list(&c->techniques);
	assert_list(&c->modalites_execution);
	assert_list(&c->considerations_sociales);
	assert_list(&c->considerations_environnementales);
	assert_nested(c);
}

/* ---- frames ---- */

typedef struct Frames
{
	Frame	   *items;
	size_t		count;
	size_t		capacity;
	const char *doc;
	uint64_t	end;			/* of the last frame */
} Frames;

static inline void
frames_report(void *context, FramerStatus status, const Frame *frame)
{
	Frames	   *frames = context;

	ASSERT((status == FRAMER_RECORD) == (frame->motif == NULL));
	ASSERT(status != FRAMER_RECORD || (frame->debut != NULL && frame->disponible == frame->taille));
	ASSERT(frame->numero == frames->count + 1);
	ASSERT(frame->octet >= frames->end);
	frames->end = frame->octet + frame->taille;
	if (frames->count == frames->capacity)
	{
		frames->capacity = frames->capacity * 2 + 16;
		frames->items = realloc(frames->items, frames->capacity * sizeof(Frame));
	}
	frames->items[frames->count++] = *frame;
}

static inline void
assert_same(const Frames *a, const Frames *b)
{
	ASSERT(a->count == b->count);
	for (size_t i = 0; i < a->count; i++)
	{
		const Frame *x = &a->items[i];
		const Frame *y = &b->items[i];

		ASSERT(x->numero == y->numero && x->octet == y->octet && x->taille == y->taille);
		ASSERT(x->container == y->container && (x->debut == NULL) == (y->debut == NULL));
		ASSERT((x->motif == NULL) == (y->motif == NULL));
		ASSERT(x->motif == NULL || strcmp(x->motif, y->motif) == 0);
	}
}

static inline size_t
piece_next(void *context)
{
	uint32_t   *seed = context;

	*seed = *seed * 1103515245u + 12345u;
	return 1 + (*seed >> 16) % (1 + (*seed & 63));
}

static inline void
run_framer(const FramerUnderTest *framer, const char *doc, size_t len, uint32_t seed,
		   void (*read) (const char *doc, const Frame *frame))
{
	Frames		whole = {.doc = doc};
	Frames		cut = {.doc = doc};
	uint64_t	octet = 0;
	uint64_t	octet_cut = 0;
	const char *why = NULL;
	FramerStatus status = framer_run(framer, doc, len, NULL, NULL, frames_report, &whole, &octet, &why);
	FramerStatus status_cut = framer_run(framer, doc, len, piece_next, &seed, frames_report, &cut,
										 &octet_cut, &why);

	if (why != NULL)
	{
		fprintf(stderr, "framer: %s\n", why);
		abort();
	}
	ASSERT(status == status_cut && octet == octet_cut);
	ASSERT(status == FRAMER_END || status == FRAMER_NOT_DECP);
	ASSERT(whole.end <= len);
	assert_same(&whole, &cut);
	for (size_t i = 0; read != NULL && i < whole.count; i++)
		if (whole.items[i].motif == NULL)
			read(doc, &whole.items[i]);
	free(whole.items);
	free(cut.items);
}

#endif							/* SPASER_PROMISES_H */
