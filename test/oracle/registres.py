"""Registers of holders and places, and rules of law, read from their CSV files.

An independent reading for titulaires.py: standard library only. A register may
be given in several files: where a later one says something, it is so, the rest
stays.
"""
import csv
import re
from collections import defaultdict
from datetime import date
from functools import lru_cache
from math import asin, cos, radians, sin, sqrt

SIAE = {'EI', 'ACI', 'AI', 'ETTI', 'EITI'}
ADAPTEES = {'EA', 'EATT'}
RADIUS = 6371.0
# the 45 divisions of CPV 2008, and what they buy: 45 works, up to 44 and 48 supplies, the others services
DIVISIONS = set('03 09 14 15 16 18 19 22 24 30 31 32 33 34 35 37 38 39 41 42 43 44 45 48 50 51 55 60 63 64 65 66'
                ' 70 71 72 73 75 76 77 79 80 85 90 92 98'.split())
ARRONDISSEMENTS = [('75101', '75120', '75056'), ('69381', '69389', '69123'), ('13201', '13216', '13055')]


def rows(path):
    """Rows of a CSV file by the names of its columns; comma or semicolon, a byte order mark or none."""
    with open(path, encoding='utf-8-sig', newline='') as file:
        head = file.readline()
        file.seek(0)
        yield from csv.DictReader(file, delimiter=';' if head.count(';') > head.count(',') else ',')


def first(row, *names):
    """What the first of these columns that is there says, None when it says nothing."""
    for name in names:
        if name in row:
            return (row[name] or '').strip() or None
    return None


def flag(text):
    return {'O': True, 'N': False, 'True': True, 'False': False}.get(text)


def when(text):
    return date.fromisoformat(text) if text else None


def digits(text, length):
    """An identifier of so many digits, zeros at its head lost by a spreadsheet put back."""
    text = re.sub(r'\.0$', '', text or '').replace(' ', '')
    return text.zfill(length) if text.isdigit() and len(text) <= length else None


def complete(known, found):
    known.update({key: value for key, value in found.items() if value is not None})


