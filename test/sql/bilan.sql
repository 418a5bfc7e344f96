-- bilan.sql: the joint distribution of profils, its aggregates and accessors.
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

-- ---- By hand: five contracts, three profils

CREATE TEMP TABLE petit (p profil, montant numeric);
INSERT INTO petit VALUES
	('montant=utilisable subsequent=non', 100.10), ('montant=utilisable subsequent=non', 0.005),
	('montant=aberrant', 1e15), (NULL, 7), ('montant=utilisable subsequent=lie', 50), ('', NULL),
	('montant=utilisable subsequent=v1', 60.5), ('montant=utilisable subsequent=non_lie', -0.005);
-- 0.005 is rounded to 0.01, -0.005 to -0.01, away from zero; a NULL profil is one that is all unknown
SELECT * FROM detail((SELECT bilan(p, montant) FROM petit));
-- value: 100.10 + 0.01 - 0.01; left out: two without amount, one aberrant, one linked, one of v1
SELECT nombre(b), montant(b), (ecartes(b)).* FROM (SELECT bilan(p, montant) AS b FROM petit) AS t;

-- montant=utilisable is code 1 in bits 49 and 50 of the second word
SELECT bilan(p, montant) FROM petit WHERE p IN ('montant=utilisable subsequent=non', 'montant=aberrant');

-- ---- Nothing in, nothing out

SELECT bilan(p, montant) IS NULL AS bilan, fusion(NULL::bilan) IS NULL AS fusion,
	(SELECT fusion(b) IS NULL FROM (SELECT NULL::bilan AS b WHERE false) AS t) AS fusion_vide
FROM petit WHERE false;
SELECT nombre(NULL), montant(NULL::bilan), ecartes(NULL), NULL::bilan + '1:{}' AS plus, '1:{}'::bilan = NULL AS eq;
SELECT nombre('1:{}'), montant('1:{}'::bilan), (ecartes('1:{}')).*;
SELECT count(*) FROM detail('1:{}'::bilan);

-- ---- Text form: one way only to write each value

SELECT texte FROM (VALUES
	('1:{}'),
	('1:{00000000000000000000000000000000=1/0.00}'),
	('1:{00000000000000000000000000000000=9223372036854775807/0.00,00000000000000000002000000000000=1/92233720368547758.07}'),
	('1:{00000000000000000002000000000000=3/-92233720368547758.08}'),
	('1:{00000000000000000002000000000000=3/-0.01}'),
	('1:{00000000000000000000000000000000|2=1/0.00,00000000000000000000000000000000|256=7/0.00,00000000000000000002000000000000|14=3/-0.01}'),
	('1:{00000000000000000002000000000000=1/0.01,00000000000000000002000000000000|2=9223372036854775807/0.01}')
) AS t(texte) WHERE texte::bilan::text <> texte;
SELECT t.texte, e.etat, e.precision_ FROM (VALUES
	(''), ('{}'), ('2:{}'), ('1:{'), ('1:{}}'), ('1:{} '), ('1:{,}'), ('1: {}'),
	('1:{00000000000000000000000000000000=0/0.00}'), ('1:{00000000000000000000000000000000=-1/0.00}'),
	('1:{00000000000000000000000000000000=01/0.00}'), ('1:{00000000000000000000000000000000=+1/0.00}'),
	('1:{00000000000000000000000000000000=9223372036854775808/0.00}'), ('1:{00000000000000000000000000000000=1}'),
	('1:{00000000000000000000000000000000=1/0.00,}'), ('1:{0000000000000000000000000000000=1/0.00}'),
	('1:{00000000000000000000000000000000=1/5.00}'), ('1:{00000000000000000000000000000001=1/0.00}'),
	('1:{00000000000000020000000000000000=1/0.00}'), ('1:{0000000000000000000000000000000000=1/0.00}'),
	('1:{0000000000000000000200000000000A=1/0.00}'),
	('1:{00000000000000000002000000000000=1/-0.00}'), ('1:{00000000000000000002000000000000=1/1.5}'),
	('1:{00000000000000000002000000000000=1/1.500}'), ('1:{00000000000000000002000000000000=1/92233720368547758.08}'),
	('1:{00000000000000000002000000000000=1/01.00}'), ('1:{00000000000000000002000000000000=1/-92233720368547758.09}'),
	('1:{00000000000000000002000000000000=1/0.00,00000000000000000000000000000000=1/0.00}'),
	('1:{00000000000000000002000000000000=1/0.00,00000000000000000002000000000000=1/0.00}'),
	('1:{00000000000000000000000000000000|1=1/0.00}'), ('1:{00000000000000000000000000000000|0=1/0.00}'),
	('1:{00000000000000000000000000000000|257=1/0.00}'), ('1:{00000000000000000000000000000000|02=1/0.00}'),
	('1:{00000000000000000000000000000000|-2=1/0.00}'), ('1:{00000000000000000000000000000000|=1/0.00}'),
	('1:{00000000000000000000000000000000|2|2=1/0.00}'), ('1:{00000000000000000000000000000000|99999999999999999999=1/0.00}'),
	('1:{00000000000000000000000000000000|2=1/5.00}'), ('1:{|2=1/0.00}'),
	('1:{00000000000000000000000000000000|2=1/0.00,00000000000000000000000000000000=1/0.00}'),
	('1:{00000000000000000000000000000000|3=1/0.00,00000000000000000000000000000000|2=1/0.00}'),
	('1:{00000000000000000000000000000000|2=1/0.00,00000000000000000000000000000000|2=1/0.00}')
) AS t(texte), pg_temp.erreur(format('SELECT %L::bilan', t.texte)) AS e;

-- ---- Binary form: sent and received, and refused when it is not what was sent

