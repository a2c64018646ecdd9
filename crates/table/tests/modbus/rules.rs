//! What a served table does with writes, in a time that the test gives it.

use super::probe::{Probe, Seen};
use proptest::prelude::*;
use si::Region;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use table::modbus::Served;
use table::modbus::codec::{Exception, Reply, Request, Span, crc_of};
use table::modbus::map::{ASK, COMMAND, Command, FIXED, Fixed, LIVE, Live, Order, State};
use traction::Setup;

/// A served instrument with its own clock.
struct Bench {
    served: Served,
    seen: Arc<Mutex<Seen>>,
    now: Duration,
    sequence: u16,
}

impl Bench {
    fn new() -> Self {
        let probe = Probe::new(Setup::simulated(Region::Lumbar));
        let seen = Arc::clone(&probe.seen);
        let served = Served::new(Box::new(probe), Region::Lumbar).expect("its numbers fit");
        let now = Duration::ZERO;
        let mut bench = Self {
            served,
            seen,
            now,
            sequence: 0,
        };
        bench.ticks(1);
        bench
    }

    fn ticks(&mut self, count: u32) {
        for _ in 0..count {
            self.now += Duration::from_millis(10);
            self.served.tick(self.now);
        }
    }

    fn live(&mut self) -> Live {
        let Reply::Registers(registers) = self.served.answer(&Request::Read(LIVE), 9, self.now)
        else {
            panic!("the live block is refused");
        };
        Live::read(&registers).expect("a whole live block")
    }

    fn write(&mut self, command: Command, by: u64) -> Reply {
        let request = Request::Write {
            first: COMMAND,
            values: command.registers().to_vec(),
        };
        self.served.answer(&request, by, self.now)
    }

    /// The next velocity, as a good master would write it.
    fn velocity(&mut self, velocity: i32) -> Command {
        self.sequence += 1;
        let basis = self.live().sequence;
        Command {
            sequence: self.sequence,
            lease_ms: 250,
            ceiling: 300,
            order: Order::Velocity { velocity, basis },
        }
    }

    fn off(&mut self) -> Command {
        self.sequence += 1;
        Command {
            sequence: self.sequence,
            lease_ms: 250,
            ceiling: 300,
            order: Order::Off,
        }
    }

    fn drive(&mut self, velocity: i32) -> Reply {
        let command = self.velocity(velocity);
        self.write(command, 1)
    }

    fn torque(&self) -> bool {
        self.seen.lock().expect("whole").torque
    }

    fn last_velocity(&self) -> Option<i64> {
        let seen = self.seen.lock().expect("whole");
        seen.told.last().map(|(velocity, _)| *velocity)
    }

    fn set_force(&self, force: f64) {
        self.seen.lock().expect("whole").force = force;
    }
}

const TAKEN: Reply = Reply::Written(Span {
    first: 100,
    count: 12,
});
const VALUE: Reply = Reply::Refused(Exception::IllegalValue);

#[test]
fn silence_lets_go_at_the_watchdog_and_stays_let_go() {
    let mut bench = Bench::new();
    assert_eq!(bench.drive(3_000), TAKEN);
    bench.ticks(20);
    assert!(bench.torque(), "200 ms are the watchdog's");
    bench.ticks(1);
    assert!(!bench.torque());
    assert_eq!(bench.live().state, State::Lapsed);
    let refused = Reply::Refused(Exception::DeviceFailure);
    assert_eq!(
        bench.drive(3_000),
        refused,
        "it does not begin again by itself"
    );
    let off = bench.off();
    assert_eq!(bench.write(off, 1), TAKEN);
    assert_eq!(bench.drive(3_000), TAKEN);
}

#[test]
fn a_short_lease_lets_go_before_the_watchdog() {
    let mut bench = Bench::new();
    let short = Command {
        lease_ms: 50,
        ..bench.velocity(3_000)
    };
    assert_eq!(bench.write(short, 1), TAKEN);
    bench.ticks(5);
    assert!(bench.torque());
    bench.ticks(1);
    assert!(!bench.torque());
}

#[test]
fn a_repeated_write_is_answered_and_renews_nothing() {
    let mut bench = Bench::new();
    let command = bench.velocity(3_000);
    assert_eq!(bench.write(command, 1), TAKEN);
    for _ in 0..21 {
        bench.ticks(1);
        assert_eq!(bench.write(command, 1), TAKEN);
    }
    assert!(!bench.torque(), "repeats must not feed the watchdog");
}

