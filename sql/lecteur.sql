-- lecteur.sql: reading DECP documents. The reader is a pure function from bytes
-- to rows; where the bytes come from (a client's file through COPY, a server's
-- file, a column of a table) is the caller's business.

-- What a record holds, before it becomes rows of tables. The names are those of
-- the columns that sql/decp/tables.sql creates.

CREATE TYPE titulaire_lu AS (
	type_identifiant text,
	identifiant text,
	siren text,
	denomination_sociale text
);
COMMENT ON TYPE titulaire_lu IS 'Titulaire ou concessionnaire, tel que lu dans un enregistrement DECP';

CREATE TYPE modification_lue AS (
	id text,
	objet text,
	duree_mois integer,
	montant numeric,
	date_notification date,
	date_publication_donnees date,
	titulaires titulaire_lu[]
);
COMMENT ON TYPE modification_lue IS 'Modification d''un contrat, telle que lue : nouveaux totaux, NULL = inchangé';

CREATE TYPE acte_lu AS (
	id text,
	sous_traitant_type_identifiant text,
	sous_traitant_identifiant text,
	sous_traitant_siren text,
	duree_mois integer,
	date_notification date,
	date_publication_donnees date,
	montant numeric,
	variation_prix text
);
COMMENT ON TYPE acte_lu IS 'Acte de sous-traitance, tel que lu';

CREATE TYPE modification_acte_lue AS (
	acte_id text,
	duree_mois integer,
	date_notification date,
	date_publication_donnees date,
	montant numeric
);
COMMENT ON TYPE modification_acte_lue IS 'Modification d''un acte de sous-traitance, telle que lue';

CREATE TYPE tarif_lu AS (
	intitule text,
	tarif numeric
);
COMMENT ON TYPE tarif_lu IS 'Tarif d''une concession, tel que lu';

CREATE TYPE donnee_execution_lue AS (
	date_publication_donnees date,
	depenses_investissement numeric,
	tarifs tarif_lu[]
);
COMMENT ON TYPE donnee_execution_lue IS 'Données d''exécution annuelles d''une concession, telles que lues';

CREATE TYPE anomalie_lue AS (
	regle text,
	champ text,
	valeur text
);
COMMENT ON TYPE anomalie_lue IS 'Ce qu''une règle de validation reproche à un enregistrement : règle, champ, valeur';

CREATE TYPE contrat_lu AS (
	numero bigint,
	octet bigint,
	taille bigint,
	motif text,
	detail text,
	texte text,
	reprise bytea,
	cle uuid,
	famille uuid,
	empreinte uuid,
	profil profil,
	type_contrat text,
	format_decp smallint,
	encodage text,
	id text,
	uid text,
	source text,
	acheteur_id text,
	acheteur_siren text,
	acheteur_nom text,
	nature text,
	objet text,
	code_cpv text,
	procedure text,
	lieu_execution_code text,
	lieu_execution_type_code text,
	lieu_execution_nom text,
	duree_mois integer,
	date_notification date,
	date_publication_donnees date,
	date_debut_execution date,
	montant numeric,
	montant_subvention_publique numeric,
	forme_prix text,
	types_prix text[],
	techniques text[],
	modalites_execution text[],
	id_accord_cadre text,
	marche_innovant boolean,
	ccag text,
	offres_recues integer,
	attribution_avance boolean,
	taux_avance numeric,
	type_groupement_operateurs text,
	sous_traitance_declaree boolean,
	origine_ue numeric,
	origine_france numeric,
	considerations_sociales text[],
	considerations_environnementales text[],
	derniere_publication date,
	champs smallint,
	brut jsonb,
	titulaires_identites text[],
	titulaires titulaire_lu[],
	modifications modification_lue[],
	actes_sous_traitance acte_lu[],
	modifications_actes modification_acte_lue[],
	donnees_execution donnee_execution_lue[],
	anomalies anomalie_lue[]
);
COMMENT ON TYPE contrat_lu IS 'Enregistrement DECP tel que lu : un contrat, ou (motif non NULL) ce qui n''a pu l''être, avec sa position';

