//! What a lane shows at a moment: a state, and whose.

use crate::model::trace::{Cause, GoState, NONE};

/// What a proc, a thread, a goroutine or the collector does, as far as it has a colour of its
/// own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum State {
    /// Nothing is there: before the beginning, after the end; a thread that holds nothing.
    #[default]
    Blank,
    /// Nothing is known: a part of the trace is lost.
    Unknown,
    /// A goroutine runs its own code.
    User,
    /// A worker of the collector runs.
    Worker,
    /// A goroutine helps the collector to mark.
    Assist,
    /// A goroutine sweeps.
    Sweep,
    /// A goroutine has stopped the world, or is about to; of the collector's lane: it is stopped.
    Stop,
    /// In a call of the system, with a proc.
    Syscall,
    /// In a call of the system, without a proc.
    SyscallBare,
    /// A proc that no thread holds.
    Idle,
    /// A proc is held, and no goroutine runs: the scheduler looks for one, or spins.
    Scheduler,
    /// A goroutine could run; it was created.
    Created,
    /// The same; what it waited for came.
    Unblocked,
    /// The same; it ran too long.
    Preempted,
    /// The same; it gave way.
    Yielded,
    /// The same; it came back from a call of the system without a proc.
    Returned,
    /// The same, since before the trace.
    Runnable,
    /// A goroutine waits for a channel.
    Channel,
    /// It waits for one of several channels.
    Select,
    /// It waits for a lock, a condition or a group.
    Sync,
    /// It waits for the network, or a file that is polled.
    Network,
    /// It sleeps.
    Sleep,
    /// It waits for the collector.
    Collector,
    /// It waits for something else, or for what is not said.
    Waiting,
    /// It waits for what never comes.
    Forever,
    /// The collector marks.
    Mark,
    /// A region is open.
    Region,
    /// A task is open.
    Task,
}

impl State {
    /// How many there are: a palette has a colour for each.
    pub const COUNT: usize = 28;

    /// All of them, by number.
    pub const ALL: [Self; Self::COUNT] = [
        Self::Blank,
        Self::Unknown,
        Self::User,
        Self::Worker,
        Self::Assist,
        Self::Sweep,
        Self::Stop,
        Self::Syscall,
        Self::SyscallBare,
        Self::Idle,
        Self::Scheduler,
        Self::Created,
        Self::Unblocked,
        Self::Preempted,
        Self::Yielded,
        Self::Returned,
        Self::Runnable,
        Self::Channel,
        Self::Select,
        Self::Sync,
        Self::Network,
        Self::Sleep,
        Self::Collector,
        Self::Waiting,
        Self::Forever,
        Self::Mark,
        Self::Region,
        Self::Task,
    ];

