/*
 * test_canevas.c
 *	  The reading of canevas and the answers of predicates, without a server.
 *
 * Predicates are compared with an evaluator of another kind: answers are -1, 0
 * and 1, "et" is the least, "ou" the greatest, "sauf" the opposite.
 */
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/canevas.h"

static int	checks;
static int	failures;

#define CHECK(condition, ...) \
	do { \
		checks++; \
		if (!(condition)) \
		{ \
			failures++; \
			printf("test_canevas.c:%d: ", __LINE__); \
			printf(__VA_ARGS__); \
			printf("\n"); \
		} \
	} while (0)

/*
 * Memory of the core: blocks in a list, released all at once. After "left"
 * allocations it does not return, as a server that is out of memory.
 */
typedef struct Bloc
{
	struct Bloc *suivant;
	size_t		taille;
} Bloc;

typedef struct Arene
{
	Bloc	   *blocs;
	long		left;
	jmp_buf		sortie;
} Arene;

static void *
arene_alloc(void *context, size_t taille)
{
	Arene	   *arene = context;
	Bloc	   *bloc;

	if (arene->left == 0)
		longjmp(arene->sortie, 1);
	if (arene->left > 0)
		arene->left--;
	bloc = malloc(sizeof(Bloc) + taille);
	if (bloc == NULL)
		abort();
	bloc->suivant = arene->blocs;
	bloc->taille = taille;
	arene->blocs = bloc;
	return bloc + 1;
}

static void *
arene_resize(void *context, void *ancien, size_t taille)
{
	void	   *nouveau = arene_alloc(context, taille);

	if (ancien != NULL)
	{
		size_t		t = ((Bloc *) ancien - 1)->taille;

		memcpy(nouveau, ancien, t < taille ? t : taille);
	}
	return nouveau;
}

static void
arene_vider(Arene *arene)
{
	while (arene->blocs != NULL)
	{
		Bloc	   *bloc = arene->blocs;

		arene->blocs = bloc->suivant;
		free(bloc);
	}
}

static CanevasReader *reader;
static Arene arene = {.left = -1};
static const CoreMemory memory = {arene_alloc, arene_resize, &arene};
static CanevasFault fault;

/* Read from a block of the very size of the text, so that a sanitizer sees a step beyond */
static bool
lire(const char *texte, size_t len, Canevas *canevas)
{
	char	   *copie = malloc(len > 0 ? len : 1);
	bool		lu;

	memcpy(copie, texte, len);
	lu = canevas_read(reader, &memory, (Slice) {copie, len}, canevas, &fault);
	free(copie);
	return lu;
}

static void
refuse(const char *texte, CanevasFaultKind kind, const char *message, const char *conseil)
{
	Canevas		canevas;

	CHECK(!lire(texte, strlen(texte), &canevas), "accepted: %s", texte);
	CHECK(fault.kind == kind, "kind %d for %s", fault.kind, texte);
	CHECK(strstr(fault.message, message) != NULL, "\"%s\" for %s", fault.message, texte);
	CHECK(strstr(fault.conseil, conseil) != NULL, "hint \"%s\" for %s", fault.conseil, texte);
	arene_vider(&arene);
}

static void
accepte(const char *texte)
{
	Canevas		canevas;

	CHECK(lire(texte, strlen(texte), &canevas), "refused: %s: %s", texte, fault.message);
	arene_vider(&arene);
}

/*
 * Three attributes of two known values give the three answers:
 * -1 no, 0 unknown, 1 yes.
 */
static const char *const noms[] = {"avance", "marche_innovant", "sous_traitance"};

#define NNOMS 3

static void
profil_de(const int *reponses, Profil *p)
{
	memset(p, 0, sizeof(*p));
	for (int i = 0; i < NNOMS; i++)
	{
		const Attribut *att = attribut_find(slice_from(noms[i]), NULL);

		if (reponses[i] != 0)
			profil_set(p, att, attribut_code_lire(att, slice_from(reponses[i] > 0 ? "oui" : "non")));
	}
}

static unsigned
hasard(unsigned n)
{
	static uint64_t etat = 20261124;

	etat = etat * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (unsigned) (etat >> 33) % n;
}

