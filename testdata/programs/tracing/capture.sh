#!/bin/sh
# Makes testdata/trace and its manifest again: capture.sh [GO [OLDER_GO...]]
# With ONLY="NAME..." in the environment, only these files are made. Times
# differ from run to run; the numbers in the manifest follow, its expectations
# do not: look whether what is planted still dominates. Goldens have to be made
# anew afterwards: cargo xtask golden --trace.
# GO is 1.27; of each older one there is a mixed-RELEASE.trace. The binaries are
# built with -trimpath and run with temporary files elsewhere, so that no path of
# this machine gets into the files.
set -eu
go=${1:-go}
[ $# -gt 0 ] && shift
here=$(cd "$(dirname "$0")" && pwd)
out=$here/../../trace
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT
mkdir -p "$out" "$work/tmp"
export GOTOOLCHAIN=local TMPDIR="$work/tmp" TZ=UTC

# What else the machine does is not to be seen: where that is allowed, the
# program goes first. Not with two workers that never rest: on two processors
# nobody else would get a turn.
chrt -r 1 true 2>/dev/null && first="chrt -r 1" || first=

wanted() {
	[ -z "${ONLY:-}" ] && return
	case " $ONLY " in *" $1 "*) ;; *) return 1 ;; esac
}

# record NAME BINARY ARGUMENT...
record() {
	name=$1 binary=$2
	shift 2
	wanted "$name" || return 0
	(cd "$work/tmp" && $first "$work/$binary" -o "$out/$name.trace" "$@")
	echo "$name: $(wc -c <"$out/$name.trace") bytes"
}

# mixed GO: the workload that has everything, as this release records it.
mixed() {
	release=$("$1" env GOVERSION | sed 's/^go\([0-9]*\.[0-9]*\).*/\1/')
	wanted "mixed-$release" || return 0
	CGO_ENABLED=0 "$1" build -trimpath -o "$work/tracing-$release" .
	record "mixed-$release" "tracing-$release" -for 220ms mixed
}

cd "$here"
CGO_ENABLED=0 "$go" build -trimpath -o "$work/tracing" .
CGO_ENABLED=1 "$go" build -trimpath -o "$work/callbacks" ./callbacks
for name in pool-starved pool-imbalanced lock-convoy gc-assist gc-frequent stw syscall-bound network-wait \
	sched-latency leak churn idle healthy; do
	record $name tracing $name
done
before=$first first=
record pool-saturated tracing pool-saturated
first=$before

for each in "$go" "$@"; do
	mixed "$each"
done
# What stands before a function gets to the program if it is exported.
export GODEBUG=
GODEBUG=traceadvanceperiod=20000000 record mixed-generations tracing -for 200ms mixed
GODEBUG=traceadvanceperiod=50000000 record mixed-flight tracing -for 400ms -flight 150ms mixed
GODEBUG=traceadvanceperiod=4000000 record gc-generations tracing -for 120ms gc-assist
GODEBUG=traceadvanceperiod=15000000 record gc-flight tracing -for 200ms -flight 50ms gc-assist
GODEBUG=traceallocfree=1 record allocfree tracing -for 200ms gc-frequent
record callbacks callbacks
GODEBUG=traceadvanceperiod=5000000 record callbacks-generations callbacks

# The manifest: what is expected, and the numbers that the oracle gives for it.
root=$("$go" env GOROOT)
separator=
printf '{"Replace":{' >"$work/overlay.json"
for file in oracle/*.go; do
	printf '%s"%s/src/internal/trace/%s":"%s/%s"' "$separator" "$root" "$file" "$here" "$file"
	separator=,
done >>"$work/overlay.json"
printf '}}' >>"$work/overlay.json"
CGO_ENABLED=0 "$go" build -trimpath -tags oracle -overlay "$work/overlay.json" -o "$work/oracle" internal/trace/oracle

printf '# file\tplanted\talso\tgroups\tnote\n' >"$work/manifest.tsv"
tab=$(printf '\t')
while IFS=$tab read -r file planted also groups what; do
	case $file in '#'*) continue ;; esac
	if [ ! -f "$out/$file" ]; then
		echo "missing: $file" >&2
		continue
	fi
	printf '%s\t%s\t%s\t%s\t%s; %s\n' "$file" "$planted" "$also" "$groups" "$what" \
		"$("$work/oracle" -facts "$groups" "$out/$file")"
done <expected.tsv >>"$work/manifest.tsv"
mv "$work/manifest.tsv" "$out/manifest.tsv"
