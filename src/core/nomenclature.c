/*
 * nomenclature.c
 *	  The closed lists of values of the DECP formats, and their recognition.
 *
 * A text is folded into a small buffer and looked up in one hash table that
 * holds every spelling of every list: loading a contract asks a dozen times.
 * The table is filled from the lists below the first time it is needed.
 */
#include <assert.h>

#include "nomenclature.h"

/* No spelling is longer once folded; checked when the table is filled */
#define FOLD_MAX 80

/* Prefix that the ministry's pipeline puts before what it could not use */
#define UNUSABLE_PREFIX "inx "

/*
 * In each list the order is part of the interface with attribut.c: the code of
 * a simple attribute is 1 + index, flag i of a set is value i, and the
 * negative value ("Pas de...", "Sans objet") comes right after the flags.
 */
static const NomenclatureValue natures[] = {
	{"marche", "Marché"},
	{"marche_partenariat", "Marché de partenariat"},
	{"marche_defense_securite", "Marché de défense ou de sécurité"},
	{"concession_travaux", "Concession de travaux"},
	{"concession_service", "Concession de service"},
	{"concession_service_public", "Concession de service public"},
	{"delegation_service_public", "Délégation de service public"},
	[NATURE_ACCORD_CADRE] = {"accord_cadre", "Accord-cadre"},
	[NATURE_MARCHE_SUBSEQUENT] = {"marche_subsequent", "Marché subséquent"},
};

static const NomenclatureValue procedures[] = {
	{"procedure_adaptee", "Procédure adaptée"},
	{"appel_offres_ouvert", "Appel d'offres ouvert"},
	{"appel_offres_restreint", "Appel d'offres restreint"},
	{"procedure_avec_negociation", "Procédure avec négociation"},
	{"sans_publicite", "Marché passé sans publicité ni mise en concurrence préalable"},
	{"dialogue_competitif", "Dialogue compétitif"},
	{"negociee_ouverte", "Procédure négociée ouverte"},
	{"non_negociee_ouverte", "Procédure non négociée ouverte"},
	{"negociee_restreinte", "Procédure négociée restreinte"},
	{"non_negociee_restreinte", "Procédure non négociée restreinte"},
};

static const NomenclatureValue considerations_sociales[] = {
	{"clause", "Clause sociale"},
	{"critere", "Critère social"},
	{"reserve", "Marché réservé"},
	{"aucune", "Pas de considération sociale"},
};

static const NomenclatureValue considerations_environnementales[] = {
	{"clause", "Clause environnementale"},
	{"critere", "Critère environnemental"},
	{"aucune", "Pas de considération environnementale"},
};

static const NomenclatureValue techniques[] = {
	{"accord_cadre", "Accord-cadre"},
	{"concours", "Concours"},
	{"systeme_qualification", "Système de qualification"},
	{"systeme_acquisition_dynamique", "Système d'acquisition dynamique"},
	{"catalogue_electronique", "Catalogue électronique"},
	{"enchere_electronique", "Enchère électronique"},
	{"aucune", "Sans objet"},
};

static const NomenclatureValue modalites_execution[] = {
	{"tranches", "Tranches"},
	{"bons_de_commande", "Bons de commande"},
	{"marches_subsequents", "Marchés subséquents"},
	{"aucune", "Sans objet"},
	[MODALITE_MIXTE] = {"mixte", "Mixte"},
};

static const NomenclatureValue types_prix[] = {
	{"ferme", "Définitif ferme"},
	{"actualisable", "Définitif actualisable"},
	{"revisable", "Définitif révisable"},
	{"provisoire", "Provisoire"},
};

static const NomenclatureValue formes_prix[] = {
	{"unitaire", "Unitaire"},
	{"forfaitaire", "Forfaitaire"},
	{"mixte", "Mixte"},
};

static const NomenclatureValue ccags[] = {
	{"travaux", "Travaux"},
	{"maitrise_oeuvre", "Maitrise d'œuvre"},
	{"fournitures_services", "Fournitures courantes et services"},
	{"marches_industriels", "Marchés industriels"},
	{"prestations_intellectuelles", "Prestations intellectuelles"},
	{"tic", "Techniques de l'information et de la communication"},
	{"aucun", "Pas de CCAG"},
};

static const NomenclatureValue types_groupement[] = {
	{"conjoint", "Conjoint"},
	{"solidaire", "Solidaire"},
	{"aucun", "Pas de groupement"},
};

