-- correspondance.sql: which column of a CSV file is which field of the DECP.
-- Part of tables.sql, in its transaction and its schema.
--
-- A set of rows with one nom describes one kind of file. charger_tabulaire.sql
-- takes the set that knows most columns of a file, or that of -v correspondance=,
-- and beside it the set decp: names as the standard writes them, with dots or
-- underscores. For a file of your own:
--
--   INSERT INTO decp.correspondance (nom, colonne, champ)
--   VALUES ('mon_fichier', 'N° de marché', 'id'), ('mon_fichier', 'SIRET acheteur', 'acheteur.id');
--
-- Sources: formats-decp 1.8 (columns that decp-processing and the ministry
-- publish), the TableSchema of the DECP.

-- nom_plie(texte)
--   the name of a column as names are compared: small letters without accents,
--   digits, nothing else. NULL gives NULL.
CREATE FUNCTION nom_plie(texte text) RETURNS text
	LANGUAGE SQL IMMUTABLE PARALLEL SAFE
	RETURN regexp_replace(replace(replace(replace(replace(
		lower(normalize(texte, NFD) COLLATE "C"), 'œ', 'oe'), 'Œ', 'oe'), 'æ', 'ae'), 'Æ', 'ae'),
		'[^a-z0-9]', '', 'g');
COMMENT ON FUNCTION nom_plie(text) IS 'Nom de colonne replié : minuscules sans accents et chiffres, rien d''autre';

CREATE TABLE correspondance (
	nom text,
	colonne text CHECK (nom_plie(colonne) <> ''),
	champ text,
	lecture text CHECK (lecture IN ('non_seul', 'sauts', 'sans_inx', 'zero_inconnu')),
	PRIMARY KEY (nom, colonne)
);
CREATE UNIQUE INDEX correspondance_colonne ON correspondance (nom, nom_plie(colonne));
COMMENT ON TABLE correspondance IS 'Correspondances entre colonnes de fichiers CSV et champs des DECP ; chacun peut y ajouter les siennes';
COMMENT ON COLUMN correspondance.nom IS 'Sorte de fichier ; decp : noms du format, valables pour tous';
COMMENT ON COLUMN correspondance.colonne IS 'Nom de la colonne ; casse, accents et ponctuation n''y comptent pas';
COMMENT ON COLUMN correspondance.champ IS 'Champ : id, acheteur.id, montant… ; titulaires[].id : un titulaire par ligne ; titulaires_2.id : deuxième titulaire de la ligne ; version : rang de la version (0 = initiale) ; brut.X : gardé tel quel dans contrat.brut ; NULL : colonne connue, non chargée';
COMMENT ON COLUMN correspondance.lecture IS 'Réserve sur les valeurs : non_seul (seul « non » est cru), sauts (\n écrit pour un saut de ligne), sans_inx (valeur gardée sans la marque INX), zero_inconnu (0 = inconnu)';
COMMENT ON INDEX correspondance_colonne IS 'Une colonne n''a qu''un sens par correspondance';

-- Names of the standard
INSERT INTO correspondance (nom, colonne, champ)
SELECT 'decp', champ, champ
FROM unnest(ARRAY['id', 'uid', 'source', 'acheteur.id', 'acheteur.nom', 'autoriteConcedante.id',
	'autoriteConcedante.nom', 'nature', 'objet', 'codeCPV', 'procedure', 'lieuExecution.code',
	'lieuExecution.typeCode', 'lieuExecution.nom', 'dureeMois', 'dateNotification', 'dateSignature',
	'datePublicationDonnees', 'dateDebutExecution', 'montant', 'valeurGlobale',
	'montantSubventionPublique', 'formePrix', 'typesPrix', 'techniques', 'modalitesExecution',
	'idAccordCadre', 'marcheInnovant', 'ccag', 'offresRecues', 'attributionAvance', 'tauxAvance',
	'typeGroupementOperateurs', 'sousTraitanceDeclaree', 'origineUE', 'origineFrance',
	'considerationsSociales', 'considerationsEnvironnementales', 'titulaires', 'concessionnaires',
	'modifications', 'actesSousTraitance', 'modificationsActesSousTraitance', 'donneesExecution']) AS champ
