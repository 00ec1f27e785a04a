"""The commands that bring people in without a browser."""

import json
from dataclasses import replace

import pytest
import sqlalchemy as sa

import config
from gifting.accounts import queries, service
from gifting.accounts.models import Company, User
from gifting.core.identifiers import check_vat_number
from gifting.core.roles import Role
from gifting.platform import settings
from gifting.platform.db import db
from gifting.web.app import create_app
from tests.support.accounts import PASSWORD, make_company


def run(app, *args):
    return app.test_cli_runner().invoke(args=["accounts", *args])


class TestSample:
    def test_gives_one_login_per_role_and_prints_it(self, app):
        result = run(app, "sample")

        assert result.exit_code == 0, result.output
        logins = queries.sample_logins()
        assert sorted(login.role for login in logins) == sorted(Role)
        for login in logins:
            assert service.check_password(login.email, login.password).role == login.role
            assert login.password in result.output

    def test_twice_changes_nothing(self, app):
        run(app, "sample")
        before = db.session.execute(sa.select(User.id, User.password_hash)).all()

        assert "0 sample people added" in run(app, "sample").output

        db.session.expire_all()
        assert db.session.execute(sa.select(User.id, User.password_hash)).all() == before
        assert db.session.scalar(sa.select(sa.func.count(Company.id))) == 1

    def test_its_company_may_be_invoiced(self):
        company = json.loads(queries.SAMPLE.read_text())["company"]

        assert check_vat_number(company["vat_number"]) == company["vat_number"]
        assert "(esempio)" in company["name"]

    def test_is_refused_in_production(self, app, monkeypatch):
        production = replace(settings.current(), is_production=True)
        monkeypatch.setattr(settings, "current", lambda: production)

        assert run(app, "sample").exit_code == 1
        assert not queries.has_sample_users()


class TestProductionStart:
    @pytest.fixture
    def production(self, app):
        return replace(
            settings.current(),
            is_production=True,
            secret_key="k" * 40,
            smtp_url="smtp://mail.example",
            public_url="https://gifting.example",
            seller=config.Seller(is_sample=False),
        )

    def test_is_refused_while_sample_people_can_sign_in(self, app, production):
        run(app, "sample")

        with pytest.raises(config.UnsafeSettings, match="sample"):
            create_app(production)

    def test_goes_ahead_without_them(self, app, production):
        assert create_app(production).config["SETTINGS"] is production


class TestAdd:
    def test_adds_a_colleague_to_their_company(self, app):
        company = make_company()

        result = run(
            app, "add", "--email=Nuova@example.com", "--name=Nuova Collega", "--role=finance",
            f"--vat-number={company.vat_number}", f"--password={PASSWORD}",
        )  # fmt: skip

        assert result.exit_code == 0, result.output
        person = service.check_password("nuova@example.com", PASSWORD)
        assert (person.company_id, person.role) == (company.id, Role.FINANCE)

    @pytest.mark.parametrize(
        ("options", "reason"),
        [
            (["--role=buyer", f"--password={PASSWORD}"], "--vat-number goes with"),
            (["--role=sales", f"--password={PASSWORD}", "--vat-number=1"], "--vat-number goes"),
            (["--role=buyer", f"--password={PASSWORD}", "--vat-number=1"], "No company has"),
            (["--role=sales", "--password=corta"], "12 characters"),
        ],
    )
    def test_says_why_not(self, app, options, reason):
        result = run(app, "add", "--email=a@example.com", "--name=A", *options)

        assert result.exit_code == 1
        assert reason in result.output


class TestSetPassword:
    def test_lets_in_whoever_forgot_theirs(self, app):
        run(app, "sample")
        email = queries.sample_logins()[0].email

        run(app, "set-password", email, f"--password={PASSWORD}")

        db.session.expire_all()
        assert service.check_password(email, PASSWORD)

    def test_knows_nobody_of_that_name(self, app):
        assert run(app, "set-password", "x@example.com", f"--password={PASSWORD}").exit_code == 1
