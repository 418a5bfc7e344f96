/*
 * test_validation.c
 *	  What the rules have against a record. A clean record of each format and
 *	  kind has no anomaly; each case changes one thing in it, and gives what
 *	  must be found then: nothing else may be.
 */
#include <stdbool.h>

#include "core/calendrier.h"
#include "record_case.h"

typedef struct Champ
{
	const char *nom;
	const char *valeur;			/* JSON */
} Champ;

#define CHAMPS_MAX 32

/* SIRET of which INSEE's key is right: Ministère, La Poste's head office */
#define HOLDER "{\"typeIdentifiant\":\"SIRET\",\"id\":\"35600000000048\",\"denominationSociale\":\"La Poste\"}"
#define HOLDER_V2 "{\"titulaire\":{\"typeIdentifiant\":\"SIRET\",\"id\":\"35600000000048\"}}"

static const Champ marche_v1[CHAMPS_MAX] = {
	{"id", "\"2019A000100\""},
	{"acheteur", "{\"id\":\"13000548100010\",\"nom\":\"Acheteur\"}"},
	{"nature", "\"Marché\""},
	{"objet", "\"Travaux de voirie\""},
	{"codeCPV", "\"45000000\""},
	{"procedure", "\"Procédure adaptée\""},
	{"lieuExecution", "{\"code\":\"35\",\"typeCode\":\"Code département\",\"nom\":\"Ille-et-Vilaine\"}"},
	{"dureeMois", "12"},
	{"dateNotification", "\"2019-03-01\""},
	{"datePublicationDonnees", "\"2019-03-20\""},
	{"montant", "150000.5"},
	{"formePrix", "\"Ferme\""},
	{"titulaires", "[" HOLDER "]"},
	{"modifications", "[]"},
};

static const Champ marche_v2[CHAMPS_MAX] = {
	{"id", "\"2024A0001\""},
	{"acheteur", "{\"id\":\"13000548100010\"}"},
	{"nature", "\"Marché\""},
	{"objet", "\"Travaux de voirie\""},
	{"codeCPV", "\"45000000\""},
	{"procedure", "\"Procédure adaptée\""},
	{"lieuExecution", "{\"code\":\"35238\",\"typeCode\":\"Code commune\"}"},
	{"dureeMois", "12"},
	{"dateNotification", "\"2024-03-01\""},
	{"datePublicationDonnees", "\"2024-03-20\""},
	{"montant", "150000"},
	{"formePrix", "\"Unitaire\""},
	{"titulaires", "[" HOLDER_V2 "]"},
	{"typesPrix", "{\"typePrix\":[\"Définitif ferme\"]}"},
	{"techniques", "{\"technique\":[\"Sans objet\"]}"},
	{"modalitesExecution", "{\"modaliteExecution\":[\"Sans objet\"]}"},
	{"marcheInnovant", "false"},
	{"ccag", "\"Travaux\""},
	{"offresRecues", "3"},
	{"attributionAvance", "false"},
	{"tauxAvance", "0"},
	{"typeGroupementOperateurs", "\"Pas de groupement\""},
	{"sousTraitanceDeclaree", "false"},
	{"considerationsSociales", "{\"considerationSociale\":[\"Clause sociale\"]}"},
	{"considerationsEnvironnementales", "{\"considerationEnvironnementale\":[\"Critère environnemental\"]}"},
};

static const Champ concession_v1[CHAMPS_MAX] = {
	{"id", "\"2019C000100\""},
	{"autoriteConcedante", "{\"id\":\"13000548100010\",\"nom\":\"Acheteur\"}"},
	{"nature", "\"Concession de service\""},
	{"objet", "\"Restauration\""},
	{"procedure", "\"Procédure négociée ouverte\""},
	{"lieuExecution", "{\"code\":\"35238\",\"typeCode\":\"Code commune\",\"nom\":\"Rennes\"}"},
	{"dureeMois", "120"},
	{"dateSignature", "\"2019-03-01\""},
	{"dateDebutExecution", "\"2019-04-01\""},
	{"datePublicationDonnees", "\"2019-03-20\""},
	{"valeurGlobale", "1500000"},
	{"montantSubventionPublique", "0"},
	{"concessionnaires", "[" HOLDER "]"},
	{"donneesExecution", "[]"},
	{"modifications", "[]"},
};

