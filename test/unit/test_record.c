/*
 * test_record.c
 *	  The shapes of DECP records that were met in real files: versions, keys,
 *	  lists however they are wrapped.
 */
#include "record_case.h"

static void
test_whole(void)
{
	within(CONTAINER_V1, "v1 marché",
		   "{\"id\":\"2010345211200\",\"acheteur\":{\"id\":\"21350238800019\",\"nom\":\"Ville de Rennes\"},"
		   "\"_type\":\"Marché\",\"nature\":\"Accord-cadre\",\"objet\":\"Entretien\",\"codeCPV\":\"77313000-7\","
		   "\"procedure\":\"Procédure adaptée\",\"lieuExecution\":{\"code\":\"35238\","
		   "\"typeCode\":\"Code commune\",\"nom\":\"Rennes\"},\"dureeMois\":24,"
		   "\"dateNotification\":\"2018-11-06+01:00\",\"datePublicationDonnees\":\"2018-11-07\","
		   "\"montant\":127000.50,\"formePrix\":\"Ferme et actualisable\",\"titulaires\":["
		   "{\"typeIdentifiant\":\"SIRET\",\"id\":\"81223113200026\",\"denominationSociale\":\"Garami SARL\"}],"
		   "\"modifications\":[{\"objetModification\":\"Avenant\",\"dureeMois\":30,\"montant\":2e5,"
		   "\"dateNotificationModification\":\"2019-02-28\",\"datePublicationDonneesModification\":\"2019-03-01\"}]}",
		   "type=marche", "format=1", "id=2010345211200", "acheteur_id=21350238800019",
		   "acheteur_nom=Ville de Rennes", "nature=Accord-cadre", "objet=Entretien", "code_cpv=77313000",
		   "procedure=Procédure adaptée", "lieu_code=35238", "lieu_type=Code commune", "lieu_nom=Rennes",
		   "duree_mois=24", "date_notification=2018-11-06", "date_publication=2018-11-07",
		   "montant=127000.50", "forme_prix=Ferme et actualisable", "types_prix=Définitif actualisable",
		   "titulaire=SIRET:81223113200026:Garami SARL", "modifications=1", "m.objet=Avenant",
		   "m.duree_mois=30", "m.montant=200000", "m.date_notification=2019-02-28",
		   "m.date_publication=2019-03-01", "bruts=0", "nchamps=17", "!techniques", "!sociales", END);
	within(CONTAINER_V1, "v1 concession",
		   "{\"id\":\"200103452112\",\"_type\":\"Contrat de concession\",\"autoriteConcedante\":"
		   "{\"id\":\"21350238800019\",\"nom\":\"Millau\"},\"nature\":\"Concession de travaux\","
		   "\"dateSignature\":\"2001-02-21\",\"dateDebutExecution\":\"2001-02-22\",\"valeurGlobale\":\"7789456.56\","
		   "\"montantSubventionPublique\":2987000,\"donneesExecution\":[{\"datePublicationDonneesExecution\":"
		   "\"2002-01-01\",\"depensesInvestissement\":1.5,\"tarifs\":[{\"intituleTarif\":\"péage\",\"tarif\":8}]}],"
		   "\"concessionnaires\":[{\"typeIdentifiant\":\"TVA\",\"id\":\"DE 814.864-138\"}],\"modifications\":["
		   "{\"dateSignatureModification\":\"2003-01-01\",\"valeurGlobale\":3}]}",
		   "type=concession", "format=1", "acheteur_id=21350238800019", "acheteur_nom=Millau",
		   "date_notification=2001-02-21", "date_debut=2001-02-22", "montant=7789456.56",
		   "subvention=2987000", "titulaire=TVA:DE814864138:", "d.date_publication=2002-01-01",
		   "d.depenses=1.5", "d.tarif=péage:8", "m.date_notification=2003-01-01", "m.montant=3", "bruts=0", END);
	within(CONTAINER_MARCHE, "v2 marché",
		   "{\"id\":\"T\",\"acheteur\":{\"id\":\"21750001630066\"},\"nature\":\"Marché\",\"marcheInnovant\":false,"
		   "\"origineUE\":0.30,\"origineFrance\":0.1,\"ccag\":\"Travaux\",\"offresRecues\":4,"
		   "\"formePrix\":\"Forfaitaire\",\"typesPrix\":{\"typePrix\":[\"Définitif ferme\"]},"
		   "\"considerationsEnvironnementales\":{\"considerationEnvironnementale\":[\"Clause environnementale\"]},"
		   "\"attributionAvance\":true,\"considerationsSociales\":{\"considerationSociale\":[\"Clause sociale\","
		   "\"Critère social\",\"Clause sociale\"]},\"techniques\":{\"technique\":[\"Concours\",\"Accord-cadre\"]},"
		   "\"modalitesExecution\":{\"modaliteExecution\":[\"Tranches\"]},\"idAccordCadre\":\"1234567890\","
		   "\"tauxAvance\":0,\"titulaires\":[{\"titulaire\":{\"id\":\"55204599900869\",\"typeIdentifiant\":\"SIRET\"}}],"
		   "\"typeGroupementOperateurs\":\"Pas de groupement\",\"sousTraitanceDeclaree\":true,"
		   "\"actesSousTraitance\":[{\"acteSousTraitance\":{\"id\":1,\"sousTraitant\":{\"id\":\"214356\","
		   "\"typeIdentifiant\":\"SIRET\"},\"dureeMois\":12,\"dateNotification\":\"2023-10-11\",\"montant\":123456.89,"
		   "\"variationPrix\":\"ferme\",\"datePublicationDonnees\":\"2023-10-12\"}}],"
		   "\"modifications\":[{\"modification\":{\"id\":1,\"montant\":1,\"titulaires\":[{\"titulaire\":"
		   "{\"id\":\"86876868757657\",\"typeIdentifiant\":\"SIRET\"}}]}}],"
		   "\"modificationsActesSousTraitance\":[{\"modificationActeSousTraitance\":{\"id\":1,\"dureeMois\":11,"
		   "\"dateNotificationModificationSousTraitance\":\"2022-10-20\",\"montant\":5,\"datePublicationDonnees\":"
		   "\"2022-12-15\"}}],\"dateNotification\":\"2024-05-15\"}",
		   "type=marche", "format=2", "innovant=non", "origine_ue=0.30", "origine_france=0.1", "ccag=Travaux",
		   "offres=4", "forme_prix=Forfaitaire", "types_prix=Définitif ferme",
		   "environnementales=Clause environnementale", "avance=oui", "sociales=Clause sociale + Critère social",
		   "techniques=Concours + Accord-cadre", "modalites=Tranches", "id_accord_cadre=1234567890",
		   "taux_avance=0", "titulaire=SIRET:55204599900869:", "groupement=Pas de groupement",
		   "sous_traitance=oui", "a.id=1", "a.duree_mois=12", "a.montant=123456.89", "a.variation_prix=Ferme",
		   "a.date_notification=2023-10-11", "a.date_publication=2023-10-12", "a.sous_traitant=SIRET:214356:",
		   "m.id=1", "m.montant=1", "m.titulaire=SIRET:86876868757657:", "ma.id=1", "ma.duree_mois=11",
		   "ma.montant=5", "ma.date_notification=2022-10-20", "ma.date_publication=2022-12-15", "bruts=0", END);
	within(CONTAINER_CONCESSION, "v2 concession",
		   "{\"id\":\"C\",\"autoriteConcedante\":{\"id\":\"12345678901250\"},\"dateSignature\":\"2024-04-02\","
		   "\"valeurGlobale\":10.3,\"donneesExecution\":[{\"donneesAnnuelles\":{\"depensesInvestissement\":15.3,"
		   "\"datePublicationDonneesExecution\":\"2024-04-18\",\"tarifs\":[{\"tarif\":{\"intituleTarif\":\"un\","
		   "\"tarif\":14.29}},{\"tarif\":{\"intituleTarif\":\"deux\",\"tarif\":19.29}}]}}],\"concessionnaires\":["
		   "{\"concessionnaire\":{\"typeIdentifiant\":\"SIRET\",\"id\":\"38103128500491\"}}],\"modifications\":["
		   "{\"modification\":{\"id\":1,\"dateSignatureModification\":\"2023-04-19\",\"valeurGlobale\":25.0}}]}",
		   "type=concession", "format=2", "acheteur_id=12345678901250", "montant=10.3",
		   "date_notification=2024-04-02", "titulaire=SIRET:38103128500491:", "d.depenses=15.3",
		   "d.tarif=un:14.29", "d.tarif=deux:19.29", "m.montant=25.0", "m.date_notification=2023-04-19", END);
	marche("draft 2.0.0",
		   "{" ID "\"technique\":[],\"modaliteExecution\":[\"Mixte\"],\"considerationsSociales\":[],"
		   "\"considerationsEnvironnementales\":[\"Clause environnementale\"],\"typesPrix\":[\"Provisoire\"],"
		   "\"ccag\":null}",
		   "format=2", "techniques=Sans objet", "modalites=Bons de commande + Marchés subséquents",
		   "sociales=Pas de considération sociale", "environnementales=Clause environnementale",
		   "types_prix=Provisoire", "!ccag", END);
	marche("an empty list elsewhere says nothing",
		   "{" ID "\"considerationsSociales\":[],\"techniques\":{\"technique\":[]},\"typesPrix\":[]}",
		   "format=2", "!sociales", "!techniques", "!types_prix", END);
	marche("draft 2.0.0, prices", "{" ID "\"technique\":[],\"typePrix\":[]}", "!types_prix", END);
}

