# The toy fixture of the reference: eight contracts of one buyer, and every figure
# that is published of them, by the catalogue's own code over the rollup; what is
# no indicator (sums of amounts) by the functions that give it.
#
# The figures below were written by hand from the reference's table, whose fractions
# are in the comments; none comes from the extension.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use SpaserTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = start_node('jouet');

sub ask
{
	my ($sql) = @_;
	return $node->safe_psql('jouet', "SET search_path = decp, spaser; $sql");
}

new_database($node, 'jouet');
load_ok($node, 'jouet', "$top/test/data/jouet.json");
# Holders: s1 and s3 are SMEs of département 44, s5 one of 35; s4 an ETI of 35; s2 and s6
# are large, of 75 and 92. The buyer is in 44; nothing is known of the foreign holder of c6.
ask(q{
	INSERT INTO commune (code, nom, departement, region) VALUES
		('44109', 'A', '44', '52'), ('75056', 'B', '75', '11'), ('35238', 'C', '35', '53'), ('92050', 'D', '92', '11');
	INSERT INTO unite_legale (siren, categorie) VALUES ('900000019', 'pme'), ('900000027', 'ge'), ('900000035', 'pme'),
		('900000043', 'eti'), ('900000050', 'pme'), ('900000068', 'ge');
	INSERT INTO etablissement (siret, siren, code_commune) VALUES ('90000001900019', '900000019', '44109'), ('90000002700012', '900000027', '75101'),
		('90000003500015', '900000035', '44109'), ('90000004300019', '900000043', '35238'), ('90000005000014', '900000050', '35238'),
		('90000006800016', '900000068', '92050'), ('21440999700019', '214409997', '44109')});
