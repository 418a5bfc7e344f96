#!/usr/bin/env python3
"""Indicators of the catalogue over DECP JSON files, without the extension.

    indicateurs.py [--par annee|acheteur [--cle KEY]] FILE...

An independent reading of the published definitions, for comparison: Python's
standard library, exact fractions until the last character printed. Files are
one set of data, as for compter.py, whose contracts these are.

Prints CSV: code, unite (nombre, montant), numerateur, denominateur (what is
known), inconnu, valeur. A code is that of the catalogue, followed by the class
or the measure when it has several. --par puts the year of notification (of
signature for concessions) or the buyer's SIREN first; --cle prints one of them
only, without it. An empty cell has no value.
"""
import argparse
import csv
import sys
from collections import defaultdict
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

from compter import PROCEDURES, both, centimes, everyone, holds, not_empty, on_time, plausible
from contrat import MODALITES, PROCEDURES_CONCESSION, TECHNIQUES, read
from distribuer import bids, delay
from distribuer import months as months_of
from familles import concentration, diversity, frameworks, lots, mean, months, per_holder, quantile, ratio, share

SEGMENTS = {
    'travaux': ('45',), 'energie': ('09',), 'vehicules': ('34',), 'alimentation': ('15',), 'restauration': ('555',),
    'informatique': ('30', '48', '72'), 'mobilier': ('39',), 'textile': ('18',), 'nettoyage': ('909',), 'transport': ('60',),
}
NUMBER, VALUE = ('nombre',), ('montant',)
FORMAT_V2 = date(2024, 1, 1)


def only(contracts, condition):
    return [c for c in contracts if condition(c)]


def among(value, wanted):
    """Is this one of the values; unknown stays so."""
    return None if value is None else value in wanted


def within(contracts, condition, fact):
    """A fact among those that meet a condition; where it is not known if they do, the fact is not either."""
    return only(contracts, lambda c: condition(c) is not False), lambda c: None if condition(c) is None else fact(c)


def social(c):
    return not_empty(c.social)


def environmental(c):
    return not_empty(c.environnement)


def classes(contracts, code, names, value, units=('nombre', 'montant')):
    """A partition, or shares that may overlap when values are sets."""
    for name in names:
        def fact(c, name=name):
            found = value(c)
            return None if found is None else name in found if isinstance(found, (set, frozenset)) else name == found
        yield f'{code}.{name}', share(contracts, fact, units)


# ---------------------------------------------------------------- social, environment, origin

def social_class(c):
    if c.social is None:
        return None
    if 'reserve' in c.social:
        return 'reserve'
    return {(): 'aucune', ('clause',): 'clause', ('critere',): 'critere'}.get(tuple(sorted(c.social)), 'clause_et_critere')


def environmental_class(c):
    if c.environnement is None:
        return None
    return {(): 'aucune', ('clause',): 'clause', ('critere',): 'critere'}.get(tuple(sorted(c.environnement)), 'les_deux')


def responsible(marches):
    yield 'S01', share(marches, social)
    yield from classes(marches, 'S02', ('clause', 'critere', 'clause_et_critere', 'reserve', 'aucune'), social_class)
    yield 'S03', share(marches, lambda c: holds(c.social, 'reserve'))
    yield 'E01', share(marches, environmental)
    yield from classes(marches, 'E02', ('clause', 'critere', 'les_deux', 'aucune'), environmental_class)
    yield 'E03', share(only(marches, lambda c: c.nature != 'defense'), lambda c: holds(c.environnement, 'clause', 'critere'))
    yield 'E04', share(marches, lambda c: both(social(c), environmental(c)))
    every = tuple(p for prefixes in SEGMENTS.values() for p in prefixes)
    for name, prefixes in [('ensemble', every), *SEGMENTS.items()]:
        segment = lambda c, prefixes=prefixes: None if c.cpv is None else c.cpv.startswith(prefixes)
        yield f'E05.{name}', share(*within(marches, segment, environmental))
    yield 'E06', share(marches, lambda c: None if c.cpv is None else 34100000 <= int(c.cpv) <= 34144910)
    yield 'E06.division', share(marches, lambda c: None if c.cpv is None else c.cpv.startswith('34'))
    yield 'E07', share(marches, lambda c: None if c.cpv is None else c.cpv.startswith(('15', '555')))
    concerned = only(marches, lambda c: c.origine_attendue())
    yield 'O01', mean(concerned, lambda c: c.origine(0))
    yield 'O02', mean(concerned, lambda c: c.origine(1))
    yield 'O03', share(*within(marches, lambda c: c.origine_attendue(), lambda c: c.origine(0) is not None if c.v2 else None))


