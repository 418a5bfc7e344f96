-- faits.sql: what the rollup counts of each contract, and where its buyer is.
-- Part of synthese.sql, which runs it in its transaction.

-- ---- Buyers

CREATE OR REPLACE FUNCTION departement_du_lieu(code text, type_code text) RETURNS text
	LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
AS $$
DECLARE
	c text := upper(code);
	t text := lower(type_code);
BEGIN
	-- One expression: it is computed for each contract, and a statement costs as much
	RETURN substring(CASE
		WHEN t = 'code département' THEN CASE WHEN length(c) = 1 THEN '0' || c WHEN c LIKE '0__' THEN right(c, 2) ELSE c END
		WHEN t IN ('code postal', 'code commune', 'code arrondissement', 'code canton') AND c ~ '^([0-9]{2}|2[AB])[0-9]{0,3}$' THEN CASE
			-- Tables that took codes for numbers lost the zero at their head
			WHEN length(c) = 4 AND t IN ('code postal', 'code commune') THEN '0' || left(c, 1)
			WHEN left(c, 2) IN ('97', '98') THEN left(c, 3)
			WHEN left(c, 2) = '20' AND t = 'code postal' AND length(c) = 5 THEN CASE WHEN c < '20200' COLLATE "C" THEN '2A' ELSE '2B' END
			ELSE left(c, 2) END
		END FROM '^(?:0[1-9]|1[0-9]|2[1-9AB]|[3-8][0-9]|9[0-5]|97[1-8]|98[46-9])$');
END
$$;
COMMENT ON FUNCTION departement_du_lieu(text, text) IS
	'Département d''un lieu, d''après son code et le type du code (postal, commune, arrondissement, canton, département) ; NULL pour une région, un pays, un code inconnu';

CREATE OR REPLACE FUNCTION region_du_lieu(code text) RETURNS text
	LANGUAGE SQL IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE WHEN lpad(code, 2, '0') = ANY ('{01,02,03,04,06,11,24,27,28,32,44,52,53,75,76,84,93,94}') THEN lpad(code, 2, '0') END;
COMMENT ON FUNCTION region_du_lieu(text) IS
	'Région d''un lieu dont le code est de ce type ; NULL pour un code d''avant 2016, d''un autre type, inconnu';

CREATE TABLE IF NOT EXISTS acheteur (
	siren text COLLATE "C" PRIMARY KEY CHECK (octet_length(siren) = 9),
	nom text GENERATED ALWAYS AS (coalesce(nom_registre, nom_contrats)) STORED,
	departement text COLLATE "C" GENERATED ALWAYS AS (coalesce(departement_registre, departement_lieux)) STORED,
	origine_departement text GENERATED ALWAYS AS (CASE
		WHEN departement_registre IS NOT NULL THEN 'registre' WHEN departement_lieux IS NOT NULL THEN 'lieux' END) STORED,
	nom_registre text,
	departement_registre text COLLATE "C" CHECK (departement_registre ~ '^([0-9]{2}|2[AB]|9[78][0-9])$'),
	nom_contrats text,
	departement_lieux text COLLATE "C"
);
COMMENT ON TABLE acheteur IS
	'Acheteurs. Les DECP ne disent pas où ils siègent : faute de registre, leur département est celui où leurs contrats s''exécutent le plus souvent';
COMMENT ON COLUMN acheteur.siren IS 'SIREN';
COMMENT ON COLUMN acheteur.nom IS 'Nom : celui du registre, sinon celui des contrats';
COMMENT ON COLUMN acheteur.departement IS 'Département : celui du registre, sinon celui des lieux d''exécution, qui n''en est qu''un indice';
COMMENT ON COLUMN acheteur.origine_departement IS 'registre, ou lieux (d''exécution) ; NULL si le département est inconnu';
COMMENT ON COLUMN acheteur.nom_registre IS 'Nom donné par un registre, à remplir : un rafraîchissement n''y touche pas';
COMMENT ON COLUMN acheteur.departement_registre IS 'Département donné par un registre, à remplir : un rafraîchissement n''y touche pas et en tient compte';
COMMENT ON COLUMN acheteur.nom_contrats IS 'Nom le plus fréquent dans ses contrats (format 1 seulement)';
COMMENT ON COLUMN acheteur.departement_lieux IS 'Département d''exécution le plus fréquent de ses contrats ; à égalité, le premier des codes';

