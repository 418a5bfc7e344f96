/*
 * test_profil.c
 *	  Attributes, profils, nomenclatures, amounts and identifiers, without a
 *	  server.
 *
 * Dates are compared with the C library's calendar, the order of profils with
 * a comparison attribute by attribute; the rest with cases worked by hand.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "random_numbers.h"
#include <math.h>

#include "core/identifiant.h"
#include "core/montant.h"
#include "core/nomenclature.h"
#include "core/profil.h"

static int	checks;
static int	failures;

#define CHECK(condition, ...) \
	do { \
		checks++; \
		if (!(condition)) \
		{ \
			failures++; \
			printf("test_profil.c:%d: ", __LINE__); \
			printf(__VA_ARGS__); \
			printf("\n"); \
		} \
	} while (0)

#define REPLACEMENT "\xEF\xBF\xBD"

static Profil
random_profil(void)
{
	Profil		p = {{0, 0}};

	profil_set(&p, attribut_get(ATT_NIVEAU), (int) random_below(NIVEAU_COUNT));
	for (int i = 0; i < ATT_COUNT; i++)
	{
		const Attribut *att = attribut_get((AttributId) i);

		if (i != ATT_NIVEAU && (att->niveau == NIVEAU_TOUS || att->niveau == profil_niveau(&p)) &&
			random_below(3) > 0)
			profil_set(&p, att, (int) random_below((uint32_t) attribut_codes(att)));
	}
	return p;
}

/*
 * Attributes
 */
static void
test_layout(void)
{
	/* by word and level: what is of both levels is taken in both */
	uint64_t	used[2][NIVEAU_COUNT] = {{0}};
	int			previous = 128;

	for (int i = 0; i < ATT_COUNT; i++)
	{
		const Attribut *att = attribut_get((AttributId) i);
		int			word = att->decalage / 64;
		int			shift = att->decalage % 64;
		uint64_t	mask = ((UINT64_C(1) << att->largeur) - 1) << shift;

		CHECK(shift + att->largeur <= 64, "%s straddles the words", att->nom);
		CHECK(word == 0 || shift >= 8, "%s takes the byte that compte.h needs", att->nom);
		CHECK(attribut_codes(att) <= 1 << att->largeur, "%s is too narrow", att->nom);
		CHECK(attribut_codes(att) <= 64 * ATTRIBUT_BITMAP_WORDS, "%s: bitmap", att->nom);
		for (int n = 0; n < NIVEAU_COUNT; n++)
		{
			if (att->niveau != NIVEAU_TOUS && (int) att->niveau != n)
				continue;
			CHECK((used[word][n] & mask) == 0, "%s overlaps", att->nom);
			used[word][n] |= mask;
		}
		/* those of a contract stand in the order that comparisons promise */
		if (att->niveau == NIVEAU_ATTRIBUTION)
			continue;
		CHECK((1 - word) * 64 + shift < previous, "%s is not below the one before", att->nom);
		previous = (1 - word) * 64 + shift;
	}
}

/* The codes that profil_build computes from indexes */
static void
test_lists_agree(void)
{
	static const struct
	{
		AttributId	id;
		Nomenclature list;
		int			beyond;		/* values of the list that are no value of the attribute */
	}			pairs[] = {
		{ATT_NATURE, NOM_NATURE, 2},
		{ATT_PROCEDURE, NOM_PROCEDURE, 0},
		{ATT_CONSIDERATIONS_SOCIALES, NOM_CONSIDERATION_SOCIALE, 1},
		{ATT_CONSIDERATIONS_ENVIRONNEMENTALES, NOM_CONSIDERATION_ENVIRONNEMENTALE, 1},
		{ATT_TECHNIQUES, NOM_TECHNIQUE, 1},
		{ATT_MODALITES_EXECUTION, NOM_MODALITE_EXECUTION, 2},
		{ATT_TYPES_PRIX, NOM_TYPE_PRIX, 0},
		{ATT_FORME_PRIX, NOM_FORME_PRIX, 0},
		{ATT_CCAG, NOM_CCAG, 0},
		{ATT_GROUPEMENT, NOM_TYPE_GROUPEMENT, 0},
	};

	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
	{
		const Attribut *att = attribut_get(pairs[i].id);

		CHECK(nomenclature_count(pairs[i].list) == att->nvaleurs + pairs[i].beyond,
			  "%s: number of values", att->nom);
		for (int v = 0; v < att->nvaleurs; v++)
			CHECK(strcmp(att->valeurs[v].nom, nomenclature_value(pairs[i].list, v)->nom) == 0,
				  "%s: value %d", att->nom, v);
	}
	CHECK(strcmp(nomenclature_value(NOM_NATURE, NATURE_ACCORD_CADRE)->nom, "accord_cadre") == 0,
		  "index");
	CHECK(strcmp(nomenclature_value(NOM_MODALITE_EXECUTION, MODALITE_MIXTE)->nom, "mixte") == 0,
		  "index");
}