# ---------------------------------------------------------------- competition

def competition(marches):
    open_ = only(marches, lambda c: c.procedure != 'sans_publicite')
    yield 'K01', mean(open_, bids, NUMBER)
    for name, part in (('mediane', '0.5'), ('quartile_1', '0.25'), ('quartile_3', '0.75')):
        yield f'K02.{name}', quantile(open_, bids, part, NUMBER)
    single = lambda c: None if c.offres is None else c.offres == 1
    yield 'K03', share(open_, single, NUMBER)
    yield 'K04', share(open_, single, VALUE)
    yield from classes(marches, 'K05', sorted(set(PROCEDURES.values())), lambda c: c.procedure)
    yield 'K06', share(marches, lambda c: among(c.procedure, ('sans_publicite',)))
    for name in sorted(set(TECHNIQUES.values()) - {'aucune'}):
        yield f'K07.{name}', share(marches, lambda c, name=name: c.technique(name))
    yield from classes(marches, 'K07', sorted(set(MODALITES.values()) - {'aucune', 'mixte'}), lambda c: c.modalites)
    yield 'K08', share(marches, lambda c: among(c.groupement, ('conjoint', 'solidaire')))
    yield 'K09', lots(marches)
    yield 'K10.mediane', quantile(marches, months_of, '0.5')
    long = lambda c: None if months_of(c) is None else months_of(c) > 48
    yield 'K10.plus_de_48', share(*within(marches, lambda c: c.accord(), long))
    yield 'K11', share(marches, lambda c: c.avance)
    advanced = only(marches, lambda c: c.avance)
    yield 'K12', mean(advanced, lambda c: c.taux_avance)
    yield 'K12.mediane', quantile(advanced, lambda c: c.taux_avance, '0.5')
    for code, measure in (('K13', 'hhi'), ('K13.normalise', 'hhi_normalise'), ('K14', 'cr4'), ('K15', 'gini'), ('K18', 'cr1')):
        yield code, concentration(marches, measure)
    yield 'K19', diversity(marches)
    yield 'L08', share(marches, lambda c: c.innovant)
    yield 'L09', share(marches, foreign_part)
    yield 'L09.au_moins_un', share(marches, foreign_one)
    yield 'L09.par_titulaire', per_holder(marches, lambda c: c.etrangers)


def foreign_part(c):
    """Part of the holders that are foreign, each of k having 1/k; unknown with one of them."""
    if not c.etrangers or None in c.etrangers:
        return None
    return Fraction(sum(c.etrangers), len(c.etrangers))


def foreign_one(c):
    return True if True in c.etrangers else None if not c.etrangers or None in c.etrangers else False


# ---------------------------------------------------------------- execution

def drift(literal=False):
    return lambda c: (c.ecart(literal), centimes(c.montant))


def sub_contracted(c):
    """Deeds and last amount, in centimes; where sub-contracting is not known, or is but has no deed, its amount is not."""
    if not plausible(c.montant_final, c.concession):
        return None, None
    known = c.actes or c.sous_traitance is False
    return c.sous_traite() if known else None, centimes(c.montant_final)


def price_class(c):
    """The only type of price, or "plusieurs"."""
    if not c.types_prix:
        return None
    return 'plusieurs' if len(c.types_prix) > 1 else next(iter(c.types_prix))


