"""Where checkpoints are sent, each kind of address in a class of its own.

/path, file:///path           a folder, with a file for each
mailto:ADDRESS                mail, by the server that another setting names
https://HOST/…                whoever takes the note by POST
witness+https://HOST/…#KEY    a witness (C2SP tlog-witness), which signs that the log had only grown

What is not on this machine is asked over TLS alone. No address is told whole: it may hold a secret, or a person's name.
"""

import os
import re
import smtplib
import ssl
from email.message import EmailMessage
from hashlib import sha256
from pathlib import Path
from typing import Final, Protocol
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from domain.errors import Malformed
from fund_service.audit.offline.merkle import Unproven
from fund_service.audit.offline.notes import WITNESS, Key, Note, Signature, key_of, note_of, number_of, signers_of
from fund_service.audit.witness import SIZE, add_body
from fund_service.audit.witness_log import Kept, WitnessLog
from fund_service.settings import THIS_MACHINE, Settings

SECONDS: Final = 5.0
"""So long each answer is waited for."""
_CURE: Final = (
    "Write /FOLDER, mailto:ADDRESS, https://HOST/… or witness+https://HOST/…#KEY, divided by spaces or commas."
)


class Undelivered(Exception):
    """A checkpoint is not there yet; the text says why, and names no person and no secret."""


class Diverged(Undelivered):
    """Whoever was sent it knows another history of the log: the gravest that can be told of it."""


class Forgot(Undelivered):
    """A witness no longer knows what it signed, so that it could sign another history of the log as well."""


class Destination(Protocol):
    """Where checkpoints are sent. `shown` is how messages name it; `parts` says whether a call's are sent too."""

    shown: str
    parts: bool

    def deliver(self, kept: Kept, log: WitnessLog) -> None:
        """Send a checkpoint, or send it again. Raises Undelivered, Diverged."""


class Folder:
    """A folder that is there, such as one of another machine: a file for each checkpoint, of which none is changed."""

    parts = True

    def __init__(self, folder: Path) -> None:
        """Write into this folder."""
        self._folder, self.shown = folder, f"the folder {folder}"

    def deliver(self, kept: Kept, log: WitnessLog) -> None:
        """Write it beside its place, flush it, and put it there in one step."""
        place = self._folder / name_of(kept)
        beside = place.with_name(f".{place.name}")
        try:
            if place.exists():
                _same(place.read_bytes(), kept)
                return
            with beside.open("w", encoding="utf-8") as file:
                file.write(str(kept.note))
                file.flush()
                os.fsync(file.fileno())
            beside.rename(place)
            _flush(self._folder)
        except OSError as closed:
            raise Undelivered((closed.strerror or "unknown reason").lower()) from closed


class Mail:
    """Somebody who gets each checkpoint by mail."""

    parts = True
    shown = "the mail"

    def __init__(self, to: str, server: str) -> None:
        """Send to this address by this server: smtp://HOST:PORT, or smtps://…. Raises Malformed."""
        self._to, self._server = to, urlsplit(server)
        if self._server.scheme not in ("smtp", "smtps") or not self._server.hostname or _port(self._server) is None:
            raise Malformed("FUND_MAIL_SERVER cannot be read.", "Write smtp://HOST:PORT or smtps://HOST:PORT.")

    def deliver(self, kept: Kept, log: WitnessLog) -> None:
        """Send it as a file, so that no program on the way changes it."""
        mail = EmailMessage()
        mail["Subject"] = f"Checkpoint of {kept.checkpoint.origin} at {kept.size} records"
        mail["From"] = next(iter(parse_qs(self._server.query).get("from", ())), self._to)
        mail["To"] = self._to
        mail.set_content("Keep this checkpoint: with it you can later prove what the log held. No answer is needed.\n")
        note = str(kept.note).encode()  # as bytes: the ends of its lines stay as they were signed
        mail.add_attachment(note, maintype="application", subtype="octet-stream", filename=name_of(kept))
        try:
            self._send(mail)
        except (OSError, smtplib.SMTPException) as away:
            raise Undelivered(_why(away)) from away

    def _send(self, mail: EmailMessage) -> None:
        at, port, trusted = self._server, _port(self._server) or 0, ssl.create_default_context()
        secure = at.scheme == "smtps"
        line = (
            smtplib.SMTP_SSL(at.hostname or "", port, timeout=SECONDS, context=trusted)
            if secure
            else smtplib.SMTP(at.hostname or "", port, timeout=SECONDS)
        )
        with line:
            line.ehlo()
            if not secure and line.has_extn("starttls"):
                line.starttls(context=trusted)
                line.ehlo()
                secure = True
            if at.username is not None:
                if not secure:
                    raise Undelivered("the mail server offers no TLS, and a password is not told without")
                line.login(unquote(at.username), unquote(at.password or ""))
            line.send_message(mail)


