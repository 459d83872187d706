//! Whole pages, each small, each for one habit of newsrooms.

use crate::sites::Sites;
use crate::{Article, FailureKind, Options, extract};

const P: &str = "গ্রামের পাশে নদীর ধারে তিন দিনের মেলা শুরু হয়েছে গতকাল, দূর দূর থেকে এসেছেন দোকানিরা।";
const Q: &str = "মেলায় এবার মাটির পুতুল আর পাটের থলের দোকান বেশি, ছোটদের জন্য আছে নাগরদোলা ও পুতুলনাচ।";

fn options() -> Options {
    Options::new().with_sites(Sites::none()).with_url("https://ujan.example/country/4711/river-fair")
}

fn read(html: &str) -> Article {
    extract(html.as_bytes(), &options()).unwrap()
}

fn page(head: &str, rest: &str) -> Article {
    read(&format!(
        "<body>{head}<h1>নদীর ধারে শীতের মেলা শুরু</h1><p>প্রকাশ: ৩ মার্চ ২০২৪, রাত ১০টা</p>\
         <div class=txt><p>{P}</p><p>{Q}</p></div>{rest}</body>"
    ))
}

#[test]
fn sections_as_displayed() {
    let trail = "<nav><a href=/>হোম</a> / <a href=/country>সারাদেশ</a></nav>";
    assert_eq!(page(trail, "").section.as_deref(), Some("সারাদেশ"));
    let list = "<ol><li><a href=/>প্রচ্ছদ</a></li><li><a href=/country>সারাদেশ</a></li></ol>";
    assert_eq!(page(list, "").section.as_deref(), Some("সারাদেশ"));
    let menu = "<ul><li><a href=/a>জাতীয়</a><li><a href=/b>কৃষি</a><li><a href=/c>খেলা</a><li><a href=/d>ধর্ম</a>\
                <li><a href=/e>শিক্ষা</a></ul>";
    assert_eq!(page(menu, "").section, None);
}

#[test]
fn decks_and_leads_are_told_apart() {
    let deck = read(&format!(
        "<h1>নদীর ধারে শীতের মেলা শুরু</h1><p class=post-sub-title>তিন দিনে আসবেন পঞ্চাশ হাজার মানুষ</p>\
         <p>প্রকাশ: ৩ মার্চ ২০২৪</p><div><p>{P}</p><p>{Q}</p></div>"
    ));
    assert_eq!(deck.subheadline.as_deref(), Some("তিন দিনে আসবেন পঞ্চাশ হাজার মানুষ"));
    assert_eq!(deck.blocks.len(), 2);
    let lead = read(&format!(
        "<h1>নদীর ধারে শীতের মেলা শুরু</h1><p>প্রকাশ: ৩ মার্চ ২০২৪</p><img src=/m/fair.jpg>\
         <div class=lead_text><div>{Q}</div></div><div><p>{P}</p><p>{P} {Q}</p><p>{P} {P}</p></div>"
    ));
    assert_eq!(lead.subheadline, None);
    assert_eq!(lead.blocks[0].text, Q);
}

#[test]
fn walls_and_corrections_end_the_text() {
    let walled = page("", "");
    assert!(walled.warnings.iter().all(|w| w.code != crate::article::WarningCode::Paywall));
    let html = format!(
        "<h1>নদীর ধারে শীতের মেলা শুরু</h1><p>প্রকাশ: ৩ মার্চ ২০২৪</p><div><p>{P}</p><p>{Q}</p>\
         <h3>লেখাটি শুধু গ্রাহকদের জন্য</h3><p>বাকি অংশ পড়তে গ্রাহক হোন, মাসে মাত্র চল্লিশ টাকায় পড়ুন সব লেখা।</p></div>"
    );
    let walled = read(&html);
    assert_eq!(walled.blocks.len(), 2);
    assert!(walled.warnings.iter().any(|w| w.code == crate::article::WarningCode::Paywall));
    let corrected = read(&html.replace("লেখাটি শুধু গ্রাহকদের জন্য", "ভ্রম সংশোধন"));
    assert_eq!(corrected.blocks.len(), 2);
}

#[test]
fn loose_text_is_parted_at_single_breaks_and_paragraphs_are_not() {
    let loose = read(&format!("<h4>নদীর ধারে শীতের মেলা শুরু</h4><div>{P} {P}<br>{Q} {Q}<br>{P}</div>"));
    assert_eq!(loose.blocks.len(), 3);
    let kept = read(&format!("<h1>নদীর ধারে শীতের মেলা শুরু</h1><div><p>{P} {P}<br>{Q} {Q}</p></div>"));
    assert_eq!(kept.blocks.len(), 1);
}

