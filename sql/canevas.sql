/*
 * canevas.sql
 *	  Type canevas: an indicator as a JSON document, and what it measures over
 *	  a bilan.
 */

CREATE TYPE canevas;

/*
 * The text form is a JSON object (RFC 8259, UTF-8, at most 64 kB, 32 levels,
 * no key twice), kept as it is given. Its keys:
 *
 *	code		required: up to 32 letters without accents, digits, _ . -
 *	libelle		required
 *	dimension, definition, ideal, calculable, ecart		texts
 *	genre		"part" if absent; the others are below
 *	unites		array of "nombre", "montant" and "lignes"; the first two if absent
 *	cibles		array of {valeur (of a part, a fraction), unite, sens (">=", "<="),
 *				depuis, jusque, contraignante, source, certitude}
 *	sources		array of {texte, date, certitude}
 *	champs, personas, registres		arrays of texts
 *	faisabilite	text
 *	v1			whether the fields are in the format of 2019
 *	certitude	"vérifié", "source secondaire" or "non vérifié"
 *
 * of a part:
 *
 *	niveau		"contrat", if absent, or "attribution": which profils it judges
 *	population	predicate: the contracts concerned; all of them if absent
 *	oui			predicate: what is counted; required unless there are classes
 *	non			predicate: what is a no; if absent, the contrary of oui
 *	classes		array of {code, libelle, population, oui, non}: each is measured
 *				alone, over what both populations hold
 *	plancher	true: as long as nothing is a no there is no rate, only a minimum
 *
 * of a "distribution", a "concentration" or a "rapport", which are measured on a
 * state of the rollup (catalogue_mesures()):
 *
 *	etat		required: name of the state
 *	mesures		required: array of {code, libelle, mesure, etat, min, max}
 *
 * of a "qualite", the key qualite: code of an indicator of quality; of a "saisie",
 * what somebody declares, the key saisie: {numerateur, denominateur, unite}; of a
 * "calcul", made by a function over the contracts themselves, the key calcul: its
 * name. A "synthese" is made of other indicators and has no key of its own.
 *
 * A predicate is true, false or an object. An object holds when all its members
 * hold:
 *
 *	"attribut": "valeur"		attributs() lists attributes and their values;
 *								a set has the value when it is one of its values
 *	"attribut": ["v1", "v2"]	one of them
 *	"et": [...], "ou": [...]	all of, one of these predicates
 *	"sauf": {...}				not
 *
 * It answers yes, no or unknown (Kleene's logic): an attribute that is not
 * known answers unknown, unless the very code that it has is asked for, as in
 * {"publication": "absente"}. "connu" and "inconnu" always answer yes or no.
 *
 * A contract outside of the population counts for nothing; if it is not known
 * whether it belongs there it is unknown. In the population it is a yes when
 * oui holds. Otherwise, where non is given, it is a no when non holds and
 * unknown when it does not; where non is not given it is a no when oui is
 * certainly false and unknown when oui is unknown.
 *
 * Refused: a population in which no profil can be, a profil that would be a yes and
 * a no ("non": true is all that is not a yes), a rapport in several units.
 *
 * Errors: 22032 not JSON, with the byte offset; 54000 too large; 22023 a key, a
 * type, an attribute, a value that is not legal, with the legal ones.
 */
CREATE FUNCTION canevas_in(cstring) RETURNS canevas
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'canevas_in';
COMMENT ON FUNCTION canevas_in(cstring) IS 'Lit un canevas : document JSON';

CREATE FUNCTION canevas_out(canevas) RETURNS cstring
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'canevas_out';
COMMENT ON FUNCTION canevas_out(canevas) IS 'Écrit un canevas : document JSON';

/* Binary form: the text, in the client's encoding (hence stable), checked like any other. */
CREATE FUNCTION canevas_recv(internal) RETURNS canevas
	LANGUAGE C STABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'canevas_recv';
COMMENT ON FUNCTION canevas_recv(internal) IS 'Lit la forme binaire d''un canevas';

CREATE FUNCTION canevas_send(canevas) RETURNS bytea
	LANGUAGE C STABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'canevas_send';
COMMENT ON FUNCTION canevas_send(canevas) IS 'Écrit la forme binaire d''un canevas';

CREATE TYPE canevas (
	INPUT = canevas_in,
	OUTPUT = canevas_out,
	RECEIVE = canevas_recv,
	SEND = canevas_send,
	INTERNALLENGTH = VARIABLE,
	ALIGNMENT = int4,
	STORAGE = extended
);
COMMENT ON TYPE canevas IS
	'Canevas d''un indicateur : document JSON qui dit qui est compté, ce qui est un oui, les cibles et les sources';

