/*
 * mots.c
 *	  The words of generated contracts: labels of the closed lists, subjects of
 *	  purchases by CPV family, names of places, buyers and firms (invented).
 */
#include <stdio.h>
#include <string.h>

#include "contrat.h"

const char *const lib_nature[] = {
	"Marché", "Marché de partenariat", "Marché de défense ou de sécurité", "Accord-cadre", "Marché subséquent"
};
const char *const lib_nature_concession[] = {
	"Concession de travaux", "Concession de service", "Concession de service public", "Délégation de service public"
};
const char *const lib_procedure[] = {
	"Procédure adaptée", "Appel d'offres ouvert", "Appel d'offres restreint", "Procédure avec négociation",
	"Marché passé sans publicité ni mise en concurrence préalable", "Dialogue compétitif"
};
const char *const lib_procedure_concession[] = {
	"Procédure négociée ouverte", "Procédure non négociée ouverte", "Procédure négociée restreinte",
	"Procédure non négociée restreinte"
};
const char *const lib_techniques[] = {
	"Accord-cadre", "Concours", "Système de qualification", "Système d'acquisition dynamique",
	"Catalogue électronique", "Enchère électronique", NULL
};
const char *const lib_modalites[] = {"Tranches", "Bons de commande", "Marchés subséquents", NULL};
const char *const lib_types_prix[] = {
	"Définitif ferme", "Définitif actualisable", "Définitif révisable", "Provisoire", NULL
};
const char *const lib_forme_prix[] = {"Unitaire", "Forfaitaire", "Mixte"};
const char *const lib_forme_prix_v1[] = {"Ferme", "Ferme et actualisable", "Révisable", "Révisable"};
const char *const lib_ccag[] = {
	"Travaux", "Maitrise d'œuvre", "Fournitures courantes et services", "Marchés industriels",
	"Prestations intellectuelles", "Techniques de l'information et de la communication", "Pas de CCAG"
};
const char *const lib_groupement[] = {"Conjoint", "Solidaire", "Pas de groupement"};
const char *const lib_sociales[] = {"Clause sociale", "Critère social", "Marché réservé", NULL};
const char *const lib_sociales_concession[] = {"Clause sociale", "Critère social", "Concession réservée", NULL};
const char *const lib_environnementales[] = {"Clause environnementale", "Critère environnemental", NULL};
const char *const lib_lieu[] = {
	"Code postal", "Code commune", "Code arrondissement", "Code canton", "Code département", "Code région", "Code pays"
};
const char *const lib_variation[] = {"Ferme", "Actualisable", "Révisable"};
const char *const lib_tarifs[] = {
	"Plein tarif", "Tarif réduit", "Abonnement mensuel", "Abonnement annuel", "Part fixe", "Part proportionnelle",
	"Tarif des habitants", "Tarif des groupes"
};

/* ---------------------------------------------------------------- families of purchases */

typedef struct Famille
{
	uint16_t	poids;
	uint8_t		type_achat;		/* 0 works, 1 supplies, 2 services */
	const char *cpv[6];
	const char *actes[8];
	const char *objets[8];
} Famille;

#define FAMILLE_TRAVAUX 0

