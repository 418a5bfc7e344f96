# XML documents: the tables hold what the same contracts in JSON put there;
# every real XML file against Python's reading of it; hostile documents.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use SpaserTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = start_node('xml');
my $dir = PostgreSQL::Test::Utils::tempdir();
my @tables = qw(contrat titulaire modification titulaire_modification acte_sous_traitance
  modification_acte donnee_execution tarif livraison version anomalie rejet);

sub write_file
{
	my ($name, @pieces) = @_;
	open my $fh, '>:raw', "$dir/$name" or die "$dir/$name: $!";
	print $fh @pieces;
	close $fh;
	return "$dir/$name";
}

# All rows of all tables, but for places in the file, and for what only JSON can
# do wrong (numbers and booleans as text) or tell apart: no list and an empty one,
# no value and a blank one. The imprint is of contents and anomalies.
sub rows
{
	my ($db) = @_;
	my %row = (
		anomalie => q{(to_jsonb(t) || CASE WHEN regle = 'champ_manquant' THEN '{"valeur": null}' ELSE '{}' END::jsonb)::text},
		version => q{((to_jsonb(t) - 'empreinte') #- '{contenu,anomalies}')::text});
	my %where = (anomalie => q{WHERE regle NOT IN ('nombre_texte', 'booleen_texte') AND (regle, champ) <> ('champ_manquant', 'modifications')});
	return $node->safe_psql($db, join ' UNION ALL ',
		map { "SELECT '$_' AS nom, " . ($row{$_} // "(to_jsonb(t) - 'octet' - 'taille' - 'empreinte')::text") . " AS ligne FROM decp.$_ AS t " . ($where{$_} // '') } @tables);
}

sub sorted { return join "\n", sort split /\n/, $_[0] }

# Two new databases, the document in XML in one and in JSON in the other
my $pairs = 0;

sub same_tables
{
	my ($xml, $json, $name) = @_;
	$pairs++;
	new_database($node, "x$pairs");
	new_database($node, "j$pairs");
	load_ok($node, "x$pairs", $xml);
	load_ok($node, "j$pairs", $json);
	my ($found, $expected) = (sorted(rows("x$pairs")), sorted(rows("j$pairs")));
	is($found, $expected, "$name: the same rows in every table");
	is($node->safe_psql("x$pairs", "SELECT format FROM decp.chargement"), 'xml', "$name: known as XML");
	return split /\|/, last_load($node, "x$pairs");
}

# ---- Small documents

# A record that is broken, between two that are not
my $good = '<marche><id>%1$s</id><acheteur><id>21440999700019</id></acheteur><objet>Objet %1$s</objet><montant>1000</montant></marche>';
new_database($node, 'petit');
load_ok($node, 'petit', write_file('casse.xml', '<marches>', sprintf($good, 'A1'),
	"\n<marche><id>A2</id>\n<objet>R & D</objet></marche>\n", sprintf($good, 'A3'), '</marches>'));
is_deeply([ counts($node, 'petit') ], [ 3, 2, 0, 1 ], 'one record set aside, two loaded');
is($node->safe_psql('petit', 'SELECT numero, motif, detail FROM decp.rejet'),
	'2|xml|Line 2 of the record: xmlParseEntityRef: no name. Byte offset '
	  . length('<marches>' . sprintf($good, 'A1') . "\n<marche><id>A2</id>\n") . ' of the document.',
	'with the reason and the place');
load_ok($node, 'petit', write_file('a.json',
	'[{"id":"A1","acheteur":{"id":"21440999700019"},"objet":"Objet A1","montant":1000}]'));
is_deeply([ counts($node, 'petit') ], [ 1, 0, 1, 0 ], 'the same contract in JSON is already there');

# ---- Hostile documents

my $secret = write_file('secret.txt', 'le secret');
my $laughs = join '', map { my $n = $_; "<!ENTITY l$n \"" . ('&l' . ($n - 1) . ';') x 10 . '">' } 1 .. 9;
my %refused = (
	'external entity' => "<!DOCTYPE marches [<!ENTITY x SYSTEM \"file://$secret\">]>",
	'external document type' => "<!DOCTYPE marches SYSTEM \"file://$secret\">",
	'parameter entity' => "<!DOCTYPE marches [<!ENTITY % x SYSTEM \"file://$secret\"> %x;]>",
	'billion laughs' => "<!DOCTYPE marches [<!ENTITY l0 \"lol\">$laughs]>",
);
for my $name (sort keys %refused)
{
	my ($status, $out, $err) = load_file($node, 'petit', write_file('hostile.xml', "<?xml version=\"1.0\"?>\n",
		$refused{$name}, '<marches><marche><id>&x;&l9;</id></marche></marches>'));
	isnt($status, 0, "$name: refused");
	like($err, qr/document type declarations are not read/, "$name: says why");
	unlike($out . $err, qr/le secret/, "$name: reads no file");
}
load_ok($node, 'petit', write_file('dedans.xml', "<marches><marche><!DOCTYPE a [<!ENTITY x SYSTEM \"file://$secret\">]>"
	. '<id>B1</id><objet>&x;</objet></marche>', sprintf($good, 'B2'), '</marches>'));
is_deeply([ counts($node, 'petit') ], [ 2, 1, 0, 1 ], 'a document type inside a record: it alone is set aside');
is($node->safe_psql('petit', "SELECT count(*) FROM decp.contrat WHERE objet LIKE '%secret%'"), '0', 'and reads no file');
unlike(slurp_file($node->logfile), qr/terminated by signal|PANIC/, 'no process died');

# ---- Real files

my $data = real_data();
my @files = $data ? sort glob "$data/*/*.xml" : ();
SKIP:
{
	skip 'no folder of real data (set SPASER_DATA)', 1 unless @files;

	for my $xml (@files)
	{
		my $name = $xml =~ s/^\Q$data\E\///r;
		my $json = write_file('oracle.json', scalar qx{python3 "$top/test/oracle/xml_en_json.py" '$xml'});
		my ($read, $loaded, $there, $rejected) = same_tables($xml, $json, $name);
		is($rejected, 0, "$name: none set aside");
		# 762 lines hold <marche> and nothing else: grep -c '<marche>'
		is($read, 762, "$name: every record") if $name =~ /^region-bretagne/;
	}

	# The official examples in JSON. Where they differ, the files do: their
	# authors changed one and not the other. "v1 2" is the second marché of the
	# XML file; what is told is which columns differ.
	my %twins = (
		'format-officiel-v1/xml_mar-basique.xml format-officiel-v1/json_mar-basique.json' => '',
		'format-officiel-v1/xml_mar-basique-avec-uid.xml format-officiel-v1/json_mar-basique-avec-uid.json' => '',
		'format-officiel-v1/xml_cc-basique.xml format-officiel-v1/json_cc-basique.json' => '',
		# 2235... against 2135...
		'format-officiel-v1/xml_cc-basique-avec-uid.xml format-officiel-v1/json_cc-basique-avec-uid.json' =>
		  'concession 1: uid',
		# dates of the modifications, of 2007 and 2008 against 2002
		'format-officiel-v1/xml_cc-avec-modifications.xml format-officiel-v1/json_cc-avec-modifications.json' =>
		  'concession 1: derniere_publication, modifications',
		# another id, and three modifications against one
		'format-officiel-v1/xml_mar-avec-modifications.xml format-officiel-v1/json_mar-avec-modifications.json' =>
		  'marche 1: derniere_publication, id, modifications',
		# the ids of the concessions are shorter in JSON, which has two contracts less
		'format-officiel-v1/xml_paquet.xml format-officiel-v1/json_paquet.json' =>
		  'concession 1: id; concession 2: missing; marche 2: missing',
		'format-officiel-v1/xml_paquet-avec-uid.xml format-officiel-v1/json_paquet-avec-uid.json' =>
		  'concession 1: id, uid; concession 2: missing; marche 2: missing',
		# published on 29 May and 25 April against 25 May
		'2022-dematis/marches_avec_modifications.xml 2022-dematis/marches_avec_modifications.json' =>
		  'marche 1: date_publication_donnees, derniere_publication; marche 2: date_publication_donnees, derniere_publication',
		# modifications of 2024 against 2023, one tariff against two, another buyer
		'2022-dematis/concessions_avec_modifications.xml 2022-dematis/concessions_avec_modifications.json' =>
		  'concession 1: acheteur_id, derniere_publication, donnees_execution, id, modifications; '
		  . 'concession 2: derniere_publication, donnees_execution, modifications',
	);
	for my $twin (sort keys %twins)
	{
		my ($xml, $json) = split / /, $twin;
		is($node->safe_psql('petit', <<~"SQL"), $twins{$twin}, "$xml and its JSON");
			SET search_path = spaser;
			WITH x AS (SELECT type_contrat, row_number() OVER (PARTITION BY type_contrat ORDER BY numero) AS n,
					to_jsonb(l) AS c FROM lire_xml(pg_read_binary_file('$data/$xml')) AS l),
			j AS (SELECT type_contrat, row_number() OVER (PARTITION BY type_contrat ORDER BY numero) AS n,
					to_jsonb(l) AS c FROM lire_json(pg_read_binary_file('$data/$json')) AS l),
			ecart AS (SELECT type_contrat, n, CASE WHEN x.c IS NULL OR j.c IS NULL THEN 'missing' ELSE
					(SELECT string_agg(k, ', ' ORDER BY k COLLATE "C") FROM jsonb_object_keys(x.c) AS k
					WHERE x.c->k <> j.c->k AND k NOT IN ('numero', 'octet', 'taille', 'cle', 'famille', 'empreinte', 'profil', 'anomalies'))
					END AS colonnes
				FROM x FULL JOIN j USING (type_contrat, n))
			SELECT string_agg(type_contrat || ' ' || n || ': ' || colonnes, '; ' ORDER BY type_contrat, n) FROM ecart
			SQL
	}
}

$node->stop;
done_testing();
