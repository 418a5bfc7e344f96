/*
 * fuzz_xml.c
 *	  Any bytes as a DECP XML document: the framer as a whole and in pieces,
 *	  with its real limits and with small ones, then every record, and the text
 *	  that would be kept of it.
 *
 * The first two bytes say how the document is cut; the rest is the document.
 * What is asserted are the promises of framer.h, xml_framer.h and xml_record.h.
 */
#include "../unit/xml_small.h"
#include "promises.h"
#include "core/memory.h"
#include "core/xml_record.h"
#include "core/xml_tree.h"

extern int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define KEEP_MAX 300

static Arena arena;
static CoreMemory memory;
static RecordReader *reader;
static XmlTree *tree;

static void
read_record(const char *doc, const Frame *frame)
{
	size_t		len = (size_t) frame->taille;
	char	   *copy = malloc(len);
	Frame		alone = *frame;
	DecpContrat contrat;
	RecordError error;
	Slice		kept;

	memcpy(copy, doc + frame->octet, len);
	alone.debut = copy;
	if (xml_record_read(tree, reader, &memory, &alone, &contrat, &error))
	{
		assert_contrat(&contrat);
		assert_text(contrat.encodage);
	}
	else
	{
		ASSERT(error.motif != NULL && error.octet <= len);
		assert_text(slice_from(error.detail));
		ASSERT(strlen(error.detail) > 1 && error.detail[strlen(error.detail) - 1] == '.');
	}
	kept = xml_text_keepable(&memory, copy, len, KEEP_MAX);
	ASSERT(kept.data != NULL && kept.len <= KEEP_MAX);
	assert_text(kept);
	free(copy);
	arena_reset(&arena);
}

/* A state from outside that passes is one the framer can go on with */
static void
go_on(const char *data, size_t size)
{
	FramerState state;
	Frame		frame;

	memcpy(&state, data, sizeof(state));
	state.version = XML_FRAMER_STATE_VERSION;
	if (!xml_framer_state_valid(&state))
		return;
	for (int i = 0; i < 1000; i++)
	{
		uint64_t	octet = state.octet;
		FramerStatus status = xml_framer_next(&state, data, size, true, &frame);

		ASSERT(state.octet >= octet && state.octet - octet <= size);
		if (status != FRAMER_RECORD && status != FRAMER_BAD)
			break;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *doc = (const char *) data + 2;
	uint32_t	seed;

	if (reader == NULL)
	{
		memory = arena_memory(&arena);
		reader = record_reader_create();
		tree = xml_tree_create();
	}
	if (size < 2)
		return 0;
	seed = data[0] + 256u * data[1];
	if (size >= sizeof(FramerState))
		go_on((const char *) data, size);

	size -= 2;
	run_framer(&xml_full, doc, size, seed, read_record);
	run_framer(&xml_small, doc, size, seed, NULL);
	if (size > 0)
	{
		Frame		frame = {.taille = size,.disponible = size,.latin = (seed & 1) != 0};

		/* as if the whole were one record */
		read_record(doc, &frame);
	}
	return 0;
}
