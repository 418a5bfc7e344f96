#!/bin/sh
# charger.sh: load many DECP files, of any format that charger.sql and
# charger_tabulaire.sql read, into the tables that tables.sql created.
#
# Each file is loaded by a psql of its own, in its own transaction: one that
# cannot be read stops no other, and what was loaded before an interruption
# stays. Needs psql and what every Unix has, nothing else.

set -u

# Names are bytes to the commands below and UTF-8 to the server, whatever the locale
export LC_ALL=C PGCLIENTENCODING=UTF8

usage()
{
	cat <<'END'
Usage: charger.sh [OPTION]... FILE | FOLDER | @LIST | - ...

  FILE      a DECP file: JSON, XML or CSV, told by its first bytes; JSON and XML
            may be compressed with gzip
  FOLDER    every *.json, *.xml, *.csv in it and below, and these with .gz
  @LIST     a text file with one FILE or FOLDER a line;  -  the same on standard input

  -d, --base BASE            database or connection string, as for psql -d
  -s, --schema SCHEMA        schema of the tables (decp)
  -j, --taches N             loads side by side (1): one writes at a time, the
                             others are on their way
  -S, --source NAME          source of the records that name none
  -m, --correspondance NAME  kind of the CSV files (table correspondance);
                             otherwise told by their columns
      --strict               a record that cannot be read makes its file fail;
                             otherwise it is set aside in rejet
      --encore               load again what is loaded already
  -h, --aide                 this help

A file is loaded already when chargement has its name (whatever the folder), its
size and its SHA-256. The server is found as psql finds it (PGHOST, PGUSER, a
service, ~/.pgpass); no password is asked for.

Exit status: 0 all is loaded; 1 a file failed; 2 nothing was tried; 130 stopped.
END
}

# ---- What is said

# One line that is written over on a terminal, plain lines elsewhere
if [ -t 2 ]; then
	clear_line=$(printf '\r\033[K')
else
	clear_line=
fi

say()
{
	printf '%s%s\n' "$clear_line" "$*" >&2
}

stop_at_once()
{
	say "charger.sh: $*"
	exit 2
}

# failed NAME REASON
failed()
{
	n_failed=$((n_failed + 1))
	say "FAILED  $1: $2"
}

# Bytes done, of all that are to be loaded, and the time the rest will take
progress()
{
	moved=$((done_bytes + running_bytes))
	[ "$total_bytes" -gt 0 ] || return
	percent=$((moved * 100 / total_bytes))
	elapsed=$(($(date +%s) - started))
	left=
	if [ "$moved" -gt 0 ] && [ "$elapsed" -gt 0 ]; then
		left=$((elapsed * (total_bytes - moved) / moved))
		left=", $((left / 60)) min $((left % 60)) s left"
	fi
	where="$percent% of $((total_bytes / 1024)) kB, $n_ended of $n_files files$left"
	if [ -n "$clear_line" ]; then
		printf '%s%s' "$clear_line" "$where" >&2
	elif [ $((percent - percent_said)) -ge 5 ]; then
		percent_said=$percent
		say "$where"
	fi
}

# ---- What is to be loaded

# A name that begins with a hyphen is no option of the commands it is given to
plain_name()
{
	case $1 in
		-*) printf './%s' "$1" ;;
		*) printf '%s' "$1" ;;
	esac
}

# Into the list: size, space, name
add_file()
{
	case $1 in
		*"$newline"*)
			failed "$(printf '%s' "$1" | tr '\n' '?')" "its name holds a newline: rename it"
			return
			;;
	esac
	if [ ! -e "$1" ]; then
		failed "$1" "no such file"
	elif ! printf '%s' "$1" | iconv -f UTF-8 -t UTF-8 >/dev/null 2>&1; then
		failed "$1" "its name is not UTF-8: rename it"
	elif [ ! -f "$1" ]; then
		failed "$1" "not a regular file"
	elif [ ! -r "$1" ] || ! size=$(wc -c <"$1"); then
		failed "$1" "cannot be read: permission denied"
	else
		size=$((size))
		total_bytes=$((total_bytes + size))
		n_files=$((n_files + 1))
		printf '%s %s\n' "$size" "$1" >>"$dir/files"
	fi
}

