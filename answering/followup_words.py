"""The English words and patterns by which follow-ups are told and questions cut to phrases. Knows nothing of turns."""

import re
from collections.abc import Iterator
from typing import Final

SMALL_WORDS: Final = frozenset(
    """a about actually after again all also am an and any anybody anyone anything are as at be because been before
    being bit both but by can come could d did do does doing don done during each either else even ever everybody
    everyone exactly exist few for from get give got had has have he her here him his how how's i if im in into is
    isn it it's its just kind let like listed ll look lot m main many may me mean mention mentioned might mine
    more most much must my named no nobody not now of off ok on one ones only or other others our out over own
    particular people per please re really s said same say she should since so some somebody someone something
    sort still such t tell than thank thanks that that's the their them then there there's these they they're
    thing things this those though to too two three until up us used ve very was wat we well were what what's
    whats when where which while who who's whom whose why wich will with would yes you your""".split()  # noqa: SIM905
)
"""Words that carry no subject."""
DEPENDENT_WORDS: Final = frozenset(
    """abbreviation acronym advantage advantages algorithm algorithms alternative alternatives amount author benefit
    benefits best better big bring brings built called case cases catch cheap cheaper cheapest choose command
    commands companies company concept concepts con cons cool cost costs creator current currently curve described
    detail details difference differences disadvantage disadvantages downside downsides drawback drawbacks easier
    easiest easy elaborate example examples expensive explain extension fast faster fastest feature features focus
    framework frameworks free full functions good hard help helps important include included industries industry
    install invented involve key keys kind kinds know lang langs language languages last latest learn learning
    lesser letter libraries library licence license limits list long made make makes market matter meaning means
    method methods minimal name names need needed needs newer newest next normal number older option options
    ordinary other owns part parts pay percent percentage pick platform platforms point popular price prices pro
    problem problems product products pros purpose quick reason reasons recommend release required risk risks role
    roles scenario scenarios service services setup share short simple simpler single situation situations size
    skill skills slow stand stands start step steps strength strengths style styles support system systems task
    tasks term threaded tool tools topic type types understand upside upsides usage use useful user users uses
    using version versions weak weakness weaknesses words work works worth year years""".split()  # noqa: SIM905
)
"""Words that need something they belong to: a version, the benefits, the best."""

PREPOSITION: Final = "about|against|as|at|between|by|for|from|in|inside|into|like|of|on|over|than|to|under|with|without"
_AUXILIARY: Final = "is|are|was|were|do|does|did|can|could|should|would|will|has|have|had|what's|why's|how's|who's"
_END: Final = r"\s*(?:$|[?.,;!'’]"
"""What follows a reference that stands for itself; closed by each pattern."""
_HEADS: Final = r"""tools?|languages?|frameworks?|librar(?:y|ies)|commands?|concepts?|approach(?:es)?|developers?
    |database\w*|services?|platforms?|methods?|practices?|terms?|servers?|systems?|process(?:es)?|types?|industr(?:y|ies)
    |compan(?:y|ies)|ideas?|topics?|technolog(?:y|ies)|operations?|attacks?|programs?|products?|roles?|tasks?|areas?|fields?|cases?
    |scenarios?|protocols?|standards?|patterns?"""
_SUBJECT: Final = r"(?!\s+(?:the|an?|we|you|they|he|she|it|i|article|guide)\b)"
"""After a "that" which points back no new subject begins, as it does in "what they do that the guide lists"."""


def _after(*before: str) -> str:
    """A look-behind for any of these words."""
    return "(?:" + "|".join(rf"(?<=\b{word}\s)" for word in before) + ")"


