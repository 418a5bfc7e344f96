/*
 * profil_attribution.c
 *	  The profils of a contract's holders.
 */
#include <math.h>

#include "profil.h"

#define ECHELON_DEPARTEMENT (1 << 1)	/* of the flags of ATT_LOCAL */
#define INCLUSION_AUCUN 4

/* An attribute read at the level of the contract, and the holder's own where there is one */
typedef struct Lecture
{
	AttributId	contrat;
	AttributId	titulaire;		/* ATT_COUNT: none */
	int			(*code) (const TitulaireConnu *t);
} Lecture;

static int
taille(const TitulaireConnu *t)
{
	return t->taille;
}

static int
tpe(const TitulaireConnu *t)
{
	return t->tpe;
}

static int
ess(const TitulaireConnu *t)
{
	return t->ess;
}

static int
societe_mission(const TitulaireConnu *t)
{
	return t->societe_mission;
}

static int
etranger(const TitulaireConnu *t)
{
	return t->etranger;
}

static int
local(const TitulaireConnu *t)
{
	return t->local;
}

static int
epci(const TitulaireConnu *t)
{
	return t->epci;
}

static int
lieu(const TitulaireConnu *t)
{
	return t->lieu;
}

static int
identifie(const TitulaireConnu *t)
{
	return t->identifie;
}

static const Lecture lectures[] = {
	{ATT_TAILLE, ATT_TAILLE_TITULAIRE, taille},
	{ATT_TPE, ATT_COUNT, tpe},
	{ATT_ESS, ATT_ESS_TITULAIRE, ess},
	{ATT_SOCIETE_MISSION, ATT_COUNT, societe_mission},
	{ATT_ETRANGER, ATT_ETRANGER_TITULAIRE, etranger},
	{ATT_LOCAL, ATT_LOCAL_TITULAIRE, local},
	{ATT_EPCI, ATT_EPCI_TITULAIRE, epci},
	{ATT_LIEU, ATT_LIEU_TITULAIRE, lieu},
	{ATT_IDENTIFIES, ATT_COUNT, identifie}
};

/* A question of which it matters whether one holder at least answers yes */
typedef struct AuMoinsUn
{
	AttributId	attribut;
	Trilean		(*reponse) (const TitulaireConnu *t);
} AuMoinsUn;

static Trilean
est(int code, bool oui)
{
	return code == 0 ? TRI_UNKNOWN : oui ? TRI_YES : TRI_NO;
}

static Trilean
pme(const TitulaireConnu *t)
{
	return est(t->taille, t->taille == TAILLE_PME);
}

static Trilean
de_l_ess(const TitulaireConnu *t)
{
	return t->ess;
}

static Trilean
d_inclusion(const TitulaireConnu *t)
{
	return est(t->inclusion, t->inclusion != INCLUSION_AUCUN);
}

/* Codes of a set: 1 for none, 1 + m for the flags m */
static Trilean
du_departement(const TitulaireConnu *t)
{
	return est(t->local, t->local > 0 && ((t->local - 1) & ECHELON_DEPARTEMENT));
}

static Trilean
du_lieu(const TitulaireConnu *t)
{
	return t->lieu;
}

static Trilean
de_l_etranger(const TitulaireConnu *t)
{
	return t->etranger;
}

static const AuMoinsUn au_moins_un[] = {
	{ATT_PME_UN, pme},
	{ATT_ESS_UN, de_l_ess},
	{ATT_INCLUSION_UN, d_inclusion},
	{ATT_DEPARTEMENT_UN, du_departement},
	{ATT_LIEU_UN, du_lieu},
	{ATT_ETRANGER_UN, de_l_etranger}
};

static int
code_distance(double km)
{
	static const double bornes[] = {10, 50, 100, 200};
	int			code = 1;

	if (isnan(km))
		return 0;
	while (code <= 4 && km > bornes[code - 1])
		code++;
	return code;
}

void
profil_attributions(const Profil *contrat, const TitulaireConnu *titulaires, int n, Profil *attributions)
{
	Profil		commun = profil_de_niveau(contrat, NIVEAU_ATTRIBUTION);
	bool		tous[sizeof(lectures) / sizeof(lectures[0])];

	for (size_t l = 0; l < sizeof(lectures) / sizeof(lectures[0]); l++)
	{
		tous[l] = true;
		for (int i = 0; i < n; i++)
			tous[l] &= lectures[l].code(&titulaires[i]) != 0;
	}
	for (size_t a = 0; a < sizeof(au_moins_un) / sizeof(au_moins_un[0]); a++)
	{
		Trilean		reponse = TRI_NO;

		for (int i = 0; i < n && reponse != TRI_YES; i++)
		{
			Trilean		celle_ci = au_moins_un[a].reponse(&titulaires[i]);

			reponse = celle_ci == TRI_NO ? reponse : celle_ci;
		}
		profil_set(&commun, attribut_get(au_moins_un[a].attribut), reponse);
	}
	for (int i = 0; i < n; i++)
	{
		const TitulaireConnu *t = &titulaires[i];
		Profil	   *p = &attributions[i];

		*p = commun;
		for (size_t l = 0; l < sizeof(lectures) / sizeof(lectures[0]); l++)
		{
			if (tous[l])
				profil_set(p, attribut_get(lectures[l].contrat), lectures[l].code(t));
			if (lectures[l].titulaire != ATT_COUNT)
				profil_set(p, attribut_get(lectures[l].titulaire), lectures[l].code(t));
		}
		profil_set(p, attribut_get(ATT_ESUS), t->esus);
		profil_set(p, attribut_get(ATT_INCLUSION), t->inclusion);
		profil_set(p, attribut_get(ATT_DISTANCE), code_distance(t->distance));
	}
}
