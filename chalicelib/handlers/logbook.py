"""The log: one JSON object a line, and nothing personal in it, whatever an error or a library wanted to say.

The last line of defence, not the first: records show only masks, and messages carry only ids.
"""

import json
import logging
import re
import sys
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

from aws_lambda_powertools import Logger

HIDDEN = "***"
# \d is any script's digit: full-width ones are typed as well. People break numbers with blanks and dashes, and a
# representation (as in a traceback) writes some of those as escapes.
BREAK = r"(?:[ \t\u00a0\u3000\-\u2010-\u2015\u2212\uff0d]|\\t|\\xa0|\\u3000){0,3}"
# No digit before it, unless that digit belongs to an escape of Python or of an address.
START = r"(?:(?<!\d)|(?<=%[0-9A-Fa-f]{2})|(?<=\\x[0-9a-f]{2})|(?<=\\u[0-9a-f]{4}))"
# Instants, and the ids of ours and of AWS that are long enough to hold a telephone number by chance: they stay.
OURS = (
    r"(?<!\d)\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,6}(?!\d))?"
    r"|(?<![0-9A-Za-z])(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
    r"|1-[0-9a-f]{8}-[0-9a-f]{24}"
    r"|(?=[a-z]?[0-9]*[a-f])(?:[a-z]?[0-9a-f]{32}|[0-9a-f]{64}))(?![0-9A-Za-z])"
)
PERSONAL = (
    r"otpauth://[^\s\"']+",
    r"(?i:bearer)\s+[\w.~+/=-]+",
    r"eyJ[\w-]{1,2048}+\.[\w-]+\.[\w-]*",
    r"\$argon2\w*\$[^\s\"']+",
    # begun only where a local part can begin: a long line without any @ is then read once
    r"(?<![\w.+~-])[\w.+~-]++(?:@|＠|%40)[\w-]+(?:\.[\w-]+)+",
    # an ID with its parts held apart: division, birth, order
    rf"{START}\d{{6}}{BREAK}\d{{8}}{BREAK}\d{{3}}[\dXxＸｘ]",
    # any other number of 15 digits and more: old IDs, bank accounts
    r"\d{14,}[\dXxＸｘ]",
    # a mobile number, with the code of the country or the zero that some dial before it
    rf"{START}(?:(?:(?:[+＋]|[0０]{{2}})?[8８][6６]|[0０]){BREAK})?[1１]{BREAK}[3-9３-９](?:{BREAK}\d){{9}}(?!\d)",
)
READ = re.compile(f"(?P<ours>{OURS})|" + "|".join(PERSONAL))


def redacted(text: str) -> str:
    return READ.sub(lambda found: found["ours"] or HIDDEN, text)


def clean(value: Any) -> Any:
    """The same value with every text in it redacted. Before JSON is written: its escapes would touch the numbers."""
    match value:
        case bool() | float() | None:
            return value
        case int():
            return value if _text(value) == str(value) else HIDDEN
        case Mapping():
            return {_text(name): clean(each) for name, each in value.items()}
        case str() | bytes() | bytearray():
            return _text(value)
        case Sequence() | AbstractSet():
            return [clean(each) for each in value]
    return _text(value)


def _text(value: object) -> str:
    return redacted(value.decode(errors="replace") if isinstance(value, bytes | bytearray) else str(value))


def line(entry: dict[str, Any]) -> str:
    return json.dumps(clean(entry), ensure_ascii=False)


def keep_for(logger: logging.Logger) -> None:
    """What this logger and those below it say goes into the same log, and nowhere else."""
    logger.handlers[:] = [HANDLER]
    logger.propagate = False
    logger.setLevel(logging.INFO)


HANDLER = logging.StreamHandler(sys.stdout)
# Chalice's app has the same name: what it reports itself goes to this logger, and so through this one door
NAME = "member-services"
log = Logger(service=NAME, json_serializer=line, utc=True, logger_handler=HANDLER)
keep_for(logging.getLogger("chalicelib"))
