/*
 * lecteur_ligne.c
 *	  From a DecpContrat to a row of contrat_lu.
 */
#include "compat.h"

#include "arguments.h"
#include "lecteur.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "mb/pg_wchar.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/json.h"
#include "utils/jsonb.h"
#include "utils/lsyscache.h"
#include "utils/numeric.h"
#include "utils/typcache.h"

#include "core/identifiant.h"

/* A row under construction: of contrat_lu or of one of its composites */
typedef struct Valeurs
{
	Datum	   *values;
	bool	   *nulls;
} Valeurs;

static void
poser(Valeurs v, int col, Datum value)
{
	v.values[col] = value;
	v.nulls[col] = false;
}

/* The core gives UTF-8 without NUL only, and the database is of that encoding */
static Datum
texte_datum(Slice s)
{
	Assert(pg_verify_mbstr(PG_UTF8, s.data, (int) s.len, true));
	return PointerGetDatum(cstring_to_text_with_len(s.data, (int) s.len));
}

static void
poser_texte(Valeurs v, int col, Slice s)
{
	if (s.data != NULL)
		poser(v, col, texte_datum(s));
}

static void
poser_entier(Valeurs v, int col, int value)
{
	if (value != INT_NONE)
		poser(v, col, Int32GetDatum(value));
}

static void
poser_date(Valeurs v, int col, int32 value)
{
	if (value != DATE_NONE)
		poser(v, col, DateADTGetDatum(value));
}

static void
poser_booleen(Valeurs v, int col, Trilean value)
{
	if (value != TRI_UNKNOWN)
		poser(v, col, BoolGetDatum(value == TRI_YES));
}

/* Decimal text to numeric, by way of an integer and a scale when it is short */
static void
poser_decimal(Valeurs v, int col, Slice s)
{
	int64		digits = 0;
	int			scale = 0;
	bool		point = false;
	bool		negative = s.data != NULL && s.len > 0 && s.data[0] == '-';

	if (s.data == NULL)
		return;
	if (s.len > 18)
	{
		char	   *text = pnstrdup(s.data, s.len);

		poser(v, col, DirectFunctionCall3(numeric_in, CStringGetDatum(text),
										  ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1)));
		return;
	}
	for (size_t i = negative; i < s.len; i++)
	{
		if (s.data[i] == '.')
			point = true;
		else
		{
			digits = digits * 10 + (s.data[i] - '0');
			scale += point;
		}
	}
	poser(v, col, NumericGetDatum(int64_div_fast_to_numeric(negative ? -digits : digits, scale)));
}

static void
poser_textes(Valeurs v, int col, const SliceList *list)
{
	Datum	   *items;
	bool	   *nulls;
	int			lbound = 1;

	if (!list->present)
		return;
	items = palloc(sizeof(Datum) * Max(list->count, 1));
	nulls = palloc(sizeof(bool) * Max(list->count, 1));
	for (int i = 0; i < list->count; i++)
	{
		nulls[i] = list->items[i].data == NULL;
		items[i] = nulls[i] ? (Datum) 0 : texte_datum(list->items[i]);
	}
	poser(v, col, PointerGetDatum(construct_md_array(items, nulls, list->count > 0, (int *) &list->count, &lbound,
													 TEXTOID, -1, false, TYPALIGN_INT)));
}

static void
poser_liste(Valeurs v, int col, const ListeLue *liste, Datum *items, int n)
{
	if (n > 0)
		poser(v, col, PointerGetDatum(construct_array(items, n, liste->element,
													  liste->typlen, liste->typbyval,
													  liste->typalign)));
}

/* Room for a row of any of the composites, all NULL */
#define LIGNE_MAX 9
typedef struct Composite
{
	Datum		values[LIGNE_MAX];
	bool		nulls[LIGNE_MAX];
} Composite;

static Valeurs
composite_init(Composite *c)
{
	memset(c->nulls, true, sizeof(c->nulls));
	return (Valeurs) {c->values, c->nulls};
}

static Datum
composite_datum(const ListeLue *liste, Composite *c)
{
	return HeapTupleGetDatum(heap_form_tuple(liste->desc, c->values, c->nulls));
}

static void
poser_titulaires(LigneLue *ligne, Valeurs v, int col, const DecpTitulaire *titulaires, int n)
{
	Datum	   *items = palloc(sizeof(Datum) * Max(n, 1));

	for (int i = 0; i < n; i++)
	{
		const DecpTitulaire *t = &titulaires[i];
		Composite	c;
		Valeurs		w = composite_init(&c);

		poser_texte(w, 0, t->type_identifiant);
		poser_texte(w, 1, t->identifiant);
		poser_texte(w, 2, identifiant_siren(t->type_identifiant, t->identifiant));
		poser_texte(w, 3, t->denomination_sociale);
		items[i] = composite_datum(&ligne->titulaires, &c);
	}
	poser_liste(v, col, &ligne->titulaires, items, n);
}

