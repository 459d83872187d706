//! XML as sites write it, in steps.
//!
//! The reader forgives what does not change the structure: a lone `&`,
//! entities of HTML, prefixes that nobody declared. It does not forgive tags
//! that do not match and an end that comes too early: what a torn file lacks
//! cannot be known. Entities that a document declares itself are not expanded,
//! so a bomb of them stays text.

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// Elements nested deeper than this are no feed's.
const MAX_DEPTH: usize = 256;

/// One step through a document.
#[derive(Debug)]
pub(super) enum Step<'a> {
    /// An element begins.
    Open(Element<'a>),
    /// Text inside the element that is open; a text may come in pieces.
    Text(Cow<'a, str>),
    /// The element that is open ends.
    Close,
    /// The document ends.
    End,
}

/// An element's name and attributes.
#[derive(Debug)]
pub(super) struct Element<'a>(BytesStart<'a>);

impl Element<'_> {
    /// The name without its prefix.
    pub(super) fn name(&self) -> &str {
        self.0.local_name().into_inner()
    }

    /// Whether the name without its prefix is this one, in any case.
    pub(super) fn is(&self, name: &str) -> bool {
        self.name().eq_ignore_ascii_case(name)
    }

    /// The prefix of the name, or nothing.
    pub(super) fn prefix(&self) -> &str {
        self.0.name().prefix().map_or("", |p| p.into_inner())
    }

    /// An attribute's value, by its name with prefix.
    pub(super) fn attr(&self, name: &str) -> Option<String> {
        let mut attributes = self.0.attributes();
        let found = attributes.with_checks(false).flatten().find(|a| a.key.0.eq_ignore_ascii_case(name))?;
        Some(html_escape::decode_html_entities(found.value.trim()).into_owned())
    }
}

/// A walk through a document.
pub(super) struct Walk<'a> {
    reader: Reader<&'a [u8]>,
    depth: usize,
}

impl<'a> Walk<'a> {
    /// At the beginning of a text.
    pub(super) fn new(text: &'a str) -> Self {
        let mut reader = Reader::from_str(text);
        let config = reader.config_mut();
        config.expand_empty_elements = true;
        config.allow_dangling_amp = true;
        Self { reader, depth: 0 }
    }

    /// How many elements are open.
    pub(super) fn depth(&self) -> usize {
        self.depth
    }

    /// The next step.
    ///
    /// # Errors
    /// What is wrong with the document, as a lower-case fragment.
    pub(super) fn step(&mut self) -> Result<Step<'a>, String> {
        loop {
            let event = self.reader.read_event().map_err(|error| {
                format!("the xml is broken at byte {}: {error}", self.reader.error_position())
            })?;
            return Ok(match event {
                Event::Start(element) => {
                    self.depth += 1;
                    if self.depth > MAX_DEPTH {
                        return Err(format!("the xml is nested deeper than {MAX_DEPTH} elements"));
                    }
                    Step::Open(Element(element))
                }
                Event::End(_) => {
                    self.depth = self.depth.saturating_sub(1);
                    Step::Close
                }
                Event::Text(text) => Step::Text(text.into_inner()),
                Event::CData(text) => Step::Text(text.into_inner()),
                Event::GeneralRef(name) => Step::Text(resolve(&name.into_inner())),
                Event::Eof if self.depth > 0 => {
                    return Err("the xml ends too early, with elements still open".to_owned());
                }
                Event::Eof => Step::End,
                _ => continue,
            });
        }
    }
}

/// The text that a reference stands for; one that is not known stays as it is.
fn resolve(name: &str) -> Cow<'static, str> {
    match name {
        "amp" => Cow::Borrowed("&"),
        "lt" => Cow::Borrowed("<"),
        "gt" => Cow::Borrowed(">"),
        "quot" => Cow::Borrowed("\""),
        "apos" => Cow::Borrowed("'"),
        _ => Cow::Owned(html_escape::decode_html_entities(&format!("&{name};")).into_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(xml: &str) -> Result<String, String> {
        let mut walk = Walk::new(xml);
        let mut out = String::new();
        loop {
            match walk.step()? {
                Step::Text(text) => out.push_str(&text),
                Step::End => return Ok(out),
                _ => {}
            }
        }
    }

    #[test]
    fn faults_that_change_nothing_are_forgiven() {
        assert_eq!(
            text("<a>ক & খ &amp; গ&nbsp;&#2453;&nope; <![CDATA[<b> & ঘ]]></a>").unwrap(),
            "ক & খ & গ\u{a0}ক&nope; <b> & ঘ"
        );
        assert_eq!(text("\n <?xml version='1.0'?><x:a y:b='&z;'>ক<c/></x:a>").unwrap().trim(), "ক");
    }

    #[test]
    fn torn_documents_are_not() {
        for torn in ["<a><b></a>", "<a>ক", "<a", "<a></a></b>", "<a><![CDATA[x</a>", "<!-- <a/>"] {
            assert!(text(torn).is_err(), "{torn}");
        }
        let deep = "<a>".repeat(300) + &"</a>".repeat(300);
        assert!(text(&deep).unwrap_err().contains("deeper"));
    }

    #[test]
    fn declared_entities_are_not_expanded() {
        let bomb = "<!DOCTYPE a [<!ENTITY x 'xxxxxxxxxx'><!ENTITY y '&x;&x;'>]><a>&y;</a>";
        assert_eq!(text(bomb).unwrap(), "&y;");
        let outside = "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>";
        assert_eq!(text(outside).unwrap(), "&x;");
    }

    #[test]
    fn attributes_are_found_by_name_and_decoded() {
        let mut walk = Walk::new("<l:link HREF=' /a?b&amp;c ' rel=alternate/>");
        let Step::Open(element) = walk.step().unwrap() else { panic!("no element") };
        assert_eq!((element.prefix(), element.name(), element.is("LINK")), ("l", "link", true));
        assert_eq!(element.attr("href").as_deref(), Some("/a?b&c"));
    }
}
