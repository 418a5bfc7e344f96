-- encodage.sql: what CREATE EXTENSION says in a database that is not UTF8.
\set base :DBNAME
-- the error comes before anything is made
CREATE DATABASE spaser_latin1 ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0;
CREATE DATABASE spaser_latin9 ENCODING 'LATIN9' LOCALE 'C' TEMPLATE template0;
CREATE DATABASE spaser_ascii ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0;
\c spaser_latin1
CREATE EXTENSION spaser;
SELECT count(*) AS schemas FROM pg_namespace WHERE nspname = 'spaser';
\c spaser_latin9
CREATE EXTENSION spaser;
\c spaser_ascii
CREATE EXTENSION spaser;
\c :base
DROP DATABASE spaser_latin1;
DROP DATABASE spaser_latin9;
DROP DATABASE spaser_ascii;
