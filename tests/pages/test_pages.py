"""What holds for every page: well formed, nothing loaded, nothing run, readable by everyone."""

import re
from base64 import b64encode
from dataclasses import replace
from datetime import date
from hashlib import sha256

import pytest
from jinja2 import UndefinedError

from chalicelib.pages.docs import docs_page
from chalicelib.pages.home import home_page
from chalicelib.pages.press import CONTENT_SECURITY_POLICY, HEADERS, STYLE, printed
from chalicelib.pages.search import search_found_page, search_page, search_refused_page, unknown_number
from chalicelib.pages.trouble import trouble_page
from chalicelib.pages.verification import unknown_page, verification_page
from chalicelib.rules.vocabulary import Reason
from tests.pages.markup import read
from tests.pages.openapi_sample import OPENAPI
from tests.pages.samples import ASSOCIATION, DOMAIN, MEMBER, TRAINING, every_standing, view_of

PAGES = {
    **{f"verification, {standing}": verification_page(view) for standing, view in every_standing().items()},
    "verification, test": verification_page(view_of(MEMBER, test=True)),
    "verification, practitioner": verification_page(view_of(TRAINING)),
    "verification, revoked old version": verification_page(
        view_of(replace(MEMBER, latest=3, revoked_on=date(2026, 9, 1)), 2)
    ),
    "unknown": unknown_page(ASSOCIATION, DOMAIN),
    "search": search_page(ASSOCIATION, DOMAIN),
    "search, found": search_found_page(view_of(TRAINING, scanned=False)),
    "search, refused": search_refused_page(ASSOCIATION, DOMAIN, "GZ-0", unknown_number(ASSOCIATION)),
    "home": home_page(ASSOCIATION, DOMAIN),
    "trouble": trouble_page(Reason("busy", "系统繁忙，请稍后再试。", "请等几秒再试一次。"), 1),
    "docs": docs_page(OPENAPI),
}
every_page = pytest.mark.parametrize("page", PAGES.values(), ids=PAGES.keys())
NAVY, WHITE, PAPER, MUTED = "#174a86", "#ffffff", "#f5f4f0", "#59626b"


@every_page
def test_a_page_is_well_formed(page: str) -> None:
    assert read(page).troubles == []
    assert page.startswith("<!DOCTYPE html>")


@every_page
def test_a_page_runs_nothing_and_loads_nothing(page: str) -> None:
    markup = read(page)
    assert {tag for tag, _ in markup.tags}.isdisjoint({"script", "link", "img", "iframe", "object", "embed", "base"})
    names = {name for _, attributes in markup.tags for name in attributes}
    assert not [name for name in names if name.startswith("on") or name == "style"]
    assert "url(" not in STYLE
    assert "@import" not in STYLE


@every_page
def test_a_page_links_relatively_so_that_it_works_under_a_stage(page: str) -> None:
    for address in read(page).addresses:
        assert address.startswith(("tel:", "mailto:")) or not re.match(r"/|[a-z]+:", address, re.IGNORECASE), address


@every_page
def test_a_links_anchor_is_on_the_page(page: str) -> None:
    markup = read(page)
    ids = {attributes["id"] for _, attributes in markup.tags if "id" in attributes}
    assert {address[1:] for address in markup.addresses if address.startswith("#")} <= ids


@every_page
def test_the_one_stylesheet_of_a_page_is_the_one_the_policy_allows(page: str) -> None:
    sheets = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    hashes = [b64encode(sha256(sheet.encode()).digest()).decode() for sheet in sheets]
    assert [f"style-src 'sha256-{each}'" in CONTENT_SECURITY_POLICY for each in hashes] == [True]
    assert HEADERS["Content-Security-Policy"].startswith("default-src 'none'; ")


@every_page
def test_a_page_says_its_language_and_fits_a_phone(page: str) -> None:
    markup = read(page)
    assert markup.attributes("html") == [{"lang": "zh-CN"}]
    assert {"name": "viewport", "content": "width=device-width, initial-scale=1"} in markup.attributes("meta")
    assert any(attributes.get("lang") == "en" for _, attributes in markup.tags)
    assert markup.text("h1")
    assert markup.text("title")


def test_a_word_that_is_missing_is_an_error_and_not_a_hole() -> None:
    with pytest.raises(UndefinedError):
        printed("home.html", root="")


def test_the_pages_of_one_moment_are_always_the_same() -> None:
    assert verification_page(view_of(MEMBER)) == verification_page(view_of(MEMBER))


def test_every_verdict_can_be_read_on_its_colour() -> None:
    grounds = dict(re.findall(r"\.is-(\w+){background:(#[0-9a-f]{6})}", STYLE))
    assert set(grounds) == {*every_standing(), "unknown"}
    assert len(set(grounds.values())) == len(grounds)
    assert {name: ground for name, ground in grounds.items() if _contrast(ground, WHITE) < 6} == {}


def test_small_print_and_links_can_be_read_on_paper() -> None:
    assert _contrast(MUTED, PAPER) >= 4.5
    assert _contrast(NAVY, PAPER) >= 4.5
    assert MUTED in STYLE
    assert NAVY in STYLE


def _contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2.2, 1.4.3."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = (each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in channels)
    return sum(weight * each for weight, each in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
