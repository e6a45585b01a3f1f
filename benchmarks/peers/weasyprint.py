"""The page as a user of WeasyPrint writes it: HTML with a drawing in it; fonts and style sheet are made ready once."""

from html import escape
from pathlib import Path
from typing import Any

from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from benchmarks.peers.code import dark_runs

FONTS: Any = None
STYLE: Any = None


def prepare(font: str) -> None:
    global FONTS, STYLE  # noqa: PLW0603 - once, before the clock runs
    FONTS = FontConfiguration()
    rules = (
        f"@font-face {{ font-family: song; src: url({Path(font).as_uri()}) }}"
        "@page { size: A4; margin: 0 } body { margin: 0; font-family: song }"
        "div { position: absolute; white-space: pre; line-height: 1 } svg { position: absolute; left: 0; top: 0 }"
    )
    STYLE = CSS(string=rules, font_config=FONTS)


def draw(page: dict[str, Any]) -> bytes:
    texts = "".join(
        f'<div style="left:{x:.3f}mm;top:{y - size * 25.4 / 72:.3f}mm;font-size:{size}pt;'
        f'letter-spacing:{tracking:.3f}mm;color:rgb{tuple(colour)}">{escape(text)}</div>'
        for text, x, y, size, tracking, colour in page["texts"]
    )
    size = f'width="{page["width"]}mm" height="{page["height"]}mm" viewBox="0 0 {page["width"]} {page["height"]}"'
    html = f"<svg {size}>{_shapes(page)}</svg>{texts}"
    made: bytes = HTML(string=html).write_pdf(stylesheets=[STYLE], font_config=FONTS)
    return made


def _shapes(page: dict[str, Any]) -> str:
    code, seal = page["code"], page["seal"]
    module = code["module"]
    dark = "".join(
        f"M{code['x'] + x * module:.3f} {code['y'] + y * module:.3f}h{n * module:.3f}v{module:.3f}h{-n * module:.3f}z"
        for y, x, n in dark_runs(code)
    )
    frames = "".join(
        f'<rect x="{x}" y="{y}" width="{w}" height="{h}" stroke-width="{thickness}" stroke="{_ink(stroke)}" '
        f'fill="{_ink(fill)}"/>'
        for x, y, w, h, thickness, stroke, fill in page["frames"]
    )
    lines = "".join(
        f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke-width="{thickness}" stroke="{_ink(colour)}"/>'
        for x1, y1, x2, y2, thickness, colour in page["lines"]
    )
    star = " ".join(f"{x:.3f},{y:.3f}" for x, y in seal["star"])
    ring = f'<circle cx="{seal["x"]}" cy="{seal["y"]}" r="{seal["radius"]}" fill="none" stroke="#c70d17" '
    letters = "".join(
        f'<text transform="translate({x:.3f} {y:.3f}) rotate({-angle:.2f})" text-anchor="middle" font-family="song" '
        f'font-size="4.9" fill="#c70d17">{escape(letter)}</text>'
        for letter, x, y, angle in seal["letters"]
    )
    return (
        f'{frames}{lines}<path d="{dark}"/>{ring}stroke-width="1.2"/><polygon points="{star}" fill="#c70d17"/>{letters}'
    )


def _ink(colour: tuple[int, int, int] | None) -> str:
    return f"rgb{tuple(colour)}" if colour else "none"