static const Famille familles[] = {
	{515, 0, {"45000000", "45210000", "45261210", "45233140", "45331000", "45442100"},
		{"Travaux de rénovation", "Réhabilitation", "Restructuration et extension", "Mise en accessibilité",
		"Rénovation énergétique", "Construction", "Travaux d'aménagement", "Mise aux normes de sécurité incendie"},
	{"de l'école élémentaire", "du groupe scolaire", "du gymnase", "de la médiathèque", "de l'hôtel de ville",
	"du centre technique municipal", "de la résidence pour personnes âgées", "de la salle polyvalente"}},
	{72, 2, {"55520000", "55523100", "55500000", "55270000", "55250000", "55240000"},
		{"Fourniture et livraison de repas", "Restauration", "Confection de repas en liaison froide",
		"Gestion de la cuisine centrale", "Service de repas", "Hébergement et restauration", "Portage de repas",
		"Préparation de goûters"},
	{"pour les cantines scolaires", "pour le personnel", "pour l'accueil de loisirs", "pour les résidents de l'EHPAD",
	"pour les séjours de classe de découverte", "pour la crèche familiale", "pour les usagers du foyer", "pour les réceptions"}},
	{69, 2, {"80500000", "80511000", "80530000", "80521000", "80310000", "80400000"},
		{"Actions de formation", "Parcours qualifiant", "Formation continue", "Préparation à la certification",
		"Formation obligatoire", "Accompagnement et formation", "Ateliers d'apprentissage", "Remise à niveau"},
	{"aux métiers du bâtiment", "à la prévention des risques", "des demandeurs d'emploi", "à l'aide à la personne",
	"des agents d'entretien", "aux outils numériques", "à l'encadrement d'équipe", "en langue française"}},
	{58, 2, {"71000000", "71221000", "71315000", "71240000", "71356300", "71520000"},
		{"Mission de maîtrise d'œuvre", "Assistance à maîtrise d'ouvrage", "Contrôle technique", "Étude de faisabilité",
		"Diagnostic amiante et plomb", "Coordination en matière de sécurité", "Relevés topographiques", "Étude géotechnique"},
	{"pour la reconstruction de la piscine", "pour la requalification de la place", "pour l'extension du cimetière",
	"pour le schéma directeur d'assainissement", "pour la caserne", "pour la restauration de l'église",
	"pour la nouvelle passerelle", "pour le réseau de chaleur"}},
	{28, 1, {"15100000", "15220000", "15810000", "15500000", "15331000", "15981000"},
		{"Fourniture de denrées alimentaires", "Achat de viande fraîche", "Fourniture de fruits et légumes surgelés",
		"Livraison de pain et de viennoiserie", "Fourniture de produits laitiers", "Achat d'épicerie biologique",
		"Fourniture d'eau de source", "Achat de poisson frais"},
	{"pour les restaurants scolaires", "pour la cuisine de l'hôpital", "pour le groupement de collèges",
	"pour les crèches", "pour le lycée agricole", "pour la légumerie", "pour les foyers", "pour le centre de vacances"}},
	{28, 1, {"44110000", "44160000", "44221000", "44113600", "03410000", "14210000"},
		{"Fourniture de matériaux", "Achat de menuiseries", "Fourniture de canalisations", "Achat d'enrobés",
		"Fourniture de quincaillerie", "Achat de bois d'œuvre", "Livraison de granulats", "Fourniture de peinture"},
	{"pour les ateliers municipaux", "pour la régie des eaux", "pour l'entretien du patrimoine", "pour la voirie",
	"pour le parc de logements", "pour les services techniques", "pour le stock du magasin", "pour les chantiers d'insertion"}},
	{33, 2, {"79341000", "79710000", "79823000", "79620000", "79952000", "75251000"},
		{"Prestations de gardiennage", "Impression de documents", "Campagne de communication", "Mise à disposition de personnel",
		"Organisation d'événements", "Conseil juridique", "Étude de fréquentation", "Transcription de débats"},
	{"pour la saison culturelle", "des bâtiments administratifs", "du magazine municipal", "du marché de Noël",
	"pour la direction générale", "de la fête du fleuve", "des conseils communautaires", "pour le musée"}},
	{30, 2, {"50700000", "50750000", "50110000", "50413200", "50800000", "51000000"},
		{"Maintenance préventive et corrective", "Exploitation avec garantie totale", "Entretien", "Vérification périodique",
		"Réparation", "Télésurveillance et dépannage", "Contrôle réglementaire", "Remise en état"},
	{"des installations de chauffage", "des ascenseurs", "du parc de véhicules", "des extincteurs", "des portes automatiques",
	"des aires de jeux", "des groupes électrogènes", "de l'éclairage public"}},
	{24, 2, {"90500000", "90910000", "90610000", "90400000", "90511000", "90700000"},
		{"Collecte et traitement", "Nettoyage", "Enlèvement et recyclage", "Balayage mécanisé", "Curage", "Location de bennes",
		"Exploitation", "Tri et valorisation"},
	{"des déchets ménagers", "des locaux et de la vitrerie", "des encombrants", "des voies et places", "des réseaux d'assainissement",
	"de la déchèterie", "de la station d'épuration", "des biodéchets"}},
	{25, 1, {"33140000", "33600000", "33100000", "38000000", "38430000", "33190000"},
		{"Fourniture de dispositifs médicaux", "Acquisition d'appareils de mesure", "Fourniture de réactifs",
		"Achat de médicaments", "Location d'équipements de laboratoire", "Fourniture de lits médicalisés",
		"Achat de consommables", "Renouvellement de matériel"},
	{"pour le centre hospitalier", "pour le laboratoire d'analyses", "pour le plateau technique", "pour l'EHPAD",
	"pour la pharmacie centrale", "pour l'université", "pour le service d'imagerie", "pour le centre de santé"}},
	{18, 2, {"66510000", "66515000", "66516000", "66113000", "66512000", "66514110"},
		{"Assurance", "Souscription de contrats d'assurance", "Couverture statutaire", "Protection juridique", "Garantie",
		"Prestations de courtage", "Ligne de trésorerie", "Couverture complémentaire santé"},
	{"des dommages aux biens", "de la flotte automobile", "de la responsabilité civile", "des agents", "des élus",
	"des œuvres exposées", "des risques du personnel", "des chantiers"}},
	{16, 2, {"77310000", "77340000", "77320000", "77211500", "77314000", "77200000"},
		{"Entretien", "Taille et élagage", "Fauchage et débroussaillage", "Création et entretien", "Tonte et désherbage",
		"Plantation", "Gestion écologique", "Abattage et dessouchage"},
	{"des espaces verts", "des arbres d'alignement", "des terrains de sport", "des berges", "des cimetières",
	"des haies bocagères", "des parcs et jardins", "de la forêt communale"}},
	{16, 1, {"34110000", "34121000", "34130000", "34144900", "34136000", "34114000"},
		{"Acquisition de véhicules", "Location longue durée", "Achat d'utilitaires électriques", "Fourniture d'autocars",
		"Achat d'une balayeuse", "Acquisition d'un porteur", "Fourniture de vélos à assistance", "Achat de véhicules d'occasion"},
	{"pour le parc automobile", "pour la police municipale", "pour le service d'incendie", "pour la régie de transport",
	"pour les équipes de soins", "pour la collecte", "pour les agents itinérants", "pour le centre d'exploitation"}},
	{17, 2, {"64110000", "64212000", "64210000", "60130000", "60170000", "60112000"},
		{"Affranchissement et remise", "Services de téléphonie", "Transport scolaire", "Transport adapté", "Accès à internet",
		"Transport de personnes", "Acheminement de courrier", "Navettes"},
	{"du courrier", "fixe et mobile", "des élèves en situation de handicap", "vers les équipements sportifs",
	"entre les sites", "pour les classes transplantées", "des personnels", "des personnes âgées"}},
	{14, 1, {"30190000", "30200000", "30213000", "30120000", "30197000", "48000000"},
		{"Fourniture de postes de travail", "Achat de papier", "Location de photocopieurs", "Fournitures de bureau",
		"Acquisition de serveurs", "Achat de licences", "Fourniture de tablettes", "Achat d'écrans interactifs"},
	{"pour les écoles", "pour les services", "pour le centre de données", "pour les agents", "pour les collèges",
	"pour la direction des systèmes d'information", "pour les bibliothèques", "pour l'administration"}},
	{10, 1, {"39100000", "39130000", "39160000", "39220000", "39830000", "39310000"},
		{"Fourniture de mobilier", "Achat de produits d'entretien", "Équipement", "Fourniture de matériel de cuisine",
		"Achat de mobilier réemployé", "Aménagement intérieur", "Fourniture de literie", "Fourniture de vaisselle"},
	{"des salles de classe", "des bureaux", "de l'office", "de l'accueil", "des chambres", "de la crèche",
	"de la salle du conseil", "du restaurant administratif"}},
	{9, 1, {"42510000", "42120000", "42130000", "42410000", "43300000", "42900000"},
		{"Fourniture et pose de pompes", "Acquisition de matériel de levage", "Achat de compresseurs", "Fourniture de ventilateurs",
		"Achat d'engins de chantier", "Fourniture de vannes", "Remplacement de groupes froids", "Fourniture de machines"},
	{"pour la station de relevage", "pour l'atelier", "pour l'usine d'eau potable", "pour le port", "pour la patinoire",
	"pour le lycée professionnel", "pour la chaufferie", "pour la régie"}},
	{12, 1, {"09310000", "09123000", "09134200", "31500000", "41110000", "09331200"},
		{"Fourniture d'électricité", "Fourniture de gaz naturel", "Achat de carburant", "Fourniture de luminaires",
		"Fourniture de granulés de bois", "Achat d'électricité verte", "Fourniture de panneaux solaires", "Fourniture d'eau potable"},
	{"pour les bâtiments publics", "pour l'éclairage public", "pour le parc de véhicules", "pour les piscines",
	"pour le groupement de commandes", "pour les logements", "pour les sites isolés", "pour les stations"}},
	{6, 1, {"18110000", "18130000", "18230000", "18300000", "18400000", "18800000"},
		{"Fourniture de vêtements de travail", "Achat d'équipements de protection", "Habillement", "Location et entretien d'uniformes",
		"Fourniture de chaussures de sécurité", "Achat de tenues", "Fourniture de gants", "Achat de vêtements à haute visibilité"},
	{"des agents techniques", "de la police municipale", "des sapeurs-pompiers", "du personnel soignant", "des cuisiniers",
	"des agents d'accueil", "des équipes de collecte", "des apprentis"}}
};

