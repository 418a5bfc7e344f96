"""What the rows of a CSV file of DECP say, read by Python's csv module.

    python3 lignes_csv.py FILE SEPARATOR COLUMN...

prints the distinct rows of FILE, as CSV: the named columns, in that order. A
column of numbers is written ":COLUMN": its values are printed as exact decimals
without zeros at their end. Nothing of the project takes part.
"""
import csv
import sys
from decimal import Decimal, InvalidOperation


def number(text):
    try:
        value = Decimal(text)
    except InvalidOperation:
        return ""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def main(path, separator, *columns):
    csv.field_size_limit(1 << 30)
    with open(path, encoding="utf-8-sig", newline="") as file:
        rows = {tuple(number(row[c[1:]]) if c.startswith(":") else (row[c] or "").strip() for c in columns)
                for row in csv.DictReader(file, delimiter=separator)}
    csv.writer(sys.stdout, lineterminator="\n").writerows(sorted(rows))


main(*sys.argv[1:])
