"""Registers that nobody published, for titulaires.py: what the real ones leave
unsaid of the holders and buyers of a set of contracts, made of the digits of
their identifiers so that it is the same each time.
"""
import csv
import os
import re

BANDS = ['00', '01', '02', '03', '11', '12', 'NN', '']
# communes of two départements, of Paris as SIRENE writes them, of Corsica and overseas
SHOWN = ['44109', '44020', '44190', '44184', '35238', '35047', '75101', '75112', '75120', '69381', '13205', '2A004',
         '97411', '01091', '92050']


def number(identifier, divisor, shift=0):
    return (int(identifier) // 7 + shift) % divisor


def table(directory, name, head, lines):
    with open(os.path.join(directory, name + '.csv'), 'w', encoding='utf-8', newline='') as file:
        out = csv.writer(file, lineterminator='\n')
        out.writerow(head)
        out.writerows(lines)


def unit(siren):
    n = int(siren) // 10
    return [siren, BANDS[n % 8], 'O' if n % 3 == 0 else 'N' if n % 3 == 1 else '',
            'O' if n % 5 == 0 else 'N' if n % 5 < 4 else '', '7113' if n % 11 == 0 else '5710' if n % 11 < 8 else '']


def establishment(siret, known):
    n = int(siret) // 10
    point = ['%.6f' % (42 + n % 7 + (n // 7 % 1000) / 1000), '%.6f' % (-1 + n % 6 + (n // 11 % 1000) / 1000)]
    return [siret, '' if known else SHOWN[n // 3 % len(SHOWN)]] + (point if n % 5 else ['', ''])


def write(directory, registers, contracts):
    sirets, sirens = set(), set()
    for c in contracts:
        if re.fullmatch(r'\d{14}', c.acheteur or ''):
            sirets.add(c.acheteur)
            sirens.add(c.acheteur[:9])
        for who in c.parts + [who for who, _ in c.actes]:
            sirets |= {who.siret} - {None}
            sirens |= {who.siren} - {None}
    table(directory, 'unites', ['siren', 'trancheEffectifsUniteLegale', 'economieSocialeSolidaireUniteLegale',
                                'societeMissionUniteLegale', 'categorieJuridiqueUniteLegale'],
          [unit(siren) for siren in sorted(sirens) if int(siren) // 10 % 13])
    table(directory, 'etablissements', ['siret', 'codeCommuneEtablissement', 'latitude', 'longitude'],
          [establishment(siret, siret in registers.etablissements) for siret in sorted(sirets) if int(siret) // 10 % 13])
    # Two of three of the communes where they are belong to an intercommunalité; which one, their code says
    found = {registers.lieu(siret).get('commune') for siret in sirets} | set(SHOWN)
    table(directory, 'communes', ['COM', 'LIBELLE', 'EPCI'],
          [[code, 'commune ' + code, '2000%05d' % (int(re.sub('[AB]', '0', code[:2])) * 3 + n % 3)]
           for n, code in enumerate(sorted(found & set(registers.communes))) if n % 3])
    # Approvals that end, one of them begun again
    lines = []
    for siren in sorted(sirens):
        n = int(siren) // 10
        if n % 7 == 0:
            lines.append([siren, '2018-0%d-01' % (1 + n % 9), '2019-0%d-28' % (1 + n % 9) if n % 2 else ''])
            if n % 4 == 1:
                lines.append([siren, '2024-05-%02d' % (1 + n % 28), '2026-05-01'])
    table(directory, 'esus', ['siren', 'depuis', 'jusque'], lines)
    table(directory, 'listes', ['liste', 'depuis', 'jusque'],
          [['esus', '2018-06-01', '2024-12-31'], ['siae', '2017-01-01', ''], ['ea', '2018-03-01', '2024-06-30'],
           ['esat', '2018-03-01', '']])
