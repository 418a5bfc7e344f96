/*
 * record_absence.c
 *	  What a record should hold and does not: the required lists of the official
 *	  schemas, 14 fields of a marché in format v1 and 24 in format v2.
 *
 * The node tells, not the value: what is there and can't be read is not absent.
 */
#include "record_note.h"

/* null, a word for it, or the mark of the ministry's exports */
static bool
absent(json_object *node)
{
	Slice		texte;

	if (value_absent(node))
		return true;
	if (!json_object_is_type(node, json_type_string) || !node_slice(node, &texte))
		return false;
	texte = slice_trim(texte);
	return slice_is(texte, "MQ") || slice_is(texte, "CDL") ||
		(texte.len > 3 && (memcmp(texte.data, "MQ ", 3) == 0 || memcmp(texte.data, "CDL ", 4) == 0));
}

static void
noter_manque(RecordContext *ctx, const Chemin *chemin, json_object *node)
{
	Slice		texte;

	if (!node_slice(node, &texte))
		texte = SLICE_NONE;
	noter(ctx, R_CHAMP_MANQUANT, chemin, texte);
}

void
noter_absence(RecordContext *ctx, const Chemin *objet, const char *champ, json_object *node)
{
	if (absent(node))
		noter_manque(ctx, &(Chemin) {objet, champ, -1}, node);
}

/* ---- the record ---- */

/* Scalars that both formats require of both kinds */
static const RecordField communs[] = {
	F_ID, F_NATURE, F_OBJET, F_PROCEDURE, F_DUREE_MOIS, F_DATE_PUBLICATION
};
static const RecordField marche[] = {
	F_CODE_CPV, F_DATE_NOTIFICATION, F_MONTANT, F_FORME_PRIX
};
static const RecordField marche_v2[] = {
	F_MARCHE_INNOVANT, F_OFFRES_RECUES, F_ATTRIBUTION_AVANCE, F_SOUS_TRAITANCE
};

/* Draft 2.0.0 lets these be null */
static const RecordField marche_v2_final[] = {F_CCAG, F_TYPE_GROUPEMENT};
static const RecordField concession[] = {F_DATE_DEBUT, F_SUBVENTION};

#define LONGUEUR(tableau) (sizeof(tableau) / sizeof((tableau)[0]))

static void
attendre(Draft *draft, const RecordField *champs, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (absent(draft->fields[champs[i]]))
			noter_manque(&draft->ctx, &FIELD(champs[i]), draft->fields[champs[i]]);
}

/* Of two names of one field */
static void
attendre_un(Draft *draft, RecordField champ, RecordField autre)
{
	if (absent(draft->fields[champ]) && absent(draft->fields[autre]))
		noter_manque(&draft->ctx, &FIELD(champ), draft->fields[champ]);
}

/* A part of something: all of it missing is one anomaly, not three */
static void
attendre_parties(Draft *draft, RecordField tout, const RecordField *parties, const Slice *valeurs, int n)
{
	int			la = 0;

	for (int i = 0; i < n; i++)
		la += valeurs[i].data != NULL;
	if (la == 0)
		noter_manque(&draft->ctx, &FIELD(tout), NULL);
	for (int i = 0; i < n && la > 0; i++)
		if (valeurs[i].data == NULL)
			noter_manque(&draft->ctx, &FIELD(parties[i]), NULL);
}

static void
attendre_acheteur(Draft *draft)
{
	const DecpContrat *c = draft->ctx.contrat;
	const RecordField acheteur[] = {F_ACHETEUR_ID, F_ACHETEUR_NOM};
	const RecordField autorite[] = {F_AUTORITE_ID, F_AUTORITE_NOM};
	const Slice valeurs[] = {c->acheteur_id, c->acheteur_nom};

	/* format v2 has no name */
	attendre_parties(draft, c->concession ? F_AUTORITE : F_ACHETEUR, c->concession ? autorite : acheteur,
					 valeurs, c->format_decp == 1 ? 2 : 1);
}

static void
attendre_lieu(Draft *draft)
{
	const DecpContrat *c = draft->ctx.contrat;
	const RecordField lieu[] = {F_LIEU_CODE, F_LIEU_TYPE_CODE, F_LIEU_NOM};
	const Slice valeurs[] = {c->lieu_execution_code, c->lieu_execution_type_code, c->lieu_execution_nom};

	/* nor has it a name here; and its concessions have no place at all */
	if (c->format_decp == 1 || !c->concession)
		attendre_parties(draft, F_LIEU, lieu, valeurs, c->format_decp == 1 ? 3 : 2);
}

static void
attendre_listes(Draft *draft)
{
	const DecpContrat *c = draft->ctx.contrat;
	const struct
	{
		RecordField champ;
		const SliceList *liste;
	}			listes[] = {
		{F_CONSIDERATIONS_SOCIALES, &c->considerations_sociales},
		{F_CONSIDERATIONS_ENVIRONNEMENTALES, &c->considerations_environnementales},
		{F_TECHNIQUES, &c->techniques},
		{F_MODALITES, &c->modalites_execution},
		{F_TYPES_PRIX, &c->types_prix},
	};
	size_t		n = c->format_decp == 1 ? 0 : c->concession ? 2 : LONGUEUR(listes);

	for (size_t i = 0; i < n; i++)
		if (!listes[i].liste->present)
			noter_manque(&draft->ctx, &FIELD(listes[i].champ), draft->fields[listes[i].champ]);
	if (c->ntitulaires == 0)
		noter_manque(&draft->ctx, c->concession ? &FIELD(F_CONCESSIONNAIRES) : &FIELD(F_TITULAIRES), NULL);
	/* required, and may be empty; an XML document has no way to say an empty list */
	if (c->format_decp == 1 && !draft->ctx.sans_types)
	{
		if (draft->fields[F_MODIFICATIONS] == NULL)
			noter_manque(&draft->ctx, &FIELD(F_MODIFICATIONS), NULL);
		if (c->concession && draft->fields[F_DONNEES_EXECUTION] == NULL)
			noter_manque(&draft->ctx, &FIELD(F_DONNEES_EXECUTION), NULL);
	}
}

void
noter_absences(Draft *draft)
{
	const DecpContrat *c = draft->ctx.contrat;

	attendre(draft, communs, LONGUEUR(communs));
	if (c->concession)
	{
		attendre(draft, concession, LONGUEUR(concession));
		attendre_un(draft, F_DATE_SIGNATURE, F_DATE_NOTIFICATION);
		attendre_un(draft, F_VALEUR_GLOBALE, F_MONTANT);
	}
	else
	{
		attendre(draft, marche, LONGUEUR(marche));
		if (c->format_decp == 2)
			attendre(draft, marche_v2, LONGUEUR(marche_v2));
		if (c->format_decp == 2 && !draft->version_2_0_0)
			attendre(draft, marche_v2_final, LONGUEUR(marche_v2_final));
	}
	attendre_acheteur(draft);
	attendre_lieu(draft);
	attendre_listes(draft);
}
