-- fiche_acheteur.sql: the indicators of one buyer, for a person to read.
--
--   psql -v schema=decp -v siren=217500016 -f fiche_acheteur.sql
--   -v debut=2024-01-01 -v fin=2024-12-31   contracts notified in this period only
--       (both days included; without them also those of unknown date)
--
-- It needs no right but to read the table contrat.
\set ON_ERROR_STOP on
\set QUIET on
-- Formats below translate the C locale's point and comma themselves
SET lc_numeric = 'C';
\if :{?schema}
\else
\set schema decp
\endif
\if :{?debut}
\else
\set debut -infinity
\endif
\if :{?fin}
\else
\set fin infinity
\endif
\if :{?siren}
\else
\warn 'Say which buyer: -v siren=SIREN (9 digits).'
DO $$ BEGIN RAISE EXCEPTION 'no buyer given' USING ERRCODE = 'invalid_parameter_value'; END $$;
\endif

\pset footer off
\pset null ''

SELECT format('%I.contrat', :'schema') AS contrat,
	format('acheteur_siren = %L', :'siren')
	|| CASE WHEN :'debut' = '-infinity' AND :'fin' = 'infinity' THEN ''
		ELSE format(' AND date_notification BETWEEN %L AND %L', :'debut'::date, :'fin'::date) END AS choix \gset

SELECT 'Indicateurs de l''acheteur ' || :'siren'
	|| coalesce(' (' || (SELECT min(acheteur_nom) FROM :contrat WHERE :choix) || ')', '') AS titre \gset
\qecho
\qecho '#' :titre
\qecho

SELECT NOT EXISTS (SELECT FROM :contrat WHERE :choix) AS vide \gset
\if :vide
\qecho 'Aucun contrat.'
\qecho
\quit
\endif

SELECT count(*) AS contrats,
	count(*) FILTER (WHERE format_decp = 1) AS "au format 2019",
	count(*) FILTER (WHERE type_contrat = 'concession') AS concessions,
	translate(to_char(spaser.montant(spaser.bilan(profil, montant)), 'FM999G999G999G999G990D00'), ',.', ' ,') AS "valeur (€ HT)",
	min(date_notification) AS "du",
	max(date_notification) AS "au"
FROM :contrat WHERE :choix;

-- A breakdown is a line with its name, then one per class. Euros are rounded
-- here only, for display.
-- A code with a dot may also be a variant's: the longest code of the catalogue tells.
WITH catalogue AS MATERIALIZED (
	SELECT code FROM spaser.catalogue_liste()
), indicateur AS (
	SELECT i.*, c.code AS racine, i.code <> c.code AS classe,
		row_number() OVER (PARTITION BY i.code, denominateur > 0 ORDER BY rang) = 1 AS premiere
	FROM (SELECT spaser.bilan(profil, montant) AS bilan FROM :contrat WHERE :choix) AS b,
		spaser.indicateurs(b.bilan) WITH ORDINALITY AS i(code, libelle, dimension, unite,
			numerateur, denominateur, inconnu, taux, minimum, maximum, rang)
	CROSS JOIN LATERAL (
		SELECT catalogue.code FROM catalogue
		WHERE i.code = catalogue.code OR starts_with(i.code, catalogue.code || '.')
		ORDER BY length(catalogue.code) DESC LIMIT 1
	) AS c
), connu AS (
	SELECT * FROM indicateur WHERE denominateur > 0
), ligne AS (
	SELECT racine, split_part(min(libelle), ' : ', 1) AS libelle, NULL AS unite,
		NULL::numeric AS numerateur, NULL::numeric AS denominateur, NULL::numeric AS inconnu,
		NULL::numeric AS taux, NULL::numeric AS minimum, NULL::numeric AS maximum, min(rang) - 0.5 AS rang
	FROM connu WHERE classe GROUP BY racine
	UNION ALL
	SELECT CASE WHEN premiere AND NOT classe THEN racine END,
		CASE WHEN NOT premiere THEN NULL WHEN classe THEN '- ' || split_part(libelle, ' : ', 2) ELSE libelle END,
		CASE unite WHEN 'montant' THEN 'euros' ELSE 'contrats' END,
		numerateur, denominateur, inconnu, taux, minimum, maximum, rang
	FROM connu
)
SELECT racine AS "Code",
	libelle AS "Indicateur",
	unite AS "Unité",
	translate(to_char(100 * taux, 'FM990D0'), '.', ',') AS "Taux (%)",
	translate(to_char(round(numerateur), 'FM999G999G999G999G990'), ',', ' ') || ' / '
		|| translate(to_char(round(denominateur), 'FM999G999G999G999G990'), ',', ' ') AS "Oui / connus",
	translate(to_char(round(inconnu), 'FM999G999G999G999G990'), ',', ' ') AS "Inconnus",
	translate('[' || to_char(100 * minimum, 'FM990D0') || ' ; ' || to_char(100 * maximum, 'FM990D0') || ']', '.', ',') AS "Entre (%)"
FROM ligne
ORDER BY rang;

\qecho 'Ce dont rien n''est connu ici n''a pas de ligne : des registres (taille, lieu, seuils, familles d''achat) sont dans decp.indicateurs.'
\qecho 'Taux : oui / connus. Entre : si tous les inconnus étaient non, si tous étaient oui.'
\qecho 'En euros ne comptent ni les montants invraisemblables, ni les marchés subséquents dont l''accord-cadre est dans la base.'
\qecho
