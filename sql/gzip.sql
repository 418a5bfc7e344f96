-- gzip.sql: clear bytes of compressed documents.

-- degzip(octets, reprise, fin)
--   octets   a gzip document (RFC 1952; several members end to end, and zeros
--            after them, are accepted), or a piece of one
--   reprise  NULL at the start of a document, else what the call on the piece
--            before returned; the new piece must begin at the byte it gave
--   fin      true (or NULL) when nothing follows this piece
-- clair is what the blocks that are whole in the piece hold, as bytes, perhaps
-- none. When fin is false octet is where in the compressed document the next
-- piece must begin, and reprise what to give back with it; if octet has not
-- moved, give a larger piece. Such a call stops after about 16 MB of clair, so
-- a caller who wants bounded memory says fin => false for every piece, then
-- fin => true with the bytes that are left, none or few. At the end of the
-- document reprise is NULL, and checksums and sizes have been verified.
-- NULL octets: all is NULL.
-- Errors: 22P04 when the bytes are no gzip document, are damaged or end too
-- early; 54000 when more than 200 clear bytes came of each compressed one once
-- 1 MB came out, or when one call gives more than 256 MB; 22023 for a reprise
-- that degzip did not make.
CREATE FUNCTION degzip(octets bytea, reprise bytea DEFAULT NULL, fin boolean DEFAULT true,
		OUT clair bytea, OUT octet bigint, OUT reprise bytea)
	AS 'MODULE_PATHNAME', 'degzip'
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 100000;
COMMENT ON FUNCTION degzip(bytea, bytea, boolean) IS
	'Décompresse un document gzip, entier ou par morceaux : octets clairs, où commence le morceau suivant, et de quoi reprendre';
