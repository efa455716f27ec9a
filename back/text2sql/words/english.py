"""Which dictionary words an English word may be a form of."""

from functools import lru_cache

_IRREGULAR = {
    **dict.fromkeys(("fell", "fallen"), "fall"),
    **dict.fromkeys(("stole", "stolen"), "steal"),
    **dict.fromkeys(("went", "gone"), "go"),
    **dict.fromkeys(("came",), "come"),
    **dict.fromkeys(("left",), "leave"),
    **dict.fromkeys(("took", "taken"), "take"),
    **dict.fromkeys(("got", "gotten"), "get"),
    **dict.fromkeys(("paid",), "pay"),
    **dict.fromkeys(("beat", "beaten"), "beat"),
    **dict.fromkeys(("fought",), "fight"),
    **dict.fromkeys(("drove", "driven"), "drive"),
    **dict.fromkeys(("saw", "seen"), "see"),
    **dict.fromkeys(("broke", "broken"), "break"),
    **dict.fromkeys(("hung",), "hang"),
    **dict.fromkeys(("threw", "thrown"), "throw"),
    **dict.fromkeys(("hid", "hidden"), "hide"),
    **dict.fromkeys(("ran",), "run"),
    **dict.fromkeys(("began", "begun"), "begin"),
    **dict.fromkeys(("wore", "worn"), "wear"),
    **dict.fromkeys(("held",), "hold"),
    **dict.fromkeys(("carried",), "carry"),
    **dict.fromkeys(("men",), "man"),
    **dict.fromkeys(("women",), "woman"),
    **dict.fromkeys(("children",), "child"),
    **dict.fromkeys(("people", "persons"), "person"),
    **dict.fromkeys(("thieves",), "thief"),
    **dict.fromkeys(("knives",), "knife"),
    **dict.fromkeys(("ladies",), "lady"),
    **dict.fromkeys(("lay", "lain"), "lie"),
    **dict.fromkeys(("sat",), "sit"),
    **dict.fromkeys(("made",), "make"),
    **dict.fromkeys(("did", "done", "does"), "do"),
    **dict.fromkeys(("bought",), "buy"),
    **dict.fromkeys(("caught",), "catch"),
    **dict.fromkeys(("kept",), "keep"),
}
_DOUBLED = set("bdglmnprt")


@lru_cache(maxsize=8192)
def dictionary_forms(word: str) -> tuple[str, ...]:
    """The word itself first; not every candidate is a word: the lexicon decides."""
    found = [word]
    if word in _IRREGULAR:
        found.append(_IRREGULAR[word])
    if word.endswith("'s"):
        found.append(word[:-2])
    if word.endswith("s'"):
        found.append(word[:-1])
    if len(word) > 3 and word.endswith("ies"):
        found.append(word[:-3] + "y")
    if len(word) > 3 and word.endswith("es"):
        found.append(word[:-2])
    if len(word) > 2 and word.endswith("s") and not word.endswith("ss"):
        found.append(word[:-1])
    for suffix in ("ing", "ed"):
        if word.endswith(suffix) and len(word) - len(suffix) >= 2:
            stem = word[: -len(suffix)]
            found += [stem, stem + "e"]
            if len(stem) > 2 and stem[-1] == stem[-2] and stem[-1] in _DOUBLED:
                found.append(stem[:-1])
            if suffix == "ed" and stem.endswith("i"):
                found.append(stem[:-1] + "y")
    return tuple(dict.fromkeys(found))
