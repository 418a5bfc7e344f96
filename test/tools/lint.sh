#!/usr/bin/env bash
# lint.sh
#	  "make lint": the conventions that a program can check, each with what to
#	  do about it. Needs no network and no package; what a missing tool would
#	  have checked is skipped in silence.

set -u
shopt -s lastpipe	# "... | check" counts in this shell
export LC_ALL=C.UTF-8
cd "$(dirname "$0")/../.." || exit 1

passed=0
failed=0

# check NAME REMEDY: the findings are on standard input, one a line; none is right
check()
{
	local findings
	findings=$(cat)
	if [ -z "$findings" ]; then
		passed=$((passed + 1))
		printf 'ok      %s\n' "$1"
	else
		failed=$((failed + 1))
		printf 'FAILED  %s\n' "$1"
		printf '%s\n' "$findings" | head -n 20 | cut -c1-160 | sed 's/^/        /'
		printf '        Remedy: %s\n' "$2"
	fi
}

# Files of the project with these endings (all of them if none), without what is built
files()
{
	local ending names=()
	for ending in "$@"; do
		names+=(-o -name "*.$ending")
	done
	[ $# -gt 0 ] || names=(-o -name '*')
	find . \( -path ./.git -o -path ./build -o -path ./tmp_check \
		-o -name '*.o' -o -name '*.bc' -o -name '*.so' -o -name '*.tmp' -o -name __pycache__ \
		-o -name 'spaser--*.sql' -o -path ./src/catalogue_textes.h -o -path ./sql/compte.sql \) -prune \
		-o -type f \( "${names[@]:1}" \) -print | sed 's,^\./,,' | sort
}

version=$(sed -n "s/^default_version *= *'\(.*\)'/\1/p" spaser.control)

# ---- Size and form

# Tests may be long lists of cases; what is tested may not be long
lists='^test/(unit|sql|t|oracle)/'
files c h sql pl sh py | grep -vE "$lists" | xargs -r wc -l | awk '$1 > 500 && $2 != "total" {print $2 ": " $1 " lines"}' |
	check "files of at most 500 lines" "split the file by concept; one concept keeps one name in src/, sql/, test/sql/ and expected/"

# A function's body lies between "{" and "}" in the first column
files c | grep -vE "$lists" | while read -r f; do
	awk -v f="$f" '/^[A-Za-z_].*\(/ {name = $0; sub(/\(.*/, "", name)} /^\{/ {start = NR}
		/^\}/ {if (start && NR - start - 1 > 60) print f ": " name ": " NR - start - 1 " lines"; start = 0}' "$f"
done | check "functions of at most 60 lines" "give a name to a part of it"

files c h sql pl sh py | while read -r f; do
	head -n 4 "$f" | grep -qE '^ *(/\*|--|#[^!]|""")' || echo "$f"
done | check "each file says what it is" "begin it with a comment of a few lines"

files c h sql pl sh py md json control | grep -vE '^test/(data|fuzz/corpus)/' | xargs -r grep -nE '[[:blank:]]+$' |
	check "no blanks at ends of lines" "remove them: sed -i 's/[[:blank:]]*\$//' FILE"

files c h sql pl sh py md json control | grep -vE '^test/(data|fuzz/corpus)/' | while read -r f; do
	[ ! -s "$f" ] || [ -z "$(tail -c 1 "$f")" ] || echo "$f"
done | check "each file ends with a newline" "add it: echo >> FILE"

files c h | xargs -r grep -nE '^ {4}' |
	check "C is indented with tabs" "tabs of 4, as PostgreSQL does (.editorconfig, .clang-format)"

# ---- What belongs where

files c h | grep '^src/core/' | xargs -r grep -nE '#include "(postgres|fmgr|c)\.h"|#include "(utils|nodes|access|executor|catalog)/|\b(palloc|ereport|elog)\(' |
	check "src/core knows nothing of PostgreSQL" "hand it what it needs (CoreMemory for memory, a status for errors); the caller in src/ reports"

files c h | grep '^src/' | grep -v '^src/core/' | xargs -r grep -nE '#include.*(json-c|<json\.h>)|\bjson_(object|tokener)_[a-z_]+\(' |
	check "json-c is used in src/core only" "its names clash with the server's headers: call it from src/core"

files c h | grep '^src/' | grep -v '^src/core/xml_tree\.c$' | xargs -r grep -nE '#include.*<libxml/' |
	check "libxml2 is used in src/core/xml_tree.c only" "hand what it reads on as nodes"

files c h | grep '^src/' | grep -v '^src/compat\.h$' | xargs -r grep -nE 'PG_VERSION_NUM|PG_MAJORVERSION' |
	check "PostgreSQL versions are told apart in src/compat.h" "move the switch there and give what it defines a name"

{ files sql | grep -E '^sql/[^/]*\.sql$'; echo sql/compte.sql.in; } | xargs -r grep -niE 'OR REPLACE|IF NOT EXISTS|SECURITY DEFINER' | grep -vE '^[^:]*:[0-9]+: *--' |
	check "the install script adopts nothing and lends no rights" "plain CREATE: an object planted beforehand must make it fail (CVE-2022-2625); no SECURITY DEFINER"

