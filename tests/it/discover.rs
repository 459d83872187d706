//! Sites searched for articles over loopback: which sources are asked, what of
//! them is an article, what a broken source costs.

use std::io::Write;

use chrono::{DateTime, Utc};
use khobor::FailureKind;
use khobor::discover::{Discovery, Known, Plan, Site, SourceKind, SourceOutcome, discover};
use khobor::fetch::{FetchOptions, Fetcher, Validators};
use khobor::sites::{SiteRule, Sites};

use crate::support::{Reply, Request, Server, options};

const HOST: &str = "ujan.test";

fn at(time: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(time).unwrap().to_utc()
}

/// Noon of 24 November 2026 in Dhaka.
fn plan() -> Plan {
    Plan::new(at("2026-11-24T12:00:00+06:00"))
}

fn site(server: &Server) -> Site {
    Site::parse(&server.url(HOST, "/"), &Sites::none()).unwrap()
}

async fn search_with(options: FetchOptions, site: &Site, plan: &Plan, known: &[Known]) -> Discovery {
    discover(&Fetcher::new(options).unwrap(), site, plan, known).await
}

async fn search(server: &Server, site: &Site) -> Discovery {
    search_with(options(server, &[HOST, "www.ujan.test", "other.test"]), site, &plan(), &[]).await
}

/// The paths of what was found.
fn paths(discovery: &Discovery) -> Vec<String> {
    discovery
        .found
        .iter()
        .map(|f| url::Url::parse(&f.url).unwrap()[url::Position::BeforePath..].to_owned())
        .collect()
}

/// Each source as its path, its kind and how it went.
fn sources(discovery: &Discovery) -> Vec<String> {
    let shown = |outcome: &SourceOutcome| match outcome {
        SourceOutcome::Fresh { found } => found.to_string(),
        SourceOutcome::Unchanged => "unchanged".to_owned(),
        SourceOutcome::Failed(failure) => failure.kind.to_string(),
    };
    let path = |text: &str| url::Url::parse(text).unwrap()[url::Position::BeforePath..].to_owned();
    discovery.sources.iter().map(|s| format!("{} {} {}", path(&s.url), s.kind, shown(&s.outcome))).collect()
}

fn rss(items: &[(&str, &str, &str)]) -> Reply {
    let item = |(link, title, date): &(&str, &str, &str)| {
        format!("<item><title>{title}</title><link>{link}</link><pubDate>{date}</pubDate></item>")
    };
    let items = items.iter().map(item).collect::<Vec<_>>().concat();
    let feed = format!(
        "<?xml version='1.0' encoding='UTF-8'?><rss version='2.0'><channel><title>উজান</title>{items}</channel></rss>"
    );
    Reply::status(200).header("content-type", "application/rss+xml").body(feed)
}

fn urlset(entries: &[(&str, &str)]) -> String {
    let url =
        |(loc, lastmod): &(&str, &str)| format!("<url><loc>{loc}</loc><lastmod>{lastmod}</lastmod></url>");
    let urls = entries.iter().map(url).collect::<Vec<_>>().concat();
    format!("<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{urls}</urlset>")
}

/// A feed whose title is ten to the 25th letters once its entities are
/// expanded.
fn entity_bomb() -> String {
    let nested = (b'b'..=b'z').map(|c| {
        let inner = format!("&{};", char::from(c - 1)).repeat(10);
        format!("<!ENTITY {} '{inner}'>", char::from(c))
    });
    let nested = nested.collect::<Vec<_>>().concat();
    format!(
        "<!DOCTYPE rss [<!ENTITY a 'ক'>{nested}]><rss><channel>\
        <item><title>&z;</title><link>/news/10020</link></item></channel></rss>"
    )
}

fn xml(body: impl Into<Vec<u8>>) -> Reply {
    Reply::status(200).header("content-type", "text/xml").body(body)
}

fn gzipped(text: &str) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

const FEED: &[(&str, &str, &str)] = &[
    ("/news/10001", "নদীর ধারে শীতের মেলা", "Tue, 24 Nov 2026 09:00:00 +0600"),
    ("/news/10002?utm_source=rss", "চরে নতুন বই", "Tue, 24 Nov 2026 11:30:00 +0600"),
    ("/tag/nodi", "নদী", "Tue, 24 Nov 2026 11:00:00 +0600"),
    ("https://other.test/news/10003", "অন্য সাইট", "Tue, 24 Nov 2026 11:00:00 +0600"),
    ("/", "উজান", "Tue, 24 Nov 2026 11:00:00 +0600"),
];

