-- synthese.sql: the rollup of the contracts, and its refresh.
--
--   psql -v schema=decp -f synthese.sql
--       after tables.sql. It makes the tables, notes from then on what changes
--       in contrat and its suites, and fills the rollup. Run again it makes all
--       of it anew; what was given in acheteur stays.
--   SELECT * FROM decp.rafraichir_synthese();
--       after a load: counts what changed since the last time, that only.
--   SELECT * FROM decp.reconstruire_synthese();
--       counts everything again.
--
-- It needs to own the tables. What is granted on contrat is granted here: who
-- writes there may note what changed, who reads there may read the rollup.
-- Later grants have to name these tables too: whoever loads needs INSERT on
-- synthese_a_refaire. No right is lent, so the owner refreshes. What fires no
-- trigger is not noted (session_replication_role = replica, a logical
-- subscriber, disabled triggers): count everything again after it.
\set ON_ERROR_STOP on
\set QUIET on
\if :{?schema}
\else
\set schema decp
\endif

BEGIN ISOLATION LEVEL READ COMMITTED;
SET LOCAL client_min_messages = warning;
SELECT set_config('search_path', quote_ident(:'schema') || ', spaser, pg_temp', true) \g /dev/null
DO $$
DECLARE
	t regclass;
	r record;
BEGIN
	FOREACH t IN ARRAY ARRAY['contrat', 'titulaire', 'modification', 'titulaire_modification', 'acte_sous_traitance', 'modification_acte', 'donnee_execution', 'tarif']::regclass[] LOOP
		SELECT relowner::regrole AS proprietaire, relrowsecurity, relkind INTO r FROM pg_class WHERE oid = t;
		IF r.proprietaire <> current_user::regrole THEN
			RAISE EXCEPTION 'must be owner of table %', t USING ERRCODE = 'insufficient_privilege',
				HINT = format('Its owner would no longer load into what another role owns: SET ROLE %s, or run as that role.', r.proprietaire);
		END IF;
		IF r.relkind <> 'r' OR EXISTS (SELECT FROM pg_inherits WHERE inhparent = t) THEN
			RAISE EXCEPTION 'table % has partitions or children', t USING ERRCODE = 'feature_not_supported',
				DETAIL = 'What is written straight into one of them would not be noted.';
		END IF;
		IF r.relrowsecurity THEN
			RAISE WARNING 'table % has row level security, which the rollup does not have', t
				USING HINT = 'Revoke SELECT on fait and on the cells from who must not see all rows.';
		END IF;
	END LOOP;
END $$;
-- Nothing is loaded between the count of what is there and the first note
LOCK TABLE contrat, titulaire, modification, titulaire_modification, acte_sous_traitance, modification_acte, donnee_execution, tarif IN SHARE ROW EXCLUSIVE MODE;

\ir synthese_etats.sql

DROP FUNCTION IF EXISTS indicateurs(text, text, date, date), mesures, calculs, allotissement, nouveaux_titulaires, dependance, dependances,
	expliquer, expliquer_canevas, expliquer_ailleurs, echeances, assiette_agec, faits_de, objet_sans_lot, mois_dans_periode, rafraichir_synthese, reconstruire_synthese, noter_registres, synthese_relever,
	synthese_situer, synthese_appliquer, synthese_remplir;
SELECT format('DROP VIEW IF EXISTS synthese_%s', nom) FROM pg_temp.niveau \gexec
DROP VIEW IF EXISTS synthese, synthese_ecart, synthese_calculee;
DROP TABLE IF EXISTS synthese_etat, synthese_cellule, synthese_suivi, synthese_variation, synthese_acheteur, acheteur_releve, fait;
DROP VIEW IF EXISTS fait_actuel, contrat_enrichi, titulaires_enrichis, etablissement_situe;
DROP FUNCTION IF EXISTS identifiant_etranger, tarifs_annuels;
DROP FUNCTION IF EXISTS synthese_noter, synthese_noter_registre CASCADE;
DROP TABLE IF EXISTS synthese_a_refaire;

