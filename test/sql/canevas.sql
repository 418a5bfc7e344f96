-- canevas.sql: an indicator as a JSON document, and what it measures.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS spaser;
SET search_path = public, spaser;

-- What a statement answers when it fails
CREATE FUNCTION pg_temp.erreur(requete text, OUT etat text, OUT message text, OUT conseil text)
LANGUAGE plpgsql AS $$
DECLARE
	precision_ text;
BEGIN
	EXECUTE requete;
	etat := '00000';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS etat = RETURNED_SQLSTATE, message = MESSAGE_TEXT,
		precision_ = PG_EXCEPTION_DETAIL, conseil = PG_EXCEPTION_HINT;
	message := concat_ws(' | ', message, nullif(precision_, ''));
END $$;

-- ---- The toy set of contracts, and what its indicators are worth by hand

CREATE TEMP TABLE jouet AS
SELECT id, montant, social, environnement, offres, procedure, accord_cadre, parent, notifie, publie,
	profil(
		type_contrat => 'marche', format_decp => 2, nature => 'Marché', procedure => procedure,
		techniques => CASE WHEN accord_cadre THEN ARRAY['Accord-cadre'] END,
		considerations_sociales => social, considerations_environnementales => environnement,
		id_accord_cadre => parent, accord_cadre_present => parent IS NOT NULL,
		offres_recues => offres, montant => montant,
		date_notification => notifie, date_publication_donnees => publie) AS profil
FROM (VALUES
	('c1', 100000.00, '{Clause sociale}'::text[], '{Clause environnementale,Critère environnemental}'::text[], 3, 'Procédure adaptée', false, NULL, date '2025-01-10', date '2025-02-10'),
	('c2', 200000, '{Pas de considération sociale}', '{Critère environnemental}', 1, 'Appel d''offres ouvert', false, NULL, '2025-01-31', '2025-03-31'),
	('c3', 50000, '{Marché réservé}', '{Pas de considération environnementale}', 2, 'Procédure adaptée', false, NULL, '2025-02-28', '2025-04-29'),
	('c4', 1000000, '{Clause sociale,Critère social}', '{Clause environnementale}', 5, 'Appel d''offres ouvert', true, NULL, '2025-03-15', '2025-05-15'),
	('c5', 300000, '{Clause sociale}', '{Clause environnementale}', 2, 'Appel d''offres ouvert', false, 'c4', '2025-06-01', '2025-09-01'),
	('c6', 80000, NULL, NULL, NULL, 'Marché passé sans publicité ni mise en concurrence préalable', false, NULL, '2025-05-05', NULL),
	('c7', 400000, '{Pas de considération sociale}', '{Pas de considération environnementale}', 1, 'Procédure adaptée', false, NULL, '2025-04-01', '2025-03-25'),
	('c8', 60000, '{Clause sociale,Pas de considération sociale}', '{Clause environnementale}', 4, 'Procédure adaptée', false, NULL, '2025-12-31', '2026-02-28')
) AS c(id, montant, social, environnement, offres, procedure, accord_cadre, parent, notifie, publie);

-- Numerators, denominators and unknowns counted by hand on the eight contracts
-- (c5 is subsequent to c4, hence out of value); percentages to two decimals.
CREATE TEMP TABLE main_ (code text, unite text, numerateur numeric, denominateur numeric, inconnu numeric,
	taux numeric, minimum numeric, maximum numeric);
INSERT INTO main_ VALUES
	('S01', 'nombre', 4, 6, 2, 66.67, 50.00, 75.00),
	('S01', 'montant', 1150000, 1750000, 140000, 65.71, 60.85, 68.25),
	('S03', 'nombre', 1, 6, 2, 16.67, 12.50, 37.50),
	('S03', 'montant', 50000, 1750000, 140000, 2.86, 2.65, 10.05),
	('E01', 'nombre', 5, 7, 1, 71.43, 62.50, 75.00),
	('E01', 'montant', 1360000, 1810000, 80000, 75.14, 71.96, 76.19),
	('E03', 'nombre', 1, 7, 1, 14.29, 12.50, 25.00),
	('E03', 'montant', 100000, 1810000, 80000, 5.52, 5.29, 9.52),
	('K03', 'nombre', 2, 7, 0, 28.57, 28.57, 28.57),
	('K04', 'montant', 600000, 1810000, 0, 33.15, 33.15, 33.15),
	('T02', 'nombre', 4, 6, 2, 66.67, 50.00, 75.00),
	('T02', 'montant', 1360000, 1410000, 480000, 96.45, 71.96, 97.35);

SELECT m.code, m.unite, m AS attendu, mesure
FROM main_ AS m,
	LATERAL mesurer((SELECT bilan(profil, montant) FROM jouet), canevas_du_catalogue(m.code), m.unite) AS mesure
WHERE (m.numerateur, m.denominateur, m.inconnu, m.taux, m.minimum, m.maximum) IS DISTINCT FROM
	(mesure.numerateur, mesure.denominateur, mesure.inconnu,
	round(100 * mesure.taux, 2), round(100 * mesure.minimum, 2), round(100 * mesure.maximum, 2));
