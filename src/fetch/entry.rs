//! A job under way: everything that must be remembered of it between two
//! requests, in a form that fits into the spill file.
//!
//! Redirects, retries and the robots.txt question all send a job back into a
//! host's queue. No task and no open future stands for a waiting URL.

use chrono::{SecondsFormat, Utc};
use serde::{Deserialize, Serialize};
use url::Url;

use super::address::{Address, AddressError, origin_of};
use super::job::Job;
use super::page::Exchange;
use crate::failure::{Failure, FailureKind};
use crate::mask::mask_password;

/// A job and how far it has come.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Entry {
    pub(crate) job: Job,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) trail: Option<Box<Trail>>,
}

/// What has happened to a job so far; a fresh one has none.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Trail {
    /// Where redirects have led, if anywhere.
    at: Option<String>,
    /// The addresses that were asked and sent on, to find loops.
    passed: Vec<String>,
    /// Requests sent for the page.
    requests: u32,
    /// Failed attempts that were answered with a retry.
    retried: u32,
    /// The status of the last answer.
    status: Option<u16>,
    /// The search for the robots.txt that this page needs first.
    robots: Option<RobotsWalk>,
    /// The answers so far, where they are kept: none of them was the page.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    answers: Vec<Exchange>,
}

/// A robots.txt on its way; its redirects may leave the host.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RobotsWalk {
    /// What the file speaks for, in the form of [`origin_of`].
    pub(crate) origin: String,
    pub(crate) url: String,
    pub(crate) hops: u32,
    pub(crate) retried: u32,
}

impl RobotsWalk {
    /// Whether nothing was sent for it yet.
    pub(crate) fn is_first(&self) -> bool {
        self.hops == 0 && self.retried == 0
    }
}

impl Entry {
    pub(crate) fn new(job: Job) -> Self {
        Self { job, trail: None }
    }

    fn trail(&mut self) -> &mut Trail {
        self.trail.get_or_insert_default()
    }

    /// The page's address: where redirects have led, else the job's own.
    ///
    /// # Errors
    /// Where it is no http(s) URL; what passed the intake is one.
    pub(crate) fn address(&self) -> Result<Address, AddressError> {
        let text = self.trail.as_ref().and_then(|t| t.at.as_deref()).unwrap_or(&self.job.url);
        Address::parse(text)
    }

    /// What is asked next: a robots.txt on its way, else the page.
    pub(crate) fn target(&self) -> Result<Address, AddressError> {
        match self.robots() {
            Some(walk) => Address::parse(&walk.url),
            None => self.address(),
        }
    }

    pub(crate) fn robots(&self) -> Option<&RobotsWalk> {
        self.trail.as_ref()?.robots.as_ref()
    }

    /// Sets out for the robots.txt of an address.
    pub(crate) fn ask_robots(&mut self, address: &Address) {
        let mut url = super::address::without_credentials(address.url());
        url.set_path("/robots.txt");
        url.set_query(None);
        let walk = RobotsWalk { origin: origin_of(&url), url: url.into(), hops: 0, retried: 0 };
        self.trail().robots = Some(walk);
    }

    pub(crate) fn set_robots(&mut self, walk: Option<RobotsWalk>) {
        self.trail().robots = walk;
    }

    /// Counts a request for the page.
    pub(crate) fn sent(&mut self) {
        self.trail().requests += 1;
    }

    pub(crate) fn answered(&mut self, status: u16) {
        self.trail().status = Some(status);
    }

    /// Keeps an answer that was not the page.
    pub(crate) fn keep(&mut self, answer: Exchange) {
        self.trail().answers.push(answer);
    }

    pub(crate) fn take_answers(&mut self) -> Vec<Exchange> {
        self.trail.as_mut().map(|trail| std::mem::take(&mut trail.answers)).unwrap_or_default()
    }

    pub(crate) fn requests(&self) -> u32 {
        self.trail.as_ref().map_or(0, |t| t.requests)
    }

    pub(crate) fn retried(&self) -> u32 {
        self.trail.as_ref().map_or(0, |t| t.retried)
    }

