"""Whether an ordinary word is a technical term where it stands, by the company it keeps: Go, REST, spring, C."""

import re
from collections.abc import Sequence
from typing import Final

from retrieval.english import is_english
from skills.reading import Text
from skills.spotting import Spot

_AFTER: Final = frozenset(
    """api apis app apps application applications backend backends based cli code codebase coder coding compiler
    container core dev developer developers devs ecosystem engineer engineers engineering expert experts framework
    frameworks js lang language libraries library microservice microservices migration monolith package plugin
    programmer programmers programming runtime script scripting scripts sdk service services stack versus vs
    cluster clusters payments operators database databases expertise specialist admin administrator entwickler
    certification certificate queries contracts models components dashboards workflows""".split()  # noqa: SIM905
)
"""Words that make an ordinary word before them a technical term."""
_ROLES: Final = frozenset(
    """codebase payments coder coding dev developer developers devs engineer engineers framework frameworks lang
    language library programmer programmers programming""".split()  # noqa: SIM905
)
"""Those of them that do so even where the word is small and common: rails developer, but not "make services"."""
_OBJECTS: Final = frozenset("a an the our us your my me this that their it them together".split())  # noqa: SIM905
"""Words after which what looks like a term was a verb: join our team."""
_ARTICLES: Final = frozenset("a an the her his my our pet their your".split())  # noqa: SIM905
_BEFORE: Final = frozenset("framework language named called versus vs".split())  # noqa: SIM905
"""Words that make an ordinary word after them a technical term."""
_CUES: Final = frozenset(
    """experience experienced knowledge know knows known familiar familiarity proficient proficiency expertise expert
    skills skilled fluent programming developing development develop coding code written write writing background
    understanding grasp using use uses used hands-on hands command master mastery build built building stack
    scripting implemented worked learn learning learned learnt love deploy deployed hosted run running runs test
    tested languages language databases tools technologies frameworks tech qualifications requirements""".split()  # noqa: SIM905
)
"""Words before an item that say that a skill follows."""
_FILLERS: Final = frozenset(
    """a an any good very strong solid sound basic advanced deep excellent great proven practical commercial profound
    knowledge of experience experienced in with using years year ideally preferably similar e.g eg e g i incl
    including modern programming skills skill is are some like such as especially familiarity familiar proficient
    proficiency must have nice to bonus little bit at least least more recent latest version versions expert
    fluent hands on working understanding required preferred desirable optional essential know knows use uses our
    we you languages language tools tech stack databases frameworks""".split()  # noqa: SIM905
)
"""Words of a list item that do not make it anything else."""
_LINKS: Final = frozenset("in with of using via on for from to into like".split())  # noqa: SIM905
_NOT_AFTER: Final = frozenset("this next every each last a an".split())  # noqa: SIM905
"""Words after which a capital is no name of a term: this Spring."""
_NO_LETTER_AFTER: Final = frozenset(
    """series vitamin grade level class plan category type usb exhibit english german french section route line phase
    band tier option division hepatitis""".split()  # noqa: SIM905
)
"""Words after which a letter is no language: Series C."""
_YEAR: Final = re.compile(r"(?:19|20)\d\d|['’]?\d\d$")
_VERSION: Final = re.compile(r"v?\d{1,2}(?:\.\d+|\.x|x|\+)*")
_WITH_HYPHEN: Final = frozenset(
    """based powered driven native like first developer engineer dev backend services""".split()  # noqa: SIM905
)
_NAMESAKES: Final = frozenset({"java"})
"""Names of other things, too, that are no English words."""
_OPENING: Final = frozenset({":", "“", '"', "•", "-", "–"})
"""What a capital may stand behind in any case."""
_ACRONYM: Final = range(2, 4)
_LOUD: Final = range(2, 6)
"""Letters of a name that is told by its capitals: ML, CAN; REST, SOLID."""
_CAPITALS = 0.7
"""Share of a line's letters from which capitals say nothing."""
_LETTERS_OF_A_LINE = 13
_NEAR = 12
"""Words on either side within which sure terms make technical company."""


