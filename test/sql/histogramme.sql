-- histogramme.sql: the distribution of a value, its aggregates and accessors.
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

-- ---- By hand: eight contracts, four values, two unknown

CREATE TEMP TABLE petit (v numeric, m numeric, parts integer);
INSERT INTO petit VALUES (3, 100.10, NULL), (3.0000000004, 0.005, 1), (1, -0.005, 1), (NULL, 7, NULL), (2.5, NULL, 1), (3, 50, 2), (NULL, 8, 3), (-0.25, 10, 1);
SELECT histogramme(v), histogramme(v, m) FROM petit;
-- by parts: half a contract of 50 euros, a third of one of 8
SELECT histogramme(v, m, parts) FROM petit;
SELECT * FROM detail((SELECT histogramme(v, m, parts) FROM petit));
-- known: -0.25, 1, 2.5, 3, 3, 3: the median is between 2.5 and 3, the quarter a quarter of the way from 1 to 2.5
SELECT effectif(h), inconnu(h), mediane(h), quantile(h, 0.25), quantile(h, 0), quantile(h, 1), round(moyenne(h), 9) AS moyenne
FROM (SELECT histogramme(v, m) AS h FROM petit) AS t;
-- half a contract less: 5.5 of them; -0.25 and 1 are less than the half, with 2.5 more. Unknown: 1 and a third, 7 euros and a third of 8
SELECT effectif(h), mediane(h), effectif(h, 'montant') AS euros, inconnu(h), inconnu(h, 'montant') AS inconnus
FROM (SELECT histogramme(v, m, parts) AS h FROM petit) AS t;
-- weights 1, 1, 2: the half is reached exactly between 5 and 9, the fourth between 1 and 5
SELECT mediane(h, 'montant') AS "7", quantile(h, 0.25, 'montant') AS "3", quantile(h, 0.26, 'montant') AS "5", quantile(h, 0.51, 'montant') AS "9"
FROM (VALUES ('1:{1=1/1.00,5=8/1.00,7=3/0.00,9=1/2.00}'::histogramme)) AS t(h);
-- values from 1 to 3, both included; of the rest one is known
SELECT p.bornes, (part(h, p.min, p.max)).* FROM (SELECT histogramme(v) AS h FROM petit) AS t,
	(VALUES ('[1,3]', 1, 3), ('[1,', 1, NULL), (',1]', NULL, 1), ('all', NULL, NULL), ('none', 4, 3)) AS p(bornes, min, max);

-- ---- Nothing in, nothing out; NULL arguments

