/*
 * test_compte.c
 *	  What the aggregates count, without a server: keys, their order, and the
 *	  text and binary forms.
 *
 * Expected texts and faults are written by hand; orders are compared with that
 * of the numbers, or of the characters, that keys are made of.
 */
#include "compte_forms.h"
#include "core_test.h"
#include "random_numbers.h"

static const CompteType *
type_of(CompteGenre genre)
{
	return compte_type(genre);
}

/* A copy without anything behind it, so that a step beyond its end is seen */
static Slice
exact(const char *text, size_t len)
{
	char	   *copy = form_alloc(len);

	memcpy(copy, text, len);
	return (Slice) {copy, len};
}

/*
 * Text and binary forms
 */
static void
accepted(CompteGenre genre, const char *text)
{
	const CompteType *type = type_of(genre);
	Slice		source = exact(text, strlen(text));
	FormRead	read = form_read_text(type, source);
	Slice		written = form_write_text(type, read.cases, read.n);
	Slice		bytes = form_write_binary(read.cases, read.n);
	FormRead	again = form_read_binary(type, bytes);
	Slice		bytes_again = form_write_binary(again.cases, again.n);

	check(text, read.faute == NULL, read.faute == NULL ? "" : read.faute);
	check(text, slice_equal(written, source), "written otherwise than read");
	check(text, again.faute == NULL, again.faute == NULL ? "" : again.faute);
	check(text, form_same_cases(read.cases, read.n, again.cases, again.n), "the binary form has other cases");
	check(text, slice_equal(bytes, bytes_again), "the binary form is written otherwise than read");
	for (uint32_t i = 1; i < read.n; i++)
		check(text, compte_case_compare(&read.cases[i - 1], &read.cases[i]) < 0, "cases are not in order");
	free((char *) source.data);
	free((char *) written.data);
	free((char *) bytes.data);
	free((char *) bytes_again.data);
	free(read.cases);
	free(again.cases);
}

static void
refused(CompteGenre genre, const char *text, const char *faute)
{
	Slice		source = exact(text, strlen(text));
	FormRead	read = form_read_text(type_of(genre), source);

	check_text(text, read.faute == NULL ? "accepted" : read.faute, faute);
	free((char *) source.data);
	free(read.cases);
}

#define FORME "Expected 1:{key=nombre/montant,...}, the amount with two decimals, or key|parts=... for shares."
#define VERSION "Expected version 1, written 1:{...}."
#define SUITE "Nothing may follow the closing brace."
#define POSITIF "A number is not positive."
#define ORDRE "Keys are not in strictly increasing order."
#define CODE "A profil holds a code that its attribute does not have."
#define MONTANT "A profil without usable amount has an amount."
#define NEUF "A value has more than nine decimals."
#define BITS "A holder has bits that none has."
#define CARACTERE "A holder has a character that none has."
#define VIDE "A holder is empty, or zeros only."
#define SIRET "A SIRET stands where its SIREN should."
#define ESPACE "A holder begins or ends with a space."
#define SOMME "There is no such sum."
#define AUTANT "Numerators and denominators are not as many."
#define COUPEE "The last case is cut."

#define P0 "00000000000000000000000000000000"
#define P1 "00000000000000000002000000000000"	/* montant=utilisable */

