//! What text becomes, case by case, and what must come out as it went in.

use khobor::bangla::bijoy::{convert, convert_runs};
use khobor::bangla::language::identify;
use khobor::bangla::text::{normalize, normalize_bijoy, normalize_parsed};

/// Input and the record's form of it.
const CASES: &[(&str, &str)] = &[
    // entities
    ("নদীর&nbsp;ধারে", "নদীর ধারে"),
    ("নদীর&amp;nbsp;ধারে", "নদীর ধারে"),
    ("চাল &amp; ডাল", "চাল & ডাল"),
    ("চাল &amp;amp; ডাল", "চাল & ডাল"),
    ("&#2453;&#x9b2;ম", "কলম"),
    ("&lt;b&gt;", "<b>"),
    ("&amp;lt;b&amp;gt;", "<b>"),
    ("&amp;amp;lt;", "&amp;amp;lt;"),
    ("&ldquo;না&rdquo;", "“না”"),
    ("উদ্&zwnj;যাপন", "উদ্\u{200c}যাপন"),
    ("ক&zwj;লম", "কলম"),
    ("R&D ও AT&T", "R&D ও AT&T"),
    ("&nosuch; &;", "&nosuch; &;"),
    ("৫&#37;", "৫%"),
    ("&#151; শেষ", "— শেষ"),
    ("&nb\u{200b}sp;ক", "ক"),
    // NFC
    ("বাড়ি", "বাড\u{9bc}ি"),
    ("আষাঢ়", "আষাঢ\u{9bc}"),
    ("সময়", "সময\u{9bc}"),
    ("কে\u{9be}ল", "কোল"),
    ("মে\u{9d7}মাছি", "মৌমাছি"),
    ("cafe\u{301}", "café"),
    // nukta
    ("সমযি\u{9bc}", "সময\u{9bc}ি"),
    ("বাডি\u{9bc}", "বাড\u{9bc}ি"),
    ("ঘোডা\u{9bc}", "ঘোড\u{9bc}া"),
    ("ডে\u{9bc}\u{9be}", "ড\u{9bc}ো"),
    ("ব\u{9bc}াস্তা", "রাস্তা"),
    ("দূবে\u{9bc}", "দূরে"),
    ("য\u{9bc}\u{9bc}", "য\u{9bc}"),
    ("ক\u{9bc}লম", "ক\u{9bc}লম"),
    // doubled signs
    ("অ\u{9be}কাশ", "আকাশ"),
    ("৮অ\u{9be}গস্ট", "৮আগস্ট"),
    ("আ\u{9be}কাশ", "আকাশ"),
    ("নদী\u{9c0}", "নদী"),
    ("কি\u{9bf}", "কি"),
    ("মা\u{9be}\u{9be}ঠ", "মাঠ"),
    ("বৃষ\u{9cd}\u{9cd}টি", "বৃষ্টি"),
    ("চা\u{981}\u{981}দ", "চাঁদ"),
    ("রং\u{982}", "রং"),
    ("কু\u{200b}\u{9c1}ল", "কুল"),
    // joiners
    ("র\u{200d}\u{9cd}যালি", "র\u{200d}\u{9cd}যালি"),
    ("র\u{200c}\u{9cd}যালি", "র\u{200c}\u{9cd}যালি"),
    ("উদ\u{9cd}\u{200c}বেগ", "উদ\u{9cd}\u{200c}বেগ"),
    ("উত\u{9cd}\u{200d}সব", "উৎসব"),
    ("হঠাত\u{9cd}\u{200d}", "হঠাৎ"),
    ("ক\u{200c}রে", "করে"),
    ("প\u{200d}ড\u{9bc}া", "পড\u{9bc}া"),
    ("\u{200d}মাঠ\u{200c}", "মাঠ"),
    ("র\u{200d}\u{200d}\u{9cd}যাব", "র\u{200d}\u{9cd}যাব"),
    ("र\u{94d}\u{200d}य", "र\u{94d}\u{200d}य"),
    // invisible characters
    ("\u{feff}\u{feff}\u{feff}মাঠে", "মাঠে"),
    ("মা\u{200b}ঠে", "মাঠে"),
    ("মা\u{ad}ঠে", "মাঠে"),
    ("মা\u{2060}ঠে", "মাঠে"),
    ("\u{202b}মাঠে\u{202c}\u{200f}", "মাঠে"),
    ("মা\u{0}ঠে\u{7f}", "মাঠে"),
    // spaces
    ("  মাঠে   মেলা ", "মাঠে মেলা"),
    ("মাঠে\u{a0}মেলা", "মাঠে মেলা"),
    ("মাঠে\u{202f}\u{2009}\u{3000}মেলা", "মাঠে মেলা"),
    ("মাঠে\r\n\tমেলা\n", "মাঠে মেলা"),
    ("\u{a0}", ""),
    ("", ""),
    // danda
    ("মেলা বসেছে৷", "মেলা বসেছে।"),
    ("মেলা বসেছে৷৷", "মেলা বসেছে।।"),
    ("মেলা বসেছে| লোক এসেছে|", "মেলা বসেছে। লোক এসেছে।"),
    ("দেশ | খেলা | মতামত", "দেশ | খেলা | মতামত"),
    ("দেশ| খেলা| মতামত", "দেশ| খেলা| মতামত"),
    ("প্রকাশ: ৫ মে ২০২০ | আপডেট: ৬ মে ২০২০", "প্রকাশ: ৫ মে ২০২০ | আপডেট: ৬ মে ২০২০"),
    ("স্টাফ রিপোর্টার ॥ মেলা", "স্টাফ রিপোর্টার ॥ মেলা"),
    // what the author typed
    ("‘না’, “না” 'না' \"না\"", "‘না’, “না” 'না' \"না\""),
    ("১০–১২ — ১০-১২", "১০–১২ — ১০-১২"),
    ("মোঃ আলী; ১০ঃ৩০", "মোঃ আলী; ১০ঃ৩০"),
    ("২০২৪ 2024 ৳৫০০…", "২০২৪ 2024 ৳৫০০…"),
    ("অসমীয়া ৰাতি", "অসমীয\u{9bc}া ৰাতি"),
    ("ভালো \u{1f600} দিন", "ভালো \u{1f600} দিন"),
    // mojibake
    ("à¦®à¦¾à¦ à§‡ à¦®à§‡à¦²à¦¾", "মাঠে মেলা"),
    ("à¦®à¦¾à¦\u{a0}à§‡ à¦®à§‡à¦²à¦¾", "মাঠে মেলা"),
    ("à¦¬à§ƒà¦·à§\u{8d}à¦Ÿà¦¿ à¦¹à¦¬à§‡à¥¤", "বৃষ্টি হবে।"),
    ("&agrave;&brvbar;&not;&agrave;&brvbar;&frac34;&agrave;&brvbar;&sbquo;", "বাং"),
    ("It rained â€“ a lot", "It rained – a lot"),
    ("ðŸ“° খবর", "📰 খবর"),
    // Bijoy
    ("b`xi Zx‡i †gjv e‡m‡Q| A‡bK †jvK G‡m‡Q|", "নদীর তীরে মেলা বসেছে। অনেক লোক এসেছে।"),
    ("Avgvi evwo †Zvgvi evwoi cv‡k", "আমার বাড\u{9bc}ি তোমার বাড\u{9bc}ির পাশে"),
    ("ছবির নিচে লেখা: b`xi Zx‡i †gjv e‡m‡Q|", "ছবির নিচে লেখা: নদীর তীরে মেলা বসেছে।"),
    ("Avgiv mevB GLv‡b wQjvg 2012 mv‡j", "আমরা সবাই এখানে ছিলাম ২০১২ সালে"),
    (
        "The board reads b`xi Zx‡i †gjv e‡m‡Q and nothing else",
        "The board reads নদীর তীরে মেলা বসেছে and nothing else",
    ),
];

