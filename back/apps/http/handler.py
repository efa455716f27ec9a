"""From any exception of a view to the one shape of errors (settings name these two classes)."""

import errno
from dataclasses import asdict

from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.db import DataError, InterfaceError, OperationalError
from django.http import UnreadablePostError
from drf_standardized_errors import handler
from drf_standardized_errors.formatter import ExceptionFormatter
from rest_framework import exceptions
from rest_framework.response import Response

from apps.http.errors import InvalidInput, NoRoom, TooLarge, Unavailable

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT}


class ExceptionHandler(handler.ExceptionHandler):
    def convert_known_exceptions(self, exc: Exception) -> Exception:
        match exc:
            case RequestDataTooBig():
                return TooLarge()
            case UnreadablePostError():
                return exceptions.ParseError("The connection ended before the whole request was there.")
            case BadRequest() | SuspiciousOperation():
                return exceptions.ParseError("The request could not be read.")
            case OSError() if exc.errno in _NO_ROOM:
                return NoRoom()
            case OperationalError() | InterfaceError() if not isinstance(exc, DataError):
                return Unavailable()
        return super().convert_known_exceptions(exc)

    def report_exception(self, exc: exceptions.APIException, response: Response) -> None:
        """What is expected to happen gets its one line from Django; hundreds a second would else bring a
        traceback each."""
        if not isinstance(exc, Unavailable | NoRoom):
            super().report_exception(exc, response)


class Formatter(ExceptionFormatter):
    def run(self) -> dict:
        if isinstance(self.exc, InvalidInput):
            return {"type": "validation_error", "errors": [asdict(problem) for problem in self.exc.problems]}
        return super().run()