static void
test_accepted(void)
{
	accepted(COMPTE_BILAN, "1:{}");
	accepted(COMPTE_BILAN, "1:{" P0 "=1/0.00}");
	accepted(COMPTE_BILAN, "1:{" P0 "=9223372036854775807/0.00," P0 "|2=1/0.00," P0 "|256=1/0.00," P1 "=1/92233720368547758.07}");
	accepted(COMPTE_BILAN, "1:{" P1 "=1/-92233720368547758.08," P1 "|14=3/-0.01}");
	accepted(COMPTE_HISTOGRAMME, "1:{}");
	accepted(COMPTE_HISTOGRAMME, "1:{?=1/0.00}");
	accepted(COMPTE_HISTOGRAMME, "1:{-9223372036854775808=1/0.00,-9223372036854775807.999999999=1/0.00,-9223372036854775807.000000001=1/0.00}");
	accepted(COMPTE_HISTOGRAMME, "1:{-1.5=1/0.00,-1=1/0.00,-0.999999999=1/0.00,-0.5=1/0.00,-0.000000001=1/0.00,0=1/0.00,0.000000001=1/0.00,0.01=1/0.00,0.1=1/0.00}");
	accepted(COMPTE_HISTOGRAMME, "1:{0=1/0.10,0|2=1/0.00,9=1/0.00,10|256=1/0.00,9223372036854775807.999999999=1/0.00,?=1/0.00,?|3=1/0.00}");
	accepted(COMPTE_CONCENTRATION, "1:{}");
	accepted(COMPTE_CONCENTRATION, "1:{?=1/0.00}");
	accepted(COMPTE_CONCENTRATION, "1:{000000001=1/0.00,802684969=1/0.00,802684969|2=1/0.00,8026849690=1/0.00,8026849690001=1/0.00,802684969000160=1/0.00}");
	accepted(COMPTE_CONCENTRATION, "1:{1A=1/0.00,ABCDEFGHIJKLMNOPQR=1/0.00,ABCDEFGHIJKLMNOPQR|256=1/0.00,B=1/0.00,?|3=1/0.00}");
	accepted(COMPTE_CONCENTRATION, "1:{A -_.:/'&()+*#@!;<=1/0.00,A>$%[]^`=1/0.00,~000000000000000000000000000=1/0.00,~fffffffffffffffffffffffffff=1/0.00}");
	accepted(COMPTE_RAPPORT, "1:{}");
	accepted(COMPTE_RAPPORT, "1:{inconnu=1/-5.00}");
	accepted(COMPTE_RAPPORT, "1:{numerateur=2/0.01,denominateur=2/-0.01,inconnu=9223372036854775807/92233720368547758.07}");
}

static void
test_refused_forms(void)
{
	for (unsigned genre = 0; genre < COMPTE_GENRES; genre++)
	{
		refused(genre, "", VERSION);
		refused(genre, "1", VERSION);
		refused(genre, "1:", VERSION);
		refused(genre, "{}", VERSION);
		refused(genre, "0:{}", VERSION);
		refused(genre, "2:{}", VERSION);
		refused(genre, "11:{}", VERSION);
		refused(genre, "1: {}", VERSION);
		refused(genre, "1:{", FORME);
		refused(genre, "1:{,}", FORME);
		refused(genre, "1:{=1/0.00}", genre == COMPTE_CONCENTRATION ? VIDE : FORME);
		refused(genre, "1:{|2=1/0.00}", genre == COMPTE_CONCENTRATION ? VIDE : FORME);
		refused(genre, "1:{?x=1/0.00}", FORME);
		refused(genre, "1:{}}", SUITE);
		refused(genre, "1:{} ", SUITE);
		refused(genre, "1:{}1:{}", SUITE);
	}
#define H(text, faute) refused(COMPTE_HISTOGRAMME, "1:{" text "}", faute)
	H("0=1/0.00,", FORME);
	H("0=1/0.00,,1=1/0.00", FORME);
	H("0=1/0.00;1=1/0.00", FORME);
	H("0", FORME);
	H("0=", FORME);
	H("0=1", FORME);
	H("0=1/", FORME);
	H("0=1/0", FORME);
	H("0=1/0.", FORME);
	H("0=1/0.0", FORME);
	H("0=1/0.000", FORME);
	H("0=1/.00", FORME);
	H("0=1/-.00", FORME);
	H("0=1/00.00", FORME);
	H("0=1/-0.00", FORME);
	H("0=1/+1.00", FORME);
	H("0=1/1.0x", FORME);
	H("0=1/92233720368547758.08", FORME);
	H("0=1/-92233720368547758.09", FORME);
	H("0=1/922337203685477580.00", FORME);
	H("0=/0.00", FORME);
	H("0=01/0.00", FORME);
	H("0=-1/0.00", FORME);
	H("0=+1/0.00", FORME);
	H("0=1.0/0.00", FORME);
	H("0=9223372036854775808/0.00", FORME);
	H("0=99999999999999999999/0.00", FORME);
	H("0=0/0.00", POSITIF);
	H("0|=1/0.00", FORME);
	H("0|0=1/0.00", FORME);
	H("0|1=1/0.00", FORME);
	H("0|02=1/0.00", FORME);
	H("0|257=1/0.00", FORME);
	H("0|-2=1/0.00", FORME);
	H("0|2|3=1/0.00", FORME);
	H("0|99999999999999999999=1/0.00", FORME);
	H("1=1/0.00,0=1/0.00", ORDRE);
	H("0=1/0.00,0=1/0.00", ORDRE);
	H("0|2=1/0.00,0=1/0.00", ORDRE);
	H("0|3=1/0.00,0|2=1/0.00", ORDRE);
	H("?=1/0.00,0=1/0.00", ORDRE);
}