_REFERENCES: Final = {
    "ordinal": rf"""the\s+(?:very\s+)?(?:first|second|third|fourth|fifth|last|former|latter)(?:\s+ones?)?
        (?={_END}|and\b|is\b|do|can\b|exactly\b))""",
    "other": rf"""the\s+others?(?:\s+(?:ones?|two|three|four))?(?={_END}|is\b|are\b|and\b))|(?:the\s+)?other\s+ones?
        |any\s+others?(?=\s*$)""",
    "one": rf"""(?:which|wich)\s+ones?(?!['’]?s\s+the\b)(?={_END}|of\s+(?:them|those|these|the\s+two)\b|(?!the\b|of\b
            |web\b)\w+))
        |(?:of\s+)?the\s+(?:two|three|four)(?={_END}|is\b|are\b|has\b|have\b|does\b|do\b|leaves|gives|lets|needs
            |makes|offers|uses|works|runs|fits|suits|supports|costs|handles|scales|comes|helps|provides))
        |(?:this|that)\s+one(?={_END}|is\b|called\b|do|has\b|can\b))|(?:these|those)\s+(?:ones|two|three)
        |building\s+one|set\s+one\s+up|{_after("create", "write", "build", "make", "need", "use", "get")}one(?=\s*$)
        |both(?={_END}|is\b|are\b|of\s+them))""",
    "part": rf"""which\s+of\s+(?:them|those|these)\b|(?:one|part|some|any|all|each|none|both|two|three|most|many)
        \s+of\s+(?:them|those|these|that)(?={_END}|is\b|are\b|do|has\b|have\b|can\b|should\b|would\b))""",
    "named": rf"the\s+(?:[\w-]+\s+){{1,3}}ones?(?={_END}|is\b|are\b|do|can\b|has\b|have\b|called\b|for\b|\w+\s*$))",
    "noun": rf"""(?:these|those)\s+(?!skills|things|days|responsibilities|duties)\w+s\b
        |(?:this|that|these|those|such\s+an?|such)\s+(?:\w+\s+)?(?:{_HEADS})""",
    "whose": "its|their|theirs|his|her",
    "it": "it",
    "they": "they|them|he|she|him",
    "that": rf"""(?:this|these|those)(?={_END}|(?:{_AUXILIARY}|{PREPOSITION}|mean|work|help|so|any|all|and)\b))
        |that(?=\s*(?:$|[?.;!)]))|that(?=\s+up\b)|^(?:that|this)(?=\s+\w+s\b)
        |{_after("is", "does", "do", "are", "was", "can", "did")}(?:that|this|those|these)\b{_SUBJECT}
        |{_after("for", "of", "in", "with", "to", "about", "than", "on", "from", "by", "like")}that\b{_SUBJECT}""",
    "there": r"""(?<!\bis\s)(?<!\bare\s)(?<!\bwas\s)(?<!\br\s)(?<!\bout\s)(?<!\bover\s)(?<!\bhi\s)(?<!\bhey\s)
        (?<!\bhello\s)(?<!\byou\s)(?<!\banyone\s)(?<!\banybody\s)there
        (?=\s*(?:$|[?.,;!]|or\b|and\b))""",
}
REFERENCE: Final = re.compile(
    r"\b(?:" + "|".join(f"(?P<{kind}>{pattern})" for kind, pattern in _REFERENCES.items()) + r")(?!\w)",
    re.IGNORECASE | re.VERBOSE,
)
"""Words that can point back, by the kind of what they point to."""

_GUIDE: Final = "guide|article|text|page|document|site|book|assistant|app|chat|thing|blog|table|list|section|chapter"
_TELL: Final = """say|says|said|saying|mention|mentions|name|names|explain|explains|recommend|recommends|advise
    |advises|list|lists|cover|covers|tell|tells|describe|describes|treat|talk|discuss|claim|claims|call|calls|point|suggest
    |state|states|teach|think|mean"""
