-- referentiels_versement.sql: a register's file becomes the register. Part of
-- referentiels.sql, in its transaction and its schema; charger_referentiel.sql
-- calls these, on its temporary tables parametre_referentiel (one row),
-- colonne_lue, depot_referentiel and neuf.

-- texte_decode(texte, encodage): a text that was read byte by byte as Latin-1, in
-- its own encoding. What is ASCII is the same in all.
CREATE FUNCTION texte_decode(texte text, encodage text) RETURNS text
	LANGUAGE SQL IMMUTABLE PARALLEL SAFE
	RETURN CASE WHEN texte ~ '[^\u0001-\u007f]' THEN convert_from(convert_to(texte, 'LATIN1'), encodage) ELSE texte END;
COMMENT ON FUNCTION texte_decode(text, text) IS 'Texte lu octet par octet, rendu à son encodage';

-- est_utf8(texte): is a text that was read byte by byte well-formed UTF-8?
CREATE FUNCTION est_utf8(texte text) RETURNS boolean
	LANGUAGE SQL IMMUTABLE PARALLEL SAFE
	RETURN texte !~ '[\u0080-\u00ff]' OR regexp_replace(texte,
		'[\u00c2-\u00df][\u0080-\u00bf]|\u00e0[\u00a0-\u00bf][\u0080-\u00bf]|\u00ed[\u0080-\u009f][\u0080-\u00bf]'
		|| '|[\u00e1-\u00ec\u00ee\u00ef][\u0080-\u00bf]{2}|\u00f0[\u0090-\u00bf][\u0080-\u00bf]{2}'
		|| '|[\u00f1-\u00f3][\u0080-\u00bf]{3}|\u00f4[\u0080-\u008f][\u0080-\u00bf]{2}', '', 'g') !~ '[\u0080-\u00ff]';
COMMENT ON FUNCTION est_utf8(text) IS 'Texte lu octet par octet : est-il de l''UTF-8 bien formé ?';

-- verifier_referentiel(): errors 22023 for what parametre_referentiel cannot be.
CREATE FUNCTION verifier_referentiel() RETURNS void
	LANGUAGE plpgsql
	SET search_path FROM CURRENT
AS $$
DECLARE
	p record;
BEGIN
	SELECT * INTO STRICT p FROM parametre_referentiel;
	IF p.fichier = '' THEN
		RAISE EXCEPTION 'no file given' USING ERRCODE = 'invalid_parameter_value', HINT = 'Say which: -v fichier=path/to/file.csv.';
	ELSIF NOT EXISTS (SELECT FROM champ_referentiel WHERE registre = p.registre) THEN
		RAISE EXCEPTION 'register "%" is not known', p.registre USING ERRCODE = 'invalid_parameter_value',
			HINT = format('Known are: %s.', (SELECT string_agg(DISTINCT registre, ', ') FROM champ_referentiel));
	ELSIF p.separateur NOT IN ('', ',', ';', '|', E'\t') THEN
		RAISE EXCEPTION 'separator "%" is not one of , ; | tab', p.separateur USING ERRCODE = 'invalid_parameter_value';
	ELSIF p.encodage <> '' AND pg_char_to_encoding(p.encodage) < 0 THEN
		RAISE EXCEPTION 'encoding "%" is not known', p.encodage USING ERRCODE = 'invalid_parameter_value',
			HINT = 'UTF8, WIN1252 and LATIN9 are the usual ones.';
	ELSIF p.complete_depuis IS NOT NULL AND p.registre NOT IN ('esus', 'siae', 'ea', 'esat') THEN
		RAISE EXCEPTION 'register "%" is no list of approvals', p.registre USING ERRCODE = 'invalid_parameter_value',
			HINT = 'Only such a list is declared complete.';
	ELSIF p.complete_jusque IS NOT NULL AND (p.complete_depuis <= p.complete_jusque) IS NOT TRUE THEN
		RAISE EXCEPTION 'a list cannot be complete until %, from %', p.complete_jusque, coalesce(p.complete_depuis::text, 'no day')
			USING ERRCODE = 'invalid_parameter_value', HINT = 'Give both days, the first with -v complete_depuis=.';
	END IF;
END
$$;
COMMENT ON FUNCTION verifier_referentiel() IS 'Ce que l''on demande au chargement d''un registre est-il possible ?';

