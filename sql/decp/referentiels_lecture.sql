-- referentiels_lecture.sql: which columns of which file are which fields of a
-- register, and how their values are read. Part of referentiels.sql, in its
-- transaction and its schema.
--
-- A file with other names of columns: say them, then load.
--
--   INSERT INTO decp.colonne_referentiel (registre, champ, colonne)
--   VALUES ('esus', 'siren', 'N° SIREN de la structure');

CREATE TABLE champ_referentiel (
	registre text COLLATE "C",
	champ text COLLATE "C",
	rang integer NOT NULL,
	besoin text NOT NULL CHECK (besoin IN ('obligatoire', 'un_au_moins', 'facultatif')),
	PRIMARY KEY (registre, champ),
	UNIQUE (registre, rang)
);
COMMENT ON TABLE champ_referentiel IS 'Champs que l''on lit dans le fichier d''un registre';
COMMENT ON COLUMN champ_referentiel.registre IS 'Registre';
COMMENT ON COLUMN champ_referentiel.champ IS 'Champ';
COMMENT ON COLUMN champ_referentiel.rang IS 'Rang du champ ; 1 : le champ qui dit si la ligne concerne les contrats';
COMMENT ON COLUMN champ_referentiel.besoin IS 'obligatoire, un_au_moins (de ceux du registre qui le sont aussi) ou facultatif';

CREATE TABLE colonne_referentiel (
	registre text COLLATE "C",
	champ text COLLATE "C" NOT NULL,
	colonne text CHECK (nom_plie(colonne) <> ''),
	priorite integer NOT NULL DEFAULT 0,
	PRIMARY KEY (registre, colonne),
	FOREIGN KEY (registre, champ) REFERENCES champ_referentiel
);
CREATE UNIQUE INDEX colonne_referentiel_plie ON colonne_referentiel (registre, nom_plie(colonne));
COMMENT ON TABLE colonne_referentiel IS 'Noms de colonnes sous lesquels les fichiers publient les champs des registres ; chacun peut y ajouter les siens';
COMMENT ON COLUMN colonne_referentiel.registre IS 'Registre';
COMMENT ON COLUMN colonne_referentiel.champ IS 'Champ du registre';
COMMENT ON COLUMN colonne_referentiel.colonne IS 'Nom de la colonne ; casse, accents et ponctuation n''y comptent pas';
COMMENT ON COLUMN colonne_referentiel.priorite IS 'Si le fichier a plusieurs colonnes pour ce champ, la plus petite est lue';
COMMENT ON INDEX colonne_referentiel_plie IS 'Une colonne n''a qu''un sens par registre';

