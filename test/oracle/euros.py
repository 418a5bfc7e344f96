#!/usr/bin/env python3
"""Count records, contracts and euros of DECP JSON files, without the extension.

    euros.py FILE...

Prints CSV, a line per file and a last one, "ensemble", for all of them as one
set of data:

  enregistrements  records that can be read
  contrats         contracts: exact copies are one; records of one buyer, id,
                   folded objet, set of holders and euros are one, whose amount
                   is that of the record with most modifications; versions of
                   format 1, told by the last two digits of the id, are one,
                   the highest
  hors_montant     contracts if records that differ in their initial amount only
                   were one too
  euros            sum of the contracts' initial amounts, absent ones left out
  euros_lignes     the same summed over rows, one per distinct holder of each contract
                   (one for a contract without holder), as in files that repeat
                   the amount on each row
  rapport          euros_lignes / euros, to three decimals

Amounts are decimal all the way. The rules are those of the published formats;
no line in common with the C and SQL code.
"""
import csv
import json
import sys
from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal, localcontext

from compter import Contrat, collect, merge
from lire import read_file


def contracts_of(path):
    """Every record of a file as Contrat, with the number of its rows, one per holder."""
    found = []
    for record, container in read_file(path):
        if not isinstance(record, dict):
            continue
        contract = Contrat(record, container)
        name = 'concessionnaires' if contract.concession else 'titulaires'
        holders = collect(record.get(name), name[:-1])
        contract.rows = max(1, len({json.dumps(h, sort_keys=True) for h in holders}))
        found.append(contract)
    return found


def without_amount(contracts):
    """How many are left if those that differ in amount only are one."""
    groups = defaultdict(int)
    for contract in contracts:
        groups[contract.key()[:-1] if contract.id and contract.acheteur else contract.key()] += 1
    return len(groups)


def line(name, records):
    contracts = merge(records)
    with localcontext() as context:
        context.prec = 60
        amounts = [(c.montant, c.rows) for c in contracts if c.montant is not None]
        euros = sum((amount for amount, _ in amounts), Decimal(0))
        rows = sum((amount * n for amount, n in amounts), Decimal(0))
        ratio = (rows / euros).quantize(Decimal('0.001'), ROUND_HALF_UP) if euros else ''
    return [name, len(records), len(contracts), without_amount(contracts), format(euros, 'f'), format(rows, 'f'), ratio]


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    out = csv.writer(sys.stdout, lineterminator='\n')
    out.writerow(['fichier', 'enregistrements', 'contrats', 'hors_montant', 'euros', 'euros_lignes', 'rapport'])
    everything = []
    for path in sys.argv[1:]:
        records = contracts_of(path)
        out.writerow(line(path, records))
        everything += records
    out.writerow(line('ensemble', everything))


if __name__ == '__main__':
    main()
