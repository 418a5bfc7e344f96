// postgres.mjs: psql, for statements and for sessions that are measured.
import { execFileSync, spawn } from 'node:child_process';
import path from 'node:path';
import readline from 'node:readline';
import { fail, top, watchBackend } from './mesure.mjs';

export const psql = (db, ...args) => execFileSync('psql', ['-X', '-q', '-At', '-v', 'ON_ERROR_STOP=1', '-d', db, ...args],
  { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 1 << 28 }).trim();

// The same without waiting for it, so that two may run at once
export const psqlFile = (db, file) => new Promise((resolve) => {
  const child = spawn('psql', ['-X', '-q', '-At', '-v', 'ON_ERROR_STOP=1', '-d', db, '-f', file], { stdio: ['ignore', 'ignore', 'inherit'] });
  child.on('close', (code) => (code === 0 ? resolve() : fail(`${file} failed`)));
});

export const decp = (script) => path.join(top, 'sql/decp', script);

export function newDatabase(name) {
  psql('postgres', '-c', `DROP DATABASE IF EXISTS ${name}`, '-c', `CREATE DATABASE ${name}`);
  psql(name, '-v', 'schema=decp', '-f', decp('tables.sql'));
}

// One psql that stays connected. Its \timing goes from sending the statement to
// having received the last row, without the client's start.
export class Session {
  constructor(db, settings) {
    Object.assign(this, { db, settings });
    this.psql = spawn('psql', ['-X', '-q', '-At', '-F', '\t', '-P', 'null=\\N', '-d', db], { stdio: ['pipe', 'pipe', 'pipe'] });
    this.lines = [];
    this.errors = '';
    this.psql.stderr.on('data', (d) => { this.errors += d; });
    readline.createInterface({ input: this.psql.stdout, crlfDelay: Infinity }).on('line', (line) => {
      if (line !== '-- done') { this.lines.push(line); return; }
      const lines = this.lines;
      this.lines = [];
      if (this.errors) fail(`${this.sql}\n${this.errors}`);
      this.resolve(lines);
    });
    this.ready = this.ask(`${settings};`).then(() => this.ask('SELECT pg_backend_pid();')).then(([pid]) => { this.pid = Number(pid); });
  }

  ask(sql) {
    this.sql = sql;
    return new Promise((resolve) => {
      this.resolve = resolve;
      this.psql.stdin.write(`${sql}\n\\echo -- done\n`);
    });
  }

  // Rows as arrays of texts, null for NULL
  async rows(sql) {
    await this.ready;
    return (await this.ask(`${sql};`)).map((line) => line.split('\t').map((v) => (v === '\\N' ? null : v)));
  }

  // Seconds of one run whose rows are received and dropped
  async time(sql) {
    await this.ready;
    const lines = await this.ask(`\\o /dev/null\n\\timing on\n${sql};\n\\timing off\n\\o`);
    const times = lines.map((line) => /^Time: ([\d.]+) ms/.exec(line)?.[1]).filter(Boolean);
    return times.reduce((sum, ms) => sum + Number(ms), 0) / 1000;
  }

  // Peak of private memory in MB of the same run in a session that did nothing else
  async memory(sql, more = '') {
    const fresh = new Session(this.db, `${this.settings};${more}`);
    await fresh.ready;
    const stop = watchBackend(fresh.pid);
    await fresh.time(sql);
    const peak = stop();
    await fresh.close();
    return peak;
  }

  close() {
    this.psql.stdin.end('\\q\n');
    return new Promise((resolve) => { this.psql.on('close', resolve); });
  }
}
