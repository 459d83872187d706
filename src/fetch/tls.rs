//! Whom to trust: the machine's certificate store, else the roots that come
//! with the program, and the user's own.

use std::path::PathBuf;
use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};

use super::options::SetupError;

/// A TLS configuration that always verifies.
///
/// # Errors
/// [`SetupError`] where a file of `ca_certs` brings no certificate.
pub(crate) fn config(ca_certs: &[PathBuf]) -> Result<ClientConfig, SetupError> {
    let mut roots = RootCertStore::empty();
    let (added, _) = roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if added == 0 {
        // Small containers have no store; a client without roots could reach
        // no site at all.
        tracing::warn!("the system has no certificate store; the roots bundled with the program are used");
        roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    }
    for path in ca_certs {
        let bad = |reason: String| SetupError::CaCert { path: path.clone(), reason };
        let certs = CertificateDer::pem_file_iter(path)
            .and_then(Iterator::collect::<Result<Vec<_>, _>>)
            .map_err(|e| bad(e.to_string()))?;
        if certs.is_empty() {
            return Err(bad("no certificate in it".into()));
        }
        for cert in certs {
            roots.add(cert).map_err(|e| bad(e.to_string()))?;
        }
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|e| SetupError::Client(e.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    // The client leaves this to whoever brings a configuration of his own.
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_without_certificates_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("ca.pem");
        assert!(matches!(config(std::slice::from_ref(&path)), Err(SetupError::CaCert { .. })), "missing");
        std::fs::write(&path, "no pem").unwrap();
        assert!(matches!(config(&[path]), Err(SetupError::CaCert { .. })), "empty");
    }
}
