"""Things that changed places against their quote are caught by word order; what is only put differently is not."""

import pytest

from answering.phrased.exchanges import exchange_fault
from answering.phrased.grounds import pieces
from answering.phrased.orders import order_fault
from answering.phrased.reading import Names, read
from answering.phrased.relations import relation_fault
from answering.phrased.turns import turn_fault
from ingest.glossary import read_glossary
from settings import PROJECT

CLIENT = "The client sends a request to the server, and the server answers the client with a status code."
UNLIKE = "Unlike MongoDB, PostgreSQL enforces a schema for every table."
ENDS = "The frontend runs in the browser of a visitor, while the backend runs on a machine of the provider."
ORDER = "Run the tests before the deployment, and watch the logs after the deployment."
OF = "The maintainer of the library reviews the changes of a contributor."
DATED = "Linus Torvalds began Git in April 2005; GitHub followed it in February 2008."
LISTED = "Ruby, Go, and Rust are languages; Docker packs each of them in a container."
SHELVES = "Wooden shelves keep old maps dry in the cellar."
RINGS = "Warm water keeps the roots of young plants moist in summer."
LINES = "Tar: packs many files into one archive.\nGzip: makes a single file smaller."
GLOSS = "TLS (Transport Layer Security) guards HTTP (Hypertext Transfer Protocol)."
CALLED = "A scheduler calls the worker through a queue."


@pytest.fixture(scope="module")
def names() -> Names:
    return Names(read_glossary(PROJECT / "content").names())


def fault(text: str, quote: str, names: Names) -> str:
    claim, read_quote = read(text, names), read(quote, names)
    units = [read(each, names) for each in pieces(quote)]
    return (
        exchange_fault(claim, read_quote)
        or turn_fault(claim, read_quote)
        or relation_fault(claim, units, [read("", names)] * len(units))
        or order_fault(claim, units)
    )


@pytest.mark.parametrize(
    ("text", "quote"),
    [("The server sends a request to the client, and the client answers the server with a status code.", CLIENT),
     ("The server sends a request to the client.", CLIENT), ("Unlike PostgreSQL, MongoDB enforces a schema.", UNLIKE),
     ("MongoDB enforces a schema for every table, unlike PostgreSQL.", UNLIKE),
     ("The backend runs in the browser of a visitor, while the frontend runs on a machine of the provider.", ENDS),
     ("The frontend runs in the visitor of a browser.", ENDS),
     ("Watch the logs before the deployment, and run the tests after the deployment.", ORDER),
     ("The library of the maintainer reviews the changes of a contributor.", OF),
     ("The contributor of the library reviews the changes of a maintainer.", OF),
     ("Git began Linus Torvalds in April 2005.", DATED), ("Linus Torvalds began Git in April 2008.", DATED),
     ("GitHub began in April 2005; Git followed it in February 2008.", DATED),
     ("Docker, Go, and Rust are languages; Ruby packs each of them in a container.", LISTED),
     ("A worker calls the scheduler through a queue.", CALLED),
     ("Old maps keep wooden shelves dry in the cellar.", SHELVES),
     ("Young plants keep the roots of warm water moist in summer.", RINGS),
     ("Gzip packs many files into one archive, and tar makes a single file smaller.", LINES),
     ("Gzip packs many files into an archive.", LINES), ("HTTP (Hypertext Transfer Protocol) is called TLS.", GLOSS)],
)  # fmt: skip
def test_what_changed_places_is_caught(text: str, quote: str, names: Names) -> None:
    assert fault(text, quote, names)


@pytest.mark.parametrize(
    ("text", "quote"),
    [("A request is sent to the server by the client, and the client is answered with a status code.", CLIENT),
     ("The server answers the client with a status code.", CLIENT),
     ("PostgreSQL enforces a schema for every table, unlike MongoDB.", UNLIKE),
     ("For every table PostgreSQL enforces a schema.", UNLIKE),
     ("The backend runs on a machine of the provider, while the frontend runs in the browser of a visitor.", ENDS),
     ("A visitor's browser runs the frontend.", ENDS), ("Watch the logs after the deployment.", ORDER),
     ("Before the deployment, run the tests.", ORDER), ("Changes of a contributor are reviewed by the maintainer.", OF),
     ("In April 2005 Linus Torvalds began Git.", DATED), ("Git was begun in April 2005 by Linus Torvalds.", DATED),
     ("Rust, Ruby, and Go are languages.", LISTED), ("Through a queue a scheduler calls the worker.", CALLED),
     ("The worker is called through a queue by a scheduler.", CALLED),
     ("In the cellar, old maps are kept dry by wooden shelves.", SHELVES),
     ("The roots of young plants stay moist with warm water in summer.", RINGS),
     ("Gzip makes a file smaller, and tar packs many files into one archive.", LINES)],
)  # fmt: skip
def test_what_is_only_put_differently_passes(text: str, quote: str, names: Names) -> None:
    assert not fault(text, quote, names)