-- lire_json(octets, reprise, fin, strict)
--   octets   a piece of a DECP JSON document, any version, UTF-8 (a BOM is skipped)
--   reprise  NULL at the start of a document, else what the call on the piece
--            before returned; the new piece must begin at the byte it gave
--   fin      true when nothing follows this piece
--   strict   true: the first record that cannot be read is an error
-- One row per record. A record that cannot be read is a row with motif (a code),
-- detail, and texte (personal data of agents blanked, 1 MB at most). When fin is
-- false a last row, whose numero is NULL, says in octet where the next piece
-- must begin and in reprise what to give back; if octet has not moved, give a
-- larger piece. NULL octets: no row.
-- Amounts are in euros excluding tax, durations in months.
-- Errors: 22032 when the bytes are no DECP JSON document, or in strict mode;
-- 22023 for a reprise that lire_json did not make.
-- Source of the format: arrêtés of 22 March 2019 (v1) and 22 December 2022 (v2).
CREATE FUNCTION lire_json(octets bytea, reprise bytea DEFAULT NULL,
		fin boolean DEFAULT true, strict boolean DEFAULT false)
	RETURNS SETOF contrat_lu
	AS 'MODULE_PATHNAME', 'lire_json'
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 100000 ROWS 1000;
COMMENT ON FUNCTION lire_json(bytea, bytea, boolean, boolean) IS
	'Lit un document DECP JSON (toute version, entier ou par morceaux) : une ligne par enregistrement';

-- lire_xml(octets, reprise, fin, strict): as lire_json, for a DECP XML document.
--   octets   <marches> around <marche> and <contrat-concession> elements, with or
--            without elements around it; such an element alone; or, under a root
--            of another name, its children (the rows of a flat export). UTF-8, or
--            ISO-8859-1 or Windows-1252 when the XML declaration says so; any
--            other declared encoding is not believed. Bytes that are not UTF-8
--            in a document that does not say so are read as Windows-1252, and
--            encodage says it. Control characters are left out.
-- Elements count as JSON's keys do, prefixes and attributes do not; elements of
-- one name are a list. A record that is not well-formed, or uses other entities
-- than the five of XML, is set aside and the next one read. No external file is
-- ever read: a document with a document type declaration is refused.
-- A record may have 15 MB. Errors: 2200M when the bytes are no DECP XML document,
-- have a document type or are UTF-16, or in strict mode; 22023 for a reprise that
-- lire_xml did not make.
-- Source of the format: XML schemas of the arrêtés of 2019 (v1) and 2022 (v2).
CREATE FUNCTION lire_xml(octets bytea, reprise bytea DEFAULT NULL,
		fin boolean DEFAULT true, strict boolean DEFAULT false)
	RETURNS SETOF contrat_lu
	AS 'MODULE_PATHNAME', 'lire_xml'
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 100000 ROWS 1000;
COMMENT ON FUNCTION lire_xml(bytea, bytea, boolean, boolean) IS
	'Lit un document DECP XML (toute version, entier ou par morceaux) : une ligne par enregistrement';

-- lire_fichier(chemin, octet, taille)
--   up to taille bytes of a file of the server from byte octet on; NULL at and
--   after its end. For members of pg_read_server_files only (42501 otherwise);
--   directories and special files are refused (42809).
CREATE FUNCTION lire_fichier(chemin text, octet bigint, taille integer)
	RETURNS bytea
	AS 'MODULE_PATHNAME', 'lire_fichier'
	LANGUAGE C VOLATILE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION lire_fichier(text, bigint, integer) IS
	'Octets d''un fichier du serveur (membres de pg_read_server_files seulement)';
