/*
 * bilan.sql
 *	  Type bilan: for each profil, how many contracts and how much; its
 *	  aggregates and accessors. compte.sql.in has what it shares with others.
 */
COMMENT ON TYPE bilan IS
	'Bilan d''un ensemble de contrats : pour chaque profil, nombre de contrats et somme de leurs montants';

/* Support functions of the aggregates; error 0A000 outside an aggregate. */
CREATE FUNCTION bilan_accum(bilan, profil, numeric) RETURNS bilan
	LANGUAGE C IMMUTABLE PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'bilan_accum';
COMMENT ON FUNCTION bilan_accum(bilan, profil, numeric) IS
	'Transition de l''agrégat bilan';

CREATE FUNCTION bilan_accum(bilan, profil, numeric, integer) RETURNS bilan
	LANGUAGE C IMMUTABLE PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'bilan_accum';
COMMENT ON FUNCTION bilan_accum(bilan, profil, numeric, integer) IS
	'Transition de l''agrégat bilan, pour des parts de contrats';

/*
 * Bilan of a set of contracts, one row each: profil, and montant in euros.
 *
 * A NULL profil counts as one whose attributs are all unknown. A NULL montant
 * adds nothing, nor does that of a profil whose attribute montant is not
 * "utilisable". Amounts are rounded to the centime, half away from zero, then
 * added exactly. NULL without any row. Errors: 22003, when the profil says
 * montant=utilisable, for NaN, an infinity or an amount beyond a bigint of
 * centimes, and for a sum beyond it; 54000 beyond 1 GB of profils.
 */
CREATE AGGREGATE bilan(profil, numeric) (
	SFUNC = bilan_accum,
	STYPE = bilan,
	SSPACE = 1024,
	FINALFUNC = bilan_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = bilan_combine,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE bilan(profil, numeric) IS
	'Bilan d''un ensemble de contrats : profil et montant en euros de chacun';

/*
 * The same of shares of contracts, one row each: of a contract with parts
 * holders a row is one parts-th, of the number and of the montant, which is that
 * of the whole contract. Shares are exact: they are kept by parts and divided
 * at the very end. parts NULL: 1. Errors besides: 22023 for parts under 1,
 * 54000 over 256.
 * Source: several holders share a contract equally, since the DECP do not say
 * how it is split.
 */
CREATE AGGREGATE bilan(profil, numeric, integer) (
	SFUNC = bilan_accum,
	STYPE = bilan,
	SSPACE = 1024,
	FINALFUNC = bilan_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = bilan_combine,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE bilan(profil, numeric, integer) IS
	'Bilan de parts de contrats : profil, montant en euros du contrat entier, nombre de titulaires qui se le partagent';

/* Support function of the aggregate; error 0A000 outside an aggregate. */
CREATE FUNCTION bilan_attributions_accum(bilan, profil[], numeric) RETURNS bilan
	LANGUAGE C IMMUTABLE PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'bilan_attributions_accum';
COMMENT ON FUNCTION bilan_attributions_accum(bilan, profil[], numeric) IS
	'Transition de l''agrégat bilan_attributions';

/*
 * Bilan of the attributions of a set of contracts, one row per contract: the
 * profils of its n attributions, as attributions() gives them, each for an n-th
 * of the number and of montant. Shares and amounts are those of bilan(). An array that is NULL or empty counts as one attribution of which nothing is
 * known. Errors besides: 22004 for a NULL attribution, 54000 for more than 256.
 */
CREATE AGGREGATE bilan_attributions(profil[], numeric) (
	SFUNC = bilan_attributions_accum,
	STYPE = bilan,
	SSPACE = 1024,
	FINALFUNC = bilan_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = bilan_combine,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE bilan_attributions(profil[], numeric) IS
	'Bilan des attributions de contrats : profils des titulaires et montant en euros de chaque contrat';

/*
 * The amount, if it counts in value: that of a profil whose amount is usable,
 * and that is not a subsequent contract whose framework is in the data or of
 * format v1. NULL otherwise, and if an argument is.
 */
CREATE FUNCTION en_valeur(profil profil, montant numeric) RETURNS numeric
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'profil_en_valeur_montant';
COMMENT ON FUNCTION en_valeur(profil, numeric) IS
	'Le montant s''il compte en valeur, NULL sinon (montant invraisemblable, marché subséquent d''un accord-cadre présent)';

/* Number of contracts, with decimals if only some shares of them are there. NULL for NULL. */
CREATE FUNCTION nombre(bilan bilan) RETURNS numeric
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 20
	AS 'MODULE_PATHNAME', 'bilan_nombre';
COMMENT ON FUNCTION nombre(bilan) IS 'Nombre de contrats d''un bilan';

/*
 * Euros, two decimals, of the contracts that count in value: amount usable, and
 * not a subsequent contract whose framework is in the data or of format v1,
 * which would count the same euros twice. NULL for NULL.
 */
CREATE FUNCTION montant(bilan bilan) RETURNS numeric
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 20
	AS 'MODULE_PATHNAME', 'bilan_montant';
COMMENT ON FUNCTION montant(bilan) IS
	'Montant en euros des contrats d''un bilan qui comptent en valeur';

/*
 * Numbers of contracts that montant() leaves out, each under the first reason
 * that applies: no amount, aberrant amount, subsequent contract whose framework
 * is in the data, subsequent contract of format v1.
 */
CREATE FUNCTION ecartes(
	bilan bilan,
	OUT sans_montant numeric,
	OUT aberrants numeric,
	OUT subsequents_lies numeric,
	OUT subsequents_v1 numeric
) RETURNS record
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 20
	AS 'MODULE_PATHNAME', 'bilan_ecartes';
COMMENT ON FUNCTION ecartes(bilan) IS
	'Nombre de contrats d''un bilan laissés hors du montant, par motif';

/*
 * One row per profil, in their order: number of contracts (a decimal one if
 * shares of them are there only), sum of their amounts
 * in euros, NULL where the profil says that there is no usable amount.
 */
CREATE FUNCTION detail(
	bilan bilan,
	OUT profil profil,
	OUT nombre numeric,
	OUT montant numeric
) RETURNS SETOF record
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 20
	AS 'MODULE_PATHNAME', 'bilan_detail';
COMMENT ON FUNCTION detail(bilan) IS
	'Profils d''un bilan, avec nombre de contrats et montant de chacun';
