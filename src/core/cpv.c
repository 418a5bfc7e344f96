/*
 * cpv.c
 *	  Codes of the Common Procurement Vocabulary.
 */
#include "cpv.h"

static bool
is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

int
cpv_lire(Slice cpv)
{
	int			n = 0;

	if (cpv.data == NULL)
		return -1;
	while (cpv.len > 0 && is_space(cpv.data[0]))
		cpv.data++, cpv.len--;
	while (cpv.len > 0 && is_space(cpv.data[cpv.len - 1]))
		cpv.len--;
	if (cpv.len == 10 && cpv.data[8] == '-' && cpv.data[9] >= '0' && cpv.data[9] <= '9')
		cpv.len = 8;
	if (cpv.len != 8)
		return -1;
	for (int i = 0; i < 8; i++)
	{
		if (cpv.data[i] < '0' || cpv.data[i] > '9')
			return -1;
		n = n * 10 + (cpv.data[i] - '0');
	}
	return n;
}

bool
cpv_division_connue(int cpv)
{
	static const bool divisions[100] = {
		[3] = true, [9] = true, [14] = true, [15] = true, [16] = true, [18] = true, [19] = true,
		[22] = true, [24] = true, [30] = true, [31] = true, [32] = true, [33] = true, [34] = true,
		[35] = true, [37] = true, [38] = true, [39] = true, [41] = true, [42] = true, [43] = true,
		[44] = true, [45] = true, [48] = true, [50] = true, [51] = true, [55] = true, [60] = true,
		[63] = true, [64] = true, [65] = true, [66] = true, [70] = true, [71] = true, [72] = true,
		[73] = true, [75] = true, [76] = true, [77] = true, [79] = true, [80] = true, [85] = true,
		[90] = true, [92] = true, [98] = true,
	};

	return cpv >= 0 && cpv <= 99999999 && divisions[cpv / 1000000];
}

bool
cpv_origine_attendue(int cpv)
{
	static const int ranges[][2] = {
		{15100000, 15982200}, {18100000, 18453000}, {18800000, 18843000},
		{33100000, 33198200}, {33600000, 33698300}, {34100000, 34144910},
		{34510000, 34522700}, {34600000, 34622500}, {34710000, 34722200},
	};

	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++)
	{
		if (cpv >= ranges[i][0] && cpv <= ranges[i][1])
			return true;
	}
	return false;
}