-- Where files have several columns for a field, the first named here is read
CREATE TEMP TABLE connu (registre, rang, champ, besoin, colonnes) ON COMMIT DROP AS VALUES
	('sirene_unites', 1, 'siren', 'obligatoire', ARRAY['siren', 'sirenUniteLegale']),
	('sirene_unites', 2, 'categorie', 'un_au_moins', ARRAY['categorieEntreprise', 'categorie_entreprise', 'categorie']),
	('sirene_unites', 3, 'tranche_effectifs', 'un_au_moins', ARRAY['trancheEffectifsUniteLegale', 'tranche_effectifs', 'tranche_effectif_salarie']),
	('sirene_unites', 4, 'ess', 'un_au_moins', ARRAY['economieSocialeSolidaireUniteLegale', 'flag_ess_sirene', 'est_ess', 'ess']),
	('sirene_unites', 5, 'societe_mission', 'un_au_moins', ARRAY['societeMissionUniteLegale', 'societe_mission', 'est_societe_mission']),
	('sirene_unites', 6, 'categorie_juridique', 'un_au_moins', ARRAY['categorieJuridiqueUniteLegale', 'categorie_juridique', 'nature_juridique']),
	('sirene_etablissements', 1, 'siret', 'obligatoire', ARRAY['siret', 'siretEtablissement']),
	('sirene_etablissements', 2, 'code_commune', 'un_au_moins', ARRAY['codeCommuneEtablissement', 'plg_code_commune', 'code_commune', 'commune_code']),
	('sirene_etablissements', 3, 'latitude', 'un_au_moins', ARRAY['y_latitude', 'latitude', 'lat']),
	('sirene_etablissements', 4, 'longitude', 'un_au_moins', ARRAY['x_longitude', 'longitude', 'lon', 'long']),
	('sirene_etablissements', 5, 'abscisse', 'un_au_moins', ARRAY['coordonneeLambertAbscisseEtablissement']),
	('sirene_etablissements', 6, 'ordonnee', 'un_au_moins', ARRAY['coordonneeLambertOrdonneeEtablissement']),
	('sirene_etablissements', 7, 'ouvert_depuis', 'un_au_moins', ARRAY['dateCreationEtablissement', 'date_creation']),
	('sirene_etablissements', 8, 'etat', 'facultatif', ARRAY['etatAdministratifEtablissement', 'etat_administratif']),
	('sirene_etablissements', 9, 'etat_depuis', 'facultatif', ARRAY['dateDebut', 'dateFermetureEtablissement', 'date_fermeture']),
	('cog_communes', 1, 'code', 'obligatoire', ARRAY['COM', 'CODGEO', 'commune_code', 'code_commune', 'code_insee', 'Code_commune_INSEE', 'COG', 'code']),
	('cog_communes', 2, 'nom', 'un_au_moins', ARRAY['LIBELLE', 'LIBGEO', 'commune_nom', 'nom_commune', 'Nom_de_la_commune', 'nom']),
	('cog_communes', 3, 'epci', 'un_au_moins', ARRAY['EPCI', 'epci_code', 'code_epci', 'siren_epci']),
	('cog_communes', 4, 'departement', 'un_au_moins', ARRAY['DEP', 'departement_code', 'code_departement']),
	('cog_communes', 5, 'region', 'un_au_moins', ARRAY['REG', 'region_code', 'code_region']),
	('cog_communes', 6, 'type', 'facultatif', ARRAY['TYPECOM']),
	('cog_anciennes', 1, 'ancien', 'obligatoire', ARRAY['COM_AV', 'code_insee', 'ancien_code', 'ancien']),
	('cog_anciennes', 2, 'code', 'obligatoire', ARRAY['COM_AP', 'code_insee_2026', 'nouveau_code', 'code_actuel', 'code']),
	('cog_anciennes', 3, 'date', 'facultatif', ARRAY['DATE_EFF', 'date_effet', 'date']),
	('cog_anciennes', 4, 'evenement', 'facultatif', ARRAY['MOD']),
	('cog_anciennes', 5, 'type_avant', 'facultatif', ARRAY['TYPECOM_AV']),
	('cog_anciennes', 6, 'type_apres', 'facultatif', ARRAY['TYPECOM_AP']),
	('cog_departements', 1, 'code', 'obligatoire', ARRAY['DEP', 'departement_code', 'code_departement', 'COG', 'code']),
	('cog_departements', 2, 'nom', 'obligatoire', ARRAY['LIBELLE', 'departement_nom', 'nom_departement', 'nom']),
	('cog_departements', 3, 'region', 'facultatif', ARRAY['REG', 'region_code', 'code_region']),
	('cog_regions', 1, 'code', 'obligatoire', ARRAY['REG', 'region_code', 'code_region', 'COG', 'code']),
	('cog_regions', 2, 'nom', 'obligatoire', ARRAY['LIBELLE', 'region_nom', 'nom_region', 'nom']),
	('cpv', 1, 'code', 'obligatoire', ARRAY['CODE', 'code_cpv', 'codeCPV', 'cpv']),
	('cpv', 2, 'libelle', 'obligatoire', ARRAY['FR', 'libelle', 'libelle_fr', 'label', 'description']);
