"""What a contract says beyond compter.py and distribuer.py: techniques, prices,
CPV code, origin, last amount, duration and holders, deeds of sub-contracting.

An independent reading of the published formats and definitions, for
indicateurs.py; exact arithmetic, amounts in centimes.
"""
import re
from datetime import date
from decimal import Decimal
from fractions import Fraction

import compter
import distribuer
from compter import centimes, collect, day, fold, labels, lookup, number, plausible, scalar, whole

TECHNIQUES = {
    'accord cadre': 'accord_cadre', 'concours': 'concours', 'systeme de qualification': 'qualification',
    'systeme d acquisition dynamique': 'acquisition_dynamique', 'catalogue electronique': 'catalogue',
    'enchere electronique': 'enchere', 'sans objet': 'aucune',
}
MODALITES = {
    'tranches': 'tranches', 'marche a tranches': 'tranches',
    'bons de commande': 'bons_de_commande', 'bon de commande': 'bons_de_commande',
    'marches subsequents': 'marches_subsequents', 'marche subsequent': 'marches_subsequents',
    'sans objet': 'aucune', 'mixte': 'mixte',
}
GROUPEMENTS = {'conjoint': 'conjoint', 'solidaire': 'solidaire', 'pas de groupement': 'aucun'}
# one list for typesPrix and the formePrix of format 1, which says the same
TYPES_PRIX = {
    'definitif ferme': 'ferme', 'definitif actualisable': 'actualisable', 'definitif revisable': 'revisable',
    'provisoire': 'provisoire',
}
FORMES_V1 = {'ferme': 'ferme', 'ferme et actualisable': 'actualisable', 'revisable': 'revisable'}
FORMES_PRIX = {'unitaire': 'unitaire', 'forfaitaire': 'forfaitaire', 'mixte': 'mixte'}
PROCEDURES_CONCESSION = {
    'procedure negociee ouverte': 'negociee_ouverte', 'procedure non negociee ouverte': 'non_negociee_ouverte',
    'procedure negociee restreinte': 'negociee_restreinte', 'procedure non negociee restreinte': 'non_negociee_restreinte',
}
DIVISIONS = set('03 09 14 15 16 18 19 22 24 30 31 32 33 34 35 37 38 39 41 42 43 44 45 48 50 51 55 60 63 64 65 66 70 71'
                ' 72 73 75 76 77 79 80 85 90 92 98'.split())
# 45 works, to 44 and 48 supplies, from 50 to 98 services
TYPES_ACHAT = {f'{n:02}' for n in [*range(1, 46), 48, *range(50, 99)]}
# where the format asks for the origin of what is bought
ORIGINE = ((15100000, 15982200), (18100000, 18453000), (18800000, 18843000), (33100000, 33198200), (33600000, 33698300),
           (34100000, 34144910), (34510000, 34522700), (34600000, 34622500), (34710000, 34722200))
# the number of a lot in a folded objet: lot n° 3, lots no 3, lot 3
LOT = re.compile(r'\blots? *(?:no? *)?\d+')


def chosen(record, keys, table):
    """Values of a list of labels, empty for an explicit none, None when nothing legal is said."""
    plural, singular = keys
    node = record.get(plural) if record.get(plural) is not None else record.get(singular)
    if node == [] and singular in record:
        return set()                    # 2.0.0: an empty list says none
    values = {lookup(table, text) for text in labels(node)} - {None}
    if values == {'aucune'}:
        return set()
    return values if values and 'aucune' not in values else None


def cpv(value, divisions=DIVISIONS):
    """Eight digits of one of the divisions, else None."""
    found = re.fullmatch(r'(\d{7,8})(-\d)?', (scalar(value) or '').strip())
    if not found:
        return None
    code = found.group(1)
    if len(code) == 8:
        candidates = [code]
    else:                               # a zero was lost: in front, unless only the end makes a code
        candidates = ['0' + code, code + '0']
    return next((c for c in candidates if c[:2] in divisions), None)


