/*
 * hostile.c
 *	  Documents made to break a reader: too deep, too long, too many. They are
 *	  written on the fly because no one wants them on a disk.
 */
#include "ecrire.h"

static void
repeter(Sortie *s, const char *texte, long n)
{
	if (*texte == '\0')
		return;
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

/* What repeats n times between a beginning and an end, inside the first record or after it */
typedef struct Hostile
{
	const char *sorte;
	const char *avant;
	const char *motif;
	const char *milieu;
	const char *fermeture;		/* repeated n times as well */
	bool		entier;			/* false: the document stops there */
} Hostile;

static const Hostile sortes[] = {
	{"profondeur", "\"titulaires\":", "[", "", "]", true},
	{"objets", "\"titulaires\":", "{\"titulaire\":", "null", "}", true},
	{"ouvert", "\"titulaires\":", "[{\"a\":", "", "", false},
	{"nombre", "\"montant\":1", "0", "", "", true},
	{"titulaires", "\"titulaires\":[null", ",{\"titulaire\":{\"typeIdentifiant\":\"SIRET\",\"id\":\"90000002700012\"}}",
	"]", "", true},
	{"modifications", "\"modifications\":[null", ",{\"modification\":{\"id\":1,\"montant\":60000}}", "]", "", true},
	{"vides", "\"montant\":1}", ",{}", ",{\"montant\":1", "", true},
	{"blancs", "\"montant\":1", " \n", "", "", true}
};

static void
cles(Sortie *s, long n)
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

bool
hostile_ecrire(Sortie *s, const char *sorte, long n)
{
	const Hostile *h = NULL;
	bool		entier = true;

	for (size_t i = 0; i < sizeof(sortes) / sizeof(sortes[0]); i++)
		if (strcmp(sorte, sortes[i].sorte) == 0)
			h = &sortes[i];
	sortie_texte(s, debut);
	sortie_texte(s, suite);
	if (h)
	{
		sortie_texte(s, h->avant);
		repeter(s, h->motif, n);
		sortie_texte(s, h->milieu);
		repeter(s, h->fermeture, n);
		entier = h->entier;
	}
	else if (strncmp(sorte, "chaine", 6) == 0)
	{
		sortie_texte(s, "\"objet\":\"");
		mega(s, n);
		entier = sorte[6] == '\0';
		if (entier)
			sortie_car(s, '"');
	}
	else if (strcmp(sorte, "cles") == 0)
		cles(s, n);
	else
		return false;
	if (entier)
	{
		sortie_car(s, '}');
		sortie_texte(s, dernier);
	}
	return true;
}
