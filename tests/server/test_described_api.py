"""The API against its own description: what that allows, and what it forbids, is tried by schemathesis."""

from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.server.conftest import Served

schemathesis = pytest.importorskip("schemathesis", reason="schemathesis is not installed")

ENDLESS = {"/api/v1/events"}
EXAMPLES, EXAMPLES_AT_NIGHT = 3, 30
"""Of each route and mode."""


def checks() -> list[Any]:
    from schemathesis.checks import not_a_server_error  # noqa: PLC0415 - absent without the extra
    from schemathesis.specs.openapi import checks as openapi  # noqa: PLC0415

    return [
        not_a_server_error,
        openapi.status_code_conformance,
        openapi.content_type_conformance,
        openapi.response_schema_conformance,
    ]


@pytest.mark.parametrize("mode", ["positive", "negative"])
def test_what_the_description_allows_and_forbids_is_so(served: Served, mode: str, *, nightly: bool) -> None:
    headers = {"Authorization": f"Bearer {served.owner.token}"}
    schema = schemathesis.openapi.from_url(f"{served.url}/api/v1/openapi.json", headers=headers)
    asked = set()
    for found in schema.get_all_operations():
        operation = found.ok()
        if operation.path in ENDLESS:
            continue

        @settings(
            max_examples=EXAMPLES_AT_NIGHT if nightly else EXAMPLES,
            phases=[Phase.generate],
            derandomize=True,
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(operation.as_strategy(generation_mode=schemathesis.GenerationMode(mode)))
        def ask(case: Any) -> None:
            asked.add(f"{case.method} {case.path}")
            case.call_and_validate(headers=headers, checks=checks(), timeout=60)

        try:
            ask()
        except schemathesis.errors.InvalidSchema:
            assert mode == "negative"  # nothing of this route can be wrong
    assert len(asked) >= 12, asked
