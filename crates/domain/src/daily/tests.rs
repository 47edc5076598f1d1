use super::*;

const ACCOUNT: AccountId = AccountId(7);

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn paid(seen: &str, begun: Option<&str>) -> Happening {
    Happening::Paid {
        account: ACCOUNT,
        at: at(seen),
        currency: Currency::Clp,
        amount: Amount::from_units(1_000),
        begun_at: begun.map(at),
        authorised_at: begun.map(at),
    }
}

#[test]
fn a_day_begins_at_chiles_midnight_also_when_the_clocks_change() {
    for (instant, on) in [
        ("2026-03-02T02:59:59.999Z", "2026-03-01"), // summer: three hours behind
        ("2026-03-02T03:00:00Z", "2026-03-02"),
        ("2026-04-05T02:59:59Z", "2026-04-04"), // the clocks go back at midnight: 23:59:59, the first time
        ("2026-04-05T03:30:00Z", "2026-04-04"), // 23:30 once more
        ("2026-04-05T04:00:00Z", "2026-04-05"), // winter: four hours behind
        ("2026-09-06T03:59:59Z", "2026-09-05"), // the clocks go forward: midnight is one o'clock
        ("2026-09-06T04:00:00Z", "2026-09-06"),
    ] {
        let mut sums = Sums::default();
        sums.count(&paid(instant, None));
        let key = (ACCOUNT, day(on), Measure::Paid(Currency::Clp));
        assert_eq!(sums.of(key), 1, "{instant}: {sums:?}");
    }
}

#[test]
fn what_was_begun_yesterday_and_paid_today_counts_for_yesterday() {
    let mut sums = Sums::default();
    let begun = "2026-03-03T02:59:00Z";
    sums.count(&Happening::Begun {
        account: ACCOUNT,
        at: at(begun),
    });
    sums.count(&paid("2026-03-03T03:00:10Z", Some(begun)));
    let of = |on, measure| sums.of((ACCOUNT, day(on), measure));
    assert_eq!(of("2026-03-02", Measure::Begun), 1);
    assert_eq!(of("2026-03-02", Measure::Converted), 1);
    assert_eq!(of("2026-03-02", Measure::Paid(Currency::Clp)), 0);
    assert_eq!(of("2026-03-03", Measure::Paid(Currency::Clp)), 1);
    assert_eq!(of("2026-03-03", Measure::Amount(Currency::Clp)), 10_000_000);
    let step = took::Step::of(jiff::SignedDuration::from_secs(70));
    assert_eq!(of("2026-03-03", Measure::Took(step)), 1);
}

#[test]
fn money_that_came_without_an_attempt_was_begun_when_it_was_seen() {
    let mut sums = Sums::default();
    sums.count(&paid("2026-03-03T15:00:00Z", None));
    let of = |measure| sums.of((ACCOUNT, day("2026-03-03"), measure));
    assert_eq!((of(Measure::Begun), of(Measure::Converted)), (1, 1));
}

#[test]
fn a_measure_reads_back_from_its_words() {
    let step = took::Step::of(jiff::SignedDuration::from_secs(70));
    let (clp, usd) = (Currency::Clp, Currency::Usd);
    for measure in [
        Measure::Begun,
        Measure::Converted,
        Measure::Paid(clp),
        Measure::Amount(usd),
        Measure::Took(step),
    ] {
        let (word, of) = measure.parts();
        assert_eq!(Measure::parse(word, &of), Some(measure));
    }
    for (word, of) in [("paid", "XXX"), ("took", "99"), ("spent", "")] {
        assert_eq!(Measure::parse(word, of), None, "{word} {of}");
    }
}

#[test]
fn a_sum_stops_at_its_limit() {
    let (mut sums, key) = (Sums::default(), (ACCOUNT, day("2026-03-03"), Measure::Begun));
    sums.add(key, i64::MAX);
    sums.add(key, 1);
    assert_eq!(sums.of(key), SUM_MAX);
}
