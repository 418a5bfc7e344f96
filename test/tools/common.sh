# shellcheck shell=bash
# common.sh
#	  What the project's commands share: privileges, missing packages, build,
#	  and a private PostgreSQL server. Sourced by bash scripts.
#
# Nothing of the machine is touched but installed packages and the extension's
# own files: no cluster that exists, no service, no configuration that stays.

set -u
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1

# A make that called us must not lend its job server or options to ours;
# variables of its command line are in the environment.
unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES
unset PGHOST PGPORT PGUSER PGDATABASE PGSERVICE PGOPTIONS PGPASSWORD
export LC_ALL=C.UTF-8
mkdir -p build

say() { printf '%s\n' "$*"; }
die() { printf '%s\n' "$*" >&2; exit 1; }

# run LOG COMMAND...: output to LOG, shown if the command fails
run()
{
	local log=$1
	shift
	if ! ("$@") >"$log" 2>&1 </dev/null; then
		tail -n 60 "$log" >&2
		say "failed: $* (log: $log)" >&2
		return 1
	fi
}

# ---- Privileges

as_root()
{
	if [ "$(id -u)" = 0 ]; then
		"$@"
	elif command -v sudo >/dev/null; then
		sudo "$@"
	else
		die "This needs root: run it as root, or install sudo. Command: $*"
	fi
}

# PostgreSQL refuses to run as root
if [ "$(id -u)" != 0 ]; then
	server_user=$(id -un)
elif id postgres >/dev/null 2>&1; then
	server_user=postgres
else
	server_user=nobody
fi

as_server_user()
{
	if [ "$(id -u)" = 0 ]; then
		runuser -u "$server_user" -- "$@"
	else
		"$@"
	fi
}

# ---- Packages

