/*
 * attribut.c
 *	  The attributes of a profil: their place in its 16 bytes, their values and
 *	  the text of their codes.
 *
 * Place of the fields. The first attribute has the highest bits of word 0 and
 * each next one the bits just below, word 1 likewise, so that comparing the
 * words as integers compares attribute by attribute. A field is wide enough
 * for one more value (set: one more flag) than there is wherever a list may
 * grow; a new attribute takes the free bits of word 1. Those of an attribution
 * stand where contracts have what nobody asks of a holder.
 *
 *	attribute						word	bits	width	codes used
 *	type_contrat					0		63-62	2		3
 *	format							0		61-60	2		3
 *	nature							0		59-56	4		8
 *	considerations_sociales			0		55-51	5		16
 *	considerations_environnementales	0	50-47	4		8
 *	accord_cadre					0		46-45	2		3
 *	subsequent						0		44-42	3		5
 *	techniques						0		41-34	8		65
 *	modalites_execution				0		33-29	5		9
 *	procedure						0		28-24	5		11
 *	types_prix						0		23-18	6		17
 *	forme_prix						0		17-15	3		4
 *	ccag							0		14-11	4		8
 *	groupement						0		10-8	3		4
 *	marche_innovant					0		7-6		2		3
 *	avance							0		5-4		2		3
 *	sous_traitance					0		3-2		2		3
 *	(free)							0		1
 *	niveau							0		0		1		2
 *	offres							1		63-60	4		7
 *	type_achat						1		59-57	3		4
 *	origine							1		56-54	3		5
 *	publication						1		53-51	3		5
 *	montant							1		50-49	2		3
 *	tranche_montant					1		48-45	4		7
 *	modifie							1		44-43	2		3
 *	duree							1		42-39	4		8
 *	periode							1		38-36	3		4
 *	titulaires						1		35-34	2		3
 *	segment							1		33-30	4		12
 *	agec							1		29-25	5		19
 *	seuil_europeen					1		24-23	2		3
 *	seuil_procedure					1		22-21	2		3
 *	(free)							1		20-19
 *	changement_titulaire			1		18-17	2		4
 *	depassement						1		16-14	3		6
 *	(free)							1		13-8
 *	(none: compte.h keeps parts there)	1	7-0
 *
 * of an attribution, in place of techniques and modalites_execution:
 *	taille 41-40, taille_titulaire 39-38, tpe 37-36, local 34-31, etranger 30-29
 * of types_prix, forme_prix, ccag and groupement:
 *	local_titulaire 22-19, ess 18-17, ess_titulaire 16-15, societe_mission 14-13,
 *	esus 12-11, inclusion 10-8
 * of avance and sous_traitance: epci 5-4, epci_titulaire 3-2
 * of publication: distance 53-51
 * of modifie and duree: etranger_titulaire 44-43, lieu 42-41, lieu_titulaire 40-39
 * of changement_titulaire, depassement and what is free: pme_un 20-19, ess_un 18-17,
 *	inclusion_un 16-15, departement_un 14-13, lieu_un 12-11, etranger_un 10-9, identifies 8
 */
#include "profil.h"

static const AttributValeur oui_non[] = {
	{"oui", "Oui", true},
	{"non", "Non", true},
};

static const AttributValeur niveaux[] = {
	{"attribution", "Un titulaire d'un contrat, pour sa part", true},
};

static const AttributValeur types_contrat[] = {
	{"marche", "Marché", true},
	{"concession", "Concession", true},
};

static const AttributValeur formats[] = {
	{"v1", "Format 2019 (v1)", true},
	{"v2", "Format 2022 (v2)", true},
};

static const AttributValeur natures[] = {
	{"marche", "Marché", true},
	{"marche_partenariat", "Marché de partenariat", true},
	{"marche_defense_securite", "Marché de défense ou de sécurité", true},
	{"concession_travaux", "Concession de travaux", true},
	{"concession_service", "Concession de service", true},
	{"concession_service_public", "Concession de service public", true},
	{"delegation_service_public", "Délégation de service public", true},
};

