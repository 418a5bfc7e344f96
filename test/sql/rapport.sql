-- rapport.sql: ratios of sums, their aggregate and accessors.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS spaser;
SET search_path = public, spaser;

-- What a statement answers when it fails
CREATE FUNCTION pg_temp.erreur(requete text, OUT etat text, OUT message text, OUT precision_ text)
LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE requete;
	etat := '00000';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS etat = RETURNED_SQLSTATE, message = MESSAGE_TEXT, precision_ = PG_EXCEPTION_DETAIL;
END $$;

-- Does the plan of a query hold these words?
CREATE FUNCTION pg_temp.plan_contient(requete text, mots text) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
	ligne text;
BEGIN
	FOR ligne IN EXECUTE 'EXPLAIN (COSTS OFF) ' || requete LOOP
		IF position(mots IN ligne) > 0 THEN
			RETURN true;
		END IF;
	END LOOP;
	RETURN false;
END $$;

-- ---- By hand: 10 + 0 - 2.5 of 100 + 50 + 50; what is unknown weighs 40 and nothing

CREATE TEMP TABLE petit (n numeric, d numeric);
INSERT INTO petit VALUES (10, 100), (0.004999, 50), (-2.495, 49.995), (NULL, 40), (NULL, NULL), (7, NULL);
SELECT r, numerateur(r), denominateur(r), connus(r), inconnus(r), taux(r), mesurer(r) FROM (SELECT rapport(n, d) AS r FROM petit) AS t;

-- ---- Nothing in, nothing out; NULL

SELECT rapport(n, d) IS NULL AS rapport, fusion(NULL::rapport) IS NULL AS fusion FROM petit WHERE false;
SELECT rapport(NULL, 5), rapport(5, NULL), rapport(NULL, NULL), rapport(0, 0);
SELECT num_nonnulls(numerateur(r), denominateur(r), connus(r), inconnus(r), taux(r), mesurer(r), r + '1:{}', '1:{}' + r, r = '1:{}') AS non_nuls FROM (SELECT NULL::rapport AS r) AS t;
SELECT r, numerateur(r), denominateur(r), connus(r), inconnus(r), taux(r), mesurer(r)
FROM unnest(ARRAY['1:{}', '1:{inconnu=3/-5.00}', '1:{numerateur=2/7.00,denominateur=2/0.00}', '1:{numerateur=2/0.00,denominateur=2/7.00}']::rapport[]) AS r;

-- ---- Text form: one way only to write each value

SELECT texte FROM (VALUES
	('1:{}'), ('1:{inconnu=1/0.00}'), ('1:{numerateur=1/0.00,denominateur=1/0.00}'), ('1:{numerateur=9223372036854775807/92233720368547758.07,denominateur=9223372036854775807/-92233720368547758.08,inconnu=9223372036854775807/0.01}')
) AS t(texte) WHERE texte::rapport::text <> texte;
SELECT t.texte, e.etat, e.precision_ FROM (VALUES
	(''), ('{}'), ('2:{}'), ('1:{'), ('1:{}}'), ('1:{,}'), ('1:{=1/0.00}'), ('1:{total=1/0.00}'), ('1:{numerateurs=1/0.00,denominateur=1/0.00}'), ('1:{Inconnu=1/0.00}'), ('1:{inconnu =1/0.00}'), ('1:{?=1/0.00}'), ('1:{3=1/0.00}'),
	('1:{inconnu=0/0.00}'), ('1:{inconnu=-1/0.00}'), ('1:{inconnu=01/0.00}'), ('1:{inconnu=9223372036854775808/0.00}'), ('1:{inconnu=1/0.0}'), ('1:{inconnu=1/-0.00}'), ('1:{inconnu=1/92233720368547758.08}'),
	('1:{inconnu|1=1/0.00}'), ('1:{inconnu|2=1/0.00}'), ('1:{numerateur|2=1/0.00,denominateur|2=1/0.00}'), ('1:{inconnu|257=1/0.00}'),
	('1:{numerateur=1/0.00}'), ('1:{denominateur=1/0.00}'), ('1:{numerateur=1/0.00,denominateur=2/0.00}'), ('1:{numerateur=1/0.00,inconnu=1/0.00}'),
	('1:{denominateur=1/0.00,numerateur=1/0.00}'), ('1:{inconnu=1/0.00,numerateur=1/0.00,denominateur=1/0.00}'), ('1:{inconnu=1/0.00,inconnu=1/0.00}')
) AS t(texte), pg_temp.erreur(format('SELECT %L::rapport', t.texte)) AS e;

