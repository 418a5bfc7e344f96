/*
 * regle.c
 *	  The rules that judge the records of DECP.
 */
#include "regle.h"

#define SCHEMAS (JEU_SCHEMA_V1 | JEU_SCHEMA_V2)
#define SOURCE_SCHEMAS "schémas officiels 1.5.0 et 2.0.3"
#define SOURCE_MINISTERE "consolidation du ministère de l'économie"
#define SOURCE_QUALITE "decp-qualite"
#define SOURCE_OBSERVE "observé dans les données publiées"
#define SOURCE_INSEE "INSEE, clé de Luhn"
#define SOURCE_ARRETES "arrêtés du 22 mars 2019 et du 22 décembre 2022"

/* code, category, gravity, sets, over several records?, attribute, label, source */
static const Regle regles[R_COUNT] = {
	[R_CHAMP_MANQUANT] = {"champ_manquant", FAMILLE_COMPLETUDE, GRAVITE_ERREUR, SCHEMAS, false, NULL,
	"Donnée obligatoire absente", SOURCE_SCHEMAS},
	[R_ORIGINE_MANQUANTE] = {"origine_manquante", FAMILLE_COMPLETUDE, GRAVITE_AVERTISSEMENT, JEU_MINISTERE | JEU_LEGAL, false, NULL,
	"Origines UE et France attendues pour ce code CPV, absentes", SOURCE_MINISTERE},
	[R_AVANCE_TAUX_ABSENT] = {"avance_taux_absent", FAMILLE_COMPLETUDE, GRAVITE_INFORMATION, JEU_LEGAL, false, NULL,
	"Avance attribuée sans son taux", "arrêté du 22 décembre 2022"},

	[R_NOMBRE_ILLISIBLE] = {"nombre_illisible", FAMILLE_CONFORMITE, GRAVITE_ERREUR, SCHEMAS, false, NULL,
	"Nombre attendu, texte qui n'en est pas un", SOURCE_SCHEMAS},
	[R_NOMBRE_TEXTE] = {"nombre_texte", FAMILLE_CONFORMITE, GRAVITE_INFORMATION, SCHEMAS, false, NULL,
	"Nombre écrit comme un texte", SOURCE_SCHEMAS},
	[R_TEXTE_NOMBRE] = {"texte_nombre", FAMILLE_CONFORMITE, GRAVITE_AVERTISSEMENT, SCHEMAS, false, NULL,
	"Code écrit comme un nombre : ses zéros de tête sont perdus", SOURCE_SCHEMAS},
	[R_BOOLEEN_ILLISIBLE] = {"booleen_illisible", FAMILLE_CONFORMITE, GRAVITE_ERREUR, SCHEMAS, false, NULL,
	"Oui ou non attendu, autre texte", SOURCE_SCHEMAS},
	[R_BOOLEEN_TEXTE] = {"booleen_texte", FAMILLE_CONFORMITE, GRAVITE_INFORMATION, SCHEMAS, false, NULL,
	"Booléen écrit comme un texte ou un nombre", SOURCE_SCHEMAS},
	[R_DATE_ILLISIBLE] = {"date_illisible", FAMILLE_CONFORMITE, GRAVITE_ERREUR, SCHEMAS | JEU_MINISTERE, false, NULL,
	"Date attendue, texte qui n'est pas une date du calendrier", SOURCE_SCHEMAS},
	[R_DATE_ANNEE] = {"date_annee", FAMILLE_CONFORMITE, GRAVITE_ERREUR, JEU_MINISTERE | JEU_ROBUSTE, false, NULL,
	"Date dont l'année n'est pas entre 2000 et 2099", SOURCE_MINISTERE},
	[R_DATE_FORMAT] = {"date_format", FAMILLE_CONFORMITE, GRAVITE_AVERTISSEMENT, SCHEMAS, false, NULL,
	"Date écrite autrement que AAAA-MM-JJ", SOURCE_SCHEMAS},
	[R_DATE_FUSEAU] = {"date_fuseau", FAMILLE_CONFORMITE, GRAVITE_INFORMATION, 0, false, NULL,
	"Date suivie d'un fuseau horaire", SOURCE_OBSERVE},
	[R_VALEUR_ILLISIBLE] = {"valeur_illisible", FAMILLE_CONFORMITE, GRAVITE_ERREUR, SCHEMAS, false, NULL,
	"Valeur inattendue, gardée telle qu'elle était", SOURCE_SCHEMAS},
	[R_CHAMP_DOUBLE] = {"champ_double", FAMILLE_CONFORMITE, GRAVITE_AVERTISSEMENT, SCHEMAS, false, NULL,
	"Champ présent plusieurs fois : la première valeur compte", SOURCE_OBSERVE},
	[R_HORS_LISTE] = {"hors_liste", FAMILLE_CONFORMITE, GRAVITE_ERREUR, SCHEMAS, false, NULL,
	"Valeur hors de la liste fermée", SOURCE_SCHEMAS},
	[R_LIBELLE_APPROCHANT] = {"libelle_approchant", FAMILLE_CONFORMITE, GRAVITE_AVERTISSEMENT, SCHEMAS, false, NULL,
	"Valeur reconnue, mais écrite autrement que dans les schémas", SOURCE_SCHEMAS},
	[R_NATURE_TYPE_CONTRAT] = {"nature_type_contrat", FAMILLE_COHERENCE, GRAVITE_ERREUR, SCHEMAS, false, NULL,
	"Nature de concession sur un marché, ou l'inverse", SOURCE_SCHEMAS},
	[R_PROCEDURE_TYPE_CONTRAT] = {"procedure_type_contrat", FAMILLE_COHERENCE, GRAVITE_ERREUR, SCHEMAS, false, NULL,
	"Procédure de concession sur un marché, ou l'inverse", SOURCE_SCHEMAS},
	[R_ID_LONGUEUR] = {"id_longueur", FAMILLE_CONFORMITE, GRAVITE_ERREUR, SCHEMAS, false, NULL,
	"Identifiant du contrat hors de 7 à 16 caractères (format 1) ou de 1 à 16 (format 2)", SOURCE_SCHEMAS},
	[R_ID_CARACTERES] = {"id_caracteres", FAMILLE_CONFORMITE, GRAVITE_AVERTISSEMENT, JEU_MINISTERE, false, NULL,
	"Identifiant du contrat avec des caractères que le ministère refuse", SOURCE_MINISTERE},
	[R_ID_SUFFIXE] = {"id_suffixe", FAMILLE_COHERENCE, GRAVITE_AVERTISSEMENT, JEU_LEGAL, false, NULL,
	"Deux derniers caractères de l'identifiant (format 1) différents du nombre de modifications", "arrêté du 22 mars 2019"},
	[R_UID_INCOHERENT] = {"uid_incoherent", FAMILLE_COHERENCE, GRAVITE_INFORMATION, JEU_SCHEMA_V1, false, NULL,
	"uid différent de l'acheteur suivi de l'identifiant", SOURCE_SCHEMAS},
	[R_OBJET_LONGUEUR] = {"objet_longueur", FAMILLE_CONFORMITE, GRAVITE_AVERTISSEMENT, SCHEMAS, false, NULL,
	"Objet de plus de 256 caractères (format 1) ou de 1 000 (format 2)", SOURCE_SCHEMAS},
	[R_OBJET_ABIME] = {"objet_abime", FAMILLE_CONFORMITE, GRAVITE_AVERTISSEMENT, JEU_DECP_QUALITE, false, NULL,
	"Objet dont des caractères ont été perdus (U+FFFD)", SOURCE_QUALITE},
	[R_OBJET_ENTITES_HTML] = {"objet_entites_html", FAMILLE_CONFORMITE, GRAVITE_AVERTISSEMENT, JEU_ROBUSTE, false, NULL,
	"Objet avec des entités HTML", SOURCE_OBSERVE},
	[R_CPV_FORMAT] = {"cpv_format", FAMILLE_CONFORMITE, GRAVITE_ERREUR, SCHEMAS | JEU_MINISTERE, false, "type_achat",
	"Code CPV qui n'est pas de 8 chiffres, clé facultative", SOURCE_SCHEMAS},
	[R_CPV_DIVISION] = {"cpv_division", FAMILLE_CONFORMITE, GRAVITE_ERREUR, JEU_MINISTERE, false, NULL,
	"Code CPV d'une division qui n'existe pas", "règlement (CE) 213/2008"},
	[R_CPV_REPARE] = {"cpv_repare", FAMILLE_CONFORMITE, GRAVITE_AVERTISSEMENT, SCHEMAS | JEU_MINISTERE, false, NULL,
	"Code CPV de 7 chiffres, complété", SOURCE_MINISTERE},
	[R_CPV_INCONNU] = {"cpv_inconnu", FAMILLE_CONFORMITE, GRAVITE_AVERTISSEMENT, JEU_MINISTERE, true, NULL,
	"Code CPV absent de la nomenclature 2008", "règlement (CE) 213/2008"},
	[R_DUREE_DECIMALE] = {"duree_decimale", FAMILLE_CONFORMITE, GRAVITE_AVERTISSEMENT, SCHEMAS, false, NULL,
	"Durée en mois non entière, arrondie au mois supérieur", SOURCE_SCHEMAS},
	[R_DUREE_MINIMUM] = {"duree_minimum", FAMILLE_CONFORMITE, GRAVITE_ERREUR, SCHEMAS | JEU_MINISTERE, false, "duree",
	"Durée inférieure à un mois", SOURCE_SCHEMAS},
	[R_DUREE_PLAFOND] = {"duree_plafond", FAMILLE_EXACTITUDE, GRAVITE_AVERTISSEMENT, JEU_MINISTERE, false, "duree",
	"Durée de plus de 180 mois (360 pour une concession)", SOURCE_MINISTERE},
	[R_LIEU_INCOHERENT] = {"lieu_incoherent", FAMILLE_CONFORMITE, GRAVITE_AVERTISSEMENT, JEU_ROBUSTE, false, NULL,
	"Code du lieu d'exécution qui n'est pas du type annoncé", SOURCE_OBSERVE},

	[R_IDENTIFIANT_NETTOYE] = {"identifiant_nettoye", FAMILLE_CONFORMITE, GRAVITE_INFORMATION, SCHEMAS, false, NULL,
	"Identifiant avec des espaces, points, tirets ou tabulations, retirés", SOURCE_SCHEMAS},
	[R_SIRET_ACHETEUR_FORMAT] = {"siret_acheteur_format", FAMILLE_CONFORMITE, GRAVITE_ERREUR, SCHEMAS | JEU_MINISTERE, false, NULL,
	"Identifiant d'acheteur qui n'est pas de 14 chiffres", SOURCE_SCHEMAS},
	[R_SIRET_ACHETEUR_SIREN] = {"siret_acheteur_siren", FAMILLE_CONFORMITE, GRAVITE_AVERTISSEMENT, SCHEMAS | JEU_MINISTERE, false, NULL,
	"SIREN donné comme SIRET d'acheteur", SOURCE_SCHEMAS},
	[R_SIRET_ACHETEUR_LUHN] = {"siret_acheteur_luhn", FAMILLE_CONFORMITE, GRAVITE_ERREUR, JEU_MINISTERE | JEU_ROBUSTE, false, NULL,
	"SIRET d'acheteur dont la clé est fausse", SOURCE_INSEE},
	[R_SIREN_ACHETEUR_LUHN] = {"siren_acheteur_luhn", FAMILLE_CONFORMITE, GRAVITE_AVERTISSEMENT, JEU_ROBUSTE, false, NULL,
	"SIRET d'acheteur juste, mais SIREN dont la clé est fausse", SOURCE_INSEE},
	[R_SIRET_ACHETEUR_FICTIF] = {"siret_acheteur_fictif", FAMILLE_EXACTITUDE, GRAVITE_ERREUR, JEU_ROBUSTE, false, NULL,
	"SIRET d'acheteur de remplissage", SOURCE_OBSERVE},
	[R_SIRET_TITULAIRE_FORMAT] = {"siret_titulaire_format", FAMILLE_CONFORMITE, GRAVITE_ERREUR, SCHEMAS | JEU_MINISTERE, false, NULL,
	"SIRET de titulaire qui n'est pas de 14 chiffres", SOURCE_SCHEMAS},
	[R_SIRET_TITULAIRE_SIREN] = {"siret_titulaire_siren", FAMILLE_CONFORMITE, GRAVITE_AVERTISSEMENT, SCHEMAS | JEU_MINISTERE, false, NULL,
	"SIREN donné comme SIRET de titulaire", SOURCE_SCHEMAS},
	[R_SIRET_TITULAIRE_LUHN] = {"siret_titulaire_luhn", FAMILLE_CONFORMITE, GRAVITE_ERREUR, JEU_MINISTERE | JEU_ROBUSTE, false, NULL,
	"SIRET de titulaire dont la clé est fausse (La Poste a la sienne)", SOURCE_INSEE},
	[R_SIREN_TITULAIRE_LUHN] = {"siren_titulaire_luhn", FAMILLE_CONFORMITE, GRAVITE_AVERTISSEMENT, JEU_ROBUSTE, false, NULL,
	"SIRET de titulaire juste, mais SIREN dont la clé est fausse", SOURCE_INSEE},
	[R_SIRET_TITULAIRE_FICTIF] = {"siret_titulaire_fictif", FAMILLE_EXACTITUDE, GRAVITE_ERREUR, JEU_ROBUSTE, false, NULL,
	"SIRET de titulaire de remplissage", SOURCE_OBSERVE},
	[R_IDENTIFIANT_TITULAIRE_FORMAT] = {"identifiant_titulaire_format", FAMILLE_CONFORMITE, GRAVITE_AVERTISSEMENT, JEU_MINISTERE, false, NULL,
	"Identifiant de titulaire qui n'a pas la forme de son type", SOURCE_MINISTERE},
	[R_TYPE_IDENTIFIANT_INCOHERENT] = {"type_identifiant_incoherent", FAMILLE_COHERENCE, GRAVITE_AVERTISSEMENT, JEU_ROBUSTE, false, NULL,
	"SIRET juste annoncé sous un autre type", SOURCE_OBSERVE},
	[R_IDENTIFIANT_SOUS_TRAITANT] = {"identifiant_sous_traitant", FAMILLE_CONFORMITE, GRAVITE_AVERTISSEMENT, JEU_MINISTERE | JEU_ROBUSTE, false, NULL,
	"Identifiant de sous-traitant qui n'a pas la forme de son type", SOURCE_MINISTERE},
	[R_TITULAIRE_DOUBLE] = {"titulaire_double", FAMILLE_SINGULARITE, GRAVITE_INFORMATION, JEU_ROBUSTE, false, NULL,
	"Titulaire présent plusieurs fois, compté une fois", SOURCE_OBSERVE},
	[R_TITULAIRES_TRONQUES] = {"titulaires_tronques", FAMILLE_COMPLETUDE, GRAVITE_AVERTISSEMENT, JEU_ROBUSTE, true, NULL,
	"Autant de titulaires que le tableau a de colonnes : d'autres ont pu être perdus", SOURCE_OBSERVE},
	[R_TITULAIRE_ACHETEUR] = {"titulaire_acheteur", FAMILLE_COHERENCE, GRAVITE_INFORMATION, JEU_ROBUSTE, false, NULL,
	"Titulaire identique à l'acheteur", SOURCE_OBSERVE},

	[R_DATE_FUTURE] = {"date_future", FAMILLE_VALIDITE, GRAVITE_ERREUR, JEU_MINISTERE, true, NULL,
	"Date postérieure à celle du fichier", SOURCE_MINISTERE},
	[R_PUBLICATION_AVANT_NOTIFICATION] = {"publication_avant_notification", FAMILLE_COHERENCE, GRAVITE_AVERTISSEMENT, JEU_DECP_QUALITE | JEU_LEGAL, false, "publication",
	"Publication avant la notification ou la signature", SOURCE_QUALITE},
	[R_PUBLICATION_62_JOURS] = {"publication_62_jours", FAMILLE_VALIDITE, GRAVITE_AVERTISSEMENT, JEU_DECP_QUALITE, false, NULL,
	"Publication plus de 62 jours après la notification", SOURCE_QUALITE},
	[R_PUBLICATION_2_MOIS] = {"publication_2_mois", FAMILLE_VALIDITE, GRAVITE_AVERTISSEMENT, JEU_LEGAL, false, NULL,
	"Publication plus de deux mois après la notification", SOURCE_ARRETES},
	[R_PUBLICATION_APRES_DEBUT] = {"publication_apres_debut", FAMILLE_VALIDITE, GRAVITE_AVERTISSEMENT, JEU_LEGAL, false, NULL,
	"Concession publiée après le début de son exécution", SOURCE_ARRETES},
	[R_DEBUT_AVANT_SIGNATURE] = {"debut_avant_signature", FAMILLE_COHERENCE, GRAVITE_AVERTISSEMENT, JEU_ROBUSTE, false, NULL,
	"Exécution d'une concession commencée avant sa signature", SOURCE_OBSERVE},
	[R_FORMAT_V1_APRES_2024] = {"format_v1_apres_2024", FAMILLE_CONFORMITE, GRAVITE_AVERTISSEMENT, JEU_LEGAL, false, NULL,
	"Contrat notifié depuis le 1er janvier 2024 publié au format 1", "arrêté du 22 décembre 2022"},

	[R_MONTANT_MINIMUM_SCHEMA] = {"montant_minimum_schema", FAMILLE_CONFORMITE, GRAVITE_ERREUR, SCHEMAS, false, NULL,
	"Montant négatif (format 1) ou inférieur à 1 € (format 2)", SOURCE_SCHEMAS},
	[R_MONTANT_MINIMUM] = {"montant_minimum", FAMILLE_EXACTITUDE, GRAVITE_ERREUR, JEU_MINISTERE, false, "montant",
	"Montant inférieur à 1 €", SOURCE_MINISTERE},
	[R_MONTANT_PLAFOND] = {"montant_plafond", FAMILLE_EXACTITUDE, GRAVITE_ERREUR, JEU_MINISTERE, false, "montant",
	"Montant de plus de 3 milliards d'euros (15 pour une concession)", SOURCE_MINISTERE},
	[R_MONTANT_SEQUENCE] = {"montant_sequence", FAMILLE_EXACTITUDE, GRAVITE_ERREUR, JEU_MINISTERE, false, "montant",
	"Montant qui commence par 123456789", SOURCE_MINISTERE},
	[R_MONTANT_CHIFFRE_FREQUENT] = {"montant_chiffre_frequent", FAMILLE_EXACTITUDE, GRAVITE_ERREUR, JEU_MINISTERE, false, "montant",
	"Montant de plus de 100 millions d'euros où un chiffre autre que 0 et 6 revient plus de six fois", SOURCE_MINISTERE},
	[R_MONTANT_DECP_QUALITE] = {"montant_decp_qualite", FAMILLE_EXACTITUDE, GRAVITE_AVERTISSEMENT, JEU_DECP_QUALITE, false, NULL,
	"Montant de 200 € ou moins, ou de 999 999 999 € ou plus", SOURCE_QUALITE},
	[R_MONTANT_CHIFFRE_REPETE] = {"montant_chiffre_repete", FAMILLE_EXACTITUDE, GRAVITE_AVERTISSEMENT, JEU_ROBUSTE, false, NULL,
	"Montant de 8 chiffres ou plus fait d'un seul chiffre, à un près", "documentation de la consolidation du ministère"},
	[R_MONTANT_DEFAUT] = {"montant_defaut", FAMILLE_EXACTITUDE, GRAVITE_AVERTISSEMENT, JEU_ROBUSTE, false, NULL,
	"Montant de remplissage (123 456,78 €)", SOURCE_OBSERVE},
	[R_MONTANT_MARQUEUR] = {"montant_marqueur", FAMILLE_EXACTITUDE, GRAVITE_ERREUR, JEU_ROBUSTE, false, "montant",
	"Montant 12311111111, par lequel decp.info remplace un montant trop grand", "decp.info"},
	[R_MONTANT_EXTREME] = {"montant_extreme", FAMILLE_EXACTITUDE, GRAVITE_AVERTISSEMENT, JEU_ROBUSTE, true, NULL,
	"Montant loin de ceux de la même division CPV (écart absolu médian)", "indicateur T07"},
	[R_SUBVENTION_NEGATIVE] = {"subvention_negative", FAMILLE_CONFORMITE, GRAVITE_ERREUR, SCHEMAS, false, NULL,
	"Subvention publique négative", SOURCE_SCHEMAS},
	[R_MONTANT_DUREE_EGAUX] = {"montant_duree_egaux", FAMILLE_COHERENCE, GRAVITE_AVERTISSEMENT, JEU_DECP_QUALITE | JEU_LEGAL, false, NULL,
	"Montant égal à la durée", SOURCE_QUALITE},
	[R_MONTANT_DUREE_100] = {"montant_duree_100", FAMILLE_COHERENCE, GRAVITE_AVERTISSEMENT, JEU_DECP_QUALITE | JEU_LEGAL, false, NULL,
	"Moins de 100 € par mois", SOURCE_QUALITE},
	[R_MONTANT_DUREE_1000] = {"montant_duree_1000", FAMILLE_COHERENCE, GRAVITE_AVERTISSEMENT, JEU_DECP_QUALITE | JEU_LEGAL, false, NULL,
	"Moins de 1 000 € par mois, et moins de 200 000 €", SOURCE_QUALITE},
	[R_MONTANT_DUREE_JOURS] = {"montant_duree_jours", FAMILLE_COHERENCE, GRAVITE_AVERTISSEMENT, JEU_DECP_QUALITE | JEU_MINISTERE | JEU_LEGAL, false, NULL,
	"Durée de 360, 365 ou 366 mois pour moins de 10 millions d'euros : des jours", SOURCE_QUALITE},
	[R_MONTANT_DUREE_120] = {"montant_duree_120", FAMILLE_COHERENCE, GRAVITE_AVERTISSEMENT, JEU_DECP_QUALITE | JEU_LEGAL, false, NULL,
	"Durée de plus de 120 mois pour moins de 2 millions d'euros", SOURCE_QUALITE},

	[R_ORIGINE_BORNES] = {"origine_bornes", FAMILLE_CONFORMITE, GRAVITE_ERREUR, JEU_SCHEMA_V2, false, "origine",
	"Part d'origine hors de 0 à 1", "schéma officiel 2.0.3"},
	[R_ORIGINE_POURCENTAGE] = {"origine_pourcentage", FAMILLE_CONFORMITE, GRAVITE_AVERTISSEMENT, JEU_ROBUSTE, false, "origine",
	"Part d'origine entre 1 et 100 : sans doute un pourcentage", SOURCE_OBSERVE},
	[R_ORIGINE_FRANCE_UE] = {"origine_france_ue", FAMILLE_COHERENCE, GRAVITE_ERREUR, JEU_LEGAL, false, "origine",
	"Part d'origine France supérieure à celle de l'UE", "arrêté du 22 décembre 2022"},
	[R_AVANCE_BORNES] = {"avance_bornes", FAMILLE_CONFORMITE, GRAVITE_ERREUR, JEU_SCHEMA_V2, false, NULL,
	"Taux d'avance hors de 0 à 1", "schéma officiel 2.0.3"},
	[R_AVANCE_CONTRADICTOIRE] = {"avance_contradictoire", FAMILLE_COHERENCE, GRAVITE_ERREUR, JEU_LEGAL, false, NULL,
	"Aucune avance, mais un taux d'avance", "arrêté du 22 décembre 2022"},
	[R_OFFRES_ZERO] = {"offres_zero", FAMILLE_CONFORMITE, GRAVITE_ERREUR, JEU_SCHEMA_V2, false, "offres",
	"Aucune offre reçue", "schéma officiel 2.0.3"},
	[R_OFFRES_PLAFOND] = {"offres_plafond", FAMILLE_EXACTITUDE, GRAVITE_AVERTISSEMENT, JEU_ROBUSTE, false, NULL,
	"Plus de 500 offres reçues", SOURCE_OBSERVE},
	[R_OFFRES_TITULAIRES] = {"offres_titulaires", FAMILLE_COHERENCE, GRAVITE_AVERTISSEMENT, JEU_ROBUSTE, false, NULL,
	"Accord-cadre à plusieurs attributaires avec moins d'offres que d'attributaires", SOURCE_OBSERVE},
	[R_CONSIDERATIONS_SOCIALES_CONTRADICTOIRES] = {"considerations_sociales_contradictoires", FAMILLE_COHERENCE, GRAVITE_ERREUR, JEU_MINISTERE | JEU_LEGAL, false, "considerations_sociales",
	"« Pas de considération sociale » avec une autre valeur", SOURCE_MINISTERE},
	[R_CONSIDERATIONS_ENVIRONNEMENTALES_CONTRADICTOIRES] = {"considerations_environnementales_contradictoires", FAMILLE_COHERENCE, GRAVITE_ERREUR, JEU_MINISTERE | JEU_LEGAL, false, "considerations_environnementales",
	"« Pas de considération environnementale » avec une autre valeur", SOURCE_MINISTERE},
	[R_TECHNIQUES_CONTRADICTOIRES] = {"techniques_contradictoires", FAMILLE_COHERENCE, GRAVITE_AVERTISSEMENT, JEU_ROBUSTE, false, NULL,
	"« Sans objet » avec une autre technique", SOURCE_OBSERVE},
	[R_MODALITES_CONTRADICTOIRES] = {"modalites_contradictoires", FAMILLE_COHERENCE, GRAVITE_AVERTISSEMENT, JEU_ROBUSTE, false, NULL,
	"« Sans objet » avec une autre modalité d'exécution", SOURCE_OBSERVE},
	[R_GROUPEMENT_CONTRADICTOIRE] = {"groupement_contradictoire", FAMILLE_COHERENCE, GRAVITE_AVERTISSEMENT, JEU_LEGAL, false, NULL,
	"« Pas de groupement » avec plusieurs titulaires, hors accord-cadre", "indicateur T05"},
	[R_ACCORD_CADRE_LUI_MEME] = {"accord_cadre_lui_meme", FAMILLE_COHERENCE, GRAVITE_AVERTISSEMENT, JEU_LEGAL, false, NULL,
	"Contrat qui se désigne lui-même comme son accord-cadre", "indicateur T05"},
	[R_SUBSEQUENT_AVANT_ACCORD_CADRE] = {"subsequent_avant_accord_cadre", FAMILLE_COHERENCE, GRAVITE_AVERTISSEMENT, JEU_LEGAL, true, NULL,
	"Marché subséquent notifié avant son accord-cadre", "indicateur T05"},

	[R_MODIFICATION_MONTANT] = {"modification_montant", FAMILLE_EXACTITUDE, GRAVITE_AVERTISSEMENT, JEU_ROBUSTE, false, NULL,
	"Nouveau montant de 1 € ou moins : ce n'est pas un montant", SOURCE_OBSERVE},
	[R_MODIFICATION_INCREMENT] = {"modification_increment", FAMILLE_EXACTITUDE, GRAVITE_AVERTISSEMENT, JEU_ROBUSTE, false, NULL,
	"Dernier montant inférieur à la moitié du premier : sans doute une différence", SOURCE_OBSERVE},
	[R_MODIFICATION_ANTERIEURE] = {"modification_anterieure", FAMILLE_COHERENCE, GRAVITE_INFORMATION, JEU_ROBUSTE, false, NULL,
	"Modification datée d'avant le contrat", SOURCE_OBSERVE},
	[R_MODIFICATION_PUBLICATION_AVANT] = {"modification_publication_avant", FAMILLE_COHERENCE, GRAVITE_AVERTISSEMENT, JEU_ROBUSTE, false, NULL,
	"Modification publiée avant d'être notifiée", "indicateur T12"},
	[R_MODIFICATION_PUBLICATION_2_MOIS] = {"modification_publication_2_mois", FAMILLE_VALIDITE, GRAVITE_AVERTISSEMENT, JEU_LEGAL, false, NULL,
	"Modification publiée plus de deux mois après sa notification", SOURCE_ARRETES},
	[R_SOUS_TRAITANCE_CONTRADICTOIRE] = {"sous_traitance_contradictoire", FAMILLE_COHERENCE, GRAVITE_INFORMATION, JEU_LEGAL, false, NULL,
	"Actes de sous-traitance, mais aucune sous-traitance déclarée", "indicateur X05"},
	[R_SOUS_TRAITANCE_MONTANT] = {"sous_traitance_montant", FAMILLE_COHERENCE, GRAVITE_AVERTISSEMENT, JEU_ROBUSTE, false, NULL,
	"Montant sous-traité supérieur à celui du contrat", "indicateur X06"},
	[R_ACTE_INCONNU] = {"acte_inconnu", FAMILLE_COHERENCE, GRAVITE_AVERTISSEMENT, JEU_ROBUSTE, false, NULL,
	"Modification d'un acte de sous-traitance qui n'est pas publié", SOURCE_OBSERVE},

	[R_CONTRAT_FICTIF] = {"contrat_fictif", FAMILLE_SINGULARITE, GRAVITE_ERREUR, JEU_MINISTERE | JEU_ROBUSTE, false, NULL,
	"Enregistrement d'essai", SOURCE_MINISTERE},
	[R_UID_NON_UNIQUE] = {"uid_non_unique", FAMILLE_SINGULARITE, GRAVITE_AVERTISSEMENT, JEU_DECP_QUALITE, true, NULL,
	"Plusieurs contrats sous le même acheteur et le même identifiant", SOURCE_QUALITE},
	[R_MONTANT_REPETE] = {"montant_repete", FAMILLE_SINGULARITE, GRAVITE_INFORMATION, JEU_ROBUSTE, true, NULL,
	"Même acheteur, même date, même montant", SOURCE_OBSERVE},
	[R_LOT_SUSPECT] = {"lot_suspect", FAMILLE_SINGULARITE, GRAVITE_AVERTISSEMENT, JEU_ROBUSTE, true, NULL,
	"Total d'une consultation sans doute répété dans ses lots", SOURCE_OBSERVE},
	[R_DOUBLON_POSSIBLE] = {"doublon_possible", FAMILLE_SINGULARITE, GRAVITE_AVERTISSEMENT, JEU_ROBUSTE, true, NULL,
	"Sans doute le même contrat sous un autre identifiant", SOURCE_OBSERVE},
};

const Regle *
regle_get(RegleId id)
{
	return &regles[id];
}

const char *
regle_famille_nom(RegleFamille famille)
{
	static const char *const noms[FAMILLE_COUNT] = {
		"validite", "completude", "conformite", "exactitude", "coherence", "singularite"
	};

	return noms[famille];
}

const char *
regle_gravite_nom(RegleGravite gravite)
{
	static const char *const noms[GRAVITE_COUNT] = {"erreur", "avertissement", "information"};

	return noms[gravite];
}

const char *
regle_jeu_nom(int bit)
{
	static const char *const noms[JEU_COUNT] = {
		"schema_v1", "schema_v2", "ministere", "decp_qualite", "robuste", "legal"
	};

	return noms[bit];
}