/* ---- records that differ from a clean one ---- */

static char record[1 << 16];

/* changes: names and values, NULL for the value to leave the field out */
static void
write_record(const Champ *clean, const Champ *changes)
{
	size_t		len = (size_t) snprintf(record, sizeof(record), "{\"_type\":\"%s\"",
										clean == concession_v1 ? "Contrat de concession" : "Marché");

	for (int i = 0; i < CHAMPS_MAX && clean[i].nom != NULL; i++)
	{
		const char *valeur = clean[i].valeur;

		for (int j = 0; changes[j].nom != NULL; j++)
			if (strcmp(changes[j].nom, clean[i].nom) == 0)
				valeur = changes[j].valeur;
		if (valeur != NULL)
			len += (size_t) snprintf(record + len, sizeof(record) - len, ",\"%s\":%s", clean[i].nom, valeur);
	}
	for (int j = 0; changes[j].nom != NULL; j++)
	{
		bool		known = changes[j].valeur == NULL;

		for (int i = 0; i < CHAMPS_MAX && clean[i].nom != NULL; i++)
			known |= strcmp(changes[j].nom, clean[i].nom) == 0;
		if (!known)
			len += (size_t) snprintf(record + len, sizeof(record) - len, ",\"%s\":%s", changes[j].nom, changes[j].valeur);
	}
	snprintf(record + len, sizeof(record) - len, "}");
}

/* expected: "regle champ valeur" joined by "; ", in any order; all of them */
static void
judge(const Champ *clean, const char *expected, const Champ *changes)
{
	DecpContrat c;
	RecordError error;
	int			n = 0;

	write_record(clean, changes);
	if (!record_read(reader, &memory, record, strlen(record), clean == marche_v2 ? CONTAINER_MARCHE : CONTAINER_V1, &c, &error))
	{
		check(record, false, error.detail);
		return;
	}
	describe(&c);
	for (const char *p = expected; *p != '\0'; n++)
	{
		const char *end = strstr(p, "; ");
		size_t		len = end ? (size_t) (end - p) : strlen(p);
		char		wanted[600];

		snprintf(wanted, sizeof(wanted), "\nanomalie=%.*s\n", (int) len, p);
		check(expected, strstr(lines, wanted) != NULL, strstr(lines, "\nanomalie"));
		p += len + (end ? 2 : 0);
	}
	if (c.nanomalies != n)
		check(*expected ? expected : "clean", false, strstr(lines, "\nanomalie"));
	else
		core_passed++;
	arena_reset(&arena);
}

#define V1(expected, ...) judge(marche_v1, expected, (const Champ[]) {__VA_ARGS__, {NULL, NULL}})
#define V2(expected, ...) judge(marche_v2, expected, (const Champ[]) {__VA_ARGS__, {NULL, NULL}})
#define CONCESSION(expected, ...) judge(concession_v1, expected, (const Champ[]) {__VA_ARGS__, {NULL, NULL}})
#define CLEAN {"", NULL}

static void
test_clean(void)
{
	V1("", CLEAN);
	V2("", CLEAN);
	CONCESSION("", CLEAN);
}

