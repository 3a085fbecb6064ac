"""Addresses as people type them, without `http://` or `https://`; for the window and `predict`."""

import ipaddress
import re

_ADDRESS = re.compile(r"(\[[\dA-Fa-f:.]+\]|[\w-]+(?:\.[\w-]+)*)(:\d{1,5})?([/?#]\S*)?")
_TLS_PORTS = ("", ":443", ":8443")


def complete_address(text: str) -> str | None:
    """The address with its scheme; None if the text is no address.

    A computer at home or at work, and a server on a port of its own, rarely has a certificate:
    these get `http`, all others `https`.
    """
    match = _ADDRESS.fullmatch(text)
    if match is None:
        return None
    host, port, path = match.groups(default="")
    host = host.lower()
    is_local = host == "localhost" or host.endswith(".local") or _is_ip(host)
    if not (port or path if is_local else _is_site(host, port, path)):
        return None
    return f"{'http' if is_local or port not in _TLS_PORTS else 'https'}://{text}"


def _is_site(host: str, port: str, path: str) -> bool:
    """Whether it is a domain with a path, which a file name is not, or a computer with a port."""
    name, _, last = host.rpartition(".")
    is_domain = name and last.isalpha() and len(last) > 1
    return host.startswith("www.") or bool(path and (port or is_domain))


def _is_ip(host: str) -> bool:
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True
