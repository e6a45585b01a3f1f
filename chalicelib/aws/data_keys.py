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
            return self._found(subject)
        return wrapped

    def _found(self, subject: str) -> bytes:
        """Somebody else's, or our own after an answer that was lost."""
        there = self.find(subject)
        if there is None:
            raise Busy
        return there
