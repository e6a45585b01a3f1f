"""The page as a user of typst writes it: one template, compiled anew with the data of each certificate."""

import json
import tempfile
from pathlib import Path
from typing import Any

import typst

from benchmarks.peers.code import dark_runs

TEMPLATE = """
#let p = json(bytes(sys.inputs.page))
#let tint(c) = rgb(c.at(0), c.at(1), c.at(2))
#set page(width: p.width * 1mm, height: p.height * 1mm, margin: 0pt)
#set text(font: "Noto Serif SC", top-edge: "baseline", bottom-edge: "baseline")
#for f in p.frames {
  place(dx: f.at(0) * 1mm, dy: f.at(1) * 1mm, rect(
    width: f.at(2) * 1mm, height: f.at(3) * 1mm,
    stroke: if f.at(5) == none { none } else { f.at(4) * 1mm + tint(f.at(5)) },
    fill: if f.at(6) == none { none } else { tint(f.at(6)) }))
}
#for l in p.lines {
  place(line(start: (l.at(0) * 1mm, l.at(1) * 1mm), end: (l.at(2) * 1mm, l.at(3) * 1mm),
    stroke: l.at(4) * 1mm + tint(l.at(5))))
}
#for t in p.texts {
  place(dx: t.at(1) * 1mm, dy: t.at(2) * 1mm,
    text(size: t.at(3) * 1pt, tracking: t.at(4) * 1mm, fill: tint(t.at(5)), t.at(0)))
}
#let m = p.code.module * 1mm
#place(dx: p.code.x * 1mm, dy: p.code.y * 1mm, curve(fill: black, ..for r in p.code.dark {
  let (y, x, n) = r
  (curve.move((x * m, y * m)), curve.line(((x + n) * m, y * m)), curve.line(((x + n) * m, (y + 1) * m)),
   curve.line((x * m, (y + 1) * m)), curve.close())
}))
#let red = rgb(199, 13, 23)
#let r = p.seal.radius * 1mm
#place(dx: p.seal.x * 1mm - r, dy: p.seal.y * 1mm - r, circle(radius: r, stroke: 1.2mm + red))
#place(polygon(fill: red, ..p.seal.star.map(s => (s.at(0) * 1mm, s.at(1) * 1mm))))
#for g in p.seal.letters {
  place(dx: g.at(1) * 1mm - 7pt, dy: g.at(2) * 1mm, rotate(-g.at(3) * 1deg, origin: bottom + center,
    text(size: 14pt, fill: red, g.at(0))))
}
"""
COMPILER: Any = None


def prepare(font: str) -> None:
    global COMPILER  # noqa: PLW0603 - once, before the clock runs
    directory = Path(tempfile.mkdtemp())
    (directory / "page.typ").write_text(TEMPLATE, encoding="utf-8")
    fonts = [str(Path(font).parent)]
    COMPILER = typst.Compiler(str(directory / "page.typ"), font_paths=fonts, ignore_system_fonts=True)


def draw(page: dict[str, Any]) -> bytes:
    code = {**page["code"], "dark": dark_runs(page["code"])}
    made: bytes = COMPILER.compile(format="pdf", sys_inputs={"page": json.dumps({**page, "code": code})})
    return made
