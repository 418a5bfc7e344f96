/*
 * sortie.h
 *	  Buffered output, and a JSON writer on it: compact, or indented by two
 *	  spaces as the ministry's files are.
 */
#ifndef GEN_SORTIE_H
#define GEN_SORTIE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define SORTIE_TAILLE (1 << 20)
/* No record is longer; what is left of the buffer is checked once per record */
#define SORTIE_RESERVE (1 << 17)

typedef struct Sortie
{
	FILE	   *fichier;
	uint64_t	octets;			/* written to the file already */
	size_t		n;
	bool		indente;
	bool		premier;		/* nothing yet in the innermost object or array */
	int			niveau;
	char		tampon[SORTIE_TAILLE];
} Sortie;

extern void sortie_vider(Sortie *s);

static inline void
sortie_reserver(Sortie *s)
{
	if (s->n > SORTIE_TAILLE - SORTIE_RESERVE)
		sortie_vider(s);
}

static inline uint64_t
sortie_total(const Sortie *s)
{
	return s->octets + s->n;
}

static inline void
sortie_octets(Sortie *s, const char *texte, size_t n)
{
	memcpy(s->tampon + s->n, texte, n);
	s->n += n;
}

static inline void
sortie_texte(Sortie *s, const char *texte)
{
	sortie_octets(s, texte, strlen(texte));
}

static inline void
sortie_car(Sortie *s, char c)
{
	s->tampon[s->n++] = c;
}

extern void sortie_entier(Sortie *s, int64_t v);
extern void sortie_centiemes(Sortie *s, int64_t v);	/* 12345 -> 123.45, 12300 -> 123 */
extern void sortie_date(Sortie *s, int jours);	/* without quotes */

/* JSON */
extern void json_ligne(Sortie *s);

static inline void
json_suivant(Sortie *s)
{
	if (!s->premier)
		sortie_car(s, ',');
	s->premier = false;
	if (s->indente)
		json_ligne(s);
}

static inline void
json_ouvrir(Sortie *s, char c)
{
	sortie_car(s, c);
	s->niveau++;
	s->premier = true;
}

static inline void
json_fermer(Sortie *s, char c)
{
	s->niveau--;
	if (!s->premier && s->indente)
		json_ligne(s);
	s->premier = false;
	sortie_car(s, c);
}

static inline void
json_cle(Sortie *s, const char *cle)
{
	json_suivant(s);
	sortie_car(s, '"');
	sortie_texte(s, cle);
	if (s->indente)
		sortie_octets(s, "\": ", 3);
	else
		sortie_octets(s, "\":", 2);
}

extern void json_chaine(Sortie *s, const char *texte);

#endif							/* GEN_SORTIE_H */
