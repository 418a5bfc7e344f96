/*
 * compte_paquet.c
 *	  Sorted cases in little room, to travel between processes.
 *
 * Of neighbours the difference of their keys is kept, less the low bits that are
 * zero in all of them; each number takes the bytes that it needs. A bilan of
 * 48 702 generated profils takes 8.5 bytes for each case of 32.
 *
 * One byte: how many low bits of the keys are left out. Then for each case two
 * bytes that say how many bytes the difference (0 to 16), the number less one
 * (0 to 8) and the centimes (0 to 8; the sign in the lowest bit) take, then
 * those. Lowest byte first throughout.
 */
#include "compte.h"

typedef unsigned __int128 Cle;

static inline Cle
case_cle(const CompteCase *c)
{
	return (Cle) c->cle[0] << 64 | c->cle[1];
}

static inline unsigned
octets_de(uint64_t n)
{
	return n == 0 ? 0 : (unsigned) (71 - __builtin_clzll(n)) / 8;
}

static inline uint64_t
petit_boutiste(uint64_t n)
{
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	return __builtin_bswap64(n);
#else
	return n;
#endif
}

/* Eight bytes are written and read whatever n is: those beyond it are not meant */
static inline void
ecrire(uint8_t *out, uint64_t n)
{
	n = petit_boutiste(n);
	memcpy(out, &n, sizeof(n));
}

static inline uint64_t
lire(const uint8_t *p, unsigned n)
{
	uint64_t	v;

	memcpy(&v, p, sizeof(v));
	return n == 0 ? 0 : petit_boutiste(v) & UINT64_MAX >> (64 - 8 * n);
}

static int
bits_nuls(const CompteCase *cases, uint32_t n)
{
	uint64_t	haut = 0;
	uint64_t	bas = 0;

	for (uint32_t i = 0; i < n; i++)
	{
		haut |= cases[i].cle[0];
		bas |= cases[i].cle[1];
	}
	return bas != 0 ? __builtin_ctzll(bas) : haut != 0 ? 64 + __builtin_ctzll(haut) : 0;
}

size_t
compte_emballer(const CompteCase *cases, uint32_t n, uint8_t *out)
{
	uint8_t    *p = out;
	int			decalage = bits_nuls(cases, n);
	Cle			avant = 0;

	*p++ = (uint8_t) decalage;
	for (uint32_t i = 0; i < n; i++)
	{
		Cle			cle = case_cle(&cases[i]) >> decalage;
		Cle			ecart = cle - avant;
		uint64_t	nombre = (uint64_t) cases[i].nombre - 1;
		uint64_t	centimes = (uint64_t) cases[i].centimes << 1 ^ (uint64_t) (cases[i].centimes >> 63);
		uint64_t	haut = (uint64_t) (ecart >> 64);
		unsigned	cle_octets = haut != 0 ? 8 + octets_de(haut) : octets_de((uint64_t) ecart);
		unsigned	nombre_octets = octets_de(nombre);
		unsigned	centimes_octets = octets_de(centimes);
		unsigned	tailles = cle_octets | nombre_octets << 5 | centimes_octets << 9;

		p[0] = (uint8_t) tailles;
		p[1] = (uint8_t) (tailles >> 8);
		p += 2;
		ecrire(p, (uint64_t) ecart);
		ecrire(p + 8, haut);
		p += cle_octets;
		ecrire(p, nombre);
		p += nombre_octets;
		ecrire(p, centimes);
		p += centimes_octets;
		avant = cle;
	}
	return (size_t) (p - out);
}

/* The case that begins at p, where COMPTE_PAQUET_MAX bytes can be read; its end, or NULL */
static inline const uint8_t *
lire_case(const uint8_t *p, int decalage, bool premiere, CompteCase *c)
{
	unsigned	tailles = p[0] | (unsigned) p[1] << 8;
	unsigned	cle_octets = tailles & 31;
	unsigned	nombre_octets = tailles >> 5 & 15;
	unsigned	centimes_octets = tailles >> 9;
	Cle			avant = premiere ? 0 : case_cle(c) >> decalage;
	Cle			ecart;
	Cle			cle;
	uint64_t	centimes;

	if (cle_octets > 16 || nombre_octets > 8 || centimes_octets > 8)
		return NULL;
	p += 2;
	ecart = lire(p, cle_octets < 8 ? cle_octets : 8);
	if (cle_octets > 8)
		ecart |= (Cle) lire(p + 8, cle_octets - 8) << 64;
	p += cle_octets;
	c->nombre = (int64_t) (lire(p, nombre_octets) + 1);
	p += nombre_octets;
	centimes = lire(p, centimes_octets);
	c->centimes = (int64_t) (centimes >> 1 ^ -(centimes & 1));
	cle = avant + ecart;
	if (c->nombre <= 0 || (premiere ? cle < avant : cle <= avant) || cle > ~(Cle) 0 >> decalage)
		return NULL;
	c->cle[0] = (uint64_t) (cle << decalage >> 64);
	c->cle[1] = (uint64_t) (cle << decalage);
	return p + centimes_octets;
}

