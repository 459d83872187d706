//! A newsroom on loopback whose articles appear, change and go, and whose
//! server has bad days.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::support::{Reply, Request, Server};

/// How a site behaves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Weather {
    #[default]
    Fine,
    /// Every answer is 503.
    Down,
    /// The feed is an HTML page.
    BrokenFeed,
    /// Articles are delivered without their text.
    NewMarkup,
}

/// An article as the newsroom has it.
#[derive(Clone, Debug)]
pub struct Story {
    pub headline: String,
    pub paragraphs: Vec<String>,
    /// RFC 2822, as feeds have it.
    pub published: String,
    pub gone: bool,
}

impl Story {
    /// A story like no other of another number, published on a day of
    /// November 2026.
    pub fn new(number: usize, day: u32) -> Self {
        let mut words = Words(number as u64 * 7919 + 17);
        let headline = format!("{} {} {}", words.place(), words.thing(), words.event());
        let paragraphs = (0..4)
            .map(|_| {
                let sentences: Vec<String> = (0..3)
                    .map(|_| {
                        format!(
                            "{} {} {} {} {} {}।",
                            words.place(),
                            words.people(),
                            words.thing(),
                            words.time(),
                            words.thing(),
                            words.deed()
                        )
                    })
                    .collect();
                sentences.join(" ")
            })
            .collect();
        let published = format!("{day:02} Nov 2026 05:{:02}:00 +0600", number % 60);
        Self { headline, paragraphs, published, gone: false }
    }

    fn page(&self, weather: Weather) -> String {
        let body: String = match weather {
            Weather::NewMarkup => "<div id=\"app\" data-story=\"…\"></div>".to_owned(),
            _ => self.paragraphs.iter().map(|p| format!("<p>{p}</p>\n")).collect::<Vec<_>>().concat(),
        };
        let (date, clock) = self.published.split_at(self.published.len() - "05:00:00 +0600".len());
        let day: String = date.chars().take(2).map(bangla).collect();
        let clock: String = clock.chars().take(5).map(bangla).collect();
        format!(
            "<!DOCTYPE html><html lang=\"bn\"><head><title>{0} | উজান</title>\n\
             <link rel=\"alternate\" type=\"application/rss+xml\" href=\"/rss.xml\"></head><body>\n\
             <h1>{0}</h1><p class=\"byline\">নিজস্ব প্রতিবেদক</p>\n\
             <p class=\"date\">প্রকাশ: {day} নভেম্বর ২০২৬, {clock}</p>\n<div class=\"story\">{body}</div>\n</body></html>",
            self.headline
        )
    }
}

fn bangla(c: char) -> char {
    c.to_digit(10).and_then(|d| char::from_u32('০' as u32 + d)).unwrap_or(c)
}

/// Words that make sentences of no meaning, each number its own.
struct Words(u64);

impl Words {
    fn pick(&mut self, from: &[&'static str]) -> &'static str {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        from[(self.0 >> 33) as usize % from.len()]
    }

    fn place(&mut self) -> &'static str {
        self.pick(&[
            "নদীর ঘাটে",
            "পুরোনো হাটে",
            "স্কুলের মাঠে",
            "রেলস্টেশনে",
            "বাজারের মোড়ে",
            "চরের গ্রামে",
            "পাহাড়ের ঢালে",
            "শহরের পার্কে",
            "খালের পাড়ে",
            "কলেজ চত্বরে",
            "মেলার মাঠে",
            "সেতুর কাছে",
        ])
    }

    fn people(&mut self) -> &'static str {
        self.pick(&[
            "জেলেরা",
            "দোকানিরা",
            "শিক্ষকেরা",
            "কৃষকেরা",
            "ছাত্রছাত্রীরা",
            "মাঝিরা",
            "তাঁতিরা",
            "খেলোয়াড়েরা",
            "চালকেরা",
            "কারিগরেরা",
            "গায়কেরা",
            "দর্শকেরা",
        ])
    }

    fn thing(&mut self) -> &'static str {
        self.pick(&[
            "নতুন নৌকা",
            "পাটের থলে",
            "মাটির পুতুল",
            "বইয়ের দোকান",
            "ধানের চারা",
            "বাঁশের সাঁকো",
            "শীতের পিঠা",
            "রঙিন ঘুড়ি",
            "কাঠের আসবাব",
            "তাঁতের শাড়ি",
            "মধুর বোতল",
            "পুরোনো ছবি",
            "গানের আসর",
            "চায়ের দোকান",
        ])
    }

    fn time(&mut self) -> &'static str {
        self.pick(&["সকালে", "দুপুরের পর", "সন্ধ্যায়", "ভোরবেলা", "বিকেলে", "গভীর রাতে", "ছুটির দিনে"])
    }

    fn deed(&mut self) -> &'static str {
        self.pick(&[
            "সাজিয়ে রাখেন",
            "বিক্রি করেছেন",
            "দেখতে আসেন",
            "ঘরে নিয়ে যান",
            "মেরামত করছেন",
            "উপহার দিয়েছেন",
            "গুনে দেখেন",
            "খুঁজে পেয়েছেন",
        ])
    }

    fn event(&mut self) -> &'static str {
        self.pick(&["নিয়ে উৎসব শুরু", "দেখতে মানুষের ভিড়", "ঘিরে নতুন আশা", "ফিরেছে অনেক দিন পর", "নিয়ে আলোচনা"])
    }
}