static void
test_refused_keys(void)
{
#define B(text, faute) refused(COMPTE_BILAN, "1:{" text "}", faute)
	B("0000000000000000000000000000000=1/0.00", FORME);
	B("000000000000000000000000000000000=1/0.00", FORME);
	B("0000000000000000000200000000000A=1/0.00", FORME);
	B("0000000000000000000200000000000g=1/0.00", FORME);
	B("00000000000000000000000000000001=1/0.00", FORME);	/* the byte of parts */
	B("000000000000000000000000000000ff=1/0.00", FORME);
	B("00000000000000020000000000000000=1/0.00", CODE);
	B("ffffffffffffffffffffffffffffff00=1/0.00", CODE);
	B(P0 "=1/0.01", MONTANT);
	B(P0 "|2=1/-0.01", MONTANT);
	B("?=1/0.00", FORME);
	H("=1/0.00", FORME);
	H("-=1/0.00", FORME);
	H("-0=1/0.00", FORME);
	H("00=1/0.00", FORME);
	H("01=1/0.00", FORME);
	H("-01=1/0.00", FORME);
	H("+1=1/0.00", FORME);
	H(" 1=1/0.00", FORME);
	H("1.=1/0.00", FORME);
	H("1.0=1/0.00", FORME);
	H("1.10=1/0.00", FORME);
	H(".5=1/0.00", FORME);
	H("-.5=1/0.00", FORME);
	H("-0.0=1/0.00", FORME);
	H("1.0000000001=1/0.00", FORME);
	H("1.5x=1/0.00", FORME);
	H("1..5=1/0.00", FORME);
	H("1e3=1/0.00", FORME);
	H("9223372036854775808=1/0.00", FORME);
	H("-9223372036854775809=1/0.00", FORME);
	H("-9223372036854775808.5=1/0.00", FORME);
	H("99999999999999999999999999999999999999999=1/0.00", FORME);
	H("?0=1/0.00", FORME);
#define C(text, faute) refused(COMPTE_CONCENTRATION, "1:{" text "}", faute)
	C("a=1/0.00", FORME);
	C("Ab=1/0.00", FORME);
	C("A{=1/0.00", FORME);
	C("A}=1/0.00", FORME);
	C("A,B=1/0.00", FORME);
	C("A\"=1/0.00", FORME);
	C("A\\=1/0.00", FORME);
	C("A\x01=1/0.00", FORME);
	C("\xC3\x89=1/0.00", FORME);
	C("1234567890123456789=1/0.00", FORME);
	C("~=1/0.00", FORME);
	C("~00000000000000000000000000=1/0.00", FORME);
	C("~0000000000000000000000000000=1/0.00", FORME);
	C("~00000000000000000000000000A=1/0.00", FORME);
	C("~00000000000000g000000000000=1/0.00", FORME);
	C("?A=1/0.00", FORME);
	C("0=1/0.00", VIDE);
	C("000000000=1/0.00", VIDE);
	C("000000000000000000=1/0.00", VIDE);
	C("80268496900016=1/0.00", SIRET);
	C(" =1/0.00", ESPACE);
	C(" A=1/0.00", ESPACE);
	C("A =1/0.00", ESPACE);
#define R(text, faute) refused(COMPTE_RAPPORT, "1:{" text "}", faute)
	R("1=1/0.00", FORME);
	R("?=1/0.00", FORME);
	R("Inconnu=1/0.00", FORME);
	R("inconnus=1/0.00", FORME);
	R("inconn=1/0.00", FORME);
	R("inconnu|2=1/0.00", SOMME);
	R("numerateur=1/0.00", AUTANT);
	R("denominateur=1/0.00,inconnu=1/0.00", AUTANT);
	R("numerateur=1/0.00,denominateur=2/0.00", AUTANT);
	R("denominateur=1/0.00,numerateur=1/0.00", ORDRE);
	R("inconnu=1/0.00,inconnu=1/0.00", ORDRE);
}

#undef H
#undef B
#undef C
#undef R

static void
refused_case(CompteGenre genre, const char *name, CompteCase c, const char *faute)
{
	Slice		bytes = form_write_binary(&c, 1);
	FormRead	read = form_read_binary(type_of(genre), bytes);

	check_text(name, read.faute == NULL ? "accepted" : read.faute, faute);
	free((char *) bytes.data);
	free(read.cases);
}

