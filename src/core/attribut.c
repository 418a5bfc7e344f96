/*
 * attribut.c
 *	  The attributes of a profil: their place in its 16 bytes, their values and
 *	  the text of their codes.
 *
 * Place of the fields. The first attribute has the highest bits of word 0 and
 * each next one the bits just below, word 1 likewise, so that comparing the
 * words as integers compares attribute by attribute. A field is wide enough
 * for one more value (set: one more flag) than there is wherever a list may
 * grow; a new attribute takes the free bits of word 1.
 *
 *	attribute						word	bits	width	codes used
 *	type_contrat					0		63-62	2		3
 *	format							0		61-60	2		3
 *	nature							0		59-56	4		8
 *	considerations_sociales			0		55-51	5		16
 *	considerations_environnementales	0	50-47	4		8
 *	accord_cadre					0		46-45	2		3
 *	subsequent						0		44-42	3		5
 *	techniques						0		41-34	8		65
 *	modalites_execution				0		33-29	5		9
 *	procedure						0		28-24	5		11
 *	types_prix						0		23-18	6		17
 *	forme_prix						0		17-15	3		4
 *	ccag							0		14-11	4		8
 *	groupement						0		10-8	3		4
 *	marche_innovant					0		7-6		2		3
 *	avance							0		5-4		2		3
 *	sous_traitance					0		3-2		2		3
 *	(free)							0		1-0
 *	offres							1		63-60	4		7
 *	type_achat						1		59-57	3		4
 *	origine							1		56-54	3		5
 *	publication						1		53-51	3		5
 *	montant							1		50-49	2		3
 *	tranche_montant					1		48-45	4		7
 *	modifie							1		44-43	2		3
 *	duree							1		42-39	4		8
 *	periode							1		38-36	3		4
 *	titulaires						1		35-34	2		3
 *	(free)							1		33-8
 *	(none: compte.h keeps parts there)	1	7-0
 */
#include "profil.h"

static const AttributValeur oui_non[] = {
	{"oui", "Oui", true},
	{"non", "Non", true},
};

static const AttributValeur types_contrat[] = {
	{"marche", "Marché", true},
	{"concession", "Concession", true},
};

static const AttributValeur formats[] = {
	{"v1", "Format 2019 (v1)", true},
	{"v2", "Format 2022 (v2)", true},
};

static const AttributValeur natures[] = {
	{"marche", "Marché", true},
	{"marche_partenariat", "Marché de partenariat", true},
	{"marche_defense_securite", "Marché de défense ou de sécurité", true},
	{"concession_travaux", "Concession de travaux", true},
	{"concession_service", "Concession de service", true},
	{"concession_service_public", "Concession de service public", true},
	{"delegation_service_public", "Délégation de service public", true},
};

static const AttributValeur considerations_sociales[] = {
	{"clause", "Clause sociale", true},
	{"critere", "Critère social", true},
	{"reserve", "Marché réservé ou concession réservée", true},
};

static const AttributValeur considerations_environnementales[] = {
	{"clause", "Clause environnementale", true},
	{"critere", "Critère environnemental", true},
};

static const AttributValeur subsequents[] = {
	{"non", "Pas un marché subséquent", true},
	{"lie", "Marché subséquent dont l'accord-cadre est dans les données", true},
	{"non_lie", "Marché subséquent dont l'accord-cadre n'est pas dans les données", true},
	{"v1", "Marché subséquent sans lien vers son accord-cadre (format v1)", true},
};

static const AttributValeur techniques[] = {
	{"accord_cadre", "Accord-cadre", true},
	{"concours", "Concours", true},
	{"systeme_qualification", "Système de qualification", true},
	{"systeme_acquisition_dynamique", "Système d'acquisition dynamique", true},
	{"catalogue_electronique", "Catalogue électronique", true},
	{"enchere_electronique", "Enchère électronique", true},
};

static const AttributValeur modalites_execution[] = {
	{"tranches", "Tranches", true},
	{"bons_de_commande", "Bons de commande", true},
	{"marches_subsequents", "Marchés subséquents", true},
};

static const AttributValeur procedures[] = {
	{"procedure_adaptee", "Procédure adaptée", true},
	{"appel_offres_ouvert", "Appel d'offres ouvert", true},
	{"appel_offres_restreint", "Appel d'offres restreint", true},
	{"procedure_avec_negociation", "Procédure avec négociation", true},
	{"sans_publicite", "Marché passé sans publicité ni mise en concurrence préalable", true},
	{"dialogue_competitif", "Dialogue compétitif", true},
	{"negociee_ouverte", "Procédure négociée ouverte", true},
	{"non_negociee_ouverte", "Procédure non négociée ouverte", true},
	{"negociee_restreinte", "Procédure négociée restreinte", true},
	{"non_negociee_restreinte", "Procédure non négociée restreinte", true},
};