const HOME: &str = "<html><head><link rel='alternate' type='application/rss+xml' href='/feed.xml'></head>\
    <body><nav><a href='/sports'>খেলা</a><a href='/national'>জাতীয়</a></nav>\
    <h3><a href='/news/10009'>হাটে শীতের সবজির দাম কমেছে</a></h3></body></html>";

#[tokio::test]
async fn the_feeds_of_the_start_page_and_the_news_sitemap_of_robots_txt() {
    let server = Server::raw(|r| match r.path.as_str() {
        "/robots.txt" => {
            Reply::text("User-agent: *\nDisallow:\nSitemap: /sitemap.xml\nSitemap: /news-map.xml\n")
        }
        "/" => Reply::html(HOME),
        "/feed.xml" => rss(FEED),
        "/news-map.xml" => xml(format!(
            "<urlset xmlns:news='n'><url><loc>http://{}:{}/amp/news/10001</loc><news:news>\
            <news:publication_date>2026-11-24T08:59:00+06:00</news:publication_date><news:title>মেলা</news:title></news:news></url>\
            <url><loc>/news/9000</loc><news:news><news:publication_date>2026-11-22T08:00:00+06:00</news:publication_date>\
            <news:title>দুই দিন আগের খবর</news:title></news:news></url></urlset>",
            HOST,
            r.headers["host"].rsplit(':').next().unwrap()
        )),
        _ => Reply::status(404),
    });
    let found = search(&server, &site(&server)).await;
    assert_eq!(paths(&found), ["/news/10002", "/news/10001", "/news/9000"]);
    assert_eq!(sources(&found), ["/ home 0", "/feed.xml feed 2", "/news-map.xml sitemap 2"]);
    assert!(!found.is_failed());
    let first = &found.found[1];
    assert_eq!(first.title.as_deref(), Some("নদীর ধারে শীতের মেলা"));
    assert_eq!(first.date.as_deref(), Some("2026-11-24T09:00:00+06:00"));
    assert_eq!(
        (first.kind, first.source.as_str()),
        (SourceKind::Feed, server.url(HOST, "/feed.xml").as_str())
    );
    assert_eq!(server.seen("/robots.txt").len(), 1);
    assert_eq!(server.pages().len(), 3, "what reaches back far enough is enough");
}

#[tokio::test]
async fn a_short_feed_is_not_enough_where_there_is_a_sitemap() {
    let server = Server::raw(|r| match r.path.as_str() {
        "/robots.txt" => Reply::text("Sitemap: /sitemap.xml\n"),
        "/" => Reply::html(HOME),
        "/feed.xml" => rss(FEED),
        "/sitemap.xml" => xml(urlset(&[
            ("/sports", "2026-11-24"),
            ("/news/10005", "2026-11-24T10:00:00+06:00"),
            ("/news/9999", "2026-11-23T10:00:00+06:00"),
        ])),
        _ => Reply::status(404),
    });
    let found = search(&server, &site(&server)).await;
    assert_eq!(paths(&found), ["/news/10002", "/news/10005", "/news/10001", "/news/9999"]);
}

