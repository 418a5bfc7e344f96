# charger.sh: a folder in one command comes to what its files come to one by
# one; what cannot be loaded stops nothing else; again, side by side, from a
# list, interrupted.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use SpaserTest;
use Cwd;
use File::Copy;
use IO::Compress::Gzip qw(gzip $GzipError);
use POSIX qw(mkfifo);
use PostgreSQL::Test::Utils;
use Test::More;

my $node = start_node('dossier');
my $data = "$top/test/data";
my $charger = "$top/sql/decp/charger.sh";
my $dir = PostgreSQL::Test::Utils::tempdir();

sub fill
{
	my ($name, $content) = @_;
	open my $fh, '>:raw', $name or die "$name: $!";
	print $fh $content;
	close $fh;
	return $name;
}

# Exit status, summary, what was told; the list is standard input
sub charger
{
	my ($db, $list, @args) = @_;
	my ($out, $err) = ('', '');
	IPC::Run::run([ 'sh', $charger, '-d', $node->connstr($db), '-s', 'decp', @args ], '<', \$list, '>', \$out, '2>', \$err);
	return ($? >> 8, $out, $err);
}

# Every file in the table chargement, and how often
sub loaded
{
	my ($db) = @_;
	return $node->safe_psql($db, q{
		SELECT string_agg(regexp_replace(fichier, '^.*/', '') || '=' || n, ' ' ORDER BY fichier COLLATE "C")
		FROM (SELECT fichier, count(*) AS n FROM decp.chargement GROUP BY fichier) AS f});
}

# Contracts whatever the file they were kept from: what any order must come to
sub contracts
{
	my ($db) = @_;
	return $node->safe_psql($db, q{
		SELECT count(*), sum(montant),
			md5(string_agg(concat_ws('|', cle, empreinte, date_publication_donnees, derniere_publication), E'\n' ORDER BY cle))
		FROM decp.contrat});
}

# ---- Usage

{
	my ($status, $out, $err) = charger('postgres', '', '--aide');
	is($status, 0, 'help');
	like($out, qr/^Usage: /, 'help tells the usage');
	new_database($node, 'usage');
	for my $wrong ([ [], qr/say which files/ ], [ [ '--nimporte', 'x' ], qr/no option --nimporte/ ],
		[ [ '-j', '0', 'x' ], qr/from 1 to 99/ ], [ ['-S'], qr/needs a value/ ],
		[ [ '-s', 'ailleurs', 'x' ], qr/no tables in schema ailleurs.*tables\.sql/ ],
		[ [ '-d', $node->connstr('nulle'), 'x' ], qr/database "nulle" does not exist/ ])
	{
		($status, $out, $err) = charger('usage', '', @{ $wrong->[0] });
		is($status, 2, "wrong use: @{ $wrong->[0] }");
		like($err, $wrong->[1], 'and why');
	}
}

# ---- A folder with all that folders hold

my $folder = "$dir/à charger";
mkdir $folder or die $!;
mkdir "$folder/$_" or die $! for ('sous', 'dossier.json', 'vide');
my %good = (
	'jouet.json' => "l'été \"2024\" (1) \$HOME.json",
	'v1.json' => 'sous/V1.JSON',
	'tableau.json' => 'sous/-x.json',
	'ndjson.json' => 'sous/deux  blancs .json',
	'plat_2_0_0.json' => 'back\\slash;&|.json');
copy("$data/$_", "$folder/$good{$_}") or die "$_: $!" for keys %good;
fill("$folder/rien.json", '');
fill("$folder/archive.json", "PK\x03\x04" . 'x' x 100);
fill("$folder/page.xml", '<!DOCTYPE html><html><body>404</body></html>');
fill("$folder/excel.csv", "\xff\xfei\0d\0;\0");
fill("$folder/abime.json.gz", "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03" . 'pas du deflate');
fill("$folder/lisez-moi.txt", 'x');
fill("$folder/deux\nlignes.json", '{"marches":[]}');
fill("$folder/latin\xe9.json", '{"marches":[]}');
symlink('nulle part', "$folder/lien.json") or die $!;
mkfifo("$folder/tube.json", 0600) or die $!;
# A superuser reads what nobody may read
fill("$folder/secret.json", '{"marches":[]}');
chmod 0, "$folder/secret.json";
my $unreadable = -r "$folder/secret.json" ? 0 : 1;
unlink "$folder/secret.json" unless $unreadable;

