/*
 * record_case.h
 *	  One record at a time, without a server: what the unit tests of the record
 *	  reader share.
 *
 * A case is a record and what must be found in the contract: "name=value"
 * lines that must be there, "!name" that must not.
 */
#ifndef SPASER_RECORD_CASE_H
#define SPASER_RECORD_CASE_H

#include <stdarg.h>

#include "core/memory.h"
#include "core/record.h"
#include "core_test.h"

static Arena arena;
static CoreMemory memory;
static RecordReader *reader;

/* ---- a contract as lines ---- */

static char lines[1 << 20];
static size_t lines_len;

static void
line(const char *name, const char *format,...)
{
	va_list		args;

	lines_len += (size_t) snprintf(lines + lines_len, sizeof(lines) - lines_len, "%s=", name);
	va_start(args, format);
	lines_len += (size_t) vsnprintf(lines + lines_len, sizeof(lines) - lines_len, format, args);
	va_end(args);
	lines_len += (size_t) snprintf(lines + lines_len, sizeof(lines) - lines_len, "\n");
}

static void
line_slice(const char *name, Slice s)
{
	if (s.data != NULL)
		line(name, "%.*s", (int) s.len, s.data);
}

static void
line_int(const char *name, int value)
{
	if (value != INT_NONE)
		line(name, "%d", value);
}

/* Back to a calendar, in another way than the one under test */
static void
line_date(const char *name, int32_t date)
{
	int			year = 2000;
	int			month = 0;
	static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	if (date == DATE_NONE)
		return;
	while (date >= (year % 4 ? 365 : 366))
		date -= (year++ % 4 ? 365 : 366);
	while (date >= lengths[month] + (month == 1 && year % 4 == 0))
	{
		date -= lengths[month] + (month == 1 && year % 4 == 0);
		month++;
	}
	line(name, "%04d-%02d-%02d", year, month + 1, date + 1);
}

static void
line_trilean(const char *name, Trilean value)
{
	if (value != TRI_UNKNOWN)
		line(name, value == TRI_YES ? "oui" : "non");
}

static void
line_list(const char *name, const SliceList *list)
{
	char		text[2000] = "";
	size_t		n = 0;

	if (!list->present)
		return;
	for (int i = 0; i < list->count && i < 20; i++)
		n += (size_t) snprintf(text + n, sizeof(text) - n, "%s%.*s", i ? " + " : "",
							   (int) (list->items[i].len < 80 ? list->items[i].len : 80),
							   list->items[i].data);
	line(name, "%s", text);
}

static const char *
holder_text(const DecpTitulaire *t)
{
	static char text[4][500];
	static int	turn;
	char	   *out = text[turn++ & 3];

	snprintf(out, 500, "%.*s:%.*s:%.*s", (int) t->type_identifiant.len,
			 t->type_identifiant.data ? t->type_identifiant.data : "",
			 (int) t->identifiant.len, t->identifiant.data ? t->identifiant.data : "",
			 (int) t->denomination_sociale.len,
			 t->denomination_sociale.data ? t->denomination_sociale.data : "");
	return out;
}

static void
line_holders(const char *name, const DecpTitulaire *titulaires, int n)
{
	for (int i = 0; i < n && i < 20; i++)
		line(name, "%s", holder_text(&titulaires[i]));
}

static void
describe_lists(const DecpContrat *c)
{
	line_holders("titulaire", c->titulaires, c->ntitulaires);
	line("titulaires", "%d", c->ntitulaires);
	line("modifications", "%d", c->nmodifications);
	for (int i = 0; i < c->nmodifications && i < 20; i++)
	{
		const DecpModification *m = &c->modifications[i];

		line_slice("m.id", m->id);
		line_slice("m.objet", m->objet);
		line_int("m.duree_mois", m->duree_mois);
		line_slice("m.montant", m->montant);
		line_date("m.date_notification", m->date_notification);
		line_date("m.date_publication", m->date_publication_donnees);
		line_holders("m.titulaire", m->titulaires, m->ntitulaires);
	}
	line("actes", "%d", c->nactes);
	for (int i = 0; i < c->nactes && i < 20; i++)
	{
		const DecpActe *a = &c->actes[i];

		line_slice("a.id", a->id);
		line_int("a.duree_mois", a->duree_mois);
		line_slice("a.montant", a->montant);
		line_slice("a.variation_prix", a->variation_prix);
		line_date("a.date_notification", a->date_notification);
		line_date("a.date_publication", a->date_publication_donnees);
		line("a.sous_traitant", "%s", holder_text(&a->sous_traitant));
	}
	line("modifications_actes", "%d", c->nmodifications_actes);
	for (int i = 0; i < c->nmodifications_actes && i < 20; i++)
	{
		const DecpModificationActe *m = &c->modifications_actes[i];

		line_slice("ma.id", m->id);
		line_int("ma.duree_mois", m->duree_mois);
		line_slice("ma.montant", m->montant);
		line_date("ma.date_notification", m->date_notification);
		line_date("ma.date_publication", m->date_publication_donnees);
	}
	for (int i = 0; i < c->ndonnees_execution && i < 20; i++)
	{
		const DecpDonneeExecution *d = &c->donnees_execution[i];

		line_date("d.date_publication", d->date_publication_donnees);
		line_slice("d.depenses", d->depenses_investissement);
		for (int j = 0; j < d->ntarifs && j < 20; j++)
			line("d.tarif", "%.*s:%.*s", (int) d->tarifs[j].intitule.len,
				 d->tarifs[j].intitule.data ? d->tarifs[j].intitule.data : "",
				 (int) d->tarifs[j].tarif.len, d->tarifs[j].tarif.data ? d->tarifs[j].tarif.data : "");
	}
	for (int i = 0; i < c->nbruts; i++)
	{
		char		name[300];

		snprintf(name, sizeof(name), "brut %.*s", (int) c->bruts[i].chemin.len, c->bruts[i].chemin.data);
		line_slice(name, c->bruts[i].texte);
	}
}

