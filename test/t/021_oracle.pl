# Every indicator of the catalogue that a contract decides, on the toy fixture and
# on real files, against a Python program that shares no line with the extension:
# numerator, denominator and unknown to the unit and the centime, values to nine
# decimals; all together, one year, one buyer.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use SpaserTest;
use PostgreSQL::Test::Utils;
use Test::More;

# Rows of the program that have another code in the catalogue
my %code = (
	# vehicles as a segment, whose table holds the division; E06 by the program: 34100000 to 34144910
	'E06' => undef, 'E06.division' => 'E06',
	'E05.travaux' => 'E05.batiment', 'O01' => 'O01.moyenne', 'O02' => 'O02.moyenne',
	'K05.adaptee' => 'K05.procedure_adaptee', 'K05.ouvert' => 'K05.appel_offres_ouvert',
	'K05.restreint' => 'K05.appel_offres_restreint', 'K05.negociation' => 'K05.procedure_avec_negociation',
	'K05.dialogue' => 'K05.dialogue_competitif',
	'K07.acquisition_dynamique' => 'K07.systeme_acquisition_dynamique', 'K07.qualification' => 'K07.systeme_qualification',
	'K07.catalogue' => 'K07.catalogue_electronique', 'K07.enchere' => 'K07.enchere_electronique',
	'K10.plus_de_48' => 'K10.plus_48', 'K12' => 'K12.moyenne', 'K13' => 'K13.hhi', 'L09' => 'L09.contrat',
	'X04.10' => 'X04.fs_10', 'X04.15' => 'X04.travaux_15', 'X04.50' => 'X04.tous_50', 'X06' => 'X06.avec_actes',
	'X11' => 'X11.titulaires_redits', 'D04.nombre' => 'D04.subventionnees');

my $node = start_node('oracle');
my $folder = PostgreSQL::Test::Utils::tempdir();

sub python
{
	my ($out, @args) = @_;
	my $quoted = join ' ', map { "'$_'" } @args;
	system("python3 '$top/test/oracle/indicateurs.py' $quoted > '$out'") == 0 or die 'indicateurs.py';
	return $out;
}

# No row of the program differs from that of the product, or is missing there
sub compare
{
	my ($db, $what, $csv, $call) = @_;
	my $map = join ', ', map { sprintf '(%s, %s)', map { defined ? "'$_'" : 'NULL' } $_, $code{$_} } sort keys %code;
	# D06 is among the measures of quality, here those of the whole
	my $whole = $call eq "'ensemble'" ? 'true' : 'false';
	my $out = $node->safe_psql($db, qq{
		CREATE TEMP TABLE oracle (code text, unite text, numerateur numeric, denominateur numeric, inconnu numeric, valeur numeric);
		COPY oracle FROM '$csv' (FORMAT csv, HEADER true);
		ANALYZE oracle;
		SET jit = off;
		WITH p AS MATERIALIZED (
			SELECT code, unite, numerateur, denominateur, inconnu, valeur FROM decp.indicateurs($call)
			UNION ALL SELECT code, unite, numerateur, denominateur, inconnu, taux FROM decp.qualite() WHERE $whole AND code = 'D06'
		)
		SELECT o.code, o.unite, format('%s/%s (%s) %s, product: %s/%s (%s) %s', o.numerateur, o.denominateur, o.inconnu, o.valeur,
				p.numerateur, p.denominateur, p.inconnu, round(p.valeur, 12))
		FROM oracle AS o
		LEFT JOIN (VALUES $map) AS m (code, produit) USING (code)
		LEFT JOIN p ON p.unite = o.unite AND p.code = CASE WHEN m.code IS NULL THEN o.code ELSE m.produit END
		WHERE (m.code IS NULL OR m.produit IS NOT NULL) AND (o.code <> 'D06' OR $whole)
			AND (p.code IS NULL
				OR abs(coalesce(p.numerateur - o.numerateur, 0)) > 1e-9
				OR abs(coalesce(p.denominateur, 0) - o.denominateur) > 1e-9 OR abs(coalesce(p.inconnu, 0) - o.inconnu) > 1e-9
				OR (p.valeur IS NULL) <> (o.valeur IS NULL) OR abs(p.valeur - o.valeur) > 1e-9)
		ORDER BY 1, 2;
		SELECT count(*), count(valeur) FROM oracle});
	my @rows = split /\n/, $out;
	my ($total, $with_value) = split /\|/, pop @rows;
	cmp_ok($total, '>', 190, "$what: $total rows by the program, $with_value with a value");
	is(join("\n", @rows), '', "$what: each as the product has it");
}

