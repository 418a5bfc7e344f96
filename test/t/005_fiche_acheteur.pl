# fiche_acheteur.sql on the toy set of contracts: what a person reads is what was
# counted by hand on its eight contracts.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use SpaserTest;
use Test::More;

my $node = start_node('fiche');
new_database($node, 'fiche');
load_ok($node, 'fiche', "$top/test/data/jouet.json");

my $siren = $node->safe_psql('fiche', 'SELECT DISTINCT acheteur_siren FROM decp.contrat');

sub sheet
{
	my @vars = @_;
	my ($out, $err) = ('', '');
	my @command = ('psql', '-X', '-q', '-d', $node->connstr('fiche'), (map { ('-v', $_) } @vars),
		'-f', "$top/sql/decp/fiche_acheteur.sql");
	my $ok = IPC::Run::run(\@command, '>', \$out, '2>', \$err);
	return ($ok, $out, $err);
}

# Cells of the two lines (contracts, then euros) of an indicator
sub lines
{
	my ($out, $code) = @_;
	my @found;
	for my $line (split /\n/, $out)
	{
		my @cells = map { s/^\s+|\s+$//gr } split /\|/, $line, -1;
		next if @cells != 7;
		if ($cells[0] eq $code || @found == 1 && $cells[0] eq '')
		{
			push @found, join '|', @cells[ 2 .. 6 ];
		}
	}
	return \@found;
}

my ($ok, $out, $err) = sheet("siren=$siren");
ok($ok, 'the sheet is made') or diag($err);

# Socially responsible: c1, c3, c4, c5 yes; c2, c7 no; c6 says nothing and c8
# contradicts itself. In euros c5 is out, its framework c4 is in the data.
is_deeply(lines($out, 'S01'),
	[ 'contrats|66,7|4 / 6|2|[50,0 ; 75,0]', 'euros|65,7|1 150 000 / 1 750 000|140 000|[60,8 ; 68,3]' ],
	'S01: counted by hand');
like($out, qr/^\s+8 \|/m, 'eight contracts');

# Notified in the first quarter of 2025: c1 to c4, of which c2 is the only no
($ok, $out, $err) = sheet("siren=$siren", 'debut=2025-01-01', 'fin=2025-03-31');
ok($ok, 'the sheet of a period is made') or diag($err);
is_deeply(lines($out, 'S01'),
	[ 'contrats|75,0|3 / 4|0|[75,0 ; 75,0]', 'euros|85,2|1 150 000 / 1 350 000|0|[85,2 ; 85,2]' ],
	'S01 of a period: counted by hand');

($ok, $out, $err) = sheet('siren=000000000');
ok($ok, 'an unknown buyer is no error');
like($out, qr/Aucun contrat/, 'it has no contracts');

($ok, $out, $err) = sheet();
ok(!$ok, 'no buyer is an error');
like($err, qr/siren=/, 'it says what to give');

done_testing();
