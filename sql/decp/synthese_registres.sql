-- synthese_registres.sql: what a change of a register makes the rollup count again.
-- Part of synthese.sql, which runs it in its transaction.
--
-- Who loads a register notes the contracts of the legal units that it changes, in
-- synthese_a_refaire: more than those whose facts change, since a refresh compares
-- them. Beyond so many units, or where a place, a threshold or a division of the
-- CPV changes, all contracts are noted.

-- TG_ARGV: columns that facts depend on
CREATE FUNCTION synthese_noter_registre() RETURNS trigger
	LANGUAGE plpgsql SET search_path FROM CURRENT
AS $$
DECLARE
	plafond CONSTANT integer := 20000;
	change text := CASE TG_OP WHEN 'INSERT' THEN 'SELECT %1$s FROM apres' WHEN 'DELETE' THEN 'SELECT %1$s FROM avant'
		ELSE '(SELECT %1$s FROM avant EXCEPT SELECT %1$s FROM apres) UNION ALL (SELECT %1$s FROM apres EXCEPT SELECT %1$s FROM avant)' END;
	siret text := CASE WHEN TG_ARGV[0] LIKE 'siren, siret%' THEN 'siret' ELSE 'NULL::text' END;
	tout boolean := TG_OP = 'TRUNCATE';
BEGIN
	IF NOT tout THEN
		EXECUTE format('SELECT count(*) > $1 FROM (SELECT FROM (%s) AS c LIMIT $1 + 1) AS c', format(change, TG_ARGV[0]))
		INTO tout USING CASE WHEN TG_ARGV[0] LIKE 'siren%' THEN plafond ELSE 0 END;
	END IF;
	IF tout THEN
		INSERT INTO synthese_a_refaire VALUES (NULL);
	ELSIF TG_ARGV[0] LIKE 'siren%' THEN
		EXECUTE format($q$
			WITH change AS MATERIALIZED (SELECT DISTINCT siren, %s AS siret FROM (%s) AS c)
			INSERT INTO synthese_a_refaire
			SELECT t.contrat_id FROM change JOIN titulaire AS t USING (siren)
			UNION SELECT c.contrat_id FROM change JOIN contrat AS c ON c.acheteur_siren = change.siren
			UNION SELECT a.contrat_id FROM change JOIN acte_sous_traitance AS a ON a.sous_traitant_siren = change.siren
			-- A SIRET that was published as another kind of identifier gives no SIREN
			UNION SELECT t.contrat_id FROM change JOIN titulaire AS t ON t.identifiant = change.siret WHERE t.siren IS NULL
			UNION SELECT c.contrat_id FROM change JOIN contrat AS c ON c.acheteur_id = change.siret WHERE c.acheteur_siren IS NULL
			UNION SELECT a.contrat_id FROM change JOIN acte_sous_traitance AS a ON a.sous_traitant_identifiant = change.siret
				WHERE a.sous_traitant_siren IS NULL$q$, siret, format(change, TG_ARGV[0]));
	END IF;
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION synthese_noter_registre() IS
	'Note les contrats des unités légales dont un registre change, ou tous les contrats, pour le prochain rafraîchissement';

CREATE TEMP TABLE registre_suivi (nom, colonnes) ON COMMIT DROP AS VALUES
	('unite_legale', 'siren, categorie, tranche_effectifs, ess, societe_mission, categorie_juridique'),
	('etablissement', 'siren, siret, code_commune, latitude, longitude'),
	('agrement', 'siren, siret, liste, depuis, jusque'),
	('liste_agrement', 'liste, complete_depuis, complete_jusque'),
	('commune', 'code, epci, departement, region'),
	('commune_ancienne', 'ancien, code'),
	('seuil_europeen', 'type_achat, categorie_acheteur, depuis, jusque, montant'),
	('seuil_procedure', 'type_achat, depuis, jusque, montant'),
	('decoupage_cpv', 'registre, depuis, jusque, bornes, classes');
SELECT format('CREATE TRIGGER synthese_%s AFTER %s ON %I %s EXECUTE FUNCTION synthese_noter_registre(%L)', op.nom, evenement, r.nom, transitions, colonnes),
	format('COMMENT ON TRIGGER synthese_%s ON %I IS %L', op.nom, r.nom, 'Note pour synthese les contrats ' || quoi)
FROM pg_temp.registre_suivi AS r,
	(VALUES ('ajout', 'INSERT', 'REFERENCING NEW TABLE AS apres', 'dont le registre dit plus'),
		('changement', 'UPDATE', 'REFERENCING OLD TABLE AS avant NEW TABLE AS apres', 'dont le registre dit autre chose'),
		('retrait', 'DELETE', 'REFERENCING OLD TABLE AS avant', 'dont le registre dit moins'),
		('vidage', 'TRUNCATE', '', 'tous, le registre étant vidé')) AS op (nom, evenement, transitions, quoi) \gexec
SELECT format('GRANT INSERT ON synthese_a_refaire TO %s', coalesce(quote_ident(rolname), 'PUBLIC'))
FROM pg_temp.registre_suivi AS r JOIN pg_class AS c ON c.oid = r.nom::regclass, aclexplode(relacl) AS droit
LEFT JOIN pg_roles AS g ON g.oid = droit.grantee
WHERE privilege_type IN ('INSERT', 'UPDATE', 'DELETE', 'TRUNCATE') AND droit.grantee <> relowner
GROUP BY 1 \gexec
