/*
 * indicateurs.sql
 *	  The catalogue, and what is built on it: all its indicators at once, one of
 *	  them by its code, and its list for people.
 */

/*
 * Every canevas of the catalogue, by code. They come with the library: a newer
 * one brings its own before ALTER EXTENSION UPDATE.
 */
CREATE FUNCTION catalogue() RETURNS canevas[]
	LANGUAGE C IMMUTABLE PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'canevas_catalogue';
COMMENT ON FUNCTION catalogue() IS 'Les canevas du catalogue, dans l''ordre des codes';

/*
 * Every indicator of an array of canevas over a bilan, in one pass: a row per
 * canevas (or class: code "CODE.classe") and unit, in the order of the array.
 * The six numbers are those of mesurer().
 *
 * A bilan is of contracts or of attributions: the canevas of the other level give
 * no row, nor does what is no part of a bilan.
 *
 * bilan NULL: the rows of the level of the first canevas, with counts of 0 and
 * NULL rates, so that a dashboard shows its list. canevas NULL: no row; a NULL element is passed over.
 * Error 54000 for an array of more than 10 000 canevas.
 */
CREATE FUNCTION indicateurs(
	bilan bilan,
	canevas canevas[] DEFAULT catalogue(),
	OUT code text,
	OUT libelle text,
	OUT dimension text,
	OUT unite text,
	OUT numerateur numeric,
	OUT denominateur numeric,
	OUT inconnu numeric,
	OUT taux numeric,
	OUT minimum numeric,
	OUT maximum numeric)
	RETURNS SETOF record
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1000 ROWS 60
	AS 'MODULE_PATHNAME', 'canevas_indicateurs';
COMMENT ON FUNCTION indicateurs(bilan, canevas[]) IS
	'Mesure tous les indicateurs d''une liste (par défaut le catalogue) sur un bilan';

/*
 * The parts of the catalogue that judge profils of one level, contrat or
 * attribution: what indicateurs() measures over a bilan of that level. NULL for
 * NULL, empty for another name.
 */
CREATE FUNCTION catalogue(niveau text) RETURNS canevas[]
	LANGUAGE SQL IMMUTABLE STRICT PARALLEL SAFE
	RETURN ARRAY(
		SELECT c FROM unnest(catalogue()) WITH ORDINALITY AS u(c, rang)
		WHERE coalesce(c::json->>'genre', 'part') = 'part' AND coalesce(c::json->>'niveau', 'contrat') = niveau
		ORDER BY rang);
COMMENT ON FUNCTION catalogue(text) IS 'Les parts du catalogue qui jugent les profils d''un niveau, contrat ou attribution';

/*
 * The measures of the catalogue that are no parts: one per measure of a
 * distribution, concentration or rapport, with the state of the rollup that it is
 * measured on. code is that of the canevas, with that of the measure if it has
 * several. As an array the planner computes it once, and not for each row that it
 * is asked for.
 */
CREATE TYPE mesure_catalogue AS (
	code text,
	libelle text,
	dimension text,
	genre text,
	etat text,
	mesure text,
	borne_min numeric,
	borne_max numeric,
	unites text[]
);
COMMENT ON TYPE mesure_catalogue IS 'Une mesure du catalogue qui n''est pas une part';
COMMENT ON COLUMN mesure_catalogue.code IS 'Code du canevas, suivi de celui de la mesure s''il en a plusieurs';
COMMENT ON COLUMN mesure_catalogue.libelle IS 'Libellé';
COMMENT ON COLUMN mesure_catalogue.dimension IS 'Dimension';
COMMENT ON COLUMN mesure_catalogue.genre IS 'distribution, concentration ou rapport';
COMMENT ON COLUMN mesure_catalogue.etat IS 'État de la synthèse sur lequel elle se mesure';
COMMENT ON COLUMN mesure_catalogue.mesure IS 'Ce qui en est lu';
COMMENT ON COLUMN mesure_catalogue.borne_min IS 'D''une part : plus petite valeur comptée';
COMMENT ON COLUMN mesure_catalogue.borne_max IS 'D''une part : plus grande valeur comptée';
COMMENT ON COLUMN mesure_catalogue.unites IS 'Unités';