static bool
designates(const Attribut *att, const char *valeur, int code)
{
	uint64_t	bitmap[ATTRIBUT_BITMAP_WORDS];

	return attribut_designe(att, slice_from(valeur), bitmap) &&
		(bitmap[code / 64] >> (code % 64) & 1);
}

/* Every code: its text comes back, and the names that designate it are those in the text */
static void
test_codes(void)
{
	for (int i = 0; i < ATT_COUNT; i++)
	{
		const Attribut *att = attribut_get((AttributId) i);

		CHECK(attribut_find(slice_from(att->nom), NULL) == att, "%s: find", att->nom);
		for (int code = 0; code < attribut_codes(att); code++)
		{
			char		text[200];
			size_t		len = attribut_code_texte(att, code, text, sizeof(text) - 1);
			bool		contradictory = text[len - 1] == '!';

			text[len] = '\0';
			CHECK(attribut_code_lire(att, (Slice) {text, len}) == code, "%s=%s", att->nom, text);
			CHECK(designates(att, "inconnu", code) == (code == 0), "%s=%s", att->nom, text);
			CHECK(designates(att, "connu", code) == attribut_connu(att, code), "%s=%s", att->nom, text);
			if (att->kind == ATTRIBUT_SIMPLE)
				continue;
			CHECK(attribut_connu(att, code) == (code > 0 && !contradictory), "%s=%s", att->nom, text);
			CHECK(designates(att, "aucune", code) == (strcmp(text, "aucune") == 0), "%s", text);
			CHECK(designates(att, "contradictoire", code) == contradictory, "%s", text);
			for (int v = 0; v < att->nvaleurs; v++)
			{
				bool		named = strstr(text, att->valeurs[v].nom) != NULL && code > 0;

				CHECK(designates(att, att->valeurs[v].nom, code) == (named && !contradictory),
					  "%s=%s against %s", att->nom, text, att->valeurs[v].nom);
			}
		}
		CHECK(!designates(att, "n_importe_quoi", 1), "%s: unknown value", att->nom);
	}
}

static void
test_code_refusals(void)
{
	static const char *const bad[] = {"", "+", "clause+", "+clause", "clause+clause", "aucune+clause",
	"aucune!", "!", "clause!!", "Clause", "clause critere", "clause+critere+reserve+clause"};
	const Attribut *att = attribut_get(ATT_CONSIDERATIONS_SOCIALES);

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		CHECK(attribut_code_lire(att, slice_from(bad[i])) == -1, "accepted: %s", bad[i]);
	CHECK(attribut_code_lire(att, slice_from("reserve+clause")) ==
		  attribut_code_lire(att, slice_from("clause+reserve")), "order of flags");
	CHECK(attribut_code_lire(attribut_get(ATT_TECHNIQUES), slice_from("concours!")) == -1,
		  "contradiction where there can be none");
}

/*
 * Profils
 */
static int
compare_by_attribute(const Profil *a, const Profil *b)
{
	if (profil_niveau(a) != profil_niveau(b) || profil_niveau(a) == NIVEAU_ATTRIBUTION)
		return profil_compare(a, b);
	for (int i = 0; i < ATT_COUNT; i++)
	{
		int			x = profil_get(a, attribut_get((AttributId) i));
		int			y = profil_get(b, attribut_get((AttributId) i));

		if (x != y)
			return x < y ? -1 : 1;
	}
	return 0;
}

