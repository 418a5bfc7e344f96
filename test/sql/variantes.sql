-- variantes.sql: the fifty variants of DECP documents that are met in the wild,
-- each under its number (0: nested objects and closed lists). Every case stands with what its
-- rule says must be read, written by hand; the last queries show what was read,
-- the cases where that differs (none), and the numbers without a case (none).
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS spaser;
SET search_path = public, spaser;
SET datestyle = 'ISO';

CREATE TEMP TABLE constat (ligne integer, cas text, lu text, attendu text, CHECK (ligne BETWEEN 0 AND 50));

CREATE FUNCTION pg_temp.lire(document text) RETURNS SETOF contrat_lu
LANGUAGE sql AS 'SELECT * FROM lire_json(convert_to(document, ''UTF8''))';

-- The record that holds an id, a buyer, and these members
CREATE FUNCTION pg_temp.un(membres text) RETURNS contrat_lu
LANGUAGE sql AS $$
	SELECT l FROM pg_temp.lire('{"marches":[{"id":"1","acheteur":{"id":"21440999700019"},' || membres || '}]}') AS l
$$;

-- "1 2 -": the id of each record of a document, or the reason why it is none
CREATE FUNCTION pg_temp.ids(document text) RETURNS text
LANGUAGE sql AS $$
	SELECT string_agg(coalesce('(' || motif || ')', CASE type_contrat WHEN 'concession' THEN 'c:' ELSE '' END || id), ' ' ORDER BY numero)
	FROM pg_temp.lire(document)
$$;

-- "SIRET 7, TVA FR1": holders in the order read, "-" for what is unknown
CREATE FUNCTION pg_temp.titulaires(liste titulaire_lu[]) RETURNS text
LANGUAGE sql AS $$
	SELECT coalesce(string_agg(concat_ws(' ', type_identifiant, identifiant, denomination_sociale), ', ' ORDER BY rang), '-')
	FROM unnest(liste) WITH ORDINALITY AS t(type_identifiant, identifiant, siren, denomination_sociale, rang)
$$;

-- The holders of a record whose list is this
CREATE FUNCTION pg_temp.liste(titulaires text) RETURNS text
LANGUAGE sql AS $$ SELECT pg_temp.titulaires((pg_temp.un('"titulaires":' || titulaires)).titulaires) $$;

-- "id montant duree [holders]" of each modification of a record whose list is this
CREATE FUNCTION pg_temp.modifications(liste text) RETURNS text
LANGUAGE sql AS $$
	SELECT coalesce(string_agg(concat_ws(' ', coalesce(id, '-'), montant, duree_mois, date_notification,
		CASE WHEN titulaires IS NOT NULL THEN '[' || pg_temp.titulaires(titulaires) || ']' END), '; ' ORDER BY rang), '-')
	FROM unnest((pg_temp.un('"modifications":' || liste)).modifications) WITH ORDINALITY
		AS m(id, objet, duree_mois, montant, date_notification, date_publication_donnees, titulaires, rang)
$$;

-- A value, and what was kept of it where it could not be read
CREATE FUNCTION pg_temp.et_brut(valeur anyelement, brut jsonb, champ text) RETURNS text
LANGUAGE sql AS $$ SELECT coalesce(valeur::text, '-') || coalesce(' (' || (brut ->> champ) || ')', '') $$;

CREATE FUNCTION pg_temp.montant(texte text) RETURNS text
LANGUAGE sql AS $$ SELECT pg_temp.et_brut(l.montant, l.brut, 'montant') FROM pg_temp.un('"montant":' || texte) AS l $$;

CREATE FUNCTION pg_temp.duree(texte text) RETURNS text
LANGUAGE sql AS $$ SELECT pg_temp.et_brut(l.duree_mois, l.brut, 'dureeMois') FROM pg_temp.un('"dureeMois":' || texte) AS l $$;

CREATE FUNCTION pg_temp.notification(texte text) RETURNS text
LANGUAGE sql AS $$
	SELECT pg_temp.et_brut(l.date_notification, l.brut, 'dateNotification')
	FROM pg_temp.un('"dateNotification":"' || texte || '"') AS l
$$;

CREATE FUNCTION pg_temp.erreur(octets bytea) RETURNS text
LANGUAGE plpgsql AS $$
BEGIN
	PERFORM lire_json(octets);
	RETURN 'lu';
EXCEPTION WHEN OTHERS THEN
	RETURN SQLSTATE || ' ' || SQLERRM;
END $$;

-- ---- 1 to 8: bytes and words that JSON does not have

INSERT INTO constat VALUES
-- a byte order mark says nothing, wherever files were put end to end
(1, 'byte order mark', pg_temp.ids(U&'\FEFF{"marches":[{"id":"1","objet":"a"}]}'), '1'),
(1, 'two files end to end, each with its mark',
	pg_temp.ids(U&'\FEFF[{"id":"1","objet":"a"}]\000A\FEFF[{"id":"2","objet":"b"}]'), '1 2'),
