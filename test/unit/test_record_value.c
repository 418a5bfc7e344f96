/*
 * test_record_value.c
 *	  The values of a DECP record: labels, amounts, dates, identifiers, texts,
 *	  as real files write them.
 */
#include "record_case.h"

static void
test_labels(void)
{
	marche("nature in capitals", "{\"nature\":\"ACCORD-CADRE\"}", "nature=Accord-cadre", END);
	marche("nature unknown", "{\"nature\":\"Convention\"}", "nature=Convention", "bruts=0", END);
	marche("procedure of 1.4", "{\"procedure\":\"Procédure concurrentielle avec négociation\"}",
		   "procedure=Procédure avec négociation", END);
	marche("procedure in no schema", "{\"procedure\":\"Marché public négocié sans publicité ni mise en concurrence préalable\"}",
		   "procedure=Marché passé sans publicité ni mise en concurrence préalable", END);
	marche("price, v1", "{\"formePrix\":\"Révisable\"}", "forme_prix=Révisable", "types_prix=Définitif révisable", END);
	marche("price, v1 ferme", "{\"formePrix\":\"ferme\"}", "forme_prix=Ferme", "types_prix=Définitif ferme", END);
	marche("price, v2", "{\"formePrix\":\"Mixte\"}", "forme_prix=Mixte", "!types_prix", END);
	marche("price, both", "{\"formePrix\":\"Ferme\",\"typesPrix\":[\"Provisoire\"]}", "forme_prix=Ferme", "types_prix=Provisoire", END);
	marche("price, unknown", "{\"formePrix\":\"Au poids\"}", "forme_prix=Au poids", "!types_prix", END);
	marche("ccag of 2.0.0", "{\"ccag\":\"Maîtrise d’oeuvre\"}", "ccag=Maitrise d'œuvre", END);
}