/* Each required field of each format, taken away */
static void
test_missing(void)
{
	static const struct
	{
		const Champ *clean;
		int			required;
	}			formats[] = {{marche_v1, 14}, {marche_v2, 24}, {concession_v1, 15}};

	for (size_t f = 0; f < sizeof(formats) / sizeof(formats[0]); f++)
	{
		int			required = 0;

		for (int i = 0; formats[f].clean[i].nom != NULL; i++)
		{
			const char *nom = formats[f].clean[i].nom;
			char		expected[200];
			bool		optional = strcmp(nom, "tauxAvance") == 0;

			snprintf(expected, sizeof(expected), "champ_manquant %s ", nom);
			judge(formats[f].clean, optional ? "" : expected, (const Champ[]) {{nom, NULL}, {NULL, NULL}});
			required += !optional;
		}
		check("number of required fields", required == formats[f].required, "");
	}
	V1("champ_manquant montant MQ", {"montant", "\"MQ\""});
	V1("champ_manquant objet ", {"objet", "null"});
	V1("champ_manquant acheteur.nom ", {"acheteur", "{\"id\":\"13000548100010\"}"});
	V1("champ_manquant lieuExecution.nom ", {"lieuExecution", "{\"code\":\"35\",\"typeCode\":\"Code département\"}"});
	V1("champ_manquant titulaires ", {"titulaires", "[]"});
	V1("champ_manquant titulaires[0].denominationSociale ",
	   {"titulaires", "[{\"typeIdentifiant\":\"SIRET\",\"id\":\"35600000000048\"}]"});
	V2("champ_manquant titulaires[0].typeIdentifiant ", {"titulaires", "[{\"titulaire\":{\"id\":\"35600000000048\"}}]"});
	V2("origine_manquante origineUE ; origine_manquante origineFrance ", {"codeCPV", "\"15800000\""});
	V2("", {"codeCPV", "\"15800000\""}, {"origineUE", "0.8"}, {"origineFrance", "0.5"});
	V2("avance_taux_absent tauxAvance 0", {"attributionAvance", "true"});
	V2("avance_taux_absent tauxAvance ", {"attributionAvance", "true"}, {"tauxAvance", NULL});
}

static void
test_written(void)
{
	V1("nombre_texte montant 150 000,50 €", {"montant", "\"150 000,50 €\""});
	V1("nombre_illisible montant cher", {"montant", "\"cher\""});
	V1("nombre_texte dureeMois 12", {"dureeMois", "\"12\""});
	V1("duree_decimale dureeMois 11.5", {"dureeMois", "11.5"});
	V1("duree_minimum dureeMois 0", {"dureeMois", "0"});
	V1("texte_nombre codeCPV 45000000", {"codeCPV", "45000000"});
	V1("texte_nombre acheteur.id 13000548100010", {"acheteur", "{\"id\":13000548100010,\"nom\":\"A\"}"});
	V2("booleen_texte marcheInnovant non", {"marcheInnovant", "\"non\""});
	V2("booleen_illisible marcheInnovant peut-être", {"marcheInnovant", "\"peut-être\""});
	V1("date_fuseau dateNotification 2019-03-01+01:00", {"dateNotification", "\"2019-03-01+01:00\""});
	V1("date_fuseau dateNotification 2019-03-01Z", {"dateNotification", "\"2019-03-01Z\""});
	V1("date_format dateNotification 01/03/2019", {"dateNotification", "\"01/03/2019\""});
	V1("date_format dateNotification 2019-03-01T10:00:00", {"dateNotification", "\"2019-03-01T10:00:00\""});
	V1("date_annee dateNotification 0019-03-01", {"dateNotification", "\"0019-03-01\""});
	V1("date_illisible dateNotification 2019-02-30", {"dateNotification", "\"2019-02-30\""});
	V1("date_illisible dateNotification mars", {"dateNotification", "\"mars\""});
	V1("hors_liste nature Convention", {"nature", "\"Convention\""});
	V1("libelle_approchant procedure procedure ADAPTEE", {"procedure", "\"procedure ADAPTEE\""});
	V1("hors_liste formePrix Au poids", {"formePrix", "\"Au poids\""});
	V1("hors_liste titulaires[0].typeIdentifiant PASSEPORT",
	   {"titulaires", "[{\"typeIdentifiant\":\"PASSEPORT\",\"id\":\"35600000000048\",\"denominationSociale\":\"X\"}]"});
	V1("nature_type_contrat nature Concession de service", {"nature", "\"Concession de service\""});
	V1("procedure_type_contrat procedure Procédure négociée ouverte", {"procedure", "\"Procédure négociée ouverte\""});
	CONCESSION("procedure_type_contrat procedure Procédure adaptée", {"procedure", "\"Procédure adaptée\""});
	V1("champ_double montant (double) 3", {"montant", "150000,\"montant\":3"});
}

