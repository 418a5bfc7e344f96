// duckdb_serveur.mjs: DuckDB in a process of its own, so that its memory is its
// own: takes statements from the process that forked it, two threads.
//
//   fork('duckdb_serveur.mjs', ['base.duckdb', 'READ_ONLY' or 'READ_WRITE'])
//
// Messages: {action, sql}; answers: what the action gives, or {erreur}.
import { DuckDBInstance } from '@duckdb/node-api';
import fs from 'node:fs';

const instance = await DuckDBInstance.create(process.argv[2], { threads: '2', access_mode: process.argv[3] });
const connection = await instance.connect();

const highest = () => Number(/VmHWM:\s+(\d+)/.exec(fs.readFileSync('/proc/self/status', 'utf8'))[1]) / 1024;

const actions = {
  executer: async (sql) => { await connection.run(sql); return {}; },
  // The result is whole in this process's memory when the clock stops, as chunks
  // of columns: turning them into JavaScript's values is no part of the engine
  chronometrer: async (sql) => {
    const start = process.hrtime.bigint();
    await connection.run(sql);
    return { secondes: Number(process.hrtime.bigint() - start) / 1e9 };
  },
  memoire: async (sql) => {
    await connection.run(sql);
    return { mo: highest() };
  },
  lignes: async (sql) => {
    const reader = await connection.runAndReadAll(sql);
    return { lignes: reader.getRowsJson() };
  },
};

process.on('message', async ({ action, sql }) => {
  try {
    process.send(await actions[action](sql));
  } catch (e) {
    process.send({ erreur: `${e.message}\n${sql}` });
  }
});
const stop = () => { connection.closeSync(); instance.closeSync(); process.exit(0); };
process.on('disconnect', stop);
// No case was asked for, and the parent left while the database was being opened
if (!process.connected) stop();
process.send({ pret: true });
