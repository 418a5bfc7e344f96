/*
 * record_list.h
 *	  Lists of a DECP record, however they are wrapped. Private to record*.c.
 */
#ifndef SPASER_RECORD_LIST_H
#define SPASER_RECORD_LIST_H

#include "record_value.h"

/*
 * Member of an object whose key folds to name, or begins with it; false if
 * there is none that is not null. An object is searched in its own order.
 */
extern bool object_member(json_object *object, const char *name, json_object **value);
extern bool object_member_prefix(json_object *object, const char *prefix, json_object **value);

/* A holder from its three values; without any of them it is none (false) */
extern bool titulaire_make(RecordContext *ctx, const Chemin *chemin, json_object *type,
						   json_object *id, json_object *nom, DecpTitulaire *titulaire);

/*
 * Distinct holders of one list. Each is compared with the others, so their
 * number is bounded: a record with more is refused. Frameworks have dozens.
 */
#define TITULAIRES_MAX 1000

typedef struct TitulaireList
{
	DecpTitulaire *items;
	int			count;
	int			capacity;
} TitulaireList;

extern void titulaires_add(RecordContext *ctx, TitulaireList *list, DecpTitulaire titulaire);
extern void titulaires_read(RecordContext *ctx, const Chemin *chemin, json_object *node,
							TitulaireList *list);

/* wrapper: folded name of the key around the values */
extern void labels_read(RecordContext *ctx, const Chemin *chemin, json_object *node,
						const char *wrapper, Nomenclature nomenclature, SliceList *list);
extern void labels_add(RecordContext *ctx, SliceList *list, Slice label);

extern void modifications_read(RecordContext *ctx, const Chemin *chemin, json_object *node);
extern void actes_read(RecordContext *ctx, const Chemin *chemin, json_object *node);
extern void modifications_actes_read(RecordContext *ctx, const Chemin *chemin, json_object *node);
extern void donnees_execution_read(RecordContext *ctx, const Chemin *chemin, json_object *node);

#endif							/* SPASER_RECORD_LIST_H */
