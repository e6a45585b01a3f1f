from pathlib import Path

from chalicelib.rules.rulebook import rulebook
from chalicelib.rules.services import OFFERED
from chalicelib.rules.vocabulary import Standing, State

PAGE = Path(__file__).parents[2] / "docs" / "rulebook.md"


def test_the_rulebook_on_paper_is_what_the_table_says() -> None:
    assert PAGE.read_text(encoding="utf-8") == rulebook(), "run `make rulebook`"


def test_the_rulebook_names_every_state_standing_field_material_and_condition() -> None:
    page = rulebook()
    terms = [*(state.chinese for state in State), *(standing.chinese for standing in Standing)]
    for row in OFFERED:
        terms += [each.chinese for each in (*row.fields, *row.materials)]
        terms += [guard.rule for step in row.steps for guard in step.guards]
    assert [term for term in terms if term not in page] == []
