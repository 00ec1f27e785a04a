"""Passwords that anybody would try first are refused, phrases are not."""

import pytest

from gifting.core import passwords


class TestKnownPasswords:
    @pytest.mark.parametrize(
        "password",
        [
            "passwordpassword",
            "PasswordPassword",
            "P@ssw0rd2026!",
            "p4ssw0rd????",
            "ciaociaociao",
            "CiaoCiaoCiao99",
            "buonnatale2026",
            "!!panettone2026!!",
            "vialedeimille1",
            "abcdefghijkl",
            "lkjihgfedcba",
            "qwertyuiopas",
            "123456789012",
            "aaaaaaaaaaaa",
            "abababababab",
            "juventus1897",
            "  amministratore  ",
        ],
    )
    def test_are_refused(self, password):
        assert passwords.is_known(password)

    @pytest.mark.parametrize(
        "password",
        [
            "nastro e carta velina",
            "panettone e taralli",
            "una frase da ricordare",
            "il panettone di mia zia",
            "password di mio nonno Aldo",
            "kX9#mQ2!vR7z",
            "quattro gatti sul tetto",
        ],
    )
    def test_are_not_phrases(self, password):
        assert not passwords.is_known(password)

    def test_in_the_list_are_long_enough_to_matter(self):
        listed = passwords._listed()

        assert len(listed) > 40
        assert [one for one in listed if one != one.strip().lower()] == []
