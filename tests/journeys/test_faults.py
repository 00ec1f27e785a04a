"""A worker killed in the middle of an offer: after a restart, one PDF and one letter."""

import signal
import time
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta

import psutil
import pytest

import config
from gifting.core.roles import Role
from gifting.platform import clock
from gifting.platform.db import db
from gifting.platform.uow import transaction
from gifting.quotes import service
from gifting.web.app import create_app
from tests.support.accounts import make_user
from tests.support.quotes import make_request, prepare
from tests.support.running import Product, start

pytestmark = pytest.mark.xdist_group("journeys")

ATTEMPTS = 6
RELAY_SECONDS = 45


@pytest.fixture
def instance(tmp_path):
    return tmp_path / "instance"


@contextmanager
def app_over(product: Product):
    """Be in the application over the product's own database and broker."""
    app = create_app(
        replace(
            config.load({"GIFTING_INSTANCE": str(product.instance)}),
            database_url=product.database_uri.replace("postgresql:", "postgresql+psycopg:"),
            redis_url=(product.instance / "valkey.url").read_text(),
        )
    )
    with app.app_context():
        yield
        db.session.remove()
        db.engine.dispose()


def ask_for_an_offer() -> tuple[int, str]:
    """Request, prepare and send a quote; a worker is woken. Return its id and the buyer."""
    now = clock.now()
    buyer = make_user(Role.BUYER)
    quote = make_request(buyer, now=now)
    draft = prepare(quote, make_user(Role.SALES), now=now)
    with transaction():
        draft.valid_until = clock.today() + timedelta(days=15)
        service.request_send(quote, actor_id=buyer.id, now=now)
    return quote.id, buyer.email


def kill_in_the_middle(product: Product, quote_id: int) -> bool:
    """Freeze the workers while they hold the job and kill them; tell whether it was in time."""
    job = (
        "SELECT id FROM outbox_message WHERE task = 'quotes.render_and_send' "
        "AND (payload->>'record_id')::int = %s AND done_at IS NULL"
    )
    workers = product.children("celery_app worker")
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and not product.ask(
        f"{job} AND leased_until IS NOT NULL", quote_id
    ):
        time.sleep(0.002)
    for worker in workers:
        with suppress(psutil.NoSuchProcess):
            worker.send_signal(signal.SIGSTOP)
    if not product.ask(job, quote_id):
        for worker in workers:
            worker.send_signal(signal.SIGCONT)
        return False
    for worker in workers:
        with suppress(psutil.NoSuchProcess):
            worker.kill()
    return True


class TestWorkerKilled:
    def test_leaves_one_pdf_and_one_letter_after_a_restart(self, instance):
        product = start(instance)
        try:
            with app_over(product):
                quote_id, buyer = self.kill_once(product)
            sent = "SELECT state FROM quote WHERE id = %s AND state = 'sent'"
            assert product.ask(sent, quote_id) == []
        finally:
            product.stop()

        product = start(instance)
        try:
            # four minutes pass: the dead worker's lease is over
            product.ask(
                "UPDATE outbox_message SET leased_until = now() WHERE done_at IS NULL RETURNING id"
            )
            product.wait_for(sent, quote_id, seconds=RELAY_SECONDS)
            letters = (
                "SELECT key FROM mail_log WHERE recipient = %s AND key LIKE 'quotes.mail_offer%%'"
            )
            product.wait_for(letters, buyer, seconds=RELAY_SECONDS)

            papers = product.ask(
                "SELECT kind, revision FROM stored_document WHERE subject = %s",
                f"quote:{quote_id}",
            )
            assert papers == [("offer", 1)]
            assert len(product.ask(letters, buyer)) == 1
            files = [path for path in (instance / "mail").glob("*.eml") if holds(path, buyer)]
            assert len([path for path in files if b"application/pdf" in path.read_bytes()]) == 1
            assert list((instance / "files").rglob("*.part")) == []
        finally:
            product.stop()

    def kill_once(self, product):
        for _ in range(ATTEMPTS):
            quote_id, buyer = ask_for_an_offer()
            if kill_in_the_middle(product, quote_id):
                return quote_id, buyer
        pytest.fail("every offer was finished before the workers could be stopped")


def holds(path, address):
    return f"To: {address}".encode() in path.read_bytes()