static const NomenclatureValue types_identifiant[] = {
	{"siret", "SIRET"},
	{"tva", "TVA"},
	{"tahiti", "TAHITI"},
	{"ridet", "RIDET"},
	{"frwf", "FRWF"},
	{"irep", "IREP"},
	{"hors_ue", "HORS-UE"},
	{"ue", "UE"},
};

static const NomenclatureValue types_code_lieu[] = {
	{"code_postal", "Code postal"},
	{"code_commune", "Code commune"},
	{"code_arrondissement", "Code arrondissement"},
	{"code_canton", "Code canton"},
	{"code_departement", "Code département"},
	{"code_region", "Code région"},
	{"code_pays", "Code pays"},
};

static const NomenclatureValue variations_prix[] = {
	{"ferme", "Ferme"},
	{"actualisable", "Actualisable"},
	{"revisable", "Révisable"},
};

#define LIST(values) {values, sizeof(values) / sizeof((values)[0])}

static const struct
{
	const NomenclatureValue *values;
	int			count;
}			lists[NOM_COUNT] = {
	[NOM_NATURE] = LIST(natures),
	[NOM_PROCEDURE] = LIST(procedures),
	[NOM_CONSIDERATION_SOCIALE] = LIST(considerations_sociales),
	[NOM_CONSIDERATION_ENVIRONNEMENTALE] = LIST(considerations_environnementales),
	[NOM_TECHNIQUE] = LIST(techniques),
	[NOM_MODALITE_EXECUTION] = LIST(modalites_execution),
	[NOM_TYPE_PRIX] = LIST(types_prix),
	[NOM_FORME_PRIX] = LIST(formes_prix),
	[NOM_CCAG] = LIST(ccags),
	[NOM_TYPE_GROUPEMENT] = LIST(types_groupement),
	[NOM_TYPE_IDENTIFIANT] = LIST(types_identifiant),
	[NOM_TYPE_CODE_LIEU] = LIST(types_code_lieu),
	[NOM_VARIATION_PRIX] = LIST(variations_prix),
};

/* Other spellings, by name of the value: older formats, tabular rewrites, common errors */
static const struct
{
	Nomenclature list;
	const char *nom;
	const char *spelling;
}			aliases[] = {
	/* format 1.4 */
	{NOM_PROCEDURE, "procedure_avec_negociation", "Procédure concurrentielle avec négociation"},
	{NOM_PROCEDURE, "procedure_avec_negociation",
	"Procédure négociée avec mise en concurrence préalable"},
	{NOM_PROCEDURE, "sans_publicite",
	"Marché négocié sans publicité ni mise en concurrence préalable"},
	/* in no schema, yet published */
	{NOM_PROCEDURE, "sans_publicite",
	"Marché public négocié sans publicité ni mise en concurrence préalable"},
	/* concessions; the masculine form is the ministry's own check */
	{NOM_CONSIDERATION_SOCIALE, "reserve", "Concession réservée"},
	{NOM_CONSIDERATION_SOCIALE, "reserve", "Concession réservé"},
	/* tabular files of decp.info */
	{NOM_CONSIDERATION_SOCIALE, "aucune", "Sans objet"},
	{NOM_CONSIDERATION_ENVIRONNEMENTALE, "aucune", "Sans objet"},
	/* format 2.0.0 */
	{NOM_MODALITE_EXECUTION, "tranches", "Marché à tranches"},
	{NOM_MODALITE_EXECUTION, "bons_de_commande", "Bon de commande"},
	{NOM_MODALITE_EXECUTION, "marches_subsequents", "Marché subséquent"},
	/* format 1 formePrix */
	{NOM_TYPE_PRIX, "ferme", "Ferme"},
	{NOM_TYPE_PRIX, "actualisable", "Ferme et actualisable"},
	{NOM_TYPE_PRIX, "actualisable", "Actualisable"},
	{NOM_TYPE_PRIX, "revisable", "Révisable"},
	{NOM_TYPE_IDENTIFIANT, "tva", "TVA intracommunautaire"},
	{NOM_TYPE_IDENTIFIANT, "frwf", "FRW"},
};

/*
 * Folding
 */

