"""What words mean to the rules: ordinary English for conflict news, widened by the train split and the knowledge base.

The seed lists below are general vocabulary, written by hand. `load()` adds the names of `kb.json` and
`learned.json`, which `scripts/learn.py` writes from the train split alone: words to add and words to drop.
Knows nothing of how a sentence is read.
"""

import re
from collections import Counter
from collections.abc import Iterable, Set
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path

import msgspec

from conflictwire.casualties.vocabulary import EVENT_NOUNS, GOODS, HEADS, MEASURES, Key, table
from conflictwire.corpus.files import UnusableInput
from conflictwire.corpus.load import kb
from conflictwire.model import Article, EntityType, Record
from conflictwire.numerals import parse
from conflictwire.reading import FUNCTION
from conflictwire.text import derive_head

TRIGGERS: dict[str, str] = table(
    {
        "attack.suicide_bombing": "suicide_bombing suicide_bombings suicide_attack suicide_attacks suicide_explosion "
        "suicide_blast blew_himself_up blew_herself_up blew_themselves_up suicide_explosions",
        "attack.bombing": "bombing bombings bombed explosion explosions exploded explode blast blasts blew_up blow_up blown_up "
        "blowing_up detonated detonation detonate went_off set_off planted detonating exploding explodes",
        "attack.airstrike": "airstrike airstrikes air_strike air_strikes drone_strike drone_strikes air_raid air_raids "
        "missile_strike missile_strikes strafed bombardments",
        "attack.shelling": "shelling shelled shellings bombardment bombarded mortar_fire rocket_fire artillery_fire barrage "
        "mortared",
        "attack.armed_assault": "opened_fire opens_fire shooting shootings shot gunned_down ambush ambushed ambushes massacre massacred "
        "massacres stormed storm storming stabbed stabbing stabbings beaten raped fired_on gunfire shot_at assaulted rape rapes "
        "storms slaughtered",
        "attack.assassination": "assassination assassinated assassinations assassinate",
        "attack.abduction": "abducted abduction abductions kidnapped kidnapping kidnappings kidnap abduct kidnaps hijacked hijacking",
        "attack.execution": "executed execution executions beheaded beheading beheadings hanged behead",
        "attack.sabotage": "sabotage sabotaged arson torched vandalised vandalized vandalism",
        "attack.unspecified": "attack attacks attacked attacking assault assaults strike strikes struck hit hits targeted targeting killings "
        "slaying murder murdered murders slayings atrocities atrocity retaliate retaliated reprisals",
        "clash": "clash clashes clashed fought battling fighting firefight firefights gunbattle gunbattles battle battles skirmish skirmishes "
        "shootout shootouts gunfight gunfights repelled repulsed exchanged_fire fights clashing",
        "operation": "raid raided raids operation offensive offensives crackdown searched swept manhunt siege besieged "
        "incursion invasion invaded sweep",
        "arrest": "arrest arrested arrests arresting detained detention detentions detain detaining captured apprehended rounded_up "
        "taken_into_custody",
        "trial": "trial trials sentenced convicted charged prosecuted indicted sentencing conviction pleaded acquitted prosecution "
        "verdict",
        "deployment": "deployed deployment deploy deploying reinforcements deployments stationed mobilised mobilized",
        "withdrawal": "withdrew withdrawn withdrawal withdraw withdrawing pulled_out pull_out pulling_out pullout retreated retreat "
        "withdrawals pulled_back",
        "evacuation": "evacuated evacuation evacuate evacuations evacuating rescued rescue",
        "seizure": "seizure overran overrun confiscated recaptured looted seized_control took_control retook retaken recapture "
        "occupied occupation liberated looting seizing",
        "surrender": "surrendered surrender surrenders surrendering laid_down",
        "defection": "defected defection defections defect",
        "release": "release released releasing freed freeing let_go liberate",
        "meeting": "meeting meetings met talks summit negotiations negotiated",
        "agreement": "ceasefire truce agreement accord treaty pact ceasefires truces armistice agreed_to",
        "leadership_change": "appointed resigned resignation sworn_in ousted coup dismissed stepped_down succeeded overthrown overthrew "
        "topple toppled overthrow deposed took_power elected inaugurated appointment",
        "formation": "founded formed formation split_from broke_away",
        "sanction": "sanctions sanctioned embargo blacklisted sanction",
        "aid": "aid treated donated transfused",
        "displacement": "displaced fled flee fleeing displacement displacing uprooted exodus flees",
        "protest": "protest protests protested protesting demonstration demonstrations demonstrated rally rallied rallies marched riot riots "
        "rioted demonstrating",
        "investigation": "investigation investigations investigated inquiry investigating investigate probe inquiries probing",
        "accident": "crash crashed collapse collapsed earthquake overturned derailed capsized sank",
    }
)


