# Every code of the catalogue computes on a sample; the readings that differ, side by
# side: decp.info's denominators, the Climat law beside the PNAD, the threshold of April
# 2026.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use SpaserTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = start_node('catalogue');
my $dir = PostgreSQL::Test::Utils::tempdir();

sub ask
{
	my ($db, $sql) = @_;
	return $node->safe_psql($db, "SET search_path = decp, spaser; SET jit = off; $sql");
}

sub script
{
	my ($db, $name) = @_;
	$node->command_ok([ SpaserTest::psql_args($node, $db, '-v', 'schema=decp', '-f', "$top/sql/decp/$name") ], "$db: $name");
}

# num/den (unknown) of a row of indicateurs()
sub figure
{
	my ($db, $code, $unit) = @_;
	return ask($db, qq[SELECT trim_scale(numerateur) || '/' || trim_scale(denominateur) || ' (' || trim_scale(inconnu) || ')'
		FROM indicateurs('ensemble') WHERE code = '$code' AND unite = '$unit']);
}

# ---- A sample of both formats, five years; registers made up from the contracts

new_database($node, 'sample');
for my $lot ([ 'v2', 1500, 2021, 2025 ], [ 'v1', 300, 2021, 2023 ])
{
	my ($format, $n, $from, $to) = @$lot;
	system_or_bail("$top/build/generateur", '--contrats', $n, '--graine', '2024', '--format', $format, '--defauts', '2', '--acheteurs', '12',
		'--annee-debut', $from, '--annee-fin', $to, '--compact', '-o', "$dir/$format.json");
	load_ok($node, 'sample', "$dir/$format.json");
}
ask('sample', q{
	INSERT INTO commune (code, nom, departement, region, epci) VALUES ('44109', 'A', '44', '52', '244400404'), ('75056', 'B', '75', '11', '200054781'), ('35238', 'C', '35', '53', '243500139');
	INSERT INTO unite_legale (siren, categorie, tranche_effectifs, ess, societe_mission)
	SELECT siren, (ARRAY['pme', 'pme', 'eti', 'ge'])[1 + h % 4], lpad((h % 5)::text, 2, '0'), h % 7 = 0, h % 11 = 0 FROM siren_des_contrats, abs(hashtext(siren)) AS h;
	INSERT INTO etablissement (siret, siren, code_commune, latitude, longitude)
	SELECT siret, left(siret, 9), (ARRAY['44109', '75056', '35238'])[1 + h % 3], 47 + h % 3, -1 - h % 2 FROM siret_des_contrats, abs(hashtext(siret)) AS h;
	INSERT INTO liste_agrement (liste, source) SELECT unnest('{esus,siae,ea,esat}'::text[]), 'x' ON CONFLICT DO NOTHING;
	INSERT INTO agrement (liste, siren) SELECT (ARRAY['esus', 'siae', 'ea', 'esat'])[1 + h % 4], siren FROM siren_des_contrats, abs(hashtext(siren)) AS h WHERE h % 9 = 0});
# a framework, what was bought under it; a concession with two years of tariffs
my $cadre = join ',', marche_json(id => '"AC1"', objet => '"Cadre"', montant => 400000, techniques => '{"technique":["Accord-cadre"]}'),
  marche_json(id => '"MS1"', objet => '"Subséquent"', montant => 100000, idAccordCadre => '"AC1"');
my $concession = '{"id":"C1","autoriteConcedante":{"id":"21440109900015"},"objet":"Eau","nature":"Concession de service","valeurGlobale":1000000,"montantSubventionPublique":1000,'
  . '"dateSignature":"2022-01-15","dateDebutExecution":"2022-03-01","datePublicationDonnees":"2022-02-01","dureeMois":120,"procedure":"Procédure négociée ouverte",'
  . '"concessionnaires":[{"concessionnaire":{"typeIdentifiant":"SIRET","id":"55210055400013"}}],"donneesExecution":['
  . join(',', map { qq({"donneesAnnuelles":{"datePublicationDonneesExecution":"$_->[0]-06-01","depensesInvestissement":1,"tarifs":[{"tarif":{"intituleTarif":"m3","tarif":$_->[1]}}]}}) } [ 2023, 2 ], [ 2024, 2.2 ])
  . ']}';
