/*
 * numeric_centimes.c
 *	  Euros as numeric to centimes as int64, once per row of an aggregate.
 *
 * It reads the digits where they are instead of going through numeric's
 * functions, that allocate at each step. The layout on disk (two header forms,
 * base-10000 digits) is private to numeric.c, but cannot change as long as
 * pg_upgrade keeps data files; the test of bilan compares with SQL arithmetic.
 */
#include "postgres.h"

#include "common/int.h"

#include "compat.h"
#include "numeric_centimes.h"

#define HEADER_KIND 0xC000
#define HEADER_NEGATIVE 0x4000	/* long form: sign and display scale, then weight */
#define HEADER_SHORT 0x8000		/* short form: everything in one word */
#define HEADER_SPECIAL 0xC000	/* NaN, infinities */

#define SHORT_NEGATIVE 0x2000
#define SHORT_WEIGHT_SIGN 0x0040
#define SHORT_WEIGHT_MASK 0x003F

#define BASE 10000

/* Value and sign; digit i is worth digits[i] * BASE^(weight - i) euros */
typedef struct Digits
{
	const char *data;			/* int16 each, perhaps unaligned */
	int			count;
	int			weight;
	bool		negative;
} Digits;

static _Noreturn void
out_of_range(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
			 errmsg("number out of range"),
			 errdetail("An amount is a finite number whose centimes fit in a bigint, a value one whose whole part does.")));
}

static inline uint16
word(const char *p)
{
	uint16		w;

	memcpy(&w, p, sizeof(w));
	return w;
}

static inline Digits
read_header(const char *data, int len)
{
	uint16		header = word(data);
	Digits		d;
	int			size;

	if ((header & HEADER_KIND) == HEADER_SPECIAL)
		out_of_range();
	if (header & HEADER_SHORT)
	{
		d.negative = (header & SHORT_NEGATIVE) != 0;
		d.weight = header & SHORT_WEIGHT_MASK;
		if (header & SHORT_WEIGHT_SIGN)
			d.weight |= ~SHORT_WEIGHT_MASK;
		size = sizeof(uint16);
	}
	else
	{
		d.negative = (header & HEADER_KIND) == HEADER_NEGATIVE;
		d.weight = (int16) word(data + sizeof(uint16));
		size = 2 * sizeof(uint16);
	}
	d.data = data + size;
	d.count = (len - size) / (int) sizeof(int16);
	return d;
}

static inline int
digit_at(const Digits *d, int i)
{
	return i >= 0 && i < d->count ? (int16) word(d->data + i * sizeof(int16)) : 0;
}

/* What stands before the decimal point, as a negative number since there is one more of those */
static int64
whole(const Digits *d)
{
	int64		n = 0;

	for (int i = 0; i <= d->weight; i++)
	{
		/* four groups and the centimes always fit */
		if (i < 4)
			n = n * BASE - digit_at(d, i);
		else if (pg_mul_s64_overflow(n, BASE, &n) || pg_sub_s64_overflow(n, digit_at(d, i), &n))
			out_of_range();
	}
	return n;
}

int64
numeric_centimes(Datum euros)
{
	struct varlena *v = PG_DETOAST_DATUM_PACKED(euros);
	Digits		d = read_header(VARDATA_ANY(v), VARSIZE_ANY_EXHDR(v));
	int			fraction = digit_at(&d, d.weight + 1);
	int64		n;

	if (d.count == 0)
		return 0;
	n = whole(&d);

	/* what follows the first four decimals can't change how they round */
	if (pg_mul_s64_overflow(n, 100, &n) ||
		pg_sub_s64_overflow(n, fraction / 100 + (fraction % 100 >= 50), &n))
		out_of_range();
	if (d.negative)
		return n;
	if (n == PG_INT64_MIN)
		out_of_range();
	return -n;
}

#define NANO 1000000000

void
numeric_nano(Datum valeur, int64 *entier, uint32 *nano)
{
	struct varlena *v = PG_DETOAST_DATUM_PACKED(valeur);
	Digits		d = read_header(VARDATA_ANY(v), VARSIZE_ANY_EXHDR(v));
	int			last = digit_at(&d, d.weight + 3);
	int64		n = d.count == 0 ? 0 : whole(&d);
	uint32		f = digit_at(&d, d.weight + 1) * 100000 + digit_at(&d, d.weight + 2) * 10 +
		last / 1000 + (last % 1000 >= 500);

	if (f == NANO)
	{
		f = 0;
		if (pg_sub_s64_overflow(n, 1, &n))
			out_of_range();
	}
	if (d.negative)
	{
		if (f > 0 && pg_sub_s64_overflow(n, 1, &n))
			out_of_range();
		*entier = n;
		*nano = f > 0 ? NANO - f : 0;
		return;
	}
	if (n == PG_INT64_MIN)
		out_of_range();
	*entier = -n;
	*nano = f;
}
