/*
 * json_key.c
 *	  Folding of JSON keys.
 */
#include "json_key.h"

size_t
json_key_fold(const char *key, size_t len, char folded[JSON_KEY_MAX])
{
	size_t		n = 0;

	for (size_t i = 0; i < len; i++)
	{
		unsigned char c = (unsigned char) key[i];

		if (c >= 'A' && c <= 'Z')
			c = (unsigned char) (c + ('a' - 'A'));
		else if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9'))
			continue;
		if (n == JSON_KEY_MAX - 1)
		{
			n = 0;
			break;
		}
		folded[n++] = (char) c;
	}
	folded[n] = '\0';
	return n;
}
