# Rules of law, targets, declared figures, and the table that the law asks for every
# two years: what is known on which day, what a status means at its limits, and every
# rate against plain SQL over the contracts.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use SpaserTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = start_node('regles');
my $dir = PostgreSQL::Test::Utils::tempdir();

sub script
{
	my ($db, $name, $schema) = @_;
	$node->command_ok([ 'psql', '-X', '-q', '-d', $node->connstr($db), '-v', 'schema=' . ($schema // 'decp'), '-f', "$top/sql/decp/$name" ],
		"$db: $name");
}

sub query { return $node->safe_psql($_[0], "SET search_path = decp, spaser; $_[1]") }

# The message and SQLSTATE of what has to fail
sub refused
{
	my ($db, $sql, $state, $like, $name) = @_;
	my ($ret, $out, $err) = $node->psql($db, "\\set VERBOSITY verbose\nSET search_path = decp, spaser;\n$sql");
	like($err, qr/ERROR:  $state: .*$like/s, $name);
}

# ---- Two buyers, four years: a line is a year, then the contracts of each kind

my %buyer = (A => [ '21440110900015', '214401109' ], B => [ '21350238000018', '213502380' ]);
my $number = 0;
my @contracts;

sub contract
{
	my ($who, $year, $social, $env, %f) = @_;
	push @contracts, marche_json(
		id => sprintf('"M%d"', ++$number),
		objet => "\"Objet $number\"",
		acheteur => qq({"id":"$buyer{$who}[0]"}),
		dateNotification => "\"$year-05-20\"",
		dureeMois => 12,
		techniques => '{"technique":["Sans objet"]}',
		considerationsSociales => $social eq '' ? 'null' : qq({"considerationSociale":[$social]}),
		considerationsEnvironnementales => $env eq '' ? 'null' : qq({"considerationEnvironnementale":[$env]}),
		montant => 1000 * $number,
		%f);
	return;
}
my ($clause, $no, $reserved, $eclause, $ecrit, $eno) = ('"Clause sociale"', '"Pas de considération sociale"', '"Marché réservé"',
	'"Clause environnementale"', '"Critère environnemental"', '"Pas de considération environnementale"');
# Of A four contracts a year, of which 1, 2, 2, 3 are social; of B one more, in 2024 and 2025
my %social = (2022 => 1, 2023 => 2, 2024 => 2, 2025 => 3);
for my $year (sort keys %social)
{
	contract('A', $year, $_ <= $social{$year} ? $clause : $no, $_ == 1 ? "$eclause,$ecrit" : $_ == 2 ? $eclause : $eno) for 1 .. 4;
}
contract('B', 2024, $reserved, $eno);
contract('B', 2024, $no, '');
contract('B', 2025, '', "$eclause,$ecrit");
contract('B', 2025, "$clause,$no", "$eclause,$ecrit");
# Not in the perimeter
push @contracts, marche_json(acheteur => '{"id":"13002526500013"}', considerationsSociales => qq({"considerationSociale":[$clause]}));
my $file = "$dir/deux.json";
PostgreSQL::Test::Utils::append_to_file($file, '{"marches":{"marche":[' . join(',', @contracts) . ']}}');

new_database($node, 'regles');
load_ok($node, 'regles', $file);
script('regles', $_) for qw(synthese.sql referentiels_regles.sql tableau_biennal.sql);

# ---- Run again: what is there stays, whoever wrote it

query('regles', q{
	INSERT INTO perimetre VALUES ('pays', '214401109', 'Ville A'), ('pays', '213502380', 'Ville B');
	INSERT INTO cible (siren, code, unite, valeur, source) VALUES ('214401109', 'S03', 'nombre', 0.1, 'délibération');
	INSERT INTO saisie (code, siren, depuis, jusque, unite, numerateur, denominateur, source, auteur)
		VALUES ('E06', '214401109', '2024-01-01', '2024-12-31', 'vehicules', 12, 30, 'parc', 'garage');
	UPDATE seuil_europeen SET montant = 140001, certitude = 'vérifié' WHERE depuis = '2022-01-01' AND montant = 140000;
	INSERT INTO segment VALUES ('energie', '45233'), ('autre', '4523314');
	UPDATE rubrique_biennale SET rang = 70 WHERE code = 'C03'});
my @tables = qw(seuil_europeen seuil_procedure seuil_spaser agec_generation agec agec_taux segment origine_cpv perimetre cible saisie
  decoupage_cpv rubrique_biennale);
my $digest = join ' UNION ALL ', map { "SELECT '$_', count(*), md5(string_agg(t::text, '|' ORDER BY t::text COLLATE \"C\")) FROM $_ AS t" } @tables;
my $before = query('regles', $digest);
unlike($before, qr/\|0\|/, 'no table is empty');
script('regles', $_) for qw(referentiels_regles.sql synthese.sql tableau_biennal.sql);
is(query('regles', $digest), $before, 'run again: the same rows');

# ---- Thresholds on the days they change, as the texts give them (thousands of euros)

is( query('regles', q{SELECT string_agg(coalesce(seuil_europeen_de(t, a, d::date)::text, '-'), ' ' ORDER BY n) FROM (VALUES
		(1, 'travaux', 'etat', '2021-12-31'), (2, 'travaux', 'etat', '2022-01-01'), (3, 'travaux', 'autre', '2023-12-31'),
		(4, 'travaux', 'autre', '2024-01-01'), (5, 'fournitures', 'etat', '2023-12-31'), (6, 'services', 'etat', '2024-01-01'),
		(7, 'services', 'autre', '2023-12-31'), (8, 'fournitures', 'autre', '2025-12-31'), (9, 'fournitures', 'autre', '2026-01-01'),
		(10, 'fournitures', 'etat', '2027-12-31'), (11, 'travaux', 'autre', '2026-06-01'), (12, 'travaux', 'autre', '2028-01-01'),
		(13, 'inconnu', 'autre', '2026-06-01'), (14, 'travaux', NULL, '2026-06-01'), (15, 'travaux', 'autre', NULL)) AS v (n, t, a, d)}),
	'- 5382000 5382000 5538000 140001 143000 215000 221000 216000 140000 5404000 - - - -', 'EU thresholds (the first of the State corrected above)');
is( query('regles', q{SELECT string_agg(coalesce(seuil_procedure_de(t, d::date)::text, '-'), ' ' ORDER BY n) FROM (VALUES
		(1, 'fournitures', '2019-12-31'), (2, 'fournitures', '2020-01-01'), (3, 'services', '2026-03-31'), (4, 'services', '2026-04-01'),
		(5, 'travaux', '2020-07-21'), (6, 'travaux', '2020-10-01'), (7, 'travaux', '2021-01-01'), (8, 'travaux', '2025-12-31'),
		(9, 'travaux', '2026-04-01'), (10, NULL, '2026-04-01')) AS v (n, t, d)}),
	'- 40000 40000 60000 40000 - 100000 100000 100000 -', 'procedure-free thresholds');
is(query('regles', q{SELECT string_agg(coalesce(categorie_acheteur(s, c), '-'), ' ' ORDER BY n) FROM (VALUES
		(1, '110046018', NULL), (2, '130025265', '7120'), (3, '180089013', '7383'), (4, '194409843', NULL), (5, '214401109', NULL),
		(6, '214401109', '7113'), (7, NULL, NULL), (8, '110046018', '')) AS v (n, s, c)}),
	'etat etat autre autre autre etat - etat', 'whose threshold');

# ---- What cannot be two things on one day

refused('regles', $_->[0], $_->[1], $_->[2], $_->[3]) for (
	[ q{INSERT INTO seuil_europeen VALUES ('travaux', 'etat', '2025-12-31', NULL, 1, 'x', 'vérifié')}, '23P01', 'seuil_europeen_periode', 'two EU thresholds on a day' ],
	[ q{INSERT INTO seuil_procedure VALUES ('services', '2030-01-01', NULL, 1, 'x', 'vérifié')}, '23P01', 'seuil_procedure_periode', 'two procedure-free thresholds' ],
	[ q{INSERT INTO agec VALUES ('c09', '391', '2030-01-01', NULL, 'x', 'x', 'vérifié')}, '23P01', 'agec_periode', 'two categories of a prefix' ],
	[ q{INSERT INTO agec VALUES ('c18', '391', '2020-01-01', '2020-12-31', 'x', 'x', 'vérifié')}, '23514', 'categorie', 'an eighteenth category' ],
	[ q{INSERT INTO agec_taux VALUES ('c02', 'ensemble', '2029-12-31', '2029-12-31', 0.5, 'x', 'vérifié')}, '23P01', 'agec_taux_periode', 'two rates' ],
	[ q{INSERT INTO segment VALUES ('jardin', '77')}, '23514', 'segment', 'a segment of another name' ],
	[ q{INSERT INTO segment VALUES ('autre', '7')}, '23514', 'cpv', 'a prefix of one digit' ],
	[ q{INSERT INTO origine_cpv VALUES ('15982200', '15982300')}, '23P01', 'origine_cpv_cle', 'ranges that touch' ],
	[ q{INSERT INTO cible (code, unite, valeur, source) VALUES ('S01', 'nombre', 1.01, 'x')}, '23514', 'cible_check|valeur', 'a target over 1' ],
	[ q{INSERT INTO cible (code, unite, valeur, source) VALUES ('S01', 'montant', -0.01, 'x')}, '23514', 'valeur|cible_check', 'a target under 0' ],
	[ q{INSERT INTO cible (code, unite, valeur, source) VALUES ('S08', 'heures', 'NaN', 'x')}, '23514', 'valeur|cible_check', 'a target that is no number' ],
	[ q{INSERT INTO cible (code, unite, sens, valeur, source) VALUES ('S01', 'nombre', '=', 0.3, 'x')}, '23514', 'sens', 'another sense' ],
	[ q{INSERT INTO cible (perimetre, siren, code, unite, valeur, source) VALUES ('pays', '214401109', 'S01', 'nombre', 0.3, 'x')}, '23514', 'cible_de_qui', 'a target of two' ],
	[ q{INSERT INTO cible (siren, code, unite, valeur, depuis, source) VALUES ('214401109', 'S03', 'nombre', 0.2, '2030-01-01', 'x')}, '23P01', 'cible_periode', 'two targets on a day' ],
	[ q{INSERT INTO cible (code, unite, valeur, depuis, jusque, source) VALUES ('S01', 'nombre', 0.3, '2025-01-02', '2025-01-01', 'x')}, '2(3514|2000)', '', 'a period that ends before it begins' ],
	[ q{INSERT INTO saisie SELECT code, siren, jusque, jusque + 30, unite, 1, 2, 'x', 'y' FROM saisie}, '23P01', 'saisie_periode', 'declared twice' ],
	[ q{INSERT INTO saisie VALUES ('E06', '214401109', '2030-01-01', '2030-12-31', 'vehicules', -1, 2, 'x', 'y')}, '23514', 'numerateur', 'less than nothing' ],
	[ q{INSERT INTO perimetre VALUES ('pays', '21440110900015', 'SIRET')}, '23514', 'siren', 'a SIRET for a SIREN' ],
	[ q{INSERT INTO perimetre VALUES ('pays', '214401109', 'encore')}, '23505', 'perimetre_pkey', 'a buyer twice' ],
	[ q{SELECT * FROM tableau_biennal('nulle part', 2024)}, '22023', 'unknown perimeter', 'an unknown perimeter' ],
	[ q{SELECT * FROM tableau_biennal('pays', NULL)}, '22023', 'out of range', 'no year' ],
	[ q{SELECT * FROM trajectoire('pays', 3000)}, '22023', 'out of range', 'a year out of range' ],
	[ q{SELECT * FROM assujettissement('nulle part', 2024)}, '22023', 'unknown perimeter', 'nobody to be subject' ]);
is( query('regles', q{BEGIN; INSERT INTO cible (siren, code, unite, valeur, depuis, jusque, source) SELECT '213502380', 'S01', 'nombre', 0.1 * a, make_date(2020 + a, 1, 1),
		make_date(2020 + a, 12, 31), 'x' FROM generate_series(1, 5) AS a;
		INSERT INTO cible (siren, code, unite, valeur, source) VALUES ('213502380', 'S01', 'montant', 0.2, 'x'), ('214401109', 'S01', 'nombre', 0.2, 'x');
		SELECT count(*) FROM cible; ROLLBACK}), '8', 'periods that follow, other units and other buyers are no clash');

# ---- Classes of CPV codes: the longest prefix, looked up the slow way

query('regles', q{CREATE TABLE code AS
	SELECT DISTINCT lpad(c::text, 8, '0') COLLATE "C" AS code FROM (
		SELECT generate_series(0, 99999999, 7919) AS c
		UNION ALL SELECT rpad(cpv, 8, x)::integer + d FROM (SELECT cpv FROM segment UNION SELECT cpv FROM agec) AS p,
			unnest('{0,9}'::text[]) AS x, generate_series(-1, 1) AS d
	) AS t WHERE c BETWEEN 0 AND 99999999;
	CREATE FUNCTION division(text) RETURNS boolean LANGUAGE SQL RETURN left($1, 2) = ANY
		('{03,09,14,15,16,18,19,22,24,30,31,32,33,34,35,37,38,39,41,42,43,44,45,48,50,51,55,60,63,64,65,66,70,71,72,73,75,76,77,79,80,85,90,92,98}')});
cmp_ok(query('regles', 'SELECT count(*) FROM code'), '>', 12000, 'codes of all divisions');
is( query('regles', q{SELECT count(*), count(DISTINCT segment_de(code)) FROM code WHERE segment_de(code) IS DISTINCT FROM
		CASE WHEN division(code) THEN coalesce((SELECT segment FROM segment WHERE code LIKE cpv || '%' ORDER BY length(cpv) DESC LIMIT 1), 'autre') END}),
	'0|0', 'segment_de: the longest prefix');
my $slow = q{CASE WHEN NOT division(code) THEN NULL WHEN EXISTS (SELECT FROM agec WHERE code LIKE cpv || '%' AND coalesce(depuis, '-infinity') <= jour AND coalesce(jusque, 'infinity') >= jour)
	THEN (SELECT categorie FROM agec WHERE code LIKE cpv || '%' AND coalesce(depuis, '-infinity') <= jour AND coalesce(jusque, 'infinity') >= jour ORDER BY length(cpv) DESC LIMIT 1)
	WHEN jour BETWEEN '2021-01-01' AND '2024-06-30' THEN NULL ELSE 'aucune' END};
is( query('regles', qq{SELECT count(*) FROM code, (SELECT unnest('{2020-12-31,2021-01-01,2024-06-30,2024-07-01,2031-01-01}'::date[]) AS jour) AS j
		WHERE agec_de(code, jour) IS DISTINCT FROM $slow}), '0', 'agec_de: the longest prefix of the table then in force');
is( query('regles', q{SELECT count(*) FROM code CROSS JOIN (SELECT date '2023-05-05' AS jour UNION ALL SELECT '2025-05-05') AS j
		JOIN decoupage_cpv AS s ON s.registre = 'segment' JOIN decoupage_cpv AS a ON a.registre = 'agec' AND jour BETWEEN a.depuis AND a.jusque
		WHERE (classe_cpv(code, s.bornes, s.classes), classe_cpv(code, a.bornes, a.classes)) IS DISTINCT FROM (segment_de(code), agec_de(code, jour))}),
	'0', 'joined: the same as one by one');
is( query('regles', q{SELECT string_agg(concat_ws('/', coalesce(segment_de(c), '-'), coalesce(agec_de(c, '2024-06-30'), '-'), coalesce(agec_de(c, '2024-07-01'), '-')), ' ' ORDER BY n) FROM (VALUES
		(1, '18937100'), (2, '30192113'), (3, '30192700'), (4, '30192000'), (5, '39130000'), (6, '45233140'), (7, '45233100'), (8, '34928480'),
		(9, '90911200'), (10, '55520000'), (11, '18143000'), (12, '4523314'), (13, '45233140-2'), (14, '4523314x'), (15, '01000000'), (16, NULL)) AS v (n, c)}),
	'textile/c02/aucune informatique/c06/c04 informatique/c03/c06 informatique/-/c06 mobilier/-/c09 autre/-/aucune energie/-/aucune '
	  . 'vehicules/-/c11 nettoyage/-/aucune restauration/-/aucune textile/c01/aucune -/-/- -/-/- -/-/- -/-/- -/-/-', 'known examples, and what is no code');
is( query('regles', q{BEGIN; UPDATE agec_generation SET complete = true WHERE depuis = '2021-01-01'; DELETE FROM segment WHERE cpv = '45';
		SELECT agec_de('39130000', '2022-02-02'), agec_de('30192000', '2022-02-02'), segment_de('45000000'), segment_de('45233000'); TRUNCATE segment;
		SELECT segment_de('45233000'); ROLLBACK}), "aucune|c04|autre|energie\nautre", 'the ranges follow the tables');
is( query('regles', q{SELECT count(*) FROM (SELECT lpad((b::integer + d)::text, 8, '0') AS c FROM origine_cpv, unnest(ARRAY[debut, fin]) AS b, generate_series(-1, 1) AS d) AS t
		WHERE EXISTS (SELECT FROM origine_cpv WHERE c BETWEEN debut AND fin) IS DISTINCT FROM
			(attribut(profil(type_contrat => 'marche', format_decp => 2, code_cpv => c), 'origine') <> 'non_concerne')}),
	'0', 'the codes whose origin is due are those that a profil knows');

# ---- The amount of a year, counted month by month

query('regles', q{CREATE TABLE duree AS SELECT date '2019-01-01' + (i * 37) % 2555 AS d, 1 + (i * 7) % 180 AS mois, (i * 7919 % 1000003)::numeric / 100 AS m FROM generate_series(1, 300) AS i;
	INSERT INTO duree VALUES ('2024-01-31', 1, 5), ('2023-12-31', 1, 5), ('2024-12-31', 2, 5), ('2024-02-29', 12, 7), ('2024-06-15', 180, 0)});
is( query('regles', q{SELECT count(*) FROM duree, generate_series(2017, 2042) AS a WHERE mois_dans_annee(d, mois, a) <>
		(SELECT count(*) FROM generate_series(0, mois - 1) AS k WHERE extract(year FROM date_trunc('month', d) + k * interval '1 month') = a)}),
	'0', 'months of a year: counted one by one');
is( query('regles', q{SELECT count(*) FROM duree WHERE abs((SELECT sum(montant_annualise(m, d, mois, a)) FROM generate_series(2017, 2042) AS a) - m) > 1e-9}),
	'0', 'all years make the amount');
is(query('regles', q{SELECT montant_annualise(1200, '2024-11-30', 12, 2024), montant_annualise(1200, '2024-11-30', 12, 2025), montant_annualise(1200, '2024-11-30', 12, 2026)})
		=~ s/\.0+(?=\||$)//gr, '200|1000|0', 'twelve months from November');
is( query('regles', q{SELECT count(montant_annualise(m, d, k, a)) FROM (VALUES (NULL::numeric, date '2024-01-01', 12, 2024), (1, NULL, 12, 2024), (1, '2024-01-01', NULL, 2024),
		(1, '2024-01-01', 12, NULL), (1, '2024-01-01', 0, 2024), (1, '2024-01-01', -5, 2024), (1, 'infinity', 12, 2024)) AS v (m, d, k, a)}), '0', 'NULL without the means to tell');
is(query('regles', q{SELECT mois_dans_annee('2024-01-01', 2147483647, 2024), mois_dans_annee('2024-01-01', 12, 2147483647)}), '12|0', 'beyond any year');

# ---- What a status means at its limits

my @cases = (
	# of 8 contracts 4 are yes, 2 unknown: the rate is between 4/8 and 6/8
	[ 4, 2, 2, 0.5, '>=', 'atteint' ], [ 4, 2, 2, '0.500000001', '>=', 'indetermine' ], [ 4, 2, 2, 0.75, '>=', 'indetermine' ],
	[ 4, 2, 2, '0.750000001', '>=', 'non_atteint' ], [ 4, 2, 2, 0, '>=', 'atteint' ], [ 4, 2, 2, 1, '>=', 'non_atteint' ],
	[ 4, 2, 2, 0.75, '<=', 'atteint' ], [ 4, 2, 2, '0.749999999', '<=', 'indetermine' ], [ 4, 2, 2, 0.5, '<=', 'indetermine' ],
	[ 4, 2, 2, '0.499999999', '<=', 'non_atteint' ],
	# without unknown ones there is no doubt, and no rounding
	[ 1, 2, 0, 1, '>=', 'non_atteint' ], [ 3, 0, 0, 1, '>=', 'atteint' ],
	[ 1, 2, 0, '0.333333333333333333333333333333', '>=', 'atteint' ], [ 1, 2, 0, '0.333333333333333333333333333334', '>=', 'non_atteint' ],
	[ 1, 2, 0, '0.333333333333333333333333333333', '<=', 'non_atteint' ], [ 1, 2, 0, '0.333333333333333333333333333334', '<=', 'atteint' ],
	# nothing to measure, all unknown, no target
	[ 0, 0, 0, 0.3, '>=', 'indetermine' ], [ 0, 0, 5, 0.3, '>=', 'indetermine' ], [ 0, 0, 5, 0, '>=', 'atteint' ], [ 4, 2, 2, 'NULL', '>=', '' ],
	[ 4, 2, 'NULL', 0.1, '>=', 'indetermine' ]);
is( query('regles', 'SELECT ' . join(', ', map { "statut_cible($_->[0], $_->[0] + $_->[1], $_->[2], $_->[3], '$_->[4]')" } @cases)),
	join('|', map { $_->[5] } @cases), 'statuses at their limits: reached or missed whatever the unknown ones are');

# ---- The table: each buyer apart, each year and both, against plain SQL

my $plain = q{
	WITH fait AS (
		SELECT acheteur_siren, extract(year FROM date_notification)::integer AS annee, montant,
			CASE WHEN cardinality(considerations_sociales) > 1 AND 'Pas de considération sociale' = ANY (considerations_sociales) THEN NULL
				WHEN considerations_sociales && '{Clause sociale,Critère social,Marché réservé}' THEN true
				WHEN considerations_sociales = '{Pas de considération sociale}' THEN false END AS s01,
			'Marché réservé' = ANY (considerations_sociales) AS reserve,
			CASE WHEN considerations_environnementales && '{Clause environnementale,Critère environnemental}' THEN true
				WHEN considerations_environnementales = '{Pas de considération environnementale}' THEN false END AS e01,
			considerations_environnementales @> '{Clause environnementale,Critère environnemental}' AS deux
		FROM contrat WHERE acheteur_siren IN ('214401109', '213502380')
	), oui AS (
		SELECT acheteur_siren, annee, montant, code, o FROM fait,
			LATERAL (VALUES ('S01', s01), ('S03', CASE WHEN s01 IS NOT NULL THEN reserve END), ('E01', e01), ('E03', CASE WHEN e01 IS NOT NULL THEN deux END)) AS v (code, o)
	), attendu AS (
		SELECT s AS siren, c AS code, p.periode, u.unite,
			coalesce(sum(CASE u.unite WHEN 'nombre' THEN 1 ELSE montant END) FILTER (WHERE o), 0) AS numerateur,
			coalesce(sum(CASE u.unite WHEN 'nombre' THEN 1 ELSE montant END) FILTER (WHERE o IS NOT NULL), 0) AS denominateur,
			coalesce(sum(CASE u.unite WHEN 'nombre' THEN 1 ELSE montant END) FILTER (WHERE o IS NULL AND montant IS NOT NULL), 0) AS inconnu
		FROM unnest('{214401109,213502380}'::text[]) AS s, unnest('{S01,S03,E01,E03}'::text[]) AS c,
			(VALUES ('2024', 2024, 2024), ('2025', 2025, 2025), ('2024-2025', 2024, 2025)) AS p (periode, a, b), (VALUES ('nombre'), ('montant')) AS u (unite)
		LEFT JOIN oui ON true
		WHERE acheteur_siren = s AND code = c AND annee BETWEEN a AND b
		GROUP BY 1, 2, 3, 4)
};
is( query('regles', qq{$plain SELECT count(*), count(*) FILTER (WHERE t.siren IS NOT NULL AND (a.numerateur, a.denominateur, a.inconnu) = (t.numerateur, t.denominateur, t.inconnu)
			AND t.taux IS NOT DISTINCT FROM a.numerateur / nullif(a.denominateur, 0)
			AND (t.minimum, t.maximum) = (a.numerateur / (a.denominateur + a.inconnu), (a.numerateur + a.inconnu) / (a.denominateur + a.inconnu)))
		FROM attendu AS a LEFT JOIN tableau_biennal('pays', 2024) AS t USING (siren, code, periode, unite)}),
	'48|48', 'tableau_biennal: four indicators, two buyers, three periods, two units');
is( query('regles', q{SELECT string_agg(DISTINCT concat_ws(' ', siren, acheteur), ', ') FROM tableau_biennal('pays', 2024)}),
	'213502380 Ville B, 214401109 Ville A', 'each buyer apart, nobody else');
is( query('regles', q{SELECT string_agg(DISTINCT code, ' ') FROM tableau_biennal('pays', 2024)}), 'C03 E01 E03 S01 S03 S04 S06', 'every category that the law names');
# PNAD: 30 % social and 100 % environmental in 2025 only, in number only; climate law: the end of 2026
is( query('regles', q{SELECT string_agg(concat_ws(' ', left(siren, 3), code, periode, left(unite, 1), round(cible, 2), round(ecart, 1), statut), ', ' ORDER BY siren DESC, code DESC, periode)
		FROM tableau_biennal('pays', 2024) WHERE cible IS NOT NULL AND code <> 'S03'}),
	join(', ', '214 S01 2024-2025 n 0.30 32.5 indetermine', '214 S01 2025 n 0.30 45.0 atteint',
		'214 E01 2024-2025 n 1.00 -50.0 indetermine', '214 E01 2025 n 1.00 -50.0 non_atteint',
		'213 S01 2024-2025 n 0.30 20.0 indetermine', '213 S01 2025 n 0.30 indetermine',
		'213 E01 2024-2025 n 1.00 -33.3 indetermine', '213 E01 2025 n 1.00 0.0 atteint'),
	'national targets: of the year they are for; of two years, one of which has none, undecided');
is( query('regles', q{SELECT string_agg(concat_ws(' ', left(siren, 3), periode, cible, statut), ', ' ORDER BY siren DESC, periode) FROM tableau_biennal('pays', 2024) WHERE code = 'S03' AND unite = 'nombre'}),
	'214 2024 0.1 non_atteint, 214 2024-2025 0.1 non_atteint, 214 2025 0.1 non_atteint, 213 2024, 213 2024-2025, 213 2025', 'the target of one buyer is not that of the other');
is( query('regles', q{SELECT string_agg(concat_ws(' ', left(siren, 3), periode, cible, statut), ', ' ORDER BY siren DESC, periode) FROM tableau_biennal('pays', 2026)
		WHERE code = 'E03' AND unite = 'nombre' AND siren = '214401109'}),
	'214 2026 1.00 indetermine, 214 2026-2027 1.00 indetermine, 214 2027 1.00 indetermine', 'the climate law: from 21 August 2026 on');
# The nearest target wins
for my $step (
	[ q{(NULL, NULL, 'S01', 'nombre', 0.9)}, '0.9 non_atteint 0.9 indetermine' ],
	[ q{('pays', NULL, 'S01', 'nombre', 0.8)}, '0.8 non_atteint 0.8 indetermine' ],
	[ q{('ailleurs', NULL, 'S01', 'nombre', 0.1)}, '0.8 non_atteint 0.8 indetermine' ],
	[ q{(NULL, '214401109', 'S01', 'nombre', 0.75)}, '0.75 atteint 0.8 indetermine' ])
{
	query('regles', "INSERT INTO cible (perimetre, siren, code, unite, valeur, source) SELECT *, 'délibération' FROM (VALUES $step->[0]) AS v");
	is( query('regles', q{SELECT string_agg(cible || ' ' || statut, ' ' ORDER BY siren DESC) FROM tableau_biennal('pays', 2024) WHERE code = 'S01' AND unite = 'nombre' AND periode = '2025'}),
		$step->[1], "target of $step->[0]");
}
query('regles', q{DELETE FROM cible});

# ---- Declared figures

query('regles', q{INSERT INTO saisie (code, siren, depuis, jusque, unite, numerateur, denominateur, source, auteur) VALUES
	('C03.c02_ensemble', '214401109', '2025-01-01', '2025-12-31', 'montant', 20, 100, 'déclaration AGEC', 'achats'),
	('C03.c02_reemploi', '214401109', '2025-01-01', '2025-06-30', 'montant', 5, 50, 'déclaration AGEC', 'achats'),
	('C03.c02_ensemble', '213502380', '2024-01-01', '2024-12-31', 'montant', 19.99, 100, 'déclaration AGEC', 'achats'),
	('C03.c02_ensemble', '213502380', '2025-01-01', '2025-12-31', 'montant', 19.99, 100, 'déclaration AGEC', 'achats'),
	('S08', '213502380', '2025-01-01', '2025-12-31', 'heures', 600, NULL, 'facilitateur', 'insertion');
	INSERT INTO rubrique_biennale VALUES ('S08', 8, 'Insertion', 'choix');
	INSERT INTO cible (siren, code, unite, valeur, source) VALUES ('213502380', 'S08', 'heures', 600, 'délibération')});
is( query('regles', q{SELECT string_agg(concat_ws(' ', left(siren, 3), code, periode, numerateur, denominateur, round(taux, 4), minimum IS NULL, cible, statut), ', ' ORDER BY siren DESC, code, periode)
		FROM tableau_biennal('pays', 2024) WHERE code ~ 'C03|S08' AND numerateur IS NOT NULL}),
	# the year's step is 20 %: from July 2024 on, so not of all of 2024
	join(', ', '214 C03.c02_ensemble 2024-2025 20 100 0.2000 t 0.20 indetermine', '214 C03.c02_ensemble 2025 20 100 0.2000 f 0.20 atteint',
		'214 C03.c02_reemploi 2024-2025 5 50 0.1000 t', '214 C03.c02_reemploi 2025 5 50 0.1000 t',
		'213 C03.c02_ensemble 2024 19.99 100 0.1999 f 0.20 indetermine', '213 C03.c02_ensemble 2024-2025 39.98 200 0.1999 f 0.20 indetermine',
		'213 C03.c02_ensemble 2025 19.99 100 0.1999 f 0.20 non_atteint',
		'213 S08 2024-2025 600 t 600 indetermine', '213 S08 2025 600 t 600 atteint'),
	'declared: against the steps of the AGEC law; a part of the period leaves it open; a quantity has a target too');
is( query('regles', q{SELECT count(*), count(numerateur), string_agg(DISTINCT statut, ',') FROM tableau_biennal('pays', 2022) WHERE code LIKE 'C03%'}),
	'6|0|indetermine', 'nothing declared: no number, undecided');
query('regles', q{DELETE FROM cible});

# ---- Where it goes: against the server's regression, in floating point

is( query('regles', q{
		WITH point AS (SELECT extract(year FROM date_notification)::integer AS x, avg(('Clause sociale' = ANY (considerations_sociales))::integer) AS y
			FROM contrat WHERE acheteur_siren = '214401109' GROUP BY 1)
		SELECT t.annees, t.premiere, t.derniere, abs(t.pente - 100 * r.a) < 1e-9, abs(t.estime - (r.a * 2025 + r.b)) < 1e-9, round(t.pente, 2), t.taux = 0.75, annee_atteinte, cible
		FROM (SELECT regr_slope(y::float8, x) AS a, regr_intercept(y::float8, x) AS b FROM point) AS r, trajectoire('pays', 2025) AS t
		WHERE t.siren = '214401109' AND t.code = 'S01' AND t.unite = 'nombre'}),
	'4|2022|2025|t|t|15.00|t|2025|0.30', 'slope of 1/4, 2/4, 2/4, 3/4: 15 points a year; the target of 2025 is met');
# y = 0.725 + 0.15 (x - 2025): 0.85 in 2025.8, 0.875 in 2026 exactly, 1 in 2026.8; never 0.7 at the most
for my $step ([ '>=', 0.725, 2025 ], [ '>=', 0.7251, 2026 ], [ '>=', 0.875, 2026 ], [ '>=', 0.8751, 2027 ], [ '>=', 1, 2027 ], [ '<=', 0.7, '' ], [ '<=', 0.73, 2025 ])
{
	is( query('regles', qq{BEGIN; INSERT INTO cible (siren, code, unite, sens, valeur, source) VALUES ('214401109', 'S01', 'nombre', '$step->[0]', $step->[1], 'x');
			SELECT annee_atteinte FROM trajectoire('pays', 2025) WHERE siren = '214401109' AND code = 'S01' AND unite = 'nombre'; ROLLBACK}),
		$step->[2], "the year when $step->[0] $step->[1]");
}
is( query('regles', q{SELECT annees, pente IS NULL, annee_atteinte IS NULL FROM trajectoire('pays', 2022) WHERE siren = '214401109' AND code = 'S01' AND unite = 'nombre'}),
	'1|t|t', 'one year has no slope');
is( query('regles', q{SELECT cible, source LIKE '%2021-1104%' FROM trajectoire('pays', 2025) WHERE siren = '214401109' AND code = 'E03' AND unite = 'nombre'}),
	'1.00|t', 'before a target is in force: the next one');

# ---- Who has to have a scheme

sub subject
{
	my ($year) = @_;
	return query('regles', "SELECT string_agg(concat_ws(' ', round(declare, 2), statut), ', ' ORDER BY siren DESC) FROM assujettissement('pays', $year)");
}
is(subject(2025), 'indetermine, indetermine', 'nothing declared, small contracts: undecided');
is( query('regles', q{
		WITH mois AS (SELECT acheteur_siren, montant / duree_mois AS m, generate_series(date_trunc('month', date_notification), date_trunc('month', date_notification)
				+ (duree_mois - 1) * interval '1 month', '1 month') AS quand FROM contrat)
		SELECT count(*), bool_and(abs(a.annualise - m.total) < 1e-6 AND a.accords_cadres = 0 AND m.total > 0)
		FROM assujettissement('pays', 2025) AS a JOIN (SELECT acheteur_siren, sum(m) AS total FROM mois WHERE extract(year FROM quand) = 2025 GROUP BY 1) AS m ON m.acheteur_siren = a.siren}),
	'2|t', 'what the contracts make in the year: month by month');
query('regles', q{INSERT INTO saisie (code, siren, depuis, jusque, unite, numerateur, source, auteur) VALUES
	('P04', '214401109', '2025-01-01', '2025-12-31', 'montant', 50000000, 'compte administratif', 'finances'),
	('P04', '213502380', '2025-01-01', '2025-06-30', 'montant', 49999999.99, 'compte administratif', 'finances'),
	('P04', '214401109', '2022-01-01', '2022-12-31', 'montant', 60000000, 'compte administratif', 'finances')});
is(subject(2025), '50000000.00 non, 49999999.99 indetermine', '50 million is not above 50 million; half a year decides nothing below');
is(subject(2022), '60000000.00 non, indetermine', '100 million until 2022');
query('regles', q{UPDATE saisie SET numerateur = numerateur + 0.02 WHERE code = 'P04'});
is(subject(2025), '50000000.02 oui, 50000000.01 oui', 'a centime above; half a year is enough above');
query('regles', q{DELETE FROM saisie WHERE code = 'P04'});
@contracts = ();
contract('A', 2025, $no, $eno, montant => 90000000, dureeMois => 24, techniques => '{"technique":["Accord-cadre"]}', dateNotification => '"2025-01-31"', objet => '"Cadre"');
contract('B', 2025, $no, $eno, montant => 121000000, dureeMois => 24, dateNotification => '"2025-02-01"', objet => '"Pont"');
my $big = "$dir/grands.json";
PostgreSQL::Test::Utils::append_to_file($big, '{"marches":{"marche":[' . join(',', @contracts) . ']}}');
load_ok($node, 'regles', $big);
query('regles', 'SELECT * FROM rafraichir_synthese()');
# 45 million a year of a framework, whose amount is a maximum; 11/24 of 121 million are 55.46
is( query('regles', q{SELECT string_agg(concat_ws(' ', round(accords_cadres), annualise - accords_cadres > 50e6, statut), ', ' ORDER BY siren DESC) FROM assujettissement('pays', 2025)}),
	'45000000 f indetermine, 0 t oui', 'a framework proves nothing, a contract does');

# ---- The toy set: rates that were counted by hand

new_database($node, 'jouet');
load_ok($node, 'jouet', "$top/test/data/jouet.json");
script('jouet', $_) for qw(synthese.sql referentiels_regles.sql tableau_biennal.sql);
query('jouet', q{INSERT INTO perimetre SELECT DISTINCT 'jouet', acheteur_siren FROM contrat});
is( query('jouet', q{SELECT string_agg(concat_ws(' ', code, left(unite, 1), numerateur::float8, denominateur::float8, inconnu::float8, statut), ', ' ORDER BY code, unite DESC)
		FROM tableau_biennal('jouet', 2025) WHERE periode = '2025' AND code ~ '^(S01|S03|E0)'}),
	join(', ', 'E01 n 5 7 1 non_atteint', 'E01 m 1360000 1810000 80000', 'E03 n 1 7 1', 'E03 m 100000 1810000 80000', 'S01 n 4 6 2 atteint',
		'S01 m 1150000 1750000 140000', 'S03 n 1 6 2', 'S03 m 50000 1750000 140000'), 'eight contracts, counted by hand');

# ---- A schema of any name; everything says what it is; who may look

$node->safe_psql('postgres', 'CREATE DATABASE bizarre');
my $odd = q{Mon "schéma" d'ici};
script('bizarre', $_, $odd) for qw(tables.sql synthese.sql referentiels_regles.sql tableau_biennal.sql referentiels_regles.sql);
is( $node->safe_psql('bizarre', q{SET search_path = nulle_part; INSERT INTO "Mon ""schéma"" d'ici".perimetre VALUES ('p', '123456789'); INSERT INTO "Mon ""schéma"" d'ici".segment VALUES ('autre', '452');
		SELECT count(*), (SELECT count(*) FROM "Mon ""schéma"" d'ici".trajectoire('p', 2024)), (SELECT statut FROM "Mon ""schéma"" d'ici".assujettissement('p', 2024)),
			"Mon ""schéma"" d'ici".segment_de('45200000') FROM "Mon ""schéma"" d'ici".tableau_biennal('p', 2024)}) =~ s/^\d+/n/r,
	'n|0|indetermine|autre', 'a schema of any name, whatever the search path');
is( $node->safe_psql('jouet', q{
		SELECT string_agg(quoi, ', ') FROM (
			SELECT c.relname || coalesce('.' || attname, '') AS quoi
			FROM pg_class AS c LEFT JOIN LATERAL (SELECT attname, attnum FROM pg_attribute WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped UNION ALL SELECT NULL::name, NULL::smallint) AS a ON true
			WHERE relnamespace = 'decp'::regnamespace AND relname ~ '^(seuil|agec|segment|origine_cpv|perimetre|cible|saisie|decoupage|rubrique)' AND relkind IN ('r', 'v')
				AND coalesce(CASE WHEN attnum IS NULL THEN obj_description(c.oid, 'pg_class') ELSE col_description(c.oid, attnum) END, '') = ''
			UNION ALL
			SELECT proname FROM pg_proc WHERE pronamespace = 'decp'::regnamespace AND obj_description(oid, 'pg_proc') IS NULL
			UNION ALL
			SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND obj_description(oid, 'pg_trigger') IS NULL) AS t}),
	'', 'everything has a comment');
$node->safe_psql('jouet', 'CREATE ROLE lecteur; GRANT USAGE ON SCHEMA decp, spaser TO lecteur; GRANT SELECT ON decp.contrat TO lecteur');
script('jouet', $_) for qw(synthese.sql referentiels_regles.sql tableau_biennal.sql);
is( query('jouet', q{SET ROLE lecteur; SELECT count(*) > 10, (SELECT count(*) FROM assujettissement('jouet', 2025)), segment_de('45000000') FROM tableau_biennal('jouet', 2025)}),
	't|1|batiment', 'who may read the contracts may read this');

$node->stop;
done_testing();
