//! The home page's figures as they are shown: texts, plots and the rows of their tables.

use ayni_domain::daily::took::Step;
use ayni_domain::lang::Lang;
use ayni_domain::money::Amount;
use ayni_domain::role::Role;
use ayni_domain::site::breaker::Breaker;
use jiff::{SignedDuration, Timestamp};

use super::figures::{Figures, percent};
use super::plot::{self, Plot, Point};
use super::sql::{COUNT_MAX, Waiting};
use crate::institutions::Site;
use crate::merchants::keys::KeyEntry;
use crate::texts::console::home::Texts;
use crate::texts::dates;

/// Something that somebody should look at.
pub(super) struct Attention {
    pub(super) id: &'static str,
    pub(super) text: String,
    pub(super) href: &'static str,
    pub(super) is_grave: bool,
}

/// A figure at the head of the page.
pub(super) struct FigureView {
    pub(super) id: &'static str,
    pub(super) label: String,
    pub(super) value: String,
    pub(super) hint: String,
}

/// What was paid in one currency, day by day.
pub(super) struct VolumeView {
    pub(super) id: String,
    pub(super) heading: String,
    pub(super) summary: String,
    pub(super) plot: Plot,
    pub(super) rows: Vec<[String; 3]>,
    pub(super) first: String,
    pub(super) last: String,
    pub(super) top: String,
}

/// Payments that were begun and paid, day by day.
pub(super) struct SuccessView {
    pub(super) summary: String,
    pub(super) plot: Plot,
    pub(super) rows: Vec<[String; 4]>,
    pub(super) first: String,
    pub(super) last: String,
    pub(super) top: String,
}

/// How long it took until money was seen.
pub(super) struct TookView {
    pub(super) summary: String,
    pub(super) plot: Plot,
    pub(super) rows: Vec<[String; 2]>,
    pub(super) first: String,
    pub(super) last: String,
}

/// How one institution's site does.
pub(super) struct SiteView {
    pub(super) path: String,
    pub(super) name: String,
    pub(super) state: &'static str,
    pub(super) tone: &'static str,
    pub(super) detail: String,
}

