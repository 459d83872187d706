//! Feeds: RSS 0.9x and 2.0, RSS 1.0 (RDF), Atom 0.3 and 1.0 (RFC 4287), JSON
//! Feed.
//!
//! One reader for all of XML: an entry is an `item` or an `entry`, and its
//! title, link and date are direct children whose names hardly overlap between
//! the formats. It keeps what a general feed library drops and an archive
//! needs: the offset of a date, the address behind a counting redirect, feeds
//! that forgot their version.

use serde_json::Value;
use url::Url;

use super::date;
use super::document::Entry;
use super::xml::{Element, Step, Walk};
use crate::bangla::timestamp::Moment;
use crate::tz::Tz;

/// An entry on its way: for each field the best value so far and its rank.
#[derive(Default)]
struct Draft {
    prefix: String,
    base: Option<Url>,
    link: Option<(u8, String)>,
    title: Option<(u8, String)>,
    date: Option<(u8, Moment)>,
}

/// A child of an entry whose text is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Field {
    Title(u8),
    Link(u8),
    Date(u8),
}

impl Draft {
    fn open(element: &Element<'_>, base: &Url) -> Self {
        Self {
            prefix: element.prefix().to_owned(),
            base: own_base(element, base),
            // RDF names an item by its address.
            link: element.attr("rdf:about").filter(|a| is_address(a)).map(|a| (1, a)),
            ..Self::default()
        }
    }

    /// What a child is; links in attributes are taken at once.
    fn child(&mut self, element: &Element<'_>) -> Option<Field> {
        let same = element.prefix() == self.prefix;
        match element.name().to_ascii_lowercase().as_str() {
            // Media and podcast extensions have titles of their own.
            "title" if same => Some(Field::Title(2)),
            "title" if element.prefix() == "dc" => Some(Field::Title(1)),
            "origlink" => Some(Field::Link(5)),
            "link" => match element.attr("href") {
                Some(href) => {
                    let rel = element.attr("rel").unwrap_or_default();
                    let kind = element.attr("type").unwrap_or_default();
                    let html = kind.is_empty() || kind.contains("html");
                    if rel.is_empty() || rel.eq_ignore_ascii_case("alternate") {
                        better(&mut self.link, if html { 4 } else { 2 }, href);
                    }
                    None
                }
                None if same => Some(Field::Link(3)),
                None => None,
            },
            "guid" if !element.attr("isPermaLink").is_some_and(|v| v.eq_ignore_ascii_case("false")) => {
                Some(Field::Link(1))
            }
            "id" if same => Some(Field::Link(0)),
            "pubdate" | "published" | "issued" => Some(Field::Date(3)),
            "date" => Some(Field::Date(2)),
            "updated" | "modified" | "created" => Some(Field::Date(1)),
            _ => None,
        }
    }

    fn put(&mut self, field: Field, text: &str, zone: Tz) {
        let text = text.trim();
        match field {
            _ if text.is_empty() => {}
            Field::Title(rank) => better(&mut self.title, rank, text.to_owned()),
            // Ids and guids may be any text.
            Field::Link(rank) if rank > 1 || is_address(text) => {
                better(&mut self.link, rank, text.to_owned());
            }
            Field::Link(_) => {}
            Field::Date(rank) => {
                if let Some(moment) = date::read(text, zone) {
                    better(&mut self.date, rank, moment);
                }
            }
        }
    }

    fn finish(self, base: &Url) -> Option<Entry> {
        let url = self.base.as_ref().unwrap_or(base).join(self.link?.1.trim()).ok()?;
        Some(Entry { url, title: self.title.map(|(_, t)| t), date: self.date.map(|(_, d)| d), named: true })
    }
}

fn better<T>(slot: &mut Option<(u8, T)>, rank: u8, value: T) {
    if slot.as_ref().is_none_or(|(old, _)| *old < rank) {
        *slot = Some((rank, value));
    }
}

fn is_address(text: &str) -> bool {
    let text = text.trim();
    text.starts_with("http://") || text.starts_with("https://")
}

fn own_base(element: &Element<'_>, base: &Url) -> Option<Url> {
    base.join(&element.attr("xml:base")?).ok()
}

