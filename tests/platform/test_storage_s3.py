"""The same storage in S3, asked through the client that production uses."""

import hashlib

import pytest
from s3fs import S3FileSystem

from gifting.platform import storage
from gifting.platform.failures import StorageAway
from gifting.platform.storage import Store
from tests.support import s3

CONTENT = b"l'offerta"
NAME = hashlib.sha256(CONTENT).hexdigest()
PLACE = f"/files/documents/{NAME[:2]}/{NAME}"


@pytest.fixture
def served(monkeypatch):
    """A server of its own for each test, and a client that never met another."""
    with s3.serving() as (address, bucket):
        for name, value in s3.environment(address).items():
            monkeypatch.setenv(name, value)
        forget_clients()
        yield bucket
        forget_clients()


def forget_clients():
    storage._filesystem_of.cache_clear()
    S3FileSystem.clear_instance_cache()


@pytest.fixture
def store(served):
    return Store("s3://files/documents")


class TestPut:
    def test_writes_the_object_once_under_its_final_name(self, store, served):
        """A move in S3 is a copy and a removal: whoever reads between sees two or none."""
        assert store.put(CONTENT) == store.put(CONTENT) == NAME

        assert served.objects == {PLACE: CONTENT}
        assert [ask for ask in served.asked if ask[0] in ("PUT", "DELETE")] == [("PUT", PLACE)]

    def test_notices_a_server_that_keeps_less_than_it_was_given(self, store, served):
        served.keeps = slice(3)

        with pytest.raises(StorageAway):
            store.put(CONTENT)

    def test_says_that_the_place_is_away(self, monkeypatch, served):
        monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:1")
        forget_clients()

        with pytest.raises(StorageAway):
            Store("s3://files/elsewhere").put(CONTENT)


class TestGet:
    def test_reads_what_another_host_wrote(self, store, served):
        assert store.names() == set()
        served.objects[PLACE] = CONTENT

        assert store.get(NAME) == CONTENT
        assert store.names() == {NAME}

    def test_says_when_there_is_nothing(self, store):
        with pytest.raises(FileNotFoundError):
            store.get(NAME)

    def test_notices_a_flipped_byte(self, store, served):
        served.objects[PLACE] = b"l'offesta"

        with pytest.raises(storage.StoredFileDamaged):
            store.get(NAME)


class TestRemove:
    def test_leaves_the_others(self, store, served):
        store.put(CONTENT)
        other = store.put(b"un'altra")
        store.remove(NAME)

        assert store.names() == {other}
