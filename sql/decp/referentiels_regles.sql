-- referentiels_regles.sql: the rules of law that indicators look at (thresholds,
-- AGEC categories, segments, CPV codes whose origin is due), and what a buyer
-- gives: its perimeter, its targets, its declared figures.
--
--   psql -v schema=decp -f referentiels_regles.sql
--       after tables.sql. Run again it adds the rows of reference that are not
--       there: it changes and removes none, whoever wrote it.
--
-- It needs to own the tables. What a row says is as sure as its column certitude;
-- docs/referentiels_regles.md says what could not be read.
\set ON_ERROR_STOP on
\set QUIET on
\if :{?schema}
\else
\set schema decp
\endif

BEGIN;
SET LOCAL client_min_messages = warning;
SELECT set_config('search_path', quote_ident(:'schema') || ', spaser, pg_temp', true) \g /dev/null

-- ---- Tables

-- Periods have both their days inside; NULL is without beginning or end. Ranges of
-- one value let an exclusion constraint compare what is no range, without an
-- extension: two rows for one day are refused.
CREATE TABLE IF NOT EXISTS seuil_europeen (
	type_achat text NOT NULL CHECK (type_achat IN ('travaux', 'fournitures', 'services')),
	categorie_acheteur text NOT NULL CHECK (categorie_acheteur IN ('etat', 'autre')),
	depuis date,
	jusque date CHECK (jusque >= depuis),
	montant numeric NOT NULL CHECK (montant > 0),
	source text NOT NULL,
	certitude text NOT NULL CHECK (certitude IN ('vérifié', 'source secondaire', 'non vérifié')),
	CONSTRAINT seuil_europeen_periode EXCLUDE USING gist (
		int4range(array_position('{travaux,fournitures,services}'::text[], type_achat),
			array_position('{travaux,fournitures,services}'::text[], type_achat), '[]') WITH &&,
		int4range((categorie_acheteur = 'etat')::integer, (categorie_acheteur = 'etat')::integer, '[]') WITH &&,
		daterange(depuis, jusque, '[]') WITH &&)
);

CREATE TABLE IF NOT EXISTS seuil_procedure (
	type_achat text NOT NULL CHECK (type_achat IN ('travaux', 'fournitures', 'services')),
	depuis date,
	jusque date CHECK (jusque >= depuis),
	montant numeric NOT NULL CHECK (montant > 0),
	source text NOT NULL,
	certitude text NOT NULL CHECK (certitude IN ('vérifié', 'source secondaire', 'non vérifié')),
	CONSTRAINT seuil_procedure_periode EXCLUDE USING gist (
		int4range(array_position('{travaux,fournitures,services}'::text[], type_achat),
			array_position('{travaux,fournitures,services}'::text[], type_achat), '[]') WITH &&,
		daterange(depuis, jusque, '[]') WITH &&)
);

CREATE TABLE IF NOT EXISTS seuil_spaser (
	depuis date,
	jusque date CHECK (jusque >= depuis),
	montant numeric NOT NULL CHECK (montant > 0),
	source text NOT NULL,
	certitude text NOT NULL CHECK (certitude IN ('vérifié', 'source secondaire', 'non vérifié')),
	CONSTRAINT seuil_spaser_periode EXCLUDE USING gist (daterange(depuis, jusque, '[]') WITH &&)
);

CREATE TABLE IF NOT EXISTS agec_generation (
	depuis date,
	jusque date CHECK (jusque >= depuis),
	complete boolean NOT NULL DEFAULT false,
	source text NOT NULL,
	certitude text NOT NULL CHECK (certitude IN ('vérifié', 'source secondaire', 'non vérifié')),
	CONSTRAINT agec_generation_periode EXCLUDE USING gist (daterange(depuis, jusque, '[]') WITH &&)
);

CREATE TABLE IF NOT EXISTS agec (
	categorie text COLLATE "C" CHECK (categorie ~ '^(c(0[1-9]|1[0-7])|aucune)$'),
	cpv text COLLATE "C" NOT NULL CHECK (cpv ~ '^[0-9]{2,8}$'),
	depuis date,
	jusque date CHECK (jusque >= depuis),
	libelle text NOT NULL,
	source text NOT NULL,
	certitude text NOT NULL CHECK (certitude IN ('vérifié', 'source secondaire', 'non vérifié')),
	CONSTRAINT agec_periode EXCLUDE USING gist (
		int4range(('1' || cpv)::integer, ('1' || cpv)::integer, '[]') WITH &&,
		daterange(depuis, jusque, '[]') WITH &&)
);

CREATE TABLE IF NOT EXISTS agec_taux (
	categorie text COLLATE "C" NOT NULL CHECK (categorie ~ '^c(0[1-9]|1[0-7])$'),
	objet text NOT NULL CHECK (objet IN ('ensemble', 'reemploi', 'recyclage')),
	depuis date,
	jusque date CHECK (jusque >= depuis),
	taux numeric NOT NULL CHECK (taux >= 0 AND taux <= 1),
	source text NOT NULL,
	certitude text NOT NULL CHECK (certitude IN ('vérifié', 'source secondaire', 'non vérifié')),
	CONSTRAINT agec_taux_periode EXCLUDE USING gist (
		int4range(array_position('{ensemble,reemploi,recyclage}'::text[], objet) * 100 + substr(categorie, 2)::integer,
			array_position('{ensemble,reemploi,recyclage}'::text[], objet) * 100 + substr(categorie, 2)::integer, '[]') WITH &&,
		daterange(depuis, jusque, '[]') WITH &&)
);

