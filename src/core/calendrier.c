/*
 * calendrier.c
 *	  Dates as numbers of days since 2000-01-01.
 */
#include <stdio.h>

#include "calendrier.h"

/* 2100-01-01 */
#define DATE_END 36525

bool
date_utilisable(int32_t date)
{
	return date >= 0 && date < DATE_END;
}

static bool
leap(int year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int
month_length(int year, int month)
{
	static const int lengths[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	return lengths[month] + (month == 1 && leap(year));
}

typedef struct Jour
{
	int			annee;
	int			mois;			/* from 0 */
	int			jour;			/* from 0 */
} Jour;

static Jour
jour_de(int date)
{
	Jour		j = {2000 + date / 1461 * 4, 0, date % 1461};

	while (j.jour >= 365 + leap(j.annee))
		j.jour -= 365 + leap(j.annee), j.annee++;
	while (j.jour >= month_length(j.annee, j.mois))
		j.jour -= month_length(j.annee, j.mois), j.mois++;
	return j;
}

int
date_deux_mois_apres(int date)
{
	Jour		j = jour_de(date);
	int			start = date - j.jour;	/* first day of the month that we are in */

	for (int i = 0; i < 2; i++)
	{
		start += month_length(j.annee, j.mois);
		if (++j.mois == 12)
			j.mois = 0, j.annee++;
	}
	if (j.jour >= month_length(j.annee, j.mois))
		j.jour = month_length(j.annee, j.mois) - 1;
	return start + j.jour;
}

void
date_texte(int date, char out[DATE_TEXTE + 1])
{
	Jour		j = jour_de(date);

	/* the masks tell the compiler how few digits there are */
	snprintf(out, DATE_TEXTE + 1, "%04u-%02u-%02u", (unsigned) j.annee & 0xFFF,
			 (unsigned) (j.mois + 1) & 0xF, (unsigned) (j.jour + 1) & 0x1F);
}