# What an attack is done with, and the type that this makes of an attack not named more exactly.
MEANS: dict[str, str] = table(
    {
        "attack.suicide_bombing": "suicide",
        "attack.airstrike": "airstrike airstrikes warplane warplanes jets jet drone drones helicopters air",
        "attack.shelling": "rocket rockets mortar mortars shells artillery",
        "attack.bombing": "bomb bombs explosives explosion landmine mine grenade detonated",
        "attack.armed_assault": "gunmen gunman shot stormed knives",
    }
)


# Cue verbs and the act they perform; the list after each act is what the guidelines name and its inflections.
CUES: dict[str, str] = table(
    {
        "statement": "said says say saying told tells telling reported reports reporting stated states stating announced "
        "announces announcing added adds confirmed confirms warned warns warning estimated estimates acknowledged "
        "acknowledges admitted admits insisted insists noted notes commented comments conceded argued argues explained "
        "declared declares wrote writes replied recalled repeated alleged alleges testified asserted believes believed thinks "
        "suspects suspected claims condemned condemns asked urged called identified speculated suggested counted counts "
        "recorded indicated indicating remarked observed described concluded predicted appealed demanded demands "
        "cautioned verified read say condemning urging demanding confirming denouncing denounced criticised criticized tweeted posted briefed disclosed revealed reveals cited boasted complained conceded reiterated "
        "stressed praised welcomed lamented voiced expressed clarified informed hinted quoted promised promises signalled vented "
        "pledged maintains maintained contended reckons advised requested tallied documented logged showed shows found concludes",
        "responsibility_claim": "claimed claiming ",
        "denial": "denied denies deny denying rejected rejects dismissed disputed disputes",
        "accusation": "accused accuses accusing blamed blames blaming",
        "threat": "vowed threatened vows threatens",
        "declined_comment": "declined refused",
    }
)
# Cues before a figure alone: "put the toll at 27".
FIGURE_CUES = frozenset("put puts raised raises lowered revised".split())
MIND = frozenset("believes believed thinks thought suspects suspected".split())
NO_SOURCE = frozenset("reportedly allegedly".split())
# "X is believed to", "it is reported that": a cue with nobody behind it.
PASSIVE_CUES = frozenset("alleged reported said believed thought feared suspected".split())
OUTLET_WORDS = frozenset("reporters journalists parliament lawmakers".split())


TITLES = frozenset(
    "mr mrs ms dr prof professor gen general col colonel lt lieutenant maj major brig brigadier capt captain sgt sergeant "
    "adm admiral cmdr commander president prime minister mayor judge justice governor senator sen gov king queen prince "
    "secretary ambassador sheikh mullah imam ayatollah rev reverend sir chancellor premier inspector constable chief deputy "
    "vice spokesman spokeswoman director staff member photojournalist journalist".split()
)

