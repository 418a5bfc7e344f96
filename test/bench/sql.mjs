// sql.mjs: the cases in plain SQL over the tables of comptoir.sql, for PostgreSQL
// and for DuckDB. Both are asked in the way that was the fastest of those tried:
// contracts are first grouped by all that the indicators look at, a few thousand
// groups, of which the indicators are then sums; distributions likewise, so that
// a median needs no sort. What PostgreSQL does with FILTER is CASE for DuckDB,
// whose aggregates are faster so.
import { catalogue, champs, choisir, colonnes, taux } from './indicateurs.mjs';

// A sum under a condition, over groups of contracts (n, m) or over contracts
const dialectes = {
  sql: {
    groupes: (what, condition) => `sum(${what}) FILTER (WHERE ${condition})`,
    contrats: (what, condition) => (what === 'n' ? `count(*) FILTER (WHERE ${condition})` : `sum(centimes) FILTER (WHERE ${condition})`),
  },
  duckdb: {
    groupes: (what, condition) => `sum(CASE WHEN ${condition} THEN ${what} END)`,
    contrats: (what, condition) => (what === 'n' ? `count_if(${condition})` : `sum(CASE WHEN ${condition} THEN centimes END)`),
  },
};

const names = (columns) => columns.map((c) => `"${c.nom}"`).join(', ');

// Figures of indicators
const sommes = (columns, somme) => columns.map(({ nom, unite, quoi, indicateur: i }) => {
  const poids = unite === 'nombre' ? 'n' : 'm';
  const connus = somme(poids, i.connu);
  return `${{
    numerateur: somme(poids, i.oui),
    denominateur: connus,
    inconnu: `coalesce(${somme(poids, i.population)}, 0) - coalesce(${connus}, 0)`,
  }[quoi]} AS "${nom}"`;
}).join(',\n    ');

const groupes = (source, where, more = '') => `(SELECT ${more}${champs.join(', ')}, count(*) AS n, sum(centimes) AS m
    FROM ${source} WHERE ${where} GROUP BY ${more}${champs.join(', ')}) AS g`;

const mediane = (source, where) => `SELECT annee, (min(offres) FILTER (WHERE cumul > floor((total - 1) / 2.0))
    + min(offres) FILTER (WHERE cumul > ceil((total - 1) / 2.0))) / 2.0 AS mediane
  FROM (
    SELECT annee, offres, sum(n) OVER (PARTITION BY annee ORDER BY offres) AS cumul, sum(n) OVER (PARTITION BY annee) AS total
    FROM (SELECT annee, offres, count(*) AS n FROM ${source} WHERE ${where} AND k03 IS NOT NULL GROUP BY annee, offres) AS o
  ) AS c
  GROUP BY annee`;

const concentration = 'count(*) AS titulaires, 10000 * sum(x * x) / (sum(x) * sum(x)) AS hhi';

// The whole table by year: shares, distinct buyers and suppliers, HHI, median bids
const tableau = (somme, where, source = 'bi.fait', attribution = 'bi.attribution') => `WITH parts AS (
  SELECT annee,
    ${sommes(colonnes(catalogue), somme)}
  FROM ${groupes(source, where, 'annee, ')} GROUP BY annee
), acheteurs AS (
  SELECT annee, count(*) AS acheteurs
  FROM (SELECT annee, acheteur FROM ${source} WHERE ${where} AND acheteur IS NOT NULL GROUP BY annee, acheteur) AS a GROUP BY annee
), titulaires AS (
  SELECT annee, ${concentration}
  FROM (SELECT annee, titulaire, sum(part) AS x FROM ${attribution} WHERE ${where} GROUP BY annee, titulaire) AS t GROUP BY annee
), medianes AS (
  ${mediane(source, where)}
)
SELECT annee, acheteurs, titulaires, hhi, mediane, ${names(colonnes(catalogue))}
FROM parts LEFT JOIN acheteurs USING (annee) LEFT JOIN titulaires USING (annee) LEFT JOIN medianes USING (annee)`;

const periode = (x) => `annee BETWEEN ${x.debut} AND ${x.fin}`;

// Groups of some fifteen contracts: grouping them first would not make them fewer,
// and the booleans of each indicator save their conditions
const rapports = (columns, somme) => columns.map(({ nom, code, unite }) => {
  const oui = code.toLowerCase();
  const connus = unite === 'nombre' ? `count(${oui})` : somme('m', `${oui} IS NOT NULL`);
  return `CAST(coalesce(${somme(unite === 'nombre' ? 'n' : 'm', oui)}, 0) AS double precision) / nullif(${connus}, 0) AS "${nom}"`;
}).join(',\n    ');

const acheteurAnnee = (somme) => (x) => `WITH parts AS (
  SELECT acheteur, annee, count(*) AS nombre, sum(centimes) AS montant,
    ${rapports(taux(x.douzaine), somme)}
  FROM bi.fait WHERE ${periode(x)} AND acheteur IS NOT NULL GROUP BY acheteur, annee
), titulaires AS (
  SELECT acheteur, annee, ${concentration}
  FROM (SELECT acheteur, annee, titulaire, sum(part) AS x FROM bi.attribution
    WHERE ${periode(x)} AND acheteur IS NOT NULL GROUP BY acheteur, annee, titulaire) AS t
  GROUP BY acheteur, annee
)
SELECT acheteur, annee, nombre, montant, titulaires, hhi, ${names(taux(x.douzaine))}
FROM parts LEFT JOIN titulaires USING (acheteur, annee)`;

const cas = ({ groupes: somme, contrats }) => ({
  total: () => `SELECT ${sommes(colonnes(catalogue), somme)} FROM ${groupes('bi.fait', 'true')}`,
  annuel: (x) => tableau(somme, periode(x)),
  acheteur_annee: acheteurAnnee(contrats),
  fiche: (x) => tableau(somme, `acheteur = ${x.acheteur} AND annee = ${x.annee}`),
  departement_annee_un: (x) => `SELECT annee, ${sommes(colonnes(choisir(['S01'])), contrats)}
  FROM bi.fait WHERE departement = '${x.departement}' AND ${periode(x)} GROUP BY annee`,
  departement_annee: (x) => tableau(somme, `departement = '${x.departement}' AND ${periode(x)}`),
});

export const sql = cas(dialectes.sql);
export const duckdb = cas(dialectes.duckdb);

// Without tables made beforehand: the columns of decp.contrat, read at each query
const publiees = '(SELECT annee, titulaire, centimes::double precision / cardinality(titulaires) AS part FROM bi.contrat, unnest(titulaires) AS titulaire WHERE marche AND titulaire IS NOT NULL) AS t';
export const colonnesPubliees = {
  total: () => `SELECT ${sommes(colonnes(catalogue), dialectes.sql.groupes)} FROM ${groupes('bi.contrat', 'true')}`,
  annuel: (x) => tableau(dialectes.sql.groupes, periode(x), 'bi.contrat', publiees),
};

// The text that comes to mind first: one pass over the analyst's table, one FILTER
// per figure
export const filtres = {
  total: () => `SELECT ${sommes(colonnes(catalogue), dialectes.sql.contrats)} FROM bi.fait`,
};
