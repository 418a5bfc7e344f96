-- identite.sql: which records tell of one contract, when more than one unit of
-- identity (cle: buyer, id, folded objet, holders, euros) has to be looked at.
-- Part of tables.sql.
--
-- It looks at whole families (buyer, folded objet, holders) and decides anew
-- from all the records there are, those of contrat and those of version, and
-- from which file delivered them: so no order of loading matters, and taking a
-- file away is the same decision without its records.

-- The records of the families in famille_touchee, without those in
-- empreinte_retiree, as a temporary table membre.
CREATE FUNCTION rassembler_membres() RETURNS void LANGUAGE SQL
SET search_path FROM CURRENT AS $$
	INSERT INTO membre
	SELECT m.*, l.fichiers, l.sources, l.date_fichier, l.premiere, coalesce(l.derniere, m.derniere_publication)
	FROM (
		SELECT c.empreinte, c.famille, c.cle, c.contrat_id, true AS retenu, c.id, c.format_decp, trunc(c.montant),
			c.date_notification, c.modifications, c.champs, c.source, c.derniere_publication
		FROM famille_touchee JOIN contrat AS c USING (famille)
		UNION ALL
		SELECT v.empreinte, v.famille, v.cle, v.contrat_id, false, v.contenu->>'id', (v.contenu->>'format_decp')::smallint,
			trunc((v.contenu->>'montant')::numeric), (v.contenu->>'date_notification')::date,
			coalesce(jsonb_array_length(v.contenu->'modifications'), 0), (v.contenu->>'champs')::integer,
			v.contenu->>'source', NULL
		FROM famille_touchee JOIN version AS v USING (famille)
	) AS m
	LEFT JOIN LATERAL (
		SELECT array_agg(DISTINCT chargement_id) AS fichiers,
			array_agg(DISTINCT coalesce(m.source, source)) FILTER (WHERE coalesce(m.source, source) IS NOT NULL) AS sources,
			max(date_fichier) AS date_fichier, min(date_publication_donnees) AS premiere,
			max(derniere_publication) AS derniere
		FROM livraison JOIN chargement USING (chargement_id)
		WHERE livraison.contrat_id = m.contrat_id AND livraison.empreinte = m.empreinte
	) AS l ON true
	WHERE NOT EXISTS (SELECT FROM empreinte_retiree AS r WHERE r.empreinte = m.empreinte)
$$;
COMMENT ON FUNCTION rassembler_membres() IS 'Enregistrements des familles touchées, avec leurs livraisons : étape de regrouper';

-- Which units are one contract, in three steps, each over the groups that the
-- one before made. Where a step finds more than it can tell apart, it merges
-- nothing.

-- One line per unit in the temporary table unite, each a group of its own
CREATE FUNCTION unites_des_membres() RETURNS void LANGUAGE SQL
SET search_path FROM CURRENT AS $$
	INSERT INTO unite (cle, famille, id, format_decp, euros, date_notification, gagnant, modifications, derniere, champs,
		date_fichier, sources, groupe, suffixe)
	SELECT cle, famille, id, format_decp, euros, date_notification, empreinte, modifications, coalesce(derniere, '-infinity'), champs,
		coalesce(dernier_fichier, '-infinity'), connue.sources, cle, 0
	FROM (
		SELECT DISTINCT ON (cle) *, max(date_fichier) OVER (PARTITION BY cle) AS dernier_fichier
		FROM membre
		ORDER BY cle, modifications DESC, coalesce(derniere, '-infinity') DESC, champs DESC, empreinte DESC
	) AS meilleur
	LEFT JOIN (
		SELECT cle, array_agg(DISTINCT s) AS sources FROM membre, unnest(sources) AS s GROUP BY cle
	) AS connue USING (cle)
$$;
COMMENT ON FUNCTION unites_des_membres() IS 'Unités d''identité des membres, chacune avec son meilleur enregistrement : étape de regrouper';

