# The rollup: whatever happened to the contracts, a cell is what plain aggregates
# over them give, byte for byte; a refresh touches what changed only, disturbs
# nobody, and is never disturbed.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use JSON::PP;
use SpaserTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = start_node('synthese');
my $dir = PostgreSQL::Test::Utils::tempdir();
my $generator = "$top/build/generateur";

sub rollup
{
	my ($db, @vars) = @_;
	$node->command_ok([ 'psql', '-X', '-q', '-d', $node->connstr($db), (map { ('-v', $_) } @vars),
			'-f', "$top/sql/decp/synthese.sql" ], "$db: the rollup is made");
}

sub refresh
{
	my ($db) = @_;
	return $node->safe_psql($db, 'SELECT contrats, cellules FROM decp.rafraichir_synthese()');
}

# What the cells have to be, from the tables of the loader alone: of each
# contract what the indicators ask for, in plain SQL, then one query per level
my $truth = q{
SET search_path = decp, spaser;
SET jit = off;
CREATE TEMP TABLE verite AS
WITH ordonnee AS (
	SELECT contrat_id, montant, duree_mois,
		row_number() OVER (PARTITION BY contrat_id ORDER BY coalesce(date_notification, date_publication_donnees, '-infinity'),
			coalesce(length(id), 0), id, coalesce(date_publication_donnees, '-infinity'), rang) AS ordre
	FROM modification
), montants AS (
	SELECT DISTINCT ON (contrat_id) contrat_id, montant FROM ordonnee WHERE montant > 1 ORDER BY contrat_id, ordre DESC
), durees AS (
	SELECT DISTINCT ON (contrat_id) contrat_id, duree_mois FROM ordonnee WHERE duree_mois IS NOT NULL ORDER BY contrat_id, ordre DESC
), actes AS (
	SELECT a.contrat_id, CASE WHEN bool_and(coalesce(coalesce(d.montant, a.montant) >= 0 AND coalesce(d.montant, a.montant) <= 3e9, false)) THEN sum(coalesce(d.montant, a.montant)) END AS montant
	FROM acte_sous_traitance AS a LEFT JOIN (
		SELECT DISTINCT ON (contrat_id, acte_id) contrat_id, acte_id, montant FROM modification_acte WHERE montant IS NOT NULL
		ORDER BY contrat_id, acte_id, coalesce(date_notification, date_publication_donnees, '-infinity') DESC,
			coalesce(date_publication_donnees, '-infinity') DESC, rang DESC
	) AS d ON d.contrat_id = a.contrat_id AND d.acte_id = a.id
	GROUP BY a.contrat_id
), lieux AS (
	SELECT acheteur_siren, mode() WITHIN GROUP (ORDER BY lieu) AS departement
	FROM (SELECT acheteur_siren, departement_du_lieu(lieu_execution_code, lieu_execution_type_code) COLLATE "C" AS lieu FROM contrat) AS t
	WHERE lieu IS NOT NULL GROUP BY acheteur_siren
)
SELECT c.*, c.type_contrat = 'marche' AS marche, en_valeur(profil, c.montant) AS valeur,
	coalesce(b.departement_registre, l.departement) AS departement,
	substr(code_cpv, 1, 2) AS division,
	make_date(extract(year FROM c.date_notification)::integer, extract(month FROM c.date_notification)::integer, 1) AS mois,
	make_date(extract(year FROM c.date_notification)::integer, 1, 1) AS annee,
	EXISTS (SELECT FROM ordonnee AS o WHERE o.contrat_id = c.contrat_id) AS modifie,
	CASE WHEN m.montant IS NULL THEN c.montant
		WHEN m.montant >= c.montant / 2 AND attribut(profil(type_contrat => type_contrat, montant => m.montant), 'montant') = 'utilisable'
		THEN m.montant END AS final,
	m.montant AS dernier,
	CASE WHEN m.montant IS NULL THEN c.montant WHEN attribut(profil(type_contrat => type_contrat, montant => m.montant), 'montant') = 'utilisable' THEN m.montant END AS brut_final,
	(SELECT sum(s.montant) FROM contrat AS s WHERE s.accord_cadre_id = c.contrat_id AND attribut(s.profil, 'montant') = 'utilisable') AS consomme,
	CASE WHEN d.duree_mois IS NULL THEN c.duree_mois
		WHEN d.duree_mois BETWEEN 1 AND CASE type_contrat WHEN 'marche' THEN 180 ELSE 360 END THEN d.duree_mois END AS duree_finale,
	CASE WHEN c.duree_mois BETWEEN 1 AND CASE type_contrat WHEN 'marche' THEN 180 ELSE 360 END THEN c.duree_mois END AS duree,
	a.contrat_id IS NOT NULL AS actes, a.montant AS sous_traite
FROM contrat AS c
LEFT JOIN montants AS m USING (contrat_id)
LEFT JOIN durees AS d USING (contrat_id)
LEFT JOIN actes AS a USING (contrat_id)
LEFT JOIN lieux AS l USING (acheteur_siren)
LEFT JOIN acheteur AS b ON b.siren = acheteur_siren;
-- What registers add has its own test
ALTER TABLE verite ADD attributions profil[];
UPDATE verite SET attributions = e.attributions, profil = avec(e.profil, 'depassement', CASE WHEN NOT modifie THEN 'sans'
	WHEN attribut(e.profil, 'montant') = 'utilisable' AND (dernier IS NULL OR attribut(profil(type_contrat => type_contrat, montant => dernier), 'montant') = 'utilisable')
	THEN CASE WHEN dernier / montant < 0.5 THEN 'suspect' WHEN dernier / montant > 1.5 THEN '50_plus' WHEN dernier / montant > 1.15 THEN '15_50'
		WHEN dernier / montant > 1.1 THEN '10_15' ELSE 'sans' END END) FROM contrat_enrichi AS e WHERE e.contrat_id = verite.contrat_id;
};
my @states = qw(bilan concentration offres duree duree_concession delai_publication taux_avance origine_ue origine_france
  ecart_montant derive_montant derive_montant_ensemble derive_duree derive_concession sous_traitance subvention attribution
  offres_hors_ms derive_montant_brut consommation subvention_nombre agglutination_60k agglutination_100k);
