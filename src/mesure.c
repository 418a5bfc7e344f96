/*
 * mesure.c
 *	  What canevas measure over a bilan: the six numbers of a rate.
 *
 * programme.c sorts the contracts into yes, no and unknown. A rate is one
 * division of numerics, at the end.
 */
#include "compat.h"

#include "arguments.h"
#include "canevas.h"
#include "poids.h"

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/numeric.h"

PG_FUNCTION_INFO_V1(canevas_mesurer);
PG_FUNCTION_INFO_V1(canevas_taux);
PG_FUNCTION_INFO_V1(canevas_taux_liste);
PG_FUNCTION_INFO_V1(canevas_indicateurs);
PG_FUNCTION_INFO_V1(canevas_choisir);

/* A list that is not known to be complete says yes and never no: its rate would be 1 */
static bool
sans_taux(const Canevas *canevas, const Poids *poids)
{
	return canevas->plancher && poids_nul(&poids[VERDICT_NON]);
}

static void
six_nombres(const Canevas *canevas, const Sommes *sommes, CanevasUnite unite, Datum *values, bool *nulls)
{
	const Poids *poids = sommes->poids[unite];

	poids_mesure(&poids[VERDICT_OUI], &poids[VERDICT_NON], &poids[VERDICT_INCONNU],
				 unite == UNITE_MONTANT, values, nulls);
	nulls[MESURE_TAUX] |= sans_taux(canevas, poids);
}

static char *
slice_cstring(Slice slice)
{
	return pnstrdup(slice.data, slice.len);
}

static CanevasUnite
unite_lire(text *nom)
{
	Slice		slice = {VARDATA_ANY(nom), VARSIZE_ANY_EXHDR(nom)};

	for (int u = 0; u < UNITE_COUNT; u++)
	{
		if (slice_is(slice, canevas_unites[u]))
			return (CanevasUnite) u;
	}
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("unknown unit \"%s\"", text_to_cstring(nom)),
			 errhint("Units are: %s, %s, %s.", canevas_unites[UNITE_NOMBRE],
					 canevas_unites[UNITE_MONTANT], canevas_unites[UNITE_LIGNES])));
	return UNITE_NOMBRE;		/* keep compiler quiet */
}

static CanevasUnite
unite_demandee(const Canevas *canevas, text *nom)
{
	CanevasUnite unite = unite_lire(nom);
	StringInfoData autres;

	if (canevas->unites[unite])
		return unite;
	initStringInfo(&autres);
	for (int u = 0; u < UNITE_COUNT; u++)
	{
		if (canevas->unites[u])
			appendStringInfo(&autres, "%s\"%s\"", autres.len > 0 ? ", " : "", canevas_unites[u]);
	}
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("indicator \"%s\" is not measured in \"%s\"",
					slice_cstring(canevas->code), canevas_unites[unite]),
			 errhint("It is measured in %s.", autres.data)));
	return unite;				/* keep compiler quiet */
}

/* Bytes after which a list of codes in a hint is cut */
#define LISTE_OCTETS 1000

static void
liste_ajouter(StringInfo liste, Slice code)
{
	const char *suite = ", ...";

	if (liste->len > 0 && liste->len < LISTE_OCTETS)
		appendStringInfoString(liste, ", ");
	if (liste->len < LISTE_OCTETS)
		appendBinaryStringInfo(liste, code.data, (int) code.len);
	else if (strcmp(liste->data + liste->len - strlen(suite), suite) != 0)
		appendStringInfoString(liste, suite);
}

static char *
liste_classes(const Canevas *canevas)
{
	StringInfoData liste;

	initStringInfo(&liste);
	for (int k = 0; k < canevas->nclasses; k++)
		liste_ajouter(&liste, canevas->classes[k].code);
	return liste.data;
}

const CanevasClasse *
canevas_classe(const Canevas *canevas, text *nom)
{
	bool		simple;
	char	   *code;

	if (canevas->genre != GENRE_PART)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("indicator \"%s\" is not a part of a bilan", slice_cstring(canevas->code)),
				 errdetail("Its genre is \"%s\".", canevas_genres[canevas->genre])));
	simple = canevas->classes[0].code.data == NULL;
	if (simple && nom == NULL)
		return &canevas->classes[0];
	code = slice_cstring(canevas->code);
	if (simple)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("indicator \"%s\" has no classes", code)));
	if (nom == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("indicator \"%s\" is measured by class", code),
				 errhint("Classes are: %s.", liste_classes(canevas))));
	for (int k = 0; k < canevas->nclasses; k++)
	{
		if (slice_equal(canevas->classes[k].code,
						(Slice) {VARDATA_ANY(nom), VARSIZE_ANY_EXHDR(nom)}))
			return &canevas->classes[k];
	}
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("unknown class \"%s\" of indicator \"%s\"", text_to_cstring(nom), code),
			 errhint("Classes are: %s.", liste_classes(canevas))));
	return NULL;				/* keep compiler quiet */
}

