# What registers add to contracts: the toy fixture's figures on holders, dates of
# approvals, places, thresholds, and that the rollup follows a register.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use SpaserTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = start_node('enrichissement');
my $dir = PostgreSQL::Test::Utils::tempdir();

sub ask
{
	my ($db, $sql) = @_;
	return $node->safe_psql($db, "SET search_path = decp, spaser; $sql");
}

sub rollup
{
	my ($db) = @_;
	$node->command_ok([ SpaserTest::psql_args($node, $db, '-v', 'schema=decp', '-f', "$top/sql/decp/synthese.sql") ], "$db: synthese.sql");
}

# A canevas of attributions, measured over everything: num/den (unknown)
sub share
{
	my ($db, $unit, $yes) = @_;
	return ask($db, qq[SELECT trim_scale(round((m).numerateur, 2)) || '/' || trim_scale((m).denominateur) || ' (' || trim_scale((m).inconnu) || ')'
		FROM (SELECT mesurer(fusion(attribution), '{"code": "X", "libelle": "x", "niveau": "attribution",
			"unites": ["nombre", "montant", "lignes"], "oui": $yes}', '$unit') AS m FROM synthese WHERE niveau = 'annee') AS t]);
}

# ---- The toy fixture: c6 has a foreign holder, of whom nothing is known

new_database($node, 'jouet');
load_ok($node, 'jouet', "$top/test/data/jouet.json");
rollup('jouet');
is(share('jouet', 'nombre', '{"taille": "pme"}'), '0/0 (8)', 'without registers nothing is known, nothing is no');
ask('jouet', q{
	INSERT INTO commune (code, nom, departement, region) VALUES
		('44109', 'A', '44', '52'), ('75056', 'B', '75', '11'), ('35238', 'C', '35', '53'), ('92050', 'D', '92', '11');
	INSERT INTO unite_legale (siren, categorie) VALUES ('900000019', 'pme'), ('900000027', 'ge'), ('900000035', 'pme'),
		('900000043', 'eti'), ('900000050', 'pme'), ('900000068', 'ge');
	INSERT INTO etablissement (siret, siren, code_commune) VALUES ('90000001900019', '900000019', '44109'), ('90000002700012', '900000027', '75101'),
		('90000003500015', '900000035', '44109'), ('90000004300019', '900000043', '35238'), ('90000005000014', '900000050', '35238'),
		('90000006800016', '900000068', '92050'), ('21440999700019', '214409997', '44109')});
ask('jouet', 'SELECT * FROM rafraichir_synthese()');
my %toy = (
	'nombre {"taille": "pme"}' => '4.17/7 (1)',	# 25/6
	'montant {"taille": "pme"}' => '976666.67/1810000 (80000)',
	'nombre {"pme_un": "oui"}' => '5/7 (1)',
	'lignes {"taille": "pme"}' => '6/10 (1)',
	'nombre {"local": "departement"}' => '3.83/7 (1)',	# 23/6
	'montant {"local": "departement"}' => '843333.33/1810000 (80000)',
	'nombre {"etranger": "oui"}' => '1/8 (0)');
is(share('jouet', split(/ /, $_, 2)), $toy{$_}, "toy fixture: $_") for sort keys %toy;
is(ask('jouet', q{SELECT count(*) FROM fait AS f JOIN fait_actuel AS e USING (contrat_id) WHERE e IS DISTINCT FROM f}), 0, 'the rollup has what the registers say');
is( ask('jouet', q{SELECT trim_scale(numerateur) || '/' || trim_scale(denominateur) FROM indicateurs('acheteur', '214409997', '2025-01-01', '2026-01-01')
		WHERE code = 'S01' AND unite = 'nombre'}), '4/6', 'indicators of a buyer and a year');
my $before = ask('jouet', q{SELECT md5(string_agg(concat_ws('|', niveau, code, periode, bilan, attribution), ';' ORDER BY niveau, code, periode)) FROM synthese});
ask('jouet', 'SELECT * FROM reconstruire_synthese()');
is(ask('jouet', q{SELECT md5(string_agg(concat_ws('|', niveau, code, periode, bilan, attribution), ';' ORDER BY niveau, code, periode)) FROM synthese}),
	$before, 'refreshed and counted anew are the same bytes');

# What a register changes is noted as it is loaded
ask('jouet', q{UPDATE unite_legale SET categorie = categorie; UPDATE etablissement SET ouvert_depuis = '2020-01-01'});
is(ask('jouet', 'SELECT count(*) FROM synthese_a_refaire'), 0, 'a register that says the same notes nothing');
ask('jouet', q{UPDATE unite_legale SET categorie = 'ge' WHERE siren = '900000019'; UPDATE etablissement SET code_commune = '35238' WHERE siren = '214409997'});
is( ask('jouet', q{SELECT count(*) FROM (
		SELECT contrat_id FROM titulaire WHERE siren = '900000019' UNION SELECT contrat_id FROM contrat WHERE acheteur_siren = '214409997'
		EXCEPT SELECT contrat_id FROM synthese_a_refaire) AS oublie}), 0, 'contracts of a holder and of a buyer are noted');
ask('jouet', 'SELECT * FROM rafraichir_synthese(); SELECT noter_registres()');
is(ask('jouet', 'SELECT count(*) FROM synthese_a_refaire'), 0, 'after the refresh a comparison of all contracts finds nothing');
ask('jouet', q{DELETE FROM commune WHERE code = '92050'});
is(ask('jouet', 'SELECT count(*) FILTER (WHERE contrat_id IS NULL), count(*) FROM synthese_a_refaire'), '1|1', 'a place that goes notes all contracts');
ask('jouet', 'SELECT * FROM rafraichir_synthese(); SELECT noter_registres()');
is(ask('jouet', 'SELECT count(*) FROM synthese_a_refaire'), 0, 'and they are counted again');

# ---- Dates, lists, thresholds, holders that change

my $contrats = join ",\n", (
	marche_json(id => '"avant"', objet => '"a"', dateNotification => '"2024-01-31"', codeCPV => '"18100000"', montant => 39999.99),
	marche_json(id => '"pendant"', objet => '"b"', dateNotification => '"2024-02-01"', codeCPV => '"45000000"', montant => 40000),
	marche_json(id => '"apres"', objet => '"c"', dateNotification => '"2024-07-01"', codeCPV => '"55500000"', montant => 221000),
	marche_json(id => '"deux"', objet => '"d"', dateNotification => '"2024-02-01"', codeCPV => '"79000000"', montant => 220999.99,
		titulaires => '[{"titulaire":{"typeIdentifiant":"SIRET","id":"55210055400013"}},{"titulaire":{"typeIdentifiant":"SIRET","id":"55210055400021"}},'
		  . '{"titulaire":{"typeIdentifiant":"SIRET","id":"21590350100017"}}]'),
	map { my ($id, $holder) = @$_; marche_json(id => qq("$id"), objet => qq("$id"), modifications => qq([{"modification":{"id":1,"titulaires":)
		. qq([{"titulaire":{"typeIdentifiant":"SIRET","id":"$holder"}}],"dateNotificationModification":"2024-06-01"}}])) } [ 'garde', '55210055400021' ], [ 'change', '21590350100017' ]);
append_to_file("$dir/cas.json", qq({"marches":{"marche":[$contrats]}}));
new_database($node, 'cas');
load_ok($node, 'cas', "$dir/cas.json");
rollup('cas');
ask('cas', q{
	INSERT INTO liste_agrement (liste, source) VALUES ('esus', 'essai'), ('siae', 'essai'), ('ea', 'essai'), ('esat', 'essai');
	INSERT INTO agrement (liste, siren, siret, depuis, jusque) VALUES
		('esus', '552100554', NULL, '2024-02-01', '2024-06-30'), ('ea', '552100554', '55210055400013', NULL, NULL)});
my $of = sub {
	my ($attribute) = @_;
	return ask('cas', qq{SELECT string_agg(id || '=' || coalesce((SELECT string_agg(coalesce(attribut(a, '$attribute'), '-'), ',' ORDER BY n)
			FROM unnest(attributions) WITH ORDINALITY AS u (a, n)), ''), ' ' ORDER BY id)
		FROM contrat_enrichi JOIN contrat USING (contrat_id) WHERE id IN ('avant', 'pendant', 'apres', 'deux')});
};
is($of->('esus'), 'apres=- avant=- deux=oui,- pendant=oui', 'approved on the day of the contract only; a list that is not complete says no to nobody');
is($of->('inclusion'), 'apres=ea avant=ea deux=ea,- pendant=ea', 'the approval of an establishment');
ask('cas', q{UPDATE liste_agrement SET complete_depuis = '2024-02-01'});
is($of->('esus'), 'apres=non avant=- deux=oui,non pendant=oui', 'a list that is complete says no from its day on: an approval that ended is none');
is($of->('inclusion_un'), 'apres=oui avant=oui deux=oui,oui pendant=oui', 'one holder at least');
my $contract = sub {
	my ($attribute) = @_;
	return ask('cas', qq{SELECT string_agg(id || '=' || coalesce(attribut(e.profil, '$attribute'), '-'), ' ' ORDER BY id)
		FROM contrat_enrichi AS e JOIN contrat USING (contrat_id)});
};
is($contract->('segment'), 'apres=restauration avant=textile change=- deux=autre garde=- pendant=batiment', 'families of purchases');
is($contract->('seuil_europeen'), 'apres=au_dessus avant=en_dessous change=- deux=en_dessous garde=- pendant=en_dessous', 'the EU threshold is reached at its amount');
is($contract->('seuil_procedure'), 'apres=au_dessus avant=en_dessous change=- deux=au_dessus garde=- pendant=en_dessous', 'so is that of procedures: 100 000 euros for works');
is($contract->('changement_titulaire'), 'apres=sans_objet avant=sans_objet change=oui deux=sans_objet garde=non pendant=sans_objet',
	'another establishment is the same holder');

$node->stop;
done_testing();
