-- qualite.sql: how good the data are (T01 to T13, D06, D07), and what is wrong
-- between contracts.
--
--   psql -v schema=decp -f qualite.sql
--       after tables.sql; run again, it makes all of it anew.
--   SELECT * FROM decp.qualite();
--   SELECT * FROM decp.qualite('{source,annee}', au => '2026-01-01');
--       rates of the whole; of each source and year, as of a date.
--   SELECT * FROM decp.qualite('{acheteur}') WHERE acheteur_siren = '217500016';
--       of one buyer, by the index of contrat.
--   SELECT * FROM decp.rafraichir_qualite();
--       after loads: the references of amounts (T07 robuste) and the flags of
--       anomalie_ensemble.
--
-- A hundred conditions take jit longer to compile than some millions of contracts
-- to count: SET jit = off before asking for the whole.
--
-- It needs to own the tables. Who may read contrat may read this; views and
-- functions look with the rights of whoever asks. Nothing is deleted or
-- corrected here.
\set ON_ERROR_STOP on
\set QUIET on
\if :{?schema}
\else
\set schema decp
\endif

BEGIN;
SET LOCAL client_min_messages = warning;
SELECT set_config('search_path', quote_ident(:'schema') || ', spaser, pg_temp', true) \g /dev/null
DROP FUNCTION IF EXISTS rafraichir_qualite, couverture_acheteurs;
DROP VIEW IF EXISTS qualite_sources, qualite_champs, recouvrement_sources, signalement;
DROP FUNCTION IF EXISTS qualite_score, qualite_extremes, qualite_delais, qualite, qualite_unicite, qualite_comptes;
DROP VIEW IF EXISTS mesure_qualite, fait_qualite;
DROP MATERIALIZED VIEW IF EXISTS anomalie_ensemble;
DROP VIEW IF EXISTS anomalie_ensemble_actuelle;
DROP MATERIALIZED VIEW IF EXISTS montant_reference;
DROP VIEW IF EXISTS doublon_possible, lot_suspect, montant_repete, uid_non_unique;
DROP FUNCTION IF EXISTS axes_qualite, annees_dues, mots;

-- ---- What is looked at

-- annees_dues(debut, duree_mois, au): full years from debut to au, or to the end
-- of the term where it is known; 0 before debut. NULL if debut or au is NULL.
CREATE FUNCTION annees_dues(debut date, duree_mois integer, au date) RETURNS integer LANGUAGE SQL IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN debut IS NOT NULL AND au IS NOT NULL THEN greatest(0, extract(year FROM age(
	CASE WHEN duree_mois BETWEEN 1 AND 1200 THEN least(au, (debut + make_interval(months => duree_mois))::date) ELSE au END, debut)))::integer END;
COMMENT ON FUNCTION annees_dues(date, integer, date) IS 'Années d''exécution pleines d''une concession à cette date : autant de publications dues';

-- What the amounts of a division usually are: median of log10, and median of the
-- distance to it. Materialised: two sorts of all amounts, that change little.
CREATE MATERIALIZED VIEW montant_reference AS
SELECT type_contrat, division_cpv, count(*) AS effectif, mediane,
	percentile_cont(0.5) WITHIN GROUP (ORDER BY abs(l - mediane)) AS mad
FROM (SELECT type_contrat, left(code_cpv, 2) AS division_cpv, log(montant::double precision) AS l FROM contrat
		WHERE montant >= 1 AND montant < 1e15 AND code_cpv IS NOT NULL) AS m
JOIN (SELECT type_contrat, left(code_cpv, 2) AS division_cpv,
		percentile_cont(0.5) WITHIN GROUP (ORDER BY log(montant::double precision)) AS mediane
	FROM contrat WHERE montant >= 1 AND montant < 1e15 AND code_cpv IS NOT NULL GROUP BY 1, 2) AS r USING (type_contrat, division_cpv)