EXPLETIVE: Final = re.compile(
    rf"""\b(?:is|was|isn't|wouldn't|would|will|it's|does|it)\s+(?:it\s+)?(?:(?:is|be|make|take)\s+)?
        (?:(?:really|actually|also|ever|still|always)\s+)?
        (?:(?:true|false|said|claimed|stated|correct|called|named|right)\b(?=\s*\S)
        |(?:possible|worth|important|necessary|sense|advisable|wise|okay?|normal|common|required|recommended
        |essential|better
            |enough|mandatory|legal|safe|hard|easy|difficult|good|smart|time|a\s+(?:good|bad|must|problem))\b
            (?=.*\b(?:that|if|when)\b|.*\bto\s+\w+\s+\w+|\s+\w+ing\s+\w+))
    | \b(?:do|does|did|would|will|can)\s+(?:it|they|this)\s+(?:(?:even|also|actually|ever
        |really)\s+)?(?:{_TELL})\b(?!\s*$)
    | \b(?:it|they)\s+(?:(?:even|also)\s+)?(?:{_TELL}|use\s+for)\b
    | \b(?:how\s+long|what|how\s+much)\s+(?:does|would|will|did)\s+it\s+(?:take|cost)\s+to\b
    | \bhow\s+long\s+(?:does|would|will|did)\s+it\s+take\b(?=\s*\S) | \bit\s+takes?\b(?=.*\bto\s)
    | \bwhen\s+it(?:\s+comes\s+to|['’]s\s+about)\b | \bhow(?:['’]s|\s+is)\s+it\s+going\b | ^this\s+is\b
    | \bis\s+it\s+(?:up|(?:the|an?)\b.*\b(?:job|task|duty|responsibility|role))\b | \bon\s+(?:its|their)\s+own\b
    | \bdoes\s+it\s+(?:make\s+sense|matter)\b(?=\s*\S) | \bwhat(?:['’]?s|\s+is|\s+was)\s+it\s+(?:called|that)\b
    | \bis\s+it\s+that\b | \bis\s+it\s+\w+\s+(?:when|if)\b | \bwhat\s+good\s+(?:does|would|will)\s+it\s+do\b
    | \b(?:how\s+\w+|job)\s+is\s+it\s+(?:to|from)\b | \bdoes\s+it\s+come\s+\w+\s+to\b | ^it\s+is\s+(?:an?\s+)?must\b
    | \bcall(?:ed)?\s+it\s+(?:when|if)\b
    | \bit\s+works\s+on\s+my\b | \bmake\s+it\b(?!\s*$) | \bthat\s+(?-i:[A-Z])\w+ | \bthat\s+(?:is|are)\s+(?:called
        |named)\b
    | \bthis\s+(?:{_GUIDE}|year|time|week|month|kind|sort|field|area|job|career)\b | \bthese\s+days\b
    | \bin\s+(?:an\s+)?it\s+(?:industry|jobs?)\b | \bin\s+it\s+for\s+\w+ | \bcomes?\s+into\s+it\b
    | \bis\s+it\s+(?:smarter|wiser|too\s+(?:late|early))\s+to\b
    | \bdoes\s+it\s+(?:depend|bring|pay)\s+(?:on\s+)?(?:if|when
        |whether)\b
    | \b(?:what\s+time|how\s+late)\s+is\s+it\b | \bwill\s+it\s+(?:be\s+(?:sunny|warm|cold)|rain|snow)\b
    | \bit\s+(?:will\s+)?\w+\s+the\s+readers?\b | \b(?:must|should)\s+(?:he|she)\b
    | \bfor\s+it\s+to\s+\w+ | ^that\s+was\s+(?:\w+\s+)?(?:helpful|useful|great|nice|good)\b
    | ^one\s+of\s+them\b(?=.*\bthe\s+other\b)""",
    re.IGNORECASE | re.VERBOSE,
)
"""Places where "it", "they" or "that" stand for nothing said before: is it true that, what is it called when."""