static void
test_identity(void)
{
	V1("id_longueur id 12300", {"id", "\"12300\""});
	V1("id_longueur id 2019A000000000100", {"id", "\"2019A000000000100\""});
	V2("", {"id", "\"1\""});
	V2("id_longueur id 2024A000000000001", {"id", "\"2024A000000000001\""});
	V1("id_caracteres id 2019*00", {"id", "\"2019*00\""});
	V1("id_suffixe id 2019A000101", {"id", "\"2019A000101\""});
	V1("id_suffixe id 2019A0001AB", {"id", "\"2019A0001AB\""});
	V2("", {"id", "\"2024A0007\""});
	V1("uid_incoherent uid 1300054810001", {"uid", "\"1300054810001\""});
	V1("", {"uid", "\"130005481000102019A000100\""});
}

/* ---- identifiers ---- */

#define BUYER(siret) {"acheteur", "{\"id\":\"" siret "\",\"nom\":\"A\"}"}
#define TITULAIRE(type, id) {"titulaires", "[{\"typeIdentifiant\":\"" type "\",\"id\":\"" id "\",\"denominationSociale\":\"X\"}]"}

static void
test_identifiers(void)
{
	V1("siret_acheteur_format acheteur.id 1300054810001", BUYER("1300054810001"));
	V1("siret_acheteur_format acheteur.id A3000548100010", BUYER("A3000548100010"));
	V1("siret_acheteur_siren acheteur.id 130005481", BUYER("130005481"));
	V1("siret_acheteur_luhn acheteur.id 13000548100011", BUYER("13000548100011"));
	V1("identifiant_nettoye acheteur.id 130 005 481 00010", BUYER("130 005 481 00010"));
	/* Luhn on 14 digits is right, on 9 it is not */
	V1("siren_acheteur_luhn acheteur.id 13000548200018", BUYER("13000548200018"));
	V1("siret_acheteur_fictif acheteur.id 00000000000000", BUYER("00000000000000"));
	/* La Poste: sum of digits 14 + 1 + 5 = 20 */
	V1("", TITULAIRE("SIRET", "35600000000015"));
	V1("siret_titulaire_luhn titulaires[0].id 35600000000016", TITULAIRE("SIRET", "35600000000016"));
	V1("siret_titulaire_siren titulaires[0].id 356000000", TITULAIRE("SIRET", "356000000"));
	V1("siret_titulaire_format titulaires[0].id 3560000", TITULAIRE("SIRET", "3560000"));
	V1("siret_titulaire_fictif titulaires[0].id 12345678901234; siret_titulaire_luhn titulaires[0].id 12345678901234",
	   TITULAIRE("SIRET", "12345678901234"));
	V1("type_identifiant_incoherent titulaires[0].id 35600000000048", TITULAIRE("TVA", "35600000000048"));
	V1("identifiant_titulaire_format titulaires[0].id FR00", TITULAIRE("TVA", "FR00"));
	V1("", TITULAIRE("TVA", "NL805843954B01"));
	V1("", TITULAIRE("TAHITI", "A12345678"));
	V1("identifiant_titulaire_format titulaires[0].id A1234567", TITULAIRE("TAHITI", "A1234567"));
	V1("", TITULAIRE("RIDET", "0123456789"));
	V1("", TITULAIRE("HORS-UE", "USACME"));
	V1("titulaire_acheteur titulaires 13000548100010", TITULAIRE("SIRET", "13000548100010"));
	V1("titulaire_double titulaires 35600000000048", {"titulaires", "[" HOLDER "," HOLDER "]"});
}

