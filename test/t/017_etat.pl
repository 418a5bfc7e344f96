# Contracts as they stand: modifications applied in order, as of a day or all.
# Expected values follow from the records by hand.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use SpaserTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = start_node('etat');
new_database($node, 'etat');
my $dir = PostgreSQL::Test::Utils::tempdir();

# Published out of order; the third says 1 euro, which is no amount, the fourth
# an empty list of holders, which changes nothing, the fifth no date: it comes first
append_to_file("$dir/modifie.json", <<'JSON');
{"marches":{"marche":[
{"id":"A","acheteur":{"id":"21440109900015"},"objet":"Un marché","nature":"Marché","montant":1000,"dureeMois":12,
 "dateNotification":"2024-02-01","datePublicationDonnees":"2024-02-10",
 "titulaires":[{"titulaire":{"typeIdentifiant":"SIRET","id":"55210055400013"}}],
 "modifications":[
  {"modification":{"id":2,"dateNotificationModification":"2024-07-01","datePublicationDonneesModification":"2024-07-02","montant":900}},
  {"modification":{"id":10,"dateNotificationModification":"2024-08-01","datePublicationDonneesModification":"2024-08-02","montant":1,"dureeMois":30}},
  {"modification":{"id":1,"dateNotificationModification":"2024-06-01","datePublicationDonneesModification":"2024-06-02","montant":1500,"dureeMois":20,
   "titulaires":[{"titulaire":{"typeIdentifiant":"SIRET","id":"21590350100017"}},{"titulaire":{"typeIdentifiant":"TVA","id":"DE123456789"}}]}},
  {"modification":{"id":9,"dateNotificationModification":"2024-08-01","datePublicationDonneesModification":"2024-08-02","dureeMois":24,"titulaires":[]}},
  {"modification":{"id":3,"montant":777}}]},
{"id":"B","acheteur":{"id":"21440109900015"},"objet":"Jamais modifié","nature":"Marché","montant":50,
 "dateNotification":"2024-02-01","titulaires":[{"titulaire":{"typeIdentifiant":"SIRET","id":"55210055400013"}}]}
]}}
JSON
load_ok($node, 'etat', "$dir/modifie.json");

my %at = (
	# applied, amount, months, holders
	"'2024-01-01'" => '1|777|12|{552100554}',
	"'2024-06-01'" => '2|1500|20|{215903501,DE123456789}',
	"'2024-07-15'" => '3|900|20|{215903501,DE123456789}',
	'NULL' => '5|900|30|{215903501,DE123456789}');
for my $day (sort keys %at)
{
	is( $node->safe_psql('etat', "SELECT modifications_appliquees, montant_actuel, duree_mois_actuelle, titulaires_actuels
			FROM decp.contrat_au($day) JOIN decp.contrat USING (contrat_id) WHERE id = 'A'"), $at{$day}, "as of $day");
	is( $node->safe_psql('etat', "SELECT montant_initial, duree_mois_initiale, titulaires_initiaux
			FROM decp.contrat_au($day) JOIN decp.contrat USING (contrat_id) WHERE id = 'A'"), '1000|12|{552100554}', "as of $day: the initial state beside");
}
is( $node->safe_psql('etat', 'SELECT id, montant, montant_actuel, duree_mois, duree_mois_actuelle, derniere_modification, titulaires_actuels FROM decp.contrat_actuel ORDER BY id'),
	"A|1000|900|12|30|2024-08-01|{215903501,DE123456789}\nB|50|50||||{552100554}", 'contrat_actuel: all modifications, and contracts without any');
is( $node->safe_psql('etat', q{SELECT count(*) FROM pg_attribute AS a WHERE attrelid = 'decp.contrat_actuel'::regclass AND attnum > 0
		AND col_description(attrelid, attnum) IS NULL}), 0, 'each of its columns says what it is');

# What a file brought
append_to_file("$dir/suite.json", '{"marches":{"marche":[{"id":"B","acheteur":{"id":"21440109900015"},"objet":"Jamais modifié","nature":"Marché","montant":50,
"dateNotification":"2024-02-01","titulaires":[{"titulaire":{"typeIdentifiant":"SIRET","id":"55210055400013"}}]},12,
{"id":"B","acheteur":{"id":"21440109900015"},"objet":"Jamais modifié","nature":"Marché","montant":50,"ccag":"Travaux",
"dateNotification":"2024-02-01","titulaires":[{"titulaire":{"typeIdentifiant":"SIRET","id":"55210055400013"}}]}]}}');
load_ok($node, 'etat', "$dir/suite.json");
is( $node->safe_psql('etat', 'SELECT lus, contrats, versions, copies, rejetes, motifs FROM decp.bilan_chargement ORDER BY chargement_id'),
	"2|1|1|0|0|\n3|1|1|0|1|{\"pas_un_objet\": 1}", 'the fuller record stands for B: the first file has a version of it only, the second both and a record set aside');

$node->stop;
done_testing();
