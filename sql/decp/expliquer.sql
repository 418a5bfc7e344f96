-- expliquer.sql: the contracts behind a figure. Part of synthese.sql, which runs it
-- in its transaction.

-- What the cells sum, said for those who look for it: the table of synthese_etats.sql
CREATE TABLE synthese_etat AS SELECT nom, type, appel, condition, sens FROM pg_temp.etat ORDER BY rang;
ALTER TABLE synthese_etat ADD PRIMARY KEY (nom);
COMMENT ON TABLE synthese_etat IS 'Les états d''une cellule de synthese : agrégat de quelles colonnes de fait, pour quels contrats';
COMMENT ON COLUMN synthese_etat.nom IS 'Colonne de synthese';
COMMENT ON COLUMN synthese_etat.type IS 'Son type';
COMMENT ON COLUMN synthese_etat.appel IS 'Agrégat et colonnes de fait';
COMMENT ON COLUMN synthese_etat.condition IS 'Contrats concernés ; NULL : tous';
COMMENT ON COLUMN synthese_etat.sens IS 'Ce que l''état permet de mesurer';

-- Where to look for what an indicator is made of, when no contract is a yes or a no in it
CREATE FUNCTION expliquer_ailleurs(document json) RETURNS text
	LANGUAGE SQL STABLE PARALLEL SAFE SET search_path FROM CURRENT
RETURN CASE document ->> 'genre'
	WHEN 'calcul' THEN 'Function calculs() computes it, from the rows of table fait.'
	WHEN 'qualite' THEN 'Function qualite() of qualite.sql measures it, on the rows of view fait_qualite.'
	WHEN 'saisie' THEN 'It is what buyers declare in table saisie.'
	WHEN 'synthese' THEN 'It is made of other indicators, each of which can be explained.'
	ELSE (
		SELECT string_agg(format('It is measured on %s of table fait%s.', e.appel, ' where ' || e.condition), ' ' ORDER BY e.nom)
		FROM synthese_etat AS e
		WHERE e.nom = document ->> 'etat' OR e.nom IN (SELECT m ->> 'etat' FROM json_array_elements(document -> 'mesures') AS m))
END;
COMMENT ON FUNCTION expliquer_ailleurs(json) IS
	'Où regarder ce que mesure un canevas qui n''est pas une part : colonnes de fait, fonction ou table';

-- expliquer_canevas(canevas, classe, niveau, cle, debut, fin, hors): one row per contract, or
-- per holder of a marché where the canevas judges attributions, that counts in an
-- indicator: verdict (oui, non, inconnu), why (spaser.motif), and its weights, whose
-- sums by verdict are the numbers of indicateurs(). hors: also those that are not in
-- its population.
--   classe  of a canevas that has classes
--   niveau, cle, debut, fin  as code and the period of indicateurs()
-- poids_montant is NULL where an amount counts for nothing: motif_valeur says why.
-- What is measured in lines counts a row for one, whatever its weights. What is told of
-- contracts and holders is as of today, verdicts and weights as of the last refresh.
-- Errors 22023: a canevas that is no part, with a hint of where to look instead; an
-- unknown level or class.
CREATE FUNCTION expliquer_canevas(canevas canevas, classe text, niveau text, cle text DEFAULT NULL, debut date DEFAULT NULL, fin date DEFAULT NULL, hors boolean DEFAULT false)
	RETURNS TABLE (contrat_id bigint, id text, objet text, date_notification date, montant numeric, titulaire text,
		verdict text, motif text[], poids_nombre numeric, poids_montant numeric, motif_valeur text)
	LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 1000 SET search_path FROM CURRENT
AS $$
#variable_conflict use_column
DECLARE
	document json := canevas::json;
	attribution boolean := document ->> 'niveau' = 'attribution';