static const AttributValeur types_prix[] = {
	{"ferme", "Définitif ferme", true},
	{"actualisable", "Définitif actualisable", true},
	{"revisable", "Définitif révisable", true},
	{"provisoire", "Provisoire", true},
};

static const AttributValeur formes_prix[] = {
	{"unitaire", "Unitaire", true},
	{"forfaitaire", "Forfaitaire", true},
	{"mixte", "Mixte", true},
};

static const AttributValeur ccags[] = {
	{"travaux", "Travaux", true},
	{"maitrise_oeuvre", "Maîtrise d'œuvre", true},
	{"fournitures_services", "Fournitures courantes et services", true},
	{"marches_industriels", "Marchés industriels", true},
	{"prestations_intellectuelles", "Prestations intellectuelles", true},
	{"tic", "Techniques de l'information et de la communication", true},
	{"aucun", "Pas de CCAG", true},
};

static const AttributValeur groupements[] = {
	{"conjoint", "Groupement conjoint", true},
	{"solidaire", "Groupement solidaire", true},
	{"aucun", "Pas de groupement", true},
};

static const AttributValeur offres[] = {
	{"1", "Une seule offre", true},
	{"2", "2 offres", true},
	{"3_4", "3 ou 4 offres", true},
	{"5_9", "5 à 9 offres", true},
	{"10_19", "10 à 19 offres", true},
	{"20_plus", "20 offres ou plus", true},
};

static const AttributValeur types_achat[] = {
	{"travaux", "Travaux", true},
	{"fournitures", "Fournitures", true},
	{"services", "Services", true},
};

static const AttributValeur origines[] = {
	{"non_concerne", "Code CPV non soumis à la déclaration d'origine", true},
	{"renseignee", "Parts d'origine UE et France renseignées", true},
	{"non_renseignee", "Parts d'origine UE ou France non renseignées", true},
	{"invalide", "Parts d'origine incohérentes (hors de 0 ≤ France ≤ UE ≤ 1)", false},
};

static const AttributValeur publications[] = {
	{"dans_les_delais", "Publié au plus tard deux mois après la notification", true},
	{"en_retard", "Publié plus de deux mois après la notification", true},
	{"absente", "Date de publication absente", false},
	{"avant_notification", "Date de publication antérieure à la notification", false},
};

static const AttributValeur montants[] = {
	{"utilisable", "Montant utilisable", true},
	{"aberrant", "Montant aberrant", true},
};

static const AttributValeur tranches_montant[] = {
	{"moins_40k", "Moins de 40 000 €", true},
	{"40k_60k", "De 40 000 € à moins de 60 000 €", true},
	{"60k_90k", "De 60 000 € à moins de 90 000 €", true},
	{"90k_100k", "De 90 000 € à moins de 100 000 €", true},
	{"100k_1m", "De 100 000 € à moins de 1 000 000 €", true},
	{"1m_plus", "1 000 000 € ou plus", true},
};

static const AttributValeur durees[] = {
	{"1_12", "De 1 à 12 mois", true},
	{"13_24", "De 13 à 24 mois", true},
	{"25_36", "De 25 à 36 mois", true},
	{"37_48", "De 37 à 48 mois", true},
	{"49_180", "De 49 à 180 mois", true},
	{"181_360", "De 181 à 360 mois (concessions)", true},
	{"hors_bornes", "Durée hors bornes (0, ou plus de 180 mois, 360 pour une concession)", false},
};

static const AttributValeur periodes[] = {
	{"avant_2024", "Notifié avant le 1er janvier 2024", true},
	{"2024_2026", "Notifié du 1er janvier 2024 au 20 août 2026", true},
	{"depuis_2026_08_21", "Notifié depuis le 21 août 2026 (loi Climat et résilience)", true},
};

static const AttributValeur titulaires[] = {
	{"un", "Un seul titulaire", true},
	{"plusieurs", "Plusieurs titulaires", true},
};

#define VALEURS(v) sizeof(v) / sizeof((v)[0]), v
#define SIMPLE(nom, libelle, bit, largeur, v) \
	{nom, libelle, ATTRIBUT_SIMPLE, false, bit, largeur, VALEURS(v)}
