//! The words of a result and which of two is worse.
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $word)] $variant),+ }

        impl $name {
            /// Every word, in the order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word in JSON.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

words!(
    /// How soon somebody must act; the greater is the more urgent.
    Urgency {
        /// Nothing to hurry.
        None = "none",
        /// At the next visit.
        Routine = "routine",
        /// Today.
        Urgent = "urgent",
        /// Now.
        Emergency = "emergency",
    }
);

words!(
    /// When a rule counts.
    Gate {
        /// Before a course.
        Eligibility = "eligibility",
        /// Before every session.
        Today = "today",
        /// At the start, on the table.
        Start = "start",
        /// While the patient is on the table.
        InSession = "in-session",
    }
);

words!(
    /// Who may decide to go on despite a rule that fired.
    OverrideBy {
        /// Nobody.
        Never = "never",
        /// A practitioner with a second clinician.
        SecondClinician = "second-clinician",
        /// A practitioner.
        Practitioner = "practitioner",
    }
);

words!(
    /// The result words of every set; [`RuleSet::verdicts`] gives a set's own, worst first.
    Verdict {
        /// Screening: must not be pulled.
        Refuse = "refuse",
        /// Screening: not before something is examined or answered.
        EvaluateFirst = "evaluate-first",
        /// Screening: with conditions.
        Caution = "caution",
        /// Screening: nothing stands against it.
        Cleared = "cleared",
        /// In session: unload and latch.
        Stop = "stop",
        /// In session: less force from here on.
        Lower = "lower",
        /// In session: no more force than now.
        HoldNoIncrease = "hold-no-increase",
        /// In session and review: as prescribed.
        Continue = "continue",
        /// Triage: emergency care now.
        Emergency = "emergency",
        /// Triage: a clinician today.
        SeeClinicianToday = "see-clinician-today",
        /// Triage: no reply; somebody calls.
        ContactPatient = "contact-patient",
        /// Triage and review: change the dose.
        Adjust = "adjust",
        /// Triage: soreness that passes.
        ExpectedSoreness = "expected-soreness",
        /// Triage: nothing to report.
        Well = "well",
        /// Review: end the course, it does harm or no good.
        Discontinue = "discontinue",
        /// Review: examine again before going on.
        ReEvaluate = "re-evaluate",
        /// Review: end the course, its goals are met.
        DischargeGoalsMet = "discharge-goals-met",
        /// Advice: do not give this item.
        Withhold = "withhold",
        /// Advice: give this item.
        Give = "give",
    }
);

words!(
    /// The rule sets; one engine decides them all.
    RuleSet {
        /// Before a course, before each session, at the start.
        Screening = "screening",
        /// Whether there is a reason to pull at all; decided with screening.
        Indication = "indication",
        /// Each report or sign on the table.
        InSession = "in-session",
        /// Each check-in, and each one that did not come.
        Triage = "triage",
        /// After each session, score, re-evaluation.
        Review = "review",
        /// What the patient is advised after a session.
        Advice = "advice",
    }
);

impl RuleSet {
    /// The set's words, worst first.
    #[must_use]
    pub const fn verdicts(self) -> &'static [Verdict] {
        use Verdict as V;
        match self {
            Self::Screening | Self::Indication => {
                &[V::Refuse, V::EvaluateFirst, V::Caution, V::Cleared]
            }
            Self::InSession => &[V::Stop, V::Lower, V::HoldNoIncrease, V::Continue],
            Self::Triage => &[
                V::Emergency,
                V::SeeClinicianToday,
                V::ContactPatient,
                V::Adjust,
                V::ExpectedSoreness,
                V::Well,
            ],
            Self::Review => &[
                V::Discontinue,
                V::ReEvaluate,
                V::DischargeGoalsMet,
                V::Adjust,
                V::Continue,
            ],
            Self::Advice => &[V::Withhold, V::Give],
        }
    }

    /// Place of a word in the set's order, 0 the worst; a foreign word counts as the worst.
    #[must_use]
    pub fn rank(self, verdict: Verdict) -> usize {
        self.verdicts()
            .iter()
            .position(|word| *word == verdict)
            .unwrap_or(0)
    }

    /// The worse of two words.
    #[must_use]
    pub fn worse(self, a: Verdict, b: Verdict) -> Verdict {
        if self.rank(a) <= self.rank(b) { a } else { b }
    }

    /// The result when no rule fires and none is undecided: triage falls to
    /// `adjust` because what matches no row is at least that (CLINICAL §6), and
    /// review to `re-evaluate` because no scores means that.
    #[must_use]
    pub const fn default_verdict(self) -> Verdict {
        match self {
            Self::Screening | Self::Indication => Verdict::Cleared,
            Self::InSession => Verdict::Continue,
            Self::Triage => Verdict::Adjust,
            Self::Review => Verdict::ReEvaluate,
            Self::Advice => Verdict::Withhold,
        }
    }

    /// Whether a rule with this word makes a result better than the set's
    /// default: what permits must be shown, so `not_shown` is refused in it and
    /// an unconfirmed record never makes it fire.
    #[must_use]
    pub fn permits(self, verdict: Verdict) -> bool {
        self.rank(verdict) > self.rank(self.default_verdict())
    }

    /// What an undecided rule with this word does to the result.
    #[must_use]
    pub fn undecided(self, verdict: Verdict) -> Verdict {
        use Verdict as V;
        match (self, verdict) {
            (Self::Screening | Self::Indication, V::Refuse | V::EvaluateFirst) => V::EvaluateFirst,
            (Self::Screening | Self::Indication, V::Caution) => V::Caution,
            // Silence on the table is no report; the guard and the switch watch there.
            (Self::InSession, _) => V::Continue,
            (Self::Triage, V::ExpectedSoreness | V::Well) => V::Well,
            (Self::Triage, _) => V::Adjust,
            (Self::Review, V::Discontinue | V::ReEvaluate) => V::ReEvaluate,
            (Self::Review, V::Adjust) => V::Adjust,
            (Self::Review, _) => V::Continue,
            (Self::Advice, _) => V::Give,
            (_, other) => other,
        }
    }

    /// The result a rule in error forces: it blocks.
    #[must_use]
    pub const fn in_error(self) -> Verdict {
        match self {
            Self::Screening | Self::Indication => Verdict::EvaluateFirst,
            Self::InSession => Verdict::HoldNoIncrease,
            Self::Triage => Verdict::SeeClinicianToday,
            Self::Review => Verdict::ReEvaluate,
            Self::Advice => Verdict::Withhold,
        }
    }
}

impl Gate {
    /// What `evaluate` reads.
    pub const EVALUATE: &'static [Self] = &[Self::Eligibility, Self::Today];
    /// What `treat` reads again before each session.
    pub const TREAT: &'static [Self] = &[Self::Eligibility, Self::Today, Self::Start];
}
