"""Commands of the accounts slice."""

import click
from flask.cli import AppGroup

from gifting.accounts import queries, service
from gifting.accounts.service import CompanyDetails, PersonDetails, factors, people, sessions
from gifting.accounts.service.links import EmailKnown
from gifting.core import passwords
from gifting.core.roles import COMPANY, Role
from gifting.platform import clock, settings
from gifting.platform.uow import transaction

group = AppGroup("accounts", help="Companies and people.")


@group.command("sample")
def load_sample() -> None:
    """Create the sample company and one person per role, once; print how they sign in."""
    if settings.current().is_production:
        raise click.ClickException("Production takes no sample people: their passwords are known.")
    with transaction():
        added = _add_sample()
    click.echo(f"{added} sample people added.")
    for login in queries.sample_logins():
        click.echo(f"{login.role:14} {login.email:30} {login.password}")


@group.command("add")
@click.option("--email", required=True)
@click.option("--name", required=True)
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]))
@click.option("--vat-number", help="The company of a buyer, approver or finance user.")
@click.option("--company-admin", is_flag=True, help="They manage their company's people.")
@click.password_option(help="At least 12 characters; asked for when not given.")
def add(
    email: str, name: str, role: str, vat_number: str | None, password: str, *, company_admin: bool
) -> None:
    """Add a person whose address is known to be theirs: staff, or a company's colleague."""
    if company_admin and Role(role) not in COMPANY:
        raise click.ClickException("--company-admin goes with buyer, approver and finance, only.")
    _check_password(password)
    with transaction():
        try:
            service.add_person(
                details=PersonDetails(name=name, email=email),
                password=password,
                role=Role(role),
                company_id=_find_company_id(Role(role), vat_number),
                is_company_admin=company_admin,
                now=clock.now(),
            )
        except EmailKnown as error:
            raise click.ClickException(f"{email} has an account already.") from error
    click.echo(f"{email} may sign in as {role}.")


@group.command("set-password")
@click.argument("email")
@click.password_option(help="At least 12 characters; asked for when not given.")
def set_password(email: str, password: str) -> None:
    """Give a person who cannot sign in a new password."""
    _check_password(password)
    with transaction():
        user = queries.find_user_by_email(email)
        if user is None:
            raise click.ClickException(f"Nobody signs in as {email}.")
        service.set_password(user, password, actor_id=None, now=clock.now())
    click.echo(f"{email} has a new password.")


@group.command("reset-second-factor")
@click.argument("email")
def reset_second_factor(email: str) -> None:
    """Take telephone and codes away from a person who lost both: first make sure who it is."""
    with transaction():
        user = queries.find_user_by_email(email)
        if user is None:
            raise click.ClickException(f"Nobody signs in as {email}.")
        was_on = factors.end_factor(user, actor_id=None, now=clock.now())
        sessions.end_sessions(user.id, now=clock.now())
    click.echo(f"{email} {'has no second factor now' if was_on else 'had no second factor'}.")


@group.command("seal-second-factors")
def seal_second_factors() -> None:
    """Seal all telephones under SECRET_KEY, before an earlier one leaves SECRET_KEY_FALLBACKS."""
    with transaction():
        done, lost = factors.seal_again()
    click.echo(f"{done} sealed.")
    if lost:
        raise click.ClickException(
            f"Sealed under a SECRET_KEY that is not named: {', '.join(lost)}. Name it in"
            " SECRET_KEY_FALLBACKS, or take these away with reset-second-factor."
        )


def _add_sample() -> int:
    sample = queries.read_sample()
    now = clock.now()
    details = CompanyDetails(**sample["company"])
    company = queries.find_company_by_vat_number(details.vat_number or "")
    company = company or service.add_company(details, now=now)
    missing = [one for one in sample["people"] if not queries.find_person_by_email(one["email"])]
    for one in missing:
        role = Role(one["role"])
        service.add_person(
            details=PersonDetails(name=one["name"], email=one["email"], phone=one["phone"]),
            password=one["password"],
            role=role,
            company_id=company.id if role in COMPANY else None,
            is_company_admin=one.get("is_company_admin", False),
            now=now,
            is_sample=True,
        )
    return len(missing)


@group.command("make-company-admin")
@click.argument("email")
def make_company_admin(email: str) -> None:
    """Let a person manage their company's people, where nobody can any more."""
    with transaction():
        user = queries.find_user_by_email(email)
        if user is None or user.company_id is None or not user.is_active:
            raise click.ClickException(f"Nobody of a company signs in as {email}.")
        people.appoint(user, now=clock.now())
    click.echo(f"{email} manages the people of their company.")


def _find_company_id(role: Role, vat_number: str | None) -> int | None:
    if (role in COMPANY) != bool(vat_number):
        raise click.ClickException("--vat-number goes with buyer, approver and finance, only.")
    if not vat_number:
        return None
    company = queries.find_company_by_vat_number(vat_number)
    if company is None:
        raise click.ClickException(f"No company has the VAT number {vat_number}.")
    return company.id


def _check_password(password: str) -> None:
    if len(password) < passwords.FEWEST:
        raise click.ClickException(f"The password needs {passwords.FEWEST} characters or more.")
    if passwords.is_known(password):
        raise click.ClickException("This password is among the first to be tried: take a phrase.")
