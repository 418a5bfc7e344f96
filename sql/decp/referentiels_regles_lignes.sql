-- referentiels_regles_lignes.sql: the rows that could be read, each with its source
-- and how sure it is. Part of referentiels_regles.sql, which runs it in its
-- transaction. A row that clashes with one that is there is not added.

-- ---- Thresholds

-- For works buyers of both kinds have the same one
INSERT INTO seuil_europeen (type_achat, categorie_acheteur, depuis, jusque, montant, source, certitude)
SELECT t.type_achat, t.categorie_acheteur, s.depuis, s.jusque, s.montant, s.source, s.certitude
FROM (VALUES
	('travaux', '2022-01-01'::date, '2023-12-31'::date, 5382000, 'Avis relatif aux seuils de procédure, années 2022 et 2023', 'source secondaire'),
	('etat', '2022-01-01', '2023-12-31', 140000, 'Avis relatif aux seuils de procédure, années 2022 et 2023', 'non vérifié'),
	('autre', '2022-01-01', '2023-12-31', 215000, 'Avis relatif aux seuils de procédure, années 2022 et 2023', 'source secondaire'),
	('travaux', '2024-01-01', '2025-12-31', 5538000, 'Avis relatif aux seuils de procédure, années 2024 et 2025', 'source secondaire'),
	('etat', '2024-01-01', '2025-12-31', 143000, 'Avis relatif aux seuils de procédure, années 2024 et 2025', 'source secondaire'),
	('autre', '2024-01-01', '2025-12-31', 221000, 'Avis relatif aux seuils de procédure, années 2024 et 2025', 'source secondaire'),
	('travaux', '2026-01-01', '2027-12-31', 5404000, 'Règlement délégué (UE) 2025/2152 ; avis du 26 décembre 2025', 'source secondaire'),
	('etat', '2026-01-01', '2027-12-31', 140000, 'Règlement délégué (UE) 2025/2152 ; avis du 26 décembre 2025', 'source secondaire'),
	('autre', '2026-01-01', '2027-12-31', 216000, 'Règlement délégué (UE) 2025/2152 ; avis du 26 décembre 2025', 'source secondaire')
) AS s (cle, depuis, jusque, montant, source, certitude)
JOIN (VALUES
	('travaux', 'etat', 'travaux'), ('travaux', 'autre', 'travaux'),
	('fournitures', 'etat', 'etat'), ('services', 'etat', 'etat'),
	('fournitures', 'autre', 'autre'), ('services', 'autre', 'autre')
) AS t (type_achat, categorie_acheteur, cle) USING (cle)
ON CONFLICT DO NOTHING;

-- From a decree of 22 July 2020 to the law of 7 December 2020 works had 70 000 euros;
-- the days on which this began and ended could not be read: no row, hence unknown
INSERT INTO seuil_procedure (type_achat, depuis, jusque, montant, source, certitude) VALUES
	('fournitures', '2020-01-01', '2026-03-31', 40000, 'Décret n° 2019-1344 (CCP, art. R2122-8)', 'source secondaire'),
	('services', '2020-01-01', '2026-03-31', 40000, 'Décret n° 2019-1344 (CCP, art. R2122-8)', 'source secondaire'),
	('fournitures', '2026-04-01', NULL, 60000, 'Décret n° 2025-1386 (CCP, art. R2122-8)', 'source secondaire'),
	('services', '2026-04-01', NULL, 60000, 'Décret n° 2025-1386 (CCP, art. R2122-8)', 'source secondaire'),
	('travaux', '2020-01-01', '2020-07-21', 40000, 'Décret n° 2019-1344 (CCP, art. R2122-8)', 'source secondaire'),
	('travaux', '2021-01-01', '2025-12-31', 100000, 'Loi du 7 décembre 2020 (ASAP), art. 142, prolongée par les décrets n° 2022-1683 et n° 2024-1217', 'source secondaire'),
	('travaux', '2026-01-01', NULL, 100000, 'Décret n° 2025-1386', 'source secondaire')
