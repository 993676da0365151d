"""What follows a question mark in a specification is read, checked, and part of the version."""

import pytest

from toolkit.errors import QueryError
from toolkit.values.options import read_options


def test_without_any_the_usual_values_hold_and_the_version_stays():
    name, options = read_options("folder", top=50, least=0.001)
    assert (name, options["top"], options["least"]) == ("folder", 50, 0.001)
    assert options.version("ab12") == "ab12"


def test_what_is_asked_for_holds_and_makes_another_version():
    name, options = read_options("folder?least=0.5", top=50, least=0.001)
    assert (name, options["top"], options["least"]) == ("folder", 50, 0.5)
    assert options.version("ab12") == "ab12-50-0.5"


def test_asking_for_the_usual_is_no_other_version():
    assert read_options("folder?least=0.3", least=0.3)[1].version("ab12") == "ab12"


@pytest.mark.parametrize(
    ("argument", "said"),
    [
        ("a?most=3", "there is no option 'most'; there are: top"),
        ("a?top=0", "top is a number above 0, not '0'"),
        ("a?top=inf", "above 0"),
        ("a?top=", "above 0"),
    ],
)
def test_what_cannot_be_is_refused(argument, said):
    with pytest.raises(QueryError, match=said):
        read_options(argument, top=50)


def test_a_component_without_options_says_that_there_are_none():
    with pytest.raises(QueryError, match="there are: none"):
        read_options("a?top=3")
