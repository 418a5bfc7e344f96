/*
 * bilan.sql
 *	  Type bilan: for each profil, how many contracts and how much; its
 *	  aggregates and accessors.
 */

CREATE TYPE bilan;

/*
 * Text form 1:{profil=nombre/montant,...}: version, then the cases in the order
 * of profils, each as 32 hexadecimal digits, number of contracts, euros with
 * two decimals. Anything else is refused (22P02), so equal texts are equal values.
 */
CREATE FUNCTION bilan_in(cstring) RETURNS bilan
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'bilan_in';
COMMENT ON FUNCTION bilan_in(cstring) IS 'Lit la forme texte d''un bilan';

CREATE FUNCTION bilan_out(bilan) RETURNS cstring
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'bilan_out';
COMMENT ON FUNCTION bilan_out(bilan) IS 'Écrit la forme texte d''un bilan';

/* Binary form, in network order; validated, error 22P03. */
CREATE FUNCTION bilan_recv(internal) RETURNS bilan
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'bilan_recv';
COMMENT ON FUNCTION bilan_recv(internal) IS 'Lit la forme binaire d''un bilan';

CREATE FUNCTION bilan_send(bilan) RETURNS bytea
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'bilan_send';
COMMENT ON FUNCTION bilan_send(bilan) IS 'Écrit la forme binaire d''un bilan';

CREATE TYPE bilan (
	INPUT = bilan_in,
	OUTPUT = bilan_out,
	RECEIVE = bilan_recv,
	SEND = bilan_send,
	INTERNALLENGTH = variable,
	ALIGNMENT = double,
	STORAGE = extended
);
COMMENT ON TYPE bilan IS
	'Bilan d''un ensemble de contrats : pour chaque profil, nombre de contrats et somme de leurs montants';

/*
 * Support functions of the aggregates; error 0A000 outside an aggregate. They
 * change the state that they are given: an aggregate of one's own may have them
 * for SFUNC or COMBINEFUNC, never for FINALFUNC.
 */
CREATE FUNCTION bilan_accum(bilan, profil, numeric) RETURNS bilan
	LANGUAGE C IMMUTABLE PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'bilan_accum';
COMMENT ON FUNCTION bilan_accum(bilan, profil, numeric) IS
	'Transition de l''agrégat bilan';

CREATE FUNCTION bilan_combine(bilan, bilan) RETURNS bilan
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'bilan_combine';
COMMENT ON FUNCTION bilan_combine(bilan, bilan) IS
	'Fusion des états des agrégats bilan et fusion';

CREATE FUNCTION bilan_final(bilan) RETURNS bilan
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'bilan_final';
COMMENT ON FUNCTION bilan_final(bilan) IS 'Forme canonique d''un bilan';

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
 * Bilan of the union of sets that share no contract. NULLs are ignored; NULL
 * without any other row. Errors as bilan.
 */
CREATE AGGREGATE fusion(bilan) (
	SFUNC = bilan_combine,
	STYPE = bilan,
	SSPACE = 1024,
	FINALFUNC = bilan_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = bilan_combine,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE fusion(bilan) IS
	'Fusion de bilans d''ensembles de contrats disjoints';

/* Sum of two bilans; NULL if one is. Error 22003 beyond a bigint. */
CREATE FUNCTION bilan_ajouter(bilan, bilan) RETURNS bilan
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'bilan_ajouter';
COMMENT ON FUNCTION bilan_ajouter(bilan, bilan) IS
	'Fusion de deux bilans d''ensembles de contrats disjoints';

CREATE OPERATOR + (
	FUNCTION = bilan_ajouter,
	LEFTARG = bilan,
	RIGHTARG = bilan,
	COMMUTATOR = +
);
COMMENT ON OPERATOR + (bilan, bilan) IS
	'Fusion de deux bilans d''ensembles de contrats disjoints';

CREATE FUNCTION bilan_eq(bilan, bilan) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'bilan_eq';
COMMENT ON FUNCTION bilan_eq(bilan, bilan) IS 'Égalité de deux bilans';

CREATE FUNCTION bilan_ne(bilan, bilan) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'bilan_ne';
COMMENT ON FUNCTION bilan_ne(bilan, bilan) IS 'Différence de deux bilans';

CREATE OPERATOR = (
	FUNCTION = bilan_eq,
	LEFTARG = bilan,
	RIGHTARG = bilan,
	COMMUTATOR = =,
	NEGATOR = <>,
	HASHES,
	RESTRICT = eqsel,
	JOIN = eqjoinsel
);
COMMENT ON OPERATOR = (bilan, bilan) IS 'Égalité de deux bilans';

CREATE OPERATOR <> (
	FUNCTION = bilan_ne,
	LEFTARG = bilan,
	RIGHTARG = bilan,
	COMMUTATOR = <>,
	NEGATOR = =,
	RESTRICT = neqsel,
	JOIN = neqjoinsel
);
COMMENT ON OPERATOR <> (bilan, bilan) IS 'Différence de deux bilans';

/* Equal bilans are found by hashing (GROUP BY, DISTINCT, joins); they have no order. */

CREATE FUNCTION bilan_hash(bilan) RETURNS integer
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'bilan_hash';
COMMENT ON FUNCTION bilan_hash(bilan) IS 'Hachage d''un bilan';

CREATE FUNCTION bilan_hash_extended(bilan, bigint) RETURNS bigint
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'bilan_hash_extended';
COMMENT ON FUNCTION bilan_hash_extended(bilan, bigint) IS 'Hachage d''un bilan avec graine';

CREATE OPERATOR FAMILY bilan_ops USING hash;
COMMENT ON OPERATOR FAMILY bilan_ops USING hash IS 'Hachage des bilans';
CREATE OPERATOR CLASS bilan_ops DEFAULT FOR TYPE bilan USING hash FAMILY bilan_ops AS
	OPERATOR 1 =,
	FUNCTION 1 bilan_hash(bilan),
	FUNCTION 2 bilan_hash_extended(bilan, bigint);
COMMENT ON OPERATOR CLASS bilan_ops USING hash IS 'Hachage des bilans';

/* Number of contracts. NULL for NULL. */
CREATE FUNCTION nombre(bilan bilan) RETURNS bigint
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'bilan_nombre';
COMMENT ON FUNCTION nombre(bilan) IS 'Nombre de contrats d''un bilan';

/*
 * Euros, two decimals, of the contracts that count in value: amount usable, and
 * not a subsequent contract whose framework is in the data or of format v1,
 * which would count the same euros twice. NULL for NULL.
 */
CREATE FUNCTION montant(bilan bilan) RETURNS numeric
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
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
	OUT sans_montant bigint,
	OUT aberrants bigint,
	OUT subsequents_lies bigint,
	OUT subsequents_v1 bigint
) RETURNS record
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'bilan_ecartes';
COMMENT ON FUNCTION ecartes(bilan) IS
	'Nombre de contrats d''un bilan laissés hors du montant, par motif';

/*
 * One row per profil, in their order: number of contracts, sum of their amounts
 * in euros, NULL where the profil says that there is no usable amount.
 */
CREATE FUNCTION detail(
	bilan bilan,
	OUT profil profil,
	OUT nombre bigint,
	OUT montant numeric
) RETURNS SETOF record
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'bilan_detail';
COMMENT ON FUNCTION detail(bilan) IS
	'Profils d''un bilan, avec nombre de contrats et montant de chacun';
