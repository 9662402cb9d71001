"""What the sandbox remembers, in SQLite: registrations, and the deliveries that were attempted.

Records are dictionaries under the API's own field names. Every method may be called from any thread.
"""

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from terraform_provider_ecgrid.sandbox.bodies import timestamp

Record = dict[str, Any]

SEED: Record = {
    "callbackId": 7001,
    "url": "https://app.example.com/webhooks/ecgrid",
    "event": "Parcel",
    "mailboxId": 12345,
    "networkId": 0,
    "httpAuthType": "None",
    "status": "Suspended",
}
"""Callback 7001 of the vendor's update page as it may have been before that page's update."""

_DEFAULTS: Record = {
    "callbackId": None,
    "url": "https://app.example.com/hook",
    "event": "Parcel",
    "mailboxId": 0,
    "networkId": 0,
    "httpAuthType": "None",
    "status": "Active",
    "username": None,
    "password": None,
}

# One step per version of the file. AUTOINCREMENT, because the id of a deleted registration is never given to another.
_SCHEMA = (
    """
CREATE TABLE callbacks (
  callbackId INTEGER PRIMARY KEY AUTOINCREMENT,
  url TEXT NOT NULL, event TEXT NOT NULL, mailboxId INTEGER NOT NULL, networkId INTEGER NOT NULL,
  httpAuthType TEXT NOT NULL, status TEXT NOT NULL, username TEXT, password TEXT, created TEXT NOT NULL
);
CREATE TABLE deliveries (
  callbackEventId INTEGER PRIMARY KEY AUTOINCREMENT,
  callbackId INTEGER NOT NULL, url TEXT NOT NULL, event TEXT NOT NULL, mailboxId INTEGER NOT NULL,
  objectId INTEGER NOT NULL, status TEXT NOT NULL, created TEXT NOT NULL, delivered TEXT, httpStatus INTEGER,
  payload TEXT NOT NULL, attempts INTEGER NOT NULL, lastAttempt TEXT
);
CREATE INDEX deliveries_of ON deliveries (callbackId);
""",
    """
ALTER TABLE deliveries ADD COLUMN test INTEGER NOT NULL DEFAULT 0;
ALTER TABLE deliveries ADD COLUMN message TEXT NOT NULL DEFAULT '';
""",
)
_FIRST_OBJECT_ID = 9_000_000_001  # beyond 32 bits, as a parcel's id may be


