"""What the claims add: the guard row of one that is open, the log of a decision, evidence that nobody decided on."""

from chalicelib.operations import binding_requests, enterprises, granting
from chalicelib.rules.records import AuditEntry
from tests.faults.planted.declared import Patch, committed_apart, plant, record_of


@plant("a claim that is decided holds on", 3, "and held", "认领不予通过")
def held_for_ever(patch: Patch) -> None:
    patch.setattr(binding_requests, "guard_of", lambda *_: ())


@plant("evidence outlives a claim that was withdrawn", 3, "its evidence is still there", "撤回认领")
def kept_for_ever(patch: Patch) -> None:
    patch.setattr(binding_requests, "EVIDENCE_GOES_WITH", ())


@plant("a claim stays open beside the binding that overtook it", 3, "represents somebody", "认领中自行绑定")
def not_overtaken(patch: Patch) -> None:
    patch.setattr(enterprises, "overtaken", lambda *_: ())


@plant("staff open evidence and nobody notes it", 1, "and it is kept 0 times", "查认领")
def unaudited(patch: Patch) -> None:
    patch.setattr(granting, "audited", lambda *_: None)


@plant(
    "the log of a decision is committed by itself, before it", 3, "and the log says", "认领通过",
    modes=("crash before",), at="TransactWriteItems",
)  # fmt: skip
def logged_apart(patch: Patch) -> None:
    committed_apart(patch, lambda change: isinstance(record_of(change), AuditEntry))
