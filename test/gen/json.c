/*
 * json.c
 *	  Writes a contract as a DECP record: v2 (2.0.3), v1 (1.5.0) or flat 2.0.0.
 */
#include "ecrire.h"
#include "json_champs.h"

typedef enum Style
{
	STYLE_V1,
	STYLE_V2,
	STYLE_PLAT
} Style;

/* ---------------------------------------------------------------- lists */

static void
etiquettes(Sortie *s, const char *const *libelles, int bits, const char *aucun)
{
	json_ouvrir(s, '[');
	for (int i = 0; libelles[i]; i++)
		if (bits & (1 << i))
		{
			json_suivant(s);
			json_chaine(s, libelles[i]);
		}
	if (aucun)
	{
		json_suivant(s);
		json_chaine(s, aucun);
	}
	json_fermer(s, ']');
}

/* {"technique":[...]} in v2, "technique":[...] in 2.0.0, or deformed */
static void
champ_liste(Sortie *s, const Contrat *c, Champ ch, Style style, const char *pluriel, const char *singulier,
			const char *const *libelles, int bits, const char *aucun)
{
	if (bits && !(c->contradictoire && ch == CH_SOCIALES))
		aucun = NULL;
	if (style == STYLE_PLAT)
	{
		/* considerations keep their plural, the other lists are named in the singular */
		if (champ(s, c, ch, ch == CH_SOCIALES || ch == CH_ENVIRONNEMENTALES ? pluriel : singulier))
			etiquettes(s, libelles, bits, c->contradictoire && ch == CH_SOCIALES ? aucun : NULL);
		return;
	}
	if (!champ(s, c, ch, pluriel))
		return;
	if (c->forme_listes == FORME_INVERSE)
	{
		etiquettes(s, libelles, bits, aucun);
		return;
	}
	if (c->forme_listes == FORME_EXPANSEE)
	{
		json_ouvrir(s, '[');
		json_suivant(s);
	}
	json_ouvrir(s, '{');
	json_cle(s, singulier);
	if (c->forme_listes == FORME_OBJET && (bits & (bits - 1)) == 0 && !(bits && aucun))
	{
		/* a lone value, as conversions from XML give it */
		int			i = 0;

		while (bits && !(bits & (1 << i)))
			i++;
		json_chaine(s, bits ? libelles[i] : aucun);
	}
	else
		etiquettes(s, libelles, bits, aucun);
	json_fermer(s, '}');
	if (c->forme_listes == FORME_EXPANSEE)
		json_fermer(s, ']');
}

static void
identifiant(Sortie *s, const Titulaire *t, Style style)
{
	json_ouvrir(s, '{');
	if (t->type)
		cle_chaine(s, "typeIdentifiant", t->type);
	cle_chaine(s, "id", t->id);
	if (style == STYLE_V1)
		cle_chaine(s, "denominationSociale", t->nom);
	json_fermer(s, '}');
}

static void
emballe(Sortie *s, const Titulaire *t, Style style, const char *singulier, bool emballer)
{
	json_suivant(s);
	if (emballer)
	{
		json_ouvrir(s, '{');
		json_cle(s, singulier);
	}
	identifiant(s, t, style);
	if (emballer)
		json_fermer(s, '}');
}

static void
titulaires(Sortie *s, const Contrat *c, Style style)
{
	const char *singulier = c->concession ? "concessionnaire" : "titulaire";
	Forme		forme = c->forme_titulaires;
	bool		emballer = (style == STYLE_V2) != (forme == FORME_INVERSE);
	int			imbrication = forme == FORME_IMBRIQUEE ? 3 : 0;

	if (!champ(s, c, CH_TITULAIRES, c->concession ? "concessionnaires" : "titulaires"))
		return;
	if (forme == FORME_EXPANSEE)
	{
		json_ouvrir(s, '[');
		json_suivant(s);
	}
	if (forme == FORME_OBJET || forme == FORME_EXPANSEE)
	{
		json_ouvrir(s, '{');
		json_cle(s, singulier);
		emballer = false;
	}
	json_ouvrir(s, '[');
	for (int i = 0; i < imbrication; i++)
	{
		json_suivant(s);
		json_ouvrir(s, '[');
	}
	for (int i = 0; i < c->ntitulaires; i++)
		emballe(s, &c->titulaires[i], style, singulier, forme == FORME_MELANGEE ? i > 0 : emballer);
	for (int i = 0; i < imbrication; i++)
		json_fermer(s, ']');
	json_fermer(s, ']');
	if (forme == FORME_OBJET || forme == FORME_EXPANSEE)
		json_fermer(s, '}');
	if (forme == FORME_EXPANSEE)
		json_fermer(s, ']');
}

