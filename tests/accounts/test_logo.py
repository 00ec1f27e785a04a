"""A company's logo: only a picture, drawn anew, shown to its own people and to sales."""

from io import BytesIO

import pytest
import sqlalchemy as sa
from flask import current_app
from PIL import Image

from gifting.accounts import queries
from gifting.core.roles import Role
from gifting.platform import storage
from gifting.platform.db import db
from gifting.platform.models import EventLogEntry
from gifting.platform.uploads import LOGO
from gifting.web.backup import NAMED_BY
from tests.platform.test_uploads import bomb
from tests.support.accounts import make_user, sign_in
from tests.support.files import form_with_file, make_pdf, make_picture, no_room

RED, BLUE = (200, 20, 20), (20, 20, 200)


@pytest.fixture
def chiara(client):
    user = make_user(Role.BUYER, is_company_admin=True)
    sign_in(client, user)
    return user


def send(client, content, name="marchio.png"):
    return client.post("/azienda/marchio", **form_with_file({"logo": (BytesIO(content), name)}))


def make_noise(side):
    """A picture that cannot be made smaller than its pixels: 600 of them a side are 1 MB."""
    out = BytesIO()
    Image.merge("RGB", [Image.effect_noise((side, side), 200) for _ in "RGB"]).save(out, "PNG")
    return out.getvalue()


def stored_files():
    files = current_app.config["SETTINGS"].instance / "files"
    return {path.name for path in files.rglob("*") if path.is_file()}


def logo_of(user):
    return queries.find_logo(user.company_id, own_id=None)


def actions(user):
    query = sa.select(EventLogEntry.action).where(
        EventLogEntry.subject == f"company:{user.company_id}"
    )
    return [
        one for one in db.session.scalars(query.order_by(EventLogEntry.id)) if one.endswith("_logo")
    ]


class TestChange:
    @pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
    def test_keeps_a_png_whatever_picture_was_sent_under_whatever_name(self, client, chiara, form):
        answer = send(client, make_picture(form, (900, 300)), "marchio.html")

        assert answer.location == "/azienda#marchio"
        shown = client.get(f"/marchi/{chiara.company_id}")
        assert shown.mimetype == "image/png"
        assert Image.open(BytesIO(shown.data), formats=["PNG"]).size == (600, 200)

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "non è fra quelli che leggiamo"),
            (make_pdf(), "PNG, JPEG, WebP"),
            (b"GIF89a" + b"\0" * 40, "non è fra quelli che leggiamo"),
            (b"\x89PNG\r\n\x1a\nniente", "rovinato"),
            (bomb(30_000), "troppo grande"),
            (b"", "vuoto"),
        ],
    )
    def test_what_is_no_picture_is_refused_at_its_field(self, client, chiara, content, said):
        answer = send(client, content)

        assert answer.status_code == 422
        assert 'id="logo-error"' in answer.text
        assert said in answer.text
        assert logo_of(chiara) is None

    @pytest.mark.parametrize("times", [1, 3])
    def test_one_that_is_too_heavy_is_refused_at_its_field_too(self, client, chiara, times):
        head = b'--x\r\nContent-Disposition: form-data; name="logo"; filename="a.png"\r\n\r\n'
        body = head + b"\x89PNG\r\n\x1a\n" + b"\0" * times * LOGO.max_bytes + b"\r\n--x--\r\n"

        answer = client.post(
            "/azienda/marchio", data=body, content_type="multipart/form-data; boundary=x"
        )

        assert answer.status_code == 422
        assert "supera 2 MB" in answer.text

    def test_without_a_file_says_to_choose_one(self, client, chiara):
        answer = client.post("/azienda/marchio")

        assert answer.status_code == 422
        assert "Scegli un file: PNG, JPEG o WebP." in answer.text

    def test_a_second_one_takes_the_place_of_the_first(self, client, chiara):
        send(client, make_picture(colour=RED))
        first = logo_of(chiara)
        send(client, make_picture(colour=BLUE))

        pixel = Image.open(BytesIO(client.get(f"/marchi/{chiara.company_id}").data)).getpixel(
            (0, 0)
        )
        assert logo_of(chiara) != first
        assert pixel == BLUE
        assert actions(chiara) == ["change_logo", "change_logo"]
        assert client.get("/azienda").text.count("Marchio caricato") == 2

    def test_the_same_again_is_no_change(self, client, chiara):
        send(client, make_picture())
        send(client, make_picture())

        assert actions(chiara) == ["change_logo"]

    def test_touches_no_other_company(self, client, chiara):
        stranger = make_user(Role.BUYER)

        client.post(
            "/azienda/marchio",
            data={"logo": (BytesIO(make_picture()), "a.png"), "company_id": stranger.company_id},
        )

        assert logo_of(stranger) is None

    def test_backups_take_it_along(self, client, chiara):
        send(client, make_picture())

        named = {one for column in NAMED_BY for one in db.session.scalars(sa.select(column))}
        assert logo_of(chiara) in named


