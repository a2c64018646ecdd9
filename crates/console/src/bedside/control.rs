//! Which page controls the table: one at a time, and by explicit hand-over.
//!
//! The server holds the bedside's lease for one *page*: one tab of one browser, known by
//! an id that the tab keeps. Every sign of life of that page goes on to the bedside as a
//! heartbeat, and nothing else does: a closed tab, a sleeping laptop or a lost network is
//! the silence that the bedside's own 1 s and 5 s rules answer (devices.md §4b.7, H15).
//! Control passes when its page hands it over, or once the table is at rest or the bedside
//! has ended the silent lease, by then with its own stop latched (H14). Whoever only looks
//! may stop and lower all the same. Pure: told the instant, and whether the table may
//! change hands. Shown by `tests/control.rs` and `tests/browser/control.test.mjs`.

use std::time::{Duration, Instant};

use si::Problem;
use uuid::Uuid;

/// A page that was not heard for this long is not there *(ours: four heartbeats)*.
pub(crate) const SILENT: Duration = Duration::from_millis(1000);
/// A wish for control that nobody answered ends with this silence of its page *(ours: a
/// page that only looks says once a second that it lives)*.
const ASKING: Duration = Duration::from_millis(3500);
/// Length of a page's id, at least and at most.
const ID: (usize, usize) = (8, 64);

/// One tab of one browser, and who sits before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The user and the id that the tab keeps while it lives: no other login can speak for it.
    pub id: String,
    /// Their name, which every other page shows.
    pub name: String,
}

impl Page {
    /// A page whose id is one.
    ///
    /// # Errors
    /// An id that no page of ours makes.
    pub fn new(id: &str, user: Uuid, name: &str) -> Result<Self, Problem> {
        let letters = id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        if !letters || !(ID.0..=ID.1).contains(&id.len()) {
            return Err(Problem::new(
                "page-unknown",
                "page",
                "",
                "this page has no id of its own, so it cannot control the table",
                "load the page again with script allowed; STOP works without it",
            ));
        }
        Ok(Self {
            id: format!("{user}.{id}"),
            name: name.to_owned(),
        })
    }
}

#[derive(Clone, Debug)]
struct Heard {
    page: Page,
    at: Instant,
}

/// Who controls, and who would like to.
#[derive(Clone, Debug, Default)]
pub struct Control {
    holder: Option<Heard>,
    asks: Vec<Heard>,
}

/// How one page stands to control.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Whether it is the page in control.
    pub mine: bool,
    /// Who is in control, if anybody is.
    pub holder: Option<String>,
    /// For how long that page has been silent, where it counts as silent.
    pub silent: Option<Duration>,
    /// Whether this page has asked and waits.
    pub asked: bool,
    /// Who asks the page in control: page id and name.
    pub asks: Vec<(String, String)>,
}

impl Control {
    /// Notes a sign of life; whether it is that of the page in control.
    pub fn heard(&mut self, id: &str, now: Instant) -> bool {
        self.asks
            .retain(|ask| now.duration_since(ask.at) < ASKING || ask.page.id == id);
        let all = self.asks.iter_mut().chain(&mut self.holder);
        for heard in all.filter(|heard| heard.page.id == id) {
            heard.at = now;
        }
        self.holds(id)
    }

    /// Whether a page is the one in control.
    #[must_use]
    pub fn holds(&self, id: &str) -> bool {
        self.holder.as_ref().is_some_and(|held| held.page.id == id)
    }

    /// Whether a page may take control; `free` says that the table may change hands without
    /// a word: it is at rest, or the bedside has ended the lease. `idle` says that it holds
    /// no session, so that there is nothing to control.
    ///
    /// # Errors
    /// Who controls it.
    pub fn may_take(&self, id: &str, free: bool, idle: bool, now: Instant) -> Result<(), Problem> {
        let Some(held) = &self.holder else {
            return match idle || free {
                true => Ok(()),
                false => Err(held_by("")),
            };
        };
        let silent = now.duration_since(held.at) >= SILENT;
        match idle || held.page.id == id || (free && silent) {
            true => Ok(()),
            false => Err(held_by(&held.page.name)),
        }
    }

    /// Takes control.
    ///
    /// # Errors
    /// As [`Control::may_take`].
    pub fn take(
        &mut self,
        page: Page,
        free: bool,
        idle: bool,
        now: Instant,
    ) -> Result<(), Problem> {
        self.may_take(&page.id, free, idle, now)?;
        self.give(page, now);
        Ok(())
    }

    /// Notes that a page would like control; the page in control is told.
    pub fn ask(&mut self, page: Page, now: Instant) {
        self.asks.retain(|ask| ask.page.id != page.id);
        self.asks.push(Heard { page, at: now });
    }

    /// Hands control to a page that asked for it and is alive.
    ///
    /// # Errors
    /// The giver is not in control, or nobody alive has asked under that id.
    pub fn hand_over(&mut self, from: &str, to: &str, now: Instant) -> Result<(), Problem> {
        self.check(from)?;
        let lives = |ask: &&Heard| now.duration_since(ask.at) < ASKING;
        let asked = self.asks.iter().filter(|ask| ask.page.id == to).find(lives);
        let page = asked.map(|ask| ask.page.clone()).ok_or_else(|| {
            Problem::new(
                "nobody-asks",
                "to",
                "",
                "the page that asked for control is no longer there",
                "let them ask again",
            )
        })?;
        self.give(page, now);
        Ok(())
    }

