/*
 * record_personal.h
 *	  Characters and names as they read in any text, also in JSON inside JSON,
 *	  and which names are those of agents' personal data. Private to record*.c.
 */
#ifndef SPASER_RECORD_PERSONAL_H
#define SPASER_RECORD_PERSONAL_H

#include "slice.h"

/* One character, its escape undone: \" and \\\" are quotes, \u0041 is A, \n a blank */
typedef struct Unit
{
	uint32_t	code;
	size_t		len;			/* bytes in the text, at least 1 */
	int			slashes;		/* backslashes before it */
} Unit;

/* p < end; a byte that is no UTF-8 stands for itself */
extern Unit unit_at(const char *p, const char *end);

extern bool unit_is_quote(Unit unit);
extern bool unit_is_blank(Unit unit);

/* Part of a name or of an e-mail address: letters, digits and _ . - + % */
extern bool unit_is_word(Unit unit);

/*
 * Does the name hold one of those of personal data? Spelled in any way:
 * nom_agent, "Téléphone (bureau)", acheteur.emailAgent, nom\u0041gent.
 */
extern bool name_is_personal(const char *name, const char *end);

/* The same, and nothing but a key is written like that: nomAgent, not "agent" */
extern bool name_is_distinct(const char *name, const char *end);

/* A telephone number may follow such a name without any sign between them */
extern bool name_is_telephone(const char *name, const char *end);

#endif							/* SPASER_RECORD_PERSONAL_H */