#[tokio::test]
async fn an_index_is_followed_to_its_newest_files() {
    let server = Server::raw(|r| match r.path.as_str() {
        "/robots.txt" => Reply::text("Sitemap: /index.xml\n"),
        "/index.xml" => xml("<sitemapindex><sitemap><loc>/category-sitemap.xml</loc></sitemap>\
            <sitemap><loc>/posts-1.xml</loc><lastmod>2026-10-01</lastmod></sitemap>\
            <sitemap><loc>/posts-2.xml.gz</loc><lastmod>2026-11-24T11:00:00+06:00</lastmod></sitemap>\
            <sitemap><loc>/more/index.xml</loc><lastmod>2026-11-24T10:00:00+06:00</lastmod></sitemap></sitemapindex>"),
        "/posts-2.xml.gz" => Reply::status(200)
            .header("content-type", "application/x-gzip")
            .body(gzipped(&urlset(&[("/news/10002", "2026-11-24"), ("/news/10001", "2026-11-23")]))),
        "/more/index.xml" => xml("<sitemapindex><sitemap><loc>list.txt</loc></sitemap></sitemapindex>"),
        "/more/list.txt" => {
            Reply::text(format!("http://{0}/news/8001\n\nhttp://{0}/news/8002\n", r.headers["host"]))
        }
        _ => Reply::status(404),
    });
    let found = search(&server, &site(&server)).await;
    assert_eq!(paths(&found), ["/news/10002", "/news/10001", "/news/8001", "/news/8002"]);
    assert_eq!(
        sources(&found),
        [
            "/ home http_status",
            "/index.xml sitemap 4",
            "/posts-2.xml.gz sitemap 2",
            "/more/index.xml sitemap 0",
            "/more/list.txt sitemap 2"
        ]
    );
}

#[tokio::test]
async fn since_reaches_into_older_files_and_drops_what_is_older() {
    let server = Server::raw(|r| match r.path.as_str() {
        "/robots.txt" => Reply::text("Sitemap: /index.xml\n"),
        "/index.xml" => xml(
            "<sitemapindex><sitemap><loc>/s-2026-08.xml</loc></sitemap><sitemap><loc>/s-2026-09.xml</loc></sitemap>\
            <sitemap><loc>/s-2026-10.xml</loc></sitemap><sitemap><loc>/s-2026-11.xml</loc></sitemap></sitemapindex>",
        ),
        "/s-2026-11.xml" => xml(urlset(&[("/news/11001", "2026-11-02")])),
        "/s-2026-10.xml" => xml(urlset(&[("/news/10001", "2026-10-02"), ("/news/10002", "")])),
        "/s-2026-09.xml" => {
            xml(urlset(&[("/news/9001", "2026-09-16"), ("/news/9002", "2026-09-14"), ("/news/9003", "")]))
        }
        _ => Reply::status(404),
    });
    let mut plan = plan();
    plan.since = Some(at("2026-09-15T00:00:00+06:00"));
    let found = search_with(options(&server, &[HOST]), &site(&server), &plan, &[]).await;
    assert_eq!(paths(&found), ["/news/11001", "/news/10001", "/news/9001", "/news/10002", "/news/9003"]);
    assert!(server.seen("/s-2026-08.xml").is_empty());
}

#[tokio::test]
async fn well_known_addresses_are_tried_where_nothing_is_named() {
    let server = Server::raw(|r| match r.path.as_str() {
        "/" | "/feed" => Reply::html("<html><body>স্বাগত</body></html>"),
        "/rss.xml" => rss(FEED),
        "/sitemap.xml" => xml(urlset(&[("/news/8000", "2026-11-20")])),
        _ => Reply::status(404),
    });
    let found = search(&server, &site(&server)).await;
    assert_eq!(paths(&found), ["/news/10002", "/news/10001", "/news/8000"]);
    assert_eq!(
        sources(&found),
        ["/ home 0", "/rss.xml feed 2", "/sitemap.xml sitemap 1"],
        "guesses leave no trace"
    );
    assert!(server.seen("/atom.xml").is_empty() && server.seen("/sitemap_index.xml").is_empty());
}

#[tokio::test]
async fn pages_are_read_where_nothing_else_lists_articles() {
    let section = "<html><body><h3><a href='/news/7001'>ফাইনালে উজানের ছেলেরা জিতল</a></h3>\
        <h3><a href='/news/10009'>হাটে শীতের সবজির দাম কমেছে</a></h3></body></html>";
    let server = Server::raw(move |r| match r.path.as_str() {
        "/" => Reply::html(HOME),
        "/sports" => Reply::html(section),
        "/national" => Reply::html("<html><body>কিছু নেই</body></html>"),
        "/archive?date=2026-11-24" => {
            Reply::html("<html><body><h3><a href='/news/6001'>আজকের সব খবর এক পাতায়</a></h3></body></html>")
        }
        _ => Reply::status(404),
    });
    let with_page = site(&server).with_pages(vec![server.url(HOST, "/archive?date=YYYY-MM-DD")]);
    let found = search(&server, &with_page).await;
    assert_eq!(paths(&found), ["/news/6001", "/news/10009", "/news/7001"]);
    assert_eq!(
        sources(&found),
        [
            "/ home 1",
            "/feed.xml feed http_status",
            "/archive?date=2026-11-24 listing 1",
            "/archive?date=2026-11-23 listing http_status",
            "/sports listing 2"
        ]
    );
    assert_eq!(found.found[1].kind, SourceKind::Home);
}

