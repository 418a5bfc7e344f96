/*
 * fichier.c
 *	  Bytes of a file, wherever it is: of the server, for those who may read
 *	  them, or come from a client as lines of base64; and the SHA-256 of a file
 *	  that is read in pieces.
 */
#include "compat.h"

#include <sys/stat.h>

#include "catalog/pg_authid.h"
#include "common/base64.h"
#include "common/cryptohash.h"
#include "common/sha2.h"
#include "miscadmin.h"
#include "storage/fd.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/resowner.h"

PG_FUNCTION_INFO_V1(lire_fichier);
PG_FUNCTION_INFO_V1(taille_fichier);
PG_FUNCTION_INFO_V1(sha256_accum);
PG_FUNCTION_INFO_V1(sha256_final);
PG_FUNCTION_INFO_V1(octets_base64_accum);
PG_FUNCTION_INFO_V1(octets_base64_final);

#define LIRE_FICHIER_MAX (256 * 1024 * 1024)

/* Same rule as COPY FROM a file. Also the regular-file check: a FIFO would block for ever. */
static FILE *
open_file(text *chemin, struct stat *st)
{
	char	   *path = text_to_cstring(chemin);
	FILE	   *file;

	if (!has_privs_of_role(GetUserId(), ROLE_PG_READ_SERVER_FILES))
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("permission denied to read a file of the server"),
				 errdetail("Only members of role pg_read_server_files may."),
				 errhint("Load the file from the client instead: charger.sql with -v fichier=... needs no special right.")));
	canonicalize_path(path);
	if (stat(path, st) < 0)
		ereport(ERROR,
				(errcode_for_file_access(),
				 errmsg("could not stat file \"%s\": %m", path)));
	if (!S_ISREG(st->st_mode))
		ereport(ERROR,
				(errcode(ERRCODE_WRONG_OBJECT_TYPE),
				 errmsg("\"%s\" is not a regular file", path)));
	file = AllocateFile(path, PG_BINARY_R);
	if (file == NULL)
		ereport(ERROR,
				(errcode_for_file_access(),
				 errmsg("could not open file \"%s\" for reading: %m", path)));
	return file;
}

Datum
lire_fichier(PG_FUNCTION_ARGS)
{
	int64		octet = PG_GETARG_INT64(1);
	int32		taille = PG_GETARG_INT32(2);
	struct stat st;
	FILE	   *file;
	bytea	   *result;
	size_t		got;

	if (octet < 0 || taille < 1 || taille > LIRE_FICHIER_MAX)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("position or size out of range"),
				 errdetail("The position must not be negative and the size must be 1 to %d bytes.",
						   LIRE_FICHIER_MAX)));
	file = open_file(PG_GETARG_TEXT_PP(0), &st);
	if (octet >= st.st_size)
	{
		FreeFile(file);
		PG_RETURN_NULL();
	}
	taille = Min((int64) taille, (int64) st.st_size - octet);
	result = palloc(VARHDRSZ + taille);
	if (fseeko(file, octet, SEEK_SET) != 0)
		ereport(ERROR,
				(errcode_for_file_access(), errmsg("could not seek in file: %m")));
	got = fread(VARDATA(result), 1, taille, file);
	if (ferror(file))
		ereport(ERROR,
				(errcode_for_file_access(), errmsg("could not read file: %m")));
	FreeFile(file);
	SET_VARSIZE(result, VARHDRSZ + got);
	PG_RETURN_BYTEA_P(result);
}

Datum
taille_fichier(PG_FUNCTION_ARGS)
{
	struct stat st;

	FreeFile(open_file(PG_GETARG_TEXT_PP(0), &st));
	PG_RETURN_INT64(st.st_size);
}

/*
 * The hash's own memory is freed when the aggregate's context goes, also after
 * an error: with OpenSSL it is not palloc'd. A resource owner remembers it too
 * and frees it on abort, before that context goes: the owner is one of its own,
 * which nothing else releases, so that it is freed once.
 */
typedef struct Sha256State
{
	pg_cryptohash_ctx *ctx;
	ResourceOwner owner;
	MemoryContextCallback callback;
} Sha256State;

static void
sha256_release(void *arg)
{
	Sha256State *state = arg;

	if (state->ctx != NULL)
		pg_cryptohash_free(state->ctx);
	state->ctx = NULL;
	if (state->owner != NULL)
		ResourceOwnerDelete(state->owner);
	state->owner = NULL;
}