BEGIN
	IF document ->> 'genre' <> 'part' THEN
		RAISE EXCEPTION 'indicator "%" is not a part', document ->> 'code' USING ERRCODE = 'invalid_parameter_value',
			DETAIL = format('Its genre is "%s": no contract is a yes or a no in it.', document ->> 'genre'),
			HINT = expliquer_ailleurs(document);
	END IF;
	-- Also where nothing is counted, a class that is not there is an error
	PERFORM juger('', canevas, classe);
	RETURN QUERY EXECUTE format($q$
		SELECT f.contrat_id, c.id, c.objet, c.date_notification, f.montant, f.titulaire, v.verdict, motif(f.juge, $1, $2), 1.0 / f.k, f.valeur / f.k,
			CASE WHEN f.valeur IS NOT NULL THEN NULL
				WHEN f.montant IS NULL THEN 'montant absent'
				WHEN attribut(f.profil, 'montant') IS DISTINCT FROM 'utilisable' THEN 'montant aberrant'
				WHEN attribut(f.profil, 'subsequent') = 'v1' THEN 'marché subséquent du format 2019'
				ELSE 'marché subséquent dont l''accord-cadre est compté' END
		FROM (%s) AS f JOIN contrat AS c USING (contrat_id)
		CROSS JOIN LATERAL (SELECT juger(f.juge, $1, $2) AS verdict OFFSET 0) AS v
		WHERE v.verdict <> 'hors' OR $3
		ORDER BY array_position('{oui,non,inconnu,hors}', v.verdict), c.date_notification, f.contrat_id, f.rang$q$,
		CASE WHEN attribution THEN format($q$
			SELECT f.*, a.profil AS juge, a.rang, cardinality(f.attributions) AS k, t.titulaire
			FROM (%s) AS f CROSS JOIN LATERAL unnest(f.attributions) WITH ORDINALITY AS a (profil, rang)
			LEFT JOIN LATERAL (
				SELECT coalesce(d.siren, d.identifiant) AS titulaire, row_number() OVER (ORDER BY d.rang) AS rang
				FROM (SELECT DISTINCT ON (coalesce(siren, identifiant), CASE WHEN coalesce(siren, identifiant) IS NULL THEN rang END) rang, siren, identifiant
					FROM titulaire WHERE titulaire.contrat_id = f.contrat_id
					ORDER BY coalesce(siren, identifiant), CASE WHEN coalesce(siren, identifiant) IS NULL THEN rang END, rang) AS d
			) AS t ON t.rang = a.rang
			WHERE f.marche$q$, faits_de(niveau, ARRAY[cle], debut, fin))
		ELSE format('SELECT f.*, f.profil AS juge, 1 AS rang, 1 AS k, NULL::text AS titulaire FROM (%s) AS f', faits_de(niveau, ARRAY[cle], debut, fin)) END)
	USING canevas, classe, hors;
END
$$;
COMMENT ON FUNCTION expliquer_canevas(canevas, text, text, text, date, date, boolean) IS
	'Les contrats d''un indicateur quelconque : lesquels comptent comme oui, non, inconnu, pourquoi, et pour combien';

-- expliquer(code, ...): the same of the catalogue; code as indicateurs() writes it,
-- with its class where there are some: 'S01', 'L01.contrat'. Error 22023 for a code
-- that the catalogue does not have.
CREATE FUNCTION expliquer(code text, niveau text, cle text DEFAULT NULL, debut date DEFAULT NULL, fin date DEFAULT NULL, hors boolean DEFAULT false)
	RETURNS TABLE (contrat_id bigint, id text, objet text, date_notification date, montant numeric, titulaire text,
		verdict text, motif text[], poids_nombre numeric, poids_montant numeric, motif_valeur text)
	LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 1000 SET search_path FROM CURRENT
AS $$
DECLARE
	c record;
BEGIN
	-- A variant has a dot in its code, and so has a class after the code: the longest code wins
	SELECT u.canevas, CASE WHEN d.code <> expliquer.code THEN substr(expliquer.code, length(d.code) + 2) END AS classe INTO c
	FROM unnest(catalogue()) AS u (canevas), LATERAL (SELECT u.canevas::json ->> 'code' AS code OFFSET 0) AS d
	WHERE d.code = expliquer.code OR starts_with(expliquer.code, d.code || '.')
	ORDER BY length(d.code) DESC LIMIT 1;
	IF NOT FOUND THEN
		-- With the codes that there are
		PERFORM canevas_du_catalogue(code);
	END IF;
	RETURN QUERY SELECT * FROM expliquer_canevas(c.canevas, c.classe, niveau, cle, debut, fin, hors);
END
$$;
COMMENT ON FUNCTION expliquer(text, text, text, date, date, boolean) IS
	'Les contrats d''un indicateur du catalogue : lesquels comptent comme oui, non, inconnu, pourquoi, et pour combien';