SELECT count(*) AS verifies FROM main_;

-- E04 by hand: c1 c4 c5 yes; c2 c3 c7 no (one "no" is enough); c6 and c8 unknown
SELECT (mesurer(bilan(profil, montant), canevas_du_catalogue('E04'))).* FROM jouet;

-- ---- Every indicator of the catalogue against plain SQL, on 4 000 contracts

-- A whole number below n that depends on i and on a word only
CREATE FUNCTION pg_temp.tirer(i integer, mot text, n integer) RETURNS integer
LANGUAGE SQL IMMUTABLE AS $$ SELECT ('x' || substr(md5(i || mot), 1, 7))::bit(28)::integer % n $$;

CREATE TEMP TABLE contrat AS
SELECT i, v1,
	CASE WHEN pg_temp.tirer(i, 'type', 20) = 0 THEN NULL
		WHEN pg_temp.tirer(i, 'type', 20) < 5 THEN 'concession' ELSE 'marche' END AS type_contrat,
	CASE WHEN v1 AND pg_temp.tirer(i, 'nature', 3) = 0 THEN 'Marché subséquent' ELSE
		(ARRAY['Marché', 'Marché', 'Marché de défense ou de sécurité', NULL])[1 + pg_temp.tirer(i, 'nature', 4)] END AS nature,
	(ARRAY['Procédure adaptée', 'Appel d''offres ouvert', 'Appel d''offres restreint', 'Procédure avec négociation',
		'Marché passé sans publicité ni mise en concurrence préalable', 'Dialogue compétitif',
		'Procédure négociée ouverte', 'NC', NULL])[1 + pg_temp.tirer(i, 'procedure', 9)] AS procedure,
	CASE WHEN NOT v1 THEN string_to_array((ARRAY['Clause sociale', 'Critère social', 'Clause sociale,Critère social',
		'Marché réservé', 'Marché réservé,Clause sociale', 'Pas de considération sociale',
		'Pas de considération sociale,Clause sociale', NULL])[1 + pg_temp.tirer(i, 'social', 8)], ',') END AS social,
	CASE WHEN NOT v1 THEN string_to_array((ARRAY['Clause environnementale', 'Critère environnemental',
		'Critère environnemental,Clause environnementale', 'Pas de considération environnementale',
		'Critère environnemental,Pas de considération environnementale', NULL])[1 + pg_temp.tirer(i, 'env', 6)], ',') END AS environnement,
	CASE WHEN NOT v1 THEN nullif(pg_temp.tirer(i, 'offres', 5), 4) END AS offres,
	CASE WHEN NOT v1 THEN (ARRAY[true, false, NULL])[1 + pg_temp.tirer(i, 'innovant', 3)] END AS innovant,
	CASE WHEN NOT v1 THEN (ARRAY[true, false, NULL])[1 + pg_temp.tirer(i, 'avance', 3)] END AS avance,
	CASE WHEN NOT v1 THEN (ARRAY[true, false, NULL])[1 + pg_temp.tirer(i, 'declaree', 3)] END AS declaree,
	CASE WHEN NOT v1 THEN pg_temp.tirer(i, 'actes', 4) / 3 END AS actes,
	CASE WHEN NOT v1 THEN (ARRAY['Conjoint', 'Solidaire', 'Pas de groupement', NULL])[1 + pg_temp.tirer(i, 'groupement', 4)] END AS groupement,
	CASE WHEN NOT v1 THEN string_to_array((ARRAY['Définitif ferme', 'Définitif révisable', 'Définitif ferme,Définitif révisable',
		NULL])[1 + pg_temp.tirer(i, 'prix', 4)], ',') END AS types_prix,
	CASE WHEN v1 THEN (ARRAY['Ferme', 'Révisable', NULL])[1 + pg_temp.tirer(i, 'forme', 3)] END AS forme_prix,
	NOT v1 AND pg_temp.tirer(i, 'lie', 6) = 0 AS lie,
	date '2024-01-01' + pg_temp.tirer(i, 'notifie', 700) AS notifie,
	date '2024-01-01' + pg_temp.tirer(i, 'notifie', 700) + nullif(pg_temp.tirer(i, 'publie', 130), 0) - 10 AS publie,
	CASE pg_temp.tirer(i, 'montant', 12) WHEN 0 THEN NULL WHEN 1 THEN 0.50 WHEN 2 THEN 123456789
		ELSE 1000 + pg_temp.tirer(i, 'euros', 9000000) + pg_temp.tirer(i, 'centimes', 100) / 100.0 END AS montant
FROM (SELECT i, pg_temp.tirer(i, 'format', 5) = 0 AS v1 FROM generate_series(1, 4000) AS i) AS numero;

-- Facts as SQL booleans, NULL when unknown: SQL's own logic does the rest
CREATE TEMP TABLE juge AS
SELECT i, code, dans, oui,
	-- usable amounts of contracts that are not subsequent to one in the data
	CASE WHEN montant >= 1 AND montant <> 123456789 AND NOT lie AND nature IS DISTINCT FROM 'Marché subséquent'
		THEN montant ELSE 0 END AS euros
