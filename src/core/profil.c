/*
 * profil.c
 *	  Profil: fields, order, text form.
 */
#include "profil.h"

void
profil_set(Profil *p, const Attribut *att, int code)
{
	uint64_t	mask = (UINT64_C(1) << att->largeur) - 1;
	int			shift = att->decalage & 63;
	uint64_t   *mot = &p->mots[att->decalage >> 6];

	*mot = (*mot & ~(mask << shift)) | ((uint64_t) code & mask) << shift;
}

/* The fields stand in the order of AttributId from the highest bits down */
int
profil_compare(const Profil *a, const Profil *b)
{
	for (int i = 0; i < 2; i++)
	{
		if (a->mots[i] != b->mots[i])
			return a->mots[i] < b->mots[i] ? -1 : 1;
	}
	return 0;
}

bool
profil_valid(const Profil *p)
{
	Profil		rest = *p;

	for (int i = 0; i < ATT_COUNT; i++)
	{
		const Attribut *att = attribut_get((AttributId) i);

		if (profil_get(p, att) >= attribut_codes(att))
			return false;
		profil_set(&rest, att, 0);
	}
	return rest.mots[0] == 0 && rest.mots[1] == 0;
}

size_t
profil_texte(const Profil *p, char *out, size_t size)
{
	size_t		len = 0;

	for (int i = 0; i < ATT_COUNT; i++)
	{
		const Attribut *att = attribut_get((AttributId) i);
		int			code = profil_get(p, att);
		const char *parts[] = {len > 0 ? " " : "", att->nom, "="};

		if (code == 0)
			continue;
		for (int k = 0; k < 3; k++)
		{
			size_t		n = strlen(parts[k]);

			if (len + n <= size)
				memcpy(out + len, parts[k], n);
			len += n;
		}
		len += attribut_code_texte(att, code, len < size ? out + len : out,
								   len < size ? size - len : 0);
	}
	return len;
}

static bool
is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

bool
profil_lire(Slice texte, Profil *p, Slice *faute)
{
	size_t		at = 0;
	uint64_t	seen = 0;

	*p = (Profil) {{0, 0}};
	for (;;)
	{
		Slice		piece;
		const char *equal;
		const Attribut *att;
		AttributId	id;
		int			code;

		while (at < texte.len && is_space(texte.data[at]))
			at++;
		if (at == texte.len)
			return true;
		piece = (Slice) {texte.data + at, 0};
		while (at < texte.len && !is_space(texte.data[at]))
			at++, piece.len++;
		*faute = piece;
		equal = memchr(piece.data, '=', piece.len);
		if (equal == NULL)
			return false;
		att = attribut_find((Slice) {piece.data, (size_t) (equal - piece.data)}, &id);
		if (att == NULL || (seen >> id & 1))
			return false;
		code = attribut_code_lire(att, (Slice) {equal + 1, piece.len - 1 - (size_t) (equal - piece.data)});
		if (code < 0)
			return false;
		seen |= UINT64_C(1) << id;
		profil_set(p, att, code);
	}
}

bool
profil_en_valeur(const Profil *p)
{
	int			subsequent = profil_get(p, attribut_get(ATT_SUBSEQUENT));

	return profil_get(p, attribut_get(ATT_MONTANT)) == MONTANT_UTILISABLE &&
		subsequent != SUBSEQUENT_LIE && subsequent != SUBSEQUENT_V1;
}