UNION ALL VALUES
	('decp', 'type', '_type'), ('decp', 'typeContrat', '_type'),
	('decp', 'technique', 'techniques'), ('decp', 'modaliteExecution', 'modalitesExecution'),
	('decp', 'typePrix', 'typesPrix'), ('decp', 'marchesInnovant', 'marcheInnovant'),
	('decp', 'considerationSociale', 'considerationsSociales'),
	('decp', 'considerationEnvironnementale', 'considerationsEnvironnementales')
-- One holder a row, or several side by side
UNION ALL
SELECT 'decp', qui || rang || '_' || partie || fin,
	CASE WHEN rang || fin = '' THEN 'titulaires[].' ELSE 'titulaires_' || ltrim(rang || fin, '_') || '.' END || champ
FROM (VALUES ('titulaire'), ('titulaires'), ('concessionnaire'), ('concessionnaires')) AS q (qui),
	(VALUES ('id', 'id'), ('typeIdentifiant', 'typeIdentifiant'), ('denominationSociale', 'denominationSociale')) AS p (partie, champ),
	(SELECT '', '' UNION ALL SELECT '', '_' || n FROM generate_series(1, 9) AS n
		UNION ALL SELECT '_' || n, '' FROM generate_series(1, 9) AS n) AS r (rang, fin);

-- decp.info, "données consolidées, format tabulaire" of decp-processing: one row
-- per contract, version and holder. What SIRENE and the commune tell of buyers
-- and holders is derived: it is not loaded, but for the names.
INSERT INTO correspondance (nom, colonne, champ, lecture) VALUES
	('decp_info', 'titulaire_nom', 'titulaires[].denominationSociale', NULL),
	('decp_info', 'modification_id', 'version', NULL),
	('decp_info', 'sourceDataset', 'source', NULL),
	('decp_info', 'tauxAvance', 'tauxAvance', 'zero_inconnu');
INSERT INTO correspondance (nom, colonne, champ)
SELECT 'decp_info', colonne, NULL
FROM unnest(ARRAY['type', 'dureeRestanteMois', 'titulaire_distance', 'donneesActuelles', 'sourceFile',
	'montant_rationalise', 'montant_anomalie', 'montant_anomalie_raison', 'montant_anomalie_raisons']) AS colonne
UNION ALL
SELECT 'decp_info', qui || '_' || partie, NULL
FROM (VALUES ('acheteur'), ('titulaire')) AS q (qui),
	unnest(ARRAY['categorie', 'commune_code', 'commune_nom', 'departement_code', 'departement_nom',
		'region_code', 'region_nom', 'latitude', 'longitude']) AS partie;

-- The ministry, data.economie.gouv.fr, 2022 format, valid and excluded: one row
-- per contract, three holders, one modification. Its three booleans say oui
-- where nothing was said: only non is believed.
INSERT INTO correspondance (nom, colonne, champ, lecture) VALUES
	('ministere_2022', 'Erreurs', 'brut.Erreurs', NULL),
	('ministere_2022', 'id', 'id', 'sans_inx'),
	('ministere_2022', 'idAccordCadre', 'idAccordCadre', 'sans_inx'),
	('ministere_2022', 'objet', 'objet', 'sauts'),
	('ministere_2022', 'tauxAvance', 'tauxAvance', 'zero_inconnu'),
	('ministere_2022', 'marcheInnovant', 'marcheInnovant', 'non_seul'),
	('ministere_2022', 'attributionAvance', 'attributionAvance', 'non_seul'),
	('ministere_2022', 'sousTraitanceDeclaree', 'sousTraitanceDeclaree', 'non_seul'),
	('ministere_2022', 'idModification', 'modifications[].id', NULL),
	('ministere_2022', 'montantModification', 'modifications[].montant', NULL),
	('ministere_2022', 'dureeMoisModification', 'modifications[].dureeMois', NULL),
	('ministere_2022', 'idTitulaireModification', 'modifications[].titulaires[].id', NULL),
	('ministere_2022', 'typeIdentifiantTitulaireModification', 'modifications[].titulaires[].typeIdentifiant', NULL),
	('ministere_2022', 'dateNotificationModificationModification', 'modifications[].dateNotificationModification', NULL),
	('ministere_2022', 'datePublicationDonneesModificationModification', 'modifications[].datePublicationDonneesModification', NULL),
	('ministere_2022', 'idActeSousTraitance', 'actesSousTraitance[].id', NULL),
	('ministere_2022', 'dureeMoisActeSousTraitance', 'actesSousTraitance[].dureeMois', NULL),
	('ministere_2022', 'dateNotificationActeSousTraitance', 'actesSousTraitance[].dateNotification', NULL),
	('ministere_2022', 'datePublicationDonneesActeSousTraitance', 'actesSousTraitance[].datePublicationDonnees', NULL),
	('ministere_2022', 'montantActeSousTraitance', 'actesSousTraitance[].montant', NULL),
	('ministere_2022', 'variationPrixActeSousTraitance', 'actesSousTraitance[].variationPrix', NULL),
	('ministere_2022', 'idSousTraitant', 'actesSousTraitance[].sousTraitant.id', NULL),
	('ministere_2022', 'typeIdentifiantSousTraitant', 'actesSousTraitance[].sousTraitant.typeIdentifiant', NULL),
	('ministere_2022', 'idModificationActeSousTraitance', 'modificationsActesSousTraitance[].id', NULL),
	('ministere_2022', 'dureeMoisModificationActeSousTraitance', 'modificationsActesSousTraitance[].dureeMois', NULL),
	('ministere_2022', 'dateNotificationModificationSousTraitanceModificationActeSousTraitance', 'modificationsActesSousTraitance[].dateNotificationModificationSousTraitance', NULL),
	('ministere_2022', 'datePublicationDonneesModificationActeSousTraitance', 'modificationsActesSousTraitance[].datePublicationDonnees', NULL),
	('ministere_2022', 'montantModificationActeSousTraitance', 'modificationsActesSousTraitance[].montant', NULL);

