-- chargement.sql: what every loader calls, whatever the format of its file.
-- Part of tables.sql.
--
--   ouvrir_chargement()    begins a load: lock, row of chargement, table lot
--   INSERT INTO lot        records as the reader gives them (spaser.contrat_lu)
--   charger_lot()          decides of each and writes; as often as there are lots
--   fermer_chargement()    what needs the whole file: families, frameworks
--
-- All of it in one transaction, with the rights of whoever loads.

CREATE FUNCTION date_du_fichier(fichier text) RETURNS date LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
SET search_path FROM CURRENT AS $$
DECLARE
	nom text := regexp_replace(fichier, '^.*[/\\]', '');
	d text[];
BEGIN
	d := regexp_match(nom, '(?:^|[^0-9])((?:19|20)[0-9]{2})[-_.]?([01][0-9])[-_.]?([0-3][0-9])(?:[^0-9]|$)');
	IF d IS NULL THEN
		d := regexp_match(nom, '(?:^|[^0-9])([0-3]?[0-9])[-_.]([01]?[0-9])[-_.]((?:19|20)[0-9]{2})(?:[^0-9]|$)');
		d := ARRAY[d[3], d[2], d[1]];
	END IF;
	RETURN make_date(d[1]::integer, d[2]::integer, d[3]::integer);
EXCEPTION WHEN datetime_field_overflow THEN
	RETURN NULL;
END $$;
COMMENT ON FUNCTION date_du_fichier(text) IS
	'Date écrite dans un nom de fichier (2024-03-01, 20240301, 01.03.2024), NULL s''il n''en dit pas';

-- The temporary tables that the functions below and identite.sql work on, for the
-- rest of the transaction
CREATE FUNCTION preparer_lot() RETURNS void LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
	CREATE TEMP TABLE lot OF contrat_lu ON COMMIT DROP;
	-- Rows of a few kilobytes stay as they are: no time goes into compressing them
	ALTER TABLE lot SET (toast_tuple_target = 8160);
	-- What is decided of each record of the lot:
	--   nouveau    a contract that was not there
	--   remplace   a better version of a contract that was there
	--   version    another version of a contract that was there, kept in version
	--   copie      a record whose content was there
	CREATE TEMP TABLE decision (
		numero bigint, octet bigint, contrat_id bigint, decision text, cle uuid, empreinte uuid,
		publication date, derniere date, premiere date
	) ON COMMIT DROP;
END $$;
COMMENT ON FUNCTION preparer_lot() IS
	'Tables temporaires lot (enregistrements lus) et decision (ce qui est décidé de chacun) : étape d''ouvrir_chargement et de decharger';

-- fichier    name, as given       taille  bytes      sha256  NULL for an empty file
-- format     json, xml or csv     source  of records that name none
-- date_fichier  NULL: what the name of the file says, else its latest publication
-- encodage   NULL for UTF-8
-- The number of the load. One load at a time writes; readers are not disturbed.
CREATE FUNCTION ouvrir_chargement(
	fichier text, taille bigint, sha256 bytea, format text DEFAULT 'json',
	source text DEFAULT NULL, date_fichier date DEFAULT NULL, encodage text DEFAULT NULL
) RETURNS bigint LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
#variable_conflict use_column
DECLARE
	ce_chargement bigint;
BEGIN
	LOCK TABLE contrat IN SHARE ROW EXCLUSIVE MODE;
	-- Known contracts are looked up by index, however small the table was when
	-- the plan was made; a forbidden plan costs so much that jit would compile
	PERFORM set_config('enable_seqscan', 'off', true), set_config('jit', 'off', true);
	PERFORM preparer_lot();
	INSERT INTO chargement (fichier, taille, sha256, format, source, date_fichier, encodage, lus, charges, remplaces, deja_presents, rejetes)
	VALUES ($1, $2, $3, $4, nullif(btrim($5), ''), coalesce($6, date_du_fichier($1)), $7, 0, 0, 0, 0, 0)
	RETURNING chargement_id INTO ce_chargement;
	RETURN ce_chargement;
