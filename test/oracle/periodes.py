#!/usr/bin/env python3
"""Indicators of a period that look beyond it, over DECP JSON files, without the extension.

    periodes.py DEBUT FIN [--registre NAME=FILE]... FILE...

DEBUT and FIN are days: the period is [DEBUT, FIN). Prints CSV as titulaires.py does, of

  K16       holders that had no marché of the buyer in the 36 months before: among distinct ones (titulaires), by
            number of marchés and in amount, each of k holders having 1/k. None where the first marché of the
            buyer is later than 36 months before the period
  C01       amounts of the AGEC categories, spread evenly over the months of each marché, the first of which is
            that of its notification
"""
import argparse
import csv
import re
import sys
from collections import defaultdict
from datetime import date
from fractions import Fraction

import compter
import titulaires

HISTORY = 36


def months(day):
    return 12 * day.year + day.month - 1


def newcomers(contracts, since, until):
    dated = [c for c in contracts if c.notification]
    if not dated or months(min(c.notification for c in dated)) > months(since) - HISTORY:
        return
    known = {t for c in dated if months(since) - HISTORY <= months(c.notification) < months(since)
             for t in c.attributaires if t}
    inside = [c for c in dated if months(since) <= months(c.notification) < months(until)]
    found = {t for c in inside for t in c.attributaires if t}
    if not inside:
        return
    yield 'K16', 'titulaires', len(found - known), len(found), 0
    for unit in ('nombre', 'montant'):
        total = titulaires.Somme()
        for c in inside:
            weight = 1 if unit == 'nombre' else c.centimes()
            if weight is not None:
                total.add([(t not in known if t else None, len(c.attributaires) or 1) for t in c.attributaires or [None]],
                          weight)
        yield ('K16', unit, *total.numbers(1 if unit == 'nombre' else 100))


def spread(contracts, since, until):
    """Of a contract without a duration that can be used, and notified in the period, the amount is unknown."""
    amounts, unknown = defaultdict(Fraction), Fraction(0)
    for c in contracts:
        worth = c.centimes()
        if worth is None or not c.notification:
            continue
        first = months(c.notification)
        duration = c.duree if c.duree is not None and 1 <= c.duree <= 180 else None
        if duration is None:
            unknown += Fraction(worth, 100) if months(since) <= first < months(until) else 0
            continue
        inside = max(0, min(first + duration, months(until)) - max(first, months(since)))
        category = c.registers.agec(c.cpv, c.notification)
        if category is None:
            unknown += Fraction(worth * inside, 100 * duration)
        else:
            amounts[category] += Fraction(worth * inside, 100 * duration)
    known = sum(amounts.values(), Fraction(0))
    if known or unknown:
        for category in titulaires.CATEGORIES:
            yield 'C01.annualise.' + category, 'montant', amounts[category], known, unknown


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('debut', type=date.fromisoformat)
    parser.add_argument('fin', type=date.fromisoformat)
    parser.add_argument('--registre', action='append', default=[], metavar='NAME=FILE')
    parser.add_argument('files', nargs='+', metavar='FILE')
    options = parser.parse_args()
    registers = titulaires.read_registers(options)
    contracts = [titulaires.Contrat(record, container, registers) for path in options.files
                 for record, container in titulaires.read_file(path) if isinstance(record, dict)]
    contracts = compter.merge(contracts)
    compter.link(contracts)
    buyers = defaultdict(list)
    for contract in contracts:
        if not contract.concession:
            buyers['*'].append(contract)
            if re.fullmatch(r'\d{9}', contract.siren() or ''):
                buyers[contract.siren()].append(contract)
    out = csv.writer(sys.stdout, lineterminator='\n')
    out.writerow(['acheteur', 'code', 'unite', 'numerateur', 'denominateur', 'inconnu'])
    for buyer in sorted(buyers):
        for figures in (newcomers, spread):
            for row in figures(buyers[buyer], options.debut, options.fin):
                out.writerow([buyer, *row])


if __name__ == '__main__':
    main()
