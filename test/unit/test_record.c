/*
 * test_record.c
 *	  One record at a time, without a server: every variant of DECP JSON that
 *	  was met in real files, and hostile ones.
 *
 * A case is a record and what must be found in the contract: "name=value"
 * lines that must be there, "!name" that must not.
 */
#include <stdarg.h>

#include "core/decimal.h"
#include "core/json_check.h"
#include "core/memory.h"
#include "core/record.h"
#include "core/record_date.h"
#include "core/utf8.h"
#include "core_test.h"

static Arena arena;
static CoreMemory memory;
static RecordReader *reader;

/* ---- a contract as lines ---- */

static char lines[1 << 20];
static size_t lines_len;

static void
line(const char *name, const char *format,...)
{
	va_list		args;

	lines_len += (size_t) snprintf(lines + lines_len, sizeof(lines) - lines_len, "%s=", name);
	va_start(args, format);
	lines_len += (size_t) vsnprintf(lines + lines_len, sizeof(lines) - lines_len, format, args);
	va_end(args);
	lines_len += (size_t) snprintf(lines + lines_len, sizeof(lines) - lines_len, "\n");
}

static void
line_slice(const char *name, Slice s)
{
	if (s.data != NULL)
		line(name, "%.*s", (int) s.len, s.data);
}

static void
line_int(const char *name, int value)
{
	if (value != INT_NONE)
		line(name, "%d", value);
}

/* Back to a calendar, in another way than the one under test */
static void
line_date(const char *name, int32_t date)
{
	int			year = 2000;
	int			month = 0;
	static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	if (date == DATE_NONE)
		return;
	while (date >= (year % 4 ? 365 : 366))
		date -= (year++ % 4 ? 365 : 366);
	while (date >= lengths[month] + (month == 1 && year % 4 == 0))
	{
		date -= lengths[month] + (month == 1 && year % 4 == 0);
		month++;
	}
	line(name, "%04d-%02d-%02d", year, month + 1, date + 1);
}

static void
line_trilean(const char *name, Trilean value)
{
	if (value != TRI_UNKNOWN)
		line(name, value == TRI_YES ? "oui" : "non");
}

static void
line_list(const char *name, const SliceList *list)
{
	char		text[2000] = "";
	size_t		n = 0;

	if (!list->present)
		return;
	for (int i = 0; i < list->count && i < 20; i++)
		n += (size_t) snprintf(text + n, sizeof(text) - n, "%s%.*s", i ? " + " : "",
							   (int) (list->items[i].len < 80 ? list->items[i].len : 80),
							   list->items[i].data);
	line(name, "%s", text);
}

static const char *
holder_text(const DecpTitulaire *t)
{
	static char text[4][500];
	static int	turn;
	char	   *out = text[turn++ & 3];

	snprintf(out, 500, "%.*s:%.*s:%.*s", (int) t->type_identifiant.len,
			 t->type_identifiant.data ? t->type_identifiant.data : "",
			 (int) t->identifiant.len, t->identifiant.data ? t->identifiant.data : "",
			 (int) t->denomination_sociale.len,
			 t->denomination_sociale.data ? t->denomination_sociale.data : "");
	return out;
}

static void
line_holders(const char *name, const DecpTitulaire *titulaires, int n)
{
	for (int i = 0; i < n && i < 20; i++)
		line(name, "%s", holder_text(&titulaires[i]));
}

