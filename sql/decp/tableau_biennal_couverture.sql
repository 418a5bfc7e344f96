-- tableau_biennal_couverture.sql: how much of the accounts the contracts show. Part of
-- tableau_biennal.sql, which runs it in its transaction.

-- couverture_comptable(perimetre, annee): indicator P03. Of each buyer: its marchés
-- spread over their months, in the year, over the purchases that it declared for the
-- whole year (saisie P04, euros HT). NULL as long as they are not. Errors as
-- assujettissement(), which counts both. Source: indicator P03; frameworks are in it
-- for their maximum, which accords_cadres tells.
CREATE FUNCTION couverture_comptable(perimetre text, annee integer)
	RETURNS TABLE (siren text, acheteur text, code text, unite text, numerateur numeric, accords_cadres numeric, denominateur numeric, taux numeric)
	LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 10 SET search_path FROM CURRENT
AS $$
BEGIN
	RETURN QUERY
	SELECT a.siren, a.acheteur, 'P03', 'montant', a.annualise, a.accords_cadres, d.achats, a.annualise / nullif(d.achats, 0)
	FROM assujettissement(perimetre, annee) AS a
	CROSS JOIN LATERAL (SELECT CASE WHEN a.entier THEN a.declare END AS achats) AS d;
END
$$;
COMMENT ON FUNCTION couverture_comptable(text, integer) IS
	'P03 : marchés annualisés de chaque acheteur, rapportés à ses achats déclarés de l''année';
