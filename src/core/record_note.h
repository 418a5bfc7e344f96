/*
 * record_note.h
 *	  Anomalies that are only seen while a record is read: how its values are
 *	  written, and what is not there. Private to record*.c.
 */
#ifndef SPASER_RECORD_NOTE_H
#define SPASER_RECORD_NOTE_H

#include "record_draft.h"

/* texte: as published; what may not be kept of it is blanked */
extern void noter(RecordContext *ctx, RegleId regle, const Chemin *chemin, Slice texte);

/* A scalar that is not written in its JSON type; nothing where the source has no types */
extern void noter_type(RecordContext *ctx, const Chemin *chemin, json_object *node, RegleId regle);

/* date: what was made of the text */
extern void noter_date(RecordContext *ctx, const Chemin *chemin, Slice texte, int32_t date);

/* An identifier of that many bytes was left of the text of node */
extern void noter_nettoyage(RecordContext *ctx, const Chemin *chemin, json_object *node, size_t reste);

/* Official label, or the text as published when it is in no list; and what is wrong with it */
extern Slice noter_label(RecordContext *ctx, const Chemin *chemin, Nomenclature list, Slice text);

/* The identifier of a holder or subcontractor */
extern void noter_titulaire(RecordContext *ctx, const Chemin *chemin, const DecpTitulaire *titulaire);

/* A required member of an object that is absent, or a word for that */
extern void noter_absence(RecordContext *ctx, const Chemin *objet, const char *champ, json_object *node);

/* The same for the fields of the record, once it is read */
extern void noter_absences(Draft *draft);

#endif							/* SPASER_RECORD_NOTE_H */