SELECT histogramme(v) IS NULL AS un, histogramme(v, m) IS NULL AS deux, histogramme(v, m, parts) IS NULL AS trois, histogramme(v::integer) IS NULL AS entier, fusion(NULL::histogramme) IS NULL AS fusion
FROM petit WHERE false;
SELECT histogramme(NULL::numeric), histogramme(NULL::integer), histogramme(NULL::integer, 5), histogramme(NULL::numeric, NULL, NULL), histogramme(1, NULL, NULL);
SELECT num_nonnulls(effectif(h, u), inconnu(h, u), moyenne(h, u), mediane(h, u), quantile(h, q, u), part(h, 1, 2, u)) AS non_nuls
FROM (VALUES (NULL::histogramme, 0.5, 'nombre'), ('1:{0=1/1.00}', 0.5, NULL)) AS t(h, q, u);
SELECT quantile('1:{0=1/1.00}', NULL) IS NULL AS q, '1:{}'::histogramme + NULL IS NULL AS plus, ('1:{}'::histogramme = NULL) IS NULL AS eq;
SELECT h, effectif(h, u), inconnu(h, u), num_nonnulls(moyenne(h, u), mediane(h, u), quantile(h, 0, u), quantile(h, 1, u)) AS mesures, part(h, NULL, NULL, u), (SELECT count(*) FROM detail(h)) AS lignes
FROM unnest(ARRAY['1:{}', '1:{?=3/-5.00}', '1:{4=2/0.00}']::histogramme[]) AS h, unnest(ARRAY['nombre', 'montant']) AS u;
SELECT (pg_temp.erreur(format('SELECT %s', appel))).* FROM unnest(ARRAY['effectif(''1:{}''::histogramme, ''euros'')', 'inconnu(''1:{}''::histogramme, '''')', 'moyenne(''1:{}'', ''Nombre'')',
	'mediane(''1:{}'', ''nombres'')', 'quantile(''1:{}'', 0.5, ''nombr'')', 'part(''1:{}'', 0, 1, ''titulaires'')']) AS appel;
SELECT (pg_temp.erreur(format('SELECT quantile(''1:{}'', %s)', q))).* FROM unnest(ARRAY['1.0000000000000000001', '-0.0000000000000000001', '''NaN''', '''Infinity''']) AS q;

-- ---- Text form: one way only to write each value

SELECT texte FROM (VALUES
	('1:{}'), ('1:{?=1/0.00}'), ('1:{0=9223372036854775807/-92233720368547758.08,?=1/92233720368547758.07}'),
	('1:{-9223372036854775808=1/0.00,-9223372036854775807.999999999=1/0.00,-9223372036854775807.5=1/0.00,-9223372036854775807=1/0.00}'),
	('1:{-10=1/0.00,-9=1/0.00,-1.5=1/0.00,-1.000000001=1/0.00,-1=1/0.00,-0.999999999=1/0.00,-0.1=1/0.00,-0.000000001=1/0.00}'),
	('1:{0=1/0.00,0.000000001=1/0.00,0.09=1/0.00,0.1=1/0.00,0.999999999=1/0.00,1=1/0.00,1.01=1/0.00,1.1=1/0.00,9=1/0.00,10=1/0.00}'),
	('1:{9223372036854775807=1/0.00,9223372036854775807.999999999=1/0.00,?=1/0.00}'),
	('1:{0.5=1/1.00,0.5|2=1/1.00,0.5|256=1/1.00,1|3=1/0.00,?=1/0.00,?|14=2/0.01}')
) AS t(texte) WHERE texte::histogramme::text <> texte;
SELECT count(*), count(*) FILTER (WHERE e.etat = '22P02' AND e.precision_ LIKE 'Expected 1:{key=%') AS refuses
FROM unnest(ARRAY['', '-', '-0', '00', '01', '-01', '+1', ' 1', '1 ', '1.', '1.0', '1.10', '.5', '-.5', '-0.0', '1.0000000001', '1.0000000000', '1..5', '1.5.', '1e3', '1,5', '0x1',
	'9223372036854775808', '18446744073709551616', '-9223372036854775809', '-9223372036854775808.5', '99999999999999999999999999999999999999', '99999999999999999999999999999999999999999',
	'NaN', 'Infinity', '??', '-?', '?1', '? ', '0|1', '0|0', '0|257', '?|', '|2', '0||2', '0=', '{0', '1/2']) AS cle,
	pg_temp.erreur(format('SELECT %L::histogramme', '1:{' || cle || '=1/0.00}')) AS e;
SELECT t.texte, e.etat, e.precision_ FROM (VALUES
	(''), ('{}'), ('2:{}'), ('1:{0=0/0.00}'), ('1:{0=1/0.00,}'), ('1:{0=1/0.0}'), ('1:{0=1/-0.00}'), ('1:{0=1/0.00'),
	('1:{?=1/0.00,0=1/0.00}'), ('1:{0=1/0.00,-1=1/0.00}'), ('1:{-1=1/0.00,-2=1/0.00}'), ('1:{10=1/0.00,9=1/0.00}'), ('1:{0.5=1/0.00,0.25=1/0.00}'),
	('1:{-0.25=1/0.00,-0.5=1/0.00}'), ('1:{0=1/0.00,0=1/0.00}'), ('1:{?=1/0.00,?=1/0.00}'), ('1:{0|2=1/0.00,0=1/0.00}'), ('1:{?|3=1/0.00,?|2=1/0.00}')
) AS t(texte), pg_temp.erreur(format('SELECT %L::histogramme', t.texte)) AS e;

-- ---- Binary form

CREATE TEMP TABLE binaire (h histogramme);
CREATE FUNCTION pg_temp.recevoir(octets bytea, OUT valeur histogramme, OUT etat text, OUT precision_ text) LANGUAGE plpgsql AS $$
DECLARE
	lo oid := lo_from_bytea(0, '\x5047434f50590aff0d0a00' || int4send(0) || int4send(0) ||
		int2send(1::int2) || int4send(length(octets)) || octets || int2send((-1)::int2));
	chemin text := current_setting('data_directory') || '/histogramme_binaire';
BEGIN
	PERFORM lo_export(lo, chemin);
	PERFORM lo_unlink(lo);
	DELETE FROM binaire;
	EXECUTE format('COPY binaire FROM %L (FORMAT binary)', chemin);
	SELECT h INTO valeur FROM binaire;
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS etat = RETURNED_SQLSTATE, precision_ = PG_EXCEPTION_DETAIL;
END $$;
-- version 1, kind 1; the whole part with its sign bit turned; billionths above the byte of parts - 1; number, centimes
SELECT histogramme_send(h) = '\x00010001' || int8send(entier # (-9223372036854775808)) || int8send(nano * 256 + parts - 1) || int8send(2) || int8send(5) AS pareil
FROM (VALUES ('1:{2.5|14=2/0.05}'::histogramme, 2::bigint, 500000000::bigint, 14), ('1:{-2.25|256=2/0.05}', -3, 750000000, 256), ('1:{-9223372036854775808=2/0.05}', -9223372036854775808, 0, 1),
	('1:{?=2/0.05}', 9223372036854775807, -1, 1)) AS t(h, entier, nano, parts);
SELECT bool_and((pg_temp.recevoir(histogramme_send(h))).valeur = h) AS relus
FROM (SELECT histogramme(v, m, parts) AS h FROM petit UNION ALL VALUES ('1:{}'::histogramme), ('1:{-9223372036854775808=1/0.00,9223372036854775807.999999999=1/0.00,?=1/0.00,?|256=1/0.00}')) AS t;
SELECT t.defaut, r.etat, r.precision_ FROM (VALUES
	('version', '\x00020001'::bytea), ('empty', ''), ('no kind', '\x0001'), ('bilan', '\x00010000'), ('concentration', '\x00010002'), ('trailing byte', '\x0001000100'),
	('cut case', '\x00010001' || int8send(0) || int8send(0) || int8send(1)),
	('number 0', '\x00010001' || int8send(0) || int8send(0) || int8send(0) || int8send(0)),
	('negative number', '\x00010001' || int8send(0) || int8send(0) || int8send(-1) || int8send(0)),
	('a tenth decimal', '\x00010001' || int8send(0) || int8send(256000000000) || int8send(1) || int8send(0)),
	('more than unknown', '\x00010001' || int8send(-2) || int8send(-1) || int8send(1) || int8send(0)),
	('unknown first', '\x00010001' || int8send(-1) || int8send(-256) || int8send(1) || int8send(0) || int8send(0) || int8send(0) || int8send(1) || int8send(0)),
	('twice', '\x00010001' || int8send(0) || int8send(0) || int8send(1) || int8send(0) || int8send(0) || int8send(0) || int8send(1) || int8send(0))
) AS t(defaut, octets), pg_temp.recevoir(t.octets) AS r;

-- ---- Values to nine decimals: against SQL's own rounding

CREATE TEMP TABLE nombres AS
SELECT n, CASE WHEN n % 2 = 0 THEN 1 ELSE -1 END * v AS v
FROM (
	-- every magnitude from 10^-13 to 10^18, with up to 15 decimals
	SELECT n, trunc(((abs(hashint4(n)) % 1000000007)::numeric / 1000000007) * 10 ^ (n % 32 - 13)::numeric, n % 16) AS v FROM generate_series(1, 12000) AS n
	-- halves of a billionth, and a hair less
	UNION ALL SELECT 20000 + n, n::numeric * 5 / 10000000000 FROM generate_series(1, 3000) AS n
	UNION ALL SELECT 30000 + n, 10::numeric ^ (n % 10) + 0.0000000005 - n % 2 * 0.0000000000000000000001 FROM generate_series(1, 60) AS n
	UNION ALL SELECT 40000 + n, 10::numeric ^ n - 10::numeric ^ (-n) FROM generate_series(1, 18) AS n
	UNION ALL VALUES (50000, 0), (50001, 0.000000000), (50002, 9223372036854775807.9999999994999), (50003, 9223372036854775807.9999999994999), (50005, 9223372036854775808),
		(50007, 9223372036854775808.0000000004999), (50009, 0.00000000049999999999999999999999999), (50010, 9999.9999999995), (50011, 0.9999999995)
) AS t;
SELECT count(*), count(*) FILTER (WHERE d.valeur IS DISTINCT FROM round(v, 9)) AS faux, count(*) FILTER (WHERE scale(d.valeur) <> min_scale(d.valeur)) AS zeros
FROM (SELECT n, v, histogramme(v) AS h FROM nombres GROUP BY n, v) AS t, detail(h) AS d;
CREATE TEMP TABLE longs AS SELECT ('3.14' || repeat('15', 7000))::numeric AS v UNION ALL SELECT 1.25 + 10::numeric ^ -9000;
SELECT histogramme(v) FROM longs;
-- what is rounded to the same value is one value; integers are the same
SELECT count(*) = (SELECT count(DISTINCT round(v, 9)) FROM nombres) AS distincts FROM detail((SELECT histogramme(v) FROM nombres));
SELECT histogramme(v) = histogramme(v::numeric) AS entiers, histogramme(v, 1) = histogramme(v::numeric, 1) AS montants, histogramme(v, 1, 7) = histogramme(v::numeric, 1, 7) AS parts, histogramme(v) = histogramme(v::bigint) AS longs
FROM unnest(ARRAY[0, 1, -1, 2147483647, -2147483648, NULL, 7, 7]) AS v;
SELECT v, (pg_temp.erreur(format('SELECT histogramme(%L::numeric)', v))).*
FROM (VALUES ('NaN'), ('Infinity'), ('-Infinity'), ('9223372036854775808'), ('9223372036854775807.9999999995'), ('-9223372036854775808.0000000005'), ('1e40'), ('-1e1000')) AS t(v);
-- of an amount too, even when the value is unknown
SELECT appel, e.etat, e.message FROM unnest(ARRAY['histogramme(1, ''NaN''::numeric)', 'histogramme(NULL::numeric, 1e17)', 'histogramme(1.5, -1e300, 2)', 'histogramme(1, 1, 0)', 'histogramme(1.5, 1, -3)',
	'histogramme(NULL::integer, 1, 257)']) AS appel, pg_temp.erreur('SELECT ' || appel) AS e;

-- sums beyond a bigint; but cases that are in range have a sum, whatever it is
SELECT e.etat, e.message FROM unnest(ARRAY[
	'SELECT histogramme(1, v) FROM (VALUES (92233720368547758.07), (0.01)) AS t(v)', 'SELECT histogramme(1, v) FROM (VALUES (-92233720368547758.08), (-0.01)) AS t(v)',
	'SELECT fusion(h) FROM (VALUES (''1:{0=9223372036854775807/0.00}''::histogramme), (''1:{0=1/0.00}'')) AS t(h)',
	'SELECT ''1:{?=9223372036854775807/0.00}''::histogramme + ''1:{?=1/0.00}''']) AS requete, pg_temp.erreur(requete) AS e;
