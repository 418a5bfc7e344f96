/*
 * test_framer.c
 *	  The framer, without a server: what each document gives, and that it gives
 *	  the same however it is cut into pieces.
 */
#include "framer_small.h"
#include "framer_expect.h"

static void
expect(const char *name, const char *doc, const char *expected)
{
	expect_len(&framer_full, name, doc, strlen(doc), expected);
}

#define A "{\"acheteur\":1}"
#define B "{\"id\":\"}\\\"]\",\"objet\":[[{}]]}"

static void
test_roots(void)
{
	expect("v1", "{\"marches\":[" A "," B "]}", "1" A " 1" B " .");
	expect("v1, other keys", "{\"$schema\":\"a\\\"{\",\"x\":{\"y\":[1,{}]},\"n\":-1.5e3,\"marches\": [ " A
		   " ] , \"z\":null}", "1" A " .");
	expect("v2", "{\"marches\":{\"marche\":[" A "," A "],\"contrat-concession\":[" B "]}}",
		   "m" A " m" A " c" B " .");
	expect("v2, concessions first", "{ \"marches\" : { \"contrat-concession\" : [ " B
		   " ], \"marche\" : [] } }", "c" B " .");
	expect("v2, lone objects", "{\"marches\":{\"marche\":" A ",\"contrat-concession\":" B "}}",
		   "m" A " c" B " .");
	expect("v1, a lone object", "{\"marches\":" A "}", "1" A " .");
	expect("v2, two arrays deep", "{\"marches\":{\"marche\":[[" A "],[[" A "]]]}}",
		   "m" A " m" A " .");
	expect("v2, scalars beside", "{\"marches\":{\"nombre\":3,\"marche\":[" A "]}}", "m" A " .");
	expect("v2, unknown container", "{\"marches\":{\"autres\":[{\"id\":1}],\"marche\":[" A "],\"vide\":[ ]}}",
		   "!conteneur_inconnu([{\"id\":1}]) m" A " .");
	expect("lists at the root", "{\"marche\":[" A "],\"contrat-concession\":[]}", "-" A " .");
	expect("no record", "{\"marches\":[]}", ".");
	expect("no record, v2", "{\"marches\":{}}", ".");
	expect("null for the list", "{\"marches\":null}", ".");
	expect("null for a list, v2", "{\"marches\":{\"marche\":null,\"contrat-concession\":[]}}", ".");
	expect("bare array", "[" A ",\n" B "]", "-" A " -" B " .");
	expect("bare record", A, "-" A " .");
	expect("bare record by id and objet", B, "-" B " .");
	expect("bare record by flat key", "{\"_type\":\"Marché\",\"acheteur.id\":1}",
		   "-{\"_type\":\"Marché\",\"acheteur.id\":1} .");
	expect("bare concession", "{\"x\":{\"acheteur\":1},\"autoriteConcedante\":{}}",
		   "-{\"x\":{\"acheteur\":1},\"autoriteConcedante\":{}} .");
	expect("ndjson", A "\n" B "\r\n" A "\n", "-" A " -" B " -" A " .");
	expect("ndjson, a line of another kind", A "\n{\"x\":1}\n" A, "-" A " -{\"x\":1} -" A " .");
	expect("ndjson with commas", A ",\n" A, "-" A " -" A " .");
	expect("documents one after the other", "{\"marches\":[" A "]}\n{\"marches\":{\"marche\":[" B "]}}[" A "]",
		   "1" A " m" B " -" A " .");
	expect("byte order mark", "\xEF\xBB\xBF{\"marches\":[" A "]}", "1" A " .");
	expect("byte order marks in joined files", "\xEF\xBB\xBF" A "\n\xEF\xBB\xBF" A, "-" A " -" A " .");
	expect("empty", "", ".");
	expect("blank", " \n\t\r ", ".");
	expect("byte order mark alone", "\xEF\xBB\xBF", ".");
}

