-- profil.sql: the type profil, how it is built, compared and taken apart.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS spaser;
SET search_path = public, spaser;

-- What a statement answers when it fails
CREATE FUNCTION pg_temp.erreur(requete text, OUT etat text, OUT message text)
LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE requete;
	etat := '00000';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS etat = RETURNED_SQLSTATE, message = MESSAGE_TEXT;
END $$;

-- ---- Text form

SELECT ''::profil AS rien,
	'nature=marche'::profil AS un,
	E'  techniques=concours+accord_cadre\n\tformat=v2 '::profil AS ordonne;

-- each of these comes back as it was written
SELECT texte FROM (VALUES
	(''),
	('type_contrat=concession format=v1 nature=concession_service_public'),
	('considerations_sociales=clause+critere+reserve considerations_environnementales=clause+critere!'),
	('considerations_sociales=aucune considerations_environnementales=aucune techniques=aucune'),
	('offres=3_4 type_achat=travaux origine=invalide publication=avant_notification duree=hors_bornes')
) AS t(texte) WHERE texte::profil::text <> texte;

-- refused, each for a reason of its own: an attribute, a value, twice, a form
SELECT texte, (pg_temp.erreur(format('SELECT %L::profil', texte))).*
FROM (VALUES
	('couleur=bleu'), ('nature=bleu'), ('nature='), ('nature'), ('=marche'), ('nature=marche nature=marche'),
	('nature = marche'), ('nature=marche,format=v2'), ('techniques=concours+concours'),
	('techniques=concours!'), ('considerations_sociales=aucune+clause')
) AS t(texte);
SELECT length((pg_temp.erreur(format('SELECT %L::profil', repeat('é', 100000)))).message) < 300 AS message_borne;

-- ---- Binary form

-- 'nature=marche' is code 1 in bits 56 to 59 of the first word, 'titulaires=un' in bits 34 and 35 of the second
SELECT profil_send('nature=marche titulaires=un');
CREATE TEMP TABLE binaire (p profil);
CREATE FUNCTION pg_temp.recevoir(octets bytea) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	lo oid := lo_from_bytea(0, '\x5047434f50590aff0d0a00' || int4send(0) || int4send(0) ||
		int2send(1::int2) || int4send(length(octets)) || octets || int2send((-1)::int2));
	chemin text := current_setting('data_directory') || '/profil_binaire';
	etat text;
	message text;
BEGIN
	PERFORM lo_export(lo, chemin);
	PERFORM lo_unlink(lo);
	DELETE FROM binaire;
	EXECUTE format('COPY binaire FROM %L (FORMAT binary)', chemin);
	RETURN (SELECT coalesce(nullif(p::text, ''), '(inconnu)') FROM binaire);
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS etat = RETURNED_SQLSTATE, message = MESSAGE_TEXT;
	RETURN etat || ': ' || message;
END $$;
SELECT pg_temp.recevoir(profil_send('techniques=concours+accord_cadre offres=1')) AS aller_retour,
	pg_temp.recevoir('\x00000000000000000000000000000000') AS zero,
	pg_temp.recevoir('\xffffffffffffffffffffffffffffffff') AS codes,
	pg_temp.recevoir('\x00000000000000020000000000000000') AS bit_libre,
	pg_temp.recevoir('\x0000000000000000') AS court,
	pg_temp.recevoir('\x000000000000000000000000000000000000') AS long;

-- ---- Order: attribute by attribute, unknown first; equality; index and hash

SELECT p FROM (VALUES ('nature=marche'::profil), (''), ('type_contrat=concession'), ('titulaires=un'),
	('type_contrat=marche titulaires=plusieurs'), ('type_contrat=marche'), ('nature=marche')) AS t(p)
ORDER BY p;
SELECT 'nature=marche'::profil = 'nature=marche' AS eq, 'nature=marche'::profil <> '' AS ne,
	''::profil < 'titulaires=un' AS lt, ''::profil <= '' AS le,
	'nature=marche'::profil > 'titulaires=un' AS gt, ''::profil >= 'titulaires=un' AS ge;