class Company:
    """Tells the terms from the ordinary words among the spots of one text."""

    def __init__(self, text: Text, spots: Sequence[Spot]) -> None:
        """Takes every spot of the text."""
        self._text, self._spots = text, spots
        self._loud: dict[int, bool] = {}
        self._at = {at: spot for spot in spots for at in range(spot.at, spot.after)}
        self._sure = {at for at, spot in self._at.items() if not spot.form.ambiguous}

    def meant(self) -> list[Spot]:
        """The spots that are terms, in order."""
        return [
            spot for spot in self._spots if (self._is_meant(spot) if spot.form.ambiguous else not self._is_other(spot))
        ]

    def _is_other(self, spot: Spot) -> bool:
        """Whether it is an animal, a name or an island, for once."""
        said = self._text.words[spot.at].text
        animal = said.islower() and is_english(said) and self._text.folded(spot.at - 1) in _ARTICLES
        beast = animal and spot.form.name.istitle() and spot.size == 1 and not self._before_role(spot)
        in_company = self._text.is_joining(spot.after) or self._is_term(spot.after)
        return (beast and not in_company) or self._begins_other_name(spot)

    def _begins_other_name(self, spot: Spot) -> bool:
        """Whether a name of something else begins with it: Java Coffee House."""
        text = self._text
        places = (spot.after, spot.after + 1)
        return (
            spot.size == 1
            and (is_english(text.folded(spot.at)) or text.folded(spot.at) in _NAMESAKES)
            and places[-1] < len(text.words)
            and all(text.gap(each) == " " and text.words[each].text.istitle() for each in places)
            and not any(self._is_term(each) or text.folded(each) in _AFTER for each in places)
            and not self._shouted(spot.at)
        )

    def _is_meant(self, spot: Spot) -> bool:
        if len(spot.form.name) == 1:
            return self._letter(spot)
        if self._cannot_be(spot):
            return False
        return self._is_spelt(spot) or self._listed(spot) or self._capital(spot) or self._cued(spot)

    def _cannot_be(self, spot: Spot) -> bool:
        """Whether what stands right beside it makes it an ordinary word."""
        text, at = self._text, spot.at
        season = text.folded(at - 1) in _NOT_AFTER and text.joins(at) and not self._before_role(spot)
        verb = spot.form.weak and text.folded(spot.after) in _OBJECTS and text.gap(spot.after) == " "
        return season or verb or self._broken_by_hyphen(spot) or self._before_year(spot)

    def _is_spelt(self, spot: Spot) -> bool:
        """Whether its capitals or the word beside it leave no doubt."""
        text, at, name = self._text, spot.at, spot.form.name
        word = text.words[at].text.removesuffix("s")
        loud = word.isupper() and not self._shouted(at)
        if loud and (len(name) in _ACRONYM or (name == word and len(name) in _LOUD)):
            return True
        return self._before_role(spot) or (text.folded(at - 1) in _BEFORE and text.joins(at))

    def _before_role(self, spot: Spot) -> bool:
        """Whether what follows makes it a term: a Rails developer, Flask 2, Go-based."""
        after = spot.after
        if _VERSION.fullmatch(self._text.folded(after)) and self._text.gap(after) == " ":
            after += 1
        plain = spot.form.weak and self._text.words[spot.at].text.islower()
        roles = _ROLES if plain else _AFTER
        role = self._text.folded(after) in roles and self._text.gap(after) in {" ", "-", "/", " / "}
        return role and not (spot.form.weak and spot.form.name[0].islower())

    def _broken_by_hyphen(self, spot: Spot) -> bool:
        before, after = self._text.gap(spot.at), self._text.gap(spot.after)
        if before == "-" and not self._is_term(spot.at - 1):
            return True
        follows = self._text.folded(spot.after)
        if after == "-":
            return follows not in _WITH_HYPHEN and not self._is_term(spot.after)
        return after in {"&", " & ", "'", "’"} and follows in {"d", "a", "s", "o", "re", "ll", "t", "relax"}

    def _before_year(self, spot: Spot) -> bool:
        gap = self._text.gap(spot.after)
        return gap in {" ", "-", " '", "/"} and bool(_YEAR.fullmatch(self._text.folded(spot.after)[:4] or "-"))

    def _letter(self, spot: Spot) -> bool:
        """Whether a single letter is a language."""
        text, at = self._text, spot.at
        if text.words[at].text != spot.form.name or text.folded(at - 1) in _NO_LETTER_AFTER | _NOT_AFTER:
            return False
        if self._broken_by_hyphen(spot):
            return False
        if text.gap(spot.after)[:1] in {".", "'", "’"} and not re.match(r"\.(?:\s|$)", text.gap(spot.after)):
            return False
        if text.folded(spot.after) in {"programming", "code", "developer", "programmer"}:
            return True
        first, last = text.line(at)
        near = any(each in self._sure for each in range(max(first, at - _NEAR), min(last, at + _NEAR)))
        return near and (self._pure(spot) or text.folded(at - 1) in {"in", "modern", "embedded"})

    def _listed(self, spot: Spot) -> bool:
        """Whether it is an item of a list beside another technical term, or an item that names a skill."""
        if not self._pure(spot):
            return False
        text = self._text
        first, last = text.item(spot.at)
        whole = text.line(spot.at)
        beside = [first - 2 if text.is_joining(first - 1) else first - 1, last + 1 if text.is_joining(last) else last]
        beside = [each for each in beside if whole[0] <= each < whole[1]]
        if any(self._is_company(each) for each in beside):
            return True
        if any(text.folded(each) in _CUES for each in range(first, spot.at)):
            return True
        alone = (first, last) == whole or (first == whole[0] and spot.after == whole[1])
        return alone and self._capitalised(spot) and bool(self._sure)

    def _pure(self, spot: Spot) -> bool:
        """Whether the item around it holds nothing but terms and words that qualify them."""
        text = self._text
        first, last = text.item(spot.at)
        return all(
            each in self._at or text.folded(each) in _FILLERS or _VERSION.fullmatch(text.folded(each))
            for each in range(first, last)
        )

    def _is_company(self, at: int) -> bool:
        """Whether the word belongs to a sure term, or to one that its capital tells."""
        if at in self._sure:
            return True
        spot = self._at.get(at)
        if spot is None or not self._capitalised(spot) or not self._pure(spot):
            return False
        return not spot.form.weak or not self._text.starts_sentence(at)

    def _capital(self, spot: Spot) -> bool:
        """Whether its capital tells it, since neither a sentence nor a name of something else begins with it."""
        text, at = self._text, spot.at
        if not self._capitalised(spot) or self._shouted(at) or text.starts_sentence(at):
            return False
        if spot.form.weak and (self._bullet(at) or text.gap(at).strip()[-1:] in _OPENING):
            return False
        neighbours = [(at - 1, text.gap(at)), (spot.after, text.gap(spot.after))]
        for place, gap in neighbours:
            if not 0 <= place < len(text.words) or gap.strip(" "):
                continue
            other = text.words[place].text
            starts = place < at and text.starts_sentence(place)
            if other[:1].isupper() and not self._is_term(place) and text.folded(place) not in _AFTER and not starts:
                return False
        return self._near_sure(spot) or not spot.form.weak

    def _cued(self, spot: Spot) -> bool:
        """Whether a word that says that a skill follows stands before it, with other terms about."""
        text, at = self._text, spot.at
        if spot.form.weak and not self._capitalised(spot):
            return spot.form.name[0].islower() and self._near_sure(spot) and not spot.form.foreign
        cue = text.folded(at - 1) in _CUES or (text.folded(at - 1) in _LINKS and text.folded(at - 2) in _CUES)
        if text.folded(at - 1) in _LINKS and not self._capitalised(spot) and not spot.form.weak:
            cue = cue or self._near_sure(spot)
        return cue or (not spot.form.foreign and spot.form.name[0].islower() and self._near_sure(spot))

    def _near_sure(self, spot: Spot) -> bool:
        first, last = self._text.sentence(spot.at)
        whole = range(max(first, spot.at - _NEAR), min(last, spot.after + _NEAR))
        return any(each in self._sure for each in whole)

    def _is_term(self, at: int) -> bool:
        return at in self._sure or (at in self._at and self._at[at].form.name[0].isupper())

    def _capitalised(self, spot: Spot) -> bool:
        said, name = self._text.words[spot.at].text, spot.form.name
        if name.isupper() and len(name) in _LOUD:
            return said == name
        return said[0].isupper()

    def _shouted(self, at: int) -> bool:
        first, last = self._text.line(at)
        if first not in self._loud:
            letters = [each for word in self._text.words[first:last] for each in word.text if each.isalpha()]
            loud = sum(map(str.isupper, letters)) > _CAPITALS * len(letters)
            self._loud[first] = loud and len(letters) >= _LETTERS_OF_A_LINE
        return self._loud[first]

    def _bullet(self, at: int) -> bool:
        return at == self._text.line(at)[0]