-- One id, one date of notification, another amount, and no file that delivers
-- both: the amount was corrected. A file that delivers both has two contracts
-- (lots of one operation).
CREATE FUNCTION unir_corrections() RETURNS void LANGUAGE SQL
SET search_path FROM CURRENT AS $$
	WITH classe AS (
		SELECT cle, first_value(cle) OVER (PARTITION BY famille, id, date_notification ORDER BY cle) AS premiere
		FROM unite WHERE id IS NOT NULL
	), ensemble AS (
		SELECT DISTINCT premiere FROM (
			SELECT c.premiere FROM classe AS c JOIN membre AS m USING (cle), unnest(m.fichiers) AS fichier
			GROUP BY c.premiere, fichier
			HAVING count(DISTINCT cle) > 1
		) AS livrees
	)
	UPDATE unite AS u SET groupe = c.premiere
	FROM classe AS c
	WHERE u.cle = c.cle AND c.premiere <> c.cle AND c.premiere NOT IN (SELECT premiere FROM ensemble)
$$;
COMMENT ON FUNCTION unir_corrections() IS 'Réunit les unités dont seul le montant a été corrigé : étape de regrouper';

-- Format 1: ids that differ in their last two digits only are versions of one
-- contract; the highest stands.
CREATE FUNCTION unir_suffixes() RETURNS void LANGUAGE SQL
SET search_path FROM CURRENT AS $$
	-- A group has one id, so all of its units go along
	UPDATE unite AS u SET groupe = s.groupe, suffixe = right(u.id, 2)::integer
	FROM (
		SELECT unnest(groupes) AS ancien, groupes[1] AS groupe
		FROM (
			SELECT array_agg(DISTINCT groupe) AS groupes, count(DISTINCT right(id, 2)) AS suffixes
			FROM unite
			WHERE format_decp = 1 AND id ~ '.[0-9]{2}$'
			GROUP BY famille, left(id, -2)
		) AS base
		WHERE cardinality(groupes) > 1 AND cardinality(groupes) = suffixes
	) AS s
	WHERE u.groupe = s.ancien
$$;
COMMENT ON FUNCTION unir_suffixes() IS 'Réunit les versions que le format 1 numérote à la fin de l''id : étape de regrouper';

-- The same amount under another id of another source, notified within a month,
-- where each source knows one.
CREATE FUNCTION unir_sources() RETURNS void LANGUAGE SQL
SET search_path FROM CURRENT AS $$
	WITH meilleure AS (
		SELECT DISTINCT ON (groupe) groupe, famille, euros, date_notification
		FROM unite
		ORDER BY groupe, suffixe DESC, modifications DESC, derniere DESC, date_fichier DESC, champs DESC, gagnant DESC
	), connue AS (
		SELECT groupe, array_agg(DISTINCT s) FILTER (WHERE s IS NOT NULL) AS sources
		FROM unite LEFT JOIN LATERAL unnest(sources) AS s ON true
		GROUP BY groupe
	), ecart AS (
		SELECT *, coalesce(date_notification - lag(date_notification) OVER ordre > 31,
			(date_notification IS NULL) <> (lag(date_notification) OVER ordre IS NULL)) AS nouvelle
		FROM meilleure JOIN connue USING (groupe)
		WHERE euros > 1
		WINDOW ordre AS (PARTITION BY famille, euros ORDER BY date_notification, groupe)
	), proche AS (
		SELECT *, count(*) FILTER (WHERE nouvelle) OVER (PARTITION BY famille, euros ORDER BY date_notification, groupe) AS serie
		FROM ecart
	), croisee AS (
		SELECT array_agg(groupe ORDER BY groupe) AS groupes
		FROM proche
		GROUP BY famille, euros, serie
		HAVING count(*) > 1 AND bool_and(sources IS NOT NULL)
			AND sum(cardinality(sources)) = (
				SELECT count(DISTINCT s) FROM unnest(array_agg(array_to_string(sources, E'\x01'))) AS liste,
					unnest(string_to_array(liste, E'\x01')) AS s)
	)
	UPDATE unite AS u SET groupe = c.definitif
	FROM (SELECT unnest(groupes) AS groupe, groupes[1] AS definitif FROM croisee) AS c
	WHERE u.groupe = c.groupe
