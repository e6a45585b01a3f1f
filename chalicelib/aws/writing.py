"""One commit, one transaction, one attempt. When the answer is lost, the store is asked what became of it.

Every item carries the mark of the commit that wrote it. A transaction is all or nothing, so a single item with our
mark proves that all of it came through, even if others have changed the rest since.
"""

import secrets
from collections.abc import Mapping
from typing import Any

from pynamodb.connection import Connection
from pynamodb.exceptions import PynamoDBException
from pynamodb.expressions.condition import Condition
from pynamodb.transactions import TransactWrite

from chalicelib.aws.personal import sealed_body
from chalicelib.aws.places import Place
from chalicelib.aws.planning import Expected, Verb, Write, planned
from chalicelib.aws.reading import Reader
from chalicelib.aws.rows import row_of
from chalicelib.aws.tables import Models, Row
from chalicelib.aws.troubles import BOTOCORE, Meaning, meaning
from chalicelib.aws.vault import Vault
from chalicelib.operations.ports import Busy, Change, Conflict

MARK_BYTES = 9


class Writer:
    def __init__(self, models: Models, connection: Connection, reader: Reader, vault: Vault) -> None:
        self._models = models
        self._connection = connection
        self._reader = reader
        self._vault = vault

    def commit(self, changes: tuple[Change, ...]) -> None:
        """All or nothing. Raises Conflict, Busy (nothing is known to be written: the same again is safe)."""
        writes = planned(changes)
        if not writes:
            return
        mark = secrets.token_urlsafe(MARK_BYTES)
        rows = self._rows(writes, mark)
        try:
            self._transact(writes, rows)
        except (PynamoDBException, *BOTOCORE) as problem:
            self._settle(problem, writes, mark)

    def _rows(self, writes: tuple[Write, ...], mark: str) -> dict[Place, Row]:
        """The rows to put. A record and its copy share one body, sealed for the record's own place."""
        put = [write for write in writes if write.verb is Verb.PUT]
        bodies = {id(write.record): sealed_body(write.record, self._vault) for write in put if not write.is_copy}
        return {
            write.place: row_of(
                self._models, write.place, write.record, bodies[id(write.record)], mark, is_copy=write.is_copy
            )
            for write in put
        }

    def _transact(self, writes: tuple[Write, ...], rows: Mapping[Place, Row]) -> None:
        with TransactWrite(connection=self._connection) as transaction:
            for write in writes:
                model, condition = self._models[write.place.table], _condition(write, self._models)
                match write.verb:
                    case Verb.PUT:
                        transaction.save(rows[write.place], condition=condition)
                    case Verb.DELETE:
                        transaction.delete(model(write.place.pk, write.place.sk), condition=condition)
                    case Verb.CHECK:
                        transaction.condition_check(model, write.place.pk, write.place.sk, condition=condition)

    # --- what became of it --------------------------------------------------------------------------------------------

    def _settle(self, problem: Exception, writes: tuple[Write, ...], mark: str) -> None:
        """Returns when the commit is found to have come through after all."""
        match meaning(problem):
            case Meaning.LOST_RACE:
                raise Conflict from problem
            case Meaning.BUSY:
                raise Busy from problem
            case Meaning.UNKNOWN:
                self._look(problem, writes, mark)
            case Meaning.OURS:
                raise problem

    def _look(self, problem: Exception, writes: tuple[Write, ...], mark: str) -> None:
        stored = self._reader.rows(write.place for write in writes)
        if _came_through(writes, stored, mark):
            return
        if all(_still_holds(write, stored.get(write.place)) for write in writes):
            raise Busy from problem
        raise Conflict from problem


def _condition(write: Write, models: Models) -> Condition | None:
    model: Any = models[write.place.table]
    match write.expected:
        case Expected.ABSENT:
            return model.pk.does_not_exist()  # type: ignore[no-any-return]  # PynamoDB's attributes make conditions
        case Expected.ANYTHING:
            return None
        case version:
            return model.version == version  # type: ignore[no-any-return]  # PynamoDB's attributes make conditions


def _came_through(writes: tuple[Write, ...], stored: Mapping[Place, Row], mark: str) -> bool:
    """By our mark; a commit that only removes leaves none, and has come through when nothing of it is left."""
    if any(row.mark == mark for row in stored.values()):
        return True
    removed = [write.place for write in writes if write.verb is Verb.DELETE]
    puts = any(write.verb is Verb.PUT for write in writes)
    return not puts and bool(removed) and not any(place in stored for place in removed)


def _still_holds(write: Write, row: Row | None) -> bool:
    match write.expected:
        case Expected.ABSENT:
            return row is None
        case Expected.ANYTHING:
            return True
        case version:
            return row is not None and row.version == version
