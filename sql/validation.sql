-- validation.sql: what the reader judges records by, for use on any column.
-- All are immutable, and NULL gives NULL.

-- regles(): the rules that lire_json and lire_xml judge records by. What they
-- find stands in contrat_lu.anomalies, under these codes.
--   regle     code; it never changes
--   famille   validite, completude, conformite, exactitude, coherence or
--             singularite: the six categories of decp-qualite
--   gravite   erreur: the value is wrong, or is not there; avertissement: very
--             likely wrong; information: it may be right, or was put right
--   jeux      who has the rule: schema_v1, schema_v2, ministere (its
--             consolidation excludes the contract), decp_qualite, legal (a duty
--             of the arrêtés), robuste (beyond these)
--   ensemble  true: it compares a record with others or with a table, so the
--             reader does not look for it
--   attribut  of the profil, which a breach makes unknown or aberrant; NULL: none
-- A value that breaks a rule is kept as it is.
CREATE FUNCTION regles(
	OUT regle text,
	OUT famille text,
	OUT gravite text,
	OUT jeux text[],
	OUT ensemble boolean,
	OUT attribut text,
	OUT libelle text,
	OUT source text
) RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'regles_toutes'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 110;
COMMENT ON FUNCTION regles() IS 'Règles de validation : code, catégorie, gravité, qui les demande, attribut du profil en cause, libellé, source';

-- ---- Closed lists

-- nomenclatures(): the values of the closed lists of the DECP formats, all
-- versions together.
--   liste    column that holds them: nature, procedure, techniques...
--   rang     from 1, in the order of the list
--   code     as profil and canevas name it
--   libelle  official label of format 2 (of format 1 where 2 has none)
CREATE FUNCTION nomenclatures(
	OUT liste text,
	OUT rang integer,
	OUT code text,
	OUT libelle text
) RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'nomenclatures_toutes'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 100;
COMMENT ON FUNCTION nomenclatures() IS 'Valeurs des listes fermées des formats DECP : liste, rang, code, libellé officiel';

-- nomenclature(liste, valeur): the official label of a value of a closed list
-- (nomenclatures().liste), whatever its case, accents, apostrophes, the version
-- of the format and the damage of its characters (U+FFFD). NULL: not in the
-- list. Error 22023 for an unknown list.
CREATE FUNCTION nomenclature(liste text, valeur text) RETURNS text
	AS 'MODULE_PATHNAME', 'nomenclature_libelle'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION nomenclature(text, text) IS 'Libellé officiel d''une valeur de liste fermée, comme le lecteur la reconnaît ; NULL : hors de la liste';

-- ---- Identifiers. Blanks, dots and hyphens in them do not count.

-- siret_valide(siret): 14 digits whose sum after Luhn is a multiple of 10, or
-- of La Poste (SIREN 356000000) with a plain sum that is a multiple of 5; and no
-- placeholder (one digit repeated, 12345678901234). That the first 9 digits have
-- a right key is not required: some real SIRET have not. Source: INSEE.
CREATE FUNCTION siret_valide(siret text) RETURNS boolean
	AS 'MODULE_PATHNAME', 'validation_siret'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION siret_valide(text) IS 'SIRET de 14 chiffres dont la clé est juste (Luhn, ou règle de La Poste), et qui n''est pas de remplissage';

-- siren_valide(siren): 9 digits whose sum after Luhn is a multiple of 10, no placeholder
CREATE FUNCTION siren_valide(siren text) RETURNS boolean
	AS 'MODULE_PATHNAME', 'validation_siren'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION siren_valide(text) IS 'SIREN de 9 chiffres dont la clé est juste (Luhn), et qui n''est pas de remplissage';

-- tva_valide(tva): the country of a member state (EL for Greece, XI for Northern
-- Ireland) and 2 to 12 letters and digits; for France, two characters of key and
-- 9 digits, of which the SIREN and a key in digits must be right
CREATE FUNCTION tva_valide(tva text) RETURNS boolean
	AS 'MODULE_PATHNAME', 'validation_tva'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION tva_valide(text) IS 'Numéro de TVA intracommunautaire : forme, et clés d''un numéro français';

-- identifiant_valide(type, identifiant): has the identifier the form of its type
-- (nomenclatures().liste = 'type_identifiant', recognised as nomenclature does)?
-- SIRET, TVA and UE as above; TAHITI 9 letters or digits; RIDET 10; FRWF and 14;
-- IREP 5 digits and more; HORS-UE a country of two letters and up to 16 of a
-- name. NULL for another type. Source: the ministry's consolidation.
CREATE FUNCTION identifiant_valide(type_identifiant text, identifiant text) RETURNS boolean
	AS 'MODULE_PATHNAME', 'validation_identifiant'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION identifiant_valide(text, text) IS 'L''identifiant d''un titulaire a-t-il la forme de son type ? NULL : type inconnu';

-- cpv_valide(code): 8 digits, with or without a check digit ("45000000-7"), of
-- whatever division. The check digit is not verified: it can't be computed.
CREATE FUNCTION cpv_valide(code text) RETURNS boolean
	AS 'MODULE_PATHNAME', 'validation_cpv'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION cpv_valide(text) IS 'Code CPV de 8 chiffres, clé facultative';

-- ---- Amounts and dates

-- montant_valide(montant, type_contrat, regles): can the amount be added up?
--   montant       euros
--   type_contrat  marche or concession, whose ceilings differ
--   regles        ministere, decp_qualite or aucune, as profil()'s regles_montant
-- Error 22023 for other kinds or rule sets.
CREATE FUNCTION montant_valide(montant numeric, type_contrat text DEFAULT 'marche', regles text DEFAULT 'ministere')
	RETURNS boolean
	AS 'MODULE_PATHNAME', 'validation_montant'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION montant_valide(numeric, text, text) IS 'Le montant (en euros) compte-t-il dans les totaux, selon un jeu de règles ?';

-- montant_decp(texte): the number that a text writes, as the reader takes it:
-- "1 234,56", with a euro sign or not, is 1234.56, exactly. NULL: no number, ambiguous ("1,234"), or of
-- more than 30 digits.
CREATE FUNCTION montant_decp(texte text) RETURNS numeric
	AS 'MODULE_PATHNAME', 'validation_lire_montant'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION montant_decp(text) IS 'Nombre écrit dans un texte, comme le lecteur le lit ; NULL : illisible ou ambigu';

-- date_decp(texte): the date that a text writes, as the reader takes it:
-- 2019-03-07, with an hour or a time zone (which is left aside), 07/03/2019,
-- 07.03.2019, "September, 16 2021 00:00:00". NULL: no date of the calendar, or
-- not of the years 2000 to 2099.
CREATE FUNCTION date_decp(texte text) RETURNS date
	AS 'MODULE_PATHNAME', 'validation_lire_date'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION date_decp(text) IS 'Date écrite dans un texte, comme le lecteur la lit ; NULL : illisible, ou hors de 2000 à 2099';
