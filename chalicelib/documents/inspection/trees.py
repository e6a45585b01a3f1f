"""Whether the trees of a PDF end: outline, names, page labels, form. A program that walks a ring never comes back."""

from collections.abc import Iterator

from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from chalicelib.documents.inspection import findings
from chalicelib.documents.inspection.findings import Unreadable
from chalicelib.documents.inspection.parsing import Meter, value

# Down and onward only: /Parent, /Prev and the beads of an article turn back by design.
_BRANCHES = ("/First", "/Next", "/Kids")


def check_trees(catalog: DictionaryObject, meter: Meter) -> None:
    """Raises Unreadable for a tree with a ring in it."""
    for tree in _trees(catalog):
        _check(tree, meter)


def _trees(catalog: DictionaryObject) -> Iterator[object]:
    yield from (dict.get(catalog, key) for key in ("/Outlines", "/PageLabels"))
    names, form = value(catalog, "/Names"), value(catalog, "/AcroForm")
    if isinstance(names, DictionaryObject):
        yield from dict.values(names)
    if isinstance(form, DictionaryObject):
        yield dict.get(form, "/Fields")


def _check(tree: object, meter: Meter) -> None:
    """Walks down with the way back noted: what is met again on the way down closes a ring."""
    waiting, above, done = [(tree, False)], set[int](), set[int]()
    while waiting:
        meter.spend(1)
        node, left = waiting.pop()
        if not isinstance(node, IndirectObject):
            waiting.extend((branch, False) for branch in _branches(node))
        elif left:
            above.discard(node.idnum)
            done.add(node.idnum)
        elif node.idnum in above:
            raise Unreadable(findings.BROKEN)
        elif node.idnum not in done:
            above.add(node.idnum)
            waiting += [(node, True), (node.get_object(), False)]


def _branches(node: object) -> Iterator[object]:
    if isinstance(node, ArrayObject):
        yield from list.__iter__(node)
    elif isinstance(node, DictionaryObject):
        yield from (branch for key in _BRANCHES if (branch := dict.get(node, key)) is not None)
