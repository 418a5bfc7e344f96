#!/usr/bin/env python3
"""Write contracts of DECP JSON files as another platform would publish them.

    seconde_source.py FILE... > seconde.json

The same contracts, told apart from the first publication by all that differs
between platforms: source, spelling of the id and of the objet, blanks in
SIRETs, later publication, time zones, a notification one day off, amounts as
text. To be loaded after or before FILE...: not one contract and not one euro
more must come of it.

Written are the records that have a buyer, holders, an objet and an amount, and
that no other record resembles in buyer, holders, folded objet and euros. The
root is that of the files, all of format 1 or all of format 2. How a record is
altered follows from its own text, and the spelling of ids from the buyer (who
numbers the versions of a contract), so that the output is the same whatever
the order of the files.
"""
import hashlib
import json
import re
import sys
import unicodedata
from collections import Counter
from datetime import timedelta
from decimal import Decimal

from compter import Contrat, day, fold
from lire import read_file

SOURCE = 'seconde-plateforme'


def resemblance(contract):
    return (contract.concession, contract.acheteur, contract.titulaires, contract.objet, int(contract.montant))


def usable(contract):
    return (contract.acheteur and contract.id and contract.titulaires and contract.objet
            and contract.montant is not None and contract.montant.adjusted() < 20)


def other_id(text, choice):
    """The id as another platform spells it, never the same."""
    text = str(text)
    if re.search(r'[/ .]', text):
        return re.sub(r'[/ .]', '-', text)
    return ('MP-' if choice % 2 else '2S_') + text


def plain_capitals(text):
    plain = unicodedata.normalize('NFD', text)
    plain = ''.join(c for c in plain if not unicodedata.combining(c)).upper()
    return plain if fold(plain) == fold(text) else text


def choice_of(text):
    return int(hashlib.sha256(text.encode('utf-8', 'replace')).hexdigest()[:8], 16)


def number(value):
    """A Decimal for json.dump: a number if that says the same."""
    return float(value) if Decimal(repr(float(value))) == value else str(value)


def spaced(identifier):
    """A SIRET with blanks where people write them; other identifiers as they are."""
    text = str(identifier)
    if re.fullmatch(r'\d{14}', text):
        return ' '.join((text[:3], text[3:6], text[6:9], text[9:]))
    return identifier


def with_zone(value, days, choice):
    found = day(value)
    if found is None:
        return value
    return (found + timedelta(days=days)).isoformat() + ('+01:00', '+02:00', 'Z', '-04:00')[choice % 4]


def later(value, days):
    found = day(value)
    return value if found is None else (found + timedelta(days=days)).isoformat()


def respell_holders(node):
    """Identifiers of a list of holders, however it is wrapped."""
    if isinstance(node, list):
        return [respell_holders(item) for item in node]
    if isinstance(node, dict):
        return {key: spaced(value) if key == 'id' else respell_holders(value) for key, value in node.items()}
    return node


def respelled(record, contract):
    choice = choice_of(contract.text)
    buyer, amount, notified, holders = (
        ('autoriteConcedante', 'valeurGlobale', 'dateSignature', 'concessionnaires') if contract.concession
        else ('acheteur', 'montant', 'dateNotification', 'titulaires'))
    other = dict(record, source=SOURCE, id=other_id(record['id'], choice_of(contract.acheteur)))
    other.pop('uid', None)
    other['objet'] = plain_capitals(record['objet'])
    if isinstance(record.get(buyer), dict):
        other[buyer] = dict(record[buyer], id=spaced(record[buyer]['id']))
    other[holders] = respell_holders(record[holders])
    other[amount] = format(contract.montant, 'f')
    # one in three is notified one day off
    other[notified] = with_zone(record.get(notified), (0, -1, 1, 0, 0, 0)[choice % 6], choice // 6)
    other['datePublicationDonnees'] = later(record.get('datePublicationDonnees'), 1 + choice % 9)
    return {key: value for key, value in other.items() if value is not None}


def select(paths):
    """(record, container, contract) of those that nothing else resembles."""
    found = []
    for path in paths:
        for record, container in read_file(path):
            if isinstance(record, dict):
                contract = Contrat(record, container)
                if usable(contract):
                    found.append((record, container, contract))
    count = Counter(resemblance(contract) for _, _, contract in found)
    alone = [item for item in found if count[resemblance(item[2])] == 1]
    return sorted(alone, key=lambda item: item[2].text)


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    selected = select(sys.argv[1:])
    roots = {container in ('marche', 'contrat-concession') for _, container, _ in selected}
    if len(roots) > 1:
        sys.exit('seconde_source.py: files of format 1 and of format 2: give those of one format at a time')
    if roots == {True}:
        marches = {'marche': [], 'contrat-concession': []}
        for record, container, contract in selected:
            marches[container].append(respelled(record, contract))
    else:
        marches = [respelled(record, contract) for record, _, contract in selected]
    json.dump({'marches': marches}, sys.stdout, ensure_ascii=False, default=number)
    print()


if __name__ == '__main__':
    main()
