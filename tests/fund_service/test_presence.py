"""Who is at a form is known to the others at forms about the same thing, and for a while alone."""

from uuid import uuid4

from fund_service.presence import HEARD, LOADED, Person, Presence


def test_others_are_told_of_who_is_at_a_form_about_the_same_thing_until_nothing_is_heard_of_them() -> None:
    now = 0.0
    presence = Presence(lambda: now)
    about = uuid4()
    one, other, elsewhere = Person(uuid4(), about, "/a"), Person(uuid4(), about, "/b"), Person(uuid4(), uuid4(), "/c")
    for person in (one, other, elsewhere):
        presence.opened(person)
    assert presence.beside(one) == (other,)
    assert presence.find(one.subject, "/a") == one
    assert presence.find(one.subject, "/b") is None
    presence.stays(other)
    now = HEARD - 1
    assert presence.beside(one) == (other,)
    now = HEARD
    assert presence.beside(one) == ()
    assert presence.beside(other) == (one,)
    now = LOADED
    assert presence.beside(other) == ()
