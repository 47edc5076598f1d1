//! A copy whose process is killed in the middle: the old place has lost nothing, nobody works on a half of the new one, and
//! the same call again, into the same place, goes to its end.
//!
//! The process that dies is this program itself, with one test named; it halts where it is told to, says so, and is killed
//! then, so that nothing depends on how fast it is.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use ayni_store::copy::backup::{restore, take};
use ayni_store::copy::error::CopyError;
use ayni_store::copy::relocate::{open_again, relocate};
use ayni_store::copy::{Copied, Progress, Step};
use ayni_store::error::StoreError;
use ayni_store::location::Location;
use ayni_store::options::Options;
use ayni_store::tx::Tx;

use crate::bed::{Bed, at, block_on, on_both_engines};
use crate::copy::{another_like, fill, marked, pair, payments, rows};

on_both_engines!(
    a_move_that_was_killed_leaves_the_old_place_whole_and_is_made_again,
    a_restoration_that_was_killed_leaves_a_place_that_nobody_opens_and_is_made_again,
);

fn a_move_that_was_killed_leaves_the_old_place_whole_and_is_made_again(bed: &Bed) {
    filled(bed);
    for halt in [COPYING, COMPARING] {
        let target = another_engine_than(bed);
        kill_where_it_halts(&["move", &bed.location_text(), &target.location_text(), halt]);
        let closed = bed.open(Options::default()).err();
        assert_eq!(
            closed,
            Some(StoreError::Moved),
            "{halt}: no gateway goes on in it meanwhile"
        );
        assert_nobody_opens(&target, halt);
        let copied = relocate(&bed.location, &target.location, at(1), &mut |_| {}).unwrap();
        assert_eq!(rows(&copied, "payments"), PAYMENTS as u64, "{halt}");
        assert_eq!(payments(&target.open(Options::default()).unwrap()), PAYMENTS);
        open_again(&bed.location).unwrap();
        assert_eq!(
            payments(&bed.open(Options::default()).unwrap()),
            PAYMENTS,
            "{halt}"
        );
    }
    // Killed once more, and made again into another place without being opened in between.
    kill_where_it_halts(&[
        "move",
        &bed.location_text(),
        &another_engine_than(bed).location_text(),
        COPYING,
    ]);
    let place = another_engine_than(bed);
    let copied = relocate(&bed.location, &place.location, at(1), &mut |_| {}).unwrap();
    assert_eq!(rows(&copied, "payments"), PAYMENTS as u64);
    assert_eq!(payments(&place.open(Options::default()).unwrap()), PAYMENTS);
    assert_eq!(bed.open(Options::default()).err(), Some(StoreError::Moved));
}

fn a_restoration_that_was_killed_leaves_a_place_that_nobody_opens_and_is_made_again(bed: &Bed) {
    let source = Bed::sqlite();
    let backup = backed_up(&source);
    let before = std::fs::read(&backup).unwrap();
    let from = backup.to_str().unwrap();
    // The engine's own file is copied whole, and what is told of that is its comparison.
    let halts: &[&str] = if bed.is_sqlite() {
        &[COMPARING, LAST]
    } else {
        &[COPYING, COMPARING, LAST]
    };
    for halt in halts {
        let target = another_like(bed);
        kill_where_it_halts(&["restore", from, &target.location_text(), halt]);
        assert_nobody_opens(&target, halt);
        restore(&backup, &target.location, at(2), &marked, &mut |_| {}).unwrap();
        assert_eq!(
            payments(&target.open(Options::default()).unwrap()),
            PAYMENTS + 1,
            "{halt}: and the caller's row"
        );
    }
    assert_eq!(std::fs::read(&backup).unwrap(), before);
}

/// The server ends the connection while it commits: from here nobody can tell whether it did.
#[test]
fn a_move_whose_last_step_is_not_answered_opens_no_second_database_by_itself() {
    let (source, target) = (Bed::sqlite(), Bed::postgres());
    filled(&source);
    target.beside(DEAF_WHEN_COMMITTING);
    let unsure = relocate(&source.location, &target.location, at(1), &mut |_| {});
    assert!(matches!(unsure, Err(CopyError::Unsure(_))), "{unsure:?}");
    assert_eq!(source.open(Options::default()).err(), Some(StoreError::Moved));
    // A person looked: nothing is there.
    assert_nobody_opens(&target, "unsure");
    open_again(&source.location).unwrap();
    target.beside("DROP EVENT TRIGGER deaf");
    relocate(&source.location, &target.location, at(1), &mut |_| {}).unwrap();
    assert_eq!(payments(&target.open(Options::default()).unwrap()), PAYMENTS);
}

/// Its draft is another's for as long as that one lives.
#[test]
fn two_copies_are_not_made_into_the_same_file_at_once() {
    let (source, target) = (Bed::sqlite(), Bed::sqlite());
    let backup = backed_up(&source);
    let mut second = None;
    let last = |_: &mut Tx<'_>| Ok(());
    restore(&backup, &target.location, at(2), &last, &mut |progress| {
        if progress.step == Step::Comparing && second.is_none() {
            second = restore(&backup, &target.location, at(2), &last, &mut |_| {}).err();
        }
    })
    .unwrap();
    assert!(
        matches!(&second, Some(CopyError::NotEmpty { place }) if place.contains("under way")),
        "{second:?}"
    );
    assert_eq!(payments(&target.open(Options::default()).unwrap()), PAYMENTS);
}

