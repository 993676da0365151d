"""Files at addresses that fsspec opens: read, looked for and listed, and what went wrong in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ..errors import InputError, MissingExtraError, StoreError

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

__all__ = ["has_remote", "in_words", "opened", "read_remote", "remote_files"]

_MAGIC = frozenset("*?[")
_S3 = "s3", "s3a"
_KEYS = (  # of whoever opens an address: how each kind of store is given them
    (_S3, "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or run: aws configure"),
    (("gs", "gcs"), "run: gcloud auth application-default login"),
    (("az", "abfs", "abfss"), "set AZURE_STORAGE_ACCOUNT_NAME and AZURE_STORAGE_ACCOUNT_KEY"),
)
# By name, for the libraries that raise them need not be installed.
_NO_KEYS = frozenset(
    ("NoCredentialsError", "PartialCredentialsError", "DefaultCredentialsError", "ClientAuthenticationError")
)
_NOT_REACHED = frozenset(
    ("ConnectionError", "EndpointConnectionError", "ClientConnectorError", "TimeoutError")
)


def opened(address: str) -> tuple[AbstractFileSystem, str]:
    """The file system of an address, and the path in it, as it is: nothing in a path leads to another file system.

    Raises
    ------
    MissingExtraError
        What opens it is not installed.
    StoreError
        It is no such address.
    """
    try:
        from fsspec import get_filesystem_class
    except ImportError as error:
        raise _missing_extra(address, "fsspec") from error
    scheme = address.partition("://")[0]
    if scheme in _S3 and "?versionId=" in address:  # s3fs would read the key without it
        raise StoreError(f"cannot open {address}: an address names no version")
    try:
        # And not fsspec's url_to_fs, for which `::` in a key is an address of another kind.
        kind = get_filesystem_class(scheme)
        return kind(**kind._get_kwargs_from_urls(address)), str(kind._strip_protocol(address))
    except ImportError as error:
        if scheme in _S3:
            raise _missing_extra(address, "s3fs") from error
        raise StoreError(f"cannot open {address}: {_reason_of(error, address)}") from error
    except (ValueError, OSError) as error:
        raise StoreError(f"cannot open {address}: {_reason_of(error, address)}") from error


def read_remote(address: str, *, max_bytes: int) -> bytes:
    """The bytes of a file at an address.

    Parameters
    ----------
    address : str
        Such as ``"s3://bucket/a.jpg"``.
    max_bytes : int
        The largest file that is read, in bytes.

    Raises
    ------
    InputError
        It is not there, too large, or cannot be reached now.
    MissingExtraError
        What opens it is not installed.
    """
    try:
        system, path = opened(address)
        try:
            size = int(system.size(path) or 0)
        except FileNotFoundError:  # in a listing from before it was there
            system.invalidate_cache()
            size = int(system.size(path) or 0)
        if size > max_bytes:
            raise InputError(address, f"{size} bytes, over the limit of {max_bytes}")
        return bytes(system.cat_file(path))
    except (InputError, MissingExtraError):
        raise
    except Exception as error:  # of whatever library opens the address
        raise InputError(address, _reason_of(error, address)) from error


def has_remote(address: str) -> bool:
    """Whether there is a file at an address now, whatever was known of it before.

    Raises
    ------
    StoreError
        It cannot be reached.
    """
    system, path = opened(address)
    with in_words("reach", address):
        system.invalidate_cache()
        return bool(system.exists(path))


def remote_files(address: str) -> Sequence[str]:
    """The addresses of all files below a folder, or of those that match a pattern, in the order of names.

    Parameters
    ----------
    address : str
        Such as ``"s3://bucket/photos/"``, or ``"s3://bucket/**/*.jpg"``.

    Raises
    ------
    InputError
        It is not there, or cannot be reached now.
    MissingExtraError
        What opens it is not installed.
    """
    try:
        system, path = opened(address)
        system.invalidate_cache()
        found = _found(system, path)
    except MissingExtraError:
        raise
    except Exception as error:  # of whatever library opens the address
        raise InputError(address, _reason_of(error, address)) from error
    beginning = address.partition("://")[0] + "://"
    # What ends in a slash is a mark that tools leave for a folder.
    return [beginning + name.lstrip("/") for name in found if not name.endswith("/")]


def _found(system: AbstractFileSystem, path: str) -> Sequence[str]:
    if not _MAGIC & set(path):
        return sorted(system.find(path))
    if system.isfile(path):  # a file may really be called so
        return [path]
    return sorted(name for name, about in system.glob(path, detail=True).items() if about["type"] == "file")


@contextmanager
def in_words(what: str, address: str) -> Iterator[None]:
    """Let what goes wrong at an address pass as a `StoreError`.

    Parameters
    ----------
    what : str
        What cannot be done then, such as ``"reach"``.
    address : str
        Where.

    Raises
    ------
    StoreError
        Something went wrong.
    """
    try:
        yield
    except Exception as error:  # of whatever library opens the address
        raise StoreError(f"cannot {what} {address}: {_reason_of(error, address)}") from error


def _reason_of(error: Exception, address: str) -> str:
    """What went wrong at an address, in words, and what to type.

    Parameters
    ----------
    error : Exception
        Of whatever library opens it.
    address : str
        What was asked for.
    """
    names = {kind.__name__ for kind in type(error).__mro__}
    text = " ".join(f"{error!s:.200}".split()) or type(error).__name__
    if isinstance(error, FileNotFoundError):
        return "no such file or directory"
    if isinstance(error, PermissionError) or names & _NO_KEYS:
        keys = next((words for schemes, words in _KEYS if address.partition("://")[0] in schemes), "")
        return f"no permission ({text}){f'; {keys}' if keys else ''}"
    if names & _NOT_REACHED:
        own = "; AWS_ENDPOINT_URL names a server of your own" if address.partition("://")[0] in _S3 else ""
        return f"cannot be reached now ({text}){own}"
    return text


def _missing_extra(address: str, package: str) -> MissingExtraError:
    scheme = address.partition("://")[0]
    if scheme in _S3:
        return MissingExtraError(f"opening {address}", "s3fs", "s3")
    return MissingExtraError(f"opening {address}", package, "remote")
