/*
 * record_list.c
 *	  Lists of a DECP record, however they are wrapped.
 *
 * One rule reads every shape that producers give to a list: an array is the
 * sum of its elements, an object with the wrapper's key is what that key
 * holds, any other object is an element. Recursion is bounded by the depth
 * that the checker lets through.
 */
#include "json_key.h"
#include "record_note.h"

/* Values of one closed list that are looked at; none has ten */
#define LABELS_MAX 200

typedef struct Collect
{
	RecordContext *ctx;
	const char *wrapper;		/* folded */
	const char *wrapper_too;	/* another spelling, or NULL */
	const char *stop;			/* an object with this key is an element all the same */
	const Chemin *chemin;
	int			index;			/* of the next element */
	void		(*element) (struct Collect *collect, const Chemin *chemin, json_object *object);
	void		(*text) (struct Collect *collect, json_object *node);	/* NULL: texts are no elements */
	void	   *arg;
} Collect;

static bool
find_member(json_object *object, const char *name, size_t prefix, json_object **value)
{
	if (!json_object_is_type(object, json_type_object))
		return false;
	json_object_object_foreach(object, key, member)
	{
		char		folded[JSON_KEY_MAX];

		json_key_fold(key, strlen(key), folded);
		if (member != NULL && (prefix ? strncmp(folded, name, prefix) : strcmp(folded, name)) == 0)
		{
			*value = member;
			return true;
		}
	}
	return false;
}

bool
object_member(json_object *object, const char *name, json_object **value)
{
	return find_member(object, name, 0, value);
}

bool
object_member_prefix(json_object *object, const char *prefix, json_object **value)
{
	return find_member(object, prefix, strlen(prefix), value);
}

/* Is there such a key, even for null? */
static bool
object_has(json_object *object, const char *name, json_object **value)
{
	json_object_object_foreach(object, key, member)
	{
		char		folded[JSON_KEY_MAX];

		json_key_fold(key, strlen(key), folded);
		if (strcmp(folded, name) == 0)
		{
			*value = member;
			return true;
		}
	}
	return false;
}

/*
 * A scalar among objects. Names of keys come from programs that walked over
 * an object's keys in place of a list: they say nothing.
 */
static void
collect_stray(Collect *collect, json_object *node)
{
	static const char *const keys[] = {"typeidentifiant", "id", "denominationsociale"};
	Slice		text;

	if (value_absent(node))
		return;
	if (json_object_is_type(node, json_type_string) && node_slice(node, &text))
		for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
			if (slice_is_nocase(slice_trim(text), keys[i]))
				return;
	brut_node(collect->ctx, collect->chemin, node);
}

static void
collect_node(Collect *collect, json_object *node)
{
	json_object *inner = NULL;
	json_object *stop = NULL;

	switch (json_object_get_type(node))
	{
		case json_type_null:
			return;
		case json_type_array:
			for (size_t i = 0; i < json_object_array_length(node); i++)
				collect_node(collect, json_object_array_get_idx(node, i));
			return;
		case json_type_object:
			if ((object_has(node, collect->wrapper, &inner) ||
				 (collect->wrapper_too && object_has(node, collect->wrapper_too, &inner))) &&
				!(collect->stop && object_has(node, collect->stop, &stop)))
			{
				collect_node(collect, inner);
				return;
			}
			if (collect->element != NULL)
			{
				Chemin		place = {collect->chemin, NULL, collect->index++};

				collect->element(collect, &place, node);
				return;
			}
			if (json_object_object_length(node) > 0)
				brut_node(collect->ctx, collect->chemin, node);
			return;
		default:
			if (collect->text != NULL)
				collect->text(collect, node);
			else
				collect_stray(collect, node);
			return;
	}
}

/* Room for one more item */
static void *
grow(RecordContext *ctx, void *items, int count, int *capacity, size_t size)
{
	if (count < *capacity)
		return items;
	*capacity = *capacity > 0 ? *capacity * 2 : 4;
	return ctx->memory->resize(ctx->memory->context, items, (size_t) *capacity * size);
}

/* ---- closed lists ---- */

void
labels_add(RecordContext *ctx, SliceList *list, Slice label)
{
	list->present = true;
	for (int i = 0; i < list->count; i++)
		if (slice_equal(list->items[i], label))
			return;
	if (list->count == LABELS_MAX)
		return;
	/* counts double from 4: a power of two is a full array */
	if (list->count == 0 || (list->count >= 4 && (list->count & (list->count - 1)) == 0))
	{
		int			capacity = list->count > 0 ? list->count * 2 : 4;

		list->items = ctx->memory->resize(ctx->memory->context, list->items,
										  (size_t) capacity * sizeof(Slice));
	}
	list->items[list->count++] = label;
}