static void
test_about(void)
{
	char		longue[1200];

	memset(longue, 'x', sizeof(longue));
	longue[0] = longue[257] = '"';
	longue[258] = '\0';
	V1("", {"objet", longue});
	longue[257] = 'x', longue[258] = '"', longue[259] = '\0';
	V1("objet_longueur objet 257", {"objet", longue});
	V2("", {"objet", longue});
	memset(longue + 1, 'x', sizeof(longue) - 1);
	longue[1002] = '"', longue[1003] = '\0';
	V2("objet_longueur objet 1001", {"objet", longue});
	/* characters, not bytes */
	for (int i = 0; i < 256; i++)
		memcpy(longue + 1 + 2 * i, "é", 2);
	longue[513] = '"', longue[514] = '\0';
	V1("", {"objet", longue});
	V1("objet_abime objet March\xEF\xBF\xBD", {"objet", "\"March\xEF\xBF\xBD\""});
	V1("objet_entites_html objet L&#39;eau", {"objet", "\"L&#39;eau\""});
	V1("objet_entites_html objet Eau&amp;gaz", {"objet", "\"Eau&amp;gaz\""});
	V1("objet_entites_html objet &#xE9;", {"objet", "\"&#xE9;\""});
	V1("", {"objet", "\"Eau & gaz; R&D; &; &#;\""});
	V1("cpv_format codeCPV 4500", {"codeCPV", "\"4500\""});
	V1("cpv_division codeCPV 46000000", {"codeCPV", "\"46000000\""});
	V1("cpv_repare codeCPV 4500000", {"codeCPV", "\"4500000\""});
	V1("", {"codeCPV", "\"45000000-7\""});
	V1("lieu_incoherent lieuExecution.code DEP", {"lieuExecution", "{\"code\":\"DEP\",\"typeCode\":\"Code postal\",\"nom\":\"x\"}"});
	V1("lieu_incoherent lieuExecution.code 35238", {"lieuExecution", "{\"code\":\"35238\",\"typeCode\":\"Code département\",\"nom\":\"x\"}"});
	V1("", {"lieuExecution", "{\"code\":\"2A\",\"typeCode\":\"Code département\",\"nom\":\"x\"}"});
	V1("", {"lieuExecution", "{\"code\":\"974\",\"typeCode\":\"Code département\",\"nom\":\"x\"}"});
	V1("contrat_fictif  ", {"objet", "\"Le marché du siècle\""});
	V1("", {"objet", "\"Le marché du siècle dernier\""});
}

/* ---- dates ---- */

static void
test_dates(void)
{
	V1("publication_avant_notification datePublicationDonnees 2019-02-28", {"datePublicationDonnees", "\"2019-02-28\""});
	V1("", {"datePublicationDonnees", "\"2019-03-01\""});
	/* two months after March 1st is May 1st, 61 days later */
	V1("", {"datePublicationDonnees", "\"2019-05-01\""});
	V1("publication_2_mois datePublicationDonnees 2019-05-02", {"datePublicationDonnees", "\"2019-05-02\""});
	V1("publication_2_mois datePublicationDonnees 2019-05-03; publication_62_jours datePublicationDonnees 2019-05-03",
	   {"datePublicationDonnees", "\"2019-05-03\""});
	/* February is shorter: the end of the month, and then the days */
	V1("publication_2_mois datePublicationDonnees 2019-03-01",
	   {"dateNotification", "\"2018-12-31\""}, {"datePublicationDonnees", "\"2019-03-01\""});
	V1("format_v1_apres_2024 dateNotification 2024-01-01",
	   {"dateNotification", "\"2024-01-01\""}, {"datePublicationDonnees", "\"2024-01-02\""});
	V1("", {"dateNotification", "\"2023-12-31\""}, {"datePublicationDonnees", "\"2024-01-02\""});
	CONCESSION("publication_apres_debut datePublicationDonnees 2019-04-02", {"datePublicationDonnees", "\"2019-04-02\""});
	CONCESSION("debut_avant_signature dateDebutExecution 2019-02-01; publication_apres_debut datePublicationDonnees 2019-03-20",
			   {"dateDebutExecution", "\"2019-02-01\""});
}

