// The page: landing while nothing is open, otherwise session list, bar, view and details.

import type { FunctionComponent, JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { Bar } from './shell/bar';
import { Brand } from './shell/brand';
import { DropTarget } from './shell/drop';
import { ErrorPanel, MOST_SPELLED } from './shell/error';
import { FileList, ReadingNow } from './shell/files';
import { FilterBar, NothingLeft, nothingIsLeft } from './shell/filterbar';
import { HelpButtons } from './shell/help';
import { Icon } from './shell/icons';
import { Landing } from './shell/landing';
import { fetchWhenIdle, lazyView } from './shell/lazy';
import { FileInput, OpenButton } from './shell/openbutton';
import { said } from './shell/said';
import { sheet } from './shell/sheets';
import { crash, missed, notice, opening } from './session';
import { file, files, hasNoSamples, state, view, WHOLE } from './state';
import type { ViewName } from './state';
import { TimePlace } from './time/place';
import { FlameView } from './views/flame/view';
import { SummaryView } from './views/summary/view';

/** Summary and Flame graph come with the page; what people go to after them is fetched after them. */
const VIEWS: Record<ViewName, FunctionComponent> = {
  summary: SummaryView,
  flame: FlameView,
  top: lazyView(async () => (await import('./views/top/view')).TopView),
  hotpaths: lazyView(async () => (await import('./views/hotpaths/view')).HotPathsView),
  callers: lazyView(async () => (await import('./views/callers/view')).CallersView),
  source: lazyView(async () => (await import('./views/source/view')).SourceView),
  graph: lazyView(async () => (await import('./views/graph/view')).GraphView),
  allocations: lazyView(async () => (await import('./views/allocations/view')).AllocationsView),
  goroutines: lazyView(async () => (await import('./views/goroutines/view')).GoroutinesView),
  tags: lazyView(async () => (await import('./views/tags/view')).TagsView),
  compare: lazyView(async () => (await import('./views/compare/view')).CompareView),
  trace: lazyView(async () => (await import('./views/trace/view')).TraceView),
  benchmarks: lazyView(async () => (await import('./views/benchmarks/view')).BenchmarksView),
  report: lazyView(async () => (await import('./views/report/view')).ReportView),
};

const CrashPanel = lazyView(async () => (await import('./shell/trouble')).CrashPanel, '');
const MorePanel = lazyView(async () => (await import('./shell/trouble')).MorePanel, '');

/** The pane of the selection. Its place is there from the beginning. */
const Details = lazyView(async () => (await import('./shell/details')).Details, 'details empty-pane');

/** What there is to see of a file without sample types. */
const WITHOUT_SAMPLES: readonly ViewName[] = ['summary', ...WHOLE];

/** Stands in place of a view of stacks when the file has none. */
const NoSamples = lazyView(async () => (await import('./shell/nosamples')).NoSamples);

/** Views that read like a page and have no selection to tell about, or tell about it themselves. */
const WITHOUT_DETAILS: readonly ViewName[] = [...WHOLE, 'source'];

/** What lies over the page: commands, settings, keys, terms, recipes. */
const OpenSheet = lazyView(async () => (await import('./shell/dialogs')).OpenSheet);

function Side(): JSX.Element {
  return (
    <nav class="side" aria-label="Session">
      <div class="side-head">
        <Brand />
        <OpenButton short />
      </div>
      <FileList />
      {notice.value !== '' && (
        <p class="hint bad" role="alert">
          {notice.value}
        </p>
      )}
      <div class="side-foot">
        <HelpButtons />
        <p class="side-promise">
          <Icon name="lock" />
          Nothing leaves your machine
        </p>
      </div>
    </nav>
  );
}

/** Messages that need more room than the list has. */
function Messages(): JSX.Element | null {
  const failed = files.value.filter((info) => info.error != null);
  if (failed.length === 0 && crash.value === null) return null;
  const spelled = file.value === null ? MOST_SPELLED.alone : MOST_SPELLED.overView;
  return (
    <div class="messages">
      {crash.value !== null && <CrashPanel />}
      {failed.slice(0, spelled).map((info) => (
        <ErrorPanel key={info.id} file={info} />
      ))}
      {failed.length > spelled && <MorePanel failed={failed.slice(spelled)} all={failed.length} />}
    </div>
  );
}

/** Files are there or on their way, but none can be shown yet. */
function Waiting(): JSX.Element {
  return (
    <div class="waiting">
      {opening.value.length > 0 ? <ReadingNow /> : <p>Nothing could be read. Drop another file anywhere.</p>}
    </div>
  );
}

/** A link is about a file that is not here. It comes with none of what a first picture needs. */
const Missed = lazyView(async () => (await import('./shell/missed')).Missed);

function Main(): JSX.Element {
  const none = file.value !== null && hasNoSamples(file.value);
  const Shown = none && !WITHOUT_SAMPLES.includes(view.value) ? NoSamples : VIEWS[view.value];
  const nothing = !WHOLE.includes(view.value) && nothingIsLeft();
  const details = !WITHOUT_DETAILS.includes(view.value);
  const isThere = file.value !== null;
  useEffect(() => (isThere ? fetchWhenIdle() : undefined), [isThere]);
  if (!isThere) {
    return (
      <main class="main no-file">
        <Messages />
        <Waiting />
      </main>
    );
  }
  if (missed.value !== '' && missed.value === state.value.file && missed.value !== file.value?.key) {
    return (
      <main class="main no-file">
        <Messages />
        <Missed />
      </main>
    );
  }
  return (
    <main class={details ? 'main' : 'main no-details'}>
      <Bar />
      {!none && view.value !== 'benchmarks' && view.value !== 'trace' && <FilterBar />}
      <div class="view" id="view" role="tabpanel" aria-labelledby={`tab-${view.value}`}>
        <Messages />
        <TimePlace />
        <div class="view-in">
          {nothing ? <NothingLeft /> : <Shown />}
        </div>
      </div>
      {details && <Details />}
    </main>
  );
}

/** The page. */
export function App(): JSX.Element {
  const empty = files.value.length === 0 && opening.value.length === 0 && crash.value === null;
  return (
    <>
      <FileInput />
      {empty ? (
        <Landing />
      ) : (
        <div class="shell">
          <Side />
          <Main />
        </div>
      )}
      <DropTarget />
      {sheet.value !== null && (
        <div class="sheet-place">
          <OpenSheet />
        </div>
      )}
      <p class="said" role="status">
        {said.value}
      </p>
    </>
  );
}