static const AttributValeur considerations_sociales[] = {
	{"clause", "Clause sociale", true},
	{"critere", "Critère social", true},
	{"reserve", "Marché réservé ou concession réservée", true},
};

static const AttributValeur considerations_environnementales[] = {
	{"clause", "Clause environnementale", true},
	{"critere", "Critère environnemental", true},
};

static const AttributValeur subsequents[] = {
	{"non", "Pas un marché subséquent", true},
	{"lie", "Marché subséquent dont l'accord-cadre est dans les données", true},
	{"non_lie", "Marché subséquent dont l'accord-cadre n'est pas dans les données", true},
	{"v1", "Marché subséquent sans lien vers son accord-cadre (format v1)", true},
};

static const AttributValeur techniques[] = {
	{"accord_cadre", "Accord-cadre", true},
	{"concours", "Concours", true},
	{"systeme_qualification", "Système de qualification", true},
	{"systeme_acquisition_dynamique", "Système d'acquisition dynamique", true},
	{"catalogue_electronique", "Catalogue électronique", true},
	{"enchere_electronique", "Enchère électronique", true},
};

static const AttributValeur modalites_execution[] = {
	{"tranches", "Tranches", true},
	{"bons_de_commande", "Bons de commande", true},
	{"marches_subsequents", "Marchés subséquents", true},
};

static const AttributValeur procedures[] = {
	{"procedure_adaptee", "Procédure adaptée", true},
	{"appel_offres_ouvert", "Appel d'offres ouvert", true},
	{"appel_offres_restreint", "Appel d'offres restreint", true},
	{"procedure_avec_negociation", "Procédure avec négociation", true},
	{"sans_publicite", "Marché passé sans publicité ni mise en concurrence préalable", true},
	{"dialogue_competitif", "Dialogue compétitif", true},
	{"negociee_ouverte", "Procédure négociée ouverte", true},
	{"non_negociee_ouverte", "Procédure non négociée ouverte", true},
	{"negociee_restreinte", "Procédure négociée restreinte", true},
	{"non_negociee_restreinte", "Procédure non négociée restreinte", true},
};

static const AttributValeur types_prix[] = {
	{"ferme", "Définitif ferme", true},
	{"actualisable", "Définitif actualisable", true},
	{"revisable", "Définitif révisable", true},
	{"provisoire", "Provisoire", true},
};

static const AttributValeur formes_prix[] = {
	{"unitaire", "Unitaire", true},
	{"forfaitaire", "Forfaitaire", true},
	{"mixte", "Mixte", true},
};

static const AttributValeur ccags[] = {
	{"travaux", "Travaux", true},
	{"maitrise_oeuvre", "Maîtrise d'œuvre", true},
	{"fournitures_services", "Fournitures courantes et services", true},
	{"marches_industriels", "Marchés industriels", true},
	{"prestations_intellectuelles", "Prestations intellectuelles", true},
	{"tic", "Techniques de l'information et de la communication", true},
	{"aucun", "Pas de CCAG", true},
};

static const AttributValeur groupements[] = {
	{"conjoint", "Groupement conjoint", true},
	{"solidaire", "Groupement solidaire", true},
	{"aucun", "Pas de groupement", true},
};

static const AttributValeur offres[] = {
	{"1", "Une seule offre", true},
	{"2", "2 offres", true},
	{"3_4", "3 ou 4 offres", true},
	{"5_9", "5 à 9 offres", true},
	{"10_19", "10 à 19 offres", true},
	{"20_plus", "20 offres ou plus", true},
};

static const AttributValeur types_achat[] = {
	{"travaux", "Travaux", true},
	{"fournitures", "Fournitures", true},
	{"services", "Services", true},
};

static const AttributValeur origines[] = {
	{"non_concerne", "Code CPV non soumis à la déclaration d'origine", true},
	{"renseignee", "Parts d'origine UE et France renseignées", true},
	{"non_renseignee", "Parts d'origine UE ou France non renseignées", true},
	{"invalide", "Parts d'origine incohérentes (hors de 0 ≤ France ≤ UE ≤ 1)", false},
};