$$;
COMMENT ON FUNCTION unir_sources() IS 'Réunit ce que deux sources publient d''un même contrat sous deux id : étape de regrouper';

-- Of each group, the record that stands for it. A numbered version is kept whole:
-- publications of those before it are not its own.
CREATE FUNCTION elire_gagnants() RETURNS void LANGUAGE SQL
SET search_path FROM CURRENT AS $$
	INSERT INTO regroupement (empreinte, contrat_id, cle, famille, retenu, groupe, gagnant, premiere, derniere)
	SELECT m.empreinte, m.contrat_id, m.cle, m.famille, m.retenu, u.groupe, m.empreinte = e.gagnant,
		CASE WHEN u.suffixe = e.suffixe THEN m.premiere END, m.derniere
	FROM membre AS m JOIN unite AS u USING (cle)
	JOIN (
		SELECT DISTINCT ON (groupe) groupe, gagnant, suffixe
		FROM unite
		ORDER BY groupe, suffixe DESC, modifications DESC, derniere DESC, date_fichier DESC, champs DESC, gagnant DESC
	) AS e USING (groupe)
$$;
COMMENT ON FUNCTION elire_gagnants() IS 'Enregistrement qui tient lieu de chaque groupe : étape de regrouper';

-- The row of contrat that each group keeps: that of its winner, else one that it
-- has, else that of a contract whose record was taken away, else a new one.
CREATE FUNCTION choisir_cibles() RETURNS void LANGUAGE SQL
SET search_path FROM CURRENT AS $$
	WITH tenue AS (
		SELECT groupe, coalesce(max(contrat_id) FILTER (WHERE retenu AND gagnant), min(contrat_id) FILTER (WHERE retenu)) AS cible
		FROM regroupement GROUP BY groupe
	), libre AS (
		SELECT r.contrat_id, (array_agg(r.groupe ORDER BY r.groupe))[1] AS groupe
		FROM regroupement AS r JOIN tenue AS t ON t.groupe = r.groupe AND t.cible IS NULL
		WHERE NOT EXISTS (SELECT FROM regroupement AS x WHERE x.contrat_id = r.contrat_id AND x.retenu)
		GROUP BY r.contrat_id
	), cible AS (
		SELECT groupe, coalesce(cible, liberee, nextval(pg_get_serial_sequence('contrat', 'contrat_id'))) AS cible,
			cible IS NULL AND liberee IS NULL AS nouvelle
		FROM tenue LEFT JOIN (SELECT groupe, min(contrat_id) AS liberee FROM libre GROUP BY groupe) AS l USING (groupe)
	)
	UPDATE regroupement AS r SET cible = c.cible, nouvelle = c.nouvelle
	FROM cible AS c WHERE c.groupe = r.groupe
$$;
COMMENT ON FUNCTION choisir_cibles() IS 'Ligne de contrat que garde chaque groupe : étape de regrouper';

-- Puts winners that stand in version into lot, to be written as nouveau or remplace
CREATE FUNCTION promouvoir(nouvelles boolean) RETURNS void LANGUAGE SQL
SET search_path FROM CURRENT AS $$
	TRUNCATE lot, decision;
	INSERT INTO lot
	SELECT l.* FROM (
		SELECT row_number() OVER (ORDER BY r.empreinte) AS rang, r.empreinte
		FROM regroupement AS r WHERE gagnant AND NOT retenu AND nouvelle = $1
	) AS r
	JOIN version AS v USING (empreinte)
	CROSS JOIN LATERAL jsonb_populate_record(NULL::contrat_lu, v.contenu || jsonb_build_object(
		'numero', r.rang, 'octet', 0, 'cle', v.cle, 'famille', v.famille, 'empreinte', v.empreinte)) AS l;
	INSERT INTO decision (numero, octet, contrat_id, decision, cle, empreinte, derniere, premiere)
	SELECT l.numero, l.octet, r.cible, CASE WHEN $1 THEN 'nouveau' ELSE 'remplace' END, l.cle, l.empreinte, r.derniere, r.premiere
	FROM lot AS l JOIN regroupement AS r USING (empreinte);