-- Cells of 2500 contracts: lz4 reads and writes as fast as no compression, in half
-- the room; pglz writes them 16 times slower and reads them twice as slow
SELECT 'lz4' = ANY (enumvals) AS lz4, CASE WHEN 'lz4' = ANY (enumvals) THEN 'COMPRESSION lz4' ELSE '' END AS compression
FROM pg_settings WHERE name = 'default_toast_compression' \gset
-- a + b and a - b, any of which may be NULL, that is empty. Neither NULLIF nor IS
-- DISTINCT FROM of these types would survive a dump: it writes them without the
-- schema of the operator that they stand for.
CREATE OR REPLACE FUNCTION pg_temp.plus(a text, b text) RETURNS text LANGUAGE SQL
RETURN format('coalesce(%1$s + %2$s, %1$s, %2$s)', a, b);
CREATE OR REPLACE FUNCTION pg_temp.moins(a text, b text) RETURNS text LANGUAGE SQL
RETURN format('CASE WHEN %2$s IS NULL THEN %1$s WHEN %1$s = %2$s THEN NULL ELSE %1$s - %2$s END', a, b);
-- When a cell is written whole: it is small, or an eighth of it has come or gone
SELECT '(c.contrats < 256 OR 8 * (c.attente + excluded.attente) > c.contrats)' AS entiere \gset
SELECT string_agg(format('%1$s spaser.%2$I %3$s, moins_%1$s spaser.%2$I %3$s', nom, type, :'compression')
		|| CASE WHEN croit THEN format(', plus_%1$s spaser.%2$I %3$s', nom, type, :'compression') ELSE '' END, ', ' ORDER BY rang) AS etats_types,
	string_agg(nom, ', ' ORDER BY rang) AS etats,
	string_agg(pg_temp.moins(CASE WHEN croit THEN pg_temp.plus(nom, 'plus_' || nom) ELSE nom END, 'moins_' || nom) || ' AS ' || nom,
		', ' ORDER BY rang) AS etats_lus,
	string_agg(CASE WHEN c.appel IS NULL THEN seul ELSE pg_temp.plus(seul, format('spaser.%s FILTER (WHERE %s)', c.appel, c.condition)) END
		|| ' AS ' || nom, ', ' ORDER BY rang) AS etats_agreges,
	string_agg(format('spaser.fusion(%1$s) FILTER (WHERE sens > 0) AS plus_%1$s, '
		'spaser.fusion(%1$s) FILTER (WHERE sens < 0) AS moins_%1$s', nom), ', ' ORDER BY rang) AS etats_variations,
	string_agg(format('coalesce(plus_%1$s <> moins_%1$s, (plus_%1$s IS NULL) <> (moins_%1$s IS NULL))', nom),
		' OR ' ORDER BY rang) AS etats_changent,
	string_agg(format('%1$s, moins_%1$s', nom), ', ' ORDER BY rang) AS etats_cibles,
	string_agg(format('plus_%1$s, moins_%1$s', nom), ', ' ORDER BY rang) AS etats_valeurs,
	string_agg(format(CASE WHEN croit
			THEN '%1$s = CASE WHEN %2$s THEN %3$s ELSE c.%1$s END, plus_%1$s = CASE WHEN NOT %2$s THEN %4$s END, '
				'moins_%1$s = CASE WHEN NOT %2$s THEN %5$s END'
			ELSE '%1$s = %3$s, moins_%1$s = NULL' END,
		nom, :'entiere', pg_temp.moins(pg_temp.plus('c.' || nom, venus), partis), venus, partis), ', ' ORDER BY rang) AS etats_ecrits
FROM pg_temp.etat LEFT JOIN pg_temp.complement AS c USING (nom),
	LATERAL (SELECT 'spaser.' || etat.appel || coalesce(' FILTER (WHERE ' || etat.condition || ')', '') AS seul) AS s,
	pg_temp.plus('c.moins_' || nom, 'excluded.moins_' || nom) AS partis,
	LATERAL (SELECT CASE WHEN croit THEN pg_temp.plus('c.plus_' || nom, 'excluded.' || nom) ELSE 'excluded.' || nom END AS venus) AS v \gset
