// duckdb.mjs: the peer: DuckDB over its own storage, in a process of its own.
import { execFileSync, fork } from 'node:child_process';
import path from 'node:path';
import { data, fail, here } from './mesure.mjs';

// Loading a file: one process per measure
export const load = (file, variant) => JSON.parse(execFileSync('node',
  [path.join(here, 'duckdb_charger.mjs'), file, path.join(data, 'charger.duckdb'), variant], { encoding: 'utf8', cwd: here }));

// Statements: one process that stays, with the interface of a psql session
export class DuckDB {
  constructor(file, mode = 'READ_ONLY') {
    this.file = file;
    this.child = fork(path.join(here, 'duckdb_serveur.mjs'), [file, mode], { cwd: here });
    this.child.on('message', (answer) => {
      if (answer.erreur) fail(answer.erreur);
      this.resolve(answer);
    });
    this.ready = new Promise((resolve) => { this.resolve = resolve; });
  }

  async ask(action, sql) {
    await this.ready;
    return new Promise((resolve) => {
      this.resolve = resolve;
      this.child.send({ action, sql });
    });
  }

  run(sql) { return this.ask('executer', sql); }

  async rows(sql) { return (await this.ask('lignes', sql)).lignes; }

  async time(sql) { return (await this.ask('chronometrer', sql)).secondes; }

  // Peak of memory in MB of the same run in a process that did nothing else
  async memory(sql) {
    const fresh = new DuckDB(this.file);
    const { mo } = await fresh.ask('memoire', sql);
    await fresh.close();
    return mo;
  }

  close() {
    this.child.disconnect();
    return new Promise((resolve) => { this.child.on('exit', resolve); });
  }
}
