//! Leases, tokens, nonces and Grants: who may do what, once.

use crate::support::*;
use ed25519_dalek::SigningKey;
use si::{Newtons, Region};
use table::grant::{SignedGrant, admit};
use table::lease::{Lease, LeaseError, TTL_MS};
use table::nonce::Nonces;
use table::token::{LIFE_MS, Spender, TokenError, Tokens};
use table::wire::Purpose;
use table::{Table as _, TableInfo};

#[test]
fn control_is_not_free_before_the_guard_has_latched_the_lost_link() {
    let mut lease = Lease::default();
    lease.take("desk", 1, 0).expect("nobody holds it");
    let latched = u64::from(traction::numbers::LINK_LOST_MS) + 2 * u64::from(traction::TICK_MS);
    for now_ms in 0..=latched {
        let held = Err(LeaseError::Held("desk".into()));
        assert_eq!(lease.take("ward", 2, now_ms), held, "{now_ms} ms");
    }
}

#[test]
fn one_console_controls_until_it_falls_silent() {
    let mut lease = Lease::default();
    lease.take("desk", 1, 0).expect("free");
    assert_eq!(
        lease.take("tablet", 2, TTL_MS - 1),
        Err(LeaseError::Held("desk".into()))
    );
    lease.heard(1, 4_000);
    assert_eq!(
        lease.take("tablet", 2, TTL_MS),
        Err(LeaseError::Held("desk".into()))
    );
    lease
        .take("tablet", 2, 4_000 + TTL_MS)
        .expect("silent for 5 s");
    assert_eq!(
        lease.check(1, 9_001),
        Err(LeaseError::Held("tablet".into()))
    );
    assert_eq!(lease.holder(9_001), Some("tablet"));
}

#[test]
fn a_console_that_only_looks_does_not_keep_a_lease_alive() {
    let mut lease = Lease::default();
    lease.take("desk", 1, 0).expect("free");
    lease.heard(2, 4_900);
    assert_eq!(lease.age_ms(4_900), Some(4_900));
    assert_eq!(lease.holder(TTL_MS), None);
    lease.heard(1, TTL_MS);
    assert_eq!(
        lease.holder(TTL_MS),
        None,
        "a dead lease does not come back"
    );
}

#[test]
fn a_lease_passes_by_hand_over_and_only_from_its_holder() {
    let mut lease = Lease::default();
    lease.take("desk", 1, 0).expect("free");
    assert_eq!(
        lease.hand_over(2, "tablet", 2, 10),
        Err(LeaseError::Held("desk".into()))
    );
    lease
        .hand_over(1, "tablet", 2, 10)
        .expect("the holder's to give");
    assert!(lease.held_by(2, 11) && !lease.held_by(1, 11));
    assert!(lease.release(1, 12).is_err());
    lease.release(2, 12).expect("its own");
    assert_eq!(lease.holder(13), None);
}

#[test]
fn a_console_comes_back_to_its_own_lease_on_a_new_connection_and_no_other_does() {
    let mut lease = Lease::default();
    lease.take("desk", 1, 0).expect("free");
    assert!(
        lease.take("desk", 2, 100).is_err(),
        "the first connection is open"
    );
    lease.closed(1);
    assert!(!lease.held_by(1, 200));
    assert!(lease.take("tablet", 3, 200).is_err());
    lease.take("desk", 2, 200).expect("its own");
}

fn spender(purpose: Purpose, connection: u64, now_ms: u64) -> Spender {
    Spender {
        purpose,
        connection,
        session: [1; 16],
        now_ms,
    }
}

#[test]
fn a_token_is_spent_once_in_time_by_whom_and_for_what_it_was_issued() {
    let start = |connection, now| spender(Purpose::Start, connection, now);
    let mut tokens = Tokens::default();
    let mut spend_after_issue = |by: Spender, secret| {
        tokens.issue([9; 16], start(1, 0));
        tokens.spend(&secret, by)
    };
    assert_eq!(spend_after_issue(start(1, LIFE_MS), [9; 16]), Ok(()));
    assert_eq!(
        spend_after_issue(start(1, 1), [8; 16]),
        Err(TokenError::Unknown)
    );
    assert_eq!(
        spend_after_issue(start(1, LIFE_MS + 1), [9; 16]),
        Err(TokenError::Expired)
    );
    assert_eq!(
        spend_after_issue(start(2, 1), [9; 16]),
        Err(TokenError::Elsewhere)
    );
    let resume = spender(Purpose::Resume, 1, 1);
    assert_eq!(
        spend_after_issue(resume, [9; 16]),
        Err(TokenError::Elsewhere)
    );
    let other = Spender {
        session: [2; 16],
        ..start(1, 1)
    };
    assert_eq!(
        spend_after_issue(other, [9; 16]),
        Err(TokenError::Elsewhere)
    );
    assert_eq!(
        tokens.spend(&[9; 16], start(1, 1)),
        Err(TokenError::Unknown)
    );
}

