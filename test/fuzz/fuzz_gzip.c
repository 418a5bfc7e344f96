/*
 * fuzz_gzip.c
 *	  Any bytes as a gzip document, whole and in pieces; any bytes as a state;
 *	  and documents made of any clear bytes, which must come back.
 *
 * The first four bytes say how the document is cut and, for the last of these,
 * how it is compressed. zlib's own reader of gzip is the judge of what is whole.
 */
#include <stdio.h>

#include "../unit/gzip_run.h"
#include "core/format_fichier.h"

extern int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define ASSERT(condition) \
	do { \
		if (!(condition)) \
		{ \
			fprintf(stderr, "fuzz_gzip.c:%d: %s\n", __LINE__, #condition); \
			abort(); \
		} \
	} while (0)

static size_t
piece_next(void *context)
{
	uint32_t   *seed = context;

	*seed = *seed * 1103515245u + 12345u;
	return 1 + (*seed >> 16) % (1 + (*seed & 1023));
}

static void
assert_run(const GzipRun *run, size_t len)
{
	if (run->why != NULL)
	{
		fprintf(stderr, "gzip: %s\n", run->why);
		abort();
	}
	ASSERT(run->octet <= len);
	ASSERT(run->status != GZIP_MOVED && run->status != GZIP_MORE);
	ASSERT(run->status == GZIP_END ? run->octet == len : run->faute <= len);
	ASSERT(run->clair_len <= GZIP_RATIO_FROM + 65536 || run->clair_len / GZIP_RATIO_MAX <= len);
}

/* The members one after the other, then zeros */
static void
assert_zlib_agrees(const uint8_t *doc, size_t len, const GzipRun *run)
{
	z_stream	stream = {0};
	unsigned char *clair = malloc(run->clair_len + 1);

	ASSERT(inflateInit2(&stream, 31) == Z_OK);
	stream.next_in = (Bytef *) doc;
	stream.avail_in = len;
	stream.next_out = clair;
	stream.avail_out = run->clair_len + 1;
	do
	{
		ASSERT(inflate(&stream, Z_FINISH) == Z_STREAM_END);
		while (stream.avail_in > 0 && *stream.next_in == 0)
		{
			stream.next_in++;
			stream.avail_in--;
		}
		inflateReset(&stream);
	} while (stream.avail_in > 0);
	ASSERT(stream.next_out == clair + run->clair_len);
	ASSERT(memcmp(clair, run->clair, run->clair_len) == 0);
	inflateEnd(&stream);
	free(clair);
}

static void
run_document(const uint8_t *doc, size_t len, uint32_t seed)
{
	GzipRun		whole = gzip_run(doc, len, NULL, NULL, 0);
	GzipRun		cut = gzip_run(doc, len, piece_next, &seed, seed % 4);

	assert_run(&whole, len);
	assert_run(&cut, len);
	/* clear bytes of a call that fails are not given, those of the calls before are */
	if (whole.status == GZIP_END)
	{
		ASSERT(cut.status == GZIP_END && cut.clair_len == whole.clair_len);
		ASSERT(memcmp(cut.clair, whole.clair, whole.clair_len) == 0);
		assert_zlib_agrees(doc, len, &whole);
	}
	else
		ASSERT(cut.status == whole.status);
	free(whole.clair);
	free(cut.clair);
}

static void
run_state(const uint8_t *data, size_t size)
{
	GzipState	state;
	GzipRun		run = {0};
	size_t		fixed = offsetof(GzipState, window);

	if (size < fixed)
		return;
	memset(&state, 0, sizeof(state));
	memcpy(&state, data, fixed);
	memcpy(state.window, data + fixed, size - fixed < GZIP_WINDOW ? size - fixed : GZIP_WINDOW);
	if (!gzip_state_valid(&state))
		return;
	gzip_run_call(&run, &state, data, size, false, 100);
	if (run.status <= GZIP_END)
		ASSERT(gzip_state_valid(&state));
	free(run.clair);
}

/* Blocks of several kinds: the level and strategy change every few bytes */
static void
run_clear(const uint8_t *data, size_t size, uint32_t seed)
{
	z_stream	stream = {0};
	size_t		room = 2 * size + 4096;
	unsigned char *doc = malloc(room);
	GzipRun		run;

	ASSERT(deflateInit2(&stream, seed % 10, Z_DEFLATED, 31, 1 + seed % 9, seed % 5) == Z_OK);
	stream.next_in = (Bytef *) data;
	stream.next_out = doc;
	stream.avail_out = room;
	for (int i = 0; i < 4; i++)
	{
		stream.avail_in = size / 5;
		ASSERT(deflate(&stream, seed >> (8 + i) & 1 ? Z_PARTIAL_FLUSH : Z_NO_FLUSH) != Z_STREAM_ERROR);
		ASSERT(deflateParams(&stream, (seed >> i) % 10, (seed >> (i + 4)) % 5) != Z_STREAM_ERROR);
	}
	stream.avail_in = (Bytef *) data + size - stream.next_in;
	ASSERT(deflate(&stream, Z_FINISH) == Z_STREAM_END);
	run = gzip_run(doc, stream.total_out, piece_next, &seed, seed % 3);
	assert_run(&run, stream.total_out);
	ASSERT(run.status == GZIP_END && run.clair_len == size);
	ASSERT(size == 0 || memcmp(run.clair, data, size) == 0);
	free(run.clair);
	free(doc);
	deflateEnd(&stream);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint32_t	seed;

	if (size < 4)
		return 0;
	memcpy(&seed, data, 4);
	run_state(data, size);
	data += 4;
	size -= 4;
	ASSERT(format_fichier_name((Slice) {(const char *) data, size}) != NULL);
	run_document(data, size, seed);
	run_clear(data, size, seed);
	return 0;
}
