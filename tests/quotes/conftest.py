"""Who works on quotes."""

import pytest
from flask.testing import FlaskClient

from gifting.core.roles import Role
from tests.support.accounts import make_user, sign_in


@pytest.fixture
def sales(app):
    """Somebody of sales."""
    return make_user(Role.SALES)


@pytest.fixture
def office(client, sales) -> FlaskClient:
    """A browser signed in as sales."""
    return sign_in(client, sales)
