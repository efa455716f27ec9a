"""GET /api/schema/: the description of the API, made once."""

from functools import cache

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView
from rest_framework.request import Request


class SchemaView(SpectacularAPIView):
    """It is the same for everybody, open to anybody, and takes a tenth of a second to make."""

    @extend_schema(exclude=True)
    def get(self, request: Request) -> HttpResponse:
        renderer = request.accepted_renderer
        return HttpResponse(
            _written(renderer.media_type),
            content_type=f"{renderer.media_type}; charset=utf-8",
            headers={"Content-Disposition": f'inline; filename="playhead.{renderer.format}"'},
        )


@cache
def _written(media_type: str) -> str | bytes:
    [renderer] = [one for one in SchemaView.renderer_classes if one.media_type == media_type]
    schema = SchemaView.generator_class().get_schema(request=None, public=True)
    return renderer().render(schema, renderer_context={})