-- bytes that are no UTF-8 are Windows-1252, and the record says so; PostgreSQL's conversion made them
(2, 'Windows-1252', (SELECT objet || ' / ' || encodage
	FROM lire_json(convert_to('[{"id":"1","objet":"École, cœur, 5 €, l’eau"}]', 'WIN1252'))),
	'École, cœur, 5 €, l’eau / windows-1252'),
(2, 'a label of it', (SELECT nature FROM lire_json(convert_to('[{"id":"1","nature":"Marché"}]', 'WIN1252'))), 'Marché'),
(2, 'UTF-8 and Windows-1252 end to end', (SELECT string_agg(concat_ws(' ', objet, encodage), ', ' ORDER BY numero)
	FROM lire_json(convert_to('[{"id":"1","objet":"é"}]', 'UTF8') || convert_to('[{"id":"2","objet":"è"}]', 'WIN1252'))),
	'é, è windows-1252'),
-- what was lost before is not found again, but labels are told apart without it; prose stays as it is
(3, 'U+FFFD', (SELECT concat_ws(' / ', nature, procedure, objet) FROM pg_temp.un(
	U&'"nature":"March\FFFD subs\FFFDquent","procedure":"Proc\FFFDdure adapt\FFFDe","objet":"R\FFFDfection"')),
	U&'Marché subséquent / Procédure adaptée / R\FFFDfection'),
(3, 'two for one character, and for œ', (SELECT concat_ws(' / ', nature, ccag) FROM pg_temp.un(
	U&'"nature":"March\FFFD\FFFD","ccag":"Maitrise d''\FFFDuvre"')), 'Marché / Maitrise d''œuvre'),
-- XML: the tests of lire_xml have its prolog; a reader of JSON does not take it for JSON
(4, 'XML', pg_temp.erreur('<?xml version="1.0" encoding="utf-16"?><marches/>'), '22032 not a DECP JSON document'),
-- control characters mean nothing in a text; tabs and line ends are blanks
(5, 'control characters', (SELECT replace(objet, E'\t', '<tab>') FROM pg_temp.un(
	E'"objet":"\x01a\x0Bb\x1Fc\x7F\td\\u0002e"')), 'abc<tab>de'),
-- a backslash that escapes nothing is one
(6, 'backslashes', (SELECT objet FROM pg_temp.un('"objet":"a\ b\q \\ C:\dossier"')), 'a\ b\q \ C:\dossier'),
-- a quote that is not escaped costs its record, and no other
(6, 'a quoted word', pg_temp.ids('[{"id":"1","objet":"a"},{"id":"2","objet":"lot "gros œuvre" bâtiment"},{"id":"3","objet":"c"}]'), '1 (json) 3'),
(6, 'quotes before commas', pg_temp.ids('[{"id":"1","objet":"a"},{"id":"2","objet":"lots "A", "B" et "C", bâtiment"},{"id":"3","objet":"c"}]'), '1 (json) 3'),
(6, 'a quote at the end', pg_temp.ids('[{"id":"1","objet":"a"},{"id":"2","objet":"lot "A""},{"id":"3","objet":"c"}]'), '1 (json) 3'),
(6, 'an odd one', pg_temp.ids('[{"id":"1","objet":"a"},{"id":"2","objet":"écran 24" plat","montant":5},{"id":"3","objet":"c"}]'), '1 (json) 3'),
(6, 'brackets inside', pg_temp.ids('[{"id":"1","objet":"a"},{"id":"2","objet":"lot "A" (voir {annexe} [1])","montant":5},{"id":"3","objet":"c"}]'), '1 (json) 3'),
(6, 'a bracket behind a comma', pg_temp.ids('[{"id":"1","objet":"a"},{"id":"2","objet":"lot "A", [tranche 1]","montant":5},{"id":"3","objet":"c"},{"id":"4","objet":"d"}]'), '1 (json) 3 4'),
(6, 'a colon behind the last one', pg_temp.ids('[{"id":"1","objet":"a"},{"id":"2","objet":"lot "A" :"},{"id":"3","objet":"c"},{"id":"4","objet":"d"}]'), '1 (json) 3 4'),
-- words for no number are no value
(7, 'NaN', (SELECT concat_ws(' / ', coalesce(montant::text, '-'), coalesce(duree_mois::text, '-'), cardinality(titulaires), nature)
	FROM pg_temp.un('"montant":NaN,"dureeMois":nan,"titulaires":NaN,"tauxAvance":-Infinity,"nature":"Marché","origineUE":Infinity')),
	'- / - / Marché'),
(8, 'no byte', (SELECT count(*)::text FROM lire_json('')), '0'),
(8, 'no contract', (SELECT count(*)::text FROM pg_temp.lire('{"marches":[]}')), '0');

-- ---- 9 to 15: documents

INSERT INTO constat VALUES
(9, 'root of v1', (SELECT string_agg(id || ' ' || type_contrat || ' v' || format_decp, ', ' ORDER BY numero) FROM pg_temp.lire(
	'{"marches":[{"id":"1","_type":"Marché","objet":"a"},{"id":"2","_type":"Contrat de concession","objet":"b"}]}')),
	'1 marche v1, 2 concession v1'),
