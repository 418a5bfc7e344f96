# What registers say of contracts and of their holders, on real files and with the
# real registers, against Python programs that read both themselves
# (test/oracle/titulaires.py, periodes.py): every buyer of ten marchés or more, and
# all of them together, to the unit and to the centime.
#
# Three sets: the real registers alone; the same completed by registers made of the
# digits of each identifier, for what nobody publishes or the folder has not (staff
# bands, mission companies, points, EPCI, ESUS), the lists of approved structures
# being declared complete; and contracts moved three years on, into the time of the
# rules of 2026.
use strict;
use warnings;
use Cwd qw(abs_path);
use FindBin;
use lib "$FindBin::Bin/lib";
use SpaserTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $data = real_data();
plan skip_all => 'no folder of real data (set SPASER_DATA)' unless $data && -d "$data/ref";

my $node = start_node('titulaires');
my $dir = abs_path(PostgreSQL::Test::Utils::tempdir());
my $ref = "$data/ref";
my @files = sort map { glob "$data/$_/*.json" } qw(2019-json-consolidated 2022-dematis 2022-megalis);
cmp_ok(scalar @files, '>', 15, scalar(@files) . ' real files');

sub ask
{
	my ($db, $sql) = @_;
	return $node->safe_psql($db, "SET search_path = public, decp, spaser; $sql");
}

sub script
{
	my ($db, $name) = @_;
	$node->command_ok([ SpaserTest::psql_args($node, $db, '-v', 'schema=decp', '-f', "$top/sql/decp/$name") ], "$db: $name");
	return;
}

sub register_ok
{
	my ($db, $register, $file, @vars) = @_;
	my ($status, undef, $err) = load_file($node, $db, $file, 'script=charger_referentiel.sql', "registre=$register", @vars);
	is($status, 0, "$db: register $register loads") or diag($err);
	return;
}

# A program of test/oracle begins, while the server has its own work to do
sub begin
{
	my ($program, @args) = @_;
	my ($in, $out) = ('', '');
	return { name => $program, out => \$out, run => IPC::Run::start([ 'python3', "$top/test/oracle/$program", @args ], \$in, '>', \$out) };
}

# What it wrote
sub end
{
	my ($program) = @_;
	ok($program->{run}->finish, "$program->{name} ran");
	return ${ $program->{out} };
}

sub given { return map { ('--registre', "$_->[0]=$_->[1]") } @_; }

# ---- The real registers: the same files for both sides

my %sirene = (unites => "$ref/sirene/decp-augmente_categorieEntreprise_2022-10.csv", ess => "$ref/ess/ess_flag_insee_numerique.csv",
	etablissements => "$ref/sirene/decp-augmente_etablissements_2022-10.csv");
my %cog = (communes => "$ref/cog/decp-processing_cog.csv", anciennes => "$ref/cog/old_new_code_insee_2026.csv",
	regions => "$ref/cog/insee_v_region_2023.csv", departements => "$ref/cog/insee_v_departement_2023.csv");
my ($inclusion, $esat) = ("$ref/ess/siae_le-marche_2020-12.csv", "$ref/ess/esat_liste_officielle.csv");
my @given = given([ unites => $sirene{unites} ], [ unites => $sirene{ess} ], [ etablissements => $sirene{etablissements} ],
	(map { [ $_, $cog{$_} ] } sort keys %cog), [ outremer => "$ref/cog/insee_v_comer_2023.csv" ], [ inclusion => $inclusion ], [ esat => $esat ]);

new_database($node, 'regles');
script('regles', 'referentiels_regles.sql');
$node->safe_psql('postgres', "CREATE DATABASE $_ TEMPLATE regles") for qw(reel apres);
# Rules of law are data, of which the rows are the product's own
for my $table (qw(agec agec_generation seuil_europeen seuil_procedure))
{
	append_to_file("$dir/$table.csv", ask('reel', "COPY $table TO STDOUT (FORMAT csv, HEADER)") . "\n");
	push @given, given([ $table => "$dir/$table.csv" ]);
}
my $complement = "$dir/complement";
mkdir $complement or die "$complement: $!";
my @minimum = ('--minimum', 10);
my $counted = begin('titulaires.py', @minimum, '--complement', $complement, @given, @files);

load_ok($node, 'reel', $_) for @files;
register_ok('reel', 'sirene_unites', $sirene{unites});
register_ok('reel', 'sirene_unites', $sirene{ess}, 'ajouter=1');
register_ok('reel', 'sirene_etablissements', $sirene{etablissements});
register_ok('reel', "cog_$_", $cog{$_}) for qw(regions departements communes anciennes);
register_ok('reel', $_, $inclusion) for qw(siae ea);
register_ok('reel', 'esat', $esat);
script('reel', $_) for qw(synthese.sql qualite.sql);