/// What the process that is killed does; where nobody says what, all of it, without a halt.
#[test]
fn a_copy_that_nobody_kills_goes_to_its_end() {
    if let Ok(told) = std::env::var(TOLD) {
        let told: Vec<&str> = told.split('\n').collect();
        copy(told[0], told[1], told[2], told[3]).unwrap();
        panic!("it did not come to where it was to halt");
    }
    let (source, target) = (Bed::sqlite(), Bed::sqlite());
    filled(&source);
    let copied = copy(
        "move",
        &source.location_text(),
        &target.location_text(),
        "nowhere",
    )
    .unwrap();
    assert_eq!(rows(&copied, "payments"), PAYMENTS as u64);
    assert_eq!(payments(&target.open(Options::default()).unwrap()), PAYMENTS);
}

fn copy(what: &str, from: &str, to: &str, halt: &str) -> Result<Copied, CopyError> {
    let to: Location = to.parse().unwrap();
    let mut progress = |progress: Progress| {
        let is_there = match progress.step {
            Step::Copying => halt == COPYING && progress.rows > PAYMENTS as u64,
            Step::Comparing => halt == COMPARING,
        };
        if is_there {
            stand_still();
        }
    };
    let last = |tx: &mut Tx<'_>| -> Result<(), StoreError> {
        marked(tx)?;
        if halt == LAST {
            stand_still();
        }
        Ok(())
    };
    match what {
        "move" => relocate(&from.parse().unwrap(), &to, at(1), &mut progress),
        _ => restore(Path::new(from), &to, at(1), &last, &mut progress),
    }
}

/// Says that it stands where it was told to, and waits for its end.
fn stand_still() {
    println!("\n{HALTED}");
    std::io::stdout().flush().unwrap();
    loop {
        std::thread::park();
    }
}

fn kill_where_it_halts(told: &[&str]) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "killed::a_copy_that_nobody_kills_goes_to_its_end",
            "--nocapture",
        ])
        .env(TOLD, told.join("\n"))
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let halted = lines.any(|line| line.is_ok_and(|line| line == HALTED));
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(halted, "{told:?} ended before it halted");
}

fn assert_nobody_opens(place: &Bed, halt: &str) {
    let opened = place.open(Options::default()).err();
    let is_none = matches!(opened, Some(StoreError::SchemaOlder { found: 0, .. }));
    assert!(is_none, "{halt}: {opened:?}");
}

/// A row of every kind, and enough payments for a copy to tell how far it is. Nobody has opened it since it was filled, as
/// when it is moved on at once.
fn filled(bed: &Bed) {
    let source = Bed::sqlite();
    drop(source.migrated());
    fill(&source, FILLED);
    let db = source.open(Options::default()).unwrap();
    let pairs = |tx: &mut Tx<'_>| (0..PAYMENTS - FILLED).try_for_each(|number| pair(tx, number));
    block_on(db.write("test.pairs", pairs)).unwrap();
    drop(db);
    relocate(&source.location, &bed.location, at(0), &mut |_| {}).unwrap();
}

/// A backup of a source that is filled for it.
fn backed_up(source: &Bed) -> PathBuf {
    filled(source);
    let backup = source.folder.path().join("kept");
    take(&source.location, &backup, at(1), &mut |_| {})
        .unwrap()
        .keep()
        .unwrap();
    backup
}

fn another_engine_than(bed: &Bed) -> Bed {
    match bed.is_sqlite() {
        true => Bed::postgres(),
        false => Bed::sqlite(),
    }
}

const COPYING: &str = "copying";
const COMPARING: &str = "comparing";
const LAST: &str = "last";
const HALTED: &str = "halted";
/// What the process that is killed is told, in four lines.
const TOLD: &str = "AYNI_TEST_COPY_THAT_HALTS";
const FILLED: i64 = 2;
/// A copy tells of every 1024 rows of a table.
const PAYMENTS: i64 = 1100;
/// The last table that a copy makes gets a trigger that fires with the commit.
const DEAF_WHEN_COMMITTING: &str = "\
    CREATE FUNCTION hang_up() RETURNS trigger LANGUAGE plpgsql AS \
      'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END'; \
    CREATE FUNCTION deafen() RETURNS event_trigger LANGUAGE plpgsql AS \
      'BEGIN IF to_regclass(''schema_migrations'') IS NOT NULL THEN \
         CREATE CONSTRAINT TRIGGER deaf AFTER INSERT ON schema_migrations DEFERRABLE INITIALLY DEFERRED \
           FOR EACH ROW EXECUTE FUNCTION hang_up(); \
       END IF; END'; \
    CREATE EVENT TRIGGER deaf ON ddl_command_end WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION deafen()";
