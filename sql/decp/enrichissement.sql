-- enrichissement.sql: what the registers say of each contract and of its holders.
-- Part of synthese.sql, which runs it in its transaction.
--
-- A view: what it says is as of the registers at this instant, and an empty
-- register makes it unknown. After a register was loaded, rafraichir_synthese()
-- counts it: its triggers noted what it changed (synthese_registres.sql).

-- ---- Places

CREATE VIEW etablissement_situe WITH (security_invoker = true) AS
SELECT e.siret, e.siren, c.code AS commune, c.epci, c.departement, c.region, e.latitude, e.longitude
FROM etablissement AS e
LEFT JOIN commune_ancienne AS a ON a.ancien = e.code_commune
LEFT JOIN commune AS c ON c.code = commune_entiere(coalesce(a.code, e.code_commune));
COMMENT ON VIEW etablissement_situe IS 'Établissements, dans les communes et les territoires d''aujourd''hui';
COMMENT ON COLUMN etablissement_situe.siret IS 'SIRET';
COMMENT ON COLUMN etablissement_situe.siren IS 'SIREN';
COMMENT ON COLUMN etablissement_situe.commune IS 'Commune (Paris, Lyon et Marseille entiers)';
COMMENT ON COLUMN etablissement_situe.epci IS 'SIREN de l''intercommunalité';
COMMENT ON COLUMN etablissement_situe.departement IS 'Département';
COMMENT ON COLUMN etablissement_situe.region IS 'Région';
COMMENT ON COLUMN etablissement_situe.latitude IS 'Latitude en degrés';
COMMENT ON COLUMN etablissement_situe.longitude IS 'Longitude en degrés';

-- Is an identifier of that type foreign? Reading 14 of the project: what is
-- without type and has a SIREN is a SIRET; the territories' own are French.
CREATE FUNCTION identifiant_etranger(type_identifiant text, identifiant text, siren text) RETURNS boolean
	LANGUAGE SQL IMMUTABLE PARALLEL SAFE
RETURN CASE
	WHEN siren IS NOT NULL THEN false
	WHEN upper(type_identifiant) IN ('SIRET', 'TAHITI', 'RIDET', 'FRWF', 'IREP') THEN false
	WHEN upper(type_identifiant) ~ '^TVA' AND identifiant ~* '^[A-Z]{2}' THEN identifiant !~* '^FR'
	WHEN upper(type_identifiant) ~ '^(UE|HORS.?UE)$' THEN true END;
COMMENT ON FUNCTION identifiant_etranger(text, text, text) IS
	'Le titulaire est-il étranger, d''après le type de son identifiant ? NULL : cela ne se sait pas';

-- ---- Contracts

-- Holders are distinct by SIREN, else by identifier; one without either is one of
-- its own. All contracts at once are answered by hash joins, one contract through
-- the indexes: who wants a few of them asks for each in LATERAL. The order keeps
-- rows apart from the aggregates: what they hold is computed once, before the sort.
CREATE VIEW titulaires_enrichis WITH (security_invoker = true) AS
SELECT contrat_id, array_agg(titulaire) FILTER (WHERE rang IS NOT NULL) AS titulaires,
	-- To the metre: the last digits of a sine are the machine's
	array_agg(round((titulaire).distance::numeric, 3)) FILTER (WHERE rang IS NOT NULL) AS distances,
	min(acheteur_departement) AS acheteur_departement
