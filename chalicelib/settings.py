"""What differs between stages, read once from the environment. A start with a bad setting fails and names every one."""

import re
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import unquote, urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, model_validator

MAIL_PORTS = {"smtps": 465, "smtp": 587, "smtp+plain": 25}

Name = Annotated[str, Field(min_length=1)]
Key = Annotated[SecretStr, Field(min_length=32)]
# Printed into every QR in upper case, which only a bare host survives: no path, no port, no capitals.
PublicUrl = Annotated[str, Field(pattern=r"^https://[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$")]
Loopback = Annotated[str, Field(pattern=r"^http://127\.0\.0\.1:\d+$")]


class BadSettings(Exception):  # noqa: N818 - its message is what the operator reads
    """The environment does not say what is needed. Every problem is named; no value is repeated."""


class MailServer(BaseModel):
    """Where letters are handed in. Without TLS it takes no password."""

    model_config = ConfigDict(frozen=True)

    host: Name
    port: int
    security: Literal["tls", "starttls", "none"]
    username: str | None = None
    password: SecretStr | None = None

    @classmethod
    def read(cls, address: str) -> Self:
        """``smtps://user:password@host:465`` (TLS), ``smtp://`` (STARTTLS), ``smtp+plain://`` (loopback only)."""
        parts = urlsplit(address)
        security = {"smtps": "tls", "smtp": "starttls", "smtp+plain": "none"}.get(parts.scheme)
        if security is None or parts.hostname is None:
            raise ValueError("an address like smtps://user:password@host:465 is expected")
        if security == "none" and parts.hostname != "127.0.0.1":
            raise ValueError("mail in the clear stays on this machine: smtps:// or smtp:// for any other")
        return cls(
            host=parts.hostname,
            port=parts.port or MAIL_PORTS[parts.scheme],
            security=security,
            username=unquote(parts.username) if parts.username else None,
            password=SecretStr(unquote(parts.password)) if parts.password else None,
        )


class Settings(BaseModel):
    """One field for each variable of the environment, in lower case."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    stage: Name
    public_url: PublicUrl | Loopback

    table_enterprises: Name
    table_applications: Name
    table_certificates: Name
    table_accounts: Name
    table_outbox: Name
    bucket_uploads: Name
    bucket_keeping: Name
    queue_issuing: Name
    queue_mailing: Name
    queue_notifying: Name
    queue_uploads: Name
    aws_region: Name
    aws_endpoint: Loopback | None = None

    data_key_id: Name | None = None
    local_wrapping_key: SecretStr | None = None
    seal_key_id: Name | None = None
    seal_chain: Name | None = None
    seal_licensed: bool = False
    seal_directory: Path | None = None
    session_secret: Key
    hash_key: Key

    mail_by: Literal["smtp", "ses"]
    mail_from: Annotated[str, Field(pattern=r"@")]
    smtp_url: SecretStr | None = None
    wechat_appid: Name
    wechat_secret: Annotated[SecretStr, Field(min_length=1)]
    wechat_url: Loopback | None = None
    wechat_edition: Literal["developer", "trial", "formal"] = "formal"

    @model_validator(mode="after")
    def _what_goes_together(self) -> Self:
        if problems := [*self._problems()]:
            raise ValueError("; ".join(problems))
        return self

    def _problems(self) -> list[str]:
        conditions = {
            "DATA_KEY_ID or LOCAL_WRAPPING_KEY, one of them": (self.data_key_id is None)
            != (self.local_wrapping_key is None),
            "SEAL_KEY_ID with SEAL_CHAIN, or SEAL_DIRECTORY": (self.seal_key_id is None)
            != (self.seal_directory is None),
            "SEAL_CHAIN with SEAL_KEY_ID": (self.seal_key_id is None) == (self.seal_chain is None),
            "local keys only on one machine (AWS_ENDPOINT)": self.aws_endpoint is not None
            or (self.local_wrapping_key is None and self.seal_directory is None),
            "LOCAL_WRAPPING_KEY of 64 hexadecimal digits": self.local_wrapping_key is None
            or re.fullmatch("[0-9a-f]{64}", self.local_wrapping_key.get_secret_value()) is not None,
            "PUBLIC_URL with https": self.aws_endpoint is not None or self.public_url.startswith("https://"),
            **self._mail_conditions(),
        }
        return [wanted for wanted, holds in conditions.items() if not holds]

    def _mail_conditions(self) -> dict[str, bool]:
        if self.mail_by == "ses":
            return {}
        try:
            self.mail_server  # noqa: B018 - reading it is the check
        except ValueError as problem:
            return {f"SMTP_URL: {problem}": False}
        return {}

    @cached_property
    def mail_server(self) -> MailServer:
        """Raises ValueError when SMTP_URL is no address of a server."""
        return MailServer.read(self.smtp_url.get_secret_value() if self.smtp_url else "")


def read(environment: Mapping[str, str]) -> Settings:
    """The settings in an environment; an empty value counts as absent. Raises BadSettings."""
    try:
        return Settings.model_validate({name.lower(): value for name, value in environment.items() if value})
    except ValidationError as problem:
        raise BadSettings(_said(problem)) from None


def _said(problem: ValidationError) -> str:
    told = (
        f"{'.'.join(map(str, each['loc'])).upper() or 'together'}: {each['msg']}"
        for each in problem.errors(include_input=False, include_url=False)
    )
    return "\n".join(("The environment does not say what is needed:", *sorted(set(told))))
