//! Every kind of address, in every spelling.

use super::*;

fn refusal(policy: &Policy, url: &str) -> UrlRefused {
    policy.check_url(url).map(|(url, _)| url).expect_err(url)
}

fn loopback() -> Policy {
    Policy {
        allow: vec!["127.0.0.0/8".parse().unwrap(), "::1/128".parse().unwrap()],
    }
}

#[test]
fn only_addresses_of_the_public_internet_are_public() {
    for address in PUBLIC.split_whitespace() {
        assert!(is_public(address.parse().unwrap()), "{address}");
    }
    for address in SPECIAL.split_whitespace() {
        assert!(!is_public(address.parse().unwrap()), "{address}");
    }
}

const PUBLIC: &str = "
    1.1.1.1 8.8.8.8 100.63.255.255 100.128.0.0 172.15.255.255 172.32.0.0 192.0.1.1 198.17.255.255 223.255.255.255
    2606:4700:4700::1111 2a00:1450:4001::1 2001:200::1 ::ffff:8.8.8.8 64:ff9b::8.8.8.8";

const SPECIAL: &str = "
    0.0.0.0 0.1.2.3 10.0.0.1 100.64.0.1 100.127.255.255 127.0.0.1 127.255.255.254 169.254.169.254 172.16.0.1
    172.31.255.255 192.0.0.8 192.0.2.1 192.88.99.1 192.168.1.1 198.18.0.1 198.19.255.255 198.51.100.7 203.0.113.9
    224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255
    :: ::1 ::7f00:1 ::8.8.8.8 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 64:ff9b::127.0.0.1
    64:ff9b::10.1.2.3 64:ff9b:1::1 100::1 2001::1 2001:0:4136:e378:8000:63bf:3fff:fdd2 2001:2::1 2001:10::1
    2001:20::1 2001:db8::1 2002:7f00:1:: 2002:808:808::1 3fff::1 4000::1 5f00::1 fc00::1 fd00:ec2::254 fe80::1
    fec0::1 ff02::1";

#[test]
fn an_address_in_any_spelling_is_the_address_it_is() {
    for host in [
        "127.0.0.1",
        "127.1",
        "127.0.1",
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "017700000001",
        "0177.0.0.01",
        "127.0.0.1.",
        "%31%32%37.0.0.1",
        "１２７.0.0.1",
        "[::ffff:127.0.0.1]",
    ] {
        let refused = refusal(&Policy::default(), &format!("https://{host}/hook"));
        let UrlRefused::Address(address) = refused else {
            panic!("{host}: {refused}")
        };
        assert!(address.to_canonical().is_loopback(), "{host}: {address}");
    }
    for host in [
        "[::1]",
        "[::]",
        "0",
        "0.0.0.0",
        "169.254.169.254",
        "0xa9fea9fe",
        "[fd00:ec2::254]",
        "[64:ff9b::a9fe:a9fe]",
    ] {
        let refused = refusal(&Policy::default(), &format!("https://{host}/"));
        assert!(matches!(refused, UrlRefused::Address(_)), "{host}");
    }
}

#[test]
fn https_to_a_name_or_a_public_address_passes() {
    for url in [
        "https://merchant.cl/hook?a=1#b",
        "https://merchant.cl:8443",
        "https://8.8.8.8/",
        "HTTPS://Merchant.CL/",
    ] {
        let (_, transport) = Policy::default().check_url(url).expect(url);
        assert_eq!(transport, Transport::Encrypted);
    }
}

#[test]
fn what_is_no_absolute_web_address_is_malformed() {
    for url in [
        "",
        "merchant.cl",
        "//merchant.cl/",
        "/hook",
        "ftp://merchant.cl/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "gopher://127.0.0.1:6379/_x",
        "https://",
        "https://:80",
        "https://a b/",
        "https://256.256.256.256/",
        "https://[::1/",
        "unix:/run/db.sock",
        "data:text/plain,x",
    ] {
        assert_eq!(refusal(&loopback(), url), UrlRefused::Malformed, "{url}");
    }
}

#[test]
fn a_url_with_a_user_name_or_password_is_refused() {
    for url in [
        "https://user@merchant.cl/",
        "https://user:pass@merchant.cl/",
        "https://:pass@merchant.cl/",
    ] {
        assert_eq!(refusal(&Policy::default(), url), UrlRefused::Credentials, "{url}");
    }
    // What stands before the `@` is no host.
    assert_eq!(
        refusal(&Policy::default(), "https://merchant.cl@127.0.0.1/"),
        UrlRefused::Credentials
    );
}

#[test]
fn plain_http_is_for_permitted_networks_only() {
    assert_eq!(
        refusal(&Policy::default(), "http://merchant.cl/"),
        UrlRefused::NotEncrypted
    );
    assert_eq!(
        refusal(&Policy::default(), "http://127.0.0.1/"),
        UrlRefused::NotEncrypted
    );
    assert_eq!(refusal(&loopback(), "http://8.8.8.8/"), UrlRefused::NotEncrypted);
    assert_eq!(
        refusal(&loopback(), "http://10.0.0.1/"),
        UrlRefused::Address("10.0.0.1".parse().unwrap())
    );
    for url in [
        "http://127.0.0.1:9000/",
        "http://[::1]:9000/",
        "https://127.0.0.1/",
        "http://[::ffff:127.0.0.1]/",
    ] {
        assert!(loopback().check_url(url).is_ok(), "{url}");
    }
    // A name is looked up at each try; there only its permitted addresses are used.
    assert_eq!(
        loopback().check_url("http://localhost:9000/").unwrap().1,
        Transport::Plain
    );
}
