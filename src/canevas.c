/*
 * canevas.c
 *	  The type canevas, and the compiled canevas that a query keeps.
 *
 * A canevas is stored as its text, valid when it came in. A query compiles each
 * canevas that it meets once: the compiled form is kept with the call site,
 * found again by the bytes of the text.
 */
#include "compat.h"

#include "arguments.h"
#include "canevas.h"

#include "common/hashfn.h"
#include "funcapi.h"
#include "libpq/pqformat.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

PG_FUNCTION_INFO_V1(canevas_in);
PG_FUNCTION_INFO_V1(canevas_out);
PG_FUNCTION_INFO_V1(canevas_recv);
PG_FUNCTION_INFO_V1(canevas_send);

typedef struct Cle
{
	uint32		empreinte;		/* of the text */
	Slice		texte;
} Cle;

/* One canevas that a query has met, compiled */
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

/* The cache is forgotten as a whole when its entries hold more than this */
#define CACHE_OCTETS_MAX (32 * 1024 * 1024)

struct CanevasCache
{
	MemoryContext context;		/* of the table, parent of those of the entries */
	compiles_hash *table;		/* NULL: nothing in it */
	Size		octets;
	Cle			dernier;		/* that was asked for, its text in the cache; data NULL: none */
	const Canevas *dernier_canevas;
	TupleDesc	tupdesc;		/* of the call's result, once known */
};

/* json-c allocates with malloc: its owner goes when this memory context goes */
typedef struct ReaderHolder
{
	CanevasReader *reader;
	MemoryContextCallback callback;
} ReaderHolder;

static void
reader_release(void *arg)
{
	ReaderHolder *holder = arg;

	if (holder->reader != NULL)
		canevas_reader_destroy(holder->reader);
	holder->reader = NULL;
}

static ReaderHolder *
reader_create(MemoryContext context)
{
	ReaderHolder *holder = MemoryContextAllocZero(context, sizeof(ReaderHolder));

	holder->callback.func = reader_release;
	holder->callback.arg = holder;
	MemoryContextRegisterResetCallback(context, &holder->callback);
	holder->reader = canevas_reader_create();
	if (holder->reader == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory")));
	return holder;
}

static void *
core_alloc(void *context, size_t size)
{
	return MemoryContextAlloc((MemoryContext) context, size);
}

static void *
core_resize(void *context, void *old, size_t size)
{
	return old ? repalloc(old, size) : MemoryContextAlloc((MemoryContext) context, size);
}

static int
fault_sqlstate(const CanevasFault *fault)
{
	switch (fault->kind)
	{
		case CANEVAS_NOT_JSON:
			return ERRCODE_INVALID_JSON_TEXT;
		case CANEVAS_TOO_LARGE:
			return ERRCODE_PROGRAM_LIMIT_EXCEEDED;
		case CANEVAS_OUT_OF_MEMORY:
			return ERRCODE_OUT_OF_MEMORY;
		case CANEVAS_INVALID:
			break;
	}
	return ERRCODE_INVALID_PARAMETER_VALUE;
}

/* context: where the compiled form goes */
static bool
compile(MemoryContext context, Slice texte, Canevas *canevas, Node *escontext)
{
	CoreMemory	memory = {core_alloc, core_resize, context};
	ReaderHolder *holder = reader_create(context);
	CanevasFault fault;
	bool		valid;

	valid = canevas_read(holder->reader, &memory, texte, canevas, &fault);
	reader_release(holder);
	if (valid)
		return true;
	ereturn(escontext, false,
			(errcode(fault_sqlstate(&fault)),
			 errmsg("%s", fault.message),
			 fault.detail[0] ? errdetail("%s", fault.detail) : 0,
			 fault.conseil[0] ? errhint("%s", fault.conseil) : 0));
}

/* Is this text a canevas? What the check allocates does not outlive it. */
static bool
validate(Slice texte, Node *escontext)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "canevas",
												  ALLOCSET_SMALL_SIZES);
	Canevas		canevas;
	bool		valid = compile(context, texte, &canevas, escontext);

	MemoryContextDelete(context);
	return valid;
}

Datum
canevas_in(PG_FUNCTION_ARGS)
{
	Slice		texte = slice_from(PG_GETARG_CSTRING(0));

	if (!validate(texte, fcinfo->context))
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text_with_len(texte.data, texte.len));
}

Datum
canevas_out(PG_FUNCTION_ARGS)
{
	PG_RETURN_CSTRING(TextDatumGetCString(PG_GETARG_DATUM(0)));
}

Datum
canevas_recv(PG_FUNCTION_ARGS)
{
	StringInfo	buf = (StringInfo) PG_GETARG_POINTER(0);
	int			taille;
	char	   *texte = pq_getmsgtext(buf, buf->len - buf->cursor, &taille);

	validate((Slice) {texte, taille}, NULL);
	PG_RETURN_TEXT_P(cstring_to_text_with_len(texte, taille));
}

Datum
canevas_send(PG_FUNCTION_ARGS)
{
	text	   *texte = PG_GETARG_TEXT_PP(0);
	StringInfoData buf;

	pq_begintypsend(&buf);
	pq_sendtext(&buf, VARDATA_ANY(texte), VARSIZE_ANY_EXHDR(texte));
	PG_RETURN_BYTEA_P(pq_endtypsend(&buf));
}

CanevasCache *
canevas_cache(FmgrInfo *flinfo)
{
	CanevasCache *cache = flinfo->fn_extra;

	if (cache == NULL)
	{
		cache = MemoryContextAllocZero(flinfo->fn_mcxt, sizeof(CanevasCache));
		cache->context = AllocSetContextCreate(flinfo->fn_mcxt, "canevas cache",
											   ALLOCSET_SMALL_SIZES);
		flinfo->fn_extra = cache;
	}
	else if (cache->octets > CACHE_OCTETS_MAX)
	{
		cache->octets = 0;
		cache->table = NULL;
		cache->dernier.texte = SLICE_NONE;
		MemoryContextReset(cache->context);
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

/* The key's text and the compiled form are in context, which becomes the cache's */
static void
cache_add(CanevasCache *cache, Cle cle, const Canevas *canevas, MemoryContext context)
{
	Compile    *entree;
	bool		found;

	if (cache->table == NULL)
		cache->table = compiles_create(cache->context, 32, NULL);
	entree = compiles_insert(cache->table, cle, &found);
	entree->canevas = canevas;
	cache->octets += MemoryContextMemAllocated(context, false);
	MemoryContextSetParent(context, cache->context);
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
	if (cache->table != NULL)
	{
		Compile    *entree = compiles_lookup(cache->table, cle);

		if (entree != NULL)
		{
			cache->dernier = entree->cle;
			cache->dernier_canevas = entree->canevas;
			return entree->canevas;
		}
	}

	/* Compiled in a context that becomes the cache's: nothing stays of a failure */
	context = AllocSetContextCreate(CurrentMemoryContext, "canevas", ALLOCSET_SMALL_SIZES);
	compiled = MemoryContextAlloc(context, sizeof(Canevas));
	compile(context, cle.texte, compiled, NULL);
	cle.texte.data = memcpy(MemoryContextAlloc(context, cle.texte.len), cle.texte.data, cle.texte.len);
	cache_add(cache, cle, compiled, context);
	return compiled;
}