static bool
paquet_ouvrir(ComptePaquet *paquet)
{
	const uint8_t *octets = paquet->octets;

	paquet->lus = 0;
	if (paquet->taille == 0 || octets[0] > 127)
		return false;
	paquet->p = octets + 1;
	return true;
}

/* The next one in paquet->c; false at the end, or (lus < n) where bytes are not a case */
static inline bool
paquet_suivant(ComptePaquet *paquet)
{
	size_t		la = (size_t) (paquet->octets + paquet->taille - paquet->p);
	uint8_t		reste[COMPTE_PAQUET_MAX];
	const uint8_t *debut = paquet->p;
	const uint8_t *suite;

	if (paquet->lus == paquet->n)
		return false;
	if (la < COMPTE_PAQUET_MAX)
	{
		memset(reste, 0, sizeof(reste));
		debut = memcpy(reste, paquet->p, la);
	}
	suite = lire_case(debut, paquet->octets[0], paquet->lus == 0, &paquet->c);
	if (suite == NULL || (size_t) (suite - debut) > la)
		return false;
	paquet->p += suite - debut;
	paquet->lus++;
	return true;
}

/* Was it read to its end, and nothing is behind? */
static bool
paquet_entier(const ComptePaquet *paquet)
{
	return paquet->lus == paquet->n && paquet->p == paquet->octets + paquet->taille;
}

/* The lowest key of those that come next */
static inline Cle
plus_basse(const ComptePaquet *const *ouverts, int k)
{
	Cle			cle = case_cle(&ouverts[0]->c);

	for (int i = 1; i < k; i++)
	{
		Cle			autre = case_cle(&ouverts[i]->c);

		cle = autre < cle ? autre : cle;
	}
	return cle;
}

static bool
ajouter(CompteCase *somme, const CompteCase *c)
{
	return !__builtin_add_overflow(somme->nombre, c->nombre, &somme->nombre) &&
		!__builtin_add_overflow(somme->centimes, c->centimes, &somme->centimes);
}

/* How often pause is called: once in so many cases */
#define PAUSE_MASQUE 0xFFFF

ComptePaquetFaute
compte_deballer(ComptePaquet *paquets, int k, CompteCase *cases, uint32_t *n, ComptePause pause)
{
	ComptePaquet *ouverts[COMPTE_PAQUETS];
	int			reste = 0;

	*n = 0;
	for (int i = 0; i < k; i++)
	{
		if (!paquet_ouvrir(&paquets[i]))
			return PAQUET_INVALIDE;
		if (paquet_suivant(&paquets[i]))
			ouverts[reste++] = &paquets[i];
	}
	while (reste > 0)
	{
		Cle			cle = plus_basse((const ComptePaquet *const *) ouverts, reste);
		CompteCase *somme = &cases[(*n)++];

		if (pause != NULL && (*n & PAUSE_MASQUE) == 0)
			pause();
		*somme = (CompteCase) {{(uint64_t) (cle >> 64), (uint64_t) cle}, 0, 0};
		for (int i = reste - 1; i >= 0; i--)
		{
			if (case_cle(&ouverts[i]->c) != cle)
				continue;
			if (!ajouter(somme, &ouverts[i]->c))
				return PAQUET_TROP_GRAND;
			if (!paquet_suivant(ouverts[i]))
				ouverts[i] = ouverts[--reste];
		}
	}
	for (int i = 0; i < k; i++)
	{
		if (!paquet_entier(&paquets[i]))
			return PAQUET_INVALIDE;
	}
	return PAQUET_BON;
}
