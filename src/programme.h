/*
 * programme.h
 *	  Canevas that are measured together over a bilan.
 */
#ifndef SPASER_PROGRAMME_H
#define SPASER_PROGRAMME_H

#include "core/canevas.h"
#include "poids.h"

/* Sums of a class by unit and verdict */
typedef struct Sommes
{
	Poids		poids[UNITE_COUNT][VERDICT_COUNT];
} Sommes;

/* Classes to measure, and their sums */
typedef struct Programme
{
	const Canevas *canevas;
	const CanevasClasse *classes;
	int			nclasses;
	Sommes	   *sommes;			/* one by class */
} Programme;

/* Add all cases of a bilan to the sums */
extern void programmes_compter(const Compte *bilan, const Programme *programmes, int nprogrammes);

#endif							/* SPASER_PROGRAMME_H */