FROM contrat,
	LATERAL (SELECT CASE WHEN social IS NOT NULL
		AND (cardinality(social) = 1 OR 'Pas de considération sociale' <> ALL (social)) THEN social END AS s,
		CASE WHEN environnement IS NOT NULL
		AND (cardinality(environnement) = 1 OR 'Pas de considération environnementale' <> ALL (environnement)) THEN environnement END AS e
	) AS connus,
	LATERAL (SELECT 'Clause sociale' = ANY (s) AS sc, 'Critère social' = ANY (s) AS sk, 'Marché réservé' = ANY (s) AS sr,
		'Clause environnementale' = ANY (e) AS ec, 'Critère environnemental' = ANY (e) AS ek,
		-- a nature says the type when the type is missing
		coalesce(type_contrat, CASE WHEN nature IS NOT NULL THEN 'marche' END) AS type_deduit,
		CASE WHEN procedure <> 'NC' THEN procedure END AS procedure_connue,
		CASE WHEN procedure NOT IN ('NC', 'Procédure négociée ouverte') THEN procedure END AS procedure_de_marche
	) AS faits,
	LATERAL (SELECT type_deduit = 'marche' AS marche, type_deduit = 'concession' AS concession) AS types,
	LATERAL (VALUES
		('S01', marche, sc OR sk OR sr),
		('S02.clause', marche, sc AND NOT sk AND NOT sr),
		('S02.critere', marche, sk AND NOT sc AND NOT sr),
		('S02.clause_et_critere', marche, sc AND sk AND NOT sr),
		('S02.reserve', marche, sr),
		('S02.aucune', marche, NOT (sc OR sk OR sr)),
		('S03', marche, sr),
		('E01', marche, ec OR ek),
		('E02.clause', marche, ec AND NOT ek),
		('E02.critere', marche, ek AND NOT ec),
		('E02.les_deux', marche, ec AND ek),
		('E02.aucune', marche, NOT (ec OR ek)),
		('E03', marche AND nature IS DISTINCT FROM 'Marché de défense ou de sécurité', ec AND ek),
		('E04', marche, (sc OR sk OR sr) AND (ec OR ek)),
		('L08', marche, innovant),
		('K03', marche AND procedure_connue IS DISTINCT FROM 'Marché passé sans publicité ni mise en concurrence préalable', CASE WHEN offres >= 1 THEN offres = 1 END),
		('K04', marche AND procedure_connue IS DISTINCT FROM 'Marché passé sans publicité ni mise en concurrence préalable', CASE WHEN offres >= 1 THEN offres = 1 END),
		('K05.procedure_adaptee', marche, procedure_de_marche = 'Procédure adaptée'),
		('K05.appel_offres_ouvert', marche, procedure_de_marche = 'Appel d''offres ouvert'),
		('K05.appel_offres_restreint', marche, procedure_de_marche = 'Appel d''offres restreint'),
		('K05.procedure_avec_negociation', marche, procedure_de_marche = 'Procédure avec négociation'),
		('K05.sans_publicite', marche, procedure_de_marche = 'Marché passé sans publicité ni mise en concurrence préalable'),
		('K05.dialogue_competitif', marche, procedure_de_marche = 'Dialogue compétitif'),
		('K06', marche, procedure_de_marche = 'Marché passé sans publicité ni mise en concurrence préalable'),
		('K08', marche, groupement IN ('Conjoint', 'Solidaire')),
		('K11', marche, avance),
		('X05', marche, actes > 0 OR declaree OR CASE WHEN declaree IS NULL THEN NULL ELSE false END),
		('X08', marche, CASE WHEN v1 THEN forme_prix = 'Révisable' ELSE 'Définitif révisable' = ANY (types_prix) END),
		('T02', marche, CASE WHEN publie >= notifie THEN publie <= notifie + interval '2 months' END),
		('D01.sociale', concession, sc OR sk OR sr),
		('D01.environnementale', concession, ec OR ek),
		('D02', concession, sr)
	) AS question(code, dans, oui);

CREATE TEMP TABLE attendu AS
SELECT code, unite, numerateur, denominateur, inconnu,
	numerateur / nullif(denominateur, 0) AS taux,
	numerateur / nullif(denominateur + inconnu, 0) AS minimum,
	(numerateur + inconnu) / nullif(denominateur + inconnu, 0) AS maximum
FROM (
	SELECT code, unite,
		coalesce(sum(poids) FILTER (WHERE dans AND oui), 0) AS numerateur,
		coalesce(sum(poids) FILTER (WHERE dans AND oui IS NOT NULL), 0) AS denominateur,
		coalesce(sum(poids) FILTER (WHERE dans IS NULL OR dans AND oui IS NULL), 0) AS inconnu
	FROM juge, LATERAL (VALUES ('nombre', 1.0), ('montant', euros)) AS u(unite, poids)
	GROUP BY code, unite) AS sommes
WHERE NOT (code = 'K03' AND unite = 'montant' OR code = 'K04' AND unite = 'nombre');

