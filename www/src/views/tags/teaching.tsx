/** What the view is for, in a file without labels. */
import type { JSX } from 'preact';
import '../../shell/teaching.css';

const EXAMPLE = `labels := pprof.Labels("route", r.URL.Path, "tenant", tenant)
pprof.Do(ctx, labels, func(ctx context.Context) {
    handle(ctx, w, r)
})`;

/** The text. */
export function Teaching(props: { filtered: boolean }): JSX.Element {
  return (
    <div class="teaching">
      <h2>{props.filtered ? 'No labels in what the filters leave' : 'No labels in this file'}</h2>
      <p>
        Labels say what a sample was taken for: which route, which tenant, which job. With them this view tells what each of
        them costs, and a flame graph can be grouped by them. A program sets them around its work:
      </p>
      <pre tabIndex={0} aria-label="Go code">
        {EXAMPLE}
      </pre>
      <p>
        Goroutines that are started inside inherit them. CPU and goroutine profiles carry labels; heap profiles tell the
        size of objects by the label <code>bytes</code> where the runtime wrote it. All other views work without.
      </p>
    </div>
  );
}
