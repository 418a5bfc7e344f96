/*
 * compat.h
 *	  Every difference between PostgreSQL versions that the module meets.
 */
#ifndef SPASER_COMPAT_H
#define SPASER_COMPAT_H

#include "postgres.h"

#if PG_VERSION_NUM < 150000
#error "spaser needs PostgreSQL 15 or later"
#endif

#include "fmgr.h"

#if PG_VERSION_NUM >= 160000
#include "varatt.h"
#include "nodes/miscnodes.h"
#endif

/* Soft errors of input functions (pg_input_is_valid) exist from 16 on */
#if PG_VERSION_NUM < 160000
#define ereturn(context, dummy_value, ...) ereport(ERROR, __VA_ARGS__)
#endif

#if PG_VERSION_NUM >= 180000
#define SPASER_MODULE_MAGIC PG_MODULE_MAGIC_EXT(.name = "spaser", .version = SPASER_VERSION)
#else
#define SPASER_MODULE_MAGIC PG_MODULE_MAGIC
#endif

#endif							/* SPASER_COMPAT_H */
