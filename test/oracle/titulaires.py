#!/usr/bin/env python3
"""Indicators that need registers, over DECP JSON files, without the extension.

An independent reading, like compter.py and distribuer.py, whose contracts it
takes; registers are read by registres.py. Standard library, exact fractions.

    titulaires.py [--registre NAME=FILE]... FILE...

NAME: unites, etablissements, communes, anciennes, regions, departements,
outremer, inclusion, esat, esus, listes, agec, agec_generation, seuil_europeen,
seuil_procedure. Prints CSV: acheteur (SIREN; * for all of them), code, unite
(nombre, montant, lignes), numerateur, denominateur, inconnu: fractions in
lowest terms. Of a distribution (L05) the numerateur is the value. Files are one
set of data; concessions are left out.

With --complement it also writes registers that nobody published, made of the
digits of every identifier in the files, for what the real ones do not say.
"""
import argparse
import csv
import re
import sys
from collections import Counter, defaultdict
from datetime import date
from fractions import Fraction
from functools import lru_cache

import compter
import distribuer
from lire import read_file
from registres import DIVISIONS, Registres, achat
import registres_essai

compter.fold = lru_cache(maxsize=None)(compter.fold)    # the same labels come back in most records
FRANCAIS = {'siret', 'tahiti', 'ridet', 'frwf', 'frw', 'irep'}
LOI_CLIMAT = date(2026, 8, 21)
MICROMETRE = 10 ** 9                    # of them in a kilometre: distances are whole numbers of them
CATEGORIES = ['c%02d' % n for n in range(1, 18)]


def luhn(number):
    total = 0
    for place, digit in enumerate(reversed(number)):
        double = int(digit) * (1 + place % 2)
        total += double - 9 * (double > 9)
    return total % 10 == 0


@lru_cache(maxsize=None)
def valid(siret):
    """Luhn, or La Poste's own rule; what examples are filled with is none."""
    if not re.fullmatch(r'\d{14}', siret) or siret == '12345678901234' or len(set(siret)) == 1:
        return False
    return luhn(siret) or siret.startswith('356000000') and sum(map(int, siret)) % 5 == 0


class Titulaire:
    """A holder or a subcontractor: who it is, and what the registers say of it."""

    def __init__(self, node, registers):
        self.identifiant = (compter.identifier(node.get('id')) or '').upper()
        self.type = compter.fold(str(node.get('typeIdentifiant') or ''))
        self.cle = distribuer.holder(node)
        numeric = self.cle and re.fullmatch(r'\d{9}', self.cle)
        self.siren = self.cle if numeric else None
        self.siret = self.identifiant if self.siren and re.fullmatch(self.siren + r'\d{5}', self.identifiant) else None
        self.valide = valid(self.siret or '')
        self.registers = registers
        self.unite = registers.unites.get(self.siren, {})
        self.lieu = registers.lieu(self.siret)


    def etranger(self):
        if self.siren or self.type in FRANCAIS:
            return False
        if self.type.startswith('tva'):
            prefix = re.match('[A-Z]{2}', self.identifiant)
            return prefix.group() != 'FR' if prefix else None
        return True if self.type in ('ue', 'hors ue') else None

    def tpe(self):
        band, category = self.unite.get('tranche'), self.unite.get('categorie')
        if band in (None, 'NN'):
            return None
        if band > '03':
            return False
        return None if category is None else category == 'pme'

    def esus(self, day):
        return self.registers.agree('esus', self.siren, day) if self.valide else None

    def inclusion(self, day):
        """In one of the three lists; no only if each of them is complete."""
        if not self.valide:
            return None
        answers = [self.registers.agree(name, self.siret, day) for name in ('siae', 'ea', 'esat')]
        return True if True in answers else None if None in answers else False