append_to_file("$dir/suite.json", qq({"marches":{"marche":[$cadre],"contrat-concession":[$concession]}}));
load_ok($node, 'sample', "$dir/suite.json");
script('sample', $_) for qw(synthese.sql tableau_biennal.sql qualite.sql);
ask('sample', q{
	INSERT INTO perimetre SELECT 'tous', siren FROM acheteur;
	INSERT INTO saisie (code, siren, depuis, jusque, unite, numerateur, denominateur, source, auteur)
	SELECT code, siren, '2024-01-01', '2024-12-31', unite, 30, 100, 'x', 'y'
	FROM (SELECT siren FROM acheteur ORDER BY siren LIMIT 1) AS a,
		(VALUES ('S08', 'heures'), ('C03.c02_reemploi', 'montant'), ('E06.saisie', 'vehicules'), ('E07.saisie', 'montant'), ('E07.bio', 'montant'), ('P04', 'montant')) AS s (code, unite)});
my $measured = q{
	SELECT code, valeur FROM indicateurs('ensemble')
	UNION ALL SELECT code, valeur FROM indicateurs('ensemble', NULL, '2024-06-01', '2025-01-01')
	UNION ALL SELECT code, valeur FROM (SELECT siren FROM acheteur ORDER BY siren LIMIT 1) AS a, indicateurs('acheteur', siren, '2024-01-01', '2025-01-01')
	UNION ALL SELECT concat_ws('.', code, variante), taux FROM qualite()
	UNION ALL SELECT 'T08', general FROM qualite_score()
	UNION ALL SELECT 'T09', fraicheur FROM qualite_delais()
	UNION ALL SELECT 'T10', taux FROM (SELECT array_agg(siren) AS liste FROM acheteur) AS a, couverture_acheteurs(liste)
	UNION ALL SELECT 'P01', taux FROM tableau_biennal('tous', 2024) WHERE code = 'S01'
	UNION ALL SELECT 'P02', pente FROM trajectoire('tous', 2025)
	UNION ALL SELECT 'P03', taux FROM couverture_comptable('tous', 2024)
	UNION ALL SELECT 'P04', annualise FROM assujettissement('tous', 2024)};
# A row is of the indicator with the longest code that begins its own: a variant's value is not that of its indicator.
# Without a value, each for its own reason: contracts are of 2021 to 2025
is( ask('sample', qq{WITH c AS MATERIALIZED (SELECT code FROM catalogue_liste())
		SELECT string_agg(code, ' ') FROM c WHERE code NOT IN (
			SELECT DISTINCT ON (m.code) d.code FROM ($measured) AS m JOIN c AS d ON m.code = d.code OR starts_with(m.code, d.code || '.')
			WHERE m.valeur IS NOT NULL ORDER BY m.code, length(d.code) DESC)}),
	'E03.legal S04 S06 S06.lignes S07', 'every code has a value on the sample, but for the law of August 2026, and floors that no list is complete for');
# A state that the rollup has not, or of another kind than the measure, gives no row and no error
is( ask('sample', q{SELECT string_agg(concat_ws(' ', m.code, m.etat, u), ', ' ORDER BY m.code) FROM unnest(catalogue_mesures()) AS m, unnest(unites) AS u
		WHERE (SELECT count(*) FROM indicateurs('ensemble') AS i WHERE (i.code, i.unite) = (m.code, u)) <> 1}),
	'', 'every measure has one row in each of its units');
is( ask('sample', q{SELECT string_agg(DISTINCT code, ' ') FROM indicateurs('ensemble') WHERE code IN ('S04', 'S06.contrat', 'S06.lignes', 'S06.par_titulaire') AND (numerateur, inconnu) > (0, 0) AND minimum > 0 AND taux IS NULL}),
	'S04 S06.contrat S06.lignes S06.par_titulaire', 'those are minima');
is( ask('sample', q{SELECT string_agg(DISTINCT code, ' ' ORDER BY code) FROM tableau_biennal('tous', 2024) WHERE numerateur > 0 OR code = 'C03'}), 'C03 C03.c02_reemploi E01 E03 S01 S03 S04 S06',
	'the biennial table has the categories that the law names');

# ---- decp.info's planned vectors: its denominator is all contracts, known or not

new_database($node, 'vecteurs');
sub vector
{
	my ($id, $social, $env) = @_;
	return marche_json(id => qq("$id"), objet => qq("$id"), considerationsSociales => $social, considerationsEnvironnementales => $env);
}
my $aucune = '{"considerationSociale":["Pas de considération sociale"]}';
my $sans = '{"considerationEnvironnementale":["Pas de considération environnementale"]}';
append_to_file("$dir/quatre.json", '{"marches":{"marche":[' . join(',',
	vector('a', '{"considerationSociale":["Clause sociale"]}', '{"considerationEnvironnementale":["Critère environnemental"]}'),
	vector('b', '{"considerationSociale":["Marché réservé"]}', $sans), vector('c', $aucune, $sans), vector('d', 'null', 'null')) . ']}}');
