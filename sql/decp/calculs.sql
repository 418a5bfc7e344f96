-- calculs.sql: indicators that no cell holds, since they look at other buyers, at
-- the past, at the words of contracts or at today. Part of synthese.sql, which runs
-- it in its transaction.
--
-- Their arguments are the same. niveau: acheteur, departement, division, ensemble.
-- cles: keys of that level, one of which may be NULL (unknown); NULL: all of them.
-- debut, fin: first month, and the month after the last one; NULL: without limit.
-- Months are whole. Amounts that were spread are rounded to the centime. They give a row per key, code and unit, and none for a key that
-- has nothing. Error 22023 for another level.

-- The facts of some keys, with a column cle, as the text of a query: what is asked of
-- one buyer goes through an index, what is asked of all through the table.
CREATE FUNCTION faits_de(niveau text, cles text[], debut date, fin date) RETURNS text
	LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path FROM CURRENT
AS $$
DECLARE
	cle text := CASE niveau WHEN 'acheteur' THEN 'f.acheteur_siren' WHEN 'departement' THEN 'a.nouveau'
		WHEN 'division' THEN 'f.division_cpv' WHEN 'ensemble' THEN 'NULL::text' END;
BEGIN
	IF cle IS NULL THEN
		RAISE EXCEPTION 'unknown level "%"', niveau USING ERRCODE = 'invalid_parameter_value',
			HINT = 'Levels are acheteur, departement, division and ensemble.';
	END IF;
	RETURN format('SELECT %s AS cle, f.* FROM fait AS f', cle)
		|| CASE WHEN niveau = 'departement' THEN ' LEFT JOIN synthese_acheteur AS a ON a.siren = f.acheteur_siren' ELSE '' END
		|| ' WHERE true'
		|| CASE WHEN cles IS NULL OR niveau = 'ensemble' THEN ''
			WHEN array_position(cles, NULL) IS NULL THEN format(' AND %s = ANY (%L)', cle, cles)
			ELSE format(' AND (%1$s = ANY (%2$L) OR %1$s IS NULL)', cle, array_remove(cles, NULL)) END
		|| CASE WHEN debut IS NULL THEN '' ELSE format(' AND f.mois >= %L', date_trunc('month', debut::timestamp)::date) END
		|| CASE WHEN fin IS NULL THEN '' ELSE format(' AND f.mois < %L', date_trunc('month', fin::timestamp)::date) END;
END
$$;
COMMENT ON FUNCTION faits_de(text, text[], date, date) IS
	'Texte de la requête qui lit les faits d''un niveau, de quelques clés (NULL : toutes), d''une période de mois entiers';

-- objet_sans_lot(objet): an object without case, accents, signs, nor the number of a
-- lot: what the lots of one consultation have in common. NULL if nothing is left.
-- Source: indicator K09, the words "lot", "lots", "lot n°" and a number.
CREATE FUNCTION objet_sans_lot(objet text) RETURNS text
	LANGUAGE SQL IMMUTABLE STRICT PARALLEL SAFE
RETURN nullif(btrim(regexp_replace(regexp_replace(regexp_replace(
	regexp_replace(replace(replace(lower(normalize(objet, NFD)), 'œ', 'oe'), 'æ', 'ae'), '[\u0300-\u036f]', '', 'g'),
	'[^a-z0-9]+', ' ', 'g'), '\mlots? ?(n ?o? ?)?[0-9]+', ' ', 'g'), ' +', ' ', 'g')), '');
COMMENT ON FUNCTION objet_sans_lot(text) IS 'Objet d''un contrat sans casse, accents, signes ni numéro de lot';

-- K09: contracts whose buyer notified in the same month others of the same CPV
-- division and object, number of lot aside, among those that have a buyer, a date and
-- an object. Experimental: no field says what a consultation was.
CREATE FUNCTION allotissement(niveau text, cles text[], debut date, fin date)
	RETURNS TABLE (cle text, code text, unite text, numerateur numeric, denominateur numeric, inconnu numeric)
	LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 1000 SET search_path FROM CURRENT
