/*
 * profil.sql
 *	  Type profil: what is known of a contract, one code per attribute.
 */

/*
 * Texts are UTF-8 in the sources of data, in canevas and in the library, and are
 * never converted. A database of another encoding could not hold all of them.
 */
DO LANGUAGE plpgsql $$
BEGIN
	IF pg_catalog.getdatabaseencoding() OPERATOR(pg_catalog.<>) 'UTF8' THEN
		RAISE EXCEPTION USING
			ERRCODE = 'feature_not_supported',
			MESSAGE = 'extension "spaser" needs a database whose encoding is UTF8',
			HINT = 'Make one: CREATE DATABASE ... ENCODING ''UTF8'' TEMPLATE template0.';
	END IF;
END
$$;

CREATE TYPE profil;

/*
 * Text form: "attribut=valeur" pairs separated by spaces, attributes that are
 * unknown left out, always written in the order of attributs(). Sets join
 * their values with +; "aucune" is the explicit absence; a final ! marks an
 * absence contradicted by a value. Reading accepts any order and refuses an
 * attribute given twice (22P02).
 */
CREATE FUNCTION profil_in(cstring) RETURNS profil
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'profil_in';
COMMENT ON FUNCTION profil_in(cstring) IS 'Lit un profil : paires attribut=valeur';

CREATE FUNCTION profil_out(profil) RETURNS cstring
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'profil_out';
COMMENT ON FUNCTION profil_out(profil) IS 'Écrit un profil : paires attribut=valeur';

/* Binary form: two 64-bit words in network order; illegal codes are refused (22P03). */
CREATE FUNCTION profil_recv(internal) RETURNS profil
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'profil_recv';
COMMENT ON FUNCTION profil_recv(internal) IS 'Lit la forme binaire d''un profil';

CREATE FUNCTION profil_send(profil) RETURNS bytea
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'profil_send';
COMMENT ON FUNCTION profil_send(profil) IS 'Écrit la forme binaire d''un profil';

CREATE TYPE profil (
	INPUT = profil_in,
	OUTPUT = profil_out,
	RECEIVE = profil_recv,
	SEND = profil_send,
	INTERNALLENGTH = 16,
	ALIGNMENT = double,
	STORAGE = plain
);
COMMENT ON TYPE profil IS
	'Profil d''un contrat : pour chaque attribut regardé par les indicateurs, sa valeur ou inconnu';

/* Order: attribute by attribute in the order of attributs(), unknown first. */

CREATE FUNCTION profil_eq(profil, profil) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'profil_eq';
COMMENT ON FUNCTION profil_eq(profil, profil) IS 'Égalité de deux profils';

CREATE FUNCTION profil_ne(profil, profil) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'profil_ne';
COMMENT ON FUNCTION profil_ne(profil, profil) IS 'Différence de deux profils';

CREATE FUNCTION profil_lt(profil, profil) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'profil_lt';
COMMENT ON FUNCTION profil_lt(profil, profil) IS 'Ordre des profils : avant';

CREATE FUNCTION profil_le(profil, profil) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'profil_le';
COMMENT ON FUNCTION profil_le(profil, profil) IS 'Ordre des profils : avant ou égal';

CREATE FUNCTION profil_gt(profil, profil) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'profil_gt';
COMMENT ON FUNCTION profil_gt(profil, profil) IS 'Ordre des profils : après';

CREATE FUNCTION profil_ge(profil, profil) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'profil_ge';
COMMENT ON FUNCTION profil_ge(profil, profil) IS 'Ordre des profils : après ou égal';

CREATE FUNCTION profil_cmp(profil, profil) RETURNS integer
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'profil_cmp';
COMMENT ON FUNCTION profil_cmp(profil, profil) IS 'Comparaison de deux profils : -1, 0 ou 1';

CREATE FUNCTION profil_hash(profil) RETURNS integer
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'profil_hash';
COMMENT ON FUNCTION profil_hash(profil) IS 'Hachage d''un profil';

