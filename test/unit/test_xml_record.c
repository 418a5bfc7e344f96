/*
 * test_xml_record.c
 *	  XML records, without a server: what the elements become, what is refused,
 *	  and what may be kept of a text that is set aside.
 */
#include "record_case.h"
#include "core/xml_record.h"
#include "core/xml_tree.h"

static XmlTree *tree;

static void
read_frame(const char *name, FramerContainer container, bool latin, const char *record, size_t len,
		   va_list expected)
{
	char	   *copy = malloc(len + 1);
	Frame		frame = {.numero = 1,.taille = len,.disponible = len,.container = container,.latin = latin};
	DecpContrat c;
	RecordError error;
	const char *want;

	/* memory of exactly that size, so that a step beyond it is seen */
	memcpy(copy, record, len);
	copy = realloc(copy, len ? len : 1);
	frame.debut = copy;
	if (xml_record_read(tree, reader, &memory, &frame, &c, &error))
	{
		describe(&c);
		line_slice("encodage", c.encodage);
	}
	else
	{
		snprintf(lines, sizeof(lines), "\nerror=%s %zu\ndetail=%s\n", error.motif, error.octet, error.detail);
		lines_len = strlen(lines);
	}
	while ((want = va_arg(expected, const char *)) != NULL)
	{
		char		pattern[1200];
		bool		absent = (want[0] == '!');

		snprintf(pattern, sizeof(pattern), absent ? "\n%s=" : "\n%s\n", want + absent);
		check(name, (strstr(lines, pattern) == NULL) == absent, want);
	}
	free(copy);
	arena_reset(&arena);
}

static void
xml(const char *name, const char *record,...)
{
	va_list		expected;

	va_start(expected, record);
	read_frame(name, CONTAINER_XML_MARCHE, false, record, strlen(record), expected);
	va_end(expected);
}

static void
latin(const char *name, const char *record,...)
{
	va_list		expected;

	va_start(expected, record);
	read_frame(name, CONTAINER_XML_MARCHE, true, record, strlen(record), expected);
	va_end(expected);
}

static void
in(FramerContainer container, const char *name, const char *record,...)
{
	va_list		expected;

	va_start(expected, record);
	read_frame(name, container, false, record, strlen(record), expected);
	va_end(expected);
}

#define XID "<id>1</id>"

static void
test_values(void)
{
	xml("texts", "<marche>" XID "<objet> a &amp; b &lt;c&gt; &quot;d&quot; &apos;e\\ &#233;&#x20AC;\n</objet></marche>",
		"id=1", "objet=a & b <c> \"d\" 'e\\ \303\251\342\202\254", END);
	xml("CDATA", "<marche>" XID "<objet>a<![CDATA[ <b> & ]]>c<!-- d -->e<?f g?></objet></marche>",
		"objet=a <b> & ce", END);
	xml("numbers", "<marche>" XID "<montant> 1250.50 </montant><dureeMois>12</dureeMois><offresRecues>3</offresRecues></marche>",
		"montant=1250.50", "duree_mois=12", "offres=3", END);
	xml("a prefix that nothing declares", "<d:marche xmlns:x='u'><d:id>1</d:id><x:objet>o</x:objet></d:marche>",
		"id=1", "objet=o", "bruts=0", END);
	xml("attributes", "<marche id='9'>" XID "<objet xml:lang='fr'>o</objet></marche>", "id=1", "objet=o", END);
	xml("empty elements", "<marche>" XID "<uid/><objet> \n</objet><montant></montant><modifications/><titulaires/></marche>",
		"!uid", "!objet", "!montant", "bruts=0", "modifications=0", "titulaires=0", "format=1", END);
	xml("an empty field of v2 says nothing", "<marche>" XID "<origineUE/><marcheInnovant> </marcheInnovant></marche>",
		"format=1", END);
	xml("elements inside a text", "<marche>" XID "<objet>un <b>deux</b></objet></marche>",
		"!objet", "brut objet={\"b\":\"deux\",\"#texte\":\"un \"}", END);
	xml("text between fields", "<marche>x" XID "y<objet>o</objet></marche>", "id=1", "objet=o", "bruts=0", END);
}

