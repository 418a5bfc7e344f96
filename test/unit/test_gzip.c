/*
 * test_gzip.c
 *	  Decompression in pieces, without a server. The documents are made here
 *	  by zlib's compressor, at every level and strategy, so that the clear bytes
 *	  to find are known.
 */
#include "gzip_run.h"
#include "core_test.h"
#include "random_numbers.h"

/* The reader once more, with calls of 128 KB at most */
#define CLAIR_SMALL (128 * 1024)
#undef GZIP_CLAIR_MAX
#define GZIP_CLAIR_MAX CLAIR_SMALL
#define gzip_init small_gzip_init
#define gzip_state_valid small_gzip_state_valid
#define gzip_begin small_gzip_begin
#define gzip_next small_gzip_next
#define gzip_save small_gzip_save
static void small_gzip_init(GzipState *state);
static bool small_gzip_state_valid(const GzipState *state);
static void small_gzip_begin(GzipReader *reader, const CoreMemory *memory, GzipState *state,
							 const void *piece, size_t len, bool last, size_t reserve);
static GzipStatus small_gzip_next(GzipReader *reader);
static void small_gzip_save(GzipReader *reader);
#include "../../src/core/gzip.c"
#undef gzip_init
#undef gzip_state_valid
#undef gzip_begin
#undef gzip_next
#undef gzip_save

typedef struct Document
{
	unsigned char *bytes;
	size_t		len;
} Document;

static unsigned char *clear;
static const size_t clear_len = 200 * 1000;

/* Text that compresses as DECP documents do: words again and again, numbers between */
static void
make_clear(void)
{
	static const char *const words[] = {
		"{\"id\":\"", "\",\"acheteur\":{\"id\":\"21", "\"},\"objet\":\"Travaux de ", "\"montant\":",
		"\"titulaires\":[{\"titulaire\":{\"id\":\"", "\n  ", "march\xC3\xA9 ", ",\"dateNotification\":\"2024-"
	};
	size_t		n = 0;

	clear = malloc(clear_len + 64);
	while (n < clear_len)
	{
		const char *word = words[random_below(8)];

		memcpy(clear + n, word, strlen(word));
		n += strlen(word);
		for (uint32_t digits = random_below(9); digits > 0; digits--)
			clear[n++] = '0' + random_below(10);
	}
}

/* Adds a member to the document; header: with every optional field */
static void
add_member(Document *document, const unsigned char *bytes, size_t len, int level, int strategy, bool header)
{
	z_stream	stream = {0};
	gz_header	fields = {0};
	size_t		bound;

	deflateInit2(&stream, level, Z_DEFLATED, 31, 9, strategy);
	if (header)
	{
		fields.extra = (Bytef *) "XX\x02\x00ok";
		fields.extra_len = 6;
		fields.name = (Bytef *) "decp.json";
		fields.comment = (Bytef *) "un commentaire";
		fields.hcrc = 1;
		deflateSetHeader(&stream, &fields);
	}
	bound = deflateBound(&stream, len);
	document->bytes = realloc(document->bytes, document->len + bound);
	stream.next_in = (Bytef *) bytes;
	stream.avail_in = len;
	stream.next_out = document->bytes + document->len;
	stream.avail_out = bound;
	if (deflate(&stream, Z_FINISH) != Z_STREAM_END)
		abort();
	document->len += stream.total_out;
	deflateEnd(&stream);
}

static void
add_bytes(Document *document, const void *bytes, size_t len)
{
	document->bytes = realloc(document->bytes, document->len + len);
	memcpy(document->bytes + document->len, bytes, len);
	document->len += len;
}

static size_t
piece_fixed(void *context)
{
	return *(size_t *) context;
}

static size_t
piece_random(void *context)
{
	return 1 + random_below(*(size_t *) context);
}

static void
check_clear(const char *name, GzipRun run, const Document *document, const unsigned char *expected, size_t len)
{
	check(name, run.why == NULL, run.why);
	check(name, run.status == GZIP_END, "it does not end well");
	check(name, run.octet == document->len, "it does not end where the document does");
	check(name, run.clair_len == len && (len == 0 || memcmp(run.clair, expected, len) == 0),
		  "other clear bytes");
	free(run.clair);
}

