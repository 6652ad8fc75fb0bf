"""Where a request comes from."""

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str | None:
    """Return the network address of the person's own machine, None when it cannot be told.

    ``PROXY_COUNT`` proxies of ours stand before the portal, each adding the address it was called
    from to ``X-Forwarded-For``; what stands further left was sent by the client and proves nothing.
    """
    address = request.META.get("REMOTE_ADDR", "")
    if settings.PROXY_COUNT:
        hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
        if len(hops) >= settings.PROXY_COUNT:
            address = hops[-settings.PROXY_COUNT]
    try:
        return str(ip_address(address))
    except ValueError:
        return None
