-- mesures.sql: every indicator of the catalogue, from the rollup. Part of
-- synthese.sql, which runs it in its transaction.

-- All measures of a cell: the parts of contracts and of their holders, by their
-- six numbers; distributions and concentrations by their value, with the weight of
-- what is known (denominateur) and of what is not; ratios of sums. What a cell has
-- nothing of has no value, and its row is there.
SELECT string_agg(format('(%L, c.%I)', nom, nom), ', ' ORDER BY rang) FILTER (WHERE type = 'histogramme') AS histogrammes,
	string_agg(format('(%L, c.%I)', nom, nom), ', ' ORDER BY rang) FILTER (WHERE type = 'rapport') AS rapports,
	string_agg(format('(%L, c.%I)', nom, nom), ', ' ORDER BY rang) FILTER (WHERE type = 'concentration') AS concentrations,
	string_agg(format('spaser.fusion(%1$I) AS %1$I', nom), ', ' ORDER BY rang) AS etats_fusionnes
FROM pg_temp.etat \gset

CREATE FUNCTION mesures(c synthese,
	OUT code text, OUT libelle text, OUT dimension text, OUT genre text, OUT unite text,
	OUT numerateur numeric, OUT denominateur numeric, OUT inconnu numeric,
	OUT taux numeric, OUT minimum numeric, OUT maximum numeric, OUT valeur numeric)
	RETURNS SETOF record
	LANGUAGE SQL STABLE PARALLEL SAFE ROWS 200
BEGIN ATOMIC
	SELECT i.code, i.libelle, i.dimension, 'part', i.unite, i.numerateur, i.denominateur, i.inconnu, i.taux, i.minimum, i.maximum, i.taux
	FROM indicateurs(c.bilan, catalogue('contrat')) AS i
	UNION ALL
	SELECT i.code, i.libelle, i.dimension, 'part', i.unite, i.numerateur, i.denominateur, i.inconnu, i.taux, i.minimum, i.maximum, i.taux
	FROM indicateurs(c.attribution, catalogue('attribution')) AS i
	UNION ALL
	SELECT m.code, m.libelle, m.dimension, m.genre, u.unite, (p).numerateur, coalesce((p).denominateur, effectif(e.etat, u.unite)),
		coalesce((p).inconnu, inconnu(e.etat, u.unite)), (p).taux, (p).minimum, (p).maximum,
		CASE m.mesure
			WHEN 'moyenne' THEN moyenne(e.etat, u.unite)
			WHEN 'mediane' THEN quantile(e.etat, 0.5, u.unite)
			WHEN 'quartile_1' THEN quantile(e.etat, 0.25, u.unite)
			WHEN 'quartile_3' THEN quantile(e.etat, 0.75, u.unite)
			WHEN 'decile_9' THEN quantile(e.etat, 0.9, u.unite)
			WHEN 'part' THEN (p).taux END
	FROM unnest(catalogue_mesures()) AS m
	CROSS JOIN unnest(m.unites) AS u (unite)
	JOIN (VALUES :histogrammes) AS e (nom, etat) ON e.nom = m.etat
	CROSS JOIN LATERAL (SELECT CASE m.mesure WHEN 'part' THEN part(e.etat, m.borne_min, m.borne_max, u.unite) END AS p) AS p
	WHERE m.genre = 'distribution'
	UNION ALL
	SELECT m.code, m.libelle, m.dimension, m.genre, u.unite, NULL, effectif(e.etat, u.unite), inconnu(e.etat, u.unite), NULL, NULL, NULL,
		CASE m.mesure
			WHEN 'hhi' THEN hhi(e.etat, u.unite)
			WHEN 'hhi_normalise' THEN hhi_normalise(e.etat, u.unite)
			WHEN 'cr4' THEN cr(e.etat, 4, u.unite)
			WHEN 'gini' THEN gini(e.etat, u.unite)
			WHEN 'premier' THEN (premier(e.etat, u.unite)).part
			WHEN 'diversite' THEN 100 * titulaires(e.etat)
				/ nullif(effectif(e.etat, 'nombre') + inconnu(e.etat, 'nombre'), 0) END
	FROM unnest(catalogue_mesures()) AS m
	CROSS JOIN unnest(m.unites) AS u (unite)
	JOIN (VALUES :concentrations) AS e (nom, etat) ON e.nom = m.etat
	WHERE m.genre = 'concentration'
	UNION ALL
	SELECT m.code, m.libelle, m.dimension, m.genre, u.unite, (p).numerateur, (p).denominateur, (p).inconnu, (p).taux, (p).minimum, (p).maximum, (p).taux
	FROM unnest(catalogue_mesures()) AS m
	CROSS JOIN unnest(m.unites) AS u (unite)
	JOIN (VALUES :rapports) AS e (nom, etat) ON e.nom = m.etat
	CROSS JOIN LATERAL (SELECT mesurer(e.etat) AS p OFFSET 0) AS p
	WHERE m.genre = 'rapport';
