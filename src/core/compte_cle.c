/*
 * compte_cle.c
 *	  The keys of what the aggregates count, kind by kind: their bits, their
 *	  text, and which of them are legal.
 */
#include "compte.h"

/* What no value and no holder is */
static const CompteCase inconnue = {{UINT64_MAX, ~COMPTE_PARTS_MASK}, 0, 0};

void
compte_cle_inconnue(CompteCase *c)
{
	c->cle[0] = inconnue.cle[0];
	c->cle[1] = inconnue.cle[1];
}

bool
compte_inconnue(const CompteCase *c)
{
	return compte_meme_cle(c, &inconnue);
}

static size_t
texte_inconnu(char *out)
{
	out[0] = '?';
	return 1;
}

/* Lowercase hexadecimal digits of the low bits of a word */
static size_t
ecrire_hexa(uint64_t mot, int chiffres, char *out)
{
	for (int i = chiffres - 1; i >= 0; i--, mot >>= 4)
		out[i] = "0123456789abcdef"[mot & 15];
	return (size_t) chiffres;
}

static bool
lire_hexa(const char *s, int chiffres, uint64_t *mot)
{
	*mot = 0;
	for (int i = 0; i < chiffres; i++)
	{
		char		c = s[i];

		if (c >= '0' && c <= '9')
			*mot = *mot << 4 | (uint64_t) (c - '0');
		else if (c >= 'a' && c <= 'f')
			*mot = *mot << 4 | (uint64_t) (c - 'a' + 10);
		else
			return false;
	}
	return true;
}

/*
 * Bilan: a profil. Digits rather than the words of a profil, which would make
 * the text ten times longer; detail() shows those.
 */
static size_t
bilan_texte(const CompteCase *c, char *out)
{
	Profil		p = compte_profil(c);

	return ecrire_hexa(p.mots[0], 16, out) + ecrire_hexa(p.mots[1], 16, out + 16);
}

static bool
bilan_lire(Slice texte, CompteCase *c)
{
	return texte.len == 32 && lire_hexa(texte.data, 16, &c->cle[0]) &&
		lire_hexa(texte.data + 16, 16, &c->cle[1]) && (c->cle[1] & COMPTE_PARTS_MASK) == 0;
}

static const char *
bilan_faute(const CompteCase *c)
{
	Profil		p = compte_profil(c);

	if (!profil_valid(&p))
		return "A profil holds a code that its attribute does not have.";
	if (c->centimes != 0 && profil_get(&p, attribut_get(ATT_MONTANT)) != MONTANT_UTILISABLE)
		return "A profil without usable amount has an amount.";
	return NULL;
}

/*
 * Histogramme: the whole part, its sign bit turned so that unsigned words have
 * the order of the values, then the nano above the byte of parts.
 */
#define NANO 1000000000
#define SIGNE (UINT64_C(1) << 63)
#define NANO_BIT 8

void
compte_cle_valeur(CompteCase *c, int64_t entier, uint32_t nano)
{
	c->cle[0] = (uint64_t) entier ^ SIGNE;
	c->cle[1] = (uint64_t) nano << NANO_BIT;
}

void
compte_valeur(const CompteCase *c, int64_t *entier, uint32_t *nano)
{
	*entier = (int64_t) (c->cle[0] ^ SIGNE);
	*nano = (uint32_t) (c->cle[1] >> NANO_BIT);
}

static size_t
histogramme_texte(const CompteCase *c, char *out)
{
	int64_t		entier;
	uint32_t	nano;
	uint64_t	n;
	size_t		len = 0;

	if (compte_inconnue(c))
		return texte_inconnu(out);
	compte_valeur(c, &entier, &nano);
	n = (uint64_t) entier;
	if (entier < 0)
	{
		out[len++] = '-';
		n = 0 - n;
		if (nano > 0)
		{
			n--;
			nano = NANO - nano;
		}
	}
	len += compte_ecrire_nombre(n, out + len);
	if (nano > 0)
		out[len++] = '.';
	for (uint32_t reste = nano, unite = NANO / 10; reste > 0; reste %= unite, unite /= 10)
		out[len++] = (char) ('0' + reste / unite);
	return len;
}

/* ".ddd", up to nine digits and no zero at the end */
static bool
lire_nano(Slice texte, uint32_t *nano)
{
	uint32_t	unite = NANO;

	*nano = 0;
	if (texte.len == 0)
		return true;
	if (texte.data[0] != '.' || texte.len < 2 || texte.len > 10 || texte.data[texte.len - 1] == '0')
		return false;
	for (size_t i = 1; i < texte.len; i++)
	{
		if (texte.data[i] < '0' || texte.data[i] > '9')
			return false;
		unite /= 10;
		*nano += (uint32_t) (texte.data[i] - '0') * unite;
	}
	return true;
}

