-- registres.sql: the small registers of the case "enrichir": places as sirene.py
-- numbers them, and approvals of some of the structures that contracts name.
\set ON_ERROR_STOP on
SET search_path = decp, spaser;
INSERT INTO region SELECT lpad(r::text, 2, '0'), 'Région ' || r FROM generate_series(1, 13) AS r;
INSERT INTO departement SELECT lpad(d::text, 2, '0'), 'Département ' || d, lpad((1 + d % 13)::text, 2, '0')
FROM generate_series(1, 95) AS d WHERE d <> 20;
-- An intercommunalité of 13 communes or so
INSERT INTO commune SELECT lpad(d::text, 2, '0') || lpad(n::text, 3, '0'), 'Commune ' || n, 200000000 + d * 100 + n / 13,
	lpad(d::text, 2, '0'), lpad((1 + d % 13)::text, 2, '0')
FROM generate_series(1, 95) AS d, generate_series(1, 350) AS n WHERE d <> 20;
-- The others have merged into one of these
INSERT INTO commune_ancienne SELECT lpad(d::text, 2, '0') || lpad(n::text, 3, '0'), lpad(d::text, 2, '0') || lpad((n - 350)::text, 3, '0')
FROM generate_series(1, 95) AS d, generate_series(351, 368) AS n WHERE d <> 20;
INSERT INTO liste_agrement (liste, complete_depuis, source)
SELECT liste, CASE WHEN liste <> 'esat' THEN '2021-01-01'::date END, 'bench' FROM unnest('{esus,siae,ea,esat}'::text[]) AS liste;
INSERT INTO agrement (liste, siren, siret, depuis, jusque)
SELECT liste, left(siret, 9), CASE WHEN liste <> 'esus' THEN siret END, '2018-01-01'::date + rang::integer % 2000, '2021-01-01'::date + rang::integer % 2000
FROM (SELECT siret, row_number() OVER (ORDER BY siret) AS rang FROM siret_des_contrats) AS s,
	LATERAL (SELECT ('{esus,siae,ea,esat}'::text[])[1 + rang % 4] AS liste) AS l
WHERE rang % 25 < 2;
ANALYZE region, departement, commune, commune_ancienne, liste_agrement, agrement;