# ---- Comparison

my $fractions = q{
	-- Equal, or as near as 16 digits are; within pres when that is not 0
	CREATE FUNCTION public.vaut(x numeric, fraction text, pres numeric) RETURNS boolean IMMUTABLE LANGUAGE SQL AS
	$$ SELECT CASE WHEN pres > 0 THEN abs(x * d - n) <= pres * d WHEN n = 0 OR n / d * d = n THEN x * d = n ELSE abs(x * d - n) <= 1e-12 * abs(n) END
		FROM (SELECT split_part(fraction, '/', 1)::numeric AS n, coalesce(nullif(split_part(fraction, '/', 2), ''), '1')::numeric AS d) AS f $$;
	CREATE TABLE public.python (acheteur text, code text, unite text, numerateur text, denominateur text, inconnu text);
	CREATE TABLE public.mesure_spaser (acheteur text, code text, unite text, numerateur numeric, denominateur numeric, inconnu numeric)};

# All parts and distributions that look at a contract or at a holder; T13 here of
# marchés alone
my $measured = q{
	INSERT INTO mesure_spaser
	WITH c AS MATERIALIZED (
		SELECT CASE niveau WHEN 'annee' THEN '*' ELSE code END AS acheteur, fusion(bilan) AS bilan, fusion(attribution) AS attribution,
			fusion(distance) AS distance, fusion(sous_traitance_pme) AS pme, fusion(sous_traitance_departement) AS departement
		FROM synthese WHERE niveau IN ('annee', 'acheteur_annee') AND (niveau = 'annee' OR code IN (SELECT acheteur FROM python))
		GROUP BY 1
	)
	SELECT acheteur, i.code, i.unite, i.numerateur, i.denominateur, i.inconnu FROM c, indicateurs(bilan, catalogue('contrat')) AS i
	UNION ALL SELECT acheteur, i.code, i.unite, i.numerateur, i.denominateur, i.inconnu FROM c, indicateurs(attribution, catalogue('attribution')) AS i
	UNION ALL SELECT acheteur, 'L05.' || q.nom, u, quantile(distance, q.q, u), effectif(distance, u), inconnu(distance, u)
	FROM c, unnest(ARRAY['nombre', 'montant']) AS u, (VALUES ('quartile_1', 0.25), ('mediane', 0.5), ('quartile_3', 0.75), ('decile_9', 0.9)) AS q (nom, q)
	UNION ALL SELECT acheteur, 'X07.' || r.nom, 'montant', (mesurer(r.r)).numerateur, (mesurer(r.r)).denominateur, (mesurer(r.r)).inconnu
	FROM c, LATERAL (VALUES ('pme', pme), ('departement', departement)) AS r (nom, r)};
my $identified = q{
	; INSERT INTO mesure_spaser SELECT '*', 'T13', 'nombre', sum(titulaires_valides), sum(titulaires_nombre), 0 FROM fait_qualite WHERE marche};

my %compared;

sub compare
{
	my ($db, $sql, $lines) = @_;
	$lines =~ s/^acheteur,.*\n//;
	ask($db, 'TRUNCATE python, mesure_spaser');
	$node->safe_psql($db, "COPY public.python FROM STDIN (FORMAT csv);\n$lines\\.\n");
	ask($db, $sql);
	my @families = split /\n/, ask($db, 'SELECT DISTINCT left(code, 3) FROM python ORDER BY 1');
	# Distances are kept to the metre; amounts of a year are given to the centime
	ask($db, q{
		CREATE OR REPLACE VIEW public.ecart AS
		SELECT p.*, m.numerateur AS n, m.denominateur AS d, m.inconnu AS i FROM python AS p LEFT JOIN mesure_spaser AS m USING (acheteur, code, unite),
			LATERAL (SELECT CASE WHEN code LIKE 'L05.%' THEN 0.0005 WHEN code LIKE 'C01.annualise.%' THEN 0.005 ELSE 0 END AS pres) AS t
		WHERE (vaut(coalesce(m.numerateur, 0), p.numerateur, pres) AND vaut(coalesce(m.denominateur, 0), p.denominateur, pres)
			AND vaut(coalesce(m.inconnu, 0), p.inconnu, pres)) IS NOT TRUE});
	my %wrong = map { ($_ => '') } @families;
	$wrong{ substr((split /\|/)[1], 0, 3) } .= "$_\n" for split /\n/, ask($db, 'SELECT * FROM ecart ORDER BY acheteur, code, unite');
	is(join("\n", grep { defined } (split /\n/, $wrong{$_})[ 0 .. 11 ]), '', "$db: $_ as counted in Python") for @families;
	$compared{$db} += ask($db, 'SELECT count(*) FROM python JOIN mesure_spaser USING (acheteur, code, unite)');
	return;
}

