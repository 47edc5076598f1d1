use super::*;

fn spec(needs_login: bool) -> OperationSpec {
    let text = |name: &str, max_chars| Parameter {
        name: name.to_owned(),
        kind: ParameterKind::Text { max_chars },
        required: true,
    };
    OperationSpec {
        name: "consult-debt".to_owned(),
        needs_login,
        parameters: vec![
            text("EnterpriseName", 100),
            text("ClientIdentifier", 20),
            Parameter {
                name: "BookingDateStart".to_owned(),
                kind: ParameterKind::Date,
                required: false,
            },
            Parameter {
                name: "Currency".to_owned(),
                kind: ParameterKind::Currency,
                required: false,
            },
        ],
    }
}

fn read_as(body: &str, needs_login: bool, ignores_credential: bool, has_person: bool) -> Asked {
    let may_call = |url: &str| match url {
        "https://a.example/x" => Ok(()),
        "nonsense" => Err(UrlRefused::Malformed),
        _ => Err(UrlRefused::NotEncrypted),
    };
    let rules = Rules {
        ignores_credential,
        has_person,
        may_call: &may_call,
    };
    read(
        Bytes::copy_from_slice(body.as_bytes()),
        &spec(needs_login),
        &rules,
    )
    .map_err(|error| error.to_string())
    .unwrap()
}

fn told(asked: &Asked) -> Vec<(String, What)> {
    let told = asked.problems.iter();
    told.map(|problem| (problem.field.clone(), problem.what.clone()))
        .collect()
}

#[test]
fn every_rule_that_a_request_breaks_is_told_at_once() {
    let long = "x".repeat(21);
    let body = format!(
        r#"{{"RequestData":{{"EnterpriseName":7,"ClientIdentifier":"{long}","BookingDateStart":"2025-2-1",
        "Currency":"clp","Otro":1}},"CallbackUrl":"http://a.example","Más":null}}"#
    );
    let field = |name: &str| format!("RequestData.{name}");
    assert_eq!(
        told(&read_as(&body, false, false, false)),
        [
            (field("EnterpriseName"), What::NotText),
            (field("ClientIdentifier"), What::TooLong(20)),
            (field("BookingDateStart"), What::NotDate),
            (field("Currency"), What::NotCurrency),
            (field("Otro"), What::Unknown),
            ("CallbackUrl".to_owned(), What::ForbiddenUrl),
            ("Más".to_owned(), What::Unknown),
        ]
    );
}

#[test]
fn what_is_null_or_empty_is_not_there() {
    let body = r#"{"RequestData":{"EnterpriseName":"","ClientIdentifier":null},"CallbackUrl":null}"#;
    let asked = read_as(body, false, false, false);
    assert!(asked.problems.iter().all(|problem| problem.what == What::Missing));
    assert_eq!(asked.problems.len(), 2);
    assert_eq!(
        read_as("{}", false, false, false).problems[0].field,
        "RequestData"
    );
}

#[test]
fn a_callback_url_is_a_permitted_one_of_at_most_255_characters() {
    let long = format!("https://a.example/{}", "x".repeat(255 - 17));
    for (url, what) in [
        ("\"https://a.example/x\"".to_owned(), None),
        (format!("\"{long}\""), Some(What::TooLong(255))),
        ("\"nonsense\"".to_owned(), Some(What::NotUrl)),
        ("17".to_owned(), Some(What::NotText)),
    ] {
        let body = format!(
            r#"{{"RequestData":{{"EnterpriseName":"A","ClientIdentifier":"1"}},"CallbackUrl":{url}}}"#
        );
        let asked = read_as(&body, false, false, false);
        assert_eq!(
            asked.problems.first().map(|problem| problem.what.clone()),
            what,
            "{url}"
        );
        assert_eq!(asked.callback_url.is_some(), what.is_none());
    }
}

#[test]
fn whose_data_is_read_is_said_once_and_in_one_of_two_ways() {
    let with = |credential: &str| {
        format!(
            r#"{{"RequestData":{{"EnterpriseName":"A","ClientIdentifier":"1","AccountCredential":{credential}}}}}"#
        )
    };
    let login = r#"{"Username":"11.111.111-1","Password":"wxyz1234!@#$"}"#;
    let asked = read_as(&with(login), true, false, false);
    assert!(asked.problems.is_empty());
    assert!(matches!(asked.credential, Some(Credential::Login(_))));
    let asked = read_as(&with(r#"{"AccountLink":"AQ=="}"#), true, false, false);
    assert!(matches!(asked.credential, Some(Credential::Link(_))));
    for (credential, what) in [
        ("null", What::Missing),
        ("{}", What::NotCredential),
        ("7", What::NotCredential),
        (r#"{"AccountLink":7}"#, What::NotCredential),
        (r#"{"AccountLink":"AQ==","Username":"a"}"#, What::NotCredential),
        (r#"{"Username":"a"}"#, What::Missing),
        (r#"{"Username":"a","Password":"b","Otro":"c"}"#, What::Unknown),
    ] {
        let asked = read_as(&with(credential), true, false, false);
        assert_eq!(asked.problems[0].what, what, "{credential}");
    }
    assert_eq!(
        read_as(&with(login), false, false, false).problems[0].what,
        What::Unknown
    );
    assert_eq!(
        read_as(&with(login), true, false, true).problems[0].what,
        What::BesideToken
    );
    assert!(read_as(&with("null"), true, false, true).problems.is_empty());
    let ignored = read_as(&with(login), true, true, false);
    assert_eq!(ignored.problems[0].what, What::Missing);
    assert!(read_as(&with(login), true, true, true).problems.is_empty());
}

#[test]
fn a_login_for_a_link_is_flat_and_takes_no_callback() {
    let login = |body: &str| read_login(Bytes::copy_from_slice(body.as_bytes()));
    assert!(login(r#"{"Username":"a","Password":"b"}"#).is_ok());
    let body = r#"{"Username":"a","CallbackUrl":"https://a.example/x","RequestData":{"Password":"b"}}"#;
    let Err(ApiError::Parameters(problems)) = login(body) else {
        panic!("it was read");
    };
    let fields: Vec<&str> = problems.iter().map(|problem| problem.field.as_str()).collect();
    assert_eq!(fields, ["Password", "CallbackUrl", "RequestData"]);
}
