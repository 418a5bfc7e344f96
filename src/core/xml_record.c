/*
 * xml_record.c
 *	  One XML record to JSON, and its text as it may be kept.
 *
 * An element with children becomes an object, one without a text, elements of
 * the same name a list. Elements that hold nothing are left out; a list of the
 * standard that is there and empty says that it has no element.
 */
#include "json_key.h"
#include "record_field.h"
#include "record_personal.h"
#include "utf8.h"
#include "windows1252.h"
#include "xml_record.h"
#include "xml_token.h"
#include "xml_tree.h"

typedef struct Output
{
	const CoreMemory *memory;
	char	   *data;
	size_t		len;
	size_t		capacity;
} Output;

static void
put(Output *out, const char *text, size_t len)
{
	if (out->len + len > out->capacity)
	{
		out->capacity = (out->len + len) * 2 + 256;
		out->data = out->memory->resize(out->memory->context, out->data, out->capacity);
	}
	if (len > 0)
		memcpy(out->data + out->len, text, len);
	out->len += len;
}

/* ---- bytes to characters ---- */

/* Not allowed in XML, and seen in it */
static inline bool
is_control(unsigned char c)
{
	return (c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7F;
}

/* Bytes of the reference to a control character at p, or 0 */
static size_t
control_reference(const char *p, const char *end)
{
	const char *q = p + 2;
	uint32_t	code = 0;
	uint32_t	base = 10;

	if (end - p < 4 || p[0] != '&' || p[1] != '#')
		return 0;
	if (*q == 'x')
	{
		base = 16;
		q++;
	}
	for (; q < end && q - p < 12 && *q != ';'; q++)
	{
		uint32_t	digit;

		if (*q >= '0' && *q <= '9')
			digit = (uint32_t) (*q - '0');
		else if (base == 16 && (*q | 32) >= 'a' && (*q | 32) <= 'f')
			digit = (uint32_t) ((*q | 32) - 'a' + 10);
		else
			return 0;
		code = code * base + digit;
		if (code > 0x7F)
			return 0;
	}
	if (q == end || *q != ';' || !is_control((unsigned char) code))
		return 0;
	return (size_t) (q + 1 - p);
}

/* The text without what XML can't hold */
static Slice
without_controls(const CoreMemory *memory, Slice text)
{
	const char *end = text.data + text.len;
	Output		out = {memory, NULL, 0, 0};
	bool		found = false;

	for (size_t i = 0; i < text.len; i++)
		found |= is_control((unsigned char) text.data[i]);
	for (const char *p = text.data; !found && p < end; p++)
	{
		p = memchr(p, '&', (size_t) (end - p));
		if (p == NULL)
			break;
		found = control_reference(p, end) > 0;
	}
	if (!found)
		return text;

	for (const char *p = text.data; p < end;)
	{
		size_t		skip = is_control((unsigned char) *p) ? 1 : control_reference(p, end);

		if (skip == 0)
			put(&out, p, 1);
		p += skip > 0 ? skip : 1;
	}
	return (Slice) {out.data, out.len};
}

/* As UTF-8; *guessed: bytes were decoded though the document does not say so */
static Slice
decode(const CoreMemory *memory, const Frame *frame, bool *guessed)
{
	size_t		len = (size_t) frame->taille;
	Slice		text = {frame->debut, len};

	*guessed = false;
	/* UTF-8 that says something else is seen; the other way round is no valid UTF-8 */
	if (utf8_valid_prefix(frame->debut, len) < len)
	{
		char	   *utf8 = memory->alloc(memory->context, WINDOWS1252_GROWTH * len);

		*guessed = !frame->latin;
		text.data = utf8;
		text.len = frame->latin ? windows1252_all_to_utf8(frame->debut, len, utf8)
			: windows1252_to_utf8(frame->debut, len, utf8);
	}
	return without_controls(memory, text);
}

/* ---- JSON ---- */

static void
put_string(Output *out, Slice text)
{
	static const char hex[] = "0123456789abcdef";
	size_t		done = 0;

	put(out, "\"", 1);
	for (size_t i = 0; i < text.len; i++)
	{
		unsigned char c = (unsigned char) text.data[i];

		if (c != '"' && c != '\\' && c >= 0x20)
			continue;
		put(out, text.data + done, i - done);
		done = i + 1;
		if (c >= 0x20)
			put(out, (char[]) {'\\', (char) c}, 2);
		else
			put(out, (char[]) {'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15]}, 6);
	}
	put(out, text.data + done, text.len - done);
	put(out, "\"", 1);
}

static bool
is_blank(const XmlNode *node)
{
	for (size_t i = 0; i < node->len; i++)
		if (strchr(" \t\r\n", node->text[i]) == NULL || node->text[i] == '\0')
			return false;
	return true;
}

static bool
is_empty(const XmlNode *node)
{
	return node->names == NULL && is_blank(node);
}

/* Of several elements of one name, do all count, or the first? */
static bool
is_list(const XmlNode *parent, const XmlNode *first, int field, bool root)
{
	bool		objects = false;

	if (root && field >= 0)
		return record_fields[field].structure && !record_field_is_buyer(field) && field != F_LIEU;
	for (const XmlNode *node = first; node != NULL; node = node->twin)
		objects |= node->names != NULL;
	/* texts among others are the fields of something */
	return objects || parent->nnames == 1;
}

static void put_node(Output *out, const XmlNode *node);

static void
put_member(Output *out, Slice name, bool *begun)
{
	if (*begun)
		put(out, ",", 1);
	*begun = true;
	put_string(out, name);
	put(out, ":", 1);
}

static void
put_children(Output *out, const XmlNode *parent, const XmlNode *first, bool root, bool *begun)
{
	int			count = 0;
	int			field = -1;
	bool		list;

	for (const XmlNode *node = first; node != NULL; node = node->twin)
		count += !is_empty(node);
	if (root)
	{
		char		folded[JSON_KEY_MAX];

		json_key_fold(first->name.data, first->name.len, folded);
		field = record_field_find(folded);
	}
	list = is_list(parent, first, field, root);
	if (count == 0)
	{
		if (!list || field < 0)
			return;
		put_member(out, first->name, begun);
		put(out, "[]", 2);
		return;
	}
	list &= count > 1;
	if (list)
	{
		put_member(out, first->name, begun);
		put(out, "[", 1);
	}
	for (const XmlNode *node = first; node != NULL; node = node->twin)
	{
		if (is_empty(node))
			continue;
		if (!list)
			put_member(out, first->name, begun);
		put_node(out, node);
		if (list && --count > 0)
			put(out, ",", 1);
	}
	if (list)
		put(out, "]", 1);
}

static void
put_object(Output *out, const XmlNode *node, bool root)
{
	bool		begun = false;

	put(out, "{", 1);
	for (const XmlNode *first = node->names; first != NULL; first = first->next_name)
		put_children(out, node, first, root, &begun);
	/* text between elements: no field is called like that, so it can pass for none */
	if (!root && !is_blank(node))
	{
		put_member(out, SLICE_LITERAL("#texte"), &begun);
		put_string(out, (Slice) {node->text, node->len});
	}
	put(out, "}", 1);
}

static void
put_node(Output *out, const XmlNode *node)
{
	if (node->names != NULL)
		put_object(out, node, false);
	else
		put_string(out, (Slice) {node->text, node->len});
}

/* ---- interface ---- */

bool
xml_record_read(XmlTree *tree, RecordReader *reader, const CoreMemory *memory,
				const Frame *frame, DecpContrat *contrat, RecordError *error)
{
	bool		guessed;
	Slice		text = decode(memory, frame, &guessed);
	XmlNode    *root = xml_tree_read(tree, memory, text.data, text.len, error);
	Output		out = {memory, NULL, 0, 0};

	if (root == NULL)
	{
		/* what was decoded or taken out has moved what stands behind it */
		if (text.data != frame->debut)
			error->octet = 0;
		return false;
	}
	if (root->names == NULL && !is_blank(root))
		put_node(&out, root);
	else
		put_object(&out, root, true);
	record_reader_sans_types(reader);
	if (!record_read(reader, memory, out.data, out.len, frame->container, contrat, error))
	{
		error->octet = 0;
		return false;
	}
	if (guessed)
		contrat->encodage = SLICE_LITERAL("windows-1252");
	return true;
}

/* Behind what the personal element that opened before p holds */
static const char *
element_stop(XmlWalk *walk, const char *p, Slice name)
{
	size_t		nested = 0;

	while (p < walk->end)
	{
		XmlToken	token = xml_token(walk, p);

		if (token.kind == XML_TOKEN_START && slice_equal(token.name, name))
			nested++;
		else if (token.kind == XML_TOKEN_END && slice_equal(token.name, name) && nested-- == 0)
			return p;
		p = token.stop;
	}
	return p;
}

Slice
xml_text_keepable(const CoreMemory *memory, const char *text, size_t len, size_t max)
{
	XmlWalk		walk = {text + len, true, {NULL, NULL, NULL}};
	Output		out = {memory, NULL, 0, 0};
	const char *p = text;

	while (p < walk.end && out.len < max)
	{
		XmlToken	token = xml_token(&walk, p);

		put(&out, p, (size_t) (token.stop - p));
		p = token.stop;
		if (token.kind == XML_TOKEN_START &&
			name_is_personal(token.name.data, token.name.data + token.name.len))
		{
			put(&out, "***", 3);
			p = element_stop(&walk, p, token.name);
		}
	}
	return record_text_keepable(memory, out.data, out.len, max);
}
