# What is spread over partitions and servers gives what a single table gives, bit
# for bit, and is aggregated where it is; states are what a distributed engine can ship.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use JSON::PP;
use SpaserTest;
use PostgreSQL::Test::Utils;
use Test::More;

# Every aggregate over contracts => [ type of its states, a call ]
my %rows = (
	'bilan(profil,numeric)' => [ 'bilan', 'bilan(p, m)' ],
	'bilan(profil,numeric,integer)' => [ 'bilan', 'bilan(p, m, parts)' ],
	'histogramme(integer)' => [ 'histogramme', 'histogramme(offres)' ],
	'histogramme(integer,numeric)' => [ 'histogramme', 'histogramme(offres, en_valeur(p, m))' ],
	'histogramme(integer,numeric,integer)' => [ 'histogramme', 'histogramme(offres, en_valeur(p, m), parts)' ],
	'histogramme(numeric)' => [ 'histogramme', 'histogramme(duree)' ],
	'histogramme(numeric,numeric)' => [ 'histogramme', 'histogramme(duree, en_valeur(p, m))' ],
	'histogramme(numeric[],numeric)' => [ 'histogramme', 'histogramme(ARRAY[duree, verse], en_valeur(p, m))' ],
	'histogramme(numeric,numeric,integer)' => [ 'histogramme', 'histogramme(duree, en_valeur(p, m), parts)' ],
	'concentration(text,numeric)' => [ 'concentration', 'concentration(titulaires[1], en_valeur(p, m))' ],
	'concentration(text,numeric,integer)' => [ 'concentration', 'concentration(titulaires[1], en_valeur(p, m), parts)' ],
	'concentration(text[],numeric)' => [ 'concentration', 'concentration(titulaires, en_valeur(p, m))' ],
	'rapport(numeric,numeric)' => [ 'rapport', 'rapport(verse, en_valeur(p, m))' ]);
my @cases = sort keys %rows;
my @types = do { my %seen; sort grep { !$seen{$_}++ } map { $_->[0] } values %rows };

# The states of each in a column of its name, and what merges them
my %column = map { $cases[$_] => "e$_" } 0 .. $#cases;
my %states = map { $_ => [ $rows{$_}[0], "fusion($column{$_})" ] } @cases;
my $state_columns = join ', ', map { "$column{$_} spaser.$rows{$_}[0]" } @cases;

my $centre = start_node('centre');
my $region = start_node('region');