-- reconnaitre_referentiel()
--   which column of the file is which field: fills colonne_lue, completes
--   parametre_referentiel, makes depot_referentiel.
--   Errors: 22023 for an unknown register, separator or encoding; 22P02 for what
--   is no CSV; 42703 when a column that is needed is missing.
CREATE FUNCTION reconnaitre_referentiel() RETURNS void
	LANGUAGE plpgsql
	SET search_path FROM CURRENT
AS $$
DECLARE
	p record;
	essai text;
	score bigint;
	meilleur bigint := -1;
	absents text;
	utiles text;
BEGIN
	SELECT * INTO STRICT p FROM parametre_referentiel;
	p.entete := (SELECT texte FROM entete_referentiel);
	IF p.entete IS NULL OR p.entete ~ '^\s*$' THEN
		RAISE EXCEPTION 'file "%" is empty', p.fichier USING ERRCODE = 'invalid_text_representation',
			HINT = 'A register is replaced by what its file holds: one that is empty looks like a failed download.';
	ELSIF p.entete ~ '^(\u00ff\u00fe|\u00fe\u00ff)' THEN
		RAISE EXCEPTION 'file "%" is not a CSV file', p.fichier USING ERRCODE = 'invalid_text_representation',
			HINT = 'It is UTF-16: convert it with iconv -f UTF-16 -t UTF-8.';
	ELSIF p.entete ~ '^(\u00ef\u00bb\u00bf)?\s*[{[<]' OR p.entete ~ '^(PAR1|%PDF|\u00d0\u00cf\u0011\u00e0)' THEN
		RAISE EXCEPTION 'file "%" is not a CSV file', p.fichier USING ERRCODE = 'invalid_text_representation',
			HINT = 'Registers are read as CSV: download that format, or save the sheet as CSV UTF-8.';
	END IF;
	p.entete := regexp_replace(p.entete, '^\u00ef\u00bb\u00bf', '');
	p.entete := texte_decode(p.entete, CASE WHEN p.encodage <> '' THEN p.encodage WHEN est_utf8(p.entete) THEN 'UTF8' ELSE 'WIN1252' END);

	-- What separates is what makes most names that are known
	FOREACH essai IN ARRAY CASE WHEN p.separateur = '' THEN ARRAY[',', ';', E'\t', '|'] ELSE ARRAY[p.separateur] END LOOP
		WITH c AS MATERIALIZED (
			SELECT rang, btrim(CASE WHEN m[1] ~ '^"' THEN replace(substring(m[1] FROM '^"(.*)"\s*$'), '""', '"') ELSE m[1] END, E' \t\r\n') AS nom
			FROM regexp_matches(p.entete || essai, format('("(?:[^"]|"")*"[^%1$s]*|[^%1$s]*)[%1$s]', essai), 'g') WITH ORDINALITY AS d (m, rang)
		)
		SELECT 10000 * count(*) FILTER (WHERE EXISTS (SELECT FROM colonne_referentiel AS k
				WHERE k.registre = p.registre AND nom_plie(k.colonne) = nom_plie(nom))) + count(*)
		INTO score FROM c;
		IF score > meilleur THEN
			meilleur := score;
			p.separateur := essai;
		END IF;
	END LOOP;
	INSERT INTO colonne_lue (rang, nom)
	SELECT rang, coalesce(btrim(CASE WHEN m[1] ~ '^"' THEN replace(substring(m[1] FROM '^"(.*)"\s*$'), '""', '"') ELSE m[1] END, E' \t\r\n'), '')
	FROM regexp_matches(p.entete || p.separateur,
		format('("(?:[^"]|"")*"[^%1$s]*|[^%1$s]*)[%1$s]', p.separateur), 'g') WITH ORDINALITY AS d (m, rang);
	-- Of several columns for one field, the one that was named first
	UPDATE colonne_lue AS c SET champ = k.champ
	FROM (
		SELECT DISTINCT ON (k.champ) k.champ, c.rang
		FROM colonne_lue AS c JOIN colonne_referentiel AS k ON k.registre = p.registre AND nom_plie(k.colonne) = nom_plie(c.nom)
		ORDER BY k.champ, k.priorite, c.rang
	) AS k
	WHERE c.rang = k.rang;

	SELECT string_agg(format('%s (%s)', champ, noms), '; ' ORDER BY rang) INTO absents
	FROM champ_referentiel AS c,
		LATERAL (SELECT string_agg(colonne, ', ') AS noms FROM colonne_referentiel AS k WHERE (k.registre, k.champ) = (c.registre, c.champ)) AS n
	WHERE registre = p.registre AND champ NOT IN (SELECT champ FROM colonne_lue WHERE champ IS NOT NULL)
		AND (besoin = 'obligatoire' OR besoin = 'un_au_moins' AND NOT EXISTS (SELECT FROM champ_referentiel AS autre
			JOIN colonne_lue USING (champ) WHERE autre.registre = p.registre AND autre.besoin = 'un_au_moins'));
	IF absents IS NOT NULL THEN
		RAISE EXCEPTION 'file "%" has no column that the register "%" needs', p.fichier, p.registre
			USING ERRCODE = 'undefined_column',
				DETAIL = format('Needed, with the names that are known: %s. The header reads: %s.', absents,
					(SELECT string_agg(nom, ', ' ORDER BY rang) FROM colonne_lue)),
				HINT = format('If a column has another name, say it: INSERT INTO colonne_referentiel (registre, champ, colonne) VALUES (%L, ''...'', ''...''); otherwise it is another file: see docs/referentiels.md.', p.registre);
	END IF;
	SELECT string_agg(champ, ', ' ORDER BY rang) INTO utiles FROM champ_referentiel
	WHERE registre = p.registre AND champ NOT IN (SELECT champ FROM colonne_lue WHERE champ IS NOT NULL)
		AND NOT (registre = 'sirene_etablissements' AND champ IN ('abscisse', 'ordonnee') AND EXISTS (SELECT FROM colonne_lue WHERE champ = 'latitude')
			OR registre = 'sirene_etablissements' AND champ IN ('latitude', 'longitude') AND EXISTS (SELECT FROM colonne_lue WHERE champ = 'abscisse'));
	IF utiles IS NOT NULL THEN
		RAISE NOTICE 'the file does not say: %', utiles USING HINT = 'What they would tell stays unknown.';
	END IF;

	UPDATE parametre_referentiel SET separateur = p.separateur, entete = p.entete,
		colonnes = (SELECT string_agg(coalesce((SELECT c.rang FROM colonne_lue AS c WHERE c.champ = f.champ), 0)::text, ',' ORDER BY f.rang)
			FROM champ_referentiel AS f WHERE registre = p.registre);
	EXECUTE (SELECT format('CREATE TEMP TABLE depot_referentiel (ligne bigint, %s) ON COMMIT DROP', string_agg(format('%I text', champ), ', ' ORDER BY rang))
		FROM champ_referentiel WHERE registre = p.registre);
