// spaser.mjs: the cases with spaser's aggregates, over decp.contrat as it is loaded
// or over decp.fait, the narrow table that the rollup is made from; and what
// answers from the rollup share with them.
import { taux } from './indicateurs.mjs';

const mesures = 'code, unite, numerateur, denominateur, inconnu';

// Tables of states (annee, bilan, concentration, offres, acheteurs: their number)
// to a long table: one line per year and figure
export const tableau = (source) => `WITH etats AS MATERIALIZED (
  ${source}
)
SELECT annee, ${mesures} FROM etats, spaser.indicateurs(bilan)
UNION ALL
SELECT annee, quoi, NULL, valeur, NULL, NULL FROM etats, LATERAL (VALUES ('acheteurs', acheteurs),
  ('titulaires', spaser.titulaires(concentration)), ('hhi', spaser.hhi(concentration)), ('mediane', spaser.mediane(offres))) AS f (quoi, valeur)`;

export const un = (source) => `SELECT annee, ${mesures} FROM (${source}) AS e, spaser.indicateurs(bilan, ARRAY[spaser.canevas_du_catalogue('S01')])`;

export const tout = (source) => `SELECT ${mesures} FROM (${source}) AS e, spaser.indicateurs(bilan)`;

// One line per buyer and year: the rates of a dozen indicators, HHI. What OFFSET 0
// keeps apart is computed once per line, by parallel workers.
export const lignes = (x, source) => `SELECT acheteur, annee, nombre, montant, titulaires, hhi,
  ${taux(x.douzaine).map((t, i) => `taux[${i + 1}]`).join(', ')}
FROM (
  SELECT acheteur, annee, spaser.nombre(bilan) AS nombre, spaser.montant(bilan) AS montant,
    spaser.titulaires(concentration) AS titulaires, spaser.hhi(concentration) AS hhi,
    spaser.taux_liste(bilan, ARRAY[${x.douzaine.map((code) => `spaser.canevas_du_catalogue('${code}')`).join(', ')}]) AS taux
  FROM (${source}) AS e
  OFFSET 0
) AS t`;

const sources = {
  contrat: {
    table: 'decp.contrat', date: 'date_notification', valeur: 'spaser.en_valeur(profil, montant)', marche: "type_contrat = 'marche'",
    concurrentiel: "type_contrat = 'marche' AND procedure IS DISTINCT FROM 'Marché passé sans publicité ni mise en concurrence préalable'",
    offres: 'offres_recues',
  },
  fait: { table: 'decp.fait', date: 'mois', valeur: 'valeur', marche: 'marche', concurrentiel: 'concurrentiel', offres: 'offres' },
};

const cas = ({ table, date, valeur, marche, concurrentiel, offres }) => {
  const annee = `date_part('year', ${date})`;
  const periode = (x) => `${date} >= '${x.debut}-01-01' AND ${date} < '${x.fin + 1}-01-01'`;
  const territoire = (x) => `acheteur_siren IN (SELECT acheteur_siren FROM bi.acheteur WHERE departement = '${x.departement}') AND ${periode(x)}`;
  const bilan = 'spaser.bilan(profil, montant) AS bilan';
  const concentration = `spaser.concentration(titulaires, ${valeur}) FILTER (WHERE ${marche}) AS concentration`;
  // A concentration of buyers counts the distinct ones within the same pass
  const parAnnee = (where) => tableau(`SELECT ${annee} AS annee, ${bilan}, ${concentration},
    spaser.histogramme(${offres}) FILTER (WHERE ${offres} >= 1 AND ${concurrentiel}) AS offres,
    spaser.titulaires(spaser.concentration(acheteur_siren, 0)) AS acheteurs
  FROM ${table} WHERE ${where} GROUP BY 1`);
  return {
    total: () => tout(`SELECT ${bilan} FROM ${table}`),
    annuel: (x) => parAnnee(periode(x)),
    acheteur_annee: (x) => lignes(x, `SELECT acheteur_siren AS acheteur, ${annee} AS annee, ${bilan}, ${concentration}
  FROM ${table} WHERE ${periode(x)} AND acheteur_siren IS NOT NULL GROUP BY 1, 2
  OFFSET 0`),
    fiche: (x) => parAnnee(`acheteur_siren = '${x.acheteur}' AND ${periode({ debut: x.annee, fin: x.annee })}`),
    departement_annee_un: (x) => un(`SELECT ${annee} AS annee, ${bilan} FROM ${table} WHERE ${territoire(x)} GROUP BY 1`),
    departement_annee: (x) => parAnnee(territoire(x)),
  };
};

export const contrat = cas(sources.contrat);
export const fait = cas(sources.fait);
