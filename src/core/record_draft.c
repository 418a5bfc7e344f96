/*
 * record_draft.c
 *	  The keys of a record sorted into fields, and what the record is.
 *
 * When a field is there several times, under one key or under several of its
 * names, the first value that says something counts; the others go to bruts.
 */
#include <stdio.h>

#include "json_key.h"
#include "json_python.h"
#include "record_note.h"

bool
node_filled(json_object *node)
{
	if (json_object_is_type(node, json_type_array))
	{
		for (size_t i = 0; i < json_object_array_length(node); i++)
			if (node_filled(json_object_array_get_idx(node, i)))
				return true;
		return false;
	}
	if (json_object_is_type(node, json_type_object))
	{
		json_object_object_foreach(node, key, member)
		{
			(void) key;
			if (node_filled(member))
				return true;
		}
		return false;
	}
	return !value_absent(node);
}

/* The same read as what a Python program prints */
static json_object *
parse_python(Draft *draft, Slice text)
{
	RecordError ignored;
	char	   *json = draft->ctx.memory->alloc(draft->ctx.memory->context, 2 * text.len);
	size_t		len = json_from_python(text, json);

	return record_parse(draft->reader, json, len, &ignored);
}

/* "[{...}]" in place of [{...}] */
static json_object *
unfold(Draft *draft, int field, json_object *node)
{
	RecordReader *reader = draft->reader;
	RecordError ignored;
	Slice		text;

	if (!record_fields[field].structure || !json_object_is_type(node, json_type_string) ||
		!node_slice(node, &text) || reader->unfolded[field] != NULL)
		return node;
	text = slice_trim(text);
	if (text.len < 2 || (text.data[0] != '[' && text.data[0] != '{'))
		return node;
	reader->unfolded[field] = record_parse(reader, text.data, text.len, &ignored);
	if (reader->unfolded[field] == NULL)
		reader->unfolded[field] = parse_python(draft, text);
	return reader->unfolded[field] ? reader->unfolded[field] : node;
}

static bool
buyer_slice_kept(RecordContext *ctx, Slice text)
{
	size_t		i = 0;

	/* "[...], ([..., \"[...: written out once more or less than it should be */
	while (i < text.len && strchr(" \t\r\n\"'\\(", text.data[i]) != NULL)
		i++;
	if (i == text.len || text.data[i] == '[' || memchr(text.data, '{', text.len) != NULL)
		return false;
	/* where a cut text would end in an e-mail address, a name may: SIER@ */
	if (text.data[text.len - 1] == '@')
		text.len--;
	return slice_equal(text, record_text_keepable(ctx->memory, text.data, text.len, text.len + 1));
}

bool
buyer_text_kept(RecordContext *ctx, json_object *node, Slice *text)
{
	if (json_object_is_type(node, json_type_boolean) || !node_slice(node, text))
		return false;
	*text = slice_trim(*text);
	return buyer_slice_kept(ctx, *text);
}

static void
add_field(Draft *draft, int field, const char *folded, json_object *node)
{
	json_object **place = &draft->fields[field];
	char		name[64];
	Slice		text;

	node = unfold(draft, field, node);
	if ((strcmp(folded, "technique") == 0 || strcmp(folded, "modaliteexecution") == 0) &&
		json_object_is_type(node, json_type_array))
		draft->version_2_0_0 = true;
	if (value_absent(*place))
	{
		if (node != NULL)
			*place = node;
		return;
	}
	/* what else a buyer's object holds is about its agents */
	if (!node_filled(node) || record_field_is_buyer(field) || json_object_equal(*place, node) ||
		(record_field_is_buyer_part(field) && !buyer_text_kept(&draft->ctx, node, &text)))
		return;
	snprintf(name, sizeof(name), "%s (double)", record_fields[field].nom);
	brut_node_regle(&draft->ctx, &(Chemin) {NULL, name, -1}, node, R_CHAMP_DOUBLE);
}

