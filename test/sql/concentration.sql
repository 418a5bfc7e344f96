-- concentration.sql: how contracts are shared among holders, its aggregates and accessors.
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

-- ---- By hand

-- five holders of 1 to 5 contracts of 10 euros: squared shares (1 + 4 + 9 + 16 + 25) / 225; Gini 2 * 55 / (5 * 15) - 6 / 5
CREATE TEMP TABLE cinq AS SELECT concentration(chr(64 + k), 10) AS c FROM generate_series(1, 5) AS k, generate_series(1, k);
SELECT c, effectif(c), inconnu(c), titulaires(c), hhi(c) = 10000 * 55 / 225.0 AS hhi, round(hhi_normalise(c), 9) AS "0.055555556", cr(c, 1) = 5 / 15.0 AS cr1, cr(c, 4) = 14 / 15.0 AS cr4, round(gini(c), 9) AS "0.266666667", (premier(c)).titulaire
FROM cinq;
SELECT * FROM detail((SELECT c FROM cinq));
-- one SIREN under three names, an identifier in small letters, spaces around; the rest is unknown
SELECT concentration(titulaire, 1) FROM unnest(ARRAY['802684969', '80268496900016', ' 80268496999999', 'fr66562096297', E'\tFR66562096297\n', 'a-b c', NULL, '', '  ', '0', '000000000', '00000000012345']) AS titulaire;
-- lists: 1 euro for A; a half for A and B, who is there twice; a third for A, and two thirds unknown; unknown; a half for each SIREN
SELECT concentration(liste, 1) FROM (VALUES (ARRAY['A']), (ARRAY['A', 'B', 'b ']), (ARRAY[NULL, 'A', '0']), (ARRAY[]::text[]), (NULL), (ARRAY[['80268496900016', '80268496900024'], ['802684969', '130015365']])) AS t(liste);
SELECT * FROM detail((SELECT concentration(liste, 1) FROM (VALUES (ARRAY['A']), (ARRAY['A', 'B', 'b ']), (ARRAY[NULL, 'A', '0'])) AS t(liste)));
SELECT cas, titulaires(c), effectif(c, 'nombre'), inconnu(c, 'nombre'), effectif(c), inconnu(c), (premier(c)).*
FROM (
	SELECT cas, concentration(liste, 256) AS c
	FROM (
		SELECT '256 holders' AS cas, array_agg('H' || k) AS liste FROM generate_series(1, 256) AS k, generate_series(1, 3)
		UNION ALL SELECT '257 holders', array_agg('H' || k) FROM generate_series(1, 257) AS k
		UNION ALL VALUES ('A and 255 unknown', ARRAY['A'] || array_fill(NULL::text, ARRAY[255])), ('A and 256 unknown', ARRAY['A'] || array_fill(NULL::text, ARRAY[256])), ('A very often', array_fill('A'::text, ARRAY[1000000]))
	) AS t GROUP BY cas
) AS t ORDER BY cas;

-- ---- Nothing in, nothing out; NULL arguments; measures that are not defined

SELECT concentration('A', 1) IS NULL AS deux, concentration('A', 1, 1) IS NULL AS trois, concentration(ARRAY['A'], 1) IS NULL AS liste, fusion(NULL::concentration) IS NULL AS fusion FROM generate_series(1, 0);
SELECT concentration(NULL::text, 5), concentration('A', NULL), concentration(NULL::text, NULL, NULL), concentration(NULL::text[], NULL), concentration(NULL::text, 5, 3);
SELECT num_nonnulls(effectif(c, u), inconnu(c, u), hhi(c, u), hhi_normalise(c, u), gini(c, u), cr(c, 1, u), premier(c, u), nouveaux(c, '1:{}', u), nouveaux('1:{}', c, u)) AS non_nuls
FROM (VALUES (NULL::concentration, 'nombre'), ('1:{A=1/1.00}', NULL)) AS t(c, u);
SELECT titulaires(NULL) IS NULL AS titulaires, cr('1:{A=1/1.00}', NULL) IS NULL AS cr, '1:{}'::concentration + NULL IS NULL AS plus, nouveaux('1:{A=1/1.00}', NULL) IS NULL AS nouveaux;
SELECT c, u, effectif(c, u), inconnu(c, u), titulaires(c) AS t, round(hhi(c, u), 4) AS hhi, round(hhi_normalise(c, u), 4) AS norm, cr(c, 1, u) = 1 AS cr, round(gini(c, u), 4) AS gini, (premier(c, u)).titulaire AS premier, round((premier(c, u)).part, 4) AS part
FROM unnest(ARRAY['1:{}', '1:{?=2/9.00}', '1:{A=3/0.00}', '1:{A=3/7.00}', '1:{A=3/7.00,B=1/0.00}', '1:{A=1/1.00,B=1/1.00,C=1/1.00,D=1/1.00}', '1:{A=1/1.00,B=1/1.00,C=1/1.00,D=1/1.00,E=1/1.00}',
	'1:{A=1/1.00,B=1/1.00,C=1/1.00,D=1/1.00,E=1/0.00}', '1:{A=1/0.00,B=1/0.00,C=1/0.00,D=1/0.00,E=1/9.00}']::concentration[]) AS c, unnest(ARRAY['nombre', 'montant']) AS u;
