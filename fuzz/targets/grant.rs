//! A Grant's bytes: whatever is read has this one encoding, and arming it never panics.
#![no_main]

use libfuzzer_sys::fuzz_target;
use si::Region;
use traction::Setup;
use traction::grant::Grant;
use traction::input::Input;
use traction::session::Session;

fuzz_target!(|data: &[u8]| {
    let Ok(grant) = Grant::decode(data) else {
        return;
    };
    if data.len() == Grant::BYTES {
        assert_eq!(grant.encode(), data);
    }
    for region in [Region::Lumbar, Region::Cervical] {
        if let Ok(mut session) = Session::arm(&grant, &Setup::simulated(region)) {
            for _ in 0..20 {
                let output = session.step(&Input::NOTHING);
                assert!(!output.drive.torque, "nothing is connected");
            }
        }
    }
});
