/*
 * canevas_cache.c
 *	  Compiled canevas: a session compiles each that it meets once.
 *
 * They are found again by the bytes of their text. What a call site keeps of them
 * (the last one, the programs of a list) is good for one generation of the
 * session's cache: when that has grown too large it is forgotten as a whole,
 * before a call looks anything up or at the end of a query.
 */
#include "compat.h"

#include "arguments.h"
#include "canevas.h"

#include "common/hashfn.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "nodes/primnodes.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

typedef struct Cle
{
	uint32		empreinte;		/* of the text */
	Slice		texte;
} Cle;

/* One canevas, compiled */
typedef struct Compile
{
	Cle			cle;
	const Canevas *canevas;
	char		status;			/* simplehash's */
} Compile;

#define SH_PREFIX compiles
#define SH_ELEMENT_TYPE Compile
#define SH_KEY_TYPE Cle
#define SH_KEY cle
#define SH_HASH_KEY(table, key) (key).empreinte
#define SH_EQUAL(table, a, b) ((a).empreinte == (b).empreinte && slice_equal((a).texte, (b).texte))
#define SH_SCOPE static inline
#define SH_DEFINE
#define SH_DECLARE
#include "lib/simplehash.h"

/* Bytes of compiled canevas that a session keeps, some thousands of them; while a query runs, those that it needs */
#define SESSION_OCTETS_MAX (32 * 1024 * 1024)

static struct
{
	MemoryContext context;		/* of the table, parent of those of the entries; NULL: not yet */
	compiles_hash *table;		/* NULL: nothing in it */
	Size		octets;
	uint64		generation;
}			session;

struct CanevasCache
{
	uint64		generation;		/* of what follows, but for tupdesc */
	Cle			dernier;		/* that was asked for, its text in the cache; data NULL: none */
	const Canevas *dernier_canevas;
	MemoryContext context;		/* of what follows */
	ArrayType  *liste;			/* array that was asked for last; NULL: none */
	Programme  *programmes;		/* of its canevas, one block of sums for all */
	int			nprogrammes;
	int			nclasses;
	TupleDesc	tupdesc;		/* of the call's result, once known */
	MemoryContextCallback fin;
};

static void
session_limiter(void *arg)
{
	if (session.octets <= SESSION_OCTETS_MAX)
		return;
	session.table = NULL;
	session.octets = 0;
	session.generation++;
	MemoryContextReset(session.context);
}

CanevasCache *
canevas_cache(FmgrInfo *flinfo)
{
	CanevasCache *cache = flinfo->fn_extra;

	if (session.context == NULL)
		session.context = AllocSetContextCreate(TopMemoryContext, "spaser canevas", ALLOCSET_DEFAULT_SIZES);
	if (cache == NULL)
	{
		cache = MemoryContextAllocZero(flinfo->fn_mcxt, sizeof(CanevasCache));
		cache->context = AllocSetContextCreate(flinfo->fn_mcxt, "spaser canevas list", ALLOCSET_SMALL_SIZES);
		cache->generation = session.generation;
		cache->fin.func = session_limiter;
		MemoryContextRegisterResetCallback(flinfo->fn_mcxt, &cache->fin);
		flinfo->fn_extra = cache;
	}
	session_limiter(NULL);
	if (cache->generation != session.generation)
	{
		cache->generation = session.generation;
		cache->dernier.texte = SLICE_NONE;
		cache->liste = NULL;
	}
	return cache;
}

TupleDesc
canevas_cache_tupdesc(CanevasCache *cache, FunctionCallInfo fcinfo, int ncolonnes)
{
	if (cache->tupdesc == NULL)
	{
		TupleDesc	tupdesc;
		MemoryContext old;

		if (get_call_result_type(fcinfo, NULL, &tupdesc) != TYPEFUNC_COMPOSITE)
			elog(ERROR, "return type must be a row type");
		colonnes_verifier(tupdesc, ncolonnes, format_type_be(tupdesc->tdtypeid));
		old = MemoryContextSwitchTo(fcinfo->flinfo->fn_mcxt);
		cache->tupdesc = BlessTupleDesc(CreateTupleDescCopy(tupdesc));
		MemoryContextSwitchTo(old);
	}
	return cache->tupdesc;
}

