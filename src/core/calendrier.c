/*
 * calendrier.c
 *	  Dates as numbers of days since 2000-01-01.
 */
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

int
date_deux_mois_apres(int date)
{
	int			year = 2000 + date / 1461 * 4;
	int			day = date % 1461;
	int			month = 0;
	int			start;			/* first day of the month that we are in */

	while (day >= 365 + leap(year))
		day -= 365 + leap(year), year++;
	while (day >= month_length(year, month))
		day -= month_length(year, month), month++;
	start = date - day;
	for (int i = 0; i < 2; i++)
	{
		start += month_length(year, month);
		if (++month == 12)
			month = 0, year++;
	}
	if (day >= month_length(year, month))
		day = month_length(year, month) - 1;
	return start + day;
}
