# Every figure can be explained: the contracts that count as yes, no and unknown, with
# their weights, make the numbers of each part of the catalogue; and what they bring to a
# distribution, a concentration or a ratio makes the numbers of that.
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
			FROM expliquer(i.code, $period) AS x, LATERAL (SELECT CASE i.unite WHEN 'nombre' THEN x.poids_nombre WHEN 'montant' THEN x.poids_montant ELSE 1 END AS poids) AS p
		) AS e
		WHERE i.genre = 'part']), 't|', "$name: parts");
	is( ask($db, qq[
		SELECT count(*) > 50, string_agg(i.code || ' ' || i.unite, ', ') FILTER (WHERE (e.numerateur, coalesce(e.connu, 0), coalesce(e.inconnu, 0))
			IS DISTINCT FROM (CASE m.genre WHEN 'rapport' THEN coalesce(i.numerateur, 0) END, coalesce(round(i.denominateur, 6), 0), coalesce(round(i.inconnu, 6), 0)))
		FROM indicateurs($period) AS i JOIN unnest(catalogue_mesures()) AS m USING (code)
		CROSS JOIN LATERAL (
			SELECT CASE m.genre WHEN 'rapport' THEN coalesce(sum(x.numerateur), 0) END AS numerateur,
				round(sum(poids) FILTER (WHERE coalesce(x.valeur::text, x.titulaire, x.numerateur::text) IS NOT NULL), 6) AS connu,
				round(sum(poids) FILTER (WHERE coalesce(x.valeur::text, x.titulaire, x.numerateur::text) IS NULL), 6) AS inconnu
			FROM expliquer_etat(m.etat, $period) AS x, LATERAL (SELECT CASE WHEN m.genre = 'rapport' THEN x.denominateur
				WHEN i.unite = 'nombre' THEN x.poids_nombre ELSE x.poids_montant END AS poids) AS p
		) AS e]), 't|', "$name: other measures");
}

# SMEs, place and approvals of the holders, made up from their numbers
sub registers
{
	my ($db) = @_;
	ask($db, q{
		INSERT INTO commune (code, nom, departement, region, epci) VALUES ('44109', 'A', '44', '52', '244400404'), ('75056', 'B', '75', '11', '200054781'), ('35238', 'C', '35', '53', '243500139');
		INSERT INTO unite_legale (siren, categorie, tranche_effectifs, ess, societe_mission)
		SELECT siren, (ARRAY['pme', 'pme', 'eti', 'ge'])[1 + h % 4], lpad((h % 5)::text, 2, '0'), h % 7 = 0, h % 11 = 0 FROM siren_des_contrats, abs(hashtext(siren)) AS h WHERE h % 10 > 0;
		INSERT INTO etablissement (siret, siren, code_commune, latitude, longitude)
		SELECT siret, left(siret, 9), (ARRAY['44109', '75056', '35238'])[1 + h % 3], 47 + h % 3, -1 - h % 2 FROM siret_des_contrats, abs(hashtext(siret)) AS h WHERE h % 13 > 0;
		INSERT INTO liste_agrement (liste, source) SELECT unnest('{esus,siae,ea,esat}'::text[]), 'x' ON CONFLICT DO NOTHING;
		INSERT INTO agrement (liste, siren) SELECT (ARRAY['esus', 'siae', 'ea', 'esat'])[1 + h % 4], siren FROM siren_des_contrats, abs(hashtext(siren)) AS h WHERE h % 9 = 0});
	return;
}

new_database($node, 'jouet');
load_ok($node, 'jouet', "$top/test/data/jouet.json");
# The first, third and fifth holders are SMEs, as in 023_jouet.pl
ask('jouet', q{INSERT INTO unite_legale (siren, categorie) VALUES ('900000019', 'pme'), ('900000027', 'ge'), ('900000035', 'pme'), ('900000043', 'eti'), ('900000050', 'pme'), ('900000068', 'ge')});
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
# each holder with its own answer: 1 + 0 + 1 + 1/2 + 0 + 2/3 + 1 of seven contracts
is( ask('jouet', q[SELECT string_agg(concat_ws(' ', id, titulaire, verdict, motif), '; ' ORDER BY id, titulaire) FROM expliquer('L01.contrat', 'ensemble')]),
	join('; ', map { my ($id, $holder, $verdict, $size) = @$_; "$id $holder $verdict {" . ($verdict eq 'inconnu' ? '' : 'type_contrat=marche,') . "taille=$size}" }
		[ 'c1', '900000019', 'oui', 'pme' ], [ 'c2', '900000027', 'non', 'ge' ], [ 'c3', '900000035', 'oui', 'pme' ],
		[ 'c4', '900000019', 'oui', 'pme' ], [ 'c4', '900000043', 'non', 'eti' ], [ 'c5', '900000043', 'non', 'eti' ], [ 'c6', 'BE0999999922', 'inconnu', 'inconnu' ],
		[ 'c7', '900000019', 'oui', 'pme' ], [ 'c7', '900000050', 'oui', 'pme' ], [ 'c7', '900000068', 'non', 'ge' ], [ 'c8', '900000019', 'oui', 'pme' ]), 'L01: the answer of each holder');
