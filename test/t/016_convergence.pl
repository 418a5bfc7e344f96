# What is loaded in any order, at once, or taken away again ends in one state;
# corrections, numbered versions and other sources are one contract.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use List::Util qw(shuffle);
use SpaserTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = start_node('convergence');
my $dir = PostgreSQL::Test::Utils::tempdir();
my $n = 0;

# A marché that says when it was published
sub publie
{
	return marche_json(datePublicationDonnees => '"2024-02-10"', @_);
}

sub v1_marche
{
	return publie(acheteur => '{"id":"21440109900015","nom":"Nantes"}',
		titulaires => '[{"typeIdentifiant":"SIRET","id":"55210055400013","denominationSociale":"X"}]',
		_type => '"Marché"', @_);
}

sub file
{
	my ($name, $open, $close, @records) = @_;
	my $path = "$dir/$name";
	open my $fh, '>', $path or die "$path: $!";
	print $fh $open . join(",\n", @records) . $close;
	close $fh;
	return $path;
}

sub v2 { my ($name, @records) = @_; return file("$name.json", '{"marches":{"marche":[', ']}}', @records) }
sub v1 { my ($name, @records) = @_; return file("$name.json", '{"marches":[', ']}', @records) }

# Load [file, variables...] or file, in this order, in a new database
sub loaded
{
	my @loads = @_;
	my $db = new_database($node, 'cas' . ++$n);
	for my $load (@loads)
	{
		my ($file, @vars) = ref $load ? @$load : $load;
		my ($status, undef, $err) = load_file($node, $db, $file, @vars);
		$status == 0 or BAIL_OUT("$file: $err");
	}
	return $db;
}

# The same state whatever the order of these loads; the database of the first
sub same_in_any_order
{
	my ($what, $orders, @loads) = @_;
	my $db = loaded(@loads);
	my $state = content($node, $db);
	for my $order (1 .. $orders)
	{
		my @other = $order == 1 ? reverse @loads : shuffle(@loads);
		my $found = content($node, loaded(@other));
		is($found, $state, "$what: order $order") or diag(join ' ', map { ref $_ ? $_->[0] : $_ } @other);
	}
	return $db;
}

# What a file brought is gone with it
sub unloading
{
	my ($what, $loads, $extra) = @_;
	my $without = content($node, loaded(@$loads));
	my $db = loaded(@$loads, $extra);
	my $file = ref $extra ? $extra->[0] : $extra;
	$node->safe_psql($db, "SELECT decp.decharger(max(chargement_id)) FROM decp.chargement WHERE fichier = '$file'");
	is(content($node, $db), $without, "$what: taken away, as if never loaded");
	$db = loaded($extra, @$loads);
	$node->safe_psql($db, "SELECT decp.decharger(max(chargement_id)) FROM decp.chargement WHERE fichier = '$file'");
	is(content($node, $db), $without, "$what: so too when it came first");
}

my $contracts = q{SELECT string_agg(concat_ws(' ', id, montant, modifications), '; ' ORDER BY id, montant) FROM decp.contrat};

# A corrected amount
my $first = v2('c1', publie(montant => 1000));
my $corrected = v2('c2', publie(montant => 1200, datePublicationDonnees => '"2024-03-10"'));
my $both = v2('c3', publie(montant => 1000), publie(montant => 1200, datePublicationDonnees => '"2024-03-10"'));
my $db = same_in_any_order('a corrected amount', 1, $first, $corrected);
is($node->safe_psql($db, $contracts), '2024L1 1200 0', 'a corrected amount is a correction, the later publication stands');
is($node->safe_psql($db, q{SELECT contenu->>'montant' FROM decp.version}), '1000', 'what it corrects is kept');
is($node->safe_psql($db, 'SELECT min(date_publication_donnees) FROM decp.contrat'), '2024-02-10', 'first published as the first was');
$db = same_in_any_order('two amounts that one file delivers', 3, $first, $corrected, $both);
is($node->safe_psql($db, $contracts), '2024L1 1000 0; 2024L1 1200 0', 'are two contracts');
unloading('the file that says there are two', [ $first, $corrected ], $both);
unloading('the correction', [$first], $corrected);
unloading('what was corrected', [$corrected], $first);

