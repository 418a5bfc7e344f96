/*
 * predicat.c
 *	  Build and evaluate predicates over profils.
 */
#include "predicat.h"

static Verite
nier(Verite v)
{
	bool		certain = v & 2;
	bool		possible = v & 1;

	return (Verite) ((!possible << 1) | !certain);
}

static Predicat *
nouveau(const CoreMemory *memory, PredicatKind kind)
{
	Predicat   *p = memory->alloc(memory->context, sizeof(Predicat));

	memset(p, 0, sizeof(Predicat));
	p->kind = kind;
	return p;
}

Predicat *
predicat_constante(const CoreMemory *memory, bool valeur)
{
	Predicat   *p = nouveau(memory, PREDICAT_CONSTANTE);

	p->constante = valeur ? VERITE_OUI : VERITE_NON;
	return p;
}

Predicat *
predicat_feuille(const CoreMemory *memory, const Attribut *attribut)
{
	Predicat   *p = nouveau(memory, PREDICAT_FEUILLE);

	p->attribut = attribut;
	p->reponses = memory->alloc(memory->context, PREDICAT_CODES);
	memset(p->reponses, VERITE_NON, PREDICAT_CODES);
	return p;
}

bool
predicat_ajouter_valeur(Predicat *feuille, Slice valeur)
{
	uint64_t	designes[ATTRIBUT_BITMAP_WORDS] = {0};
	bool		decide = slice_is(valeur, "connu") || slice_is(valeur, "inconnu");
	int			ncodes = attribut_codes(feuille->attribut);

	if (!attribut_designe(feuille->attribut, valeur, designes))
		return false;
	for (int code = 0; code < ncodes; code++)
	{
		if ((designes[code / 64] >> (code % 64)) & 1)
			feuille->reponses[code] |= VERITE_OUI;
		else if (!decide && !attribut_connu(feuille->attribut, code))
			feuille->reponses[code] |= VERITE_INCONNU;
	}
	return true;
}

static void
fondre(Predicat *feuille, const Predicat *autre, PredicatKind kind)
{
	for (int i = 0; i < PREDICAT_CODES; i++)
	{
		if (kind == PREDICAT_ET)
			feuille->reponses[i] &= autre->reponses[i];
		else
			feuille->reponses[i] |= autre->reponses[i];
	}
}

/* Add a term that is neither a constant nor a node of the same kind */
static void
ajouter_terme(const CoreMemory *memory, Predicat *noeud, Predicat *terme)
{
	if (terme->kind == PREDICAT_FEUILLE)
	{
		for (int i = 0; i < noeud->ntermes; i++)
		{
			Predicat   *t = noeud->termes[i];

			if (t->kind == PREDICAT_FEUILLE && t->attribut == terme->attribut)
			{
				fondre(t, terme, noeud->kind);
				return;
			}
		}
	}
	/* Room doubles: it is full when the number of terms is a power of two */
	if ((noeud->ntermes & (noeud->ntermes - 1)) == 0)
	{
		size_t		places = noeud->ntermes == 0 ? 1 : 2 * (size_t) noeud->ntermes;

		noeud->termes = memory->resize(memory->context, noeud->termes,
									   places * sizeof(Predicat *));
	}
	noeud->termes[noeud->ntermes++] = terme;
}

Predicat *
predicat_joindre(const CoreMemory *memory, PredicatKind kind, Predicat *a, Predicat *b)
{
	Predicat   *noeud;
	Verite		neutre = kind == PREDICAT_ET ? VERITE_OUI : VERITE_NON;

	if (a->kind == PREDICAT_CONSTANTE)
		return a->constante == neutre ? b : a;
	if (b->kind == PREDICAT_CONSTANTE)
		return b->constante == neutre ? a : b;

	if (a->kind == kind)
		noeud = a;
	else
	{
		noeud = nouveau(memory, kind);
		ajouter_terme(memory, noeud, a);
	}
	if (b->kind == kind)
	{
		for (int i = 0; i < b->ntermes; i++)
			ajouter_terme(memory, noeud, b->termes[i]);
	}
	else
		ajouter_terme(memory, noeud, b);
	return noeud->ntermes == 1 ? noeud->termes[0] : noeud;
}

Predicat *
predicat_nier(Predicat *p)
{
	switch (p->kind)
	{
		case PREDICAT_CONSTANTE:
			p->constante = nier(p->constante);
			break;
		case PREDICAT_FEUILLE:
			for (int i = 0; i < PREDICAT_CODES; i++)
				p->reponses[i] = nier((Verite) p->reponses[i]);
			break;
		case PREDICAT_ET:
		case PREDICAT_OU:
			p->kind = p->kind == PREDICAT_ET ? PREDICAT_OU : PREDICAT_ET;
			for (int i = 0; i < p->ntermes; i++)
				predicat_nier(p->termes[i]);
			break;
	}
	return p;
}

Verite
predicat_juger_noeud(const Predicat *p, const Profil *profil)
{
	unsigned	v;

	switch (p->kind)
	{
		case PREDICAT_CONSTANTE:
			return p->constante;
		case PREDICAT_FEUILLE:
			return (Verite) p->reponses[profil_get(profil, p->attribut)];
		case PREDICAT_ET:
			v = VERITE_OUI;
			for (int i = 0; i < p->ntermes && v != VERITE_NON; i++)
				v &= predicat_juger(p->termes[i], profil);
			return (Verite) v;
		case PREDICAT_OU:
			v = VERITE_NON;
			for (int i = 0; i < p->ntermes && v != VERITE_OUI; i++)
				v |= predicat_juger(p->termes[i], profil);
			return (Verite) v;
	}
	return VERITE_INCONNU;
}
