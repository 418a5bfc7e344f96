-- qualite_mesures.sql: what qualite.sql counts of each contract. Part of
-- qualite.sql, which runs it in its transaction.
--
-- A measure is three conditions over fait_qualite: population, connu (in the
-- denominator) and, among those, oui (in the numerator); the rest of the
-- population is unknown. en_montant: measured in euros too. somme: the three are
-- numbers to be added up, of which population is the unknown one. defaut: one of
-- the defects of T08, with its category in variante. au is the date of the question.

CREATE TEMP TABLE mesure_definie (
	rang integer GENERATED ALWAYS AS IDENTITY,
	code text NOT NULL,
	variante text,
	champ text,
	oui text NOT NULL,
	connu text NOT NULL,
	population text NOT NULL,
	en_montant boolean NOT NULL DEFAULT false,
	somme boolean NOT NULL DEFAULT false,
	defaut boolean NOT NULL DEFAULT false
) ON COMMIT DROP;

-- ---- T02

INSERT INTO mesure_definie (code, variante, oui, connu, population, en_montant) VALUES
	('T02', NULL, 'date_publication_donnees <= limite', 'marche AND delai IS NOT NULL', 'marche', true),
	('T02', '62_jours', 'delai <= 62', 'marche AND delai IS NOT NULL', 'marche', true),
	-- Not published and out of time is late, when the question is asked at that date
	('T02', 'retard_si_absent', 'date_publication_donnees <= limite',
		'marche AND (delai IS NOT NULL OR date_publication_donnees IS NULL AND limite < au)', 'marche', true);

-- ---- T03: the fields, of which formats they are expected, when they are filled.
-- What is given but cannot be read is filled: its validity is T04's business.

CREATE TEMP TABLE champ_attendu (champ, format_1, format_2, colonne) ON COMMIT DROP AS VALUES
	('id', true, true, 'id'),
	('acheteur.id', true, true, 'acheteur_id'),
	('nature', true, true, 'nature'),
	('objet', true, true, 'objet'),
	('codeCPV', true, true, 'code_cpv'),
	('procedure', true, true, 'procedure'),
	('lieuExecution.code', true, true, 'lieu_execution_code'),
	('dureeMois', true, true, 'duree_mois'),
	('dateNotification', true, true, 'date_notification'),
	('datePublicationDonnees', true, true, 'date_publication_donnees'),
	('montant', true, true, 'montant'),
	('formePrix', true, true, 'forme_prix'),
	('titulaires', true, true, 'titulaires'),
	('typesPrix', false, true, 'types_prix'),
	('techniques', false, true, 'techniques'),
	('modalitesExecution', false, true, 'modalites_execution'),
	('marcheInnovant', false, true, 'marche_innovant'),
	('ccag', false, true, 'ccag'),
	('offresRecues', false, true, 'offres_recues'),
	('attributionAvance', false, true, 'attribution_avance'),
	('typeGroupementOperateurs', false, true, 'type_groupement_operateurs'),
	('sousTraitanceDeclaree', false, true, 'sous_traitance_declaree'),
	('considerationsSociales', false, true, 'considerations_sociales'),
	('considerationsEnvironnementales', false, true, 'considerations_environnementales');

CREATE OR REPLACE FUNCTION pg_temp.rempli(champ text, colonne text) RETURNS text LANGUAGE SQL
RETURN format(CASE WHEN colonne = 'titulaires' THEN '(cardinality(%I) > 0 OR brut ? %L)' ELSE '(%I IS NOT NULL OR brut ? %L)' END, colonne, champ);

INSERT INTO mesure_definie (code, champ, oui, connu, population)
SELECT 'T03', champ, pg_temp.rempli(champ, colonne), attendu, attendu
FROM champ_attendu, LATERAL (SELECT CASE WHEN format_1 THEN 'marche' ELSE 'marche AND format_decp = 2' END AS attendu) AS a;
-- Expected in format 1 even when there is none; only the reader saw it missing
INSERT INTO mesure_definie (code, champ, oui, connu, population) VALUES
	('T03', 'modifications', 'modifications_publiees',
		'marche AND format_decp = 1', 'marche AND format_decp = 1');
-- Expected under a condition
INSERT INTO mesure_definie (code, champ, oui, connu, population)
SELECT 'T03', champ, rempli, attendu, attendu
FROM (VALUES
	('tauxAvance', 'marche AND attribution_avance', '(taux_avance IS NOT NULL OR brut ? ''tauxAvance'')'),
	('origineUE', 'origine_attendue', '(origine_ue IS NOT NULL OR brut ? ''origineUE'')'),
	('origineFrance', 'origine_attendue', '(origine_france IS NOT NULL OR brut ? ''origineFrance'')'),
	('actesSousTraitance', 'marche AND sous_traitance_declaree', 'sous_traitance')) AS c (champ, attendu, rempli);
