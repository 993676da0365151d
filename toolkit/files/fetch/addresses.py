"""Which IP addresses belong to the public Internet."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address, ip_network

__all__ = ["is_public"]

_PUBLIC_V6 = ip_network("2000::/3")
# Special-purpose blocks that `is_global` lets through, in some Python versions or in all.
_NOT_PUBLIC = tuple(
    ip_network(block)
    for block in (
        "192.0.0.0/24",  # IETF protocols; one cloud's metadata service is at 192.0.0.192
        "192.88.99.0/24",  # 6to4 relays
        "168.63.129.16/32",  # a cloud's agent, reachable from its own machines only
        "2001::/23",  # Teredo and other protocols
        "2002::/16",  # 6to4: an IPv4 address inside
        "3fff::/20",  # documentation
    )
)


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public Internet and to one machine of it.

    IPv6 forms that carry an IPv4 address (mapped, NAT64, 6to4, Teredo) do not count: what they lead to
    depends on the network. The blocks are IANA's special-purpose registries,
    https://www.iana.org/assignments/iana-ipv4-special-registry and .../iana-ipv6-special-registry

    Examples
    --------
    >>> is_public("1.1.1.1"), is_public("10.0.0.1"), is_public("::ffff:1.1.1.1")
    (True, False, False)
    """
    ip = ip_address(address)
    if isinstance(ip, IPv6Address) and ip not in _PUBLIC_V6:
        return False
    reserved = ip.is_multicast or ip.is_reserved or any(ip in block for block in _NOT_PUBLIC)
    return ip.is_global and not reserved
