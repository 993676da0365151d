"""The engine that others are judged by."""

from toolkit_exact import ExactEngine

from toolkit.testing import KeyedIndexContract


class TestExact(KeyedIndexContract):
    factory = ExactEngine
