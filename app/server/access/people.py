"""Who may ask: people with a token each, the cookie of their browser, links that let a browser in once.

A cookie is signed with the person's token, so that it needs no memory here and ends when the token does.
"""

import hashlib
import hmac
import secrets
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from app.catalogue.kept.kept_names import can_be_person
from app.connecting.private_json import read_private, write_private
from app.connecting.token_file import checked_token, new_token
from app.errors import UsageError

OWNER = "owner"
"""The person whose library it is."""
ME = "me"
"""Stands for whoever asks."""
COOKIE_SECONDS = 90 * 86400
LINK_SECONDS = 15 * 60
_MOST_LINKS = 100
_MOST_PEOPLE = 50


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a token."""

    name: str
    token: str = field(repr=False)


class People:
    """Knows the tokens. For one thread."""

    def __init__(self, people: Iterable[Person]) -> None:
        """Remember them."""
        self._people = {person.name: person for person in people}
        self._links: dict[str, tuple[float, Person]] = {}

    def with_token(self, token: str) -> Person | None:
        """Whose token this is; takes as long whoever's it is."""
        given, found = _digest(token), None
        for person in self._people.values():
            if hmac.compare_digest(given, _digest(person.token)):
                found = person
        return found

    def cookie_for(self, person: Person) -> str:
        """What a browser keeps in place of the token."""
        until = f"{int(time.time()) + COOKIE_SECONDS:x}"
        return f"{person.name.encode().hex()}.{until}.{_signature(person, until)}"

    def with_cookie(self, cookie: str) -> Person | None:
        """Whose cookie this is, while it holds."""
        try:
            name, until, signature = cookie.split(".")
            person = self._people.get(bytes.fromhex(name).decode())
            if person is None or len(until) > 12 or int(until, 16) < time.time():
                return None
        except ValueError:
            return None
        is_ours = hmac.compare_digest(_digest(signature), _digest(_signature(person, until)))
        return person if is_ours else None

    def new_link(self, person: Person) -> str:
        """A code that lets one browser in, once and soon."""
        now = time.monotonic()
        self._links = {code: (until, who) for code, (until, who) in self._links.items() if until > now}
        while len(self._links) >= _MOST_LINKS:
            del self._links[next(iter(self._links))]
        code = secrets.token_urlsafe(18)
        self._links[code] = (now + LINK_SECONDS, person)
        return code

    def use_link(self, code: str) -> Person | None:
        """Whom a code lets in; it is used up by that."""
        until, person = self._links.pop(code, (0.0, None))
        return person if until > time.monotonic() else None


def checked_names(names: Iterable[str]) -> list[str]:
    """Names of people besides the owner.

    Raises:
        UsageError: one of them cannot be in an address, or there are too many.
    """
    found = list(dict.fromkeys(names))
    for name in found:
        if not can_be_person(name) or name.casefold() in {ME, OWNER}:
            raise UsageError(
                f"A person cannot be called “{name[:40]}” here.",
                "Use up to 32 letters and digits, and no name that is taken (me, owner).",
            )
    if len(found) > _MOST_PEOPLE:
        raise UsageError(f"There can be {_MOST_PEOPLE} people at most.", "Let some of them share a token.")
    return found


class PeopleFile:
    """Tokens of the people of this computer's libraries, that only its user can read."""

    def __init__(self, path: Path, library: Path) -> None:
        """Nothing is read yet; the file need not be there."""
        self._path, self._library = path, str(library)

    def people(self, names: Iterable[str], *, own: str | None, renew: bool = False) -> list[Person]:
        """The owner and these people, with their tokens; those who had none get one, which is kept.

        Args:
            names: besides the owner.
            own: the owner's token, which is not kept; the kept one where None.
            renew: whether everybody gets a new one.

        Raises:
            UsageError: the token could be guessed, or the file cannot be written.
        """
        content = self._read()
        known = {} if renew else content.get(self._library, {})
        wanted = [OWNER, *names]
        tokens = {name: _usable(known.get(name)) or new_token() for name in wanted}
        kept = known | (tokens if own is None else {name: tokens[name] for name in names})
        if kept != content.get(self._library, {}):
            write_private(self._path, content | {self._library: kept})
        if own is not None:
            tokens[OWNER] = checked_token(own)
        if len(set(tokens.values())) < len(tokens):
            raise UsageError("Two people cannot have the same token.", "Choose another one for the owner.")
        return [Person(name, tokens[name]) for name in wanted]

    def _read(self) -> dict[str, dict[str, str]]:
        return {key: value for key, value in read_private(self._path).items() if isinstance(value, dict)}


def _usable(token: object) -> str | None:
    try:
        return checked_token(token) if isinstance(token, str) else None
    except UsageError:
        return None


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).digest()


def _signature(person: Person, until: str) -> str:
    said = f"cookie {person.name} {until}".encode()
    return hmac.new(person.token.encode(), said, hashlib.sha256).hexdigest()