/* Whole, one boundary a call, and in pieces of several sizes */
static void
check_document(const char *name, const Document *document, const unsigned char *expected, size_t len)
{
	size_t		sizes[] = {4999, 65536};
	size_t		most = 20000;

	check_clear(name, gzip_run(document->bytes, document->len, NULL, NULL, 0), document, expected, len);
	check_clear(name, gzip_run(document->bytes, document->len, NULL, NULL, 1), document, expected, len);
	for (int i = 0; i < 2; i++)
		check_clear(name, gzip_run(document->bytes, document->len, piece_fixed, &sizes[i], 0), document, expected, len);
	check_clear(name, gzip_run(document->bytes, document->len, piece_random, &most, 3), document, expected, len);
}

static void
test_levels(void)
{
	static const int strategies[] = {Z_DEFAULT_STRATEGY, Z_FILTERED, Z_HUFFMAN_ONLY, Z_RLE, Z_FIXED};
	char		name[64];

	for (int level = 0; level <= 9; level++)
		for (int i = 0; i < 5; i++)
		{
			Document	document = {0};

			snprintf(name, sizeof(name), "level %d, strategy %d", level, strategies[i]);
			add_member(&document, clear, clear_len, level, strategies[i], level % 2 == 0);
			check_document(name, &document, clear, clear_len);
			free(document.bytes);
		}
}

static void
test_members(void)
{
	Document	document = {0};
	unsigned char zeros[700] = {0};

	add_member(&document, clear, 100000, 9, Z_DEFAULT_STRATEGY, true);
	add_member(&document, clear, 0, 6, Z_DEFAULT_STRATEGY, false);
	add_member(&document, clear + 100000, 5, 1, Z_FIXED, false);
	add_member(&document, clear + 100005, clear_len - 100005, 0, Z_DEFAULT_STRATEGY, false);
	check_document("members", &document, clear, clear_len);
	add_bytes(&document, zeros, sizeof(zeros));
	check_document("members and zeros", &document, clear, clear_len);
	free(document.bytes);

	document = (Document) {0};
	add_member(&document, clear, 0, 6, Z_DEFAULT_STRATEGY, false);
	check_document("an empty member", &document, clear, 0);
	free(document.bytes);
}

/* Blocks of every kind in one small document, two members: cut at every byte, and ended at every byte */
static Document
small_document(size_t *len)
{
	Document	document = {0};
	z_stream	stream = {0};

	*len = 900;
	document.bytes = malloc(4096);
	deflateInit2(&stream, 9, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY);
	stream.next_out = document.bytes;
	stream.avail_out = 4096;
	stream.next_in = clear;
	for (int part = 0; part < 6; part++)
	{
		static const int levels[] = {9, 0, 1, 9, 0, 9};
		static const int strategies[] = {Z_DEFAULT_STRATEGY, Z_DEFAULT_STRATEGY, Z_FIXED, Z_HUFFMAN_ONLY, Z_DEFAULT_STRATEGY, Z_DEFAULT_STRATEGY};

		deflateParams(&stream, levels[part], strategies[part]);
		stream.avail_in = 100;
		if (deflate(&stream, part == 5 ? Z_FINISH : Z_PARTIAL_FLUSH) < 0)
			abort();
	}
	document.len = stream.total_out;
	deflateEnd(&stream);
	add_member(&document, clear + 600, 300, 6, Z_DEFAULT_STRATEGY, true);
	return document;
}

static void
test_every_cut(void)
{
	size_t		len;
	Document	document = small_document(&len);

	for (size_t cut = 1; cut < document.len; cut++)
	{
		check_clear("cut in two", gzip_run(document.bytes, document.len, piece_fixed, &cut, 0), &document, clear, len);
		check_clear("cut in two, one boundary a call",
					gzip_run(document.bytes, document.len, piece_fixed, &cut, 1), &document, clear, len);
	}
	free(document.bytes);
}

