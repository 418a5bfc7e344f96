-- tabulaire.sql: how values of CSV files are read before they become records.
-- Part of tables.sql, in its transaction and its schema; charger_tabulaire.sql
-- writes its statements with these.

-- valeur_tabulaire(texte)
--   the text without blanks around it; NULL for what exports write for nothing,
--   and for the ministry's marks of a value that is not there (formats-decp 1.5,
--   rows 30 and 31). INX, an invalid value, is left to the reader, which keeps it.
CREATE FUNCTION valeur_tabulaire(texte text) RETURNS text
	LANGUAGE SQL IMMUTABLE PARALLEL SAFE
	RETURN CASE WHEN btrim(texte, E' \t\r\n\u00a0') IN ('', 'nan', 'NaN', 'None', '<NA>', 'null', 'NULL',
			'MQ', 'MQ nan', 'MQ None', 'MQ NC', 'CDL', 'CDL nan', 'CDL None', 'CDL NC') THEN NULL
		ELSE btrim(texte, E' \t\r\n\u00a0') END;
COMMENT ON FUNCTION valeur_tabulaire(text) IS 'Valeur d''une case de CSV, NULL si elle ne dit rien';

-- liste_tabulaire(element): the list of one element; NULL for NULL.
CREATE FUNCTION liste_tabulaire(element jsonb) RETURNS jsonb
	LANGUAGE SQL IMMUTABLE PARALLEL SAFE
	RETURN CASE WHEN element IS NOT NULL THEN jsonb_build_array(element) END;
COMMENT ON FUNCTION liste_tabulaire(jsonb) IS 'Liste d''un seul élément, NULL si cet élément est NULL';

-- champ_tabulaire(champ): is this a champ that correspondance may name? NULL is.
CREATE FUNCTION champ_tabulaire(champ text) RETURNS boolean
	LANGUAGE SQL IMMUTABLE PARALLEL SAFE
	RETURN champ IS NULL OR champ ~ ('^(_type|id|uid|source|nature|objet|codeCPV|procedure|dureeMois'
		|| '|(acheteur|autoriteConcedante)\.(id|nom)|lieuExecution\.(code|typeCode|nom)'
		|| '|dateNotification|dateSignature|datePublicationDonnees|dateDebutExecution'
		|| '|montant|valeurGlobale|montantSubventionPublique|formePrix|typesPrix|techniques|modalitesExecution'
		|| '|idAccordCadre|marcheInnovant|ccag|offresRecues|attributionAvance|tauxAvance'
		|| '|typeGroupementOperateurs|sousTraitanceDeclaree|origineUE|origineFrance'
		|| '|considerationsSociales|considerationsEnvironnementales|version'
		|| '|titulaires(\[\]|_[1-9])\.(id|typeIdentifiant|denominationSociale)'
		|| '|titulaires|concessionnaires|modifications|actesSousTraitance|modificationsActesSousTraitance|donneesExecution'
		|| '|(modifications|actesSousTraitance|modificationsActesSousTraitance|donneesExecution)\[\]\.[A-Za-z.[\]]+'
		|| '|brut\..+)$');
COMMENT ON FUNCTION champ_tabulaire(text) IS 'Ce champ peut-il figurer dans correspondance ?';

-- lecture_tabulaire(expression, champ, lecture)
--   the SQL expression of a value, after what is known of such values:
--   lecture       see correspondance. What is not believed goes to the reader
--                 under the mark INX: the field is unknown, the text kept in brut
--   montant       12311111111 is how decp.info writes amounts it does not believe
--   codeCPV       00000000 is how decp.info writes that there is none
--   ccag          "Sans objet" is how decp.info writes "Pas de CCAG"
--   Source: formats-decp 1.8.1 and 1.8.3.
CREATE FUNCTION lecture_tabulaire(expression text, champ text, lecture text) RETURNS text
	LANGUAGE SQL IMMUTABLE PARALLEL SAFE
	RETURN format(CASE
		WHEN lecture = 'non_seul'
			THEN $$CASE WHEN lower(%1$s) = 'oui' THEN 'INX oui' ELSE %1$s END$$
		WHEN lecture = 'sauts'
			THEN $$replace(%1$s, '\n', E'\n')$$
		WHEN lecture = 'sans_inx'
			THEN $$CASE WHEN %1$s LIKE 'INX %%' THEN valeur_tabulaire(substr(%1$s, 5)) ELSE %1$s END$$
		WHEN lecture = 'zero_inconnu'
			THEN $$CASE WHEN %1$s !~ '^0([.,]0*)?$' THEN %1$s END$$
		WHEN champ ~ '(^|\.)(montant|valeurGlobale)$'
			THEN $$CASE WHEN %1$s IN ('12311111111', '12311111111.0') THEN 'INX ' || %1$s ELSE %1$s END$$
		WHEN champ = 'codeCPV' THEN $$nullif(%1$s, '00000000')$$
		WHEN champ = 'ccag' THEN $$CASE %1$s WHEN 'Sans objet' THEN 'Pas de CCAG' ELSE %1$s END$$
		ELSE '%1$s' END, expression);
COMMENT ON FUNCTION lecture_tabulaire(text, text, text) IS 'Expression SQL d''une valeur, compte tenu de ce que l''on sait de sa colonne';

-- objet_tabulaire(champs, valeurs)
--   the SQL expression of the JSON object that has these fields (dotted: an
--   object; with []: a list of one object), NULL when none has a value. Of
--   several expressions for one field the first that is not NULL counts.
CREATE FUNCTION objet_tabulaire(champs text[], valeurs text[]) RETURNS text
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
DECLARE
	membre record;
	membres text[] := '{}';
	morceaux text[] := '{}';