$$;
COMMENT ON FUNCTION promouvoir(boolean) IS 'Versions qui deviennent la version retenue d''un contrat : étape de regrouper';

-- Decides anew of the families in famille_touchee, without the records in
-- empreinte_retiree, and changes the tables accordingly.
CREATE FUNCTION regrouper() RETURNS void LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
DECLARE
	un_chargement bigint := (SELECT max(chargement_id) FROM chargement);
	autrement_publies bigint[];
BEGIN
	-- Most files have nothing to tell apart, and what follows costs a small one much
	IF NOT EXISTS (SELECT FROM famille_touchee) THEN
		RETURN;
	END IF;
	CREATE TEMP TABLE membre (
		empreinte uuid, famille uuid, cle uuid, contrat_id bigint, retenu boolean, id text, format_decp smallint, euros numeric,
		date_notification date, modifications integer, champs integer, source text, derniere_publication date,
		fichiers bigint[], sources text[], date_fichier date, premiere date, derniere date
	) ON COMMIT DROP;
	CREATE TEMP TABLE unite (
		cle uuid PRIMARY KEY, famille uuid, id text, format_decp smallint, euros numeric, date_notification date,
		gagnant uuid, modifications integer, derniere date, champs integer, date_fichier date, sources text[],
		groupe uuid, suffixe integer
	) ON COMMIT DROP;
	CREATE TEMP TABLE regroupement (
		empreinte uuid, contrat_id bigint, cle uuid, famille uuid, retenu boolean, groupe uuid, gagnant boolean,
		premiere date, derniere date, cible bigint, nouvelle boolean
	) ON COMMIT DROP;
	CREATE TEMP TABLE IF NOT EXISTS empreinte_retiree (empreinte uuid PRIMARY KEY) ON COMMIT DROP;
	ANALYZE famille_touchee;
	PERFORM rassembler_membres();
	ANALYZE membre;
	PERFORM unites_des_membres();
	ANALYZE unite;
	PERFORM unir_corrections();
	PERFORM unir_suffixes();
	PERFORM unir_sources();
	PERFORM elire_gagnants();
	ANALYZE regroupement;
	PERFORM choisir_cibles();

	INSERT INTO version (empreinte, contrat_id, cle, famille, contenu)
	SELECT empreinte, contrat_id, cle, famille, contenu_contrat(contrat_id)
	FROM regroupement WHERE retenu AND NOT gagnant
	ON CONFLICT (empreinte) DO NOTHING;
	-- What no record stands for any more is written anew or deleted below: its key
	-- must not be in the way of who takes it
	UPDATE contrat AS c SET cle = gen_random_uuid() FROM famille_touchee AS f
	WHERE c.famille = f.famille AND NOT EXISTS (SELECT FROM regroupement AS r WHERE r.contrat_id = c.contrat_id AND r.retenu AND r.gagnant);
	IF EXISTS (SELECT FROM regroupement WHERE gagnant AND NOT retenu AND nouvelle) THEN
		PERFORM promouvoir(true);
		PERFORM ecrire_lot(un_chargement);
	END IF;
	UPDATE livraison AS l SET contrat_id = r.cible FROM regroupement AS r
	WHERE l.contrat_id = r.contrat_id AND l.empreinte = r.empreinte AND r.contrat_id <> r.cible;
	UPDATE version AS v SET contrat_id = r.cible FROM regroupement AS r
	WHERE v.empreinte = r.empreinte AND v.contrat_id <> r.cible;
	-- What no group keeps, deleted before another row takes its key
	DELETE FROM contrat AS c USING famille_touchee AS f
	WHERE c.famille = f.famille AND NOT EXISTS (SELECT FROM regroupement AS r WHERE r.cible = c.contrat_id);
	IF EXISTS (SELECT FROM regroupement WHERE gagnant AND NOT retenu AND NOT nouvelle) THEN
		PERFORM promouvoir(false);
		PERFORM ecrire_lot(un_chargement);
	END IF;
	DELETE FROM version AS v USING regroupement AS r WHERE r.gagnant AND v.empreinte = r.empreinte;
	DELETE FROM version AS v USING empreinte_retiree AS r WHERE v.empreinte = r.empreinte;
	TRUNCATE lot, decision;

	-- Where the record that stands was first read, when it was first published
	WITH datee AS (
	UPDATE contrat AS c SET chargement_id = l.chargement_id, numero = l.numero, octet = l.octet,
		date_publication_donnees = g.premiere, derniere_publication = g.derniere,
		profil = avec_publication(c.profil, c.date_notification, g.premiere)
	FROM (
		SELECT cible, (array_agg(empreinte) FILTER (WHERE gagnant))[1] AS empreinte,
			min(premiere) AS premiere, max(derniere) FILTER (WHERE gagnant) AS derniere
		FROM regroupement GROUP BY cible
	) AS g, LATERAL (
		SELECT chargement_id, numero, octet FROM livraison
		WHERE livraison.contrat_id = g.cible AND livraison.empreinte = g.empreinte
		ORDER BY chargement_id, numero LIMIT 1
	) AS l
	WHERE c.contrat_id = g.cible
		AND (c.chargement_id, c.numero, c.date_publication_donnees, c.derniere_publication)
			IS DISTINCT FROM (l.chargement_id, l.numero, g.premiere, g.derniere)
	RETURNING c.contrat_id
	) SELECT array_agg(contrat_id) INTO autrement_publies FROM datee;
	PERFORM juger_publication(coalesce(autrement_publies, '{}'));
	DROP TABLE membre, unite, regroupement, empreinte_retiree;
