/*
 * lecteur_cle.c
 *	  The three identities of a contract that is read.
 *
 * empreinte: everything the record says, and what is wrong with how it says it,
 * but for its publication date. Equal = copies; otherwise the last word in
 * choosing between them, the greater the fewer anomalies.
 *
 * cle: what makes it that contract and no other: kind, buyer, id, folded
 * objet, set of holders' identifiers, whole euros of the initial amount. Two
 * lots published under one id keep two keys; the same contract delivered again
 * with one modification more keeps its key. Without buyer or id a record is
 * only ever the same as one that says the same.
 *
 * famille: kind, buyer, folded objet, holders. Whatever else may turn out to be
 * the same contract (a corrected amount, a version by the suffix of format 1,
 * the same contract from another source under another id) is of one family.
 *
 * All come from SHA-256, so nobody can make two contracts collide on purpose.
 */
#include "compat.h"

#include "lecteur.h"
#include "core/identifiant.h"

#include "core/nomenclature.h"

#define HASH_BUFFER 8192

/* Bytes of cle that are those of famille: equal keys are still 128 equal bits of hashes */
#define CLE_PREFIXE 6

/* pg_cryptohash_update has a cost per call: gather small pieces first */
typedef struct Digest
{
	pg_cryptohash_ctx *ctx;
	size_t		used;
	uint8		buffer[HASH_BUFFER];
} Digest;

static void
digest_flush(Digest *d)
{
	if (d->used > 0 && pg_cryptohash_update(d->ctx, d->buffer, d->used) < 0)
		elog(ERROR, "could not update SHA-256");
	d->used = 0;
}

static void
digest_bytes(Digest *d, const void *data, size_t len)
{
	if (len > HASH_BUFFER - d->used)
	{
		digest_flush(d);
		if (len >= HASH_BUFFER)
		{
			if (pg_cryptohash_update(d->ctx, data, len) < 0)
				elog(ERROR, "could not update SHA-256");
			return;
		}
	}
	memcpy(d->buffer + d->used, data, len);
	d->used += len;
}

static void
digest_int(Digest *d, int32 value)
{
	uint8		b[4] = {(uint8) (value >> 24), (uint8) (value >> 16), (uint8) (value >> 8), (uint8) value};

	digest_bytes(d, b, sizeof(b));
}

/* Length first, so that no two sequences of texts give the same bytes; -1 is absence */
static void
digest_slice(Digest *d, Slice s)
{
	digest_int(d, s.data ? (int32) s.len : -1);
	if (s.data)
		digest_bytes(d, s.data, s.len);
}

static void
digest_list(Digest *d, const SliceList *list)
{
	digest_int(d, list->present ? list->count : -1);
	for (int i = 0; i < list->count; i++)
		digest_slice(d, list->items[i]);
}

static void
digest_begin(Digest *d)
{
	d->used = 0;
	if (pg_cryptohash_init(d->ctx) < 0)
		elog(ERROR, "could not initialize SHA-256");
}

static void
digest_end(Digest *d, pg_uuid_t *out)
{
	uint8		sum[32];

	digest_flush(d);
	if (pg_cryptohash_final(d->ctx, sum, sizeof(sum)) < 0)
		elog(ERROR, "could not finalize SHA-256");
	memcpy(out->data, sum, UUID_LEN);
}

static void
digest_titulaires(Digest *d, const DecpTitulaire *titulaires, int n)
{
	digest_int(d, n);
	for (int i = 0; i < n; i++)
	{
		digest_slice(d, titulaires[i].type_identifiant);
		digest_slice(d, titulaires[i].identifiant);
		digest_slice(d, titulaires[i].denomination_sociale);
	}
}

static void
digest_suites(Digest *d, const DecpContrat *c)
{
	digest_int(d, c->nmodifications);
	for (int i = 0; i < c->nmodifications; i++)
	{
		const DecpModification *m = &c->modifications[i];

		digest_slice(d, m->id);
		digest_slice(d, m->objet);
		digest_int(d, m->duree_mois);
		digest_slice(d, m->montant);
		digest_int(d, m->date_notification);
		digest_int(d, m->date_publication_donnees);
		digest_titulaires(d, m->titulaires, m->ntitulaires);
	}
	digest_int(d, c->nactes);
	for (int i = 0; i < c->nactes; i++)
	{
		const DecpActe *a = &c->actes[i];

		digest_slice(d, a->id);
		digest_titulaires(d, &a->sous_traitant, 1);
		digest_int(d, a->duree_mois);
		digest_slice(d, a->montant);
		digest_int(d, a->date_notification);
		digest_int(d, a->date_publication_donnees);
		digest_slice(d, a->variation_prix);
	}
	digest_int(d, c->nmodifications_actes);
	for (int i = 0; i < c->nmodifications_actes; i++)
	{
		const DecpModificationActe *m = &c->modifications_actes[i];

		digest_slice(d, m->id);
		digest_int(d, m->duree_mois);
		digest_slice(d, m->montant);
		digest_int(d, m->date_notification);
		digest_int(d, m->date_publication_donnees);
	}
	digest_int(d, c->ndonnees_execution);
	for (int i = 0; i < c->ndonnees_execution; i++)
	{
		const DecpDonneeExecution *e = &c->donnees_execution[i];

		digest_int(d, e->date_publication_donnees);
		digest_slice(d, e->depenses_investissement);
		digest_int(d, e->ntarifs);
		for (int j = 0; j < e->ntarifs; j++)
		{
			digest_slice(d, e->tarifs[j].intitule);
			digest_slice(d, e->tarifs[j].tarif);
		}
	}
	digest_int(d, c->nbruts);
	for (int i = 0; i < c->nbruts; i++)
	{
		digest_slice(d, c->bruts[i].chemin);
		digest_slice(d, c->bruts[i].texte);
	}
}