# Names with a newline would come out of find as two: they are looked for first
add_folder()
{
	find -L "$1" ! -type d -name "*$newline*" -exec sh -c 'for f; do printf "%s" "$f" | tr "\n" "?"; echo; done' sh {} + >"$dir/odd" 2>/dev/null
	while IFS= read -r name; do
		failed "$name" "its name holds a newline: rename it"
	done <"$dir/odd"
	if ! find -L "$1" ! -type d ! -path "*$newline*" -print >"$dir/found" 2>"$dir/unfound"; then
		failed "$1" "not wholly searched: $(head -n 1 "$dir/unfound")"
	fi
	LC_ALL=C sort "$dir/found" >"$dir/sorted"
	while IFS= read -r name; do
		case ${name##*/} in
			*.[jJ][sS][oO][nN] | *.[xX][mM][lL] | *.[cC][sS][vV] | \
			*.[jJ][sS][oO][nN].[gG][zZ] | *.[xX][mM][lL].[gG][zZ] | *.[cC][sS][vV].[gG][zZ])
				add_file "$name"
				;;
			*)
				n_skipped=$((n_skipped + 1))
				say "skipped $name: not *.json, *.xml, *.csv, alone or with .gz"
				;;
		esac
	done <"$dir/sorted"
}

add_path()
{
	if [ -d "$1" ]; then
		add_folder "$(plain_name "$1")"
	else
		add_file "$(plain_name "$1")"
	fi
}

# The lines of standard input
add_list()
{
	while IFS= read -r line || [ -n "$line" ]; do
		[ -z "$line" ] || add_path "$line" </dev/null
	done
}

add_argument()
{
	case $1 in
		-) add_list ;;
		@*)
			if [ -f "${1#@}" ] && [ -r "${1#@}" ]; then
				add_list <"${1#@}"
			else
				failed "${1#@}" "no such list, or it cannot be read"
			fi
			;;
		*) add_path "$1" ;;
	esac
}

# ---- One file, in a process of its own

# In a process of its own, whose number is psql's: an interrupt must reach psql
run_psql()
{
	exec psql -X -q -A -t -F ' ' -w ${base:+-d "$base"} -v ON_ERROR_STOP=1 -v SHOW_CONTEXT=never -v schema="$schema" "$@"
}

sha256()
{
	if command -v sha256sum >/dev/null; then
		sha256sum
	elif command -v shasum >/dev/null; then
		shasum -a 256
	else
		openssl dgst -sha256 -r
	fi <"$1" | cut -c 1-64
}

first_bytes()
{
	od -A n -v -t x1 -N 4096 | tr -d ' \n'
}

# What to do about a format that no loader reads
remedy()
{
	case $1 in
		zip | 7z) echo "it is $1: unpack it, then give the folder" ;;
		zstd | bzip2 | xz) echo "it is compressed with $1: decompress it first" ;;
		parquet) echo "it is Parquet: export it as CSV or JSON first" ;;
		utf-16) echo "it is UTF-16: convert it first (iconv -f UTF-16 -t UTF-8)" ;;
		html) echo "it is a web page, perhaps the error message of the site it was fetched from" ;;
		*) echo "it is $1, which is no DECP file" ;;
	esac
}

# look_at NUMBER SIZE NAME: the script that reads it, "loaded", or "refused" and
# why in said.NUMBER
look_at()
{
	bytes=$(first_bytes <"$3")
	case $bytes in
		# A damaged start leaves nothing, and the loader says what is damaged
		1f8b*) bytes=$(gzip -dc <"$3" 2>/dev/null | first_bytes) ;;
	esac
	answer=$(run_psql -v bytes="$bytes" -v sha="$sha" -v size="$2" -v name="${3##*/}" -v again="$again" \
		-f "$dir/look.sql" 2>>"$dir/said.$1" </dev/null) || return
	case $answer in
		*' t') echo loaded ;;
		json* | xml* | vide*) echo charger.sql ;;
		csv*) echo charger_tabulaire.sql ;;
		*)
			remedy "${answer% *}" >>"$dir/said.$1"
			echo refused
			;;
	esac
}

