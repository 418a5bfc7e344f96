#!/bin/sh
# catalogue.sh FILE.json...
#	  SQL of the function catalogue(), on standard output: the files' texts as an
#	  array of canevas, in the order given. That each is a valid canevas is
#	  checked when the function is created.
set -eu

if [ $# -eq 0 ]; then
	echo "usage: $0 FILE.json..." >&2
	exit 1
fi

for file; do
	code=$(basename "$file" .json)
	if ! grep -q "^  \"code\": \"$code\",\$" "$file"; then
		echo "$0: $file: its code is not $code" >&2
		exit 1
	fi
	if grep -q '\$canevas\$' "$file"; then
		echo "$0: $file: holds the delimiter \$canevas\$" >&2
		exit 1
	fi
done

cat <<'SQL'
/*
 * catalogue.sql
 *	  The canevas of sql/canevas/, written by catalogue.sh. Do not edit.
 */

/* Every canevas of the catalogue, by code. */
CREATE FUNCTION catalogue() RETURNS canevas[]
	LANGUAGE SQL IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT CAST(ARRAY[
SQL
awk '
	FNR == 1 { printf "%s$canevas$", NR == 1 ? "" : "$canevas$,\n" }
	{ printf "%s%s", FNR == 1 ? "" : "\n", $0 }
	END { print "$canevas$" }
' "$@"
cat <<'SQL'
	] AS canevas[]);
END;
COMMENT ON FUNCTION catalogue() IS 'Les canevas du catalogue, dans l''ordre des codes';
SQL
