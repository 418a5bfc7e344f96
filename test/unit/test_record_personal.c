/*
 * test_record_personal.c
 *	  Personal data of a buyer's agents: nowhere, whatever the record looks like.
 */
#include <time.h>

#include "record_case.h"

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
		{"l'agent municipal \"parle\"", 100, "l'agent municipal \"parle\""},
		{"{\"objet\":\"\xE9t\xE9 \xC3\xA9\"}", 100, "{\"objet\":\"\\xE9t\\xE9 \xC3\xA9\"}"},
		{"\xC3\xA9\xC3\xA9\xC3\xA9", 5, "\xC3\xA9\xC3\xA9"},
		{"abcdef", 3, "abc"},
		{"", 10, ""},
		{"{\"nomAgent\"", 100, "{\"nomAgent\""},
		/* names without quotes, without colon, with other signs */
		{"{nomAgent:\"DUPONT\",id:1}", 100, "{nomAgent:null,id:1}"},
		{"{nomAgent: DUPONT, Jean, id: 1}", 100, "{nomAgent: null, id: 1}"},
		{"{\"emailAgent\" \"x@y\",\"id\":1}", 100, "{\"emailAgent\" null,\"id\":1}"},
		{"{\"nomAgent\" DUPONT,\"id\":1}", 100, "{\"nomAgent\" null,\"id\":1}"},
		{"{\"nomAgent\"\"DUPONT\",\"id\":1}", 100, "{\"nomAgent\"null,\"id\":1}"},
		{"nomAgent = DUPONT", 100, "nomAgent = null"},
		{"nomAgent DUPONT", 100, "nomAgent null"},
		{"['nomAgent' => 'DUPONT', 'id' => 1]", 100, "['nomAgent' => null, 'id' => 1]"},
		{"{nomAgent\":\"DUPONT\",\"id\":1}", 100, "{nomAgent\":null,\"id\":1}"},
		{"\"objet\":\"contact nomAgent=DUPONT\",\"id\":1", 100, "\"objet\":\"contact nomAgent=null\",\"id\":1"},
		/* escapes in names, and around them */
		{"{\"nom\\u0041gent\":\"DUPONT\"}", 100, "{\"nom\\u0041gent\":null}"},
		{"{nom\\u0041gent:\"DUPONT\"}", 100, "{nom\\u0041gent:null}"},
		{"{\"\\u006e\\u006f\\u006d\\u0041\\u0067\\u0065\\u006e\\u0074\":\"DUPONT\"}", 200,
		"{\"\\u006e\\u006f\\u006d\\u0041\\u0067\\u0065\\u006e\\u0074\":null}"},
		{"\"{\\u0022nomAgent\\u0022:\\u0022DUPONT\\u0022}\"", 100, "\"{\\u0022nomAgent\\u0022:null}\""},
		{"\"{\\\\\\\"nom\\\\u0041gent\\\\\\\": \\\\\\\"DUPONT\\\\\\\"}\"", 100,
		"\"{\\\\\\\"nom\\\\u0041gent\\\\\\\": null}\""},
		/* the whole list, and others */
		{"{\"idEntiteAchat\":1,\"libelleEntiteAchat\":\"a\",\"idOrganisme\":2,\"libelleOrganisme\":\"b\",\"accesChorus\":true}", 200,
		"{\"idEntiteAchat\":null,\"libelleEntiteAchat\":null,\"idOrganisme\":null,\"libelleOrganisme\":null,\"accesChorus\":null}"},
		{"{\"acheteur.idOrganisme\":2,\"agents\":[{\"nom\":\"}\"},\"DUPONT\"],\"id\":1}", 100,
		"{\"acheteur.idOrganisme\":null,\"agents\":null,\"id\":1}"},
		{"{\"T\xC3\xA9l\xC3\xA9phone (bureau)\":\"01\",\"mailContact\":\"a\",\"adresse mail\":1}", 100,
		"{\"T\xC3\xA9l\xC3\xA9phone (bureau)\":null,\"mailContact\":null,\"adresse mail\":null}"},
		{"{\"T\xE9l\xE9phone\":\"01\"}", 100, "{\"T\\xE9l\\xE9phone\":null}"},
		{"{\"t\\u00e9l\\u00e9phone\":\"01\"}", 100, "{\"t\\u00e9l\\u00e9phone\":null}"},
		{"telephone 01 02 03 04 05, lot 1", 100, "telephone null"},
		/* where a value ends is in doubt */
		{"{\"nomAgent\":\"Jean \"\"Jo\"\" DUPONT\",\"id\":1}", 100, "{\"nomAgent\":null,\"id\":1}"},
		{"{\"nomAgent\":\"DUPONT \"Jean\", dit Jo\",\"id\":1}", 100, "{\"nomAgent\":null,\"id\":1}"},
		{"{\"nomAgent\":\"DUPONT\\\\\",\"id\":1}", 100, "{\"nomAgent\":null,\"id\":1}"},
		{"{\"nomAgent\":\"DUPONT\" \"id\":1}", 100, "{\"nomAgent\":null \"id\":1}"},
		{"{\"nomAgent\":\"DUPONT\",}", 100, "{\"nomAgent\":null,}"},
		{"{\"nomAgent\":,\"id\":1}", 100, "{\"nomAgent\":null,\"id\":1}"},
		{"{\"nomAgent\":\"DUPONT", 100, "{\"nomAgent\":null"},
		{"{\"agent\":{\"nom\":\"DUP", 100, "{\"agent\":null"},
		/* e-mail addresses anywhere */
		{"{\"objet\":\"demander \xC3\xA0 jean.dupont+a@mairie-x.fr, merci\"}", 100, "{\"objet\":\"demander \xC3\xA0 ***, merci\"}"},
		{"jean\\u0040x.fr j\\u00e9r\xC3\xB4me@x.fr a%40b.fr a&#64;b.fr", 100, "*** *** *** ***"},
		{"<mailto:a@b.fr>;c@d@e.fr", 100, "<mailto:null"},
		{"(a@b.fr);c@d@e.fr", 100, "(***);***"},
		{"jean.dupont@", 100, "***"},
		{"abcdefgh jean.dupont@x.fr", 12, "abcdefgh ***"},
		{"abcdefgh jean.dupont@x.fr", 11, "abcdefgh "},
		{"3 lots @ 5 euros", 100, "3 lots @ 5 euros"},
		/* what reads like one of them and is none */
		{"{\"objet\":\"Service d'agent d'accueil, t\xC3\xA9l\xC3\xA9phone mobile, maillage: 3 km\",\"id\":1}", 200,
		"{\"objet\":\"Service d'agent d'accueil, t\xC3\xA9l\xC3\xA9phone mobile, maillage: 3 km\",\"id\":1}"},
		{"{\"objet\":\"PETIT MAIL\\n\",\"id\":1}", 100, "{\"objet\":\"PETIT MAIL\\n\",\"id\":1}"},
		{"{\"nature\":\"agent\",\"source\":\"e-mail\",\"x\":[\"email\",\"telephone\"]}", 100,
		"{\"nature\":\"agent\",\"source\":\"e-mail\",\"x\":[\"email\",\"telephone\"]}"},
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
}

