# Every real DECP file of every format: what is read is accounted for, as much
# as independent programs count, and a second load changes nothing. Totals in
# euros are Python's; a second source adds nothing.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use SpaserTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $data = real_data();
plan skip_all => 'no folder of real data (set SPASER_DATA)' unless $data;

my $node = start_node('reelles');
new_database($node, 'reel');

sub ask { return $node->safe_psql('reel', $_[0]) }

my @json = sort grep { !m{/ref/} } glob "$data/*/*.json";
my @xml = sort grep { !m{/ref/} } glob "$data/*/*.xml";
my @csv = sort grep { !m{/ref/} } glob "$data/*/*.csv";
cmp_ok(scalar @json, '>', 100, scalar(@json) . ' JSON files');
cmp_ok(scalar @xml, '>', 15, scalar(@xml) . ' XML files');
cmp_ok(scalar @csv, '>', 5, scalar(@csv) . ' CSV files');

# Records: Python's parser for JSON, opening tags for XML
my $quoted = join ' ', map { "'$_'" } @json;
my %records = map { (split /,/)[ 0, 1 ] } split /\n/, qx{python3 "$top/test/oracle/compter.py" --records $quoted};
for my $file (@xml)
{
	my $text = slurp_file($file);
	$records{$file} = () = $text =~ /<(?:marche|contrat-concession)[\s>]/g;
}
# Contracts, euros once per contract, euros once per holder, by a program that
# has no line in common with ours
my %euros = map { my @f = split /,/; ($f[0] => [ @f[ 2, 4, 5 ] ]) } split /\n/, qx{python3 "$top/test/oracle/euros.py" $quoted};

my $contracts_and_euros = q{SELECT count(*), trim_scale(coalesce(sum(montant), 0)),
	trim_scale(coalesce(sum(montant * greatest((SELECT count(*) FROM decp.titulaire AS t WHERE t.contrat_id = c.contrat_id), 1)), 0))
	FROM decp.contrat AS c};

sub same_number
{
	my ($got, $expected, $what) = @_;
	s/(\.\d*?)0+$/$1/, s/\.$// for $expected;
	is($got, $expected, $what);
}

for my $file (@json, @xml, @csv)
{
	my $name = $file =~ s/^\Q$data\E\///r;
	my @load = ($node, 'reel', $file, $file =~ /\.csv$/ ? 'script=charger_tabulaire.sql' : ());
	load_ok(@load);
	my ($told, @found) = split /\n/, ask(q{SELECT f.lus, f.charges, f.deja_presents, f.rejetes, b.lus - b.contrats - b.versions - b.copies - b.rejetes,
			b.contrats = (SELECT count(*) FROM decp.contrat) AND b.versions = (SELECT count(*) FROM decp.version),
			concat_ws(' ', b.contrats, b.versions, b.copies, b.motifs, b.regles)
		FROM decp.bilan_chargement AS b JOIN decp.chargement AS f USING (chargement_id)} . "; $contracts_and_euros");
	my ($read, $loaded, $there, $rejected, $left, $own, $table) = split /\|/, $told;
	note("$name: $read read; contracts, versions, copies, rejects, anomalies: $table");
	is($read, $loaded + $there + $rejected, "$name: read = loaded + already there + rejected");
	is($read, $records{$file}, "$name: $read records, as counted independently") if exists $records{$file};
	is($rejected, 0, "$name: none set aside") or diag(ask('SELECT numero, octet, motif, detail FROM decp.rejet LIMIT 5'));
	is($left, 0, "$name: read = contracts + versions + copies + rejected");
	is($own, 't', "$name: the only file, so all contracts and versions are its own");
	if (my $python = $euros{$file})
	{
		@found = split /\|/, $found[0];
		same_number($found[0], $python->[0], "$name: contracts, as Python counts");
		same_number($found[1], $python->[1], "$name: euros at contract level, as Python sums");
		same_number($found[2], $python->[2], "$name: euros per holder, as Python sums");
	}
	my $before = state($node, 'reel');
	load_ok(@load);
	is_deeply([ counts($node, 'reel') ], [ $read, 0, $read - $rejected, $rejected ],
		"$name: second load, all already there");
	is(state($node, 'reel'), $before, "$name: second load, nothing changed");
	ask('TRUNCATE decp.chargement, decp.contrat CASCADE');
}

# ---- All of 2019 as one set: what the reference knows of it

my @set = grep { m{/2019-json-consolidated/} } @json;
load_ok($node, 'reel', $_, 'source=' . (/data.gouv.fr_(pes|aife)/ ? $1 : /e-marches/ ? 'e-marchespublics' : 'autre')) for @set;
my ($total) = map { [ (split /,/)[ 2, 4, 5 ] ] } grep { /^ensemble/ }
  split /\n/, qx{python3 "$top/test/oracle/euros.py" @{[ map { "'$_'" } @set ]}};
