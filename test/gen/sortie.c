/*
 * sortie.c
 *	  Buffered output and JSON tokens, see sortie.h.
 */
#include "sortie.h"

#include <stdlib.h>

#include "contrat.h"

void
sortie_vider(Sortie *s)
{
	if (s->n > 0 && fwrite(s->tampon, 1, s->n, s->fichier) != s->n)
	{
		perror("generateur: write");
		exit(1);
	}
	s->octets += s->n;
	s->n = 0;
}

void
sortie_entier(Sortie *s, int64_t v)
{
	char		chiffres[24];
	int			i = 24;
	uint64_t	u = v < 0 ? -(uint64_t) v : (uint64_t) v;

	do
		chiffres[--i] = (char) ('0' + u % 10);
	while ((u /= 10) > 0);
	if (v < 0)
		chiffres[--i] = '-';
	sortie_octets(s, chiffres + i, (size_t) (24 - i));
}

void
sortie_centiemes(Sortie *s, int64_t v)
{
	int			c = (int) (v % 100);

	sortie_entier(s, v / 100);
	if (c == 0)
		return;
	sortie_car(s, '.');
	sortie_car(s, (char) ('0' + c / 10));
	if (c % 10)
		sortie_car(s, (char) ('0' + c % 10));
}

void
sortie_date(Sortie *s, int jours)
{
	char		d[10];
	int			annee,
				mois,
				jour;

	date_de(jours, &annee, &mois, &jour);
	for (int i = 3; i >= 0; i--, annee /= 10)
		d[i] = (char) ('0' + annee % 10);
	d[4] = d[7] = '-';
	d[5] = (char) ('0' + mois / 10);
	d[6] = (char) ('0' + mois % 10);
	d[8] = (char) ('0' + jour / 10);
	d[9] = (char) ('0' + jour % 10);
	sortie_octets(s, d, 10);
}

void
json_ligne(Sortie *s)
{
	static const char blancs[] = "\n                                                                ";
	size_t		n = 1 + 2 * (size_t) s->niveau;

	sortie_octets(s, blancs, n < sizeof(blancs) ? n : sizeof(blancs) - 1);
}

void
json_chaine(Sortie *s, const char *texte)
{
	sortie_car(s, '"');
	for (const char *p = texte; *p; p++)
	{
		if (*p == '"' || *p == '\\')
			sortie_car(s, '\\');
		sortie_car(s, *p);
	}
	sortie_car(s, '"');
}
