/*
 * test_xml_framer.c
 *	  The XML framer, without a server: what each document gives, and that it
 *	  gives the same however it is cut into pieces.
 */
#include "xml_small.h"
#include "framer_expect.h"

static void
expect(const char *name, const char *doc, const char *expected)
{
	expect_len(&xml_full, name, doc, strlen(doc), expected);
}

/* Records of 63 bytes, signs of 32 */
static void
small(const char *name, const char *doc, const char *expected)
{
	expect_len(&xml_small, name, doc, strlen(doc), expected);
}

#define A "<marche><id>1</id></marche>"
#define B "<contrat-concession a='1'><id>2</id></contrat-concession>"

static void
test_roots(void)
{
	expect("both kinds", "<?xml version='1.0'?>\n<marches>" A "\n" B A "</marches>\n", "M" A " C" B " M" A " .");
	expect("a record alone", A, "M" A " .");
	expect("a concession alone", "\xEF\xBB\xBF<?xml version=\"1.0\"?>" B " ", "C" B " .");
	expect("records one after the other", A B, "M" A " C" B " .");
	expect("documents one after the other", "<?xml?><marches>" A "</marches>\n<?xml?><marches>" B "</marches>",
		   "M" A " C" B " .");
	expect("no record", "<marches></marches>", ".");
	expect("no record, in short", "<marches/>", ".");
	expect("around it", "<data><marches>" A "</marches></data>", "M" A " .");
	expect("without marches", "<data>" A B "</data>", "M" A " C" B " .");
	expect("deeper around it", "<a><b><c><marches>" A "</marches></c></b><b>" A "</b></a>",
		   "M" A " M" A " .");
	expect("rows", "<csv><row><id>1</id></row><row/><row><id>2</id></row></csv>",
		   "-<row><id>1</id></row> -<row><id>2</id></row> .");
	expect("rows in rows", "<r><i>1<i>2</i><l><i/></l></i><i>3</i></r>", "-<i>1<i>2</i><l><i/></l></i> -<i>3</i> .");
	expect("rows beside records", "<marches><autre>1</autre>" A "</marches>", "-<autre>1</autre> M" A " .");
	expect("prefixes", "<d:marches xmlns:d='u'><d:marche><d:id>1</d:id></d:marche></d:marches>",
		   "M<d:marche><d:id>1</d:id></d:marche> .");
	expect("case", "<Marches><MARCHE/><marche>x</Marche></Marches>", "M<MARCHE/> M<marche>x</Marche> .");
	expect("nothing", "", ".");
	expect("blanks", " \r\n\t", ".");
	expect("a declaration only", "<?xml version='1.0' encoding='UTF-8'?>", ".");
}

static void
test_signs(void)
{
	expect("comments", "<!-- <marche> --><marches><!--" A "-->" A "<!-- > -- --></marches><!-- a -->", "M" A " .");
	expect("tags in a comment of a record", "<marche><!-- </marche> <marche> --><id/></marche>",
		   "M<marche><!-- </marche> <marche> --><id/></marche> .");
	expect("tags in CDATA", "<marche><![CDATA[</marche>]] > ]]]></marche>" A,
		   "M<marche><![CDATA[</marche>]] > ]]]></marche> M" A " .");
	expect("tags in an instruction", "<marche><?a </marche>?></marche>" A, "M<marche><?a </marche>?></marche> M" A " .");
	expect("a sign in an attribute", "<marches>" A "<marche a=\"<\">1</marche></marches>",
		   "M" A " !syntaxe(<marche a=\"<\">1) !syntaxe(</marche>) .");
	expect("quoted signs", "<marche a=\"/>'\" b='>\">'><id>1</id></marche>" A,
		   "M<marche a=\"/>'\" b='>\">'><id>1</id></marche> M" A " .");
	expect("blanks in tags", "<marche\n a='1'\t><id >1</id\n></marche \r\n>" A,
		   "M<marche\n a='1'\t><id >1</id\n></marche \r\n> M" A " .");
	expect("no tag of a record", "<marches><marcher>1</marcher><marche2/></marches>", "-<marcher>1</marcher> .");
}