# What compte.sql.in says of one type stands for each
types=$(sed -n 's/^COMPTES = //p' Makefile)
for symbol in $(files c | grep '^src/' | xargs -r sed -nE 's/^PG_FUNCTION_INFO_V1\((.*)\);.*/\1/p'); do
	{ cat sql/*.sql; for type in $types; do sed "s/@TYPE@/$type/g" sql/compte.sql.in; done; } |
		grep "'$symbol'" >/dev/null || echo "$symbol"
done | check "each C function has its SQL declaration" "declare it in the part of sql/ named like its file, or remove it"

# ---- Messages

files c | grep '^src/' | xargs -r grep -nE 'errmsg(_plural)?\("([A-Z][a-z]|[^"]*\.")' |
	check "errmsg begins in lower case and has no final period" "sentences go to errdetail and errhint"

files c | grep '^src/' | xargs -r grep -nE '(errdetail|errhint)\("([a-z]|[^"]*[^."]"\)[,)])' |
	check "errdetail and errhint are sentences" "begin with a capital, end with a period"

# ---- Left behind (written so that this file does not find itself)

files | grep -vE '\.out$|^test/(data|fuzz/corpus)/' | xargs -r -d '\n' grep -nIwE 'TO[D]O|FIX[M]E|XX[X]|HA[C]K' |
	check "no marker of unfinished work" "finish it, or describe it in the tracker"

files | grep -vE '^test/(data|fuzz/corpus)/' | xargs -r -d '\n' grep -nIE '(^|[^A-Za-z0-9_.*)}$])/(home|root|work|tmp|mnt|Users)/' |
	check "no path of somebody's machine" "make it relative to the tree, or take it from a variable"

# ---- Agreement

{
	grep -q "\"version\": \"$version\"" META.json || echo "META.json: version"
	[ "$(grep -c "\"version\": \"$version\"" META.json)" = 2 ] || echo "META.json: version of the distribution and of provides.spaser"
	grep -q "^## $version\b" CHANGELOG.md || echo "CHANGELOG.md: no section \"## $version\""
	[ "$(grep -m 1 '^## ' CHANGELOG.md | sed 's/^## \([^ ]*\).*/\1/')" = "$version" ] || echo "CHANGELOG.md: its first section is of another version"
	grep -nE "[^.0-9]$(echo "$version" | sed 's/\./\\./g')" Makefile src/*.c src/*.h
} | check "one version everywhere ($version)" "spaser.control holds it; Makefile and C take it from there; write it in META.json (twice) and CHANGELOG.md"

{
	for f in test/sql/*.sql; do
		n=$(basename "$f" .sql)
		[ -f "expected/$n.out" ] || echo "$f has no expected/$n.out"
	done
	for f in expected/*.out; do
		n=$(basename "$f" .out)
		[ -f "test/sql/${n%_[0-9]}.sql" ] || [ -f "test/sql/$n.sql" ] || echo "$f has no test/sql/$n.sql"
	done
	find test/sql -mindepth 1 ! -name '*.sql'
	find test/t -type f \( -name '*.pl' -o -name '*.t' \) ! -path 'test/t/[!/]*.pl'
	find test/t -mindepth 2 -name '*.pl'
	find test/unit test/fuzz -maxdepth 1 -name '*.c' ! -name 'test_*.c' ! -name 'fuzz_*.c' ! -name replay.c
	find test -name 'test_*.py' -o -name '*_test.py'
} | check "every test is run" "make test runs test/sql/*.sql (with expected/*.out), test/t/*.pl, test/unit/test_*.c and test/fuzz/fuzz_*.c: move the file there, or remove it"

grep -oE '\]\([^)#:]+(#[^)]*)?\)' README.md docs/*.md | sed -E 's/^([^:]*):\]\(([^)#]*).*/\1 \2/' | while read -r from to; do
	[ -e "$(dirname "$from")/$to" ] || echo "$from: $to"
done | check "links of the documentation lead somewhere" "mend the link"

# ---- Languages

{ files sh; echo .ci/run; } | while read -r f; do bash -n "$f" 2>&1; done |
	check "shell scripts are well-formed" "see the message"

if command -v shellcheck >/dev/null; then
	{ files sh; echo .ci/run; } | xargs -r shellcheck -x -S warning -f gcc |
		check "shellcheck finds nothing" "see its message"
fi

if command -v python3 >/dev/null; then
	python3 - META.json sql/canevas/*.json <<-'PYTHON' 2>&1 | check "JSON files are well-formed, without a key twice" "see the message"
		import json, sys

		def once(pairs):
		    keys = [k for k, _ in pairs]
		    twice = {k for k in keys if keys.count(k) > 1}
		    if twice:
		        raise ValueError("twice: " + ", ".join(sorted(twice)))
		    return dict(pairs)

		for name in sys.argv[1:]:
		    try:
		        json.load(open(name, encoding="utf-8"), object_pairs_hook=once)
		    except ValueError as e:
		        print(f"{name}: {e}")
	PYTHON

	python3 test/tools/catalogue.py --check 2>&1 |
		check "the catalogue is whole and its page is current" "see the message; make catalogue writes docs/catalogue.md"
fi

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
