//! Who may say what: names of consoles, what a stop was, and whose score counts.

use crate::process::{code, in_hold, long, unloaded};
use crate::support::*;
use table::client::{Client, ClientError};
use table::wire::{Purpose, Request, Simulated};

/// hazard: H14
#[test]
fn two_consoles_never_have_one_name_and_a_connection_keeps_its_own() {
    let rig = Rig::new(60);
    let console = rig.control("desk");
    let Err(ClientError::Refused(refusal)) = Client::connect(&rig.socket(), "desk") else {
        panic!("a second console of that name");
    };
    let told = (refusal.code.as_str(), refusal.place.as_str());
    assert_eq!(told, ("console-name-taken", "hello.console"));
    assert_eq!(refusal.value, "desk");
    assert!(refusal.remedy.contains("name of its own"), "{refusal:?}");
    let renamed = console.client.call(&Request::Hello {
        console: "tablet".into(),
    });
    assert_eq!(code(renamed), "hello-twice");
    let lease = console.client.status().expect("a status").lease;
    assert_eq!(lease.as_deref(), Some("desk"));
    drop(rig.connect("phone"));
    rig.connect("phone")
        .status()
        .expect("its name is free again");
}

#[test]
fn saying_what_a_stop_was_needs_a_token_of_that_purpose() {
    let rig = Rig::new(60);
    let console = rig.control("desk");
    console.start(&long());
    let client = &console.client;
    in_hold(client);
    client.stop().expect("open to all");
    unloaded(client);
    let explain = |token: String| {
        client.call(&Request::Explain {
            stop: "comfort".into(),
            token,
        })
    };
    assert_eq!(code(explain(String::new())), "token-refused");
    let other = client.token(Purpose::Continue).expect("a token");
    assert_eq!(code(explain(other)), "token-refused");
    let own = client.token(Purpose::Explain).expect("a token");
    explain(own).expect("a practitioner's act");
    assert!(client.status().expect("a status").may_resume);
}

/// hazard: H12
#[test]
fn of_the_patients_own_score_and_the_staffs_the_worse_counts() {
    let rig = Rig::new(60);
    let console = rig.control("desk");
    console.start(&long());
    let client = &console.client;
    in_hold(client);
    let own = |score| client.simulate(Simulated::Comfort { score });
    assert_eq!(code(own(11)), "comfort-range");
    own(5).expect("a patient with a control");
    wait(client, "no increase", |status| {
        status.limiter.as_deref() == Some("comfort-rise") && status.comfort == Some(5)
    });
    client.comfort(4).expect("in control");
    let since = client.status().expect("a status").tick;
    let later = wait(client, "20 ticks", |status| status.tick > since + 20);
    assert_eq!((later.comfort, later.stage.as_str()), (Some(5), "running"));
    own(7).expect("a patient with a control");
    let status = unloaded(client);
    assert_eq!(status.latch.as_deref(), Some("comfort-stop"));
}