my $states = q{bilan(profil, montant),
	concentration(titulaires, valeur) FILTER (WHERE marche),
	histogramme(CASE WHEN offres_recues >= 1 THEN offres_recues END, valeur)
		FILTER (WHERE marche AND coalesce(attribut(profil, 'procedure'), '') <> 'sans_publicite'),
	histogramme(duree, valeur) FILTER (WHERE marche),
	histogramme(duree, valeur) FILTER (WHERE NOT marche),
	histogramme(CASE WHEN date_publication_donnees - date_notification >= 0 THEN date_publication_donnees - date_notification END, valeur)
		FILTER (WHERE marche),
	histogramme(CASE WHEN taux_avance > 0 AND taux_avance <= 1 THEN taux_avance END, valeur) FILTER (WHERE marche AND attribution_avance),
	histogramme(CASE attribut(profil, 'origine') WHEN 'renseignee' THEN origine_ue END, valeur)
		FILTER (WHERE marche AND attribut(profil, 'segment') <> '' AND coalesce(attribut(profil, 'origine'), '') <> 'non_concerne'),
	histogramme(CASE attribut(profil, 'origine') WHEN 'renseignee' THEN origine_france END, valeur)
		FILTER (WHERE marche AND attribut(profil, 'segment') <> '' AND coalesce(attribut(profil, 'origine'), '') <> 'non_concerne'),
	histogramme((final - montant) / montant, valeur) FILTER (WHERE marche AND modifie AND valeur IS NOT NULL),
	rapport(final - montant, valeur) FILTER (WHERE marche AND modifie AND valeur IS NOT NULL),
	rapport(final - montant, valeur) FILTER (WHERE marche AND valeur IS NOT NULL),
	rapport(duree_finale - duree, duree) FILTER (WHERE marche AND modifie),
	rapport(final - montant, valeur) FILTER (WHERE NOT marche AND valeur IS NOT NULL),
	rapport(sous_traite, brut_final) FILTER (WHERE marche AND actes AND valeur IS NOT NULL),
	rapport(CASE WHEN montant_subvention_publique >= 0 AND montant_subvention_publique <= 15e9 THEN montant_subvention_publique END, valeur) FILTER (WHERE NOT marche AND valeur IS NOT NULL),
	bilan_attributions(attributions, montant) FILTER (WHERE marche),
	histogramme(CASE WHEN offres_recues >= 1 THEN offres_recues END, valeur)
		FILTER (WHERE marche AND coalesce(attribut(profil, 'procedure'), '') <> 'sans_publicite' AND coalesce(attribut(profil, 'subsequent'), 'non') = 'non'),
	rapport(brut_final - montant, valeur)
		FILTER (WHERE marche AND modifie AND valeur IS NOT NULL),
	rapport(consomme, brut_final) FILTER (WHERE marche AND valeur IS NOT NULL AND consomme >= 0),
	rapport(CASE WHEN montant_subvention_publique > 0 AND montant_subvention_publique <= 15e9 THEN 1 WHEN montant_subvention_publique = 0 THEN 0 END, 1) FILTER (WHERE NOT marche),
	rapport(CASE WHEN montant / 60000 < 1 THEN 1 ELSE 0 END, CASE WHEN montant / 60000 < 1 THEN 0 ELSE 1 END)
		FILTER (WHERE marche AND montant / 60000 >= 0.9 AND montant / 60000 < 1.1),
	rapport(CASE WHEN montant / 100000 < 1 THEN 1 ELSE 0 END, CASE WHEN montant / 100000 < 1 THEN 0 ELSE 1 END)
		FILTER (WHERE marche AND montant / 100000 >= 0.9 AND montant / 100000 < 1.1)};
