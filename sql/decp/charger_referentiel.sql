-- charger_referentiel.sql: load one register about holders or places from the
-- CSV file that its public source publishes.
--
--   psql -v schema=decp -v registre=sirene_unites -v fichier=StockUniteLegale_utf8.zip -f charger_referentiel.sql
--
--   -v registre=NOM   sirene_unites, sirene_etablissements, cog_communes,
--       cog_anciennes, cog_departements, cog_regions, cpv, esus, siae, ea or esat
--   -v fichier=PATH   where psql runs: CSV, or CSV in gzip or zip. It needs the
--       commands awk, head, od, cat and mktemp beside psql; gzip or unzip for
--       these.
--   -v tout=1         of SIRENE, every line; otherwise those of the contracts
--   -v ajouter=1      nothing of the register goes: where the file says something, it
--       is so from now on, the rest stays
--   -v tolerer=1      lines that cannot be read are left out; otherwise they
--       stop the load
--   -v chevauchements=1   approvals of one structure may overlap
--   -v complete_depuis=DATE -v complete_jusque=DATE   of a list of approvals:
--       it is declared complete between these days (the second may be missing)
--   -v separateur=C   one of , ; | tab; otherwise told by the header
--   -v encodage=NOM   as PostgreSQL names it; otherwise UTF8, or WIN1252 when
--       the file is not UTF-8
--   -v source=NOM     kept in referentiel; otherwise the public source
--   -v date_source=DATE   of the file; otherwise what its name says
--
-- All or nothing: one transaction, during which the register is read as it was.
-- Columns are found by their names (colonne_referentiel). What is not needed
-- does not reach the server: columns, and of SIRENE the lines that no contract
-- names, are left out where psql runs.
\set ON_ERROR_STOP on
\set QUIET on
\if :{?schema}
\else
\set schema decp
\endif
\if :{?registre}
\else
\set registre ''
\endif
\if :{?fichier}
\else
\set fichier ''
\endif
\if :{?tout}
\else
\set tout 0
\endif
\if :{?ajouter}
\else
\set ajouter 0
\endif
\if :{?tolerer}
\else
\set tolerer 0
\endif
\if :{?chevauchements}
\else
\set chevauchements 0
\endif
\if :{?complete_depuis}
\else
\set complete_depuis ''
\endif
\if :{?complete_jusque}
\else
\set complete_jusque ''
\endif
\if :{?separateur}
\else
\set separateur ''
\endif
\if :{?encodage}
\else
\set encodage ''
\endif
\if :{?source}
\else
\set source ''
\endif
\if :{?date_source}
\else
\set date_source ''
\endif

BEGIN ISOLATION LEVEL READ COMMITTED;
SET LOCAL client_min_messages = notice;
SELECT set_config('search_path', quote_ident(:'schema') || ', spaser', true) \g /dev/null
SET LOCAL work_mem = '64MB';

CREATE TEMP TABLE parametre_referentiel ON COMMIT DROP AS
SELECT :'registre' AS registre, :'fichier' AS fichier,
	:'registre' IN ('sirene_unites', 'sirene_etablissements') AND NOT :'tout'::boolean AS filtre,
	:'ajouter'::boolean AS ajouter, :'tolerer'::boolean AS tolerer, :'chevauchements'::boolean AS chevauchements,
	nullif(:'complete_depuis', '')::date AS complete_depuis, nullif(:'complete_jusque', '')::date AS complete_jusque,
	CASE :'separateur' WHEN 'tab' THEN E'\t' WHEN '\t' THEN E'\t' ELSE :'separateur' END AS separateur,
	upper(:'encodage') AS encodage,
	coalesce(nullif(:'source', ''), source_publique(:'registre')) AS source_publique,
	coalesce(nullif(:'date_source', '')::date, date_du_fichier(:'fichier')) AS date_source,
	NULL::text AS entete, NULL::text AS colonnes, NULL::bigint AS lignes;
SELECT verifier_referentiel() \g /dev/null
CREATE TEMP TABLE colonne_lue (rang integer PRIMARY KEY, nom text NOT NULL, champ text) ON COMMIT DROP;
CREATE TEMP TABLE entete_referentiel (texte text) ON COMMIT DROP;

-- What reads the file where psql runs. A record may have line feeds in quotes;
-- a record without quotes is split at once, and not at all if its identifier,
-- among the first columns, is not wanted.
SELECT $lire$
	if ! test -f "$SPASER_FICHIER" || ! test -r "$SPASER_FICHIER"; then
		echo "no such file, or not readable: $SPASER_FICHIER" >&2; exit 1
	fi
	if test -n "$SPASER_LISTE"; then trap 'rm -f "$SPASER_LISTE"' EXIT; fi
	{
		case $(head -c 4 "$SPASER_FICHIER" | od -An -tx1 | tr -d ' ') in
			1f8b*) gzip -dc <"$SPASER_FICHIER" ;;
			504b0304) unzip -p "$SPASER_FICHIER" ;;
			*) cat "$SPASER_FICHIER" ;;
		esac || test -n "$SPASER_ENTETE" || printf '\n\001\n'
	} 2>/dev/null | LC_ALL=C awk "$SPASER_AWK"