/* The calendar's text, against a count of days made in another way */
static void
test_date_text(void)
{
	static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	int			date = 0;

	for (int year = 2000; year < 2100; year++)
		for (int month = 1; month <= 12; month++)
			for (int day = 1; day <= lengths[month - 1] + (month == 2 && year % 4 == 0); day++, date++)
			{
				char		found[DATE_TEXTE + 1];
				char		expected[40];

				date_texte(date, found);
				snprintf(expected, sizeof(expected), "%d-%02d-%02d", year, month, day);
				check_text("date_texte", found, expected);
			}
}

/* ---- amounts ---- */

static void
test_amounts(void)
{
	V1("montant_minimum montant 0; montant_decp_qualite montant 0; montant_duree_100 montant 0; montant_duree_1000 montant 0",
	   {"montant", "0"});
	V1("montant_minimum_schema montant -5; montant_minimum montant -5; montant_decp_qualite montant -5; montant_duree_100 montant -5; "
	   "montant_duree_1000 montant -5", {"montant", "-5"});
	V2("montant_minimum_schema montant 0.99; montant_minimum montant 0.99; montant_decp_qualite montant 0.99; "
	   "montant_duree_100 montant 0.99; montant_duree_1000 montant 0.99", {"montant", "0.99"});
	V1("montant_decp_qualite montant 200; montant_duree_1000 montant 200", {"montant", "200"}, {"dureeMois", "1"});
	V1("montant_decp_qualite montant 1000000000", {"montant", "1000000000"});
	V1("montant_plafond montant 3000000001; montant_decp_qualite montant 3000000001", {"montant", "3000000001"});
	V1("montant_decp_qualite montant 3000000000", {"montant", "3000000000"});
	CONCESSION("montant_decp_qualite valeurGlobale 15000000000", {"valeurGlobale", "15000000000"});
	CONCESSION("montant_plafond valeurGlobale 15000000001; montant_decp_qualite valeurGlobale 15000000001",
			   {"valeurGlobale", "15000000001"});
	V1("montant_sequence montant 123456789", {"montant", "123456789"});
	V1("montant_chiffre_frequent montant 111111121", {"montant", "111111121"});
	V1("montant_chiffre_frequent montant 111111112; montant_chiffre_repete montant 111111112", {"montant", "111111112"});
	V1("montant_chiffre_repete montant 99999999", {"montant", "99999999"});
	V1("", {"montant", "9999999"});
	V1("montant_defaut montant 123456.78", {"montant", "123456.78"});
	CONCESSION("montant_marqueur valeurGlobale 12311111111; montant_decp_qualite valeurGlobale 12311111111; "
			   "montant_chiffre_frequent valeurGlobale 12311111111", {"valeurGlobale", "12311111111"});
	CONCESSION("subvention_negative montantSubventionPublique -1", {"montantSubventionPublique", "-1"});
}

