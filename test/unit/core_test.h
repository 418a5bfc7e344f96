/*
 * core_test.h
 *	  What the unit tests of the reader share: counting, and an expected text
 *	  against the one found.
 */
#ifndef SPASER_CORE_TEST_H
#define SPASER_CORE_TEST_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int	core_passed;
static int	core_failed;

static inline void
check(const char *name, int condition, const char *why)
{
	if (condition)
		core_passed++;
	else
	{
		core_failed++;
		printf("not ok: %s: %s\n", name, why);
	}
}

static inline void
check_text(const char *name, const char *found, const char *expected)
{
	if (strcmp(found, expected) == 0)
		core_passed++;
	else
	{
		core_failed++;
		printf("not ok: %s\n  expected %s\n  found    %s\n", name, expected, found);
	}
}

static inline int
check_end(void)
{
	printf("%d passed, %d failed\n", core_passed, core_failed);
	return core_failed > 0;
}

#endif							/* SPASER_CORE_TEST_H */
