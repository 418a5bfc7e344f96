-- retirer.sql: what is left of a value without a part of its contracts.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS spaser;
SET search_path = public, spaser;

-- Counted by hand: one contract of 3 stays, at 2.50; a value that is gone leaves no case
SELECT '1:{1=2/3.00,3=1/2.50}'::histogramme - '1:{1=2/3.00}' AS reste;
SELECT '1:{1=2/3.00,3=1/2.50}'::histogramme - '1:{1=1/1.00,3=1/2.50}' AS reste;
SELECT '1:{1=2/-3.00}'::histogramme - '1:{1=1/5.00}' AS reste;
SELECT '1:{1|3=2/3.00}'::histogramme - '1:{1|3=1/1.00}' AS parts;
SELECT '1:{1=2/3.00}'::histogramme - '1:{1=2/3.00}' AS rien, '1:{}'::histogramme - '1:{}' AS vide;
SELECT NULL::histogramme - '1:{}', '1:{}'::histogramme - NULL;

-- Each type, over contracts of every kind: any part taken away leaves what the
-- others give, and then nothing
CREATE TEMP TABLE contrats AS
SELECT n, n % 3 AS lot,
	profil(type_contrat => 'marche', montant => 1000 * n, nature => (ARRAY['Marché', 'Marché de partenariat'])[1 + n % 2],
		offres_recues => n % 7) AS profil,
	(1000 * n)::numeric / 7 AS montant,
	(ARRAY['123456789', '987654321', 'ABC', NULL])[1 + n % 4] AS titulaire, 1 + n % 3 AS parts
FROM generate_series(1, 500) AS n;
CREATE TEMP TABLE sommes AS
SELECT lot, bilan(profil, montant) AS b, histogramme(n % 11, montant, parts) AS h,
	concentration(titulaire, montant, parts) AS c, rapport(nullif(n % 5, 0) * montant, montant) AS r
FROM contrats GROUP BY GROUPING SETS ((lot), ());
SELECT t.b - a.b = u.b + v.b AS b, t.h - a.h = u.h + v.h AS h, t.c - a.c = u.c + v.c AS c, t.r - a.r = u.r + v.r AS r,
	t.b - a.b - u.b - v.b = '1:{}' AS b_vide, t.h - a.h - u.h - v.h = '1:{}' AS h_vide,
	t.c - a.c - u.c - v.c = '1:{}' AS c_vide, t.r - a.r - u.r - v.r = '1:{}' AS r_vide
FROM sommes AS t, sommes AS a, sommes AS u, sommes AS v
WHERE t.lot IS NULL AND a.lot = 0 AND u.lot = 1 AND v.lot = 2;

-- What is not part of a value can't be taken away from it, whether key, parts, number or amount is too much
CREATE FUNCTION pg_temp.erreur(requete text, OUT etat text, OUT message text)
LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE requete;
	etat := '00000';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS etat = RETURNED_SQLSTATE, message = MESSAGE_TEXT;
END $$;
SELECT moins, e.*
FROM unnest(ARRAY['1:{0=1/0.00}', '1:{2=1/0.00}', '1:{4=1/0.00}', '1:{1|2=1/0.00}', '1:{1=3/3.00}', '1:{1=2/2.00}',
		'1:{1=1/1.00,2=1/0.00}', '1:{3=1/-92233720368547758.08}']) AS moins,
	pg_temp.erreur(format('SELECT ''1:{1=2/3.00,3=2/0.00}''::histogramme - %L', moins)) AS e;
SELECT e.* FROM unnest('{bilan,concentration,rapport}'::text[]) AS type,
	pg_temp.erreur(format('SELECT t - t - t FROM (SELECT %s AS t) AS t', CASE type WHEN 'bilan' THEN 'bilan(''nature=marche'', 1)'
		WHEN 'concentration' THEN 'concentration(''ABC''::text, 1)' ELSE 'rapport(1, 2)' END)) AS e;
