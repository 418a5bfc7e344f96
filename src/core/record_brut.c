/*
 * record_brut.c
 *	  Values that could not be read, kept as they were published.
 *
 * They become the keys of one object, so their paths must differ; and they are
 * stored, so nothing of agents' personal data goes through here.
 */
#include <stdio.h>

#include "record_note.h"
#include "utf8.h"

#define CHEMIN_MAX 256

/* What is behind the path of a value that stood beside the one that counts */
#define DOUBLE " (double)"

static size_t
write_chemin(const Chemin *chemin, char *out, size_t size)
{
	size_t		n = 0;
	int			written;

	if (chemin->parent != NULL)
		n = write_chemin(chemin->parent, out, size);
	if (n >= size)
		return size;
	if (chemin->nom == NULL)
		written = snprintf(out + n, size - n, "[%d]", chemin->index);
	else
		written = snprintf(out + n, size - n, "%s%s", n > 0 ? "." : "", chemin->nom);
	n += written > 0 ? (size_t) written : 0;
	return n < size ? n : size - 1;
}

Slice
chemin_texte(RecordContext *ctx, const Chemin *chemin)
{
	char		texte[CHEMIN_MAX];
	size_t		len = write_chemin(chemin, texte, CHEMIN_MAX);
	char	   *copie;

	len = utf8_valid_prefix(texte, len);
	copie = ctx->memory->alloc(ctx->memory->context, len + 1);
	memcpy(copie, texte, len);
	return (Slice) {copie, len};
}

static bool
chemin_taken(const DecpContrat *contrat, Slice chemin)
{
	for (int i = 0; i < contrat->nbruts; i++)
		if (slice_equal(contrat->bruts[i].chemin, chemin))
			return true;
	return false;
}

/* The path, numbered if it is there already; there are at most BRUTS_MAX to compare with */
static Slice
chemin_unique(RecordContext *ctx, const Chemin *chemin)
{
	const size_t size = CHEMIN_MAX + 16;
	char	   *out = ctx->memory->alloc(ctx->memory->context, size);
	size_t		len = write_chemin(chemin, out, CHEMIN_MAX);
	size_t		suffix = strlen(DOUBLE);
	bool		twice = len >= suffix && memcmp(out + len - suffix, DOUBLE, suffix) == 0;
	size_t		base = twice ? len - 1 : len;
	Slice		unique;

	len = utf8_valid_prefix(out, len);
	unique = (Slice) {out, len};
	for (int n = 2; chemin_taken(ctx->contrat, unique); n++)
		unique.len = base + (size_t) snprintf(out + base, size - base, twice ? " %d)" : " (%d)", n);
	return unique;
}

void
brut_texte(RecordContext *ctx, const Chemin *chemin, Slice texte)
{
	DecpContrat *contrat = ctx->contrat;
	Slice		unique;

	if (contrat->nbruts == BRUTS_MAX)
	{
		ctx->bruts_omis++;
		return;
	}
	if (contrat->bruts == NULL)
		contrat->bruts = ctx->memory->alloc(ctx->memory->context, BRUTS_MAX * sizeof(DecpBrut));
	unique = chemin_unique(ctx, chemin);
	texte = record_text_keepable(ctx->memory, texte.data, texte.len, BRUT_TEXTE_MAX);
	contrat->bruts[contrat->nbruts++] = (DecpBrut) {unique, texte};
}

void
brut_node(RecordContext *ctx, const Chemin *chemin, json_object *node)
{
	brut_node_regle(ctx, chemin, node, R_VALEUR_ILLISIBLE);
}

void
brut_node_regle(RecordContext *ctx, const Chemin *chemin, json_object *node, RegleId regle)
{
	Slice		text;

	/* not written out only to be counted */
	if (ctx->contrat->nbruts == BRUTS_MAX && releve_plein(&ctx->releve, regle))
	{
		ctx->bruts_omis++;
		return;
	}
	if (!node_slice(node, &text))
		text = slice_from(json_object_to_json_string_ext(node, JSON_C_TO_STRING_PLAIN |
														 JSON_C_TO_STRING_NOSLASHESCAPE));
	if (text.data == NULL)
		return;
	noter(ctx, regle, chemin, text);
	brut_texte(ctx, chemin, text);
}

void
bruts_finish(RecordContext *ctx)
{
	const size_t size = 48;
	DecpContrat *contrat = ctx->contrat;
	char	   *texte;
	int			len;

	if (ctx->bruts_omis == 0)
		return;
	/* the last one makes room, and is one of those that are missing */
	if (contrat->nbruts == BRUTS_MAX)
	{
		contrat->nbruts--;
		ctx->bruts_omis++;
	}
	texte = ctx->memory->alloc(ctx->memory->context, size);
	len = snprintf(texte, size, ctx->bruts_omis > 1 ? "%d autres valeurs" : "%d autre valeur",
				   ctx->bruts_omis);
	brut_texte(ctx, &(Chemin) {NULL, "(suite)", -1}, (Slice) {texte, (size_t) len});
}
