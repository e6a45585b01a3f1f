"""Promise 9: money counts once, and only what finance has found."""

from dataclasses import replace
from typing import Any

from chalicelib.operations import reconciling
from chalicelib.operations.commands import once
from chalicelib.rules import workflow
from chalicelib.rules.vocabulary import Action
from tests.faults.planted.declared import Patch, kind_of, plant

BOOKED = "booked,"


@plant("a receipt counts as the money", 9, BOOKED, "缴费 the")
def receipt_is_money(patch: Patch) -> None:
    paid_by = workflow.Decision.paid_by

    def trusting(decision: Any, payment: str) -> Any:
        said = paid_by(decision, payment)
        return replace(said, application=replace(said.application, paid=said.application.amount_due or 0))

    patch.setattr(workflow.Decision, "paid_by", trusting)


@plant("a refused payment stays on the list", 9, "payments to check", "核账不通过")
def still_listed(patch: Patch) -> None:
    def forgetting(ports: Any, order: Any, deed: Any) -> str:
        def less() -> Any:
            done = deed()
            return replace(done, changes=tuple(each for each in done.changes if kind_of(each) != "Payment"))

        return once(ports, order, less)

    patch.setattr(reconciling, "once", forgetting)


@plant("what was paid is booked once more when the certificate is issued", 9, BOOKED, "核账通过")
def booked_again(patch: Patch) -> None:
    taken = workflow._taken

    def doubling(step: Any, application: Any, *given: Any) -> Any:
        decision = taken(step, application, *given)
        if step.action is not Action.ISSUE:
            return decision
        return replace(decision, application=replace(decision.application, paid=application.paid * 2))

    patch.setattr(workflow, "_taken", doubling)
