"""Small lexicons as files, as the Global WordNet Association has them: ``python tests/small_lexicons.py FOLDER``."""

from __future__ import annotations

import lzma
import sys
from pathlib import Path

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE LexicalResource SYSTEM "http://globalwordnet.github.io/schemas/WN-LMF-1.1.dtd">
<LexicalResource xmlns:dc="https://globalwordnet.github.io/schemas/dc/">
"""
# animal > dog > poodle, husky; animal > cat; animal > kangaroo; and the fellow that is called a dog.
ABOVE = {2: 1, 3: 2, 4: 2, 5: 1, 6: 1, 7: 1}
ENGLISH = {
    1: ["animal"],
    2: ["dog"],
    3: ["poodle"],
    4: ["husky"],
    5: ["cat"],
    6: ["kangaroo"],
    7: ["fellow", "dog"],
}
JAPANESE = {1: ["動物"], 2: ["犬", "いぬ"], 3: ["プードル"]}
ARABIC = {2: ["كلب"]}


def lexicon(name: str, language: str, words: dict[int, list[str]], above: dict[int, int]) -> str:
    """A small lexicon in the format of the Global WordNet Association."""
    forms = sorted({form for given in words.values() for form in given})
    entries = "".join(
        f'<LexicalEntry id="{name}-w{at}"><Lemma writtenForm="{form}" partOfSpeech="n"/>'
        + "".join(
            f'<Sense id="{name}-w{at}-{key}" synset="{name}-{key:08}-n"/>'
            for key, given in words.items()
            if form in given
        )
        + "</LexicalEntry>"
        for at, form in enumerate(forms)
    )
    synsets = "".join(
        f'<Synset id="{name}-{key:08}-n" ili="i{key}" partOfSpeech="n">'
        + (f"<Definition>Number {key}.</Definition>" if language == "en" else "")
        + (f'<SynsetRelation relType="hypernym" target="{name}-{above[key]:08}-n"/>' if key in above else "")
        + "</Synset>"
        for key in words
    )
    borrowed = "" if language == "en" else '<Requires id="omw-en" version="1"/>'
    return (
        f'{HEAD}<Lexicon id="{name}" label="Small {language}" language="{language}" email="a@b.c" '
        f'license="CC0" version="1">{borrowed}{entries}{synsets}</Lexicon></LexicalResource>'
    )


def write(folder: Path) -> list[str]:
    """Write an English, a Japanese and an Arabic lexicon; their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, language, words in (
        ("omw-en", "en", ENGLISH),
        ("omw-ja", "ja", JAPANESE),
        ("omw-arb", "ar", ARABIC),
    ):
        path = folder / f"{name}.xml.xz"
        above = ABOVE if name == "omw-en" else {}
        path.write_bytes(lzma.compress(lexicon(name, language, words, above).encode()))
        written.append(str(path))
    return written


if __name__ == "__main__":
    print(*write(Path(sys.argv[1])), sep="\n")
