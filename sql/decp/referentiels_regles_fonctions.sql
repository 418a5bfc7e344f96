-- referentiels_regles_fonctions.sql: thresholds, segment and AGEC category of a
-- contract, and its amount of a year. Part of referentiels_regles.sql, which runs
-- it in its transaction.

-- ---- Classes of CPV codes

-- The prefixes of segment and agec, cut into ranges of codes that have one class
-- each: a class is then found by bisection of an array, whatever the number of
-- prefixes. The longest prefix wins. A code of no division of CPV 2008 has no
-- class; one that no prefix has is 'autre' (segment) or 'aucune' (agec), or unknown
-- where lines of the AGEC table are known to be missing.
CREATE OR REPLACE FUNCTION refaire_decoupage_cpv() RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path FROM CURRENT
AS $$
BEGIN
	-- Two who change the rules at once: the second waits, and sees both changes
	LOCK TABLE decoupage_cpv IN SHARE ROW EXCLUSIVE MODE;
	DELETE FROM decoupage_cpv;
	WITH coupure AS (
		SELECT registre, depuis,
			coalesce(lead(depuis) OVER (PARTITION BY registre ORDER BY depuis) - 1, 'infinity') AS jusque
		FROM (
			VALUES ('segment', '-infinity'::date), ('agec', '-infinity')
			UNION SELECT 'agec', depuis FROM agec_generation WHERE depuis IS NOT NULL
			UNION SELECT 'agec', jusque + 1 FROM agec_generation WHERE jusque IS NOT NULL
			UNION SELECT 'agec', depuis FROM agec WHERE depuis IS NOT NULL
			UNION SELECT 'agec', jusque + 1 FROM agec WHERE jusque IS NOT NULL
		) AS c (registre, depuis)
	), periode AS (
		SELECT c.*, c.registre = 'segment' OR NOT EXISTS (SELECT FROM agec_generation AS g
			WHERE daterange(g.depuis, g.jusque, '[]') @> c.depuis AND NOT g.complete) AS complete
		FROM coupure AS c
	), prefixe AS (
		SELECT p.registre, p.depuis, d.cpv, CASE WHEN p.registre = 'segment' THEN 'autre' WHEN p.complete THEN 'aucune' END AS classe, 0 AS rang
		FROM periode AS p, unnest('{03,09,14,15,16,18,19,22,24,30,31,32,33,34,35,37,38,39,41,42,43,44,45,48,50,51,55,60,63,64,65,
			66,70,71,72,73,75,76,77,79,80,85,90,92,98}'::text[]) AS d (cpv)
		UNION ALL
		SELECT 'segment', '-infinity', cpv, segment, length(cpv) FROM segment
		UNION ALL
		-- What is said to be missing is no longer, once the whole is said to be there
		SELECT 'agec', p.depuis, a.cpv, a.categorie, length(a.cpv) FROM periode AS p
		JOIN agec AS a ON p.registre = 'agec' AND daterange(a.depuis, a.jusque, '[]') @> p.depuis
			AND (a.categorie IS NOT NULL OR NOT p.complete)
	), etendue AS (
		SELECT *, rpad(cpv, 8, '0')::integer AS debut, rpad(cpv, 8, '9')::integer + 1 AS fin FROM prefixe
	), borne AS (
		SELECT registre, depuis, 0 AS borne FROM periode
		UNION SELECT registre, depuis, debut FROM etendue
		UNION SELECT registre, depuis, fin FROM etendue
	), classe AS (
		SELECT b.*, e.classe, row_number() OVER w AS rang, lag(e.classe) OVER w AS avant
		FROM borne AS b LEFT JOIN LATERAL (
			SELECT e.classe FROM etendue AS e
			WHERE e.registre = b.registre AND e.depuis = b.depuis AND b.borne >= e.debut AND b.borne < e.fin
			ORDER BY e.rang DESC LIMIT 1
		) AS e ON true
		WINDOW w AS (PARTITION BY b.registre, b.depuis ORDER BY b.borne)
	)
	INSERT INTO decoupage_cpv (registre, depuis, jusque, bornes, classes)
	SELECT c.registre, c.depuis, p.jusque, array_agg(c.borne ORDER BY c.borne), array_agg(c.classe ORDER BY c.borne)
	FROM classe AS c JOIN periode AS p USING (registre, depuis)
	WHERE c.rang = 1 OR c.classe IS DISTINCT FROM c.avant
	GROUP BY c.registre, c.depuis, p.jusque;
END
$$;

CREATE OR REPLACE FUNCTION decoupage_cpv_suivre() RETURNS trigger
	LANGUAGE plpgsql VOLATILE SET search_path FROM CURRENT
AS $$
BEGIN
	PERFORM refaire_decoupage_cpv();
	RETURN NULL;
END
$$;