#[test]
fn related_titles_lose_their_rank_and_their_label() {
    let article = page(
        "",
        "<h3>সর্বাধিক পঠিত</h3><ul><li><a href=/country/4712/bridge-opens><span>১</span> সেতু খুলে দেওয়া হল আজ</a></li>\
         <li><a href=/country/4713/rice-price-up>চালের দাম বাড়ল হাটে</a></li></ul>\
         <p>[<a href=/country/4714/school-boat>আরও পড়ুন: নৌকায় চলছে গ্রামের স্কুল</a>]</p>",
    );
    let found: Vec<(&str, Option<&str>)> =
        article.related.iter().map(|r| (r.title.as_str(), r.group.as_deref())).collect();
    assert_eq!(found[0], ("সেতু খুলে দেওয়া হল আজ", Some("সর্বাধিক পঠিত")));
    assert_eq!(found[1], ("চালের দাম বাড়ল হাটে", Some("সর্বাধিক পঠিত")));
    assert_eq!(found[2], ("নৌকায় চলছে গ্রামের স্কুল", Some("আরও পড়ুন")));
}

#[test]
fn dates_of_the_masthead_and_of_printing_do_not_count() {
    let html = format!(
        "<div>ঢাকা, বুধবার, ৬ মার্চ ২০২৪</div><div id=menu><a href=/a>জাতীয়</a> <a href=/b>কৃষি</a> <a href=/c>খেলা</a> \
         <a href=/d>ধর্ম</a></div><h1>নদীর ধারে শীতের মেলা শুরু</h1><p>প্রিন্টের সময়: ৫ মার্চ ২০২৪, ১০:০০</p>\
         <div><p>{P}</p><p>{Q}</p><p>{P} {Q}</p></div>"
    );
    assert_eq!(read(&html).published_at, None);
}

#[test]
fn a_button_glued_to_a_time_leaves_it_whole() {
    let html = format!(
        "<h1>নদীর ধারে শীতের মেলা শুরু</h1><div><span>Published: Mar 3, 2024, 6:42 PM</span><span>Share</span></div>\
         <div><p>{P}</p><p>{Q}</p></div>"
    );
    assert_eq!(read(&html).published_at.as_deref(), Some("2024-03-03T18:42:00+06:00"));
}

#[test]
fn walls_of_bots_and_lists_are_no_articles() {
    let kind = |html: &str| extract(html.as_bytes(), &options()).unwrap_err().kind;
    assert_eq!(kind("<title>Just a moment...</title><h1>ujan.example</h1>"), FailureKind::Challenge);
    let card = |i: usize| {
        format!("<div><h2><a href=/country/48{i}0/x>গ্রামের হাটে নতুন খবর {i}</a></h2><p>{Q}</p></div>")
    };
    let cards = (0..8).map(card).collect::<Vec<_>>().concat();
    assert_eq!(kind(&format!("<h1>সারাদেশ</h1>{cards}")), FailureKind::NotArticle);
    assert_eq!(kind(""), FailureKind::NotArticle);
}

#[test]
fn state_is_read_where_nothing_is_displayed() {
    let html = format!(
        "<title>নদীর ধারে শীতের মেলা শুরু</title><div id=app></div><script type=application/json>{{\"story\":{{\
         \"headline\":\"নদীর ধারে শীতের মেলা শুরু\",\"published-at\":1709483400000,\"author-name\":\"মিতা সেন\",\
         \"cards\":[{{\"story-elements\":[{{\"type\":\"text\",\"text\":\"<p>{P}</p><p>{Q}</p>\"}}]}}]}}}}</script>"
    );
    let article = read(&html);
    assert_eq!(article.blocks.len(), 2);
    assert_eq!(article.byline.as_deref(), Some("মিতা সেন"));
    assert_eq!(article.published_at.as_deref(), Some("2024-03-03T22:30:00+06:00"));
    assert_eq!(article.evidence.get("body"), Some(&crate::article::Source::State));
}

