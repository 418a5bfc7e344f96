-- validation.sql: the rules of the reader as SQL functions, and its list of rules.
-- What is computed twice is compared: those queries count differences, and none is right.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS spaser;
SET search_path = public, spaser;
SET datestyle = 'ISO';

-- ---- SIRET and SIREN against Luhn's sum in plain SQL

-- From the right, each second digit doubled, and 9 taken from what is then above it
CREATE FUNCTION luhn(chiffres text) RETURNS integer LANGUAGE sql IMMUTABLE AS $$
	SELECT sum(CASE WHEN rang % 2 = 0 THEN chiffre * 2 - CASE WHEN chiffre > 4 THEN 9 ELSE 0 END ELSE chiffre END)::integer
	FROM regexp_split_to_table(reverse(chiffres), '') WITH ORDINALITY AS d(c, rang), LATERAL (SELECT c::integer) AS i(chiffre)
$$;
-- Numbers spread over all that have 14 digits, by a step that is prime
CREATE TABLE essai AS
SELECT lpad((n * 97856131339::bigint % 100000000000000)::text, 14, '0') AS siret FROM generate_series(1, 20000) AS n;
SELECT count(*) AS essais, count(*) FILTER (WHERE luhn(siret) % 10 = 0) BETWEEN 1800 AND 2200 AS un_dixieme_juste,
	count(*) FILTER (WHERE siret_valide(siret) <> (luhn(siret) % 10 = 0)) AS siret_differents,
	count(*) FILTER (WHERE siren_valide(left(siret, 9)) <> (luhn(left(siret, 9)) % 10 = 0)) AS siren_differents
FROM essai;
-- La Poste: the plain sum is a multiple of 5, or Luhn's of 10
SELECT count(*) AS etablissements, count(*) FILTER (WHERE siret_valide(siret) <> (somme % 5 = 0 OR luhn(siret) % 10 = 0)) AS differents
FROM generate_series(1, 3000) AS n, LATERAL (SELECT '356000000' || lpad(n::text, 5, '0')) AS s(siret),
	LATERAL (SELECT sum(c::integer) FROM regexp_split_to_table(siret, '') AS c) AS t(somme);
-- A French VAT number holds (12 + 3 * (SIREN modulo 97)) modulo 97 and the SIREN
SELECT count(*) AS numeros, count(*) FILTER (WHERE tva_valide('FR' || lpad(((12 + 3 * (siren % 97)) % 97)::text, 2, '0') || siren)) AS valides,
	count(*) FILTER (WHERE tva_valide('FR' || lpad(((13 + 3 * (siren % 97)) % 97)::text, 2, '0') || siren)) AS de_cle_fausse
FROM (SELECT left(siret, 9)::bigint FROM essai WHERE siret > '1' AND luhn(left(siret, 9)) % 10 = 0) AS e(siren);

-- The head office of La Poste; spaces, dots, hyphens; placeholders; other lengths and characters
SELECT siret, siret_valide(siret), siren_valide(siret)
FROM unnest('{35600000000048," 356 000.000-00048 ",356000000,00000000000000,12345678901234,000000000,
	3560000000004,356000000000480,3560000000004A,"",NULL}'::text[]) WITH ORDINALITY AS u(siret, n) ORDER BY n;

-- ---- Other identifiers: examples of the formats' own documentation and of published data

SELECT type, identifiant, identifiant_valide(type, identifiant)
FROM (VALUES (1, 'SIRET', '35600000000048'), (2, 'siret', '35600000000046'), (3, 'TVA', 'NL805843954B01'), (4, 'TVA', 'FR66562096297'),
	(5, 'TVA', 'FR67562096297'), (6, 'TVA', 'ZZ12345'), (7, 'TAHITI', 'A12345678'), (8, 'TAHITI', 'A1234567'), (9, 'RIDET', '0123456789'),
	(10, 'RIDET', '012345678'), (11, 'FRWF', 'FRWF12345678901234'), (12, 'FRWF', '12345678901234'), (13, 'IREP', '12345AB'), (14, 'IREP', 'AB12345'),
	(15, 'HORS-UE', 'USACME'), (16, 'HORS_UE', '1SACME'), (17, 'HORS-UE', 'US12345678901234567'), (18, 'PASSEPORT', 'USACME'))
	AS u(n, type, identifiant)
ORDER BY n;

-- ---- CPV

SELECT code, cpv_valide(code) FROM unnest('{45000000,45000000-7," 45000000-7 ",4500000,450000000,45000000-77,45000000-A,4500000A,"",NULL}'::text[])
	WITH ORDINALITY AS u(code, n) ORDER BY n;

-- ---- Amounts

-- Edges of the two rule sets; the ceiling of a concession is 15 billion
SELECT montant, montant_valide(montant) AS ministere, montant_valide(montant, 'concession') AS concession,
	montant_valide(montant, 'marche', 'decp_qualite') AS decp_qualite, montant_valide(montant, 'marche', 'aucune') AS aucune
FROM unnest('{-1,0,0.999999999,1,200,200.01,999999998.99,999999999,3000000000,3000000000.01,15000000000,15000000001,
	123456789,12345678,99999999,111111112,NaN,Infinity,NULL}'::numeric[]) WITH ORDINALITY AS u(montant, n) ORDER BY n;
-- They are profil()'s
SELECT count(*) AS differents FROM generate_series(-5, 3000000020, 999983) AS n, unnest('{ministere,decp_qualite}'::text[]) AS r(regles)
WHERE montant_valide(n, 'marche', regles) <> (attribut(profil(type_contrat => 'marche', montant => n, regles_montant => regles), 'montant') = 'utilisable');
SELECT montant_valide(1, 'bail');
SELECT montant_valide(1, 'marche', 'miennes');

