"""What `make run` prints: addresses, accounts, examples, and what to try, in lines that work as pasted."""

import sys

from infra.local import system
from infra.local.examples import Examples
from infra.local.system import System
from infra.local.units import Unit, made_up_credit_code

APPLICANT = Unit(6, "虚构市晨光有害生物防制有限公司", "陈甲一")
MORE_CODES = (7, 8, 9)

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

  # what anybody may read
  curl -s {url}/services; curl -s {url}/forms; curl -s {url}/payment-instructions; echo
  # two helpers: one entry of some JSON; a login at the stand-in for WeChat
  entry() {{ python3 -c 'import json, sys; print(json.load(sys.stdin)[sys.argv[1]])' "$1"; }}
  login() {{ CODE=$(curl -s {wechat}/stand-in/codes -d '{{"name": "'$1'"}}' | entry code); \
    curl -s {url}/login -H 'Content-Type: application/json' -d '{{"code": "'$CODE'"}}' | entry token; }}
{holder}  # Ming logs in, says who he is, and asks what he may do now
  TOKEN=$(login ming)
  ask() {{ curl -s -X "$1" "{url}$2" -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' \
    -H "Idempotency-Key: key-$RANDOM-$RANDOM-$RANDOM" -d "$3"; }}
  ask PUT /me '{{"name": "{person}", "mobile": "{mobile}"}}'; echo
  curl -s {url}/plan -H "Authorization: Bearer $TOKEN"; echo
  # he opens an application to join, and fills it in; what is left out stays as it was
  APPLICATION=$(ask POST /applications '{{"service": "join"}}' | entry id)
  ask PATCH /applications/$APPLICATION '{{"version": 0, "form": {{{form}}}}}'; echo
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
  ask POST /applications/$APPLICATION/submit '{{}}'; echo
  # a reviewer signs in and looks at the queue
  STAFF=$(curl -s {url}/staff/login -H 'Content-Type: application/json' \
    -d '{{"name": "reviewer", "password": "demo-password-reviewer", "code": "'$({code})'"}}' | entry token)
  curl -s "{url}/staff/applications?state=in_review" -H "Authorization: Bearer $STAFF"; echo

The whole story, unattended: make demo
"""

EXAMPLES = """
There from the start, all of it made up:

  {valid.unit.name}   {valid.number}, valid: {valid.verify_url}
  {revoked.unit.name}   {revoked.number}, revoked: {revoked.verify_url}
  {waiting.unit.name}   待审核: in the reviewer's queue
  Members' logins at the stand-in for WeChat: {valid.login}, {revoked.login} (bound to the first two), {waiting.login}
"""

HOLDER = """  # {login} represents a member, and looks at its certificate
  curl -s {url}/certificates -H "Authorization: Bearer $(login {login})"; echo
"""


def text(running: System, seconds: float) -> str:
    shown = running.examples
    return TEXT.format(
        seconds=seconds, url=running.url, wechat=running.wechat.url,
        mail=running.mailbox.directory.resolve() / "index.html", log=running.state.resolve() / "log.jsonl",
        examples=EXAMPLES.format(**_by_name(shown)) if shown else "",
        holder=HOLDER.format(url=running.url, login=shown.valid.login) if shown else "",
        accounts="\n".join(f"  {account.name:10} {account.password}" for account in running.accounts),
        codes="  ".join(made_up_credit_code(n) for n in MORE_CODES),
        paper=running.state.resolve() / "blank.pdf",
        code=_code_command(running), person=APPLICANT.person, mobile=APPLICANT.mobile,
        form=", ".join(f'"{name}": "{value}"' for name, value in APPLICANT.form.items()),
    )  # fmt: skip


def _by_name(shown: Examples) -> dict[str, object]:
    return {"valid": shown.valid, "revoked": shown.revoked, "waiting": shown.waiting}


def _code_command(running: System) -> str:
    if running.state == system.STATE:
        return "make -s code NAME=reviewer"
    return f"{sys.executable} -m infra.local.code reviewer --state {running.state.resolve()}"
