"""What is said about a video that is uploaded, and what an upload in progress looks like."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError

from apps.db.models import Upload
from apps.http.body import Body, Text, problems_of
from apps.http.errors import InvalidInput
from apps.videos.catalog.fields import Moment, ShortText, Timezone

Name = Annotated[Text, StringConstraints(max_length=200)]
DetectorName = Annotated[Text, StringConstraints(pattern=r"^[a-z_]{1,40}$")]


def _words(value: Any) -> Any:
    return [word.strip() for word in value.split(",") if word.strip()] if isinstance(value, str) else value


class UploadFields(Body):
    name: Name = Field(default="", description="By default that of the file.")
    camera: ShortText = ""
    site: ShortText = ""
    recorded_at: Moment | None = Field(
        default=None,
        description="The wall-clock moment of second 0; by default what the file says, if it is plausible.",
    )
    timezone: Timezone = "Asia/Seoul"
    analyze: bool | None = Field(default=None, description="By default as ANALYZE_ON_UPLOAD says.")
    detectors: Annotated[list[DetectorName], Field(max_length=10)] | None = Field(
        default=None, description="By default those of ANALYZE_DETECTORS."
    )
    sha256: Annotated[Text, StringConstraints(pattern=r"^([0-9a-f]{64})?$", to_lower=True)] = Field(
        default="", description="Of the file, in hex: what arrives otherwise is refused."
    )
    allow_duplicate: bool = Field(default=False, description="Take the same file a second time.")


class UploadForm(UploadFields):
    """The same where everything is text: a form, tus's metadata. Lists have commas between."""

    model_config = ConfigDict(strict=False)

    detectors: Annotated[
        list[DetectorName] | None,
        BeforeValidator(_words),
        Field(max_length=10, description="With commas between."),
    ] = None


class VideoForm(UploadForm):
    """As the API's document shows it."""

    file: Annotated[str, Field(json_schema_extra={"format": "binary"})]


def from_text(values: dict[str, str], *, prefix: str = "") -> UploadForm:
    try:
        return UploadForm.model_validate({name: value for name, value in values.items() if value != ""})
    except ValidationError as error:
        raise InvalidInput(problems_of(error, prefix=prefix)) from None


class UploadProblem(Body):
    code: str
    detail: str


class UploadOut(Body):
    id: str
    kind: Literal["form", "tus", "parts"]
    state: Literal["receiving", "checking", "accepted", "refused"]
    length: int | None
    received: int
    video_id: int | None = Field(description="The video, once it is accepted.")
    problem: UploadProblem | None = Field(description="Why it was refused.")
    expires_at: datetime
    created_at: datetime


def upload_out(upload: Upload) -> dict[str, Any]:
    return {
        "id": str(upload.pk),
        "kind": upload.kind,
        "state": upload.state,
        "length": upload.length,
        "received": upload.received,
        "video_id": upload.video_id,
        "problem": upload.problem,
        "expires_at": upload.expires_at,
        "created_at": upload.created_at,
    }
