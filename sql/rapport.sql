/*
 * rapport.sql
 *	  Type rapport: a ratio of two sums over contracts; its aggregate and
 *	  accessors. compte.sql.in has what it shares with others.
 */
COMMENT ON TYPE rapport IS
	'Rapport de deux sommes sur un ensemble de contrats, avec ce qui n''est pas connu';

/* Support function of the aggregate; error 0A000 outside an aggregate. */
CREATE FUNCTION rapport_accum(rapport, numeric, numeric) RETURNS rapport
	LANGUAGE C IMMUTABLE PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'rapport_accum';
COMMENT ON FUNCTION rapport_accum(rapport, numeric, numeric) IS 'Transition de l''agrégat rapport';

/*
 * Ratio of sums, one row each: drift of amounts (what was added, first amount),
 * subsidies (subsidy, value)... Both are rounded to hundredths, half away from
 * zero, then added exactly. A row whose numerateur is NULL is unknown, and its
 * denominateur is kept apart; so is one whose denominateur is NULL. NULL without
 * any row. Errors: 22003 for NaN, an infinity, or a sum of hundredths beyond a bigint.
 */
CREATE AGGREGATE rapport(numeric, numeric) (
	SFUNC = rapport_accum,
	STYPE = rapport,
	SSPACE = 1024,
	FINALFUNC = rapport_final,
	FINALFUNC_MODIFY = READ_ONLY,
	COMBINEFUNC = rapport_combine,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE rapport(numeric, numeric) IS
	'Rapport de deux sommes : numérateur et dénominateur de chaque contrat';

/* Sum of numerators, where both are known. NULL for NULL. */
CREATE FUNCTION numerateur(rapport rapport) RETURNS numeric
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 20
	AS 'MODULE_PATHNAME', 'rapport_numerateur';
COMMENT ON FUNCTION numerateur(rapport) IS
	'Somme des numérateurs connus';

/* Sum of denominators, where both are known. NULL for NULL. */
CREATE FUNCTION denominateur(rapport rapport) RETURNS numeric
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 20
	AS 'MODULE_PATHNAME', 'rapport_denominateur';
COMMENT ON FUNCTION denominateur(rapport) IS
	'Somme des dénominateurs dont le numérateur est connu';

/* Rows where both are known. NULL for NULL. */
CREATE FUNCTION connus(rapport rapport) RETURNS bigint
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 20
	AS 'MODULE_PATHNAME', 'rapport_connus';
COMMENT ON FUNCTION connus(rapport) IS
	'Nombre de lignes connues d''un rapport';

/* Rows where one is not. NULL for NULL. */
CREATE FUNCTION inconnus(rapport rapport) RETURNS bigint
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 20
	AS 'MODULE_PATHNAME', 'rapport_inconnus';
COMMENT ON FUNCTION inconnus(rapport) IS
	'Nombre de lignes inconnues d''un rapport';

/* The ratio. NULL for NULL, and if its denominator is 0. */
CREATE FUNCTION taux(rapport rapport) RETURNS numeric
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 50
	AS 'MODULE_PATHNAME', 'rapport_taux';
COMMENT ON FUNCTION taux(rapport) IS
	'Rapport des deux sommes';

/*
 * The ratio as a mesure: inconnu is the sum of denominators without numerator;
 * minimum and maximum are NULL, since an unknown numerator may be anything.
 * NULL for NULL.
 */
CREATE FUNCTION mesurer(rapport rapport) RETURNS mesure
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 50
	AS 'MODULE_PATHNAME', 'rapport_mesurer';
COMMENT ON FUNCTION mesurer(rapport) IS
	'Mesure d''un rapport de sommes : numérateur, dénominateur, inconnu, taux';
