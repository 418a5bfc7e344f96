# One contract is counted once, whatever comes of it, in whatever order: copies,
# fuller deliveries, first publication, frameworks that name themselves or each
# other, records set aside that come again.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use SpaserTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = start_node('identite');
my $dir = PostgreSQL::Test::Utils::tempdir();
my $n = 0;

sub file
{
	my $name = "$dir/" . ++$n . '.json';
	append_to_file($name, '{"marches":{"marche":[' . join(",\n", @_) . ']}}');
	return $name;
}

# Load these files in a new database, and ask
sub after_loading
{
	my ($sql, @files) = @_;
	my $db = new_database($node, 'cas' . ++$n);
	for my $file (@files)
	{
		my ($status, undef, $err) = load_file($node, $db, $file);
		$status == 0 or BAIL_OUT("$file: $err");
	}
	return $node->safe_psql($db, $sql);
}

# The first publication is the earliest, in any order, and loading again is nothing
my $a = file(marche_json(datePublicationDonnees => '"2024-01-20"', dateNotification => '"2024-01-01"'));
my $b = file(marche_json(datePublicationDonnees => '"2024-03-01"'));
my $published = q{SELECT count(*), min(date_publication_donnees), min(spaser.attribut(profil, 'publication')), min(date_notification) FROM decp.contrat};
for my $order ([ $a, $b ], [ $b, $a ], [ $a, $b, $b ], [ $b, $a, $b, $a ], [ $a, $a, $b ])
{
	# b is the survivor, being published last: its notification, a's publication
	is(after_loading($published, @$order), '1|2024-01-20|avant_notification|2024-02-01',
		'first publication: ' . join(' ', map { $_ eq $a ? 'a' : 'b' } @$order));
}

# Among copies: more modifications, then the latest publication, then more
# fields, and in the end something that is not the order of reading
my $modification = '[{"modification":{"id":1,"dateNotificationModification":"2024-06-01","datePublicationDonneesModification":"2024-02-02","montant":1500}}]';
my %pairs = (
	'more modifications' => [ marche_json(modifications => $modification), marche_json(datePublicationDonnees => '"2024-12-01"', ccag => '"Travaux"') ],
	'the latest publication' => [ marche_json(datePublicationDonnees => '"2024-05-01"'), marche_json(datePublicationDonnees => '"2024-04-01"', ccag => '"Travaux"') ],
	'more fields' => [ marche_json(ccag => '"Travaux"'), marche_json() ],
	'neither' => [ marche_json(source => '"une"'), marche_json(source => '"autre"') ]);
my $survivor = q{SELECT count(*), min(modifications), min(derniere_publication), min(champs), min(ccag), min(source), (SELECT count(*) FROM decp.modification), (SELECT count(*) FROM decp.titulaire) FROM decp.contrat};
for my $name (sort keys %pairs)
{
	my @pair = @{ $pairs{$name} };
	my $alone = after_loading($survivor, file($pair[0]));
	my %seen = map { $_ => 1 } (
		after_loading($survivor, file($pair[0]), file($pair[1])),
		after_loading($survivor, file($pair[1]), file($pair[0])),
		after_loading($survivor, file(@pair)),
		after_loading($survivor, file(reverse @pair)));
	is(scalar keys %seen, 1, "survivor by $name: the same in any order, in one file or two");
	is((keys %seen)[0], $alone, "survivor by $name: the better copy, whole") if $name ne 'neither';
}

# What is not the same contract
my $count = 'SELECT count(*) FROM decp.contrat';
is(after_loading($count, file(marche_json(), marche_json(objet => '"Un autre lot"'))), 2, 'one id, two objets: two contracts');
is(after_loading($count, file(marche_json(), marche_json(montant => 1001))), 2, 'one id, two amounts: two contracts');
is(after_loading($count, file(marche_json(), marche_json(objet => '"UN MARCHE"', montant => '1000.40'))), 1,
	'the same but for accents, case and centimes: one contract');
is(after_loading($count, file(marche_json(objet => '"Ω"'), marche_json(objet => '"λ"'))), 2, 'objets that fold to nothing are told apart');
my $long = 'mot ' x 1500;
is(after_loading($count, file(marche_json(objet => qq("$long 1")), marche_json(objet => qq("$long 2")))), 2, 'so are long ones by their end');

