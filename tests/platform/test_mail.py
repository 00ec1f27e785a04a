from dataclasses import replace
from email import message_from_bytes, policy

import jinja2
import pytest
import sqlalchemy as sa

from gifting.platform import mail
from gifting.platform.db import db
from gifting.platform.failures import (
    MailDeferred,
    MailLoginRefused,
    MailRefused,
    MailServerAway,
)
from gifting.platform.models import MailLogEntry
from gifting.platform.pictures import Picture, logo
from gifting.platform.uow import transaction
from tests.conftest import NOW
from tests.support.smtp import smtp_server

TEMPLATES = {
    "mail/hello.subject.txt": "Ciao {{ name }}\n",
    "mail/hello.txt": "Ciao {{ name }}, costa 3 €.",
    "mail/hello.html": (
        '<p>Ciao <b>{{ name }}</b></p><img src="cid:{{ pictures.logo.cid }}">'
        '{% if pictures.box %}<img src="cid:{{ pictures.box.cid }}">{% endif %}'
    ),
}


@pytest.fixture
def templates(app, monkeypatch):
    monkeypatch.setattr(app.jinja_env, "loader", jinja2.DictLoader(TEMPLATES))


def send(key="hello:1", name="Chiara"):
    with transaction():
        send_one(key=key, name=name)


def send_one(key, name="Chiara", **more):
    mail.send(
        "hello",
        to="chiara@example.com",
        locale="it",
        key=key,
        now=NOW,
        attachments=(mail.Attachment("offerta.pdf", b"%PDF-1.7"),),
        name=name,
        **more,
    )


def kept(app):
    return [
        message_from_bytes(path.read_bytes(), policy=policy.default)
        for path in sorted(mail.mail_folder().glob("*.eml"))
    ]


@pytest.fixture(autouse=True)
def empty_folder(app):
    for path in mail.mail_folder().glob("*.eml"):
        path.unlink()


@pytest.mark.usefixtures("templates")
class TestSend:
    def test_writes_text_html_and_attachment(self, app):
        send()

        (letter,) = kept(app)
        assert letter["Subject"] == "Ciao Chiara"
        assert letter["To"] == "chiara@example.com"
        assert letter.get_body(("plain",)).get_content().strip() == "Ciao Chiara, costa 3 €."
        assert "<b>Chiara</b>" in letter.get_body(("html",)).get_content()
        assert [part.get_filename() for part in letter.iter_attachments()] == ["offerta.pdf"]

    def test_carries_its_pictures_beside_the_html_that_shows_them(self, app):
        box = Picture(b"\x89PNG box", 380, 340)
        with transaction():
            send_one(key="hello:1", pictures={"box": box})

        (letter,) = kept(app)
        html = letter.get_body(("html",)).get_content()
        related = next(p for p in letter.walk() if p.get_content_type() == "multipart/related")
        ids = [part["Content-ID"].strip("<>") for part in related.iter_attachments()]
        assert [f"cid:{name}" in html for name in ids] == [True, True]
        assert ids == [logo().cid, box.cid]
        assert [part.get_filename() for part in letter.iter_attachments()] == ["offerta.pdf"]

    def test_says_whom_an_answer_goes_to(self, app):
        with transaction():
            send_one(key="hello:1", reply_to="elena@example.com")
            send_one(key="hello:2")

        assert sorted(str(letter["Reply-To"]) for letter in kept(app)) == [
            "None",
            "elena@example.com",
        ]

    def test_escapes_what_people_type(self, app):
        send(name="<script>")

        (letter,) = kept(app)
        assert "&lt;script&gt;" in letter.get_body(("html",)).get_content()

    def test_a_line_break_in_a_name_adds_no_header(self, app):
        send(name="Chiara\nBcc: eve@example.com")

        (letter,) = kept(app)
        assert letter["Bcc"] is None
        assert letter["Subject"] == "Ciao Chiara Bcc: eve@example.com"

    def test_sends_a_key_once(self, app):
        send()
        send()

        assert len(kept(app)) == 1
        assert db.session.scalar(sa.select(sa.func.count(MailLogEntry.id))) == 1

    def test_a_letter_repeated_after_a_crash_is_the_same_letter(self, app):
        send()
        first = kept(app)[0]["Message-ID"]
        with transaction():  # the crash: the row of the log was never committed
            db.session.execute(sa.delete(MailLogEntry))
        send()

        assert [letter["Message-ID"] for letter in kept(app)] == [first]

    def test_a_letter_that_left_stays_sent_when_a_later_one_fails(self, app, monkeypatch):
        with smtp_server() as (url, letters):
            named = replace(app.config["SETTINGS"], smtp_url=url)
            monkeypatch.setitem(app.config, "SETTINGS", named)
            with pytest.raises(ZeroDivisionError), transaction():
                send_one(key="to:1")
                raise ZeroDivisionError  # the letter to the second reader did not leave
            with transaction():  # the job runs again
                send_one(key="to:1")
                send_one(key="to:2")

        assert len(letters) == 2

    def test_leaves_by_smtp_when_a_server_is_named(self, app, monkeypatch):
        with smtp_server() as (url, letters):
            named = replace(app.config["SETTINGS"], smtp_url=url)
            monkeypatch.setitem(app.config, "SETTINGS", named)
            send()

        assert [letter["Subject"] for letter in letters] == ["Ciao Chiara"]
        assert letters[0].get_body(("plain",)).get_content().strip() == "Ciao Chiara, costa 3 €."
        assert kept(app) == []

    def test_is_not_logged_when_the_server_refuses(self, app, monkeypatch):
        nobody = replace(app.config["SETTINGS"], smtp_url="smtp://127.0.0.1:1")
        monkeypatch.setitem(app.config, "SETTINGS", nobody)

        with pytest.raises(MailServerAway):
            send()

        assert db.session.scalar(sa.select(sa.func.count(MailLogEntry.id))) == 0