static void
describe_lists(const DecpContrat *c)
{
	line_holders("titulaire", c->titulaires, c->ntitulaires);
	line("titulaires", "%d", c->ntitulaires);
	line("modifications", "%d", c->nmodifications);
	for (int i = 0; i < c->nmodifications && i < 20; i++)
	{
		const DecpModification *m = &c->modifications[i];

		line_slice("m.id", m->id);
		line_slice("m.objet", m->objet);
		line_int("m.duree_mois", m->duree_mois);
		line_slice("m.montant", m->montant);
		line_date("m.date_notification", m->date_notification);
		line_date("m.date_publication", m->date_publication_donnees);
		line_holders("m.titulaire", m->titulaires, m->ntitulaires);
	}
	line("actes", "%d", c->nactes);
	for (int i = 0; i < c->nactes && i < 20; i++)
	{
		const DecpActe *a = &c->actes[i];

		line_slice("a.id", a->id);
		line_int("a.duree_mois", a->duree_mois);
		line_slice("a.montant", a->montant);
		line_slice("a.variation_prix", a->variation_prix);
		line_date("a.date_notification", a->date_notification);
		line_date("a.date_publication", a->date_publication_donnees);
		line("a.sous_traitant", "%s", holder_text(&a->sous_traitant));
	}
	line("modifications_actes", "%d", c->nmodifications_actes);
	for (int i = 0; i < c->nmodifications_actes && i < 20; i++)
	{
		const DecpModificationActe *m = &c->modifications_actes[i];

		line_slice("ma.id", m->id);
		line_int("ma.duree_mois", m->duree_mois);
		line_slice("ma.montant", m->montant);
		line_date("ma.date_notification", m->date_notification);
		line_date("ma.date_publication", m->date_publication_donnees);
	}
	for (int i = 0; i < c->ndonnees_execution && i < 20; i++)
	{
		const DecpDonneeExecution *d = &c->donnees_execution[i];

		line_date("d.date_publication", d->date_publication_donnees);
		line_slice("d.depenses", d->depenses_investissement);
		for (int j = 0; j < d->ntarifs && j < 20; j++)
			line("d.tarif", "%.*s:%.*s", (int) d->tarifs[j].intitule.len,
				 d->tarifs[j].intitule.data ? d->tarifs[j].intitule.data : "",
				 (int) d->tarifs[j].tarif.len, d->tarifs[j].tarif.data ? d->tarifs[j].tarif.data : "");
	}
	for (int i = 0; i < c->nbruts; i++)
	{
		char		name[300];

		snprintf(name, sizeof(name), "brut %.*s", (int) c->bruts[i].chemin.len, c->bruts[i].chemin.data);
		line_slice(name, c->bruts[i].texte);
	}
}

static void
describe(const DecpContrat *c)
{
	lines_len = (size_t) snprintf(lines, sizeof(lines), "\n");
	line("type", c->concession ? "concession" : "marche");
	line("format", "%d", c->format_decp);
	line_slice("id", c->id);
	line_slice("uid", c->uid);
	line_slice("source", c->source);
	line_slice("acheteur_id", c->acheteur_id);
	line_slice("acheteur_nom", c->acheteur_nom);
	line_slice("nature", c->nature);
	line_slice("objet", c->objet);
	line_slice("code_cpv", c->code_cpv);
	line_slice("procedure", c->procedure);
	line_slice("lieu_code", c->lieu_execution_code);
	line_slice("lieu_type", c->lieu_execution_type_code);
	line_slice("lieu_nom", c->lieu_execution_nom);
	line_int("duree_mois", c->duree_mois);
	line_date("date_notification", c->date_notification);
	line_date("date_publication", c->date_publication_donnees);
	line_date("date_debut", c->date_debut_execution);
	line_slice("montant", c->montant);
	line_slice("subvention", c->montant_subvention_publique);
	line_slice("forme_prix", c->forme_prix);
	line_list("types_prix", &c->types_prix);
	line_list("techniques", &c->techniques);
	line_list("modalites", &c->modalites_execution);
	line_slice("id_accord_cadre", c->id_accord_cadre);
	line_trilean("innovant", c->marche_innovant);
	line_slice("ccag", c->ccag);
	line_int("offres", c->offres_recues);
	line_trilean("avance", c->attribution_avance);
	line_slice("taux_avance", c->taux_avance);
	line_slice("groupement", c->type_groupement_operateurs);
	line_trilean("sous_traitance", c->sous_traitance_declaree);
	line_slice("origine_ue", c->origine_ue);
	line_slice("origine_france", c->origine_france);
	line_list("sociales", &c->considerations_sociales);
	line_list("environnementales", &c->considerations_environnementales);
	describe_lists(c);
	line("bruts", "%d", c->nbruts);
	line("nchamps", "%d", c->nchamps);
}