-- Its concessions
INSERT INTO correspondance (nom, colonne, champ, lecture) VALUES
	('ministere_concessions', 'Erreurs', 'brut.Erreurs', NULL),
	('ministere_concessions', 'id', 'id', 'sans_inx'),
	('ministere_concessions', 'objet', 'objet', 'sauts'),
	('ministere_concessions', 'autoriteConcedante.id', 'autoriteConcedante.id', NULL),
	('ministere_concessions', 'dateSignature', 'dateSignature', NULL),
	('ministere_concessions', 'considerationsSociales', 'considerationsSociales', 'sans_inx'),
	('ministere_concessions', 'idModification', 'modifications[].id', NULL),
	('ministere_concessions', 'dureeMoisModification', 'modifications[].dureeMois', NULL),
	('ministere_concessions', 'valeurGlobaleModification', 'modifications[].valeurGlobale', NULL),
	('ministere_concessions', 'dateSignatureModificationModification', 'modifications[].dateSignatureModification', NULL),
	('ministere_concessions', 'datePublicationDonneesModificationModification', 'modifications[].datePublicationDonneesModification', NULL),
	('ministere_concessions', 'donneesExecution.datePublicationDonneesExecution', 'donneesExecution[].datePublicationDonneesExecution', NULL),
	('ministere_concessions', 'donneesExecution.depensesInvestissement', 'donneesExecution[].depensesInvestissement', NULL),
	('ministere_concessions', 'donneesExecution.intituleTarif', 'donneesExecution[].tarifs[].intituleTarif', NULL),
	('ministere_concessions', 'donneesExecution.tarif', 'donneesExecution[].tarifs[].tarif', NULL);

