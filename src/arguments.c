/*
 * arguments.c
 *	  Checks of what SQL hands over: sizes of arrays, columns of composites.
 */
#include "postgres.h"

#include "access/tupmacs.h"
#include "miscadmin.h"

#include "arguments.h"

static inline bool
element_null(const bits8 *bitmap, int i)
{
	return bitmap != NULL && (bitmap[i / 8] & (1 << (i % 8))) == 0;
}

/* An array of NULLs may be huge: nothing is allocated by the number of those */
int
tableau_elements(ArrayType *tableau, int max, Datum **elements)
{
	int			taille = ArrayGetNItems(ARR_NDIM(tableau), ARR_DIMS(tableau));
	bits8	   *bitmap = ARR_NULLBITMAP(tableau);
	char	   *p = ARR_DATA_PTR(tableau);
	int			n = 0;

	for (int i = 0; i < taille && n <= max; i++)
	{
		if ((i & 0xFFFFF) == 0xFFFFF)
			CHECK_FOR_INTERRUPTS();
		n += !element_null(bitmap, i);
	}
	if (n > max)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("array has too many elements"),
				 errdetail("At most %d elements that are not NULL are read.", max)));
	*elements = palloc(Max(n, 1) * sizeof(Datum));
	for (int i = 0, k = 0; k < n; i++)
	{
		if (element_null(bitmap, i))
			continue;
		(*elements)[k++] = PointerGetDatum(p);
		p = att_addlength_pointer(p, -1, p);
		p = (char *) att_align_nominal(p, TYPALIGN_INT);
	}
	return n;
}

void
colonnes_verifier(TupleDesc desc, int ncolonnes, const char *type)
{
	if (desc->natts != ncolonnes)
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("type %s does not have the columns that this library fills", type),
				 errhint("Run ALTER EXTENSION spaser UPDATE.")));
}