GROUP BY type_contrat, division_cpv, mediane;
CREATE UNIQUE INDEX montant_reference_cle ON montant_reference (division_cpv, type_contrat);
COMMENT ON MATERIALIZED VIEW montant_reference IS 'Montants habituels de chaque division CPV (T07, règle robuste), au dernier rafraichir_qualite()';
COMMENT ON INDEX montant_reference_cle IS 'Une ligne par division et type de contrat';

-- Derived once a row, behind OFFSET 0: a hundred measures look at them, and the
-- planner would compute each anew in every one. Conditions on the columns of
-- contrat still go through.
CREATE VIEW fait_qualite WITH (security_invoker = true) AS
SELECT c.*, d.*, m.*, t.*, e.*
FROM contrat AS c
LEFT JOIN montant_reference AS r ON r.division_cpv = left(c.code_cpv, 2) AND r.type_contrat = c.type_contrat
	AND r.effectif >= 30 AND r.mad > 0
CROSS JOIN LATERAL (
	SELECT c.type_contrat = 'marche' AS marche,
		extract(year FROM c.date_notification)::integer AS annee,
		en_valeur(c.profil, c.montant) AS valeur,
		CASE WHEN c.date_publication_donnees >= c.date_notification THEN c.date_publication_donnees - c.date_notification END AS delai,
		(c.date_notification + interval '2 months')::date AS limite,
		CASE attribut(c.profil, 'accord_cadre') WHEN 'oui' THEN true WHEN 'non' THEN false END AS accord_cadre,
		(SELECT a.date_notification FROM contrat AS a WHERE a.contrat_id = c.accord_cadre_id) AS notification_accord_cadre,
		c.type_contrat = 'marche' AND c.format_decp = 2 AND attribut(c.profil, 'type_achat') IS NOT NULL
			AND attribut(c.profil, 'origine') IS DISTINCT FROM 'non_concerne' AS origine_attendue,
		c.sous_traitance_declaree AND EXISTS (SELECT FROM acte_sous_traitance AS a WHERE a.contrat_id = c.contrat_id) AS sous_traitance,
		-- An empty list is a list: only the reader saw that there was none
		c.modifications > 0 OR NOT EXISTS (SELECT FROM anomalie AS a
			WHERE a.contrat_id = c.contrat_id AND a.regle = 'champ_manquant' AND a.champ = 'modifications') AS modifications_publiees,
		siret_valide(c.acheteur_id) AS acheteur_valide,
		-- The divisions of CPV 2008
		length(c.code_cpv) = 8 AND translate(c.code_cpv, '0123456789', '') = '' AND left(c.code_cpv, 2) = ANY (
			'{03,09,14,15,16,18,19,22,24,30,31,32,33,34,35,37,38,39,41,42,43,44,45,48,50,51,55,60,63,64,65,66,70,71,72,73,75,76,77,79,80,85,90,92,98}') AS cpv_valide,
		CASE WHEN c.montant >= 1 AND c.montant < 1e15 THEN abs(log(c.montant::double precision) - r.mediane) / r.mad
			WHEN c.montant IS NOT NULL AND r.mad IS NOT NULL THEN 'Infinity' END AS ecart_montant
	OFFSET 0
) AS d
CROSS JOIN LATERAL (
	SELECT count(*) FILTER (WHERE date_publication_donnees >= date_notification) AS modifications_datees,
		count(*) FILTER (WHERE date_publication_donnees BETWEEN date_notification AND date_notification + interval '2 months') AS modifications_a_temps,
		count(*) FILTER (WHERE (date_publication_donnees >= date_notification) IS NOT TRUE) AS modifications_sans_date
	FROM modification AS m WHERE c.modifications > 0 AND c.type_contrat = 'marche' AND m.contrat_id = c.contrat_id
) AS m
CROSS JOIN LATERAL (
	SELECT count(*) AS titulaires_nombre, count(*) FILTER (WHERE siret_valide(identifiant)) AS titulaires_valides
	FROM titulaire AS t WHERE t.contrat_id = c.contrat_id
) AS t
CROSS JOIN LATERAL (
	SELECT count(DISTINCT extract(year FROM date_publication_donnees)) AS annees_publiees
	FROM donnee_execution AS e WHERE c.type_contrat = 'concession' AND e.contrat_id = c.contrat_id
) AS e;
COMMENT ON VIEW fait_qualite IS 'Ce que les mesures de qualité regardent de chaque contrat : ses colonnes, et ce qui s''en déduit';
SELECT format('COMMENT ON COLUMN fait_qualite.%I IS %L', nom, sens) FROM (VALUES
	('marche', 'Vrai pour un marché, faux pour une concession'),
	('annee', 'Année de notification'),
	('valeur', 'Montant s''il compte en valeur, sinon NULL (spaser.en_valeur)'),
	('delai', 'Jours de la notification à la publication ; NULL si la publication est antérieure'),
	('limite', 'Dernier jour des deux mois civils de publication'),
	('accord_cadre', 'Accord-cadre ; NULL si inconnu'),
	('notification_accord_cadre', 'Notification de l''accord-cadre trouvé dans la base'),
	('origine_attendue', 'Marché du format 2 dont le code CPV demande les parts d''origine'),
	('sous_traitance', 'Sous-traitance déclarée et au moins un acte'),
	('modifications_publiees', 'Le champ modifications était là, même vide'),
	('acheteur_valide', 'SIRET d''acheteur valide'),
	('cpv_valide', 'Code CPV de 8 chiffres, d''une division de la nomenclature 2008'),
	('ecart_montant', 'Distance du montant à la médiane de sa division, en log10, comptée en écarts médians (MAD) ; NULL sous 30 contrats'),
	('modifications_datees', 'Modifications dont les deux dates sont connues et cohérentes'),
	('modifications_a_temps', 'Parmi elles, publiées dans les deux mois civils'),
	('modifications_sans_date', 'Les autres modifications'),
	('titulaires_nombre', 'Titulaires publiés'),
	('titulaires_valides', 'Parmi eux, avec un SIRET valide'),
	('annees_publiees', 'Années civiles de publication de données d''exécution')) AS colonne (nom, sens)