/* decp-qualite's five conditions, at their edges; montant 150000.5 otherwise */
static void
test_amount_and_duration(void)
{
	V1("montant_duree_1000 montant 11999.99", {"montant", "11999.99"});
	V1("", {"montant", "12000"});
	V1("montant_duree_1000 montant 1200", {"montant", "1200"});
	V1("montant_duree_100 montant 1199; montant_duree_1000 montant 1199", {"montant", "1199"});
	V1("", {"montant", "200000"}, {"dureeMois", "120"});
	V1("montant_duree_120 dureeMois 121; montant_duree_1000 montant 100000", {"montant", "100000"}, {"dureeMois", "121"});
	V1("", {"montant", "2000000"}, {"dureeMois", "121"});
	V1("montant_duree_jours dureeMois 365; duree_plafond dureeMois 365", {"montant", "9999999"}, {"dureeMois", "365"});
	V1("duree_plafond dureeMois 365", {"montant", "10000000"}, {"dureeMois", "365"});
	V1("", {"montant", "10000000"}, {"dureeMois", "180"});
	V1("duree_plafond dureeMois 181", {"montant", "10000000"}, {"dureeMois", "181"});
	CONCESSION("duree_plafond dureeMois 361", {"dureeMois", "361"});
	CONCESSION("", {"dureeMois", "360"}, {"valeurGlobale", "400"});
}

/* ---- format v2 ---- */

static void
test_lists(void)
{
	V2("origine_bornes origineUE 1.5; origine_pourcentage origineUE 1.5", {"origineUE", "1.5"}, {"origineFrance", "0.5"});
	V2("origine_bornes origineUE -0.1", {"origineUE", "-0.1"});
	V2("origine_bornes origineUE 101", {"origineUE", "101"});
	V2("origine_france_ue origineFrance 0.7", {"origineUE", "0.3"}, {"origineFrance", "0.7"});
	V2("", {"origineUE", "0.70"}, {"origineFrance", "0.7"});
	V2("avance_contradictoire tauxAvance 0.1", {"tauxAvance", "0.1"});
	V2("avance_bornes tauxAvance 10", {"attributionAvance", "true"}, {"tauxAvance", "10"});
	V2("offres_zero offresRecues 0", {"offresRecues", "0"});
	V2("offres_plafond offresRecues 501", {"offresRecues", "501"});
	V2("", {"offresRecues", "500"});
	V2("considerations_sociales_contradictoires considerationsSociales Pas de considération sociale",
	   {"considerationsSociales", "[\"Clause sociale\",\"Pas de considération sociale\"]"});
	V2("considerations_environnementales_contradictoires considerationsEnvironnementales Pas de considération environnementale",
	   {"considerationsEnvironnementales", "[\"Pas de considération environnementale\",\"Clause environnementale\"]"});
	V2("techniques_contradictoires techniques Sans objet", {"techniques", "[\"Concours\",\"Sans objet\"]"});
	V2("modalites_contradictoires modalitesExecution Sans objet", {"modalitesExecution", "[\"Tranches\",\"Sans objet\"]"});
	V2("accord_cadre_lui_meme idAccordCadre 2024A0001", {"idAccordCadre", "\"2024A0001\""});
}

#define TWO_HOLDERS {"titulaires", "[" HOLDER_V2 ",{\"titulaire\":{\"typeIdentifiant\":\"RIDET\",\"id\":\"0123456789\"}}]"}
#define FRAMEWORK {"techniques", "[\"Accord-cadre\"]"}

static void
test_groups(void)
{
	V2("groupement_contradictoire typeGroupementOperateurs 2", TWO_HOLDERS);
	V2("", TWO_HOLDERS, FRAMEWORK);
	V2("", TWO_HOLDERS, {"typeGroupementOperateurs", "\"Solidaire\""});
	V2("offres_titulaires offresRecues 1", TWO_HOLDERS, FRAMEWORK, {"offresRecues", "1"});
	V2("", TWO_HOLDERS, {"typeGroupementOperateurs", "\"Conjoint\""}, {"offresRecues", "1"});
}

/* ---- modifications and subcontracting ---- */

#define MODIFICATION(n, date, rest) "{\"modification\":{\"id\":" #n ",\"dateNotificationModification\":\"" date \
	"\",\"datePublicationDonneesModification\":\"" date "\"" rest "}}"