/* The three heaps of what is asked for, (bilan, canevas, unite, classe) */
static const Poids *
poids_demandes(FunctionCallInfo fcinfo, const Canevas *canevas, Sommes *sommes, CanevasUnite *unite)
{
	Programme	programme;

	*unite = unite_demandee(canevas, PG_GETARG_TEXT_PP(2));
	programme.canevas = canevas;
	programme.classes = canevas_classe(canevas, PG_ARGISNULL(3) ? NULL : PG_GETARG_TEXT_PP(3));
	programme.nclasses = 1;
	programme.sommes = sommes;
	memset(sommes, 0, sizeof(*sommes));
	programmes_compter(PG_GETARG_COMPTE_P(0, COMPTE_BILAN), &programme, 1);
	return sommes->poids[*unite];
}

/* mesurer(bilan, canevas, unite, classe) */
Datum
canevas_mesurer(PG_FUNCTION_ARGS)
{
	CanevasCache *cache;
	const Canevas *canevas;
	CanevasUnite unite;
	Sommes		sommes;
	Datum		values[MESURE_COLONNES];
	bool		nulls[MESURE_COLONNES];
	HeapTuple	tuple;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1) || PG_ARGISNULL(2))
		PG_RETURN_NULL();
	cache = canevas_cache(fcinfo->flinfo);
	canevas = canevas_lookup(cache, PG_GETARG_DATUM(1));
	(void) poids_demandes(fcinfo, canevas, &sommes, &unite);
	six_nombres(canevas, &sommes, unite, values, nulls);
	tuple = heap_form_tuple(canevas_cache_tupdesc(cache, fcinfo, MESURE_COLONNES), values, nulls);
	PG_RETURN_DATUM(HeapTupleGetDatum(tuple));
}

static Datum
taux_de(const Canevas *canevas, const Poids *poids, bool *isnull)
{
	Poids		connu = {0, NULL};

	if ((*isnull = sans_taux(canevas, poids)))
		return (Datum) 0;

	poids_sommer(&connu, &poids[VERDICT_OUI]);
	poids_sommer(&connu, &poids[VERDICT_NON]);
	return poids_quotient(&poids[VERDICT_OUI], &connu, 1, isnull);
}

/* taux(bilan, canevas, unite, classe): the rate alone */
Datum
canevas_taux(PG_FUNCTION_ARGS)
{
	const Canevas *canevas;
	CanevasUnite unite;
	Sommes		sommes;
	Datum		taux;
	bool		isnull;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1) || PG_ARGISNULL(2))
		PG_RETURN_NULL();
	canevas = canevas_lookup(canevas_cache(fcinfo->flinfo), PG_GETARG_DATUM(1));
	taux = taux_de(canevas, poids_demandes(fcinfo, canevas, &sommes, &unite), &isnull);
	if (isnull)
		PG_RETURN_NULL();
	return taux;
}

/*
 * The level of what a list measures: that of the bilan, which has one, or if it
 * says nothing that of the first canevas
 */
static Niveau
niveau_demande(const Compte *bilan, const Programme *programmes, int nprogrammes)
{
	if (bilan != NULL && bilan->ncases > 0)
	{
		Profil		p = compte_profil(&bilan->cases[0]);

		return profil_niveau(&p);
	}
	return nprogrammes > 0 ? programmes[0].canevas->niveau : NIVEAU_CONTRAT;
}

/* taux_liste(bilan, canevas[]): in the order of the rows of indicateurs() */
Datum
canevas_taux_liste(PG_FUNCTION_ARGS)
{
	int			nprogrammes;
	Programme  *programmes = canevas_programmes(canevas_cache(fcinfo->flinfo), fcinfo, 1, &nprogrammes);
	Compte	   *bilan = PG_GETARG_COMPTE_P(0, COMPTE_BILAN);
	Niveau		niveau = niveau_demande(bilan, programmes, nprogrammes);
	Datum	   *taux;
	bool	   *nulls;
	int			n = 0;

	programmes_compter(bilan, programmes, nprogrammes);
	for (int p = 0; p < nprogrammes; p++)
		n += programmes[p].nclasses * UNITE_COUNT;
	taux = palloc(Max(n, 1) * sizeof(Datum));
	nulls = palloc(Max(n, 1) * sizeof(bool));
	n = 0;
	for (int p = 0; p < nprogrammes; p++)
	{
		for (int k = 0; k < programmes[p].nclasses; k++)
		{
			for (int u = 0; u < UNITE_COUNT; u++)
			{
				if (!programmes[p].canevas->unites[u] || programmes[p].canevas->niveau != niveau)
					continue;
				taux[n] = taux_de(programmes[p].canevas, programmes[p].sommes[k].poids[u], &nulls[n]);
				n++;
			}
		}
	}
	if (n == 0)
		PG_RETURN_ARRAYTYPE_P(construct_empty_array(NUMERICOID));
	PG_RETURN_ARRAYTYPE_P(construct_md_array(taux, nulls, 1, &n, &(int) {1}, NUMERICOID, -1, false, TYPALIGN_INT));
}

