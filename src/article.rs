//! The article record: the contract between khobor and everything that reads
//! its output.
//!
//! The order of the fields here is the order of the keys in the JSON. New keys
//! may be added to a `/1` record; no key changes its meaning or type. Absent
//! values are `null` or `[]`, never `""`, and never invented.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The value of [`Article::schema`].
pub const ARTICLE_SCHEMA: &str = "khobor.article/1";

/// One article page as a structured record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Article {
    /// Always `khobor.article/1`.
    pub schema: String,
    /// Handed through from jsonl input.
    pub id: Option<String>,
    /// The address asked for, byte for byte as given, for joins; a password in
    /// it is masked.
    pub url: Option<String>,
    /// Where redirects ended; `null` where that is the same address.
    pub final_url: Option<String>,
    /// What the page says of its own address: resolved, without tracking
    /// parameters, percent-escapes in upper case.
    pub canonical_url: Option<String>,
    /// Offline input: the path as given or as found below a given directory.
    pub source: Option<String>,
    /// The key of the site rule, else the host without `www.`.
    pub site: Option<String>,
    /// The publication's name as displayed.
    pub publisher: Option<String>,
    /// The headline as displayed, white space collapsed, without a kicker that
    /// stands inside the same element and without the site's name.
    pub headline: Option<String>,
    /// The line over the headline (shoulder).
    pub kicker: Option<String>,
    /// The deck under the headline, where it is set apart from the body.
    pub subheadline: Option<String>,
    /// The credit as displayed, place included, without labels, date, and a
    /// site name that stands apart.
    pub byline: Option<String>,
    /// Who is credited: persons, desks, anonymous roles, agencies.
    pub authors: Vec<Author>,
    /// When the article was published: RFC 3339 with offset, or `YYYY-MM-DD`
    /// where only the day is known.
    pub published_at: Option<String>,
    /// When the article was last updated, in the same forms.
    pub modified_at: Option<String>,
    /// The literal that `published_at` was read from.
    pub published_text: Option<String>,
    /// The literal that `modified_at` was read from.
    pub modified_text: Option<String>,
    /// The section the article stands in.
    pub section: Option<String>,
    /// Tags or topics, as displayed or in metadata.
    pub tags: Vec<String>,
    /// The article's main picture; a site's placeholder is none.
    pub lead_image: Option<LeadImage>,
    /// The text of [`Article::blocks`], joined by an empty line.
    pub body: Option<String>,
    /// The article's own text, in order.
    pub blocks: Vec<Block>,
    /// Photo captions and credits; they are not in the body.
    pub captions: Vec<String>,
    /// Other articles which the page offers its reader.
    pub related: Vec<RelatedLink>,
    /// BCP 47 language of the article: `bn`, `as`, `en`, `hi`, ... or `und`.
    pub language: String,
    /// Words in the body; a word is a run of letters, marks and digits.
    pub word_count: u64,
    /// Version of the fold, a colon, and a hash of headline and body under it.
    pub content_hash: String,
    /// 64-bit similarity hash of the body, 16 hexadecimal digits.
    pub fingerprint: String,
    /// When the page was fetched, RFC 3339; `null` for plain files.
    pub fetched_at: Option<String>,
    /// How the page was answered; `null` for plain files.
    pub http: Option<HttpInfo>,
    /// Which program and which rule made this record.
    pub extractor: Extractor,
    /// For each of headline, byline, `published_at`, `modified_at`, body and
    /// related: where the value came from.
    pub evidence: BTreeMap<String, Source>,
    /// Everything that was considered for a field, kept or not; only with
    /// `--explain`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub candidates: Option<BTreeMap<String, Vec<CandidateRecord>>>,
    /// What a reader of the record should know before trusting it.
    pub warnings: Vec<Warning>,
}

/// One credited name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Author {
    /// The name, without place, post and separate site name.
    pub name: String,
    /// What kind of credit this is.
    pub kind: AuthorKind,
    /// The place named in the credit.
    pub place: Option<String>,
}

/// What kind of credit a byline names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AuthorKind {
    /// A named person.
    Person,
    /// A desk of the newsroom, such as `অনলাইন ডেস্ক`.
    Desk,
    /// An anonymous role, such as `নিজস্ব প্রতিবেদক`.
    Role,
    /// A news agency.
    Agency,
}

/// The article's main picture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LeadImage {
    /// The picture's address, absolute where the page's is known.
    pub url: String,
    /// Its caption as displayed.
    pub caption: Option<String>,
    /// Its credit, where it is told apart from the caption.
    pub credit: Option<String>,
}

/// One block of the article's own text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Block {
    /// What the block is.
    pub kind: BlockKind,
    /// Its text, white space collapsed.
    pub text: String,
}

/// What a block of text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum BlockKind {
    /// A paragraph.
    Paragraph,
    /// A subheading inside the body.
    Heading,
    /// A quotation set apart.
    Quote,
    /// An item of a list.
    ListItem,
    /// A row of a table, its cells joined.
    TableRow,
}

