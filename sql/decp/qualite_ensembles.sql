-- qualite_ensembles.sql: what is wrong between contracts, that none shows alone.
-- Part of qualite.sql, which runs it in its transaction.
--
-- Flags, never deletions: lots of one price exist, and ids are used again. The
-- views look at the contracts as they are. anomalie_ensemble keeps what they said
-- at the last rafraichir_qualite(), by contract: they sort every contract, so
-- what joins contracts one by one reads it instead. It is not table anomalie,
-- which holds what a record says of itself: a version that comes back brings its
-- own anomalies with it.

-- uid: buyer and id, apart, for a buyer that has not 14 characters
CREATE VIEW uid_non_unique WITH (security_invoker = true) AS
SELECT contrat_id, type_contrat, acheteur_id, id, contrats
FROM (SELECT contrat_id, type_contrat, acheteur_id, id, count(*) OVER (PARTITION BY acheteur_id, id, type_contrat) AS contrats
	FROM contrat WHERE acheteur_id IS NOT NULL AND id IS NOT NULL) AS c
WHERE contrats > 1;
COMMENT ON VIEW uid_non_unique IS 'Contrats différents d''un acheteur qui ont le même id';

CREATE VIEW montant_repete WITH (security_invoker = true) AS
SELECT contrat_id, acheteur_id, date_notification, montant, contrats
FROM (SELECT contrat_id, acheteur_id, date_notification, montant,
		count(*) OVER (PARTITION BY acheteur_id, date_notification, montant) AS contrats
	FROM contrat WHERE acheteur_id IS NOT NULL AND date_notification IS NOT NULL AND montant > 1) AS c
WHERE contrats > 1;
COMMENT ON VIEW montant_repete IS 'Contrats d''un acheteur, d''une date, au même montant : le total d''une consultation répété à chaque lot, ou des lots de même prix';

CREATE VIEW lot_suspect WITH (security_invoker = true) AS
SELECT contrat_id, 'total_repete' AS motif, contrats
FROM (SELECT m.contrat_id, m.contrats, c.objet ~* '\mlots?\M' AS lot,
		count(*) FILTER (WHERE c.objet ~* '\mlots?\M') OVER (PARTITION BY m.acheteur_id, m.date_notification, m.montant) AS lots
	FROM montant_repete AS m JOIN contrat AS c USING (contrat_id)) AS m
WHERE lot AND lots > 1
UNION ALL
SELECT contrat_id, 'lots_sous_un_id', contrats FROM uid_non_unique;
COMMENT ON VIEW lot_suspect IS 'Lots : le montant de toute la consultation répété (au moins deux objets disent « lot »), ou plusieurs lots sous un id';

-- mots(objet): its words and numbers, without case; NULL gives NULL.
CREATE FUNCTION mots(objet text) RETURNS text[] LANGUAGE SQL IMMUTABLE STRICT PARALLEL SAFE
RETURN ARRAY(SELECT DISTINCT m FROM regexp_split_to_table(lower(objet), '[^[:alnum:]]+') AS m WHERE m <> '');
COMMENT ON FUNCTION mots(text) IS 'Mots distincts d''un objet';

-- One pair once. Numbers must be the same: two lots differ by no more than that.
CREATE VIEW doublon_possible WITH (security_invoker = true) AS
SELECT a.contrat_id, b.contrat_id AS autre_id, p.communs::numeric / nullif(p.ensemble, 0) AS ressemblance
FROM contrat AS a
JOIN contrat AS b ON b.acheteur_siren = a.acheteur_siren AND b.date_notification = a.date_notification
	AND b.type_contrat = a.type_contrat AND trunc(b.montant) = trunc(a.montant) AND b.titulaires = a.titulaires
	AND b.contrat_id > a.contrat_id AND b.id IS DISTINCT FROM a.id