END;
COMMENT ON FUNCTION mesures(synthese) IS
	'Toutes les mesures du catalogue sur une cellule de la synthèse : parts, distributions, concentrations, rapports';

-- indicateurs(niveau, code, debut, fin)
--   the same over a period: the cells of one key (a buyer, a département, a CPV
--   division, or all contracts) are merged.
--   niveau  acheteur, departement, division, or ensemble (code is NULL then)
--   code    key; NULL: what has none
--   debut   first month, fin: the month after the last one; NULL: without limit.
--           Months are whole: any day of a month means its first day. Contracts
--           without date are in no period, and counted without both limits.
-- With them come what no cell holds (calculs.sql), and what the buyer declared for
-- a part of the period (table saisie).
CREATE FUNCTION indicateurs(niveau text, code text DEFAULT NULL, debut date DEFAULT NULL, fin date DEFAULT NULL)
	RETURNS TABLE (code text, libelle text, dimension text, genre text, unite text,
		numerateur numeric, denominateur numeric, inconnu numeric,
		taux numeric, minimum numeric, maximum numeric, valeur numeric)
	LANGUAGE SQL STABLE PARALLEL SAFE ROWS 200
BEGIN ATOMIC
	SELECT m.*
	FROM (
		SELECT $1, $2, $3, coalesce(sum(s.contrats), 0)::bigint AS contrats, max(s.calculee_le), :etats_fusionnes
		FROM synthese AS s
		WHERE s.niveau = CASE WHEN $1 = 'ensemble' THEN '' ELSE $1 || '_' END
				|| CASE WHEN $3 IS NULL AND $4 IS NULL
					OR coalesce(extract(month FROM $3) = 1, true) AND coalesce(extract(month FROM $4) = 1, true) THEN 'annee' ELSE 'mois' END
			AND ($1 = 'ensemble' OR s.code IS NOT DISTINCT FROM $2)
			AND ($3 IS NULL OR s.periode >= date_trunc('month', $3::timestamp)::date)
			AND ($4 IS NULL OR s.periode < date_trunc('month', $4::timestamp)::date)
	) AS c
	CROSS JOIN LATERAL mesures(ROW (c.*)::synthese) AS m
	UNION ALL
	SELECT k.code, l.libelle || CASE WHEN k.code = l.code THEN '' ELSE ' : ' || substr(k.code, length(l.code) + 2) END, l.dimension, l.genre, k.unite,
		k.numerateur, k.denominateur, k.inconnu, k.numerateur / nullif(k.denominateur, 0), k.numerateur / nullif(k.denominateur + k.inconnu, 0),
		(k.numerateur + k.inconnu) / nullif(k.denominateur + k.inconnu, 0), k.numerateur / nullif(k.denominateur, 0)
	FROM calculs($1, ARRAY[$2], $3, $4) AS k
	JOIN catalogue_liste() AS l ON l.genre = 'calcul' AND (k.code = l.code OR k.code LIKE l.code || '.%')
	UNION ALL
	SELECT s.code, l.libelle, l.dimension, l.genre, s.unite, sum(s.numerateur), sum(s.denominateur), NULL,
		sum(s.numerateur) / nullif(sum(s.denominateur), 0), NULL, NULL, coalesce(sum(s.numerateur) / nullif(sum(s.denominateur), 0), sum(s.numerateur))
	FROM saisie AS s
	LEFT JOIN catalogue_liste() AS l ON l.genre = 'saisie' AND (s.code = l.code OR s.code LIKE l.code || '.%' OR s.code || '.saisie' = l.code)
	WHERE $1 = 'acheteur' AND s.siren = $2
		AND ($3 IS NULL OR s.depuis >= date_trunc('month', $3::timestamp)::date) AND ($4 IS NULL OR s.jusque < date_trunc('month', $4::timestamp)::date)
	GROUP BY s.code, l.libelle, l.dimension, l.genre, s.unite;
END;
COMMENT ON FUNCTION indicateurs(text, text, date, date) IS
	'Toutes les mesures du catalogue pour un acheteur, un département, une division CPV ou l''ensemble, sur une période de mois entiers';
