"""Records of a DECP JSON document, whatever its root, for compter.py.

A document that is not valid JSON as a whole is read record by record; a
record that is not valid is returned as the text BAD.
"""
import json
import re
from decimal import Decimal


def first_wins(pairs):
    record = {}
    for key, value in pairs:
        record.setdefault(key, value)
    return record


# of two equal keys the first counts; raw control characters in strings are met and accepted
DECODER = json.JSONDecoder(parse_float=Decimal, object_pairs_hook=first_wins, strict=False)


def records_of(document, container):
    """Records of a parsed document as (value, container)."""
    if isinstance(document, list):
        return [(value, container) for value in document]
    if isinstance(document, dict) and 'marches' in document:
        inner = document['marches']
        if not isinstance(inner, dict):
            return records_of(inner, 'v1') if isinstance(inner, list) else []
        found = []
        for key in ('marche', 'contrat-concession'):
            if key in inner:
                values = inner[key] if isinstance(inner[key], list) else [inner[key]]
                found += [(value, key) for value in values]
        return found
    return [(document, container)]


def element_end(text, start):
    """Offset after the JSON value that starts here, its strings and braces only."""
    depth, i, inside = 0, start, False
    while i < len(text):
        c = text[i]
        if inside:
            if c == '\\':
                i += 1
            elif c == '"':
                inside = False
        elif c == '"':
            inside = True
        elif c in '{[':
            depth += 1
        elif c in '}]':
            if depth == 0:
                return i
            depth -= 1
        elif c == ',' and depth == 0:
            return i
        i += 1
        if depth == 0 and not inside and text[i - 1] in '}]':
            return i
    return None


def broken_records(text):
    """A document that is not valid JSON as a whole: record by record."""
    head = re.match(r'\s*\{\s*"marches"\s*:\s*(\{\s*"(marche|contrat-concession)"\s*:\s*)?\[', text)
    following = re.compile(r'\]\s*,\s*"(marche|contrat-concession)"\s*:\s*\[')
    container = (head.group(2) or 'v1') if head else None
    position, found = (head.end() if head else 0), []
    while True:
        position = re.compile(r'[\s,]*').match(text, position).end()
        other = following.match(text, position)
        if other:
            container, position = other.group(1), other.end()
            continue
        if position >= len(text) or text[position] in ']}':
            return found
        try:
            value, position = DECODER.raw_decode(text, position)
            found += [(value, container)] if head else records_of(value, None)
            continue
        except ValueError:
            pass
        if text[position] not in '{[':
            return found
        end = element_end(text, position)
        found.append(('BAD', container))
        if end is None:
            return found
        position = end


def read_file(path):
    with open(path, 'rb') as handle:
        text = handle.read().decode('utf-8-sig', 'replace')
    if not text.strip():
        return []
    try:
        return records_of(DECODER.decode(text), None)
    except ValueError:
        return broken_records(text)
