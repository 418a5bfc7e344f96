# Distributions, concentration, shared contracts and ratios of sums, against
# figures that the extension did not make: the toy fixture's published rows;
# on real files a plain SQL formulation over the tables, and a Python program
# that reads the JSON itself.
#
# All are compared as fractions. What has a finite decimal form (numbers,
# euros, medians and quantiles) must be equal to the last digit; the rest
# (means, rates, HHI, Gini), of which SQL keeps some 16 digits, within 1e-12 of
# the value.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use SpaserTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = start_node('moteur');

# What a fraction is, for both parts of this file
my $fractions = q{
	CREATE FUNCTION public.vaut(x numeric, n numeric, d numeric) RETURNS boolean IMMUTABLE LANGUAGE SQL AS
	$$ SELECT CASE WHEN n IS NULL OR x IS NULL THEN n IS NULL AND x IS NULL
		WHEN n / d * d = n THEN x * d = n
		ELSE abs(x * d - n) <= 1e-12 * abs(n) END $$;
	CREATE FUNCTION public.vaut(x numeric, fraction text) RETURNS boolean IMMUTABLE LANGUAGE SQL AS
	$$ SELECT vaut(x, nullif(split_part(fraction, '/', 1), '')::numeric, coalesce(nullif(split_part(fraction, '/', 2), ''), '1')::numeric) $$;
};

# ---- The toy fixture

new_database($node, 'jouet');
load_ok($node, 'jouet', "$top/test/data/jouet.json");
$node->safe_psql('jouet', $fractions . <<'SQL');
SET search_path = public, spaser, decp;
CREATE TABLE sirene_brut (nom text, siret text, categorie text, departement text);
CREATE VIEW sirene AS SELECT left(siret, 9) AS siren, categorie, departement FROM sirene_brut;
CREATE TABLE acheteur (siren text, departement text);
INSERT INTO acheteur VALUES ('214409997', '44');
CREATE TABLE attendu (code text, variante text, unite text, numerateur text, denominateur text, inconnu text, valeur text, publie text);

-- A contract, with what its latest modifications say of amount and duration
CREATE VIEW marche AS
SELECT c.*, en_valeur(profil, c.montant) AS valeur, coalesce(m.montant, c.montant) AS dernier_montant, coalesce(d.duree_mois, c.duree_mois) AS derniere_duree
FROM contrat AS c
LEFT JOIN LATERAL (SELECT montant FROM modification WHERE contrat_id = c.contrat_id AND montant > 1
	ORDER BY date_notification DESC NULLS LAST, id DESC LIMIT 1) AS m ON true
LEFT JOIN LATERAL (SELECT duree_mois FROM modification WHERE contrat_id = c.contrat_id AND duree_mois IS NOT NULL
	ORDER BY date_notification DESC NULLS LAST, id DESC LIMIT 1) AS d ON true
WHERE type_contrat = 'marche';

-- A contract and one of its holders, with what the register says of the latter;
-- known only when it is known of every holder of the contract
CREATE VIEW attribution AS
SELECT c.contrat_id, c.profil, c.montant, c.valeur, cardinality(c.titulaires) AS parts,
	s.categorie = 'PME' AS pme, s.departement = a.departement AS local,
	bool_and(s.categorie IS NOT NULL) OVER contrat AS categorie_connue,
	bool_and(s.departement IS NOT NULL) OVER contrat AS departement_connu
