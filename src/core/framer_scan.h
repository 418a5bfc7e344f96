/*
 * framer_scan.h
 *	  How the framer finds the end of a value and tells what an object is.
 *	  Private to framer*.c.
 */
#ifndef SPASER_FRAMER_SCAN_H
#define SPASER_FRAMER_SCAN_H

#include "framer.h"

/* How a value ends */
enum
{
	VALUE_NESTED,				/* with the bracket that closes it */
	VALUE_SCALAR,				/* before a comma or a closing bracket that is not its own */
	VALUE_LINE,					/* with the line */
	VALUE_COUNT
};

enum
{
	LEX_OUT,
	LEX_STRING,
	LEX_ESCAPE,
	LEX_AFTER					/* behind the quote that closed a string, or did not */
};

/* A value that is being passed; begins as {.lex = LEX_OUT, .kind = kind} */
typedef struct Scan
{
	unsigned	lex;
	unsigned	kind;
	uint64_t	depth;
	bool		broken;			/* no JSON: brackets may have been miscounted */
} Scan;

/* End of a value, or NULL when the buffer ends first; scan can go on later */
extern const char *scan_value(Scan *scan, const char *p, const char *end);

/* Bytes in which the end of a broken record is looked for; few hold more */
#define BROKEN_SPAN ((ptrdiff_t) (FRAMER_RECORD_MAX < 32768 ? FRAMER_RECORD_MAX : 32768))

/* Objects that are looked at to find it, and how far each: they bound its cost */
#define BROKEN_OBJECTS_MAX 64
#define BROKEN_OBJECT_SIZE 4096

/* Behind the first brace that closes with a record opening behind it, or NULL */
extern const char *scan_broken_end(const char *p, const char *end);

/* VALUE_NESTED or VALUE_SCALAR */
extern unsigned scan_kind(char first);

extern bool scan_is_space(char c);
extern const char *scan_space(const char *p, const char *end);

/* Behind the closing quote of the key whose opening quote is at p, or NULL */
extern const char *scan_key(const char *p, const char *end);

/* "marche" or "contrat-concession", folded */
extern bool scan_is_list_key(const char *folded);

typedef enum Decision
{
	DECIDE_WRAPPER,
	DECIDE_RECORD,
	DECIDE_NEITHER,				/* it ended, or broke, and none of its keys tells */
	DECIDE_MORE
} Decision;

/*
 * What the object at p is, from its keys; root: it may be {"marches":...}.
 * Looks no further than FRAMER_RECORD_MAX bytes: an object that has not told
 * by then is no record.
 */
extern Decision scan_classify(const char *p, const char *end, bool root);

#endif							/* SPASER_FRAMER_SCAN_H */