new_database($node, 'un_par_un');
load_ok($node, 'un_par_un', "$folder/$_") for (map { $good{$_} } sort keys %good), 'rien.json';
new_database($node, 'dossier');
my ($status, $out, $err) = charger('dossier', '', $folder);
is($status, 1, 'folder: some failed, and the status says so');
is(contracts('dossier'), contracts('un_par_un'), 'folder: the same contracts as one file after the other');
is(loaded('dossier'), loaded('un_par_un'), 'folder: every good file is loaded once, whatever its name');
like($out, qr/^6 files loaded, 0 loaded already, (\d+) failed, 1 skipped; 18 records \(18 loaded, 0 already there, 0 rejected\); 18 contracts in schema decp; /,
	'folder: the summary');
$out =~ /(\d+) failed/;
is($1, 8 + $unreadable, 'folder: how many failed');
my %told = (
	'archive.json' => qr/it is zip: unpack it/,
	'page.xml' => qr/it is a web page/,
	'excel.csv' => qr/it is UTF-16: convert it/,
	'abime.json.gz' => qr/ERROR: .*gzip/,
	'deux?lignes.json' => qr/its name holds a newline/,
	"latin\xe9.json" => qr/its name is not UTF-8/,
	'lien.json' => qr/no such file/,
	'tube.json' => qr/not a regular file/,
	($unreadable ? ('secret.json' => qr/permission denied/) : ()));
like($err, qr/^FAILED .*\Q$_\E: .*$told{$_}/m, "folder: $_ failed and why: $told{$_}") for sort keys %told;
like($err, qr/^skipped .*lisez-moi\.txt/m, 'folder: another kind of file is told');
like($err, qr/^.*rien\.json: WARNING: .*empty/m, 'folder: an empty file is told');
like($err, qr/^100% of /m, 'folder: progress comes to its end');

# ---- The loader is chosen by the first bytes, compressed or not, not by the name

my $formats = "$dir/formats";
mkdir $formats or die $!;
fill("$formats/lignes.json", "id;acheteur.id;objet;montant\nN1;21440999700019;Du CSV;1234,50\n");
fill("$formats/contrats.csv", '{"marches":[{"id":"N200","acheteur":{"id":"21440999700019"},"objet":"Du JSON","montant":1000}]}');
gzip("$data/jouet.json" => "$formats/jouet.json.gz") or die $GzipError;
new_database($node, 'formats');
($status, $out, $err) = charger('formats', '', $formats);
is($status, 0, 'formats: all is well') or diag($err);
like($out, qr/^3 files loaded, .* 10 contracts in schema decp/, 'formats: JSON, CSV and compressed JSON in one folder');
is( $node->safe_psql('formats', q{SELECT string_agg(objet || '=' || montant, ' ' ORDER BY montant) FROM decp.contrat WHERE id LIKE 'N%'}),
	'Du JSON=1000 Du CSV=1234.50', 'formats: each read as what it is');
is($node->safe_psql('formats', q{SELECT sum(montant) FROM decp.contrat WHERE id NOT LIKE 'N%'}),
	'2190000', 'formats: the sum of the toy fixture');

# ---- Again: nothing is loaded twice

my $before = state($node, 'dossier');
($status, $out) = charger('dossier', '', $folder);
is($status, 1, 'again: what failed fails');
like($out, qr/^0 files loaded, 6 loaded already, .* 18 contracts in schema decp/, 'again: what is loaded is passed over');
is(state($node, 'dossier'), $before, 'again: nothing changes');
is(loaded('dossier'), loaded('un_par_un'), 'again: no load is added');

