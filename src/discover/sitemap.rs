//! Sitemaps as the sitemaps.org protocol has them, with Google's news
//! extension, and sitemaps in plain text.
//!
//! Elements are told by their names and their places, whatever their prefix:
//! the `loc` of a picture is inside an `image` element, that of an article is
//! not.

use url::Url;

use super::date;
use super::document::{Child, Entry};
use super::xml::{Step, Walk};
use crate::bangla::timestamp::Moment;
use crate::tz::Tz;

/// What a sitemap file holds.
#[derive(Debug, Default)]
pub(super) struct Sitemap {
    /// The addresses of pages.
    pub(super) entries: Vec<Entry>,
    /// The addresses of other sitemaps, where it is an index.
    pub(super) children: Vec<Child>,
}

#[derive(Default)]
struct Draft {
    index: bool,
    loc: String,
    lastmod: Option<Moment>,
    published: Option<Moment>,
    title: Option<String>,
    news: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Field {
    Loc,
    Lastmod,
    Published,
    Title,
}

/// Reads a sitemap or an index in XML.
///
/// # Errors
/// What is wrong with it.
pub(super) fn read_xml(text: &str, base: &Url, zone: Tz) -> Result<Sitemap, String> {
    let mut walk = Walk::new(text);
    let mut out = Sitemap::default();
    let mut draft = Draft::default();
    let mut field: Option<(usize, Field)> = None;
    let mut in_news = false;
    let mut buffer = String::new();
    loop {
        match walk.step()? {
            Step::Open(element) => match walk.depth() {
                2 => draft = Draft { index: element.is("sitemap"), ..Draft::default() },
                depth @ 3 => {
                    in_news = element.is("news");
                    draft.news |= in_news;
                    field = match () {
                        () if element.is("loc") => Some((depth, Field::Loc)),
                        () if element.is("lastmod") => Some((depth, Field::Lastmod)),
                        () => None,
                    };
                    buffer.clear();
                }
                depth @ 4 if in_news => {
                    field = match () {
                        () if element.is("publication_date") => Some((depth, Field::Published)),
                        () if element.is("title") => Some((depth, Field::Title)),
                        () => None,
                    };
                    buffer.clear();
                }
                _ => {}
            },
            Step::Text(text) => {
                if field.is_some() {
                    buffer.push_str(&text);
                }
            }
            Step::Close => {
                let depth = walk.depth() + 1;
                if let Some((_, what)) = field.take_if(|(at, _)| *at == depth) {
                    let text = buffer.trim();
                    match what {
                        Field::Loc => text.clone_into(&mut draft.loc),
                        Field::Lastmod => draft.lastmod = date::read(text, zone),
                        Field::Published => draft.published = date::read(text, zone),
                        Field::Title => draft.title = Some(text.to_owned()).filter(|t| !t.is_empty()),
                    }
                }
                if depth == 2 {
                    out.take(std::mem::take(&mut draft), base);
                }
            }
            Step::End => break,
        }
    }
    date::days_for_midnights(out.entries.iter_mut().filter_map(|e| e.date.as_mut()));
    Ok(out)
}

impl Sitemap {
    fn take(&mut self, draft: Draft, base: &Url) {
        if draft.loc.is_empty() {
            return;
        }
        let Ok(url) = base.join(&draft.loc) else { return };
        if draft.index {
            self.children.push(Child { url, lastmod: draft.lastmod });
        } else {
            let date = draft.published.or(draft.lastmod);
            self.entries.push(Entry { url, title: draft.title, date, named: draft.news });
        }
    }
}

/// Reads a sitemap in plain text: an address a line.
pub(super) fn read_text(text: &str) -> Vec<Entry> {
    let urls = text.lines().filter_map(|line| Url::parse(line.trim()).ok());
    urls.map(|url| Entry { url, title: None, date: None, named: false }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(xml: &str) -> Sitemap {
        read_xml(xml, &Url::parse("https://ujan.example/s/map.xml").unwrap(), Tz::DHAKA).unwrap()
    }

    #[test]
    fn news_sitemaps_with_any_prefix() {
        let map = read(
            "<s:urlset xmlns:s='a' xmlns:n='b' xmlns:image='c'>\
            <s:url><s:loc> https://ujan.example/1 </s:loc><s:lastmod>2024-03-05T12:00:00+06:00</s:lastmod>\
            <image:image><image:loc>https://ujan.example/1.jpg</image:loc><image:title>ছবি</image:title></image:image>\
            <n:news><n:publication><n:name>উজান</n:name><n:language>bn</n:language></n:publication>\
            <n:publication_date>2024-03-05T10:20:00+06:00</n:publication_date><n:title>নদীর ধারে মেলা</n:title></n:news>\
            <video:video><video:title>ভিডিও</video:title><video:publication_date>2020-01-01</video:publication_date></video:video>\
            </s:url><s:url><s:loc><![CDATA[/2?a=1&b=2]]></s:loc><s:priority>0.5</s:priority></s:url>\
            <s:url><s:lastmod>2024-03-05</s:lastmod></s:url></s:urlset>",
        );
        assert!(map.children.is_empty());
        let [one, two] = map.entries.as_slice() else { panic!("{map:?}") };
        assert_eq!(
            (one.url.as_str(), one.title.as_deref()),
            ("https://ujan.example/1", Some("নদীর ধারে মেলা"))
        );
        assert_eq!(one.date.map(|d| d.to_string()).as_deref(), Some("2024-03-05T10:20:00+06:00"));
        assert!(one.named && !two.named);
        assert_eq!((two.url.as_str(), two.date), ("https://ujan.example/2?a=1&b=2", None));
    }

    #[test]
    fn an_index_names_its_sitemaps() {
        let map = read(
            "<sitemapindex><sitemap><loc>https://ujan.example/post-1.xml</loc><lastmod>2024-03-05</lastmod></sitemap>\
            <sitemap><loc>post-2.xml.gz</loc></sitemap></sitemapindex>",
        );
        assert!(map.entries.is_empty());
        let urls: Vec<&str> = map.children.iter().map(|c| c.url.as_str()).collect();
        assert_eq!(urls, ["https://ujan.example/post-1.xml", "https://ujan.example/s/post-2.xml.gz"]);
        assert_eq!(map.children[0].lastmod.map(|d| d.to_string()).as_deref(), Some("2024-03-05"));
    }

    #[test]
    fn plain_text_names_an_address_a_line() {
        let entries = read_text("https://ujan.example/1\r\n\nno address\n https://ujan.example/2\n");
        assert_eq!(entries.len(), 2);
    }
}