static void
test_broken(void)
{
	expect("no end tag", "<marches><marche><id>1</id>" A "</marches>", "M<marche><id>1</id> M" A " .");
	expect("no end tag, last of the list", "<a><marches><marche><id>1</id></marches>" A "</a>",
		   "M<marche><id>1</id> M" A " .");
	expect("a concession cuts too", "<marche><id>" B, "M<marche><id> C" B " .");
	expect("the end tag of a field is missing", "<marche><objet>a</marche>" A, "M<marche><objet>a</marche> M" A " .");
	expect("signs that are none", "<marche><objet>a < b <= c <3 <!x> & </></objet></marche>" A,
		   "M<marche><objet>a < b <= c <3 <!x> & </></objet></marche> M" A " .");
	expect("a comment that is never closed", "<marche><!-- a</marche>" A, "M<marche><!-- a</marche> M" A " .");
	expect("a quote that is never closed", "<marche><id a=\"1>2</id></marche>" A,
		   "M<marche><id a=\"1>2</id></marche> M" A " .");
	expect("text between records", "<marches>" A " un < deux " A "</marches>", "M" A " !syntaxe(un < deux ) M" A " .");
	expect("text at the end", A "\nfin", "M" A " !syntaxe(fin) .");
	expect("an end tag of nothing", A "</marches>" A, "M" A " !syntaxe(</marches>) M" A " .");
	expect("cut in a record", "<marches>" A "<marche><id>2</i", "M" A " !tronque(<marche><id>2</i) .");
	expect("cut in a tag", "<marches>" A "<mar", "M" A " !syntaxe(<mar) .");
	expect("cut between records", "<marches>" A "\n", "M" A " !document_tronque() .");
}

static void
test_refused(void)
{
	expect("JSON", "{\"marches\":[]}", "not@0");
	expect("text", "marches", "not@0");
	expect("a page", "<?xml version='1.0'?><html><body/></html>", "not@21");
	expect("a document type", "<!-- a --><!DOCTYPE marches><marches/>", "not@10");
	expect("a document type, in small letters", " <!doctype html>", "not@1");
	expect("a document type inside", "<marches>" A "<!DOCTYPE a></marches>", "M" A " not@36");
	expect("an end tag", "</marches>", "not@0");
	expect_len(&xml_full, "UTF-16", "\xFF\xFE<\0m\0", 6, "not@0");
	expect_len(&xml_full, "UTF-16, the other way", "\xFE\xFF\0<", 4, "not@0");
	expect_len(&xml_full, "UTF-16, no mark", "<\0m\0", 4, "not@0");
}

static void
test_small(void)
{
	small("63 bytes", "<marche><id>4567890123456789012345678901234567890</id></marche>" A,
		  "M<marche><id>4567890123456789012345678901234567890</id></marche> M" A " .");
	small("64 bytes", "<marche><id>45678901234567890123456789012345678901</id></marche>" A,
		  "!trop_grand(0+64) M" A " .");
#define LONG "0123456789012345678901234567890123456789012345678901234567890123456789"
	small("oversized", "<marches><marche>" LONG "<!--</marche>--><b/></marche>" A "</marches>",
		  "!trop_grand(9+107) M" A " .");
	small("oversized, signs in it and behind that are never closed",
		  "<marche><!-- </marche> -->" LONG "<a><!-- 345678901234567890123456789012345</marche>" A "<!-- 45678901234567890123456789012",
		  "!trop_grand(0+146) M" A " !syntaxe(<!-- 45678901234567890123456789012) .");
	small("oversized, no end tag", "<marches><marche>" LONG A "</marches>",
		  "!trop_grand(9+78) M" A " .");
	small("oversized row", "<csv><i>" LONG "<i>1</i></i><i>2</i></csv>",
		  "!trop_grand(5+85) -<i>2</i> .");
	small("oversized, and cut", "<marche>" LONG, "!tronque(0+78) .");
	small("oversized text", "<marches>" LONG A "</marches>", "!trop_grand(9+70) M" A " .");
	/* a comment that ends after 32 bytes is none */
	small("32 bytes of comment", "<marche><!--</marche>4567890123456789--></marche>",
		  "M<marche><!--</marche>4567890123456789--></marche> .");
	small("33 bytes of comment", "<marche><!--</marche>45678901234567890--></marche>",
		  "M<marche><!--</marche> !syntaxe(45678901234567890-->) !syntaxe(</marche>) .");
#undef LONG
}

