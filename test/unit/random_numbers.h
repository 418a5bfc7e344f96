/*
 * random_numbers.h
 *	  Random data for the unit tests: the same in every run.
 */
#ifndef SPASER_RANDOM_NUMBERS_H
#define SPASER_RANDOM_NUMBERS_H

#include <stdint.h>

static uint64_t random_state = 42;

static inline uint32_t
random32(void)
{
	random_state = random_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t) (random_state >> 32);
}

static inline uint32_t
random_below(uint32_t n)
{
	return (random32() >> 1) % n;
}

#endif							/* SPASER_RANDOM_NUMBERS_H */
