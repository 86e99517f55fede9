//! What guards and rules by code ask of stacks, looked for in the same pass as the rules.

use super::super::rule::{NOTHING, Signature};
use super::SYSCALL;

/// A question to every stack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Probe {
    Assist,
    Mark,
    MarkIdle,
    Sweep,
    Barrier,
    Allocate,
    Yield,
    MapStore,
    MapLoad,
    JsonEncode,
    JsonDecode,
    JsonAny,
    BoxedSlice,
    PoolPut,
    CollectorCall,
    Kernel,
    CryptoFast,
    CryptoSlow,
}

use Probe as P;

const fn any(any: &'static str) -> Signature {
    Signature { any, ..NOTHING }
}

const fn leaf(leaf: &'static str) -> Signature {
    Signature { leaf, ..NOTHING }
}

/// Allocating in every form: growing copies more than it allocates.
const ALLOCATING: &str = "runtime.mallocgc* runtime.growslice* runtime.makeslice*";

/// Calls that stop the world or force a collection.
pub(in super::super) const COLLECTOR_CALLS: &str = "runtime.{GC,ReadMemStats} \
    runtime/debug.{FreeOSMemory,ReadGCStats} runtime/pprof.WriteHeapProfile";

/// The questions.
pub(in super::super) const PROBES: [(Probe, Signature); 18] = [
    (P::Assist, any("runtime.gcAssistAlloc*")),
    (
        P::Mark,
        Signature {
            any: "runtime.{gcBgMarkWorker,gcDrain,gcDrainMarkWorkerDedicated} runtime.gcDrainMarkWorkerFractional",
            without: "runtime.gcDrainMarkWorkerIdle",
            ..NOTHING
        },
    ),
    (P::MarkIdle, any("runtime.gcDrainMarkWorkerIdle")),
    (P::Sweep, any("runtime.{bgsweep,deductSweepCredit}")),
    (
        P::Barrier,
        any(
            "gcWriteBarrier* runtime.gcWriteBarrier* runtime.wbBufFlush* runtime.bulkBarrierPreWrite*",
        ),
    ),
    (P::Allocate, any(ALLOCATING)),
    (P::Yield, any("runtime.{bgsweep,goschedImpl,gosched_m}")),
    (P::MapStore, any("sync.(*Map).{Store,Swap,LoadOrStore}")),
    (P::MapLoad, any("sync.(*Map).Load")),
    (
        P::JsonEncode,
        any(
            "encoding/json.{Marshal,MarshalIndent} encoding/json.(*Encoder).Encode encoding/json.(*encodeState).* encoding/json/v2.{Marshal,MarshalWrite,MarshalEncode,marshalEncode}",
        ),
    ),
    (
        P::JsonDecode,
        any(
            "encoding/json.Unmarshal encoding/json.(*Decoder).Decode encoding/json.(*decodeState).* encoding/json/v2.{Unmarshal,UnmarshalRead,UnmarshalDecode,unmarshalDecode}",
        ),
    ),
    (
        P::JsonAny,
        any(
            "encoding/json.(*decodeState).{objectInterface,valueInterface,arrayInterface} encoding/json/v2.{makeInterfaceArshaler,unmarshalValueAny,unmarshalObjectAny,unmarshalArrayAny}*",
        ),
    ),
    (P::BoxedSlice, any("runtime.convTslice")),
    (P::PoolPut, any("sync.(*Pool).Put")),
    (P::CollectorCall, any(COLLECTOR_CALLS)),
    (P::Kernel, leaf(SYSCALL)),
    (
        P::CryptoFast,
        leaf(
            "crypto/sha256.block* crypto/sha1.block* crypto/sha512.block* crypto/md5.block* crypto/internal/fips140/sha256.block* crypto/internal/fips140/sha512.block* crypto/internal/fips140/sha3.keccakF1600* crypto/internal/fips140/aes* crypto/internal/fips140/subtle.* hash/crc32.*",
        ),
    ),
    (
        P::CryptoSlow,
        leaf(
            "crypto/{sha256,sha1,sha512,md5}.blockGeneric crypto/internal/fips140/{sha256,sha512}.blockGeneric crypto/internal/fips140/aes.{encryptBlockGeneric,decryptBlockGeneric}",
        ),
    ),
];
