#!/bin/sh
# Makes the labelled profiles and their manifest again: capture.sh [GO [NAME...]]
# With names, only these workloads run. Values differ from run to run; the
# numbers in the manifest follow, its expectations do not: look whether what is
# planted still dominates. The binaries are built with -trimpath and run with
# temporary files elsewhere, so that no path of this machine gets into the files.
set -eu
go=${1:-go}
[ $# -gt 0 ] && shift
here=$(cd "$(dirname "$0")" && pwd)
out=$here/../../findings
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT
only=" $* "
mkdir -p "$out" "$work/tmp" "$work/home"
export GOTOOLCHAIN=local
pprof=$("$go" tool -n pprof)
[ -x "$pprof" ] || "$go" tool pprof -h >"$work/help" 2>&1 || true

cd "$here"
CGO_ENABLED=0 "$go" build -trimpath -o "$work/capture" ./cmd/capture
CGO_ENABLED=1 "$go" build -trimpath -o "$work/capture-cgo" ./cmd/capture
export TMPDIR="$work/tmp" HOME="$work/home" TZ=UTC

# run BINARY NAME FLAG... -- KIND...
run() {
	binary=$1 name=$2
	shift 2
	flags=
	while [ "$1" != -- ]; do
		flags="$flags $1"
		shift
	done
	shift
	if [ "$only" != "  " ] && [ "${only#* $name }" = "$only" ]; then
		return
	fi
	echo "$name: $*"
	"$work/$binary" -o "$out" $flags "$name" "$@"
	rm -rf "$TMPDIR"/*
}

for name in concat conversion sprintf regexp-compile regexp-match split json reflection template time-parse \
	errors sniffing map-growth map-access slice-growth boxing pool-slices large-copy defer-loop panic-flow \
	stack-growth sort-slice context-chain interface-compare alloc zeroing explicit-gc unbuffered syscalls walk \
	http-connections tls hash crypto-rand compression logging caller whole-file clock timers channels polling \
	select goroutine-churn mutex rwmutex sync-map harness truncated clean; do
	run capture $name -- cpu
done
run capture gc -live=0 -- cpu
run capture write-barrier -live=0 -- cpu
run capture short -cpu=0.02 -- cpu
run capture idle -limit=15s -- cpu
run capture exec -cpu=3.6 -- cpu
run capture-cgo cgo -- cpu
run capture channels -block=1 -as=channels-measured -- cpu

for name in alloc boxing zeroing whole-file; do
	run capture $name -cpu=0.4 -- allocs
done
run capture leak -- heaps
run capture catalogue -- heap
run capture page-cache -- heap
run capture churn -- allocs heap

run capture ledger -- mutex
for name in ledger shelf-writers workers; do
	run capture $name -cpu=60 -limit=2s -- block
done

for name in fan-in janitors never database; do
	run capture $name -limit=500ms -- goroutine text
done
run capture janitors -limit=500ms -as=janitors-twice -- texts
run capture http-bodies -limit=500ms -- goroutine
run capture convoy -limit=500ms -- goroutineleak text
run capture long-wait -limit=500ms -- text
# Both in turn, so that what else the machine does is no difference between them.
if [ "$only" = "  " ] || [ "${only#* bench }" != "$only" ]; then
	"$go" test -trimpath -c -o "$work/naive" ./billing
	"$go" test -trimpath -tags tuned -c -o "$work/tuned" ./billing
	rm -f "$out"/*.bench.txt
	for round in 1 2 3 4 5 6 7 8; do
		for name in naive tuned; do
			"$work/$name" -test.bench . -test.run '^$' -test.benchtime 500ms >>"$out/$name.bench.txt"
		done
	done
	"$work/naive" -test.bench . -test.run '^$' -test.benchtime 20ms -test.count 3 >"$out/few.bench.txt"
fi

# A deadlock ends the program; what it then says is the file.
run capture deadlock -limit=500ms -- text 2>"$work/deadlock" || true
[ ! -s "$work/deadlock" ] || mv "$work/deadlock" "$out/deadlock.goroutine.txt"

# The manifest: what is expected, and the numbers that pprof gives for it.
# numbers FILE FUNCTION[@SAMPLE_TYPE]
numbers() {
	function=${2%@*} index=
	case $1 in
	*.txt)
		echo "$1: $(grep -cF "$function" "$out/$1") lines of $function"
		return
		;;
	*.cpu.pb.gz) index=samples ;;
	esac
	case $2 in *@*) index=${2#*@} ;; esac
	PPROF_BINARY_PATH=/nonexistent "$pprof" -symbolize=none -sample_index="$index" -top -cum -nodecount=1000000 \
		-nodefraction=0 "$out/$1" 2>/dev/null |
		awk -v f="$function" -v file="$1" '
			/^Showing nodes/ { total = $(NF - 1) }
			/%/ && $1 != "Showing" && !found {
				name = $6
				for (i = 7; i <= NF; i++) name = name " " $i
				sub(/ \((partial-)?inline\)$/, "", name)
				if (name == f) {
					found = 1
					printf "%s: %s of %s (%s) in %s\n", file, $4, total, $5, f
				}
			}
			END { if (!found) printf "%s: nothing in %s\n", file, f }'
}

printf '# files\tmust\ttop\tmustnot\tnote\n' >"$work/manifest.tsv"
tab=$(printf '\t')
while IFS=$tab read -r files must top mustnot functions what; do
	case $files in '#'*) continue ;; esac
	note=$what
	for file in $files; do
		[ -f "$out/$file" ] || echo "missing: $file" >&2
		for function in $functions; do
			[ "$function" = - ] || note="$note; $(numbers "$file" "$function")"
		done
	done
	printf '%s\t%s\t%s\t%s\t%s\n' "$files" "$must" "$top" "$mustnot" "$note"
done <"$here/expected.tsv" >>"$work/manifest.tsv"
mv "$work/manifest.tsv" "$out/manifest.tsv"