BEGIN
	FOR membre IN
		SELECT tete, min(rang) AS rang,
			array_agg(reste ORDER BY rang) FILTER (WHERE reste IS NOT NULL) AS restes,
			array_agg(valeur ORDER BY rang) FILTER (WHERE reste IS NOT NULL) AS dessous,
			string_agg(valeur, ', ' ORDER BY rang) FILTER (WHERE reste IS NULL) AS simples
		FROM (
			SELECT split_part(champ, '.', 1) AS tete, valeur, rang,
				nullif(substr(champ, length(split_part(champ, '.', 1)) + 2), '') AS reste
			FROM unnest(champs, valeurs) WITH ORDINALITY AS c (champ, valeur, rang)
		) AS c
		GROUP BY tete ORDER BY 2
	LOOP
		membres := membres || format('%L, %s', rtrim(membre.tete, '[]'), CASE
			WHEN membre.restes IS NULL THEN format('coalesce(%s)', membre.simples)
			WHEN membre.tete LIKE '%[]' THEN format('liste_tabulaire(%s)', objet_tabulaire(membre.restes, membre.dessous))
			ELSE objet_tabulaire(membre.restes, membre.dessous) END);
		-- A function takes a hundred arguments at most
		IF cardinality(membres) = 40 THEN
			morceaux := morceaux || format('jsonb_build_object(%s)', array_to_string(membres, ', '));
			membres := '{}';
		END IF;
	END LOOP;
	IF membres <> '{}' THEN
		morceaux := morceaux || format('jsonb_build_object(%s)', array_to_string(membres, ', '));
	END IF;
	RETURN CASE WHEN morceaux = '{}' THEN 'NULL::jsonb'
		ELSE format('nullif(jsonb_strip_nulls(%s), ''{}'')', array_to_string(morceaux, ' || ')) END;
END
$$;
COMMENT ON FUNCTION objet_tabulaire(text[], text[]) IS 'Expression SQL de l''objet JSON qui a ces champs et ces valeurs';

-- enchainer_etats()
--   tells, in the temporary table chaine, which states (temporary table etat)
--   follow one another as versions of one contract. Within what is the same
--   contract by all its own columns, a later state goes on from the one that had
--   the same holders (SIREN: an establishment may move), else some of them; the same amount decides between two. A
--   state with other holders goes on only where nothing else changed and nothing
--   else is there: holders of a contract may change, but so do those of lots
--   under one number. Nobody's successor is a contract of its own: two lots
--   joined would lose one, so what is in doubt stays apart. Groups of more than
--   100 states are not looked into, which bounds the time.
CREATE FUNCTION enchainer_etats() RETURNS void
	LANGUAGE plpgsql
	SET search_path FROM CURRENT
AS $$
DECLARE
	e record;
	groupe_courant uuid;
	-- Of each contract of the group its first line, and what its last state said
	tetes bigint[];
	rangs bigint[];
	montants text[];
	durees text[];
	titulaires jsonb[];
	note integer;
	essai integer;
	choix integer;
BEGIN
	FOR e IN
		SELECT numero, groupe, rang, montant, duree, count(*) OVER (PARTITION BY groupe, rang) AS voisins,
			ARRAY(SELECT DISTINCT CASE WHEN q ~ '^[0-9]{14}$' THEN left(q, 9) ELSE q END FROM unnest(qui) AS q ORDER BY 1) AS qui
		FROM (
			SELECT *, count(*) OVER (PARTITION BY groupe) AS etats,
				min(rang) OVER (PARTITION BY groupe, qui, montant) < rang AS connu
			FROM etat
		) AS t
		WHERE etats BETWEEN 2 AND 100
		ORDER BY groupe, rang, connu DESC, numero
	LOOP
		IF e.groupe IS DISTINCT FROM groupe_courant THEN
			groupe_courant := e.groupe;
			tetes := '{}'; rangs := '{}'; montants := '{}'; durees := '{}'; titulaires := '{}';
		END IF;
		choix := NULL;
		note := 0;
		FOR i IN 1 .. cardinality(tetes) LOOP
			CONTINUE WHEN rangs[i] >= e.rang;
			essai := CASE
				WHEN titulaires[i] = to_jsonb(e.qui) THEN 4
				WHEN titulaires[i] ?| e.qui THEN 2
				WHEN cardinality(tetes) = 1 AND e.voisins = 1
					AND montants[i] IS NOT DISTINCT FROM e.montant AND durees[i] IS NOT DISTINCT FROM e.duree THEN 1
				ELSE 0 END;
			IF essai > 0 AND montants[i] IS NOT DISTINCT FROM e.montant THEN
				essai := essai + 1;
			END IF;
			IF essai > note THEN
				note := essai;
				choix := i;
			END IF;
		END LOOP;
		IF choix IS NULL THEN
			choix := cardinality(tetes) + 1;
			tetes[choix] := e.numero;
		ELSE
			INSERT INTO chaine (numero, tete) VALUES (e.numero, tetes[choix]);
		END IF;
		rangs[choix] := e.rang;
		montants[choix] := e.montant;
		durees[choix] := e.duree;
		titulaires[choix] := to_jsonb(e.qui);
	END LOOP;
END
$$;
COMMENT ON FUNCTION enchainer_etats() IS 'Versions successives d''un même contrat parmi les états lus d''un CSV (tables temporaires etat et chaine)';