CREATE FUNCTION profil_hash_extended(profil, bigint) RETURNS bigint
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'profil_hash_extended';
COMMENT ON FUNCTION profil_hash_extended(profil, bigint) IS 'Hachage d''un profil avec graine';

CREATE OPERATOR = (
	FUNCTION = profil_eq,
	LEFTARG = profil,
	RIGHTARG = profil,
	COMMUTATOR = =,
	NEGATOR = <>,
	HASHES,
	MERGES,
	RESTRICT = eqsel,
	JOIN = eqjoinsel
);
COMMENT ON OPERATOR = (profil, profil) IS 'Égalité de deux profils';

CREATE OPERATOR <> (
	FUNCTION = profil_ne,
	LEFTARG = profil,
	RIGHTARG = profil,
	COMMUTATOR = <>,
	NEGATOR = =,
	RESTRICT = neqsel,
	JOIN = neqjoinsel
);
COMMENT ON OPERATOR <> (profil, profil) IS 'Différence de deux profils';

CREATE OPERATOR < (
	FUNCTION = profil_lt,
	LEFTARG = profil,
	RIGHTARG = profil,
	COMMUTATOR = >,
	NEGATOR = >=,
	RESTRICT = scalarltsel,
	JOIN = scalarltjoinsel
);
COMMENT ON OPERATOR < (profil, profil) IS 'Ordre des profils : avant';

CREATE OPERATOR <= (
	FUNCTION = profil_le,
	LEFTARG = profil,
	RIGHTARG = profil,
	COMMUTATOR = >=,
	NEGATOR = >,
	RESTRICT = scalarlesel,
	JOIN = scalarlejoinsel
);
COMMENT ON OPERATOR <= (profil, profil) IS 'Ordre des profils : avant ou égal';

CREATE OPERATOR > (
	FUNCTION = profil_gt,
	LEFTARG = profil,
	RIGHTARG = profil,
	COMMUTATOR = <,
	NEGATOR = <=,
	RESTRICT = scalargtsel,
	JOIN = scalargtjoinsel
);
COMMENT ON OPERATOR > (profil, profil) IS 'Ordre des profils : après';

CREATE OPERATOR >= (
	FUNCTION = profil_ge,
	LEFTARG = profil,
	RIGHTARG = profil,
	COMMUTATOR = <=,
	NEGATOR = <,
	RESTRICT = scalargesel,
	JOIN = scalargejoinsel
);
COMMENT ON OPERATOR >= (profil, profil) IS 'Ordre des profils : après ou égal';

CREATE OPERATOR FAMILY profil_ops USING btree;
COMMENT ON OPERATOR FAMILY profil_ops USING btree IS 'Ordre des profils';
CREATE OPERATOR CLASS profil_ops DEFAULT FOR TYPE profil USING btree FAMILY profil_ops AS
	OPERATOR 1 <,
	OPERATOR 2 <=,
	OPERATOR 3 =,
	OPERATOR 4 >=,
	OPERATOR 5 >,
	FUNCTION 1 profil_cmp(profil, profil),
	FUNCTION 4 (profil, profil) pg_catalog.btequalimage(oid);
COMMENT ON OPERATOR CLASS profil_ops USING btree IS 'Ordre des profils';

CREATE OPERATOR FAMILY profil_ops USING hash;
COMMENT ON OPERATOR FAMILY profil_ops USING hash IS 'Hachage des profils';
CREATE OPERATOR CLASS profil_ops DEFAULT FOR TYPE profil USING hash FAMILY profil_ops AS
	OPERATOR 1 =,
	FUNCTION 1 profil_hash(profil),
	FUNCTION 2 profil_hash_extended(profil, bigint);
COMMENT ON OPERATOR CLASS profil_ops USING hash IS 'Hachage des profils';