/* Lower-case letter of U+00C0..U+017F without its accent; '1' is ae, '2' oe, ' ' no Latin letter */
static const char latin[] =
	/* U+00C0 */ "aaaaaa1ceeeeiiii nooooo  uuuuy  "
	/* U+00E0 */ "aaaaaa1ceeeeiiii nooooo  uuuuy y"
	/* U+0100 */ "aaaaaaccccccccdd  eeeeeeeeeegggg"
	/* U+0120 */ "gggghh  iiiiiiiii   jjkk llllll "
	/* U+0140 */ "   nnnnnn   oooooo22rrrrrrssssss"
	/* U+0160 */ "sstttt  uuuuuuuuuuuuwwyyyzzzzzz ";

_Static_assert(sizeof(latin) == 6 * 32 + 1, "one character per code point");

typedef struct Folder
{
	char	   *out;
	size_t		size;
	size_t		len;
	bool		gap;			/* a space is due before the next character */
} Folder;

static inline void
fold_put(Folder *f, char c)
{
	if (f->gap && f->len > 0)
	{
		if (f->len < f->size)
			f->out[f->len] = ' ';
		f->len++;
	}
	f->gap = false;
	if (f->len < f->size)
		f->out[f->len] = c;
	f->len++;
}

/* Bytes of the UTF-8 sequence at s, its code point in *cp; 1 and U+FFFD when it is broken */
static int
decode(const unsigned char *s, size_t left, uint32_t *cp)
{
	int			n = s[0] >= 0xF0 ? 4 : s[0] >= 0xE0 ? 3 : s[0] >= 0xC2 ? 2 : 1;

	*cp = 0xFFFD;
	if (n == 1 || s[0] > 0xF4 || (size_t) n > left)
		return 1;
	for (int i = 1; i < n; i++)
	{
		if ((s[i] & 0xC0) != 0x80)
			return 1;
	}
	*cp = s[0] & (0xFF >> (n + 1));
	for (int i = 1; i < n; i++)
		*cp = *cp << 6 | (s[i] & 0x3F);
	return n;
}

static void
fold_code_point(Folder *f, uint32_t cp)
{
	if (cp >= 0xC0 && cp < 0x180 && latin[cp - 0xC0] != ' ')
	{
		char		c = latin[cp - 0xC0];

		if (c == '1' || c == '2')
		{
			fold_put(f, c == '1' ? 'a' : 'o');
			c = 'e';
		}
		fold_put(f, c);
	}
	else if (cp == 0xFFFD)
		fold_put(f, '?');
	else if (cp < 0x300 || cp > 0x36F)	/* a combining accent is nothing at all */
		f->gap = true;
}

size_t
nomenclature_fold(Slice text, char *out, size_t size)
{
	Folder		f = {out, size, 0, false};
	size_t		i = 0;

	while (i < text.len)
	{
		unsigned char c = (unsigned char) text.data[i];

		if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
			fold_put(&f, (char) c), i++;
		else if (c >= 'A' && c <= 'Z')
			fold_put(&f, (char) (c + 32)), i++;
		else if (c < 0x80)
			f.gap = true, i++;
		else
		{
			uint32_t	cp;

			i += decode((const unsigned char *) text.data + i, text.len - i, &cp);
			fold_code_point(&f, cp);
		}
	}
	return f.len;
}

/*
 * Table of spellings
 */
#define SPELLING_MAX 256
#define ARENA_SIZE 8192
#define SLOT_COUNT 1024			/* power of two, several times the spellings */

typedef struct Spelling
{
	uint16_t	start;			/* in the arena */
	uint8_t		len;
	uint8_t		list;
	uint8_t		index;
} Spelling;

static Spelling spellings[SPELLING_MAX];
static int	nspellings;
static char arena[ARENA_SIZE];
static uint8_t slots[SLOT_COUNT];	/* 0: empty, else 1 + index in spellings */

static inline uint32_t
spelling_hash(Nomenclature list, const char *text, size_t len)
{
	uint32_t	h = 2166136261u ^ (uint32_t) list;

	for (size_t i = 0; i < len; i++)
		h = (h ^ (unsigned char) text[i]) * 16777619u;
	return h ^ h >> 15;
}

/* Index of an exact folded text, or -1; *slot is where it is or should be */
static int
spelling_find(Nomenclature list, const char *text, size_t len, uint32_t *slot)
{
	uint32_t	s = spelling_hash(list, text, len) & (SLOT_COUNT - 1);

	for (; slots[s] != 0; s = (s + 1) & (SLOT_COUNT - 1))
	{
		const Spelling *sp = &spellings[slots[s] - 1];

		if (sp->list == list && sp->len == len && memcmp(arena + sp->start, text, len) == 0)
		{
			*slot = s;
			return sp->index;
		}
	}
	*slot = s;
	return -1;
}

