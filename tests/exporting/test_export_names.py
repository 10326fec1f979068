"""Names of files that every system takes."""

from pathlib import Path

import pytest

from app.exporting.export_names import LONGEST, moment_name, portable


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("a red door", "a red door"),
        ('a/b\\c:d*e?f"g<h>i|j', "a_b_c_d_e_f_g_h_i_j"),
        ("CON", "_CON"),
        ("lpt1.tar", "_lpt1.tar"),
        ("console", "console"),
        ("ends with dots...  ", "ends with dots"),
        (".hidden", "hidden"),
        ("two\nlines\x00", "two_lines_"),
        ("Gr\u0075\u0308\u00dfe", "Grüße"),
        ("turned\u202etxt", "turned txt"),
        ("…", "…"),
        ("   ", "Moment"),
        ("..", "Moment"),
        ("caf\udce9", "caf_"),
    ],
)
def test_a_name_is_portable(name: str, wanted: str) -> None:
    assert portable(name).replace("?", "_") == wanted


def test_a_long_name_is_cut_between_letters() -> None:
    name = portable("ü" * 300)
    assert name == "ü" * (LONGEST // 2)


def test_a_moment_is_called_by_its_video_and_time() -> None:
    assert moment_name(Path("/v/dog.and.cat.mp4"), 12.9) == "dog.and.cat 0m12s"
    assert moment_name(Path("/v/dog.mp4"), 3723.4) == "dog 1h02m03s"