def execution(marches):
    modified = only(marches, lambda c: c.modifie())
    yield 'X01', share(marches, lambda c: c.modifie())
    yield 'X02.modifies', ratio(modified, drift())
    yield 'X02.ensemble', ratio(marches, drift())
    yield 'X02.brut', ratio(modified, drift(True))
    yield 'X03', months(modified)
    for name, kinds, threshold in (('10', ('fournitures', 'services'), '0.1'), ('15', ('travaux',), '0.15'), ('50', None, '0.5')):
        kind = lambda c, kinds=kinds: kinds is None or among(c.achat(), kinds)
        yield f'X04.{name}', share(*within(modified, kind, lambda c, t=threshold: c.depasse(t)))
    yield 'X05', share(marches, lambda c: c.sous_traitance)
    yield 'X06', ratio(only(marches, lambda c: c.actes), sub_contracted)
    yield 'X06.ensemble', ratio(marches, sub_contracted)
    yield 'X08', share(marches, lambda c: holds(c.types_prix, 'revisable'))
    yield from classes(marches, 'X08.repartition', ('ferme', 'actualisable', 'revisable', 'provisoire', 'plusieurs'), price_class)
    yield from classes(marches, 'X09', ('unitaire', 'forfaitaire', 'mixte'), lambda c: c.formule_prix)
    yield 'X11', share(only(marches, lambda c: c.liste_titulaires), lambda c: c.change_titulaires())
    yield 'X11.ensemble', share(marches, lambda c: c.change_titulaires() if c.liste_titulaires else False)
    yield 'X12', frameworks(marches)


# ---------------------------------------------------------------- transparency, concessions

def transparency(marches, concessions):
    for name, part in (('mediane', '0.5'), ('decile_9', '0.9')):
        yield f'T01.{name}', quantile(marches, delay, part)
    yield 'T02', share(marches, on_time)
    for name, contracts in (('T07', marches), ('T07.tous', marches + concessions)):
        yield name, share(contracts, lambda c: None if c.montant is None else not c.usable(), NUMBER)
    recent = only(marches + concessions, lambda c: c.signature and c.signature >= FORMAT_V2)
    yield 'T11', share(recent, lambda c: not c.v2)


def granted(c):
    return None if c.subvention is None else centimes(c.subvention), centimes(c.montant)


def of_concessions(concessions):
    yield 'D01.sociale', share(concessions, social)
    yield 'D01.environnementale', share(concessions, environmental)
    yield 'D02', share(concessions, lambda c: holds(c.social, 'reserve'))
    term = lambda c: c.duree if c.duree is not None and c.duree >= 1 else None
    for name, part in (('mediane', '0.5'), ('quartile_1', '0.25'), ('quartile_3', '0.75')):
        yield f'D03.{name}', quantile(concessions, term, part)
    yield 'D04', ratio(concessions, granted)
    yield 'D04.nombre', share(concessions, lambda c: None if c.subvention is None else c.subvention > 0, NUMBER)
    yield 'D05', ratio(concessions, drift())
    yield 'D06', share(concessions, lambda c: None if c.debut is None or c.publication is None else c.publication <= c.debut)
    yield from classes(concessions, 'D09', sorted(PROCEDURES_CONCESSION.values()), lambda c: c.procedure_concession)


def indicators(contracts):
    marches, concessions = only(contracts, lambda c: not c.concession), only(contracts, lambda c: c.concession)
    for family in (responsible(marches), competition(marches), execution(marches),
                   transparency(marches, concessions), of_concessions(concessions)):
        for code, rows in family:
            for line in rows:
                yield (code, *line)


def text(value):
    """A number to twelve decimals, without zeros at its end."""
    if value is None:
        return ''
    with localcontext() as context:
        context.prec = 80
        found = Decimal(value.numerator) / Decimal(value.denominator)
        found = format(found.quantize(Decimal(1).scaleb(-12), ROUND_HALF_UP), 'f')
    return found.rstrip('0').rstrip('.') or '0'


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--par', choices=('annee', 'acheteur'), help="one set of rows per year, or per buyer")
    parser.add_argument('--cle', metavar='KEY', help="this year or buyer only")
    parser.add_argument('files', nargs='+', metavar='FILE')
    options = parser.parse_args()
    contracts = read(options.files)
    groups = defaultdict(list)
    for contract in contracts:
        year = str(contract.signature.year) if contract.signature else ''
        groups[{'annee': year, 'acheteur': contract.siren() or ''}.get(options.par, '')].append(contract)
    out = csv.writer(sys.stdout, lineterminator='\n')
    if options.cle is not None:
        groups = {'': groups[options.cle]}
    keyed = bool(options.par) and options.cle is None
    out.writerow([options.par] * keyed + ['code', 'unite', 'numerateur', 'denominateur', 'inconnu', 'valeur'])
    for key in sorted(groups) or ['']:
        for code, unit, *numbers in indicators(groups[key]):
            out.writerow([key] * keyed + [code, unit, *map(text, numbers)])


if __name__ == '__main__':
    main()
