"""Which passwords are refused: the short ones, and those that anybody would try first.

The rule is NIST SP 800-63B, 5.1.1.2: a least length, no demands on the kinds of characters, and a
comparison with what is known, repetitive, sequential or of the place.
"""

from functools import cache
from importlib.resources import files
from string import digits, punctuation

FEWEST = 12
MOST = 200
_FEWEST_KINDS = 5
"""So many different characters at least: «aaaaaaaaaaaa» and «121212121212» have length alone."""
_ROWS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890123456789",
    "qwertyuiopasdfghjklzxcvbnm",
    "qazwsxedcrfvtgbyhnujmikolp",
)
_WORDS = (
    "password",
    "parola",
    "segreta",
    "segreto",
    "benvenuto",
    "benvenuta",
    "welcome",
    "administrator",
    "amministratore",
    "amministrazione",
    "letmein",
    "iloveyou",
    "tiamo",
    "amore",
    "ciao",
    "buongiorno",
    "natale",
    "buonnatale",
    "panettone",
    "pandoro",
    "vialedeimille",
    "consorzio",
    "gifting",
    "juventus",
    "forzajuve",
    "forzainter",
    "forzamilan",
    "forzaroma",
    "forzanapoli",
    "milano",
    "italia",
    "estate",
    "inverno",
    "primavera",
    "autunno",
    "gennaio",
    "dicembre",
    "admin",
    "changeme",
    "football",
    "superman",
    "pokemon",
    "dragon",
    "monkey",
    "princess",
)
"""Not refused themselves in a longer phrase; refused when nothing else but figures and signs is."""
_DISGUISES = str.maketrans("013457@$!€", "oieastasie")


def is_known(password: str) -> bool:
    """Tell whether a password is among the first that anybody would try.

    Known are those of the list beside this file; a common word, or one again and again, with
    figures and signs around it; a row of the keyboard or the alphabet, either way; and few
    characters over and over. Capitals and the usual disguises (p@ssw0rd) change nothing.
    """
    plain = password.strip().lower()
    if plain in _listed() or len(set(plain)) < _FEWEST_KINDS:
        return True
    undisguised = plain.strip(digits + punctuation).translate(_DISGUISES)
    return any(_is_repeated(_letters(text)) for text in (plain, undisguised)) or _is_row(plain)


def _letters(text: str) -> str:
    return "".join(character for character in text if character.isalpha())


def _is_row(text: str) -> bool:
    """Tell whether the text is a piece of a keyboard's row or of the alphabet, either way."""
    joined = "".join(character for character in text if character.isalnum())
    return any(joined in row * 2 or joined[::-1] in row * 2 for row in _ROWS)


def _is_repeated(letters: str) -> bool:
    """Tell whether the letters are a common word, once or several times over."""
    return bool(letters) and any(letters == word * (len(letters) // len(word)) for word in _WORDS)


@cache
def _listed() -> frozenset[str]:
    text = files("gifting.core").joinpath("known_passwords.txt").read_text(encoding="utf-8")
    return frozenset(text.split())
