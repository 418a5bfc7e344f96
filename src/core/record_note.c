/*
 * record_note.c
 *	  How the values of a record are written.
 */
#include "identifiant.h"
#include "record_date.h"
#include "record_note.h"

void
noter(RecordContext *ctx, RegleId regle, const Chemin *chemin, Slice texte)
{
	if (releve_plein(&ctx->releve, regle))
		return;
	if (texte.data != NULL)
		texte = record_text_keepable(ctx->memory, texte.data, texte.len, ANOMALIE_VALEUR_MAX);
	releve_noter(&ctx->releve, regle, chemin_texte(ctx, chemin), texte);
}

void
noter_type(RecordContext *ctx, const Chemin *chemin, json_object *node, RegleId regle)
{
	Slice		texte;

	if (!ctx->sans_types && node_slice(node, &texte))
		noter(ctx, regle, chemin, texte);
}

/* ---- dates ---- */

static bool
chiffres(const char *p, size_t n)
{
	return slice_all_digits((Slice) {p, n});
}

static bool
date_iso(Slice t)
{
	return t.len >= 10 && chiffres(t.data, 4) && t.data[4] == '-' && chiffres(t.data + 5, 2) &&
		t.data[7] == '-' && chiffres(t.data + 8, 2);
}

/* Four digits and a separator, of a year that no contract is of */
static bool
annee_impossible(Slice t)
{
	return t.len >= 6 && chiffres(t.data, 4) && (t.data[4] == '-' || t.data[4] == '/') &&
		chiffres(t.data + 5, 1) && memcmp(t.data, "20", 2) != 0;
}

/* "+01:00", "-04:00Z", "Z": what format v1 lets follow a date */
static bool
fuseau(Slice t)
{
	if (t.len > 0 && t.data[t.len - 1] == 'Z')
		t.len--;
	if (t.len == 0)
		return true;
	return (t.len == 5 || (t.len == 6 && t.data[3] == ':')) && (t.data[0] == '+' || t.data[0] == '-') &&
		chiffres(t.data + 1, 2) && chiffres(t.data + t.len - 2, 2);
}

void
noter_date(RecordContext *ctx, const Chemin *chemin, Slice texte, int32_t date)
{
	if (date == DATE_NONE)
		noter(ctx, annee_impossible(texte) ? R_DATE_ANNEE : R_DATE_ILLISIBLE, chemin, texte);
	else if (!date_iso(texte))
		noter(ctx, R_DATE_FORMAT, chemin, texte);
	else if (texte.len > 10)
		noter(ctx, fuseau((Slice) {texte.data + 10, texte.len - 10}) ? R_DATE_FUSEAU : R_DATE_FORMAT,
			  chemin, texte);
}

/* ---- codes and identifiers ---- */

void
noter_nettoyage(RecordContext *ctx, const Chemin *chemin, json_object *node, size_t reste)
{
	Slice		texte;

	if (!json_object_is_type(node, json_type_string) || !node_slice(node, &texte))
		return;
	/* XML is laid out with blanks */
	if (ctx->sans_types)
		texte = slice_trim(texte);
	if (texte.len != reste)
		noter(ctx, R_IDENTIFIANT_NETTOYE, chemin, texte);
}

Slice
noter_label(RecordContext *ctx, const Chemin *chemin, Nomenclature list, Slice text)
{
	int			index = text.data ? nomenclature_match(list, text) : -1;
	Slice		libelle;

	if (text.data == NULL)
		return text;
	if (index < 0)
	{
		noter(ctx, R_HORS_LISTE, chemin, text);
		return text;
	}
	libelle = slice_from(nomenclature_value(list, index)->libelle);
	if (!slice_equal(text, libelle) && !nomenclature_officielle(list, text))
		noter(ctx, R_LIBELLE_APPROCHANT, chemin, text);
	return libelle;
}

static void
noter_siret(RecordContext *ctx, const Chemin *chemin, Slice siret)
{
	static const RegleId regles[] = {
		[SIRET_FORMAT] = R_SIRET_TITULAIRE_FORMAT,
		[SIRET_EST_SIREN] = R_SIRET_TITULAIRE_SIREN,
		[SIRET_CLE] = R_SIRET_TITULAIRE_LUHN,
		[SIRET_CLE_SIREN] = R_SIREN_TITULAIRE_LUHN,
	};
	SiretDefaut defaut = siret_defaut(siret);

	if (defaut != SIRET_JUSTE)
		noter(ctx, regles[defaut], chemin, siret);
	if (identifiant_fictif(siret))
		noter(ctx, R_SIRET_TITULAIRE_FICTIF, chemin, siret);
}

void
noter_titulaire(RecordContext *ctx, const Chemin *chemin, const DecpTitulaire *titulaire)
{
	Chemin		place = {chemin, "id", -1};
	Slice		id = titulaire->identifiant;
	bool		sous_traitant = chemin->nom != NULL && strcmp(chemin->nom, "sousTraitant") == 0;
	int			valide;

	if (id.data == NULL || titulaire->type_identifiant.data == NULL)
		return;
	if (slice_is(titulaire->type_identifiant, "SIRET") && !sous_traitant)
	{
		noter_siret(ctx, &place, id);
		return;
	}
	valide = identifiant_valide(titulaire->type_identifiant, id);
	if (valide < 0 || valide > 0)
		return;
	if (sous_traitant)
		noter(ctx, R_IDENTIFIANT_SOUS_TRAITANT, &place, id);
	else
		noter(ctx, siret_valide(id) ? R_TYPE_IDENTIFIANT_INCOHERENT : R_IDENTIFIANT_TITULAIRE_FORMAT,
			  &place, id);
}
