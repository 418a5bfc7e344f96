/*
 * record_prepare.h
 *	  A checked record, rewritten where json-c would lose something of it:
 *	  integers too long for it and NaN become strings, a backslash that begins
 *	  no escape is doubled, and of two equal keys the first is kept (json-c
 *	  keeps the last) while the other is reported.
 */
#ifndef SPASER_RECORD_PREPARE_H
#define SPASER_RECORD_PREPARE_H

#include "json_key.h"
#include "record.h"

#define DUPLICATES_MAX 50
#define DUPLICATE_PATH_MAX 128

/*
 * A member that was left out because its key had been there. Only those that
 * may be kept are here: in a field of the record, and of a buyer its id and
 * name alone.
 */
typedef struct DuplicateKey
{
	char		chemin[DUPLICATE_PATH_MAX];
	int			champ;			/* RecordField of the key at the top level */
	Slice		valeur;			/* its text */
} DuplicateKey;

typedef enum PrepareStatus
{
	PREPARE_OK,
	PREPARE_TOO_MANY_KEYS,		/* of one object */
	PREPARE_TOO_MANY_VALUES,
	PREPARE_NO_MEMORY
} PrepareStatus;

typedef struct Prepared
{
	char	   *data;			/* malloc'ed, as is keys */
	size_t		len;
	size_t		capacity;
	uint64_t   *keys;
	size_t		keys_capacity;
	DuplicateKey duplicates[DUPLICATES_MAX];
	int			nduplicates;
	int			duplicates_omis;	/* more than there is room for */
} Prepared;

/*
 * text: an object or array, passed by json_check_tolerant with every tolerance
 * and depth RECORD_DEPTH_MAX. The slices of the duplicates point into it.
 */
extern PrepareStatus record_prepare(Prepared *prepared, const char *text, size_t len);
extern void record_prepare_free(Prepared *prepared);

#endif							/* SPASER_RECORD_PREPARE_H */