my %levels = (
	acheteur_mois => [ 'acheteur_siren', 'mois' ],
	acheteur_annee => [ 'acheteur_siren', 'annee' ],
	departement_mois => [ 'departement', 'mois' ],
	departement_annee => [ 'departement', 'annee' ],
	division_mois => [ 'division', 'mois' ],
	division_annee => [ 'division', 'annee' ],
	mois => [ 'NULL::text', 'mois' ],
	annee => [ 'NULL::text', 'annee' ]);

# Cells that differ from the truth, or are on one side only; and, lest nothing
# be compared with nothing, whether every contract is in each level once
sub is_true
{
	my ($db, $name) = @_;
	my $cells = join ' UNION ALL ',
	  map { "SELECT '$_', $levels{$_}[0], $levels{$_}[1], ROW($states)::text, count(*) FROM verite GROUP BY 2, 3" } sort keys %levels;
	my $stored = 'SELECT niveau, code, periode, ROW(' . join(', ', @states) . ')::text, contrats FROM synthese';
	is( $node->safe_psql($db, "$truth
		CREATE TEMP TABLE calculee AS $cells;
		CREATE TEMP TABLE stockee AS $stored;
		SELECT (SELECT count(*) FROM (TABLE calculee EXCEPT ALL TABLE stockee) AS t),
			(SELECT count(*) FROM (TABLE stockee EXCEPT ALL TABLE calculee) AS t),
			(SELECT count(*) FROM synthese_a_refaire) + (SELECT count(*) FROM synthese_variation),
			(SELECT count(*) FROM (SELECT niveau FROM synthese GROUP BY niveau HAVING sum(contrats) <> (SELECT count(*) FROM contrat)) AS t)"),
		'0|0|0|0', $name);
}

# ---- Whose département a place is in

is( $node->safe_psql(new_database($node, 'lieu'), 'CREATE SCHEMA autre'), '', 'a database');
rollup('lieu');
my @places = (
	[ '44000', 'Code postal', '44' ], [ '75008', 'Code postal', '75' ], [ '01000', 'Code postal', '01' ],
	[ '1000', 'Code postal', '01' ], [ '44', 'Code postal', '44' ], [ '20000', 'Code postal', '2A' ],
	[ '20167', 'Code postal', '2A' ], [ '20200', 'Code postal', '2B' ], [ '20620', 'Code postal', '2B' ],
	[ '97400', 'Code postal', '974' ], [ '98800', 'Code postal', '988' ], [ '98000', 'Code postal', '' ],
	[ '99999', 'Code postal', '' ], [ '00100', 'Code postal', '' ], [ 'SW1A', 'Code postal', '' ], [ '4410O', 'Code postal', '' ],
	[ '440', 'Code postal', '44' ], [ '440000', 'Code postal', '' ],
	[ '44109', 'Code commune', '44' ], [ '2A004', 'Code commune', '2A' ], [ '2b033', 'Code commune', '2B' ],
	[ '97411', 'Code commune', '974' ], [ '97801', 'Code commune', '978' ], [ '20004', 'Code commune', '' ],
	[ '441', 'Code arrondissement', '44' ], [ '2A1', 'Code arrondissement', '2A' ], [ '9711', 'Code arrondissement', '971' ],
	[ '4401', 'Code canton', '44' ], [ '0101', 'Code canton', '01' ], [ '97101', 'Code canton', '971' ],
	[ '44', 'Code département', '44' ], [ '1', 'Code département', '01' ], [ '044', 'Code département', '44' ],
	[ '2a', 'Code département', '2A' ], [ '976', 'Code département', '976' ], [ '20', 'Code département', '' ], [ '96', 'Code département', '' ],
	[ '52', 'Code région', '' ], [ 'FR', 'Code pays', '' ], [ '44000', 'Code inconnu', '' ]);
for my $place (@places)
{
	my ($code, $type, $expected) = @$place;
	is($node->safe_psql('lieu', "SELECT decp.departement_du_lieu('$code', '$type')"), $expected, "$type $code: département '$expected'");
}
is($node->safe_psql('lieu', "SELECT decp.departement_du_lieu(NULL, 'Code postal'), decp.departement_du_lieu('44000', NULL)"), '|', 'nothing known: none');

# ---- The toy set of contracts, with what was computed by hand on it

new_database($node, 'jouet');
load_ok($node, 'jouet', "$top/test/data/jouet.json");
rollup('jouet');
is_true('jouet', 'toy set: every cell is the truth');
is( $node->safe_psql('jouet', q{SET search_path = decp, spaser;
	SELECT round(moyenne(offres), 3), mediane(offres), round(hhi(concentration), 2), round(cr(concentration, 4), 4),
		round(gini(concentration), 4), round((premier(concentration)).part, 4), round(taux(derive_montant), 4),
		numerateur(derive_montant_ensemble), denominateur(derive_montant_ensemble),
		numerateur(derive_duree), denominateur(derive_duree), mediane(delai_publication)
	FROM synthese_annee WHERE periode = '2025-01-01'}),
	'2.571|2|2698.23|0.8607|0.4742|0.4198|0.2500|100000.00|1890000.00|6.00|24.00|59.5',
	'toy set: K01, K02, K13, K14, K15, K18, X02, X03, T01 as computed by hand');

# ---- Whatever happens to the contracts

sub generate
{
	my ($name, @options) = @_;
	system($generator, @options, '-o', "$dir/$name") == 0 or die "$generator failed";
	return "$dir/$name";
}
my $first = generate('un.json', '--contrats', 2000, '--graine', 31, '--defauts', 5, '--annee-debut', 2022, '--annee-fin', 2024);
my $old = generate('ancien.json', '--contrats', 200, '--graine', 32, '--format', 'v1', '--defauts', 5);
my $later = generate('deux.json', '--contrats', 400, '--graine', 33, '--acheteurs', 30, '--annee-debut', 2023, '--annee-fin', 2025);

new_database($node, 'vie');
load_ok($node, 'vie', $first);
rollup('vie');
is_true('vie', 'first build');
is(refresh('vie'), '0|0', 'nothing changed: nothing is done');

load_ok($node, 'vie', $later);
my ($contracts) = split /\|/, refresh('vie');
is($contracts, (counts($node, 'vie'))[1], 'a second load: as many contracts counted as it brought');
is_true('vie', 'a second load');

load_ok($node, 'vie', $old);
refresh('vie');
is_true('vie', 'contracts of old months, of format 1, arrive late');

# Fuller copies of contracts that are there: with modifications, a deed
my $document = decode_json(join "\n", slurp_lines($later));
my @fuller = grep { $_->{id} && $_->{montant} && !ref $_->{montant} } @{ $document->{marches}{marche} };
@fuller = @fuller[ 0 .. 39 ];
for my $i (0 .. $#fuller)
{
	my $m = $fuller[$i];
	$m->{modifications} = [ map { { modification => { id => $_, dateNotificationModification => "2025-0$_-15",
				datePublicationDonneesModification => "2025-0$_-20", dureeMois => 10 + $_,
				montant => $m->{montant} * ($i % 4 == 0 ? 0.1 : 1 + $_ / 10) } } } 1 .. 2 ];
	$m->{actesSousTraitance} = [ { acteSousTraitance => { id => 1, sousTraitant => { id => '55210055400013', typeIdentifiant => 'SIRET' },
			dateNotification => '2025-03-01', datePublicationDonnees => '2025-03-02', montant => $m->{montant} / 10 } } ];
}
append_to_file("$dir/complet.json", encode_json({ marches => { marche => \@fuller } }));
load_ok($node, 'vie', "$dir/complet.json");
is((split /\|/, last_load($node, 'vie'))[4], 40, '40 contracts are replaced by fuller copies');
is((split /\|/, refresh('vie'))[0], 40, 'and are the ones that are counted again');
is_true('vie', 'corrections, modifications, deeds');
isnt($node->safe_psql('vie', 'SELECT spaser.numerateur(spaser.fusion(sous_traitance)) FROM decp.synthese_annee'), '', 'among them what is sub-contracted');

my @events = (
	[ 'contracts change their buyer', q{UPDATE contrat SET acheteur_siren = (SELECT acheteur_siren FROM contrat WHERE contrat_id = 7) WHERE contrat_id % 11 = 0} ],
	[ 'and their date', q{UPDATE contrat SET date_notification = date_notification - 400 WHERE contrat_id % 13 = 0} ],
	[ 'buyer and date become unknown', q{UPDATE contrat SET acheteur_siren = NULL, date_notification = NULL WHERE contrat_id % 17 = 0} ],
	[ 'amounts, holders, bids, codes change', q{UPDATE contrat SET montant = montant * 2, titulaires = titulaires || '{000000000,123456789}',
		offres_recues = 4, code_cpv = '09123000' WHERE contrat_id % 19 = 0} ],
	[ 'places change, and their buyers move', q{UPDATE contrat SET lieu_execution_code = '2A004', lieu_execution_type_code = 'Code commune' WHERE contrat_id % 6 < 1} ],
	[ 'contracts are deleted', q{DELETE FROM contrat WHERE contrat_id % 5 = 0} ],
	[ 'a buyer leaves altogether', q{DELETE FROM contrat WHERE acheteur_siren = (SELECT acheteur_siren FROM contrat GROUP BY 1 HAVING count(*) > 3 ORDER BY count(*), 1 LIMIT 1)} ],
	[ 'ranks of modifications, identifiers of contracts change', q{UPDATE modification SET rang = rang + 1000 WHERE contrat_id NOT IN (SELECT contrat_id FROM titulaire_modification);
		DELETE FROM titulaire WHERE contrat_id % 23 = 0; DELETE FROM livraison; DELETE FROM version; DELETE FROM anomalie;
		UPDATE contrat SET contrat_id = contrat_id + 1000000 WHERE contrat_id IN (
			SELECT contrat_id FROM contrat WHERE accord_cadre_id IS NULL EXCEPT SELECT contrat_id FROM titulaire
			EXCEPT SELECT contrat_id FROM modification EXCEPT SELECT contrat_id FROM acte_sous_traitance
			EXCEPT SELECT contrat_id FROM donnee_execution EXCEPT SELECT accord_cadre_id FROM contrat)} ],
	[ 'a modification is corrected', q{UPDATE modification SET montant = montant + 5 WHERE rang = 2; DELETE FROM modification WHERE rang = 1001 AND contrat_id % 2 = 0} ],
	[ 'deeds change', q{UPDATE acte_sous_traitance SET montant = NULL WHERE contrat_id % 3 = 0;
		INSERT INTO modification_acte (contrat_id, rang, acte_id, montant) SELECT contrat_id, rang + 1000, id, 77 FROM acte_sous_traitance WHERE contrat_id % 2 = 0} ],
	[ 'what can\'t be true stops nothing', q{UPDATE acte_sous_traitance SET montant = 1e17 WHERE contrat_id % 5 = 0;
		UPDATE contrat SET montant_subvention_publique = 'NaN' WHERE type_contrat = 'concession' AND contrat_id % 2 = 0;
		UPDATE contrat SET montant = 1e-15, profil = spaser.avec(profil, 'montant', 'aberrant') WHERE contrat_id IN (SELECT contrat_id FROM modification WHERE montant > 1 AND contrat_id % 3 = 0);
		UPDATE contrat SET acheteur_nom = (SELECT string_agg(md5(g::text), '') FROM generate_series(1, 300) AS g) WHERE contrat_id % 11 = 0} ],
	[ 'deeds go', q{DELETE FROM acte_sous_traitance WHERE contrat_id % 2 = 1} ],
	[ 'everything of a table goes', q{TRUNCATE modification_acte} ],
	[ 'a change is undone before it is counted', q{UPDATE contrat SET montant = montant + 1 WHERE contrat_id % 9 = 0; UPDATE contrat SET montant = montant - 1 WHERE contrat_id % 9 = 0} ],
	[ 'a register says where buyers are', q{UPDATE acheteur SET departement_registre = '44' WHERE siren > '3' OR departement IS NULL;
		INSERT INTO acheteur (siren, departement_registre) VALUES ('999999999', '75')} ],
	[ 'and then no longer knows', q{UPDATE acheteur SET departement_registre = NULL WHERE siren < '5'; DELETE FROM acheteur WHERE siren >= '5'} ],
	[ 'everything is changed at once', q{UPDATE contrat SET date_notification = date_notification + 31} ]);
my $waiting = 0;
for my $event (@events)
{
	$node->safe_psql('vie', "SET search_path = decp; $event->[1]");
	my $counted = (split /\|/, refresh('vie'))[0] == $node->safe_psql('vie', 'SELECT count(*) FROM decp.contrat') ? 'all' : 'some';
	is($counted, $event->[0] =~ /everything/ ? 'all' : 'some', "$event->[0]: $counted counted");
	$waiting += $node->safe_psql('vie', 'SELECT count(*) FROM decp.synthese_cellule WHERE plus_bilan IS NOT NULL AND moins_bilan IS NOT NULL');
	is_true('vie', $event->[0]);
}
is($node->safe_psql('vie', 'SELECT count(*) FROM decp.synthese WHERE contrats = 0 OR bilan IS NULL'), 0, 'no cell is left empty');
isnt($waiting, 0, 'on the way there were large cells that kept apart what came and went');

my $before = $node->safe_psql('vie', 'SELECT count(*) FROM decp.synthese');
is($node->safe_psql('vie', 'SELECT cellules FROM decp.reconstruire_synthese()'), $before, 'counted again: as many cells');
is_true('vie', 'counted again');
$node->safe_psql('vie', 'TRUNCATE decp.contrat CASCADE');
refresh('vie');
is_true('vie', 'all contracts are gone');
is($node->safe_psql('vie', 'SELECT count(*) FROM decp.synthese'), 0, 'and so are all cells');
load_ok($node, 'vie', $later);
refresh('vie');
is_true('vie', 'and they come back');

# Run again it keeps what people gave, and nothing else of before
$node->safe_psql('vie', q{UPDATE decp.acheteur SET departement_registre = '29', nom_registre = 'Un nom'
	WHERE siren = (SELECT min(acheteur_siren) FROM decp.contrat)});
rollup('vie');
is_true('vie', 'made anew');
is($node->safe_psql('vie', q{SELECT nom, departement, origine_departement FROM decp.acheteur WHERE departement_registre IS NOT NULL}),
	'Un nom|29|registre', 'made anew: what was given in acheteur stays');

# ---- Only what changed is written

my $cell = q{FROM decp.contrat WHERE contrat_id = (SELECT min(contrat_id) FROM decp.contrat WHERE acheteur_siren IS NOT NULL AND code_cpv IS NOT NULL AND date_notification IS NOT NULL)};
$node->safe_psql('vie', "CREATE TABLE avant AS SELECT niveau, code, periode, calculee_le, bilan FROM decp.synthese;
	UPDATE decp.contrat SET montant = montant + 1 WHERE contrat_id = (SELECT contrat_id $cell)");
is(refresh('vie'), '1|8', 'one contract changes: a cell of each level is written');
is( $node->safe_psql('vie', "SELECT count(*) FILTER (WHERE s.calculee_le <> a.calculee_le), count(*) FILTER (WHERE s.bilan::text <> a.bilan::text),
		count(*) FILTER (WHERE s.calculee_le <> a.calculee_le AND s.bilan::text <> a.bilan::text), count(*) = (SELECT count(*) FROM decp.synthese)
	FROM decp.synthese AS s JOIN avant AS a ON s.niveau = a.niveau AND s.code IS NOT DISTINCT FROM a.code AND s.periode IS NOT DISTINCT FROM a.periode"),
	'8|8|8|t', 'and those are the cells that differ');
$node->safe_psql('vie', "UPDATE decp.contrat SET objet = 'autre objet' WHERE contrat_id % 3 = 0");
is(refresh('vie'), '0|0', 'what no state looks at changes: no cell is written');

# ---- Several at once

# A session of psql that stays open: run() gives what a statement says
package Session
{
	sub new
	{
		my ($class, $db) = @_;
		my $self = bless { in => '', out => '', n => 0 }, $class;
		$self->{psql} = IPC::Run::start([ 'psql', '-X', '-q', '-A', '-t', '-v', 'VERBOSITY=sqlstate', '-d', $node->connstr($db), '-f', '-' ],
			'<', \$self->{in}, '>', \$self->{out}, '2>&1', IPC::Run::timer(300));
		return $self;
	}
	sub send { my ($self, $sql) = @_; $self->{n}++; $self->{in} .= "$sql;\n\\echo fin $self->{n}\n"; $self->{psql}->pump_nb; return; }
	sub ended { my ($self) = @_; $self->{psql}->pump_nb; return $self->{out} =~ /^fin $self->{n}$/m; }
	sub wait
	{
		my ($self) = @_;
		$self->{psql}->pump until $self->{out} =~ /^fin $self->{n}$/m;
		my ($said) = $self->{out} =~ /\A(.*)^fin $self->{n}$/ms;
		$self->{out} = '';
		chomp $said;
		return $said;
	}
	sub run { my ($self, $sql) = @_; $self->send($sql); return $self->wait; }
	sub close { my ($self) = @_; $self->{in} .= "\\q\n"; $self->{psql}->finish; return; }
}

package main;

my $digest = q{SELECT md5(string_agg(s::text, '' ORDER BY niveau, code, periode)) FROM decp.synthese AS s};
my ($reader, $one, $two, $loader) = map { Session->new('vie') } 1 .. 4;

# A reader in one snapshot, and one that looks while a refresh runs
$reader->run('BEGIN ISOLATION LEVEL REPEATABLE READ');
my $seen = $reader->run($digest);
$node->safe_psql('vie', 'DELETE FROM decp.contrat WHERE contrat_id % 3 = 0');
$one->run('BEGIN');
$one->run('SELECT FROM decp.rafraichir_synthese()');
is($reader->run($digest), $seen, 'a reader sees the old cells while a refresh runs');
is($node->safe_psql('vie', $digest), $seen, 'and so does whoever comes');
$one->run('COMMIT');
is($reader->run($digest), $seen, 'a reader in one snapshot goes on seeing them when it ends');
$reader->run('COMMIT');
my $new = $reader->run($digest);
isnt($new, $seen, 'then the new ones');
is($new, $node->safe_psql('vie', $digest), 'all of them');
is_true('vie', 'which are the truth');

# Two refreshes: the second waits, and finds nothing left to do
$node->safe_psql('vie', 'DELETE FROM decp.contrat WHERE contrat_id % 3 = 1 AND contrat_id % 7 = 0');
$one->run('BEGIN');
isnt($one->run('SELECT contrats FROM decp.rafraichir_synthese()'), 0, 'two refreshes: the first counts');
$two->send('SELECT contrats, cellules FROM decp.rafraichir_synthese()');
$node->poll_query_until('vie', q{SELECT count(*) = 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()})
  or die 'the second refresh does not wait';
ok(!$two->ended, 'the second waits');
$one->run('COMMIT');
is($two->wait, '0|0', 'and finds nothing left to do');
is_true('vie', 'two refreshes: the truth');

# In one snapshot taken before the other ended it fails, and changes nothing
$two->run('BEGIN ISOLATION LEVEL REPEATABLE READ');
$two->run('SELECT count(*) FROM decp.synthese');
$node->safe_psql('vie', 'UPDATE decp.contrat SET montant = montant + 1 WHERE contrat_id % 4 = 0');
refresh('vie');
$node->safe_psql('vie', 'UPDATE decp.contrat SET montant = montant + 1 WHERE contrat_id % 4 = 1');
like($two->run('SELECT FROM decp.rafraichir_synthese()'), qr/40001/, 'in a snapshot of before: a serialization failure');
$two->run('ROLLBACK');
$two->run('BEGIN ISOLATION LEVEL REPEATABLE READ');
isnt($two->run('SELECT contrats FROM decp.rafraichir_synthese()'), 0, 'in a snapshot of its own it counts');
$two->run('COMMIT');
is_true('vie', 'and counts right');

# A load that has not ended when a refresh runs: all of it is counted by the next
$loader->run('BEGIN');
$loader->run('UPDATE decp.contrat SET offres_recues = 9 WHERE contrat_id % 2 = 0');
$loader->run("UPDATE decp.modification SET montant = montant + 100");
$node->safe_psql('vie', 'UPDATE decp.contrat SET duree_mois = 7 WHERE contrat_id % 2 = 1');
isnt((split /\|/, refresh('vie'))[0], 0, 'a load goes on: a refresh counts the others');
is_true('vie', 'and the truth without it');
$loader->run('COMMIT');
isnt((split /\|/, refresh('vie'))[0], 0, 'it ends: the next refresh counts it');
is_true('vie', 'and the truth with it');

# A table that is emptied while a refresh waits for it: the refresh counts anew
$loader->run('BEGIN');
$loader->run('TRUNCATE decp.modification CASCADE');
$loader->run('UPDATE decp.contrat SET offres_recues = 2 WHERE contrat_id % 5 = 0');
$one->send('SELECT FROM decp.rafraichir_synthese()');
$node->poll_query_until('vie', q{SELECT count(*) = 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()})
  or die 'the refresh does not wait';
$loader->run('COMMIT');
$one->wait;
is_true('vie', 'emptied while a refresh waited: nothing of it is left');

# Two that write contracts at once note them without waiting for each other
$loader->run('BEGIN');
$loader->run('UPDATE decp.contrat SET offres_recues = 3 WHERE contrat_id = (SELECT min(contrat_id) FROM decp.contrat)');
$one->run('BEGIN');
$one->send('UPDATE decp.contrat SET offres_recues = 3 WHERE contrat_id = (SELECT max(contrat_id) FROM decp.contrat)');
$one->wait;
$one->run('COMMIT');
pass('two writers do not wait for each other');
$loader->run('ROLLBACK');
refresh('vie');
is_true('vie', 'what was undone is not counted');
$_->close for $reader, $one, $two, $loader;

# ---- Who is not the owner, and tables with children, are told why not

new_database($node, 'refus');
for my $case ([ 'another owner', 'CREATE ROLE autre; ALTER TABLE decp.modification OWNER TO autre', qr/must be owner of table modification/ ],
	[ 'a child', 'ALTER TABLE decp.modification OWNER TO CURRENT_USER; CREATE TABLE decp.fille () INHERITS (decp.modification)', qr/table modification has partitions or children/ ])
{
	$node->safe_psql('refus', $case->[1]);
	my $err = '';
	ok(!IPC::Run::run([ 'psql', '-X', '-q', '-d', $node->connstr('refus'), '-f', "$top/sql/decp/synthese.sql" ], '>', \my $out, '2>', \$err),
		"$case->[0]: refused");
	like($err, $case->[2], "$case->[0]: and why");
}

# ---- Rights: a loader that owns nothing, a reader that may only read

new_database($node, 'droits');
$node->safe_psql('droits', q{
	CREATE ROLE charge LOGIN;
	CREATE ROLE lit LOGIN;
	GRANT USAGE ON SCHEMA decp, spaser TO charge, lit;
	GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA decp TO charge;
	GRANT USAGE ON ALL SEQUENCES IN SCHEMA decp TO charge;
	GRANT SELECT ON decp.contrat TO lit});
rollup('droits');
{
	local $ENV{PGUSER} = 'charge';
	load_ok($node, 'droits', $later);
}
refresh('droits');
is_true('droits', 'a loader without ownership');
{
	local $ENV{PGUSER} = 'lit';
	is( $node->safe_psql('droits', 'SELECT sum(contrats) FROM decp.synthese_annee'),
		$node->safe_psql('droits', 'SELECT count(*) FROM decp.contrat'), 'a reader reads the rollup');
	for my $forbidden ('SELECT FROM decp.rafraichir_synthese()', 'DELETE FROM decp.synthese_cellule', 'INSERT INTO decp.synthese_a_refaire VALUES (1)')
	{
		my ($status, undef, $err) = $node->psql('droits', $forbidden);
		isnt($status, 0, "a reader may not $forbidden");
		like($err, qr/permission denied/, 'and is told so');
	}
}

# ---- Dumped and restored it goes on

$node->safe_psql('postgres', 'CREATE DATABASE copie');
$node->command_ok([ 'pg_dump', '-d', $node->connstr('droits'), '-f', "$dir/copie.sql" ], 'the rollup is dumped');
$node->command_ok([ 'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-d', $node->connstr('copie'), '-f', "$dir/copie.sql" ], 'and restored');
is($node->safe_psql('copie', $digest), $node->safe_psql('droits', $digest), 'restored: the same cells');
$node->safe_psql('copie', 'DELETE FROM decp.contrat WHERE contrat_id % 7 = 0');
isnt((split /\|/, refresh('copie'))[0], 0, 'restored: changes are still noted');
is_true('copie', 'restored: and counted');

# ---- A schema of any name

my $schema = q{Mon "schéma" d'ici};
$node->safe_psql('postgres', 'CREATE DATABASE bizarre');
for my $script ('tables.sql', 'synthese.sql', 'charger.sql', 'synthese.sql')
{
	$node->command_ok([ 'psql', '-X', '-q', '-d', $node->connstr('bizarre'), '-v', "schema=$schema", '-v', "fichier=$later",
			'-f', "$top/sql/decp/$script" ], "$script in a schema of any name");
}
is($node->safe_psql('bizarre', q{SET search_path = nulle_part; DELETE FROM "Mon ""schéma"" d'ici".contrat WHERE contrat_id % 2 = 0;
		SELECT contrats > 0 FROM "Mon ""schéma"" d'ici".rafraichir_synthese()}),
	't', 'refreshed whatever the search path');

# ---- Everything says what it is, in French, to whoever looks at it

is( $node->safe_psql('vie', q{
		SELECT string_agg(quoi, ', ') FROM (
			SELECT c.relname || coalesce('.' || attname, '') AS quoi
			FROM pg_class AS c LEFT JOIN pg_attribute AS a ON attrelid = c.oid AND attnum > 0 AND NOT attisdropped
			WHERE relnamespace = 'decp'::regnamespace AND relname ~ '^(synthese|fait|acheteur)' AND relkind IN ('r', 'p', 'v')
				AND col_description(c.oid, coalesce(attnum, 0)) IS NULL AND (attnum IS NOT NULL OR obj_description(c.oid, 'pg_class') IS NULL)
			UNION ALL
			SELECT proname FROM pg_proc WHERE pronamespace = 'decp'::regnamespace AND obj_description(oid, 'pg_proc') IS NULL
			UNION ALL
			SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND obj_description(oid, 'pg_trigger') IS NULL) AS t}),
	'', 'everything has a comment');

$node->stop;
done_testing();