CREATE TEMP TABLE tout AS
SELECT bilan(profil(
	type_contrat => type_contrat, format_decp => CASE WHEN v1 THEN 1 ELSE 2 END, nature => nature, procedure => procedure,
	types_prix => types_prix, considerations_sociales => social, considerations_environnementales => environnement,
	forme_prix => forme_prix, type_groupement_operateurs => groupement,
	id_accord_cadre => CASE WHEN lie THEN 'ac' END, accord_cadre_present => lie,
	marche_innovant => innovant, attribution_avance => avance,
	sous_traitance_declaree => declaree, actes_sous_traitance => actes,
	offres_recues => offres, montant => montant, date_notification => notifie, date_publication_donnees => publie), montant) AS bilan
FROM contrat;

-- Rows of indicateurs(): the canevas and class of each. A variant has a dot in its code.
CREATE TEMP TABLE ligne AS
SELECT c AS canevas, d.code AS document, e.classe, concat_ws('.', d.code, e.classe) AS code
FROM unnest(catalogue()) AS c, LATERAL (SELECT c::json ->> 'code' AS code) AS d
LEFT JOIN LATERAL (SELECT k ->> 'code' AS classe FROM json_array_elements(c::json -> 'classes') AS k) AS e ON true
WHERE coalesce(c::json ->> 'genre', 'part') = 'part';

-- No row is right: the six numbers of each indicator, class and unit agree
-- (rates to 15 decimals, since the two divisions need not stop at the same one)
SELECT coalesce(a.code, m.code) AS code, coalesce(a.unite, m.unite) AS unite, a AS attendu, m AS mesure
FROM attendu AS a FULL JOIN (
	SELECT m.* FROM indicateurs((SELECT bilan FROM tout)) AS m JOIN ligne AS l USING (code)
	WHERE l.document IN (SELECT document FROM attendu JOIN ligne USING (code))
) AS m USING (code, unite)
WHERE (a.numerateur, a.denominateur, a.inconnu, round(a.taux, 15), round(a.minimum, 15), round(a.maximum, 15))
	IS DISTINCT FROM
	(m.numerateur, m.denominateur, m.inconnu, round(m.taux, 15), round(m.minimum, 15), round(m.maximum, 15))
ORDER BY 1, 2;
SELECT count(*) AS verifies, bool_and(numerateur > 0 AND numerateur < denominateur AND inconnu > 0) AS partagees FROM attendu;

-- Classes that are a partition sum to what is known
SELECT split_part(code, '.', 1) AS code, unite, count(*) AS classes,
	sum(numerateur) = min(denominateur) AND min(denominateur) = max(denominateur) AS somme_juste
FROM indicateurs((SELECT bilan FROM tout))
WHERE code ~ '^(S02|E02|K05)\.'
GROUP BY 1, 2 ORDER BY 1, 2;

-- One at a time, two canevas taking turns, and all at once: the same numbers
SELECT count(*) AS mesures,
	count(*) FILTER (WHERE (m.numerateur, m.denominateur, m.inconnu, m.taux, m.minimum, m.maximum)
		IS NOT DISTINCT FROM (i.numerateur, i.denominateur, i.inconnu, i.taux, i.minimum, i.maximum)) AS egales
FROM tout, generate_series(1, 3), indicateurs(bilan) AS i JOIN ligne AS l USING (code),
	LATERAL mesurer(bilan, l.canevas, i.unite, l.classe) AS m;
SELECT n, (mesurer(bilan, CASE WHEN n % 2 = 0 THEN canevas_du_catalogue('S03') ELSE canevas_du_catalogue('L08') END)).numerateur
	= (SELECT numerateur FROM attendu WHERE unite = 'nombre' AND code = CASE WHEN n % 2 = 0 THEN 'S03' ELSE 'L08' END) AS juste
FROM tout, generate_series(1, 4) AS n ORDER BY n;

-- Rates are numerics of at least 16 significant digits: 1/3 and 2/3
SELECT (mesurer(bilan(p::profil, 10), '{"code": "X", "libelle": "x", "oui": {"avance": "oui"}}')).*
FROM unnest(ARRAY['avance=oui', 'avance=non', 'avance=non']) AS p;

-- ---- Predicates, by hand: a contract of one profil is a yes, a no, unknown or outside

CREATE FUNCTION pg_temp.verdict(profil text, predicats text) RETURNS text LANGUAGE SQL AS $$
	SELECT CASE WHEN m.numerateur = 1 THEN 'oui' WHEN m.denominateur = 1 THEN 'non' WHEN m.inconnu = 1 THEN 'inconnu' ELSE 'hors' END
	FROM (SELECT bilan($1::spaser.profil, 1) AS b) AS un,
		spaser.mesurer(b, ('{"code": "X", "libelle": "x", ' || $2 || '}')::spaser.canevas) AS m