CREATE TEMP TABLE binaire (b bilan);
CREATE FUNCTION pg_temp.recevoir(octets bytea, OUT valeur bilan, OUT etat text, OUT precision_ text) LANGUAGE plpgsql AS $$
DECLARE
	lo oid := lo_from_bytea(0, '\x5047434f50590aff0d0a00' || int4send(0) || int4send(0) ||
		int2send(1::int2) || int4send(length(octets)) || octets || int2send((-1)::int2));
	chemin text := current_setting('data_directory') || '/bilan_binaire';
BEGIN
	PERFORM lo_export(lo, chemin);
	PERFORM lo_unlink(lo);
	DELETE FROM binaire;
	EXECUTE format('COPY binaire FROM %L (FORMAT binary)', chemin);
	SELECT b INTO valeur FROM binaire;
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS etat = RETURNED_SQLSTATE, precision_ = PG_EXCEPTION_DETAIL;
END $$;
-- version 1, kind 0; one case: profil, 2 contracts, 5 centimes
SELECT bilan_send('1:{00000000000000000002000000000000=2/0.05}');
-- the byte of parts is the last of the profil: 14 are written 13
SELECT bilan_send('1:{00000000000000000002000000000000|14=2/0.05}');
SELECT (pg_temp.recevoir(bilan_send(bilan(p, montant)))).valeur = bilan(p, montant) FROM petit;
SELECT (pg_temp.recevoir(bilan_send(v))).valeur = v AS parts
FROM (VALUES ('1:{00000000000000000002000000000000|14=2/0.05,00000000000000000002000000000000|256=1/0.00}'::bilan), ('1:{}')) AS t(v);
SELECT t.defaut, r.etat, r.precision_ FROM (VALUES
	('version', '\x00020000'::bytea), ('empty', ''), ('cut version', '\x00'), ('no kind', '\x0001'), ('cut kind', '\x000100'),
	('histogramme', '\x00010001'), ('no such kind', '\x0001ffff'),
	('trailing byte', '\x0001000000'), ('cut case', '\x00010000' || int8send(0) || int8send(0) || int8send(1)),
	('a byte behind a case', '\x00010000' || int8send(0) || int8send(0) || int8send(1) || int8send(0) || '\x00'),
	('number 0', '\x00010000' || int8send(0) || int8send(0) || int8send(0) || int8send(0)),
	('negative number', '\x00010000' || int8send(0) || int8send(0) || int8send(-1) || int8send(0)),
	('least number', '\x00010000' || int8send(0) || int8send(0) || int8send(-9223372036854775808) || int8send(0)),
	('free bit', '\x00010000' || int8send(2) || int8send(0) || int8send(1) || int8send(0)),
	('amount not usable', '\x00010000' || int8send(0) || int8send(0) || int8send(1) || int8send(1)),
	('twice', '\x00010000' || int8send(0) || int8send(0) || int8send(1) || int8send(0) ||
		int8send(0) || int8send(0) || int8send(1) || int8send(0)),
	('parts in decreasing order', '\x00010000' || int8send(0) || int8send(2) || int8send(1) || int8send(0) ||
		int8send(0) || int8send(1) || int8send(1) || int8send(0))
) AS t(defaut, octets), pg_temp.recevoir(t.octets) AS r;

-- ---- Euros to centimes: against SQL's own rounding

CREATE TEMP TABLE nombres AS
SELECT n, CASE WHEN n % 2 = 0 THEN 1 ELSE -1 END * v AS v
FROM (
	-- every magnitude from 10^-9 to 10^15, with up to 12 decimals, many of them halves of a centime
	SELECT n, trunc((random() * 10 ^ (n % 25 - 9))::numeric, n % 13) AS v FROM generate_series(1, 20000) n
	UNION ALL
	SELECT 20000 + n, n::numeric * 5 / 1000 FROM generate_series(1, 5000) n
	UNION ALL
	SELECT 30000 + n, 10::numeric ^ (n - 30) * (1 + n % 9) FROM generate_series(1, 45) n
	UNION ALL
	SELECT 40000 + n, 10::numeric ^ n - 10::numeric ^ (-n) FROM generate_series(1, 16) n
	UNION ALL VALUES (50000, 0), (50001, 0.00), (50002, 92233720368547758.07), (50004, 92233720368547758.074),
		(50005, 92233720368547758.07), (50003, 92233720368547758.08), (50009, 92233720368547758.084), (50006, 0.004999999999999999999999999), (50007, 9999.995), (50008, 10000.004999)
) AS t;
SELECT count(*), count(*) FILTER (WHERE montant(b) IS DISTINCT FROM round(v, 2)) AS faux
FROM (SELECT n, v, bilan('montant=utilisable', v) AS b FROM nombres GROUP BY n, v) AS t;
-- a numeric kept in a column of any type modifier, packed or not
SELECT sum(v) = montant(bilan('montant=utilisable', v)) FROM (SELECT v::numeric(30, 2) FROM nombres WHERE abs(v) < 1e14) AS t;
CREATE TEMP TABLE longs AS SELECT ('3.14' || repeat('15', 7000))::numeric AS v UNION ALL SELECT 1.25 + 10::numeric ^ -9000;
SELECT montant(bilan('montant=utilisable', v)) FROM longs;

-- ---- Errors of amounts, with a usable profil only

SELECT v, (pg_temp.erreur(format('SELECT bilan(''montant=utilisable'', %L::numeric)', v))).*
FROM (VALUES ('NaN'), ('Infinity'), ('-Infinity'), ('92233720368547758.075'), ('-92233720368547758.085'), ('1e17'), ('1e1000'), ('-1e20')) AS t(v);
SELECT nombre(bilan(p, v)), montant(bilan(p, v))
FROM (VALUES ('montant=aberrant'::profil, 'NaN'::numeric), ('', 'Infinity'), (NULL, 1e1000)) AS t(p, v);
-- sums beyond a bigint, of centimes and of contracts
SELECT etat, message, precision_ FROM pg_temp.erreur($$
	SELECT bilan('montant=utilisable', v) FROM (VALUES (92233720368547758.07), (0.01)) AS t(v) $$);