AS $$
BEGIN
	RETURN QUERY EXECUTE format($q$
		SELECT g.cle, 'K09', u.unite, coalesce(sum(u.poids) FILTER (WHERE g.connu AND g.n > 1), 0),
			coalesce(sum(u.poids) FILTER (WHERE g.connu), 0), coalesce(sum(u.poids) FILTER (WHERE NOT g.connu), 0)
		FROM (
			SELECT f.cle, o.connu, count(*) AS n, coalesce(sum(f.valeur), 0) AS valeur
			FROM (%s) AS f JOIN contrat AS c USING (contrat_id)
			CROSS JOIN LATERAL (SELECT objet_sans_lot(c.objet) AS texte OFFSET 0) AS t
			CROSS JOIN LATERAL (SELECT t.texte IS NOT NULL AND f.acheteur_siren IS NOT NULL AND f.mois IS NOT NULL AS connu) AS o
			WHERE f.marche
			GROUP BY f.cle, o.connu, f.acheteur_siren, f.mois, f.division_cpv, t.texte
		) AS g, LATERAL (VALUES ('nombre', g.n::numeric), ('montant', g.valeur)) AS u (unite, poids)
		GROUP BY g.cle, u.unite$q$, faits_de(niveau, cles, debut, fin));
END
$$;
COMMENT ON FUNCTION allotissement(text, text[], date, date) IS 'K09 : marchés qui semblent des lots d''une même consultation (expérimental)';

-- K16: holders that had no contract of the key in the 36 months before debut, of
-- those that have one in the period: by number of holders, of contracts (each holder
-- for its part), in amount. No row where the key's first contract is later than 36
-- months before debut: the past is too short to tell; nor without debut.
CREATE FUNCTION nouveaux_titulaires(niveau text, cles text[], debut date, fin date)
	RETURNS TABLE (cle text, code text, unite text, numerateur numeric, denominateur numeric, inconnu numeric)
	LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 1000 SET search_path FROM CURRENT
AS $$
#variable_conflict use_column
DECLARE
	premier date := date_trunc('month', debut::timestamp)::date;
	avant date := (date_trunc('month', debut::timestamp) - interval '36 months')::date;
BEGIN
	RETURN QUERY EXECUTE $q$
		SELECT c.code, 'K16', u, (m).numerateur, (m).denominateur, (m).inconnu
		FROM (
			SELECT s.code, fusion(s.concentration) FILTER (WHERE s.periode >= $3) AS fenetre,
				fusion(s.concentration) FILTER (WHERE s.periode >= $4 AND s.periode < $3) AS histoire
			FROM synthese AS s
			WHERE s.niveau = $1 AND s.periode < coalesce($5, 'infinity'::date)
				AND ($2 IS NULL OR s.code = ANY ($2) OR s.code IS NULL AND (array_position($2, NULL) IS NOT NULL OR $1 = 'mois'))
			GROUP BY s.code
			HAVING min(s.periode) <= $4
		) AS c, unnest('{titulaires,nombre,montant}'::text[]) AS u, LATERAL nouveaux(c.fenetre, coalesce(c.histoire, '1:{}'), u) AS m
		WHERE c.fenetre IS NOT NULL$q$
	USING CASE niveau WHEN 'ensemble' THEN 'mois' ELSE niveau || '_mois' END, cles, premier, avant, date_trunc('month', fin::timestamp)::date;
END
$$;
COMMENT ON FUNCTION nouveaux_titulaires(text, text[], date, date) IS
	'K16 : titulaires sans contrat dans les 36 mois d''avant ; aucune ligne si l''histoire est plus courte';

-- mois_dans_periode(mois, duree, debut, fin): how many of the months of a contract,
-- the first one being that of its notification, lie in [debut, fin). All of them
-- without limits; NULL if the month is, or the duration is not 1 or more.
CREATE FUNCTION mois_dans_periode(mois date, duree integer, debut date, fin date) RETURNS integer
	LANGUAGE SQL IMMUTABLE PARALLEL SAFE
-- What begins after the period or ended before it is told without counting months,
-- and not with extract(), whose numbers of any length take longer
RETURN CASE WHEN duree >= 1 AND (mois >= fin OR mois + 31 * duree <= debut) THEN 0
	WHEN duree >= 1 AND mois IS NOT NULL THEN greatest(0,
	least(duree, 12 * (date_part('year', fin) - date_part('year', mois))::integer + (date_part('month', fin) - date_part('month', mois))::integer)
	- greatest(0, 12 * (date_part('year', debut) - date_part('year', mois))::integer + (date_part('month', debut) - date_part('month', mois))::integer)) END;
