/*
 * gzip.c
 *	  gzip (RFC 1952) in pieces. zlib inflates the blocks; header and trailer
 *	  are read here, so that a stream can be taken up between any two blocks.
 *
 * To go on inside a member takes the last 32 KB of clear bytes, to which the
 * blocks that follow may refer, and the bits of a byte that the block before
 * left over: blocks do not end where bytes do.
 */
#include "gzip.h"

enum
{
	PHASE_START,				/* nothing read */
	PHASE_BLOCKS,				/* between two blocks of a member */
	PHASE_TRAILER,				/* before the trailer of a member */
	PHASE_BETWEEN,				/* after a member */
	PHASE_COUNT
};

#define HEADER_SIZE 10
#define TRAILER_SIZE 8
#define FLAG_HCRC 0x02
#define FLAG_EXTRA 0x04
#define FLAG_NAME 0x08
#define FLAG_COMMENT 0x10
#define FLAG_RESERVED 0xE0

/* What comes out between two looks at the ratio */
#define CHUNK 65536

void
gzip_init(GzipState *state)
{
	memset(state, 0, sizeof(*state));
	state->version = GZIP_STATE_VERSION;
}

bool
gzip_state_valid(const GzipState *state)
{
	uint64_t	window = state->membre_clair < GZIP_WINDOW ? state->membre_clair : GZIP_WINDOW;
	bool		blocks = (state->phase == PHASE_BLOCKS);

	if (state->version != GZIP_STATE_VERSION || state->phase >= PHASE_COUNT)
		return false;
	if (state->phase == PHASE_START)
		return state->octet == 0 && state->clair == 0 && state->membres == 0 &&
			state->membre_clair == 0 && state->crc == 0 && state->bits == 0 &&
			state->bits_value == 0 && state->window_len == 0;
	if (state->octet < HEADER_SIZE || state->octet > INT64_MAX || state->clair > INT64_MAX ||
		state->membre_clair > state->clair || state->membres > state->octet / HEADER_SIZE)
		return false;
	if (state->phase == PHASE_BETWEEN && (state->membres == 0 || state->membre_clair != 0 || state->crc != 0))
		return false;
	return state->bits < 8 && state->bits_value < 1u << state->bits &&
		(blocks || state->bits == 0) && state->window_len == (blocks ? window : 0);
}

static voidpf
reader_alloc(voidpf opaque, uInt items, uInt size)
{
	const CoreMemory *memory = ((GzipReader *) opaque)->memory;

	return memory->alloc(memory->context, (size_t) items * size);
}

/* Whoever gave the memory releases it */
static void
reader_free(voidpf opaque, voidpf address)
{
	(void) opaque;
	(void) address;
}

void
gzip_begin(GzipReader *reader, const CoreMemory *memory, GzipState *state,
		   const void *piece, size_t len, bool last, size_t reserve)
{
	memset(reader, 0, sizeof(*reader));
	reader->state = state;
	reader->memory = memory;
	reader->piece = piece;
	reader->len = len;
	reader->last = last;
	reader->reserve = reserve;
	reader->size = reserve + CHUNK;
	reader->clair = memory->alloc(memory->context, reader->size);
}

static GzipStatus
fault(GzipReader *reader, GzipStatus status, size_t position, const char *detail)
{
	reader->faute = reader->state->octet + (position - reader->position);
	reader->detail = detail;
	return status;
}

/* The piece ends before the next boundary */
static GzipStatus
wanting(GzipReader *reader)
{
	return reader->last ? fault(reader, GZIP_TRUNCATED, reader->len, NULL) : GZIP_MORE;
}

static void
move_to(GzipReader *reader, size_t position)
{
	reader->state->octet += position - reader->position;
	reader->position = position;
}

static uint32_t
little_endian(const unsigned char *bytes, int n)
{
	uint32_t	value = 0;

	while (n-- > 0)
		value = value << 8 | bytes[n];
	return value;
}

/* ---- Header ---- */

