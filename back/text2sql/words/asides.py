"""What people say around a question, and not as a part of it: who they are, what they need it for, thanks.

Nothing that may tell what happened is taken away. A question of nothing but such words stays as it is.
"""

import re
import tomllib
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

_DATA: dict[str, dict[str, list[str]]] = tomllib.loads(
    Path(__file__).with_name("asides.toml").read_text(encoding="utf-8")
)
_KO, _EN = _DATA["ko"], _DATA["en"]

Phrase = tuple[str, ...]
Kinds = Callable[[str], set[str]]


def _by_first_word(phrases: Iterable[str]) -> dict[str, list[Phrase]]:
    found: dict[str, list[Phrase]] = {}
    for phrase in sorted(phrases, key=len, reverse=True):
        words = tuple(phrase.split())
        found.setdefault(words[0], []).append(words)
    return found


def _split(phrases: str) -> tuple[Phrase, ...]:
    return tuple(tuple(phrase.split()) for phrase in phrases.split("|"))


_COURTESIES = _by_first_word((*_KO["courtesies"], *_EN["courtesies"]))
_GREETINGS = _by_first_word(_EN["greetings"])
_ROLES = _by_first_word(_EN["roles"])
_WANTS = _by_first_word(_EN["wants"])
_NEEDING = sorted((tuple(phrase.split()) for phrase in _EN["needing"]), key=len, reverse=True)
_PURPOSES = frozenset(_EN["purposes"])
_GREETED = frozenset(_EN["greeted"])
_WHOSE = ("my", "our", "the", "her", "his", "their")
_SELF = _by_first_word(["i'm", "im", "i am", "this is", "we're", "we are", "it's", "speaking as"])
_NO_SELF = ("looking", "trying", "searching", "after", "interested", "asking", "seeing", "wondering", "not")
_TO_DO = _split("find out|look into|look for|know|check|see|find|confirm|verify|hear|ask")

_SOUND = re.compile(r"u+h*m*|h+m+|e+rm+|a+h+|o+h+|음+|어+|엄+|흠+")
_STOPS = ",.;:!?~-"

_WHO_ENDS = re.compile(r"(?:인데|이에요|예요|입니다|입니다만|이라서?|라서|이거든|이고|이온데)(?:요|여)?$")
_CAME = re.compile(r"(?:나왔|왔|연락|전화|문의)\S*(?:는데|서|고|다)(?:요|여)?$")
_ASKED = re.compile(r"(?:는데|서|고|길래)요?$")
_MEANS = ("그러는데", "그런데", "그러는데요", "그런데요", "하는데", "하는데요")
_FINITE = re.compile(r"(?:[요까죠지니냐나야어아해줘다음임]|세요|주라|해라|건|명|번|대|분|초)$")
_IN_ORDER_TO = re.compile(
    r"(?:려고|려구|려는데|거든|니까|때문에|라서|해서|돼서|써서|어서|느라|위해|위해서)(?:요|여|하는데요?|합니다)?$"
    r"|^(?:해|돼|되어|하|된|한|되는|할|될|합|됩)\S{0,4}$|야(?:해|돼|되|하|합|됩)\S{0,4}$|용(?:이에요|입니다|으로요|으로)?$"
)
# 보고서에 써야 하는데, 경찰에 제출하려고, 보고서 때문에 그러는데
_SO_AS_TO = re.compile(
    r"(?:려고|려구|려는데|느라|기 ?위해서?|야 ?(?:해|돼|되|하|합|됩|한)\S{0,4})(?:요|여)?$"
)
_BECAUSE_OF = re.compile(r"때문에(?:요)?$")
# 알려 달래요, 찾아오래, 보여 달라고 하시네요: what somebody else wants, to be asked for directly
_DONE = "해 봐 보여 알려 찾아 뽑아 보내 골라 말해 틀어 정리해 세어 세 확인해 조회해 검색해 모아 적어 가르쳐"
_BID = (
    r"달라고\s?(?:해|하|부탁|요청)\S* 달래 달라네 달라시네 달랍니다 달라십니다 주래 주라네"
    r" 보라고\s?(?:해|하|시키)\S* 보래 보라네 보랍니다 보라십니다 오라고\s?(?:해|하)\S* 오래 오라네 오랍니다"
)
_RELAYED = re.compile(
    rf"(?P<done>{'|'.join(_DONE.split())}) ?(?:{'|'.join(_BID.split())})(?:요|는데요?|서요?)?[.!? ]*$"
)


