/*
 * identifiant.c
 *	  Identifiers of buyers and holders: their SIREN, their form, their keys.
 */
#include "identifiant.h"
#include "nomenclature.h"

/* Indexes in NOM_TYPE_IDENTIFIANT */
enum
{
	TYPE_SIRET, TYPE_TVA, TYPE_TAHITI, TYPE_RIDET, TYPE_FRWF, TYPE_IREP, TYPE_HORS_UE, TYPE_UE
};

#define SIREN_LEN 9
#define SIRET_LEN 14
#define TVA_LEN 13				/* FR, two characters, SIREN */

static bool
all_digits(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
	{
		if (s[i] < '0' || s[i] > '9')
			return false;
	}
	return true;
}

static Slice
siren_or_none(const char *s)
{
	if (memcmp(s, "000000000", SIREN_LEN) == 0)
		return SLICE_NONE;
	return (Slice) {s, SIREN_LEN};
}

/* FR, a key of two letters or digits, nine digits */
static bool
is_tva_france(Slice id)
{
	if (id.len != TVA_LEN || (id.data[0] | 32) != 'f' || (id.data[1] | 32) != 'r')
		return false;
	for (int i = 2; i < 4; i++)
	{
		char		c = id.data[i];

		if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z')))
			return false;
	}
	return all_digits(id.data + 4, SIREN_LEN);
}

Slice
identifiant_siren(Slice type_identifiant, Slice identifiant)
{
	bool		missing = type_identifiant.data == NULL || type_identifiant.len == 0;
	int			type = missing ? -1 : nomenclature_match(NOM_TYPE_IDENTIFIANT, type_identifiant);

	if (identifiant.data == NULL)
		return SLICE_NONE;
	if ((missing || type == TYPE_SIRET) && identifiant.len == SIRET_LEN &&
		all_digits(identifiant.data, SIRET_LEN))
		return siren_or_none(identifiant.data);
	if (type == TYPE_SIRET && identifiant.len == SIREN_LEN &&
		all_digits(identifiant.data, SIREN_LEN))
		return siren_or_none(identifiant.data);
	if ((missing || type == TYPE_TVA) && is_tva_france(identifiant))
		return siren_or_none(identifiant.data + 4);
	return SLICE_NONE;
}

/* ---- cleaning ---- */

/* Bytes of something that does not belong to an identifier */
static size_t
bruit(const char *texte, size_t len)
{
	if (memchr(" \t\r\n.-", texte[0], 6) != NULL)
		return 1;
	if (len >= 2 && memcmp(texte, "\xC2\xA0", 2) == 0)
		return 2;
	if (len >= 3 && memcmp(texte, "\xE2\x80\xAF", 3) == 0)
		return 3;
	return 0;
}

size_t
identifiant_nettoyer(Slice texte, char *out)
{
	size_t		n = 0;

	for (size_t i = 0; i < texte.len;)
	{
		size_t		saut = bruit(texte.data + i, texte.len - i);
		char		c = texte.data[i];

		if (saut == 0)
			out[n++] = (c >= 'a' && c <= 'z') ? (char) (c - ('a' - 'A')) : c;
		i += saut > 0 ? saut : 1;
	}
	return n;
}

/* ---- SIREN and SIRET ---- */

bool
luhn_valide(const char *chiffres, size_t len)
{
	int			somme = 0;

	for (size_t i = 0; i < len; i++)
	{
		int			d = chiffres[len - 1 - i] - '0';

		if (i % 2 == 1)
			d = d > 4 ? 2 * d - 9 : 2 * d;
		somme += d;
	}
	return somme % 10 == 0;
}

/*
 * The establishments of La Poste were numbered outside Luhn's rule: the sum of
 * their 14 digits is a multiple of 5. Only its head office obeys Luhn.
 */
static bool
la_poste(const char *siret)
{
	int			somme = 0;

	if (memcmp(siret, "356000000", SIREN_LEN) != 0)
		return false;
	for (int i = 0; i < SIRET_LEN; i++)
		somme += siret[i] - '0';
	return somme % 5 == 0;
}

SiretDefaut
siret_defaut(Slice siret)
{
	if (siret.len == SIREN_LEN && all_digits(siret.data, SIREN_LEN))
		return SIRET_EST_SIREN;
	if (siret.len != SIRET_LEN || !all_digits(siret.data, SIRET_LEN))
		return SIRET_FORMAT;
	if (!luhn_valide(siret.data, SIRET_LEN) && !la_poste(siret.data))
		return SIRET_CLE;
	return luhn_valide(siret.data, SIREN_LEN) ? SIRET_JUSTE : SIRET_CLE_SIREN;
}

