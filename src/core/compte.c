/*
 * compte.c
 *	  Text and binary forms of what the aggregates count, read as if hostile.
 */
#include "compte.h"

/* Calls of pause: once in so many cases */
#define PAUSE_MASK 0xFFFF

#define FORME "Expected 1:{key=nombre/montant,...}, the amount with two decimals, or key|parts=... for shares."

/*
 * What is wrong with a case, given the one before it
 */
static const char *
case_faute(const CompteType *type, const CompteCase *c, const CompteCase *avant)
{
	if (avant != NULL && compte_case_compare(avant, c) >= 0)
		return "Keys are not in strictly increasing order.";
	if (c->nombre <= 0)
		return "A number is not positive.";
	return type->faute(c);
}

static const char *
ensemble_faute(const CompteType *type, const CompteCase *cases, uint32_t n)
{
	return type->faute_ensemble == NULL ? NULL : type->faute_ensemble(cases, n);
}

/*
 * Text
 */
static bool
lire_car(Slice *s, char c)
{
	if (s->len == 0 || *s->data != c)
		return false;
	s->data++;
	s->len--;
	return true;
}

/* n = 10 n - d; false if it overflows: there is one more negative number */
static bool
chiffre(int64_t *n, char c)
{
	return c >= '0' && c <= '9' &&
		!__builtin_mul_overflow(*n, 10, n) && !__builtin_sub_overflow(*n, c - '0', n);
}

bool
compte_lire_chiffres(Slice *s, int64_t *n)
{
	const char *debut = s->data;

	*n = 0;
	for (; s->len > 0 && *s->data >= '0' && *s->data <= '9'; s->data++, s->len--)
	{
		if (!chiffre(n, *s->data))
			return false;
	}
	return s->data > debut && (*debut != '0' || s->data == debut + 1);
}

static bool
lire_nombre(Slice *s, int64_t *nombre)
{
	int64_t		n;

	if (!compte_lire_chiffres(s, &n) || n == INT64_MIN)
		return false;
	*nombre = -n;
	return true;
}

static bool
lire_euros(Slice *s, int64_t *centimes)
{
	bool		negatif = lire_car(s, '-');
	int64_t		n;

	if (!compte_lire_chiffres(s, &n) || !lire_car(s, '.') || s->len < 2 ||
		!chiffre(&n, s->data[0]) || !chiffre(&n, s->data[1]))
		return false;
	s->data += 2;
	s->len -= 2;
	if (negatif)
	{
		*centimes = n;
		return n != 0;
	}
	if (n == INT64_MIN)
		return false;
	*centimes = -n;
	return true;
}

/* key, or key|parts with parts > 1 */
static bool
lire_cle(const CompteType *type, Slice *s, CompteCase *c)
{
	Slice		cle = {s->data, 0};
	int64_t		parts;

	while (cle.len < s->len && cle.len < COMPTE_CLE_TEXTE &&
		   s->data[cle.len] != '=' && s->data[cle.len] != '|')
		cle.len++;
	s->data += cle.len;
	s->len -= cle.len;
	if (!type->cle_lire(cle, c))
		return false;
	if (!lire_car(s, '|'))
		return true;
	if (!lire_nombre(s, &parts) || parts < 2 || parts > COMPTE_PARTS_MAX)
		return false;
	c->cle[1] |= (uint64_t) (parts - 1);
	return true;
}

const char *
compte_lire_texte(const CompteType *type, Slice texte, CompteCase *cases, uint32_t *n, ComptePause pause)
{
	Slice		debut = SLICE_LITERAL(COMPTE_TEXTE_DEBUT);
	Slice		s = {texte.data + debut.len, texte.len - debut.len};

	*n = 0;
	if (texte.len < debut.len || memcmp(texte.data, debut.data, debut.len) != 0)
		return "Expected version 1, written 1:{...}.";
	while (!lire_car(&s, '}'))
	{
		CompteCase *c = &cases[*n];
		const char *faute;

		if (pause != NULL && (*n & PAUSE_MASK) == PAUSE_MASK)
			pause();
		if ((*n > 0 && !lire_car(&s, ',')) || !lire_cle(type, &s, c) ||
			!lire_car(&s, '=') || !lire_nombre(&s, &c->nombre) ||
			!lire_car(&s, '/') || !lire_euros(&s, &c->centimes))
			return FORME;
		faute = case_faute(type, c, *n > 0 ? c - 1 : NULL);
		if (faute != NULL)
			return faute;
		++*n;
	}
	return s.len > 0 ? "Nothing may follow the closing brace." : ensemble_faute(type, cases, *n);
}

size_t
compte_ecrire_nombre(uint64_t n, char *out)
{
	char		chiffres[20];
	size_t		len = 0;

	do
		chiffres[len++] = (char) ('0' + n % 10);
	while ((n /= 10) != 0);
	for (size_t i = 0; i < len; i++)
		out[i] = chiffres[len - 1 - i];
	return len;
}

size_t
compte_case_texte(const CompteType *type, const CompteCase *c, char *out)
{
	uint64_t	centimes = c->centimes < 0 ? 0 - (uint64_t) c->centimes : (uint64_t) c->centimes;
	size_t		len = type->cle_texte(c, out);

	if (compte_parts(c) > 1)
	{
		out[len++] = '|';
		len += compte_ecrire_nombre((uint64_t) compte_parts(c), out + len);
	}
	out[len++] = '=';
	len += compte_ecrire_nombre((uint64_t) c->nombre, out + len);
	out[len++] = '/';
	if (c->centimes < 0)
		out[len++] = '-';
	len += compte_ecrire_nombre(centimes / 100, out + len);
	out[len++] = '.';
	out[len++] = (char) ('0' + centimes % 100 / 10);
	out[len++] = (char) ('0' + centimes % 10);
	return len;
}

/*
 * Binary
 */
static uint64_t
lire_mot(const uint8_t *p)
{
	uint64_t	mot = 0;

	for (int i = 0; i < 8; i++)
		mot = mot << 8 | p[i];
	return mot;
}

static void
ecrire_mot(uint64_t mot, uint8_t *p)
{
	for (int i = 7; i >= 0; i--, mot >>= 8)
		p[i] = (uint8_t) mot;
}

const char *
compte_lire_binaire(const CompteType *type, Slice octets, CompteCase *cases, uint32_t *n, ComptePause pause)
{
	*n = 0;
	if (octets.len % COMPTE_CASE_BINAIRE != 0)
		return "The last case is cut.";
	for (size_t i = 0; i < octets.len / COMPTE_CASE_BINAIRE; i++)
	{
		const uint8_t *p = (const uint8_t *) octets.data + i * COMPTE_CASE_BINAIRE;
		CompteCase *c = &cases[i];
		const char *faute;

		if (pause != NULL && (i & PAUSE_MASK) == PAUSE_MASK)
			pause();
		c->cle[0] = lire_mot(p);
		c->cle[1] = lire_mot(p + 8);
		c->nombre = (int64_t) lire_mot(p + 16);
		c->centimes = (int64_t) lire_mot(p + 24);
		faute = case_faute(type, c, i > 0 ? c - 1 : NULL);
		if (faute != NULL)
			return faute;
		++*n;
	}
	return ensemble_faute(type, cases, *n);
}

void
compte_case_binaire(const CompteCase *c, uint8_t out[COMPTE_CASE_BINAIRE])
{
	ecrire_mot(c->cle[0], out);
	ecrire_mot(c->cle[1], out + 8);
	ecrire_mot((uint64_t) c->nombre, out + 16);
	ecrire_mot((uint64_t) c->centimes, out + 24);
}
