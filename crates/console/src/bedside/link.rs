//! The thread that listens to the bedside.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread;
use std::time::Duration;

use table::client::Client;
use table::wire::Status;

use super::{Curve, HZ, Live, Point, Shared, lock};

/// How this server is called on the bedside's list of consoles.
pub(super) const CONSOLE: &str = "clinic-server";
/// Between two attempts to connect.
const AGAIN: Duration = Duration::from_millis(500);
/// Between two points of the curve, s of the session (ours); a status comes more often.
const SPACING: f64 = 0.1;
/// Points kept of one session; more are thinned to half.
const POINTS: usize = 12_000;

/// Starts it.
pub(super) fn spawn(shared: &Arc<Shared>) {
    let receiving = Arc::clone(shared);
    let receive = thread::Builder::new()
        .name("bedside-status".into())
        .spawn(move || receive(&receiving));
    if receive.is_err() {
        tracing::error!("the link to the bedside has no thread");
    }
}

fn receive(shared: &Shared) {
    while !shared.stop.load(Ordering::Relaxed) {
        if let Ok(client) = Client::connect(&shared.socket, CONSOLE) {
            tracing::info!("the bedside answers");
            let client = Arc::new(client);
            *lock(&shared.client) = Some(Arc::clone(&client));
            shared.sealed.store(0, Ordering::Relaxed);
            shared.live.send_modify(|live| live.connected = true);
            shared.news.notify_one();
            listen(shared, &client);
            lock(&shared.client).take();
            shared.live.send_modify(|live| {
                *live = Live {
                    status: live.status.clone(),
                    ..Live::default()
                }
            });
            tracing::warn!("the bedside is gone");
        }
        thread::sleep(AGAIN);
    }
}

fn listen(shared: &Shared, client: &Client) {
    if client.subscribe(HZ).is_err() {
        return;
    }
    while !shared.stop.load(Ordering::Relaxed) {
        match client.next_status(Duration::from_millis(500)) {
            Ok(Some(status)) => take(shared, client, status),
            Ok(None) => {}
            Err(_) => return,
        }
    }
}

fn take(shared: &Shared, client: &Client, status: Status) {
    draw(&mut lock(&shared.curve), &status);
    let in_control = status.lease.as_deref() == Some(CONSOLE);
    let began = shared.live.borrow().status.as_ref().is_none_or(|last| {
        (&last.session, &last.stage, &last.last_session)
            != (&status.session, &status.stage, &status.last_session)
    });
    // A session whose profile is over has nothing left to decide: it is closed.
    let over = status.stage == "complete" && status.session.is_some() && in_control;
    if over && let Err(error) = client.close() {
        tracing::warn!(%error, "the session could not be closed");
    }
    shared.live.send_modify(|live| {
        *live = Live {
            status: Some(status),
            connected: true,
            in_control,
        };
    });
    if began {
        shared.news.notify_one();
    }
}

fn draw(curve: &mut Curve, status: &Status) {
    if status.session.is_none() {
        return;
    }
    if curve.session != status.session {
        *curve = Curve {
            session: status.session.clone(),
            points: Vec::new(),
        };
    }
    let t = f64::from(status.tick) * 0.01;
    // Half a tick less: ticks are no whole numbers in binary.
    let early = |last: &Point| t < last.t + SPACING - 0.005;
    if curve.points.last().is_some_and(early) {
        return;
    }
    let answered = status.force_a_n.is_some() || status.force_b_n.is_some();
    curve.points.push(Point {
        t,
        force: answered.then_some(status.force_n),
        set: status.set_point_n,
        ceiling: status.ceiling_n,
        total: t + status.remaining_s,
    });
    if curve.points.len() > POINTS {
        let mut keep = false;
        curve.points.retain(|_| {
            keep = !keep;
            keep
        });
    }
}
