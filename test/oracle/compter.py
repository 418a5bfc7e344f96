#!/usr/bin/env python3
"""Count a dozen indicators over DECP JSON files, without the extension.

An independent reading of the published definitions, for comparison: Python's
standard library, exact arithmetic, no line in common with the C code.

    compter.py [--par-acheteur | --records] FILE...

Prints CSV: code, unite (n: number of contracts, v: euros), numerateur,
denominateur (known contracts), inconnu. Files are one set of data: copies of
a contract are merged across files and framework links looked up in all of
them. --par-acheteur puts the buyer's identifier first. --records prints, per
file, how many records stand in it instead.
"""
import argparse
import calendar
import csv
import hashlib
import json
import re
import sys
import unicodedata
from collections import defaultdict
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from lire import read_file

V2_ONLY = ('techniques', 'technique', 'modalitesExecution', 'modaliteExecution', 'idAccordCadre',
           'marcheInnovant', 'ccag', 'offresRecues', 'attributionAvance', 'tauxAvance',
           'typeGroupementOperateurs', 'sousTraitanceDeclaree', 'actesSousTraitance',
           'modificationsActesSousTraitance', 'typesPrix', 'typePrix', 'origineUE', 'origineFrance',
           'considerationsSociales', 'considerationsEnvironnementales')
SENTINELS = {'', 'nan', 'none', '<na>', 'null', 'n/a', '-', 'nc'}
SANS_PUBLICITE = 'marche passe sans publicite ni mise en concurrence prealable'
PROCEDURES = {
    'procedure adaptee': 'adaptee',
    'appel d offres ouvert': 'ouvert',
    'appel d offres restreint': 'restreint',
    'procedure avec negociation': 'negociation',
    'procedure concurrentielle avec negociation': 'negociation',
    'procedure negociee avec mise en concurrence prealable': 'negociation',
    'dialogue competitif': 'dialogue',
    SANS_PUBLICITE: 'sans_publicite',
    'marche negocie sans publicite ni mise en concurrence prealable': 'sans_publicite',
    'marche public negocie sans publicite ni mise en concurrence prealable': 'sans_publicite',
}
SOCIALES = {
    'clause sociale': 'clause', 'critere social': 'critere',
    'marche reserve': 'reserve', 'concession reservee': 'reserve',
    'pas de consideration sociale': 'aucune', 'sans objet': 'aucune',
}
ENVIRONNEMENTALES = {
    'clause environnementale': 'clause', 'critere environnemental': 'critere',
    'pas de consideration environnementale': 'aucune', 'sans objet': 'aucune',
}
NATURES = {
    'marche': 'marche', 'marche de partenariat': 'partenariat',
    'marche de defense ou de securite': 'defense',
    'accord cadre': 'accord_cadre', 'marche subsequent': 'subsequent',
}


# ---------------------------------------------------------------- values

def fold(text):
    text = text.replace('œ', 'oe').replace('Œ', 'oe').replace('æ', 'ae').replace('Æ', 'ae')
    text = unicodedata.normalize('NFD', text.replace('\ufffd', '?'))
    text = ''.join(c for c in text if not unicodedata.combining(c)).lower()
    return re.sub(r'[^a-z0-9?]+', ' ', text).strip()


def lookup(table, text):
    """Value of a label, whatever its case and accents; U+FFFD is any character."""
    if not isinstance(text, str):
        return None
    text = text[4:] if text.startswith('INX ') else text
    folded = fold(text) if '\ufffd' in text else fold(text).replace('?', ' ').strip()
    if folded in table:
        return table[folded]
    if '?' in folded:
        pattern = re.compile(re.escape(folded).replace(r'\?', '.'))
        for label, value in table.items():
            if pattern.fullmatch(label):
                return value
    return None


def scalar(value):
    """Text of a string or number that says something, else None."""
    if isinstance(value, bool) or value is None or isinstance(value, (dict, list)):
        return None
    text = str(value)
    if text.strip().lower() in SENTINELS:
        return None
    if re.match(r'(MQ|CDL)\b', text) or text.startswith('INX '):
        return None
    return text