typedef struct LabelArg
{
	Nomenclature nomenclature;
	SliceList  *list;
	int			seen;
} LabelArg;

/* One text: a value, or several joined by commas, which no value holds */
static void
collect_label(Collect *collect, json_object *node)
{
	LabelArg   *arg = collect->arg;
	Slice		text = value_text(collect->ctx, collect->chemin, node);

	while (text.len > 0)
	{
		const char *comma = memchr(text.data, ',', text.len);
		size_t		len = comma ? (size_t) (comma - text.data) : text.len;
		Slice		part = slice_trim((Slice) {text.data, len});
		size_t		used = comma ? len + 1 : len;

		if (arg->seen >= LABELS_MAX)
		{
			if (arg->seen++ == LABELS_MAX)
				brut_texte(collect->ctx, collect->chemin, text);
			return;
		}
		arg->seen++;
		text = (Slice) {text.data + used, text.len - used};
		/* INX before a label of the list: the ministry marks "Concession réservée" so */
		if (text_absent(part) || (nomenclature_match(arg->nomenclature, part) < 0 &&
								  text_marked(collect->ctx, collect->chemin, part)))
			continue;
		part = noter_label(collect->ctx, collect->chemin, arg->nomenclature, part);
		if (arg->nomenclature == NOM_MODALITE_EXECUTION && slice_is(part, "Mixte"))
		{
			/* draft format 2.0.0: both of these */
			labels_add(collect->ctx, arg->list, SLICE_LITERAL("Bons de commande"));
			part = SLICE_LITERAL("Marchés subséquents");
		}
		labels_add(collect->ctx, arg->list, part);
	}
}

void
labels_read(RecordContext *ctx, const Chemin *chemin, json_object *node,
			const char *wrapper, Nomenclature nomenclature, SliceList *list)
{
	LabelArg	arg = {nomenclature, list, 0};
	Collect		collect = {.ctx = ctx, .wrapper = wrapper, .chemin = chemin,
	.text = collect_label, .arg = &arg};

	collect_node(&collect, node);
}

/* ---- holders ---- */

/* null if the object has no such member */
static json_object *
member_or_null(json_object *object, const char *name)
{
	json_object *value = NULL;

	return object_member(object, name, &value) ? value : NULL;
}

static json_object *
member_prefix_or_null(json_object *object, const char *prefix)
{
	json_object *value = NULL;

	return object_member_prefix(object, prefix, &value) ? value : NULL;
}

static void
collect_titulaire(Collect *collect, const Chemin *chemin, json_object *object)
{
	DecpTitulaire titulaire;

	if (titulaire_make(collect->ctx, chemin, member_or_null(object, "typeidentifiant"),
					   member_or_null(object, "id"),
					   member_prefix_or_null(object, "denomination"), &titulaire))
		titulaires_add(collect->ctx, collect->arg, titulaire);
}

void
titulaires_read(RecordContext *ctx, const Chemin *chemin, json_object *node, TitulaireList *list)
{
	Collect		collect = {.ctx = ctx, .wrapper = "titulaire", .wrapper_too = "concessionnaire",
	.chemin = chemin, .element = collect_titulaire, .arg = list};

	collect_node(&collect, node);
}

/* ---- modifications ---- */

/* What an element's readers share: member, its place in bruts, its context */
#define PLACE(champ) ((Chemin) {chemin, (champ), -1})
#define MEMBER(prefix) member_prefix_or_null(object, (prefix))

static json_object *
member_either(json_object *object, const char *prefix, const char *other)
{
	json_object *value = member_prefix_or_null(object, prefix);

	return value_absent(value) ? member_prefix_or_null(object, other) : value;
}

