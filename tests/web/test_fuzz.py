"""Whatever a browser sends, no page breaks, leaks, echoes or leads away.

Every route of the url map is asked with methods, addresses, fields, files, bodies, headers and
cookies that hypothesis makes up, most of them of the right shape with something wrong in one place.
`make test` makes a small run, always the same; `make fuzz` a larger one, other each time, and
prints its sums.
"""

import os
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from werkzeug.routing import AnyConverter, Rule

from gifting.accounts.models import LinkPurpose, User
from gifting.accounts.service import factors, links, second_step
from gifting.accounts.tasks import CONFIRM_EMAIL, INVITATION
from gifting.core.roles import COMPANY, Role
from gifting.hampers.models import Hamper
from gifting.platform import tokens
from gifting.platform.db import db
from tests.architecture.test_access import World
from tests.conftest import NOW
from tests.support.accounts import make_factor, make_user, sign_in
from tests.support.catalogue import make_extra
from tests.support.fuzzing import HUGE, MARKER, Asked, Form, Reader, Target, requests
from tests.support.hampers import VISITOR_KEY, make_hamper
from tests.support.quotes import make_offer, make_request, prepare

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "0"))
"""Requests for each seat of a large run; 0 is the small one."""
VISITOR, HALFWAY, ENROLLING = "visitor", "halfway", "enrolling"
"""Nobody; who owes the code of a second step; who must set one up before coming in."""
EVERYBODY = (VISITOR, HALFWAY, ENROLLING, *Role)
SEATS = EVERYBODY if EXAMPLES else (VISITOR, HALFWAY, Role.BUYER, Role.ADMINISTRATOR)
RUN = settings(
    max_examples=EXAMPLES or 250,
    derandomize=not EXAMPLES,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
SUMS: dict[str, Counter[int]] = defaultdict(Counter)
"""What was asked in this run, by endpoint, and how it was answered."""


@pytest.fixture(scope="module", autouse=True)
def summary() -> Iterator[None]:
    """Print the sums of a large run."""
    yield
    if not EXAMPLES:
        return
    lines = dict(sorted(SUMS.items())) | {"all": sum(SUMS.values(), Counter())}
    width = max(map(len, lines))
    for endpoint, counted in lines.items():
        shown = "  ".join(f"{status}×{times}" for status, times in sorted(counted.items()))
        sys.stdout.write(f"\n{endpoint:{width}} {counted.total():6}  {shown}")


class WideWorld(World):
    """One of everything, quotes in the states that have forms, and links that work."""

    def __init__(self) -> None:
        super().__init__()
        make_extra()
        sales = make_user(Role.ADMINISTRATOR)
        requested, offered = make_request(self.buyer), make_offer(self.buyer, sales)
        draft = make_request(self.buyer)
        prepare(draft, sales)
        self.references = [record.reference for record in (requested, offered, draft)]
        db.session.execute(sa.update(Hamper).values(is_shared=True))
        self.keys = [self.hamper.key, make_hamper(self.product).key]
        newcomer = make_user(email_confirmed_at=None)
        invitation = tokens.sign(INVITATION, [self.invitation_id, 1])
        self.tokens = {
            "accounts.confirm_email": [tokens.sign(CONFIRM_EMAIL, [newcomer.id, newcomer.email])],
            "accounts.invitation": [invitation],
            "accounts.ask_invitation_again": [invitation],
            "accounts.follow_link": [_link(self.buyer, purpose) for purpose in LinkPurpose],
        }
        db.session.commit()

    def variants(self, rule: Rule) -> list[dict[str, Any]]:
        """Fill the variables of a rule in every way that leads to another page."""
        values = self.values(rule.endpoint)
        for name in rule.arguments - values.keys():
            converter = rule._converters[name]
            values[name] = min(converter.items) if isinstance(converter, AnyConverter) else 1
        several = {"key": self.keys, "token": self.tokens.get(rule.endpoint, [])}
        if rule.endpoint.startswith("quotes."):
            several["reference"] = self.references
        others = [
            values | {name: other} for name in rule.arguments for other in several.get(name, [])
        ]
        return [values, *others]


def _link(person: User, purpose: LinkPurpose) -> str:
    email = f"{purpose}@example.com"
    return links.make_link(person.id, purpose, letter=f"fuzz-{purpose}", email=email, now=NOW)


def person_of(world: World, seat: str) -> User:
    """Return who sits there: of companies the world's, whose people the buyer manages."""
    role = seat if isinstance(seat, Role) else Role.BUYER
    company = {"company_id": world.buyer.company_id} if role in COMPANY else {}
    person = make_user(role, is_company_admin=role is Role.BUYER, **company)
    if seat is ENROLLING:
        factors.prepare(person.id)
    else:
        make_factor(person)
    db.session.commit()
    return person


def sit_down(client: Any, seat: str, person: User) -> None:
    """Put the browser where this seat is, whatever an earlier request has made of it."""
    with client.session_transaction() as session:
        session.clear()
        session["visitor"] = VISITOR_KEY
        session["quote_received"] = "P-2026-0001"
        if seat in {HALFWAY, ENROLLING}:
            session["halfway"] = second_step.begin(
                person.id, is_remembered=True, is_by_mail=False, now=NOW
            )
    if isinstance(seat, Role):
        sign_in(client, person)


def find_targets(app: Any, world: WideWorld, ask: Any) -> list[Target]:
    """List what this browser can be made to send: each rule as it is meant, and every form."""
    adapter = app.url_map.bind("127.0.0.1:8000")
    found: dict[Any, Target] = {}
    for rule in app.url_map.iter_rules():
        for values in world.variants(rule):
            path = adapter.build(rule.endpoint, values, append_unknown=False)
            for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
                Asked.names.clear()
                page = ask(path=path, method=method)
                form = Form(method, path, tuple((name, "") for name in sorted(Asked.names)))
                found[method, path] = Target(rule.endpoint, rule.rule, form)
                for sent in Reader(page.text, path).forms if page.mimetype == "text/html" else []:
                    address = urlsplit(sent.action).path
                    to, _values = adapter.match(address, sent.method, return_rule=True)
                    names = tuple(name for name, _text in sent.values)
                    found[sent.method, sent.action, names] = Target(to.endpoint, to.rule, sent)
    return list(found.values())


def troubles_of(answer: Any) -> list[str]:
    """Say what is wrong with an answer, whatever was asked."""
    found = []
    text = answer.get_data().decode(errors="replace")  # of a picture too: it may be an error's
    if answer.status_code >= 500:
        found.append("it broke")
    if "Traceback (most recent call last)" in text or "sqlalchemy" in text.lower():
        found.append("it shows its insides")
    if answer.mimetype == "text/html" and MARKER in text:
        found.append("it echoes what was sent")
    target = urlsplit(answer.headers.get("Location", ""))
    if target.netloc not in {"", "127.0.0.1:8000"} or target.path.startswith(("//", "/\\")):
        found.append("it leads away")
    if any("\n" in value for value in answer.headers.values()):
        found.append("its headers are split")
    return found


class TestPages:
    @pytest.mark.parametrize("seat", SEATS)
    def test_never_break_whatever_is_sent(self, app, client, monkeypatch, seat):
        world = WideWorld()
        person = person_of(world, seat)
        monkeypatch.setattr(db.session, "commit", db.session.flush)  # each finds the same world
        monkeypatch.setattr(app.request_class, "parameter_storage_class", Asked)

        def ask(**sent):
            """Ask from this seat, and undo what it has done."""
            sit_down(client, seat, person)
            for name, value in sent.pop("cookies", {}).items():
                client.set_cookie(name, value)
            try:
                answer = client.open(**sent, buffered=True)
                assert troubles_of(answer) == [], sent
            finally:
                for name in cookies:
                    client.delete_cookie(name)
                db.session.rollback()
            return answer

        own = app.config["SESSION_COOKIE_NAME"]
        cookies = (own, f"{own}-device", f"{own}-trusted")
        targets = find_targets(app, world, ask)
        asked = {target.endpoint for target in targets}
        if seat in {HALFWAY, ENROLLING}:  # elsewhere they are visitors
            targets = [target for target in targets if target.endpoint.startswith("accounts.")]

        @RUN
        @given(requests(targets, cookies))
        def ask_strangely(request):
            answer = ask(**request.sent, cookies=request.cookies)
            SUMS[request.endpoint][answer.status_code] += 1

        ask_strangely()
        assert asked >= {rule.endpoint for rule in app.url_map.iter_rules()}

    def test_the_judge_knows_a_bad_answer(self, app):
        """Without it every run would pass."""
        page = app.response_class(f"{MARKER} Traceback (most recent call last)", 500)
        page.headers["Content-Type"] = "text/html"
        page.headers["Location"] = "//evil.example/"

        assert len(troubles_of(page)) == 4


class TestOneRequest:
    """What a run once found, by name."""

    @pytest.mark.parametrize("path", ["/preventivi?prima=", "/ordini?prima=", "/fatture?anno="])
    def test_reads_a_number_that_no_row_has_as_none(self, client, path):
        sign_in(client, make_user())

        assert client.get(path + HUGE).status_code == 200

    def test_is_not_found_under_a_number_that_no_row_has(self, client):
        sign_in(client, make_user())

        assert client.get(f"/documenti/{HUGE}").status_code == 404
        assert client.get(f"/documenti/{'9' * 900}").status_code == 404

    def test_is_refused_with_text_that_the_database_cannot_keep(self, client):
        answers = [
            client.get("/prodotti?q=a%00b"),
            client.get("/prodotti/a%00b"),
            client.post("/accedi", data={"email": "a\x00@example.com", "password": "p"}),
        ]

        assert [answer.status_code for answer in answers] == [400, 400, 400]

    def test_under_a_strange_name_and_wrong_otherwise_still_has_a_page(self, client):
        answer = client.get("/prodotti?q=%00", headers={"Host": "evil.example"})

        assert answer.status_code == 400
        assert "Questo nome non è il nostro" in answer.text
