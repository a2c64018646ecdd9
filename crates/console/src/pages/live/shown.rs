//! What a session shows, made once for all who look on, as often as the table speaks.
//!
//! Words, alarms, the curve and the picture of the spine are the same for everybody; how a page
//! stands to control is its own. A moment is written out once for each standing there is, and
//! whoever stands the same and missed nothing gets the same bytes. A session is made while
//! somebody looks, and by one task.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use axum::response::sse::Event;
use serde::Serialize;
use tokio::sync::watch;
use uuid::Uuid;

use super::super::alarms::Alarms;
use super::super::session::{Controls, Stand, is_here};
use super::super::twin::Twin;
use super::{Words, of_record, words};
use crate::app::App;
use crate::bedside::{Bedside, Live, Point};
use crate::messages::Say;

/// Between two looks at the record while a session is watched.
const LOOK: Duration = Duration::from_secs(1);
/// Between two pictures of the spine.
const PICTURE: Duration = Duration::from_millis(500);
/// Without news the words are sent again, so that a page can tell silence from calm.
const AGAIN: Duration = Duration::from_secs(1);

/// Whose session is watched.
#[derive(Clone, Copy, Debug)]
pub(super) struct Watched {
    pub(super) patient: Uuid,
    pub(super) session: Uuid,
}

/// The moments of a session, the last one first.
pub(super) type Moments = watch::Receiver<Option<Arc<Moment>>>;
type Telling = watch::Sender<Option<Arc<Moment>>>;

/// The sessions that somebody looks at.
#[derive(Debug, Default)]
pub struct Shows(Mutex<BTreeMap<Uuid, Telling>>);

impl Shows {
    /// Follows a session; none where there is no table.
    pub(super) fn follow(&self, app: &Arc<App>, t: Say, watched: Watched) -> Option<Moments> {
        let bedside = app.bedside.clone()?;
        let mut shows = self.lock();
        if let Some(telling) = shows.get(&watched.session) {
            return Some(telling.subscribe());
        }
        let (telling, moments) = watch::channel(None);
        shows.insert(watched.session, telling.clone());
        let leaving = Leaving {
            app: Arc::clone(app),
            session: watched.session,
            telling,
        };
        tokio::spawn(show(leaving, bedside, t, watched));
        Some(moments)
    }

