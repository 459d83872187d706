//! What is tried again, and when.

use std::time::{Duration, SystemTime};

use crate::failure::{Failure, FailureKind};

/// Whether a failure may pass: those of the network and of an overloaded
/// server. A bad certificate, a 404 or a bot wall would only be hit again.
pub(crate) fn may_pass(failure: &Failure) -> bool {
    match failure.kind {
        FailureKind::Dns | FailureKind::Connect | FailureKind::Timeout => true,
        FailureKind::HttpStatus => failure.status.is_some_and(|s| s == 429 || (500..600).contains(&s)),
        _ => false,
    }
}

/// The wait before the retry after `before` earlier ones: "full jitter", any
/// wait from zero to a bound that doubles. Equal waits would bring all the
/// clients of a broken server back in one wave.
pub(crate) fn backoff(before: u32, base: Duration, cap: Duration) -> Duration {
    let bound = base.saturating_mul(2_u32.saturating_pow(before.min(20))).min(cap);
    bound.mul_f64(fastrand::f64())
}

/// The `Retry-After` of an answer, as a wait from now: seconds, or a date in
/// any of HTTP's three forms. A date is taken by the server's own clock where
/// the answer has a `Date`.
pub(crate) fn retry_after(value: &str, date: Option<&str>, now: SystemTime) -> Option<Duration> {
    let value = value.trim();
    if !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit()) {
        return Some(Duration::from_secs(value.parse().unwrap_or(u64::MAX)));
    }
    let until = httpdate::parse_http_date(value).ok()?;
    let now = date.and_then(|d| httpdate::parse_http_date(d.trim()).ok()).unwrap_or(now);
    Some(until.duration_since(now).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_may_pass_is_retried() {
        let status = |s| Failure { status: Some(s), ..Failure::new(FailureKind::HttpStatus, "") };
        for (failure, again) in [
            (status(503), true),
            (status(429), true),
            (status(404), false),
            (Failure::new(FailureKind::Dns, ""), true),
            (Failure::new(FailureKind::Tls, ""), false),
            (Failure { status: Some(503), ..Failure::new(FailureKind::Challenge, "") }, false),
        ] {
            assert_eq!(may_pass(&failure), again, "{failure:?}");
        }
    }

    #[test]
    fn the_wait_grows_to_its_cap_and_is_spread() {
        let (base, cap) = (Duration::from_secs(1), Duration::from_secs(60));
        let waits: Vec<_> = (0..200).map(|_| backoff(3, base, cap)).collect();
        assert!(waits.iter().all(|w| *w <= base * 8));
        assert!(waits.iter().any(|w| *w > base * 4) && waits.iter().any(|w| *w < base * 4));
        assert!((0..100).all(|_| backoff(u32::MAX, base, cap) <= cap));
    }

    #[test]
    fn retry_after_in_both_forms() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777);
        let secs = |v, d| retry_after(v, d, now).map(|w| w.as_secs());
        assert_eq!(secs("120", None), Some(120));
        assert_eq!(secs(" 0 ", None), Some(0));
        assert_eq!(secs("99999999999999999999999", None), Some(u64::MAX));
        assert_eq!(secs("Sun, 06 Nov 1994 08:50:37 GMT", None), Some(60));
        assert_eq!(secs("Sunday, 06-Nov-94 08:50:37 GMT", None), Some(60));
        assert_eq!(secs("Sun Nov  6 08:50:37 1994", None), Some(60));
        assert_eq!(secs("Sun, 06 Nov 1994 08:50:37 GMT", Some("Sun, 06 Nov 1994 08:50:27 GMT")), Some(10));
        assert_eq!(secs("Sun, 06 Nov 1994 08:00:00 GMT", None), Some(0), "past");
        assert_eq!(secs("soon", None), None);
        assert_eq!(secs("-5", None), None);
    }
}
