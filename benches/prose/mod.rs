//! Bengali text to measure with, made from a few sentences with changing
//! words, so that any amount of it can be had and none of it is anyone's.

const PLACES: &[&str] =
    &["কুশিয়ারার চর", "মাধবপুর বাজার", "দক্ষিণ পাড়া", "শালবনের মোড়", "পুরোনো খেয়াঘাট", "হাওরের বাঁধ", "উত্তর গ্রাম"];
const PEOPLE: &[&str] =
    &["জেলে", "কৃষক", "মাঝি", "শিক্ষক", "দোকানি", "তাঁতি", "নার্স", "ছাত্রী", "কামার", "পাখি শিকারি ও রাখাল"];
const THINGS: &[&str] =
    &["ধানের চারা", "নতুন জাল", "পাটের দড়ি", "মাটির কলস", "বাঁশের ঝুড়ি", "শীতের কাঁথা", "খেজুরের গুড়", "সরিষার তেল"];
const DAYS: &[&str] = &["শনিবার", "রোববার", "সোমবার", "মঙ্গলবার", "বুধবার", "বৃহস্পতিবার", "শুক্রবার"];

/// Sentences; `P`, `M`, `T`, `D` and `N` stand for a place, a person, a
/// thing, a day and a number.
const SENTENCES: &[&str] = &[
    "P এলাকায় D ভোর থেকে টানা বৃষ্টি হয়েছে, তবে নদীর পানি এখনো বিপৎসীমার নিচে।",
    "গত বছর এ সময়ে একজন M দিনে N টাকার বেশি আয় করতেন; এবার তা অর্ধেকে নেমেছে।",
    "‘আমরা T নিয়ে সকাল সকাল হাটে এসেছি, কিন্তু ক্রেতা নেই’—বললেন এক প্রবীণ M।",
    "উপজেলা কার্যালয়ের হিসাবে, P ঘিরে মোট N টি পরিবার এই কাজের সঙ্গে জড়িত (আগে ছিল আরও বেশি)।",
    "D বিকেলে সেখানে গিয়ে দেখা যায়, M আর তাঁর ছোট মেয়ে মিলে T গুছিয়ে রাখছেন।",
    "এলাকার লোকজন জানান, রাস্তা পাকা হলে T শহরে পাঠাতে সময় লাগবে বড়জোর N মিনিট।",
    "সংশ্লিষ্ট কর্মকর্তা বলেন, ‘বরাদ্দ পাওয়া গেছে। বর্ষার পরে P অংশে কাজ শুরু হবে।’",
    "তবে M সমিতির সভাপতি মনে করেন, কাগজে যা-ই লেখা থাকুক, ঋণের কিস্তি আগে শোধ করতে হবে।",
    "সন্ধ্যা নামলে P জুড়ে হারিকেন জ্বলে ওঠে, আর দূর থেকে ভেসে আসে ভাটিয়ালি গান।",
    "এ মৌসুমে T বিক্রি হয়েছে কেজিপ্রতি N টাকা দরে, যা গতবারের তুলনায় প্রায় N শতাংশ কম।",
];

/// The form in which the letters য়, ড় and ঢ় are written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Letters {
    /// Letter and nukta, as NFC has them.
    Nfc,
    /// One code point each, as most keyboards and newsrooms write them.
    Press,
}

/// Paragraphs of three to five sentences, together at least `bytes` long.
pub fn paragraphs(bytes: usize, letters: Letters) -> Vec<String> {
    let mut made = Vec::new();
    let (mut length, mut turn) = (0, 0);
    while length < bytes {
        let sentences: Vec<String> = (0..3 + turn % 3).map(|at| sentence(turn * 5 + at)).collect();
        let paragraph = spelt(&sentences.join(" "), letters);
        length += paragraph.len();
        turn += 1;
        made.push(paragraph);
    }
    made
}

fn sentence(turn: usize) -> String {
    let pick = |list: &[&'static str], step: usize| list[(turn * step + turn / 7) % list.len()];
    let mut out = String::new();
    for c in pick(SENTENCES, 1).chars() {
        match c {
            'P' => out.push_str(pick(PLACES, 3)),
            'M' => out.push_str(pick(PEOPLE, 7)),
            'T' => out.push_str(pick(THINGS, 5)),
            'D' => out.push_str(pick(DAYS, 2)),
            'N' => out.push_str(&khobor::bangla::digits::to_bengali(&(12 + turn * 37 % 988).to_string())),
            _ => out.push(c),
        }
    }
    out
}

fn spelt(text: &str, letters: Letters) -> String {
    const PAIRS: [(&str, &str); 3] =
        [("\u{9a1}\u{9bc}", "\u{9dc}"), ("\u{9a2}\u{9bc}", "\u{9dd}"), ("\u{9af}\u{9bc}", "\u{9df}")];
    PAIRS.iter().fold(text.to_owned(), |text, (two, one)| match letters {
        Letters::Nfc => text.replace(one, two),
        Letters::Press => text.replace(two, one),
    })
}