#[tokio::test]
async fn known_sources_are_asked_alone_and_conditionally() {
    let server = Server::raw(|r| match r.path.as_str() {
        "/feed.xml" if r.headers.get("if-none-match").is_some_and(|tag| tag == "\"v1\"") => {
            Reply::status(304)
        }
        "/feed.xml" => rss(FEED).header("etag", "\"v1\""),
        "/sections/khela" => {
            Reply::html("<html><h3><a href='/news/7001'>ফাইনালে উজানের ছেলেরা জিতল</a></h3></html>")
        }
        "/" => Reply::html(HOME),
        _ => Reply::status(404),
    });
    let site = site(&server);
    let first = search(&server, &site).await;
    let report = first.sources.iter().find(|s| s.kind == SourceKind::Feed).unwrap();
    let validators = report.validators.clone().unwrap();
    assert_eq!(validators, Validators { etag: Some("\"v1\"".to_owned()), last_modified: None });
    let known = [
        Known { url: report.url.clone(), kind: SourceKind::Feed, validators: validators.clone() },
        Known {
            url: server.url(HOST, "/sections/khela"),
            kind: SourceKind::Listing,
            validators: Validators::default(),
        },
    ];
    let before = server.pages().len();
    let again = search_with(options(&server, &[HOST]), &site, &plan(), &known).await;
    assert_eq!(sources(&again), ["/feed.xml feed unchanged", "/sections/khela listing 1"]);
    assert_eq!(again.sources[0].validators.as_ref(), Some(&validators));
    assert_eq!(paths(&again), ["/news/7001"]);
    assert_eq!(server.pages().len(), before + 2);
    assert!(!again.is_failed());
    let quiet = search_with(options(&server, &[HOST]), &site, &plan(), &known[..1]).await;
    assert!(quiet.found.is_empty() && !quiet.is_failed(), "nothing new is no failure");
}

#[tokio::test]
async fn a_site_whose_known_sources_are_gone_is_searched_anew() {
    let server = Server::raw(|r| match r.path.as_str() {
        "/" => Reply::html(HOME),
        "/feed.xml" => rss(FEED),
        _ => Reply::status(404),
    });
    let known = [Known {
        url: server.url(HOST, "/old-feed.xml"),
        kind: SourceKind::Feed,
        validators: Validators::default(),
    }];
    let found = search_with(options(&server, &[HOST]), &site(&server), &plan(), &known).await;
    assert_eq!(sources(&found), ["/old-feed.xml feed http_status", "/ home 0", "/feed.xml feed 2"]);
    assert_eq!(found.found.len(), 2);
}

fn rule(server: &Server) -> Sites {
    let port = server.address.port();
    let text = format!(
        "rule = 'khobor.site/1'\nhosts = ['{HOST}/bn']\nzone = 'Asia/Dhaka'\n\
        feeds = ['http://{HOST}:{port}/bn/feed.xml']\nsitemaps = ['http://{HOST}:{port}/bn/daily/YYYY-MM-DD.xml']\n"
    );
    Sites::from_rules(vec![SiteRule::parse(&text).unwrap()])
}

