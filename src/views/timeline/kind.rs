//! What a stored record says, in one byte: the type of the event with its states before and
//! after, so that who counts states needs nothing else.

use crate::model::trace::{Edge, GoState, Metric, ProcState, RangeKind};

/// A goroutine's transition; plus six times the state before, plus the state after.
const GO: u8 = 0;
/// One into a call of the system on a thread without a proc; plus the state before.
const BARE: u8 = GO + 36;
/// A goroutine that was there when the trace, or what follows a loss, began; plus its state.
const ARRIVES: u8 = BARE + 6;
/// The same, in a call of the system on a thread without a proc.
const ARRIVES_BARE: u8 = ARRIVES + 6;
/// A proc's transition; plus four times the state before, plus the state after.
const PROC: u8 = ARRIVES_BARE + 1;
/// A proc that was there; plus its state.
const PROC_ARRIVES: u8 = PROC + 16;
/// Three events in one: one goroutine is woken, another waits, and the first runs.
const SWITCH: u8 = PROC_ARRIVES + 4;
/// The same where the other ends.
const SWITCH_END: u8 = SWITCH + 1;
/// Plus four times the edge, plus the kind.
const RANGE: u8 = SWITCH_END + 1;
/// Plus which.
const METRIC: u8 = RANGE + 12;
const LABEL: u8 = METRIC + 3;
/// Plus the edge.
const TASK: u8 = LABEL + 1;
/// Plus the edge.
const REGION: u8 = TASK + 3;
const LOG: u8 = REGION + 3;
const SAMPLE: u8 = LOG + 1;
const EXPERIMENT: u8 = SAMPLE + 1;
const SYNC: u8 = EXPERIMENT + 1;
const GENERATION: u8 = SYNC + 1;
const LOST: u8 = GENERATION + 1;
const CONTEXT: u8 = LOST + 1;
const CONTEXT_ONCE: u8 = CONTEXT + 1;
const WAS: u8 = CONTEXT_ONCE + 1;
const STACK: u8 = WAS + 1;
const END: u8 = STACK + 1;

/// Set where the words of a range stand apart, as there is more to say than two columns hold:
/// scope, reason, stack, and the two numbers of bytes.
pub(super) const FULL: u8 = 0x80;

/// What a record says. The columns `subject` and `site` mean what is said here; `subject` is the
/// goroutine whose lane it changes wherever there is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Of the subject; the site is a row of the sites.
    Go {
        from: GoState,
        to: GoState,
        /// Into a call of the system on a thread without a proc.
        bare: bool,
        /// It was there when all that is known began.
        arrives: bool,
    },
    /// The site is the proc; the subject is who runs on the thread that gets or loses it.
    Proc {
        from: ProcState,
        to: ProcState,
        arrives: bool,
    },
    /// The subject is woken and runs, the site is who did so far.
    Switch { ends: bool },
    /// The site is a row of the sites.
    Range(Edge, RangeKind),
    /// Subject and site are the halves of the value, the lower first.
    Metric(Metric),
    /// The site is a row of the strings.
    Label,
    /// Words: task, parent, name, stack.
    Task(Edge),
    /// Words: task, name, stack.
    Region(Edge),
    /// Words: task, category, message, stack.
    Log,
    /// Words: goroutine's number, proc, goroutine, stack.
    Sample,
    /// Words: type, three arguments, stack.
    Experiment,
    /// Words: how many follow, number, stack, and where there is a clock its four readings.
    Sync,
    /// A generation has been taken in whole. Words: its time.
    Generation,
    /// The site is a row of the losses.
    Lost,
    /// The thread holds something else than its events led to: the goroutine is the subject, the
    /// proc the site.
    Context {
        /// Only the next record says so.
        once: bool,
    },
    /// The subject is in another state than its events led to: the site is the state that was
    /// thought, times 256, plus the one it is.
    Was,
    /// The event of the next record has a stack where such events have none: the site.
    Stack,
}

const fn go_state(number: u8) -> GoState {
    match number {
        1 => GoState::NotExist,
        2 => GoState::Runnable,
        3 => GoState::Running,
        4 => GoState::Waiting,
        5 => GoState::Syscall,
        _ => GoState::Undetermined,
    }
}

const fn proc_state(number: u8) -> ProcState {
    match number {
        1 => ProcState::NotExist,
        2 => ProcState::Running,
        3 => ProcState::Idle,
        _ => ProcState::Undetermined,
    }
}

const fn edge(number: u8) -> Edge {
    match number {
        0 => Edge::Begin,
        1 => Edge::Active,
        _ => Edge::End,
    }
}

const fn range_kind(number: u8) -> RangeKind {
    match number {
        0 => RangeKind::Mark,
        1 => RangeKind::Sweep,
        2 => RangeKind::Assist,
        _ => RangeKind::Stop,
    }
}

const fn metric(number: u8) -> Metric {
    match number {
        0 => Metric::Procs,
        1 => Metric::Heap,
        _ => Metric::Goal,
    }
}