static void
collect_modification(Collect *collect, const Chemin *chemin, json_object *object)
{
	RecordContext *ctx = collect->ctx;
	DecpContrat *contrat = ctx->contrat;
	TitulaireList titulaires = {0};
	json_object *montant = member_either(object, "montant", "valeurglobale");
	json_object *date = member_either(object, "datenotification", "datesignature");
	DecpModification m = {0};

	m.id = value_text(ctx, &PLACE("id"), member_or_null(object, "id"));
	m.objet = value_text(ctx, &PLACE("objetModification"), MEMBER("objet"));
	m.duree_mois = value_months(ctx, &PLACE("dureeMois"), MEMBER("dureemois"));
	m.montant = value_decimal(ctx, &PLACE("montant"), montant);
	m.date_notification = value_date(ctx, &PLACE("dateNotificationModification"), date);
	m.date_publication_donnees = value_date(ctx, &PLACE("datePublicationDonneesModification"),
										   MEMBER("datepublicationdonnees"));

	titulaires_read(ctx, &PLACE("titulaires"), member_either(object, "titulaire", "concessionnaire"),
					&titulaires);
	m.titulaires = titulaires.items;
	m.ntitulaires = titulaires.count;
	if (m.id.data == NULL && m.objet.data == NULL && m.duree_mois == INT_NONE &&
		m.montant.data == NULL && m.date_notification == DATE_NONE &&
		m.date_publication_donnees == DATE_NONE && m.ntitulaires == 0)
		return;
	contrat->modifications = grow(ctx, contrat->modifications, contrat->nmodifications,
								  collect->arg, sizeof(DecpModification));
	contrat->modifications[contrat->nmodifications++] = m;
	/* each format requires one of the two */
	if (contrat->format_decp == 1)
		noter_absence(ctx, chemin, "objetModification", MEMBER("objet"));
	else
		noter_absence(ctx, chemin, "id", member_or_null(object, "id"));
	noter_absence(ctx, chemin, contrat->concession ? "dateSignatureModification" : "dateNotificationModification",
				  date);
	noter_absence(ctx, chemin, "datePublicationDonneesModification", MEMBER("datepublicationdonnees"));
}

void
modifications_read(RecordContext *ctx, const Chemin *chemin, json_object *node)
{
	int			capacity = 0;
	Collect		collect = {.ctx = ctx, .wrapper = "modification", .chemin = chemin,
	.element = collect_modification, .arg = &capacity};

	collect_node(&collect, node);
}

/* ---- subcontracting ---- */

static void
collect_acte(Collect *collect, const Chemin *chemin, json_object *object)
{
	RecordContext *ctx = collect->ctx;
	DecpContrat *contrat = ctx->contrat;
	json_object *sous_traitant = MEMBER("soustraitant");
	bool		nested = json_object_is_type(sous_traitant, json_type_object);
	DecpActe	acte = {0};

	acte.id = value_text(ctx, &PLACE("id"), member_or_null(object, "id"));
	acte.duree_mois = value_months(ctx, &PLACE("dureeMois"), MEMBER("dureemois"));
	acte.date_notification = value_date(ctx, &PLACE("dateNotification"), MEMBER("datenotification"));
	acte.date_publication_donnees = value_date(ctx, &PLACE("datePublicationDonnees"),
										   MEMBER("datepublicationdonnees"));
	acte.montant = value_decimal(ctx, &PLACE("montant"), MEMBER("montant"));
	acte.variation_prix = value_label(ctx, &PLACE("variationPrix"), MEMBER("variationprix"),
								  NOM_VARIATION_PRIX);

	if (nested)
		titulaire_make(ctx, &PLACE("sousTraitant"), member_or_null(sous_traitant, "typeidentifiant"),
					   member_or_null(sous_traitant, "id"),
					   member_prefix_or_null(sous_traitant, "denomination"), &acte.sous_traitant);
	else
		titulaire_make(ctx, &PLACE("sousTraitant"), MEMBER("soustraitanttypeidentifiant"),
					   MEMBER("soustraitantid"), MEMBER("soustraitantdenomination"),
					   &acte.sous_traitant);
	if (acte.id.data == NULL && acte.duree_mois == INT_NONE && acte.date_notification == DATE_NONE &&
		acte.date_publication_donnees == DATE_NONE && acte.montant.data == NULL &&
		acte.variation_prix.data == NULL && acte.sous_traitant.identifiant.data == NULL &&
		acte.sous_traitant.denomination_sociale.data == NULL)
		return;
	contrat->actes = grow(ctx, contrat->actes, contrat->nactes, collect->arg, sizeof(DecpActe));
	contrat->actes[contrat->nactes++] = acte;
	noter_absence(ctx, chemin, "id", member_or_null(object, "id"));
	noter_absence(ctx, chemin, "dureeMois", MEMBER("dureemois"));
	noter_absence(ctx, chemin, "dateNotification", MEMBER("datenotification"));
	noter_absence(ctx, chemin, "datePublicationDonnees", MEMBER("datepublicationdonnees"));
	noter_absence(ctx, chemin, "montant", MEMBER("montant"));
	noter_absence(ctx, chemin, "variationPrix", MEMBER("variationprix"));
	if (acte.sous_traitant.identifiant.data == NULL && acte.sous_traitant.denomination_sociale.data == NULL)
		noter_absence(ctx, chemin, "sousTraitant", NULL);
}

void
actes_read(RecordContext *ctx, const Chemin *chemin, json_object *node)
{
	int			capacity = 0;
	Collect		collect = {.ctx = ctx, .wrapper = "actesoustraitance",
		.wrapper_too = "actessoustraitance", .chemin = chemin,
	.element = collect_acte, .arg = &capacity};

	collect_node(&collect, node);
}

