/*
 * fuzz_compte.c
 *	  Any bytes as the text and as the binary form of each type that counts, as
 *	  packed cases, and as the identifier of a holder.
 *
 * What is accepted is canonical: it is written back to the same bytes, its keys
 * are in order, and the other form of it is accepted too.
 */
#include <stdio.h>

#include "../unit/compte_forms.h"

extern int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define ASSERT(condition) \
	do { \
		if (!(condition)) \
		{ \
			fprintf(stderr, "fuzz_compte.c:%d: %s\n", __LINE__, #condition); \
			abort(); \
		} \
	} while (0)

static void
assert_sentence(const char *faute)
{
	size_t		len = strlen(faute);

	ASSERT(len > 1 && faute[0] >= 'A' && faute[0] <= 'Z' && faute[len - 1] == '.');
}

static void
assert_cases(const CompteType *type, const FormRead *read)
{
	for (uint32_t i = 0; i < read->n; i++)
	{
		ASSERT(read->cases[i].nombre > 0);
		ASSERT(i == 0 || compte_case_compare(&read->cases[i - 1], &read->cases[i]) < 0);
		ASSERT(type->faute(&read->cases[i]) == NULL);
	}
}

static void
assert_same(const FormRead *a, const FormRead *b)
{
	ASSERT(b->faute == NULL);
	ASSERT(form_same_cases(a->cases, a->n, b->cases, b->n));
}

static void
run_forms(const CompteType *type, Slice bytes)
{
	FormRead	reads[2] = {form_read_text(type, bytes), form_read_binary(type, bytes)};

	for (int i = 0; i < 2; i++)
	{
		FormRead   *read = &reads[i];
		Slice		text;
		Slice		binary;
		FormRead	of_text;
		FormRead	of_binary;

		assert_cases(type, read);
		if (read->faute != NULL)
		{
			assert_sentence(read->faute);
			free(read->cases);
			continue;
		}
		text = form_write_text(type, read->cases, read->n);
		binary = form_write_binary(read->cases, read->n);
		ASSERT(slice_equal(bytes, i == 0 ? text : binary));
		of_text = form_read_text(type, text);
		of_binary = form_read_binary(type, binary);
		assert_same(read, &of_text);
		assert_same(read, &of_binary);
		free((char *) text.data);
		free((char *) binary.data);
		free(of_text.cases);
		free(of_binary.cases);
		free(read->cases);
	}
}

/* Any bytes as two packets of the same cases, the last byte saying how many they are */
static void
run_packet(Slice bytes)
{
	uint8_t		n = bytes.len > 0 ? (uint8_t) bytes.data[bytes.len - 1] : 0;
	uint8_t    *copy = form_alloc(bytes.len);
	ComptePaquet packets[2];
	CompteCase *cases = form_alloc(2 * n * sizeof(CompteCase));
	CompteCase *again = form_alloc(n * sizeof(CompteCase));
	uint8_t    *room = form_alloc(1 + (n + (size_t) 1) * COMPTE_PAQUET_MAX);
	uint32_t	nread;

	if (bytes.len > 0)
		memcpy(copy, bytes.data, bytes.len - 1);
	packets[0] = (ComptePaquet) {.octets = copy, .taille = bytes.len > 0 ? bytes.len - 1 : 0, .n = n};
	packets[1] = packets[0];
	if (compte_deballer(packets, 1, cases, &nread, NULL) == PAQUET_BON)
	{
		ComptePaquet written = {.octets = room, .taille = compte_emballer(cases, nread, room), .n = nread};

		ASSERT(nread == n);
		ASSERT(compte_deballer(&written, 1, again, &nread, NULL) == PAQUET_BON);
		ASSERT(form_same_cases(cases, n, again, nread));
		if (compte_deballer(packets, 2, cases, &nread, NULL) == PAQUET_BON)
		{
			ASSERT(nread == n);
			for (uint32_t i = 0; i < n; i++)
				ASSERT(cases[i].nombre == 2 * again[i].nombre && cases[i].centimes == 2 * again[i].centimes);
		}
	}
	free(copy);
	free(cases);
	free(again);
	free(room);
}

static CompteCase
holder_key(Slice identifier)
{
	CompteCase	c = {{0, 0}, 1, 0};

	compte_cle_titulaire(&c, identifier);
	return c;
}

/* The same letters in capitals or not, with blanks around */
static Slice
disguised(Slice identifier, bool capitals)
{
	char	   *copy = form_alloc(identifier.len + 2);

	copy[0] = capitals ? ' ' : '\t';
	for (size_t i = 0; i < identifier.len; i++)
	{
		char		c = identifier.data[i];

		if (capitals && c >= 'a' && c <= 'z')
			c = (char) (c - 'a' + 'A');
		else if (!capitals && c >= 'A' && c <= 'Z')
			c = (char) (c - 'A' + 'a');
		copy[i + 1] = c;
	}
	copy[identifier.len + 1] = capitals ? '\n' : ' ';
	return (Slice) {copy, identifier.len + 2};
}

static void
run_holder(Slice identifier)
{
	const CompteType *type = compte_type(COMPTE_CONCENTRATION);
	CompteCase	c = holder_key(identifier);
	CompteCase	again = {{0, 0}, 1, 0};
	char	   *room = form_alloc(COMPTE_CLE_TEXTE);
	Slice		text = {room, type->cle_texte(&c, room)};

	ASSERT(text.len > 0 && text.len <= COMPTE_CLE_TEXTE);
	ASSERT(compte_parts(&c) == 1 && type->faute(&c) == NULL);
	ASSERT(type->cle_lire(text, &again) && form_same_cases(&c, 1, &again, 1));
	if (text.data[0] == '?')
		ASSERT(text.len == 1 && compte_inconnue(&c));
	else if (text.data[0] != '~')
	{
		again = holder_key(text);
		ASSERT(form_same_cases(&c, 1, &again, 1));
	}
	for (int capitals = 0; capitals < 2; capitals++)
	{
		Slice		other = disguised(identifier, capitals);

		again = holder_key(other);
		ASSERT(form_same_cases(&c, 1, &again, 1));
		free((char *) other.data);
	}
	free(room);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Slice		bytes = {(const char *) data, size};

	for (unsigned genre = 0; genre < COMPTE_GENRES; genre++)
		run_forms(compte_type(genre), bytes);
	run_packet(bytes);
	run_holder(bytes);
	return 0;
}
