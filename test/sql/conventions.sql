-- conventions.sql: what must hold of every object of the extension, read in the
-- catalogue. Each query lists the offenders, so no row is right.

CREATE VIEW objet AS
SELECT d.classid, d.objid, pg_describe_object(d.classid, d.objid, 0) AS description
FROM pg_depend AS d
JOIN pg_extension AS e ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid
WHERE e.extname = 'spaser' AND d.deptype = 'e';

CREATE VIEW fonction AS
SELECT p.*, p.oid::regprocedure::text AS signature
FROM objet AS o JOIN pg_proc AS p ON o.classid = 'pg_proc'::regclass AND o.objid = p.oid;

-- The extension is here, so that the lists below are not empty for want of objects
SELECT extname, extnamespace::regnamespace FROM pg_extension WHERE extname = 'spaser';
SELECT kind, EXISTS (SELECT FROM fonction WHERE prokind = kind) FROM unnest(ARRAY['f', 'a']::"char"[]) AS kind;

-- Every object has a comment. A composite type is commented as a type, not as
-- the relation behind it.
SELECT o.description AS uncommented
FROM objet AS o
WHERE NOT EXISTS (
	SELECT FROM pg_description AS c
	WHERE (c.classoid, c.objoid, c.objsubid) = (o.classid, o.objid, 0)
		OR o.classid = 'pg_class'::regclass AND c.classoid = 'pg_type'::regclass
			AND c.objoid = (SELECT reltype FROM pg_class WHERE oid = o.objid AND relkind = 'c'))
ORDER BY 1;

-- No table, sequence or view: data belongs to the user
SELECT o.description AS holds_data
FROM objet AS o JOIN pg_class AS c ON o.classid = 'pg_class'::regclass AND o.objid = c.oid
WHERE c.relkind <> 'c'
ORDER BY 1;

-- Everything that lives in a schema lives in spaser
SELECT o.description AS elsewhere
FROM objet AS o, pg_identify_object(o.classid, o.objid, 0) AS i
WHERE i.schema <> 'spaser'
ORDER BY 1;

-- One function that is not parallel safe makes a whole plan serial
SELECT signature AS not_parallel_safe FROM fonction WHERE proparallel <> 's' ORDER BY 1;

-- Only what reads files of the server depends on more than its arguments
SELECT signature AS volatile FROM fonction
WHERE provolatile = 'v' AND proname NOT LIKE '%fichier' AND prokind <> 'a'
ORDER BY 1;

-- What an aggregate calls can be called out of turn, in any worker
SELECT DISTINCT f.signature AS support_function
FROM fonction AS f
JOIN pg_aggregate AS a ON f.oid IN (a.aggtransfn, a.aggcombinefn, a.aggfinalfn, a.aggserialfn, a.aggdeserialfn)
WHERE f.provolatile <> 'i'
ORDER BY 1;

-- An aggregate that can be merged: Citus pushes it down if its state is a type of its own
SELECT a.aggfnoid::regprocedure AS state_is_internal
FROM pg_aggregate AS a JOIN fonction AS f ON f.oid = a.aggfnoid
WHERE a.aggcombinefn <> 0 AND a.aggtranstype = 'internal'::regtype
ORDER BY 1;

SELECT signature AS security_definer FROM fonction WHERE prosecdef ORDER BY 1;

-- A body of SQL is bound at creation, or has its own search_path
SELECT signature AS body_unbound
FROM fonction JOIN pg_language AS l ON l.oid = prolang
WHERE l.lanname NOT IN ('c', 'internal') AND prosqlbody IS NULL
	AND NOT coalesce(proconfig::text LIKE '%search_path=%', false)
ORDER BY 1;

-- Nobody reads files of the server by default
SELECT signature AS reads_server_files FROM fonction
WHERE (proname LIKE '%fichier%' AND provolatile = 'v' OR pg_get_function_sqlbody(oid) ~ 'pg_read_(binary_)?file|pg_stat_file|pg_ls_dir|lo_import')
	AND has_function_privilege('public', oid, 'EXECUTE')
ORDER BY 1;

-- A type can be stored and sent: text and binary, both ways
SELECT o.description AS incomplete_type
FROM objet AS o JOIN pg_type AS t ON o.classid = 'pg_type'::regclass AND o.objid = t.oid
WHERE t.typtype = 'b' AND t.typcategory <> 'A'
	AND 0 IN (t.typinput, t.typoutput, t.typreceive, t.typsend)
ORDER BY 1;

-- The library loaded and the script that declared its functions are of one version
SELECT extversion = (SELECT default_version FROM pg_available_extensions WHERE name = 'spaser') AS version
FROM pg_extension WHERE extname = 'spaser';

DROP VIEW fonction, objet;