# load NUMBER SIZE NAME SCRIPT: what psql says goes to said.NUMBER, its progress
# to the main process; true if the load is committed
load()
{
	{
		run_psql -v fichier="$3" -v source="$source" -v correspondance="$kind" -v strict="$strict" -v sha="$sha" \
			-f "$here/$4" -f "$dir/count.sql" </dev/null 2>&1 >"$dir/out.$1" 3>&- &
		echo "$!" >"$dir/pid.$1"
		wait "$!"
		echo "$?" >"$dir/status.$1"
		rm "$dir/pid.$1"
	} | while IFS= read -r line; do
		case $line in
			*[0-9]' % read,'* | *[0-9]' % loaded,'*)
				line=${line%% % read,*}
				line=${line%% % loaded,*}
				printf 'at %s %s %s\n' "$1" "$2" "${line##* }" >&3
				;;
			*) printf '%s\n' "$line" >>"$dir/said.$1" ;;
		esac
	done
	[ "$(cat "$dir/status.$1")" -eq 0 ]
}

one_file()
{
	sha=
	[ "$2" -eq 0 ] || sha=$(sha256 "$3")
	what=$(look_at "$@")
	case $what in
		loaded) end=loaded ;;
		*.sql)
			end=failed
			if [ ! -e "$dir/stop" ] && load "$@" "$what"; then
				end=committed
			fi
			;;
		*) end=failed ;;
	esac
	printf 'end %s %s %s\n' "$1" "$2" "$end" >&3
}

# ---- The main process hears of them

# What psql said, on one line: message, detail, hint
said()
{
	sed 's/^psql:.*:[0-9][0-9]*: //' "$1" 2>/dev/null | tr '\n' ' ' | sed 's/  */ /g; s/ $//'
}

# counted NUMBER NAME
counted()
{
	read -r records taken copies rejected <<END
$(tail -n 1 "$dir/out.$1")
END
	n_done=$((n_done + 1))
	n_records=$((n_records + records))
	n_taken=$((n_taken + taken))
	n_copies=$((n_copies + copies))
	n_rejected=$((n_rejected + rejected))
	[ ! -s "$dir/said.$1" ] || say "$2: $(said "$dir/said.$1")"
	[ -n "$clear_line" ] ||
		say "loaded  $2: $records records ($taken loaded, $copies already there, $rejected rejected)"
}

# Waits for one piece of news
hear()
{
	read -r news number size value <&3 || return
	[ "$news" != stopped ] || return
	before=0
	eval "before=\${running_$number:-0}"
	if [ "$news" = at ]; then
		running_now=$((size * value / 100))
		eval "running_$number=$running_now"
		running_bytes=$((running_bytes + running_now - before))
	else
		name=$(sed -n "${number}s/^[0-9]* //p" "$dir/files")
		running_bytes=$((running_bytes - before))
		unset "running_$number"
		running=$((running - 1))
		n_ended=$((n_ended + 1))
		case $value in
			committed)
				done_bytes=$((done_bytes + size))
				counted "$number" "$name"
				;;
			loaded)
				total_bytes=$((total_bytes - size))
				n_already=$((n_already + 1))
				[ -n "$clear_line" ] || say "already $name"
				;;
			*)
				total_bytes=$((total_bytes - size))
				reason=$(said "$dir/said.$number")
				failed "$name" "${reason:-interrupted}"
				;;
		esac
		rm -f "$dir/out.$number" "$dir/said.$number" "$dir/status.$number"
	fi
	progress
}

summary()
{
	elapsed=$(($(date +%s) - started))
	contracts=$(echo 'SELECT count(*) FROM :"schema".contrat;' | run_psql 2>/dev/null)
	[ -z "$clear_line" ] || printf '%s' "$clear_line" >&2
	echo "$n_done files loaded, $n_already loaded already, $n_failed failed, $n_skipped skipped;" \
		"$n_records records ($n_taken loaded, $n_copies already there, $n_rejected rejected);" \
		"${contracts:-unknown} contracts in schema $schema; $((elapsed / 60)) min $((elapsed % 60)) s"
}

