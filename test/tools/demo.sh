#!/usr/bin/env bash
# demo.sh
#	  "make demo": from nothing to the indicators of a buyer, after installing
#	  what is missing and building. "demo.sh stop" ends a server that was kept.
#
# DECP=file			load this file (JSON, XML, CSV) or folder instead of a generated sample
# ACHETEUR=siren	buyer to show; the one with most contracts if not given
# GARDER=1			leave the server running

# shellcheck source=test/tools/common.sh
. "$(dirname "$0")/common.sh"

finish()
{
	local status=$?
	trap '' INT TERM HUP
	if [ "$status" -ne 0 ] || [ -z "${GARDER:-}" ]; then
		cluster_stop demo
	fi
	exit "$status"
}

psql_demo() { "$pg_bin/psql" -X -q -v ON_ERROR_STOP=1 -d spaser "$@" </dev/null; }

load()
{
	psql_demo -v schema=decp -v fichier="$1" -f sql/decp/charger.sql
}

# Tables of psql's border 2 are Markdown but for their first, last and "+" lines
markdown()
{
	awk '/^\+[-+]+\+$/ {if (++line % 3 == 2) {gsub(/\+/, "|"); print}; next}
		/^\|/ {print; next} {sub(/^ +/, ""); print}'
}

if [ "${1:-}" = stop ]; then
	find_postgres
	cluster_stop demo
	exit
fi

if [ -n "${DECP:-}" ] && [ ! -r "$DECP" ]; then
	die "DECP=$DECP: no such file, or it cannot be read."
fi
if [ -n "${ACHETEUR:-}" ] && ! [[ $ACHETEUR =~ ^[0-9]{9}$ ]]; then
	die "ACHETEUR=$ACHETEUR: give the buyer's SIREN, 9 digits."
fi

trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

install_missing demo
build_and_install || exit 1
cluster_start demo
run build/createdb.log "$pg_bin/createdb" spaser || exit 1
psql_demo -v schema=decp -f sql/decp/tables.sql || exit 1

mkdir -p build/demo
if [ -n "${DECP:-}" ]; then
	say "Loading $DECP"
	# Of a folder, files that cannot be loaded stop no other
	PATH="$pg_bin:$PATH" sh sql/decp/charger.sh -d spaser -s decp "$DECP" ||
		[ "$(psql_demo -At -c 'SELECT EXISTS (SELECT FROM decp.contrat)')" = t ] || exit 1
else
	run build/programs.log project_make build/generateur || exit 1
	say "Generating and loading a sample: invented contracts, distributed like the real ones (your own: make demo DECP=file.json)"
	build/generateur --contrats 4000 --graine 2024 --format v2 --defauts 2 -o build/demo/decp_2024.json &&
		build/generateur --contrats 1000 --graine 2024 --format v1 --defauts 2 -o build/demo/decp_2019.json || exit 1
	load build/demo/decp_2024.json && load build/demo/decp_2019.json || exit 1
fi

acheteur=${ACHETEUR:-$(psql_demo -At -c "SELECT acheteur_siren FROM decp.contrat
	WHERE acheteur_siren IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1")}
[ -n "$acheteur" ] || die "No contract of a buyer that has a SIREN was loaded: see decp.rejet (GARDER=1 keeps the server)."

psql_demo -v schema=decp -v siren="$acheteur" -f sql/decp/fiche_acheteur.sql || exit 1
psql_demo -P border=2 -v schema=decp -v siren="$acheteur" -f sql/decp/fiche_acheteur.sql |
	markdown >build/demo/rapport.md || exit 1

say "The same in build/demo/rapport.md"
if [ -n "${GARDER:-}" ]; then
	say "The server is kept. To query it:  psql -h $PGHOST -p $PGPORT -U $PGUSER spaser"
	say "To end it:                        make stop"
else
	say "Next: make demo GARDER=1 keeps the server to query it; README.md tells how to load your data into yours."
fi