def identifier(value):
    text = scalar(value)
    return re.sub(r'[\s.\u00a0\u202f-]', '', text) or None if text else None


def number(value):
    text = scalar(value)
    if text is None:
        return None
    text = re.sub(r'[ \u00a0\u202f€]', '', text)
    if '.' not in text and re.search(r',\d{1,2}$', text) and text.count(',') == 1:
        text = text.replace(',', '.')
    try:
        result = Decimal(text)
    except InvalidOperation:
        return None
    return result if result.is_finite() else None


def whole(value):
    result = number(value)
    if result is None or result.adjusted() > 9 or result != result.to_integral_value():
        return None
    return int(result)


def boolean(value):
    if isinstance(value, bool):
        return value
    return {'true': True, '1': True, 'oui': True, 'false': False, '0': False,
            'non': False}.get(str(value).strip().lower())


def day(value):
    """Calendar date between 2000 and 2099, else None; what follows it is ignored."""
    if not isinstance(value, str):
        return None
    text = value.strip()
    iso = re.match(r'(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)', text)
    french = re.match(r'(\d{1,2})[/.-](\d{1,2})[/.-](20\d\d)(?!\d)', text)
    parts = iso.groups() if iso else french.groups()[::-1] if french else None
    if not parts or not 2000 <= int(parts[0]) <= 2099:
        return None
    try:
        return date(*map(int, parts))
    except ValueError:
        return None


def collect(node, wrapper):
    """Objects of a list, however it is wrapped."""
    if isinstance(node, list):
        return [found for item in node for found in collect(item, wrapper)]
    if not isinstance(node, dict) or not node:
        return []
    if wrapper in node:
        return collect(node[wrapper], wrapper)
    return [node]


def labels(node):
    """Strings of a list of labels, however it is wrapped."""
    if isinstance(node, str):
        return node.split(', ')
    if isinstance(node, list):
        return [found for item in node for found in labels(item)]
    if isinstance(node, dict):
        return [found for item in node.values() for found in labels(item)]
    return []


def considerations(record, key, table):
    """Set of values; empty: explicit none; None: unknown, for contradictory too."""
    node = record.get(key)
    if node == [] and 'technique' in record:
        return set()                    # 2.0.0: an empty list says none
    values = {lookup(table, text) for text in labels(node)} - {None}
    if values == {'aucune'}:
        return set()
    return values if values and 'aucune' not in values else None


# ---------------------------------------------------------------- contracts

def canonical(record):
    return json.dumps(record, sort_keys=True, default=str, ensure_ascii=False)


def is_concession(record, container):
    if container in ('marche', 'contrat-concession'):
        return container == 'contrat-concession'
    kind = fold(str(record.get('_type') or record.get('typeContrat') or ''))
    if kind:
        return 'concession' in kind
    if record.get('acheteur') or record.get('autoriteConcedante'):
        return not record.get('acheteur')
    return bool(re.search('concession|delegation', fold(str(record.get('nature')))))


def plausible(amount, concession):
    """Passes the ministry's rules of amounts."""
    if amount is None or amount < 1 or amount > (15 if concession else 3) * 10**9:
        return False
    text = format(amount.normalize(), 'f')
    if text.startswith('123456789'):
        return False
    return amount <= 10**8 or all(text.count(d) <= 6 for d in '12345789')


