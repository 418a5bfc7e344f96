/*
 * canevas.h
 *	  The SQL type canevas: its text, as it was given and found valid; and the
 *	  compiled canevas that a query keeps.
 */
#ifndef SPASER_CANEVAS_SQL_H
#define SPASER_CANEVAS_SQL_H

#include "postgres.h"

#include "access/tupdesc.h"
#include "fmgr.h"

#include "core/canevas.h"

typedef struct CanevasCache CanevasCache;

/*
 * The cache of a call site, kept in its fn_extra. What canevas_lookup returns
 * lasts until the next canevas_cache() of the same call site.
 */
extern CanevasCache *canevas_cache(FmgrInfo *flinfo);
extern const Canevas *canevas_lookup(CanevasCache *cache, Datum canevas);

/* Descriptor of the call's composite result, of so many columns, blessed */
extern TupleDesc canevas_cache_tupdesc(CanevasCache *cache, FunctionCallInfo fcinfo, int ncolonnes);

#endif							/* SPASER_CANEVAS_SQL_H */