FROM (
	SELECT c.contrat_id, t.rang, a.departement AS acheteur_departement,
		ROW (
			u.categorie,
			CASE WHEN u.tranche_effectifs <> 'NN' THEN u.categorie = 'pme' AND u.tranche_effectifs <= '03' END,
			u.ess,
			u.societe_mission,
			identifiant_etranger(t.type_identifiant, t.identifiant, t.siren),
			CASE WHEN a.commune IS NOT NULL AND e.commune IS NOT NULL THEN coalesce(nullif(concat_ws('+',
				CASE WHEN e.commune = a.commune THEN 'commune' END,
				CASE WHEN e.departement = a.departement THEN 'departement' END,
				CASE WHEN e.region = a.region THEN 'region' END), ''), 'aucune') END,
			e.epci = a.epci,
			CASE WHEN lower(c.lieu_execution_type_code) = 'code région' THEN e.region = region_du_lieu(c.lieu_execution_code)
				ELSE e.departement = departement_du_lieu(c.lieu_execution_code, c.lieu_execution_type_code) END,
			CASE WHEN ag.siren IS NOT NULL AND EXISTS (SELECT FROM agrement AS x
					WHERE x.siren = ag.siren AND x.liste = 'esus' AND (x.siret IS NULL OR x.siret = t.identifiant)
						AND (x.depuis IS NULL OR x.depuis <= c.date_notification) AND (x.jusque IS NULL OR x.jusque >= c.date_notification))
				THEN true
				WHEN t.siren IS NOT NULL AND siret_valide(t.identifiant) AND c.date_notification BETWEEN l.esus_depuis AND l.esus_jusque THEN false END,
			coalesce(
				CASE WHEN ag.siren IS NOT NULL THEN (SELECT min(x.liste) FROM agrement AS x
					WHERE x.siren = ag.siren AND x.liste <> 'esus' AND (x.siret IS NULL OR x.siret = t.identifiant)
						AND (x.depuis IS NULL OR x.depuis <= c.date_notification) AND (x.jusque IS NULL OR x.jusque >= c.date_notification)) END,
				CASE WHEN t.siren IS NOT NULL AND siret_valide(t.identifiant) AND c.date_notification BETWEEN l.inclusion_depuis AND l.inclusion_jusque THEN 'aucun' END),
			distance_km(a.latitude, a.longitude, e.latitude, e.longitude),
			t.siren IS NOT NULL AND siret_valide(t.identifiant)
		)::titulaire_connu AS titulaire
	FROM contrat AS c
	LEFT JOIN etablissement_situe AS a ON a.siret = c.acheteur_id
	LEFT JOIN titulaire AS t ON t.contrat_id = c.contrat_id
		-- The first of those that are the same
		AND (t.rang = 1 OR coalesce(t.siren, t.identifiant) IS NULL OR NOT EXISTS (
			SELECT FROM titulaire AS premier WHERE premier.contrat_id = t.contrat_id AND premier.rang < t.rang
				AND coalesce(premier.siren, premier.identifiant) = coalesce(t.siren, t.identifiant)))
	LEFT JOIN unite_legale AS u ON u.siren = t.siren
	LEFT JOIN etablissement_situe AS e ON e.siret = t.identifiant AND t.siren IS NOT NULL
	-- Few holders have ever been approved
	LEFT JOIN (SELECT DISTINCT siren FROM agrement) AS ag ON ag.siren = t.siren AND siret_valide(t.identifiant)
	CROSS JOIN (
		-- When every list of its kind is complete
		SELECT max(complete_depuis) FILTER (WHERE liste = 'esus') AS esus_depuis,
			coalesce(min(complete_jusque) FILTER (WHERE liste = 'esus'), 'infinity') AS esus_jusque,
			CASE WHEN count(complete_depuis) FILTER (WHERE liste <> 'esus') = 3
				THEN max(complete_depuis) FILTER (WHERE liste <> 'esus') END AS inclusion_depuis,
			coalesce(min(complete_jusque) FILTER (WHERE liste <> 'esus'), 'infinity') AS inclusion_jusque
		FROM liste_agrement
	) AS l
	ORDER BY c.contrat_id, t.rang
) AS d
GROUP BY contrat_id;
COMMENT ON VIEW titulaires_enrichis IS 'Ce que les registres disent des titulaires de chaque contrat, dans leur ordre';
COMMENT ON COLUMN titulaires_enrichis.contrat_id IS 'Contrat';
COMMENT ON COLUMN titulaires_enrichis.titulaires IS 'Ce que l''on sait de chaque titulaire ; NULL s''il n''y en a pas';
COMMENT ON COLUMN titulaires_enrichis.distances IS 'Distance de chaque titulaire à l''acheteur, en kilomètres';
COMMENT ON COLUMN titulaires_enrichis.acheteur_departement IS 'Département du siège de l''acheteur';

-- OFFSET 0: what is used several times is made once; contrat_id beside it: and not
-- looked for among those that were made.
CREATE VIEW contrat_enrichi WITH (security_invoker = true) AS
SELECT c.contrat_id, p.profil, attributions(p.profil, t.titulaires) AS attributions, t.distances, se.montant AS seuil_europeen,
	t.acheteur_departement