$$;
CREATE TEMP TABLE cas (profil text, predicats text, attendu text);
INSERT INTO cas VALUES
	-- a value, one of several, the known and the unknown
	('procedure=procedure_adaptee', '"oui": {"procedure": "procedure_adaptee"}', 'oui'),
	('procedure=dialogue_competitif', '"oui": {"procedure": "procedure_adaptee"}', 'non'),
	('', '"oui": {"procedure": "procedure_adaptee"}', 'inconnu'),
	('procedure=dialogue_competitif', '"oui": {"procedure": ["procedure_adaptee", "dialogue_competitif"]}', 'oui'),
	('procedure=sans_publicite', '"oui": {"procedure": ["procedure_adaptee", "dialogue_competitif"]}', 'non'),
	('', '"oui": {"procedure": "connu"}', 'non'),
	('', '"oui": {"procedure": "inconnu"}', 'oui'),
	('procedure=sans_publicite', '"oui": {"procedure": "connu"}', 'oui'),
	('procedure=sans_publicite', '"oui": {"procedure": "inconnu"}', 'non'),
	('', '"oui": {"procedure": ["sans_publicite", "inconnu"]}', 'oui'),
	-- sets: a value is in the set
	('considerations_sociales=clause+critere', '"oui": {"considerations_sociales": "clause"}', 'oui'),
	('considerations_sociales=critere', '"oui": {"considerations_sociales": "clause"}', 'non'),
	('considerations_sociales=aucune', '"oui": {"considerations_sociales": "clause"}', 'non'),
	('considerations_sociales=aucune', '"oui": {"considerations_sociales": "aucune"}', 'oui'),
	('considerations_sociales=clause!', '"oui": {"considerations_sociales": "clause"}', 'inconnu'),
	('considerations_sociales=clause!', '"oui": {"considerations_sociales": "contradictoire"}', 'oui'),
	('considerations_sociales=clause', '"oui": {"considerations_sociales": "contradictoire"}', 'non'),
	('considerations_sociales=clause!', '"oui": {"considerations_sociales": "connu"}', 'non'),
	-- values that say why it is unknown
	('publication=absente', '"oui": {"publication": "dans_les_delais"}', 'inconnu'),
	('publication=absente', '"oui": {"publication": "absente"}', 'oui'),
	('publication=avant_notification', '"oui": {"publication": "absente"}', 'inconnu'),
	('publication=en_retard', '"oui": {"publication": "absente"}', 'non'),
	-- several members: all of them
	('avance=oui offres=1', '"oui": {"avance": "oui", "offres": "1"}', 'oui'),
	('avance=oui offres=2', '"oui": {"avance": "oui", "offres": "1"}', 'non'),
	('avance=oui', '"oui": {"avance": "oui", "offres": "1"}', 'inconnu'),
	('offres=2', '"oui": {"avance": "oui", "offres": "1"}', 'non'),
	('avance=oui', '"oui": {"avance": "oui", "sauf": {"avance": "non"}}', 'oui'),
	-- et, ou, sauf, true, false
	('avance=oui', '"oui": {"et": [{"avance": "oui"}, {"offres": "connu"}]}', 'non'),
	('avance=oui', '"oui": {"ou": [{"avance": "oui"}, {"offres": "1"}]}', 'oui'),
	('avance=non', '"oui": {"ou": [{"avance": "oui"}, {"offres": "1"}]}', 'inconnu'),
	('avance=non offres=2', '"oui": {"ou": [{"avance": "oui"}, {"offres": "1"}]}', 'non'),
	('avance=non', '"oui": {"sauf": {"avance": "oui"}}', 'oui'),
	('', '"oui": {"sauf": {"avance": "oui"}}', 'inconnu'),
	('', '"oui": {"sauf": {"avance": "inconnu"}}', 'non'),
	('avance=oui offres=2', '"oui": {"sauf": {"et": [{"avance": "oui"}, {"offres": "1"}]}}', 'oui'),
	('avance=oui', '"oui": {"sauf": {"ou": [{"avance": "oui"}, {"offres": "1"}]}}', 'non'),
	('', '"oui": true', 'oui'),
	('', '"oui": false', 'non'),
	('', '"oui": {"ou": [false, {"sauf": true}]}', 'non'),
	('', '"oui": {"et": [true, {"avance": "oui"}]}', 'inconnu'),
	-- population: no, unknown, yes
	('type_contrat=concession avance=oui', '"population": {"type_contrat": "marche"}, "oui": {"avance": "oui"}', 'hors'),
	('avance=oui', '"population": {"type_contrat": "marche"}, "oui": {"avance": "oui"}', 'inconnu'),
	('type_contrat=marche avance=oui', '"population": {"type_contrat": "marche"}, "oui": {"avance": "oui"}', 'oui'),
	-- non: only what it says is a no
	('offres=1', '"oui": {"offres": "1"}, "non": {"offres": ["5_9", "10_19", "20_plus"]}', 'oui'),
	('offres=5_9', '"oui": {"offres": "1"}, "non": {"offres": ["5_9", "10_19", "20_plus"]}', 'non'),
	('offres=2', '"oui": {"offres": "1"}, "non": {"offres": ["5_9", "10_19", "20_plus"]}', 'inconnu'),
	('', '"oui": {"offres": "1"}, "non": {"offres": "inconnu"}', 'non'),
	('offres=1', '"oui": {"offres": "1"}, "non": true', 'oui');
SELECT cas.*, verdict FROM cas, LATERAL pg_temp.verdict(profil, predicats) AS verdict WHERE verdict <> attendu;
SELECT count(*) AS verifies FROM cas;