def foreign(node):
    """Whether a holder is foreign, by the type of its identifier; None: not known."""
    kind = fold(str(node.get('typeIdentifiant') or ''))
    identifier = (compter.identifier(node.get('id')) or '').upper()
    if kind in ('siret', 'tahiti', 'ridet', 'frwf', 'frw', 'irep') or not kind and re.fullmatch(r'\d{14}', identifier):
        return False
    if kind in ('ue', 'hors ue'):
        return True
    if kind[:3] == 'tva' and re.match(r'[A-Z]{2}', identifier):
        return identifier[:2] != 'FR'
    return None


def first(node, *keys):
    """The first of these fields that says something."""
    return next((node[k] for k in keys if node.get(k) is not None), None)


def order(notified, published, number_):
    """Place of a modification among the others: date, number, publication."""
    when = notified or published
    return (when or date.max, number_ if number_ is not None else 10**12, published or date.max)


class Contrat(distribuer.Contrat):
    def __init__(self, record, container):
        super().__init__(record, container)
        self.techniques = chosen(record, ('techniques', 'technique'), TECHNIQUES)
        self.modalites = chosen(record, ('modalitesExecution', 'modaliteExecution'), MODALITES)
        if self.modalites and 'mixte' in self.modalites:
            self.modalites = self.modalites - {'mixte'} | {'bons_de_commande', 'marches_subsequents'}
        self.groupement = lookup(GROUPEMENTS, record.get('typeGroupementOperateurs'))
        self.formule_prix = lookup(FORMES_PRIX, record.get('formePrix'))
        price = lookup(FORMES_V1, record.get('formePrix'))
        self.types_prix = chosen(record, ('typesPrix', 'typePrix'), TYPES_PRIX) or ({price} if price else None)
        self.cpv = cpv(record.get('codeCPV'))
        code = self.cpv or cpv(record.get('codeCPV'), TYPES_ACHAT)
        self.division = int(code[:2]) if code else None
        self.origines = (number(record.get('origineUE')), number(record.get('origineFrance')))
        rate = number(record.get('tauxAvance'))
        self.taux_avance = Fraction(rate) if rate is not None and 0 < rate <= 1 else None
        self.debut = day(record.get('dateDebutExecution'))
        self.signature = day(record.get('dateSignature' if self.concession else 'dateNotification'))
        self.subvention = number(record.get('montantSubventionPublique'))
        self.procedure_concession = lookup(PROCEDURES_CONCESSION, record.get('procedure'))
        self.noeuds = collect(record.get('titulaires'), 'titulaire')
        self.etrangers = self.by_holder(self.noeuds)
        self.follow()
        self.actes = self.deeds(record)

    def by_holder(self, nodes):
        """Foreign or not of each distinct holder, one that is not identified being alone."""
        answers = {}
        for number_, node in enumerate(nodes):
            who = distribuer.holder(node) or compter.identifier(node.get('id')) or scalar(node.get('denominationSociale'))
            if who or node.get('typeIdentifiant'):
                answers.setdefault(who or number_, foreign(node))
        return list(answers.values())

    def follow(self):
        """The last amount, duration and holders that modifications leave, in their order."""
        self.montant_final, self.duree_finale, self.noeuds_finals, self.liste_titulaires = self.montant, self.duree, self.noeuds, False
        def place(m):
            return order(day(first(m, 'dateNotificationModification', 'dateSignatureModification')),
                         day(m.get('datePublicationDonneesModification')), whole(m.get('id')))
        for m in sorted(self.modifications, key=place):
            amount = number(first(m, 'montant', 'valeurGlobale'))
            if amount is not None and amount > 1:
                self.montant_final = amount
            months = whole(m.get('dureeMois'))
            if months is not None:
                self.duree_finale = months
            nodes = collect(m.get('titulaires'), 'titulaire')
            if nodes:
                self.noeuds_finals, self.liste_titulaires = nodes, True

    def deeds(self, record):
        """Last amount of each deed of sub-contracting, None for one that is not known."""
        changes = collect(collect(record.get('modificationsActesSousTraitance'), 'modificationActeSousTraitance'),
                          'modificationActesSousTraitance')
        def place(m):
            notified = first(m, 'dateNotificationModificationSousTraitance', 'dateNotificationModificationActeSousTraitance',
                             'dateNotificationModificationSousTraitanceModificationActeSousTraitance')
            published = first(m, 'datePublicationDonnees', 'datePublicationDonneesModificationActeSousTraitance')
            return order(day(notified), day(published), None)
        changes.sort(key=place)
        amounts = []
        for deed in collect(record.get('actesSousTraitance'), 'acteSousTraitance'):
            amount = number(deed.get('montant'))
            for change in changes:
                later = number(first(change, 'montant', 'montantSousTraitance'))
                if whole(change.get('id')) == whole(deed.get('id')) and later is not None:
                    amount = later
            amounts.append(amount)
        return amounts

    # ---- what follows from it

    def poids(self, unit):
        """What the contract weighs: 1, or its centimes; None when it does not count in value."""
        return 1 if unit == 'nombre' else self.valeur

    def accord(self):
        """Is a framework agreement; None: not known."""
        if self.nature == 'accord_cadre':
            return True
        if self.techniques is not None:
            return 'accord_cadre' in self.techniques
        return None if self.v2 or self.nature is None else False

    def technique(self, name):
        return self.accord() if name == 'accord_cadre' else None if self.techniques is None else name in self.techniques

    def achat(self):
        """Works, supplies, services by CPV division, among ranges that have more divisions than there are."""
        if self.division is None:
            return None
        return 'travaux' if self.division == 45 else 'fournitures' if self.division < 45 or self.division == 48 else 'services'

    def origine_attendue(self):
        """Of a kind whose origin is asked for; None: not known."""
        return None if self.cpv is None else any(low <= int(self.cpv) <= high for low, high in ORIGINE)

    def origine(self, which):
        """0: EU, 1: France; None unless 0 <= France <= EU <= 1."""
        ue, france = self.origines
        if ue is None or france is None or not 0 <= france <= ue <= 1:
            return None
        return Fraction(self.origines[which])

    def modifie(self):
        return bool(self.modifications)

    def suspect(self):
        """The last amount looks like an increment typed as a total."""
        return self.montant_final is not None and self.montant is not None and 2 * self.montant_final < self.montant

    def ecart(self, literal=False):
        """Centimes from the first amount to the last, None when one of them cannot be trusted."""
        if not self.usable() or not plausible(self.montant_final, self.concession) or self.suspect() and not literal:
            return None
        return centimes(self.montant_final) - centimes(self.montant)

    def depasse(self, threshold):
        gap = self.ecart()
        return None if gap is None else gap > Fraction(threshold) * centimes(self.montant)

    def derive_duree(self):
        """(months more, months first), None when one of them is out of range."""
        for months in (self.duree, self.duree_finale):
            if months is None or not 1 <= months <= 180:
                return None
        return self.duree_finale - self.duree, self.duree

    def change_titulaires(self):
        """Other holders at the end than at the beginning; None: one of them is not identified."""
        sets = [{distribuer.holder(n) for n in nodes} for nodes in (self.noeuds, self.noeuds_finals)]
        if any(not s or None in s for s in sets):
            return None
        return sets[0] != sets[1]

    def consultation(self):
        """What the lots of one consultation have in common; None without buyer, month or objet."""
        objet = ' '.join(LOT.sub(' ', self.objet).split())
        if not (self.acheteur or '').strip('0') or not self.notification or not objet:
            return None
        return self.siren(), self.notification.year, self.notification.month, self.cpv and self.cpv[:2], objet

    def sous_traite(self):
        """Centimes of the deeds, None when one has no amount."""
        if any(amount is None for amount in self.actes):
            return None
        return sum(centimes(amount) for amount in self.actes)


def read(paths):
    """The contracts of files that are one set of data."""
    found = [Contrat(record, container) for path in paths
             for record, container in compter.read_file(path) if isinstance(record, dict)]
    contracts = compter.merge(found)
    compter.link(contracts)
    for contract in contracts:
        contract.subsequents, contract.valeur = [], contract.centimes()
    for contract in contracts:
        if contract.cadre is not None:
            contracts[contract.cadre].subsequents.append(contract)
    return contracts