/* What a value of one of these attributes answers, by the definition */
static int
reponse_valeur(const char *valeur, int fait)
{
	if (strcmp(valeur, "connu") == 0)
		return fait != 0 ? 1 : -1;
	if (strcmp(valeur, "inconnu") == 0)
		return fait == 0 ? 1 : -1;
	return strcmp(valeur, "oui") == 0 ? fait : -fait;
}

#define FAITS 27

static int
fait(int cas, int attribut)
{
	static const int puissances[] = {1, 3, 9};

	return cas / puissances[attribut] % 3 - 1;
}

static int
pire(int a, int b)
{
	return a < b ? a : b;
}

static int
mieux(int a, int b)
{
	return a > b ? a : b;
}

/* Write a random predicate and what it answers in each case */
static void
inventer(char *texte, size_t taille, int profondeur, int *reponses)
{
	static const char *const valeurs[] = {"oui", "non", "connu", "inconnu"};
	unsigned	choix = profondeur == 0 ? hasard(2) : hasard(6);
	size_t		len;
	int			n;

	if (choix < 2)
	{
		unsigned	a = hasard(NNOMS);
		const char *v = valeurs[hasard(4)];
		const char *w = valeurs[hasard(4)];

		if (choix == 0)
			w = v;
		snprintf(texte, taille, choix == 0 ? "{\"%s\":\"%s\"}" : "{\"%s\":[\"%s\",\"%s\"]}",
				 noms[a], v, w);
		for (int cas = 0; cas < FAITS; cas++)
		{
			int			f = fait(cas, (int) a);

			reponses[cas] = mieux(reponse_valeur(v, f), reponse_valeur(w, f));
		}
		return;
	}
	if (choix == 2)
	{
		bool		vrai = hasard(2);

		snprintf(texte, taille, "%s", vrai ? "true" : "false");
		for (int cas = 0; cas < FAITS; cas++)
			reponses[cas] = vrai ? 1 : -1;
		return;
	}
	if (choix == 3)
	{
		len = (size_t) snprintf(texte, taille, "{\"sauf\":");
		inventer(texte + len, taille - len, profondeur - 1, reponses);
		strcat(texte, "}");
		for (int cas = 0; cas < FAITS; cas++)
			reponses[cas] = -reponses[cas];
		return;
	}
	n = 1 + (int) hasard(4);
	len = (size_t) snprintf(texte, taille, choix == 4 ? "{\"et\":[" : "{\"ou\":[");
	for (int cas = 0; cas < FAITS; cas++)
		reponses[cas] = choix == 4 ? 1 : -1;
	for (int i = 0; i < n; i++)
	{
		int			terme[FAITS];

		inventer(texte + len, taille - len, profondeur - 1, terme);
		strcat(texte, i < n - 1 ? "," : "]}");
		len = strlen(texte);
		for (int cas = 0; cas < FAITS; cas++)
			reponses[cas] = choix == 4 ? pire(reponses[cas], terme[cas]) : mieux(reponses[cas], terme[cas]);
	}
}

static int
reponse(Verite v)
{
	return v == VERITE_OUI ? 1 : v == VERITE_NON ? -1 : 0;
}

static void
test_predicats(void)
{
	static char predicat[32768];
	static char texte[33000];

	for (int essai = 0; essai < 3000; essai++)
	{
		int			attendues[FAITS];
		Canevas		canevas;
		int			fautes = 0;

		inventer(predicat, sizeof(predicat), 4, attendues);
		snprintf(texte, sizeof(texte), "{\"code\":\"X\",\"libelle\":\"x\",\"oui\":%s}", predicat);
		if (!lire(texte, strlen(texte), &canevas))
		{
			CHECK(false, "refused: %s: %s", texte, fault.message);
			continue;
		}
		for (int cas = 0; cas < FAITS; cas++)
		{
			int			faits[] = {fait(cas, 0), fait(cas, 1), fait(cas, 2)};
			Profil		p;

			profil_de(faits, &p);
			if (reponse(predicat_juger(canevas.classes[0].oui, &p)) != attendues[cas])
				fautes++;
		}
		CHECK(fautes == 0, "%d of %d wrong answers: %s", fautes, FAITS, predicat);
		arene_vider(&arene);
	}
}

