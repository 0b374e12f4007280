"""What a cell can hold: numbers as the Dutch write them, yes or no, telephone numbers, words of code lists."""

from collections.abc import Callable
from typing import Any

import pytest

from cli.spreadsheets.layouts import ACTIVITIES, ATTENDANCE, LAYOUTS, Kind
from cli.spreadsheets.values import CellFault, flag, folded, own_id, phone, reference, text, whole, whole_or_taken_back
from shared.events.code_lists import ACTIVITY_KINDS, AGE_BANDS, CODE_LISTS, OUTCOMES, CodeList


def reader(layout: Any, name: str) -> Callable[[str], Any]:
    read: Callable[[str], Any] = next(column for column in layout.columns if column.name == name).read
    return read


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("12", 12),
        ("12,0", 12),
        ("12,00", 12),
        ("12.0", 12),
        ("0", 0),
        ("1.200", 1200),
        ("1.200,0", 1200),
        ("007", 7),
        ("-3", -3),
    ],
)
def test_a_whole_number_is_read_with_a_decimal_comma_and_points_for_thousands(cell: str, number: int) -> None:
    assert whole(cell) == number


@pytest.mark.parametrize("cell", ["12,5", "0,1", "0.500", "twaalf", "12 man", "1,200", "1,2E+03", "", "1.20.0", "٣x"])
def test_what_is_no_whole_number_or_could_be_two_is_a_fault(cell: str) -> None:
    with pytest.raises(CellFault):
        whole(cell)


@pytest.mark.parametrize("cell", ["ingetrokken", "Ingetrokken", "void"])
def test_a_count_can_be_taken_back(cell: str) -> None:
    assert whole_or_taken_back(cell) is None
    assert whole_or_taken_back("0") == 0


@pytest.mark.parametrize(("cell", "meaning"), [("ja", True), ("WAAR", True), ("x", True), ("Nee", False), ("0", False)])
def test_yes_and_no_in_the_words_of_a_dutch_sheet(cell: str, meaning: bool) -> None:
    assert flag(cell) is meaning


def test_another_word_for_yes_is_a_fault() -> None:
    with pytest.raises(CellFault, match="ja or nee"):
        flag("misschien")


@pytest.mark.parametrize("cell", ["612345678", "6 12345678", "6-12345678", "6 12 34 56 78"])
def test_a_mobile_number_gets_its_0_back(cell: str) -> None:
    assert phone(cell) == "0" + cell


@pytest.mark.parametrize("cell", ["0612345678", "+31612345678", "0546-123456", "61234567", "6123456789"])
def test_any_other_number_stays_as_it_is(cell: str) -> None:
    assert phone(cell) == cell


def test_a_number_that_excel_shortened_is_a_fault() -> None:
    with pytest.raises(CellFault, match="shortened"):
        phone("6,12E+08")


@pytest.mark.parametrize("name", sorted(CODE_LISTS))
def test_no_two_codes_of_a_list_look_alike(name: str) -> None:
    codes = CODE_LISTS[name]
    words = {(folded(word), code) for code, labels in codes.items() for word in (code, *labels)}
    assert len({word for word, _ in words}) == len(words)


@pytest.mark.parametrize(
    ("layout", "name", "codes"),
    [(ACTIVITIES, "kind", ACTIVITY_KINDS), (ATTENDANCE, "outcome", OUTCOMES), (ATTENDANCE, "ageBand", AGE_BANDS)],
)
def test_codes_and_labels_in_both_languages_are_read_in_any_case(layout: Any, name: str, codes: CodeList) -> None:
    read = reader(layout, name)
    for code, labels in codes.items():
        assert {read(word.upper()) for word in (code, *labels)} == {code}


@pytest.mark.parametrize(("cell", "code"), [("75 - 84", "75-84"), ("85 +", "85+"), ("75–84", "75-84")])
def test_an_age_band_is_read_however_its_dash_is_typed(cell: str, code: str) -> None:
    assert reader(ATTENDANCE, "ageBand")(cell) == code


def test_an_unknown_word_is_a_fault_that_names_the_known_ones() -> None:
    with pytest.raises(CellFault, match="Bingo, Wandeling"):
        reader(ACTIVITIES, "kind")("Disco")


@pytest.mark.parametrize("cell", ["a b", "a/b", "x" * 65, "é"])
def test_an_id_has_no_spaces_and_is_not_too_long(cell: str) -> None:
    with pytest.raises(CellFault):
        own_id(cell)


def test_another_partners_thing_is_a_reference() -> None:
    assert reference("avedan/bingo-1") == "avedan/bingo-1"
    with pytest.raises(CellFault):
        reference("a/b/c")


def test_text_is_never_calculated() -> None:
    assert text("=1+1") == "=1+1"


@pytest.mark.parametrize("kind", LAYOUTS)
def test_no_two_columns_of_a_sheet_share_a_name(kind: Any) -> None:
    columns = [{folded(name) for name in (column.name, *column.dutch)} for column in LAYOUTS[kind].columns]
    assert sum(map(len, columns)) == len(set().union(*columns))


def test_every_kind_of_sheet_has_a_layout_of_its_own() -> None:
    assert set(LAYOUTS) == set(Kind)
    assert all(layout.kind == kind for kind, layout in LAYOUTS.items())
