/*
 * juger.c
 *	  What one profil counts for in an indicator, and why.
 */
#include "compat.h"

#include "canevas.h"
#include "core/motif.h"
#include "profil.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"

PG_FUNCTION_INFO_V1(profil_juger);
PG_FUNCTION_INFO_V1(profil_motif);

static const char *const verdicts[VERDICT_COUNT] = {
	[VERDICT_HORS] = "hors", [VERDICT_NON] = "non", [VERDICT_INCONNU] = "inconnu", [VERDICT_OUI] = "oui"
};

/*
 * The arguments (profil, canevas, classe); false if one of the two first is NULL,
 * or the profil is not of the level that the canevas judges
 */
static bool
question(FunctionCallInfo fcinfo, const Canevas **canevas, const CanevasClasse **classe)
{
	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		return false;
	*canevas = canevas_lookup(canevas_cache(fcinfo->flinfo), PG_GETARG_DATUM(1));
	*classe = canevas_classe(*canevas, PG_ARGISNULL(2) ? NULL : PG_GETARG_TEXT_PP(2));
	return profil_niveau(PG_GETARG_PROFIL_P(0)) == (*canevas)->niveau;
}

/* juger(profil, canevas, classe) */
Datum
profil_juger(PG_FUNCTION_ARGS)
{
	const Canevas *canevas;
	const CanevasClasse *classe;

	if (!question(fcinfo, &canevas, &classe))
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(verdicts[motif_verdict(canevas, classe, PG_GETARG_PROFIL_P(0))]));
}

/* motif(profil, canevas, classe) */
Datum
profil_motif(PG_FUNCTION_ARGS)
{
	const Canevas *canevas;
	const CanevasClasse *classe;
	const Profil *profil;
	AttributId	ids[ATT_COUNT];
	Datum		textes[ATT_COUNT];
	int			n;

	if (!question(fcinfo, &canevas, &classe))
		PG_RETURN_NULL();
	profil = PG_GETARG_PROFIL_P(0);
	n = motif_attributs(canevas, classe, profil, ids);
	for (int i = 0; i < n; i++)
	{
		const Attribut *att = attribut_get(ids[i]);
		char		code[PROFIL_TEXTE_MAX];
		size_t		len = attribut_code_texte(att, profil_get(profil, att), code, sizeof(code));

		textes[i] = PointerGetDatum(cstring_to_text(psprintf("%s=%.*s", att->nom, (int) len, code)));
	}
	PG_RETURN_ARRAYTYPE_P(construct_array(textes, n, TEXTOID, -1, false, TYPALIGN_INT));
}