/* What the contract holds says nothing of DUPONT; nor does the text, if it names what he is */
static void
secret(const char *name, const char *record, ...)
{
	va_list		expected;
	size_t		len = strlen(record);
	char		kept[1001];
	Slice		text = record_text_keepable(&memory, record, len, sizeof(kept) - 1);

	snprintf(kept, sizeof(kept), "%.*s", (int) text.len, text.data);
	check(name, strstr(record, "nomAgent") == NULL || strstr(kept, "DUPONT") == NULL, kept);
	arena_reset(&arena);
	va_start(expected, record);
	case_in(CONTAINER_UNKNOWN, name, record, len, expected);
	va_end(expected);
	check(name, strstr(lines, "DUPONT") == NULL, "in the contract");
}

static void
test_buyer(void)
{
#define NOM "\"nomAgent\":\"DUPONT\""
	secret("agents of a buyer", "{" ID "\"acheteur\":{\"id\":\"21500222100012\",\"nom\":\"V\"," NOM ","
		   "\"emailAgent\":\"DUPONT\",\"emailAgent\":\"DUPONT\",\"idEntiteAchat\":3}}",
		   "acheteur_id=21500222100012", "acheteur_nom=V", "bruts=0", END);
	secret("agents in a brut", "{" ID "\"montant\":{" NOM "},\"acheteur\":{\"id\":1},\"Acheteur\":{" NOM "}}",
		   "brut montant={\"nomAgent\":null}", "bruts=1", END);
	secret("an address in a brut", "{" ID "\"montant\":\"voir DUPONT@x.fr\"}", "brut montant=voir ***", END);
#define TEXT "'nomAgent': 'DUPONT', 'emailAgent': 'DUPONT@x.fr'"
	secret("a buyer that can't be parsed", "{" ID "\"acheteur\":\"{'id': 1, " TEXT "\"}", "!acheteur_id", "!acheteur_nom", "bruts=0", END);
	secret("a list that can't be parsed", "{" ID "\"acheteur\":\" [{'id': 1, " TEXT "}\"}", "!acheteur_nom", "bruts=0", END);
	secret("other brackets", "{" ID "\"acheteur\":\"([{'id': 1, " TEXT "}])\"}", "!acheteur_nom", "bruts=0", END);
	secret("written out twice", "{" ID "\"acheteur\":\"\\\"{\\\\\\\"nomAgent\\\\\\\":\\\\\\\"DUPONT\\\\\\\"}\\\"\"}",
		   "!acheteur_nom", "bruts=0", END);
	secret("a Python object", "{" ID "\"acheteur\":\"Acheteur(nomAgent='DUPONT')\"}", "!acheteur_nom", "bruts=0", END);
	secret("the same of a concession", "{" ID "\"_type\":\"concession\",\"autoriteConcedante\":\"{" TEXT "\"}",
		   "type=concession", "!acheteur_nom", "bruts=0", END);
	secret("a buyer that can be parsed", "{" ID "\"acheteur\":\"{'id': '21500222100012', 'nom': 'V', " TEXT "}\"}",
		   "acheteur_id=21500222100012", "acheteur_nom=V", "bruts=0", END);
	secret("texts in a list", "{" ID "\"acheteur\":[\"DUPONT\"]}", "!acheteur_nom", "bruts=0", END);
	secret("parts that can't be parsed", "{" ID "\"acheteur\":{\"id\":\"{" TEXT "\",\"nom\":\"[" TEXT "\"}}",
		   "!acheteur_id", "!acheteur_nom", "bruts=0", END);
	secret("flat parts", "{" ID "\"acheteur_id\":\"[" TEXT "\",\"acheteur_nom\":\"{" TEXT "\"}",
		   "!acheteur_id", "!acheteur_nom", "bruts=0", END);
	secret("an address for a name", "{" ID "\"acheteur\":{\"id\":\"DUPONT@x.fr\",\"nom\":\"Ville, DUPONT@x.fr\"}}",
		   "!acheteur_id", "!acheteur_nom", "bruts=0", END);
	secret("parts that are no texts", "{" ID "\"acheteur\":{\"id\":{\"a\":\"DUPONT\"},\"nom\":[\"DUPONT\"]}}",
		   "!acheteur_id", "!acheteur_nom", "bruts=0", END);
	secret("flat parts that are no texts", "{" ID "\"acheteur.id\":[\"DUPONT\"],\"acheteur.nom\":{\"a\":\"DUPONT\"}}",
		   "!acheteur_id", "!acheteur_nom", "bruts=0", END);
	secret("the same of a concession", "{" ID "\"autoriteConcedante\":{\"id\":[\"DUPONT\"],\"nom\":{\"a\":\"DUPONT\"}}}",
		   "type=concession", "!acheteur_id", "!acheteur_nom", "bruts=0", END);
	secret("a part marked invalid", "{" ID "\"acheteur\":{\"id\":\"INX {'a': 'DUPONT'}\"}}", "!acheteur_id", "bruts=0", END);
	marche("a sign at the end", "{\"acheteur\":{\"id\":1,\"nom\":\"SIER@\"}}", "acheteur_nom=SIER@", END);
	marche("names that are names", "{\"acheteur\":{\"nom\":\"Commune de Mailhac (11) - \\\"l'agent d'accueil\\\"\"}}",
		   "acheteur_nom=Commune de Mailhac (11) - \"l'agent d'accueil\"", END);
}