_KO_ROLE = re.compile("|".join(sorted(_KO["roles"], key=len, reverse=True)))
_KO_PURPOSE = re.compile("|".join(sorted(_KO["purposes"], key=len, reverse=True)))
_KO_ASKED_BY = tuple(_KO["asked_by"])
_OF_A_TEAM = re.compile(r"[가-힣]{2,}[팀부과실]$")
_MOST_WORDS = 7  # of one such clause
# Of a text that is looked through, in characters: parts of it are cut into words once more, at a price.
_LONGEST = 200
_LONGEST_WORD = 30


_TELLING = frozenset({"type", "group", "gender", "age", "decade", "track", "sup", "order"})


def without_asides(said: str, kinds: Kinds) -> str:
    """`kinds`: of the words of some text, as the lexicon has them."""

    def tells(text: str) -> bool:
        return not _TELLING.isdisjoint(kinds(text))

    words = said.split()
    if len(words) < 2 or len(said) > _LONGEST or max(map(len, words)) > _LONGEST_WORD:
        return said
    relayed = _RELAYED.sub(r"\g<done>줘", said)
    if relayed != said:
        words = _without_sender(relayed.split())
    words = _without_courtesies(_without_greeting(words))
    words = _without_other_sentences(words, kinds)
    itself = _without_self(words, tells)
    if len(itself) < len(words):
        words = _without_courtesies(itself)
    words = _without_purpose(words, tells)
    words = _without_background(_without_hearsay(words), kinds)
    kept = " ".join(words).lstrip(" ,;:").rstrip(" ,;:-")
    return kept if any(char.isalnum() for char in kept) else said


def _bare(word: str) -> str:
    return word.strip(_STOPS).lower()


def _starts(words: Sequence[str], at: int, phrases: dict[str, list[Phrase]]) -> int:
    """How many words from `at` on are one of the phrases; the longest counts."""
    for phrase in phrases.get(_bare(words[at]), ()) if at < len(words) else ():
        size = len(phrase)
        if size == 1 or tuple(_bare(word) for word in words[at : at + size]) == phrase:
            return size
    return 0


def _ends_clause(word: str) -> bool:
    return word[-1] in _STOPS


# --- wherever it stands ------------------------------------------------------------------------------


def _without_greeting(words: list[str]) -> list[str]:
    """hi team, good morning!"""
    size = _starts(words, 0, _GREETINGS)
    while size and size < len(words) and _bare(words[size]) in _GREETED:
        size += 1
    named = size and not _ends_clause(words[size - 1]) and size < len(words) and _ends_clause(words[size])
    size += bool(named) and _bare(words[0]) == "dear"
    size += 0 < size < len(words) - 1 and _bare(words[size]) == "so"
    return words[size:]


def _without_courtesies(words: list[str]) -> list[str]:
    kept: list[str] = []
    at = 0
    while at < len(words):
        if _bare(words[at]) == "btw" and at + 1 < len(words) and words[at + 1][0].isdigit():
            words = [*words[:at], "between", *words[at + 1 :]]
        size = _starts(words, at, _COURTESIES) or int(bool(_SOUND.fullmatch(_bare(words[at]))))
        if size and kept and words[at + size - 1].endswith(("?", "!", ".")) and not _ends_clause(kept[-1]):
            kept[-1] += words[at + size - 1][-1]
        if not size:
            kept.append(words[at])
        at += size or 1
    return kept


# --- who asks ----------------------------------------------------------------------------------------


def _without_self(words: list[str], tells: Callable[[str], bool]) -> list[str]:
    for size in (_korean_self(words), _english_self(words), _somebody_wants_it(words)):
        if size and size < len(words) and not tells(" ".join(words[:size])):
            return words[size:]
    return words


def _korean_self(words: Sequence[str]) -> int:
    """실습 나온 학생인데요, 경찰서에서 나왔는데요, 사장님이 물어보셔서 그러는데: how many words."""
    for at, word in enumerate(words[:_MOST_WORDS]):
        bare = _bare(word)
        if told := _WHO_ENDS.search(bare):
            if _is_role(bare[: told.start()]):
                return at + 1
            return 0
        if not _KO_ROLE.search(bare) or at + 1 >= len(words):
            continue
        following = _bare(words[at + 1])
        if bare.endswith("에서") and _CAME.match(following):
            return at + 2
        if bare.endswith(("이", "가", "께서", "은", "는")) and following.startswith(_KO_ASKED_BY):
            means = at + 2 < len(words) and _bare(words[at + 2]) in _MEANS
            return at + 3 if means else at + 2 if _ASKED.search(following) else 0
    return 0


