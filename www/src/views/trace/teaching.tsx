/** What the view is for, with a file that is no trace. */
import type { JSX } from 'preact';
import { showFile } from '../../session';
import '../../shell/teaching.css';
import { file, files } from '../../state';
import { Drawn } from '../../table/view';

const COMMANDS = `go test -run='^$' -bench=BenchmarkX -trace=trace.out .
curl -o trace.out 'http://HOST/debug/pprof/trace?seconds=5'`;

const CODE = `// import "runtime/trace"
trace.Start(file)        // from here on …
defer trace.Stop()       // … to here; without it the end is missing

// Go 1.25 and later: the last seconds before something went wrong
recorder := trace.NewFlightRecorder(trace.FlightRecorderConfig{MinAge: 5 * time.Second})
recorder.Start()
recorder.WriteTo(file)   // when it has gone wrong`;

/** How a trace is come by, and what it says. */
export function Teaching(): JSX.Element {
  return (
    <div class="page">
      <div class="page-in teaching">
        <h2>{file.value === null ? 'No trace is open' : 'This file is no execution trace'}</h2>
        <Elsewhere />
        <p>
          A CPU profile says what the program does while it runs; a trace says why it does not. Every goroutine is followed:
          when it ran, what it waited for and who ended the wait, how long it could have run and had no P, when the collector
          took the Ps or made goroutines help, and when the whole world stood still. Record a few seconds:
        </p>
        <pre tabIndex={0} aria-label="Commands">{COMMANDS}</pre>
        <p>or in the program itself:</p>
        <pre tabIndex={0} aria-label="Code">{CODE}</pre>
        <p class="dim">
          A trace grows by one to ten megabytes a second and costs a percent or two. trace.NewTask and trace.WithRegion mark
          requests and their parts; a CPU profile that runs beside it puts its samples into it. Traces of Go 1.22 and later can
          be opened, also those that end in the middle.
        </p>
      </div>
      <Drawn view="trace" of={file.value} />
    </div>
  );
}

/** Traces of the session. */
function Elsewhere(): JSX.Element | null {
  const others = files.value.filter((info) => info.error == null && info.kind === 'trace');
  if (others.length === 0) return null;
  return (
    <p>
      Of this session{' '}
      {others.map((info, at) => (
        <span key={info.id}>
          {at > 0 && ', '}
          <button type="button" class="link" onClick={() => showFile(info)}>
            {info.name}
          </button>
        </span>
      ))}{' '}
      {others.length === 1 ? 'is one.' : 'are.'}
    </p>
  );
}
