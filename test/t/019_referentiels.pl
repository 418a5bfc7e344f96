# Registers of holders and places: every accepted shape of a file gives the same
# register; what cannot be right is refused with its line; loading again changes
# nothing; real files give what an independent reading counts.
use strict;
use warnings;
use utf8;
use Cwd qw(abs_path);
use FindBin;
use lib "$FindBin::Bin/lib";
use SpaserTest;
use PostgreSQL::Test::Utils;
use Test::More;
use Encode qw(decode encode);

my $node = start_node('referentiels');
my $dir = abs_path(PostgreSQL::Test::Utils::tempdir());

# Text is written as UTF-8, bytes as they are
sub write_file
{
	my ($name, $text) = @_;
	open my $fh, '>:raw', "$dir/$name" or die "$dir/$name: $!";
	print $fh utf8::is_utf8($text) ? encode('UTF-8', $text) : $text;
	close $fh;
	return "$dir/$name";
}

sub load_register
{
	my ($db, $register, $file, @vars) = @_;
	return load_file($node, $db, $file, 'script=charger_referentiel.sql', "registre=$register", @vars);
}

sub register_ok
{
	my ($db, $register, $file, @vars) = @_;
	my ($status, $out, $err) = load_register($db, $register, $file, @vars);
	is($status, 0, "$register: $file loads") or diag($err);
	return $err;
}

sub refused
{
	my ($db, $register, $file, $message, $what, @vars) = @_;
	my ($status, $out, $err) = load_register($db, $register, $file, @vars);
	isnt($status, 0, "$what: refused");
	like($err, $message, "$what: says why");
	return;
}

sub sql_is
{
	my ($db, $sql, $expected, $what) = @_;
	is($node->safe_psql($db, "SET search_path = decp, spaser; $sql"), encode('UTF-8', $expected), $what);
	return;
}

new_database($node, 'registres');

# ---- Legal units: those that contracts name

my $contracts = join ",\n", map { marche_json(id => qq("C$_->[0]"), titulaires => qq([{"titulaire":{"typeIdentifiant":"SIRET","id":"$_->[1]"}}])) }
	([ 1, '55210055400013' ], [ 2, '00705006500018' ]);
load_ok($node, 'registres', write_file('contrats.json', qq({"marches":{"marche":[$contracts]}})));
sql_is('registres', 'SELECT string_agg(siren, $$,$$ ORDER BY siren) FROM siren_des_contrats', '007050065,214401099,552100554', 'buyers and holders are named');

my $units = "siren,denominationUniteLegale,categorieEntreprise,trancheEffectifsUniteLegale,economieSocialeSolidaireUniteLegale,societeMissionUniteLegale,categorieJuridiqueUniteLegale\n";
my @rows = ([ '552100554', '"A, ""B"""', 'GE', '53', 'N', 'N', '5710' ], [ '007050065', 'C', 'PME', 'NN', 'O', '', '5499' ],
	[ '732829320', 'named by nobody', 'ETI', '22', 'N', 'O', '5710' ]);