    pub(crate) fn retry(&mut self) {
        self.trail().retried += 1;
    }

    /// Follows a redirect.
    ///
    /// # Errors
    /// A `redirect` failure where there were too many or the target was passed
    /// before.
    pub(crate) fn redirect(&mut self, from: &Address, to: &Address, most: usize) -> Result<(), Failure> {
        let trail = self.trail();
        trail.passed.push(from.key());
        if trail.passed.contains(&to.key()) {
            return Err(Failure::new(
                FailureKind::Redirect,
                format!("the redirect to {to} goes round in a circle"),
            )
            .with_hint("the site may want a cookie, which is never sent; try the address it should end at"));
        }
        if trail.passed.len() > most {
            return Err(Failure::new(
                FailureKind::Redirect,
                format!("more than {most} redirects, the last to {to}"),
            )
            .with_hint("list the address where the redirects end"));
        }
        trail.at = Some(to.url().as_str().to_owned());
        Ok(())
    }

    /// The final address, where redirects have led elsewhere.
    pub(crate) fn final_url(&self) -> Option<Url> {
        let at = self.trail.as_ref()?.at.as_ref()?;
        Url::parse(at).ok()
    }

    /// The failure record of this job.
    pub(crate) fn fail(&self, mut failure: Failure) -> Failure {
        failure.id.clone_from(&self.job.id);
        failure.url = Some(mask_password(&self.job.url));
        failure.attempts = self.requests();
        failure.status = failure.status.or(self.trail.as_ref().and_then(|t| t.status));
        failure.at = Some(Utc::now().to_rfc3339_opts(SecondsFormat::Secs, true));
        failure
    }

    /// The entry as a spill record.
    pub(crate) fn encode(&self) -> Vec<u8> {
        // A struct of strings and numbers always serialises.
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// The entry of a spill record.
    ///
    /// # Errors
    /// Where the record is not one that [`Self::encode`] made.
    pub(crate) fn decode(record: &[u8]) -> std::io::Result<Self> {
        serde_json::from_slice(record).map_err(Into::into)
    }
}

/// A line that is no URL, as a failure.
pub(crate) fn bad_url(error: &AddressError) -> Failure {
    Failure::new(FailureKind::BadUrl, error.to_string())
        .with_hint("a line holds one absolute address, such as https://example.com/news/1")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_survives_the_spill() {
        let mut entry = Entry::new(Job::new("http://e.com/a").with_id("7"));
        let fresh = entry.encode();
        assert_eq!(fresh, br#"{"job":{"url":"http://e.com/a","id":"7"}}"#);
        entry.sent();
        entry.answered(301);
        let from = entry.address().unwrap();
        entry.redirect(&from, &Address::parse("http://f.com/b").unwrap(), 10).unwrap();
        entry.ask_robots(&entry.address().unwrap());
        let back = Entry::decode(&entry.encode()).unwrap();
        assert_eq!(back.target().unwrap().url().as_str(), "http://f.com/robots.txt");
        assert_eq!(back.robots().unwrap().origin, "http://f.com:80");
        assert_eq!(back.requests(), 1);
        let failure = back.fail(Failure::new(FailureKind::Dns, "no such host"));
        assert_eq!((failure.status, failure.attempts, failure.id.as_deref()), (Some(301), 1, Some("7")));
        assert!(Entry::decode(b"{").is_err());
    }

    #[test]
    fn redirects_are_bounded_and_never_circle() {
        let hop = |i: usize| Address::parse(&format!("http://e.com/{i}")).unwrap();
        let mut entry = Entry::new(Job::new("http://e.com/0"));
        for i in 0..10 {
            entry.redirect(&hop(i), &hop(i + 1), 10).unwrap();
        }
        assert_eq!(entry.clone().redirect(&hop(10), &hop(11), 10).unwrap_err().kind, FailureKind::Redirect);
        let circle = entry.redirect(&hop(3), &hop(1), 100).unwrap_err();
        assert!(circle.message.contains("circle"), "{}", circle.message);
    }
}
