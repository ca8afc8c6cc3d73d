"""ISO 4217 currency codes, and how shops write currencies. https://www.iso.org/iso-4217-currency-codes.html"""

from __future__ import annotations

from typing import Final

_CODES: Final = (
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF "
    "CHF CLF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD "
    "HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL "
    "LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR "
    "PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP "
    "TRY TTD TWD TZS UAH UGX USD UYI UYU UYW UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG"
)
CODES: Final = tuple(_CODES.split())

# Signs that mean one currency wherever they stand.
SIGNS: Final = {
    "€": "EUR",
    "£": "GBP",
    "US$": "USD",
    "CA$": "CAD",
    "AU$": "AUD",
    "NZ$": "NZD",
    "HK$": "HKD",
    "MX$": "MXN",
    "R$": "BRL",
    "zł": "PLN",
    "Kč": "CZK",
    "Ft": "HUF",
    "Fr": "CHF",
    "SFr": "CHF",
    "lei": "RON",
    "₺": "TRY",
    "₹": "INR",
    "₪": "ILS",
    "₩": "KRW",
    "₴": "UAH",
    "₽": "RUB",
    "₫": "VND",
    "฿": "THB",
}

_DOLLARS: Final = "USD CAD AUD NZD HKD SGD TWD MXN ARS CLP COP DOP UYU BBD BSD JMD"

# Signs of several currencies: they mean the declared one, if it is one of these.
SHARED_SIGNS: Final = {
    "$": tuple(_DOLLARS.split()),
    "kr": ("SEK", "NOK", "DKK", "ISK"),
    "¥": ("JPY", "CNY"),
    "Rs": ("INR", "PKR", "LKR", "NPR", "MUR"),
}


def meanings(currency: str | None) -> dict[str, str]:
    """What is written beside an amount -> its currency; `currency` is the declared one, which settles `$` and `kr`."""
    known = {code: code for code in CODES} | {code.lower(): code for code in CODES} | SIGNS
    known |= {"$" + code: code for code in SHARED_SIGNS["$"]} | {code + "$": code for code in SHARED_SIGNS["$"]}
    if currency is not None:
        known |= {currency: currency, currency.lower(): currency, "": currency}
        known |= {sign: currency for sign, codes in SHARED_SIGNS.items() if currency in codes}
    return known