def place(record, registers):
    """(département, région) of the place of performance, the one that its code says; (None, None) unknown."""
    node = record.get('lieuExecution')
    node = node if isinstance(node, dict) else {}
    code = (compter.scalar(node.get('code')) or compter.scalar(record.get('lieuExecution.code')) or '').strip().upper()
    kind = compter.fold(str(node.get('typeCode') or record.get('lieuExecution.typeCode') or ''))
    if kind == 'code region':
        region = code.zfill(2)
        return None, region if region in registers.regions else None
    department = None
    if kind == 'code departement':
        department = code.zfill(2) if len(code) != 3 or code[0] != '0' else code[1:]
    elif kind in ('code postal', 'code commune', 'code arrondissement', 'code canton') \
            and re.fullmatch(r'(\d\d|2[AB])\d{0,3}', code):
        if len(code) == 4 and kind in ('code postal', 'code commune'):
            code = '0' + code               # taken for a number by who wrote it
        department = code[:3] if code[:2] in ('97', '98') else code[:2]
        if department == '20' and kind == 'code postal':
            department = '2A' if code[:3] in ('200', '201') else '2B'
    return department if department in registers.departements else None, None


def product(value):
    """Eight digits of a CPV code, of a division that exists; of seven, a zero was lost at their head, else at their end."""
    text = re.sub(r'-\d$', '', re.sub(r'\s', '', compter.scalar(value) or ''))
    found = ['0' + text, text + '0'] if re.fullmatch(r'\d{7}', text) else [text] if re.fullmatch(r'\d{8}', text) else []
    return next((code for code in found if code[:2] in DIVISIONS), None)


class Contrat(distribuer.Contrat):
    def __init__(self, record, container, registers):
        super().__init__(record, container)
        self.registers = registers
        self.cpv = product(record.get('codeCPV'))
        self.lieu = place(record, registers)
        self.siege = registers.lieu(self.acheteur)
        self.parts, self.publies = self.holders(compter.collect(record.get('titulaires'), 'titulaire'))
        self.actes = self.deeds(record)

    def holders(self, nodes):
        """Distinct by SIREN, else by identifier, the first of a legal unit's establishments standing for it; and
        as they are published."""
        distinct, published = {}, {}
        for node in nodes:
            named = compter.identifier(node.get('id')) or compter.scalar(node.get('denominationSociale'))
            if named:
                holder = Titulaire(node, self.registers)
                distinct.setdefault(holder.cle or ('?', named), holder)
                published.setdefault(named, holder)
        return list(distinct.values()), list(published.values())

    def deeds(self, record):
        """(subcontractor, latest amount) of each deed of subcontracting."""
        changes = defaultdict(list)
        for wrapper in ('modificationActeSousTraitance', 'modificationActesSousTraitance'):
            for node in compter.collect(record.get('modificationsActesSousTraitance'), wrapper):
                amount = compter.number(node.get('montant'))
                day = compter.day(node.get('dateNotificationModificationSousTraitance')) \
                    or compter.day(node.get('datePublicationDonnees')) or date.min
                if amount is not None:
                    changes[compter.scalar(node.get('id'))].append((day, amount))
            if changes:
                break
        found = []
        for node in compter.collect(record.get('actesSousTraitance'), 'acteSousTraitance'):
            amount = compter.number(node.get('montant'))
            latest = changes.get(compter.scalar(node.get('id')))
            who = node.get('sousTraitant')
            found.append((Titulaire(who if isinstance(who, dict) else {}, self.registers),
                          max(latest, key=lambda c: c[0])[1] if latest else amount))
        return found


# ---------------------------------------------------------------- facts about holders

def same(level):
    """Does the holder's establishment have the buyer's code at that level? None unless both are known."""
    def fact(c, t):
        a, b = c.siege.get(level), t.lieu.get(level)
        return None if a is None or b is None else a == b
    return fact


def on_site(c, t):
    department, region = c.lieu
    if department is not None:
        return None if t.lieu.get('departement') is None else t.lieu['departement'] == department
    return None if region is None or t.lieu.get('region') is None else t.lieu['region'] == region


def size(wanted):
    return lambda c, t: None if t.unite.get('categorie') is None else t.unite['categorie'] == wanted


def within(kilometres):
    def fact(c, t):
        d = c.registers.distance(c.acheteur, t.siret)
        return None if d is None else d <= kilometres
    return fact


# code, fact, level: a contract counts when it is known of all its holders (contrat), each holder for what
# is known of it (titulaire), one yes is enough (un), a row each (lignes)
FAITS = [(code + suffix, fact, level) for code, fact in (
    ('L01', size('pme')), ('L07', on_site), ('L09', lambda c, t: t.etranger()),
    ('S05', lambda c, t: t.unite.get('ess')), ('S06', lambda c, t: t.inclusion(c.notification)))
    for suffix, level in (('.contrat', 'contrat'), ('.par_titulaire', 'titulaire'), ('.au_moins_un', 'un'),
                          ('.lignes', 'lignes'))]
