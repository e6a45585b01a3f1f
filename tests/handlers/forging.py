"""Ways to forge a session from a genuine one. Each gives tokens, or Authorization headers, that are not ours."""

import base64
import hmac
import json
from collections.abc import Iterator
from hashlib import sha256, sha384, sha512
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from tests.handlers.conftest import SECRET

OTHER_KEY = "somebody else's secret of more than 32 characters"
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
LIKE_A_LETTER = str.maketrans(
    {"a": "а", "e": "е", "o": "о", "c": "с", "p": "р", "x": "х", "y": "у", "i": "і", "j": "ј"}
)
WRONG: tuple[Any, ...] = (
    None, True, False, 0, 1, 0.0, 1.0, -1, 10**300, 1e300, "", "x", "0", "1", [], {}, ["member"], ["staff"],
    ["member", "staff"], {"member": 1}, [[]], "\x00", "ｍember", "member ", "Member", "STAFF", " staff",
)  # fmt: skip

Claims = dict[str, Any]


def segment(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def octets(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def compact(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def written(header: Any, payload: bytes, key: str = SECRET, digest: Any = sha256) -> str:
    """A token put together by hand: no library in between that would know better."""
    text = f"{segment(compact(header))}.{segment(payload)}"
    return f"{text}.{segment(hmac.digest(key.encode(), text.encode(), digest))}"


def claims_of(token: str) -> Claims:
    claims: Claims = json.loads(octets(token.split(".")[1]))
    return claims


def resigned(token: str, **claims: Any) -> str:
    """With our own secret: what even its thief must not get past."""
    return written({"alg": "HS256", "typ": "JWT"}, compact({**claims_of(token), **claims}))


NO_ALGORITHMS: tuple[Any, ...] = (
    "none", "None", "nOnE", "NONE", "", "HS1", "hs256", "HS256 ", "HS384", "HS512", "RS256", "PS256", "ES256", "EdDSA",
    "HS256\x00", None, 0, [], {}, ["HS256"],
)  # fmt: skip
NO_HEADERS: tuple[Any, ...] = ({}, {"typ": "JWT"}, [], "HS256", None, 1)


def other_algorithms(token: str) -> Iterator[str]:
    """None at all, others of our own key, and those of public keys with our secret in the public key's place."""
    header, payload, signature = token.split(".")
    for name in NO_ALGORITHMS:
        altered = segment(compact({"alg": name, "typ": "JWT"}))
        yield from (f"{altered}.{payload}.{end}" for end in ("", signature, "AAAA", segment(b"\0" * 32)))
        for key in (SECRET, OTHER_KEY, "", SECRET + "\n", SECRET[:-1], SECRET.swapcase()):
            for digest in (sha256, sha384, sha512):
                yield written({"alg": name, "typ": "JWT"}, octets(payload), key, digest)
    yield from (written(none, octets(payload)) for none in NO_HEADERS)
    yield f"{header}.{payload}."
    yield f"{header}.{payload}"


def other_keys(token: str) -> Iterator[str]:
    claims = claims_of(token)
    private = rsa.generate_private_key(65537, 2048)
    yield jwt.encode(claims, private, "RS256")
    yield jwt.encode(claims, private, "PS256")
    yield jwt.encode(claims, ec.generate_private_key(ec.SECP256R1()), "ES256")
    for key in ("", "\0", "secret", OTHER_KEY, SECRET[::-1], SECRET * 2, SECRET[:32], SECRET.upper(), f" {SECRET}"):
        yield written({"alg": "HS256", "typ": "JWT"}, compact(claims), key)


def keys_named_in_the_header(token: str) -> Iterator[str]:
    """Signed by the key that the header offers, and by ours: we name no key, so neither is our writing."""
    oct_key = {"kty": "oct", "k": segment(OTHER_KEY.encode())}
    offers: tuple[Claims, ...] = (
        {"kid": "0"}, {"kid": "../../dev/null"}, {"kid": "' OR 1=1 --"}, {"kid": ""}, {"kid": None}, {"kid": 1},
        {"jku": "https://keys.example.invalid/"}, {"x5u": "https://keys.example.invalid/"}, {"jwk": oct_key},
        {"x5c": ["MAo="]}, {"x5t": "AAAA"}, {"crit": ["exp"]}, {"crit": []}, {"b64": True}, {"b64": False},
        {"zip": "DEF"}, {"cty": "JWT"}, {"typ": "JOSE"}, {"typ": "jwt"}, {"typ": None}, {"enc": "A128GCM"}, {"epk": {}},
    )  # fmt: skip
    for offer in offers:
        for key in (SECRET, OTHER_KEY, ""):
            yield written({"alg": "HS256", "typ": "JWT", **offer}, octets(token.split(".")[1]), key)


def wrong_claims(token: str) -> Iterator[str]:
    """A session's own name (jti) may be any text: nothing is decided by it."""
    claims = claims_of(token)
    for name in claims:
        yield written({"alg": "HS256", "typ": "JWT"}, compact({each: claims[each] for each in claims if each != name}))
        for value in WRONG:
            if compact(value) != compact(claims[name]) and not (name == "jti" and isinstance(value, str)):
                yield resigned(token, **{name: value})
    for extra in ("nbf", "role", "roles", "admin", "enterprise", "scope", "cnf", "act", "Sub", "sub "):
        yield from (resigned(token, **{extra: value}) for value in WRONG)


def other_times(token: str) -> Iterator[str]:
    """Expired, issued in the future, not yet valid, or living longer than a session of ours does."""
    issued, ends = claims_of(token)["iat"], claims_of(token)["exp"]
    life = ends - issued
    for away in (1, 60, 3600, 86_400, 10**9):
        yield resigned(token, exp=ends + away)
        yield resigned(token, exp=ends - away)
        yield resigned(token, iat=issued - life - away, exp=issued - away)
        yield resigned(token, iat=issued + 3600 + away, exp=ends + 3600 + away)
        yield resigned(token, nbf=issued + away)
        yield resigned(token, nbf=issued - away)


def other_spellings(token: str) -> Iterator[str]:
    """Well signed, and not the way in which we write: two programs could read two things in it."""
    claims, plain = claims_of(token), octets(token.split(".")[1]).decode()
    sub, header = json.dumps(claims["sub"]), {"alg": "HS256", "typ": "JWT"}
    escaped = "".join(f"\\u{ord(letter):04x}" for letter in claims["sub"])
    for text in (
        json.dumps(claims), json.dumps(claims, indent=1), f" {plain}", f"{plain}\n", f"\ufeff{plain}",
        plain.replace(sub, f'"{escaped}"'), plain[:-1] + f',"sub":{sub}}}', '{"sub":"admin",' + plain[1:],
        compact(dict(reversed(claims.items()))).decode(), plain + plain, f"[{plain}]", f"{plain}x", "", "null", "[]",
        "{}", '"x"', "NaN", plain.replace('"epoch":', '"epoch":0'), "[" * 1200, '{"a":' * 200, plain[:-1],
    ):  # fmt: skip
        yield written(header, text.encode())
    for raw in (b"\xff\xfe", plain.encode("utf-16"), b"\0" * 100, plain.encode() + b"\0"):
        yield written(header, raw)
    yield written(dict(reversed(header.items())), plain.encode())
    for deep in (b"[" * 1500, b'{"alg":' * 190, b'{"alg":"HS256","typ":' + b"[" * 1400):
        yield f"{segment(deep)}.{token.partition('.')[2]}"


def every_flipped_bit(token: str) -> Iterator[str]:
    """Of the letters as they travel, and of the bytes that they stand for.

    A flip of the two bits that the last letter does not use stands for the same bytes. It is refused all the same:
    a token has one spelling, so that whatever compares or remembers tokens by their text is never led astray.
    """
    for place, letter in enumerate(token):
        yield from (token[:place] + chr(ord(letter) ^ 1 << bit) + token[place + 1 :] for bit in range(8))
    parts = token.split(".")
    for which, part in enumerate(parts):
        for altered in flips(octets(part)):
            yield ".".join((*parts[:which], segment(altered), *parts[which + 1 :]))


def flips(content: bytes) -> Iterator[bytes]:
    for place in range(len(content) * 8):
        altered = bytearray(content)
        altered[place // 8] ^= 1 << place % 8
        yield bytes(altered)


def unused_bits(token: str) -> list[str]:
    """The three other spellings of the same 32 bytes of signature: 43 letters hold 258 bits."""
    last = ALPHABET.index(token[-1])
    same = [token[:-1] + ALPHABET[last & ~3 | more] for more in range(4)]
    return [each for each in same if each != token]


def cut_and_lengthened(token: str) -> Iterator[str]:
    header, payload, signature = token.split(".")
    yield from (token[:length] for length in range(1, len(token)))
    yield from (token[start:] for start in range(1, len(token)))
    for more in (
        "=",
        "==",
        "===",
        ".",
        "..",
        ".x",
        f".{signature}",
        "A",
        "AA",
        "AAAA",
        "%00",
        "\0",
        ",",
        ";",
        "#",
        "?x",
    ):
        yield token + more
        yield f"{header}{more}.{payload}.{signature}"
        yield f"{header}.{payload}{more}.{signature}"
        yield more + token
    for parts in ((payload, header, signature), (header, signature, payload), (header, payload, header)):
        yield ".".join(parts)
    yield f"{header}.{payload}.{payload}.{signature}"
    yield f"{token}.{token}"


def put_in_between(token: str) -> Iterator[str]:
    """Something that a careless reader of base64 or of headers would skip, at every place."""
    for stray in ("\n", "\r\n ", "\t", " ", "=", "!", "\u200b", "\u00a0", "%20", "\0"):
        yield from (token[:place] + stray + token[place:] for place in range(1, len(token)))


def look_alikes(token: str) -> Iterator[str]:
    yield from (token[:at] + chr(ord(letter) + 0xFEE0) + token[at + 1 :] for at, letter in enumerate(token))
    yield from (token[:at] + f"%{ord(letter):02X}" + token[at + 1 :] for at, letter in enumerate(token))
    for at, letter in enumerate(token):
        if (like := letter.translate(LIKE_A_LETTER)) != letter:
            yield token[:at] + like + token[at + 1 :]
    yield from (token.swapcase(), token.upper(), token.lower(), token[::-1], token.replace("-", "+").replace("_", "/"))


def overlong(token: str) -> Iterator[str]:
    header, payload, signature = token.split(".")
    long = "A" * 1_000_000
    yield from (long, token + long, "." * 1_000_000, f"{header}.{payload}.{signature}.{long}", f"{long}.{long}.{long}")
    yield f"{header}.{long}.{signature}"
    yield resigned(token, jti=long)
    yield written({"alg": "HS256", "typ": "JWT", "kid": long}, octets(payload))


SCHEMES = (
    "", "Bearer", "Bearer ", "Basic {}", "Token {}", "JWT {}", "{}", "Bearer: {}", "Bearer={}", "Bearer\t{}",
    "Bearer\u00a0{}", "Bearer\u3000{}", "Bearer \u3000{}", "Bearer {}\u00a0", "\u2003Bearer {}", "Bearer \x85{}",
    "Ｂｅａｒｅｒ {}", "Веаrer {}", "bеarer {}", "Bearer\u200b {}", "\ufeffBearer {}", "Bearer\0 {}", "Bearer\n{}",
    "Bearer\r\n {}", 'Bearer "{}"', "Bearer <{}>", "Bearer token={}", "Bearer Bearer {}", "Bearer {0}, Bearer {0}",
    "Bearer {0},{0}", "Bearer {0} {0}", "Bearer%20{}", "B earer {}", "BearerX {}", "Bearer x, Bearer {}",
    "Basic x, Bearer {}", "Bearer {}\n", "Bearer {}\r\nX-User: admin", "Negotiate, Bearer {}", "ﬁBearer {}",
)  # fmt: skip
WAYS = (
    other_algorithms, other_keys, keys_named_in_the_header, wrong_claims, other_times, other_spellings,
    every_flipped_bit, unused_bits, cut_and_lengthened, put_in_between, look_alikes, overlong,
)  # fmt: skip


def forged_from(token: str) -> Iterator[str]:
    """Whole Authorization headers."""
    yield from (scheme.format(token) for scheme in SCHEMES)
    for way in WAYS:
        yield from (f"Bearer {each}" for each in way(token))