SELECT etat, message FROM pg_temp.erreur($$
	SELECT fusion(b) FROM (VALUES ('1:{00000000000000000000000000000000=9223372036854775807/0.00}'::bilan),
		('1:{00000000000000000000000000000000=1/0.00}')) AS t(b) $$);
SELECT etat, message FROM pg_temp.erreur($$
	SELECT '1:{00000000000000000000000000000000=9223372036854775807/0.00}'::bilan + '1:{00000000000000000000000000000000=1/0.00}' $$);
-- but cases that are in range have a sum, whatever it is
SELECT nombre(b) = 2 ^ 63::numeric AS nombre, montant(b) = 2.5 * -92233720368547758.08 AS montant
FROM (VALUES ('1:{00000000000000000000000000000000=9223372036854775805/0.00,00000000000000000002000000000000=1/-92233720368547758.08,00000000000000000002000000000000|2=2/-92233720368547758.08,01000000000000000002000000000000=1/-92233720368547758.08}'::bilan)) AS t(b);

-- ---- Against plain SQL: 60 000 contracts, 20 000 groups, more than 10 000 profils

CREATE UNLOGGED TABLE bilan_contrats AS
SELECT n, n % 20000 AS groupe, 2018 + n % 7 AS annee,
	CASE WHEN n % 977 <> 0 THEN profil(
		format_decp => 1 + n % 2, nature => (ARRAY['Marché', 'Marché subséquent', 'Marché de partenariat'])[1 + h % 3],
		considerations_sociales => CASE h / 3 % 3 WHEN 0 THEN ARRAY['Clause sociale'] WHEN 1 THEN ARRAY['Pas de considération sociale'] END,
		offres_recues => h / 9 % 12, montant => m, duree_mois => h / 100 % 61, titulaires => h / 7 % 3,
		id_accord_cadre => CASE WHEN n % 5 = 0 THEN 'AC' END, accord_cadre_present => n % 10 = 0,
		marche_innovant => h / 11 % 2 = 0, attribution_avance => h / 13 % 2 = 0, code_cpv => (1 + h / 17 % 98)::text || '000000')
	END AS p, m,
	CASE n % 5 WHEN 0 THEN NULL WHEN 1 THEN 1 WHEN 2 THEN 1 + h / 19 % 256 ELSE 1 + h / 19 % 14 END AS parts
FROM (
	SELECT n, abs(hashint4(n)) AS h,
		CASE WHEN n % 31 <> 0 THEN (abs(hashint4(n + 1)) % 300000000)::numeric / (1 + n % 1000) END AS m
	FROM generate_series(1, 60000) n
) AS t;
CREATE INDEX ON bilan_contrats (n);
ANALYZE bilan_contrats;
-- a state grows beyond 14 335 profils as an expanded object, whose flat form is packed
SELECT count(DISTINCT p) > 14335 AS beaucoup FROM bilan_contrats;

-- what bilan must be, by GROUP BY and the text form's definition
CREATE TEMP VIEW attendu AS
SELECT '1:{' || string_agg(format('%s=%s/%s', right(profil_send(p)::text, 32), nombre, montant), ',' ORDER BY p) || '}' AS texte
FROM (
	SELECT coalesce(p, '') AS p, count(*) AS nombre,
		coalesce(sum(round(m, 2)) FILTER (WHERE attribut(p, 'montant') = 'utilisable'), 0)::numeric(30, 2) AS montant
	FROM bilan_contrats GROUP BY 1
) AS t;
SELECT bilan(p, m)::text = (SELECT texte FROM attendu) AS pareil FROM bilan_contrats;
SELECT (SELECT array_agg(d ORDER BY d.profil) FROM detail((SELECT bilan(p, m) FROM bilan_contrats)) AS d) =
	(SELECT array_agg(ROW(p, nombre, montant)::record ORDER BY p) FROM (
		SELECT coalesce(p, '') AS p, count(*)::numeric AS nombre, sum(round(m, 2)) FILTER (WHERE attribut(p, 'montant') = 'utilisable') AS montant
		FROM bilan_contrats GROUP BY 1) AS t) AS detail;
SELECT nombre(b) = n AS nombre, montant(b) = v AS montant, ecartes(b)::text = e::text AS ecartes
FROM (
	SELECT bilan(p, m) AS b, count(*) AS n,
		sum(round(m, 2)) FILTER (WHERE u AND NOT s IN ('lie', 'v1')) AS v,
		ROW(count(*) FILTER (WHERE q IS NULL), count(*) FILTER (WHERE q = 'aberrant'),
			count(*) FILTER (WHERE u AND s = 'lie'), count(*) FILTER (WHERE u AND s = 'v1')) AS e
	FROM (SELECT *, attribut(p, 'montant') AS q, attribut(p, 'montant') = 'utilisable' AS u, coalesce(attribut(p, 'subsequent'), '') AS s
		FROM bilan_contrats) AS c
) AS t;
-- 20 000 groups
SELECT count(*), bool_and(nombre(b) = n) AS nombre, bool_and(montant(b) = v) AS montant
FROM (
	SELECT bilan(p, m) AS b, count(*) AS n,
		coalesce(sum(round(m, 2)) FILTER (WHERE attribut(p, 'montant') = 'utilisable'
			AND NOT coalesce(attribut(p, 'subsequent') IN ('lie', 'v1'), false)), 0) AS v
	FROM bilan_contrats GROUP BY groupe
) AS t;