class TestNoRoom:
    @pytest.mark.parametrize("side", [40, 600])
    def test_is_said_at_the_field_and_the_logo_stays_as_it_was(
        self, app, client, chiara, caplog, side
    ):
        """The larger picture is one for which a server likes to make a file while it comes in."""
        send(client, make_picture(colour=BLUE))
        before, files = logo_of(chiara), stored_files()
        picture = make_noise(side)
        with no_room(app):
            answer = send(client, picture)

        assert answer.status_code == 503
        assert 'id="logo-error"' in answer.text
        assert "non riusciamo a conservare file" in answer.text
        assert logo_of(chiara) == before
        assert stored_files() == files
        assert "see that the file storage has room" in caplog.text
        assert send(client, picture).status_code == 302


class TestRemove:
    def test_leaves_none_and_says_so_in_the_register(self, client, chiara):
        send(client, make_picture())

        client.post("/azienda/marchio/togli")

        assert client.get(f"/marchi/{chiara.company_id}").status_code == 404
        assert '<img src="/marchi' not in client.get("/azienda").text
        assert actions(chiara) == ["change_logo", "remove_logo"]

    def test_where_there_is_none_changes_nothing(self, client, chiara):
        assert client.post("/azienda/marchio/togli").status_code == 302
        assert actions(chiara) == []


class TestWhoSeesIt:
    def test_a_colleague_who_manages_nobody_sees_it_and_cannot_change_it(self, client, chiara):
        send(client, make_picture())
        sign_in(client, make_user(Role.FINANCE, company_id=chiara.company_id))

        assert f"/marchi/{chiara.company_id}" in client.get("/azienda").text
        assert client.get(f"/marchi/{chiara.company_id}").status_code == 200
        assert send(client, make_picture(colour=BLUE)).status_code == 403
        assert client.post("/azienda/marchio/togli").status_code == 403
        assert 'name="logo"' not in client.get("/azienda").text

    def test_another_company_does_not_find_it(self, client, chiara):
        send(client, make_picture())
        sign_in(client, make_user(Role.BUYER, is_company_admin=True))

        assert client.get(f"/marchi/{chiara.company_id}").status_code == 404

    @pytest.mark.parametrize(
        ("role", "status"), [(Role.SALES, 200), (Role.SALES_MANAGER, 200), (Role.ACCOUNTING, 403)]
    )
    def test_of_the_staff_sales_do(self, client, chiara, role, status):
        send(client, make_picture())
        sign_in(client, make_user(role))

        assert client.get(f"/marchi/{chiara.company_id}").status_code == status

    def test_no_cache_between_keeps_it_and_no_browser_guesses_what_it_is(self, client, chiara):
        send(client, make_picture())

        shown = client.get(f"/marchi/{chiara.company_id}")

        assert shown.headers["Cache-Control"] == "private, no-store"
        assert shown.headers["X-Content-Type-Options"] == "nosniff"

    def test_one_that_is_lost_is_not_found(self, client, chiara, monkeypatch):
        send(client, make_picture())

        def lose(_sha256):
            raise FileNotFoundError

        monkeypatch.setattr(storage, "load", lose)

        assert client.get(f"/marchi/{chiara.company_id}").status_code == 404