INSERT INTO connu
SELECT liste, rang, champ, besoin, colonnes
FROM unnest(ARRAY['esus', 'siae', 'ea', 'esat']) AS liste,
	(VALUES
		(1, 'siret', 'un_au_moins', ARRAY['siret', 'ET-SIRET', 'numero_siret', 'N° SIRET', 'siret_etablissement', 'siret_siege']),
		(2, 'siren', 'un_au_moins', ARRAY['siren', 'numero_siren', 'N° SIREN']),
		(3, 'depuis', 'facultatif', ARRAY['depuis', 'date_debut', 'date_agrement', 'debut_agrement', 'date de l''agrément', 'date de début d''agrément', 'date de début de l''agrément', 'date de décision', 'date de délivrance']),
		(4, 'jusque', 'facultatif', ARRAY['jusque', 'date_fin', 'fin_agrement', 'date de fin d''agrément', 'date de fin de l''agrément', 'date de fin de validité', 'date d''échéance', 'échéance']),
		(5, 'nom', 'facultatif', ARRAY['ET-Raison sociale', 'raison sociale', 'name', 'nom', 'dénomination', 'dénomination sociale', 'nom de la structure', 'structure']),
		(6, 'genre', 'facultatif', ARRAY['kind', 'type de structure'])) AS c (rang, champ, besoin, colonnes);
INSERT INTO champ_referentiel (registre, champ, rang, besoin) SELECT registre, champ, rang, besoin FROM connu;
INSERT INTO colonne_referentiel (registre, champ, colonne, priorite)
SELECT DISTINCT ON (registre, nom_plie(colonne)) registre, champ, colonne, priorite
FROM connu, unnest(colonnes) WITH ORDINALITY AS c (colonne, priorite)
ORDER BY registre, nom_plie(colonne), rang, priorite;

-- source_publique(registre): where the file of a register is published; NULL for
-- an unknown one. docs/referentiels.md says what of it is verified.
CREATE FUNCTION source_publique(registre text) RETURNS text
	LANGUAGE SQL IMMUTABLE STRICT PARALLEL SAFE
	RETURN CASE registre
		WHEN 'sirene_unites' THEN 'INSEE, base SIRENE, StockUniteLegale (data.gouv.fr)'
		WHEN 'sirene_etablissements' THEN 'INSEE, base SIRENE, StockEtablissement (data.gouv.fr)'
		WHEN 'cog_communes' THEN 'INSEE, code officiel géographique, communes (insee.fr)'
		WHEN 'cog_anciennes' THEN 'INSEE, code officiel géographique, événements sur les communes (insee.fr)'
		WHEN 'cog_departements' THEN 'INSEE, code officiel géographique, départements (insee.fr)'
		WHEN 'cog_regions' THEN 'INSEE, code officiel géographique, régions (insee.fr)'
		WHEN 'cpv' THEN 'Union européenne, CPV 2008, règlement (CE) n° 213/2008'
		WHEN 'esus' THEN 'Agréments ESUS, liste de la DGEFP'
		WHEN 'siae' THEN 'Structures d''insertion, Marché de l''inclusion'
		WHEN 'ea' THEN 'Entreprises adaptées, Marché de l''inclusion'
		WHEN 'esat' THEN 'ESAT, répertoire FINESS' END;
COMMENT ON FUNCTION source_publique(text) IS 'D''où se télécharge le fichier d''un registre';

-- valeur_registre(texte): the text without blanks around it; NULL for nothing,
-- and for [ND], SIRENE's mark of what is not for the public.
CREATE FUNCTION valeur_registre(texte text) RETURNS text
	LANGUAGE SQL IMMUTABLE PARALLEL SAFE
	RETURN nullif(valeur_tabulaire(texte), '[ND]');
COMMENT ON FUNCTION valeur_registre(text) IS 'Valeur d''une case d''un registre, NULL si elle ne dit rien';

