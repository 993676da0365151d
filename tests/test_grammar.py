from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from strategies import queries, terms

from toolkit.errors import QueryError
from toolkit.grammar import HELP, parse, to_text
from toolkit.plugins.fusions import bind_fusion
from toolkit.plugins.parameters import Parameter
from toolkit.plugins.registry import default
from toolkit.query import Query, Term, fuse

RANKERS = {
    "concept": [
        Parameter("name", "concept", "What."),
        Parameter("language", "language", "Of the name.", None, shorthand=True),
        Parameter("value", "number", "How sure.", 1),
    ],
    "image": [
        Parameter("image", "image", "Like what."),
        Parameter("box", "box", "Which part.", None, shorthand=True),
    ],
    "embedding": [Parameter("vector", "vector", "Like what.")],
    "where": [
        Parameter("metadata", "json", "Contained.", None),
        Parameter("dataset", "text", "In it.", None),
    ],
    "level": [
        Parameter("name", "text", "Which."),
        Parameter("side", "choice", "Which side.", "low", choices=("low", "high"), shorthand=True),
    ],
    "near": [Parameter("name", "text", "What."), Parameter("distance", "number", "How.", 1, shorthand=True)],
    "seen": [Parameter("name", "text", "What."), Parameter("by", "source", "Whose.", None, shorthand=True)],
}


def concept(subject, **options):
    return Term("concept", subject, options)


def image(subject, **options):
    return Term("image", subject, options)


def where(**options):
    return Term("where", None, options)


a, b, c, dog, cat = map(concept, ("a", "b", "c", "dog", "cat"))


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("concept:dog - concept:cat + 2*image:./query.jpg", dog - cat + 2 * image("./query.jpg")),
        ("dog", dog),
        ("'hot dog'", concept("hot dog")),
        ('concept:"hot dog"', concept("hot dog")),
        ("'it''s' & \"say \"\"hi\"\"\"", concept("it's") & concept('say "hi"')),
        ("concept:犬@ja", concept("犬", language="ja")),
        ("犬@ja", concept("犬", language="ja")),
        ("concept:hund@de-AT[value=0]", concept("hund", language="de-AT", value=0)),
        ('"hot dog"@en', concept("hot dog", language="en")),
        ("where[dataset=x]", where(dataset="x")),
        ("where[]", where()),
        ("where[metadata={\"a\": [1, 'x y', null], b: true}]", where(metadata={"a": [1, "x y", None], "b": True})),
        ("embedding[[0.5, -1e-3]]", Term("embedding", (0.5, -0.001))),
        ("concept[{dog: 1, cat: 0}]", concept({"dog": 1, "cat": 0})),
        ("image[{base64: YWJj}]", image(b"abc")),
        ("fuse(a, b)", fuse([a, b])),
        ("fuse[method=sum, norm=zscore](a, 2*b)", fuse([a, 2 * b], method="sum", norm="zscore")),
        ("fuse[method=rrf, k=10, norm=null](a & b)", fuse([a & b], method="rrf", k=10)),
        ("a >> b", a >> b),
        ("a + b >> c & a", (a + b >> c) & a),
        ("a >> b >> c", (a >> b) >> c),
        ("a >>[k=5] (b & c)", a.rerank(b & c, k=5)),
    ],
)  # fmt: skip
def test_terms(text, query):
    assert parse(text, rankers=RANKERS) == query


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("image:./a.jpg", image("./a.jpg")),
        ("image:~/Pictures/a,b.jpg", image("~/Pictures/a,b.jpg")),
        ("image:C:\\photos\\a.jpg", image("C:\\photos\\a.jpg")),
        ("image:'C:\\my photos\\new.jpg'", image("C:\\my photos\\new.jpg")),
        ("image:\\\\server\\share\\a.jpg", image("\\\\server\\share\\a.jpg")),
        ("image:https://x.org/a.jpg?w=1&h=2+3-4#top", image("https://x.org/a.jpg?w=1&h=2+3-4#top")),
        ("image:https://u@x.org:80/a%20b.jpg", image("https://u@x.org:80/a%20b.jpg")),
        ("image:-1.jpg", image("-1.jpg")),
        ("image:photo@2x.jpg", image("photo@2x.jpg")),
        ("image:me@example.org", image("me@example.org")),
        ("image:photo@2x.jpg@0.1,0.2,0.5,0.9", image("photo@2x.jpg", box=[0.1, 0.2, 0.5, 0.9])),
        ("image:a.jpg@0,0,1", image("a.jpg@0,0,1")),
        ("concept:me@home", concept("me@home")),
        ("concept:'me@de'", concept("me@de")),
        ("concept:@ja", concept("@ja")),
        ("concept:a:b", concept("a:b")),
        ("concept:rock&roll", concept("rock&roll")),
        ("fuse(image:a,b.jpg, c)", fuse([image("a,b.jpg"), c])),
    ],
)
def test_paths_urls_and_names_stay_whole(text, query):
    assert parse(text, rankers=RANKERS) == query


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("level:x@high", {"side": "high"}),
        ("level:x@top", None),
        ("near:x@2.5", {"distance": 2.5}),
        ("near:x@far", None),
        ("seen:x@human:me", {"by": "human:me"}),
    ],
)
def test_an_at_sets_what_the_ranker_declares_if_it_fits(text, options):
    ranker, subject = text.split(":", 1)
    expected = Term(ranker, subject) if options is None else Term(ranker, "x", options)
    assert parse(text, rankers=RANKERS) == expected


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("a | b & c", a | b & c),
        ("(a | b) & c", (a | b) & c),
        ("a & b + c", a & b + c),
        ("a + b >= 0.5", a + (b >= 0.5)),
        ("a >= 0.5 & b", (a >= 0.5) & b),
        ("2*a >= 0.5", 2 * a >= 0.5),
        ("2 * 3*a", 6 * a),
        ("2*(a + b)", 2 * (a + b)),
        ("~a ** 2", ~(a**2)),
        ("a**2 & b", a**2 & b),
        ("2*a**2", 4 * a),
        ("-2*a + ~~b", -(2 * a) + b),
        ("a -b", a - b),
        ("a - b - c", a - b - c),
        ("a - (b + c)", a - (b + c)),
        ("~(a & b)", ~(a & b)),
        ("a > .5 | a <= 1e-3", (a > 0.5) | (a <= 0.001)),
        (" a\n& b\t", a & b),
        ("2*'a'|b", 2 * a | b),
    ],
)
def test_precedence(text, query):
    assert parse(text, rankers=RANKERS) == query