-- equal weights: the first in the order of identifiers, digits before letters
SELECT (premier('1:{1A=1/5.00,9=1/7.00,A=2/7.00,B|2=4/14.00,C=1/6.99,~000000000000000000000000000=2/7.00}', u)).* FROM unnest(ARRAY['montant', 'nombre']) AS u;
SELECT k, cr('1:{A=1/1.00,B=1/2.00,C=1/5.00,?=1/100.00}', k) FROM unnest(ARRAY[1, 2, 3, 4, 2147483647]) AS k;
SELECT (pg_temp.erreur(format('SELECT %s', appel))).* FROM unnest(ARRAY['cr(''1:{A=1/1.00}'', 0)', 'cr(''1:{}'', -1)', 'cr(''1:{A=1/1.00}'', 1, ''titulaires'')', 'hhi(''1:{}'', ''titulaires'')', 'hhi_normalise(''1:{}'', ''Montant'')',
	'gini(''1:{}'', '''')', 'premier(''1:{}'', ''euros'')', 'effectif(''1:{}''::concentration, ''x'')', 'inconnu(''1:{}''::concentration, ''x'')', 'nouveaux(''1:{}'', ''1:{}'', ''titulaire'')']) AS appel;

-- amounts that cancel each other are no weight, whatever their parts
SELECT c, titulaires(c), effectif(c), hhi(c) = 10000 AS hhi, hhi_normalise(c), premier(c)
FROM unnest(ARRAY['1:{A=3/0.00,B=1/1.00}', '1:{A=1/1.00,A|2=2/-2.00,B=1/1.00}']::concentration[]) AS c;

-- ---- Text form: one way only to write each value

SELECT texte FROM (VALUES
	('1:{}'), ('1:{?=1/0.00}'), ('1:{0A=9223372036854775807/-92233720368547758.08,?=1/92233720368547758.07}'),
	('1:{000000001=1/0.00,123456789=1/0.00,1234567890123=1/0.00,123456789012345=1/0.00,99999999999999A=1/0.00}'),
	('1:{0123456789ABCDEFGH=1/0.00,IJKLMNOPQRSTUVWXYZ=1/0.00,X -_.:/&()+*#@!;<>=1/0.00,X$%[]^`''=1/0.00}'),
	('1:{A=1/0.00,A0=1/0.00,AA=1/0.00,A B=1/0.00,B=1/0.00,-=1/0.00,.=1/0.00,~000000000000000000000000000=1/0.00,~fffffffffffffffffffffffffff=1/0.00,?=1/0.00}'),
	('1:{A=1/1.00,A|2=1/1.00,A|256=1/1.00,B|3=1/0.00,?=1/0.00,?|14=2/0.01}')
) AS t(texte) WHERE texte::concentration::text <> texte;
SELECT e.etat, e.precision_, count(*), min(cle COLLATE "C") AS une
FROM unnest(ARRAY['', 'a', 'Ab', ' A', 'A ', ' ', '0', '00', '000000000', '12345678901234', '00000000000001', '1234567890123456789', 'ABCDEFGHIJKLMNOPQRS', 'É', 'A"B', E'A\tB', 'A~', '~', '~A',
	'~00000000000000000000000000', '~0000000000000000000000000000', '~00000000000000000000000000g', '~00000000000000000000000000A', '??', '?A', 'A?', 'A,B', '{A', 'A}', 'A\B', 'A|1', 'A|0', 'A|257', 'A|', '|2', 'A||2', 'A==']) AS cle,
	pg_temp.erreur(format('SELECT %L::concentration', '1:{' || cle || '=1/0.00}')) AS e
GROUP BY 1, 2 ORDER BY 2;
SELECT t.texte, e.etat, e.precision_ FROM (VALUES
	(''), ('{}'), ('2:{}'), ('1:{A=0/0.00}'), ('1:{A=-1/0.00}'), ('1:{A=1/0.00,}'), ('1:{A=1/0}'), ('1:{A=1/-0.00}'), ('1:{A=1/0.00'), ('1:{A=1/0.00}}'),
	('1:{?=1/0.00,A=1/0.00}'), ('1:{A=1/0.00,1=1/0.00}'), ('1:{AA=1/0.00,A=1/0.00}'), ('1:{A B=1/0.00,AB=1/0.00}'), ('1:{A=1/0.00,A=1/0.00}'), ('1:{A|2=1/0.00,A=1/0.00}'), ('1:{~000000000000000000000000000=1/0.00,A=1/0.00}')
) AS t(texte), pg_temp.erreur(format('SELECT %L::concentration', t.texte)) AS e;

-- ---- Binary form

CREATE TEMP TABLE binaire (c concentration);
CREATE FUNCTION pg_temp.recevoir(octets bytea, OUT valeur concentration, OUT etat text, OUT precision_ text) LANGUAGE plpgsql AS $$
DECLARE
	lo oid := lo_from_bytea(0, '\x5047434f50590aff0d0a00' || int4send(0) || int4send(0) ||
		int2send(1::int2) || int4send(length(octets)) || octets || int2send((-1)::int2));
	chemin text := current_setting('data_directory') || '/concentration_binaire';
BEGIN
	PERFORM lo_export(lo, chemin);
	PERFORM lo_unlink(lo);
	DELETE FROM binaire;
	EXECUTE format('COPY binaire FROM %L (FORMAT binary)', chemin);
	SELECT c INTO valeur FROM binaire;
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS etat = RETURNED_SQLSTATE, precision_ = PG_EXCEPTION_DETAIL;
END $$;
-- version 1, kind 2; ten characters of six bits (0 is 1, A is 11), eight more above 16 bits, the last eight of which are parts - 1; number, centimes
SELECT concentration_send(c) = '\x00010002' || int8send(mot_0) || int8send(mot_1 + parts - 1) || int8send(2) || int8send(5) AS pareil
FROM (VALUES ('1:{A|14=2/0.05}'::concentration, 11::bigint << 54, 0::bigint, 14), ('1:{0A=2/0.05}', (1::bigint << 54) + (11::bigint << 48), 0, 1),
	('1:{1111111111A=2/0.05}', 2 * ((1::bigint << 60) - 1) / 63, 11::bigint << 58, 1), ('1:{111111111111111111|256=2/0.05}', 2 * ((1::bigint << 60) - 1) / 63, (2 * ((1::bigint << 48) - 1) / 63) << 16, 256),
	('1:{~123456789abcdef0123456789ab=2/0.05}', (1::bigint << 62) + x'123456789abcdef'::bigint, x'0123456789ab'::bigint << 16, 1), ('1:{?=2/0.05}', -1, -256, 1)) AS t(c, mot_0, mot_1, parts);
SELECT bool_and((pg_temp.recevoir(concentration_send(c))).valeur = c) AS relus
FROM (SELECT c FROM cinq UNION ALL VALUES ('1:{}'::concentration), ('1:{0123456789ABCDEFGH=1/0.00,X$%[]^`''=1/0.00,~fffffffffffffffffffffffffff=1/0.00,?=1/0.00,?|256=1/0.00}')) AS t;
SELECT t.defaut, r.etat, r.precision_ FROM (VALUES
	('version', '\x00020002'::bytea), ('empty', ''), ('no kind', '\x0001'), ('bilan', '\x00010000'), ('rapport', '\x00010003'), ('trailing byte', '\x0001000200'),
	('cut case', '\x00010002' || int8send(0) || int8send(0) || int8send(1))
) AS t(defaut, octets), pg_temp.recevoir(t.octets) AS r
UNION ALL
SELECT t.defaut, r.etat, r.precision_ FROM (VALUES
	('number 0', 11::bigint << 54, 0::bigint, 0), ('negative number', 11::bigint << 54, 0, -1), ('empty holder', 0, 0, 1), ('zeros', (1::bigint << 54) + (1::bigint << 48), 0, 1), ('a character too far', (11::bigint << 54) + 11, 0, 1),
	('a word too far', 11::bigint << 54, 11::bigint << 16, 1), ('character 61', 61::bigint << 54, 0, 1), ('character 63', 63::bigint << 54, 0, 1), ('space first', 37::bigint << 54, 0, 1), ('space last', (11::bigint << 54) + (37::bigint << 48), 0, 1),
	('SIRET', 2 * ((1::bigint << 60) - 1) / 63, (2 * ((1::bigint << 24) - 1) / 63) << 40, 1), ('kind of key 2', (-9223372036854775808) + (11::bigint << 54), 0, 1), ('kind of key 3', -1, 0, 1), ('more than unknown', -1, -1 - 256, 1),
	('bit of no use', (11::bigint << 54) + (1::bigint << 60), 0, 1), ('bit above parts', 11::bigint << 54, 256, 1), ('the same of an imprint', (1::bigint << 62) + (1::bigint << 61), 0, 1)
) AS t(defaut, mot_0, mot_1, nombre), pg_temp.recevoir('\x00010002' || int8send(mot_0) || int8send(mot_1) || int8send(nombre) || int8send(0)) AS r;

-- ---- Holders: any text has a key, which is its own

-- what an identifier becomes, in plain SQL: what is blank around it goes, a SIRET gives its SIREN, capitals, zeros say nothing
CREATE FUNCTION pg_temp.identite(titulaire text) RETURNS text LANGUAGE SQL IMMUTABLE AS $$
	SELECT CASE WHEN s !~ '^0*$' THEN translate(s, 'abcdefghijklmnopqrstuvwxyz', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ') END
	FROM (SELECT regexp_replace(btrim(titulaire, E' \t\n\r'), '^([0-9]{9})[0-9]{5}$', '\1') AS s) AS t
$$;
CREATE TEMP TABLE identifiants AS
SELECT n, CASE n % 10
	WHEN 0 THEN lpad((n / 10)::text, 9, '0') WHEN 1 THEN lpad((n / 10)::text, 9, '0') || '00012' WHEN 2 THEN lpad((n / 10)::text, 14, '7') WHEN 3 THEN 'be' || n / 10 WHEN 4 THEN '  Be' || n / 10 || E'\n'
	WHEN 5 THEN 'Société n° ' || n / 10 WHEN 6 THEN repeat('x', n / 10 % 30) || n / 300 WHEN 7 THEN n / 10 || ' - "é" ' || repeat('long ', n % 9) WHEN 8 THEN repeat('0', n / 10 % 40) ELSE md5(n::text) END AS titulaire
FROM generate_series(1, 20000) AS n;
ALTER TABLE identifiants ADD PRIMARY KEY (n);
ANALYZE identifiants;
SELECT count(*), count(*) FILTER (WHERE identite IS NULL) AS inconnus,
	count(*) FILTER (WHERE d.titulaire IS DISTINCT FROM identite AND (identite IS NULL OR identite ~ '^[-0-9A-Z _.:/''&()+*#@!;<>$%\[\]^`]{1,18}$')) AS faux,
	count(*) FILTER (WHERE identite !~ '^[-0-9A-Z _.:/''&()+*#@!;<>$%\[\]^`]{1,18}$') AS empreintes,
	count(*) FILTER (WHERE identite !~ '^[-0-9A-Z _.:/''&()+*#@!;<>$%\[\]^`]{1,18}$' AND d.titulaire !~ '^~[0-9a-f]{27}$') AS fausses,
	count(DISTINCT identite) = count(DISTINCT d.titulaire) AS distincts, count(DISTINCT (identite, d.titulaire)) - count(DISTINCT identite) - 1 AS melanges
FROM (SELECT n, pg_temp.identite(titulaire) AS identite, concentration(titulaire, 0) AS c FROM identifiants GROUP BY n, titulaire) AS t, detail(c) AS d;
-- what is shown of a short one is a name of its own
SELECT count(*), count(*) FILTER (WHERE c::text::concentration <> c) AS relus, count(*) FILTER (WHERE nouvelle <> c) AS autres
FROM (SELECT concentration(titulaire, 0) AS c FROM identifiants GROUP BY n) AS t, LATERAL (SELECT concentration(titulaire, 0) AS nouvelle FROM detail(c) WHERE titulaire !~ '^~') AS d
WHERE d.nouvelle IS NOT NULL;

-- ---- Errors of amounts and parts; sums beyond a bigint

SELECT appel, e.etat, e.message FROM unnest(ARRAY['concentration(''A'', ''NaN'')', 'concentration(NULL::text, ''Infinity'')', 'concentration(''A'', 92233720368547758.075)', 'concentration(''A'', -1e20, 3)', 'concentration(ARRAY[''A''], ''NaN'')', 'concentration(NULL::text[], 1e17)',
	'concentration(''A'', 1, 0)', 'concentration(NULL, 1, -1)', 'concentration(''A'', 1, 257)']) AS appel, pg_temp.erreur('SELECT ' || appel) AS e;
SELECT concentration(t, m) FROM (VALUES ('A', 0.005), ('B', -0.005), ('C', 0.00499999), ('D', 92233720368547758.074), ('E', -92233720368547758.084)) AS t(t, m);
SELECT e.etat, e.message FROM unnest(ARRAY[
	'SELECT concentration(''A'', v) FROM (VALUES (92233720368547758.07), (0.01)) AS t(v)', 'SELECT concentration(ARRAY[''A'', NULL, NULL], v) FROM (VALUES (-46116860184273879.04)) AS t(v), generate_series(1, 3)',
	'SELECT fusion(c) FROM (VALUES (''1:{A=9223372036854775807/0.00}''::concentration), (''1:{A=1/0.00}'')) AS t(c)',
	'SELECT ''1:{?=9223372036854775807/0.00}''::concentration + ''1:{?=1/0.00}''']) AS requete, pg_temp.erreur(requete) AS e;
