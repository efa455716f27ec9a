import pytest
from django.conf import settings
from django.db import connection
from django.http import HttpResponse, StreamingHttpResponse
from django.test import RequestFactory

from config.middleware import StreamingMiddleware

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(
    ("response", "held"), [(HttpResponse("all of it"), True), (StreamingHttpResponse([b"bit"]), False)]
)
def test_what_is_sent_bit_by_bit_holds_no_database_connection(response, held):
    def view(request):
        connection.ensure_connection()
        return response

    assert StreamingMiddleware(view)(RequestFactory().get("/")) is response
    assert (connection.connection is not None) is held
    assert "config.middleware.StreamingMiddleware" in settings.MIDDLEWARE