    /// Whether nobody looks any more: then it is not there any more either.
    fn left(&self, session: Uuid) -> bool {
        let mut shows = self.lock();
        let looks = |telling: &Telling| telling.receiver_count() > 0;
        let left = !shows.get(&session).is_some_and(looks);
        if left {
            shows.remove(&session);
        }
        left
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<Uuid, Telling>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// However the task ends, whoever looks next begins another.
struct Leaving {
    app: Arc<App>,
    session: Uuid,
    telling: Telling,
}

impl Drop for Leaving {
    fn drop(&mut self) {
        let mut shows = self.app.shows.lock();
        let ours = |telling: &Telling| telling.same_channel(&self.telling);
        if shows.get(&self.session).is_some_and(ours) {
            shows.remove(&self.session);
        }
    }
}

async fn show(leaving: Leaving, bedside: Bedside, t: Say, watched: Watched) {
    let app = Arc::clone(&leaving.app);
    let mut follow = bedside.follow();
    let mut maker = Maker::of(&app, bedside, t, watched).await;
    loop {
        let live = follow.borrow_and_update().clone();
        let moment = maker.next(&app, live).await;
        let over = moment.over;
        leaving.telling.send_replace(Some(Arc::new(moment)));
        if over || app.shows.left(watched.session) {
            break;
        }
        if let Ok(Err(_)) = tokio::time::timeout(AGAIN, follow.changed()).await {
            break;
        }
    }
}

/// What a page was told last.
#[derive(Debug)]
pub(super) struct Known {
    points: usize,
    picture: Option<Arc<str>>,
}

impl Known {
    /// Whether it has this picture, or there is none.
    fn has(&self, picture: Option<&Arc<str>>) -> bool {
        match (&self.picture, picture) {
            (Some(ours), Some(theirs)) => Arc::ptr_eq(ours, theirs),
            (_, None) => true,
            (None, Some(_)) => false,
        }
    }
}

/// One moment of a session, as everybody sees it.
#[derive(Debug)]
pub(super) struct Moment {
    session: Uuid,
    live: Live,
    here: bool,
    words: Words,
    alarms: Alarms,
    /// Points from the `from`-th on; all of them where the curve is another than before.
    points: Vec<Dot>,
    from: usize,
    whole: bool,
    /// How many points there are.
    pub(super) count: usize,
    /// The spine, when it was drawn anew, and as it was drawn last.
    drawn: Option<Arc<str>>,
    picture: Option<Arc<str>>,
    /// Whether the end is on record.
    pub(super) over: bool,
    /// As it was written out for each standing.
    written: Mutex<Vec<(Stand, Event)>>,
}

impl Moment {
    /// What a page is told that knows so much, or has just come.
    pub(super) fn event(
        &self,
        app: &App,
        t: Say,
        page: &str,
        known: &mut Option<Known>,
    ) -> Option<Event> {
        let stand = Stand::of(app, (self.session, page));
        let before = known.replace(Known {
            points: self.count,
            picture: self.picture.clone(),
        });
        let new = before
            .as_ref()
            .is_none_or(|known| !known.has(self.picture.as_ref()));
        let in_step = before
            .as_ref()
            .is_some_and(|known| self.whole || known.points == self.from);
        if in_step && new == self.drawn.is_some() {
            return self.shared(t, stand);
        }
        // Whoever has just come, or missed one, gets what the others have already.
        let (points, whole) = self.missed(app, before.map_or(0, |known| known.points));
        let picture = self.picture.as_deref().filter(|_| new);
        self.write(t, &stand, (&points, whole), picture)
    }

    /// The points up to this moment that a page with `sent` of them lacks, and whether these
    /// are all there are.
    fn missed(&self, app: &App, sent: usize) -> (Vec<Dot>, bool) {
        let Some(bedside) = app.bedside.as_ref().filter(|_| self.here) else {
            return (Vec::new(), sent == 0);
        };
        let (points, count) = bedside.points(sent);
        let dots = |points: Vec<Point>, few| points.into_iter().take(few).map(Dot::from).collect();
        // A curve that was thinned, now or since this moment, comes whole.
        if sent > self.count || count < self.count {
            return (dots(bedside.points(0).0, usize::MAX), true);
        }
        (dots(points, self.count - sent), sent == 0)
    }

    fn shared(&self, t: Say, stand: Stand) -> Option<Event> {
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, event)) = written.iter().find(|(other, _)| *other == stand) {
            return Some(event.clone());
        }
        let drawn = self.drawn.as_deref();
        let event = self.write(t, &stand, (&self.points, self.whole), drawn)?;
        written.push((stand, event.clone()));
        Some(event)
    }

    fn write(
        &self,
        t: Say,
        stand: &Stand,
        (points, whole): (&[Dot], bool),
        spine: Option<&str>,
    ) -> Option<Event> {
        let control = stand.controls(t, &self.live, self.here);
        let status = self.live.status.as_ref().filter(|_| self.here);
        let words = self.words.clone();
        let words = words.with(self.words.record.clone(), &control);
        let update = Update {
            level: words.level,
            state: &self.words.state,
            may_resume: status.is_some_and(|status| status.may_resume),
            alarms: &self.alarms,
            control,
            points,
            whole,
            reload: self.over,
            spine,
            words,
        };
        Event::default().event("status").json_data(&update).ok()
    }
}

#[derive(Serialize)]
struct Update<'a> {
    words: Words,
    level: &'static str,
    state: &'a str,
    may_resume: bool,
    alarms: &'a Alarms,
    control: Controls,
    points: &'a [Dot],
    whole: bool,
    reload: bool,
    /// The spine as it is now, when it is drawn anew.
    #[serde(skip_serializing_if = "Option::is_none")]
    spine: Option<&'a str>,
}

