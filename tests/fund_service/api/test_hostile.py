"""Hostile bodies get one clear sentence, never a fault, and nothing of them comes back."""

from collections.abc import Mapping
from typing import Final

import pytest

from fund_service.api.arriving import BODY_BYTES
from tests.fund_service.api.conftest import Api

OFFICE: Final = "Secretariat 1"
_REST: Final = b'"kind":"city","side":"EU","country":"DE"}'
BODIES: Final[Mapping[str, tuple[bytes, int]]] = {
    "NaN": (b'{"population":NaN,"name":"x",' + _REST, 422),
    "Infinity": (b'{"population":Infinity,"name":"x",' + _REST, 422),
    "too large a float": (b'{"population":1e999,"name":"x",' + _REST, 422),
    "too large a number": (b'{"population":' + b"9" * 5000 + b',"name":"x",' + _REST, 422),
    "half a character": (b'{"name":"\\ud800",' + _REST, 422),
    "half a character in a name": (b'{"\\ud800":1,"name":"x",' + _REST, 422),
    "a NUL": (b'{"name":"a\\u0000b",' + _REST, 422),
    "a character that turns the line": ('{"name":"a\u202eb",'.encode() + _REST, 422),
    "too many brackets": (b'{"name":' + b"[" * 100_000 + b"]" * 100_000 + b"," + _REST, 422),
    "a name twice": (b'{"name":"x","name":"y",' + _REST, 422),
    "a number with a fraction": (b'{"population":5.5,"name":"x",' + _REST, 422),
    "an unknown field": (b'{"status":"approved","name":"x",' + _REST, 422),
    "a list": (b"[1]", 422),
    "nothing": (b"", 422),
    "no text": (b'{"name":"\xff",' + _REST, 422),
    "a mark at the beginning": (b'\xef\xbb\xbf{"name":"x",' + _REST, 422),
    "half a body": (b'{"name":"x"', 422),
    "too much": (b'{"name":"' + b"x" * BODY_BYTES + b'",' + _REST, 413),
}


@pytest.mark.parametrize("body", BODIES)
def test_a_hostile_body_is_refused_with_the_cure(api: Api, body: str) -> None:
    content, status = BODIES[body]
    end = api.parts.log.end()
    answer = api.post(OFFICE, "/organisations", content)
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/problem+json"), answer.text
    assert answer.json()["detail"].endswith(".")
    assert len(answer.content) < 2000
    assert api.parts.log.end() == end


def test_a_body_of_another_kind_is_refused(api: Api) -> None:
    answer = api.post(OFFICE, "/organisations", b"name=x", Content_Type="application/x-www-form-urlencoded")
    assert answer.status_code == 415


def test_what_was_sent_does_not_come_back(api: Api) -> None:
    answer = api.post(OFFICE, "/organisations", {"name": ["secret-iban"], "secret-field": "secret-value"})
    assert answer.status_code == 422
    assert "secret-iban" not in answer.text
    assert "secret-value" not in answer.text


def test_every_answer_has_an_id_and_the_headers_of_safety(api: Api) -> None:
    for answer in (api.get(OFFICE, "/me"), api.get(None, "/me"), api.get(None, "/nothing"), api.post(None, "/calls")):
        assert len(answer.headers["X-Request-ID"]) == 32
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
