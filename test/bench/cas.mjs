// cas.mjs: the questions that every engine answers. Each engine has one statement
// per case (sql.mjs, spaser.mjs, synthese.mjs) and answers are compared before
// they are measured.
import { comparer, large, longue } from './comparer.mjs';
import { catalogue, choisir, colonnes, taux } from './indicateurs.mjs';
import { median, note, runs, say, wanted } from './mesure.mjs';

const figures = [{ nom: 'acheteurs', genre: 'exact' }, { nom: 'titulaires', genre: 'exact' }, { nom: 'hhi', genre: 'taux' },
  { nom: 'mediane', genre: 'taux' }];
const tableau = [...figures, ...colonnes(catalogue)];

// cles: how many columns say what a line is about; long: the form of spaser's answer
const cas = {
  total: { cles: 0, colonnes: () => colonnes(catalogue), long: true },
  annuel: { cles: 1, colonnes: () => tableau, long: true },
  acheteur_annee: {
    cles: 2,
    colonnes: (x) => [{ nom: 'nombre', genre: 'exact' }, { nom: 'montant', genre: 'argent' }, { nom: 'titulaires', genre: 'exact' },
      { nom: 'hhi', genre: 'taux' }, ...taux(x.douzaine)],
  },
  fiche: { cles: 1, colonnes: () => tableau, long: true },
  departement_annee_un: { cles: 1, colonnes: () => colonnes(choisir(['S01'])), long: true },
  departement_annee: { cles: 1, colonnes: () => tableau, long: true },
};

export const columns = (nom, x) => cas[nom].colonnes(x);

// Settings that a DBA tries, as to parallel workers and compiled expressions: each
// statement is measured with those that were the fastest for it
const REGLAGES = [2, 1, 0].flatMap((workers) => ['off', 'on'].map((jit) => (
  { libelle: `${workers ? `${workers} worker${workers > 1 ? 's' : ''}` : 'one process'}${jit === 'on' ? ', jit' : ''}`,
    sql: `SET max_parallel_workers_per_gather = ${workers}; SET jit = ${jit}` })));

async function regler(m) {
  if (m.moteur === 'duckdb') return;
  for (const reglage of REGLAGES) {
    await m.session.rows(reglage.sql);
    const times = [await m.session.time(m.sql)];
    // What is short is noisy too
    while (times.length < 5 && times[0] < 0.2) times.push(await m.session.time(m.sql));
    const seconds = median(times);
    if (!m.reglage || seconds < m.reglage.seconds) m.reglage = { ...reglage, seconds };
  }
}

async function benchCase(nom, engines, x) {
  const { cles, long } = cas[nom];
  const measures = engines.filter((e) => e.cas[nom]).map((e) => ({ ...e, sql: e.cas[nom](x), times: [] }));
  let reference;
  for (const m of measures) {
    const lines = await m.session.rows(m.sql);
    const answer = m.euros && long ? longue(lines, cles, columns(nom, x)) : large(lines, cles, columns(nom, x), m.euros);
    if (reference) comparer(nom, columns(nom, x), reference, [m.moteur, answer]);
    else reference = [m.moteur, answer];
  }
  const set = async (m) => { if (m.reglage) await m.session.rows(m.reglage.sql); };
  for (const m of measures) {
    await regler(m);
    await set(m);
    m.mo = await m.session.memory(m.sql, m.reglage?.sql);
  }
  for (let run = 0; run < runs; run++) {
    for (const m of measures) {
      await set(m);
      m.times.push(await m.session.time(m.sql));
    }
  }
  for (const m of measures) {
    note(`${nom}${m.variante ? `_${m.variante}` : ''}`, x.contrats, m.moteur, median(m.times), m.mo,
      `${m.moteur}${m.reglage ? ` (${m.reglage.libelle})` : ''}`, nom);
  }
}

// engines: {moteur, variante, session, cas, euros}: who, under what name after that
// of the case, how to ask, statements, whether amounts come in euros (else
// centimes). Answers and times are compared to those of the first.
export async function benchCases(engines, x) {
  for (const nom of Object.keys(cas).filter(wanted)) await benchCase(nom, engines, x);
}

// bilan beside the sum() of a plain column, over the same table, in one process and
// with two workers: what the aggregate itself costs
export async function benchBilan(session, x) {
  const year = "date_part('year', date_notification)";
  const pairs = {
    bilan_total: ['SELECT sum(montant) FROM decp.contrat', 'SELECT spaser.nombre(spaser.bilan(profil, montant)) FROM decp.contrat'],
    bilan_annuel: [`SELECT ${year}, sum(montant) FROM decp.contrat GROUP BY 1`,
      `SELECT ${year}, spaser.nombre(spaser.bilan(profil, montant)) FROM decp.contrat GROUP BY 1`],
  };
  if (!Object.keys(pairs).some(wanted)) return;
  const [[distinct]] = await session.rows('SELECT count(DISTINCT profil) FROM decp.contrat');
  say(`  ${distinct} distinct profils`);
  for (const [nom, statements] of Object.entries(pairs).filter(([n]) => wanted(n))) {
    for (const workers of [0, 2]) {
      await session.rows(`SET jit = off; SET max_parallel_workers_per_gather = ${workers}`);
      const memory = [];
      const times = [[], []];
      for (const sql of statements) memory.push(await session.memory(sql, `SET max_parallel_workers_per_gather = ${workers}`));
      for (let run = 0; run < runs; run++) for (const [i, sql] of statements.entries()) times[i].push(await session.time(sql));
      const label = workers ? `${nom}_2_workers` : nom;
      note(label, x.contrats, 'spaser', median(times[1]), memory[1], 'spaser, bilan');
      note(label, x.contrats, 'sql', median(times[0]), memory[0], 'sql, sum(montant)');
    }
  }
}