static void
spelling_add(Nomenclature list, int index, const char *text)
{
	static size_t used = 0;
	char		folded[FOLD_MAX];
	size_t		len = nomenclature_fold(slice_from(text), folded, sizeof(folded));
	uint32_t	slot;
	int			found;

	assert(len <= FOLD_MAX && used + len <= ARENA_SIZE && nspellings < SPELLING_MAX - 1);
	found = spelling_find(list, folded, len, &slot);
	assert(found == -1 || found == index);
	if (found >= 0)
		return;
	memcpy(arena + used, folded, len);
	spellings[nspellings] = (Spelling) {(uint16_t) used, (uint8_t) len, (uint8_t) list, (uint8_t) index};
	used += len;
	slots[slot] = (uint8_t) ++nspellings;
}

static void
spellings_fill(void)
{
	for (int list = 0; list < NOM_COUNT; list++)
	{
		for (int i = 0; i < lists[list].count; i++)
		{
			spelling_add(list, i, lists[list].values[i].nom);
			spelling_add(list, i, lists[list].values[i].libelle);
		}
	}
	for (size_t a = 0; a < sizeof(aliases) / sizeof(aliases[0]); a++)
	{
		for (int i = 0; i < lists[aliases[a].list].count; i++)
		{
			if (strcmp(lists[aliases[a].list].values[i].nom, aliases[a].nom) == 0)
				spelling_add(aliases[a].list, i, aliases[a].spelling);
		}
	}
}

/*
 * Does a folded text with '?' match a spelling? One '?' stands for one
 * character, or for "oe" (one letter before folding); two in a row also for
 * one (the two bytes of an accented letter, lost one by one).
 */
static bool
wildcard_match(const char *p, size_t plen, const char *s, size_t slen)
{
	while (plen > 0 && slen > 0)
	{
		if (*p == '?')
		{
			if (slen >= 2 && s[0] == 'o' && s[1] == 'e' &&
				wildcard_match(p + 1, plen - 1, s + 2, slen - 2))
				return true;
			if (plen >= 2 && p[1] == '?' &&
				wildcard_match(p + 2, plen - 2, s + 1, slen - 1))
				return true;
		}
		else if (*p != *s)
			return false;
		p++, plen--, s++, slen--;
	}
	return plen == 0 && slen == 0;
}

/* A text with many '?' is noise, and would make the recursion above costly */
#define WILDCARD_MAX 12

static int
spelling_find_wildcard(Nomenclature list, const char *text, size_t len)
{
	int			found = -1;
	int			wild = 0;

	for (size_t i = 0; i < len; i++)
		wild += text[i] == '?';
	if (wild > WILDCARD_MAX || (size_t) wild * 2 > len)
		return -1;
	for (int i = 0; i < nspellings; i++)
	{
		const Spelling *sp = &spellings[i];

		if (sp->list != list || sp->index == found ||
			!wildcard_match(text, len, arena + sp->start, sp->len))
			continue;
		if (found >= 0)
			return -1;			/* could be either */
		found = sp->index;
	}
	return found;
}

int
nomenclature_match(Nomenclature list, Slice text)
{
	char		folded[FOLD_MAX];
	const char *p = folded;
	size_t		len;
	uint32_t	slot;
	int			found;

	if (text.data == NULL)
		return -1;
	if (nspellings == 0)
		spellings_fill();
	len = nomenclature_fold(text, folded, sizeof(folded));
	if (len == 0 || len > FOLD_MAX)
		return -1;
	if (len > strlen(UNUSABLE_PREFIX) && memcmp(p, UNUSABLE_PREFIX, strlen(UNUSABLE_PREFIX)) == 0)
	{
		p += strlen(UNUSABLE_PREFIX);
		len -= strlen(UNUSABLE_PREFIX);
	}
	found = spelling_find(list, p, len, &slot);
	if (found < 0 && memchr(p, '?', len) != NULL)
		found = spelling_find_wildcard(list, p, len);
	return found;
}

int
nomenclature_count(Nomenclature list)
{
	return lists[list].count;
}

const NomenclatureValue *
nomenclature_value(Nomenclature list, int index)
{
	return &lists[list].values[index];
}
