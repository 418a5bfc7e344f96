/*
 * profil.h
 *	  The SQL type profil, as C functions see it.
 */
#ifndef SPASER_PROFIL_H
#define SPASER_PROFIL_H

#include "postgres.h"

#include "core/profil.h"

#define DatumGetProfilP(d) ((Profil *) DatumGetPointer(d))
#define ProfilPGetDatum(p) PointerGetDatum(p)
#define PG_GETARG_PROFIL_P(n) DatumGetProfilP(PG_GETARG_DATUM(n))
#define PG_RETURN_PROFIL_P(p) PG_RETURN_POINTER(p)

#endif							/* SPASER_PROFIL_H */
