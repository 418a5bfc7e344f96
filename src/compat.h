/*
 * compat.h
 *	  Every difference between PostgreSQL versions that the module meets.
 */
#ifndef SPASER_COMPAT_H
#define SPASER_COMPAT_H

#include "postgres.h"

#if PG_VERSION_NUM < 140000
#error "spaser needs PostgreSQL 14 or later"
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

/* The result buffer of pg_cryptohash_final is sized from 15 on */
#if PG_VERSION_NUM >= 150000
#define cryptohash_final(ctx, dest, len) pg_cryptohash_final(ctx, dest, len)
#else
#define cryptohash_final(ctx, dest, len) pg_cryptohash_final(ctx, dest)
#endif

#endif							/* SPASER_COMPAT_H */
