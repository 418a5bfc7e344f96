#!/usr/bin/env python3
"""Write docs/catalogue.md, the catalogue of indicators, from sql/canevas/*.json.

    catalogue.py            writes it
    catalogue.py --check    writes nothing; prints what is wrong, one finding a line

What is wrong: an indicator without canevas, a canevas that is no indicator's, that
is not called by its code or lacks a key, a source or target without its certainty,
two rows of one code, a page that is not what would be written now. Any of them is
exit status 1. Python's standard library.
"""
import json
import re
import sys
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CANEVAS = ROOT / 'sql' / 'canevas'
PAGE = ROOT / 'docs' / 'catalogue.md'

# How many indicators each letter has, in the order of the page
LETTERS = {'S': 9, 'E': 7, 'C': 3, 'L': 9, 'O': 3, 'K': 20, 'X': 12, 'T': 13, 'D': 9, 'P': 4}
CODES = [f'{letter}{n:02}' for letter, last in LETTERS.items() for n in range(1, last + 1)]

REQUIRED = ['code', 'libelle', 'dimension', 'definition', 'unites', 'sources', 'ideal', 'calculable',
            'ecart', 'champs', 'personas', 'faisabilite', 'registres', 'v1', 'certitude']
SOURCE = ['texte', 'certitude']
TARGET = ['sens', 'valeur', 'contraignante', 'source', 'certitude']
CERTAINTIES = ['vérifié', 'source secondaire', 'non vérifié']

UNITS = {'nombre': 'en nombre', 'montant': 'en montant', 'lignes': 'en lignes de titulaires'}
KINDS = {'part': 'part', 'distribution': 'distribution', 'concentration': 'concentration',
         'rapport': 'rapport de sommes', 'qualite': 'qualité des données', 'saisie': 'chiffre déclaré',
         'synthese': 'synthèse d\'autres indicateurs', 'calcul': 'calcul sur les contrats'}
PERSONAS = {'acheteurs': 'acheteurs', 'commande_publique': 'services de la commande publique',
            'dsi': 'DSI', 'donnees': 'services de la donnée', 'finances': 'finances',
            'developpement_economique': 'développement économique',
            'operateurs_economiques': 'opérateurs économiques', 'filieres': 'représentants de filières',
            'elus': 'élus', 'citoyens': 'citoyens'}
MONTHS = ['janvier', 'février', 'mars', 'avril', 'mai', 'juin', 'juillet', 'août', 'septembre',
          'octobre', 'novembre', 'décembre']

HEAD = """# Catalogue des indicateurs

Page écrite par `make catalogue` d'après `sql/canevas/` : ne pas la modifier.

{count} indicateurs et {variants} variantes. Chacun dit qui il compte, dans quelle unité, avec
quels champs, et ce qui sépare l'indicateur idéal de celui que les données permettent de calculer.
Un contrat est un oui, un non ou un inconnu : voir [l'architecture](architecture.md). Une variante
ne redit pas ce qu'elle partage avec son indicateur.

- **Faisabilité** : A, les seules données essentielles suffisent ; B, il faut un registre ouvert ;
  C, ce n'est qu'une approximation ; D, il faut des chiffres que quelqu'un déclare.
- **Format 2019** : les champs y sont ; sinon un contrat de ce format est inconnu.
- **Certitude** d'un texte ou d'une cible : vérifié dans le texte ou à sa source, connu par une source
  secondaire, ou non vérifié. Un chiffre non vérifié est à contrôler avant de s'en servir.
- **Registres** : tables à remplir ([référentiels](referentiels.md),
  [règles et saisies](referentiels_regles.md))."""


class Findings(list):
    """What is wrong, as lines to print."""

    def about(self, path, message):
        self.append(f'{path.relative_to(ROOT)}: {message}')


def lacks(entry, keys, may_be_empty=()):
    """The keys that it has not, or that say nothing."""
    return [key for key in keys if key not in entry or key not in may_be_empty and
            (entry[key] in (None, []) or isinstance(entry[key], str) and not entry[key].strip())]


def wrong_entry(name, entry, keys):
    """What is wrong with a source or a target."""
    if not isinstance(entry, dict):
        yield f'{name} is no JSON object'
        return
    lacking = lacks(entry, keys)
    yield from (f'{name} has no "{key}"' for key in lacking)
    if 'certitude' not in lacking and entry['certitude'] not in CERTAINTIES:
        yield f'{name} has an unknown certitude "{entry["certitude"]}"'
    for key in ('date', 'depuis', 'jusque'):
        try:
            date.fromisoformat(entry.get(key, '2000-01-01'))
        except (TypeError, ValueError):
            yield f'{name}: "{key}" is no date: "{entry[key]}"'