$node->command_ok([ SpaserTest::psql_args($node, 'jouet', '-v', 'schema=decp', '-f', "$top/sql/decp/synthese.sql") ], 'synthese.sql');
ask('CREATE TABLE public.mesure_jouet AS
	SELECT * FROM indicateurs($$acheteur$$, $$214409997$$, $$2025-01-01$$, $$2026-01-01$$)');

# code, unit, what is asked of its row, with as many decimals as the reference gives
sub row
{
	my ($code, $unit, $expected, $why) = @_;
	my $n = sub { "trim_scale(round($_[0], $_[1]))" };
	my %sql = (
		parts => $n->('numerateur', 2) . " || '/' || " . $n->('denominateur', 2) . " || ' (' || " . $n->('inconnu', 2) . " || ')'",
		taux => $n->('100 * taux', 2),
		bornes => $n->('100 * minimum', 2) . " || ' - ' || " . $n->('100 * maximum', 2),
		pourcent => $n->('100 * valeur', 2),
		(map { ("valeur_$_" => $n->('valeur', $_)) } 1 .. 4),
		connus => $n->('denominateur', 2) . " || ' (' || " . $n->('inconnu', 2) . " || ')'");
	for my $what (sort keys %$expected)
	{
		is(ask("SELECT $sql{$what} FROM public.mesure_jouet WHERE code = '$code' AND unite = '$unit'"),
			$expected->{$what}, "$code $unit, $what: $why");
	}
	return;
}

# c1, c3, c4, c5 social; c2, c7 not; c6 null and c8 contradictory are unknown. c5 is a
# subsequent contract of c4, which is in the data: it is left out of value.
row('S01', 'nombre', { parts => '4/6 (2)', taux => '66.67', bornes => '50 - 75' }, '4/6');
row('S01', 'montant', { parts => '1150000/1750000 (140000)', taux => '65.71', bornes => '60.85 - 68.25' }, '23/35, c5 left out');
# decp.info: c8 counts as social, unknown as not; it publishes 62 % of 62.5
row('S01.decp_info', 'nombre', { parts => '5/8 (0)', taux => '62.5' }, "5/8, decp.info's rule");
row('S03', 'nombre', { parts => '1/6 (2)', taux => '16.67' }, 'c3 of six');
row('S03', 'montant', { parts => '50000/1750000 (140000)', taux => '2.86' }, '1/35');
row('E01', 'nombre', { parts => '5/7 (1)', taux => '71.43', bornes => '62.5 - 75' }, '5/7, c6 unknown');
row('E01', 'montant', { parts => '1360000/1810000 (80000)', taux => '75.14' }, '136/181');
row('E03', 'nombre', { parts => '1/7 (1)', taux => '14.29', bornes => '12.5 - 25' }, 'c1 alone has both');

# Holders of 1/k each: 1 + 0 + 1 + 1/2 + 0 + 2/3 + 1 = 25/6 of the seven that are known
row('L01.contrat', 'nombre', { parts => '4.17/7 (1)', taux => '59.52' }, '(25/6)/7');
row('L01.contrat', 'montant', { parts => '976666.67/1810000 (80000)', taux => '53.96' }, '(2930000/3)/1810000');
row('L01.au_moins_un', 'nombre', { parts => '5/7 (1)', taux => '71.43' }, 'c1, c3, c4, c7, c8');
row('L01.lignes', 'lignes', { parts => '6/10 (1)', taux => '60' }, 'six of ten rows');
# 1 + 0 + 1 + 1/2 + 0 + 1/3 + 1 = 23/6
row('L04.departement', 'nombre', { parts => '3.83/7 (1)', taux => '54.76' }, '(23/6)/7');
row('L04.departement', 'montant', { parts => '843333.33/1810000 (80000)', taux => '46.59' }, '(2530000/3)/1810000');

# Bids 3 1 2 5 2 1 4; c6 was passed without publicity and is no part of them
row('K01', 'nombre', { valeur_3 => '2.571', connus => '7 (0)' }, '18/7');
is(ask(q{SELECT sum(valeur * nombre) FROM synthese, detail(offres) WHERE niveau = 'acheteur_annee' AND code = '214409997'}), 18, 'K01: eighteen bids');
row('K02.mediane', 'nombre', { valeur_4 => '2' }, 'median');
row('K03', 'nombre', { parts => '2/7 (0)', taux => '28.57' }, 'c2, c7');
row('K04', 'montant', { parts => '600000/1810000 (0)', taux => '33.15' }, '60/181, c5 left out');
# In value, c5 left out: s1 100 000 + 500 000 + 400 000/3 + 60 000, s2 200 000, s3 50 000,
# s4 500 000, s5 and s6 400 000/3 each, sX 80 000, of 1 890 000
row('K13.hhi', 'montant', { valeur_2 => '2698.23' }, '289150000/107163');
row('K14', 'montant', { pourcent => '86.07' }, '488/567');
row('K15', 'montant', { valeur_4 => '0.4742' }, '1882/3969');
row('K18', 'montant', { pourcent => '41.98' }, '34/81');
is(ask(q{SELECT titulaires(concentration) FROM synthese WHERE niveau = 'acheteur_annee' AND code = '214409997'}), 7, 'T: seven holders');

# c7 alone is modified: 400 000 to 500 000 euros, 24 to 30 months
row('X01', 'nombre', { parts => '1/8 (0)', taux => '12.5' }, 'c7 of eight');
row('X02.modifies', 'montant', { parts => '100000/400000 (0)', taux => '25' }, 'of the modified');
row('X02.ensemble', 'montant', { parts => '100000/1890000 (0)', taux => '5.29' }, 'of all, c5 left out');
row('X03', 'nombre', { parts => '6/24 (0)', taux => '25' }, 'six months more');
row('X12', 'montant', { parts => '300000/1000000 (0)', taux => '30' }, 'c5 of c4');

# c6 has no publication, c7 one before its notification. c3, notified on 28 February and
# published on 29 April, is late by the calendar (28 April) but not within 62 days (60);
# c8, notified on 31 December, has until 28 February; c5 is late by both
row('T01.mediane', 'nombre', { valeur_4 => '59.5', connus => '6 (2)' }, 'six known delays');
row('T02', 'nombre', { parts => '4/6 (2)', taux => '66.67' }, 'two months of the calendar');
row('T02.62_jours', 'nombre', { parts => '5/6 (2)', taux => '83.33' }, '62 days');

# Sums: all of them; without the subsequent contract; and with the latest amounts
is(ask(q{SELECT trim_scale(sum(montant)) FROM contrat}), 2190000, 'sum of amounts');
is(ask(q{SELECT trim_scale(montant(bilan)) FROM synthese WHERE niveau = 'acheteur_annee' AND code = '214409997'}), 1890000, 'sum that counts in value');
is(ask(q{SELECT trim_scale(denominateur(derive_montant_ensemble) + numerateur(derive_montant_ensemble))
	FROM synthese WHERE niveau = 'acheteur_annee' AND code = '214409997'}), 1990000, 'the same, latest amounts');

$node->stop;
done_testing();
