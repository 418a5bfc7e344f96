-- etat.sql: contracts as they stand, with their modifications applied; what each
-- file brought. Part of tables.sql.

-- contrat_au(jour): every contract as of that day, with its initial state.
-- Modifications give new totals and apply in the order of notification (else
-- publication), id, publication; one without any date applies first. What a
-- modification does not say stays; an amount of 1 euro or less is none; a list of
-- holders replaces the one before. jour NULL: all modifications. Source of the
-- order: arrêtés of 22 December 2022, articles on modifications ("données
-- essentielles modifiées").
CREATE FUNCTION contrat_au(jour date DEFAULT NULL) RETURNS TABLE (
	contrat_id bigint,
	modifications_appliquees integer,
	derniere_modification date,
	montant_initial numeric,
	montant_actuel numeric,
	duree_mois_initiale integer,
	duree_mois_actuelle integer,
	titulaires_initiaux text[],
	titulaires_actuels text[]
) LANGUAGE SQL STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT c.contrat_id, coalesce(m.nombre, 0)::integer, m.derniere,
		c.montant, coalesce(m.montant, c.montant),
		c.duree_mois, coalesce(m.duree_mois, c.duree_mois),
		c.titulaires, coalesce(t.titulaires, c.titulaires)
	FROM contrat AS c
	LEFT JOIN LATERAL (
		SELECT count(*) AS nombre, max(quand) AS derniere,
			(array_agg(montant) FILTER (WHERE montant > 1))[1] AS montant,
			(array_agg(duree_mois) FILTER (WHERE duree_mois IS NOT NULL))[1] AS duree_mois,
			(array_agg(rang) FILTER (WHERE avec_titulaires))[1] AS rang_titulaires
		FROM (
			SELECT m.rang, m.montant, m.duree_mois, coalesce(m.date_notification, m.date_publication_donnees) AS quand,
				EXISTS (SELECT FROM titulaire_modification AS t WHERE t.contrat_id = m.contrat_id AND t.modification_rang = m.rang) AS avec_titulaires
			FROM modification AS m
			WHERE m.contrat_id = c.contrat_id
				AND (jour IS NULL OR coalesce(m.date_notification, m.date_publication_donnees, jour) <= jour)
			ORDER BY coalesce(m.date_notification, m.date_publication_donnees) DESC NULLS LAST,
				length(m.id) DESC NULLS LAST, m.id DESC, m.date_publication_donnees DESC NULLS LAST, m.rang DESC
		) AS derniere_d_abord
	) AS m ON c.modifications > 0
	LEFT JOIN LATERAL (
		SELECT array_agg(coalesce(t.siren, t.identifiant, '') ORDER BY t.rang) AS titulaires
		FROM titulaire_modification AS t
		WHERE t.contrat_id = c.contrat_id AND t.modification_rang = m.rang_titulaires
	) AS t ON m.rang_titulaires IS NOT NULL;
END;
COMMENT ON FUNCTION contrat_au(date) IS
	'État de chaque contrat un jour donné, modifications appliquées dans l''ordre ; sans jour, toutes. L''état initial reste à côté';

CREATE VIEW contrat_actuel AS
SELECT c.*, a.modifications_appliquees, a.derniere_modification, a.montant_actuel, a.duree_mois_actuelle, a.titulaires_actuels
FROM contrat AS c JOIN contrat_au() AS a USING (contrat_id);
COMMENT ON VIEW contrat_actuel IS
	'Contrats avec leurs modifications appliquées dans l''ordre ; montant, duree_mois et titulaires restent ceux de la notification';
COMMENT ON COLUMN contrat_actuel.modifications_appliquees IS 'Nombre de modifications';
COMMENT ON COLUMN contrat_actuel.derniere_modification IS 'Date de la dernière modification (notification, sinon publication)';
COMMENT ON COLUMN contrat_actuel.montant_actuel IS 'Montant après modifications, en euros HT';
COMMENT ON COLUMN contrat_actuel.duree_mois_actuelle IS 'Durée après modifications, en mois';
COMMENT ON COLUMN contrat_actuel.titulaires_actuels IS 'Titulaires après modifications : SIREN, sinon identifiant ; élément vide = titulaire non identifié';
DO $$
DECLARE
	colonne record;
BEGIN
	FOR colonne IN
		SELECT attname, col_description(attrelid, attnum) AS sens FROM pg_attribute
		WHERE attrelid = 'contrat'::regclass AND attnum > 0 AND NOT attisdropped
	LOOP
		EXECUTE format('COMMENT ON COLUMN contrat_actuel.%I IS %L', colonne.attname, colonne.sens);
	END LOOP;
END $$;

-- What each file brought, whatever was loaded before or after it. Its records
-- are those it told first (contrats: it delivered the version that stands;
-- versions: another version of a contract) and copies within the file.
CREATE VIEW bilan_chargement AS
SELECT f.chargement_id, f.fichier, f.format, f.source, f.date_fichier, f.lus,
	coalesce(l.contrats, 0) AS contrats, coalesce(l.versions, 0) AS versions, coalesce(l.copies, 0) AS copies,
	f.rejetes, r.motifs, coalesce(a.anomalies, 0) AS anomalies, a.regles
FROM chargement AS f
LEFT JOIN LATERAL (
	SELECT count(*) FILTER (WHERE retenu) AS contrats, count(*) FILTER (WHERE NOT retenu) AS versions,
		sum(livraisons) - count(*) AS copies
	FROM (
		SELECT l.empreinte = c.empreinte AS retenu, count(*) AS livraisons
		FROM livraison AS l JOIN contrat AS c USING (contrat_id)
		WHERE l.chargement_id = f.chargement_id
		GROUP BY l.contrat_id, l.empreinte, c.empreinte
	) AS distincte
) AS l ON true
LEFT JOIN LATERAL (
	SELECT jsonb_object_agg(motif, n) AS motifs
	FROM (SELECT motif, count(*) AS n FROM rejet WHERE rejet.chargement_id = f.chargement_id GROUP BY motif) AS par_motif
) AS r ON true
LEFT JOIN LATERAL (
	SELECT sum(n) AS anomalies, jsonb_object_agg(regle, n) AS regles
	FROM (
		SELECT a.regle, count(*) AS n
		FROM anomalie AS a
		WHERE a.contrat_id IN (
			SELECT c.contrat_id FROM livraison AS l JOIN contrat AS c USING (contrat_id, empreinte)
			WHERE l.chargement_id = f.chargement_id)
		GROUP BY a.regle
	) AS par_regle
) AS a ON true;
COMMENT ON VIEW bilan_chargement IS
	'Ce que chaque fichier a apporté : lus, contrats, versions, copies, rejets par motif, anomalies par règle';
COMMENT ON COLUMN bilan_chargement.chargement_id IS 'Chargement';
COMMENT ON COLUMN bilan_chargement.fichier IS 'Nom du fichier';
COMMENT ON COLUMN bilan_chargement.format IS 'Format du fichier';
COMMENT ON COLUMN bilan_chargement.source IS 'Source donnée au chargement';
COMMENT ON COLUMN bilan_chargement.date_fichier IS 'Date du fichier';
COMMENT ON COLUMN bilan_chargement.lus IS 'Enregistrements lus';
COMMENT ON COLUMN bilan_chargement.contrats IS 'Contrats dont le fichier a livré la version retenue';
COMMENT ON COLUMN bilan_chargement.versions IS 'Autres versions de contrats : dépassées, corrigées, d''une autre source';
COMMENT ON COLUMN bilan_chargement.copies IS 'Enregistrements que le fichier répète';
COMMENT ON COLUMN bilan_chargement.rejetes IS 'Enregistrements mis de côté';
COMMENT ON COLUMN bilan_chargement.motifs IS 'Rejets par motif ; ceux d''un fichier chargé deux fois, au premier chargement';
COMMENT ON COLUMN bilan_chargement.anomalies IS 'Anomalies des contrats dont le fichier a livré la version retenue';
COMMENT ON COLUMN bilan_chargement.regles IS 'Anomalies par règle';