/* A canevas is JSON; any JSON is checked on its way to a canevas. */
CREATE CAST (canevas AS json) WITHOUT FUNCTION AS ASSIGNMENT;
COMMENT ON CAST (canevas AS json) IS 'Le document du canevas, pour en lire les champs';
CREATE CAST (json AS canevas) WITH INOUT;
COMMENT ON CAST (json AS canevas) IS 'Vérifie que le document est un canevas';
CREATE CAST (jsonb AS canevas) WITH INOUT;
COMMENT ON CAST (jsonb AS canevas) IS 'Vérifie que le document est un canevas';

CREATE TYPE mesure AS (
	numerateur numeric,
	denominateur numeric,
	inconnu numeric,
	taux numeric,
	minimum numeric,
	maximum numeric
);
COMMENT ON TYPE mesure IS 'Les six nombres d''un taux ; taux, minimum et maximum sont des fractions, pas des pourcentages';
COMMENT ON COLUMN mesure.numerateur IS 'Contrats (ou euros) pour lesquels la réponse est oui';
COMMENT ON COLUMN mesure.denominateur IS 'Contrats (ou euros) pour lesquels la réponse est connue';
COMMENT ON COLUMN mesure.inconnu IS 'Contrats (ou euros) de la population pour lesquels la réponse est inconnue';
COMMENT ON COLUMN mesure.taux IS 'Numérateur / dénominateur';
COMMENT ON COLUMN mesure.minimum IS 'Taux si tous les inconnus étaient des non : numérateur / (dénominateur + inconnu)';
COMMENT ON COLUMN mesure.maximum IS 'Taux si tous les inconnus étaient des oui : (numérateur + inconnu) / (dénominateur + inconnu)';

/*
 * The six numbers of an indicator over a bilan.
 *
 * unite	'nombre': every contract counts for one. 'montant': euros, of the
 *			contracts whose amount counts in value only (usable, and not that of
 *			a subsequent contract whose framework is in the data, nor of a v1
 *			subsequent contract); the others add to no number, unknown neither.
 *			'lignes': every attribution counts for one, whatever its part of the
 *			contract; of contracts, the same as 'nombre'.
 * classe	code of the class, for a canevas that has classes.
 *
 * Numbers are exact. Rates are fractions, divided with 16 significant digits or
 * more; a rate whose own denominator is empty is NULL, never 0. So where
 * contracts are there but nothing is known of them, taux is NULL while minimum
 * is 0 and maximum 1. Of a canevas with plancher taux is NULL as long as nothing
 * is a no.
 *
 * NULL if bilan, canevas or unite is NULL. Errors (22023): unknown unit or one
 * in which the canevas is not measured; class missing, unknown, or given for a
 * canevas without classes.
 */
CREATE FUNCTION mesurer(bilan bilan, canevas canevas, unite text DEFAULT 'nombre', classe text DEFAULT NULL)
	RETURNS mesure
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 50
	AS 'MODULE_PATHNAME', 'canevas_mesurer';
COMMENT ON FUNCTION mesurer(bilan, canevas, text, text) IS
	'Mesure un indicateur (ou une de ses classes) sur un bilan, en nombre ou en montant';

/*
 * The rate of mesurer() alone, for a column that needs no more: same arguments
 * and errors. NULL if one of the three first is, and when nothing is known.
 */
CREATE FUNCTION taux(bilan bilan, canevas canevas, unite text DEFAULT 'nombre', classe text DEFAULT NULL)
	RETURNS numeric
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 50
	AS 'MODULE_PATHNAME', 'canevas_taux';
COMMENT ON FUNCTION taux(bilan, canevas, text, text) IS
	'Taux d''un indicateur sur un bilan : le quatrième des six nombres de mesurer';

/*
 * The rates of a list of canevas, in one pass: what a table with a column per
 * indicator needs. They are the column taux of indicateurs(bilan, canevas), in the
 * order of its rows: each canevas (or each of its classes) in number, then in
 * amount, where it is measured so. NULL where nothing is known; NULL if an
 * argument is; a NULL in the list is passed over. Error 54000 for an array of more
 * than 10 000 canevas.
 */
CREATE FUNCTION taux_liste(bilan bilan, canevas canevas[]) RETURNS numeric[]
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 500
	AS 'MODULE_PATHNAME', 'canevas_taux_liste';
COMMENT ON FUNCTION taux_liste(bilan, canevas[]) IS
	'Taux d''une liste d''indicateurs sur un bilan, dans l''ordre des lignes de indicateurs';

/*
 * The first canevas of an array that has a code. NULL if an argument is NULL.
 * Error (22023) with the codes of the array if there is none; 54000 for an array
 * of more than 10 000 canevas.
 */
CREATE FUNCTION choisir(canevas canevas[], code text) RETURNS canevas
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'canevas_choisir';
COMMENT ON FUNCTION choisir(canevas[], text) IS 'Choisit dans une liste le canevas de ce code';