/* An answer in {"population": avance=oui, "oui": innovant=oui[, "non": sous_traitance=oui and not innovant=oui]} */
static void
test_verdicts(void)
{
	static const char *const textes[] = {
		"{\"code\":\"X\",\"libelle\":\"x\",\"population\":{\"avance\":\"oui\"},\"oui\":{\"marche_innovant\":\"oui\"}}",
		"{\"code\":\"X\",\"libelle\":\"x\",\"population\":{\"avance\":\"oui\"},\"oui\":{\"marche_innovant\":\"oui\"},"
		"\"non\":{\"sous_traitance\":\"oui\",\"sauf\":{\"marche_innovant\":\"oui\"}}}"
	};

	for (int avec_non = 0; avec_non < 2; avec_non++)
	{
		Canevas		canevas;

		CHECK(lire(textes[avec_non], strlen(textes[avec_non]), &canevas), "%s", fault.message);
		for (int cas = 0; cas < FAITS; cas++)
		{
			int			faits[] = {fait(cas, 0), fait(cas, 1), fait(cas, 2)};
			CanevasVerdict attendu;
			Profil		p;

			if (faits[0] < 0)
				attendu = VERDICT_HORS;
			else if (faits[0] == 0)
				attendu = VERDICT_INCONNU;
			else if (faits[1] > 0)
				attendu = VERDICT_OUI;
			else if (avec_non)
				attendu = faits[2] > 0 && faits[1] < 0 ? VERDICT_NON : VERDICT_INCONNU;
			else
				attendu = faits[1] < 0 ? VERDICT_NON : VERDICT_INCONNU;
			profil_de(faits, &p);
			CHECK(canevas_juger(&canevas.classes[0], predicat_juger(canevas.population, &p), &p) == attendu,
				  "verdict of case %d, non %d", cas, avec_non);
		}
		arene_vider(&arene);
	}
}

/* A class with a population of its own: what holds in both is counted */
static void
test_populations(void)
{
	static const char texte[] =
		"{\"code\":\"X\",\"libelle\":\"x\",\"population\":{\"avance\":\"oui\"},\"classes\":["
		"{\"code\":\"c\",\"libelle\":\"c\",\"population\":{\"marche_innovant\":\"oui\"},"
		"\"oui\":{\"sous_traitance\":\"oui\"}}]}";
	Canevas		canevas;

	CHECK(lire(texte, strlen(texte), &canevas), "%s", fault.message);
	for (int cas = 0; cas < FAITS; cas++)
	{
		int			faits[] = {fait(cas, 0), fait(cas, 1), fait(cas, 2)};
		int			dedans = pire(faits[0], faits[1]);
		CanevasVerdict attendu;
		Profil		p;

		if (dedans < 0)
			attendu = VERDICT_HORS;
		else if (dedans == 0 || faits[2] == 0)
			attendu = VERDICT_INCONNU;
		else
			attendu = faits[2] > 0 ? VERDICT_OUI : VERDICT_NON;
		profil_de(faits, &p);
		CHECK(canevas_juger(&canevas.classes[0], predicat_juger(canevas.population, &p), &p) == attendu,
			  "two populations, case %d", cas);
	}
	arene_vider(&arene);
}

/* What a value answers on each kind of code of a set that can be contradictory */
static void
test_ensembles(void)
{
	static const char *const codes[] = {"inconnu", "aucune", "clause", "clause+reserve", "clause!"};
	static const struct
	{
		const char *valeurs;
		int			attendues[5];
	}			cas[] = {
		{"\"clause\"", {0, -1, 1, 1, 0}},
		{"\"reserve\"", {0, -1, -1, 1, 0}},
		{"\"aucune\"", {0, 1, -1, -1, 0}},
		{"[\"aucune\",\"clause\"]", {0, 1, 1, 1, 0}},
		{"\"contradictoire\"", {0, -1, -1, -1, 1}},
		{"[\"clause\",\"contradictoire\"]", {0, -1, 1, 1, 1}},
		{"\"connu\"", {-1, 1, 1, 1, -1}},
		{"\"inconnu\"", {1, -1, -1, -1, -1}},
		{"[\"reserve\",\"inconnu\"]", {1, -1, -1, 1, 0}},
	};
	const Attribut *att = attribut_get(ATT_CONSIDERATIONS_SOCIALES);

	for (size_t i = 0; i < sizeof(cas) / sizeof(cas[0]); i++)
	{
		char		texte[256];
		Canevas		canevas;

		snprintf(texte, sizeof(texte), "{\"code\":\"X\",\"libelle\":\"x\",\"oui\":{\"considerations_sociales\":%s}}",
				 cas[i].valeurs);
		CHECK(lire(texte, strlen(texte), &canevas), "%s", fault.message);
		for (int c = 0; c < 5; c++)
		{
			Profil		p = {{0, 0}};

			profil_set(&p, att, attribut_code_lire(att, slice_from(codes[c])));
			CHECK(reponse(predicat_juger(canevas.classes[0].oui, &p)) == cas[i].attendues[c],
				  "%s on %s", cas[i].valeurs, codes[c]);
		}
		arene_vider(&arene);
	}
}