$lire$ AS lire, $awk$
	function decouper(s, combien,   i, v) {
		for (nf = 0; nf < combien;) {
			v = ""
			if (substr(s, 1, 1) == "\"") {
				s = substr(s, 2)
				while ((i = index(s, "\"")) > 0) {
					v = v substr(s, 1, i - 1)
					s = substr(s, i + 1)
					if (substr(s, 1, 1) != "\"")
						break
					v = v "\""
					s = substr(s, 2)
				}
			}
			i = index(s, sep)
			valeur[++nf] = v (i ? substr(s, 1, i - 1) : s)
			if (!i)
				return
			s = substr(s, i + 1)
		}
	}
	function coder(v) {
		if (v ~ /[\\\n\r\037]/) {
			gsub(/\\/, "\\\\", v)
			gsub(/\n/, "\\n", v)
			gsub(/\r/, "\\r", v)
			gsub(/\037/, " ", v)
		}
		return v
	}
	# Is it wanted? What is no identifier is: the server says what is wrong with it
	function voulu(v) {
		if (v in garde)
			return 1
		if (length(v) == longueur && v !~ /[^0-9]/)
			return 0
		sub(/\.0$/, "", v)
		gsub(/[^0-9A-Za-z]/, "", v)
		if (v == "")
			return 0
		while (length(v) < longueur)
			v = "0" v
		return (v in garde) || length(v) != longueur || v ~ /[^0-9]/
	}
	function arreter(texte) {
		print texte | "cat >&2"
		close("cat >&2")
		echec = 1
		exit 1
	}
	BEGIN {
		FS = sep = ENVIRON["SPASER_SEPARATEUR"] == "" ? "," : ENVIRON["SPASER_SEPARATEUR"]
		n = split(ENVIRON["SPASER_COLONNES"], col, ",")
		for (i = 1; i <= n; i++)
			if (col[i] > dernier)
				dernier = col[i]
		if (ENVIRON["SPASER_LISTE"] != "") {
			filtre = 1
			while ((getline v < ENVIRON["SPASER_LISTE"]) > 0) {
				garde[v]
				longueur = length(v)
			}
		}
	}
	{
		debut = NR
		if ($0 == "\001") {
			arreter("the file is damaged: it cannot be decompressed to its end")
		}
		guillemet = index($0, "\"")
		if (guillemet) {
			texte = $0
			reste = texte
			guillemets = gsub(/"/, "&", reste)
			while (guillemets % 2 == 1) {
				if (length(texte) > 65536 || (getline suite) <= 0 || suite == "\001")
					arreter("line " debut ": a quote is not closed")
				guillemets += gsub(/"/, "&", suite)
				texte = texte "\n" suite
			}
		} else
			texte = $0
	}
	debut == 1 {
		if (ENVIRON["SPASER_ENTETE"] != "") {
			print coder(substr(texte, 1, 65536))
			exit
		}
		next
	}
	texte == "" || texte == "\r" { next }
	{
		lus++
		if (filtre && col[1] <= 3) {
			# The identifier, if no quote comes before its end
			s = texte
			place = 0
			for (i = 1; i < col[1]; i++) {
				place += (j = index(s, sep))
				s = substr(s, j + 1)
			}
			j = index(s, sep)
			if (j && (!guillemet || guillemet > place + j) && !voulu(substr(s, 1, j - 1)))
				next
		}
		sortie = debut
		if (guillemet) {
			sub(/\r$/, "", texte)
			decouper(texte, dernier)
			if (filtre && !voulu(valeur[col[1]]))
				next
			for (i = 1; i <= n; i++)
				sortie = sortie "\037" (col[i] && col[i] <= nf ? coder(valeur[col[i]]) : "")
		} else {
			if (texte ~ /\r$/)
				sub(/\r$/, "")
			if (filtre && !voulu($(col[1])))
				next
			if ($0 ~ /[\\\037\r]/)
				for (i = 1; i <= n; i++)
					sortie = sortie "\037" (col[i] ? coder($(col[i])) : "")
			else
				for (i = 1; i <= n; i++)
					sortie = sortie "\037" (col[i] ? $(col[i]) : "")
		}
		print sortie
	}
	END {
		if (!echec && ENVIRON["SPASER_ENTETE"] == "") {
			sortie = -lus - 1
			for (i = 1; i <= n; i++)
				sortie = sortie "\037"
			print sortie
		}
	}
$awk$ AS awk \gset
\setenv SPASER_FICHIER :fichier
\setenv SPASER_LIRE :lire
\setenv SPASER_AWK :awk
\setenv SPASER_LISTE ''
\setenv SPASER_SEPARATEUR ''
\setenv SPASER_ENTETE 1
\copy entete_referentiel from program 'sh -c "$SPASER_LIRE"' with (format text, delimiter E'\x1f', null '', encoding 'LATIN1')
SELECT reconnaitre_referentiel() \g /dev/null
SELECT separateur, colonnes, filtre FROM parametre_referentiel \gset
\setenv SPASER_ENTETE ''
\setenv SPASER_SEPARATEUR :separateur
\setenv SPASER_COLONNES :colonnes

CREATE TEMP TABLE nomme (id text COLLATE "C" PRIMARY KEY) ON COMMIT DROP;
\if :filtre
INSERT INTO nomme
SELECT siren FROM siren_des_contrats, parametre_referentiel WHERE registre = 'sirene_unites'
UNION ALL
SELECT siret FROM siret_des_contrats, parametre_referentiel WHERE registre = 'sirene_etablissements';
ANALYZE nomme;
\set liste `mktemp`
\setenv SPASER_LISTE :liste
\copy nomme to program 'cat >"$SPASER_LISTE"'
\endif
\copy depot_referentiel from program 'sh -c "$SPASER_LIRE"' with (format text, delimiter E'\x1f', null '', encoding 'LATIN1')

SELECT lire_referentiel(), dedoublonner_referentiel() \g /dev/null
DO $$
BEGIN
	RAISE NOTICE '%', remplacer_referentiel();
END
$$;
COMMIT;
