//! What only a browser can do, and what it must not.

use std::process::Command;

use ayni_connectors::SiteSettings;
use ayni_connectors::failure::SiteError;
use ayni_connectors::session::Tab;
use ayni_connectors::session::visitor::{SiteDriver, Visits};
use ayni_outbound::browser::Chromium;
use ayni_outbound::error::SendError;
use jiff::Timestamp;

use crate::site::{Guests, HASTY, PATIENT, Site, form, named, said};

fn guests(site: &Site) -> Guests {
    Guests::of(&site.url, SiteDriver::Chromium, PATIENT)
}

#[tokio::test]
async fn what_scripts_bring_is_read_when_the_page_has_come_to_rest() {
    let site = Site::start().await;
    let guests = guests(&site);
    assert_eq!(
        said(&guests.open("/scripted").await.unwrap()),
        named("scripted", "$15.340")
    );
    assert_eq!(said(&guests.open("/moves-on").await.unwrap()).0, "in");
    assert_eq!(
        said(&guests.open("/restless").await.unwrap()),
        named("restless", "there")
    );
    let mut visitor = guests.visitor();
    let mut asks = form(&visitor.open("/sent-by-script").await.unwrap());
    asks.set("q", "7").unwrap();
    assert_eq!(
        said(&visitor.submit(&asks).await.unwrap()),
        named("answered", "answer to 7")
    );
    guests.chromium.close().await;
}

#[tokio::test]
async fn dialogs_are_dismissed_and_do_not_hold_the_visit() {
    let site = Site::start().await;
    let guests = guests(&site);
    let mut visitor = guests.visitor();
    assert_eq!(
        said(&visitor.open("/dialogs").await.unwrap()),
        named("dialogs", "false null")
    );
    assert_eq!(said(&visitor.open("/in").await.unwrap()).0, "in");
    guests.chromium.close().await;
}

#[tokio::test]
async fn nothing_but_the_sites_own_markup_scripts_and_data_is_loaded() {
    let site = Site::start().await;
    let guests = guests(&site);
    let page = guests.open("/nosy").await.unwrap();
    let (name, reached) = said(&page);
    let mut refused: Vec<char> = reached.chars().collect();
    refused.sort_unstable();
    assert_eq!((name.as_str(), refused.as_slice()), ("nosy", &['f', 'w'][..]));
    guests.open("/pictures").await.unwrap();
    assert_eq!(site.seen(), ["GET /nosy", "GET /pictures"]);
    guests.chromium.close().await;
}

#[tokio::test]
async fn a_page_that_never_lets_go_or_asks_for_too_much_ends_and_the_next_one_opens() {
    let site = Site::start().await;
    let guests = guests(&site);
    let hasty = Guests::sharing(guests.chromium.clone(), &site.url, SiteDriver::Chromium, HASTY);
    guests.open("/in").await.unwrap();
    let busy = hasty.open("/busy").await.map(|page| said(&page)).unwrap_err();
    assert!(
        matches!(busy, SiteError::Unreachable(SendError::Timeout)),
        "{busy:?}"
    );
    let greedy = guests.open("/greedy").await.map(|page| said(&page)).unwrap_err();
    assert!(matches!(greedy, SiteError::Unreadable { .. }), "{greedy:?}");
    assert_eq!(said(&guests.open("/in").await.unwrap()).0, "in");
    guests.chromium.close().await;
}

#[tokio::test]
async fn a_browser_that_dies_is_a_typed_error_and_is_started_anew() {
    let site = Site::start().await;
    let guests = guests(&site);
    let mut visitor = guests.visitor();
    visitor.open("/in").await.unwrap();
    let first = guests.chromium.process_id().await.unwrap();
    assert!(
        Command::new("kill")
            .args(["-9", &first.to_string()])
            .status()
            .unwrap()
            .success()
    );
    let error = visitor.open("/in").await.map(|page| said(&page)).unwrap_err();
    assert!(matches!(error, SiteError::BrowserFailed { .. }), "{error:?}");
    assert_eq!(said(&guests.open("/in").await.unwrap()).0, "in");
    let second = guests.chromium.process_id().await.unwrap();
    assert_ne!(first, second);
    guests.chromium.close().await;
    assert_eq!(guests.chromium.process_id().await, None);
    assert!(!std::path::Path::new("/proc").join(second.to_string()).exists());
}

#[tokio::test]
async fn a_chromium_that_is_not_there_is_told_with_how_to_get_it() {
    let site = Site::start().await;
    for program in ["/nowhere/chromium", "/bin/true"] {
        let settings = SiteSettings {
            chromium: Chromium::with_program(Some(program.into())),
            ..SiteSettings::default()
        };
        let clock = std::sync::Arc::new(|| Timestamp::from_second(0).unwrap());
        let visits = Visits::new(SiteDriver::Chromium, site.url.clone(), &settings, clock).unwrap();
        let opened = visits
            .begin(Tab::default())
            .open("/in")
            .await
            .map(|page| said(&page));
        let error = opened.unwrap_err();
        assert!(
            matches!(error, SiteError::NoBrowser { .. }),
            "{program}: {error:?}"
        );
        assert!(error.to_string().contains(program), "{error}");
    }
    assert_eq!(site.seen(), [""; 0]);
}

/// A program that notes each start and does this then, which may use Chromium's own.
fn program_that(folder: &std::path::Path, does: &str) -> std::path::PathBuf {
    let program = folder.join("chromium");
    let real = Chromium::default().program().unwrap();
    let (starts, real) = (folder.join("starts"), real.display().to_string());
    let text = format!(
        "#!/bin/sh\necho start >>'{}'\nreal='{real}'\n{does}\n",
        starts.display()
    );
    std::fs::write(&program, text).unwrap();
    let all = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    std::fs::set_permissions(&program, all).unwrap();
    program
}

#[tokio::test]
async fn a_chromium_that_does_not_start_is_started_once_more_and_no_more() {
    for (does, comes_up) in [
        (
            "test \"$(wc -l <\"${0%/*}/starts\")\" -gt 1 || exit 1\nexec \"$real\" \"$@\"",
            true,
        ),
        ("exit 1", false),
    ] {
        let (site, folder) = (Site::start().await, tempfile::tempdir().unwrap());
        let program = program_that(folder.path(), does);
        let chromium = Chromium::with_program(Some(program));
        let guests = Guests::sharing(chromium, &site.url, SiteDriver::Chromium, PATIENT);
        let opened = guests.open("/in").await.map(|page| said(&page).0);
        match comes_up {
            true => assert_eq!(opened.unwrap(), "in"),
            false => assert!(matches!(opened, Err(SiteError::NoBrowser { .. })), "{opened:?}"),
        }
        let starts = std::fs::read_to_string(folder.path().join("starts")).unwrap();
        assert_eq!(starts.lines().count(), 2, "{does}");
        guests.chromium.close().await;
    }
}
