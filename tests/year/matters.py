"""One application as its unit goes through it: filled in, mended when it comes back, paid for, followed to its end."""

from collections.abc import Iterator
from itertools import count
from typing import TYPE_CHECKING

from chalicelib.operations import applications, materials, practitioners
from chalicelib.operations.ports import Asked
from chalicelib.rules.payments import amount_due
from chalicelib.rules.records import Application, Folder
from chalicelib.rules.services import TABLE
from chalicelib.rules.vocabulary import Action, FileStatus, Service, State
from tests.operations.acting import join_form
from tests.operations.years import QUALIFICATION, REVIEW
from tests.year.habits import SIX, Pays

if TYPE_CHECKING:
    from tests.year.units import Unit

FILES = count(1)
MOST_TRIES = 9
A_YUAN = 100


class Matter:
    """``sleeps``: its unit forgets to pay for it, and it lapses."""

    def __init__(self, unit: "Unit", service: Service) -> None:
        self.unit, self.town, self.service = unit, unit.town, service
        self.id = ""
        self.tries = 0
        self.sleeps = self.town.by_chance(0.02) and not unit.habit.founder

    def now(self) -> Folder:
        found = self.town.records.folder(self.id)
        assert found is not None
        return found

    @property
    def state(self) -> State:
        return self.now().application.state

    # --- in ---------------------------------------------------------------------------------------------------------

    def begin(self) -> bool:
        """False where the service is not open to the unit now."""
        opened = self.town.asked(self.unit.actor, applications.open_draft, self.service)
        if opened is None:
            return False
        self.id = opened
        form = self.form()
        if form:
            self.town.order(self.unit.actor, applications.save_draft, self.id, self.now().application.version, form)
        self.put_in()
        return True

    def form(self) -> dict[str, str | None]:
        n = self.unit.n
        if self.service is Service.JOIN:
            return join_form(n)
        if self.service is Service.QUALIFICATION:
            return dict(QUALIFICATION)
        if self.service is Service.ANNUAL_REVIEW:
            return dict(REVIEW)
        return self.unit.new_data() if self.service is not Service.DUES else {}

    def put_in(self) -> bool:
        if TABLE[self.service].persons:
            self._name_people()
        self._bring()
        application = self.now().application
        if not TABLE[self.service].receipt_first or application.payment or self.service is Service.DUES_WITH_CHANGES:
            if self.town.asked(self.unit.actor, applications.act, self.id, Action.SUBMIT, None) is not None:
                return True
            if application.payment or not TABLE[self.service].receipt_first:
                return False
        return self.pay()

    def _name_people(self) -> None:
        """The careful name those whose certificate runs on; others take whoever comes first."""
        roll = practitioners.roll(self.town.ports, self.unit.actor, Asked(30)).items
        good = [each for each in roll if each.valid_to >= self.town.today]
        careless = self.tries == 0 and self.town.by_chance(0.06)
        chosen = tuple(each.id for each in (roll if careless else good)[: SIX + self.town.chance.randint(0, 1)])
        application = self.now().application
        if chosen and chosen != tuple(each.id for each in application.persons):
            actor, version = self.unit.actor, application.version
            self.town.asked(actor, applications.choose_persons, self.id, version, chosen)

    def _bring(self) -> None:
        """Every material that is wanted and not there, or was refused."""
        folder = self.now()
        there = {(each.slot, each.person) for each in folder.files if each.status is not FileStatus.REFUSED}
        for slot, person in self._wanted(folder.application):
            if (slot, person) not in there:
                self.upload(slot, person)

    def _wanted(self, application: Application) -> Iterator[tuple[str, str | None]]:
        for material in TABLE[self.service].materials:
            by_us = material.issued is not None and self.unit.holds(material.issued)
            needless = material.only_with is not None and not self.unit.holds(material.only_with)
            if material.optional or by_us or needless:
                continue
            for person in [each.id for each in application.persons] if material.per_person else [None]:
                yield material.slot, person

    def upload(self, slot: str, person: str | None = None) -> None:
        """Now and then it is no file that can be taken, or the bucket's event is lost."""
        file = self.town.asked(self.unit.actor, materials.request_upload, self.id, slot, f"{slot}.pdf", person)
        if file is None:
            return
        good = self.tries > 0 or self.town.by_chance(0.997)
        data = f"%PDF-1.7 made up {next(FILES)}" if good else "MZ"
        self.town.files.arrives(file, data.encode())
        self.town.sent[file] = data.encode()
        if self.town.by_chance(0.995):
            materials.receive(self.town.ports, file)

    # --- money ------------------------------------------------------------------------------------------------------

    def due(self) -> int:
        """Fen, as far as its unit can know."""
        application = self.now().application
        if application.state is State.TO_BE_PAID:
            return application.still_due
        return (amount_due(self.town.fees, TABLE[self.service].fee, self.town.today) or 0) - application.paid

    def pay(self) -> bool:
        """For itself, and for whatever else of its unit waits to be paid, in one."""
        others = [each for each in self.unit.open if each is not self and each.state is State.TO_BE_PAID]
        return self.unit.pay([self, *others])

    # --- on its way ---------------------------------------------------------------------------------------------------

    def follow(self) -> int | None:
        """A wish: looks how it stands, does what is its unit's to do. None once it has ended."""
        state = self.state
        if state.final:
            self.unit.ended(self, state)
            return None
        if state is State.DRAFT:
            return self._mended()
        if state in (State.IN_REVIEW, State.TO_BE_PAID) and self.unit.habit.withdraws and self.town.by_chance(0.2):
            self.withdraw()
        elif state is State.TO_BE_PAID and not self.sleeps and not self._waits_for_the_dues():
            self.pay()
        if state is State.BEING_MADE and self.service is Service.QUALIFICATION and self.town.by_chance(0.4):
            self.town.books.paper.add(self.id)
        return 7 if self.sleeps else self.town.chance.randint(1, 4)

    def _waits_for_the_dues(self) -> bool:
        """What a unit changes late in the year it pays for together with the next year's dues."""
        day = self.town.today
        together = self.unit.habit.pays is Pays.IN_DECEMBER
        return self.service is Service.QUALIFICATION_CHANGE and together and (11, 1) <= (day.month, day.day) < (12, 29)

    def _mended(self) -> int:
        self.tries += 1
        if self.tries > MOST_TRIES:
            self.withdraw()
        else:
            self.put_in()
        return self.town.chance.randint(2, 12)

    def withdraw(self) -> None:
        self.town.asked(self.unit.actor, applications.act, self.id, Action.WITHDRAW, None)
