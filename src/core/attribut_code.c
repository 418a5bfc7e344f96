/*
 * attribut_code.c
 *	  The codes of an attribute: which are known, what a name designates, text.
 */
#include "profil.h"

/* Subset that a code of a set stands for (0 for "aucune"), and whether it is contradictory */
static int
code_subset(const Attribut *att, int code, bool *contradictory)
{
	int			subsets = 1 << att->nvaleurs;

	*contradictory = code > subsets;
	return *contradictory ? code - subsets : code - 1;
}

int
attribut_codes(const Attribut *att)
{
	if (att->kind == ATTRIBUT_SIMPLE)
		return 1 + att->nvaleurs;
	return (1 << att->nvaleurs) + (att->contradiction ? 1 << att->nvaleurs : 1);
}

bool
attribut_connu(const Attribut *att, int code)
{
	if (code <= 0 || code >= attribut_codes(att))
		return false;
	if (att->kind == ATTRIBUT_SIMPLE)
		return att->valeurs[code - 1].connu;
	return code <= 1 << att->nvaleurs;
}

/* Does one code of a set belong to what a value name designates? flag: -1 for no flag name */
static bool
set_designe(const Attribut *att, Slice valeur, int flag, int code)
{
	bool		contradictory;
	int			subset = code_subset(att, code, &contradictory);

	if (slice_is(valeur, "aucune"))
		return code == 1;
	if (slice_is(valeur, "contradictoire"))
		return contradictory;
	return flag >= 0 && !contradictory && (subset >> flag & 1);
}

static int
valeur_find(const Attribut *att, Slice nom)
{
	for (int i = 0; i < att->nvaleurs; i++)
	{
		if (slice_is(nom, att->valeurs[i].nom))
			return i;
	}
	return -1;
}

bool
attribut_designe(const Attribut *att, Slice valeur, uint64_t bitmap[ATTRIBUT_BITMAP_WORDS])
{
	int			index = valeur_find(att, valeur);
	bool		any = false;

	memset(bitmap, 0, ATTRIBUT_BITMAP_WORDS * sizeof(uint64_t));
	for (int code = 0; code < attribut_codes(att); code++)
	{
		bool		in;

		if (slice_is(valeur, "inconnu"))
			in = code == 0;
		else if (slice_is(valeur, "connu"))
			in = attribut_connu(att, code);
		else if (code == 0)
			in = false;
		else if (att->kind == ATTRIBUT_SIMPLE)
			in = code == index + 1;
		else
			in = set_designe(att, valeur, index, code);
		if (in)
		{
			bitmap[code >> 6] |= UINT64_C(1) << (code & 63);
			any = true;
		}
	}
	return any;
}

static size_t
append(char *out, size_t size, size_t at, const char *text)
{
	size_t		len = strlen(text);

	if (at < size)
		memcpy(out + at, text, len < size - at ? len : size - at);
	return at + len;
}

size_t
attribut_code_texte(const Attribut *att, int code, char *out, size_t size)
{
	size_t		len = 0;
	bool		contradictory;
	int			subset;

	if (code <= 0 || code >= attribut_codes(att))
		return append(out, size, 0, "inconnu");
	if (att->kind == ATTRIBUT_SIMPLE)
		return append(out, size, 0, att->valeurs[code - 1].nom);
	subset = code_subset(att, code, &contradictory);
	if (subset == 0)
		return append(out, size, 0, "aucune");
	for (int i = 0; i < att->nvaleurs; i++)
	{
		if (!(subset >> i & 1))
			continue;
		if (len > 0)
			len = append(out, size, len, "+");
		len = append(out, size, len, att->valeurs[i].nom);
	}
	if (contradictory)
		len = append(out, size, len, "!");
	return len;
}

int
attribut_code_lire(const Attribut *att, Slice texte)
{
	int			subset = 0;
	bool		contradictory = false;

	if (texte.data == NULL)
		return -1;
	if (slice_is(texte, "inconnu"))
		return 0;
	if (att->kind == ATTRIBUT_SIMPLE)
	{
		int			index = valeur_find(att, texte);

		return index < 0 ? -1 : index + 1;
	}
	if (slice_is(texte, "aucune"))
		return 1;
	if (att->contradiction && texte.len > 0 && texte.data[texte.len - 1] == '!')
	{
		contradictory = true;
		texte.len--;
	}
	for (;;)
	{
		const char *plus = texte.len > 0 ? memchr(texte.data, '+', texte.len) : NULL;
		Slice		nom = {texte.data, plus ? (size_t) (plus - texte.data) : texte.len};
		int			flag = valeur_find(att, nom);

		if (flag < 0 || (subset >> flag & 1))
			return -1;
		subset |= 1 << flag;
		if (plus == NULL)
			break;
		texte = (Slice) {plus + 1, texte.len - nom.len - 1};
	}
	return (contradictory ? 1 << att->nvaleurs : 1) + subset;
}
