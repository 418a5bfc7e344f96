/*
 * record_date.c
 *	  Dates as DECP files write them.
 */
#include "record_date.h"

#define YEAR_MIN 2000
#define YEAR_MAX 2099

typedef struct Reader
{
	const char *at;
	const char *end;
} Reader;

/* 1 to max digits, or -1 */
static int
read_number(Reader *r, int max)
{
	int			value = 0;
	int			n = 0;

	while (r->at < r->end && *r->at >= '0' && *r->at <= '9' && n < max)
	{
		value = value * 10 + (*r->at++ - '0');
		n++;
	}
	return n > 0 ? value : -1;
}

static bool
read_char(Reader *r, const char *set, char *found)
{
	if (r->at == r->end || *r->at == '\0' || strchr(set, *r->at) == NULL)
		return false;
	*found = *r->at++;
	return true;
}

/* What follows a date is a time, an offset or nothing: at least no digit */
static bool
date_ends(const Reader *r)
{
	return r->at == r->end || !(*r->at >= '0' && *r->at <= '9');
}

static bool
is_leap(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int32_t
days_from(int year, int month, int day)
{
	static const int before[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365};
	int32_t		days;
	int			length;

	if (year < YEAR_MIN || year > YEAR_MAX || month < 1 || month > 12 || day < 1)
		return DATE_NONE;
	length = before[month] - before[month - 1] + (month == 2 && is_leap(year));
	if (day > length)
		return DATE_NONE;
	days = (year - 2000) * 365 + before[month - 1] + day - 1;
	for (int y = 2000; y < year; y++)
		days += is_leap(y);
	return days + (month > 2 && is_leap(year));
}

/* "September, 16 2021 00:00:00" */
static int32_t
english_date(Reader r)
{
	static const char *const months[] = {"january", "february", "march", "april", "may", "june",
	"july", "august", "september", "october", "november", "december"};
	char		name[12];
	size_t		n = 0;
	int			day;
	int			year;

	while (r.at < r.end && n < sizeof(name) - 1 &&
		   ((*r.at >= 'a' && *r.at <= 'z') || (*r.at >= 'A' && *r.at <= 'Z')))
		name[n++] = (char) (*r.at++ | 0x20);
	name[n] = '\0';
	while (r.at < r.end && (*r.at == ',' || *r.at == ' '))
		r.at++;
	day = read_number(&r, 2);
	while (r.at < r.end && (*r.at == ',' || *r.at == ' '))
		r.at++;
	year = read_number(&r, 4);
	if (n < 3 || !date_ends(&r))
		return DATE_NONE;
	for (int month = 0; month < 12; month++)
		if (strcmp(name, months[month]) == 0 || (n == 3 && strncmp(name, months[month], 3) == 0))
			return days_from(year, month + 1, day);
	return DATE_NONE;
}

int32_t
record_date(Slice text)
{
	Reader		r = {text.data, text.data + text.len};
	const char *start = r.at;
	int			first;
	int			second;
	int			third;
	char		separator;
	char		again;

	if (text.len == 0)
		return DATE_NONE;
	first = read_number(&r, 4);
	if (first < 0)
		return english_date(r);
	if (r.at - start == 4)
	{
		if (!read_char(&r, "-/", &separator) || (second = read_number(&r, 2)) < 0 ||
			!read_char(&r, "-/", &again) || again != separator ||
			(third = read_number(&r, 2)) < 0 || !date_ends(&r))
			return DATE_NONE;
		return days_from(first, second, third);
	}
	if (r.at - start > 2 || !read_char(&r, "/.-", &separator) || (second = read_number(&r, 2)) < 0 ||
		!read_char(&r, "/.-", &again) || again != separator ||
		(third = read_number(&r, 4)) < 0 || !date_ends(&r))
		return DATE_NONE;
	return days_from(third, second, first);
}
