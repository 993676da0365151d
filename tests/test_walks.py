"""A search and an added picture stay short walks through the code: how `python -m bench --only walks` counts them."""

from __future__ import annotations

import toolkit
from bench.walks import run, walk


def test_a_search_and_an_added_picture_take_no_more_steps_than_they_did():
    """A search took 1,627 calls before terms were bound once; a picture took 543 calls and 9 transactions.

    A search took 845 calls while regions, inputs and annotations were read one after the other, and 787 while hits were
    made into objects before anybody looked at one.
    """
    figures = {figure.name: figure.value for figure in run(0)}
    assert figures["a search of three terms: function calls"] <= 675
    assert figures["the same, its hits looked at: function calls"] <= 790
    assert figures["a search of three terms: transactions"] <= 3
    # Seven of them ask whether a lexicon has arrived since the concepts were linked, four refuse names with a NUL, and
    # three let models of one network share its passes; a plugin that an extra brings adds some.
    assert figures["an added picture: function calls"] <= 490
    assert figures["an added picture: transactions"] <= 5


def test_what_is_counted_is_the_toolkits_own():
    workflow = toolkit.Workflow(
        embedders=("pixels",)
    )  # before, for the name may be looked up here for the first time
    taken = walk(workflow.to_dict)
    assert taken.calls == {("toolkit/values/settings.py", "Workflow.to_dict"): 1}
    assert (taken.files, taken.transactions) == ({"toolkit/values/settings.py"}, 0)