-- GROUPING has a bit for each key that a level does not have
SELECT 'CASE GROUPING(acheteur_siren, departement, division_cpv, mois)'
	|| string_agg(format(' WHEN %s THEN %L', 15
		- CASE cle WHEN 'acheteur_siren' THEN 8 WHEN 'departement' THEN 4 WHEN 'division_cpv' THEN 2 ELSE 0 END
		- CASE periode WHEN 'mois' THEN 1 ELSE 0 END, nom), '') || ' END AS niveau, '
	'coalesce(acheteur_siren, departement, division_cpv) AS code, coalesce(mois, annee) AS periode' AS niveaux_cles,
	string_agg(format('(%s)', concat_ws(', ', cle, 'annee', nullif(periode, 'annee'))), ', ') AS niveaux_ensembles
FROM pg_temp.niveau \gset

\ir faits.sql

-- ---- Cells

-- Of what grows with the number of contracts, a large cell keeps apart what came
-- and went since it was last written: to write it whole for each of a few
-- contracts would make a delivery of any size cost as much as the whole year.
CREATE TABLE synthese_cellule (
	niveau text COLLATE "C" NOT NULL,
	code text COLLATE "C",
	periode date,
	contrats bigint NOT NULL,
	attente bigint NOT NULL DEFAULT 0,
	calculee_le timestamptz NOT NULL DEFAULT now(),
	:etats_types,
	CONSTRAINT synthese_cellule_cle UNIQUE NULLS NOT DISTINCT (code, periode, niveau)
) PARTITION BY LIST (niveau);
\if :lz4
\else
SELECT format('ALTER TABLE synthese_cellule ALTER %I SET STORAGE EXTERNAL', attname) FROM pg_attribute
WHERE attrelid = 'synthese_cellule'::regclass AND attnum > 6 \gexec
\endif
CREATE INDEX synthese_vide ON synthese_cellule (niveau) WHERE contrats = 0;
COMMENT ON TABLE synthese_cellule IS 'Cellules de synthese, une partition par niveau : à lire par synthese et les vues synthese_... de chaque niveau';
COMMENT ON INDEX synthese_vide IS 'Cellules qui viennent de perdre leur dernier contrat';
SELECT format('CREATE TABLE synthese_cellule_%s PARTITION OF synthese_cellule FOR VALUES IN (%L)', nom, nom),
	format('COMMENT ON TABLE synthese_cellule_%s IS %L', nom, 'Cellules de synthese : ' || sens)
FROM pg_temp.niveau \gexec

CREATE VIEW synthese WITH (security_invoker = true) AS
SELECT niveau, code, periode, contrats, calculee_le, :etats_lus FROM synthese_cellule;
COMMENT ON VIEW synthese IS 'Synthèse : états des contrats de chaque cellule, d''où se tire tout indicateur. Ne pas additionner deux niveaux';
-- The same of each level
SELECT format('CREATE VIEW synthese_%s WITH (security_invoker = true) AS SELECT %s, contrats, calculee_le, %s FROM synthese_cellule_%1$s', nom,
		concat_ws(', ', CASE WHEN cle IS NOT NULL THEN 'code' END, 'periode'), :'etats_lus'),
	format('COMMENT ON VIEW synthese_%s IS %L', nom, 'Synthèse : ' || sens)
FROM pg_temp.niveau \gexec

CREATE TABLE synthese_acheteur (
	siren text COLLATE "C" PRIMARY KEY,
	departement text COLLATE "C",
	nouveau text COLLATE "C"
);
CREATE INDEX synthese_acheteur_deplace ON synthese_acheteur (siren) WHERE departement IS DISTINCT FROM nouveau;
COMMENT ON TABLE synthese_acheteur IS 'Département dans lequel synthese compte chaque acheteur';
COMMENT ON COLUMN synthese_acheteur.siren IS 'Acheteur';
COMMENT ON COLUMN synthese_acheteur.departement IS 'Où il est compté';
COMMENT ON COLUMN synthese_acheteur.nouveau IS 'Où il est à compter ; différent pendant un rafraîchissement seulement';
COMMENT ON INDEX synthese_acheteur_deplace IS 'Acheteurs que le rafraîchissement en cours déplace';