    /// Keeps control: every wish is answered with no.
    ///
    /// # Errors
    /// The page is not in control.
    pub fn keep(&mut self, from: &str) -> Result<(), Problem> {
        self.check(from)?;
        self.asks.clear();
        Ok(())
    }

    /// Errs unless the page is in control.
    ///
    /// # Errors
    /// Who is.
    pub fn check(&self, id: &str) -> Result<(), Problem> {
        if self.holds(id) {
            return Ok(());
        }
        let name = self.holder.as_ref().map(|held| held.page.name.as_str());
        Err(held_by(name.unwrap_or_default()))
    }

    /// How a page stands to control.
    #[must_use]
    pub fn standing(&self, id: &str, now: Instant) -> Standing {
        let mine = self.holds(id);
        let age = |held: &Heard| now.duration_since(held.at);
        let living = self.asks.iter().filter(|ask| age(ask) < ASKING);
        let asks = living.clone().filter(|_| mine);
        Standing {
            mine,
            holder: self.holder.as_ref().map(|held| held.page.name.clone()),
            silent: self.holder.as_ref().map(age).filter(|age| *age >= SILENT),
            asked: living.clone().any(|ask| ask.page.id == id) && !mine,
            asks: asks
                .map(|ask| (ask.page.id.clone(), ask.page.name.clone()))
                .collect(),
        }
    }

    fn give(&mut self, page: Page, now: Instant) {
        self.asks.clear();
        self.holder = Some(Heard { page, at: now });
    }
}

/// The refusal that every page without control gets.
fn held_by(name: &str) -> Problem {
    let problem = match name {
        "" => "this page does not control the table",
        _ => "controls the table, this page does not",
    };
    Problem::new(
        "not-in-control",
        "control",
        name,
        problem,
        "ask for control; a page that went silent loses it once the table has let go; \
         STOP, pause and lower are open to you",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(id: &str) -> Page {
        Page::new("first-tab", user(id), id).expect("an id of ours")
    }

    fn user(name: &str) -> Uuid {
        Uuid::from_u128(u128::from(name.as_bytes()[0]))
    }

    fn of_ann() -> String {
        page("ann").id
    }

    fn of_bea() -> String {
        page("bea").id
    }

    fn held(now: Instant) -> Control {
        let mut control = Control::default();
        control
            .take(page("ann"), true, false, now)
            .expect("nobody holds it");
        control
    }

    /// hazard: H14
    #[test]
    fn a_page_that_lives_is_robbed_of_control_by_nobody() {
        let now = Instant::now();
        let mut control = held(now);
        for free in [false, true] {
            let robbed = control.take(page("bea"), free, false, now);
            assert_eq!(robbed.expect_err("held").code, "not-in-control");
        }
        assert!(control.holds(&of_ann()));
        assert!(
            control.take(page("bea"), false, true, now).is_ok(),
            "a table without a session is controlled by nobody"
        );
    }

    /// hazard: H15
    #[test]
    fn a_silent_page_keeps_control_until_the_table_may_change_hands() {
        let now = Instant::now();
        let mut control = held(now);
        let later = now + Duration::from_secs(60);
        assert!(control.take(page("bea"), false, false, later).is_err());
        assert!(control.take(page("bea"), true, false, later).is_ok());
        assert!(
            !control.heard(&of_ann(), later),
            "whoever was silent lost it"
        );
        assert!(control.heard(&of_bea(), later));
    }

    #[test]
    fn a_table_that_pulls_for_nobody_known_is_taken_by_nobody() {
        let mut control = Control::default();
        let now = Instant::now();
        assert!(control.take(page("ann"), false, false, now).is_err());
        assert!(control.take(page("ann"), true, false, now).is_ok());
    }

    /// hazard: H14
    #[test]
    fn control_passes_only_to_a_page_that_asked_and_lives() {
        let now = Instant::now();
        let mut control = held(now);
        let refused = control.hand_over(&of_ann(), &of_bea(), now);
        assert_eq!(refused.expect_err("nobody asked").code, "nobody-asks");
        control.ask(page("bea"), now);
        let stolen = control.hand_over(&of_bea(), &of_bea(), now);
        assert_eq!(stolen.expect_err("not hers to give").code, "not-in-control");
        let gone = control.hand_over(&of_ann(), &of_bea(), now + ASKING);
        assert_eq!(gone.expect_err("she is gone").code, "nobody-asks");
        assert!(control.hand_over(&of_ann(), &of_bea(), now).is_ok());
        assert!(control.holds(&of_bea()) && !control.holds(&of_ann()));
        assert!(control.standing(&of_bea(), now).asks.is_empty());
    }

    #[test]
    fn every_page_is_told_how_it_stands() {
        let now = Instant::now();
        let mut control = held(now);
        control.ask(page("bea"), now);
        let ann = control.standing(&of_ann(), now);
        assert!(ann.mine && ann.asks == [(of_bea(), "bea".into())]);
        let bea = control.standing(&of_bea(), now + SILENT);
        assert!(!bea.mine && bea.asked && bea.asks.is_empty());
        assert_eq!(
            (bea.holder.as_deref(), bea.silent),
            (Some("ann"), Some(SILENT))
        );
        control.keep(&of_ann()).expect("it is hers");
        assert!(!control.standing(&of_bea(), now).asked);
    }

    #[test]
    fn an_id_that_no_page_makes_is_refused() {
        for id in ["", "short", "no blanks in it", &"x".repeat(65)] {
            assert!(Page::new(id, Uuid::nil(), "ann").is_err(), "{id}");
        }
    }
}
