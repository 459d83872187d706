//! Which addresses the network must not be lured to.
//!
//! A URL list comes from other programs and a redirect comes from strangers;
//! neither may make this program speak to the user's router, to a service on
//! loopback or to a cloud's metadata service. The tables are the IANA
//! special-purpose address registries (RFC 6890 and its updates) and the
//! metadata addresses that lie outside them.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

/// Blocks of IPv4 that lead to no public host: network, prefix length, name.
const V4: &[(Ipv4Addr, u32, &str)] = &[
    (Ipv4Addr::UNSPECIFIED, 8, "this network"),
    (Ipv4Addr::new(10, 0, 0, 0), 8, "private"),
    (Ipv4Addr::new(100, 64, 0, 0), 10, "carrier-grade NAT"),
    (Ipv4Addr::new(127, 0, 0, 0), 8, "loopback"),
    (Ipv4Addr::new(169, 254, 0, 0), 16, "link-local"),
    (Ipv4Addr::new(172, 16, 0, 0), 12, "private"),
    (Ipv4Addr::new(192, 0, 0, 0), 24, "protocol assignment"),
    (Ipv4Addr::new(192, 0, 2, 0), 24, "documentation"),
    (Ipv4Addr::new(192, 88, 99, 0), 24, "6to4 relay"),
    (Ipv4Addr::new(192, 168, 0, 0), 16, "private"),
    (Ipv4Addr::new(198, 18, 0, 0), 15, "benchmarking"),
    (Ipv4Addr::new(198, 51, 100, 0), 24, "documentation"),
    (Ipv4Addr::new(203, 0, 113, 0), 24, "documentation"),
    (Ipv4Addr::new(224, 0, 0, 0), 4, "multicast"),
    (Ipv4Addr::new(240, 0, 0, 0), 4, "reserved"),
    // A public address by its number, a platform service inside Azure.
    (Ipv4Addr::new(168, 63, 129, 16), 32, "metadata service"),
];

/// Blocks inside `2000::/3`, the only global unicast space, that are special.
const V6: &[(Ipv6Addr, u32, &str)] = &[
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23, "protocol assignment"),
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32, "documentation"),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20, "documentation"),
];

/// What kind of special address this is; `None` for a public one. Addresses
/// that carry an IPv4 address (mapped, NAT64, 6to4, ISATAP) are judged by it.
pub fn special(ip: IpAddr) -> Option<&'static str> {
    match ip {
        IpAddr::V4(ip) => special_v4(ip),
        IpAddr::V6(ip) => special_v6(ip),
    }
}

fn special_v4(ip: Ipv4Addr) -> Option<&'static str> {
    let within = |net: Ipv4Addr, len: u32| (ip.to_bits() ^ net.to_bits()).checked_shr(32 - len) == Some(0);
    V4.iter().find(|(net, len, _)| within(*net, *len)).map(|(_, _, what)| *what)
}

fn special_v6(ip: Ipv6Addr) -> Option<&'static str> {
    let seg = ip.segments();
    let low = embedded(seg[6], seg[7]);
    match seg {
        [0, 0, 0, 0, 0, 0, 0, 0] => return Some("unspecified"),
        [0, 0, 0, 0, 0, 0, 0, 1] => return Some("loopback"),
        // IPv4-mapped (RFC 4291) and NAT64 (RFC 6052): the host behind is an
        // IPv4 host.
        [0, 0, 0, 0, 0, 0xffff, _, _] | [0x64, 0xff9b, 0, 0, 0, 0, _, _] => return special_v4(low),
        [0x64, 0xff9b, ..] => return Some("local NAT64"),
        _ => {}
    }
    if seg[0] & 0xe000 != 0x2000 {
        return Some(match seg[0] {
            s if s & 0xfe00 == 0xfc00 => "private",
            s if s & 0xffc0 == 0xfe80 => "link-local",
            s if s & 0xffc0 == 0xfec0 => "site-local",
            s if s & 0xff00 == 0xff00 => "multicast",
            _ => "reserved",
        });
    }
    // 6to4 (RFC 3056) and ISATAP (RFC 5214) lead on to the IPv4 host inside.
    if seg[0] == 0x2002
        && let Some(what) = special_v4(embedded(seg[1], seg[2]))
    {
        return Some(what);
    }
    if seg[4] & 0xfdff == 0
        && seg[5] == 0x5efe
        && let Some(what) = special_v4(low)
    {
        return Some(what);
    }
    let within = |net: Ipv6Addr, len: u32| (ip.to_bits() ^ net.to_bits()).checked_shr(128 - len) == Some(0);
    V6.iter().find(|(net, len, _)| within(*net, *len)).map(|(_, _, what)| *what)
}