-- a large state that a last row, or one in the midst of others, takes out of range
SELECT k, e.etat, e.message FROM unnest(ARRAY[1, 63, 64, 65, 1000, 59999]) AS k, pg_temp.erreur(format($$
	SELECT nombre(bilan(p, m)) FROM (
		(SELECT p, NULL::numeric AS m FROM bilan_contrats WHERE n > %1$s ORDER BY n)
		UNION ALL VALUES ('montant=utilisable'::profil, 92233720368547758.07), ('montant=utilisable', 0.01)
		UNION ALL (SELECT p, NULL FROM bilan_contrats WHERE n <= %1$s ORDER BY n)) AS t $$, k)) AS e;
-- of any number of rows, all are there
SELECT count(*) AS tailles, count(*) FILTER (WHERE nombre(b) <> 50000 + k) AS faux
FROM generate_series(0, 130, 5) AS k, LATERAL (SELECT bilan(p, m) AS b FROM bilan_contrats WHERE n <= 50000 + k) AS t;

-- ---- Shares of contracts: against rationals in plain SQL

SELECT (pg_temp.erreur(format('SELECT bilan(NULL, 1, %s)', parts))).* FROM unnest(ARRAY[0, -1, -2147483648, 257, 2147483647]) AS parts;
SELECT bilan('montant=utilisable', 1, parts) FROM unnest(ARRAY[NULL, 1, 2, 256]) AS parts;
-- one third, two thirds, three thirds of a contract of a euro, and a half centime
SELECT n, nombre(b), montant(b) FROM (VALUES (1), (2), (3)) AS t(n),
	LATERAL (SELECT bilan('montant=utilisable', 1, 3) AS b FROM generate_series(1, n)) AS b
UNION ALL SELECT 4, nombre(b), montant(b) FROM (SELECT bilan('montant=utilisable', 0.01, 2) AS b) AS t;

-- a share whose decimals end is told with all of them, however large; the same of sums of such shares
SELECT count(*), count(*) FILTER (WHERE nombre(b) * k <> 9223372036854775807) AS nombre, count(*) FILTER (WHERE montant(b) * k <> 92233720368547758.07) AS montant
FROM unnest(ARRAY[2, 4, 5, 8, 10, 16, 20, 25, 32, 40, 50, 64, 80, 100, 125, 128, 160, 200, 250, 256]) AS k,
	LATERAL (SELECT format('1:{00000000000000000002000000000000|%s=9223372036854775807/92233720368547758.07}', k)::bilan AS b) AS b;
SELECT montant(b) = -92233720368547758.08 / 2 + 1000000000000000.01 + 0.07 / 125.0000000000 - 0.01 / 256.0000000000 AS montant
FROM (SELECT '1:{00000000000000000002000000000000|2=1/-92233720368547758.08,00000000000000000002000000000000|3=3/3000000000000000.03,00000000000000000002000000000000|125=1/0.07,00000000000000000002000000000000|256=1/-0.01}'::bilan AS b) AS t;

-- the least common multiple of all parts turns shares into whole numbers
CREATE AGGREGATE pg_temp.ppcm(numeric) (SFUNC = lcm, STYPE = numeric, INITCOND = '1');
CREATE TEMP TABLE part AS
SELECT k AS parts, div(tout, k) AS poids, tout FROM generate_series(1, 256) AS k, (SELECT pg_temp.ppcm(k) AS tout FROM generate_series(1, 256) AS k) AS t;
CREATE TEMP VIEW partages AS
SELECT c.*, part.parts AS k, part.poids, part.tout, coalesce(c.p, '') AS q, attribut(c.p, 'montant') IS NOT DISTINCT FROM 'utilisable' AS utilisable,
	coalesce(en_valeur(c.p, round(c.m, 2)), 0) AS valeur
FROM bilan_contrats AS c JOIN part ON part.parts = coalesce(c.parts, 1);
-- is x the fraction n / tout, to 15 digits?
CREATE FUNCTION pg_temp.vaut(x numeric, n numeric, tout numeric) RETURNS boolean LANGUAGE SQL AS $$
	SELECT 1000000000000000 * abs(x * tout - n) <= abs(n)
$$;
SELECT bilan(p, m, parts)::text = (
	SELECT '1:{' || string_agg(format('%s%s=%s/%s', right(profil_send(q)::text, 32), '|' || nullif(k, 1), nombre, montant), ',' ORDER BY q, k) || '}'
	FROM (SELECT q, k, count(*) AS nombre, coalesce(sum(round(m, 2)) FILTER (WHERE utilisable), 0)::numeric(30, 2) AS montant FROM partages GROUP BY q, k) AS t
) AS texte FROM bilan_contrats;
SELECT count(*), count(*) FILTER (WHERE NOT pg_temp.vaut(nombre(b), n, tout)) AS nombre, count(*) FILTER (WHERE NOT pg_temp.vaut(montant(b), v, tout)) AS montant
FROM (
	SELECT bilan(p, m, parts) AS b, sum(poids) AS n, sum(poids * valeur) AS v, tout FROM partages GROUP BY groupe, tout
	UNION ALL SELECT bilan(p, m, parts), sum(poids), sum(poids * valeur), tout FROM partages GROUP BY tout
) AS t;
SELECT count(*), count(*) FILTER (WHERE NOT pg_temp.vaut(d.nombre, n, tout)) AS nombre,
	count(*) FILTER (WHERE (d.montant IS NULL) = utilisable OR NOT pg_temp.vaut(coalesce(d.montant, 0), v, tout)) AS montant,
	(SELECT count(*) FROM detail((SELECT bilan(p, m, parts) FROM bilan_contrats))) AS lignes