#[tokio::test]
async fn a_rules_feeds_and_daily_sitemaps_within_its_path() {
    let server = Server::start(|r| match r.path.as_str() {
        "/bn/" => Reply::html("<html><h3><a href='/en/news/1'>Not this edition</a></h3></html>"),
        "/bn/feed.xml" => {
            let date = "Tue, 24 Nov 2026 09:00:00 +0600";
            rss(&[("/bn/news/1", "মেলা", date), ("/en/news/2", "Fair", date)])
        }
        "/bn/daily/2026-11-24.xml" => xml(urlset(&[("/bn/news/3", ""), ("/en/news/4", "")])),
        "/bn/daily/2026-11-23.xml" => xml(urlset(&[("/bn/news/5", "")])),
        _ => Reply::status(404),
    });
    let site = Site::parse(&server.url(HOST, "/bn/"), &rule(&server)).unwrap();
    assert_eq!(site.key(), "ujan.test/bn");
    let found = search(&server, &site).await;
    assert_eq!(paths(&found), ["/bn/news/1", "/bn/news/3", "/bn/news/5"]);
    let mut since = plan();
    since.since = Some(at("2026-11-24T08:00:00+06:00"));
    let stale = [
        Known {
            url: server.url(HOST, "/bn/daily/2026-11-20.xml"),
            kind: SourceKind::Sitemap,
            validators: Validators::default(),
        },
        Known {
            url: server.url(HOST, "/bn/feed.xml"),
            kind: SourceKind::Feed,
            validators: Validators::default(),
        },
    ];
    let known = search_with(options(&server, &[HOST]), &site, &since, &stale).await;
    assert_eq!(sources(&known), ["/bn/daily/2026-11-24.xml sitemap 1", "/bn/feed.xml feed 1"]);
    since.since = Some(at("2026-11-20T00:00:00+06:00"));
    let both = search_with(options(&server, &[HOST]), &site, &since, &stale).await;
    assert_eq!(both.sources.len(), 3, "today, yesterday and the feed: {:?}", sources(&both));
    let anew = search_with(options(&server, &[HOST]), &site, &since, &[]).await;
    assert_eq!(
        sources(&anew)[4..],
        ["/bn/daily/2026-11-22.xml sitemap http_status", "/bn/daily/2026-11-21.xml sitemap http_status"]
    );
}

#[tokio::test]
async fn a_broken_source_is_a_clear_failure_and_costs_no_other() {
    let large =
        format!("<rss><channel>{}</channel></rss>", "<item><link>/news/1</link></item>".repeat(10_000));
    let server = Server::start(move |r| match r.path.as_str() {
        "/" => Reply::html(HOME),
        "/feed.xml" => rss(FEED),
        "/torn.xml" => xml("<rss><channel><item><title>মেলা</title><link>/news/1</link></item><item>"),
        "/html.xml" => Reply::html("<!doctype html><html><body>খুঁজে পাওয়া গেল না</body></html>"),
        "/empty.xml" => xml(""),
        "/opml.xml" => xml("<opml><body/></opml>"),
        "/large.xml" => xml(large.clone()),
        "/bomb.xml.gz" => xml(gzipped(&" ".repeat(3_000_000))),
        "/cut.xml.gz" => xml(&gzipped(&urlset(&[("/news/1", "")]))[..40]),
        "/entities.xml" => xml(entity_bomb()),
        "/wall.xml" => Reply::html(
            "<title>Just a moment...</title><script src='/cdn-cgi/challenge-platform/x'></script>",
        ),
        _ => Reply::status(500),
    });
    let names = [
        "torn.xml",
        "html.xml",
        "empty.xml",
        "opml.xml",
        "large.xml",
        "bomb.xml.gz",
        "cut.xml.gz",
        "entities.xml",
        "wall.xml",
        "gone.xml",
    ];
    let feeds = names.map(|n| server.url(HOST, &format!("/{n}"))).to_vec();
    let small = FetchOptions { max_bytes: 200_000, retries: 0, ..options(&server, &[HOST]) };
    let found = search_with(small, &site(&server).with_feeds(feeds), &plan(), &[]).await;
    assert_eq!(
        sources(&found),
        [
            "/torn.xml feed malformed",
            "/html.xml feed malformed",
            "/empty.xml feed malformed",
            "/opml.xml feed malformed",
            "/large.xml feed too_large",
            "/bomb.xml.gz feed too_large",
            "/cut.xml.gz feed decode",
            "/entities.xml feed 1",
            "/wall.xml feed challenge",
            "/gone.xml feed http_status",
            "/ home 0",
            "/feed.xml feed 2"
        ]
    );
    assert_eq!(paths(&found), ["/news/10002", "/news/10001", "/news/10020"]);
    assert_eq!(found.found[2].title.as_deref(), Some("&z;"));
    let SourceOutcome::Failed(html) = &found.sources[1].outcome else { panic!("no failure") };
    assert!(html.message.contains("web page") && html.hint.is_some(), "{html}");
    assert_eq!((html.status, html.attempts), (Some(200), 1));
    assert_eq!(html.url.as_deref(), Some(server.url(HOST, "/html.xml").as_str()));
}