-- ---- Binary form

CREATE TEMP TABLE binaire (r rapport);
CREATE FUNCTION pg_temp.recevoir(octets bytea, OUT valeur rapport, OUT etat text, OUT precision_ text) LANGUAGE plpgsql AS $$
DECLARE
	lo oid := lo_from_bytea(0, '\x5047434f50590aff0d0a00' || int4send(0) || int4send(0) ||
		int2send(1::int2) || int4send(length(octets)) || octets || int2send((-1)::int2));
	chemin text := current_setting('data_directory') || '/rapport_binaire';
BEGIN
	PERFORM lo_export(lo, chemin);
	PERFORM lo_unlink(lo);
	DELETE FROM binaire;
	EXECUTE format('COPY binaire FROM %L (FORMAT binary)', chemin);
	SELECT r INTO valeur FROM binaire;
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS etat = RETURNED_SQLSTATE, precision_ = PG_EXCEPTION_DETAIL;
END $$;
-- version 1, kind 3; which sum, rows, hundredths
SELECT rapport_send('1:{numerateur=2/-0.05,denominateur=2/7.00,inconnu=9/0.00}') = '\x00010003' || int8send(1) || int8send(0) || int8send(2) || int8send(-5) ||
	int8send(2) || int8send(0) || int8send(2) || int8send(700) || int8send(3) || int8send(0) || int8send(9) || int8send(0) AS pareil;
SELECT bool_and((pg_temp.recevoir(rapport_send(r))).valeur = r) AS relus
FROM (SELECT rapport(n, d) AS r FROM petit UNION ALL VALUES ('1:{}'::rapport), ('1:{inconnu=9223372036854775807/-92233720368547758.08}')) AS t;
SELECT t.defaut, r.etat, r.precision_ FROM (VALUES
	('version', '\x00020003'::bytea), ('empty', ''), ('no kind', '\x0001'), ('bilan', '\x00010000'), ('concentration', '\x00010002'), ('no such kind', '\x00010004'), ('trailing byte', '\x0001000300'),
	('cut case', '\x00010003' || int8send(3) || int8send(0) || int8send(1)),
	('number 0', '\x00010003' || int8send(3) || int8send(0) || int8send(0) || int8send(0)),
	('negative number', '\x00010003' || int8send(3) || int8send(0) || int8send(-1) || int8send(0)),
	('sum 0', '\x00010003' || int8send(0) || int8send(0) || int8send(1) || int8send(0)),
	('sum 4', '\x00010003' || int8send(4) || int8send(0) || int8send(1) || int8send(0)),
	('the last sum', '\x00010003' || int8send(-1) || int8send(0) || int8send(1) || int8send(0)),
	('parts', '\x00010003' || int8send(3) || int8send(1) || int8send(1) || int8send(0)),
	('twice', '\x00010003' || int8send(3) || int8send(0) || int8send(1) || int8send(0) || int8send(3) || int8send(0) || int8send(1) || int8send(0)),
	('not in order', '\x00010003' || int8send(2) || int8send(0) || int8send(1) || int8send(0) || int8send(1) || int8send(0) || int8send(1) || int8send(0)),
	('numerators alone', '\x00010003' || int8send(1) || int8send(0) || int8send(1) || int8send(0)),
	('not as many', '\x00010003' || int8send(1) || int8send(0) || int8send(1) || int8send(0) || int8send(2) || int8send(0) || int8send(2) || int8send(0))
) AS t(defaut, octets), pg_temp.recevoir(t.octets) AS r;

-- ---- Errors of numbers, even of a row that is unknown; sums beyond a bigint

