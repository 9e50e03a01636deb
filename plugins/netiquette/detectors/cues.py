"""Words that say whose a number or an address is, French and English together; `_` stands for a space or a dash."""

OWN = """
mon ma mes my our ours notre nos j'habite je_vis je_suis je_réponds i'm i_am i_live i_answer mien mienne
ci-dessous_mon
"""
PUBLIC = """
standard standardiste accueil hotline assistance support sav service services numéro_vert n°_vert numéro_unique
mairie préfecture switchboard helpdesk help_desk reception front_desk customer_service customer_care helpline
help_line astreinte on-call urgence urgences samu pompiers police gendarmerie emergency écoute agence magasin
boutique shop store secrétariat cse comité syndicat union médecine_du_travail occupational_health infirmerie hôtel
hotel restaurant traiteur caterer gare siège head_office headquarters hq office bureaux entreprise société fabricant
fournisseur supplier manufacturer vendor éditeur distributeur council surgery clinic hospital hôpital clinique
samaritans acas citizens_advice cpam caf urssaf impôts banque bank assurance insurer mutuelle gardien security_desk
service_desk fax télécopie association asso club permanence guichet point_relais centre center musée museum salle
venue rendez-vous rdv meet meeting réunion formation training usine factory plant depot dépôt entrepôt warehouse
atelier workshop showroom garage école school college lycée université university church église mosquée pub café
cinéma théâtre bibliothèque library stade livraison livrer delivery deliver registered_office tribunal court
ambassade embassy pharmacie vétérinaire permanences dsi rh hr maintenance dépannage se_trouve conférence conference
séminaire salon exhibition stand site plateforme concert séance livraisons marché market kiosque cantine canteen
poste extension ext emplacement agency cabinet laboratoire lab practice dentist dentiste boulangerie bakery theatre
gallery galerie gym piscine pool stadium parking car_park terminal airport aéroport entrée entrance open_day
portes_ouvertes journée soirée expo exposition foire fair studio hall chapel temple synagogue maternelle collège
caserne déchetterie tip médecins doctors pharmacy notaire huissier imprimerie cave domaine ferme farm camping gîte
auberge hostel b&b day_centre foyer
"""
OTHER = """
son sa ses leur leurs sien sienne lui elle his her hers their theirs him them she he habite habitait vit demeure
réside domicile domicilié domiciliée lives living lived of_mine épouse mari femme wife husband fils fille kids mère
mother père father collègue colleague neighbour neighbor voisin voisine madame monsieur mme mlle mr mrs ms miss
frère brother sœur soeur sister copain copine boyfriend girlfriend ancienne_adresse sonnez frappez chef_de_service
chef_d'atelier chef_de_projet chef_d'équipe chef chefs manager boss supervisor apprenti alternant stagiaire cheffe
apprentice intern trainee tenant landlord landlady locataire propriétaire proprio friend amie ami pote mate niece
nephew neveu nièce cousin cousine uncle aunt oncle tante nounou nanny cleaner widow veuf veuve nurse infirmière
ex-colleague grand-mère grand-père beau-frère beau-père belle-sœur belle-mère brother-in-law sister-in-law granny
gran papa maman mum mom dad bro coach driver livreur facteur intern patron patronne directeur directrice responsable
gars type bonhomme bloke guy lady dame
"""
PRIVATE = """
perso personally personnel personnelle personal private privé privée home_number home_address home_phone
adresse_privée domicile
"""
KIND = "portable mobile cell cellphone gsm natel whatsapp home maison house flat appart appartement 06"
REFERENCE = """
commande cde order orders réf ref référence reference facture invoice ticket dossier case série serial sn s/n lot
batch article articles part_number part_no pn p/n part pièce matricule sku ean isbn issn siret siren rcs tva vat
duns imei mac version build release commit hash id identifiant uid uuid gtin nomenclature colis tracking suivi
parcel contrat contract devis bon_de_livraison inventaire asset badge job thread timestamp epoch pid code norme norm
iso nf din rfc patent brevet po coordonnées latitude longitude gps licence license key clé token checksum crc
firmware rev révision exemple example fictif fictive fake dummy regex masque format placeholder test loto lottery
tirage lotto
"""
CONTACT = """
tél tel téléphone téléphoner phone telephone numéro num number appel appeler appelle appelez joindre joignez joint
call ring text texto sms portable mobile cell cellphone gsm natel whatsapp dial fixe landline direct fax contacter
contact hotline standard accueil helpline helpdesk répond rappeler rappelle
"""