CREATE INDEX IF NOT EXISTS acheteur_departement ON acheteur (departement);
COMMENT ON INDEX acheteur_departement IS 'Acheteurs d''un département';

CREATE TABLE acheteur_releve (
	siren text COLLATE "C",
	champ text COLLATE "C" CHECK (champ IN ('departement', 'nom')),
	valeur text COLLATE "C",
	contrats bigint NOT NULL,
	PRIMARY KEY (siren, champ, valeur)
);
COMMENT ON TABLE acheteur_releve IS 'Ce que les contrats disent de chaque acheteur : dans combien d''entre eux, un nom ou un département d''exécution';
COMMENT ON COLUMN acheteur_releve.siren IS 'Acheteur';
COMMENT ON COLUMN acheteur_releve.champ IS 'departement ou nom';
COMMENT ON COLUMN acheteur_releve.valeur IS 'Code du département d''exécution, ou nom';
COMMENT ON COLUMN acheteur_releve.contrats IS 'Nombre de contrats qui le disent';

-- ---- Facts

\ir enrichissement.sql

-- Tariffs of a concession, by title without case nor spaces around: those of the
-- first year in which some were published, or of the last one. A title that stands
-- there twice has no tariff. Two years at least: no row otherwise.
CREATE FUNCTION tarifs_annuels(contrat_id bigint, derniere boolean) RETURNS TABLE (intitule text, tarif numeric)
	LANGUAGE SQL STABLE PARALLEL SAFE SET search_path FROM CURRENT
BEGIN ATOMIC
	WITH publie AS (
		SELECT date_part('year', d.date_publication_donnees) AS annee, lower(btrim(t.intitule)) AS intitule, t.tarif
		FROM donnee_execution AS d JOIN tarif AS t ON t.contrat_id = d.contrat_id AND t.donnee_rang = d.rang
		WHERE d.contrat_id = tarifs_annuels.contrat_id AND t.tarif > 0 AND d.date_publication_donnees IS NOT NULL
	)
	SELECT p.intitule, min(p.tarif) FROM publie AS p
	WHERE p.annee = (SELECT CASE WHEN derniere THEN max(annee) ELSE min(annee) END FROM publie HAVING max(annee) > min(annee))
		AND p.intitule IS NOT NULL
	GROUP BY p.intitule HAVING count(*) = 1;
END;
COMMENT ON FUNCTION tarifs_annuels(bigint, boolean) IS
	'Tarifs d''une concession, la première ou la dernière année publiée, par intitulé ; aucune ligne s''il n''y a qu''une année';