/* Character i of a key of holder, by its place in the alphabet from 1 on */
static CompteCase
holder_key(const uint8_t *codes, int n)
{
	CompteCase	c = {{0, 0}, 1, 0};

	for (int i = 0; i < n; i++)
		c.cle[i >= 10] |= (uint64_t) codes[i] << (i < 10 ? 54 - 6 * i : 58 - 6 * (i - 10));
	return c;
}

#define HOLDER(...) holder_key((const uint8_t[]) {__VA_ARGS__}, (int) sizeof((const uint8_t[]) {__VA_ARGS__}))

static void
test_refused_binary(void)
{
	CompteCase	two[2] = {{{0, 0}, 1, 0}, {{0, 0}, 1, 0}};
	Slice		bytes;
	FormRead	read;

	refused_case(COMPTE_HISTOGRAMME, "number 0", (CompteCase) {{0, 0}, 0, 0}, POSITIF);
	refused_case(COMPTE_HISTOGRAMME, "negative number", (CompteCase) {{0, 0}, -1, 0}, POSITIF);
	refused_case(COMPTE_HISTOGRAMME, "least number", (CompteCase) {{0, 0}, INT64_MIN, 0}, POSITIF);
	refused_case(COMPTE_HISTOGRAMME, "a whole in nano", (CompteCase) {{0, UINT64_C(1000000000) << 8}, 1, 0}, NEUF);
	refused_case(COMPTE_HISTOGRAMME, "high bits of nano", (CompteCase) {{0, UINT64_C(1) << 63}, 1, 0}, NEUF);
	refused_case(COMPTE_HISTOGRAMME, "almost unknown", (CompteCase) {{UINT64_MAX - 1, UINT64_MAX}, 1, 0}, NEUF);
	refused_case(COMPTE_BILAN, "free bit", (CompteCase) {{2, 0}, 1, 0}, CODE);
	refused_case(COMPTE_BILAN, "no usable amount", (CompteCase) {{0, 255}, 1, -1}, MONTANT);
	refused_case(COMPTE_CONCENTRATION, "empty", (CompteCase) {{0, 0}, 1, 0}, VIDE);
	refused_case(COMPTE_CONCENTRATION, "zeros", HOLDER(1, 1, 1), VIDE);
	refused_case(COMPTE_CONCENTRATION, "a hole", HOLDER(11, 0, 11), CARACTERE);
	refused_case(COMPTE_CONCENTRATION, "a hole between the words", HOLDER(11, 11, 11, 11, 11, 11, 11, 11, 11, 0, 11), CARACTERE);
	refused_case(COMPTE_CONCENTRATION, "character 61", HOLDER(61), CARACTERE);
	refused_case(COMPTE_CONCENTRATION, "character 63 at the end", HOLDER(11, 11, 11, 11, 11, 11, 11, 11, 11, 11, 11, 11, 11, 11, 11, 11, 11, 63), CARACTERE);
	refused_case(COMPTE_CONCENTRATION, "SIRET", HOLDER(2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1), SIRET);
	refused_case(COMPTE_CONCENTRATION, "space first", HOLDER(37, 11), ESPACE);
	refused_case(COMPTE_CONCENTRATION, "space last", HOLDER(11, 37), ESPACE);
	for (int bit = 8; bit < 16; bit++)
		refused_case(COMPTE_CONCENTRATION, "bit between parts and characters", (CompteCase) {{UINT64_C(11) << 54, UINT64_C(1) << bit}, 1, 0}, BITS);
	for (int bit = 60; bit < 64; bit++)
		refused_case(COMPTE_CONCENTRATION, "bit before the characters", (CompteCase) {{UINT64_C(61) << 54 | UINT64_C(1) << bit, 0}, 1, 0}, bit == 62 ? "accepted" : BITS);
	refused_case(COMPTE_CONCENTRATION, "bit before an imprint", (CompteCase) {{UINT64_C(7) << 60, 0}, 1, 0}, BITS);
	refused_case(COMPTE_CONCENTRATION, "almost unknown", (CompteCase) {{UINT64_MAX, UINT64_MAX << 9}, 1, 0}, BITS);
	refused_case(COMPTE_RAPPORT, "sum 0", (CompteCase) {{0, 0}, 1, 0}, SOMME);
	refused_case(COMPTE_RAPPORT, "sum 4", (CompteCase) {{4, 0}, 1, 0}, SOMME);
	refused_case(COMPTE_RAPPORT, "greatest sum", (CompteCase) {{UINT64_MAX, 0}, 1, 0}, SOMME);
	refused_case(COMPTE_RAPPORT, "parts", (CompteCase) {{RAPPORT_INCONNU, 1}, 1, 0}, SOMME);
	refused_case(COMPTE_RAPPORT, "numerators alone", (CompteCase) {{RAPPORT_NUMERATEUR, 0}, 1, 0}, AUTANT);

	/* keys that no reader lets in have a text all the same, should one be forged */
	for (uint64_t somme = 0; somme < 3; somme++)
	{
		char		text[COMPTE_CLE_TEXTE];
		CompteCase	c = {{somme == 0 ? 0 : somme == 1 ? 4 : UINT64_MAX, 0}, 1, 0};

		check("a sum that is none", type_of(COMPTE_RAPPORT)->cle_texte(&c, text) == 1 && text[0] == '?', "its text");
		c = HOLDER(11, (uint8_t) (61 + somme), 12);
		check("a character that is none", type_of(COMPTE_CONCENTRATION)->cle_texte(&c, text) == 3 && memcmp(text, "A?B", 3) == 0, "its text");
	}

	bytes = form_write_binary(two, 2);
	read = form_read_binary(type_of(COMPTE_HISTOGRAMME), bytes);
	check_text("twice", read.faute == NULL ? "accepted" : read.faute, ORDRE);
	check("twice", read.n == 1, "cases before the fault");
	free((char *) bytes.data);
	free(read.cases);
}

