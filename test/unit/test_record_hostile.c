/*
 * test_record_hostile.c
 *	  Records that are none, values of any type in the place of any other,
 *	  and bounds; the check of JSON and of UTF-8 that all relies on.
 */
#include "core/json_check.h"
#include "core/utf8.h"
#include "record_case.h"

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

/* What is no UTF-8 is Windows-1252: the expected texts are its table, by hand */
static void
test_bytes(void)
{
	bytes("all of it is UTF-8", "{\"id\":\"\xC3\xA9\"}", 11, "id=\xC3\xA9", "!encodage", END);
	bytes("Latin-1", "{\"id\":\"march\xE9 \"}", 16, "id=march\xC3\xA9", "encodage=windows-1252", END);
	bytes("Windows-1252 only", "{\"id\":\"\x80 \x92 \x9C\"}", 14,
		  "id=\xE2\x82\xAC \xE2\x80\x99 \xC5\x93", "encodage=windows-1252", END);
	bytes("both in one record", "{\"id\":\"\xC3\xA9 \xE9\"}", 13, "id=\xC3\xA9 \xC3\xA9",
		  "encodage=windows-1252", END);
	bytes("no character of it", "{\"id\":\"a\x81\"}", 11, "id=a\xEF\xBF\xBD", END);
	bytes("overlong, 2 bytes", "{\"id\":\"\xC0\x80\"}", 11, "id=\xC3\x80\xE2\x82\xAC", END);
	bytes("overlong, 3 bytes", "{\"id\":\"\xE0\xA9\"}", 11, "id=\xC3\xA0\xC2\xA9", END);
	bytes("surrogate", "{\"id\":\"\xED\xA0\xBF\"}", 12, "id=\xC3\xAD\xC2\xA0\xC2\xBF", END);
	bytes("lead F5", "{\"id\":\"\xF5\"}", 10, "id=\xC3\xB5", END);
	bytes("FF", "{\"id\":\"\xFF\"}", 10, "id=\xC3\xBF", END);
	bytes("cut character", "{\"id\":\"\xC3\"}", 10, "id=\xC3\x83", END);
	bytes("in a key", "{\"m\xE9\":1,\"id\":1}", 15, "id=1", "encodage=windows-1252", END);
	bytes("a label", "{\"nature\":\"March\xE9\"}", 19, "nature=March\xC3\xA9", END);
	bytes("a label without its accent", "{\"nature\":\"March\xEF\xBF\xBD\"}", 21,
		  "nature=March\xC3\xA9", "!encodage", END);
	bytes("a blank of it around an identifier", "{\"acheteur\":{\"id\":\"\xA0" "7\"}}", 24,
		  "acheteur_id=7", END);
	bytes("outside strings", "{\"id\":\xE9}", 8, "error=json 6", END);
	/* places are those of the document, whatever was decoded before them */
	bytes("a fault behind it", "{\"id\":\"\xE9\xE9\",\"n\":01}", 18, "error=json 15", END);
	bytes("an escape behind it", "{\"id\":\"\xE9\xE9\\u0000\"}", 17, "error=nul 9", END);
	bytes("a NUL behind it", "{\"id\":\"\xE9\0\"}", 11, "error=nul 8", END);
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
	marche("no more than 50 bruts", big, "bruts=50", "montant=2", "brut modifications[48].montant=x48",
		   "!brut modifications[49].montant", "brut (suite)=151 autres valeurs", END);
	{
		char	   *cut = strstr(big, ",{\"montant\":\"x50\"}");

		strcpy(cut, "]}");
	}
	marche("50 bruts", big, "bruts=50", "!brut (suite)", "brut modifications[49].montant=x49", END);

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

/* What would be an identifier is kept where nothing is indexed */
static void
test_long_identifiers(void)
{
	static const char *const fields[] = {"id", "uid", "idAccordCadre", "acheteur.id"};
	static const char *const found[] = {"id", "uid", "id_accord_cadre", "acheteur_id"};
	static const int lengths[] = {255, 256, 5000};
	char		text[5001];
	char		record[6000];
	char		here[300];
	char		absent[50];
	char		brut[600];

	for (size_t f = 0; f < sizeof(fields) / sizeof(fields[0]); f++)
		for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++)
		{
			memset(text, '7', sizeof(text));
			text[lengths[i]] = '\0';
			snprintf(record, sizeof(record), "{\"objet\":\"o\",\"%s\":\"%s\"}", fields[f], text);
			snprintf(here, sizeof(here), "%s=%.255s", found[f], text);
			snprintf(absent, sizeof(absent), "!%s", found[f]);
			snprintf(brut, sizeof(brut), "brut %s=%.500s", fields[f], text);
			if (lengths[i] == 255)
				marche(fields[f], record, here, "bruts=0", END);
			else if (strcmp(fields[f], "acheteur.id") == 0)
				marche(fields[f], record, absent, "bruts=0", END);
			else
				marche(fields[f], record, absent, brut, "bruts=1", END);
		}
}

/* bruts become the keys of one object: none may be there twice */
static void
test_brut_paths(void)
{
	char		record[8000];
	char	   *p = record;

	marche("one field three times", "{\"montant\":1,\"Montant\":2,\"MONTANT\":3,\"montant\":4}", "montant=1",
		   "brut montant (double)=4", "brut montant (double 2)=2", "brut montant (double 3)=3", "bruts=3", END);
	marche("a list with several", "{" ID "\"titulaires\":[\"A\",\"B\",7]}", "brut titulaires=A", "brut titulaires (2)=B",
		   "brut titulaires (3)=7", "bruts=3", END);
	p += sprintf(p, "{\"montant\":0");
	for (int i = 1; i <= 100; i++)
		p += sprintf(p, ",\"montant\":%d", i);
	strcpy(p, "}");
	marche("100 times", record, "montant=0", "brut montant (double 49)=49", "brut (suite)=51 autres valeurs", "bruts=50", END);
	p = record + sprintf(record, "{" ID "\"montant\":0,\"acheteur\":{\"id\":1");
	for (int i = 1; i <= 100; i++)
		p += sprintf(p, ",\"x\":%d", i);
	p += sprintf(p, "}");
	for (int i = 1; i <= 50; i++)
		p += sprintf(p, ",\"montant\":%d", i);
	strcpy(p, "}");
	marche("what is not kept takes no room", record, "brut montant (double 50)=50", "bruts=50", "!brut (suite)", END);
	strcpy(p, ",\"dureeMois\":\"x\"}");
	marche("one more", record, "brut montant (double 49)=49", "brut (suite)=2 autres valeurs", "bruts=50", END);
}

int
main(void)
{
	static void (*const tests[]) (void) = {
		test_errors, test_bytes, test_wrong_types, test_bounds, test_long_identifiers,
		test_brut_paths, test_json_check, test_utf8, NULL
	};

	return run_cases(tests);
}