/* The key's text and the compiled form are in context, which becomes the session's */
static void
session_ajouter(Cle cle, const Canevas *canevas, MemoryContext context)
{
	compiles_hash *table = session.table != NULL ? session.table : compiles_create(session.context, 32, NULL);
	bool		found;

	/* Without memory to grow, the table is not to be used again: it is put aside until that is done */
	session.table = NULL;
	compiles_insert(table, cle, &found)->canevas = canevas;
	session.table = table;
	session.octets += MemoryContextMemAllocated(context, false);
	MemoryContextSetParent(context, session.context);
}

const Canevas *
canevas_lookup(CanevasCache *cache, Datum canevas)
{
	text	   *texte = DatumGetTextPP(canevas);
	Cle			cle = {0, {VARDATA_ANY(texte), VARSIZE_ANY_EXHDR(texte)}};
	MemoryContext context;
	Canevas    *compiled;

	/* The same as for the row before: comparing its text costs less than a hash */
	if (cache->dernier.texte.data != NULL && slice_equal(cache->dernier.texte, cle.texte))
		return cache->dernier_canevas;

	/* compiling takes a while, and an array may hold many */
	CHECK_FOR_INTERRUPTS();
	cle.empreinte = hash_bytes((const unsigned char *) cle.texte.data, (int) cle.texte.len);
	if (session.table != NULL)
	{
		Compile    *entree = compiles_lookup(session.table, cle);

		if (entree != NULL)
		{
			cache->dernier = entree->cle;
			cache->dernier_canevas = entree->canevas;
			return entree->canevas;
		}
	}

	/* Compiled in a context that becomes the session's: nothing stays of a failure */
	context = AllocSetContextCreate(CurrentMemoryContext, "canevas", ALLOCSET_SMALL_SIZES);
	compiled = MemoryContextAlloc(context, sizeof(Canevas));
	canevas_compile(context, cle.texte, compiled, NULL);
	cle.texte.data = memcpy(MemoryContextAlloc(context, cle.texte.len), cle.texte.data, cle.texte.len);
	session_ajouter(cle, compiled, context);
	return compiled;
}

/* Is an argument the same in every call? A parameter need not be, in PL/pgSQL. */
static bool
arg_constant(const FmgrInfo *flinfo, int argno)
{
	const FuncExpr *expr = (const FuncExpr *) flinfo->fn_expr;

	return expr != NULL && IsA(expr, FuncExpr) && argno < list_length(expr->args) &&
		IsA(list_nth(expr->args, argno), Const);
}

/* Compile the canevas of an array, and keep them with room for their sums */
static void
liste_lire(CanevasCache *cache, ArrayType *tableau)
{
	Datum	   *elements;
	int			n = tableau_elements(tableau, CANEVAS_MAX, &elements);
	Programme  *programmes;
	int			nclasses = 0;

	cache->liste = NULL;
	MemoryContextReset(cache->context);
	programmes = MemoryContextAlloc(cache->context, Max(n, 1) * sizeof(Programme));
	for (int i = 0; i < n; i++)
	{
		const Canevas *canevas = canevas_lookup(cache, elements[i]);

		programmes[i] = (Programme) {canevas, canevas->classes, canevas->nclasses, NULL};
		nclasses += canevas->nclasses;
	}
	for (int i = 0; i < n; i++)
		programmes[i].sommes = i == 0 ? MemoryContextAllocHuge(cache->context, nclasses * sizeof(Sommes))
			: programmes[i - 1].sommes + programmes[i - 1].nclasses;
	cache->liste = MemoryContextAlloc(cache->context, VARSIZE(tableau));
	memcpy(cache->liste, tableau, VARSIZE(tableau));
	cache->programmes = programmes;
	cache->nprogrammes = n;
	cache->nclasses = nclasses;
}

Programme *
canevas_programmes(CanevasCache *cache, FunctionCallInfo fcinfo, int argno, int *n)
{
	ArrayType  *tableau = PG_GETARG_ARRAYTYPE_P(argno);

	/* One call after the other asks for the same, most often a constant */
	if (cache->liste == NULL ||
		(!arg_constant(fcinfo->flinfo, argno) &&
		 (VARSIZE(tableau) != VARSIZE(cache->liste) || memcmp(tableau, cache->liste, VARSIZE(tableau)) != 0)))
		liste_lire(cache, tableau);
	*n = cache->nprogrammes;
	if (*n > 0)
		memset(cache->programmes[0].sommes, 0, cache->nclasses * sizeof(Sommes));
	return cache->programmes;
}