@given(queries(terms))
@example(Term("concept", -(2**63)))
def test_a_query_survives_as_text(query):
    text = to_text(query)
    rebuilt = parse(text, rankers={**RANKERS})
    assert rebuilt == parse(text) == query
    assert repr(rebuilt) == repr(query)


@given(st.sampled_from(sorted(RANKERS)), st.text(max_size=12), st.text(max_size=12))
def test_any_text_survives_as_a_subject_and_as_an_option(ranker, subject, option):
    term = Term(ranker, subject, {"value": option})
    assert parse(to_text(term), rankers=RANKERS) == term


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ((a >= 0.8) & ~where(dataset="my set"), "concept:a >= 0.8 & ~where[dataset='my set']"),
        (concept("it's", language="de") ** 2 | b, 'concept:"it\'s"[language=de] ** 2 | concept:b'),
        (a - 2 * b, "concept:a - 2 * concept:b"),
        (image("photo@2x.jpg"), "image:'photo@2x.jpg'"),
        (where(dataset="true", x="1", y=None), "where[dataset='true', x='1', y=null]"),
    ],
)
def test_text_is_what_one_would_type(query, text):
    assert to_text(query) == text


@given(st.text(alphabet="ab:@*-+~&|()[]{}<>=,.'\" 12", max_size=24))
def test_any_line_is_a_query_or_refused(line):
    try:
        assert isinstance(parse(line, rankers=RANKERS), Query)
    except QueryError as error:
        assert str(error).splitlines()[-1].endswith("^")


def refusal(text):
    with pytest.raises(QueryError) as caught:
        parse(text, rankers=RANKERS)
    return str(caught.value)


def test_an_error_shows_the_place():
    assert refusal("a & dog cat").splitlines() == [
        "expected an operator such as &, found 'cat'; a name with spaces is quoted, as 'hot dog', and plain words as "
        "text:'a red car'",
        "  a & dog cat",
        "          ^",
    ]


def test_the_caret_stands_under_wide_characters():
    assert refusal("concept:犬 cat").splitlines()[1:] == ["  concept:犬 cat", "             ^"]