END $$;
COMMENT ON FUNCTION ouvrir_chargement(text, bigint, bytea, text, text, date, text) IS
	'Commence un chargement : verrou, ligne de chargement, table temporaire lot à remplir (puis charger_lot, fermer_chargement)';

-- What a record says, without what depends on its delivery: position, encoding,
-- dates of publication. Equal for records of one empreinte.
CREATE FUNCTION contenu_lu(l contrat_lu) RETURNS jsonb LANGUAGE SQL IMMUTABLE PARALLEL SAFE
SET search_path FROM CURRENT AS $$
	SELECT jsonb_strip_nulls(to_jsonb(l) - ARRAY['numero', 'octet', 'taille', 'motif', 'detail', 'texte', 'reprise',
			'cle', 'famille', 'empreinte', 'encodage', 'date_publication_donnees', 'derniere_publication', 'anomalies']
		|| jsonb_build_object(
			'profil', avec_publication(l.profil, l.date_notification, NULL),
			'anomalies', (SELECT jsonb_agg(a ORDER BY a.regle, a.champ, a.valeur)
				FROM unnest(l.anomalies) AS a WHERE a.champ IS DISTINCT FROM 'datePublicationDonnees')))
$$;
COMMENT ON FUNCTION contenu_lu(contrat_lu) IS
	'Ce que dit un enregistrement, hors position et dates de publication : forme de version.contenu';

-- The same from the tables: what contenu_lu gave of the record that contract keeps
CREATE FUNCTION contenu_contrat(contrat_id bigint) RETURNS jsonb LANGUAGE SQL STABLE PARALLEL SAFE
SET search_path FROM CURRENT AS $$
	SELECT contenu_lu(ROW(
		NULL, NULL, NULL, NULL, NULL, NULL, NULL, c.cle, c.famille, c.empreinte,
		CASE WHEN c.accord_cadre_id IS NULL THEN c.profil ELSE avec(c.profil, 'subsequent', 'non_lie') END,
		c.type_contrat, c.format_decp, NULL, c.id, c.uid, c.source, c.acheteur_id, c.acheteur_siren, c.acheteur_nom,
		c.nature, c.objet, c.code_cpv, c.procedure, c.lieu_execution_code, c.lieu_execution_type_code,
		c.lieu_execution_nom, c.duree_mois, c.date_notification, NULL, c.date_debut_execution, c.montant,
		c.montant_subvention_publique, c.forme_prix, c.types_prix, c.techniques, c.modalites_execution,
		c.id_accord_cadre, c.marche_innovant, c.ccag, c.offres_recues, c.attribution_avance, c.taux_avance,
		c.type_groupement_operateurs, c.sous_traitance_declaree, c.origine_ue, c.origine_france,
		c.considerations_sociales, c.considerations_environnementales, NULL, c.champs, c.brut, c.titulaires,
		(SELECT array_agg(ROW(t.type_identifiant, t.identifiant, t.siren, t.denomination_sociale)::titulaire_lu ORDER BY t.rang)
			FROM titulaire AS t WHERE t.contrat_id = c.contrat_id),
		(SELECT array_agg(ROW(m.id, m.objet, m.duree_mois, m.montant, m.date_notification, m.date_publication_donnees,
				(SELECT array_agg(ROW(t.type_identifiant, t.identifiant, t.siren, t.denomination_sociale)::titulaire_lu ORDER BY t.rang)
					FROM titulaire_modification AS t WHERE t.contrat_id = m.contrat_id AND t.modification_rang = m.rang)
			)::modification_lue ORDER BY m.rang)
			FROM modification AS m WHERE m.contrat_id = c.contrat_id),
		(SELECT array_agg(ROW(a.id, a.sous_traitant_type_identifiant, a.sous_traitant_identifiant, a.sous_traitant_siren,
				a.duree_mois, a.date_notification, a.date_publication_donnees, a.montant, a.variation_prix)::acte_lu ORDER BY a.rang)
			FROM acte_sous_traitance AS a WHERE a.contrat_id = c.contrat_id),
		(SELECT array_agg(ROW(m.acte_id, m.duree_mois, m.date_notification, m.date_publication_donnees, m.montant)::modification_acte_lue ORDER BY m.rang)
			FROM modification_acte AS m WHERE m.contrat_id = c.contrat_id),
		(SELECT array_agg(ROW(e.date_publication_donnees, e.depenses_investissement,
				(SELECT array_agg(ROW(t.intitule, t.tarif)::tarif_lu ORDER BY t.rang)
					FROM tarif AS t WHERE t.contrat_id = e.contrat_id AND t.donnee_rang = e.rang)
			)::donnee_execution_lue ORDER BY e.rang)
			FROM donnee_execution AS e WHERE e.contrat_id = c.contrat_id),
		(SELECT array_agg(ROW(a.regle, a.champ, a.valeur)::anomalie_lue)
			FROM anomalie AS a WHERE a.contrat_id = c.contrat_id)
		)::contrat_lu)
	FROM contrat AS c WHERE c.contrat_id = $1
