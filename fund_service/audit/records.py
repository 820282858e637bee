"""The exact stored record of an event, as one line: it is the leaf of the witness log, and a line of a bundle."""

import json

from eventsourcing.persistence import Notification


def record_of(stored: Notification) -> bytes:
    """Return a stored event as a line without its end: where it stands, what it is, and its state byte for byte.

    The state is JSON itself, so that the line is, too; protected text in it is encrypted.
    """
    told = {
        "position": stored.id,
        "stream": str(stored.originator_id),
        "version": stored.originator_version,
        "topic": stored.topic,
    }
    return json.dumps(told, separators=(",", ":"))[:-1].encode() + b',"state":' + bytes(stored.state) + b"}"
