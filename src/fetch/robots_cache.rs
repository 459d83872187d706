//! The robots.txt files that are known, each for a day.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

use super::robots::Rules;
use crate::failure::Failure;

/// RFC 9309 lets a copy be used for a day.
const KEPT: TimeDelta = TimeDelta::hours(24);

/// How long a file is not asked for again that could not be had. RFC 9309 has
/// such a site left alone entirely.
const TROUBLE: TimeDelta = TimeDelta::minutes(5);

/// The memory that all rules together may take; the oldest go first.
const MOST_BYTES: usize = 32 * 1024 * 1024;

/// Above this number, troubles that have passed are looked for.
const MOST_TROUBLED: usize = 4096;

/// A robots.txt as it is kept between runs.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct StoredRobots {
    /// When it was fetched.
    pub fetched_at: DateTime<Utc>,
    /// Its text; empty where the site has none.
    pub body: Vec<u8>,
}

impl StoredRobots {
    /// A file fetched at a time.
    pub fn new(fetched_at: DateTime<Utc>, body: Vec<u8>) -> Self {
        Self { fetched_at, body }
    }
}

/// Where robots.txt files are kept between runs. Both calls should be quick:
/// they are made between two requests.
pub trait RobotsStore: fmt::Debug + Send + Sync {
    /// The file of an origin (`https://example.com:443`), if it is kept.
    fn load(&self, origin: &str) -> Option<StoredRobots>;
    /// Keeps the file of an origin.
    fn save(&self, origin: &str, robots: &StoredRobots);
}

#[derive(Debug, Default)]
struct Kept {
    by_origin: HashMap<String, (DateTime<Utc>, Arc<Rules>)>,
    order: VecDeque<(String, usize)>,
    weight: usize,
}

/// The files of this fetcher.
#[derive(Debug)]
pub(crate) struct RobotsCache {
    product: String,
    kept: Mutex<Kept>,
    /// The origins whose file could not be had, since when and why.
    troubled: Mutex<HashMap<String, (DateTime<Utc>, Failure)>>,
    store: Option<Arc<dyn RobotsStore>>,
}

impl RobotsCache {
    pub(crate) fn new(product: String, store: Option<Arc<dyn RobotsStore>>) -> Self {
        Self { product, kept: Mutex::default(), troubled: Mutex::default(), store }
    }

    /// The rules of an origin, if they are known and not too old.
    pub(crate) fn get(&self, origin: &str, now: DateTime<Utc>) -> Option<Arc<Rules>> {
        let fresh = |at: DateTime<Utc>| now.signed_duration_since(at) < KEPT;
        {
            let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some((at, rules)) = kept.by_origin.get(origin) {
                return fresh(*at).then(|| Arc::clone(rules));
            }
        }
        let stored = self.store.as_ref()?.load(origin).filter(|stored| fresh(stored.fetched_at))?;
        Some(self.insert(origin, &stored))
    }

    /// Keeps a file that was fetched; `None` where the site has none.
    pub(crate) fn put(&self, origin: &str, body: Option<&[u8]>, now: DateTime<Utc>) -> Arc<Rules> {
        let stored = StoredRobots { fetched_at: now, body: body.unwrap_or_default().to_vec() };
        if let Some(store) = &self.store {
            store.save(origin, &stored);
        }
        self.insert(origin, &stored)
    }

    /// Notes that a file could not be had, however often it was asked for.
    pub(crate) fn put_trouble(&self, origin: &str, why: &Failure, now: DateTime<Utc>) {
        let mut troubled = self.troubled.lock().unwrap_or_else(PoisonError::into_inner);
        if troubled.len() >= MOST_TROUBLED {
            troubled.retain(|_, (at, _)| now.signed_duration_since(*at) < TROUBLE);
        }
        troubled.insert(origin.to_owned(), (now, why.clone()));
    }

    /// Why the file of an origin could not be had a short while ago.
    pub(crate) fn trouble(&self, origin: &str, now: DateTime<Utc>) -> Option<Failure> {
        let troubled = self.troubled.lock().unwrap_or_else(PoisonError::into_inner);
        let (_, why) = troubled.get(origin).filter(|(at, _)| now.signed_duration_since(*at) < TROUBLE)?;
        Some(why.clone())
    }

    fn insert(&self, origin: &str, stored: &StoredRobots) -> Arc<Rules> {
        let rules = Arc::new(Rules::parse(&stored.body, &self.product));
        let weight = rules.weight() + 2 * origin.len();
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let old = kept.by_origin.insert(origin.to_owned(), (stored.fetched_at, Arc::clone(&rules)));
        if old.is_none() {
            kept.order.push_back((origin.to_owned(), weight));
            kept.weight += weight;
        }
        while kept.weight > MOST_BYTES
            && kept.order.len() > 1
            && let Some((oldest, weight)) = kept.order.pop_front()
        {
            kept.by_origin.remove(&oldest);
            kept.weight -= weight;
        }
        rules
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_kept_for_a_day() {
        let cache = RobotsCache::new("khobor".into(), None);
        let now = Utc::now();
        assert!(cache.get("http://e.com:80", now).is_none());
        cache.put("http://e.com:80", Some(b"User-agent: *\nCrawl-delay: 3"), now);
        let rules = cache.get("http://e.com:80", now + TimeDelta::hours(23)).unwrap();
        assert!(rules.crawl_delay.is_some());
        assert!(cache.get("http://e.com:80", now + TimeDelta::hours(25)).is_none());
    }

    #[test]
    fn a_site_in_trouble_is_left_alone_for_a_while() {
        let cache = RobotsCache::new("khobor".into(), None);
        let (now, why) = (Utc::now(), Failure::new(crate::FailureKind::Robots, "status 503"));
        cache.put_trouble("http://e.com:80", &why, now);
        assert_eq!(cache.trouble("http://e.com:80", now + TimeDelta::minutes(4)), Some(why));
        assert_eq!(cache.trouble("http://e.com:80", now + TimeDelta::minutes(6)), None);
        assert_eq!(cache.trouble("http://f.com:80", now), None);
    }

    #[test]
    fn the_memory_is_bounded() {
        let cache = RobotsCache::new("khobor".into(), None);
        let body = format!("User-agent: *\n{}", "Disallow: /abcdefghijklmnopqrstuvwxyz\n".repeat(2_000));
        for i in 0..400 {
            cache.put(&format!("http://{i}:80"), Some(body.as_bytes()), Utc::now());
        }
        let kept = cache.kept.lock().unwrap();
        assert!(kept.weight <= MOST_BYTES && kept.by_origin.len() == kept.order.len());
        assert!(kept.by_origin.len() > 10 && kept.by_origin.len() < 400);
    }

    #[derive(Debug, Default)]
    struct Shelf(Mutex<HashMap<String, StoredRobots>>);

    impl RobotsStore for Shelf {
        fn load(&self, origin: &str) -> Option<StoredRobots> {
            self.0.lock().unwrap().get(origin).cloned()
        }
        fn save(&self, origin: &str, robots: &StoredRobots) {
            self.0.lock().unwrap().insert(origin.to_owned(), robots.clone());
        }
    }

    #[test]
    fn a_store_carries_files_into_the_next_run() {
        let shelf = Arc::new(Shelf::default());
        let cache = || RobotsCache::new("khobor".into(), Some(Arc::<Shelf>::clone(&shelf)));
        cache().put("http://e.com:80", None, Utc::now());
        assert!(cache().get("http://e.com:80", Utc::now()).is_some());
        assert!(cache().get("http://e.com:80", Utc::now() + TimeDelta::days(2)).is_none());
    }
}
