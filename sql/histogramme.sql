/*
 * histogramme.sql
 *	  Type histogramme: for each value, how many contracts and how much; its
 *	  aggregates and accessors. compte.sql.in has what it shares with others.
 *
 * unite is 'nombre' (a contract weighs 1, or its share) or 'montant' (its
 * euros); error 22023 for another. Shares are exact, divided at the very end.
 */
COMMENT ON TYPE histogramme IS
	'Distribution d''une grandeur : pour chaque valeur, nombre de contrats et somme de leurs montants';

/* Support functions of the aggregates; error 0A000 outside an aggregate. */
CREATE FUNCTION histogramme_accum(histogramme, numeric) RETURNS histogramme
	LANGUAGE C IMMUTABLE PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'histogramme_accum';
COMMENT ON FUNCTION histogramme_accum(histogramme, numeric) IS 'Transition de l''agrégat histogramme';

CREATE FUNCTION histogramme_accum(histogramme, numeric, numeric) RETURNS histogramme
	LANGUAGE C IMMUTABLE PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'histogramme_accum';
COMMENT ON FUNCTION histogramme_accum(histogramme, numeric, numeric) IS 'Transition de l''agrégat histogramme';

CREATE FUNCTION histogramme_accum(histogramme, numeric, numeric, integer) RETURNS histogramme
	LANGUAGE C IMMUTABLE PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'histogramme_accum';
COMMENT ON FUNCTION histogramme_accum(histogramme, numeric, numeric, integer) IS 'Transition de l''agrégat histogramme';

CREATE FUNCTION histogramme_accum(histogramme, integer) RETURNS histogramme
	LANGUAGE C IMMUTABLE PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'histogramme_accum_entier';
COMMENT ON FUNCTION histogramme_accum(histogramme, integer) IS 'Transition de l''agrégat histogramme';

CREATE FUNCTION histogramme_accum(histogramme, integer, numeric) RETURNS histogramme
	LANGUAGE C IMMUTABLE PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'histogramme_accum_entier';
COMMENT ON FUNCTION histogramme_accum(histogramme, integer, numeric) IS 'Transition de l''agrégat histogramme';

CREATE FUNCTION histogramme_accum(histogramme, integer, numeric, integer) RETURNS histogramme
	LANGUAGE C IMMUTABLE PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'histogramme_accum_entier';
COMMENT ON FUNCTION histogramme_accum(histogramme, integer, numeric, integer) IS 'Transition de l''agrégat histogramme';

/*
 * Histogram of a value over contracts, one row each. Values are kept to nine
 * decimals, rounded half away from zero. A NULL value is counted as unknown.
 * NULL without any row. Errors: 22003 for NaN, an infinity or a whole part
 * beyond a bigint, and for a sum beyond it; 54000 beyond 1 GB.
 */