#[derive(Debug, Serialize)]
struct Dot {
    t: f64,
    force: Option<f64>,
    set: f64,
    ceiling: f64,
    total: f64,
}

impl From<Point> for Dot {
    fn from(point: Point) -> Self {
        let round = |value: f64| (value * 100.0).round() / 100.0;
        Self {
            t: round(point.t),
            force: point.force.map(round),
            set: round(point.set),
            ceiling: round(point.ceiling),
            total: round(point.total),
        }
    }
}

/// What is kept between two moments.
struct Maker {
    bedside: Bedside,
    t: Say,
    watched: Watched,
    sent: usize,
    first: bool,
    record: String,
    looked: Option<Instant>,
    beside: Beside,
    picture: Option<Arc<str>>,
}

impl Maker {
    async fn of(app: &App, bedside: Bedside, t: Say, watched: Watched) -> Self {
        let chart = app.clinic.chart(watched.patient).await;
        let now = app.clinic.now();
        let twin = chart.map(|chart| Twin::of(&chart.episode, watched.session, now));
        Self {
            bedside,
            t,
            watched,
            sent: 0,
            first: true,
            record: String::new(),
            looked: None,
            beside: Beside {
                twin: twin.ok().flatten(),
                told: 0,
                drawn: None,
            },
            picture: None,
        }
    }

    async fn next(&mut self, app: &App, live: Live) -> Moment {
        let (t, watched) = (self.t, self.watched);
        let here = is_here(&live, watched.session);
        let (points, count) = match here {
            true => self.bedside.points(self.sent),
            false => (Vec::new(), self.sent),
        };
        let whole = self.first || count < self.sent + points.len();
        let from = std::mem::replace(&mut self.sent, count);
        self.first = false;
        let drawn = self.beside.follow(t, &self.bedside, here).await;
        let drawn: Option<Arc<str>> = drawn.map(Arc::from);
        self.picture = drawn.clone().or(self.picture.take());
        if self.looked.is_none_or(|at| at.elapsed() >= LOOK) {
            self.record = of_record(app, t, (watched.patient, watched.session)).await;
            self.looked = Some(Instant::now());
        }
        let status = live.status.as_ref().filter(|_| here);
        Moment {
            session: watched.session,
            here,
            words: Words {
                record: self.record.clone(),
                ..words(t, &live, here)
            },
            alarms: Alarms::of(t, status),
            points: points.into_iter().map(Dot::from).collect(),
            from,
            whole,
            count,
            drawn,
            picture: self.picture.clone(),
            over: !here && ended(app, watched).await,
            written: Mutex::default(),
            live,
        }
    }
}

/// The twin of a session, and how far it was told.
struct Beside {
    twin: Option<Box<Twin>>,
    told: usize,
    drawn: Option<Instant>,
}

impl Beside {
    /// Tells the twin what was measured since; the picture, when it is time for one.
    ///
    /// Off the async threads: who comes late has a whole session to live through.
    async fn follow(&mut self, t: Say, bedside: &Bedside, here: bool) -> Option<String> {
        let early = self.drawn.is_some_and(|at| at.elapsed() < PICTURE);
        if early || !here {
            return None;
        }
        self.drawn = Some(Instant::now());
        let mut twin = self.twin.take()?;
        let (points, count) = bedside.points(self.told);
        // A list that was thinned comes whole: the twin knows what it has lived through.
        self.told = count;
        let work = move || {
            twin.follow(&points);
            let picture = twin.picture(t);
            (twin, picture)
        };
        let (twin, picture) = tokio::task::spawn_blocking(work).await.ok()?;
        self.twin = Some(twin);
        picture
    }
}

/// Whether the end of the session is on record.
async fn ended(app: &App, watched: Watched) -> bool {
    let chart = app.clinic.chart(watched.patient).await;
    chart.is_ok_and(|chart| {
        let session = chart.episode.session(watched.session);
        session.is_some_and(|session| session.ended.is_some())
    })
}
