-- qualite_vues.sql: scores, sources, coverage. Part of qualite.sql, which runs it
-- in its transaction.

-- Marchés beyond mean + 3 standard deviations of those of their axes, in amount
-- or in duration (decp-qualite)
CREATE FUNCTION qualite_extremes(par text[] DEFAULT '{}')
RETURNS TABLE (source text, acheteur_siren text, annee integer, marches bigint, extremes bigint)
LANGUAGE SQL STABLE PARALLEL SAFE ROWS 1000
BEGIN ATOMIC
	SELECT e.source, e.acheteur_siren, e.annee, count(*), count(*) FILTER (WHERE e.montant > e.montant_max OR e.duree > e.duree_max)
	FROM (
		SELECT m.*, avg(m.montant) OVER groupe + 3 * stddev_pop(m.montant) OVER groupe AS montant_max,
			avg(m.duree) OVER groupe + 3 * stddev_pop(m.duree) OVER groupe AS duree_max
		FROM (
			SELECT CASE WHEN 'source' = ANY (axes_qualite(par)) THEN s.livree END AS source,
				CASE WHEN 'acheteur' = ANY (axes_qualite(par)) THEN c.acheteur_siren END AS acheteur_siren,
				CASE WHEN 'annee' = ANY (axes_qualite(par)) THEN extract(year FROM c.date_notification)::integer END AS annee,
				-- What is beyond a double's range has no mean
				CASE WHEN abs(c.montant) < 1e300 THEN c.montant::double precision END AS montant,
				c.duree_mois::double precision AS duree
			FROM contrat AS c
			LEFT JOIN LATERAL (
				SELECT DISTINCT coalesce(h.source, c.source) AS livree FROM livraison AS l JOIN chargement AS h USING (chargement_id)
				WHERE l.contrat_id = c.contrat_id AND 'source' = ANY (axes_qualite(par))
			) AS s ON true
			WHERE c.type_contrat = 'marche'
		) AS m
		WINDOW groupe AS (PARTITION BY m.source, m.acheteur_siren, m.annee)
	) AS e
	GROUP BY e.source, e.acheteur_siren, e.annee;
END;
COMMENT ON FUNCTION qualite_extremes(text[]) IS 'Marchés dont le montant ou la durée dépasse la moyenne de trois écarts types, par source, acheteur et année au choix';

-- qualite_score(par, au): the six scores of decp-qualite, from 0 to 1, and their
-- mean (T08). A category is 1 - the mean of the shares of its defects; a defect
-- that cannot be measured is left out, a category without any is NULL and left
-- out of the general score, which categories tells of. Marchés only, but for
-- singularite (records) and freshness. Two differences with decp-qualite: shares
-- are not rounded, and the freshness is not divided by the number of lines.
-- The extremes are those beyond mean + 3 standard deviations of their group.
CREATE FUNCTION qualite_score(par text[] DEFAULT '{}', au date DEFAULT current_date)
RETURNS TABLE (source text, acheteur_siren text, annee integer, singularite numeric, validite numeric, completude numeric,
	conformite numeric, exactitude numeric, coherence numeric, general numeric, categories integer)
LANGUAGE SQL STABLE PARALLEL SAFE ROWS 1000
BEGIN ATOMIC
	WITH defaut AS (
		SELECT c.source, c.acheteur_siren, c.annee, m.variante AS categorie, x.oui / nullif(x.connu, 0) AS part
		FROM qualite_comptes(par, au) AS c
		CROSS JOIN LATERAL unnest(c.oui, c.connu) WITH ORDINALITY AS x(oui, connu, rang)
		JOIN mesure_qualite AS m ON m.rang = x.rang AND m.defaut
		UNION ALL
		SELECT u.source, u.acheteur_siren, u.annee, 'singularite', d.part
		FROM qualite_unicite(par) AS u
		CROSS JOIN LATERAL (VALUES (coalesce(u.uid_partages, 0)), (u.enregistrements - u.uniques)) AS v(nombre)
		CROSS JOIN LATERAL (SELECT v.nombre::numeric / nullif(u.enregistrements, 0) AS part) AS d
		UNION ALL
		SELECT d.source, d.acheteur_siren, d.annee, 'validite', d.fraicheur / 100.0
		FROM qualite_delais(par, au) AS d
		UNION ALL
		SELECT e.source, e.acheteur_siren, e.annee, 'exactitude', e.extremes::numeric / e.marches
		FROM qualite_extremes(par) AS e
	), score AS (
		SELECT d.source, d.acheteur_siren, d.annee, d.categorie, 1 - avg(d.part) AS score
		FROM defaut AS d GROUP BY d.source, d.acheteur_siren, d.annee, d.categorie
	)
	SELECT s.source, s.acheteur_siren, s.annee,
		max(s.score) FILTER (WHERE s.categorie = 'singularite'), max(s.score) FILTER (WHERE s.categorie = 'validite'),
		max(s.score) FILTER (WHERE s.categorie = 'completude'), max(s.score) FILTER (WHERE s.categorie = 'conformite'),
		max(s.score) FILTER (WHERE s.categorie = 'exactitude'), max(s.score) FILTER (WHERE s.categorie = 'coherence'),
		avg(s.score), count(s.score)::integer
	FROM score AS s GROUP BY s.source, s.acheteur_siren, s.annee;
