"""Asking the service as a client would, over HTTP or over TLS with a certificate of the proxy's own."""

import json
import ssl
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from typing import Any

_UNKNOWN_AUTHORITY = ssl.create_default_context()
_UNKNOWN_AUTHORITY.check_hostname = False
_UNKNOWN_AUTHORITY.verify_mode = ssl.CERT_NONE


@dataclass
class Client:
    address: str
    token: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    def send(self, method: str, path: str, body: Any = None, *, timeout: float = 60) -> tuple[int, bytes]:
        headers = dict(self.headers)
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        if data is not None:
            headers.setdefault("Content-Type", "application/json")
        request = urllib.request.Request(self.address + path, data, headers, method=method)  # noqa: S310
        opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=_UNKNOWN_AUTHORITY)
        )
        try:
            with opener.open(request, timeout=timeout) as response:
                return response.status, response.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()

    def json(self, method: str, path: str, body: Any = None, *, expect: int = 200) -> Any:
        status, content = self.send(method, path, body)
        if status != expect:
            raise ValueError(f"{method} {path}: {status}, {content[:300]!r}")
        return json.loads(content)

    def ask(self, prompt: str) -> Any:
        return self.json("POST", "/api/prompt/", {"prompt": prompt})
