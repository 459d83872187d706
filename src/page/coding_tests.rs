//! Every coding, whole and broken, in pieces of every size.

use std::io::Write;

use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};

use super::*;

const MB: u64 = 1024 * 1024;

fn text() -> Vec<u8> {
    (0..4000).flat_map(|i| format!("<p>সংবাদ {i} {}</p>\n", i * 7919 % 1009).into_bytes()).collect()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn encode(coding: &str, bytes: &[u8]) -> Vec<u8> {
    match coding {
        "gzip" => gzip(bytes),
        "deflate" => {
            let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
            encoder.write_all(bytes).unwrap();
            encoder.finish().unwrap()
        }
        "raw" => {
            let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
            encoder.write_all(bytes).unwrap();
            encoder.finish().unwrap()
        }
        "br" => {
            let mut out = Vec::new();
            let params = brotli::enc::BrotliEncoderParams { quality: 4, ..Default::default() };
            brotli::BrotliCompress(&mut &bytes[..], &mut out, &params).unwrap();
            out
        }
        "zstd" => zstd::encode_all(bytes, 3).unwrap(),
        _ => bytes.to_vec(),
    }
}

fn decode_in(header: &str, wire: &[u8], piece: usize, cap: u64) -> Result<Vec<u8>, DecodeError> {
    let mut decoder = Decoder::new(std::iter::once(header.as_bytes()), cap, 200)?;
    for chunk in wire.chunks(piece) {
        decoder.push(chunk)?;
    }
    decoder.finish()
}

fn decode(header: &str, wire: &[u8]) -> Result<Vec<u8>, DecodeError> {
    decode_in(header, wire, 1400, 10 * MB)
}

#[test]
fn every_coding_in_pieces_of_every_size() {
    let text = text();
    for (coding, header) in [
        ("none", "identity"),
        ("gzip", "x-gzip"),
        ("deflate", "Deflate"),
        ("raw", "deflate"),
        ("br", "br"),
        ("zstd", "zstd"),
    ] {
        let wire = encode(coding, &text);
        for piece in [1, 7, 1400, wire.len()] {
            assert_eq!(
                decode_in(header, &wire, piece, 10 * MB).as_deref(),
                Ok(&text[..]),
                "{coding} by {piece}"
            );
        }
        assert_eq!(decode(header, b"").as_deref(), Ok(&b""[..]), "an empty {coding} body");
    }
}

#[test]
fn stacked_codings_and_gzip_members() {
    let text = text();
    assert_eq!(decode("gzip, br", &encode("br", &gzip(&text))).as_deref(), Ok(&text[..]));
    let mut members = gzip(b"one ");
    members.extend(gzip(b"two"));
    members.extend(b"\0\0 trailing rubbish");
    for piece in [1, 5, 1000] {
        assert_eq!(decode_in("gzip", &members, piece, MB).as_deref(), Ok(&b"one two"[..]));
    }
    assert!(matches!(decode("gzip,gzip,gzip,gzip,gzip", b""), Err(DecodeError::Unknown(_))));
}

#[test]
fn truncated_and_broken_bodies() {
    let text = text();
    for coding in ["gzip", "deflate", "br", "zstd"] {
        let wire = encode(coding, &text);
        for keep in [1, wire.len() / 2, wire.len() - 1] {
            let got = decode(coding, &wire[..keep]);
            assert!(matches!(got, Err(DecodeError::Truncated(_))), "{coding} {keep}: {got:?}");
        }
        assert!(decode(coding, b"<html>plain text under a false header</html>").is_err(), "{coding}");
    }
    let mut wire = gzip(&text);
    let crc = wire.len() - 6;
    wire[crc] ^= 1;
    assert_eq!(decode("gzip", &wire), Err(DecodeError::Broken("gzip")));
    assert_eq!(decode("compress", b""), Err(DecodeError::Unknown("compress".into())));
}

#[test]
fn bombs_stop_at_the_ratio_and_at_the_cap() {
    let zeros = vec![0; 8 * 1024 * 1024];
    for coding in ["gzip", "br", "zstd"] {
        let wire = encode(coding, &zeros);
        let got = decode_in(coding, &wire, wire.len(), 1000 * MB);
        assert_eq!(got, Err(DecodeError::Ratio(200)), "{coding}, {} bytes", wire.len());
    }
    let text = text();
    assert_eq!(decode_in("gzip", &gzip(&text), 1000, 50_000), Err(DecodeError::TooLarge(50_000)));
    assert_eq!(decode_in("", &text, 1000, 50_000), Err(DecodeError::TooLarge(50_000)));
    let mut decoder = Decoder::new(std::iter::once(&b"gzip"[..]), 50_000, 200).unwrap();
    let _ = decoder.push(&gzip(&text));
    assert_eq!(decoder.body().len(), 50_000, "the cap holds to the byte");
}