ON CONFLICT DO NOTHING;

INSERT INTO seuil_spaser (depuis, jusque, montant, source, certitude) VALUES
	(NULL, '2022-12-31', 100000000, 'CCP, art. D2111-3, avant le décret n° 2022-767', 'source secondaire'),
	('2023-01-01', NULL, 50000000, 'CCP, art. D2111-3 (décret n° 2022-767) : dépenses d''une année civile, HT', 'vérifié')
ON CONFLICT DO NOTHING;

-- ---- AGEC

INSERT INTO agec_generation (depuis, jusque, complete, source, certitude) VALUES
	('2021-01-01', '2024-06-30', false, 'Décret n° 2021-254, annexe : codes CPV des lignes 1 à 6 sur 17', 'source secondaire'),
	('2024-07-01', NULL, true, 'Décret n° 2024-134 : dix-sept catégories que les textes ne définissent plus par des codes CPV', 'source secondaire')
ON CONFLICT DO NOTHING;

-- First table: what of lines 7 to 17 lies inside a code of the six that were read
-- is known to be elsewhere, not where
INSERT INTO agec (categorie, cpv, depuis, jusque, libelle, source, certitude)
SELECT a.categorie, a.cpv, '2021-01-01', '2024-06-30', a.libelle,
	CASE WHEN a.categorie IS NULL THEN 'Lignes 7 à 17 de l''annexe du décret n° 2021-254, non lues' ELSE 'Décret n° 2021-254, annexe' END,
	CASE WHEN a.categorie IS NULL THEN 'non vérifié' ELSE 'source secondaire' END
FROM (
	SELECT l.categorie, p.cpv, l.libelle
	FROM (VALUES
		('c01', 'Vêtements, chaussures, linge et articles textiles', '{18,181,19231,19,395}'::text[]),
		('c02', 'Sacs d''emballage', '{18937}'),
		('c03', 'Imprimés, livres, registres et papeterie', '{22,221,228,301927}'),
		('c04', 'Machines, matériel et fournitures informatiques et de bureau', '{30,302311,302131,302133,302372}'),
		('c05', 'Photocopieurs et leurs pièces', '{3012,30125}'),
		('c06', 'Cartouches de toner et d''encre', '{301251,30192113}'),
		(NULL, 'Fournitures de bureau et papier : catégorie inconnue', '{3019}')
	) AS l (categorie, libelle, prefixes), unnest(l.prefixes) AS p (cpv)
) AS a
ON CONFLICT DO NOTHING;

-- Second table: categories in the order of the schema of the declaration; the codes
-- are a reading of ours of the labels of CPV 2008, that no text gives
INSERT INTO agec (categorie, cpv, depuis, jusque, libelle, source, certitude)
SELECT l.categorie, p.cpv, '2024-07-01', NULL, l.libelle,
	'Décret n° 2024-134, catégories du schéma de déclaration de data.gouv.fr ; codes CPV rapprochés par leur intitulé', 'non vérifié'