def wrong(document):
    """What is wrong with a document by itself."""
    genre = document.get('genre', 'part')
    # What somebody declares has a unit of its own, and like a synthesis may read no field
    required = [key for key in REQUIRED if (genre, key) != ('saisie', 'unites')] + ['saisie'] * (genre == 'saisie')
    no_field = ['champs'] if genre in ('saisie', 'synthese') else []
    lacking = lacks(document, required, ['registres', *no_field])
    yield from (f'has no "{key}"' for key in lacking)
    for key, values, known in (('genre', [genre], KINDS), ('unites', document.get('unites') or [], UNITS),
                               ('persona', document.get('personas') or [], PERSONAS),
                               ('certitude', [document.get('certitude')], CERTAINTIES)):
        yield from (f'unknown {key} "{value}"' for value in values if value not in known and key not in lacking)
    if 'faisabilite' not in lacking and not re.fullmatch('[ABCD]([/–][ABCD])?', str(document['faisabilite'])):
        yield f'unknown faisabilite "{document["faisabilite"]}"'
    for key, keys in (('sources', SOURCE), ('cibles', TARGET)):
        for n, entry in enumerate(document.get(key) or [], 1):
            yield from wrong_entry(f'{key}, {n}', entry, keys)


def read(findings):
    """The documents by code, of the files that are documents."""
    documents = {}
    for path in sorted(CANEVAS.glob('*.json'), key=lambda path: path.stem):
        try:
            document = json.loads(path.read_text('utf-8'), parse_float=Decimal)
        except ValueError as error:
            findings.about(path, error)
            continue
        if not isinstance(document, dict):
            findings.about(path, 'is no JSON object')
            continue
        if document.get('code') != path.stem:
            findings.about(path, f'its code is "{document.get("code")}", the file is called "{path.stem}"')
        if base(path.stem) not in CODES:
            findings.about(path, f'{base(path.stem)} is no indicator of the catalogue')
        for message in wrong(document):
            findings.about(path, message)
        documents[path.stem] = document
    return documents


def base(code):
    return code.split('.')[0]


def rows(document):
    """(code, label) of what the document measures: its classes, or its measures where it has several."""
    parts = document.get('classes') or document.get('mesures') or []
    if not document.get('classes') and len(parts) < 2:
        return [(document['code'], None)]
    return [(f'{document["code"]}.{part["code"]}', part['libelle']) for part in parts]


def check(findings, documents):
    for code in CODES:
        if code not in documents:
            findings.about(CANEVAS / f'{code}.json', f'indicator {code} has no canevas')
    if findings:
        return
    measured = Counter(code for document in documents.values() for code, _ in rows(document))
    for code, n in measured.items():
        if n > 1:
            findings.about(CANEVAS, f'{n} rows are called {code}')


# ---- Wording

def text(value):
    return re.sub(r'([*<|`])', r'\\\1', value)


def day(iso):
    d = date.fromisoformat(iso)
    return f'{"1er" if d.day == 1 else d.day} {MONTHS[d.month - 1]} {d.year}'


def quantity(value):
    """A fraction is a rate; anything above is what it is."""
    rate = value <= 1
    whole, _, decimals = f'{Decimal(value) * (100 if rate else 1):f}'.partition('.')
    decimals = decimals.rstrip('0')
    whole = re.sub(r'(?<=\d)(?=(\d{3})+$)', '\u00a0', whole)
    return whole + (f',{decimals}' if decimals else '') + ('\u00a0%' if rate else '')


def units(document):
    if document.get('genre') == 'saisie':
        unit = document['saisie']['unite']
        return UNITS.get(unit, f'en {unit}')
    return ', '.join(UNITS[unit] for unit in document['unites'])


def kind(document):
    name = KINDS[document.get('genre', 'part')]
    if document.get('niveau') == 'attribution':
        name += ', titulaire par titulaire'
    if document.get('plancher'):
        name += ' ; un minimum tant que rien n\'est un non certain'
    return name