static void
test_profils(void)
{
	for (int n = 0; n < 5000; n++)
	{
		Profil		a = random_profil();
		Profil		b = n % 4 ? random_profil() : a;
		Profil		c;
		Slice		faute;
		char		text[PROFIL_TEXTE_MAX];
		size_t		len = profil_texte(&a, text, sizeof(text));

		CHECK(profil_valid(&a), "a random profil is valid");
		CHECK(profil_compare(&a, &b) == compare_by_attribute(&a, &b), "order");
		CHECK(len <= sizeof(text) && profil_lire((Slice) {text, len}, &c, &faute) &&
			  profil_compare(&a, &c) == 0, "%.*s", (int) len, text);
		a.mots[1] |= UINT64_C(1) << random_below(profil_niveau(&a) == NIVEAU_CONTRAT ? 14 : 8);
		CHECK(!profil_valid(&a), "a free bit is set");
	}
	for (int i = 0; i < ATT_COUNT; i++)
	{
		const Attribut *att = attribut_get((AttributId) i);
		Profil		p = {{0, 0}};

		if (attribut_codes(att) == 1 << att->largeur)
			continue;
		if (att->niveau == NIVEAU_ATTRIBUTION)
			profil_set(&p, attribut_get(ATT_NIVEAU), NIVEAU_ATTRIBUTION);
		profil_set(&p, att, attribut_codes(att));
		CHECK(!profil_valid(&p), "%s: code beyond the last", att->nom);
	}
}

static void
check_longest_text(Niveau niveau)
{
	Profil		p = {{0, 0}};
	char		text[PROFIL_TEXTE_MAX];

	for (int i = 0; i < ATT_COUNT; i++)
	{
		const Attribut *att = attribut_get((AttributId) i);
		size_t		longest = 0;

		if (i == ATT_NIVEAU)
		{
			profil_set(&p, att, niveau);
			continue;
		}
		if (att->niveau != NIVEAU_TOUS && att->niveau != niveau)
			continue;

		for (int code = 1; code < attribut_codes(att); code++)
		{
			size_t		len = attribut_code_texte(att, code, text, sizeof(text));

			if (len > longest)
			{
				longest = len;
				profil_set(&p, att, code);
			}
		}
	}
	CHECK(profil_texte(&p, text, sizeof(text)) < PROFIL_TEXTE_MAX, "longest text");
	CHECK(profil_texte(&p, text, 10) == profil_texte(&p, text, sizeof(text)), "short buffer");
}

static void
test_longest_text(void)
{
	check_longest_text(NIVEAU_CONTRAT);
	check_longest_text(NIVEAU_ATTRIBUTION);
}