#define TETE "{\"code\":\"X\",\"libelle\":\"x\","
#define OUI TETE "\"oui\":true"

static void
test_cles(void)
{
	accepte(OUI "}");
	accepte(" \n" OUI ",\"dimension\":\"d\",\"definition\":\"d\",\"ideal\":\"i\",\"calculable\":\"c\","
			"\"ecart\":\"e\",\"champs\":[\"montant\"],\"personas\":[],\"certitude\":\"vérifié\"} \n");
	accepte(TETE "\"classes\":[{\"code\":\"a\",\"libelle\":\"a\",\"oui\":true,\"non\":false}]}");
	accepte(OUI ",\"cibles\":[{\"valeur\":0.3,\"sens\":\">=\",\"unite\":\"montant\",\"depuis\":\"2024-02-29\","
			"\"jusque\":\"2024-02-29\",\"contraignante\":true,\"source\":\"s\",\"certitude\":\"non vérifié\"}]}");
	accepte(OUI ",\"sources\":[{\"texte\":\"\\ud83d\\ude00 \\u00e9\",\"certitude\":\"source secondaire\"}]}");

	refuse("[]", CANEVAS_INVALID, "must be a JSON object", "");
	refuse("12", CANEVAS_INVALID, "must be a JSON object", "");
	refuse("{}", CANEVAS_INVALID, "has no key \"code\"", "");
	refuse("{\"code\":\"X\",\"oui\":true}", CANEVAS_INVALID, "has no key \"libelle\"", "");
	refuse(TETE "\"population\":true}", CANEVAS_INVALID, "neither key \"oui\" nor key \"classes\"", "");
	refuse(OUI ",\"couleur\":1}", CANEVAS_INVALID, "unknown key \"couleur\"", "code, libelle, dimension");
	refuse(OUI ",\"classes\":[{\"code\":\"a\",\"libelle\":\"a\",\"oui\":true}]}", CANEVAS_INVALID,
		   "\"classes\" beside \"oui\"", "");
	refuse(TETE "\"classes\":[]}", CANEVAS_INVALID, "\"classes\" is empty", "");
	refuse(TETE "\"classes\":[{\"code\":\"a\",\"libelle\":\"a\"}]}", CANEVAS_INVALID, "\"classes[0]\" has no key \"oui\"", "");
	refuse(TETE "\"classes\":[{\"code\":\"a.b\",\"libelle\":\"a\",\"oui\":true}]}", CANEVAS_INVALID,
		   "invalid code \"a.b\" in \"classes[0].code\"", "among");
	refuse(TETE "\"classes\":[{\"code\":\"a\",\"libelle\":\"a\",\"oui\":true},"
		   "{\"code\":\"a\",\"libelle\":\"b\",\"oui\":true}]}", CANEVAS_INVALID, "\"classes[1]\" repeats the code \"a\"", "");
	refuse("{\"code\":\"É1\",\"libelle\":\"x\",\"oui\":true}", CANEVAS_INVALID, "invalid code", "1 to 32 characters");
	refuse(OUI ",\"unites\":[\"nombre\",\"nombre\"]}", CANEVAS_INVALID, "repeats \"nombre\"", "");
	refuse(OUI ",\"unites\":[\"heures\"]}", CANEVAS_INVALID, "unknown value \"heures\" of \"unites[0]\"", "nombre, montant, lignes.");
	refuse(OUI ",\"unites\":[\"nombre\"],\"cibles\":[{\"valeur\":1,\"sens\":\">=\",\"unite\":\"montant\"}]}",
		   CANEVAS_INVALID, "\"cibles[0]\" is in \"montant\"", "");
	refuse(OUI ",\"cibles\":[{\"valeur\":30,\"sens\":\">=\"}]}", CANEVAS_INVALID, "\"cibles[0].valeur\"", "0.30");
	refuse(OUI ",\"cibles\":[{\"valeur\":1e999,\"sens\":\">=\"}]}", CANEVAS_INVALID, "\"cibles[0].valeur\"", "");
	refuse(OUI ",\"cibles\":[{\"valeur\":1,\"sens\":\">\"}]}", CANEVAS_INVALID, "unknown value \">\"", ">=, <=.");
	refuse(OUI ",\"cibles\":[{\"valeur\":1,\"sens\":\">=\",\"depuis\":\"2023-02-29\"}]}", CANEVAS_INVALID,
		   "invalid date \"2023-02-29\"", "YYYY-MM-DD");
	refuse(OUI ",\"cibles\":[{\"valeur\":1,\"sens\":\">=\",\"depuis\":\"2024-01-02\",\"jusque\":\"2024-01-01\"}]}",
		   CANEVAS_INVALID, "ends before it begins", "");
	refuse(OUI ",\"population\":false}", CANEVAS_INVALID, "\"population\" holds for no contract", "exclude each other");
	refuse(OUI ",\"population\":{\"type_contrat\":\"marche\",\"sauf\":{\"type_contrat\":[\"marche\",\"concession\"]}}}", CANEVAS_INVALID,
		   "\"population\" holds for no contract", "");
	refuse(OUI ",\"population\":{\"taille\":\"pme\"}}", CANEVAS_INVALID, "holds for no contract", "");
	refuse(OUI ",\"niveau\":\"attribution\",\"population\":{\"lieu\":\"oui\",\"techniques\":\"concours\"}}", CANEVAS_INVALID,
		   "holds for no attribution", "speak of contracts only");
	refuse(TETE "\"population\":{\"segment\":\"energie\"},\"classes\":[{\"code\":\"a\",\"libelle\":\"a\",\"oui\":true},"
		   "{\"code\":\"b\",\"libelle\":\"b\",\"population\":{\"segment\":\"textile\"},\"oui\":true}]}", CANEVAS_INVALID,
		   "\"classes[1].population\" holds for no contract", "");
	refuse(TETE "\"oui\":{\"offres\":[\"1\",\"2\"]},\"non\":{\"offres\":[\"2\",\"3_4\"]}}", CANEVAS_INVALID,
		   "\"oui\" and \"non\" overlap", "Both hold for offres=2.");
	refuse(TETE "\"oui\":{\"avance\":\"oui\"},\"non\":{\"marche_innovant\":\"non\"}}", CANEVAS_INVALID,
		   "overlap", "Both hold for marche_innovant=non avance=oui.");
	refuse(TETE "\"genre\":\"rapport\",\"etat\":\"e\",\"mesures\":[{\"code\":\"t\",\"libelle\":\"t\",\"mesure\":\"taux\"}]}", CANEVAS_INVALID,
		   "has several units", "Sums are of one unit");
	refuse(OUI ",\"sources\":[{\"texte\":\"t\"}]}", CANEVAS_INVALID, "\"sources[0]\" has no key \"certitude\"", "");
	refuse(OUI ",\"certitude\":\"sûr\"}", CANEVAS_INVALID, "unknown value \"sûr\"", "vérifié, source secondaire");
}

