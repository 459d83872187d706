//! Element names as small numbers, so that the many questions asked of a node
//! while fields are sought ("is this a heading?") cost a comparison of a byte.

use super::names::named;

named! {
    /// An HTML element's name.
    Tag, each "`<" .. ">`",
    other "Any element that khobor asks nothing special of, custom elements included.":
    {
    A = "a", Abbr = "abbr", Address = "address", AmpAd = "amp-ad", AmpImg = "amp-img",
    AmpSidebar = "amp-sidebar", Applet = "applet", Area = "area", Article = "article",
    Aside = "aside", Audio = "audio", B = "b", Base = "base", Basefont = "basefont",
    Bgsound = "bgsound", Big = "big", Blockquote = "blockquote", Body = "body", Br = "br",
    Button = "button", Canvas = "canvas", Caption = "caption", Center = "center", Cite = "cite",
    Code = "code", Col = "col", Colgroup = "colgroup", Dd = "dd", Desc = "desc",
    Details = "details", Dialog = "dialog", Dir = "dir", Div = "div", Dl = "dl", Dt = "dt",
    Em = "em", Embed = "embed", Fieldset = "fieldset", Figcaption = "figcaption",
    Figure = "figure", Font = "font", Footer = "footer", ForeignObject = "foreignobject", Form = "form", Frame = "frame",
    Frameset = "frameset", G = "g", H1 = "h1", H2 = "h2", H3 = "h3", H4 = "h4", H5 = "h5",
    H6 = "h6", Head = "head", Header = "header", Hgroup = "hgroup", Hr = "hr", Html = "html",
    I = "i", Iframe = "iframe", Image = "image", Img = "img", Input = "input", Ins = "ins",
    Isindex = "isindex", Keygen = "keygen", Label = "label", Legend = "legend", Li = "li",
    Link = "link", Listing = "listing", Main = "main", Marquee = "marquee", Math = "math",
    Menu = "menu", Meta = "meta", Nav = "nav", Nobr = "nobr", Noembed = "noembed",
    Noframes = "noframes", Noscript = "noscript", Object = "object", Ol = "ol",
    Optgroup = "optgroup", Option = "option", P = "p", Param = "param", Path = "path",
    Picture = "picture", Plaintext = "plaintext", Pre = "pre", Q = "q", Rb = "rb", Rp = "rp",
    Rt = "rt", Rtc = "rtc", Ruby = "ruby", S = "s", Script = "script", Search = "search",
    Section = "section", Select = "select", Small = "small", Source = "source", Span = "span",
    Strike = "strike", Strong = "strong", Style = "style", Sub = "sub", Summary = "summary",
    Sup = "sup", Svg = "svg", Table = "table", Tbody = "tbody", Td = "td", Template = "template",
    Textarea = "textarea", Tfoot = "tfoot", Th = "th", Thead = "thead", Time = "time",
    Title = "title", Tr = "tr", Track = "track", Tt = "tt", U = "u", Ul = "ul", Var = "var",
    Video = "video", Wbr = "wbr", Xmp = "xmp",
    }
}

impl Tag {
    /// How many tags there are, [`Tag::Other`] among them.
    pub(crate) const COUNT: usize = Self::Other as usize + 1;

    /// All tags with their names, in the order of these.
    #[cfg(test)]
    pub(crate) fn named() -> impl Iterator<Item = (&'static str, Self)> {
        ALL.iter().filter(|tag| **tag != Self::Other).map(|tag| (tag.name(), *tag))
    }

    /// For each tag the value of the set that it is in, or the other one.
    pub(super) const fn table<T: Copy, const SETS: usize>(
        sets: [(T, &[Self]); SETS],
        other: T,
    ) -> [T; Self::COUNT] {
        let mut table = [other; Self::COUNT];
        let mut set = 0;
        while set < SETS {
            let (value, tags) = sets[set];
            let mut at = 0;
            while at < tags.len() {
                table[tags[at] as usize] = value;
                at += 1;
            }
            set += 1;
        }
        table
    }

    /// Whether the element starts a new line of its own when displayed.
    ///
    /// Custom elements count as inline, as the HTML standard's default
    /// stylesheet has it.
    pub fn is_block(self) -> bool {
        use Tag::{
            Address, Article, Aside, Blockquote, Body, Caption, Dd, Details, Dialog, Div, Dl, Dt, Fieldset,
            Figcaption, Figure, Footer, Form, H1, H2, H3, H4, H5, H6, Header, Hr, Html, Legend, Li, Main,
            Marquee, Menu, Nav, Ol, P, Pre, Section, Summary, Table, Tbody, Td, Tfoot, Th, Thead, Tr, Ul,
        };
        matches!(
            self,
            Address
                | Article
                | Aside
                | Blockquote
                | Body
                | Caption
                | Dd
                | Details
                | Dialog
                | Div
                | Dl
                | Dt
                | Fieldset
                | Figcaption
                | Figure
                | Footer
                | Form
                | H1
                | H2
                | H3
                | H4
                | H5
                | H6
                | Header
                | Hr
                | Html
                | Legend
                | Li
                | Main
                | Marquee
                | Menu
                | Nav
                | Ol
                | P
                | Pre
                | Section
                | Summary
                | Table
                | Tbody
                | Td
                | Tfoot
                | Th
                | Thead
                | Tr
                | Ul
        )
    }

    /// The level of a heading element, 1 to 6.
    pub fn heading_level(self) -> Option<u8> {
        Some(match self {
            Self::H1 => 1,
            Self::H2 => 2,
            Self::H3 => 3,
            Self::H4 => 4,
            Self::H5 => 5,
            Self::H6 => 6,
            _ => return None,
        })
    }

    /// Whether the element's content is no text for a reader.
    pub fn is_unread(self) -> bool {
        matches!(
            self,
            Self::Script
                | Self::Style
                | Self::Template
                | Self::Svg
                | Self::Iframe
                | Self::Object
                | Self::Embed
                | Self::Canvas
                | Self::Select
                | Self::Option
                | Self::Textarea
                | Self::Head
                | Self::Title
                | Self::Meta
                | Self::Link
                | Self::Source
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_finds_its_tag() {
        for (name, tag) in Tag::named() {
            assert_eq!(Tag::from_name(name), tag);
        }
        assert_eq!(Tag::from_name("x-card"), Tag::Other);
        assert_eq!(Tag::from_name(""), Tag::Other);
    }
}