FROM detail((SELECT bilan(p, m, parts) FROM bilan_contrats)) AS d
JOIN (SELECT q, sum(poids) AS n, coalesce(sum(poids * round(m, 2)) FILTER (WHERE utilisable), 0) AS v, utilisable, tout FROM partages GROUP BY q, utilisable, tout) AS t ON q = d.profil;
SELECT count(*), count(*) FILTER (WHERE NOT pg_temp.vaut((e).sans_montant, a, tout)) AS sans_montant, count(*) FILTER (WHERE NOT pg_temp.vaut((e).aberrants, b, tout)) AS aberrants,
	count(*) FILTER (WHERE NOT pg_temp.vaut((e).subsequents_lies, c, tout)) AS lies, count(*) FILTER (WHERE NOT pg_temp.vaut((e).subsequents_v1, d, tout)) AS v1
FROM (
	SELECT ecartes(bilan(p, m, parts)) AS e, tout, coalesce(sum(poids) FILTER (WHERE a IS NULL), 0) AS a, coalesce(sum(poids) FILTER (WHERE a = 'aberrant'), 0) AS b,
		coalesce(sum(poids) FILTER (WHERE utilisable AND s = 'lie'), 0) AS c, coalesce(sum(poids) FILTER (WHERE utilisable AND s = 'v1'), 0) AS d
	FROM (SELECT *, attribut(p, 'montant') AS a, attribut(p, 'subsequent') AS s FROM partages) AS t GROUP BY groupe % 500, tout
) AS t;
-- the six numbers of an indicator, by number and by amount, in 500 groups
CREATE FUNCTION pg_temp.mesure_vaut(m mesure, oui numeric, non numeric, inconnu numeric, tout numeric) RETURNS boolean LANGUAGE SQL AS $$
	SELECT pg_temp.vaut(m.numerateur, oui, tout) AND pg_temp.vaut(m.denominateur, oui + non, tout) AND pg_temp.vaut(m.inconnu, inconnu, tout)
		AND CASE WHEN oui + non = 0 THEN m.taux IS NULL ELSE pg_temp.vaut(m.taux, oui, oui + non) END
		AND CASE WHEN oui + non + inconnu = 0 THEN m.minimum IS NULL AND m.maximum IS NULL
			ELSE pg_temp.vaut(m.minimum, oui, oui + non + inconnu) AND pg_temp.vaut(m.maximum, oui + inconnu, oui + non + inconnu) END
$$;
SELECT unite, count(*), count(*) FILTER (WHERE NOT pg_temp.mesure_vaut(m, oui, non, inconnu, tout)) AS faux,
	count(*) FILTER (WHERE (m).taux IS NULL) AS sans_taux
FROM (SELECT '{"code": "SOC", "libelle": "s", "oui": {"considerations_sociales": "clause"}}'::canevas AS c) AS c, (
	SELECT unite, bilan(p, m, parts) AS b, tout, coalesce(sum(poids) FILTER (WHERE s = 'clause'), 0) AS oui,
		coalesce(sum(poids) FILTER (WHERE s <> 'clause'), 0) AS non, coalesce(sum(poids) FILTER (WHERE s IS NULL), 0) AS inconnu
	FROM (
		SELECT p, m, parts, groupe, tout, attribut(p, 'considerations_sociales') AS s, unite, CASE unite WHEN 'nombre' THEN poids ELSE poids * valeur END AS poids
		FROM partages, unnest(ARRAY['nombre', 'montant']) AS unite
	) AS t GROUP BY unite, groupe % 500, tout
) AS t, LATERAL (SELECT mesurer(b, c, unite) AS m OFFSET 0) AS l GROUP BY unite ORDER BY unite;
-- a contract that all its holders see is a contract
SELECT count(*), count(*) FILTER (WHERE nombre(toutes) IS DISTINCT FROM nombre(une)) AS nombre,
	count(*) FILTER (WHERE montant(toutes) IS DISTINCT FROM montant(une)) AS montant, count(*) FILTER (WHERE ecartes(toutes) IS DISTINCT FROM ecartes(une)) AS ecartes
FROM (SELECT n, bilan(p, m) AS une FROM bilan_contrats WHERE n <= 3000 GROUP BY n) AS t
JOIN (SELECT n, bilan(p, m, k) AS toutes FROM partages, generate_series(1, k) WHERE n <= 3000 GROUP BY n) AS u USING (n);

-- ---- Serial, parallel, shuffled, by hash, by sort, merged by pieces in two ways: the same bytes

CREATE TEMP TABLE formes (maniere text, octets bytea);
SET max_parallel_workers_per_gather = 0;
INSERT INTO formes SELECT 'serie', bilan_send(bilan(p, m)) FROM bilan_contrats;
INSERT INTO formes SELECT 'melange', bilan_send(bilan(p, m)) FROM (SELECT p, m FROM bilan_contrats ORDER BY hashint4(n)) AS t;
INSERT INTO formes SELECT 'tri interne', bilan_send(bilan(p, m ORDER BY m, n)) FROM bilan_contrats;
INSERT INTO formes SELECT 'groupes', bilan_send(fusion(b)) FROM (SELECT bilan(p, m) AS b FROM bilan_contrats GROUP BY groupe) AS t;
INSERT INTO formes SELECT 'annees', bilan_send(fusion(b)) FROM (SELECT bilan(p, m) AS b FROM bilan_contrats GROUP BY annee) AS t;
INSERT INTO formes SELECT 'fusion de fusions', bilan_send(fusion(b)) FROM (
	SELECT fusion(b) AS b FROM (SELECT n % 100 AS k, bilan(p, m) AS b FROM bilan_contrats GROUP BY n % 500, n % 100) AS t GROUP BY k % 7) AS u;
INSERT INTO formes SELECT 'operateur', bilan_send(
	(SELECT bilan(p, m) FROM bilan_contrats WHERE n % 3 = 0) + (SELECT bilan(p, m) FROM bilan_contrats WHERE n % 3 <> 0));
