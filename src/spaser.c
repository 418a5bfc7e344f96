/*
 * spaser.c
 *	  The module itself.
 */
#include "compat.h"

SPASER_MODULE_MAGIC;