SELECT appel, e.etat, e.message FROM unnest(ARRAY['rapport(''NaN'', 1)', 'rapport(1, ''NaN'')', 'rapport(''Infinity'', 1)', 'rapport(1, ''-Infinity'')', 'rapport(NULL, 1e17)', 'rapport(92233720368547758.075, 1)', 'rapport(1, -92233720368547758.085)']) AS appel,
	pg_temp.erreur('SELECT ' || appel) AS e;
-- nothing is read of a numerator without denominator
SELECT rapport('NaN', NULL), rapport(1e300, NULL);
SELECT e.etat, e.message FROM unnest(ARRAY[
	'SELECT rapport(1, v) FROM (VALUES (92233720368547758.07), (0.01)) AS t(v)', 'SELECT rapport(v, 1) FROM (VALUES (-92233720368547758.08), (-0.01)) AS t(v)', 'SELECT rapport(NULL, v) FROM (VALUES (92233720368547758.07), (0.01)) AS t(v)',
	'SELECT fusion(r) FROM (VALUES (''1:{inconnu=9223372036854775807/0.00}''::rapport), (''1:{inconnu=1/0.00}'')) AS t(r)',
	'SELECT ''1:{inconnu=1/92233720368547758.07}''::rapport + ''1:{inconnu=1/0.01}''']) AS requete, pg_temp.erreur(requete) AS e;
SELECT taux(r) = 1 AS un, taux('1:{numerateur=1/92233720368547758.07,denominateur=1/0.01}') = 9223372036854775807 AS grand, taux('1:{numerateur=1/0.01,denominateur=1/92233720368547758.07}') * 9223372036854775807 - 1 < 0.000000000000001 AS petit
FROM (SELECT rapport(v, v) AS r FROM (VALUES (92233720368547758.07)) AS t(v)) AS t;

-- ---- Against plain SQL: 20 000 contracts, 2000 groups

CREATE UNLOGGED TABLE rapport_contrats AS
SELECT n, n % 2000 AS groupe, CASE WHEN h % 7 > 0 AND n % 2000 % 50 > 0 THEN (h % 20000001 - 10000000)::numeric / 1000 END AS num,
	CASE WHEN h / 7 % 9 > 0 THEN CASE n % 2000 % 40 WHEN 0 THEN 0 ELSE (h / 3 % 900000007)::numeric / 1000 END END AS den
FROM (SELECT n, hashint4(n)::bigint + 2147483648 AS h FROM generate_series(1, 20000) AS n) AS t;
ANALYZE rapport_contrats;
CREATE TEMP TABLE groupes AS SELECT groupe, rapport(num, den) AS r FROM rapport_contrats GROUP BY groupe;
SELECT count(*), count(*) FILTER (WHERE numerateur(r) <> a) AS numerateur, count(*) FILTER (WHERE denominateur(r) <> b) AS denominateur, count(*) FILTER (WHERE connus(r) <> n) AS connus, count(*) FILTER (WHERE inconnus(r) <> m) AS inconnus,
	count(*) FILTER (WHERE CASE WHEN b = 0 THEN taux(r) IS NOT NULL ELSE NOT coalesce(1000000000000000 * abs(taux(r) * b - a) <= abs(a), false) END) AS taux,
	count(*) FILTER (WHERE mesurer(r) IS DISTINCT FROM (a, b, c, taux(r), NULL, NULL)::mesure) AS mesure, count(*) FILTER (WHERE b = 0) > 0 AS sans_taux
FROM groupes JOIN (
	SELECT groupe, coalesce(sum(round(num, 2)) FILTER (WHERE den IS NOT NULL), 0) AS a, coalesce(sum(round(den, 2)) FILTER (WHERE num IS NOT NULL), 0) AS b, coalesce(sum(round(den, 2)) FILTER (WHERE num IS NULL), 0) AS c,
		count(*) FILTER (WHERE num IS NOT NULL AND den IS NOT NULL) AS n, count(*) FILTER (WHERE num IS NULL OR den IS NULL) AS m
	FROM rapport_contrats GROUP BY groupe
) AS t USING (groupe);

