"""Questions that expect a no: Korean answers them by who is right, English by what there was."""

import re

_ENDS_IN_NO = re.compile(
    r"""(?:없|않)[가-힣]*                                # 없었지, 않았나요
        (?:\s*(?:거|것|건|게)[가-힣]*)?(?:\s*맞[가-힣]*)?  # 없는 거 맞지
        (?:\s+(?:좀\s*)?(?:확인|알려|말해|말씀|봐|체크)[가-힣\s]*)?
        [^\w]*$""",
    re.VERBOSE,
)
_BOTH = re.compile(r"있[가-힣]*\W*(?:아니면|아님|혹은|또는)?\W*없")  # 있었어 없었어?


def expects_no(question: str) -> bool:
    end = question[-60:]
    return bool(_ENDS_IN_NO.search(end)) and not _BOTH.search(end)
