/*
 * gzip.c
 *	  degzip(): the clear bytes of a gzip document, whole or piece by piece.
 *
 * As with lire_json, nothing is alive between two calls: what is needed to go
 * on is given to the caller as an opaque bytea.
 */
#include "compat.h"

#include "core/gzip.h"

#include "funcapi.h"
#include "lib/stringinfo.h"
#include "libpq/pqformat.h"
#include "miscadmin.h"
#include "utils/memutils.h"

PG_FUNCTION_INFO_V1(degzip);

/* A call that is not the last stops at the first boundary after this many clear bytes */
#define CLAIR_ENOUGH (16 * 1024 * 1024)

static void *
gzip_alloc(void *context, size_t size)
{
	return MemoryContextAlloc((MemoryContext) context, size);
}

static void *
gzip_resize(void *context, void *old, size_t size)
{
	return old ? repalloc(old, size) : MemoryContextAlloc((MemoryContext) context, size);
}

static bytea *
reprise_write(const GzipState *state)
{
	StringInfoData buf;

	pq_begintypsend(&buf);
	pq_sendint32(&buf, state->version);
	pq_sendint64(&buf, state->octet);
	pq_sendint64(&buf, state->clair);
	pq_sendint64(&buf, state->membres);
	pq_sendint64(&buf, state->membre_clair);
	pq_sendint32(&buf, state->phase);
	pq_sendint32(&buf, state->crc);
	pq_sendint32(&buf, state->bits);
	pq_sendint32(&buf, state->bits_value);
	pq_sendbytes(&buf, (const char *) state->window, state->window_len);
	return pq_endtypsend(&buf);
}

/* Without the window */
#define REPRISE_SIZE 52

static void
reprise_read(bytea *reprise, GzipState *state)
{
	StringInfoData buf;
	bool		valid = false;

	buf.data = VARDATA_ANY(reprise);
	buf.len = VARSIZE_ANY_EXHDR(reprise);
	buf.maxlen = buf.len;
	buf.cursor = 0;
	gzip_init(state);
	if (buf.len >= REPRISE_SIZE && buf.len <= REPRISE_SIZE + GZIP_WINDOW)
	{
		state->version = pq_getmsgint(&buf, 4);
		state->octet = pq_getmsgint64(&buf);
		state->clair = pq_getmsgint64(&buf);
		state->membres = pq_getmsgint64(&buf);
		state->membre_clair = pq_getmsgint64(&buf);
		state->phase = pq_getmsgint(&buf, 4);
		state->crc = pq_getmsgint(&buf, 4);
		state->bits = pq_getmsgint(&buf, 4);
		state->bits_value = pq_getmsgint(&buf, 4);
		state->window_len = buf.len - REPRISE_SIZE;
		pq_copymsgbytes(&buf, (char *) state->window, state->window_len);
		valid = gzip_state_valid(state);
	}
	if (!valid)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("invalid value for parameter \"reprise\""),
				 errhint("Give back the bytea that degzip returned for the piece before, or NULL for the first piece.")));
}

static void
report_fault(GzipStatus status, const GzipReader *reader)
{
	unsigned long long faute = reader->faute;

	switch (status)
	{
		case GZIP_NOT_GZIP:
			ereport(ERROR,
					(errcode(ERRCODE_BAD_COPY_FILE_FORMAT),
					 errmsg("not a gzip document"),
					 errdetail("It does not begin with the bytes 1F 8B.")));
			break;
		case GZIP_TRUNCATED:
			ereport(ERROR,
					(errcode(ERRCODE_BAD_COPY_FILE_FORMAT),
					 errmsg("gzip document ends too early, at byte offset %llu", faute),
					 errhint("The file was not transferred whole: fetch it again.")));
			break;
		case GZIP_EXPANDS:
			ereport(ERROR,
					(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
					 errmsg("gzip document expands too much, at byte offset %llu", faute),
					 errdetail("More than %d clear bytes came out of each compressed one.", GZIP_RATIO_MAX),
					 errhint("If you trust this document, decompress it first and load what comes out.")));
			break;
		case GZIP_TOO_LARGE:
			ereport(ERROR,
					(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
					 errmsg("gzip document is too large for one call, at byte offset %llu", faute),
					 errdetail("One call gives at most %d MB of clear bytes.", GZIP_CLAIR_MAX / (1024 * 1024)),
					 errhint("Read it piece by piece, with parameter \"fin\" false.")));
			break;
		default:
			ereport(ERROR,
					(errcode(ERRCODE_BAD_COPY_FILE_FORMAT),
					 errmsg("gzip document is damaged, at byte offset %llu", faute),
					 errdetail("%s", reader->detail),
					 errhint("Fetch the file again, or decompress what can be read of it.")));
	}
}

/* All blocks that are whole in the piece; the state says where it stopped */
static GzipStatus
read_piece(GzipReader *reader, bool last)
{
	GzipStatus	status;

	do
	{
		CHECK_FOR_INTERRUPTS();
		status = gzip_next(reader);
	} while (status == GZIP_MOVED && (last || reader->clair_len < CLAIR_ENOUGH));
	if (status != GZIP_MOVED && status != GZIP_MORE && status != GZIP_END)
		report_fault(status, reader);
	gzip_save(reader);
	return status;
}

Datum
degzip(PG_FUNCTION_ARGS)
{
	bool		last = PG_ARGISNULL(2) || PG_GETARG_BOOL(2);
	CoreMemory	memory = {gzip_alloc, gzip_resize, CurrentMemoryContext};
	GzipState  *state = palloc(sizeof(GzipState));
	GzipReader	reader;
	bytea	   *octets;
	TupleDesc	desc;
	Datum		values[3] = {0};
	bool		nulls[3] = {true, true, true};

	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	desc = BlessTupleDesc(desc);
	if (PG_ARGISNULL(0))
		PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(desc, values, nulls)));
	octets = PG_GETARG_BYTEA_PP(0);
	if (PG_ARGISNULL(1))
		gzip_init(state);
	else
		reprise_read(PG_GETARG_BYTEA_PP(1), state);

	gzip_begin(&reader, &memory, state, VARDATA_ANY(octets), VARSIZE_ANY_EXHDR(octets), last, VARHDRSZ);
	nulls[2] = (read_piece(&reader, last) == GZIP_END);
	SET_VARSIZE(reader.clair, VARHDRSZ + reader.clair_len);
	nulls[0] = nulls[1] = false;
	values[0] = PointerGetDatum(reader.clair);
	values[1] = Int64GetDatum(state->octet);
	if (!nulls[2])
		values[2] = PointerGetDatum(reprise_write(state));
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(desc, values, nulls)));
}