SELECT effectif(h) = 3 * 9223372036854775807::numeric AS nombre, effectif(h, 'montant') = 3 * 92233720368547758.07 AS montant, inconnu(h) = 9223372036854775807 AS inconnu, moyenne(h) = 2 AS moyenne, mediane(h, 'montant') = 2 AS mediane
FROM (VALUES ('1:{1=9223372036854775807/92233720368547758.07,2=9223372036854775807/92233720368547758.07,3=9223372036854775807/92233720368547758.07,?=9223372036854775807/0.00}'::histogramme)) AS t(h);
-- ranks beyond a bigint
SELECT quantile(h, 0.4) AS "0", mediane(h) AS "0.5", quantile(h, 0.9) AS "1" FROM (VALUES ('1:{0=9223372036854775807/0.00,1=9223372036854775807/0.00}'::histogramme)) AS t(h);
-- weights that differ by a centime in 10^19, or by a share of one
SELECT mediane(a, 'montant') AS "1.5", mediane(b, 'montant') AS "2", mediane(c, 'montant') AS "1", mediane(d) AS "2"
FROM (VALUES ('1:{1=1/92233720368547758.07,2=1/92233720368547758.07}'::histogramme, '1:{1=1/92233720368547758.06,2=1/92233720368547758.07}'::histogramme,
	'1:{1=1/92233720368547758.07,2=1/92233720368547758.06,2|256=1/0.01}'::histogramme, '1:{1=4611686018427387904/0.00,2=4611686018427387904/0.00,2|256=1/0.00}'::histogramme)) AS t(a, b, c, d);