def target(cible):
    unit = ' ' + UNITS.get(cible['unite'], f'en {cible["unite"]}') if 'unite' in cible else ''
    since, until = (day(cible[key]) if key in cible else None for key in ('depuis', 'jusque'))
    when = f', du {since} au {until}' if since and until else \
        f', depuis le {since}' if since else f', jusqu\'au {until}' if until else ''
    return (f'{"au moins" if cible["sens"] == ">=" else "au plus"} {quantity(cible["valeur"])}{unit}{when}, '
            f'{"" if cible["contraignante"] else "non "}contraignante : {text(cible["source"])} ({cible["certitude"]})')


def source(entry):
    when = f'{day(entry["date"])} ; ' if 'date' in entry else ''
    return f'{text(entry["texte"])} ({when}{entry["certitude"]})'


def codes(values, none):
    return ', '.join(f'`{value}`' for value in values) or none


def facts(document):
    """(title, value) of a document, a list where there may be several."""
    yield 'Mesure', f'{kind(document)}, {units(document)}'
    measured = rows(document)
    if measured[0][1] is not None:
        yield 'Lignes', [f'`{code}` : {text(label)}' for code, label in measured]
    if 'saisie' in document:
        asked = document['saisie']
        yield 'À déclarer', [text(asked[key]) for key in ('numerateur', 'denominateur') if key in asked]
    yield 'Idéal', text(document['ideal'])
    yield 'Calculable', text(document['calculable'])
    yield 'Écart', text(document['ecart'])
    said = f' (format 2019 : {"oui" if document["v1"] else "non"})'
    yield 'Champs', codes(document['champs'], '') + said if document['champs'] else 'aucun'
    yield 'Registres', codes(document['registres'], 'aucun')
    yield 'Cibles', [target(cible) for cible in document.get('cibles', [])] or 'aucune'
    yield 'Sources', [source(entry) for entry in document['sources']]
    yield 'Pour', ', '.join(PERSONAS[persona] for persona in document['personas'])
    yield 'Faisabilité', f'{document["faisabilite"]} ; certitude : {document["certitude"]}'


def listed(pairs):
    for title, value in pairs:
        if isinstance(value, list):
            yield f'- **{title}** :'
            yield from (f'  - {entry}' for entry in value)
        else:
            yield f'- **{title}** : {value}'


def entitled(level, document, pairs):
    yield from (f'{level} {document["code"]} : {text(document["libelle"])}', '', text(document['definition']), '')
    yield from listed(pairs)
    yield ''


def section(document, variants):
    """A variant says only what its indicator does not say in the same words."""
    said = dict(facts(document))
    yield from (f'<a id="{document["code"]}"></a>', '')
    yield from entitled('###', document, said.items())
    for variant in variants:
        yield from entitled('####', variant, ((title, value) for title, value in facts(variant) if said.get(title) != value))


def table(documents, variants):
    yield '| Code | Indicateur | Mesure | Unités | Faisabilité | Format 2019 | Certitude | Variantes |'
    yield '|---|---|---|---|---|---|---|---|'
    for d in documents:
        others = codes((v['code'].partition('.')[2] for v in variants[d['code']]), '')
        cells = [f'[{d["code"]}](#{d["code"]})', text(d['libelle']), KINDS[d.get('genre', 'part')], units(d),
                 d['faisabilite'], 'oui' if d['v1'] else 'non', d['certitude'], others]
        yield '| ' + ' | '.join(cells) + ' |'


def page(documents):
    bases = [documents[code] for code in CODES]
    variants = {code: [d for other, d in documents.items() if base(other) == code and other != code] for code in CODES}
    dimensions = list(dict.fromkeys(document['dimension'] for document in bases))
    lines = [HEAD.format(count=len(bases), variants=len(documents) - len(bases)), '', '## Sommaire', '']
    for dimension in dimensions:
        of_it = [d for d in bases if d['dimension'] == dimension]
        lines += [f'**{dimension.capitalize()}**', '', *table(of_it, variants), '']
    for dimension in dimensions:
        lines += [f'## {dimension.capitalize()}', '']
        for document in (d for d in bases if d['dimension'] == dimension):
            lines += section(document, variants[document['code']])
    return '\n'.join(line.rstrip() for line in lines).rstrip('\n') + '\n'


def main(arguments):
    if arguments not in ([], ['--check']):
        sys.exit(__doc__)
    findings = Findings()
    documents = read(findings)
    check(findings, documents)
    if not findings:
        written = page(documents)
        if not arguments:
            PAGE.write_text(written, 'utf-8')
        elif not PAGE.exists() or PAGE.read_text('utf-8') != written:
            findings.about(PAGE, 'is not what the canevas say now')
    for finding in findings:
        print(finding)
    return 1 if findings else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