# Copies and versions
my $modification = '[{"modification":{"id":1,"dateNotificationModification":"2024-06-01","datePublicationDonneesModification":"2024-06-02","montant":1500,"titulaires":[{"titulaire":{"typeIdentifiant":"SIRET","id":"21440109900015"}}]}}]';
my @copies = (
	v2('v1', publie()),
	v2('v2', publie(datePublicationDonnees => '"2024-01-15"')),
	v2('v3', publie(modifications => $modification, datePublicationDonnees => '"2024-06-02"')),
	v2('v4', publie(ccag => '"Travaux"'), publie(source => '"a"'), publie(ccag => '"Travaux"', datePublicationDonnees => '"2025-01-01"')),
	v2('v5', publie(id => 'null', ccag => '"Travaux"'), publie(acheteur => 'null'), publie(id => 'null', ccag => '"Travaux"')));
$db = same_in_any_order('copies and versions', 5, @copies);
is($node->safe_psql($db, q{SELECT count(*) FROM decp.contrat WHERE id = '2024L1' AND acheteur_id IS NOT NULL}), 1, 'copies and versions are one contract');
unloading('a copy', [ @copies[ 1 .. 4 ] ], $copies[0]);
unloading('the version that stands', [ @copies[ 0, 1, 3, 4 ] ], $copies[2]);
unloading('versions and copies in one file', [ @copies[ 0 .. 2, 4 ] ], $copies[3]);

# Versions numbered at the end of the id, format 1
my @numbered = (
	v1('n0', v1_marche(id => '"2019A01500"')),
	v1('n1', v1_marche(id => '"2019A01501"', montant => 1100)),
	v1('n3', v1_marche(id => '"2019A01503"', montant => 900, datePublicationDonnees => '"2024-01-01"'),
		v1_marche(id => '"2019A01601"'), v1_marche(id => '"2019A01600"', objet => '"Un autre"')));
$db = same_in_any_order('numbered versions', 4, @numbered);
is($node->safe_psql($db, $contracts), '2019A01503 900 0; 2019A01600 1000 0; 2019A01601 1000 0',
	'the highest stands, with its amount; another objet is another contract');
unloading('the highest version', [ @numbered[ 0, 1 ] ], $numbered[2]);
$db = loaded(v2('n4', publie(id => '"2024A01500"'), publie(id => '"2024A01501"')));
is($node->safe_psql($db, $contracts), '2024A01500 1000 0; 2024A01501 1000 0', 'no numbered versions in format 2');

# Two sources
my @two = (
	[ v2('s1', publie(id => '"X-1"'), publie(id => '"Y-1"', objet => '"Autre"')), 'source=une' ],
	[ v2('s2', publie(id => '"x/1"', dateNotification => '"2024-02-20"', objet => '"UN MARCHE"', montant => '"1000,40"')), 'source=deux' ]);
$db = same_in_any_order('two sources', 2, @two);
is($node->safe_psql($db, 'SELECT count(*) FROM decp.contrat'), 2, 'what two sources publish under two ids is one contract');
is($node->safe_psql($db, q{SELECT array_agg(DISTINCT source ORDER BY source) FROM decp.contrat_source WHERE contrat_id IN (SELECT contrat_id FROM decp.contrat WHERE objet ILIKE 'un march%')}),
	'{deux,une}', 'the contract knows its sources');
unloading('the second source', [ $two[0] ], $two[1]);
unloading('the first source', [ $two[1] ], $two[0]);
my %kept = (
	'one source twice' => [ 'source=une', 'source=une' ],
	'no source said' => []);
is( $node->safe_psql(loaded([ $two[0][0], $kept{$_}[0] || () ], [ $two[1][0], $kept{$_}[1] || () ]), 'SELECT count(*) FROM decp.contrat'),
	3, "not merged: $_") for sort keys %kept;
my %other = (
	'notified two months apart' => publie(id => '"z"', dateNotification => '"2024-04-05"'),
	'another amount' => publie(id => '"z"', montant => 1001),
	'another holder' => publie(id => '"z"', titulaires => '[{"titulaire":{"typeIdentifiant":"SIRET","id":"21440109900015"}}]'),
	'an amount that says nothing' => undef);
for my $why (sort keys %other)
{
	my @pair = $other{$why} ? (publie(), $other{$why}) : (publie(montant => 1), publie(montant => 1, id => '"z"'));
	my $db = loaded([ v2("a$n", $pair[0]), 'source=une' ], [ v2("b$n", $pair[1]), 'source=deux' ]);
	is($node->safe_psql($db, 'SELECT count(*) FROM decp.contrat'), 2, "not merged: $why");
}
my $lots = v2('lots', publie(id => '"l1"'), publie(id => '"l2"'));
$db = same_in_any_order('lots that another source knows', 2, [ $lots, 'source=une' ], $two[1]);
is($node->safe_psql($db, 'SELECT count(*) FROM decp.contrat'), 3, 'two lots of one source are two contracts: which one the other means cannot be told');

