// duckdb_charger.mjs: the same file into the same tables with DuckDB, on its own
// storage, two threads. One process per measure, so that its memory is its own.
//
//   node duckdb_charger.mjs file.json database.duckdb auto|colonnes
//
// "auto" lets read_json find the types; "colonnes" gives them, which saves a pass.
// Prints one JSON object: seconds, memory in MB, and figures to compare.
import { DuckDBInstance } from '@duckdb/node-api';
import fs from 'node:fs';

const [file, database, variant] = process.argv.slice(2);
const size = fs.statSync(file).size;
const id = 'STRUCT(id VARCHAR)';
const holder = 'STRUCT(id VARCHAR, typeIdentifiant VARCHAR)';
const common = `id VARCHAR, nature VARCHAR, objet VARCHAR, "procedure" VARCHAR, dureeMois BIGINT,
  datePublicationDonnees DATE, considerationsSociales STRUCT(considerationSociale VARCHAR[]),
  considerationsEnvironnementales STRUCT(considerationEnvironnementale VARCHAR[])`;
const marche = `STRUCT(${common}, acheteur ${id}, codeCPV VARCHAR, lieuExecution STRUCT(code VARCHAR, typeCode VARCHAR),
  dateNotification DATE, montant DECIMAL(20,2), formePrix VARCHAR, typesPrix STRUCT(typePrix VARCHAR[]),
  titulaires STRUCT(titulaire ${holder})[], techniques STRUCT(technique VARCHAR[]),
  modalitesExecution STRUCT(modaliteExecution VARCHAR[]), idAccordCadre VARCHAR, marcheInnovant BOOLEAN, ccag VARCHAR,
  offresRecues BIGINT, attributionAvance BOOLEAN, tauxAvance DOUBLE, typeGroupementOperateurs VARCHAR,
  sousTraitanceDeclaree BOOLEAN, origineUE DOUBLE, origineFrance DOUBLE,
  modifications STRUCT(modification STRUCT(id BIGINT, dureeMois BIGINT, montant DECIMAL(20,2),
    dateNotificationModification DATE, datePublicationDonneesModification DATE, titulaires STRUCT(titulaire ${holder})[]))[],
  actesSousTraitance STRUCT(acteSousTraitance STRUCT(id BIGINT, sousTraitant ${holder}, dureeMois BIGINT,
    dateNotification DATE, datePublicationDonnees DATE, montant DECIMAL(20,2), variationPrix VARCHAR))[],
  modificationsActesSousTraitance STRUCT(modificationActeSousTraitance STRUCT(id BIGINT, dureeMois BIGINT,
    dateNotificationModificationSousTraitance DATE, datePublicationDonnees DATE, montant DECIMAL(20,2)))[])`;
const concession = `STRUCT(${common}, autoriteConcedante ${id}, dateSignature DATE, dateDebutExecution DATE,
  valeurGlobale DECIMAL(20,2), montantSubventionPublique DECIMAL(20,2), concessionnaires STRUCT(concessionnaire ${holder})[],
  donneesExecution STRUCT(donneesAnnuelles STRUCT(datePublicationDonneesExecution DATE, depensesInvestissement DECIMAL(20,2),
    tarifs STRUCT(tarif STRUCT(intituleTarif VARCHAR, tarif DECIMAL(20,2)))[]))[],
  modifications STRUCT(modification STRUCT(id BIGINT, dureeMois BIGINT, valeurGlobale DECIMAL(20,2),
    dateSignatureModification DATE, datePublicationDonneesModification DATE))[])`;
const columns = variant === 'colonnes'
  ? `, columns={marches: 'STRUCT(marche ${marche.replaceAll("'", "''")}[], "contrat-concession" ${concession}[])'}` : '';