    /// In words.
    pub fn label(self) -> &'static str {
        match self {
            Self::Blank => "",
            Self::Unknown => "unknown",
            Self::User => "running",
            Self::Worker => "GC worker",
            Self::Assist => "GC assist",
            Self::Sweep => "GC sweep",
            Self::Stop => "stop the world",
            Self::Syscall => "syscall",
            Self::SyscallBare => "syscall, proc given away",
            Self::Idle => "idle",
            Self::Scheduler => "no goroutine",
            Self::Created => "runnable: created",
            Self::Unblocked => "runnable: unblocked",
            Self::Preempted => "runnable: preempted",
            Self::Yielded => "runnable: yielded",
            Self::Returned => "runnable: back from a syscall",
            Self::Runnable => "runnable",
            Self::Channel => "waiting: channel",
            Self::Select => "waiting: select",
            Self::Sync => "waiting: sync",
            Self::Network => "waiting: network",
            Self::Sleep => "waiting: sleep",
            Self::Collector => "waiting: GC",
            Self::Waiting => "waiting",
            Self::Forever => "waiting for ever",
            Self::Mark => "GC marks",
            Self::Region => "region",
            Self::Task => "task",
        }
    }

    /// By number; nothing beyond the last.
    pub(super) fn of(number: u8) -> Self {
        let state = Self::ALL.get(usize::from(number));
        state.copied().unwrap_or_default()
    }

    /// A goroutine that could run, by cause.
    pub(super) fn runnable(cause: Cause) -> Self {
        match cause {
            Cause::Created => Self::Created,
            Cause::Unblocked => Self::Unblocked,
            Cause::Preempted => Self::Preempted,
            Cause::Yielded => Self::Yielded,
            Cause::Syscall => Self::Returned,
            Cause::Unknown => Self::Runnable,
        }
    }

    /// What a goroutine waits for, by the reason that Go gives.
    pub(super) fn waiting(reason: &str) -> Self {
        match reason {
            "chan send" | "chan receive" => Self::Channel,
            "select" => Self::Select,
            "sync" | "sync.(*Cond).Wait" => Self::Sync,
            "network" => Self::Network,
            "sleep" => Self::Sleep,
            "forever" => Self::Forever,
            "wait until GC ends" => Self::Collector,
            _ if reason.starts_with("GC ") => Self::Collector,
            _ => Self::Waiting,
        }
    }
}

/// Why a goroutine can run, by the state that it left and the reason that it had for that.
pub(super) fn cause(from: GoState, is_preempted: bool) -> Cause {
    match from {
        GoState::NotExist => Cause::Created,
        GoState::Waiting => Cause::Unblocked,
        GoState::Running if is_preempted => Cause::Preempted,
        GoState::Running => Cause::Yielded,
        GoState::Syscall => Cause::Syscall,
        _ => Cause::Unknown,
    }
}

/// What a lane shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Show {
    pub(super) state: State,
    /// Who that is of: an index, or [`NONE`].
    pub(super) goroutine: u32,
}

impl Show {
    pub(super) const BLANK: Self = Self::nobody(State::Blank);
    pub(super) const UNKNOWN: Self = Self::nobody(State::Unknown);

    /// A state of nobody.
    pub(super) const fn nobody(state: State) -> Self {
        Self {
            state,
            goroutine: NONE,
        }
    }

    /// Nothing is known of the lane, or nothing is there.
    pub(super) fn is_nothing(self) -> bool {
        matches!(self.state, State::Blank | State::Unknown)
    }
}

/// A goroutine assists, and so on: what is open on it, and what it does at the same time.
pub(super) mod flag {
    pub(in super::super) const ASSIST: u8 = 1;
    pub(in super::super) const STOP: u8 = 2;
    pub(in super::super) const SWEEP: u8 = 4;
    /// It is in a call of the system.
    pub(in super::super) const SYSCALL: u8 = 8;
    /// It is a worker of the collector, whenever it was told.
    pub(in super::super) const WORKER: u8 = 16;
}

/// What a goroutine on a thread does, by its flags.
#[inline]
pub(super) fn mode(flags: u8, has_proc: bool) -> State {
    if flags & flag::SYSCALL != 0 {
        match has_proc {
            true => State::Syscall,
            false => State::SyscallBare,
        }
    } else if flags & flag::STOP != 0 {
        State::Stop
    } else if flags & flag::ASSIST != 0 {
        State::Assist
    } else if flags & flag::SWEEP != 0 {
        State::Sweep
    } else if flags & flag::WORKER != 0 {
        State::Worker
    } else {
        State::User
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_have_numbers_and_labels_of_their_own() {
        for (number, state) in (0..).zip(State::ALL) {
            assert_eq!(state as u8, number);
            assert_eq!(State::of(number), state);
        }
        assert_eq!(State::of(200), State::Blank);
        let mut labels: Vec<_> = State::ALL.iter().map(|state| state.label()).collect();
        labels.sort_unstable();
        labels.dedup();
        assert_eq!(labels.len(), State::COUNT);
    }
}
