-- juger.sql: what one profil counts for, and why.

-- ---- The same as what is measured over all of them: each part of the catalogue, each class

SET search_path = public, spaser, pg_temp;
CREATE TEMP TABLE profils AS
SELECT concat_ws(' ', 'type_contrat=' || type, 'considerations_sociales=' || social, 'considerations_environnementales=' || env, 'procedure=' || procedure, 'offres=' || offres)::profil AS p
FROM unnest('{marche,concession,NULL}'::text[]) AS type, unnest('{clause,aucune,clause+reserve,critere!,NULL}'::text[]) AS social, unnest('{critere,aucune,clause+critere,NULL}'::text[]) AS env,
	unnest('{procedure_adaptee,sans_publicite,NULL}'::text[]) AS procedure, unnest('{1,2,NULL}'::text[]) AS offres;
SELECT count(*) > 50 AS mesures, count(*) FILTER (WHERE (j.oui, j.non, j.inconnu) IS DISTINCT FROM (m.numerateur, m.denominateur - m.numerateur, m.inconnu)) AS fausses
FROM (SELECT bilan(p, NULL) AS b FROM profils) AS b, unnest(catalogue('contrat')) AS c,
	LATERAL (SELECT coalesce(classe, '') AS classe FROM (SELECT 1) AS un LEFT JOIN json_array_elements(c::json -> 'classes') AS e ON true, LATERAL (SELECT e ->> 'code' AS classe) AS k) AS k,
	LATERAL mesurer(b, c, 'nombre', nullif(classe, '')) AS m,
	LATERAL (SELECT count(*) FILTER (WHERE v = 'oui') AS oui, count(*) FILTER (WHERE v = 'non') AS non, count(*) FILTER (WHERE v = 'inconnu') AS inconnu
		FROM (SELECT juger(p, c, nullif(classe, '')) AS v FROM profils) AS v) AS j
WHERE c::json -> 'unites' IS NULL OR c::json ->> 'unites' ~ 'nombre';

-- ---- Why

-- One attribute decides, or each of two; what is not known, of what matters; what keeps
-- it out of the population, and nothing else; a contradiction is not known; two that
-- fail together are both told; what is known and neither a yes nor a no
CREATE FUNCTION pg_temp.question(predicats text) RETURNS canevas LANGUAGE SQL AS $$ SELECT ('{"code": "X", "libelle": "x", ' || predicats || '}')::canevas $$;
SELECT juger(p, c), motif(p, c) FROM (VALUES
	('type_contrat=marche avance=oui marche_innovant=non', '"population": {"type_contrat": "marche"}, "oui": {"avance": "oui"}'),
	('avance=oui marche_innovant=oui', '"oui": {"ou": [{"avance": "oui"}, {"marche_innovant": "oui"}]}'),
	('avance=non', '"oui": {"ou": [{"avance": "oui"}, {"marche_innovant": "oui"}]}'),
	('avance=oui', '"oui": {"ou": [{"avance": "oui"}, {"marche_innovant": "oui"}]}'),
	('avance=non', '"oui": {"et": [{"avance": "oui"}, {"marche_innovant": "oui"}]}'),
	('', '"oui": {"et": [{"avance": "oui"}, {"marche_innovant": "oui"}]}'),
	('', '"oui": {"ou": [{"et": [{"avance": "oui"}, {"marche_innovant": "oui"}]}, {"et": [{"avance": "non"}, {"marche_innovant": "non"}]}]}'),
	('type_contrat=concession', '"population": {"type_contrat": "marche"}, "oui": {"avance": "oui"}'),
	('', '"population": {"type_contrat": "marche"}, "oui": {"avance": "oui"}'),
	('considerations_sociales=clause!', '"oui": {"considerations_sociales": "clause"}'),
	('type_contrat=marche avance=non marche_innovant=non', '"population": {"type_contrat": "marche"}, "oui": {"et": [{"avance": "oui"}, {"marche_innovant": "oui"}]}'),
	('type_contrat=concession avance=non marche_innovant=oui', '"population": {"type_contrat": "marche", "avance": "oui"}, "oui": {"marche_innovant": "oui"}'),
	('type_contrat=marche procedure=sans_publicite', '"population": {"type_contrat": "marche"}, "oui": {"procedure": "procedure_adaptee"}, "non": {"procedure": "appel_offres_ouvert"}'),
	('procedure=sans_publicite', '"oui": {"procedure": "procedure_adaptee"}, "non": {"procedure": "appel_offres_ouvert", "avance": "oui"}'),
	('type_contrat=marche', '"population": {"type_contrat": "marche"}, "oui": {"procedure": "procedure_adaptee"}, "non": true'),
	('publication=absente', '"oui": {"publication": "dans_les_delais"}'),
	('', '"oui": true')) AS t (profil, predicats), LATERAL (SELECT profil::profil AS p, pg_temp.question(predicats) AS c) AS q;