static void
test_format_and_type(void)
{
	marche("v1 when nothing of v2 has a value", "{" ID "\"ccag\":null,\"offresRecues\":\"\",\"origineUE\":\"nan\"}",
		   "format=1", END);
	marche("v2 by one field", "{" ID "\"ccag\":\"Travaux\"}", "format=2", END);
	marche("v2 though not communicated", "{" ID "\"offresRecues\":\"NC\"}", "format=2", "!offres", "bruts=0", END);
	within(CONTAINER_MARCHE, "v2 by its container", "{\"id\":\"1\"}", "format=2", "type=marche", END);
	within(CONTAINER_MARCHE, "the container says more than _type",
		   "{" ID "\"_type\":\"Contrat de concession\"}", "type=marche", END);
	marche("typeContrat", "{" ID "\"typeContrat\":\"CONTRAT_DE_CONCESSION\"}", "type=concession", END);
	marche("typeContrat", "{" ID "\"typeContrat\":\"MARCHE_PUBLIC\",\"autoriteConcedante\":{\"id\":\"1\"}}",
		   "type=marche", "!acheteur_id", END);
	marche("unknown _type, by the buyer", "{" ID "\"_type\":\"placeholder\",\"autoriteConcedante\":{\"id\":\"1\"}}",
		   "type=concession", "acheteur_id=1", END);
	marche("by the buyer's flat key", "{" ID "\"autoriteConcedante.id\":\"1\"}", "type=concession", "acheteur_id=1", END);
	marche("by nature", "{" ID "\"nature\":\"DELEGATION DE SERVICE PUBLIC\"}", "type=concession",
		   "nature=Délégation de service public", END);
	marche("by holders", "{" ID "\"concessionnaires\":[{\"id\":\"2\"}]}", "type=concession", "titulaires=1", END);
	marche("consolidated marché with the fields of concessions",
		   "{" ID "\"_type\":\"Marché\",\"montant\":5,\"valeurGlobale\":0.0,\"montantSubventionPublique\":0.0,"
		   "\"autoriteConcedante\":\"\",\"dateDebutExecution\":\"nan\",\"dateSignature\":\"\",\"donneesExecution\":\"\","
		   "\"concessionnaires\":NaN}",
		   "type=marche", "montant=5", "!subvention", "!date_debut", "bruts=0", "titulaires=0", END);
	marche("concession with the names of marchés",
		   "{" ID "\"nature\":\"Concession de service\",\"montant\":5,\"dateNotification\":\"2019-01-02\","
		   "\"titulaires\":[{\"id\":\"2\"}]}",
		   "type=concession", "montant=5", "date_notification=2019-01-02", "titulaires=1", END);
}