static void
poser_modifications(LigneLue *ligne, Valeurs v, const DecpContrat *contrat)
{
	Datum	   *items = palloc(sizeof(Datum) * Max(contrat->nmodifications, 1));

	for (int i = 0; i < contrat->nmodifications; i++)
	{
		const DecpModification *m = &contrat->modifications[i];
		Composite	c;
		Valeurs		w = composite_init(&c);

		poser_texte(w, 0, m->id);
		poser_texte(w, 1, m->objet);
		poser_entier(w, 2, m->duree_mois);
		poser_decimal(w, 3, m->montant);
		poser_date(w, 4, m->date_notification);
		poser_date(w, 5, m->date_publication_donnees);
		poser_titulaires(ligne, w, 6, m->titulaires, m->ntitulaires);
		items[i] = composite_datum(&ligne->modifications, &c);
	}
	poser_liste(v, COL_MODIFICATIONS, &ligne->modifications, items, contrat->nmodifications);
}

static void
poser_actes(LigneLue *ligne, Valeurs v, const DecpContrat *contrat)
{
	Datum	   *items = palloc(sizeof(Datum) * Max(contrat->nactes, 1));

	for (int i = 0; i < contrat->nactes; i++)
	{
		const DecpActe *a = &contrat->actes[i];
		Composite	c;
		Valeurs		w = composite_init(&c);

		poser_texte(w, 0, a->id);
		poser_texte(w, 1, a->sous_traitant.type_identifiant);
		poser_texte(w, 2, a->sous_traitant.identifiant);
		poser_texte(w, 3, identifiant_siren(a->sous_traitant.type_identifiant,
											a->sous_traitant.identifiant));
		poser_entier(w, 4, a->duree_mois);
		poser_date(w, 5, a->date_notification);
		poser_date(w, 6, a->date_publication_donnees);
		poser_decimal(w, 7, a->montant);
		poser_texte(w, 8, a->variation_prix);
		items[i] = composite_datum(&ligne->actes, &c);
	}
	poser_liste(v, COL_ACTES_SOUS_TRAITANCE, &ligne->actes, items, contrat->nactes);
}

static void
poser_modifications_actes(LigneLue *ligne, Valeurs v, const DecpContrat *contrat)
{
	Datum	   *items = palloc(sizeof(Datum) * Max(contrat->nmodifications_actes, 1));

	for (int i = 0; i < contrat->nmodifications_actes; i++)
	{
		const DecpModificationActe *m = &contrat->modifications_actes[i];
		Composite	c;
		Valeurs		w = composite_init(&c);

		poser_texte(w, 0, m->id);
		poser_entier(w, 1, m->duree_mois);
		poser_date(w, 2, m->date_notification);
		poser_date(w, 3, m->date_publication_donnees);
		poser_decimal(w, 4, m->montant);
		items[i] = composite_datum(&ligne->modifications_actes, &c);
	}
	poser_liste(v, COL_MODIFICATIONS_ACTES, &ligne->modifications_actes, items,
				contrat->nmodifications_actes);
}

static void
poser_donnees_execution(LigneLue *ligne, Valeurs v, const DecpContrat *contrat)
{
	Datum	   *items = palloc(sizeof(Datum) * Max(contrat->ndonnees_execution, 1));

	for (int i = 0; i < contrat->ndonnees_execution; i++)
	{
		const DecpDonneeExecution *e = &contrat->donnees_execution[i];
		Datum	   *tarifs = palloc(sizeof(Datum) * Max(e->ntarifs, 1));
		Composite	c;
		Valeurs		w = composite_init(&c);

		for (int j = 0; j < e->ntarifs; j++)
		{
			Composite	t;
			Valeurs		x = composite_init(&t);

			poser_texte(x, 0, e->tarifs[j].intitule);
			poser_decimal(x, 1, e->tarifs[j].tarif);
			tarifs[j] = composite_datum(&ligne->tarifs, &t);
		}
		poser_date(w, 0, e->date_publication_donnees);
		poser_decimal(w, 1, e->depenses_investissement);
		poser_liste(w, 2, &ligne->tarifs, tarifs, e->ntarifs);
		items[i] = composite_datum(&ligne->donnees_execution, &c);
	}
	poser_liste(v, COL_DONNEES_EXECUTION, &ligne->donnees_execution, items,
				contrat->ndonnees_execution);
}