FAITS += [(code + middle + name, fact(name), level)
          for code, fact, names in (('L02', size, ('pme', 'eti', 'ge')),
                                    ('L04', same, ('commune', 'epci', 'departement', 'region')))
          for name in names
          for middle, level in (('.', 'contrat'), ('.par_titulaire.', 'titulaire'), ('.lignes.', 'lignes'))]
FAITS += [('L06.%d_km' % d, within(d), 'titulaire') for d in (10, 50, 100, 200)]
FAITS += [('L03', lambda c, t: t.tpe(), 'contrat'), ('L04.au_moins_un', same('departement'), 'un'),
          ('S04', lambda c, t: t.esus(c.notification), 'titulaire'),
          ('S09', lambda c, t: t.unite.get('mission'), 'contrat')]
# Absence from a list that may not be complete is unknown: of those, what makes a contract known is that all of
# its holders can be looked up, by a SIRET that is valid
LISTES = {'S06.contrat'}


def answers(contract, code, found, level):
    """(answer, k) of a contract's holders, who have 1/k of it each, at that level; found: what each of them answers."""
    k = len(found)
    if level == 'lignes':
        return [(a, 1) for a in found]
    if level == 'un':
        return [(True if True in found else None if None in found else False, 1)]
    if level == 'contrat':
        looked_up = all(t.valide for t in contract.parts) and contract.parts
        if not looked_up if code in LISTES else None in found:
            return [(None, 1)]
    return [(a, k) for a in found]


class Somme:
    """Sums of shares by answer: whole numbers by how many a contract was shared between, a fraction at the end."""

    def __init__(self):
        self.sums = {True: defaultdict(int), False: defaultdict(int), None: defaultdict(int)}

    def add(self, found, weight):
        for answer, k in found:
            self.sums[answer][k] += weight

    def numbers(self, scale):
        yes, no, unknown = (sum((Fraction(n, k * scale) for k, n in self.sums[a].items()), Fraction(0))
                            for a in (True, False, None))
        return yes, yes + no, unknown


def holders(c):
    """(code, units, answers) of a contract by its holders."""
    known = {}
    for code, fact, level in FAITS:
        if fact not in known:
            known[fact] = [fact(c, t) for t in c.parts] or [None]
        yield code, ('lignes',) if level == 'lignes' else ('nombre', 'montant'), answers(c, code, known[fact], level)


def distances(contracts):
    """L05: the distance where the sum of shares passes that part of their total, ranks when every share is one."""
    for unit in ('nombre', 'montant'):
        weights, unknown, shared = defaultdict(Fraction), Fraction(0), False
        for c in contracts:
            worth = 1 if unit == 'nombre' else c.centimes()
            if worth is None:
                continue
            for t in c.parts or [None]:
                d = c.registers.distance(c.acheteur, t.siret) if t else None
                share = Fraction(worth, max(len(c.parts), 1))
                if d is None:
                    unknown += share
                else:
                    weights[round(d * MICROMETRE)] += share
                    shared = shared or len(c.parts) > 1
        known, scale = sum(weights.values()), 1 if unit == 'nombre' else 100
        if not known:
            continue
        quantile = distribuer.weighted if shared or unit == 'montant' else distribuer.continuous
        for name, part in (('quartile_1', '0.25'), ('mediane', '0.5'), ('quartile_3', '0.75'), ('decile_9', '0.9')):
            yield 'L05.' + name, unit, Fraction(quantile(weights, part), MICROMETRE), known / scale, unknown / scale


# ---------------------------------------------------------------- facts about contracts

def above(name):
    """Is the initial amount at least that threshold? None unless all that it takes is known."""
    def fact(c):
        kind = achat(c.cpv)
        state = c.registers.etat(c.siren() or '') if name == 'seuil_europeen' else None
        if not kind or not c.usable() or not c.notification:
            return None
        threshold = c.registers.seuil(name, kind, c.notification, state)
        return None if threshold is None else c.montant >= threshold
    return fact


def among(belongs, fact):
    """A contract of which it is not known whether it belongs there is unknown, one that does not is left out."""
    def answer(c):
        inside = belongs(c)
        return [] if inside is False else [(fact(c) if inside else None, 1)]
    return answer


