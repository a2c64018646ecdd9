//! The faults that a simulated table can be given: kind, size, onset, length.
//!
//! One kind for each way in which a part of the hazard list (devices.md §4a, H1–H27)
//! fails; a size in the kind's own unit sweeps it from harmless to worst. The
//! thirteen names that the first consoles used are kept: each is one [`Fault`].
//!
//! Must never know: how a table obeys (`crate::simulated` does).

use serde::{Deserialize, Serialize};
use si::Problem;

/// A fault by the name that consoles use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FaultName {
    /// H3: load cell A repeats its last value.
    CellAStuck,
    /// H3: load cell B repeats its last value.
    CellBStuck,
    /// H18: load cell A gives nothing.
    CellALost,
    /// H18: load cell B gives nothing.
    CellBLost,
    /// H2: load cell A reads half.
    CellALow,
    /// H4: both load cells read half.
    BothCellsLow,
    /// H11: pole A of the patient switch is open.
    PoleAOpen,
    /// H11: pole B of the patient switch is open.
    PoleBOpen,
    /// H5: the drive pulls at full speed whatever it is told, until torque is removed.
    Runaway,
    /// H10: the drive holds its position whatever it is told.
    DriveDead,
    /// H8: the cord breaks.
    CordBreak,
    /// H8: the harness slips by 20 mm.
    HarnessSlip,
    /// H7: the patient guards: a half-sine of force of one second.
    Guarding,
}

impl FaultName {
    /// Every name, in the order of the hazard list.
    pub const ALL: [Self; 13] = [
        Self::CellAStuck,
        Self::CellBStuck,
        Self::CellALost,
        Self::CellBLost,
        Self::CellALow,
        Self::BothCellsLow,
        Self::PoleAOpen,
        Self::PoleBOpen,
        Self::Runaway,
        Self::DriveDead,
        Self::CordBreak,
        Self::HarnessSlip,
        Self::Guarding,
    ];

    /// What it stands for. A guarding patient shortens by what makes about 100 N on the
    /// body that lies there (14 mm on the whole spine, 10 mm on the lumped one).
    #[must_use]
    pub const fn kind(self) -> FaultKind {
        match self {
            Self::CellAStuck => FaultKind::Sensor(Sensor::CellA, Wrong::Stuck),
            Self::CellBStuck => FaultKind::Sensor(Sensor::CellB, Wrong::Stuck),
            Self::CellALost => FaultKind::Sensor(Sensor::CellA, Wrong::Lost),
            Self::CellBLost => FaultKind::Sensor(Sensor::CellB, Wrong::Lost),
            Self::CellALow => FaultKind::Sensor(Sensor::CellA, Wrong::Gain),
            Self::BothCellsLow => FaultKind::Sensor(Sensor::BothCells, Wrong::Gain),
            Self::PoleAOpen => FaultKind::PoleOpen(Poles::A),
            Self::PoleBOpen => FaultKind::PoleOpen(Poles::B),
            Self::Runaway => FaultKind::Runaway,
            Self::DriveDead => FaultKind::DriveDead,
            Self::CordBreak => FaultKind::CordBreak,
            Self::HarnessSlip => FaultKind::HarnessSlip,
            Self::Guarding => FaultKind::PatientShortens,
        }
    }
}

/// What measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sensor {
    /// Load cell A, N.
    CellA,
    /// Load cell B, N.
    CellB,
    /// Both load cells alike.
    BothCells,
    /// The tension inferred from motor current, N.
    Motor,
    /// The position of the carriage, mm.
    Encoder,
}

/// How a sensor is wrong. Drift, temperature and sweeps are a gain or an offset with an onset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Wrong {
    /// It reads this many times the true value; −1 is a wrong sign, 9.81 or 4.45 a wrong unit.
    Gain,
    /// It reads this much more.
    Offset,
    /// It has this much more noise (standard deviation).
    Noise,
    /// It repeats its last value to the last bit.
    Stuck,
    /// It repeats its last value with live noise around it.
    Held,
    /// It stands at this value.
    Rail,
    /// It gives a number that is none.
    NotANumber,
    /// It gives infinity.
    Infinite,
    /// It gives nothing.
    Lost,
    /// The two words of its 32-bit mN (µm) are swapped.
    WordSwap,
    /// This bit of its 32-bit mN (µm) is flipped.
    BitFlip,
}

