/*
 * ecrire.h
 *	  The forms in which a contract is written.
 */
#ifndef GEN_ECRIRE_H
#define GEN_ECRIRE_H

#include "contrat.h"
#include "sortie.h"

extern void json_contrat(Sortie *s, const Contrat *c, Format format);
extern void tables_contrat(Sortie *s, const Contrat *c, Format format);
extern bool hostile_ecrire(Sortie *s, const char *sorte, long n);

#endif							/* GEN_ECRIRE_H */
