//! The same article under several addresses: agency copy that a dozen sites
//! print, one text in two sections of a site.
//!
//! Word for word the same is what has one `content_hash`. Nearly the same is
//! what has fingerprints that differ in few bits and was fetched within days:
//! agency copy spreads in hours, and a window keeps the work independent of
//! how much is stored. Such articles are linked and never dropped.

use std::collections::VecDeque;

use rusqlite::{Connection, OptionalExtension, params};

/// Fingerprints that differ in more bits are of two texts. Two unrelated
/// bodies differ in about 32; the chance of eight or fewer is 3 in 10^10.
pub(crate) const MOST_BITS: u32 = 8;

/// A body of fewer words has too few runs of words for its fingerprint to mean
/// much.
pub(crate) const LEAST_WORDS: u64 = 40;

/// Articles that were fetched further apart are not compared, seconds.
pub(crate) const WINDOW: i64 = 3 * 86_400;

/// An earlier article with the same text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Same {
    /// Its page.
    pub page: i64,
    /// The bits of the fingerprints that differ; `None` for headline and body
    /// that are the same word for word.
    pub distance: Option<u32>,
}

/// What is compared of an article.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Print {
    /// Its page.
    pub page: i64,
    /// The row of its first revision; [`i64::MAX`] for a page that has none yet.
    pub first: i64,
    /// When this form of it was fetched.
    pub fetched_at: i64,
    /// The fingerprint of its body.
    pub fingerprint: u64,
}

impl Print {
    /// Whether the page stood in the archive before another one. Only such a
    /// page is linked to, so that links never go round in circles.
    fn is_before(&self, other: &Self) -> bool {
        self.page != other.page && self.first < other.first
    }
}

/// The articles of the last days, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Window {
    prints: VecDeque<Print>,
}

impl Window {
    /// The articles that were fetched within the window before an instant.
    pub fn load(db: &Connection, generation: i64, now: i64) -> rusqlite::Result<Self> {
        let mut rows = db.prepare(
            "SELECT r.page, (SELECT f.id FROM revision f WHERE f.generation = r.generation AND f.page = r.page \
                 AND f.number = 1), r.fetched_at, r.fingerprint \
             FROM revision r WHERE r.generation = ?1 AND r.fetched_at > ?2 \
             AND r.fingerprint IS NOT NULL AND r.words >= ?3 ORDER BY r.id",
        )?;
        let prints = rows.query_map(params![generation, now - WINDOW, LEAST_WORDS.cast_signed()], |row| {
            Ok(Print {
                page: row.get(0)?,
                first: row.get(1)?,
                fetched_at: row.get(2)?,
                fingerprint: row.get::<_, i64>(3)?.cast_unsigned(),
            })
        })?;
        Ok(Self { prints: prints.collect::<Result<_, _>>()? })
    }

    /// The nearest article of an earlier page; of equally near ones the
    /// earliest form.
    pub fn nearest(&mut self, print: Print) -> Option<Same> {
        while self.prints.front().is_some_and(|p| p.fetched_at <= print.fetched_at - WINDOW) {
            self.prints.pop_front();
        }
        self.prints
            .iter()
            .filter(|p| p.is_before(&print))
            .map(|p| (p.page, (p.fingerprint ^ print.fingerprint).count_ones()))
            .filter(|(_, bits)| *bits <= MOST_BITS)
            .min_by_key(|(_, bits)| *bits)
            .map(|(page, bits)| Same { page, distance: Some(bits) })
    }

    /// Adds an article.
    pub fn push(&mut self, print: Print) {
        self.prints.push_back(print);
    }
}

/// Of a text that many pages share so many forms are looked at.
const MOST_FORMS: u32 = 50;

/// The earliest page with the same headline and body that stood in the archive
/// before the page whose first revision is `first`.
pub(crate) fn exact(
    db: &Connection,
    generation: i64,
    content_hash: &str,
    page: i64,
    first: i64,
) -> rusqlite::Result<Option<Same>> {
    db.prepare_cached(
        "SELECT r.page FROM (SELECT page FROM revision INDEXED BY revision_content \
             WHERE generation = ?1 AND content_hash = ?2 AND page <> ?3 ORDER BY id LIMIT ?5) r \
         WHERE (SELECT f.id FROM revision f WHERE f.generation = ?1 AND f.page = r.page AND f.number = 1) < ?4 \
         LIMIT 1",
    )?
    .query_row(params![generation, content_hash, page, first, MOST_FORMS], |row| {
        Ok(Same { page: row.get(0)?, distance: None })
    })
    .optional()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn print(page: i64, fetched_at: i64, fingerprint: u64) -> Print {
        Print { page, first: page, fetched_at, fingerprint }
    }

    #[test]
    fn the_nearest_within_the_window_is_found() {
        let mut window = Window::default();
        window.push(print(1, 0, 0));
        window.push(print(2, 10, 0b1));
        window.push(print(3, 20, u64::MAX));
        let near = |window: &mut Window, p| window.nearest(p).map(|s| (s.page, s.distance));
        assert_eq!(near(&mut window, print(4, 30, 0b11)), Some((2, Some(1))));
        assert_eq!(near(&mut window, print(2, 30, 0b1)), Some((1, Some(1))), "not itself");
        assert_eq!(near(&mut window, print(1, 30, 0b1)), None, "never a later page: links go back only");
        assert_eq!(near(&mut window, print(4, 30, 0xff_ffff)), None);
        assert_eq!(near(&mut window, print(4, WINDOW + 5, 0)), Some((2, Some(1))), "the first is too old");
    }
}
