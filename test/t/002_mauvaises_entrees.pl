# Bad input: a clear error or a row of rejet with number and byte offset; the
# server goes on, nothing is half loaded.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use SpaserTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = start_node('mauvaises');
my $data = "$top/test/data";
my $dir = PostgreSQL::Test::Utils::tempdir();
new_database($node, 'bad');

sub write_file
{
	my ($name, @pieces) = @_;
	open my $fh, '>:raw', "$dir/$name" or die "$dir/$name: $!";
	print $fh @pieces;
	close $fh;
	return "$dir/$name";
}

sub alive
{
	my ($what) = @_;
	is($node->safe_psql('bad', 'SELECT 1'), '1', "$what: the server goes on");
	unlike(slurp_file($node->logfile), qr/terminated by signal|PANIC/,
		"$what: no process died");
}

# A good record around which the bad ones stand
my $good = '{"id":"B1","acheteur":{"id":"21440999700019"},"objet":"Bon","montant":1000}';
my $other = '{"id":"B2","acheteur":{"id":"21440999700019"},"objet":"Bon aussi","montant":2000}';

# Whole documents that are refused: nothing is loaded, the place is told
my $gzipped = '';
{
	my $text = '{"marches":{"marche":[' . join(',', map { $good =~ s/B1/G$_/r } 1 .. 500) . ']}}';
	require IO::Compress::Gzip;
	IO::Compress::Gzip::gzip(\$text, \$gzipped) or die 'gzip';
}
my %refused = (
	'csv' => [ "id;acheteur.id;montant\n1;21440999700019;1000\n", qr/neither JSON nor XML.*charger_tabulaire/s ],
	'page' => [ "<!DOCTYPE html>\n<html><body>404</body></html>\n", qr/neither JSON nor XML.*html.*page/s ],
	'zip' => [ "PK\x03\x04" . "\0" x 40, qr/neither JSON nor XML.*zip.*Decompress/s ],
	'utf16' => [ "\xff\xfe{\0}\0", qr/neither JSON nor XML.*iconv/s ],
	'nombre' => [ '12', qr/neither JSON nor XML/ ],
	'binaire' => [ "\x00\x01\x02\xff", qr/neither JSON nor XML/ ],
	'autre' => [ '{"type":"FeatureCollection","features":[]}', qr/not a DECP JSON document.*byte offset \d+/s ],
	'milliard' => [ '<?xml version="1.0"?><!DOCTYPE marches [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><marches><marche><id>&b;</id></marche></marches>',
		qr/DTD|DOCTYPE/ ],
	'gz_coupe' => [ substr($gzipped, 0, length($gzipped) / 2), qr/gzip.*(ends|truncated|early)/is ],
	'gz_abime' => [ do { my $g = $gzipped; substr($g, -6, 2) = 'xx'; $g }, qr/gzip/i ]);
for my $name (sort keys %refused)
{
	my ($bytes, $told) = @{ $refused{$name} };
	my ($status, undef, $err) = load_file($node, 'bad', write_file("$name.json", $bytes));
	isnt($status, 0, "$name: refused");
	like($err, $told, "$name: says what it is, or where");
	is($node->safe_psql('bad', 'SELECT count(*) FROM decp.chargement'), '0', "$name: nothing is left");
	alive($name);
}
my ($status, undef, $err) = load_file($node, 'bad', "$data/pas_json.txt");
isnt($status, 0, 'pas_json.txt: refused');
($status, undef, $err) = load_file($node, 'bad', "$dir/absent.json");
isnt($status, 0, 'a file that is not there: an error');
is($node->safe_psql('bad', 'SELECT count(*) FROM decp.chargement'), '0', 'and nothing is left');

# An empty file is a warning
like(load_ok($node, 'bad', "$data/vide.json"), qr/empty/, 'vide.json: a warning says that it is empty');
is(join('|', counts($node, 'bad')), '0|0|0|0', 'vide.json: nothing read');

# Records that cannot be read, between two that can: name => [ text, motif ]
my %records = (
	'imbrication' => [ '{"id":"X","x":' . ('[' x 10_000) . (']' x 10_000) . '}' ],
	'nul' => [ '{"id":"X","acheteur":{"id":"1"},"objet":"a\u0000b"}' ],
	'nul_cle' => [ '{"id":"X","acheteur":{"id":"1"},"montant\u0000x":1}' ],
	'guillemet' => [ '{"id":"X","acheteur":{"id":"1"},"objet":"a "b" c"}' ],
	'virgule' => [ '{"id":"X","acheteur":{"id":"1"},"montant":1,5}' ],
	'mot' => [ '"une chaine"' ],
	'null' => [ 'null' ]);
my $n = 0;
for my $name (sort keys %records)
{
	$n++;
	my $db = "rec_$name";
	new_database($node, $db);
	my $head = "{\"marches\":[$good,\n";
	load_ok($node, $db, write_file("$name.json", $head, $records{$name}[0], ",\n$other]}"));
	is(join('|', counts($node, $db)), '3|2|0|1', "$name: the record is set aside, the others load");
	is( $node->safe_psql($db, 'SELECT numero, octet, taille FROM decp.rejet'),
		join('|', 2, length $head, length $records{$name}[0]), "$name: its number, byte offset and size");
	isnt($node->safe_psql($db, 'SELECT motif FROM decp.rejet'), '', "$name: with a reason");
	my ($strict, undef, $why) = load_file($node, $db, "$dir/$name.json", 'strict=1');
	isnt($strict, 0, "$name: strict stops");
	like($why, qr/DECP record 2 at byte offset @{[ length $head ]}/, "$name: strict says where");
	is($node->safe_psql($db, 'SELECT count(*) FROM decp.chargement'), '1', "$name: strict leaves nothing");
}
alive('bad records');

