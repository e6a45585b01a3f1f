"""What the enterprise's year adds: reviews, credit, bank lines, invoices, renewals, reminders."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from chalicelib.aws import writing
from chalicelib.aws.planning import Verb
from chalicelib.operations import applications, editions, importing, invoices, reminding, renewing
from chalicelib.operations.commands import Deed, settle
from chalicelib.rules import certificates, workflow
from chalicelib.rules.vocabulary import Action, Effect
from tests.faults.planted.declared import Patch, plant

THE_MARK = "TransactWriteItems < operations.outbox._mark"


# --- 1, 4, 5: reviews and versions ------------------------------------------------------------------------------------


@plant("what the reviewer saw is not kept", 1, "is not kept", "变更打回")
def nothing_remembered(patch: Patch) -> None:
    patch.setitem(applications.EFFECTS, Effect.REMEMBER, lambda *_: ())


@plant("a version is left out", 4, "its versions are", "会费审核、制证")
def version_left_out(patch: Patch) -> None:
    version_after = editions.version_after
    patch.setattr(editions, "version_after", lambda *given: version_after(*given).changed(latest=given[0].latest + 2))


@plant(
    "a renewal asks neither for which term it was promised nor whether that is over",
    5,
    "come of nothing",
    "自动续期",
    modes=("crash before",),
    at=THE_MARK,
)
def renewed_again(patch: Patch) -> None:
    planned = renewing._planned

    def whatever_term(ports: Any, root: str, _: str) -> Any:
        family = ports.records.family(root)
        return planned(ports, root, family.certificate.valid_to.isoformat())

    def at_once(held: Any, *_: Any) -> Any:
        return certificates._renewed(held, held.valid_to + timedelta(days=1), held.valid_from)

    patch.setattr(renewing, "_planned", whatever_term)
    patch.setattr(renewing, "automatic_renewal", at_once)


@plant("whoever another employs is entered all the same", 5, "answered", "one practitioner", raced=True)
def employed_twice(patch: Patch) -> None:
    condition = writing._condition

    def lax(write: Any, models: Any) -> Any:
        loose = write.verb is Verb.PUT and type(write.record).__name__ in ("Practitioner", "Claim")
        return None if loose else condition(write, models)

    patch.setattr(writing, "_condition", lax)


# --- 6: reminders -----------------------------------------------------------------------------------------------------


@plant(
    "what is said is noted neither where the next one looks nor with its promise",
    6,
    "said 2 times",
    "会费提醒",
    modes=("crash before",),
    at=THE_MARK,
)
def said_again(patch: Patch) -> None:
    def forgetful(ports: Any, _: str, *asked: Any) -> Deed | None:
        told = reminding._said(ports, *asked)
        return Deed(told, asked[0]) if told else None

    patch.setattr(reminding, "_kept", forgetful)
    patch.setattr(reminding, "_noted", lambda *_: ())


# --- 9: money ---------------------------------------------------------------------------------------------------------


@plant("credit is added to blindly", 9, "which is not what moved", "confirm / refund", raced=True)
def blind_credit(patch: Patch) -> None:
    condition = writing._condition

    def lax(write: Any, models: Any) -> Any:
        loose = write.verb is Verb.PUT and type(write.record).__name__ == "Credit"
        return None if loose else condition(write, models)

    patch.setattr(writing, "_condition", lax)


@plant("a bank line has no guard row", 9, "one line of the bank's is there", "再导入")
def unguarded_line(patch: Patch) -> None:
    new_line = importing._new_line

    def entered(ports: Any, statement: str, lines: Any) -> int:
        keyed = [(each, ports.ids.keyed("bank_line", each.identity)) for each in lines]
        rows = tuple(new_line(statement, identity, line)[0] for line, identity in keyed)
        settle(ports, lambda: Deed(rows, statement))
        return 0

    patch.setattr(importing, "_entered", entered)


@plant("an invoice does not wait for completion", 9, ", which is in_review", "过早开票")
def early_invoice(patch: Patch) -> None:
    patch.setattr(invoices, "standing_in_the_way", lambda _: ())


@plant("what is undone stays booked", 9, "booked,", "撤销核账 undone: the money was never")
def stays_booked(patch: Patch) -> None:
    taken = workflow._taken

    def keeping(step: Any, application: Any, *given: Any) -> Any:
        decision = taken(step, application, *given)
        if step.action is not Action.UNDO_PAYMENT:
            return decision
        return replace(decision, application=replace(decision.application, paid=application.paid))

    patch.setattr(workflow, "_taken", keeping)