/* ---- cases ---- */

static void
case_in(FramerContainer container, const char *name, const char *record, size_t len, va_list expected)
{
	DecpContrat c;
	RecordError error;
	const char *want;
	char	   *copy = malloc(len + 1);

	/* memory of exactly that size, so that a step beyond it is seen */
	memcpy(copy, record, len);
	copy = realloc(copy, len ? len : 1);
	if (!record_read(reader, &memory, copy, len, container, &c, &error))
	{
		snprintf(lines, sizeof(lines), "\nerror=%s %zu\ndetail=%s\n", error.motif, error.octet,
				 error.detail);
		lines_len = strlen(lines);
	}
	else
		describe(&c);
	while ((want = va_arg(expected, const char *)) != NULL)
	{
		char		pattern[1200];
		bool		absent = (want[0] == '!');

		snprintf(pattern, sizeof(pattern), absent ? "\n%s=" : "\n%s\n", want + absent);
		if ((strstr(lines, pattern) == NULL) == absent)
			core_passed++;
		else
		{
			core_failed++;
			printf("not ok: %s: %s\n in%s\n", name, want, lines);
		}
	}
	free(copy);
	arena_reset(&arena);
}

static void
marche(const char *name, const char *record,...)
{
	va_list		expected;

	va_start(expected, record);
	case_in(CONTAINER_UNKNOWN, name, record, strlen(record), expected);
	va_end(expected);
}

static void
within(FramerContainer container, const char *name, const char *record,...)
{
	va_list		expected;

	va_start(expected, record);
	case_in(container, name, record, strlen(record), expected);
	va_end(expected);
}

static void
bytes(const char *name, const char *record, size_t len,...)
{
	va_list		expected;

	va_start(expected, len);
	case_in(CONTAINER_UNKNOWN, name, record, len, expected);
	va_end(expected);
}

#define END ((const char *) NULL)
#define ID "\"id\":\"1\","

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
		   "m.date_publication=2019-03-01", "bruts=0", "nchamps=18", "!techniques", "!sociales", END);
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
	marche("id as a number", "{\"id\":20190012}", "id=20190012", END);
	marche("id with blanks inside", "{\"id\":\" 2019/ 01,A \"}", "id=2019/ 01,A", END);
	marche("CPV without check digit", "{\"codeCPV\":\"45000000 - 7\"}", "code_cpv=45000000", END);
	marche("CPV of 7 digits", "{\"codeCPV\":9310000}", "code_cpv=9310000", END);
	marche("CPV of another form", "{\"codeCPV\":\"45000000-7 travaux\"}", "code_cpv=45000000-7 travaux", END);
	marche("broken characters", "{\"objet\":\"r\xEF\xBF\xBDparation\"}", "objet=r\xEF\xBF\xBDparation", END);
	marche("lone surrogate", "{\"objet\":\"a\\ud800b\"}", "objet=a\xEF\xBF\xBD" "b", END);
	marche("escapes", "{\"objet\":\"a\\n\\u00e9\\ud83d\\ude00\\/\"}", "objet=a\n\xC3\xA9\xF0\x9F\x98\x80/", END);
	marche("raw controls in a string", "{\"objet\":\"a\tb\x01" "c\x7F\"}", "objet=a\tbc", END);
	marche("bad escapes", "{\"objet\":\"a\\ b\\q\\u12\\\\\"}", "objet=a\\ b\\q\\u12\\", END);
	marche("nothing but controls", "{" ID "\"objet\":\"\\u0001\"}", "!objet", END);
}