static void
modification(Sortie *s, const Contrat *c, const Modification *m, Style style)
{
	static const char *const motifs[] = {"Prolongation du délai", "Prestations supplémentaires", "Révision du programme"};

	json_ouvrir(s, '{');
	if (style == STYLE_V1)
		cle_chaine(s, "objetModification", motifs[m->id % 3]);
	else
		cle_entier(s, "id", m->id);
	if (m->duree)
		cle_entier(s, "dureeMois", m->duree);
	if (m->montant)
		cle_centiemes(s, c->concession ? "valeurGlobale" : "montant", m->montant);
	if (m->ntitulaires && !c->concession)
	{
		json_cle(s, "titulaires");
		json_ouvrir(s, '[');
		emballe(s, &m->titulaire, style, "titulaire", style == STYLE_V2);
		json_fermer(s, ']');
	}
	cle_date(s, c->concession ? "dateSignatureModification" : "dateNotificationModification", m->notification,
			 c->date_decalee);
	cle_date(s, "datePublicationDonneesModification", m->publication, c->date_decalee);
	json_fermer(s, '}');
}

static void
modifications(Sortie *s, const Contrat *c, Style style)
{
	Forme		forme = c->forme_modifications;
	bool		emballer = (style == STYLE_V2) != (forme == FORME_INVERSE) && forme != FORME_OBJET;
	int			couches = !emballer ? 0 : forme == FORME_DOUBLE ? 2 : 1;

	/* v1 wants the key even without modification */
	if (c->nmodifications == 0 && style != STYLE_V1 && c->jetons[CH_MODIFICATIONS] == NULL)
		return;
	if (!champ(s, c, CH_MODIFICATIONS, "modifications"))
		return;
	if (forme == FORME_OBJET)
	{
		json_ouvrir(s, '{');
		json_cle(s, "modification");
	}
	json_ouvrir(s, '[');
	for (int i = 0; i < c->nmodifications; i++)
	{
		json_suivant(s);
		for (int k = 0; k < couches; k++)
		{
			json_ouvrir(s, '{');
			json_cle(s, "modification");
		}
		modification(s, c, &c->modifications[i], style);
		for (int k = 0; k < couches; k++)
			json_fermer(s, '}');
	}
	json_fermer(s, ']');
	if (forme == FORME_OBJET)
		json_fermer(s, '}');
}

/* Open or close one element of a list whose elements v2 wraps */
static void
element(Sortie *s, Style style, const char *singulier)
{
	json_suivant(s);
	if (style == STYLE_V2)
	{
		json_ouvrir(s, '{');
		json_cle(s, singulier);
	}
	json_ouvrir(s, '{');
}

static void
fin_element(Sortie *s, Style style)
{
	json_fermer(s, '}');
	if (style == STYLE_V2)
		json_fermer(s, '}');
}

static void
actes(Sortie *s, const Contrat *c, Style style)
{
	if (c->nactes == 0)
		return;
	json_cle(s, "actesSousTraitance");
	json_ouvrir(s, '[');
	for (int i = 0; i < c->nactes; i++)
	{
		const Acte *a = &c->actes[i];

		element(s, style, "acteSousTraitance");
		cle_entier(s, "id", a->id);
		json_cle(s, "sousTraitant");
		identifiant(s, &a->sous_traitant, STYLE_V2);
		cle_entier(s, "dureeMois", a->duree);
		cle_date(s, "dateNotification", a->notification, false);
		cle_date(s, "datePublicationDonnees", a->publication, false);
		cle_centiemes(s, "montant", a->montant);
		cle_chaine(s, "variationPrix", lib_variation[a->variation]);
		fin_element(s, style);
	}
	json_fermer(s, ']');
	if (c->nmodifications_actes == 0)
		return;
	json_cle(s, "modificationsActesSousTraitance");
	json_ouvrir(s, '[');
	for (int i = 0; i < c->nmodifications_actes; i++)
	{
		const ModificationActe *m = &c->modifications_actes[i];

		element(s, style, "modificationActeSousTraitance");
		cle_entier(s, "id", m->id);
		if (m->duree)
			cle_entier(s, "dureeMois", m->duree);
		cle_date(s, style == STYLE_V2 ? "dateNotificationModificationSousTraitance"
				 : "dateNotificationModificationActeSousTraitance", m->notification, false);
		cle_centiemes(s, "montant", m->montant);
		cle_date(s, style == STYLE_V2 ? "datePublicationDonnees"
				 : "datePublicationDonneesModificationActeSousTraitance", m->publication, false);
		fin_element(s, style);
	}
	json_fermer(s, ']');
}