def all_of(*facts):
    def fact(c):
        found = [f(c) for f in facts]
        return False if False in found else None if None in found else True
    return fact


def in_category(category):
    def fact(c):
        found = c.registers.agec(c.cpv, c.notification)
        return None if found is None else found != 'aucune' if category == 'ensemble' else found == category
    return fact


def since_law(c):
    return None if c.notification is None else c.notification >= LOI_CLIMAT


def not_defence(c):
    return c.nature != 'defense'


def everyone(_):
    return True


def contract_facts():
    """(code, units, answers of a contract)"""
    def social(c):
        return None if c.social is None else bool(c.social & {'clause', 'reserve'})

    def environment(c):
        return compter.not_empty(c.environnement)

    def unadvertised(c):
        return None if c.procedure is None else c.procedure == 'sans_publicite'

    both = ('nombre', 'montant')
    wanted = [('K06.au_dessus_seuil', both, among(above('seuil_procedure'), unadvertised)),
              ('S07', both, among(all_of(above('seuil_europeen'), since_law, not_defence), social))]
    for name in ('ensemble', *CATEGORIES):
        wanted.append(('C01.' + name, ('nombre',), among(everyone, in_category(name))))
        wanted.append(('C02.' + name, both, among(in_category(name), environment)))
    return wanted


CONTRATS = contract_facts()


def subcontracting(contracts):
    """X07: euros of deeds whose subcontractor's category, or whose département and the buyer's, are known."""
    for label, fact in (('pme', size('pme')), ('departement', same('departement'))):
        total = Somme()
        for c in contracts:
            for who, amount in c.actes:
                if amount is not None:
                    total.add([(fact(c, who), 1)], compter.centimes(amount))
        yield ('X07.' + label, 'montant', *total.numbers(100))


def measures(buyers):
    """(buyer, code, unit, three numbers); buyers: marché -> those whose figures it is in."""
    totals, members = defaultdict(Somme), defaultdict(list)
    for c, names in buyers:
        rows = list(holders(c)) + [(code, units, answer(c)) for code, units, answer in CONTRATS]
        rows = [row for row in rows if row[2]]
        worth = c.centimes()
        for name in names:
            members[name].append(c)
            for code, units, found in rows:
                for unit in units:
                    if unit != 'montant':
                        totals[name, code, unit].add(found, 1)
                    elif worth is not None:
                        totals[name, code, unit].add(found, worth)
    for key, total in totals.items():
        yield (*key, *total.numbers(100 if key[2] == 'montant' else 1))
    for name, contracts in members.items():
        for part in (distances, subcontracting):
            for row in part(contracts):
                yield (name, *row)


# ---------------------------------------------------------------- program

def read_registers(options):
    registers = Registres()
    for given in options.registre:
        name, path = given.split('=', 1)
        registers.lire(name, path)
    registers.index()
    return registers


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--registre', action='append', default=[], metavar='NAME=FILE')
    parser.add_argument('--minimum', type=int, default=1, metavar='N', help="buyers of at least N marchés")
    parser.add_argument('--complement', metavar='DIRECTORY', help="write made-up registers there")
    parser.add_argument('files', nargs='+', metavar='FILE')
    options = parser.parse_args()
    registers = read_registers(options)
    contracts = [Contrat(record, container, registers) for path in options.files
                 for record, container in read_file(path) if isinstance(record, dict)]
    if options.complement:
        registres_essai.write(options.complement, registers, contracts)
    contracts = compter.merge(contracts)
    compter.link(contracts)
    found = Counter(c.siren() for c in contracts if not c.concession and re.fullmatch(r'\d{9}', c.siren() or ''))
    buyers = [(c, ['*', c.siren()] if found[c.siren()] >= options.minimum else ['*'])
              for c in contracts if not c.concession]
    out = csv.writer(sys.stdout, lineterminator='\n')
    out.writerow(['acheteur', 'code', 'unite', 'numerateur', 'denominateur', 'inconnu'])
    found = [valid(t.identifiant) for c in contracts if not c.concession for t in c.publies]
    out.writerow(['*', 'T13', 'nombre', sum(found), len(found), 0])
    for row in measures(buyers):
        out.writerow(row)


if __name__ == '__main__':
    main()