class Store:
    """Registrations and deliveries, seeded with callback 7001.

    `db` is a file to keep them in, without it they live in memory. Raises `sqlite3.Error` when the file cannot be
    opened or is not a database.
    """

    def __init__(self, db: Path | None = None) -> None:
        self._lock = threading.RLock()
        self._connection = sqlite3.connect(db or ":memory:", check_same_thread=False, isolation_level=None)
        self._connection.row_factory = sqlite3.Row
        with self._transaction() as sql:
            (version,) = sql.execute("PRAGMA user_version").fetchone()
        steps = "".join(_SCHEMA[version:])
        if steps:
            self._connection.executescript(f"BEGIN; {steps} PRAGMA user_version = {len(_SCHEMA)}; COMMIT;")
        if version == 0:
            self.put(**SEED)

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """Keep other threads out while a decision and the change that follows from it are made."""
        with self._lock:
            yield

    def close(self) -> None:
        """Close the database; nothing may be called afterwards."""
        with self._lock:
            self._connection.close()

    def reset(self) -> None:
        """Forget everything, the given ids included, and seed callback 7001 again."""
        with self._lock:
            with self._transaction() as sql:
                sql.execute("DELETE FROM callbacks")
                sql.execute("DELETE FROM deliveries")
                sql.execute("DELETE FROM sqlite_sequence")
            self.put(**SEED)

    def get(self, callback_id: int) -> Record | None:
        """Return a whole registration, `username`, `password` (None: not set) and `created` included, or None."""
        with self._lock:
            row = self._connection.execute("SELECT * FROM callbacks WHERE callbackId = ?", [callback_id]).fetchone()
        return dict(row) if row else None

    def all(self) -> list[Record]:
        """Return every registration as `get` does, in id order."""
        with self._lock:
            return [dict(row) for row in self._connection.execute("SELECT * FROM callbacks ORDER BY callbackId")]

    def put(self, **fields: Any) -> int:
        """Insert a registration past the API's rules and return its id.

        `fields` are the API's names (`url`, `mailboxId`, …), each with a default; `callbackId` is the next one unless
        given. Raises `TypeError` for any other name and `sqlite3.IntegrityError` for an id that exists.
        """
        record = _DEFAULTS | _known(fields) | {"created": timestamp(datetime.now(UTC))}
        with self._transaction() as sql:
            return int(
                sql.execute(
                    "INSERT INTO callbacks VALUES (:callbackId, :url, :event, :mailboxId, :networkId, :httpAuthType,"
                    " :status, :username, :password, :created)",
                    record,
                ).lastrowid
                or 0
            )

    def change(self, callback_id: int, **fields: Any) -> None:
        """Change a registration past the API's rules.

        `fields` are as for `put`. Raises `KeyError` for an unknown id and `TypeError` for an unknown field.
        """
        with self._transaction() as sql:
            record = self.get(callback_id)
            if record is None:
                raise KeyError(callback_id)
            sql.execute(
                "UPDATE callbacks SET url = :url, event = :event, mailboxId = :mailboxId, networkId = :networkId,"
                " httpAuthType = :httpAuthType, status = :status, username = :username, password = :password"
                " WHERE callbackId = :callbackId",
                record | _known(fields) | {"callbackId": callback_id},
            )

    def remove(self, callback_id: int) -> bool:
        """Delete a registration; its events stay. Return whether there was one."""
        with self._transaction() as sql:
            return sql.execute("DELETE FROM callbacks WHERE callbackId = ?", [callback_id]).rowcount > 0

    def fire(
        self,
        callback_id: int,
        *,
        delivered: bool = True,
        http_status: int | None = None,
        at: datetime | None = None,
        test: bool = False,
        event_id: int | None = None,
    ) -> int:
        """Note a delivery without making one, and return its event's id.

        `delivered` with a status other than 200 is possible, as it is for an endpoint that the sandbox would call
        failed. Not delivered and without `http_status`: it waits (`Pending`). `at` is when it was queued and attempted,
        now unless given. `test`: the call `test` asked for it. `event_id` is the next one unless given. Raises
        `KeyError` for an unknown callback and `sqlite3.IntegrityError` for an event id that exists.
        """
        if delivered and http_status is None:
            http_status = 200
        moment = at or datetime.now(UTC)
        created = timestamp(moment)
        with self._transaction() as sql:
            callback = self.get(callback_id)
            if callback is None:
                raise KeyError(callback_id)
            (count,) = sql.execute("SELECT count(*) FROM deliveries").fetchone()
            object_id = _FIRST_OBJECT_ID + int(count)
            attempted = http_status is not None
            row = {
                **{name: callback[name] for name in ("callbackId", "url", "event", "mailboxId")},
                "callbackEventId": event_id,
                "objectId": object_id,
                "status": "Delivered" if delivered else "Error" if attempted else "Pending",
                "created": created,
                "delivered": created if delivered else None,
                "httpStatus": http_status,
                "payload": json.dumps({"parcelId": object_id, "status": "InBoxReady", "created": created}),
                "attempts": int(attempted),
                "lastAttempt": created if attempted else None,
                "test": test,
            }
            return int(
                sql.execute(
                    "INSERT INTO deliveries VALUES (:callbackEventId, :callbackId, :url, :event, :mailboxId, :objectId,"
                    " :status, :created, :delivered, :httpStatus, :payload, :attempts, :lastAttempt, :test, '')",
                    row,
                ).lastrowid
                or 0
            )

    def settle(self, event_id: int, http_status: int, message: str = "") -> None:
        """Note how the attempt at a waiting delivery ended.

        `http_status` 200 means delivered, 0 means no connection. `message` is the endpoint's answer, or why there is
        none.
        """
        done = http_status == 200
        now = timestamp(datetime.now(UTC))
        with self._transaction() as sql:
            sql.execute(
                "UPDATE deliveries SET status = ?, delivered = ?, httpStatus = ?, attempts = attempts + 1,"
                " lastAttempt = ?, message = ? WHERE callbackEventId = ?",
                ["Delivered" if done else "Error", now if done else None, http_status, now, message, event_id],
            )

    def deliveries(self) -> list[Record]:
        """Return every delivery, of deleted registrations too, in the order in which they were made."""
        with self._lock:
            rows = self._connection.execute("SELECT * FROM deliveries ORDER BY callbackEventId").fetchall()
        return [dict(row) for row in rows]

    def delivery(self, event_id: int) -> Record:
        """Return one delivery. Raises `KeyError` for an unknown id."""
        with self._lock:
            row = self._connection.execute("SELECT * FROM deliveries WHERE callbackEventId = ?", [event_id]).fetchone()
        if row is None:
            raise KeyError(event_id)
        return dict(row)


def _known(fields: Record) -> Record:
    unknown = sorted(fields.keys() - _DEFAULTS.keys())
    if unknown:
        raise TypeError(f"not a field of a registration: {', '.join(unknown)}")
    return fields
