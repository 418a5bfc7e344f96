# Every real DECP JSON file: what is read is accounted for, as many records as
# Python's parser counts, and a second load changes nothing.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use SpaserTest;
use Test::More;

my $data = real_data();
plan skip_all => 'no folder of real data (set SPASER_DATA)' unless $data;

my $node = start_node('reelles');
new_database($node, 'reel');

my @files = sort grep { !m{/ref/} } glob "$data/*/*.json";
cmp_ok(scalar @files, '>', 100, scalar(@files) . ' files');
my %records = map { (split /,/)[ 0, 1 ] }
  split /\n/, qx{python3 "$top/test/oracle/compter.py" --records @{[ map { "'$_'" } @files ]}};

for my $file (@files)
{
	my $name = $file =~ s/^\Q$data\E\///r;
	load_ok($node, 'reel', $file);
	my ($read, $loaded, $there, $rejected, $replaced, $contracts) = split /\|/, last_load($node, 'reel');
	is($read, $loaded + $there + $rejected, "$name: read = loaded + already there + rejected");
	is($read, $records{$file}, "$name: $read records, as Python counts");
	is($rejected, 0, "$name: none set aside")
	  or diag($node->safe_psql('reel', 'SELECT numero, octet, motif, detail FROM decp.rejet LIMIT 5'));
	is($contracts, $loaded - $replaced, "$name: as many contracts as loaded, but for those a fuller copy replaced");
	my $before = state($node, 'reel');
	load_ok($node, 'reel', $file);
	is_deeply([ counts($node, 'reel') ], [ $read, 0, $read - $rejected, $rejected ],
		"$name: second load, all already there");
	is(state($node, 'reel'), $before, "$name: second load, nothing changed");
	$node->safe_psql('reel', 'TRUNCATE decp.chargement, decp.contrat CASCADE');
}

$node->stop;
done_testing();