static void
test_truncated(void)
{
	size_t		len;
	Document	document = small_document(&len);
	int			ends = 0;
	int			wrong = 0;

	for (size_t end = 0; end < document.len; end++)
	{
		GzipRun		run = gzip_run(document.bytes, end, NULL, NULL, 0);

		/* the first member alone is a document too */
		if (run.status == GZIP_END && run.clair_len == 600)
			ends++;
		else if (run.status != (end == 0 ? GZIP_NOT_GZIP : GZIP_TRUNCATED) || run.faute != end)
			wrong++;
		free(run.clair);
	}
	check("truncated", ends == 1, "one place where it may end before its end");
	check("truncated", wrong == 0, "anywhere else it is told that it ends too early, and where");
	free(document.bytes);
}

/* A changed byte is never taken for another document */
static void
test_damaged(void)
{
	size_t		len;
	Document	document = small_document(&len);
	int			changed = 0;
	int			told = 0;

	for (size_t i = 0; i < document.len * 8; i++)
	{
		GzipRun		run;

		document.bytes[i / 8] ^= 1 << (i % 8);
		run = gzip_run(document.bytes, document.len, NULL, NULL, 0);
		if (run.status > GZIP_END)
			told++;
		else if (run.status != GZIP_END || run.clair_len != len || memcmp(run.clair, clear, len) != 0)
			changed++;
		free(run.clair);
		document.bytes[i / 8] ^= 1 << (i % 8);
	}
	check("damaged", changed == 0, "no other clear bytes pass");
	/* what is not told is in the headers: time, system, level */
	check("damaged", told > (int) document.len * 8 - 200, "damage is told");
	free(document.bytes);
}

static void
check_fault(const char *name, const void *bytes, size_t len, GzipStatus status, uint64_t faute)
{
	GzipRun		run = gzip_run(bytes, len, NULL, NULL, 0);

	check(name, run.status == status, "other status");
	check(name, run.faute == faute, "other place");
	free(run.clair);
}

#define HEADER(flags) "\x1F\x8B\x08" flags "\0\0\0\0\0\xFF"

static void
test_faults(void)
{
	Document	document = {0};
	Document	copy = {0};
	unsigned char *name = malloc(GZIP_HEADER_MAX + 20);

	check_fault("nothing", "", 0, GZIP_NOT_GZIP, 0);
	check_fault("JSON", "{\"marches\":[]}", 14, GZIP_NOT_GZIP, 0);
	check_fault("compress", "\x1F\x9D\x90", 3, GZIP_NOT_GZIP, 0);
	check_fault("method", "\x1F\x8B\x07\0\0\0\0\0\0\xFF", 10, GZIP_CORRUPT, 2);
	check_fault("reserved flags", HEADER("\x20"), 10, GZIP_CORRUPT, 3);
	check_fault("block of type 3", HEADER("\0") "\x07", 11, GZIP_CORRUPT, 11);
	check_fault("reference before the start", HEADER("\0") "\x4B\x04\x12\x00", 14, GZIP_CORRUPT, 13);
	memset(name, 'a', GZIP_HEADER_MAX + 20);
	memcpy(name, HEADER("\x08"), 10);
	check_fault("a name without end", name, GZIP_HEADER_MAX + 20, GZIP_CORRUPT, 0);
	free(name);

	add_member(&document, clear, 5000, 6, Z_DEFAULT_STRATEGY, true);
	add_bytes(&copy, document.bytes, document.len);
	copy.bytes[copy.len - 8] ^= 1;
	check_fault("checksum", copy.bytes, copy.len, GZIP_MISMATCH, copy.len - 8);
	copy.bytes[copy.len - 8] ^= 1;
	copy.bytes[copy.len - 1] ^= 1;
	check_fault("size", copy.bytes, copy.len, GZIP_MISMATCH, copy.len - 4);
	copy.bytes[copy.len - 1] ^= 1;
	copy.bytes[15] ^= 1;
	/* 10, extra 8, name 10, comment 15, checksum 2 */
	check_fault("checksum of the header", copy.bytes, copy.len, GZIP_CORRUPT, 43);
	add_bytes(&document, "x", 1);
	check_fault("garbage behind", document.bytes, document.len, GZIP_CORRUPT, document.len - 1);
	document.bytes[document.len - 1] = 0;
	add_bytes(&document, "\x1F", 1);
	check_fault("half a header behind", document.bytes, document.len, GZIP_TRUNCATED, document.len);
	free(document.bytes);
	free(copy.bytes);
}