/* What one unknown holder makes of the others, and what it does not */
static void
test_attributions(void)
{
	enum
	{
		PME = 1, GE = 3, DEPARTEMENT = 1 + (1 << 1), REGION = 1 + (1 << 2), AUCUN = 4
	};
	const TitulaireConnu connus[] = {
		{.taille = PME, .local = DEPARTEMENT, .ess = TRI_NO, .distance = 10},
		{.taille = GE, .local = REGION, .inclusion = AUCUN, .distance = 10.5},
		{.ess = TRI_YES, .esus = TRI_YES, .inclusion = 1, .identifie = true, .distance = NAN}};
	Profil		contrat = {{0, 0}};
	Profil		p[3];

	profil_set(&contrat, attribut_get(ATT_TECHNIQUES), 5);
	profil_set(&contrat, attribut_get(ATT_CONSIDERATIONS_SOCIALES), 2);
	profil_attributions(&contrat, connus, 3, p);
#define CODE(i, id) profil_get(&p[i], attribut_get(id))
	for (int i = 0; i < 3; i++)
	{
		CHECK(profil_valid(&p[i]) && profil_niveau(&p[i]) == NIVEAU_ATTRIBUTION, "attribution %d", i);
		CHECK(CODE(i, ATT_TECHNIQUES) == 0 && CODE(i, ATT_CONSIDERATIONS_SOCIALES) == 2, "what a holder keeps");
		CHECK(CODE(i, ATT_IDENTIFIES) == 0, "not all are identified");
		CHECK(CODE(i, ATT_TAILLE) == 0 && CODE(i, ATT_LOCAL) == 0 && CODE(i, ATT_ESS) == 0, "one is unknown");
		CHECK(CODE(i, ATT_TAILLE_TITULAIRE) == connus[i].taille, "the holder's own size");
		CHECK(CODE(i, ATT_LOCAL_TITULAIRE) == connus[i].local, "the holder's own place");
		CHECK(CODE(i, ATT_PME_UN) == CODE_OUI && CODE(i, ATT_ESS_UN) == CODE_OUI, "one at least");
		CHECK(CODE(i, ATT_DEPARTEMENT_UN) == CODE_OUI && CODE(i, ATT_INCLUSION_UN) == CODE_OUI, "one at least");
		CHECK(CODE(i, ATT_LIEU_UN) == 0 && CODE(i, ATT_ETRANGER_UN) == 0, "nothing known");
		CHECK(CODE(i, ATT_DISTANCE) == (i == 2 ? 0 : i + 1), "distance %d", i);
	}
	CHECK(CODE(0, ATT_ESUS) == 0 && CODE(2, ATT_ESUS) == CODE_OUI, "esus");
	profil_attributions(&contrat, connus, 2, p);
	CHECK(CODE(0, ATT_TAILLE) == PME && CODE(1, ATT_TAILLE) == GE && CODE(0, ATT_PME_UN) == CODE_OUI, "all known");
	CHECK(CODE(1, ATT_ESS_UN) == 0 && CODE(1, ATT_INCLUSION_UN) == 0, "no is no only when all are known");
	profil_attributions(&contrat, connus + 1, 1, p);
	CHECK(CODE(0, ATT_PME_UN) == CODE_NON && CODE(0, ATT_INCLUSION_UN) == CODE_NON, "none is");
#undef CODE
	CHECK(profil_compare(&(Profil) {{contrat.mots[0] & ~(UINT64_C(255) << 34), contrat.mots[1]}},
						 &(Profil) {{profil_de_niveau(&p[0], NIVEAU_CONTRAT).mots[0],
						 profil_de_niveau(&p[0], NIVEAU_CONTRAT).mots[1]}}) == 0, "back at the contract");
}

/*
 * Nomenclatures
 */
static void
check_fold(const char *text, const char *expected)
{
	char		out[200];
	size_t		len = nomenclature_fold(slice_from(text), out, sizeof(out));

	CHECK(len == strlen(expected) && memcmp(out, expected, len) == 0, "fold(%s) = %.*s", text,
		  (int) len, out);
}

static void
test_fold(void)
{
	char		out[4];

	check_fold("", "");
	check_fold("  -- ", "");
	check_fold("MARCHE SUBSEQUENT", "marche subsequent");
	check_fold("Maîtrise d’œuvre", "maitrise d oeuvre");
	check_fold("Maîtrise d’ŒUVRE", "maitrise d oeuvre");
	check_fold("e\xCC\x81t\xC3\xA9", "ete");	/* decomposed, then composed */
	check_fold("\xC2\xA0HORS_UE\t", "hors ue");
	check_fold("\xC3\x86ther \xC5\x9Aroda", "aether sroda");
	check_fold("caf" REPLACEMENT, "caf?");
	check_fold("caf\xE9", "caf?");	/* Latin-1 byte */
	check_fold("\xE2\x82", "??");	/* cut sequence */
	check_fold("a\xE2\x82\xAC" "b", "a b");
	CHECK(nomenclature_fold(SLICE_LITERAL("abcdefgh"), out, sizeof(out)) == 8 &&
		  memcmp(out, "abcd", 4) == 0, "short buffer");
}

