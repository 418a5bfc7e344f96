/*
 * montant.c
 *	  Amounts as decimal text, and the rule sets that judge them.
 */
#include "montant.h"

/* Above this, one digit repeated too often is a keyboard, not a price */
#define REPEAT_ABOVE UINT64_C(100000000)
#define REPEAT_MAX 6

/* Amounts of fewer digits may well be 11 or 5555 */
#define REPETE_CHIFFRES 8

#define MINISTERE_MIN UINT64_C(1)
#define MINISTERE_MAX_MARCHE UINT64_C(3000000000)
#define MINISTERE_MAX_CONCESSION UINT64_C(15000000000)
#define DECP_QUALITE_MIN UINT64_C(200)
#define DECP_QUALITE_MAX UINT64_C(999999999)

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool
montant_lire(Slice texte, Montant *m)
{
	size_t		i = 0;

	*m = (Montant) {0};
	if (texte.data == NULL)
		return false;
	if (texte.len > 0 && texte.data[0] == '-')
	{
		m->negative = true;
		texte.data++, texte.len--;
	}
	if (slice_is(texte, "Infinity") || (!m->negative && slice_is(texte, "NaN")))
	{
		m->special = true;
		return true;
	}
	while (i < texte.len && is_digit(texte.data[i]))
		i++;
	m->entier = (Slice) {texte.data, i};
	if (i < texte.len && texte.data[i] == '.')
	{
		size_t		start = ++i;

		while (i < texte.len && is_digit(texte.data[i]))
			i++;
		m->decimales = (Slice) {texte.data + start, i - start};
	}
	if (i != texte.len || m->entier.len == 0)
		return false;
	while (m->entier.len > 0 && m->entier.data[0] == '0')
		m->entier.data++, m->entier.len--;
	while (m->decimales.len > 0 && m->decimales.data[m->decimales.len - 1] == '0')
		m->decimales.len--;
	return true;
}

int
montant_compare(const Montant *m, uint64_t euros)
{
	uint64_t	n = 0;

	if (m->negative && (m->entier.len > 0 || m->decimales.len > 0))
		return -1;
	if (m->entier.len > 18)
		return 1;				/* no bound here has as many digits */
	for (size_t i = 0; i < m->entier.len; i++)
		n = n * 10 + (uint64_t) (m->entier.data[i] - '0');
	if (n != euros)
		return n < euros ? -1 : 1;
	return m->decimales.len > 0 ? 1 : 0;
}

/* The same without their signs */
static int
ordre_absolu(const Montant *a, const Montant *b)
{
	size_t		len = a->decimales.len < b->decimales.len ? a->decimales.len : b->decimales.len;
	int			cmp;

	if (a->entier.len != b->entier.len)
		return a->entier.len < b->entier.len ? -1 : 1;
	cmp = a->entier.len > 0 ? memcmp(a->entier.data, b->entier.data, a->entier.len) : 0;
	if (cmp == 0 && len > 0)
		cmp = memcmp(a->decimales.data, b->decimales.data, len);
	/* what has more decimals is larger, for none ends in zeros */
	if (cmp == 0 && a->decimales.len != b->decimales.len)
		cmp = a->decimales.len < b->decimales.len ? -1 : 1;
	return cmp;
}

int
montant_ordre(const Montant *a, const Montant *b)
{
	bool		a_negatif = a->negative && (a->entier.len > 0 || a->decimales.len > 0);
	bool		b_negatif = b->negative && (b->entier.len > 0 || b->decimales.len > 0);

	if (a_negatif != b_negatif)
		return a_negatif ? -1 : 1;
	return a_negatif ? -ordre_absolu(a, b) : ordre_absolu(a, b);
}

/* A digit other than 0 and 6 more often than REPEAT_MAX times */
static bool
repeated_digit(const Montant *m)
{
	size_t		times[10] = {0};

	for (size_t i = 0; i < m->entier.len; i++)
		times[m->entier.data[i] - '0']++;
	for (size_t i = 0; i < m->decimales.len; i++)
		times[m->decimales.data[i] - '0']++;
	for (int d = 1; d < 10; d++)
	{
		if (d != 6 && times[d] > REPEAT_MAX)
			return true;
	}
	return false;
}

MontantDefaut
montant_defaut_ministere(const Montant *m, bool concession)
{
	if (montant_compare(m, MINISTERE_MIN) < 0)
		return MONTANT_TROP_PETIT;
	if (montant_compare(m, concession ? MINISTERE_MAX_CONCESSION : MINISTERE_MAX_MARCHE) > 0)
		return MONTANT_TROP_GRAND;
	if (m->entier.len >= 9 && memcmp(m->entier.data, "123456789", 9) == 0)
		return MONTANT_SUITE;
	if (montant_compare(m, REPEAT_ABOVE) > 0 && repeated_digit(m))
		return MONTANT_FREQUENT;
	return MONTANT_JUSTE;
}

bool
montant_chiffre_repete(const Montant *m)
{
	size_t		run = 0;
	size_t		longest = 0;

	if (m->entier.len < REPETE_CHIFFRES)
		return false;
	for (size_t i = 0; i < m->entier.len; i++)
	{
		bool		again = i > 0 && m->entier.data[i] == m->entier.data[i - 1];

		run = m->entier.data[i] == '0' ? 0 : again ? run + 1 : 1;
		if (run > longest)
			longest = run;
	}
	return longest + 1 >= m->entier.len;
}

bool
montant_aberrant(const Montant *m, ReglesMontant regles, bool concession)
{
	if (m->special)
		return true;
	switch (regles)
	{
		case REGLES_MINISTERE:
			return montant_defaut_ministere(m, concession) != MONTANT_JUSTE;
		case REGLES_DECP_QUALITE:
			return montant_compare(m, DECP_QUALITE_MIN) <= 0 ||
				montant_compare(m, DECP_QUALITE_MAX) >= 0;
		case REGLES_AUCUNE:
			break;
	}
	return false;
}

int
montant_tranche(const Montant *m)
{
	static const uint64_t bounds[] = {40000, 60000, 90000, 100000, 1000000};
	int			code = 1;

	while (code <= 5 && montant_compare(m, bounds[code - 1]) >= 0)
		code++;
	return code;
}

bool
regles_montant_find(Slice nom, ReglesMontant *regles)
{
	static const char *const noms[] = {
		[REGLES_MINISTERE] = "ministere",
		[REGLES_DECP_QUALITE] = "decp_qualite",
		[REGLES_AUCUNE] = "aucune",
	};

	for (int i = 0; i < (int) (sizeof(noms) / sizeof(noms[0])); i++)
	{
		if (slice_is(nom, noms[i]))
		{
			*regles = (ReglesMontant) i;
			return true;
		}
	}
	return false;
}