-- ---- Serial, parallel, shuffled, by hash, by sort, merged by pieces: the same bytes

CREATE TEMP TABLE formes (maniere text, octets bytea);
SET max_parallel_workers_per_gather = 0;
INSERT INTO formes SELECT 'serie', rapport_send(rapport(num, den)) FROM rapport_contrats;
INSERT INTO formes SELECT 'melange', rapport_send(rapport(num, den)) FROM (SELECT num, den FROM rapport_contrats ORDER BY hashint4(n)) AS t;
INSERT INTO formes SELECT 'tri interne', rapport_send(rapport(num, den ORDER BY num, n)) FROM rapport_contrats;
INSERT INTO formes SELECT 'groupes', rapport_send(fusion(r)) FROM groupes;
INSERT INTO formes SELECT 'texte', rapport_send(fusion(r::text::rapport ORDER BY groupe DESC)) FROM groupes;
INSERT INTO formes SELECT 'operateur', rapport_send((SELECT rapport(num, den) FROM rapport_contrats WHERE n % 3 = 0) + (SELECT rapport(num, den) FROM rapport_contrats WHERE n % 3 <> 0));
SET max_parallel_workers_per_gather = 2;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SELECT pg_temp.plan_contient('SELECT rapport(num, den) FROM rapport_contrats', 'Partial Aggregate') AS partiel,
	pg_temp.plan_contient('SELECT groupe, taux(rapport(num, den)) FROM rapport_contrats GROUP BY groupe', 'Partial') AS par_groupe;
INSERT INTO formes SELECT 'parallele', rapport_send(rapport(num, den)) FROM rapport_contrats;
INSERT INTO formes SELECT 'parallele, groupes', rapport_send(fusion(r)) FROM (SELECT rapport(num, den) AS r FROM rapport_contrats GROUP BY groupe) AS t;
RESET min_parallel_table_scan_size;
RESET parallel_tuple_cost;
RESET parallel_setup_cost;
RESET max_parallel_workers_per_gather;
SELECT count(*), count(DISTINCT octets) FROM formes;

-- ---- As a window function: what the plain aggregate gives on each frame

SELECT count(*), bool_and(r = (SELECT rapport(num, den) FROM rapport_contrats AS c WHERE c.n BETWEEN t.n - 20 AND t.n + 5)) AS glissant
FROM (SELECT n, rapport(num, den) OVER (ORDER BY n ROWS BETWEEN 20 PRECEDING AND 5 FOLLOWING) AS r FROM rapport_contrats WHERE n <= 105) AS t WHERE n <= 100;

-- ---- Compared, hashed

SELECT count(*) FILTER (WHERE s.r = g.r) AS egaux, count(*) FILTER (WHERE s.r <> g.r) AS differents, bool_and(rapport_hash(s.r) = rapport_hash(g.r)) AS hash, count(DISTINCT rapport_hash(g.r)) > 0.99 * count(DISTINCT g.r::text) AS epars,
	bool_and(rapport_hash_extended(g.r, 0)::bit(32)::integer = rapport_hash(g.r)) AS graine_0, bool_or(rapport_hash_extended(g.r, 1) = rapport_hash_extended(g.r, 0)) AS graine_1
FROM (SELECT groupe, rapport(num, den) AS r FROM rapport_contrats GROUP BY groupe) AS s JOIN groupes AS g USING (groupe);
SELECT '1:{}'::rapport = '1:{}' AS eq, '1:{inconnu=1/0.00}'::rapport <> '1:{inconnu=2/0.00}' AS ne, '1:{}'::rapport + '1:{}' AS vide,
	'1:{numerateur=1/1.00,denominateur=1/2.00}'::rapport + '1:{inconnu=1/5.00}' AS disjoints, '1:{numerateur=1/1.00,denominateur=1/2.00}'::rapport + '1:{numerateur=1/-1.00,denominateur=1/2.00}' AS somme;