COMMENT ON FUNCTION mois_dans_periode(date, integer, date, date) IS 'Mois d''exécution prévus d''un contrat dans une période';

-- dependances(...): what each holder of a key has of it, and of all buyers, in amounts
-- spread evenly over the months of each contract. A holder's part of a contract is
-- 1/k. Marchés that count in value, with a duration; holders with a SIREN. Source: indicator K17; the
-- threshold of 25 to 30 % that is often told is not verified.
CREATE FUNCTION dependances(niveau text, cles text[], debut date, fin date)
	RETURNS TABLE (cle text, titulaire text, montant_acheteur numeric, montant_total numeric)
	LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 1000 SET search_path FROM CURRENT
AS $$
BEGIN
	RETURN QUERY EXECUTE format($q$
		WITH sien AS MATERIALIZED (
			SELECT f.cle, t.titulaire, sum(f.valeur * mois_dans_periode(f.mois, f.duree, $1, $2) / f.duree / cardinality(f.titulaires)) AS montant
			FROM (%1$s) AS f, unnest(f.titulaires) AS t (titulaire)
			WHERE f.marche AND f.valeur IS NOT NULL AND mois_dans_periode(f.mois, f.duree, $1, $2) > 0 AND octet_length(t.titulaire) = 9
			GROUP BY f.cle, t.titulaire
		), tout AS MATERIALIZED (
			SELECT s.titulaire, sum(f.valeur * mois_dans_periode(f.mois, f.duree, $1, $2) / f.duree / cardinality(f.titulaires)) AS montant
			FROM %2$s
			WHERE f.marche AND f.valeur IS NOT NULL AND mois_dans_periode(f.mois, f.duree, $1, $2) > 0
			GROUP BY s.titulaire
		)
		SELECT sien.cle, sien.titulaire, sien.montant, tout.montant FROM sien JOIN tout USING (titulaire) WHERE sien.titulaire ~ '^[0-9]{9}$'$q$,
		faits_de(niveau, cles, NULL, fin),
		-- Of some keys, the contracts that their holders have: through the index. Of all, all.
		CASE WHEN cles IS NULL OR niveau = 'ensemble' THEN 'fait AS f, unnest(f.titulaires) AS s (titulaire)'
			ELSE '(SELECT DISTINCT u.titulaire, t.contrat_id FROM (SELECT DISTINCT titulaire FROM sien) AS u JOIN titulaire AS t ON t.siren = u.titulaire) AS s JOIN fait AS f USING (contrat_id)' END) USING debut, fin;
END
$$;
COMMENT ON FUNCTION dependances(text, text[], date, date) IS
	'K17 : pour chaque titulaire, ses montants annualisés chez l''acheteur et chez tous les acheteurs';

-- K17: of those that have something from the key in the period, the sum of the first
-- over the sum of the second; inconnu: what the key notified in the period without a
-- duration that can be used, or to holders without SIREN.
CREATE FUNCTION dependance(niveau text, cles text[], debut date, fin date)
	RETURNS TABLE (cle text, code text, unite text, numerateur numeric, denominateur numeric, inconnu numeric)
	LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 1000 SET search_path FROM CURRENT
AS $$
BEGIN
	RETURN QUERY EXECUTE format($q$
		SELECT x.cle, 'K17', 'montant', coalesce(round(sum(x.acheteur), 2), 0), coalesce(round(sum(x.tous), 2), 0), coalesce(round(sum(x.inconnu), 2), 0)
		FROM (
			SELECT d.cle, d.montant_acheteur AS acheteur, d.montant_total AS tous, NULL::numeric AS inconnu FROM dependances($1, $2, $3, $4) AS d
			UNION ALL
			SELECT f.cle, NULL, NULL, f.valeur / greatest(cardinality(f.titulaires), 1)
			FROM (%s) AS f LEFT JOIN LATERAL unnest(f.titulaires) AS t (titulaire) ON true
			WHERE f.marche AND (f.duree IS NULL OR t.titulaire IS NULL OR t.titulaire !~ '^[0-9]{9}$')
		) AS x
		GROUP BY x.cle$q$, faits_de(niveau, cles, debut, fin)) USING niveau, cles, debut, fin;
END
$$;
COMMENT ON FUNCTION dependance(text, text[], date, date) IS 'K17 : part de l''acheteur dans les commandes publiques visibles de ses titulaires';