class Contrat:
    def __init__(self, record, container):
        self.concession = is_concession(record, container)
        names = (('autoriteConcedante', 'valeurGlobale', 'dateSignature', 'concessionnaires', 'concessionnaire')
                 if self.concession else
                 ('acheteur', 'montant', 'dateNotification', 'titulaires', 'titulaire'))
        self.v2 = container in ('marche', 'contrat-concession') or any(
            record.get(key) is not None for key in V2_ONLY)
        buyer = record.get(names[0])
        self.acheteur = identifier(buyer.get('id') if isinstance(buyer, dict) else record.get(names[0] + '.id'))
        self.id = scalar(record.get('id'))
        self.objet = fold(scalar(record.get('objet')) or '').replace('?', ' ')
        self.objet = ' '.join(self.objet.split())
        self.montant = number(record.get(names[1]))
        self.notification = day(record.get(names[2]))
        self.publication = day(record.get('datePublicationDonnees'))
        holders = collect(record.get(names[3]), names[4])
        self.titulaires = frozenset(filter(None, (identifier(h.get('id')) for h in holders)))
        self.modifications = collect(record.get('modifications'), 'modification')
        self.nature = lookup(NATURES, record.get('nature'))
        self.procedure = lookup(PROCEDURES, record.get('procedure'))
        self.social = considerations(record, 'considerationsSociales', SOCIALES)
        self.environnement = considerations(record, 'considerationsEnvironnementales', ENVIRONNEMENTALES)
        offers = whole(record.get('offresRecues'))
        self.offres = offers if offers and offers > 0 else None
        self.innovant = boolean(record.get('marcheInnovant'))
        self.avance = boolean(record.get('attributionAvance'))
        deeds = collect(record.get('actesSousTraitance'), 'acteSousTraitance')
        self.sous_traitance = True if deeds else boolean(record.get('sousTraitanceDeclaree'))
        self.accord_cadre = scalar(record.get('idAccordCadre'))
        self.filled = sum(1 for v in record.values() if v not in (None, '', [], {}))
        self.text = canonical(record)

    def key(self):
        if not self.id or not self.acheteur:
            return (self.concession, self.text)
        amount = None
        if self.montant is not None:
            amount = int(self.montant) if self.montant.adjusted() < 60 else str(self.montant)
        return (self.concession, self.acheteur, self.id, self.objet, self.titulaires, amount)

    def rank(self):
        """The greatest among copies is the survivor."""
        dates = [self.publication] + [day(m.get('datePublicationDonneesModification'))
                                      for m in self.modifications]
        return (len(self.modifications), max(filter(None, dates), default=date.min), self.filled,
                hashlib.sha256(self.text.encode('utf-8', 'replace')).hexdigest())

    def siren(self):
        return self.acheteur[:9] if self.acheteur and re.fullmatch(r'\d{9}(\d{5})?', self.acheteur) else self.acheteur

    def usable(self):
        """Amount passes the ministry's rules."""
        return plausible(self.montant, self.concession)


def merge(contracts):
    """One contract per key; then one per v1 identifier without its two digits."""
    groups = defaultdict(list)
    for contract in contracts:
        groups[contract.key()].append(contract)
    kept = []
    for copies in groups.values():
        survivor = max(copies, key=Contrat.rank)
        survivor.publication = min(filter(None, (c.publication for c in copies)), default=None)
        kept.append(survivor)
    numbered, result = defaultdict(list), []
    for contract in kept:
        if not contract.v2 and contract.acheteur and contract.id and re.fullmatch(r'.+\d\d', contract.id, re.S):
            numbered[contract.concession, contract.acheteur, contract.id[:-2], contract.objet,
                     contract.titulaires].append(contract)
        else:
            result.append(contract)
    for group in numbered.values():
        highest = max(c.id[-2:] for c in group)
        result += [c for c in group if c.id[-2:] == highest]
    return result


def normalised(text):
    return re.sub(r'[ ,\\./]', '_', text)


def link(contracts):
    """Mark what is left out of value: subsequent contracts of a framework in the data, v1 ones."""
    raw, normal, base = defaultdict(set), defaultdict(set), defaultdict(set)
    for number_, contract in enumerate(contracts):
        if contract.id and contract.acheteur and not contract.concession:
            raw[contract.siren(), contract.id].add(number_)
            normal[contract.siren(), normalised(contract.id)].add(number_)
            if not contract.v2 and len(contract.id) > 2:
                base[contract.siren(), contract.id[:-2]].add(number_)
    for number_, contract in enumerate(contracts):
        contract.linked, contract.cadre = False, None
        wanted = contract.accord_cadre
        if wanted:
            if wanted != contract.id:
                found = (raw.get((contract.siren(), wanted)) or normal.get((contract.siren(), normalised(wanted)))
                         or base.get((contract.siren(), wanted)) or set())
                found = found - {number_}
                contract.linked = bool(found)
                contract.cadre = min(found, default=None)
        elif contract.nature == 'subsequent':
            contract.linked = True


