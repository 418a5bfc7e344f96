/*
 * xml_record.h
 *	  From the text of one XML record to a DecpContrat: rewritten as JSON, for
 *	  which all the readings of the standard are.
 */
#ifndef SPASER_XML_RECORD_H
#define SPASER_XML_RECORD_H

#include "record.h"

/* libxml2's part of a reader; it goes with xml_tree_destroy, safe at any point */
struct XmlTree;

/*
 * frame: of a record that xml_framer_next gave, all of it in the buffer. As
 * record_read otherwise; error->octet counts in the record's text as it was
 * given. contrat->encodage is set when bytes that are not UTF-8 were read as
 * Windows-1252 though the document does not say that it is.
 */
extern bool xml_record_read(struct XmlTree *tree, RecordReader *reader, const CoreMemory *memory,
							const Frame *frame, DecpContrat *contrat, RecordError *error);

/* As record_text_keepable, for XML: what elements of personal data hold is blanked */
extern Slice xml_text_keepable(const CoreMemory *memory, const char *text, size_t len, size_t max);

#endif							/* SPASER_XML_RECORD_H */
