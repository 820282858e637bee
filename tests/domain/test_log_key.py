"""Which key signs the log stands in the log itself: the first, and each that takes its place."""

from domain.log_key import LOG_KEY_ID, LogKeyNamed, NameLogKey
from tests.given import ask, fact, given

FIRST, SECOND = "iurc-fund/log+00000001+AA==", "iurc-fund/log+00000002+AA=="
NAMED = given(ask(NameLogKey, verifier=FIRST))


def test_a_key_is_named_with_the_one_that_it_replaces() -> None:
    given().when(ask(NameLogKey, verifier=FIRST)).then(fact(LogKeyNamed, on=LOG_KEY_ID, verifier=FIRST))
    replaced = fact(LogKeyNamed, on=LOG_KEY_ID, verifier=SECOND, replaces=FIRST)
    NAMED.when(ask(NameLogKey, verifier=SECOND)).then(replaced)


def test_the_key_that_is_in_use_is_not_named_again() -> None:
    NAMED.when(ask(NameLogKey, verifier=FIRST)).then()
