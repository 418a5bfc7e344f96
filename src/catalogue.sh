#!/bin/sh
# catalogue.sh FILE.json...
#	  C table of the canevas in these files, on standard output: code and text, in
#	  the order given. That each is valid is checked by the test of canevas.
set -eu

if [ $# -eq 0 ]; then
	echo "usage: $0 FILE.json..." >&2
	exit 1
fi

echo "/* The canevas of sql/canevas/, written by catalogue.sh. Do not edit. */"
for file; do
	code=$(basename "$file" .json)
	if ! grep -q "^  \"code\": \"$code\",\$" "$file"; then
		echo "$0: $file: its code is not $code" >&2
		exit 1
	fi
	printf '{"%s",\n' "$code"
	# The newline at the end of the file is none of the text's
	sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/^/"/' -e '$!s/$/\\n"/' -e '$s/$/"},/' "$file"
done
