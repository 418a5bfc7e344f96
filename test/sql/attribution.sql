-- attribution.sql: contracts by their holders, against plain SQL that counts rows
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS spaser;
SET search_path = public, spaser;

CREATE FUNCTION pg_temp.refus(requete text, OUT etat text, OUT message text) LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE requete;
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS etat = RETURNED_SQLSTATE, message = MESSAGE_TEXT;
END $$;

-- ---- Random contracts of one to five holders, of which things are known or not
CREATE TEMP TABLE porteur AS
SELECT contrat, rang,
	(ARRAY['pme', 'eti', 'ge', NULL])[1 + h % 4] AS taille,
	(ARRAY[true, false, NULL])[1 + h / 4 % 3] AS tpe,
	(ARRAY[true, false, false, NULL])[1 + h / 12 % 4] AS ess,
	(ARRAY[true, false, NULL])[1 + h / 48 % 3] AS societe_mission,
	(ARRAY[true, false, false, false, NULL])[1 + h / 144 % 5] AS etranger,
	(ARRAY['commune+departement+region', 'departement+region', 'region', 'aucune', NULL])[1 + h / 720 % 5] AS local,
	(ARRAY[true, false, NULL])[1 + h / 3600 % 3] AS lieu,
	(ARRAY[true, NULL])[1 + h / 10800 % 2] AS esus,
	(ARRAY['siae', 'ea', 'esat', 'aucun', NULL])[1 + h / 21600 % 5] AS inclusion,
	(ARRAY[0, 10, 10.5, 50, 99.5, 200, 201, NULL])[1 + h / 108000 % 8]::double precision AS distance
FROM (SELECT contrat, rang, abs(hashint8(contrat * 8 + rang)::bigint) AS h
	FROM generate_series(1, 5000) AS contrat, generate_series(1, 1 + contrat * 7919 % 11 % 5) AS rang) AS t;
CREATE TEMP TABLE contrat AS
SELECT contrat, (100 * contrat + 0.37)::numeric AS montant,
	avec('type_contrat=marche montant=utilisable techniques=concours', 'considerations_sociales',
		(ARRAY['clause', 'aucune', NULL])[1 + contrat % 3]) AS profil,
	array_agg((taille, tpe, ess, societe_mission, etranger, local, local LIKE 'commune%', lieu, esus, inclusion, distance, NOT etranger)::titulaire_connu ORDER BY rang) AS titulaires
FROM porteur JOIN generate_series(1, 5000) AS contrat USING (contrat) GROUP BY contrat;
CREATE TEMP TABLE etat AS SELECT bilan_attributions(attributions(profil, titulaires), montant) AS b FROM contrat;

-- each contract is counted once, with all its euros
SELECT nombre(b) = 5000 AS nombre, montant(b) = (SELECT sum(montant) FROM contrat) AS montant FROM etat;

-- the same numbers from rows: a contract with a holder that is not known is not
-- known, the others share it equally; per holder each row is known or not; one at
-- least is yes as soon as one is, no when all are known
CREATE TEMP TABLE attendu AS
WITH rangee AS (
	SELECT p.*, c.montant, count(*) OVER w AS k,
		count(taille) OVER w = count(*) OVER w AS taille_connue,
		count(ess) OVER w = count(*) OVER w AS ess_connue,
		count(local) OVER w = count(*) OVER w AS local_connu
	FROM porteur AS p JOIN contrat AS c USING (contrat)
	WINDOW w AS (PARTITION BY contrat)
), cas AS (
	SELECT 'taille' AS question, k, montant, CASE WHEN taille_connue THEN taille = 'pme' END AS oui FROM rangee
	UNION ALL SELECT 'taille_titulaire', k, montant, taille = 'pme' FROM rangee
	UNION ALL SELECT 'ess', k, montant, CASE WHEN ess_connue THEN ess END FROM rangee
	UNION ALL SELECT 'ess_titulaire', k, montant, ess FROM rangee
	UNION ALL SELECT 'departement', k, montant, CASE WHEN local_connu THEN local ~ 'departement' END FROM rangee
	UNION ALL SELECT 'inclusion', k, montant, inclusion <> 'aucun' FROM rangee
	UNION ALL SELECT 'loin', k, montant, distance > 50 FROM rangee
	UNION ALL SELECT 'pme_un', 1, montant, CASE WHEN bool_or(taille = 'pme') THEN true WHEN bool_and(taille IS NOT NULL) THEN false END
		FROM rangee GROUP BY contrat, montant
	UNION ALL SELECT 'etranger_un', 1, montant, CASE WHEN bool_or(etranger) THEN true WHEN bool_and(etranger IS NOT NULL) THEN false END
		FROM rangee GROUP BY contrat, montant
)
-- 60 is a multiple of every k here: sums are of whole numbers
SELECT question, unite,
	sum(poids) FILTER (WHERE oui) AS numerateur,
	sum(poids) FILTER (WHERE oui IS NOT NULL) AS denominateur,
	coalesce(sum(poids) FILTER (WHERE oui IS NULL), 0) AS inconnu
FROM cas, LATERAL (VALUES ('nombre', 60 / k::numeric), ('montant', 60 / k * montant), ('lignes', 60)) AS u (unite, poids)
GROUP BY question, unite;

