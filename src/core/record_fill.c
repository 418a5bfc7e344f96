/*
 * record_fill.c
 *	  The fields of a record, read into the contract.
 */
#include "record_note.h"

static Slice
read_text(Draft *draft, RecordField f)
{
	return value_text(&draft->ctx, &FIELD(f), draft->fields[f]);
}

static Slice
read_id(Draft *draft, RecordField f)
{
	return value_id(&draft->ctx, &FIELD(f), draft->fields[f]);
}

static Slice
read_label(Draft *draft, RecordField f, Nomenclature list)
{
	return value_label(&draft->ctx, &FIELD(f), draft->fields[f], list);
}

static Slice
read_decimal(Draft *draft, RecordField f)
{
	return value_decimal(&draft->ctx, &FIELD(f), draft->fields[f]);
}

static int32_t
read_date(Draft *draft, RecordField f)
{
	return value_date(&draft->ctx, &FIELD(f), draft->fields[f]);
}

static Trilean
read_trilean(Draft *draft, RecordField f)
{
	return value_trilean(&draft->ctx, &FIELD(f), draft->fields[f]);
}

/* The concession's field when it is one and has it, else the marché's */
static RecordField
either(const Draft *draft, RecordField marche, RecordField concession)
{
	return draft->ctx.contrat->concession && node_filled(draft->fields[concession]) ? concession : marche;
}

static json_object *
first_element(json_object *node)
{
	while (json_object_is_type(node, json_type_array))
		node = json_object_array_length(node) > 0 ? json_object_array_get_idx(node, 0) : NULL;
	return node;
}

/*
 * id and name of the buyer: of an object, a text, or flat keys. Nothing else of
 * it is read, and what may be about its agents is neither.
 */
static void
read_buyer(Draft *draft, RecordField whole, RecordField id, RecordField nom)
{
	DecpContrat *contrat = draft->ctx.contrat;
	json_object *node = draft->fields[whole];
	json_object *id_node = NULL;
	json_object *nom_node = NULL;
	Slice		text;

	if (json_object_is_type(node, json_type_array))
		node = first_element(node);
	else if (buyer_text_kept(&draft->ctx, node, &text) && !value_absent(node))
	{
		if (memchr("0123456789", text.data[0], 10) != NULL)
			id_node = node;
		else
			nom_node = node;
	}
	if (json_object_is_type(node, json_type_object))
	{
		object_member(node, "id", &id_node);
		object_member(node, "nom", &nom_node);
	}
	if (value_absent(id_node))
		id_node = draft->fields[id];
	if (value_absent(nom_node))
		nom_node = draft->fields[nom];
	if (buyer_text_kept(&draft->ctx, id_node, &text))
		contrat->acheteur_id = value_identifiant(&draft->ctx, &FIELD(id), id_node);
	/* whatever it is, it is no more than that: it may hold anything */
	if (contrat->acheteur_id.len > IDENTIFIANT_MAX)
		contrat->acheteur_id = SLICE_NONE;
	if (buyer_text_kept(&draft->ctx, nom_node, &text))
		contrat->acheteur_nom = value_text(&draft->ctx, &FIELD(nom), nom_node);
}

static void
read_place(Draft *draft)
{
	DecpContrat *contrat = draft->ctx.contrat;
	json_object *node = first_element(draft->fields[F_LIEU]);
	json_object *code = NULL;
	json_object *type = NULL;
	json_object *nom = NULL;

	if (json_object_is_type(node, json_type_object))
	{
		object_member(node, "code", &code);
		object_member(node, "typecode", &type);
		object_member(node, "nom", &nom);
	}
	else if (!value_absent(node))
		brut_node(&draft->ctx, &FIELD(F_LIEU), node);
	if (value_absent(code))
		code = draft->fields[F_LIEU_CODE];
	if (value_absent(type))
		type = draft->fields[F_LIEU_TYPE_CODE];
	if (value_absent(nom))
		nom = draft->fields[F_LIEU_NOM];
	contrat->lieu_execution_code = value_code(&draft->ctx, &FIELD(F_LIEU_CODE), code);
	if (contrat->lieu_execution_code.data != NULL && !json_object_is_type(code, json_type_string))
		noter_type(&draft->ctx, &FIELD(F_LIEU_CODE), code, R_TEXTE_NOMBRE);
	contrat->lieu_execution_type_code = value_label(&draft->ctx, &FIELD(F_LIEU_TYPE_CODE), type,
													NOM_TYPE_CODE_LIEU);
	contrat->lieu_execution_nom = value_text(&draft->ctx, &FIELD(F_LIEU_NOM), nom);
	/* some producers repeat the kind of code in place of the name */
	if (contrat->lieu_execution_nom.data != NULL &&
		nomenclature_match(NOM_TYPE_CODE_LIEU, contrat->lieu_execution_nom) >= 0)
		contrat->lieu_execution_nom = SLICE_NONE;
}