-- Contracts of which every mandatory field of their format is filled
SELECT string_agg(pg_temp.rempli(champ, colonne), ' AND ') FILTER (WHERE format_1) AS remplis_1,
	string_agg(pg_temp.rempli(champ, colonne), ' AND ') FILTER (WHERE NOT format_1) AS remplis_2
FROM champ_attendu \gset
SELECT format('(%s AND CASE format_decp WHEN 1 THEN modifications_publiees ELSE %s END)', :'remplis_1', :'remplis_2') AS complet \gset
INSERT INTO mesure_definie (code, variante, oui, connu, population, en_montant) VALUES
	('T03', 'complets', :'complet', 'marche', 'marche', true);
-- The older list of thirteen, whatever the format
INSERT INTO mesure_definie (code, variante, champ, oui, connu, population)
SELECT 'T03', 'eclaireur_13', champ, pg_temp.rempli(champ, colonne), 'marche', 'marche'
FROM champ_attendu WHERE champ IN ('id', 'codeCPV', 'montant', 'dateNotification', 'lieuExecution.code',
	'formePrix', 'objet', 'nature', 'dureeMois', 'procedure', 'titulaires')
UNION ALL
SELECT 'T03', 'eclaireur_13', champ, pg_temp.rempli(champ, colonne), 'marche', 'marche'
FROM (VALUES ('lieuExecution.typeCode', 'lieu_execution_type_code'), ('lieuExecution.nom', 'lieu_execution_nom')) AS lieu (champ, colonne);
INSERT INTO mesure_definie (code, variante, oui, connu, population)
SELECT 'T03', 'eclaireur_13_complets', string_agg(oui, ' AND '), 'marche', 'marche'
FROM mesure_definie WHERE variante = 'eclaireur_13';

-- ---- T04: the value is legal, among contracts where the field is filled

CREATE TEMP TABLE champ_valide (champ, colonne, valide, type_contrat) ON COMMIT DROP AS VALUES
	('id', 'id', 'length(id) BETWEEN 1 AND 16', NULL),
	('acheteur.id', 'acheteur_id', 'acheteur_valide', NULL),
	('nature', 'nature', 'attribut(profil, ''nature'') IS NOT NULL', NULL),
	('objet', 'objet', 'length(objet) <= 1000', NULL),
	('codeCPV', 'code_cpv', 'cpv_valide', 'marche'),
	('procedure', 'procedure', 'attribut(profil, ''procedure'') IS NOT NULL', NULL),
	('dureeMois', 'duree_mois', 'duree_mois BETWEEN 1 AND CASE WHEN marche THEN 180 ELSE 360 END', NULL),
	('dateNotification', 'date_notification', 'date_notification BETWEEN ''2000-01-01'' AND au', NULL),
	('datePublicationDonnees', 'date_publication_donnees', 'date_publication_donnees BETWEEN ''2000-01-01'' AND au', NULL),
	('montant', 'montant', 'montant >= 1', NULL),
	('formePrix', 'forme_prix', 'attribut(profil, CASE format_decp WHEN 1 THEN ''types_prix'' ELSE ''forme_prix'' END) IS NOT NULL', 'marche'),
	('typesPrix', 'types_prix', 'attribut(profil, ''types_prix'') IS NOT NULL', 'marche'),
	('techniques', 'techniques', 'attribut(profil, ''techniques'') IS NOT NULL', 'marche'),
	('modalitesExecution', 'modalites_execution', 'attribut(profil, ''modalites_execution'') IS NOT NULL', 'marche'),
	('ccag', 'ccag', 'attribut(profil, ''ccag'') IS NOT NULL', 'marche'),
	('marcheInnovant', 'marche_innovant', 'true', 'marche'),
	('offresRecues', 'offres_recues', 'offres_recues >= 1', 'marche'),
	('attributionAvance', 'attribution_avance', 'true', 'marche'),
	('tauxAvance', 'taux_avance', 'taux_avance BETWEEN 0 AND 1', 'marche'),
	('typeGroupementOperateurs', 'type_groupement_operateurs', 'attribut(profil, ''groupement'') IS NOT NULL', 'marche'),
	('sousTraitanceDeclaree', 'sous_traitance_declaree', 'true', 'marche'),
	('origineUE', 'origine_ue', 'origine_ue BETWEEN 0 AND 1', 'marche'),
	('origineFrance', 'origine_france', 'origine_france BETWEEN 0 AND 1', 'marche'),
	('considerationsSociales', 'considerations_sociales', 'attribut(profil, ''considerations_sociales'') IS NOT NULL', NULL),
	('considerationsEnvironnementales', 'considerations_environnementales', 'attribut(profil, ''considerations_environnementales'') IS NOT NULL', NULL),
	('dateDebutExecution', 'date_debut_execution', 'date_debut_execution >= ''2000-01-01''', 'concession'),
	('montantSubventionPublique', 'montant_subvention_publique', 'montant_subvention_publique >= 0', 'concession');
