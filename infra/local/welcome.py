"""What `make run` prints: addresses, accounts, examples, and what to try, in lines that work as pasted."""

import sys
from collections.abc import Mapping
from dataclasses import fields

from infra.local import system
from infra.local.examples import Examples
from infra.local.system import System
from infra.local.units import Unit, made_up_credit_code

APPLICANT = Unit(6, "虚构市晨光有害生物防制有限公司", "陈甲一")
MORE_CODES = (7, 8, 9)
ENTRIES_A_LINE = 3

TEXT = r"""
The system is up ({seconds:.1f} s). Ctrl-C ends it; its records end with it.

  service    {url}      documentation: {url}/docs
  mail box   {mail}
  WeChat     {wechat}   (a stand-in; it asks for no phone)
  log        {log}   (a line a request, and errors; nothing personal)
{examples}
Staff, for demonstration only; each with a one-time code from `{code}`.
A code is good once: for another sign-in wait for the next, 30 s at most.
{accounts}

Made-up credit codes that pass the check, for companies of your own: {codes}

Try, line by line in another terminal, in this directory:

  # --- helpers: JSON laid out, one entry of it, a login at the stand-in for WeChat, a request of whoever has logged in
  show() {{ python3 -m json.tool --no-ensure-ascii; }}
  entry() {{ python3 -c 'import json, sys; print(json.load(sys.stdin)[sys.argv[1]])' "$1"; }}
  login() {{ CODE=$(curl -s {wechat}/stand-in/codes -d '{{"name": "'$1'"}}' | entry code); \
    curl -s {url}/login -H 'Content-Type: application/json' -d '{{"code": "'$CODE'"}}' | entry token; }}
  look() {{ curl -s "{url}$1" -H "Authorization: Bearer $TOKEN"; }}
  ask() {{ curl -s -X "$1" "{url}$2" -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' \
    -H "Idempotency-Key: key-$RANDOM-$RANDOM-$RANDOM" -d "$3"; }}

  # what there is, a line a service; one of them in full; and what stands in whose way today, and what to do about it
  offers() {{ curl -s {url}/services | python3 -c 'import json, sys
for each in json.load(sys.stdin)["items"]: print(each["code"], each["name"], each["result"], sep="  ")'; }}
  offer() {{ curl -s {url}/services/$1 | python3 -c 'import json, sys; it = json.load(sys.stdin)
print(it["name"], it["who"], it["result"], sep="\n")
print("费用：", "、".join("%s %.2f 元" % (fee["item"], fee["amount"] / 100) for fee in it["fees"]) or "无")
print("资料：", "、".join(each["title"] for each in it["materials"]) or "无")
print("填写：", "、".join(each["title"] for each in it["fields"]) or "无")'; }}
  plan() {{ look /plan | python3 -c 'import json, sys; plan = json.load(sys.stdin)
why = lambda each: "".join("\n    " + one["message"] + one["next"] for one in each["reasons"])
for each in plan["items"]: print(each["service"]["name"], why(each) or "可以办理", sep="  ")
for note in plan["notes"]: print(note["message"] + note["next"])'; }}

  # --- what anybody may read
  offers
  offer join
  curl -s {url}/payment-instructions | show

  # --- a company joins: Ming logs in, says who he is, and asks what he may do now
  TOKEN=$(login ming)
  ask PUT /me '{{"name": "{person}", "mobile": "{mobile}"}}' | show
  plan
  # he opens an application to join, and fills it in; what is left out stays as it was
  APPLICATION=$(ask POST /applications '{{"service": "join"}}' | entry id)
  ask PATCH /applications/$APPLICATION '{{"version": 0, "form": {{{form}}}}}' | show
  # he hands in two files: asks for room, then sends each straight to the bucket with the fields that he was given
  curl -s {url}/forms/join.pdf -o {paper}
  told() {{ python3 -c 'import json, sys; room = json.load(sys.stdin)
for each in room["fields"].items(): print("--form-string", "=".join(each))
print("-F", "file=@" + sys.argv[1], room["url"])' {paper}; }}
  hand_in() {{ ask POST /uploads '{{"application": "'$APPLICATION'", "slot": "'$1'", "file_name": "'$1'.pdf"}}' \
    | told | xargs curl -s -o /dev/null -w "$1: %{{http_code}}\n"; }}
  hand_in application_form
  hand_in licence
  # both are checked by now, or in a moment; then he submits
  sleep 3
  ask POST /applications/$APPLICATION/submit '{{}}' | show
  # a reviewer signs in and looks at the queue
  TOKEN=$(curl -s {url}/staff/login -H 'Content-Type: application/json' \
    -d '{{"name": "reviewer", "password": "demo-password-reviewer", "code": "'$({code})'"}}' | entry token)
  look "/staff/applications?state=in_review" | show
{year}
The whole story, unattended: make demo
"""

