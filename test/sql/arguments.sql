-- arguments.sql: arrays that are too long, and composites that are not those of
-- the library: an error that says so, whatever the size.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS spaser;
SET search_path = public, spaser;

-- What a statement answers when it fails
CREATE FUNCTION pg_temp.erreur(requete text, OUT etat text, OUT message text, OUT conseil text)
LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE requete;
	etat := '00000';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS etat = RETURNED_SQLSTATE, message = MESSAGE_TEXT, conseil = PG_EXCEPTION_HINT;
END $$;

-- ---- Arrays

-- NULL elements say nothing, however many: 80 million of them, and one that says something among the last
SELECT profil(techniques => array_fill(NULL::text, ARRAY[80000000])) = profil(techniques => '{}') AS rien;
SELECT profil(techniques => array_fill(NULL::text, ARRAY[3000000]) || ARRAY['Concours', NULL]) = profil(techniques => '{Concours}') AS un;
SELECT profil(considerations_sociales => ARRAY[[NULL, 'Clause sociale'], ['Critère social', NULL]]) AS deux;
SELECT profil(techniques => array_fill('Concours'::text, ARRAY[1000]));
SELECT profil(techniques => array_fill('Concours'::text, ARRAY[1001]));
SELECT e.etat, count(*) FROM unnest(ARRAY['techniques', 'modalites_execution', 'types_prix', 'considerations_sociales', 'considerations_environnementales']) AS liste,
	pg_temp.erreur(format('SELECT profil(%I => array_fill(''x''::text, ARRAY[5000000]))', liste)) AS e GROUP BY 1;

CREATE FUNCTION pg_temp.canevas_numero(n integer) RETURNS canevas LANGUAGE SQL AS $$
	SELECT format('{"code": "N%s", "libelle": "n", "oui": {"nature": "marche"}}', n)::canevas
$$;
SELECT count(*) FROM indicateurs('1:{}', array_fill(NULL::canevas, ARRAY[20000000]) || pg_temp.canevas_numero(1));
SELECT count(*) FROM indicateurs('1:{}', array_fill(pg_temp.canevas_numero(1), ARRAY[10000]));
SELECT e.* FROM unnest(ARRAY['indicateurs(''1:{}'', %s)', 'choisir(%s, ''N2'')']) AS appel,
	pg_temp.erreur(format('SELECT ' || appel, 'array_fill(pg_temp.canevas_numero(1), ARRAY[10001])')) AS e;

-- ---- Many canevas, all different

CREATE TEMP TABLE nombreux AS SELECT array_agg(pg_temp.canevas_numero(n) ORDER BY n) AS canevas FROM generate_series(1, 10000) AS n;
SELECT count(*) AS lignes, count(DISTINCT code) AS codes, sum(numerateur) AS oui
FROM nombreux, (SELECT bilan('nature=marche', 1)) AS b(bilan), indicateurs(bilan, canevas);
SELECT choisir(canevas, 'N9999')::json->>'code' AS choisi FROM nombreux;
-- the list of codes stops after some 1000 bytes
SELECT e.etat, e.message, length(e.conseil) BETWEEN 1000 AND 1050 AS court, left(e.conseil, 30) AS debut, right(e.conseil, 16) AS fin
FROM pg_temp.erreur('SELECT choisir(canevas, ''X'') FROM nombreux') AS e;
-- each is compiled once, then found again: 40 000 calls with 10 000 canevas
SELECT count(*), count(DISTINCT c), sum((m).numerateur) AS oui
FROM (SELECT c::text AS c, mesurer(b, c) AS m FROM (SELECT bilan('nature=marche', 1)) AS b(b), nombreux, generate_series(1, 4), unnest(canevas) AS c OFFSET 0) AS t;
-- it can be cancelled
SET statement_timeout = '5ms';
SELECT count(*) FROM nombreux, indicateurs('1:{}', canevas);
RESET statement_timeout;

-- ---- Composites

CREATE FUNCTION pg_temp.avec_colonne(type text, requete text, OUT etat text, OUT message text, OUT conseil text)
LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format('ALTER TYPE %s ADD ATTRIBUTE de_trop integer', type);
	EXECUTE requete;
	RAISE EXCEPTION 'accepted';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS etat = RETURNED_SQLSTATE, message = MESSAGE_TEXT, conseil = PG_EXCEPTION_HINT;
END $$;
SELECT t.type, e.* FROM unnest(ARRAY['contrat_lu', 'titulaire_lu', 'modification_lue', 'acte_lu', 'modification_acte_lue', 'donnee_execution_lue', 'tarif_lu']) AS t(type),
	pg_temp.avec_colonne(t.type, $$SELECT count(*) FROM lire_json('[]')$$) AS e;
SELECT e.* FROM pg_temp.avec_colonne('mesure', $$SELECT mesurer('1:{}', pg_temp.canevas_numero(1))$$) AS e;
-- each was put back
SELECT count(*) FROM lire_json('[]');
SELECT mesurer('1:{}', pg_temp.canevas_numero(1));

RESET search_path;