static void
donnees_execution(Sortie *s, const Contrat *c, Style style)
{
	/* required in v1, left out of v2 when there is none */
	if (c->ndonnees == 0 && style == STYLE_V2)
		return;
	json_cle(s, "donneesExecution");
	json_ouvrir(s, '[');
	for (int i = 0; i < c->ndonnees; i++)
	{
		const DonneesAnnuelles *d = &c->donnees[i];

		element(s, style, "donneesAnnuelles");
		cle_date(s, "datePublicationDonneesExecution", d->publication, false);
		cle_centiemes(s, "depensesInvestissement", d->depenses);
		json_cle(s, "tarifs");
		json_ouvrir(s, '[');
		for (int k = 0; k < d->ntarifs; k++)
		{
			element(s, style, "tarif");
			cle_chaine(s, "intituleTarif", lib_tarifs[d->intitules[k]]);
			cle_centiemes(s, "tarif", d->tarifs[k]);
			fin_element(s, style);
		}
		json_fermer(s, ']');
		fin_element(s, style);
	}
	json_fermer(s, ']');
}

/* ---------------------------------------------------------------- records */

static void
acheteur(Sortie *s, const Contrat *c, Style style)
{
	if (!champ(s, c, CH_ACHETEUR, c->concession ? "autoriteConcedante" : "acheteur"))
		return;
	json_ouvrir(s, '{');
	cle_chaine(s, "id", c->acheteur);
	if (style == STYLE_V1)
		cle_chaine(s, "nom", c->acheteur_nom);
	if (c->acheteur_extra)
	{
		sortie_car(s, ',');
		sortie_texte(s, c->acheteur_extra);
	}
	json_fermer(s, '}');
}

static void
lieu(Sortie *s, const Contrat *c, Style style)
{
	if (!champ(s, c, CH_LIEU, "lieuExecution"))
		return;
	json_ouvrir(s, '{');
	cle_chaine(s, "code", c->lieu_code);
	cle_chaine(s, "typeCode", lib_lieu[c->lieu_type]);
	if (style == STYLE_V1)
		cle_chaine(s, "nom", c->lieu_code);
	json_fermer(s, '}');
}

static void
considerations(Sortie *s, const Contrat *c, Style style)
{
	champ_liste(s, c, CH_SOCIALES, style, "considerationsSociales", "considerationSociale",
				c->concession ? lib_sociales_concession : lib_sociales, c->sociales, "Pas de considération sociale");
	champ_liste(s, c, CH_ENVIRONNEMENTALES, style, "considerationsEnvironnementales", "considerationEnvironnementale",
				lib_environnementales, c->environnementales, "Pas de considération environnementale");
}

/* What v2 and 2.0.0 know of a marché and v1 does not */
static void
champs_v2(Sortie *s, const Contrat *c, Style style)
{
	champ_liste(s, c, CH_TYPES_PRIX, style, "typesPrix", "typePrix", lib_types_prix, c->types_prix, NULL);
	champ_liste(s, c, CH_TECHNIQUES, style, "techniques", "technique", lib_techniques, c->techniques, "Sans objet");
	champ_liste(s, c, CH_MODALITES, style, "modalitesExecution", "modaliteExecution", lib_modalites, c->modalites,
				"Sans objet");
	if (c->id_accord_cadre[0])
		cle_chaine(s, "idAccordCadre", c->id_accord_cadre);
	champ_bool(s, c, CH_INNOVANT, "marcheInnovant", c->innovant);
	if (style == STYLE_PLAT && c->ccag == 6)
	{
		json_cle(s, "ccag");
		sortie_texte(s, "null");
	}
	else
		champ_chaine(s, c, CH_CCAG, "ccag", lib_ccag[c->ccag]);
	champ_entier(s, c, CH_OFFRES, "offresRecues", c->offres);
	champ_bool(s, c, CH_AVANCE, "attributionAvance", c->avance);
	if (c->avance || c->jetons[CH_TAUX])
		champ_centiemes(s, c, CH_TAUX, "tauxAvance", c->taux);
	champ_chaine(s, c, CH_GROUPEMENT, "typeGroupementOperateurs", lib_groupement[c->groupement]);
	champ_bool(s, c, CH_SOUS_TRAITANCE, "sousTraitanceDeclaree", c->sous_traitance);
	if (c->origine_ue >= 0 || c->jetons[CH_ORIGINE_UE])
		champ_centiemes(s, c, CH_ORIGINE_UE, "origineUE", c->origine_ue);
	if (c->origine_france >= 0 || c->jetons[CH_ORIGINE_FRANCE])
		champ_centiemes(s, c, CH_ORIGINE_FRANCE, "origineFrance", c->origine_france);
}