CREATE TEMP TABLE profils AS
SELECT n, profil(format_decp => 1 + n % 2, offres_recues => n % 7, montant => (n % 50) * 5000, duree_mois => n % 61,
	marche_innovant => n % 3 = 0, titulaires => n % 3) AS p
FROM generate_series(1, 20000) n;
CREATE INDEX ON profils (p);
ANALYZE profils;
-- text identifies a profil, so these are equal however they are computed
SELECT (SELECT count(DISTINCT p) FROM profils) = (SELECT count(DISTINCT p::text) FROM profils) AS distincts,
	(SELECT count(*) FROM (SELECT p FROM profils GROUP BY p) AS g) =
	(SELECT count(*) FROM (SELECT p::text FROM profils GROUP BY 1) AS g) AS groupes,
	(SELECT count(*) FROM profils a JOIN profils b USING (p)) =
	(SELECT sum(c * c) FROM (SELECT count(*) AS c FROM profils GROUP BY p::text) AS g) AS jointure;
SET enable_seqscan = off;
SELECT count(*) = (SELECT count(*) FROM profils WHERE p::text = (SELECT p::text FROM profils WHERE n = 77))
FROM profils WHERE p = (SELECT p FROM profils WHERE n = 77);
RESET enable_seqscan;

-- ---- Construction: each case is worked by hand

SELECT profil() AS rien, profil(NULL, NULL) IS NOT NULL AS jamais_nul;

CREATE TEMP TABLE cas (regle text, p profil, attribut text, attendu text);

INSERT INTO cas
SELECT 'type de contrat', profil(type_contrat => t, nature => n), 'type_contrat', a
FROM (VALUES ('marche', NULL, 'marche'), ('MARCHE_PUBLIC', NULL, 'marche'), ('Marché', NULL, 'marche'),
	('concession', NULL, 'concession'), ('Contrat de concession', NULL, 'concession'), ('contrat-concession', NULL, 'concession'),
	(NULL, 'Délégation de service public', 'concession'), (NULL, 'Accord-cadre', 'marche'), (NULL, 'Marché de partenariat', 'marche'),
	('autre', NULL, NULL), (NULL, NULL, NULL)) AS v(t, n, a);

-- nature: v1's framework agreement and subsequent contract are marchés, and something more
INSERT INTO cas
SELECT 'nature ' || coalesce(n, '-') || ' v' || v, profil(nature => n, format_decp => v, techniques => t, id_accord_cadre => l, accord_cadre_present => present),
	x.key, x.value
FROM (VALUES
	('Marché', 1, NULL::text[], NULL, NULL::boolean, '{"nature": "marche", "accord_cadre": "non", "subsequent": "non", "techniques": null}'::json),
	('Accord-cadre', 1, NULL, NULL, NULL, '{"nature": "marche", "accord_cadre": "oui", "subsequent": "non"}'),
	('ACCORD CADRE', 1, NULL, NULL, NULL, '{"nature": "marche", "accord_cadre": "oui"}'),
	('Marché subséquent', 1, NULL, NULL, NULL, '{"nature": "marche", "accord_cadre": "non", "subsequent": "v1"}'),
	('n''importe quoi', 1, NULL, NULL, NULL, '{"nature": null, "accord_cadre": null, "subsequent": null}'),
	(NULL, 1, NULL, NULL, NULL, '{"nature": null, "accord_cadre": null, "subsequent": null}'),
	('Marché', 2, '{Accord-cadre}', NULL, NULL, '{"nature": "marche", "accord_cadre": "oui", "subsequent": "non"}'),
	('Marché', 2, '{Concours,Accord-cadre}', '2024-1', true, '{"accord_cadre": "oui", "subsequent": "lie", "techniques": "accord_cadre+concours"}'),
	('Marché', 2, '{Concours}', '2024-1', false, '{"accord_cadre": "non", "subsequent": "non_lie"}'),
	('Marché', 2, '{Sans objet}', '2024-1', NULL, '{"accord_cadre": "non", "subsequent": "non_lie", "techniques": "aucune"}'),
	('Marché', 2, NULL, 'NC', NULL, '{"accord_cadre": null, "subsequent": "non"}'),
	('Marché', 2, '{}', '', true, '{"accord_cadre": null, "subsequent": "non", "techniques": null}'),
	('Marché', 2, '{bleu}', NULL, NULL, '{"accord_cadre": null, "techniques": null}'),
	('Marché', 2, '{bleu,Concours}', NULL, NULL, '{"accord_cadre": "non", "techniques": "concours"}'),
	('Concession de travaux', 2, NULL, NULL, NULL, '{"nature": "concession_travaux", "accord_cadre": "non", "subsequent": "non"}'),
	('Marché', NULL, NULL, NULL, NULL, '{"nature": "marche", "accord_cadre": null, "subsequent": null}')
) AS c(n, v, t, l, present, attendus), json_each_text(c.attendus) AS x;

