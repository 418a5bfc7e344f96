#!/usr/bin/env python3
"""Distributions and concentration over DECP JSON files, without the extension.

An independent reading, like compter.py, whose contracts it takes: standard
library, exact fractions until the last character printed.

    distribuer.py FILE...

Prints CSV: acheteur (* for all of them, empty when unknown), mesure, unite
(nombre: contracts, montant: euros), numerateur, denominateur: the value as a
fraction in lowest terms; a measure that has no value has no row. Files are one
set of data; concessions are left out.
"""
import csv
import re
import sys
from collections import defaultdict
from fractions import Fraction

import compter
from lire import read_file

QUANTILES = ('0.1', '0.25', '0.5', '0.75', '0.9')


def holder(node):
    """SIREN, else another identifier in capitals, with its type when it is a number; None: nobody that is known."""
    identifier = (compter.identifier(node.get('id')) or '').upper()
    kind = compter.fold(str(node.get('typeIdentifiant') or ''))
    if not identifier.strip('0'):
        return None
    if kind in ('', 'siret') and re.fullmatch(r'\d{14}', identifier) or kind == 'siret' and re.fullmatch(r'\d{9}', identifier):
        return identifier[:9]
    tva = re.fullmatch(r'FR[0-9A-Z]{2}(\d{9})', identifier)
    if tva and kind[:3] in ('', 'tva'):
        return tva.group(1)
    return f'{kind} {identifier}'.strip() if identifier.isdigit() else identifier


class Contrat(compter.Contrat):
    def __init__(self, record, container):
        super().__init__(record, container)
        self.duree = compter.whole(record.get('dureeMois'))
        nodes = compter.collect(record.get('titulaires'), 'titulaire')
        named = {compter.identifier(n.get('id')) or compter.scalar(n.get('denominationSociale')): holder(n) for n in nodes}
        named.pop(None, None)
        # one of those that are known is there once, whatever its establishments; the unknown are not the same
        self.attributaires = list(set(named.values()) - {None}) + [None for one in named.values() if one is None]

    def centimes(self):
        """What the contract weighs in value, None when it does not count."""
        return compter.centimes(self.montant) if self.usable() and not self.linked else None


# ---------------------------------------------------------------- distributions

def bids(c):
    return c.offres


def months(c):
    return c.duree if c.duree is not None and 1 <= c.duree <= 180 else None


def delay(c):
    if not c.notification or not c.publication or c.publication < c.notification:
        return None
    return (c.publication - c.notification).days


DISTRIBUTIONS = [                       # name, population, value, bounds of a share
    ('offres', compter.advertised, bids, (1, 1)),
    ('duree', compter.everyone, months, (49, None)),
    ('delai', compter.everyone, delay, (None, 62)),
]


def continuous(counts, share):
    """percentile_cont: the place share * (n - 1) in the sorted rows, between two in proportion; counts: value -> rows."""
    position = Fraction(share) * (sum(counts.values()) - 1)
    below, seen = position.numerator // position.denominator, 0
    values = iter(sorted(counts))
    for value in values:
        seen += counts[value]
        if seen > below:
            following = value if seen > below + 1 else next(values, value)
            return value + (position - below) * (following - value)


def weighted(weights, share):
    """The value where the sum of weights passes a share of their total; the mean of two when it falls between them."""
    target, seen, reached = Fraction(share) * sum(weights.values()), 0, None
    for value in sorted(weights):
        seen += weights[value]
        if seen > target:
            return Fraction(value if reached is None else reached + value, 1 if reached is None else 2)
        if seen == target:
            reached = value
    return Fraction(reached)


def distribution(name, unit, rows, bounds):
    """rows: (value or None, weight), the weight whole: contracts or centimes."""
    scale = 100 if unit == 'montant' else 1
    weights, unknown = defaultdict(int), 0
    for value, weight in rows:
        if value is None:
            unknown += weight
        else:
            weights[value] += weight
    total = sum(weights.values())
    yield name + ' effectif', Fraction(total, scale)
    yield name + ' inconnu', Fraction(unknown, scale)
    if total == 0:
        return
    yield name + ' moyenne', Fraction(sum(v * w for v, w in weights.items()), total)
    for share in QUANTILES:
        yield name + ' q' + share, (weighted if unit == 'montant' else continuous)(weights, share)
    low, high = bounds
    inside = sum(w for v, w in weights.items() if (low is None or v >= low) and (high is None or v <= high))
    yield name + ' part', Fraction(inside, total)


# ---------------------------------------------------------------- concentration

def concentration(unit, rows):
    """rows: (list of holders, weight); each of k holders has 1/k of the weight."""
    scale = 100 if unit == 'montant' else 1
    amounts, unknown = defaultdict(Fraction), Fraction(0)
    for holders, weight in rows:
        for one in holders or [None]:
            part = Fraction(weight, len(holders or [None]))
            if one is None:
                unknown += part
            else:
                amounts[one] += part
    total = sum(amounts.values(), Fraction(0))
    yield 'titulaires effectif', total / scale
    yield 'titulaires inconnu', unknown / scale
    if unit == 'nombre':
        yield 'titulaires', Fraction(len(amounts))
    if total == 0:
        return
    sorted_, n = sorted(amounts.values()), len(amounts)
    hhi = sum((x / total) ** 2 for x in sorted_)
    yield 'hhi', 10000 * hhi
    if n > 1:
        yield 'hhi_normalise', (hhi - Fraction(1, n)) / (1 - Fraction(1, n))
    yield 'cr1', sorted_[-1] / total
    yield 'cr4', sum(sorted_[-4:]) / total
    if n >= 5:
        yield 'gini', 2 * sum(i * x for i, x in enumerate(sorted_, 1)) / (n * total) - Fraction(n + 1, n)


def measures(contracts):
    """(mesure, unite, value) of a set of contracts."""
    worth = [(c, c.centimes()) for c in contracts]
    weighted = {'nombre': [(c, 1) for c in contracts], 'montant': [(c, w) for c, w in worth if w is not None]}
    for unit, pairs in weighted.items():
        for name, population, value, bounds in DISTRIBUTIONS:
            rows = [(value(c), w) for c, w in pairs if population(c)]
            for measure, result in distribution(name, unit, rows, bounds):
                yield measure, unit, result
        for measure, result in concentration(unit, [(c.attributaires, w) for c, w in pairs]):
            yield measure, unit, result


def main():
    contracts = [Contrat(record, container) for path in sys.argv[1:]
                 for record, container in read_file(path) if isinstance(record, dict)]
    contracts = compter.merge(contracts)
    compter.link(contracts)
    buyers = defaultdict(list)
    for contract in contracts:
        if not contract.concession:
            buyers[contract.acheteur or ''].append(contract)
    buyers['*'] = [c for group in buyers.values() for c in group]
    out = csv.writer(sys.stdout, lineterminator='\n')
    out.writerow(['acheteur', 'mesure', 'unite', 'numerateur', 'denominateur'])
    for buyer in sorted(buyers):
        for measure, unit, value in measures(buyers[buyer]):
            out.writerow([buyer, measure, unit, value.numerator, value.denominator])


if __name__ == '__main__':
    main()