END
$$;
COMMENT ON FUNCTION reconnaitre_referentiel() IS 'Colonnes du fichier d''un registre et leur sens (tables temporaires de charger_referentiel.sql)';

-- faute_lue(quoi, texte): what is said of a text that is no such thing.
CREATE FUNCTION faute_lue(quoi text, texte text) RETURNS text
	LANGUAGE SQL IMMUTABLE PARALLEL SAFE
	RETURN format('"%s" is %s', left(texte, 40), quoi);
COMMENT ON FUNCTION faute_lue(text, text) IS 'Ce que l''on dit d''une valeur illisible';

-- lecture_registre(registre)
--   the columns of the register as SQL expressions over a row d of
--   depot_referentiel whose values are clean, with faute (why the line cannot be
--   read, NULL otherwise) and ecart (why it is left out, NULL otherwise). NULL for
--   an unknown register.
CREATE FUNCTION lecture_registre(registre text) RETURNS text
	LANGUAGE SQL IMMUTABLE STRICT PARALLEL SAFE
	RETURN CASE
	WHEN registre = 'sirene_unites' THEN $$
		siren_lu(siren) AS siren, lower(categorie) AS categorie, CASE WHEN tranche_effectifs ~ '^[0-9]$' THEN '0' ELSE '' END || upper(tranche_effectifs) AS tranche_effectifs,
		booleen_lu(ess) AS ess, booleen_lu(societe_mission) AS societe_mission, regexp_replace(categorie_juridique, '\.0$', '') AS categorie_juridique,
		CASE WHEN siren_lu(siren) IS NULL THEN faute_lue('no SIREN', siren)
			WHEN lower(categorie) NOT IN ('pme', 'eti', 'ge') THEN faute_lue('none of PME, ETI, GE', categorie)
			WHEN tranche_effectifs !~* '^(NN|[0-9]{1,2})$' THEN faute_lue('no staff band', tranche_effectifs)
			WHEN ess IS NOT NULL AND booleen_lu(ess) IS NULL THEN faute_lue('neither O nor N', ess)
			WHEN societe_mission IS NOT NULL AND booleen_lu(societe_mission) IS NULL THEN faute_lue('neither O nor N', societe_mission)
			WHEN categorie_juridique !~ '^[0-9]{4}(\.0)?$' THEN faute_lue('no legal category', categorie_juridique) END AS faute,
		CASE WHEN siren IS NULL THEN 'without identifier' END AS ecart$$
	WHEN registre = 'sirene_etablissements' THEN $$
		siret_lu(siret) AS siret, left(siret_lu(siret), 9) AS siren, commune_lue(code_commune) AS code_commune,
		coalesce(nombre_lu(latitude), point.lat) AS latitude, coalesce(nombre_lu(longitude), point.long) AS longitude,
		date_lue(ouvert_depuis) AS ouvert_depuis,
		CASE WHEN upper(left(etat, 1)) = 'F' OR etat IS NULL AND etat_depuis IS NOT NULL AND ouvert_depuis IS NULL THEN date_lue(etat_depuis) END AS ferme_depuis,
		CASE WHEN siret_lu(siret) IS NULL THEN faute_lue('no SIRET', siret)
			WHEN code_commune IS NOT NULL AND commune_lue(code_commune) IS NULL THEN faute_lue('no code of a commune', code_commune)
			WHEN latitude IS NOT NULL AND (nombre_lu(latitude) BETWEEN -90 AND 90) IS NOT TRUE THEN faute_lue('no latitude in degrees', latitude)
			WHEN longitude IS NOT NULL AND (nombre_lu(longitude) BETWEEN -180 AND 180) IS NOT TRUE THEN faute_lue('no longitude in degrees', longitude)
			WHEN (latitude IS NULL) <> (longitude IS NULL) THEN 'one of latitude and longitude is missing'
			WHEN ouvert_depuis IS NOT NULL AND date_lue(ouvert_depuis) IS NULL THEN faute_lue('no date', ouvert_depuis)
			WHEN etat_depuis IS NOT NULL AND date_lue(etat_depuis) IS NULL THEN faute_lue('no date', etat_depuis) END AS faute,
		CASE WHEN siret IS NULL THEN 'without identifier' END AS ecart$$
	WHEN registre = 'cog_communes' THEN $$
		commune_lue(code) AS code, nom, nullif(siren_lu(epci), '999999999') AS epci,
		coalesce(departement_lu(departement), left(commune_lue(code), CASE WHEN code ~ '^9[78]' THEN 3 ELSE 2 END)) AS departement,
		coalesce(CASE WHEN region ~ '^[0-9]$' THEN '0' ELSE '' END || region, (SELECT r.region FROM departement AS r
			WHERE r.code = coalesce(departement_lu(d.departement), left(commune_lue(d.code), CASE WHEN d.code ~ '^9[78]' THEN 3 ELSE 2 END)))) AS region,
		CASE WHEN commune_lue(code) IS NULL THEN faute_lue('no code of a commune', code)
			WHEN epci !~* '^z+$' AND siren_lu(epci) IS NULL THEN faute_lue('no SIREN', epci)
			WHEN departement IS NOT NULL AND departement_lu(departement) IS NULL THEN faute_lue('no code of a département', departement)
			WHEN region !~ '^[0-9]{1,3}$' THEN faute_lue('no code of a region', region) END AS faute,
		CASE WHEN code IS NULL THEN 'without code' WHEN type NOT IN ('COM', 'ARM') THEN 'delegated or associated communes' END AS ecart$$
	WHEN registre = 'cog_anciennes' THEN $$
		-- A commune that is made or made again has its own code
		commune_lue(CASE WHEN evenement IN ('20', '21') THEN code ELSE ancien END) AS ancien, commune_lue(code) AS code, date_lue(date) AS date,
		CASE WHEN commune_lue(ancien) IS NULL THEN faute_lue('no code of a commune', ancien)
			WHEN commune_lue(code) IS NULL THEN faute_lue('no code of a commune', code)
			WHEN date IS NOT NULL AND date_lue(date) IS NULL THEN faute_lue('no date', date) END AS faute,
		CASE WHEN ancien IS NULL OR code IS NULL THEN 'without code'
			WHEN evenement NOT IN ('20', '21', '30', '31', '32', '33', '34', '41', '50') OR type_avant <> 'COM' OR type_apres <> 'COM' THEN 'without change of code' END AS ecart$$
	WHEN registre = 'cog_departements' THEN $$
		departement_lu(code) AS code, nom, CASE WHEN region ~ '^[0-9]$' THEN '0' ELSE '' END || region AS region,
		CASE WHEN departement_lu(code) IS NULL THEN faute_lue('no code of a département', code)
			WHEN nom IS NULL THEN 'the name is missing'
			WHEN region !~ '^[0-9]{1,3}$' THEN faute_lue('no code of a region', region) END AS faute,
		CASE WHEN code IS NULL THEN 'without code' END AS ecart$$
	WHEN registre = 'cog_regions' THEN $$
		CASE WHEN code ~ '^[0-9]$' THEN '0' ELSE '' END || code AS code, nom,
		CASE WHEN code !~ '^[0-9]{1,3}$' THEN faute_lue('no code of a region', code) WHEN nom IS NULL THEN 'the name is missing' END AS faute,
		CASE WHEN code IS NULL THEN 'without code' END AS ecart$$
	WHEN registre = 'cpv' THEN $$
		lpad(substring(code FROM '^[0-9]+'), 8, '0') AS code, libelle,
		CASE WHEN code !~ '^([0-9]{8}|[0-9]{7})(-[0-9])?$' THEN faute_lue('no CPV code', code)
			WHEN libelle IS NULL THEN 'the label is missing' END AS faute,
		CASE WHEN code IS NULL THEN 'without code' END AS ecart$$
	-- An ESUS approval is the legal unit's, the others an establishment's
	WHEN registre IN ('esus', 'siae', 'ea', 'esat') THEN format($$
		%1$L::text AS liste, coalesce(left(siret_lu(siret), 9), siren_lu(siren)) AS siren, %2$s AS siret,
		date_lue(depuis) AS depuis, date_lue(jusque) AS jusque, nom,
		CASE WHEN siret IS NOT NULL AND siret_lu(siret) IS NULL THEN faute_lue('no SIRET', siret)
			WHEN siren IS NOT NULL AND siren_lu(siren) IS NULL THEN faute_lue('no SIREN', siren)
			WHEN left(siret_lu(siret), 9) <> siren_lu(siren) THEN format('SIRET %%s is not of SIREN %%s', siret, siren)
			WHEN depuis IS NOT NULL AND date_lue(depuis) IS NULL THEN faute_lue('no date', depuis)
			WHEN jusque IS NOT NULL AND date_lue(jusque) IS NULL THEN faute_lue('no date', jusque)
			WHEN date_lue(jusque) < date_lue(depuis) THEN format('the approval ends on %%s, before it begins on %%s', jusque, depuis) END AS faute,
		CASE WHEN siret IS NULL AND siren IS NULL THEN 'without identifier'%3$s END AS ecart$$,
		registre, CASE registre WHEN 'esus' THEN 'NULL::text' ELSE 'siret_lu(siret)' END,
		CASE registre WHEN 'siae' THEN $g$ WHEN upper(genre) NOT IN ('EI', 'ACI', 'AI', 'ETTI', 'EITI') THEN 'of another kind'$g$
			WHEN 'ea' THEN $g$ WHEN upper(genre) NOT IN ('EA', 'EATT') THEN 'of another kind'$g$
			WHEN 'esat' THEN $g$ WHEN upper(genre) IN ('EI', 'ACI', 'AI', 'ETTI', 'EITI', 'GEIQ', 'EA', 'EATT') THEN 'of another kind'$g$
			ELSE '' END)
	END;
COMMENT ON FUNCTION lecture_registre(text) IS 'Colonnes d''un registre, en SQL, d''après les champs de son fichier';