-- but cases that are in range have measures, whatever their sum is
SELECT effectif(c) = 2 * 92233720368547758.07 AS effectif, hhi(c) = 5000 AS hhi, hhi_normalise(c) = 0 AS normalise, cr(c, 1) = 0.5 AS cr, (premier(c)).titulaire, hhi(c, 'nombre') = 5000 AS nombre
FROM (VALUES ('1:{A=9223372036854775807/92233720368547758.07,B=9223372036854775807/92233720368547758.07}'::concentration)) AS t(c);

-- ---- Against plain SQL: 13 500 contracts, 350 groups

-- 1, 3, 4, 5, 20 or 200 holders; no parts, up to 14, up to 256, all of 1 to 97, up to 40; small amounts, none at all, all equal, larger than 10^14, some negative
CREATE UNLOGGED TABLE concentration_contrats AS
SELECT n, groupe,
	CASE WHEN h % 23 = 0 THEN NULL WHEN h % 23 = 1 THEN repeat('0', (h / 23 % 15)::integer) WHEN k % 5 = 3 THEN 'be' || k WHEN k % 5 = 4 THEN 'Société numéro ' || k
		ELSE lpad(k::text, 9, '1') || CASE h % 4 WHEN 1 THEN '00012' WHEN 2 THEN lpad((h % 90000)::text, 5, '0') WHEN 3 THEN '   ' ELSE '' END END AS titulaire,
	CASE WHEN groupe % 13 = 0 OR h / 7 % 10 = 0 THEN NULL WHEN groupe % 17 = 0 THEN 100 WHEN groupe % 5 IN (0, 4) AND groupe % 6 > 2 THEN (h % 1000) * 1000000000000
		WHEN groupe % 19 = 0 THEN (h % 100000007)::numeric / 1000 - 10000 ELSE (h % 100000007)::numeric / 1000 END AS m,
	(CASE WHEN groupe % 17 = 0 THEN 3 ELSE CASE groupe % 5 WHEN 1 THEN 1 + h / 19 % 14 WHEN 2 THEN 1 + h / 19 % 256 WHEN 3 THEN 1 + rang % 97 WHEN 4 THEN 1 + rang % 40 END END)::integer AS parts