static void
test_bad_elements(void)
{
	expect("null record", "{\"marches\":[null," A ", null ]}", "!nul(null) 1" A " !nul(null) .");
	expect("scalars", "[1,\"a,b]\",true," A ",[2],-1.5e3]",
		   "!pas_un_objet(1) !pas_un_objet(\"a,b]\") !pas_un_objet(true) -" A
		   " !pas_un_objet(2) !pas_un_objet(-1.5e3) .");
	expect("scalar for the list", "{\"marches\":\"x\"}", "!pas_un_objet(\"x\") .");
	expect("missing comma", "[" A A "]", "-" A " -" A " .");
	expect("commas too many", "[," A ",," A ",]", "-" A " -" A " .");
	expect("stray brace", "{\"marches\":[" A "}," A "]}", "1" A " !syntaxe(}) 1" A " .");
	expect("stray bracket", "{\"marches\":[" A "]]}", "1" A " !syntaxe(]) .");
	/* a quote that nothing fitting follows is taken for text, here up to the end */
	expect("no colon", "{\"marches\":[" A "],\"x\" 1}", "1" A " !tronque(\"x\" 1}) .");
	expect("no key", "{\"marches\":[" A "],5,]}", "1" A " !syntaxe(5) !syntaxe(]) .");
	expect("no key, nested", "{\"marches\":[" A "],[1,{}]}", "1" A " !syntaxe([1,{}]) .");
	expect("no value", "{\"marches\":[" A "],\"x\":}", "1" A " .");
	expect("text after the document", "{\"marches\":[" A "]}\nfin, \"merci\"\n" A,
		   "1" A " !hors_document(fin, \"merci\") -" A " .");
	expect("text at the end", A " x", "-" A " !hors_document(x) .");
}

static void
test_ends(void)
{
	expect("cut in a record", "{\"marches\":[" A ",{\"acheteur\":\"x", "1" A " !tronque({\"acheteur\":\"x) .");
	expect("cut in a bare record", "{\"id\":1,\"ob", "!tronque({\"id\":1,\"ob) .");
	expect("cut between records", "{\"marches\":[" A ",\n", "1" A " !document_tronque() .");
	expect("cut behind a record", "{\"marches\":[" A, "1" A " !document_tronque() .");
	expect("cut behind the list", "{\"marches\":[" A "]", "1" A " !document_tronque() .");
	expect("cut in a key", "{\"marches\":[" A "],\"so", "1" A " !document_tronque(\"so) .");
	expect("cut in another value", "{\"marches\":[" A "],\"x\":[1", "1" A " !document_tronque(32+2) .");
	expect("cut in a scalar", "[12", "!tronque(12) .");
	expect("cut at the first brace", "{", "!tronque({) .");
	expect("cut at the first bracket", "[", "!document_tronque() .");
}

static void
test_not_decp(void)
{
	expect("html", "<html>{\"marches\":[]}</html>", "not@0");
	expect("csv", "id;objet\n1;2\n", "not@0");
	expect("a number", "12", "not@0");
	expect("a string", " \"marches\"", "not@1");
	expect("another object", "{\"a\":1,\"b\":{\"marches\":[]}}", "not@0");
	expect("an empty object", "{}", "not@0");
	expect("single quotes", "{'marches':[]}", "not@0");
	expect("UTF-16", "\xFF\xFE{", "not@0");
	expect("a bad byte order mark", "\xEF\xBB{}", "not@0");
	expect_len(&framer_full, "zeros", "\0\0\0", 3, "not@0");
}

