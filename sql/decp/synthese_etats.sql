-- synthese_etats.sql: what a cell of the rollup holds, and the levels that cells are
-- of. Part of synthese.sql, which runs it in its transaction.

-- What a cell holds, said here and nowhere else: a column, its type, whether it
-- grows with the number of contracts, the aggregate and its arguments (columns of
-- fait), the contracts that it is about (NULL: all of them), and what it says.
CREATE TEMP TABLE etat (rang, nom, type, croit, appel, condition, sens) ON COMMIT DROP AS VALUES
	(1, 'bilan', 'bilan', true, 'bilan(profil, montant)', NULL,
		'Bilan des contrats : toutes les parts, en nombre et en valeur (spaser.mesurer, spaser.indicateurs)'),
	(2, 'concentration', 'concentration', true, 'concentration(titulaires, valeur)', 'marche',
		'Marchés par titulaire : HHI, premiers, Gini, diversité, nouveaux (K13 à K19)'),
	(3, 'offres', 'histogramme', false, 'histogramme(offres, valeur)', 'concurrentiel',
		'Offres reçues, marchés avec publicité ou mise en concurrence (K01, K02)'),
	(18, 'offres_hors_ms', 'histogramme', false, 'histogramme(offres, valeur)', 'concurrentiel AND coalesce(attribut(profil, ''subsequent''), ''non'') = ''non''',
		'Offres reçues, les mêmes sans les marchés subséquents (K01, K02)'),
	(4, 'duree', 'histogramme', false, 'histogramme(duree, valeur)', 'marche',
		'Durée initiale des marchés en mois (K10)'),
	(5, 'duree_concession', 'histogramme', false, 'histogramme(duree, valeur)', 'NOT marche',
		'Durée initiale des concessions en mois (D03)'),
	(6, 'delai_publication', 'histogramme', false, 'histogramme(delai_publication, valeur)', 'marche',
		'Jours de la notification des marchés à leur publication (T01)'),
	(7, 'taux_avance', 'histogramme', false, 'histogramme(taux_avance, valeur)', 'avance',
		'Taux de l''avance, marchés avec avance (K12)'),
	(8, 'origine_ue', 'histogramme', false, 'histogramme(origine_ue, valeur)', 'origine_attendue',
		'Part d''origine UE, marchés dont le code CPV la demande (O01)'),
	(9, 'origine_france', 'histogramme', false, 'histogramme(origine_france, valeur)', 'origine_attendue',
		'Part d''origine France, marchés dont le code CPV la demande (O02)'),
	(10, 'ecart_montant', 'histogramme', true, 'histogramme((montant_final - montant) / montant, valeur)', 'marche AND modifie AND valeur IS NOT NULL',
		'Écart relatif du dernier montant au premier, marchés modifiés (X04)'),
	(11, 'derive_montant', 'rapport', false, 'rapport(montant_final - montant, valeur)', 'marche AND modifie AND valeur IS NOT NULL',
		'Dérive des montants, marchés modifiés (X02)'),
	(12, 'derive_montant_ensemble', 'rapport', false, 'rapport(montant_final - montant, valeur)', 'marche AND valeur IS NOT NULL',
		'Dérive des montants, tous les marchés, modifiés ou non (X02)'),
	(13, 'derive_duree', 'rapport', false, 'rapport(duree_finale - duree, duree)', 'marche AND modifie',
		'Dérive des durées en mois, marchés modifiés (X03)'),
	(14, 'derive_concession', 'rapport', false, 'rapport(montant_final - montant, valeur)', 'NOT marche AND valeur IS NOT NULL',
		'Dérive de la valeur globale, concessions (D05)'),
	(15, 'sous_traitance', 'rapport', false, 'rapport(sous_traite, montant_final_brut)', 'marche AND sous_traitance AND valeur IS NOT NULL',
		'Montant sous-traité, marchés qui ont un acte de sous-traitance (X06)'),
	(16, 'subvention', 'rapport', false, 'rapport(subvention, valeur)', 'NOT marche AND valeur IS NOT NULL',
		'Subventions publiques des concessions (D04)'),
	(17, 'attribution', 'bilan', true, 'bilan_attributions(attributions, montant)', 'marche',
		'Bilan des titulaires des marchés, chacun pour sa part : taille, ESS, inclusion, proximité (S04 à S06, L01 à L09)'),
	(19, 'distance', 'histogramme', true, 'histogramme(distances, valeur)', 'marche',
		'Distance de l''acheteur aux titulaires en kilomètres, chacun pour sa part (L05)'),
	(20, 'derive_montant_brut', 'rapport', false, 'rapport(montant_final_brut - montant, valeur)', 'marche AND modifie AND valeur IS NOT NULL',
		'Dérive des montants, marchés modifiés, dernier montant tel que publié (X02)'),
	(21, 'sous_traitance_ensemble', 'rapport', false, 'rapport(CASE WHEN sous_traitance THEN sous_traite WHEN attribut(profil, ''sous_traitance'') = ''non'' THEN 0 END, montant_final_brut)',
		'marche AND valeur IS NOT NULL', 'Montant sous-traité, tous les marchés dont la sous-traitance est connue (X06)'),
	(22, 'sous_traitance_pme', 'rapport', false, 'rapport(sous_traite_pme, sous_traite_taille)', 'marche AND sous_traite_taille > 0',
		'Montant sous-traité à des PME, actes dont le sous-traitant a une catégorie connue (X07)'),
	(23, 'sous_traitance_departement', 'rapport', false, 'rapport(sous_traite_departement, sous_traite_lieu)', 'marche AND sous_traite_lieu > 0',
		'Montant sous-traité dans le département de l''acheteur, actes dont les deux départements sont connus (X07)'),
	(24, 'consommation', 'rapport', false, 'rapport(consomme, montant_final_brut)', 'marche AND consomme IS NOT NULL AND valeur IS NOT NULL',
		'Montant des marchés subséquents sur le dernier montant de leur accord-cadre (X12)'),
	(25, 'subvention_nombre', 'rapport', false, 'rapport((subvention > 0)::integer, 1)', 'NOT marche',
		'Concessions qui reçoivent une subvention publique (D04)'),
	(26, 'evolution_tarifs', 'rapport', false, 'rapport(tarif_dernier, tarif_premier)', 'NOT marche AND tarif_premier > 0',
		'Tarifs de la dernière année sur ceux de la première, mêmes intitulés (D08)'),
	(27, 'agglutination_60k', 'rapport', false, 'rapport((montant < 60000)::integer, (montant >= 60000)::integer)', 'marche AND montant >= 54000 AND montant < 66000',
		'Marchés d''un montant juste sous 60 000 euros, sur ceux juste au-dessus (K20)'),
	(28, 'agglutination_90k', 'rapport', false, 'rapport((montant < 90000)::integer, (montant >= 90000)::integer)', 'marche AND montant >= 81000 AND montant < 99000',
		'De même pour 90 000 euros (K20)'),
	(29, 'agglutination_100k', 'rapport', false, 'rapport((montant < 100000)::integer, (montant >= 100000)::integer)', 'marche AND montant >= 90000 AND montant < 110000',
		'De même pour 100 000 euros (K20)'),
	(30, 'agglutination_europeen', 'rapport', false, 'rapport((montant < seuil_europeen)::integer, (montant >= seuil_europeen)::integer)',
		'marche AND montant >= 0.9 * seuil_europeen AND montant < 1.1 * seuil_europeen',
		'De même pour le seuil européen de chaque marché (K20)');