/* Whatever the length, nothing is read beyond the end, and only the whole is accepted */
static void
test_cut(void)
{
	static const struct
	{
		CompteGenre genre;
		const char *text;
	}			wholes[] = {
		{COMPTE_BILAN, "1:{" P0 "|2=10/0.00," P1 "=3/-12.34}"},
		{COMPTE_HISTOGRAMME, "1:{-12.5=3/1.00,0=1/0.00,12.000000001|14=7/8.00,?=1/0.00}"},
		{COMPTE_CONCENTRATION, "1:{80268496900016A=3/1.00,~0123456789abcdef0123456789a|3=1/0.00,?|256=1/0.00}"},
		{COMPTE_RAPPORT, "1:{numerateur=3/1.00,denominateur=3/2.00,inconnu=1/0.00}"},
	};

	for (size_t i = 0; i < sizeof(wholes) / sizeof(wholes[0]); i++)
	{
		const CompteType *type = type_of(wholes[i].genre);
		FormRead	whole = form_read_text(type, slice_from(wholes[i].text));
		Slice		bytes = form_write_binary(whole.cases, whole.n);

		for (size_t len = 0; len < strlen(wholes[i].text); len++)
		{
			Slice		cut = exact(wholes[i].text, len);
			FormRead	read = form_read_text(type, cut);

			check(wholes[i].text, read.faute != NULL, "accepted though cut");
			free((char *) cut.data);
			free(read.cases);
		}
		for (size_t len = 0; len <= bytes.len; len++)
		{
			Slice		cut = exact(bytes.data, len);
			FormRead	read = form_read_binary(type, cut);

			if (len % COMPTE_CASE_BINAIRE != 0)
				check_text(wholes[i].text, read.faute == NULL ? "accepted" : read.faute, COUPEE);
			else
				check(wholes[i].text, read.faute == NULL || strcmp(read.faute, AUTANT) == 0, "refused though whole");
			free((char *) cut.data);
			free(read.cases);
		}
		free((char *) bytes.data);
		free(whole.cases);
	}
}

static int	pauses;

static void
pause_counted(void)
{
	pauses++;
}

/* The longest list that some room may hold is of the shortest cases */
static void
test_many(void)
{
	enum
	{
		N = 200000
	};
	const CompteType *type = type_of(COMPTE_HISTOGRAMME);
	CompteCase *cases = form_alloc(N * sizeof(CompteCase));
	Slice		text;
	Slice		bytes;
	FormRead	read;

	for (int i = 0; i < N; i++)
	{
		compte_cle_valeur(&cases[i], i - N / 2, 0);
		cases[i].nombre = 1;
		cases[i].centimes = 0;
	}
	text = form_write_text(type, cases, N);
	read = form_read_text(type, text);
	check("many", read.faute == NULL && form_same_cases(read.cases, read.n, cases, N), "text");
	compte_lire_texte(type, text, read.cases, &read.n, pause_counted);
	check("many", pauses == N / 65536, "pauses of the text");
	free(read.cases);
	bytes = form_write_binary(cases, N);
	read = form_read_binary(type, bytes);
	check("many", read.faute == NULL && form_same_cases(read.cases, read.n, cases, N), "binary");
	pauses = 0;
	compte_lire_binaire(type, bytes, read.cases, &read.n, pause_counted);
	check("many", pauses == N / 65536, "pauses of the binary");
	free(read.cases);
	free((char *) text.data);
	free((char *) bytes.data);
	free(cases);
}