/* Every label with each of its characters that are not ASCII lost, one or two marks for each */
static void
check_damaged(Nomenclature list, int index, int marks)
{
	const unsigned char *s = (const unsigned char *) nomenclature_value(list, index)->libelle;
	char		damaged[400] = "";

	for (; *s; s++)
	{
		if (*s < 0x80)
			strncat(damaged, (const char *) s, 1);
		else if (*s >= 0xC0)
		{
			for (int i = 0; i < marks; i++)
				strcat(damaged, REPLACEMENT);
		}
	}
	CHECK(nomenclature_match(list, slice_from(damaged)) == index, "%s", damaged);
}

static void
test_match(void)
{
	for (int list = 0; list < NOM_COUNT; list++)
	{
		for (int i = 0; i < nomenclature_count((Nomenclature) list); i++)
		{
			const NomenclatureValue *v = nomenclature_value((Nomenclature) list, i);

			CHECK(nomenclature_match((Nomenclature) list, slice_from(v->nom)) == i, "%s", v->nom);
			CHECK(nomenclature_match((Nomenclature) list, slice_from(v->libelle)) == i, "%s",
				  v->libelle);
			check_damaged((Nomenclature) list, i, 1);
			check_damaged((Nomenclature) list, i, 2);
		}
		CHECK(nomenclature_match((Nomenclature) list, SLICE_NONE) == -1, "absent");
		CHECK(nomenclature_match((Nomenclature) list, slice_from("")) == -1, "empty");
		CHECK(nomenclature_match((Nomenclature) list, slice_from("M, Q")) == -1, "M, Q");
		CHECK(nomenclature_match((Nomenclature) list, slice_from("????????????")) == -1, "noise");
	}
}

static void
check_spelling(Nomenclature list, const char *spelling, const char *nom)
{
	int			index = nomenclature_match(list, slice_from(spelling));

	CHECK(index >= 0 && strcmp(nomenclature_value(list, index)->nom, nom) == 0, "%s", spelling);
}

static void
test_spellings(void)
{
	char		longest[4000];

	check_spelling(NOM_PROCEDURE, "Procédure concurrentielle avec négociation",
				   "procedure_avec_negociation");
	check_spelling(NOM_PROCEDURE, "Procédure négociée avec mise en concurrence préalable",
				   "procedure_avec_negociation");
	check_spelling(NOM_PROCEDURE,
				   "Marché public négocié sans publicité ni mise en concurrence préalable",
				   "sans_publicite");
	check_spelling(NOM_PROCEDURE, "Appel d’offres ouvert", "appel_offres_ouvert");
	check_spelling(NOM_CONSIDERATION_SOCIALE, "Concession réservée", "reserve");
	check_spelling(NOM_CONSIDERATION_SOCIALE, "INX Concession réservée", "reserve");
	check_spelling(NOM_CONSIDERATION_SOCIALE, "Sans objet", "aucune");
	check_spelling(NOM_CONSIDERATION_ENVIRONNEMENTALE, "sans objet", "aucune");
	check_spelling(NOM_TECHNIQUE, "Système d’acquisition dynamique", "systeme_acquisition_dynamique");
	check_spelling(NOM_TECHNIQUE, "Système d" REPLACEMENT "acquisition dynamique",
				   "systeme_acquisition_dynamique");
	check_spelling(NOM_MODALITE_EXECUTION, "Marché à tranches", "tranches");
	check_spelling(NOM_MODALITE_EXECUTION, "Bon de commande", "bons_de_commande");
	check_spelling(NOM_TYPE_PRIX, "Ferme et actualisable", "actualisable");
	check_spelling(NOM_CCAG, "Maîtrise d'œuvre", "maitrise_oeuvre");
	check_spelling(NOM_CCAG, "Techniques de l’information et de la communication", "tic");
	check_spelling(NOM_TYPE_IDENTIFIANT, "TVA_INTRACOMMUNAUTAIRE", "tva");
	check_spelling(NOM_TYPE_IDENTIFIANT, "TVA-intracommunautaire", "tva");
	check_spelling(NOM_TYPE_IDENTIFIANT, "Siret", "siret");
	check_spelling(NOM_TYPE_IDENTIFIANT, "HORS_UE", "hors_ue");
	check_spelling(NOM_TYPE_IDENTIFIANT, "FRW", "frwf");
	check_spelling(NOM_TYPE_CODE_LIEU, " CODE DEPARTEMENT", "code_departement");
	check_spelling(NOM_VARIATION_PRIX, "ferme", "ferme");
	memset(longest, 'a', sizeof(longest));
	CHECK(nomenclature_match(NOM_PROCEDURE, (Slice) {longest, sizeof(longest)}) == -1, "long text");
}