static void
test_duplicates(void)
{
	secret("deeper than id and nom", "{" ID "\"acheteur\":{\"id\":1,\"agent\":{\"nom\":\"DUPONT\",\"nom\":\"DUPONT\"}}}", "bruts=0", END);
	secret("under another name", "{" ID "\"acheteur\":{\"id\":1,\"suivi\":{\"id\":1,\"id\":\"DUPONT\",\"nom\":1,\"nom\":\"DUPONT\"}}}",
		   "bruts=0", END);
	secret("in a list", "{" ID "\"acheteur\":{\"id\":1,\"suivi\":[{\"id\":1,\"id\":\"DUPONT\"}]}}", "bruts=0", END);
	secret("beside id and nom", "{" ID "\"autoriteConcedante\":{\"id\":1,\"suivi\":\"DUPONT\",\"suivi\":\"DUPONT\"}}", "bruts=0", END);
	secret("values that are no texts", "{" ID "\"acheteur\":{\"id\":1,\"id\":{\"a\":\"DUPONT\"},\"nom\":\"V\",\"nom\":[\"DUPONT\"]}}",
		   "acheteur_id=1", "acheteur_nom=V", "bruts=0", END);
	secret("the buyer twice", "{" ID "\"acheteur\":{\"id\":1},\"acheteur\":{\"id\":2,\"suivi\":\"DUPONT\"}}", "acheteur_id=1", "bruts=0", END);
	secret("flat, no texts", "{" ID "\"acheteur.id\":1,\"acheteur.id\":{\"a\":\"DUPONT\"},\"acheteur_id\":[\"DUPONT\"]}",
		   "acheteur_id=1", "bruts=0", END);
	secret("below a flat key", "{" ID "\"acheteur.id\":{\"id\":1,\"id\":\"DUPONT\"},\"objet\":\"o\"}", "bruts=0", END);
	secret("an agent of something else", "{" ID "\"modifications\":[{\"montant\":1,\"agent\":{\"nom\":1,\"nom\":\"DUPONT\"}}]}", "bruts=0", END);
	secret("an escaped name", "{" ID "\"modifications\":[{\"nom\\u0041gent\":1,\"nom\\u0041gent\":\"DUPONT\"}]}", "bruts=0", END);
	secret("what may be kept", "{" ID "\"acheteur\":{\"id\":1,\"id\":2,\"nom\":\"V\",\"nom\":\"W\"},\"acheteur_id\":3,\"acheteur.id\":4}",
		   "acheteur_id=1", "acheteur_nom=V", "brut acheteur.id (double)=2", "brut acheteur.nom (double)=\"W\"",
		   "brut acheteur.id (double 2)=4", "bruts=3", END);
}

