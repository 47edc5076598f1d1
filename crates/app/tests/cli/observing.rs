//! The dashboard and the alerts speak of metrics that the program has, by their names and labels.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::Value;

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The names of our metrics in a text.
fn named(text: &str) -> BTreeSet<String> {
    let is_of_a_name = |letter: char| letter.is_ascii_lowercase() || letter == '_';
    text.match_indices("ayni_")
        .filter(|(place, _)| !text[..*place].ends_with(is_of_a_name))
        .map(|(place, _)| {
            let rest = &text[place..];
            let end = rest.find(|letter| !is_of_a_name(letter));
            rest[..end.unwrap_or(rest.len())].to_owned()
        })
        .collect()
}

/// Every metric that the sources record.
fn recorded(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            recorded(&path, found);
        } else if path.extension().is_some_and(|end| end == "rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            for kind in ["counter!(", "gauge!(", "histogram!("] {
                let call = format!("metrics::{kind}");
                let calls = text.split(&call).skip(1);
                let names = calls.filter_map(|call| call.trim_start().strip_prefix('"')?.split('"').next());
                found.extend(names.map(str::to_owned));
            }
        }
    }
}

#[test]
fn the_dashboard_and_the_alerts_name_metrics_that_there_are() {
    let mut there = BTreeSet::new();
    for name in ["gateway", "store", "outbound", "connectors", "app"] {
        recorded(&repository().join("crates").join(name).join("src"), &mut there);
    }
    assert!(there.len() > 15, "{there:?}");
    for file in ["ops/grafana/ayni.json", "ops/prometheus/alerts.yml"] {
        let text = std::fs::read_to_string(repository().join(file)).unwrap();
        let used = named(&text);
        assert!(used.len() > 5, "{file}: {used:?}");
        let missing: Vec<&String> = used.difference(&there).collect();
        assert!(
            missing.is_empty(),
            "{file} names {missing:?}, which nothing records"
        );
    }
}

#[test]
fn the_dashboard_can_be_read_and_each_of_its_panels_asks_for_something() {
    let text = std::fs::read_to_string(repository().join("ops/grafana/ayni.json")).unwrap();
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