# Elsewhere under its name it is the same file; other bytes or another name are not
copy("$data/v1.json", "$dir/V1.JSON") or die $!;
($status, $out) = charger('dossier', '', "$dir/V1.JSON");
is($status, 0, 'a single file: all is well');
like($out, qr/^0 files loaded, 1 loaded already/, 'the same file in another folder is loaded already');
($status, $out) = charger('dossier', '', '--encore', "$dir/V1.JSON");
like($out, qr/^1 files loaded, 0 loaded already, .*2 records \(0 loaded, 2 already there/, '--encore loads it again');
append_to_file("$dir/V1.JSON", "\n");
($status, $out) = charger('dossier', '', "$dir/V1.JSON");
like($out, qr/^1 files loaded, 0 loaded already/, 'other bytes are another file');

# ---- From a list, on standard input and in a file; relative names; options

new_database($node, 'liste');
my $list = join "\n", map { "$folder/$good{$_}" } sort keys %good;
($status, $out) = charger('liste', "$list\n\n$folder/vide", '--strict', '--source', "l'autre source", '-');
is($status, 0, 'list on standard input: all is well');
like($out, qr/^5 files loaded, 0 loaded already, 0 failed, 0 skipped; 18 records/, 'list on standard input: all is loaded');
is($node->safe_psql('liste', 'SELECT DISTINCT source FROM decp.chargement'), "l'autre source", 'the source is kept');
fill("$dir/liste", $list);
($status, $out) = charger('liste', '', "\@$dir/liste", "\@$dir/nulle");
is($status, 1, 'a list that is not there is a failure');
like($out, qr/^0 files loaded, 5 loaded already, 1 failed/, 'list in a file: the rest of it is looked at');
my $here = getcwd();
chdir "$folder/sous" or die $!;
($status, $out) = charger('liste', '', '--encore', '--', '-x.json');
chdir $here;
is($status, 0, 'a relative name that looks like an option');

# ---- --strict makes a file with a bad record fail, whole

new_database($node, 'strict');
($status, $out, $err) = charger('strict', '', '--strict', "$data/melange.json", "$data/jouet.json");
is($status, 1, '--strict: a bad record is a failure');
like($out, qr/^1 files loaded, 0 loaded already, 1 failed/, '--strict: the other file is loaded');
is(loaded('strict'), 'jouet.json=1', '--strict: the file with a bad record leaves nothing');
($status, $out) = charger('strict', '', "$data/melange.json");
is($status, 0, 'not strict: a bad record is set aside');
unlike($out, qr/ 0 rejected/, 'and counted');

# ---- Side by side: files that share contracts, which each may bring first

mkdir "$dir/livraisons" or die $!;
my @all = map {
	my $n = $_;
	sprintf '{"id":"2024-%03d","acheteur":{"id":"21440109900015"},"nature":"Marché","objet":"Lot %d","montant":%d,"dureeMois":12,"dateNotification":"2024-02-01","titulaires":[{"titulaire":{"typeIdentifiant":"SIRET","id":"55210055400013"}}],"datePublicationDonnees":"2024-%02d-10"}',
		$n, $n, 1000 + $n, 3 + $n % 3
} 1 .. 300;
for my $file (0 .. 7)
{
	my @some = map { my $r = $all[$_]; my $m = 3 + $file; $r =~ s/2024-\d\d-10"\}$/sprintf '2024-%02d-10"}', $m/e if $_ % 3 == $file % 3; $r }
	  ($file * 30) .. ($file * 30 + 89);
	fill("$dir/livraisons/$file.json", '{"marches":{"marche":[' . join(",\n", @some) . ']}}');
}
new_database($node, $_) for qw(a_la_suite cote_a_cote);
($status, $out) = charger('a_la_suite', '', "$dir/livraisons");
is($status, 0, 'one after the other');
like($out, qr/^8 files loaded, .*720 records .* 300 contracts/, 'eight files of ninety records, three hundred contracts');
($status, $out) = charger('cote_a_cote', '', '-j', '4', "$dir/livraisons");
is($status, 0, 'side by side');
like($out, qr/^8 files loaded, .*720 records .* 300 contracts/, 'side by side: as many');
is(contracts('cote_a_cote'), contracts('a_la_suite'), 'side by side: the same contracts as one after the other');

# ---- Interrupted while it waits for another load: stopped, rolled back, resumable

new_database($node, 'interrompu');
my $other = IPC::Run::start([ 'psql', '-X', '-q', '-d', $node->connstr('interrompu'), '-c',
		'BEGIN; LOCK TABLE decp.contrat IN SHARE ROW EXCLUSIVE MODE; SELECT pg_sleep(100)' ],
	'>', '/dev/null', '2>', '/dev/null');
$node->poll_query_until('interrompu', q{SELECT EXISTS (SELECT FROM pg_locks WHERE mode = 'ShareRowExclusiveLock' AND granted)})
  or die 'the lock was not taken';
my ($in, $stopped, $told) = ('', '', '');
my $run = IPC::Run::start([ 'sh', $charger, '-d', $node->connstr('interrompu'), "$data/jouet.json", "$data/v1.json" ],
	'<', \$in, '>', \$stopped, '2>', \$told);
$node->poll_query_until('interrompu', q{SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)})
  or die 'the load never came to the lock';
# An interrupt may be ignored where this runs, the end of the terminal never is
$run->signal('TERM');
eval { $run->finish };
is($run->full_result(0) >> 8, 143, 'interrupted: the exit status of what is told to stop');
like($told, qr/FAILED .*jouet\.json: .*canceling statement/, 'interrupted: what ran is cancelled');
like($told, qr/stopped before its end/, 'interrupted: and told');
$node->safe_psql('interrompu', q{SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query ~ 'pg_sleep' AND pid <> pg_backend_pid()});
$other->finish;
is($node->safe_psql('interrompu', 'SELECT count(*) FROM decp.chargement'), '0', 'interrupted: nothing is left of it');
($status, $out) = charger('interrompu', '', "$data/jouet.json", "$data/v1.json");
like($out, qr/^2 files loaded/, 'interrupted: taken up again');

$node->stop;
done_testing();