# The PostgreSQL to use: the one of PG_CONFIG if it was given, else the newest
# whose headers are here, else the newest server, else what the system offers.
find_postgres()
{
	local kind found
	pg_config=${PG_CONFIG:-}
	pg_major=
	pg_bin=
	for kind in pg_config postgres; do
		[ -z "$pg_config" ] || break
		found=$(printf '%s\n' /usr/lib/postgresql/*/bin/"$kind" | sort -V | tail -n 1)
		[ -x "$found" ] && pg_config=${found%/*}/pg_config
	done
	[ -n "$pg_config" ] || pg_config=$(command -v pg_config || true)
	if [ -x "$pg_config" ]; then
		pg_major=$("$pg_config" --version | sed -n 's/^PostgreSQL \([0-9]*\).*/\1/p')
		pg_bin=$("$pg_config" --bindir)
	elif [ -n "$pg_config" ]; then
		pg_bin=${pg_config%/*}
		pg_major=$(basename "${pg_bin%/bin}")
	else
		pg_major=$(apt-cache depends postgresql 2>/dev/null | sed -n 's/.*Depends: postgresql-\([0-9]*\)$/\1/p' | head -n 1)
	fi
}

# Names of the Debian packages of what is not here
missing_packages()
{
	echo '#include <stdio.h>' | gcc -E - >/dev/null 2>&1 || echo gcc libc6-dev
	command -v make >/dev/null || echo make
	pkg-config --exists json-c 2>/dev/null || echo pkg-config libjson-c-dev
	pkg-config --exists zlib 2>/dev/null || echo pkg-config zlib1g-dev
	pkg-config --exists libxml-2.0 2>/dev/null || echo pkg-config libxml2-dev
	[ -x "$pg_config" ] && [ -f "$("$pg_config" --pgxs)" ] && [ -f "$("$pg_config" --includedir-server)/postgres.h" ] ||
		echo "postgresql-server-dev-$pg_major"
	[ -x "$pg_bin/initdb" ] || echo "postgresql-$pg_major"
	if [ "$1" = test ]; then
		perl -MIPC::Run -MTest::More -e 1 2>/dev/null || echo libipc-run-perl perl
		command -v python3 >/dev/null || echo python3
	fi
}

# Debian makes and starts a "main" cluster with the first server package of a
# major. None is wanted here, so creation is off for as long as apt runs.
apt_install()
{
	local conf=/etc/postgresql-common/createcluster.d/spaser-none.conf status=0
	as_root sh -c "mkdir -p ${conf%/*} && echo create_main_cluster = false > $conf"
	as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
		-o DPkg::Lock::Timeout=120 "$@" || status=$?
	as_root rm -f "$conf"
	return "$status"
}

# install_missing demo|test
install_missing()
{
	local packages updated=
	find_postgres
	if [ -z "$pg_major" ] && command -v apt-get >/dev/null; then
		run build/packages.log as_root apt-get update || exit 1
		updated=yes
		find_postgres
	fi
	[ -n "$pg_major" ] || die "No PostgreSQL here, and no package \"postgresql\" to install: install a server and its headers, and name it with PG_CONFIG=/path/to/pg_config."
	packages=$(missing_packages "$1" | tr '\n' ' ')
	if [ -n "$packages" ]; then
		command -v apt-get >/dev/null ||
			die "Missing here (Debian names): $packages- install them, then run this again."
		[ "$(id -u)" = 0 ] || command -v sudo >/dev/null ||
			die "Missing here: $packages- installing needs root or sudo: apt-get install $packages"
		say "Installing: $packages"
		# shellcheck disable=SC2086
		if ! apt_install $packages >build/packages.log 2>&1 </dev/null; then
			[ -z "$updated" ] && run build/packages.log as_root apt-get update
			run build/packages.log apt_install $packages || exit 1
		fi
		find_postgres
		packages=$(missing_packages "$1" | tr '\n' ' ')
		[ -z "$packages" ] || die "Still missing after installation: $packages"
		[ "$(id -u)" = 0 ] && id postgres >/dev/null 2>&1 && server_user=postgres
	fi
	export PATH="$pg_bin:$PATH"
}

# ---- Build and install

project_make() { make -s -j"$(nproc)" PG_CONFIG="$pg_config" "$@"; }

build_and_install()
{
	say "Building for $("$pg_config" --version)"
	run build/build.log project_make all &&
		run build/install.log as_root make -s install PG_CONFIG="$pg_config" CI="${CI:-}"
}

# ---- A private server: reached by a socket in its own folder only

# A folder of the server's user, under build/ if it can get there and the
# socket's path fits in 107 bytes
cluster_folder()
{
	local wanted=$PWD/build/server/$1
	mkdir -p "$wanted"
	if [ "$(id -u)" = 0 ]; then
		chown "$server_user" "$wanted"
	fi
	if [ "${#wanted}" -le 80 ] && as_server_user test -w "$wanted" 2>/dev/null; then
		cluster=$wanted
	else
		rm -rf "$wanted"
		cluster=$(as_server_user env -u TMPDIR mktemp -d) || exit 1
		say "The private server goes to $cluster: $wanted cannot hold it (path too long, or closed to user $server_user)."
	fi
	echo "$cluster" >"$wanted.folder"
}

# cluster_start NAME: sets cluster, PGHOST, PGPORT, PGUSER
cluster_start()
{
	cluster_stop "$1"
	cluster_folder "$1"
	as_server_user chmod 700 "$cluster"
	run build/initdb.log as_server_user "$pg_bin/initdb" -D "$cluster/data" -U postgres \
		--auth=trust --no-locale -E UTF8 --no-sync || exit 1
	as_server_user tee -a "$cluster/data/postgresql.conf" >/dev/null <<-CONF
		listen_addresses = ''
		unix_socket_directories = '${cluster//\'/\'\'}'
		port = 54329
		fsync = off
		synchronous_commit = off
		full_page_writes = off
		max_wal_size = 2GB
		log_line_prefix = '%m [%p] %a '
	CONF
	if ! as_server_user "$pg_bin/pg_ctl" -D "$cluster/data" -l "$cluster/server.log" -w -t 60 start >build/start.log 2>&1 </dev/null; then
		cat build/start.log >&2
		as_server_user tail -n 30 "$cluster/server.log" >&2
		die "The private server did not start."
	fi
	export PGHOST=$cluster PGPORT=54329 PGUSER=postgres
}

# cluster_stop NAME: stop and remove the private server of that name, if any,
# and those that an interrupted test may have left in its folder
cluster_stop()
{
	local folder pid
	[ -f "build/server/$1.folder" ] || return 0
	folder=$(cat "build/server/$1.folder")
	find "$folder" -name postmaster.pid 2>/dev/null | while read -r pid; do
		as_server_user "$pg_bin/pg_ctl" -D "${pid%/*}" -m immediate -w stop >/dev/null 2>&1 </dev/null || true
	done
	rm -rf "$folder" "build/server/$1.folder"
}
