//! What the dashboard and the alerts ask Prometheus for: its own tool reads every query, and every series that a query
//! names is one that a gateway at work tells, label by label.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::shop::Shop;
use crate::support::{House, get, said};

/// A metric and the labels that a query wants of it.
type Asked = (String, BTreeSet<String>);

#[test]
fn prometheus_takes_the_alerts_and_each_of_them_rings_when_it_should() {
    promtool(&["check", "rules", "alerts.yml"], &ops().join("prometheus"));
    promtool(&["test", "rules", "alerts.test.yml"], &ops().join("prometheus"));
}

#[test]
fn prometheus_takes_every_query_of_the_dashboard() {
    let folder = tempfile::tempdir().unwrap();
    let rules: Vec<Value> = queries_of_the_dashboard()
        .iter()
        .enumerate()
        .map(|(at, query)| serde_json::json!({ "record": format!("panel:{at}"), "expr": filled_in(query) }))
        .collect();
    // What is JSON is YAML too.
    let rules = serde_json::json!({ "groups": [{ "name": "dashboard", "rules": rules }] });
    std::fs::write(folder.path().join("dashboard.yml"), rules.to_string()).unwrap();
    promtool(&["check", "rules", "dashboard.yml"], folder.path());
}

#[test]
fn every_series_that_is_asked_for_is_told_by_a_gateway_at_work() {
    let house = House::open();
    let shop = Shop::open();
    at_work(&house, &shop);
    let told = told(&house);
    let alerts = std::fs::read_to_string(ops().join("prometheus/alerts.yml")).unwrap();
    let mut queries = queries_of_the_dashboard();
    queries.push(alerts);
    let mut seen = 0;
    for (metric, labels) in queries.iter().flat_map(|query| asked(query)) {
        let wanted: BTreeSet<&String> = labels
            .iter()
            .filter(|label| !BY_PROMETHEUS.contains(&label.as_str()))
            .collect();
        match told.get(&metric) {
            Some(there) => {
                let missing: Vec<_> = wanted.iter().filter(|label| !there.contains(**label)).collect();
                assert!(
                    missing.is_empty(),
                    "{metric} has {there:?}, and is asked for {missing:?}"
                );
                seen += 1;
            }
            // What happens seldom: nothing of it may be asked but what every series of its kind has.
            None => {
                let is_known = RARE.contains(&metric.as_str());
                let is_plain = wanted.iter().all(|label| *label == "quantile");
                assert!(
                    is_known && is_plain,
                    "{metric}{labels:?} is asked for, and nobody tells it"
                );
            }
        }
    }
    assert!(seen > 15, "{seen} of the queries' series were seen: {told:?}");
    for by in queries.iter().flat_map(|query| grouped_by(query)) {
        let is_told =
            told.values().any(|labels| labels.contains(&by)) || BY_PROMETHEUS.contains(&by.as_str());
        assert!(is_told, "nothing has the label {by}, by which a query groups");
    }
}

#[test]
fn the_dashboard_can_be_read_and_each_of_its_panels_asks_for_something() {
    let text = std::fs::read_to_string(ops().join("grafana/ayni.json")).unwrap();
    let dashboard: Value = serde_json::from_str(&text).unwrap();
    let panels = dashboard["panels"].as_array().unwrap();
    let ids: BTreeSet<i64> = panels.iter().map(|panel| panel["id"].as_i64().unwrap()).collect();
    assert_eq!(ids.len(), panels.len(), "each panel has an id of its own");
    for panel in panels {
        let targets = panel["targets"].as_array().unwrap();
        let asks = targets.iter().all(|target| {
            let expression = target["expr"].as_str().unwrap();
            expression.contains("ayni_") && expression.matches('(').count() == expression.matches(')').count()
        });
        assert!(asks && !targets.is_empty(), "{panel}");
        assert_ne!(panel["description"], "", "{panel}");
    }
}

/// A payment with its notification and mails, a debt with its callback: all that metrics are told of every day.
fn at_work(house: &House, shop: &Shop) {
    let create = [
        "payment",
        "create",
        "--amount",
        "1000",
        "--subject",
        "Pan",
        "--notify-url",
        &shop.url,
    ];
    let mailed = [
        "--field",
        "payer_email=ana@example.com",
        "--field",
        "payer_name=Ana",
        "--field",
        "send_email=true",
    ];
    let made = house.json(&[&create[..], &mailed[..]].concat());
    let id = made["payment_id"].as_str().unwrap();
    assert_eq!(house.run(&["payment", "pay", id]).code, 0);
    assert_eq!(house.run(&["trigger", "operation.callback"]).code, 0);
    for _ in 0..ASKED_MAX {
        let told = told(house);
        if DAILY.iter().all(|metric| told.contains_key(*metric)) {
            return;
        }
        // Each asking starts a process and gives the gateway its time.
        house.json(&["notices", "list"]);
    }
    panic!("not all of {DAILY:?} are told: {:?}", told(house).keys());
}

