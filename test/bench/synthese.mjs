// synthese.mjs: the cases from the rollup of sql/decp/synthese.sql, and what it
// costs: to build it, and to bring it up to date after a delivery.
import { comparer, large, longue } from './comparer.mjs';
import { livrer } from './donnees.mjs';
import { median, note, runs, say, wanted, watchBackend } from './mesure.mjs';
import { decp, psql } from './postgres.mjs';
import { lignes, tableau, tout, un } from './spaser.mjs';

const annee = "date_part('year', periode)";
const periode = (x) => `periode BETWEEN '${x.debut}-01-01' AND '${x.fin}-01-01'`;
const etats = `${annee} AS annee, bilan, concentration, offres`;

export const cas = {
  total: () => tout('SELECT spaser.fusion(bilan) AS bilan FROM decp.synthese_annee'),
  annuel: (x) => tableau(`SELECT ${etats}, acheteurs FROM decp.synthese_annee
  JOIN (SELECT periode, count(*) AS acheteurs FROM decp.synthese_acheteur_annee WHERE code IS NOT NULL AND ${periode(x)} GROUP BY 1) AS a
    USING (periode)`),
  acheteur_annee: (x) => lignes(x, `SELECT code AS acheteur, ${etats} FROM decp.synthese_acheteur_annee
  WHERE code IS NOT NULL AND ${periode(x)}`),
  fiche: (x) => tableau(`SELECT ${etats}, 1 AS acheteurs FROM decp.synthese_acheteur_annee
  WHERE code = '${x.acheteur}' AND periode = '${x.annee}-01-01'`),
  departement_annee_un: (x) => un(`SELECT ${annee} AS annee, bilan FROM decp.synthese_departement_annee
  WHERE code = '${x.departement}' AND ${periode(x)}`),
  departement_annee: (x) => tableau(`SELECT ${etats}, acheteurs FROM decp.synthese_departement_annee
  JOIN (
    SELECT periode, count(*) AS acheteurs FROM decp.acheteur JOIN decp.synthese_acheteur_annee ON code = siren
    WHERE departement = '${x.departement}' AND ${periode(x)} GROUP BY 1
  ) AS a USING (periode)
  WHERE code = '${x.departement}' AND ${periode(x)}`),
};

async function watched(session, action) {
  await session.ready;
  const stop = watchBackend(session.pid, 100);
  const start = process.hrtime.bigint();
  await action();
  return { secondes: Number(process.hrtime.bigint() - start) / 1e9, mo: stop() };
}

// The whole script, tables and triggers included, as for the first time; once only
// from a million contracts on
export async function benchConstruire(open, x) {
  const session = open();
  const times = [];
  let memory = 0;
  for (let run = 0; run < (wanted('construire') && x.contrats < 1000000 ? runs : 1); run++) {
    const m = await watched(session, () => session.ask(`\\i ${decp('synthese.sql')}`));
    times.push(m.secondes);
    memory = Math.max(memory, m.mo);
  }
  await session.close();
  if (wanted('construire')) note('construire', x.contrats, 'synthese', median(times), memory);
  return median(times);
}

// Deliveries of further contracts of the last year, each followed by a refresh;
// then the rollup must answer what the contracts themselves do
export async function benchRafraichir(open, x, construire, spaser, columns) {
  if (!wanted('rafraichir')) return;
  const LIVRAISON = 5000;
  const session = open();
  const times = [];
  let memory = 0;
  for (let run = 0; run < runs; run++) {
    await livrer('agregats', x.contrats + run * LIVRAISON, LIVRAISON, x.contrats);
    const m = await watched(session, () => session.rows('SELECT * FROM decp.rafraichir_synthese()'));
    times.push(m.secondes);
    memory = Math.max(memory, m.mo);
  }
  for (const [nom, cles, forme] of [['annuel', 1, longue], ['acheteur_annee', 2, large], ['departement_annee', 1, longue]]) {
    const [a, b] = [await session.rows(spaser[nom](x)), await session.rows(cas[nom](x))].map((lines) => forme(lines, cles, columns(nom, x), true));
    comparer(`${nom} after a refresh`, columns(nom, x), ['spaser', a], ['synthese', b]);
  }
  await session.close();
  const share = (100 * median(times) / construire).toFixed(2);
  note('rafraichir', x.contrats, 'synthese', median(times), memory, `synthese (${LIVRAISON} contracts, ${share} % of the build)`);
  const [size] = psql('agregats', '-c', "SELECT sum(pg_total_relation_size(inhrelid)) / 1e6 FROM pg_inherits WHERE inhparent = 'decp.synthese_cellule'::regclass").split('\n');
  say(`  cells of the rollup: ${Number(size).toFixed(0)} MB`);
}
