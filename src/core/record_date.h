/*
 * record_date.h
 *	  Dates as DECP files write them.
 */
#ifndef SPASER_RECORD_DATE_H
#define SPASER_RECORD_DATE_H

#include "profil.h"

/*
 * Days since 2000-01-01 of a date of the years 2000 to 2099, or DATE_NONE:
 * 2019-3-7, 2019-03-07T00:00:00, 2018-11-06+01:00 (the offset is left aside:
 * the date is a local one), 07/03/2019, 07.03.2019,
 * "September, 16 2021 00:00:00".
 */
extern int32_t record_date(Slice text);

#endif							/* SPASER_RECORD_DATE_H */
