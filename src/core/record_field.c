/*
 * record_field.c
 *	  The fields of a DECP record under all their names.
 */
#include <stdlib.h>
#include <string.h>

#include "record_field.h"

const RecordFieldInfo record_fields[F_COUNT] = {
	[F_TYPE] = {"_type", false, false},
	[F_TYPE_CONTRAT] = {"typeContrat", false, false},
	[F_ID] = {"id", false, false},
	[F_UID] = {"uid", false, false},
	[F_SOURCE] = {"source", false, false},
	[F_ACHETEUR] = {"acheteur", false, true},
	[F_ACHETEUR_ID] = {"acheteur.id", false, false},
	[F_ACHETEUR_NOM] = {"acheteur.nom", false, false},
	[F_AUTORITE] = {"autoriteConcedante", false, true},
	[F_AUTORITE_ID] = {"autoriteConcedante.id", false, false},
	[F_AUTORITE_NOM] = {"autoriteConcedante.nom", false, false},
	[F_NATURE] = {"nature", false, false},
	[F_OBJET] = {"objet", false, false},
	[F_CODE_CPV] = {"codeCPV", false, false},
	[F_PROCEDURE] = {"procedure", false, false},
	[F_LIEU] = {"lieuExecution", false, true},
	[F_LIEU_CODE] = {"lieuExecution.code", false, false},
	[F_LIEU_TYPE_CODE] = {"lieuExecution.typeCode", false, false},
	[F_LIEU_NOM] = {"lieuExecution.nom", false, false},
	[F_DUREE_MOIS] = {"dureeMois", false, false},
	[F_DATE_NOTIFICATION] = {"dateNotification", false, false},
	[F_DATE_SIGNATURE] = {"dateSignature", false, false},
	[F_DATE_PUBLICATION] = {"datePublicationDonnees", false, false},
	[F_DATE_DEBUT] = {"dateDebutExecution", false, false},
	[F_MONTANT] = {"montant", false, false},
	[F_VALEUR_GLOBALE] = {"valeurGlobale", false, false},
	[F_SUBVENTION] = {"montantSubventionPublique", false, false},
	[F_FORME_PRIX] = {"formePrix", false, false},
	[F_TYPES_PRIX] = {"typesPrix", true, true},
	[F_TECHNIQUES] = {"techniques", true, true},
	[F_MODALITES] = {"modalitesExecution", true, true},
	[F_ID_ACCORD_CADRE] = {"idAccordCadre", true, false},
	[F_MARCHE_INNOVANT] = {"marcheInnovant", true, false},
	[F_CCAG] = {"ccag", true, false},
	[F_OFFRES_RECUES] = {"offresRecues", true, false},
	[F_ATTRIBUTION_AVANCE] = {"attributionAvance", true, false},
	[F_TAUX_AVANCE] = {"tauxAvance", true, false},
	[F_TYPE_GROUPEMENT] = {"typeGroupementOperateurs", true, false},
	[F_SOUS_TRAITANCE] = {"sousTraitanceDeclaree", true, false},
	[F_ORIGINE_UE] = {"origineUE", true, false},
	[F_ORIGINE_FRANCE] = {"origineFrance", true, false},
	[F_CONSIDERATIONS_SOCIALES] = {"considerationsSociales", true, true},
	[F_CONSIDERATIONS_ENVIRONNEMENTALES] = {"considerationsEnvironnementales", true, true},
	[F_TITULAIRES] = {"titulaires", false, true},
	[F_CONCESSIONNAIRES] = {"concessionnaires", false, true},
	[F_MODIFICATIONS] = {"modifications", false, true},
	[F_ACTES] = {"actesSousTraitance", true, true},
	[F_MODIFICATIONS_ACTES] = {"modificationsActesSousTraitance", true, true},
	[F_DONNEES_EXECUTION] = {"donneesExecution", false, true},
};

typedef struct FieldName
{
	const char *nom;
	RecordField field;
} FieldName;