static void
collect_modification_acte(Collect *collect, const Chemin *chemin, json_object *object)
{
	RecordContext *ctx = collect->ctx;
	DecpContrat *contrat = ctx->contrat;
	DecpModificationActe m = {0};

	m.id = value_text(ctx, &PLACE("id"), member_or_null(object, "id"));
	m.duree_mois = value_months(ctx, &PLACE("dureeMois"), MEMBER("dureemois"));
	m.date_notification = value_date(ctx, &PLACE("dateNotificationModificationSousTraitance"),
									MEMBER("datenotification"));
	m.date_publication_donnees = value_date(ctx, &PLACE("datePublicationDonnees"),
										   MEMBER("datepublicationdonnees"));
	m.montant = value_decimal(ctx, &PLACE("montant"), MEMBER("montant"));

	if (m.id.data == NULL && m.duree_mois == INT_NONE && m.date_notification == DATE_NONE &&
		m.date_publication_donnees == DATE_NONE && m.montant.data == NULL)
		return;
	contrat->modifications_actes = grow(ctx, contrat->modifications_actes,
										contrat->nmodifications_actes, collect->arg,
										sizeof(DecpModificationActe));
	contrat->modifications_actes[contrat->nmodifications_actes++] = m;
	noter_absence(ctx, chemin, "id", member_or_null(object, "id"));
	noter_absence(ctx, chemin, "dateNotificationModificationSousTraitance", MEMBER("datenotification"));
	noter_absence(ctx, chemin, "datePublicationDonnees", MEMBER("datepublicationdonnees"));
}

/* JSON says modificationActeSousTraitance, XML modificationActesSousTraitance */
void
modifications_actes_read(RecordContext *ctx, const Chemin *chemin, json_object *node)
{
	int			capacity = 0;
	Collect		collect = {.ctx = ctx, .wrapper = "modificationactesoustraitance",
		.wrapper_too = "modificationactessoustraitance", .chemin = chemin,
	.element = collect_modification_acte, .arg = &capacity};

	collect_node(&collect, node);
}

/* ---- execution of concessions ---- */

typedef struct TarifArg
{
	DecpDonneeExecution *donnee;
	int			capacity;
} TarifArg;

static void
collect_tarif(Collect *collect, const Chemin *chemin, json_object *object)
{
	RecordContext *ctx = collect->ctx;
	TarifArg   *arg = collect->arg;
	DecpDonneeExecution *donnee = arg->donnee;
	DecpTarif	tarif = {0};

	tarif.intitule = value_text(ctx, &PLACE("intituleTarif"), MEMBER("intitule"));
	tarif.tarif = value_decimal(ctx, &PLACE("tarif"), member_or_null(object, "tarif"));

	if (tarif.intitule.data == NULL && tarif.tarif.data == NULL)
		return;
	donnee->tarifs = grow(ctx, donnee->tarifs, donnee->ntarifs, &arg->capacity, sizeof(DecpTarif));
	donnee->tarifs[donnee->ntarifs++] = tarif;
}

static void
collect_donnee(Collect *collect, const Chemin *chemin, json_object *object)
{
	RecordContext *ctx = collect->ctx;
	DecpContrat *contrat = ctx->contrat;
	DecpDonneeExecution donnee = {0};

	TarifArg	arg = {&donnee, 0};
	Chemin		place = PLACE("tarifs");

	/* "tarif" is both the wrapper and a number inside it: the title tells them apart */
	Collect		tarifs = {.ctx = ctx, .wrapper = "tarif", .stop = "intituletarif",
	.chemin = &place, .element = collect_tarif, .arg = &arg};

	donnee.date_publication_donnees = value_date(ctx, &PLACE("datePublicationDonneesExecution"),
										   MEMBER("datepublicationdonnees"));
	donnee.depenses_investissement = value_decimal(ctx, &PLACE("depensesInvestissement"),
											 MEMBER("depensesinvestissement"));

	collect_node(&tarifs, MEMBER("tarifs"));
	if (donnee.date_publication_donnees == DATE_NONE &&
		donnee.depenses_investissement.data == NULL && donnee.ntarifs == 0)
		return;
	contrat->donnees_execution = grow(ctx, contrat->donnees_execution,
									  contrat->ndonnees_execution, collect->arg,
									  sizeof(DecpDonneeExecution));
	contrat->donnees_execution[contrat->ndonnees_execution++] = donnee;
}

void
donnees_execution_read(RecordContext *ctx, const Chemin *chemin, json_object *node)
{
	int			capacity = 0;
	Collect		collect = {.ctx = ctx, .wrapper = "donneesannuelles", .chemin = chemin,
	.element = collect_donnee, .arg = &capacity};

	collect_node(&collect, node);
}
