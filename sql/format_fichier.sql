-- format_fichier.sql: what a file is, whatever its name.

-- format_fichier(octets)
--   octets   the beginning of a file; 4 kB are enough, more are not looked at
-- json, xml, csv (any text that begins neither like JSON nor like XML) are
-- what can be loaded, gzip once decompressed (degzip). The others are told so
-- that the user learns what he has: html (an error page saved as data), utf-16,
-- zip, zstd, bzip2, xz, 7z, parquet, pdf, binaire (none of these, and no text),
-- vide (no byte, or only spaces). A BOM of UTF-8 is skipped.
-- NULL gives NULL; no errors.
CREATE FUNCTION format_fichier(octets bytea)
	RETURNS text
	AS 'MODULE_PATHNAME', 'format_fichier'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION format_fichier(bytea) IS
	'Format d''un fichier d''après ses premiers octets : json, xml, csv, gzip, zip, html, vide, etc.';
