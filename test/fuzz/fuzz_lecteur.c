/*
 * fuzz_lecteur.c
 *	  Any bytes as a DECP document: the framer as a whole and in pieces, with
 *	  its real limit and with a small one, then every record, and the text that
 *	  would be kept of it.
 *
 * The first two bytes say how the document is cut; the rest is the document.
 * What is asserted are the promises of framer.h and record.h.
 */
#include "../unit/framer_small.h"
#include "promises.h"
#include "core/memory.h"
#include "core/record.h"

extern int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define KEEP_MAX 300

static Arena arena;
static CoreMemory memory;
static RecordReader *reader;

static void
assert_keepable(const char *text, size_t len)
{
	Slice		kept = record_text_keepable(&memory, text, len, KEEP_MAX);

	ASSERT(kept.data != NULL && kept.len <= KEEP_MAX);
	assert_text(kept);
}

static void
read_record(const char *doc, const Frame *frame)
{
	size_t		len = (size_t) frame->taille;
	char	   *copy = malloc(len);
	DecpContrat contrat;
	RecordError error;

	memcpy(copy, doc + frame->octet, len);
	if (record_read(reader, &memory, copy, len, frame->container, &contrat, &error))
		assert_contrat(&contrat);
	else
	{
		ASSERT(error.motif != NULL && error.octet <= len + 1);
		ASSERT(strlen(error.detail) > 1 && error.detail[strlen(error.detail) - 1] == '.');
	}
	assert_keepable(copy, len);
	free(copy);
	arena_reset(&arena);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint32_t	seed;
	FramerState state;

	if (reader == NULL)
	{
		memory = arena_memory(&arena);
		reader = record_reader_create();
	}
	if (size < 2)
		return 0;
	seed = data[0] + 256u * data[1];

	/* a state from outside that passes is one the framer can go on with */
	if (size >= sizeof(state))
	{
		Frame		frame;

		memcpy(&state, data, sizeof(state));
		if (framer_state_valid(&state))
			for (int i = 0; i < 1000; i++)
			{
				uint64_t	octet = state.octet;
				FramerStatus status = framer_next(&state, (const char *) data, size, true, &frame);

				ASSERT(state.octet >= octet && state.octet - octet <= size);
				if (status != FRAMER_RECORD && status != FRAMER_BAD)
					break;
			}
	}

	data += 2;
	size -= 2;
	run_framer(&framer_full, (const char *) data, size, seed, read_record);
	run_framer(&framer_small, (const char *) data, size, seed, NULL);
	if (size > 0)
	{
		Frame		frame = {.octet = 0, .taille = size};

		/* as if the whole were one record */
		read_record((const char *) data, &frame);
	}
	return 0;
}
