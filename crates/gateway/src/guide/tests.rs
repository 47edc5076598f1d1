use crate::harness::House;

#[tokio::test]
async fn readers_are_sent_to_their_own_language_and_to_spanish_where_they_named_none() {
    let house = House::open().await;
    for (asked, to) in [
        ("", "/docs/guide/es/"),
        ("en-GB,en", "/docs/guide/en/"),
        ("fr", "/docs/guide/es/"),
    ] {
        let answered = house
            .send("GET", "/docs/guide", &[("accept-language", asked)], "")
            .await;
        assert_eq!(
            (answered.status.as_u16(), answered.header("location")),
            (303, to),
            "{asked}"
        );
        assert_eq!(answered.header("vary"), "accept-language");
    }
    let named = house.send("GET", "/docs/guide/en", &[], "").await;
    assert_eq!(named.header("location"), "/docs/guide/en/");
}

#[tokio::test]
async fn pages_come_without_a_key_with_the_strict_policy_and_once_per_version() {
    let house = House::open().await;
    for path in [
        "/docs/guide/es/",
        "/docs/guide/en/index.html",
        "/docs/guide/guide.css",
        "/llms.txt",
        "/llms-full.txt",
    ] {
        let first = house.send("GET", path, &[], "").await;
        assert_eq!(first.status, 200, "{path}");
        assert!(
            !first.header("content-security-policy").contains("unsafe"),
            "{path}"
        );
        assert_eq!(first.header("cache-control"), "no-cache");
        let again = house
            .send("GET", path, &[("if-none-match", first.header("etag"))], "")
            .await;
        assert_eq!((again.status.as_u16(), again.text.as_str()), (304, ""), "{path}");
    }
}

#[tokio::test]
async fn what_is_not_in_the_guide_is_not_found_and_the_reference_stays_where_it_was() {
    let house = House::open().await;
    for path in [
        "/docs/guide/es/nothing.html",
        "/docs/guide/fr/index.html",
        "/docs/guide/es/..%2F..%2Fsecret",
    ] {
        assert_eq!(house.send("GET", path, &[], "").await.status, 404, "{path}");
    }
    assert_eq!(house.send("GET", "/docs/", &[], "").await.status, 200);
}
