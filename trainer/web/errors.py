"""Network errors with a message for the user; used by `trainer.web.request`."""

import errno
import functools
import socket
import ssl
from collections.abc import Iterator

from trainer.errors import FetchError

_NO_ROUTE = (errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN)


class Interrupted(FetchError):
    """The connection was interrupted or the server has a problem; retrying may succeed."""


_Row = tuple[tuple[type[BaseException], ...], type[FetchError], str]
_INVALID = FetchError, "{host} is not a valid web address. Check the spelling."
_PROXY = FetchError, "The proxy of this network blocked the connection to {host}."
_UNKNOWN = (
    FetchError,
    "No server named {host} was found. Check the address and your internet connection.",
)
_INSECURE = (
    FetchError,
    "A secure connection to {host} is not possible. Save the file with a browser and open it.",
)
_REFUSED = FetchError, "{host} refused the connection. Check the address, or try again later."
_UNREACHABLE = FetchError, "{host} cannot be reached. Check your connection or try again later."
_SILENT = Interrupted, "{host} did not respond. Try again later."
_GARBLED = (
    FetchError,
    "{host} sent data that cannot be decompressed. Save it with a browser and open it.",
)
_INTERRUPTED = Interrupted, "The connection to {host} was interrupted. Try again."


def explain(error: BaseException, host: str) -> FetchError:
    """The error to show for an exception of requests, urllib3 or a socket."""
    causes = tuple(_causes(error))
    for kinds, outcome, sentence in _table():
        if any(isinstance(cause, kinds) for cause in causes):
            return outcome(sentence.format(host=host), details=repr(error))
    return _explain_os_error(causes, error, host)


@functools.cache
def _table() -> tuple[_Row, ...]:
    """Exceptions and their messages; the first matching row counts."""
    from requests import exceptions as top
    from urllib3 import exceptions as low

    return (
        ((top.InvalidURL, top.InvalidSchema, low.LocationParseError, UnicodeError), *_INVALID),
        ((low.ProxyError, top.ProxyError), *_PROXY),
        ((low.NameResolutionError, socket.gaierror), *_UNKNOWN),
        ((ssl.SSLError, low.SSLError, top.SSLError), *_INSECURE),
        ((ConnectionRefusedError,), *_REFUSED),
        ((low.ConnectTimeoutError, top.ConnectTimeout), *_UNREACHABLE),
        ((low.ReadTimeoutError, top.ReadTimeout, TimeoutError), *_SILENT),
        ((low.DecodeError, top.ContentDecodingError), *_GARBLED),
        ((low.ProtocolError, low.IncompleteRead, ConnectionError), *_INTERRUPTED),
    )


def _explain_os_error(
    causes: tuple[BaseException, ...], error: BaseException, host: str
) -> FetchError:
    if any(isinstance(cause, OSError) and cause.errno in _NO_ROUTE for cause in causes):
        message = f"{host} cannot be reached. Check your internet connection."
        return FetchError(message, details=repr(error))
    return FetchError(f"{host} could not be reached. Try again later.", details=repr(error))


def _causes(error: BaseException) -> Iterator[BaseException]:
    """An exception and all exceptions that it wraps."""
    waiting, seen = [error], set[int]()
    while waiting:
        cause = waiting.pop()
        if id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        inner = (*cause.args, getattr(cause, "reason", None), cause.__cause__, cause.__context__)
        waiting += [each for each in inner if isinstance(each, BaseException)]


def status_error(status: int, host: str) -> FetchError:
    """The error for an unsuccessful HTTP status."""
    details = f"HTTP status {status}"
    if status in (404, 410):
        return FetchError(
            f"{host} has nothing at this address. Check the address.", details=details
        )
    if status in (401, 403, 407, 451):
        message = f"{host} does not allow access. Save the file with a browser and open it."
        return FetchError(message, details=details)
    if status in (408, 425, 429) or status >= 500:
        return Interrupted(f"{host} has a problem. Try again later.", details=details)
    return FetchError(f"{host} did not send the file (status {status}).", details=details)