CREATE TABLE synthese_suivi (
	seule boolean PRIMARY KEY DEFAULT true CHECK (seule),
	rafraichie_le timestamptz
);
INSERT INTO synthese_suivi DEFAULT VALUES;
COMMENT ON TABLE synthese_suivi IS 'Une ligne : le dernier rafraîchissement. Qui rafraîchit la tient ; un second attend';
COMMENT ON COLUMN synthese_suivi.seule IS 'Vrai';
COMMENT ON COLUMN synthese_suivi.rafraichie_le IS 'Début du dernier rafraîchissement';

CREATE VIEW synthese_calculee WITH (security_invoker = true) AS
SELECT :niveaux_cles, count(*) AS contrats, :etats_agreges
FROM (SELECT f.*, date_trunc('year', mois::timestamp)::date AS annee, a.nouveau AS departement
	FROM fait AS f LEFT JOIN synthese_acheteur AS a ON a.siren = f.acheteur_siren) AS f
GROUP BY GROUPING SETS (:niveaux_ensembles);
COMMENT ON VIEW synthese_calculee IS 'Toutes les cellules de synthese, calculées à nouveau depuis fait';

CREATE VIEW synthese_ecart WITH (security_invoker = true) AS
SELECT sens, :niveaux_cles, count(*) AS contrats, :etats_agreges
FROM (SELECT f.*, date_trunc('year', mois::timestamp)::date AS annee, a.nouveau AS departement
	FROM synthese_variation AS f LEFT JOIN synthese_acheteur AS a ON a.siren = f.acheteur_siren) AS f
GROUP BY sens, GROUPING SETS (:niveaux_ensembles);
COMMENT ON VIEW synthese_ecart IS 'Pendant un rafraîchissement : ce que chaque cellule perd et gagne';

SELECT format('COMMENT ON COLUMN %s.%I IS %L', attrelid::regclass, attname, sens)
FROM (SELECT nom, sens FROM pg_temp.etat
		UNION ALL SELECT 'moins_' || nom, 'À retirer de ' || nom FROM pg_temp.etat
		UNION ALL SELECT 'plus_' || nom, 'À ajouter à ' || nom FROM pg_temp.etat
		UNION ALL VALUES
		('sens', '-1 : ce que la cellule perd ; 1 : ce qu''elle gagne'),
		('niveau', 'Niveau de la cellule'),
		('code', 'SIREN de l''acheteur, département ou division CPV selon le niveau ; NULL : inconnu, ou tous les contrats'),
		('periode', 'Premier jour du mois ou de l''année de notification ; NULL si la date est inconnue'),
		('contrats', 'Nombre de contrats'),
		('attente', 'Contrats venus ou partis depuis que la cellule a été écrite en entier'),
		('calculee_le', 'Dernier rafraîchissement qui a changé la cellule')) AS colonne (nom, sens)
JOIN pg_attribute ON attname = nom
WHERE attrelid = ANY (ARRAY['synthese', 'synthese_calculee', 'synthese_ecart', 'synthese_cellule']::regclass[])
	OR attrelid IN (SELECT inhrelid FROM pg_inherits WHERE inhparent = 'synthese_cellule'::regclass)
	OR attrelid IN (SELECT ('synthese_' || niveau.nom)::regclass FROM pg_temp.niveau) \gexec
SELECT format('COMMENT ON COLUMN synthese_%s.code IS %L', nom, CASE cle WHEN 'acheteur_siren' THEN 'SIREN de l''acheteur'
		WHEN 'departement' THEN 'Département de l''acheteur (table acheteur)' ELSE 'Division CPV, deux chiffres' END || ' ; NULL : inconnu')
FROM pg_temp.niveau WHERE cle IS NOT NULL \gexec

\ir calculs.sql
\ir mesures.sql
\ir expliquer.sql

-- ---- Notes of what changes

