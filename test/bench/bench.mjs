// bench.mjs: what "make bench" measures. Every pair is measured alternately in
// this one run, results are checked equal before any time is told, and what is
// told are medians and ratios.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const top = process.env.SPASER_TOP;
const here = path.join(top, 'build/bench');
const data = path.join(here, 'data');
const sizes = (process.env.TAILLES || '2000000').split(/\s+/).map(Number);
const files = (process.env.FICHIERS || '150 1500').split(/\s+/).map(Number);
const runs = Number(process.env.MESURES || 5);
const rows = [];

const median = (list) => [...list].sort((a, b) => a - b)[Math.floor((list.length - 1) / 2)];
const fail = (message) => { console.error(`bench: ${message}`); process.exit(1); };
const psql = (db, ...args) => execFileSync('psql', ['-X', '-q', '-At', '-v', 'ON_ERROR_STOP=1', '-d', db, ...args],
  { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 1 << 26 }).trim();
// What one measure wrote is on disk before the next begins, which does not pay for it
const sync = () => execFileSync('sync');
const note = (cas, contrats, moteur, mediane, memoire) => rows.push({ cas, contrats, moteur, mediane, memoire });
const say = (...parts) => console.log(parts.join(''));

function newDatabase(name) {
  psql('postgres', '-c', `DROP DATABASE IF EXISTS ${name}`, '-c', `CREATE DATABASE ${name}`);
  psql(name, '-v', 'schema=decp', '-f', path.join(top, 'sql/decp/tables.sql'));
}