static void
add_duplicates(Draft *draft)
{
	Prepared   *prepared = &draft->reader->prepared;

	for (int i = 0; i < prepared->nduplicates; i++)
	{
		const DuplicateKey *duplicate = &prepared->duplicates[i];
		char		name[DUPLICATE_PATH_MAX + 16];

		if ((record_field_is_buyer(duplicate->champ) || record_field_is_buyer_part(duplicate->champ)) &&
			!buyer_slice_kept(&draft->ctx, duplicate->valeur))
			continue;
		snprintf(name, sizeof(name), "%s (double)", duplicate->chemin);
		noter(&draft->ctx, R_CHAMP_DOUBLE, &(Chemin) {NULL, name, -1}, duplicate->valeur);
		brut_texte(&draft->ctx, &(Chemin) {NULL, name, -1}, duplicate->valeur);
	}
	draft->ctx.bruts_omis += prepared->duplicates_omis;
}

void
draft_sort_keys(Draft *draft, json_object *root)
{
	add_duplicates(draft);
	json_object_object_foreach(root, key, member)
	{
		char		folded[JSON_KEY_MAX];
		int			field;
		int			rang;
		FlatPart	part;

		json_key_fold(key, strlen(key), folded);
		field = record_field_find(folded);
		if (field >= 0)
			add_field(draft, field, folded, member);
		else if (record_flat_titulaire(folded, &rang, &part) &&
				 value_absent(draft->flat[rang][part]))
			draft->flat[rang][part] = member;
	}
}

/* ---- what it is ---- */

/* The first 'concession' or 'march' of a text: 1, 0, or -1 for neither */
static int
type_of(json_object *node)
{
	char		folded[JSON_KEY_MAX];
	Slice		text;

	if (node == NULL || !node_slice(node, &text))
		return -1;
	json_key_fold(text.data, text.len, folded);
	if (strstr(folded, "concession") != NULL)
		return 1;
	return strncmp(folded, "march", 5) == 0 ? 0 : -1;
}

bool
draft_is_concession(const Draft *draft, FramerContainer container)
{
	json_object *const *fields = draft->fields;
	int			type = type_of(fields[F_TYPE]);
	bool		marche;
	bool		concession;
	Slice		nature;
	int			index = -1;

	if (container == CONTAINER_MARCHE || container == CONTAINER_CONCESSION)
		return container == CONTAINER_CONCESSION;
	if (container == CONTAINER_XML_MARCHE || container == CONTAINER_XML_CONCESSION)
		return container == CONTAINER_XML_CONCESSION;
	if (type < 0)
		type = type_of(fields[F_TYPE_CONTRAT]);
	if (type >= 0)
		return type == 1;

	marche = node_filled(fields[F_ACHETEUR]) || node_filled(fields[F_ACHETEUR_ID]) ||
		node_filled(fields[F_ACHETEUR_NOM]);
	concession = node_filled(fields[F_AUTORITE]) || node_filled(fields[F_AUTORITE_ID]) ||
		node_filled(fields[F_AUTORITE_NOM]);
	if (marche != concession)
		return concession;

	if (node_slice(fields[F_NATURE], &nature))
		index = nomenclature_match(NOM_NATURE, nature);
	if (index >= 0)
	{
		const char *nom = nomenclature_value(NOM_NATURE, index)->nom;

		return strncmp(nom, "concession", 10) == 0 || strncmp(nom, "delegation", 10) == 0;
	}
	return node_filled(fields[F_CONCESSIONNAIRES]) && !node_filled(fields[F_TITULAIRES]);
}

int
draft_format(const Draft *draft, FramerContainer container)
{
	if (container == CONTAINER_MARCHE || container == CONTAINER_CONCESSION)
		return 2;
	for (int f = 0; f < F_COUNT; f++)
		if (record_fields[f].v2 && !value_null(draft->fields[f]))
			return 2;
	return 1;
}
