"""Words of English: all, frequent ones, frequent slips. Knows nothing of what they are used for."""

from typing import Final

from ingest.english import FILE, is_english

__all__ = ["FILE", "FREQUENT", "SHORT_FORMS", "SLIPS", "is_english"]

SLIPS: Final = {
    "wat": "what", "wht": "what", "whta": "what", "wich": "which", "teh": "the", "hte": "the", "taht": "that",
    "fo": "of", "adn": "and", "fro": "for", "thier": "their", "fronted": "frontend", "frontends": "frontend",
    "cloude": "cloud", "authentification": "authentication", "autentification": "authentication",
    "exemple": "example", "exemples": "examples", "diffrent": "different", "explane": "explain",
    "programing": "programming", "wats": "what", "handel": "handle",
}  # fmt: skip
"""Slips that pass for words, that are too short, or that lie too far off; each is set right where its aim is known."""
SHORT_FORMS: Final = frozenset(
    """apps arent asap blog blogs cant couldnt devs didnt doesnt dont dunno email emails faqs gimme gonna gotta hasnt
    havent heres hows info infos isnt jargon kinda lemme lets okay please pls plz prep prod repo repos shouldnt
    sorta specs stuff tech techs thanks thanx thats theres theyre thx tips tldr todo tricks vs wanna wasnt werent
    whats whens wheres whichs whos whys wont wouldnt yeah youre""".split()  # noqa: SIM905
)
"""Right as they are, though no dictionary has them."""
FREQUENT: Final = frozenset(
    """about according actually advantage advantages again allow allowed allows also always among another answer
    anyone anything application applications around asked asks because become becomes before beginner beginners
    being benefit benefits better between bring brings business called candidate cannot career chapter choose
    client clients code combine combines common commonly companies company compare compared comparison concept
    concepts consistent could course create creates credentials crucial customer customers database databases
    define defined defines definition depend depends describe described describes developer developers development
    difference differences different difficult disadvantage document does during each easier easily easy efficient
    either engineer engineers enough ensure ensures environment environments error errors especially essential
    every everything exactly example examples excellent experience explain explained explains explanation facts
    famous feature features finance first flexible following found framework frameworks frequently from full
    function functions general gives good great guide handle handles have healthcare help helps high hosting
    important include included includes including industries industry information instead interview invaluable keep
    kind kinds know knowledge known knows language languages large learn learning level libraries library like list
    listed lists little made main maintain make makes manage managed managing many mean meaning means mention
    mentioned mentions method methods minimal modern more most much must name named names necessary need needed
    needs network never number often online only option options other others part parts people perform performance
    person platform platforms please popular possible practice practices principle probably problem problems
    process processes professional programming progressive project projects properties provide provided provides
    purpose question questions quick quickly read ready really reason reasons recommend recommended recruiter
    reduce reduces relational reliable require required requirements requires responsibilities responsible role
    roles same says scenario scenarios second section sections secure security separate server servers service
    services several should show shows similar simple simplifies simplify site skill skills small software some
    something specific stand standard stands start starts state status still store stores strength strengths strong
    student students style such suitable system systems table tables task tasks team teams technologies technology
    test testing tests than that their them there these they thing things think this those through together tool
    tools topic topics tradition traditional traditionally type types under understand understanding until useful
    user users using usually value vary version versions versus visible want wants website websites well were what
    when where whether which while whole will with within without word words work working works would write writing
    written wrong your""".split()  # noqa: SIM905
)
"""Words that questions to a guide are made of; a slip in one of them is set right too."""
