from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.videos.upload.access import own_upload
from apps.videos.upload.fields import UploadOut, upload_out


class UploadView(APIView):
    @extend_schema(
        operation_id="uploads_read",
        tags=["uploads"],
        summary="How far an upload is, and what became of it",
        responses=UploadOut,
    )
    def get(self, request: Request, upload_id: UUID) -> Response:
        return Response(upload_out(own_upload(request, upload_id)))
