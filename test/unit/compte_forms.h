/*
 * compte_forms.h
 *	  Text and binary forms of what the aggregates count, read into memory of
 *	  exactly the size that the readers ask for, and written back.
 */
#ifndef SPASER_COMPTE_FORMS_H
#define SPASER_COMPTE_FORMS_H

#include <stdlib.h>

#include "core/compte.h"

/* Cases and what was said of them; faute NULL: accepted */
typedef struct FormRead
{
	CompteCase *cases;
	uint32_t	n;
	const char *faute;
} FormRead;

static inline void *
form_alloc(size_t size)
{
	void	   *p = malloc(size > 0 ? size : 1);

	if (p == NULL)
		abort();
	return p;
}

static inline FormRead
form_read_text(const CompteType *type, Slice text)
{
	FormRead	r = {form_alloc((text.len / type->texte_min + 1) * sizeof(CompteCase)), 0, NULL};

	r.faute = compte_lire_texte(type, text, r.cases, &r.n, NULL);
	return r;
}

static inline FormRead
form_read_binary(const CompteType *type, Slice bytes)
{
	FormRead	r = {form_alloc(bytes.len / COMPTE_CASE_BINAIRE * sizeof(CompteCase)), 0, NULL};

	r.faute = compte_lire_binaire(type, bytes, r.cases, &r.n, NULL);
	return r;
}

/* The caller frees it; each case is written where there is room for one only */
static inline Slice
form_write_text(const CompteType *type, const CompteCase *cases, uint32_t n)
{
	char	   *text = form_alloc(sizeof(COMPTE_TEXTE_DEBUT) + sizeof(COMPTE_TEXTE_FIN) + n * (COMPTE_CASE_TEXTE + 1));
	size_t		len = strlen(COMPTE_TEXTE_DEBUT);

	memcpy(text, COMPTE_TEXTE_DEBUT, len);
	for (uint32_t i = 0; i < n; i++)
	{
		char	   *one = form_alloc(COMPTE_CASE_TEXTE);
		size_t		one_len = compte_case_texte(type, &cases[i], one);

		if (i > 0)
			text[len++] = ',';
		memcpy(text + len, one, one_len);
		len += one_len;
		free(one);
	}
	memcpy(text + len, COMPTE_TEXTE_FIN, strlen(COMPTE_TEXTE_FIN));
	return (Slice) {text, len + strlen(COMPTE_TEXTE_FIN)};
}

static inline Slice
form_write_binary(const CompteCase *cases, uint32_t n)
{
	uint8_t    *bytes = form_alloc(n * COMPTE_CASE_BINAIRE);

	for (uint32_t i = 0; i < n; i++)
		compte_case_binaire(&cases[i], bytes + i * COMPTE_CASE_BINAIRE);
	return (Slice) {(char *) bytes, n * COMPTE_CASE_BINAIRE};
}

static inline bool
form_same_cases(const CompteCase *a, uint32_t na, const CompteCase *b, uint32_t nb)
{
	return na == nb && (na == 0 || memcmp(a, b, na * sizeof(CompteCase)) == 0);
}

#endif							/* SPASER_COMPTE_FORMS_H */
