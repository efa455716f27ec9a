"""From any exception of a view to the one shape of errors (settings name these two classes)."""

from dataclasses import asdict

from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.db import DataError, InterfaceError, OperationalError
from django.http import UnreadablePostError
from drf_standardized_errors import handler
from drf_standardized_errors.formatter import ExceptionFormatter
from rest_framework import exceptions

from apps.http.errors import InvalidInput, TooLarge, Unavailable


class ExceptionHandler(handler.ExceptionHandler):
    def convert_known_exceptions(self, exc: Exception) -> Exception:
        match exc:
            case RequestDataTooBig():
                return TooLarge()
            case UnreadablePostError():
                return exceptions.ParseError("The connection ended before the whole request was there.")
            case BadRequest() | SuspiciousOperation():
                return exceptions.ParseError("The request could not be read.")
            case OperationalError() | InterfaceError() if not isinstance(exc, DataError):
                return Unavailable()
        return super().convert_known_exceptions(exc)


class Formatter(ExceptionFormatter):
    def run(self) -> dict:
        if isinstance(self.exc, InvalidInput):
            return {"type": "validation_error", "errors": [asdict(problem) for problem in self.exc.problems]}
        return super().run()
