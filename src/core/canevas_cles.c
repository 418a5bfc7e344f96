/*
 * canevas_cles.c
 *	  Find what json-c would misread, in a well-formed JSON text.
 */
#include "canevas_cles.h"
#include "json_check.h"

typedef struct Niveau
{
	bool		objet;
	bool		attend_cle;
	int			ncles;
	Slice		cles[CLES_MAX];
} Niveau;

static bool
surrogate(uint32_t code, uint32_t moitie)
{
	return (code & 0xFC00) == moitie;
}

/*
 * Offset of the quote that closes the string opened at debut; *seul is that of
 * a lone surrogate in it, if there is one.
 */
static size_t
fin_chaine(Slice texte, size_t debut, size_t *seul)
{
	size_t		i = debut + 1;

	*seul = 0;
	while (i < texte.len && texte.data[i] != '"')
	{
		uint32_t	code = 0;
		uint32_t	suite = 0;
		size_t		n = 1;

		if (texte.data[i] == '\\')
			n = json_escape(texte.data + i, texte.len - i, &code);
		if (surrogate(code, 0xD800) && texte.data[i + n] == '\\')
			n += json_escape(texte.data + i + n, texte.len - i - n, &suite);
		if (surrogate(code, 0xD800) ? !surrogate(suite, 0xDC00) : surrogate(code, 0xDC00))
			*seul = i;
		i += n;
	}
	return i;
}

static ClesFault
noter(Niveau *niveau, Slice cle)
{
	if (cle.len > 0 && memchr(cle.data, '\\', cle.len) != NULL)
		return CLES_ECHAPPEE;
	for (int i = 0; i < niveau->ncles; i++)
	{
		if (slice_equal(niveau->cles[i], cle))
			return CLES_DOUBLE;
	}
	if (niveau->ncles == CLES_MAX)
		return CLES_TROP;
	niveau->cles[niveau->ncles++] = cle;
	niveau->attend_cle = false;
	return CLES_OK;
}

ClesFault
canevas_cles(Slice texte, Slice *cle)
{
	Niveau		niveaux[CLES_PROFONDEUR_MAX];
	int			profondeur = 0;

	for (size_t i = 0; i < texte.len; i++)
	{
		Niveau	   *haut = profondeur > 0 ? &niveaux[profondeur - 1] : NULL;
		char		c = texte.data[i];

		if (c == '{' || c == '[')
		{
			*cle = (Slice) {texte.data + i, 1};
			if (profondeur == CLES_PROFONDEUR_MAX)
				return CLES_PROFONDEUR;
			haut = &niveaux[profondeur++];
			haut->objet = haut->attend_cle = c == '{';
			haut->ncles = 0;
		}
		else if ((c == '}' || c == ']') && profondeur > 0)
			profondeur--;
		else if (c == ',' && haut != NULL)
			haut->attend_cle = haut->objet;
		else if (c == '"')
		{
			size_t		seul;
			size_t		fin = fin_chaine(texte, i, &seul);

			if (seul > 0)
			{
				*cle = (Slice) {texte.data + seul, fin - seul};
				return CLES_SURROGATE;
			}
			if (haut != NULL && haut->attend_cle)
			{
				ClesFault	fault;

				*cle = (Slice) {texte.data + i + 1, fin - i - 1};
				fault = noter(haut, *cle);
				if (fault != CLES_OK)
					return fault;
			}
			i = fin;
		}
	}
	return CLES_OK;
}
