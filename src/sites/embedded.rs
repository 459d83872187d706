//! The rule files that come with the program. A run meets few of the sites, so
//! only the hosts of all of them are read at once, and a rule where its host
//! is met.

use std::sync::{LazyLock, OnceLock};

use url::Url;

use super::by_host::ByHost;
use super::rule::{HostPattern, SiteRule};

/// A rule file of which the hosts are known.
#[derive(Debug)]
pub(super) struct Embedded {
    pub(super) hosts: Vec<HostPattern>,
    text: &'static str,
    rule: OnceLock<Option<SiteRule>>,
}

impl Embedded {
    /// The rule. A test reads each file; one that cannot be read is left out.
    pub(super) fn rule(&self) -> Option<&SiteRule> {
        self.rule.get_or_init(|| SiteRule::parse(self.text).ok()).as_ref()
    }
}

/// All rule files, in the order of their names.
pub(super) fn rules() -> &'static [Embedded] {
    static RULES: LazyLock<Vec<Embedded>> = LazyLock::new(|| {
        let embedded =
            |text| Some(Embedded { hosts: HostPattern::listed_in(text)?, text, rule: OnceLock::new() });
        FILES.iter().filter_map(|(_, text)| embedded(*text)).collect()
    });
    &RULES
}

/// The rule file of which a host fits an address best, with how well it does.
pub(super) fn find(url: &Url) -> Option<((usize, usize), &'static Embedded)> {
    static BY_HOST: LazyLock<ByHost> = LazyLock::new(|| {
        let hosts = rules().iter().zip(0..).flat_map(|(e, i)| e.hosts.iter().map(move |h| (h, i)));
        ByHost::new(hosts)
    });
    let (fit, number) = BY_HOST.find(url)?;
    Some((fit, &rules()[number]))
}

macro_rules! files {
    ($($name:literal),* $(,)?) => {
        /// Name and text of each file.
        pub(super) const FILES: &[(&str, &str)] = &[$(($name, include_str!(concat!("rules/", $name)))),*];
    };
}

files![
    "24ghonta.news.toml",
    "aajbangla.in.toml",
    "aajkalpratidin.com.toml",
    "ajkerdarpon.com.toml",
    "ajkerpatrika.com.toml",
    "amadershomoy.com.toml",
    "amarsangbad.com.toml",
    "amritabazar.com.toml",
    "anandabazar.com.toml",
    "arthosuchak.com.toml",
    "atnnewstv.com.toml",
    "bangla.bdnews24.com.toml",
    "bangla.dhakatribune.com.toml",
    "bangla.hindustantimes.com.toml",
    "bangla.thedailystar.net.toml",
    "banglanews24.com.toml",
    "banglapostbd.com.toml",
    "banglatribune.com.toml",
    "barta24.com.toml",
    "bartabazar.com.toml",
    "bartamanpatrika.com.toml",
    "bbc.com_bengali.toml",
    "bd-pratidin.com.toml",
    "bd24live.com.toml",
    "bddinkal.com.toml",
    "bdtodays.com.toml",
    "bengali.abplive.com.toml",
    "bengali.indianexpress.com.toml",
    "bengali.news18.com.toml",
    "bengali.oneindia.com.toml",
    "bengalinfo.com.toml",
    "bholabani.com.toml",
    "bhorerkagoj.com.toml",
    "bishwanathbd24.com.toml",
    "biswabanglasangbad.com.toml",
    "boishakhionline.com.toml",
    "bonikbarta.com.toml",
    "bssnews.net_bangla.toml",
    "channelionline.com.toml",
    "ctgtimes.com.toml",
    "dailybangladeshbani.com.toml",
    "dailyinqilab.com.toml",
    "dailyjanakantha.com.toml",
    "dailynayadiganta.com.toml",
    "dailysangram.com.toml",
    "dailysylhet.com.toml",
    "dainikamadershomoy.com.toml",
    "dainikshiksha.com.toml",
    "dakghar24.com.toml",
    "dbcnews.tv.toml",
    "desh.tv.toml",
    "deshrupantor.com.toml",
    "dhakapost.com.toml",
    "dhakaprokash24.com.toml",
    "dhakatimes24.com.toml",
    "dmpnews.org.toml",
    "dnnbd.com.toml",
    "duaa-news.com.toml",
    "dw.com_bn.toml",
    "ebela.in.toml",
    "eisamay.com.toml",
    "ekattor.tv.toml",
    "ekushey-tv.com.toml",
    "etvbharat.com_bengali.toml",
    "ittefaq.com.bd.toml",
    "jagonews24.com.toml",
    "jaijaidinbd.com.toml",
    "jamuna.tv.toml",
    "janotarkantho24.com.toml",
    "jugantor.com.toml",
    "kalbela.com.toml",
    "kalerkantho.com.toml",
    "khulnagazette.com.toml",
    "madhyom.in.toml",
    "meherpurpratidin.com.toml",
    "mymensinghpratidin.com.toml",
    "mzamin.com.toml",
    "netrokona24.com.toml",
    "newsbangla24bd.com.toml",
    "newspost24.com.toml",
    "ntvbd.com.toml",
    "onenews24bd.com.toml",
    "prothomalo.com.toml",
    "risingbd.com.toml",
    "roar.media_bangla.toml",
    "samakal.com.toml",
    "sangbad.net.bd.toml",
    "sangbadpratidin.in.toml",
    "sarabangla.net.toml",
    "saradin.news.toml",
    "satv.tv.toml",
    "sharebiz.net.toml",
    "somoyerkontha.com.toml",
    "somoynews.tv.toml",
    "tbsnews.net_bangla.toml",
    "techshohor.com.toml",
    "thedailyagnishikha.com.toml",
    "tv24bangla.com.toml",
    "unb.com.bd_bangla.toml",
    "voabangla.com.toml",
    "zeenews.india.com_bengali.toml",
];
