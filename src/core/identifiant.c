/*
 * identifiant.c
 *	  SIREN of an identifier.
 */
#include "identifiant.h"
#include "nomenclature.h"

/* Indexes in NOM_TYPE_IDENTIFIANT */
enum
{
	TYPE_SIRET = 0,
	TYPE_TVA = 1
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
