-- tableau_biennal_mesures.sql: the table, the trajectories, and who is subject to the
-- obligation. Part of tableau_biennal.sql, which runs it in its transaction.

-- Functions in plpgsql: they depend on nothing, so that synthese.sql may make its
-- views anew.

-- acheteurs_du_perimetre(perimetre): its SIREN. Error 22023 for one that has none.
CREATE FUNCTION acheteurs_du_perimetre(perimetre text) RETURNS text[]
	LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path FROM CURRENT
AS $$
DECLARE
	sirens text[] := (SELECT array_agg(p.siren ORDER BY p.siren) FROM perimetre AS p
		WHERE p.perimetre = acheteurs_du_perimetre.perimetre);
BEGIN
	IF sirens IS NULL THEN
		RAISE EXCEPTION 'unknown perimeter "%"', perimetre USING ERRCODE = 'invalid_parameter_value',
			HINT = 'List its buyers in table perimetre.';
	END IF;
	RETURN sirens;
END
$$;
COMMENT ON FUNCTION acheteurs_du_perimetre(text) IS 'Les SIREN d''un périmètre ; erreur s''il n''en a pas';

-- mesures_biennales(sirens, debuts, fins): the six numbers of each entry of
-- rubrique_biennale, of each buyer and period; periods are whole calendar years, given
-- by their first and last days. A variant of an indicator is left out, but for
-- 'contrat', its reading by default. Of a declared figure: parts of the period that
-- nobody declared make inconnu, minimum and maximum NULL; without any, one row of
-- NULLs, and so for an entry that the catalogue does not have.
CREATE FUNCTION mesures_biennales(sirens text[], debuts date[], fins date[])
RETURNS TABLE (siren text, debut date, fin date, rang integer, categorie text, code text, libelle text, unite text,
	numerateur numeric, denominateur numeric, inconnu numeric, taux numeric, minimum numeric, maximum numeric)
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 100 SET search_path FROM CURRENT
AS $$
#variable_conflict use_column
BEGIN
	RETURN QUERY
	WITH document AS MATERIALIZED (
		SELECT c.canevas, coalesce(d.doc ->> 'niveau', 'contrat') AS niveau, d.doc ->> 'code' AS code, r.rang, r.categorie
		FROM unnest(catalogue()) AS c (canevas)
		CROSS JOIN LATERAL (SELECT c.canevas::json AS doc) AS d
		JOIN rubrique_biennale AS r ON r.code = d.doc ->> 'code'
		WHERE coalesce(d.doc ->> 'genre', 'part') = 'part'
	), periode AS (
		SELECT s.siren, p.debut, p.fin FROM unnest(sirens) AS s (siren), unnest(debuts, fins) AS p (debut, fin)
	), etat AS (
		SELECT p.siren, p.debut, p.fin, s.bilan, s.attribution
		FROM periode AS p
		LEFT JOIN LATERAL (
			SELECT fusion(a.bilan) AS bilan, fusion(a.attribution) AS attribution FROM synthese_acheteur_annee AS a
			WHERE a.code = p.siren AND a.periode BETWEEN p.debut AND p.fin
		) AS s ON true
	), part AS (
		SELECT e.siren, e.debut, e.fin, d.rang, d.categorie, d.code, i.libelle, i.unite, i.numerateur, i.denominateur, i.inconnu,
			i.taux, i.minimum, i.maximum
		FROM etat AS e
		CROSS JOIN (SELECT niveau, array_agg(canevas) AS liste FROM document GROUP BY niveau) AS n
		CROSS JOIN LATERAL indicateurs(CASE n.niveau WHEN 'attribution' THEN e.attribution ELSE e.bilan END, n.liste) AS i
		JOIN document AS d ON d.code = split_part(i.code, '.', 1) AND i.code IN (d.code, d.code || '.contrat')
	), libelle AS MATERIALIZED (
		SELECT c.code, c.libelle FROM catalogue_liste() AS c
	), saisi AS (
		SELECT p.siren, p.debut, p.fin, r.rang, r.categorie, coalesce(s.code, r.code) AS code, c.libelle, s.unite, s.numerateur, s.denominateur,
			CASE WHEN s.jours = p.fin - p.debut + 1 THEN 0::numeric END AS inconnu, s.numerateur / nullif(s.denominateur, 0) AS taux
		FROM periode AS p
		CROSS JOIN rubrique_biennale AS r
		LEFT JOIN libelle AS c ON c.code = r.code
		LEFT JOIN LATERAL (
			SELECT s.code, s.unite, sum(s.numerateur) AS numerateur, sum(s.denominateur) AS denominateur,
				sum(s.jusque - s.depuis + 1) AS jours
			FROM saisie AS s
			WHERE s.siren = p.siren AND split_part(s.code, '.', 1) = r.code AND s.depuis >= p.debut AND s.jusque <= p.fin
			GROUP BY s.code, s.unite
		) AS s ON true
		WHERE s.code IS NOT NULL OR r.code NOT IN (SELECT d.code FROM document AS d)
	)
	SELECT * FROM part
	UNION ALL
	SELECT s.*, CASE WHEN s.inconnu = 0 THEN s.taux END, CASE WHEN s.inconnu = 0 THEN s.taux END FROM saisi AS s;
