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

Profil
profil_de_niveau(const Profil *p, Niveau niveau)
{
	Profil		q = *p;

	if (niveau == profil_niveau(p))
		return q;
	for (int i = 0; i < ATT_COUNT; i++)
	{
		const Attribut *att = attribut_get((AttributId) i);

		if (att->niveau == profil_niveau(p))
			profil_set(&q, att, 0);
	}
	profil_set(&q, attribut_get(ATT_NIVEAU), niveau);
	return q;
}

/* A total order, field by field from the highest bits down */
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

		if (att->niveau != NIVEAU_TOUS && att->niveau != profil_niveau(p))
			continue;
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

/* The next pair of a text, or false at its end; *att is NULL for what is no pair */
static bool
paire_suivante(Slice texte, size_t *at, Slice *piece, const Attribut **att, int *code)
{
	const char *equal;

	while (*at < texte.len && is_space(texte.data[*at]))
		(*at)++;
	if (*at == texte.len)
		return false;
	*piece = (Slice) {texte.data + *at, 0};
	while (*at < texte.len && !is_space(texte.data[*at]))
		(*at)++, piece->len++;
	*att = NULL;
	equal = memchr(piece->data, '=', piece->len);
	if (equal == NULL)
		return true;
	*att = attribut_find((Slice) {piece->data, (size_t) (equal - piece->data)}, NULL);
	if (*att == NULL)
		return true;
	*code = attribut_code_lire(*att, (Slice) {equal + 1, piece->len - 1 - (size_t) (equal - piece->data)});
	if (*code < 0)
		*att = NULL;
	return true;
}

bool
profil_lire(Slice texte, Profil *p, Slice *faute)
{
	const Attribut *att;
	size_t		at = 0;
	uint64_t	seen = 0;
	int			code;

	*p = (Profil) {{0, 0}};
	/* The level, wherever it stands, says which attributes there may be */
	while (paire_suivante(texte, &at, faute, &att, &code))
	{
		if (att == attribut_get(ATT_NIVEAU))
			profil_set(p, att, code);
	}
	at = 0;
	while (paire_suivante(texte, &at, faute, &att, &code))
	{
		if (att == NULL || (seen >> attribut_id(att) & 1) ||
			(att->niveau != NIVEAU_TOUS && att->niveau != profil_niveau(p)))
			return false;
		seen |= UINT64_C(1) << attribut_id(att);
		profil_set(p, att, code);
	}
	return true;
}

bool
profil_en_valeur(const Profil *p)
{
	int			subsequent = profil_get(p, attribut_get(ATT_SUBSEQUENT));

	return profil_get(p, attribut_get(ATT_MONTANT)) == MONTANT_UTILISABLE &&
		subsequent != SUBSEQUENT_LIE && subsequent != SUBSEQUENT_V1;
}
