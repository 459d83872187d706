//! Character references, decoded as the HTML standard has it.

use html5ever::data::{C1_REPLACEMENTS, NAMED_ENTITIES};
use memchr::memchr;

use super::tokens::Declined;

/// Decodes the references in a text, or in an attribute's value, to the end of
/// `out`.
pub(super) fn decode(raw: &str, in_attribute: bool, out: &mut String) -> Result<(), Declined> {
    let mut rest = raw;
    while let Some(found) = memchr(b'&', rest.as_bytes()) {
        out.push_str(&rest[..found]);
        rest = &rest[found + 1..];
        let used = match rest.as_bytes().first() {
            Some(b'#') => numeric(rest, out)?,
            Some(b) if b.is_ascii_alphanumeric() => named(rest, in_attribute, out),
            _ => 0,
        };
        if used == 0 {
            out.push('&');
        }
        rest = &rest[used..];
    }
    out.push_str(rest);
    Ok(())
}

/// Reads a reference by number behind the `&`; gives how many bytes it takes,
/// 0 where it is none.
fn numeric(rest: &str, out: &mut String) -> Result<usize, Declined> {
    let bytes = rest.as_bytes();
    let (base, start) = if matches!(bytes.get(1), Some(b'x' | b'X')) { (16, 2) } else { (10, 1) };
    let mut at = start;
    let mut number = 0_u32;
    while let Some(digit) = bytes.get(at).and_then(|&b| char::from(b).to_digit(base)) {
        number = number.saturating_mul(base).saturating_add(digit);
        at += 1;
    }
    if at == start {
        return Ok(0);
    }
    out.push(match number {
        // A carriage return of its own is left to the whole parser.
        0x0d => return Err(Declined),
        0x80..=0x9f => {
            let c1 = C1_REPLACEMENTS[(number - 0x80) as usize];
            c1.or(char::from_u32(number)).ok_or(Declined)?
        }
        0 => '\u{fffd}',
        _ => char::from_u32(number).unwrap_or('\u{fffd}'),
    });
    Ok(at + usize::from(bytes.get(at) == Some(&b';')))
}

/// The same for a reference by name: the longest that there is.
fn named(rest: &str, in_attribute: bool, out: &mut String) -> usize {
    let bytes = rest.as_bytes();
    // The usual ones, before the long list is asked.
    for (name, c) in [
        ("nbsp;", '\u{a0}'),
        ("amp;", '&'),
        ("quot;", '"'),
        ("lt;", '<'),
        ("gt;", '>'),
        ("raquo;", '»'),
        ("laquo;", '«'),
        ("rsquo;", '’'),
        ("lsquo;", '‘'),
        ("zwnj;", '\u{200c}'),
        ("copy;", '©'),
    ] {
        if rest.starts_with(name) {
            out.push(c);
            return name.len();
        }
    }
    let mut best: Option<(usize, (u32, u32))> = None;
    let mut end = 0;
    while let Some(&byte) = bytes.get(end)
        && byte.is_ascii()
    {
        end += 1;
        match NAMED_ENTITIES.get(&rest[..end]) {
            Some(&(0, _)) => {}
            Some(&chars) => best = Some((end, chars)),
            None => break,
        }
    }
    let Some((used, (one, two))) = best else { return 0 };
    let bare = bytes[used - 1] != b';';
    let next = bytes.get(used);
    if in_attribute && bare && next.is_some_and(|&b| b == b'=' || b.is_ascii_alphanumeric()) {
        return 0;
    }
    out.extend([one, two].into_iter().filter(|c| *c != 0).filter_map(char::from_u32));
    used
}