# bids, holders and a drift of the table of the reference; c6 is without competition, c5 out of value
is( ask('jouet', q[SELECT string_agg(concat_ws(' ', id, valeur, poids_nombre, trim_scale(poids_montant)), '; ' ORDER BY id) FROM expliquer_etat('offres', 'acheteur', '214409997', '2025-01-01', '2026-01-01')]),
	'c1 3 1 100000; c2 1 1 200000; c3 2 1 50000; c4 5 1 1000000; c5 2 1; c7 1 1 400000; c8 4 1 60000', 'K01: the bids of each contract');
is( ask('jouet', q[SELECT string_agg(concat_ws(' ', id, titulaire, trim_scale(round(poids_nombre, 4))), '; ' ORDER BY titulaire) FROM expliquer_etat('concentration', 'ensemble') WHERE id IN ('c4', 'c6')]),
	'c4 900000019 0.5; c4 900000043 0.5; c6 BE0999999922 1', 'K13: the holders of each contract');
is( ask('jouet', q[SELECT string_agg(concat_ws(' ', id, trim_scale(numerateur), trim_scale(denominateur)), '; ') FROM expliquer_etat('derive_montant', 'ensemble')]), 'c7 100000 400000', 'X02: the drift of each contract');
# of a canevas that is in no catalogue
is( ask('jouet', q[SELECT string_agg(id, ' ' ORDER BY id) FROM expliquer_canevas('{"code": "Z", "libelle": "z", "oui": {"procedure": "procedure_adaptee"}}', NULL, 'ensemble') WHERE verdict = 'oui']),
	'c1 c3 c7 c8', 'a canevas written here');
fails(q[SELECT * FROM expliquer('K13', 'ensemble')], '22023', 'indicator "K13" is not a part', 'a concentration has no yes');
is( ask('jouet', q[
		CREATE FUNCTION pg_temp.refus(code text) RETURNS text LANGUAGE plpgsql AS $$
		DECLARE conseil text; BEGIN PERFORM expliquer(code, 'ensemble'); RETURN 'none';
		EXCEPTION WHEN invalid_parameter_value THEN GET STACKED DIAGNOSTICS conseil = PG_EXCEPTION_HINT; RETURN CASE WHEN conseil <> '' THEN 'told' ELSE 'no hint' END; END $$;
		SELECT count(*) > 40, string_agg(DISTINCT refus, ' ') FROM catalogue_liste(), pg_temp.refus(code) WHERE genre <> 'part']), 't|told', 'each that is no part: where its figures are');
fails(q[SELECT * FROM expliquer_etat('bilan', 'ensemble')], '22023', 'unknown state "bilan"', 'a bilan is no list of values');
fails(q[SELECT * FROM expliquer('S02.zzz', 'acheteur', '000000000')], '22023', 'unknown class "zzz"', 'a class that is wrong, of no contract');
fails(q[SELECT * FROM expliquer('S01.', 'ensemble')], '22023', 'unknown indicator "S01."', 'a class without a name');
fails(q[SELECT * FROM expliquer('L01', 'ensemble')], '22023', 'indicator "L01" is measured by class', 'a class is missing');
fails(q[SELECT * FROM expliquer('ZZ', 'ensemble')], '22023', 'unknown indicator "ZZ"', 'an unknown code');
fails(q[SELECT * FROM expliquer('S01', 'commune', '44109')], '22023', 'unknown level "commune"', 'an unknown level');

# ---- Many contracts, with all that data have wrong

system_or_bail("$top/build/generateur", '--contrats', '3000', '--acheteurs', '12', '--defauts', '15', '--compact', '-o', "$dir/lot.json");
new_database($node, 'lot');
load_ok($node, 'lot', "$dir/lot.json");
registers('lot');
$node->command_ok([ SpaserTest::psql_args($node, 'lot', '-v', 'schema=decp', '-f', "$top/sql/decp/synthese.sql") ], 'synthese.sql');
my $buyer = ask('lot', 'SELECT acheteur_siren FROM fait GROUP BY 1 HAVING acheteur_siren IS NOT NULL ORDER BY count(*) DESC LIMIT 1');
agrees('lot', 'acheteur', $buyer, '2024-01-01', '2025-01-01', 'a buyer and a year');
agrees('lot', 'division', '45', '2024-03-01', '2024-06-01', 'a CPV division and a quarter');
agrees('lot', 'departement', '44', '2024-06-01', undef, 'a département since a month');
agrees('lot', 'departement', undef, '2024-01-01', '2026-01-01', 'buyers whose département is not known');

$node->stop;
done_testing();
