"""Whoever loses access leaves their work to the company, and their letters to who stands in."""

import pytest
import sqlalchemy as sa

from gifting.accounts.queries.people import NobodyLeft, find_reader
from gifting.accounts.service.people import remove
from gifting.core.roles import Role
from gifting.hampers.models import Hamper
from gifting.platform import outbox, pdf
from gifting.platform.db import db
from gifting.platform.models import EventLogEntry, MailLogEntry, OutboxMessage
from gifting.quotes.service import request_send
from tests.conftest import NOW
from tests.support.accounts import make_user, sign_in
from tests.support.catalogue import make_product
from tests.support.hampers import make_hamper
from tests.support.orders import make_accepted_order, make_invoice
from tests.support.quotes import VALID_UNTIL, make_offer, make_request, prepare


@pytest.fixture
def lucia(app):
    return make_user(Role.BUYER, name="Lucia Marini")


@pytest.fixture
def chiara(lucia):
    return make_user(
        Role.APPROVER, name="Chiara Fontana", company_id=lucia.company_id, is_company_admin=True
    )


@pytest.fixture
def papers(monkeypatch):
    monkeypatch.setattr(pdf, "render", lambda *_args, **_kwargs: b"%PDF")


def leave(user, manager) -> None:
    remove(user.id, company_id=user.company_id, actor_id=manager.id, now=NOW)
    db.session.commit()


def run(task: str) -> list[str]:
    """Run the job owed and return whom it wrote to."""
    message = db.session.scalars(sa.select(OutboxMessage).where(OutboxMessage.task == task)).one()
    before = db.session.scalar(sa.select(sa.func.count(MailLogEntry.id)))
    outbox.HANDLERS[task](**message.payload, now=NOW)
    db.session.commit()
    query = sa.select(MailLogEntry.recipient).order_by(MailLogEntry.id).offset(before)
    return list(db.session.scalars(query))


class TestTheirWork:
    def test_private_hampers_become_their_colleagues(self, client, lucia, chiara):
        hamper = make_hamper(make_product(), owner=lucia)
        sign_in(client, chiara)
        assert client.get(f"/cesti/{hamper.key}").status_code == 404

        client.post(f"/persone/{lucia.id}/togli")

        assert client.get(f"/cesti/{hamper.key}").status_code == 200
        assert db.session.get_one(Hamper, hamper.id).is_shared

    @pytest.mark.parametrize("is_shared", [True, False])
    def test_hampers_go_to_who_shuts_them_out_and_may_be_deleted(
        self, client, lucia, chiara, is_shared
    ):
        hamper = make_hamper(make_product(), owner=lucia, is_shared=is_shared)
        sign_in(client, chiara)
        assert "i suoi cesti passano a te" in client.get(f"/persone/{lucia.id}/togli").text

        client.post(f"/persone/{lucia.id}/togli")
        answer = client.post(f"/cesti/{hamper.key}", data={"delete": "1"})

        assert answer.status_code == 303
        db.session.expire_all()
        assert db.session.get_one(Hamper, hamper.id).deleted_at == NOW

    def test_of_who_leaves_by_themselves_go_to_who_manages_the_company(self, client, lucia, chiara):
        anna = make_user(Role.BUYER, company_id=lucia.company_id, is_company_admin=True)
        hamper = make_hamper(make_product(), owner=anna)
        sign_in(client, anna)
        assert "i tuoi cesti passano a chi è responsabile" in (
            client.get(f"/persone/{anna.id}/togli").text
        )

        client.post(f"/persone/{anna.id}/togli")

        db.session.expire_all()
        assert db.session.get_one(Hamper, hamper.id).owner_id == chiara.id

    def test_the_hampers_history_says_whose_they_were(self, lucia, chiara):
        hamper = make_hamper(make_product(), owner=lucia)

        leave(lucia, chiara)

        entry = db.session.scalars(
            sa.select(EventLogEntry).where(EventLogEntry.subject == f"hamper:{hamper.id}")
        ).one()
        assert (entry.action, entry.data) == ("leave", {"from": lucia.id, "to": chiara.id})

    def test_nobody_elses_hampers_are_shared_by_it(self, lucia, chiara):
        mine = make_hamper(make_product(), owner=chiara)

        leave(lucia, chiara)

        assert not db.session.get_one(Hamper, mine.id).is_shared

    def test_quotes_still_name_them(self, client, lucia, chiara):
        quote = make_request(lucia)
        leave(lucia, chiara)
        sign_in(client, chiara)
        assert client.get(f"/preventivi/{quote.reference}").status_code == 200

        sign_in(client, make_user(Role.SALES))
        assert "Lucia Marini" in client.get(f"/ufficio/preventivi/{quote.reference}").text


class TestTheirLetters:
    def test_an_offer_goes_to_who_manages_the_company(self, lucia, chiara):
        make_user(Role.BUYER, company_id=lucia.company_id)
        make_offer(lucia)
        leave(lucia, chiara)

        assert run("quotes.mail_offer") == [chiara.email]

    def test_the_paper_names_who_can_be_reached(self, lucia, chiara, monkeypatch):
        shown = []
        monkeypatch.setattr(
            pdf, "render", lambda _name, paper, **_kwargs: shown.append(paper) or b"%PDF"
        )
        quote = make_request(lucia)
        sales = make_user(Role.SALES)
        draft = prepare(quote, sales)
        draft.valid_until = VALID_UNTIL
        request_send(quote, actor_id=sales.id, now=NOW)
        leave(lucia, chiara)

        run("quotes.render_and_send")

        assert (shown[0].contact_name, shown[0].buyer.email) == ("Chiara Fontana", chiara.email)

    def test_so_does_the_confirmation_of_an_order(self, lucia, chiara, papers):
        make_accepted_order(lucia)
        leave(lucia, chiara)

        assert run("orders.mail_confirmation") == [chiara.email]

    def test_and_an_invoice_beside_finance(self, lucia, chiara, papers):
        make_invoice(lucia)
        finance = make_user(Role.FINANCE, company_id=lucia.company_id)
        leave(lucia, chiara)

        assert run("billing.mail_invoice") == [chiara.email, finance.email]

    def test_a_letter_that_nobody_is_left_to_read_stays_owed(self, lucia):
        make_offer(lucia)
        lucia.is_active = False
        db.session.commit()

        with pytest.raises(NobodyLeft):
            run("quotes.mail_offer")


class TestFindReader:
    def test_is_the_person_while_they_may_enter(self, lucia, chiara):
        assert find_reader(lucia.id, company_id=lucia.company_id).id == lucia.id

    def test_is_a_buyer_where_nobody_manages(self, lucia):
        make_user(Role.FINANCE, company_id=lucia.company_id)
        davide = make_user(Role.BUYER, company_id=lucia.company_id)
        lucia.is_active = False
        db.session.commit()

        assert find_reader(lucia.id, company_id=lucia.company_id).id == davide.id

    def test_is_never_somebody_of_another_company(self, lucia):
        make_user(Role.BUYER, is_company_admin=True)
        lucia.is_active = False
        db.session.commit()

        assert find_reader(lucia.id, company_id=lucia.company_id) is None
