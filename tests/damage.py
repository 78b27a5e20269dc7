"""Fourteen kinds of damage that a file can take."""

import shutil
from collections.abc import Callable
from pathlib import Path
from random import Random

BLOCK = 512

Damage = Callable[[Path, Random], None]


def _changed(change: Callable[[bytearray, Random], bytes | bytearray]) -> Damage:
    def damage(path: Path, chance: Random) -> None:
        path.write_bytes(change(bytearray(path.read_bytes()), chance))

    return damage


def _place(content: bytearray, chance: Random) -> int:
    return chance.randrange(len(content)) if content else 0


def _bit(content: bytearray, chance: Random) -> bytearray:
    content[_place(content, chance)] ^= 1 << chance.randrange(8)
    return content


def _byte(content: bytearray, chance: Random) -> bytearray:
    content[_place(content, chance)] ^= chance.randrange(1, 256)
    return content


def _noise(content: bytearray, chance: Random) -> bytearray:
    start = _place(content, chance)
    content[start : start + BLOCK] = chance.randbytes(len(content[start : start + BLOCK]))
    return content


def _zeros(content: bytearray, chance: Random) -> bytearray:
    start = _place(content, chance)
    content[start : start + BLOCK] = bytes(len(content[start : start + BLOCK]))
    return content


def _put_in(content: bytearray, chance: Random) -> bytearray:
    content.insert(_place(content, chance), chance.randrange(256))
    return content


def _taken_out(content: bytearray, chance: Random) -> bytearray:
    del content[_place(content, chance)]
    return content


def _swapped(path: Path, chance: Random) -> None:
    """Changes places with another file of the generation."""
    generation = next(folder for folder in path.parents if folder.name.startswith("gen-"))
    others = sorted(each for each in generation.rglob("*") if each.is_file() and each != path)
    other = chance.choice(others)
    mine, its = path.read_bytes(), other.read_bytes()
    path.write_bytes(its)
    other.write_bytes(mine)


def _folder(path: Path, chance: Random) -> None:
    del chance
    path.unlink()
    path.mkdir()


KINDS: dict[str, Damage] = {
    "a bit turned": _changed(_bit),
    "a byte changed": _changed(_byte),
    "a block of noise": _changed(_noise),
    "a block of zeros": _changed(_zeros),
    "cut in half": _changed(lambda content, chance: content[: len(content) // 2]),
    "cut anywhere": _changed(lambda content, chance: content[: _place(content, chance)]),
    "last byte lost": _changed(lambda content, chance: content[:-1]),
    "emptied": _changed(lambda content, chance: b""),
    "a byte put in": _changed(_put_in),
    "a byte taken out": _changed(_taken_out),
    "more at its end": _changed(lambda content, chance: content + chance.randbytes(BLOCK)),
    "deleted": lambda path, chance: path.unlink(),
    "swapped": _swapped,
    "a folder in its place": _folder,
}


def files_of(generation: Path) -> list[Path]:
    """Every file of a generation that can be damaged, relative to it."""
    return sorted(path.relative_to(generation) for path in generation.rglob("*") if path.is_file())


def restored(generation: Path, whole: Path) -> None:
    """Makes a generation what it was."""
    shutil.rmtree(generation)
    shutil.copytree(whole, generation)


def same(generation: Path, whole: Path) -> bool:
    """Whether every file is, byte for byte, as it was: some damage changes nothing."""
    return files_of(generation) == files_of(whole) and all(
        (generation / name).read_bytes() == (whole / name).read_bytes() for name in files_of(whole)
    )