EXAMPLES = """
There from the start, all of it made up:

  {valid.unit.name}   {valid.number}, valid: {valid.verify_url}
      with six practitioners and its qualification   {qualification.number}: {qualification.verify_url}
  {revoked.unit.name}   {revoked.number}, revoked: {revoked.verify_url}
  {waiting.unit.name}   待审核: in the reviewer's queue
  Members' logins at the stand-in for WeChat: {valid.login}, {revoked.login} (bound to the first two), {waiting.login}
"""

YEAR = r"""
  # --- a member's year: what dues, qualification, review and change ask for, cost and lead to
  offer dues
  offer qualification
  offer annual_review
  offer qualification_change
  # {login} represents a member: the years that are paid, the people, the certificates
  TOKEN=$(login {login})
  look /me/enterprise | show
  look /practitioners | show
  look /certificates | show
  # the plan, a line a service: open, or what stands in the way today and what to do about it
  plan
  # the licence has changed: the change is opened and filled in; what to bring stands in its slots
  CHANGE=$(ask POST /applications '{{"service": "qualification_change"}}' | entry id)
  ask PATCH /applications/$CHANGE '{{"version": 0, "form": {{"changes": "注册地址",
    "new_registered_address": "虚构市新址路 8 号"}}}}' | show
  # an invoice for the dues of the year, to be issued by finance
  ask POST /invoices '{{"applications": ["{application}"], "title": "{unit}", "tax_number": "{credit_code}",
    "email": "accounts@unit.example"}}' | show
  # finance signs in: what is to be issued, and the day's closing
  TOKEN=$(curl -s {url}/staff/login -H 'Content-Type: application/json' \
    -d '{{"name": "finance", "password": "demo-password-finance", "code": "'$({code})'"}}' | entry token)
  look /staff/invoices | show
  look /staff/closing | show
"""


def text(running: System, seconds: float) -> str:
    shown = running.examples
    return TEXT.format(
        seconds=seconds, url=running.url, wechat=running.wechat.url,
        mail=running.mailbox.directory.resolve() / "index.html", log=running.state.resolve() / "log.jsonl",
        examples=EXAMPLES.format(**_by_name(shown)) if shown else "",
        year=_year(running, shown) if shown else "",
        accounts="\n".join(f"  {account.name:10} {account.password}" for account in running.accounts),
        codes="  ".join(made_up_credit_code(n) for n in MORE_CODES),
        paper=running.state.resolve() / "blank.pdf",
        code=_code_command(running, "reviewer"), person=APPLICANT.person, mobile=APPLICANT.mobile,
        form=_laid_out(APPLICANT.form),
    )  # fmt: skip


def _laid_out(form: Mapping[str, str]) -> str:
    """The entries of a JSON object, some a line."""
    entries = [f'"{name}": "{value}"' for name, value in form.items()]
    lines = (entries[first : first + ENTRIES_A_LINE] for first in range(0, len(entries), ENTRIES_A_LINE))
    return ",\n    ".join(map(", ".join, lines))


def _by_name(shown: Examples) -> dict[str, object]:
    return {each.name: getattr(shown, each.name) for each in fields(shown)}


def _year(running: System, shown: Examples) -> str:
    member = shown.valid
    return YEAR.format(
        url=running.url, login=member.login, application=member.application, unit=member.unit.name,
        credit_code=member.unit.credit_code, code=_code_command(running, "finance"),
    )  # fmt: skip


def _code_command(running: System, name: str) -> str:
    if running.state == system.STATE:
        return f"make -s code NAME={name}"
    return f"{sys.executable} -m infra.local.code {name} --state {running.state.resolve()}"
