#!/usr/bin/env bash
# run.sh
#	  "make test": every test of the project, after installing what is missing
#	  and building. The last line is the count of all of them; a program that
#	  crashes or says nothing is a failure.

# shellcheck source=test/tools/common.sh
. "$(dirname "$0")/common.sh"

passed=0
failed=0
skipped=0
finished=

finish()
{
	trap '' INT TERM HUP
	# shellcheck disable=SC2046
	[ -z "$(jobs -rp)" ] || kill $(jobs -rp) 2>/dev/null
	cluster_stop test
	[ -n "$finished" ] || { failed=$((failed + 1)); say "The tests did not come to their end."; }
	if [ "$skipped" -gt 0 ]; then
		say "$passed passed, $failed failed, $skipped skipped"
	else
		say "$passed passed, $failed failed"
	fi
	[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
	exit $?
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# count NAME PASSED FAILED SKIPPED
count()
{
	passed=$((passed + $2))
	failed=$((failed + $3))
	skipped=$((skipped + $4))
	printf '  %-36s %5d passed, %d failed%s\n' "$1" "$2" "$3" "$([ "$4" -eq 0 ] || echo ", $4 skipped")"
}

# counted_program NAME COMMAND...: its last line is "N passed, N failed", the program's name before it or not
counted_program()
{
	local name=$1 log=build/log/${1//\//_}.log status=0 line
	shift
	timeout --foreground -k 20 "${TEST_TIMEOUT:-600}" "$@" >"$log" 2>&1 </dev/null || status=$?
	line=$(tail -n 1 "$log")
	if [[ $line =~ ^([a-z_]+:\ )?([0-9]+)\ passed,\ ([0-9]+)\ failed$ ]]; then
		local ok=${BASH_REMATCH[2]} bad=${BASH_REMATCH[3]}
		# Neither a bad exit after a good count, nor no check at all, is success
		if [ "$bad" -eq 0 ] && { [ "$status" -ne 0 ] || [ "$ok" -eq 0 ]; }; then
			bad=1
		fi
		count "$name" "$ok" "$bad" 0
		[ "$bad" -eq 0 ] || { tail -n 40 "$log"; say "  $name: exit status $status (log: $log)"; }
	else
		count "$name" 0 1 0
		tail -n 40 "$log"
		say "  $name: no count, exit status $status (log: $log)"
	fi
}

# tap_run FILE: perl program of test/t, run as the server's user from the root of the tree
tap_run()
{
	local file=$1 log status=0
	log=build/log/$(basename "$file" .pl).log
	(cd "$tap_tree" && as_server_user env TESTDIR="$tap_dir" TESTDATADIR="$tap_dir" TESTLOGDIR="$tap_dir/log" \
		PATH="$PATH" PG_REGRESS="$pgxs_dir/src/test/regress/pg_regress" \
		timeout --foreground -k 20 "${TEST_TIMEOUT:-900}" perl -I "$pgxs_dir/src/test/perl" "$file") \
		>"$log" 2>&1 </dev/null || status=$?
	echo "$status" >"${log%.log}.status"
}

# tap_report FILE: what it said
tap_report()
{
	local file=$1 name log status ok bad skip plan
	name=${file#test/}
	log=build/log/$(basename "$file" .pl).log
	status=$(cat "${log%.log}.status" 2>/dev/null || echo 1)
	ok=$(grep -c '^ok ' "$log")
	skip=$(grep -cE '^ok .*# skip' "$log")
	bad=$(grep '^not ok ' "$log" | grep -vc '# TO[D]O')
	ok=$((ok - skip))
	plan=$(sed -n 's/^1\.\.\([0-9]*\).*/\1/p' "$log" | tail -n 1)
	if [ "$plan" = 0 ] && grep -qi '^1\.\.0 # skip' "$log"; then
		skip=1
		sed -n 's/^1\.\.0 # SKIP */  skipped: /Ip' "$log"
	elif [ -z "$plan" ] || [ "$plan" -ne $((ok + skip + bad)) ] ||
		{ [ "$status" -ne 0 ] && [ "$bad" -eq 0 ]; }; then
		bad=$((bad + 1))
	fi
	count "$name" "$ok" "$bad" "$skip"
	sed -n 's/^ok .*# skip */  skipped: /Ip' "$log" | sort -u
	if [ "$bad" -ne 0 ]; then
		# What the program died of is in its own log, with the servers' under build/log too
		cp -r "$tap_dir"/tmp_check/log/. build/log/ 2>/dev/null || true
		grep -vE '^ok ' "$log" | tail -n 40
		grep -vE '^(#|\[|waiting for|server (started|stopped))' "build/log/regress_log_$(basename "$file" .pl)" 2>/dev/null | tail -n 5
		say "  $name: exit status $status (logs: build/log/*$(basename "$file" .pl)*)"
	fi
}

regress_log=build/log/regress.log

regress_run()
{
	timeout --foreground -k 20 "${TEST_TIMEOUT:-900}" make -s installcheck PG_CONFIG="$pg_config" TAP_TESTS= \
		NO_LOCALE=1 ENCODING=UTF8 >"$regress_log" 2>&1 </dev/null || true
}

regress_report()
{
	local log=$regress_log total ok bad
	total=$(ls test/sql/*.sql 2>/dev/null | wc -l)
	# "test x ... ok" up to PostgreSQL 15, "ok 1 - x" from 16
	ok=$(grep -cE '^(test .* \.\.\. ok|ok [0-9]+ )' "$log")
	bad=$((total - ok))
	sed -nE 's/^test ([^ ]+) +\.\.\. ([^ ]+).*/  sql\/\1 \2/p; s/^((not )?ok) [0-9]+ +[-+] ([^ ]+).*/  sql\/\3 \1/p' "$log"
	count "pg_regress" "$ok" "$bad" 0
	if [ "$bad" -ne 0 ]; then
		[ -s build/regress/regression.diffs ] && head -n 200 build/regress/regression.diffs
		tail -n 15 "$log"
	fi
}

install_missing test
rm -rf build/log
mkdir -p build/log
build_and_install || exit 1
run build/programs.log project_make -k programs || count "building test programs" 0 1 0

# Real data is not part of the project: tests that use it skip without it
SPASER_DATA=$(realpath -m "${SPASER_DATA:-../shared/data}")
export SPASER_DATA
if ! as_server_user test -r "$SPASER_DATA/."; then
	say "No real data in $SPASER_DATA (set SPASER_DATA): tests that need it are skipped."
fi

say "Core"
for source in test/unit/test_*.c; do
	name=$(basename "$source" .c)
	counted_program "unit/$name" "build/unit/$name"
done
for source in test/fuzz/fuzz_*.c; do
	name=$(basename "$source" .c)
	counted_program "fuzz/$name" "build/fuzz/replay_${name#fuzz_}" "test/fuzz/corpus/${name#fuzz_}"
done

say "Extension"
cluster_start test
regress_run &

pgxs_dir=$(cd "$(dirname "$("$pg_config" --pgxs)")/../.." && pwd)
tap_tree=$PWD
if ! as_server_user test -r "$PWD/test/t"; then
	tap_tree=$cluster/tree
	mkdir -p "$tap_tree/build"
	cp -r test sql expected spaser.control "$tap_tree/"
	cp build/generateur "$tap_tree/build/"
	chown -R "$server_user" "$tap_tree"
fi
tap_dir=$cluster/tap
as_server_user mkdir -p "$tap_dir/log"
export SPASER_ROOT=$tap_tree
# Each has servers of its own, and so has pg_regress, which is one of them: as many
# at once as there are processors
at_once=$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 1)
for file in test/t/*.pl; do
	while [ "$(jobs -rp | wc -l)" -ge "$at_once" ]; do wait -n || true; done
	tap_run "$file" &
done
wait
regress_report
for file in test/t/*.pl; do
	tap_report "$file"
done
cluster_stop test

say "Conventions"
counted_program lint test/tools/lint.sh
finished=yes