static void
test_keys(void)
{
	marche("flat keys with points", "{\"acheteur.id\":\"21500222100012\",\"acheteur.nom\":\"V\",\"lieuExecution.code\":\"50\","
		   "\"lieuExecution.typeCode\":\"CODE DEPARTEMENT\",\"lieuExecution.nom\":\"Manche\"}",
		   "acheteur_id=21500222100012", "acheteur_nom=V", "lieu_code=50", "lieu_type=Code département",
		   "lieu_nom=Manche", END);
	marche("flat keys with underscores", "{\"acheteur_id\":\"21500222100012\",\"lieuExecution_code\":\"75\","
		   "\"titulaire_id\":\"83057773000021\",\"titulaire_typeIdentifiant\":\"SIRET\","
		   "\"titulaire_denominationSociale\":\"R |||\"}",
		   "acheteur_id=21500222100012", "lieu_code=75", "titulaire=SIRET:83057773000021:R", "titulaires=1", END);
	marche("lower-case keys", "{\"codecpv\":\"45000000\",\"datenotification\":\"2020-01-02\",\"lieuexecution_code\":\"33\"}",
		   "code_cpv=45000000", "date_notification=2020-01-02", "lieu_code=33", END);
	marche("numbered holders", "{" ID "\"titulaire_id_1\":\"11111111111111\",\"titulaire_id_2\":\"22222222222222\","
		   "\"titulaires_denominationLegale\":\"Z\"}",
		   "titulaire=SIRET:11111111111111:", "titulaire=SIRET:22222222222222:", "titulaires=3", END);
	marche("blank in a key", "{" ID "\"lieuExecution\":{\"code\":\"59170\",\"typeCode\":\"Code Postal\",\"nom \":\"Croix\"}}",
		   "lieu_nom=Croix", "lieu_type=Code postal", END);
	marche("kind of code in place of the name", "{" ID "\"lieuExecution\":{\"code\":\"1\",\"nom\":\"Code postal\"}}",
		   "lieu_code=1", "!lieu_nom", END);
	marche("structures written as texts",
		   "{" ID "\"modifications\":\"[{\\\"modification\\\": {\\\"id\\\": 1, \\\"montant\\\": 12}}]\","
		   "\"lieuExecution\":\"{\\\"code\\\": \\\"43051\\\"}\",\"technique\":\"{\\\"technique\\\": [\\\"Sans objet\\\"]}\","
		   "\"titulaires\":\"[]\",\"actesSousTraitance\":\"[{'id': 1}\"}",
		   "m.montant=12", "lieu_code=43051", "techniques=Sans objet", "titulaires=0",
		   "brut actesSousTraitance=[{'id': 1}", "bruts=1", END);
	marche("structures as Python prints them",
		   "{" ID "\"titulaires\":\"[{'id': '81223113200026', 'typeIdentifiant': 'SIRET', 'denominationSociale':"
		   " \\\"L'un \\\"}, {'id': '2', 'denominationSociale': 'D\\\\'\\\\xe9 \\\"x\\\"', 'a': None}]\",\"modifications\":"
		   "\"[{'montant': 2.5, 'dureeMois': nan, 'x': [True, False]}]\"}",
		   "titulaire=SIRET:81223113200026:L'un", "titulaire=:2:D'\xC3\xA9 \"x\"", "m.montant=2.5", "bruts=0", END);
	marche("the same field under two names", "{\"montant\":1,\"Montant\":2,\"acheteur\":{\"id\":\"5\"},\"acheteur_id\":\"6\"}",
		   "montant=1", "brut montant (double)=2", "acheteur_id=5", END);
	marche("the first that says something", "{\"montant\":null,\"Montant\":2,\"acheteur\":{\"id\":\"\"},\"acheteur_id\":\"6\"}",
		   "montant=2", "bruts=0", "acheteur_id=6", END);
	marche("equal keys", "{" ID "\"datePublicationDonnees\":\"2019-01-01\",\"montant\":3,"
		   "\"datePublicationDonnees\":\"2020-01-01\", \"montant\" : {\"x\":[1]} , \"objet\":\"o\"}",
		   "date_publication=2019-01-01", "montant=3", "objet=o",
		   "brut datePublicationDonnees (double)=\"2020-01-01\"", "brut montant (double)={\"x\":[1]}", END);
	marche("equal keys, one with escapes", "{\"montant\":1,\"mont\\u0061nt\":2}", "montant=1",
		   "brut montant (double)=2", END);
	marche("equal keys beyond the BMP", "{" ID "\"acheteur\":{\"id\":2,\"\\ud83d\\ude00\":1,\"\xF0\x9F\x98\x80\":2,\"id\":3}}",
		   "acheteur_id=2", "bruts=1", "brut acheteur.id (double)=3", END);
	marche("equal keys deep inside", "{" ID "\"modifications\":[{\"id\":1},{\"montant\":1,\"montant\":2}]}",
		   "m.montant=1", "brut modifications[1].montant (double)=2", END);
	marche("buyer as a text", "{\"acheteur\":\"21500222100012\"}", "acheteur_id=21500222100012", END);
	marche("buyer as a name", "{\"acheteur\":\"Ville de Lyon\"}", "acheteur_nom=Ville de Lyon", "!acheteur_id", END);
	marche("buyer in a list", "{\"acheteur\":[{\"id\":\"21500222100012\"}]}", "acheteur_id=21500222100012", END);
}

