//! The rule files that come with the program.

macro_rules! files {
    ($($name:literal),* $(,)?) => {
        /// Name and text of each file.
        pub(super) const FILES: &[(&str, &str)] = &[$(($name, include_str!(concat!("rules/", $name)))),*];
    };
}

files![
    "anandabazar.com.toml",
    "bangla.bdnews24.com.toml",
    "banglanews24.com.toml",
    "bbc.com_bengali.toml",
    "ittefaq.com.bd.toml",
    "jagonews24.com.toml",
    "jugantor.com.toml",
    "kalerkantho.com.toml",
    "prothomalo.com.toml",
    "samakal.com.toml",
];