CREATE TABLE IF NOT EXISTS segment (
	segment text COLLATE "C" NOT NULL CHECK (segment IN ('batiment', 'energie', 'vehicules', 'alimentation', 'restauration',
		'informatique', 'mobilier', 'textile', 'nettoyage', 'transport', 'autre')),
	cpv text COLLATE "C" PRIMARY KEY CHECK (cpv ~ '^[0-9]{2,8}$')
);

CREATE TABLE IF NOT EXISTS origine_cpv (
	debut text COLLATE "C" NOT NULL CHECK (debut ~ '^[0-9]{8}$'),
	fin text COLLATE "C" NOT NULL CHECK (fin ~ '^[0-9]{8}$' AND fin >= debut),
	CONSTRAINT origine_cpv_cle EXCLUDE USING gist (int4range(debut::integer, fin::integer, '[]') WITH &&)
);

CREATE TABLE IF NOT EXISTS perimetre (
	perimetre text NOT NULL CHECK (perimetre <> ''),
	siren text COLLATE "C" NOT NULL CHECK (siren ~ '^[0-9]{9}$'),
	nom text,
	PRIMARY KEY (perimetre, siren)
);

CREATE TABLE IF NOT EXISTS cible (
	perimetre text,
	siren text COLLATE "C" CHECK (siren ~ '^[0-9]{9}$'),
	code text COLLATE "C" NOT NULL CHECK (code ~ '^[A-Z][0-9]{2}([.][a-z0-9_]+)?$'),
	unite text NOT NULL,
	sens text NOT NULL DEFAULT '>=' CHECK (sens IN ('>=', '<=')),
	valeur numeric NOT NULL CHECK (valeur >= 0 AND valeur < 'Infinity' AND (valeur <= 1 OR unite NOT IN ('nombre', 'montant'))),
	depuis date,
	jusque date CHECK (jusque >= depuis),
	contraignante boolean NOT NULL DEFAULT false,
	source text NOT NULL,
	certitude text NOT NULL DEFAULT 'vérifié' CHECK (certitude IN ('vérifié', 'source secondaire', 'non vérifié')),
	CONSTRAINT cible_de_qui CHECK (perimetre IS NULL OR siren IS NULL),
	-- Half of 64 bits of hash: what clashes by chance never will
	CONSTRAINT cible_periode EXCLUDE USING gist (
		int8range(hashtextextended(coalesce(perimetre, '') || '|' || coalesce(siren, '') || '|' || code || '|' || unite, 0) >> 1,
			hashtextextended(coalesce(perimetre, '') || '|' || coalesce(siren, '') || '|' || code || '|' || unite, 0) >> 1, '[]') WITH &&,
		daterange(depuis, jusque, '[]') WITH &&)
);

CREATE TABLE IF NOT EXISTS saisie (
	code text COLLATE "C" NOT NULL CHECK (code ~ '^[A-Z][0-9]{2}([.][a-z0-9_]+)?$'),
	siren text COLLATE "C" NOT NULL CHECK (siren ~ '^[0-9]{9}$'),
	depuis date NOT NULL,
	jusque date NOT NULL CHECK (jusque >= depuis),
	unite text NOT NULL,
	numerateur numeric NOT NULL CHECK (numerateur >= 0 AND numerateur < 'Infinity'),
	denominateur numeric CHECK (denominateur >= 0 AND denominateur < 'Infinity'),
	source text NOT NULL,
	auteur text NOT NULL,
	saisi_le timestamptz NOT NULL DEFAULT now(),
	CONSTRAINT saisie_periode EXCLUDE USING gist (
		int4range(siren::integer, siren::integer, '[]') WITH &&,
		int8range(hashtextextended(code || '|' || unite, 0) >> 1, hashtextextended(code || '|' || unite, 0) >> 1, '[]') WITH &&,
		daterange(depuis, jusque, '[]') WITH &&)
);

CREATE TABLE IF NOT EXISTS decoupage_cpv (
	registre text COLLATE "C" NOT NULL CHECK (registre IN ('segment', 'agec')),
	depuis date NOT NULL,
	jusque date NOT NULL,
	bornes integer[] NOT NULL,
	classes text[] NOT NULL,
	PRIMARY KEY (registre, depuis)
);

\ir referentiels_regles_fonctions.sql
\ir referentiels_regles_lignes.sql
\ir referentiels_regles_textes.sql
-- Who may read contrat may read this
SELECT format('GRANT SELECT ON %s TO %s', 'seuil_europeen, seuil_procedure, seuil_spaser, agec_generation, agec, agec_taux, segment, origine_cpv, perimetre, cible, saisie, decoupage_cpv', coalesce(quote_ident(rolname), 'PUBLIC'))
FROM pg_class CROSS JOIN LATERAL aclexplode(relacl) AS droit LEFT JOIN pg_roles AS r ON r.oid = droit.grantee
WHERE pg_class.oid = 'contrat'::regclass AND privilege_type = 'SELECT' AND droit.grantee <> relowner \gexec
COMMIT;