INTRODUCED: Final = re.compile(
    r"\b(?:someone|somebody)\b|\b(?:an?|my|our|your|some|every|each|no|any)\s+(?!few\b|lot\b|bit\b)[\w-]{3,}",
    re.IGNORECASE,
)
"""Something that the question itself brings up."""
DEFINITE: Final = re.compile(
    r"""\b(?:the|both|all)\s+(?P<noun>(?:(?!(?:guide|article|text|teams?|developers?|compan\w+|users?|people)\b)[\w-]+\s+){1,3})
        (?=(?:.*\s)?(?:(?:if|when|or|and|because|but|while|so)\s|(?:than|which)\s$))""",
    re.IGNORECASE | re.VERBOSE,
)
"""A noun with an article that a pronoun in a later clause can mean; people and the guide are seldom meant by it."""
CHOICES: Final = re.compile(r"[,:]\s*[\w+#.]+\s+or\s+[\w+#.]+(?=$|,)", re.IGNORECASE)
ALTERNATIVES: Final = re.compile(r"[\w+#.]+\s+(?:or|vs\.?|versus)\s+[\w+#.]+", re.IGNORECASE)
PEOPLE_DO: Final = re.compile(r"\b(?:do|did) they$", re.IGNORECASE)
PLURAL: Final = re.compile(
    r"""(?:^|\b(?:the|of|in|for|on|with|and|or|over|all|most|many|some|other)\s+(?:\w+\s+)?)
        (?!lots|this|is|was|does|as)\w{2,}[^\Ws]s\b
        |\w{3,}s\s+(?:so|because|when|if|while|that|and\s+what|and\s+how)\s+$""",
    re.IGNORECASE | re.VERBOSE,
)
PLURAL_SUBJECT: Final = re.compile(
    r"\b(?:are|do|did|must|should|can|would)\s+(?:\w+\s+)?(?!this\b)\w{2,}[^\Ws]s\b", re.IGNORECASE
)
"""What "they" can mean, though not "them": why are developers told they."""
ASKED_NOUN: Final = re.compile(r"^(?:in\s+|for\s+)?(?:what|which|how\s+many|whats)\s+(?:\w+\s+)??\w+s\b", re.IGNORECASE)
JOINED: Final = re.compile(
    r"""\b(?:while|when|because|if|until|before|after|whether|since|as|although|though|so|what|that|where|how|unless|without
        |sure)\s+$""",
    re.IGNORECASE | re.VERBOSE,
)
DONE: Final = re.compile(r"\b(?:do|does|did|doing|done)\s+$", re.IGNORECASE)
"""Before an "it" that is something done."""
ASKS_ON: Final = re.compile(r"\w\W+(?:or|but|what|how|why)\s+(?:do|does|did)\s+$", re.IGNORECASE)
"""A second question about the same: or does it, how does it."""
AFTER_PREPOSITION: Final = re.compile(rf"\b(?!than\b)(?:{PREPOSITION}|behind|next)\s+$", re.IGNORECASE)
PLACE: Final = re.compile(r"\b(?:in|at|on|inside|within)\s+(?:(?:the|an?)\s+)?([\w-]{3,})", re.IGNORECASE)
"""Where "there" can be."""
DESCRIBED: Final = re.compile(
    r"^(?:\s+[\w-]+){0,3}\s+(?:with|w/|across|where|which|who|that|every(?:body|one)|people)\s+\S", re.IGNORECASE
)
"""What follows "that" or "those attacks" where the question itself says which ones are meant."""
OF_THESE: Final = re.compile(
    r"^(?:\s+of\s+(?:these|those))?\s+(?P<noun>(?:\w+\s+)?\w+s)\s+(?:is|are|has|have|do|does|can|should|\w+[^\Ws]s)\b",
    re.IGNORECASE,
)
"""What follows "which of these" where it names what they are: which of these duties is."""
BEFORE_OBJECT: Final = frozenset(
    "explain describe use using learn know support define need understand teach teaches".split()  # noqa: SIM905
)
SAYING: Final = frozenset("say says said claim claims told think mean means state states write writes".split())  # noqa: SIM905

