-- lire_xml: XML documents give the rows that the same contracts give in JSON.

SET client_min_messages = warning;
SET search_path = spaser, public;

-- Of two encodings of one contract, what is not about the bytes
CREATE FUNCTION pg_temp.contenu(c contrat_lu) RETURNS jsonb
LANGUAGE sql AS $$ SELECT to_jsonb(c) - 'numero' - 'octet' - 'taille' $$;

-- One v1 contract and one v2 concession, with every kind of list
CREATE TEMP TABLE jumeaux (xml text, json text);
INSERT INTO jumeaux VALUES (
'<?xml version="1.0" encoding="UTF-8"?>
<marches xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="x">
 <!-- <marche><id>commented out</id></marche> -->
 <marche>
  <id>M1</id><acheteur><id>21350238800019</id><nom>Ville de &quot;Rennes&quot; &amp; m&#233;tropole</nom></acheteur>
  <objet><![CDATA[Travaux </marche> <marche>]]></objet><montant> 1250.50
  </montant><titulaires><titulaire><typeIdentifiant>SIRET</typeIdentifiant><id>34999999900008</id><denominationSociale>A</denominationSociale></titulaire>
  <titulaire><typeIdentifiant>SIRET</typeIdentifiant><id>34999999900016</id></titulaire></titulaires>
  <modifications/>
 </marche>
 <contrat-concession>
  <id>C1</id><autoriteConcedante><id>12345678901234</id></autoriteConcedante><valeurGlobale>10</valeurGlobale>
  <considerationsSociales><considerationSociale>Clause sociale</considerationSociale><considerationSociale>Marché réservé</considerationSociale></considerationsSociales>
  <modifications><modification><id>1</id><dureeMois>3</dureeMois></modification><modification><id>2</id></modification></modifications>
  <donneesExecution><donneesAnnuelles><datePublicationDonnees>2024-01-02</datePublicationDonnees>
   <tarifs><tarif><intituleTarif>Plein</intituleTarif><tarif>3.5</tarif></tarif></tarifs></donneesAnnuelles></donneesExecution>
 </contrat-concession>
</marches>',
$$[{"id":"M1","acheteur":{"id":"21350238800019","nom":"Ville de \"Rennes\" & métropole"},
 "objet":"Travaux </marche> <marche>","montant":1250.50,"titulaires":[{"typeIdentifiant":"SIRET","id":"34999999900008","denominationSociale":"A"},
 {"typeIdentifiant":"SIRET","id":"34999999900016"}],"modifications":[]},
 {"id":"C1","autoriteConcedante":{"id":"12345678901234"},"valeurGlobale":10,
 "considerationsSociales":{"considerationSociale":["Clause sociale","Marché réservé"]},
 "modifications":[{"modification":{"id":"1","dureeMois":3}},{"modification":{"id":"2"}}],
 "donneesExecution":[{"datePublicationDonnees":"2024-01-02","tarifs":[{"tarif":{"intituleTarif":"Plein","tarif":3.5}}]}]}]$$);

SELECT count(*), bool_and(pg_temp.contenu(x) = pg_temp.contenu(j)) AS egaux, array_agg(x.type_contrat ORDER BY x.numero) AS types,
	array_agg(x.format_decp ORDER BY x.numero) AS formats
FROM jumeaux, lire_xml(convert_to(xml, 'UTF8')) x
JOIN lire_json(convert_to((SELECT json FROM jumeaux), 'UTF8')) j USING (numero);

-- numero, octet and taille are places in the document
SELECT x.numero, substr(convert_to(xml, 'UTF8'), octet::int + 1, 8) AS debut,
	right(convert_from(substr(convert_to(xml, 'UTF8'), octet::int + 1, taille::int), 'UTF8'), 9) AS fin
FROM jumeaux, lire_xml(convert_to(xml, 'UTF8')) x;