static bool
histogramme_lire(Slice texte, CompteCase *c)
{
	bool		negatif;
	int64_t		n;
	uint32_t	nano;

	if (slice_equal(texte, SLICE_LITERAL("?")))
	{
		compte_cle_inconnue(c);
		return true;
	}
	negatif = texte.len > 0 && texte.data[0] == '-';
	if (negatif)
		texte = (Slice) {texte.data + 1, texte.len - 1};
	if (!compte_lire_chiffres(&texte, &n) || !lire_nano(texte, &nano))
		return false;
	if (!negatif)
	{
		if (n == INT64_MIN)
			return false;
		compte_cle_valeur(c, -n, nano);
		return true;
	}
	if (n == 0 && nano == 0)
		return false;
	if (nano > 0 && (nano = NANO - nano, n == INT64_MIN))
		return false;
	compte_cle_valeur(c, n - (nano > 0), nano);
	return true;
}

static const char *
histogramme_faute(const CompteCase *c)
{
	return !compte_inconnue(c) && c->cle[1] >> NANO_BIT >= NANO
		? "A value has more than nine decimals." : NULL;
}

/*
 * Concentration: a holder. The two first bits of word 0 say how the rest reads,
 * ten characters of six bits, eight more in word 1 from its first bit on; or an
 * imprint of as many bits.
 */
#define GENRE_BIT 62
#define GENRE_CARACTERES UINT64_C(0)
#define GENRE_EMPREINTE UINT64_C(1)
#define CARACTERES_0 10
#define CARACTERES (CARACTERES_0 + 8)
#define MOT_1_BIT 16
#define MOT_0_MASK ((UINT64_C(1) << 60) - 1)
#define MOT_1_MASK (~((UINT64_C(1) << MOT_1_BIT) - 1))