FROM (
	SELECT n, groupe, rang, h, h / 29 % (ARRAY[1, 3, 4, 5, 20, 200])[1 + groupe % 6] AS k
	FROM (SELECT n, CASE WHEN n <= 12000 THEN n % 100 ELSE 100 + n % 250 END AS groupe, n / 100 AS rang, hashint4(n)::bigint + 2147483648 AS h FROM generate_series(1, 13500) AS n) AS t
) AS t;
ANALYZE concentration_contrats;

-- the least common multiple of all parts turns shares into whole numbers
CREATE AGGREGATE pg_temp.ppcm(numeric) (SFUNC = lcm, STYPE = numeric, INITCOND = '1');
CREATE TEMP TABLE part AS
SELECT k AS parts, div(tout, k) AS poids, tout FROM generate_series(1, 256) AS k, (SELECT pg_temp.ppcm(k) AS tout FROM generate_series(1, 256) AS k) AS t;
CREATE TEMP TABLE lignes AS
SELECT c.*, pg_temp.identite(titulaire) AS identite, coalesce(c.parts, 1) AS k, unite, CASE unite WHEN 'nombre' THEN poids ELSE poids * round(coalesce(m, 0), 2) END AS poids, tout
FROM concentration_contrats AS c JOIN part ON part.parts = coalesce(c.parts, 1), unnest(ARRAY['nombre', 'montant']) AS unite;
CREATE TEMP TABLE groupes AS SELECT groupe, concentration(titulaire, m, parts) AS c FROM concentration_contrats GROUP BY groupe;
-- weights of holders in numbers of the smallest share, as whole numbers of any length; and their rank
CREATE TEMP TABLE poids AS
SELECT *, row_number() OVER (PARTITION BY groupe, unite ORDER BY poids) AS i, row_number() OVER (PARTITION BY groupe, unite ORDER BY poids DESC) AS rang, count(*) OVER (PARTITION BY groupe, unite) AS n
FROM (SELECT groupe, unite, identite, sum(poids) AS poids, tout FROM lignes WHERE identite IS NOT NULL GROUP BY groupe, unite, identite, tout) AS t WHERE poids <> 0;
-- what the data goes through: least common multiples beyond 64 bits, or not, and totals beyond 2^62 centimes, or 2^94 of the smallest share
SELECT count(*) FILTER (WHERE commun > 2 ^ 64::numeric) > 0 AS communs, count(*) FILTER (WHERE commun < 2 ^ 62::numeric AND commun * total > 2 ^ 94::numeric) > 0 AS produits,
	count(*) FILTER (WHERE commun = 1 AND total > 2 ^ 62::numeric) > 0 AS totaux, count(*) FILTER (WHERE commun < 1000000 AND commun > 1) > 0 AS petits, bool_or(negatifs) AS negatifs