-- E04 in the nine cases: social down, environmental across
SELECT social,
	pg_temp.verdict('considerations_sociales=' || social || ' considerations_environnementales=clause', '"oui": ' || oui) AS env_oui,
	pg_temp.verdict('considerations_sociales=' || social || ' considerations_environnementales=aucune', '"oui": ' || oui) AS env_non,
	pg_temp.verdict('considerations_sociales=' || social, '"oui": ' || oui) AS env_inconnu
FROM (SELECT canevas_du_catalogue('E04')::json->>'oui' AS oui) AS e04, unnest(ARRAY['clause', 'aucune', 'inconnu']) AS social;

-- ---- Nothing to divide by: NULL, never 0

SELECT cas, m.* FROM (VALUES
	('no contract in the population', 'type_contrat=concession montant=utilisable'),
	('nothing is known', 'type_contrat=marche montant=utilisable'),
	('only noes', 'type_contrat=marche marche_innovant=non montant=utilisable')) AS cas(cas, profil),
	LATERAL (SELECT bilan(p::profil, 100) AS b FROM unnest(ARRAY[profil]) AS p) AS b,
	mesurer(b, canevas_du_catalogue('L08'), 'montant') AS m;
-- an amount that does not count adds nothing, not even to the unknown
SELECT unite, m.* FROM unnest(ARRAY['nombre', 'montant']) AS unite,
	mesurer((SELECT bilan(p::profil, 100) FROM unnest(ARRAY['type_contrat=marche montant=aberrant', 'type_contrat=marche marche_innovant=oui subsequent=lie montant=utilisable']) AS p),
		canevas_du_catalogue('L08'), unite) AS m;
SELECT mesurer(NULL, canevas_du_catalogue('S01')) IS NULL AS bilan, mesurer(bilan, NULL) IS NULL AS canevas,
	mesurer(bilan, canevas_du_catalogue('S01'), NULL) IS NULL AS unite FROM tout;
-- without a bilan the list is there all the same
SELECT count(*) AS lignes, count(taux) + count(minimum) + count(maximum) AS taux,
	sum(numerateur) + sum(denominateur) + sum(inconnu) AS sommes FROM indicateurs(NULL);
SELECT count(*) FROM tout, indicateurs(bilan, NULL);
SELECT code, unite, numerateur FROM indicateurs(NULL, ARRAY[NULL, canevas_du_catalogue('K04')]);

-- Sums are exact where a double is not: 900 amounts of 90 000 billion euros and one centime
SELECT (mesurer(bilan('avance=oui montant=utilisable'::profil, 90000000000000.01), '{"code": "X", "libelle": "x", "oui": {"avance": "oui"}}', 'montant')).numerateur
FROM generate_series(1, 900);
-- a correction may make a sum negative
SELECT (mesurer(bilan('avance=oui montant=utilisable'::profil, m), '{"code": "X", "libelle": "x", "oui": {"avance": "oui"}}', 'montant')).numerateur
FROM unnest(ARRAY[-5.07, 5, 0]) AS m;

-- ---- What is asked of mesurer() must exist

SELECT e.* FROM unnest(ARRAY[
	$$SELECT mesurer(bilan, canevas_du_catalogue('S01'), 'heures') FROM tout$$,
	$$SELECT mesurer(bilan, canevas_du_catalogue('K04')) FROM tout$$,
	$$SELECT mesurer(bilan, canevas_du_catalogue('S02')) FROM tout$$,
	$$SELECT mesurer(bilan, canevas_du_catalogue('S02'), 'nombre', 'clauses') FROM tout$$,
	$$SELECT mesurer(bilan, canevas_du_catalogue('S01'), 'nombre', 'clause') FROM tout$$,
	$$SELECT canevas_du_catalogue('Z99')$$,
	$$SELECT choisir('{}', 'S01')$$
]) AS requete, pg_temp.erreur(requete) AS e;

-- ---- What is not a canevas

CREATE FUNCTION pg_temp.refus(document text) RETURNS TABLE (etat text, message text, conseil text) LANGUAGE SQL AS $$
	SELECT etat, message, conseil FROM pg_temp.erreur(format('SELECT %L::spaser.canevas', document))