UNION ALL
SELECT format('COMMENT ON COLUMN fait_qualite.%I IS %L', attname, col_description(attrelid, attnum))
FROM pg_attribute WHERE attrelid = 'contrat'::regclass AND attnum > 0 AND NOT attisdropped \gexec

\ir qualite_mesures.sql
\ir qualite_ensembles.sql

-- ---- Counts of every measure, in one pass

-- axes_qualite(par): par, or error 22023 for an axis that is none.
CREATE FUNCTION axes_qualite(par text[]) RETURNS text[] LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
	IF NOT coalesce(par, '{}') <@ '{source,acheteur,annee}' THEN
		RAISE EXCEPTION 'unknown axis in %', par USING ERRCODE = 'invalid_parameter_value',
			HINT = 'Axes are source, acheteur and annee.';
	END IF;
	RETURN par;
END $$;
COMMENT ON FUNCTION axes_qualite(text[]) IS 'Vérifie les axes demandés : source, acheteur, annee';

SELECT format('CREATE VIEW mesure_qualite (rang, code, variante, champ, en_montant, defaut, oui, connu, population) AS VALUES %s',
	string_agg(format('(%s, %L::text, %L::text, %L::text, %L::boolean, %L::boolean, %L::text, %L::text, %L::text)',
		rang, code, variante, champ, en_montant, defaut, oui, connu, population), ', ' ORDER BY rang))
FROM mesure_definie \gexec
COMMENT ON VIEW mesure_qualite IS 'Les mesures de qualité : conditions sur fait_qualite (pour T12, T13 et D07 : nombres à additionner). Les changer ici n''y change rien';
COMMENT ON COLUMN mesure_qualite.rang IS 'Rang';
COMMENT ON COLUMN mesure_qualite.code IS 'Indicateur';
COMMENT ON COLUMN mesure_qualite.variante IS 'Variante de l''indicateur ; T08 : catégorie du défaut';
COMMENT ON COLUMN mesure_qualite.champ IS 'Champ, règle ou défaut';
COMMENT ON COLUMN mesure_qualite.en_montant IS 'Mesurée aussi en euros';
COMMENT ON COLUMN mesure_qualite.defaut IS 'Défaut compté par qualite_score() plutôt qu''indicateur';
COMMENT ON COLUMN mesure_qualite.oui IS 'Au numérateur, parmi les connus';
COMMENT ON COLUMN mesure_qualite.connu IS 'Au dénominateur';
COMMENT ON COLUMN mesure_qualite.population IS 'Connus et inconnus (T12, T13, D07 : les inconnus)';