/// The metrics that the gateway tells, with all labels of each.
fn told(house: &House) -> BTreeMap<String, BTreeSet<String>> {
    let address = house.serving.ready["gateway_url"]
        .as_str()
        .unwrap()
        .trim_start_matches("http://");
    let page = get(address, "/metrics");
    let mut told: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for line in page.lines().filter(|line| line.starts_with("ayni_")) {
        let (name, rest) = line.split_at(line.find(['{', ' ']).unwrap());
        let labels = rest
            .strip_prefix('{')
            .and_then(|rest| rest.split_once('}'))
            .map_or("", |(inside, _)| inside);
        let names = labels
            .split("\",")
            .filter_map(|pair| pair.split_once('='))
            .map(|(name, _)| name.trim().to_owned());
        told.entry(name.to_owned()).or_default().extend(names);
    }
    told
}

/// The series that a text of queries names: `ayni_x{a="1", b=~"2"}`.
fn asked(text: &str) -> Vec<Asked> {
    let is_of_a_name = |letter: char| letter.is_ascii_lowercase() || letter == '_';
    let begins = text
        .match_indices("ayni_")
        .filter(|(at, _)| !text[..*at].ends_with(is_of_a_name));
    begins
        .map(|(at, _)| {
            let rest = &text[at..];
            let (name, after) =
                rest.split_at(rest.find(|letter| !is_of_a_name(letter)).unwrap_or(rest.len()));
            let inside = after
                .strip_prefix('{')
                .and_then(|rest| rest.split_once('}'))
                .map_or("", |(inside, _)| inside);
            let labels = inside
                .split(", ")
                .filter_map(|pair| Some(pair.split_once(['=', '!'])?.0.trim().to_owned()));
            (name.to_owned(), labels.collect())
        })
        .collect()
}

/// The labels by which a text of queries groups: `by (a, b)`.
fn grouped_by(text: &str) -> Vec<String> {
    let groups = text.split("by (").skip(1).filter_map(|rest| rest.split_once(')'));
    groups
        .flat_map(|(inside, _)| inside.split(", ").map(str::to_owned))
        .collect()
}

fn queries_of_the_dashboard() -> Vec<String> {
    let text = std::fs::read_to_string(ops().join("grafana/ayni.json")).unwrap();
    let dashboard: Value = serde_json::from_str(&text).unwrap();
    let panels = dashboard["panels"].as_array().unwrap().clone();
    let targets = panels
        .iter()
        .flat_map(|panel| panel["targets"].as_array().unwrap());
    targets
        .map(|target| target["expr"].as_str().unwrap().to_owned())
        .collect()
}

/// A query as Grafana sends it.
fn filled_in(query: &str) -> String {
    query
        .replace("$__rate_interval", "5m")
        .replace("$__interval", "5m")
        .replace("$instance", ".*")
}

fn promtool(arguments: &[&str], folder: &Path) {
    let program = std::env::var_os("AYNI_TEST_PROMTOOL").unwrap_or_else(|| "promtool".into());
    let output = Command::new(program).args(arguments).current_dir(folder).output();
    let said = said(output.expect("promtool is there: start the tests with `cargo xtask test`"));
    assert_eq!(said.code, 0, "promtool {arguments:?}: {}{}", said.out, said.err);
}

fn ops() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ops")
}

/// Prometheus itself adds these.
const BY_PROMETHEUS: [&str; 2] = ["instance", "job"];
/// What [`at_work`] brings about.
const DAILY: [&str; 6] = [
    "ayni_http_requests_total",
    "ayni_mail_tries_total",
    "ayni_movements_total",
    "ayni_notice_tries_total",
    "ayni_operations_ended_total",
    "ayni_visits_total",
];
/// What does not happen in a test's minute; none of them has a label of its own.
const RARE: [&str; 6] = [
    "ayni_http_hang_ups_total",
    "ayni_settlements_total",
    "ayni_store_checkpoint_seconds",
    "ayni_store_overloaded_total",
    "ayni_store_reruns_total",
    "ayni_visits_shared_total",
];
const ASKED_MAX: u32 = 600;