# Answers to questions, each alone in its settings: [ setting, setting ..., query ]
sub ask
{
	my ($node, $db, @questions) = @_;
	my $out = $node->safe_psql($db, join '', map { join(";\n", 'RESET ALL', ref $_ ? @$_ : $_) . ";\n\\echo ~\n" } @questions);
	return map { s/\n\z//r } split /^~$ \n?/mx, $out;
}

for ([ $centre, 'une' ], [ $region, 'est' ], [ $region, 'ouest' ])
{
	my ($node, $db) = @$_;
	$node->safe_psql('postgres', "CREATE DATABASE $db; ALTER DATABASE $db SET search_path = public, spaser");
	$node->safe_psql($db, 'CREATE EXTENSION spaser');
}

# ---- The aggregates, by the catalogue

# A distributed engine wants a state that is itself a type to store, with text and binary
# input and output, and a combine function; a state serialised aside stays where it is. The
# two aggregates that put a file together for the loader depend on the order of its lines.
my $ours = q{FROM pg_aggregate a JOIN pg_proc p ON p.oid = aggfnoid JOIN pg_type t ON t.oid = aggtranstype
	JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
	JOIN pg_extension x ON d.refclassid = 'pg_extension'::regclass AND x.oid = d.refobjid AND extname = 'spaser'
	WHERE proname NOT IN ('sha256_morceaux', 'octets_base64')};
my ($not_storable, $not_anywhere, $known) = ask($centre, 'une',
	qq{SELECT p.oid::regprocedure $ours AND (aggtranstype <> prorettype OR typtype <> 'b' OR typlen <> -1 OR typreceive = 0 OR typsend = 0
		OR aggcombinefn = 0 OR aggserialfn <> 0 OR aggdeserialfn <> 0 OR aggfinalextra OR aggfinalmodify <> 'r'
		OR agginitval IS NOT NULL OR aggkind <> 'n' OR pronargs = 0)},
	qq{SELECT p.oid::regprocedure $ours AND (proparallel <> 's' OR EXISTS (SELECT FROM pg_proc f
		WHERE f.oid IN (aggtransfn, aggcombinefn, aggfinalfn, typinput, typoutput, typreceive, typsend)
			AND (f.provolatile <> 'i' OR f.proparallel <> 's')))},
	qq{SELECT p.oid::regprocedure $ours ORDER BY p.oid::regprocedure::text COLLATE "C"});
is($not_storable, '', 'each aggregate has for state a type that is stored, shipped and combined');
is($not_anywhere, '', 'what they call is immutable and parallel safe');
# postgres_fdw ships no array of an extension's type: bilan_attributions works on the rows
# that it fetches, and fusion() merges what was made elsewhere; test/sql/attribution.sql
is($known, join("\n", sort @cases, 'bilan_attributions(profil[],numeric)', map { "fusion($_)" } @types), 'this program tries them all');

# ---- The contracts, in a single table

# acheteur and annee are what partitions are made by, departement and the suppliers are in
# all of them. Each is NULL somewhere.
my $contract_columns = 'n integer, acheteur text COLLATE "C", annee integer, departement text COLLATE "C", p spaser.profil, m numeric,
	offres integer, duree numeric, titulaires text[], parts integer, verse numeric';
ask($centre, 'une', "CREATE TABLE contrats ($contract_columns)", q{INSERT INTO contrats
	SELECT n, CASE WHEN n % 251 <> 0 THEN (200000000 + h % 20)::text END, CASE WHEN n % 241 <> 0 THEN 2018 + h / 20 % 7 END,
		CASE WHEN n % 239 <> 0 THEN lpad((1 + n % 10)::text, 2, '0') END,
		profil(format_decp => 1 + n % 2, nature => (ARRAY['Marché', 'Marché subséquent'])[1 + h / 3 % 2],
			considerations_sociales => CASE h / 9 % 3 WHEN 0 THEN ARRAY['Clause sociale'] WHEN 1 THEN ARRAY['Pas de considération sociale'] END,
			offres_recues => h / 7 % 12, montant => m, duree_mois => h / 100 % 61, titulaires => 1 + h / 11 % 3,
			id_accord_cadre => CASE WHEN n % 5 = 0 THEN 'AC' END, accord_cadre_present => n % 10 = 0,
			code_cpv => (1 + h / 17 % 98)::text || '000000'),
		m, nullif(h / 7 % 12, 0), (h / 100 % 61)::numeric / 3, t, greatest(cardinality(t), 1), round(m * (h % 130) / 100, 3)
	FROM (SELECT n, h, (abs(hashint4(n + 1)) % 300000000)::numeric / (1 + nullif(n % 31, 0)) AS m,
			ARRAY(SELECT CASE WHEN (h + i) % 97 <> 0 THEN (500000000 + h / (i * i) % 300)::text END
				FROM generate_series(1, 1 + h / 13 % 4) AS i) AS t
		FROM generate_series(1, 8000) AS n, abs(hashint4(n)) AS h) AS s});

# The query of these aggregates by these keys
sub aggregate
{
	my ($calls, $from, @keys) = @_;
	return 'SELECT ' . join(', ', @keys, map { "$calls->{$_}[1] AS $column{$_}" } @cases)
	  . " FROM $from" . (@keys ? ' GROUP BY ' . join(', ', @keys) : '');
}

# A digest of what it gives, for each aggregate: keys and states, in binary form
sub digest
{
	my ($query, @keys) = @_;
	my $key = 'ROW(' . join(', ', @keys) . ')::text';
	return 'SELECT count(*), ' . join(', ', map {
		"md5(string_agg($key || coalesce($rows{$_}[0]_send($column{$_})::text, '-'), ' ' ORDER BY $key COLLATE \"C\"))" } @cases)
	  . " FROM ($query) AS t";
}

sub digested
{
	my %found;
	@found{ 'groups', @cases } = split /\|/, $_[0];
	return \%found;
}

# Nodes of a plan, each with those above it, the nearest first
sub nodes
{
	my ($node, @above) = @_;
	$node = decode_json($node)->[0]{Plan} unless ref $node;
	return ({ %$node, above => \@above }, map { nodes($_, $node, @above) } @{ $node->{Plans} || [] });
}

sub of_type
{
	my ($type, @nodes) = @_;
	return grep { $_->{'Node Type'} =~ /^(?:$type)$/ } @nodes;
}

sub group_names { return @_ ? 'by ' . join(', ', @_) : 'all together'; }

my @groupings = ([], ['annee'], ['acheteur'], ['departement'], [ 'annee', 'departement' ], [ 'acheteur', 'annee' ]);
my $alone = 'SET max_parallel_workers_per_gather = 0';
my $by_parts = 'SET enable_partitionwise_aggregate = on';

# A table of states too, then what every table is to give, by each grouping
ask($centre, 'une', "CREATE TABLE synthese (acheteur text COLLATE \"C\", annee integer, departement text COLLATE \"C\", $state_columns)",
	'INSERT INTO synthese ' . aggregate(\%rows, 'contrats', 'acheteur', 'annee', 'departement'), 'ANALYZE');
my @expected = map { digested($_) }
  ask($centre, 'une', map { [ $alone, digest(aggregate(\%rows, 'contrats', @$_), @$_) ] } @groupings);

# ---- Partitions of one server, without and with workers

my %layouts = (
	annee => [ 'LIST (annee)', 'FOR VALUES IN (2018, 2019, 2020)', 'FOR VALUES IN (2021, 2022, NULL)', 'DEFAULT' ],
	acheteur => [ 'HASH (acheteur)', map { "FOR VALUES WITH (MODULUS 3, REMAINDER $_)" } 0 .. 2 ]);
my %modes = (
	'alone' => [ $by_parts, $alone ],
	'with workers' => [ $by_parts, map { "SET $_" } 'max_parallel_workers_per_gather = 2', 'parallel_setup_cost = 0',
		'parallel_tuple_cost = 0', 'min_parallel_table_scan_size = 0' ]);

sub check_partitions
{
	my ($table, $key, $calls, $i) = @_;
	my @keys = @{ $groupings[$i] };
	my $query = aggregate($calls, "${table}_par_$key", @keys);
	my $explain = 'EXPLAIN (' . (@keys ? '' : 'ANALYZE, ') . "FORMAT JSON) $query";
	my @answers = ask($centre, 'une', map { [ @{ $modes{$_} }, digest($query, @keys) ], [ @{ $modes{$_} }, $explain ] } sort keys %modes);
	for my $mode (sort keys %modes)
	{
		my $what = "$table in partitions of $key, " . group_names(@keys) . ", $mode";
		my ($digest, $plan) = splice @answers, 0, 2;
		is_deeply(digested($digest), $expected[$i], "$what: as the single table");
		my @nodes = nodes($plan);
		my @scans = of_type('Seq Scan', @nodes);
		my @aggregated = grep { (of_type('Append|Aggregate', @{ $_->{above} }))[0]{'Node Type'} eq 'Aggregate' } @scans;
		is("@{[ scalar @aggregated ]} of @{[ scalar @scans ]}", '3 of 3', "$what: each partition is aggregated before it is appended");
		next if grep { $_ eq $key } @keys;
		my @partial = grep { $_->{'Partial Mode'} eq 'Partial' && of_type('Append', @{ $_->{above} }) } of_type('Aggregate', @nodes);
		is(scalar @partial, 3, "$what: into partial states");
		my @gathers = of_type('Gather|Gather Merge', @nodes);
		is(scalar(grep { of_type('Gather|Gather Merge', @{ $_->{above} }) } @partial),
			$mode eq 'alone' ? 0 : 3, "$what: " . ($mode eq 'alone' ? 'by the server itself' : 'by workers'));
		cmp_ok($_->{'Workers Launched'}, '>', 0, "$what: which are at work") for @keys ? () : @gathers;
	}
}

for my $key (sort keys %layouts)
{
	my ($by, @bounds) = @{ $layouts{$key} };
	for my $table ('contrats', 'synthese')
	{
		ask($centre, 'une', "CREATE TABLE ${table}_par_$key (LIKE $table) PARTITION BY $by",
			(map { "CREATE TABLE ${table}_par_${key}_$_ PARTITION OF ${table}_par_$key $bounds[$_]" } 0 .. $#bounds),
			"INSERT INTO ${table}_par_$key SELECT * FROM $table", "ANALYZE ${table}_par_$key");
		check_partitions($table, $key, $table eq 'contrats' ? \%rows : \%states, $_) for 0 .. $#groupings;
	}
}

# ---- Partitions on other servers, through postgres_fdw

my %remainder = (est => 1, ouest => 2);

# States of each partition by its key, then their fusion by what is wanted
sub in_two_levels
{
	my ($from, @keys) = @_;
	my $states = aggregate(\%rows, $from, 'acheteur', grep { $_ ne 'acheteur' } @keys);
	return aggregate(\%states, "($states) AS morceaux", @keys);
}

# Foreign scans of which the query sent to the other server has a GROUP BY and all the aggregates
sub pushed
{
	my @pushed;
	for my $scan (@_)
	{
		my $sql = $scan->{'Remote SQL'};
		push @pushed, $scan if $sql =~ / GROUP BY / && !grep { $sql !~ /\bspaser\.\Q$_\E\(/ } map { s/\(.*//r } @cases;
	}
	return scalar @pushed;
}

# A third of the contracts here, a third in each database of the other server
sub share_contracts
{
	$region->safe_psql($_, "CREATE TABLE contrats ($contract_columns)") for 'est', 'ouest';
	ask($centre, 'une', 'CREATE EXTENSION postgres_fdw',
		'CREATE TABLE contrats_partout (LIKE contrats) PARTITION BY HASH (acheteur)',
		'CREATE TABLE contrats_ici PARTITION OF contrats_partout FOR VALUES WITH (MODULUS 3, REMAINDER 0)');
	for my $server (sort keys %remainder)
	{
		ask($centre, 'une',
			sprintf(q{CREATE SERVER %s FOREIGN DATA WRAPPER postgres_fdw
				OPTIONS (host '%s', port '%s', dbname '%1$s', extensions 'spaser',
					async_capable 'true', options '-c cursor_tuple_fraction=1')}, $server, $region->host, $region->port),
			"CREATE USER MAPPING FOR CURRENT_USER SERVER $server",
			"CREATE FOREIGN TABLE contrats_$server PARTITION OF contrats_partout FOR VALUES WITH (MODULUS 3, REMAINDER $remainder{$server})
				SERVER $server OPTIONS (table_name 'contrats', batch_size '100')");
	}
	ask($centre, 'une', 'INSERT INTO contrats_partout SELECT * FROM contrats', 'ANALYZE contrats_partout');
	my $there = q{FROM contrats_partout WHERE tableoid <> 'contrats_ici'::regclass};
	my ($many, $pairs) = split /\|/, (ask($centre, 'une', "SELECT count(*) > 4000, count(DISTINCT (acheteur, annee)) $there"))[0];
	is($many, 't', 'most contracts are on the other server');

	return $pairs;
}

sub check_servers
{
	my ($pairs, $i) = @_;
	my @keys = @{ $groupings[$i] };
	my $what = 'on two servers, ' . group_names(@keys);
	my $query = in_two_levels('contrats_partout', @keys);
	my ($rows, $states, $plan) = ask($centre, 'une', [ $by_parts, digest(aggregate(\%rows, 'contrats_partout', @keys), @keys) ],
		[ $by_parts, digest($query, @keys) ], [ $by_parts, 'EXPLAIN (VERBOSE, ' . ("@keys" eq 'annee' ? 'ANALYZE, ' : '') . "FORMAT JSON) $query" ]);
	is_deeply(digested($rows), $expected[$i], "$what: as the single table");
	is_deeply(digested($states), $expected[$i], "$what, in two levels: as the single table");
	my @scans = of_type('Foreign Scan', nodes($plan));
	is(scalar(grep { $_->{'Async Capable'} } @scans), 2, "$what, in two levels: both databases work at once");
	is(pushed(@scans), 2, "$what, in two levels: they aggregate") or diag(map { $_->{'Remote SQL'} } @scans);
	if ("@keys" eq 'annee')
	{
		my $sent = 0;
		$sent += $_->{'Actual Rows'} for @scans;
		is($sent, $pairs, "$what, in two levels: they send one row for each buyer and year");
	}
}

# A condition goes along; without the option the server sends its rows, and the result is the same
sub check_options
{
	my $recent = '(SELECT * FROM %s WHERE annee >= 2020 AND en_valeur(p, m) > 1000) AS c';
	my $query = in_two_levels(sprintf($recent, 'contrats_partout'), 'departement');
	my $explain = [ $by_parts, "EXPLAIN (VERBOSE, FORMAT JSON) $query" ];
	my ($as_single, $with, $with_plan, undef, $without, $without_plan) = ask($centre, 'une',
		[ $alone, digest(aggregate(\%rows, sprintf($recent, 'contrats'), 'departement'), 'departement') ],
		[ $by_parts, digest($query, 'departement') ], $explain,
		join('; ', map { "ALTER SERVER $_ OPTIONS (DROP extensions)" } sort keys %remainder),
		[ $by_parts, digest($query, 'departement') ], $explain);
	my @scans = of_type('Foreign Scan', nodes($with_plan));
	is_deeply(digested($with), digested($as_single), 'with a condition, in two levels: as the single table');
	is(pushed(@scans), 2, 'with a condition, in two levels: they aggregate') or diag(map { $_->{'Remote SQL'} } @scans);
	is(scalar(grep { $_->{'Remote SQL'} =~ / WHERE .*annee >= 2020.*en_valeur\(p, m\) > .* GROUP BY / } @scans), 2, 'with a condition, in two levels: they check it');
	is_deeply(digested($without), digested($as_single), 'without the option "extensions": as the single table');
	is(pushed(of_type('Foreign Scan', nodes($without_plan))), 0, 'without the option "extensions": rows travel');
	ask($centre, 'une', map { "ALTER SERVER $_ OPTIONS (ADD extensions 'spaser')" } sort keys %remainder);
}

# ---- States in a table of another server

sub check_foreign_states
{
	my @by = ('acheteur', 'annee', 'departement');
	my $of_columns = q{SELECT string_agg(attname || ' ' || atttypid::regtype, ', ' ORDER BY attnum) FROM pg_attribute WHERE attnum > 0 AND attrelid = 'recu'::regclass};
	my $everything = digest('SELECT * FROM recu', @by);
	my $merged = aggregate(\%states, 'recu', 'annee');
	$region->safe_psql('est', "CREATE TABLE recu (acheteur text COLLATE \"C\", annee integer, departement text COLLATE \"C\", $state_columns)");
	my ($imported, $kept, undef, $sent, $read, $read_merged, $merged_plan, $equal_plan) = ask($centre, 'une',
		"IMPORT FOREIGN SCHEMA public LIMIT TO (recu) FROM SERVER est INTO public; $of_columns",
		digest('SELECT * FROM synthese', @by),
		'INSERT INTO recu SELECT * FROM synthese', 'SELECT count(*) FROM recu', $everything, digest($merged, 'annee'),
		"EXPLAIN (VERBOSE, FORMAT JSON) $merged",
		"EXPLAIN (VERBOSE, FORMAT JSON) SELECT * FROM recu WHERE $column{'bilan(profil,numeric)'} = $column{'bilan(profil,numeric,integer)'}");
	my ($columns_there, $there_too) = ask($region, 'est', $of_columns, $everything);
	is($imported, $columns_there, 'IMPORT FOREIGN SCHEMA knows the types');
	cmp_ok($sent, '>', 1000, 'states are sent to a foreign table');
	is_deeply(digested($there_too), digested($kept), 'they are there what they were here');
	is_deeply(digested($read), digested($kept), 'and here again when they come back');
	is_deeply(digested($read_merged), $expected[1], 'their fusion is that of the single table');
	is(scalar(grep { ($_->{'Remote SQL'} // '') =~ /spaser\.fusion\(.* GROUP BY / } nodes($merged_plan)), 1, 'which is made there');
	is(scalar(grep { ($_->{'Remote SQL'} // '') =~ /WHERE .*OPERATOR\(spaser\.=\)/ } nodes($equal_plan)), 1, 'they are compared there');
}

SKIP:
{
	my ($available) = ask($centre, 'une', q{SELECT count(*) FROM pg_available_extensions WHERE name = 'postgres_fdw'});
	skip 'postgres_fdw is not installed (Debian has it in the package of the server, others in postgresql-contrib)', 1 unless $available;
	my $pairs = share_contracts();
	check_servers($pairs, $_) for 0 .. $#groupings;
	check_options();
	check_foreign_states();
}

# ---- States on their way: no final function has seen them

# A distributed engine runs the transitions on each shard, ships the state by the output or
# send function of its type, and combines elsewhere. These aggregates, made of what the
# catalogue says of ours, do each half of that.
my $halves = qq{SELECT string_agg(DISTINCT format('CREATE AGGREGATE moteur.%1\$s(%2\$s) (SFUNC = %3\$s, STYPE = %4\$s)', proname, oidvectortypes(proargtypes), aggtransfn, t.oid::regtype), '; ')
	|| '; ' || string_agg(DISTINCT format('CREATE AGGREGATE moteur.joindre_%1\$s(%2\$s) (SFUNC = %3\$s, STYPE = %2\$s, FINALFUNC = %4\$s)', proname, t.oid::regtype, aggcombinefn, aggfinalfn), '; ')
	$ours AND proname <> 'fusion'};
my ($definitions) = ask($centre, 'une', $halves);
$_->[0]->safe_psql($_->[1], "CREATE SCHEMA moteur; SET search_path = public, spaser; $definitions") for [ $centre, 'une' ], [ $region, 'est' ];
my %halfway = map { $_ => [ $rows{$_}[0], "moteur.$rows{$_}[1]" ] } @cases;
my %joined = map { $_ => [ $rows{$_}[0], 'moteur.joindre_' . s/\(.*//r . "($column{$_})" ] } @cases;
my $shards = aggregate(\%halfway, '(SELECT *, n % 5 AS morceau FROM contrats) AS c', 'annee', 'morceau');
my $file = PostgreSQL::Test::Utils::tempdir() . '/morceaux';
for my $format ('text', 'binary')
{
	ask($centre, 'une', "\\copy ($shards) TO '$file' (FORMAT $format)");
	my (undef, undef, $combined) = ask($region, 'est', "DROP TABLE IF EXISTS morceaux; CREATE TABLE morceaux (annee integer, morceau integer, $state_columns)",
		"\\copy morceaux FROM '$file' (FORMAT $format)", digest(aggregate(\%joined, 'morceaux', 'annee'), 'annee'));
	is_deeply(digested($combined), $expected[1], "shipped unfinished in $format form, combined elsewhere: as the single table");
}

$centre->stop;
$region->stop;
done_testing();
