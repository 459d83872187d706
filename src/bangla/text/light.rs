//! What nearly every untidy line of a press page needs and nothing else: য়, ড়
//! and ঢ় in two code points, one space for any white space, joiners only
//! where they count. One pass over the bytes does that; whatever else a text
//! has is for [`signs`](super::signs), which does the same by the character.

use super::scan::needs_a_repair;

/// Neighbour code for whatever is not in the Bengali block.
const OTHER: u8 = 0xff;
const NUKTA: u8 = 0x3c;
const HASANTA: u8 = 0x4d;

/// What [`signs::tidy`](super::signs::tidy) makes of a text; `None` where the
/// text needs more than is done here.
pub(super) fn tidy(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let mut out = Out { text, done: String::with_capacity(text.len() + 16), kept: 0, space: false };
    // The first and the last joiner since the last character that shows.
    let mut joiners: Option<(usize, usize)> = None;
    // The last character that shows, as its offset in the Bengali block.
    let mut before = OTHER;
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let length = match byte {
            b'\t'..=b'\r' | b' ' => {
                settle(&mut out, joiners.take(), before, None, at)?;
                out.space(at, at + 1);
                before = OTHER;
                at += 1;
                continue;
            }
            0x21..=0x7e => 1,
            0xe0 => match bytes[at + 1] {
                0xa6 | 0xa7 => {
                    let now = ((bytes[at + 1] & 1) << 6) | (bytes[at + 2] & 0x3f);
                    if joiners.is_some() {
                        let kept = settle(&mut out, joiners.take(), before, Some(now), at)?;
                        before = if kept { OTHER } else { before };
                    }
                    out.open(at);
                    let parted = match now {
                        0x5c => "ড\u{9bc}",
                        0x5d => "ঢ\u{9bc}",
                        0x5f => "য\u{9bc}",
                        0x77 => "।",
                        // A mark that NFC may move.
                        0x7e => return None,
                        // Behind a joiner the hasanta is as any other.
                        _ if needs_a_repair(before, now) => return None,
                        _ => "",
                    };
                    before = now;
                    if !parted.is_empty() {
                        out.replace(at, at + 3, parted);
                        before = if now == 0x77 { OTHER } else { NUKTA };
                    }
                    at += 3;
                    continue;
                }
                0xa5 if matches!(bytes[at + 2], 0xa4 | 0xa5) => 3,
                _ => return None,
            },
            0xe2 if bytes[at + 1] == 0x80 => match bytes[at + 2] {
                0x8c | 0x8d => {
                    if !out.space {
                        joiners = Some((joiners.map_or(at, |(first, _)| first), at));
                    }
                    out.skip(at, at + 3);
                    at += 3;
                    continue;
                }
                // A space without width, and marks of direction.
                0x8b | 0x8e | 0x8f => {
                    out.skip(at, at + 3);
                    at += 3;
                    continue;
                }
                0x90..=0xa7 => 3,
                _ => return None,
            },
            // Signs of money, arrows, mathematics, shapes and dingbats.
            0xe2 if matches!(bytes[at + 1], 0x82 | 0x86..=0x8b | 0x94..=0x9f) => 3,
            // Pictures, and the sign that a character is to be shown as one.
            0xf0 if bytes[at + 1] == 0x9f => 4,
            0xef if bytes[at + 1..].starts_with(&[0xb8, 0x8f]) => 3,
            0xc2 if bytes[at + 1] == 0xa0 => {
                settle(&mut out, joiners.take(), before, None, at)?;
                out.space(at, at + 2);
                before = OTHER;
                at += 2;
                continue;
            }
            0xc2 if matches!(bytes[at + 1], 0xa1..=0xac | 0xae..) => 2,
            0xef if bytes[at + 1..].starts_with(&[0xbb, 0xbf]) => {
                out.skip(at, at + 3);
                at += 3;
                continue;
            }
            _ => return None,
        };
        settle(&mut out, joiners.take(), before, None, at)?;
        out.open(at);
        before = OTHER;
        at += length;
    }
    settle(&mut out, joiners.take(), before, None, at)?;
    out.flush(at);
    Some(out.done)
}

/// Keeps a joiner only directly beside a hasanta; says whether one was kept,
/// `None` where ত্ with a joiner is the old spelling of ৎ.
fn settle(
    out: &mut Out<'_>,
    joiners: Option<(usize, usize)>,
    before: u8,
    next: Option<u8>,
    at: usize,
) -> Option<bool> {
    let Some((first, last)) = joiners else { return Some(false) };
    let kept = if before == HASANTA {
        if out.done.ends_with("ত্") {
            return None;
        }
        first
    } else if next == Some(HASANTA) {
        last
    } else {
        return Some(false);
    };
    let text = out.text;
    out.open(at);
    out.replace(at, at, &text[kept..kept + 3]);
    Some(true)
}

/// The tidied text, its unchanged stretches copied whole.
struct Out<'a> {
    text: &'a str,
    done: String,
    /// Where the stretch begins that is to be copied.
    kept: usize,
    /// White space was seen since the last character that shows.
    space: bool,
}

impl Out<'_> {
    fn flush(&mut self, at: usize) {
        self.done.push_str(&self.text[self.kept..at]);
        self.kept = at;
    }

    /// A character that shows begins here.
    fn open(&mut self, at: usize) {
        if self.space {
            self.space = false;
            self.kept = at;
            if !self.done.is_empty() {
                self.done.push(' ');
            }
        }
    }

    fn replace(&mut self, from: usize, to: usize, with: &str) {
        self.flush(from);
        self.done.push_str(with);
        self.kept = to;
    }

    fn space(&mut self, from: usize, to: usize) {
        self.skip(from, to);
        self.space = true;
    }

    fn skip(&mut self, from: usize, to: usize) {
        if !self.space {
            self.flush(from);
        }
        self.kept = to;
    }
}

#[cfg(test)]
mod tests {
    use super::super::signs;
    use super::tidy;

    #[test]
    fn does_what_the_whole_pass_does_or_declines() {
        let pieces = [
            "ক", "ত", "\u{9cd}", "\u{9bc}", "\u{9df}", "\u{9dc}", "\u{9be}", "\u{9c7}", "অ", "ৎ", "ব", " ",
            "\n", "\u{a0}", "\u{200c}", "\u{200d}", "\u{200b}", "\u{feff}", "a", "|", "।", "৷", "—",
            "\u{ad}", "é", "১", "\u{981}", "১", "ন", "«", "→", "\u{20d0}", "✓", "😀", "\u{fe0f}", "₹",
        ];
        let mut accepted = 0;
        let mut seed = 1_u64;
        for _ in 0..60_000 {
            let mut text = String::new();
            for _ in 0..8 {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                text.push_str(pieces[(seed >> 33) as usize % pieces.len()]);
            }
            if let Some(done) = tidy(&text) {
                accepted += 1;
                assert_eq!(done, signs::tidy(&text), "{text:?}");
            }
        }
        assert!(accepted > 1_000, "{accepted}");
    }
}
