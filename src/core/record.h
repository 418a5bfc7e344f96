/*
 * record.h
 *	  From the text of one record to a DecpContrat. json-c parses it; nothing
 *	  is handed to json-c that a strict check of our own has not passed first.
 */
#ifndef SPASER_RECORD_H
#define SPASER_RECORD_H

#include "decp.h"
#include "framer.h"
#include "slice.h"

#define RECORD_DEPTH_MAX 64

typedef struct RecordReader RecordReader;

typedef struct RecordError
{
	const char *motif;			/* code for rejet.motif, static */
	char		detail[160];	/* English sentence, with a final period */
	size_t		octet;			/* offset in the record */
} RecordError;

/*
 * memory: for what the DecpContrat points to; the reader keeps no pointer into
 * it, so the caller may release it all after each record. json-c's own memory
 * belongs to the reader and goes with record_reader_destroy, which is safe at
 * any point, also after an allocator that did not return.
 */
extern RecordReader *record_reader_create(void);	/* NULL: out of memory */
extern void record_reader_destroy(RecordReader *reader);

/* Records come from a format without types (XML): numbers and booleans are texts, and that is no anomaly */
extern void record_reader_sans_types(RecordReader *reader);

/* False: not a usable record, error says why. The contract points into text's parse until the next call. */
extern bool record_read(RecordReader *reader, const CoreMemory *memory,
						const char *text, size_t len, FramerContainer container,
						DecpContrat *contrat, RecordError *error);

/*
 * The text of a record that is set aside, as it may be kept: personal data of
 * agents (nomAgent, emailAgent...) and e-mail addresses blanked, bytes that are
 * not UTF-8 and NUL written \xNN, at most max bytes. Works on broken JSON.
 */
extern Slice record_text_keepable(const CoreMemory *memory, const char *text, size_t len, size_t max);

#endif							/* SPASER_RECORD_H */