#define NFAMILLES ((int) (sizeof(familles) / sizeof(familles[0])))

static const char *const lots[] = {
	"gros œuvre", "charpente et ossature bois", "couverture et zinguerie", "menuiseries extérieures", "plomberie et sanitaires",
	"chauffage et ventilation", "électricité courants forts et faibles", "plâtrerie, isolation et faux plafonds",
	"carrelage et faïence", "peinture et revêtements muraux", "voirie et réseaux divers", "espaces verts et clôtures",
	"démolition et désamiantage", "serrurerie et métallerie", "ascenseurs", "sols souples", "secteur Nord", "secteur Sud",
	"centre-ville", "communes rurales", "fournitures courantes", "prestations complémentaires"
};

/* ---------------------------------------------------------------- places and names */

static const char *const saints[] = {
	"Aubin", "Brice", "Cyr", "Désiré", "Éloi", "Florent", "Géry", "Hilaire", "Jouin", "Léger", "Maur", "Nazaire", "Ouen",
	"Paterne", "Quentin", "Rémy", "Sulpice", "Urbain", "Véran", "Yrieix", "Ambroise", "Bonnet", "Christol", "Fiacre"
};
static const char *const bourgs[] = {
	"Bellevue", "Clairmont", "Fontenelle", "Hauteville", "Montbrun", "Neuvilly", "Rocheblanche", "Valombre", "Villeneuvette",
	"Champfleury", "Ormeval", "Pontclair", "Beaulieu", "Chênevert", "Prémartin", "Lavaldieu"
};
static const char *const suites[] = {
	"-sur-Orne", "-sur-Loir", "-sur-Yonne", "-en-Forêt", "-la-Plaine", "-les-Étangs", "-du-Bois", "-sous-Mont", "-le-Vieux",
	"-l'Abbaye", "-d'Aval", "-en-Bocage", "", "", ""
};
static const char *const lieux[] = {
	"Les Tilleuls", "Les Mésanges", "Les Bruyères", "La Garenne", "Les Glycines", "Le Moulin", "La Prairie", "Les Cèdres",
	"Les Hirondelles", "La Fontaine", "Les Acacias", "Le Verger", "L'Étang", "Les Coquelicots", "La Source", "Les Peupliers"
};
static const char *const suffixes[] = {
	"Accord-cadre à bons de commande mono-attributaire, reconductible trois fois par période d'un an",
	"Opération « Cœur de bourg », deuxième tranche", "Relance à la suite d'une déclaration d'infructuosité",
	"Prestations réalisées en site occupé, avec phasage par bâtiment", "Groupement de commandes entre la commune et l'intercommunalité",
	"Programme pluriannuel d'investissement, y compris missions d'exécution et de synthèse",
	"Marché réalisé dans le cadre du plan de sobriété de l'établissement", "Tranche ferme et deux tranches optionnelles"
};
static const char *const metiers[] = {
	"BÂTIMENT", "TRAVAUX PUBLICS", "ÉNERGIE", "SERVICES", "PAYSAGES", "INGÉNIERIE", "PROPRETÉ", "DISTRIBUTION", "FORMATION",
	"ÉLECTRICITÉ", "MENUISERIE", "RESTAURATION", "MOBILITÉS", "SÉCURITÉ", "INFORMATIQUE", "MAINTENANCE"
};
static const char *const formes[] = {"SAS", "SARL", "ÉTS", "SCOP", "GROUPE", "ATELIERS"};

