/*
 * defauts.h
 *	  The defects that are not in defauts.c itself.
 */
#ifndef GEN_DEFAUTS_H
#define GEN_DEFAUTS_H

#include "contrat.h"

typedef void (*DefautFonction) (const Generateur *g, Alea *a, Contrat *c);

extern void nombres_texte(const Generateur *g, Alea *a, Contrat *c);
extern void nombres_francais(const Generateur *g, Alea *a, Contrat *c);
extern void nombres_flottants(const Generateur *g, Alea *a, Contrat *c);
extern void montant_aberrant(const Generateur *g, Alea *a, Contrat *c);
extern void pas_un_nombre(const Generateur *g, Alea *a, Contrat *c);
extern void offres_zero(const Generateur *g, Alea *a, Contrat *c);
extern void duree_en_jours(const Generateur *g, Alea *a, Contrat *c);
extern void origines_fausses(const Generateur *g, Alea *a, Contrat *c);
extern void date_decalee(const Generateur *g, Alea *a, Contrat *c);
extern void date_mal_ecrite(const Generateur *g, Alea *a, Contrat *c);
extern void annee_absurde(const Generateur *g, Alea *a, Contrat *c);
extern void publication_avant(const Generateur *g, Alea *a, Contrat *c);
extern void publication_absente(const Generateur *g, Alea *a, Contrat *c);
extern void siret_espaces(const Generateur *g, Alea *a, Contrat *c);
extern void siret_faux(const Generateur *g, Alea *a, Contrat *c);
extern void siret_la_poste(const Generateur *g, Alea *a, Contrat *c);
extern void type_identifiant(const Generateur *g, Alea *a, Contrat *c);
extern void acheteur_faux(const Generateur *g, Alea *a, Contrat *c);
extern void id_reutilise(const Generateur *g, Alea *a, Contrat *c);
extern void id_etrange(const Generateur *g, Alea *a, Contrat *c);
extern void accord_cadre_soi(const Generateur *g, Alea *a, Contrat *c);
extern void agents(const Generateur *g, Alea *a, Contrat *c);

#endif							/* GEN_DEFAUTS_H */
