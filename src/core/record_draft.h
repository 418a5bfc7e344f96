/*
 * record_draft.h
 *	  A record between json-c's tree and the contract: its keys sorted into
 *	  fields. Private to record*.c.
 */
#ifndef SPASER_RECORD_DRAFT_H
#define SPASER_RECORD_DRAFT_H

#include "record_field.h"
#include "record_list.h"
#include "record_prepare.h"

struct RecordReader
{
	json_tokener *tokener;
	json_object *root;
	json_object *unfolded[F_COUNT];	/* structures that were written as texts */
	Prepared	prepared;
	bool		sans_types;
};

/* The record while it is read: the node of each field, NULL if absent */
typedef struct Draft
{
	RecordContext ctx;
	RecordReader *reader;
	json_object *fields[F_COUNT];
	json_object *flat[FLAT_TITULAIRES_MAX][FLAT_PARTS];
	bool		version_2_0_0;	/* the shape of draft 2.0.0: lists without wrapper */
} Draft;

#define FIELD(f) ((Chemin) {NULL, record_fields[f].nom, -1})

/* record.c: checked and parsed, or NULL and why */
extern json_object *record_parse(RecordReader *reader, const char *text, size_t len,
								 RecordError *error);

/* record_draft.c: which node is which field, and what the whole is */
extern void draft_sort_keys(Draft *draft, json_object *root);
extern bool draft_is_concession(const Draft *draft, FramerContainer container);
extern int	draft_format(const Draft *draft, FramerContainer container);

/*
 * Trimmed text of a buyer's id or name, as it may be stored. False if it is no
 * text or number, or holds e-mail addresses or a structure: a list of agents
 * that could not be read must not pass for a name.
 */
extern bool buyer_text_kept(RecordContext *ctx, json_object *node, Slice *text);

/* Is there anything in it? Empty objects and lists say nothing */
extern bool node_filled(json_object *node);

/* record_fill.c: reads every field into the contract */
extern void draft_read(Draft *draft);

#endif							/* SPASER_RECORD_DRAFT_H */