CROSS JOIN LATERAL (SELECT mots(a.objet) AS a, mots(b.objet) AS b OFFSET 0) AS m
CROSS JOIN LATERAL (
	SELECT count(*) FILTER (WHERE x = ANY (m.a) AND x = ANY (m.b)) AS communs, count(*) AS ensemble,
		bool_or(x ~ '^[0-9]+$' AND NOT (x = ANY (m.a) AND x = ANY (m.b))) AS autre_numero
	FROM (SELECT unnest(m.a) UNION SELECT unnest(m.b)) AS u(x)
) AS p
WHERE a.montant > 1 AND cardinality(a.titulaires) > 0 AND p.autre_numero IS NOT TRUE AND 2 * p.communs >= p.ensemble AND p.ensemble > 0;
COMMENT ON VIEW doublon_possible IS 'Paires de contrats d''ids différents que tout rapproche : acheteur, titulaires, date, euros, nombres de l''objet, et la moitié de ses mots';

CREATE VIEW anomalie_ensemble_actuelle WITH (security_invoker = true) AS
SELECT contrat_id, 'uid_non_unique' AS regle, 'id' AS champ, id AS valeur FROM uid_non_unique
UNION ALL SELECT contrat_id, 'montant_repete', 'montant', montant::text FROM montant_repete
UNION ALL SELECT contrat_id, 'lot_suspect', 'montant', motif FROM lot_suspect
UNION ALL SELECT contrat_id, 'doublon_possible', 'id', autre_id::text FROM doublon_possible
UNION ALL SELECT autre_id, 'doublon_possible', 'id', contrat_id::text FROM doublon_possible
UNION ALL SELECT c.contrat_id, 'montant_extreme', 'montant', c.montant::text
	FROM contrat AS c JOIN montant_reference AS r ON r.division_cpv = left(c.code_cpv, 2) AND r.type_contrat = c.type_contrat
	WHERE r.effectif >= 30 AND r.mad > 0 AND c.montant >= 1 AND c.montant < 1e15
		AND abs(log(c.montant::double precision) - r.mediane) > 6 * r.mad
UNION ALL SELECT c.contrat_id, 'date_future', 'dateNotification', to_char(c.date_notification, 'YYYY-MM-DD')
	FROM contrat AS c JOIN (SELECT contrat_id, max(date_fichier) AS jour FROM livraison JOIN chargement USING (chargement_id) GROUP BY contrat_id) AS f USING (contrat_id)
	WHERE c.date_notification > f.jour
UNION ALL SELECT c.contrat_id, 'subsequent_avant_accord_cadre', 'dateNotification', to_char(c.date_notification, 'YYYY-MM-DD')
	FROM contrat AS c JOIN contrat AS cadre ON cadre.contrat_id = c.accord_cadre_id WHERE c.date_notification < cadre.date_notification;
COMMENT ON VIEW anomalie_ensemble_actuelle IS 'Anomalies entre contrats, à cet instant';
CREATE MATERIALIZED VIEW anomalie_ensemble AS SELECT * FROM anomalie_ensemble_actuelle;
CREATE INDEX anomalie_ensemble_contrat ON anomalie_ensemble (contrat_id);
COMMENT ON MATERIALIZED VIEW anomalie_ensemble IS 'Anomalies entre contrats, au dernier rafraichir_qualite()';
COMMENT ON INDEX anomalie_ensemble_contrat IS 'Anomalies d''un contrat';

CREATE VIEW signalement WITH (security_invoker = true) AS
SELECT contrat_id, regle, champ, valeur FROM anomalie
UNION ALL SELECT contrat_id, regle, champ, valeur FROM anomalie_ensemble AS e
	WHERE EXISTS (SELECT FROM contrat AS c WHERE c.contrat_id = e.contrat_id);
COMMENT ON VIEW signalement IS 'Tout ce qui est reproché à un contrat, seul (anomalie) ou à côté d''autres (anomalie_ensemble)';