CREATE VIEW fait_actuel WITH (security_invoker = true) AS
SELECT c.contrat_id,
	c.acheteur_siren,
	date_trunc('month', c.date_notification::timestamp)::date AS mois,
	left(c.code_cpv, 2) AS division_cpv,
	departement_du_lieu(c.lieu_execution_code, c.lieu_execution_type_code) AS departement_execution,
	-- It will be a key: no name is longer, but any text may stand there
	left(c.acheteur_nom, 200) AS acheteur_nom,
	avec(e.profil, 'depassement', d.depassement) AS profil,
	e.attributions,
	e.distances,
	c.montant,
	c.valeur,
	c.titulaires,
	c.marche,
	c.marche AND attribut(c.profil, 'procedure') IS DISTINCT FROM 'sans_publicite' AS concurrentiel,
	CASE WHEN c.offres_recues > 0 THEN c.offres_recues END AS offres,
	CASE WHEN c.duree_mois BETWEEN 1 AND c.duree_max THEN c.duree_mois END AS duree,
	CASE WHEN c.date_publication_donnees >= c.date_notification
		THEN c.date_publication_donnees - c.date_notification END AS delai_publication,
	c.marche AND c.attribution_avance AS avance,
	CASE WHEN c.taux_avance > 0 AND c.taux_avance <= 1 THEN c.taux_avance END AS taux_avance,
	c.marche AND attribut(e.profil, 'segment') IS NOT NULL
		AND attribut(c.profil, 'origine') IS DISTINCT FROM 'non_concerne' AS origine_attendue,
	CASE attribut(c.profil, 'origine') WHEN 'renseignee' THEN c.origine_ue END AS origine_ue,
	CASE attribut(c.profil, 'origine') WHEN 'renseignee' THEN c.origine_france END AS origine_france,
	m.nombre > 0 AS modifie,
	-- A quarter of the new amounts are increments taken for totals: below half
	-- of the first one it is not known
	CASE WHEN m.montant IS NULL OR 2 * m.montant >= c.montant THEN d.montant END AS montant_final,
	d.montant AS montant_final_brut,
	d.duree AS duree_finale,
	CASE WHEN d.duree BETWEEN 1 AND c.duree_max THEN (c.date_notification + make_interval(months => d.duree))::date END AS fin,
	a.nombre > 0 AS sous_traitance,
	CASE WHEN a.connus = a.nombre THEN a.montant END AS sous_traite,
	a.pme AS sous_traite_pme,
	a.taille AS sous_traite_taille,
	a.montant_connu - a.taille AS sous_traite_taille_inconnue,
	a.departement AS sous_traite_departement,
	a.lieu AS sous_traite_lieu,
	a.montant_connu - a.lieu AS sous_traite_lieu_inconnu,
	c.accord_cadre_id,
	k.consomme,
	e.seuil_europeen,
	-- The ministry's highest amounts: beyond them, or below zero, it is not known
	CASE WHEN c.montant_subvention_publique BETWEEN 0 AND 15000000000 THEN c.montant_subvention_publique END AS subvention,
	x.premier AS tarif_premier,
	x.dernier AS tarif_dernier
