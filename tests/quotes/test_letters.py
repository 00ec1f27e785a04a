"""Every letter of a quote, in both languages, as text and as HTML."""

import re
from collections.abc import Callable
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from html import unescape

import pytest
import sqlalchemy as sa
from flask import Flask

from gifting.accounts.models import User
from gifting.core.roles import Role
from gifting.platform import mail, outbox
from gifting.platform.db import db
from gifting.platform.formats import date_weekday
from gifting.platform.models import MailLogEntry, OutboxMessage
from gifting.quotes import queries, service, tasks
from gifting.quotes.models import Quote
from tests.conftest import NOW
from tests.support.accounts import make_user
from tests.support.quotes import (
    VALID_UNTIL,
    accept,
    make_composition,
    make_offer,
    make_request,
    send,
)
from tests.support.quotes import submit as request

LATER = NOW + timedelta(days=30)
TITLE = "Natale <& pace>"


def _titled(quote: Quote) -> Quote:
    quote.title = TITLE
    db.session.commit()
    return quote


def _sales(user: User) -> User:
    """Return a salesperson who reads the buyer's language."""
    return make_user(Role.SALES, name="Elena Riva", locale=user.locale)


def _request(user: User) -> Quote:
    quote = request(user, [make_composition(user)], title=TITLE)
    db.session.commit()
    return quote


def _ask(user: User) -> Quote:
    quote = _titled(make_request(user))
    service.ask(quote, actor_id=_sales(user).id, comment="Quante sedi?", now=NOW)
    return quote


def _answer(user: User) -> Quote:
    quote = _ask(user)
    service.answer(quote, actor_id=user.id, body="Tre", now=NOW)
    return quote


def _offer(user: User) -> Quote:
    return make_offer(user, _sales(user))


def _change(user: User) -> Quote:
    quote = _titled(make_offer(user, _sales(user)))
    service.ask_change(quote, revision_number=1, actor_id=user.id, reason="Senza <vino>", now=NOW)
    return quote


def _acceptance(user: User) -> Quote:
    quote = _titled(make_offer(user, _sales(user)))
    accept(quote, user)
    return quote


def _decline(user: User) -> Quote:
    quote = _titled(make_offer(user, _sales(user)))
    service.decline(quote, revision_number=1, actor_id=user.id, reason="Troppo caro", now=NOW)
    return quote


def _cancel(user: User) -> Quote:
    quote = _titled(make_request(user))
    service.cancel(quote, actor_id=user.id, reason="Doppione", now=NOW)
    return quote


def _withdraw(user: User) -> Quote:
    quote = _titled(make_request(user))
    service.withdraw(quote, actor_id=_sales(user).id, reason="Doppione", now=NOW)
    return quote


def _expire(user: User) -> Quote:
    quote = _titled(make_offer(user, _sales(user)))
    service.expire_due(now=LATER)
    return quote


def _remind(user: User) -> Quote:
    quote = _titled(make_offer(user, _sales(user)))
    service.owe_reminders(valid_until=VALID_UNTIL, now=NOW)
    return quote


def _write(user: User) -> Quote:
    quote = _titled(make_request(user))
    service.post_message(quote, author_id=user.id, is_staff=False, body="Ciao", now=NOW)
    return quote


def _reply(user: User) -> Quote:
    quote = _titled(make_request(user))
    service.post_message(
        quote, author_id=_sales(user).id, is_staff=True, body="Buongiorno", now=NOW
    )
    return quote


LETTERS: dict[str, Callable[..., Quote]] = {
    "quotes.notify_sales_of_request": _request,
    "quotes.mail_receipt": _request,
    "quotes.mail_question": _ask,
    "quotes.notify_sales_of_answer": _answer,
    "quotes.mail_offer": _offer,
    "quotes.notify_sales_of_change": _change,
    "quotes.notify_sales_of_acceptance": _acceptance,
    "quotes.notify_sales_of_decline": _decline,
    "quotes.notify_sales_of_cancel": _cancel,
    "quotes.mail_withdrawn": _withdraw,
    "quotes.mail_expired": _expire,
    "quotes.mail_reminder": _remind,
    "quotes.notify_sales_of_message": _write,
    "quotes.mail_message": _reply,
}


def _read_letter() -> EmailMessage:
    entry = db.session.scalars(sa.select(MailLogEntry).order_by(MailLogEntry.id.desc())).first()
    name = entry.message_id.strip("<>").partition("@")[0]
    content = (mail.mail_folder() / f"{name}.eml").read_bytes()
    return message_from_bytes(content, policy=policy.default)


def _run(task: str) -> EmailMessage:
    query = sa.select(OutboxMessage.id).where(OutboxMessage.task == task)
    outbox.run(db.session.scalars(query.order_by(OutboxMessage.id.desc())).first(), now=LATER)
    return _read_letter()