static void
marche(Sortie *s, const Contrat *c, Style style)
{
	int			prix = c->types_prix & 4 ? 2 : c->types_prix & 2 ? 1 : 0;
	int			nature = style != STYLE_V1 ? c->nature : c->subsequent ? 4 : c->techniques & 1 ? 3 : c->nature & 1;

	champ_chaine(s, c, CH_NATURE, "nature", lib_nature[nature]);
	champ_chaine(s, c, CH_OBJET, "objet", c->objet);
	champ_chaine(s, c, CH_CPV, "codeCPV", c->cpv);
	champ_chaine(s, c, CH_PROCEDURE, "procedure", lib_procedure[c->procedure]);
	lieu(s, c, style);
	champ_entier(s, c, CH_DUREE, "dureeMois", c->duree);
	champ_date(s, c, CH_NOTIFICATION, "dateNotification", c->notification);
	champ_date(s, c, CH_PUBLICATION, "datePublicationDonnees", c->publication);
	champ_centiemes(s, c, CH_MONTANT, "montant", c->montant);
	champ_chaine(s, c, CH_FORME_PRIX, "formePrix",
				 style == STYLE_V1 ? lib_forme_prix_v1[prix] : lib_forme_prix[c->forme_prix]);
	if (style != STYLE_V1)
		champs_v2(s, c, style);
	titulaires(s, c, style);
	if (style != STYLE_V1)
	{
		considerations(s, c, style);
		actes(s, c, style);
	}
	modifications(s, c, style);
}

static void
concession(Sortie *s, const Contrat *c, Style style)
{
	champ_chaine(s, c, CH_NATURE, "nature", lib_nature_concession[c->nature]);
	champ_chaine(s, c, CH_OBJET, "objet", c->objet);
	champ_chaine(s, c, CH_PROCEDURE, "procedure", lib_procedure_concession[c->procedure]);
	if (style == STYLE_V1)
		lieu(s, c, style);
	champ_entier(s, c, CH_DUREE, "dureeMois", c->duree);
	champ_date(s, c, CH_NOTIFICATION, "dateSignature", c->notification);
	champ_date(s, c, CH_PUBLICATION, "datePublicationDonnees", c->publication);
	cle_date(s, "dateDebutExecution", c->debut_execution, c->date_decalee);
	champ_centiemes(s, c, CH_MONTANT, "valeurGlobale", c->montant);
	cle_centiemes(s, "montantSubventionPublique", c->subvention);
	donnees_execution(s, c, style);
	titulaires(s, c, style);
	if (style != STYLE_V1)
		considerations(s, c, style);
	modifications(s, c, style);
}

void
json_contrat(Sortie *s, const Contrat *c, Format format)
{
	Style		style = format == FORMAT_V1 ? STYLE_V1 : format == FORMAT_PLAT ? STYLE_PLAT : STYLE_V2;

	if (c->nul)
	{
		sortie_texte(s, "null");
		return;
	}
	json_ouvrir(s, '{');
	if (style != STYLE_V2)
		cle_chaine(s, "_type", c->concession ? "Contrat de concession" : "Marché");
	champ_chaine(s, c, CH_ID, "id", c->id);
	acheteur(s, c, style);
	if (c->concession)
		concession(s, c, style);
	else
		marche(s, c, style);
	if (c->extra)
	{
		sortie_car(s, ',');
		sortie_texte(s, c->extra);
	}
	json_fermer(s, '}');
}