INSERT INTO mesure_definie (code, champ, oui, connu, population)
SELECT 'T04', champ, format('%I IS NOT NULL AND %s', colonne, valide), rempli, rempli
FROM champ_valide,
	-- In a concession they have other names
	LATERAL (SELECT CASE champ WHEN 'montant' THEN '{montant,valeurGlobale}' WHEN 'dateNotification' THEN '{dateNotification,dateSignature}'
		WHEN 'acheteur.id' THEN '{acheteur.id,autoriteConcedante.id}' ELSE format('{%s}', champ) END AS noms) AS n,
	LATERAL (SELECT CASE type_contrat WHEN 'marche' THEN 'marche AND ' WHEN 'concession' THEN 'NOT marche AND ' ELSE '' END
		|| format('(%I IS NOT NULL OR brut ?| %L)', colonne, noms) AS rempli) AS r;

-- ---- T05: rules broken, among marchés that say what the rule looks at

CREATE TEMP TABLE coherence (regle, rompue, connu, population) ON COMMIT DROP AS VALUES
	('publication_avant_notification', 'date_publication_donnees < date_notification',
		'date_publication_donnees IS NOT NULL AND date_notification IS NOT NULL', 'true'),
	('origine_france_ue', 'origine_france > origine_ue', 'origine_france IS NOT NULL AND origine_ue IS NOT NULL', 'origine_attendue'),
	('considerations_sociales_contradictoires', 'attribut(profil, ''considerations_sociales'') LIKE ''%!''',
		'attribut(profil, ''considerations_sociales'') IS NOT NULL', 'format_decp = 2'),
	('considerations_environnementales_contradictoires', 'attribut(profil, ''considerations_environnementales'') LIKE ''%!''',
		'attribut(profil, ''considerations_environnementales'') IS NOT NULL', 'format_decp = 2'),
	('avance_contradictoire', 'NOT attribution_avance AND taux_avance > 0', 'attribution_avance IS NOT NULL', 'format_decp = 2'),
	('groupement_contradictoire', 'cardinality(titulaires) > 1 AND attribut(profil, ''groupement'') = ''aucun'' AND NOT accord_cadre',
		'cardinality(titulaires) > 0 AND attribut(profil, ''groupement'') IS NOT NULL AND accord_cadre IS NOT NULL', 'format_decp = 2'),
	('accord_cadre_lui_meme', 'accord_cadre AND id_accord_cadre = id', 'id_accord_cadre IS NOT NULL AND id IS NOT NULL AND accord_cadre IS NOT NULL',
		'id_accord_cadre IS NOT NULL'),
	('subsequent_avant_accord_cadre', 'date_notification < notification_accord_cadre',
		'date_notification IS NOT NULL AND notification_accord_cadre IS NOT NULL', 'accord_cadre_id IS NOT NULL'),
	('montant_duree_egaux', 'montant = duree_mois', 'montant IS NOT NULL AND duree_mois > 0', 'true'),
	('montant_duree_100', 'montant < 100 * duree_mois', 'montant IS NOT NULL AND duree_mois > 0', 'true'),
	('montant_duree_1000', 'montant < 1000 * duree_mois AND montant < 200000', 'montant IS NOT NULL AND duree_mois > 0', 'true'),
	('montant_duree_jours', 'duree_mois IN (360, 365, 366) AND montant < 10000000', 'montant IS NOT NULL AND duree_mois > 0', 'true'),
	('montant_duree_120', 'duree_mois > 120 AND montant < 2000000', 'montant IS NOT NULL AND duree_mois > 0', 'true');