bool
identifiant_fictif(Slice identifiant)
{
	static const char suite[] = "12345678901234567890";
	bool		meme = true;

	if (identifiant.len < SIREN_LEN || identifiant.len >= sizeof(suite) ||
		!all_digits(identifiant.data, identifiant.len))
		return false;
	for (size_t i = 1; i < identifiant.len; i++)
		meme &= identifiant.data[i] == identifiant.data[0];
	return meme || memcmp(identifiant.data, suite, identifiant.len) == 0;
}

bool
siren_valide(Slice siren)
{
	return siren.len == SIREN_LEN && all_digits(siren.data, SIREN_LEN) &&
		luhn_valide(siren.data, SIREN_LEN) && !identifiant_fictif(siren);
}

bool
siret_valide(Slice siret)
{
	SiretDefaut defaut = siret_defaut(siret);

	return (defaut == SIRET_JUSTE || defaut == SIRET_CLE_SIREN) && !identifiant_fictif(siret);
}

/* ---- the other types ---- */

static bool
est_lettre(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* Characters of a text of letters and digits, any script's; -1 if it holds others */
static int
alphanumeriques(Slice texte)
{
	int			n = 0;

	for (size_t i = 0; i < texte.len; i++)
	{
		unsigned char c = (unsigned char) texte.data[i];

		if (c < 0x80 && !est_lettre(texte.data[i]) && !(c >= '0' && c <= '9'))
			return -1;
		n += (c & 0xC0) != 0x80;
	}
	return n;
}

/* A French number holds the SIREN, and a key made of it unless that has letters */
static bool
tva_france(Slice tva)
{
	int			modulo = 0;
	const char *siren = tva.data + 4;

	if (!is_tva_france(tva) || !luhn_valide(siren, SIREN_LEN) || memcmp(siren, "000000000", SIREN_LEN) == 0)
		return false;
	if (!all_digits(tva.data + 2, 2))
		return true;
	for (int i = 0; i < SIREN_LEN; i++)
		modulo = (modulo * 10 + (siren[i] - '0')) % 97;
	return (12 + 3 * modulo) % 97 == (tva.data[2] - '0') * 10 + (tva.data[3] - '0');
}

bool
tva_valide(Slice tva)
{
	/* member states, EL for Greece and XI for Northern Ireland */
	static const char pays[] = "AT BE BG CY CZ DE DK EE EL ES FI FR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK XI ";
	char		code[4] = {0};
	int			suite;

	if (tva.len < 4 || !est_lettre(tva.data[0]) || !est_lettre(tva.data[1]))
		return false;
	code[0] = (char) (tva.data[0] & ~0x20);
	code[1] = (char) (tva.data[1] & ~0x20);
	code[2] = ' ';
	if (strcmp(code, "FR ") == 0)
		return tva_france(tva);
	suite = alphanumeriques((Slice) {tva.data + 2, tva.len - 2});
	return strstr(pays, code) != NULL && suite >= 2 && suite <= 12;
}

/* Two letters of a country, then up to 16 letters and digits of a name */
static bool
pays_et_nom(Slice id)
{
	int			n;

	if (id.len < 3 || !est_lettre(id.data[0]) || !est_lettre(id.data[1]))
		return false;
	n = alphanumeriques((Slice) {id.data + 2, id.len - 2});
	return n >= 1 && n <= 16;
}

static bool
frwf_valide(Slice id)
{
	return id.len > 4 && (id.data[0] | 32) == 'f' && (id.data[1] | 32) == 'r' &&
		(id.data[2] | 32) == 'w' && (id.data[3] | 32) == 'f' &&
		alphanumeriques((Slice) {id.data + 4, id.len - 4}) == 14;
}

int
identifiant_valide(Slice type_identifiant, Slice id)
{
	switch (nomenclature_match(NOM_TYPE_IDENTIFIANT, type_identifiant))
	{
		case TYPE_SIRET:
			return siret_valide(id);
		case TYPE_TVA:
			return tva_valide(id);
		case TYPE_TAHITI:
			return alphanumeriques(id) == 9;
		case TYPE_RIDET:
			return alphanumeriques(id) == 10;
		case TYPE_FRWF:
			return frwf_valide(id);
		case TYPE_IREP:
			return id.len > 5 && all_digits(id.data, 5) && alphanumeriques(id) > 5;
		case TYPE_HORS_UE:
			return pays_et_nom(id);
		case TYPE_UE:
			return tva_valide(id) || pays_et_nom(id);
		default:
			return -1;
	}
}
