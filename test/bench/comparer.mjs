// comparer.mjs: results of different engines brought to one form and compared:
// numbers and money exactly, rates to 1e-9. No time is told before that.
import { fail } from './mesure.mjs';

const centimes = (euros) => {
  const [, minus, whole, part = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(euros) ?? fail(`not an amount: ${euros}`);
  if (/[1-9]/.test(part.slice(2))) fail(`an amount of less than a centime: ${euros}`);
  return BigInt(minus + whole + part.slice(0, 2).padEnd(2, '0'));
};

// Without contracts plain SQL sums to NULL, spaser to 0
const lire = {
  exact: (v) => Number(v ?? 0),
  taux: (v) => (v === null ? null : Number(v)),
  argent: (v, euros) => (v === null ? 0n : euros ? centimes(v) : BigInt(v)),
};

const egal = {
  exact: (a, b) => a === b,
  argent: (a, b) => a === b,
  taux: (a, b) => a === b || (a !== null && b !== null && Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a))),
};

// Lines with a column per figure: Map from the key (the first columns) to the figures
export function large(lines, keys, columns, euros) {
  return new Map(lines.map((line) => [line.slice(0, keys).map(String).join('|'),
    columns.map((c, i) => lire[c.genre](line[keys + i] ?? null, euros))]));
}

// Lines (key..., code, unit, numerator, denominator, unknown), and lines (key...,
// name, NULL, figure): the same Map. Indicators that the catalogue has and other
// engines are not asked for are left out; one that is missing is a difference.
export function longue(lines, keys, columns) {
  const place = new Map(columns.map((c, i) => [c.nom, i]));
  const result = new Map();
  for (const line of lines) {
    const key = line.slice(0, keys).join('|');
    const [code, unite, ...figures] = line.slice(keys);
    if (!result.has(key)) result.set(key, columns.map(() => undefined));
    const names = unite === null ? [code] : ['numerateur', 'denominateur', 'inconnu'].map((quoi) => `${code}/${unite}/${quoi}`);
    names.forEach((nom, i) => {
      if (place.has(nom)) result.get(key)[place.get(nom)] = lire[columns[place.get(nom)].genre](figures[i], true);
    });
  }
  return result;
}

export function comparer(cas, columns, [moteurA, a], [moteurB, b]) {
  const differences = [];
  for (const key of new Set([...a.keys(), ...b.keys()])) {
    if (!a.has(key) || !b.has(key)) differences.push(`line ${key}: only in ${a.has(key) ? moteurA : moteurB}`);
    else columns.forEach((c, i) => {
      const [x, y] = [a.get(key)[i], b.get(key)[i]];
      if (!egal[c.genre](x, y)) differences.push(`line ${key}, ${c.nom}: ${moteurA} ${x}, ${moteurB} ${y}`);
    });
  }
  if (a.size === 0) differences.push('no line at all');
  if (differences.length) fail(`${cas}: results differ in ${differences.length} places\n  ${differences.slice(0, 20).join('\n  ')}`);
}