# ---------------------------------------------------------------- indicators

def not_empty(values):
    return None if values is None else bool(values)


def holds(values, *wanted):
    return None if values is None else set(wanted) <= values


def both(a, b):
    return False if a is False or b is False else None if a is None or b is None else True


def plus_two_months(d):
    month = d.month + 2
    year, month = d.year + (month > 12), month - 12 * (month > 12)
    return date(year, month, min(d.day, calendar.monthrange(year, month)[1]))


def on_time(c):
    if not c.notification or not c.publication or c.publication < c.notification:
        return None
    return c.publication <= plus_two_months(c.notification)


def single_bid(c):
    return None if c.offres is None else c.offres == 1


def everyone(_):
    return True


def advertised(c):
    return c.procedure != 'sans_publicite'


INDICATORS = [                          # code, population among marchés, fact: yes / no / unknown
    ('S01', everyone, lambda c: not_empty(c.social)),
    ('S03', everyone, lambda c: holds(c.social, 'reserve')),
    ('E01', everyone, lambda c: not_empty(c.environnement)),
    ('E03', lambda c: c.nature != 'defense', lambda c: holds(c.environnement, 'clause', 'critere')),
    ('E04', everyone, lambda c: both(not_empty(c.social), not_empty(c.environnement))),
    ('K03', advertised, single_bid),
    ('K04', advertised, single_bid),
    ('K06', everyone, lambda c: None if c.procedure is None else c.procedure == 'sans_publicite'),
    ('K11', everyone, lambda c: c.avance),
    ('L08', everyone, lambda c: c.innovant),
    ('T02', everyone, on_time),
    ('X05', everyone, lambda c: c.sous_traitance),
]


def centimes(amount):
    return int((amount * 100).to_integral_value(ROUND_HALF_UP))


def euros(amount):
    return str(amount // 100) if amount % 100 == 0 else '%d.%02d' % divmod(amount, 100)


def measure(contracts, prefix, out):
    for code, population, fact in INDICATORS:
        counts, sums = {True: 0, False: 0, None: 0}, {True: 0, False: 0, None: 0}
        for contract in contracts:
            if contract.concession or not population(contract):
                continue
            answer = fact(contract)
            counts[answer] += 1
            if contract.usable() and not contract.linked:
                sums[answer] += centimes(contract.montant)
        out.writerow(prefix + [code, 'n', counts[True], counts[True] + counts[False], counts[None]])
        out.writerow(prefix + [code, 'v', euros(sums[True]), euros(sums[True] + sums[False]), euros(sums[None])])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--par-acheteur', action='store_true', help="one set of rows per buyer")
    parser.add_argument('--records', action='store_true', help="number of records per file, nothing else")
    parser.add_argument('files', nargs='+', metavar='FILE')
    options = parser.parse_args()
    out = csv.writer(sys.stdout, lineterminator='\n')
    contracts = []
    if options.records:
        out.writerow(['fichier', 'enregistrements', 'objets', 'autres', 'illisibles'])
    for path in options.files:
        found = read_file(path)
        objects = [(r, container) for r, container in found if isinstance(r, dict)]
        if options.records:
            bad = sum(1 for r, _ in found if r == 'BAD')
            out.writerow([path, len(found), len(objects), len(found) - len(objects) - bad, bad])
        else:
            contracts += [Contrat(record, container) for record, container in objects]
    if options.records:
        return
    contracts = merge(contracts)
    link(contracts)
    head = ['code', 'unite', 'numerateur', 'denominateur', 'inconnu']
    if not options.par_acheteur:
        out.writerow(head)
        measure(contracts, [], out)
        return
    out.writerow(['acheteur'] + head)
    buyers = defaultdict(list)
    for contract in contracts:
        buyers[contract.acheteur or ''].append(contract)
    for buyer in sorted(buyers):
        measure(buyers[buyer], [buyer], out)


if __name__ == '__main__':
    main()