(10, 'root of v2', (SELECT string_agg(id || ' ' || type_contrat || ' v' || format_decp, ', ' ORDER BY numero) FROM pg_temp.lire(
	'{"marches":{"marche":[{"id":"1","objet":"a"}],"contrat-concession":[{"id":"2","objet":"b"}]}}')),
	'1 marche v2, 2 concession v2'),
(11, 'one object in place of a list', pg_temp.ids(
	'{"marches":{"marche":{"id":"1","objet":"a"},"contrat-concession":{"id":"2","objet":"b"}}}'), '1 c:2'),
(12, 'null among records', pg_temp.ids('{"marches":[null,{"id":"1","objet":"a"},null]}'), '(nul) 1 (nul)'),
(13, 'bare array', pg_temp.ids('[{"id":"1","objet":"a"},{"id":"2","objet":"b"}]'), '1 2'),
(13, 'one record a line', pg_temp.ids(E'{"id":"1","objet":"a"}\r\n\n{"id":"2","objet":"b"}\n'), '1 2'),
(13, 'one contract', pg_temp.ids('{"id":"1","acheteur":{"id":"21440999700019"},"objet":"a"}'), '1'),
(13, 'flat export in lower case', (SELECT concat_ws(' / ', id, acheteur_id, code_cpv, date_notification, lieu_execution_code, pg_temp.titulaires(titulaires))
	FROM pg_temp.lire('[{"id":"1","acheteur_id":"21440999700019","codecpv":"45000000","datenotification":"2019-03-07",
		"lieuexecution_code":"44","titulaire_id_1":"81223113200026","titulaire_typeidentifiant_1":"SIRET"}]')),
	'1 / 21440999700019 / 45000000 / 2019-03-07 / 44 / SIRET 81223113200026'),