-- the mean has 128 bits of billionths, no more
SELECT moyenne('1:{9223372036854775807=18446744073/0.00}'), (pg_temp.erreur('SELECT moyenne(''1:{9223372036854775807=18446744074/0.00}'')')).*;

-- ---- Against plain SQL: 39 000 contracts, 1300 groups

-- integers, negative numbers, nine decimals, twelve decimals, large ones, one value only, few known; amounts of all sizes, or equal; no parts, up to 14, to 256
CREATE UNLOGGED TABLE histogramme_contrats AS
SELECT n, groupe,
	CASE WHEN h % 11 = 0 OR groupe % 7 = 6 AND h % 8 > 0 THEN NULL ELSE CASE groupe % 7 WHEN 0 THEN h % 12 WHEN 1 THEN h % 60 - 40 WHEN 2 THEN (h % 2000000011 - 1000000000)::numeric / 1000000000
		WHEN 3 THEN round((h % 4000001 - 2000000)::numeric * 0.00000000025, 12) WHEN 4 THEN (h % 19 - 9) * 1000000000000000000 + h % 1000000 * 0.1 WHEN 5 THEN groupe * 0.1 ELSE h % 5 END END AS v,
	CASE h / 11 % 9 WHEN 0 THEN NULL WHEN 1 THEN 0 ELSE CASE WHEN groupe % 13 = 5 THEN 100 WHEN groupe % 7 = 2 AND h % 11 > 0 THEN (h % 40) * 1000000000000000 ELSE (h % 100000007)::numeric / 1000 END END AS m,
	(CASE groupe % 4 WHEN 1 THEN 1 + h / 19 % 14 WHEN 2 THEN 1 + h / 19 % 256 WHEN 3 THEN nullif(h / 19 % 3, 0) END)::integer AS parts
FROM (
	SELECT n, CASE WHEN n <= 36000 THEN n % 300 ELSE 300 + n % 1000 END AS groupe, (hashint4(n)::bigint + 2147483648) AS h FROM generate_series(1, 39000) AS n
) AS t;
ANALYZE histogramme_contrats;

-- the least common multiple of all parts turns shares into whole numbers
CREATE AGGREGATE pg_temp.ppcm(numeric) (SFUNC = lcm, STYPE = numeric, INITCOND = '1');
CREATE TEMP TABLE part AS
SELECT k AS parts, div(tout, k) AS poids, tout FROM generate_series(1, 256) AS k, (SELECT pg_temp.ppcm(k) AS tout FROM generate_series(1, 256) AS k) AS t;
CREATE TEMP TABLE lignes AS
SELECT c.*, coalesce(c.parts, 1) AS k, round(c.v, 9) AS x, unite, CASE unite WHEN 'nombre' THEN poids ELSE poids * round(coalesce(m, 0), 2) END AS poids, tout
FROM histogramme_contrats AS c JOIN part ON part.parts = coalesce(c.parts, 1), unnest(ARRAY['nombre', 'montant']) AS unite;
CREATE TEMP TABLE groupes AS SELECT groupe, histogramme(v, m, parts) AS h, coalesce(max(parts) FILTER (WHERE v IS NOT NULL), 1) = 1 AS entiers FROM histogramme_contrats GROUP BY groupe;
-- is x the fraction n / tout, to 15 digits?
CREATE FUNCTION pg_temp.vaut(x numeric, n numeric, tout numeric) RETURNS boolean LANGUAGE SQL AS $$
	SELECT 1000000000000000 * abs(x * tout - n) <= abs(n)