class TestLetters:
    @pytest.mark.parametrize("locale", ["it", "en"])
    @pytest.mark.parametrize("task", LETTERS)
    def test_has_text_html_and_the_way_to_the_quote(
        self, app: Flask, task: str, locale: str
    ) -> None:
        make_user(Role.SALES, locale=locale, name="Elena Riva")
        quote = LETTERS[task](make_user(locale=locale))
        db.session.commit()

        letter = _run(task)

        text = letter.get_body(("plain",)).get_content()
        html = letter.get_body(("html",)).get_content()
        assert quote.reference in letter["Subject"] + text
        assert f"/preventivi/{quote.reference}" in text
        assert f"/preventivi/{quote.reference}" in html
        assert "<& pace>" not in html
        assert "&lt;" not in text
        assert letter["Content-Language"] == locale

    @pytest.mark.parametrize("task", LETTERS)
    def test_every_ground_has_its_colour_twice_and_every_picture_is_within(
        self, app: Flask, task: str
    ) -> None:
        """Mail programs that drop styles read `bgcolor`; those that darken need both the same."""
        make_user(Role.SALES)
        LETTERS[task](make_user())
        db.session.commit()

        letter = _run(task)

        html = letter.get_body(("html",)).get_content()
        within = {str(part["Content-ID"]).strip("<>") for part in letter.walk()}
        grounds = re.findall(r'bgcolor="(#\w{6})"[^>]*background-color:(#\w{6})', html)
        assert len(grounds) == html.count("bgcolor=") == html.count("background-color:") - 1
        assert all(one == other for one, other in grounds)
        assert set(re.findall(r'src="cid:([^"]+)"', html)) <= within
        assert html.count("<img ") == html.count(' alt="') >= 1
        assert len(html) < 100_000

    def test_every_job_a_quote_can_owe_has_its_letter_here(self, app: Flask) -> None:
        mine = {name for name in outbox.HANDLERS if name.startswith("quotes.")}

        assert mine - {"quotes.render_and_send", "quotes.pack_offers"} == set(LETTERS)

    def test_the_offer_carries_the_stored_file(self, app: Flask) -> None:
        quote = make_offer()

        letter = _run("quotes.mail_offer")

        attached = next(letter.iter_attachments())
        assert attached.get_filename() == f"Offerta-{quote.reference}-rev1.pdf"
        assert attached.get_content().startswith(b"%PDF")

    def test_the_offer_shows_the_box_and_says_all_in_both_parts(self, app: Flask) -> None:
        sales = make_user(Role.SALES, name="Elena Riva", phone="02 1234 5678")
        quote = make_offer(make_user(), sales)
        offer = queries.find_offer(quote.id)

        letter = _run("quotes.mail_offer")

        html = unescape(letter.get_body(("html",)).get_content())
        text = letter.get_body(("plain",)).get_content()
        box = next(part for part in letter.walk() if part.get_filename() == "box.png")
        assert f'src="cid:{box["Content-ID"].strip("<>")}"' in html
        assert "La scatola del cesto" in html
        assert len(box.get_content()) <= 60_000
        assert letter["Reply-To"] == sales.email
        for said in (
            date_weekday(offer.delivery_on),
            "martedì 17 novembre",
            "1 ora retribuita in 1 laboratorio, stima",
            "il messaggio arriva a Elena Riva e resta lì",
            "02 1234 5678",
            sales.email,
            f"/preventivi/{quote.reference}",
        ):
            assert said in html, said
            assert said in text, said

    def test_the_offer_counts_its_hampers_in_the_subject(self, app: Flask) -> None:
        user = make_user()
        quote = request(user, [make_composition(user, quantity=1)])
        send(quote, make_user(Role.SALES))

        assert "un cesto a" in _run("quotes.mail_offer")["Subject"]

    def test_who_owns_the_quote_is_written_to_alone(self, app: Flask) -> None:
        others = make_user(Role.SALES), make_user(Role.SALES_MANAGER)
        quote = make_request()
        owner = make_user(Role.SALES)
        service.assign(quote, owner_id=owner.id, actor_id=owner.id, now=NOW)
        db.session.commit()

        _run("quotes.notify_sales_of_request")

        recipients = set(db.session.scalars(sa.select(MailLogEntry.recipient)))
        assert recipients == {owner.email}
        assert not recipients & {person.email for person in others}

    def test_a_quote_of_nobody_is_told_to_all_of_sales(self, app: Flask) -> None:
        people = [make_user(Role.SALES), make_user(Role.SALES_MANAGER)]
        make_user(Role.ACCOUNTING)
        make_request()

        _run("quotes.notify_sales_of_request")

        recipients = set(db.session.scalars(sa.select(MailLogEntry.recipient)))
        assert recipients == {person.email for person in people}

    def test_a_reminder_of_an_offer_that_is_over_is_not_sent(self, app: Flask) -> None:
        user = make_user()
        quote = _remind(user)
        service.decline(quote, revision_number=1, actor_id=user.id, reason="No", now=NOW)
        db.session.commit()
        message = db.session.scalars(
            sa.select(OutboxMessage).where(OutboxMessage.task == "quotes.mail_reminder")
        ).one()

        tasks.mail_reminder(**message.payload, now=NOW)

        assert db.session.scalar(sa.select(sa.func.count(MailLogEntry.id))) == 0