FROM marche AS c
JOIN acheteur AS a ON a.siren = c.acheteur_siren
CROSS JOIN unnest(c.titulaires) AS titulaire
LEFT JOIN sirene AS s ON s.siren = titulaire
WINDOW contrat AS (PARTITION BY c.contrat_id);
SQL
for (
	[ 'sirene_brut', "$top/test/data/jouet_titulaires.csv" ],
	[ 'attendu', "$top/test/oracle/jouet_moteur.csv" ])
{
	my ($table, $file) = @$_;
	my $lines = join "\n", grep { !/^(#|code,|nom,)/ } slurp_lines($file);
	$node->safe_psql('jouet', "COPY $table FROM STDIN (FORMAT csv);\n$lines\n\\.\n");
}

$node->safe_psql('jouet', <<'SQL');
SET search_path = public, spaser, decp;
CREATE TABLE obtenu (code text, variante text, unite text, valeur numeric, numerateur numeric, denominateur numeric, inconnu numeric);

-- K01 to K04: bids received, but for contracts passed without publicity
WITH h AS MATERIALIZED (
	SELECT histogramme(nullif(offres_recues, 0), valeur) AS offres FROM marche
	WHERE attribut(profil, 'procedure') IS DISTINCT FROM 'sans_publicite'
)
INSERT INTO obtenu
SELECT 'K01', NULL, 'nombre', moyenne(offres), (SELECT sum(valeur * nombre) FROM detail(offres)), effectif(offres), inconnu(offres, 'nombre') FROM h
UNION ALL SELECT 'K02', NULL, 'nombre', mediane(offres), NULL, NULL, NULL FROM h
UNION ALL SELECT 'K03', NULL, 'nombre', m.taux, m.numerateur, m.denominateur, m.inconnu FROM h, part(offres, 1, 1, 'nombre') AS m
UNION ALL SELECT 'K04', NULL, 'montant', m.taux, m.numerateur, m.denominateur, m.inconnu FROM h, part(offres, 1, 1, 'montant') AS m;

-- T01: days from notification to publication; before notification is unknown
WITH h AS MATERIALIZED (
	SELECT histogramme(CASE WHEN date_publication_donnees >= date_notification THEN date_publication_donnees - date_notification END) AS delais FROM marche
)
INSERT INTO obtenu SELECT 'T01', NULL, 'jours', mediane(delais), NULL, NULL, inconnu(delais, 'nombre') FROM h;

-- K13 to K18: shares of holders by SIREN, in value
WITH c AS MATERIALIZED (SELECT concentration(titulaires, valeur) AS tous FROM marche)
INSERT INTO obtenu
SELECT 'K13', NULL, 'montant', hhi(tous) FROM c
UNION ALL SELECT 'K14', NULL, 'montant', cr(tous, 4) FROM c
UNION ALL SELECT 'K15', NULL, 'montant', gini(tous) FROM c
UNION ALL SELECT 'K18', NULL, 'montant', p.part FROM c, premier(tous) AS p WHERE p.titulaire = '900000019'
UNION ALL SELECT 'titulaires', NULL, NULL, titulaires(tous) FROM c;
INSERT INTO obtenu
SELECT 'nouveaux', NULL, unite, m.taux, m.numerateur, m.denominateur, m.inconnu
FROM (
	SELECT concentration(titulaires, valeur) FILTER (WHERE date_notification < '2025-04-01') AS avant,
		concentration(titulaires, valeur) FILTER (WHERE date_notification >= '2025-04-01') AS apres
	FROM marche
) AS c, unnest(ARRAY['titulaires', 'nombre', 'montant']) AS unite, nouveaux(apres, avant, unite) AS m;

-- L01, L04: each of k holders has 1/k of the contract
WITH h AS MATERIALIZED (
	SELECT histogramme(CASE WHEN categorie_connue THEN pme::integer END, valeur, parts) AS pme,
		histogramme(CASE WHEN departement_connu THEN local::integer END, valeur, parts) AS local
	FROM attribution
)
INSERT INTO obtenu
SELECT 'L01', NULL, unite, m.taux, m.numerateur, m.denominateur, m.inconnu
FROM h, unnest(ARRAY['nombre', 'montant']) AS unite, part(pme, 1, 1, unite) AS m
UNION ALL
SELECT 'L04', 'departement', unite, m.taux, m.numerateur, m.denominateur, m.inconnu
FROM h, unnest(ARRAY['nombre', 'montant']) AS unite, part(local, 1, 1, unite) AS m;
-- one holder is enough; a row per holder
INSERT INTO obtenu
SELECT 'L01', 'au_moins_un', 'nombre', m.taux, m.numerateur, m.denominateur, m.inconnu
FROM (
	SELECT histogramme(un::integer) AS h
	FROM (SELECT CASE WHEN bool_or(pme) THEN true WHEN bool_and(categorie_connue) THEN false END AS un FROM attribution GROUP BY contrat_id) AS c
) AS t, part(h, 1, 1, 'nombre') AS m
UNION ALL
SELECT 'L01', 'lignes', 'nombre', m.taux, m.numerateur, m.denominateur, m.inconnu
FROM (SELECT histogramme(pme::integer) AS h FROM attribution) AS t, part(h, 1, 1, 'nombre') AS m;

-- X: contracts modified, and by how much
INSERT INTO obtenu
SELECT 'X01', NULL, 'nombre', m.taux, m.numerateur, m.denominateur, m.inconnu
FROM (SELECT histogramme(modifications) AS h FROM marche) AS t, part(h, 1, NULL, 'nombre') AS m
UNION ALL
SELECT code, variante, unite, m.taux, m.numerateur, m.denominateur, m.inconnu
FROM (
	-- a latest amount below half the first one is rather an increment: unknown
	SELECT 'X02', 'tous', 'montant', rapport(CASE WHEN dernier_montant >= montant / 2 THEN dernier_montant - montant END, valeur) FROM marche WHERE valeur IS NOT NULL
	UNION ALL
	SELECT 'X02', 'modifies', 'montant', rapport(CASE WHEN dernier_montant >= montant / 2 THEN dernier_montant - montant END, valeur)
		FROM marche WHERE valeur IS NOT NULL AND modifications > 0
	UNION ALL
	SELECT 'X03', 'c7', 'mois', rapport(derniere_duree - duree_mois, duree_mois) FROM marche WHERE id = 'c7'
	UNION ALL
	SELECT 'X12', 'c4', 'montant', rapport((SELECT sum(montant) FROM marche AS s WHERE s.accord_cadre_id = a.contrat_id), dernier_montant) FROM marche AS a WHERE id = 'c4'
) AS t(code, variante, unite, r), mesurer(r) AS m;

INSERT INTO obtenu
SELECT 'montant brut', NULL, 'montant', sum(montant) FROM marche
UNION ALL SELECT 'montant hors subsequents', NULL, 'montant', montant(bilan(profil, montant)) FROM marche
UNION ALL SELECT 'montant actuel', NULL, 'montant', denominateur(r) + numerateur(r)
	FROM (SELECT rapport(dernier_montant - montant, valeur) AS r FROM marche WHERE valeur IS NOT NULL) AS t;
SQL

# What is wrong, in one line a row; what is published of it: rounded to as many decimals
is( $node->safe_psql('jouet', q{
		SELECT c.*, a.numerateur, o.numerateur, a.denominateur, o.denominateur, a.inconnu, o.inconnu, a.valeur, o.valeur, publie
		FROM attendu AS a FULL JOIN obtenu AS o
			ON (a.code, coalesce(a.variante, ''), coalesce(a.unite, '')) = (o.code, coalesce(o.variante, ''), coalesce(o.unite, ''))
			CROSS JOIN LATERAL (SELECT coalesce(a.code, o.code), coalesce(a.variante, o.variante), coalesce(a.unite, o.unite)) AS c(code, variante, unite)
		WHERE (vaut(o.valeur, a.valeur)
			AND (a.numerateur IS NULL OR vaut(o.numerateur, a.numerateur))
			AND (a.denominateur IS NULL OR vaut(o.denominateur, a.denominateur))
			AND (a.inconnu IS NULL OR vaut(o.inconnu, a.inconnu))
			AND round(o.valeur * CASE WHEN publie LIKE '%\%' THEN 100 ELSE 1 END, scale(rtrim(publie, '%')::numeric)) = rtrim(publie, '%')::numeric)
			IS NOT TRUE
		ORDER BY 1, 2, 3 }),
	'', 'toy fixture: every row of the reference');
is($node->safe_psql('jouet', 'SELECT count(*), (SELECT count(*) FROM attendu) FROM obtenu'), '27|27',
	'toy fixture: twenty-seven rows compared');

# The same shares by bilans of attributions; and shares of a contract make one contract
is( $node->safe_psql('jouet', q{
		SET search_path = public, spaser, decp;
		SELECT vaut(nombre(pme), '25/6'), nombre(connus) = 7, vaut(montant(pme), '2930000/3'), montant(connus) = 1810000, nombre(tous) = 8, montant(tous) = 1890000,
			(SELECT array_agg(i) FROM indicateurs(tous) AS i) = (SELECT array_agg(i) FROM indicateurs(par_contrat) AS i)
		FROM (SELECT bilan(profil, montant, parts) FILTER (WHERE categorie_connue AND pme) AS pme,
				bilan(profil, montant, parts) FILTER (WHERE categorie_connue) AS connus, bilan(profil, montant, parts) AS tous FROM attribution) AS a,
			(SELECT bilan(profil, montant) AS par_contrat FROM marche) AS b}),
	't|t|t|t|t|t|t', 'toy fixture: bilans of attributions');

# ---- Shares of any number of parts, on small random sets, against plain SQL in
# whole numbers of the smallest share: a contract or a centime divided by the
# least common multiple of the parts. In the last sets it has over 100 digits.

new_database($node, 'parts');
$node->safe_psql('parts', $fractions . <<'SQL');
SET search_path = public, spaser;
CREATE AGGREGATE ppcm(numeric) (SFUNC = lcm, STYPE = numeric, INITCOND = 1);
SELECT setseed(0.4);
CREATE TABLE part AS
SELECT n % 300 AS ensemble,
	CASE WHEN random() < 0.9 THEN round((random() * 12 - 2)::numeric, (random() * 1.3)::integer) END AS v,
	CASE WHEN random() < 0.9 THEN round((random() * 10 ^ (n % 300 / 40))::numeric, 3) END AS montant,
	CASE WHEN n % 300 < 100 THEN 1 + (random() * 3)::integer WHEN n % 300 < 200 THEN 1 + (random() * 14)::integer ELSE 1 + (random() * 255)::integer END AS parts,
	CASE WHEN random() < 0.9 THEN (100000000 + (random() ^ 2 * 20)::integer)::text END AS titulaire
FROM generate_series(1, 12000) AS n
WHERE random() < 0.7;

CREATE TABLE resultat (ensemble integer, mesure text, unite text, valeur numeric);
CREATE TABLE attendu (ensemble integer, mesure text, unite text, numerateur numeric, denominateur numeric);

INSERT INTO resultat
SELECT ensemble, m.mesure, unite, m.valeur
FROM (SELECT ensemble, histogramme(v, montant, parts) AS h, concentration(titulaire, montant, parts) AS c FROM part GROUP BY ensemble) AS t,
	unnest(ARRAY['nombre', 'montant']) AS unite,
	LATERAL (
		SELECT 'effectif', effectif(h, unite)
		UNION ALL SELECT 'inconnu', inconnu(h, unite)
		UNION ALL SELECT 'moyenne', moyenne(h, unite)
		UNION ALL SELECT 'q' || q, quantile(h, q, unite) FROM unnest(ARRAY[0, 0.1, 0.25, 0.5, 0.9, 1]) AS q
		UNION ALL SELECT 'part', (part(h, 0, 4.5, unite)).taux
		UNION ALL SELECT 'titulaires effectif', effectif(c, unite)
		UNION ALL SELECT 'titulaires inconnu', inconnu(c, unite)
		UNION ALL SELECT 'titulaires', titulaires(c)
		UNION ALL SELECT 'hhi', hhi(c, unite)
		UNION ALL SELECT 'hhi_normalise', hhi_normalise(c, unite)
		UNION ALL SELECT 'cr' || k, cr(c, k, unite) FROM generate_series(1, 5) AS k
		UNION ALL SELECT 'gini', gini(c, unite)
		UNION ALL SELECT 'premier', (premier(c, unite)).part
		UNION ALL SELECT 'qui', (premier(c, unite)).titulaire::numeric
	) AS m(mesure, valeur);

CREATE TABLE poids AS
SELECT ensemble, v, titulaire, unite, ppcm * CASE unite WHEN 'nombre' THEN 1 ELSE 100 END AS un,
	div(ppcm, parts) * CASE unite WHEN 'nombre' THEN 1 ELSE coalesce(100 * round(montant, 2), 0) END AS x
FROM (SELECT *, ppcm(parts) OVER (PARTITION BY ensemble) FROM part) AS p, unnest(ARRAY['nombre', 'montant']) AS unite;

INSERT INTO attendu
SELECT ensemble, m.mesure, unite, m.numerateur, m.denominateur
FROM (
	SELECT ensemble, unite, un, sum(x) FILTER (WHERE v IS NOT NULL) AS connu, coalesce(sum(x) FILTER (WHERE v IS NULL), 0) AS inconnu,
		sum(v * x) AS somme, coalesce(sum(x) FILTER (WHERE v BETWEEN 0 AND 4.5), 0) AS dedans
	FROM poids GROUP BY ensemble, unite, un
) AS t, LATERAL (
	SELECT 'effectif', connu, un
	UNION ALL SELECT 'inconnu', inconnu, un
	UNION ALL SELECT 'moyenne', somme, connu
	UNION ALL SELECT 'part', dedans, connu
) AS m(mesure, numerateur, denominateur)
UNION ALL
SELECT ensemble, 'q' || q, unite, min(v) FILTER (WHERE jusque >= q * total) + coalesce(min(v) FILTER (WHERE jusque > q * total), max(v)), 2
FROM (
	SELECT ensemble, unite, v, sum(x) OVER (PARTITION BY ensemble, unite ORDER BY v) AS jusque, sum(x) OVER (PARTITION BY ensemble, unite) AS total
	FROM poids WHERE v IS NOT NULL AND x > 0
) AS p, unnest(ARRAY[0, 0.1, 0.25, 0.5, 0.9, 1]) AS q
GROUP BY ensemble, unite, q
UNION ALL
SELECT ensemble, 'titulaires', unite, count(DISTINCT titulaire), 1 FROM poids GROUP BY ensemble, unite;

INSERT INTO attendu
SELECT ensemble, m.mesure, unite, m.numerateur, m.denominateur
FROM (
	SELECT ensemble, unite, un, sum(x) FILTER (WHERE connu) AS total, coalesce(sum(x) FILTER (WHERE NOT connu), 0) AS inconnu,
		count(titulaire) AS n, sum(x * x) FILTER (WHERE connu) AS carres, sum(x * (n - rang + 1)) FILTER (WHERE connu) AS rangs,
		array_agg(x ORDER BY rang) FILTER (WHERE connu) AS decroissants, min(titulaire) FILTER (WHERE x = plus) AS qui
	FROM (
		SELECT *, titulaire IS NOT NULL AS connu, max(x) OVER w AS plus, count(*) OVER w AS n,
			row_number() OVER (PARTITION BY ensemble, unite, titulaire IS NULL ORDER BY x DESC) AS rang
		FROM (SELECT ensemble, unite, un, titulaire, sum(x) AS x FROM poids GROUP BY ensemble, unite, un, titulaire HAVING sum(x) > 0) AS s
		WINDOW w AS (PARTITION BY ensemble, unite, titulaire IS NULL)
	) AS s GROUP BY ensemble, unite, un
) AS t, LATERAL (
	SELECT 'titulaires effectif', total, un
	UNION ALL SELECT 'titulaires inconnu', inconnu, un
	UNION ALL SELECT 'hhi', 10000 * carres, total * total
	UNION ALL SELECT 'hhi_normalise', n * carres - total * total, (n - 1) * total * total WHERE n > 1
	UNION ALL SELECT 'cr' || k, (SELECT sum(u) FROM unnest(decroissants[:k]) AS u), total FROM generate_series(1, 5) AS k
	UNION ALL SELECT 'gini', 2 * rangs - (n + 1) * total, n * total WHERE n >= 5
	UNION ALL SELECT 'premier', decroissants[1], total
	UNION ALL SELECT 'qui', qui::numeric, 1
) AS m(mesure, numerateur, denominateur);
SQL
is( $node->safe_psql('parts', q{
		SELECT r.*, a.numerateur, a.denominateur FROM attendu AS a FULL JOIN resultat AS r USING (ensemble, mesure, unite)
		WHERE vaut(valeur, numerateur, denominateur) IS NOT TRUE LIMIT 20}),
	'', 'shares: as in plain SQL');
is( $node->safe_psql('parts', q{
		SELECT count(DISTINCT ensemble), count(DISTINCT mesure), max(length(denominateur::text)) > 100, count(*) FROM attendu}),
	'300|23|t|13800', 'shares: what was compared');

# What detail shows is what GROUP BY counts
is( $node->safe_psql('parts', q{
		SET search_path = public, spaser;
		WITH etat AS MATERIALIZED (SELECT ensemble, histogramme(v, montant, parts) AS h, concentration(titulaire, montant, parts) AS c FROM part GROUP BY ensemble),
		obtenu AS (
			SELECT ensemble, 'v', valeur::text, nombre, montant FROM etat, detail(h)
			UNION ALL SELECT ensemble, 'titulaire', titulaire, nombre, montant FROM etat, detail(c)
		), compte AS (
			SELECT ensemble, de, cle, sum(x) FILTER (WHERE unite = 'nombre') AS n, sum(x) FILTER (WHERE unite = 'montant') AS m, max(un) FILTER (WHERE unite = 'nombre') AS un
			FROM poids, LATERAL (VALUES ('v', trim_scale(v)::text), ('titulaire', titulaire)) AS k(de, cle) GROUP BY ensemble, de, cle
		)
		SELECT count(*) > 10000, count(*) FILTER (WHERE (vaut(nombre, n, un) AND vaut(montant, m, 100 * un)) IS NOT TRUE)
		FROM (SELECT ensemble, de, coalesce(cle, '') AS cle, n, m, un FROM compte) AS c
			FULL JOIN (SELECT ensemble, de, coalesce(cle, ''), nombre, montant FROM obtenu AS o(ensemble, de, cle)) AS o(ensemble, de, cle, nombre, montant)
			USING (ensemble, de, cle)}),
	't|0', 'shares: detail');

# ---- Real files: each buyer, and all of them (*)

SKIP:
{
	my $data = real_data();
	skip 'no folder of real data (set SPASER_DATA): real files not tested', 1 unless $data;

	my @files = sort map { glob "$data/$_/*.json" } qw(2019-json-consolidated 2022-dematis 2022-megalis);
	cmp_ok(scalar @files, '>', 15, scalar(@files) . ' real files');
	new_database($node, 'reel');
	load_ok($node, 'reel', $_) for @files;

	my $python = qx{python3 "$top/test/oracle/distribuer.py" @{[ map { "'$_'" } @files ]}};
	is($?, 0, 'the Python program ran');
	$python =~ s/^acheteur,.*\n//;

	$node->safe_psql('reel', $fractions . <<'SQL');
SET search_path = public, spaser, decp;
CREATE TABLE python (acheteur text, mesure text, unite text, numerateur numeric, denominateur numeric);
CREATE TABLE resultat (source text, acheteur text, mesure text, unite text, valeur numeric);

-- What is measured of a contract. valeur: its euros, when they count (in plain
-- SQL, beside en_valeur); concurrence: whether its bids do
CREATE VIEW fait AS
SELECT contrat_id, acheteur, profil, montant, titulaires,
	CASE WHEN attribut(profil, 'montant') = 'utilisable' AND coalesce(attribut(profil, 'subsequent') NOT IN ('lie', 'v1'), true) THEN round(montant, 2) END AS valeur,
	attribut(profil, 'procedure') IS DISTINCT FROM 'sans_publicite' AS concurrence, nullif(offres_recues, 0) AS offres,
	CASE WHEN duree_mois BETWEEN 1 AND 180 THEN duree_mois END AS duree,
	CASE WHEN date_publication_donnees >= date_notification THEN date_publication_donnees - date_notification END AS delai
FROM contrat, LATERAL (VALUES (coalesce(acheteur_id, '')), ('*')) AS a(acheteur)
WHERE type_contrat = 'marche';
SQL
	$node->safe_psql('reel', "COPY python FROM STDIN (FORMAT csv, FORCE_NOT_NULL (acheteur));\n$python\\.\n");

	# By the extension
	$node->safe_psql('reel', <<'SQL');
SET search_path = public, spaser, decp;
WITH etat AS MATERIALIZED (
	SELECT acheteur, histogramme(offres, en_valeur(profil, montant)) FILTER (WHERE concurrence) AS offres,
		histogramme(duree, en_valeur(profil, montant)) AS duree, histogramme(delai, en_valeur(profil, montant)) AS delai,
		concentration(titulaires, en_valeur(profil, montant)) AS titulaires
	FROM fait GROUP BY acheteur
)
INSERT INTO resultat
SELECT 'spaser', acheteur, nom || ' ' || m.mesure, unite, m.valeur
FROM etat,
	LATERAL (VALUES ('offres', offres, 1, 1), ('duree', duree, 49, NULL), ('delai', delai, NULL, 62)) AS h(nom, h, mini, maxi),
	unnest(ARRAY['nombre', 'montant']) AS unite,
	LATERAL (
		SELECT 'effectif', effectif(h, unite)
		UNION ALL SELECT 'inconnu', inconnu(h, unite)
		UNION ALL SELECT 'moyenne', moyenne(h, unite)
		UNION ALL SELECT 'q' || q, quantile(h, q, unite) FROM unnest(ARRAY[0.1, 0.25, 0.5, 0.75, 0.9]) AS q
		UNION ALL SELECT 'part', (part(h, mini, maxi, unite)).taux
	) AS m(mesure, valeur)
WHERE h IS NOT NULL
UNION ALL
SELECT 'spaser', acheteur, m.mesure, unite, m.valeur
FROM etat, unnest(ARRAY['nombre', 'montant']) AS unite,
	LATERAL (
		SELECT 'titulaires effectif', effectif(titulaires, unite)
		UNION ALL SELECT 'titulaires inconnu', inconnu(titulaires, unite)
		UNION ALL SELECT 'titulaires', titulaires(titulaires) WHERE unite = 'nombre'
		UNION ALL SELECT 'hhi', hhi(titulaires, unite)
		UNION ALL SELECT 'hhi_normalise', hhi_normalise(titulaires, unite)
		UNION ALL SELECT 'cr1', (premier(titulaires, unite)).part
		UNION ALL SELECT 'cr4', cr(titulaires, 4, unite)
		UNION ALL SELECT 'gini', gini(titulaires, unite)
	) AS m(mesure, valeur);
SQL

	# By plain SQL, from the tables: percentile_cont for numbers; for euros,
	# the value where the running sum of centimes passes that part of their total,
	# or the mean of two when it falls between them
	$node->safe_psql('reel', <<'SQL');
SET search_path = public, spaser, decp;
CREATE TEMP TABLE valeur AS
SELECT acheteur, nom, v, unite, CASE unite WHEN 'nombre' THEN 1 ELSE 100 * valeur END AS poids
FROM fait, LATERAL (VALUES ('offres', offres), ('duree', duree), ('delai', delai)) AS x(nom, v),
	unnest(ARRAY['nombre', 'montant']) AS unite
WHERE (nom <> 'offres' OR concurrence) AND (unite = 'nombre' OR valeur IS NOT NULL);

INSERT INTO resultat
SELECT 'sql', acheteur, nom || ' ' || m.mesure, unite, m.valeur
FROM (
	SELECT acheteur, nom, unite, coalesce(sum(poids) FILTER (WHERE v IS NOT NULL), 0) AS connu, coalesce(sum(poids) FILTER (WHERE v IS NULL), 0) AS inconnu,
		sum(v * poids) AS somme, sum(poids) FILTER (WHERE CASE nom WHEN 'offres' THEN v = 1 WHEN 'duree' THEN v > 48 ELSE v <= 62 END) AS dedans,
		percentile_cont(ARRAY[0.1, 0.25, 0.5, 0.75, 0.9]) WITHIN GROUP (ORDER BY v) FILTER (WHERE unite = 'nombre') AS quantiles
	FROM valeur GROUP BY acheteur, nom, unite
) AS t, LATERAL (
	SELECT 'effectif', connu / CASE unite WHEN 'nombre' THEN 1 ELSE 100 END
	UNION ALL SELECT 'inconnu', inconnu / CASE unite WHEN 'nombre' THEN 1 ELSE 100 END
	UNION ALL SELECT 'moyenne', somme / nullif(connu, 0)
	UNION ALL SELECT 'part', coalesce(dedans, 0) / nullif(connu, 0)
	UNION ALL SELECT 'q' || (ARRAY[0.1, 0.25, 0.5, 0.75, 0.9])[i], quantiles[i]::numeric FROM generate_series(1, 5) AS i WHERE unite = 'nombre'
) AS m(mesure, valeur);

WITH cumul AS (
	SELECT acheteur, nom, v, sum(poids) OVER (PARTITION BY acheteur, nom ORDER BY v) AS jusque, sum(poids) OVER (PARTITION BY acheteur, nom) AS total
	FROM valeur WHERE unite = 'montant' AND v IS NOT NULL
)
INSERT INTO resultat
SELECT 'sql', acheteur, nom || ' q' || q, 'montant', (dessous + coalesce(dessus, dessous)) / 2.0
FROM (
	SELECT acheteur, nom, q, min(v) FILTER (WHERE jusque >= q * total) AS dessous, min(v) FILTER (WHERE jusque > q * total) AS dessus
	FROM cumul, unnest(ARRAY[0.1, 0.25, 0.5, 0.75, 0.9]) AS q GROUP BY acheteur, nom, q, total
) AS t;

-- Shares of holders from the table titulaire: SIREN, else another identifier,
-- with its type when it is a number; zeros and nothing are nobody that is
-- known, one each
CREATE TEMP TABLE part AS
SELECT acheteur, unite, titulaire, CASE unite WHEN 'nombre' THEN 1.0 ELSE valeur END / count(*) OVER (PARTITION BY acheteur, unite, contrat_id) AS x
FROM fait
	LEFT JOIN (
		SELECT DISTINCT contrat_id, t.titulaire, CASE WHEN t.titulaire IS NULL THEN rang END AS inconnu
		FROM titulaire, LATERAL (SELECT CASE WHEN identifiant ~ '^0*$' THEN NULL WHEN siren IS NOT NULL THEN siren
			WHEN identifiant ~ '^\d+$' THEN trim(concat(type_identifiant, ' ', identifiant)) ELSE upper(identifiant) END) AS t(titulaire)
	) AS t USING (contrat_id),
	unnest(ARRAY['nombre', 'montant']) AS unite
WHERE unite = 'nombre' OR valeur IS NOT NULL;
INSERT INTO resultat
SELECT 'sql', acheteur, m.mesure, unite, m.valeur
FROM (
	SELECT acheteur, unite, coalesce(sum(x) FILTER (WHERE titulaire IS NOT NULL), 0) AS total, coalesce(sum(x) FILTER (WHERE titulaire IS NULL), 0) AS inconnu, count(titulaire) AS n,
		sum(x ^ 2) FILTER (WHERE titulaire IS NOT NULL) AS carres, max(x) FILTER (WHERE titulaire IS NOT NULL) AS premier,
		sum(x) FILTER (WHERE titulaire IS NOT NULL AND rang <= 4) AS quatre, sum(x * i) FILTER (WHERE titulaire IS NOT NULL) AS rangs
	FROM (
		SELECT acheteur, unite, titulaire, sum(x) AS x, row_number() OVER (PARTITION BY acheteur, unite, titulaire IS NULL ORDER BY sum(x) DESC) AS rang,
			row_number() OVER (PARTITION BY acheteur, unite, titulaire IS NULL ORDER BY sum(x)) AS i
		FROM part GROUP BY acheteur, unite, titulaire
	) AS p GROUP BY acheteur, unite
) AS t, LATERAL (
	SELECT 'titulaires effectif', total
	UNION ALL SELECT 'titulaires inconnu', inconnu
	UNION ALL SELECT 'titulaires', n WHERE unite = 'nombre'
	UNION ALL SELECT 'hhi', 10000 * carres / total ^ 2
	UNION ALL SELECT 'hhi_normalise', (carres / total ^ 2 - 1.0 / n) / (1 - 1.0 / n) WHERE n > 1
	UNION ALL SELECT 'cr1', premier / total
	UNION ALL SELECT 'cr4', quatre / total
	UNION ALL SELECT 'gini', 2 * rangs / (n * total) - (n + 1.0) / n WHERE n >= 5
) AS m(mesure, valeur);
SQL

	# A group of which nothing is known has no row in plain SQL, and 0 in Python.
	# Plain SQL divides early, and percentile_cont is a double: of its 0 some
	# 1e-16 may be left, hence a tolerance that is absolute too.
	for my $source (qw(spaser sql))
	{
		my $equal = $source eq 'sql' ? 'abs(valeur * denominateur - numerateur) <= 1e-12 * greatest(abs(numerateur), denominateur)'
		  : 'vaut(valeur, numerateur, denominateur)';
		my $rows = qq{
			FROM (SELECT acheteur, mesure, unite, numerateur, denominateur, coalesce(valeur, CASE WHEN mesure ~ ' (effectif|inconnu)\$' THEN 0 END) AS valeur
				FROM python FULL JOIN (SELECT * FROM resultat WHERE source = '$source') AS r USING (acheteur, mesure, unite)) AS t
			WHERE (numerateur IS NOT NULL OR valeur IS NOT NULL)};
		is( $node->safe_psql('reel', "SELECT acheteur, mesure, unite, numerateur, denominateur, valeur $rows AND ($equal) IS NOT TRUE ORDER BY 1, 2, 3 LIMIT 20"),
			'', "real files: $source as Python");
		is( $node->safe_psql('reel', "SELECT count(*), count(DISTINCT acheteur) $rows"),
			$node->safe_psql('reel', 'SELECT count(*), count(DISTINCT acheteur) FROM python'), "real files: $source, every row compared");
	}
	cmp_ok($node->safe_psql('reel', "SELECT count(*) FROM python WHERE mesure ~ '(hhi|gini|q0.5)'"), '>', 1000, 'real files: over a thousand of HHI, Gini, medians');

	# The largest holder, of several the first, is one that detail shows
	is( $node->safe_psql('reel', q{
			SET search_path = public, spaser, decp;
			SELECT count(*) > 700, count(*) FILTER (WHERE abs(p.part * effectif(c, 'nombre') - d.nombre) > 1e-12 OR p.titulaire IS DISTINCT FROM d.titulaire)
			FROM (SELECT concentration(titulaires, en_valeur(profil, montant)) AS c FROM fait GROUP BY acheteur) AS t, premier(c, 'nombre') AS p,
				LATERAL (SELECT * FROM detail(c) WHERE titulaire IS NOT NULL ORDER BY nombre DESC, titulaire COLLATE "C" LIMIT 1) AS d}),
		't|0', 'real files: the largest holder');

	# Shares of a contract make one contract: the same indicators, the same concentration
	is( $node->safe_psql('reel', q{
			SET search_path = public, spaser, decp;
			WITH attribution AS (
				SELECT coalesce(acheteur_id, '') AS acheteur, profil, montant, titulaire, greatest(coalesce(cardinality(titulaires), 0), 1) AS parts
				FROM contrat LEFT JOIN unnest(titulaires) AS titulaire ON true
			), a AS (
				SELECT acheteur, bilan(profil, montant, parts) AS b, concentration(titulaire, en_valeur(profil, montant), parts) AS c
				FROM attribution GROUP BY acheteur
			), e AS (
				SELECT coalesce(acheteur_id, '') AS acheteur, bilan(profil, montant) AS b, concentration(titulaires, en_valeur(profil, montant)) AS c
				FROM contrat GROUP BY 1
			)
			SELECT count(*) > 500, count(*) FILTER (WHERE (SELECT array_agg(i) FROM indicateurs(a.b) AS i) IS DISTINCT FROM (SELECT array_agg(i) FROM indicateurs(e.b) AS i)),
				count(*) FILTER (WHERE a.c <> e.c), count(*) FILTER (WHERE nombre(a.b) <> nombre(e.b) OR montant(a.b) <> montant(e.b))
			FROM a FULL JOIN e USING (acheteur)}), 't|0|0|0', 'real files: attributions make their contracts');
}

$node->stop;
done_testing();
