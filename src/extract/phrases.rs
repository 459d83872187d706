//! Finds many phrases in a short text at once.
//!
//! An automaton would do it with less per byte and take milliseconds to build,
//! which is more than a page takes.

/// Places of the filter, a power of two.
const PLACES: u32 = 512;

/// Phrases, found by their first bytes.
pub struct Phrases {
    /// So many first bytes of each phrase are looked up; the shortest has them.
    width: usize,
    /// The bits of these bytes in a number.
    mask: u64,
    /// For each place whether a phrase's opening falls on it.
    filter: [u64; PLACES as usize / 64],
    /// The phrases with their openings, in the order of these.
    list: Vec<(u64, String)>,
}

impl Phrases {
    /// Phrases to look for; empty ones are left out.
    pub fn new<'p>(phrases: impl Iterator<Item = &'p str>) -> Self {
        let mut list: Vec<(u64, String)> =
            phrases.filter(|p| !p.is_empty()).map(|p| (0, p.to_owned())).collect();
        let width = list.iter().map(|(_, p)| p.len()).min().unwrap_or(1).min(8);
        let mask = u64::MAX >> (64 - 8 * width);
        let mut filter = [0; PLACES as usize / 64];
        for (opening, phrase) in &mut list {
            *opening = first_eight(phrase.as_bytes()) & mask;
            let place = place(*opening);
            filter[place / 64] |= 1 << (place % 64);
        }
        list.sort();
        Self { width, mask, filter, list }
    }

    /// Whether one of the phrases opens a text.
    pub fn open(&self, text: &str) -> bool {
        text.len() >= self.width && self.any_at(text.as_bytes(), |_| true)
    }

    /// Whether one of the phrases stands anywhere in a text.
    pub fn stand_in(&self, text: &str) -> bool {
        self.any(text, |_| true)
    }

    /// How many of the phrases stand in a text, one that is listed twice counted
    /// twice.
    pub fn count_in(&self, text: &str) -> usize {
        self.found_in(text).count()
    }

    /// The phrases that stand in a text, one that is listed twice told twice.
    pub fn found_in(&self, text: &str) -> impl Iterator<Item = &str> {
        let mut found: Vec<usize> = Vec::new();
        self.any(text, |index| {
            if !found.contains(&index) {
                found.push(index);
            }
            false
        });
        found.into_iter().map(|index| self.list[index].1.as_str())
    }

    /// Tells of each phrase that stands in a text.
    pub fn each_in(&self, text: &str, mut tell: impl FnMut(&str)) {
        self.any(text, |index| {
            tell(&self.list[index].1);
            false
        });
    }

    /// Tells of each phrase that stands in a text by its number, until `enough`
    /// says so; whether it did.
    fn any(&self, text: &str, mut enough: impl FnMut(usize) -> bool) -> bool {
        let bytes = text.as_bytes();
        let mut at = 0;
        while at + self.width <= bytes.len() {
            if self.any_at(&bytes[at..], &mut enough) {
                return true;
            }
            at += length_of_character(bytes[at]);
        }
        false
    }

    /// The same for those that open a text of at least `width` bytes.
    #[inline]
    fn any_at(&self, bytes: &[u8], mut enough: impl FnMut(usize) -> bool) -> bool {
        let opening = first_eight(bytes) & self.mask;
        let place = place(opening);
        if self.filter[place / 64] >> (place % 64) & 1 == 0 {
            return false;
        }
        let first = self.list.partition_point(|(o, _)| *o < opening);
        let alike = self.list[first..].iter().take_while(|(o, _)| *o == opening);
        alike.enumerate().any(|(i, (_, p))| bytes.starts_with(p.as_bytes()) && enough(first + i))
    }
}

/// The first eight bytes as a number; missing ones are zeros.
fn first_eight(bytes: &[u8]) -> u64 {
    if let Some(eight) = bytes.first_chunk() {
        return u64::from_le_bytes(*eight);
    }
    let mut eight = [0; 8];
    eight[..bytes.len()].copy_from_slice(bytes);
    u64::from_le_bytes(eight)
}

/// The place of an opening in the filter.
fn place(opening: u64) -> usize {
    (opening.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (64 - PLACES.trailing_zeros())) as usize
}

fn length_of_character(first: u8) -> usize {
    match first {
        0..=0xbf => 1,
        0xc0..=0xdf => 2,
        0xe0..=0xef => 3,
        _ => 4,
    }
}

#[cfg(test)]
mod tests {
    use super::Phrases;

    #[test]
    fn finds_what_a_search_for_each_finds() {
        let texts = ["", "x", "আরও খবর", "শেয়ার করুন আর খবর", "google news", "goo", "ক খ ক", "a😀é খবর"];
        let lists: [&[&str]; 5] =
            [&["খবর", "আর", "google news"], &["x", "ক", "শেয়ার"], &["google", "goo"], &[], &["é", "শেয়ার করুন"]];
        for list in lists {
            let phrases = Phrases::new(list.iter().copied());
            for text in texts {
                let expected = list.iter().filter(|p| text.contains(**p)).count();
                assert_eq!(phrases.count_in(text), expected, "{list:?} in {text}");
                assert_eq!(phrases.stand_in(text), expected > 0, "{list:?} in {text}");
                assert_eq!(phrases.open(text), list.iter().any(|p| text.starts_with(p)), "{list:?}, {text}");
            }
        }
    }
}