/*
 * Dates
 */
static int
days_of(int year, int month, int day)
{
	struct tm	tm = {.tm_year = year - 1900, .tm_mon = month, .tm_mday = day};

	return (int) ((timegm(&tm) - 946684800) / 86400);
}

static const char *
publication_of(int notification, int publication)
{
	static char text[64];
	const Attribut *att = attribut_get(ATT_PUBLICATION);
	ProfilFacts facts;
	Profil		p;

	profil_facts_init(&facts);
	facts.date_notification = notification;
	facts.date_publication_donnees = publication;
	profil_build(&facts, REGLES_MINISTERE, &p);
	text[attribut_code_texte(att, profil_get(&p, att), text, sizeof(text) - 1)] = '\0';
	return text;
}

/* Every day of the century: the last day on time is that of PostgreSQL's date + '2 months' */
static void
test_two_months(void)
{
	int			wrong = 0;

	for (int year = 2000; year < 2100; year++)
	{
		for (int month = 0; month < 12; month++)
		{
			int			length = days_of(year, month + 1, 1) - days_of(year, month, 1);
			int			target = days_of(year, month + 2, 1);
			int			target_length = days_of(year, month + 3, 1) - target;

			for (int day = 1; day <= length; day++)
			{
				int			notification = days_of(year, month, day);
				int			limit = target + (day < target_length ? day : target_length) - 1;

				if (limit + 1 >= days_of(2100, 0, 1))
					continue;	/* publication dates beyond are unknown */
				wrong += strcmp(publication_of(notification, limit), "dans_les_delais") != 0;
				wrong += strcmp(publication_of(notification, limit + 1), "en_retard") != 0;
			}
		}
	}
	CHECK(wrong == 0, "%d limits are wrong", wrong);
	CHECK(!strcmp(publication_of(days_of(2024, 0, 2), days_of(2024, 0, 1)), "avant_notification"),
		  "before");
	CHECK(!strcmp(publication_of(days_of(2024, 0, 2), DATE_NONE), "absente"), "absent");
	CHECK(!strcmp(publication_of(DATE_NONE, days_of(2024, 0, 2)), "inconnu"), "unknown");
	CHECK(!strcmp(publication_of(days_of(1999, 11, 31), days_of(2024, 0, 2)), "inconnu"), "1999");
	CHECK(!strcmp(publication_of(days_of(2100, 0, 1), days_of(2100, 0, 2)), "inconnu"), "2100");
	CHECK(!strcmp(publication_of(INT32_MAX, INT32_MAX), "inconnu"), "infinity");
}

/*
 * Amounts
 */
static void
check_montant(const char *text, bool concession, const char *expected)
{
	Montant		m;
	const char *got = !montant_lire(slice_from(text), &m) ? "illisible"
		: montant_aberrant(&m, REGLES_MINISTERE, concession) ? "aberrant" : "utilisable";

	CHECK(strcmp(got, expected) == 0, "%s is %s", text, got);
}

