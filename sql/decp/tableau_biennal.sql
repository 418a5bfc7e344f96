-- tableau_biennal.sql: what a scheme (SPASER) has to publish every two years, from
-- the rollup, the declared figures and the targets.
--
--   psql -v schema=decp -f tableau_biennal.sql
--       after synthese.sql and referentiels_regles.sql; run again, it makes its
--       functions anew and leaves rubrique_biennale as it is.
--   INSERT INTO decp.perimetre VALUES ('metropole', '217500016', 'Ville');
--   SELECT * FROM decp.tableau_biennal('metropole', 2024);
--       the two years from 2024 (P01): each alone, then both; each buyer apart.
--   SELECT * FROM decp.trajectoire('metropole', 2025);
--       where the rates go (P02).
--   SELECT * FROM decp.assujettissement('metropole', 2025);
--       who is above the threshold (P04).
--   SELECT * FROM decp.couverture_comptable('metropole', 2025);
--       what the contracts show of the purchases in the accounts (P03).
--
-- It needs to own the tables. Functions look with the rights of whoever asks.
\set ON_ERROR_STOP on
\set QUIET on
\if :{?schema}
\else
\set schema decp
\endif

BEGIN;
SET LOCAL client_min_messages = warning;
SELECT set_config('search_path', quote_ident(:'schema') || ', spaser, pg_temp', true) \g /dev/null
DROP FUNCTION IF EXISTS tableau_biennal, trajectoire, mesures_biennales, acheteurs_du_perimetre, assujettissement, couverture_comptable, cible_de, statut_cible;
DROP VIEW IF EXISTS cible_connue;

CREATE TABLE IF NOT EXISTS rubrique_biennale (
	code text COLLATE "C" PRIMARY KEY CHECK (code ~ '^[A-Z][0-9]{2}$'),
	rang integer NOT NULL,
	categorie text NOT NULL,
	source text NOT NULL
);
INSERT INTO rubrique_biennale (rang, code, categorie, source) VALUES
	(1, 'S04', 'Entreprises solidaires d''utilité sociale', 'CCP, art. L2111-3 : catégorie nommée'),
	(2, 'S06', 'Handicap et insertion', 'CCP, art. L2111-3 : catégorie nommée'),
	(3, 'S03', 'Handicap et insertion', 'CCP, art. L2111-3 : marchés réservés'),
	(4, 'S01', 'Achats socialement responsables', 'CCP, art. L2111-3'),
	(5, 'E01', 'Achats écologiquement responsables', 'CCP, art. L2111-3'),
	(6, 'E03', 'Achats écologiquement responsables', 'CCP, art. L2111-3, L2112-2 et L2152-7'),
	(7, 'C03', 'Économie circulaire', 'CCP, art. L2111-3 ; loi n° 2020-105, art. 58')
ON CONFLICT DO NOTHING;
COMMENT ON TABLE rubrique_biennale IS 'Indicateurs du tableau biennal, dans l''ordre : ceux que la loi nomme, et ceux que l''on y ajoute';
COMMENT ON COLUMN rubrique_biennale.code IS 'Indicateur du catalogue, ou d''une saisie';
COMMENT ON COLUMN rubrique_biennale.rang IS 'Rang dans le tableau';
COMMENT ON COLUMN rubrique_biennale.categorie IS 'Catégorie d''achats';
COMMENT ON COLUMN rubrique_biennale.source IS 'Texte qui la demande';

-- ---- Targets

-- The nearest one wins: of the buyer, of its perimeter, of everyone, then those that
-- the texts set. unite NULL: whatever the unit.
CREATE VIEW cible_connue WITH (security_invoker = true) AS
SELECT CASE WHEN siren IS NOT NULL THEN 1 WHEN perimetre IS NOT NULL THEN 2 ELSE 3 END AS priorite,
	perimetre, siren, code, unite, sens, valeur, depuis, jusque, contraignante, source, certitude
FROM cible
UNION ALL
SELECT 4, NULL, NULL, c.code, t.unite, t.sens, t.valeur, t.depuis, t.jusque, coalesce(t.contraignante, false), t.source, t.certitude
FROM catalogue_liste() AS c,
	json_to_recordset(c.cibles) AS t (unite text, sens text, valeur numeric, depuis date, jusque date,
		contraignante boolean, source text, certitude text)
