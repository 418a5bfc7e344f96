# CSV files that chance has damaged: each loads, or is refused with a clear error;
# none ends the server, is half loaded, or loses a row without saying so.
# FUZZ_SECONDS=60 tries for a minute; without it, 25.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use SpaserTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = start_node('alea');
new_database($node, 'alea');
my $dir = PostgreSQL::Test::Utils::tempdir();
my $seconds = $ENV{FUZZ_SECONDS} || 20;
my $most = $ENV{FUZZ_SECONDS} ? 1e9 : 25;
my $seed = $ENV{FUZZ_SEED} || 2024;
srand($seed);

# Files of the kinds that the mapping knows: names of columns, and a row
my @kinds = (
	[ ';', 'id;acheteur.id;objet;montant;dateNotification;titulaires', '2024-1;21440109900015;"un; objet";1234,50;2024-02-01;55210055400013' ],
	[ ',', 'uid,id,acheteur_id,objet,montant,dureeMois,dateNotification,titulaire_id,titulaire_typeIdentifiant,modification_id,considerationsSociales',
		'21440109900015N1,N1,21440109900015,"un, objet",1000.00,12,2024-02-01,55210055400013,SIRET,0,"Clause sociale, Critère social"' ],
	[ ';', 'id;idAcheteur;objet;montant;dateNotification;typeIdentifiantTitulaire_1;idTitulaire_1;marcheInnovant;origineUE',
		"N2;21440109900015;des \\n lignes;12311111111;01/02/2024;SIRET;55210055400013;oui;INX" ]);
my @scraps = ('"', "\n", "\r\n", ';', ',', "\t", "\0", "\xe9", "\xff\xfe", "\xef\xbb\xbf", '""', 'é', '-1', '1e400', 'NaN', '9' x 40, '[', "['a']",
	"\\.", "\\N", '{', 'x' x 5000, ';' x 300, '0000-00-00', "'", '$$', '2024-02-30', ' ');

sub damaged
{
	my ($separator, $header, $row) = @{ $kinds[ rand @kinds ] };
	my $text = join "\n", $header, map { $row =~ s/N?(\d)\b/$_/r } 1 .. 1 + int rand 6;
	$text .= "\n" if rand() < 0.8;
	for (1 .. 1 + int rand 4)
	{
		my $at = int rand length $text;
		my $what = rand;
		if ($what < 0.5) { substr($text, $at, int rand 3) = $scraps[ rand @scraps ] }
		elsif ($what < 0.7) { substr($text, $at, 1 + int rand 40) = '' }
		elsif ($what < 0.85) { substr($text, $at, 0) = substr($text, rand length $text, int rand 80) }
		else { my $c = chr rand 256; substr($text, $at, 1) = $c }
	}
	return $text;
}

my ($tries, $loaded, %refused) = (0, 0);
my @bad;
for (my $end = time + $seconds; time < $end && $tries < $most;)
{
	my $text = damaged();
	my $file = "$dir/alea.csv";
	open my $fh, '>:raw', $file or die $!;
	print $fh $text;
	close $fh;
	my ($status, undef, $err) = load_file($node, 'alea', $file, 'script=charger_tabulaire.sql', 'VERBOSITY=verbose');
	$tries++;
	my ($code) = $err =~ /ERROR:  (\w{5}):/;
	my $count = $node->safe_psql('alea', 'SELECT count(*) FILTER (WHERE duree IS NOT NULL), count(*) FROM decp.chargement');
	if ($status == 0 && $count eq '1|1') { $loaded++ }
	elsif ($status != 0 && defined $code && $count eq '0|0'
		# Class 42 is a fault in our SQL, unless it is what the script says of a column
		&& $code !~ /^(XX|57)/ && ($code !~ /^42/ || $err =~ /LOCATION:  exec_stmt_raise/)) { $refused{$code}++ }
	else { push @bad, "try $tries of seed $seed (exit $status, $count): $err\n$text" }
	$node->safe_psql('alea', 'TRUNCATE decp.chargement, decp.contrat CASCADE');
}
is(scalar @bad, 0, "$tries damaged files: $loaded loaded, the others refused clearly (" . join(', ', map { "$_ $refused{$_}" } sort keys %refused) . ')')
  or diag(join "\n", map { substr $_, 0, 2000 } @bad[ 0 .. ($#bad < 2 ? $#bad : 2) ]);
cmp_ok($loaded, '>', 0, 'some load');
cmp_ok($tries - $loaded, '>', 0, 'some are refused');
unlike(slurp_file($node->logfile), qr/terminated by signal|PANIC|TRAP/, 'the server goes on');

$node->stop;
done_testing();