/// Which poles of the patient's switch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Poles {
    /// The first.
    A,
    /// The second.
    B,
    /// Both.
    Both,
}

/// What fails. The unit of its size is that of [`FaultKind::facts`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FaultKind {
    /// H2–H4, H18, H20: a sensor lies.
    Sensor(Sensor, Wrong),
    /// H5: the drive pulls at this many times its rated speed, whatever it is told.
    Runaway,
    /// H5: the drive runs at this many times the velocity it is told.
    SpeedGain,
    /// H5: the contactor is welded: the drive keeps its torque when told to drop it.
    ContactorStuck,
    /// H5: the second line cannot take the torque away.
    LineStuck,
    /// H10: the drive holds its position while it has torque.
    DriveDead,
    /// H10: the drive reports a fault and goes on.
    DriveFault,
    /// H16: the drive's own watchdog never bites.
    WatchdogDead,
    /// H4: the drive's limit of torque is off.
    TorqueLimitOff,
    /// H4: the hardware force stop never bites.
    ForceStopDead,
    /// H9: this share is left of what brakes a carriage without torque.
    BrakeFails,
    /// H10: a carriage without torque stands still.
    BrakeStuck,
    /// H10: nothing is read and no command arrives; both sides see it.
    CommsLost,
    /// H10: no command arrives, and nobody is told.
    CommandsLost,
    /// H10, H24: no power; what the drive had is forgotten.
    PowerCut,
    /// H10: commands arrive this many ms late.
    CommandsLate,
    /// H13: every other tick the drive is given the command of this many ms ago.
    CommandsReplayed,
    /// H25: another master writes full speed and torque in every other tick.
    RogueMaster,
    /// H17: samples are this many ms old, and say so.
    SamplesLate,
    /// H17: samples are this many ms old and say that they are fresh.
    SamplesOld,
    /// H17: a new sample comes only every so many ms; in between the last one is repeated as fresh.
    SamplesRepeated,
    /// H17: each sample is late by a time drawn between 0 and this many ms, and says so.
    SamplesJitter,
    /// H8: the cord tears within this many ms.
    CordBreak,
    /// H8, H19: the harness slips by this many mm in the time that it lasts (50 ms if none is given).
    HarnessSlip,
    /// H8: the buckle opens until it carries no more than this many N.
    Buckle,
    /// H11: these poles are open, pressed or not.
    PoleOpen(Poles),
    /// H11: these poles are closed, pressed or not.
    PoleClosed(Poles),
    /// H11: these poles open by chance, in this share of all ticks.
    PoleChatter(Poles),
    /// H11: nothing is connected.
    SwitchUnplugged,
    /// H11: what reads the switch hangs and repeats what it read last.
    SwitchHangs,
    /// H12: the patient has dropped the switch: pressing it does nothing.
    SwitchDropped,
    /// H12: the patient sleeps: presses nothing, answers nothing.
    PatientAsleep,
    /// H7: the patient coughs, guards or rolls: a half-sine of this many N on a carriage that
    /// stands, as long as the fault lasts (1 s if no time is given).
    PatientPulls,
    /// H7: the same by how far he shortens, mm.
    PatientShortens,
    /// H6: the patient lifts towards the pull: so many mm of slack until it ends.
    PatientLifts,
    /// H26: the lock of the couch's axes is gone.
    InterlockDead,
}

/// What is known of a kind.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Facts {
    /// The hazard of devices.md §4a that it belongs to, first of them.
    pub hazard: u8,
    /// The unit of its size; empty where it has none.
    pub unit: &'static str,
    /// The least and the greatest size.
    pub range: (f64, f64),
    /// The size where none is given.
    pub usual: f64,
}

