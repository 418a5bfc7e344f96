# CSV files: rows become the contracts they tell of, none lost; what is no CSV,
# or lacks its columns, is refused with what to do about it.
use strict;
use warnings;
use utf8;
use Cwd qw(abs_path);
use FindBin;
use lib "$FindBin::Bin/lib";
use SpaserTest;
use PostgreSQL::Test::Utils;
use Test::More;
use Encode qw(encode);

my $node = start_node('tabulaire');
# The server reads there too: not relative to where the tests run
my $dir = abs_path(PostgreSQL::Test::Utils::tempdir());

# Text is written as UTF-8, bytes as they are
sub write_file
{
	my ($name, $text) = @_;
	open my $fh, '>:raw', "$dir/$name" or die "$dir/$name: $!";
	print $fh utf8::is_utf8($text) ? encode('UTF-8', $text) : $text;
	close $fh;
	return "$dir/$name";
}

sub load_csv
{
	my ($db, $file, @vars) = @_;
	my @args = ('psql', '-X', '-q', '-d', $node->connstr($db), '-v', 'schema=decp');
	push @args, '-v', "fichier=$file" unless grep { /^fichier_serveur=/ } @vars;
	push @args, map { ('-v', $_) } @vars;
	my ($out, $err) = ('', '');
	my $ok = IPC::Run::run([ @args, '-f', "$top/sql/decp/charger_tabulaire.sql" ], '>', \$out, '2>', \$err);
	return ($ok ? 0 : $? >> 8 || 1, $out, $err);
}

sub csv_ok
{
	my ($db, $file, @vars) = @_;
	my ($status, $out, $err) = load_csv($db, $file, @vars);
	is($status, 0, "$file loads") or diag($err);
	return $err;
}

sub sql_is
{
	my ($db, $sql, $expected, $what) = @_;
	is($node->safe_psql($db, "SET search_path = decp, spaser; $sql"), encode('UTF-8', $expected), $what);
	return;
}

# ---- One row per contract

new_database($node, 'simple');
my $header = "id;acheteur.id;objet;montant";
my %simple = (
	'point_virgule' => [ "$header\nN1;21440999700019;\"une, ou; \"\"deux\"\"\";1234,50\n", 'UTF8', ';' ],
	'virgule' => [ "id,acheteur_id,Objet,MONTANT\nN1,21440999700019,\"une, ou; \"\"deux\"\"\",1234.50\n", 'UTF8', ',' ],
	'tabulation' => [ "id\tacheteur.id\tobjet\tmontant\r\nN1\t21440999700019\t\"une, ou; \"\"deux\"\"\"\t1 234,50\r\n", 'UTF8', 'tab' ],
	'barre' => [ "id|acheteur.id|objet|montant\nN1|21440999700019|\"une, ou; \"\"deux\"\"\"|1234.50\n", 'UTF8', '\|' ],
	'bom' => [ "\x{feff}$header\nN1;21440999700019;\"une, ou; \"\"deux\"\"\";1234.50\n", 'UTF8', ';' ]);
for my $name (sort keys %simple)
{
	my ($text, $encoding, $separator) = @{ $simple{$name} };
	utf8::upgrade($text);
	like(csv_ok('simple', write_file("$name.csv", $text)), qr/separator $separator, encoding $encoding\)/, "$name: told");
	sql_is('simple', 'SELECT id, acheteur_id, objet, montant FROM contrat', "N1|21440999700019|une, ou; \"deux\"|1234.50", "$name: read");
	$node->safe_psql('simple', 'TRUNCATE decp.chargement, decp.contrat CASCADE');
}
like(csv_ok('simple', write_file('latin.csv', encode('cp1252', "$header\nL1;21440999700019;Réfection de l’école à 10 €;1\n"))),
	qr/encoding WIN1252/, 'Windows-1252: told');
sql_is('simple', 'SELECT objet, encodage FROM contrat JOIN chargement USING (chargement_id)',
	'Réfection de l’école à 10 €|windows-1252', 'Windows-1252: read, and kept in encodage');

