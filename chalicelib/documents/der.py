"""The distinguished encoding of ASN.1 (ITU-T X.690), as much of it as a signature and its certificates take."""

from collections.abc import Iterator

INTEGER, BITS, OCTETS, OBJECT, SEQUENCE, SET = 0x02, 0x03, 0x04, 0x06, 0x30, 0x31
NULL = b"\x05\x00"
_LONG = 0x80  # the bit that says that a length, or a number, goes on


def wrapped(tag: int, *contents: bytes) -> bytes:
    """One value with its tag and its length."""
    content = b"".join(contents)
    size = len(content)
    if size < _LONG:
        return bytes((tag, size)) + content
    digits = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, _LONG | len(digits))) + digits + content


def sequence(*values: bytes) -> bytes:
    return wrapped(SEQUENCE, *values)


def set_of(*values: bytes, tag: int = SET) -> bytes:
    """In ascending order of their encodings (X.690, 11.6)."""
    return wrapped(tag, *sorted(values))


def identifier(dotted: str) -> bytes:
    """An object identifier from its numbers."""
    first, second, *others = map(int, dotted.split("."))
    return wrapped(OBJECT, b"".join(_in_sevens(number) for number in (40 * first + second, *others)))


def _in_sevens(number: int) -> bytes:
    digits = [number & 0x7F]
    while number := number >> 7:
        digits.append(_LONG | number & 0x7F)
    return bytes(reversed(digits))


def values(content: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Of the values that stand one after the other: tag, the whole, and what is in it."""
    at = 0
    while at < len(content):
        begin, size = at + 2, content[at + 1]
        if size & _LONG:
            begin += size & 0x7F
            size = int.from_bytes(content[at + 2 : begin], "big")
        yield content[at], content[at : begin + size], content[begin : begin + size]
        at = begin + size


def inside(value: bytes) -> list[tuple[int, bytes, bytes]]:
    """The values that one constructed value holds."""
    ((_, _, content),) = values(value)
    return [*values(content)]
