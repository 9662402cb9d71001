"""The records behind the API."""

import sqlite3
import threading
from pathlib import Path

import pytest

from terraform_provider_ecgrid.sandbox.store import Store


def test_a_file_keeps_what_memory_forgets(tmp_path: Path) -> None:
    file = tmp_path / "ecgrid.db"
    store = Store(file)
    store.remove(7001)
    assert store.put(url="https://example.com/kept", password="p") == 7002
    store.close()
    again = Store(file)
    assert [(one["callbackId"], one["url"], one["password"]) for one in again.all()] == [
        (7002, "https://example.com/kept", "p")
    ]
    again.close()
    assert [one["callbackId"] for one in Store().all()] == [7001]


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("no database, but long enough to be read as the head of one. " * 20)
    with pytest.raises(sqlite3.DatabaseError):
        Store(file)


def test_a_file_of_the_first_version_is_still_read(tmp_path: Path) -> None:
    file = tmp_path / "ecgrid.db"
    store = Store(file)
    store.remove(7001)
    store.fire(store.put(), delivered=False, http_status=503)
    store.close()
    older = sqlite3.connect(file)
    for column in ("test", "message"):
        older.execute(f"ALTER TABLE deliveries DROP COLUMN {column}")
    older.execute("PRAGMA user_version = 1")
    older.close()
    for _ in range(2):
        store = Store(file)
        (delivery,) = store.deliveries()
        assert (delivery["httpStatus"], delivery["test"], delivery["message"]) == (503, 0, "")
        assert [one["callbackId"] for one in store.all()] == [7002]
        store.close()


def test_put_takes_an_id_and_ids_go_on_from_there() -> None:
    store = Store()
    assert store.put(callbackId=9000) == 9000
    assert store.put() == 9001
    with pytest.raises(sqlite3.IntegrityError):
        store.put(callbackId=9000)


def test_unknown_fields_and_ids_are_mistakes() -> None:
    store = Store()
    with pytest.raises(TypeError, match="mailbox_id"):
        store.put(mailbox_id=1)
    with pytest.raises(TypeError, match="state"):
        store.change(7001, state="Active")
    with pytest.raises(KeyError):
        store.change(1, status="Active")
    with pytest.raises(KeyError):
        store.fire(1)
    assert store.remove(1) is False
    assert store.get(1) is None


def test_change_changes_nothing_else() -> None:
    store = Store()
    store.put()
    before = store.all()
    store.change(7001, status="Active", url="https://example.com/moved")
    assert store.all() == [before[0] | {"status": "Active", "url": "https://example.com/moved"}, before[1]]


def test_threads_get_an_id_each() -> None:
    store = Store()
    ids: list[int] = []

    def work() -> None:
        for _ in range(20):
            new = store.put()
            store.change(new, status="Suspended")
            ids.append(new)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ids) == list(range(7002, 7002 + 160))