-- considerations: yes, explicit no, contradiction, unknown
INSERT INTO cas
SELECT 'considérations ' || coalesce(s::text, '-'), profil(format_decp => 2, considerations_sociales => s, considerations_environnementales => e),
	x.key, x.value
FROM (VALUES
	('{Clause sociale}'::text[], '{Critère environnemental}'::text[], '{"considerations_sociales": "clause", "considerations_environnementales": "critere"}'::json),
	('{Critère social,Clause sociale}', '{Clause environnementale,Critère environnemental}', '{"considerations_sociales": "clause+critere", "considerations_environnementales": "clause+critere"}'),
	('{Marché réservé}', '{Pas de considération environnementale}', '{"considerations_sociales": "reserve", "considerations_environnementales": "aucune"}'),
	('{Concession réservée}', '{Sans objet}', '{"considerations_sociales": "reserve", "considerations_environnementales": "aucune"}'),
	('{Pas de considération sociale}', NULL, '{"considerations_sociales": "aucune", "considerations_environnementales": null}'),
	('{Pas de considération sociale,Clause sociale}', '{Critère environnemental,Pas de considération environnementale}', '{"considerations_sociales": "clause!", "considerations_environnementales": "critere!"}'),
	('{Clause sociale,MQ}', '{NC}', '{"considerations_sociales": "clause", "considerations_environnementales": null}'),
	('{}', '{NULL}', '{"considerations_sociales": null, "considerations_environnementales": null}'),
	('{"M, Q"}', '{""}', '{"considerations_sociales": null, "considerations_environnementales": null}')
) AS c(s, e, attendus), json_each_text(c.attendus) AS x;

-- lists whose spelling changed
INSERT INTO cas
SELECT 'procédure', profil(procedure => t), 'procedure', a
FROM (VALUES ('Procédure adaptée', 'procedure_adaptee'), ('Appel d’offres ouvert', 'appel_offres_ouvert'),
	('Procédure négociée avec mise en concurrence préalable', 'procedure_avec_negociation'),
	('Marché public négocié sans publicité ni mise en concurrence préalable', 'sans_publicite'),
	('Procédure non négociée restreinte', 'non_negociee_restreinte'), ('Gré à gré', NULL)) AS v(t, a)
UNION ALL
SELECT 'modalités', profil(modalites_execution => t::text[]), 'modalites_execution', a
FROM (VALUES ('{Tranches,Marchés subséquents}', 'tranches+marches_subsequents'), ('{Mixte}', 'bons_de_commande+marches_subsequents'),
	('{Sans objet}', 'aucune'), ('{Sans objet,Tranches}', 'tranches')) AS v(t, a)
UNION ALL
SELECT 'prix', profil(types_prix => t::text[], forme_prix => f), x.key, x.value
FROM (VALUES
	('{Définitif ferme}', 'Unitaire', '{"types_prix": "ferme", "forme_prix": "unitaire"}'::json),
	(NULL, 'Révisable', '{"types_prix": "revisable", "forme_prix": null}'),
	(NULL, 'Ferme et actualisable', '{"types_prix": "actualisable", "forme_prix": null}'),
	('{Provisoire}', 'Ferme', '{"types_prix": "ferme+provisoire", "forme_prix": null}'),
	(NULL, 'Mixte', '{"types_prix": null, "forme_prix": "mixte"}')) AS v(t, f, attendus), json_each_text(attendus) AS x