fn embedded(high: u16, low: u16) -> Ipv4Addr {
    Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low))
}

/// Whether a name always means this machine (RFC 6761): `localhost` and what
/// lies below it.
pub fn is_localhost(name: &str) -> bool {
    let name = name.strip_suffix('.').unwrap_or(name);
    let tail = name.len().checked_sub("localhost".len()).and_then(|at| name.get(at..));
    tail.is_some_and(|tail| tail.eq_ignore_ascii_case("localhost"))
        && (name.len() == "localhost".len() || name[..name.len() - "localhost".len()].ends_with('.'))
}

/// What makes a URL special by its own text, before any lookup: an address
/// literal or a `localhost` name. Other names are judged when they resolve.
pub fn special_url(url: &Url) -> Option<&'static str> {
    match url.host()? {
        Host::Ipv4(ip) => special(ip.into()),
        Host::Ipv6(ip) => special(ip.into()),
        Host::Domain(name) => is_localhost(name).then_some("loopback"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn special_addresses_in_every_form_are_known() {
        for ip in [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "100.100.100.200",
            "127.0.0.1",
            "127.255.255.255",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.192",
            "192.168.1.1",
            "198.19.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "168.63.129.16",
            "::",
            "::1",
            "::ffff:10.0.0.1",
            "::ffff:169.254.169.254",
            "::127.0.0.1",
            "64:ff9b::10.0.0.1",
            "64:ff9b::a9fe:a9fe",
            "64:ff9b:1::1",
            "2002:7f00:1::",
            "2002:c0a8:101::1",
            "2001::1",
            "2001:db8::1",
            "3fff::1",
            "fc00::1",
            "fd00:ec2::254",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "100::1",
            "5f00::1",
            "2a00:1::5efe:10.0.0.1",
            "2a00:1::200:5efe:127.0.0.1",
        ] {
            assert!(special(ip.parse().unwrap()).is_some(), "{ip}");
        }
    }

    #[test]
    fn public_addresses_pass() {
        for ip in [
            "1.1.1.1",
            "8.8.8.8",
            "11.0.0.1",
            "100.63.255.255",
            "100.128.0.1",
            "172.15.0.1",
            "172.32.0.1",
            "192.0.1.1",
            "198.17.255.255",
            "223.255.255.255",
            "168.63.129.17",
            "::ffff:8.8.8.8",
            "64:ff9b::8.8.8.8",
            "2002:808:808::1",
            "2606:4700::1111",
            "2001:4860:4860::8888",
            "2a00:1450::1",
        ] {
            assert_eq!(special(ip.parse().unwrap()), None, "{ip}");
        }
    }

    #[test]
    fn urls_are_special_by_their_text() {
        for url in [
            "http://127.1/",
            "http://0x7f000001/",
            "http://017700000001/",
            "http://[::1]:8080/",
            "http://[::ffff:a00:1]/",
            "http://localhost/",
            "http://LOCALHOST./",
            "http://a.localhost:1/",
        ] {
            assert!(special_url(&Url::parse(url).unwrap()).is_some(), "{url}");
        }
        for url in [
            "http://example.com/",
            "http://notlocalhost/",
            "http://localhost.example.com/",
            "http://8.8.8.8/",
        ] {
            assert_eq!(special_url(&Url::parse(url).unwrap()), None, "{url}");
        }
    }
}