my $expected = "007050065|pme|NN|t||5499\n552100554|ge|53|f|f|5710";
my %shapes = (
	virgule => $units . join('', map { join(',', @$_) . "\n" } @rows),
	crlf => join('', map { s/\n/\r\n/r } $units, map { join(',', @$_) . "\n" } @rows),
	point_virgule => ($units =~ tr/,/;/r) . join('', map { join(';', @$_) . "\n" } @rows),
	tabulation => ($units =~ tr/,/\t/r) . join('', map { join("\t", @$_) . "\n" } @rows),
	sans_fin => $units . join("\n", map { join(',', @$_) } @rows),
	guillemets => join('', map { join(',', map { '"' . s/"//gr . '"' } @$_) . "\n" } [ split /,|\n/, $units ], @rows),
	ordre => join('', map { join(',', reverse @$_) . "\n" } [ split /,|\n/, $units ], @rows),
	saut => $units . join('', map { join(',', map { s/"A, /"A,\n\n/r } @$_) . "\n" } @rows),
	espaces => $units . join('', map { my @r = @$_; $r[0] =~ s/^(...)(...)/$1 $2 /; join(',', @r) . "\n" } @rows),
	zeros_perdus => $units . join('', map { my @r = @$_; $r[0] =~ s/^0+//; join(',', @r) . "\n" } @rows),
	bom => "\x{feff}$units" . join('', map { join(',', @$_) . "\n" } @rows));
for my $shape (sort keys %shapes)
{
	$node->safe_psql('registres', 'TRUNCATE decp.unite_legale');
	register_ok('registres', 'sirene_unites', write_file("$shape.csv", $shapes{$shape}));
	sql_is('registres', 'SELECT * FROM unite_legale ORDER BY siren', $expected, "$shape: units of the contracts");
}
system_or_bail('gzip', '-kf', "$dir/virgule.csv");
$node->safe_psql('registres', 'TRUNCATE decp.unite_legale');
like(register_ok('registres', 'sirene_unites', "$dir/virgule.csv.gz"), qr/3 lines, 2 kept \(left out: 1 named by no contract\); 2 rows written, 0 removed/, 'gzip: told');
sql_is('registres', 'SELECT * FROM unite_legale ORDER BY siren', $expected, 'gzip: the same units');
sql_is('registres', q{SELECT lignes, retenues, ecartees, manquants FROM referentiel WHERE registre = 'sirene_unites'}, '3|2|1|1', 'the load is recorded');
sql_is('registres', q{SELECT nommes, manquants, a_recharger FROM referentiel_manquant WHERE registre = 'sirene_unites'}, '3|1|f', 'the buyer is in no register, and was in none');

my $before = $node->safe_psql('registres', 'SELECT ctid, xmin, siren FROM decp.unite_legale ORDER BY siren');
like(register_ok('registres', 'sirene_unites', "$dir/virgule.csv"), qr/0 rows written, 0 removed/, 'again: nothing to write');
is($node->safe_psql('registres', 'SELECT ctid, xmin, siren FROM decp.unite_legale ORDER BY siren'), $before, 'again: no row is touched');

load_ok($node, 'registres', write_file('suite.json', '[' . marche_json(id => '"C3"', titulaires => '[{"titulaire":{"typeIdentifiant":"SIRET","id":"73282932000074"}}]') . ']'));
sql_is('registres', q{SELECT manquants, a_recharger FROM referentiel_manquant WHERE registre = 'sirene_unites'}, '2|t', 'a new holder asks for a reload');
register_ok('registres', 'sirene_unites', "$dir/virgule.csv");
sql_is('registres', 'SELECT count(*) FROM unite_legale', '3', 'which brings it');

register_ok('registres', 'sirene_unites', write_file('complement.csv', "siren;ess\n732829320;oui\n552100554;\n"), 'ajouter=1');
sql_is('registres', 'SELECT siren, categorie, ess FROM unite_legale ORDER BY siren', "007050065|pme|t\n552100554|ge|f\n732829320|eti|t",
	'ajouter: what the file says is so, the rest stays');
register_ok('registres', 'sirene_unites', write_file('tout.csv', "siren,categorieEntreprise\n356000000,GE\n552100554,\n"), 'tout=1');
sql_is('registres', 'SELECT siren, categorie FROM unite_legale ORDER BY siren', "356000000|ge\n552100554|", 'tout: every line; the register is replaced');

# ---- What cannot be right stops the load, and leaves the register

my $units_before = $node->safe_psql('registres', 'SELECT * FROM decp.unite_legale ORDER BY siren');
my @refusals = (
	[ "siren,categorieEntreprise\n552100554,GE\n552100554,PME\n", qr/one siren twice.*Lines 2, 3: 552100554/s, 'a SIREN twice' ],
	[ "siren,categorieEntreprise\n552100554,GE\n732829320,MOYENNE\n", qr/Line 3: "MOYENNE" is none of PME, ETI, GE/, 'a category that is none' ],
	[ "siren,categorieEntreprise\n55210055X,GE\n", qr/Line 2: "55210055X" is no SIREN/, 'a SIREN that is none' ],
	[ "siren,ess\n552100554,peut-être\n", qr/Line 2: .* is neither O nor N/, 'a flag that is none' ],
	[ "identifiant,categorieEntreprise\n552100554,GE\n", qr/no column that the register "sirene_unites" needs.*siren \(.*The header reads: identifiant, categorieEntreprise/s, 'no SIREN column' ],
	[ "siren,nom\n552100554,A\n", qr/needs.*categorie \(/s, 'nothing but SIREN' ],
	[ '', qr/is empty/, 'an empty file' ],
	[ "[{\"siren\": 1}]\n", qr/is not a CSV file/, 'JSON' ],
	[ "\xff\xfes\0i\0", qr/UTF-16|not a CSV/, 'UTF-16' ],
	[ "siren,categorieEntreprise\n552100554,\"GE\n" . "x\n" x 3, qr/line 2: a quote is not closed/, 'a quote that is not closed' ]);
for my $r (@refusals)
{
	refused('registres', 'sirene_unites', write_file('refus.csv', $r->[0]), $r->[1], $r->[2]);
}
my $gz = do { local $/; open my $fh, '<:raw', "$dir/virgule.csv.gz" or die $!; <$fh> };
refused('registres', 'sirene_unites', write_file('tronque.csv.gz', substr($gz, 0, length($gz) - 9)), qr/damaged/, 'a truncated gzip file');
refused('registres', 'sirene_unites', "$dir/absent.csv", qr/no such file/, 'a file that is not there');
refused('registres', 'inconnu', "$dir/virgule.csv", qr/register "inconnu" is not known/, 'an unknown register');
is($node->safe_psql('registres', 'SELECT * FROM decp.unite_legale ORDER BY siren'), $units_before, 'the register is what it was');
register_ok('registres', 'sirene_unites', write_file('tolere.csv', "siren,categorieEntreprise\n552100554,GE\n732829320,MOYENNE\n"), 'tolerer=1');
sql_is('registres', 'SELECT siren, categorie FROM unite_legale', '552100554|ge', 'tolerer: the others load');

# A column of another name is said once
$node->safe_psql('registres', q{INSERT INTO decp.colonne_referentiel (registre, champ, colonne) VALUES ('sirene_unites', 'siren', 'Identifiant de l''unité')});
register_ok('registres', 'sirene_unites', write_file('nomme.csv', "Identifiant de l'unité;categorieEntreprise\n552100554;ETI\n"));
sql_is('registres', 'SELECT siren, categorie FROM unite_legale', '552100554|eti', 'a renamed column is read');

# ---- Establishments: place, point, dates

# 48.85837 N 2.294481 E is 648235.8777 6862268.3583 by the forward formula of IGN (NTG 71)
register_ok('registres', 'sirene_etablissements', write_file('etablissements.csv',
	"siren,nic,siret,dateCreationEtablissement,codeCommuneEtablissement,coordonneeLambertAbscisseEtablissement,coordonneeLambertOrdonneeEtablissement,dateDebut,etatAdministratifEtablissement\n"
	. "552100554,00013,55210055400013,1900-01-01,75107,648235.8777,6862268.3583,2008-01-01,A\n"
	. "007050065,00015,00705006500018,2001-02-03,97411,339540.1,7690000.2,2020-12-31,F\n"
	. "732829320,00074,73282932000074,2010-05-06,[ND],[ND],[ND],2012-01-01,A\n"));
sql_is('registres', 'SELECT siret, siren, code_commune, round(latitude::numeric, 6), round(longitude::numeric, 6), ouvert_depuis, ferme_depuis FROM etablissement ORDER BY siret',
	"00705006500018|007050065|97411|||2001-02-03|2020-12-31\n55210055400013|552100554|75107|48.858370|2.294481|1900-01-01|\n73282932000074|732829320||||2010-05-06|",
	'place, point in degrees, opening and closing; overseas and what is not public have no point');
register_ok('registres', 'sirene_etablissements', write_file('points.csv', "siret;latitude;longitude\n00705006500018;-20,8823;55,4504\n"), 'ajouter=1');
sql_is('registres', q{SELECT latitude, longitude, ferme_depuis FROM etablissement WHERE siren = '007050065'}, '-20.8823|55.4504|2020-12-31', 'points from another file');
refused('registres', 'sirene_etablissements', write_file('refus.csv', "siret,latitude,longitude\n55210055400013,95,2\n"), qr/Line 2: "95" is no latitude/, 'a latitude that is none');

# The quarter of a meridian is pi/2 times the radius; the third is Paris to Marseille, computed in Python
sql_is('registres', q{SELECT round(distance_km(0, 0, 90, 0)::numeric, 6), distance_km(48, 2, 48, 2), round(distance_km(48.8566, 2.3522, 43.2965, 5.3698)::numeric, 6),
		round(distance_km(0, 0, 0, 180)::numeric, 6), distance_km(48, NULL, 48, 2) IS NULL},
	'10007.543398|0|660.478380|20015.086796|t', 'distances');

# ---- Approvals

register_ok('registres', 'esus', write_file('esus.csv',
	"Dénomination;N° SIREN;Date de début d'agrément;Date de fin d'agrément\nÉtoile;552 100 554;01/03/2020;28/02/2022\nÉtoile;552100554;2023-01-01;2027-12-31\nSans;;;\nVieille;732829320;;31.12.2019\n"),
	'complete_depuis=2019-01-01', 'complete_jusque=2025-12-31');
sql_is('registres', q{SELECT siren, siret, depuis, jusque, nom FROM agrement WHERE liste = 'esus' ORDER BY siren, depuis},
	"552100554||2020-03-01|2022-02-28|Étoile\n552100554||2023-01-01|2027-12-31|Étoile\n732829320|||2019-12-31|Vieille", 'approvals with French and ISO dates');
sql_is('registres', q{SELECT string_agg(coalesce(agree_au('esus', siren, NULL, jour::date)::text, '?'), ' ' ORDER BY n) FROM (VALUES
		(1, '552100554', '2022-02-28'), (2, '552100554', '2022-03-01'), (3, '552100554', '2026-01-01'), (4, '007050065', '2025-12-31'),
		(5, '007050065', '2026-01-01'), (6, '732829320', '2019-12-31'), (7, '732829320', '2020-01-01'), (8, NULL, '2020-01-01'), (9, '552100554', NULL)) AS v (n, siren, jour)},
	'true false true false ? true false ? ?', 'an approval that has ended is none; outside the days when the list is complete nobody knows');
my $overlap = write_file('chevauche.csv', "siren,depuis,jusque\n552100554,2020-01-01,2022-12-31\n732829320,2020-01-01,\n552100554,2022-12-31,2024-12-31\n");
refused('registres', 'esus', $overlap, qr/overlap.*Lines 2 and 4: 552100554, until 2022-12-31 and from 2022-12-31/s, 'approvals that overlap');
register_ok('registres', 'esus', $overlap, 'chevauchements=1');
sql_is('registres', q{SELECT count(*), bool_and(agree_au('esus', '552100554', NULL, jour)), (SELECT complete_depuis IS NULL FROM liste_agrement)
		FROM (VALUES ('2020-01-01'::date), ('2022-12-31'), ('2024-12-31')) AS v (jour)}, '3|t|t', 'or load as they are; the list is no longer declared complete');
my $again = register_ok('registres', 'esus', $overlap, 'chevauchements=1');
like($again, qr/0 rows written, 0 removed/, 'again: nothing to write');
for my $r ([ "siren,depuis,jusque\n552100554,2022-01-02,2022-01-01\n", qr/Line 2: the approval ends on 2022-01-01, before it begins on 2022-01-02/, 'an approval that ends before it begins' ],
	[ "siren,depuis\n552100554,30/02/2022\n", qr{Line 2: "30/02/2022" is no date}, 'a day that is none' ],
	[ "siren,siret\n552100554,73282932000074\n", qr/Line 2: SIRET 73282932000074 is not of SIREN 552100554/, 'SIRET of another SIREN' ],
	[ "siren\n\n", qr/has no line for the register/, 'a list of nobody' ])
{
	refused('registres', 'esus', write_file('refus.csv', $r->[0]), $r->[1], $r->[2]);
}
refused('registres', 'cpv', "$dir/virgule.csv", qr/is no list of approvals/, 'a register that is no list, declared complete', 'complete_depuis=2020-01-01');

# A list of several kinds gives each register its own; ESAT are establishments
my $kinds = write_file('inclusion.csv', "siret,kind,name\n55210055400013,EI,A\n73282932000074,EA,B\n00705006500018,GEIQ,C\n55210055400013,ACI,A bis\n");
register_ok('registres', $_, $kinds) for 'siae', 'ea';
sql_is('registres', q{SELECT liste, siret, nom FROM agrement WHERE liste IN ('siae', 'ea') ORDER BY liste}, "ea|73282932000074|B\nsiae|55210055400013|A", 'each list its kinds, a structure once');
sql_is('registres', q{SELECT agree_au('siae', '552100554', '55210055400013', '2024-01-01'), agree_au('siae', '552100554', '55210055400021', '2024-01-01')}, 't|', 'another establishment is not the approved one');

# ---- Places

register_ok('registres', 'cog_departements', write_file('departements.csv', "DEP,REG,LIBELLE\n01,84,Ain\n75,11,Paris\n"));
register_ok('registres', 'cog_communes', write_file('communes.csv',
	encode('iso-8859-1', "TYPECOM;COM;LIBELLE;EPCI\nCOM;1004;Ambérieu-en-Bugey;200029999\nCOM;75056;Paris;200054781\nCOMD;01004;Château-Gaillard;\nCOM;2a004;Ajaccio;ZZZZZZZZZ\n")));
sql_is('registres', 'SELECT * FROM commune ORDER BY code', "01004|Ambérieu-en-Bugey|200029999|01|84\n2A004|Ajaccio||2A|\n75056|Paris|200054781|75|11",
	'Latin-1, lost zeros, the region of the département');
refused('registres', 'cog_communes', write_file('refus.csv', "COM,LIBELLE\n01004,A\n01004,B\n"), qr/one code twice.*Lines 2, 3/s, 'a commune of two names');
register_ok('registres', 'cog_anciennes', write_file('mouvements.csv', "MOD,DATE_EFF,TYPECOM_AV,COM_AV,TYPECOM_AP,COM_AP\n"
	. "32,2016-01-01,COM,01091,COM,01033\n32,2016-01-01,COM,01033,COM,01033\n32,2019-01-01,COM,01033,COM,01453\n"
	. "31,1973-01-01,COM,01120,COM,01004\n21,1990-01-01,COM,01004,COM,01120\n10,2001-01-01,COM,01005,COM,01006\n32,2016-01-01,COM,01092,COMD,01092\n"
	. "50,1990-01-01,COM,01200,COM,01201\n50,2000-01-01,COM,01201,COM,01200\n"));
sql_is('registres', 'SELECT ancien, code, date FROM commune_ancienne ORDER BY ancien', "01033|01453|2019-01-01\n01091|01453|2016-01-01\n01201|01200|2000-01-01",
	'mergers are followed; a commune that was made again is itself');
sql_is('registres', q{SELECT commune_actuelle('01091'), commune_actuelle('75118'), commune_actuelle('69389'), commune_actuelle('13201'), commune_actuelle('44109'), commune_actuelle(NULL) IS NULL},
	'01453|75056|69123|13055|44109|t', 'the commune of today');
refused('registres', 'cpv', write_file('refus.csv', "CODE,FR\n03000000-1,Produits de l'\xc3\xa9levage\n03000001-1,P\xc3\xaache\n03000002-1,Chasse \xe9\n"), qr/UTF-8 with bytes that are not.*line 4/s, 'damaged UTF-8');

# ---- Real files, counted by a reading of their own

sub csv_rows
{
	my ($file, $encoding, $separator) = @_;
	open my $fh, "<:encoding($encoding)", $file or die "$file: $!";
	my @rows;
	while (my $line = <$fh>)
	{
		$line =~ s/^\x{feff}|\r?\n$//g;
		my @f;
		push @f, defined $1 ? $1 =~ s/""/"/gr : $2 while $line =~ /\G(?:^|$separator)(?:"((?:[^"]|"")*)"|([^$separator]*))/g;
		push @rows, \@f;
	}
	close $fh;
	return @rows;
}

sub distinct { my %h = map { $_ => 1 } @_; return scalar keys %h; }

SKIP:
{
	my $data = real_data();
	skip 'the folder of real data is absent', 1 unless $data && -d "$data/ref";
	my $ref = "$data/ref";
	my (undef, @r) = csv_rows("$ref/sirene/decp-augmente_categorieEntreprise_2022-10.csv", 'UTF-8', ',');
	register_ok('registres', 'sirene_unites', "$ref/sirene/decp-augmente_categorieEntreprise_2022-10.csv", 'tout=1');
	my %n = (pme => 0, eti => 0, ge => 0, '' => 0);
	$n{ lc($_->[3] // '') }++ for @r;
	sql_is('registres', q{SELECT count(*) FILTER (WHERE categorie = 'pme'), count(*) FILTER (WHERE categorie = 'eti'), count(*) FILTER (WHERE categorie = 'ge'), count(*) FILTER (WHERE categorie IS NULL) FROM unite_legale},
		join('|', @n{ 'pme', 'eti', 'ge', '' }), 'real categories');
	(undef, @r) = csv_rows("$ref/ess/esat_liste_officielle.csv", 'UTF-8', ',');
	register_ok('registres', 'esat', "$ref/ess/esat_liste_officielle.csv");
	sql_is('registres', q{SELECT count(*) FROM agrement WHERE liste = 'esat'}, distinct(map { sprintf '%014s', $_->[8] } grep { ($_->[8] // '') ne '' } @r), 'real ESAT');
	(undef, @r) = csv_rows("$ref/ess/siae_le-marche_2020-12.csv", 'UTF-8', ',');
	register_ok('registres', 'siae', "$ref/ess/siae_le-marche_2020-12.csv");
	sql_is('registres', q{SELECT count(*) FROM agrement WHERE liste = 'siae'}, distinct(map { $_->[0] } grep { $_->[3 - 1] =~ /^(EI|ACI|AI|ETTI|EITI)$/ } @r), 'real SIAE');
	(undef, @r) = csv_rows("$ref/cpv/cpv_2008_ver_2013_FR.csv", 'UTF-8', ',');
	register_ok('registres', 'cpv', "$ref/cpv/cpv_2008_ver_2013_FR.csv");
	my $cpv = 'SELECT string_agg(code || libelle, $$;$$ ORDER BY code) FROM decp.cpv';
	is(decode('UTF-8', $node->safe_psql('registres', $cpv)), join(';', sort map { substr($_->[0], 0, 8) . $_->[1] } @r), 'real CPV labels');
	like(register_ok('registres', 'cpv', "$ref/cpv/classification_cpv_marion-paclot.csv"), qr/0 rows written, 0 removed/, 'the same in Windows-1252');
	(undef, @r) = csv_rows("$ref/cog/decp-processing_cog.csv", 'UTF-8', ',');
	register_ok('registres', 'cog_communes', "$ref/cog/decp-processing_cog.csv");
	sql_is('registres', 'SELECT count(*), count(DISTINCT departement), count(DISTINCT region) FROM commune',
		join('|', scalar @r, distinct(map { $_->[2] } @r), distinct(map { $_->[1] } @r)), 'real communes');
	(undef, @r) = csv_rows("$ref/cog/old_new_code_insee_2026.csv", 'UTF-8', ',');
	register_ok('registres', 'cog_anciennes', "$ref/cog/old_new_code_insee_2026.csv");
	my (%suite, %reste);
	for (@r) { $_->[0] eq $_->[1] ? $reste{ $_->[0] }++ : $suite{ $_->[0] }{ $_->[1] }++ }
	sql_is('registres', 'SELECT count(*) FROM commune_ancienne', scalar(grep { !$reste{$_} && keys %{ $suite{$_} } == 1 } keys %suite), 'real codes that have gone');
}

done_testing();