static void
test_types(void)
{
	static const char *const names[] = {"bilan", "histogramme", "concentration", "rapport"};
	CompteCase	c = {{5, 0}, 1, 0};
	CompteCase	d = {{5, 255}, 1, 0};

	for (unsigned genre = 0; genre < COMPTE_GENRES; genre++)
		check_text("name", compte_type(genre)->nom, names[genre]);
	check("types", compte_type(COMPTE_GENRES) == NULL && compte_type(0xFFFF) == NULL, "there is another one");
	check("parts", compte_parts(&c) == 1 && compte_parts(&d) == COMPTE_PARTS_MAX, "the byte of parts");
	check("parts", compte_meme_cle(&c, &d) && compte_case_compare(&c, &d) < 0, "the same key, fewer parts first");
	d.cle[1] = 256;
	check("parts", !compte_meme_cle(&c, &d), "the bit above parts is the key's");
	d.cle[1] = 0x1FF;
	check("profil", compte_profil(&d).mots[0] == 5 && compte_profil(&d).mots[1] == 0x100, "parts are none of a profil");
	compte_cle_inconnue(&c);
	check("unknown", compte_inconnue(&c) && compte_parts(&c) == 1, "of one part");
	c.cle[1] |= 6;
	check("unknown", compte_inconnue(&c) && compte_parts(&c) == 7, "of seven parts");
	c.cle[0]--;
	check("unknown", !compte_inconnue(&c), "of another key");
}

/*
 * Keys of values
 */
static void
test_values(void)
{
	static const int64_t wholes[] = {INT64_MIN, INT64_MIN + 1, -1000000, -2, -1, 0, 1, 2, 999999, INT64_MAX - 1, INT64_MAX};
	static const uint32_t nanos[] = {0, 1, 2, 100000000, 500000000, 999999998, 999999999};
	CompteCase	before = {{0, 0}, 1, 0};
	CompteCase	unknown = {{0, 0}, 1, 0};

	compte_cle_inconnue(&unknown);
	for (size_t i = 0; i < sizeof(wholes) / sizeof(wholes[0]) * 7; i++)
	{
		CompteCase	c = {{0, 0}, 1, 0};
		int64_t		whole;
		uint32_t	nano;
		char		text[COMPTE_CLE_TEXTE];
		size_t		len;
		CompteCase	again = {{0, 0}, 1, 0};

		compte_cle_valeur(&c, wholes[i / 7], nanos[i % 7]);
		compte_valeur(&c, &whole, &nano);
		check("value", whole == wholes[i / 7] && nano == nanos[i % 7], "another one is read");
		check("value", i == 0 || compte_case_compare(&before, &c) < 0, "keys have another order");
		check("value", compte_case_compare(&c, &unknown) < 0, "unknown is not the last");
		check("value", type_of(COMPTE_HISTOGRAMME)->faute(&c) == NULL, "it is not legal");
		len = type_of(COMPTE_HISTOGRAMME)->cle_texte(&c, text);
		check("value", len <= COMPTE_CLE_TEXTE && type_of(COMPTE_HISTOGRAMME)->cle_lire((Slice) {text, len}, &again) &&
			  again.cle[0] == c.cle[0] && again.cle[1] == c.cle[1], "its text has another key");
		c.cle[1] |= 41;
		compte_valeur(&c, &whole, &nano);
		check("value", whole == wholes[i / 7] && nano == nanos[i % 7], "parts change it");
		before = c;
	}
}

