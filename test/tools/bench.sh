#!/usr/bin/env bash
# bench.sh
#	  "make bench": measures on this machine, on a private server: loading a
#	  generated file, then passes over the contracts, each beside the plain SQL
#	  that it replaces. Medians of 5 runs after one to warm up.
#
# CONTRATS=200000	size of the sample

# shellcheck source=test/tools/common.sh
. "$(dirname "$0")/common.sh"

trap 'cluster_stop bench' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

contrats=${CONTRATS:-200000}
file=build/bench/decp.json

psql_bench() { "$pg_bin/psql" -X -q -v ON_ERROR_STOP=1 -d bench "$@"; }

# median WORKERS QUERY: milliseconds
median()
{
	{
		echo "SET max_parallel_workers_per_gather = $1; SET min_parallel_table_scan_size = 0; SET parallel_setup_cost = 0;"
		echo "SET jit = off;"
		echo '\timing on'
		for _ in 1 2 3 4 5 6; do
			echo "$2 \\g /dev/null"
		done
	} | psql_bench | sed -n 's/^Time: \([0-9.]*\) ms.*/\1/p' | tail -n 5 | sort -n | sed -n 3p
}

# measure LABEL QUERY
measure()
{
	printf '%-62s %9.1f ms %9.1f ms\n' "$1" "$(median 0 "$2")" "$(median 2 "$2")"
}

install_missing demo
build_and_install || exit 1
run build/programs.log project_make build/generateur || exit 1
cluster_start bench
run build/createdb.log "$pg_bin/createdb" bench || exit 1
psql_bench -v schema=decp -f sql/decp/tables.sql </dev/null || exit 1

mkdir -p build/bench
build/generateur --contrats "$contrats" --graine 1 --compact -o "$file" || exit 1
start=$(date +%s.%N)
run build/bench/load.log psql_bench -v schema=decp -v fichier="$file" -f sql/decp/charger_json.sql || exit 1
seconds=$(echo "$(date +%s.%N) $start" | awk '{print $1 - $2}')
psql_bench -c 'VACUUM ANALYZE decp.contrat' </dev/null

say ""
say "$(grep -m 1 'model name' /proc/cpuinfo | sed 's/.*: //'), $(nproc) processors, $("$pg_config" --version)"
stat -c %s "$file" | awk -v s="$seconds" -v n="$contrats" \
	'{printf "Loading %d contracts, %.0f MB: %.1f s, %.0f contracts/s, %.1f MB/s\n\n", n, $1 / 1e6, s, n / s, $1 / 1e6 / s}'
printf '%-62s %12s %12s\n' "Over all contracts" "serial" "2 workers"
measure "sum(montant)" "SELECT sum(montant) FROM decp.contrat"
measure "bilan(profil, montant)" "SELECT spaser.bilan(profil, montant) FROM decp.contrat"
measure "indicateurs(bilan): the whole catalogue" "SELECT i.* FROM (SELECT spaser.bilan(profil, montant) AS b FROM decp.contrat) AS t, spaser.indicateurs(b) AS i"
measure "one indicator (S01) in plain SQL" "SELECT count(*) FILTER (WHERE considerations_sociales && '{Clause sociale,Critère social,Marché réservé}'),
	count(*) FILTER (WHERE considerations_sociales <> '{Pas de considération sociale}'), count(*) FROM decp.contrat WHERE type_contrat = 'marche'"
measure "bilan by buyer" "SELECT acheteur_siren, spaser.bilan(profil, montant) FROM decp.contrat GROUP BY 1"
psql_bench -c "CREATE TABLE mensuel AS SELECT acheteur_siren, date_trunc('month', date_notification) AS mois, spaser.bilan(profil, montant) AS bilan FROM decp.contrat GROUP BY 1, 2" -c 'VACUUM ANALYZE mensuel' </dev/null
measure "fusion of bilans stored by buyer and month, whole catalogue" "SELECT i.* FROM (SELECT spaser.fusion(bilan) AS b FROM mensuel) AS t, spaser.indicateurs(b) AS i"