# Interrupted, psql cancels what it runs, and its transaction rolls back. Asked
# twice: the first may have come before psql was there. What was committed all
# the same is counted.
stop()
{
	trap '' INT TERM HUP
	: >"$dir/stop"
	for _ in 1 2; do
		for pid in "$dir"/pid.*; do
			[ ! -f "$pid" ] || kill -INT "$(cat "$pid")" 2>/dev/null
		done
		sleep 1
	done
	wait
	echo 'stopped 0 0 0' >&3
	news=
	while [ "$news" != stopped ]; do
		hear
	done
	say "charger.sh: stopped before its end"
	summary
	exit "$1"
}

# ---- Arguments

base=
schema=decp
jobs=1
source=
kind=
strict=0
again=false
while [ $# -gt 0 ]; do
	case $1 in
		-d | --base | -s | --schema | -j | --taches | -S | --source | -m | --correspondance)
			[ $# -gt 1 ] || stop_at_once "option $1 needs a value (--aide tells more)"
			;;
	esac
	case $1 in
		-d | --base) base=$2; shift ;;
		-s | --schema) schema=$2; shift ;;
		-j | --taches) jobs=$2; shift ;;
		-S | --source) source=$2; shift ;;
		-m | --correspondance) kind=$2; shift ;;
		--strict) strict=1 ;;
		--encore) again=true ;;
		-h | --aide | --help) usage; exit 0 ;;
		--) shift; break ;;
		-) break ;;
		-*) stop_at_once "no option $1 (--aide tells more)" ;;
		*) break ;;
	esac
	shift
done
[ $# -gt 0 ] || stop_at_once "say which files to load (--aide tells more)"
case $jobs in
	[1-9] | [1-9][0-9]) ;;
	*) stop_at_once "-j takes a number from 1 to 99, not \"$jobs\"" ;;
esac
here=$(cd "$(dirname "$(plain_name "$0")")" && pwd) || exit 2
for tool in psql mkfifo mktemp od iconv; do
	command -v "$tool" >/dev/null || stop_at_once "needs the command $tool"
done

newline='
'
n_files=0 n_ended=0 n_done=0 n_already=0 n_failed=0 n_skipped=0
n_records=0 n_taken=0 n_copies=0 n_rejected=0
total_bytes=0 done_bytes=0 running_bytes=0 running=0 percent_said=0
started=$(date +%s)

dir=$(mktemp -d "${TMPDIR:-/tmp}/charger.XXXXXX") || exit 2
trap 'rm -rf "$dir"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
: >"$dir/files"
cat >"$dir/look.sql" <<'END'
SELECT spaser.format_fichier(decode(:'bytes', 'hex')), NOT :again AND EXISTS (
	SELECT FROM :"schema".chargement
	WHERE sha256 IS NOT DISTINCT FROM decode(nullif(:'sha', ''), 'hex')
		AND taille = :size AND regexp_replace(fichier, '^.*/', '') = :'name');
END
cat >"$dir/count.sql" <<'END'
SELECT lus, charges, deja_presents, rejetes FROM :"schema".chargement
WHERE fichier = :'fichier' AND sha256 IS NOT DISTINCT FROM decode(nullif(:'sha', ''), 'hex')
ORDER BY chargement_id DESC LIMIT 1;
END
(run_psql -v bytes= -v sha= -v size=0 -v name= -v again=false -f "$dir/look.sql") </dev/null >/dev/null 2>"$dir/said" ||
	case $(cat "$dir/said") in
		*'does not exist'*'LINE '*) stop_at_once "no tables in schema $schema of this database: make them with tables.sql ($(grep -m 1 'ERROR' "$dir/said" | sed 's/.*ERROR: *//'))" ;;
		*) stop_at_once "$(said "$dir/said")" ;;
	esac

# ---- Work

for argument; do
	add_argument "$argument"
done

mkfifo "$dir/news" || exit 2
exec 3<>"$dir/news"
trap 'stop 130' INT
trap 'stop 143' TERM HUP
number=0
launched=0
while IFS= read -r file <&4; do
	while [ "$running" -ge "$jobs" ]; do
		hear
	done
	launched=$((launched + 1))
	running=$((running + 1))
	one_file "$launched" "${file%% *}" "${file#* }" 4<&- &
done 4<"$dir/files"
while [ "$running" -gt 0 ]; do
	hear
done
summary
[ "$n_failed" -eq 0 ]
