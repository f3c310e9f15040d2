"""From where a request comes, as far as it can be believed."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The IP address of who asks; empty where there is none (a local socket).

    `settings.TRUSTED_PROXIES` says how many proxies of ours stand before the portal. Each adds to X-Forwarded-For the
    address that it was asked from, so the one that the outermost of ours wrote stands so many places from the end;
    what stands before it was written by whoever asked, and is believed by nobody.
    """
    proxies: int = settings.TRUSTED_PROXIES
    direct = _valid(request.META.get("REMOTE_ADDR", ""))
    if proxies <= 0:
        return direct
    hops = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    return (_valid(hops[-proxies]) if len(hops) >= proxies else "") or direct


def neighbourhood(address: str) -> str:
    """The address as limits count it: a whole /64 of IPv6, since one house has as many addresses as it likes."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return address
    if ip.version == 4:
        return str(ip)
    if ip.ipv4_mapped is not None:
        return str(ip.ipv4_mapped)
    return str(ipaddress.ip_network((ip, 64), strict=False).network_address)


def _valid(text: str) -> str:
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        return ""
