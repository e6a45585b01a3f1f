"""Wrapped data keys as rows: the first one that is put for a subject stays."""

from typing import Any

from pynamodb.exceptions import PutError

from chalicelib.aws.places import data_key_place
from chalicelib.aws.reading import Reader
from chalicelib.aws.tables import Models, Table
from chalicelib.aws.troubles import Meaning, meaning
from chalicelib.operations.ports import Busy

RECORD = "DataKey"


class DataKeyRows:
    def __init__(self, models: Models, reader: Reader) -> None:
        self._model: Any = models[Table.ACCOUNTS]
        self._reader = reader

    def find(self, subject: str) -> bytes | None:
        row = self._reader.row(data_key_place(subject))
        return None if row is None else bytes(row.body["wrapped"])

    def keep(self, subject: str, wrapped: bytes) -> bytes:
        """Answers the key that is there afterwards: ours, or one that came first. Raises Busy."""
        place = data_key_place(subject)
        row = self._model(place.pk, place.sk, record=RECORD, version=0, body={"wrapped": wrapped})
        try:
            row.save(condition=self._model.pk.does_not_exist())
        except PutError as problem:
            if meaning(problem) is Meaning.OURS:
                raise
        # Read even after a success: a try of the SDK's own may have lost to its predecessor.
        there = self.find(subject)
        if there is None:
            raise Busy
        return there