#[tokio::test]
async fn encodings_are_read_whatever_is_declared() {
    let feed = |declared: &str| {
        format!(
            "<?xml version='1.0' encoding='{declared}'?><rss><channel><item><title>নদীর ধারে মেলা</title><link>/news/10001</link></item></channel></rss>"
        )
    };
    let utf16: Vec<u8> =
        [0xff, 0xfe].into_iter().chain(feed("utf-16").encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let latin = b"<?xml version='1.0' encoding='windows-1252'?><rss><channel><item><title>caf\xe9 \x93x\x94 river fair</title><link>/news/10001</link></item></channel></rss>".to_vec();
    let bodies = [
        ("/utf-8.xml", feed("ISO-8859-1").into_bytes(), "নদীর ধারে মেলা"),
        ("/bom.xml", format!("\u{feff}\n{}", feed("utf-8")).into_bytes(), "নদীর ধারে মেলা"),
        ("/utf-16.xml", utf16, "নদীর ধারে মেলা"),
        ("/latin.xml", latin, "café “x” river fair"),
    ];
    for (path, body, title) in bodies {
        let server =
            Server::start(move |r| if r.path == path { xml(body.clone()) } else { Reply::status(404) });
        let found = search(&server, &site(&server).with_feeds(vec![server.url(HOST, path)])).await;
        assert_eq!(found.found.len(), 1, "{path}: {:?}", found.sources);
        assert_eq!(found.found[0].title.as_deref(), Some(title), "{path}");
    }
}

#[tokio::test]
async fn a_search_keeps_its_limits() {
    let server = Server::start(|r| match r.path.as_str() {
        "/" => Reply::html(HOME),
        path if path.starts_with("/feed") => rss(FEED),
        _ => Reply::status(404),
    });
    let feeds = (0..10).map(|n| server.url(HOST, &format!("/feed-{n}.xml"))).collect();
    let mut plan = plan();
    (plan.max_sources, plan.max_urls) = (3, 1);
    let found = search_with(options(&server, &[HOST]), &site(&server).with_feeds(feeds), &plan, &[]).await;
    assert_eq!((found.sources.len(), server.pages().len()), (3, 3));
    assert_eq!(paths(&found), ["/news/10002"]);
}

#[tokio::test]
async fn a_start_page_that_moved_and_one_that_is_a_feed() {
    let moved = |r: &Request| match (r.host.as_str(), r.path.as_str()) {
        (HOST, "/") => {
            Reply::moved(format!("http://other.test:{}/", r.headers["host"].rsplit(':').next().unwrap()))
        }
        ("other.test", "/") => Reply::html(HOME),
        ("other.test", "/feed.xml") => rss(&[("/news/10001", "মেলা", "")]),
        (HOST, "/only-feed") => rss(FEED),
        _ => Reply::status(404),
    };
    let server = Server::start(moved);
    let found = search(&server, &site(&server)).await;
    assert_eq!(found.found[0].url, server.url("other.test", "/news/10001"));
    let feed = Site::parse(&server.url(HOST, "/only-feed"), &Sites::none()).unwrap();
    let found = search(&server, &feed).await;
    assert_eq!(sources(&found), ["/only-feed feed 2"]);
}

#[tokio::test]
async fn a_dead_host_is_asked_little_and_said_so() {
    let server = Server::raw(|_| Reply::status(503));
    let options = FetchOptions { retries: 0, ..options(&server, &[HOST]) };
    let found = search_with(options, &site(&server), &plan(), &[]).await;
    assert!(found.is_failed() && found.found.is_empty());
    let SourceOutcome::Failed(failure) = &found.sources[0].outcome else { panic!("no failure") };
    assert_eq!(failure.kind, FailureKind::Robots);
    let closed = Site::parse("http://127.0.0.1:1/", &Sites::none()).unwrap();
    let options = FetchOptions { retries: 0, ..FetchOptions::default() };
    let found = search_with(options, &closed, &plan(), &[]).await;
    assert_eq!(found.sources.len(), 1, "{:?}", found.sources);
}