def _is_role(word: str) -> bool:
    return bool(_KO_ROLE.search(word) or _OF_A_TEAM.search(word))


def _without_sender(words: list[str]) -> list[str]:
    """팀장님이 … 확인해 보래요: what was to be found out is asked for directly."""
    for at, word in enumerate(words[:4]):
        if _KO_ROLE.search(word) and word.endswith(("이", "가", "께서", "은", "는")):
            return words[at + 1 :]
    return words


def _english_self(words: Sequence[str]) -> int:
    """I'm the night guard, …"""
    first = _bare(words[0]) if words else ""
    for start in _SELF.get(first, ()):
        size = len(start)
        if len(words) <= size or tuple(_bare(word) for word in words[:size]) != start:
            continue
        if _bare(words[size]) in _NO_SELF:
            return 0
        ends = (at for at in range(size, min(len(words), 12)) if _ends_clause(words[at]))
        return next(ends, -1) + 1
    return 0


def _somebody_wants_it(words: Sequence[str]) -> int:
    """im new here and my manager wants to know …"""
    for start in range(min(len(words), 7)):
        if (_bare(words[start]) in _WHOSE or start == 0) and (size := _somebody_wants(words[start:])):
            return start + size
    return 0


def _somebody_wants(words: Sequence[str]) -> int:
    """my boss wants to know how many …, the manager asked me to check for …"""
    at = int(bool(words) and _bare(words[0]) in _WHOSE)
    size = _starts(words, at, _ROLES)
    if not size or (at == 0 and _bare(words[0]) not in _ROLES):
        return 0
    at += size
    at += at < len(words) and _bare(words[at]) in ("just", "really", "also")
    size = _starts(words, at, _WANTS)
    if not size:
        return 0
    at += size
    at += at < len(words) and _bare(words[at]) in ("me", "us")
    if at < len(words) and _bare(words[at]) == "to":
        at += 1
        rest = tuple(_bare(word) for word in words[at : at + 2])
        at += next((len(verb) for verb in _TO_DO if rest[: len(verb)] == verb), 0)
    at += at < len(words) and _bare(words[at]) in ("for", "if", "whether", "about")
    return at


# --- what it is for ----------------------------------------------------------------------------------


def _without_purpose(words: list[str], tells: Callable[[str], bool]) -> list[str]:
    for first, last in (_korean_purpose(words), _english_purpose(words)):
        rest = [*words[:first], *words[last:]]
        if first < last and rest and not tells(" ".join(words[first:last])):
            return rest
    return words


_NOWHERE = (0, 0)


def _korean_purpose(words: Sequence[str]) -> tuple[int, int]:
    """… 보험 서류에 적어야 해서요 after a sentence, 보고서에 써야 하는데 … before one"""
    named = [at for at, word in enumerate(words) if _KO_PURPOSE.search(word)]
    if not named:
        return _NOWHERE
    if _IN_ORDER_TO.search(_bare(words[-1])):
        for first in range(max(1, len(words) - _MOST_WORDS), named[-1] + 1):
            before = words[first - 1]
            if (_ends_clause(before) or _FINITE.search(before)) and any(at >= first for at in named):
                return first, len(words)
    for at in range(named[0], min(named[0] + 4, len(words) - 1) if named[0] <= 2 else 0):
        so_far = " ".join(_bare(word) for word in words[max(at - 1, 0) : at + 1])
        because = at == named[0] + 1 and _BECAUSE_OF.search(so_far)
        if _SO_AS_TO.search(so_far) or (because and not _KO_ROLE.search(words[named[0]])):
            return 0, at + 2 if _bare(words[at + 1]) in _MEANS and at + 2 < len(words) else at + 1
    return _NOWHERE


def _opens(word: str) -> bool:
    return _bare(word) in _OPENERS or _bare(word) in ("i", "we")


def _english_purpose(words: Sequence[str]) -> tuple[int, int]:
    """for the insurance report: …, … need it for my boss"""
    for at, word in enumerate(words):
        if _bare(word) != "for" or _ends_clause(word):
            continue
        ends = (
            end
            for end in range(at + 1, min(at + 6, len(words)))
            if _bare(words[end]) in _PURPOSES
            and (end + 1 == len(words) or _ends_clause(words[end]) or (at == 0 and _opens(words[end + 1])))
        )
        end = next(ends, -1)
        if end < 0:
            continue
        said_before = tuple(_bare(before) for before in words[:at])
        needing = next((len(phrase) for phrase in _NEEDING if said_before[-len(phrase) :] == phrase), 0)
        return at - needing, end + 1
    return _NOWHERE