static void
test_lists(void)
{
#define H(n) "{\"typeIdentifiant\":\"SIRET\",\"id\":\"" n "\"}"
#define TITULAIRES(name, json, ...) marche("titulaires: " name, "{" ID "\"titulaires\":" json "}", __VA_ARGS__, END)
	TITULAIRES("flat", "[" H("1") "," H("2") "]", "titulaire=SIRET:1:", "titulaire=SIRET:2:", "titulaires=2");
	TITULAIRES("wrapped", "[{\"titulaire\":" H("1") "}]", "titulaire=SIRET:1:", "titulaires=1");
	TITULAIRES("mixed", "[" H("1") ",{\"titulaire\":" H("2") "}]", "titulaires=2", "bruts=0");
	TITULAIRES("nested lists", "[[[[" H("1") "," H("2") "]]],[" H("3") "]]", "titulaires=3", "bruts=0");
	TITULAIRES("keys of an object", "[{\"titulaire\":\"typeIdentifiant\"},{\"titulaire\":\"id\"}]", "titulaires=0", "bruts=0");
	TITULAIRES("object with a list", "{\"titulaire\":[" H("1") "," H("2") "]}", "titulaires=2");
	TITULAIRES("object with an object", "{\"titulaire\":" H("1") "}", "titulaires=1");
	TITULAIRES("list in the wrapper", "[{\"titulaire\":[" H("1") "," H("2") "]}]", "titulaires=2");
	TITULAIRES("lone object", H("1"), "titulaires=1");
	TITULAIRES("empty", "[]", "titulaires=0", "bruts=0");
	TITULAIRES("null inside", "[null]", "titulaires=0", "bruts=0");
	TITULAIRES("empty text", "\"\"", "titulaires=0", "bruts=0");
	TITULAIRES("text", "\"DUPONT\"", "titulaires=0", "brut titulaires=DUPONT");
	TITULAIRES("twice the same", "[" H("1") ",{\"typeIdentifiant\":\"Siret\",\"id\":\" 1 \",\"denominationSociale\":\"D\"}]",
			   "titulaires=1", "titulaire=SIRET:1:D");
	TITULAIRES("missing type, 14 digits", "[{\"id\":\"81809944200019\",\"typeIdentifiant\":\"\",\"denominationSociale\":\"D\"}]",
			   "titulaire=SIRET:81809944200019:D");
	TITULAIRES("missing type, other", "[{\"id\":\"818099442\"}]", "titulaire=:818099442:");
	TITULAIRES("names only", "[{\"denominationSociale\":\"A\"},{\"denominationSociale\":\"B\"},{\"denominationSociale\":\"A\"}]",
			   "titulaires=2", "titulaire=::A");
	TITULAIRES("nothing known", "[{\"id\":\"\",\"typeIdentifiant\":\"SIRET\"},{}]", "titulaires=0");
	TITULAIRES("type of another spelling", "[{\"id\":\"1\",\"typeIdentifiant\":\"TVA_INTRACOMMUNAUTAIRE\"}]", "titulaire=TVA:1:");
	TITULAIRES("unknown type", "[{\"id\":\"1\",\"typeIdentifiant\":\"RNA\"}]", "titulaire=RNA:1:");
#define M(n) "{\"id\":" n ",\"montant\":2}"
#define MODIFS(name, json, ...) marche("modifications: " name, "{" ID "\"modifications\":" json "}", __VA_ARGS__, END)
	MODIFS("empty text", "\"\"", "modifications=0", "bruts=0");
	MODIFS("null", "null", "modifications=0", "bruts=0");
	MODIFS("empty", "[]", "modifications=0");
	MODIFS("object", M("1"), "modifications=1", "m.id=1");
	MODIFS("wrapped object", "{\"modification\":" M("1") "}", "modifications=1");
	MODIFS("wrapped list", "{\"modification\":[" M("1") "," M("2") "]}", "modifications=2", "m.id=2");
	MODIFS("list of wrapped", "[{\"modification\":" M("1") "},{\"modification\":" M("2") "}]", "modifications=2");
	MODIFS("flat list", "[" M("1") "]", "modifications=1");
	MODIFS("wrapped twice", "[{\"modification\":{\"modification\":" M("1") "}}]", "modifications=1", "m.montant=2");
	MODIFS("empty object", "[{}]", "modifications=0");
	MODIFS("number", "7", "modifications=0", "brut modifications=7");
	MODIFS("unreadable", "[" M("1") ",{\"montant\":\"beaucoup\"}]", "modifications=1",
		   "brut modifications[1].montant=beaucoup");
#define TECH(name, json, ...) marche("techniques: " name, "{" ID "\"techniques\":" json "}", __VA_ARGS__, END)
	TECH("text in the wrapper", "{\"technique\":\"Sans objet\"}", "techniques=Sans objet");
	TECH("list", "{\"technique\":[\"Concours\"]}", "techniques=Concours");
	TECH("list of wrappers", "[{\"technique\":[\"Concours\"]}]", "techniques=Concours");
	TECH("bare list", "[\"Concours\"]", "techniques=Concours");
	TECH("null inside", "[null]", "!techniques", "bruts=0");
	TECH("bare text", "\"Concours\"", "techniques=Concours");
	TECH("joined by commas", "\"Concours, Accord-cadre, \"", "techniques=Concours + Accord-cadre");
	TECH("twice", "[\"Concours\",\"CONCOURS\"]", "techniques=Concours");
	TECH("older spelling", "[\"Système d’acquisition dynamique\"]", "techniques=Système d'acquisition dynamique");
	TECH("unknown", "[\"Autre\",\"Concours\"]", "techniques=Autre + Concours", "bruts=0");
	TECH("damaged", "[\"Catalogue \xEF\xBF\xBDlectronique\"]", "techniques=Catalogue électronique");
	TECH("not communicated", "[\"NC\"]", "!techniques", "bruts=0");
	TECH("object of another kind", "[{\"a\":1}]", "!techniques", "brut techniques={\"a\":1}");
	marche("2.0.0 names of modalities", "{" ID "\"modaliteExecution\":[\"Marché à tranches\",\"Bon de commande\",\"Marché subséquent\"]}",
		   "modalites=Tranches + Bons de commande + Marchés subséquents", END);
	marche("reserved concession", "{" ID "\"considerationsSociales\":\"Concession réservée\"}", "sociales=Marché réservé", END);
	marche("contradiction is kept", "{" ID "\"considerationsSociales\":[\"Clause sociale\",\"Pas de considération sociale\"]}",
		   "sociales=Clause sociale + Pas de considération sociale", END);
	marche("deeds of XML and of 2.0.0",
		   "{" ID "\"modificationsActesSousTraitance\":[{\"modificationActesSousTraitance\":{\"id\":\"2\","
		   "\"dateNotificationModificationActeSousTraitance\":\"2024-06-06\","
		   "\"datePublicationDonneesModificationActeSousTraitance\":\"2024-06-07\",\"montantSousTraitance\":9}}],"
		   "\"actesSousTraitance\":{\"acteSousTraitance\":{\"id\":3}}}",
		   "ma.id=2", "ma.date_notification=2024-06-06", "ma.date_publication=2024-06-07", "ma.montant=9", "a.id=3", END);
}

int
main(void)
{
	static void (*const tests[]) (void) = {
		test_whole, test_format_and_type, test_keys, test_lists, NULL
	};

	return run_cases(tests);
}
