"""What no answer about events says: addresses, markup, code, and deeds of whoever answers.

A row may hold such a text, and an answer may quote it; what is quoted from a row is taken out before.
"""

import re
from collections.abc import Iterator

from apps.api.types import Claim

_ENDINGS = "com|net|org|io|kr|co|dev|app|info|biz|xyz|me|ru|cn|jp|uk|de|fr|link|click|site|top|shop|online"
_DOING = (
    "delet|remov|sent|send|email|mail|notif|report|call|contact|alert|creat|updat|chang|edit|add|sav|stor|record|block"
    "|lock|unlock|stop|start|restart|execut|ran|run|install|download|upload|shar|transfer|order|book|schedul|cancel"
    "|grant|revok|reset|disabl|enabl|drop|clear|eras|wip|ban|forward|export|publish|arrest|dispatch"
)
_VERBS_KO = (
    "삭제|제거|전송|발송|신고|연락|통보|알림|차단|저장|수정|변경|등록|추가|생성|실행|중지|정지|재시작|초기화|설치"
    "|업로드|다운로드|공유|예약|취소|승인|해제|비활성화|활성화|보고|전달|조치|체포|출동"
)
_HELPS = "have|had|will|am|are|was|were|did|can|just|already|also|now"
_DEED_EN = rf"\b(?:i|we)(?:['’](?:ve|ll|m|re|d)|\s+(?:{_HELPS}))*\s+(?:{_DOING})\w*"
_ENDS_KO = (
    "했습니다|하였습니다|했어요|해\\s?두었습니다|해\\s?드렸습니다|해\\s?드리겠습니다|하겠습니다|할게요|완료"
    "|처리했습니다|보냈습니다"
)
_DEED_KO = rf"(?:{_VERBS_KO})(?:을|를|도)?\s*(?:{_ENDS_KO})"
_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\b[a-z][a-z0-9+.-]{1,20}://\S*",
        r"\b(?:javascript|data|vbscript|mailto|tel|file|ftp|blob)\s*:\s*\S+",
        r"\bwww\.\S+",
        rf"\b[a-z0-9][a-z0-9-]*(?:\.[a-z0-9-]+)*\.(?:{_ENDINGS})\b(?:[/:?#]\S*)?",
        r"\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+",
        r"!?\[[^\]\n]{0,300}\]\s*(?:\([^)\n]*\)?|\[[^\]\n]*\])",
        r"<\s*[/!?]?\s*[a-z][^>\n]{0,300}>?",
        r"&(?:#\d+|#x[0-9a-f]+|[a-z]{2,8});",
        r"```|`[^`\n]{1,300}`|\$\{|\{\{|<%",
        r"\b(?:select|insert|update|delete|drop|alter)\s+(?:\*|(?:into|from|table|database|user|role)\b)",
        _DEED_EN,
        r"(?:^|(?<=[.!?\n]))\s*(?:done|completed|success(?:fully)?|all set)\b[.,!:]?",
        _DEED_KO,
    )
)


def foreign(prose: str) -> Iterator[Claim]:
    """`prose`: the text without what it quotes from rows, of the same length."""
    for pattern in _PATTERNS:
        for match in pattern.finditer(prose):
            if words := match[0].strip():
                start = match.start() + len(match[0]) - len(match[0].lstrip())
                yield Claim(words, start, start + len(words), "foreign")
