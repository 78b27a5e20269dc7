"""Words of English as claims are compared: those that claim nothing, that count, that deny, that mean the same."""

from pathlib import Path
from typing import Final

GLUE: Final = frozenset(
    """according act allow allows allowing allowed aim aims also answer article based basically become becomes besides
    brief call called calls can case cases certain come comes consist consists contain contains cover covers describe
    described describes different enable enabled enables enabling especially example examples explain fact for form
    forms further furthermore generally give given gives giving guide has have having help helped helping helps however
    i.e e.g in include included includes including instance kind kinds know known lead leads let lets letting like list
    listed lists made make makes making many mean meaning means mention mentioned mentions moreover name named namely
    names need number offer offered offers one ones otherwise part particular particularly people person provide
    provided provides providing put quite quote quotes rather refer referred refers regard regarded role s say saying
    says section several short simply something sort state stated states term terms text thing things thus together
    turn type types use used useful user uses using various via want wants way ways well whatever whenever whether
    work works working yes here there therefore hence addition additionally within without upon around along across
    among amongst towards per during another something anything everything nothing someone anyone everyone thanks due
    able capable get gets getting keep keeps take takes taking brings bring point points come serve serves act acts
    plain words put stand stands behind since wherever whichever
    already still yet lot lots plenty meanwhile whereas rank ranks ranked belong belongs belonging exist exists
    concern concerns concerned aspect aspects single simply both each likewise similarly usually
    go goes going went gone between though although once whose whoever time place places placed back down off away
    reason reasons taken took gave came coming lie lies lay itself themselves himself herself theirs one's instead
    neither nor either find finds roughly stay stays stayed far leave leaves else even see sees seen follow
    follows followed following brought bringing count counts counted effect meant turned turns turning others purpose
    kept keeping puts putting shown shows show led beyond latter former matter explains explained apart
    became becoming told tells tell bear bears borne run runs running task receive receives received said rest
    elsewhere arise arises contrast alike served reaches reach carries carry carried respectively result results
    sake deal deals look looks looking looked happen happens happened remain remains remaining wanted
    afterwards appear appears appeared word subject noted note considered reckoned seem seems alongside aside compared
    comparison sense expressed abbreviation abbreviated thereby enjoy enjoys involved involves involve forth demand
    demands demanded onto owing equally asks asked arrive arrives arrived distinguish distinguishes belonged
    origin special second standing somebody prove
    proves proved consider considers rests that's it's what's there's""".split()  # noqa: SIM905
) - {"user", "nothing", "without"}
"""Carry no claim of their own in a sentence that puts other words differently."""
EVERYDAY: Final = frozenset(
    """safe, solid, join, joins, net, play, plays, react, reacts, backstage, lean, next, swift, tries, behave, slim,
    stride, access, order by, system calls""".replace("\n    ", " ").split(", ")
)
"""Technical terms that are ordinary words, too: as such they need support as words do, not as names."""
COUNTS: Final = {
    "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9",
    "ten": "10", "eleven": "11", "twelve": "12", "thirteen": "13", "fourteen": "14", "fifteen": "15", "sixteen": "16",
    "seventeen": "17", "eighteen": "18", "nineteen": "19", "twenty": "20", "thirty": "30", "forty": "40",
    "fifty": "50", "sixty": "60", "seventy": "70", "eighty": "80", "ninety": "90", "hundred": "100",
    "hundreds": "100s", "thousand": "1000", "thousands": "1000s", "million": "1000000", "millions": "1000000s",
    "billion": "1000000000", "dozen": "12", "dozens": "12s", "half": "1/2", "halved": "1/2", "third": "1/3",
    "thirds": "1/3", "quarter": "1/4", "quarters": "1/4", "fifth": "1/5", "fifths": "1/5", "tenth": "1/10",
    "tenths": "1/10", "twice": "2", "thrice": "3", "double": "2", "doubles": "2", "doubled": "2", "doubling": "2",
    "twofold": "2", "triple": "3", "tripled": "3", "threefold": "3", "fivefold": "5", "tenfold": "10", "percent": "%",
}  # fmt: skip
TIMES_AS: Final = {"twice": "2x", "double": "2x", "half": "1/2x", "thrice": "3x", "triple": "3x"}
"""Before “as” and “the” they measure: no list of two things bears out “twice as fast”."""
MEASURES: Final = {
    "time": frozenset(
        """millisecond milliseconds seconds minute minutes hour hours hourly week weeks weekly month months monthly
        yearly annually decade decades century centuries afternoon evening weekend overnight""".split()  # noqa: SIM905
    ),
    "storage": frozenset(
        "kilobyte kilobytes megabyte megabytes gigabyte gigabytes terabyte terabytes petabyte petabytes".split()  # noqa: SIM905
    ),
    "money": frozenset({"dollar", "dollars", "euro", "euros"}),
}
"""Words by which a thing is measured. Days and years are none: “these days”, “for years”."""
DENYING: Final = frozenset(
    """no not never none neither nor nothing nobody nowhere cannot without hardly rarely seldom barely lack lacks
    lacking fail fails refuse refuses avoid avoids except unable impossible isn't aren't wasn't weren't don't
    doesn't didn't can't couldn't won't wouldn't shouldn't mustn't needn't haven't hasn't isn’t aren’t wasn’t
    don’t doesn’t didn’t can’t won’t shouldn’t needn’t hasn’t haven’t instead hidden invisible unless false
    incorrectly prevent prevents prevented preventing stopped stopping avoided avoiding forbidden forbidding banned
    hinder hinders hindered forbids forbid prohibits stop stops ban bans
    unnecessary useless unsuitable unpopular inefficient insecure unreliable unimportant irrelevant""".split()  # noqa: SIM905
)
"""Turn a statement round."""
STRONG: Final = (
    frozenset("only solely exclusively alone just merely sole nothing exactly precisely".split()),  # noqa: SIM905
    frozenset("always never ever constantly permanently".split()),  # noqa: SIM905
    frozenset(
        """must recommended essential necessary need needs needed required require requires requirement crucial vital
        critical mandatory obligatory compulsory indispensable should ought important core key fundamental""".split()  # noqa: SIM905
    ),
    frozenset(
        """most best top leading fastest easiest largest biggest greatest simplest main excellent chief ideal perfect
        highest standard predominant favourite first number-one primary oldest newest latest unique""".split()  # noqa: SIM905
    ),
    frozenset("worst least slowest hardest smallest lowest poorest fewest".split()),  # noqa: SIM905
    frozenset(
        """all every each any everything everyone everybody entire entirely completely fully whole totally
        always anyone anybody whatever full""".split()  # noqa: SIM905
    ),
    frozenset("guarantee guarantees guaranteed ensure ensures ensuring ensured sure certain assure assures".split()),  # noqa: SIM905
)
"""Words that make a claim stronger, by what they claim: one of a row needs another of the row to rest on."""


def _rows(name: str) -> tuple[str, ...]:
    lines = Path(__file__).with_name(name).read_text(encoding="utf-8").splitlines()
    return tuple(line for line in lines if line and not line.startswith("#"))


OPPOSITES: Final = tuple(
    (frozenset(left.split()), frozenset(right.split()))
    for left, _, right in (row.partition("|") for row in _rows("opposites.txt"))
)
ALIKE: Final = tuple(frozenset(row.split()) for row in _rows("alike.txt"))
