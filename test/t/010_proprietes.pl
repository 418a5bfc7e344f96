# Properties of the states of aggregates, on random data: in pieces, in any
# order, merged along any tree, in parallel, written and read, dumped and
# restored, a state is the same bytes.
#
# SPASER_GRAINE=N repeats a run or makes another.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use SpaserTest;
use PostgreSQL::Test::Utils;
use Test::More;

# Enough for states of each of two workers to outgrow their flat form, at 14 335 cases
my $rows = 45_000;
my $seed = int($ENV{SPASER_GRAINE} // 20271) % 1_000_000;
note("SPASER_GRAINE=$seed");

# Column of the tables below, type, aggregate over the rows of table donnee
my @states = (
	[ 'bilan_contrats', 'bilan', 'bilan(p, m)' ],
	[ 'bilan_parts', 'bilan', 'bilan(p, m, k)' ],
	[ 'histogramme_entier', 'histogramme', 'histogramme(e)' ],
	[ 'histogramme_montant', 'histogramme', 'histogramme(v, m)' ],
	[ 'histogramme_parts', 'histogramme', 'histogramme(v, m, k)' ],
	[ 'histogramme_liste', 'histogramme', 'histogramme(ARRAY[v, x, y], m)' ],
	[ 'concentration_titulaire', 'concentration', 'concentration(t, m)' ],
	[ 'concentration_parts', 'concentration', 'concentration(t, m, k)' ],
	[ 'concentration_liste', 'concentration', 'concentration(ts, m)' ],
	[ 'rapport_sommes', 'rapport', 'rapport(x, y)' ],
);
my @names = map { $_->[0] } @states;
my $aggregates = join ', ', map { "$_->[2] AS $_->[0]" } @states;
my $fusions = join ', ', map { "fusion($_) AS $_" } @names;
my $bytes = 'ARRAY[' . join(', ', map { "$_->[1]_send($_->[0])" } @states) . ']';

my $node = start_node('proprietes');
$node->safe_psql('postgres', 'CREATE DATABASE proprietes');

sub sql
{
	my ($sql, $db) = @_;
	return $node->safe_psql($db // 'proprietes', "SET search_path = public, spaser;\nSET jit = off;\n$sql");
}

# A query of one row of all of them gives the bytes of the serial run; else the names of those that differ are told
sub same
{
	my ($query, $name, $db, $settings) = @_;
	is( sql(($settings // '') . qq{
		SELECT string_agg(DISTINCT nom, ' ') FROM (SELECT $bytes AS b FROM serie) AS s LEFT JOIN (SELECT $bytes AS b FROM ($query) AS q) AS a ON true,
			unnest('{@{[ join ',', @names ]}}'::text[]) WITH ORDINALITY AS n(nom, i)
		WHERE a.b[i] IS DISTINCT FROM s.b[i]}, $db), '', $name);
}

# ---- Random data: many keys and few, holders of every kind, amounts with more
# decimals than a centime, numbers of parts usual and not, NULLs everywhere

srand($seed);

sub one_of { return $_[ int rand @_ ] }
sub or_null { my ($chance, $value) = @_; return rand() < $chance ? '\N' : $value }
sub decimal { my ($value, $digits) = @_; return sprintf '%.*f', $digits, $value }

# Some four thousand holders, of which a few hold much
sub holder
{
	my $siren = 300_000_000 + 7 * int(4000 * rand()**3);
	my $kind = int rand 20;
	return $siren . sprintf('%05d', rand 100_000) if $kind > 7;
	return ($siren, 'NULL', '', '00000000000000', "be0$siren", "DE$siren", "Société à l'étranger, n° $siren", "x$siren")[$kind];
}

sub row
{
	my ($n) = @_;
	my @holders = map { holder() } 0 .. 12 * rand()**4;
	return join "\t", $n,
	  or_null(0.1, decimal(exp(16 * rand()), int rand 5)),    # m
	  rand() < 0.6 ? 1 : rand() < 0.9 ? 2 + int rand 13 : 1 + int rand 256,    # k
	  or_null(0.1, int(exp(6 * rand())) - 3),    # e
	  or_null(0.1, decimal((rand() - 0.2) * 10**(6 * rand()), int rand 10)),    # v
	  $holders[0] eq 'NULL' ? '\N' : $holders[0],    # t
	  or_null(0.05, '{' . join(',', map { $_ eq 'NULL' ? $_ : "\"$_\"" } @holders) . '}'),    # ts
	  or_null(0.1, decimal(2e6 * rand() - 5e5, 3)),    # x
	  or_null(0.1, decimal(2e6 * rand(), 3)),    # y
	  or_null(0.02, 1 + int rand 2), one_of('Marché', 'Marché subséquent', 'Marché de partenariat'),
	  or_null(0.3, one_of('{Clause sociale}', '{Pas de considération sociale}', '{Clause sociale,Critère social}')),
	  or_null(0.2, int rand 9), int rand 60, or_null(0.5, one_of('t', 'f')), sprintf('%02d000000', 1 + rand 98);
}

$node->safe_psql('proprietes', q{
	CREATE EXTENSION spaser;
	CREATE TABLE tirage (n integer, m numeric, k integer, e integer, v numeric, t text, ts text[], x numeric, y numeric,
		format_decp integer, nature text, sociales text[], offres integer, duree integer, innovant boolean, cpv text)});
my $data = join '', map { row($_) . "\n" } 1 .. $rows;
$node->safe_psql('proprietes', "SET client_encoding = utf8;\nCOPY tirage FROM STDIN;\n$data\\.\n");
sql(q{
	CREATE TABLE donnee AS
	SELECT n, n % 97 AS piece, m, k, e, v, t, ts, x, y, CASE WHEN format_decp IS NOT NULL THEN profil(format_decp => format_decp, nature => nature, montant => m,
		considerations_sociales => sociales, offres_recues => offres, duree_mois => duree, marche_innovant => innovant, code_cpv => cpv) END AS p
	FROM tirage;
	ANALYZE donnee});

# What a serial run makes, rows in the order of the table
my $serial = 'SET max_parallel_workers_per_gather = 0;';
sql("$serial CREATE TABLE serie AS SELECT $aggregates FROM donnee");
cmp_ok(sql('SELECT count(DISTINCT p) FROM donnee'), '>', 5000, 'more than 5 000 profils');
is( sql("SELECT min(p) > 14335, min(v) > 14335 FROM (SELECT count(DISTINCT (p, k)) AS p, count(DISTINCT (v, k)) AS v FROM donnee GROUP BY n <= $rows / 2) AS moitie"),
	't|t', 'half of the rows make large states');
cmp_ok(sql('SELECT count(*) FROM serie, detail(concentration_liste)'), '>', 2000, 'more than 2 000 holders');

# ---- Orders

same("SELECT $aggregates FROM (SELECT * FROM donnee ORDER BY md5(n || ' $seed $_')) AS d", "rows shuffled, $_", undef, $serial) for 1 .. 3;
same("SELECT $aggregates FROM (SELECT * FROM donnee ORDER BY m, t, v) AS d", 'rows by amount', undef, $serial);
same('SELECT ' . ($aggregates =~ s/\) AS/ ORDER BY n DESC) AS/gr) . ' FROM donnee', 'rows backwards, by the aggregates', undef, $serial);
# as a window that has it all in its last row
same('SELECT ' . join(', ', @names) . ' FROM (SELECT n, ' . ($aggregates =~ s/\) AS/) OVER (ORDER BY n \/ 15000) AS/gr) . ' FROM donnee) AS w WHERE n = ' . $rows,
	'window function', undef, $serial);