$$;
COMMENT ON FUNCTION contenu_contrat(bigint) IS
	'L''enregistrement qu''un contrat retient, comme version.contenu ; NULL si le contrat n''existe pas';

-- The rules of spaser.regles() on datePublicationDonnees that judge the first
-- publication, which is the contract's and not the record's
CREATE FUNCTION anomalies_publication(type_contrat text, date_notification date, date_debut_execution date, premiere date)
RETURNS SETOF text LANGUAGE SQL IMMUTABLE PARALLEL SAFE AS $$
	SELECT regle FROM (VALUES
		('champ_manquant', premiere IS NULL),
		('publication_apres_debut', type_contrat = 'concession' AND premiere > date_debut_execution),
		('publication_avant_notification', premiere < date_notification),
		('publication_62_jours', type_contrat = 'marche' AND premiere - date_notification > 62),
		('publication_2_mois', type_contrat = 'marche' AND premiere > date_notification + interval '2 months')
	) AS r (regle, enfreinte)
	WHERE enfreinte
$$;
COMMENT ON FUNCTION anomalies_publication(text, date, date, date) IS
	'Règles de validation qu''enfreint la première publication d''un contrat';

-- Judges the first publication of these contracts anew
CREATE FUNCTION juger_publication(contrats bigint[]) RETURNS void LANGUAGE SQL
SET search_path FROM CURRENT AS $$
	DELETE FROM anomalie WHERE contrat_id = ANY (contrats) AND champ = 'datePublicationDonnees';
	INSERT INTO anomalie (contrat_id, regle, champ, valeur)
	SELECT c.contrat_id, regle, 'datePublicationDonnees', to_char(c.date_publication_donnees, 'YYYY-MM-DD')
	FROM contrat AS c, anomalies_publication(c.type_contrat, c.date_notification, c.date_debut_execution, c.date_publication_donnees) AS regle
	WHERE c.contrat_id = ANY (contrats)
$$;
COMMENT ON FUNCTION juger_publication(bigint[]) IS
	'Anomalies de ces contrats sur leur première publication, à la place de celles d''avant';