$$;
CREATE FUNCTION pg_temp.mesure_vaut(m mesure, oui numeric, non numeric, inconnu numeric, tout numeric) RETURNS boolean LANGUAGE SQL AS $$
	SELECT pg_temp.vaut(m.numerateur, oui, tout) AND pg_temp.vaut(m.denominateur, oui + non, tout) AND pg_temp.vaut(m.inconnu, inconnu, tout)
		AND CASE WHEN oui + non = 0 THEN m.taux IS NULL ELSE pg_temp.vaut(m.taux, oui, oui + non) END
		AND CASE WHEN oui + non + inconnu = 0 THEN m.minimum IS NULL AND m.maximum IS NULL
			ELSE pg_temp.vaut(m.minimum, oui, oui + non + inconnu) AND pg_temp.vaut(m.maximum, oui + inconnu, oui + non + inconnu) END
$$;
SELECT count(*), count(*) FILTER (WHERE h::text IS DISTINCT FROM texte) AS faux
FROM groupes JOIN (
	SELECT groupe, '1:{' || string_agg(format('%s%s=%s/%s', coalesce(trim_scale(x)::text, '?'), '|' || nullif(k, 1), nombre, montant), ',' ORDER BY x, k) || '}' AS texte
	FROM (SELECT groupe, x, k, count(*) AS nombre, coalesce(sum(round(m, 2)), 0)::numeric(30, 2) AS montant FROM lignes WHERE unite = 'nombre' GROUP BY groupe, x, k) AS t GROUP BY groupe
) AS t USING (groupe);
SELECT unite, count(*), count(*) FILTER (WHERE NOT pg_temp.vaut(effectif(h, unite), connu, tout)) AS effectif, count(*) FILTER (WHERE NOT pg_temp.vaut(inconnu(h, unite), inconnu, tout)) AS inconnu,
	count(*) FILTER (WHERE CASE WHEN connu = 0 THEN moyenne(h, unite) IS NOT NULL ELSE NOT coalesce(pg_temp.vaut(moyenne(h, unite), somme, connu), false) END) AS moyenne,
	count(*) FILTER (WHERE connu = 0) > 0 AS sans_poids
FROM groupes JOIN (
	SELECT groupe, unite, tout, coalesce(sum(poids) FILTER (WHERE x IS NOT NULL), 0) AS connu, coalesce(sum(poids) FILTER (WHERE x IS NULL), 0) AS inconnu, sum(poids * x) AS somme
	FROM lignes GROUP BY groupe, unite, tout
) AS t USING (groupe) GROUP BY unite ORDER BY unite;
-- the mean of whole contracts is that of avg
SELECT count(*), count(*) FILTER (WHERE abs(moyenne(h) - moyenne) > abs(moyenne) * 0.000000000000001) AS moyenne
FROM (SELECT histogramme(v) AS h, avg(round(v, 9)) AS moyenne FROM histogramme_contrats GROUP BY groupe) AS t;
SELECT unite, count(*), count(*) FILTER (WHERE NOT pg_temp.mesure_vaut(part, oui, non, inconnu, tout)) AS faux
FROM groupes JOIN (
	SELECT groupe, unite, a, b, tout, coalesce(sum(poids) FILTER (WHERE x >= coalesce(a, x) AND x <= coalesce(b, x)), 0) AS oui,
		coalesce(sum(poids) FILTER (WHERE NOT (x >= coalesce(a, x) AND x <= coalesce(b, x))), 0) AS non, coalesce(sum(poids) FILTER (WHERE x IS NULL), 0) AS inconnu
	FROM lignes, (VALUES (1, 3), (-10, 2.5), (NULL, 0), (0.000000001, NULL), (5, -5)) AS b(a, b) WHERE groupe % 5 < 2 GROUP BY groupe, unite, a, b, tout
) AS t USING (groupe), LATERAL (SELECT part(h, a, b, unite) OFFSET 0) AS m GROUP BY unite ORDER BY unite;
SELECT count(*), count(*) FILTER (WHERE NOT pg_temp.vaut(d.nombre, n, tout)) AS nombre, count(*) FILTER (WHERE NOT pg_temp.vaut(d.montant, m, tout)) AS montant,
	(SELECT count(*) FROM groupes, detail(h)) AS lignes
FROM (SELECT groupe, d.* FROM groupes, detail(h) AS d) AS d JOIN (
	SELECT groupe, x, sum(poids) FILTER (WHERE unite = 'nombre') AS n, sum(poids) FILTER (WHERE unite = 'montant') AS m, tout FROM lignes GROUP BY groupe, x, tout
) AS t ON t.groupe = d.groupe AND coalesce(t.x::text, '?') = coalesce(round(d.valeur, 9)::text, '?');

-- ---- Quantiles