def test_a_long_line_is_shown_around_the_place():
    message = refusal("a & " * 50 + "b b" + " & c" * 50)
    _, shown, caret = message.splitlines()
    assert shown.startswith("  …")
    assert shown.endswith("…")
    assert shown[caret.index("^")] == "b"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "expected a term such as concept:dog, found the end"),
        ("a and b", "write & for 'and'"),
        ("a or b", r"write \| for 'or'"),
        ("not a", "write ~ for 'not'"),
        ("a &", "expected a term such as concept:dog, found the end"),
        ("a & & b", "expected a term such as concept:dog, found '&'"),
        ("(a | b", r"expected \), found the end"),
        ("a)", r"expected the end, found '\)'"),
        ("'a", "a quote is closed by the same quote"),
        ("a >= high", "expected a number, found 'high'"),
        ("a >= 0.1 <= 0.5", "expected an operator such as &, found '<'"),
        ("a ** b", "expected a number, found 'b'"),
        ("a ** 0", "a weight is above 0"),
        ("image:", "nothing follows image: write image:subject"),
        ("where[dataset=]", r"expected a value, found '\]'"),
        ("where[dataset=x, dataset=y]", "an option is given twice"),
        ("concept:犬@ja[language=de]", "an option is given twice"),
        ("where[metadata={a: 1, a: 2}]", "each key once"),
        ("embedding[0.1, 0.2]", "has one subject"),
        ("concept:dog[cat]", "has one subject"),
        ("concept:dog[value=1e999]", "is inf; numbers are finite"),
        ("concept:dog[value=9223372036854775808]", "beyond 64 bits"),
        ("concept:dog[class=1]", "'class' cannot be the name of a option"),
        ("'a.jpg'@0,0,1,1", "@ sets the language of concept, and '0,0,1,1' is none"),
        ("embedding:'x'@y", "embedding has nothing that @ sets"),
        ("imge:a.jpg", "no ranker named 'imge'; did you mean 'image'"),
        ("https://x.org/a.jpg", "no ranker named 'https'.*a URL or a path follows image:"),
        ("C:\\a.jpg", "no ranker named 'C'"),
        ("fuse(a", r"expected a comma or \), found the end"),
        ("fuse[method=rrf, method=sum](a)", "fuse takes method, norm, missing and what its method takes"),
        ("fuse[weights=1](a)", "fuse by 'sum': no option named 'weights'"),
        ("fuse[k=1](a)", "fuse by 'sum': no option named 'k'"),
        ("fuse[method=bset](a)", "no fusion named 'bset'"),
        ("fuse[method=rrf, norm=minmax](a)", "'rrf' looks only at the order"),
        ("fuse[method=rrf, k=-1](a)", "fuse by 'rrf': k"),
        ("a >>[k=0] b", "k=0: how many are ranked again"),
        ("a >>[depth=5] b", ">> takes k"),
    ],
)
def test_a_line_that_is_no_query_is_refused_with_the_reason(text, reason):
    with pytest.raises(QueryError, match=reason):
        parse(text, rankers=RANKERS, check_fusion=lambda one: bind_fusion(one, default()))


def test_a_hostile_line_is_refused():
    for line, reason in [
        ("~a & " * 1 + "(" * 5000, "expected a term"),
        ("~(b & " * 200 + "a" + ")" * 200, "at most 100 levels"),
        ("where[x=" + "[" * 100 + "]" * 100 + "]", "nested more than 16 levels"),
        ("concept:dog[value=%s]" % ("9" * 10_000), "is inf"),
        ("a" * 1_000_001, "longer than 1,000,000 characters"),
    ]:
        with pytest.raises(QueryError, match=reason):
            parse(line, rankers=RANKERS)
    assert parse("~" * 20_000 + "a") == a


def test_without_rankers_every_name_is_one_and_an_at_is_part_of_the_subject():
    assert parse("mine:x@de") == Term("mine", "x@de")


def test_the_examples_of_the_help_can_be_read():
    lines = [line.strip() for line in HELP.split("Terms")[0].splitlines()[1:] if line.startswith("  ")]
    assert len(lines) == 3
    for line in lines:
        query = parse(line, rankers=RANKERS)
        assert parse(to_text(query), rankers=RANKERS) == query


def test_the_help_fits_a_terminal():
    assert max(map(len, HELP.splitlines())) <= 78


def test_the_parser_is_imported_when_it_is_used():
    code = "import sys, toolkit.grammar; sys.exit('lark' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