/// Shapes that punish work done again for each element of a kind. Without a
/// bound each of these takes minutes.
#[test]
fn hostile_pages_take_time_by_their_size() {
    let story = format!("<h1>নদীর ধারে শীতের মেলা শুরু</h1><div><p>{P}</p><p>{Q}</p></div>");
    let many = |n: usize, part: &dyn Fn(usize) -> String| (0..n).map(part).collect::<String>();
    let link = |i: usize| format!("<a href=/country/{i}000/x>আজকের খবর নম্বর {i} পড়ুন</a> ");
    let pages = [
        format!("{story}<p>{}</p>", many(3_000, &link)),
        format!("{story}<ul>{}</ul>", many(3_000, &|i| format!("<li>{}</li>", link(i)))),
        format!("{story}<div>{}</div>", many(2_000, &|i| format!("<h2>{}</h2>", link(i)))),
        format!("{story}{}", "<h1>নদীর ধারে শীতের মেলা শুরু</h1><p>ক</p>".repeat(1_500)),
        format!("{story}<table><tr>{}</tr></table>", "<td>এক</td>".repeat(8_000)),
        format!("{story}<div>{}</div>", "<br>".repeat(40_000)),
        format!("{story}<p>{}</p>", P.repeat(1_500)),
        many(8_000, &|i| format!("<{}>", ["b", "div", "i", "span", "font", "u"][i % 6])),
    ];
    let start = std::time::Instant::now();
    for page in &pages {
        let _ = extract(page.as_bytes(), &options());
    }
    assert!(start.elapsed().as_secs() < 40, "{:?}", start.elapsed());
}

#[test]
fn a_longer_debate_or_list_does_not_take_the_articles_place() {
    let reader = format!("<div><b>পাঠক</b><p>{Q}</p></div>").repeat(12);
    let head = "<h1>নদীর ধারে শীতের মেলা শুরু</h1><div class=date>৩ মার্চ ২০২৪, ১০:৩০</div>";
    let own = format!("<div class=row><div>{head}<div><p>{Q}</p><p>{Q} আবার।</p><p>{Q} শেষে।</p></div></div>");
    for rival in [
        format!("<div class=reactions>{reader}</div>"),
        format!("<div id=comments>{reader}</div>"),
        format!(
            "<div>{}</div>",
            format!("<div><a href=/news/101/>অন্য খবরের লম্বা শিরোনাম এখানে</a><div>{Q}</div></div>").repeat(10)
        ),
    ] {
        let article = read(&format!("{own}{rival}</div>"));
        assert_eq!(article.blocks.len(), 3, "{:?}", article.blocks);
    }
}

#[test]
fn a_linked_heading_and_subheadings_of_the_headlines_kind_cut_nothing() {
    let link = "<div><h4 class=title><a href=/news/202/>অন্য এক খবরের শিরোনাম এটা</a></h4></div>";
    let html = format!(
        "<article><h1>নদীর ধারে শীতের মেলা শুরু</h1><p>৩ মার্চ ২০২৪, ১০:৩০</p><div><p>{Q}</p><p>{Q} আবার।</p>{link}\
         <h1>মেলার দ্বিতীয় দিনের কথা</h1><p>{Q} তারপর।</p></div></article>"
    );
    let article = read(&html);
    let paragraphs = article.blocks.iter().filter(|b| b.text.starts_with("মেলায় এবার")).count();
    assert_eq!(paragraphs, 3, "{:?}", article.blocks);
}

#[test]
fn words_of_policies_and_of_missing_pages_stand_in_news_too() {
    let page = |headline: &str, more: &str| {
        format!("<h1>{headline}</h1><p>৩ মার্চ ২০২৪, ১০:৩০</p><div><p>{Q}</p><p>{Q} {more}</p></div>")
    };
    read(&page("যোগাযোগ বন্ধ তিন জেলার সঙ্গে", "আবার।"));
    read(&page("নদীতে নেমে নিখোঁজ দুই শিশু", "তাদের কোনো খোঁজ পাওয়া যায়নি।"));
}

#[test]
fn credits_and_dates_beside_the_paragraphs_are_none_of_them() {
    let html = format!(
        "<div><h1>নদীর ধারে শীতের মেলা শুরু</h1><div class=rep>মিতা সেন</div>\
         <div class=time>প্রকাশ: ৩ মার্চ ২০২৪, ৯:০৫ এএম | আপডেট: ৩ মার্চ ২০২৪, ১০:০৫ এএম</div>\
         <div>{Q}</div><div>{Q} আবার।</div><div>{Q} শেষে।</div></div>"
    );
    let article = read(&html);
    assert_eq!(article.published_at.as_deref(), Some("2024-03-03T09:05:00+06:00"));
    assert_eq!(article.modified_at.as_deref(), Some("2024-03-03T10:05:00+06:00"));
    assert_eq!(article.blocks.len(), 3, "{:?}", article.blocks);
}