#[test]
fn cases() {
    assert!(CASES.len() >= 80);
    for (input, expected) in CASES {
        let done = normalize(input);
        assert_eq!(done.text, *expected, "{input:?}");
        let again = normalize(&done.text);
        assert_eq!(again.text, done.text, "twice: {input:?}");
        assert!(!again.bijoy_converted && !again.mojibake_repaired, "{input:?}");
    }
}

#[test]
fn repairs_are_reported() {
    let done = normalize("à¦®à¦¾à¦ à§‡ à¦®à§‡à¦²à¦¾");
    assert!(done.mojibake_repaired && !done.mojibake_lossy && !done.bijoy_converted);
    let lost = normalize("à¦¬à§ƒà¦·à§\u{fffd}à¦Ÿà¦¿");
    assert!(lost.mojibake_lossy && !lost.mojibake_repaired);
    assert_eq!(lost.text, "à¦¬à§ƒà¦·à§\u{fffd}à¦Ÿà¦¿");
    let done = normalize("b`xi Zx‡i †gjv e‡m‡Q|");
    assert!(done.bijoy_converted && !done.mojibake_repaired);
}

#[test]
fn clean_text_is_borrowed() {
    let text = "আজ সকালে মাঠে মেলা বসেছে, ‘লোক’ এসেছে ২০০ জন — BTRC জানায়।";
    assert!(matches!(normalize(text).text, std::borrow::Cow::Borrowed(_)));
}

