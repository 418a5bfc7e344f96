/*
 * slice.h
 *	  Text slices and memory for the core, which knows nothing of PostgreSQL.
 *
 * The core never frees what it allocates: it is given an allocator that either
 * returns memory or does not return at all (the backend's raises an error, the
 * test programs' aborts), and whoever gave it releases everything at once.
 */
#ifndef SPASER_SLICE_H
#define SPASER_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* A run of bytes that is not ours and not NUL-terminated; data NULL = absent */
typedef struct Slice
{
	const char *data;
	size_t		len;
} Slice;

#define SLICE_NONE ((Slice) {NULL, 0})
#define SLICE_LITERAL(s) ((Slice) {(s), sizeof(s) - 1})

typedef struct SliceList
{
	Slice	   *items;
	int			count;
	bool		present;		/* false: the list is absent (not merely empty) */
} SliceList;

/* alloc(): never returns NULL; realloc_(): old may be NULL */
typedef struct CoreMemory
{
	void	   *(*alloc) (void *context, size_t size);
	void	   *(*resize) (void *context, void *old, size_t size);
	void	   *context;
} CoreMemory;

static inline Slice
slice_from(const char *cstring)
{
	return (Slice) {cstring, cstring ? strlen(cstring) : 0};
}

static inline bool
slice_equal(Slice a, Slice b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

static inline bool
slice_is(Slice a, const char *cstring)
{
	return a.data != NULL && slice_equal(a, slice_from(cstring));
}

static inline bool
slice_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Without JSON's blanks at its ends */
static inline Slice
slice_trim(Slice text)
{
	while (text.len > 0 && slice_blank(text.data[0]))
		text = (Slice) {text.data + 1, text.len - 1};
	while (text.len > 0 && slice_blank(text.data[text.len - 1]))
		text.len--;
	return text;
}

#endif							/* SPASER_SLICE_H */