const steps = [
  `CREATE TEMP TABLE lu AS SELECT marches FROM read_json('${file}', maximum_object_size=${size + 1024}${columns})`,
  `CREATE TEMP TABLE m AS SELECT row_number() OVER () AS contrat_id, m FROM (SELECT unnest(marches.marche) AS m FROM lu)`,
  `CREATE TEMP TABLE c AS SELECT 1000000000 + row_number() OVER () AS contrat_id, m FROM (SELECT unnest(marches."contrat-concession") AS m FROM lu)`,
  `CREATE TABLE contrat AS
   SELECT contrat_id, 'marche' AS type_contrat, m.id, m.acheteur.id AS acheteur_id, m.nature, m.objet, m.codeCPV, m."procedure",
     m.lieuExecution.code AS lieu_code, m.lieuExecution.typeCode AS lieu_type_code, m.dureeMois, m.dateNotification::DATE AS date_notification,
     m.datePublicationDonnees::DATE AS date_publication, m.montant::DECIMAL(20,2) AS montant, m.formePrix, m.typesPrix.typePrix, m.techniques.technique,
     m.modalitesExecution.modaliteExecution, m.idAccordCadre, m.marcheInnovant, m.ccag, m.offresRecues, m.attributionAvance,
     m.tauxAvance, m.typeGroupementOperateurs, m.sousTraitanceDeclaree, m.origineUE, m.origineFrance,
     m.considerationsSociales.considerationSociale, m.considerationsEnvironnementales.considerationEnvironnementale,
     NULL::DATE AS date_debut_execution, NULL::DECIMAL(20,2) AS montant_subvention FROM m
   UNION ALL
   SELECT contrat_id, 'concession', m.id, m.autoriteConcedante.id, m.nature, m.objet, NULL, m."procedure", NULL, NULL, m.dureeMois,
     m.dateSignature::DATE, m.datePublicationDonnees::DATE, m.valeurGlobale::DECIMAL(20,2), NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
     NULL, NULL, NULL, NULL, m.considerationsSociales.considerationSociale, m.considerationsEnvironnementales.considerationEnvironnementale,
     m.dateDebutExecution::DATE, m.montantSubventionPublique::DECIMAL(20,2) FROM c`,
  `CREATE TABLE titulaire AS
   SELECT contrat_id, t.titulaire.id, t.titulaire.typeIdentifiant FROM (SELECT contrat_id, unnest(m.titulaires) AS t FROM m)
   UNION ALL
   SELECT contrat_id, t.concessionnaire.id, t.concessionnaire.typeIdentifiant FROM (SELECT contrat_id, unnest(m.concessionnaires) AS t FROM c)`,
  `CREATE TABLE modification AS
   SELECT contrat_id, unnest(x.modification) FROM (SELECT contrat_id, unnest(m.modifications) AS x FROM m)`,
  `CREATE TABLE modification_concession AS
   SELECT contrat_id, unnest(x.modification) FROM (SELECT contrat_id, unnest(m.modifications) AS x FROM c)`,
  `CREATE TABLE acte_sous_traitance AS
   SELECT contrat_id, unnest(x.acteSousTraitance) FROM (SELECT contrat_id, unnest(m.actesSousTraitance) AS x FROM m)`,
  `CREATE TABLE modification_acte AS
   SELECT contrat_id, unnest(x.modificationActeSousTraitance) FROM (SELECT contrat_id, unnest(m.modificationsActesSousTraitance) AS x FROM m)`,
  `CREATE TABLE donnee_execution AS
   SELECT contrat_id, unnest(x.donneesAnnuelles) FROM (SELECT contrat_id, unnest(m.donneesExecution) AS x FROM c)`,
  `CHECKPOINT`,
];

fs.rmSync(database, { force: true });
const instance = await DuckDBInstance.create(database, { threads: '2' });
const connection = await instance.connect();
const start = process.hrtime.bigint();
for (const sql of steps) await connection.run(sql);
const seconds = Number(process.hrtime.bigint() - start) / 1e9;
const reader = await connection.runAndReadAll(`SELECT (SELECT count(*) FROM contrat)::VARCHAR AS contrats,
  (SELECT count(*) FROM titulaire)::VARCHAR AS titulaires, (SELECT sum(montant) FROM contrat)::VARCHAR AS somme,
  ((SELECT count(*) FROM modification) + (SELECT count(*) FROM modification_concession))::VARCHAR AS modifications`);
const memory = Number(/VmHWM:\s+(\d+)/.exec(fs.readFileSync('/proc/self/status', 'utf8'))[1]) / 1024;
console.log(JSON.stringify({ secondes: seconds, memoire_mo: memory, ...reader.getRowObjects()[0] }));
connection.closeSync();
instance.closeSync();
