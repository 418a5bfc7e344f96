/*
 * xml_tree.c
 *	  The elements of one XML record, by libxml2's streaming reader.
 *
 * No file, network or DTD is ever touched: the framer refuses documents with
 * a document type, and a record with one is not well-formed. So there are no
 * entities but the five of XML itself.
 */
#include <stdio.h>
#include <stdlib.h>

#include <libxml/xmlreader.h>

#include "utf8.h"
#include "xml_tree.h"

struct XmlTree
{
	xmlTextReaderPtr reader;
	bool		failed;			/* the error below is set */
	int			code;			/* xmlParserErrors */
	int			line;
	char		message[128];
};

typedef struct Build
{
	XmlTree    *tree;
	const CoreMemory *memory;
	RecordError *error;
	XmlNode    *open[RECORD_DEPTH_MAX + 1];
	int			depth;			/* elements that are open */
	int			elements;
	XmlNode    *root;
} Build;

XmlTree *
xml_tree_create(void)
{
	return calloc(1, sizeof(XmlTree));
}

void
xml_tree_destroy(XmlTree *tree)
{
	if (tree->reader != NULL)
		xmlFreeTextReader(tree->reader);
	free(tree);
}

/* Of the errors that make the text no XML, the first; nothing is printed */
static void
on_error(void *context, xmlErrorPtr error)
{
	XmlTree    *tree = context;
	size_t		len;

	if (tree->failed || error->level != XML_ERR_FATAL)
		return;
	tree->failed = true;
	tree->code = error->code;
	tree->line = error->line;
	snprintf(tree->message, sizeof(tree->message), "%s", error->message ? error->message : "not well-formed");
	len = strcspn(tree->message, "\r\n");
	len = utf8_valid_prefix(tree->message, len);
	while (len > 0 && (tree->message[len - 1] == ' ' || tree->message[len - 1] == '.'))
		len--;
	tree->message[len] = '\0';
}

static bool
refuse(Build *build, const char *motif, const char *detail)
{
	build->error->motif = motif;
	snprintf(build->error->detail, sizeof(build->error->detail), "%s.", detail);
	return false;
}

/* Where a line of the record begins */
static size_t
line_octet(const char *text, size_t len, int line)
{
	const char *p = text;
	const char *end = text + len;

	while (line-- > 1)
	{
		const char *next = memchr(p, '\n', (size_t) (end - p));

		if (next == NULL)
			break;
		p = next + 1;
	}
	return (size_t) (p - text);
}

static void
refuse_fault(Build *build, const char *text, size_t len)
{
	XmlTree    *tree = build->tree;
	bool		entity = (tree->code == XML_ERR_UNDECLARED_ENTITY || tree->code == XML_WAR_UNDECLARED_ENTITY);

	if (!tree->failed)
	{
		refuse(build, "xml", "Not well-formed");
		return;
	}
	build->error->motif = entity ? "entite" : "xml";
	build->error->octet = line_octet(text, len, tree->line);
	snprintf(build->error->detail, sizeof(build->error->detail), "Line %d of the record: %s.",
			 tree->line, tree->message);
}

/* ---- nodes ---- */

static bool
add_child(Build *build, XmlNode *parent, XmlNode *node)
{
	XmlNode    *first;

	if (parent->last_name != NULL && slice_equal(parent->last_name->name, node->name))
		first = parent->last_name;
	else
		for (first = parent->names; first != NULL; first = first->next_name)
			if (slice_equal(first->name, node->name))
				break;
	if (first != NULL)
	{
		first->last_twin->twin = node;
		first->last_twin = node;
		return true;
	}
	if (parent->nnames++ == XML_NAMES_MAX)
		return refuse(build, "trop_de_cles", "An element has children of too many names");
	if (parent->names == NULL)
		parent->names = node;
	else
		parent->last_name->next_name = node;
	parent->last_name = node;
	return true;
}

static bool
open_element(Build *build)
{
	xmlTextReaderPtr reader = build->tree->reader;
	const char *name = (const char *) xmlTextReaderConstLocalName(reader);
	const char *colon;
	XmlNode    *node;

	if (build->depth == RECORD_DEPTH_MAX)
		return refuse(build, "profondeur", "The elements are nested too deep");
	if (build->elements++ == XML_ELEMENTS_MAX)
		return refuse(build, "trop_de_valeurs", "The record has too many elements");
	/* a prefix that the record's root does not declare is part of the name */
	if (name == NULL)
		name = "";
	colon = strrchr(name, ':');
	node = build->memory->alloc(build->memory->context, sizeof(XmlNode));
	memset(node, 0, sizeof(*node));
	node->name = slice_from(colon ? colon + 1 : name);
	node->last_twin = node;
	if (build->depth == 0)
		build->root = node;
	else if (!add_child(build, build->open[build->depth - 1], node))
		return false;
	if (!xmlTextReaderIsEmptyElement(reader))
		build->open[build->depth++] = node;
	return true;
}

static void
add_text(Build *build)
{
	const char *text = (const char *) xmlTextReaderConstValue(build->tree->reader);
	size_t		len = text ? strlen(text) : 0;
	XmlNode    *node;

	if (build->depth == 0 || len == 0)
		return;
	node = build->open[build->depth - 1];
	if (node->len + len > node->capacity)
	{
		node->capacity = node->len + len + (node->len > 0 ? node->len : 0);
		node->text = build->memory->resize(build->memory->context, node->text, node->capacity);
	}
	memcpy(node->text + node->len, text, len);
	node->len += len;
}

static bool
add_event(Build *build)
{
	switch (xmlTextReaderNodeType(build->tree->reader))
	{
		case XML_READER_TYPE_ELEMENT:
			return open_element(build);
		case XML_READER_TYPE_END_ELEMENT:
			build->depth--;
			return true;
		case XML_READER_TYPE_TEXT:
		case XML_READER_TYPE_CDATA:
			add_text(build);
			return true;
		case XML_READER_TYPE_ENTITY_REFERENCE:
			return refuse(build, "entite", "An entity other than the five of XML");
		default:
			return true;
	}
}

static bool
start(XmlTree *tree, const char *text, size_t len)
{
	/* the encoding is that of the bytes given, whatever a declaration says */
	const int	options = XML_PARSE_NONET | XML_PARSE_NOBLANKS;

	tree->failed = false;
	if (tree->reader == NULL)
		tree->reader = xmlReaderForMemory(text, (int) len, NULL, "UTF-8", options);
	else if (xmlReaderNewMemory(tree->reader, text, (int) len, NULL, "UTF-8", options) != 0)
		return false;
	if (tree->reader == NULL)
		return false;
	xmlTextReaderSetStructuredErrorHandler(tree->reader, on_error, tree);
	return true;
}

XmlNode *
xml_tree_read(XmlTree *tree, const CoreMemory *memory, const char *text, size_t len, RecordError *error)
{
	Build		build = {.tree = tree,.memory = memory,.error = error};
	int			status;

	memset(error, 0, sizeof(*error));
	if (len > FRAMER_RECORD_MAX)
	{
		refuse(&build, "trop_grand", "The record is too large");
		return NULL;
	}
	if (!start(tree, text, len))
	{
		refuse(&build, "memoire", "Out of memory");
		return NULL;
	}
	while ((status = xmlTextReaderRead(tree->reader)) == 1)
		if (!add_event(&build))
			return NULL;
	if (status == 0 && !tree->failed && build.root != NULL)
		return build.root;
	refuse_fault(&build, text, len);
	return NULL;
}