/*
 * A closed list. none: what an empty list says in draft 2.0.0, where the lists
 * had no value for it; elsewhere an empty list says nothing.
 */
static void
read_labels(Draft *draft, RecordField f, const char *wrapper, Nomenclature nomenclature,
			SliceList *list, const char *none)
{
	json_object *node = draft->fields[f];

	labels_read(&draft->ctx, &FIELD(f), node, wrapper, nomenclature, list);
	if (none != NULL && draft->version_2_0_0 && !list->present &&
		json_object_is_type(node, json_type_array) && json_object_array_length(node) == 0)
		labels_add(&draft->ctx, list, slice_from(none));
}

/*
 * formePrix of v1 is what v2 calls a price type, under another name; the value
 * tells, not the format. It is kept as it is and also gives the type.
 */
static void
read_price(Draft *draft)
{
	static const char *const v1[][2] = {
		{"ferme", "Ferme"}, {"actualisable", "Ferme et actualisable"}, {"revisable", "Révisable"}
	};
	DecpContrat *contrat = draft->ctx.contrat;
	Slice		forme = value_code(&draft->ctx, &FIELD(F_FORME_PRIX), draft->fields[F_FORME_PRIX]);
	const NomenclatureValue *type;
	int			index;

	read_labels(draft, F_TYPES_PRIX, "typeprix", NOM_TYPE_PRIX, &contrat->types_prix, NULL);
	index = forme.data == NULL || nomenclature_match(NOM_FORME_PRIX, forme) >= 0 ? -1
		: nomenclature_match(NOM_TYPE_PRIX, forme);
	contrat->forme_prix = noter_label(&draft->ctx, &FIELD(F_FORME_PRIX),
									  index < 0 ? NOM_FORME_PRIX : NOM_TYPE_PRIX, forme);
	if (index < 0)
		return;
	type = nomenclature_value(NOM_TYPE_PRIX, index);
	contrat->forme_prix = slice_from(type->libelle);
	for (size_t i = 0; i < sizeof(v1) / sizeof(v1[0]); i++)
		if (strcmp(type->nom, v1[i][0]) == 0)
			contrat->forme_prix = slice_from(v1[i][1]);
	if (!contrat->types_prix.present)
		labels_add(&draft->ctx, &contrat->types_prix, slice_from(type->libelle));
}

static void
read_holders(Draft *draft)
{
	RecordContext *ctx = &draft->ctx;
	RecordField f = either(draft, F_TITULAIRES, F_CONCESSIONNAIRES);
	TitulaireList list = {0};

	titulaires_read(ctx, &FIELD(f), draft->fields[f], &list);
	for (int rang = 0; rang < FLAT_TITULAIRES_MAX; rang++)
	{
		json_object **parts = draft->flat[rang];
		DecpTitulaire titulaire;

		if (titulaire_make(ctx, &FIELD(F_TITULAIRES), parts[FLAT_TYPE], parts[FLAT_ID],
						   parts[FLAT_NOM], &titulaire))
			titulaires_add(ctx, &list, titulaire);
	}
	ctx->contrat->titulaires = list.items;
	ctx->contrat->ntitulaires = list.count;
}

static void
read_common(Draft *draft)
{
	DecpContrat *c = draft->ctx.contrat;

	c->id = read_id(draft, F_ID);
	c->uid = read_id(draft, F_UID);
	c->source = read_text(draft, F_SOURCE);
	if (c->concession && (node_filled(draft->fields[F_AUTORITE]) || node_filled(draft->fields[F_AUTORITE_ID]) ||
						  node_filled(draft->fields[F_AUTORITE_NOM])))
		read_buyer(draft, F_AUTORITE, F_AUTORITE_ID, F_AUTORITE_NOM);
	else
		read_buyer(draft, F_ACHETEUR, F_ACHETEUR_ID, F_ACHETEUR_NOM);
	c->nature = read_label(draft, F_NATURE, NOM_NATURE);
	c->objet = read_text(draft, F_OBJET);
	c->code_cpv = value_cpv(&draft->ctx, &FIELD(F_CODE_CPV), draft->fields[F_CODE_CPV]);
	c->procedure = read_label(draft, F_PROCEDURE, NOM_PROCEDURE);
	read_place(draft);
	c->duree_mois = value_months(&draft->ctx, &FIELD(F_DUREE_MOIS), draft->fields[F_DUREE_MOIS]);
	c->date_notification = read_date(draft, either(draft, F_DATE_NOTIFICATION, F_DATE_SIGNATURE));
	c->date_publication_donnees = read_date(draft, F_DATE_PUBLICATION);
	c->montant = read_decimal(draft, either(draft, F_MONTANT, F_VALEUR_GLOBALE));
	read_price(draft);
	read_holders(draft);
	modifications_read(&draft->ctx, &FIELD(F_MODIFICATIONS), draft->fields[F_MODIFICATIONS]);
}

