"""The words of the casualty grammar: ordinary English for conflict news, what each counts and what it says of a count.

Written by hand from general knowledge, never from a text. Knows word classes; knows nothing of how a
sentence is read.
"""

from typing import TypeVar

from conflictwire.model import EntityType, Measure

Key = TypeVar("Key", bound=str)


def table(rows: dict[Key, str]) -> dict[str, Key]:
    """Words to the key of their row; an underscore stands for the space in a word of several."""
    return {word.replace("_", " "): key for key, words in rows.items() for word in words.split()}


# What says the measure of a figure, by the place where the figure stands.
# Verbs whose object is counted ("killing nine", "nine were killed").
TRANSITIVE: dict[str, Measure] = table(
    {
        "killed": "killed kill kills killing murdered murdering murders massacred massacring executed executing executes beheaded "
        "beheading assassinated slaughtered slaughtering lost slew martyred drowned gunned",
        "injured": "injured injuring injure injures wounded wounding wound wounds hurt maimed maiming hospitalised hospitalized "
        "treated bitten burned burnt trampled stabbed beaten admitted",
        "abducted": "abducted abducting abduct abducts kidnapped kidnapping kidnap kidnaps seized snatched taken",
        "held": "imprisoned enslaved",
        "detained": "detained detaining detain detains arrested arresting arrest arrests apprehended jailed captured",
        "released": "released releasing releases freed freeing free frees let liberated liberating",
        "displaced": "displaced displacing displaces evacuated evacuating evacuate evacuates uprooted uprooting relocated",
    }
)
# Verbs and adjectives of which the counted is the subject ("nine died", "nine are missing", "nine dead").
SUBJECT: dict[str, Measure] = table(
    {
        "killed": "died die dies dying perished perish dead lifeless slain",
        "injured": "critical unconscious",
        "missing": "missing disappeared vanished unaccounted",
        "held": "captive hostage hostages captives prisoners detainees",
        "detained": "custody",
        "displaced": "fled flee flees fleeing homeless",
        "surrendered": "surrendered surrender surrendering defected defecting deserted",
    }
)
# Nouns that announce a figure ("a toll of nine", "the number of deaths rose to nine").
ANNOUNCING: dict[str, Measure] = table(
    {
        "killed": "toll death deaths lives fatalities bodies body corpses remains killing murder massacre execution beheading assassination",
        "injured": "injuries wounds",
        "casualties": "casualties casualty",
        "abducted": "abduction kidnapping",
        "detained": "arrest arrests detention capture",
        "released": "release",
        "displaced": "displacement evacuation exodus",
        "surrendered": "surrender defection",
    }
)
MEASURES: dict[str, Measure] = {**ANNOUNCING, **SUBJECT, **TRANSITIVE}
# Announcing nouns that do so only before "of" ("the abduction of nine").
NOMINALISED = frozenset(
    "killing murder massacre execution beheading assassination abduction kidnapping arrest detention capture release "
    "displacement evacuation exodus surrender defection death remains body".split()
)
# Verbs that may stand between the counted and the word that says the measure ("nine were reported killed").
REPORTING = frozenset(
    "reported confirmed found believed feared said thought known presumed listed left remain remained remains declared "
    "counted pronounced identified get got lie lay considered been became become including".split()
)

# Verbs whose subject takes part in something, and those whose object is sent to it.
TAKING_PART = frozenset(
    "attended attend attending attends gathered gather gathering marched march marching queued queuing protested protesting "
    "joined join joining followed involved stormed participated participating took demonstrated rallied rallying attacked "
    "arrived deployed withdrew withdrawn crossed entered turned assembled assaulted raided ambushed came converged carried "
    "opened fired patrol patrolled mourned met volunteered queue watched watching surrounded guarded guarding".split()
)
SENDING = frozenset(
    "deployed deploying deploy deploys sent sending send sends dispatched withdrew withdrawing withdraw withdraws mobilised "
    "mobilized stationed recruited trained flew drew involving".split()
)
WATCHING = frozenset("watched watching present nearby sheltering sheltered".split())
# Who carries out an attack, whatever else the sentence says.
ATTACKERS = frozenset(
    "gunmen gunman attackers attacker assailants assailant bombers bomber hijackers kidnappers captors raiders abductors "
    "snipers arsonists".split()
)
# Who does so where they take part, but not where they are only killed.
MILITANTS = frozenset("militants insurgents terrorists rebels fighters jihadists".split())
MEMBERS = frozenset("members fighters recruits adherents followers personnel militiamen guerrillas".split())
BODIES = frozenset("gang group force band unit militia army contingent cell garrison staff membership".split())
INHABITANTS = frozenset("inhabitants residents population citizens".split())
FORCES = frozenset(
    "troops soldiers policemen police officers peacekeepers marines guards men commandos forces gunmen".split()
)
SENT = frozenset("troops soldiers peacekeepers marines commandos gunmen".split())

