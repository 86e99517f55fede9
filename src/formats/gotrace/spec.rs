//! The types of records with a time, and what each carries.

/// Batches of tables begin with one of these instead of an event.
pub(super) const STACKS: u8 = 2;
pub(super) const STACK: u8 = 3;
pub(super) const STRINGS: u8 = 4;
pub(super) const STRING: u8 = 5;
pub(super) const CPU_SAMPLES: u8 = 6;
pub(super) const CPU_SAMPLE: u8 = 7;
pub(super) const FREQUENCY: u8 = 8;
pub(super) const SYNC: u8 = 50;
pub(super) const CLOCK_SNAPSHOT: u8 = 51;

pub(super) const PROCS_CHANGE: u8 = 9;
pub(super) const PROC_START: u8 = 10;
pub(super) const PROC_STOP: u8 = 11;
pub(super) const PROC_STEAL: u8 = 12;
pub(super) const PROC_STATUS: u8 = 13;
pub(super) const GO_CREATE: u8 = 14;
pub(super) const GO_CREATE_SYSCALL: u8 = 15;
pub(super) const GO_START: u8 = 16;
pub(super) const GO_DESTROY: u8 = 17;
pub(super) const GO_DESTROY_SYSCALL: u8 = 18;
pub(super) const GO_STOP: u8 = 19;
pub(super) const GO_BLOCK: u8 = 20;
pub(super) const GO_UNBLOCK: u8 = 21;
pub(super) const GO_SYSCALL_BEGIN: u8 = 22;
pub(super) const GO_SYSCALL_END: u8 = 23;
pub(super) const GO_SYSCALL_END_BLOCKED: u8 = 24;
pub(super) const GO_STATUS: u8 = 25;
pub(super) const STW_BEGIN: u8 = 26;
pub(super) const STW_END: u8 = 27;
pub(super) const GC_ACTIVE: u8 = 28;
pub(super) const GC_BEGIN: u8 = 29;
pub(super) const GC_END: u8 = 30;
pub(super) const SWEEP_ACTIVE: u8 = 31;
pub(super) const SWEEP_BEGIN: u8 = 32;
pub(super) const SWEEP_END: u8 = 33;
pub(super) const ASSIST_ACTIVE: u8 = 34;
pub(super) const ASSIST_BEGIN: u8 = 35;
pub(super) const ASSIST_END: u8 = 36;
pub(super) const HEAP_ALLOC: u8 = 37;
pub(super) const HEAP_GOAL: u8 = 38;
pub(super) const GO_LABEL: u8 = 39;
pub(super) const TASK_BEGIN: u8 = 40;
pub(super) const TASK_END: u8 = 41;
pub(super) const REGION_BEGIN: u8 = 42;
pub(super) const REGION_END: u8 = 43;
pub(super) const LOG: u8 = 44;
pub(super) const GO_SWITCH: u8 = 45;
pub(super) const GO_SWITCH_DESTROY: u8 = 46;
pub(super) const GO_CREATE_BLOCKED: u8 = 47;
pub(super) const GO_STATUS_STACK: u8 = 48;

/// The first of the experiment that records allocations.
pub(super) const SPAN: u8 = 128;
/// The last.
pub(super) const GOROUTINE_STACK_FREE: u8 = 136;

/// Arguments at most, besides the time.
pub(super) const MOST_ARGS: usize = 4;

/// No record with a time.
const UNTIMED: u8 = u8::MAX;

/// Arguments after the time, by type.
const ARGS: [u8; 137] = {
    let mut args = [UNTIMED; 137];
    let lists: [(u8, &[u8]); 5] = [
        (
            0,
            &[
                PROC_STOP,
                GO_DESTROY,
                GO_DESTROY_SYSCALL,
                GO_SYSCALL_END,
                GO_SYSCALL_END_BLOCKED,
                STW_END,
                ASSIST_END,
            ],
        ),
        (
            1,
            &[
                GO_CREATE_SYSCALL,
                GC_ACTIVE,
                GC_END,
                SWEEP_ACTIVE,
                SWEEP_BEGIN,
                ASSIST_ACTIVE,
                ASSIST_BEGIN,
                HEAP_ALLOC,
                HEAP_GOAL,
                GO_LABEL,
                130,
                133,
                136,
            ],
        ),
        (
            2,
            &[
                PROCS_CHANGE,
                PROC_START,
                PROC_STATUS,
                GO_START,
                GO_STOP,
                GO_BLOCK,
                GO_SYSCALL_BEGIN,
                STW_BEGIN,
                GC_BEGIN,
                SWEEP_END,
                TASK_END,
                GO_SWITCH,
                GO_SWITCH_DESTROY,
                131,
                132,
                134,
                135,
            ],
        ),
        (
            3,
            &[
                PROC_STEAL,
                GO_CREATE,
                GO_UNBLOCK,
                GO_STATUS,
                REGION_BEGIN,
                REGION_END,
                GO_CREATE_BLOCKED,
                128,
                129,
            ],
        ),
        (4, &[TASK_BEGIN, LOG, GO_STATUS_STACK]),
    ];
    let mut i = 0;
    while i < lists.len() {
        let (count, kinds) = lists[i];
        let mut j = 0;
        while j < kinds.len() {
            args[kinds[j] as usize] = count;
            j += 1;
        }
        i += 1;
    }
    args
};

/// How many arguments follow the time of a record of this type; `None` of no such type. Newer
/// types are accepted whatever the header says, as Go's reader does it.
#[inline(always)]
pub(super) fn args(kind: u8) -> Option<usize> {
    match ARGS.get(usize::from(kind)) {
        Some(&count) if count != UNTIMED => Some(usize::from(count)),
        _ => None,
    }
}

/// Name and arguments of the experiment's types, for the dump.
pub(crate) fn experiment(kind: u8) -> (&'static str, &'static [&'static str]) {
    const SPANS: &[&str] = &["id", "npages_value", "kindclass"];
    const OBJECTS: &[&str] = &["id", "type"];
    const STACKS: &[&str] = &["id", "order"];
    match kind {
        128 => ("Span", SPANS),
        129 => ("SpanAlloc", SPANS),
        130 => ("SpanFree", &["id"]),
        131 => ("HeapObject", OBJECTS),
        132 => ("HeapObjectAlloc", OBJECTS),
        133 => ("HeapObjectFree", &["id"]),
        134 => ("GoroutineStack", STACKS),
        135 => ("GoroutineStackAlloc", STACKS),
        136 => ("GoroutineStackFree", &["id"]),
        _ => ("", &[]),
    }
}