# Frameworks: link, value, number
my $linked = q{SELECT count(accord_cadre_id), sum(montant), spaser.montant(spaser.bilan(profil, montant)), spaser.nombre(spaser.bilan(profil, montant)) FROM decp.contrat};
my $framework = marche_json(id => '"AC"', montant => 5000, techniques => '{"technique":["Accord-cadre"]}');
my $subsequent = marche_json(id => '"MS"', montant => 300, idAccordCadre => '"AC"');
is(after_loading($linked, file($framework, $subsequent)), '1|5300|5000.00|2', 'framework and subsequent: linked, out of value');
is(after_loading($linked, file($subsequent), file($framework)), '1|5300|5000.00|2', 'whichever comes first');
is(after_loading($linked, file($framework, $subsequent), file($subsequent), file($framework)), '1|5300|5000.00|2', 'and again');
is( after_loading($linked, file($subsequent), file(marche_json(id => '"AC"', montant => 5000, acheteur => '{"id":"21590350100017"}'))),
	'0|5300|5300.00|2', 'the same id at another buyer is no framework');
my $concession = '{"marches":{"contrat-concession":[{"id":"AC","autoriteConcedante":{"id":"21440109900015"},"objet":"o","valeurGlobale":5000}]}}';
append_to_file("$dir/concession.json", $concession);
is(after_loading($linked, file($subsequent), "$dir/concession.json"), '0|5300|5300.00|2', 'nor is a concession');
is( after_loading($linked, file(
		marche_json(id => '"AC"', idAccordCadre => '"AC"', objet => '"lot 1"', montant => 100),
		marche_json(id => '"AC"', idAccordCadre => '"AC"', objet => '"lot 2"', montant => 200))),
	'0|300|300.00|2', 'lots that name themselves stay in value');
is( after_loading($linked, file(
		marche_json(id => '"X"', idAccordCadre => '"Y"', montant => 100),
		marche_json(id => '"Y"', idAccordCadre => '"X"', montant => 200))),
	'0|300|300.00|2', 'two that name each other stay in value');
is( after_loading($linked, file($framework, $subsequent),
		file(marche_json(id => '"MS"', montant => 300, modifications => $modification))),
	'0|5300|5300.00|2', 'a fuller copy that no longer names a framework is linked to none');
is( after_loading($linked . '; DELETE FROM decp.contrat WHERE id = $$AC$$; SELECT count(*), count(accord_cadre_id) FROM decp.contrat',
		file($framework, $subsequent)),
	"1|5300|5000.00|2\n1|0", 'a framework can be deleted');

# Records set aside and counted again are not stored twice
my $broken = file(marche_json(), '12', 'null');
is( after_loading('SELECT lus, charges, deja_presents, rejetes, (SELECT count(*) FROM decp.rejet) FROM decp.chargement ORDER BY chargement_id',
		$broken, $broken),
	"3|1|0|2|2\n3|0|1|2|2", 'records set aside: counted at each load, kept once');

# Names of files and schemas that a shell or a psql could misread
my $odd = q{un 'fichier' à "part" $(touch rien) `x` ; :v.json};
append_to_file("$dir/$odd", '{"marches":[' . marche_json() . ']}');
is(after_loading($count, "$dir/$odd"), 1, 'any file name');
my $schema = q{Mon "schéma" d'ici};
my $db = 'bizarre';
$node->safe_psql('postgres', "CREATE DATABASE $db");
for my $script ('tables.sql', 'charger.sql', 'charger.sql')
{
	$node->command_ok([ 'psql', '-X', '-q', '-d', $node->connstr($db), '-v', "schema=$schema", '-v', "fichier=$a",
			'-f', "$top/sql/decp/$script" ], "$script in a schema of any name");
}
is($node->safe_psql($db, q{SELECT count(*) FROM "Mon ""schéma"" d'ici".contrat}), 1, 'and the contract is there once');

# Two loads at once, where the database's default would hide one from the other
$db = new_database($node, 'deux');
$node->safe_psql('postgres', "ALTER DATABASE $db SET default_transaction_isolation = 'repeatable read'");
my $many = file(map { marche_json(id => qq("N$_")) } 1 .. 500);
my @command = ('psql', '-X', '-q', '-d', $node->connstr($db), '-v', "fichier=$many", '-f', "$top/sql/decp/charger.sql");
my ($out1, $out2) = ('', '');
my $one = IPC::Run::start(\@command, '>', \$out1, '2>&1');
my $two = IPC::Run::start(\@command, '>', \$out2, '2>&1');
ok($one->finish && $two->finish, 'two loads of one file at once') or diag($out1, $out2);
is($node->safe_psql($db, 'SELECT (SELECT count(*) FROM decp.contrat), sum(charges), sum(deja_presents) FROM decp.chargement'),
	'500|500|500', 'two loads at once: as one after the other');

$node->stop;
done_testing();
