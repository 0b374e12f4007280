"""A CSV file is read whatever program saved it: encoding, delimiter, quotes, line ends, what is empty."""

import csv
import io
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.errors import Complaint
from cli.spreadsheets.layouts import SIGNUPS
from cli.spreadsheets.reading import Row, Sheet, read_sheet

TEXT = "activiteit;kenmerk;naam\r\nbingo;p1;Zoë €5\r\n"


def known(heading: str) -> bool:
    return any(column.goes_by(heading) for column in SIGNUPS.columns)


def read(text: str | bytes) -> Sheet:
    return read_sheet(text if isinstance(text, bytes) else text.encode(), known)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_every_encoding_that_excel_saves_gives_the_same_rows(encoding: str) -> None:
    sheet = read(TEXT.encode(encoding))
    assert sheet.header == ("activiteit", "kenmerk", "naam")
    assert sheet.rows == (Row(2, ("bingo", "p1", "Zoë €5")),)


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_every_line_end_is_one(line_end: str) -> None:
    assert read(TEXT.replace("\r\n", line_end)) == read(TEXT)


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_the_header_tells_the_delimiter(delimiter: str) -> None:
    assert read(TEXT.replace(";", delimiter)) == read(TEXT)


def test_a_delimiter_inside_a_quoted_name_does_not_mislead() -> None:
    sheet = read('"x,y,z,w,v";kenmerk;naam\n1;2;3\n')
    assert sheet.header == ("x,y,z,w,v", "kenmerk", "naam")


def test_excels_own_line_about_the_separator_is_followed_and_not_counted() -> None:
    assert read("sep=|\r\n" + TEXT.replace(";", "|")) == read(TEXT)


def test_quotes_keep_delimiters_line_ends_and_quotes_together() -> None:
    sheet = read('kenmerk;naam\np1;"Jan ""de Lange""; van\nboven"\np2;x\n')
    assert sheet.rows == (Row(2, ("p1", 'Jan "de Lange"; van\nboven')), Row(3, ("p2", "x")))


def test_empty_rows_and_empty_columns_at_the_end_are_skipped_and_rows_keep_their_numbers() -> None:
    sheet = read("\nkenmerk;naam;;\n;;;\n\np1;;;\n")
    assert sheet == Sheet(("kenmerk", "naam"), (Row(5, ("p1",)),))


def test_spaces_around_a_cell_go_and_hard_spaces_are_spaces() -> None:
    assert read("kenmerk;naam\n p1\u00a0; Jan\u00a0Jansen \n").rows[0].cells == ("p1", "Jan Jansen")


def test_what_looks_like_a_formula_stays_text() -> None:
    assert read("kenmerk;naam\np1;=SOM(A1:A9)\n").rows[0].cells == ("p1", "=SOM(A1:A9)")


@pytest.mark.parametrize("content", [b"PK\x03\x04rest", b"\xd0\xcf\x11\xe0rest", b"a\x00b", b"\x81\x8d", b"", b"\n\n"])
def test_what_is_no_csv_is_a_wrong_use(content: bytes) -> None:
    with pytest.raises(Complaint) as complaint:
        read(content)
    assert complaint.value.exit_code == 2


def test_a_quote_that_never_ends_is_named_with_its_row() -> None:
    with pytest.raises(Complaint, match="Row 3"):
        read('kenmerk;naam\np1;x\np2;"never\nends\n')


CELL = st.text(st.characters(codec="cp1252", exclude_categories=["Cc"]), max_size=12).map(
    lambda cell: cell.replace("\u00a0", " ").strip()
)
HEADER = ["activiteit", "kenmerk", "naam", "rol"]


@given(
    rows=st.lists(st.lists(CELL, min_size=4, max_size=4).filter(any), max_size=6),
    delimiter=st.sampled_from(";,\t"),
    quoting=st.sampled_from((0, 1)),
    line_end=st.sampled_from(["\n", "\r\n"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_what_a_csv_writer_writes_is_read_back(
    rows: list[list[str]], delimiter: str, quoting: Literal[0, 1], line_end: str, encoding: str
) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, quoting=quoting, lineterminator=line_end).writerows([HEADER, *rows])
    sheet = read(text.getvalue().encode(encoding))
    filled = [[*row.cells, *[""] * (4 - len(row.cells))] for row in sheet.rows]
    assert list(sheet.header) == HEADER
    assert filled == rows


@given(rows=st.lists(st.lists(CELL, min_size=4, max_size=4).filter(any), max_size=6))
def test_windows_1252_is_read_back_where_it_is_not_utf_8_by_chance(rows: list[list[str]]) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerows([HEADER, *rows, ["é", "", "", ""]])
    sheet = read(text.getvalue().encode("cp1252"))
    assert [[*row.cells, *[""] * (4 - len(row.cells))] for row in sheet.rows[:-1]] == rows