$$;
SELECT r.* FROM (VALUES
	(1, '"oui": {"couleur": "rouge"}'),
	(2, '"population": {"et": [{"avance": "oui"}, {"avence": "oui"}]}, "oui": true'),
	(3, '"oui": {"considerations_sociales": ["clause", "Clause sociale"]}'),
	(4, '"oui": {"offres": 1}'),
	(5, '"oui": {"ou": []}'),
	(6, '"oui": {}'),
	(7, '"oui": null'),
	(8, '"non": true'),
	(9, '"oui": true, "classes": []'),
	(10, '"classes": [{"code": "a", "libelle": "a", "oui": true}, {"code": "b", "libelle": "b", "oui": {"x": "y"}}]'),
	(11, '"oui": true, "couleur": "rouge"'),
	(12, '"oui": true, "unites": ["nombre", "heures"]'),
	(13, '"oui": true, "cibles": [{"valeur": 30, "sens": ">="}]'),
	(14, '"oui": true, "cibles": [{"valeur": 0.3, "sens": ">=", "depuis": "2025-02-29"}]'),
	(15, '"oui": true, "sources": [{"texte": "loi", "certitude": "sûr"}]'),
	(16, '"oui": true, "oui": false'),
	(17, '"o\u0075i": true'),
	(18, '"oui": true, "ideal": "a\u0000b"'),
	(19, '"oui": true, "ideal": "\ud83d"'),
	(20, '"oui": true, "cibles": [{"valeur": NaN, "sens": ">="}]'),
	(21, '"oui": true,'),
	(22, '"oui": ' || repeat('{"sauf": ', 31) || 'true' || repeat('}', 31)),
	(23, '"oui": ' || repeat('{"sauf": ', 32) || 'true' || repeat('}', 32)),
	(24, '"oui": ' || repeat('[', 20000) || repeat(']', 20000)),
	(25, '"oui": true, "ideal": "' || repeat('x', 66000) || '"'),
	(26, '"oui": {"' || repeat('é', 100) || '": "oui"}'),
	(27, '"population": {"type_contrat": "marche", "nature": "concession_travaux", "sauf": {"type_contrat": "marche"}}, "oui": true'),
	(28, '"oui": {"procedure": ["procedure_adaptee", "sans_publicite"]}, "non": {"procedure": ["sans_publicite", "dialogue_competitif"]}'),
	(29, '"genre": "rapport", "etat": "derive_montant", "unites": ["nombre", "montant"], "mesures": [{"code": "t", "libelle": "t", "mesure": "taux"}]')
) AS cas(n, fin), LATERAL pg_temp.refus('{"code": "X", "libelle": "x", ' || fin || '}') AS r ORDER BY n;
SELECT r.* FROM (VALUES (1, ''), (2, '[]'), (3, '12'), (4, 'null'), (5, '{}'), (6, '{"code": "a b", "libelle": "x", "oui": true}')
) AS cas(n, document), LATERAL pg_temp.refus(document) AS r ORDER BY n;

-- A wrong type at each key, one by one: none is accepted
SELECT cle, valeur FROM (VALUES ('code', 's'), ('libelle', 's'), ('dimension', 's'), ('definition', 's'), ('unites', ''),
		('population', 'bo'), ('oui', 'bo'), ('non', 'bo'), ('classes', ''), ('cibles', 'a'), ('sources', 'a'), ('ideal', 's'),
		('calculable', 's'), ('ecart', 's'), ('champs', 'a'), ('personas', 'a'), ('certitude', '')) AS cles(cle, permis),
	(VALUES ('s', '"x"'::json), ('n', '1.5'), ('b', 'true'), ('a', '[]'), ('o', '{"avance": "oui"}'), ('z', 'null')) AS valeurs(type, valeur),
	LATERAL pg_temp.refus((jsonb '{"code": "X", "libelle": "x", "oui": {"avance": "non"}}' || jsonb_build_object(cle, valeur::jsonb))::text) AS r
WHERE (r.etat = '00000') <> (permis LIKE '%' || type || '%') OR r.etat NOT IN ('00000', '22023');

-- ---- The type

-- the text is kept as it is given, and read as JSON
SELECT c::text, c::json->>'libelle' AS libelle, canevas_send(c) = convert_to(c::text, 'UTF8') AS binaire
FROM (SELECT canevas '  {"code":"X.1-a_b", "libelle":"Été \u00e9", "oui":true} ' AS c) AS un;
SELECT json '{"code": "X", "libelle": "x", "oui": true}'::canevas AS de_json, jsonb_build_object('code', 'X', 'libelle', 'x', 'oui', true)::canevas::json->>'code' AS de_jsonb;
SELECT etat, message FROM pg_temp.erreur($$SELECT jsonb_build_object('code', 'X')::canevas$$);
CREATE TEMP TABLE range_ AS SELECT n, c FROM unnest(catalogue()) WITH ORDINALITY AS t(c, n);
SELECT count(*) FILTER (WHERE c::text = (catalogue())[n]::text) AS intacts, count(*) AS ranges FROM range_;

-- ---- The rate alone: that of mesurer, whatever the canevas, unit and class
SELECT count(*), count(taux), count(*) FILTER (WHERE taux IS DISTINCT FROM
	taux(bilan, l.canevas, i.unite, l.classe)) AS faux
FROM tout, LATERAL indicateurs(bilan) AS i JOIN ligne AS l USING (code);
SELECT taux(NULL, canevas_du_catalogue('S01')) IS NULL AS bilan, taux('1:{}', canevas_du_catalogue('S01')) IS NULL AS vide;
-- those of a list are the column of indicateurs(), from one row to the next with another list or the same
SELECT count(*), count(*) FILTER (WHERE taux_liste(bilan, liste) IS DISTINCT FROM (SELECT coalesce(array_agg(taux), '{}') FROM indicateurs(bilan, liste))) AS faux
FROM tout, (SELECT (catalogue())[n / 2:n / 2 + 3] || NULL::canevas AS liste FROM generate_series(2, 60) AS n) AS l;
SELECT taux_liste(bilan, catalogue()) = (SELECT array_agg(taux) FROM indicateurs(bilan)) AS catalogue, taux_liste(bilan, '{}') AS aucun,
	taux_liste('1:{}', ARRAY[canevas_du_catalogue('S01'), canevas_du_catalogue('K03')]) AS vide, taux_liste(NULL, catalogue()) IS NULL AS bilan, taux_liste(bilan, NULL) IS NULL AS liste
