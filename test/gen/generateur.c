/*
 * generateur.c
 *	  Writes DECP files of any size that look like real ones, for tests and
 *	  benchmarks. Same seed and same options: same bytes, on every machine.
 *
 * With --tables it writes lines for COPY instead; tables.c lists the columns.
 */
#include <stdlib.h>

#include "ecrire.h"

typedef struct Options
{
	Generateur	g;
	long		contrats;
	long		mo;
	const char *fichier;
	const char *hostile;
	long		hostile_n;
} Options;

static void
aide(FILE *f)
{
	fputs("Usage: generateur [options]\n"
		  "  --contrats N          number of records (default 1000)\n"
		  "  --depuis I            first of them (default 0): the same records as in a longer run, given the\n"
		  "                        same --acheteurs\n"
		  "  --mo N                instead: at least N megabytes (10^6 bytes)\n"
		  "  --graine S            seed (default 1)\n"
		  "  --format F            v2 (default), v1, ndjson (v2 records, one a line), plat (2.0.0)\n"
		  "  --compact|--indente   one line, or 2 spaces as the ministry does (default)\n"
		  "  --defauts P           percent of records with a defect (default 0)\n"
		  "  --defaut NOM          only that defect (see the list below)\n"
		  "  --acheteurs K         number of buyers (default: one per 57 records, 12 to 30000)\n"
		  "  --annee-debut A       first year of notification (default 2024; v1: 2019)\n"
		  "  --annee-fin A         last year (default 2025; v1: 2023)\n"
		  "  --tables              lines for COPY (text format) instead of JSON\n"
		  "  -o FILE               write there (default: standard output)\n"
		  "  --hostile SORTE N     a document made to break a reader: profondeur, objets, ouvert (N levels),\n"
		  "                        chaine, chaine_ouverte (N megabytes), nombre (N digits), cles, titulaires,\n"
		  "                        modifications, vides, blancs (N times)\n"
		  "Defects:\n", f);
	for (int i = 0; i < defauts_nombre; i++)
		fprintf(f, "  %-31s %s\n", defauts_liste[i].nom, defauts_liste[i].quoi);
}

static void
erreur(const char *message, const char *quoi)
{
	fprintf(stderr, "generateur: %s%s\n", message, quoi);
	exit(2);
}

static long
nombre(const char *option, const char *texte, long bas, long haut)
{
	char	   *fin;
	long		v = texte ? strtol(texte, &fin, 10) : 0;

	if (texte == NULL || *texte == '\0' || *fin || v < bas || v > haut)
		erreur("bad value for ", option);
	return v;
}

static Format
format_lire(const char *texte)
{
	static const char *const noms[] = {"v1", "v2", "ndjson", "plat"};

	for (int i = 0; texte && i < 4; i++)
		if (strcmp(texte, noms[i]) == 0)
			return (Format) i;
	erreur("bad value for ", "--format");
	return FORMAT_V2;
}

static int
defaut_lire(const char *texte)
{
	for (int i = 0; texte && i < defauts_nombre; i++)
		if (strcmp(texte, defauts_liste[i].nom) == 0)
			return i;
	erreur("unknown defect ", texte ? texte : "");
	return -1;
}

/* Reads one option, returns how many arguments it took after itself */
static int
option_lire(Options *o, const char *nom, const char *v, const char *v2)
{
	if (strcmp(nom, "--compact") == 0 || strcmp(nom, "--indente") == 0)
		o->g.indente = nom[2] == 'i';
	else if (strcmp(nom, "--tables") == 0)
		o->g.tables = true;
	else if (strcmp(nom, "--hostile") == 0)
	{
		o->hostile = v ? v : "";
		o->hostile_n = nombre(nom, v2, 0, 4000000000L);
		return 2;
	}
	else
	{
		if (strcmp(nom, "--contrats") == 0)
			o->contrats = nombre(nom, v, 0, NUMERO_MAX);
		else if (strcmp(nom, "--depuis") == 0)
			o->g.depuis = (uint32_t) nombre(nom, v, 0, NUMERO_MAX);
		else if (strcmp(nom, "--mo") == 0)
			o->mo = nombre(nom, v, 1, 1000000);
		else if (strcmp(nom, "--graine") == 0)
			o->g.graine = (uint64_t) nombre(nom, v, 0, 2000000000L);
		else if (strcmp(nom, "--format") == 0)
			o->g.format = format_lire(v);
		else if (strcmp(nom, "--defauts") == 0)
			o->g.defauts = (int) nombre(nom, v, 0, 100);
		else if (strcmp(nom, "--defaut") == 0)
			o->g.defaut_impose = defaut_lire(v);
		else if (strcmp(nom, "--acheteurs") == 0)
			o->g.acheteurs = (uint32_t) nombre(nom, v, 1, 900000);
		else if (strcmp(nom, "--annee-debut") == 0)
			o->g.annee_debut = (int) nombre(nom, v, 2001, 2090);
		else if (strcmp(nom, "--annee-fin") == 0)
			o->g.annee_fin = (int) nombre(nom, v, 2001, 2090);
		else if (strcmp(nom, "-o") == 0)
			o->fichier = v;
		else
			erreur("unknown option ", nom);
		if (v == NULL)
			erreur("no value for ", nom);
		return 1;
	}
	return 0;
}