# A record that brought two units together goes: whichever of them comes first in
# the order of keys, hence several
my @tied = (
	[ v2('t0', map { publie(id => qq("K$_"), objet => qq("Objet $_"), dateNotification => '"2024-06-01"') } 1 .. 8), 'source=une' ],
	[ v2('t1', map { publie(id => qq("K$_"), objet => qq("Objet $_"), dateNotification => '"2024-01-10"', modifications => $modification) } 1 .. 8), 'source=une' ],
	[ v2('t2', map { publie(id => qq("L$_"), objet => qq("Objet $_"), dateNotification => '"2024-01-15"') } 1 .. 8), 'source=deux' ]);
$db = same_in_any_order('units that a version ties together', 3, @tied);
is($node->safe_psql($db, 'SELECT count(*) FROM decp.contrat'), 8, 'eight contracts of two units each');
unloading('the version that ties them', [ @tied[ 0, 2 ] ], $tied[1]);

# A correction published in format 2 of a contract that format 1 numbers
my @formats = (
	v1('g1', map { v1_marche(id => qq("2019M${_}01"), objet => qq("Objet $_"), montant => 1100) } 1 .. 8),
	v1('g2', map { v1_marche(id => qq("2019M${_}02"), objet => qq("Objet $_"), montant => 1300) } 1 .. 8),
	v2('g3', map { publie(id => qq("2019M${_}01"), objet => qq("Objet $_"), montant => 1000) } 1 .. 8));
$db = same_in_any_order('corrections and numbered versions', 3, @formats);
is($node->safe_psql($db, 'SELECT count(*), sum(montant) FROM decp.contrat'), '8|10400', 'one contract each, the highest number stands');

# The same bytes under another name, from another source
my $same = v2('meme_2024-03-01', publie(id => '"x/1"', objet => '"UN MARCHE"'));
$db = same_in_any_order('one file from two sources', 2, [ $same, 'source=deux' ], [ $same, 'source=trois' ], $two[0]);
is($node->safe_psql($db, q{SELECT string_agg(DISTINCT source, ',' ORDER BY source) FROM decp.contrat_source}), 'deux,trois,une', 'both are known');

# Frameworks, whichever file comes or goes
my @frameworks = (
	v2('f1', publie(id => '"AC/2024-1"', objet => '"Cadre"', techniques => '{"technique":["Accord-cadre"]}')),
	v2('f2', publie(id => '"MS1"', objet => '"Subs"', idAccordCadre => '"AC/2024-1"'), publie(id => '"MS2"', objet => '"Subs 2"', idAccordCadre => '"ac_2024 1"')),
	v1('f3', v1_marche(id => '"201900700"', objet => '"Vieux cadre"', nature => '"Accord-cadre"')),
	v2('f4', publie(id => '"MS3"', objet => '"Subs 3"', idAccordCadre => '"2019007"')));
$db = same_in_any_order('frameworks', 4, @frameworks);
is( $node->safe_psql($db, q{SELECT string_agg(s.id || ' ' || f.id || ' ' || spaser.attribut(s.profil, 'subsequent'), ', ' ORDER BY s.id)
		FROM decp.contrat AS s JOIN decp.contrat AS f ON f.contrat_id = s.accord_cadre_id}),
	'MS1 AC/2024-1 lie, MS2 AC/2024-1 lie, MS3 201900700 lie', 'by the id, written another way, without the digits of its version');
unloading('a framework', [ @frameworks[ 1 .. 3 ] ], $frameworks[0]);
unloading('a subsequent contract', [ @frameworks[ 0, 2, 3 ] ], $frameworks[1]);

# The same file twice, taken away twice
$db = loaded($first, $first);
my $once = content($node, loaded($first));
$node->safe_psql($db, 'SELECT decp.decharger(min(chargement_id)) FROM decp.chargement');
is(content($node, $db), $once, 'loaded twice and taken away once: there');
$node->safe_psql($db, 'SELECT decp.decharger(min(chargement_id)) FROM decp.chargement');
is($node->safe_psql($db, 'SELECT (SELECT count(*) FROM decp.contrat) + (SELECT count(*) FROM decp.chargement)'), 0, 'and twice: gone');
my ($status, undef, $err) = $node->psql($db, 'SELECT decp.decharger(77)');
like($err, qr/load 77 does not exist/, 'what was never loaded cannot be taken away');

