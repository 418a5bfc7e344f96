"""Kinds of indicators: shares, distributions, concentration, ratios of sums.

Each yields (unite, numerateur, denominateur, inconnu, valeur): whole numbers
and fractions, money in euros. For indicateurs.py.
"""
from fractions import Fraction

import distribuer
from compter import centimes, plausible

UNITES = ('nombre', 'montant')


def in_euros(unit, *sums):
    return tuple(Fraction(s, 100) if unit == 'montant' else Fraction(s) for s in sums)


def weighed(contracts, unit):
    """(contract, weight) of those that count in this unit."""
    return [(c, c.poids(unit)) for c in contracts if c.poids(unit) is not None]


def row(unit, yes, known, unknown):
    yes, known, unknown = in_euros(unit, yes, known, unknown)
    return unit, yes, known, unknown, yes / known if known else None


def share(contracts, fact, units=UNITES):
    """What satisfies a fact among those of which it is known; a fact is yes, no, unknown, or a part between 0 and 1."""
    for unit in units:
        yes, known, unknown = 0, 0, 0
        for contract, weight in weighed(contracts, unit):
            answer = fact(contract)
            if answer is None:
                unknown += weight
            else:
                known += weight
                yes += weight * answer
        yield row(unit, yes, known, unknown)


def per_holder(contracts, answers, units=UNITES):
    """The same of holders, each of k having 1/k of the contract, known or not by itself."""
    for unit in units:
        sums = {True: Fraction(0), False: Fraction(0), None: Fraction(0)}
        for contract, weight in weighed(contracts, unit):
            found = answers(contract) or [None]
            for answer in found:
                sums[answer] += Fraction(weight, len(found))
        yield row(unit, sums[True], sums[True] + sums[False], sums[None])


def ratio(contracts, terms):
    """Sums of two amounts in centimes over contracts that count in value; terms: (a, b), or (None, b) when a is not known."""
    more, base, unknown = 0, 0, 0
    for contract, _ in weighed(contracts, 'montant'):
        a, b = terms(contract)
        if a is None:
            unknown += b or 0
        else:
            more, base = more + a, base + b
    yield row('montant', more, base, unknown)


def months(contracts):
    """Months more than at the beginning over months at the beginning."""
    more, base, unknown = 0, 0, 0
    for contract in contracts:
        found = contract.derive_duree()
        if found is None:
            unknown += contract.duree if contract.duree is not None and 1 <= contract.duree <= 180 else 0
        else:
            more, base = more + found[0], base + found[1]
    yield row('nombre', more, base, unknown)


def mean(contracts, value, units=UNITES):
    """Weighted mean of what is known."""
    yield from share(contracts, lambda c: None if value(c) is None else Fraction(value(c)), units)


def quantile(contracts, value, part, units=UNITES):
    for unit in units:
        counts, unknown = {}, 0
        for contract, weight in weighed(contracts, unit):
            found = value(contract)
            if found is None:
                unknown += weight
            else:
                counts[found] = counts.get(found, 0) + weight
        known, unknown = in_euros(unit, sum(counts.values()), unknown)
        place = distribuer.weighted if unit == 'montant' else distribuer.continuous
        yield unit, None, known, unknown, Fraction(place(counts, part)) if counts else None


def concentration(contracts, measure, units=UNITES):
    """A measure of distribuer.py over holders, with what is known and what is not."""
    for unit in units:
        found = {name: value for name, _, value in distribuer_measures(contracts, unit)}
        yield unit, None, found['titulaires effectif'], found['titulaires inconnu'], found.get(measure)


def distribuer_measures(contracts, unit):
    for name, value in distribuer.concentration(unit, [(c.attributaires, w) for c, w in weighed(contracts, unit)]):
        yield name, unit, value


def diversity(contracts):
    """Distinct holders for 100 contracts."""
    found = {name: value for name, _, value in distribuer_measures(contracts, 'nombre')}
    yield ('nombre', found['titulaires'], found['titulaires effectif'], found['titulaires inconnu'],
           100 * found['titulaires'] / len(contracts) if contracts else None)


def lots(contracts, units=UNITES):
    """Contracts published beside others of one buyer, month, CPV division and objet, lot numbers apart."""
    groups = {}
    for contract in contracts:
        groups[contract.consultation()] = groups.get(contract.consultation(), 0) + 1
    yield from share(contracts, lambda c: None if c.consultation() is None else groups[c.consultation()] > 1, units)


def frameworks(contracts):
    """What subsequent contracts of frameworks are worth, over what the frameworks are: first and last amounts."""
    ordered, ceiling, unknown = 0, 0, 0
    for contract in contracts:
        amounts = [c.montant for c in contract.subsequents if c.usable()]
        if not contract.subsequents or not contract.usable():
            continue
        if not plausible(contract.montant_final, False):
            unknown += centimes(contract.montant)
            continue
        ordered += sum(map(centimes, amounts))
        ceiling += centimes(contract.montant_final)
    yield row('montant', ordered, ceiling, unknown)