-- No key: loads at the same time never wait for each other here
CREATE TABLE synthese_a_refaire (
	contrat_id bigint
);
COMMENT ON TABLE synthese_a_refaire IS 'Contrats qui ont changé depuis le dernier rafraîchissement, plusieurs fois peut-être. Qui charge a besoin d''y insérer';
COMMENT ON COLUMN synthese_a_refaire.contrat_id IS 'Contrat, qui peut ne plus exister ; NULL : tous';

CREATE FUNCTION synthese_noter() RETURNS trigger
	LANGUAGE plpgsql SET search_path FROM CURRENT
AS $$
BEGIN
	IF TG_OP = 'INSERT' THEN
		INSERT INTO synthese_a_refaire SELECT contrat_id FROM apres;
	ELSIF TG_OP = 'DELETE' THEN
		INSERT INTO synthese_a_refaire SELECT contrat_id FROM avant;
	ELSIF TG_OP = 'UPDATE' THEN
		INSERT INTO synthese_a_refaire SELECT contrat_id FROM avant UNION SELECT contrat_id FROM apres;
	ELSE
		INSERT INTO synthese_a_refaire VALUES (NULL);
	END IF;
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION synthese_noter() IS 'Note les contrats que change une instruction, pour le prochain rafraîchissement';
SELECT format('CREATE TRIGGER synthese_%s AFTER %s ON %I %s EXECUTE FUNCTION synthese_noter()', nom, op, t, transitions),
	format('COMMENT ON TRIGGER synthese_%s ON %I IS %L', nom, t, 'Note pour synthese les contrats ' || quoi)
FROM unnest('{contrat,titulaire,modification,titulaire_modification,acte_sous_traitance,modification_acte,donnee_execution,tarif}'::text[]) AS t,
	(VALUES ('ajout', 'INSERT', 'REFERENCING NEW TABLE AS apres', 'ajoutés ou complétés'),
		('changement', 'UPDATE', 'REFERENCING OLD TABLE AS avant NEW TABLE AS apres', 'changés'),
		('retrait', 'DELETE', 'REFERENCING OLD TABLE AS avant', 'retirés ou diminués'),
		('vidage', 'TRUNCATE', '', 'tous, la table étant vidée')) AS o (nom, op, transitions, quoi) \gexec

-- Contracts that a register may have changed are counted again at the next refresh:
-- its triggers note them, this finds those that they did not see
CREATE FUNCTION noter_registres() RETURNS void LANGUAGE SQL VOLATILE SET search_path FROM CURRENT
BEGIN ATOMIC
	INSERT INTO synthese_a_refaire
	SELECT f.contrat_id FROM fait AS f JOIN fait_actuel AS e USING (contrat_id) WHERE e IS DISTINCT FROM f;
END;
COMMENT ON FUNCTION noter_registres() IS
	'Note les contrats dont les registres disent autre chose qu''au dernier rafraîchissement : à appeler s''ils ont changé sans que leurs déclencheurs le voient, avant rafraichir_synthese()';
\ir synthese_registres.sql

-- ---- Refresh

-- The notes are taken and the contracts read in one snapshot: of a load that
-- ends meanwhile everything is seen, notes and contracts, or nothing.
CREATE FUNCTION synthese_relever(OUT contrats bigint) LANGUAGE SQL VOLATILE
BEGIN ATOMIC
	WITH pris AS (
		-- A note that a table was emptied is for a full count, that takes all notes
		DELETE FROM synthese_a_refaire WHERE contrat_id IS NOT NULL RETURNING contrat_id
	), touche AS (
		SELECT contrat_id FROM pris
		-- And the frameworks that they name, or named
		UNION SELECT c.accord_cadre_id FROM pris JOIN contrat AS c USING (contrat_id)
		UNION SELECT f.accord_cadre_id FROM pris JOIN fait AS f USING (contrat_id)
	), avant AS MATERIALIZED (
		SELECT f.* FROM touche JOIN fait AS f USING (contrat_id)
	), apres AS MATERIALIZED (
		-- Each through the indexes, however many the planner expects
		SELECT f.* FROM touche CROSS JOIN LATERAL (SELECT * FROM fait_actuel AS a WHERE a.contrat_id = touche.contrat_id OFFSET 0) AS f
	)
	INSERT INTO synthese_variation (sens, :faits)
	SELECT -1, avant.* FROM avant LEFT JOIN apres USING (contrat_id) WHERE apres IS DISTINCT FROM avant
	UNION ALL
	SELECT 1, apres.* FROM apres LEFT JOIN avant USING (contrat_id) WHERE apres IS DISTINCT FROM avant;
	DELETE FROM fait USING synthese_variation AS v WHERE v.contrat_id = fait.contrat_id AND v.sens < 0;
	INSERT INTO fait (:faits) SELECT :faits FROM synthese_variation WHERE sens > 0;
	SELECT count(DISTINCT contrat_id) FROM synthese_variation;