static const AttributValeur publications[] = {
	{"dans_les_delais", "Publié au plus tard deux mois après la notification", true},
	{"en_retard", "Publié plus de deux mois après la notification", true},
	{"absente", "Date de publication absente", false},
	{"avant_notification", "Date de publication antérieure à la notification", false},
};

static const AttributValeur montants[] = {
	{"utilisable", "Montant utilisable", true},
	{"aberrant", "Montant aberrant", true},
};

static const AttributValeur tranches_montant[] = {
	{"moins_40k", "Moins de 40 000 €", true},
	{"40k_60k", "De 40 000 € à moins de 60 000 €", true},
	{"60k_90k", "De 60 000 € à moins de 90 000 €", true},
	{"90k_100k", "De 90 000 € à moins de 100 000 €", true},
	{"100k_1m", "De 100 000 € à moins de 1 000 000 €", true},
	{"1m_plus", "1 000 000 € ou plus", true},
};

static const AttributValeur durees[] = {
	{"1_12", "De 1 à 12 mois", true},
	{"13_24", "De 13 à 24 mois", true},
	{"25_36", "De 25 à 36 mois", true},
	{"37_48", "De 37 à 48 mois", true},
	{"49_180", "De 49 à 180 mois", true},
	{"181_360", "De 181 à 360 mois (concessions)", true},
	{"hors_bornes", "Durée hors bornes (0, ou plus de 180 mois, 360 pour une concession)", false},
};

static const AttributValeur periodes[] = {
	{"avant_2024", "Notifié avant le 1er janvier 2024", true},
	{"2024_2026", "Notifié du 1er janvier 2024 au 20 août 2026", true},
	{"depuis_2026_08_21", "Notifié depuis le 21 août 2026 (loi Climat et résilience)", true},
};

static const AttributValeur titulaires[] = {
	{"un", "Un seul titulaire", true},
	{"plusieurs", "Plusieurs titulaires", true},
};

static const AttributValeur segments[] = {
	{"batiment", "Bâtiment et travaux publics (CPV 45)", true},
	{"energie", "Énergie (CPV 09)", true},
	{"vehicules", "Véhicules (CPV 34)", true},
	{"alimentation", "Alimentation (CPV 15)", true},
	{"restauration", "Restauration (CPV 555)", true},
	{"informatique", "Informatique (CPV 30, 48, 72)", true},
	{"mobilier", "Mobilier (CPV 39)", true},
	{"textile", "Textile (CPV 18)", true},
	{"nettoyage", "Nettoyage (CPV 909)", true},
	{"transport", "Transport (CPV 60)", true},
	{"autre", "Autre famille d'achat", true},
};

static const AttributValeur categories_agec[] = {
	{"c01", "Catégorie AGEC 1", true}, {"c02", "Catégorie AGEC 2", true},
	{"c03", "Catégorie AGEC 3", true}, {"c04", "Catégorie AGEC 4", true},
	{"c05", "Catégorie AGEC 5", true}, {"c06", "Catégorie AGEC 6", true},
	{"c07", "Catégorie AGEC 7", true}, {"c08", "Catégorie AGEC 8", true},
	{"c09", "Catégorie AGEC 9", true}, {"c10", "Catégorie AGEC 10", true},
	{"c11", "Catégorie AGEC 11", true}, {"c12", "Catégorie AGEC 12", true},
	{"c13", "Catégorie AGEC 13", true}, {"c14", "Catégorie AGEC 14", true},
	{"c15", "Catégorie AGEC 15", true}, {"c16", "Catégorie AGEC 16", true},
	{"c17", "Catégorie AGEC 17", true},
	{"aucune", "Hors des catégories AGEC", true},
};

static const AttributValeur seuils[] = {
	{"au_dessus", "Au moins le seuil", true},
	{"en_dessous", "Moins que le seuil", true},
};

static const AttributValeur changements[] = {
	{"oui", "Titulaires changés en cours d'exécution", true},
	{"non", "Titulaires redits, inchangés", true},
	{"sans_objet", "Aucune modification ne dit de titulaires", true},
};