const fn decoded(code: u8) -> Kind {
    match code {
        GO..BARE => Kind::Go {
            from: go_state((code - GO) / 6),
            to: go_state((code - GO) % 6),
            bare: false,
            arrives: false,
        },
        BARE..ARRIVES => Kind::Go {
            from: go_state(code - BARE),
            to: GoState::Syscall,
            bare: true,
            arrives: false,
        },
        ARRIVES..=ARRIVES_BARE => Kind::Go {
            from: GoState::Undetermined,
            to: match code {
                ARRIVES_BARE => GoState::Syscall,
                _ => go_state(code - ARRIVES),
            },
            bare: code == ARRIVES_BARE,
            arrives: true,
        },
        PROC..PROC_ARRIVES => Kind::Proc {
            from: proc_state((code - PROC) / 4),
            to: proc_state((code - PROC) % 4),
            arrives: false,
        },
        PROC_ARRIVES..SWITCH => Kind::Proc {
            from: ProcState::Undetermined,
            to: proc_state(code - PROC_ARRIVES),
            arrives: true,
        },
        SWITCH | SWITCH_END => Kind::Switch {
            ends: code == SWITCH_END,
        },
        RANGE..METRIC => Kind::Range(edge((code - RANGE) / 4), range_kind((code - RANGE) % 4)),
        METRIC..LABEL => Kind::Metric(metric(code - METRIC)),
        LABEL => Kind::Label,
        TASK..REGION => Kind::Task(edge(code - TASK)),
        REGION..LOG => Kind::Region(edge(code - REGION)),
        LOG => Kind::Log,
        SAMPLE => Kind::Sample,
        EXPERIMENT => Kind::Experiment,
        SYNC => Kind::Sync,
        GENERATION => Kind::Generation,
        LOST => Kind::Lost,
        CONTEXT | CONTEXT_ONCE => Kind::Context {
            once: code == CONTEXT_ONCE,
        },
        STACK => Kind::Stack,
        _ => Kind::Was,
    }
}

/// All kinds by their codes.
static KINDS: [Kind; 128] = {
    let mut kinds = [Kind::Was; 128];
    let mut code = 0;
    while code < END {
        kinds[code as usize] = decoded(code);
        code += 1;
    }
    kinds
};

impl Kind {
    /// The kind of a code, be the record full or not.
    #[inline]
    pub(super) fn of(code: u8) -> Self {
        KINDS[usize::from(code & !FULL)]
    }

    /// The code of a kind.
    pub(super) fn code(self) -> u8 {
        match self {
            Self::Go {
                from,
                to,
                bare,
                arrives,
            } => match (arrives, bare) {
                (true, true) => ARRIVES_BARE,
                (true, false) => ARRIVES + to as u8,
                (false, true) => BARE + from as u8,
                (false, false) => GO + 6 * from as u8 + to as u8,
            },
            Self::Proc { from, to, arrives } => match arrives {
                true => PROC_ARRIVES + to as u8,
                false => PROC + 4 * from as u8 + to as u8,
            },
            Self::Switch { ends } => SWITCH + u8::from(ends),
            Self::Range(edge, kind) => RANGE + 4 * number_of_edge(edge) + number_of_range(kind),
            Self::Metric(metric) => METRIC + number_of_metric(metric),
            Self::Label => LABEL,
            Self::Task(edge) => TASK + number_of_edge(edge),
            Self::Region(edge) => REGION + number_of_edge(edge),
            Self::Log => LOG,
            Self::Sample => SAMPLE,
            Self::Experiment => EXPERIMENT,
            Self::Sync => SYNC,
            Self::Generation => GENERATION,
            Self::Lost => LOST,
            Self::Context { once } => CONTEXT + u8::from(once),
            Self::Was => WAS,
            Self::Stack => STACK,
        }
    }

    /// True for a switch of coroutines, whose site is a goroutine, too.
    #[inline]
    pub(super) fn is_switch(code: u8) -> bool {
        matches!(code, SWITCH | SWITCH_END)
    }
}

fn number_of_edge(edge: Edge) -> u8 {
    match edge {
        Edge::Begin => 0,
        Edge::Active => 1,
        Edge::End => 2,
    }
}

fn number_of_range(kind: RangeKind) -> u8 {
    match kind {
        RangeKind::Mark => 0,
        RangeKind::Sweep => 1,
        RangeKind::Assist => 2,
        RangeKind::Stop => 3,
    }
}

fn number_of_metric(metric: Metric) -> u8 {
    match metric {
        Metric::Procs => 0,
        Metric::Heap => 1,
        Metric::Goal => 2,
    }
}

/// A goroutine's state from the number that [`Kind::Was`] keeps.
pub(super) fn state_of(number: u32) -> GoState {
    go_state(number as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_kinds_are_each_others() {
        const { assert!(END <= FULL) };
        for code in 0..END {
            let kind = Kind::of(code);
            assert_eq!(kind.code(), code, "{kind:?}");
            assert_eq!(Kind::of(code | FULL), kind);
            assert_eq!(
                Kind::is_switch(code),
                matches!(kind, Kind::Switch { .. }),
                "{code}"
            );
        }
    }
}