# Nothing that a record says is lost on its way to the tables and back
my $data = real_data();
my @real = $data ? sort(glob "$data/2022-*/*.json") : ();
my @all = ("$top/test/data/jouet.json", @copies, @numbered, @real);
for my $file (@all)
{
	my $db = loaded($file);
	is( $node->safe_psql($db, "SELECT count(*) FROM spaser.lire_json(pg_read_binary_file('$file')) AS l
			JOIN decp.contrat AS c USING (empreinte)
			WHERE decp.contenu_lu(l.*) IS DISTINCT FROM decp.contenu_contrat(c.contrat_id)"),
		0, "$file: the tables say what the records say");
	is( $node->safe_psql($db, "SELECT count(*) FROM spaser.lire_json(pg_read_binary_file('$file')) AS l
			JOIN decp.version AS v USING (empreinte)
			WHERE decp.contenu_lu(l.*) IS DISTINCT FROM v.contenu"),
		0, "$file: versions too");
	# A file alone publishes first, but for the copies in it
	is( $node->safe_psql($db, "SELECT count(*) FROM (
			SELECT c.contrat_id, a.regle, a.champ, a.valeur
			FROM decp.contrat AS c JOIN spaser.lire_json(pg_read_binary_file('$file')) AS l USING (empreinte, numero), unnest(l.anomalies) AS a
			WHERE c.date_publication_donnees IS NOT DISTINCT FROM l.date_publication_donnees
			EXCEPT ALL SELECT contrat_id, regle, champ, valeur FROM decp.anomalie) AS manquante
			WHERE champ IS DISTINCT FROM 'datePublicationDonnees' OR regle ~ '^(publication_|champ_manquant)'"),
		0, "$file: anomalies");
	is( $node->safe_psql($db, "CREATE TABLE avant AS SELECT * FROM decp.anomalie;
		SELECT decp.juger_publication(array_agg(contrat_id)) FROM decp.contrat;
		SELECT count(*) FROM ((TABLE avant EXCEPT ALL TABLE decp.anomalie) UNION ALL (TABLE decp.anomalie EXCEPT ALL TABLE avant)) AS ecart") =~ s/\s//gr,
		0, "$file: publication is judged alike by the reader and by the tables");
}

SKIP:
{
	skip 'no folder of real data (set SPASER_DATA)', 1 unless $data;
	srand(2022);
	push @real, sort(glob "$data/2022-*/*.xml");
	my $reference = loaded(@real);
	my $state = content($node, $reference);
	cmp_ok($node->safe_psql($reference, 'SELECT count(*) FROM decp.version'), '>', 0, 'the files of 2022 deliver versions');
	for my $order (1 .. 3)
	{
		is(content($node, loaded(shuffle(@real))), $state, scalar(@real) . " files of 2022, random order $order");
	}

	# Two sessions at once, with half of the files in common
	my $db = new_database($node, 'ensemble');
	my @half = ([ shuffle(@real[ 0 .. $#real * 3 / 4 ]) ], [ shuffle(@real[ $#real / 4 .. $#real ]) ]);
	my @sessions = map {
		my $list = file("session$_->[0]" =~ s{.*/}{}r, '', '', join "\n", @$_);
		IPC::Run::start([ 'sh', '-c', 'while read -r f || test "$f"; do psql -X -q -d "$1" -v "fichier=$f" -o /dev/null -f "$2" || exit 1; done <"$3"', 'sh',
			$node->connstr($db), "$top/sql/decp/charger.sql", $list ]);
	} @half;
	ok($_->finish, 'a session of two at once') for @sessions;
	is(content($node, $db), $state, 'two sessions at once: the same state');

	# Any file can be taken away
	for my $file ((shuffle(@real))[ 0 .. 2 ])
	{
		my $copy = 'cas' . ++$n;
		$node->safe_psql('postgres', "CREATE DATABASE $copy TEMPLATE $reference");
		$node->safe_psql($copy, "SELECT decp.decharger(max(chargement_id)) FROM decp.chargement WHERE fichier = '$file'");
		is(content($node, $copy), content($node, loaded(grep { $_ ne $file } @real)), "$file: taken away, as if never loaded");
	}
}

$node->stop;
done_testing();