#[test]
fn parsed_text_keeps_its_ampersands() {
    assert_eq!(normalize_parsed("&lt;  &nbsp;").text, "&lt; &nbsp;");
    assert_eq!(normalize_bijoy("Mvb I Qwe&nbsp;").text, "গান ও ছবি");
    assert_eq!(normalize_bijoy("K‡j†R &nbsp; hvB").text, "কলেজে যাই");
}

/// Prose in other languages, markup and program text.
const FOREIGN: &[&str] = &[
    "The minister said on Sunday that prices would fall by 3½ per cent within 12 months.",
    "Temperatures reached 38°C (100°F) in July; rainfall was 5 mm² per hour — a record.",
    "© 2024 The Daily Herald. All rights reserved. Terms & Conditions | Privacy Policy",
    "Kwame Nkrumah and Lev Tolstoy never met; neither did Vaclav Havel and Shivpuri’s mayor.",
    "He paid £5, €6 and ¥700, about $20, for a µSD card (§ 3.2) † see note ‡ ibid.",
    "MTV, HMV, DVD, CVs, TVs and SUVs: the WWF vs. the WTO, QVC and KFC",
    "iPhone, YouTube, eBay, JavaScript, McDonald's, LaTeX, GitHub, macOS and OpenSSL",
    "Wm. Shakspere wrote “Hamlet”; W.H. Auden didn't. Xavier's zzz… Pvt. Ltd., Nov. 5",
    "Le cœur de l'été à la plage : où êtes-vous, chère Zoé ? L'œuvre naïve coûte 5 €.",
    "« Ça va ? » demanda-t-il. Les élèves français étudièrent à Nîmes, près de l'Haÿ-les-Roses.",
    "ÉCOLE SUPÉRIEURE DES BEAUX-ARTS — ŒUVRES COMPLÈTES, TOME Ier (1ʳᵉ édition)",
    "Das Mädchen aus Köln sagte: „Übergröße, bitte!“ Die Straße führt über die Brücke nach Jülich.",
    "»Größe« und »Länge« werden in »µm« angegeben, z. B. »5 µm«.",
    "¿Qué pasó en la Mª del Mar? ¡El niño comió piñas! La 1ª vez fue en el año 1998, nº 5.",
    "São João e a Conceição vão à praia; não há mais pão, só coração. Órgão público, 2ª feira.",
    "Việt Nam là một quốc gia nằm ở phía đông bán đảo Đông Dương, có đường bờ biển dài.",
    "Ha Noi va Sai Gon la hai thanh pho lon; vung nui phia bac van con nhieu rung.",
    "Zażółć gęślą jaźń. Wczoraj wszyscy wnioskowali o zwrot kosztów, czyli o wszystko.",
    "Příliš žluťoučký kůň úpěl ďábelské ódy; vlk zmrzl, hrst zrn.",
    "İstanbul'da ışıklar söndü, çocuklar güldü, öğretmen şaşırdı.",
    "Å være eller ikke være; på Ærø spiste vi blåbær og smørbrød.",
    "<a href=\"/x?id=3&amp;v=2\" class=\"nav_v wKb\">Läs mer</a> <br/>",
    "let mut v: Vec<u8> = vec![0; k]; if v_len > 0 { w.write_all(&v)?; } // kv store",
    "mpz_div_ui(), wcwidth(), execv, execvp and execvpe; `BigInt`s, ``x_v`` and `kvBuf`",
    "user_name=vb&key=kV0xZ+Qw==; https://example.org/kv/Kv‡K?q=1 mail@kvK.example",
    "x² + y³ = z¹, a·b, a×b ÷ c, ¬p, «q», 50 kΩ ± 5 %",
    "col·lecció, paral·lel, pel·lícula",
    "MÃ¼ller und FranÃ§ois in MannsÃ¥ker",
    "Heute: 3–5 °C, morgen: −2 °C … übermorgen: ½ m Schnee™",
];