/* It stops while it inflates, with little memory, however it is cut */
static void
test_bomb(void)
{
	const size_t zeros_len = 16 * 1024 * 1024;
	unsigned char *zeros = calloc(zeros_len, 1);
	Document	document = {0};
	size_t		piece = 700;

	add_member(&document, zeros, zeros_len, 9, Z_DEFAULT_STRATEGY, false);
	for (int cut = 0; cut < 2; cut++)
	{
		GzipRun		run = gzip_run(document.bytes, document.len, cut ? piece_fixed : NULL, &piece, 0);

		check("bomb", run.status == GZIP_EXPANDS, "it expands too much");
		check("bomb", run.faute < 8192, "told early");
		check("bomb", run.allocated < 8 * 1024 * 1024, "with bounded memory");
		free(run.clair);
	}
	free(document.bytes);

	/* a megabyte of one character is no attack */
	document = (Document) {0};
	add_member(&document, zeros, 1000 * 1000, 9, Z_DEFAULT_STRATEGY, false);
	check_document("a megabyte of zeros", &document, zeros, 1000 * 1000);
	free(document.bytes);
	free(zeros);
}

static void
test_too_large(void)
{
	Document	document = {0};
	Arena		arena = {0};
	CoreMemory	memory = arena_memory(&arena);
	GzipState	state;
	GzipReader	reader;
	GzipStatus	status;

	/* blocks of 32 KB */
	add_member(&document, clear, clear_len, 1, Z_HUFFMAN_ONLY, false);
	small_gzip_init(&state);
	small_gzip_begin(&reader, &memory, &state, document.bytes, document.len, true, 0);
	while ((status = small_gzip_next(&reader)) == GZIP_MOVED)
		;
	check("too large", status == GZIP_TOO_LARGE, "a call has a limit");
	check("too large", reader.clair_len <= CLAIR_SMALL, "it gives no more than that");

	/* a new call goes on from where a call stopped */
	arena_reset(&arena);
	small_gzip_init(&state);
	do
	{
		small_gzip_begin(&reader, &memory, &state, document.bytes + state.octet, document.len - state.octet, true, 0);
		status = small_gzip_next(&reader);
		small_gzip_save(&reader);
	} while (status == GZIP_MOVED && small_gzip_state_valid(&state));
	check("too large", status == GZIP_END && state.clair == clear_len, "in several calls there is none");
	arena_reset(&arena);
	free(document.bytes);
}

/* A state that this did not write is told from one that it did */
static void
test_state(void)
{
	Document	document = {0};
	GzipRun		run = {0};
	GzipState	state;
	GzipState	other;

	add_member(&document, clear, clear_len, 6, Z_HUFFMAN_ONLY, false);
	gzip_init(&state);
	check("state", gzip_state_valid(&state), "a new state is valid");
	other = state;
	other.octet = 1;
	check("state", !gzip_state_valid(&other), "a start that is none");
	gzip_run_call(&run, &state, document.bytes, document.len - 1, false, 4);
	check("state", gzip_state_valid(&state) && state.window_len == GZIP_WINDOW, "a state between blocks");

#define BREAK(change, what) \
	do { \
		other = state; \
		change; \
		check("state", !gzip_state_valid(&other), what); \
	} while (0)
	BREAK(other.version++, "another version");
	BREAK(other.phase = 77, "no such phase");
	BREAK(other.bits = 8, "more bits than a byte has");
	BREAK(other.bits_value = 1u << other.bits, "a value of more bits");
	BREAK(other.window_len--, "a window too small");
	BREAK(other.membre_clair = other.clair + 1, "a member larger than the document");
	BREAK(other.octet = UINT64_MAX, "beyond any file");
	BREAK(other.octet = 3, "before the end of a header");
	BREAK(other.membres = UINT64_MAX, "more members than bytes");
	BREAK(other.phase = PHASE_BETWEEN, "between members, within one");
#undef BREAK
	free(run.clair);
	free(document.bytes);
}

int
main(void)
{
	make_clear();
	test_levels();
	test_members();
	test_every_cut();
	test_truncated();
	test_damaged();
	test_faults();
	test_bomb();
	test_too_large();
	test_state();
	free(clear);
	return check_end();
}
