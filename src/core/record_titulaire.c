/*
 * record_titulaire.c
 *	  Holders of a contract, and the distinct ones among them.
 */
#include "record_note.h"

bool
titulaire_make(RecordContext *ctx, const Chemin *chemin, json_object *type,
			   json_object *id, json_object *nom, DecpTitulaire *titulaire)
{
	Chemin		type_place = {chemin, "typeIdentifiant", -1};
	Chemin		id_place = {chemin, "id", -1};
	Chemin		nom_place = {chemin, "denominationSociale", -1};
	Slice		name;

	memset(titulaire, 0, sizeof(*titulaire));
	titulaire->type_identifiant = value_label(ctx, &type_place, type, NOM_TYPE_IDENTIFIANT);
	titulaire->identifiant = value_identifiant(ctx, &id_place, id);
	name = value_text(ctx, &nom_place, nom);
	/* some exports end names with the separators of empty columns */
	while (name.len > 0 && (name.data[name.len - 1] == '|' || name.data[name.len - 1] == ' '))
		name.len--;
	if (name.len > 0)
		titulaire->denomination_sociale = name;
	if (titulaire->identifiant.data == NULL && titulaire->denomination_sociale.data == NULL)
		return false;

	if (titulaire->type_identifiant.data == NULL && titulaire->identifiant.len == 14 &&
		slice_all_digits(titulaire->identifiant))
		titulaire->type_identifiant = SLICE_LITERAL("SIRET");
	noter_absence(ctx, chemin, "typeIdentifiant", type);
	noter_absence(ctx, chemin, "id", id);
	/* format v2 has no name */
	if (ctx->contrat->format_decp == 1)
		noter_absence(ctx, chemin, "denominationSociale", nom);
	noter_titulaire(ctx, chemin, titulaire);
	return true;
}

static bool
titulaire_same(const DecpTitulaire *a, const DecpTitulaire *b)
{
	if (!slice_equal(a->identifiant, b->identifiant))
		return false;
	/* two holders without identifier are told apart by their names */
	if (a->identifiant.data == NULL)
		return slice_equal(a->denomination_sociale, b->denomination_sociale);
	return slice_equal(a->type_identifiant, b->type_identifiant);
}

void
titulaires_add(RecordContext *ctx, TitulaireList *list, DecpTitulaire titulaire)
{
	for (int i = 0; i < list->count; i++)
	{
		DecpTitulaire *known = &list->items[i];

		if (!titulaire_same(known, &titulaire))
			continue;
		if (known->denomination_sociale.data == NULL)
			known->denomination_sociale = titulaire.denomination_sociale;
		releve_noter(&ctx->releve, R_TITULAIRE_DOUBLE, SLICE_LITERAL("titulaires"),
					 titulaire.identifiant.data ? titulaire.identifiant : titulaire.denomination_sociale);
		return;
	}
	if (list->count == TITULAIRES_MAX)
	{
		ctx->refus = "trop_de_titulaires";
		return;
	}
	if (list->count == list->capacity)
	{
		list->capacity = list->capacity > 0 ? list->capacity * 2 : 4;
		list->items = ctx->memory->resize(ctx->memory->context, list->items,
										  (size_t) list->capacity * sizeof(DecpTitulaire));
	}
	list->items[list->count++] = titulaire;
}