END
$$;
COMMENT ON FUNCTION mesures_biennales(text[], date[], date[]) IS
	'Les indicateurs de rubrique_biennale, pour chaque acheteur et période : numérateur, dénominateur, inconnu, taux, minimum, maximum';

-- tableau_biennal(perimetre, annee): indicator P01, of the years annee and annee + 1,
-- each alone then both. ecart: points from the target to the rate. What was declared
-- without a denominateur is a quantity, and so is its target. A target that was
-- in force during a part of the period only cannot be compared with the rate of the
-- whole: indetermine. Error 22023 for an unknown perimeter or a year out of 1900-2100.
-- Source: CCP, art. L2111-3; each buyer apart, as loi 2023-973, art. 29, asks.
CREATE FUNCTION tableau_biennal(perimetre text, annee integer)
RETURNS TABLE (siren text, acheteur text, categorie text, code text, libelle text, periode text, unite text,
	numerateur numeric, denominateur numeric, inconnu numeric, taux numeric, minimum numeric, maximum numeric,
	cible numeric, sens text, ecart numeric, statut text, contraignante boolean, source text, certitude text)
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 100 SET search_path FROM CURRENT
AS $$
#variable_conflict use_column
BEGIN
	IF (annee BETWEEN 1900 AND 2100) IS NOT TRUE THEN
		RAISE EXCEPTION 'year % is out of range', annee USING ERRCODE = 'invalid_parameter_value';
	END IF;
	RETURN QUERY
	SELECT m.siren, coalesce(p.nom, a.nom), m.categorie, m.code, m.libelle,
		CASE WHEN extract(year FROM m.debut) = extract(year FROM m.fin) THEN to_char(m.debut, 'YYYY')
			ELSE to_char(m.debut, 'YYYY') || '-' || to_char(m.fin, 'YYYY') END,
		m.unite, m.numerateur, m.denominateur, m.inconnu, m.taux, m.minimum, m.maximum,
		c.valeur, c.sens, 100 * (m.taux - c.valeur),
		CASE WHEN c.entiere THEN statut_cible(m.numerateur,
				CASE WHEN m.numerateur IS NOT NULL THEN coalesce(m.denominateur, 1) END, m.inconnu, c.valeur, c.sens)
			WHEN NOT c.entiere OR m.numerateur IS NULL THEN 'indetermine' END,
		c.contraignante, c.source, c.certitude
	FROM mesures_biennales(acheteurs_du_perimetre(perimetre),
		ARRAY[make_date(annee, 1, 1), make_date(annee + 1, 1, 1), make_date(annee, 1, 1)],
		ARRAY[make_date(annee, 12, 31), make_date(annee + 1, 12, 31), make_date(annee + 1, 12, 31)]) AS m
	JOIN perimetre AS p ON p.perimetre = tableau_biennal.perimetre AND p.siren = m.siren
	LEFT JOIN acheteur AS a ON a.siren = m.siren
	LEFT JOIN LATERAL cible_de(tableau_biennal.perimetre, m.siren, m.code, m.unite, m.debut, m.fin) AS c ON true
	ORDER BY m.siren, m.rang, m.code, m.fin, m.debut DESC, m.unite DESC;
END
$$;
COMMENT ON FUNCTION tableau_biennal(text, integer) IS
	'P01 : le tableau biennal du schéma, pour chaque acheteur du périmètre, catégorie, unité : l''année donnée, la suivante, puis les deux';

