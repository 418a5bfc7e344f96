/*
 * concentration.sql
 *	  Type concentration: for each holder, how many contracts and how much; its
 *	  aggregates and accessors. compte.sql.in has what it shares with others.
 *
 * A holder is a SIREN (9 digits), a SIRET (14 digits: its SIREN counts, even
 * when its check digit is wrong), or any other identifier, whose letters become
 * capitals; up to 18 letters, digits, spaces and common punctuation are kept as
 * they are, a longer or odder one is shown by an imprint ~xxx. NULL, empty, or
 * zeros only: unknown. Unknown holders are no holder and have no share; their
 * weight is told by inconnu().
 * unite is 'montant' (euros, the default) or 'nombre' (contracts); error 22023
 * for another. Shares are exact, divided at the very end.
 * Source of the measures: Herfindahl and Hirschman's index, concentration
 * ratio, Gini's index, over the shares s of holders.
 */
COMMENT ON TYPE concentration IS
	'Répartition de contrats entre titulaires : pour chacun, nombre de contrats et somme de leurs montants';

/* Support functions of the aggregates; error 0A000 outside an aggregate. */
CREATE FUNCTION concentration_accum(concentration, text, numeric) RETURNS concentration
	LANGUAGE C IMMUTABLE PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'concentration_accum';
COMMENT ON FUNCTION concentration_accum(concentration, text, numeric) IS 'Transition de l''agrégat concentration';

CREATE FUNCTION concentration_accum(concentration, text, numeric, integer) RETURNS concentration
	LANGUAGE C IMMUTABLE PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'concentration_accum';
COMMENT ON FUNCTION concentration_accum(concentration, text, numeric, integer) IS 'Transition de l''agrégat concentration';

CREATE FUNCTION concentration_accum(concentration, text[], numeric) RETURNS concentration
	LANGUAGE C IMMUTABLE PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'concentration_accum_liste';
COMMENT ON FUNCTION concentration_accum(concentration, text[], numeric) IS 'Transition de l''agrégat concentration';

/*
 * Concentration of contracts of one holder each, one row each: titulaire, and
 * montant in euros: en_valeur(profil, montant) gives the one to count. A NULL
 * montant adds nothing. NULL without any row. Errors: 22003 for NaN, an infinity
 * or a sum of centimes beyond a bigint; 54000 beyond 1 GB (29 million holders).
 */