static void
test_errors(void)
{
	static char deep[30000];

	marche("no field", "{}", "error=pas_un_contrat 0", END);
	marche("no known field", "{\"a\":1,\"b\":{\"montant\":3}}", "error=pas_un_contrat 0", END);
	marche("no field with a value", "{\"id\":null,\"montant\":\"NC\"}", "error=pas_un_contrat 0", END);
	marche("array", "[{\"id\":1}]", "error=pas_un_objet 0", END);
	marche("number", "12", "error=pas_un_objet 0", END);
	marche("null", "null", "error=pas_un_objet 0", END);
	marche("text", "\"a\"", "error=pas_un_objet 0", END);
	marche("nothing", "", "error=json 0", END);
	marche("an object that ends in its key", "{\"id", "error=json 4", END);
	marche("an object that ends behind its key", "{\"id\"", "error=json 5", END);
	marche("unescaped quote", "{\"objet\":\"a \"b\" c\"}", "error=json 13",
		   "detail=A comma or a closing brace was expected.", END);
	marche("cut", "{\"id\":\"a", "error=json 8", "detail=Unterminated string.", END);
	marche("cut", "{\"id\":1", "error=json 7", END);
	marche("trailing", "{\"id\":1} x", "error=json 9", "detail=Text after the value.", END);
	marche("trailing comma", "{\"id\":1,}", "error=json 8", END);
	marche("decimal comma", "{\"montant\":1,5}", "error=json 13", END);
	marche("single quotes", "{'id':1}", "error=json 1", END);
	marche("comment", "{/**/\"id\":1}", "error=json 1", END);
	marche("leading zero", "{\"id\":01}", "error=json 6", END);
	marche("number that ends with a point", "{\"id\":1.}", "error=json 6", END);
	marche("capitals", "{\"id\":TRUE}", "error=json 6", END);
	marche("escaped NUL in a value", "{\"id\":\"a\\u0000b\"}", "error=nul 8", END);
	marche("escaped NUL in a key", "{\"montant\\u0000x\":1}", "error=nul 9", END);
	marche("an escaped backslash is no NUL", "{\"id\":\"a\\\\u0000b\"}", "id=a\\u0000b", END);
	bytes("NUL in a string", "{\"id\":\"a\0b\"}", 12, "error=nul 8", END);
	bytes("NUL between values", "{\"id\":1,\0\"b\":2}", 15, "error=json 8", END);
	bytes("NUL at the end", "{\"id\":1}\0", 9, "error=json 8", END);
	bytes("lone tail byte", "{\"id\":\"a\x80\"}", 11, "error=utf8 8", END);
	bytes("latin-1", "{\"id\":\"march\xE9 \"}", 16, "error=utf8 12", END);
	bytes("overlong, 2 bytes", "{\"id\":\"\xC0\x80\"}", 11, "error=utf8 7", END);
	bytes("overlong, 3 bytes", "{\"id\":\"\xE0\x80\x80\"}", 12, "error=utf8 7", END);
	bytes("overlong, 4 bytes", "{\"id\":\"\xF0\x80\x80\x80\"}", 13, "error=utf8 7", END);
	bytes("surrogate", "{\"id\":\"\xED\xA0\x80\"}", 12, "error=utf8 7", END);
	bytes("above U+10FFFF", "{\"id\":\"\xF4\x90\x80\x80\"}", 13, "error=utf8 7", END);
	bytes("lead F5", "{\"id\":\"\xF5\x80\x80\x80\"}", 13, "error=utf8 7", END);
	bytes("FF", "{\"id\":\"\xFF\"}", 10, "error=utf8 7", END);
	bytes("cut character", "{\"id\":\"\xC3\"}", 10, "error=utf8 7", END);
	bytes("invalid in a key", "{\"\xC3\":1,\"id\":1}", 15, "error=utf8 2", END);

	strcpy(deep, "{\"id\":");
	memset(deep + 6, '[', 10000);
	memset(deep + 10006, ']', 10000);
	strcpy(deep + 20006, "}");
	marche("nested 10 000 times", deep, "error=profondeur 69", END);
	memset(deep + 6, '[', RECORD_DEPTH_MAX - 1);
	memset(deep + 6 + RECORD_DEPTH_MAX - 1, ']', RECORD_DEPTH_MAX - 1);
	strcpy(deep + 6 + 2 * (RECORD_DEPTH_MAX - 1), ",\"montant\":1}");
	marche("nested as deep as allowed", deep, "montant=1", "!id", "bruts=1", END);
	strcpy(deep, "{\"titulaires\":");
	memset(deep + 14, '[', 62);
	strcpy(deep + 76, "{\"id\":\"7\"}");
	memset(deep + 86, ']', 62);
	strcpy(deep + 148, "}");
	marche("a holder 62 lists deep", deep, "titulaire=:7:", END);
}