-- A condition that every row satisfies needs no filter, one that none does no count
SELECT string_agg(CASE WHEN somme THEN format('coalesce(sum(%s), 0)', oui)
		ELSE format('count(*) FILTER (WHERE (%s) AND (%s))', connu, oui) END, ', ' ORDER BY rang) AS ouis,
	string_agg(CASE WHEN somme THEN format('coalesce(sum(%s), 0)', connu)
		ELSE format('count(*) FILTER (WHERE %s)', connu) END, ', ' ORDER BY rang) AS connus,
	string_agg(CASE WHEN somme THEN format('coalesce(sum(%s), 0)', population) WHEN population = connu THEN '0'
		ELSE format('count(*) FILTER (WHERE (%s) AND (%s) IS NOT TRUE)', population, connu) END, ', ' ORDER BY rang) AS inconnus,
	string_agg(CASE WHEN en_montant THEN format('coalesce(sum(valeur) FILTER (WHERE (%s) AND (%s)), 0)', connu, oui)
		ELSE 'NULL' END, ', ' ORDER BY rang) AS ouis_montant,
	string_agg(CASE WHEN en_montant THEN format('coalesce(sum(valeur) FILTER (WHERE %s), 0)', connu)
		ELSE 'NULL' END, ', ' ORDER BY rang) AS connus_montant,
	string_agg(CASE WHEN NOT en_montant THEN 'NULL' WHEN population = connu THEN '0'
		ELSE format('coalesce(sum(valeur) FILTER (WHERE (%s) AND (%s) IS NOT TRUE), 0)', population, connu) END, ', ' ORDER BY rang) AS inconnus_montant
FROM mesure_definie \gset

-- qualite_comptes(par, au): the numbers of every measure, in the order of
-- mesure_qualite, of each combination of the axes in par (error 22023 for
-- another one). An axis that is not in par is NULL. A contract is of every source
-- that delivered it. au NULL: nothing is late or in the future.
CREATE FUNCTION qualite_comptes(par text[] DEFAULT '{}', au date DEFAULT current_date)
RETURNS TABLE (source text, acheteur_siren text, annee integer, oui numeric[], connu numeric[], inconnu numeric[],
	oui_montant numeric[], connu_montant numeric[], inconnu_montant numeric[])
LANGUAGE SQL STABLE PARALLEL SAFE ROWS 1000
BEGIN ATOMIC
	SELECT CASE WHEN 'source' = ANY (axes_qualite(par)) THEN s.livree END,
		CASE WHEN 'acheteur' = ANY (axes_qualite(par)) THEN f.acheteur_siren END,
		CASE WHEN 'annee' = ANY (axes_qualite(par)) THEN f.annee END,
		ARRAY[:ouis]::numeric[], ARRAY[:connus]::numeric[], ARRAY[:inconnus]::numeric[],
		ARRAY[:ouis_montant]::numeric[], ARRAY[:connus_montant]::numeric[], ARRAY[:inconnus_montant]::numeric[]
	FROM fait_qualite AS f
	LEFT JOIN LATERAL (
		SELECT DISTINCT coalesce(h.source, f.source) AS livree FROM livraison AS l JOIN chargement AS h USING (chargement_id)
		WHERE l.contrat_id = f.contrat_id AND 'source' = ANY (axes_qualite(par))
	) AS s ON true
	GROUP BY 1, 2, 3;
END;
COMMENT ON FUNCTION qualite_comptes(text[], date) IS
	'Nombres de toutes les mesures de qualité, dans l''ordre de mesure_qualite ; à lire par qualite()';

