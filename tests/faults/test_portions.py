"""A run of `make faults` that was cut off goes on: what was kept whole counts, what was half written does not."""

from pathlib import Path

from tests.faults.portions import Kept
from tests.faults.work import Share

RUN = {"code": "abc", "seed": 9, "share": 1.0}
LINE_SEPARATOR = "\u2028"  # which splitlines takes for the end of a line


def test_what_was_kept_is_not_run_again_and_what_was_cut_off_while_it_was_written_is(tmp_path: Path) -> None:
    path = tmp_path / "faults.portions.jsonl"
    first = Kept(path, RUN)
    first.begin(resume=False)
    told = Share(violations=[f"told{LINE_SEPARATOR}in two"])
    first.keep("crashes 0", told)
    first.keep("crashes 1", Share())
    whole = path.read_text(encoding="utf-8")
    path.write_text(whole[:-5], encoding="utf-8")
    again = Kept(path, RUN)
    again.begin(resume=True)
    assert again.done == {"crashes 0": told}
    again.keep("crashes 1", Share())
    assert path.read_text(encoding="utf-8") == whole


def test_what_another_run_has_kept_says_nothing_of_this_one(tmp_path: Path) -> None:
    path = tmp_path / "faults.portions.jsonl"
    first = Kept(path, RUN)
    first.begin(resume=False)
    first.keep("crashes 0", Share())
    other = Kept(path, {**RUN, "seed": 10})
    other.begin(resume=True)
    assert other.done == {}