# ---- Pieces, and random trees of merges, some of whose states go through their text

sql(q{
CREATE FUNCTION public.arbre(etats anyarray, OUT etat anyelement) LANGUAGE plpgsql AS $$
DECLARE
	n integer;
BEGIN
	etats := ARRAY(SELECT u FROM unnest(etats) AS u WHERE u IS NOT NULL);
	WHILE cardinality(etats) > 1 LOOP
		etats := ARRAY(SELECT u FROM unnest(etats) AS u ORDER BY random());
		n := least(2 + floor(4 * random()), cardinality(etats));
		IF random() < 0.5 THEN
			n := 2;
			etat := etats[1] + etats[2];
		ELSE
			SELECT fusion(u) INTO etat FROM unnest(etats[1:n]) AS u;
		END IF;
		IF random() < 0.1 THEN
			etats[n] := etat::text;
		ELSE
			etats[n] := etat;
		END IF;
		etats := etats[n:];
	END LOOP;
	etat := etats[1];
END $$});
for my $pieces (2, 7, 30, 300)
{
	my $split = "SELECT $aggregates, piece FROM (SELECT p, m, k, e, v, t, ts, x, y, (hashtext(n || ' $seed') & 2147483647) % $pieces AS piece FROM donnee) AS d GROUP BY piece";
	same("SELECT $fusions FROM ($split) AS d", "fusion of $pieces pieces");
	next if $pieces > 30;
	same('SELECT ' . join(', ', map { "arbre(array_agg($_)) AS $_" } @names) . " FROM ($split) AS d", "random tree of $pieces pieces, $_",
		undef, sprintf('SELECT setseed(%f) \\g /dev/null' . "\n", rand)) for 1 .. 2;
}
# nothing adds nothing
same("SELECT $fusions FROM (SELECT * FROM serie UNION ALL SELECT " . join(', ', map { "NULL::$_->[1]" } @states) .
	' UNION ALL SELECT ' . join(', ', map { "'1:{}'::$_->[1]" } @states) . ') AS d', 'NULL and empty states');

# ---- Parallel: two workers alone, rows and states, one group and many

my $parallel = join '', map { "SET $_;" } 'max_parallel_workers_per_gather = 2', 'parallel_setup_cost = 0', 'parallel_tuple_cost = 0',
  'min_parallel_table_scan_size = 0', 'parallel_leader_participation = off';
