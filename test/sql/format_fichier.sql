-- format_fichier.sql: what a file is, told by its first bytes. The signatures are
-- those of the formats' specifications.
SET search_path = public, spaser;
CREATE TABLE debut (attendu text, octets bytea);
INSERT INTO debut VALUES
	('json', '{"marches":[]}'), ('json', '  [ {'), ('json', '\xefbbbf0d0a7b'),
	('xml', '<?xml version="1.0"?><marches/>'), ('xml', '\xefbbbf3c6d6172636865733e'),
	('xml', '<!-- export --><marches>'), ('xml', '<?xml version="1.0"?><!-- <html> --><marches>'),
	('xml', '<htmlise/>'), ('xml', '<?xml sans fin'),
	('html', '<!DOCTYPE html><html>'), ('html', '<!doctype HTML PUBLIC "-//W3C//DTD">'), ('html', E'\n<HTML lang="fr">'),
	('html', '<?xml version="1.0"?><!-- page --> <html xmlns="">'),
	('csv', 'id;acheteur.id;montant'), ('csv', '"uid","id"'), ('csv', '\xefbbbf69643b6d6f6e74616e74'),
	('csv', '\x6f626a65740ae974e9'), ('csv', 'PK;nom'), ('csv', 'BZh;nom'), ('csv', '7z;nom'),
	('gzip', '\x1f8b0800'), ('zip', '\x504b03041400'), ('zip', '\x504b0506'), ('zstd', '\x28b52ffd04'),
	('bzip2', '\x425a6839314159265359'), ('xz', '\xfd377a585a000004'), ('7z', '\x377abcaf271c0004'),
	('parquet', '\x50415231150415'), ('pdf', '%PDF-1.7'),
	('utf-16', '\xfffe7b00'), ('utf-16', '\xfeff007b'), ('utf-16', '\x3c003f00'), ('utf-16', '\x003c003f'),
	('vide', ''), ('vide', E' \n'), ('vide', '\xefbbbf'),
	('binaire', '\x89504e470d0a1a0a0000000d'), ('binaire', '\xd0cf11e0a1b11ae10000'), ('binaire', '\x0102030405');
SELECT attendu, format_fichier(octets), encode(octets, 'escape') FROM debut WHERE format_fichier(octets) <> attendu;
SELECT count(*) AS debuts, count(DISTINCT attendu) AS formats FROM debut;
-- What follows the first 4 kB is not looked at
SELECT format_fichier(convert_to(repeat(' ', 4096) || '{', 'UTF8'));
SELECT format_fichier(NULL) IS NULL AS sans_octets;
DROP TABLE debut;