static void
test_random_values(void)
{
	int			wrong = 0;

	for (int i = 0; i < 20000; i++)
	{
		int64_t		wholes[2];
		uint32_t	nanos[2];
		CompteCase	cases[2] = {{{0, 0}, 1, 0}, {{0, 0}, 1, 0}};
		int			order;

		for (int k = 0; k < 2; k++)
		{
			wholes[k] = (int64_t) random_below(8) - 4;
			nanos[k] = random_below(2) * random_below(1000000000);
			compte_cle_valeur(&cases[k], wholes[k], nanos[k]);
		}
		order = wholes[0] != wholes[1] ? (wholes[0] > wholes[1]) - (wholes[0] < wholes[1])
			: (nanos[0] > nanos[1]) - (nanos[0] < nanos[1]);
		wrong += compte_case_compare(&cases[0], &cases[1]) != order;
	}
	check("random values", wrong == 0, "keys have another order");
}

/*
 * Keys of holders
 */
static void
holder_text(const char *identifier, size_t len, char text[COMPTE_CLE_TEXTE + 1])
{
	const CompteType *type = type_of(COMPTE_CONCENTRATION);
	Slice		source = exact(identifier, len);
	CompteCase	c = {{0, 0}, 1, 0};
	CompteCase	again = {{0, 0}, 1, 0};

	compte_cle_titulaire(&c, source);
	check(identifier, compte_parts(&c) == 1, "its key has parts");
	check(identifier, type->faute(&c) == NULL, "its key is not legal");
	text[type->cle_texte(&c, text)] = '\0';
	check(identifier, type->cle_lire(slice_from(text), &again) && again.cle[0] == c.cle[0] && again.cle[1] == c.cle[1], "the text of its key has another one");
	free((char *) source.data);
}

static void
holder(const char *identifier, const char *expected)
{
	char		text[COMPTE_CLE_TEXTE + 1];

	holder_text(identifier, strlen(identifier), text);
	check_text(identifier, text, expected);
}

static void
imprint(const char *identifier, char text[COMPTE_CLE_TEXTE + 1])
{
	holder_text(identifier, strlen(identifier), text);
	check(identifier, strlen(text) == 28 && text[0] == '~', "it has no imprint");
}

static void
same_imprint(const char *a, const char *b, bool same)
{
	char		texts[2][COMPTE_CLE_TEXTE + 1];

	imprint(a, texts[0]);
	imprint(b, texts[1]);
	check(a, (strcmp(texts[0], texts[1]) == 0) == same, b);
}

static void
test_holders(void)
{
	char		text[COMPTE_CLE_TEXTE + 1];

	holder("802684969", "802684969");
	holder("80268496900016", "802684969");
	holder("80268496999999", "802684969");
	holder("  80268496900016\t\r\n", "802684969");
	holder("00000000100012", "000000001");
	holder("8026849690001", "8026849690001");
	holder("802684969000160", "802684969000160");
	holder("8026849690001A", "8026849690001A");
	holder("802 684 969", "802 684 969");
	holder("fr66562096297", "FR66562096297");
	holder("FR66562096297", "FR66562096297");
	holder(" a  b ", "A  B");
	holder("abcdefghijklmnopqr", "ABCDEFGHIJKLMNOPQR");
	holder("stuvwxyz0123456789", "STUVWXYZ0123456789");
	holder("a-_.:/'&()+*#@!;<>", "A-_.:/'&()+*#@!;<>");
	holder("$%[]^`", "$%[]^`");
	holder("00000000A", "00000000A");
	holder("", "?");
	holder(" ", "?");
	holder("\t\n ", "?");
	holder("0", "?");
	holder("000000000", "?");
	holder("00000000000000", "?");
	holder("00000000000012", "?");
	holder(" 0000000000000000000000000000000000000000 ", "?");
	imprint("abcdefghijklmnopqrs", text);
	imprint("0000000000000000000000000000000000000001", text);
	imprint("?", text);
	imprint("~", text);
	imprint("a=b", text);
	imprint("a|b", text);
	imprint("a,b", text);
	imprint("a{b", text);
	imprint("a}b", text);
	imprint("a\"b", text);
	imprint("a\\b", text);
	imprint("a\tb", text);
	imprint("\xC3\x89lectricit\xC3\xA9", text);
	/* stored values hold them: they are never computed otherwise */
	holder("\xC3\x89lectricit\xC3\xA9", "~960ac0d7b8b5d14d3293a1c608a");
	holder("abcdefghijklmnopqrs", "~262e1a49624152ac0901478b431");
	holder_text("A\0B", 3, text);
	check("A NUL B", text[0] == '~', "it has no imprint");
	same_imprint("\xC3\x89lectricit\xC3\xA9", " \xC3\x89LECTRICIT\xC3\xA9 ", true);
	same_imprint("\xC3\x89lectricit\xC3\xA9", "\xC3\xA9lectricit\xC3\xA9", false);
	same_imprint("abcdefghijklmnopqrs", "ABCDEFGHIJKLMNOPQRS", true);
	same_imprint("abcdefghijklmnopqrs", "abcdefghijklmnopqrt", false);
	same_imprint("abcdefghijklmnopqrs", "abcdefghijklmnopqrss", false);
	same_imprint("abcdefghijklmnopqrs", "abcdefghijklmnopqsr", false);
}

