-- comptoir.sql: what plain SQL and DuckDB are given: the tables that an analyst
-- makes of decp for dashboards, in plain SQL that knows nothing of spaser.
--
--   bi.contrat		view: a contract as indicators see it, read from the columns
--					of decp.contrat at each query
--   bi.fait		the same, computed once and narrow, in the order that
--					questions are asked in, with one nullable boolean per
--					indicator: NULL outside of its population and where it is
--					unknown, so that count(s01) is the denominator
--   bi.attribution	one row per marché and holder, with its share of the euros
--
-- Identifiers are integers, years and départements stand in the row; amounts are
-- centimes, NULL where they do not count in value.
\set ON_ERROR_STOP on
SET max_parallel_workers_per_gather = 2;
SET work_mem = '256MB';
CREATE SCHEMA bi;

-- A buyer's département: the most frequent one of its places of execution
CREATE UNLOGGED TABLE bi.acheteur AS
SELECT DISTINCT ON (acheteur_siren) acheteur_siren::integer AS acheteur, acheteur_siren, departement
FROM (
	SELECT acheteur_siren, left(lieu_execution_code, 2) AS departement, count(*) AS n
	FROM decp.contrat
	WHERE acheteur_siren IS NOT NULL
		AND lieu_execution_type_code IN ('Code postal', 'Code commune', 'Code département')
	GROUP BY 1, 2
) AS lieux
ORDER BY acheteur_siren, n DESC, departement;

CREATE UNLOGGED TABLE bi.titulaire AS
SELECT (row_number() OVER (ORDER BY identifiant))::integer AS titulaire, identifiant
FROM (SELECT coalesce(siren, upper(identifiant)) AS identifiant FROM decp.titulaire WHERE identifiant !~ '^0*$' GROUP BY 1) AS t;

ANALYZE bi.acheteur, bi.titulaire;

-- The ministry's rules for amounts; a subsequent contract whose framework is in
-- the data would count the same euros twice
CREATE VIEW bi.contrat AS
SELECT contrat_id,
	CASE WHEN accord_cadre_id IS NULL AND montant >= 1
			AND montant <= CASE type_contrat WHEN 'concession' THEN 15000000000 ELSE 3000000000 END
			AND NOT (montant > 100000000
				AND (montant::text LIKE '123456789%' OR montant::text ~ '([1-5789])(.*\1){6}'))
		THEN (round(montant, 2) * 100)::bigint END AS centimes,
	acheteur_siren::integer AS acheteur,
	date_part('year', date_notification)::smallint AS annee,
	CASE WHEN offres_recues >= 1 THEN offres_recues::smallint END AS offres,
	array_position(ARRAY['Procédure adaptée', 'Appel d''offres ouvert', 'Appel d''offres restreint',
		'Procédure avec négociation', 'Marché passé sans publicité ni mise en concurrence préalable',
		'Dialogue compétitif'], procedure)::smallint AS procedure,
	-- 1 clause, 2 criterion, 4 reserved; none beside another value contradicts it
	CASE
		WHEN considerations_sociales = '{}' THEN NULL
		WHEN NOT 'Pas de considération sociale' = ANY (considerations_sociales) THEN
			('Clause sociale' = ANY (considerations_sociales))::integer
			+ 2 * ('Critère social' = ANY (considerations_sociales))::integer
			+ 4 * (considerations_sociales && '{Marché réservé,Concession réservée}')::integer
		WHEN cardinality(considerations_sociales) = 1 THEN 0
	END::smallint AS sociale,
	CASE
		WHEN considerations_environnementales = '{}' THEN NULL
		WHEN NOT 'Pas de considération environnementale' = ANY (considerations_environnementales) THEN
			('Clause environnementale' = ANY (considerations_environnementales))::integer
			+ 2 * ('Critère environnemental' = ANY (considerations_environnementales))::integer
		WHEN cardinality(considerations_environnementales) = 1 THEN 0
	END::smallint AS environnementale,
	type_contrat = 'marche' AS marche,
	type_contrat = 'marche' AND nature IS DISTINCT FROM 'Marché de défense ou de sécurité' AS e03_population,
	CASE WHEN type_contrat = 'marche' AND offres_recues >= 1
			AND procedure IS DISTINCT FROM 'Marché passé sans publicité ni mise en concurrence préalable'
		THEN offres_recues = 1 END AS k03,
	CASE WHEN type_contrat = 'marche' THEN type_groupement_operateurs <> 'Pas de groupement' END AS k08,
	CASE WHEN type_contrat = 'marche' THEN attribution_avance END AS k11,
	CASE WHEN type_contrat = 'marche' THEN marche_innovant END AS l08,
	CASE WHEN type_contrat = 'marche' AND date_publication_donnees >= date_notification
		THEN date_publication_donnees <= date_notification + interval '2 months' END AS t02,
	CASE WHEN type_contrat = 'marche' THEN sous_traitance_declaree END AS x05,
	CASE WHEN type_contrat = 'marche' THEN 'Définitif révisable' = ANY (types_prix) END AS x08,
	titulaires
FROM decp.contrat;

CREATE UNLOGGED TABLE bi.fait AS
SELECT centimes, acheteur, annee, offres, procedure, sociale, environnementale, departement,
	marche, e03_population, k03, k08, k11, l08, t02, x05, x08,
	CASE WHEN marche THEN sociale > 0 END AS s01,
	CASE WHEN marche THEN sociale >= 4 END AS s03,
	CASE WHEN marche THEN environnementale > 0 END AS e01,
	CASE WHEN e03_population THEN environnementale = 3 END AS e03,
	CASE WHEN marche THEN sociale > 0 AND environnementale > 0 END AS e04,
	CASE WHEN marche THEN procedure = 5 END AS k06
-- No part of it but the whole view: its columns are computed once, below the sort
FROM (SELECT * FROM bi.contrat OFFSET 0) AS c LEFT JOIN bi.acheteur USING (acheteur)
ORDER BY departement, acheteur, annee;

CREATE UNLOGGED TABLE bi.attribution AS
SELECT centimes::double precision / parts AS part, acheteur, titulaire, annee, departement
FROM (
	SELECT contrat_id, CASE WHEN identifiant !~ '^0*$' THEN coalesce(siren, upper(identifiant)) END AS identifiant,
		count(*) OVER (PARTITION BY contrat_id) AS parts
	FROM decp.titulaire
	GROUP BY 1, 2
) AS t
JOIN bi.titulaire USING (identifiant)
JOIN (SELECT contrat_id, centimes, acheteur, annee FROM bi.contrat WHERE marche OFFSET 0) AS c USING (contrat_id)
LEFT JOIN bi.acheteur USING (acheteur)
ORDER BY departement, acheteur, annee, titulaire;

CREATE INDEX ON bi.fait (acheteur, annee);
CREATE INDEX ON bi.fait (departement, annee);
CREATE INDEX ON bi.attribution (acheteur, annee);
CREATE INDEX ON bi.attribution (departement, annee);
VACUUM (FREEZE, ANALYZE) bi.fait, bi.attribution, bi.acheteur, bi.titulaire;