CREATE FUNCTION catalogue_mesures() RETURNS mesure_catalogue[]
	LANGUAGE SQL IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT array_agg(ROW (j->>'code' || CASE WHEN json_array_length(j->'mesures') > 1 THEN '.' || (m->>'code') ELSE '' END,
			j->>'libelle' || CASE WHEN json_array_length(j->'mesures') > 1 THEN ' : ' || (m->>'libelle') ELSE '' END,
			j->>'dimension', j->>'genre', coalesce(m->>'etat', j->>'etat'), m->>'mesure',
			(m->>'min')::numeric, (m->>'max')::numeric,
			CASE WHEN j->'unites' IS NULL THEN ARRAY['nombre', 'montant']
				ELSE ARRAY(SELECT json_array_elements_text(j->'unites')) END)::mesure_catalogue ORDER BY rang, n)
	FROM unnest(catalogue()) WITH ORDINALITY AS c(canevas, rang),
		LATERAL (SELECT canevas::json AS j) AS document,
		json_array_elements(j->'mesures') WITH ORDINALITY AS e(m, n)
	WHERE j->>'genre' IN ('distribution', 'concentration', 'rapport');
END;
COMMENT ON FUNCTION catalogue_mesures() IS
	'Les mesures du catalogue qui ne sont pas des parts : distributions, concentrations, rapports de sommes';

/* The canevas of a code. NULL if it is NULL; error (22023) with the codes if unknown. */
CREATE FUNCTION canevas_du_catalogue(code text) RETURNS canevas
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'canevas_du_catalogue';
COMMENT ON FUNCTION canevas_du_catalogue(text) IS 'Le canevas du catalogue qui a ce code';

/* The catalogue as a table, in the order of the codes. */
CREATE FUNCTION catalogue_liste(
	OUT code text,
	OUT libelle text,
	OUT dimension text,
	OUT unites text[],
	OUT definition text,
	OUT ideal text,
	OUT calculable text,
	OUT ecart text,
	OUT genre text,
	OUT niveau text,
	OUT registres text[],
	OUT faisabilite text,
	OUT cibles json,
	OUT sources json,
	OUT classes text[],
	OUT champs text[],
	OUT personas text[],
	OUT certitude text)
	RETURNS SETOF record
	LANGUAGE SQL IMMUTABLE PARALLEL SAFE ROWS 90
BEGIN ATOMIC
	SELECT
		j->>'code',
		j->>'libelle',
		j->>'dimension',
		CASE WHEN j->'unites' IS NULL THEN ARRAY['nombre', 'montant']
			ELSE ARRAY(SELECT json_array_elements_text(j->'unites')) END,
		j->>'definition',
		j->>'ideal',
		j->>'calculable',
		j->>'ecart',
		coalesce(j->>'genre', 'part'),
		coalesce(j->>'niveau', CASE WHEN coalesce(j->>'genre', 'part') = 'part' THEN 'contrat' END),
		ARRAY(SELECT json_array_elements_text(j->'registres')),
		j->>'faisabilite',
		j->'cibles',
		j->'sources',
		ARRAY(SELECT classe->>'code' FROM json_array_elements(j->'classes') AS classe),
		ARRAY(SELECT json_array_elements_text(j->'champs')),
		ARRAY(SELECT json_array_elements_text(j->'personas')),
		j->>'certitude'
	FROM unnest(catalogue()) WITH ORDINALITY AS c(canevas, rang),
		LATERAL (SELECT canevas::json AS j) AS document
	ORDER BY rang;
END;
COMMENT ON FUNCTION catalogue_liste() IS
	'Le catalogue des indicateurs : libellés, définitions, cibles et sources';
