"""Tables for terminals."""

from dermfolio.ops.tables import table


def test_columns_are_as_wide_as_their_widest_cell_and_numbers_stand_flush_right():
    drawn = table(("File", "MB"), [("a.jpg", 3), ("übersicht.jpg", 12.5)], right=(1,))
    assert drawn.splitlines() == [
        "File             MB",
        "─────────────  ────",
        "a.jpg             3",
        "übersicht.jpg  12.5",
    ]


def test_combining_marks_take_no_room_and_wide_letters_take_two():
    drawn = table(("", ""), [("u\N{COMBINING DIAERESIS}", "|"), ("皮", "|"), ("ab", "|")])
    assert drawn.splitlines()[2:] == ["u\N{COMBINING DIAERESIS}   |", "皮  |", "ab  |"]
