"""Korean without a single space reads like Korean with them, or is asked back."""

from text2sql.tests.reading import ask
from text2sql.tests.test_cases import CASES


def test_spaces_do_not_count() -> None:
    same = asked_back = different = 0
    for param in CASES:
        case = param.values[0]
        question = case["q"]
        if " " not in question or any("a" <= char <= "z" for char in question.lower()):
            continue
        if str(param.id).startswith("asides"):  # what is said around a question is known by its words
            continue
        scope = {
            "site": case.get("site", "airport"),
            "video": case.get("video"),
            "history": case.get("history"),
        }
        spaced, unspaced = ask(question, **scope), ask(question.replace(" ", ""), **scope)
        if spaced.sql == unspaced.sql and spaced.kind == unspaced.kind:
            same += 1
        elif unspaced.kind == "answer":
            different += 1
        else:
            asked_back += 1
    total = same + asked_back + different
    assert total > 300
    assert same >= 0.94 * total
    assert different <= 0.02 * total