END $$;
COMMENT ON FUNCTION regrouper() IS
	'Décide à nouveau des familles de contrats touchées par un chargement ou un déchargement';

-- An identifier without what platforms spell differently
CREATE FUNCTION id_normalise(id text) RETURNS text LANGUAGE SQL IMMUTABLE STRICT PARALLEL SAFE AS $$
	SELECT translate(upper(id), ' ,\./-', '______')
$$;
COMMENT ON FUNCTION id_normalise(text) IS 'Identifiant sans les signes que les plateformes écrivent diversement';

-- Subsequent contracts of the buyers in acheteur_touche and their framework,
-- whichever came first: by the id as published, else written another way, else
-- (format 1) without the two digits of its version. A contract that names itself
-- has no framework, though a lot may share its id; two that name each other
-- would both leave the value, so neither does.
CREATE FUNCTION relier_accords_cadres() RETURNS void LANGUAGE SQL
SET search_path FROM CURRENT AS $$
	WITH nomme AS MATERIALIZED (
		SELECT s.contrat_id, s.acheteur_siren, s.id, s.id_accord_cadre
		FROM acheteur_touche AS a JOIN contrat AS s USING (acheteur_siren)
		WHERE s.id_accord_cadre IS NOT NULL AND s.type_contrat = 'marche'
	), cadre AS (
		-- Of contracts that share an id, those that matter: the best of each that name another
		SELECT DISTINCT ON (f.acheteur_siren, f.id, f.id_accord_cadre) f.contrat_id, f.acheteur_siren, f.id, f.id_accord_cadre,
			coalesce(attribut(f.profil, 'accord_cadre') = 'oui', false) AS oui, f.cle
		FROM (SELECT DISTINCT acheteur_siren, id_accord_cadre FROM nomme) AS n
		JOIN contrat AS f ON f.acheteur_siren = n.acheteur_siren AND f.id = n.id_accord_cadre AND f.type_contrat = 'marche'
		ORDER BY f.acheteur_siren, f.id, f.id_accord_cadre, coalesce(attribut(f.profil, 'accord_cadre') = 'oui', false) DESC, f.cle
	), direct AS (
		SELECT DISTINCT ON (s.contrat_id) s.contrat_id, f.contrat_id AS trouve
		FROM nomme AS s JOIN cadre AS f ON f.acheteur_siren = s.acheteur_siren AND f.id = s.id_accord_cadre
		WHERE s.id_accord_cadre IS DISTINCT FROM s.id AND f.id_accord_cadre IS DISTINCT FROM s.id
		ORDER BY s.contrat_id, f.oui DESC, f.cle
	), cherche AS MATERIALIZED (
		SELECT s.*, id_normalise(s.id_accord_cadre) AS nom
		FROM nomme AS s
		WHERE NOT EXISTS (SELECT FROM direct AS d WHERE d.contrat_id = s.contrat_id)
			AND id_normalise(id_accord_cadre) <> coalesce(id_normalise(id), '')
	), candidat AS (
		SELECT contrat_id, acheteur_siren, id, id_normalise(id_accord_cadre) AS nom_cadre, cle, format_decp, id_normalise(id) AS nom,
			coalesce(attribut(profil, 'accord_cadre') = 'oui', false) AS oui
		FROM contrat
		WHERE type_contrat = 'marche' AND acheteur_siren IN (SELECT acheteur_siren FROM cherche)
	), ecrit AS (
		SELECT DISTINCT ON (c.acheteur_siren, c.nom, c.degre, c.id, c.nom_cadre) c.*
		FROM (
			SELECT contrat_id, acheteur_siren, id, nom_cadre, cle, oui, nom, 1 AS degre FROM candidat
			UNION ALL
			SELECT contrat_id, acheteur_siren, id, nom_cadre, cle, oui, left(nom, -2), 2 FROM candidat
			WHERE format_decp = 1 AND nom ~ '.[0-9]{2}$'
		) AS c
		JOIN (SELECT DISTINCT acheteur_siren, nom FROM cherche) AS n USING (acheteur_siren, nom)
		ORDER BY c.acheteur_siren, c.nom, c.degre, c.id, c.nom_cadre, c.oui DESC, c.cle
	), autre AS (
		SELECT DISTINCT ON (s.contrat_id) s.contrat_id, f.contrat_id AS trouve
		FROM cherche AS s JOIN ecrit AS f USING (acheteur_siren, nom)
		WHERE f.id IS DISTINCT FROM s.id AND f.nom_cadre IS DISTINCT FROM id_normalise(s.id)
		ORDER BY s.contrat_id, f.degre, f.oui DESC, f.cle
	)
	UPDATE contrat AS c SET accord_cadre_id = l.trouve,
		profil = avec(c.profil, 'subsequent', CASE WHEN l.trouve IS NULL THEN 'non_lie' ELSE 'lie' END)
	FROM (
		SELECT s.contrat_id, coalesce(d.trouve, a.trouve) AS trouve
		FROM nomme AS s LEFT JOIN direct AS d USING (contrat_id) LEFT JOIN autre AS a USING (contrat_id)
	) AS l
	WHERE c.contrat_id = l.contrat_id
		AND (c.accord_cadre_id IS DISTINCT FROM l.trouve
			OR (l.trouve IS NULL AND attribut(c.profil, 'subsequent') = 'lie'))