/* Each key in turn is given a value of each other type */
static void
test_types(void)
{
	static const struct
	{
		const char *cle;
		const char *permis;		/* types that are legal: s, n, b, a, o, z (null) */
	}			cles[] = {
		{"code", "s"}, {"libelle", "s"}, {"dimension", "s"}, {"definition", "s"}, {"unites", ""},
		{"population", "bo"}, {"oui", "bo"}, {"non", "bo"}, {"classes", ""}, {"cibles", "a"},
		{"sources", "a"}, {"ideal", "s"}, {"calculable", "s"}, {"ecart", "s"}, {"champs", "a"},
		{"personas", "a"}, {"certitude", ""},
	};
	static const struct
	{
		char		type;
		const char *json;
	}			valeurs[] = {
		{'s', "\"x\""}, {'n', "1.5"}, {'b', "true"}, {'a', "[]"}, {'o', "{\"avance\":\"oui\"}"}, {'z', "null"},
	};

	for (size_t i = 0; i < sizeof(cles) / sizeof(cles[0]); i++)
	{
		for (size_t j = 0; j < sizeof(valeurs) / sizeof(valeurs[0]); j++)
		{
			char		texte[256];
			Canevas		canevas;
			bool		legal = strchr(cles[i].permis, valeurs[j].type) != NULL;

			snprintf(texte, sizeof(texte), "{%s%s%s\"%s\":%s}",
					 strcmp(cles[i].cle, "code") == 0 ? "" : "\"code\":\"X\",",
					 strcmp(cles[i].cle, "libelle") == 0 ? "" : "\"libelle\":\"x\",",
					 strcmp(cles[i].cle, "oui") == 0 ? "" : "\"oui\":{\"avance\":\"non\"},",
					 cles[i].cle, valeurs[j].json);
			CHECK(lire(texte, strlen(texte), &canevas) == legal, "%s: %s", texte, fault.message);
			CHECK(legal || fault.kind == CANEVAS_INVALID, "kind for %s", texte);
			CHECK(legal || strstr(fault.message, cles[i].cle) != NULL, "\"%s\" for %s", fault.message, texte);
			arene_vider(&arene);
		}
	}
}