FROM (
	SELECT groupe, pg_temp.ppcm(k) FILTER (WHERE identite IS NOT NULL) AS commun, 100 * sum(poids) FILTER (WHERE identite IS NOT NULL) / max(tout) AS total, bool_or(m < 0) AS negatifs
	FROM lignes WHERE unite = 'montant' GROUP BY groupe
) AS t;
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
-- cases, of groups whose holders are all shown by their name
SELECT count(*) > 200 AS beaucoup, count(*) FILTER (WHERE c::text IS DISTINCT FROM texte) AS faux
FROM groupes JOIN (
	SELECT groupe, '1:{' || string_agg(format('%s%s=%s/%s', coalesce(identite, '?'), '|' || nullif(k, 1), nombre, montant), ',' ORDER BY identite COLLATE "C", k) || '}' AS texte
	FROM (SELECT groupe, identite, k, count(*) AS nombre, coalesce(sum(round(m, 2)), 0)::numeric(30, 2) AS montant FROM lignes WHERE unite = 'nombre' GROUP BY groupe, identite, k) AS t
	GROUP BY groupe HAVING NOT bool_or(coalesce(identite LIKE 'S%', false))
) AS t USING (groupe);
SELECT unite, count(*), count(*) FILTER (WHERE NOT pg_temp.vaut(effectif(c, unite), connu, tout)) AS effectif, count(*) FILTER (WHERE NOT pg_temp.vaut(inconnu(c, unite), inconnu, tout)) AS inconnu, count(*) FILTER (WHERE titulaires(c) <> t.titulaires) AS titulaires
FROM groupes JOIN (
	SELECT groupe, unite, tout, coalesce(sum(poids) FILTER (WHERE identite IS NOT NULL), 0) AS connu, coalesce(sum(poids) FILTER (WHERE identite IS NULL), 0) AS inconnu, count(DISTINCT identite) AS titulaires
	FROM lignes GROUP BY groupe, unite, tout
) AS t USING (groupe) GROUP BY unite ORDER BY unite;
-- measures of inequality: s sum of the weights, s2 of their squares, r of ranks times weights
SELECT unite, count(*), count(*) FILTER (WHERE NOT pg_temp.vaut(hhi(c, unite), 10000 * s2, s * s)) AS hhi,
	count(*) FILTER (WHERE CASE WHEN n = 1 THEN hhi_normalise(c, unite) IS NOT NULL ELSE NOT coalesce(pg_temp.vaut(hhi_normalise(c, unite), n * s2 - s * s, (n - 1) * s * s), false) END) AS normalise,
	count(*) FILTER (WHERE CASE WHEN n < 5 THEN gini(c, unite) IS NOT NULL ELSE NOT coalesce(pg_temp.vaut(gini(c, unite), 2 * r - (n + 1) * s, n * s), false) END) AS gini,
	count(*) FILTER (WHERE NOT pg_temp.vaut(cr(c, 1, unite), m1, s) OR NOT pg_temp.vaut(cr(c, 4, unite), m4, s) OR NOT pg_temp.vaut(cr(c, 1000, unite), s, s)) AS cr,
	count(*) FILTER (WHERE n = 1) > 0 AS seuls, count(*) FILTER (WHERE n < 5) > 0 AS peu, count(*) FILTER (WHERE n >= 5) > 0 AS assez
FROM groupes JOIN (
	SELECT groupe, unite, n, sum(poids) AS s, sum(poids * poids) AS s2, sum(i * poids) AS r, sum(poids) FILTER (WHERE rang = 1) AS m1, sum(poids) FILTER (WHERE rang <= 4) AS m4 FROM poids GROUP BY groupe, unite, n
) AS t USING (groupe) GROUP BY unite ORDER BY unite;
-- the largest: of equal ones the first, names before imprints
SELECT unite, count(*), count(*) FILTER (WHERE premiers > 1) > 0 AS egaux, count(*) FILTER (WHERE CASE WHEN noms > 0 THEN (p).titulaire IS DISTINCT FROM nom ELSE (p).titulaire !~ '^~' END) AS titulaire,
	count(*) FILTER (WHERE NOT pg_temp.vaut((p).part, plus, s)) AS part