CREATE AGGREGATE concentration(text, numeric) (
	SFUNC = concentration_accum,
	STYPE = concentration,
	SSPACE = 1024,
	FINALFUNC = concentration_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = concentration_combine,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE concentration(text, numeric) IS
	'Répartition de contrats entre titulaires : titulaire et montant en euros de chacun';

/*
 * The same of shares of contracts, a row for each holder of each contract: the
 * share is one parts-th of the number and of the montant, which is that of the
 * whole contract. parts NULL: 1. Errors: 22023 for parts under 1, 54000 over 256.
 */
CREATE AGGREGATE concentration(text, numeric, integer) (
	SFUNC = concentration_accum,
	STYPE = concentration,
	SSPACE = 1024,
	FINALFUNC = concentration_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = concentration_combine,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE concentration(text, numeric, integer) IS
	'Répartition de contrats entre titulaires, une ligne par titulaire : montant du contrat entier, nombre de titulaires qui se le partagent';

/*
 * The same of contracts with the list of their holders, one row each: every
 * distinct holder has an equal share, and so has each NULL element, an unknown
 * holder. A contract is unknown if its list is NULL or empty, or has more than
 * 256 distinct holders.
 */
CREATE AGGREGATE concentration(text[], numeric) (
	SFUNC = concentration_accum,
	STYPE = concentration,
	SSPACE = 1024,
	FINALFUNC = concentration_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = concentration_combine,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE concentration(text[], numeric) IS
	'Répartition de contrats entre titulaires : liste des titulaires et montant en euros de chaque contrat';

/* Weight of known holders. NULL if an argument is. */
CREATE FUNCTION effectif(concentration concentration, unite text DEFAULT 'montant') RETURNS numeric
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 20
	AS 'MODULE_PATHNAME', 'compte_effectif';
COMMENT ON FUNCTION effectif(concentration, text) IS
	'Montant (ou nombre) des contrats dont le titulaire est connu';

/* Weight of unknown holders. NULL if an argument is. */
CREATE FUNCTION inconnu(concentration concentration, unite text DEFAULT 'montant') RETURNS numeric
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 20
	AS 'MODULE_PATHNAME', 'compte_inconnu';
COMMENT ON FUNCTION inconnu(concentration, text) IS
	'Montant (ou nombre) des contrats dont le titulaire est inconnu';

/* 10 000 times the sum of squared shares, 0 to 10 000. NULL if an argument is, and without any weight. */
CREATE FUNCTION hhi(concentration concentration, unite text DEFAULT 'montant') RETURNS numeric
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 20
	AS 'MODULE_PATHNAME', 'concentration_hhi';
COMMENT ON FUNCTION hhi(concentration, text) IS
	'Indice de Herfindahl-Hirschman, de 0 à 10 000';

/*
 * (H - 1/n) / (1 - 1/n) for n holders with a weight, H the sum of squared shares:
 * 0 for equal shares, 1 at most. NULL if an argument is, and for less than two.
 */
CREATE FUNCTION hhi_normalise(concentration concentration, unite text DEFAULT 'montant') RETURNS numeric
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 20
	AS 'MODULE_PATHNAME', 'concentration_hhi_normalise';
COMMENT ON FUNCTION hhi_normalise(concentration, text) IS
	'Indice de Herfindahl-Hirschman normalisé, de 0 (parts égales) à 1';

/*
 * Gini's index of the weights of holders that have one, 0 to 1:
 * 2 (sum of i x_i) / (n sum of x_i) - (n + 1) / n, x in increasing order.
 * NULL if an argument is, and under five holders.
 */
CREATE FUNCTION gini(concentration concentration, unite text DEFAULT 'montant') RETURNS numeric
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 50
	AS 'MODULE_PATHNAME', 'concentration_gini';
COMMENT ON FUNCTION gini(concentration, text) IS
	'Indice de Gini des titulaires, de 0 à 1 ; vide sous cinq titulaires';

/* Share of the k largest holders, 0 to 1. NULL if an argument is, and without any weight. Error 22023 for k under 1. */
CREATE FUNCTION cr(concentration concentration, k integer, unite text DEFAULT 'montant') RETURNS numeric
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 50
	AS 'MODULE_PATHNAME', 'concentration_cr';
COMMENT ON FUNCTION cr(concentration, integer, text) IS
	'Part des k premiers titulaires';

/* Number of distinct known holders, whatever their weight. NULL for NULL. */
CREATE FUNCTION titulaires(concentration concentration) RETURNS bigint
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 20
	AS 'MODULE_PATHNAME', 'concentration_titulaires';
COMMENT ON FUNCTION titulaires(concentration) IS
	'Nombre de titulaires distincts';

/*
 * The largest holder (the first in the order of identifiers if several are) and
 * its share, 0 to 1. NULL if an argument is, and without any weight.
 */
CREATE FUNCTION premier(
	concentration concentration,
	unite text DEFAULT 'montant',
	OUT titulaire text,
	OUT part numeric
) RETURNS record
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 50
	AS 'MODULE_PATHNAME', 'concentration_premier';
COMMENT ON FUNCTION premier(concentration, text) IS 'Premier titulaire, et sa part';

/*
 * Share of holders that are not in histoire, what came before: by unite
 * 'titulaires', new ones among distinct ones; by 'nombre' or 'montant', the
 * weight of theirs. The six numbers of mesurer(); unknown holders are unknown by
 * weight and are no holder by 'titulaires'. NULL if an argument is: pass a NULL
 * histoire when there is no history, or one too short to tell.
 */
CREATE FUNCTION nouveaux(concentration concentration, histoire concentration, unite text DEFAULT 'titulaires') RETURNS mesure
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 50
	AS 'MODULE_PATHNAME', 'concentration_nouveaux';
COMMENT ON FUNCTION nouveaux(concentration, concentration, text) IS
	'Part des titulaires absents d''une répartition antérieure';

/*
 * One row per holder, in the order of identifiers, the unknown ones (NULL)
 * last: number of contracts, euros; both decimal if there are shares.
 */
CREATE FUNCTION detail(
	concentration concentration,
	OUT titulaire text,
	OUT nombre numeric,
	OUT montant numeric
) RETURNS SETOF record
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 20
	AS 'MODULE_PATHNAME', 'concentration_detail';
COMMENT ON FUNCTION detail(concentration) IS
	'Titulaires d''une répartition, avec nombre de contrats et montant de chacun';
