/*
 * json_python.h
 *	  Lists that a Python program printed in place of JSON, which some exports
 *	  hold: [{'id': 'L\'un', 'montant': None}].
 */
#ifndef SPASER_JSON_PYTHON_H
#define SPASER_JSON_PYTHON_H

#include "slice.h"

/*
 * Writes at most 2 * text.len bytes to out and returns their number. Quotes,
 * None, True, False and Python's escapes become JSON's; the rest is copied, so
 * what comes out is still to be checked.
 */
extern size_t json_from_python(Slice text, char *out);

#endif							/* SPASER_JSON_PYTHON_H */