/*
 * Profil of a contract from its DECP fields, named as in the format. Every
 * argument may be left out or NULL: what is not given is unknown, never "no".
 *
 * Closed lists are recognised whatever the case, accents and apostrophes, in
 * the spelling of any version of the format; an unrecognised text is unknown.
 *	type_contrat			marché or concession; deduced from nature when missing
 *	format_decp				1 or 2; v1 is unknown for what it does not collect
 *	nature					v1 "Accord-cadre" gives nature=marche accord_cadre=oui,
 *							v1 "Marché subséquent" nature=marche subsequent=v1
 *	techniques				in v2, accord_cadre is whether they hold Accord-cadre
 *	considerations_*		"Pas de..." alone is aucune; beside another value it is
 *							contradictory, hence unknown
 *	forme_prix				also takes v1's price types (Ferme, Révisable...)
 *	id_accord_cadre			framework that this contract is subsequent to;
 *	accord_cadre_present	true when that framework is another contract of the data
 *	actes_sous_traitance	number of deeds; one is enough for sous_traitance=oui
 *	offres_recues			0 is unknown
 *	code_cpv				8 digits, with or without check digit, else unknown
 *	origine_ue, origine_france	shares from 0 to 1, France at most UE; give NULL for
 *							the zeros that tabular files put for missing ones
 *	montant					euros excluding tax; aberrant when it breaks the rules
 *	duree_mois				months; 1 to 180, 360 for a concession
 *	date_*					from 2000 to 2099, else unknown; publication is on time
 *							until the same day two months later, or the last of that month
 *	modifications, titulaires	their numbers (titulaires: distinct; 0 is unknown)
 *	lists					1000 elements that are not NULL at most, else error 54000
 *	regles_montant			ministere (default: 1 EUR to 3 GEUR, 15 GEUR for a concession,
 *							not beginning with 123456789, above 100 MEUR no digit but 0
 *							and 6 more than six times), decp_qualite (200 < montant <
 *							999 999 999) or aucune (any number); else error 22023
 */
CREATE FUNCTION profil(
	type_contrat text DEFAULT NULL,
	format_decp integer DEFAULT NULL,
	nature text DEFAULT NULL,
	procedure text DEFAULT NULL,
	techniques text[] DEFAULT NULL,
	modalites_execution text[] DEFAULT NULL,
	types_prix text[] DEFAULT NULL,
	considerations_sociales text[] DEFAULT NULL,
	considerations_environnementales text[] DEFAULT NULL,
	forme_prix text DEFAULT NULL,
	ccag text DEFAULT NULL,
	type_groupement_operateurs text DEFAULT NULL,
	id_accord_cadre text DEFAULT NULL,
	accord_cadre_present boolean DEFAULT NULL,
	marche_innovant boolean DEFAULT NULL,
	attribution_avance boolean DEFAULT NULL,
	sous_traitance_declaree boolean DEFAULT NULL,
	actes_sous_traitance integer DEFAULT NULL,
	offres_recues integer DEFAULT NULL,
	code_cpv text DEFAULT NULL,
	origine_ue numeric DEFAULT NULL,
	origine_france numeric DEFAULT NULL,
	montant numeric DEFAULT NULL,
	duree_mois integer DEFAULT NULL,
	date_notification date DEFAULT NULL,
	date_publication_donnees date DEFAULT NULL,
	modifications integer DEFAULT NULL,
	titulaires integer DEFAULT NULL,
	regles_montant text DEFAULT NULL
) RETURNS profil
	LANGUAGE C IMMUTABLE PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'profil_construire';
COMMENT ON FUNCTION profil(
	text, integer, text, text, text[], text[], text[], text[], text[], text, text, text, text,
	boolean, boolean, boolean, boolean, integer, integer, text, numeric, numeric, numeric,
	integer, date, date, integer, integer, text
) IS 'Profil d''un contrat à partir de ses champs DECP ; ce qui n''est pas donné est inconnu';

/*
 * Value of one attribute, as in the text form; NULL when unknown. Error 22023
 * for a name that is no attribute.
 */
CREATE FUNCTION attribut(profil profil, attribut text) RETURNS text
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'profil_attribut';
COMMENT ON FUNCTION attribut(profil, text) IS
	'Valeur d''un attribut du profil, NULL si elle est inconnue';