FROM tout;

-- More canevas than a session keeps compiled (32 MB), by two call sites that hold on to a list and to a last one
-- between them: each answers for its own
CREATE TEMP TABLE beaucoup AS
SELECT n, ('{"code": "N' || n || '", "libelle": "' || repeat('x', 20000) || '", "oui": {"offres": "' || (ARRAY['1', '2', '3_4'])[n % 3 + 1] || '"}}')::canevas AS c
FROM generate_series(1, 2500) AS n;
SELECT count(*), count(*) FILTER (WHERE taux(bilan, c) IS DISTINCT FROM taux(bilan, d)) AS faux,
	count(*) FILTER (WHERE taux_liste(bilan, ARRAY[c, fixe]) IS DISTINCT FROM ARRAY[taux(bilan, d), taux(bilan, d, 'montant'), taux(bilan, fixe), taux(bilan, fixe, 'montant')]) AS listes_fausses,
	count(*) FILTER (WHERE taux_liste(bilan, ARRAY[fixe]) IS DISTINCT FROM ARRAY[taux(bilan, fixe), taux(bilan, fixe, 'montant')]) AS fixes_faux
FROM tout, beaucoup, (SELECT canevas_du_catalogue('S01') AS fixe) AS f,
	LATERAL (SELECT ('{"code": "D", "libelle": "d", "oui": {"offres": "' || (ARRAY['1', '2', '3_4'])[n % 3 + 1] || '"}}')::canevas AS d OFFSET 0) AS t;

-- ---- The catalogue

-- the 89 indicators of the master table, none missing, and variants of them only
CREATE TEMP TABLE reference AS SELECT lettre || to_char(n, 'FM00') AS code
FROM (VALUES ('S', 9), ('E', 7), ('C', 3), ('L', 9), ('O', 3), ('K', 20), ('X', 12), ('T', 13), ('D', 9), ('P', 4)) AS t(lettre, dernier), generate_series(1, dernier) AS n;
SELECT count(*) AS indicateurs, string_agg(code, ' ' ORDER BY code) FILTER (WHERE code NOT IN (SELECT code FROM catalogue_liste())) AS manquants,
	(SELECT string_agg(code, ' ') FROM catalogue_liste() AS c WHERE split_part(c.code, '.', 1) NOT IN (SELECT code FROM reference)) AS autres FROM reference;
SELECT genre, niveau, count(*) FILTER (WHERE code IN (SELECT code FROM reference)) AS indicateurs, count(DISTINCT dimension) AS dimensions FROM catalogue_liste() GROUP BY 1, 2 ORDER BY 1, 2;
-- each part has its rows, over contracts or over attributions; no two rows have one name
SELECT count(DISTINCT document) = (SELECT count(*) FROM catalogue_liste() WHERE genre = 'part') AS parts, count(*) = count(DISTINCT code) AS distinctes,
	string_agg(code, ' ') FILTER (WHERE code NOT IN (SELECT code FROM indicateurs(NULL, catalogue('contrat')) UNION SELECT code FROM indicateurs(NULL, catalogue('attribution')))) AS sans_ligne FROM ligne;
-- each distribution, concentration and ratio has its measures, each of which names its state; no two have one name
SELECT (SELECT string_agg(c::json ->> 'code', ' ') FROM unnest(catalogue()) AS c WHERE c::json ->> 'genre' IN ('distribution', 'concentration', 'rapport')
		AND NOT EXISTS (SELECT FROM json_array_elements(c::json -> 'mesures') AS e, unnest(catalogue_mesures()) AS m WHERE m.code IN (c::json ->> 'code', concat_ws('.', c::json ->> 'code', e ->> 'code')))) AS sans_mesure,
	string_agg(code, ' ') FILTER (WHERE coalesce(etat, '') = '' OR coalesce(mesure, '') = '') AS sans_etat, count(*) = count(DISTINCT code) AS distinctes FROM unnest(catalogue_mesures());
-- what every indicator says of itself
SELECT code FROM catalogue_liste()
WHERE libelle IS NULL OR definition IS NULL OR ideal IS NULL OR calculable IS NULL OR ecart IS NULL
	OR json_array_length(sources) = 0 OR cardinality(champs) = 0 AND genre NOT IN ('saisie', 'synthese') OR cardinality(personas) = 0;
-- a target of law or of policy, and how sure it is
SELECT code, c->>'sens' AS sens, c->>'valeur' AS valeur, c->>'unite' AS unite, c->>'depuis' AS depuis, c->>'jusque' AS jusque,
	c->>'contraignante' AS contraignante, c->>'certitude' AS certitude
FROM catalogue_liste(), json_array_elements(cibles) AS c ORDER BY code;

RESET search_path;
