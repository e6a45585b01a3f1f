"""The association's staff at work: each weekday they go through their queues, and err as people do."""

from collections.abc import Iterator
from functools import partial

from chalicelib.operations import applications, certificates
from chalicelib.operations.by_the_clock import every
from chalicelib.rules.records import Application, Certificate, MaterialVerdict
from chalicelib.rules.services import TABLE
from chalicelib.rules.vocabulary import Action, Actor, CertificateKind, FileStatus, Refused, Service, State
from tests.year.town import CERTIFIER, REVIEWERS, Town

LONGEST_AT_THE_PRESS = 5  # days
WAITS_FOR_PAPER = {"paper_not_received"}
RETURNED, REJECTED, REVOKED_A_DAY = 0.05, 0.004, 0.0004


class Office:
    def __init__(self, town: Town) -> None:
        self.town = town

    def works(self) -> None:
        if self.town.today.weekday() >= 5 or self.town.by_chance(0.04):  # a holiday
            return
        for application in self._queue(State.IN_REVIEW):
            if self.town.by_chance(0.7):
                self.review(application)
        for application in self._queue(State.BEING_MADE):
            self.certify(application)
        self._revoke()

    def _queue(self, state: State) -> list[Application]:
        return list(every(partial(applications.queue, self.town.ports, state)))

    # --- 审核 ---------------------------------------------------------------------------------------------------------

    def review(self, listed: Application) -> None:
        """Approves what can be, else sends it back with the reasons; at times two do so at once."""
        act = applications.act
        first, second = self.town.chance.sample(REVIEWERS, 2)
        seen = listed.version
        drawn = self.town.chance.random()
        if drawn < REJECTED and listed.service is not Service.JOIN:
            self.town.asked(first, act, listed.id, Action.REJECT, seen, "资料与登记不符，不予办理")
        elif drawn < RETURNED:
            self._send_back(first, listed)
        elif (refused := self._approved(first, listed)) is not None:
            told = "；".join(reason.message for reason in refused.reasons)[:400]
            self.town.asked(first, act, listed.id, Action.RETURN, seen, told)
        if self.town.by_chance(0.03) and self._is_decided(listed):
            self._too_late(second, listed)

    def _is_decided(self, listed: Application) -> bool:
        """A decision that was refused has changed nothing: what the second saw is still so."""
        folder = self.town.records.folder(listed.id)
        return folder is not None and folder.application.version != listed.version

    def _approved(self, reviewer: Actor, listed: Application) -> Refused | None:
        try:
            self.town.order(reviewer, applications.act, listed.id, Action.APPROVE, listed.version)
        except Refused as refused:
            self.town.refused.update({reason.code for reason in refused.reasons})
            return refused
        return None

    def _send_back(self, reviewer: Actor, listed: Application) -> None:
        """With a verdict on one of its materials, as a rule."""
        folder = self.town.records.folder(listed.id)
        known = {each.slot for each in TABLE[listed.service].materials}
        files = [f for f in folder.files if f.status is FileStatus.ACCEPTED and f.slot in known] if folder else []
        one = self.town.chance.choice(files) if files else None
        verdicts = (MaterialVerdict(one.slot, accepted=False, reason="图像不清晰", person=one.person),) if one else ()
        act = applications.act
        self.town.asked(reviewer, act, listed.id, Action.RETURN, listed.version, "请更换所列资料", verdicts)

    def _too_late(self, reviewer: Actor, listed: Application) -> None:
        """Whoever decides on what he saw before the first decision must be refused."""
        if self.town.asked(reviewer, applications.act, listed.id, Action.APPROVE, listed.version) is not None:
            self.town.slips.append((3, f"{listed.id} was approved by a second reviewer on what was no longer so"))

    # --- 制证 ---------------------------------------------------------------------------------------------------------

    def certify(self, listed: Application) -> None:
        wants_paper = listed.service is Service.QUALIFICATION and listed.paper_at is None
        if wants_paper:
            if listed.id in self.town.books.paper:
                self.town.asked(CERTIFIER, applications.act, listed.id, Action.NOTE_PAPER, listed.version)
        elif {each.code for each in listed.held_by} - WAITS_FOR_PAPER:
            told = "；".join(each.message for each in listed.held_by)[:400]
            self.town.asked(CERTIFIER, applications.act, listed.id, Action.SEND_BACK, listed.version, told)
        elif not listed.held_by and (self.town.today - listed.since.date()).days > LONGEST_AT_THE_PRESS:
            told = "证书未能制成，请重新提交"
            self.town.asked(CERTIFIER, applications.act, listed.id, Action.SEND_BACK, listed.version, told)

    def _revoke(self) -> None:
        """Now and then, and every other time by mistake."""
        for each in self._qualifications():
            if self.town.by_chance(REVOKED_A_DAY):
                self.town.asked(CERTIFIER, certificates.revoke, each.number, "经查不再符合条件")
                if self.town.by_chance(0.5):
                    self.town.later(self.town.chance.randint(2, 30), partial(self._reinstate, each.number))

    def _qualifications(self) -> Iterator[Certificate]:
        for each in self.town.kept.those(Certificate):
            if each.kind is CertificateKind.QUALIFICATION and each.revoked_on is None and each.latest > 0:
                yield each

    def _reinstate(self, number: str) -> int | None:
        self.town.asked(CERTIFIER, certificates.reinstate, number, "注销有误，予以恢复")
        return None
