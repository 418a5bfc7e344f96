# From a file to the six numbers, against figures that the extension did not
# make: the toy fixture's published rows, and an independent Python counter on
# real files.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use SpaserTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = start_node('indicateurs');

# code,unite => "num/den (unknown)" as measured on all contracts of a database
sub measured
{
	my ($db) = @_;
	my %rows;
	my $out = $node->safe_psql($db, q{
		SELECT code || ',' || left(translate(unite, 'm', 'v'), 1), trim_scale(numerateur), trim_scale(denominateur), trim_scale(inconnu)
		FROM spaser.indicateurs((SELECT spaser.bilan(profil, montant) FROM decp.contrat))});
	for (split /\n/, $out)
	{
		my ($key, @n) = split /\|/;
		$rows{$key} = "$n[0]/$n[1] ($n[2])";
	}
	return \%rows;
}

# The same from the lines "code,unite,numerateur,denominateur,inconnu"
sub expected
{
	my %rows;
	for (@_)
	{
		my ($code, $unit, @n) = split /,/;
		next if /^(#|code)/ || @n != 3;
		$_ = /\./ ? s/\.?0+$//r : $_ for @n;
		$rows{"$code,$unit"} = "$n[0]/$n[1] ($n[2])";
	}
	return \%rows;
}

sub compare
{
	my ($db, $expected, $name, @codes) = @_;
	my $measured = measured($db);
	my %codes = map { $_ => 1 } @codes;
	# K03 is published in number only, K04 in value only
	my %want = map { $_ => $expected->{$_} } grep { !/^K03,v|^K04,n/ && $codes{ s/,.*//r } } keys %$expected;
	my %got = map { $_ => $measured->{$_} } keys %want;
	is_deeply(\%got, \%want, $name) or diag(explain({ got => \%got, want => \%want }));
	return scalar keys %want;
}

# The toy fixture, number and value, known and unknown
new_database($node, 'jouet');
load_ok($node, 'jouet', "$top/test/data/jouet.json");
my $rows = expected(slurp_lines("$top/test/oracle/jouet.csv"));
my $checked = compare('jouet', $rows, 'toy fixture: every row of the reference',
	map { s/,.*//r } keys %$rows);
is($checked, 11, 'toy fixture: eleven rows compared');
# Bounds as the reference states them, in percent
is( $node->safe_psql('jouet', q{
		SELECT string_agg(code || ' ' || left(unite, 1) || ' ' || round(100 * minimum, 2) || '-' || round(100 * maximum, 2), '; ' ORDER BY code, unite DESC)
		FROM spaser.indicateurs((SELECT spaser.bilan(profil, montant) FROM decp.contrat))
		WHERE (code, unite) IN (('S01', 'nombre'), ('S01', 'montant'), ('E01', 'nombre'), ('E03', 'nombre'))}),
	'E01 n 62.50-75.00; E03 n 12.50-25.00; S01 n 50.00-75.00; S01 m 60.85-68.25',
	'toy fixture: bounds');

SKIP:
{
	my $data = real_data();
	skip 'no folder of real data (set SPASER_DATA): real files not tested', 1 unless $data;

	my @codes = qw(S01 S03 E01 E03 K03);
	my @files = sort glob "$data/2022-*/*.json";
	cmp_ok(scalar @files, '>', 15, scalar(@files) . ' real files of format 2022');

	my $python = sub {
		my @lines = split /\n/, qx{python3 "$top/test/oracle/compter.py" @{[ map { "'$_'" } @_ ]}};
		is($?, 0, 'the Python counter ran');
		return expected(@lines);
	};
	new_database($node, 'chacun');
	for my $file (@files)
	{
		load_ok($node, 'chacun', $file);
		my $name = $file =~ s/^\Q$data\E\///r;
		is(compare('chacun', $python->($file), "$name: @codes as counted in Python", @codes), 9,
			"$name: nine rows compared");
		$node->safe_psql('chacun', 'TRUNCATE decp.chargement, decp.contrat CASCADE');
	}
	# Deliveries of platforms. The two versions of the hand-made fixture of the
	# other folder contradict each other and tie on every criterion but a hash.
	my @deliveries = grep { !m{/2022-decp-processing/} } @files;
	new_database($node, 'tous');
	load_ok($node, 'tous', $_) for @deliveries;
	is(compare('tous', $python->(@deliveries), "all together: @codes as counted in Python", @codes), 9,
		'all together: nine rows compared');
	# Any order of loading gives the same figures
	my $first = measured('tous');
	new_database($node, 'rebours');
	load_ok($node, 'rebours', $_) for reverse @deliveries;
	is_deeply(measured('rebours'), $first, 'all together: the same when loaded in reverse order');
}

$node->stop;
done_testing();