#[test]
fn an_old_write_has_no_effect() {
    let mut bench = Bench::new();
    let old = bench.velocity(8_000);
    let newer = bench.velocity(1_000);
    assert_eq!(bench.write(newer, 1), TAKEN);
    assert_eq!(bench.write(old, 1), VALUE);
    bench.ticks(1);
    assert_eq!(bench.last_velocity(), Some(1_000));
}

#[test]
fn a_velocity_that_lay_in_a_gateway_is_refused() {
    let mut bench = Bench::new();
    let late = bench.velocity(3_000);
    bench.ticks(10);
    assert_eq!(bench.write(late, 1), TAKEN, "100 ms are young enough");
    let late = bench.velocity(3_000);
    bench.ticks(11);
    assert_eq!(bench.write(late, 1), VALUE);
}

#[test]
fn a_pull_stands_still_at_the_ceiling_and_a_release_does_not() {
    let mut bench = Bench::new();
    // The second cell of the instrument shows 1 N more.
    bench.set_force(299.0);
    assert_eq!(bench.drive(3_000), TAKEN);
    bench.ticks(1);
    assert_eq!(bench.last_velocity(), Some(0));
    assert!(bench.live().faults.held);
    assert_eq!(bench.drive(-5_000), TAKEN);
    bench.ticks(1);
    assert_eq!(bench.last_velocity(), Some(-5_000));
}

#[test]
fn far_above_the_ceiling_the_table_lets_go_by_itself() {
    let mut bench = Bench::new();
    assert_eq!(bench.drive(3_000), TAKEN);
    bench.set_force(340.0);
    bench.ticks(1);
    assert!(!bench.torque());
    assert_eq!(bench.live().state, State::Tripped);
}

#[test]
fn a_ceiling_does_not_rise_while_the_table_drives() {
    let mut bench = Bench::new();
    assert_eq!(bench.drive(3_000), TAKEN);
    let raised = Command {
        ceiling: 301,
        ..bench.velocity(3_000)
    };
    assert_eq!(bench.write(raised, 1), VALUE);
    assert_eq!(bench.live().ceiling, 300);
}

#[test]
fn numbers_outside_their_ranges_are_refused_without_effect() {
    let mut bench = Bench::new();
    let good = bench.velocity(3_000);
    let basis = bench.live().sequence;
    let fast = Order::Velocity {
        velocity: 8_001,
        basis,
    };
    let bad = [
        Command {
            lease_ms: 0,
            ..good
        },
        Command {
            lease_ms: 251,
            ..good
        },
        Command { ceiling: 0, ..good },
        Command {
            ceiling: 891,
            ..good
        },
        Command {
            order: fast,
            ..good
        },
    ];
    for command in bad {
        assert_eq!(bench.write(command, 1), VALUE, "{command:?}");
        bench.ticks(1);
        assert!(!bench.torque());
    }
    assert_eq!(bench.live().written, 0);
}

#[test]
fn another_master_may_let_go_and_not_drive() {
    let mut bench = Bench::new();
    assert_eq!(bench.drive(3_000), TAKEN);
    let strange = bench.velocity(8_000);
    assert_eq!(bench.write(strange, 2), Reply::Refused(Exception::Busy));
    let off = bench.off();
    assert_eq!(bench.write(off, 2), TAKEN);
    bench.ticks(1);
    assert!(!bench.torque());
    let refused = Reply::Refused(Exception::DeviceFailure);
    assert_eq!(bench.drive(3_000), refused, "who drove must let go too");
}

#[test]
fn a_block_is_written_whole_or_not_at_all() {
    let mut bench = Bench::new();
    let whole = bench.velocity(3_000).registers();
    for length in 1..whole.len() {
        let values = whole[..length].to_vec();
        let first = COMMAND;
        let reply = bench
            .served
            .answer(&Request::Write { first, values }, 1, bench.now);
        // The published eight are a block too, but a velocity is not in them.
        let refusal = if length == 8 {
            Exception::IllegalValue
        } else {
            Exception::IllegalAddress
        };
        assert_eq!(reply, Reply::Refused(refusal), "{length} registers");
    }
    let read = Span {
        first: 15,
        count: 7,
    };
    let reply = bench.served.answer(&Request::Read(read), 1, bench.now);
    assert_eq!(reply, Reply::Refused(Exception::IllegalAddress));
}

