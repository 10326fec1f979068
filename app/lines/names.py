"""Names of files and folders in words: “IMG_2043”, “birthdayParty”, “2023-07 Lake Garda”."""

import re

from app.lines.words import words_of

_LONGEST = 400
"""Characters of a name that are looked at."""

_BORDERS = re.compile(
    r"(?<=[a-zß-öø-ÿ])(?=[A-ZÀ-ÖØ-Þ])"  # birthday|Party
    r"|(?<=[A-ZÀ-ÖØ-Þ])(?=[A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ])"  # GPS|Track
    r"|(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])"  # clip|07|b
)


def name_words(name: str) -> list[str]:
    """The words of a name: each as it stands, and behind it the parts that it is put together of.

    “birthdayParty” is found by “birthdayparty”, by “birthday”, by “party”, and by “birthday party”.
    """
    words: list[str] = []
    for typed in re.split(r"[\s_]+", name[:_LONGEST]):
        whole = words_of(typed)
        parts = [word for part in _BORDERS.split(typed) for word in words_of(part)]
        words += whole if parts == whole else whole + parts
    return words
