"""The offline Text2SQL service: `uvicorn text2sql.app:app --port 8089`."""

import gc
import logging
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import msgspec
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from pydantic import ValidationError

from text2sql.contract import Answer, Question
from text2sql.engine import Reply, reply, unreadable
from text2sql.videos import Video

logger = logging.getLogger(__name__)


@asynccontextmanager
async def _lifespan(_: FastAPI) -> AsyncIterator[None]:
    settle()
    yield


app = FastAPI(
    lifespan=_lifespan,
    title="Playhead Text2SQL",
    description="Korean and English questions about video events, to SQL, without a model.",
    version="1",
)


_NOT_JSON = {"type": "json_type", "loc": (), "msg": "The body has to be JSON, and to say so.", "input": None}


class QuestionRoute(APIRoute):
    """The body is all there is to read, and is read from its bytes in one step. What describes the route to
    others is FastAPI's as ever."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        async def handle(request: Request) -> Response:
            kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
            if kind != "application/json":
                raise RequestValidationError([_NOT_JSON])
            try:
                question = Question.model_validate_json(await request.body())
            except ValidationError as error:
                raise RequestValidationError(error.errors(include_url=False)) from None
            answer: Response = await self.endpoint(question)
            return answer

        return handle


async def text2sql(question: Question) -> Response:
    """A couple of milliseconds of pure computing: a thread of its own would only cost a hop."""
    try:
        found = reply(
            prompt=question.prompt,
            videos=tuple(video.video() for video in question.videos),
            chosen=question.video_id,
            now=question.moment(),
            history=question.turns(),
        )
    except Exception:  # a question that breaks the reader is one it did not understand
        logger.exception("a question could not be read")
        found = unreadable(question.prompt)
    return Response(msgspec.json.encode(_answer(found)), media_type="application/json")


app.router.add_api_route(
    "/text2sql", text2sql, methods=["POST"], response_model=Answer, route_class_override=QuestionRoute
)


def _answer(found: Reply) -> dict[str, Any]:
    reason = found.reason
    return {
        "kind": found.kind,
        "sql": found.sql,
        "evidence_sql": found.evidence_sql,
        "query": found.query.to_dict() if found.query else None,
        "language": found.language,
        "reason": {"code": reason.code, "text": reason.text, "detail": reason.detail} if reason else None,
    }


@app.get("/health/live")
def live() -> dict[str, str]:
    return {"status": "ok"}


@app.get("/health/ready")
def ready() -> dict[str, str]:
    """Reads a question, so that the first person need not wait for the dictionary."""
    warm()
    return {"status": "ok"}


def settle() -> None:
    """Warm, and the lexicon out of the collector's sight: walking it again costs some question its time."""
    warm()
    gc.collect()
    gc.freeze()


def warm() -> None:
    video = Video(id=1, duration=60.0, analyzed_until=60.0)
    for prompt in ("10분 이후에 도둔 몇 건이야?", "any robery after minute 10?"):  # the misspelling is meant
        reply(prompt=prompt, videos=(video,), chosen=1, now=Question(prompt="").moment())


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