INSERT INTO mesure_definie (code, champ, oui, connu, population)
SELECT 'T05', regle, rompue, format('marche AND %s', connu), format('marche AND (%s OR %s)', population, connu)
FROM coherence;
SELECT string_agg(format('%s AND %s', rompue, connu), ' OR ') AS rompues,
	string_agg(rompue, ' OR ') FILTER (WHERE regle LIKE 'montant_duree_%') AS montant_duree,
	string_agg(DISTINCT connu, ' OR ') AS connus
FROM coherence \gset
INSERT INTO mesure_definie (code, variante, oui, connu, population, en_montant) VALUES
	('T05', 'au_moins_une', format('(%s)', :'rompues'), format('marche AND (%s)', :'connus'), 'marche', true),
	('T05', 'montant_duree', format('(%s)', :'montant_duree'), 'marche AND montant IS NOT NULL AND duree_mois > 0', 'marche', true);

-- ---- T07, T11 to T13, D06, D07

INSERT INTO mesure_definie (code, variante, oui, connu, population) VALUES
	('T07', 'ministere', 'attribut(profil, ''montant'') = ''aberrant''', 'montant IS NOT NULL', 'true'),
	('T07', 'decp_qualite', 'NOT (montant > 200 AND montant < 999999999)', 'montant IS NOT NULL', 'true'),
	-- 4 deviations for a suspicion, 6 for an aberration; unknown where the division has no reference
	('T07', 'robuste', 'ecart_montant > 6', 'ecart_montant IS NOT NULL', 'true'),
	('T07', 'robuste_suspect', 'ecart_montant > 4', 'ecart_montant IS NOT NULL', 'true');
INSERT INTO mesure_definie (code, oui, connu, population, en_montant) VALUES
	('T11', 'format_decp = 1', 'date_notification >= ''2024-01-01''', 'date_notification >= ''2024-01-01''', true),
	('D06', 'date_publication_donnees <= date_debut_execution',
		'NOT marche AND date_publication_donnees IS NOT NULL AND date_debut_execution IS NOT NULL', 'NOT marche', true);
INSERT INTO mesure_definie (code, oui, connu, population, somme) VALUES
	('T12', 'modifications_a_temps', 'modifications_datees', 'modifications_sans_date', true),
	('T13', 'titulaires_valides', 'titulaires_nombre', '0', true),
	-- Years due are counted to au, within the term; from the signature where the start is unknown
	('D07', 'CASE WHEN NOT marche THEN least(annees_publiees, annees_dues(date_debut_execution, duree_mois, au)) END',
		'CASE WHEN NOT marche THEN annees_dues(date_debut_execution, duree_mois, au) END',
		'CASE WHEN NOT marche AND date_debut_execution IS NULL THEN annees_dues(date_notification, duree_mois, au) END', true);

-- ---- T08: the defects of decp-qualite, but for those that need other rows

SELECT string_agg(oui, ' OR ') FILTER (WHERE champ IN ('id', 'acheteur.id', 'objet', 'codeCPV', 'dateNotification', 'datePublicationDonnees', 'dateDebutExecution')) AS forme,
	string_agg(oui, ' OR ') FILTER (WHERE champ NOT IN ('id', 'acheteur.id', 'objet', 'codeCPV', 'dateNotification', 'datePublicationDonnees', 'dateDebutExecution')) AS liste
FROM (SELECT champ, format('%s AND (%s) IS NOT TRUE', connu, oui) AS oui FROM mesure_definie WHERE code = 'T04') AS t \gset
INSERT INTO mesure_definie (defaut, code, variante, champ, oui, connu, population)
SELECT true, 'T08', categorie, defaut, oui, 'marche AND ' || connu, 'marche'
FROM (VALUES
	('validite', 'publication_62_jours', 'delai > 62', 'delai IS NOT NULL'),
	('completude', 'champ_manquant', :'complet' || ' IS NOT TRUE', 'true'),
	('conformite', 'objet_abime', 'objet LIKE ''%'' || chr(65533) || ''%''', 'objet IS NOT NULL'),
	('conformite', 'forme', format('(%s)', :'forme'), 'true'),
	('conformite', 'liste_ou_bornes', format('(%s)', :'liste'), 'true'),
	('exactitude', 'montant_aberrant', 'NOT (montant > 200 AND montant < 999999999)', 'montant IS NOT NULL'),
	('coherence', 'publication_avant_notification', 'date_publication_donnees < date_notification',
		'date_publication_donnees IS NOT NULL AND date_notification IS NOT NULL'),
	('coherence', 'montant_duree', format('(%s)', :'montant_duree'), 'montant IS NOT NULL AND duree_mois > 0')) AS d (categorie, defaut, oui, connu);
