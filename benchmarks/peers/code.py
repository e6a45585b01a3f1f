"""The dark runs of a code: handed over, or made by segno as its manual shows when each page has its own."""

from itertools import groupby
from typing import Any

import segno


def dark_runs(code: dict[str, Any]) -> list[list[int]]:
    """Row, first column, length."""
    if not code["address"]:
        dark: list[list[int]] = code["dark"]
        return dark
    runs = []
    for y, row in enumerate(segno.make_qr(code["address"], error="q", boost_error=False).matrix):
        x = 0
        for is_dark, group in groupby(row):
            length = len(list(group))
            if is_dark:
                runs.append([y, x, length])
            x += length
    return runs