CREATE TEMP TABLE quantiles AS SELECT unnest(ARRAY[0, 0.01, 0.1, 0.25, 1 / 3.0, 0.5, 0.75, 0.9, 0.999, 1]) AS q;
-- of whole contracts: the rule of percentile_cont, in exact numbers: rank q (n - 1), in proportion between two rows
SELECT count(*), count(*) FILTER (WHERE attendu IS NULL) > 0 AS sans, count(*) FILTER (WHERE quantile(h, q) IS DISTINCT FROM attendu) AS faux
FROM (
	SELECT h, q, x[1 + bas] + (x[1 + ceil(place)::integer] - x[1 + bas]) * (place - bas) AS attendu
	FROM groupes JOIN (SELECT groupe, array_agg(x ORDER BY x) FILTER (WHERE x IS NOT NULL) AS x FROM lignes WHERE unite = 'nombre' GROUP BY groupe) AS t USING (groupe),
		quantiles, LATERAL (SELECT q * (cardinality(x) - 1) AS place, floor(q * (cardinality(x) - 1))::integer AS bas) AS p
	WHERE entiers
) AS t;
-- and of percentile_cont itself
SELECT count(*), count(*) FILTER (WHERE abs(quantile(h, q) - attendu::numeric) > greatest(abs(attendu::numeric), 1) * 0.0000000000001 OR (quantile(h, q) IS NULL) <> (attendu IS NULL)) AS faux
FROM groupes JOIN (SELECT groupe, q, percentile_cont(q::float8) WITHIN GROUP (ORDER BY round(v, 9)::float8) AS attendu FROM histogramme_contrats, quantiles GROUP BY groupe, q) AS t USING (groupe)
WHERE entiers AND groupe % 7 <> 4;
SELECT mediane(histogramme(v)) = (percentile_cont(0.5) WITHIN GROUP (ORDER BY v))::numeric AS mediane, quantile(histogramme(v), 0.9) = (percentile_cont(0.9) WITHIN GROUP (ORDER BY v))::numeric AS decile
FROM generate_series(1, 1001) AS v;
-- of weights: where their sum passes q of the total, or half way to the next value if it is just reached
CREATE TEMP VIEW cumuls AS
SELECT groupe, unite, x, sum(poids) OVER (PARTITION BY groupe, unite ORDER BY x) AS cumul, sum(poids) OVER (PARTITION BY groupe, unite) AS total
FROM (SELECT groupe, unite, x, sum(poids) AS poids FROM lignes WHERE x IS NOT NULL GROUP BY groupe, unite, x) AS t WHERE poids > 0;
SELECT unite, count(*), count(*) FILTER (WHERE attendu IS NULL) AS sans, count(*) FILTER (WHERE milieu) > 0 AS milieux, count(*) FILTER (WHERE quantile(h, q, unite) IS DISTINCT FROM attendu) AS faux,
	count(*) FILTER (WHERE q = 0.5 AND mediane(h, unite) IS DISTINCT FROM attendu) AS medianes
FROM groupes JOIN (
	SELECT groupe, unite, q, 0.5 * (min(x) FILTER (WHERE cumul >= q * total) + coalesce(min(x) FILTER (WHERE cumul > q * total), max(x))) AS attendu, bool_or(cumul = q * total AND q < 1) AS milieu
	FROM cumuls, quantiles WHERE groupe < 60 OR groupe BETWEEN 300 AND 599 GROUP BY groupe, unite, q
) AS t USING (groupe) WHERE unite = 'montant' OR NOT entiers GROUP BY unite ORDER BY unite;
-- groups without weight are not among them
SELECT count(*), count(mediane(h, 'montant')) AS medianes FROM groupes WHERE NOT EXISTS (SELECT FROM cumuls WHERE cumuls.groupe = groupes.groupe AND unite = 'montant');

-- ---- Serial, parallel, shuffled, by hash, by sort, merged by pieces: the same bytes

CREATE TEMP TABLE formes (maniere text, octets bytea);
SET max_parallel_workers_per_gather = 0;
INSERT INTO formes SELECT 'serie', histogramme_send(histogramme(v, m, parts)) FROM histogramme_contrats;
INSERT INTO formes SELECT 'melange', histogramme_send(histogramme(v, m, parts)) FROM (SELECT v, m, parts FROM histogramme_contrats ORDER BY hashint4(n)) AS t;
INSERT INTO formes SELECT 'tri interne', histogramme_send(histogramme(v, m, parts ORDER BY m, n)) FROM histogramme_contrats;
INSERT INTO formes SELECT 'groupes', histogramme_send(fusion(h)) FROM groupes;
INSERT INTO formes SELECT 'texte', histogramme_send(fusion(h::text::histogramme ORDER BY groupe DESC)) FROM groupes;
INSERT INTO formes SELECT 'fusion de fusions', histogramme_send(fusion(h)) FROM (
	SELECT fusion(h) AS h FROM (SELECT n % 100 AS k, histogramme(v, m, parts) AS h FROM histogramme_contrats GROUP BY n % 500, n % 100) AS t GROUP BY k % 7) AS u;
INSERT INTO formes SELECT 'operateur', histogramme_send(
	(SELECT histogramme(v, m, parts) FROM histogramme_contrats WHERE n % 3 = 0) + (SELECT histogramme(v, m, parts) FROM histogramme_contrats WHERE n % 3 <> 0));
SET enable_hashagg = off;
INSERT INTO formes SELECT 'par tri', histogramme_send(fusion(h)) FROM (SELECT histogramme(v, m, parts) AS h FROM histogramme_contrats GROUP BY groupe) AS t;
RESET enable_hashagg;
SET work_mem = '64kB';
INSERT INTO formes SELECT 'debordement', histogramme_send(fusion(h)) FROM (SELECT histogramme(v, m, parts) AS h FROM histogramme_contrats GROUP BY groupe) AS t;
RESET work_mem;
SET max_parallel_workers_per_gather = 2;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SELECT pg_temp.plan_contient('SELECT histogramme(v, m, parts) FROM histogramme_contrats', 'Partial Aggregate') AS partiel,
	pg_temp.plan_contient('SELECT groupe, mediane(histogramme(v)) FROM histogramme_contrats GROUP BY groupe', 'Partial') AS par_groupe,
	pg_temp.plan_contient('SELECT histogramme(v::integer, m) FROM histogramme_contrats', 'Parallel Seq Scan') AS lecture;
