# Every figure can be explained: the contracts that count as yes, no and unknown, with
# their weights, make the numbers of each part of the catalogue.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use SpaserTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = start_node('expliquer');
my $dir = PostgreSQL::Test::Utils::tempdir();

sub ask
{
	my ($db, $sql) = @_;
	return $node->safe_psql($db, "SET search_path = decp, spaser; SET jit = off; $sql");
}

sub fails
{
	my ($sql, $state, $message, $name) = @_;
	my ($status, $out, $err) = $node->psql('jouet', "\\set VERBOSITY verbose\nSET search_path = decp, spaser; $sql");
	like($err, qr/ERROR:  $state: .*\Q$message\E/, $name);
}

# Codes whose sums by verdict are not the six numbers' own, of how many
sub agrees
{
	my ($db, $level, $key, $from, $to, $name) = @_;
	my $period = join ', ', map { defined $_ ? "'$_'" : 'NULL' } $level, $key, $from, $to;
	is( ask($db, qq[
		SELECT count(*) > 200, string_agg(DISTINCT i.code, ' ') FILTER (WHERE (coalesce(e.oui, 0), coalesce(e.non, 0), coalesce(e.inconnu, 0))
			IS DISTINCT FROM (round(i.numerateur, 6), round(i.denominateur - i.numerateur, 6), round(i.inconnu, 6)))
		FROM indicateurs($period) AS i
		CROSS JOIN LATERAL (
			SELECT round(sum(poids) FILTER (WHERE verdict = 'oui'), 6) AS oui, round(sum(poids) FILTER (WHERE verdict = 'non'), 6) AS non,
				round(sum(poids) FILTER (WHERE verdict = 'inconnu'), 6) AS inconnu
			FROM expliquer(i.code, $period) AS x, LATERAL (SELECT CASE i.unite WHEN 'nombre' THEN x.poids_nombre ELSE x.poids_montant END AS poids) AS p
		) AS e
		WHERE i.genre = 'part' AND i.unite IN ('nombre', 'montant')]), 't|', $name);
}

new_database($node, 'jouet');
load_ok($node, 'jouet', "$top/test/data/jouet.json");
$node->command_ok([ SpaserTest::psql_args($node, 'jouet', '-v', 'schema=decp', '-f', "$top/sql/decp/synthese.sql") ], 'synthese.sql');
agrees('jouet', 'acheteur', '214409997', '2025-01-01', '2026-01-01', 'toy fixture: a buyer and a year');
agrees('jouet', 'ensemble', undef, undef, undef, 'toy fixture: everything');

# c1 to c8: who is what, why, and what does not count in value (table of the reference)
is( ask('jouet', q[SELECT string_agg(id || ' ' || verdict || ' ' || array_to_string(motif, ',') || coalesce(' ' || motif_valeur, ''), '; ' ORDER BY id)
		FROM expliquer('S01', 'acheteur', '214409997', '2025-01-01', '2026-01-01')]),
	join('; ',
		map { my ($id, $verdict, $set, $value) = @$_; "$id $verdict " . ($verdict eq 'inconnu' ? '' : 'type_contrat=marche,') . "considerations_sociales=$set" . ($value // '') }
		[ 'c1', 'oui', 'clause' ], [ 'c2', 'non', 'aucune' ], [ 'c3', 'oui', 'reserve' ], [ 'c4', 'oui', 'clause+critere' ],
		[ 'c5', 'oui', 'clause', " marché subséquent dont l'accord-cadre est compté" ], [ 'c6', 'inconnu', 'inconnu' ], [ 'c7', 'non', 'aucune' ],
		[ 'c8', 'inconnu', 'clause!' ]), 'S01: every contract of the toy fixture');
# the foreign holder of c6, and the three of c7 for a third each
is( ask('jouet', q[SELECT string_agg(concat_ws(' ', id, titulaire, verdict, trim_scale(round(poids_nombre, 4)), trim_scale(round(poids_montant, 2))), '; ' ORDER BY titulaire)
		FROM expliquer('L09.contrat', 'ensemble') WHERE id IN ('c6', 'c7')]),
	'c7 900000019 non 0.3333 133333.33; c7 900000050 non 0.3333 133333.33; c7 900000068 non 0.3333 133333.33; c6 BE0999999922 oui 1 80000', 'L09: holders and their parts');
is( ask('jouet', q[SELECT string_agg(id, ' ' ORDER BY id) FROM expliquer('K03', 'ensemble', hors => true) WHERE verdict = 'hors']), 'c6', 'K03: what is out of the population');
# of a canevas that is in no catalogue
is( ask('jouet', q[SELECT string_agg(id, ' ' ORDER BY id) FROM expliquer_canevas('{"code": "Z", "libelle": "z", "oui": {"procedure": "procedure_adaptee"}}', NULL, 'ensemble') WHERE verdict = 'oui']),
	'c1 c3 c7 c8', 'a canevas written here');
fails(q[SELECT * FROM expliquer('K13', 'ensemble')], '22023', 'indicator "K13" is not a part', 'a concentration has no yes');
fails(q[SELECT * FROM expliquer('L01', 'ensemble')], '22023', 'indicator "L01" is measured by class', 'a class is missing');
fails(q[SELECT * FROM expliquer('ZZ', 'ensemble')], '22023', 'unknown indicator "ZZ"', 'an unknown code');
fails(q[SELECT * FROM expliquer('S01', 'commune', '44109')], '22023', 'unknown level "commune"', 'an unknown level');

# ---- Many contracts, with all that data have wrong

system_or_bail("$top/build/generateur", '--contrats', '3000', '--acheteurs', '12', '--defauts', '15', '--compact', '-o', "$dir/lot.json");
new_database($node, 'lot');
load_ok($node, 'lot', "$dir/lot.json");
$node->command_ok([ SpaserTest::psql_args($node, 'lot', '-v', 'schema=decp', '-f', "$top/sql/decp/synthese.sql") ], 'synthese.sql');
my $buyer = ask('lot', 'SELECT acheteur_siren FROM fait GROUP BY 1 HAVING acheteur_siren IS NOT NULL ORDER BY count(*) DESC LIMIT 1');
agrees('lot', 'acheteur', $buyer, '2024-01-01', '2025-01-01', 'a buyer and a year');
agrees('lot', 'division', '45', '2024-03-01', '2024-06-01', 'a CPV division and a quarter');
agrees('lot', 'departement', undef, '2024-01-01', '2026-01-01', 'buyers whose département is not known');

$node->stop;
done_testing();
