/*
 * format_fichier.h
 *	  What a file is, told by its first bytes, whatever its name.
 */
#ifndef SPASER_FORMAT_FICHIER_H
#define SPASER_FORMAT_FICHIER_H

#include "slice.h"

/*
 * "json", "xml", "html", "csv", "utf-16", "vide", "binaire", or the name of a
 * container: "gzip", "zip", "zstd", "bzip2", "xz", "7z", "parquet", "pdf".
 * The first 4 kB are enough; debut.data may be NULL when it is empty.
 */
extern const char *format_fichier_name(Slice debut);

#endif							/* SPASER_FORMAT_FICHIER_H */