const fn facts(hazard: u8, unit: &'static str, range: (f64, f64), usual: f64) -> Facts {
    Facts {
        hazard,
        unit,
        range,
        usual,
    }
}

/// A fault that is there or not.
const fn plain(hazard: u8) -> Facts {
    facts(hazard, "", (0.0, 1.0), 1.0)
}

impl FaultKind {
    /// Every kind, each sensor with each way to be wrong.
    #[must_use]
    pub fn all() -> Vec<Self> {
        let mut all = PLAIN.to_vec();
        for sensor in SENSORS {
            all.extend(WRONGS.map(|wrong| Self::Sensor(sensor, wrong)));
        }
        for poles in [Poles::A, Poles::B, Poles::Both] {
            all.extend([
                Self::PoleOpen(poles),
                Self::PoleClosed(poles),
                Self::PoleChatter(poles),
            ]);
        }
        all
    }

    /// Its hazard, unit, range and usual size. Ranges are those of devices.md §4a where it
    /// gives one (H2 1–100 %, H6 0–100 mm, H7 50–300 N, H8 20 ms), otherwise ours.
    #[must_use]
    pub const fn facts(self) -> Facts {
        match self {
            Self::Sensor(sensor, wrong) => wrong.facts(sensor),
            Self::Runaway => facts(5, "× rated speed", (-4.0, 4.0), 1.0),
            Self::SpeedGain => facts(5, "×", (-4.0, 4.0), 2.0),
            Self::ContactorStuck | Self::LineStuck => plain(5),
            Self::DriveDead | Self::DriveFault | Self::CommsLost | Self::CommandsLost => plain(10),
            Self::BrakeStuck | Self::PowerCut => plain(10),
            Self::WatchdogDead => plain(16),
            Self::TorqueLimitOff | Self::ForceStopDead => plain(4),
            Self::BrakeFails => facts(9, "× damping", (0.01, 1.0), 0.1),
            Self::CommandsLate => facts(10, "ms", (10.0, 600.0), 50.0),
            Self::CommandsReplayed => facts(13, "ms", (10.0, 600.0), 200.0),
            Self::RogueMaster => plain(25),
            Self::SamplesLate | Self::SamplesOld | Self::SamplesRepeated | Self::SamplesJitter => {
                facts(17, "ms", (10.0, 600.0), 50.0)
            }
            Self::CordBreak => facts(8, "ms", (10.0, 1_000.0), 20.0),
            Self::HarnessSlip => facts(8, "mm", (0.0, 100.0), 20.0),
            Self::Buckle => facts(8, "N", (0.0, 500.0), 50.0),
            Self::PoleOpen(_) | Self::PoleClosed(_) => plain(11),
            Self::PoleChatter(_) => facts(11, "of ticks", (0.0, 1.0), 0.2),
            Self::SwitchUnplugged | Self::SwitchHangs => plain(11),
            Self::SwitchDropped | Self::PatientAsleep => plain(12),
            Self::PatientPulls => facts(7, "N", (0.0, 300.0), 100.0),
            Self::PatientShortens => facts(7, "mm", (0.0, 60.0), 10.0),
            Self::PatientLifts => facts(6, "mm", (0.0, 100.0), 20.0),
            Self::InterlockDead => plain(26),
        }
    }
}

/// Every sensor, and both cells at once.
const SENSORS: [Sensor; 5] = [
    Sensor::CellA,
    Sensor::CellB,
    Sensor::BothCells,
    Sensor::Motor,
    Sensor::Encoder,
];

/// Every way to be wrong.
const WRONGS: [Wrong; 11] = [
    Wrong::Gain,
    Wrong::Offset,
    Wrong::Noise,
    Wrong::Stuck,
    Wrong::Held,
    Wrong::Rail,
    Wrong::NotANumber,
    Wrong::Infinite,
    Wrong::Lost,
    Wrong::WordSwap,
    Wrong::BitFlip,
];

