"""Syllables and their letters, and the surface forms of a Korean verb."""

from functools import lru_cache

INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
VOWELS = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
FINALS = ("", *"ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ")
_BASE = 0xAC00


def is_syllable(char: str) -> bool:
    return "가" <= char <= "힣"


def is_hangul(char: str) -> bool:
    return "가" <= char <= "힣" or "ㄱ" <= char <= "ㅣ" or "\u1100" <= char <= "\u11ff"


def split(syllable: str) -> tuple[str, str, str]:
    code = ord(syllable) - _BASE
    return INITIALS[code // 588], VOWELS[code % 588 // 28], FINALS[code % 28]


def join(initial: str, vowel: str, final: str = "") -> str:
    return chr(_BASE + INITIALS.index(initial) * 588 + VOWELS.index(vowel) * 28 + FINALS.index(final))


@lru_cache(maxsize=4096)
def letters(word: str) -> str:
    """The word letter by letter, a silent initial left out: what two spellings are compared by."""
    return "".join(
        "".join(split(char)).replace("ㅇ", "", 1) if split(char)[0] == "ㅇ" else "".join(split(char))
        for char in word
        if is_syllable(char)
    )


# Spellings that sound alike and are mixed up all the time.
_ALIKE = str.maketrans({"ㅔ": "ㅐ", "ㅖ": "ㅐ", "ㅒ": "ㅐ", "ㅚ": "ㅙ", "ㅞ": "ㅙ", "ㅆ": "ㅅ"})


def sound(word: str) -> str:
    return letters(word).translate(_ALIKE)


_CONTRACTED = {"ㅣ": "ㅕ", "ㅗ": "ㅘ", "ㅜ": "ㅝ", "ㅚ": "ㅙ"}  # 훔치+어 → 훔쳐, 오+아 → 와
_UNCHANGED = "ㅏㅓㅐㅔㅕ"  # 가+아 → 가
_REGULAR = "집입잡씹뽑꼽업접좁"
_AFTER_FINAL = (
    "는",
    "은",
    "을",
    "음",
    "어",
    "아",
    "었",
    "았",
    "고",
    "기",
    "지",
    "던",
    "게",
    "자",
    "니",
    "습",
    "으",
)


def _infinitive(head: str, syllable: str) -> str | None:
    """Stem + 아/어, contracted, for a stem that ends in a vowel."""
    initial, vowel, _ = split(syllable)
    if syllable == "하":
        return head + "해"
    if syllable == "르" and head:
        before = split(head[-1])
        if not before[2]:
            bright = before[1] in "ㅏㅗ"
            return head[:-1] + join(before[0], before[1], "ㄹ") + ("라" if bright else "러")
    if vowel == "ㅡ":
        bright = bool(head) and is_syllable(head[-1]) and split(head[-1])[1] in "ㅏㅗ"
        return head + join(initial, "ㅏ" if bright else "ㅓ")
    if vowel in _CONTRACTED:
        return head + join(initial, _CONTRACTED[vowel])
    if vowel in _UNCHANGED:
        return head + syllable
    return None


@lru_cache(maxsize=2048)
def stored_forms(word: str) -> tuple[str, ...]:
    """The least that finds a word in stored text in any of its forms: 지르다 is 지르, 지른, 질러, …"""
    if not word.endswith("다") or len(word) < 2 or not is_syllable(word[-2]) or word == "바다":
        return (word,)
    stem, last = word[:-1], word[-2]
    if stem in _IN_OTHER_WORDS:
        return _short_deed(stem, verb_forms(word))
    forms = [form for form in verb_forms(word) if _narrates(form, stem)]
    return (stem, *sorted(form for form in forms if not form.startswith(stem) or split(last)[2]))


_RARE = ("니", "시", "신", "셨", "자", "습", "을", "으", "게", "지", "다", "면")
_IN_OTHER_WORDS = frozenset("자울밀깨")  # 여자, 거울, 밀집, 어깨


def _short_deed(stem: str, forms: tuple[str, ...]) -> tuple[str, ...]:
    """자다 is 자고, 자는, 잠, 잤, …, but no 자: that is in 여자 and 자판기 too."""
    found = [form for form in forms if len(form) > 1 or split(form)[2] in ("ㅁ", "ㅆ")]
    found += [form + " " for form in forms if len(form) == 1 and split(form)[2] == "ㄴ"]
    found += [form + "다" for form in forms if len(form) == 1 and split(form)[2] == "ㄴ"]
    found = [form for form in found if form[1:] not in _RARE] + [stem + "기"]
    return tuple(sorted({form for form in found if not any(o != form and form.startswith(o) for o in found)}))


def _narrates(form: str, stem: str) -> bool:
    """한다, 함, 해서, 했다 stand in reports; 합니다 and 할 hardly."""
    if len(form) > len(stem):
        return not form.startswith(stem)
    return form != stem and split(form[-1])[2] not in ("ㅂ", "ㄹ")


@lru_cache(maxsize=2048)
def verb_forms(verb: str) -> tuple[str, ...]:
    """Every surface form of a dictionary form (훔치다) up to where plain ending syllables go on."""
    stem = verb[:-1]
    head, last = stem[:-1], stem[-1]
    initial, vowel, final = split(last)
    forms: set[str] = {stem}
    if not final:
        forms |= {head + join(initial, vowel, mark) for mark in "ㄴㄹㅁㅂ"}
        forms |= {stem + "어", stem + "었", stem + "는", stem + "고"}
        infinitive = _infinitive(head, last)
        if infinitive:
            a, b, _ = split(infinitive[-1])
            forms |= {infinitive, infinitive[:-1] + join(a, b, "ㅆ")}
    else:
        forms |= {stem + ending for ending in _AFTER_FINAL}
        open_stem = head + join(initial, vowel)
        if final == "ㄹ":  # 들다: 드는, 든, 듭니다
            forms |= {open_stem + "는", open_stem + "시", open_stem + "신"}
            forms |= {head + join(initial, vowel, mark) for mark in "ㄴㅂ"}
        elif final == "ㅂ" and last not in _REGULAR:  # 줍다: 주운, 주워
            forms |= {open_stem + tail for tail in ("운", "울", "워", "웠", "우")}
        elif final == "ㄷ":  # 걷다: 걸은, 걸어
            soft = head + join(initial, vowel, "ㄹ")
            forms |= {soft + tail for tail in ("은", "을", "어", "었", "음")}
        elif final == "ㅎ":  # 놓다: 놓은, 놔, 놨
            forms |= (
                {head + join(initial, "ㅘ"), head + join(initial, "ㅘ", "ㅆ")} if vowel == "ㅗ" else set()
            )
        elif final == "ㅅ":  # 붓다: 부은
            forms |= {open_stem + tail for tail in ("은", "어", "었")}
    if len(stem) == 1 and not final:
        # 뛰, 차, 타: the bare syllable means too many other things.
        forms -= {stem, join(initial, vowel, "ㅂ")}
        forms |= {
            stem + ending for ending in ("던", "기", "지", "며", "면", "다", "니", "자", "시", "신", "셨")
        }
    if len(stem) == 1 and final:
        forms.discard(stem)
    return tuple(sorted(forms))
