"""A unit as the association's member: joins, pays, has its people entered, qualifies, is reviewed, changes, forgets."""

from datetime import date, timedelta

from chalicelib.operations import accounts, certificates, crediting, enterprises, invoices, payments, practitioners
from chalicelib.operations.payments import Transfer
from chalicelib.operations.practitioners import Entered
from chalicelib.rules.guards import held
from chalicelib.rules.invoices import Buyer
from chalicelib.rules.records import Dossier, PaymentMethod, enterprise_owner
from chalicelib.rules.vocabulary import Actor, CertificateKind, Service, State
from tests import made_up
from tests.operations.acting import as_of_now
from tests.year import books
from tests.year.habits import CARELESS, Habit, Money, Pays, Reviews, some_day
from tests.year.matters import A_YUAN, Matter
from tests.year.town import ADMIN, Town, Wish

PEOPLE = 100  # numbers of made-up people for each unit
AT_ONCE = 20
NOTICES = ("to_be_paid", "returned", "payment_refused", "completed")
ABOUT_DUES = (Service.DUES, Service.DUES_WITH_CHANGES)


class Unit:
    actor: Actor

    def __init__(self, town: Town, n: int, habit: Habit, last: date) -> None:
        """``last``: the day on which the machine stops; nobody plans beyond."""
        self.town, self.n, self.habit, self.last = town, n, habit, last
        self.open: list[Matter] = []
        self.renames = 0
        self.entered = 0
        self.last_serial = ""
        town.on(habit.joins, self.join)

    # --- what it is ---------------------------------------------------------------------------------------------------

    @property
    def dossier(self) -> Dossier | None:
        enterprise = self.actor.enterprise
        return self.town.records.dossier(enterprise) if enterprise else None

    def holds(self, kind: CertificateKind) -> bool:
        return held(self.dossier, kind) is not None

    def new_data(self) -> dict[str, str | None]:
        """A change of two kinds, never to what the register says already."""
        self.renames += 1
        other = self.n + 20_000 * self.renames
        return {
            "changes": "单位名称、注册资金", "new_name": made_up.enterprise(other),
            "new_capital": f"{500 + self.renames}万元人民币",
        }  # fmt: skip

    def begin(self, service: Service) -> Matter | None:
        """A matter of the service, followed from tomorrow on; None where it is not open now, or one is open."""
        if any(each.service is service for each in self.open):
            return None
        matter = Matter(self, service)
        if not matter.begin():
            return None
        self.open.append(matter)
        self.town.later(self.town.chance.randint(1, 3), matter.follow)
        if self.town.by_chance(0.5):
            self.town.order(self.actor, accounts.give_consents, NOTICES)
        return matter

    def wishes(self, service: Service, tries: int = 7) -> Wish:
        """Wants a service, and asks again some time later where it is not open yet."""
        left = [tries]

        def wish() -> int | None:
            left[0] -= 1
            if self.begin(service) is not None or left[0] <= 0:
                return None
            return self.town.chance.randint(8, 16)

        return wish

    # --- joining, and what is planned then ----------------------------------------------------------------------------

    def join(self) -> int | None:
        self.actor = as_of_now(self.town.ports, accounts.log_in(self.town.ports, f"code-for-{self.n}").id)
        self.begin(Service.JOIN)
        return None

    def ended(self, matter: Matter, state: State) -> None:
        self.open.remove(matter)
        self.actor = as_of_now(self.town.ports, self.actor.id)
        if state is not State.COMPLETED:
            if self.town.by_chance(0.6):  # it begins anew some day, or never
                self.town.later(self.town.chance.randint(10, 60), self.wishes(matter.service, 3))
            return
        if matter.service is Service.JOIN:
            self._plan()
        if self.town.by_chance(0.2):
            self._after_completion(matter)

    def _after_completion(self, matter: Matter) -> None:
        for each in certificates.mine(self.town.ports, self.actor)[:1]:
            self.town.asked(self.actor, certificates.send_to, each.root, f"contact{self.n}@example.invalid")
        if matter.now().application.paid:
            buyer = Buyer(made_up.enterprise(self.n), made_up.credit_code(self.n), f"invoices{self.n}@example.invalid")
            self.town.asked(self.actor, invoices.request, (matter.id,), buyer)

    def _plan(self) -> None:
        town, habit, chance, today = self.town, self.habit, self.town.chance, self.town.today
        town.later(chance.randint(1, 6), self.enter_people)
        for year in range(today.year + 1, self.last.year + 2):
            pays = habit.pays if habit.founder or town.by_chance(0.85) else chance.choice(list(Pays))
            changing = not habit.founder and habit.changes and town.by_chance(0.3)
            self._on(some_day(chance, year, pays.value), Service.DUES_WITH_CHANGES if changing else Service.DUES)
            if habit.qualifies:
                reviews = habit.reviews if habit.founder or town.by_chance(0.9) else chance.choice(list(Reviews))
                self._on(some_day(chance, year, reviews.value), Service.ANNUAL_REVIEW)
        if habit.qualifies:
            town.later(chance.randint(8, 12 if habit.founder else 90), self.wishes(Service.QUALIFICATION, 9))
        for _ in range(habit.changes):
            town.later(chance.randint(30, 400), self.change)
            town.on(date(today.year + chance.randint(0, 1), 11, chance.randint(5, 25)), self.change)
        if habit.colleague:
            town.later(chance.randint(5, 60), self.bring_a_colleague)

    def _on(self, day: date | None, service: Service) -> None:
        if day is not None and day > self.town.today:
            self.town.on(day, self.wishes(service))

    def change(self) -> int | None:
        """By 资质证变更 where that is open, else together with the dues."""
        if self.begin(Service.QUALIFICATION_CHANGE) is None:
            self.begin(Service.DUES_WITH_CHANGES)
        return None

    # --- its people ---------------------------------------------------------------------------------------------------

    def enter_people(self) -> int | None:
        """Staff enter them; who is short of certified ones sends the rest two months later."""
        dossier = self.dossier
        if dossier is None:
            return None
        some = self.habit.certified if self.entered == 0 else self.habit.people
        while self.entered < some:
            number = min(AT_ONCE, some - self.entered)
            fresh = tuple(self._person(self.n * PEOPLE + self.entered + each) for each in range(number))
            self.enter(dossier.enterprise.member_code, fresh)
            self.entered += number
        return self.town.chance.randint(50, 80) if self.entered < self.habit.people else None

    def _person(self, k: int) -> Entered:
        first = self.town.today - timedelta(days=self.town.chance.randint(30, 1000))
        last = first + timedelta(days=1094)
        return Entered(made_up.person(k), made_up.resident_id(k), f"PX-{k:07}", first, last, self.town.by_chance(0.1))

    def enter(self, code: str, people: tuple[Entered, ...]) -> bool:
        if self.town.asked(ADMIN, practitioners.enter, code, people) is None:
            return False
        for each in people:
            known = self.town.books.people.setdefault(each.id_number, [])
            unit = self.actor.enterprise or ""
            known.append(books.Held(self.town.today, unit, each.certificate_number, each.valid_from, each.valid_to))
            self._have_renewed(code, each)
        return True

    def _have_renewed(self, code: str, person: Entered) -> None:
        """In time, late or never, by the unit's habit."""
        again = Entered(
            person.name, person.id_number, person.certificate_number, person.valid_to + timedelta(days=1),
            person.valid_to + timedelta(days=1096),
        )  # fmt: skip
        days = self.town.chance.randint(-40, -2) if self.town.by_chance(self.habit.careful) else 25
        if self.habit.founder or self.town.by_chance(0.9):
            self.town.on(person.valid_to + timedelta(days=days), lambda: self.enter(code, (again,)) and None)

    # --- its representatives ------------------------------------------------------------------------------------------

    def bring_a_colleague(self) -> int | None:
        dossier = self.dossier
        if dossier is None:
            return None
        enterprise = dossier.enterprise
        other = as_of_now(self.town.ports, accounts.log_in(self.town.ports, f"code-for-{self.n}-too").id)
        if self.town.by_chance(0.3):
            self.town.asked(other, enterprises.bind, enterprise.name, "00000000")
        if self.town.asked(other, enterprises.bind, enterprise.name, enterprise.member_code) is not None:
            self.town.later(self.town.chance.randint(40, 300), lambda: self._goes(other.id))
        return None

    def _goes(self, other: str) -> int | None:
        """One of the two; what is under way stays the unit's."""
        colleague = as_of_now(self.town.ports, other)
        self.actor = as_of_now(self.town.ports, self.actor.id)
        leaves, stays = (self.actor, colleague) if self.town.by_chance(0.5) else (colleague, self.actor)
        self.town.asked(leaves, enterprises.unbind)
        self.actor = stays
        return None

    # --- money --------------------------------------------------------------------------------------------------------

    def owner(self) -> str:
        return enterprise_owner(self.actor.enterprise) if self.actor.enterprise else f"user:{self.actor.id}"

    def pay(self, matters: list[Matter]) -> bool:
        """One payment for all of them: right as a rule, else too little, too much, or a receipt of nothing."""
        town = self.town
        credit = crediting.credit_of(town.ports, self.owner())
        amount = max(sum(each.due() for each in matters) - (credit.balance if credit else 0), A_YUAN)
        how = self._how(matters[0])
        cash = how is Money.CASH
        if not cash:
            matters[0].upload("bank_receipt")
        came = how.came(amount)
        serial = "" if cash else town.serial()
        transfer = Transfer(
            PaymentMethod.CASH if cash else PaymentMethod.TRANSFER, amount, self._payer(), town.today,
            self._says(serial), "、".join(each.service.chinese for each in matters),
        )  # fmt: skip
        payment = town.asked(self.actor, payments.pay, tuple(each.id for each in matters), transfer)
        if payment is None:
            return False
        town.books.arrived[payment] = came
        if came and not cash:
            town.books.transfers.append(
                books.Transfer(town.today, came, transfer.payer, serial, transfer.remark, payment)
            )
        return True

    def _how(self, matter: Matter) -> Money:
        if self.habit.founder or matter.tries > 2 or self.town.by_chance(self.habit.careful):
            return Money.CASH if self.town.by_chance(0.08) else Money.RIGHT
        return self.town.chance.choice(CARELESS)

    def _says(self, serial: str) -> str:
        """Of the bank's serial number: nothing, or by mistake that of the last transfer."""
        said = serial if self.town.by_chance(0.8) else ""
        if self.last_serial and self.town.by_chance(0.04):
            said = self.last_serial
        self.last_serial = serial
        return said

    def _payer(self) -> str:
        name = made_up.enterprise(self.n)
        return name if self.town.by_chance(0.9) else name.removesuffix("有害生物防制有限公司")
