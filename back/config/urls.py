"""Every address of the service; config/middleware.py lets API routes do without their trailing slash."""

from django.contrib import admin
from django.urls import include, path, re_path
from django.views.generic import RedirectView

from apps.http.errors import not_found

urlpatterns = [
    path("", RedirectView.as_view(url="/api/docs/")),
    path("admin/", admin.site.urls),
    path("api/", include("apps.videos.urls")),
    path("api/", include("apps.api.urls")),
    # Under DEBUG Django would answer with a page of its own instead of asking handler404.
    re_path(r"^api(?:/|$)", not_found),
]

handler400 = "apps.http.errors.bad_request"
handler403 = "apps.http.errors.permission_denied"
handler404 = "apps.http.errors.not_found"
handler500 = "apps.http.errors.server_error"