#define ACTE(n, montant) "{\"acteSousTraitance\":{\"id\":" #n ",\"sousTraitant\":{\"typeIdentifiant\":\"SIRET\",\"id\":\"35600000000048\"}," \
	"\"dureeMois\":3,\"dateNotification\":\"2024-04-01\",\"datePublicationDonnees\":\"2024-04-02\",\"montant\":" #montant \
	",\"variationPrix\":\"Ferme\"}}"

static void
test_after(void)
{
	V2("modification_montant modifications[0].montant 1", {"modifications", "[" MODIFICATION(1, "2024-05-01", ",\"montant\":1") "]"});
	V2("", {"modifications", "[" MODIFICATION(1, "2024-05-01", ",\"montant\":75000") "]"});
	V2("modification_increment modifications[0].montant 74999.99",
	   {"modifications", "[" MODIFICATION(1, "2024-05-01", ",\"montant\":74999.99") "]"});
	/* the latest by date decides, wherever it stands */
	V2("", {"modifications", "[" MODIFICATION(2, "2024-06-01", ",\"montant\":160000") "," MODIFICATION(1, "2024-05-01", ",\"montant\":5000") "]"});
	V2("modification_increment modifications[0].montant 5000",
	   {"modifications", "[" MODIFICATION(2, "2024-06-01", ",\"montant\":5000") "," MODIFICATION(1, "2024-05-01", ",\"montant\":160000") "]"});
	V2("modification_anterieure modifications[0].dateNotificationModification 2024-02-01",
	   {"modifications", "[" MODIFICATION(1, "2024-02-01", "") "]"});
	V2("modification_publication_2_mois modifications[0].datePublicationDonneesModification 2024-07-02",
	   {"modifications", "[{\"modification\":{\"id\":1,\"dateNotificationModification\":\"2024-05-01\","
	   "\"datePublicationDonneesModification\":\"2024-07-02\"}}]"});
	V2("champ_manquant modifications[0].datePublicationDonneesModification ",
	   {"modifications", "[{\"modification\":{\"id\":1,\"dateNotificationModification\":\"2024-05-01\"}}]"});
	V2("", {"sousTraitanceDeclaree", "true"}, {"actesSousTraitance", "[" ACTE(1, 150000) "]"});
	V2("sous_traitance_montant actesSousTraitance 150001", {"sousTraitanceDeclaree", "true"},
	   {"actesSousTraitance", "[" ACTE(1, 50000) "," ACTE(2, 100001) "]"});
	V2("sous_traitance_contradictoire sousTraitanceDeclaree 1", {"actesSousTraitance", "[" ACTE(1, 5) "]"});
	V2("acte_inconnu modificationsActesSousTraitance[0].id 2", {"sousTraitanceDeclaree", "true"}, {"actesSousTraitance", "[" ACTE(1, 5) "]"},
	   {"modificationsActesSousTraitance", "[{\"modificationActeSousTraitance\":{\"id\":2,"
	   "\"dateNotificationModificationSousTraitance\":\"2024-05-01\",\"datePublicationDonnees\":\"2024-05-02\"}}]"});
}

/* What a hostile record can make is bounded */
static void
test_bounded(void)
{
	static char longue[40000];
	size_t		n = 1;

	longue[0] = '[';
	for (int i = 0; i < 1000; i++)
		n += (size_t) snprintf(longue + n, sizeof(longue) - n, "%s\"valeur %d\"", i ? "," : "", i);
	snprintf(longue + n, sizeof(longue) - n, "]");
	write_record(marche_v2, (const Champ[]) {{"techniques", longue}, {NULL, NULL}});
	within(CONTAINER_MARCHE, "twenty of a rule", record, "anomalies=20", "anomalie=hors_liste techniques valeur 0", END);
}

static void (*const tests[]) (void) = {
	test_clean, test_missing, test_written, test_identity, test_identifiers, test_about, test_dates,
	test_date_text, test_amounts, test_amount_and_duration, test_lists, test_groups, test_after,
	test_bounded, NULL
};

int
main(void)
{
	return run_cases(tests);
}