# The last word of a name and what it names: (type, subtype).
NAME_TAILS: dict[str, tuple[EntityType, str | None]] = {
    word: (kind, subtype or None)  # type: ignore[misc]
    for kind, subtype, words in [
        ("government", "", "ministry government parliament cabinet presidency authority assembly senate congress department"),
        ("state_force", "", "army police navy forces force marines idf military guards guard battalion regiment division corps"),
        ("armed_group", "", "front brotherhood banner brigade brigades militia jihad movement mujahideen taliban"),
        ("facility", "", "hospital hotel airport barracks prison mosque church school terminus station palace stadium base depot "
         "clinic embassy"),
        ("location", "site", "street road avenue square lane quay bridge checkpoint gate camp market point graveyard pump"),
        ("location", "geographic", "river sea mountain mountains valley marshes ridge strait gulf lake desert peninsula saddle"),
        ("geopolitical", "region", "province district region governorate county strip"),
        ("geopolitical", "city", "city town village"),
        ("organisation", "media", "news times post radio tv television courier mirror ledger herald gazette tribune guardian "
         "press agency broadcasting wire"),
        ("organisation", "intergovernmental", "nations council nato union league states"),
        ("organisation", "ngo", "cross crescent watch amnesty children frontiers society"),
        ("organisation", "think_tank", "institute centre center foundation"),
        ("organisation", "company", "company lines corp inc ltd airlines group bank industries"),
        ("organisation", "party", "party alliance "),
        ("organisation", "court", "court tribunal"),
        ("organisation", "other", "university committee commission organization organisation federation academy"),
    ]
    for word in words.split()
}  # fmt: skip
NAME_STARTS: dict[str, tuple[EntityType, str | None]] = {
    "ministry": ("government", None),
    "department": ("government", None),
    "radio": ("organisation", "media"),
    "university": ("organisation", "other"),
    "hotel": ("facility", None),
    "hospital": ("facility", None),
    "camp": ("location", "site"),
    "checkpoint": ("location", "site"),
    "route": ("location", "site"),
    "lake": ("location", "geographic"),
    "mount": ("location", "geographic"),
}

COUNTRIES: dict[str, str] = {
    pair.partition(":")[0]: pair.partition(":")[2]
    for pair in (
        "Afghan:Afghanistan American:America Algerian:Algeria Angolan:Angola Argentine:Argentina Armenian:Armenia "
        "Australian:Australia Austrian:Austria Azerbaijani:Azerbaijan Bahraini:Bahrain Bangladeshi:Bangladesh "
        "Belarusian:Belarus Belgian:Belgium Bosnian:Bosnia Brazilian:Brazil British:Britain Bulgarian:Bulgaria "
        "Burmese:Myanmar Burundian:Burundi Cambodian:Cambodia Cameroonian:Cameroon Canadian:Canada Chadian:Chad "
        "Chilean:Chile Chinese:China Colombian:Colombia Congolese:Congo Croatian:Croatia Cuban:Cuba Czech:Czechia "
        "Danish:Denmark Dutch:Netherlands Egyptian:Egypt Eritrean:Eritrea Ethiopian:Ethiopia Finnish:Finland "
        "French:France Georgian:Georgia German:Germany Ghanaian:Ghana Greek:Greece Haitian:Haiti Hungarian:Hungary "
        "Indian:India Indonesian:Indonesia Iranian:Iran Iraqi:Iraq Irish:Ireland Israeli:Israel Italian:Italy "
        "Japanese:Japan Jordanian:Jordan Kazakh:Kazakhstan Kenyan:Kenya Kosovan:Kosovo Kuwaiti:Kuwait Lebanese:Lebanon "
        "Liberian:Liberia Libyan:Libya Malian:Mali Mauritanian:Mauritania Mexican:Mexico Moroccan:Morocco "
        "Mozambican:Mozambique Nepalese:Nepal Nigerian:Nigeria Nigerien:Niger Norwegian:Norway Pakistani:Pakistan "
        "Palestinian:Palestine Philippine:Philippines Filipino:Philippines Polish:Poland Portuguese:Portugal Qatari:Qatar "
        "Romanian:Romania Russian:Russia Rwandan:Rwanda Saudi:Saudi Serbian:Serbia Somali:Somalia Spanish:Spain "
        "Sudanese:Sudan Swedish:Sweden Swiss:Switzerland Syrian:Syria Tajik:Tajikistan Tanzanian:Tanzania Thai:Thailand "
        "Tunisian:Tunisia Turkish:Turkey Ugandan:Uganda Ukrainian:Ukraine Uzbek:Uzbekistan Venezuelan:Venezuela "
        "Vietnamese:Vietnam Yemeni:Yemen Zimbabwean:Zimbabwe"
    ).split()
}
MORE_COUNTRIES = ("United States", "U.S", "US", "UK", "United Kingdom", "UAE", "USA", "Saudi Arabia", "Sri Lanka", "South Sudan",
                  "South Africa", "North Korea", "South Korea", "United Arab Emirates", "New Zealand", "Ivory Coast")  # fmt: skip
