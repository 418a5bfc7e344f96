-- empreinte.sql: sha256_morceaux and octets_base64, against PostgreSQL's own
-- sha256() of the whole and decode() of each line.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS spaser;
SET search_path = public, spaser;

-- 2000 groups at once, each of 1 to 12 pieces of 0 to 200 bytes, some NULL; groups of NULLs only give NULL
CREATE TEMP TABLE morceaux AS
SELECT g, i, CASE WHEN g % 500 <> 499 AND i % 7 <> 6 THEN convert_to(repeat(md5(g || '-' || i), 7), 'UTF8') END AS octets
FROM generate_series(1, 2000) AS g, generate_series(0, g % 12) AS i;
UPDATE morceaux SET octets = substr(octets, 1, (g * 31 + i * 17) % 201);
SELECT count(*), count(empreinte), count(*) FILTER (WHERE empreinte IS DISTINCT FROM attendu) AS faux
FROM (
	SELECT g, sha256_morceaux(octets ORDER BY i) AS empreinte, sha256(string_agg(octets, '' ORDER BY i)) AS attendu
	FROM morceaux GROUP BY g
) AS t;
SET enable_hashagg = off;
SELECT count(*) FILTER (WHERE sha256_morceaux IS DISTINCT FROM sha256) AS faux_par_tri
FROM (SELECT g, sha256_morceaux(octets ORDER BY i), sha256(string_agg(octets, '' ORDER BY i)) FROM morceaux GROUP BY g) AS t;
RESET enable_hashagg;
-- nothing, and pieces of nothing: SHA-256 of no byte begins e3b0c442
SELECT sha256_morceaux(o) IS NULL AS rien FROM (SELECT NULL::bytea AS o) AS t;
SELECT sha256_morceaux('') AS vide;

-- An error while hashes run, in a block that goes on after it: each hash is freed once
CREATE FUNCTION pg_temp.interrompre(groupes integer) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	PERFORM sha256_morceaux((CASE WHEN i = 5 THEN (1 / (i - 5))::text ELSE 'x' END)::bytea)
	FROM generate_series(1, 10) AS i GROUP BY i % groupes;
	RETURN 'sans erreur';
EXCEPTION WHEN division_by_zero THEN
	RETURN SQLERRM;
END $$;
SELECT pg_temp.interrompre(1) AS un, pg_temp.interrompre(7) AS sept, count(pg_temp.interrompre(3)) AS trois
FROM generate_series(1, 200);
-- a cursor that is closed half-way, and one that its transaction takes with it
BEGIN;
DECLARE c CURSOR FOR SELECT sha256_morceaux(octets) FROM morceaux GROUP BY g;
SAVEPOINT s;
MOVE 3 FROM c;
SELECT 1 / 0;
ROLLBACK TO s;
CLOSE c;
SAVEPOINT t;
DECLARE d CURSOR FOR SELECT sha256_morceaux(octets) FROM morceaux GROUP BY g;
MOVE 3 FROM d;
ROLLBACK TO t;
ROLLBACK;
SELECT sha256_morceaux(o) = sha256('abc') AS vivant FROM (VALUES ('a'::bytea), ('bc')) AS t(o);

-- Lines of base64 put end to end, less the first bytes of one: as decode() does
CREATE TEMP TABLE lignes AS
SELECT g, i, translate(encode(octets, 'base64'), E'\n', '') AS ligne, least(length(octets), (g + i) % 5) AS saut, octets
FROM morceaux;
SELECT count(*), count(obtenu), count(*) FILTER (WHERE obtenu IS DISTINCT FROM attendu) AS faux
FROM (
	SELECT g, octets_base64(ligne, coalesce(saut, 0) ORDER BY i) AS obtenu, string_agg(substr(octets, saut + 1), '' ORDER BY i) AS attendu
	FROM lignes GROUP BY g
) AS t;
SELECT i, octets_base64(ligne, 0) OVER (ORDER BY i) = string_agg(octets, '') OVER (ORDER BY i) AS cumul
FROM lignes WHERE g = 5 ORDER BY i;
SELECT octets_base64(l, 0) = convert_to(repeat('spaser', 100000), 'UTF8') AS longue
FROM (SELECT translate(encode(convert_to(repeat('spaser', 100000), 'UTF8'), 'base64'), E'\n', '') AS l) AS t;
SELECT octets_base64('YWJ\', 0);
SELECT octets_base64('YWI', 0);
SELECT octets_base64(E'YWJj\nYWJj', 0);
SELECT octets_base64('YWJj', 4);
SELECT octets_base64('YWJj', -1);
SELECT octets_base64('YWJj', NULL);

RESET search_path;