static char *
ajouter(char *p, const char *fin, const char *texte)
{
	size_t		n = strlen(texte);

	if (n > (size_t) (fin - p))
		n = (size_t) (fin - p);
	memcpy(p, texte, n);
	return p + n;
}

static char *
ajouter_commune(Alea *a, char *p, const char *fin)
{
	if (alea_n(a, 3) < 2)
	{
		p = ajouter(p, fin, "Saint-");
		p = ajouter(p, fin, ALEA_PARMI(a, saints));
	}
	else
		p = ajouter(p, fin, ALEA_PARMI(a, bourgs));
	return ajouter(p, fin, ALEA_PARMI(a, suites));
}

void
mots_acheteur(Alea *a, uint32_t categorie, char *nom, size_t taille)
{
	static const char *const genres[] = {
		"Commune de ", "Communauté de communes de ", "Département de ", "Région de ", "Centre hospitalier de ",
		"Office public de l'habitat de ", "Établissement public de "
	};
	const char *fin = nom + taille - 1;
	char	   *p = ajouter(nom, fin, genres[categorie]);

	*ajouter_commune(a, p, fin) = '\0';
}

void
mots_entreprise(Alea *a, char *nom, size_t taille)
{
	const char *fin = nom + taille - 1;
	char	   *p = ajouter(nom, fin, ALEA_PARMI(a, formes));

	p = ajouter(p, fin, " ");
	p = ajouter(p, fin, ALEA_PARMI(a, saints));
	p = ajouter(p, fin, " ");
	*ajouter(p, fin, ALEA_PARMI(a, metiers)) = '\0';
}