-- siren_lu(texte), siret_lu(texte)
--   the 9 or 14 digits that a text writes, whatever stands between them; zeros
--   that a spreadsheet took from the front are given back if the key is right
--   with them. NULL: not that.
--   identifiant_lu(texte, chiffres) does so for texts that are not plain digits:
--   the planner writes the plain case into the query itself.
CREATE FUNCTION identifiant_lu(texte text, chiffres integer) RETURNS text
	LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
	SET search_path FROM CURRENT
AS $$
DECLARE
	c text := regexp_replace(regexp_replace(texte, '\.0$', ''), '[^0-9A-Za-z]', '', 'g');
BEGIN
	IF c !~ '^[0-9]+$' OR length(c) > chiffres THEN
		RETURN NULL;
	ELSIF length(c) = chiffres THEN
		RETURN c;
	END IF;
	c := lpad(c, chiffres, '0');
	RETURN CASE WHEN c NOT LIKE '0000%' AND CASE chiffres WHEN 9 THEN siren_valide(c) ELSE siret_valide(c) END THEN c END;
END
$$;
COMMENT ON FUNCTION identifiant_lu(text, integer) IS 'SIREN (9 chiffres) ou SIRET (14) écrit dans un texte, NULL s''il n''en écrit pas';
CREATE FUNCTION siren_lu(texte text) RETURNS text
	LANGUAGE SQL IMMUTABLE PARALLEL SAFE
	RETURN CASE WHEN texte ~ '^[0-9]{9}$' THEN texte ELSE identifiant_lu(texte, 9) END;
COMMENT ON FUNCTION siren_lu(text) IS 'SIREN écrit dans un texte, NULL s''il n''en écrit pas';
CREATE FUNCTION siret_lu(texte text) RETURNS text
	LANGUAGE SQL IMMUTABLE PARALLEL SAFE
	RETURN CASE WHEN texte ~ '^[0-9]{14}$' THEN texte ELSE identifiant_lu(texte, 14) END;
COMMENT ON FUNCTION siret_lu(text) IS 'SIRET écrit dans un texte, NULL s''il n''en écrit pas';

-- booleen_lu(texte): O/N as SIRENE writes, oui/non, true/false, vrai/faux, 1/0.
-- NULL: none of these.
CREATE FUNCTION booleen_lu(texte text) RETURNS boolean
	LANGUAGE SQL IMMUTABLE PARALLEL SAFE
	RETURN CASE WHEN lower(texte) IN ('o', 'oui', 'true', 'vrai', '1', 't') THEN true
		WHEN lower(texte) IN ('n', 'non', 'false', 'faux', '0', 'f') THEN false END;
COMMENT ON FUNCTION booleen_lu(text) IS 'Oui ou non écrit dans un registre, NULL s''il n''en dit rien';

-- date_lue(texte): the day of 2024-03-01, 20240301, 01/03/2024, 01.03.2024 or
-- 1-3-2024, with an hour after it or not, years 1500 to 9999. NULL: no day of
-- the calendar. jour_lu(texte) is the same for what is not plainly ISO.
CREATE FUNCTION jour_lu(texte text) RETURNS date
	LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
	SET search_path FROM CURRENT
AS $$
DECLARE
	d text[] := regexp_match(texte, '^([0-9]{4})-?([0-9]{2})-?([0-9]{2})(?:[T ].*)?$');
BEGIN
	IF d IS NULL THEN
		d := regexp_match(texte, '^([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})(?: .*)?$');
		d := ARRAY[d[3], d[2], d[1]];
	END IF;
	RETURN CASE WHEN d[1] >= '1500' THEN make_date(d[1]::integer, d[2]::integer, d[3]::integer) END;
EXCEPTION WHEN datetime_field_overflow THEN
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION jour_lu(text) IS 'Date écrite dans un registre autrement que AAAA-MM-JJ, NULL si elle n''en est pas une';
CREATE FUNCTION date_lue(texte text) RETURNS date
	LANGUAGE SQL IMMUTABLE PARALLEL SAFE
	RETURN CASE WHEN texte ~ '^(1[5-9]|[2-9][0-9])[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])$'
		THEN make_date(substr(texte, 1, 4)::integer, substr(texte, 6, 2)::integer, substr(texte, 9, 2)::integer)
		ELSE jour_lu(texte) END;
