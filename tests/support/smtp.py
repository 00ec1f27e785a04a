"""A real SMTP server on this machine that keeps what it is given."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage

from gifting.platform.embedded import free_port

with warnings.catch_warnings():  # it mentions asyncio functions that are going away
    warnings.simplefilter("ignore")
    from aiosmtpd.controller import Controller


class Keeper:
    """Keep every letter, unless told to answer a command otherwise: {"RCPT": "550 nobody"}."""

    def __init__(self, replies: dict[str, str]) -> None:
        self.replies = replies
        self.letters: list[EmailMessage] = []

    async def handle_MAIL(self, server, session, envelope, address, options) -> str:  # noqa: N802
        if reply := self.replies.get("MAIL"):
            return reply
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options) -> str:  # noqa: N802
        if reply := self.replies.get("RCPT"):
            return reply
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802 - its name there
        if reply := self.replies.get("DATA"):
            return reply
        self.letters.append(
            message_from_bytes(envelope.content, EmailMessage, policy=policy.default)
        )
        return "250 OK"

    async def handle_QUIT(self, server, session, envelope) -> str:  # noqa: N802
        return self.replies.get("QUIT", "221 Bye")


@contextmanager
def smtp_server(
    replies: dict[str, str] | None = None,
) -> Iterator[tuple[str, list[EmailMessage]]]:
    """Run a server on a free port; yield its address and the list its letters go to."""
    keeper = Keeper(replies or {})
    port = free_port()
    controller = Controller(keeper, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield f"smtp://127.0.0.1:{port}", keeper.letters
    finally:
        controller.stop()