SELECT texte, montant_decp(texte)
FROM unnest('{12,"1 234,56 €","1 234,56 €","1.234,56","1,234.56","1,234",1e3,-5,"12 000 euros",+7,0012.50,cher,"",NaN,1e40,
	0.1234567890123456789,NULL}'::text[]) WITH ORDINALITY AS u(texte, n) ORDER BY n;
-- What PostgreSQL writes is read back
SELECT count(*) AS nombres, count(*) FILTER (WHERE montant_decp(n::text) IS DISTINCT FROM n) AS differents
FROM (SELECT i * 7919 / 1000.0 FROM generate_series(-5000, 5000) AS i) AS t(n);

-- ---- Dates

SELECT texte, date_decp(texte)
FROM unnest('{2019-03-07,2019-3-7,2019-03-07T23:59:59,2018-11-06+01:00,2019-03-07Z,07/03/2019,07.03.2019,"September, 16 2021 00:00:00",
	2019-02-29,2020-02-29,1999-12-31,2100-01-01,0019-03-07,20190307,demain,"",NULL}'::text[]) WITH ORDINALITY AS u(texte, n) ORDER BY n;
-- Each day of the century, in two ways of writing it
SELECT count(*) AS jours, count(*) FILTER (WHERE date_decp(jour::text) IS DISTINCT FROM jour) AS iso_differents,
	count(*) FILTER (WHERE date_decp(to_char(jour, 'DD/MM/YYYY')) IS DISTINCT FROM jour) AS francais_differents
FROM (SELECT '2000-01-01'::date + n FROM generate_series(0, 36524) AS n) AS t(jour);

-- ---- Closed lists

SELECT liste, count(*), bool_and(rang BETWEEN 1 AND 10) AS rangs FROM nomenclatures() GROUP BY liste ORDER BY liste;
-- Each label and each code is recognised, in capitals and without accents too
SELECT count(*) AS non_reconnus FROM nomenclatures() AS n,
	unnest(ARRAY[libelle, upper(libelle), code, translate(libelle, 'éèêàôîç’', 'eeeaoic''')]) AS ecrit
WHERE nomenclature(liste, ecrit) IS DISTINCT FROM libelle;
SELECT nomenclature('procedure', 'Procédure concurrentielle avec négociation') AS format_1_4, nomenclature('nature', 'Convention') AS hors_liste,
	nomenclature('nature', 'March' || chr(65533)) AS abime, nomenclature('nature', NULL) AS nul;
SELECT nomenclature('metiers', 'Marché');

-- ---- The rules

SELECT famille, count(*) > 0 AS presente FROM regles() GROUP BY famille ORDER BY famille;
SELECT count(*) = count(DISTINCT regle) AS codes_uniques, bool_and(regle ~ '^[a-z][a-z0-9_]+$') AS codes_bien_formes,
	bool_and(gravite IN ('erreur', 'avertissement', 'information')) AS gravites,
	bool_and(jeux <@ '{schema_v1,schema_v2,ministere,decp_qualite,robuste,legal}') AS jeux,
	bool_and(length(libelle) > 0 AND length(source) > 0) AS libelles
FROM regles();
-- What a breach makes unknown is an attribute
SELECT regle, attribut FROM regles() WHERE attribut NOT IN (SELECT a.attribut FROM attributs() AS a);

-- A record that breaks rules carries their codes, with the field and the value
SELECT a.* FROM lire_json(convert_to('{"marches":[{"_type":"Marché","id":"2019000100","acheteur":{"id":"13000548100011","nom":"A"},
	"nature":"Marché","objet":"L&#39;eau","codeCPV":"4500","procedure":"Procédure adaptée","lieuExecution":{"code":"DEP","typeCode":"Code postal","nom":"x"},
	"dureeMois":12,"dateNotification":"2019-03-01+01:00","datePublicationDonnees":"2019-05-03","montant":"0","formePrix":"Ferme",
	"titulaires":[{"typeIdentifiant":"SIRET","id":"35600000000048","denominationSociale":"La Poste"}],"modifications":[]}]}', 'UTF8')),
	unnest(anomalies) AS a
ORDER BY 1, 2;
-- Every anomaly has a rule that the reader looks for, and a clean record has none: NULL, no empty list
SELECT anomalies IS NULL AS sans_anomalie FROM lire_json(convert_to('{"marches":[{"_type":"Marché","id":"2019000100","acheteur":{"id":"13000548100010","nom":"A"},
	"nature":"Marché","objet":"Eau","codeCPV":"45000000","procedure":"Procédure adaptée","lieuExecution":{"code":"35","typeCode":"Code département","nom":"x"},
	"dureeMois":12,"dateNotification":"2019-03-01","datePublicationDonnees":"2019-03-03","montant":120000,"formePrix":"Ferme",
	"titulaires":[{"typeIdentifiant":"SIRET","id":"35600000000048","denominationSociale":"La Poste"}],"modifications":[]}]}', 'UTF8'));
-- In XML a number is a text: no anomaly
SELECT string_agg(a.regle || ' ' || a.champ, ', ' ORDER BY 1) FROM lire_xml(convert_to('<marches><marche><id>2019000100</id><montant>120000</montant><dureeMois> 12 </dureeMois></marche></marches>',
	'UTF8')), unnest(anomalies) AS a WHERE a.regle <> 'champ_manquant';
DROP TABLE essai;