-- X10: of the marchés of the period that end today or later, those that end within
-- mois months. End: notification and latest duration; inconnu: those without.
CREATE FUNCTION echeances(niveau text, cles text[], debut date, fin date, jour date DEFAULT current_date, mois integer DEFAULT 12)
	RETURNS TABLE (cle text, code text, unite text, numerateur numeric, denominateur numeric, inconnu numeric)
	LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 1000 SET search_path FROM CURRENT
AS $$
BEGIN
	RETURN QUERY EXECUTE format($q$
		SELECT f.cle, 'X10', u.unite, coalesce(sum(u.poids) FILTER (WHERE f.fin > $1 AND f.fin <= ($1 + make_interval(months => $2))::date), 0),
			coalesce(sum(u.poids) FILTER (WHERE f.fin >= $1), 0), coalesce(sum(u.poids) FILTER (WHERE f.fin IS NULL), 0)
		FROM (%s) AS f, LATERAL (VALUES ('nombre', 1), ('montant', f.valeur)) AS u (unite, poids)
		WHERE f.marche GROUP BY f.cle, u.unite$q$, faits_de(niveau, cles, debut, fin)) USING jour, mois;
END
$$;
COMMENT ON FUNCTION echeances(text, text[], date, date, date, integer) IS
	'X10 : marchés qui finissent dans les mois à venir, parmi ceux qui ne sont pas finis';

-- C01 in value: amounts of the AGEC categories, spread evenly over the months of each
-- marché, in the months of the period, whenever it was notified. A code per category:
-- C01.annualise.c04... inconnu: amounts without category, and those that cannot be
-- spread of marchés notified in the period. Source: indicator C01.
CREATE FUNCTION assiette_agec(niveau text, cles text[], debut date, fin date)
	RETURNS TABLE (cle text, code text, unite text, numerateur numeric, denominateur numeric, inconnu numeric)
	LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 1000 SET search_path FROM CURRENT
AS $$
BEGIN
	RETURN QUERY EXECUTE format($q$
		WITH part AS (
			SELECT f.cle, CASE WHEN f.duree IS NOT NULL THEN nullif(attribut(f.profil, 'agec'), 'inconnu') END AS categorie,
				sum(CASE WHEN f.duree IS NOT NULL THEN f.valeur * mois_dans_periode(f.mois, f.duree, $1, $2) / f.duree
					WHEN f.mois >= coalesce(date_trunc('month', $1::timestamp)::date, '-infinity') THEN f.valeur END) AS montant
			FROM (%s) AS f WHERE f.marche AND f.valeur IS NOT NULL
			GROUP BY 1, 2
		)
		SELECT p.cle, 'C01.annualise.' || p.categorie, 'montant', round(p.montant, 2), round(t.connu, 2), round(t.inconnu, 2)
		FROM part AS p JOIN (
			SELECT cle, sum(montant) FILTER (WHERE categorie IS NOT NULL) AS connu,
				coalesce(sum(montant) FILTER (WHERE categorie IS NULL), 0) AS inconnu
			FROM part GROUP BY cle
		) AS t ON t.cle IS NOT DISTINCT FROM p.cle
		WHERE p.categorie <> 'aucune'$q$, faits_de(niveau, cles, NULL, fin)) USING debut, fin;
END
$$;
COMMENT ON FUNCTION assiette_agec(text, text[], date, date) IS
	'C01 : montants annualisés de chaque catégorie AGEC, dans une période';

-- All of them
CREATE FUNCTION calculs(niveau text, cles text[], debut date, fin date)
	RETURNS TABLE (cle text, code text, unite text, numerateur numeric, denominateur numeric, inconnu numeric)
	LANGUAGE SQL STABLE PARALLEL SAFE ROWS 1000 SET search_path FROM CURRENT
BEGIN ATOMIC
	SELECT * FROM allotissement($1, $2, $3, $4)
	UNION ALL SELECT * FROM nouveaux_titulaires($1, $2, $3, $4)
	UNION ALL SELECT * FROM dependance($1, $2, $3, $4)
	UNION ALL SELECT * FROM echeances($1, $2, $3, $4)
	UNION ALL SELECT * FROM assiette_agec($1, $2, $3, $4);
END;
COMMENT ON FUNCTION calculs(text, text[], date, date) IS
	'Indicateurs qu''aucune cellule de la synthèse ne porte (K09, K16, K17, X10, C01), pour les clés d''un niveau et une période';
