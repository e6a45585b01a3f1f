"""What a failed call to AWS means: somebody was first, too busy, outcome unknown, or a fault of ours."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum

from botocore.exceptions import ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as NoConnection
from botocore.parsers import ResponseParserError
from pynamodb.exceptions import CancellationReason, PynamoDBException, VerboseClientError

from chalicelib.operations.ports import Busy

BOTOCORE = (ClientError, HTTPClientError, NoConnection, ResponseParserError)
SERVER_ERROR = 500
THROTTLED = frozenset(
    {
        "ProvisionedThroughputExceeded",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "Throttling",
        "ThrottlingError",
        "ThrottlingException",
        "ThrottledException",
        "TooManyRequestsException",
        "SlowDown",
    }
)
LOST = frozenset({"ConditionalCheckFailed", "ConditionalCheckFailedException", "DuplicateItem"})
CROSSED = frozenset({"TransactionConflict", "TransactionConflictException"})
UNSETTLED = frozenset({"TransactionInProgressException", "InternalServerError", "InternalServerErrorException"})


class Meaning(Enum):
    """A race is lost for good; two that crossed may both try again; an unknown outcome must be looked up."""

    LOST_RACE = "lost race"
    BUSY = "busy"
    UNKNOWN = "unknown"
    OURS = "a fault of ours"


def meaning(problem: Exception) -> Meaning:
    cause = problem.cause if isinstance(problem, PynamoDBException) and problem.cause else problem
    if isinstance(cause, ClientError):
        return _of_answer(cause)
    return Meaning.UNKNOWN if isinstance(cause, BOTOCORE) else Meaning.OURS


def _of_answer(answer: ClientError) -> Meaning:
    codes = {answer.response.get("Error", {}).get("Code", ""), *_cancelled_for(answer)}
    if codes & LOST or codes & CROSSED:
        return Meaning.LOST_RACE
    if codes & THROTTLED:
        return Meaning.BUSY
    return Meaning.UNKNOWN if codes & UNSETTLED or _status(answer) >= SERVER_ERROR else Meaning.OURS


def _cancelled_for(answer: ClientError) -> tuple[str, ...]:
    """PynamoDB regroups the operations of a transaction, so only which reasons there are means something."""
    given = getattr(answer, "cancellation_reasons", ()) if isinstance(answer, VerboseClientError) else ()
    return tuple(reason.code for reason in given if isinstance(reason, CancellationReason))


def _status(answer: ClientError) -> int:
    """PynamoDB's error leaves the status out, but keeps botocore's own as its cause."""
    for each in (answer, answer.__cause__):
        if isinstance(each, ClientError) and "ResponseMetadata" in each.response:
            return int(each.response["ResponseMetadata"].get("HTTPStatusCode", 0))
    return 0


@contextmanager
def reads() -> Iterator[None]:
    """A read that still fails after the SDK's own tries, and not through a fault of ours, is Busy."""
    try:
        yield
    except (PynamoDBException, *BOTOCORE) as problem:
        if meaning(problem) in (Meaning.BUSY, Meaning.UNKNOWN):
            raise Busy from problem
        raise
