"""Fixtures for text: counting steps of work, as wall-clock times say more about the machine."""

import sys

import pytest


@pytest.fixture
def steps():
    """Count the lines of Python that a call executes."""

    def count(function, *arguments):
        executed = 0

        def trace(frame, event, argument):
            nonlocal executed
            executed += event == "line"
            return trace

        before = sys.gettrace()
        sys.settrace(trace)
        try:
            function(*arguments)
        finally:
            sys.settrace(before)
        return executed

    return count