-- trajectoire(perimetre, jusque): indicator P02. Ordinary least squares of the known
-- rates of the years up to jusque (2000 at the earliest): pente, in points a year;
-- estime, the line in the last known year; annee_atteinte, the first year from then
-- on in which the line meets the target in force at the end of the last known year,
-- else of the next one to be. NULL with fewer than two years, or if the line never
-- meets it. All in exact arithmetic but for the last division.
CREATE FUNCTION trajectoire(perimetre text, jusque integer)
RETURNS TABLE (siren text, acheteur text, code text, libelle text, unite text, annees integer, premiere integer, derniere integer,
	taux numeric, pente numeric, estime numeric, cible numeric, sens text, ecart numeric, annee_atteinte integer, source text)
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 100 SET search_path FROM CURRENT
AS $$
#variable_conflict use_column
DECLARE
	sirens text[] := acheteurs_du_perimetre(perimetre);
	annees_connues integer[];
BEGIN
	IF (jusque BETWEEN 2000 AND 2100) IS NOT TRUE THEN
		RAISE EXCEPTION 'year % is out of range', jusque USING ERRCODE = 'invalid_parameter_value';
	END IF;
	SELECT array_agg(y.annee) INTO annees_connues FROM (
		SELECT extract(year FROM s.periode)::integer AS annee FROM synthese_acheteur_annee AS s WHERE s.code = ANY (sirens)
		UNION SELECT extract(year FROM s.jusque)::integer FROM saisie AS s WHERE s.siren = ANY (sirens)
	) AS y
	WHERE y.annee BETWEEN 2000 AND trajectoire.jusque;
	RETURN QUERY
	WITH point AS (
		SELECT m.siren, m.rang, m.code, m.libelle, m.unite, extract(year FROM m.debut)::integer AS x, m.taux AS y
		FROM mesures_biennales(sirens, ARRAY(SELECT make_date(a, 1, 1) FROM unnest(annees_connues) AS a),
			ARRAY(SELECT make_date(a, 12, 31) FROM unnest(annees_connues) AS a)) AS m
		WHERE m.taux IS NOT NULL AND m.inconnu IS NOT NULL
	), serie AS (
		-- Years from the last one: small numbers, and its estimate is the intercept
		SELECT q.siren, q.rang, q.code, min(q.libelle) AS libelle, q.unite, count(*)::integer AS n, min(q.x) AS premiere, max(q.x) AS derniere,
			(array_agg(q.y ORDER BY q.x DESC))[1] AS taux,
			sum(q.x - q.fin) AS sx, sum((q.x - q.fin) ^ 2::numeric) AS sxx, sum(q.y) AS sy, sum((q.x - q.fin) * q.y) AS sxy
		FROM (SELECT p.*, max(p.x) OVER (PARTITION BY p.siren, p.code, p.unite) AS fin FROM point AS p) AS q
		GROUP BY q.siren, q.rang, q.code, q.unite
	), droite AS (
		SELECT s.*, (s.n * s.sxy - s.sx * s.sy) / nullif(s.n * s.sxx - s.sx * s.sx, 0) AS pente,
			(s.sxx * s.sy - s.sx * s.sxy) / nullif(s.n * s.sxx - s.sx * s.sx, 0) AS estime
		FROM serie AS s
	)
	SELECT d.siren, coalesce(p.nom, a.nom), d.code, d.libelle, d.unite, d.n, d.premiere, d.derniere, d.taux,
		100 * d.pente, d.estime, c.valeur, c.sens, 100 * (d.taux - c.valeur),
		CASE WHEN CASE c.sens WHEN '>=' THEN d.estime >= c.valeur ELSE d.estime <= c.valeur END THEN d.derniere
			WHEN CASE c.sens WHEN '>=' THEN d.pente > 0 ELSE d.pente < 0 END AND (c.valeur - d.estime) / d.pente < 1000
			THEN d.derniere + ceil((c.valeur - d.estime) / d.pente)::integer END,
		c.source
	FROM droite AS d
	JOIN perimetre AS p ON p.perimetre = trajectoire.perimetre AND p.siren = d.siren
	LEFT JOIN acheteur AS a ON a.siren = d.siren
	LEFT JOIN LATERAL (
		SELECT k.* FROM (
			SELECT make_date(d.derniere, 12, 31) AS jour
			UNION SELECT t.depuis FROM cible_connue AS t WHERE t.code = d.code AND t.depuis > make_date(d.derniere, 12, 31)
		) AS g
		CROSS JOIN LATERAL cible_de(trajectoire.perimetre, d.siren, d.code, d.unite, g.jour, g.jour) AS k
		ORDER BY g.jour LIMIT 1
	) AS c ON true
	ORDER BY d.siren, d.rang, d.code, d.unite DESC;