UNION ALL
SELECT 'ccag, groupement', profil(ccag => c, type_groupement_operateurs => g), x.key, x.value
FROM (VALUES
	('Maîtrise d’œuvre', 'Solidaire', '{"ccag": "maitrise_oeuvre", "groupement": "solidaire"}'::json),
	('Pas de CCAG', 'Pas de groupement', '{"ccag": "aucun", "groupement": "aucun"}')) AS v(c, g, attendus), json_each_text(attendus) AS x;

-- booleans and numbers
INSERT INTO cas
SELECT 'booléens', profil(format_decp => 1, marche_innovant => b, attribution_avance => b, sous_traitance_declaree => b, actes_sous_traitance => n),
	x.key, x.value
FROM (VALUES
	(true, NULL::int, '{"marche_innovant": "oui", "avance": "oui", "sous_traitance": "oui"}'::json),
	(false, 0, '{"marche_innovant": "non", "avance": "non", "sous_traitance": "non"}'),
	(NULL, 0, '{"marche_innovant": null, "avance": null, "sous_traitance": null}'),
	(false, 1, '{"sous_traitance": "oui"}'), (NULL, 3, '{"sous_traitance": "oui"}')) AS v(b, n, attendus), json_each_text(attendus) AS x
UNION ALL
SELECT 'offres ' || n, profil(offres_recues => n), 'offres', a
FROM (VALUES (-1, NULL), (0, NULL), (1, '1'), (2, '2'), (3, '3_4'), (4, '3_4'), (5, '5_9'), (9, '5_9'), (10, '10_19'), (19, '10_19'),
	(20, '20_plus'), (2147483647, '20_plus')) AS v(n, a)
UNION ALL
SELECT 'durée ' || n || t, profil(duree_mois => n, type_contrat => t), 'duree', a
FROM (VALUES (0, 'marche', 'hors_bornes'), (-5, 'marche', 'hors_bornes'), (1, 'marche', '1_12'), (12, 'marche', '1_12'), (13, 'marche', '13_24'),
	(36, 'marche', '25_36'), (48, 'marche', '37_48'), (49, 'marche', '49_180'), (180, 'marche', '49_180'), (181, 'marche', 'hors_bornes'),
	(181, 'concession', '181_360'), (360, 'concession', '181_360'), (361, 'concession', 'hors_bornes')) AS v(n, t, a)
UNION ALL
SELECT 'modifications ' || n, profil(modifications => n, titulaires => n), x.key, x.value
FROM (VALUES (0, '{"modifie": "non", "titulaires": null}'::json), (1, '{"modifie": "oui", "titulaires": "un"}'),
	(2, '{"modifie": "oui", "titulaires": "plusieurs"}'), (-1, '{"modifie": null, "titulaires": null}')) AS v(n, attendus), json_each_text(attendus) AS x;

-- CPV: kind of purchase, and origin where it must be stated
INSERT INTO cas
SELECT 'cpv ' || c, profil(format_decp => 2, code_cpv => c), x.key, x.value
FROM (VALUES
	('45000000', '{"type_achat": "travaux", "origine": "non_concerne"}'::json),
	('45210000-2', '{"type_achat": "travaux"}'),
	('48000000', '{"type_achat": "fournitures"}'), ('03000000', '{"type_achat": "fournitures"}'),
	('50000000', '{"type_achat": "services"}'), ('98000000', '{"type_achat": "services"}'),
	('99000000', '{"type_achat": null, "origine": null}'), ('00000000', '{"type_achat": null}'), ('46000000', '{"type_achat": null}'),
	('4500000', '{"type_achat": null, "origine": null}'), ('INX 45', '{"type_achat": null, "origine": null}'), ('', '{"type_achat": null}'),
	('15099999', '{"origine": "non_concerne"}'), ('15100000', '{"origine": "non_renseignee"}'), ('15982200-2', '{"origine": "non_renseignee"}'),
	('15982201', '{"origine": "non_concerne"}'), ('18453000', '{"origine": "non_renseignee"}'), ('18800000', '{"origine": "non_renseignee"}'),
	('33198200', '{"origine": "non_renseignee"}'), ('33600000', '{"origine": "non_renseignee"}'), ('34144910', '{"origine": "non_renseignee"}'),
	('34510000', '{"origine": "non_renseignee"}'), ('34622500', '{"origine": "non_renseignee"}'), ('34722200', '{"origine": "non_renseignee"}')
) AS v(c, attendus), json_each_text(attendus) AS x
UNION ALL
SELECT format('origine %s %s v%s', u, f, v), profil(format_decp => v, code_cpv => '15100000', origine_ue => u, origine_france => f), 'origine', a
FROM (VALUES (1, 1, 2, 'renseignee'), (0, 0, 2, 'renseignee'), (0.6, 0.6, 2, 'renseignee'), (0.3, 0.7, 2, 'invalide'), (60, 40, 2, 'invalide'),
	(1.001, 0, 2, 'invalide'), (0.5, -0.1, 2, 'invalide'), (0.5, NULL, 2, 'non_renseignee'), (NULL, 2, 2, 'invalide'),
	(NULL, NULL, 1, NULL), (0.5, 0.5, 1, 'renseignee'), (NULL, NULL, NULL, NULL)) AS v(u, f, v, a);