/* Bytes of the header at this place; 0 if it is not whole in what there is */
static size_t
header_length(const unsigned char *header, size_t len)
{
	size_t		length = HEADER_SIZE;

	if (len < HEADER_SIZE)
		return 0;
	if (header[3] & FLAG_EXTRA)
	{
		if (len < length + 2)
			return 0;
		length += 2 + little_endian(header + length, 2);
	}
	for (int flag = FLAG_NAME; flag <= FLAG_COMMENT; flag <<= 1)
	{
		const unsigned char *nul;

		if ((header[3] & flag) == 0)
			continue;
		if (len <= length || (nul = memchr(header + length, 0, len - length)) == NULL)
			return 0;
		length = nul - header + 1;
	}
	if (header[3] & FLAG_HCRC)
		length += 2;
	return length <= len ? length : 0;
}

static GzipStatus
read_header(GzipReader *reader)
{
	GzipState  *state = reader->state;
	const unsigned char *header = reader->piece + reader->position;
	size_t		len = reader->len - reader->position;
	size_t		length;

	if ((len > 0 && header[0] != 0x1F) || (len > 1 && header[1] != 0x8B))
		return state->phase == PHASE_START ? fault(reader, GZIP_NOT_GZIP, reader->position, NULL)
			: fault(reader, GZIP_CORRUPT, reader->position, "Something else follows the compressed data.");
	if (len > 2 && header[2] != Z_DEFLATED)
		return fault(reader, GZIP_CORRUPT, reader->position + 2, "Its compression method is not deflate.");
	if (len > 3 && (header[3] & FLAG_RESERVED) != 0)
		return fault(reader, GZIP_CORRUPT, reader->position + 3, "Its header has flags that have no meaning.");
	length = header_length(header, len);
	if (length > GZIP_HEADER_MAX || (length == 0 && len > GZIP_HEADER_MAX))
		return fault(reader, GZIP_CORRUPT, reader->position, "Its header does not end.");
	if (length == 0)
		return wanting(reader);
	if ((header[3] & FLAG_HCRC) != 0 &&
		little_endian(header + length - 2, 2) != (crc32(0, header, length - 2) & 0xFFFF))
		return fault(reader, GZIP_CORRUPT, reader->position + length - 2, "Its header has another checksum.");
	move_to(reader, reader->position + length);
	state->phase = PHASE_BLOCKS;
	return GZIP_MOVED;
}

/* After a member: zeros, another member, or the end */
static GzipStatus
read_between(GzipReader *reader)
{
	size_t		position = reader->position;

	while (position < reader->len && reader->piece[position] == 0)
		position++;
	move_to(reader, position);
	if (position < reader->len)
		return read_header(reader);
	return reader->last ? GZIP_END : GZIP_MORE;
}

/* ---- Blocks ---- */

static void
inflate_resume(GzipReader *reader)
{
	GzipState  *state = reader->state;

	reader->inflating = true;
	if (reader->stream.state != NULL)
	{
		/* the member before was read in this call, so this one is at its start */
		inflateReset(&reader->stream);
		return;
	}
	reader->stream.zalloc = reader_alloc;
	reader->stream.zfree = reader_free;
	reader->stream.opaque = reader;
	inflateInit2(&reader->stream, -MAX_WBITS);
	if (state->bits > 0)
		inflatePrime(&reader->stream, state->bits, state->bits_value);
	if (state->window_len > 0)
		inflateSetDictionary(&reader->stream, state->window, state->window_len);
}

/* Room for one more chunk behind out clear bytes */
static bool
make_room(GzipReader *reader, size_t out)
{
	size_t		wanted = reader->reserve + out + CHUNK;

	if (out + CHUNK > GZIP_CLAIR_MAX)
		return false;
	if (wanted > reader->size)
	{
		size_t		most = reader->reserve + GZIP_CLAIR_MAX;

		reader->size = reader->size < most / 2 ? reader->size * 2 : most;
		reader->clair = reader->memory->resize(reader->memory->context, reader->clair, reader->size);
	}
	return true;
}

static bool
expands_too_much(const GzipReader *reader, size_t position, size_t out)
{
	uint64_t	octets = reader->state->octet + (position - reader->position);
	uint64_t	clair = reader->state->clair + (out - reader->clair_len);

	return clair > GZIP_RATIO_FROM && clair / GZIP_RATIO_MAX > octets;
}