-- Records and their surplus (T06), of the axes: records of one buyer and id, that
-- make one contract. A record that a later one replaced keeps its own id. The key
-- is unknown without id or buyer.
CREATE FUNCTION qualite_unicite(par text[] DEFAULT '{}')
RETURNS TABLE (source text, acheteur_siren text, annee integer, enregistrements bigint, uniques bigint, sans_cle bigint, uid_partages bigint)
LANGUAGE SQL STABLE PARALLEL SAFE ROWS 1000
BEGIN ATOMIC
	SELECT x.source, x.acheteur_siren, x.annee,
		sum(x.enregistrements) FILTER (WHERE x.cle)::bigint,
		sum(x.contrats) FILTER (WHERE x.cle)::bigint,
		sum(x.enregistrements) FILTER (WHERE NOT x.cle)::bigint,
		sum(x.enregistrements) FILTER (WHERE x.cle AND x.enregistrements > 1)::bigint
	FROM (
		SELECT CASE WHEN 'source' = ANY (axes_qualite(par)) THEN coalesce(h.source, c.source) END AS source,
			CASE WHEN 'acheteur' = ANY (axes_qualite(par)) THEN c.acheteur_siren END AS acheteur_siren,
			CASE WHEN 'annee' = ANY (axes_qualite(par)) THEN extract(year FROM c.date_notification)::integer END AS annee,
			c.acheteur_id IS NOT NULL AND i.id IS NOT NULL AS cle,
			count(*) AS enregistrements, count(DISTINCT c.contrat_id) AS contrats
		FROM livraison AS l JOIN chargement AS h USING (chargement_id) JOIN contrat AS c ON c.contrat_id = l.contrat_id
		LEFT JOIN version AS v ON v.empreinte = l.empreinte AND v.contrat_id = l.contrat_id AND v.empreinte <> c.empreinte
		CROSS JOIN LATERAL (SELECT CASE WHEN v.empreinte IS NULL THEN c.id ELSE v.contenu ->> 'id' END AS id) AS i
		GROUP BY 1, 2, 3, c.type_contrat, c.acheteur_id, i.id
	) AS x
	GROUP BY x.source, x.acheteur_siren, x.annee;
END;
COMMENT ON FUNCTION qualite_unicite(text[]) IS
	'Enregistrements livrés qui ont un acheteur et un id, contrats qu''ils font, enregistrements sans l''un ou l''autre, enregistrements dont l''acheteur et l''id servent plusieurs fois';

-- ---- Indicators

-- qualite(par, au): one row per indicator, variant, field (or rule), unit and
-- combination of the axes. Six numbers as spaser.mesure: contracts (T06: records;
-- T12: modifications; T13: holders; D07: years) or euros. T03, variante moyenne:
-- mean of the rates of its fields. Arguments as qualite_comptes().
-- Sources of the formulas: legal texts of T02; schemas 1.5.0 and 2.0.3 (T03, T04);
-- decp-qualite (T02 62_jours, T05 montant_duree, T07 decp_qualite).
CREATE FUNCTION qualite(par text[] DEFAULT '{}', au date DEFAULT current_date)
RETURNS TABLE (source text, acheteur_siren text, annee integer, code text, variante text, champ text, unite text,
	numerateur numeric, denominateur numeric, inconnu numeric, taux numeric, minimum numeric, maximum numeric)
