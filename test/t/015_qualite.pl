# Quality of the data: the toy fixture's published rows, cases of every indicator
# counted by hand, what the references measured on real files.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use JSON::PP;
use SpaserTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = start_node('qualite');
my $dir = PostgreSQL::Test::Utils::tempdir();

sub quality
{
	my ($db) = @_;
	$node->command_ok([ SpaserTest::psql_args($node, $db, '-v', 'schema=decp', '-f', "$top/sql/decp/qualite.sql") ], "$db: qualite.sql");
	ask($db, "DROP TABLE IF EXISTS public.taux_ensemble; CREATE TABLE public.taux_ensemble AS SELECT * FROM qualite(au => '2025-06-01')");
}

sub ask
{
	my ($db, $sql) = @_;
	return $node->safe_psql($db, "SET search_path = decp, spaser; $sql");
}

# "numerateur/denominateur (inconnu)" of one row of qualite(); code, variant or field, unit
sub rate
{
	my ($db, $code, $which, $unit, $axes, $where) = @_;
	$which = defined $which ? "coalesce(variante, champ) = '$which'" : 'coalesce(variante, champ) IS NULL';
	my $from = defined $axes ? "qualite('$axes', '2025-06-01')" : 'public.taux_ensemble';
	$where ||= 'true';
	return ask($db, "SELECT trim_scale(numerateur) || '/' || trim_scale(denominateur) || ' (' || trim_scale(inconnu) || ')'
		FROM $from WHERE code = '$code' AND $which AND unite = '$unit' AND $where");
}

# ---- The toy fixture

new_database($node, 'jouet');
load_ok($node, 'jouet', "$top/test/data/jouet.json");
quality('jouet');
is(rate('jouet', 'T02', undef, 'nombre'), '4/6 (2)', 'toy fixture: T02, calendar');
is(rate('jouet', 'T02', '62_jours', 'nombre'), '5/6 (2)', 'toy fixture: T02, 62 days');
is(ask('jouet', 'SELECT connus, inconnus, mediane FROM qualite_delais()'), '6|2|59.5', 'toy fixture: T01');
is( ask('jouet', q{SELECT count(*) FROM qualite() AS q JOIN indicateurs((SELECT bilan(profil, montant) FROM contrat)) AS i
		USING (code, unite, numerateur, denominateur, inconnu, taux, minimum, maximum) WHERE code = 'T02' AND variante IS NULL}),
	'2', 'T02 is that of the catalogue, in number and in euros');
is(rate('jouet', 'T05', 'considerations_sociales_contradictoires', 'nombre'), '1/7 (1)', 'toy fixture: c8 contradicts itself');
is(rate('jouet', 'T05', 'au_moins_une', 'nombre'), '2/8 (0)', 'toy fixture: c7 and c8 break a rule');

# ---- Cases

my $buyer = '21440999700019';
my %valid = (
	s1 => '90000001900019',
	# Not by Luhn, but its digits add up to 15
	poste => '35600000000001');

sub holders
{
	return [ map { { titulaire => { typeIdentifiant => $_->[0], id => $_->[1] } } } @_ ];
}

sub marche
{
	my ($id, %with) = @_;
	return {
		id => $id, acheteur => { id => $buyer }, nature => "March\x{e9}", procedure => "Proc\x{e9}dure adapt\x{e9}e",
		codeCPV => '45000000', dureeMois => 12, offresRecues => 2, titulaires => holders([ 'SIRET', $valid{s1} ]), %with };
}

sub concession
{
	my ($id, %with) = @_;
	return {
		id => $id, autoriteConcedante => { id => $buyer }, nature => 'Concession de service', valeurGlobale => 900000,
		objet => "Concession $id", concessionnaires => [ { concessionnaire => { typeIdentifiant => 'SIRET', id => $valid{s1} } } ], %with };
}

sub write_decp
{
	my ($name, $content) = @_;
	my $file = "$dir/$name.json";
	open my $fh, '>', $file or die "$file: $!";
	print $fh encode_json({ marches => $content });
	close $fh;
	return $file;
}

sub modification
{
	my ($id, @dates) = @_;
	my %m = (id => $id, montant => 110000, datePublicationDonneesModification => $dates[1]);
	$m{dateNotificationModification} = $dates[0] if $dates[0];
	return { modification => \%m };
}

my $m1 = marche('m1', objet => 'Travaux de peinture du gymnase', montant => 100000,
	dateNotification => '2024-01-10', datePublicationDonnees => '2024-02-10',
	# On time to the day; a day late, February being short; not dated
	modifications => [ modification(1, '2024-03-31', '2024-05-31'), modification(2, '2024-12-31', '2025-03-01'),
		modification(3, undef, '2025-01-01') ]);
my @lots = (dateNotification => '2024-12-31', montant => 500000);
my @alpha = (
	$m1,
	marche('m2', objet => 'Travaux de peinture au gymnase', montant => 100000,
		dateNotification => '2024-01-10', datePublicationDonnees => '2024-02-10'),
	marche('m3', @lots, objet => "Lot 1 ma\x{e7}onnerie", datePublicationDonnees => '2025-02-28', codeCPV => '99000000'),
	# 62 days, and after the legal day
	marche('m4', @lots, objet => "Lot 2 \x{e9}lectricit\x{e9}", datePublicationDonnees => '2025-03-03',
		titulaires => holders([ 'SIRET', $valid{poste} ])),
	marche('m5', objet => 'Bancs', montant => 80000, dateNotification => '2025-01-01',
		titulaires => holders([ 'TVA', 'FR66562096297' ])),
	marche('m5', objet => 'Tables', montant => 90000, dateNotification => '2025-02-01', datePublicationDonnees => '2025-01-15',
		titulaires => holders([ 'SIRET', '21440999700018' ])));
my @concessions = (
	# Data of two years published, of four due
	concession('k1', dateSignature => '2020-12-01', dateDebutExecution => '2021-01-01', datePublicationDonnees => '2021-01-01', dureeMois => 120,
		donneesExecution => [ map { { datePublicationDonneesExecution => $_, depensesInvestissement => 1 } } '2022-03-01', '2023-03-01', '2023-06-01' ]),
	# Published a day late, nothing of its two years
	concession('k2', dateSignature => '2020-12-01', dateDebutExecution => '2021-01-01', datePublicationDonnees => '2021-01-02', dureeMois => 24, valeurGlobale => 800000),
	# Two years, if it began when it was signed
	concession('k3', dateSignature => '2023-01-01', datePublicationDonnees => '2023-01-02', dureeMois => 36));
my $old = marche('2024100', objet => 'Fourniture de papier', montant => 12, dateNotification => '2024-05-01',
	datePublicationDonnees => '2024-05-20', formePrix => 'Ferme', modifications => [],
	lieuExecution => { code => '44000', typeCode => 'Code postal', nom => 'Nantes' },
	titulaires => [ { typeIdentifiant => 'SIRET', id => '12345678901234' } ]);
delete $old->{offresRecues};
my @beta = (
	$m1,
	marche('m8', objet => 'Conseil', montant => 40000, dateNotification => '2023-12-31', datePublicationDonnees => '2024-02-29',
		acheteur => { id => '21440999700018' }));

new_database($node, 'cas');
load_ok($node, 'cas', write_decp('alpha', { marche => \@alpha, 'contrat-concession' => \@concessions }), 'source=alpha');
load_ok($node, 'cas', write_decp('ancien', [ $old ]), 'source=alpha');
load_ok($node, 'cas', write_decp('beta', { marche => \@beta }), 'source=beta');
is(ask('cas', 'SELECT count(*) FROM contrat'), '11', 'eleven contracts in twelve records');
quality('cas');
quality('cas');

my @expected = (
	# m1, m2, m3, old and m8 in time, m4 not; the two m5: not published, published before
	[ 'T02', undef, 'nombre', '5/6 (2)' ],
	[ 'T02', undef, 'montant', '740012/1240012 (170000)' ],
	[ 'T02', '62_jours', 'nombre', '6/6 (2)' ],
	[ 'T02', 'retard_si_absent', 'nombre', '5/7 (1)' ],
	[ 'T03', 'datePublicationDonnees', 'nombre', '7/8 (0)' ],
	[ 'T03', 'offresRecues', 'nombre', '7/7 (0)' ],
	[ 'T03', 'modifications', 'nombre', '1/1 (0)' ],
	[ 'T03', 'complets', 'nombre', '1/8 (0)' ],
	[ 'T03', 'complets', 'montant', '12/1410012 (0)' ],
	[ 'T03', 'eclaireur_13_complets', 'nombre', '1/8 (0)' ],
	[ 'T04', 'acheteur.id', 'nombre', '10/11 (0)' ],
	[ 'T04', 'codeCPV', 'nombre', '7/8 (0)' ],
	[ 'T04', 'dateDebutExecution', 'nombre', '2/2 (0)' ],
	[ 'T05', 'publication_avant_notification', 'nombre', '1/7 (1)' ],
	[ 'T05', 'montant_duree_egaux', 'nombre', '1/8 (0)' ],
	[ 'T05', 'au_moins_une', 'nombre', '2/8 (0)' ],
	[ 'T05', 'au_moins_une', 'montant', '90012/1410012 (0)' ],
	[ 'T06', undef, 'nombre', '11/12 (0)' ],
	[ 'T07', 'ministere', 'nombre', '0/11 (0)' ],
	[ 'T07', 'decp_qualite', 'nombre', '1/11 (0)' ],
	# Too few contracts to tell
	[ 'T07', 'robuste', 'nombre', '0/0 (11)' ],
	[ 'T11', undef, 'nombre', '1/7 (0)' ],
	[ 'T12', undef, 'nombre', '1/2 (1)' ],
	# m4 by La Poste's rule; not a VAT number, two false keys
	[ 'T13', undef, 'nombre', '8/11 (0)' ],
	[ 'D06', undef, 'nombre', '1/2 (1)' ],
	[ 'D07', undef, 'nombre', '2/6 (2)' ]);
for (@expected)
{
	my ($code, $which, $unit, $numbers) = @$_;
	is(rate('cas', $code, $which, $unit), $numbers, join ' ', grep { defined } $code, $which, $unit);
}
is(rate('cas', 'T02', undef, 'nombre', '{source}', q{source = 'beta'}), '2/2 (0)', 'a contract is of every source that delivered it');
is(rate('cas', 'T06', undef, 'nombre', '{source}', q{source = 'beta'}), '2/2 (0)', 'a copy in another source is no surplus of this one');
is(rate('cas', 'T02', undef, 'nombre', '{acheteur,annee}', q{acheteur_siren = '214409997' AND annee = 2025}), '0/0 (2)', 'of a buyer and a year');
is( ask('cas', q{SELECT count(*) FROM qualite() WHERE taux IS DISTINCT FROM numerateur / nullif(denominateur, 0)
		AND variante !~ 'moyenne$' OR minimum > taux OR taux > maximum OR numerateur > denominateur}), '0', 'rates and bounds of every row hold');
is( ask('cas', q{SELECT m.taux = (SELECT avg(taux) FROM qualite() WHERE code = 'T03' AND champ IS NOT NULL AND variante IS NULL)
		FROM qualite() AS m WHERE code = 'T03' AND variante = 'moyenne'}), 't', 'T03: mean of the fields');
# Days: 19, 31, 31, 59, 60, 62
is(ask('cas', q{SELECT connus, inconnus, mediane, p90, derniere_publication, fraicheur FROM qualite_delais(au => '2025-06-01')}),
	'6|2|45|61|2025-03-03|90', 'T01 and T09');
is(ask('cas', q{SELECT fraicheur FROM qualite_delais(au => '2026-06-01')}), '100', 'T09 goes to 100');
is(ask('cas', q{SELECT couverture_acheteurs('{214409997,999999999,999999999,x}')}),
	'(1,2,0,0.50000000000000000000,0.50000000000000000000,0.50000000000000000000)', 'T10');
is(ask('cas', q{SELECT (couverture_acheteurs('{214409997}', '2026-01-01')).numerateur}), '0', 'T10 in a period');
# Singularity: ids of 4 records of 12, one copy. Validity: none of 6, 90 days.
# Completeness: all but the old one. Conformity: m3 and m8 of 8 in form, of three
# defects. Exactness: the old one's 12 euros; no eight numbers are 3 deviations
# apart. Coherence: 1 of 7 and 1 of 8.
is( ask('cas', q{SELECT round(singularite, 6), round(validite, 6), round(completude, 6), round(conformite, 6), round(exactitude, 6), round(coherence, 6),
		round(general, 6), categories FROM qualite_score(au => '2025-06-01')}),
	'0.791667|0.550000|0.125000|0.916667|0.937500|0.866071|0.697817|6', 'T08 and its six parts');
is( ask('cas', q{SELECT string_agg(source || '>' || autre || ' ' || communs || '/' || contrats, '; ' ORDER BY source) FROM recouvrement_sources}),
	'alpha>beta 1/10; beta>alpha 1/2', 'overlap of sources');
is( ask('cas', q{SELECT string_agg(source || ' ' || enregistrements || ' ' || delai_median, '; ' ORDER BY source) FROM qualite_sources}),
	'alpha 10 31; beta 2 45.5', 'qualite_sources');
is(ask('cas', q{SELECT attendus, remplis, valides FROM qualite_champs WHERE champ = 'codeCPV'}), '8|8|7', 'qualite_champs');

is( ask('cas', q{SELECT string_agg(nom, ' ') FROM (
		SELECT relname || '.' || attname AS nom FROM pg_attribute JOIN pg_class AS c ON c.oid = attrelid
		WHERE relnamespace = 'decp'::regnamespace AND relkind IN ('v', 'm') AND attnum > 0 AND col_description(c.oid, attnum) IS NULL
		UNION ALL SELECT relname FROM pg_class WHERE relnamespace = 'decp'::regnamespace AND relkind IN ('v', 'm', 'i')
			AND relname ~ 'qualite|anomalie_ensemble|montant_reference' AND obj_description(oid, 'pg_class') IS NULL
		UNION ALL SELECT proname FROM pg_proc WHERE pronamespace = 'decp'::regnamespace AND obj_description(oid, 'pg_proc') IS NULL) AS t}),
	'', 'every object says what it is');

# Between contracts
is(ask('cas', q{SELECT string_agg(id, ' ' ORDER BY id) FROM montant_repete JOIN contrat USING (contrat_id)}), 'm1 m2 m3 m4', 'repeated amounts');
is(ask('cas', q{SELECT string_agg(id || ' ' || motif, '; ' ORDER BY id, objet) FROM lot_suspect JOIN contrat USING (contrat_id)}),
	'm3 total_repete; m4 total_repete; m5 lots_sous_un_id; m5 lots_sous_un_id', 'suspect lots');
is( ask('cas', q{SELECT a.id, b.id, round(ressemblance, 2) FROM doublon_possible AS d
		JOIN contrat AS a USING (contrat_id) JOIN contrat AS b ON b.contrat_id = d.autre_id}), 'm1|m2|0.67', 'possible double: 4 words of 6');
is(ask('cas', 'SELECT anomalies FROM rafraichir_qualite()'), '12', 'refreshed: 2 ids, 4 amounts, 4 lots, a pair');
is(ask('cas', q{SELECT count(*) FROM signalement WHERE regle IN ('uid_non_unique', 'montant_repete', 'lot_suspect', 'doublon_possible')}),
	'12', 'all of them told');

is( ask('cas', q{SELECT string_agg(coalesce(siret_valide(s)::text, '-'), ' ' ORDER BY n) FROM unnest(array_append('{35600000000048,35600000000001,35600000000002,
		90000001900019,90000001900018,00000000000000,9000000190001,9000000190001A}'::text[], NULL)) WITH ORDINALITY AS u(s, n)}),
	'true true false true false false false false -', 'siret_valide');
my ($status, $out, $err) = $node->psql('cas', q{\set VERBOSITY verbose
SELECT * FROM decp.qualite('{mois}')});
like($err, qr/22023.*unknown axis/, 'an axis that is none');

# ---- Who may read the tables may ask

$node->safe_psql('cas', q{CREATE ROLE lectrice; GRANT USAGE ON SCHEMA decp TO lectrice; GRANT SELECT ON ALL TABLES IN SCHEMA decp TO lectrice});
quality('cas');
is( $node->safe_psql('cas', q{SET ROLE lectrice; SELECT (SELECT count(*) > 0 FROM decp.qualite()) AND (SELECT count(*) = 11 FROM decp.fait_qualite)
		AND (SELECT count(*) > 0 FROM decp.qualite_sources)}), 't', 'a reader reads');
isnt($node->psql('cas', 'SET ROLE lectrice; SELECT decp.rafraichir_qualite()'), 0, 'a reader does not refresh');

# ---- Amounts against those of their division

my @amounts = map { sprintf '%.2f', 10**(4 + $_ / 100) } 0 .. 30;
push @amounts, '5000000.00';
my @it = map { marche("i$_", objet => "Logiciel $_ a", codeCPV => '72000000', dateNotification => '2024-03-01', montant => $amounts[$_] + 0) } 0 .. $#amounts;
new_database($node, 'montants');
load_ok($node, 'montants', write_decp('montants', { marche => \@it }));
quality('montants');

sub median
{
	my @sorted = sort { $a <=> $b } @_;
	return ($sorted[ $#sorted / 2 ] + $sorted[ @sorted / 2 ]) / 2;
}
my @logs = map { log($_) / log(10) } @amounts;
my $median = median(@logs);
my $mad = median(map { abs($_ - $median) } @logs);
is(ask('montants', q{SELECT division_cpv, effectif, round(mediane::numeric, 6), round(mad::numeric, 6) FROM montant_reference}),
	sprintf('72|32|%.6f|%.6f', $median, $mad), 'median and deviation of a division');
is(rate('montants', 'T07', 'robuste', 'nombre'), (grep { abs($_ - $median) > 6 * $mad } @logs) . '/32 (0)', 'T07, robust');
is(ask('montants', q{SELECT montant FROM fait_qualite WHERE ecart_montant > 6}), '5000000', 'the one that is out of line');

# ---- Dates that only other records, or the file, show wrong

my %dated = (f1 => '2024-07-01', f2 => '2024-06-30', AC => '2024-05-01', s1 => '2024-04-30', s2 => '2024-05-01');
my @dated = map { marche($_, objet => "Objet $_", montant => 40000, dateNotification => $dated{$_},
		techniques => { technique => [ $_ eq 'AC' ? 'Accord-cadre' : 'Sans objet' ] }, /^s/ ? (idAccordCadre => 'AC') : ()) } sort keys %dated;
new_database($node, 'dates');
load_ok($node, 'dates', write_decp('dates', { marche => \@dated }), 'date_fichier=2024-06-30');
quality('dates');
my $wrong = q{SELECT string_agg(concat_ws(' ', id, regle, valeur), '; ' ORDER BY id) FROM signalement JOIN contrat USING (contrat_id)
	WHERE regle IN ('date_future', 'subsequent_avant_accord_cadre')};
is(ask('dates', $wrong), 'f1 date_future 2024-07-01; s1 subsequent_avant_accord_cadre 2024-04-30',
	'notified after the day of the file; before its framework');
load_ok($node, 'dates', write_decp('encore', { marche => \@dated }), 'date_fichier=2024-07-15');
ask('dates', 'SELECT * FROM rafraichir_qualite()');
is(ask('dates', $wrong), 's1 subsequent_avant_accord_cadre 2024-04-30', 'a later file takes the doubt away');

# ---- Real files, of which the references say the rates in percent of records

SKIP:
{
	my $data = real_data();
	skip 'no folder of real data (set SPASER_DATA): real files not tested', 1 unless $data;
	my %files = (
		pes => [ 'afb004_data.gouv.fr_pes', 1148, 15, { en_retard => 26.7, publication_avant_notification => 10.5, montant_duree => 6.2 } ],
		emp => [ 'eed24f_e-marchespublics', 470, 40, { en_retard => 4.9, publication_avant_notification => 3.8, montant_duree => 16.2 } ],
		aife => [ '98b873_data.gouv.fr_aife', undef, undef, { montant_duree => 20.6 } ]);
	new_database($node, 'reel');
	for my $source (sort keys %files)
	{
		load_ok($node, 'reel', "$data/2019-json-consolidated/$files{$source}[0].json", "source=$source");
	}
	quality('reel');
	ask('reel', q{CREATE TABLE public.taux AS SELECT * FROM qualite('{source}') WHERE unite = 'nombre'});
	for my $source (sort keys %files)
	{
		my (undef, $records, $shared, $rates) = @{ $files{$source} };
		# Records of marchés that share buyer and id, by their own words
		is( ask('reel', qq{SELECT count(*), count(*) FILTER (WHERE n > 1) FROM (
				SELECT count(*) OVER (PARTITION BY acheteur_id, id) AS n FROM spaser.lire_json(pg_read_binary_file('$data/2019-json-consolidated/$files{$source}[0].json'))
				WHERE type_contrat = 'marche') AS l}), "$records|$shared", "$source: records and shared ids of the reference") if $records;
		is(ask('reel', qq{SELECT uid_partages FROM qualite_unicite('{source}') WHERE source = '$source'}), $shared, "$source: records that share an id")
			if $records;
		# One point: the reference counts records, copies too
		for my $rule (sort keys %$rates)
		{
			my $value = $rule eq 'en_retard'
			  ? ask('reel', qq{SELECT round(100.0 * (denominateur - numerateur) / (denominateur + inconnu), 1) FROM public.taux
					WHERE source = '$source' AND code = 'T02' AND variante = '62_jours'})
			  : ask('reel', qq{SELECT round(100.0 * numerateur / (denominateur + inconnu), 1) FROM public.taux
					WHERE source = '$source' AND code = 'T05' AND coalesce(variante, champ) = '$rule'});
			cmp_ok(abs($value - $rates->{$rule}), '<=', 1, "$source: $rule, $value % (reference: $rates->{$rule} %)");
		}
	}
	# Plain SQL beside, on the tables
	is( ask('reel', q{SELECT count(*) FROM (
			SELECT acheteur_siren, count(*) FILTER (WHERE date_publication_donnees >= date_notification AND date_publication_donnees <= date_notification + interval '2 months') AS n,
				count(*) FILTER (WHERE date_publication_donnees >= date_notification) AS d
			FROM contrat WHERE type_contrat = 'marche' GROUP BY 1) AS s
		JOIN qualite('{acheteur}') AS q ON q.acheteur_siren IS NOT DISTINCT FROM s.acheteur_siren AND q.numerateur = s.n AND q.denominateur = s.d
		WHERE code = 'T02' AND variante IS NULL AND unite = 'nombre'}),
		ask('reel', q{SELECT count(DISTINCT coalesce(acheteur_siren, '')) FROM contrat WHERE type_contrat = 'marche'}), 'T02 of every buyer');
}

done_testing();