/* Digits, letters, space, punctuation as it is written here */
static const char alphabet[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ -_.:/'&()+*#@!;<>$%[]^`";

static int
alphabetic_order(const char *a, const char *b)
{
	for (; *a != '\0' && *a == *b; a++, b++)
		;
	if (*a == '\0' || *b == '\0')
		return (*a != '\0') - (*b != '\0');
	return strchr(alphabet, *a) < strchr(alphabet, *b) ? -1 : 1;
}

static void
random_holder(char text[19])
{
	uint32_t	len = 1 + random_below(18);

	for (uint32_t i = 0; i < len; i++)
		text[i] = alphabet[random_below(4) > 0 ? 10 + random_below(3) : random_below(sizeof(alphabet) - 1)];
	if (text[0] == ' ')
		text[0] = 'A';
	if (text[len - 1] == ' ')
		text[len - 1] = '-';
	if (len == 14)
		text[13] = 'A';
	if (strspn(text, "0") >= len)
		text[0] = '1';
	text[len] = '\0';
}

static void
test_order_of_holders(void)
{
	CompteCase	imprints = {{0, 0}, 1, 0};
	CompteCase	unknown = {{0, 0}, 1, 0};
	int			late = 0;
	int			wrong = 0;

	compte_cle_titulaire(&imprints, SLICE_LITERAL("\xC3\x89"));
	compte_cle_inconnue(&unknown);
	check("order", compte_case_compare(&imprints, &unknown) < 0, "unknown is not the last");
	for (int i = 0; i < 50000; i++)
	{
		char		texts[2][19];
		CompteCase	cases[2] = {{{0, 0}, 1, 0}, {{0, 0}, 1, 0}};

		for (int k = 0; k < 2; k++)
		{
			random_holder(texts[k]);
			compte_cle_titulaire(&cases[k], slice_from(texts[k]));
			late += compte_case_compare(&cases[k], &imprints) >= 0;
		}
		wrong += compte_case_compare(&cases[0], &cases[1]) != alphabetic_order(texts[0], texts[1]);
	}
	check("order", late == 0, "an imprint comes before a name");
	check("order", wrong == 0, "keys have another order than their letters");
}

static int
compare_cases(const void *a, const void *b)
{
	return compte_case_compare(a, b);
}

/* Imprints of identifiers that differ little: none is that of another, and their bits are spread */
static void
test_imprints(void)
{
	enum
	{
		N = 100000
	};
	CompteCase *cases = form_alloc(N * sizeof(CompteCase));
	int			same = 0;
	int			ones[128] = {0};
	int			uneven = 0;

	for (int i = 0; i < N; i++)
	{
		char		text[64];

		memset(&cases[i], 0, sizeof(CompteCase));
		snprintf(text, sizeof(text), "\xC3\xA9tablissement %d%s", i / 2, i % 2 ? "." : "");
		compte_cle_titulaire(&cases[i], slice_from(text));
		for (int bit = 0; bit < 128; bit++)
			ones[bit] += (int) (cases[i].cle[bit / 64] >> bit % 64 & 1);
	}
	qsort(cases, N, sizeof(CompteCase), compare_cases);
	for (int i = 1; i < N; i++)
		same += compte_meme_cle(&cases[i - 1], &cases[i]);
	check("imprints", same == 0, "two identifiers have the same");
	/* ten standard deviations: sqrt(N) / 2 is 158 */
	for (int bit = 0; bit < 128; bit++)
		uneven += (bit < 60 || bit >= 64 + 16) && abs(ones[bit] - N / 2) > 1581;
	check("imprints", uneven == 0, "a bit is uneven");
	free(cases);
}

int
main(void)
{
	test_types();
	test_accepted();
	test_refused_forms();
	test_refused_keys();
	test_refused_binary();
	test_cut();
	test_many();
	test_values();
	test_random_values();
	test_holders();
	test_order_of_holders();
	test_imprints();
	return check_end();
}