-- compressed bytes are told by their first ones before any reader sees them; this one refuses them
(14, 'gzip', pg_temp.erreur('\x1f8b08000000000000034b'), '22032 not a DECP JSON document'),
(14, 'zip', pg_temp.erreur('\x504b030414000000'), '22032 not a DECP JSON document'),
(14, 'zstd', pg_temp.erreur('\x28b52ffd00000000'), '22032 not a DECP JSON document'),
-- many small files are loaded one by one; put end to end they are read as well
(15, 'documents of every kind end to end', pg_temp.ids('{"marches":[{"id":"1","objet":"a"}]}
	{"marches":{"marche":[{"id":"2","objet":"b"}]}} [{"id":"3","objet":"c"}] {"id":"4","objet":"d"}'), '1 2 3 4');

-- ---- 16 to 24: lists

INSERT INTO constat VALUES
(16, 'flat', pg_temp.liste('[{"typeIdentifiant":"SIRET","id":"1"},{"typeIdentifiant":"TVA","id":"2"}]'), 'SIRET 1, TVA 2'),
(16, 'wrapped', pg_temp.liste('[{"titulaire":{"typeIdentifiant":"SIRET","id":"1"}}]'), 'SIRET 1'),
(16, 'flat, then wrapped', pg_temp.liste('[{"id":"1"},{"titulaire":{"id":"2"}},{"titulaire":{"id":"3"}}]'), '1, 2, 3'),
(17, 'nested, all branches', pg_temp.liste('[[[[{"id":"1"}]]],[{"id":"2"},[{"titulaire":[{"id":"3"}]}]]]'), '1, 2, 3'),
(18, 'keys in place of elements', pg_temp.liste('[{"titulaire":"typeIdentifiant"},{"titulaire":"id"}]'), '-'),
(18, 'they leave no trace', (SELECT coalesce(brut::text, '-') FROM pg_temp.un(
	'"titulaires":[{"titulaire":"typeIdentifiant"},{"titulaire":"id"}],"modifications":[{"modification":{"id":1,"titulaires":[{"titulaire":"id"}]}}]')), '-'),
(19, 'object, of an array', pg_temp.liste('{"titulaire":[{"id":"1"},{"id":"2"}]}'), '1, 2'),
(19, 'object, of an object', pg_temp.liste('{"titulaire":{"id":"1"}}'), '1'),
(20, 'array of one wrapper of many', pg_temp.liste('[{"titulaire":[{"id":"1"},{"id":"2"}]}]'), '1, 2'),
(21, 'none', concat_ws(' ', pg_temp.liste('[]'), pg_temp.liste('[null]'), pg_temp.liste('""'), pg_temp.liste('null'), pg_temp.liste('[{}]')), '- - - - -'),
(21, 'the contract is kept', (SELECT id FROM pg_temp.un('"titulaires":[],"objet":"a"')), '1'),
(22, 'text, null, nothing', concat_ws(' ', pg_temp.modifications('""'), pg_temp.modifications('null'), pg_temp.modifications('[]')), '- - -'),
(22, 'an object', pg_temp.modifications('{"id":1,"montant":10}'), '1 10'),
(22, 'an object of an object', pg_temp.modifications('{"modification":{"id":1,"montant":10}}'), '1 10'),
(22, 'an object of an array', pg_temp.modifications('{"modification":[{"id":1,"montant":10},{"id":2,"dureeMois":3}]}'), '1 10; 2 3'),
(22, 'wrapped and flat', pg_temp.modifications('[{"modification":{"id":1,"montant":10}},{"id":2,"dureeMois":3}]'), '1 10; 2 3'),
(22, 'wrapped twice', pg_temp.modifications('[{"modification":{"modification":{"id":1,"montant":10}}}]'), '1 10'),
(22, 'of v1, before 1.2, with holders', pg_temp.modifications(
	'[{"objetModification":"a","dateSignatureModification":"2018-05-04","titulaires":[{"typeIdentifiant":"SIRET","id":"7"}]}]'),
	'- 2018-05-04 [SIRET 7]'),
(23, 'every wrapper', (SELECT string_agg(coalesce(array_to_string(l.techniques, ' + '), '-'), ' / ' ORDER BY rang)
	FROM unnest(ARRAY['{"technique":"Sans objet"}', '{"technique":["Concours","Accord-cadre"]}', '[{"technique":["Concours"]}]',
		'["Concours"]', '[null]', '"Concours"', '[]', 'null', '{"technique":[]}']) WITH ORDINALITY AS t(texte, rang),
		pg_temp.un('"objet":"a","techniques":' || texte) AS l),
	'Sans objet / Concours + Accord-cadre / Concours / Concours / - / Concours / - / - / -'),
-- joined by commas: in the closed lists only
(24, 'commas in a closed list', (SELECT array_to_string(considerations_sociales, ' + ') FROM pg_temp.un(
	'"considerationsSociales":"Clause sociale, Critère social"')), 'Clause sociale + Critère social'),
(24, 'commas elsewhere', (SELECT concat_ws(' / ', id_accord_cadre, objet, lieu_execution_nom) FROM pg_temp.un(
	'"idAccordCadre":"A,1","objet":"eau, gaz","lieuExecution":{"nom":"Nantes, Rezé"}')), 'A,1 / eau, gaz / Nantes, Rezé');

-- ---- 25 to 32: values

INSERT INTO constat VALUES
(25, 'a number as text', pg_temp.montant('"7789456.56"'), '7789456.56'),
(25, 'all its digits', pg_temp.montant('"0.10"') || ' ' || pg_temp.montant('137614.00') || ' ' || pg_temp.montant('1e+17'),
	'0.10 137614.00 100000000000000000'),
(26, 'decimal comma, blanks, euro', pg_temp.montant(U&'"1234,56"') || ' ' || pg_temp.montant(U&'"1 234\00A0567,8\202F€"'), '1234.56 1234567.8'),
(26, 'what may be thousands', pg_temp.montant('"1,234"') || ' ' || pg_temp.montant('"1,234.56"'), '- (1,234) - (1,234.56)'),
(26, 'a bare comma costs its record', pg_temp.ids('[{"id":"1","montant":1,5},{"id":"2","objet":"b"}]'), '(json) 2'),
-- months are counted up, as the schema says
(27, 'fractions of months', concat_ws(' ', pg_temp.duree('1.5'), pg_temp.duree('12.0'), pg_temp.duree('"3,2"'), pg_temp.duree('0.2')), '2 12 4 1'),
(27, 'a fraction of a bid is none', (SELECT pg_temp.et_brut(offres_recues, brut, 'offresRecues') FROM pg_temp.un('"offresRecues":2.5')), '- (2.5)'),
-- 06511060100013 passes Luhn, 06511060100012 does not: that one stays as it is
(28, 'numbers for identifiers', (SELECT concat_ws(' / ', id, acheteur_id, lieu_execution_code) FROM pg_temp.lire(
	'[{"id":20190001,"acheteur":{"id":21440999700019},"lieuExecution":{"code":44000}}]')), '20190001 / 21440999700019 / 44000'),
(28, 'a zero that Luhn finds again', pg_temp.liste('[{"typeIdentifiant":"SIRET","id":6511060100012},{"typeIdentifiant":"SIRET","id":6511060100013}]'),
	'SIRET 6511060100012, SIRET 06511060100013'),
-- divisions 03 and 09 exist, 04 and 93 do not: which zero a CPV has lost; the text is kept
(28, 'CPV of 7 digits', (SELECT string_agg(pg_temp.et_brut(code_cpv, brut, 'codeCPV'), ', ' ORDER BY rang)
	FROM unnest(ARRAY['4521000', '9310000', '3111000', '"3111000"', '"1000000"']) WITH ORDINALITY AS t(texte, rang),
		pg_temp.un('"codeCPV":' || texte)),
	'45210000 (4521000), 09310000 (9310000), 03111000 (3111000), 03111000 (3111000), 1000000'),
(29, 'NC', (SELECT concat_ws('/', duree_mois, offres_recues, marche_innovant, attribution_avance, sous_traitance_declaree, considerations_sociales, brut, 'rien')
	FROM pg_temp.un('"dureeMois":"NC","offresRecues":"NC","marcheInnovant":"NC","attributionAvance":"NC","sousTraitanceDeclaree":"NC","considerationsSociales":["NC"]')), 'rien'),
(30, 'words for nothing', (SELECT string_agg(coalesce(objet, '.'), '' ORDER BY rang)
	FROM unnest(ARRAY['', 'nan', 'None', '<NA>', 'null', 'N/A', '-', ' NaN ']) WITH ORDINALITY AS t(texte, rang),
		pg_temp.un('"nature":"Marché","objet":"' || texte || '"')), '........'),
(31, 'marks of the ministry', concat_ws(' ', pg_temp.montant('"MQ"'), pg_temp.montant('"MQ nan"'), pg_temp.montant('"MQ NC"'), pg_temp.montant('"CDL"'),
	pg_temp.montant('"INX None"'), pg_temp.montant('"INX nan"'), pg_temp.montant('"INX 0"')), '- - - - - - - (0)'),
(31, 'an invalid label', (SELECT pg_temp.et_brut(ccag, brut, 'ccag') FROM pg_temp.un('"ccag":"INX Autre"')), '- (Autre)'),
(31, 'a valid one marked by mistake', (SELECT array_to_string(considerations_sociales, ' + ') || coalesce(brut::text, '') FROM pg_temp.un(
	'"considerationsSociales":"INX Concession réservée, Clause sociale"')), 'Marché réservé + Clause sociale'),
(32, 'booleans', (SELECT string_agg(pg_temp.et_brut(l.marche_innovant, l.brut, 'marcheInnovant'), ' ' ORDER BY rang)
	FROM unnest(ARRAY['true', '"true"', '"True"', '"1"', '1', '"oui"', '"OUI"', '1.0', 'false', '"False"', '"0"', '0', '"non"', '2', '"peut-être"'])
		WITH ORDINALITY AS t(texte, rang), pg_temp.un('"marcheInnovant":' || texte) AS l),
	'true true true true true true true true false false false false false - (2) - (peut-être)');

-- ---- 33 to 39: dates

INSERT INTO constat VALUES
(33, 'an offset says nothing: the date is local', concat_ws(' ', pg_temp.notification('2018-11-06+01:00'), pg_temp.notification('2018-11-06-04:00'),
	pg_temp.notification('2018-11-06Z')), '2018-11-06 2018-11-06 2018-11-06'),
(34, 'one digit', pg_temp.notification('2019-3-7'), '2019-03-07'),
(35, 'day first', concat_ws(' ', pg_temp.notification('07/03/2019'), pg_temp.notification('7.3.2019'), pg_temp.notification('07-03-2019')),
	'2019-03-07 2019-03-07 2019-03-07'),
(36, 'a time, English', concat_ws(' ', pg_temp.notification('2021-09-16T23:59:59'), pg_temp.notification('September, 16 2021 00:00:00')),
	'2021-09-16 2021-09-16'),
-- nothing is repaired, and the text is kept
(37, 'absurd years', concat_ws(' ', pg_temp.notification('0218-05-01'), pg_temp.notification('0019-05-01'), pg_temp.notification('5021-05-01')),
	'- (0218-05-01) - (0019-05-01) - (5021-05-01)'),
(37, 'no such day', concat_ws(' ', pg_temp.notification('2019-02-29'), pg_temp.notification('2020-02-29'), pg_temp.notification('2019-13-01')),
	'- (2019-02-29) 2020-02-29 - (2019-13-01)'),
-- of one that is there twice, the first counts and the JSON of the other is kept
(38, 'twice: the first', (SELECT date_publication_donnees || ' ' || brut::text FROM pg_temp.un(
	'"datePublicationDonnees":"2024-01-02","objet":"a","datePublicationDonnees":"2024-05-06"')),
	'2024-01-02 {"datePublicationDonnees (double)": "\"2024-05-06\""}'),
-- the loader may take it from the name of the file; the reader does not invent one
(39, 'no publication date', (SELECT coalesce(date_publication_donnees::text, '-') || ' ' || attribut(profil, 'publication')
	FROM pg_temp.un('"dateNotification":"2019-03-07"')), '- absente');

-- ---- 40 to 50: identifiers, exports, what is no data

INSERT INTO constat VALUES
(40, 'signs in an id', pg_temp.ids('[{"id":"2019/A .,\\-1","objet":"a"},{"id":" 2018COs68fWklM00 ","objet":"b"}]'), '2019/A .,\-1 2018COs68fWklM00'),
(41, 'blanks in a SIRET', pg_temp.liste(U&'[{"typeIdentifiant":"SIRET","id":"\0009802 684 969\00A0000.16 "}]'), 'SIRET 80268496900016'),
(41, 'of the buyer', (SELECT acheteur_id FROM pg_temp.lire('[{"id":"1","acheteur":{"id":" 214 409 997-00019\t"}}]')), '21440999700019'),
(42, 'a SIREN as a SIRET', (SELECT pg_temp.titulaires(titulaires) || ' ' || (titulaires[1]).siren FROM pg_temp.un(
	'"titulaires":[{"typeIdentifiant":"SIRET","id":"812231132"}]')), 'SIRET 812231132 812231132'),
(43, 'no type', pg_temp.liste('[{"id":"81223113200026"},{"id":"812231132"},{"typeIdentifiant":null,"id":"FR81223113200026"}]'),
	'SIRET 81223113200026, 812231132, FR81223113200026'),
(44, 'flat export, separators behind the name', (SELECT concat_ws(' / ', acheteur_id, acheteur_nom, pg_temp.titulaires(titulaires)) FROM pg_temp.lire(
	'[{"id":"1","acheteur_id":"21440999700019","acheteur_nom":"Ville","titulaires_id":"81223113200026","titulaires_typeIdentifiant":"SIRET","titulaires_denominationLegale":"Garami SARL|||"}]')),
	'21440999700019 / Ville / SIRET 81223113200026 Garami SARL'),
(45, 'lists as Python prints them', (SELECT concat_ws(' / ', date_notification, pg_temp.titulaires(titulaires), (modifications[1]).montant) FROM pg_temp.lire(
	$$[{"id":"1","datenotification":"2019-03-07","titulaires":"[{'id': '81223113200026', 'typeIdentifiant': 'SIRET', 'denominationSociale': \"L'Eau\", 'x': None, 'y': True}]",
		"modifications":"[{'montant': 10, 'x': False}]"}]$$)), '2019-03-07 / SIRET 81223113200026 L''Eau / 10'),
(46, 'a marché with the fields of concessions', (SELECT concat_ws(' / ', type_contrat, montant, acheteur_id, coalesce(date_debut_execution::text, '-'),
	coalesce(montant_subvention_publique::text, '-'), pg_temp.titulaires(titulaires), date_notification) FROM pg_temp.un(
	'"montant":1000,"valeurGlobale":0.0,"montantSubventionPublique":0.0,"autoriteConcedante":"","dateDebutExecution":"nan","concessionnaires":NaN,
	"dateNotification":"2024-01-02","dateSignature":"2001-01-01","titulaires":[{"id":"1"}],"donneesExecution":""')),
	'marche / 1000 / 21440999700019 / - / - / 1 / 2024-01-02'),
-- 45: works, no origin is asked; 15: food
(47, 'zeros for origins', (SELECT string_agg(attribut(l.profil, 'origine'), ' ' ORDER BY cpv DESC)
	FROM unnest(ARRAY['45000000', '15100000']) AS t(cpv), pg_temp.un('"codeCPV":"' || cpv || '","origineUE":0.0,"origineFrance":0.0,"tauxAvance":0.0') AS l),
	'non_concerne renseignee'),
(48, 'values twice', (SELECT array_to_string(considerations_sociales, ' + ') || ' ' || pg_temp.titulaires(titulaires) FROM pg_temp.un(
	'"considerationsSociales":{"considerationSociale":["Clause sociale","CLAUSE SOCIALE","Clause sociale"]},"titulaires":[{"id":"1"},{"id":"1"}]')),
	'Clause sociale 1'),
-- what is a test is for a rule to say, on what was read
(49, 'test records are read', (SELECT concat_ws(' / ', source, id, acheteur_id, montant) FROM pg_temp.lire(
	'[{"id":"2018123456789100","source":"AIFE_test","acheteur":{"id":"80128543800017"},"objet":"Le marche du siecle","montant":123456.78}]')),
	'AIFE_test / 2018123456789100 / 80128543800017 / 123456.78'),
(50, 'agents of a buyer', (SELECT concat_ws(' / ', l.acheteur_id, l.acheteur_nom, to_jsonb(l)::text ~* 'dupont|jeanne|exemple|7788') FROM pg_temp.lire(
	'[{"id":"1","objet":"a","acheteur":{"id":"21440999700019","nom":"Ville","idAgent":"7788","nomAgent":"DUPONT","prenomAgent":"Jeanne","loginAgent":"jdupont",
		"emailAgent":"jeanne@exemple.fr","idEntiteAchat":"7788","libelleEntiteAchat":"Dupont","idOrganisme":"7788","libelleOrganisme":"Dupont","accesChorus":"7788"}}]') AS l),
	'21440999700019 / Ville / f'),
(50, 'agents in a record that is set aside', (SELECT concat_ws(' / ', l.motif, to_jsonb(l)::text ~* 'dupont|exemple') FROM pg_temp.lire(
	'[{"id":"1","acheteur":{"id":"21440999700019","nomAgent":"DUPONT","emailAgent":"dupont@exemple.fr"},"montant":1,5}]') AS l), 'json / f');

-- ---- Beside the fifty: nested objects, whatever the version calls their parts

-- "id holder montant duree notification publication": of deeds, then of their modifications
CREATE FUNCTION pg_temp.actes(membres text) RETURNS text
LANGUAGE sql AS $$
	SELECT concat_ws(' / ',
		(SELECT string_agg(concat_ws(' ', id, sous_traitant_type_identifiant, sous_traitant_identifiant, montant, duree_mois, date_notification,
			date_publication_donnees, variation_prix), ', ') FROM unnest(l.actes_sous_traitance)),
		(SELECT string_agg(concat_ws(' ', acte_id, montant, duree_mois, date_notification, date_publication_donnees), ', ') FROM unnest(l.modifications_actes)))
	FROM pg_temp.un(membres) AS l
$$;

-- "publication depenses [title price]" of each year
CREATE FUNCTION pg_temp.annees(liste text) RETURNS text
LANGUAGE sql AS $$
	SELECT string_agg(concat_ws(' ', date_publication_donnees, depenses_investissement,
		(SELECT '[' || string_agg(concat_ws(' ', intitule, tarif), ', ') || ']' FROM unnest(tarifs))), '; ')
	FROM unnest((pg_temp.un('"_type":"Contrat de concession","donneesExecution":' || liste)).donnees_execution)
$$;

INSERT INTO constat VALUES
(0, 'deeds of v2', pg_temp.actes('"actesSousTraitance":[{"acteSousTraitance":{"id":1,"sousTraitant":{"typeIdentifiant":"SIRET","id":"81223113200026"},
	"dureeMois":3,"dateNotification":"2024-02-01","datePublicationDonnees":"2024-03-01","montant":500,"variationPrix":"ferme"}}],
	"modificationsActesSousTraitance":[{"modificationActeSousTraitance":{"id":1,"dateNotificationModificationSousTraitance":"2024-05-01",
	"datePublicationDonnees":"2024-06-01","dureeMois":4,"montant":600}}]'),
	'1 SIRET 81223113200026 500 3 2024-02-01 2024-03-01 Ferme / 1 600 4 2024-05-01 2024-06-01'),
(0, 'deeds of the draft 2.0.0, flat', pg_temp.actes('"actesSousTraitance":[{"id":1,"montant":500}],
	"modificationsActesSousTraitance":[{"id":1,"dateNotificationModificationActeSousTraitance":"2024-05-01",
	"datePublicationDonneesModificationActeSousTraitance":"2024-06-01","montantSousTraitance":600}]'), '1 500 / 1 600 2024-05-01 2024-06-01'),
(0, 'deeds under the name that XML gives them', pg_temp.actes('"modificationsActesSousTraitance":{"modificationActesSousTraitance":[{"id":1,"montant":600},{"id":2,"montant":7}]}'),
	'1 600, 2 7'),
(0, 'modification of a concession', pg_temp.modifications('[{"modification":{"id":1,"dateSignatureModification":"2024-05-01","valeurGlobale":"900,5"}}]'),
	'1 900.5 2024-05-01'),
-- tarif is a wrapper, and a number inside it
(0, 'years of a concession, v1', pg_temp.annees('[{"datePublicationDonneesExecution":"2020-01-01","depensesInvestissement":"1000","tarifs":[{"intituleTarif":"Adulte","tarif":"3,50"}]}]'),
	'2020-01-01 1000 [Adulte 3.50]'),
(0, 'years of a concession, v2', pg_temp.annees('[{"donneesAnnuelles":{"datePublicationDonneesExecution":"2024-01-01","depensesInvestissement":1000,
	"tarifs":[{"tarif":{"intituleTarif":"Adulte","tarif":3.5}},{"tarif":{"intituleTarif":"Enfant","tarif":2}}]}}]'),
	'2024-01-01 1000 [Adulte 3.5, Enfant 2]');

-- ---- Closed lists: what older versions and other spellings become; what is in no list stays

CREATE FUNCTION pg_temp.etiquettes(champ text, VARIADIC valeurs text[]) RETURNS text
LANGUAGE sql AS $$
	SELECT string_agg(DISTINCT coalesce(CASE champ WHEN 'nature' THEN l.nature WHEN 'procedure' THEN l.procedure WHEN 'ccag' THEN l.ccag
		WHEN 'techniques' THEN array_to_string(l.techniques, ' + ') WHEN 'modalitesExecution' THEN array_to_string(l.modalites_execution, ' + ')
		WHEN 'considerationsSociales' THEN array_to_string(l.considerations_sociales, ' + ')
		WHEN 'considerationsEnvironnementales' THEN array_to_string(l.considerations_environnementales, ' + ')
		WHEN 'typeGroupementOperateurs' THEN l.type_groupement_operateurs
		WHEN 'formePrix' THEN concat_ws(' ', l.forme_prix, '=', array_to_string(l.types_prix, ' + '))
		WHEN 'lieuExecution.typeCode' THEN l.lieu_execution_type_code END, '-') COLLATE "C", ' / ')
	FROM unnest(valeurs) AS v, pg_temp.un(to_json(champ) || ':' || to_json(v)) AS l
$$;

INSERT INTO constat VALUES
(0, 'nature: case, accents', pg_temp.etiquettes('nature', 'Marché subséquent', 'MARCHE SUBSEQUENT', 'marché  subséquent', ' Marche subsequent '), 'Marché subséquent'),
(0, 'nature: in no list', pg_temp.etiquettes('nature', 'Marché public simplifié'), 'Marché public simplifié'),
(0, 'procedure: negotiation, 1.4', pg_temp.etiquettes('procedure', 'Procédure avec négociation', 'Procédure concurrentielle avec négociation',
	'Procédure négociée avec mise en concurrence préalable'), 'Procédure avec négociation'),
(0, 'procedure: no publicity', pg_temp.etiquettes('procedure', 'Marché négocié sans publicité ni mise en concurrence préalable',
	'Marché public négocié sans publicité ni mise en concurrence préalable', 'Marché passé sans publicité ni mise en concurrence préalable'),
	'Marché passé sans publicité ni mise en concurrence préalable'),
(0, 'social: reserved', pg_temp.etiquettes('considerationsSociales', 'Marché réservé', 'Concession réservée', 'marche reserve'), 'Marché réservé'),
(0, 'social: none', pg_temp.etiquettes('considerationsSociales', 'Pas de considération sociale', 'Sans objet'), 'Pas de considération sociale'),
(0, 'environmental: none', pg_temp.etiquettes('considerationsEnvironnementales', 'Pas de considération environnementale', 'Sans objet'),
	'Pas de considération environnementale'),
(0, 'techniques: both apostrophes', pg_temp.etiquettes('techniques', 'Système d’acquisition dynamique', 'Système d''acquisition dynamique'),
	'Système d''acquisition dynamique'),
(0, 'modalites: draft 2.0.0', pg_temp.etiquettes('modalitesExecution', 'Bon de commande', 'Bons de commande'), 'Bons de commande'),
(0, 'modalites: tranches', pg_temp.etiquettes('modalitesExecution', 'Marché à tranches', 'Tranches'), 'Tranches'),
(0, 'modalites: both at once', pg_temp.etiquettes('modalitesExecution', 'Mixte'), 'Bons de commande + Marchés subséquents'),
(0, 'ccag: works of the mind', pg_temp.etiquettes('ccag', 'Maitrise d''œuvre', 'Maîtrise d’oeuvre', 'MAITRISE D''OEUVRE'), 'Maitrise d''œuvre'),
(0, 'ccag: techniques', pg_temp.etiquettes('ccag', 'Techniques de l’information et de la communication'), 'Techniques de l''information et de la communication'),
-- formePrix of v1 is a type of price of v2, whatever the version of the record
(0, 'formePrix of v1', pg_temp.etiquettes('formePrix', 'Ferme', 'Ferme et actualisable', 'Révisable', 'Mixte'),
	'Ferme = Définitif ferme / Ferme et actualisable = Définitif actualisable / Mixte = / Révisable = Définitif révisable'),
(0, 'groupement', pg_temp.etiquettes('typeGroupementOperateurs', 'PAS DE GROUPEMENT', 'Pas de groupement'), 'Pas de groupement'),
(0, 'kinds of identifier', pg_temp.liste('[{"typeIdentifiant":"TVA_INTRACOMMUNAUTAIRE","id":"1"},{"typeIdentifiant":"TVA-intracommunautaire","id":"2"},
	{"typeIdentifiant":"HORS_UE","id":"3"},{"typeIdentifiant":"FRW","id":"4"},{"typeIdentifiant":"siret","id":"5"},{"typeIdentifiant":"DUNS","id":"6"}]'),
	'TVA 1, TVA 2, HORS-UE 3, FRWF 4, SIRET 5, DUNS 6'),
(0, 'kinds of code', pg_temp.etiquettes('lieuExecution.typeCode', ' Code canton', 'CODE DEPARTEMENT'), 'Code canton / Code département'),
(0, 'empty lists say none in the draft 2.0.0, nothing later', (SELECT string_agg(coalesce(array_to_string(l.considerations_sociales, ' + '), '-'), ' / ' ORDER BY membre COLLATE "C")
	FROM unnest(ARRAY['"technique":[]', '"techniques":{"technique":[]}']) AS t(membre), pg_temp.un(membre || ',"considerationsSociales":[],"objet":"a"') AS l),
	'Pas de considération sociale / -'),
-- a contradiction, marked as one: no indicator knows what to make of it
(0, 'none and some', (SELECT attribut(l.profil, 'considerations_sociales') FROM pg_temp.un(
	'"considerationsSociales":["Pas de considération sociale","Clause sociale"]') AS l), 'clause!'),
(0, 'more from France than from the EU', (SELECT attribut(l.profil, 'origine') FROM pg_temp.un('"codeCPV":"15100000","origineUE":0.3,"origineFrance":0.7') AS l), 'invalide');

-- ---- What was read, the cases where it is not what the rule says, the numbers without a case

SELECT ligne, cas, lu FROM constat ORDER BY ligne, cas COLLATE "C";
SELECT ligne, cas, lu, attendu FROM constat WHERE lu IS DISTINCT FROM attendu;
SELECT n AS ligne_sans_cas FROM generate_series(1, 50) AS n WHERE NOT EXISTS (SELECT FROM constat WHERE ligne = n);
