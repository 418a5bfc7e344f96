// charger.mjs: loading a JSON file: spaser's scripts, as a user runs them, and
// DuckDB's read_json into the same tables. The same contracts delivered again,
// and as XML.
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { load as duckdb } from './duckdb.mjs';
import { data, fail, median, note, runs, say, sync, top, wanted, watchBackend } from './mesure.mjs';
import { decp, newDatabase, psql } from './postgres.mjs';

const files = (process.env.FICHIERS || '150 1500').split(/\s+/).map(Number);

// Run charger.sql; seconds from start to end of psql. Its backend is found
// a little later, by a client that leaves long before the load ends.
function load(name, file, variable) {
  return new Promise((resolve) => {
    const start = process.hrtime.bigint();
    const child = spawn('psql', ['-X', '-q', '-d', name, '-v', 'schema=decp', '-v', `${variable}=${file}`,
      '-f', decp('charger.sql')], { stdio: ['ignore', 'ignore', 'ignore'] });
    let stop = () => 0;
    const find = setTimeout(() => {
      const pid = psql('postgres', '-c', `SELECT pid FROM pg_stat_activity WHERE datname = '${name}'`);
      if (pid) stop = watchBackend(pid, 200);
    }, 300);
    child.on('close', (code) => {
      clearTimeout(find);
      if (code !== 0) fail(`loading ${file} failed`);
      resolve({ secondes: Number(process.hrtime.bigint() - start) / 1e9, memoire_mo: stop() });
    });
  });
}

const figures = (name) => psql(name, '-c', `SELECT (SELECT count(*) FROM decp.contrat), (SELECT sum(montant) FROM decp.contrat),
  (SELECT count(*) FROM decp.modification)`);

// The contracts of a JSON file as an XML file. Lists of DECP repeat the element
// that an item is called by.
function writeXml(json, xml) {
  const text = (v) => String(v).replace(/[&<>]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[c]);
  const element = (name, value) => {
    if (value === null) return '';
    if (Array.isArray(value)) return value.map((v) => element(name, v)).join('');
    return `<${name}>${typeof value === 'object' ? children(value) : text(value)}</${name}>`;
  };
  const children = (object) => Object.entries(object).map(([name, value]) =>
    // a list of objects that each say what they are: [{"titulaire": {...}}]
    (Array.isArray(value) && value.length && typeof value[0] === 'object'
      ? `<${name}>${value.map(children).join('')}</${name}>` : element(name, value))).join('');
  const out = fs.openSync(xml, 'w');
  fs.writeSync(out, '<?xml version="1.0" encoding="UTF-8"?>\n<marches>\n');
  for (const [name, records] of Object.entries(JSON.parse(fs.readFileSync(json, 'utf8')).marches)) {
    for (const record of records) fs.writeSync(out, `${element(name, record)}\n`);
  }
  fs.writeSync(out, '</marches>\n');
  fs.closeSync(out);
}

const ways = {
  client: ['charger_json', 'spaser', 'spaser, from the client'],
  encore: ['charger_json_encore', 'spaser', 'spaser, the same contracts in another file'],
  xml: ['charger_xml', 'spaser', 'spaser, the same contracts as XML'],
  serveur: ['charger_json_serveur', 'spaser', 'spaser, file of the server'],
  auto: ['charger_json_auto', 'duckdb', 'DuckDB read_json, types found'],
  colonnes: ['charger_json_colonnes', 'duckdb', 'DuckDB read_json, types given'],
};

async function benchFile(mb, peers) {
  const file = path.join(data, `v2_${mb}.json`);
  const times = {};
  const memory = {};
  const keep = (way, m) => { (times[way] ??= []).push(m.secondes); memory[way] = Math.max(memory[way] ?? 0, m.memoire_mo); };
  const spaser = (way, variable) => async () => {
    newDatabase('charge');
    sync();
    keep(way, await load('charge', file, variable));
  };
  const peer = (way) => async () => {
    sync();
    const m = duckdb(file, way);
    const theirs = [m.contrats, m.somme, m.modifications].join('|');
    if (theirs !== figures('charge')) fail(`DuckDB loads ${theirs}, spaser ${figures('charge')}`);
    keep(way, m);
  };
  // After a load of the same contracts: another file, that tells nothing new
  const again = async () => {
    const before = figures('charge');
    fs.appendFileSync(file, '\n');
    sync();
    keep('encore', await load('charge', file, 'fichier'));
    if (figures('charge') !== before) fail('a delivery that tells nothing new changed the contracts');
  };
  const xml = `${file}.xml`;
  const asXml = async () => {
    const before = figures('charge');
    newDatabase('charge');
    sync();
    keep('xml', await load('charge', xml, 'fichier'));
    if (figures('charge') !== before) fail(`XML loads ${figures('charge')}, JSON ${before}`);
  };
  const measures = [spaser('client', 'fichier'), again, ...(peers ? [asXml] : []), spaser('serveur', 'fichier_serveur'), ...(peers ? [peer('auto'), peer('colonnes')] : [])];

  execFileSync(path.join(top, 'build/generateur'), ['--mo', String(mb), '--graine', '7', '-o', file]);
  if (peers) writeXml(file, xml);
  for (let run = 0; run < (peers ? runs : 1); run++) for (const measure of measures) await measure();
  const contracts = Number(psql('charge', '-c', 'SELECT count(*) FROM decp.contrat'));
  const size = fs.statSync(file).size / 1e6;
  say(`\nLoading a v2 file of ${size.toFixed(0)} MB, ${contracts} contracts (median of ${peers ? runs : 1}):`);
  for (const [way, [cas, moteur, libelle]] of Object.entries(ways).filter(([w]) => times[w])) {
    const m = median(times[way]);
    note(cas, contracts, moteur, m, memory[way], `${libelle}, ${(size / m).toFixed(1)} MB/s`);
  }
  if (peers) {
    const best = ['auto', 'colonnes'].reduce((a, b) => (median(times[a]) <= median(times[b]) ? a : b));
    note('charger_json', contracts, 'duckdb', median(times[best]), memory[best], 'DuckDB, the better of the two');
  }
  fs.rmSync(file);
  fs.rmSync(xml, { force: true });
}

// The peer gets the first file only: it must hold all of it in memory
export async function benchLoad() {
  if (!wanted('charger_json')) return;
  fs.chmodSync(data, 0o755);
  for (const [rank, mb] of files.entries()) await benchFile(mb, rank === 0);
  psql('postgres', '-c', 'DROP DATABASE charge');
}