/* The block that ends at position was whole: so many clear bytes are now certain */
static GzipStatus
end_block(GzipReader *reader, size_t position, size_t out)
{
	GzipState  *state = reader->state;
	size_t		length = out - reader->clair_len;

	state->crc = crc32(state->crc, (Bytef *) reader->clair + reader->reserve + reader->clair_len, length);
	state->clair += length;
	state->membre_clair += length;
	reader->clair_len = out;
	move_to(reader, position);
	state->bits = reader->stream.data_type & 7;
	if (reader->stream.data_type & 64)
	{
		state->phase = PHASE_TRAILER;
		state->bits = 0;
		reader->inflating = false;
	}
	/* a block takes 10 bits or more, so its last byte is in this piece */
	state->bits_value = state->bits > 0 ? reader->piece[position - 1] >> (8 - state->bits) : 0;
	return GZIP_MOVED;
}

static GzipStatus
read_block(GzipReader *reader)
{
	z_stream   *stream = &reader->stream;
	size_t		position = reader->position;
	size_t		out = reader->clair_len;

	if (!reader->inflating)
		inflate_resume(reader);
	for (;;)
	{
		size_t		given = reader->len - position;
		int			result;

		if (!make_room(reader, out))
			return fault(reader, GZIP_TOO_LARGE, position, NULL);
		stream->next_in = (Bytef *) reader->piece + position;
		stream->avail_in = given < INT32_MAX ? given : INT32_MAX;
		given = stream->avail_in;
		stream->next_out = (Bytef *) reader->clair + reader->reserve + out;
		stream->avail_out = CHUNK;
		result = inflate(stream, Z_BLOCK);
		position += given - stream->avail_in;
		out += CHUNK - stream->avail_out;
		if (result != Z_OK && result != Z_BUF_ERROR)
			return fault(reader, GZIP_CORRUPT, position, "A block of it cannot be decompressed.");
		if (expands_too_much(reader, position, out))
			return fault(reader, GZIP_EXPANDS, position, NULL);
		if (stream->data_type & 128)
			return end_block(reader, position, out);
		if (position == reader->len && stream->avail_out > 0)
			return wanting(reader);
	}
}

/* ---- Trailer ---- */

static GzipStatus
read_trailer(GzipReader *reader)
{
	GzipState  *state = reader->state;
	const unsigned char *trailer = reader->piece + reader->position;

	if (reader->len - reader->position < TRAILER_SIZE)
		return wanting(reader);
	if (little_endian(trailer, 4) != state->crc)
		return fault(reader, GZIP_MISMATCH, reader->position, "Its checksum (CRC-32) is another.");
	if (little_endian(trailer + 4, 4) != (uint32_t) state->membre_clair)
		return fault(reader, GZIP_MISMATCH, reader->position + 4, "Its size is another.");
	move_to(reader, reader->position + TRAILER_SIZE);
	state->phase = PHASE_BETWEEN;
	state->membres++;
	state->membre_clair = 0;
	state->crc = 0;
	return GZIP_MOVED;
}

GzipStatus
gzip_next(GzipReader *reader)
{
	switch (reader->state->phase)
	{
		case PHASE_START:
			if (reader->len == 0 && reader->last)
				return fault(reader, GZIP_NOT_GZIP, 0, NULL);
			return read_header(reader);
		case PHASE_BLOCKS:
			return read_block(reader);
		case PHASE_TRAILER:
			return read_trailer(reader);
		default:
			return read_between(reader);
	}
}

void
gzip_save(GzipReader *reader)
{
	GzipState  *state = reader->state;
	const char *end = reader->clair + reader->reserve + reader->clair_len;
	size_t		window = state->membre_clair < GZIP_WINDOW ? state->membre_clair : GZIP_WINDOW;

	if (state->phase != PHASE_BLOCKS)
		window = 0;
	if (window <= reader->clair_len)
		memcpy(state->window, end - window, window);
	else
	{
		size_t		kept = window - reader->clair_len;

		memmove(state->window, state->window + (state->window_len - kept), kept);
		memcpy(state->window + kept, end - reader->clair_len, reader->clair_len);
	}
	state->window_len = window;
}