-- Cut anywhere in two, the document gives the same rows
WITH d AS (SELECT convert_to(xml, 'UTF8') AS octets FROM jumeaux),
coupe AS (
	SELECT n, (SELECT array_agg(pg_temp.contenu(x) || jsonb_build_object('octet', octet) ORDER BY numero)
			FROM (SELECT * FROM lire_xml(substr(octets, 1, n), NULL, false) a WHERE numero IS NOT NULL
				UNION ALL
				SELECT b.* FROM lire_xml(substr(octets, 1, n), NULL, false) r,
					lire_xml(substr(octets, r.octet::int + 1), r.reprise) b WHERE r.numero IS NULL) x) AS lignes
	FROM d, generate_series(0, length(octets), 37) n),
entier AS (
	SELECT array_agg(pg_temp.contenu(x) || jsonb_build_object('octet', octet) ORDER BY numero) AS lignes
	FROM d, lire_xml(octets) x)
SELECT count(*) > 30 AS coupes, bool_and(coupe.lignes = entier.lignes) AS egales FROM coupe, entier;

-- A record alone, an element around, namespaces, rows of a flat export
SELECT id, objet, type_contrat FROM lire_xml('<contrat-concession><id>1</id><objet>Seul</objet></contrat-concession>');
SELECT id, objet, motif FROM lire_xml('<export><date>2024</date><d:marches xmlns:d="u"><d:marche><d:id>1</d:id><d:objet>o</d:objet></d:marche></d:marches></export>');
SELECT id, acheteur_id, objet, titulaires_identites FROM lire_xml('<csv><row><id>1</id><acheteur_id>21350238800019</acheteur_id><objet>a</objet>
	<titulaires_id>34999999900008</titulaires_id></row><row><id>2</id><objet>b</objet></row></csv>');

-- What is broken is set aside, with the reason and the place; the rest is read
SELECT numero, id, motif, detail FROM lire_xml(
'<marches>
<marche><id>1</id></marche>
<marche><id>2</id>
 <objet>R & D</objet></marche>
<marche><id>3</id><objet>&eacute;</objet></marche>
<marche><id>4</id><objet>no end
<marche><id>5</id></marche>
<autre/>
stray
<marche><id>6</id>');

-- Of a date given twice the first counts, and the other is not lost
SELECT date_publication_donnees, brut FROM lire_xml('<marche><id>1</id><datePublicationDonnees>2020-01-02</datePublicationDonnees>
	<datePublicationDonnees>2021-03-04</datePublicationDonnees></marche>');

-- Encodings: declared, not declared, declared wrongly; control characters
SELECT objet, encodage FROM lire_xml('<?xml version="1.0" encoding="ISO-8859-1"?><marche><id>1</id><objet>Caf\351 \200</objet></marche>'::bytea)
UNION ALL
SELECT objet, encodage FROM lire_xml('<marche><id>1</id><objet>Caf\351 \303\251</objet></marche>'::bytea)
UNION ALL
SELECT objet, encodage FROM lire_xml('<?xml version="1.0" encoding="utf-16"?><marche><id>1</id><objet>Caf\303\251</objet></marche>'::bytea)
UNION ALL
SELECT objet, encodage FROM lire_xml('<marche><id>1</id><objet>Caf\303\251 \001\177&#31;&#x41;</objet></marche>'::bytea);

-- Personal data of agents goes from what is set aside
SELECT motif, texte FROM lire_xml('<marche><id>1</id><acheteur><nomAgent>Dupont</nomAgent><id>2</id></acheteur><objet>a@b.fr</objet></oups></marche>');

-- Documents that are refused
SELECT * FROM lire_xml('<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><marche><id>&x;</id></marche>');
\echo :LAST_ERROR_SQLSTATE
SELECT * FROM lire_xml('{"marches":[]}');
\echo :LAST_ERROR_SQLSTATE
SELECT * FROM lire_xml('<html><body/></html>');
SELECT * FROM lire_xml('\377\376<\000'::bytea);
\echo :LAST_ERROR_SQLSTATE
SELECT * FROM lire_xml('<marche><id>1</id>', NULL, true, true);
\echo :LAST_ERROR_SQLSTATE
SELECT * FROM lire_xml('<marche/>', '\x00');
\echo :LAST_ERROR_SQLSTATE
-- a reprise of the other reader
SELECT count(*) FROM lire_json('[', NULL, false) j, lire_xml('', j.reprise);