END;
COMMENT ON FUNCTION synthese_relever() IS 'Première étape d''un rafraîchissement : les contrats notés dont les faits ont changé';

CREATE FUNCTION synthese_situer(tous boolean) RETURNS void LANGUAGE SQL VOLATILE
BEGIN ATOMIC
	INSERT INTO acheteur_releve AS r (siren, champ, valeur, contrats)
	SELECT acheteur_siren, champ, valeur, sum(sens)
	FROM (
		SELECT sens, acheteur_siren, acheteur_nom, departement_execution FROM synthese_variation
		UNION ALL
		SELECT 1, acheteur_siren, acheteur_nom, departement_execution FROM fait WHERE tous
	) AS f
	CROSS JOIN LATERAL (VALUES ('nom', acheteur_nom), ('departement', departement_execution)) AS dit (champ, valeur)
	WHERE acheteur_siren IS NOT NULL AND valeur IS NOT NULL
	GROUP BY acheteur_siren, champ, valeur
	HAVING sum(sens) <> 0
	ON CONFLICT (siren, champ, valeur) DO UPDATE SET contrats = r.contrats + excluded.contrats;
	DELETE FROM acheteur_releve WHERE contrats = 0;

	INSERT INTO synthese_acheteur (siren)
	SELECT acheteur_siren FROM synthese_variation WHERE acheteur_siren IS NOT NULL
	UNION
	SELECT acheteur_siren FROM fait WHERE tous AND acheteur_siren IS NOT NULL
	ON CONFLICT (siren) DO NOTHING;
	INSERT INTO acheteur AS a (siren, nom_contrats, departement_lieux)
	SELECT siren,
		(SELECT valeur FROM acheteur_releve AS r WHERE r.siren = s.siren AND champ = 'nom'
			ORDER BY contrats DESC, valeur LIMIT 1),
		(SELECT valeur FROM acheteur_releve AS r WHERE r.siren = s.siren AND champ = 'departement'
			ORDER BY contrats DESC, valeur LIMIT 1)
	FROM synthese_acheteur AS s
	WHERE tous OR siren IN (SELECT acheteur_siren FROM synthese_variation)
		OR NOT EXISTS (SELECT FROM acheteur WHERE acheteur.siren = s.siren)
	ON CONFLICT (siren) DO UPDATE SET nom_contrats = excluded.nom_contrats, departement_lieux = excluded.departement_lieux
	WHERE (a.nom_contrats, a.departement_lieux) IS DISTINCT FROM (excluded.nom_contrats, excluded.departement_lieux);
	UPDATE synthese_acheteur AS s SET nouveau = a.departement
	FROM acheteur AS a WHERE a.siren = s.siren AND a.departement IS DISTINCT FROM s.nouveau;
END;
COMMENT ON FUNCTION synthese_situer(boolean) IS
	'Deuxième étape d''un rafraîchissement : nom et département des acheteurs dont un contrat a changé, ou de tous';