# Values that cannot be used: the contract is kept, the value is unknown and its text is kept
new_database($node, 'valeurs');
load_ok($node, 'valeurs', write_file('valeurs.json',
	'{"marches":[',
	'{"id":"V1","acheteur":{"id":"21440999700019"},"objet":"exposant","montant":1e400},',
	'{"id":"V2","acheteur":{"id":"21440999700019"},"objet":"chiffres","montant":1' . ('0' x 400) . '},',
	'{"id":"V3","acheteur":{"id":"21440999700019"},"objet":"NaN","montant":NaN},',
	'{"id":"V4","acheteur":{"id":"21440999700019"},"objet":"texte","montant":"beaucoup"},',
	'{"id":"V5","acheteur":{"id":"21440999700019"},"objet":"grand","montant":1e17},',
	'{"id":"V6","acheteur":{"id":"21440999700019"},"objet":"virgule","montant":"1 234,56"},',
	'{"id":"V7","acheteur":{"id":"21440999700019"},"objet":"date","montant":1,"dateNotification":"0218-05-01"}',
	']}'));
is(join('|', counts($node, 'valeurs')), '7|7|0|0', 'unusable values: every record is a contract');
is( $node->safe_psql('valeurs', "SELECT string_agg(coalesce(montant::text, '-'), ' ' ORDER BY id) FROM decp.contrat"),
	'- - - - 100000000000000000 1234.56 1', 'amounts from the source text, exactly');
is( $node->safe_psql('valeurs', "SELECT string_agg(spaser.attribut(profil, 'montant'), ' ' ORDER BY id) FROM decp.contrat"),
	'aberrant utilisable utilisable', 'amounts outside the rules are known to be so');
is( $node->safe_psql('valeurs', "SELECT brut ->> 'dateNotification' FROM decp.contrat WHERE id = 'V7'"),
	'0218-05-01', 'the text of an unusable value is kept');

# A backslash that escapes nothing is meant as itself
new_database($node, 'echappement');
load_ok($node, 'echappement',
	write_file('echappement.json', '{"marches":[{"id":"E1","acheteur":{"id":"21440999700019"},"objet":"a\qb\\c"}]}'));
is($node->safe_psql('echappement', 'SELECT objet FROM decp.contrat'), 'a\qb\c', 'a bad escape is read as a backslash');

# Duplicate keys: the first wins, the other is kept aside
new_database($node, 'doublons');
load_ok($node, 'doublons', write_file('doublons.json',
	'{"marches":[{"id":"D1","acheteur":{"id":"21440999700019"},"objet":"o","montant":1,"datePublicationDonnees":"2024-01-02","datePublicationDonnees":"2024-05-06"}]}'));
is( $node->safe_psql('doublons', "SELECT date_publication_donnees, brut::text ~ '2024-05-06' FROM decp.contrat"),
	'2024-01-02|t', 'duplicate keys: the first counts, the second is not lost');

# Wrong types everywhere, byte order mark, truncation
new_database($node, 'types');
load_ok($node, 'types', "$data/types.json");
my @types = counts($node, 'types');
is($types[0], $types[1] + $types[2] + $types[3], 'types.json: read = loaded + already there + rejected');
alive('types.json');
new_database($node, 'tronque');
load_ok($node, 'tronque', write_file('tronque.json', "{\"marches\":{\"marche\":[$good,", substr($other, 0, 40)));
is(join('|', counts($node, 'tronque')), '2|1|0|1', 'truncated: what is whole loads, the rest is set aside');
is( $node->safe_psql('tronque', 'SELECT motif, octet, texte FROM decp.rejet'),
	join('|', 'tronque', length("{\"marches\":{\"marche\":[$good,"), substr($other, 0, 40)),
	'truncated: with its place and text');
new_database($node, 'tronque_entre');
load_ok($node, 'tronque_entre', write_file('tronque_entre.json', "{\"marches\":{\"marche\":[$good,"));
is(join('|', (counts($node, 'tronque_entre'))[1, 3]), '1|1', 'cut between two records: noticed too');

# Tens of megabytes without one whole record, then a good one: bounded, and over
new_database($node, 'geant');
{
	my $file = "$dir/geant.json";
	open my $fh, '>:raw', $file or die $!;
	print $fh "{\"marches\":[$good,{\"id\":\"G\",\"objet\":\"";
	my $block = 'x' x (1024 * 1024);
	print $fh $block for 1 .. 40;
	print $fh "\"},$other]}";
	close $fh;
	load_ok($node, 'geant', $file);
	is(join('|', counts($node, 'geant')), '3|2|0|1', 'a record of 40 MB is set aside, those around it load');
	is($node->safe_psql('geant', 'SELECT motif, numero FROM decp.rejet'), 'trop_grand|2', 'and said to be too large');
}

# The functions called directly with what no caller would give
for my $call (
	q{SELECT count(*) FROM spaser.lire_json('[]', '\x00')},
	q{SELECT count(*) FROM spaser.lire_json('[]', decode(repeat('ff', 48), 'hex'))},
	q{SELECT spaser.lire_fichier('/', 0, 10)},
	q{SELECT spaser.lire_fichier('/etc/passwd', -1, 10)},
	q{SELECT spaser.lire_fichier('/etc/passwd', 0, 2000000000)},
	q{SELECT spaser.sha256_accum(NULL, 'x')})
{
	my ($ret) = $node->psql('bad', $call);
	isnt($ret, 0, "refused: $call");
}
is($node->safe_psql('bad', q{SELECT count(*) FROM spaser.lire_json(NULL)}), '0', 'NULL gives no row');
alive('direct calls');

$node->stop;
done_testing();
