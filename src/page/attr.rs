//! Attribute names as small numbers, as [`Tag`](super::Tag) has those of
//! elements: a question for one costs a comparison of a bit where the element
//! hasn't it, and no letters are compared where it has.

use super::names::named;

// Those that are asked for, and those that pages are full of: what is in the
// list need not be compared letter by letter with what else its element has.
// Names that belong to XLink or XML where they stand in SVG are not for it.
named! {
    /// An attribute's name.
    Attr, each "`" .. "`", other "Any name that is not in this list.":
    {
    Alt = "alt", AriaHidden = "aria-hidden", AriaLabel = "aria-label", Async = "async",
    Charset = "charset", Class = "class", Content = "content", D = "d", DataComponent = "data-component",
    DataOriginal = "data-original",
    DataSrc = "data-src", DataLazySrc = "data-lazy-src", DataUrl = "data-url", Datetime = "datetime",
    Fill = "fill", Height = "height", Hidden = "hidden", Href = "href", HttpEquiv = "http-equiv",
    Id = "id", Itemprop = "itemprop", Itemscope = "itemscope", Itemtype = "itemtype", Lang = "lang",
    Loading = "loading", Media = "media", Name = "name", Onclick = "onclick", Property = "property",
    Rel = "rel", Role = "role", Sizes = "sizes", Src = "src", Srcset = "srcset", Style = "style",
    Target = "target", Title = "title", Type = "type", Value = "value", ViewBox = "viewbox",
    Width = "width",
    }
}

/// Which attributes an element has: a bit for each name, one for all others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct AttrSet(u64);

const _: () = assert!((Attr::Other as usize) < 64);

impl AttrSet {
    #[inline]
    pub(super) fn of(attr: Attr) -> Self {
        Self(1 << attr as u8)
    }

    #[inline]
    pub(super) fn has(self, attr: Attr) -> bool {
        self.0 & Self::of(attr).0 != 0
    }

    /// Whether all of another set are in this one.
    #[inline]
    pub(super) fn has_all(self, wanted: Self) -> bool {
        self.0 & wanted.0 == wanted.0
    }

    #[inline]
    pub(super) fn add(&mut self, attr: Attr) {
        self.add_all(Self::of(attr));
    }

    #[inline]
    pub(super) fn add_all(&mut self, others: Self) {
        self.0 |= others.0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_finds_its_attribute() {
        for attr in ALL.iter().filter(|a| **a != Attr::Other) {
            assert_eq!(Attr::from_name(attr.name()), *attr);
        }
        assert_eq!(Attr::from_name("data-x"), Attr::Other);
        assert_eq!(Attr::from_name("xlink:href"), Attr::Other);
        assert_eq!(Attr::Other.name(), "");
    }

    #[test]
    fn a_set_knows_what_was_added() {
        let mut set = AttrSet::default();
        set.add(Attr::Class);
        set.add(Attr::Other);
        assert!(set.has(Attr::Class) && set.has(Attr::Other) && !set.has(Attr::Id));
        assert!(set.has_all(AttrSet::of(Attr::Class)) && !set.has_all(AttrSet::of(Attr::Id)));
    }
}