INSERT INTO formes SELECT 'parts, serie', bilan_send(bilan(p, m, parts)) FROM bilan_contrats;
INSERT INTO formes SELECT 'parts, melange', bilan_send(bilan(p, m, parts)) FROM (SELECT p, m, parts FROM bilan_contrats ORDER BY hashint4(n)) AS t;
INSERT INTO formes SELECT 'parts, groupes', bilan_send(fusion(b)) FROM (SELECT bilan(p, m, parts) AS b FROM bilan_contrats GROUP BY groupe) AS t;
INSERT INTO formes SELECT 'parts, par parts', bilan_send(fusion(b)) FROM (SELECT bilan(p, m, parts) AS b FROM bilan_contrats GROUP BY parts) AS t;
INSERT INTO formes SELECT 'parts, operateur', bilan_send(
	(SELECT bilan(p, m, parts) FROM bilan_contrats WHERE n % 3 = 0) + (SELECT bilan(p, m, parts) FROM bilan_contrats WHERE n % 3 <> 0));
SET enable_hashagg = off;
INSERT INTO formes SELECT 'par tri', bilan_send(fusion(b)) FROM (SELECT bilan(p, m) AS b FROM bilan_contrats GROUP BY groupe) AS t;
RESET enable_hashagg;
SET work_mem = '64kB';
INSERT INTO formes SELECT 'debordement', bilan_send(fusion(b)) FROM (SELECT bilan(p, m) AS b FROM bilan_contrats GROUP BY groupe) AS t;
RESET work_mem;
SET max_parallel_workers_per_gather = 2;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SELECT pg_temp.plan_contient('SELECT bilan(p, m) FROM bilan_contrats', 'Partial Aggregate') AS bilan,
	pg_temp.plan_contient('SELECT annee, nombre(bilan(p, m)) FROM bilan_contrats GROUP BY annee', 'Partial') AS par_annee,
	pg_temp.plan_contient('SELECT bilan(p, m) FROM bilan_contrats', 'Parallel Seq Scan') AS lecture;
INSERT INTO formes SELECT 'parallele', bilan_send(bilan(p, m)) FROM bilan_contrats;
INSERT INTO formes SELECT 'parts, parallele', bilan_send(bilan(p, m, parts)) FROM bilan_contrats;
INSERT INTO formes SELECT 'parallele, annees', bilan_send(fusion(b)) FROM (SELECT bilan(p, m) AS b FROM bilan_contrats GROUP BY annee) AS t;
CREATE UNLOGGED TABLE bilan_synthese AS SELECT groupe, bilan(p, m) AS b FROM bilan_contrats GROUP BY groupe;
ANALYZE bilan_synthese;
SELECT pg_temp.plan_contient('SELECT fusion(b) FROM bilan_synthese', 'Partial Aggregate') AS fusion;
INSERT INTO formes SELECT 'parallele, synthese', bilan_send(fusion(b)) FROM bilan_synthese;
RESET min_parallel_table_scan_size;
RESET parallel_tuple_cost;
RESET parallel_setup_cost;
RESET max_parallel_workers_per_gather;
SELECT maniere LIKE 'parts%' AS parts, count(*), count(DISTINCT octets) FROM formes GROUP BY 1 ORDER BY 1;

-- ---- As a window function: what the plain aggregate gives on each frame

SELECT count(*), bool_and(b = (SELECT bilan(p, m) FROM bilan_contrats c WHERE c.n BETWEEN t.n - 20 AND t.n + 5)) AS glissant
FROM (SELECT n, bilan(p, m) OVER (ORDER BY n ROWS BETWEEN 20 PRECEDING AND 5 FOLLOWING) AS b
	FROM bilan_contrats WHERE n <= 305) AS t WHERE n <= 300;
SELECT count(*), bool_and(b = (SELECT bilan(p, m) FROM bilan_contrats c WHERE c.n <= t.n)) AS croissant
FROM (SELECT n, bilan(p, m) OVER (ORDER BY n) AS b FROM bilan_contrats WHERE n <= 200) AS t;
-- a large state, finished several times while it still grows
SELECT count(*), bool_and(b = (SELECT bilan(p, m) FROM bilan_contrats c WHERE c.n / 10000 <= t.g)) AS grand
FROM (SELECT n, n / 10000 AS g, bilan(p, m) OVER (ORDER BY n / 10000) AS b FROM bilan_contrats) AS t WHERE n % 10000 = 9999;

-- ---- Taken away: what was put together comes apart

SELECT count(*), count(*) FILTER (WHERE a + b - b <> a) AS faux, count(*) FILTER (WHERE a - a <> '1:{}') AS restes, count(*) FILTER (WHERE a - '1:{}' <> a) AS riens, count(*) FILTER (WHERE tout - a <> reste) AS sans
FROM (SELECT bilan(p, m, parts) AS tout FROM bilan_contrats) AS t,
	LATERAL (SELECT k, bilan(p, m, parts) FILTER (WHERE n % 20 = k) AS a, bilan(p, m, parts) FILTER (WHERE n % 7 = k % 7) AS b, bilan(p, m, parts) FILTER (WHERE n % 20 <> k) AS reste FROM bilan_contrats, generate_series(0, 19) AS k GROUP BY k) AS u;
