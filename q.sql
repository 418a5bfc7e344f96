set max_parallel_workers_per_gather=2; set jit=off;
\o /dev/null
SELECT spaser.nombre(spaser.bilan(profil, montant)) FROM decp.contrat;
SELECT spaser.nombre(spaser.bilan(profil, montant)) FROM decp.contrat;
SELECT spaser.nombre(spaser.bilan(profil, montant)) FROM decp.contrat;
SELECT spaser.nombre(spaser.bilan(profil, montant)) FROM decp.contrat;
SELECT spaser.nombre(spaser.bilan(profil, montant)) FROM decp.contrat;
SELECT spaser.nombre(spaser.bilan(profil, montant)) FROM decp.contrat;
SELECT spaser.nombre(spaser.bilan(profil, montant)) FROM decp.contrat;
SELECT spaser.nombre(spaser.bilan(profil, montant)) FROM decp.contrat;