$$;
COMMENT ON FUNCTION relier_accords_cadres() IS
	'Relie les marchés subséquents des acheteurs touchés à leur accord-cadre : étape de fermer_chargement';

-- Takes a file away: what it alone told is gone, contracts that others told of
-- too stand as if it had never been loaded. The same file loaded twice stays
-- until it is taken away twice. Error 02000 for a load that does not exist.
CREATE FUNCTION decharger(ce_chargement bigint) RETURNS void LANGUAGE plpgsql
SET search_path FROM CURRENT AS $$
BEGIN
	LOCK TABLE contrat IN SHARE ROW EXCLUSIVE MODE;
	IF NOT EXISTS (SELECT FROM chargement WHERE chargement_id = ce_chargement) THEN
		RAISE EXCEPTION 'load % does not exist', ce_chargement USING ERRCODE = 'no_data_found',
			HINT = 'Table chargement lists the loads: chargement_id, fichier.';
	END IF;
	-- What a file loaded twice set aside is kept once
	UPDATE rejet SET chargement_id = j.chargement_id
	FROM (
		SELECT min(j.chargement_id) AS chargement_id
		FROM chargement AS c JOIN chargement AS j USING (sha256)
		WHERE c.chargement_id = ce_chargement AND j.chargement_id <> ce_chargement
	) AS j
	WHERE rejet.chargement_id = ce_chargement AND j.chargement_id IS NOT NULL;
	PERFORM preparer_lot();
	CREATE TEMP TABLE famille_touchee ON COMMIT DROP AS
	SELECT DISTINCT c.famille FROM livraison AS l JOIN contrat AS c USING (contrat_id) WHERE l.chargement_id = ce_chargement;
	CREATE TEMP TABLE acheteur_touche ON COMMIT DROP AS
	SELECT DISTINCT c.acheteur_siren FROM livraison AS l JOIN contrat AS c USING (contrat_id)
	WHERE l.chargement_id = ce_chargement AND c.acheteur_siren IS NOT NULL;
	CREATE TEMP TABLE empreinte_retiree (empreinte uuid PRIMARY KEY) ON COMMIT DROP;
	INSERT INTO empreinte_retiree
	SELECT DISTINCT l.empreinte FROM livraison AS l
	WHERE l.chargement_id = ce_chargement AND NOT EXISTS (
		SELECT FROM livraison AS autre WHERE autre.contrat_id = l.contrat_id AND autre.empreinte = l.empreinte
			AND autre.chargement_id <> ce_chargement);
	DELETE FROM livraison WHERE chargement_id = ce_chargement;
	PERFORM regrouper();
	PERFORM relier_accords_cadres();
	DELETE FROM chargement WHERE chargement_id = ce_chargement;
	DROP TABLE IF EXISTS empreinte_retiree;
	DROP TABLE famille_touchee, acheteur_touche, lot, decision;
