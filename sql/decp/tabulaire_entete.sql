-- tabulaire_entete.sql: what a CSV file is, before any row of it is read.
-- Part of tables.sql, in its transaction and its schema; charger_tabulaire.sql
-- calls these, on its temporary tables parametre, depot and colonne.

-- examiner_tabulaire()
--   size, SHA-256, encoding and header of the file of parametre, piece by piece.
--   Errors: 22P02 for what is no CSV (compressed, spreadsheet, UTF-16, NUL byte),
--   22023 for a separator or an encoding that is none.
CREATE FUNCTION examiner_tabulaire() RETURNS void
	LANGUAGE plpgsql
	SET search_path FROM CURRENT
AS $$
DECLARE
	p record;
	morceau CONSTANT integer := 2 * 1024 * 1024 / 6000 * 6000;
	place bigint := 0;
	octets bytea;
	reste bytea := '';
	coupe integer;
	debut bytea;
	haut text;
BEGIN
	SELECT * INTO STRICT p FROM parametre;
	IF p.separateur NOT IN ('', ',', ';', '|', E'\t') THEN
		RAISE EXCEPTION 'separator "%" is not one of , ; | tab', p.separateur
			USING ERRCODE = 'invalid_parameter_value';
	ELSIF p.encodage <> '' AND pg_char_to_encoding(p.encodage) < 0 THEN
		RAISE EXCEPTION 'encoding "%" is not known', p.encodage
			USING ERRCODE = 'invalid_parameter_value', HINT = 'UTF8, WIN1252 and LATIN9 are the usual ones.';
	END IF;
	IF p.fichier_serveur IS NULL THEN
		SELECT n * 6000 + octet_length(decode(ligne, 'base64')) INTO p.taille FROM depot ORDER BY n DESC LIMIT 1;
		SELECT sha256_morceaux(decode(ligne, 'base64')) INTO p.sha256
		FROM (SELECT ligne FROM depot ORDER BY n OFFSET 0) AS dans_l_ordre;
	ELSE
		p.taille := taille_fichier(p.fichier_serveur);
		SELECT sha256_morceaux(lire_fichier(p.fichier_serveur, octet, morceau)) INTO p.sha256
		FROM generate_series(0, p.taille, morceau) AS octet;
	END IF;
	p.taille := coalesce(p.taille, 0);

	WHILE place < p.taille LOOP
		IF p.fichier_serveur IS NULL THEN
			SELECT octets_base64(ligne, 0) INTO octets
			FROM (SELECT ligne FROM depot WHERE n >= place / 6000 AND n < (place + morceau) / 6000 ORDER BY n OFFSET 0) AS d;
		ELSE
			octets := lire_fichier(p.fichier_serveur, place, morceau);
		END IF;
		IF place = 0 THEN
			debut := octets;
			IF substr(debut, 1, 2) IN ('\x1f8b', '\x504b', '\xfffe', '\xfeff') THEN
				RAISE EXCEPTION 'file "%" is not a CSV file', p.fichier
					USING ERRCODE = 'invalid_text_representation', HINT = CASE substr(debut, 1, 2)
						WHEN '\x1f8b' THEN 'It is compressed: decompress it with gzip -d.'
						WHEN '\x504b' THEN 'It is a zip archive or a spreadsheet: extract it, or save the sheet as CSV UTF-8.'
						ELSE 'It is UTF-16: convert it with iconv -f UTF-16 -t UTF-8.' END;
			END IF;
		END IF;
		IF position('\x00'::bytea IN octets) > 0 THEN
			RAISE EXCEPTION 'file "%" is not a CSV file', p.fichier
				USING ERRCODE = 'invalid_text_representation',
					DETAIL = format('It holds a NUL byte at byte offset %s.', place + position('\x00'::bytea IN octets) - 1);
		END IF;
		place := place + octet_length(octets);
		CONTINUE WHEN p.encodage <> '';
		-- A character may lie across two pieces: its first bytes wait for the next
		octets := reste || octets;
		coupe := octet_length(octets);
		FOR i IN 1 .. least(3, coupe) LOOP
			IF get_byte(octets, coupe - i) >= 192 THEN
				IF place < p.taille AND i < (CASE WHEN get_byte(octets, coupe - i) >= 240 THEN 4
						WHEN get_byte(octets, coupe - i) >= 224 THEN 3 ELSE 2 END) THEN
					coupe := coupe - i;
				END IF;
				EXIT;
			END IF;
		END LOOP;
		reste := substr(octets, coupe + 1);
		BEGIN
			PERFORM convert_from(substr(octets, 1, coupe), 'UTF8');
		EXCEPTION WHEN character_not_in_repertoire THEN
			-- Damaged UTF-8 is no Windows-1252: where most of what is not ASCII is
			-- well-formed, COPY tells the line of the fault
			haut := convert_from(octets, 'LATIN1');
			p.encodage := CASE WHEN 2 * length(regexp_replace(regexp_replace(haut,
					'[\u00c2-\u00df][\u0080-\u00bf]|[\u00e0-\u00ef][\u0080-\u00bf]{2}|[\u00f0-\u00f4][\u0080-\u00bf]{3}', '', 'g'),
					'[\u0001-\u007f]', '', 'g')) > length(regexp_replace(haut, '[\u0001-\u007f]', '', 'g'))
				THEN 'WIN1252' ELSE 'UTF8' END;
			IF p.encodage = 'UTF8' THEN
				RAISE WARNING 'file "%" is UTF-8 with bytes that are not', p.fichier
					USING HINT = 'Removed by iconv -c -f UTF-8 -t UTF-8, it loads; or say which encoding it has: -v encodage=.';
			END IF;
		END;
	END LOOP;
	p.encodage := coalesce(nullif(p.encodage, ''), 'UTF8');

	IF p.taille > 0 THEN
		-- The first line, as CSV counts lines; a longer header is not one
		debut := substr(debut, CASE WHEN substr(debut, 1, 3) = '\xefbbbf' THEN 4 ELSE 1 END, 1000000);
		p.entete := (regexp_match(convert_from(debut, 'LATIN1'), '^(?:[^"\r\n]|"[^"]*")*'))[1];
		p.entete := convert_from(convert_to(p.entete, 'LATIN1'), p.encodage);
	END IF;
	UPDATE parametre SET taille = p.taille, sha256 = p.sha256, encodage = p.encodage, entete = p.entete;