static void
read_v2(Draft *draft)
{
	DecpContrat *c = draft->ctx.contrat;

	read_labels(draft, F_TECHNIQUES, "technique", NOM_TECHNIQUE, &c->techniques, "Sans objet");
	read_labels(draft, F_MODALITES, "modaliteexecution", NOM_MODALITE_EXECUTION,
				&c->modalites_execution, "Sans objet");
	read_labels(draft, F_CONSIDERATIONS_SOCIALES, "considerationsociale",
				NOM_CONSIDERATION_SOCIALE, &c->considerations_sociales,
				"Pas de considération sociale");
	read_labels(draft, F_CONSIDERATIONS_ENVIRONNEMENTALES, "considerationenvironnementale",
				NOM_CONSIDERATION_ENVIRONNEMENTALE, &c->considerations_environnementales,
				"Pas de considération environnementale");
	c->id_accord_cadre = read_id(draft, F_ID_ACCORD_CADRE);
	c->marche_innovant = read_trilean(draft, F_MARCHE_INNOVANT);
	c->ccag = read_label(draft, F_CCAG, NOM_CCAG);
	c->offres_recues = value_count(&draft->ctx, &FIELD(F_OFFRES_RECUES),
								   draft->fields[F_OFFRES_RECUES]);
	c->attribution_avance = read_trilean(draft, F_ATTRIBUTION_AVANCE);
	c->taux_avance = read_decimal(draft, F_TAUX_AVANCE);
	c->type_groupement_operateurs = read_label(draft, F_TYPE_GROUPEMENT, NOM_TYPE_GROUPEMENT);
	c->sous_traitance_declaree = read_trilean(draft, F_SOUS_TRAITANCE);
	c->origine_ue = read_decimal(draft, F_ORIGINE_UE);
	c->origine_france = read_decimal(draft, F_ORIGINE_FRANCE);
	actes_read(&draft->ctx, &FIELD(F_ACTES), draft->fields[F_ACTES]);
	modifications_actes_read(&draft->ctx, &FIELD(F_MODIFICATIONS_ACTES),
							 draft->fields[F_MODIFICATIONS_ACTES]);
}

/* Consolidated files fill these with zeros and "" on marchés: read on concessions only */
static void
read_concession(Draft *draft)
{
	DecpContrat *c = draft->ctx.contrat;

	c->date_debut_execution = read_date(draft, F_DATE_DEBUT);
	c->montant_subvention_publique = read_decimal(draft, F_SUBVENTION);
	donnees_execution_read(&draft->ctx, &FIELD(F_DONNEES_EXECUTION),
						   draft->fields[F_DONNEES_EXECUTION]);
}

/* Not the publication date: copies that differ in it alone are as full as each other */
static int
count_filled(const DecpContrat *c)
{
	const Slice texts[] = {
		c->id, c->uid, c->source, c->acheteur_id, c->acheteur_nom, c->nature, c->objet, c->code_cpv,
		c->procedure, c->lieu_execution_code, c->lieu_execution_type_code, c->lieu_execution_nom,
		c->montant, c->montant_subvention_publique, c->forme_prix, c->id_accord_cadre, c->ccag,
		c->taux_avance, c->type_groupement_operateurs, c->origine_ue, c->origine_france
	};
	int			n = 0;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		n += texts[i].data != NULL;
	n += (c->duree_mois != INT_NONE) + (c->offres_recues != INT_NONE);
	n += (c->date_notification != DATE_NONE) + (c->date_debut_execution != DATE_NONE);
	n += (c->marche_innovant != TRI_UNKNOWN) + (c->attribution_avance != TRI_UNKNOWN) +
		(c->sous_traitance_declaree != TRI_UNKNOWN);
	n += c->types_prix.present + c->techniques.present + c->modalites_execution.present +
		c->considerations_sociales.present + c->considerations_environnementales.present;
	n += (c->ntitulaires > 0) + (c->nmodifications > 0) + (c->nactes > 0) +
		(c->nmodifications_actes > 0) + (c->ndonnees_execution > 0);
	return n;
}

void
draft_read(Draft *draft)
{
	DecpContrat *contrat = draft->ctx.contrat;

	read_common(draft);
	read_v2(draft);
	if (contrat->concession)
		read_concession(draft);
	contrat->nchamps = count_filled(contrat);
}