SELECT juger('segment=energie', c, k), motif('segment=energie', c, k)
FROM unnest('{energie,textile}'::text[]) AS k, pg_temp.question('"classes": [{"code": "energie", "libelle": "e", "population": {"segment": "energie"}, "oui": {"avance": "oui"}},
	{"code": "textile", "libelle": "t", "population": {"segment": "textile"}, "oui": {"avance": "oui"}}]') AS c;

-- A motif is enough: of each class of the catalogue, a profil that has nothing else is
-- judged alike. What is unknown is explained by what is not known only, but for D09: a
-- concession whose procedure is one of marchés is neither a yes nor a no.
CREATE TEMP TABLE classes AS
SELECT c, coalesce(c::json ->> 'niveau', 'contrat') AS niveau, c::json ->> 'code' AS code, e ->> 'code' AS k
FROM unnest(catalogue('contrat') || catalogue('attribution')) AS c LEFT JOIN json_array_elements(c::json -> 'classes') AS e ON true;
CREATE TEMP TABLE motifs AS
SELECT niveau, code, k, v, m, count(*) AS n
FROM classes, LATERAL (
		SELECT p FROM profils WHERE niveau = 'contrat'
		UNION ALL
		SELECT concat_ws(' ', 'niveau=attribution', 'taille=' || taille, 'pme_un=' || un, 'ess=' || un, 'ess_titulaire=' || seul, 'local=' || lieu)::profil
		FROM unnest('{pme,eti,ge,NULL}'::text[]) AS taille, unnest('{oui,non,NULL}'::text[]) AS un, unnest('{oui,non,NULL}'::text[]) AS seul, unnest('{commune+departement,aucune,NULL}'::text[]) AS lieu
		WHERE niveau = 'attribution') AS p,
	LATERAL (SELECT juger(p, c, k) AS v, motif(p, c, k) AS m OFFSET 0) AS q
GROUP BY niveau, code, k, v, m;
SELECT count(DISTINCT m.code) > 60 AS parts, sum(n) FILTER (WHERE v = 'oui') > 100 AS oui, sum(n) FILTER (WHERE v = 'non') > 100 AS non,
	count(*) FILTER (WHERE juger(concat_ws(' ', CASE m.niveau WHEN 'attribution' THEN 'niveau=attribution' END, array_to_string(m.m, ' '))::profil, c.c, c.k) IS DISTINCT FROM v) AS insuffisants,
	string_agg(DISTINCT m.code, ' ') FILTER (WHERE v = 'inconnu' AND EXISTS (SELECT FROM unnest(m.m) AS x WHERE x !~ '(=inconnu|!)$')) AS connus,
	count(*) FILTER (WHERE m.m = '{}') AS vides
FROM motifs AS m JOIN classes AS c ON c.code = m.code AND c.k IS NOT DISTINCT FROM m.k;

-- another level; NULL; a class that is not there; no part
SELECT juger('niveau=attribution taille=pme', pg_temp.question('"oui": {"avance": "oui"}')) AS niveau, juger(NULL, pg_temp.question('"oui": true')) AS profil, juger('', NULL) AS canevas, motif('', NULL) AS motif;
CREATE FUNCTION pg_temp.erreur(requete text, OUT etat text, OUT message text) LANGUAGE plpgsql AS $$
BEGIN EXECUTE requete; EXCEPTION WHEN OTHERS THEN etat := SQLSTATE; message := SQLERRM; END $$;
SELECT e.* FROM unnest(ARRAY['juger('''', canevas_du_catalogue(''K13''))', 'juger('''', canevas_du_catalogue(''S02''))', 'motif('''', canevas_du_catalogue(''S02''), ''x'')', 'motif('''', canevas_du_catalogue(''S01''), ''x'')']) AS q, pg_temp.erreur('SELECT ' || q) AS e;