static void
options_completer(Options *o)
{
	long		n = o->mo ? o->mo * 420 : o->contrats;	/* records of about 2.4 kB, to guess how many buyers */

	if (o->g.annee_debut == 0)
		o->g.annee_debut = o->g.format == FORMAT_V1 ? 2019 : 2024;
	if (o->g.annee_fin == 0)
		o->g.annee_fin = o->g.format == FORMAT_V1 ? 2023 : 2025;
	if (o->g.annee_fin < o->g.annee_debut)
		erreur("--annee-fin is before ", "--annee-debut");
	if (o->g.acheteurs == 0)
		o->g.acheteurs = n / 57 < 12 ? 12 : n / 57 > 30000 ? 30000 : (uint32_t) (n / 57);
	o->g.titulaires = o->g.acheteurs * 7 + 43;
	if (o->g.depuis + o->contrats > NUMERO_MAX)
		erreur("too many records from ", "--depuis");
	o->g.contrats = o->mo ? NUMERO_MAX : o->g.depuis + (uint32_t) o->contrats;
	if (o->g.format == FORMAT_NDJSON)
		o->g.indente = false;
	if (o->g.defaut_impose >= 0 && o->g.defauts == 0)
		o->g.defauts = 100;
}

/* Contracts of one kind (concessions alone, marchés alone) or of both; returns the index after the last */
static uint32_t
contrats_ecrire(const Generateur *g, Sortie *s, uint64_t octets, uint32_t fin, bool marches, bool concessions)
{
	static Contrat c;
	uint32_t	i;
	bool		lignes = g->tables || g->format == FORMAT_NDJSON;

	for (i = g->depuis; i < fin && (octets == 0 || sortie_total(s) < octets); i++)
	{
		if (!(contrat_est_concession(i) ? concessions : marches))
			continue;
		contrat_tirer(g, i, &c);
		sortie_reserver(s);
		if (g->tables)
		{
			tables_contrat(s, &c, g->format);
			continue;
		}
		if (!lignes)
			json_suivant(s);
		json_contrat(s, &c, g->format);
		if (lignes)
			sortie_car(s, '\n');
	}
	return i;
}

static void
document_ecrire(const Generateur *g, Sortie *s, uint64_t octets)
{
	uint32_t	fin;

	if (g->tables || g->format == FORMAT_NDJSON)
	{
		contrats_ecrire(g, s, octets, g->contrats, true, true);
		return;
	}
	json_ouvrir(s, '{');
	json_cle(s, "marches");
	if (g->format == FORMAT_V2)
	{
		json_ouvrir(s, '{');
		json_cle(s, "marche");
		json_ouvrir(s, '[');
		fin = contrats_ecrire(g, s, octets, g->contrats, true, false);
		json_fermer(s, ']');
		json_cle(s, "contrat-concession");
		json_ouvrir(s, '[');
		contrats_ecrire(g, s, 0, fin, false, true);
		json_fermer(s, ']');
		json_fermer(s, '}');
	}
	else
	{
		json_ouvrir(s, '[');
		contrats_ecrire(g, s, octets, g->contrats, true, true);
		json_fermer(s, ']');
	}
	json_fermer(s, '}');
	sortie_car(s, '\n');
}

int
main(int argc, char **argv)
{
	static Sortie s;
	Options		o = {
		.g = {.graine = 1, .defaut_impose = -1, .format = FORMAT_V2, .indente = true}, .contrats = 1000
	};

	for (int i = 1; i < argc; i++)
	{
		if (strcmp(argv[i], "--aide") == 0)
		{
			aide(stdout);
			return 0;
		}
		i += option_lire(&o, argv[i], i + 1 < argc ? argv[i + 1] : NULL, i + 2 < argc ? argv[i + 2] : NULL);
	}
	options_completer(&o);
	s.fichier = o.fichier ? fopen(o.fichier, "wb") : stdout;
	if (s.fichier == NULL)
	{
		perror(o.fichier);
		return 1;
	}
	s.indente = o.g.indente;
	if (o.hostile == NULL)
		document_ecrire(&o.g, &s, (uint64_t) o.mo * 1000000);
	else if (!hostile_ecrire(&s, o.hostile, o.hostile_n))
		erreur("unknown kind of hostile document ", o.hostile);
	sortie_vider(&s);
	if (fclose(s.fichier) != 0)
	{
		perror("generateur: close");
		return 1;
	}
	return 0;
}
