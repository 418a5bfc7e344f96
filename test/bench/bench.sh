#!/usr/bin/env bash
# bench.sh
#	  "make bench": measures against plain SQL and DuckDB, in one run, on data
#	  generated here. The table is printed; build/bench/resultats.csv has it too.
#	  docs/performance.md says what is measured and how.
#
# TAILLES="200000 2000000"	numbers of contracts; 20000000 on demand
# FICHIERS="150 1500"		sizes in MB of the files to load; DuckDB only gets the first
# SIRENE=2500000			lines of each stock of SIRENE, of the case "enrichir"; the real ones have 25000000 units and more
# MESURES=5					runs of each measure, of which the median is kept
# CAS="annuel fiche"		these cases only (names of the table; all of them if not given)

# shellcheck source=test/tools/common.sh
. "$(dirname "$0")/../tools/common.sh"

finish()
{
	local status=$?
	trap '' INT TERM HUP
	cluster_stop bench
	[ -z "${huge_before:-}" ] || as_root sysctl -q -w vm.nr_hugepages="$huge_before"
	rm -rf build/bench/data
	exit "$status"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

install_missing demo
command -v npm >/dev/null || run build/packages.log apt_install nodejs npm || exit 1
build_and_install || exit 1
run build/programs.log project_make build/generateur || exit 1

# DuckDB is a package of npm, used here only
mkdir -p build/bench/data
cp test/bench/package.json test/bench/*.mjs test/bench/*.sql build/bench/
(cd build/bench && run npm.log npm install --no-audit --no-fund) || exit 1

cluster_start bench
# A server as one would set it for this machine, not the defaults of 1998
as_server_user tee -a "$cluster/data/postgresql.conf" >/dev/null <<-CONF
	shared_buffers = 2GB
	max_wal_size = 8GB
	maintenance_work_mem = 512MB
	autovacuum = off
	huge_pages = try
CONF
# Parallel workers map shared memory anew each time: page by page that costs more
# than many a query. Reserved for the bench only.
run build/start.log as_server_user "$pg_bin/pg_ctl" -D "$cluster/data" -w stop || exit 1
huge=$(as_server_user "$pg_bin/postgres" -D "$cluster/data" -C shared_memory_size_in_huge_pages 2>/dev/null)
huge_before=$(cat /proc/sys/vm/nr_hugepages 2>/dev/null)
if [ "${huge:-0}" -gt 0 ] && ! as_root sysctl -q -w vm.nr_hugepages="$((huge_before + huge))" 2>/dev/null; then
	say "Huge pages cannot be reserved here: the server does without."
	huge_before=
fi
run build/start.log as_server_user "$pg_bin/pg_ctl" -D "$cluster/data" -l "$cluster/server.log" -w start || exit 1

SPASER_TOP=$PWD node build/bench/bench.mjs