/* Value 0 is the end. None of them means anything in the text form. */
static const char alphabet[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ -_.:/'&()+*#@!;<>$%[]^`";

_Static_assert(sizeof(alphabet) <= 64, "six bits a character");

/* Shift of a character in its word */
static inline int
caractere_bit(int i)
{
	return i < CARACTERES_0 ? 6 * (CARACTERES_0 - 1 - i) : MOT_1_BIT + 6 * (CARACTERES - 1 - i);
}

static inline int
caractere(const CompteCase *c, int i)
{
	return (int) (c->cle[i >= CARACTERES_0] >> caractere_bit(i) & 63);
}

static inline char
majuscule(char c)
{
	return c >= 'a' && c <= 'z' ? (char) (c - 'a' + 'A') : c;
}

static bool
chiffres_seuls(Slice s)
{
	for (size_t i = 0; i < s.len; i++)
	{
		if (s.data[i] < '0' || s.data[i] > '9')
			return false;
	}
	return true;
}

static bool
zeros_seuls(Slice s)
{
	for (size_t i = 0; i < s.len; i++)
	{
		if (s.data[i] != '0')
			return false;
	}
	return true;
}

/* False if it does not fit, or has a character that the alphabet has not */
static bool
caracteres_cle(CompteCase *c, Slice s)
{
	if (s.len > CARACTERES)
		return false;
	c->cle[0] = c->cle[1] = 0;
	for (size_t i = 0; i < s.len; i++)
	{
		char		m = majuscule(s.data[i]);
		const char *place;
		uint64_t	code;

		if (m >= '0' && m <= '9')
			code = (uint64_t) (m - '0') + 1;
		else if (m != '\0' && (place = strchr(alphabet, m)) != NULL)
			code = (uint64_t) (place - alphabet) + 1;
		else
			return false;
		c->cle[i >= CARACTERES_0] |= code << caractere_bit((int) i);
	}
	return true;
}

static uint64_t
empreinte(Slice s, uint64_t graine)
{
	uint64_t	h = graine;

	for (size_t i = 0; i < s.len; i++)
	{
		h = (h ^ (unsigned char) majuscule(s.data[i])) * UINT64_C(0x9E3779B97F4A7C15);
		h ^= h >> 29;
	}
	h = (h ^ s.len) * UINT64_C(0xD6E8FEB86659FD93);
	return h ^ (h >> 32);
}

void
compte_cle_titulaire(CompteCase *c, Slice s)
{
	while (s.len > 0 && (unsigned char) s.data[0] <= ' ')
		s = (Slice) {s.data + 1, s.len - 1};
	while (s.len > 0 && (unsigned char) s.data[s.len - 1] <= ' ')
		s.len--;
	if (s.len == 14 && chiffres_seuls(s))
		s.len = 9;
	if (zeros_seuls(s))
		compte_cle_inconnue(c);
	else if (!caracteres_cle(c, s))
	{
		c->cle[0] = GENRE_EMPREINTE << GENRE_BIT | (empreinte(s, 1) & MOT_0_MASK);
		c->cle[1] = empreinte(s, 2) & MOT_1_MASK;
	}
}

static size_t
concentration_texte(const CompteCase *c, char *out)
{
	size_t		len = 0;

	if (compte_inconnue(c))
		return texte_inconnu(out);
	if (c->cle[0] >> GENRE_BIT == GENRE_EMPREINTE)
	{
		out[0] = '~';
		len = 1 + ecrire_hexa(c->cle[0] & MOT_0_MASK, 15, out + 1);
		return len + ecrire_hexa(c->cle[1] >> MOT_1_BIT, 12, out + len);
	}
	for (int i = 0; i < CARACTERES && caractere(c, i) > 0; i++)
		out[len++] = caractere(c, i) < (int) sizeof(alphabet) ? alphabet[caractere(c, i) - 1] : '?';
	return len;
}

static bool
concentration_lire(Slice texte, CompteCase *c)
{
	if (slice_equal(texte, SLICE_LITERAL("?")))
	{
		compte_cle_inconnue(c);
		return true;
	}
	if (texte.len == 28 && texte.data[0] == '~')
	{
		if (!lire_hexa(texte.data + 1, 15, &c->cle[0]) || !lire_hexa(texte.data + 16, 12, &c->cle[1]))
			return false;
		c->cle[0] |= GENRE_EMPREINTE << GENRE_BIT;
		c->cle[1] <<= MOT_1_BIT;
		return true;
	}
	for (size_t i = 0; i < texte.len; i++)
	{
		if (texte.data[i] != majuscule(texte.data[i]))
			return false;
	}
	return caracteres_cle(c, texte);
}

static const char *
concentration_faute(const CompteCase *c)
{
	int			n = 0;
	int			zeros = 0;
	int			chiffres = 0;

	if (compte_inconnue(c))
		return NULL;
	if ((c->cle[1] & ~MOT_1_MASK & ~COMPTE_PARTS_MASK) != 0 ||
		(c->cle[0] & ~MOT_0_MASK & ~(UINT64_C(3) << GENRE_BIT)) != 0 ||
		c->cle[0] >> GENRE_BIT > GENRE_EMPREINTE)
		return "A holder has bits that none has.";
	if (c->cle[0] >> GENRE_BIT == GENRE_EMPREINTE)
		return NULL;
	for (; n < CARACTERES && caractere(c, n) > 0; n++)
	{
		zeros += caractere(c, n) == 1;
		chiffres += caractere(c, n) <= 10;
	}
	for (int i = 0; i < CARACTERES; i++)
	{
		if ((i >= n && caractere(c, i) > 0) || caractere(c, i) >= (int) sizeof(alphabet))
			return "A holder has a character that none has.";
	}
	if (zeros == n)
		return "A holder is empty, or zeros only.";
	if (n == 14 && chiffres == n)
		return "A SIRET stands where its SIREN should.";
	if (caractere(c, 0) == 37 || caractere(c, n - 1) == 37)
		return "A holder begins or ends with a space.";
	return NULL;
}

/*
 * Rapport: which of its sums
 */
static const char *const sommes[] = {NULL, "numerateur", "denominateur", "inconnu"};

static size_t
rapport_texte(const CompteCase *c, char *out)
{
	const char *nom = c->cle[0] >= RAPPORT_NUMERATEUR && c->cle[0] <= RAPPORT_INCONNU ? sommes[c->cle[0]] : "?";

	memcpy(out, nom, strlen(nom));
	return strlen(nom);
}

static bool
rapport_lire(Slice texte, CompteCase *c)
{
	c->cle[1] = 0;
	for (c->cle[0] = RAPPORT_NUMERATEUR; c->cle[0] <= RAPPORT_INCONNU; c->cle[0]++)
	{
		if (slice_is(texte, sommes[c->cle[0]]))
			return true;
	}
	return false;
}

static const char *
rapport_faute(const CompteCase *c)
{
	return c->cle[0] < RAPPORT_NUMERATEUR || c->cle[0] > RAPPORT_INCONNU || c->cle[1] != 0
		? "There is no such sum." : NULL;
}

/* The two sums of what is known are of as many rows */
static const char *
rapport_faute_ensemble(const CompteCase *cases, uint32_t n)
{
	int64_t		nombres[RAPPORT_INCONNU + 1] = {0};

	for (uint32_t i = 0; i < n; i++)
		nombres[cases[i].cle[0]] = cases[i].nombre;
	return nombres[RAPPORT_NUMERATEUR] != nombres[RAPPORT_DENOMINATEUR]
		? "Numerators and denominators are not as many." : NULL;
}

static const CompteType types[COMPTE_GENRES] = {
	[COMPTE_BILAN] = {"bilan", 32 + 8, bilan_texte, bilan_lire, bilan_faute, NULL},
	[COMPTE_HISTOGRAMME] = {"histogramme", 1 + 8, histogramme_texte, histogramme_lire, histogramme_faute, NULL},
	[COMPTE_CONCENTRATION] = {"concentration", 1 + 8, concentration_texte, concentration_lire, concentration_faute, NULL},
	[COMPTE_RAPPORT] = {"rapport", 7 + 8, rapport_texte, rapport_lire, rapport_faute, rapport_faute_ensemble},
};

const CompteType *
compte_type(unsigned genre)
{
	return genre < COMPTE_GENRES ? &types[genre] : NULL;
}
