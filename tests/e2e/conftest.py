"""Fixtures of the tests from one end to the other."""

from collections.abc import Generator

import pytest

from tests.desktop.screenshots import keep_if_failed
from tests.desktop.support import app, start, tiny_network

__all__ = ["app", "start", "tiny_network"]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    keep_if_failed(item, report)
    return report