FROM (
	SELECT t.*, premier(c, unite) AS p
	FROM groupes JOIN (
		SELECT groupe, unite, plus, sum(poids) AS s, count(*) FILTER (WHERE poids = plus) AS premiers, count(*) FILTER (WHERE poids = plus AND identite !~ '^S') AS noms, min(identite COLLATE "C") FILTER (WHERE poids = plus AND identite !~ '^S') AS nom
		FROM (SELECT *, max(poids) OVER (PARTITION BY groupe, unite) AS plus FROM poids) AS t GROUP BY groupe, unite, plus
	) AS t USING (groupe)
) AS t GROUP BY unite ORDER BY unite;
-- nothing to measure where nobody has a weight
SELECT unite, count(*), sum(num_nonnulls(hhi(c, unite), hhi_normalise(c, unite), gini(c, unite), cr(c, 1, unite), premier(c, unite))) AS mesures
FROM groupes, unnest(ARRAY['nombre', 'montant']) AS unite WHERE NOT EXISTS (SELECT FROM poids WHERE poids.groupe = groupes.groupe AND poids.unite = unite.unite) GROUP BY unite ORDER BY unite;
SELECT count(*), count(*) FILTER (WHERE NOT pg_temp.vaut(d.nombre, n, tout)) AS nombre, count(*) FILTER (WHERE NOT pg_temp.vaut(d.montant, v, tout)) AS montant, (SELECT count(*) FROM groupes, detail(c)) AS lignes
FROM (SELECT groupe, d.* FROM groupes, detail(c) AS d) AS d JOIN (
	SELECT l.groupe, nom, sum(poids) FILTER (WHERE unite = 'nombre') AS n, sum(poids) FILTER (WHERE unite = 'montant') AS v, tout
	FROM lignes AS l JOIN (SELECT n, coalesce((SELECT titulaire FROM detail(c)), '?') AS nom FROM (SELECT n, concentration(titulaire, 0) AS c FROM concentration_contrats GROUP BY n) AS t) AS t USING (n) GROUP BY l.groupe, nom, tout
) AS t ON t.groupe = d.groupe AND t.nom = coalesce(d.titulaire, '?');

-- ---- New holders: those of a group that are not in another

SELECT unite, count(*), count(*) FILTER (WHERE NOT pg_temp.mesure_vaut(nouveaux, oui, non, inconnu, tout)) AS faux, count(*) FILTER (WHERE oui > 0 AND non > 0) > 0 AS des_deux
FROM (
	SELECT groupe, histoire, unite, tout, coalesce(sum(poids) FILTER (WHERE identite IS NOT NULL AND NOT connue), 0) AS oui, coalesce(sum(poids) FILTER (WHERE connue), 0) AS non,
		coalesce(sum(poids) FILTER (WHERE identite IS NULL), 0) AS inconnu
	FROM (
		SELECT t.groupe, ecart, (t.groupe + ecart) % 350 AS histoire, u.unite, identite, tout, CASE WHEN u.unite <> 'titulaires' THEN t.poids WHEN identite IS NULL THEN 0 ELSE tout END AS poids,
			EXISTS (SELECT FROM lignes AS l WHERE l.groupe = (t.groupe + ecart) % 350 AND l.identite = t.identite) AS connue
		FROM (SELECT groupe, identite, unite, tout, sum(poids) AS poids FROM lignes WHERE groupe % 7 = 0 GROUP BY groupe, identite, unite, tout) AS t,
			(VALUES ('titulaires', 'nombre'), ('nombre', 'nombre'), ('montant', 'montant')) AS u(unite, de), (VALUES (1), (6)) AS e(ecart)
		WHERE t.unite = u.de
	) AS t GROUP BY groupe, histoire, unite, tout
) AS t JOIN groupes AS g USING (groupe) JOIN groupes AS h ON h.groupe = histoire, LATERAL (SELECT nouveaux(g.c, h.c, unite) OFFSET 0) AS n GROUP BY unite ORDER BY unite;
SELECT nouveaux(c, '1:{}') AS vide, nouveaux(c, c) AS soi, nouveaux('1:{}', c) AS rien, nouveaux('1:{?=2/5.00}', c, 'montant') AS inconnu FROM cinq;

-- ---- Lists of holders: the shares of each distinct one, and of each unknown one

CREATE TEMP TABLE listes AS
SELECT n, n * 1.25 AS m, CASE WHEN n % 41 > 0 THEN (SELECT coalesce(array_agg(titulaire ORDER BY n), '{}') FROM identifiants AS i WHERE i.n BETWEEN t.n AND t.n + CASE WHEN t.n % 500 = 0 THEN 60 + t.n / 14 ELSE t.n % 20 - 1 END) END AS liste
FROM concentration_contrats AS t WHERE n <= 4000;
INSERT INTO listes SELECT 5000 + n, 7, liste || liste FROM listes WHERE n < 100;
-- a line for each share
CREATE TEMP VIEW parts_de_listes AS
SELECT n, m, CASE WHEN total <= 256 THEN identite END AS identite, CASE WHEN total <= 256 THEN total ELSE 1 END AS parts
FROM (
	SELECT n, m, identite, fois, (sum(fois) OVER (PARTITION BY n))::integer AS total, row_number() OVER (PARTITION BY n) AS i
	FROM (
		SELECT n, m, identite, CASE WHEN identite IS NULL THEN count(*) ELSE 1 END AS fois
		FROM (SELECT n, m, pg_temp.identite(unnest(CASE WHEN cardinality(liste) > 0 THEN liste ELSE ARRAY[NULL] END)) AS identite FROM listes) AS t GROUP BY n, m, identite
	) AS t
) AS t, generate_series(1, CASE WHEN total <= 256 THEN fois ELSE (i = 1)::integer END);
SELECT count(*), count(*) FILTER (WHERE c <> d) AS faux, count(*) FILTER (WHERE total > 256) > 0 AS trop, count(*) FILTER (WHERE parts > 128) > 0 AS beaucoup
FROM (SELECT n, concentration(liste, m) AS c, max(cardinality(liste)) AS total FROM listes GROUP BY n) AS t JOIN (SELECT n, concentration(identite, m, parts) AS d, max(parts) AS parts FROM parts_de_listes GROUP BY n) AS u USING (n);
SELECT (SELECT concentration(liste, m) FROM listes) = (SELECT concentration(identite, m, parts) FROM parts_de_listes) AS ensemble;

-- ---- Serial, parallel, shuffled, by hash, by sort, merged by pieces: the same bytes