/* Signs that are never closed must not make time grow with the square of the size */
static void
test_linear(void)
{
	static Found found;
	size_t		size = 8 * 1024 * 1024;
	char	   *doc = malloc(size);
	static const char *const signs[] = {"<!--", "<![CDATA[", "<?a ", "<a '"};

	for (size_t s = 0; s < sizeof(signs) / sizeof(signs[0]); s++)
	{
		size_t		n = strlen(signs[s]);
		size_t		piece = size / 4;

		memcpy(doc, "<marche>", 8);
		for (size_t i = 8; i < size; i++)
			doc[i] = signs[s][(i - 8) % n];
		describe(&xml_full, &found, doc, size, piece_fixed, &piece, signs[s]);
		check(signs[s], strncmp(found.text, "!tronque(", 9) == 0, "one record, cut");
	}
	free(doc);
}

static void
test_encoding(void)
{
	static const struct
	{
		const char *declaration;
		bool		latin;
	}			cases[] = {
		{"<?xml version='1.0' encoding='ISO-8859-1'?>", true},
		{"<?xml version=\"1.0\" encoding = \"windows-1252\" ?>", true},
		{"<?xml version=\"1.0\" encoding=\"iso-8859-15\"?>", true},
		{"<?xml version=\"1.0\" encoding=\"UTF-8\"?>", false},
		{"<?xml version=\"1.0\" encoding=\"utf-16\"?>", false},
		{"<?xml version=\"1.0\"?>", false},
		{"<!-- encoding='ISO-8859-1' -->", false},
		{"<?xml encoding?>", false},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
	{
		char		doc[200];
		FramerState state;
		Frame		frame;

		snprintf(doc, sizeof(doc), "%s<marche/>", cases[i].declaration);
		xml_framer_init(&state);
		check(doc, xml_framer_next(&state, doc, strlen(doc), true, &frame) == FRAMER_RECORD &&
			  frame.latin == cases[i].latin, "its encoding");
	}
}

static void
test_state(void)
{
	static const char doc[] = "<marches><marche>";
	FramerState state;
	FramerState other;
	Frame		frame;

	xml_framer_init(&state);
	check("state", xml_framer_next(&state, doc, sizeof(doc) - 1, false, &frame) == FRAMER_MORE &&
		  state.octet == 9 && xml_framer_state_valid(&state), "inside marches");
#define BREAK(change, what) \
	do { \
		other = state; \
		change; \
		check("state", !xml_framer_state_valid(&other), what); \
	} while (0)
	BREAK(other.version = FRAMER_STATE_VERSION, "that of the other framer");
	BREAK(other.phase = 77, "no such phase");
	BREAK(other.container = 9, "a name while nothing is passed over");
	BREAK(other.numero = 1000, "more records than bytes");
	BREAK(other.skip_depth = 1, "a depth while nothing is passed over");
	BREAK(other.skip_start = 5, "a start while nothing is passed over");
	BREAK(other.flags = 0xFFFFFFFF, "every flag");
	BREAK(other.flags &= ~1u, "inside a document that has not begun");
	BREAK(other.octet = 0, "deeper than it has read");
#undef BREAK
	xml_framer_init(&state);
	check("state", xml_framer_next(&state, "<a/>", 4, true, &frame) == FRAMER_END &&
		  xml_framer_next(&state, "", 0, true, &frame) == FRAMER_END && xml_framer_state_valid(&state),
		  "the end stays the end");
}

int
main(void)
{
	test_roots();
	test_signs();
	test_broken();
	test_refused();
	test_small();
	test_linear();
	test_encoding();
	test_state();
	return check_end();
}