-- dates: two calendar months, clipped to the end of the month; the climate law's period
INSERT INTO cas
SELECT format('publication %s %s', n, p), profil(date_notification => n::date, date_publication_donnees => p::date), 'publication', a
FROM (VALUES ('2024-12-31', '2025-02-28', 'dans_les_delais'), ('2024-12-31', '2025-03-01', 'en_retard'),
	('2023-12-30', '2024-02-29', 'dans_les_delais'), ('2023-12-31', '2024-03-01', 'en_retard'), ('2024-07-01', '2024-09-01', 'dans_les_delais'),
	('2024-07-01', '2024-09-02', 'en_retard'), ('2024-01-15', '2024-01-15', 'dans_les_delais'), ('2024-01-15', '2024-01-14', 'avant_notification'),
	('2024-01-15', NULL, 'absente'), (NULL, '2024-01-15', NULL), ('0002-01-15', '2024-01-15', NULL), ('2024-01-15', '5021-01-15', 'absente'),
	('infinity', 'infinity', NULL), ('-infinity', '2024-01-15', NULL)) AS v(n, p, a)
UNION ALL
SELECT 'période ' || n, profil(date_notification => n::date), 'periode', a
FROM (VALUES ('1999-12-31', NULL), ('2000-01-01', 'avant_2024'), ('2023-12-31', 'avant_2024'), ('2024-01-01', '2024_2026'), ('2026-08-20', '2024_2026'),
	('2026-08-21', 'depuis_2026_08_21'), ('2099-12-31', 'depuis_2026_08_21'), ('2100-01-01', NULL)) AS v(n, a);

-- amounts, by rule set; the class of amount is that of usable ones only
INSERT INTO cas
SELECT format('montant %s %s %s', m, t, r), profil(montant => m::numeric, type_contrat => t, regles_montant => r), x.key, x.value
FROM (VALUES
	(NULL, 'marche', NULL, '{"montant": null, "tranche_montant": null}'::json),
	('0', 'marche', NULL, '{"montant": "aberrant", "tranche_montant": null}'),
	('0.99', 'marche', 'ministere', '{"montant": "aberrant"}'),
	('1', 'marche', NULL, '{"montant": "utilisable", "tranche_montant": "moins_40k"}'),
	('39999.99', 'marche', NULL, '{"tranche_montant": "moins_40k"}'), ('40000', 'marche', NULL, '{"tranche_montant": "40k_60k"}'),
	('59999.999', 'marche', NULL, '{"tranche_montant": "40k_60k"}'), ('60000', 'marche', NULL, '{"tranche_montant": "60k_90k"}'),
	('90000', 'marche', NULL, '{"tranche_montant": "90k_100k"}'), ('100000', 'marche', NULL, '{"tranche_montant": "100k_1m"}'),
	('1000000', 'marche', NULL, '{"tranche_montant": "1m_plus"}'), ('3000000000', 'marche', NULL, '{"montant": "utilisable"}'),
	('3000000000.01', 'marche', NULL, '{"montant": "aberrant"}'), ('3000000000.01', 'concession', NULL, '{"montant": "utilisable"}'),
	('15000000000.01', 'concession', NULL, '{"montant": "aberrant"}'), ('123456789', 'marche', NULL, '{"montant": "aberrant"}'),
	('999999999', 'marche', NULL, '{"montant": "aberrant"}'), ('666666666', 'marche', NULL, '{"montant": "utilisable"}'),
	('88888888', 'marche', NULL, '{"montant": "utilisable"}'), ('NaN', 'marche', 'aucune', '{"montant": "aberrant"}'),
	('Infinity', 'marche', 'aucune', '{"montant": "aberrant"}'), ('-5', 'marche', 'aucune', '{"montant": "utilisable", "tranche_montant": "moins_40k"}'),
	('1e40', 'marche', 'aucune', '{"montant": "utilisable", "tranche_montant": "1m_plus"}'),
	('200', 'marche', 'decp_qualite', '{"montant": "aberrant"}'), ('200.01', 'marche', 'decp_qualite', '{"montant": "utilisable"}'),
	('999999998.99', 'marche', 'decp_qualite', '{"montant": "utilisable"}'), ('999999999', 'marche', 'decp_qualite', '{"montant": "aberrant"}')
) AS v(m, t, r, attendus), json_each_text(attendus) AS x;