LANGUAGE SQL STABLE PARALLEL SAFE ROWS 1000
BEGIN ATOMIC
	SELECT q.source, q.acheteur_siren, q.annee, q.code, q.variante, q.champ, q.unite, q.n, q.d, q.i,
		CASE WHEN q.n IS NULL THEN q.moyenne ELSE q.n / nullif(q.d, 0) END, q.n / nullif(q.d + q.i, 0), (q.n + q.i) / nullif(q.d + q.i, 0)
	FROM (
		SELECT c.source, c.acheteur_siren, c.annee, m.*
		FROM qualite_comptes(par, au) AS c
		-- Of the arrays of one row: nothing here keeps a condition on an axis from going through
		CROSS JOIN LATERAL (
			SELECT m.code, m.variante, m.champ, u.unite, u.n, u.d, u.i, NULL::numeric AS moyenne
			FROM unnest(c.oui, c.connu, c.inconnu, c.oui_montant, c.connu_montant, c.inconnu_montant)
				WITH ORDINALITY AS x(oui, connu, inconnu, oui_montant, connu_montant, inconnu_montant, rang)
			JOIN mesure_qualite AS m ON m.rang = x.rang AND NOT m.defaut
			CROSS JOIN LATERAL (VALUES ('nombre', x.oui, x.connu, x.inconnu), ('montant', x.oui_montant, x.connu_montant, x.inconnu_montant))
				AS u(unite, n, d, i)
			WHERE u.unite = 'nombre' OR m.en_montant
			UNION ALL
			SELECT 'T03', CASE WHEN m.variante IS NULL THEN 'moyenne' ELSE m.variante || '_moyenne' END, NULL, 'nombre',
				NULL, NULL, NULL, avg(x.oui / nullif(x.connu, 0))
			FROM unnest(c.oui, c.connu) WITH ORDINALITY AS x(oui, connu, rang)
			JOIN mesure_qualite AS m ON m.rang = x.rang AND m.code = 'T03' AND m.champ IS NOT NULL
			GROUP BY m.variante
		) AS m
		UNION ALL
		SELECT t.source, t.acheteur_siren, t.annee, 'T06', NULL, NULL, 'nombre',
			coalesce(t.uniques, 0), coalesce(t.enregistrements, 0), coalesce(t.sans_cle, 0), NULL
		FROM qualite_unicite(par) AS t
	) AS q;
END;
COMMENT ON FUNCTION qualite(text[], date) IS
	'Taux de qualité T02 à T07, T11 à T13, D06, D07, en nombre et en euros, par source, acheteur et année au choix';

-- qualite_delais(par, au): days from notification to publication (T01: marchés,
-- publication not before notification; quantiles as percentile_cont), and days
-- from the latest publication to au, 100 at most (T09: all contracts; a
-- publication after au counts as of au). NULL where there is no date.
CREATE FUNCTION qualite_delais(par text[] DEFAULT '{}', au date DEFAULT current_date)
RETURNS TABLE (source text, acheteur_siren text, annee integer, connus bigint, inconnus bigint,
	mediane numeric, p90 numeric, derniere_publication date, fraicheur integer)
LANGUAGE SQL STABLE PARALLEL SAFE ROWS 1000
BEGIN ATOMIC
	SELECT d.source, d.acheteur_siren, d.annee, effectif(d.delais)::bigint, inconnu(d.delais)::bigint,
		quantile(d.delais, 0.5), quantile(d.delais, 0.9), d.derniere, least(100, greatest(0, au - d.derniere))
	FROM (
		SELECT CASE WHEN 'source' = ANY (axes_qualite(par)) THEN s.livree END AS source,
			CASE WHEN 'acheteur' = ANY (axes_qualite(par)) THEN c.acheteur_siren END AS acheteur_siren,
			CASE WHEN 'annee' = ANY (axes_qualite(par)) THEN extract(year FROM c.date_notification)::integer END AS annee,
			histogramme(CASE WHEN c.date_publication_donnees >= c.date_notification
				THEN c.date_publication_donnees - c.date_notification END) FILTER (WHERE c.type_contrat = 'marche') AS delais,
			max(c.derniere_publication) AS derniere
		FROM contrat AS c
		LEFT JOIN LATERAL (
			SELECT DISTINCT coalesce(h.source, c.source) AS livree FROM livraison AS l JOIN chargement AS h USING (chargement_id)
			WHERE l.contrat_id = c.contrat_id AND 'source' = ANY (axes_qualite(par))
		) AS s ON true
		GROUP BY 1, 2, 3
	) AS d;