CREATE FUNCTION pg_temp.question(code text, oui text) RETURNS canevas LANGUAGE SQL AS $$
	SELECT format('{"code": "%s", "libelle": "x", "niveau": "attribution", "unites": ["nombre", "montant", "lignes"], "oui": %s}', code, oui)::json::canevas
$$;
SELECT count(*) AS mesures, count(*) FILTER (WHERE (round(60 * i.numerateur, 2), round(60 * i.denominateur, 2), round(60 * i.inconnu, 2))
	IS DISTINCT FROM (round(a.numerateur, 2), round(a.denominateur, 2), round(a.inconnu, 2))) AS fausses
FROM etat, indicateurs(b, ARRAY[pg_temp.question('taille', '{"taille": "pme"}'),
	pg_temp.question('taille_titulaire', '{"taille_titulaire": "pme"}'), pg_temp.question('ess', '{"ess": "oui"}'),
	pg_temp.question('ess_titulaire', '{"ess_titulaire": "oui"}'), pg_temp.question('departement', '{"local": "departement"}'),
	pg_temp.question('inclusion', '{"inclusion": ["siae", "ea", "esat"]}'),
	pg_temp.question('loin', '{"distance": ["50_100", "100_200", "200_plus"]}'),
	pg_temp.question('pme_un', '{"pme_un": "oui"}'), pg_temp.question('etranger_un', '{"etranger_un": "oui"}')]) AS i
JOIN attendu AS a ON a.question = i.code AND a.unite = i.unite
-- rows are holders, which those of one at least are not
WHERE NOT (i.unite = 'lignes' AND i.code ~ '_un$');

-- serial, shuffled, in parts that are merged, through text: one value
SELECT (SELECT bilan_attributions(attributions(profil, titulaires), montant) FROM (SELECT * FROM contrat ORDER BY hashint8(contrat)) AS c) = b AS melange,
	(SELECT fusion(p) FROM (SELECT bilan_attributions(attributions(profil, titulaires), montant) AS p FROM contrat GROUP BY contrat % 7) AS c) = b AS fusion,
	b::text::bilan = b AS texte
FROM etat;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
CREATE TABLE contrat_parallele AS SELECT contrat, profil, titulaires, montant FROM contrat;
ALTER TABLE contrat_parallele SET (parallel_workers = 2);
SELECT (SELECT bilan_attributions(attributions(profil, titulaires), montant) FROM contrat_parallele) = b AS parallele FROM etat;
DROP TABLE contrat_parallele;

-- ---- Levels

-- what a holder keeps of its contract, and what it does not
SELECT attributions('type_contrat=marche techniques=concours duree=1_12 segment=textile depassement=10_15', ARRAY[ROW('pme', true, NULL, NULL, false, 'aucune', false, NULL, NULL, NULL, NULL, true)::titulaire_connu]);
-- none known; none at all; a contract of which nothing is known
SELECT attributions('type_contrat=marche', ARRAY[NULL, NULL]::titulaire_connu[]), attributions('type_contrat=marche', '{}'), attributions(NULL, NULL);
SELECT bilan_attributions(a, 1) FROM (VALUES (NULL::profil[]), ('{}')) AS t(a);
-- an amount is that of the attributions which say that it can be used
SELECT montant(b), nombre(b), b::text::bilan = b AS texte
FROM (SELECT bilan_attributions(ARRAY['niveau=attribution montant=utilisable', 'niveau=attribution montant=aberrant']::profil[], 100) AS b) AS t;
-- a bilan has the indicators of its level
SELECT i.code, i.numerateur, i.inconnu FROM (SELECT 1, bilan('type_contrat=marche taille=pme niveau=attribution', 1) UNION ALL SELECT 2, bilan('type_contrat=marche', 1) UNION ALL SELECT 3, NULL) AS t(n, b),
	indicateurs(b, ARRAY['{"code": "A", "libelle": "x", "niveau": "attribution", "unites": ["nombre"], "oui": {"taille": "pme"}}',
		'{"code": "C", "libelle": "x", "unites": ["nombre"], "oui": {"type_contrat": "marche"}}']::canevas[]) AS i ORDER BY n;
-- a list that is not complete gives a minimum, and no rate
SELECT (m).* FROM (SELECT mesurer(b, '{"code": "E", "libelle": "x", "niveau": "attribution", "plancher": true, "oui": {"esus": "oui"}}') AS m
	FROM generate_series(1, 2) AS n, LATERAL (SELECT bilan(p::profil, NULL) AS b
		FROM unnest(CASE n WHEN 1 THEN ARRAY['niveau=attribution esus=oui', 'niveau=attribution', 'niveau=attribution']
			ELSE ARRAY['niveau=attribution esus=oui', 'niveau=attribution esus=non', 'niveau=attribution'] END) AS p) AS c) AS t;

-- ---- Errors
SELECT (pg_temp.refus(requete)).* FROM (VALUES
	($$SELECT attributions('', ARRAY[ROW('grande', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, false)::titulaire_connu])$$),
	($$SELECT attributions('', array_agg(NULL::titulaire_connu)) FROM generate_series(1, 257)$$),
	($$SELECT bilan_attributions(array_fill('niveau=attribution'::profil, ARRAY[257]), 1)$$),
	($$SELECT bilan_attributions(ARRAY[NULL]::profil[], 1)$$),
	($$SELECT 'ccag=tic niveau=attribution'::profil$$),
	($$SELECT 'taille=pme'::profil$$)) AS t(requete);