static void
digest_contenu(Digest *d, const DecpContrat *c)
{
	const Slice textes[] = {
		c->id, c->uid, c->source, c->acheteur_id, c->acheteur_nom, c->nature, c->objet,
		c->code_cpv, c->procedure, c->lieu_execution_code,
		c->lieu_execution_type_code, c->lieu_execution_nom, c->montant,
		c->montant_subvention_publique, c->forme_prix, c->id_accord_cadre,
		c->ccag, c->taux_avance, c->type_groupement_operateurs, c->origine_ue,
		c->origine_france
	};
	const int32 entiers[] = {
		c->concession, c->format_decp, c->duree_mois, c->date_notification,
		c->date_debut_execution, c->marche_innovant, c->offres_recues,
		c->attribution_avance, c->sous_traitance_declaree
	};
	const SliceList *listes[] = {
		&c->types_prix, &c->techniques, &c->modalites_execution,
		&c->considerations_sociales, &c->considerations_environnementales
	};

	for (size_t i = 0; i < lengthof(textes); i++)
		digest_slice(d, textes[i]);
	for (size_t i = 0; i < lengthof(entiers); i++)
		digest_int(d, entiers[i]);
	for (size_t i = 0; i < lengthof(listes); i++)
		digest_list(d, listes[i]);
	digest_titulaires(d, c->titulaires, c->ntitulaires);
	digest_suites(d, c);
}

static int
compare_slices(const void *a, const void *b)
{
	const Slice *x = a;
	const Slice *y = b;
	int			cmp = memcmp(x->data, y->data, Min(x->len, y->len));

	return cmp != 0 ? cmp : (x->len > y->len) - (x->len < y->len);
}

static int
compare_anomalies(const void *a, const void *b)
{
	const DecpAnomalie *x = *(const DecpAnomalie *const *) a;
	const DecpAnomalie *y = *(const DecpAnomalie *const *) b;
	int			cmp;

	if (x->regle != y->regle)
		return x->regle < y->regle ? -1 : 1;
	cmp = compare_slices(&x->champ, &y->champ);
	return cmp != 0 ? cmp : compare_slices(&x->valeur, &y->valeur);
}

/*
 * The contents, and the anomalies in whatever order they were found. Those of
 * the publication are the contract's, which may have been published before: a
 * copy published later is a copy. The number of anomalies.
 */
static int
digest_empreinte(Digest *d, const DecpContrat *c, const pg_uuid_t *contenu)
{
	const DecpAnomalie **anomalies = palloc(sizeof(DecpAnomalie *) * c->nanomalies);
	int			n = 0;

	for (int i = 0; i < c->nanomalies; i++)
		if (!slice_equal(c->anomalies[i].champ, SLICE_LITERAL("datePublicationDonnees")))
			anomalies[n++] = &c->anomalies[i];
	qsort(anomalies, n, sizeof(DecpAnomalie *), compare_anomalies);
	digest_bytes(d, contenu->data, UUID_LEN);
	for (int i = 0; i < n; i++)
	{
		digest_int(d, anomalies[i]->regle);
		digest_slice(d, anomalies[i]->champ);
		digest_slice(d, anomalies[i]->valeur);
	}
	return n;
}

/* Identifiers of the holders as a set: sorted, none twice, whatever their type */
static void
digest_ensemble_titulaires(Digest *d, const DecpContrat *c)
{
	Slice	   *ids = palloc(sizeof(Slice) * Max(c->ntitulaires, 1));
	int			n = 0;

	for (int i = 0; i < c->ntitulaires; i++)
		if (c->titulaires[i].identifiant.data != NULL)
			ids[n++] = c->titulaires[i].identifiant;
	qsort(ids, n, sizeof(Slice), compare_slices);
	for (int i = 0; i < n; i++)
		if (i == 0 || !slice_equal(ids[i], ids[i - 1]))
			digest_slice(d, ids[i]);
	digest_int(d, -1);
}

