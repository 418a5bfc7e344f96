# What the reader has against real files: the rates of anomalies that were
# measured on the files of 2019 by other means, from the files themselves, and
# which rules a load keeps.
use strict;
use warnings;
use utf8;
use FindBin;
use lib "$FindBin::Bin/lib";
use SpaserTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = start_node('validation');
new_database($node, 'regles');

sub ask
{
	my ($sql) = @_;
	my $out = $node->safe_psql('regles', "SET search_path = decp, spaser, public;\n$sql");
	return $out;
}

# ---- What a load keeps

# 13000548100011 has a wrong key; the second record has nothing wrong
my $clean = '"_type":"Marché","nature":"Marché","objet":"Eau","codeCPV":"45000000","procedure":"Procédure adaptée","dureeMois":12,'
	. '"lieuExecution":{"code":"35","typeCode":"Code département","nom":"x"},"dateNotification":"2019-03-01","datePublicationDonnees":"2019-03-03",'
	. '"montant":120000,"formePrix":"Ferme","modifications":[],'
	. '"titulaires":[{"typeIdentifiant":"SIRET","id":"35600000000048","denominationSociale":"La Poste"}]';
my $file = PostgreSQL::Test::Utils::tempdir() . '/deux.json';
open my $fh, '>:encoding(UTF-8)', $file or die "$file: $!";
print $fh qq({"marches":[{"id":"2019000100","acheteur":{"id":"13000548100011","nom":"A"},$clean},),
	qq({"id":"2019000200","acheteur":{"id":"13000548100010","nom":"A"},$clean}]});
close $fh;
load_ok($node, 'regles', $file);
is(ask(q{SELECT c.id, a.regle, a.champ, a.valeur, r.gravite FROM anomalie AS a JOIN contrat AS c USING (contrat_id) JOIN regles() AS r USING (regle)}),
	'2019000100|siret_acheteur_luhn|acheteur.id|13000548100011|erreur', 'a load keeps the anomaly of its contract');

# ---- Real files

my $data = real_data();
if (!defined $data)
{
	note 'no real data: skipped';
	done_testing();
	exit;
}

# One row per record of a marché, before copies are merged
my %files = (
	ec144f => 'ec144f_data.gouv.fr_pes', b2daed => 'b2daed_data.gouv.fr_pes', eafe9d => 'eafe9d_data.gouv.fr_pes',
	afb004 => 'afb004_data.gouv.fr_pes', '98b873' => '98b873_data.gouv.fr_aife', eed24f => 'eed24f_e-marchespublics');
$node->safe_psql('regles', q{
	SET search_path = decp, spaser, public;
	CREATE TABLE lu AS SELECT NULL::text AS fichier, l.* FROM lire_json('[]') AS l WITH NO DATA;
	INSERT INTO lu SELECT '059f4a', l.*
	FROM pg_ls_dir('} . "$data/2019-json-pes-files" . q{') AS f, LATERAL lire_json(pg_read_binary_file('} . "$data/2019-json-pes-files/" . q{' || f)) AS l
	WHERE f LIKE '%.json'});
$node->safe_psql('regles', qq{
	SET search_path = decp, spaser, public;
	INSERT INTO lu SELECT '$_', l.* FROM lire_json(pg_read_binary_file('$data/2019-json-consolidated/$files{$_}.json')) AS l}) for sort keys %files;
$node->safe_psql('regles', q{
	CREATE TABLE decp.marche_lu AS SELECT row_number() OVER () AS i, lu.* FROM decp.lu WHERE type_contrat = 'marche';
	CREATE TABLE decp.releve AS SELECT m.fichier, m.i, a.* FROM decp.marche_lu AS m, unnest(anomalies) AS a});

is(ask('SELECT count(*) FROM lu WHERE motif IS NOT NULL'), '0', 'every record is read');
is(ask(q{SELECT count(*) FROM releve WHERE regle NOT IN (SELECT regle FROM regles() WHERE NOT ensemble)}), '0', 'every anomaly has a rule');