REVOKE EXECUTE ON FUNCTION lire_fichier(text, bigint, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lire_fichier(text, bigint, integer) TO pg_read_server_files;

-- taille_fichier(chemin): size in bytes of a file of the server, same rights.
CREATE FUNCTION taille_fichier(chemin text)
	RETURNS bigint
	AS 'MODULE_PATHNAME', 'taille_fichier'
	LANGUAGE C VOLATILE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION taille_fichier(text) IS
	'Taille en octets d''un fichier du serveur (membres de pg_read_server_files seulement)';
REVOKE EXECUTE ON FUNCTION taille_fichier(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION taille_fichier(text) TO pg_read_server_files;

CREATE FUNCTION sha256_accum(internal, bytea)
	RETURNS internal
	AS 'MODULE_PATHNAME', 'sha256_accum'
	LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION sha256_accum(internal, bytea) IS
	'Fonction de transition de sha256_morceaux';

CREATE FUNCTION sha256_final(internal)
	RETURNS bytea
	AS 'MODULE_PATHNAME', 'sha256_final'
	LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION sha256_final(internal) IS
	'Fonction finale de sha256_morceaux';

-- sha256_morceaux(morceau ORDER BY ...): SHA-256 of pieces put end to end, in
-- the order of the aggregate, without ever holding the whole. NULL pieces are
-- skipped; no piece gives NULL. Not a window aggregate: its state is consumed.
CREATE AGGREGATE sha256_morceaux(bytea) (
	SFUNC = sha256_accum,
	STYPE = internal,
	FINALFUNC = sha256_final,
	FINALFUNC_MODIFY = read_write,
	PARALLEL = safe
);
COMMENT ON AGGREGATE sha256_morceaux(bytea) IS
	'SHA-256 de morceaux mis bout à bout, dans l''ordre donné par ORDER BY';

CREATE FUNCTION octets_base64_accum(internal, text, integer)
	RETURNS internal
	AS 'MODULE_PATHNAME', 'octets_base64_accum'
	LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION octets_base64_accum(internal, text, integer) IS
	'Fonction de transition de octets_base64';

CREATE FUNCTION octets_base64_final(internal)
	RETURNS bytea
	AS 'MODULE_PATHNAME', 'octets_base64_final'
	LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION octets_base64_final(internal) IS
	'Fonction finale de octets_base64';

-- octets_base64(ligne, saut ORDER BY ...): the bytes of lines of base64, each
-- decoded on its own and put end to end, in the order of the aggregate; the
-- first saut bytes of a line are left out. What string_agg(decode(...)) gives,
-- with one copy of the whole instead of four. NULL lines are skipped; no line
-- gives NULL. Errors: 22023 for a line that is not base64 alone (no space, no
-- line feed) or a saut that is NULL or not within the line; 54000 beyond 1 GB.
CREATE AGGREGATE octets_base64(ligne text, saut integer) (
	SFUNC = octets_base64_accum,
	STYPE = internal,
	FINALFUNC = octets_base64_final,
	PARALLEL = safe
);
COMMENT ON AGGREGATE octets_base64(text, integer) IS
	'Octets de lignes de base64 mises bout à bout, dans l''ordre donné par ORDER BY';

-- avec_publication(profil, date_notification, date_publication_donnees)
--   the profil with its field "publication" made again from these dates: what
--   a loader needs when a copy tells of another first publication. A NULL date
--   is an unknown one; a NULL profil gives NULL.
CREATE FUNCTION avec_publication(profil profil, date_notification date, date_publication_donnees date)
	RETURNS profil
	LANGUAGE SQL IMMUTABLE PARALLEL SAFE
	RETURN avec(profil, 'publication', attribut(profil(
		date_notification => date_notification,
		date_publication_donnees => date_publication_donnees), 'publication'));
COMMENT ON FUNCTION avec_publication(profil, date, date) IS
	'Profil dont le champ « publication » est refait d''après ces dates';
