/*
 * tables.c
 *	  One contract as a line of COPY text format, for loads that go straight to
 *	  a table. Columns, in this order (dates ISO, amounts in euros, \N for null,
 *	  the four lists and the last column as text arrays):
 *
 *	  type_contrat, format_decp, id, acheteur_id, nature, objet, code_cpv,
 *	  procedure, duree_mois, date_notification, date_publication_donnees,
 *	  montant, forme_prix, types_prix, techniques, modalites_execution,
 *	  id_accord_cadre, marche_innovant, ccag, offres_recues,
 *	  attribution_avance, taux_avance, type_groupement_operateurs,
 *	  sous_traitance_declaree, origine_ue, origine_france,
 *	  considerations_sociales, considerations_environnementales,
 *	  lieu_execution_code, lieu_execution_type_code, titulaires
 */
#include "ecrire.h"

static void
separer(Sortie *s)
{
	if (!s->premier)
		sortie_car(s, '\t');
	s->premier = false;
}

/* False: the column is null. A field that a defect replaced in JSON is null here. */
static bool
present(Sortie *s, const Contrat *c, Champ champ, bool connu)
{
	separer(s);
	if (connu && c->jetons[champ] == NULL)
		return true;
	sortie_texte(s, "\\N");
	return false;
}

static void
texte(Sortie *s, const Contrat *c, Champ champ, const char *valeur)
{
	if (present(s, c, champ, valeur && valeur[0]))
		sortie_texte(s, valeur);
}

static void
booleen(Sortie *s, const Contrat *c, Champ champ, bool connu, int valeur)
{
	if (present(s, c, champ, connu))
		sortie_car(s, valeur ? 't' : 'f');
}

static void
centiemes(Sortie *s, const Contrat *c, Champ champ, bool connu, int64_t valeur)
{
	if (present(s, c, champ, connu))
		sortie_centiemes(s, valeur);
}

static void
entier(Sortie *s, const Contrat *c, Champ champ, bool connu, int valeur)
{
	if (present(s, c, champ, connu))
		sortie_entier(s, valeur);
}

static void
liste(Sortie *s, const Contrat *c, Champ champ, bool connu, const char *const *libelles, int bits, const char *aucun)
{
	const char *virgule = "";

	if (!present(s, c, champ, connu))
		return;
	sortie_car(s, '{');
	for (int i = 0; libelles[i]; i++)
		if (bits & (1 << i))
		{
			sortie_texte(s, virgule);
			sortie_car(s, '"');
			sortie_texte(s, libelles[i]);
			sortie_car(s, '"');
			virgule = ",";
		}
	if (aucun && (bits == 0 || (champ == CH_SOCIALES && c->contradictoire)))
	{
		sortie_texte(s, virgule);
		sortie_car(s, '"');
		sortie_texte(s, aucun);
		sortie_car(s, '"');
	}
	sortie_car(s, '}');
}

static void
titulaires(Sortie *s, const Contrat *c)
{
	if (!present(s, c, CH_TITULAIRES, true))
		return;
	sortie_car(s, '{');
	for (int i = 0; i < c->ntitulaires; i++)
	{
		if (i > 0)
			sortie_car(s, ',');
		sortie_car(s, '"');
		sortie_texte(s, c->titulaires[i].id);
		sortie_car(s, '"');
	}
	sortie_car(s, '}');
}

void
tables_contrat(Sortie *s, const Contrat *c, Format format)
{
	bool		v2 = format != FORMAT_V1;
	bool		marche = !c->concession;
	bool		m2 = marche && v2;
	int			prix = c->types_prix & 4 ? 2 : c->types_prix & 2 ? 1 : 0;
	int			nature = v2 ? c->nature : c->subsequent ? 4 : c->techniques & 1 ? 3 : c->nature & 1;

	s->premier = true;
	separer(s);
	sortie_texte(s, marche ? "marche" : "concession");
	separer(s);
	sortie_texte(s, v2 ? "2" : "1");
	texte(s, c, CH_ID, c->id);
	texte(s, c, CH_ACHETEUR, c->acheteur);
	texte(s, c, CH_NATURE, marche ? lib_nature[nature] : lib_nature_concession[c->nature]);
	texte(s, c, CH_OBJET, c->objet);
	texte(s, c, CH_CPV, marche ? c->cpv : NULL);
	texte(s, c, CH_PROCEDURE, marche ? lib_procedure[c->procedure] : lib_procedure_concession[c->procedure]);
	entier(s, c, CH_DUREE, true, c->duree);
	if (present(s, c, CH_NOTIFICATION, true))
		sortie_date(s, c->notification);
	if (present(s, c, CH_PUBLICATION, true))
		sortie_date(s, c->publication);
	centiemes(s, c, CH_MONTANT, true, c->montant);
	texte(s, c, CH_FORME_PRIX, !marche ? NULL : v2 ? lib_forme_prix[c->forme_prix] : lib_forme_prix_v1[prix]);
	liste(s, c, CH_TYPES_PRIX, m2, lib_types_prix, c->types_prix, NULL);
	liste(s, c, CH_TECHNIQUES, m2, lib_techniques, c->techniques, "Sans objet");
	liste(s, c, CH_MODALITES, m2, lib_modalites, c->modalites, "Sans objet");
	texte(s, c, CH_ID, m2 ? c->id_accord_cadre : NULL);
	booleen(s, c, CH_INNOVANT, m2, c->innovant);
	texte(s, c, CH_CCAG, m2 ? lib_ccag[c->ccag] : NULL);
	entier(s, c, CH_OFFRES, m2, c->offres);
	booleen(s, c, CH_AVANCE, m2, c->avance);
	centiemes(s, c, CH_TAUX, m2 && c->avance, c->taux);
	texte(s, c, CH_GROUPEMENT, m2 ? lib_groupement[c->groupement] : NULL);
	booleen(s, c, CH_SOUS_TRAITANCE, m2, c->sous_traitance);
	centiemes(s, c, CH_ORIGINE_UE, m2 && c->origine_ue >= 0, c->origine_ue);
	centiemes(s, c, CH_ORIGINE_FRANCE, m2 && c->origine_ue >= 0, c->origine_france);
	liste(s, c, CH_SOCIALES, v2, marche ? lib_sociales : lib_sociales_concession, c->sociales,
		  "Pas de considération sociale");
	liste(s, c, CH_ENVIRONNEMENTALES, v2, lib_environnementales, c->environnementales,
		  "Pas de considération environnementale");
	texte(s, c, CH_LIEU, marche ? c->lieu_code : NULL);
	texte(s, c, CH_LIEU, marche ? lib_lieu[c->lieu_type] : NULL);
	titulaires(s, c);
	sortie_car(s, '\n');
}
