"""What the forms say when something does not fit: what is wrong, and how to mend it."""

import pytest
from werkzeug.datastructures import MultiDict

from gifting.accounts.forms import CompanyFields, PersonFields, word_identifier_error
from gifting.core.identifiers import IdentifierError
from tests.support.accounts import VAT_NUMBER

COMPANY = {
    "vat_number": VAT_NUMBER,
    "name": "Bianchi Arredi S.r.l.",
    "invoice_by": "sdi",
    "sdi_code": "abc1234",
    "street": "Via Savona 12",
    "cap": "20144",
    "city": "Milano",
    "province": "mi",
}
PERSON = {
    "name": "Anna Bianchi",
    "email": "anna@bianchi.example",
    "phone": "",
    "password": "tre gatti sul tetto",
}
CODES = {
    "vat_length": {"digits": 9},
    "vat_form": {},
    "vat_checksum": {},
    "tax_code_length": {"characters": 15},
    "tax_code_form": {},
    "tax_code_checksum": {},
    "sdi_length": {"characters": 6, "expected": 7},
    "sdi_form": {},
    "pec_form": {},
    "pec_is_sdi": {},
    "cap_form": {},
    "iban_length": {"characters": 20},
    "iban_form": {},
    "iban_checksum": {},
}


@pytest.fixture(autouse=True)
def request_context(app):
    with app.test_request_context():
        yield


def errors_of(form_class, defaults, **overrides):
    form = form_class(MultiDict(defaults | overrides))
    form.validate()
    return {name: messages[0] for name, messages in form.errors.items()}


class TestCompanyFields:
    def test_keeps_identifiers_compact(self):
        form = CompanyFields(MultiDict(COMPANY | {"vat_number": f" IT {VAT_NUMBER} "}))

        assert form.validate(), form.errors
        details = form.details()
        assert (details.vat_number, details.sdi_code, details.province) == (
            VAT_NUMBER,
            "ABC1234",
            "MI",
        )

    @pytest.mark.parametrize(
        ("field", "value", "message"),
        [
            ("vat_number", "012345678", "La partita IVA ha 9 cifre: ne servono 11."),
            (
                "vat_number",
                "12345670158",
                "Una cifra della partita IVA non torna. Ricontrollala dalla visura.",
            ),
            ("vat_number", "", "Scrivi la partita IVA o, se non l’hai, il codice fiscale."),
            (
                "sdi_code",
                "M5UXCR",
                (
                    "Il codice destinatario ha 7 caratteri: ne hai scritti 6. "
                    "Se usi la PEC, scegli PEC."
                ),
            ),
            ("cap", "2014", "Il CAP ha 5 cifre."),
            ("province", "Milano", "La provincia è una sigla di due lettere, come MI."),
            ("name", "  ", "Scrivi la ragione sociale, com’è sulle fatture."),
            ("name", "x" * 81, "Qui ci stanno 80 caratteri: ne hai scritti 81."),
            ("street", "x" * 61, "Qui ci stanno 60 caratteri: ne hai scritti 61."),
        ],
    )
    def test_says_what_does_not_fit(self, field, value, message):
        assert errors_of(CompanyFields, COMPANY, **{field: value}) == {field: message}

    def test_a_tax_code_does_for_whoever_has_no_vat_number(self):
        assert errors_of(CompanyFields, COMPANY, vat_number="", tax_code=VAT_NUMBER) == {}

    def test_checks_and_keeps_only_the_chosen_way_of_invoicing(self):
        chosen = {"invoice_by": "pec", "sdi_code": "M5", "pec": "Arredi@PEC.example.it"}
        form = CompanyFields(MultiDict(COMPANY | chosen))

        assert form.validate(), form.errors
        assert (form.details().sdi_code, form.details().pec) == ("", "arredi@pec.example.it")

    def test_later_needs_neither(self):
        assert errors_of(CompanyFields, COMPANY, invoice_by="later", sdi_code="") == {}


class TestPersonFields:
    def test_takes_a_phrase_as_password(self):
        assert errors_of(PersonFields, PERSON) == {}

    @pytest.mark.parametrize(
        ("field", "value", "message"),
        [
            (
                "email",
                "chiara.meridiana.example",
                "Nell’e-mail manca la chiocciola (@): ricontrollala.",
            ),
            ("email", "chiara@meridiana", "L’e-mail è incompleta: ha la forma nome@azienda.it."),
            (
                "password",
                "corta",
                "La password ha 5 caratteri: ne servono 12. Va bene anche una frase.",
            ),
            (
                "password",
                "Password1234",
                "Questa password è tra le prime che si provano: scegli una frase tutta tua.",
            ),
            (
                "password",
                "aaaabbbbaaaabbbb",
                "Questa password è tra le prime che si provano: scegli una frase tutta tua.",
            ),
            ("password", "x1y2" * 51, "La password è troppo lunga: bastano 200 caratteri."),
            ("name", "Leggi www.truffa.example", "Qui va solo il nome: togli indirizzi e simboli."),
            ("phone", "interno", "Nel telefono ci sono solo cifre, spazi e il + davanti."),
        ],
    )
    def test_says_what_does_not_fit(self, field, value, message):
        assert errors_of(PersonFields, PERSON, **{field: value}) == {field: message}

    def test_never_sends_the_password_back(self):
        form = PersonFields(MultiDict(PERSON))

        assert PERSON["password"] not in form.password()


@pytest.mark.parametrize("code", CODES)
def test_every_identifier_error_has_words(code):
    message = word_identifier_error(IdentifierError(code, CODES[code]))

    assert message.endswith(".")
    assert "%(" not in message