int
mots_famille(Alea *a, const char **cpv, int *type_achat)
{
	int			u = (int) alea_n(a, 1000);
	int			f = 0;

	while (f < NFAMILLES - 1 && u >= familles[f].poids)
		u -= familles[f++].poids;
	*cpv = ALEA_PARMI(a, familles[f].cpv);
	*type_achat = familles[f].type_achat;
	return f;
}

static char *
ajouter_objet_concession(Alea *a, char *p, const char *fin)
{
	static const char *const actes[] = {
		"Exploitation", "Gestion et exploitation", "Délégation de la gestion", "Construction et exploitation", "Affermage"
	};
	static const char *const services[] = {
		" du service de l'eau potable", " de l'assainissement collectif", " du crématorium", " du casino", " du camping municipal",
		" du réseau de chaleur", " du parc de stationnement", " du complexe aquatique", " de la fourrière automobile",
		" des transports urbains", " du port de plaisance", " de la crèche"
	};

	p = ajouter(p, fin, ALEA_PARMI(a, actes));
	return ajouter(p, fin, ALEA_PARMI(a, services));
}

void
mots_objet(Alea *a, Contrat *c)
{
	static const char *const liaisons[] = {" à ", " - ", " - commune de ", " (", ", site de "};
	const Famille *f = &familles[c->famille];
	const char *fin = c->objet + sizeof(c->objet) - 1;
	char	   *p = c->objet;
	int			liaison = (int) alea_n(a, 5);
	char		lot[16];

	if (c->concession)
		p = ajouter_objet_concession(a, p, fin);
	else
	{
		p = ajouter(p, fin, ALEA_PARMI(a, f->actes));
		p = ajouter(p, fin, " ");
		p = ajouter(p, fin, ALEA_PARMI(a, f->objets));
	}
	if (alea_n(a, 3) == 0)
	{
		bool		droits = alea_n(a, 12) == 0;

		p = ajouter(p, fin, droits ? " \"" : " « ");
		p = ajouter(p, fin, ALEA_PARMI(a, lieux));
		p = ajouter(p, fin, droits ? "\"" : " »");
	}
	p = ajouter(p, fin, liaisons[liaison]);
	p = ajouter_commune(a, p, fin);
	if (liaison == 3)
		p = ajouter(p, fin, ")");
	if (!c->concession && alea_mille(a, 420))
	{
		snprintf(lot, sizeof(lot), "Lot n° %02u : ", alea_n(a, 18) + 1);
		p = ajouter(p, fin, alea_n(a, 2) ? " - " : " : ");
		p = ajouter(p, fin, alea_n(a, 3) ? lot : "lot unique, ");
		p = ajouter(p, fin, lots[c->famille == FAMILLE_TRAVAUX ? alea_n(a, 16) : 16 + alea_n(a, 6)]);
	}
	for (int n = (int) alea_n(a, 1000); n < 640; n += 420)
	{
		p = ajouter(p, fin, ". ");
		p = ajouter(p, fin, ALEA_PARMI(a, suffixes));
	}
	*p = '\0';
}