FROM (VALUES
	('c01', 'Produits textiles, hors équipements de protection individuelle', '{181,182,183,184,33199,395}'::text[]),
	('aucune', 'Équipements de protection individuelle', '{18143}'),
	('c02', 'Matériel informatique et téléphonie', '{302,3225,32552,32553}'),
	('aucune', 'Cartographie numérique', '{3022}'),
	('c03', 'Reprographie et impression', '{3012,302321}'),
	('c04', 'Consommables d''impression', '{301251,30192113,301923}'),
	('c05', 'Papier', '{301976,2299}'),
	('c06', 'Fournitures de bureau', '{30192,30193,30194,30195,30196,30197,30199,228}'),
	('c07', 'Engins de transport et pièces détachées', '{344}'),
	('c08', 'Véhicules et pièces détachées', '{341,342,343}'),
	('aucune', 'Simulateurs, sièges d''aéronefs', '{3415,3436}'),
	('c09', 'Mobilier et aménagement d''intérieur', '{391}'),
	('c10', 'Mobilier urbain', '{349284}'),
	('c11', 'Équipements de collecte de déchets', '{34928480,446136,446137,446138}'),
	('c12', 'Bocaux et flacons', '{392257,392262}'),
	('c13', 'Articles et équipements sportifs', '{374}'),
	('c14', 'Entretien des espaces verts', '{1616,16311}'),
	('c15', 'Bâtiments modulaires ou préfabriqués', '{44211}'),
	('c16', 'Gros électroménager, appareils professionnels compris', '{397111,397131,397132,397211,397212,42716}'),
	('c17', 'Jeux et jouets', '{3751,3752,37531,37532}')
) AS l (categorie, libelle, prefixes), unnest(l.prefixes) AS p (cpv)
ON CONFLICT DO NOTHING;

-- Rates of the annexes: share of the expenditure of a year in the category
INSERT INTO agec_taux (categorie, objet, depuis, jusque, taux, source, certitude)
SELECT t.categorie, o.objet, '2021-01-01', '2024-06-30', o.taux, 'Décret n° 2021-254, annexe', 'source secondaire'
FROM (VALUES ('c01', 0.20, 0.20), ('c02', 0.20, 0.10), ('c03', 0.40, 0), ('c04', 0.20, 0.20), ('c05', 0.20, 0.20)) AS t (categorie, ensemble, reemploi),
	(VALUES ('ensemble'), ('reemploi')) AS n (objet),
	LATERAL (SELECT n.objet, CASE n.objet WHEN 'ensemble' THEN t.ensemble ELSE t.reemploi END AS taux) AS o
ON CONFLICT DO NOTHING;
INSERT INTO agec_taux (categorie, objet, depuis, jusque, taux, source, certitude) VALUES
	('c02', 'ensemble', '2024-07-01', '2026-12-31', 0.20, 'Décret n° 2024-134, annexe, palier 2024', 'source secondaire'),
	('c02', 'ensemble', '2027-01-01', '2029-12-31', 0.25, 'Décret n° 2024-134, annexe, palier 2027', 'source secondaire'),
	('c02', 'ensemble', '2030-01-01', NULL, 0.30, 'Décret n° 2024-134, annexe, palier 2030', 'source secondaire')
ON CONFLICT DO NOTHING;

-- ---- Families of CPV codes

INSERT INTO segment (segment, cpv) VALUES
	('batiment', '45'), ('energie', '09'), ('vehicules', '34'), ('alimentation', '15'), ('restauration', '555'),
	('informatique', '30'), ('informatique', '48'), ('informatique', '72'), ('mobilier', '39'), ('textile', '18'),
	('nettoyage', '909'), ('transport', '60')
ON CONFLICT DO NOTHING;

-- As spaser itself reads them (attribute origine of a profil)
INSERT INTO origine_cpv (debut, fin) VALUES
	('15100000', '15982200'), ('18100000', '18453000'), ('18800000', '18843000'), ('33100000', '33198200'),
	('33600000', '33698300'), ('34100000', '34144910'), ('34510000', '34522700'), ('34600000', '34622500'),
	('34710000', '34722200')
ON CONFLICT DO NOTHING;

SELECT refaire_decoupage_cpv() \g /dev/null

-- From now on the ranges follow what is written
SELECT format('DROP TRIGGER IF EXISTS %1$s_decoupage ON %1$I', t),
	format('CREATE TRIGGER %1$s_decoupage AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON %1$I '
		'FOR EACH STATEMENT EXECUTE FUNCTION decoupage_cpv_suivre()', t)
FROM unnest('{segment,agec,agec_generation}'::text[]) AS t \gexec
