"""Progress bars, which what takes longer than two seconds draws on standard error: on a busy machine anything may."""

import re

BAR = re.compile(r"\r[^\r\n]*\|[^\r\n]*\n?")


def without_bars(text):
    """What a command wrote to standard error besides bars."""
    return BAR.sub("", text)