-- 2019 format: the valid contracts of the portal, and the older "DECP augmentées",
-- where the first holder is the row's establishment
INSERT INTO correspondance (nom, colonne, champ, lecture) VALUES
	('ministere_2019', 'Erreurs', 'brut.Erreurs', NULL),
	('ministere_2019', 'id', 'id', 'sans_inx'),
	('ministere_2019', 'objet', 'objet', 'sauts'),
	('ministere_2019', 'objetMarche', 'objet', 'sauts'),
	('ministere_2019', 'created_at', NULL, NULL),
	('ministere_2019', 'updated_at', NULL, NULL),
	('ministere_2019', 'booleanModification', NULL, NULL),
	('ministere_2019', 'idModification', 'modifications[].id', NULL),
	('ministere_2019', 'objetModification', 'modifications[].objetModification', 'sauts'),
	('ministere_2019', 'montantModification', 'modifications[].montant', NULL),
	('ministere_2019', 'dureeMoisModification', 'modifications[].dureeMois', NULL),
	('ministere_2019', 'titulairesModification', 'modifications[].titulaires', NULL),
	('ministere_2019', 'dateNotificationModification', 'modifications[].dateNotificationModification', NULL),
	('ministere_2019', 'datePublicationDonneesModification', 'modifications[].datePublicationDonneesModification', NULL),
	('ministere_2019', 'natureObjet', NULL, NULL),
	('ministere_2019', 'codeCPV_Original', 'codeCPV', NULL),
	('ministere_2019', 'codeCPV_division', NULL, NULL),
	('ministere_2019', 'referenceCPV', NULL, NULL),
	('ministere_2019', 'anneeNotification', NULL, NULL),
	('ministere_2019', 'lieuExecutionCode', 'lieuExecution.code', NULL),
	('ministere_2019', 'lieuExecutionTypeCode', 'lieuExecution.typeCode', NULL),
	('ministere_2019', 'lieuExecutionNom', 'lieuExecution.nom', NULL),
	('ministere_2019', 'codeDepartementExecution', NULL, NULL),
	('ministere_2019', 'idAcheteur', 'acheteur.id', NULL),
	('ministere_2019', 'nomAcheteur', 'acheteur.nom', NULL),
	('ministere_2019', 'codePostalAcheteur', NULL, NULL),
	('ministere_2019', 'codeArrondissementAcheteur', NULL, NULL),
	('ministere_2019', 'libelleCommuneAcheteur', NULL, NULL),
	('ministere_2019', 'codeCommuneAcheteur', NULL, NULL),
	('ministere_2019', 'typeIdentifiantEtablissement', 'titulaires_1.typeIdentifiant', NULL),
	('ministere_2019', 'siretEtablissement', 'titulaires_1.id', NULL),
	('ministere_2019', 'siretEtablissementValide', NULL, NULL),
	('ministere_2019', 'sirenEtablissement', NULL, NULL),
	('ministere_2019', 'denominationUniteLegale', NULL, NULL),
	('ministere_2019', 'denominationSocialeEtablissement', 'titulaires_1.denominationSociale', NULL);
INSERT INTO correspondance (nom, colonne, champ)
SELECT 'ministere_2019', partie || '_cotitulaire' || n, 'titulaires_' || n + 1 || '.' || partie
FROM unnest(ARRAY['id', 'typeIdentifiant', 'denominationSociale']) AS partie, generate_series(1, 3) AS n;

-- TableSchema of the DECP: one row per contract, version and holder
INSERT INTO correspondance (nom, colonne, champ) VALUES
	('schema_tableau', 'objetModification', 'modifications[].objetModification'),
	('schema_tableau', 'donneesActuelles', NULL),
	('schema_tableau', 'anomalies', 'brut.anomalies');

-- Flat export of a region's own: names of holders end with the separators of
-- empty columns, which the reader removes
INSERT INTO correspondance (nom, colonne, champ) VALUES
	('region', 'titulaires_denominationLegale', 'titulaires[].denominationSociale'),
	('region', 'titulaires_id', 'titulaires[].id'),
	('region', 'titulaires_typeIdentifiant', 'titulaires[].typeIdentifiant');

-- Names in common use, in extracts and in tables of one's own
INSERT INTO correspondance (nom, colonne, champ) VALUES
	('usuel', 'id_marche', 'id'), ('usuel', 'marche_id', 'id'), ('usuel', 'numero_marche', 'id'),
	('usuel', 'objet_marche', 'objet'),
	('usuel', 'montant_marche', 'montant'), ('usuel', 'montant_eur', 'montant'), ('usuel', 'montant_ht', 'montant'),
	('usuel', 'id_acheteur', 'acheteur.id'), ('usuel', 'acheteur_siret', 'acheteur.id'), ('usuel', 'siret_acheteur', 'acheteur.id'),
	('usuel', 'nom_acheteur', 'acheteur.nom'),
	('usuel', 'titulaire_siret', 'titulaires[].id'), ('usuel', 'siret_titulaire', 'titulaires[].id'),
	('usuel', 'titulaire_nom', 'titulaires[].denominationSociale'), ('usuel', 'nom_titulaire', 'titulaires[].denominationSociale'),
	('usuel', 'code_postal_acheteur', NULL), ('usuel', 'annee', NULL);