-- Writes the records of lot that decision calls nouveau or remplace. Dates of
-- publication are those of decision: they are the contract's, not the record's.
CREATE FUNCTION ecrire_lot(ce_chargement bigint) RETURNS void LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
	IF EXISTS (SELECT FROM decision WHERE decision = 'remplace') THEN
		UPDATE contrat AS c SET (
			accord_cadre_id, chargement_id, profil, modifications, date_publication_donnees, derniere_publication,
			cle, empreinte, numero, octet, format_decp, champs, type_contrat, date_notification,
			montant, acheteur_siren, acheteur_id, acheteur_nom, id, uid, source, nature, objet,
			code_cpv, procedure, lieu_execution_code, lieu_execution_type_code, lieu_execution_nom,
			duree_mois, date_debut_execution, montant_subvention_publique,
			forme_prix, types_prix, techniques, modalites_execution, id_accord_cadre,
			marche_innovant, ccag, offres_recues, attribution_avance, taux_avance,
			type_groupement_operateurs, sous_traitance_declaree, origine_ue, origine_france,
			considerations_sociales, considerations_environnementales, titulaires, brut) = ROW (
			NULL, ce_chargement, avec_publication(l.profil, l.date_notification, d.premiere),
			coalesce(cardinality(l.modifications), 0), d.premiere, d.derniere,
			l.cle, l.empreinte, d.numero, d.octet, l.format_decp, l.champs, l.type_contrat, l.date_notification,
			l.montant, l.acheteur_siren, l.acheteur_id, l.acheteur_nom, l.id, l.uid, l.source, l.nature, l.objet,
			l.code_cpv, l.procedure, l.lieu_execution_code, l.lieu_execution_type_code, l.lieu_execution_nom,
			l.duree_mois, l.date_debut_execution, l.montant_subvention_publique,
			l.forme_prix, l.types_prix, l.techniques, l.modalites_execution, l.id_accord_cadre,
			l.marche_innovant, l.ccag, l.offres_recues, l.attribution_avance, l.taux_avance,
			l.type_groupement_operateurs, l.sous_traitance_declaree, l.origine_ue, l.origine_france,
			l.considerations_sociales, l.considerations_environnementales, l.titulaires_identites, l.brut)
		FROM lot AS l JOIN decision AS d USING (numero)
		WHERE d.decision = 'remplace' AND c.contrat_id = d.contrat_id;
		DELETE FROM titulaire AS t USING decision AS d WHERE d.decision = 'remplace' AND t.contrat_id = d.contrat_id;
		DELETE FROM modification AS t USING decision AS d WHERE d.decision = 'remplace' AND t.contrat_id = d.contrat_id;
		DELETE FROM acte_sous_traitance AS t USING decision AS d WHERE d.decision = 'remplace' AND t.contrat_id = d.contrat_id;
		DELETE FROM modification_acte AS t USING decision AS d WHERE d.decision = 'remplace' AND t.contrat_id = d.contrat_id;
		DELETE FROM donnee_execution AS t USING decision AS d WHERE d.decision = 'remplace' AND t.contrat_id = d.contrat_id;
		DELETE FROM anomalie AS t USING decision AS d WHERE d.decision = 'remplace' AND t.contrat_id = d.contrat_id;
	END IF;

	INSERT INTO contrat (
		contrat_id, chargement_id, profil, modifications, date_publication_donnees, derniere_publication,
		cle, famille, empreinte, numero, octet, format_decp, champs, type_contrat, date_notification,
		montant, acheteur_siren, acheteur_id, acheteur_nom, id, uid, source, nature, objet,
		code_cpv, procedure, lieu_execution_code, lieu_execution_type_code, lieu_execution_nom,
		duree_mois, date_debut_execution, montant_subvention_publique,
		forme_prix, types_prix, techniques, modalites_execution, id_accord_cadre,
		marche_innovant, ccag, offres_recues, attribution_avance, taux_avance,
		type_groupement_operateurs, sous_traitance_declaree, origine_ue, origine_france,
		considerations_sociales, considerations_environnementales, titulaires, brut)
	SELECT d.contrat_id, ce_chargement,
		CASE WHEN d.premiere IS NOT DISTINCT FROM l.date_publication_donnees THEN l.profil
			ELSE avec_publication(l.profil, l.date_notification, d.premiere) END,
		coalesce(cardinality(l.modifications), 0), d.premiere, d.derniere,
		l.cle, l.famille, l.empreinte, l.numero, l.octet, l.format_decp, l.champs, l.type_contrat, l.date_notification,
		l.montant, l.acheteur_siren, l.acheteur_id, l.acheteur_nom, l.id, l.uid, l.source, l.nature, l.objet,
		l.code_cpv, l.procedure, l.lieu_execution_code, l.lieu_execution_type_code, l.lieu_execution_nom,
		l.duree_mois, l.date_debut_execution, l.montant_subvention_publique,
		l.forme_prix, l.types_prix, l.techniques, l.modalites_execution, l.id_accord_cadre,
		l.marche_innovant, l.ccag, l.offres_recues, l.attribution_avance, l.taux_avance,
		l.type_groupement_operateurs, l.sous_traitance_declaree, l.origine_ue, l.origine_france,
		l.considerations_sociales, l.considerations_environnementales, l.titulaires_identites, l.brut
	FROM lot AS l JOIN decision AS d USING (numero) WHERE d.decision = 'nouveau'
	ORDER BY l.cle;

	INSERT INTO titulaire (contrat_id, rang, type_identifiant, identifiant, siren, denomination_sociale)
	SELECT d.contrat_id, t.rang, t.type_identifiant, t.identifiant, t.siren, t.denomination_sociale
	FROM lot JOIN decision AS d USING (numero), unnest(titulaires) WITH ORDINALITY
		AS t (type_identifiant, identifiant, siren, denomination_sociale, rang)
	WHERE d.decision IN ('nouveau', 'remplace');
	INSERT INTO modification (contrat_id, rang, id, objet, duree_mois, montant, date_notification, date_publication_donnees)
	SELECT d.contrat_id, m.rang, m.id, m.objet, m.duree_mois, m.montant, m.date_notification, m.date_publication_donnees
	FROM lot JOIN decision AS d USING (numero), unnest(modifications) WITH ORDINALITY
		AS m (id, objet, duree_mois, montant, date_notification, date_publication_donnees, titulaires, rang)
	WHERE d.decision IN ('nouveau', 'remplace');
	INSERT INTO titulaire_modification (contrat_id, modification_rang, rang, type_identifiant, identifiant, siren, denomination_sociale)
	SELECT d.contrat_id, m.rang, t.rang, t.type_identifiant, t.identifiant, t.siren, t.denomination_sociale
	FROM lot JOIN decision AS d USING (numero), unnest(modifications) WITH ORDINALITY
			AS m (id, objet, duree_mois, montant, date_notification, date_publication_donnees, titulaires, rang),
		unnest(m.titulaires) WITH ORDINALITY AS t (type_identifiant, identifiant, siren, denomination_sociale, rang)
	WHERE d.decision IN ('nouveau', 'remplace');
	INSERT INTO acte_sous_traitance
	SELECT d.contrat_id, a.rang, a.id, a.type_identifiant, a.identifiant, a.siren,
		a.duree_mois, a.date_notification, a.date_publication_donnees, a.montant, a.variation_prix
	FROM lot JOIN decision AS d USING (numero), unnest(actes_sous_traitance) WITH ORDINALITY
		AS a (id, type_identifiant, identifiant, siren, duree_mois, date_notification, date_publication_donnees, montant, variation_prix, rang)
	WHERE d.decision IN ('nouveau', 'remplace');
	INSERT INTO modification_acte
	SELECT d.contrat_id, m.rang, m.acte_id, m.duree_mois, m.date_notification, m.date_publication_donnees, m.montant
	FROM lot JOIN decision AS d USING (numero), unnest(modifications_actes) WITH ORDINALITY
		AS m (acte_id, duree_mois, date_notification, date_publication_donnees, montant, rang)
	WHERE d.decision IN ('nouveau', 'remplace');
	INSERT INTO donnee_execution
	SELECT d.contrat_id, e.rang, e.date_publication_donnees, e.depenses_investissement
	FROM lot JOIN decision AS d USING (numero), unnest(donnees_execution) WITH ORDINALITY
		AS e (date_publication_donnees, depenses_investissement, tarifs, rang)
	WHERE d.decision IN ('nouveau', 'remplace');
	INSERT INTO tarif
	SELECT d.contrat_id, e.rang, t.rang, t.intitule, t.tarif
	FROM lot JOIN decision AS d USING (numero), unnest(donnees_execution) WITH ORDINALITY
			AS e (date_publication_donnees, depenses_investissement, tarifs, rang),
		unnest(e.tarifs) WITH ORDINALITY AS t (intitule, tarif, rang)
	WHERE d.decision IN ('nouveau', 'remplace');
	INSERT INTO anomalie (contrat_id, regle, champ, valeur)
	SELECT d.contrat_id, a.regle, a.champ, a.valeur
	FROM lot JOIN decision AS d USING (numero), unnest(anomalies) AS a
	WHERE d.decision IN ('nouveau', 'remplace') AND a.champ IS DISTINCT FROM 'datePublicationDonnees'
	UNION ALL
	SELECT d.contrat_id, regle, 'datePublicationDonnees', to_char(d.premiere, 'YYYY-MM-DD')
	FROM lot JOIN decision AS d USING (numero),
		anomalies_publication(type_contrat, date_notification, date_debut_execution, d.premiere) AS regle
	WHERE d.decision IN ('nouveau', 'remplace');
