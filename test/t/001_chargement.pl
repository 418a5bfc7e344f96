# The loader on the shapes of document that it promises to read, twice each; on
# what two deliveries of one contract must come to; and on frameworks.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use SpaserTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = start_node('chargement');
my $data = "$top/test/data";

# shape => number of records, counted by eye in the file
my %shapes = (
	'bom.json' => 2,
	'ndjson.json' => 3,
	'tableau.json' => 2,
	'plat_2_0_0.json' => 3,
	'v1.json' => 2,
	'jouet.json' => 8);

for my $file (sort keys %shapes)
{
	(my $db = $file) =~ s/\W/_/g;
	new_database($node, $db);
	load_ok($node, $db, "$data/$file");
	is_deeply([ counts($node, $db) ], [ $shapes{$file}, $shapes{$file}, 0, 0 ],
		"$file: every record becomes a contract");
	my $before = state($node, $db);
	load_ok($node, $db, "$data/$file");
	is_deeply([ counts($node, $db) ], [ $shapes{$file}, 0, $shapes{$file}, 0 ],
		"$file: loaded again, every record is already there");
	is(state($node, $db), $before, "$file: loaded again, nothing changes");
}

# The server's own path gives the same as the client's
new_database($node, 'serveur');
load_ok($node, 'serveur', '', "fichier_serveur=$data/jouet.json");
is($node->safe_psql('serveur', 'SELECT count(*), sum(montant) FROM decp.contrat'),
	'8|2190000', 'server-side file: the sum of the toy fixture');
is( $node->safe_psql('serveur', "SELECT encode(sha256, 'hex') = encode(sha256(pg_read_binary_file('$data/jouet.json')), 'hex') FROM decp.chargement"),
	't', 'sha256 of the file is that of PostgreSQL itself');
$node->safe_psql('serveur', q{
	CREATE ROLE simple LOGIN;
	GRANT USAGE ON SCHEMA decp, spaser TO simple;
	GRANT ALL ON ALL TABLES IN SCHEMA decp TO simple;
	GRANT ALL ON ALL SEQUENCES IN SCHEMA decp TO simple});
{
	local $ENV{PGUSER} = 'simple';
	my ($status, undef, $err) = load_file($node, 'serveur', '', "fichier_serveur=$data/jouet.json");
	isnt($status, 0, 'server-side file: refused without pg_read_server_files');
	like($err, qr/permission denied/, 'and says so');
	load_ok($node, 'serveur', "$data/tableau.json");
}

# A framework and its subsequent contract, in either order: linked, and the
# subsequent's amount leaves the value, not the number
for my $order ([ 'accord_cadre', 'subsequent' ], [ 'subsequent', 'accord_cadre' ])
{
	my $db = "ordre_$order->[0]";
	new_database($node, $db);
	load_ok($node, $db, "$data/$_.json") for @$order;
	is( $node->safe_psql($db, q{
			SELECT s.id_accord_cadre = f.id, spaser.attribut(s.profil, 'subsequent'), spaser.attribut(f.profil, 'subsequent')
			FROM decp.contrat s JOIN decp.contrat f ON f.contrat_id = s.accord_cadre_id}),
		't|lie|non', "$order->[0] first: the subsequent contract is linked to its framework");
	is( $node->safe_psql($db, q{
			SELECT spaser.nombre(b) = n, spaser.montant(b) = m
			FROM (SELECT spaser.bilan(profil, montant) AS b, count(*) AS n,
					sum(montant) FILTER (WHERE accord_cadre_id IS NULL) AS m FROM decp.contrat) AS t}),
		't|t', "$order->[0] first: it counts in number, not in value");
}

# A later delivery with one modification more replaces the contract, in either
# order of loading; the first publication stays the earliest
my $base = '"id":"2024L1","acheteur":{"id":"21440109900015"},"nature":"Marché","objet":"Livraison","montant":1000,"dureeMois":12,"dateNotification":"2024-02-01","titulaires":[{"titulaire":{"typeIdentifiant":"SIRET","id":"55210055400013"}}]';
my $dir = PostgreSQL::Test::Utils::tempdir();
append_to_file("$dir/un.json",
	qq({"marches":{"marche":[{$base,"datePublicationDonnees":"2024-03-10"}]}}));
append_to_file("$dir/deux.json",
	qq({"marches":{"marche":[{$base,"datePublicationDonnees":"2024-06-10","modifications":[{"modification":{"id":1,"dateNotificationModification":"2024-06-01","datePublicationDonneesModification":"2024-06-10","montant":1500}}]}]}}));
my %end;
for my $order ([ 'un', 'deux' ], [ 'deux', 'un' ])
{
	my $db = "livraison_$order->[0]";
	new_database($node, $db);
	load_ok($node, $db, "$dir/$_.json") for @$order;
	$end{ $order->[0] } = $node->safe_psql($db, q{
		SELECT count(*), max(c.date_publication_donnees), max(c.modifications), max(m.montant), max(spaser.attribut(profil, 'publication'))
		FROM decp.contrat c LEFT JOIN decp.modification m USING (contrat_id)});
}
is($end{un}, '1|2024-03-10|1|1500|dans_les_delais', 'two deliveries: one contract, the fuller one, first published in March');
is($end{deux}, $end{un}, 'two deliveries: the same whichever is loaded first');

# Agents' personal data is nowhere, not even in what was set aside
new_database($node, 'agents');
load_ok($node, 'agents', "$data/agents.json");
my $published = join "\n", slurp_lines("$data/agents.json");
(my $broken = $published) =~ s/"nature": "Marché"/"nature": "un "guillemet" de trop"/g;
append_to_file("$dir/agents.json", $broken);
load_ok($node, 'agents', "$dir/agents.json");
is(join('|', counts($node, 'agents')), '2|0|0|2', 'agents: the broken records are set aside');
for my $secret (qw(DUPONTEL cdupontel camille.dupontel 4217))
{
	like($published, qr/\Q$secret\E/, "agents: $secret is in the file");
	unlike($node->safe_psql('agents', "SELECT string_agg(t::text, chr(10)) FROM decp.contrat t"),
		qr/\Q$secret\E/i, "agents: $secret is not in contrat");
	unlike($node->safe_psql('agents', "SELECT string_agg(t::text, chr(10)) FROM decp.rejet t"),
		qr/\Q$secret\E/i, "agents: $secret is not in rejet");
}

# gzip, read by the client and by the server: as the file itself
{
	my $json = "$data/jouet.json";
	my $dir = PostgreSQL::Test::Utils::tempdir();
	system("gzip -c '$json' > '$dir/jouet.json.gz'") == 0 or die 'gzip';
	my %state;
	for my $way ([ $json ], [ "$dir/jouet.json.gz" ], [ '', "fichier_serveur=$dir/jouet.json.gz" ])
	{
		my $db = new_database($node, 'gzip' . scalar keys %state);
		my ($status, undef, $err) = load_file($node, $db, @$way);
		is($status, 0, "loads: @$way") or diag($err);
		$state{ join ' ', @$way } = state($node, $db);
	}
	is(scalar(keys %{ { reverse %state } }), 1, 'gzip: the same state, from the client or from the server');
}

$node->stop;
done_testing();