-- none differs
SELECT regle, attribut, attendu, attribut(p, attribut) AS obtenu FROM cas
WHERE attribut(p, attribut) IS DISTINCT FROM attendu;
SELECT count(*) FROM cas;

-- v1 is unknown for all that v1 does not collect, v2 for nothing that is given
SELECT profil(type_contrat => 'marche', format_decp => 1, nature => 'Marché', procedure => 'Procédure adaptée', forme_prix => 'Ferme',
	code_cpv => '15100000', montant => 50000, duree_mois => 12, date_notification => '2020-01-01', date_publication_donnees => '2020-02-01',
	modifications => 0, titulaires => 1);

SELECT * FROM pg_temp.erreur($$ SELECT profil(montant => 1, regles_montant => 'maison') $$);
SELECT profil(montant => 1, regles_montant => 'maison');

-- ---- One attribute

SELECT attribut('techniques=concours', 'techniques'), attribut('techniques=concours', 'nature') AS inconnu, attribut(NULL, 'nature') AS nul;
SELECT avec('', 'techniques', 'concours+accord_cadre') AS pose, avec('nature=marche format=v2', 'nature', NULL) AS efface,
	avec('nature=marche', 'nature', 'marche_partenariat') AS remplace, avec(NULL, 'nature', 'marche') AS nul;
SELECT attribut('', 'couleur');
SELECT avec('', 'couleur', 'bleu');
SELECT avec('', 'groupement', 'bleu');
SELECT avec('', 'techniques', 'bleu');
SELECT avec('', NULL, 'bleu');

-- ---- Dictionary: what it lists can be set and read, and nothing else is there

SELECT attribut, libelle, valeur, valeur_libelle, connu FROM attributs()
WHERE attribut IN ('considerations_sociales', 'publication', 'montant');
SELECT count(DISTINCT attribut) AS attributs, count(*) AS lignes, count(*) FILTER (WHERE libelle = '' OR valeur_libelle = '') AS sans_libelle
FROM attributs();
SELECT attribut, valeur FROM attributs()
WHERE valeur <> 'contradictoire'
	AND attribut(avec(CASE niveau WHEN 'attribution' THEN 'niveau=attribution' ELSE '' END::profil, attribut, valeur), attribut) IS DISTINCT FROM valeur;
SELECT avec('niveau=attribution taille=pme nature=marche', 'niveau', NULL), avec('ccag=tic nature=marche', 'niveau', 'attribution');
SELECT avec('', 'taille', 'pme');
SELECT avec('niveau=attribution', 'ccag', 'tic');

-- ---- Equal profils have equal bytes: an index keeps each value once

CREATE TEMP TABLE repetes AS SELECT profil(duree_mois => 1 + n % 60, titulaires => 1 + n % 2) AS p FROM generate_series(1, 20000) AS n;
CREATE INDEX repetes_p ON repetes (p);
CREATE INDEX repetes_p_entier ON repetes (p) WITH (deduplicate_items = off);
SELECT pg_relation_size('repetes_p') < pg_relation_size('repetes_p_entier') / 2 AS petit;