# Head nouns and the type of the entity that they head; `people` stands for persons, one or many.
HEADS: dict[str, EntityType] = table(
    {
        "people": "people persons civilians villagers residents children women men girls boys students teachers workers "
        "officials officers soldiers troops policemen fighters militants insurgents gunmen rebels attackers "
        "assailants bombers guards members recruits passengers hostages captives prisoners detainees suspects relatives "
        "witnesses eyewitnesses doctors nurses medics surgeons patients victims survivors journalists reporters ministers "
        "investigators lawyers diplomats peacekeepers refugees migrants worshippers pilgrims protesters demonstrators "
        "supporters traders shoppers monks farmers mourners commanders leaders activists staff crew employees mercenaries "
        "contractors families inhabitants personnel bodies corpses dead wounded injured others terrorists "
        "extremists tourists miners drivers sailors marines detectives divers analysts experts engineers volunteers "
        "schoolchildren pupils colleagues brothers sisters friends neighbours neighbors lawmakers militiamen jihadists "
        "taliban sources authorities hijackers bystanders pedestrians firefighters rescuers captors kidnappers citizens "
        "servicemen commandos operatives airmen paramilitaries guerrillas policewomen deminers foreigners nationals locals "
        "adults infants babies toddlers teenagers youths elders clerics imams priests nuns politicians candidates "
        "mayors judges prosecutors clerks labourers laborers fishermen herders shepherds merchants vendors shopkeepers "
        "commuters motorists cyclists onlookers spectators fans guests attendees delegates observers inspectors aides "
        "parents mothers fathers sons daughters wives husbands widows orphans evacuees returnees expatriates settlers "
        "dissidents defectors deserters conscripts reservists cadets veterans pilots guardsmen gendarmes constables "
        "abductors snipers arsonists raiders looters smugglers traffickers pirates culprits perpetrators convicts inmates "
        "households individuals humans souls homeless displaced missing followers adherents scholars academics",
        "person": "man woman boy girl child policeman policewoman soldier guard officer official doctor nurse medic surgeon "
        "spokesman spokeswoman spokesperson head minister president governor mayor general colonel commander chief leader "
        "director manager clerk driver teacher student journalist reporter cameraman photographer witness eyewitness resident "
        "villager civilian worker negotiator lawyer prosecutor judge detective constable bomber attacker gunman militant "
        "fighter insurgent suspect passenger captain lieutenant sergeant major shopkeeper trader farmer priest imam cleric "
        "activist analyst expert scientist researcher politician lawmaker ambassador diplomat envoy bystander person deckhand "
        "peacekeeper hostage captive prisoner detainee pilot sailor neighbour neighbor relative father mother brother sister "
        "son daughter wife husband colleague administrator schoolteacher professor inspector superintendent marine recruit "
        "secretary chairman chairwoman deputy legislator contractor employee member engineer firefighter editor assailant "
        "sniper informer survivor aide adviser advisor interpreter toddler infant baby teenager youth pedestrian motorist "
        "cyclist guest tourist foreigner citizen national fisherman shepherd herder labourer laborer vendor monk nun bishop "
        "rabbi pastor candidate councillor senator servicemember serviceman airman conscript guardsman gendarme "
        "paramedic volunteer translator rebel terrorist jihadist smuggler pirate inmate convict refugee migrant protester "
        "demonstrator worshipper pilgrim miner observer scholar academic",
        "state_force": "army police military navy coalition gendarmerie coastguard",
        "armed_group": "group militia brigade insurgency faction gang guerrillas cell movement front brotherhood banner",
        "government": "ministry government cabinet parliament presidency municipality administration embassy commission",
        "organisation": "agency company charity organisation organization union party committee court council newspaper "
        "broadcaster university watchdog monitor mission league foundation institute publication",
        "facility": "hospital hotel school mosque church temple prison airport station bridge barracks base compound depot "
        "building buildings office offices house houses home homes shop shops mall stadium factory factories plant plants warehouse "
        "warehouses clinic clinics consulate headquarters terminal port harbour bases schools hospitals mosques churches fort forts "
        "hotels restaurants restaurant markets bridges stations bunker bunkers tunnel tunnels dwellings apartments flats "
        "stores storehouse facility facilities refinery refineries wells structures structure huts tents bakery bakeries "
        "checkpoints outposts outpost shrine shrines temples airfield airfields silos classrooms",
        "geopolitical": "city town village country capital province district region state nation",
        "location": "street road square checkpoint camp border market river valley mountain marshes hills camps",
        "materiel": "bomb bombs van truck car bus buses trucks cars vehicle vehicles rocket rockets missile missiles mortar "
        "mortars shell shells drone drones rifle rifles gun guns grenade grenades tank tanks helicopter helicopters aircraft "
        "jet jets plane planes boat boats ship ships explosives ammunition motorcycle motorcycles ferry weapons launchers "
        "munitions barge landmine landmines mine mines lorry lorries ambulance ambulances vans minibus minibuses pistols "
        "pistol rounds bullets bullet cartridges warheads warhead projectiles projectile devices device ieds ied vests vest "
        "belts belt torpedoes bomblets charges charge pickups pickup skiff skiffs dinghies dinghy tankers tanker warplanes "
        "warplane artillery howitzer howitzers launcher excavators excavator bulldozers bulldozer "
        "motorbikes motorbike taxis taxi trains train carriages wagons convoys trailers knives machetes "
        "sabres axes gliders balloons warships warship frigate frigates submarine submarines vbieds vbied cannons cannon",
    }
)
# Things that are counted as objects and are no entities, or have no type of their own.
GOODS = frozenset(
    "units unit goods supplies bags sacks drums barrels crates boxes pieces positions position cells cell seats beds trees "
    "crops cattle sheep goats houses caches cache pumps phones computers passports documents tablets doses litres bottles "
    "blankets parcels packages loaves graves windows generators fields stalls kiosks flags nets groups".split()
)
EVENT_NOUNS: dict[str, Measure] = table(
    {
        "attacks": "attack attacks bombing bombings raid raids assault assaults ambush ambushes explosion explosions blasts "
        "blast shootings shooting kidnappings abductions abduction kidnapping assassinations massacres offensives "
        "incursions hijackings beheadings",
        "strikes": "strike strikes airstrike airstrikes shellings bombardments",
        "other": "clashes incidents operations protests demonstrations meetings talks sorties patrols missions flights times arrests "
        "elections votes visits ceasefires truces violations trials cases hearings counts",
    }
)
# Nouns that count persons by what befell them: the noun is counted, and says the measure too.
COUNTED_MEASURE: dict[str, Measure] = table(
    {
        "killed": "killings deaths fatalities bodies corpses dead murders executions lives",
        "injured": "wounded injured injuries",
        "casualties": "casualties victims",
        "held": "hostages captives prisoners detainees hostage captive prisoner detainee inmates",
        "displaced": "refugees evacuees displaced",
        "surrendered": "defectors deserters",
        "missing": "missing",
    }
)

