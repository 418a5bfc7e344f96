#!/usr/bin/env python3
"""Rewrite a DECP XML document as DECP JSON, without the extension.

    xml_en_json.py FILE

An independent reading of the schemas, for comparison: the standard library's
parser, every list known by name. The records stand in one list in the order of
the document, under the root {"marches": [...]}, which says nothing of the
version; "_type" says what each is. Prints JSON.
"""
import json
import sys
import xml.etree.ElementTree as ET

# Lists of objects: in JSON an array of {"titulaire": {...}}
OBJECTS = {
    'titulaires': ['titulaire'], 'concessionnaires': ['concessionnaire'],
    'modifications': ['modification'], 'actesSousTraitance': ['acteSousTraitance'],
    'modificationsActesSousTraitance': ['modificationActesSousTraitance', 'modificationActeSousTraitance'],
    'donneesExecution': ['donneesAnnuelles'], 'tarifs': ['tarif'],
}
# Lists of labels: in JSON {"technique": ["...", "..."]}
LABELS = {
    'techniques': 'technique', 'modalitesExecution': 'modaliteExecution', 'typesPrix': 'typePrix',
    'considerationsSociales': 'considerationSociale',
    'considerationsEnvironnementales': 'considerationEnvironnementale',
}
TYPES = {'marche': 'Marché', 'contrat-concession': 'Concession'}


def convert(element):
    if element.tag in OBJECTS:
        if all(child.tag in OBJECTS[element.tag] for child in element):
            return [{child.tag: convert(child)} for child in element]
        # what should be around the fields of the only one is missing
        assert all(child.tag not in OBJECTS[element.tag] for child in element), element.tag
        return [{child.tag: convert(child) for child in element}]
    if element.tag in LABELS:
        assert all(child.tag == LABELS[element.tag] for child in element), element.tag
        return {LABELS[element.tag]: [child.text for child in element]}
    if len(element) == 0:
        return element.text or ''
    return {child.tag: convert(child) for child in element}


def main():
    with open(sys.argv[1], 'rb') as file:
        root = ET.fromstring(file.read().lstrip())
    records = [element for element in root.iter() if element.tag in TYPES]
    json.dump({'marches': [{'_type': TYPES[record.tag], **convert(record)} for record in records]},
              sys.stdout, ensure_ascii=False, indent=1)


main()
