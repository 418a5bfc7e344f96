# SpaserTest.pm: what the TAP tests share: a server of their own, the loader run
# as a user runs it, and the real data when it is there.
package SpaserTest;

use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

use base 'Exporter';
our @EXPORT = qw($top start_node new_database load_file load_ok counts last_load state content real_data slurp_lines marche_json);

our $top = abs_path(dirname(__FILE__) . '/../../..');

sub start_node
{
	my ($name) = @_;
	my $node = PostgreSQL::Test::Cluster->new($name);
	$node->init(extra => [ '--encoding=UTF8', '--no-locale' ]);
	$node->append_conf('postgresql.conf', "fsync = off\nautovacuum = off\n");
	$node->start;
	return $node;
}

# A database with the tables in schema decp: the first is made by tables.sql,
# the others are copies of it
my %template;

sub new_database
{
	my ($node, $db) = @_;
	if (!$template{ $node->name })
	{
		$node->safe_psql('postgres', 'CREATE DATABASE modele');
		$node->command_ok([ psql_args($node, 'modele', '-v', 'schema=decp', '-f', "$top/sql/decp/tables.sql") ],
			'tables.sql makes the tables');
		$template{ $node->name } = 1;
	}
	$node->safe_psql('postgres', "CREATE DATABASE $db TEMPLATE modele");
	return $db;
}

sub psql_args
{
	my ($node, $db, @args) = @_;
	return ('psql', '-X', '-q', '-d', $node->connstr($db), @args);
}

# Run charger.sql, or the script that script=NAME names, with these variables;
# returns exit status, standard output, standard error
sub load_file
{
	my ($node, $db, $file, @vars) = @_;
	my @args = psql_args($node, $db, '-v', 'schema=decp', '-v', "fichier=$file");
	my ($script) = map { /^script=(.*)/ ? $1 : () } @vars;
	push @args, map { ('-v', $_) } grep { !/^script=/ } @vars;
	my ($out, $err) = ('', '');
	my $ok = IPC::Run::run([ @args, '-f', "$top/sql/decp/" . ($script // 'charger.sql') ], '>', \$out, '2>', \$err);
	return ($ok ? 0 : $? >> 8 || 1, $out, $err);
}

sub load_ok
{
	my ($node, $db, $file, @vars) = @_;
	my ($status, $out, $err) = load_file($node, $db, $file, @vars);
	is($status, 0, "$file loads") or diag($err);
	return $err;
}

# lus, charges, deja_presents, rejetes of the last load
sub counts
{
	my ($node, $db) = @_;
	return (split /\|/, last_load($node, $db))[ 0 .. 3 ];
}

# The same, then remplaces and the contracts that are there
sub last_load
{
	my ($node, $db) = @_;
	return $node->safe_psql($db,
		'SELECT lus, charges, deja_presents, rejetes, remplaces, (SELECT count(*) FROM decp.contrat)
		FROM decp.chargement ORDER BY chargement_id DESC LIMIT 1');
}

# A digest of everything a load may change, rows of chargement apart
sub state
{
	my ($node, $db) = @_;
	my @tables = qw(contrat titulaire modification titulaire_modification acte_sous_traitance
	  modification_acte donnee_execution tarif rejet version anomalie);
	my $sql = join ' UNION ALL ',
	  map { "SELECT '$_', count(*), md5(coalesce(string_agg(t::text, E'\\n' ORDER BY t::text COLLATE \"C\"), '')) FROM decp.$_ AS t" }
	  @tables;
	return $node->safe_psql($db, $sql);
}

# A digest of what is known, without the numbers that depend on the order of
# loading: contracts by their key, files by theirs, however often they were loaded
sub content
{
	my ($node, $db) = @_;
	return $node->safe_psql($db, q{
		SELECT 'contrat', count(*), md5(coalesce(string_agg(concat_ws('|', c.cle, c.empreinte, c.profil, c.date_publication_donnees,
			c.derniere_publication, f.cle, decp.contenu_contrat(c.contrat_id)), E'\n' ORDER BY c.cle), ''))
		FROM decp.contrat AS c LEFT JOIN decp.contrat AS f ON f.contrat_id = c.accord_cadre_id
		UNION ALL
		SELECT 'version', count(*), md5(coalesce(string_agg(concat_ws('|', v.empreinte, v.cle, c.cle, v.contenu), E'\n' ORDER BY v.empreinte), ''))
		FROM decp.version AS v JOIN decp.contrat AS c USING (contrat_id)
		UNION ALL
		SELECT 'livraison', count(*), md5(coalesce(string_agg(l, E'\n' ORDER BY l), ''))
		FROM (
			SELECT DISTINCT concat_ws('|', sha256, livraison.numero, livraison.octet, livraison.empreinte, c.cle, livraison.date_publication_donnees) AS l
			FROM decp.livraison JOIN decp.chargement USING (chargement_id) JOIN decp.contrat AS c USING (contrat_id)
		) AS livree
		UNION ALL
		SELECT 'anomalie', count(*), md5(coalesce(string_agg(a, E'\n' ORDER BY a), ''))
		FROM (SELECT concat_ws('|', c.cle, regle, champ, valeur) AS a FROM decp.anomalie JOIN decp.contrat AS c USING (contrat_id)) AS relevee
		UNION ALL
		SELECT 'rejet', count(*), md5(coalesce(string_agg(r, E'\n' ORDER BY r), ''))
		FROM (SELECT concat_ws('|', sha256, numero, octet, motif) AS r FROM decp.rejet JOIN decp.chargement USING (chargement_id)) AS mis_de_cote});
}

# A marché as JSON with these fields besides (or instead of) the usual ones
sub marche_json
{
	my %f = (
		id => '"2024L1"',
		acheteur => '{"id":"21440109900015"}',
		objet => '"Un marché"',
		nature => '"Marché"',
		montant => 1000,
		dateNotification => '"2024-02-01"',
		titulaires => '[{"titulaire":{"typeIdentifiant":"SIRET","id":"55210055400013"}}]',
		@_);
	return '{' . join(',', map { qq("$_":$f{$_}) } sort keys %f) . '}';
}

# The folder of real data, or undef with the reason told
sub real_data
{
	my $dir = $ENV{SPASER_DATA} || "$top/../shared/data";
	return abs_path($dir) if -d $dir;
	return undef;
}

sub slurp_lines
{
	my ($file) = @_;
	open my $fh, '<', $file or die "$file: $!";
	my @lines = <$fh>;
	close $fh;
	chomp @lines;
	return @lines;
}

1;