TO_ASSISTANT: Final = re.compile(r"\byour?\b|^(?:thank|help|bye|hi|hey|hello|ok)", re.IGNORECASE)
REQUEST: Final = re.compile(r"^(?:can|could|would|will)\s+you\b", re.IGNORECASE)
REPAIR: Final = re.compile(r"^(?:oops\W+)?i\s+(?:mean|meant)\b", re.IGNORECASE)
ALSO: Final = re.compile(
    r"""^(?:does|do|is|are|can)\s+\S+\s+(?:also|too|as\s+well)$|^(?:the\s+)?(?!which|this|that)[\w-]+\s+ones?$
        |^the\s+ones?\s+\w""",
    re.IGNORECASE | re.VERBOSE,
)
ELSE: Final = re.compile(
    r"""\b(?:(?:what|any|which|some)\s+other|(?:what|any\w*|some\w*|who|where)\s+else|the\s+other
        |(?:instead|exactly|particular|only|too|as\s+well|more)$)""",
    re.IGNORECASE | re.VERBOSE,
)
BESIDES: Final = re.compile(
    r"\b(?:besides|apart|other\s+than|except|in\s+addition|aside|rather\s+than)\b", re.IGNORECASE
)
WHICH: Final = re.compile(
    r"^wh?ich\s+(?:is|are|has|have|does|do|can|would|should|will|gives|leaves|needs|works|runs)\b", re.IGNORECASE
)
ONE_SIDED: Final = re.compile(
    r"\b(?:differ\w*|compar\w+)\s+(?:it\s+)?(?:to|from|with|than)\b|^(?:vs\.?|versus|compared\s+(?:to|with))\b",
    re.IGNORECASE,
)
DEFINED: Final = re.compile(
    r"^(?:what(?:['’]?s|\s+is)\s+([\w-]+)\s+exactly|([\w-]+)\s+is\s+what(?:\s+exactly)?)$", re.IGNORECASE
)
SERVES: Final = re.compile(r"\b(?:tools?|frameworks?|languages?|librar(?:y|ies))\s+for\s+([\w-]+)", re.IGNORECASE)
"""What a thing is for says what is asked about: which are tools for debugging."""
I_MEAN: Final = re.compile(r"\w\W+i\s+mean\s+([\w+#-]+)", re.IGNORECASE)
ONE_RELATIVE: Final = re.compile(r"\s+(?:should|must|can|could|would)\b", re.IGNORECASE)
ONE_NOUN: Final = re.compile(r"\s+([\w-]+)\s+(?:does|do|is|can)\b", re.IGNORECASE)
COUNTED: Final = re.compile(r"these\s+(?:four|five|six|seven|eight|nine|ten)\s+\w+s\b", re.IGNORECASE)
"""As many as only the guide itself lists."""