FROM (
	SELECT *, type_contrat = 'marche' AS marche, en_valeur(profil, montant) AS valeur,
		CASE type_contrat WHEN 'marche' THEN 180 ELSE 360 END AS duree_max
	FROM contrat
) AS c
JOIN contrat_enrichi AS e USING (contrat_id)
-- New totals, the last one first; what a modification does not say stays
CROSS JOIN LATERAL (
	SELECT count(*) AS nombre,
		(array_agg(montant) FILTER (WHERE montant > 1))[1] AS montant,
		(array_agg(duree_mois) FILTER (WHERE duree_mois IS NOT NULL))[1] AS duree
	FROM (
		SELECT * FROM modification AS m WHERE m.contrat_id = c.contrat_id
		ORDER BY coalesce(date_notification, date_publication_donnees) DESC NULLS LAST,
			length(id) DESC NULLS LAST, id DESC, date_publication_donnees DESC NULLS LAST, rang DESC
	) AS derniere_d_abord
) AS m
CROSS JOIN LATERAL (
	SELECT d.montant, CASE WHEN m.duree IS NULL THEN c.duree_mois WHEN m.duree BETWEEN 1 AND c.duree_max THEN m.duree END AS duree,
		-- Products, not quotients: no rounding decides
		CASE
			WHEN m.nombre = 0 THEN 'sans'
			WHEN attribut(c.profil, 'montant') IS DISTINCT FROM 'utilisable' OR d.montant IS NULL THEN NULL
			WHEN 2 * d.montant < c.montant THEN 'suspect'
			WHEN d.montant <= 1.10 * c.montant THEN 'sans'
			WHEN d.montant <= 1.15 * c.montant THEN '10_15'
			WHEN d.montant <= 1.50 * c.montant THEN '15_50'
			ELSE '50_plus'
		END AS depassement
	FROM (SELECT CASE
		WHEN m.montant IS NULL THEN c.montant
		WHEN attribut(profil(type_contrat => c.type_contrat, montant => m.montant), 'montant') = 'utilisable' THEN m.montant
	END AS montant) AS d
) AS d
-- Subsequent contracts: what they are worth of the framework that they name
CROSS JOIN LATERAL (
	SELECT sum(s.montant) FILTER (WHERE attribut(s.profil, 'montant') = 'utilisable') AS consomme
	FROM contrat AS s WHERE s.accord_cadre_id = c.contrat_id
) AS k
-- Titles that stand in the first year of a concession's tariffs and in the last one
CROSS JOIN LATERAL (
	SELECT sum(p.tarif) AS premier, sum(l.tarif) AS dernier
	FROM tarifs_annuels(c.contrat_id, false) AS p JOIN tarifs_annuels(c.contrat_id, true) AS l USING (intitule)
	WHERE NOT c.marche
) AS x
CROSS JOIN LATERAL (
	SELECT count(*) AS nombre,
		count(*) FILTER (WHERE a.connu) AS connus,
		sum(a.montant) AS montant,
		coalesce(sum(a.montant) FILTER (WHERE a.connu), 0) AS montant_connu,
		coalesce(sum(a.montant) FILTER (WHERE a.connu AND u.categorie = 'pme'), 0) AS pme,
		coalesce(sum(a.montant) FILTER (WHERE a.connu AND u.categorie IS NOT NULL), 0) AS taille,
		coalesce(sum(a.montant) FILTER (WHERE a.connu AND s.departement = e.acheteur_departement), 0) AS departement,
		coalesce(sum(a.montant) FILTER (WHERE a.connu AND s.departement IS NOT NULL AND e.acheteur_departement IS NOT NULL), 0) AS lieu
	FROM (
		SELECT a.sous_traitant_siren, a.sous_traitant_identifiant, coalesce(d.montant, a.montant) AS montant,
			coalesce(d.montant, a.montant) BETWEEN 0 AND 3000000000 AS connu
		FROM acte_sous_traitance AS a
		LEFT JOIN LATERAL (
			SELECT montant FROM modification_acte AS d
			WHERE d.contrat_id = a.contrat_id AND d.acte_id = a.id AND montant IS NOT NULL
			ORDER BY coalesce(date_notification, date_publication_donnees) DESC NULLS LAST,
				date_publication_donnees DESC NULLS LAST, rang DESC
			LIMIT 1
		) AS d ON true
		WHERE a.contrat_id = c.contrat_id
	) AS a
	LEFT JOIN unite_legale AS u ON u.siren = a.sous_traitant_siren
	LEFT JOIN etablissement_situe AS s ON s.siret = a.sous_traitant_identifiant
) AS a;
CREATE TABLE fait AS SELECT * FROM fait_actuel WITH NO DATA;
ALTER TABLE fait ADD PRIMARY KEY (contrat_id);
CREATE INDEX fait_acheteur ON fait (acheteur_siren, mois);
CREATE TABLE synthese_variation (sens smallint NOT NULL, LIKE fait);
SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) AS faits
FROM pg_attribute WHERE attrelid = 'fait'::regclass AND attnum > 0 \gset
COMMENT ON VIEW fait_actuel IS 'Ce que synthese doit compter de chaque contrat, tel qu''il est à cet instant';
COMMENT ON TABLE fait IS 'Ce que synthese compte de chaque contrat, depuis le dernier rafraîchissement : ses chiffres en sont les sommes';
COMMENT ON TABLE synthese_variation IS 'Pendant un rafraîchissement : ce qui n''est plus à compter et ce qui l''est ; vide le reste du temps';
COMMENT ON COLUMN synthese_variation.sens IS '-1 : à ne plus compter ; 1 : à compter';
COMMENT ON INDEX fait_acheteur IS 'Contrats d''un acheteur, d''un mois';
CREATE TEMP TABLE colonne (nom, sens) ON COMMIT DROP AS VALUES
	('contrat_id', 'Contrat'),
	('acheteur_siren', 'SIREN de l''acheteur, NULL s''il est inconnu'),
	('mois', 'Mois de la notification, par son premier jour ; NULL si la date est inconnue'),
	('division_cpv', 'Division CPV : les deux premiers chiffres du code principal'),
	('departement_execution', 'Département du lieu principal d''exécution'),
	('acheteur_nom', 'Nom publié de l''acheteur'),
	('profil', 'Ce que l''on sait du contrat'),
	('attributions', 'Ce que l''on sait de chacun de ses titulaires'),
	('montant', 'Montant initial en euros HT'),
	('valeur', 'Le même s''il compte en valeur, sinon NULL (spaser.en_valeur)'),
	('titulaires', 'Titulaires à la notification, NULL pour un titulaire inconnu'),
	('marche', 'Vrai pour un marché, faux pour une concession'),
	('concurrentiel', 'Marché dont la procédure n''est pas sans publicité ni mise en concurrence'),
	('offres', 'Offres reçues ; NULL si inconnu ou 0'),
	('duree', 'Durée initiale en mois, de 1 à 180 (concession : 360), sinon NULL'),
	('delai_publication', 'Jours de la notification à la publication ; NULL si la publication est antérieure'),
	('avance', 'Marché avec avance'),
	('taux_avance', 'Taux de l''avance, au-dessus de 0 et jusqu''à 1, sinon NULL'),
	('origine_attendue', 'Marché dont le code CPV demande la part d''origine'),
	('origine_ue', 'Part d''origine UE, NULL si les deux parts ne sont pas renseignées et cohérentes'),
	('origine_france', 'Part d''origine France, de même'),
	('distances', 'Distance de chaque titulaire à l''acheteur en kilomètres, NULL si l''un des deux n''a pas de position'),
	('modifie', 'Au moins une modification'),
	('montant_final', 'Dernier montant connu ; NULL s''il est aberrant ou inférieur à la moitié du premier (augmentation publiée comme total)'),
	('montant_final_brut', 'Le même, sans écarter ce qui est inférieur à la moitié du premier'),
	('duree_finale', 'Dernière durée connue en mois ; NULL si elle est hors des bornes'),
	('fin', 'Fin prévue : notification plus dernière durée'),
	('sous_traitance', 'Au moins un acte de sous-traitance'),
	('sous_traite', 'Somme des derniers montants des actes ; NULL si l''un est inconnu ou aberrant'),
	('sous_traite_pme', 'Montant des actes dont le sous-traitant est une PME'),
	('sous_traite_taille', 'Montant des actes dont le sous-traitant a une catégorie connue'),
	('sous_traite_taille_inconnue', 'Montant des actes dont le sous-traitant n''en a pas'),
	('sous_traite_departement', 'Montant des actes dont le sous-traitant est du département de l''acheteur'),
	('sous_traite_lieu', 'Montant des actes dont les deux départements sont connus'),
	('sous_traite_lieu_inconnu', 'Montant des actes dont l''un ne l''est pas'),
	('accord_cadre_id', 'Accord-cadre dont il est un marché subséquent'),
	('consomme', 'Somme des montants initiaux utilisables de ses marchés subséquents, NULL s''il n''en a pas'),
	('seuil_europeen', 'Seuil européen qui s''applique, en euros HT'),
	('tarif_premier', 'Somme des tarifs de la première année d''une concession, intitulés présents aussi la dernière année'),
	('tarif_dernier', 'Somme des mêmes, la dernière année'),
	('subvention', 'Subventions publiques en euros HT, NULL si elles sont aberrantes');
SELECT format('COMMENT ON COLUMN %I.%I IS %L', t, nom, sens)
FROM pg_temp.colonne, unnest('{fait_actuel,fait,synthese_variation}'::text[]) AS t \gexec
