"""How sums, instants, periods and numbers are written in a language; every instant is one of Brussels."""

import re
from contextlib import suppress
from datetime import datetime, timedelta
from functools import lru_cache
from gettext import NullTranslations
from typing import Final
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_datetime
from babel.numbers import format_currency, format_decimal

from domain.amounts import readings
from domain.values import BRUSSELS
from fund_service.web.numerals import amount_in_spanish, amount_spoken
from projections.call_ranking import rounded

_SUM: Final = re.compile(r"(?P<sign>-?)€(?P<whole>[0-9,]+)\.(?P<cents>[0-9]{2})")
_FIGURE: Final = re.compile(r"(?:(?P<word>mean|consensus) )?(?P<points>[0-9]+\.[0-9]{2})(?P<exactly> \([0-9/]+\))?")
_CLOCK: Final = r"(?P<clock>[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?)"
_WHEN: Final = re.compile(rf"(?:[A-Z][a-z]{{2}} )?(?P<day>[0-9]{{1,2}} [A-Z][a-z]+ [0-9]{{4}})(?:, {_CLOCK} Brussels)?")


class Written:
    """Writes in one language. The order of a date, and the words around it, are words of the language too."""

    def __init__(self, code: str, words: NullTranslations) -> None:
        """Write in the language of this code, with its words."""
        self._locale = Locale.parse(code)
        self._gettext, self._ngettext = words.gettext, words.ngettext
        self._told = lru_cache(maxsize=1024)(self._formatted)  # deadlines are told again and again
        self._sum = lru_cache(maxsize=4096)(self._euros)  # and so are sums, in every list
        self._figure = lru_cache(maxsize=4096)(self._number)

    def euros(self, cents: int) -> str:
        """Return a sum: €12,345.67."""
        return self._sum(cents)

    def number(self, number: int | float) -> str:
        """Return a number with its marks between thousands: 1,250."""
        return self._figure(number)

    def rounded(self, fraction: str) -> str:
        """Return an exact fraction with two decimals: 80.67."""
        return self.points(rounded(fraction))

    def points(self, figure: str | float) -> str:
        """Return figures with a decimal point as this language marks it: 80.67."""
        return str(figure).replace(".", self._locale.number_symbols["latn"]["decimal"])

    def figure(self, text: str) -> str | None:
        """Return figures as the domain tells them, 80.67, 80.67 (242/3) or mean 4.00; None for anything else."""
        if (found := _FIGURE.fullmatch(text)) is None:
            return None
        word = {"mean": self._gettext("mean"), "consensus": self._gettext("consensus")}.get(found["word"])
        figures = f"{self.points(found['points'])}{found['exactly'] or ''}"
        return f"{word} {figures}" if word else figures

    def country(self, code: str, name: str) -> str:
        """Return what the country of a code (ISO 3166) is called; its English name is that of the fund."""
        return name if self._locale.language == "en" else str(self._locale.territories.get(code, name))

    def brussels(self, at: datetime) -> str:
        """Return an instant: Fri 20 March 2026, 17:00 Brussels (seconds unless zero)."""
        gettext = self._gettext
        pattern = gettext("EEE d MMMM y, HH:mm:ss") if at.second else gettext("EEE d MMMM y, HH:mm")
        return self._in_brussels(self._told(at.astimezone(BRUSSELS), pattern))

    def deadline(self, at: datetime) -> str:
        """Return until when something can be done: Fri 20 March 2026, 17:00 Brussels. Midnight ends the day before."""
        if not _is_midnight(at):
            return self.brussels(at)
        return self._in_brussels(
            self._gettext("the end of %(day)s") % {"day": self._told(_day(at), self._gettext("EEE d MMMM y"))}
        )

    def due(self, at: datetime) -> str:
        """Return the same for a table, whose heading names Brussels: Fri 20 Mar 2026, 17:00."""
        if not _is_midnight(at):
            return self.brief(at)
        return self._gettext("end of %(day)s") % {"day": self._told(_day(at), self._gettext("EEE d MMM y"))}

    def clock(self, at: datetime) -> str:
        """Return an instant to the minute in which it lies: Fri 20 March 2026, 17:00 Brussels."""
        return self.brussels(at.replace(second=0, microsecond=0))

    def brief(self, at: datetime) -> str:
        """Return an instant for a table, whose heading names Brussels: Fri 20 Mar 2026, 17:00."""
        return self._told(at.astimezone(BRUSSELS), self._gettext("EEE d MMM y, HH:mm"))

    def date(self, at: datetime) -> str:
        """Return the day of an instant for a table: 20 Mar 2026."""
        return self._told(at.astimezone(BRUSSELS), self._gettext("d MMM y"))

    def ahead(self, at: datetime, now: datetime) -> str:
        """Return an instant to come as shortly as it is clear: 17:00, Fri 20 March, 17:00, or with its year."""
        local, today, gettext = at.astimezone(BRUSSELS), now.astimezone(BRUSSELS), self._gettext
        if local.date() == today.date():
            return self._told(local, "HH:mm")
        same = local.year == today.year
        return self._told(local, gettext("EEE d MMMM, HH:mm") if same else gettext("EEE d MMMM y, HH:mm"))

    def day(self, at: datetime) -> str:
        """Return the day of an instant: 20 March 2026. Of midnight, the day that it ends."""
        return self._told(_day(at), self._gettext("d MMMM y"))

    def days(self, begins: datetime, ends: datetime) -> str:
        """Return a stretch of days: 12 January – 27 February 2026, 2 – 20 March 2026, or one day."""
        first, last = self.day(begins), self.day(ends)
        if first == last:
            return last
        if (_day(begins).year, _day(begins).month) == (_day(ends).year, _day(ends).month):
            first = str(_day(begins).day)
        elif _day(begins).year == _day(ends).year:
            first = self._told(_day(begins), self._gettext("d MMMM"))
        return f"{first} – {last}"

    def elsewhere(self, at: datetime, zone: str) -> str:
        """Return an instant as the clocks of a zone show it: Sat 21 March, 01:00."""
        local = at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)  # one instant is equal to itself in every zone
        return self._told(local, self._gettext("EEE d MMMM, HH:mm"))

    def lasting(self, until: datetime, now: datetime) -> str:
        """Return how long it is until an instant: 9 days and 3 hours; by the minute in the last day."""
        minutes = int((until - now).total_seconds() // 60)
        days, rest = divmod(max(minutes, 0), 24 * 60)
        hours, minutes = divmod(rest, 60)
        ngettext = self._ngettext
        told = [ngettext("%(num)s day", "%(num)s days", days) % {"num": days}] if days else []
        if hours:
            told.append(ngettext("%(num)s hour", "%(num)s hours", hours) % {"num": hours})
        if minutes and not days:
            told.append(ngettext("%(num)s minute", "%(num)s minutes", minutes) % {"num": minutes})
        if not told:
            return self._gettext("less than a minute")
        return (
            self._gettext("%(first)s and %(second)s") % {"first": told[0], "second": told[1]} if told[1:] else told[0]
        )

    def left(self, until: datetime, now: datetime) -> str:
        """Return in how long an instant comes: in 9 days and 3 hours; by the minute in the last day."""
        if until - now < timedelta(minutes=1):
            return self._gettext("within a minute")
        return self._gettext("in %(time)s") % {"time": self.lasting(until, now)}

    def readings(self, text: str) -> list[tuple[str, str, str]]:
        """Return the sums that a text can mean where it can mean two: as read, as typed, in words."""
        spoken = amount_in_spanish if self._locale.language == "es" else None
        return [
            (self.euros(cents), f"{cents // 100}.{cents % 100:02}", spoken(cents * 10) if spoken else words)
            for cents, words in readings(text)
        ]

    def again(self, text: str) -> str | None:
        """Return a sum, an instant or a day that the domain wrote in English, as this language does; else None."""
        if found := _SUM.fullmatch(text):
            cents = int(found["whole"].replace(",", "")) * 100 + int(found["cents"])
            return self.euros(-cents if found["sign"] else cents)
        if found := _WHEN.fullmatch(text):
            with suppress(ValueError):
                return self._moment(found["day"], found["clock"])
        thousandths = amount_spoken(text)
        return amount_in_spanish(thousandths) if thousandths is not None and self._locale.language == "es" else None

    def _moment(self, day: str, clock: str | None) -> str:
        if clock is None:
            return self._told(_parsed(day, "%d %B %Y"), self._gettext("EEE d MMMM y"))
        plain, _, micros = clock.partition(".")
        seconds = plain.count(":") == 2
        at = _parsed(f"{day} {plain}", "%d %B %Y %H:%M:%S" if seconds else "%d %B %Y %H:%M")
        pattern = self._gettext("EEE d MMMM y, HH:mm:ss") if seconds else self._gettext("EEE d MMMM y, HH:mm")
        told = self._told(at, pattern)
        return self._in_brussels(f"{told}.{micros}" if micros else told)

    def _in_brussels(self, instant: str) -> str:
        return self._gettext("%(instant)s Brussels") % {"instant": instant}

    def _euros(self, cents: int) -> str:
        return format_currency(cents / 100, "EUR", locale=self._locale)

    def _number(self, number: int | float) -> str:
        return format_decimal(number, locale=self._locale)

    def _formatted(self, local: datetime, pattern: str) -> str:
        return format_datetime(local.replace(tzinfo=None), pattern, locale=self._locale)


def _is_midnight(at: datetime) -> bool:
    local = at.astimezone(BRUSSELS)
    return (local.hour, local.minute, local.second) == (0, 0, 0)


def _day(at: datetime) -> datetime:
    return (at - timedelta(microseconds=1)).astimezone(BRUSSELS)


def _parsed(text: str, pattern: str) -> datetime:
    return datetime.strptime(text, pattern).replace(tzinfo=BRUSSELS)
