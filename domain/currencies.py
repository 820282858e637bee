"""Currencies (ISO 4217) and what a sum in one of them is worth in euro: exact, without floats (D20)."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Final

from domain.values import Cents

_WITHOUT_A_SMALLER_UNIT: Final = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"
_OF_A_THOUSAND: Final = "BHD IQD JOD KWD LYD OMR TND"
_OF_A_HUNDRED: Final = (
    "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC CUP "
    "CVE CZK DKK DOP DZD EGP ERN ETB FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS "
    "KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR "
    "NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SOS SRD SSP STN SYP SZL THB TJS TMT TOP "
    "TRY TTD TWD TZS UAH USD UYU UZS VES WST XCD YER ZAR ZMW"
)

DIGITS: Final[Mapping[str, int]] = {
    **dict.fromkeys(_WITHOUT_A_SMALLER_UNIT.split(), 0),
    **dict.fromkeys(_OF_A_HUNDRED.split(), 2),
    **dict.fromkeys(_OF_A_THOUSAND.split(), 3),
}
"""Every currency but the euro, with the digits of its smallest unit: a yen has none, a dollar two."""


def in_euro_cents(amount: int, currency: str, units_per_euro: str) -> Cents:
    """Return what an amount in the currency's smallest unit is worth in euro cents, half a cent rounded up (D20).

    `units_per_euro` is a decimal above zero, as the European Central Bank writes its rates: “1.0823” dollars a euro.
    """
    worth = Fraction(amount, 10 ** DIGITS[currency]) / Fraction(units_per_euro) * 100
    return floor(worth + Fraction(1, 2))


def in_words(amount: int, currency: str) -> str:
    """Return the sum as people read it in English: 123456, USD → USD 1,234.56."""
    return f"{currency} {Decimal(amount).scaleb(-DIGITS[currency]):,f}"
