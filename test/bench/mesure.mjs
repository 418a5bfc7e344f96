// mesure.mjs: what every measure shares: medians, the rows of the table, memory.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

export const top = process.env.SPASER_TOP;
export const here = path.join(top, 'build/bench');
export const data = path.join(here, 'data');
export const runs = Number(process.env.MESURES || 5);
const chosen = (process.env.CAS || '').split(/[\s,]+/).filter(Boolean);
const rows = [];

export const wanted = (cas) => chosen.length === 0 || chosen.includes(cas);
export const only = (cas) => chosen.length === 1 && chosen[0] === cas;
export const median = (list) => [...list].sort((a, b) => a - b)[Math.floor((list.length - 1) / 2)];
export const fail = (message) => { console.error(`bench: ${message}`); process.exit(1); };
export const say = (...parts) => console.log(parts.join(''));
// What one measure wrote is on disk before the next begins, which does not pay for it
export const sync = () => execFileSync('sync');

const digits = (s) => (s < 0.01 ? 5 : s < 1 ? 4 : 3);

// One line of the table: printed now, written with the others later. The ratio is
// to the first line of the case (or of the one named by reference) and size.
export function note(cas, contrats, moteur, secondes, memoire, libelle = moteur, reference = cas) {
  const first = rows.find((r) => r.cas === reference && r.contrats === contrats)?.secondes;
  const row = { cas, contrats, moteur, secondes, memoire, libelle,
    temps: secondes.toFixed(digits(secondes)), rapport: first === undefined ? '' : `${(secondes / first).toFixed(2)} x`, mo: memoire.toFixed(0) };
  rows.push(row);
  say(`  ${cas.padEnd(24)} ${libelle.padEnd(44)} ${row.temps.padStart(9)} s ${row.rapport.padStart(9)} ${row.mo.padStart(6)} MB`);
}

// Written after each size, so that a run that is cut short leaves what it measured:
// the CSV, and the same as a table for docs/performance.md
export function writeTable(title) {
  const csv = rows.map((r) => [r.cas, r.contrats, r.moteur, r.secondes.toFixed(6), r.mo].join(','));
  fs.writeFileSync(path.join(here, 'resultats.csv'), `${['cas,contrats,moteur,mediane_s,memoire_mo', ...csv].join('\n')}\n`);
  const table = rows.map((r) => `| ${[r.contrats, r.cas, r.libelle, r.temps, r.rapport, r.mo].join(' | ')} |`);
  fs.writeFileSync(path.join(here, 'resultats.md'), `${[title, '', '| contracts | case | engine | median, s | ratio | memory, MB |',
    '|--:|---|---|--:|--:|--:|', ...table].join('\n')}\n`);
}

const rssAnon = (pid) => {
  try {
    return Number(/RssAnon:\s+(\d+)/.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch { return 0; /* the process is gone */ }
};

// Peak of the private memory (RssAnon) of a backend and its parallel workers,
// added up. Read from /proc: a client that asks the server for them would take
// a core from what is measured. Returns the function that stops and tells.
export function watchBackend(pid, interval = 20) {
  const postmaster = /PPid:\s+(\d+)/.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))[1];
  const title = `parallel worker for PID ${pid}`;
  let peak = 0;
  const look = () => {
    let sum = rssAnon(pid);
    for (const child of fs.readFileSync(`/proc/${postmaster}/task/${postmaster}/children`, 'utf8').split(' ')) {
      try {
        if (fs.readFileSync(`/proc/${child}/cmdline`, 'utf8').includes(title)) sum += rssAnon(child);
      } catch { /* no child, or gone */ }
    }
    peak = Math.max(peak, sum);
  };
  const timer = setInterval(look, interval);
  return () => { clearInterval(timer); look(); return peak; };
}

// The same of a process and of all that it started: what a script needs where psql runs
export function watchTree(pid, interval = 200) {
  const tree = (p) => {
    let sum = rssAnon(p);
    try {
      for (const child of fs.readFileSync(`/proc/${p}/task/${p}/children`, 'utf8').split(' ').filter(Boolean)) sum += tree(child);
    } catch { /* gone */ }
    return sum;
  };
  let peak = 0;
  const look = () => { peak = Math.max(peak, tree(pid)); };
  const timer = setInterval(look, interval);
  return () => { clearInterval(timer); return peak; };
}
