-- faits.sql: what the rollup counts of each contract, and where its buyer is.
-- Part of synthese.sql, which runs it in its transaction.

-- ---- Buyers

CREATE OR REPLACE FUNCTION departement_du_lieu(code text, type_code text) RETURNS text
	LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
AS $$
DECLARE
	c text := upper(code);
	t text := lower(type_code);
	d text;
BEGIN
	IF t = 'code département' THEN
		d := CASE WHEN length(c) = 1 THEN '0' || c WHEN c LIKE '0__' THEN right(c, 2) ELSE c END;
	ELSIF t IN ('code postal', 'code commune', 'code arrondissement', 'code canton')
			AND c ~ '^([0-9]{2}|2[AB])[0-9]{0,3}$' THEN
		-- Tables that took codes for numbers lost the zero at their head
		IF length(c) = 4 AND t IN ('code postal', 'code commune') THEN
			c := '0' || c;
		END IF;
		d := left(c, CASE WHEN left(c, 2) IN ('97', '98') THEN 3 ELSE 2 END);
		IF d = '20' AND t = 'code postal' AND length(c) = 5 THEN
			d := CASE WHEN c < '20200' COLLATE "C" THEN '2A' ELSE '2B' END;
		END IF;
	END IF;
	RETURN CASE WHEN d = ANY ('{01,02,03,04,05,06,07,08,09,10,11,12,13,14,15,16,17,18,19,2A,2B,21,22,23,24,25,26,27,28,29,
		30,31,32,33,34,35,36,37,38,39,40,41,42,43,44,45,46,47,48,49,50,51,52,53,54,55,56,57,58,59,60,61,62,63,64,65,66,67,
		68,69,70,71,72,73,74,75,76,77,78,79,80,81,82,83,84,85,86,87,88,89,90,91,92,93,94,95,
		971,972,973,974,975,976,977,978,984,986,987,988,989}') THEN d END;
END
$$;
COMMENT ON FUNCTION departement_du_lieu(text, text) IS
	'Département d''un lieu, d''après son code et le type du code (postal, commune, arrondissement, canton, département) ; NULL pour une région, un pays, un code inconnu';

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

CREATE VIEW fait_actuel WITH (security_invoker = true) AS
SELECT c.contrat_id,
	c.acheteur_siren,
	date_trunc('month', c.date_notification::timestamp)::date AS mois,
	left(c.code_cpv, 2) AS division_cpv,
	departement_du_lieu(c.lieu_execution_code, c.lieu_execution_type_code) AS departement_execution,
	-- It will be a key: no name is longer, but any text may stand there
	left(c.acheteur_nom, 200) AS acheteur_nom,
	e.profil,
	e.attributions,
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
	c.marche AND attribut(c.profil, 'type_achat') IS NOT NULL
		AND attribut(c.profil, 'origine') IS DISTINCT FROM 'non_concerne' AS origine_attendue,
	CASE attribut(c.profil, 'origine') WHEN 'renseignee' THEN c.origine_ue END AS origine_ue,
	CASE attribut(c.profil, 'origine') WHEN 'renseignee' THEN c.origine_france END AS origine_france,
	m.nombre > 0 AS modifie,
	-- A quarter of the new amounts are increments taken for totals: below half
	-- of the first one it is not known
	CASE
		WHEN m.montant IS NULL THEN c.montant
		WHEN attribut(profil(type_contrat => c.type_contrat, montant => m.montant), 'montant') = 'utilisable'
			AND 2 * m.montant >= c.montant THEN m.montant
	END AS montant_final,
	CASE
		WHEN m.duree IS NULL THEN c.duree_mois
		WHEN m.duree BETWEEN 1 AND c.duree_max THEN m.duree
	END AS duree_finale,
	a.nombre > 0 AS sous_traitance,
	CASE WHEN a.connus = a.nombre THEN a.montant END AS sous_traite,
	-- The ministry's highest amounts: beyond them, or below zero, it is not known
	CASE WHEN c.montant_subvention_publique BETWEEN 0 AND 15000000000 THEN c.montant_subvention_publique END AS subvention
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
	SELECT count(*) AS nombre,
		count(*) FILTER (WHERE coalesce(d.montant, a.montant) BETWEEN 0 AND 3000000000) AS connus,
		sum(coalesce(d.montant, a.montant)) AS montant
	FROM acte_sous_traitance AS a
	LEFT JOIN LATERAL (
		SELECT montant FROM modification_acte AS d
		WHERE d.contrat_id = a.contrat_id AND d.acte_id = a.id AND montant IS NOT NULL
		ORDER BY coalesce(date_notification, date_publication_donnees) DESC NULLS LAST,
			date_publication_donnees DESC NULLS LAST, rang DESC
		LIMIT 1
	) AS d ON true
	WHERE a.contrat_id = c.contrat_id
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
	('modifie', 'Au moins une modification'),
	('montant_final', 'Dernier montant connu ; NULL s''il est aberrant ou inférieur à la moitié du premier (augmentation publiée comme total)'),
	('duree_finale', 'Dernière durée connue en mois ; NULL si elle est hors des bornes'),
	('sous_traitance', 'Au moins un acte de sous-traitance'),
	('sous_traite', 'Somme des derniers montants des actes ; NULL si l''un est inconnu ou aberrant'),
	('subvention', 'Subventions publiques en euros HT, NULL si elles sont aberrantes');
SELECT format('COMMENT ON COLUMN %I.%I IS %L', t, nom, sens)
FROM pg_temp.colonne, unnest('{fait_actuel,fait,synthese_variation}'::text[]) AS t \gexec