# --- a sentence beside the question ------------------------------------------------------------------

_MATTERS = frozenset(
    [
        *("type", "group", "gender", "age", "decade", "track", "sup", "ref", "number", "colon", "iso_date"),
        *("daypart", "day", "moment", "month", "weekday", "part", "location", "video_name", "video_camera"),
    ]
)


def _without_other_sentences(words: list[str], kinds: Kinds) -> list[str]:
    """Did any teenager steal something? The boss is asking.

    Of several sentences one says what happened; another one that asks nothing, and names neither an event nor
    a person, a time or a place that is known, is beside it.
    """
    sentences: list[list[str]] = [[]]
    for word in words:
        sentences[-1].append(word)
        if word[-1] in ".?!" and len(word) > 1:
            sentences.append([])
    sentences = [sentence for sentence in sentences if sentence]
    if not 2 <= len(sentences) <= 4:
        return words
    told = [kinds(" ".join(sentence)) for sentence in sentences]
    if not any(what & {"type", "group"} for what in told):
        return words
    kept = [
        sentence
        for sentence, what in zip(sentences, told, strict=True)
        if sentence[-1].endswith("?") or len(sentence) == 1 or _may_matter(sentence, what)
    ]
    return [word for sentence in kept for word in sentence] if kept else words


def _may_matter(sentence: Sequence[str], what: set[str]) -> bool:
    """Also the things that somebody had: The person had a blue backpack. But: 보험사에서 전화가 와서요."""
    if "thing" not in what:
        return not _MATTERS.isdisjoint(what)
    of_somebody = any(_KO_ROLE.search(word) or _bare(word) in _ROLES for word in sentence)
    return not (of_somebody and _MATTERS.isdisjoint(what))


# --- who says so -------------------------------------------------------------------------------------

_TOLD, _ARRIVED = tuple(_KO["told"]), tuple(_KO["arrived"])
_TOLD_THAT = re.compile(r"(?:다|라|자)(?:는|던|고 하는)$")
_AND_SO = re.compile(r"(?:는데|던데|어서|아서|와서|고|지만|습니다만|거든|니까|네|데)(?:요|여)?$")


def _without_hearsay(words: list[str]) -> list[str]:
    """강도 들었다는 신고가 왔는데 찍힌 게 있습니까: the claim is what is asked for."""
    for at in range(1, len(words) - 2):
        claim, told, arrived = words[at - 1], _bare(words[at]), _bare(words[at + 1])
        if (
            _TOLD_THAT.search(claim)
            and told.startswith(_TOLD)
            and arrived.startswith(_ARRIVED)
            and _AND_SO.search(arrived)
        ):
            return [*words[: at - 1], claim[:-1], *words[at + 2 :]]
    return words


# --- why it is asked ---------------------------------------------------------------------------------

_OPENERS = frozenset(_EN["openers"])
_ONESELF = frozenset({"i", "i'm", "im", "i've", "we", "we're", "we've", "my", "our"})
_GIVEN_THAT = re.compile(r"(?:서|때문에|길래|라고|다고)(?:요|여)?$")
_WHEN_OR_WHERE = frozenset(
    [
        *("number", "unit", "colon", "iso_date", "daypart", "day", "moment", "month", "weekday"),
        *("part", "edge", "place", "location", "track", "order", "video_name", "video_camera", "video_site"),
    ]
)


def _without_background(words: list[str], kinds: Kinds) -> list[str]:
    """A guest says his car was damaged, so was there any vandalism?, 항의가 들어와서 그런데요 싸움 있었어요?

    What is asked says by itself what happened, and the reason says neither when nor where.
    """
    for at in range(1, len(words) - 1):
        bare = _bare(words[at])
        of_oneself = _bare(words[0]) in _ONESELF
        english = bare == "so" and (_ends_clause(words[at - 1]) or of_oneself) and _opens(words[at + 1])
        if of_oneself and words[at].endswith(",") and _bare(words[at + 1]) in _OPENERS:
            english = True  # I got a call about an umbrella, when was …
        if not english and not (bare in _MEANS and _GIVEN_THAT.search(_bare(words[at - 1]))):
            continue
        asked, before = kinds(" ".join(words[at + 1 :])), kinds(" ".join(words[:at]))
        whole = asked & {"type", "group"} and _WHEN_OR_WHERE.isdisjoint(before)
        return words[at + 1 :] if whole else words
    return words
