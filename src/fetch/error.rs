//! What went wrong on the network, in the words of the failure record.
//!
//! The HTTP client wraps an error in several others; what happened is found by
//! walking down to the one that knows.

use std::error::Error;
use std::io;

use rustls::CertificateError;

use super::resolver::{Blocked, NotFound};
use crate::failure::{Failure, FailureKind};

/// The failure that an error of the HTTP client stands for.
pub(crate) fn classify(error: &reqwest::Error) -> Failure {
    let mut next: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(error) = next {
        if let Some(failure) = known(error) {
            return failure;
        }
        next = error.source();
    }
    let what = if error.is_connect() { "no connection could be made" } else { "the exchange broke off" };
    broken(&format!("{what}: {}", innermost(error)))
}

fn known(error: &(dyn Error + 'static)) -> Option<Failure> {
    if let Some(blocked) = error.downcast_ref::<Blocked>() {
        return Some(blocked_address(&blocked.to_string()));
    }
    if let Some(not_found) = error.downcast_ref::<NotFound>() {
        return Some(
            Failure::new(FailureKind::Dns, not_found.to_string())
                .with_hint("check the host's spelling and this machine's name server"),
        );
    }
    if let Some(error) = error.downcast_ref::<rustls::Error>() {
        return Some(tls(error));
    }
    if let Some(error) = error.downcast_ref::<io::Error>() {
        return by_io(error);
    }
    if let Some(error) = error.downcast_ref::<hyper::Error>() {
        if error.is_parse_too_large() {
            return Some(too_many_headers("the header lines are longer than can be read"));
        }
        if error.is_parse() {
            return Some(
                broken("the server's answer is no HTTP").with_hint("check scheme and port of the address"),
            );
        }
        if error.is_incomplete_message() {
            return Some(broken("the server closed the connection before its answer was complete"));
        }
    }
    None
}

fn by_io(error: &io::Error) -> Option<Failure> {
    if let Some(inner) = error.get_ref() {
        // An io::Error passes over what it holds when it is asked for its
        // source.
        if let Some(failure) = known(inner) {
            return Some(failure);
        }
        if inner.to_string().contains("tls handshake eof") {
            return Some(
                Failure::new(FailureKind::Tls, "the server closed the connection during the TLS handshake")
                    .with_hint("the site may refuse this TLS version; try its http:// address"),
            );
        }
    }
    if matches!(error.raw_os_error(), Some(23 | 24)) {
        // ENFILE and EMFILE, the same numbers on every Unix.
        return Some(
            Failure::new(FailureKind::Io, "this program may not open more connections")
                .with_hint("lower --concurrency, or raise the limit of open files (ulimit -n)"),
        );
    }
    Some(match error.kind() {
        io::ErrorKind::ConnectionRefused => broken("the connection was refused"),
        io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionAborted | io::ErrorKind::BrokenPipe => {
            broken("the connection was reset by the server")
        }
        io::ErrorKind::TimedOut => broken("the connection timed out").kind(FailureKind::Timeout),
        io::ErrorKind::UnexpectedEof => {
            broken("the server closed the connection in the middle of its answer")
        }
        io::ErrorKind::NetworkUnreachable | io::ErrorKind::HostUnreachable => {
            broken("the host cannot be reached").with_hint("check this machine's network")
        }
        _ => return None,
    })
}

fn tls(error: &rustls::Error) -> Failure {
    use CertificateError as C;
    let (message, hint) = match error {
        rustls::Error::InvalidCertificate(C::Expired | C::ExpiredContext { .. }) => (
            "the server's certificate has expired".to_owned(),
            "only the site can mend it; check that this machine's clock is right",
        ),
        rustls::Error::InvalidCertificate(C::NotValidYet | C::NotValidYetContext { .. }) => (
            "the server's certificate is not valid yet".to_owned(),
            "check that this machine's clock is right",
        ),
        rustls::Error::InvalidCertificate(C::NotValidForName | C::NotValidForNameContext { .. }) => (
            "the server's certificate is for another name".to_owned(),
            "try the address with or without www, or over http://",
        ),
        rustls::Error::InvalidCertificate(C::UnknownIssuer) => (
            "the server's certificate is signed by an unknown authority".to_owned(),
            "if the site uses a private authority, give its certificate with --ca-cert",
        ),
        rustls::Error::InvalidMessage(_) => {
            ("the server does not speak TLS on this port".to_owned(), "try the http:// address")
        }
        other => (format!("the TLS handshake failed: {other}"), "only the site can mend it"),
    };
    Failure::new(FailureKind::Tls, message).with_hint(hint)
}

/// A connection that failed or broke.
pub(crate) fn broken(message: &str) -> Failure {
    Failure::new(FailureKind::Connect, message)
        .with_hint("the server may be down or overloaded; try again later")
}

/// An address that may not be asked.
pub(crate) fn blocked_address(message: &str) -> Failure {
    Failure::new(FailureKind::BlockedAddress, message)
        .with_hint("list the address itself, or use --allow-private, if this network may be asked")
}

/// Header lines beyond the cap.
pub(crate) fn too_many_headers(message: &str) -> Failure {
    Failure::new(FailureKind::TooLarge, message)
        .with_hint("no page needs so many; the server is misconfigured")
}

fn innermost(error: &dyn Error) -> String {
    let mut last = error;
    while let Some(next) = last.source() {
        last = next;
    }
    last.to_string()
}

/// The same failure of another kind.
trait Kind {
    fn kind(self, kind: FailureKind) -> Self;
}

impl Kind for Failure {
    fn kind(mut self, kind: FailureKind) -> Self {
        self.kind = kind;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_inside_an_io_error_is_found() {
        let inner = rustls::Error::InvalidCertificate(CertificateError::UnknownIssuer);
        let failure = known(&io::Error::new(io::ErrorKind::InvalidData, inner)).unwrap();
        assert_eq!(failure.kind, FailureKind::Tls);
        assert!(failure.hint.unwrap().contains("--ca-cert"));
        let refused = known(&io::Error::from(io::ErrorKind::ConnectionRefused)).unwrap();
        assert_eq!(
            (refused.kind, refused.message.as_str()),
            (FailureKind::Connect, "the connection was refused")
        );
        assert!(known(&io::Error::other("who knows")).is_none());
    }
}
