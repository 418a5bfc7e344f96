/*
 * json_key.h
 *	  Keys of DECP JSON as they are compared: producers write acheteur.id,
 *	  acheteur_id, acheteurId or "nom " for the same thing.
 */
#ifndef SPASER_JSON_KEY_H
#define SPASER_JSON_KEY_H

#include "slice.h"

#define JSON_KEY_MAX 64

/*
 * ASCII letters (lower-cased) and digits of a key, NUL-terminated. A key with
 * JSON_KEY_MAX of them or more is none of ours and folds to the empty string.
 */
extern size_t json_key_fold(const char *key, size_t len, char folded[JSON_KEY_MAX]);

#endif							/* SPASER_JSON_KEY_H */