CREATE FUNCTION synthese_appliquer(OUT cellules bigint) LANGUAGE SQL VOLATILE
BEGIN ATOMIC
	WITH variation AS MATERIALIZED (
		SELECT niveau, code, periode, sum(sens * contrats) AS contrats, sum(contrats) AS attente, :etats_variations
		FROM (
			SELECT sens, niveau, code, periode, contrats, :etats FROM synthese_ecart
			UNION ALL
			-- All that a buyer had leaves the département where it was counted
			SELECT d.sens, replace(s.niveau, 'acheteur', 'departement'), d.departement, s.periode, s.contrats, :etats
			FROM synthese_acheteur AS a
			-- OFFSET: cell by cell, however many buyers the planner expects
			CROSS JOIN LATERAL (SELECT * FROM synthese AS c
				WHERE c.code = a.siren AND c.niveau IN ('acheteur_mois', 'acheteur_annee') OFFSET 0) AS s
			CROSS JOIN LATERAL (VALUES (-1, a.departement), (1, a.nouveau)) AS d (sens, departement)
			WHERE a.departement IS DISTINCT FROM a.nouveau
		) AS v
		GROUP BY niveau, code, periode
	), ecrite AS (
		-- A new cell stands as it comes, what leaves it again beside it
		INSERT INTO synthese_cellule AS c (niveau, code, periode, contrats, attente, :etats_cibles)
		SELECT niveau, code, periode, contrats, attente, :etats_valeurs
		FROM variation
		WHERE :etats_changent
		ON CONFLICT (code, periode, niveau) DO UPDATE SET
			contrats = c.contrats + excluded.contrats,
			attente = CASE WHEN :entiere THEN 0 ELSE c.attente + excluded.attente END,
			calculee_le = excluded.calculee_le,
			:etats_ecrits
		RETURNING 1
	)
	SELECT count(*) FROM ecrite;
END;
COMMENT ON FUNCTION synthese_appliquer() IS
	'Troisième étape d''un rafraîchissement : ajoute à chaque cellule ce qu''elle gagne, en retire ce qu''elle perd';

CREATE FUNCTION synthese_remplir(OUT contrats bigint, OUT cellules bigint) LANGUAGE SQL VOLATILE
BEGIN ATOMIC
	WITH pris AS (
		DELETE FROM synthese_a_refaire
	)
	-- In the order that questions are asked in: the rows of a year, and in it of a
	-- buyer, stand together, and so does what an aggregate counts of them
	INSERT INTO fait (:faits) SELECT :faits FROM fait_actuel
	ORDER BY date_trunc('year', mois::timestamp), acheteur_siren, mois;
	SELECT synthese_situer(true);
	INSERT INTO synthese_cellule (niveau, code, periode, contrats, :etats)
	SELECT niveau, code, periode, contrats, :etats FROM synthese_calculee;
	SELECT (SELECT count(*) FROM fait), (SELECT count(*) FROM synthese_cellule);
END;
COMMENT ON FUNCTION synthese_remplir() IS 'Remplit les tables de synthese, vidées, depuis les contrats';

CREATE FUNCTION reconstruire_synthese(OUT contrats bigint, OUT cellules bigint, OUT duree interval)
	LANGUAGE plpgsql VOLATILE SET search_path FROM CURRENT SET jit = off
AS $$
DECLARE
	commence timestamptz := clock_timestamp();
BEGIN
	UPDATE synthese_suivi SET rafraichie_le = now();
	LOCK TABLE contrat, titulaire, modification, titulaire_modification, acte_sous_traitance, modification_acte, donnee_execution, tarif IN ACCESS SHARE MODE;
	-- Not TRUNCATE, under which readers wait and then find nothing: as many dead
	-- rows are left as there were live ones, for VACUUM
	DELETE FROM synthese_cellule;
	DELETE FROM fait;
	DELETE FROM acheteur_releve;
	DELETE FROM synthese_acheteur;
	SELECT r.contrats, r.cellules INTO contrats, cellules FROM synthese_remplir() AS r;
	UPDATE acheteur AS a SET nom_contrats = NULL, departement_lieux = NULL
	WHERE (nom_contrats IS NOT NULL OR departement_lieux IS NOT NULL)
		AND NOT EXISTS (SELECT FROM synthese_acheteur AS s WHERE s.siren = a.siren);
	UPDATE synthese_acheteur SET departement = nouveau;
	duree := clock_timestamp() - commence;