#define ENSEMBLE(nom, libelle, contradiction, bit, largeur, v) \
	{nom, libelle, ATTRIBUT_ENSEMBLE, contradiction, bit, largeur, VALEURS(v)}

static const Attribut attributs[ATT_COUNT] = {
	[ATT_TYPE_CONTRAT] = SIMPLE("type_contrat", "Type de contrat", 62, 2, types_contrat),
	[ATT_FORMAT] = SIMPLE("format", "Format des données", 60, 2, formats),
	[ATT_NATURE] = SIMPLE("nature", "Nature du contrat", 56, 4, natures),
	[ATT_CONSIDERATIONS_SOCIALES] =
	ENSEMBLE("considerations_sociales", "Considérations sociales", true, 51, 5,
			 considerations_sociales),
	[ATT_CONSIDERATIONS_ENVIRONNEMENTALES] =
	ENSEMBLE("considerations_environnementales", "Considérations environnementales", true, 47, 4,
			 considerations_environnementales),
	[ATT_ACCORD_CADRE] = SIMPLE("accord_cadre", "Accord-cadre", 45, 2, oui_non),
	[ATT_SUBSEQUENT] = SIMPLE("subsequent", "Marché subséquent", 42, 3, subsequents),
	[ATT_TECHNIQUES] = ENSEMBLE("techniques", "Techniques d'achat", false, 34, 8, techniques),
	[ATT_MODALITES_EXECUTION] =
	ENSEMBLE("modalites_execution", "Modalités d'exécution", false, 29, 5, modalites_execution),
	[ATT_PROCEDURE] = SIMPLE("procedure", "Procédure de passation", 24, 5, procedures),
	[ATT_TYPES_PRIX] = ENSEMBLE("types_prix", "Types de prix", false, 18, 6, types_prix),
	[ATT_FORME_PRIX] = SIMPLE("forme_prix", "Forme du prix", 15, 3, formes_prix),
	[ATT_CCAG] = SIMPLE("ccag", "CCAG de référence", 11, 4, ccags),
	[ATT_GROUPEMENT] = SIMPLE("groupement", "Groupement d'opérateurs", 8, 3, groupements),
	[ATT_MARCHE_INNOVANT] = SIMPLE("marche_innovant", "Marché innovant", 6, 2, oui_non),
	[ATT_AVANCE] = SIMPLE("avance", "Avance attribuée", 4, 2, oui_non),
	[ATT_SOUS_TRAITANCE] = SIMPLE("sous_traitance", "Sous-traitance déclarée", 2, 2, oui_non),
	[ATT_OFFRES] = SIMPLE("offres", "Nombre d'offres reçues", 64 + 60, 4, offres),
	[ATT_TYPE_ACHAT] = SIMPLE("type_achat", "Type d'achat", 64 + 57, 3, types_achat),
	[ATT_ORIGINE] = SIMPLE("origine", "Origine des produits", 64 + 54, 3, origines),
	[ATT_PUBLICATION] = SIMPLE("publication", "Délai de publication", 64 + 51, 3, publications),
	[ATT_MONTANT] = SIMPLE("montant", "Qualité du montant", 64 + 49, 2, montants),
	[ATT_TRANCHE_MONTANT] =
	SIMPLE("tranche_montant", "Tranche de montant", 64 + 45, 4, tranches_montant),
	[ATT_MODIFIE] = SIMPLE("modifie", "Contrat modifié", 64 + 43, 2, oui_non),
	[ATT_DUREE] = SIMPLE("duree", "Tranche de durée", 64 + 39, 4, durees),
	[ATT_PERIODE] = SIMPLE("periode", "Période de notification", 64 + 36, 3, periodes),
	[ATT_TITULAIRES] = SIMPLE("titulaires", "Nombre de titulaires", 64 + 34, 2, titulaires),
};

const Attribut *
attribut_get(AttributId id)
{
	return &attributs[id];
}

AttributId
attribut_id(const Attribut *att)
{
	return (AttributId) (att - attributs);
}

const Attribut *
attribut_find(Slice nom, AttributId *id)
{
	for (int i = 0; i < ATT_COUNT; i++)
	{
		if (slice_is(nom, attributs[i].nom))
		{
			if (id != NULL)
				*id = (AttributId) i;
			return &attributs[i];
		}
	}
	return NULL;
}

/* Subset that a code of a set stands for (0 for "aucune"), and whether it is contradictory */
static int
code_subset(const Attribut *att, int code, bool *contradictory)
{
	int			subsets = 1 << att->nvaleurs;

	*contradictory = code > subsets;
	return *contradictory ? code - subsets : code - 1;
}