my @found = split /\|/, ask($contracts_and_euros);
same_number($found[$_], $total->[$_], ('contracts', 'euros at contract level', 'euros per holder')[$_] . ' of the set, as Python counts') for 0 .. 2;

# Factors known between sums per holder and per contract, of records before any
# is merged
my %factor = ('data.gouv.fr_pes' => 1.05, 'data.gouv.fr_aife' => 1.40, 'e-marchespublics' => 5.42);
for my $source (sort keys %factor)
{
	my ($file) = grep { /\Q$source\E/ && !/eafe9d|b2daed|ec144f/ } @set;
	cmp_ok(abs($euros{$file}[2] / $euros{$file}[1] - $factor{$source}), '<', 0.015,
		"$source: euros per holder are about $factor{$source} times too many");
}

# Snapshots of one source overlap: later ones hold all of the earlier but for two
my @pes = grep { /_pes/ } @set;
cmp_ok(ask(q{SELECT count(*) FROM (SELECT contrat_id FROM decp.livraison JOIN decp.chargement USING (chargement_id)
	WHERE fichier LIKE '%_pes.json' GROUP BY contrat_id HAVING count(DISTINCT chargement_id) = 4) AS partout}), '>', 100,
	'contracts that four snapshots deliver are there once');
is(ask(q{SELECT count(*) FROM (SELECT cle FROM decp.contrat GROUP BY cle HAVING count(*) > 1) AS double}), 0, 'no contract twice');

# AIFE 2019: 70.3 % of the objets of marchés are damaged; 55.7 % of the marchés
# have no notification, 55.9 % with the concessions, which have no such field.
my ($aife) = grep { /aife/ } @set;
is( ask(qq{SELECT round(100.0 * count(*) FILTER (WHERE marche AND objet LIKE '%' || chr(65533) || '%') / count(*) FILTER (WHERE marche), 1),
		round(100.0 * count(*) FILTER (WHERE marche AND date_notification IS NULL) / count(*) FILTER (WHERE marche), 1),
		round(100.0 * count(*) FILTER (WHERE date_notification IS NULL OR NOT marche) / count(*), 1)
		FROM (SELECT *, type_contrat = 'marche' AS marche FROM spaser.lire_json(pg_read_binary_file('$aife'))) AS lu}),
	'70.3|55.7|55.9', 'AIFE: objets with U+FFFD, records without notification');
# Its closed lists are whole but for a few: damaged as its objets are, they match
# all the same
my $text = slurp_file($aife);
my $damaged = $text =~ s/("(?:procedure|nature|formePrix)"\s*:\s*"[^"]*?)\xc3[\xa0-\xbf]/$1\xef\xbf\xbd/gr;
append_to_file(my $file = PostgreSQL::Test::Utils::tempdir() . '/abime.json', $damaged);
my $lists = q{SELECT count(spaser.attribut(profil, 'nature')), count(spaser.attribut(profil, 'procedure')), count(forme_prix),
	count(*) FILTER (WHERE concat(nature, procedure, forme_prix) LIKE '%' || chr(65533) || '%') FROM spaser.lire_json(pg_read_binary_file};
cmp_ok(($damaged =~ tr/\xbd//) - ($text =~ tr/\xbd//), '>', 4000, 'AIFE: thousands of values of closed lists damaged');
is(ask("$lists('$file'))"), ask("$lists('$aife'))"), 'and they match all the same');
cmp_ok(ask(q{SELECT count(*) FROM decp.contrat WHERE date_notification IS NULL}), '>', 2000,
	'contracts without notification are kept');

# ---- A second source, spelled and dated as another platform would
my $before = ask($contracts_and_euros);
my $second = PostgreSQL::Test::Utils::tempdir() . '/seconde.json';
system("python3 '$top/test/oracle/seconde_source.py' @{[ map { qq('$_') } grep { /afb004|eed24f/ } @set ]} > '$second'") == 0 or die 'seconde_source.py';
load_ok($node, 'reel', $second, 'source=seconde');
my ($read, $loaded) = counts($node, 'reel');
cmp_ok($read, '>', 1000, "a second source of $read contracts");
is((split /\|/, ask($contracts_and_euros))[$_], (split /\|/, $before)[$_], ('not a contract', 'not a euro')[$_] . ' more') for 0, 1;
is(ask(q{SELECT count(DISTINCT contrat_id) FROM decp.contrat_source WHERE source = 'seconde-plateforme'}), ask(q{SELECT count(DISTINCT contrat_id)
	FROM decp.livraison JOIN decp.chargement USING (chargement_id) WHERE source = 'seconde'}), 'whose contracts know both sources');
cmp_ok(ask(q{SELECT count(*) FROM (SELECT contrat_id FROM decp.contrat_source GROUP BY contrat_id
	HAVING bool_or(source = 'seconde-plateforme') AND count(*) > 1) AS connus}), '>', 1000, 'more than a thousand are known by two sources');

$node->stop;
done_testing();