/* Any JSON type in the place of any value: read or set aside, never a crash */
static void
test_wrong_types(void)
{
	static const char *const fields[] = {
		"_type", "typeContrat", "id", "uid", "source", "acheteur", "acheteur.id", "acheteur.nom",
		"autoriteConcedante", "autoriteConcedante.id", "autoriteConcedante.nom", "nature", "objet", "codeCPV",
		"procedure", "lieuExecution", "lieuExecution.code", "lieuExecution.typeCode", "lieuExecution.nom",
		"dureeMois", "dateNotification", "dateSignature", "datePublicationDonnees", "dateDebutExecution",
		"montant", "valeurGlobale", "montantSubventionPublique", "formePrix", "typesPrix", "techniques",
		"modalitesExecution", "idAccordCadre", "marcheInnovant", "ccag", "offresRecues", "attributionAvance",
		"tauxAvance", "typeGroupementOperateurs", "sousTraitanceDeclaree", "origineUE", "origineFrance",
		"considerationsSociales", "considerationsEnvironnementales", "titulaires", "concessionnaires",
		"modifications", "actesSousTraitance", "modificationsActesSousTraitance", "donneesExecution",
		"titulaire_id", "titulaire_typeIdentifiant", "titulaire_denominationSociale"
	};
	static const char *const inner[] = {
		"id", "nom", "code", "typeCode", "typeIdentifiant", "denominationSociale", "titulaires", "montant",
		"dureeMois", "dateNotification", "datePublicationDonnees", "objetModification", "sousTraitant",
		"variationPrix", "depensesInvestissement", "tarifs", "tarif", "intituleTarif"
	};
	static const char *const values[] = {
		"null", "0", "-1.5", "1e400", "99999999999999999999999", "\"\"", "\"texte\"", "true", "false", "[]", "{}",
		"[[]]", "[null]", "[1,\"a\",true,null,[],{}]", "{\"a\":1}", "{\"id\":[]}", "[{\"id\":{}}]", "NaN", "\"[\"", "\"{}\"",
		"\"[[[1]]]\"", "\"\\u0001\""
	};
	size_t		nvalues = sizeof(values) / sizeof(values[0]);
	char		record[400];
	char		name[300];

	for (int c = CONTAINER_UNKNOWN; c <= CONTAINER_CONCESSION; c++)
		for (size_t f = 0; f < sizeof(fields) / sizeof(fields[0]); f++)
			for (size_t v = 0; v < nvalues; v++)
			{
				snprintf(record, sizeof(record), "{\"uid \":1,\"%s\":%s,\"objet \":\"o\"}", fields[f], values[v]);
				snprintf(name, sizeof(name), "%s: %s", fields[f], values[v]);
				within((FramerContainer) c, name, record, strcmp(fields[f], "objet") ? "objet=o" : "!error", END);
				for (size_t i = 0; f > 0 && i < sizeof(inner) / sizeof(inner[0]) && c > CONTAINER_V1; i++)
				{
					snprintf(record, sizeof(record), "{\"objet \":\"o\",\"uid \":1,\"%s\":[{\"%s\":%s}]}", fields[f],
							 inner[i], values[v]);
					snprintf(name, sizeof(name), "%s.%s: %s", fields[f], inner[i], values[v]);
					within((FramerContainer) c, name, record, "!error", END);
				}
			}
}