END
$$;
COMMENT ON FUNCTION examiner_tabulaire() IS 'Taille, empreinte, encodage et en-tête du fichier CSV à charger (table temporaire parametre)';

-- reconnaitre_tabulaire()
--   the header as columns, under the separator that fits, and what each is: fills
--   colonne, completes parametre.
--   Errors: 22P02 for what is JSON, XML or has one column, 54011 beyond 1599
--   columns, 42703 when no column is the contract's id or the buyer's, 22023 for
--   a correspondance that is not known or names what is no field.
CREATE FUNCTION reconnaitre_tabulaire() RETURNS void
	LANGUAGE plpgsql
	SET search_path FROM CURRENT
AS $$
DECLARE
	p record;
	separateur_essaye text;
	meilleur bigint := -1;
	score bigint;
	jeu text;
	inconnu text;
BEGIN
	SELECT * INTO STRICT p FROM parametre;
	IF p.taille = 0 THEN
		RAISE WARNING 'file "%" is empty', p.fichier;
		RETURN;
	ELSIF p.entete ~ '^\s*[{[<]' THEN
		RAISE EXCEPTION 'file "%" is not a CSV file', p.fichier
			USING ERRCODE = 'invalid_text_representation', HINT = 'It looks like JSON or XML: use charger.sql.';
	END IF;
	FOREACH separateur_essaye IN ARRAY
		CASE WHEN p.separateur = '' THEN ARRAY[',', ';', E'\t', '|'] ELSE ARRAY[p.separateur] END
	LOOP
		CREATE TEMP TABLE essai AS
		SELECT rang, nom, nom_plie(nom) AS plie
		FROM (
			SELECT rang, btrim(CASE WHEN c[1] ~ '^\s*"' THEN replace(substring(c[1] FROM '^\s*"(.*)"\s*$'), '""', '"') ELSE c[1] END, E' \t\r\n') AS nom
			FROM regexp_matches(p.entete || separateur_essaye,
				format('(\s*"(?:[^"]|"")*"[^%1$s]*|[^%1$s]*)[%1$s]', separateur_essaye), 'g') WITH ORDINALITY AS m (c, rang)
		) AS d;
		-- What separates is first what makes names that are known
		SELECT 10000 * count(*) FILTER (WHERE EXISTS (SELECT FROM correspondance WHERE nom_plie(colonne) = plie)) + count(*)
		INTO score FROM essai;
		IF score > meilleur THEN
			meilleur := score;
			p.separateur := separateur_essaye;
			TRUNCATE colonne;
			INSERT INTO colonne (rang, nom, plie) SELECT rang, coalesce(nom, ''), coalesce(plie, '') FROM essai;
		END IF;
		DROP TABLE essai;
	END LOOP;
	IF meilleur % 10000 = 1 THEN
		RAISE EXCEPTION 'the header of "%" has one column only', p.fichier
			USING ERRCODE = 'invalid_text_representation',
				DETAIL = format('The first line reads: %s', left(p.entete, 200)),
				HINT = 'Columns are separated by , ; | or tab; -v separateur= says by which.';
	ELSIF meilleur % 10000 > 1599 THEN
		RAISE EXCEPTION 'the header of "%" has % columns', p.fichier, meilleur % 10000
			USING ERRCODE = 'too_many_columns', HINT = 'At most 1599 can be read: remove those that are not needed.';
	END IF;
	-- COPY names columns in its errors: by the header's name where a table can bear it
	UPDATE colonne AS c SET identifiant = CASE
		WHEN nom = '' OR octet_length(nom) > 60 OR nom ~ '[[:cntrl:]"\\(),]'
			OR nom IN ('tableoid', 'ctid', 'xmin', 'xmax', 'cmin', 'cmax')
			OR EXISTS (SELECT FROM colonne AS autre WHERE autre.nom = c.nom AND autre.rang < c.rang)
		THEN '(' || rang || ')' ELSE nom END;

	-- The kind of file: the one that knows most names that are not the standard's,
	-- then the one of whose names most are there
	IF p.correspondance = '' THEN
		SELECT c.nom INTO jeu
		FROM correspondance AS c
		WHERE NOT EXISTS (SELECT FROM correspondance AS d WHERE d.nom = 'decp' AND nom_plie(d.colonne) = nom_plie(c.colonne))
		GROUP BY c.nom
		HAVING count(*) FILTER (WHERE nom_plie(colonne) IN (SELECT plie FROM colonne)) > 0
		ORDER BY count(*) FILTER (WHERE nom_plie(colonne) IN (SELECT plie FROM colonne)) DESC, count(*), c.nom
		LIMIT 1;
		jeu := coalesce(jeu, 'decp');
	ELSE
		jeu := p.correspondance;
		IF NOT EXISTS (SELECT FROM correspondance WHERE nom = jeu) THEN
			RAISE EXCEPTION 'correspondance "%" is not known', jeu
				USING ERRCODE = 'invalid_parameter_value',
					HINT = format('Known are: %s.', (SELECT string_agg(DISTINCT nom, ', ') FROM correspondance));
		END IF;
	END IF;
	UPDATE colonne SET connue = true, champ = c.champ,
		valeur = lecture_tabulaire(format('valeur_tabulaire(%I)', identifiant), c.champ, c.lecture)
	FROM (
		SELECT DISTINCT ON (nom_plie(colonne)) nom_plie(colonne) AS plie, champ, lecture
		FROM correspondance WHERE nom IN (jeu, 'decp') ORDER BY nom_plie(colonne), nom = 'decp'
	) AS c
	WHERE colonne.plie = c.plie;
	SELECT string_agg(DISTINCT champ, ', ') INTO inconnu FROM colonne WHERE NOT champ_tabulaire(champ);
	IF inconnu IS NOT NULL THEN
		RAISE EXCEPTION 'correspondance "%" names fields that the DECP do not have: %', jeu, inconnu
			USING ERRCODE = 'invalid_parameter_value';
	END IF;
	IF NOT EXISTS (SELECT FROM colonne WHERE champ IN ('id', 'uid'))
		OR NOT EXISTS (SELECT FROM colonne WHERE champ IN ('acheteur.id', 'autoriteConcedante.id', 'uid')) THEN
		RAISE EXCEPTION 'no column of "%" is known to be the %', p.fichier,
			CASE WHEN EXISTS (SELECT FROM colonne WHERE champ IN ('id', 'uid')) THEN 'buyer''s identifier' ELSE 'contract''s id' END
			USING ERRCODE = 'undefined_column',
				DETAIL = format('The header reads: %s. Correspondances known: %s.',
					(SELECT string_agg(nom, ', ' ORDER BY rang) FROM colonne),
					(SELECT string_agg(DISTINCT nom, ', ') FROM correspondance)),
				HINT = format('Say what the columns are: INSERT INTO correspondance (nom, colonne, champ) VALUES (''mon_fichier'', %L, %L), ...; then load with -v correspondance=mon_fichier.',
					coalesce((SELECT nom FROM colonne WHERE champ IS NULL AND nom <> '' ORDER BY NOT connue DESC, rang LIMIT 1), 'NAME'),
					CASE WHEN EXISTS (SELECT FROM colonne WHERE champ IN ('id', 'uid')) THEN 'acheteur.id' ELSE 'id' END);
	END IF;
	RAISE NOTICE 'read as "%" (separator %, encoding %)', jeu,
		CASE p.separateur WHEN E'\t' THEN 'tab' ELSE p.separateur END, p.encodage;
	SELECT string_agg(CASE nom WHEN '' THEN format('(column %s)', rang) ELSE nom END, ', ' ORDER BY rang)
	INTO inconnu FROM colonne WHERE NOT connue;
	IF inconnu IS NOT NULL THEN
		RAISE NOTICE 'columns not known, not loaded: %', inconnu
			USING HINT = 'To load one, add a row to the table correspondance; champ brut.NAME keeps its values as they are.';
	END IF;
	UPDATE parametre SET separateur = p.separateur, correspondance = jeu;
END
$$;
COMMENT ON FUNCTION reconnaitre_tabulaire() IS 'Colonnes du fichier CSV à charger et leur sens (tables temporaires parametre et colonne)';
