/*
 * canevas.h
 *	  The SQL type canevas: its text, as it was given and found valid; and the
 *	  compiled canevas that a session keeps (canevas_cache.c).
 */
#ifndef SPASER_CANEVAS_SQL_H
#define SPASER_CANEVAS_SQL_H

#include "postgres.h"

#include "access/tupdesc.h"
#include "fmgr.h"

#include "core/canevas.h"
#include "programme.h"

typedef struct CanevasCache CanevasCache;

/* In an array; the catalogue has a few tens */
#define CANEVAS_MAX 10000

/* Compile a text; what canevas points to is in context. False: a soft error was reported. */
extern bool canevas_compile(MemoryContext context, Slice texte, Canevas *canevas, Node *escontext);

/*
 * The cache of a call site, kept in its fn_extra. What is looked up in it lasts
 * as long as no call site asks for its cache, and no query ends: for one call.
 */
extern CanevasCache *canevas_cache(FmgrInfo *flinfo);
extern const Canevas *canevas_lookup(CanevasCache *cache, Datum canevas);

/*
 * A program for each canevas of an argument, an array that is not NULL (elements
 * that are NULL are passed over), its sums at 0. They last as long, and the next
 * call of this function begins their sums anew. Error 54000 if there are more than
 * CANEVAS_MAX.
 */
extern Programme *canevas_programmes(CanevasCache *cache, FunctionCallInfo fcinfo, int argno, int *n);

/*
 * The class of a canevas that has that code, or if nom is NULL the only one of a
 * canevas without classes. Error 22023 if there is none, or for another genre.
 */
extern const CanevasClasse *canevas_classe(const Canevas *canevas, text *nom);

/* Descriptor of the call's composite result, of so many columns, blessed */
extern TupleDesc canevas_cache_tupdesc(CanevasCache *cache, FunctionCallInfo fcinfo, int ncolonnes);

#endif							/* SPASER_CANEVAS_SQL_H */