static const AttributValeur depassements[] = {
	{"sans", "Pas modifié, ou dernier montant supérieur au premier de 10 % au plus", true},
	{"10_15", "Dépassement de plus de 10 %, 15 % au plus", true},
	{"15_50", "Dépassement de plus de 15 %, 50 % au plus", true},
	{"50_plus", "Dépassement de plus de 50 %", true},
	{"suspect", "Dernier montant inférieur à la moitié du premier : sans doute une augmentation publiée comme total", false},
};

static const AttributValeur identifies[] = {
	{"oui", "Chaque titulaire a un SIREN", true},
};

static const AttributValeur tailles[] = {
	{"pme", "PME (micro-entreprises comprises)", true},
	{"eti", "Entreprise de taille intermédiaire", true},
	{"ge", "Grande entreprise", true},
};

static const AttributValeur echelons[] = {
	{"commune", "Même commune que l'acheteur", true},
	{"departement", "Même département que l'acheteur", true},
	{"region", "Même région que l'acheteur", true},
};

static const AttributValeur structures[] = {
	{"siae", "Structure d'insertion par l'activité économique", true},
	{"ea", "Entreprise adaptée", true},
	{"esat", "Établissement d'aide par le travail", true},
	{"aucun", "Ni structure d'insertion, ni entreprise adaptée, ni ESAT", true},
};

static const AttributValeur distances[] = {
	{"0_10", "10 km au plus", true},
	{"10_50", "Plus de 10 km, 50 km au plus", true},
	{"50_100", "Plus de 50 km, 100 km au plus", true},
	{"100_200", "Plus de 100 km, 200 km au plus", true},
	{"200_plus", "Plus de 200 km", true},
};

#define VALEURS(v) sizeof(v) / sizeof((v)[0]), v
#define CHAMP(nom, libelle, kind, contradiction, niveau, bit, largeur, v) \
	{nom, libelle, kind, contradiction, niveau, bit, largeur, VALEURS(v)}
#define SIMPLE(nom, libelle, bit, largeur, v) \
	CHAMP(nom, libelle, ATTRIBUT_SIMPLE, false, NIVEAU_TOUS, bit, largeur, v)
#define ENSEMBLE(nom, libelle, contradiction, bit, largeur, v) \
	CHAMP(nom, libelle, ATTRIBUT_ENSEMBLE, contradiction, NIVEAU_TOUS, bit, largeur, v)
#define DU_CONTRAT(nom, libelle, bit, largeur, v) \
	CHAMP(nom, libelle, ATTRIBUT_SIMPLE, false, NIVEAU_CONTRAT, bit, largeur, v)
#define ENSEMBLE_DU_CONTRAT(nom, libelle, bit, largeur, v) \
	CHAMP(nom, libelle, ATTRIBUT_ENSEMBLE, false, NIVEAU_CONTRAT, bit, largeur, v)
#define DU_TITULAIRE(nom, libelle, bit, largeur, v) \
	CHAMP(nom, libelle, ATTRIBUT_SIMPLE, false, NIVEAU_ATTRIBUTION, bit, largeur, v)
#define ENSEMBLE_DU_TITULAIRE(nom, libelle, bit, largeur, v) \
	CHAMP(nom, libelle, ATTRIBUT_ENSEMBLE, false, NIVEAU_ATTRIBUTION, bit, largeur, v)