ask('reel', $fractions);

# ---- The real registers alone: lists are not complete, few buyers are in SIRENE's file

my $figures = end($counted);
$counted = begin('titulaires.py', @minimum, @given,
	given(map { [ $_, "$complement/$_.csv" ] } qw(unites etablissements communes esus listes)), @files);
$node->safe_psql('postgres', 'CREATE DATABASE complet TEMPLATE reel');
compare('reel', $measured . $identified, $figures);
cmp_ok($compared{reel}, '>', 10000, "reel: $compared{reel} rows compared");
is(ask('reel', q{SELECT count(*) > 0 AND count(*) FILTER (WHERE taux IS NOT NULL OR maximum <> 1) = 0
	FROM indicateurs((SELECT fusion(attribution) FROM synthese WHERE niveau = 'annee'), catalogue('attribution')) WHERE code ~ '^S0[46]'}), 't',
	'reel: of lists that are not complete there is no rate, only a minimum');

# ---- Completed

register_ok('complet', 'sirene_unites', "$complement/unites.csv", 'ajouter=1');
register_ok('complet', 'sirene_etablissements', "$complement/etablissements.csv", 'ajouter=1');
register_ok('complet', 'cog_communes', "$complement/communes.csv", 'ajouter=1');
for my $line (grep { !/^liste/ } slurp_lines("$complement/listes.csv"))
{
	my ($list, $since, $until) = split /,/, $line;
	register_ok('complet', $list, $list eq 'esus' ? "$complement/esus.csv" : $list eq 'esat' ? $esat : $inclusion,
		"complete_depuis=$since", $until ? "complete_jusque=$until" : ());
}
ask('complet', 'SELECT * FROM reconstruire_synthese()');
compare('complet', $measured . $identified, end($counted));
cmp_ok($compared{complet}, '>', 10000, "complet: $compared{complet} rows compared");

# ---- Three years later

my @later;
for my $file (grep { m{/2022-dematis/} } @files)
{
	my $text = slurp_file($file);
	$text =~ s/"(20[012][0-9])-([01][0-9]-[0-3][0-9])/sprintf '"%d-%s', $1 + 3, $2 eq '02-29' ? '02-28' : $2/ge;
	my ($name) = $file =~ m{([^/]+)$};
	append_to_file("$dir/$name", $text);
	push @later, "$dir/$name";
}
load_ok($node, 'apres', $_) for @later;
register_ok('apres', 'sirene_unites', $sirene{unites});
script('apres', 'synthese.sql');
ask('apres', $fractions);
my @units = given([ unites => $sirene{unites} ], map { [ $_ => "$dir/$_.csv" ] } qw(agec agec_generation seuil_europeen seuil_procedure));
compare('apres', $measured, join '', grep { /^[^,]*,(S07|K06|C0|L01)/ } map { "$_\n" } split /\n/, end(begin('titulaires.py', @units, @later)));
cmp_ok(ask('apres', q{SELECT min(denominateur) FROM mesure_spaser WHERE (acheteur, code, unite) = ('*', 'S07', 'nombre')}), '>', 10, 'apres: some contracts are above the EU thresholds');

# New holders, and amounts of AGEC, of one year: every buyer, and all
my %period = map { ($_ => begin('periodes.py', "$_-01-01", ($_ + 1) . '-01-01', @units, @later)) } 2025, 2027;
for my $year (sort keys %period)
{
	my $period = "'$year-01-01', '@{[ $year + 1 ]}-01-01'";
	compare('apres', qq{
		INSERT INTO mesure_spaser
		SELECT coalesce(cle, '*'), code, unite, numerateur, denominateur, inconnu
		FROM (VALUES ('acheteur'), ('ensemble')) AS n (niveau),
			LATERAL (SELECT * FROM nouveaux_titulaires(niveau, NULL, $period) UNION ALL SELECT * FROM assiette_agec(niveau, NULL, $period)) AS f
		WHERE niveau = 'ensemble' OR cle IS NOT NULL},
		join '', grep { !/,0,[0-9\/]+,[0-9\/]+\n$/ || /,K16,/ } map { "$_\n" } split /\n/, end($period{$year}));
	is(ask('apres', q{SELECT count(*) FROM mesure_spaser AS m WHERE code = 'K16' AND NOT EXISTS (SELECT FROM python AS p WHERE (p.acheteur, p.code, p.unite) = (m.acheteur, m.code, m.unite))}),
		0, "apres: $year, nobody has new holders without enough of a past");
}
cmp_ok($compared{apres}, '>', 1000, "apres: $compared{apres} rows compared");

$node->stop;
done_testing();