-- classe_cpv(code, bornes, classes): class of a code of 8 digits, with the arrays of
-- a row of decoupage_cpv. NULL for another text, for NULL, and for a code without
-- class. To be joined to many contracts: it is inlined.
CREATE OR REPLACE FUNCTION classe_cpv(code text, bornes integer[], classes text[]) RETURNS text
	LANGUAGE SQL IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN code ~ '^[0-9]{8}$' THEN classes[width_bucket(code::integer, bornes)] END;

-- segment_de(code_cpv): segment of a code of 8 digits: 'autre' for one of CPV 2008
-- that is in none. NULL for another text or an unknown division. Source: families
-- that indicator E05 names, to be changed in table segment.
CREATE OR REPLACE FUNCTION segment_de(code_cpv text) RETURNS text
	LANGUAGE SQL STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT classe_cpv(code_cpv, bornes, classes) FROM decoupage_cpv WHERE registre = 'segment';
END;

-- agec_de(code_cpv, jour): AGEC category of a code of 8 digits on a day, 'c01' to
-- 'c17' of the table then in force, or 'aucune'. NULL: day or code unknown, or a code
-- that a line may name that is missing here. Before the first table: 'aucune'.
CREATE OR REPLACE FUNCTION agec_de(code_cpv text, jour date) RETURNS text
	LANGUAGE SQL STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT classe_cpv(code_cpv, bornes, classes) FROM decoupage_cpv
	WHERE registre = 'agec' AND jour BETWEEN depuis AND jusque;
END;

-- ---- Thresholds

-- seuil_europeen_de(type_achat, categorie_acheteur, jour): EU threshold in euros
-- HT. NULL where the table has none. Many contracts: join the table as it does.
CREATE OR REPLACE FUNCTION seuil_europeen_de(type_achat text, categorie_acheteur text, jour date) RETURNS numeric
	LANGUAGE SQL STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT s.montant FROM seuil_europeen AS s
	WHERE s.type_achat = seuil_europeen_de.type_achat AND s.categorie_acheteur = seuil_europeen_de.categorie_acheteur
		AND daterange(s.depuis, s.jusque, '[]') @> seuil_europeen_de.jour;
END;

-- seuil_procedure_de(type_achat, jour): amount in euros HT below which neither
-- publicity nor competition is due. NULL where the table has none.
CREATE OR REPLACE FUNCTION seuil_procedure_de(type_achat text, jour date) RETURNS numeric
	LANGUAGE SQL STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT s.montant FROM seuil_procedure AS s
	WHERE s.type_achat = seuil_procedure_de.type_achat AND daterange(s.depuis, s.jusque, '[]') @> seuil_procedure_de.jour;
END;

-- categorie_acheteur(siren, categorie_juridique): 'etat' or 'autre', which have not
-- the same EU threshold for supplies and services. Legal categories 71 are those of
-- the State. Without one, the SIREN: bodies of the State have 1 as first digit, but
-- 19 is given to schools and universities, which have the threshold of the others.
-- NULL without either. Not verified: the law's list of central authorities also has
-- public establishments of the State, which nothing here tells from others with 13
-- or 18 ('etat' by the SIREN, 'autre' by the legal category).
CREATE OR REPLACE FUNCTION categorie_acheteur(siren text, categorie_juridique text DEFAULT NULL) RETURNS text
	LANGUAGE SQL IMMUTABLE PARALLEL SAFE
RETURN CASE
	WHEN left(categorie_juridique, 2) = '71' THEN 'etat'
	WHEN categorie_juridique <> '' THEN 'autre'
	WHEN left(siren, 2) = '19' THEN 'autre'
	WHEN left(siren, 1) = '1' THEN 'etat'
	WHEN siren <> '' THEN 'autre' END;

-- ---- Amount of a year

-- mois_dans_annee(notification, duree_mois, annee): how many of the months of a
-- contract begin in a calendar year, the first one being that of its notification.
-- NULL if an argument is, if the date is infinite or the duration below 1.
CREATE OR REPLACE FUNCTION mois_dans_annee(notification date, duree_mois integer, annee integer) RETURNS bigint
	LANGUAGE SQL IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN duree_mois >= 1 AND isfinite(notification) AND annee IS NOT NULL THEN greatest(0,
	least(extract(year FROM notification)::bigint * 12 + extract(month FROM notification)::bigint - 1 + duree_mois, annee::bigint * 12 + 12)
	- greatest(extract(year FROM notification)::bigint * 12 + extract(month FROM notification)::bigint - 1, annee::bigint * 12)) END;

-- montant_annualise(montant, notification, duree_mois, annee): the part of an amount
-- that falls in a year, in the unit of the amount: it is spread evenly over the
-- months. Over all years the parts make the amount, but for the digits that a
-- division leaves. NULL as mois_dans_annee(), or if the amount is. Source: months of
-- [notification, notification + duree) inside the year, over the duration (C01).
CREATE OR REPLACE FUNCTION montant_annualise(montant numeric, notification date, duree_mois integer, annee integer) RETURNS numeric
	LANGUAGE SQL IMMUTABLE PARALLEL SAFE
RETURN montant * mois_dans_annee(notification, duree_mois, annee) / nullif(duree_mois, 0);