END
$$;
COMMENT ON FUNCTION reconstruire_synthese() IS
	'Recompte toute la synthèse depuis les contrats. Rend le nombre de contrats, de cellules, la durée';

CREATE FUNCTION rafraichir_synthese(OUT contrats bigint, OUT cellules bigint, OUT duree interval)
	LANGUAGE plpgsql VOLATILE SET search_path FROM CURRENT SET jit = off
AS $$
DECLARE
	commence timestamptz := clock_timestamp();
	tout boolean;
BEGIN
	-- Whoever refreshes waits here for whoever does; readers do not
	UPDATE synthese_suivi SET rafraichie_le = now();
	-- Nor is a table emptied from the look at the notes to the count
	LOCK TABLE contrat, titulaire, modification, titulaire_modification, acte_sous_traitance, modification_acte, donnee_execution, tarif IN ACCESS SHARE MODE;
	-- A table was emptied, or so much has changed that counting anew is faster
	SELECT bool_or(contrat_id IS NULL) OR count(DISTINCT contrat_id) >
			(SELECT coalesce(sum(s.contrats), 0) FROM synthese_annee AS s) / 2
	INTO tout FROM synthese_a_refaire;
	IF tout THEN
		SELECT r.contrats, r.cellules INTO contrats, cellules FROM reconstruire_synthese() AS r;
	ELSE
		contrats := synthese_relever();
		PERFORM synthese_situer(false);
		cellules := synthese_appliquer();
		DELETE FROM synthese_cellule AS c WHERE c.contrats = 0;
		DELETE FROM synthese_variation;
		UPDATE synthese_acheteur SET departement = nouveau WHERE departement IS DISTINCT FROM nouveau;
	END IF;
	duree := clock_timestamp() - commence;
END
$$;
COMMENT ON FUNCTION rafraichir_synthese() IS
	'Met la synthèse à jour de tout ce qui a changé depuis le dernier rafraîchissement. Rend le nombre de contrats dont les faits ont changé, de cellules écrites, la durée';

-- ---- First fill, and rights

SELECT format('ALTER TABLE synthese_cellule ALTER %I SET STATISTICS 0', attname) FROM pg_attribute
WHERE attrelid = 'synthese_cellule'::regclass AND attnum > 6 \gexec
\o /dev/null
SELECT * FROM reconstruire_synthese();
\o
ANALYZE fait, acheteur, acheteur_releve, synthese_acheteur, synthese_cellule;
SELECT format('GRANT INSERT ON synthese_a_refaire TO %s', qui)
FROM (SELECT DISTINCT coalesce(quote_ident(rolname), 'PUBLIC') AS qui
	FROM (
			SELECT oid, relowner, relacl AS acl FROM pg_class
			UNION ALL
			SELECT attrelid, relowner, attacl FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
		) AS c, aclexplode(acl) AS droit LEFT JOIN pg_roles AS r ON r.oid = droit.grantee
	WHERE c.oid IN ('contrat'::regclass, 'titulaire'::regclass, 'modification'::regclass, 'titulaire_modification'::regclass,
			'acte_sous_traitance'::regclass, 'modification_acte'::regclass, 'donnee_execution'::regclass, 'tarif'::regclass)
		AND privilege_type IN ('INSERT', 'UPDATE', 'DELETE', 'TRUNCATE') AND droit.grantee <> relowner) AS d \gexec
SELECT format('GRANT SELECT ON %s TO %s', tables, coalesce(quote_ident(rolname), 'PUBLIC'))
FROM pg_class
CROSS JOIN LATERAL aclexplode(relacl) AS droit LEFT JOIN pg_roles AS r ON r.oid = droit.grantee,
	(SELECT 'fait, fait_actuel, synthese_etat, acheteur, acheteur_releve, synthese_suivi, synthese, synthese_cellule'
		|| string_agg(format(', synthese_%1$s, synthese_cellule_%1$s', nom), '') AS tables FROM pg_temp.niveau) AS t
WHERE pg_class.oid = 'contrat'::regclass AND privilege_type = 'SELECT' AND droit.grantee <> relowner \gexec
COMMIT;