/*
 * The profil with one attribute replaced; valeur NULL makes it unknown. NULL
 * for a NULL profil. With niveau replaced, what is not of both levels is lost.
 * Error 22023 for an unknown attribute or value, or an attribute of the other
 * level; 22004 for a NULL attribute.
 */
CREATE FUNCTION avec(profil profil, attribut text, valeur text) RETURNS profil
	LANGUAGE C IMMUTABLE PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'profil_avec';
COMMENT ON FUNCTION avec(profil, text, text) IS
	'Profil dont un attribut est remplacé ; valeur NULL : inconnu';

/*
 * Dictionary of attributes and values. connu is false for values that say why
 * something is unknown. In a set attribute each value is a flag that may stand
 * beside others. niveau: contrat or attribution for an attribute of one of them
 * only, NULL for one of both.
 */
CREATE FUNCTION attributs(
	OUT attribut text,
	OUT libelle text,
	OUT valeur text,
	OUT valeur_libelle text,
	OUT connu boolean,
	OUT niveau text
) RETURNS SETOF record
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 200
	AS 'MODULE_PATHNAME', 'profil_attributs';
COMMENT ON FUNCTION attributs() IS 'Dictionnaire des attributs du profil et de leurs valeurs';

CREATE TYPE titulaire_connu AS (
	taille text,
	tpe boolean,
	ess boolean,
	societe_mission boolean,
	etranger boolean,
	local text,
	epci boolean,
	lieu boolean,
	esus boolean,
	inclusion text,
	distance double precision,
	identifie boolean
);
COMMENT ON TYPE titulaire_connu IS 'Ce que les registres disent d''un titulaire d''un contrat, à la date de celui-ci ; NULL : inconnu';
COMMENT ON COLUMN titulaire_connu.taille IS 'pme, eti ou ge';
COMMENT ON COLUMN titulaire_connu.tpe IS 'PME de moins de 10 salariés';
COMMENT ON COLUMN titulaire_connu.ess IS 'De l''économie sociale et solidaire';
COMMENT ON COLUMN titulaire_connu.societe_mission IS 'Société à mission';
COMMENT ON COLUMN titulaire_connu.etranger IS 'Entreprise étrangère, d''après le type de son identifiant';
COMMENT ON COLUMN titulaire_connu.local IS 'Échelons communs avec l''acheteur, parmi commune, departement et region, joints par + ; ou aucune';
COMMENT ON COLUMN titulaire_connu.epci IS 'Même intercommunalité que l''acheteur';
COMMENT ON COLUMN titulaire_connu.lieu IS 'Son département est celui de l''exécution';
COMMENT ON COLUMN titulaire_connu.esus IS 'Agréée ESUS ; faux seulement si la liste est complète';
COMMENT ON COLUMN titulaire_connu.inclusion IS 'siae, ea, esat ; aucun seulement si les listes sont complètes';
COMMENT ON COLUMN titulaire_connu.distance IS 'Distance de l''acheteur, en kilomètres';
COMMENT ON COLUMN titulaire_connu.identifie IS 'Il a un SIREN ; faux ou NULL : non';

/*
 * The attributions of a contract: its profil, at the level of each of its
 * holders, in their order. An attribute that speaks of all holders (taille, ess,
 * local...) is unknown in each of them when it is for one; those that end in
 * _titulaire are the holder's own, those that end in _un say whether one holder
 * at least is so.
 *
 * A NULL profil is one of which nothing is known, so is a NULL holder. titulaires
 * NULL or empty: one attribution of which only the contract is known. Errors:
 * 22023 for a value that the attribute does not have, 54000 for more than 256
 * holders.
 * Source: holders share a contract equally, and one unknown holder makes the
 * contract unknown, since nothing says what its part is.
 */
CREATE FUNCTION attributions(profil profil, titulaires titulaire_connu[]) RETURNS profil[]
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 5
	AS 'MODULE_PATHNAME', 'profil_attributions_sql';
COMMENT ON FUNCTION attributions(profil, titulaire_connu[]) IS
	'Profils des attributions d''un contrat : un par titulaire';