/// The kinds without a place.
const PLAIN: [FaultKind; 32] = [
    FaultKind::Runaway,
    FaultKind::SpeedGain,
    FaultKind::ContactorStuck,
    FaultKind::LineStuck,
    FaultKind::DriveDead,
    FaultKind::DriveFault,
    FaultKind::WatchdogDead,
    FaultKind::TorqueLimitOff,
    FaultKind::ForceStopDead,
    FaultKind::BrakeFails,
    FaultKind::BrakeStuck,
    FaultKind::CommsLost,
    FaultKind::CommandsLost,
    FaultKind::PowerCut,
    FaultKind::CommandsLate,
    FaultKind::CommandsReplayed,
    FaultKind::RogueMaster,
    FaultKind::SamplesLate,
    FaultKind::SamplesOld,
    FaultKind::SamplesRepeated,
    FaultKind::SamplesJitter,
    FaultKind::CordBreak,
    FaultKind::HarnessSlip,
    FaultKind::Buckle,
    FaultKind::SwitchUnplugged,
    FaultKind::SwitchHangs,
    FaultKind::SwitchDropped,
    FaultKind::PatientAsleep,
    FaultKind::PatientPulls,
    FaultKind::PatientShortens,
    FaultKind::PatientLifts,
    FaultKind::InterlockDead,
];

impl Wrong {
    const fn facts(self, sensor: Sensor) -> Facts {
        let hazard = match (self, sensor) {
            (Self::Gain | Self::Offset, Sensor::BothCells) => 4,
            (Self::Gain | Self::Offset, _) => 2,
            (Self::Stuck | Self::Held | Self::Rail, _) => 3,
            _ => 18,
        };
        let unit = match sensor {
            Sensor::Encoder => "mm",
            _ => "N",
        };
        match self {
            Self::Gain => facts(hazard, "×", (-10.0, 10.0), 0.5),
            Self::Offset => facts(hazard, unit, (-1_000.0, 1_000.0), -50.0),
            Self::Noise => facts(hazard, unit, (0.0, 200.0), 5.0),
            Self::Rail => facts(hazard, unit, (-1_200.0, 1_200.0), 1_100.0),
            Self::BitFlip => facts(hazard, "bit", (0.0, 31.0), 17.0),
            _ => plain(hazard),
        }
    }
}

/// One fault.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fault {
    /// What fails.
    pub kind: FaultKind,
    /// How much, in the unit of its kind.
    pub magnitude: f64,
    /// How long it takes to come: a gain, an offset or noise grows to its size in this
    /// time; any other fault is there after it. ms.
    #[serde(default)]
    pub onset_ms: u32,
    /// How long it lasts, from when it was given; nothing for ever. What broke stays broken. ms.
    #[serde(default)]
    pub duration_ms: Option<u32>,
}

impl Fault {
    /// At once, for ever, of the usual size.
    #[must_use]
    pub const fn usual(kind: FaultKind) -> Self {
        Self::of(kind, kind.facts().usual)
    }

    /// At once, for ever, of this size.
    #[must_use]
    pub const fn of(kind: FaultKind, magnitude: f64) -> Self {
        Self {
            kind,
            magnitude,
            onset_ms: 0,
            duration_ms: None,
        }
    }

    /// The same, coming over this time.
    #[must_use]
    pub const fn over_ms(self, onset_ms: u32) -> Self {
        Self { onset_ms, ..self }
    }

    /// The same, ending after this time.
    #[must_use]
    pub const fn for_ms(self, ms: u32) -> Self {
        Self {
            duration_ms: Some(ms),
            ..self
        }
    }

    /// Errs unless its size is one that its kind can have.
    ///
    /// # Errors
    /// `fault-size`, with the range.
    pub fn check(&self) -> Result<(), Problem> {
        let facts = self.kind.facts();
        let (least, most) = facts.range;
        if self.magnitude >= least && self.magnitude <= most {
            return Ok(());
        }
        Err(Problem::new(
            "fault-size",
            "fault.magnitude",
            self.magnitude.to_string(),
            format!("is outside {least} to {most} {}", facts.unit),
            "give a size within the range of this kind of fault",
        ))
    }
}
