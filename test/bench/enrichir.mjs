// enrichir.mjs: what registers add to contracts: loading the stock of SIRENE, the
// enrichment of all contracts beside the chain of UPDATEs that comes to mind first
// (mises_a_jour.sql), and what it costs to follow a delivery and a register.
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { livrer, remplir } from './donnees.mjs';
import { data, fail, here, median, note, runs, say, sync, top, wanted, watchBackend, watchTree } from './mesure.mjs';
import { decp, psql, Session } from './postgres.mjs';

const lignes = Number(process.env.SIRENE || 2500000);
const db = 'enrichir';
// What is large is measured once
const fois = (n, limite) => (n < limite ? runs : 1);

const stocks = [
  { genre: 'unites', registre: 'sirene_unites', nommes: 'siren_des_contrats', cle: 'siren', table: 'unite_legale', complete: 'unite',
    lecture: `siren COLLATE "C" AS siren, lower("categorieEntreprise") AS categorie, "trancheEffectifsUniteLegale" AS tranche_effectifs,
      "economieSocialeSolidaireUniteLegale" = 'O' AS ess, "societeMissionUniteLegale" = 'O' AS societe_mission,
      "categorieJuridiqueUniteLegale" AS categorie_juridique FROM maj.brut` },
  { genre: 'etablissements', registre: 'sirene_etablissements', nommes: 'siret_des_contrats', cle: 'siret', table: 'etablissement', complete: 'etablissement',
    // Points that nobody asks for need not be right: to compute 25 million of them takes longer than all the rest
    lecture: `b.siret COLLATE "C" AS siret, "codeCommuneEtablissement" AS code_commune, coalesce(e.latitude, 46) AS latitude, coalesce(e.longitude, 2) AS longitude
      FROM maj.brut AS b LEFT JOIN decp.etablissement AS e ON e.siret = b.siret COLLATE "C"` },
];

// The file, in which what contracts name stands among the other lines
function ecrire({ genre, nommes, cle }) {
  const liste = path.join(data, `${genre}.txt`);
  const fichier = path.join(data, `${genre}.csv`);
  fs.writeFileSync(liste, `${psql(db, '-c', `SELECT ${cle} FROM decp.${nommes} ORDER BY 1`)}\n`);
  const sortie = fs.openSync(fichier, 'w');
  execFileSync('python3', [path.join(top, 'test/gen/sirene.py'), genre, String(lignes), '1', liste], { stdio: ['ignore', sortie, 'inherit'] });
  fs.closeSync(sortie);
  return fichier;
}

// charger_referentiel.sql as a user runs it; memory of the backend, and of all that runs where psql does
function charger(registre, fichier, ...options) {
  return new Promise((resolve) => {
    const start = process.hrtime.bigint();
    const child = spawn('psql', ['-X', '-q', '-d', db, '-v', 'schema=decp', '-v', `registre=${registre}`, '-v', `fichier=${fichier}`, ...options,
      '-f', decp('charger_referentiel.sql')], { stdio: ['ignore', 'ignore', 'pipe'] });
    let errors = '';
    child.stderr.on('data', (d) => { errors += d; });
    const client = watchTree(child.pid);
    let server = () => 0;
    const find = setTimeout(() => {
      const pid = psql('postgres', '-c', `SELECT pid FROM pg_stat_activity WHERE datname = '${db}' AND application_name = 'psql'`);
      if (pid) server = watchBackend(pid, 200);
    }, 300);
    child.on('close', (code) => {
      clearTimeout(find);
      if (code !== 0) fail(`charger_referentiel.sql: ${errors}`);
      resolve({ secondes: Number(process.hrtime.bigint() - start) / 1e9, serveur: server(), client: client() });
    });
  });
}

// Loading the stock: the server keeps what contracts name
async function benchStock(stock, contrats) {
  const fichier = ecrire(stock);
  const mesures = [];
  for (let run = 0; run < fois(lignes, 5e6); run++) {
    psql(db, '-c', `TRUNCATE decp.${stock.table}`);
    sync();
    mesures.push(await charger(stock.registre, fichier));
  }
  const secondes = median(mesures.map((m) => m.secondes));
  const [gardees, client] = [psql(db, '-c', `SELECT retenues FROM decp.referentiel WHERE registre = '${stock.registre}'`),
    Math.max(...mesures.map((m) => m.client))];
  note(`charger_${stock.registre}`, contrats, 'spaser', secondes, Math.max(...mesures.map((m) => m.serveur)),
    `${lignes} lines, ${gardees} kept, ${(fs.statSync(fichier).size / 1e6 / secondes).toFixed(0)} MB/s, ${client.toFixed(0)} MB at psql`);
  return fichier;
}

