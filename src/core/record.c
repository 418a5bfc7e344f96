/*
 * record.c
 *	  From the text of one record to a DecpContrat.
 *
 * Checked (json_check), decoded if it is no UTF-8, rewritten where json-c would
 * lose something (record_prepare), parsed, its keys sorted into fields, and only
 * then read: whether it is a marché or a concession says which fields count.
 */
#include <stdio.h>
#include <stdlib.h>

#include "json_check.h"
#include "record_note.h"
#include "validation.h"
#include "windows1252.h"

#define TOLERANCES (JSON_ALLOW_NONFINITE | JSON_ALLOW_CONTROL | JSON_ALLOW_ESCAPE)

/* ---- reader ---- */

RecordReader *
record_reader_create(void)
{
	RecordReader *reader = calloc(1, sizeof(RecordReader));

	if (reader == NULL)
		return NULL;
	/* json-c counts scalars as a level of their own */
	reader->tokener = json_tokener_new_ex(RECORD_DEPTH_MAX + 2);
	if (reader->tokener == NULL)
	{
		free(reader);
		return NULL;
	}
	return reader;
}

void
record_reader_sans_types(RecordReader *reader)
{
	reader->sans_types = true;
}

static void
reader_forget(RecordReader *reader)
{
	json_object_put(reader->root);
	reader->root = NULL;
	for (int f = 0; f < F_COUNT; f++)
	{
		json_object_put(reader->unfolded[f]);
		reader->unfolded[f] = NULL;
	}
}

void
record_reader_destroy(RecordReader *reader)
{
	reader_forget(reader);
	record_prepare_free(&reader->prepared);
	json_tokener_free(reader->tokener);
	free(reader);
}

static bool
refuse(RecordError *error, const char *motif, size_t octet, const char *detail)
{
	error->motif = motif;
	error->octet = octet;
	snprintf(error->detail, sizeof(error->detail), "%s.", detail);
	if (error->detail[0] >= 'a' && error->detail[0] <= 'z')
		error->detail[0] = (char) (error->detail[0] - ('a' - 'A'));
	return false;
}

static const char *
fault_motif(JsonFaultCode code)
{
	switch (code)
	{
		case JSON_FAULT_NUL:
			return "nul";
		case JSON_FAULT_DEPTH:
			return "profondeur";
		default:
			return "json";
	}
}

/* What json-c may see: passed by the checker. bytes: some are no UTF-8. */
static bool
record_check(const char *text, size_t len, bool *bytes, RecordError *error)
{
	JsonFault	fault;

	*bytes = false;
	if (len > FRAMER_RECORD_MAX)
		return refuse(error, "trop_grand", 0, "the record is too large");
	if (!json_check_tolerant(text, len, RECORD_DEPTH_MAX, TOLERANCES, &fault))
	{
		*bytes = (fault.code == JSON_FAULT_UTF8);
		if (!*bytes || !json_check_tolerant(text, len, RECORD_DEPTH_MAX,
											TOLERANCES | JSON_ALLOW_BYTES, &fault))
			return refuse(error, fault_motif(fault.code), fault.octet, fault.motif);
	}
	/* what follows counts on a bracket at the end */
	if (strchr("{[", text[strspn(text, " \t\r\n")]) == NULL)
		return refuse(error, "pas_un_objet", 0, "a record is a JSON object");
	return true;
}

/* text: passed by record_check, and UTF-8 */
static json_object *
parse_checked(RecordReader *reader, const char *text, size_t len, RecordError *error)
{
	PrepareStatus status = record_prepare(&reader->prepared, text, len);
	json_object *root;

	if (status != PREPARE_OK)
	{
		if (status == PREPARE_NO_MEMORY)
			refuse(error, "memoire", 0, "out of memory");
		else if (status == PREPARE_TOO_MANY_VALUES)
			refuse(error, "trop_de_valeurs", 0, "the record has too many values");
		else
			refuse(error, "trop_de_cles", 0, "an object has too many keys");
		return NULL;
	}

	json_tokener_reset(reader->tokener);
	/* the NUL behind the text tells json-c that a number ends with it */
	root = json_tokener_parse_ex(reader->tokener, reader->prepared.data,
								 (int) reader->prepared.len + 1);
	if (json_tokener_get_error(reader->tokener) != json_tokener_success)
	{
		refuse(error, "json", json_tokener_get_parse_end(reader->tokener),
			   json_tokener_error_desc(json_tokener_get_error(reader->tokener)));
		json_object_put(root);
		return NULL;
	}
	return root;
}

json_object *
record_parse(RecordReader *reader, const char *text, size_t len, RecordError *error)
{
	bool		bytes;

	if (!record_check(text, len, &bytes, error) || bytes)
		return NULL;
	return parse_checked(reader, text, len, error);
}

/*
 * The same for a record as it stands in a document. What is no UTF-8 is taken
 * for Windows-1252, byte by byte: files in that encoding are published, and
 * files joined from several are in both.
 */
static json_object *
record_parse_bytes(RecordReader *reader, const CoreMemory *memory, const char *text, size_t len,
				   DecpContrat *contrat, RecordError *error)
{
	bool		bytes;

	if (!record_check(text, len, &bytes, error))
		return NULL;
	if (bytes)
	{
		char	   *decoded = memory->alloc(memory->context, len * WINDOWS1252_GROWTH);

		len = windows1252_to_utf8(text, len, decoded);
		text = decoded;
		contrat->encodage = SLICE_LITERAL("windows-1252");
	}
	return parse_checked(reader, text, len, error);
}

/* ---- interface ---- */

bool
record_read(RecordReader *reader, const CoreMemory *memory, const char *text, size_t len,
			FramerContainer container, DecpContrat *contrat, RecordError *error)
{
	Draft		draft = {
		.ctx = {.memory = memory,.contrat = contrat,.sans_types = reader->sans_types,
		.releve = {.memory = memory,.contrat = contrat}},
		.reader = reader
	};

	memset(contrat, 0, sizeof(*contrat));
	memset(error, 0, sizeof(*error));
	contrat->duree_mois = contrat->offres_recues = INT_NONE;
	contrat->date_notification = contrat->date_publication_donnees =
		contrat->date_debut_execution = DATE_NONE;
	reader_forget(reader);

	reader->root = record_parse_bytes(reader, memory, text, len, contrat, error);
	if (reader->root == NULL)
		return false;
	if (!json_object_is_type(reader->root, json_type_object))
		return refuse(error, "pas_un_objet", 0, "a record is a JSON object");

	draft_sort_keys(&draft, reader->root);
	contrat->concession = draft_is_concession(&draft, container);
	contrat->format_decp = draft_format(&draft, container);
	draft_read(&draft);
	bruts_finish(&draft.ctx);
	if (draft.ctx.refus != NULL)
		return refuse(error, draft.ctx.refus, 0, "a list has too many elements");
	if (contrat->nchamps == 0)
		return refuse(error, "pas_un_contrat", 0, "no field of a contract has a value");
	noter_absences(&draft);
	contrat_valider(&draft.ctx.releve);
	return true;
}
