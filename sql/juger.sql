/*
 * juger.sql
 *	  What one contract, or attribution, counts for in an indicator, and why: what
 *	  explains a figure. A figure itself is measured over a bilan (canevas.sql).
 */

/*
 * 'oui', 'non', 'inconnu', or 'hors' of the population. classe: code of a class,
 * for a canevas that has classes. NULL if profil or canevas is NULL, or if the
 * profil is not of the level that the canevas judges. Errors (22023): a canevas that
 * is no part; a class missing, unknown, or given for a canevas without classes.
 */
CREATE FUNCTION juger(profil profil, canevas canevas, classe text DEFAULT NULL) RETURNS text
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 5
	AS 'MODULE_PATHNAME', 'profil_juger';
COMMENT ON FUNCTION juger(profil, canevas, text) IS
	'Ce que compte un contrat (ou une attribution) dans un indicateur : oui, non, inconnu, ou hors de la population';

/*
 * Why: the attributes that decide, as "attribut=valeur". 'oui' and 'non': those that
 * place it in the population, and those that answer. 'hors': those that keep it out.
 * 'inconnu': those that are not known and matter, of the population first; where the
 * indicator says what is a no, and all is known that makes this neither, those that
 * do. A profil that has these only would be judged alike (but for what is unknown).
 * Empty for what is true of all. NULL and errors as juger().
 */
CREATE FUNCTION motif(profil profil, canevas canevas, classe text DEFAULT NULL) RETURNS text[]
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10
	AS 'MODULE_PATHNAME', 'profil_motif';
COMMENT ON FUNCTION motif(profil, canevas, text) IS
	'Pourquoi : les attributs qui décident de la réponse de juger';