INSERT INTO formes SELECT 'parallele', histogramme_send(histogramme(v, m, parts)) FROM histogramme_contrats;
INSERT INTO formes SELECT 'parallele, groupes', histogramme_send(fusion(h)) FROM (SELECT histogramme(v, m, parts) AS h FROM histogramme_contrats GROUP BY groupe % 10) AS t;
CREATE UNLOGGED TABLE histogramme_synthese AS SELECT groupe, histogramme(v, m, parts) AS h FROM histogramme_contrats GROUP BY groupe;
ANALYZE histogramme_synthese;
SELECT pg_temp.plan_contient('SELECT fusion(h) FROM histogramme_synthese', 'Partial Aggregate') AS fusion;
INSERT INTO formes SELECT 'parallele, synthese', histogramme_send(fusion(h)) FROM histogramme_synthese;
RESET min_parallel_table_scan_size;
RESET parallel_tuple_cost;
RESET parallel_setup_cost;
RESET max_parallel_workers_per_gather;
SELECT count(*), count(DISTINCT octets) FROM formes;
-- cases enough for the large form of a state, amounts beyond 62 bits
SELECT count(*) > 14335 AS grand, (SELECT max(total) / (SELECT max(tout) FROM part) * 100 > 2 ^ 62::numeric FROM cumuls WHERE unite = 'montant') AS gros FROM (SELECT DISTINCT x, k FROM lignes) AS t;

-- ---- As a window function: what the plain aggregate gives on each frame

SELECT count(*), bool_and(h = (SELECT histogramme(v, m, parts) FROM histogramme_contrats AS c WHERE c.n BETWEEN t.n - 20 AND t.n + 5)) AS glissant
FROM (SELECT n, histogramme(v, m, parts) OVER (ORDER BY n ROWS BETWEEN 20 PRECEDING AND 5 FOLLOWING) AS h FROM histogramme_contrats WHERE n <= 105) AS t WHERE n <= 100;
SELECT count(*), bool_and(h = (SELECT histogramme(v, m, parts) FROM histogramme_contrats AS c WHERE c.n / 5000 <= t.g)) AS croissant
FROM (SELECT n, n / 5000 AS g, histogramme(v, m, parts) OVER (ORDER BY n / 5000) AS h FROM histogramme_contrats) AS t WHERE n % 5000 = 4999;

-- ---- Stored, compared, hashed

SELECT count(*) FILTER (WHERE s.h = g.h) AS egaux, count(*) FILTER (WHERE s.h <> g.h) AS differents, count(*) FILTER (WHERE s.h::text::histogramme <> g.h) AS relus
FROM histogramme_synthese AS s JOIN groupes AS g USING (groupe);
SELECT count(*) AS groupes, sum(n) AS lignes FROM (SELECT h, count(*) AS n FROM (SELECT h FROM groupes UNION ALL SELECT h FROM histogramme_synthese) AS t GROUP BY h) AS u;
SELECT count(DISTINCT h::text) AS distincts, bool_and(histogramme_hash(h) = histogramme_hash(h::text::histogramme)) AS pareil, count(DISTINCT histogramme_hash(h)) > 0.99 * count(DISTINCT h::text) AS epars,
	bool_and(histogramme_hash_extended(h, 0)::bit(32)::integer = histogramme_hash(h)) AS graine_0, bool_or(histogramme_hash_extended(h, 1) = histogramme_hash_extended(h, 0)) AS graine_1
FROM groupes;
SELECT '1:{}'::histogramme = '1:{}' AS eq, '1:{0=1/0.00}'::histogramme <> '1:{0|2=1/0.00}' AS ne, '1:{0=1/0.00}'::histogramme = '1:{0=2/0.00}' AS nombre,
	'1:{}'::histogramme + '1:{}' AS vide, '1:{0.5=1/0.01,?=1/0.00}'::histogramme + '1:{-0.5=1/0.00,0.5=1/-0.02,0.5|2=1/0.00}' AS somme;

SELECT count(*), count(*) FILTER (WHERE tout - g.h + g.h <> tout OR g.h + tout - tout <> g.h OR g.h - g.h <> '1:{}') AS faux FROM groupes AS g, (SELECT fusion(h) AS tout FROM groupes) AS t WHERE groupe % 10 = 0;
SELECT e.etat, e.message FROM unnest(ARRAY['''1:{1=1/1.00}''::histogramme - ''1:{2=1/1.00}''', '''1:{1=1/1.00}''::histogramme - ''1:{1=1/2.00}''', '''1:{?=2/92233720368547758.07}''::histogramme - ''1:{?=1/-0.01}''']) AS requete, pg_temp.erreur('SELECT ' || requete) AS e;

-- ---- A state as it is while an aggregate runs: everything takes it