END $$;
COMMENT ON FUNCTION ecrire_lot(bigint) IS 'Écrit les contrats nouveaux et remplacés du lot : étape de charger_lot et de regrouper';

-- What is decided of the records of lot: one unit of identity (cle) is one
-- contract here, whose best version stands; what needs more than one unit to be
-- seen waits for the end of the file.
CREATE FUNCTION decider_lot() RETURNS void LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
	INSERT INTO decision (numero, octet, contrat_id, decision, cle, empreinte, publication, derniere, premiere)
	SELECT numero, octet, coalesce(ancien, max(nouveau) OVER unite),
		CASE
			WHEN ancien IS NULL AND rang = 1 THEN 'nouveau'
			WHEN meilleur AND rang = 1 THEN 'remplace'
			WHEN empreinte IN (retenue, CASE WHEN ancien IS NULL OR first_value(meilleur) OVER unite THEN premiere_empreinte END) THEN 'copie'
			ELSE 'version'
		END,
		cle, empreinte, date_publication_donnees, derniere_publication,
		least(min(date_publication_donnees) OVER unite, ancienne_premiere)
	FROM (
		SELECT l.*, coalesce(c.contrat_id, v.contrat_id) AS ancien, c.empreinte AS retenue,
			c.date_publication_donnees AS ancienne_premiere,
			c.empreinte <> l.empreinte
				AND (l.modifications, coalesce(l.derniere_publication, '-infinity'), l.champs, l.empreinte)
				> (c.modifications, coalesce(c.derniere_publication, '-infinity'), c.champs, c.empreinte) AS meilleur,
			CASE WHEN c.contrat_id IS NULL AND v.contrat_id IS NULL AND l.rang = 1
				THEN nextval(pg_get_serial_sequence('contrat', 'contrat_id')) END AS nouveau
		FROM (
			SELECT numero, octet, cle, famille, empreinte, champs, date_publication_donnees, derniere_publication,
				coalesce(cardinality(modifications), 0) AS modifications,
				row_number() OVER ordre AS rang, first_value(empreinte) OVER ordre AS premiere_empreinte
			FROM lot WHERE cle IS NOT NULL
			WINDOW ordre AS (PARTITION BY cle ORDER BY coalesce(cardinality(modifications), 0) DESC,
				coalesce(derniere_publication, '-infinity') DESC, champs DESC, empreinte DESC, numero)
		) AS l
		LEFT JOIN LATERAL (
			SELECT contrat_id, empreinte, modifications, derniere_publication, champs, date_publication_donnees
			FROM contrat WHERE contrat.cle = l.cle OFFSET 0
		) AS c ON true
		-- The unit may stand under the contract of another, with which it was merged
		LEFT JOIN LATERAL (
			SELECT contrat_id FROM version WHERE version.famille = l.famille AND version.cle = l.cle LIMIT 1
		) AS v ON c.contrat_id IS NULL
	) AS d
	WINDOW unite AS (PARTITION BY cle ORDER BY rang ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING);
