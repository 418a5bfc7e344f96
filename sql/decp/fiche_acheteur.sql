-- fiche_acheteur.sql: the indicators of one buyer, for a person to read.
--
--   psql -v schema=decp -v siren=217500016 -f fiche_acheteur.sql
--   -v debut=2024-01-01 -v fin=2024-12-31   contracts notified in this period only
--       (both days included; without them also those of unknown date)
--
-- It needs no right but to read the table contrat.
\set ON_ERROR_STOP on
\set QUIET on
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

SELECT count(*) AS contrats,
	count(*) FILTER (WHERE format_decp = 1) AS "au format 2019",
	count(*) FILTER (WHERE type_contrat = 'concession') AS concessions,
	translate(to_char(spaser.montant(spaser.bilan(profil, montant)), 'FM999G999G999G999G990D00'), ',.', ' ,') AS "valeur (€ HT)",
	min(date_notification) AS "du",
	max(date_notification) AS "au"
FROM :contrat WHERE :choix;

-- Euros are rounded here only, for display
SELECT i.code AS "Code",
	i.libelle AS "Indicateur",
	CASE i.unite WHEN 'montant' THEN 'euros' ELSE 'contrats' END AS "Unité",
	translate(to_char(100 * i.taux, 'FM990D0'), '.', ',') || ' %' AS "Taux",
	translate(to_char(round(i.numerateur), 'FM999G999G999G999G990'), ',', ' ') || ' / '
		|| translate(to_char(round(i.denominateur), 'FM999G999G999G999G990'), ',', ' ') AS "Oui / connus",
	translate(to_char(round(i.inconnu), 'FM999G999G999G999G990'), ',', ' ') AS "Inconnus",
	translate(format('[%s ; %s]', to_char(100 * i.minimum, 'FM990D0'), to_char(100 * i.maximum, 'FM990D0')), '.', ',') AS "Entre (%)"
FROM (SELECT spaser.bilan(profil, montant) AS bilan FROM :contrat WHERE :choix) AS b,
	spaser.indicateurs(b.bilan) AS i
ORDER BY i.code, i.unite DESC;

\qecho 'Taux : oui / connus ; vide quand rien n''est connu. Entre : si tous les inconnus étaient non, si tous étaient oui.'
\qecho 'En euros ne comptent ni les montants invraisemblables, ni les marchés subséquents dont l''accord-cadre est dans la base.'
\qecho