END
$$;
COMMENT ON FUNCTION trajectoire(text, integer) IS
	'P02 : pente des taux connus d''année en année, écart à la cible et année où la droite l''atteint';

-- assujettissement(perimetre, annee): indicator P04. Purchases of the year that were
-- declared (saisie P04, euros HT), or else what the contracts make at least: their
-- amounts spread over their months (montant_annualise), without frameworks, whose
-- amount is a maximum. oui above the threshold, non only where the whole year is
-- declared. Error 22023 as tableau_biennal(). Source: CCP, art. D2111-3; expenditure
-- that the contracts of the base do not show is missing, so is that of Book V.
CREATE FUNCTION assujettissement(perimetre text, annee integer)
RETURNS TABLE (siren text, acheteur text, seuil numeric, declare numeric, entier boolean, annualise numeric,
	accords_cadres numeric, statut text, source text)
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 10 SET search_path FROM CURRENT
AS $$
#variable_conflict use_column
BEGIN
	IF (annee BETWEEN 1900 AND 2100) IS NOT TRUE THEN
		RAISE EXCEPTION 'year % is out of range', annee USING ERRCODE = 'invalid_parameter_value';
	END IF;
	RETURN QUERY
	SELECT p.siren, coalesce(p.nom, a.nom), s.montant, d.declare, coalesce(d.jours, 0) = make_date(annee + 1, 1, 1) - make_date(annee, 1, 1),
		f.annualise, f.accords_cadres,
		CASE WHEN d.declare > s.montant THEN 'oui'
			WHEN d.jours = make_date(annee + 1, 1, 1) - make_date(annee, 1, 1) THEN 'non'
			WHEN f.annualise - f.accords_cadres > s.montant THEN 'oui'
			ELSE 'indetermine' END,
		s.source
	FROM unnest(acheteurs_du_perimetre(perimetre)) AS q (siren)
	JOIN perimetre AS p ON p.perimetre = assujettissement.perimetre AND p.siren = q.siren
	LEFT JOIN acheteur AS a ON a.siren = p.siren
	LEFT JOIN seuil_spaser AS s ON daterange(s.depuis, s.jusque, '[]') @> make_date(annee, 1, 1)
	LEFT JOIN LATERAL (
		SELECT sum(x.numerateur) AS declare, sum(x.jusque - x.depuis + 1) AS jours FROM saisie AS x
		WHERE x.code = 'P04' AND x.unite = 'montant' AND x.siren = p.siren
			AND x.depuis >= make_date(annee, 1, 1) AND x.jusque <= make_date(annee, 12, 31)
	) AS d ON true
	-- One division a duration: sums stay exact up to it
	LEFT JOIN LATERAL (
		SELECT coalesce(sum(y.total / y.duree), 0) AS annualise, coalesce(sum(y.cadre / y.duree), 0) AS accords_cadres
		FROM (
			SELECT f.duree, sum(f.valeur * mois_dans_annee(f.mois, f.duree, annee)) AS total,
				coalesce(sum(f.valeur * mois_dans_annee(f.mois, f.duree, annee))
					FILTER (WHERE attribut(f.profil, 'accord_cadre') IS DISTINCT FROM 'non'), 0) AS cadre
			FROM fait AS f
			WHERE f.acheteur_siren = p.siren AND f.marche AND f.valeur IS NOT NULL AND f.duree IS NOT NULL
				AND f.mois <= make_date(annee, 12, 31)
			GROUP BY f.duree
		) AS y
	) AS f ON true
	ORDER BY p.siren;
END
$$;
COMMENT ON FUNCTION assujettissement(text, integer) IS
	'P04 : achats déclarés de l''année, sinon plancher des marchés annualisés hors accords-cadres, contre le seuil du schéma : oui, non, indetermine';