/// A link to another article which the page offers its reader.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RelatedLink {
    /// The other article's headline as displayed.
    pub title: String,
    /// Its address; `null` in flattened text.
    pub url: Option<String>,
    /// The heading of the list that the link stands in.
    pub group: Option<String>,
}

/// How the page was answered.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct HttpInfo {
    /// The status code.
    pub status: u16,
    /// The Content-Type header as received.
    pub content_type: Option<String>,
    /// The charset that the header names.
    pub charset: Option<String>,
    /// Bytes of the body after decoding the content coding.
    pub bytes: u64,
    /// Bytes of the body as they came over the wire.
    pub bytes_on_wire: u64,
    /// The `ETag` header as received.
    pub etag: Option<String>,
    /// The Last-Modified header as received.
    pub last_modified: Option<String>,
}

/// Which program and which rule made a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Extractor {
    /// The program's version.
    pub version: String,
    /// The key of the site rule that was used.
    pub rule: Option<String>,
}

/// Where a value was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Source {
    /// A selector of a site rule.
    SiteRule,
    /// A JSON-LD block (schema.org).
    JsonLd,
    /// Microdata attributes (schema.org).
    Microdata,
    /// A meta tag (Open Graph, `article:`, Dublin Core ...) or the title.
    Meta,
    /// Visible markup, by the generic way.
    Visible,
    /// The page's address.
    Url,
    /// State that a script would render (`__NEXT_DATA__` and its kind).
    State,
    /// Flattened page text.
    Text,
}

impl Source {
    /// The source as it stands in the record.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SiteRule => "site_rule",
            Self::JsonLd => "json_ld",
            Self::Microdata => "microdata",
            Self::Meta => "meta",
            Self::Visible => "visible",
            Self::Url => "url",
            Self::State => "state",
            Self::Text => "text",
        }
    }
}

/// A value that was considered for a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CandidateRecord {
    /// The value.
    pub value: String,
    /// Where it was found.
    pub source: Source,
    /// Why it was not taken; `null` for the one that was.
    pub rejected: Option<String>,
}

/// Something a reader of the record should know before trusting it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Warning {
    /// What class of warning this is.
    pub code: WarningCode,
    /// The case in hand.
    pub detail: String,
}

/// The documented list of warnings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum WarningCode {
    /// The weekday printed beside a date is not that date's.
    WeekdayContradictsDate,
    /// The clock printed beside a date cannot be; the day was kept.
    ImpossibleClock,
    /// Two calendars in one line name different days.
    CalendarConflict,
    /// The day was converted from a Bangla calendar date alone.
    CalendarOnly,
    /// The date was read from the page's address, the last resort.
    DateFromUrl,
    /// A date was read but the page's zone is not known: day only.
    ZoneUnknown,
    /// The metadata's offset contradicts the displayed clock and lost.
    OffsetDistrusted,
    /// The article has no text, or hardly any.
    BodyShort,
    /// The text ends at a paywall, or the page says that it is not free.
    Paywall,
    /// A JSON-LD block could not be read.
    JsonLdInvalid,
    /// The declared charset is not the one that the bytes are in.
    CharsetOverruled,
    /// Bytes that are no text in the page's charset were replaced.
    CharsetErrors,
    /// Two sources name different values for a field.
    SourcesDisagree,
    /// A selector of the site rule found nothing.
    RuleMissed,
    /// An unverified site rule lost against the generic way.
    RuleOutvoted,
    /// Text in a Bijoy font encoding was converted to Unicode.
    BijoyConverted,
    /// Text decoded with the wrong charset was repaired.
    MojibakeRepaired,
    /// Text decoded with the wrong charset cannot be repaired.
    MojibakeLossy,
    /// Elements nested deeper than the cap, or formatting elements that the page
    /// opens again and again without closing, were flattened.
    NestingFlattened,
}

impl WarningCode {
    /// The code as it stands in the record.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::WeekdayContradictsDate => "weekday_contradicts_date",
            Self::ImpossibleClock => "impossible_clock",
            Self::CalendarConflict => "calendar_conflict",
            Self::CalendarOnly => "calendar_only",
            Self::DateFromUrl => "date_from_url",
            Self::ZoneUnknown => "zone_unknown",
            Self::OffsetDistrusted => "offset_distrusted",
            Self::BodyShort => "body_short",
            Self::Paywall => "paywall",
            Self::JsonLdInvalid => "json_ld_invalid",
            Self::CharsetOverruled => "charset_overruled",
            Self::CharsetErrors => "charset_errors",
            Self::SourcesDisagree => "sources_disagree",
            Self::RuleMissed => "rule_missed",
            Self::RuleOutvoted => "rule_outvoted",
            Self::BijoyConverted => "bijoy_converted",
            Self::MojibakeRepaired => "mojibake_repaired",
            Self::MojibakeLossy => "mojibake_lossy",
            Self::NestingFlattened => "nesting_flattened",
        }
    }
}

impl Warning {
    /// A warning with its detail.
    pub fn new(code: WarningCode, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into() }
    }
}
