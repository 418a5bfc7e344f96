// indicateurs.mjs: the share indicators of the catalogue, as plain SQL over the
// columns of bi.fait (comptoir.sql). Each says what is a yes, what is known and what
// its population is; K03 and what follows X08 also have a boolean of their own.
const marche = (code, champ, oui, more = {}) => ({ code, population: 'marche', connu: `marche AND ${champ} IS NOT NULL`, oui: `marche AND ${oui}`, ...more });
const drapeau = (code, population = 'marche') => ({ code, population, connu: `${code.toLowerCase()} IS NOT NULL`, oui: code.toLowerCase() });
const classes = (code, champ, list) => Object.entries(list).map(([classe, oui]) => marche(`${code}.${classe}`, champ, oui));
const concession = (code, champ, oui) => ({ code, population: 'NOT marche', connu: `NOT marche AND ${champ} IS NOT NULL`, oui: `NOT marche AND ${oui}` });

const procedures = ['procedure_adaptee', 'appel_offres_ouvert', 'appel_offres_restreint', 'procedure_avec_negociation',
  'sans_publicite', 'dialogue_competitif'];
const publicite = 'marche AND procedure IS DISTINCT FROM 5';

// The catalogue of share indicators, in its order
export const catalogue = [
  concession('D01.sociale', 'sociale', 'sociale > 0'),
  concession('D01.environnementale', 'environnementale', 'environnementale > 0'),
  concession('D02', 'sociale', 'sociale >= 4'),
  marche('E01', 'environnementale', 'environnementale > 0'),
  ...classes('E02', 'environnementale', { clause: 'environnementale = 1', critere: 'environnementale = 2', les_deux: 'environnementale = 3', aucune: 'environnementale = 0' }),
  { code: 'E03', population: 'e03_population', connu: 'e03_population AND environnementale IS NOT NULL', oui: 'e03_population AND environnementale = 3' },
  marche('E04', '(sociale > 0 AND environnementale > 0)', 'sociale > 0 AND environnementale > 0'),
  { ...drapeau('K03', publicite), unites: ['nombre'] },
  { ...drapeau('K03', publicite), code: 'K04', unites: ['montant'] },
  ...classes('K05', 'procedure', Object.fromEntries(procedures.map((p, i) => [p, `procedure = ${i + 1}`]))),
  marche('K06', 'procedure', 'procedure = 5'),
  drapeau('K08'),
  drapeau('K11'),
  drapeau('L08'),
  marche('S01', 'sociale', 'sociale > 0'),
  ...classes('S02', 'sociale', { clause: 'sociale = 1', critere: 'sociale = 2', clause_et_critere: 'sociale = 3', reserve: 'sociale >= 4', aucune: 'sociale = 0' }),
  marche('S03', 'sociale', 'sociale >= 4'),
  drapeau('T02'),
  drapeau('X05'),
  drapeau('X08'),
].map((i) => ({ unites: ['nombre', 'montant'], ...i }));

// What the conditions above look at
export const champs = ['marche', 'e03_population', 'sociale', 'environnementale', 'procedure', 'k03', 'k08', 'k11', 'l08', 't02', 'x05', 'x08'];

// A good dozen, for tables that have one line per buyer and year
export const douzaine = ['S01', 'S03', 'E01', 'E03', 'E04', 'L08', 'K03', 'K06', 'K08', 'K11', 'T02', 'X05', 'X08'];

export const choisir = (wanted) => catalogue.filter((i) => wanted.includes(i.code.split('.')[0]));

const genre = (unite) => (unite === 'nombre' ? 'exact' : 'argent');

// Numerator, denominator and unknown of each indicator in each unit
export const colonnes = (list) => list.flatMap((i) => i.unites.flatMap((unite) => ['numerateur', 'denominateur', 'inconnu'].map((quoi) => ({
  nom: `${i.code}/${unite}/${quoi}`, genre: genre(unite), indicateur: i, unite, quoi,
}))));

// The rates alone
export const taux = (wanted) => wanted.flatMap((code) => {
  const i = catalogue.find((c) => c.code === code);
  return i.unites.map((unite) => ({ nom: `${code}/${unite}`, genre: 'taux', code, unite }));
});