static void
test_predicats_faux(void)
{
	refuse(TETE "\"oui\":{\"couleur\":\"rouge\"}}", CANEVAS_INVALID,
		   "unknown attribute \"couleur\" in predicate \"oui\"", "type_contrat, format, nature");
	refuse(TETE "\"oui\":{\"ou\":[{\"avance\":\"oui\"},{\"avance\":\"peut-être\"}]}}", CANEVAS_INVALID,
		   "unknown value \"peut-être\" of attribute \"avance\" in predicate \"oui\"", "oui, non, connu, inconnu.");
	refuse(TETE "\"oui\":{\"considerations_sociales\":\"x\"}}", CANEVAS_INVALID, "unknown value \"x\"",
		   "clause, critere, reserve, aucune, contradictoire, connu, inconnu.");
	refuse(TETE "\"oui\":{\"techniques\":\"contradictoire\"}}", CANEVAS_INVALID, "unknown value \"contradictoire\"", "aucune");
	refuse(TETE "\"oui\":{\"offres\":1}}", CANEVAS_INVALID, "invalid value of attribute \"offres\"", "string");
	refuse(TETE "\"oui\":{\"offres\":[[\"1\"]]}}", CANEVAS_INVALID, "invalid value of attribute \"offres\"", "string");
	refuse(TETE "\"oui\":{\"offres\":null}}", CANEVAS_INVALID, "invalid value of attribute \"offres\"", "string");
	refuse(TETE "\"oui\":{\"offres\":[]}}", CANEVAS_INVALID, "attribute \"offres\" has no value", "");
	refuse(TETE "\"oui\":{}}", CANEVAS_INVALID, "predicate \"oui\" must be", "et");
	refuse(TETE "\"oui\":{\"et\":[]}}", CANEVAS_INVALID, "operator \"et\"", "");
	refuse(TETE "\"oui\":{\"et\":{\"offres\":\"1\"}}}", CANEVAS_INVALID, "operator \"et\"", "");
	refuse(TETE "\"oui\":{\"sauf\":[{\"offres\":\"1\"}]}}", CANEVAS_INVALID, "predicate \"oui\" must be", "");
	refuse(TETE "\"oui\":{\"ou\":[true,null]}}", CANEVAS_INVALID, "predicate \"oui\" must be", "");
	refuse(TETE "\"classes\":[{\"code\":\"a\",\"libelle\":\"a\",\"oui\":{\"a\\nb\":\"c\"}}]}", CANEVAS_INVALID,
		   "escape sequence in key", "");
	refuse(TETE "\"classes\":[{\"code\":\"a\",\"libelle\":\"a\",\"oui\":{\"abc\":\"c\"}}]}", CANEVAS_INVALID,
		   "unknown attribute \"abc\" in predicate \"classes[0].oui\"", "");
}

static void
imbriquer(char *texte, int n)
{
	strcpy(texte, TETE "\"oui\":");
	for (int i = 0; i < n; i++)
		strcat(texte, "{\"sauf\":");
	strcat(texte, "true");
	for (int i = 0; i <= n; i++)
		strcat(texte, "}");
}