#[test]
fn an_exchange_carries_its_own_nonce_and_a_refused_one_changes_nothing() {
    let mut bench = Bench::new();
    let exchange = |read, values: Vec<u16>, first| Request::Exchange {
        read,
        first,
        values,
    };
    let reply = bench
        .served
        .answer(&exchange(LIVE, vec![0xBEEF], ASK), 1, bench.now);
    let Reply::Registers(registers) = reply else {
        panic!("an exchange is answered with registers");
    };
    assert_eq!(Live::read(&registers).map(|live| live.asked), Ok(0xBEEF));
    let nowhere = Span {
        first: 30,
        count: 2,
    };
    let reply = bench
        .served
        .answer(&exchange(nowhere, vec![1], ASK), 1, bench.now);
    assert_eq!(reply, Reply::Refused(Exception::IllegalAddress));
    assert_eq!(bench.live().asked, 0xBEEF);
}

#[test]
fn a_command_by_force_needs_a_table_with_a_loop_of_its_own() {
    let mut bench = Bench::new();
    let mut block = bench.velocity(0).registers();
    block[6] = 2;
    block[7] = crc_of(&block[..7]);
    block[11] = crc_of(&block[..11]);
    let (first, values) = (COMMAND, block.to_vec());
    let request = Request::Write { first, values };
    assert_eq!(bench.served.answer(&request, 1, bench.now), VALUE);
}

#[test]
fn the_switch_of_a_real_table_cannot_be_written() {
    let real = Setup {
        simulated: false,
        ..Setup::simulated(Region::Lumbar)
    };
    let mut served = Served::new(Box::new(Probe::new(real)), Region::Lumbar).expect("it fits");
    let (first, values) = (113, vec![1]);
    let reply = served.answer(&Request::Write { first, values }, 1, Duration::ZERO);
    assert_eq!(reply, Reply::Refused(Exception::IllegalAddress));
}

fn live() -> impl Strategy<Value = Live> {
    let words = (any::<[u16; 8]>(), any::<i16>());
    let counts = prop::option::of(-2_000_000_i32..2_000_000);
    (words, counts).prop_map(|((words, ma), counts)| Live {
        sequence: words[0],
        age_ms: words[1],
        force_a: counts.map(|mn| f64::from(mn) / 1e3),
        force_b: counts.map(|mn| f64::from(-mn) / 1e3),
        motor_ma: (ma != i16::MIN).then_some(ma),
        travel: counts.map(|um| f64::from(um) / 1e6),
        state: State::Driving,
        faults: table::modbus::map::Faults::default(),
        switch: traction::input::Switch::PRESSED,
        switch_tests: (words[0] % 64) as u8,
        watchdog_ms: words[2],
        table_ceiling: words[3],
        written: words[4],
        ceiling: words[5],
        lease_left_ms: words[6],
        asked: words[7],
    })
}

proptest! {
    #[test]
    fn a_live_block_survives_its_registers(live in live()) {
        prop_assert_eq!(Live::read(&live.registers()), Ok(live));
    }

    #[test]
    fn up_to_three_flipped_bits_never_pass_in_a_block(
        live in live(),
        flips in prop::collection::btree_set(0_usize..21 * 16, 1..=3),
    ) {
        let mut block = live.registers();
        for flip in flips {
            block[flip / 16] ^= 1 << (flip % 16);
        }
        prop_assert!(Live::read(&block).is_err());
    }

    #[test]
    fn any_registers_are_a_block_or_refused(words in prop::collection::vec(any::<u16>(), 0..30)) {
        let _ = (Live::read(&words), Fixed::read(&words), Command::read(&words));
    }

    #[test]
    fn any_request_is_answered_and_none_drives_without_a_whole_command(
        first in 0_u16..130,
        values in prop::collection::vec(any::<u16>(), 1..20),
        span in (0_u16..130, 1_u16..40),
    ) {
        let mut bench = Bench::new();
        let read = Span { first: span.0, count: span.1 };
        for request in [
            Request::Read(read),
            Request::Read(FIXED),
            Request::Write { first, values: values.clone() },
            Request::Exchange { read, first, values },
        ] {
            let _ = bench.served.answer(&request, 1, bench.now);
        }
        bench.ticks(1);
        prop_assert!(!bench.torque());
    }
}