CREATE AGGREGATE histogramme_brut(numeric, numeric, integer) (SFUNC = histogramme_accum, STYPE = histogramme);
CREATE TEMP TABLE bruts AS
SELECT 'petit' AS taille, histogramme_brut(v, m, least(parts, 14)) AS brut, histogramme(v, m, least(parts, 14)) AS fini FROM histogramme_contrats WHERE n <= 100
UNION ALL SELECT 'grand', histogramme_brut(v, m, least(parts, 14)), histogramme(v, m, least(parts, 14)) FROM histogramme_contrats;
SELECT taille, brut::text = fini::text AS texte, histogramme_send(brut) = histogramme_send(fini) AS binaire, brut = fini AS eq, histogramme_hash(brut) = histogramme_hash(fini) AS hash,
	brut + fini = fini + brut AS plus, brut - fini = fini - brut AS moins, effectif(brut) = effectif(fini) AS effectif, inconnu(brut) = inconnu(fini) AS inconnu, moyenne(brut) = moyenne(fini) AS moyenne,
	mediane(brut) = mediane(fini) AS mediane, quantile(brut, 0.1, 'montant') = quantile(fini, 0.1, 'montant') AS quantile, part(brut, 0, 5) = part(fini, 0, 5) AS part,
	(SELECT array_agg(d) FROM detail(brut) AS d) = (SELECT array_agg(d) FROM detail(fini) AS d) AS detail
FROM bruts;
SELECT fusion(brut) = fusion(fini) AS fusion, max(length(histogramme_send(fini))) > 32 * 14335 AS grand FROM bruts;
CREATE AGGREGATE histogramme_suite(integer) (SFUNC = histogramme_accum, STYPE = histogramme, FINALFUNC = histogramme_final, INITCOND = '1:{0=40/0.00,?=1/0.00}');
SELECT histogramme_suite(v) = histogramme(v) + '1:{0=40/0.00,?=1/0.00}' AS suite FROM generate_series(-500, 500) AS v;

-- ---- The values of a contract's holders: the same as a row each, for its part

CREATE TEMP TABLE listes AS SELECT n, n * 1.07 AS m, (SELECT array_agg(CASE WHEN (n + i) % 5 > 0 THEN n % 17 + i / 4.0 END) FROM generate_series(1, n % 7) AS i) AS vs FROM generate_series(1, 1000) AS n;
SELECT (SELECT histogramme(vs, m) FROM listes) = histogramme(v, m, greatest(1, coalesce(cardinality(vs), 0))) AS lignes FROM listes LEFT JOIN LATERAL unnest(vs) AS v ON true;
SELECT histogramme(vs, m), histogramme('{}'::numeric[], 1), histogramme(array_fill(1.0, ARRAY[257]), 1), histogramme(array_fill(1.0, ARRAY[256]), 1) FROM (VALUES ('{1,1,NULL}'::numeric[], 3), (NULL, NULL)) AS t(vs, m);

-- ---- Support functions called by hand; values of another type taken for one

SELECT appel, e.* FROM unnest(ARRAY['accum(NULL, 1.5)', 'accum(''1:{}'', 1.5, 2)', 'accum(''1:{}'', NULL::numeric, NULL, NULL)', 'accum(NULL, 1)', 'accum(''1:{}'', 1, NULL)',
	'accum(''1:{}'', 1, 1, 1)', 'combine(''1:{}'', ''1:{}'')']) AS appel, pg_temp.erreur('SELECT histogramme_' || appel) AS e;
SELECT histogramme_final('1:{0=1/0.00}'), histogramme_final(NULL);
CREATE CAST (path AS histogramme) WITHOUT FUNCTION;
CREATE CAST (bilan AS histogramme) WITHOUT FUNCTION;
SELECT e.etat, e.message, count(*) FROM (VALUES ('%s::text'), ('histogramme_send(%s)'), ('histogramme_final(%s)'), ('histogramme_hash(%s)'), ('%s = ''1:{}'''), ('effectif(%s)'), ('inconnu(%s)')) AS t(appel),
	pg_temp.erreur('SELECT ' || format(appel, '''((1,2))''::path::histogramme')) AS e GROUP BY 1, 2;
SELECT e.etat, e.message, count(*) FROM (VALUES ('moyenne(%s)'), ('mediane(%s)'), ('quantile(%s, 0)'), ('part(%s, 0, 1)'), ('detail(%s)'), ('%s + ''1:{}'''), ('''1:{}'' + %s'), ('%s - ''1:{}'''), ('''1:{}'' - %s'),
		('fusion(h) FROM (VALUES (%s), (''1:{0=1/0.00}'')) AS t(h)'), ('fusion(h) FROM (VALUES (''1:{0=1/0.00}''), (%s)) AS t(h)')) AS t(appel),
	unnest(ARRAY['''((1,2))''::path::histogramme', '''1:{}''::bilan::histogramme', '''1:{00000000000000000000000000000000=1/0.00}''::bilan::histogramme']) AS valeur,
	pg_temp.erreur('SELECT ' || format(appel, valeur)) AS e GROUP BY 1, 2;
DROP CAST (path AS histogramme);
DROP CAST (bilan AS histogramme);

DROP AGGREGATE histogramme_suite(integer);
DROP AGGREGATE histogramme_brut(numeric, numeric, integer);
DROP TABLE histogramme_synthese, histogramme_contrats CASCADE;