# Per cent of the marchés of each file; '-': not measured. The measure rounded to
# hundredths first, and then 5 up or down: 5 of 233, 2.146, is 2.2 in it. A rate
# is right within 0.055, or 0.0055; 0 is none at all.
# Kinds of rows: a condition on anomalies (of which a record has at least one), or
# on the record itself (columns of contrat_lu), or an amount (an aggregate).
#
# A schema-type error is a required field missing, a value outside its closed
# list or its form, a text too long, no holder: in the fields of the record, not
# of its modifications. SIRET that were cleaned count, identifiers of other types
# do not; a label that is recognised though no schema writes it so counts.
my $schema = q{champ NOT LIKE 'modifications[%' AND (regle IN ('champ_manquant', 'hors_liste', 'libelle_approchant', 'id_longueur',
	'objet_longueur', 'duree_minimum', 'duree_decimale', 'nombre_texte', 'nombre_illisible', 'texte_nombre', 'date_illisible', 'date_format', 'date_annee',
	'cpv_format', 'cpv_repare', 'siret_acheteur_format', 'siret_acheteur_siren', 'siret_titulaire_format', 'siret_titulaire_siren')
	OR regle = 'identifiant_nettoye' AND valeur ~ '^[0-9 \t]+$')};
my $holder = q{champ LIKE 'titulaires[%'};
my @columns = qw(059f4a ec144f b2daed eafe9d afb004 98b873 eed24f);
my @table = (
	[ 'contracts', nombre => 'count(*)', 0, 233, 110, 138, 552, 1148, 4508, 470 ],
	[ 'buyers', nombre => q{count(DISTINCT coalesce(acheteur_id, ''))}, 0, 45, 45, 58, 97, 142, 440, 51 ],
	[ 'at least one schema-type error', anomalie => $schema, 1, 0, 0, 0, 0, 0, '92.0', 0 ],
	[ 'dates with time zone', anomalie => q{regle = 'date_fuseau' AND champ IN ('dateNotification', 'datePublicationDonnees')}, 0, 100, 100, 100, 100, 100, 0, 0 ],
	[ 'datePublicationDonnees missing', anomalie => q{regle = 'champ_manquant' AND champ = 'datePublicationDonnees'}, 1, 0, 0, 0, 0, 0, '91.2', 0 ],
	[ 'dateNotification missing', anomalie => q{regle = 'champ_manquant' AND champ = 'dateNotification'}, 1, 0, 0, 0, 0, 0, '55.7', 0 ],
	[ 'publication before notification', anomalie => q{regle = 'publication_avant_notification'}, 1, '2.2', '3.6', '5.8', '7.4', '10.5', 0, '3.8' ],
	[ 'publication more than 62 days late', anomalie => q{regle = 'publication_62_jours'}, 1, '12.0', '12.7', '15.9', '18.8', '26.7', '-', '4.9' ],
	[ 'objet with U+FFFD', anomalie => q{regle = 'objet_abime'}, 1, 0, 0, 0, 0, 0, '70.3', 0 ],
	[ 'CPV of bad format', anomalie => q{regle IN ('cpv_format', 'cpv_repare')}, 1, 0, 0, 0, 0, 0, '2.1', 0 ],
	[ 'procedure outside 1.4 and 1.5', anomalie => q{regle IN ('hors_liste', 'libelle_approchant') AND champ = 'procedure'}, 1, 0, 0, 0, 0, 0, '3.1', 0 ],
	[ 'buyer SIRET fails Luhn', anomalie => q{regle = 'siret_acheteur_luhn'}, 2, 0, 0, 0, 0, 0, '0.71', 0 ],
	[ 'holder SIRET fails Luhn', anomalie => "regle = 'siret_titulaire_luhn' AND $holder", 1, 0, 0, 0, 0, 0, '2.5', 0 ],
	# All of them have blanks around 14 digits
	[ 'holder SIRET not of 14 digits', anomalie => "(regle = 'siret_titulaire_format' OR regle = 'identifiant_nettoye' AND valeur ~ '^[0-9 \\t]+\$') AND $holder",
		2, 0, 0, 0, 0, 0, '0.67', 0 ],
	[ 'holder SIRET is a SIREN', anomalie => "regle = 'siret_titulaire_siren' AND $holder", 1, 0, 0, 0, 0, 0, 0, 0 ],
	[ 'typeIdentifiant outside its list', anomalie => "regle IN ('hors_liste', 'libelle_approchant') AND champ ~ '^titulaires.*typeIdentifiant'",
		2, 0, 0, 0, 0, 0, '0.78', 0 ],
	[ 'montant = 0', ligne => 'montant = 0', 1, '0.4', '0.9', '0.7', '0.2', '0.2', '0.5', 0 ],
	[ '0 < montant < 40 000', ligne => 'montant > 0 AND montant < 40000', 1, '10.7', '16.4', '15.2', '12.9', '11.9', '37.9', '43.4' ],
	[ 'amount and duration incoherent', anomalie => q{regle LIKE 'montant\_duree\_%'}, 1, '4.7', '5.5', '5.1', '5.4', '6.2', '20.6', '16.2' ],
	[ 'id suffix is not the number of modifications', anomalie => q{regle = 'id_suffixe'}, 1, '15.0', '18.2', '15.2', '7.8', '5.1', '0.8', '7.0' ],
	[ 'place code incoherent with its type', anomalie => q{regle = 'lieu_incoherent'}, 1, 0, 0, 0, '5.4', '12.5', '1.3', 0 ],
	[ 'objet with HTML entities', anomalie => q{regle = 'objet_entites_html'}, 1, '0.4', 0, '0.7', '1.3', '1.0', 0, 0 ],
	# A holder that stands twice was counted twice
	[ 'two holders or more', ligne => q{cardinality(titulaires) + (SELECT count(*) FROM unnest(anomalies) AS a
		WHERE a.regle = 'titulaire_double' AND a.champ = 'titulaires') >= 2}, 1, '3.4', '4.5', '4.3', '4.0', '5.7', '7.8', '7.2' ],
	[ 'a modification or more', ligne => 'cardinality(modifications) > 0', 1, 0, 0, 0, '0.2', '0.7', '0.4', '1.7' ],
	# The upper one of two in the middle
	[ 'median amount', nombre => 'percentile_disc(0.5) WITHIN GROUP (ORDER BY montant DESC)', 0, 103074, 104000, 115642, 119950, 120000, 62500, 48900 ],
	[ '99th percentile, millions', nombre => 'percentile_disc(0.99) WITHIN GROUP (ORDER BY montant) / 1e6', 1, '2.0', '2.0', '6.0', '5.0', '5.2', '3.7', '45.9' ],
	[ 'largest amount, millions', nombre => 'max(montant) / 1e6', 0, 5, 5, 100, 1000, 1000, 112, 116 ]);