CREATE TEMP TABLE formes (maniere text, octets bytea);
SET max_parallel_workers_per_gather = 0;
INSERT INTO formes SELECT 'serie', concentration_send(concentration(titulaire, m, parts)) FROM concentration_contrats;
INSERT INTO formes SELECT 'melange', concentration_send(concentration(titulaire, m, parts)) FROM (SELECT titulaire, m, parts FROM concentration_contrats ORDER BY hashint4(n)) AS t;
INSERT INTO formes SELECT 'tri interne', concentration_send(concentration(titulaire, m, parts ORDER BY m, n)) FROM concentration_contrats;
INSERT INTO formes SELECT 'groupes', concentration_send(fusion(c)) FROM groupes;
INSERT INTO formes SELECT 'texte', concentration_send(fusion(c::text::concentration ORDER BY groupe DESC)) FROM groupes;
INSERT INTO formes SELECT 'fusion de fusions', concentration_send(fusion(c)) FROM (
	SELECT fusion(c) AS c FROM (SELECT n % 100 AS k, concentration(titulaire, m, parts) AS c FROM concentration_contrats GROUP BY n % 500, n % 100) AS t GROUP BY k % 7) AS u;
INSERT INTO formes SELECT 'operateur', concentration_send(
	(SELECT concentration(titulaire, m, parts) FROM concentration_contrats WHERE n % 3 = 0) + (SELECT concentration(titulaire, m, parts) FROM concentration_contrats WHERE n % 3 <> 0));
SET enable_hashagg = off;
INSERT INTO formes SELECT 'par tri', concentration_send(fusion(c)) FROM (SELECT concentration(titulaire, m, parts) AS c FROM concentration_contrats GROUP BY groupe) AS t;
RESET enable_hashagg;
SET work_mem = '64kB';
INSERT INTO formes SELECT 'debordement', concentration_send(fusion(c)) FROM (SELECT concentration(titulaire, m, parts) AS c FROM concentration_contrats GROUP BY groupe) AS t;
RESET work_mem;
SET max_parallel_workers_per_gather = 2;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SELECT pg_temp.plan_contient('SELECT concentration(titulaire, m, parts) FROM concentration_contrats', 'Partial Aggregate') AS partiel,
	pg_temp.plan_contient('SELECT groupe, hhi(concentration(titulaire, m)) FROM concentration_contrats GROUP BY groupe', 'Partial') AS par_groupe,
	pg_temp.plan_contient('SELECT concentration(titulaire, m) FROM concentration_contrats', 'Parallel Seq Scan') AS lecture;
INSERT INTO formes SELECT 'parallele', concentration_send(concentration(titulaire, m, parts)) FROM concentration_contrats;
INSERT INTO formes SELECT 'parallele, groupes', concentration_send(fusion(c)) FROM (SELECT concentration(titulaire, m, parts) AS c FROM concentration_contrats GROUP BY groupe % 10) AS t;
CREATE UNLOGGED TABLE concentration_synthese AS SELECT groupe, concentration(titulaire, m, parts) AS c FROM concentration_contrats GROUP BY groupe;
ANALYZE concentration_synthese;
SELECT pg_temp.plan_contient('SELECT fusion(c) FROM concentration_synthese', 'Partial Aggregate') AS fusion;
INSERT INTO formes SELECT 'parallele, synthese', concentration_send(fusion(c)) FROM concentration_synthese;
RESET min_parallel_table_scan_size;
RESET parallel_tuple_cost;
RESET parallel_setup_cost;
RESET max_parallel_workers_per_gather;
SELECT count(*), count(DISTINCT octets) FROM formes;

-- ---- As a window function: what the plain aggregate gives on each frame

SELECT count(*), bool_and(c = (SELECT concentration(titulaire, m, parts) FROM concentration_contrats AS d WHERE d.n BETWEEN t.n - 20 AND t.n + 5)) AS glissant
FROM (SELECT n, concentration(titulaire, m, parts) OVER (ORDER BY n ROWS BETWEEN 20 PRECEDING AND 5 FOLLOWING) AS c FROM concentration_contrats WHERE n <= 105) AS t WHERE n <= 100;
SELECT count(*), bool_and(c = (SELECT concentration(titulaire, m, parts) FROM concentration_contrats AS d WHERE d.n / 5000 <= t.g)) AS croissant
FROM (SELECT n, n / 5000 AS g, concentration(titulaire, m, parts) OVER (ORDER BY n / 5000) AS c FROM concentration_contrats) AS t WHERE n % 5000 = 4999;

-- ---- Stored, compared, hashed

SELECT count(*) FILTER (WHERE s.c = g.c) AS egaux, count(*) FILTER (WHERE s.c <> g.c) AS differents, count(*) FILTER (WHERE s.c::text::concentration <> g.c) AS relus
FROM concentration_synthese AS s JOIN groupes AS g USING (groupe);
SELECT count(*) AS groupes, sum(n) AS lignes FROM (SELECT c, count(*) AS n FROM (SELECT c FROM groupes UNION ALL SELECT c FROM concentration_synthese) AS t GROUP BY c) AS u;
SELECT count(DISTINCT c::text) AS distincts, bool_and(concentration_hash(c) = concentration_hash(c::text::concentration)) AS pareil, count(DISTINCT concentration_hash(c)) > 0.99 * count(DISTINCT c::text) AS epars,
	bool_and(concentration_hash_extended(c, 0)::bit(32)::integer = concentration_hash(c)) AS graine_0, bool_or(concentration_hash_extended(c, 1) = concentration_hash_extended(c, 0)) AS graine_1
FROM groupes;
SELECT '1:{}'::concentration = '1:{}' AS eq, '1:{A=1/0.00}'::concentration <> '1:{A|2=1/0.00}' AS ne, '1:{A=1/0.00}'::concentration = '1:{B=1/0.00}' AS titulaire,
	'1:{}'::concentration + '1:{}' AS vide, '1:{B=1/0.01,?=1/0.00}'::concentration + '1:{A=1/0.00,B=1/-0.02,B|2=1/0.00}' AS somme;