SELECT defaut, e.etat, e.message FROM (VALUES
	('another profil', '1:{}', '1:{00000000000000000000000000000000=1/0.00}'), ('a profil after the last', '1:{00000000000000000000000000000000=1/0.00}', '1:{00000000000000000002000000000000=1/0.00}'),
	('other parts', '1:{00000000000000000002000000000000=1/1.00}', '1:{00000000000000000002000000000000|2=1/1.00}'), ('more contracts', '1:{00000000000000000002000000000000=1/1.00}', '1:{00000000000000000002000000000000=2/1.00}'),
	('another amount', '1:{00000000000000000002000000000000=1/1.00}', '1:{00000000000000000002000000000000=1/1.01}'),
	('sum beyond a bigint', '1:{00000000000000000002000000000000=2/92233720368547758.07}', '1:{00000000000000000002000000000000=1/-0.01}')
) AS t(defaut, a, b), pg_temp.erreur(format('SELECT %L::bilan - %L::bilan', a, b)) AS e;
SELECT NULL::bilan - '1:{}' IS NULL AND '1:{}'::bilan - NULL IS NULL AS nuls;

-- ---- Stored and compared

SELECT count(*) FILTER (WHERE s.b = t.b) AS egaux, count(*) FILTER (WHERE s.b <> t.b) AS differents, count(*) FILTER (WHERE s.b::text::bilan <> t.b) AS relus
FROM bilan_synthese s JOIN (SELECT groupe, bilan(p, m) AS b FROM bilan_contrats GROUP BY groupe) AS t USING (groupe);
-- by hash: groups, distinct, join; there is no order to sort them by
SELECT count(*) AS groupes, sum(n) AS lignes FROM (SELECT b, count(*) AS n FROM (SELECT b FROM bilan_synthese UNION ALL SELECT b FROM bilan_synthese) AS t GROUP BY b) AS u;
SELECT count(DISTINCT b::text) AS distincts, (SELECT count(*) FROM (SELECT DISTINCT b FROM bilan_synthese) AS t) AS par_hachage FROM bilan_synthese;
SELECT bool_and(bilan_hash(b) = bilan_hash(b::text::bilan)) AS pareil, count(DISTINCT bilan_hash(b)) > 0.99 * count(DISTINCT b::text) AS epars,
	bool_and(bilan_hash_extended(b, 0)::bit(32)::integer = bilan_hash(b)) AS graine_0, bool_or(bilan_hash_extended(b, 1) = bilan_hash_extended(b, 0)) AS graine_1
FROM bilan_synthese;
SELECT '1:{}'::bilan = '1:{}' AS eq, '1:{}'::bilan <> '1:{00000000000000000000000000000000=1/0.00}' AS ne,
	'1:{00000000000000000000000000000000=1/0.00}'::bilan = '1:{00000000000000000000000000000000=2/0.00}' AS nombre,
	'1:{}'::bilan + '1:{}' AS vide, '1:{00000000000000000000000000000000=1/0.00}'::bilan + '1:{}' AS neutre;

-- ---- A state as it is while an aggregate runs: everything takes it

CREATE AGGREGATE bilan_brut(profil, numeric) (SFUNC = bilan_accum, STYPE = bilan);
CREATE TEMP TABLE bruts AS
SELECT 'petit' AS taille, bilan_brut(p, m) AS brut, bilan(p, m) AS fini FROM bilan_contrats WHERE n <= 100
UNION ALL
SELECT 'moyen', bilan_brut(p, m), bilan(p, m) FROM bilan_contrats WHERE n <= 5000
UNION ALL
SELECT 'grand', bilan_brut(p, m), bilan(p, m) FROM bilan_contrats;
SELECT taille, brut::text = fini::text AS texte, bilan_send(brut) = bilan_send(fini) AS binaire, brut = fini AS eq, brut <> fini AS ne,
	bilan_hash(brut) = bilan_hash(fini) AS hash, nombre(brut) = nombre(fini) AS nombre, montant(brut) = montant(fini) AS montant, ecartes(brut) = ecartes(fini) AS ecartes,
	brut + fini = fini + brut AS plus, brut - fini = fini - brut AS moins,
	(SELECT array_agg(d) FROM detail(brut) AS d) = (SELECT array_agg(d) FROM detail(fini) AS d) AS detail
FROM bruts;
SELECT fusion(brut) = fusion(fini) AS fusion FROM bruts;
-- an aggregate that starts from a value, short, canonical and not its own
CREATE AGGREGATE bilan_suite(profil, numeric) (
	SFUNC = bilan_accum, STYPE = bilan, FINALFUNC = bilan_final,
	INITCOND = '1:{00000000000000000000000000000000=40/0.00}');
SELECT bilan_suite(p, m) = bilan(p, m) + '1:{00000000000000000000000000000000=40/0.00}' AS suite FROM bilan_contrats WHERE n <= 1000;
SELECT bilan_suite(p, m) FROM bilan_contrats WHERE false;

-- ---- Support functions called by hand

