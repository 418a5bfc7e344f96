-- referentiels.sql: the registers about holders and places, and what compares
-- contracts with them.
--
--   psql -v schema=decp -f referentiels.sql
--       after tables.sql. It refuses a schema where they stand already.
--   psql -v schema=decp -v registre=sirene_unites -v fichier=... -f charger_referentiel.sql
--       fills one of them; docs/referentiels.md says from which public file.
--
-- No contract depends on them: an empty register makes facts unknown, never no.
\set ON_ERROR_STOP on
\set QUIET on
\if :{?schema}
\else
\set schema decp
\endif

BEGIN;
SET LOCAL client_min_messages = warning;
SELECT set_config('search_path', quote_ident(:'schema') || ', spaser', true) \g /dev/null

CREATE TABLE referentiel (
	registre text COLLATE "C" PRIMARY KEY,
	fichier text NOT NULL,
	source_publique text NOT NULL,
	date_source date,
	lignes bigint NOT NULL CHECK (lignes = retenues + ecartees),
	retenues bigint NOT NULL,
	ecartees bigint NOT NULL,
	manquants bigint,
	charge_le timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE referentiel IS 'Registres chargés : de quel fichier, de quelle date, combien de lignes';
COMMENT ON COLUMN referentiel.registre IS 'Registre, tel que charger_referentiel.sql le nomme';
COMMENT ON COLUMN referentiel.fichier IS 'Fichier, tel que donné au chargement';
COMMENT ON COLUMN referentiel.source_publique IS 'D''où le fichier se télécharge';
COMMENT ON COLUMN referentiel.date_source IS 'Date du fichier : donnée, sinon lue dans son nom';
COMMENT ON COLUMN referentiel.lignes IS 'Lignes du fichier, en-tête non compris = retenues + écartées';
COMMENT ON COLUMN referentiel.retenues IS 'Lignes gardées';
COMMENT ON COLUMN referentiel.ecartees IS 'Lignes laissées : hors des contrats, sans identifiant, répétées, d''une autre liste';
COMMENT ON COLUMN referentiel.manquants IS 'Identifiants des contrats absents du registre à la fin du chargement (referentiel_manquant)';
COMMENT ON COLUMN referentiel.charge_le IS 'Moment du chargement';

-- ---- Who: SIRENE and the lists of approved structures

CREATE TABLE unite_legale (
	siren text COLLATE "C" PRIMARY KEY CHECK (siren ~ '^[0-9]{9}$'),
	categorie text COLLATE "C" CHECK (categorie IN ('pme', 'eti', 'ge')),
	tranche_effectifs text COLLATE "C" CHECK (tranche_effectifs ~ '^(NN|[0-9]{2})$'),
	ess boolean,
	societe_mission boolean,
	categorie_juridique text COLLATE "C" CHECK (categorie_juridique ~ '^[0-9]{4}$')
);
COMMENT ON TABLE unite_legale IS 'Unités légales de SIRENE que les contrats nomment ; état du fichier chargé, sans historique';
COMMENT ON COLUMN unite_legale.siren IS 'SIREN';
COMMENT ON COLUMN unite_legale.categorie IS 'Catégorie de l''entreprise (groupe) : pme, eti, ge ; NULL = inconnue';
COMMENT ON COLUMN unite_legale.tranche_effectifs IS 'Tranche d''effectifs salariés : 00 à 53 ; NN = non employeuse ou non renseignée';
COMMENT ON COLUMN unite_legale.ess IS 'Économie sociale et solidaire ; NULL = inconnu';
COMMENT ON COLUMN unite_legale.societe_mission IS 'Société à mission ; NULL = inconnu';
COMMENT ON COLUMN unite_legale.categorie_juridique IS 'Catégorie juridique (niveau III, 4 chiffres)';

CREATE TABLE etablissement (
	siret text COLLATE "C" PRIMARY KEY CHECK (siret ~ '^[0-9]{14}$'),
	siren text COLLATE "C" NOT NULL CHECK (siren = left(siret, 9)),
	code_commune text COLLATE "C" CHECK (code_commune ~ '^([0-9]{2}|2[AB])[0-9]{3}$'),
	latitude double precision CHECK (latitude BETWEEN -90 AND 90),
	longitude double precision CHECK (longitude BETWEEN -180 AND 180),
	ouvert_depuis date,
	ferme_depuis date,
	CHECK ((latitude IS NULL) = (longitude IS NULL))
);
CREATE INDEX etablissement_siren ON etablissement (siren);
COMMENT ON TABLE etablissement IS 'Établissements de SIRENE que les contrats nomment : où ils sont, depuis quand';
COMMENT ON COLUMN etablissement.siret IS 'SIRET';
COMMENT ON COLUMN etablissement.siren IS 'SIREN de son unité légale';
COMMENT ON COLUMN etablissement.code_commune IS 'Code officiel géographique de sa commune ou de son arrondissement municipal';
COMMENT ON COLUMN etablissement.latitude IS 'Latitude en degrés (WGS 84)';
COMMENT ON COLUMN etablissement.longitude IS 'Longitude en degrés (WGS 84)';
COMMENT ON COLUMN etablissement.ouvert_depuis IS 'Date de création';
COMMENT ON COLUMN etablissement.ferme_depuis IS 'Date de fermeture ; NULL = ouvert, ou inconnue';
COMMENT ON INDEX etablissement_siren IS 'Établissements d''une unité légale';

CREATE TABLE liste_agrement (
	liste text COLLATE "C" PRIMARY KEY CHECK (liste IN ('esus', 'siae', 'ea', 'esat')),
	complete_depuis date,
	complete_jusque date CHECK (complete_jusque >= complete_depuis),
	source text NOT NULL,
	date_source date,
	CHECK (complete_depuis IS NOT NULL OR complete_jusque IS NULL)
);
COMMENT ON TABLE liste_agrement IS 'Listes de structures agréées, et entre quelles dates chacune est déclarée complète';
COMMENT ON COLUMN liste_agrement.liste IS 'esus, siae (insertion), ea (entreprises adaptées) ou esat';
COMMENT ON COLUMN liste_agrement.complete_depuis IS 'La liste est déclarée complète à partir de cette date ; NULL = jamais : l''absence n''y dit rien';
COMMENT ON COLUMN liste_agrement.complete_jusque IS 'La liste est déclarée complète jusqu''à cette date comprise ; NULL = sans fin';
COMMENT ON COLUMN liste_agrement.source IS 'D''où vient la liste';
COMMENT ON COLUMN liste_agrement.date_source IS 'Date du fichier';

CREATE TABLE agrement (
	liste text COLLATE "C" NOT NULL REFERENCES liste_agrement,
	siren text COLLATE "C" NOT NULL CHECK (siren ~ '^[0-9]{9}$'),
	siret text COLLATE "C" CHECK (siret ~ '^[0-9]{14}$' AND left(siret, 9) = siren),
	depuis date,
	jusque date CHECK (jusque >= depuis),
	nom text
);
CREATE INDEX agrement_siren ON agrement (siren, liste);
COMMENT ON TABLE agrement IS 'Structures agréées, chacune entre deux dates';
COMMENT ON COLUMN agrement.liste IS 'Liste : esus, siae, ea ou esat';
COMMENT ON COLUMN agrement.siren IS 'SIREN de la structure';
COMMENT ON COLUMN agrement.siret IS 'SIRET, si l''agrément est celui d''un établissement ; NULL = toute l''unité légale';
COMMENT ON COLUMN agrement.depuis IS 'Premier jour de l''agrément ; NULL = inconnu, depuis toujours';
COMMENT ON COLUMN agrement.jusque IS 'Dernier jour de l''agrément, compris ; NULL = sans fin connue';
COMMENT ON COLUMN agrement.nom IS 'Nom de la structure dans la liste';
COMMENT ON INDEX agrement_siren IS 'Agréments d''une structure';

-- ---- Where: the official geographic code (COG)

CREATE TABLE region (
	code text COLLATE "C" PRIMARY KEY,
	nom text NOT NULL
);
COMMENT ON TABLE region IS 'Régions (COG)';
COMMENT ON COLUMN region.code IS 'Code de la région';
COMMENT ON COLUMN region.nom IS 'Nom de la région';

CREATE TABLE departement (
	code text COLLATE "C" PRIMARY KEY,
	nom text NOT NULL,
	region text COLLATE "C"
);
COMMENT ON TABLE departement IS 'Départements (COG)';
COMMENT ON COLUMN departement.code IS 'Code du département';
COMMENT ON COLUMN departement.nom IS 'Nom du département';
COMMENT ON COLUMN departement.region IS 'Code de sa région';

CREATE TABLE commune (
	code text COLLATE "C" PRIMARY KEY CHECK (code ~ '^([0-9]{2}|2[AB])[0-9]{3}$'),
	nom text,
	epci text COLLATE "C" CHECK (epci ~ '^[0-9]{9}$'),
	departement text COLLATE "C",
	region text COLLATE "C"
);
COMMENT ON TABLE commune IS 'Communes (COG), et ce qui les contient';
COMMENT ON COLUMN commune.code IS 'Code de la commune, ou de l''arrondissement municipal';
COMMENT ON COLUMN commune.nom IS 'Nom de la commune';
COMMENT ON COLUMN commune.epci IS 'SIREN de l''intercommunalité à fiscalité propre ; NULL = aucune, ou inconnue';
COMMENT ON COLUMN commune.departement IS 'Code de son département';
COMMENT ON COLUMN commune.region IS 'Code de sa région';

CREATE TABLE commune_ancienne (
	ancien text COLLATE "C" PRIMARY KEY,
	code text COLLATE "C" NOT NULL CHECK (code <> ancien),
	date date
);
COMMENT ON TABLE commune_ancienne IS 'Codes de communes qui n''existent plus, et la commune d''aujourd''hui';
COMMENT ON COLUMN commune_ancienne.ancien IS 'Code disparu';
COMMENT ON COLUMN commune_ancienne.code IS 'Code de la commune qui a pris sa suite';
COMMENT ON COLUMN commune_ancienne.date IS 'Date du changement, si le fichier la dit';

CREATE TABLE cpv (
	code text COLLATE "C" PRIMARY KEY CHECK (code ~ '^[0-9]{8}$'),
	libelle text NOT NULL
);
COMMENT ON TABLE cpv IS 'Vocabulaire commun pour les marchés publics (CPV 2008)';
COMMENT ON COLUMN cpv.code IS 'Code de 8 chiffres, sans clé de contrôle';
COMMENT ON COLUMN cpv.libelle IS 'Libellé français';

-- commune_entiere(code)
--   the commune of a code of SIRENE, which writes the arrondissements of Paris, Lyon
--   and Marseille as communes; any other code as it is. NULL gives NULL.
CREATE FUNCTION commune_entiere(code text) RETURNS text
	LANGUAGE SQL IMMUTABLE PARALLEL SAFE
	RETURN CASE
		WHEN code BETWEEN '75101' AND '75120' THEN '75056'
		WHEN code BETWEEN '69381' AND '69389' THEN '69123'
		WHEN code BETWEEN '13201' AND '13216' THEN '13055'
		ELSE code END;
COMMENT ON FUNCTION commune_entiere(text) IS 'Commune d''un code de commune ou d''arrondissement municipal';

-- commune_actuelle(code)
--   the commune of today that a code of commune names: that of commune_ancienne
--   for a code that has gone, Paris, Lyon and Marseille for their
--   arrondissements, which SIRENE writes as communes; otherwise the code itself.
--   NULL gives NULL. Source: COG of INSEE.
CREATE FUNCTION commune_actuelle(code text) RETURNS text
	LANGUAGE SQL STABLE PARALLEL SAFE
	SET search_path FROM CURRENT
AS $$
	SELECT commune_entiere(coalesce((SELECT a.code FROM commune_ancienne AS a WHERE a.ancien = $1), $1)) COLLATE "C"
$$;
COMMENT ON FUNCTION commune_actuelle(text) IS 'Commune d''aujourd''hui pour un code ancien ou d''arrondissement municipal';

-- agree_au(liste, siren, siret, jour)
--   does the structure hold the approval on that day?
--   siren, siret  of the structure; an approval of an establishment needs that
--                 SIRET, one of a legal unit its SIREN only
--   jour          NULL: unknown, unless an approval without dates decides
--   true: yes. false: the list is declared complete on that day, and the
--   structure is not in it. NULL: nobody knows (lectures: such lists give a
--   minimum only).
CREATE FUNCTION agree_au(liste text, siren text, siret text, jour date) RETURNS boolean
	LANGUAGE SQL STABLE PARALLEL SAFE
	SET search_path FROM CURRENT
AS $$
	SELECT CASE
		WHEN $2 IS NULL THEN NULL
		WHEN EXISTS (SELECT FROM agrement AS a WHERE a.siren = $2 AND a.liste = $1 AND (a.siret IS NULL OR a.siret = $3)
			AND (a.depuis IS NULL OR a.depuis <= $4) AND (a.jusque IS NULL OR a.jusque >= $4)) THEN true
		WHEN EXISTS (SELECT FROM liste_agrement AS l WHERE l.liste = $1
			AND l.complete_depuis <= $4 AND (l.complete_jusque IS NULL OR l.complete_jusque >= $4)) THEN false
		END
$$;
COMMENT ON FUNCTION agree_au(text, text, text, date) IS 'La structure est-elle agréée ce jour-là ? NULL : la liste ne permet pas de dire non';

-- distance_km(lat1, lon1, lat2, lon2)
--   the distance between two points of the globe, in kilometres: great circle,
--   haversine, R = 6371.0 km. Degrees; NULL where one is NULL.
--   Source: indicateurs 5.3, L05.
CREATE FUNCTION distance_km(lat1 double precision, lon1 double precision, lat2 double precision, lon2 double precision)
	RETURNS double precision
	LANGUAGE SQL IMMUTABLE PARALLEL SAFE
	-- Not STRICT, which would keep it from being written into a query: least() of NULL is not NULL
	RETURN CASE WHEN lat1 + lon1 + lat2 + lon2 IS NOT NULL THEN 2 * 6371.0::double precision * asin(least(1, sqrt(
		power(sind((lat2 - lat1) / 2), 2) + cosd(lat1) * cosd(lat2) * power(sind((lon2 - lon1) / 2), 2)))) END;
COMMENT ON FUNCTION distance_km(double precision, double precision, double precision, double precision) IS
	'Distance en kilomètres entre deux points (degrés), à vol d''oiseau (haversine, R = 6371,0 km)';

-- ---- What contracts name, and what no register knows of it

CREATE VIEW siren_des_contrats AS
SELECT siren FROM titulaire WHERE siren IS NOT NULL
UNION SELECT siren FROM titulaire_modification WHERE siren IS NOT NULL
UNION SELECT sous_traitant_siren FROM acte_sous_traitance WHERE sous_traitant_siren IS NOT NULL
UNION SELECT acheteur_siren FROM contrat WHERE acheteur_siren IS NOT NULL;
COMMENT ON VIEW siren_des_contrats IS 'SIREN que les contrats nomment : acheteurs, titulaires d''origine et d''après, sous-traitants';
COMMENT ON COLUMN siren_des_contrats.siren IS 'SIREN';

CREATE VIEW siret_des_contrats AS
SELECT identifiant AS siret FROM titulaire WHERE siren IS NOT NULL AND identifiant ~ '^[0-9]{14}$'
UNION SELECT identifiant FROM titulaire_modification WHERE siren IS NOT NULL AND identifiant ~ '^[0-9]{14}$'
UNION SELECT sous_traitant_identifiant FROM acte_sous_traitance
	WHERE sous_traitant_siren IS NOT NULL AND sous_traitant_identifiant ~ '^[0-9]{14}$'
UNION SELECT acheteur_id FROM contrat WHERE acheteur_siren IS NOT NULL AND acheteur_id ~ '^[0-9]{14}$';
COMMENT ON VIEW siret_des_contrats IS 'SIRET que les contrats nomment : acheteurs, titulaires d''origine et d''après, sous-traitants';
COMMENT ON COLUMN siret_des_contrats.siret IS 'SIRET';

CREATE VIEW referentiel_manquant AS
SELECT m.registre, m.nommes, m.manquants, r.manquants AS manquants_au_chargement, r.charge_le,
	m.manquants > coalesce(r.manquants, 0) AS a_recharger
FROM (
	SELECT 'sirene_unites' AS registre, count(*) AS nommes, count(*) FILTER (WHERE u.siren IS NULL) AS manquants
	FROM siren_des_contrats AS c LEFT JOIN unite_legale AS u USING (siren)
	UNION ALL
	SELECT 'sirene_etablissements', count(*), count(*) FILTER (WHERE e.siret IS NULL)
	FROM siret_des_contrats AS c LEFT JOIN etablissement AS e USING (siret)
	UNION ALL
	SELECT 'cog_communes', count(*), count(*) FILTER (WHERE c.code IS NULL)
	FROM (SELECT DISTINCT commune_actuelle(code_commune) AS code FROM etablissement WHERE code_commune IS NOT NULL) AS e
		LEFT JOIN commune AS c USING (code)
	UNION ALL
	SELECT 'cpv', count(*), count(*) FILTER (WHERE v.code IS NULL)
	FROM (SELECT DISTINCT code_cpv AS code FROM contrat WHERE code_cpv IS NOT NULL) AS c LEFT JOIN cpv AS v USING (code)
) AS m
LEFT JOIN referentiel AS r USING (registre);
COMMENT ON VIEW referentiel_manquant IS 'Ce que les contrats nomment et que les registres n''ont pas : s''il y en a plus qu''au dernier chargement du registre, le recharger';
COMMENT ON COLUMN referentiel_manquant.registre IS 'Registre';
COMMENT ON COLUMN referentiel_manquant.nommes IS 'SIREN, SIRET, communes ou codes CPV distincts que les contrats nomment';
COMMENT ON COLUMN referentiel_manquant.manquants IS 'Parmi eux, absents du registre';
COMMENT ON COLUMN referentiel_manquant.manquants_au_chargement IS 'Absents déjà quand le registre fut chargé : inconnus du fichier lui-même';
COMMENT ON COLUMN referentiel_manquant.charge_le IS 'Dernier chargement du registre ; NULL = jamais';
COMMENT ON COLUMN referentiel_manquant.a_recharger IS 'Des contrats chargés depuis nomment ce que le registre n''a pas';

-- Temporary tables of a load exist during a load only
SET LOCAL check_function_bodies = off;
\ir referentiels_lecture.sql
\ir referentiels_versement.sql
\ir referentiels_remplacement.sql

COMMIT;