SELECT count(*), count(*) FILTER (WHERE tout - g.c + g.c <> tout OR g.c + tout - tout <> g.c OR g.c - g.c <> '1:{}') AS faux FROM groupes AS g, (SELECT fusion(c) AS tout FROM groupes) AS t WHERE groupe % 10 = 0;
SELECT e.etat, e.message FROM unnest(ARRAY['''1:{A=1/1.00}''::concentration - ''1:{B=1/1.00}''', '''1:{A=1/1.00}''::concentration - ''1:{A=2/1.00}''', '''1:{A=2/92233720368547758.07}''::concentration - ''1:{A=1/-0.01}''']) AS requete, pg_temp.erreur('SELECT ' || requete) AS e;

-- ---- A state as it is while an aggregate runs: everything takes it

CREATE AGGREGATE concentration_brut(text, numeric, integer) (SFUNC = concentration_accum, STYPE = concentration);
CREATE TEMP TABLE bruts AS
SELECT 'petit' AS taille, concentration_brut(titulaire, m, parts) AS brut, concentration(titulaire, m, parts) AS fini FROM concentration_contrats WHERE n <= 100
UNION ALL SELECT 'grand', concentration_brut(titulaire, n % 50, 1 + n % 14), concentration(titulaire, n % 50, 1 + n % 14) FROM identifiants;
SELECT taille, brut::text = fini::text AS texte, concentration_send(brut) = concentration_send(fini) AS binaire, brut = fini AS eq, concentration_hash(brut) = concentration_hash(fini) AS hash,
	brut + fini = fini + brut AS plus, brut - fini = fini - brut AS moins, effectif(brut) = effectif(fini) AS effectif, inconnu(brut) = inconnu(fini) AS inconnu, titulaires(brut) = titulaires(fini) AS titulaires, hhi(brut) = hhi(fini) AS hhi,
	hhi_normalise(brut) = hhi_normalise(fini) AS normalise, gini(brut) = gini(fini) AS gini, cr(brut, 7) = cr(fini, 7) AS cr, premier(brut) = premier(fini) AS premier,
	nouveaux(brut, '1:{BE3=1/0.00}', 'montant') = nouveaux(fini, '1:{BE3=1/0.00}', 'montant') AS nouveaux, nouveaux(fini, brut) = nouveaux(fini, fini) AS histoire,
	(SELECT array_agg(d) FROM detail(brut) AS d) = (SELECT array_agg(d) FROM detail(fini) AS d) AS detail
FROM bruts;
-- cases enough for the large form of a state
SELECT fusion(brut) = fusion(fini) AS fusion, max(length(concentration_send(fini))) > 32 * 14335 AS grand FROM bruts;
CREATE AGGREGATE concentration_suite(text[], numeric) (SFUNC = concentration_accum, STYPE = concentration, FINALFUNC = concentration_final, INITCOND = '1:{A|2=40/0.00,?=1/0.00}');
SELECT concentration_suite(liste, m) = concentration(liste, m) + '1:{A|2=40/0.00,?=1/0.00}' AS suite FROM listes;

-- ---- Support functions called by hand; values of another type taken for one

SELECT appel, e.* FROM unnest(ARRAY['accum(NULL, ''A'', 2)', 'accum(''1:{}'', NULL::text, NULL)', 'accum(''1:{}'', ''A'', 1, 2)', 'accum(NULL, ARRAY[''A''], 1)', 'accum(''1:{}'', NULL::text[], NULL)', 'combine(''1:{}'', ''1:{}'')']) AS appel,
	pg_temp.erreur('SELECT concentration_' || appel) AS e;
SELECT concentration_final('1:{A=1/0.00}'), concentration_final(NULL);
CREATE CAST (path AS concentration) WITHOUT FUNCTION;
CREATE CAST (histogramme AS concentration) WITHOUT FUNCTION;
SELECT e.etat, e.message, count(*) FROM (VALUES ('%s::text'), ('concentration_send(%s)'), ('concentration_final(%s)'), ('concentration_hash(%s)'), ('%s = ''1:{}'''), ('effectif(%s)'), ('inconnu(%s)')) AS t(appel),
	pg_temp.erreur('SELECT ' || format(appel, '''((1,2))''::path::concentration')) AS e GROUP BY 1, 2;
SELECT e.etat, e.message, count(*) FROM (VALUES ('titulaires(%s)'), ('hhi(%s)'), ('hhi_normalise(%s)'), ('gini(%s)'), ('cr(%s, 1)'), ('premier(%s)'), ('nouveaux(%s, ''1:{}'')'), ('nouveaux(''1:{}'', %s)'),
		('detail(%s)'), ('%s + ''1:{}'''), ('''1:{}'' + %s'), ('%s - ''1:{}'''), ('''1:{}'' - %s'), ('fusion(c) FROM (VALUES (%s), (''1:{A=1/0.00}'')) AS t(c)'), ('fusion(c) FROM (VALUES (''1:{A=1/0.00}''), (%s)) AS t(c)')) AS t(appel),
	unnest(ARRAY['''((1,2))''::path::concentration', '''1:{}''::histogramme::concentration', '''1:{0=1/0.00}''::histogramme::concentration']) AS valeur,
	pg_temp.erreur('SELECT ' || format(appel, valeur)) AS e GROUP BY 1, 2;
DROP CAST (path AS concentration);
DROP CAST (histogramme AS concentration);

DROP AGGREGATE concentration_suite(text[], numeric);
DROP AGGREGATE concentration_brut(text, numeric, integer);
DROP TABLE concentration_synthese, concentration_contrats CASCADE;
