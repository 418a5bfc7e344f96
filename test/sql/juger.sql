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

-- one attribute decides; neither of two alone does; what is not known, of what matters;
-- what keeps it out of the population; its class's own; a contradiction is not known
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
	('publication=absente', '"oui": {"publication": "dans_les_delais"}'),
	('', '"oui": true')) AS t (profil, predicats), LATERAL (SELECT profil::profil AS p, pg_temp.question(predicats) AS c) AS q;
SELECT juger('segment=energie', c, k), motif('segment=energie', c, k)
FROM unnest('{energie,textile}'::text[]) AS k, pg_temp.question('"classes": [{"code": "energie", "libelle": "e", "population": {"segment": "energie"}, "oui": {"avance": "oui"}},
	{"code": "textile", "libelle": "t", "population": {"segment": "textile"}, "oui": {"avance": "oui"}}]') AS c;

-- another level; NULL; a class that is not there; no part
SELECT juger('niveau=attribution taille=pme', pg_temp.question('"oui": {"avance": "oui"}')) AS niveau, juger(NULL, pg_temp.question('"oui": true')) AS profil, juger('', NULL) AS canevas, motif('', NULL) AS motif;
CREATE FUNCTION pg_temp.erreur(requete text, OUT etat text, OUT message text) LANGUAGE plpgsql AS $$
BEGIN EXECUTE requete; EXCEPTION WHEN OTHERS THEN etat := SQLSTATE; message := SQLERRM; END $$;
SELECT e.* FROM unnest(ARRAY['juger('''', canevas_du_catalogue(''K13''))', 'juger('''', canevas_du_catalogue(''S02''))', 'motif('''', canevas_du_catalogue(''S02''), ''x'')', 'motif('''', canevas_du_catalogue(''S01''), ''x'')']) AS q, pg_temp.erreur('SELECT ' || q) AS e;
