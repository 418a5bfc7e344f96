/*
 * hostile.c
 *	  Documents made to break a reader: too deep, too long, too many. They are
 *	  written on the fly because no one wants them on a disk.
 */
#include "ecrire.h"

static void
repeter(Sortie *s, const char *texte, long n)
{
	for (long i = 0; i < n; i++)
	{
		sortie_reserver(s);
		sortie_texte(s, texte);
	}
}

static void
mega(Sortie *s, long mo)
{
	static const char soixante_quatre[] = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ+-";

	repeter(s, soixante_quatre, mo * (1000000 / 64));
}

static const char debut[] = "{\"marches\":{\"marche\":[";
static const char suite[] = "{\"id\":\"H-1\",\"acheteur\":{\"id\":\"21440999700019\"},\"nature\":\"Marché\",";
static const char dernier[] = ",{\"id\":\"H-2\",\"acheteur\":{\"id\":\"21440999700019\"},\"nature\":\"Marché\","
	"\"objet\":\"Celui d'après\",\"montant\":50000}]}}\n";

bool
hostile_ecrire(Sortie *s, const char *sorte, long n)
{
	bool		fermer = true;

	sortie_texte(s, debut);
	sortie_texte(s, suite);
	if (strcmp(sorte, "profondeur") == 0)
	{
		sortie_texte(s, "\"titulaires\":");
		repeter(s, "[", n);
		repeter(s, "]", n);
	}
	else if (strcmp(sorte, "objets") == 0)
	{
		sortie_texte(s, "\"titulaires\":");
		repeter(s, "{\"titulaire\":", n);
		sortie_texte(s, "null");
		repeter(s, "}", n);
	}
	else if (strcmp(sorte, "ouvert") == 0)
	{
		/* brackets that nothing closes */
		sortie_texte(s, "\"titulaires\":");
		repeter(s, "[{\"a\":", n);
		return true;
	}
	else if (strcmp(sorte, "chaine") == 0)
	{
		sortie_texte(s, "\"objet\":\"");
		mega(s, n);
		sortie_car(s, '"');
	}
	else if (strcmp(sorte, "chaine_ouverte") == 0)
	{
		sortie_texte(s, "\"objet\":\"");
		mega(s, n);
		return true;
	}
	else if (strcmp(sorte, "nombre") == 0)
	{
		sortie_texte(s, "\"montant\":1");
		repeter(s, "0", n);
	}
	else if (strcmp(sorte, "cles") == 0)
	{
		sortie_texte(s, "\"montant\":1");
		for (long i = 0; i < n; i++)
		{
			sortie_reserver(s);
			sortie_texte(s, ",\"k");
			sortie_entier(s, i);
			sortie_texte(s, "\":0");
		}
	}
	else if (strcmp(sorte, "titulaires") == 0)
	{
		sortie_texte(s, "\"titulaires\":[{\"titulaire\":{\"typeIdentifiant\":\"SIRET\",\"id\":\"90000001900019\"}}");
		repeter(s, ",{\"titulaire\":{\"typeIdentifiant\":\"SIRET\",\"id\":\"90000002700012\"}}", n);
		sortie_car(s, ']');
	}
	else if (strcmp(sorte, "modifications") == 0)
	{
		sortie_texte(s, "\"modifications\":[null");
		repeter(s, ",{\"modification\":{\"id\":1,\"montant\":60000}}", n);
		sortie_car(s, ']');
	}
	else if (strcmp(sorte, "vides") == 0)
	{
		sortie_texte(s, "\"montant\":1}");
		repeter(s, ",{}", n);
		fermer = false;
	}
	else if (strcmp(sorte, "blancs") == 0)
	{
		sortie_texte(s, "\"montant\":1}");
		repeter(s, " \n", n);
		fermer = false;
	}
	else
		return false;
	if (fermer)
		sortie_car(s, '}');
	sortie_texte(s, dernier);
	return true;
}
