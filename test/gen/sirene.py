#!/usr/bin/env python3
"""sirene.py: files of the size and the columns of SIRENE's stocks, made up, for
measuring how registers are loaded. Standard library only.

    sirene.py unites LIGNES [GRAINE [NOMMES]] >StockUniteLegale.csv
    sirene.py etablissements LIGNES [GRAINE [NOMMES]] >StockEtablissement.csv

Line i holds the same SIREN in both files, whatever the seed: siren(i), which has
a right key. About one name in eight is quoted, as INSEE does with commas.
Communes are 001 to 368 of the départements 01 to 95, but 20.

NOMMES is a file of identifiers, one a line (SIREN for unites, SIRET for
etablissements): they stand among the lines, evenly spread, LIGNES in all.
"""
import random
import sys

UNITES = (
    "siren,statutDiffusionUniteLegale,unitePurgeeUniteLegale,dateCreationUniteLegale,sigleUniteLegale,"
    "sexeUniteLegale,prenom1UniteLegale,prenom2UniteLegale,prenom3UniteLegale,prenom4UniteLegale,"
    "prenomUsuelUniteLegale,pseudonymeUniteLegale,identifiantAssociationUniteLegale,"
    "trancheEffectifsUniteLegale,anneeEffectifsUniteLegale,dateDernierTraitementUniteLegale,"
    "nombrePeriodesUniteLegale,categorieEntreprise,anneeCategorieEntreprise,dateDebut,"
    "etatAdministratifUniteLegale,nomUniteLegale,nomUsageUniteLegale,denominationUniteLegale,"
    "denominationUsuelle1UniteLegale,denominationUsuelle2UniteLegale,denominationUsuelle3UniteLegale,"
    "categorieJuridiqueUniteLegale,activitePrincipaleUniteLegale,"
    "nomenclatureActivitePrincipaleUniteLegale,nicSiegeUniteLegale,"
    "economieSocialeSolidaireUniteLegale,societeMissionUniteLegale,caractereEmployeurUniteLegale")
ETABLISSEMENTS = (
    "siren,nic,siret,statutDiffusionEtablissement,dateCreationEtablissement,"
    "trancheEffectifsEtablissement,anneeEffectifsEtablissement,"
    "activitePrincipaleRegistreMetiersEtablissement,dateDernierTraitementEtablissement,"
    "etablissementSiege,nombrePeriodesEtablissement,numeroVoieEtablissement,typeVoieEtablissement,"
    "libelleVoieEtablissement,codePostalEtablissement,libelleCommuneEtablissement,"
    "codeCommuneEtablissement,coordonneeLambertAbscisseEtablissement,"
    "coordonneeLambertOrdonneeEtablissement,dateDebut,etatAdministratifEtablissement")


DEPARTEMENTS = [f"{d:02}" for d in range(1, 96) if d != 20]
# What Luhn makes of a digit that it doubles; sums of four digits in a row, of
# which the second and the fourth are doubled, or the first and the third
DOUBLE = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)
PAIRS = [i // 1000 + DOUBLE[i // 100 % 10] + i // 10 % 10 + DOUBLE[i % 10] for i in range(10000)]
IMPAIRS = [DOUBLE[i // 1000] + i // 100 % 10 + DOUBLE[i // 10 % 10] + i % 10 for i in range(10000)]


def siren(i):
    """The SIREN of line i: 8 digits spread over all that begin with 2 to 9, and
    the one that makes their sum after Luhn a multiple of 10."""
    racine = 20000000 + i * 7919 % 80000000
    return racine * 10 + -(PAIRS[racine // 10000] + PAIRS[racine % 10000]) % 10


def siret(i):
    """The SIRET of line i: the head office, number 0001, of siren(i)."""
    racine, cle = divmod(siren(i), 10)
    somme = IMPAIRS[racine // 10000] + IMPAIRS[racine % 10000] + DOUBLE[cle] + DOUBLE[1]
    return (racine * 10 + cle) * 100000 + 10 + -somme % 10


def identifiants(lignes, fait, nommes):
    """LIGNES identifiers: nommes at regular places among those that fait makes."""
    pris = set(map(int, nommes))
    reste = iter(nommes)
    i = 0
    for rang in range(lignes):
        if rang * len(nommes) // lignes != (rang + 1) * len(nommes) // lignes:
            yield next(reste)
            continue
        identifiant = fait(i)
        i += 1
        while identifiant in pris:
            identifiant = fait(i)
            i += 1
        yield str(identifiant)


# What lines end with is drawn once for so many of them: numbers at random take most of the time
TIRAGES = 8191


def unites(lignes, alea, nommes):
    """Legal units, one a line."""
    sortie = [UNITES]
    milieu = [f"{alea.choice(('', 'NN', 'NN', '00', '01', '03', '11', '22', '53'))},2022,2024-05-02T08:11:00,3,"
              f"{alea.choice(('', '', 'PME', 'PME', 'PME', 'ETI', 'GE'))},2022,2020-01-01,A,,," for _ in range(TIRAGES)]
    fin = [f",,,,{alea.choice(('5710', '5499', '9220', '7210', '1000'))},43.21A,NAFRev2,00018,"
           f"{alea.choice('NNNO')},{alea.choice(('', 'N', 'N', 'O'))},O" for _ in range(TIRAGES)]
    for i, numero in enumerate(identifiants(lignes, siren, nommes)):
        denomination = f'"SOCIETE {i}, DITE ""LA {i % 97}"""' if i % 8 == 0 else f"SOCIETE {i}"
        sortie.append(f"{numero},O,,{1970 + i % 55}-0{1 + i % 9}-15,,,,,,,,,,{milieu[i % TIRAGES]}{denomination}{fin[i % TIRAGES]}")
        if len(sortie) == 10000:
            print("\n".join(sortie))
            sortie.clear()
    if sortie:
        print("\n".join(sortie))


def etablissements(lignes, alea, nommes):
    """Head offices, one a line; of nommes, what they are."""
    sortie = [ETABLISSEMENTS]
    lieux = [f",44000,NANTES,{alea.choice(DEPARTEMENTS)}{alea.randint(1, 368):03},"
             f"{alea.uniform(150000, 1200000):.2f},{alea.uniform(6100000, 7100000):.2f}," for _ in range(TIRAGES)]
    for i, s in enumerate(identifiants(lignes, siret, nommes)):
        voie = f'"DES TILLEULS {i % 211}, BATIMENT ""B"""' if i % 8 == 0 else f"DES TILLEULS {i % 211}"
        sortie.append(f"{s[:9]},{s[9:]},{s},O,{1970 + i % 55}-0{1 + i % 9}-15,NN,,,2024-05-02T08:11:00,true,2,"
                      f"{i % 300},RUE,{voie}{lieux[i % TIRAGES]}{'2021-06-30,F' if i % 5 == 0 else '2008-01-01,A'}")
        if len(sortie) == 10000:
            print("\n".join(sortie))
            sortie.clear()
    if sortie:
        print("\n".join(sortie))


def main():
    """Command line."""
    if len(sys.argv) not in (3, 4, 5) or sys.argv[1] not in ("unites", "etablissements"):
        sys.exit(__doc__)
    alea = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 1)
    nommes = []
    if len(sys.argv) == 5:
        with open(sys.argv[4], encoding="ascii") as fichier:
            nommes = fichier.read().split()
    if len(nommes) > int(sys.argv[2]):
        sys.exit("sirene.py: more identifiers than lines")
    {"unites": unites, "etablissements": etablissements}[sys.argv[1]](int(sys.argv[2]), alea, nommes)


if __name__ == "__main__":
    main()
