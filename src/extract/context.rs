//! What all fields look at: the page's layout and metadata, the site's rule,
//! and the names that the site goes by.

use serde_json::{Map, Value};
use url::Url;

use super::address::Addresses;
use super::keyed::Say;
use super::layout::Layout;
use super::site_names::SiteNames;
use crate::page::{JsonLd, Meta, Microdata, Node, Page, Selector};
use crate::sites::{Era, SiteRule, known};

/// One page in the state in which fields are sought.
#[derive(Debug)]
pub struct Cx<'a> {
    /// The lines.
    pub layout: Layout<'a>,
    /// The head.
    pub meta: &'a Meta,
    /// The JSON-LD blocks.
    pub json_ld: &'a JsonLd,
    /// The microdata.
    pub microdata: Microdata<'a>,
    /// The JSON-LD object that describes the article.
    pub article: Option<&'a Map<String, Value>>,
    /// The site's rule.
    pub rule: Option<&'a SiteRule>,
    /// The form of the site's markup that the page is in.
    pub era: Option<&'a Era>,
    /// The page's address, against which others are resolved.
    pub url: Option<Url>,
    /// The addresses in it.
    pub addresses: Addresses,
    /// The names that the site goes by.
    pub names: SiteNames,
}

impl<'a> Cx<'a> {
    /// Prepares a page.
    pub fn new(page: &'a Page<'a>, url: Option<Url>, rule: Option<&'a SiteRule>) -> Self {
        let layout = Layout::new(&page.doc);
        let era = rule.and_then(|r| era_of(r, page));
        let mut cx = Self {
            layout,
            meta: &page.meta,
            json_ld: &page.json_ld,
            microdata: Microdata::read(&page.doc),
            article: article_object(&page.json_ld),
            rule,
            era,
            addresses: Addresses::new(url.as_ref(), page.meta.base.as_deref()),
            url,
            names: SiteNames::default(),
        };
        cx.names = cx.gather_names();
        cx
    }

    /// Whether the page's rule is proven and its markup recognised.
    pub fn trusted_era(&self) -> bool {
        self.era.is_some_and(|e| !e.unverified)
    }

    /// All elements that a proven rule finds for a field; none from a rule that
    /// no case proves.
    pub fn proven(&self, pick: impl Fn(&'a Era) -> &'a [Selector]) -> Vec<Node<'a>> {
        if self.trusted_era() { self.all_by_rule(pick) } else { Vec::new() }
    }

    /// All elements that an unproven rule finds for a field: they fill a gap
    /// that the generic way leaves, and give way to it elsewhere.
    pub fn unproven(&self, pick: impl Fn(&'a Era) -> &'a [Selector]) -> Vec<Node<'a>> {
        if self.trusted_era() { Vec::new() } else { self.all_by_rule(pick) }
    }

    /// The first element that one of a rule's selectors for a field finds.
    pub fn by_rule(&self, pick: impl Fn(&'a Era) -> &'a [Selector]) -> Option<Node<'a>> {
        let first = |s: &'a Selector| self.layout.doc.select(s).find(|n| n.has_text());
        pick(self.era?).iter().find_map(first)
    }

    /// All elements that the first fitting one of a rule's selectors finds.
    pub fn all_by_rule(&self, pick: impl Fn(&'a Era) -> &'a [Selector]) -> Vec<Node<'a>> {
        let Some(era) = self.era else { return Vec::new() };
        for selector in pick(era) {
            let found: Vec<Node<'a>> = self.layout.doc.select(selector).filter(|n| n.has_text()).collect();
            if !found.is_empty() {
                return found;
            }
        }
        Vec::new()
    }

    /// An address as found in the page, resolved; `None` where it is no
    /// http(s) address.
    pub fn resolve(&self, href: &str) -> Option<Url> {
        self.addresses.resolve(href)
    }

    /// Whether a text is one of the site's own names.
    pub fn is_site_name(&self, text: &(impl Say + ?Sized)) -> bool {
        self.names.contains(text)
    }

    fn gather_names(&self) -> SiteNames {
        let mut raw: Vec<String> = Vec::new();
        if let Some(rule) = self.rule {
            raw.extend(rule.publisher.clone());
            raw.extend(rule.names.iter().cloned());
        }
        raw.extend(self.url.as_ref().and_then(known::find).map(|s| s.name.to_owned()));
        for name in ["og:site_name", "application-name", "apple-mobile-web-app-title"] {
            raw.extend(self.meta.get(name).map(str::to_owned));
        }
        if let Some(publisher) = self.article.and_then(|a| a.get("publisher")) {
            raw.extend(self.json_ld.names(publisher));
        }
        for kind in ["NewsMediaOrganization", "Organization", "WebSite"] {
            for object in self.json_ld.of_type(kind) {
                raw.extend(object.get("name").into_iter().flat_map(|n| self.json_ld.names(n)));
            }
        }
        raw.extend(self.microdata.names("publisher").into_iter().map(|(_, n)| n));
        if let Some(host) = self.url.as_ref().and_then(Url::host_str) {
            let host = host.trim_start_matches("www.");
            raw.push(host.to_owned());
            // `bangla.bdnews24.com`: the name is the label before the suffix.
            raw.extend(host.rsplit('.').skip(1).filter(|l| l.len() > 3).map(str::to_owned));
        }
        SiteNames::new(raw.iter().map(String::as_str)).in_language(self.meta.lang.as_deref())
    }
}

/// The era whose `when` matches, else the first one of whose selectors for
/// headline or body finds something.
fn era_of<'a>(rule: &'a SiteRule, page: &Page<'_>) -> Option<&'a Era> {
    let finds = |s: &Selector| page.doc.select(s).next().is_some();
    rule.eras
        .iter()
        .find(|era| if let Some(when) = &era.when { finds(when) } else { era.fields.body.iter().any(finds) })
}

/// The JSON-LD object that describes the article: the one with most of what an
/// article has, the first among equals.
fn article_object(json_ld: &JsonLd) -> Option<&Map<String, Value>> {
    let weight = |o: &Map<String, Value>| {
        ["headline", "datePublished", "author", "articleBody", "dateModified"]
            .iter()
            .filter(|k| o.contains_key(**k))
            .count()
    };
    let mut best: Option<&Map<String, Value>> = None;
    for object in json_ld.articles() {
        if best.is_none_or(|b| weight(object) > weight(b)) {
            best = Some(object);
        }
    }
    best
}