#define INDICATEURS_COLONNES (4 + MESURE_COLONNES)

/* "CODE.classe", "Libellé : libellé de la classe" */
static Datum
nom_complet(Slice canevas, Slice classe, const char *separateur)
{
	char	   *nom = slice_cstring(canevas);

	if (classe.data != NULL)
		nom = psprintf("%s%s%s", nom, separateur, slice_cstring(classe));
	return CStringGetTextDatum(nom);
}

static void
emettre(ReturnSetInfo *rsinfo, const Programme *programme, int k)
{
	const Canevas *canevas = programme->canevas;
	const CanevasClasse *classe = &programme->classes[k];
	Datum		values[INDICATEURS_COLONNES];
	bool		nulls[INDICATEURS_COLONNES] = {false};

	values[0] = nom_complet(canevas->code, classe->code, ".");
	values[1] = nom_complet(canevas->libelle, classe->libelle, " : ");
	nulls[2] = canevas->dimension.data == NULL;
	values[2] = nulls[2] ? (Datum) 0 : CStringGetTextDatum(slice_cstring(canevas->dimension));
	for (int u = 0; u < UNITE_COUNT; u++)
	{
		if (!canevas->unites[u])
			continue;
		values[3] = CStringGetTextDatum(canevas_unites[u]);
		six_nombres(canevas, &programme->sommes[k], (CanevasUnite) u, values + 4, nulls + 4);
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}
}

/* indicateurs(bilan, canevas[]) */
Datum
canevas_indicateurs(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	Programme  *programmes;
	int			nprogrammes;
	Compte	   *bilan;
	Niveau		niveau;

	InitMaterializedSRF(fcinfo, 0);
	colonnes_verifier(rsinfo->setDesc, INDICATEURS_COLONNES, "indicateurs");
	if (PG_ARGISNULL(1))
		return (Datum) 0;
	programmes = canevas_programmes(canevas_cache(fcinfo->flinfo), fcinfo, 1, &nprogrammes);
	bilan = PG_ARGISNULL(0) ? NULL : PG_GETARG_COMPTE_P(0, COMPTE_BILAN);
	niveau = niveau_demande(bilan, programmes, nprogrammes);
	if (bilan != NULL)
		programmes_compter(bilan, programmes, nprogrammes);
	for (int p = 0; p < nprogrammes; p++)
	{
		CHECK_FOR_INTERRUPTS();
		for (int k = 0; k < programmes[p].nclasses && programmes[p].canevas->niveau == niveau; k++)
			emettre(rsinfo, &programmes[p], k);
	}
	return (Datum) 0;
}

/* False only if a document can't have that code: reading it costs a hundred times more */
static bool
peut_avoir_code(Datum canevas, const text *code)
{
	text	   *document = DatumGetTextPP(canevas);
	Slice		s = {VARDATA_ANY(document), VARSIZE_ANY_EXHDR(document)};

	return memchr(s.data, '\\', s.len) != NULL ||
		memmem(s.data, s.len, VARDATA_ANY(code), VARSIZE_ANY_EXHDR(code)) != NULL;
}

/* choisir(canevas[], code) */
Datum
canevas_choisir(PG_FUNCTION_ARGS)
{
	text	   *code = PG_GETARG_TEXT_PP(1);
	CanevasCache *cache = canevas_cache(fcinfo->flinfo);
	Datum	   *elements;
	int			nelements = tableau_elements(PG_GETARG_ARRAYTYPE_P(0), CANEVAS_MAX, &elements);
	StringInfoData codes;

	initStringInfo(&codes);
	for (int i = 0; i < nelements; i++)
	{
		if (peut_avoir_code(elements[i], code) &&
			slice_equal(canevas_lookup(cache, elements[i])->code,
						(Slice) {VARDATA_ANY(code), VARSIZE_ANY_EXHDR(code)}))
			PG_RETURN_DATUM(elements[i]);
	}
	for (int i = 0; i < nelements; i++)
		liste_ajouter(&codes, canevas_lookup(cache, elements[i])->code);
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("unknown indicator \"%s\"", text_to_cstring(code)),
			 codes.len > 0 ? errhint("Codes are: %s.", codes.data) : 0));
	PG_RETURN_NULL();
}