#[derive(Default)]
struct Site {
    weather: Weather,
    stories: BTreeMap<usize, Story>,
}

/// Two sites on one server: one with a feed, one with a news sitemap.
pub struct Newsroom {
    pub server: Server,
    sites: Arc<Mutex<BTreeMap<String, Site>>>,
}

/// The site with a feed.
pub const UJAN: &str = "ujan.example";
/// The site with a sitemap.
pub const BHATI: &str = "bhati.example";

impl Newsroom {
    pub fn open() -> Self {
        let sites: Arc<Mutex<BTreeMap<String, Site>>> = Arc::default();
        for host in [UJAN, BHATI] {
            sites.lock().unwrap().insert(host.to_owned(), Site::default());
        }
        let server = Server::raw({
            let sites = Arc::clone(&sites);
            move |request| answer(&sites.lock().unwrap(), request)
        });
        Self { server, sites }
    }

    /// Publishes a story, or a changed one in the place of an old one.
    pub fn publish(&self, host: &str, number: usize, story: Story) {
        self.sites.lock().unwrap().get_mut(host).unwrap().stories.insert(number, story);
    }

    pub fn change(&self, host: &str, number: usize, change: impl FnOnce(&mut Story)) {
        change(self.sites.lock().unwrap().get_mut(host).unwrap().stories.get_mut(&number).unwrap());
    }

    pub fn weather(&self, host: &str, weather: Weather) {
        self.sites.lock().unwrap().get_mut(host).unwrap().weather = weather;
    }

    pub fn url(&self, host: &str, number: usize) -> String {
        self.server.url(host, &format!("/news/{number}"))
    }

    /// Requests for pages of articles so far.
    pub fn asked(&self) -> usize {
        self.server.log().iter().filter(|r| r.path.starts_with("/news/")).count()
    }
}

fn answer(sites: &BTreeMap<String, Site>, request: &Request) -> Reply {
    let Some(site) = sites.get(&request.host) else { return Reply::status(404) };
    if site.weather == Weather::Down {
        return Reply::status(503);
    }
    let base = format!("http://{}", request.headers["host"]);
    let latest = || site.stories.iter().rev().filter(|(_, story)| !story.gone).take(200);
    let sitemap = request.host == BHATI;
    match request.path.as_str() {
        "/robots.txt" if sitemap => Reply::text(format!("User-agent: *\nSitemap: {base}/news-sitemap.xml\n")),
        "/" => {
            let links: String = latest()
                .map(|(n, story)| format!("<li><h3><a href=\"/news/{n}\">{}</a></h3></li>\n", story.headline))
                .collect::<Vec<_>>()
                .concat();
            let feed = if sitemap {
                ""
            } else {
                "<link rel=\"alternate\" type=\"application/rss+xml\" href=\"/rss.xml\">"
            };
            Reply::html(format!(
                "<html><head><title>উজান</title>{feed}</head><body><main><ul>{links}</ul></main></body></html>"
            ))
        }
        "/rss.xml" if !sitemap && site.weather == Weather::BrokenFeed => {
            Reply::html("<html><body><h1>কিছু একটা ভুল হয়েছে</h1></body></html>")
        }
        "/rss.xml" if !sitemap => {
            let items: String = latest()
                .map(|(n, story)| {
                    format!(
                        "<item><title>{}</title><link>{base}/news/{n}?utm_source=rss</link><pubDate>{}</pubDate></item>\n",
                        story.headline, story.published
                    )
                })
                .collect::<Vec<_>>()
                .concat();
            conditional(
                request,
                "application/rss+xml",
                format!(
                    "<?xml version=\"1.0\" encoding=\"UTF-8\"?><rss version=\"2.0\"><channel><title>উজান</title>{items}</channel></rss>"
                ),
            )
        }
        "/news-sitemap.xml" if sitemap => {
            let urls: String = latest()
                .map(|(n, _)| format!("<url><loc>{base}/news/{n}</loc></url>\n"))
                .collect::<Vec<_>>()
                .concat();
            conditional(
                request,
                "application/xml",
                format!(
                    "<?xml version=\"1.0\" encoding=\"UTF-8\"?><urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">{urls}</urlset>"
                ),
            )
        }
        path => {
            let path = path.split('?').next().unwrap_or_default();
            let story = path.strip_prefix("/news/").and_then(|n| site.stories.get(&n.parse().ok()?));
            match story {
                Some(story) if !story.gone => {
                    Reply::html(story.page(site.weather)).after(Duration::from_millis(2))
                }
                Some(_) => Reply::status(410),
                None => Reply::status(404),
            }
        }
    }
}

/// An answer with a version, or the word that it is the one that is known.
fn conditional(request: &Request, kind: &str, body: String) -> Reply {
    let hash = body.bytes().fold(0_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    let etag = format!("\"{hash:x}\"");
    if request.headers.get("if-none-match") == Some(&etag) {
        return Reply::status(304).header("etag", etag);
    }
    Reply::status(200).header("content-type", kind).header("etag", etag).body(body)
}