// All of the stock for the chain, in narrow tables with a key
function completer({ complete, lecture, cle }, fichier) {
  const colonnes = execFileSync('head', ['-n', '1', fichier], { encoding: 'utf8' }).trim().split(',').map((c) => `"${c}" text`).join(', ');
  psql(db, '-c', `CREATE UNLOGGED TABLE maj.brut (${colonnes})`, '-c', `\\copy maj.brut from '${fichier}' (format csv, header)`,
    '-c', `CREATE TABLE maj.${complete} AS SELECT ${lecture}`, '-c', 'DROP TABLE maj.brut',
    '-c', `ALTER TABLE maj.${complete} ADD PRIMARY KEY (${cle})`, '-c', `VACUUM ANALYZE maj.${complete}`);
}

const oui = (colonne) => `CASE ${colonne} WHEN true THEN 'oui' WHEN false THEN 'non' END`;
// What a contract's holders share is unknown for all when it is for one
const partage = (colonne) => oui(`CASE WHEN count(${colonne}) OVER w = count(*) OVER w THEN ${colonne} END`);

// Both say the same of every holder and every contract, or no time is told
async function comparer(session) {
  const attributs = ['taille_titulaire', 'tpe', 'ess', 'societe_mission', 'etranger_titulaire', 'local_titulaire', 'lieu_titulaire', 'esus', 'inclusion']
    .map((a) => `spaser.attribut(attributions[n], '${a}')`).join(', ');
  const [[differents, titulaires]] = await session.rows(`SELECT count(*) FILTER (WHERE (${attributs}, distances[n]) IS DISTINCT FROM
      (taille, tpe, ess, societe_mission, etranger, local, lieu, esus, inclusion, distance)), count(*)
    FROM (SELECT contrat_id, row_number() OVER (w ORDER BY rang) AS n, taille, local, inclusion, distance, ${
  ['tpe', 'ess', 'societe_mission'].map((c) => `${partage(c)} AS ${c}`).join(', ')}, ${
  ['etranger', 'lieu', 'esus'].map((c) => `${oui(c)} AS ${c}`).join(', ')}
      FROM maj.attribution WINDOW w AS (PARTITION BY contrat_id)) AS m JOIN maj.enrichi USING (contrat_id)`);
  const [[contrats]] = await session.rows(`SELECT count(*) FROM maj.contrat AS m JOIN maj.enrichi AS e USING (contrat_id)
    WHERE (${['segment', 'agec', 'seuil_europeen', 'seuil_procedure'].map((a) => `spaser.attribut(profil, '${a}')`).join(', ')})
      IS DISTINCT FROM (m.segment, m.agec, m.seuil_europeen, m.seuil_procedure)`);
  if (differents !== '0' || contrats !== '0') fail(`enrichir: ${differents} of ${titulaires} holders and ${contrats} contracts differ from the chain of UPDATEs`);
}

async function watched(session, action) {
  await session.ready;
  const stop = watchBackend(session.pid, 100);
  const start = process.hrtime.bigint();
  await action();
  return { secondes: Number(process.hrtime.bigint() - start) / 1e9, mo: stop() };
}

async function mesurer(cas, contrats, moteur, libelle, nombre, open, avant, action) {
  const mesures = [];
  for (let run = 0; run < nombre; run++) {
    await avant(run);
    const session = open();
    mesures.push(await watched(session, () => action(session, run)));
    await session.close();
  }
  note(cas, contrats, moteur, median(mesures.map((m) => m.secondes)), Math.max(...mesures.map((m) => m.mo)), libelle);
}

const debut = () => psql(db, '-c', 'DROP SCHEMA IF EXISTS maj CASCADE', '-v', 'partie=debut', '-f', path.join(here, 'mises_a_jour.sql'));

async function benchChaine(contrats, fichiers, open) {
  const n = fois(contrats, 1e6);
  await mesurer('enrichir', contrats, 'spaser', 'spaser, contrat_enrichi into a table', n, open, () => psql(db, '-c', 'DROP TABLE IF EXISTS enrichi'),
    (s) => s.rows('CREATE TABLE enrichi AS SELECT contrat_id, profil, attributions, distances FROM decp.contrat_enrichi'));
  debut();
  psql(db, '-c', 'ALTER TABLE enrichi SET SCHEMA maj');
  for (const [i, stock] of stocks.entries()) completer(stock, fichiers[i]);
  // Once: what it left behind would slow a second one
  await mesurer('enrichir', contrats, 'sql', 'sql, a chain of UPDATEs', 1, open, () => sync(),
    (s) => s.ask(`\\set partie suite\n\\i ${path.join(here, 'mises_a_jour.sql')}`));
  const session = open();
  await comparer(session);
  await session.close();
  psql(db, '-c', 'DROP SCHEMA maj CASCADE');
}

