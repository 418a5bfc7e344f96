/*
 * concentration.c
 *	  Aggregate concentration(titulaire, montant [, parts]), also of the list of
 *	  holders of a contract, and what is read from its value but the measures of
 *	  inequality (concentration_mesures.c). What it shares with the other types
 *	  that count is in compte.c.
 */
#include "compat.h"

#include "access/tupmacs.h"
#include "catalog/pg_type_d.h"
#include "utils/array.h"
#include "utils/builtins.h"

#include "compte_etat.h"
#include "numeric_centimes.h"
#include "poids.h"

PG_FUNCTION_INFO_V1(concentration_accum);
PG_FUNCTION_INFO_V1(concentration_accum_liste);
PG_FUNCTION_INFO_V1(concentration_titulaires);
PG_FUNCTION_INFO_V1(concentration_nouveaux);

#define PG_GETARG_CONCENTRATION_P(n) compte_canonical(PG_GETARG_COMPTE_P(n, COMPTE_CONCENTRATION))

static void
cle_titulaire(CompteCase *c, text *titulaire)
{
	compte_cle_titulaire(c, (Slice) {VARDATA_ANY(titulaire), VARSIZE_ANY_EXHDR(titulaire)});
}

/*
 * Transitions
 */
Datum
concentration_accum(PG_FUNCTION_ARGS)
{
	CompteCase	add = {{0, 0}, 1, 0};
	CompteEtat	etat;

	if (PG_ARGISNULL(1))
		compte_cle_inconnue(&add);
	else
		cle_titulaire(&add, PG_GETARG_TEXT_PP(1));
	if (!PG_ARGISNULL(2))
		add.centimes = numeric_centimes(PG_GETARG_DATUM(2));
	add.cle[1] |= (uint64) (compte_parts_arg(fcinfo, 3) - 1);
	compte_etat_open(&etat, fcinfo, COMPTE_CONCENTRATION);
	compte_etat_add(&etat, &add);
	return compte_etat_datum(&etat);
}

/* Is that key among the first n? Unknown holders are never the same one. */
static bool
deja_la(const CompteCase *cases, int n, const CompteCase *c)
{
	if (compte_inconnue(c))
		return false;
	for (int i = 0; i < n; i++)
	{
		if (compte_meme_cle(&cases[i], c))
			return true;
	}
	return false;
}

/*
 * Keys of the distinct elements; 0 if there are none, or too many to share a
 * contract exactly
 */
static int
liste_cles(ArrayType *liste, CompteCase cases[COMPTE_PARTS_MAX])
{
	int			nelements = ArrayGetNItems(ARR_NDIM(liste), ARR_DIMS(liste));
	bits8	   *presents = ARR_NULLBITMAP(liste);
	char	   *element = ARR_DATA_PTR(liste);
	int			n = 0;

	for (int i = 0; i < nelements; i++)
	{
		CompteCase	c = {{0, 0}, 1, 0};

		if (presents != NULL && !(presents[i / 8] & (1 << (i % 8))))
			compte_cle_inconnue(&c);
		else
		{
			cle_titulaire(&c, (text *) element);
			element = att_addlength_pointer(element, -1, element);
			element = (char *) att_align_nominal(element, TYPALIGN_INT);
		}
		if (deja_la(cases, n, &c))
			continue;
		if (n == COMPTE_PARTS_MAX)
			return 0;
		cases[n++] = c;
	}
	return n;
}

Datum
concentration_accum_liste(PG_FUNCTION_ARGS)
{
	CompteCase	cases[COMPTE_PARTS_MAX];
	int64		centimes = PG_ARGISNULL(2) ? 0 : numeric_centimes(PG_GETARG_DATUM(2));
	int			parts = PG_ARGISNULL(1) ? 0 : liste_cles(PG_GETARG_ARRAYTYPE_P(1), cases);
	CompteEtat	etat;

	if (parts == 0)
	{
		cases[0].nombre = 1;
		compte_cle_inconnue(&cases[0]);
		parts = 1;
	}
	compte_etat_open(&etat, fcinfo, COMPTE_CONCENTRATION);
	for (int i = 0; i < parts; i++)
	{
		cases[i].cle[1] |= (uint64) (parts - 1);
		cases[i].centimes = centimes;
		compte_etat_add(&etat, &cases[i]);
	}
	return compte_etat_datum(&etat);
}

/*
 * Accessors
 */
Datum
concentration_titulaires(PG_FUNCTION_ARGS)
{
	Compte	   *c = PG_GETARG_CONCENTRATION_P(0);
	int64		n = 0;

	for (uint32 i = 0; i < c->ncases && !compte_inconnue(&c->cases[i]); i++)
		n += i == 0 || !compte_meme_cle(&c->cases[i - 1], &c->cases[i]);
	PG_RETURN_INT64(n);
}

/* Is the holder of that case among those of the other value, whose next case is *i? */
static bool
connu_de(const Compte *histoire, uint32 *i, const CompteCase *c)
{
	while (*i < histoire->ncases && !compte_meme_cle(&histoire->cases[*i], c) &&
		   compte_case_compare(&histoire->cases[*i], c) < 0)
		++*i;
	return *i < histoire->ncases && compte_meme_cle(&histoire->cases[*i], c);
}

/* nouveaux(concentration, histoire, unite): 'titulaires', 'nombre' or 'montant' */
Datum
concentration_nouveaux(PG_FUNCTION_ARGS)
{
	Compte	   *c = PG_GETARG_CONCENTRATION_P(0);
	Compte	   *histoire = PG_GETARG_CONCENTRATION_P(1);
	text	   *nom = PG_GETARG_TEXT_PP(2);
	bool		par_titulaire = slice_is((Slice) {VARDATA_ANY(nom), VARSIZE_ANY_EXHDR(nom)}, "titulaires");
	CompteUnite unite = par_titulaire ? COMPTE_NOMBRE : compte_unite_arg(fcinfo, 2);
	Poids		nouveaux = {0, NULL};
	Poids		anciens = {0, NULL};
	Poids		inconnu = {0, NULL};
	uint32		h = 0;

	for (uint32 i = 0; i < c->ncases; i++)
	{
		const CompteCase *titulaire = &c->cases[i];
		int64		n = compte_case_unite(titulaire, unite);
		int			parts = compte_parts(titulaire);

		if (compte_inconnue(titulaire))
		{
			if (!par_titulaire)
				poids_ajouter(&inconnu, n, parts);
			continue;
		}
		if (par_titulaire)
		{
			n = i == 0 || !compte_meme_cle(&c->cases[i - 1], titulaire);
			parts = 1;
		}
		poids_ajouter(connu_de(histoire, &h, titulaire) ? &anciens : &nouveaux, n, parts);
	}
	return poids_mesure_datum(fcinfo, &nouveaux, &anciens, &inconnu, unite == COMPTE_MONTANT);
}