CREATE AGGREGATE histogramme(numeric) (
	SFUNC = histogramme_accum,
	STYPE = histogramme,
	SSPACE = 1024,
	FINALFUNC = histogramme_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = histogramme_combine,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE histogramme(numeric) IS
	'Distribution d''une grandeur, une ligne par contrat';

/*
 * The same with the montant of each contract in euros, so that a contract can
 * weigh what it is worth: en_valeur(profil, montant) gives the one to count. A
 * NULL montant adds nothing; amounts are rounded to the centime.
 */
CREATE AGGREGATE histogramme(numeric, numeric) (
	SFUNC = histogramme_accum,
	STYPE = histogramme,
	SSPACE = 1024,
	FINALFUNC = histogramme_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = histogramme_combine,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE histogramme(numeric, numeric) IS
	'Distribution d''une grandeur, avec le montant en euros de chaque contrat';

/*
 * The same of shares of contracts: of a contract with parts holders a row is
 * one parts-th, of the number and of the montant, which is that of the whole
 * contract. parts NULL: 1. Errors: 22023 for parts under 1, 54000 over 256.
 */
CREATE AGGREGATE histogramme(numeric, numeric, integer) (
	SFUNC = histogramme_accum,
	STYPE = histogramme,
	SSPACE = 1024,
	FINALFUNC = histogramme_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = histogramme_combine,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE histogramme(numeric, numeric, integer) IS
	'Distribution d''une grandeur sur des parts de contrats : montant du contrat entier, nombre de titulaires qui se le partagent';

/* The same of an integer value, which costs less. */
CREATE AGGREGATE histogramme(integer) (
	SFUNC = histogramme_accum,
	STYPE = histogramme,
	SSPACE = 1024,
	FINALFUNC = histogramme_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = histogramme_combine,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE histogramme(integer) IS
	'Distribution d''une grandeur, une ligne par contrat';

/* The same with amounts. */
CREATE AGGREGATE histogramme(integer, numeric) (
	SFUNC = histogramme_accum,
	STYPE = histogramme,
	SSPACE = 1024,
	FINALFUNC = histogramme_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = histogramme_combine,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE histogramme(integer, numeric) IS
	'Distribution d''une grandeur, avec le montant en euros de chaque contrat';

/* The same of shares of contracts. */
CREATE AGGREGATE histogramme(integer, numeric, integer) (
	SFUNC = histogramme_accum,
	STYPE = histogramme,
	SSPACE = 1024,
	FINALFUNC = histogramme_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = histogramme_combine,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE histogramme(integer, numeric, integer) IS
	'Distribution d''une grandeur sur des parts de contrats : montant du contrat entier, nombre de titulaires qui se le partagent';

CREATE FUNCTION histogramme_accum(histogramme, numeric[], numeric) RETURNS histogramme
	LANGUAGE C IMMUTABLE PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'histogramme_accum_liste';
COMMENT ON FUNCTION histogramme_accum(histogramme, numeric[], numeric) IS 'Transition de l''agrégat histogramme';

/*
 * The same of the values of a contract's holders, one row per contract: of k
 * elements each counts for 1/k of the contract, a NULL one as unknown. NULL, an
 * empty list, or one of more than 256 elements: one unknown value.
 */
CREATE AGGREGATE histogramme(numeric[], numeric) (
	SFUNC = histogramme_accum,
	STYPE = histogramme,
	SSPACE = 1024,
	FINALFUNC = histogramme_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = histogramme_combine,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE histogramme(numeric[], numeric) IS
	'Distribution d''une grandeur des titulaires, une ligne par contrat : chacun pour sa part';

/* Weight of known values. NULL if an argument is. */
CREATE FUNCTION effectif(histogramme histogramme, unite text DEFAULT 'nombre') RETURNS numeric
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 20
	AS 'MODULE_PATHNAME', 'compte_effectif';
COMMENT ON FUNCTION effectif(histogramme, text) IS
	'Nombre (ou montant) des contrats dont la grandeur est connue';

/* Weight of unknown values. NULL if an argument is. */
CREATE FUNCTION inconnu(histogramme histogramme, unite text DEFAULT 'nombre') RETURNS numeric
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 20
	AS 'MODULE_PATHNAME', 'compte_inconnu';
COMMENT ON FUNCTION inconnu(histogramme, text) IS
	'Nombre (ou montant) des contrats dont la grandeur est inconnue';

/*
 * Mean of known values, weighted. NULL if an argument is, and without any
 * weight. Error 22003 if the sum of products exceeds 128 bits of nanos.
 */
CREATE FUNCTION moyenne(histogramme histogramme, unite text DEFAULT 'nombre') RETURNS numeric
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 20
	AS 'MODULE_PATHNAME', 'histogramme_moyenne';
COMMENT ON FUNCTION moyenne(histogramme, text) IS
	'Moyenne d''une grandeur, pondérée par le nombre ou le montant';

/*
 * Quantile q (0 to 1) of known values. By number of whole contracts it is that
 * of percentile_cont: rank q (n - 1), in proportion between two values. Of
 * shares, and by amount, there are no ranks: it is the value where the sum of
 * weights, in the order of values, passes q of their total, or the mean of two
 * values when it is reached exactly between them; amounts must not be negative.
 * NULL if an argument is, and without any weight. Error 22003 for q out of range.
 */
CREATE FUNCTION quantile(histogramme histogramme, q numeric, unite text DEFAULT 'nombre') RETURNS numeric
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 20
	AS 'MODULE_PATHNAME', 'histogramme_quantile';
COMMENT ON FUNCTION quantile(histogramme, numeric, text) IS
	'Quantile d''une grandeur : par nombre, celui de percentile_cont ; par parts ou par montant, la valeur où le cumul l''atteint';

/* The same of one half. */
CREATE FUNCTION mediane(histogramme histogramme, unite text DEFAULT 'nombre') RETURNS numeric
	LANGUAGE SQL IMMUTABLE STRICT PARALLEL SAFE COST 20
	RETURN quantile(histogramme, 0.5, unite);
COMMENT ON FUNCTION mediane(histogramme, text) IS
	'Médiane d''une grandeur, pondérée par le nombre ou le montant';

/*
 * Share of known values from min to max, both included; a NULL bound is open.
 * The six numbers of mesurer(). NULL if histogramme or unite is.
 */
CREATE FUNCTION part(histogramme histogramme, min numeric, max numeric, unite text DEFAULT 'nombre') RETURNS mesure
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20
	AS 'MODULE_PATHNAME', 'histogramme_part';
COMMENT ON FUNCTION part(histogramme, numeric, numeric, text) IS
	'Part des contrats dont la grandeur est entre deux bornes, comprises';

/*
 * One row per value, in their order, the unknown one (NULL) last: number of
 * contracts, euros; both decimal if there are shares.
 */
CREATE FUNCTION detail(
	histogramme histogramme,
	OUT valeur numeric,
	OUT nombre numeric,
	OUT montant numeric
) RETURNS SETOF record
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 20
	AS 'MODULE_PATHNAME', 'histogramme_detail';
COMMENT ON FUNCTION detail(histogramme) IS
	'Valeurs d''un histogramme, avec nombre de contrats et montant de chacune';