sub load
{
	my ($db, @files) = @_;
	new_database($node, $db);
	load_ok($node, $db, $_) for @files;
	$node->command_ok([ 'psql', '-X', '-q', '-d', $node->connstr($db), '-v', 'schema=decp', '-f', "$top/sql/decp/$_.sql" ],
		"$db: $_.sql") for 'synthese', 'qualite';
}

# ---- The toy fixture: the program against the published figures, then the product

my $toy = python("$folder/jouet.csv", "$top/test/data/jouet.json");
my %by_program = map { my @f = split /,/, $_, -1; ("$f[0],$f[1]" => "$f[2],$f[3],$f[4]") } slurp_lines($toy);
my @published = grep { /^[A-Z]\d\d,/ } slurp_lines("$top/test/oracle/jouet.csv");
is(join("\n", map { my @f = split /,/; my $unit = $f[1] eq 'n' ? 'nombre' : 'montant'; "$f[0],$unit," . $by_program{"$f[0],$unit"} } @published),
	join("\n", map { s/,n,/,nombre,/r =~ s/,v,/,montant,/r } @published), 'toy fixture: the program finds the published rows');
# Values as fractions, of distributions, concentrations and what follows the award
my %fraction = map { my @f = split /,/; ("$f[0] $f[1]" => $f[6]) } slurp_lines("$top/test/oracle/jouet_moteur.csv");
my %row = ('K01 ' => 'K01,nombre', 'K02 ' => 'K02.mediane,nombre', 'K13 ' => 'K13,montant', 'K14 ' => 'K14,montant', 'K15 ' => 'K15,montant',
	'K18 ' => 'K18,montant', 'X01 ' => 'X01,nombre', 'X02 modifies' => 'X02.modifies,montant', 'X02 tous' => 'X02.ensemble,montant',
	'X03 c7' => 'X03,nombre', 'X12 c4' => 'X12,montant', 'T01 ' => 'T01.mediane,nombre');
my %value = map { my @f = split /,/, $_, -1; ("$f[0],$f[1]" => $f[5]) } slurp_lines($toy);
for my $name (sort keys %row)
{
	my ($n, $d) = split m{/}, $fraction{$name};
	cmp_ok(abs($n / ($d // 1) - $value{ $row{$name} }), '<', 1e-9, "toy fixture: the program's $row{$name} is $fraction{$name}");
}
load('jouet', "$top/test/data/jouet.json");
compare('jouet', 'toy fixture', $toy, "'ensemble'");

# ---- Real files

SKIP:
{
	my $data = real_data();
	skip 'no folder of real data (set SPASER_DATA): real files not tested', 1 unless $data;

	my @json = sort grep { !m{/ref/} } glob "$data/*/*.json";
	my %set = (
		# concessions_avec_modifications has a contract of marches_et_concessions with another amount, which
		# the program takes for another contract and the product, by its id and date, for a correction
		format_2022 => [ grep { m{/2022-(dematis|megalis)/} && !/concessions_avec_modifications/ } @json ],
		format_2019 => [ grep { m{/2019-json-(consolidated|flat-ecolab|marches-securises)/} && !/eafe9d|b2daed|ec144f/ } @json ],
		# reduced_decp_flat has its lists as text, which the program does not take apart
		autres => [ grep { m{/(eclaireur-public|format-officiel-v[12]|decp-augmente-csv)/} && !/reduced_decp_flat/ } @json ]);
	for my $name (sort keys %set)
	{
		my @files = @{ $set{$name} };
		load($name, @files);
		compare($name, "$name, " . @files . ' files', python("$folder/$name.csv", @files), "'ensemble'");
	}
	my @files = @{ $set{format_2022} };
	my @part = ('--par', 'annee', '--cle', '2023');
	compare('format_2022', 'contracts of 2023', python("$folder/2023.csv", @part, @files), "'ensemble', NULL, '2023-01-01', '2024-01-01'");
	my $buyer = $node->safe_psql('format_2022',
		q{SELECT acheteur_siren FROM decp.fait WHERE acheteur_siren IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1});
	@part = ('--par', 'acheteur', '--cle', $buyer);
	compare('format_2022', "contracts of the buyer $buyer", python("$folder/buyer.csv", @part, @files), "'acheteur', '$buyer'");
}

$node->stop;
done_testing();