-- What is added to some of them: deeds that say nothing stand beside those that do
CREATE TEMP TABLE complement (nom, appel, condition) ON COMMIT DROP AS VALUES
	('sous_traitance_pme', 'rapport(NULL, sous_traite_taille_inconnue)', 'marche AND sous_traite_taille_inconnue > 0'),
	('sous_traitance_departement', 'rapport(NULL, sous_traite_lieu_inconnu)', 'marche AND sous_traite_lieu_inconnu > 0');

-- And the levels: whose cells, of what period
CREATE TEMP TABLE niveau (nom, cle, periode, sens) ON COMMIT DROP AS VALUES
	('acheteur_mois', 'acheteur_siren', 'mois', 'un acheteur, un mois'),
	('acheteur_annee', 'acheteur_siren', 'annee', 'un acheteur, une année'),
	('departement_mois', 'departement', 'mois', 'les acheteurs d''un département, un mois'),
	('departement_annee', 'departement', 'annee', 'les acheteurs d''un département, une année'),
	('division_mois', 'division_cpv', 'mois', 'une division CPV, un mois'),
	('division_annee', 'division_cpv', 'annee', 'une division CPV, une année'),
	('mois', NULL, 'mois', 'tous les contrats, un mois'),
	('annee', NULL, 'annee', 'tous les contrats, une année');
