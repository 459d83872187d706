//! What holds for every answer, whatever is in it.

use bytes::Bytes;
use proptest::prelude::*;
use url::Url;

use super::document::{Answer, Document};
use super::scope::Scope;
use super::shape::{self, Common};
use super::{article_key, days, key};
use crate::sites::HostPattern;
use crate::tz::Tz;

/// One document of each kind, for mutations to start from.
const SEEDS: &[&str] = &[
    "<?xml version='1.0' encoding='UTF-8'?><rss version='2.0' xmlns:dc='d'><channel><item><title><![CDATA[নদীর <b>ধারে</b>]]>\
     </title><link>https://ujan.example/news/1?a=1&amp;b=2</link><guid isPermaLink='true'>https://ujan.example/2</guid>\
     <pubDate>Tue, 05 Mar 2024 10:20:30 +0600</pubDate><dc:date>2024-03-05</dc:date></item></channel></rss>",
    "<feed xmlns='http://www.w3.org/2005/Atom' xml:base='/bn/'><entry><id>tag:1</id><title type='xhtml'><div>মেলা</div></title>\
     <link rel='alternate' href='news/1'/><published>2024-03-05T10:20:00Z</published></entry></feed>",
    "<!DOCTYPE urlset [<!ENTITY a 'b'>]><n:urlset xmlns:n='a'><n:url><n:loc> https://ujan.example/n/10001 </n:loc>\
     <n:news><n:title>মেলা &a; &#2453;</n:title><n:publication_date>2024-03-05T10:20+06:00</n:publication_date></n:news></n:url></n:urlset>",
    "<sitemapindex><sitemap><loc>/posts-2024-03.xml.gz</loc><lastmod>2024-03-05</lastmod></sitemap></sitemapindex>",
    "{\"version\": \"https://jsonfeed.org/version/1.1\", \"items\": [{\"url\": \"/n/1\", \"date_published\": \"2024-03-05\"}]}",
    "<html><head><base href='/bn/'><link rel=alternate type='application/rss+xml' href=feed></head><body><nav class=menu>\
     <a href='/khela'>খেলা</a></nav><h3><a href='/2024/03/05/news-17'>নদীর ধারে শীতের মেলা শুরু</a></h3></body></html>",
    "https://ujan.example/1\r\nhttps://ujan.example/%E0%A6%96-%E0%A6%97\n",
];

fn answer(body: Vec<u8>, page: bool) -> Answer {
    Answer {
        body: Bytes::from(body),
        charset: None,
        url: Url::parse("https://www.ujan.example/feed").unwrap(),
        page,
        caps: (1 << 20, 200),
        zone: Tz::DHAKA,
        scope: Scope::new(vec![HostPattern { host: "ujan.example".into(), path: String::new() }]),
    }
}

/// A seed with pieces of it torn out, doubled, or overwritten.
fn mutated() -> impl Strategy<Value = Vec<u8>> {
    let edit = (0..4_usize, any::<prop::sample::Index>(), 0..40_usize, any::<Vec<u8>>());
    (0..SEEDS.len(), prop::collection::vec(edit, 0..6)).prop_map(|(seed, edits)| {
        let mut bytes = SEEDS[seed].as_bytes().to_vec();
        for (what, at, length, new) in edits {
            let at = at.index(bytes.len() + 1);
            let end = (at + length).min(bytes.len());
            match what {
                0 => drop(bytes.drain(at..end)),
                1 => {
                    let piece = bytes[at..end].to_vec();
                    bytes.splice(at..at, piece);
                }
                2 => drop(bytes.splice(at..end, new)),
                _ => bytes.truncate(at),
            }
        }
        bytes
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_answer_breaks_its_reader(body in mutated(), page: bool) {
        if let Ok(Document::Page(links)) = answer(body, page).read() {
            for article in links.articles {
                prop_assert!(article.url.host_str().is_some_and(|h| h.ends_with("ujan.example")));
            }
        }
    }

    #[test]
    fn no_address_breaks_what_judges_it(path in "[/a-z0-9%._?&=প-হ-]{0,60}") {
        let base = Url::parse("https://m.ujan.example/").unwrap();
        if let Ok(url) = base.join(&path) {
            let _ = (shape::standing(&url, &Common::default()), shape::pattern(&url), days::span(&url), key::is_twin(&url));
            let key = article_key(url.as_str());
            prop_assert_eq!(&article_key(key::plain(url).as_str()), &key);
            // A key names its article for good: it is its own key.
            if let Some(key) = key {
                prop_assert_eq!(article_key(&format!("https://{key}")), Some(key));
            }
        }
    }
}

#[test]
fn every_seed_reads() {
    for seed in SEEDS {
        let page = seed.starts_with("<html");
        let read = answer(seed.as_bytes().to_vec(), page).read();
        let found = match read.unwrap_or_else(|e| panic!("{seed}: {e}")) {
            Document::Feed(entries) => entries.len(),
            Document::Sitemap(map) => map.entries.len() + map.children.len(),
            Document::Page(links) => links.articles.len(),
        };
        assert!(found > 0, "{seed}");
    }
}
