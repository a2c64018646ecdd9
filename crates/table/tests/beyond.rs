//! The last door: a Grant whose pull lies beyond the limits that were signed with it, at
//! the bedside. The doors before it are the plan's and are tested with the program.

use crate::support::*;
use si::{Newtons, NewtonsPerSecond};
use table::client::ClientError;
use table::wire::Purpose;
use traction::grant::Grant;
use traction::input::StopKind;
use traction::{Limits, LimitsSpec, Mode, Ticks};

fn limited(good: &Grant, change: impl FnOnce(&mut LimitsSpec)) -> Grant {
    let mut spec = *good.limits.spec();
    change(&mut spec);
    let limits = Limits::new(spec).expect("within the compiled ones");
    Grant { limits, ..*good }
}

/// hazard: H1, H14
#[test]
fn a_grant_beyond_its_own_limits_moves_nothing_whoever_signed_it() {
    let rig = Rig::new(60);
    let console = rig.control("desk");
    let good = fresh_grant(static_profile(150.0, 60.0), 9);
    let rows = [
        (
            limited(&good, |limits| limits.ceiling = Newtons::of(149.0)),
            "grant.profile.force_n",
        ),
        (
            limited(&good, |limits| limits.rate_up = NewtonsPerSecond::of(5.0)),
            "grant.profile.ramp_n_per_s",
        ),
        (
            limited(&good, |limits| limits.rate_down = NewtonsPerSecond::of(5.0)),
            "grant.profile.ramp_n_per_s",
        ),
        (
            limited(&good, |limits| limits.total_time = Ticks::from_secs(30)),
            "grant.profile.total_s",
        ),
    ];
    for (grant, place) in rows {
        let refused = console.client.arm(&signed(&grant));
        let Err(ClientError::Refused(problem)) = refused else {
            panic!("{place}: {refused:?}");
        };
        assert_eq!(problem.code, "grant-beyond-limits", "{problem}");
        assert_eq!(problem.place, place);
        assert!(!problem.problem.is_empty() && !problem.remedy.is_empty());
    }
    let status = console.client.status().expect("a status");
    assert_eq!((status.session, status.stage.as_str()), (None, "idle"));
    console
        .client
        .arm(&signed(&good))
        .expect("its nonce is not spent");
}

/// A limit that was signed above the force is where a change ends, and not before.
///
/// hazard: H1, H14
#[test]
fn a_change_goes_up_to_the_limit_that_was_signed_and_no_further() {
    let rig = Rig::new(60);
    let console = rig.control("desk");
    let good = fresh_grant(static_profile(100.0, 600.0), 9);
    let grant = limited(&good, |limits| limits.ceiling = Newtons::of(130.0));
    console.start(&grant);
    let client = &console.client;
    wait(client, "a hold", |status| status.phase == "hold");
    let beyond = client.change(Mode::Static, Newtons::of(131.0));
    assert!(matches!(beyond, Err(ClientError::Refused(_))), "{beyond:?}");
    client
        .change(Mode::Static, Newtons::of(130.0))
        .expect("within what was signed");
    let held = wait(client, "more force", |status| status.force_n > 120.0);
    assert!(held.force_n <= 140.0, "{held:?}");
    assert!((held.ceiling_n - 130.0).abs() < 1e-9, "{held:?}");
}

/// What is taken back is a share of the force there is, not of the limit that was signed;
/// and nothing brings it back.
///
/// hazard: H13, H14
#[test]
fn a_signed_limit_far_above_the_force_is_gone_after_a_lowering_and_a_resume() {
    let rig = Rig::new(60);
    let console = rig.control("desk");
    let good = fresh_grant(static_profile(120.0, 1_200.0), 9);
    let grant = limited(&good, |limits| limits.ceiling = Newtons::of(300.0));
    console.start(&grant);
    let client = &console.client;
    wait(client, "a hold", |status| status.phase == "hold");
    client.stop().expect("open to all");
    wait(client, "no force", |status| status.stage == "unloaded");
    client
        .explain(StopKind::Comfort)
        .expect("a practitioner's act");
    console.try_switch();
    let token = client.token(Purpose::Resume).expect("the first act");
    client.resume(&token).expect("the second act");
    let again = wait(client, "a hold again", |status| {
        status.stage == "running" && status.force_n > 60.0
    });
    assert!(again.ceiling_n <= 0.75 * 125.0, "{again:?}");
    let back = client.change(Mode::Static, Newtons::of(120.0));
    assert!(matches!(back, Err(ClientError::Refused(_))), "{back:?}");
    client.lower().expect("the console's in control");
    let lowered = wait(client, "less", |status| status.ceiling_n < 0.6 * 125.0);
    let up = client.change(Mode::Static, Newtons::of(lowered.ceiling_n + 1.0));
    assert!(matches!(up, Err(ClientError::Refused(_))), "{up:?}");
}
