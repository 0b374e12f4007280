"""Files of events in chunks."""

import io

from cli.ndjson import LONGEST_LINE, Chunk, ChunkSize, Malformed, Position, read_chunks

BEGINNING = Position()


def chunks(content: bytes, events: int = 500, octets: int = 1 << 20, start: Position = BEGINNING) -> list[Chunk]:
    return list(read_chunks(io.BytesIO(content), start, ChunkSize(events, octets)))


def numbers(found: list[Chunk]) -> list[list[int]]:
    return [[line.number for line in chunk.lines] for chunk in found]


def test_lines_are_numbered_from_one_and_a_last_line_needs_no_end() -> None:
    assert numbers(chunks(b'{"id":"a"}\n{"id":"b"}')) == [[1, 2]]


def test_a_chunk_holds_no_more_events_than_asked() -> None:
    assert numbers(chunks(b'{"id":"a"}\n' * 5, events=2)) == [[1, 2], [3, 4], [5]]


def test_a_chunk_ends_with_the_line_that_fills_it() -> None:
    assert numbers(chunks(b'{"id":"a"}\n' * 3, octets=12)) == [[1, 2], [3]]


def test_reading_goes_on_at_a_position() -> None:
    content = b'{"id":"a"}\n' * 5
    first = chunks(content, events=2)[0]
    assert numbers(chunks(content, start=first.end)) == [[3, 4, 5]]


def test_empty_lines_are_no_events_but_count_as_lines() -> None:
    assert numbers(chunks(b'\n{"id":"a"}\r\n\r\n{"id":"b"}\n')) == [[2, 4]]


def test_a_byte_order_mark_at_the_start_is_no_part_of_the_event() -> None:
    assert chunks(b'\xef\xbb\xbf{"id":"a"}\n')[0].lines[0].body == b'{"id":"a"}'


def test_an_event_is_passed_on_as_it_stands() -> None:
    assert chunks(b'  {"id": "a",  "n": 1.50}  \n')[0].lines[0].body == b'{"id": "a",  "n": 1.50}'


def test_lines_that_are_no_objects_are_set_apart_with_their_number() -> None:
    found = chunks(b'{"id":"a"}\n{"id":\n[1]\nNaN\n\xff\n{"id":"b"}\n')
    assert numbers(found) == [[1, 6]]
    assert [line.number for line in found[0].malformed] == [2, 3, 4, 5]


def test_a_line_that_could_never_be_posted_is_skipped_whole() -> None:
    content = b'{"id":"a"}\n"' + b"x" * (2 * LONGEST_LINE) + b'"\n{"id":"b"}\n'
    found = chunks(content, octets=4 * LONGEST_LINE)
    assert numbers(found) == [[1, 3]]
    assert found[0].malformed == (Malformed(2, "longer than 8 MiB"),)


def test_an_empty_file_has_no_chunk() -> None:
    assert chunks(b"") == []