/* Folded, in alphabetical order: the names above, singular ones of draft 2.0.0, aliases */
static const FieldName names[] = {
	{"acheteur", F_ACHETEUR},
	{"acheteurid", F_ACHETEUR_ID},
	{"acheteurnom", F_ACHETEUR_NOM},
	{"actesoustraitance", F_ACTES},
	{"actessoustraitance", F_ACTES},
	{"attributionavance", F_ATTRIBUTION_AVANCE},
	{"autoriteconcedante", F_AUTORITE},
	{"autoriteconcedanteid", F_AUTORITE_ID},
	{"autoriteconcedantenom", F_AUTORITE_NOM},
	{"ccag", F_CCAG},
	{"codecpv", F_CODE_CPV},
	{"concessionnaire", F_CONCESSIONNAIRES},
	{"concessionnaires", F_CONCESSIONNAIRES},
	{"considerationenvironnementale", F_CONSIDERATIONS_ENVIRONNEMENTALES},
	{"considerationsenvironnementales", F_CONSIDERATIONS_ENVIRONNEMENTALES},
	{"considerationsociale", F_CONSIDERATIONS_SOCIALES},
	{"considerationssociales", F_CONSIDERATIONS_SOCIALES},
	{"datedebutexecution", F_DATE_DEBUT},
	{"datenotification", F_DATE_NOTIFICATION},
	{"datepublicationdonnees", F_DATE_PUBLICATION},
	{"datesignature", F_DATE_SIGNATURE},
	{"donneesexecution", F_DONNEES_EXECUTION},
	{"dureemois", F_DUREE_MOIS},
	{"formeprix", F_FORME_PRIX},
	{"id", F_ID},
	{"idaccordcadre", F_ID_ACCORD_CADRE},
	{"lieuexecution", F_LIEU},
	{"lieuexecutioncode", F_LIEU_CODE},
	{"lieuexecutionnom", F_LIEU_NOM},
	{"lieuexecutiontypecode", F_LIEU_TYPE_CODE},
	{"marcheinnovant", F_MARCHE_INNOVANT},
	{"marchesinnovant", F_MARCHE_INNOVANT},
	{"modaliteexecution", F_MODALITES},
	{"modalitesexecution", F_MODALITES},
	{"modification", F_MODIFICATIONS},
	{"modificationactesoustraitance", F_MODIFICATIONS_ACTES},
	{"modificationactessoustraitance", F_MODIFICATIONS_ACTES},
	{"modifications", F_MODIFICATIONS},
	{"modificationsactessoustraitance", F_MODIFICATIONS_ACTES},
	{"montant", F_MONTANT},
	{"montantsubventionpublique", F_SUBVENTION},
	{"nature", F_NATURE},
	{"objet", F_OBJET},
	{"offresrecues", F_OFFRES_RECUES},
	{"originefrance", F_ORIGINE_FRANCE},
	{"origineue", F_ORIGINE_UE},
	{"procedure", F_PROCEDURE},
	{"source", F_SOURCE},
	{"soustraitancedeclaree", F_SOUS_TRAITANCE},
	{"tauxavance", F_TAUX_AVANCE},
	{"technique", F_TECHNIQUES},
	{"techniques", F_TECHNIQUES},
	{"titulaire", F_TITULAIRES},
	{"titulaires", F_TITULAIRES},
	{"type", F_TYPE},
	{"typecontrat", F_TYPE_CONTRAT},
	{"typegroupementoperateurs", F_TYPE_GROUPEMENT},
	{"typeprix", F_TYPES_PRIX},
	{"typesprix", F_TYPES_PRIX},
	{"uid", F_UID},
	{"valeurglobale", F_VALEUR_GLOBALE},
};

static int
compare_name(const void *key, const void *element)
{
	return strcmp(key, ((const FieldName *) element)->nom);
}

int
record_field_find(const char *folded)
{
	const FieldName *found = bsearch(folded, names, sizeof(names) / sizeof(names[0]),
									 sizeof(names[0]), compare_name);

	return found ? (int) found->field : -1;
}

bool
record_field_is_buyer(int field)
{
	return field == F_ACHETEUR || field == F_AUTORITE;
}

bool
record_field_is_buyer_part(int field)
{
	return field == F_ACHETEUR_ID || field == F_ACHETEUR_NOM || field == F_AUTORITE_ID ||
		field == F_AUTORITE_NOM;
}

bool
record_flat_titulaire(const char *folded, int *rang, FlatPart *part)
{
	static const struct
	{
		const char *nom;
		FlatPart	part;
	}			parts[] = {
		{"typeidentifiant", FLAT_TYPE}, {"denominationsociale", FLAT_NOM},
		{"denominationlegale", FLAT_NOM}, {"id", FLAT_ID}
	};

	if (strncmp(folded, "titulaire", 9) != 0)
		return false;
	folded += folded[9] == 's' ? 10 : 9;
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
	{
		size_t		len = strlen(parts[i].nom);

		if (strncmp(folded, parts[i].nom, len) != 0)
			continue;
		folded += len;
		if (folded[0] != '\0' && (folded[0] < '0' || folded[0] > '9' || folded[1] != '\0'))
			return false;
		*rang = folded[0] ? folded[0] - '0' : 0;
		*part = parts[i].part;
		return true;
	}
	return false;
}
