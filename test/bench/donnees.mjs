// donnees.mjs: the data of the measures: the generator's lines into the tables
// of decp, the analyst's tables made of them (comptoir.sql), the same in DuckDB.
import fs from 'node:fs';
import path from 'node:path';
import { data, here, top } from './mesure.mjs';
import { newDatabase, psql, psqlFile } from './postgres.mjs';

// One buyer per hundred contracts, and never more than there are: about 20 000
export const acheteurs = (contracts) => Math.min(20000, Math.max(12, Math.round(contracts / 100)));
const LOT = 250000;

// The psql script that brings count contracts from number first on, notified from
// the year debut to 2025
function lots(first, count, contracts, chargement, debut) {
  const script = [`\\set chargement ${chargement}`, '\\set partie lot',
    `CREATE TEMP TABLE brouillon (rang integer GENERATED ALWAYS AS IDENTITY, LIKE bench.ligne);`];
  for (let depuis = first; depuis < first + count; depuis += LOT) {
    const generator = [path.join(top, 'build/generateur'), '--tables --graine 11 --defauts 5 --annee-fin 2025',
      `--annee-debut ${debut} --acheteurs ${acheteurs(contracts)} --depuis ${depuis} --contrats ${Math.min(LOT, first + count - depuis)}`].join(' ');
    script.push(`\\set depuis ${depuis}`, `\\copy brouillon (${lots.columns}) from program '${generator}'`,
      `\\i ${path.join(here, 'remplir.sql')}`);
  }
  return `${script.join('\n')}\n`;
}
lots.columns = `type_contrat, format_decp, id, acheteur_id, nature, objet, code_cpv, procedure, duree_mois, date_notification,
  date_publication_donnees, montant, forme_prix, types_prix, techniques, modalites_execution, id_accord_cadre, marche_innovant, ccag,
  offres_recues, attribution_avance, taux_avance, type_groupement_operateurs, sous_traitance_declaree, origine_ue, origine_france,
  considerations_sociales, considerations_environnementales, lieu_execution_code, lieu_execution_type_code, titulaires`.replace(/\s+/g, ' ');

// The tables of decp, by two sessions at once
export async function remplir(name, contracts) {
  newDatabase(name);
  const script = path.join(here, 'remplir.sql');
  psql(name, '-v', 'partie=debut', '-f', script);
  psql(name, '-c', `CREATE TABLE bench.ligne AS SELECT ${lots.columns} FROM decp.contrat`,
    '-c', "INSERT INTO decp.chargement (fichier, taille) VALUES ('generateur', 0)");
  const half = Math.ceil(contracts / 2 / LOT) * LOT;
  await Promise.all([[0, Math.min(half, contracts)], [half, contracts - half]].filter(([, n]) => n > 0).map(([first, n], i) => {
    const file = path.join(data, `remplir_${i}.sql`);
    fs.writeFileSync(file, `SET session_replication_role = replica;\n${lots(first, n, contracts, 1, 2018)}`);
    return psqlFile(name, file);
  }));
  psql(name, '-v', 'partie=fin', '-f', script);
}

// A delivery of further contracts, as a load adds them: triggers fire
export async function livrer(name, first, count, contracts) {
  const chargement = psql(name, '-c', "INSERT INTO decp.chargement (fichier, taille) VALUES ('livraison', 0) RETURNING chargement_id");
  const file = path.join(data, 'livrer.sql');
  fs.writeFileSync(file, `BEGIN;\n${lots(first, count, contracts, chargement, 2025)}COMMIT;\n`);
  await psqlFile(name, file);
}

// The analyst's tables
export const comptoir = (name) => psql(name, '-f', path.join(here, 'comptoir.sql'));

const DUCKDB = {
  fait: `centimes BIGINT, acheteur INTEGER, annee SMALLINT, offres SMALLINT, procedure TINYINT, sociale TINYINT, environnementale TINYINT,
    departement VARCHAR, marche BOOLEAN, e03_population BOOLEAN, k03 BOOLEAN, k08 BOOLEAN, k11 BOOLEAN, l08 BOOLEAN, t02 BOOLEAN,
    x05 BOOLEAN, x08 BOOLEAN, s01 BOOLEAN, s03 BOOLEAN, e01 BOOLEAN, e03 BOOLEAN, e04 BOOLEAN, k06 BOOLEAN`,
  attribution: 'part DOUBLE, acheteur INTEGER, titulaire INTEGER, annee SMALLINT, departement VARCHAR',
};

// The same rows, in the same order, in DuckDB's storage
export async function exporter(name, duckdb) {
  await duckdb.run('CREATE SCHEMA bi');
  for (const [table, columns] of Object.entries(DUCKDB)) {
    const file = path.join(data, `${table}.csv`);
    psql(name, '-c', `\\copy bi.${table} to '${file}' (format csv, header)`);
    await duckdb.run(`CREATE TABLE bi.${table} (${columns})`);
    await duckdb.run(`COPY bi.${table} FROM '${file}' (header)`);
    fs.rmSync(file);
  }
  await duckdb.run('CHECKPOINT');
}

// What questions are about: the period, the buyer and the département with most contracts
export function sujets(name, contracts) {
  const [acheteur, annee] = psql(name, '-F', '\t', '-c', `SELECT acheteur, annee FROM bi.fait
    WHERE acheteur IS NOT NULL AND annee IS NOT NULL GROUP BY 1, 2 ORDER BY count(*) DESC, 1, 2 LIMIT 1`).split('\t').map(Number);
  const departement = psql(name, '-c', 'SELECT departement FROM bi.fait WHERE departement IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1');
  return { contrats: contracts, acheteur, annee, departement, debut: 2018, fin: 2025 };
}
