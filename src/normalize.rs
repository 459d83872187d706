//! From an [`Extraction`] to the [`Article`] record. The only maker of
//! articles: what a record promises of its values is kept here.

use crate::article::{
    ARTICLE_SCHEMA, Article, Author, Block, Extractor, LeadImage, RelatedLink, Warning, WarningCode,
};
use crate::bangla::{fold, normalize_parsed, word_count};
use crate::extract::Extraction;
use crate::mask::mask_password;
use crate::options::Options;
use crate::sites::bare_host;
use url::Url;

/// Makes the record of what was found in a page.
pub fn article(found: Extraction, options: &Options) -> Article {
    let mut warnings = found.notes.warnings;
    let mut repair = |text: &str| repaired(text, &mut warnings);
    let headline = found.headline.as_deref().and_then(&mut repair);
    let kicker = found.kicker.as_deref().and_then(&mut repair);
    let subheadline = found.subheadline.as_deref().and_then(&mut repair);
    let publisher = found.publisher.as_deref().and_then(&mut repair);
    let byline = found.byline.as_deref().and_then(&mut repair);
    let section = found.section.as_deref().and_then(&mut repair);
    let authors: Vec<Author> = found
        .authors
        .into_iter()
        .filter_map(|a| {
            Some(Author {
                name: repair(&a.name)?,
                kind: a.kind,
                place: a.place.as_deref().and_then(&mut repair),
            })
        })
        .collect();
    let blocks: Vec<Block> = found
        .blocks
        .into_iter()
        .filter_map(|b| Some(Block { kind: b.kind, text: repair(&b.text)? }))
        .collect();
    let related: Vec<RelatedLink> = found
        .related
        .into_iter()
        .filter_map(|r| {
            Some(RelatedLink {
                title: repair(&r.title)?,
                url: r.url,
                group: r.group.as_deref().and_then(&mut repair),
            })
        })
        .collect();
    let captions: Vec<String> = found.captions.iter().filter_map(|c| repair(c)).collect();
    let tags: Vec<String> = found.tags.iter().filter_map(|t| repair(t)).collect();
    let lead_image = found.lead_image.map(|i| LeadImage {
        url: i.url,
        caption: i.caption.as_deref().and_then(&mut repair),
        credit: i.credit.as_deref().and_then(&mut repair),
    });
    let body =
        (!blocks.is_empty()).then(|| blocks.iter().map(|b| b.text.as_str()).collect::<Vec<_>>().join("\n\n"));

    let (content_hash, fingerprint) = fold::hashes(headline.as_deref(), body.as_deref());

    let mut evidence = found.notes.evidence;
    // Evidence for a value that did not come through says nothing.
    let filled: &[(&str, bool)] = &[
        ("headline", headline.is_some()),
        ("byline", byline.is_some() || !authors.is_empty()),
        ("published_at", found.published.is_some()),
        ("modified_at", found.modified.is_some()),
        ("body", body.is_some()),
        ("related", !related.is_empty()),
    ];
    evidence.retain(|field, _| filled.iter().all(|(name, present)| name != field || *present));
    let url = options.url.as_deref().map(mask_password);
    Article {
        schema: ARTICLE_SCHEMA.to_owned(),
        id: options.id.clone(),
        site: site(options, found.rule.as_deref(), found.canonical_url.as_ref()),
        final_url: options.final_url.as_deref().map(mask_password).filter(|f| Some(f) != url.as_ref()),
        url,
        canonical_url: found.canonical_url.map(String::from),
        source: options.source.clone(),
        publisher,
        headline: headline.clone(),
        kicker,
        subheadline,
        byline,
        authors,
        published_at: found.published.as_ref().map(|s| s.moment.to_string()),
        modified_at: found.modified.as_ref().map(|s| s.moment.to_string()),
        published_text: found.published.map(|s| s.text),
        modified_text: found.modified.map(|s| s.text),
        section,
        tags,
        lead_image,
        word_count: body.as_deref().map_or(0, word_count) as u64,
        content_hash,
        fingerprint,
        body,
        blocks,
        captions,
        related,
        language: found.language,
        fetched_at: options.fetched_at.clone(),
        http: options.http.clone(),
        extractor: Extractor { version: env!("CARGO_PKG_VERSION").to_owned(), rule: found.rule },
        evidence,
        candidates: options.explain.then_some(found.notes.candidates),
        warnings,
    }
}

/// A text in the record's form, each kind of repair told once; `None` where
/// nothing is left.
fn repaired(text: &str, warnings: &mut Vec<Warning>) -> Option<String> {
    let done = normalize_parsed(text);
    for (hit, code, detail) in [
        (done.bijoy_converted, WarningCode::BijoyConverted, "text in a Bijoy font encoding"),
        (
            done.mojibake_repaired,
            WarningCode::MojibakeRepaired,
            "text that had been read with the wrong charset",
        ),
    ] {
        if hit && !warnings.iter().any(|w| w.code == code) {
            warnings.push(Warning::new(code, detail));
        }
    }
    Some(done.text.into_owned()).filter(|t| !t.is_empty())
}

/// The site's key: by the address asked for, else by what the page says of
/// itself.
fn site(options: &Options, rule: Option<&str>, canonical: Option<&Url>) -> Option<String> {
    let asked = options.final_url.as_deref().or(options.url.as_deref()).and_then(|a| Url::parse(a).ok());
    let url = asked.as_ref().or(canonical)?;
    rule.map(str::to_owned)
        .or_else(|| options.sites.find(url).map(|r| r.key.clone()))
        .or_else(|| bare_host(url))
}