static void
test_values(void)
{
	static const char *const absent[] = {"\"\"", "\" \"", "\"NC\"", "\"nan\"", "\"NaN\"", "\"None\"", "\"<NA>\"",
	"\"null\"", "\"N/A\"", "\"-\"", "\"MQ\"", "\"MQ nan\"", "\"MQ NC\"", "\"CDL\"", "\"INX None\"", "\"INX nan\"", "null", "NaN", "nan"};
	static const char *const fields[] = {"dureeMois", "montant", "dateNotification", "marcheInnovant", "offresRecues",
	"nature", "codeCPV", "ccag", "origineUE"};
	static const char *const found[] = {"!duree_mois", "!montant", "!date_notification", "!innovant", "!offres",
	"!nature", "!code_cpv", "!ccag", "!origine_ue"};

	for (size_t f = 0; f < sizeof(fields) / sizeof(fields[0]); f++)
		for (size_t a = 0; a < sizeof(absent) / sizeof(absent[0]); a++)
		{
			char		record[200];
			char		name[100];

			snprintf(record, sizeof(record), "{" ID "\"%s\":%s}", fields[f], absent[a]);
			snprintf(name, sizeof(name), "absent: %s %s", fields[f], absent[a]);
			marche(name, record, found[f], "bruts=0", END);
		}
	marche("marked invalid", "{" ID "\"montant\":\"INX 12a\"}", "!montant", "brut montant=12a", END);
	marche("marked in a list", "{" ID "\"considerationsSociales\":\"INX Concession réservée, MQ, INX autre, Clause sociale\"}",
		   "sociales=Marché réservé + Clause sociale", "brut considerationsSociales=autre", "bruts=1", END);
	marche("a name is not a mark", "{\"objet\":\"MQ travaux\",\"acheteur.nom\":\"CDL 3\"}", "objet=MQ travaux",
		   "acheteur_nom=CDL 3", END);
#define MONTANT(json, ...) marche("montant " json, "{" ID "\"montant\":" json "}", __VA_ARGS__, END)
	MONTANT("137614.00", "montant=137614.00");
	MONTANT("1.0e17", "montant=100000000000000000");
	MONTANT("1E-2", "montant=0.01");
	MONTANT("-0.0", "montant=0.0");
	MONTANT("-12", "montant=-12");
	MONTANT("\"7789456.56\"", "montant=7789456.56");
	MONTANT("\"1234,5\"", "montant=1234.5");
	MONTANT("\" 1 234,56 € \"", "montant=1234.56");
	MONTANT("\"1\xC2\xA0" "234\xE2\x80\xAF" "567\"", "montant=1234567");
	MONTANT("\"+5\"", "montant=5");
	MONTANT("\"007\"", "montant=7");
	MONTANT("\"1,234\"", "!montant", "brut montant=1,234");
	MONTANT("\"1.234,56\"", "!montant", "bruts=1");
	MONTANT("\"12 k\"", "!montant", "bruts=1");
	MONTANT("true", "!montant", "brut montant=true");
	MONTANT("123456789012345678901234567890", "montant=123456789012345678901234567890");
	MONTANT("99999999999999999999", "montant=99999999999999999999");
	MONTANT("-99999999999999999999", "montant=-99999999999999999999");
	MONTANT("1234567890123456789012345678901", "!montant", "brut montant=1234567890123456789012345678901");
	MONTANT("1e400", "!montant", "brut montant=1e400");
	MONTANT("1e29", "montant=100000000000000000000000000000");
	MONTANT("1e30", "!montant", "brut montant=1e30");
	MONTANT("0e5", "montant=0");
	MONTANT("1e-31", "!montant", "brut montant=1e-31");
	MONTANT("1e99999999999", "!montant", "bruts=1");
	MONTANT("\"1e\"", "!montant", "bruts=1");
	MONTANT("\"0,125\"", "montant=0.125");
	MONTANT("\"123456789 123456789 123456789 123456789 123456789 123456789 123456789\"", "!montant", "bruts=1");
	MONTANT("Infinity", "!montant", "brut montant=Infinity");
	MONTANT("-Infinity", "!montant", "brut montant=-Infinity");
	MONTANT("0.1000000000000000055511151231257827", "!montant", "bruts=1");
#define DUREE(json, ...) marche("dureeMois " json, "{" ID "\"dureeMois\":" json "}", __VA_ARGS__, END)
	DUREE("1.5", "duree_mois=2");
	DUREE("12.0", "duree_mois=12");
	DUREE("\"36\"", "duree_mois=36");
	DUREE("0", "duree_mois=0");
	DUREE("-1", "!duree_mois", "brut dureeMois=-1");
	DUREE("3e9", "!duree_mois", "brut dureeMois=3e9");
	DUREE("[12]", "!duree_mois", "brut dureeMois=[12]");
	marche("offers", "{\"offresRecues\":\"3.0\"}", "offres=3", END);
	marche("offers", "{" ID "\"offresRecues\":3.5}", "!offres", "brut offresRecues=3.5", END);
#define INNOVANT(json, ...) marche("marcheInnovant " json, "{" ID "\"marcheInnovant\":" json "}", __VA_ARGS__, END)
	INNOVANT("true", "innovant=oui");
	INNOVANT("\"True\"", "innovant=oui");
	INNOVANT("\"1\"", "innovant=oui");
	INNOVANT("1", "innovant=oui");
	INNOVANT("\"OUI\"", "innovant=oui");
	INNOVANT("false", "innovant=non");
	INNOVANT("\"non\"", "innovant=non");
	INNOVANT("0", "innovant=non");
	INNOVANT("\"2\"", "!innovant", "brut marcheInnovant=2");
	marche("alias", "{\"marchesInnovant\":true}", "innovant=oui", END);
#define DATE(json, ...) marche("dateNotification " json, "{" ID "\"dateNotification\":" json "}", __VA_ARGS__, END)
	DATE("\"2018-11-06+01:00\"", "date_notification=2018-11-06");
	DATE("\"2018-11-06-04:00\"", "date_notification=2018-11-06");
	DATE("\"2018-11-06Z\"", "date_notification=2018-11-06");
	DATE("\"2021-12-31T23:59:59\"", "date_notification=2021-12-31");
	DATE("\"2019-3-7\"", "date_notification=2019-03-07");
	DATE("\"07/03/2019\"", "date_notification=2019-03-07");
	DATE("\"7.3.2019\"", "date_notification=2019-03-07");
	DATE("\"September, 16 2021 00:00:00\"", "date_notification=2021-09-16");
	DATE("\"2000-02-29\"", "date_notification=2000-02-29");
	DATE("\"2099-12-31\"", "date_notification=2099-12-31");
	DATE("\"2019-02-29\"", "!date_notification", "brut dateNotification=2019-02-29");
	DATE("\"2019-13-01\"", "!date_notification", "bruts=1");
	DATE("\"2019-00-10\"", "!date_notification", "bruts=1");
	DATE("\"2019-04-31\"", "!date_notification", "bruts=1");
	DATE("\"0218-11-06\"", "!date_notification", "brut dateNotification=0218-11-06");
	DATE("\"5021-01-01\"", "!date_notification", "bruts=1");
	DATE("\"1999-12-31\"", "!date_notification", "bruts=1");
	DATE("\"2100-01-01\"", "!date_notification", "bruts=1");
	DATE("\"2019-01-011\"", "!date_notification", "bruts=1");
	DATE("\"2019-01/01\"", "!date_notification", "bruts=1");
	DATE("\"hier\"", "!date_notification", "brut dateNotification=hier");
	DATE("1546300800000", "!date_notification", "bruts=1");
#define ACHETEUR(json, ...) marche("acheteur.id " json, "{" ID "\"acheteur\":{\"id\":" json "}}", __VA_ARGS__, END)
	ACHETEUR("\"802 684\\t969 000 16\"", "acheteur_id=80268496900016");
	ACHETEUR("\"802.684.969-00016\"", "acheteur_id=80268496900016");
	ACHETEUR("\"802\xC2\xA0" "684969\xE2\x80\xAF" "00016\"", "acheteur_id=80268496900016");
	ACHETEUR("80268496900016", "acheteur_id=80268496900016");
	ACHETEUR("80268496900016.0", "acheteur_id=80268496900016");
	/* 05650171100115 satisfies Luhn, 02650171100115 does not */
	ACHETEUR("5650171100115", "acheteur_id=05650171100115");
	ACHETEUR("2650171100115", "acheteur_id=2650171100115");
	ACHETEUR("\"5650171100115\"", "acheteur_id=5650171100115");
	ACHETEUR("1234567890123456789012", "acheteur_id=1234567890123456789012");
	ACHETEUR("\".\"", "!acheteur_id");
	ACHETEUR("\"21440999700019.0\"", "acheteur_id=21440999700019");
	ACHETEUR("\" 214409997.0 \"", "acheteur_id=214409997");
	ACHETEUR("\"214 409 997 00019.0\"", "acheteur_id=21440999700019");
	ACHETEUR("\"2144099970001.0\"", "acheteur_id=21440999700010");
	ACHETEUR("\"fr66562096297\"", "acheteur_id=FR66562096297");
	ACHETEUR("\"FR.66 562.096.29.0\"", "acheteur_id=FR66562096290");
	marche("holders that pandas wrote", "{\"titulaires\":[{\"id\":\"21440999700019.0\"},{\"id\":\"21440999700019\"}],"
		   "\"actesSousTraitance\":[{\"id\":1,\"sousTraitant\":{\"id\":\"562096297.0\"}}]}",
		   "titulaires=1", "titulaire=SIRET:21440999700019:", "a.sous_traitant=:562096297:", END);
	marche("holders in small letters", "{\"titulaires\":[{\"typeIdentifiant\":\"TVA\",\"id\":\"fr66562096297\"},"
		   "{\"typeIdentifiant\":\"tva\",\"id\":\"FR 66 562096297\"}]}",
		   "titulaires=1", "titulaire=TVA:FR66562096297:", END);
	marche("id as a number", "{\"id\":20190012}", "id=20190012", END);
	marche("id with blanks inside", "{\"id\":\" 2019/ 01,A \"}", "id=2019/ 01,A", END);
	marche("CPV without check digit", "{\"codeCPV\":\"45000000 - 7\"}", "code_cpv=45000000", END);
	/* divisions 03 and 09 are the only ones that begin with 0; 93, 04 and 99 are none */
	marche("CPV of 7 digits", "{\"codeCPV\":9310000}", "code_cpv=09310000", "brut codeCPV=9310000", END);
	marche("CPV of 7 digits as a text", "{\"codeCPV\":\"9310000\"}", "code_cpv=09310000", END);
	marche("CPV of 7 digits, zero at the end", "{\"codeCPV\":4521000}", "code_cpv=45210000",
		   "brut codeCPV=4521000", END);
	marche("CPV of 7 digits, either: a number", "{\"codeCPV\":3111000}", "code_cpv=03111000", END);
	marche("CPV of 7 digits, either: a text", "{\"codeCPV\":\"3111000\"}", "code_cpv=03111000", END);
	marche("CPV of 7 digits, 99 is none", "{\"codeCPV\":\"9900000\"}", "code_cpv=09900000", END);
	marche("CPV of 7 digits of no division", "{\"codeCPV\":\"1000000\"}", "code_cpv=1000000", "bruts=0", END);
	marche("CPV as a fraction", "{\"codeCPV\":45000000.0}", "code_cpv=45000000", "bruts=0", END);
	marche("CPV as the text of one", "{\"codeCPV\":\"45000000.0\"}", "code_cpv=45000000", END);
	marche("CPV of another form", "{\"codeCPV\":\"45000000-7 travaux\"}", "code_cpv=45000000-7 travaux", END);
	marche("broken characters", "{\"objet\":\"r\xEF\xBF\xBDparation\"}", "objet=r\xEF\xBF\xBDparation", END);
	marche("lone surrogate", "{\"objet\":\"a\\ud800b\"}", "objet=a\xEF\xBF\xBD" "b", END);
	marche("escapes", "{\"objet\":\"a\\n\\u00e9\\ud83d\\ude00\\/\"}", "objet=a\n\xC3\xA9\xF0\x9F\x98\x80/", END);
	marche("raw controls in a string", "{\"objet\":\"a\tb\x01" "c\x7F\"}", "objet=a\tbc", END);
	marche("bad escapes", "{\"objet\":\"a\\ b\\q\\u12\\\\\"}", "objet=a\\ b\\q\\u12\\", END);
	marche("nothing but controls", "{" ID "\"objet\":\"\\u0001\"}", "!objet", END);
}

int
main(void)
{
	static void (*const tests[]) (void) = {
		test_labels, test_values, NULL
	};

	return run_cases(tests);
}