OPENER: Final = re.compile(
    r"""^[\W_]*(?:(?:ok(?:ay)?|cool|nice|great|thanks?(?:\s+you)?|thx|good|perfect|hmm*|well|right|wow|interesting
        |sorry|wait|ye[sp]|yeah|no|oh|ah|aha|(?:hi|hey|hello)(?:\s+there)?|please|pls|alright|got\s+it|i\s+see|sure|fine)\b
        (?!\s*\?)(?=[\s,.!:;–-]|$)|so\b(?=[\s,]))[\s,.!:;–-]*""",
    re.IGNORECASE | re.VERBOSE,
)
LINK: Final = re.compile(
    r"""^(?:(?:and|but|or|also|plus|then)\b[\s,]*)*(?:(?:what|how)\s+about|same\s+(?:question\s+)?for|and|but|or
        |also|plus)\b[\s,:]*""",
    re.IGNORECASE | re.VERBOSE,
)
VERB: Final = re.compile(
    r"""\b(?:is|are|was|were|am|be|do|does|did|can|could|should|would|will|must|may|might|shall|has|have|had|what
        |whats|which|who|whom|whose|when|where|why|how|wich|wat|explain|tell|name|list|give|show|compare|describe|summari[sz]e
        |define|means?|uses?|helps?|works?|supports?|costs?|needs?|want|knows?|stands?|said|says?)\b|'s\b|n't\b""",
    re.IGNORECASE | re.VERBOSE,
)
CLAUSE: Final = re.compile(
    r"""[,;:.?!]\s|\s[–-]\s|\sand\s(?=(?:what|when|why|how|where|which|who|is|are|does|do|can|should)\b)""",
    re.IGNORECASE | re.VERBOSE,
)
_WORD: Final = re.compile(r"[^\W_]+(?:[.'’/&+#-]+[^\W_]+)*[+#]*")
_OPENING: Final = re.compile(
    r"^(?:(?:ok(?:ay)?|so|and|but|hi|hey|hello|well|please|thanks?)\b[\s,.!]*)+", re.IGNORECASE
)
_NOUN_FRAME: Final = re.compile(
    r"""^(?:(?:can|could|would)\s+you\s+|please\s+)*(?:tell\s+me\s+(?:more\s+|something\s+)?about|explain|describe|define
    |what(?:'s|’s|s|\s+is|\s+are|\s+was|\s+were)|who(?:'s|\s+is|\s+are)|give\s+me|name|list|show\s+me)\s+(?:(?:the|an?)\s+)?""",
    re.IGNORECASE | re.VERBOSE,
)
_GUIDE_FRAME: Final = re.compile(
    r"\s+(?:do(?:es)?\s+(?:the|this)\s+(?:guide|article|text|table)\s+\w+|(?:is|are)\s+(?:named|mentioned|listed|there|given)"
    r"|mentioned|(?:that\s+)?(?:the|this)\s+guide\s+\w+s|in\s+(?:the|this)\s+(?:guide|article|text))$",
    re.IGNORECASE,
)
_TAIL: Final = re.compile(r"\s+(?:(?:used|known|good|ideal)\s+)?(?:for|about|at|all about)$", re.IGNORECASE)


def words(text: str) -> Iterator[str]:
    """The words of a text as they stand."""
    return (match.group() for match in _WORD.finditer(text))


def content_words(text: str) -> list[str]:
    """Words that say what a text is about."""
    return [word for word in words(text) if word.casefold().replace("’", "'") not in SMALL_WORDS]


def names(text: str) -> list[str]:
    """Words written like names: a capital inside the sentence, or capitals and digits within a word."""
    found = []
    for match in _WORD.finditer(text):
        word = match.group()
        inside = match.start() > 0 and text[: match.start()].rstrip()[-1:] not in {"", ".", "?", "!", ":"}
        if (inside and word[0].isupper() and word != "I") or any(letter.isupper() for letter in word[1:]):
            found.append(word)
    return found


def own_words(text: str) -> list[str]:
    """The content words that do not need something that they belong to."""
    return [word for word in content_words(text) if word.casefold() not in DEPENDENT_WORDS]


def phrase_of(question: str) -> str:
    """What a question is about, as a phrase: "What are the key concepts for web servers?" gives "key concepts …"."""
    text = _OPENING.sub("", " ".join(question.split()).rstrip(" ?!.…"))
    text = _GUIDE_FRAME.sub("", text)
    if match := _NOUN_FRAME.match(text):
        text = _GUIDE_FRAME.sub("", _TAIL.sub("", text[match.end() :]))
    return _lower_first(text)


def _lower_first(text: str) -> str:
    """A phrase that stood at the start of a sentence, unless it begins with a name."""
    word = text.split(" ", 1)[0]
    return text[:1].lower() + text[1:] if word.casefold() in SMALL_WORDS and word != "I" else text
