//! The pages, walked. Both languages have the same blocks, so one of them is walked for both.

use crate::blocks::{Block, Kind, pages, read, repository};
use crate::house::{House, matches};

#[test]
fn everything_that_the_guide_tells_to_run_does_what_it_says() {
    let mut house = House::open();
    for page in pages("es") {
        house.walk(&page, &read(&page));
    }
}

#[test]
fn a_newcomer_pays_a_test_payment_and_gets_its_notification_with_the_readme_alone() {
    let page = repository().join("README.md");
    House::open().walk(&page, &read(&page));
}

#[test]
fn both_languages_tell_to_do_the_same() {
    let (spanish, english) = (pages("es"), pages("en"));
    assert_eq!(spanish.len(), english.len());
    for (one, other) in spanish.iter().zip(&english) {
        assert_eq!(one.file_name(), other.file_name());
        let done = |blocks: Vec<Block>| -> Vec<(Kind, String)> {
            let is_done = |block: &Block| !matches!(block.kind, Kind::Shown { .. });
            blocks
                .into_iter()
                .filter(is_done)
                .map(|block| (block.kind, block.body))
                .collect()
        };
        assert_eq!(done(read(one)), done(read(other)), "{}", one.display());
    }
}

/// These are shown and not run; each says why, and the list is here so that it does not grow unseen.
#[test]
fn what_is_not_run_is_known() {
    let mut shown = Vec::new();
    let all = pages("es")
        .into_iter()
        .chain(pages("en"))
        .chain([repository().join("README.md")]);
    for page in all {
        for block in read(&page) {
            if let Kind::Shown { why } = block.kind {
                shown.push(format!(
                    "{}:{}: {why}",
                    page.strip_prefix(repository()).unwrap().display(),
                    block.line
                ));
            }
        }
    }
    assert!(
        shown.len() <= SHOWN_MAX,
        "{} blocks are not run:\n{}",
        shown.len(),
        shown.join("\n")
    );
}

#[test]
fn an_ellipsis_stands_for_anything_and_all_else_for_itself() {
    for (wanted, printed, fits) in [
        ("a", "a\n", true),
        ("a…c", "abbc", true),
        ("a…c", "abbd", false),
        ("…b…", "abc", true),
        ("a", "ab", false),
        ("{\"id\":\"…\",\"n\":1}", "{\"id\":\"x\",\"n\":2}", false),
    ] {
        assert_eq!(matches(wanted, printed), fits, "{wanted} {printed}");
    }
}

/// Both languages together.
const SHOWN_MAX: usize = 60;