static void
test_hostile(void)
{
	static char texte[CANEVAS_TAILLE_MAX + 8];
	Canevas		canevas;
	size_t		len;

	refuse("", CANEVAS_NOT_JSON, "invalid JSON", "");
	refuse(OUI, CANEVAS_NOT_JSON, "invalid JSON", "");
	CHECK(fault.octet == strlen(OUI), "offset %zu", fault.octet);
	refuse(OUI ",}", CANEVAS_NOT_JSON, "invalid JSON", "");
	refuse(OUI "} x", CANEVAS_NOT_JSON, "invalid JSON", "");
	refuse("{'code':'X'}", CANEVAS_NOT_JSON, "invalid JSON", "");
	refuse(OUI ",\"cibles\":[{\"valeur\":NaN,\"sens\":\">=\"}]}", CANEVAS_NOT_JSON, "invalid JSON", "");
	refuse(OUI ",\"ideal\":\"a\\u0000b\"}", CANEVAS_NOT_JSON, "invalid JSON", "");
	refuse(OUI ",\"ideal\\u0000\":\"b\"}", CANEVAS_NOT_JSON, "invalid JSON", "");
	refuse(OUI ",\"ideal\":\"\xff\"}", CANEVAS_NOT_JSON, "invalid JSON", "");
	refuse(OUI ",\"ideal\":\"\\ud800\"}", CANEVAS_INVALID, "lone surrogate", "");
	refuse(OUI ",\"ideal\":\"\\udc00\\ud800\"}", CANEVAS_INVALID, "lone surrogate", "");
	refuse(OUI ",\"ideal\":\"\\ud800\\ud800\\udc00\"}", CANEVAS_INVALID, "lone surrogate", "");
	CHECK(!lire("{\"code\":\"X\0\"}", 13, &canevas), "a NUL byte is accepted");

	refuse(OUI ",\"oui\":false}", CANEVAS_INVALID, "duplicate key \"oui\"", "");
	CHECK(fault.octet == strlen(OUI) + 2, "offset %zu", fault.octet);
	refuse(TETE "\"oui\":{\"et\":[{\"avance\":\"oui\",\"avance\":\"non\"}]}}", CANEVAS_INVALID, "duplicate key \"avance\"", "");
	refuse(OUI ",\"o\\u0075i\":false}", CANEVAS_INVALID, "escape sequence in key", "");
	accepte(TETE "\"oui\":{\"et\":[{\"avance\":\"oui\"},{\"avance\":\"non\"}]}}");

	imbriquer(texte, CANEVAS_PROFONDEUR_MAX - 1);
	accepte(texte);
	imbriquer(texte, CANEVAS_PROFONDEUR_MAX);
	refuse(texte, CANEVAS_NOT_JSON, "invalid JSON", "");
	CHECK(strstr(fault.detail, "deep") != NULL, "%s", fault.detail);
	imbriquer(texte, 2000);
	refuse(texte, CANEVAS_NOT_JSON, "invalid JSON", "");

	/* The largest text, made of predicates that cannot be joined into one leaf */
	strcpy(texte, TETE "\"oui\":{\"ou\":[");
	len = strlen(texte);
	while (len < CANEVAS_TAILLE_MAX - 100)
		len += (size_t) sprintf(texte + len, "{\"avance\":\"oui\",\"offres\":\"1\"},");
	strcpy(texte + len, "true]}}");
	len = strlen(texte);
	memset(texte + len, ' ', sizeof(texte) - len);
	CHECK(lire(texte, CANEVAS_TAILLE_MAX, &canevas), "%s", fault.message);
	arene_vider(&arene);
	CHECK(!lire(texte, CANEVAS_TAILLE_MAX + 1, &canevas), "too large is accepted");
	CHECK(fault.kind == CANEVAS_TOO_LARGE, "kind %d", fault.kind);

	/* Very many keys in one object */
	strcpy(texte, "{\"k\":1");
	len = strlen(texte);
	for (int i = 0; len < CANEVAS_TAILLE_MAX - 100; i++)
		len += (size_t) sprintf(texte + len, ",\"k%d\":1", i);
	strcpy(texte + len, "}");
	refuse(texte, CANEVAS_INVALID, "too many keys", "");
}

