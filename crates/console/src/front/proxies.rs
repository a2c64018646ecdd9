//! Which peers may say for whom they ask: proxies that were named, and nobody else.

use std::net::IpAddr;
use std::str::FromStr;

use axum::http::HeaderMap;
use si::Problem;

const FORWARDED: &str = "x-forwarded-for";

/// Addresses of proxies in front of this server.
#[derive(Clone, Debug)]
pub struct Proxies(Vec<Network>);

/// An address, or a network in CIDR form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    prefix: u8,
}

impl Default for Proxies {
    /// This machine.
    fn default() -> Self {
        let loopback = |address: [u8; 4], prefix| Network {
            address: address.into(),
            prefix,
        };
        Self(vec![
            loopback([127, 0, 0, 0], 8),
            Network {
                address: std::net::Ipv6Addr::LOCALHOST.into(),
                prefix: 128,
            },
        ])
    }
}

impl Proxies {
    /// These; this machine where none is named.
    #[must_use]
    pub fn of(named: Vec<Network>) -> Self {
        if named.is_empty() {
            Self::default()
        } else {
            Self(named)
        }
    }

    /// Whether this peer is one.
    #[must_use]
    pub fn has(&self, peer: IpAddr) -> bool {
        let peer = peer.to_canonical();
        self.0.iter().any(|network| network.has(peer))
    }

    /// Who asks: the peer itself, or whom it names where it is a proxy. A chain of proxies is
    /// followed from this end as long as it is one that was named; what stands before is
    /// whatever the asker wrote.
    #[must_use]
    pub fn asker(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut asker = peer.to_canonical();
        let lines: Vec<_> = headers.get_all(FORWARDED).iter().collect();
        let named = lines.iter().rev().flat_map(|line| {
            let line = line.to_str().unwrap_or_default();
            line.rsplit(',').map(|one| one.trim().parse::<IpAddr>())
        });
        for one in named {
            let (true, Ok(one)) = (self.has(asker), one) else {
                break;
            };
            asker = one.to_canonical();
        }
        asker
    }
}

impl Network {
    fn has(self, address: IpAddr) -> bool {
        match (self.address, address) {
            (IpAddr::V4(network), IpAddr::V4(address)) => {
                let differs = network.to_bits() ^ address.to_bits();
                differs.leading_zeros() >= u32::from(self.prefix)
            }
            (IpAddr::V6(network), IpAddr::V6(address)) => {
                let differs = network.to_bits() ^ address.to_bits();
                differs.leading_zeros() >= u32::from(self.prefix)
            }
            _ => false,
        }
    }
}

impl FromStr for Network {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        let wrong = |what: &str| {
            Problem::new(
                "proxy-address",
                "proxy-address",
                text,
                what,
                "write an address such as 10.0.0.5, or a network such as 10.0.0.0/24",
            )
        };
        let (address, prefix) = text.split_once('/').unzip();
        let address: IpAddr = address
            .unwrap_or(text)
            .parse()
            .map_err(|_| wrong("is no address and no network"))?;
        let longest = if address.is_ipv4() { 32 } else { 128 };
        let prefix = match prefix {
            None => longest,
            Some(prefix) => prefix
                .parse()
                .ok()
                .filter(|prefix| (1..=longest).contains(prefix))
                .ok_or_else(|| wrong("has no such prefix"))?,
        };
        Ok(Self { address, prefix })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(address: &str) -> IpAddr {
        address.parse().unwrap()
    }

    fn asked(lines: &[&str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(FORWARDED, line.parse().unwrap());
        }
        headers
    }

    #[test]
    fn a_direct_peer_cannot_choose_its_address() {
        let proxies = Proxies::default();
        let headers = asked(&["198.51.100.7"]);
        assert_eq!(proxies.asker(at("192.0.2.9"), &headers), at("192.0.2.9"));
        assert_eq!(proxies.asker(at("127.0.0.1"), &headers), at("198.51.100.7"));
        assert_eq!(
            proxies.asker(at("::ffff:127.0.0.1"), &headers),
            at("198.51.100.7")
        );
    }

    #[test]
    fn behind_a_proxy_what_the_asker_wrote_before_is_not_believed() {
        let proxies = Proxies::default();
        for lines in [&["8.8.8.8, 198.51.100.7"][..], &["8.8.8.8", "198.51.100.7"]] {
            assert_eq!(
                proxies.asker(at("127.0.0.1"), &asked(lines)),
                at("198.51.100.7")
            );
        }
    }

    #[test]
    fn a_chain_is_followed_as_far_as_proxies_were_named() {
        let proxies = Proxies::of(vec!["10.0.0.0/24".parse().unwrap()]);
        let headers = asked(&["8.8.8.8, 198.51.100.7, 10.0.0.3"]);
        assert_eq!(proxies.asker(at("10.0.0.5"), &headers), at("198.51.100.7"));
        assert_eq!(proxies.asker(at("10.0.1.5"), &headers), at("10.0.1.5"));
        assert_eq!(proxies.asker(at("127.0.0.1"), &headers), at("127.0.0.1"));
        let garbled = asked(&["8.8.8.8, what"]);
        assert_eq!(proxies.asker(at("10.0.0.5"), &garbled), at("10.0.0.5"));
    }

    #[test]
    fn what_is_no_network_is_refused_with_its_value() {
        for wrong in ["", "proxy.example", "10.0.0.0/33", "10.0.0.0/0", "::1/129"] {
            let problem = wrong.parse::<Network>().unwrap_err();
            assert_eq!(
                (problem.code, problem.value.as_str()),
                ("proxy-address", wrong)
            );
        }
        assert!("2001:db8::/32".parse::<Network>().is_ok());
    }
}