# The line of a record is the line of the file where it begins
csv_ok('simple', write_file('lignes.csv', "\"id\";\"acheteur.id\";\"objet\nsur deux lignes\";objet\n"
	. "A1;21440999700019;;\"un\ndeux\ntrois\"\nA2;21440999700019;;quatre\n"));
sql_is('simple', q{SELECT id, numero, octet FROM contrat WHERE id LIKE 'A_' ORDER BY id}, "A1|3|0\nA2|6|0", 'lines are counted as the file has them');

# Loaded again: nothing is added
csv_ok('simple', "$dir/lignes.csv");
is(join('|', counts($node, 'simple')), '2|0|2|0', 'the same file again: all already there');

# Where the server runs; source and date are kept
csv_ok('simple', '', "fichier_serveur=$dir/barre.csv", 'source=essai', 'date_fichier=2024-05-06');
sql_is('simple', q{SELECT h.source, h.date_fichier, format, id, taille = octet_length(pg_read_binary_file(fichier)), sha256 = sha256(pg_read_binary_file(fichier))
	FROM chargement AS h JOIN contrat USING (chargement_id) WHERE fichier LIKE '%barre.csv'},
	'essai|2024-05-06|csv|N1|t|t', 'fichier_serveur: read by the server');

# A record too large is set aside, the next is read
csv_ok('simple', write_file('grand.csv', "id;acheteur.id;objet\nG1;21440999700019;" . ('x' x (17 << 20)) . "\nG2;21440999700019;petit\n"));
is(join('|', counts($node, 'simple')), '2|1|0|1', 'a field of 17 MB: one read, one set aside');
sql_is('simple', q{SELECT numero, motif, taille > 17 * 1024 * 1024 FROM rejet}, '2|trop_grand|t', 'a field of 17 MB: where and why');
my ($status, undef, $err) = load_csv('simple', "$dir/grand.csv", 'strict=1');
like($err, qr/record at line 2 cannot be read: trop_grand/, 'strict: it stops there');

# ---- One row per contract, version and holder (decp.info)

my @columns = qw(uid id acheteur_id objet titulaire_id titulaire_typeIdentifiant montant codeCPV dureeMois dateNotification
  datePublicationDonnees modification_id considerationsSociales considerationsEnvironnementales ccag techniques
  origineUE origineFrance tauxAvance marcheInnovant donneesActuelles sourceDataset titulaire_nom);
my %all = (acheteur_id => '21440999700019', titulaire_typeIdentifiant => 'SIRET', codeCPV => '45210000', dureeMois => 12,
	considerationsSociales => 'Sans objet', considerationsEnvironnementales => '"Clause environnementale, Critère environnemental"',
	ccag => 'Sans objet', techniques => '"Accord-cadre, Catalogue électronique"', origineUE => '0.0', origineFrance => '0.0',
	tauxAvance => '0.0', marcheInnovant => 'true', donneesActuelles => 'true', sourceDataset => 'aws', modification_id => 0);
my ($a, $b, $c) = qw(33012345600017 44012345600014 55012345600011);