foreach my $row (@table)
{
	my ($name, $kind, $expression, $decimals, @wanted) = @$row;
	my $value = $kind eq 'nombre' ? $expression : '100.0 * count(*) FILTER (WHERE '
		. ($kind eq 'ligne' ? $expression : "EXISTS (SELECT FROM releve AS r WHERE r.i = m.i AND ($expression))") . ') / count(*)';
	my %found = map { split /\|/ } split /\n/, ask("SELECT fichier, round(($value)::numeric, 4) FROM marche_lu AS m GROUP BY fichier");
	my @found;
	foreach my $i (0 .. $#columns)
	{
		my ($found, $wanted) = ($found{ $columns[$i] }, $wanted[$i]);
		my $right = $wanted eq '-' || $found == $wanted || ($wanted != 0 && abs($found - $wanted) <= 0.55 * 10**-$decimals);
		push @found, $right ? $wanted : $found;
	}
	is("@found", "@wanted", $name);
}

# Of the identifiers that were cleaned, all became valid SIRET
is(ask(q{SELECT count(*), bool_and(siret_valide(valeur)) FROM releve
	WHERE fichier = '98b873' AND regle = 'identifiant_nettoye' AND champ LIKE 'titulaires[%' AND valeur ~ '^[0-9 \t]+$'}),
	'32|t', 'AIFE: 32 of 32 cleaned SIRET are valid');

done_testing();