COMMENT ON FUNCTION date_lue(text) IS 'Date écrite dans un registre (ISO ou française), NULL si elle n''en est pas une';

-- nombre_lu(texte): a number with a point or a comma, an exponent not. NULL: no number.
CREATE FUNCTION nombre_lu(texte text) RETURNS double precision
	LANGUAGE SQL IMMUTABLE PARALLEL SAFE
	RETURN CASE WHEN texte ~ '^-?[0-9]{1,9}([.,][0-9]{1,20})?$' THEN replace(texte, ',', '.')::double precision END;
COMMENT ON FUNCTION nombre_lu(text) IS 'Nombre écrit dans un registre, NULL s''il n''en est pas un';

-- commune_lue(texte), departement_lu(texte): codes of the COG, in capitals; the
-- zero that a spreadsheet took from the front is given back. NULL: not that.
CREATE FUNCTION commune_lue(texte text) RETURNS text
	LANGUAGE SQL IMMUTABLE PARALLEL SAFE
	RETURN CASE WHEN upper(texte) ~ '^([0-9]{2}|2[AB])[0-9]{3}$' THEN upper(texte)
		WHEN texte ~ '^[1-9][0-9]{3}$' THEN '0' || texte END;
COMMENT ON FUNCTION commune_lue(text) IS 'Code de commune écrit dans un registre, NULL s''il n''en est pas un';
CREATE FUNCTION departement_lu(texte text) RETURNS text
	LANGUAGE SQL IMMUTABLE PARALLEL SAFE
	RETURN CASE WHEN upper(texte) ~ '^([0-9]{2}|2[AB]|9[78][0-9])$' THEN upper(texte)
		WHEN texte ~ '^[1-9]$' THEN '0' || texte END;
COMMENT ON FUNCTION departement_lu(text) IS 'Code de département écrit dans un registre, NULL s''il n''en est pas un';

-- point_lambert93(x, y)
--   latitude and longitude, in degrees, of a point of metropolitan France in
--   Lambert-93 (metres): inverse of the conformal conic projection, whose
--   constants IGN publishes (NTG 71: n, C, Xs, Ys; eccentricity of GRS 80). The
--   latitude is found in five steps, each of which divides its error by more
--   than 100. NULL outside -400000 to 1400000, 5900000 to 7300000.
CREATE FUNCTION point_lambert93(x double precision, y double precision, OUT latitude double precision, OUT longitude double precision)
	LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
AS $$
DECLARE
	n CONSTANT double precision := 0.7256077650532670;
	c CONSTANT double precision := 11754255.426096;
	xs CONSTANT double precision := 700000;
	ys CONSTANT double precision := 12655612.049876;
	e CONSTANT double precision := 0.08181919104281579;
	exponentielle double precision;
BEGIN
	IF NOT (x BETWEEN -400000 AND 1400000 AND y BETWEEN 5900000 AND 7300000) THEN
		RETURN;
	END IF;
	exponentielle := power(c / sqrt((x - xs) * (x - xs) + (ys - y) * (ys - y)), 1 / n);
	longitude := 3 + degrees(atan((x - xs) / (ys - y)) / n);
	latitude := 2 * atan(exponentielle) - pi() / 2;
	FOR i IN 1 .. 5 LOOP
		latitude := 2 * atan(power((1 + e * sin(latitude)) / (1 - e * sin(latitude)), e / 2) * exponentielle) - pi() / 2;
	END LOOP;
	latitude := degrees(latitude);
END
$$;
COMMENT ON FUNCTION point_lambert93(double precision, double precision) IS
	'Latitude et longitude en degrés d''un point de France métropolitaine en Lambert-93 (mètres)';