class Post:
    """Whoever takes checkpoints by HTTP."""

    parts = True

    def __init__(self, url: SplitResult) -> None:
        """Post to this address."""
        self._url, self.shown = url, f"{url.scheme}://{url.hostname}"

    def deliver(self, kept: Kept, log: WitnessLog) -> None:
        """Post the note."""
        status, _, _ = _posted(self._url, str(kept.note))
        if not 200 <= status < 300:
            raise Undelivered(f"it answered {status}")


class RemoteWitness:
    """A witness elsewhere. No call is sent to it by itself: no tree is kept that would prove that one grew."""

    parts = False

    def __init__(self, url: SplitResult, key: Key) -> None:
        """Ask at this address; it signs by this key."""
        self._url = url._replace(path=f"{url.path.rstrip('/')}/add-checkpoint", fragment="")
        self._key, self.shown = key, f"the witness {key.name}"
        self._seen: int | None = None

    def deliver(self, kept: Kept, log: WitnessLog) -> None:
        """Have it signed, and keep the signature with the checkpoint.

        One that the witness has gone beyond is left as it is: what it signed since is over all that was there then. Its
        signatures are kept here, too: one that is asked to follow them and says that it signed less was set back.
        """
        known = self._signed(kept, log)
        if known > kept.size:
            return
        status, kind, body = self._ask(known, kept, log)
        if status == 409:
            told = _told_size(kind, body)
            if told < known:
                raise Forgot(
                    f"it signed {known:,} records, and now says {told:,}: it was restored from an older backup, and "
                    "could sign another history; let its operator make a new one, with a key of its own"
                )
            if told > log.standing().size:
                raise Diverged(
                    f"it signed {told:,} records, and the log has fewer: was it restored from an older backup?"
                )
            self._seen = known = told
            if told > kept.size:
                return
            status, _, body = self._ask(known, kept, log)
        if status == 422:
            raise Diverged(f"it refuses {kept.size:,} records: they do not begin with the {known:,} that it signed")
        if status in (403, 404):
            raise Undelivered(f"it does not know the key of this log (it answered {status}); give it to its operator")
        if status != 200:
            raise Undelivered(f"it answered {status}")
        self._keep(kept, body, log)
        self._seen = kept.size

    def _signed(self, kept: Kept, log: WitnessLog) -> int:
        """Return how many records it has signed, as far as is known here."""
        if self._seen is None:
            known = reversed(log.checkpoints(kept.checkpoint.origin))
            self._seen = next((one.size for one in known if any(map(self._is_own, one.note.signatures))), 0)
        return self._seen

    def _ask(self, old: int, kept: Kept, log: WitnessLog) -> tuple[int, str, bytes]:
        return _posted(self._url, add_body(old, log.consistency(old, kept.size), kept.note))

    def _is_own(self, signature: Signature) -> bool:
        return (signature.name, signature.key_id) == (self._key.name, self._key.id)

    def _keep(self, kept: Kept, body: bytes, log: WitnessLog) -> None:
        try:
            answered = note_of(f"{kept.note.text}\n".encode() + body)
            signers = signers_of(answered, [self._key])
        except Unproven as wrong:
            raise Undelivered(f"what it answered is no signature of its key: {wrong}") from wrong
        if not signers or not signers[0].seconds:
            raise Undelivered("it answered without a signature by its key: is the key in the address the right one?")
        log.countersign(kept, next(filter(self._is_own, answered.signatures)))


