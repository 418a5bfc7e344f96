/*
 * alea.h
 *	  Pseudo-random numbers of the sample generator (splitmix64): the same on
 *	  every machine, and one independent stream per contract and purpose, so
 *	  that any contract can be drawn again without drawing those before it.
 */
#ifndef GEN_ALEA_H
#define GEN_ALEA_H

#include <stdint.h>

typedef struct Alea
{
	uint64_t	etat;
} Alea;

static inline uint64_t
alea_melange(uint64_t x)
{
	x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
	return x ^ (x >> 31);
}

static inline Alea
alea_flux(uint64_t graine, uint64_t numero, uint64_t usage)
{
	Alea		a;

	a.etat = alea_melange(graine * UINT64_C(0x9e3779b97f4a7c15) +
						  alea_melange(numero * 16 + usage + 1));
	return a;
}

static inline uint64_t
alea_64(Alea *a)
{
	a->etat += UINT64_C(0x9e3779b97f4a7c15);
	return alea_melange(a->etat);
}

/* Uniform in 0..n-1 (n > 0) */
static inline uint32_t
alea_n(Alea *a, uint32_t n)
{
	return (uint32_t) (((alea_64(a) >> 32) * n) >> 32);
}

/* Uniform in a..b */
static inline int
alea_entre(Alea *a, int bas, int haut)
{
	return bas + (int) alea_n(a, (uint32_t) (haut - bas + 1));
}

/* True with probability p per mille */
static inline int
alea_mille(Alea *a, uint32_t p)
{
	return alea_n(a, 1000) < p;
}

/* Index drawn with the given weights, whose sum is 1000 */
static inline int
alea_poids(Alea *a, const uint16_t *poids, int n)
{
	int			u = (int) alea_n(a, 1000);
	int			i = 0;

	while (i < n - 1 && u >= poids[i])
		u -= poids[i++];
	return i;
}

#define ALEA_POIDS(a, t) alea_poids((a), (t), (int) (sizeof(t) / sizeof((t)[0])))
#define ALEA_PARMI(a, t) ((t)[alea_n((a), (uint32_t) (sizeof(t) / sizeof((t)[0])))])

#endif							/* GEN_ALEA_H */
