/*
 * arguments.h
 *	  Checks of what SQL hands over: sizes of arrays, columns of composites.
 */
#ifndef SPASER_ARGUMENTS_H
#define SPASER_ARGUMENTS_H

#include "postgres.h"

#include "access/tupdesc.h"
#include "utils/array.h"

/*
 * Elements that are not NULL, of an array of text or of a type stored alike;
 * they point into the array. Error 54000 if there are more than max.
 */
extern int	tableau_elements(ArrayType *tableau, int max, Datum **elements);

/* Error 42804 unless the row type has the columns that the library fills */
extern void colonnes_verifier(TupleDesc desc, int ncolonnes, const char *type);

#endif							/* SPASER_ARGUMENTS_H */