/* One unescaped quote spoils one record: the others come out whole */
static void
test_quotes(void)
{
	expect("one quote", "[{\"acheteur\":\"5\" LED\"},\n" A "]", "-{\"acheteur\":\"5\" LED\"} -" A " .");
	expect("a quote at the end", "[{\"acheteur\":\"de 5\"\"}," A "]", "-{\"acheteur\":\"de 5\"\"} -" A " .");
	expect("two quotes", "[{\"acheteur\":\"le \"grand\" lot\",\"x\":{}}," A "]",
		   "-{\"acheteur\":\"le \"grand\" lot\",\"x\":{}} -" A " .");
	expect("a quote, then words made of letters of true and null",
		   "[{\"acheteur\":\"5\" et la rue\",\"nature\":1}," A "]",
		   "-{\"acheteur\":\"5\" et la rue\",\"nature\":1} -" A " .");
	expect("a quote and a comma", "[{\"acheteur\":\"5\", 6\" et 7\",\"nature\":1}," A "]",
		   "-{\"acheteur\":\"5\", 6\" et 7\",\"nature\":1} -" A " .");
	expect("a quote before a brace", "[{\"acheteur\":\"5\"{x}\"}," A "]",
		   "-{\"acheteur\":\"5\"{x}\"} -" A " .");
	/* what looks like structure in such a text is not counted, if a record follows */
	expect("a bracket that opens", "[{\"nature\":\"\",[B]\",\"x\":1}," A "," A "]",
		   "-{\"nature\":\"\",[B]\",\"x\":1} -" A " -" A " .");
	expect("a brace that opens", "[{\"nature\":\",{24\"\"}," A ",\n" A "]",
		   "-{\"nature\":\",{24\"\"} -" A " -" A " .");
	expect("a colon at the end", "[{\"nature\":\"12\" :\"}," A "," A "]",
		   "-{\"nature\":\"12\" :\"} -" A " -" A " .");
	expect("brackets that close", "[{\"nature\":\"\"a\"}] \"b\",\"x\":1} ," A "]",
		   "-{\"nature\":\"\"a\"}] \"b\",\"x\":1} -" A " .");
	expect("the lists of the record itself are no records",
		   "[{\"x\":[{\"id\":1},{\"id\":2}],\"nature\":\"a \"b\",[c\"}," A "]",
		   "-{\"x\":[{\"id\":1},{\"id\":2}],\"nature\":\"a \"b\",[c\"} -" A " .");
	expect("no record follows", "[" A ",{\"nature\":\"a \"b\"\",\"x\":[1]}]",
		   "-" A " -{\"nature\":\"a \"b\"\",\"x\":[1]} .");
	expect("bad escapes", "[{\"acheteur\":\"a\\ b\\\\\"}," A "]", "-{\"acheteur\":\"a\\ b\\\\\"} -" A " .");
	expect("raw line end in a string", "[{\"acheteur\":\"a\n\"}," A "]", "-{\"acheteur\":\"a\n\"} -" A " .");
	expect("indented", "{\n  \"marches\": [\n    {\n      \"acheteur\": \"un 5\" rond\",\n"
		   "      \"nature\": 1\n    },\n    {\n      \"id\": 1\n    }\n  ]\n}\n",
		   "1{\n      \"acheteur\": \"un 5\" rond\",\n      \"nature\": 1\n    } 1{\n      \"id\": 1\n    } .");
}

/* What is beyond FRAMER_RECORD_MAX is passed over in any number of pieces */
static void
test_oversized(void)
{
	char		doc[600];
	char		expected[700];
	char		fill[200];

	memset(fill, 'x', sizeof(fill));
	snprintf(doc, sizeof(doc), "[" A ",{\"acheteur\":\"%.100s\\\"}\",\"b\":[{}]}," A "]", fill);
	snprintf(expected, sizeof(expected), "-" A " !trop_grand(16+%zu) -" A " .", strlen(doc) - 16 - 16);
	expect_len(&framer_small, "oversized record", doc, strlen(doc), expected);

	snprintf(doc, sizeof(doc), "[\"%.100s,\"," A "]", fill);
	expect_len(&framer_small, "oversized string", doc, strlen(doc), "!trop_grand(1+103) -" A " .");

	snprintf(doc, sizeof(doc), "{\"x\":\"%.20s\",\"y\":\"%.100s\",\"marches\":[" A "]}", fill, fill);
	expect_len(&framer_small, "oversized value of another key", doc, strlen(doc), "1" A " .");

	snprintf(doc, sizeof(doc), "{\"marches\":[" A "],\"%.100s\":[1],\"x\":2}", fill);
	expect_len(&framer_small, "oversized key", doc, strlen(doc), "1" A " !trop_grand(28+106) .");

	snprintf(doc, sizeof(doc), "[{\"acheteur\":\"%.100s", fill);
	expect_len(&framer_small, "oversized and cut", doc, strlen(doc), "!tronque(1+113) .");

	snprintf(doc, sizeof(doc), A "\n%.100s\n" A "\n%.60s", fill, fill);
	expect_len(&framer_small, "oversized line", doc, strlen(doc),
			   "-" A " !trop_grand(15+100) -" A " !trop_grand(131+60) .");

	snprintf(doc, sizeof(doc), "{\"acheteur\":\"%.*s\"}", FRAMER_SMALL_MAX - 16, fill);
	snprintf(expected, sizeof(expected), "-%s .", doc);
	check("the largest record", strlen(doc) == FRAMER_SMALL_MAX - 1, "its size");
	expect_len(&framer_small, "the largest record", doc, strlen(doc), expected);
	snprintf(doc, sizeof(doc), "{\"acheteur\":\"%.*s\"}", FRAMER_SMALL_MAX - 15, fill);
	expect_len(&framer_small, "one byte more", doc, strlen(doc), "!trop_grand(0+48) .");

	snprintf(doc, sizeof(doc), "{\"x\":\"%.100s\"}", fill);
	expect_len(&framer_small, "oversized object of another kind", doc, strlen(doc), "not@107");
}

