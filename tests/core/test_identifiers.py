from collections.abc import Callable
from typing import Any

import pytest

from gifting.core.identifiers import (
    IdentifierError,
    check_cap,
    check_iban,
    check_pec,
    check_sdi_code,
    check_tax_code,
    check_vat_number,
)


def refusal(check: Callable[..., str], text: str, **options: Any) -> tuple[str, dict[str, int]]:
    with pytest.raises(IdentifierError) as refused:
        check(text, **options)
    return refused.value.code, refused.value.values


class TestVatNumber:
    @pytest.mark.parametrize(
        "text", ["00743110157", "IT00743110157", " it 00743110157 ", "007 4311 0157"]
    )
    def test_comes_back_compact_and_without_prefix(self, text: str) -> None:
        assert check_vat_number(text) == "00743110157"

    @pytest.mark.parametrize(
        ("text", "code", "values"),
        [
            ("007431101", "vat_length", {"digits": 9}),
            ("007431101570", "vat_length", {"digits": 12}),
            ("", "vat_form", {}),
            ("0074311015X", "vat_form", {}),
            ("DE00743110157", "vat_form", {}),
            ("٠٠٧٤٣١١٠١٥٧", "vat_form", {}),
            ("00743110158", "vat_checksum", {}),
            ("00000000000", "vat_form", {}),
        ],
    )
    def test_says_what_is_wrong(self, text: str, code: str, values: dict[str, int]) -> None:
        assert refusal(check_vat_number, text) == (code, values)


class TestTaxCode:
    @pytest.mark.parametrize(
        ("text", "compact"),
        [("rccmnl83s18d969h", "RCCMNL83S18D969H"), ("00743110157", "00743110157")],
    )
    def test_is_of_a_person_or_of_a_company(self, text: str, compact: str) -> None:
        assert check_tax_code(text) == compact

    @pytest.mark.parametrize(
        ("text", "code", "values"),
        [
            ("RCCMNL83S18D969", "tax_code_length", {"characters": 15}),
            ("RCCMNL83S18D969A", "tax_code_checksum", {}),
            ("1CCMNL83S18D969H", "tax_code_form", {}),
            ("00743110158", "tax_code_checksum", {}),
            ("", "tax_code_length", {"characters": 0}),
        ],
    )
    def test_says_what_is_wrong(self, text: str, code: str, values: dict[str, int]) -> None:
        assert refusal(check_tax_code, text) == (code, values)


class TestSdiCode:
    def test_has_seven_characters_and_six_for_a_public_body(self) -> None:
        assert check_sdi_code(" m5uxcr1 ") == "M5UXCR1"
        assert check_sdi_code("UFABC1", is_public_body=True) == "UFABC1"

    def test_says_what_is_wrong(self) -> None:
        assert refusal(check_sdi_code, "UFABC1") == (
            "sdi_length",
            {"characters": 6, "expected": 7},
        )
        assert refusal(check_sdi_code, "M5UXCR1", is_public_body=True)[0] == "sdi_length"
        assert refusal(check_sdi_code, "M5UX-R1") == ("sdi_form", {})
        assert refusal(check_sdi_code, "M5UXCRÀ") == ("sdi_form", {})


class TestPec:
    def test_comes_back_trimmed_and_in_lower_case(self) -> None:
        assert check_pec(" Fatture@PEC.Azienda.it ") == "fatture@pec.azienda.it"

    @pytest.mark.parametrize(
        "text",
        ["", "azienda.it", "a@b", "a b@pec.it", "a@pec..it", "a@-pec.it", "x" * 250 + "@pec.it"],
    )
    def test_has_the_form_of_an_address(self, text: str) -> None:
        assert refusal(check_pec, text) == ("pec_form", {})

    def test_is_not_a_mailbox_of_the_exchange_system(self) -> None:
        assert refusal(check_pec, "sdi01@pec.fatturapa.it") == ("pec_is_sdi", {})


class TestCap:
    def test_has_five_digits(self) -> None:
        assert check_cap(" 20129 ") == "20129"

    @pytest.mark.parametrize("text", ["2012", "201290", "2012A", "٢٠١٢٩"])
    def test_refuses_anything_else(self, text: str) -> None:
        assert refusal(check_cap, text) == ("cap_form", {})


class TestIban:
    def test_comes_back_compact(self) -> None:
        assert check_iban("it60 x054 2811 1010 0000 0123 456") == "IT60X0542811101000000123456"

    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("IT61X0542811101000000123456", "iban_checksum"),
            ("IT60X05428", "iban_checksum"),
            ("", "iban_form"),
            ("??", "iban_form"),
        ],
    )
    def test_says_what_is_wrong(self, text: str, code: str) -> None:
        assert refusal(check_iban, text)[0] == code
