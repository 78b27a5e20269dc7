"""Text comes out as it was written, whatever its encoding, and a guess is called one."""

import pytest

from ingest.decoding import decoded
from ingest.errors import GuideError

TEXTS = {
    "western": [
        "Die Größe der Säge beträgt fünf Meter. Übrigens: „Schön“ – sagte er.",
        "Où êtes-vous né ? Le café coûte 3 francs.",
        "El niño comió una manzana en la montaña. ¿Verdad? Mañana más.", "Más información sobre la configuración.",
        "A função não está disponível. Então, amanhã virá a solução.", "Perché la città è così bella? Perciò resterò.",
        "Størrelsen på saven er også vigtig for børn og ældre.", "Räksmörgås är gott på kvällen när man är hungrig.",
        "Tämä on pieni esimerkki, jossa on ääkkösiä.", "Het café was gesloten, zei één van de coördinatoren.",
    ],
    "central": [
        "Příliš žluťoučký kůň úpěl ďábelské ódy.", "Zażółć gęślą jaźń. Kopia zapasowa bazy danych.",
        "Árvíztűrő tükörfúrógép. Őrült, aki nem hisz.", "Kŕdeľ šťastných ďatľov učí pri ústí Váhu.",
        "Čuvaj se svađe, žurbe i ćorsokaka.",
    ],
    "cyrillic": [
        "Резервное копирование базы данных выполняется каждую ночь.", "Это простой текст на русском языке.",
        "Съешь же ещё этих мягких французских булок.", "Сервер хранит копии. Каждая копия проверяется.",
    ],
    "greek": ["\u0397 βάση δεδομένων αντιγράφεται κάθε νύχτα.", "\u039f διακομιστής κρατά αντίγραφα ασφαλείας."],
    "japanese": [
        "データベースは毎晩バックアップされます。サーバーはコピーを保持します。",
        "これは日本語の簡単な文章です。とても短いです。",
    ],
    "chinese": ["数据库每天晚上备份。服务器保留副本。这是一个简单的文本。",
                "这个指南说明如何备份数据库以及如何恢复它们。"],
    "korean": ["데이터베이스는 매일 밤 백업됩니다. 서버는 복사본을 보관합니다.",
               "이것은 한국어로 된 간단한 문장입니다."],
}  # fmt: skip
LEGACY = {
    "cp1252": "western", "latin-1": "western", "cp1250": "central", "iso8859_2": "central", "cp1251": "cyrillic",
    "koi8_r": "cyrillic", "cp1253": "greek", "shift_jis": "japanese", "euc_jp": "japanese", "gb18030": "chinese",
    "euc_kr": "korean",
}  # fmt: skip
FILES_EACH = 20


def _files(texts: list[str], encoding: str) -> list[str]:
    """Texts of one to several paragraphs, each of which the encoding can write."""
    fit = [text for text in texts if text.encode(encoding, "ignore").decode(encoding) == text]
    every = [text.encode(encoding, "ignore").decode(encoding) for text in texts]
    lines = fit or every
    return [
        "\n".join(["# A title", "", *(lines[at % len(lines)] for _ in range(1 + at // len(lines)))])
        for at in range(FILES_EACH)
    ]


@pytest.mark.parametrize("encoding", LEGACY)
def test_old_encodings_are_guessed_and_the_guess_is_noted(encoding: str) -> None:
    right = total = 0
    for text in _files(TEXTS[LEGACY[encoding]], encoding):
        found, notes = decoded(text.encode(encoding))
        right += sum(one == other for one, other in zip(text, found, strict=False))
        total += len(text)
        assert len(notes) == 1 and notes[0].startswith("encoding guessed: ")
    assert right >= 0.99 * total


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"]
)
def test_unicode_is_told_by_its_mark_or_its_zeros(encoding: str) -> None:
    for texts in TEXTS.values():
        for text in texts:
            written = f"# A title\n\n{text}\n\n{text}"
            found, notes = decoded(written.encode(encoding))
            assert found == written
            assert bool(notes) == encoding.endswith(("-le", "-be"))


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        ('<meta charset="windows-1251">', "cp1251"),
        ("<meta http-equiv='Content-Type' content='text/html; charset=koi8-r'>", "koi8_r"),
        ('<?xml version="1.0" encoding="shift_jis"?>', "shift_jis"),
    ],
)
def test_a_page_may_name_its_encoding(head: str, encoding: str) -> None:
    text = head + ("<p>日本語" if encoding == "shift_jis" else "<p>Это")
    assert decoded(text.encode(encoding), declares=True) == (text, ())


@pytest.mark.parametrize("name", ["utf-7", "zip", "base64", "punycode", "unicode_escape", "no-such-code", "utf-16"])
def test_a_named_encoding_that_is_none_is_not_used(name: str) -> None:
    found, notes = decoded(f'<meta charset="{name}"><p>Größe +ADw-script+AD4-</p>'.encode("cp1252"), declares=True)
    assert "Größe +ADw-script+AD4-" in found and notes == ("encoding guessed: windows-1252",)


def test_damaged_text_is_read_and_said_to_be_damaged() -> None:
    content = "Größe, Höhe, Tür. ".encode() * 50
    found, notes = decoded(content[:100] + b"\xff" + content[100:])
    assert found.count("Größe") >= 49 and notes == ("damaged text: 1 bytes were unreadable, shown as �",)
    found, notes = decoded("Größe".encode("utf-16") + b"\x00")
    assert found.startswith("Größe") and notes == ("damaged text: 1 bytes were unreadable, shown as �",)
    found, notes = decoded(b"word " * 100 + b"\0" + b" word")
    assert "\0" not in found and notes == ("NUL bytes were taken out",)


@pytest.mark.parametrize("content", [bytes(range(256)) * 4, b"\0" * 100, b"abc\0def", b"\x01\x02\x03 words"])
def test_what_is_no_text_is_refused(content: bytes) -> None:
    with pytest.raises(GuideError, match=r"is not a text file|cannot be told"):
        decoded(content)


def test_line_ends_become_one() -> None:
    assert decoded(b"a\r\nb\rc\nd")[0] == "a\nb\nc\nd"
