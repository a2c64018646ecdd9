"""Each request of the attack comes from an address of its own: wrong tokens are slowed down by
address, and the attack is not about that. The server believes the address because it is told that
a proxy is in front (--behind-proxy)."""

import ipaddress
import itertools

import schemathesis

# For measurements of networks (RFC 2544); nobody's.
ADDRESSES = itertools.cycle(ipaddress.ip_network("198.18.0.0/15"))


@schemathesis.hook
def before_call(context, case, kwargs):
    case.headers = {**(case.headers or {}), "X-Forwarded-For": str(next(ADDRESSES))}