END;
COMMENT ON FUNCTION qualite_score(text[], date) IS
	'Scores de qualité à la manière de decp-qualite : six catégories et leur moyenne (T08), par source, acheteur et année au choix';

CREATE VIEW qualite_champs WITH (security_invoker = true) AS
SELECT champ, max(denominateur) FILTER (WHERE code = 'T03') AS attendus, max(numerateur) FILTER (WHERE code = 'T03') AS remplis,
	max(taux) FILTER (WHERE code = 'T03') AS completude, max(denominateur) FILTER (WHERE code = 'T04') AS lus,
	max(numerateur) FILTER (WHERE code = 'T04') AS valides, max(taux) FILTER (WHERE code = 'T04') AS validite
FROM qualite() WHERE code IN ('T03', 'T04') AND champ IS NOT NULL AND variante IS NULL
GROUP BY champ;
COMMENT ON VIEW qualite_champs IS 'Complétude (T03, marchés) et validité (T04, tous contrats) de chaque champ';

CREATE VIEW qualite_sources WITH (security_invoker = true) AS
SELECT u.source, u.enregistrements + coalesce(u.sans_cle, 0) AS enregistrements, u.uniques,
	u.uniques::numeric / nullif(u.enregistrements, 0) AS unicite, d.mediane AS delai_median, d.p90 AS delai_p90,
	d.derniere_publication, d.fraicheur, s.singularite, s.validite, s.completude, s.conformite, s.exactitude, s.coherence,
	s.general, s.categories
FROM qualite_unicite('{source}') AS u
LEFT JOIN qualite_delais('{source}') AS d ON d.source IS NOT DISTINCT FROM u.source
LEFT JOIN qualite_score('{source}') AS s ON s.source IS NOT DISTINCT FROM u.source;
COMMENT ON VIEW qualite_sources IS 'Chaque source : enregistrements, unicité (T06), délais (T01), fraîcheur (T09), scores (T08)';

CREATE VIEW recouvrement_sources WITH (security_invoker = true) AS
WITH livre AS (
	SELECT DISTINCT coalesce(h.source, c.source) AS source, l.contrat_id
	FROM livraison AS l JOIN chargement AS h USING (chargement_id) JOIN contrat AS c ON c.contrat_id = l.contrat_id
), total AS (
	SELECT source, count(*) AS contrats FROM livre GROUP BY source
), paire AS (
	SELECT a.source AS source, b.source AS autre, count(*) AS communs
	FROM livre AS a JOIN livre AS b USING (contrat_id) GROUP BY 1, 2
)
SELECT t.source, u.source AS autre, t.contrats, coalesce(p.communs, 0) AS communs, coalesce(p.communs, 0)::numeric / t.contrats AS part
FROM total AS t CROSS JOIN total AS u
LEFT JOIN paire AS p ON p.source IS NOT DISTINCT FROM t.source AND p.autre IS NOT DISTINCT FROM u.source
WHERE t.source IS DISTINCT FROM u.source;
COMMENT ON VIEW recouvrement_sources IS 'Part des contrats d''une source qu''une autre livre aussi (T06)';

-- couverture_acheteurs(liste, du, au): T10, buyers of liste (SIREN; doubles and
-- what has not nine digits left out) that have a contract notified from du to
-- au, both included. NULL dates: no bound, contracts without date too.
CREATE FUNCTION couverture_acheteurs(liste text[], du date DEFAULT NULL, au date DEFAULT NULL) RETURNS mesure
LANGUAGE SQL STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT ROW(n.publient, n.acheteurs, 0, t, t, t)::mesure
	FROM (
		SELECT count(*) AS acheteurs, count(*) FILTER (WHERE EXISTS (SELECT FROM contrat AS c WHERE c.acheteur_siren = l.siren
			AND (couverture_acheteurs.du IS NULL OR c.date_notification >= couverture_acheteurs.du)
			AND (couverture_acheteurs.au IS NULL OR c.date_notification <= couverture_acheteurs.au))) AS publient
		FROM (SELECT DISTINCT s AS siren FROM unnest(liste) AS s WHERE s ~ '^[0-9]{9}$') AS l
	) AS n, LATERAL (SELECT n.publient::numeric / nullif(n.acheteurs, 0) AS t) AS t;
END;
COMMENT ON FUNCTION couverture_acheteurs(text[], date, date) IS
	'T10 : acheteurs d''une liste de SIREN qui ont publié au moins un contrat notifié dans la période';

-- rafraichir_qualite(): for the owner, after loads.
CREATE FUNCTION rafraichir_qualite(OUT anomalies bigint, OUT duree interval) LANGUAGE plpgsql VOLATILE SET search_path FROM CURRENT AS $$
DECLARE
	commence timestamptz := clock_timestamp();
BEGIN
	REFRESH MATERIALIZED VIEW montant_reference;
	REFRESH MATERIALIZED VIEW anomalie_ensemble;
	ANALYZE montant_reference, anomalie_ensemble;
	SELECT count(*) INTO anomalies FROM anomalie_ensemble;
	duree := clock_timestamp() - commence;
END $$;
COMMENT ON FUNCTION rafraichir_qualite() IS
	'Refait montant_reference et anomalie_ensemble d''après les contrats. Rend le nombre d''anomalies entre contrats, la durée';