/* Folded objet, or as it stands when folding leaves nothing (Greek, say) */
static void
digest_objet(Digest *d, Slice objet)
{
	char		local[2048];
	char	   *folded = local;
	size_t		len;

	if (objet.data == NULL)
	{
		digest_slice(d, objet);
		return;
	}
	len = nomenclature_fold(objet, local, sizeof(local));
	if (len > sizeof(local))
	{
		folded = palloc(len);
		nomenclature_fold(objet, folded, len);
	}
	digest_slice(d, len > 0 ? (Slice) {folded, len} : objet);
}

static void
digest_famille(Digest *d, const DecpContrat *c)
{
	digest_int(d, c->concession);
	digest_slice(d, c->acheteur_id);
	digest_objet(d, c->objet);
	digest_ensemble_titulaires(d, c);
}

static void
digest_cle(Digest *d, const DecpContrat *c, const pg_uuid_t *famille)
{
	Slice		euros = c->montant;

	if (euros.data != NULL)
	{
		const char *point = memchr(euros.data, '.', euros.len);

		if (point != NULL)
			euros.len = point - euros.data;
	}
	digest_bytes(d, famille->data, UUID_LEN);
	digest_slice(d, c->id);
	digest_slice(d, euros);
}

void
contrat_cles(pg_cryptohash_ctx *hash, const DecpContrat *contrat, ContratCles *cles)
{
	Digest		d;
	pg_uuid_t	contenu;
	int			n;

	d.ctx = hash;
	digest_begin(&d);
	digest_contenu(&d, contrat);
	digest_end(&d, &contenu);
	digest_begin(&d);
	n = digest_empreinte(&d, contrat, &contenu);
	digest_end(&d, &cles->empreinte);
	/* the last word goes to the copy that is better written */
	cles->empreinte.data[0] = 255 - Min(n, 255);

	if (contrat->id.data == NULL || contrat->acheteur_id.data == NULL)
	{
		digest_begin(&d);
		digest_bytes(&d, contenu.data, UUID_LEN);
		digest_end(&d, &cles->cle);
		cles->famille = cles->cle;
		return;
	}
	digest_begin(&d);
	digest_famille(&d, contrat);
	digest_end(&d, &cles->famille);
	digest_begin(&d);
	digest_cle(&d, contrat, &cles->famille);
	digest_end(&d, &cles->cle);
	/* keys of a family stand together, so one order suits both indexes */
	memcpy(cles->cle.data, cles->famille.data, CLE_PREFIXE);
}

/* Latest publication of the contract and of all that followed it */
int32
contrat_derniere_publication(const DecpContrat *c)
{
	int32		d = c->date_publication_donnees;

	for (int i = 0; i < c->nmodifications; i++)
		d = Max(d, c->modifications[i].date_publication_donnees);
	for (int i = 0; i < c->nactes; i++)
		d = Max(d, c->actes[i].date_publication_donnees);
	for (int i = 0; i < c->nmodifications_actes; i++)
		d = Max(d, c->modifications_actes[i].date_publication_donnees);
	for (int i = 0; i < c->ndonnees_execution; i++)
		d = Max(d, c->donnees_execution[i].date_publication_donnees);
	return d;
}

/*
 * What tells a holder apart: its SIREN, else its identifier, with its type
 * before it (# if it has none) when it is of digits only and could be taken for
 * a SIREN. Absent if there is none, zeros only, or a SIRET without SIREN.
 */
static Slice
titulaire_identite(const DecpTitulaire *t)
{
	Slice		siren = identifiant_siren(t->type_identifiant, t->identifiant);
	Slice		id = t->identifiant;
	size_t		chiffres = 0;
	size_t		zeros = 0;

	if (siren.data != NULL)
		return siren;
	for (size_t i = 0; i < id.len; i++)
	{
		chiffres += id.data[i] >= '0' && id.data[i] <= '9';
		zeros += id.data[i] == '0';
	}
	if (zeros == id.len || (id.len == 14 && memcmp(id.data, "000000000", 9) == 0))
		return SLICE_NONE;
	if (chiffres < id.len)
		return id;
	if (t->type_identifiant.len == 0)
		return slice_from(psprintf("#%.*s", (int) id.len, id.data));
	return slice_from(psprintf("%.*s %.*s", (int) t->type_identifiant.len, t->type_identifiant.data,
							   (int) id.len, id.data));
}

/* The distinct holders of a contract; those that nothing tells apart are absent items */
SliceList
contrat_identites(const DecpContrat *contrat)
{
	SliceList	liste = {palloc(sizeof(Slice) * Max(contrat->ntitulaires, 1)), 0, contrat->ntitulaires > 0};

	for (int i = 0; i < contrat->ntitulaires; i++)
	{
		Slice		identite = titulaire_identite(&contrat->titulaires[i]);
		int			k = 0;

		while (k < liste.count && (identite.data == NULL || !slice_equal(liste.items[k], identite)))
			k++;
		if (k == liste.count)
			liste.items[liste.count++] = identite;
	}
	return liste;
}
