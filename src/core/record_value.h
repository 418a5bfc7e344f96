/*
 * record_value.h
 *	  Values of a DECP record: from what json-c parsed to texts, dates,
 *	  decimals and labels. Private to record*.c.
 *
 * Every reader takes any JSON type. A value that is there and can't be read
 * goes to the contract's bruts, under its path.
 */
#ifndef SPASER_RECORD_VALUE_H
#define SPASER_RECORD_VALUE_H

#include <json-c/json.h>

#include "anomalie.h"
#include "nomenclature.h"
#include "record.h"

/* The last entry says how many more there were, when there were */
#define BRUTS_MAX 50
#define BRUT_TEXTE_MAX 500

/* Bytes: what is longer identifies nothing, and could not be indexed */
#define IDENTIFIANT_MAX 255

typedef struct RecordContext
{
	const CoreMemory *memory;
	DecpContrat *contrat;
	const char *refus;			/* why the record can't be used after all, or NULL */
	int			bruts_omis;		/* values that found no room in bruts */
	bool		sans_types;		/* the source has texts only, as XML: a number may be one */
	Releve		releve;
} RecordContext;

/* Where a value stands, innermost first. Elements of lists are numbered from 0, unwrapped. */
typedef struct Chemin
{
	const struct Chemin *parent;
	const char *nom;			/* of a field; NULL: an element */
	int			index;
} Chemin;

/* null, or a text that says that there is nothing ("", "NC", "nan"...) */
extern bool value_absent(json_object *node);

/* null, or a text that an export writes for null: "NC" is not one */
extern bool value_null(json_object *node);

/*
 * Both keep what record_text_keepable lets through. Of equal paths the later
 * ones are numbered: "titulaires (2)", "montant (double 2)".
 */
extern void brut_texte(RecordContext *ctx, const Chemin *chemin, Slice texte);
extern void brut_node(RecordContext *ctx, const Chemin *chemin, json_object *node);

/* The same where the anomaly is another than a value that can't be read */
extern void brut_node_regle(RecordContext *ctx, const Chemin *chemin, json_object *node, RegleId regle);

/* A path as a text that lasts as long as the contract */
extern Slice chemin_texte(RecordContext *ctx, const Chemin *chemin);

/* Once all is read: the entry that says how many found no room */
extern void bruts_finish(RecordContext *ctx);

/* Free text, identifiers of contracts: trimmed, numbers as they were written */
extern Slice value_text(RecordContext *ctx, const Chemin *chemin, json_object *node);

/* A code: a text that also knows the ministry's MQ, CDL and INX marks */
extern Slice value_code(RecordContext *ctx, const Chemin *chemin, json_object *node);

/* Does the text bear such a mark? What stands behind INX is kept in bruts. */
extern bool text_marked(RecordContext *ctx, const Chemin *chemin, Slice text);

/* Is the text a word for nothing: "", NC, nan...? */
extern bool text_absent(Slice text);

/* Identifier of a contract: a text of at most IDENTIFIANT_MAX bytes */
extern Slice value_id(RecordContext *ctx, const Chemin *chemin, json_object *node);

/* Identifier of a buyer or holder, cleaned, in capitals, of whatever length */
extern Slice value_identifiant(RecordContext *ctx, const Chemin *chemin, json_object *node);
extern Slice value_cpv(RecordContext *ctx, const Chemin *chemin, json_object *node);

/* Official label, or the text as published */
extern Slice value_label(RecordContext *ctx, const Chemin *chemin, json_object *node,
						 Nomenclature list);

extern Slice value_decimal(RecordContext *ctx, const Chemin *chemin, json_object *node);
extern int	value_months(RecordContext *ctx, const Chemin *chemin, json_object *node);
extern int	value_count(RecordContext *ctx, const Chemin *chemin, json_object *node);
extern int32_t value_date(RecordContext *ctx, const Chemin *chemin, json_object *node);
extern Trilean value_trilean(RecordContext *ctx, const Chemin *chemin, json_object *node);

/* Text of a scalar node; false for null, arrays and objects */
extern bool node_slice(json_object *node, Slice *text);
extern bool slice_all_digits(Slice text);
extern bool slice_is_nocase(Slice text, const char *lower);

#endif							/* SPASER_RECORD_VALUE_H */
