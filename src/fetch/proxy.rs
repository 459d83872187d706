//! Which requests go through a proxy, known both to the HTTP client and to the
//! guards, which cannot check what a proxy resolves for itself.

use hyper_util::client::proxy::matcher::Matcher;
use reqwest::{NoProxy, Proxy};
use url::Url;

use super::options::{ProxyChoice, SetupError};
use crate::mask::mask_password;

/// The proxies in force.
#[derive(Debug, Default)]
pub(crate) struct Proxies {
    /// For http, for https; URLs that are parsed already.
    http: Option<String>,
    https: Option<String>,
    no: String,
    matcher: Option<Matcher>,
}

impl Proxies {
    /// The proxies of an option and an environment.
    ///
    /// # Errors
    /// [`SetupError::Proxy`] where a URL is none or has a scheme that is not
    /// spoken.
    pub(crate) fn new(
        choice: &ProxyChoice,
        env: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, SetupError> {
        let var = |name: &str| {
            let found = env(name).or_else(|| env(&name.to_ascii_uppercase()));
            found.map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
        };
        let no = var("no_proxy").unwrap_or_default();
        let (http, https) = match choice {
            ProxyChoice::Direct => (None, None),
            ProxyChoice::Url(url) => (Some(url.clone()), Some(url.clone())),
            ProxyChoice::Environment => {
                let all = var("all_proxy");
                // Under CGI the variable in capitals is a request's header.
                let http =
                    if env("REQUEST_METHOD").is_some() { env("http_proxy") } else { var("http_proxy") };
                (http.or_else(|| all.clone()), var("https_proxy").or(all))
            }
        };
        let (http, https) = (http.map(checked).transpose()?, https.map(checked).transpose()?);
        let matcher = (http.is_some() || https.is_some()).then(|| {
            let mut builder = Matcher::builder().no(no.clone());
            if let Some(http) = &http {
                builder = builder.http(http.clone());
            }
            if let Some(https) = &https {
                builder = builder.https(https.clone());
            }
            builder.build()
        });
        Ok(Self { http, https, no, matcher })
    }

    /// Whether requests for this URL go through a proxy.
    pub(crate) fn covers(&self, url: &Url) -> bool {
        let Some(matcher) = &self.matcher else { return false };
        url.as_str().parse().is_ok_and(|uri| matcher.intercept(&uri).is_some())
    }

    /// The same for the HTTP client.
    pub(crate) fn for_client(&self) -> Result<Vec<Proxy>, SetupError> {
        let make = |url: &Option<String>, proxy: fn(&str) -> reqwest::Result<Proxy>| {
            let proxy =
                url.as_deref().map(|url| proxy(url).map_err(|e| bad(url, &e.to_string()))).transpose();
            proxy.map(|proxy| proxy.map(|p| p.no_proxy(NoProxy::from_string(&self.no))))
        };
        let http = make(&self.http, |url| Proxy::http(url))?;
        let https = make(&self.https, |url| Proxy::https(url))?;
        Ok([http, https].into_iter().flatten().collect())
    }
}

/// A proxy's URL in a form that both sides understand alike.
fn checked(text: String) -> Result<String, SetupError> {
    let with_scheme = if text.contains("://") { text } else { format!("http://{text}") };
    // A SOCKS proxy must resolve for itself: a name that is looked up here for
    // it would pass by the guard.
    let full = match with_scheme.split_once("://") {
        Some(("socks5", rest)) => format!("socks5h://{rest}"),
        Some(("socks4", rest)) => format!("socks4a://{rest}"),
        _ => with_scheme,
    };
    let url = Url::parse(&full).map_err(|e| bad(&full, &e.to_string()))?;
    if !matches!(url.scheme(), "http" | "https" | "socks5h" | "socks4a") {
        return Err(bad(&full, "no http, https or socks url"));
    }
    if url.host_str().is_none_or(str::is_empty) {
        return Err(bad(&full, "it names no host"));
    }
    Ok(full)
}

fn bad(proxy: &str, reason: &str) -> SetupError {
    SetupError::Proxy { proxy: mask_password(proxy), reason: reason.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proxies(choice: &ProxyChoice, env: &[(&str, &str)]) -> Proxies {
        let env = |name: &str| env.iter().find(|(n, _)| *n == name).map(|(_, v)| (*v).to_owned());
        Proxies::new(choice, env).unwrap()
    }

    fn covers(proxies: &Proxies, url: &str) -> bool {
        proxies.covers(&Url::parse(url).unwrap())
    }

    #[test]
    fn the_environment_is_read_in_either_case() {
        let p = proxies(
            &ProxyChoice::Environment,
            &[("HTTPS_PROXY", "proxy:3128"), ("no_proxy", "e.com,10.0.0.0/8")],
        );
        assert!(covers(&p, "https://a.com/") && !covers(&p, "http://a.com/"));
        assert!(!covers(&p, "https://www.e.com/") && !covers(&p, "https://10.1.1.1/"));
        let p = proxies(&ProxyChoice::Environment, &[("all_proxy", "socks5://127.0.0.1:1080")]);
        assert!(covers(&p, "https://a.com/") && covers(&p, "http://a.com/"));
        assert_eq!(p.for_client().unwrap().len(), 2);
        let p = proxies(&ProxyChoice::Environment, &[("HTTP_PROXY", "evil:1"), ("REQUEST_METHOD", "GET")]);
        assert!(!covers(&p, "http://a.com/"));
    }

    #[test]
    fn the_option_wins() {
        let env = [("all_proxy", "http://env:1"), ("no_proxy", "e.com")];
        assert!(!covers(&proxies(&ProxyChoice::Direct, &env), "http://a.com/"));
        let p = proxies(&ProxyChoice::Url("http://u:pw@own:1".into()), &env);
        assert!(covers(&p, "http://a.com/") && !covers(&p, "http://e.com/"));
    }

    #[test]
    fn what_is_no_proxy_is_refused_without_its_password() {
        for bad in ["ftp://u:geheim@p:1", "http://", "socks9://u:geheim@p"] {
            let error = Proxies::new(&ProxyChoice::Url(bad.into()), |_| None).unwrap_err().to_string();
            assert!(!error.contains("geheim"), "{error}");
        }
    }
}