END $$;
COMMENT ON FUNCTION decider_lot() IS 'Décide de chaque enregistrement du lot : étape de charger_lot';

-- Decides of the records of lot, writes them, empties lot; the counts of this lot
CREATE FUNCTION charger_lot(ce_chargement bigint,
	OUT lus bigint, OUT charges bigint, OUT deja_presents bigint, OUT rejetes bigint
) LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
#variable_conflict use_variable
DECLARE
	compte record;
	autrement_publies bigint[];
BEGIN
	PERFORM decider_lot();
	SELECT count(*) FILTER (WHERE decision = 'nouveau') AS nouveaux,
		count(*) FILTER (WHERE decision = 'remplace') AS remplaces,
		count(*) FILTER (WHERE decision = 'version') AS versions,
		count(*) FILTER (WHERE decision = 'copie') AS copies
	INTO compte FROM decision;
	SELECT count(numero), count(motif) INTO lus, rejetes FROM lot;
	charges := compte.nouveaux + compte.remplaces;
	deja_presents := compte.versions + compte.copies;
	-- What a better version takes the place of, kept whole
	IF compte.remplaces > 0 THEN
		INSERT INTO version (empreinte, contrat_id, cle, famille, contenu)
		SELECT c.empreinte, c.contrat_id, c.cle, c.famille, contenu_contrat(c.contrat_id)
		FROM decision AS d JOIN contrat AS c USING (contrat_id) WHERE d.decision = 'remplace'
		ON CONFLICT (empreinte) DO NOTHING;
		DELETE FROM version AS v USING decision AS d WHERE d.decision = 'remplace' AND v.empreinte = d.empreinte;
	END IF;
	IF charges > 0 THEN
		PERFORM ecrire_lot(ce_chargement);
	END IF;
	IF compte.versions > 0 THEN
		INSERT INTO version (empreinte, contrat_id, cle, famille, contenu)
		SELECT l.empreinte, d.contrat_id, l.cle, l.famille, contenu_lu(ROW(l.*)::contrat_lu)
		FROM lot AS l JOIN decision AS d USING (numero) WHERE d.decision = 'version'
		ON CONFLICT (empreinte) DO NOTHING;
	END IF;
	-- Of a unit merged under another, the end of the file decides
	IF deja_presents > 0 THEN
		WITH datee AS (
		UPDATE contrat AS c SET date_publication_donnees = d.premiere, derniere_publication = d.derniere,
			profil = avec_publication(c.profil, c.date_notification, d.premiere)
		FROM (
			SELECT c.contrat_id, least(min(d.publication), min(c.date_publication_donnees)) AS premiere,
				greatest(max(d.derniere) FILTER (WHERE d.empreinte = c.empreinte), max(c.derniere_publication)) AS derniere
			FROM decision AS d CROSS JOIN LATERAL (
				SELECT contrat_id, empreinte, date_publication_donnees, derniere_publication
				FROM contrat WHERE contrat.contrat_id = d.contrat_id AND contrat.cle = d.cle OFFSET 0
			) AS c
			GROUP BY c.contrat_id
		) AS d (contrat_id, premiere, derniere)
		WHERE c.contrat_id = d.contrat_id
			AND (c.date_publication_donnees, c.derniere_publication) IS DISTINCT FROM (d.premiere, d.derniere)
		RETURNING c.contrat_id
		) SELECT array_agg(contrat_id) INTO autrement_publies FROM datee;
		IF autrement_publies IS NOT NULL THEN
			PERFORM juger_publication(autrement_publies);
		END IF;
	END IF;
	INSERT INTO livraison (chargement_id, numero, octet, contrat_id, empreinte, date_publication_donnees, derniere_publication)
	SELECT ce_chargement, numero, octet, contrat_id, empreinte, publication, derniere FROM decision;
	-- What the same file set aside before is kept once
	IF rejetes > 0 AND NOT EXISTS (SELECT FROM chargement AS c JOIN chargement AS autre USING (sha256)
			WHERE c.chargement_id = ce_chargement AND autre.chargement_id <> ce_chargement) THEN
		INSERT INTO rejet
		SELECT ce_chargement, numero, octet, taille, motif, detail, texte FROM lot WHERE motif IS NOT NULL;
	END IF;
	UPDATE chargement AS c SET lus = c.lus + charger_lot.lus, charges = c.charges + charger_lot.charges,
		remplaces = c.remplaces + compte.remplaces, deja_presents = c.deja_presents + charger_lot.deja_presents,
		rejetes = c.rejetes + charger_lot.rejetes,
		encodage = coalesce(c.encodage, (SELECT min(lot.encodage) FROM lot))
	WHERE c.chargement_id = ce_chargement;
	TRUNCATE lot, decision;