/* An allocator that gives up at any point leaves nothing that the reader does not free */
static void
test_memoire(void)
{
	static const char texte[] = TETE "\"population\":{\"type_contrat\":\"marche\"},"
		"\"classes\":[{\"code\":\"a\",\"libelle\":\"a\",\"oui\":{\"et\":[{\"offres\":\"1\"},"
		"{\"ou\":[{\"avance\":\"oui\"},{\"procedure\":\"connu\"}]}]}}]}";
	volatile int abandons = 0;

	for (volatile long n = 0; n < 1000; n++)
	{
		Canevas		canevas;

		reader = canevas_reader_create();
		arene.left = n;
		if (setjmp(arene.sortie) == 0)
		{
			bool		lu = canevas_read(reader, &memory, SLICE_LITERAL(texte), &canevas, &fault);

			CHECK(lu, "%s", fault.message);
			n = 1000;
		}
		else
			abandons++;
		arene_vider(&arene);
		canevas_reader_destroy(reader);
	}
	arene.left = -1;
	CHECK(abandons > 10, "%d failures of the allocator", abandons);
}

/* The other kinds: what names their measures, and nothing of a part */
static void
test_genres(void)
{
#define GENRE(g) "{\"code\":\"X\",\"libelle\":\"x\",\"genre\":\"" g "\""
#define MESURES ",\"mesures\":[{\"code\":\"m\",\"libelle\":\"m\",\"mesure\":\"mediane\"}]"
	accepte(GENRE("part") ",\"oui\":true}");
	accepte(GENRE("distribution") ",\"etat\":\"offres\"" MESURES "}");
	accepte(GENRE("concentration") ",\"etat\":\"concentration\"" MESURES ",\"cibles\":[{\"valeur\":1500,\"sens\":\"<=\"}]}");
	accepte(GENRE("rapport") ",\"unites\":[\"montant\"],\"etat\":\"derive_montant\"" MESURES "}");
	accepte(GENRE("qualite") ",\"qualite\":\"T03\"}");
	accepte(GENRE("saisie") ",\"saisie\":{\"numerateur\":\"heures\",\"unite\":\"heures\"}}");
	accepte(GENRE("synthese") "}");
	accepte("{\"code\":\"X\",\"libelle\":\"x\",\"niveau\":\"attribution\",\"plancher\":true,\"oui\":{\"esus\":\"oui\"}}");
	refuse(GENRE("parts") ",\"oui\":true}", CANEVAS_INVALID, "unknown value \"parts\" of \"genre\"", "part, distribution");
	refuse(GENRE("part") ",\"oui\":true,\"etat\":\"offres\"}", CANEVAS_INVALID, "genre \"part\" has key \"etat\"", "another");
	refuse(GENRE("distribution") ",\"etat\":\"offres\"}", CANEVAS_INVALID, "has no key \"mesures\"", "");
	refuse(GENRE("distribution") MESURES "}", CANEVAS_INVALID, "has no key \"etat\"", "");
	refuse(GENRE("distribution") ",\"etat\":\"offres\",\"oui\":true" MESURES "}", CANEVAS_INVALID, "has key \"oui\"", "");
	refuse(GENRE("synthese") ",\"population\":true}", CANEVAS_INVALID, "has key \"population\"", "");
	refuse(GENRE("synthese") ",\"niveau\":\"attribution\"}", CANEVAS_INVALID, "has a level", "");
	refuse(GENRE("saisie") ",\"saisie\":{\"numerateur\":\"heures\"}}", CANEVAS_INVALID, "no key \"unite\"", "");
	refuse(GENRE("qualite") ",\"qualite\":3}", CANEVAS_INVALID, "must be a string", "");
	refuse("{\"code\":\"X\",\"libelle\":\"x\",\"niveau\":\"lot\",\"oui\":true}", CANEVAS_INVALID, "of \"niveau\"", "contrat, attribution");
	refuse("{\"code\":\"X\",\"libelle\":\"x\",\"plancher\":1,\"oui\":true}", CANEVAS_INVALID, "must be true or false", "");
	refuse(GENRE("rapport") ",\"etat\":\"x\",\"mesures\":[{\"code\":\"m\",\"libelle\":\"m\",\"mesure\":\"mode\"}]}",
		   CANEVAS_INVALID, "unknown value \"mode\"", "mediane");
#undef GENRE
#undef MESURES
}

int
main(void)
{
	test_memoire();
	reader = canevas_reader_create();
	test_predicats();
	test_verdicts();
	test_populations();
	test_ensembles();
	test_cles();
	test_types();
	test_predicats_faux();
	test_hostile();
	test_genres();
	canevas_reader_destroy(reader);
	printf("%d passed, %d failed\n", checks - failures, failures);
	return failures > 0;
}
