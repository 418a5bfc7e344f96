// bench.mjs: what "make bench" measures. The engines answer alternately in this
// one run, answers are checked equal before any time is told, and what is told are
// medians and ratios.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { benchBilan, benchCases, columns } from './cas.mjs';
import { benchLoad } from './charger.mjs';
import { benchEnrichir } from './enrichir.mjs';
import { comptoir, exporter, remplir, sujets } from './donnees.mjs';
import { DuckDB } from './duckdb.mjs';
import { douzaine } from './indicateurs.mjs';
import { data, here, only, runs, say, top, writeTable } from './mesure.mjs';
import { psql, Session } from './postgres.mjs';
import { contrat, fait } from './spaser.mjs';
import { colonnesPubliees, duckdb as duckdbSql, filtres, sql } from './sql.mjs';
import { benchConstruire, benchRafraichir, cas as synthese } from './synthese.mjs';

const sizes = (process.env.TAILLES || '200000 2000000').split(/\s+/).map(Number);
// What a DBA sets for sessions of this kind; workers and jit are chosen per statement
const settings = `SET work_mem = '256MB'; SET parallel_setup_cost = 0; SET min_parallel_table_scan_size = 0;
  SET random_page_cost = 1.1; SET effective_cache_size = '8GB'`;

async function exportTo(file) {
  fs.rmSync(file, { force: true });
  const duckdb = new DuckDB(file, 'READ_WRITE');
  await exporter('agregats', duckdb);
  await duckdb.close();
}

async function benchSize(contracts) {
  const start = Date.now();
  await remplir('agregats', contracts);
  comptoir('agregats');
  const file = path.join(data, `faits_${contracts}.duckdb`);
  await exportTo(file);
  const [table, facts] = psql('agregats', '-F', '\t', '-c',
    "SELECT pg_table_size('decp.contrat') / 1e6, (pg_table_size('bi.fait') + pg_table_size('bi.attribution')) / 1e6").split('\t').map(Number);
  say(`\n${contracts} contracts (median of ${runs}; decp.contrat ${table.toFixed(0)} MB, tables for plain SQL ${facts.toFixed(0)} MB, `,
    `DuckDB ${(fs.statSync(file).size / 1e6).toFixed(0)} MB; made in ${((Date.now() - start) / 1000).toFixed(0)} s):`);

  const x = { ...sujets('agregats', contracts), douzaine };
  const open = () => new Session('agregats', settings);
  const construire = await benchConstruire(open, x);
  const session = open();
  const duckdb = new DuckDB(file);
  await benchCases([
    { moteur: 'spaser', session, cas: contrat, euros: true },
    { moteur: 'spaser', variante: 'fait', session, cas: fait, euros: true },
    { moteur: 'synthese', session, cas: synthese, euros: true },
    { moteur: 'sql', session, cas: sql },
    ...(contracts > 2000000 ? [] : [
      { moteur: 'sql', variante: 'filtres', session, cas: filtres },
      { moteur: 'sql', variante: 'colonnes', session, cas: colonnesPubliees },
    ]),
    { moteur: 'duckdb', session: duckdb, cas: duckdbSql },
  ], x);
  await benchBilan(session, x);
  await benchRafraichir(open, x, construire, contrat, columns);
  await session.close();
  await duckdb.close();
  fs.rmSync(file);
  psql('postgres', '-c', 'DROP DATABASE agregats');
  writeTable(title);
}

const { version } = JSON.parse(fs.readFileSync(path.join(here, 'node_modules/@duckdb/node-api/package.json'), 'utf8'));
const spaserVersion = /default_version *= *'(.*)'/.exec(fs.readFileSync(path.join(top, 'spaser.control'), 'utf8'))[1];
const title = [`${os.cpus()[0].model}, ${os.cpus().length} cores, ${(os.totalmem() / 2 ** 30).toFixed(0)} GiB`, `Linux ${os.release()}`,
  psql('postgres', '-c', 'SELECT version()').split(' on ')[0], `DuckDB ${version}`, `spaser ${spaserVersion}`,
  `median of ${runs}`].join('; ');
say(title);
await benchLoad();
for (const n of sizes) {
  if (!only('enrichir')) await benchSize(n);
  await benchEnrichir(n, settings);
  writeTable(title);
}
writeTable(title);
say('\nThe same in build/bench/resultats.csv and resultats.md');