/// Reads a feed in XML. `base` is its address, `zone` that of clocks without
/// an offset.
///
/// # Errors
/// What is wrong with it.
pub(super) fn read_xml(text: &str, base: &Url, zone: Tz) -> Result<Vec<Entry>, String> {
    let mut walk = Walk::new(text);
    let mut base = base.clone();
    let mut entries = Vec::new();
    let mut draft: Option<(usize, Draft)> = None;
    let mut field: Option<(usize, Field)> = None;
    let mut buffer = String::new();
    loop {
        match walk.step()? {
            Step::Open(element) => {
                let depth = walk.depth();
                if let Some((at, draft)) = &mut draft {
                    if depth == *at + 1 {
                        field = draft.child(&element).map(|f| (depth, f));
                        buffer.clear();
                    }
                } else if element.is("item") || element.is("entry") {
                    draft = Some((depth, Draft::open(&element, &base)));
                } else if depth == 1
                    && let Some(own) = own_base(&element, &base)
                {
                    base = own;
                }
            }
            Step::Text(text) => {
                if field.is_some() {
                    buffer.push_str(&text);
                }
            }
            Step::Close => {
                // The depth is that of the parent by now.
                let depth = walk.depth() + 1;
                if let Some((_, what)) = field.take_if(|(at, _)| *at == depth)
                    && let Some((_, draft)) = &mut draft
                {
                    draft.put(what, &buffer, zone);
                }
                if let Some((_, done)) = draft.take_if(|(at, _)| *at == depth) {
                    entries.extend(done.finish(&base));
                }
            }
            Step::End => break,
        }
    }
    date::days_for_midnights(entries.iter_mut().filter_map(|e| e.date.as_mut()));
    Ok(entries)
}