#[test]
fn other_languages_come_out_untouched() {
    for text in FOREIGN {
        assert_eq!(convert_runs(text), None, "{text}");
        assert_eq!(normalize_parsed(text).text, *text);
    }
}

#[test]
fn bijoy_is_found_in_headlines_and_sentences() {
    for text in [
        "moK `yN©Ubvq wZb hvÎx AvnZ",
        "b`xi fvO‡b wb¯^ `yB kZ cwievi",
        "¯‹zj Ly‡j‡Q, wkÿv_©xiv wdi‡Q K¬v‡m",
        "Avevi e„wói c~e©vfvm",
        "†`‡ki DËiv‡j kxZ, KzqvkvI Av‡Q",
        "ÔAvgiv fv‡jv AvwQÕ, ej‡jb wZwb",
        "Zvi gv ej‡jb, Avi bv",
    ] {
        assert_eq!(convert_runs(text), Some(convert(text)), "{text}");
    }
}

#[test]
fn a_lone_word_is_not_enough() {
    for text in ["gvV", "Kvb", "Mvb I bvP", "K", "I", "1971", "|", "a‡b", "see kvK here"] {
        assert_eq!(convert_runs(text), None, "{text}");
    }
}

#[test]
fn names_in_latin_stay_in_bijoy() {
    assert_eq!(
        convert_runs("Zviv Facebook e¨envi K‡i, Qwe †`q, K_v e‡j|").as_deref(),
        Some("তারা Facebook ব্যবহার করে, ছবি দেয\u{9bc}, কথা বলে।")
    );
}

#[test]
fn languages() {
    for (text, language) in [
        ("মাঠে মেলা বসেছে, দূর থেকে লোক এসেছে, দোকানও বসেছে অনেক।", "bn"),
        ("BTRC ও Grameenphone Limited এর মধ্যে আজ নতুন চুক্তি হয়েছে বলে জানা গেছে।", "bn"),
        ("গ্রামৰ মানুহবোৰে আজি পথাৰত কাম কৰিছে আৰু ঘৰলৈ আহিছে।", "as"),
        ("गाँव के लोग आज खेत में काम कर रहे हैं और शाम को घर आएंगे।", "hi"),
        ("गावातील लोक आज शेतात काम करत आहेत आणि संध्याकाळी घरी येतील.", "und"),
        ("The farmers of the village went to the market and came home late.", "en"),
        ("Les paysans du village sont allés au marché et sont rentrés tard.", "und"),
        ("Die Bauern des Dorfes gingen zum Markt und kamen am Abend heim.", "und"),
        ("b`xi Zx‡i †gjv e‡m‡Q A‡bK †jvK G‡m‡Q", "und"),
        ("মেলা", "und"),
        ("", "und"),
        ("১২৩৪৫৬৭৮৯০ ১২৩৪৫৬৭৮৯০ ১২৩৪৫৬৭৮৯০", "und"),
    ] {
        assert_eq!(identify(text), language, "{text}");
    }
}