/* The real limit, in real pieces */
static void
test_large(void)
{
	size_t		size = 40 * 1024 * 1024;
	size_t		piece = 1024 * 1024;
	char	   *doc = malloc(size);
	static Found found;
	char		expected[100];

	memset(doc, 'x', size);
	memcpy(doc, "[{\"acheteur\":\"", 14);
	memcpy(doc + size - 17, "\"}," A, 17);
	doc[size - 1] = ']';
	memcpy(doc + size - 18, "\"}," A "]", 18);
	snprintf(expected, sizeof(expected), "!trop_grand(1+%zu) -" A " .", size - 1 - 16);
	check_text("40 MB in 1 MB pieces",
			   describe(&framer_full, &found, doc, size, piece_fixed, &piece, "40 MB"), expected);
	check_text("40 MB at once", describe(&framer_full, &found, doc, size, NULL, NULL, "40 MB"), expected);
	free(doc);
}

/* Depth costs no stack and no memory */
static void
test_deep(void)
{
	size_t		depth = 100000;
	size_t		size = depth * 2 + 40;
	char	   *doc = malloc(size);
	static Found found;
	char	   *p = doc;

	p += sprintf(p, "[{\"acheteur\":");
	memset(p, '[', depth);
	memset(p + depth, ']', depth);
	p += 2 * depth;
	p += sprintf(p, "}," A "]");
	describe(&framer_full, &found, doc, (size_t) (p - doc), NULL, NULL, "deep record");
	check("deep record", found.len > 0 && strcmp(found.text, "- -" A " .") == 0,
		  "a record of depth 100000, then another");

	p = doc;
	memset(p, '[', depth);
	p += depth;
	p += sprintf(p, A);
	memset(p, ']', depth);
	p += depth;
	check_text("deep lists", describe(&framer_full, &found, doc, (size_t) (p - doc), NULL, NULL, "deep"),
			   "-" A " .");
	free(doc);
}

/* A state that was not written by the framer is told from one that was */
static void
test_state(void)
{
	FramerState state;
	FramerState other;
	Frame		frame;

	framer_init(&state);
	check("state", framer_state_valid(&state), "a new state is valid");
	framer_next(&state, "{\"marches\":[" A ",", 27, false, &frame);
	check("state", framer_state_valid(&state), "a state in a list is valid");
	check("state", state.numero == 1 && state.octet == 26, "it counts");

#define BREAK(change, what) \
	do { \
		other = state; \
		change; \
		check("state", !framer_state_valid(&other), what); \
	} while (0)
	BREAK(other.version++, "another version");
	BREAK(other.phase = 77, "no such phase");
	BREAK(other.container = 9, "no such container");
	BREAK(other.numero = 1000, "more records than bytes");
	BREAK(other.skip_depth = 1, "a depth while nothing is passed over");
	BREAK(other.skip_start = 5, "a start while nothing is passed over");
	BREAK(other.flags = 0xFFFFFFFF, "every flag");
	BREAK(other.flags &= ~1u, "inside a document that has not begun");
	BREAK(other.octet = 0, "deeper than it has read");
#undef BREAK

	/* it stays where it ended */
	framer_init(&state);
	check("state", framer_next(&state, "<", 1, true, &frame) == FRAMER_NOT_DECP &&
		  framer_next(&state, "<", 1, true, &frame) == FRAMER_NOT_DECP && framer_state_valid(&state),
		  "what is no DECP document stays none");
	framer_init(&state);
	check("state", framer_next(&state, "[]", 2, true, &frame) == FRAMER_END &&
		  framer_next(&state, "", 0, true, &frame) == FRAMER_END && framer_state_valid(&state),
		  "the end stays the end");
}

int
main(void)
{
	test_roots();
	test_bad_elements();
	test_ends();
	test_not_decp();
	test_quotes();
	test_oversized();
	test_large();
	test_deep();
	test_state();
	return check_end();
}