class Registres:
    def __init__(self):
        self.unites = defaultdict(dict)
        self.etablissements = defaultdict(dict)
        self.communes = defaultdict(dict)
        self.successeurs = defaultdict(set)
        self.regions, self.departements = set(), {}
        self.agrements = defaultdict(list)          # list -> (siren, siret, first day, last day)
        self.listes = {}                            # list -> days between which it is complete
        self.regles = defaultdict(list)             # agec, agec_generation, seuil_europeen, seuil_procedure

    def lire(self, name, path):
        for row in rows(path):
            if name in ('agec', 'agec_generation', 'seuil_europeen', 'seuil_procedure'):
                self.regles[name].append(row)
            else:
                getattr(self, 'lire_' + name)(row)

    def lire_unites(self, row):
        complete(self.unites[digits(row['siren'], 9)], {
            'categorie': (first(row, 'categorieEntreprise') or '').lower() or None,
            'tranche': first(row, 'trancheEffectifsUniteLegale'),
            'ess': flag(first(row, 'economieSocialeSolidaireUniteLegale')),
            'mission': flag(first(row, 'societeMissionUniteLegale')),
            'juridique': first(row, 'categorieJuridiqueUniteLegale')})

    def lire_etablissements(self, row):
        point = first(row, 'latitude'), first(row, 'longitude')
        complete(self.etablissements[digits(row['siret'], 14)], {
            'commune': first(row, 'codeCommuneEtablissement'),
            'point': tuple(map(float, point)) if all(point) else None})

    def lire_communes(self, row):
        complete(self.communes[first(row, 'commune_code', 'COM')], {
            'departement': first(row, 'departement_code', 'DEP'),
            'region': first(row, 'region_code', 'REG'),
            'epci': first(row, 'EPCI')})

    def lire_anciennes(self, row):
        self.successeurs[row['code_insee']].add(row['code_insee_2026'])

    def lire_regions(self, row):
        self.regions.add(row['REG'])

    def lire_departements(self, row):
        self.departements[row['DEP']] = row['REG']

    def lire_outremer(self, row):
        self.departements[row['COMER']] = None

    def lire_inclusion(self, row):
        """The list of the Marché de l'inclusion: kinds of structures, of which some are in no register."""
        name = 'siae' if row['kind'] in SIAE else 'ea' if row['kind'] in ADAPTEES else None
        if name:
            self.agreer(name, None, digits(row['siret'], 14), None, None)

    def lire_esat(self, row):
        if first(row, 'ET-SIRET'):
            self.agreer('esat', None, digits(row['ET-SIRET'], 14), None, None)

    def lire_esus(self, row):
        self.agreer('esus', digits(row['siren'], 9), None, when(first(row, 'depuis')), when(first(row, 'jusque')))

    def lire_listes(self, row):
        self.listes[row['liste']] = when(row['depuis']), when(row['jusque'])

    def agreer(self, name, siren, siret, since, until):
        self.listes.setdefault(name, None)
        self.agrements[name].append((siren, siret, since, until))

    def index(self):
        """To be called once everything is read: approvals by who holds them."""
        self.tenus = defaultdict(list)
        for name, approvals in self.agrements.items():
            for siren, siret, since, until in approvals:
                self.tenus[name, siren or siret].append((since, until))
        for row in self.regles['agec']:
            row['depuis'], row['jusque'] = when(row['depuis']) or date.min, when(row['jusque']) or date.max
        for row in self.regles['agec_generation']:
            row['depuis'], row['jusque'] = when(row['depuis']) or date.min, when(row['jusque']) or date.max

    # ------------------------------------------------------------ what they say

    def agree(self, name, key, day):
        """Approved on that day: True; False only if the list is declared complete for it; else None."""
        for since, until in self.tenus.get((name, key), ()):
            if since is None and until is None:
                return True
            if day and (since is None or since <= day) and (until is None or day <= until):
                return True
        declared = self.listes.get(name)
        if declared and day and declared[0] and declared[0] <= day and (declared[1] is None or day <= declared[1]):
            return False
        return None

    def lieu(self, siret):
        """Codes of an establishment's commune of today and of what holds it; None for what is not known."""
        code = self.etablissements.get(siret, {}).get('commune')
        successors = self.successeurs.get(code, set())
        if code and code not in successors:
            code = next(iter(successors)) if len(successors) == 1 else code
        for low, high, whole in ARRONDISSEMENTS:
            if code and len(code) == 5 and low <= code <= high:
                code = whole
        found = self.communes.get(code)
        return dict(found, commune=code) if found else {}

    @lru_cache(maxsize=None)
    def distance(self, one, other):
        """Great circle between two establishments in km (haversine), None without both points."""
        a, b = (self.etablissements.get(siret, {}).get('point') for siret in (one, other))
        if not a or not b:
            return None
        (lat1, lon1), (lat2, lon2) = ([radians(x) for x in p] for p in (a, b))
        h = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
        return 2 * RADIUS * asin(min(1.0, sqrt(h)))

    @lru_cache(maxsize=None)
    def agec(self, cpv, day):
        """Category of the law AGEC, 'aucune', or None: unknown code, or a line that nobody read."""
        if not cpv or cpv[:2] not in DIVISIONS or not day:
            return None
        lines = [r for r in self.regles['agec'] if cpv.startswith(r['cpv']) and r['depuis'] <= day <= r['jusque']]
        if lines:
            return max(lines, key=lambda r: len(r['cpv']))['categorie'] or None
        partial = any(r['depuis'] <= day <= r['jusque'] and r['complete'] == 'f' for r in self.regles['agec_generation'])
        return None if partial else 'aucune'

    def etat(self, siren):
        """Are a buyer's thresholds those of the State? By its legal category, else by its SIREN, which is a hint only."""
        juridique = self.unites.get(siren, {}).get('juridique')
        if juridique:
            return juridique.startswith('71')
        return siren.startswith('1') and not siren.startswith('19')

    def seuil(self, name, kind, day, state=None):
        for row in self.regles[name]:
            if (row['type_achat'] == kind and (state is None or (row['categorie_acheteur'] == 'etat') == state)
                    and (when(row['depuis']) or date.min) <= day <= (when(row['jusque']) or date.max)):
                return int(row['montant'])
        return None


def achat(cpv):
    """What a CPV code buys, None when its division is none."""
    if not cpv or cpv[:2] not in DIVISIONS:
        return None
    return 'travaux' if cpv[:2] == '45' else 'fournitures' if cpv[:2] <= '44' or cpv[:2] == '48' else 'services'