script('vecteurs', 'synthese.sql');
is( ask('vecteurs', q{SELECT string_agg(concat_ws(' ', code, numerateur, denominateur, coalesce(taux::text, 'NULL')), ', ' ORDER BY code) FROM indicateurs('ensemble')
		WHERE code ~ '^[SE]01.decp_info' AND unite = 'nombre'}), 'E01.decp_info 0 0 NULL, S01.decp_info 0 0 NULL', 'no contract: no rate, where decp.info says 0');
load_ok($node, 'vecteurs', "$dir/quatre.json");
ask('vecteurs', 'SELECT * FROM rafraichir_synthese()');
is(figure('vecteurs', 'S01.decp_info', 'nombre'), '2/4 (0)', 'four contracts: social 2, 50 %');
is(figure('vecteurs', 'E01.decp_info', 'nombre'), '1/4 (0)', 'environmental 1, 25 %');
is(figure('vecteurs', 'S01', 'nombre'), '2/3 (1)', 'here what is not known is no denominator');
is(figure('vecteurs', 'E01', 'nombre'), '1/3 (1)', 'nor there');
new_database($node, 'doubles');
append_to_file("$dir/doubles.json", '{"marches":{"marche":[' . join(',', (vector('a', '{"considerationSociale":["Clause sociale"]}', $sans)) x 2, vector('b', $aucune, $sans)) . ']}}');
load_ok($node, 'doubles', "$dir/doubles.json");
script('doubles', 'synthese.sql');
is(figure('doubles', 'S01.decp_info', 'nombre') . ' ' . figure('doubles', 'E01.decp_info', 'nombre'), '1/2 (0) 0/2 (0)', 'the same row twice is one contract: 1, 50 % and 0, 0 %');

# ---- The law of 21 August 2026 beside the PNAD; the threshold of 1 April 2026

new_database($node, 'lois');
my $n = 0;
my @contracts = map {
	my ($day, $amount, $procedure, $env, $cpv, $nature) = @$_;
	$n++;
	marche_json(id => qq("l$n"), objet => qq("l$n"), dateNotification => qq("$day"), montant => $amount, procedure => qq("$procedure"), codeCPV => qq("$cpv"), nature => '"' . ($nature // 'Marché') . '"',
		considerationsEnvironnementales => '{"considerationEnvironnementale":[' . join(',', map { qq("$_") } @$env) . ']}')
  } (
	# below and above 40 000 euros before April 2026, 60 000 from then on; 100 000 for works
	[ '2026-03-31', 50000, 'Marché passé sans publicité ni mise en concurrence préalable', ['Pas de considération environnementale'], '30000000' ],
	[ '2026-04-01', 50000, 'Marché passé sans publicité ni mise en concurrence préalable', ['Clause environnementale'], '30000000' ],
	[ '2026-04-01', 60000, 'Marché passé sans publicité ni mise en concurrence préalable', ['Critère environnemental'], '30000000' ],
	[ '2026-04-01', 99999, 'Marché passé sans publicité ni mise en concurrence préalable', [ 'Clause environnementale', 'Critère environnemental' ], '45000000' ],
	[ '2026-08-20', 80000, 'Procédure adaptée', [ 'Clause environnementale', 'Critère environnemental' ], '30000000' ],
	[ '2026-08-21', 80000, 'Procédure adaptée', [ 'Clause environnementale', 'Critère environnemental' ], '30000000' ],
	[ '2026-09-01', 80000, 'Procédure adaptée', ['Clause environnementale'], '30000000' ],
	[ '2026-09-01', 80000, 'Procédure adaptée', ['Clause environnementale'], '30000000', 'Marché de défense ou de sécurité' ]);
append_to_file("$dir/lois.json", '{"marches":{"marche":[' . join(',', @contracts) . ']}}');
load_ok($node, 'lois', "$dir/lois.json");
script('lois', 'synthese.sql');
is(figure('lois', 'E01', 'nombre'), '7/8 (0)', 'E01: one consideration, as the PNAD asks');
is(figure('lois', 'E03', 'nombre'), '3/7 (0)', 'E03: clause and criterion, without defence, whatever the date');
is(figure('lois', 'E03.legal', 'nombre'), '1/2 (0)', 'E03.legal: since 21 August 2026');
is(figure('lois', 'K06', 'nombre'), '4/8 (0)', 'K06: without publicity');
is(figure('lois', 'K06.au_dessus_seuil', 'nombre'), '2/6 (0)', 'K06 above the threshold of the day: 50 000 euros are above it in March, below in April');

$node->stop;
done_testing();