static const Attribut attributs[ATT_COUNT] = {
	[ATT_TYPE_CONTRAT] = SIMPLE("type_contrat", "Type de contrat", 62, 2, types_contrat),
	[ATT_FORMAT] = SIMPLE("format", "Format des données", 60, 2, formats),
	[ATT_NATURE] = SIMPLE("nature", "Nature du contrat", 56, 4, natures),
	[ATT_CONSIDERATIONS_SOCIALES] =
	ENSEMBLE("considerations_sociales", "Considérations sociales", true, 51, 5,
			 considerations_sociales),
	[ATT_CONSIDERATIONS_ENVIRONNEMENTALES] =
	ENSEMBLE("considerations_environnementales", "Considérations environnementales", true, 47, 4,
			 considerations_environnementales),
	[ATT_ACCORD_CADRE] = SIMPLE("accord_cadre", "Accord-cadre", 45, 2, oui_non),
	[ATT_SUBSEQUENT] = SIMPLE("subsequent", "Marché subséquent", 42, 3, subsequents),
	[ATT_TECHNIQUES] = ENSEMBLE_DU_CONTRAT("techniques", "Techniques d'achat", 34, 8, techniques),
	[ATT_MODALITES_EXECUTION] =
	ENSEMBLE_DU_CONTRAT("modalites_execution", "Modalités d'exécution", 29, 5, modalites_execution),
	[ATT_PROCEDURE] = SIMPLE("procedure", "Procédure de passation", 24, 5, procedures),
	[ATT_TYPES_PRIX] = ENSEMBLE_DU_CONTRAT("types_prix", "Types de prix", 18, 6, types_prix),
	[ATT_FORME_PRIX] = DU_CONTRAT("forme_prix", "Forme du prix", 15, 3, formes_prix),
	[ATT_CCAG] = DU_CONTRAT("ccag", "CCAG de référence", 11, 4, ccags),
	[ATT_GROUPEMENT] = DU_CONTRAT("groupement", "Groupement d'opérateurs", 8, 3, groupements),
	[ATT_MARCHE_INNOVANT] = SIMPLE("marche_innovant", "Marché innovant", 6, 2, oui_non),
	[ATT_AVANCE] = DU_CONTRAT("avance", "Avance attribuée", 4, 2, oui_non),
	[ATT_SOUS_TRAITANCE] = DU_CONTRAT("sous_traitance", "Sous-traitance déclarée", 2, 2, oui_non),
	[ATT_NIVEAU] = SIMPLE("niveau", "Niveau du profil", 0, 1, niveaux),
	[ATT_OFFRES] = SIMPLE("offres", "Nombre d'offres reçues", 64 + 60, 4, offres),
	[ATT_TYPE_ACHAT] = SIMPLE("type_achat", "Type d'achat", 64 + 57, 3, types_achat),
	[ATT_ORIGINE] = SIMPLE("origine", "Origine des produits", 64 + 54, 3, origines),
	[ATT_PUBLICATION] = DU_CONTRAT("publication", "Délai de publication", 64 + 51, 3, publications),
	[ATT_MONTANT] = SIMPLE("montant", "Qualité du montant", 64 + 49, 2, montants),
	[ATT_TRANCHE_MONTANT] =
	SIMPLE("tranche_montant", "Tranche de montant", 64 + 45, 4, tranches_montant),
	[ATT_MODIFIE] = DU_CONTRAT("modifie", "Contrat modifié", 64 + 43, 2, oui_non),
	[ATT_DUREE] = DU_CONTRAT("duree", "Tranche de durée", 64 + 39, 4, durees),
	[ATT_PERIODE] = SIMPLE("periode", "Période de notification", 64 + 36, 3, periodes),
	[ATT_TITULAIRES] = SIMPLE("titulaires", "Nombre de titulaires", 64 + 34, 2, titulaires),
	[ATT_SEGMENT] = SIMPLE("segment", "Famille d'achat", 64 + 30, 4, segments),
	[ATT_AGEC] = SIMPLE("agec", "Catégorie de la loi AGEC", 64 + 25, 5, categories_agec),
	[ATT_SEUIL_EUROPEEN] = SIMPLE("seuil_europeen", "Seuil européen de procédure formalisée", 64 + 23, 2, seuils),
	[ATT_SEUIL_PROCEDURE] =
	SIMPLE("seuil_procedure", "Seuil de dispense de publicité et de mise en concurrence", 64 + 21, 2, seuils),
	[ATT_CHANGEMENT_TITULAIRE] =
	DU_CONTRAT("changement_titulaire", "Changement de titulaire", 64 + 17, 2, changements),
	[ATT_DEPASSEMENT] =
	DU_CONTRAT("depassement", "Dépassement du montant initial", 64 + 14, 3, depassements),

	[ATT_TAILLE] = DU_TITULAIRE("taille", "Taille de l'entreprise", 40, 2, tailles),
	[ATT_TPE] = DU_TITULAIRE("tpe", "PME de moins de 10 salariés", 36, 2, oui_non),
	[ATT_ESS] = DU_TITULAIRE("ess", "Économie sociale et solidaire", 17, 2, oui_non),
	[ATT_SOCIETE_MISSION] = DU_TITULAIRE("societe_mission", "Société à mission", 13, 2, oui_non),
	[ATT_ETRANGER] = DU_TITULAIRE("etranger", "Entreprise étrangère", 29, 2, oui_non),
	[ATT_LOCAL] = ENSEMBLE_DU_TITULAIRE("local", "Échelons communs avec l'acheteur", 31, 4, echelons),
	[ATT_EPCI] = DU_TITULAIRE("epci", "Même intercommunalité que l'acheteur", 4, 2, oui_non),
	[ATT_LIEU] =
	DU_TITULAIRE("lieu", "Département du titulaire et de l'exécution identiques", 64 + 41, 2, oui_non),
	[ATT_IDENTIFIES] = DU_TITULAIRE("identifies", "Titulaires tous identifiés", 64 + 8, 1, identifies),
	[ATT_TAILLE_TITULAIRE] =
	DU_TITULAIRE("taille_titulaire", "Taille de l'entreprise, titulaire par titulaire", 38, 2, tailles),
	[ATT_ESS_TITULAIRE] =
	DU_TITULAIRE("ess_titulaire", "Économie sociale et solidaire, titulaire par titulaire", 15, 2, oui_non),
	[ATT_ETRANGER_TITULAIRE] =
	DU_TITULAIRE("etranger_titulaire", "Entreprise étrangère, titulaire par titulaire", 64 + 43, 2, oui_non),
	[ATT_LOCAL_TITULAIRE] =
	ENSEMBLE_DU_TITULAIRE("local_titulaire", "Échelons communs avec l'acheteur, titulaire par titulaire",
						  19, 4, echelons),
	[ATT_EPCI_TITULAIRE] =
	DU_TITULAIRE("epci_titulaire", "Même intercommunalité que l'acheteur, titulaire par titulaire", 2, 2, oui_non),
	[ATT_LIEU_TITULAIRE] =
	DU_TITULAIRE("lieu_titulaire", "Département du titulaire et de l'exécution identiques, titulaire par titulaire",
				 64 + 39, 2, oui_non),
	[ATT_ESUS] = DU_TITULAIRE("esus", "Entreprise solidaire d'utilité sociale agréée", 11, 2, oui_non),
	[ATT_INCLUSION] =
	DU_TITULAIRE("inclusion", "Structure d'insertion ou du handicap", 8, 3, structures),
	[ATT_DISTANCE] = DU_TITULAIRE("distance", "Distance de l'acheteur au titulaire", 64 + 51, 3, distances),
	[ATT_PME_UN] = DU_TITULAIRE("pme_un", "Au moins un titulaire est une PME", 64 + 19, 2, oui_non),
	[ATT_ESS_UN] =
	DU_TITULAIRE("ess_un", "Au moins un titulaire est de l'économie sociale et solidaire", 64 + 17, 2, oui_non),
	[ATT_INCLUSION_UN] =
	DU_TITULAIRE("inclusion_un", "Au moins un titulaire est une structure d'insertion ou du handicap",
				 64 + 15, 2, oui_non),
	[ATT_DEPARTEMENT_UN] =
	DU_TITULAIRE("departement_un", "Au moins un titulaire est du département de l'acheteur", 64 + 13, 2, oui_non),
	[ATT_LIEU_UN] =
	DU_TITULAIRE("lieu_un", "Au moins un titulaire est du département d'exécution", 64 + 11, 2, oui_non),
	[ATT_ETRANGER_UN] = DU_TITULAIRE("etranger_un", "Au moins un titulaire est étranger", 64 + 9, 2, oui_non),
};

const Attribut *
attribut_get(AttributId id)
{
	return &attributs[id];
}

AttributId
attribut_id(const Attribut *att)
{
	return (AttributId) (att - attributs);
}

const Attribut *
attribut_find(Slice nom, AttributId *id)
{
	for (int i = 0; i < ATT_COUNT; i++)
	{
		if (slice_is(nom, attributs[i].nom))
		{
			if (id != NULL)
				*id = (AttributId) i;
			return &attributs[i];
		}
	}
	return NULL;
}