STATUS: dict[str, str] = table(
    {
        "civilian": "civilian civilians villager villagers child children woman women worshipper worshippers journalist journalists "
        "reporter reporters teachers teacher students student shoppers pilgrims schoolchildren girl girls boy boys residents passengers "
        "pupils tourists shepherds farmers traders infants infant babies baby toddlers bystanders mourners commuters pedestrians "
        "schoolgirls schoolboys fishermen",
        "security_force": "soldier soldiers troops policeman policemen policewoman police peacekeeper peacekeepers army marines "
        "recruits constable constables gendarmes guardsmen servicemen serviceman airmen commandos guardsman gendarme",
        "militant": "militant militants insurgent insurgents fighter fighters gunman gunmen rebel rebels taliban jihadists jihadist "
        "guerrillas militiamen terrorists terrorist",
    }
)
# Name words that take a number: "Checkpoint 31", "Route 9", "Flight 370".
NUMBERED = frozenset(
    "route checkpoint highway flight article resolution channel section unit area room chapter phase camp number no gate "
    "district sector platform terminal pier zone interstate boeing airbus bus line day act page group hill point pit level "
    "block ward grade class tier operation squadron battalion brigade division regiment apollo type mark model version".split()
)

MONTHS = (
    "january february march april may june july august september october november december".split(),
    "jan feb mar apr may jun jul aug sep oct nov dec".split(),
)
MONTH_WORDS = frozenset([*MONTHS[0], *MONTHS[1], "sept"])
WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
CALENDAR = MONTH_WORDS | frozenset(WEEKDAYS) | frozenset(f"{day}s" for day in WEEKDAYS)
