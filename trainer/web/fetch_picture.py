"""Pictures from the web and from `data:` URLs; used by the window and the command line."""

import base64
import binascii
from urllib.parse import unquote_to_bytes, urlsplit

from trainer.cancellation import CancelToken
from trainer.errors import FetchError
from trainer.images.formats import is_web_page
from trainer.web.errors import status_error
from trainer.web.request import FetchLimits, Progress, Reply, host_of, request
from trainer.web.typed_address import complete_address

__all__ = ["FetchLimits", "fetch", "read_data_uri", "web_address"]

_LIMITS = FetchLimits()
_NOT_AN_ADDRESS = "This is not a web address. It should look like https://example.org/cat.jpg"
_WEB_PAGE = (
    "This is the address of a web page, not of a picture. Open the picture itself in the"
    " browser, copy its address and paste it here."
)


def web_address(text: str) -> str:
    """Complete an http or https URL that the user typed or pasted.

    Surrounding quotes, angle brackets and whitespace are dropped, and a missing scheme is added by
    `complete_address`.

    Raises:
        FetchError: If it is not a web address.
    """
    address = text.strip().strip("<>\"'").strip()
    if address.startswith("//"):
        address = f"https:{address}"
    address = complete_address(address) or address
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise FetchError(_NOT_AN_ADDRESS, details=f"{address}: {error}") from error
    if parts.scheme not in ("http", "https"):
        raise _unsupported_scheme(parts.scheme, address)
    if not host or any(character.isspace() for character in address):
        raise FetchError(_NOT_AN_ADDRESS, details=address)
    return address


def _unsupported_scheme(scheme: str, address: str) -> FetchError:
    if "://" not in address:
        return FetchError(_NOT_AN_ADDRESS, details=address)
    message = f"{scheme}: addresses are not supported, only http: and https:."
    return FetchError(message, details=address)


def fetch(
    url: str,
    *,
    token: CancelToken | None = None,
    on_progress: Progress | None = None,
    limits: FetchLimits = _LIMITS,
) -> bytes:
    """Fetch the bytes of a picture, without decoding it.

    Args:
        url: URL, completed by `web_address`.
        token: Cancels the request at once, whatever the server does.
        on_progress: Called on this thread with the received bytes and the expected total.
        limits: Limits of time, size and redirects.

    Raises:
        FetchError: If the server sends nothing usable.
        Cancelled: If the user stopped it.
    """
    with request(web_address(url), limits=limits, token=token) as reply:
        if not 200 <= reply.status < 300:
            raise status_error(reply.status, reply.host)
        data = _read(reply, limits.size, on_progress)
    if is_web_page(data):
        raise FetchError(_WEB_PAGE, details=url)
    if not data:
        raise FetchError(f"{host_of(url)} sent nothing. Check the address.", details=url)
    return data


def _read(reply: Reply, limit: int | None, on_progress: Progress | None) -> bytes:
    _check_size(reply.length or 0, limit)
    data = bytearray()
    for chunk in reply.chunks():
        data += chunk
        _check_size(len(data), limit)
        if on_progress:
            on_progress(len(data), reply.length)
    return bytes(data)


def _check_size(size: int, limit: int | None) -> None:
    if limit is not None and size > limit:
        megabytes = max(1, limit // 1024**2)
        raise FetchError(f"The picture is larger than {megabytes} MB. Choose a smaller one.")


def read_data_uri(uri: str) -> bytes:
    """The bytes of a picture in a `data:` URL (`data:image/png;base64,...`).

    Raises:
        FetchError: If it is damaged, too long or not a picture.
    """
    header, comma, body = uri.strip().partition(",")
    media, *parameters = header.lower().split(";")
    if not media.startswith("data:") or not comma:
        raise FetchError("This data: address is incomplete. Copy the picture again.")
    if media != "data:" and not media.startswith("data:image/"):
        raise FetchError(
            "This address does not contain a picture. Copy the picture itself.", details=media
        )
    _check_size(len(body) * 3 // 4, _LIMITS.size)
    data = unquote_to_bytes(body)
    if "base64" not in (parameter.strip() for parameter in parameters):
        return data
    try:
        return base64.b64decode(b"".join(data.split()), validate=True)
    except binascii.Error as error:
        message = "This data: address is damaged or incomplete. Copy the picture again."
        raise FetchError(message, details=repr(error)) from error
