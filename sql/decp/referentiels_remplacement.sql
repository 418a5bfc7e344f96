-- referentiels_remplacement.sql: what was read of a file is judged, then replaces
-- the register. Part of referentiels.sql, in its transaction and its schema.

-- table_registre(registre): the table of a register, the columns that are its
-- key, whether a repeated line is a fault even where it says the same; no row for
-- an unknown register.
CREATE FUNCTION table_registre(registre text, OUT nom text, OUT cle text[], OUT unique_stricte boolean)
	RETURNS SETOF record
	LANGUAGE SQL IMMUTABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
	SELECT t.nom, t.cle, t.unique_stricte
	FROM (VALUES
		('sirene_unites', 'unite_legale', ARRAY['siren'], true),
		('sirene_etablissements', 'etablissement', ARRAY['siret'], true),
		('cog_communes', 'commune', ARRAY['code'], false),
		('cog_anciennes', 'commune_ancienne', ARRAY['ancien'], false),
		('cog_departements', 'departement', ARRAY['code'], false),
		('cog_regions', 'region', ARRAY['code'], false),
		('cpv', 'cpv', ARRAY['code'], false),
		('esus', 'agrement', NULL, false),
		('siae', 'agrement', NULL, false),
		('ea', 'agrement', NULL, false),
		('esat', 'agrement', NULL, false)) AS t (registre, nom, cle, unique_stricte)
	WHERE t.registre = table_registre.registre;
END;
COMMENT ON FUNCTION table_registre(text) IS 'Table d''un registre, sa clé, et si une ligne répétée y est une faute';

-- encodage_referentiel()
--   the encoding of depot_referentiel: the one that was given, UTF8 where all of
--   it is, else WIN1252. Error 22021 where it is UTF-8 with damaged lines.
CREATE FUNCTION encodage_referentiel() RETURNS text
	LANGUAGE plpgsql
	SET search_path FROM CURRENT
AS $$
DECLARE
	p record;
	textes text;
	bons bigint;
	mauvais bigint;
	premiere bigint;
