"""A mail server that can be wicked: it refuses, dawdles, or hangs up when the letter is there."""

import asyncio
import re
import warnings
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from gifting.platform.embedded import free_port

with warnings.catch_warnings():  # it mentions asyncio functions that are going away
    warnings.simplefilter("ignore")
    from aiosmtpd.controller import Controller

OK = "250 OK"
_MESSAGE_ID = re.compile(rb"^Message-ID:\s*(<[^>]+>)", re.IGNORECASE | re.MULTILINE)


class PostOffice:
    """Takes letters and counts them by Message-ID.

    `temper` says how it behaves: "kind", "later" (451 to every recipient), "never" (550 to the
    recipients in `unknown`), "slow" (many seconds for each answer), "drops" (takes the letter and
    hangs up without a word, `drops_left` times).
    """

    def __init__(self) -> None:
        self.temper = "kind"
        self.unknown: set[str] = set()
        self.drops_left = 0
        self.seconds = 0.0
        self.received: Counter[str] = Counter()
        self.url = ""

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if self.temper == "slow":
            await asyncio.sleep(self.seconds)
        if self.temper == "later":
            return "451 4.7.1 come back later"
        if self.temper == "never" and address in self.unknown:
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return OK

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        found = _MESSAGE_ID.search(envelope.content)
        self.received[found[1].decode() if found else ""] += 1
        if self.temper == "drops" and self.drops_left:
            self.drops_left -= 1
            server.transport.abort()
        return OK

    @property
    def repeated(self) -> int:
        """How often a letter came again, under the Message-ID it had."""
        return sum(self.received.values()) - len(self.received)


@contextmanager
def post_office() -> Iterator[PostOffice]:
    """Run it on a free port of this machine."""
    office = PostOffice()
    port = free_port()
    controller = Controller(office, hostname="127.0.0.1", port=port)
    controller.start()
    office.url = f"smtp://127.0.0.1:{port}"
    try:
        yield office
    finally:
        controller.stop()
