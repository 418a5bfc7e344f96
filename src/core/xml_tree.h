/*
 * xml_tree.h
 *	  The elements of one XML record, as libxml2's streaming reader tells them.
 *	  Private to xml_*.c; libxml2 is used in xml_tree.c alone.
 */
#ifndef SPASER_XML_TREE_H
#define SPASER_XML_TREE_H

#include "record.h"

/* An element takes some 120 bytes; contracts have dozens, frameworks a few thousands */
#define XML_ELEMENTS_MAX 100000

/* Each name is compared with those before it in its parent */
#define XML_NAMES_MAX 1000

typedef struct XmlNode
{
	Slice		name;			/* without prefix */
	char	   *text;			/* of its own, all pieces put together */
	size_t		len;
	size_t		capacity;
	struct XmlNode *names;		/* first child of each name */
	struct XmlNode *last_name;
	struct XmlNode *next_name;
	struct XmlNode *twin;		/* next sibling of the same name */
	struct XmlNode *last_twin;	/* kept in the first of them */
	int			nnames;
} XmlNode;

typedef struct XmlTree XmlTree;

extern XmlTree *xml_tree_create(void);	/* NULL: out of memory */
extern void xml_tree_destroy(XmlTree *tree);

/*
 * The root of a record's text, which must be UTF-8, in memory; names live in
 * the tree until the next call. NULL: not read, and error says why.
 */
extern XmlNode *xml_tree_read(XmlTree *tree, const CoreMemory *memory, const char *text,
							  size_t len, RecordError *error);

#endif							/* SPASER_XML_TREE_H */