FROM contrat AS c
JOIN titulaires_enrichis AS t ON t.contrat_id = c.contrat_id
LEFT JOIN unite_legale AS ua ON ua.siren = c.acheteur_siren
LEFT JOIN decoupage_cpv AS s ON s.registre = 'segment'
LEFT JOIN decoupage_cpv AS g ON g.registre = 'agec' AND c.date_notification BETWEEN g.depuis AND g.jusque
CROSS JOIN LATERAL (
	SELECT attribut(c.profil, 'type_achat') AS type_achat, categorie_acheteur(c.acheteur_siren, ua.categorie_juridique) AS categorie_acheteur,
		CASE WHEN attribut(c.profil, 'montant') = 'utilisable' THEN c.montant END AS montant, c.contrat_id
	OFFSET 0
) AS m
LEFT JOIN seuil_europeen AS se ON se.type_achat = m.type_achat AND se.categorie_acheteur = m.categorie_acheteur
	AND c.date_notification >= coalesce(se.depuis, '-infinity') AND c.date_notification <= coalesce(se.jusque, 'infinity')
LEFT JOIN seuil_procedure AS sp ON sp.type_achat = m.type_achat
	AND c.date_notification >= coalesce(sp.depuis, '-infinity') AND c.date_notification <= coalesce(sp.jusque, 'infinity')
CROSS JOIN LATERAL (
	-- Most contracts have no modification that names holders: no more is asked of them
	SELECT CASE WHEN NOT EXISTS (SELECT FROM titulaire_modification AS t WHERE t.contrat_id = c.contrat_id) THEN 'sans_objet' ELSE (
		SELECT CASE
			WHEN bool_or(coalesce(m.siren, m.identifiant) IS NULL) OR array_position(c.titulaires, NULL) IS NOT NULL THEN NULL
			WHEN array_agg(DISTINCT coalesce(m.siren, m.identifiant) COLLATE "C" ORDER BY coalesce(m.siren, m.identifiant) COLLATE "C")
				= (SELECT array_agg(DISTINCT coalesce(i.siren, i.identifiant) COLLATE "C" ORDER BY coalesce(i.siren, i.identifiant) COLLATE "C") FROM titulaire AS i WHERE i.contrat_id = c.contrat_id) THEN 'non'
			ELSE 'oui' END
		FROM titulaire_modification AS m
		WHERE m.contrat_id = c.contrat_id AND m.modification_rang = (
			-- The last one of those that do
			SELECT d.rang FROM modification AS d
			WHERE d.contrat_id = c.contrat_id
				AND EXISTS (SELECT FROM titulaire_modification AS t WHERE t.contrat_id = d.contrat_id AND t.modification_rang = d.rang)
			ORDER BY coalesce(date_notification, date_publication_donnees) DESC NULLS LAST,
				length(id) DESC NULLS LAST, id DESC, date_publication_donnees DESC NULLS LAST, rang DESC
			LIMIT 1)
	) END AS changement
) AS h
CROSS JOIN LATERAL (
	SELECT avec(avec(avec(avec(avec(c.profil,
		'segment', classe_cpv(c.code_cpv, s.bornes, s.classes)),
		'agec', classe_cpv(c.code_cpv, g.bornes, g.classes)),
		'seuil_europeen', CASE WHEN m.montant >= se.montant THEN 'au_dessus' WHEN m.montant < se.montant THEN 'en_dessous' END),
		'seuil_procedure', CASE WHEN m.montant >= sp.montant THEN 'au_dessus' WHEN m.montant < sp.montant THEN 'en_dessous' END),
		'changement_titulaire', h.changement) AS profil, c.contrat_id
	OFFSET 0
) AS p;
COMMENT ON VIEW contrat_enrichi IS 'Ce que les registres disent de chaque contrat et de ses titulaires, à la date du contrat quand ils ont des dates';
COMMENT ON COLUMN contrat_enrichi.contrat_id IS 'Contrat';
COMMENT ON COLUMN contrat_enrichi.profil IS 'Son profil, avec segment, catégorie AGEC, seuils et changement de titulaire';
COMMENT ON COLUMN contrat_enrichi.attributions IS 'Profil de chaque titulaire : taille, ESS, proximité...';
COMMENT ON COLUMN contrat_enrichi.distances IS 'Distance de chaque titulaire à l''acheteur, en kilomètres';
COMMENT ON COLUMN contrat_enrichi.seuil_europeen IS 'Seuil européen qui s''applique, en euros HT';
COMMENT ON COLUMN contrat_enrichi.acheteur_departement IS 'Département du siège de l''acheteur';