END $$;
COMMENT ON FUNCTION charger_lot(bigint) IS
	'Décide des enregistrements de la table temporaire lot, les écrit, vide lot ; rend les comptes du lot';

CREATE FUNCTION fermer_chargement(ce_chargement bigint) RETURNS void LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
DECLARE
	grand boolean;
BEGIN
	UPDATE chargement SET date_fichier = (SELECT max(derniere_publication) FROM livraison WHERE chargement_id = ce_chargement)
	WHERE chargement_id = ce_chargement AND date_fichier IS NULL;
	-- A load of a good part of all contracts goes through the tables once, a
	-- small one looks up its own: without statistics the planner cannot tell
	SELECT ce.lus > sum(c.lus) / 20 INTO grand
	FROM chargement AS ce, chargement AS c WHERE ce.chargement_id = ce_chargement GROUP BY ce.lus;
	PERFORM set_config('enable_seqscan', CASE WHEN grand THEN 'on' ELSE 'off' END, true),
		set_config('enable_nestloop', CASE WHEN grand THEN 'off' ELSE 'on' END, true);
	CREATE TEMP TABLE famille_touchee ON COMMIT DROP AS
	SELECT DISTINCT c.famille
	FROM (SELECT DISTINCT contrat_id FROM livraison WHERE chargement_id = ce_chargement) AS l JOIN contrat AS c USING (contrat_id)
	WHERE (EXISTS (SELECT FROM contrat AS autre WHERE autre.famille = c.famille AND autre.contrat_id <> c.contrat_id)
			OR EXISTS (SELECT FROM version AS v WHERE v.famille = c.famille AND v.cle <> c.cle));
	CREATE TEMP TABLE acheteur_touche ON COMMIT DROP AS
	SELECT DISTINCT c.acheteur_siren
	FROM livraison AS l JOIN contrat AS c USING (contrat_id)
	WHERE l.chargement_id = ce_chargement AND c.acheteur_siren IS NOT NULL;
	PERFORM set_config('enable_seqscan', 'on', true), set_config('enable_nestloop', 'on', true);
	PERFORM regrouper();
	PERFORM relier_accords_cadres();
	UPDATE chargement SET duree = clock_timestamp() - debut WHERE chargement_id = ce_chargement;
	DROP TABLE famille_touchee, acheteur_touche, lot, decision;
END $$;
COMMENT ON FUNCTION fermer_chargement(bigint) IS
	'Termine un chargement : date du fichier, familles de contrats, accords-cadres, durée';