// The rollup without registers and with them, then what follows a delivery and a register
async function benchSuivre(contrats, open) {
  const LIVRAISON = 10000;
  const UNITES = 1000;
  const rafraichir = (s) => s.rows('SELECT * FROM decp.rafraichir_synthese()');
  await mesurer('reconstruire', contrats, 'synthese', 'synthese, with registers', 1, open, () => sync(), (s) => s.ask(`\\i ${decp('synthese.sql')}`));
  await mesurer('rafraichir_livraison', contrats, 'synthese', `synthese, ${LIVRAISON} contracts more`, runs, open,
    (run) => livrer(db, contrats + run * LIVRAISON, LIVRAISON, contrats), rafraichir);
  const fichier = path.join(data, 'changees.csv');
  const changer = async (run) => {
    psql(db, '-c', `\\copy (SELECT siren, CASE categorie WHEN 'pme' THEN 'ETI' ELSE 'PME' END AS "categorieEntreprise"
      FROM (SELECT siren, categorie FROM decp.unite_legale ORDER BY md5(siren || ${run}) LIMIT ${UNITES}) AS u) to '${fichier}' (format csv, header)`.replace(/\s+/g, ' '));
    const m = await charger('sirene_unites', fichier, '-v', 'ajouter=1');
    if (run === 0) note('charger_changement', contrats, 'spaser', m.secondes, m.serveur, `${UNITES} units that changed`);
  };
  await mesurer('rafraichir_registre', contrats, 'synthese', `synthese, after ${UNITES} units that changed`, runs, open, changer, rafraichir);
  // The triggers saw everything: a comparison of all contracts finds nothing
  await mesurer('noter_registres', contrats, 'synthese', 'synthese, all contracts compared', 1, open, () => {}, (s) => s.rows('SELECT decp.noter_registres()'));
  const restes = psql(db, '-c', 'SELECT count(*) FROM decp.synthese_a_refaire');
  if (restes !== '0') fail(`enrichir: ${restes} contracts differ after the refresh`);
}

// One buyer and one year, all that the catalogue says; and every cell of that level
async function benchCatalogue(contrats, open) {
  const [[acheteur, periode]] = [psql(db, '-F', '\t', '-c', `SELECT code, periode FROM decp.synthese_acheteur_annee WHERE code IS NOT NULL AND periode IS NOT NULL
    ORDER BY contrats DESC, code, periode LIMIT 1`).split('\t')];
  const session = open();
  const annee = Number(periode.slice(0, 4));
  await session.rows('PREPARE un (text, date, date) AS SELECT * FROM decp.indicateurs(\'acheteur\', $1, $2, $3)');
  const appel = `EXECUTE un ('${acheteur}', '${annee}-01-01', '${annee + 1}-01-01')`;
  const temps = [];
  for (let run = 0; run < runs + 6; run++) temps.push(await session.time(appel));
  note('catalogue_acheteur_annee', contrats, 'synthese', median(temps.slice(6)), 0, 'synthese, one buyer and one year');
  await session.close();
  await mesurer('catalogue_tous', contrats, 'synthese', 'synthese, every buyer and year', fois(contrats, 1e6), open, () => {},
    (s) => s.rows("SELECT count(*), count(m.valeur) FROM decp.synthese AS c, decp.mesures(c) AS m WHERE c.niveau = 'acheteur_annee'"));
}

export async function benchEnrichir(contrats, settings) {
  if (!wanted('enrichir')) return;
  await remplir(db, contrats);
  psql(db, '-f', path.join(here, 'registres.sql'));
  say(`\n${contrats} contracts and registers, ${lignes} lines of SIRENE:`);
  const open = () => new Session(db, settings);
  await mesurer('reconstruire', contrats, 'synthese', 'synthese, without SIRENE', 1, open, () => sync(), (s) => s.ask(`\\i ${decp('synthese.sql')}`));
  const fichiers = [];
  for (const stock of stocks) fichiers.push(await benchStock(stock, contrats));
  await benchChaine(contrats, fichiers, open);
  for (const fichier of fichiers) fs.rmSync(fichier);
  await benchSuivre(contrats, open);
  await benchCatalogue(contrats, open);
  psql('postgres', '-c', `DROP DATABASE ${db}`);
}