UNION ALL
SELECT 4, NULL, NULL, 'C03.' || categorie || '_' || objet, NULL, '>=', taux, depuis, jusque, true, source, certitude
FROM agec_taux;
COMMENT ON VIEW cible_connue IS 'Cibles de l''acheteur et cibles des textes (catalogue, loi AGEC), par ordre de priorité';
SELECT format('COMMENT ON COLUMN cible_connue.%I IS %L', attname,
	CASE attname WHEN 'priorite' THEN '1 : de l''acheteur ; 2 : du périmètre ; 3 : de tous ; 4 : d''un texte'
		ELSE coalesce(col_description('cible'::regclass, (SELECT attnum FROM pg_attribute AS b
			WHERE b.attrelid = 'cible'::regclass AND b.attname = a.attname)), '') END)
FROM pg_attribute AS a WHERE attrelid = 'cible_connue'::regclass AND attnum > 0 \gexec

-- cible_de(perimetre, siren, code, unite, debut, fin): the target in force on the last
-- day of a period, and whether it was during all of it. No row: there is none. Of
-- several of the same priority the latest, then the binding one.
CREATE FUNCTION cible_de(perimetre text, siren text, code text, unite text, debut date, fin date,
	OUT valeur numeric, OUT sens text, OUT contraignante boolean, OUT source text, OUT certitude text, OUT entiere boolean)
	RETURNS SETOF record LANGUAGE SQL STABLE PARALLEL SAFE ROWS 1
BEGIN ATOMIC
	SELECT c.valeur, c.sens, c.contraignante, c.source, c.certitude, daterange(c.depuis, c.jusque, '[]') @> cible_de.debut
	FROM cible_connue AS c
	WHERE c.code = cible_de.code AND coalesce(c.unite = cible_de.unite, c.unite IS NULL)
		AND daterange(c.depuis, c.jusque, '[]') @> cible_de.fin
		AND (c.siren IS NULL OR c.siren = cible_de.siren) AND (c.perimetre IS NULL OR c.perimetre = cible_de.perimetre)
	ORDER BY c.priorite, c.depuis DESC NULLS LAST, c.contraignante DESC, c.valeur DESC
	LIMIT 1;
END;
COMMENT ON FUNCTION cible_de(text, text, text, text, date, date) IS
	'La cible qui s''applique à un acheteur le dernier jour d''une période, et si elle s''est appliquée à toute la période';

-- statut_cible(numerateur, denominateur, inconnu, cible, sens): 'atteint' if the
-- target is met whatever the unknown ones are, 'non_atteint' if it is missed whatever
-- they are, else 'indetermine', also without anything to measure or with an argument
-- unknown. NULL without a target or for another sens than >= and <=. Quantities are
-- compared, not their quotients: no rounding decides.
CREATE FUNCTION statut_cible(numerateur numeric, denominateur numeric, inconnu numeric, cible numeric, sens text) RETURNS text
	LANGUAGE SQL IMMUTABLE PARALLEL SAFE
RETURN CASE
	WHEN cible IS NULL OR coalesce(sens, '') NOT IN ('>=', '<=') THEN NULL
	WHEN coalesce(denominateur + inconnu, 0) = 0 OR numerateur IS NULL THEN 'indetermine'
	WHEN sens = '>=' AND numerateur >= cible * (denominateur + inconnu) THEN 'atteint'
	WHEN sens = '>=' AND numerateur + inconnu < cible * (denominateur + inconnu) THEN 'non_atteint'
	WHEN sens = '<=' AND numerateur + inconnu <= cible * (denominateur + inconnu) THEN 'atteint'
	WHEN sens = '<=' AND numerateur > cible * (denominateur + inconnu) THEN 'non_atteint'
	ELSE 'indetermine' END;
COMMENT ON FUNCTION statut_cible(numeric, numeric, numeric, numeric, text) IS
	'Statut d''une cible : atteint ou non_atteint quels que soient les inconnus, sinon indetermine';

\ir tableau_biennal_mesures.sql
\ir tableau_biennal_couverture.sql
-- Who may read contrat may read this
SELECT format('GRANT SELECT ON %s TO %s', 'rubrique_biennale, cible_connue', coalesce(quote_ident(rolname), 'PUBLIC'))
FROM pg_class CROSS JOIN LATERAL aclexplode(relacl) AS droit LEFT JOIN pg_roles AS r ON r.oid = droit.grantee
WHERE pg_class.oid = 'contrat'::regclass AND privilege_type = 'SELECT' AND droit.grantee <> relowner \gexec
COMMIT;