#[test]
fn a_wrong_guess_withdraws_the_token() {
    let mut tokens = Tokens::default();
    tokens.issue([9; 16], spender(Purpose::Start, 1, 0));
    let _ = tokens.spend(&[1; 16], spender(Purpose::Start, 1, 1));
    assert_eq!(
        tokens.spend(&[9; 16], spender(Purpose::Start, 1, 2)),
        Err(TokenError::Unknown)
    );
}

#[test]
fn a_spent_nonce_stays_spent_across_a_restart_until_it_expires() {
    let dir = tempfile::tempdir().expect("a directory");
    let mut nonces = Nonces::open(dir.path(), 0).expect("empty");
    nonces.spend([1; 16], 100).expect("fresh");
    assert_eq!(
        nonces.spend([1; 16], 100).expect_err("spent").code,
        "nonce-spent"
    );
    let mut again = Nonces::open(dir.path(), 99).expect("readable");
    assert_eq!(
        again.spend([1; 16], 100).expect_err("spent").code,
        "nonce-spent"
    );
    let later = Nonces::open(dir.path(), 100).expect("readable");
    assert!(!later.is_spent(&[1; 16]));
    let file = std::fs::read_to_string(dir.path().join("nonces")).expect("readable");
    assert_eq!(file, "");
}

#[test]
fn a_torn_last_nonce_is_dropped_and_any_other_bad_line_refuses_to_start() {
    let dir = tempfile::tempdir().expect("a directory");
    let path = dir.path().join("nonces");
    let whole = format!("100 {}\n", hex::encode([1; 16]));
    std::fs::write(&path, format!("{whole}100 0202")).expect("written");
    let mut nonces = Nonces::open(dir.path(), 0).expect("a torn tail is no damage");
    assert!(nonces.is_spent(&[1; 16]) && !nonces.is_spent(&[2; 16]));
    nonces.spend([3; 16], 100).expect("fresh");
    assert!(
        Nonces::open(dir.path(), 0)
            .expect("whole")
            .is_spent(&[3; 16])
    );
    std::fs::write(&path, format!("100 0202\n{whole}")).expect("written");
    let problem = Nonces::open(dir.path(), 0).expect_err("damaged");
    assert_eq!(problem.code, "nonces-unreadable");
    assert!(problem.problem.contains("line 1"), "{problem}");
}

fn info() -> TableInfo {
    table(1).info().clone()
}

fn code_of(outcome: Result<(), si::Problem>) -> &'static str {
    outcome.map_or_else(|problem| problem.code, |()| "admitted")
}

#[test]
fn a_grant_is_admitted_by_its_own_table_within_its_window_only() {
    let grant = grant(static_profile(200.0, 30.0));
    assert_eq!(code_of(admit(&grant, &info(), NOW_MS)), "admitted");
    let at = |now| code_of(admit(&grant, &info(), now));
    assert_eq!(at(grant.not_before_ms - 1), "grant-early");
    assert_eq!(at(grant.expires_ms - 1), "admitted");
    assert_eq!(at(grant.expires_ms), "grant-expired");
    let real = TableInfo {
        simulated: false,
        ..info()
    };
    assert_eq!(code_of(admit(&grant, &real, NOW_MS)), "grant-simulated");
    let other = TableInfo {
        id: [8; 16],
        ..info()
    };
    assert_eq!(code_of(admit(&grant, &other, NOW_MS)), "grant-table");
    let neck = TableInfo {
        regions: vec![Region::Cervical],
        ..info()
    };
    assert_eq!(code_of(admit(&grant, &neck, NOW_MS)), "grant-region");
    let weak = TableInfo {
        hardware_ceiling: Newtons::of(219.0),
        ..info()
    };
    assert_eq!(code_of(admit(&grant, &weak, NOW_MS)), "grant-ceiling");
}

#[test]
fn a_forged_or_altered_grant_is_refused() {
    let grant = grant(static_profile(200.0, 30.0));
    let key = key().verifying_key();
    assert_eq!(signed(&grant).verify(&key), Ok(grant));
    let forged = SignedGrant::sign(&grant, &SigningKey::from_bytes(&[1; 32]));
    assert_eq!(
        forged.verify(&key).expect_err("forged").code,
        "grant-forged"
    );
    for index in 0..signed(&grant).bytes.len() {
        let mut altered = signed(&grant);
        altered.bytes[index] ^= 1;
        let refused = altered.verify(&key).expect_err("altered");
        assert_eq!(refused.code, "grant-forged", "byte {index}");
    }
}
