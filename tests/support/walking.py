"""A person with a browser: what they see, click and find in their mail."""

import gettext
import re
import time
from email import message_from_bytes, policy
from email.message import EmailMessage

from playwright.sync_api import Browser, ConsoleMessage, Page, Response

from tests.support.running import ROOT, Product

PASSWORDS = {
    "meridiana.example": "panettone e taralli",
    "vialedeimille.example": "nastro e carta velina",
}


class Person:
    """Someone at a browser of their own. Every error of a page or its console is remembered."""

    def __init__(
        self,
        browser: Browser,
        product: Product,
        *,
        language: str = "it",
        width: int = 1440,
        javascript: bool = True,
    ) -> None:
        self.product = product
        self.troubles: list[str] = []
        self.language = language
        self.words = gettext.translation("messages", ROOT / "translations", [language])
        self._context = browser.new_context(
            base_url=product.address,
            locale={"it": "it-IT", "en": "en-GB"}[language],
            viewport={"width": width, "height": 900},
            java_script_enabled=javascript,
            accept_downloads=True,
        )
        self.page: Page = self._context.new_page()
        self.page.set_default_timeout(15_000)
        self.page.on("console", self._listen)
        self.page.on("pageerror", lambda error: self.troubles.append(str(error)))
        self.page.on("response", self._judge)

    def _listen(self, message: ConsoleMessage) -> None:
        if message.type == "error" and "status of 4" not in message.text:
            self.troubles.append(message.text)

    def _judge(self, response: Response) -> None:
        if response.status >= 500:
            self.troubles.append(f"{response.status} {response.url}")

    def sign_in(self, email: str, password: str | None = None) -> None:
        """Sign in with a sample login, or with one's own password."""
        self.page.goto("/accedi")
        self.page.locator("input[type=email]").fill(email)
        self.page.locator("input[type=password]").fill(
            password or PASSWORDS[email.partition("@")[2]]
        )
        self.page.locator("input[type=password]").press("Enter")
        self.page.wait_for_url(lambda url: "/accedi" not in url)

    def say(self, words: str) -> str:
        """Return the product's own Italian words in this person's language."""
        return self.words.gettext(words)

    def click(self, words: str, role: str = "button") -> None:
        """Press the first button or link of that name, and wait for what it brings."""
        self.page.get_by_role(role, name=self.say(words)).first.click()  # type: ignore[arg-type]
        self.page.wait_for_load_state("networkidle")

    def fill(self, label: str, text: str) -> None:
        """Type into the last field of that label."""
        field = self.page.get_by_label(re.compile(f"^{re.escape(self.say(label))}")).last
        field.fill(text)

    def check(self, label: str) -> None:
        """Tick the box of that label."""
        self.page.get_by_label(re.compile(re.escape(self.say(label)))).first.check()
        self.page.wait_for_load_state("networkidle")

    def text(self) -> str:
        """All that the page says, with plain spaces."""
        return self.page.locator("body").inner_text().replace("\u00a0", " ")

    def reload_until(self, words: str, *, seconds: float = 40) -> None:
        """Reload the page until a worker has done what it shows.

        :raises TimeoutError: if it does not in time
        """
        text = self.say(words)
        for _ in range(int(seconds * 2)):
            if text in self.text():
                return
            time.sleep(0.5)
            self.page.reload()
        raise TimeoutError(f"{text!r} never came:\n{self.text()[:2000]}")

    def letter(
        self, address: str, words: str = "", *, with_attachment: bool = False, seconds: float = 40
    ) -> EmailMessage:
        """Return the newest letter to this address that contains the words.

        :raises TimeoutError: if none arrives in time
        """
        for _ in range(int(seconds * 4)):
            for letter in self._letters():
                has_file = any(letter.iter_attachments())
                if (
                    address in letter["To"]
                    and words in _plain(letter)
                    and (has_file or not with_attachment)
                ):
                    return letter
            time.sleep(0.25)
        subjects = [letter["Subject"] for letter in self._letters()]
        raise TimeoutError(f"no letter with {words!r} to {address}; there are {subjects}")

    def _letters(self) -> list[EmailMessage]:
        """Every letter, newest first."""
        paths = (self.product.instance / "mail").glob("*.eml")
        newest_first = sorted(paths, key=lambda path: path.stat().st_mtime, reverse=True)
        return [
            message_from_bytes(path.read_bytes(), EmailMessage, policy=policy.default)
            for path in newest_first
        ]

    def close(self) -> None:
        """Leave."""
        self._context.close()


def _plain(letter: EmailMessage) -> str:
    """Return subject and text of a letter."""
    body = letter.get_body(("plain",))
    return f"{letter['Subject']}\n{body.get_content() if body else ''}"


def link_in(letter: EmailMessage, part: str) -> str:
    """Return the path of the first link of a letter that contains `part`."""
    for address in re.findall(r"https?://\S+", _plain(letter)):
        if part in address:
            return "/" + address.split("/", 3)[3]
    raise AssertionError(f"no link with {part} in {_plain(letter)}")
