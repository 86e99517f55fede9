// What a person sees first: one sentence, a place to drop, a demo, the promise, and the recipes.

import type { JSX } from 'preact';
import { nameOf } from '../beside';
import { IS_ONE_FILE } from '../host';
import { shortened } from '../lib/filters';
import { active, stepKind } from '../lib/steps';
import { notice, openBeside } from '../session';
import { state, update } from '../state';
import { Recent } from '../recent/switch';
import { Brand, PrivacyPromise } from './brand';
import { DEMOS } from './demos';
import type { Demo } from './demos';
import { HelpButtons } from './help';
import { HowTo } from './howto';
import { Icon } from './icons';
import { chooseFiles, OpenButton } from './openbutton';

/** Opens a demo; its address goes into the URL, so that the link works for others, too. */
export function openDemo(demo: Demo): void {
  // First opened: the address alone would open it, too, but not a second time after it was closed.
  void openBeside([demo.source]);
  update({ sources: [demo.source], file: '' }, { push: true });
}

function DemoButton({ demo }: { demo: Demo }): JSX.Element {
  return (
    <li>
      <button type="button" class="demo" onClick={() => openDemo(demo)}>
        <strong>{demo.title}</strong>
        <span>{demo.about}</span>
      </button>
    </li>
  );
}

/** A link that was made for a dropped file cannot bring the file along, and one beside the page may be gone. */
function LinkHint(): JSX.Element | null {
  const { file, sources } = state.value;
  const name = file === '' ? sources.map(nameOf).join(', ') : file;
  if (name === '' || (sources.length > 0 && notice.value === '')) return null;
  return (
    <p class="hint link-hint" role="status">
      <span>
        This link is about <code>{name}</code>, which is not part of it. Drop that file here or open it, and what was linked appears.
      </span>
      <button type="button" class="button" onClick={chooseFiles}>
        Open {shortened(name, 40)}…
      </button>
    </p>
  );
}

/** Filters outlive the files that they were made for. */
function FilterHint(): JSX.Element | null {
  const { steps, sources } = state.value;
  const applied = active(steps);
  if (applied.length === 0 || sources.length > 0) return null;
  const said = applied.map(({ kind, text }) => `${stepKind(kind).label} ${text}`).join(', ');
  return (
    <p class="hint" role="status">
      The next file is shown under the filters of this link: <code>{shortened(said, 120)}</code>
    </p>
  );
}

function Demos(): JSX.Element {
  return (
    <section aria-labelledby="demos-title">
      <h2 id="demos-title">No profile at hand? Try one of ours</h2>
      <ul class="demos">
        {DEMOS.map((demo) => (
          <DemoButton key={demo.source} demo={demo} />
        ))}
      </ul>
    </section>
  );
}

/** The landing page. */
export function Landing(): JSX.Element {
  return (
    <main class="landing">
      <div class="landing-in">
        <header class="landing-head">
          <Brand />
          <HelpButtons />
        </header>
        <h1>Drop a Go profile anywhere on this page and see where its time and memory go.</h1>
        <LinkHint />
        <FilterHint />
        {notice.value !== '' && (
          <p class="hint bad" role="alert">
            {notice.value}
          </p>
        )}
        <div class="dropzone">
          <Icon name="drop" />
          <OpenButton primary />
          <p>
            or drop files, a folder or an archive: CPU, heap, allocs, goroutine, block, mutex,
            threadcreate; anything in profile.proto, Go’s debug=1 texts, gperftools, jemalloc, Java,
            folded stacks and results of go test -bench; plain, gzip, zstd, zip or tar
          </p>
        </div>
        {!IS_ONE_FILE && <Demos />}
        {!IS_ONE_FILE && <Recent />}
        <PrivacyPromise />
        <section aria-labelledby="howto-title">
          <h2 id="howto-title">How do I get a profile?</h2>
          <HowTo />
        </section>
      </div>
    </main>
  );
}