CITIES = (
    "Kabul Baghdad Mosul Damascus Aleppo Gaza Jerusalem Beirut Cairo Tripoli Benghazi Mogadishu Nairobi Kampala Karachi "
    "Islamabad Lahore Peshawar Quetta Delhi Mumbai Dhaka Kandahar Herat Jalalabad Raqqa Sanaa Aden Khartoum Tehran Ankara "
    "Istanbul Moscow Kyiv London Paris Washington Brussels Geneva Beijing Basra Kirkuk Fallujah Ramadi Homs Idlib Amman Doha "
    "Riyadh Juba Abuja Lagos Maiduguri Bamako Kinshasa Goma Manila Jakarta Bangkok Colombo"
).split()
ARMED_GROUPS = (
    "Taliban", "Hamas", "Hezbollah", "al-Qaeda", "al-Qaida", "Al-Qaeda", "al-Shabab", "al-Shabaab", "Al-Shabaab", "Boko Haram",
    "Islamic State", "ISIS", "ISIL", "Daesh", "Islamic Jihad", "Houthis", "Houthi", "PKK", "FARC", "Lashkar-e-Taiba",
    "Jabhat al-Nusra", "Haqqani", "Tamil Tigers", "Islamic Courts Union", "Islamic State of Iraq and the Levant",
)  # fmt: skip
ORGANISATIONS: dict[str, str] = {
    **dict.fromkeys(("UN", "U.N", "United Nations", "NATO", "EU", "European Union", "African Union", "Arab League",
                     "Security Council", "World Health Organization"), "intergovernmental"),
    **dict.fromkeys(("BBC", "CNN", "AP", "AFP", "Reuters", "Associated Press", "Al Jazeera", "Guardian", "New York Times",
                     "Xinhua", "UPI", "United Press International", "Agence France-Presse"), "media"),
    **dict.fromkeys(("Red Cross", "Red Crescent", "Amnesty International", "Human Rights Watch", "Oxfam", "Save the Children"), "ngo"),
}  # fmt: skip


@dataclass(frozen=True)
class Lexicon:
    """The words the rules go by. Keys are lower case, but for `names`, which are as printed."""

    triggers: dict[str, str] = field(default_factory=lambda: dict(TRIGGERS))
    heads: dict[str, EntityType] = field(default_factory=lambda: dict(HEADS))
    cues: dict[str, str] = field(default_factory=lambda: dict(CUES))
    names: dict[str, tuple[EntityType, str | None]] = field(default_factory=lambda: _gazetteer())

    def kind(self, head: str) -> EntityType | None:
        """The type of the entity that a noun heads, singular or plural."""
        single = self.heads.get(head.removesuffix("s"))
        return self.heads.get(head) or ("people" if single == "person" else single)

    @cached_property
    def trigger_starts(self) -> frozenset[str]:
        """The first words of all triggers."""
        return frozenset(words.split()[0] for words in self.triggers)

    @cached_property
    def nouns(self) -> frozenset[str]:
        """All known head nouns."""
        return frozenset(self.heads) | EVENT_NOUNS.keys() | GOODS


def _gazetteer() -> dict[str, tuple[EntityType, str | None]]:
    names: dict[str, tuple[EntityType, str | None]] = {}
    for name in (*COUNTRIES, *COUNTRIES.values(), *MORE_COUNTRIES):
        names[name] = ("geopolitical", "country")
    names.update(dict.fromkeys(CITIES, ("geopolitical", "city")))
    names.update(dict.fromkeys(ARMED_GROUPS, ("armed_group", None)))
    names.update({name: ("organisation", subtype) for name, subtype in ORGANISATIONS.items()})
    return names


LEARNED = Path(__file__).with_name("learned.json")