sub info_file
{
	my ($name, @rows) = @_;
	my @lines = (join ',', @columns);
	for my $row (@rows)
	{
		my %r = (%all, %$row);
		$r{uid} = $r{acheteur_id} . $r{id};
		push @lines, join ',', map { $r{$_} // '' } @columns;
	}
	my $text = join("\n", @lines) . "\n";
	utf8::upgrade($text);
	return write_file($name, $text);
}

sub row
{
	my ($id, $holder, $amount, $date, $version, %more) = @_;
	return { id => $id, objet => "Objet de $id", titulaire_id => $holder, montant => $amount,
		dateNotification => $date, modification_id => $version, %more };
}

new_database($node, 'info');
my $file = info_file('info.csv',
	# Two holders; then another amount and one holder replaced
	row('C1', $a, '1000.10', '2024-03-01', 0), row('C1', $b, '1000.10', '2024-03-01', 0),
	row('C1', $a, '1500.20', '2024-06-01', 1, datePublicationDonnees => '2024-06-05'),
	row('C1', $c, '1500.20', '2024-06-01', 1, datePublicationDonnees => '2024-06-05'),
	# Two contracts under one number: their objects differ
	row('C2', $a, '12311111111', '2024-04-01', 0, codeCPV => '00000000', objet => 'Lot A'),
	row('C2', $b, '70000', '2024-05-01', 1, objet => 'Lot B', origineUE => '0.5'),
	# The version that was notified first is not in the file
	row('C3', $b, '90000', '2024-05-02', 2),
	# Nothing but the holder changes
	row('C4', $b, '90000', '2024-01-02', 0), row('C4', $c, '90000', '2024-05-02', 1),
	# Two lots of one holder under one number, then a version of each
	row('C5', $a, '100', '2024-01-02', 0), row('C5', $a, '200', '2024-01-02', 0),
	row('C5', $a, '150', '2024-02-02', 1), row('C5', $a, '200', '2024-02-02', 1, dureeMois => 18),
	# Two lots, each with its holder, the same day
	row('C6', $a, '300', '2024-01-02', 0), row('C6', $b, '400', '2024-01-02', 0));
like(csv_ok('info', $file), qr/read as "decp_info"/, 'decp.info: known by its columns');
is(join('|', counts($node, 'info')), '9|9|0|0', 'decp.info: 15 rows, 9 contracts');
my $contracts = q{SELECT numero, id, montant, date_notification,
	(SELECT string_agg(left(identifiant, 2), ' ' ORDER BY rang) FROM titulaire AS t WHERE t.contrat_id = c.contrat_id)
	FROM contrat AS c ORDER BY numero};
sql_is('info', $contracts, <<'END' =~ s/\n\z//r, 'decp.info: contracts, their first amount, date and holders');
2|C1|1000.10|2024-03-01|33 44
6|C2||2024-04-01|33
7|C2|70000|2024-05-01|44
8|C3|90000||44
9|C4|90000|2024-01-02|44
11|C5|100|2024-01-02|33
12|C5|200|2024-01-02|33
15|C6|300|2024-01-02|33
16|C6|400|2024-01-02|44
END
sql_is('info', q{SELECT numero, m.montant, m.duree_mois, m.date_notification, m.date_publication_donnees,
		(SELECT string_agg(left(identifiant, 2), ' ' ORDER BY t.rang) FROM titulaire_modification AS t
		WHERE t.contrat_id = m.contrat_id AND t.modification_rang = m.rang)
	FROM contrat JOIN modification AS m USING (contrat_id) ORDER BY numero, rang}, <<'END' =~ s/\n\z//r, 'decp.info: versions keep what changed');
2|1500.20||2024-06-01|2024-06-05|33 55
8|||2024-05-02||
9|||2024-05-02||55
11|150||2024-02-02||
12||18|2024-02-02||
END
sql_is('info', q{SELECT id, code_cpv, ccag, considerations_sociales, considerations_environnementales, techniques,
	origine_ue, origine_france, taux_avance, marche_innovant, source FROM contrat WHERE id = 'C2' ORDER BY numero}, <<'END' =~ s/\n\z//r,
C2||Pas de CCAG|{"Pas de considération sociale"}|{"Clause environnementale","Critère environnemental"}|{Accord-cadre,"Catalogue électronique"}||||t|aws
C2|45210000|Pas de CCAG|{"Pas de considération sociale"}|{"Clause environnementale","Critère environnemental"}|{Accord-cadre,"Catalogue électronique"}|0.5|0.0||t|aws
END
	'decp.info: its ways of saying no and nothing');
sql_is('info', q{SELECT brut FROM contrat WHERE numero = 6}, '{"montant": "12311111111"}', 'decp.info: an amount it does not believe is kept apart');

# The same rows in another order are the same contracts
my @identities;
for my $order ($file, do { my ($first, @rest) = slurp_lines($file); write_file('envers.csv', join("\n", $first, reverse @rest) . "\n") })
{
	$node->safe_psql('info', 'TRUNCATE decp.chargement, decp.contrat CASCADE');
	csv_ok('info', $order);
	push @identities, $node->safe_psql('info', "SELECT cle, montant, (SELECT string_agg(concat_ws('/', m.montant, m.duree_mois, m.date_notification), ' ' ORDER BY rang)
		FROM decp.modification AS m WHERE m.contrat_id = c.contrat_id) FROM decp.contrat AS c ORDER BY cle, montant");
}
is(scalar(split /\n/, $identities[0]), 9, 'nine contracts, told by their identity');
is($identities[1], $identities[0], 'rows in reverse: the same contracts');

# ---- The ministry

new_database($node, 'ministere');
like(csv_ok('ministere', write_file('ministere.csv', encode('UTF-8', "\x{feff}Erreurs;id;nature;objet;acheteur.id;montant;titulaire_id_1;titulaire_typeIdentifiant_1;"
	. "titulaire_id_2;titulaire_typeIdentifiant_2;titulaire_id_3;titulaire_typeIdentifiant_3;marcheInnovant;attributionAvance;sousTraitanceDeclaree;"
	. "considerationsSociales;tauxAvance;idModification;montantModification;dateNotificationModificationModification\r\n"
	. "\"montant manquant (2024-01); autre (2024-01)\";INX 2024 E 1;Marché;\"a\\nb é\";21440999700019;10.5;$a;FRWF;$b;SIRET;$c;SIRET;oui;non;MQ nan;"
	. "\"['Clause sociale', 'Critère social']\";0.0;1;20.75;2024-05-06\r\n"
	. ";E2;Marché;b;21440999700019;MQ;$a;SIRET;CDL;CDL;CDL;CDL;non;INX oui;CDL;CDL;CDL;CDL;CDL;CDL\r\n"))),
	qr/read as "ministere_2022"/, 'ministry: known by its columns');
# oui may stand for nothing said: unknown, but kept in brut
sql_is('ministere', q{SELECT id, objet, montant, marche_innovant, attribution_avance, sous_traitance_declaree, considerations_sociales, taux_avance, brut
	FROM contrat ORDER BY id COLLATE "C"}, <<'END' =~ s/\n\z//r, 'ministry: oui is not believed, marks are no values');
2024 E 1|a
b é|10.5||f||{"Clause sociale","Critère social"}||{"Erreurs": "montant manquant (2024-01); autre (2024-01)", "marcheInnovant": "oui"}
E2|b||f|||||{"attributionAvance": "oui"}
END
sql_is('ministere', q{SELECT id, string_agg(type_identifiant || ' ' || left(identifiant, 2), ', ' ORDER BY t.rang),
	(SELECT string_agg(regle, ' ') FROM anomalie AS a WHERE a.contrat_id = c.contrat_id AND regle = 'titulaires_tronques')
	FROM contrat AS c JOIN titulaire AS t USING (contrat_id) GROUP BY c.contrat_id, id ORDER BY id COLLATE "C"},
	"2024 E 1|SIRET 33, SIRET 44, SIRET 55|titulaires_tronques\nE2|SIRET 33|", 'ministry: three holders may be the first three of more');
sql_is('ministere', q{SELECT id, montant, date_notification FROM modification}, '1|20.75|2024-05-06', 'ministry: its one modification');
like(csv_ok('ministere', write_file('concession.csv', encode('UTF-8', "id;nature;objet;autoriteConcedante.id;dateSignature;valeurGlobale;considerationsSociales;concessionnaire_id_1;"
	. "concessionnaire_typeIdentifiant_1;donneesExecution.depensesInvestissement;donneesExecution.intituleTarif;donneesExecution.tarif;valeurGlobaleModification\n"
	. "K1;Concession de service;Parking;21440999700019;2024-04-02;1000000.5;INX Concession réservée;$a;SIRET;5000.25;Heure;2.5;1100000\n"))),
	qr/read as "ministere_concessions"/, 'ministry, concessions: known by its columns');
sql_is('ministere', q{SELECT type_contrat, montant, date_notification, considerations_sociales,
		(SELECT montant FROM modification AS m WHERE m.contrat_id = c.contrat_id),
		(SELECT depenses_investissement FROM donnee_execution AS d WHERE d.contrat_id = c.contrat_id),
		(SELECT intitule || ' ' || tarif FROM tarif AS t WHERE t.contrat_id = c.contrat_id)
	FROM contrat AS c WHERE id = 'K1'}, 'concession|1000000.5|2024-04-02|{"Marché réservé"}|1100000|5000.25|Heure 2.5', 'ministry, concessions: read');

# ---- Other exports

new_database($node, 'exports');
# A portal writes names in small letters, and lists as Python does
csv_ok('exports', write_file('portail.csv', "id,acheteur_id,objet,codecpv,datenotification,lieuexecution_code,titulaires,montant,\n"
	. "P1,21440999700019,Voirie,45210000-2,2021-03-04,44109,\"[{'id': '$a', 'typeIdentifiant': 'SIRET', 'denominationSociale': \"\"L'ATELIER\"\"}, {'id': '$b', 'typeIdentifiant': None}]\",12.5,x\n"));
# A region's own: one row per holder, one of them twice, names with the bars of empty columns
csv_ok('exports', write_file('region.csv', "id;acheteur_id;objet;montant;titulaires_id;titulaires_typeIdentifiant;titulaires_denominationLegale\n"
	. "R1;23350001600040;Etudes;100;$a;SIRET;BUREAU D'ETUDES ||||\n" x 2 . "R1;23350001600040;Etudes;100;$b;SIRET;AUTRE |\n"));
sql_is('exports', q{SELECT id, code_cpv, date_notification, lieu_execution_code, montant,
	string_agg(concat_ws(' ', left(identifiant, 2), denomination_sociale), ', ' ORDER BY t.rang)
	FROM contrat JOIN titulaire AS t USING (contrat_id) GROUP BY contrat_id ORDER BY id},
	"P1|45210000|2021-03-04|44109|12.5|33 L'ATELIER, 44\nR1||||100|33 BUREAU D'ETUDES, 44 AUTRE", 'small letters, lists of Python, bars behind names: read');

# ---- What is refused, and what is said of it

new_database($node, 'refus');
my %refused = (
	'json' => [ '{"marches":[]}', qr/not a CSV file.*charger\.sql/s ],
	'xml' => [ "<?xml version=\"1.0\"?>\n<marches/>", qr/not a CSV file.*charger\.sql/s ],
	'gz' => [ "\x1f\x8b\x08\x00abc", qr/not a CSV file.*decompress/s ],
	'zip' => [ "PK\x03\x04abc", qr/not a CSV file.*CSV UTF-8/s ],
	'utf16' => [ encode('UTF-16', "id;acheteur.id\n"), qr/not a CSV file.*UTF-16/s ],
	'nul' => [ "id;acheteur.id;objet\n1;21440999700019;a\x00b\n", qr/NUL byte at byte offset 39/ ],
	'une_colonne' => [ "id#acheteur.id#objet\n1#2#3\n", qr/one column only.*id#acheteur\.id#objet.*separateur=/s ],
	'sans_id' => [ encode('UTF-8', "N° de marché;SIRET acheteur;objet\n1;2;3\n"),
		qr/no column of .* is known to be the contract's id.*The header reads: N.* de march.*, SIRET acheteur, objet\. .*decp_info.*INSERT INTO correspondance/s ],
	'sans_acheteur' => [ "id;objet;pouvoir\n1;2;3\n", qr/known to be the buyer's identifier.*'pouvoir', 'acheteur\.id'/s ],
	'trop' => [ "id;acheteur.id;objet\n1;21440999700019;x\n2;21440999700019;x;y\n", qr/extra data after last expected column.*line 3/s ],
	'trop_peu' => [ "id;acheteur.id;objet\n1;21440999700019;\"x\ny\"\n2;21440999700019\n", qr/missing data for column "objet".*line 4/s ],
	'guillemet' => [ "id;acheteur.id;objet\n1;21440999700019;\"x\n2;21440999700019;y\n", qr/unterminated CSV quoted field/ ],
	'utf8_abime' => [ "id;acheteur.id;objet\n1;21440999700019;\xc3\xa9t\xc3\xa9\n2;21440999700019;\xc3\xa9t\xe9\n", qr/UTF-8 with bytes that are not.*iconv.*invalid byte sequence for encoding "UTF8".*line 3/s ],
	'large' => [ join(',', map { "c$_" } 1 .. 1700) . "\n", qr/has 1700 columns.*At most 1599/s ]);
for my $name (sort keys %refused)
{
	my ($exit, undef, $stderr) = load_csv('refus', write_file("$name.csv", $refused{$name}[0]));
	isnt($exit, 0, "$name: refused");
	like($stderr, $refused{$name}[1], "$name: says why");
}
my %bad_variables = ('separateur=#' => qr/separator "#" is not one of/, 'encodage=inconnu' => qr/encoding "INCONNU" is not known/,
	'correspondance=autre' => qr/correspondance "autre" is not known.*Known are:.*decp_info/s);
for my $variable (sort keys %bad_variables)
{
	my ($exit, undef, $stderr) = load_csv('refus', "$dir/barre.csv", $variable);
	isnt($exit, 0, "$variable: refused");
	like($stderr, $bad_variables{$variable}, "$variable: says why");
}
isnt((load_csv('refus', "$dir/absent.csv"))[0], 0, 'a file that is not there: refused');
is($node->safe_psql('refus', 'SELECT count(*) FROM decp.chargement'), '0', 'nothing is left of what was refused');
like(csv_ok('refus', write_file('vide.csv', '')), qr/WARNING.*is empty/, 'an empty file: a warning');
like(csv_ok('refus', write_file('entete.csv', "id;acheteur.id;objet\n")), qr/WARNING.*a header and no row/, 'a header alone: a warning');
is($node->safe_psql('refus', 'SELECT count(*), sum(lus) FROM decp.chargement'), '2|0', 'both are loads of nothing');

# ---- A file of one's own

$node->safe_psql('refus', "INSERT INTO decp.correspondance (nom, colonne, champ) VALUES ('mien', 'No de marche', 'id'), ('mien', 'SIRET acheteur', 'acheteur.id'), ('mien', 'Service', 'brut.service')");
like(csv_ok('refus', write_file('mien.csv', encode('UTF-8', "No de marché;Siret Acheteur;Service;Objet;Couleur\nM1;21440999700019;Voirie;Pavés;bleu\n"))),
	qr/read as "mien".*columns not known, not loaded: Couleur.*HINT/s, 'a correspondance of one\'s own is found; what is not loaded is told');
sql_is('refus', 'SELECT id, objet, brut FROM contrat', 'M1|Pavés|{"service": "Voirie"}', 'and it says what the columns are');
$node->safe_psql('refus', "INSERT INTO decp.correspondance (nom, colonne, champ) VALUES ('mien', 'Couleur', 'teinte')");
like((load_csv('refus', "$dir/mien.csv"))[2], qr/names fields that the DECP do not have: teinte/, 'a field that does not exist is refused');

# ---- Real files, against Python's csv module

SKIP:
{
	my $data = real_data();
	skip 'no folder of real data (set SPASER_DATA)', 1 unless $data;
	# What the file tells, as Python reads it, in table attendu
	my $expect = sub {
		my ($db, $path, $separator, @wanted) = @_;
		my ($out, $stderr) = ('', '');
		IPC::Run::run([ 'python3', "$top/test/oracle/lignes_csv.py", $path, $separator, map { $_->[0] } @wanted ], '>', \$out, '2>', \$stderr) or die $stderr;
		my $expected = write_file("$db.attendu", $out);
		$node->safe_psql($db, 'CREATE TABLE public.attendu (' . join(', ', map { "$_->[1] $_->[2]" } @wanted) . ");\n\\copy public.attendu from '$expected' csv");
		return;
	};
	# Every record that was read, whichever of its copies the contract keeps
	my $records = q{SET search_path = decp, spaser, public;
		CREATE VIEW public.lu AS SELECT contenu_contrat(contrat_id) AS c FROM contrat UNION ALL SELECT contenu FROM version;};
	my $same = sub {
		my ($db, $columns, $query, $what) = @_;
		sql_is($db, "SET search_path = decp, spaser, public; WITH relu AS ($query), prevu AS (SELECT DISTINCT $columns FROM attendu)
			SELECT (SELECT count(*) FROM (TABLE prevu EXCEPT TABLE relu) AS p), (SELECT count(*) FROM (TABLE relu EXCEPT TABLE prevu) AS t),
				(SELECT count(*) > 0 FROM prevu)", '0|0|t', "$what: nothing lost, nothing added");
		return;
	};

	# decp.info, one row per holder, and no column that numbers the versions
	new_database($node, 'reel_info');
	my $info = "$data/decp-info-tabulaire/split_dev_2024Q3.csv";
	my ($exit, $out, $stderr) = load_csv('reel_info', $info);
	is($exit, 0, 'decp.info: loads') or diag($stderr);
	like($out, qr/\|\s+4127\s+\|/, 'decp.info: 4127 rows');
	$expect->('reel_info', $info, ',', [ 'acheteur_id', 'acheteur', 'text' ], [ 'id', 'id', 'text' ], [ 'titulaire_id', 'titulaire', 'text' ],
		[ ':montant', 'montant', 'numeric' ], [ ':dureeMois', 'duree', 'numeric' ], [ 'dateNotification', 'jour', 'date' ],
		[ 'codeCPV', 'cpv', 'text' ], [ 'procedure', 'passation', 'text' ], [ 'offresRecues', 'offres', 'text' ], [ 'acheteur_nom', 'nom', 'text' ]);
	$node->safe_psql('reel_info', $records);
	# Contracts and their modifications told again as rows are the rows of the file
	my $rows = q{WITH RECURSIVE etat AS (
			SELECT c, 0 AS pas, c -> 'montant' AS montant, c -> 'duree_mois' AS duree, c -> 'date_notification' AS jour, c -> 'titulaires' AS titulaires FROM lu
			UNION ALL
			SELECT c, pas + 1, coalesce(m -> 'montant', montant), coalesce(m -> 'duree_mois', duree),
				coalesce(m -> 'date_notification', jour), coalesce(m -> 'titulaires', titulaires)
			FROM etat CROSS JOIN LATERAL (SELECT c -> 'modifications' -> pas AS m OFFSET 0) AS suite WHERE m IS NOT NULL)
		SELECT DISTINCT c ->> 'acheteur_id', c ->> 'id', t ->> 'identifiant', (montant #>> '{}')::numeric, (duree #>> '{}')::numeric, (jour #>> '{}')::date
		FROM etat, jsonb_array_elements(titulaires) AS t};
	$same->('reel_info', 'acheteur, id, titulaire, montant, duree, jour', $rows, 'decp.info');
	# Where all rows of a number agree but for the holder, that is one contract
	sql_is('reel_info', q{SET search_path = decp, spaser, public;
		WITH certain AS (
			SELECT acheteur, id, min(montant) AS montant, count(DISTINCT titulaire) AS titulaires FROM attendu GROUP BY acheteur, id
			HAVING count(DISTINCT (montant, duree, jour, cpv, passation, offres, nom)) = 1),
		relu AS (
			SELECT acheteur, id, count(*) AS contrats, sum((c ->> 'montant')::numeric) AS montant,
				sum(jsonb_array_length(c -> 'titulaires')) AS titulaires, sum(coalesce(jsonb_array_length(c -> 'modifications'), 0)) AS modifications
			FROM certain JOIN lu ON c ->> 'acheteur_id' = acheteur AND c ->> 'id' = id GROUP BY acheteur, id)
		SELECT count(*) > 2000, count(*) FILTER (WHERE (relu.montant, relu.titulaires, contrats, modifications)
			IS DISTINCT FROM (certain.montant, certain.titulaires, 1, 0)) FROM certain LEFT JOIN relu USING (acheteur, id)},
		't|0', 'decp.info: one contract where rows differ by the holder only');

	# The ministry, one row per contract
	for my $case ([ 'reel_2019', 'decp_augmente_valides_2019_test.csv' ], [ 'reel_2022', 'decp_augmente_valides_2022_test.csv' ])
	{
		my ($db, $name) = @$case;
		new_database($node, $db);
		csv_ok($db, "$data/decp-augmente-csv/$name");
		is(join('|', counts($node, $db)), '9|9|0|0', "$name: nine contracts");
		$expect->($db, "$data/decp-augmente-csv/$name", ';', [ 'id', 'id', 'text' ], [ 'acheteur.id', 'acheteur', 'text' ], [ ':montant', 'montant', 'numeric' ],
			[ 'dateNotification', 'jour', 'date' ], map { [ "titulaire_id_$_", "t$_", 'text' ] } 1 .. 3);
		$node->safe_psql($db, $records);
		$node->safe_psql($db, q{UPDATE attendu SET id = regexp_replace(id, '^INX ', '')});
		$same->($db, 'id, acheteur, montant, jour', q{SELECT DISTINCT c ->> 'id', c ->> 'acheteur_id', (c ->> 'montant')::numeric, (c ->> 'date_notification')::date FROM lu}, $name);
		sql_is($db, q{SET search_path = decp, spaser, public; SELECT (SELECT count(*) FROM lu, jsonb_array_elements(c -> 'titulaires')) =
			(SELECT count(*) FROM attendu, unnest(ARRAY[t1, t2, t3]) AS t WHERE t <> 'CDL')}, 't', "$name: as many holders");
	}

	# The TableSchema's example: four rows, two numbers, two holders
	new_database($node, 'reel_schema');
	csv_ok('reel_schema', "$data/decp-table-schema/exemple-valide.csv");
	is((counts($node, 'reel_schema'))[0], 2, 'TableSchema: two records');
	$expect->('reel_schema', "$data/decp-table-schema/exemple-valide.csv", ',', [ 'id', 'id', 'text' ], [ 'titulaire_id', 'titulaire', 'text' ], [ ':montant', 'montant', 'numeric' ]);
	$node->safe_psql('reel_schema', $records);
	$same->('reel_schema', 'id, titulaire, montant', q{SELECT DISTINCT c ->> 'id', t ->> 'identifiant', (c ->> 'montant')::numeric FROM lu, jsonb_array_elements(c -> 'titulaires') AS t}, 'TableSchema');

	# Two extracts whose columns have names of their own
	for my $case ([ 'reel_extrait', 'decp-api-extrait/staging_decp.csv', 5301, 'id_marche', 'id_acheteur', 'montant_marche' ],
		[ 'reel_anomalies', 'openmarches-marts/mart_anomalies.csv', 1313, 'marche_id', 'acheteur_siret', 'montant_eur' ])
	{
		my ($db, $name, $count, $id, $buyer, $amount) = @$case;
		new_database($node, $db);
		like(csv_ok($db, "$data/$name"), qr/read as "usuel"/, "$name: known by names in common use");
		my ($read, $loaded, $there, $rejected) = counts($node, $db);
		is("$read $rejected " . ($loaded + $there), "$count 0 $count", "$name: every row is a contract or a copy of one");
		$expect->($db, "$data/$name", ',', [ $id, 'id', 'text' ], [ $buyer, 'acheteur', 'text' ], [ ":$amount", 'montant', 'numeric' ]);
		$node->safe_psql($db, $records);
		$same->($db, 'id, acheteur, montant', q{SELECT DISTINCT c ->> 'id', c ->> 'acheteur_id', (c ->> 'montant')::numeric FROM lu}, $name);
	}
}

$node->stop;
done_testing();