// Peak private memory (RssAnon) of the backends of a database, looked at five times
// a second: starting a client to ask for them takes a core from what is measured
function watchMemory(name) {
  const state = { peak: 0, pids: [], done: false };
  const look = () => {
    for (const pid of state.pids) {
      try {
        const kb = Number(/RssAnon:\s+(\d+)/.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
        state.peak = Math.max(state.peak, kb / 1024);
      } catch { /* the backend is gone */ }
    }
  };
  const pids = () => {
    const out = spawnSync('psql', ['-X', '-At', '-d', 'postgres', '-c',
      `SELECT pid FROM pg_stat_activity WHERE datname = '${name}'`], { encoding: 'utf8' }).stdout;
    state.pids = out.split('\n').filter(Boolean);
  };
  const fast = setInterval(look, 200);
  const first = setTimeout(pids, 300);
  const slow = setInterval(pids, 3000);
  return () => { clearTimeout(first); clearInterval(fast); clearInterval(slow); return state.peak; };
}

// Run charger_json.sql as a user does; seconds from start to end of psql
function load(name, file, variable) {
  return new Promise((resolve) => {
    const stop = watchMemory(name);
    const start = process.hrtime.bigint();
    const child = spawn('psql', ['-X', '-q', '-d', name, '-v', 'schema=decp', '-v', `${variable}=${file}`,
      '-f', path.join(top, 'sql/decp/charger_json.sql')], { stdio: ['ignore', 'ignore', 'ignore'] });
    child.on('close', (code) => {
      if (code !== 0) fail(`loading ${file} failed`);
      resolve({ secondes: Number(process.hrtime.bigint() - start) / 1e9, memoire_mo: stop() });
    });
  });
}

const figures = (name) => psql(name, '-c', `SELECT (SELECT count(*) FROM decp.contrat), (SELECT sum(montant) FROM decp.contrat),
  (SELECT count(*) FROM decp.modification)`);

function duckdb(file, variant) {
  const out = execFileSync('node', [path.join(here, 'duckdb_charger.mjs'), file, path.join(data, 'charger.duckdb'), variant],
    { encoding: 'utf8', cwd: here });
  return JSON.parse(out);
}

async function benchLoad() {
  for (const [rank, mb] of files.entries()) {
    const file = path.join(data, `v2_${mb}.json`);
    execFileSync(path.join(top, 'build/generateur'), ['--mo', String(mb), '--graine', '7', '-o', file]);
    fs.chmodSync(data, 0o755);
    const size = fs.statSync(file).size / 1e6;
    const times = { client: [], serveur: [], auto: [], colonnes: [] };
    const memory = { client: 0, serveur: 0, auto: 0, colonnes: 0 };
    const keep = (who, m) => { times[who].push(m.secondes); memory[who] = Math.max(memory[who], m.memoire_mo); };
    let contracts;
    const spaser = (who, variable) => async () => {
      newDatabase('charge');
      sync();
      keep(who, await load('charge', file, variable));
    };
    const peer = (variant) => async () => {
      sync();
      const m = duckdb(file, variant);
      const theirs = [m.contrats, m.somme, m.modifications].join('|');
      if (theirs !== figures('charge')) fail(`DuckDB loads ${theirs}, spaser ${figures('charge')}`);
      keep(variant, m);
    };
    const measures = [spaser('client', 'fichier'), spaser('serveur', 'fichier_serveur'),
      ...(rank === 0 ? [peer('auto'), peer('colonnes')] : [])];
    for (let run = 0; run < (rank === 0 ? runs : 1); run++) for (const measure of measures) await measure();
    contracts = Number(psql('charge', '-c', 'SELECT count(*) FROM decp.contrat'));
    say(`\nLoading a v2 file of ${size.toFixed(0)} MB, ${contracts} contracts (median of ${rank === 0 ? runs : 1}):`);
    const best = Math.min(...['auto', 'colonnes'].filter((w) => times[w].length).map((w) => median(times[w])));
    for (const who of Object.keys(times).filter((w) => times[w].length)) {
      const m = median(times[who]);
      const engine = who === 'client' || who === 'serveur' ? 'spaser' : 'duckdb';
      const label = { client: 'spaser, from the client', serveur: 'spaser, file of the server',
        auto: 'DuckDB read_json, types found', colonnes: 'DuckDB read_json, types given' }[who];
      say(`  ${label.padEnd(32)} ${m.toFixed(2).padStart(7)} s  ${(size / m).toFixed(1).padStart(6)} MB/s`,
        Number.isFinite(best) ? `  ${(best / m).toFixed(2)} x the best of DuckDB` : '', `  ${memory[who].toFixed(0)} MB`);
      note(who === 'serveur' ? 'charger_json_serveur' : 'charger_json', contracts,
        who === 'colonnes' ? 'duckdb_colonnes' : engine, m, memory[who]);
    }
  }
  psql('postgres', '-c', 'DROP DATABASE charge');
}

// The generator's lines straight into the table, profil made by the SQL constructor
function fill(name, contracts) {
  newDatabase(name);
  const columns = `type_contrat, format_decp, id, acheteur_id, nature, objet, code_cpv, procedure, duree_mois, date_notification,
    date_publication_donnees, montant, forme_prix, types_prix, techniques, modalites_execution, id_accord_cadre, marche_innovant,
    ccag, offres_recues, attribution_avance, taux_avance, type_groupement_operateurs, sous_traitance_declaree, origine_ue,
    origine_france, considerations_sociales, considerations_environnementales, lieu_execution_code, lieu_execution_type_code`;
  const sql = `CREATE UNLOGGED TABLE public.brouillon AS SELECT ${columns}, NULL::text[] AS titulaires FROM decp.contrat;
\\copy public.brouillon from program '${top}/build/generateur --contrats ${contracts} --graine 11 --annee-debut 2018 --annee-fin 2025 --tables'
DO $$ DECLARE i name; BEGIN
  FOR i IN SELECT indexrelid::regclass FROM pg_index JOIN pg_class c ON c.oid = indexrelid
    WHERE indrelid = 'decp.contrat'::regclass AND NOT indisunique LOOP EXECUTE 'DROP INDEX ' || i; END LOOP; END $$;
INSERT INTO decp.chargement (fichier, taille) VALUES ('generateur', 0);
INSERT INTO decp.contrat (profil, cle, empreinte, chargement_id, numero, octet, champs, modifications, acheteur_siren, ${columns})
SELECT spaser.profil(type_contrat => type_contrat, format_decp => format_decp, nature => nature, procedure => procedure,
    techniques => techniques, modalites_execution => modalites_execution, types_prix => types_prix,
    considerations_sociales => considerations_sociales, considerations_environnementales => considerations_environnementales,
    forme_prix => forme_prix, ccag => ccag, type_groupement_operateurs => type_groupement_operateurs, id_accord_cadre => id_accord_cadre,
    marche_innovant => marche_innovant, attribution_avance => attribution_avance, sous_traitance_declaree => sous_traitance_declaree,
    offres_recues => offres_recues, code_cpv => code_cpv, origine_ue => origine_ue, origine_france => origine_france,
    montant => montant, duree_mois => duree_mois, date_notification => date_notification,
    date_publication_donnees => date_publication_donnees, titulaires => cardinality(titulaires)),
  gen_random_uuid(), gen_random_uuid(), 1, row_number() OVER (), 0, 30, 0, left(acheteur_id, 9), ${columns}
FROM public.brouillon;
DROP TABLE public.brouillon;
VACUUM (FREEZE, ANALYZE) decp.contrat;`;
  fs.writeFileSync(path.join(data, 'remplir.sql'), sql);
  psql(name, '-f', path.join(data, 'remplir.sql'));
}

// Milliseconds of one statement in a session of its own, after a run that warms it
function timed(name, workers, sql) {
  const out = execFileSync('psql', ['-X', '-q', '-v', 'ON_ERROR_STOP=1', '-d', name], {
    encoding: 'utf8',
    input: `SET jit = off; SET work_mem = '256MB'; SET max_parallel_workers_per_gather = ${workers};
SET parallel_setup_cost = 0; SET min_parallel_table_scan_size = 0; SET max_parallel_workers = 8;
\\o /dev/null
${sql};
\\timing on
${sql};
`,
  });
  return Number(/Time: ([\d.]+) ms/.exec(out)[1]) / 1000;
}

function benchAggregates(contracts) {
  say(`\nAggregates over ${contracts} contracts:`);
  fill('agregats', contracts);
  const distinct = psql('agregats', '-c', `SELECT count(DISTINCT profil) FROM decp.contrat`);
  const equal = psql('agregats', '-c', `SELECT nombre(b) = n AND montant(b) = m FROM (SELECT spaser.bilan(profil, montant) AS b, count(*) AS n,
    round(sum(montant) FILTER (WHERE spaser.attribut(profil, 'montant') = 'utilisable' AND coalesce(spaser.attribut(profil, 'subsequent'), '') NOT IN ('lie', 'v1')), 2) AS m
    FROM decp.contrat) AS t`.replace(/nombre\(b\)/, 'spaser.nombre(b)').replace(/montant\(b\)/, 'spaser.montant(b)'));
  if (equal !== 't') fail('bilan and plain SQL do not give the same number and amount');
  say(`  ${distinct} distinct profils; bilan and sum() over the same table, median of ${runs}`);
  const cases = {
    total: ['SELECT sum(montant) FROM decp.contrat', 'SELECT spaser.nombre(spaser.bilan(profil, montant)) FROM decp.contrat'],
    annuel: [`SELECT date_part('year', date_notification), sum(montant) FROM decp.contrat GROUP BY 1`,
      `SELECT date_part('year', date_notification), spaser.nombre(spaser.bilan(profil, montant)) FROM decp.contrat GROUP BY 1`],
  };
  for (const [cas, [plain, bilan]] of Object.entries(cases)) {
    for (const workers of [0, 2]) {
      const t = { sql: [], spaser: [] };
      for (let run = 0; run < runs; run++) {
        t.sql.push(timed('agregats', workers, plain));
        t.spaser.push(timed('agregats', workers, bilan));
      }
      const [a, b] = [median(t.sql), median(t.spaser)];
      say(`  ${cas.padEnd(8)} ${workers ? `${workers} workers` : '1 process'}  sum(montant) ${a.toFixed(3)} s  bilan ${b.toFixed(3)} s  ${(b / a).toFixed(2)} x`);
      note(workers ? `${cas}_${workers}_workers` : cas, contracts, 'sql', a, 0);
      note(workers ? `${cas}_${workers}_workers` : cas, contracts, 'spaser', b, 0);
    }
  }
  psql('postgres', '-c', 'DROP DATABASE agregats');
}

say(`${os.cpus()[0].model}, ${os.cpus().length} cores, ${(os.totalmem() / 2 ** 30).toFixed(0)} GiB; `, psql('postgres', '-c', 'SELECT version()').split(' on ')[0]);
await benchLoad();
for (const n of sizes) benchAggregates(n);
fs.writeFileSync(path.join(here, 'resultats.csv'), ['cas,contrats,moteur,mediane_s,memoire_mo',
  ...rows.map((r) => [r.cas, r.contrats, r.moteur, r.mediane.toFixed(3), Math.round(r.memoire)].join(','))].join('\n') + '\n');
say('\nThe same in build/bench/resultats.csv');