static void
test_bounds(void)
{
	size_t		size = 4 * 1024 * 1024;
	char	   *big = malloc(size);
	char	   *p = big;

	p += sprintf(p, "{\"id\":1,\"modifications\":[");
	for (int i = 0; i < 200; i++)
		p += sprintf(p, "%s{\"montant\":\"x%d\"}", i ? "," : "", i);
	p += sprintf(p, "],\"montant\":2}");
	marche("no more than 50 bruts", big, "bruts=50", "montant=2", END);

	p = big + sprintf(big, "{\"id\":1,\"montant\":\"");
	for (int i = 0; i < 1000; i++)
		p += sprintf(p, "é");
	sprintf(p, "\"}");
	bytes("no more than 500 bytes of one", big, strlen(big), "!montant", "bruts=1", END);
	{
		DecpContrat c;
		RecordError error;

		record_read(reader, &memory, big, strlen(big), CONTAINER_V1, &c, &error);
		check("brut", c.bruts[0].texte.len == 500, "500 bytes, no half character");
		arena_reset(&arena);
	}

	p = big + sprintf(big, "{\"id\":1,\"titulaires\":[");
	for (int i = 0; i < 1001; i++)
		p += sprintf(p, "%s{\"id\":\"%d\"}", i ? "," : "", i);
	sprintf(p, "]}");
	marche("1001 holders", big, "error=trop_de_titulaires 0", "detail=A list has too many elements.", END);

	p = big + sprintf(big, "{\"id\":1,\"titulaires\":[");
	for (int i = 0; i < 40000; i++)
		p += sprintf(p, "%s{\"id\":\"%d\"}", i ? "," : "", i % 1000);
	sprintf(p, "]}");
	marche("1000 holders, each 40 times", big, "titulaires=1000", END);

	/* json-c would make gigabytes of these */
	p = big + sprintf(big, "{\"id\":1,\"modifications\":[{}");
	for (int i = 0; i < 50000; i++)
		p += sprintf(p, ",{}");
	sprintf(p, "]}");
	marche("50 000 empty objects", big, "error=trop_de_valeurs 0", END);
	p = big + sprintf(big, "{\"id\":1,\"objet\":[0");
	for (int i = 0; i < 400000; i++)
		p += sprintf(p, ",0");
	sprintf(p, "]}");
	marche("400 000 numbers", big, "error=trop_de_valeurs 0", END);

	p = big + sprintf(big, "{\"id\":1,\"techniques\":[");
	for (int i = 0; i < 100000; i++)
		p += sprintf(p, "%s\"t%d\"", i ? "," : "", i);
	sprintf(p, "]}");
	marche("100 000 techniques", big, "id=1", "brut techniques=t200", "bruts=1", END);

	p = big + sprintf(big, "{\"id\":1");
	for (int i = 0; i < 2000; i++)
		p += sprintf(p, ",\"k%d\":%d", i, i);
	sprintf(p, "}");
	marche("2000 keys", big, "error=trop_de_cles 0", END);

	p = big + sprintf(big, "{\"id\":1,\"objet\":\"");
	memset(p, 'x', 3000000);
	strcpy(p + 3000000, "\"}");
	{
		DecpContrat c;
		RecordError error;

		check("3 MB of objet", record_read(reader, &memory, big, strlen(big), CONTAINER_V1, &c, &error) &&
			  c.objet.len == 3000000, "all of it");
		arena_reset(&arena);
	}
	free(big);
	big = calloc(1, FRAMER_RECORD_MAX + 2);
	memset(big, ' ', FRAMER_RECORD_MAX + 1);
	big[0] = '{';
	big[FRAMER_RECORD_MAX] = '}';
	marche("larger than what the framer hands out", big, "error=trop_grand 0", END);
	free(big);
}