@lru_cache(maxsize=1)
def load() -> Lexicon:
    """The seed lexicon with the knowledge base's names and what was learned from the train split."""
    lexicon = Lexicon()
    apply(lexicon, msgspec.json.decode(LEARNED.read_bytes(), type=Learned))
    try:
        items = kb()["items"]
    except (OSError, UnusableInput):  # an installation without its data still has the rest
        return lexicon
    for item in items:
        for name in (item["name"], *item["aliases"]):
            plain = re.sub(r"^[Tt]he ", "", name)
            if all(w[:1].isupper() or w[:1].isdigit() or w in ("of", "the", "and", "for") for w in plain.split()):
                lexicon.names.setdefault(plain, (item["type"], item["subtype"]))
    return lexicon


# --- learning -----------------------------------------------------------------------------------------------------

# A word is learned if it is annotated this often, and in this share of its occurrences; a seed word is dropped
# if it occurs this often and is annotated in no more than this share.
LEARN_COUNT, LEARN_SHARE = 2, 0.6
DROP_COUNT, DROP_SHARE = 4, 0.25


class Learned(Record, frozen=True):
    """What the train split teaches: words to add to the seed lists and words to drop from them."""

    articles: list[str]
    triggers: dict[str, str]
    cues: dict[str, str]
    heads: dict[str, EntityType]
    not_triggers: list[str]
    not_cues: list[str]


def apply(lexicon: Lexicon, learned: Learned) -> None:
    """Widens and narrows a lexicon by what was learned; seed words keep their meaning."""
    for word, type in learned.triggers.items():
        lexicon.triggers.setdefault(word, type)
    for word, act in learned.cues.items():
        lexicon.cues.setdefault(word, act)
    for word, kind in learned.heads.items():
        lexicon.heads.setdefault(word, kind)
    for known, dropped in ((lexicon.triggers, learned.not_triggers), (lexicon.cues, learned.not_cues)):
        for word in dropped:
            known.pop(word, None)


def learn(train: Iterable[Article]) -> Learned:
    """Counts single words that articles annotate as trigger, cue or head of a nominal.

    Casualty words are not learned: whether one is a trigger hangs on its sentence.
    """
    seen: Counter[str] = Counter()
    triggers: Counter[tuple[str, str]] = Counter()
    cues: Counter[tuple[str, str]] = Counter()
    heads: Counter[tuple[str, EntityType]] = Counter()
    ids = []
    for article in train:
        if article.text is None:
            continue
        ids.append(article.id)
        seen.update(re.findall(r"[\w-]+", article.text.lower()))
        triggers.update(
            (words, e.type) for e in article.events for t in e.triggers for words in [(t.text or "").lower()]
        )
        cues.update((words, a.act) for a in article.attributions for c in a.cue for words in [(c.text or "").lower()])
        for entity in article.entities:
            for mention in entity.mentions:
                if mention.kind == "nominal":
                    start, end = derive_head(article.text, mention.span.start, mention.span.end, "nominal")
                    heads[article.text[start:end].lower(), entity.type] += 1
    return Learned(
        articles=sorted(ids),
        triggers=_often(triggers, seen, TRIGGERS.keys() | MEASURES.keys()),
        cues=_often(cues, seen, CUES.keys() | FIGURE_CUES),
        heads=_often(heads, None, HEADS.keys()),
        not_triggers=_seldom(triggers, seen, TRIGGERS.keys()),
        not_cues=_seldom(cues, seen, CUES.keys()),
    )


def _often(counts: Counter[tuple[str, Key]], seen: Counter[str] | None, known: Set[str]) -> dict[str, Key]:
    """Unknown words that are annotated often enough, with what they mostly mean, in alphabetical order."""
    total: Counter[str] = Counter()
    for (word, _), count in counts.items():
        total[word] += count
    found: dict[str, Key] = {}
    for (word, key), count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        of = seen[word] if seen is not None else total[word]
        if (
            word.isalpha()
            and word not in known
            and word not in FUNCTION
            and parse(word) is None
            and count >= max(LEARN_COUNT, LEARN_SHARE * of)
        ):
            found.setdefault(word, key)
    return dict(sorted(found.items()))


def _seldom(counts: Counter[tuple[str, str]], seen: Counter[str], known: Set[str]) -> list[str]:
    total: Counter[str] = Counter()
    for (word, _), count in counts.items():
        total[word] += count
    return sorted(w for w in known if seen[w] >= DROP_COUNT and total[w] <= DROP_SHARE * seen[w])
