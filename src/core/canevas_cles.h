/*
 * canevas_cles.h
 *	  Keys and escapes of a JSON text, as they are written.
 *
 * json-c silently keeps the last of two members of the same name and replaces
 * a surrogate that stands alone, which PostgreSQL's json refuses to read; so
 * this is looked at in the text itself.
 */
#ifndef SPASER_CANEVAS_CLES_H
#define SPASER_CANEVAS_CLES_H

#include "slice.h"

/* More members than any object of a canevas can have */
#define CLES_MAX 64

typedef enum ClesFault
{
	CLES_OK,
	CLES_DOUBLE,				/* the same key twice in an object */
	CLES_ECHAPPEE,				/* a key with an escape sequence */
	CLES_TROP,					/* an object with more than CLES_MAX keys */
	CLES_SURROGATE,				/* a surrogate escape without its other half */
	CLES_PROFONDEUR				/* deeper than profondeur_max */
} ClesFault;

#define CLES_PROFONDEUR_MAX 32

/*
 * texte has passed json_check. On a fault, cle is the key, between its quotes,
 * or begins where the fault is.
 */
extern ClesFault canevas_cles(Slice texte, Slice *cle);

#endif							/* SPASER_CANEVAS_CLES_H */