/* Agents of the buyer appear nowhere */
static void
test_personal(void)
{
	static const struct
	{
		const char *text;
		size_t		max;
		const char *kept;
	}			cases[] = {
		{"{\"id\":1}", 100, "{\"id\":1}"},
		{"{\"nomAgent\":\"DUPONT\",\"emailAgent\" : \"a@b.fr\",\"id\":1}", 100, "{\"nomAgent\":null,\"emailAgent\" : null,\"id\":1}"},
		{"{\"idAgent\":12,\"loginAgent\":{\"a\":[1,2]},\"prenomAgent\":[\"x\"],\"x\":2}", 100,
		"{\"idAgent\":null,\"loginAgent\":null,\"prenomAgent\":null,\"x\":2}"},
		{"{\"nom_agent\":\"a \"b\" c\",\"x\":1", 100, "{\"nom_agent\":null,\"x\":1"},
		{"{\"objet\":\"5\" \",\"emailAgent\":\"a@b.fr", 100, "{\"objet\":\"5\" \",\"emailAgent\":null"},
		{"{\"telephone\":\"01\\\"23\",\"courriel_contact\":\"a\"}", 100, "{\"telephone\":null,\"courriel_contact\":null}"},
		{"{'nomAgent': 'DUPONT', 'x': 1}", 100, "{'nomAgent': null, 'x': 1}"},
		{"\"acheteur\":\"{\\\"nomAgent\\\": \\\"DUPONT\\\", \\\"id\\\": 1}\"", 100,
		"\"acheteur\":\"{\\\"nomAgent\\\": null, \\\"id\\\": 1}\""},
		{"l'agent \"nomAgent\" parle", 100, "l'agent \"nomAgent\" parle"},
		{"{\"objet\":\"\xE9t\xE9 \xC3\xA9\"}", 100, "{\"objet\":\"\\xE9t\\xE9 \xC3\xA9\"}"},
		{"\xC3\xA9\xC3\xA9\xC3\xA9", 5, "\xC3\xA9\xC3\xA9"},
		{"abcdef", 3, "abc"},
		{"", 10, ""},
		{"{\"nomAgent\"", 100, "{\"nomAgent\""},
		{"{\"nomAgent\":", 100, "{\"nomAgent\":null"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
	{
		Slice		kept = record_text_keepable(&memory, cases[i].text, strlen(cases[i].text), cases[i].max);
		char		text[500];

		snprintf(text, sizeof(text), "%.*s", (int) kept.len, kept.data);
		check_text(cases[i].text, text, cases[i].kept);
		arena_reset(&arena);
	}
	{
		Slice		kept = record_text_keepable(&memory, "a\0b", 3, 100);

		check("keepable", kept.len == 6 && memcmp(kept.data, "a\\x00b", 6) == 0, "NUL is written \\x00");
		arena_reset(&arena);
	}
	marche("agents of a buyer", "{" ID "\"acheteur\":{\"id\":\"21500222100012\",\"nom\":\"V\",\"nomAgent\":\"DUPONT\","
		   "\"emailAgent\":\"SECRET\",\"emailAgent\":\"SECRET\",\"idEntiteAchat\":3}}",
		   "acheteur_id=21500222100012", "bruts=0", END);
	check("agents of a buyer", strstr(lines, "DUPONT") == NULL && strstr(lines, "SECRET") == NULL, "nowhere");
	marche("agents in a brut", "{" ID "\"montant\":{\"nomAgent\":\"DUPONT\"},\"acheteur\":{\"id\":1},\"Acheteur\":{\"nomAgent\":\"DUPONT\"}}",
		   "brut montant={\"nomAgent\":null}", "bruts=1", END);
}

static void
test_json_check(void)
{
	static const struct
	{
		const char *text;
		bool		valid;
		size_t		octet;
	}			cases[] = {
		{"{}", true, 0}, {" [ ] ", true, 0}, {"\"\"", true, 0}, {"-0.5e+10", true, 0}, {"null", true, 0},
		{"[1,[2,{\"a\":[]}],true,false]", true, 0}, {"\"\\u00e9\\\"\\\\\\/\\b\\f\\n\\r\\t\"", true, 0},
		{"{\"a\":1,\"a\":2}", true, 0},
		{"", false, 0}, {" ", false, 1}, {"[", false, 1}, {"[1", false, 2}, {"[1,", false, 3}, {"[1,]", false, 3},
		{"{\"a\"", false, 4}, {"{\"a\":", false, 5}, {"{\"a\" 1}", false, 5}, {"{a:1}", false, 1}, {"[1 2]", false, 3},
		{"[1}", false, 2}, {"{\"a\":1]", false, 6}, {"]", false, 0}, {"[]]", false, 2}, {"1 2", false, 2},
		{"\"a\tb\"", false, 2}, {"\"\\q\"", false, 1}, {"\"\\u12g4\"", false, 1}, {"\"a", false, 2}, {"\"a\\", false, 3},
		{"NaN", false, 0}, {"Infinity", false, 0}, {"+1", false, 0}, {".5", false, 0}, {"1.", false, 0}, {"1e", false, 0},
		{"-", false, 0}, {"00", false, 0}, {"tru", false, 0}, {"nul", false, 0}, {"{,}", false, 1}, {"{\"a\":1,}", false, 7}
	};
	JsonFault	fault;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
	{
		size_t		len = strlen(cases[i].text);
		char	   *copy = malloc(len ? len : 1);
		bool		valid;

		memcpy(copy, cases[i].text, len);
		valid = json_check(copy, len, 64, &fault);
		check(cases[i].text, valid == cases[i].valid, "json_check");
		check(cases[i].text, valid || fault.octet == cases[i].octet, "place of the fault");
		free(copy);
	}
	check("depth", json_check("[[[]]]", 6, 3, &fault), "as deep as allowed");
	check("depth", !json_check("[[[]]]", 6, 2, &fault) && fault.code == JSON_FAULT_DEPTH && fault.octet == 2, "deeper");
	check("tolerance", json_check_tolerant("[NaN,-Infinity]", 15, 9, JSON_ALLOW_NONFINITE, &fault), "NaN");
	check("tolerance", json_check_tolerant("\"a\tb\"", 5, 9, JSON_ALLOW_CONTROL, &fault), "control");
	check("tolerance", json_check_tolerant("\"a\\q\"", 5, 9, JSON_ALLOW_ESCAPE, &fault), "escape");
	check("tolerance", !json_check_tolerant("\"a\\q\"", 5, 9, JSON_ALLOW_CONTROL, &fault), "each its own");
	check("surrogate", json_check("\"\\ud800\"", 8, 9, &fault), "a lone one passes");
}

static void
test_utf8(void)
{
	char		out[4];

	/* every code point comes back, and only the shortest form of it */
	for (uint32_t code = 0; code <= 0x10FFFF; code += (code < 0x3000 ? 1 : 97))
	{
		size_t		n = utf8_encode(code, out);
		size_t		expected = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;

		if (n != expected || utf8_char(out, n) != n)
			check("utf8", false, "a code point");
	}
	check("utf8", utf8_valid_prefix("a\xC3\xA9\xFFz", 5) == 3, "valid prefix");
	check("utf8", utf8_clip("a\xC3\xA9", 3, 2) == 1, "no half character");
}

int
main(void)
{
	memory = arena_memory(&arena);
	reader = record_reader_create();
	test_whole();
	test_format_and_type();
	test_keys();
	test_lists();
	test_labels();
	test_values();
	test_errors();
	test_wrong_types();
	test_bounds();
	test_personal();
	test_json_check();
	test_utf8();
	record_reader_destroy(reader);
	return check_end();
}