END $$;
COMMENT ON FUNCTION decharger(bigint) IS
	'Retire un fichier chargé : les contrats que d''autres fichiers disent restent, comme s''il n''avait jamais été chargé';

-- Which sources know a contract, and since when: one row per contract and source
CREATE VIEW contrat_source AS
SELECT l.contrat_id, coalesce(CASE WHEN l.empreinte = c.empreinte THEN c.source ELSE v.contenu->>'source' END, f.source) AS source,
	count(*) AS livraisons, count(DISTINCT l.chargement_id) AS fichiers,
	min(l.date_publication_donnees) AS premiere_publication, min(f.date_fichier) AS premier_fichier, max(f.date_fichier) AS dernier_fichier
FROM livraison AS l
JOIN chargement AS f USING (chargement_id)
JOIN contrat AS c USING (contrat_id)
LEFT JOIN version AS v ON v.empreinte = l.empreinte
GROUP BY 1, 2;
COMMENT ON VIEW contrat_source IS 'Sources qui connaissent chaque contrat, et ce qu''elles en ont livré';
COMMENT ON COLUMN contrat_source.contrat_id IS 'Contrat';
COMMENT ON COLUMN contrat_source.source IS 'Source publiée, sinon celle donnée au chargement, NULL si rien ne la dit';
COMMENT ON COLUMN contrat_source.livraisons IS 'Enregistrements livrés, copies comprises';
COMMENT ON COLUMN contrat_source.fichiers IS 'Fichiers';
COMMENT ON COLUMN contrat_source.premiere_publication IS 'Première publication par cette source';
COMMENT ON COLUMN contrat_source.premier_fichier IS 'Date du premier fichier';
COMMENT ON COLUMN contrat_source.dernier_fichier IS 'Date du dernier fichier';
