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

# Codes whose sums by verdict are not the six numbers' own, of how many. A holder is a line.
sub agrees
{
	my ($db, $level, $key, $from, $to, $name) = @_;
	my $period = join ', ', map { defined $_ ? "'$_'" : 'NULL' } $level, $key, $from, $to;
	is( ask($db, qq[
		WITH mesure AS MATERIALIZED (
			SELECT code, unite, numerateur AS oui, denominateur - numerateur AS non, inconnu FROM indicateurs($period) WHERE genre = 'part'
		), ligne AS MATERIALIZED (
			SELECT m.code, x.verdict, x.poids_nombre, x.poids_montant FROM (SELECT DISTINCT code FROM mesure) AS m, expliquer(m.code, $period) AS x
		), somme AS (
			SELECT l.code, u.unite, coalesce(sum(poids) FILTER (WHERE verdict = 'oui'), 0) AS oui, coalesce(sum(poids) FILTER (WHERE verdict = 'non'), 0) AS non,
				coalesce(sum(poids) FILTER (WHERE verdict = 'inconnu'), 0) AS inconnu
			FROM ligne AS l, LATERAL (VALUES ('nombre', poids_nombre), ('montant', poids_montant), ('lignes', 1)) AS u (unite, poids)
			GROUP BY l.code, u.unite
		)
		SELECT count(*) > 200, string_agg(DISTINCT code, ' ') FILTER (WHERE (round(coalesce(s.oui, 0), 6), round(coalesce(s.non, 0), 6), round(coalesce(s.inconnu, 0), 6))
			IS DISTINCT FROM (round(m.oui, 6), round(m.non, 6), round(m.inconnu, 6)))
		FROM mesure AS m LEFT JOIN somme AS s USING (code, unite)]), 't|', $name);
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
# c2 has an environmental criterion; c7 has neither, and both are told
is( ask('jouet', q[SELECT string_agg(id || ' ' || array_to_string(motif, ','), '; ' ORDER BY id) FROM expliquer('E04', 'ensemble') WHERE verdict = 'non' AND id IN ('c2', 'c7')]),
	'c2 type_contrat=marche,considerations_sociales=aucune; c7 type_contrat=marche,considerations_sociales=aucune,considerations_environnementales=aucune',
	'E04: what fails of social and environmental');
# Of each other kind of indicator, where to look instead: all of the catalogue, none of its parts
is( ask('jouet', q[SELECT count(*) > 30 AND bool_and(expliquer_ailleurs(c::json) IS NOT NULL AND length(expliquer_ailleurs(c::json)) > 20)
		FROM unnest(catalogue()) AS c WHERE c::json ->> 'genre' <> 'part']), 't', 'a hint for each indicator that is no part');
for (
	[ 'K13', 'It is measured on concentration(titulaires, valeur) of table fait where marche.' ],
	[ 'X06', 'It is measured on rapport(sous_traite, montant_final) of table fait where marche AND sous_traitance' ],
	[ 'K09', 'Function calculs() computes it' ], [ 'T03', 'Function qualite() of qualite.sql measures it' ],
	[ 'S08', 'It is what buyers declare in table saisie' ], [ 'P01', 'It is made of other indicators' ])
{
	my ($code, $hint) = @$_;
	my ($status, $out, $err) = $node->psql('jouet', "\\set VERBOSITY verbose\nSET search_path = decp, spaser; SELECT * FROM expliquer('$code', 'ensemble')");
	like($err, qr/ERROR:  22023: indicator "$code" is not a part.*HINT:  \Q$hint\E/s, "$code has no yes");
}
fails(q[SELECT * FROM expliquer('L01', 'ensemble')], '22023', 'indicator "L01" is measured by class', 'a class is missing');
# a buyer that has nothing: not a contract, but still no such class
is(ask('jouet', q[SELECT count(*) FROM expliquer('S02.clause', 'acheteur', '999999999')]), '0', 'a buyer without contracts');
fails(q[SELECT * FROM expliquer('S02.x', 'acheteur', '999999999')], '22023', 'unknown class "x" of indicator "S02"', 'an unknown class');
fails(q[SELECT * FROM expliquer('S01.', 'ensemble')], '22023', 'indicator "S01" has no classes', 'a dot and nothing after it');
fails(q[SELECT * FROM expliquer('ZZ', 'ensemble')], '22023', 'unknown indicator "ZZ"', 'an unknown code');
fails(q[SELECT * FROM expliquer('S01', 'commune', '44109')], '22023', 'unknown level "commune"', 'an unknown level');

# ---- Many contracts, with all that data have wrong

system_or_bail("$top/build/generateur", '--contrats', '3000', '--acheteurs', '12', '--defauts', '15', '--compact', '-o', "$dir/lot.json");
new_database($node, 'lot');
load_ok($node, 'lot', "$dir/lot.json");
# A register that knows two holders out of three
$node->safe_psql('lot', q[INSERT INTO decp.unite_legale (siren, categorie)
	SELECT DISTINCT siren, ('{pme,eti,ge}'::text[])[1 + right(siren, 3)::integer % 3] FROM decp.titulaire WHERE siren ~ '^[0-9]{9}$' AND left(siren, 8)::integer % 3 > 0]);
$node->command_ok([ SpaserTest::psql_args($node, 'lot', '-v', 'schema=decp', '-f', "$top/sql/decp/synthese.sql") ], 'synthese.sql');
my $buyer = ask('lot', 'SELECT acheteur_siren FROM fait GROUP BY 1 HAVING acheteur_siren IS NOT NULL ORDER BY count(*) DESC LIMIT 1');
agrees('lot', 'acheteur', $buyer, '2024-01-01', '2025-01-01', 'a buyer and a year');
agrees('lot', 'division', '45', '2024-03-01', '2024-06-01', 'a CPV division and a quarter');
agrees('lot', 'departement', undef, '2024-01-01', '2026-01-01', 'buyers whose département is not known');

# Each holder is told what the register says of it, not of another one of its contract
is( ask('lot', q[
		SELECT count(*) FILTER (WHERE poids_nombre < 1) > 500, count(DISTINCT verdict), count(*) FILTER (WHERE verdict IS DISTINCT FROM
			CASE WHEN u.categorie IS NULL THEN 'inconnu' WHEN u.categorie = 'pme' THEN 'oui' ELSE 'non' END)
		FROM expliquer('L01.par_titulaire', 'ensemble') AS x LEFT JOIN unite_legale AS u ON u.siren = x.titulaire]), 't|3|0', 'holders and the register');
is( ask('lot', q[
		SELECT count(*) FROM (
			SELECT contrat_id, array_agg(titulaire ORDER BY titulaire COLLATE "C") AS dits FROM expliquer('L01.par_titulaire', 'ensemble') GROUP BY contrat_id) AS x
		FULL JOIN (
			SELECT contrat_id, array_agg(DISTINCT coalesce(t.siren, t.identifiant) ORDER BY coalesce(t.siren, t.identifiant)) AS publies
			FROM titulaire AS t JOIN contrat AS c USING (contrat_id) WHERE c.type_contrat = 'marche' GROUP BY contrat_id HAVING bool_and(coalesce(t.siren, t.identifiant) IS NOT NULL)) AS t USING (contrat_id)
		WHERE publies IS NOT NULL AND dits IS DISTINCT FROM publies]), '0', 'every distinct holder, once');

$node->stop;
done_testing();
