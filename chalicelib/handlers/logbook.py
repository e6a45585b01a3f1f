"""The log: one JSON object a line, and nothing personal in it, whatever an error or a library wanted to say.

The last line of defence, not the first: records show only masks, and messages carry only ids.
"""

import json
import logging
import re
import sys
from typing import Any

from aws_lambda_powertools import Logger

HIDDEN = "***"
# a mobile number, an ID or other number of 15 to 19 digits, a mail address, a signed token, an argon2 hash
PERSONAL = re.compile(
    r"(?<![0-9A-Za-z-])1[3-9][0-9]{9}(?![0-9A-Za-z-])"
    r"|(?<![0-9A-Za-z-])[0-9]{14,18}[0-9Xx](?![0-9A-Za-z-])"
    r"|[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
    r"|eyJ[\w-]+\.[\w-]+\.[\w-]*"
    r"|\$argon2\w*\$[^\s\"]+"
)


def redacted(text: str) -> str:
    return PERSONAL.sub(HIDDEN, text)


def line(entry: dict[str, Any]) -> str:
    return redacted(json.dumps(entry, ensure_ascii=False, default=str))


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