static void
poser_anomalies(LigneLue *ligne, Valeurs v, const DecpContrat *contrat)
{
	Datum	   *items;

	if (contrat->nanomalies == 0)
		return;
	items = palloc(sizeof(Datum) * contrat->nanomalies);
	for (int i = 0; i < contrat->nanomalies; i++)
	{
		const DecpAnomalie *a = &contrat->anomalies[i];
		Composite	c;
		Valeurs		w = composite_init(&c);

		poser_texte(w, 0, slice_from(regle_get(a->regle)->code));
		poser_texte(w, 1, a->champ);
		poser_texte(w, 2, a->valeur);
		items[i] = composite_datum(&ligne->anomalies, &c);
	}
	poser_liste(v, COL_ANOMALIES, &ligne->anomalies, items, contrat->nanomalies);
}

/* {"dateNotification":"0218-05-01", ...}: what was there and could not be read */
static void
poser_brut(Valeurs v, const DecpContrat *contrat)
{
	StringInfoData json;

	if (contrat->nbruts == 0)
		return;
	initStringInfo(&json);
	for (int i = 0; i < contrat->nbruts; i++)
	{
		appendStringInfoString(&json, i == 0 ? "{" : ",");
		escape_json(&json, text_to_cstring(DatumGetTextPP(texte_datum(contrat->bruts[i].chemin))));
		appendStringInfoChar(&json, ':');
		escape_json(&json, text_to_cstring(DatumGetTextPP(texte_datum(contrat->bruts[i].texte))));
	}
	appendStringInfoChar(&json, '}');
	poser(v, COL_BRUT, DirectFunctionCall1(jsonb_in, CStringGetDatum(json.data)));
}

/* ncolonnes: fields of the composite, all of which the functions above fill */
static void
liste_init(ListeLue *liste, TupleDesc desc, int col, int ncolonnes)
{
	liste->element = get_element_type(TupleDescAttr(desc, col)->atttypid);
	if (!OidIsValid(liste->element))
		elog(ERROR, "column %d of contrat_lu is no array", col + 1);
	liste->desc = lookup_rowtype_tupdesc_copy(liste->element, -1);
	colonnes_verifier(liste->desc, ncolonnes, format_type_be(liste->element));
	get_typlenbyvalalign(liste->element, &liste->typlen, &liste->typbyval, &liste->typalign);
}

