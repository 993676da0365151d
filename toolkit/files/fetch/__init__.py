"""A file from a URL that may come from an untrusted request.

A URL in a shared query or a downloaded table must not make this machine read its own network. So a host is
resolved once, every address it has is checked, and the connection goes to the very address checked: a name
that resolves to something else a moment later gains nothing. Redirects are checked the same way.
"""

from __future__ import annotations

from .addresses import is_public
from .get import fetch

__all__ = ["fetch", "is_public"]