static void
test_lists(void)
{
	xml("holders", "<marche>" XID "<titulaires><titulaire><id>34999999900008</id><typeIdentifiant>SIRET</typeIdentifiant></titulaire>"
		"<titulaire><id>34999999900016</id></titulaire></titulaires></marche>",
		"titulaires=2", "titulaire=SIRET:34999999900008:", END);
	xml("one holder", "<marche>" XID "<titulaires><titulaire><id>34999999900008</id></titulaire></titulaires></marche>",
		"titulaires=1", END);
	xml("two lists of holders", "<marche>" XID "<titulaires><titulaire><id>34999999900008</id></titulaire></titulaires>"
		"<titulaires><titulaire><id>34999999900016</id></titulaire></titulaires></marche>", "titulaires=2", END);
	xml("labels", "<marche>" XID "<techniques><technique>Enchere</technique><technique>Concours</technique></techniques>"
		"<typesPrix><typePrix>Provisoire</typePrix></typesPrix></marche>",
		"techniques=Enchere + Concours", "types_prix=Provisoire", "format=2", END);
	xml("labels without a list", "<marche>" XID "<typePrix>Provisoire</typePrix><typePrix>D\303\251finitif ferme</typePrix></marche>",
		"types_prix=Provisoire + D\303\251finitif ferme", END);
	xml("modifications", "<marche>" XID "<modifications><modification><id>1</id><montant>5</montant>"
		"<titulaires><titulaire><id>34999999900008</id></titulaire></titulaires></modification>"
		"<modification><id>2</id></modification></modifications></marche>",
		"modifications=2", "m.id=1", "m.montant=5", "m.id=2", "!titulaire", END);
	xml("deeds", "<marche>" XID "<actesSousTraitance><acteSousTraitance><id>1</id><montant>7</montant></acteSousTraitance></actesSousTraitance>"
		"<modificationsActesSousTraitance><modificationActesSousTraitance><id>1</id><montant>8</montant>"
		"</modificationActesSousTraitance></modificationsActesSousTraitance></marche>",
		"actes=1", "a.montant=7", "modifications_actes=1", "ma.montant=8", END);
	xml("a date given twice", "<marche>" XID "<datePublicationDonnees>2020-01-02</datePublicationDonnees>"
		"<datePublicationDonnees>2021-03-04</datePublicationDonnees></marche>",
		"date_publication=2020-01-02", "brut datePublicationDonnees (double)=\"2021-03-04\"", END);
	xml("a date given twice, empty first", "<marche>" XID "<datePublicationDonnees/>"
		"<datePublicationDonnees>2021-03-04</datePublicationDonnees></marche>",
		"date_publication=2021-03-04", "bruts=0", END);
	xml("a value given twice, in a modification", "<marche>" XID "<modifications><modification><id>1</id><montant>5</montant>"
		"<montant>6</montant></modification></modifications></marche>", "m.montant=5", END);
	xml("two buyers", "<marche>" XID "<acheteur><id>21350238800019</id></acheteur><acheteur><id>9</id></acheteur></marche>",
		"acheteur_id=21350238800019", END);
}

static void
test_kinds(void)
{
	in(CONTAINER_XML_CONCESSION, "a concession", "<contrat-concession>" XID "</contrat-concession>",
	   "type=concession", "format=1", END);
	in(CONTAINER_XML_CONCESSION, "a concession of v2",
	   "<contrat-concession>" XID "<considerationsSociales><considerationSociale>Clause sociale</considerationSociale>"
	   "</considerationsSociales></contrat-concession>", "type=concession", "format=2", END);
	in(CONTAINER_XML_MARCHE, "marche, whatever it holds", "<marche>" XID "<valeurGlobale>1</valeurGlobale>"
	   "<autoriteConcedante><id>1</id></autoriteConcedante></marche>", "type=marche", END);
	in(CONTAINER_UNKNOWN, "a row", "<row>" XID "<acheteur_id>21350238800019</acheteur_id>"
	   "<titulaires_id>34999999900008</titulaires_id></row>",
	   "type=marche", "acheteur_id=21350238800019", "titulaires=1", END);
}

static void
test_encodings(void)
{
	xml("UTF-8", "<marche>" XID "<objet>\303\251</objet></marche>", "objet=\303\251", "!encodage", END);
	xml("bytes that are not", "<marche>" XID "<objet>\351 \303\251 \200</objet></marche>",
		"objet=\303\251 \303\251 \342\202\254", "encodage=windows-1252", END);
	latin("declared", "<marche>" XID "<objet>\351 \303\251</objet></marche>",
		  "objet=\303\251 \303\203\302\251", "!encodage", END);
	latin("declared, and UTF-8", "<marche>" XID "<objet>\303\251</objet></marche>", "objet=\303\251", "!encodage", END);
	xml("control characters", "<marche>" XID "<objet>a\001\013b\177&#1;&#x1f;&#0;c&#65;&#9;</objet></marche>", "objet=abcA", END);
}

