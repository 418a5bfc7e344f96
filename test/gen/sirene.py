#!/usr/bin/env python3
"""sirene.py: files of the size and the columns of SIRENE's stocks, made up, for
measuring how registers are loaded. Standard library only.

    sirene.py unites LIGNES [GRAINE] >StockUniteLegale.csv
    sirene.py etablissements LIGNES [GRAINE] >StockEtablissement.csv

Line i holds the same SIREN in both files, whatever the seed: siren(i), which has
a right key. About one name in eight is quoted, as INSEE does with commas.
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


def luhn(chiffres):
    """What must be added for the sum after Luhn to be a multiple of 10, the
    missing digit being the last."""
    somme = 0
    for place, c in enumerate(reversed(chiffres)):
        d = int(c) * (2 if place % 2 == 0 else 1)
        somme += d - 9 if d > 9 else d
    return str(-somme % 10)


def siren(i):
    """The SIREN of line i: 8 digits spread over all that begin with 2 to 9."""
    racine = str(20000000 + i * 7919 % 80000000)
    return racine + luhn(racine)


def unites(lignes, alea):
    """Legal units, one a line."""
    print(UNITES)
    for i in range(lignes):
        denomination = f"SOCIETE {i}"
        if i % 8 == 0:
            denomination = f'"SOCIETE {i}, DITE ""LA {i % 97}"""'
        print(f"{siren(i)},O,,{1970 + i % 55}-0{1 + i % 9}-15,,,,,,,,,,"
              f"{alea.choice(('', 'NN', 'NN', '00', '01', '03', '11', '22', '53'))},2022,2024-05-02T08:11:00,3,"
              f"{alea.choice(('', '', 'PME', 'PME', 'PME', 'ETI', 'GE'))},2022,2020-01-01,A,,,{denomination},,,,"
              f"{alea.choice(('5710', '5499', '9220', '7210', '1000'))},43.21A,NAFRev2,00018,"
              f"{alea.choice('NNNO')},{alea.choice(('', 'N', 'N', 'O'))},O")


def etablissements(lignes, alea):
    """Head offices, one a line."""
    print(ETABLISSEMENTS)
    for i in range(lignes):
        s = siren(i) + "0001"
        s += luhn(s)
        voie = f"DES TILLEULS {i % 211}"
        if i % 8 == 0:
            voie = f'"DES TILLEULS {i % 211}, BATIMENT ""B"""'
        ferme = i % 5 == 0
        print(f"{s[:9]},{s[9:]},{s},O,{1970 + i % 55}-0{1 + i % 9}-15,NN,,,2024-05-02T08:11:00,true,2,"
              f"{i % 300},RUE,{voie},44000,NANTES,44109,"
              f"{alea.uniform(150000, 1200000):.2f},{alea.uniform(6100000, 7100000):.2f},"
              f"{'2021-06-30' if ferme else '2008-01-01'},{'F' if ferme else 'A'}")


def main():
    """Command line."""
    if len(sys.argv) not in (3, 4) or sys.argv[1] not in ("unites", "etablissements"):
        sys.exit(__doc__)
    alea = random.Random(int(sys.argv[3]) if len(sys.argv) == 4 else 1)
    {"unites": unites, "etablissements": etablissements}[sys.argv[1]](int(sys.argv[2]), alea)


if __name__ == "__main__":
    main()