class TestFailures:
    @pytest.mark.parametrize(
        ("reply", "failure"),
        [
            ({"RCPT": "550 5.1.1 no such mailbox"}, MailRefused),
            ({"RCPT": "451 4.7.1 try again later"}, MailDeferred),
            ({"DATA": "554 5.6.0 not this content"}, MailRefused),
            ({"DATA": "452 4.3.1 no room"}, MailDeferred),
            ({"MAIL": "530 5.7.0 who are you"}, MailRefused),
        ],
    )
    def test_have_the_name_of_what_they_mean(self, app, monkeypatch, templates, reply, failure):
        with smtp_server(replies=reply) as (url, letters):
            named = replace(app.config["SETTINGS"], smtp_url=url)
            monkeypatch.setitem(app.config, "SETTINGS", named)
            with pytest.raises(failure, match=next(iter(reply.values()))[:3]):
                send()

        assert letters == []
        assert db.session.scalar(sa.select(sa.func.count(MailLogEntry.id))) == 0

    def test_a_login_that_is_refused(self, app, monkeypatch, templates):
        with smtp_server() as (url, _letters):  # it knows nobody
            named = replace(app.config["SETTINGS"], smtp_url=url.replace("//", "//who:secret@"))
            monkeypatch.setitem(app.config, "SETTINGS", named)
            with pytest.raises((MailLoginRefused, MailServerAway)):
                send()

    def test_a_server_that_takes_the_letter_and_will_not_say_goodbye_has_it(
        self, app, monkeypatch, templates
    ):
        """A refused QUIT once counted as a failure, and the letter left again."""
        with smtp_server(replies={"QUIT": "451 stay"}) as (url, letters):
            named = replace(app.config["SETTINGS"], smtp_url=url)
            monkeypatch.setitem(app.config, "SETTINGS", named)
            send()
            send()

        assert len(letters) == 1


class TestSendEach:
    def test_writes_to_the_others_when_one_is_refused(self):
        written = []

        def refuse():
            raise MailRefused("550 nobody")

        with pytest.raises(MailRefused, match="nobody"):
            mail.send_each([lambda: written.append(1), refuse, lambda: written.append(3)])

        assert written == [1, 3]
