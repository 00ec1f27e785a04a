"""Every blueprint, job module and command group of the house, named once."""

from typing import Any

from flask import Flask

from gifting.accounts import cli as accounts_cli
from gifting.accounts import models as accounts_models
from gifting.accounts import policy as accounts_policy
from gifting.accounts import tasks as accounts_tasks
from gifting.accounts import views as accounts
from gifting.backoffice import policy as backoffice_policy
from gifting.backoffice import tasks as backoffice_tasks
from gifting.backoffice import views as backoffice
from gifting.billing import models as billing_models
from gifting.billing import policy as billing_policy
from gifting.billing import tasks as billing_tasks
from gifting.billing import views as billing
from gifting.catalogue import cli as catalogue_cli
from gifting.catalogue import models as catalogue_models
from gifting.catalogue import policy as catalogue_policy
from gifting.catalogue import views as catalogue
from gifting.core.roles import Roles
from gifting.core.verbs import VerbTable
from gifting.documents import cli as documents_cli
from gifting.documents import models as documents_models
from gifting.documents import policy as documents_policy
from gifting.documents import tasks as documents_tasks
from gifting.documents import views as documents
from gifting.hampers import models as hampers_models
from gifting.hampers import policy as hampers_policy
from gifting.hampers import views as hampers
from gifting.orders import models as orders_models
from gifting.orders import policy as orders_policy
from gifting.orders import tasks as orders_tasks
from gifting.orders import views as orders
from gifting.quotes import models as quotes_models
from gifting.quotes import policy as quotes_policy
from gifting.quotes import tasks as quotes_tasks
from gifting.quotes import views as quotes
from gifting.web import policy as web_policy
from gifting.web import probes
from gifting.web import views as web

BLUEPRINTS = (
    accounts.bp,
    catalogue.bp,
    hampers.bp,
    documents.bp,
    quotes.bp,
    orders.bp,
    billing.bp,
    backoffice.bp,
    web.bp,
    probes.bp,
)
MODELS = (
    accounts_models,
    catalogue_models,
    hampers_models,
    documents_models,
    quotes_models,
    orders_models,
    billing_models,
)
"""Named so that the metadata knows every table, whatever a process imports."""
JOB_MODULES = (
    accounts_tasks,
    documents_tasks,
    quotes_tasks,
    orders_tasks,
    billing_tasks,
    backoffice_tasks,
)
COMMAND_GROUPS = (accounts_cli.group, catalogue_cli.group, documents_cli.group)
POLICIES = (
    accounts_policy,
    catalogue_policy,
    hampers_policy,
    documents_policy,
    quotes_policy,
    orders_policy,
    billing_policy,
    backoffice_policy,
    web_policy,
)
ROUTES: dict[str, Roles | None] = {
    endpoint: roles for policy in POLICIES for endpoint, roles in policy.ROUTES.items()
}
"""Which roles may reach which route; None means anyone. A route in no row is refused."""
VERB_TABLES: tuple[VerbTable[Any, Any], ...] = tuple(
    policy.VERBS for policy in POLICIES if hasattr(policy, "VERBS")
)
"""Which endpoint makes which move of which lifecycle."""
WRITES: frozenset[str] = frozenset().union(
    *(policy.WRITES for policy in POLICIES if hasattr(policy, "WRITES"))
)
"""Endpoints that take a POST and move no record along its lifecycle."""
MANAGERS_ONLY: frozenset[str] = frozenset().union(
    *(policy.MANAGERS_ONLY for policy in POLICIES if hasattr(policy, "MANAGERS_ONLY"))
)
"""Endpoints for whoever, of the roles in their row, manages a company's people, or the staff."""


def register(app: Flask) -> None:
    """Hang every blueprint and command group on the application."""
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    for group in COMMAND_GROUPS:
        app.cli.add_command(group)