static void
test_montants(void)
{
	static const char *const unreadable[] = {"", "-", ".", ".5", "1e5", "+1", "1,5", "1.5.", " 1",
	"-NaN", "infinity", "0x1"};
	Montant		m;

	for (size_t i = 0; i < sizeof(unreadable) / sizeof(unreadable[0]); i++)
		check_montant(unreadable[i], false, "illisible");
	check_montant("1", false, "utilisable");
	check_montant("1.00", false, "utilisable");
	check_montant("0.99999999999999999999999999", false, "aberrant");
	check_montant("0", false, "aberrant");
	check_montant("-0.00", false, "aberrant");
	check_montant("-50000", false, "aberrant");
	check_montant("NaN", false, "aberrant");
	check_montant("Infinity", false, "aberrant");
	check_montant("-Infinity", false, "aberrant");
	check_montant("3000000000.00", false, "utilisable");
	check_montant("3000000000.0000000000000000001", false, "aberrant");
	check_montant("3000000001", true, "utilisable");
	check_montant("15000000000", true, "utilisable");
	check_montant("15000000000.01", true, "aberrant");
	check_montant("100000000000000000000000000000", true, "aberrant");
	check_montant("123456789", false, "aberrant");
	check_montant("1234567890.12", false, "aberrant");
	check_montant("00123456789", false, "aberrant");
	check_montant("12345678.9", false, "utilisable");	/* the digits of euros decide */
	check_montant("999999999", false, "aberrant");	/* nine 9s */
	check_montant("99999999", false, "utilisable");	/* not above 100 million */
	check_montant("100000000", false, "utilisable");	/* 0 may repeat */
	check_montant("666666666", false, "utilisable");	/* and so may 6 */
	check_montant("111111234", false, "utilisable");	/* six times */
	check_montant("111111134", false, "aberrant");	/* seven times */
	check_montant("111111234.1", false, "aberrant");	/* seven with the decimals */
	check_montant("111111234.10", false, "aberrant");
	CHECK(montant_lire(slice_from("200"), &m) && montant_aberrant(&m, REGLES_DECP_QUALITE, false),
		  "200");
	CHECK(montant_lire(slice_from("200.01"), &m) && !montant_aberrant(&m, REGLES_DECP_QUALITE, false),
		  "200.01");
	CHECK(montant_lire(slice_from("999999999"), &m) &&
		  montant_aberrant(&m, REGLES_DECP_QUALITE, false), "999999999");
	CHECK(montant_lire(slice_from("-1"), &m) && !montant_aberrant(&m, REGLES_AUCUNE, false), "-1");
	CHECK(montant_lire(slice_from("NaN"), &m) && montant_aberrant(&m, REGLES_AUCUNE, false), "NaN");
}

/*
 * Identifiers
 */
static void
check_siren(const char *type, const char *identifiant, const char *expected)
{
	Slice		siren = identifiant_siren(slice_from(type), slice_from(identifiant));

	CHECK(expected ? slice_is(siren, expected) : siren.data == NULL, "%s %s", type ? type : "-",
		  identifiant);
}

static void
test_identifiants(void)
{
	check_siren("SIRET", "13001536500013", "130015365");
	check_siren("Siret", "35600000012345", "356000000");	/* La Poste, Luhn fails */
	check_siren(NULL, "13001536500013", "130015365");
	check_siren("", "13001536500013", "130015365");
	check_siren("SIRET", "130015365", "130015365");
	check_siren(NULL, "130015365", NULL);
	check_siren("SIRET", "1300153650001", NULL);
	check_siren("SIRET", "1300153650001A", NULL);
	check_siren("SIRET", "00000000000000", NULL);
	check_siren("SIRET", "000000000", NULL);
	check_siren("TVA", "FR66562096297", "562096297");
	check_siren("TVA_INTRACOMMUNAUTAIRE", "frK7399859412", "399859412");
	check_siren("TVA", "NL805843954B01", NULL);
	check_siren("TVA", "FR00000000000", NULL);
	check_siren("TVA", "FR6656209629A", NULL);
	check_siren("HORS-UE", "13001536500013", NULL);
	check_siren("RIDET", "0123456789", NULL);
	CHECK(identifiant_siren(SLICE_LITERAL("SIRET"), SLICE_NONE).data == NULL, "absent");
}

int
main(void)
{
	test_layout();
	test_lists_agree();
	test_codes();
	test_code_refusals();
	test_profils();
	test_longest_text();
	test_attributions();
	test_fold();
	test_match();
	test_spellings();
	test_two_months();
	test_montants();
	test_identifiants();
	printf("%d passed, %d failed\n", checks - failures, failures);
	return failures ? EXIT_FAILURE : EXIT_SUCCESS;
}