BEGIN
	SELECT * INTO STRICT p FROM parametre_referentiel;
	SELECT string_agg(quote_ident(champ), ', ') INTO textes FROM champ_referentiel
	WHERE registre = p.registre AND champ IN ('nom', 'libelle');
	IF p.encodage <> '' OR textes IS NULL THEN
		RETURN coalesce(nullif(p.encodage, ''), 'UTF8');
	END IF;
	EXECUTE format('SELECT count(*) FILTER (WHERE est_utf8(texte)), count(*) FILTER (WHERE NOT est_utf8(texte)), min(ligne) FILTER (WHERE NOT est_utf8(texte))
		FROM (SELECT ligne, concat_ws('','', %s) AS texte FROM depot_referentiel) AS d WHERE texte ~ ''[\u0080-\u00ff]''', textes)
	INTO bons, mauvais, premiere;
	IF mauvais > 0 AND bons > mauvais THEN
		RAISE EXCEPTION 'file "%" is UTF-8 with bytes that are not', p.fichier
			USING ERRCODE = 'character_not_in_repertoire', DETAIL = format('Lines: %s, the first is line %s.', mauvais, premiere),
				HINT = 'Removed by iconv -c -f UTF-8 -t UTF-8, it loads; or say which encoding it has: -v encodage=.';
	END IF;
	RETURN CASE WHEN mauvais > 0 THEN 'WIN1252' ELSE 'UTF8' END;
END
$$;
COMMENT ON FUNCTION encodage_referentiel() IS 'Encodage du fichier d''un registre (table temporaire depot_referentiel)';

-- lire_referentiel()
--   the lines of depot_referentiel as rows of the register: the table neuf.
--   Errors: 22P02 for lines that cannot be read, which are told, unless
--   parametre_referentiel.tolerer: then they are left out.
CREATE FUNCTION lire_referentiel() RETURNS void
	LANGUAGE plpgsql
	SET search_path FROM CURRENT
AS $$
DECLARE
	p record;
	fautes text;
	combien bigint;
BEGIN
	SELECT * INTO STRICT p FROM parametre_referentiel;
	p.encodage := encodage_referentiel();
	UPDATE parametre_referentiel SET encodage = p.encodage,
		lignes = (SELECT -ligne - 1 FROM depot_referentiel WHERE ligne < 0);
	-- OFFSET 0: each value is cleaned once, however often it is looked at
	EXECUTE format('CREATE TEMP TABLE neuf ON COMMIT DROP AS SELECT ligne, %s FROM (SELECT ligne, %s FROM depot_referentiel WHERE ligne > 0 OFFSET 0) AS d%s',
		lecture_registre(p.registre),
		(SELECT string_agg(format(CASE WHEN champ IN ('nom', 'libelle') THEN 'valeur_registre(texte_decode(%1$I, %2$L)) AS %1$I'
				ELSE 'valeur_registre(%1$I) AS %1$I' END, champ, p.encodage), ', ')
			FROM champ_referentiel WHERE registre = p.registre),
		-- Overseas, SIRENE's coordinates are of other projections
		CASE WHEN p.registre = 'sirene_etablissements' THEN
			$g$ LEFT JOIN LATERAL point_lambert93(CASE WHEN code_commune !~ '^9[78]' THEN nombre_lu(abscisse) END, nombre_lu(ordonnee)) AS point (lat, long) ON latitude IS NULL$g$
			ELSE '' END);
	IF p.tolerer THEN
		UPDATE neuf SET ecart = 'illegible' WHERE ecart IS NULL AND faute IS NOT NULL;
	END IF;
	SELECT count(*) INTO combien FROM neuf WHERE ecart IS NULL AND faute IS NOT NULL;
	IF combien > 0 THEN
		SELECT string_agg(format('Line %s: %s.', ligne, faute), ' ' ORDER BY ligne) INTO fautes
		FROM (SELECT ligne, faute FROM neuf WHERE ecart IS NULL AND faute IS NOT NULL ORDER BY ligne LIMIT 5) AS f;
		RAISE EXCEPTION 'file "%" has lines that cannot be read: %', p.fichier, combien
			USING ERRCODE = 'invalid_text_representation', DETAIL = fautes,
				HINT = 'Mend them; or leave them out with -v tolerer=1.';
	END IF;
	IF p.filtre THEN
		EXECUTE format('UPDATE neuf SET ecart = ''named by no contract'' WHERE ecart IS NULL AND %I NOT IN (SELECT id FROM nomme)',
			(SELECT cle[1] FROM table_registre(p.registre)));
	END IF;
END
$$;
COMMENT ON FUNCTION lire_referentiel() IS 'Lignes du fichier d''un registre, lues (tables temporaires depot_referentiel et neuf)';

-- succession_communes()
--   of neuf, keeps for each code that has gone the commune of today: the latest
--   change of a code counts, and changes are followed. A code that still exists,
--   or has several successors, is left out.
CREATE FUNCTION succession_communes() RETURNS void
	LANGUAGE plpgsql
	SET search_path FROM CURRENT
AS $$
BEGIN
	UPDATE neuf SET ecart = 'superseded' FROM (SELECT ancien AS a, max(date) AS derniere FROM neuf WHERE ecart IS NULL GROUP BY ancien) AS m
	WHERE ancien = a AND date < derniere AND ecart IS NULL;
	UPDATE neuf SET ecart = 'of codes that exist' FROM (SELECT DISTINCT ancien AS a FROM neuf WHERE ecart IS NULL AND ancien = code) AS m
	WHERE ancien = a AND ecart IS NULL;
	UPDATE neuf SET ecart = 'with several successors' FROM (SELECT ancien AS a FROM neuf WHERE ecart IS NULL GROUP BY ancien HAVING count(DISTINCT code) > 1) AS m
	WHERE ancien = a AND ecart IS NULL;
	-- Each step is of the same day or later, so that codes given back end
	WITH RECURSIVE suite AS (
		(SELECT DISTINCT ON (ancien) ligne, ancien AS depart, code AS fin, date, 1 AS pas FROM neuf WHERE ecart IS NULL ORDER BY ancien, ligne)
		UNION ALL
		SELECT s.ligne, depart, n.code, n.date, pas + 1
		FROM suite AS s JOIN neuf AS n ON n.ancien = s.fin AND n.ecart IS NULL AND (n.date >= s.date OR n.date IS NULL OR s.date IS NULL)
		WHERE pas < 20 AND s.fin <> depart
	)
	UPDATE neuf SET code = fin FROM (SELECT DISTINCT ON (ligne) ligne AS l, fin FROM suite ORDER BY ligne, pas DESC) AS s WHERE ligne = l;
	UPDATE neuf SET ecart = 'of codes that exist' WHERE ecart IS NULL AND code = ancien;
END
$$;
COMMENT ON FUNCTION succession_communes() IS 'Codes de communes disparus et commune d''aujourd''hui (table temporaire neuf)';

-- dedoublonner_referentiel()
--   of neuf, leaves out lines that repeat another. Errors, with the lines: 23505
--   where a key comes twice with other values (or comes twice at all, in SIRENE),
--   23P01 where two approvals of one structure overlap and
--   parametre_referentiel.chevauchements is not set.
CREATE FUNCTION dedoublonner_referentiel() RETURNS void
	LANGUAGE plpgsql
	SET search_path FROM CURRENT
AS $$
DECLARE
	p record;
	t record;
	doubles text;
BEGIN
	SELECT * INTO STRICT p FROM parametre_referentiel;
	SELECT * INTO STRICT t FROM table_registre(p.registre);
	IF p.registre = 'cog_anciennes' THEN
		PERFORM succession_communes();
	END IF;
	IF NOT t.unique_stricte THEN
		EXECUTE format('UPDATE neuf SET ecart = ''repeated'' FROM (
				SELECT ligne AS l, row_number() OVER (PARTITION BY %s ORDER BY ligne) AS rang FROM neuf WHERE ecart IS NULL) AS r
			WHERE ligne = l AND rang > 1',
			CASE WHEN t.nom = 'agrement' THEN 'siren, siret, depuis, jusque'
				ELSE (SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute
					WHERE attrelid = t.nom::regclass AND attnum > 0 AND NOT attisdropped) END);
	END IF;
	IF t.nom = 'agrement' THEN
		SELECT string_agg(d, ' ') INTO doubles FROM (
			SELECT format('Lines %s and %s: %s, until %s and from %s.', avant, ligne, coalesce(siret, siren),
				coalesce(fin::text, '(no end)'), coalesce(depuis::text, '(no beginning)')) AS d
			FROM (
				SELECT *, lag(ligne) OVER w AS avant, lag(coalesce(jusque, 'infinity')) OVER w AS fin
				FROM neuf WHERE ecart IS NULL
				WINDOW w AS (PARTITION BY siren, siret ORDER BY coalesce(depuis, '-infinity'), coalesce(jusque, 'infinity'))
			) AS n
			WHERE coalesce(depuis, '-infinity') <= fin
			ORDER BY ligne LIMIT 5
		) AS c;
		IF doubles IS NOT NULL AND NOT p.chevauchements THEN
			RAISE EXCEPTION 'file "%" has approvals of one structure that overlap', p.fichier
				USING ERRCODE = 'exclusion_violation', DETAIL = doubles,
					HINT = 'Mend them; or load it as it is with -v chevauchements=1: a structure is then approved on each day that one of them covers.';
		END IF;
		RETURN;
	END IF;
	EXECUTE format('SELECT string_agg(format(''Lines %%s: %%s.'', lignes, cle), '' '') FROM (
			SELECT array_to_string((array_agg(ligne ORDER BY ligne))[1:5], '', '') AS lignes, %1$I AS cle
			FROM neuf WHERE ecart IS NULL GROUP BY %1$I HAVING count(*) > 1 ORDER BY min(ligne) LIMIT 5) AS d', t.cle[1])
	INTO doubles;
	IF doubles IS NOT NULL THEN
		RAISE EXCEPTION 'file "%" says one % twice', p.fichier, t.cle[1]
			USING ERRCODE = 'unique_violation', DETAIL = doubles, HINT = 'Which of the lines is right cannot be told: remove the others.';
	END IF;
END
$$;
COMMENT ON FUNCTION dedoublonner_referentiel() IS 'Lignes répétées ou contradictoires du fichier d''un registre (table temporaire neuf)';

-- remplacer_referentiel()
--   the register becomes what neuf keeps: rows that are not there go, others are
--   added or changed, those that are the same are not touched. With
--   parametre_referentiel.ajouter nothing goes, and what the file does not say
--   stays. Returns what a person is told.
CREATE FUNCTION remplacer_referentiel() RETURNS text
	LANGUAGE plpgsql
	SET search_path FROM CURRENT
AS $$
DECLARE
	p record;
	t record;
	colonnes text;
	ote bigint := 0;
	ecrit bigint;
	garde bigint;
BEGIN
	SELECT * INTO STRICT p FROM parametre_referentiel;
	SELECT * INTO STRICT t FROM table_registre(p.registre);
	SELECT count(*) INTO garde FROM neuf WHERE ecart IS NULL;
	IF garde = 0 AND NOT p.filtre THEN
		RAISE EXCEPTION 'file "%" has no line for the register "%"', p.fichier, p.registre
			USING ERRCODE = 'no_data_found', DETAIL = format('Lines read: %s.', p.lignes);
	END IF;
	EXECUTE format('LOCK TABLE %I IN SHARE ROW EXCLUSIVE MODE', t.nom);
	SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) INTO colonnes FROM pg_attribute
	WHERE attrelid = t.nom::regclass AND attnum > 0 AND NOT attisdropped;
	IF t.nom = 'agrement' THEN
		INSERT INTO liste_agrement VALUES (p.registre, p.complete_depuis, p.complete_jusque, p.source_publique, p.date_source)
		ON CONFLICT (liste) DO UPDATE SET complete_depuis = EXCLUDED.complete_depuis, complete_jusque = EXCLUDED.complete_jusque,
			source = EXCLUDED.source, date_source = EXCLUDED.date_source;
		-- Few rows, without a key: as they were, or all of them anew
		EXECUTE format('CREATE TEMP TABLE voulu ON COMMIT DROP AS SELECT %1$s FROM neuf WHERE ecart IS NULL%2$s', colonnes,
			CASE WHEN p.ajouter THEN format(' UNION SELECT %s FROM agrement WHERE liste = %L', colonnes, p.registre) ELSE '' END);
		IF EXISTS (SELECT FROM (TABLE voulu EXCEPT ALL SELECT * FROM agrement WHERE liste = p.registre) AS d)
			OR EXISTS (SELECT FROM (SELECT * FROM agrement WHERE liste = p.registre EXCEPT ALL TABLE voulu) AS d) THEN
			DELETE FROM agrement WHERE liste = p.registre;
			GET DIAGNOSTICS ote = ROW_COUNT;
			INSERT INTO agrement TABLE voulu;
			GET DIAGNOSTICS ecrit = ROW_COUNT;
		ELSE
			ecrit := 0;
		END IF;
	ELSE
		ANALYZE neuf;
		IF NOT p.ajouter THEN
			EXECUTE format('DELETE FROM %1$I AS t WHERE NOT EXISTS (SELECT FROM neuf AS n WHERE n.ecart IS NULL AND n.%2$I = t.%2$I)', t.nom, t.cle[1]);
			GET DIAGNOSTICS ote = ROW_COUNT;
		END IF;
		EXECUTE (SELECT format('INSERT INTO %1$I AS t (%2$s) SELECT %2$s FROM neuf WHERE ecart IS NULL
			ON CONFLICT (%3$I) DO UPDATE SET (%2$s) = ROW (%4$s) WHERE (t.*) IS DISTINCT FROM (SELECT r FROM (SELECT %4$s) AS r)',
				t.nom, colonnes, t.cle[1],
				string_agg(format(CASE WHEN p.ajouter THEN 'coalesce(EXCLUDED.%1$I, t.%1$I)' ELSE 'EXCLUDED.%1$I' END, attname), ', ' ORDER BY attnum))
			FROM pg_attribute WHERE attrelid = t.nom::regclass AND attnum > 0 AND NOT attisdropped);
		GET DIAGNOSTICS ecrit = ROW_COUNT;
	END IF;
	EXECUTE format('ANALYZE %I', t.nom);
	INSERT INTO referentiel (registre, fichier, source_publique, date_source, lignes, retenues, ecartees)
	VALUES (p.registre, p.fichier, p.source_publique, p.date_source, p.lignes, garde, p.lignes - garde)
	ON CONFLICT (registre) DO UPDATE SET fichier = EXCLUDED.fichier, source_publique = EXCLUDED.source_publique, date_source = EXCLUDED.date_source,
		lignes = EXCLUDED.lignes, retenues = EXCLUDED.retenues, ecartees = EXCLUDED.ecartees, manquants = NULL, charge_le = EXCLUDED.charge_le;
	UPDATE referentiel AS r SET manquants = m.manquants FROM referentiel_manquant AS m
	WHERE m.registre = r.registre AND r.registre = p.registre;
	RETURN format('register "%s": %s lines, %s kept%s; %s rows written, %s removed', p.registre, p.lignes, garde,
		coalesce((SELECT ' (left out: ' || string_agg(format('%s %s', combien, ecart), ', ' ORDER BY ecart) || ')' FROM (
			SELECT ecart, count(*) AS combien FROM neuf WHERE ecart IS NOT NULL GROUP BY ecart
			UNION ALL
			SELECT 'named by no contract', p.lignes - count(*) FROM neuf HAVING p.lignes > count(*)) AS e), ''), ecrit, ote);
END
$$;
COMMENT ON FUNCTION remplacer_referentiel() IS 'Le registre devient ce que son fichier en dit (table temporaire neuf) ; ce qui n''a pas changé n''est pas réécrit';