/// What waits, the gravest first; only what this role can do something about.
pub(super) fn attention(
    t: &'static Texts,
    waiting: &Waiting,
    keys_ending: usize,
    role: Role,
) -> Vec<Attention> {
    let keys_ending = match role {
        Role::Owner => i64::try_from(keys_ending).unwrap_or(COUNT_MAX),
        _ => 0,
    };
    let item = |id, count: i64, said: fn(&str) -> String, href, is_grave| {
        (count > 0).then(|| Attention {
            id,
            text: said(&at_most(count)),
            href,
            is_grave,
        })
    };
    [
        item("spent", waiting.spent, t.spent, "/console/deliveries", true),
        item("review", waiting.review, t.review, "/console/review", true),
        item(
            "failing",
            waiting.failing,
            t.failing,
            "/console/deliveries",
            false,
        ),
        item("mails", waiting.mails, t.mails, "/console/deliveries", false),
        item("keys", keys_ending, t.keys, "/console/keys", false),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Whether a key that works now ends within two weeks.
pub(super) fn ends_soon(key: &KeyEntry, now: Timestamp) -> bool {
    let soon = now.saturating_add(KEY_ENDS_SOON).unwrap_or(Timestamp::MAX);
    key.expires_at.is_some_and(|end| end > now && end <= soon)
}

/// The figures at the head of the page.
pub(super) fn facts(t: &'static Texts, figures: &Figures, lang: Lang) -> Vec<FigureView> {
    let volumes = figures.volumes.iter().map(|volume| FigureView {
        id: "volume",
        label: (t.volume_in)(volume.currency.code()),
        value: volume.amount.shown(volume.currency, lang),
        hint: (t.payments)(volume.paid, &count(volume.paid, lang)),
    });
    let took = |percent| match figures.took_at_most(percent) {
        Some(step) => step_shown(t, step),
        None => t.nothing_yet.to_owned(),
    };
    let rest = [
        FigureView {
            id: "success",
            label: t.success.to_owned(),
            value: figures
                .success_percent()
                .map_or_else(|| t.nothing_yet.to_owned(), |percent| format!("{percent} %")),
            hint: (t.of_begun)(&count(figures.converted, lang), &count(figures.begun, lang)),
        },
        FigureView {
            id: "took",
            label: t.took.to_owned(),
            value: took(50),
            hint: (t.took_95)(&took(95)),
        },
    ];
    volumes.chain(rest).collect()
}

/// The plots of what was paid.
pub(super) fn volumes(t: &'static Texts, figures: &Figures, lang: Lang) -> Vec<VolumeView> {
    let dates: Vec<String> = figures
        .days
        .iter()
        .map(|day| dates::day(day.date, lang))
        .collect();
    let view = |volume: &super::figures::Volume| {
        let shown = |amount: Amount| amount.shown(volume.currency, lang);
        let rows: Vec<[String; 3]> = dates
            .iter()
            .zip(&volume.days)
            .map(|(date, (paid, amount))| [date.clone(), count(*paid, lang), shown(*amount)])
            .collect();
        let points = rows.iter().zip(&volume.days).map(|(row, (_, amount))| Point {
            value: amount.ten_thousandths(),
            part: amount.ten_thousandths(),
            says: format!("{}: {}", row[0], row[2]),
        });
        let top = volume.days.iter().map(|(_, amount)| *amount).max();
        VolumeView {
            id: format!("volume-{}", volume.currency.code().to_lowercase()),
            heading: (t.volume_in)(volume.currency.code()),
            summary: (t.volume_summary)(&shown(volume.amount), &count(volume.paid, lang)),
            plot: plot::of(points.collect()),
            first: dates.first().cloned().unwrap_or_default(),
            last: t.today.to_owned(),
            top: top
                .filter(|top| *top > Amount::ZERO)
                .map(shown)
                .unwrap_or_default(),
            rows,
        }
    };
    figures.volumes.iter().map(view).collect()
}

/// The plot of what was begun and paid.
pub(super) fn success(t: &'static Texts, figures: &Figures, lang: Lang) -> SuccessView {
    let rate = |part, whole| percent(part, whole).map_or_else(|| "–".to_owned(), |rate| format!("{rate} %"));
    let rows: Vec<[String; 4]> = figures
        .days
        .iter()
        .map(|day| {
            [
                dates::day(day.date, lang),
                count(day.begun, lang),
                count(day.converted, lang),
                rate(day.converted, day.begun),
            ]
        })
        .collect();
    let points = rows.iter().zip(&figures.days).map(|(row, day)| Point {
        value: day.begun,
        part: day.converted,
        says: format!("{}: {}", row[0], (t.of_begun)(&row[2], &row[1])),
    });
    let top = figures.days.iter().map(|day| day.begun).max().unwrap_or(0);
    SuccessView {
        summary: (t.of_begun)(&count(figures.converted, lang), &count(figures.begun, lang)),
        plot: plot::of(points.collect()),
        first: rows.first().map(|row| row[0].clone()).unwrap_or_default(),
        last: t.today.to_owned(),
        top: if top > 0 { count(top, lang) } else { String::new() },
        rows,
    }
}

/// The plot of how long it took; absent where no time is known.
pub(super) fn took(t: &'static Texts, figures: &Figures, lang: Lang) -> Option<TookView> {
    let (half, most) = (figures.took_at_most(50)?, figures.took_at_most(95)?);
    let steps = &figures.took;
    let rows: Vec<[String; 2]> = steps
        .iter()
        .map(|(step, many)| [step_shown(t, *step), count(*many, lang)])
        .collect();
    let points = rows.iter().zip(steps).map(|(row, (_, many))| Point {
        value: *many,
        part: *many,
        says: format!("{}: {}", row[0], row[1]),
    });
    Some(TookView {
        summary: (t.took_summary)(&step_shown(t, half), &step_shown(t, most)),
        plot: plot::of(points.collect()),
        first: rows.first().map(|row| row[0].clone()).unwrap_or_default(),
        last: rows.last().map(|row| row[0].clone()).unwrap_or_default(),
        rows,
    })
}

/// One institution.
pub(super) fn site(t: &'static Texts, site: &Site, now: Timestamp, lang: Lang) -> SiteView {
    let (breaker, hour) = site.health(now);
    let visits = hour.answered + hour.site_faults + hour.our_faults;
    let number = |value: u64| count(i64::try_from(value).unwrap_or(i64::MAX), lang);
    let (state, tone) = match breaker {
        Breaker::Open { .. } | Breaker::HalfOpen { .. } => (t.site_down, "bad"),
        Breaker::Closed { .. } if visits == 0 => (t.site_unvisited, "off"),
        Breaker::Closed { .. } if hour.site_faults > 0 => (t.site_shaky, "wait"),
        Breaker::Closed { .. } => (t.site_well, "good"),
    };
    let declared = site.declaration();
    SiteView {
        path: declared.path.clone(),
        name: declared.name.clone(),
        state,
        tone,
        detail: match (visits, hour.p50_ms) {
            (0, _) => String::new(),
            (_, Some(half_ms)) => (t.site_hour)(&number(hour.answered), &number(visits), half_ms),
            (_, None) => (t.site_silent)(&number(visits)),
        },
    }
}

fn step_shown(t: &'static Texts, step: Step) -> String {
    match step.limit_s() {
        Some(limit_s) => (t.at_most)(&span(t, limit_s)),
        None => t.longer.to_owned(),
    }
}

fn span(t: &'static Texts, seconds: i64) -> String {
    match seconds {
        s if s % 3_600 == 0 => format!("{} {}", s / 3_600, t.hours),
        s if s % 60 == 0 => format!("{} {}", s / 60, t.minutes),
        s => format!("{s} {}", t.seconds),
    }
}

fn at_most(count: i64) -> String {
    match count {
        COUNT_MAX.. => format!("{}+", COUNT_MAX - 1),
        count => count.to_string(),
    }
}

/// A number as people read it: `1.234` in Spanish, `1,234` in English.
fn count(value: i64, lang: Lang) -> String {
    let digits = value.unsigned_abs().to_string();
    let mut shown = String::from(if value < 0 { "-" } else { "" });
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            shown.push_str(lang.pick(".", ","));
        }
        shown.push(digit);
    }
    shown
}

const KEY_ENDS_SOON: SignedDuration = SignedDuration::from_hours(14 * 24);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_people_read_them() {
        for (value, es) in [(0, "0"), (999, "999"), (1_234, "1.234"), (1_000_000, "1.000.000")] {
            assert_eq!(count(value, Lang::Es), es);
        }
        assert_eq!(count(1_234, Lang::En), "1,234");
        assert_eq!(at_most(99), "99");
        assert_eq!(at_most(100), "99+");
    }

    #[test]
    fn only_owners_are_told_of_keys() {
        let t = Texts::of(Lang::Es);
        let waiting = Waiting {
            review: 2,
            ..Waiting::default()
        };
        let of = |role| {
            let told = attention(t, &waiting, 1, role);
            told.iter().map(|item| item.id).collect::<Vec<_>>()
        };
        assert_eq!(of(Role::Owner), ["review", "keys"]);
        assert_eq!(of(Role::Collector), ["review"]);
    }
}