/// An English page: what stands under the headline, and two paragraphs.
fn english(credit: &str, rest: &str) -> Article {
    read(&format!(
        "<h1>Winter fair opens by the river</h1>{credit}<div><p>The winter fair opened by the river on Sunday, and \
         traders came from all over the district.</p><p>Clay dolls and jute bags fill most of the stalls, and there is \
         a wheel for the children too.</p><p>Last year the river stood so high that the fair had to move to the school yard, where there \
         was room for half of the stalls only, and many traders went home without selling much at all.</p>{rest}</div>"
    ))
}

#[test]
fn the_word_before_a_date_is_no_part_of_a_name() {
    let article =
        english("<p>By <span class='author vcard'>Sam Hill</span> on <time>January 5, 2020</time></p>", "");
    assert_eq!(article.byline.as_deref(), Some("Sam Hill"));
    let article = english("<p class=byline>By Peter Pan and Wendy Hill on June 5, 2017</p>", "");
    let names: Vec<&str> = article.authors.iter().map(|a| a.name.as_str()).collect();
    assert_eq!(names, ["Peter Pan", "Wendy Hill"]);
}

#[test]
fn posted_by_is_a_label() {
    let article = english("<p class=byline>Posted by Peter Pan</p>", "");
    assert_eq!(article.byline.as_deref(), Some("Peter Pan"));
}

#[test]
fn posts_and_places_are_no_authors() {
    let names =
        |credit: &str| -> Vec<String> { english(credit, "").authors.into_iter().map(|a| a.name).collect() };
    assert_eq!(
        names("<p class=byline><a rel=author href=/u/jane>Jane Doe</a> in Harbour Town</p>"),
        ["Jane Doe"]
    );
    assert_eq!(names("<p class=byline>By Peter Pan, Staff Writer</p>"), ["Peter Pan"]);
}

#[test]
fn a_quote_in_a_figure_is_text() {
    let rest = "<figure class=wp-block-pullquote><blockquote><p>We sold every doll before noon.</p></blockquote></figure>\
                <figure><img src=/m/doll.jpg><figcaption>A doll of clay</figcaption></figure><p>The fair closes on \
                Tuesday evening with music and a play in the village square.</p>";
    let article = english("", rest);
    let texts: Vec<&str> = article.blocks.iter().map(|b| b.text.as_str()).collect();
    assert!(texts.contains(&"We sold every doll before noon."), "{texts:?}");
    assert!(!texts.contains(&"A doll of clay"), "{texts:?}");
}

#[test]
fn a_sentence_that_speaks_of_a_newsletter_is_text() {
    let article =
        english("", "<p>The newsletter of the fair was closed in May.</p><p>Subscribe to our newsletter</p>");
    assert_eq!(article.blocks.len(), 4);
    let article = page("", "");
    let more = read(&format!(
        "<h1>নদীর ধারে শীতের মেলা শুরু</h1><p>প্রকাশ: ৩ মার্চ ২০২৪, রাত ১০টা</p><div><p>{P}</p><p>দোকানি নোটিফিকেশন পেয়ে মেলার কথা জানেন।</p><p>{Q}</p></div>"
    ));
    assert_eq!(more.blocks.len(), article.blocks.len() + 1);
}

#[test]
fn other_languages_are_what_the_page_declares() {
    let article = read(
        "<html lang=de-DE><h1>Wintermarkt am Fluss beginnt</h1><p class=dek>Drei Tage lang kommen Gäste aus dem Umland</p>\
         <div><p>Der Wintermarkt am Fluss hat gestern begonnen, viele Händler kamen aus den Dörfern der Umgebung.</p>\
         <p>Im vergangenen Jahr stand der Fluss so hoch, dass der Markt auf den Schulhof umziehen musste, wo nur für die \
         Hälfte der Stände Platz war und viele Händler fast ohne Einnahmen nach Hause fuhren.</p>\
         <p>Verkauft werden vor allem Puppen aus Ton und Taschen aus Jute, für Kinder steht dort ein Riesenrad.</p></div>",
    );
    assert_eq!(article.language, "de");
    assert_eq!(article.subheadline.as_deref(), Some("Drei Tage lang kommen Gäste aus dem Umland"));
}
