use serde_json::{Value, json};

use super::*;

fn claims() -> Claims {
    Claims {
        iss: "https://pay.example".into(),
        sub: "client".into(),
        aud: "https://pay.example".into(),
        client_id: "client".into(),
        scope: "com_services_servipag".into(),
        jti: "7f0c".into(),
        iat: 1_700_000_000,
        exp: 1_700_003_600,
    }
}

fn part(value: &Value) -> String {
    BASE64URL.encode(value.to_string())
}

#[test]
fn a_signed_token_is_read_back_with_its_own_key_only() {
    let (key, pkcs8) = SigningKey::generate().unwrap();
    let (other, _) = SigningKey::generate().unwrap();
    let token = sign(&claims(), &key).unwrap();
    let read = Unverified::read(&token).unwrap();
    assert_eq!((read.kid(), read.id()), (key.kid(), "7f0c"));
    assert_eq!(read.verify(key.public()), Ok(claims()));
    assert_eq!(
        read.verify(SigningKey::open(&pkcs8).unwrap().public()),
        Ok(claims())
    );
    assert_eq!(read.verify(other.public()), Err(TokenRefused::Signature));
    assert_eq!(read.verify(&[]), Err(TokenRefused::Signature));
}

#[test]
fn the_example_of_rfc_7515_is_verified() {
    // Appendix A.3: its header has no `typ` of ours, so only the signature is checked here.
    let public = [
        &[0x04][..],
        &BASE64URL
            .decode("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU")
            .unwrap(),
        &BASE64URL
            .decode("x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0")
            .unwrap(),
    ]
    .concat();
    let signed = "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
    let signature = BASE64URL
        .decode("DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q")
        .unwrap();
    assert_eq!(is_signed_by(&public, signed.as_bytes(), &signature), Ok(()));
    assert_eq!(
        is_signed_by(&public, b"other", &signature),
        Err(TokenRefused::Signature)
    );
}

#[test]
fn a_forged_or_foreign_token_is_refused() {
    let (key, _) = SigningKey::generate().unwrap();
    let token = sign(&claims(), &key).unwrap();
    let [header, payload, signature] = token.split('.').collect::<Vec<_>>().try_into().unwrap();
    let header_with = |typ: &str, alg: &str| part(&json!({"typ": typ, "alg": alg, "kid": key.kid()}));
    let richer = part(&json!({"jti": "7f0c", "scope": "everything"}));
    let long = "a".repeat(TOKEN_LENGTH_MAX + 1);
    for (token, refused) in [
        (String::new(), TokenRefused::Malformed),
        ("a.b".into(), TokenRefused::Malformed),
        (long, TokenRefused::Malformed),
        (format!("{header}.{payload}"), TokenRefused::Malformed),
        (format!("{header}.{payload}."), TokenRefused::Signature),
        (
            format!("{header}.{payload}.{signature}.x"),
            TokenRefused::Malformed,
        ),
        (
            format!("{header}.{payload}.{signature}="),
            TokenRefused::Malformed,
        ),
        (
            format!("{}.{payload}.", header_with("at+jwt", "none")),
            TokenRefused::Header,
        ),
        (
            format!("{}.{payload}.{signature}", header_with("at+jwt", "HS256")),
            TokenRefused::Header,
        ),
        (
            format!("{}.{payload}.{signature}", header_with("JWT", "ES256")),
            TokenRefused::Header,
        ),
        (
            format!(
                "{}.{payload}.{signature}",
                part(&json!({"typ": "at+jwt", "alg": "ES256"}))
            ),
            TokenRefused::Header,
        ),
        (
            format!("{header}.{}.{signature}", part(&json!({"sub": "x"}))),
            TokenRefused::Malformed,
        ),
        (
            format!("{header}.{}.{signature}", part(&json!({"jti": "7f\0c"}))),
            TokenRefused::Malformed,
        ),
        (format!("{header}.{richer}.{signature}"), TokenRefused::Signature),
    ] {
        let got = Unverified::read(&token).and_then(|read| read.verify(key.public()));
        assert_eq!(got, Err(refused), "{token}");
    }
}
