"""The offline Text2SQL service: `uvicorn text2sql.app:app --port 8089`."""

import logging

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse

from text2sql.contract import Answer, Question, ReasonOut
from text2sql.engine import Reply, reply
from text2sql.videos import Video

logger = logging.getLogger(__name__)

app = FastAPI(
    title="Playhead Text2SQL",
    description="Korean and English questions about video events, to SQL, without a model.",
    version="1",
)


@app.post("/text2sql", response_model=Answer)
def text2sql(question: Question) -> Answer:
    videos = tuple(video.video() for video in question.videos)
    return _answer(
        reply(
            prompt=question.prompt,
            videos=videos,
            chosen=question.video_id,
            now=question.moment(),
            history=question.turns(),
        )
    )


def _answer(found: Reply) -> Answer:
    reason = found.reason
    return Answer(
        kind=found.kind,
        sql=found.sql,
        evidence_sql=found.evidence_sql,
        query=found.query.to_dict() if found.query else None,
        language=found.language,
        reason=ReasonOut(code=reason.code, text=reason.text, detail=reason.detail) if reason else None,
    )


@app.get("/health/live")
def live() -> dict[str, str]:
    return {"status": "ok"}


@app.get("/health/ready")
def ready() -> dict[str, str]:
    """Reads a question, so that the first person need not wait for the dictionary."""
    _warm()
    return {"status": "ok"}


def _warm() -> None:
    Question(prompt="도난 있었어?")
    video = Video(id=1, duration=60.0, analyzed_until=60.0)
    reply(prompt="10분 이후에 도난 몇 건이야?", videos=(video,), chosen=1, now=Question(prompt="").moment())


@app.exception_handler(RequestValidationError)
async def invalid(_: Request, error: RequestValidationError) -> JSONResponse:
    """The product's error shape, without the values that were sent."""
    errors = [
        {
            "code": item["type"],
            "detail": item["msg"],
            "attr": ".".join(str(part) for part in item["loc"] if part != "body") or None,
        }
        for item in error.errors()[:20]
    ]
    return JSONResponse({"type": "validation_error", "errors": errors}, status_code=422)