sql("CREATE TABLE morceaux AS SELECT piece, $aggregates FROM donnee GROUP BY piece; ANALYZE morceaux");
for (
	[ 'rows', "SELECT $aggregates FROM donnee" ],
	[ 'states', "SELECT $fusions FROM morceaux" ],
	[ 'groups', "SELECT $fusions FROM (SELECT piece, $aggregates FROM donnee GROUP BY piece) AS d" ])
{
	my ($name, $query) = @$_;
	my $plan = sql("$parallel EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) $query");
	like($plan, qr/Partial (Hash|Group)?Aggregate/, "parallel, $name: partial aggregates");
	like($plan, qr/Workers Launched: 2/, "parallel, $name: two workers");
	same($query, "parallel, $name", undef, $parallel);
}
same("SELECT $fusions FROM (SELECT piece, $aggregates FROM donnee GROUP BY piece) AS d", 'groups by sort', undef, "$serial SET enable_hashagg = off;");
same("SELECT $fusions FROM (SELECT piece, $aggregates FROM donnee GROUP BY piece) AS d", 'groups that spill', undef, "$serial SET work_mem = '64kB';");

# ---- Other forms of the same: one part is the whole, a list of one its element, an integer a numeric

is( sql('SELECT bilan(p, m, 1) = bilan(p, m), bilan(p, m, NULL) = bilan(p, m), histogramme(v, m, 1) = histogramme(v, m), histogramme(v, NULL) = histogramme(v),
		histogramme(e, m, k) = histogramme(e::numeric, m, k), histogramme(v) = histogramme(v * 1.000000000), histogramme(ARRAY[v], m) = histogramme(v, m), concentration(t, m, 1) = concentration(t, m),
		concentration(ARRAY[t], m) = concentration(t, m), concentration(ts || ts, m) = concentration(ts, m)
		FROM donnee WHERE array_position(ts, NULL) IS NULL AND NOT ts && ARRAY[\'\', \'00000000000000\']'), join('|', ('t') x 10), 'forms');

# ---- A large bilan, of contracts and of shares: each indicator by itself, and all at once

for my $bilan (qw(bilan_contrats bilan_parts))
{
	is( sql("SELECT count(*) > 50, count(*) FILTER (WHERE (i.numerateur, i.denominateur, i.inconnu, i.taux, i.minimum, i.maximum)::mesure IS DISTINCT FROM seul)
			FROM serie, indicateurs($bilan) AS i, LATERAL (
				SELECT c, nullif(substr(i.code, length(c::json ->> 'code') + 2), '') AS classe FROM unnest(catalogue()) AS c
				WHERE i.code = c::json ->> 'code' OR starts_with(i.code, (c::json ->> 'code') || '.')
				ORDER BY length(c::json ->> 'code') DESC LIMIT 1) AS l, mesurer($bilan, c, unite, classe) AS seul"),
		't|0', "indicators of $bilan");
}

# ---- Written and read: text, COPY in both formats, dump and restore

same('SELECT ' . join(', ', map { "$_->[0]::text::$_->[1] AS $_->[0]" } @states) . ' FROM serie', 'text');
# equal bytes are equal values, by = and by hash
is( sql('SELECT ' . join(', ', map { "(SELECT count(*) FROM (SELECT $_->[0] FROM serie UNION SELECT $_->[0]::text::$_->[1] FROM serie) AS u)" } @states)),
	join('|', (1) x @states), 'text: hash');
my $file = $node->basedir . '/etats';
my $check = sub {
	my ($table, $name, $db) = @_;
	is( sql('SELECT count(*), count(*) FILTER (WHERE ' . join(' OR ', map { "l.$_ IS DISTINCT FROM m.$_" } @names) . qq{)
			FROM (SELECT *, $bytes AS octets FROM $table) AS l FULL JOIN (SELECT *, $bytes AS octets FROM morceaux) AS m USING (piece)
			WHERE l.octets IS NOT DISTINCT FROM m.octets}, $db), '97|0', $name);
};
for my $format (qw(text csv binary))
{
	sql(qq{CREATE TABLE relus_$format (LIKE morceaux);
		COPY morceaux TO '$file' (FORMAT $format); COPY relus_$format FROM '$file' (FORMAT $format)});
	$check->("relus_$format", "COPY in format $format");
}
for my $format (qw(custom plain))
{
	my $db = "restaure_$format";
	command_ok([ 'pg_dump', '-d', $node->connstr('proprietes'), '-F', $format, '-f', $file, '-T', 'relus_*', '-T', 'donnee', '-T', 'tirage' ], "pg_dump, $format");
	$node->safe_psql('postgres', "CREATE DATABASE $db");
	command_ok($format eq 'custom' ? [ 'pg_restore', '--exit-on-error', '-d', $node->connstr($db), $file ]
		: [ 'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-d', $node->connstr($db), '-f', $file ], "restore, $format");
	is(sql('SELECT md5(string_agg(md5(m::text), NULL ORDER BY piece)) FROM morceaux AS m', $db), sql('SELECT md5(string_agg(md5(m::text), NULL ORDER BY piece)) FROM morceaux AS m'),
		"restored, $format: the pieces");
	# the restored pieces make the whole, which was restored beside them
	same("SELECT $fusions FROM morceaux", "restored, $format: their fusion", $db);
}

$node->stop;
done_testing();
