//! Links every public step of the session core into a program that has no std, no
//! allocator and a panic handler that calls a symbol which does not exist.
//!
//! The linker succeeds only if the optimiser has proved that no panic is
//! reachable: otherwise the handler stays, and with it the undefined symbol. An
//! allocation fails the same way, for want of an allocator. It is never run.
//!
//! Every function here takes pointers from outside, so that nothing is folded
//! away because its input is known.
#![no_std]
#![no_main]

#[cfg(feature = "prove-alloc")]
extern crate alloc;
#[cfg(feature = "prove-std")]
extern crate std;

use core::panic::PanicInfo;
use traction::input::Input;
use traction::supervisor::{self, Event, SessionState};
use traction::{
    ComfortLimits, Frame, Grant, Limits, LimitsSpec, Output, Profile, ProfileSpec, Session,
    SetPoint, Setup, Ticks,
};

unsafe extern "C" {
    /// Exists nowhere: whoever keeps a way to it does not link.
    safe fn a_panic_is_reachable_in_traction() -> !;
}

#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    a_panic_is_reachable_in_traction()
}

/// What the compiler calls to move bytes; the C library has them elsewhere. Never run.
mod bytes {
    use core::ptr::{read_volatile, write_volatile};

    #[unsafe(no_mangle)]
    unsafe extern "C" fn memcpy(to: *mut u8, from: *const u8, count: usize) -> *mut u8 {
        for at in 0..count {
            unsafe { write_volatile(to.add(at), read_volatile(from.add(at))) };
        }
        to
    }

    #[unsafe(no_mangle)]
    unsafe extern "C" fn memmove(to: *mut u8, from: *const u8, count: usize) -> *mut u8 {
        unsafe { memcpy(to, from, count) }
    }

    #[unsafe(no_mangle)]
    unsafe extern "C" fn memset(to: *mut u8, value: i32, count: usize) -> *mut u8 {
        for at in 0..count {
            unsafe { write_volatile(to.add(at), value as u8) };
        }
        to
    }

    #[unsafe(no_mangle)]
    unsafe extern "C" fn bcmp(a: *const u8, b: *const u8, count: usize) -> i32 {
        let differs = |at: usize| unsafe { read_volatile(a.add(at)) != read_volatile(b.add(at)) };
        i32::from((0..count).any(differs))
    }
}

macro_rules! exported {
    ($name:ident, ($($arg:ident: $kind:ty),*) $(-> $answer:ty)?, $body:block) => {
        #[unsafe(no_mangle)]
        pub fn $name($($arg: $kind),*) $(-> $answer)? $body
    };
}

exported!(arm, (grant: &Grant, setup: &Setup) -> Option<Session>, {
    Session::arm(grant, setup).ok()
});
exported!(step, (session: &mut Session, input: &Input) -> Output, { session.step(input) });
exported!(record, (session: &mut Session, input: &Input) -> [u8; Frame::BYTES], {
    session.record(input).encode()
});
exported!(read_frame, (bytes: &[u8]) -> Option<Frame>, { Frame::decode(bytes) });
exported!(read_grant, (bytes: &[u8]) -> Option<Grant>, { Grant::decode(bytes).ok() });
exported!(write_grant, (grant: &Grant) -> [u8; Grant::BYTES], { grant.encode() });
exported!(profile, (spec: ProfileSpec) -> Option<Profile>, { Profile::new(spec).ok() });
exported!(profile_at, (profile: &Profile, time: Ticks) -> SetPoint, { profile.at(time) });
exported!(profile_total, (profile: &Profile) -> Ticks, { profile.total() });
exported!(limits, (spec: LimitsSpec) -> Option<Limits>, { Limits::new(spec).ok() });
exported!(comfort, (arrival: u8, now: u8) -> u8, { ComfortLimits::answer(arrival, now).code() });
exported!(supervise, (state: SessionState, event: Event) -> SessionState, {
    supervisor::next(state, event)
});

#[cfg(feature = "prove-panic")]
exported!(prove_panic, (bytes: &[u8], at: usize) -> u8, { bytes[at] });

#[cfg(feature = "prove-alloc")]
exported!(prove_alloc, (byte: u8) -> alloc::boxed::Box<u8>, { alloc::boxed::Box::new(byte) });