int
attribut_codes(const Attribut *att)
{
	if (att->kind == ATTRIBUT_SIMPLE)
		return 1 + att->nvaleurs;
	return (1 << att->nvaleurs) + (att->contradiction ? 1 << att->nvaleurs : 1);
}

bool
attribut_connu(const Attribut *att, int code)
{
	if (code <= 0 || code >= attribut_codes(att))
		return false;
	if (att->kind == ATTRIBUT_SIMPLE)
		return att->valeurs[code - 1].connu;
	return code <= 1 << att->nvaleurs;
}

/* Does one code of a set belong to what a value name designates? flag: -1 for no flag name */
static bool
set_designe(const Attribut *att, Slice valeur, int flag, int code)
{
	bool		contradictory;
	int			subset = code_subset(att, code, &contradictory);

	if (slice_is(valeur, "aucune"))
		return code == 1;
	if (slice_is(valeur, "contradictoire"))
		return contradictory;
	return flag >= 0 && !contradictory && (subset >> flag & 1);
}

static int
valeur_find(const Attribut *att, Slice nom)
{
	for (int i = 0; i < att->nvaleurs; i++)
	{
		if (slice_is(nom, att->valeurs[i].nom))
			return i;
	}
	return -1;
}

bool
attribut_designe(const Attribut *att, Slice valeur, uint64_t bitmap[ATTRIBUT_BITMAP_WORDS])
{
	int			index = valeur_find(att, valeur);
	bool		any = false;

	memset(bitmap, 0, ATTRIBUT_BITMAP_WORDS * sizeof(uint64_t));
	for (int code = 0; code < attribut_codes(att); code++)
	{
		bool		in;

		if (slice_is(valeur, "inconnu"))
			in = code == 0;
		else if (slice_is(valeur, "connu"))
			in = attribut_connu(att, code);
		else if (code == 0)
			in = false;
		else if (att->kind == ATTRIBUT_SIMPLE)
			in = code == index + 1;
		else
			in = set_designe(att, valeur, index, code);
		if (in)
		{
			bitmap[code >> 6] |= UINT64_C(1) << (code & 63);
			any = true;
		}
	}
	return any;
}

static size_t
append(char *out, size_t size, size_t at, const char *text)
{
	size_t		len = strlen(text);

	if (at < size)
		memcpy(out + at, text, len < size - at ? len : size - at);
	return at + len;
}

size_t
attribut_code_texte(const Attribut *att, int code, char *out, size_t size)
{
	size_t		len = 0;
	bool		contradictory;
	int			subset;

	if (code <= 0 || code >= attribut_codes(att))
		return append(out, size, 0, "inconnu");
	if (att->kind == ATTRIBUT_SIMPLE)
		return append(out, size, 0, att->valeurs[code - 1].nom);
	subset = code_subset(att, code, &contradictory);
	if (subset == 0)
		return append(out, size, 0, "aucune");
	for (int i = 0; i < att->nvaleurs; i++)
	{
		if (!(subset >> i & 1))
			continue;
		if (len > 0)
			len = append(out, size, len, "+");
		len = append(out, size, len, att->valeurs[i].nom);
	}
	if (contradictory)
		len = append(out, size, len, "!");
	return len;
}

int
attribut_code_lire(const Attribut *att, Slice texte)
{
	int			subset = 0;
	bool		contradictory = false;

	if (texte.data == NULL)
		return -1;
	if (slice_is(texte, "inconnu"))
		return 0;
	if (att->kind == ATTRIBUT_SIMPLE)
	{
		int			index = valeur_find(att, texte);

		return index < 0 ? -1 : index + 1;
	}
	if (slice_is(texte, "aucune"))
		return 1;
	if (att->contradiction && texte.len > 0 && texte.data[texte.len - 1] == '!')
	{
		contradictory = true;
		texte.len--;
	}
	for (;;)
	{
		const char *plus = texte.len > 0 ? memchr(texte.data, '+', texte.len) : NULL;
		Slice		nom = {texte.data, plus ? (size_t) (plus - texte.data) : texte.len};
		int			flag = valeur_find(att, nom);

		if (flag < 0 || (subset >> flag & 1))
			return -1;
		subset |= 1 << flag;
		if (plus == NULL)
			break;
		texte = (Slice) {plus + 1, texte.len - nom.len - 1};
	}
	return (contradictory ? 1 << att->nvaleurs : 1) + subset;
}
