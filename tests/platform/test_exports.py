"""A list to take away holds all its rows once, and says so when it was cut."""

from gifting.platform import exports
from gifting.platform.exports import Column

COLUMNS = (Column("n", lambda row: row), Column("nome", lambda row: f"=riga {row}"))


def fetch_from(rows, size):
    def fetch(last):
        left = rows if last is None else rows[rows.index(last) + 1 :]
        return left[: size + 1]

    return fetch


class TestReadPages:
    def test_gives_every_row_once_whatever_the_page(self):
        for count in range(8):
            rows = list(range(count))
            assert list(exports.read_pages(fetch_from(rows, 3), size=3)) == rows


class TestSend:
    def test_gives_a_csv_without_formulas(self, app):
        with app.test_request_context():
            answer = exports.send("Elenco", COLUMNS, range(2), form="csv")
            answer.direct_passthrough = False

            assert answer.data.decode("utf-8-sig").splitlines() == [
                "n;nome",
                "0;'=riga 0",
                "1;'=riga 1",
            ]
            assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
            assert answer.headers["Cache-Control"] == "private, no-store"

    def test_stops_at_the_bound_and_says_so(self, app):
        def endless():
            number = 0
            while True:
                yield (number := number + 1)

        with app.test_request_context():
            answer = exports.send("Elenco", COLUMNS, endless(), form="csv", most=3)
            answer.direct_passthrough = False
            lines = answer.get_data(as_text=True).splitlines()

        assert len(lines) == 5
        assert lines[-1] == "Qui ci stanno 3 righe: per le altre usa i filtri."
