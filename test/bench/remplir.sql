-- remplir.sql: the tables of decp from the generator's lines, without JSON.
-- Three parts, chosen by the variable "partie":
--
--   debut	indexes and keys that rows in bulk would pay for are put aside
--   lot	the rows of the temporary table brouillon go to decp.contrat and
--			decp.titulaire; :depuis is the number of the first, :chargement
--			the delivery they belong to
--   fin	indexes and keys come back, statistics are taken
--
-- In a session whose replication role is "replica" no trigger fires: deliveries
-- that measures are made of come by the normal role.
\set ON_ERROR_STOP on
SELECT :'partie' = 'debut' AS debut, :'partie' = 'lot' AS lot \gset

\if :debut
CREATE SCHEMA bench;
CREATE TABLE bench.differe AS
SELECT 1 AS ordre, 'ALTER TABLE ' || conrelid::regclass || ' ADD CONSTRAINT ' || quote_ident(conname) || ' '
	|| pg_get_constraintdef(oid) AS creer,
	'ALTER TABLE ' || conrelid::regclass || ' DROP CONSTRAINT ' || quote_ident(conname) AS retirer
FROM pg_constraint WHERE contype = 'u' AND conrelid = 'decp.contrat'::regclass
UNION ALL
SELECT 2, pg_get_indexdef(indexrelid), 'DROP INDEX ' || indexrelid::regclass
FROM pg_index WHERE indrelid IN ('decp.contrat'::regclass, 'decp.titulaire'::regclass) AND NOT indisunique;
SELECT retirer FROM bench.differe ORDER BY ordre \gexec

-- The holder as concentration() names it: SIREN of a SIRET, else the identifier
CREATE FUNCTION bench.titulaire(identifiant text) RETURNS text
	LANGUAGE SQL IMMUTABLE PARALLEL SAFE
	RETURN CASE
		WHEN identifiant ~ '^0*$' THEN NULL
		WHEN identifiant ~ '^[0-9]{9}([0-9]{5})?$' THEN left(identifiant, 9)
		ELSE upper(identifiant)
	END;

\elif :lot
-- A subsequent contract names its framework by the identifier that the same
-- buyer gave it; one that names itself has none, nor have two that name each other
CREATE TEMP TABLE lien AS
SELECT DISTINCT ON (s.rang) s.rang, f.rang AS cadre
FROM brouillon AS s
JOIN brouillon AS f ON left(f.acheteur_id, 9) = left(s.acheteur_id, 9) AND f.id = s.id_accord_cadre
WHERE s.id_accord_cadre <> s.id AND f.id_accord_cadre IS DISTINCT FROM s.id
	AND s.type_contrat = 'marche' AND f.type_contrat = 'marche'
ORDER BY s.rang, f.rang;

INSERT INTO decp.contrat (contrat_id, profil, cle, famille, empreinte, chargement_id, numero, octet, format_decp, champs,
	modifications, type_contrat, date_notification, montant, acheteur_siren, acheteur_id, id, nature, objet, code_cpv,
	procedure, lieu_execution_code, lieu_execution_type_code, duree_mois, date_publication_donnees, derniere_publication,
	forme_prix, types_prix, techniques, modalites_execution, id_accord_cadre, accord_cadre_id, marche_innovant, ccag,
	offres_recues, attribution_avance, taux_avance, type_groupement_operateurs, sous_traitance_declaree, origine_ue,
	origine_france, considerations_sociales, considerations_environnementales, titulaires)
SELECT :depuis + b.rang,
	spaser.profil(type_contrat => type_contrat, format_decp => format_decp, nature => nature, procedure => procedure,
		techniques => techniques, modalites_execution => modalites_execution, types_prix => types_prix,
		considerations_sociales => considerations_sociales,
		considerations_environnementales => considerations_environnementales, forme_prix => forme_prix, ccag => ccag,
		type_groupement_operateurs => type_groupement_operateurs, id_accord_cadre => id_accord_cadre,
		accord_cadre_present => cadre IS NOT NULL, marche_innovant => marche_innovant,
		attribution_avance => attribution_avance, sous_traitance_declaree => sous_traitance_declaree,
		offres_recues => offres_recues, code_cpv => code_cpv, origine_ue => origine_ue, origine_france => origine_france,
		montant => montant, duree_mois => duree_mois, date_notification => date_notification,
		date_publication_donnees => date_publication_donnees, modifications => 0,
		titulaires => cardinality(t.titulaires)),
	md5('cle' || :depuis + b.rang)::uuid, md5('famille' || :depuis + b.rang)::uuid, md5('empreinte' || :depuis + b.rang)::uuid, :chargement, b.rang, 0, format_decp,
	30, 0, type_contrat, date_notification, montant,
	CASE WHEN acheteur_id ~ '^[0-9]{14}$' THEN left(acheteur_id, 9) END, acheteur_id, id, nature, objet, code_cpv,
	procedure, lieu_execution_code, lieu_execution_type_code, duree_mois, date_publication_donnees,
	date_publication_donnees, forme_prix, types_prix, techniques, modalites_execution, id_accord_cadre, :depuis + cadre,
	marche_innovant, ccag, offres_recues, attribution_avance, taux_avance, type_groupement_operateurs,
	sous_traitance_declaree, origine_ue, origine_france, considerations_sociales, considerations_environnementales,
	t.titulaires
FROM brouillon AS b
LEFT JOIN lien USING (rang)
CROSS JOIN LATERAL (
	SELECT CASE cardinality(b.titulaires)
		WHEN 1 THEN ARRAY[bench.titulaire(replace(b.titulaires[1], ' ', ''))]
		ELSE ARRAY(SELECT DISTINCT bench.titulaire(replace(brut, ' ', '')) FROM unnest(b.titulaires) AS brut)
	END AS titulaires
	OFFSET 0
) AS t
ORDER BY b.rang;

INSERT INTO decp.titulaire (contrat_id, rang, type_identifiant, identifiant, siren)
SELECT :depuis + b.rang, t.rang, CASE WHEN identifiant ~ '^[0-9]{14}$' THEN 'SIRET' ELSE 'HORS-UE' END, identifiant,
	CASE WHEN identifiant ~ '^[0-9]{9}([0-9]{5})?$' AND identifiant !~ '^0*$' THEN left(identifiant, 9) END
FROM brouillon AS b
CROSS JOIN LATERAL unnest(b.titulaires) WITH ORDINALITY AS t (brut, rang)
CROSS JOIN LATERAL (SELECT replace(brut, ' ', '') AS identifiant OFFSET 0) AS i
ORDER BY b.rang, t.rang;
DROP TABLE lien;
TRUNCATE brouillon RESTART IDENTITY;

\else
SELECT creer FROM bench.differe ORDER BY ordre \gexec
SELECT setval(pg_get_serial_sequence('decp.contrat', 'contrat_id'), max(contrat_id)) FROM decp.contrat;
VACUUM (FREEZE, ANALYZE) decp.contrat, decp.titulaire;
\endif
