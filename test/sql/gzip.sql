-- gzip.sql: degzip on documents that Python's gzip made of {"marches":[{"id":"1","objet":"Marché"}]}:
-- stored, level 1, level 9 with a file name, and 64 KB of spaces at level 9.
SET search_path = public, spaser;
CREATE TABLE document (nom text, octets bytea);
INSERT INTO document VALUES
	('stocke', '\x1f8b0800000000000403012a00d5ff7b226d617263686573223a5b7b226964223a2231222c226f626a6574223a224d61726368c3a9227d5d7d90c0fdd62a000000'),
	('niveau 1', '\x1f8b0800000000000403ab56ca4d2c4ace482d56b28aae56ca4c51b2523254d251ca4fca4a2d01b27d419287572ad5c6d6020090c0fdd62a000000'),
	('niveau 9, nom', '\x1f8b080800f1536502ff646563702e6a736f6e00ab56ca4d2c4ace482d56b28aae56ca4c51b2523254d251ca4fca4a2d01b27d419287572ad5c6d6020090c0fdd62a000000'),
	('blancs', '\x1f8b0800000000000203edc18100000000802095fd2917a90a0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000006a94192cb400000100');
INSERT INTO document
SELECT 'trois membres, zeros', string_agg(octets, '' ORDER BY nom) || '\x0000000000' FROM document WHERE nom <> 'blancs';

SELECT nom, convert_from(clair, 'UTF8') AS clair, octet = octet_length(octets) AS entier, reprise IS NULL AS fini
FROM document, degzip(octets) WHERE nom <> 'blancs' ORDER BY nom;
SELECT clair = convert_to(repeat(' ', 65536), 'UTF8') AS blancs FROM document, degzip(octets) WHERE nom = 'blancs';

-- Piece by piece, of any size: a piece that gives no boundary grows
CREATE FUNCTION par_morceaux(document bytea, taille integer, OUT clair bytea, OUT appels integer)
	LANGUAGE plpgsql AS $$
DECLARE
	place bigint := 0;
	longueur integer := taille;
	suite bytea;
	m record;
BEGIN
	clair := '';
	appels := 0;
	LOOP
		m := degzip(substr(document, place::integer + 1, longueur), suite, place + longueur >= octet_length(document));
		clair := clair || m.clair;
		appels := appels + 1;
		EXIT WHEN m.reprise IS NULL;
		longueur := CASE WHEN m.octet = place THEN longueur * 2 ELSE taille END;
		place := m.octet;
		suite := m.reprise;
	END LOOP;
END $$;
SELECT nom, bool_and(m.clair = d.clair) AS pareils, max(appels) > 1 AS en_morceaux
FROM document, degzip(octets) AS d, generate_series(1, octet_length(octets)) AS taille, par_morceaux(octets, taille) AS m
GROUP BY nom ORDER BY nom;
-- Every piece with fin => false, then none left
SELECT d.clair IS NOT NULL AS clair, d.octet, octet_length(octets) AS octets, f.clair AS reste, f.reprise
FROM document, degzip(octets, NULL, false) AS d, degzip('', d.reprise, true) AS f
WHERE nom = 'niveau 1';

-- NULL, and what is no document
SELECT * FROM degzip(NULL);
SELECT clair = (degzip(octets)).clair AS fin_par_defaut FROM document, degzip(octets, NULL, NULL) WHERE nom = 'stocke';
SELECT degzip('');
SELECT degzip('{"marches":[]}');
CREATE FUNCTION erreur(document bytea, suite bytea DEFAULT NULL) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	detail text;
	conseil text;
BEGIN
	PERFORM degzip(document, suite);
	RETURN 'aucune';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL, conseil = PG_EXCEPTION_HINT;
	RETURN concat_ws(' | ', SQLSTATE, SQLERRM, nullif(detail, ''), nullif(conseil, ''));
END $$;
SELECT erreur('{"marches":[]}');
SELECT erreur(substr(octets, 1, octet_length(octets) - 1)) FROM document WHERE nom = 'niveau 1';
SELECT erreur(overlay(octets PLACING '\x00' FROM octet_length(octets) - 7)) FROM document WHERE nom = 'niveau 1';
SELECT erreur(overlay(octets PLACING '\x00' FROM octet_length(octets) - 3)) FROM document WHERE nom = 'niveau 1';
SELECT erreur(overlay(octets PLACING '\xff' FROM 11)) FROM document WHERE nom = 'niveau 1';
SELECT erreur(octets || 'reste') FROM document WHERE nom = 'niveau 1';

-- 64 MB of spaces in 110 kB are a bomb; as many members of another document are none
CREATE FUNCTION fois(octets bytea, n integer) RETURNS bytea LANGUAGE sql
	RETURN (SELECT string_agg(octets, '') FROM generate_series(1, n));
SELECT regexp_replace(erreur(fois(octets, 1000)), 'offset \d+', 'offset ...') FROM document WHERE nom = 'blancs';
-- stopped once a megabyte came out, 65536 bytes a member
SELECT substring(erreur(fois(octets, 1000)) FROM 'offset (\d+)')::integer / octet_length(octets) AS membres_lus
FROM document WHERE nom = 'blancs';
SELECT octet_length(clair) FROM document, degzip(fois(octets, 100000)) WHERE nom = 'niveau 1';
-- A call that is not the last stops by itself
SELECT octet_length(clair) BETWEEN 16777216 AND 17000000 AS assez, d.octet < octet_length(o) AS il_en_reste
FROM document, fois(octets || fois((SELECT octets FROM document WHERE nom = 'stocke'), 7), 400) AS o, degzip(o, NULL, false) AS d
WHERE nom = 'blancs';

-- What degzip did not make
SELECT erreur('', '\x00');
SELECT erreur('', overlay(reprise PLACING '\x02' FROM 4)) FROM document, degzip(substr(octets, 1, 30), NULL, false) WHERE nom = 'niveau 1';
SELECT erreur('', fois('\xff', 32820));

DROP FUNCTION par_morceaux, erreur, fois;
DROP TABLE document;
