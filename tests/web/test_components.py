"""The pieces of pages: words for every state, fields that say what is wrong, nothing inline."""

import re
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

import pytest
from flask import Flask, render_template_string
from flask_babel import Babel
from wtforms import BooleanField, FieldList, Form, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from gifting.core.invoice_lifecycle import InvoiceState, PaymentStatus
from gifting.core.order_lifecycle import OrderState
from gifting.core.quote_lifecycle import QuoteState
from gifting.core.roles import Role
from gifting.platform.formats import FILTERS
from gifting.web.assets import install_assets

TEMPLATES = Path(__file__).parents[2] / "templates"


@pytest.fixture(scope="module")
def app() -> Flask:
    app = Flask("bare", static_folder=None, template_folder=str(TEMPLATES))
    app.secret_key = "for the session of a test"
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(FILTERS)
    Babel(app, default_locale="it")
    install_assets(app)
    return app


@pytest.fixture(autouse=True)
def request_context(app: Flask) -> Iterator[None]:
    with app.test_request_context():
        yield


def render(source: str, **context: object) -> str:
    return re.sub(r"\s+", " ", render_template_string(source, **context))


class Address(Form):
    vat = StringField("Partita IVA", [Length(11, 11, message="Ne servono 11.")])
    agreed = BooleanField("Ho letto", [InputRequired("Serve che tu lo spunti.")])
    box = RadioField(
        "Scatola", choices=[SelectChoice("m", "Media"), SelectChoice("g", "Grande")], default="m"
    )
    towns = FieldList(StringField("Città", [Length(max=3, message="Troppo lunga.")]))


@pytest.fixture
def form() -> Address:
    form = Address(data={"vat": "012345678", "towns": ["Bari"]})
    form.validate()
    return form


class TestPills:
    @pytest.mark.parametrize(
        ("call", "states"),
        [
            ("quote_pill(state, 'staff')", QuoteState),
            ("quote_pill(state, 'buyer')", QuoteState),
            ("order_pill(state)", OrderState),
            ("invoice_pill(state)", InvoiceState),
            ("payment_pill(state)", PaymentStatus),
        ],
    )
    def test_every_state_has_a_sign_and_a_word_of_ours(
        self, call: str, states: type[StrEnum]
    ) -> None:
        macro = call.partition("(")[0]
        source = f'{{% from "components/feedback.html" import {macro} %}}{{{{ {call} }}}}'
        for state in states:
            pill = render(source, state=state)
            assert "<svg" in pill
            assert not pill.endswith(f">{state}</span>"), state

    def test_a_buyer_never_reads_that_a_manager_is_asked(self) -> None:
        source = (
            '{% from "components/feedback.html" import quote_pill %}{{ quote_pill("in_review") }}'
        )
        assert "In preparazione" in render(source)

    def test_every_role_has_a_name(self) -> None:
        source = '{% from "components/people.html" import role_name %}{{ role_name(role) }}'
        for role in Role:
            assert render(source, role=role) != role


class TestFields:
    def test_an_error_is_said_above_the_input_and_tied_to_it(self, form: Address) -> None:
        source = (
            '{% from "components/forms.html" import field %}{{ field(form.vat, hint="11 cifre") }}'
        )
        html = render(source, form=form)
        assert html.index("Ne servono 11.") < html.index("<input")
        assert 'aria-describedby="vat-hint vat-error"' in html
        assert 'aria-invalid="true"' in html

    def test_a_field_without_errors_says_nothing_of_them(self) -> None:
        source = (
            '{% from "components/forms.html" import field %}{{ field(form.vat, optional=True) }}'
        )
        html = render(source, form=Address())
        assert "aria-" not in html.partition("<input")[2]
        assert "Facoltativo" in html

    def test_the_summary_counts_and_links_every_error(self, form: Address) -> None:
        source = '{% from "components/forms.html" import error_summary %}{{ error_summary(form) }}'
        html = render(source, form=form)
        assert "Ci sono 3 cose da sistemare" in html
        for anchor in ("vat", "agreed", "towns-0"):
            assert f'<a href="#{anchor}">' in html

    def test_a_form_that_is_right_has_no_summary(self) -> None:
        source = '{% from "components/forms.html" import error_summary %}{{ error_summary(form) }}'
        assert not render(source, form=Address()).strip()

    def test_choice_cards_are_radio_buttons_inside_their_labels(self, form: Address) -> None:
        source = (
            '{% from "components/forms.html" import choice_cards %}'
            '{{ choice_cards(form.box, {"m": "42 × 30 × 29"}, {"m": "box"}) }}'
        )
        html = render(source, form=form)
        assert html.count("<label><input") == 2
        assert html.count("checked") == 1


class TestMeters:
    @pytest.mark.parametrize(("percent", "width"), [(-3, 0), (77, 77), (140, 100)])
    def test_a_gauge_never_leaves_its_rail(self, percent: float, width: float) -> None:
        source = (
            '{% from "components/progress.html" import gauge %}{{ gauge("Peso", "8 kg", p, 92) }}'
        )
        html = render(source, p=percent)
        fill = re.search(r'class="fill" y="3" width="([\d.]+)%"', html)
        assert fill
        assert float(fill[1]) == width
        assert 'role="meter"' in html
        assert 'aria-valuetext="8 kg"' in html

    def test_the_parts_of_a_bar_follow_one_another_and_stop_at_its_end(self) -> None:
        source = (
            '{% from "components/progress.html" import bar %}{{ bar([("ok", 95), ("e", 20)]) }}'
        )
        html = render(source)
        assert 'class="ok" x="0.0%" width="95.0%"' in html
        assert 'class="e" x="95.0%" width="5.0%"' in html


class TestTemplates:
    def test_every_template_can_be_parsed(self, app: Flask) -> None:
        names = app.jinja_env.list_templates(extensions=["html", "txt"])
        assert len(names) > 20
        for name in names:
            app.jinja_env.get_template(name)

    @pytest.mark.parametrize("name", ["_alone", "500", "503"])
    def test_the_pages_of_an_outage_need_nothing_that_may_have_failed(self, name: str) -> None:
        source = (TEMPLATES / "errors" / f"{name}.html").read_text(encoding="utf-8")
        called = set(re.findall(r"\{\{\s*(\w+)", source))
        assert called <= {"asset", "self", "request"}
        assert set(re.findall(r"\{%\s*(\w+)", source)) <= {
            *("extends", "block", "endblock"),
            *("if", "else", "endif"),
        }