void
ligne_init(LigneLue *ligne, TupleDesc desc, Tuplestorestate *store)
{
	colonnes_verifier(desc, COL_COUNT, "contrat_lu");
	ligne->desc = desc;
	ligne->store = store;
	liste_init(&ligne->titulaires, desc, COL_TITULAIRES, 4);
	liste_init(&ligne->modifications, desc, COL_MODIFICATIONS, 7);
	liste_init(&ligne->actes, desc, COL_ACTES_SOUS_TRAITANCE, 9);
	liste_init(&ligne->modifications_actes, desc, COL_MODIFICATIONS_ACTES, 5);
	liste_init(&ligne->donnees_execution, desc, COL_DONNEES_EXECUTION, 3);
	liste_init(&ligne->tarifs, ligne->donnees_execution.desc, 2, 2);
	liste_init(&ligne->anomalies, desc, COL_ANOMALIES, 3);
	ligne->hash = pg_cryptohash_create(PG_SHA256);
	if (ligne->hash == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory")));
}

static void
poser_position(Valeurs v, const Frame *frame)
{
	poser(v, COL_NUMERO, Int64GetDatum((int64) frame->numero));
	poser(v, COL_OCTET, Int64GetDatum((int64) frame->octet));
	poser(v, COL_TAILLE, Int64GetDatum((int64) frame->taille));
}

static void
poser_champs(Valeurs v, const DecpContrat *c)
{
	poser(v, COL_TYPE_CONTRAT,
		  texte_datum(c->concession ? SLICE_LITERAL("concession") : SLICE_LITERAL("marche")));
	poser(v, COL_FORMAT_DECP, Int16GetDatum((int16) c->format_decp));
	poser_texte(v, COL_ENCODAGE, c->encodage);
	poser_texte(v, COL_ID, c->id);
	poser_texte(v, COL_UID, c->uid);
	poser_texte(v, COL_SOURCE, c->source);
	poser_texte(v, COL_ACHETEUR_ID, c->acheteur_id);
	poser_texte(v, COL_ACHETEUR_SIREN, identifiant_siren(SLICE_NONE, c->acheteur_id));
	poser_texte(v, COL_ACHETEUR_NOM, c->acheteur_nom);
	poser_texte(v, COL_NATURE, c->nature);
	poser_texte(v, COL_OBJET, c->objet);
	poser_texte(v, COL_CODE_CPV, c->code_cpv);
	poser_texte(v, COL_PROCEDURE, c->procedure);
	poser_texte(v, COL_LIEU_EXECUTION_CODE, c->lieu_execution_code);
	poser_texte(v, COL_LIEU_EXECUTION_TYPE_CODE, c->lieu_execution_type_code);
	poser_texte(v, COL_LIEU_EXECUTION_NOM, c->lieu_execution_nom);
	poser_entier(v, COL_DUREE_MOIS, c->duree_mois);
	poser_date(v, COL_DATE_NOTIFICATION, c->date_notification);
	poser_date(v, COL_DATE_PUBLICATION_DONNEES, c->date_publication_donnees);
	poser_date(v, COL_DATE_DEBUT_EXECUTION, c->date_debut_execution);
	poser_decimal(v, COL_MONTANT, c->montant);
	poser_decimal(v, COL_MONTANT_SUBVENTION_PUBLIQUE, c->montant_subvention_publique);
	poser_texte(v, COL_FORME_PRIX, c->forme_prix);
	poser_textes(v, COL_TYPES_PRIX, &c->types_prix);
	poser_textes(v, COL_TECHNIQUES, &c->techniques);
	poser_textes(v, COL_MODALITES_EXECUTION, &c->modalites_execution);
	poser_texte(v, COL_ID_ACCORD_CADRE, c->id_accord_cadre);
	poser_booleen(v, COL_MARCHE_INNOVANT, c->marche_innovant);
	poser_texte(v, COL_CCAG, c->ccag);
	poser_entier(v, COL_OFFRES_RECUES, c->offres_recues);
	poser_booleen(v, COL_ATTRIBUTION_AVANCE, c->attribution_avance);
	poser_decimal(v, COL_TAUX_AVANCE, c->taux_avance);
	poser_texte(v, COL_TYPE_GROUPEMENT_OPERATEURS, c->type_groupement_operateurs);
	poser_booleen(v, COL_SOUS_TRAITANCE_DECLAREE, c->sous_traitance_declaree);
	poser_decimal(v, COL_ORIGINE_UE, c->origine_ue);
	poser_decimal(v, COL_ORIGINE_FRANCE, c->origine_france);
	poser_textes(v, COL_CONSIDERATIONS_SOCIALES, &c->considerations_sociales);
	poser_textes(v, COL_CONSIDERATIONS_ENVIRONNEMENTALES, &c->considerations_environnementales);
	poser_date(v, COL_DERNIERE_PUBLICATION, contrat_derniere_publication(c));
	poser(v, COL_CHAMPS, Int16GetDatum((int16) c->nchamps));
}

void
ligne_contrat(LigneLue *ligne, const Frame *frame, const DecpContrat *contrat)
{
	Datum		values[COL_COUNT];
	bool		nulls[COL_COUNT];
	Valeurs		v = {values, nulls};
	ContratCles cles;
	Profil		profil;
	SliceList	identites;

	memset(nulls, true, sizeof(nulls));
	poser_position(v, frame);
	contrat_cles(ligne->hash, contrat, &cles);
	poser(v, COL_CLE, UUIDPGetDatum(&cles.cle));
	poser(v, COL_FAMILLE, UUIDPGetDatum(&cles.famille));
	poser(v, COL_EMPREINTE, UUIDPGetDatum(&cles.empreinte));
	contrat_profil(contrat, &profil);
	poser(v, COL_PROFIL, PointerGetDatum(&profil));
	poser_champs(v, contrat);
	poser_brut(v, contrat);
	identites = contrat_identites(contrat);
	poser_textes(v, COL_TITULAIRES_IDENTITES, &identites);
	poser_titulaires(ligne, v, COL_TITULAIRES, contrat->titulaires, contrat->ntitulaires);
	poser_modifications(ligne, v, contrat);
	poser_actes(ligne, v, contrat);
	poser_modifications_actes(ligne, v, contrat);
	poser_donnees_execution(ligne, v, contrat);
	poser_anomalies(ligne, v, contrat);
	tuplestore_putvalues(ligne->store, ligne->desc, values, nulls);
}

void
ligne_rejet(LigneLue *ligne, const Frame *frame, const char *motif,
			const char *detail, Slice texte)
{
	Datum		values[COL_COUNT];
	bool		nulls[COL_COUNT];
	Valeurs		v = {values, nulls};

	memset(nulls, true, sizeof(nulls));
	poser_position(v, frame);
	poser(v, COL_MOTIF, CStringGetTextDatum(motif));
	if (detail != NULL)
		poser(v, COL_DETAIL, CStringGetTextDatum(detail));
	poser_texte(v, COL_TEXTE, texte);
	tuplestore_putvalues(ligne->store, ligne->desc, values, nulls);
}

void
ligne_reprise(LigneLue *ligne, uint64 octet, bytea *reprise)
{
	Datum		values[COL_COUNT];
	bool		nulls[COL_COUNT];
	Valeurs		v = {values, nulls};

	memset(nulls, true, sizeof(nulls));
	poser(v, COL_OCTET, Int64GetDatum((int64) octet));
	poser(v, COL_REPRISE, PointerGetDatum(reprise));
	tuplestore_putvalues(ligne->store, ligne->desc, values, nulls);
}
