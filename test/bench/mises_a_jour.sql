-- mises_a_jour.sql: the enrichment that comes to mind first: columns beside each
-- holder and each contract, filled by one UPDATE ... FROM per register.
-- Variable "partie": debut makes the tables, which takes no part in any time;
-- suite is the chain.
\set ON_ERROR_STOP on
SET search_path = decp, spaser;
SELECT :'partie' = 'debut' AS debut \gset
\if :debut
CREATE SCHEMA maj;
CREATE TABLE maj.contrat AS
SELECT contrat_id, acheteur_id, acheteur_siren, date_notification, code_cpv, lieu_execution_code, lieu_execution_type_code,
	attribut(profil, 'type_achat') AS type_achat, CASE WHEN attribut(profil, 'montant') = 'utilisable' THEN montant END AS montant,
	NULL::text AS commune, NULL::text AS epci, NULL::text AS departement, NULL::text AS region,
	NULL::double precision AS latitude, NULL::double precision AS longitude,
	NULL::text AS segment, NULL::text AS agec, NULL::numeric AS europeen, NULL::text AS seuil_europeen, NULL::text AS seuil_procedure
FROM contrat;
CREATE TABLE maj.attribution AS
SELECT DISTINCT ON (contrat_id, coalesce(siren, identifiant, rang::text)) contrat_id, rang, type_identifiant, identifiant, siren,
	NULL::text AS taille, NULL::boolean AS tpe, NULL::boolean AS ess, NULL::boolean AS societe_mission, NULL::boolean AS etranger,
	NULL::text AS commune, NULL::text AS epci, NULL::text AS departement, NULL::text AS region,
	NULL::double precision AS latitude, NULL::double precision AS longitude, NULL::text AS local, NULL::boolean AS lieu,
	NULL::numeric AS distance, NULL::boolean AS esus, NULL::text AS inclusion
FROM titulaire ORDER BY contrat_id, coalesce(siren, identifiant, rang::text), rang;
ALTER TABLE maj.contrat ADD PRIMARY KEY (contrat_id);
ALTER TABLE maj.attribution ADD PRIMARY KEY (contrat_id, rang);
VACUUM ANALYZE maj.contrat, maj.attribution;
\else
UPDATE maj.attribution AS a SET taille = u.categorie, ess = u.ess, societe_mission = u.societe_mission,
	tpe = CASE WHEN u.tranche_effectifs <> 'NN' THEN u.categorie = 'pme' AND u.tranche_effectifs <= '03' END
FROM maj.unite AS u WHERE u.siren = a.siren;
UPDATE maj.attribution AS a SET commune = c.code, epci = c.epci, departement = c.departement, region = c.region,
	latitude = e.latitude, longitude = e.longitude
FROM maj.etablissement AS e LEFT JOIN commune_ancienne AS o ON o.ancien = e.code_commune
LEFT JOIN commune AS c ON c.code = commune_entiere(coalesce(o.code, e.code_commune))
WHERE e.siret = a.identifiant;
UPDATE maj.contrat AS k SET commune = c.code, epci = c.epci, departement = c.departement, region = c.region,
	latitude = e.latitude, longitude = e.longitude
FROM maj.etablissement AS e LEFT JOIN commune_ancienne AS o ON o.ancien = e.code_commune
LEFT JOIN commune AS c ON c.code = commune_entiere(coalesce(o.code, e.code_commune))
WHERE e.siret = k.acheteur_id;
UPDATE maj.attribution SET etranger = identifiant_etranger(type_identifiant, identifiant, siren);
UPDATE maj.attribution AS a SET esus = false
FROM contrat AS k, liste_agrement AS l
WHERE k.contrat_id = a.contrat_id AND a.siren IS NOT NULL AND l.liste = 'esus' AND k.date_notification >= l.complete_depuis;
UPDATE maj.attribution AS a SET esus = true
FROM contrat AS k, agrement AS g
WHERE k.contrat_id = a.contrat_id AND g.siren = a.siren AND g.liste = 'esus' AND k.date_notification BETWEEN g.depuis AND g.jusque;
UPDATE maj.attribution AS a SET inclusion = g.liste
FROM (
	SELECT a.contrat_id, a.rang, min(g.liste) AS liste
	FROM maj.attribution AS a JOIN contrat AS k USING (contrat_id) JOIN agrement AS g ON g.siren = a.siren AND g.siret = a.identifiant
	WHERE g.liste <> 'esus' AND k.date_notification BETWEEN g.depuis AND g.jusque GROUP BY 1, 2
) AS g
WHERE (g.contrat_id, g.rang) = (a.contrat_id, a.rang);
UPDATE maj.attribution AS a SET local = coalesce(nullif(concat_ws('+',
		CASE WHEN a.commune = k.commune THEN 'commune' END, CASE WHEN a.epci = k.epci THEN 'epci' END,
		CASE WHEN a.departement = k.departement THEN 'departement' END, CASE WHEN a.region = k.region THEN 'region' END), ''), 'aucune')
FROM maj.contrat AS k WHERE k.contrat_id = a.contrat_id AND a.commune IS NOT NULL AND k.commune IS NOT NULL;
UPDATE maj.attribution AS a SET distance = round(distance_km(k.latitude, k.longitude, a.latitude, a.longitude)::numeric, 3)
FROM maj.contrat AS k WHERE k.contrat_id = a.contrat_id;
UPDATE maj.attribution AS a SET lieu = CASE WHEN lower(k.lieu_execution_type_code) = 'code région'
		THEN a.region = region_du_lieu(k.lieu_execution_code)
		ELSE a.departement = departement_du_lieu(k.lieu_execution_code, k.lieu_execution_type_code) END
FROM maj.contrat AS k WHERE k.contrat_id = a.contrat_id;
UPDATE maj.contrat AS k SET segment = classe_cpv(k.code_cpv, d.bornes, d.classes) FROM decoupage_cpv AS d WHERE d.registre = 'segment';
UPDATE maj.contrat AS k SET agec = classe_cpv(k.code_cpv, d.bornes, d.classes)
FROM decoupage_cpv AS d WHERE d.registre = 'agec' AND k.date_notification BETWEEN d.depuis AND d.jusque;
UPDATE maj.contrat AS k SET europeen = s.montant
FROM seuil_europeen AS s, maj.contrat AS c LEFT JOIN maj.unite AS u ON u.siren = c.acheteur_siren
WHERE c.contrat_id = k.contrat_id AND s.type_achat = k.type_achat
	AND s.categorie_acheteur = categorie_acheteur(k.acheteur_siren, u.categorie_juridique)
	AND k.date_notification >= coalesce(s.depuis, '-infinity') AND k.date_notification <= coalesce(s.jusque, 'infinity');
UPDATE maj.contrat SET seuil_europeen = CASE WHEN montant >= europeen THEN 'au_dessus' WHEN montant < europeen THEN 'en_dessous' END;
UPDATE maj.contrat AS k SET seuil_procedure = CASE WHEN k.montant >= s.montant THEN 'au_dessus' WHEN k.montant < s.montant THEN 'en_dessous' END
FROM seuil_procedure AS s
WHERE s.type_achat = k.type_achat
	AND k.date_notification >= coalesce(s.depuis, '-infinity') AND k.date_notification <= coalesce(s.jusque, 'infinity');
\endif
