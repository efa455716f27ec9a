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
    **dict.fromkeys(("fed",), "feed"),
    **dict.fromkeys(("drank", "drunk"), "drink"),
    **dict.fromkeys(("ate", "eaten"), "eat"),
    **dict.fromkeys(("slept",), "sleep"),
    **dict.fromkeys(("swam", "swum"), "swim"),
    **dict.fromkeys(("sang", "sung"), "sing"),
    **dict.fromkeys(("rode", "ridden"), "ride"),
    **dict.fromkeys(("sold",), "sell"),
    **dict.fromkeys(("shook", "shaken"), "shake"),
    **dict.fromkeys(("tore", "torn"), "tear"),
    **dict.fromkeys(("wrote", "written"), "write"),
    **dict.fromkeys(("bent",), "bend"),
    **dict.fromkeys(("stood",), "stand"),
    **dict.fromkeys(("swung",), "swing"),
    **dict.fromkeys(("spat",), "spit"),
    **dict.fromkeys(("spilt",), "spill"),
    **dict.fromkeys(("swept",), "sweep"),
    **dict.fromkeys(("blew", "blown"), "blow"),
    **dict.fromkeys(("drew", "drawn"), "draw"),
    **dict.fromkeys(("flew", "flown"), "fly"),
    **dict.fromkeys(("woke", "woken"), "wake"),
    **dict.fromkeys(("knelt",), "kneel"),
    **dict.fromkeys(("dug",), "dig"),
    **dict.fromkeys(("bit", "bitten"), "bite"),
}
_DOUBLED = set("bdglmnprt")


_FORMS_OF: dict[str, list[str]] = {}
for _form, _base in _IRREGULAR.items():
    _FORMS_OF.setdefault(_base, []).append(_form)


@lru_cache(maxsize=8192)
def deeds_of(word: str) -> tuple[str, ...]:
    """Of a deed as it is stored (spilling), what else people say of it: spill, spilled, spills."""
    if not word.endswith("ing") or len(word) < 6 or not word.isascii():
        return ()
    stem = word[:-3]
    doubled = stem[-1] == stem[-2] and stem[-1] in _DOUBLED
    bases = [stem[:-1]] if doubled else [stem, stem + "e"]
    found = [stem, *bases, stem + "ed", *(base + "s" for base in bases)]
    for base in bases:
        found += _FORMS_OF.get(base, [])
        if base.endswith("y"):
            found += [base[:-1] + "ied", base[:-1] + "ies"]
    return tuple(dict.fromkeys(form for form in found if len(form) > 2))


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