SELECT (pg_temp.erreur(format('SELECT %s', appel))).* FROM (VALUES
	('bilan_accum(NULL, NULL, NULL)'), ('bilan_accum(''1:{}'', '''', 1)'), ('bilan_combine(''1:{}'', ''1:{}'')')
) AS t(appel);
SELECT bilan_final('1:{00000000000000000000000000000000=1/0.00}'), bilan_final(NULL);
-- the bytes of another type taken for a bilan: refused by all
CREATE CAST (path AS bilan) WITHOUT FUNCTION;
SELECT appel, e.etat, e.message FROM (VALUES ('%s::text'), ('bilan_send(%s)'), ('nombre(%s)'), ('montant(%s)'), ('ecartes(%s)'), ('detail(%s)'),
	('bilan_final(%s)'), ('%s + %1$s'), ('%s - %1$s'), ('%s = ''1:{}'''), ('fusion(b) FROM (VALUES (%s), (''1:{}'')) AS t(b)')) AS t(appel),
	pg_temp.erreur('SELECT ' || format(appel, '''((1,2))''::path::bilan')) AS e;
DROP CAST (path AS bilan);
-- a real state, one byte of which is changed: 1 case, room for 13, an index of 16 entries behind them. Taken at
-- their word, rooms of 14 to 19 would put that index beyond the end.
CREATE TYPE octets;
CREATE FUNCTION octets_in(cstring) RETURNS octets LANGUAGE internal IMMUTABLE STRICT AS 'byteain';
CREATE FUNCTION octets_out(octets) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'byteaout';
CREATE TYPE octets (INPUT = octets_in, OUTPUT = octets_out, INTERNALLENGTH = variable, ALIGNMENT = double);
CREATE CAST (octets AS bilan) WITHOUT FUNCTION;
CREATE CAST (bilan AS octets) WITHOUT FUNCTION;
CREATE TEMP TABLE etats AS
WITH etat AS (SELECT bilan_brut('nature=marche'::profil, NULL)::octets::text::bytea AS o),
	-- offsets behind the header of four bytes: number of cases from 4, room from 8, each in the order of the machine
	place AS (SELECT o, (SELECT i FROM generate_series(4, 7) AS i WHERE get_byte(o, i) = 1) AS n,
		(SELECT i FROM generate_series(8, 11) AS i WHERE get_byte(o, i) = 13) AS c FROM etat)
SELECT 'intact' AS defaut, o FROM place
UNION ALL SELECT 'room ' || k, set_byte(o, c, k) FROM place, generate_series(0, 255) AS k WHERE k <> 13
UNION ALL SELECT 'room of high bytes', set_byte(o, 8 + 11 - c, 255) FROM place
UNION ALL SELECT 'cases ' || k, set_byte(o, n, k) FROM place, unnest(ARRAY[14, 255]) AS k
UNION ALL SELECT 'head byte ' || i, set_byte(o, i, 2) FROM place, generate_series(0, 3) AS i
UNION ALL SELECT 'size ' || k, substr(o, 1, k) FROM place, unnest(ARRAY[0, 1, 4, 11, 12, 44, 491]) AS k
UNION ALL SELECT 'a byte more', o || '\x00' FROM place;
SELECT e.etat, e.message, count(*), min(defaut) AS premier
FROM etats, unnest(ARRAY['nombre(%s)', 'fusion(b) FROM (VALUES (%s), (''1:{00000000000000000000000000000000=1/0.00}'')) AS t(b)']) AS appel,
	pg_temp.erreur('SELECT ' || format(appel, quote_literal(o::text) || '::octets::bilan')) AS e
GROUP BY 1, 2 ORDER BY 1;
-- an index that leads nowhere: places that hold no case, no empty entry
SELECT e.* FROM (SELECT substr(o, 1, length(o) - 64) || decode(repeat('ff', 64), 'hex') AS o FROM etats WHERE defaut = 'intact') AS t,
	pg_temp.erreur(format('SELECT fusion(b) FROM (VALUES (%L::octets::bilan), (''1:{00000000000000000000000000000000=1/0.00}'')) AS t(b)', o::text)) AS e;
-- a large state as it is stored, packed, one thing of it changed
CREATE TEMP TABLE paquets AS
WITH etat AS (SELECT bilan_brut(p, m)::octets::text::bytea AS o FROM bilan_contrats)
SELECT 'intact' AS defaut, o FROM etat
UNION ALL SELECT 'cases', set_byte(o, i, get_byte(o, i) # 1) FROM etat, generate_series(4, 7) AS i
UNION ALL SELECT 'bits left out', set_byte(o, 12, 128) FROM etat
UNION ALL SELECT 'sizes', set_byte(o, i, 255) FROM etat, generate_series(13, 14) AS i
UNION ALL SELECT 'cut', substr(o, 1, length(o) - k) FROM etat, unnest(ARRAY[1, 100]) AS k
UNION ALL SELECT 'a byte more', o || '\x00' FROM etat;
SELECT DISTINCT substr(o, 9, 4) AS packed FROM paquets;
SELECT e.etat, e.message, count(*), array_agg(DISTINCT defaut) AS defauts
FROM paquets, unnest(ARRAY['nombre(%s)', '%s + ''1:{}''', '%s = ''1:{}''', 'bilan_final(%s)', 'bilan_send(%s)', 'fusion(b) FROM (VALUES (%s), (''1:{}'')) AS t(b)']) AS appel,
	pg_temp.erreur('SELECT ' || format(appel, quote_literal(o::text) || '::octets::bilan')) AS e
GROUP BY 1, 2 ORDER BY 1;
-- what is intact is what it was before it was packed
SELECT o::text::octets::bilan = (SELECT bilan(p, m) FROM bilan_contrats) AS pareil FROM paquets WHERE defaut = 'intact';
-- sorted and positive it must be, to be merged: two cases of which the second is not after the first, or counts nothing
SELECT defaut, e.etat, e.message
FROM (SELECT '1:{00000000000000000000000000000000=1/0.00,00000000000000000002000000000000=1/0.00}'::bilan::octets::text::bytea AS o) AS deux,
	LATERAL (SELECT substr(o, 13, 32) AS un, substr(o, 45, 32) AS autre, substr(o, 1, 12) AS tete) AS cases,
	LATERAL (VALUES ('as it was', tete || un || autre), ('unsorted', tete || autre || un), ('twice', tete || un || un),
		('number 0', tete || un || substr(autre, 1, 16) || int8send(0) || substr(autre, 25)),
		('negative', tete || un || substr(autre, 1, 16) || int8send(-1) || substr(autre, 25))) AS t(defaut, o2),
	pg_temp.erreur(format('SELECT fusion(b) FROM (VALUES (''1:{}''::bilan), (%L::octets::bilan)) AS t(b)', o2::text)) AS e;
DROP TYPE octets CASCADE;

DROP AGGREGATE bilan_suite(profil, numeric);
DROP AGGREGATE bilan_brut(profil, numeric);
DROP TABLE bilan_synthese, bilan_contrats CASCADE;