static Sha256State *
sha256_new(MemoryContext context)
{
	Sha256State *state = MemoryContextAllocZero(context, sizeof(Sha256State));
	ResourceOwner saved = CurrentResourceOwner;

	state->callback.func = sha256_release;
	state->callback.arg = state;
	MemoryContextRegisterResetCallback(context, &state->callback);
	state->owner = ResourceOwnerCreate(NULL, "sha256_morceaux");
	CurrentResourceOwner = state->owner;
	state->ctx = pg_cryptohash_create(PG_SHA256);
	CurrentResourceOwner = saved;
	if (state->ctx == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory")));
	if (pg_cryptohash_init(state->ctx) < 0)
		elog(ERROR, "could not initialize SHA-256");
	return state;
}

Datum
sha256_accum(PG_FUNCTION_ARGS)
{
	MemoryContext aggcontext;
	Sha256State *state;

	if (!AggCheckCallContext(fcinfo, &aggcontext))
		elog(ERROR, "sha256_accum called in non-aggregate context");
	state = PG_ARGISNULL(0) ? NULL : (Sha256State *) PG_GETARG_POINTER(0);
	if (PG_ARGISNULL(1))
	{
		if (state == NULL)
			PG_RETURN_NULL();
		PG_RETURN_POINTER(state);
	}
	if (state == NULL)
		state = sha256_new(aggcontext);
	if (pg_cryptohash_update(state->ctx, (const uint8 *) VARDATA_ANY(PG_GETARG_BYTEA_PP(1)),
							 VARSIZE_ANY_EXHDR(PG_GETARG_BYTEA_PP(1))) < 0)
		elog(ERROR, "could not update SHA-256");
	PG_RETURN_POINTER(state);
}

Datum
sha256_final(PG_FUNCTION_ARGS)
{
	Sha256State *state = PG_ARGISNULL(0) ? NULL : (Sha256State *) PG_GETARG_POINTER(0);
	bytea	   *result;

	if (state == NULL)
		PG_RETURN_NULL();
	result = palloc(VARHDRSZ + PG_SHA256_DIGEST_LENGTH);
	SET_VARSIZE(result, VARHDRSZ + PG_SHA256_DIGEST_LENGTH);
	if (pg_cryptohash_final(state->ctx, (uint8 *) VARDATA(result), PG_SHA256_DIGEST_LENGTH) < 0)
		elog(ERROR, "could not finalize SHA-256");
	sha256_release(state);
	PG_RETURN_BYTEA_P(result);
}

/* A bytea in the making, header first, so that the result is no copy */
typedef struct Base64State
{
	char	   *data;
	Size		used;
	Size		size;
} Base64State;

static void
base64_reserve(Base64State *state, Size more)
{
	Size		wanted = state->used + more;

	if (wanted > MaxAllocSize)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("the decoded lines do not fit in 1 GB")));
	if (wanted > state->size)
	{
		state->size = Min(Max(wanted, 2 * state->size), MaxAllocSize);
		state->data = repalloc(state->data, state->size);
	}
}

static void
base64_add(Base64State *state, text *ligne, int32 saut)
{
	int			length = VARSIZE_ANY_EXHDR(ligne);
	int			decoded;

	base64_reserve(state, pg_b64_dec_len(length));
	decoded = pg_b64_decode(VARDATA_ANY(ligne), length, state->data + state->used,
							state->size - state->used);
	if (decoded < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("invalid base64"),
				 errdetail("A line must hold base64 characters only, without space or line feed.")));
	if (saut < 0 || saut > decoded)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("cannot leave out %d bytes of a line of %d", saut, decoded)));
	if (saut > 0)
		memmove(state->data + state->used, state->data + state->used + saut, decoded - saut);
	state->used += decoded - saut;
}

Datum
octets_base64_accum(PG_FUNCTION_ARGS)
{
	MemoryContext aggcontext;
	Base64State *state;

	if (!AggCheckCallContext(fcinfo, &aggcontext))
		elog(ERROR, "octets_base64_accum called in non-aggregate context");
	state = PG_ARGISNULL(0) ? NULL : (Base64State *) PG_GETARG_POINTER(0);
	if (PG_ARGISNULL(1))
	{
		if (state == NULL)
			PG_RETURN_NULL();
		PG_RETURN_POINTER(state);
	}
	if (PG_ARGISNULL(2))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the number of bytes to leave out must not be NULL")));
	if (state == NULL)
	{
		state = MemoryContextAlloc(aggcontext, sizeof(Base64State));
		state->used = VARHDRSZ;
		state->size = 64 * 1024;
		state->data = MemoryContextAlloc(aggcontext, state->size);
	}
	base64_add(state, PG_GETARG_TEXT_PP(1), PG_GETARG_INT32(2));
	PG_RETURN_POINTER(state);
}

/* The state stays as it was: a window may ask again after more lines */
Datum
octets_base64_final(PG_FUNCTION_ARGS)
{
	Base64State *state = PG_ARGISNULL(0) ? NULL : (Base64State *) PG_GETARG_POINTER(0);

	if (state == NULL)
		PG_RETURN_NULL();
	SET_VARSIZE(state->data, state->used);
	PG_RETURN_BYTEA_P((bytea *) state->data);
}