SELECT count(*), count(*) FILTER (WHERE tout - g.r + g.r <> tout OR g.r + tout - tout <> g.r OR g.r - g.r <> '1:{}') AS faux FROM groupes AS g, (SELECT fusion(r) AS tout FROM groupes) AS t WHERE groupe % 10 = 0;
SELECT e.etat, e.message FROM unnest(ARRAY['''1:{inconnu=1/1.00}''::rapport - ''1:{numerateur=1/1.00,denominateur=1/1.00}''', '''1:{inconnu=1/1.00}''::rapport - ''1:{inconnu=1/1.01}''', '''1:{inconnu=2/92233720368547758.07}''::rapport - ''1:{inconnu=1/-0.01}''']) AS requete, pg_temp.erreur('SELECT ' || requete) AS e;

-- ---- A state as it is while an aggregate runs: everything takes it

CREATE AGGREGATE rapport_brut(numeric, numeric) (SFUNC = rapport_accum, STYPE = rapport);
SELECT brut::text = fini::text AS texte, rapport_send(brut) = rapport_send(fini) AS binaire, brut = fini AS eq, rapport_hash(brut) = rapport_hash(fini) AS hash, brut + fini = fini + brut AS plus, brut - fini = fini - brut AS moins,
	numerateur(brut) = numerateur(fini) AS numerateur, denominateur(brut) = denominateur(fini) AS denominateur, connus(brut) = connus(fini) AS connus, inconnus(brut) = inconnus(fini) AS inconnus,
	taux(brut) = taux(fini) AS taux, mesurer(brut) = mesurer(fini) AS mesure
FROM (SELECT rapport_brut(num, den) AS brut, rapport(num, den) AS fini FROM rapport_contrats) AS t;
CREATE AGGREGATE rapport_suite(numeric, numeric) (SFUNC = rapport_accum, STYPE = rapport, FINALFUNC = rapport_final, INITCOND = '1:{inconnu=40/7.00}');
SELECT rapport_suite(num, den) = rapport(num, den) + '1:{inconnu=40/7.00}' AS suite FROM rapport_contrats;

-- ---- Support functions called by hand; values of another type taken for one

SELECT appel, e.* FROM unnest(ARRAY['accum(NULL, 1, 2)', 'accum(''1:{}'', NULL, NULL)', 'combine(''1:{}'', ''1:{}'')']) AS appel, pg_temp.erreur('SELECT rapport_' || appel) AS e;
SELECT rapport_final('1:{inconnu=1/0.00}'), rapport_final(NULL);
CREATE CAST (path AS rapport) WITHOUT FUNCTION;
CREATE CAST (histogramme AS rapport) WITHOUT FUNCTION;
SELECT e.etat, e.message, count(*) FROM (VALUES ('%s::text'), ('rapport_send(%s)'), ('rapport_final(%s)'), ('rapport_hash(%s)'), ('%s = ''1:{}''')) AS t(appel),
	pg_temp.erreur('SELECT ' || format(appel, '''((1,2))''::path::rapport')) AS e GROUP BY 1, 2;
SELECT e.etat, e.message, count(*) FROM (VALUES ('numerateur(%s)'), ('denominateur(%s)'), ('connus(%s)'), ('inconnus(%s)'), ('taux(%s)'), ('mesurer(%s)'), ('%s + ''1:{}'''), ('''1:{}'' + %s'), ('%s - ''1:{}'''), ('''1:{}'' - %s'),
		('fusion(r) FROM (VALUES (%s), (''1:{inconnu=1/0.00}'')) AS t(r)'), ('fusion(r) FROM (VALUES (''1:{inconnu=1/0.00}''), (%s)) AS t(r)')) AS t(appel),
	unnest(ARRAY['''((1,2))''::path::rapport', '''1:{}''::histogramme::rapport', '''1:{0=1/0.00}''::histogramme::rapport']) AS valeur,
	pg_temp.erreur('SELECT ' || format(appel, valeur)) AS e GROUP BY 1, 2;
DROP CAST (path AS rapport);
DROP CAST (histogramme AS rapport);

DROP AGGREGATE rapport_suite(numeric, numeric);
DROP AGGREGATE rapport_brut(numeric, numeric);
DROP TABLE rapport_contrats;