static void
test_refused(void)
{
	char	   *doc = malloc(8 * 1024 * 1024);
	char	   *p = doc;

	xml("an end tag is missing", "<marche>\n" XID "\n<objet>o</marche>",
		"error=xml 20", "detail=Line 3 of the record: Opening and ending tag mismatch: objet line 3 and marche.", END);
	xml("an ampersand", "<marche>" XID "<objet>R & D</objet></marche>",
		"error=xml 0", "detail=Line 1 of the record: xmlParseEntityRef: no name.", END);
	xml("an entity", "<marche>" XID "<objet>&eacute;</objet></marche>",
		"error=entite 0", "detail=Line 1 of the record: Entity 'eacute' not defined.", END);
	xml("after another record all is well", "<marche>" XID "</marche>", "id=1", END);
	xml("a document type", "<marche><!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><id>&b;</id></marche>", "error=xml 0", END);
	xml("a text", "<marche>texte</marche>", "error=pas_un_objet 0", END);
	xml("nothing", "<marche/>", "error=pas_un_contrat 0", END);
	xml("nothing that is a field", "<marche><couleur>bleu</couleur></marche>", "error=pas_un_contrat 0", END);
	xml("an attribute twice", "<marche a='1' a='2'>" XID "</marche>", "error=xml 0", END);
	xml("no XML", "marche", "error=xml 0", END);

	for (int i = 0; i < RECORD_DEPTH_MAX; i++)
		p = stpcpy(p, "<a>");
	p = stpcpy(p, "<b/>");
	for (int i = 0; i < RECORD_DEPTH_MAX; i++)
		p = stpcpy(p, "</a>");
	xml("too deep", doc, "error=profondeur 0", END);

	p = stpcpy(doc, "<marche>");
	for (int i = 0; i < XML_ELEMENTS_MAX; i++)
		p = stpcpy(p, "<objet>1</objet>");
	stpcpy(p, "</marche>");
	xml("too many elements", doc, "error=trop_de_valeurs 0", END);

	p = stpcpy(doc, "<marche>");
	for (int i = 0; i <= XML_NAMES_MAX; i++)
		p += sprintf(p, "<n%d>1</n%d>", i, i);
	stpcpy(p, "</marche>");
	xml("too many names", doc, "error=trop_de_cles 0", END);
	free(doc);
}

static void
keep(const char *name, const char *text, size_t max, const char *expected)
{
	Slice		kept = xml_text_keepable(&memory, text, strlen(text), max);
	char		found[1000];

	snprintf(found, sizeof(found), "%.*s", (int) kept.len, kept.data);
	check_text(name, found, expected);
	arena_reset(&arena);
}

static void
test_kept(void)
{
	keep("a name", "<acheteur><nomAgent>Dupont</nomAgent><id>2</id></acheteur>", 500,
		 "<acheteur><nomAgent>***</nomAgent><id>2</id></acheteur>");
	keep("with what it holds", "<a:agent x='1'><nom>D</nom><agent/><a:agent>E</a:agent></a:agent><id>2</id>", 500,
		 "<a:agent x='1'>***</a:agent><id>2</id>");
	keep("in CDATA", "<emailAgent><![CDATA[a</emailAgent>]]></emailAgent><id>2</id>", 500,
		 "<emailAgent>***</emailAgent><id>2</id>");
	keep("never closed", "<objet>o</objet><telephone>06 12<id>2</id>", 500, "<objet>o</objet><telephone>***");
	keep("empty", "<nomAgent/><id>2</id>", 500, "<nomAgent/><id>2</id>");
	keep("an address", "<objet>&lt;a.b@c.fr&gt; d&#64;e.fr</objet>", 500, "<objet>&lt;***&gt; ***</objet>");
	keep("bytes", "<objet>\351</objet>", 500, "<objet>\\xE9</objet>");
	keep("at most so much", "<objet>0123456789</objet>", 10, "<objet>012");
}

static void
all(void)
{
	tree = xml_tree_create();
	test_values();
	test_lists();
	test_kinds();
	test_encodings();
	test_refused();
	test_kept();
	xml_tree_destroy(tree);
}

int
main(void)
{
	static void (*const tests[]) (void) = {all, NULL};

	return run_cases(tests);
}
