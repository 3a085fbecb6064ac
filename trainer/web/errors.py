"""What went wrong on the network, in words; asked by `trainer.web.request`."""

import errno
import functools
import socket
import ssl
from collections.abc import Iterator

from trainer.errors import FetchError

_NO_ROUTE = (errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN)


class Interrupted(FetchError):
    """The connection broke off, or the server is out of order; another try may well succeed."""


_Row = tuple[tuple[type[BaseException], ...], type[FetchError], str]
_INVALID = FetchError, "{host} is not a web address. Check how it is written."
_PROXY = FetchError, "The proxy of this network did not let us through to {host}."
_UNKNOWN = (
    FetchError,
    "No server named {host} was found. Check the address and your internet connection.",
)
_INSECURE = (
    FetchError,
    "No secure connection to {host} is possible. Save the file with a browser and open that.",
)
_REFUSED = FetchError, "{host} refuses the connection. Check the address, or try again later."
_UNREACHABLE = FetchError, "{host} cannot be reached. Check your connection or try again later."
_SILENT = Interrupted, "{host} does not answer. Try again later."
_GARBLED = (
    FetchError,
    "{host} sent data that cannot be unpacked. Save it with a browser and open the file.",
)
_BROKEN_OFF = Interrupted, "The connection to {host} broke off. Try again."


def explain(error: BaseException, host: str) -> FetchError:
    """The error to show for an exception of requests, urllib3 or the socket below them."""
    causes = tuple(_causes(error))
    for kinds, outcome, sentence in _table():
        if any(isinstance(cause, kinds) for cause in causes):
            return outcome(sentence.format(host=host), details=repr(error))
    return _explain_number(causes, error, host)


@functools.cache
def _table() -> tuple[_Row, ...]:
    """Exceptions and their sentences; the first row that fits counts."""
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
        ((low.ProtocolError, low.IncompleteRead, ConnectionError), *_BROKEN_OFF),
    )


def _explain_number(
    causes: tuple[BaseException, ...], error: BaseException, host: str
) -> FetchError:
    if any(isinstance(cause, OSError) and cause.errno in _NO_ROUTE for cause in causes):
        message = f"{host} cannot be reached. Check your internet connection."
        return FetchError(message, details=repr(error))
    return FetchError(f"{host} could not be asked. Try again later.", details=repr(error))


def _causes(error: BaseException) -> Iterator[BaseException]:
    """An exception and all that it wraps, in its arguments or otherwise."""
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
    """The error for an answer that is a refusal."""
    details = f"HTTP status {status}"
    if status in (404, 410):
        return FetchError(f"{host} has nothing at this address. Check it.", details=details)
    if status in (401, 403, 407, 451):
        message = f"{host} does not allow this. Save it with a browser and open the file."
        return FetchError(message, details=details)
    if status in (408, 425, 429) or status >= 500:
        return Interrupted(f"{host} has trouble of its own. Try again later.", details=details)
    return FetchError(f"{host} did not give this out (status {status}).", details=details)