static void
describe(const DecpContrat *c)
{
	lines_len = (size_t) snprintf(lines, sizeof(lines), "\n");
	line("type", c->concession ? "concession" : "marche");
	line("format", "%d", c->format_decp);
	line_slice("encodage", c->encodage);
	line_slice("id", c->id);
	line_slice("uid", c->uid);
	line_slice("source", c->source);
	line_slice("acheteur_id", c->acheteur_id);
	line_slice("acheteur_nom", c->acheteur_nom);
	line_slice("nature", c->nature);
	line_slice("objet", c->objet);
	line_slice("code_cpv", c->code_cpv);
	line_slice("procedure", c->procedure);
	line_slice("lieu_code", c->lieu_execution_code);
	line_slice("lieu_type", c->lieu_execution_type_code);
	line_slice("lieu_nom", c->lieu_execution_nom);
	line_int("duree_mois", c->duree_mois);
	line_date("date_notification", c->date_notification);
	line_date("date_publication", c->date_publication_donnees);
	line_date("date_debut", c->date_debut_execution);
	line_slice("montant", c->montant);
	line_slice("subvention", c->montant_subvention_publique);
	line_slice("forme_prix", c->forme_prix);
	line_list("types_prix", &c->types_prix);
	line_list("techniques", &c->techniques);
	line_list("modalites", &c->modalites_execution);
	line_slice("id_accord_cadre", c->id_accord_cadre);
	line_trilean("innovant", c->marche_innovant);
	line_slice("ccag", c->ccag);
	line_int("offres", c->offres_recues);
	line_trilean("avance", c->attribution_avance);
	line_slice("taux_avance", c->taux_avance);
	line_slice("groupement", c->type_groupement_operateurs);
	line_trilean("sous_traitance", c->sous_traitance_declaree);
	line_slice("origine_ue", c->origine_ue);
	line_slice("origine_france", c->origine_france);
	line_list("sociales", &c->considerations_sociales);
	line_list("environnementales", &c->considerations_environnementales);
	describe_lists(c);
	line("bruts", "%d", c->nbruts);
	for (int i = 0; i < c->nanomalies; i++)
	{
		const DecpAnomalie *a = &c->anomalies[i];

		line("anomalie", "%s %.*s %.*s", regle_get(a->regle)->code, (int) a->champ.len,
			 a->champ.data ? a->champ.data : "", (int) a->valeur.len, a->valeur.data ? a->valeur.data : "");
	}
	line("anomalies", "%d", c->nanomalies);
	line("nchamps", "%d", c->nchamps);
}

/* ---- cases ---- */

static void
case_in(FramerContainer container, const char *name, const char *record, size_t len, va_list expected)
{
	DecpContrat c;
	RecordError error;
	const char *want;
	char	   *copy = malloc(len + 1);

	/* memory of exactly that size, so that a step beyond it is seen */
	memcpy(copy, record, len);
	copy = realloc(copy, len ? len : 1);
	if (!record_read(reader, &memory, copy, len, container, &c, &error))
	{
		snprintf(lines, sizeof(lines), "\nerror=%s %zu\ndetail=%s\n", error.motif, error.octet,
				 error.detail);
		lines_len = strlen(lines);
	}
	else
		describe(&c);
	while ((want = va_arg(expected, const char *)) != NULL)
	{
		char		pattern[1200];
		bool		absent = (want[0] == '!');

		snprintf(pattern, sizeof(pattern), absent ? "\n%s=" : "\n%s\n", want + absent);
		if ((strstr(lines, pattern) == NULL) == absent)
			core_passed++;
		else
		{
			core_failed++;
			printf("not ok: %s: %s\n in%s\n", name, want, lines);
		}
	}
	free(copy);
	arena_reset(&arena);
}

static inline void
marche(const char *name, const char *record,...)
{
	va_list		expected;

	va_start(expected, record);
	case_in(CONTAINER_UNKNOWN, name, record, strlen(record), expected);
	va_end(expected);
}

static inline void
within(FramerContainer container, const char *name, const char *record,...)
{
	va_list		expected;

	va_start(expected, record);
	case_in(container, name, record, strlen(record), expected);
	va_end(expected);
}

static inline void
bytes(const char *name, const char *record, size_t len,...)
{
	va_list		expected;

	va_start(expected, len);
	case_in(CONTAINER_UNKNOWN, name, record, len, expected);
	va_end(expected);
}

#define END ((const char *) NULL)
#define ID "\"id\":\"1\","

/* In a program of its own: memory and the reader, the cases, the count */
static inline int
run_cases(void (*const *tests) (void))
{
	memory = arena_memory(&arena);
	reader = record_reader_create();
	for (; *tests != NULL; tests++)
		(*tests) ();
	record_reader_destroy(reader);
	return check_end();
}

#endif							/* SPASER_RECORD_CASE_H */