/* Texts that a scanner could go over again and again: 1 MB of each in a moment */
static void
test_time(void)
{
	static const char *const parts[] = {
		"\"", "\\", "\\\"", "\\\\\\\"", "nomAgent:\"a", "\"nomAgent\"", "nomAgent ", "nomAgent:{", "nomAgent:[\"", "nomAgent:x\"y,",
		"a@", "@", "%40", "a%", "\\u0040", "'agent ", " ", ",", "a", "nomAgent:\"a\" b ", "\"a,", "agent:", "telephone 1\"", "\\u0041"
	};
	size_t		size = 1 << 20;
	char	   *text = malloc(size);

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		for (int form = 0; form < 3; form++)
		{
			size_t		len = strlen(parts[i]);
			clock_t		start = clock();

			for (size_t n = 0; n < size; n++)
				text[n] = parts[i][n % len];
			if (form == 1)
				memcpy(text, "nomAgent:\"", 10);
			else if (form == 2)
				memset(text + size / 2, ' ', size / 2);
			record_text_keepable(&memory, text, size, size);
			check(parts[i], (double) (clock() - start) / CLOCKS_PER_SEC < 5, "in linear time");
			arena_reset(&arena);
		}
	free(text);
}

int
main(void)
{
	static void (*const tests[]) (void) = {
		test_personal, test_buyer, test_duplicates, test_time, NULL
	};

	return run_cases(tests);
}
