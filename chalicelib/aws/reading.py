"""Reads: one item, one batch, one partition, one page. Never a scan."""

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any, TypeVar

from pynamodb.connection import Connection
from pynamodb.exceptions import DoesNotExist, QueryError

from chalicelib.aws.places import Place
from chalicelib.aws.positions import Listing, position, start
from chalicelib.aws.rows import record_of
from chalicelib.aws.tables import Models, Row, Table
from chalicelib.aws.troubles import reads
from chalicelib.operations.ports import Asked, BadPosition, Busy, Page
from chalicelib.rules.records import Record

MOST_IN_A_BATCH = 100
BATCH_TRIES = 4

R = TypeVar("R", bound=Record)


class Reader:
    def __init__(self, models: Models, connection: Connection) -> None:
        self._models = models
        self._connection = connection

    def row(self, place: Place) -> Row | None:
        """Strongly consistent."""
        if not place.possible:
            return None
        try:
            with reads():
                return self._models[place.table].get(place.pk, place.sk, consistent_read=True)
        except DoesNotExist:
            return None

    def rows(self, places: Iterable[Place]) -> dict[Place, Row]:
        """Those that are there, strongly consistent, in one batch (100 at a time)."""
        wanted = [place for place in dict.fromkeys(places) if place.possible]
        found: dict[Place, Row] = {}
        for first in range(0, len(wanted), MOST_IN_A_BATCH):
            found.update(self._batch(wanted[first : first + MOST_IN_A_BATCH]))
        return found

    def partition(self, table: Table, pk: str) -> tuple[Record, ...]:
        """All records of one partition, strongly consistent, in the order of their sort keys."""
        if not Place(table, pk, "-").possible:
            return ()
        with reads():
            return tuple(record_of(row) for row in self._models[table].query(pk, consistent_read=True))

    def page(self, listing: Listing, kind: type[R], asked: Asked) -> Page[R]:
        """Raises BadPosition, and ValueError for a limit outside 1 to 100."""
        beginning = start(listing, asked)
        if not Place(listing.table, listing.within, "-").possible:
            return Page(())
        rows = self._some(listing, asked, beginning)
        shown = [record for record in map(record_of, rows[: asked.limit]) if isinstance(record, kind)]
        more = len(rows) > asked.limit
        return Page(tuple(shown), position(listing, rows[asked.limit - 1]) if more else None)

    def _some(self, listing: Listing, asked: Asked, beginning: dict[str, Any] | None) -> list[Row]:
        """One more than asked for, so that the last page knows it is the last."""
        try:
            with reads():
                return list(islice(self._query(listing, asked.limit + 1, beginning), asked.limit + 1))
        except QueryError as problem:
            # DynamoDB itself refuses a start outside the bounds of the query.
            if beginning is not None and problem.cause_response_code == "ValidationException":
                raise BadPosition from problem
            raise

    def _query(self, listing: Listing, most: int, beginning: dict[str, Any] | None) -> Iterable[Row]:
        model = self._models[listing.table]
        by = listing.index.by if listing.index else "sk"
        return model.query(
            listing.within,
            range_key_condition=getattr(model, by) < listing.before if listing.before else None,
            index_name=listing.index.value if listing.index else None,
            consistent_read=listing.index is None,
            scan_index_forward=not listing.newest_first,
            limit=most,
            last_evaluated_key=beginning,
        )

    # --- a batch over several tables, which PynamoDB does table by table only -----------------------------------------

    def _batch(self, places: Sequence[Place]) -> dict[Place, Row]:
        request = {self._name(place.table): {"Keys": [], "ConsistentRead": True} for place in places}
        for place in places:
            request[self._name(place.table)]["Keys"].append({"pk": {"S": place.pk}, "sk": {"S": place.sk}})  # type: ignore[attr-defined]  # the list of the line above
        found: dict[Place, Row] = {}
        for _ in range(BATCH_TRIES):
            answer = self._dispatch(request)
            found.update(self._found(answer["Responses"]))
            request = answer.get("UnprocessedKeys") or {}
            if not request:
                return found
        raise Busy

    def _dispatch(self, request: Any) -> Any:
        with reads():
            return self._connection.dispatch("BatchGetItem", {"RequestItems": request})

    def _found(self, answered: dict[str, list[Any]]) -> Iterable[tuple[Place, Row]]:
        for table, model in self._models.items():
            for item in answered.get(self._name(table), ()):
                row = model.from_raw_data(item)
                yield Place(table, row.pk, row.sk), row

    def _name(self, table: Table) -> str:
        return self._models[table].Meta.table_name