def destinations_of(settings: Settings) -> dict[str, Destination]:
    """Return every destination that the settings name, by what its deliveries are kept under. Raises Malformed."""
    found = [one for one in re.split(r"[\s,]+", settings.checkpoints or "") if one]
    return {
        sha256(address.encode()).hexdigest()[:16]: _destination(number, address, settings.mail_server)
        for number, address in enumerate(found, 1)
    }


def name_of(kept: Kept) -> str:
    """Return the name of the file with a checkpoint."""
    return f"{kept.checkpoint.origin.replace('/', '_')}.{kept.size:012}.checkpoint"


def _destination(number: int, address: str, mail_server: str | None) -> Destination:
    """Read one address; it is told by its number, since it may hold a secret."""
    try:
        url = urlsplit(address)
        bare = url.scheme.removeprefix("witness+")
        remote = bool(url.hostname) and _port(url) is not None and _is_safe(url._replace(scheme=bare))
        if address.startswith(("/", "file:///")) and len(url.path) > 1:
            return Folder(Path(unquote(url.path) if url.scheme else address))
        if url.scheme == "mailto" and re.fullmatch(r"[^@\s]+@[^@\s]+", url.path):
            if mail_server is None:
                raise Malformed(
                    f"Address {number} of FUND_CHECKPOINTS is of mail, and no mail server is set.",
                    "Set FUND_MAIL_SERVER, such as smtp://localhost:25.",
                )
            return Mail(url.path, mail_server)
        if remote and url.scheme == bare:
            return Post(url)
        if remote:
            return RemoteWitness(url._replace(scheme=bare), _witness_key(url.fragment))
    except (ValueError, Unproven) as wrong:
        raise _unread(number) from wrong
    raise _unread(number)


def _unread(number: int) -> Malformed:
    return Malformed(f"Address {number} of FUND_CHECKPOINTS cannot be used.", _CURE)


def _witness_key(text: str) -> Key:
    key = key_of(text)
    if key.type != WITNESS:
        raise Unproven("The key is a log's.")
    return key


def _is_safe(url: SplitResult) -> bool:
    """Tell whether an address is asked over TLS, or on this machine."""
    return url.scheme == "https" or (url.scheme == "http" and _is_here(url))


def _is_here(url: SplitResult) -> bool:
    return url.hostname in THIS_MACHINE or url.hostname == "::1"


def _port(url: SplitResult) -> int | None:
    usual = {"smtp": 25, "smtps": 465}.get(url.scheme, 443)
    try:
        return url.port or usual
    except ValueError:
        return None


def _posted(url: SplitResult, text: str) -> tuple[int, str, bytes]:
    """Post a text, and return status, kind and body of the answer. Raises Undelivered."""
    import httpx2

    try:
        answer = httpx2.post(
            url.geturl(),
            content=text.encode(),
            headers={"Content-Type": "text/plain; charset=utf-8"},
            timeout=SECONDS,
            follow_redirects=False,
            trust_env=not _is_here(url),  # a proxy leads elsewhere, never back to this machine
        )
    except (httpx2.HTTPError, httpx2.InvalidURL) as away:
        raise Undelivered(_why(away)) from away
    return answer.status_code, answer.headers.get("content-type", ""), answer.content


def _why(away: BaseException) -> str:
    """Return why somebody was not reached: a wrong certificate in words, else the kind alone, whose text may hold the
    address.
    """
    cause: BaseException | None = away
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"its certificate is not trusted here: {cause.verify_message}"
        cause = cause.__cause__ or cause.__context__
    return type(away).__name__


def _told_size(kind: str, body: bytes) -> int:
    """Read how many records a witness has signed. Raises Undelivered."""
    try:
        if kind.partition(";")[0] != SIZE:
            raise Unproven("That is no size.")
        return number_of(body.decode(errors="replace").removesuffix("\n"))
    except Unproven as wrong:
        raise Undelivered("it does not say how many records it has signed") from wrong


def _same(content: bytes, kept: Kept) -> None:
    """Check that a file holds the checkpoint that is to be written there. Raises Diverged."""
    try:
        there: Note | None = note_of(content)
    except Unproven:
        there = None
    if there is None or there.text != kept.note.text:
        raise Diverged(f"it holds another checkpoint of {kept.size:,} records: {name_of(kept)}")


def _flush(folder: Path) -> None:
    """Have the names in a folder on the disk."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