END;
COMMENT ON FUNCTION qualite_delais(text[], date) IS
	'Délai de publication (T01 : médiane et neuvième décile, en jours) et fraîcheur (T09), par source, acheteur et année au choix';

\ir qualite_vues.sql

SELECT format('COMMENT ON COLUMN %s.%I IS %L', attrelid::regclass, nom, sens) FROM (VALUES
	('contrat_id', 'Contrat'),
	('autre_id', 'L''autre contrat de la paire'),
	('regle', 'Règle (spaser.regles())'),
	('champ', 'Champ en cause'),
	('valeur', 'Valeur en cause ; doublon_possible : l''autre contrat'),
	('ressemblance', 'Part des mots des deux objets qui sont dans l''un et dans l''autre'),
	('motif', 'total_repete ou lots_sous_un_id'),
	('contrats', 'Nombre de contrats : du groupe, ou de la source'),
	('type_contrat', 'marche ou concession'),
	('division_cpv', 'Division CPV : les deux premiers chiffres du code'),
	('effectif', 'Contrats dont le montant est connu'),
	('mediane', 'Médiane du logarithme décimal des montants'),
	('mad', 'Médiane des distances à cette médiane'),
	('acheteur_id', 'Identifiant de l''acheteur'),
	('id', 'Identifiant du contrat chez l''acheteur'),
	('date_notification', 'Date de notification'),
	('montant', 'Montant initial en euros HT'),
	('attendus', 'Marchés pour lesquels le champ est attendu'),
	('remplis', 'Parmi eux, ceux où il est rempli'),
	('lus', 'Contrats où il est rempli, concessions comprises'),
	('valides', 'Parmi eux, ceux où il est valide'),
	('source', 'Source : celle du fichier, sinon celle publiée'),
	('autre', 'Autre source'),
	('communs', 'Contrats que les deux livrent'),
	('part', 'communs / contrats'),
	('enregistrements', 'Enregistrements livrés'),
	('uniques', 'Contrats qu''ils font, parmi ceux qui ont un acheteur et un id'),
	('unicite', 'T06 : un moins la part des enregistrements en trop'),
	('delai_median', 'T01 : médiane des jours de la notification à la publication'),
	('delai_p90', 'T01 : neuvième décile'),
	('derniere_publication', 'Dernière publication'),
	('fraicheur', 'T09 : jours depuis la dernière publication, 100 au plus'),
	('singularite', 'Score de 0 à 1 (T08)'),
	('validite', 'Score ou taux de validité, de 0 à 1'),
	('completude', 'Score ou taux de complétude, de 0 à 1'),
	('conformite', 'Score de 0 à 1 (T08)'),
	('exactitude', 'Score de 0 à 1 (T08)'),
	('coherence', 'Score de 0 à 1 (T08)'),
	('general', 'T08 : moyenne des scores calculables'),
	('categories', 'Nombre de scores calculables, sur six')) AS colonne (nom, sens)
JOIN pg_attribute ON attname = nom
WHERE attrelid = ANY (ARRAY['montant_reference', 'anomalie_ensemble', 'anomalie_ensemble_actuelle', 'uid_non_unique', 'montant_repete',
	'lot_suspect', 'doublon_possible', 'signalement', 'recouvrement_sources', 'qualite_sources', 'qualite_champs']::regclass[]) \gexec

-- ---- Rights

SELECT format('GRANT SELECT ON %s TO %s', tables, coalesce(quote_ident(rolname), 'PUBLIC'))
FROM pg_class
CROSS JOIN LATERAL aclexplode(relacl) AS droit LEFT JOIN pg_roles AS r ON r.oid = droit.grantee,
	(VALUES ('montant_reference, anomalie_ensemble, anomalie_ensemble_actuelle, fait_qualite, mesure_qualite, uid_non_unique, montant_repete, '
		'lot_suspect, doublon_possible, signalement, recouvrement_sources, qualite_sources, qualite_champs')) AS t (tables)
WHERE pg_class.oid = 'contrat'::regclass AND privilege_type = 'SELECT' AND droit.grantee <> relowner \gexec
COMMIT;
