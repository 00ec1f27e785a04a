"""Italian identifiers, checked by form and check digit, returned compact."""

import re
from collections.abc import Callable
from types import ModuleType

from stdnum import iban
from stdnum.exceptions import InvalidChecksum, InvalidLength, ValidationError
from stdnum.it import codicefiscale, iva

_VAT_DIGITS = 11
_SDI_LENGTH = 7
_SDI_LENGTH_PUBLIC = 6
_PEC_MAX_LENGTH = 256
_PEC = re.compile(r"[A-Za-z0-9._%+'-]+@(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}")
_SDI_OWN_DOMAIN = "pec.fatturapa.it"


class IdentifierError(ValueError):
    """An identifier that cannot be right; `code` says why, for the page to word.

    - vat_length {digits}, vat_form, vat_checksum
    - tax_code_length {characters}, tax_code_form, tax_code_checksum
    - sdi_length {characters, expected}, sdi_form
    - pec_form, pec_is_sdi (a mailbox of the exchange system itself, control 00330)
    - cap_form
    - iban_length, iban_form, iban_checksum
    """

    def __init__(self, code: str, values: dict[str, int] | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.values = values or {}


def check_vat_number(text: str) -> str:
    """Partita IVA: 11 digits, without the country prefix."""
    number = _compact(iva.compact, text, "vat")
    if not number.isdigit():
        raise IdentifierError("vat_form")
    if len(number) != _VAT_DIGITS:
        raise IdentifierError("vat_length", {"digits": len(number)})
    return _validate(iva, number, "vat")


def check_tax_code(text: str) -> str:
    """Codice fiscale: 16 characters of a person, or 11 digits of a company."""
    number = _compact(codicefiscale.compact, text, "tax_code")
    if len(number) not in {11, 16}:
        raise IdentifierError("tax_code_length", {"characters": len(number)})
    return _validate(codicefiscale, number, "tax_code")


def check_sdi_code(text: str, *, is_public_body: bool = False) -> str:
    """Codice destinatario: 7 characters; the office code of a public body has 6 (control 00427)."""
    code = text.strip().upper()
    expected = _SDI_LENGTH_PUBLIC if is_public_body else _SDI_LENGTH
    if len(code) != expected:
        raise IdentifierError("sdi_length", {"characters": len(code), "expected": expected})
    if not re.fullmatch(r"[A-Z0-9]+", code):
        raise IdentifierError("sdi_form")
    return code


def check_pec(text: str) -> str:
    """Certified e-mail address, by form only."""
    address = text.strip()
    if len(address) > _PEC_MAX_LENGTH or ".." in address or not _PEC.fullmatch(address):
        raise IdentifierError("pec_form")
    address = address.lower()
    if address.endswith("@" + _SDI_OWN_DOMAIN):
        raise IdentifierError("pec_is_sdi")
    return address


def check_cap(text: str) -> str:
    """Italian postcode: 5 digits."""
    cap = text.strip()
    if not re.fullmatch(r"[0-9]{5}", cap):
        raise IdentifierError("cap_form")
    return cap


def check_iban(text: str) -> str:
    return _validate(iban, _compact(iban.compact, text, "iban"), "iban")


def _compact(compact: Callable[[str], str], text: str, subject: str) -> str:
    try:
        return compact(text.strip()).upper()
    except ValidationError as error:
        raise IdentifierError(f"{subject}_form") from error


def _validate(kind: ModuleType, number: str, subject: str) -> str:
    try:
        return str(kind.validate(number))
    except InvalidChecksum as error:
        raise IdentifierError(f"{subject}_checksum") from error
    except InvalidLength as error:
        raise IdentifierError(f"{subject}_length", {"characters": len(number)}) from error
    except ValidationError as error:
        raise IdentifierError(f"{subject}_form") from error