/// Reads a JSON Feed (versions 1 and 1.1).
///
/// # Errors
/// What is wrong with it.
pub(super) fn read_json(text: &str, base: &Url, zone: Tz) -> Result<Vec<Entry>, String> {
    let feed: Value = serde_json::from_str(text).map_err(|e| format!("the json is broken: {e}"))?;
    let items = feed.get("items").and_then(Value::as_array);
    let items = items.ok_or("the json is no feed: it has no list of items")?;
    let mut entries: Vec<Entry> = items
        .iter()
        .filter_map(|item| {
            let text = |key: &str| item.get(key).and_then(Value::as_str).filter(|t| !t.trim().is_empty());
            let link = text("url").or_else(|| text("id").filter(|id| is_address(id)))?;
            let dated = text("date_published").or_else(|| text("date_modified"));
            Some(Entry {
                url: base.join(link.trim()).ok()?,
                title: text("title").map(str::to_owned),
                date: dated.and_then(|d| date::read(d, zone)),
                named: true,
            })
        })
        .collect();
    date::days_for_midnights(entries.iter_mut().filter_map(|e| e.date.as_mut()));
    Ok(entries)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base() -> Url {
        Url::parse("https://ujan.example/feeds/all.xml").unwrap()
    }

    fn read(xml: &str) -> Vec<(String, Option<String>, Option<String>)> {
        let entries = read_xml(xml, &base(), Tz::DHAKA).unwrap();
        entries.into_iter().map(|e| (e.url.into(), e.title, e.date.map(|d| d.to_string()))).collect()
    }

    fn row(url: &str, title: &str, date: &str) -> (String, Option<String>, Option<String>) {
        let some = |t: &str| Some(t.to_owned()).filter(|t| !t.is_empty());
        (url.to_owned(), some(title), some(date))
    }

    #[test]
    fn rss_with_its_extensions() {
        let xml = "<rss version='2.0' xmlns:media='m' xmlns:dc='d' xmlns:feedburner='f' xmlns:atom='a'><channel>\
            <title>উজান</title><link>https://ujan.example/</link><pubDate>Tue, 05 Mar 2024 09:00:00 GMT</pubDate>\
            <atom:link rel='self' href='https://ujan.example/feed'/>\
            <image><url>https://ujan.example/logo.png</url><title>ছবি</title><link>https://ujan.example/x</link></image>\
            <item><media:content url='a.jpg'><media:title>ছবির নাম</media:title></media:content>\
            <title><![CDATA[নদীর ধারে <b>মেলা</b> &amp; গান]]></title><link>https://count.example/1</link>\
            <feedburner:origLink>https://ujan.example/news/1</feedburner:origLink>\
            <guid isPermaLink='false'>1</guid><pubDate>Tue, 05 Mar 2024 10:20:30 +0600</pubDate></item>\
            <item><title>চরে &#2476;&#2439;</title><link> /news/2\n</link><dc:date>2024-03-05T08:00:00+06:00</dc:date></item>\
            <item><guid>https://ujan.example/news/3</guid></item>\
            <item><title>বিনা ঠিকানায়</title><guid>17</guid></item></channel></rss>";
        assert_eq!(
            read(xml),
            [
                row(
                    "https://ujan.example/news/1",
                    "নদীর ধারে <b>মেলা</b> &amp; গান",
                    "2024-03-05T10:20:30+06:00"
                ),
                row("https://ujan.example/news/2", "চরে বই", "2024-03-05T08:00:00+06:00"),
                row("https://ujan.example/news/3", "", ""),
            ]
        );
    }

    #[test]
    fn rdf_keeps_its_items_outside_the_channel() {
        let xml = "<rdf:RDF xmlns:rdf='r' xmlns='http://purl.org/rss/1.0/' xmlns:dc='d'><channel rdf:about='x'>\
            <title>উজান</title><items><rdf:Seq><rdf:li rdf:resource='https://ujan.example/1'/></rdf:Seq></items></channel>\
            <item rdf:about='https://ujan.example/1'><title>মেলা শুরু</title><dc:date>2024-03-05T10:20:00+01:00</dc:date></item>\
            <item rdf:about='urn:2'><title>গান</title><link>https://ujan.example/2</link></item></rdf:RDF>";
        assert_eq!(
            read(xml),
            [
                row("https://ujan.example/1", "মেলা শুরু", "2024-03-05T10:20:00+01:00"),
                row("https://ujan.example/2", "গান", ""),
            ]
        );
        let old = "<rss version='0.91'><channel><item><title>ক</title><link>https://ujan.example/a</link></item></channel></rss>";
        assert_eq!(read(old), [row("https://ujan.example/a", "ক", "")]);
        let bare = "<rss><channel><item><link>https://ujan.example/b</link></item></channel></rss>";
        assert_eq!(read(bare), [row("https://ujan.example/b", "", "")]);
    }

    #[test]
    fn atom_links_are_chosen_and_resolved() {
        let xml = "<feed xmlns='http://www.w3.org/2005/Atom' xml:base='https://ujan.example/bn/'>\
            <title>উজান</title><link href='https://ujan.example/'/><updated>2024-03-05T11:00:00Z</updated>\
            <entry><id>tag:1</id><title type='xhtml'><div>নদীর <b>ধারে</b> মেলা</div></title>\
            <link rel='self' href='self.xml'/><link rel='alternate' type='application/json' href='1.json'/>\
            <link rel='alternate' type='text/html' href='news/1'/><link rel='enclosure' href='1.mp3'/>\
            <updated>2024-03-05T10:30:00Z</updated><published>2024-03-05T10:20:00Z</published>\
            <source><title>অন্য</title><link href='https://other.example/'/></source></entry>\
            <entry><id>https://ujan.example/bn/news/2</id><modified>2024-03-04T10:00:00Z</modified></entry>\
            <entry xml:base='/en/'><link href='news/3'/></entry></feed>";
        assert_eq!(
            read(xml),
            [
                row("https://ujan.example/bn/news/1", "নদীর ধারে মেলা", "2024-03-05T10:20:00+00:00"),
                row("https://ujan.example/bn/news/2", "", "2024-03-04T10:00:00+00:00"),
                row("https://ujan.example/en/news/3", "", ""),
            ]
        );
    }

    #[test]
    fn days_without_a_time_stay_days() {
        let item = |n: u8, time: &str| {
            format!(
                "<item><link>https://ujan.example/{n}</link><pubDate>Sun, 16 Nov 2025 {time} GMT</pubDate></item>"
            )
        };
        let feed = |items: String| read(&format!("<rss><channel>{items}</channel></rss>"));
        assert_eq!(feed(item(1, "00:00:00") + &item(2, "00:00:00"))[1].2.as_deref(), Some("2025-11-16"));
        let mixed = feed(item(1, "00:00:00") + &item(2, "07:00:00"));
        assert_eq!(mixed[0].2.as_deref(), Some("2025-11-16T00:00:00+00:00"));
    }

    #[test]
    fn json_feeds() {
        let json = r#"{"version": "https://jsonfeed.org/version/1.1", "items": [
            {"id": "1", "url": "/news/1", "title": "মেলা", "date_published": "2024-03-05T10:20:00+06:00"},
            {"id": "https://ujan.example/news/2", "date_modified": "2024-03-04T10:20:00+06:00"},
            {"id": "3", "title": "বিনা ঠিকানায়"}, 17]}"#;
        let entries = read_json(json, &base(), Tz::DHAKA).unwrap();
        let urls: Vec<&str> = entries.iter().map(|e| e.url.as_str()).collect();
        assert_eq!(urls, ["https://ujan.example/news/1", "https://ujan.example/news/2"]);
        assert!(read_json("{\"posts\": []}", &base(), Tz::DHAKA).is_err());
        assert!(read_json("{\"items\": [", &base(), Tz::DHAKA).is_err());
    }
}
