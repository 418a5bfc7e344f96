/*
 * calendrier.h
 *	  Dates as numbers of days since 2000-01-01.
 */
#ifndef SPASER_CALENDRIER_H
#define SPASER_CALENDRIER_H

#include "slice.h"

/* Within 2000..2099: others are unknown */
extern bool date_utilisable(int32_t date);

/* Same day of the month two months later, or that month's last day. date: utilisable. */
extern int	date_deux_mois_apres(int date);

/* "2024-02-29", ten bytes. date: utilisable. */
#define DATE_TEXTE 10
extern void date_texte(int date, char out[DATE_TEXTE + 1]);

#endif							/* SPASER_CALENDRIER_H */
