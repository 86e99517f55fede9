import { render } from 'preact';
import '../style/tokens.css';
import '../style/base.css';
import { followBrowser, update, view, VIEW_NAMES } from '../state';
import { openFiles, startSession } from '../session';
import { TopView } from '../views/top/view';
import { SummaryView } from '../views/summary/view';
import { HotPathsView } from '../views/hotpaths/view';
import { CallersView } from '../views/callers/view';
import { AllocationsView } from '../views/allocations/view';
import { ReportView } from '../views/report/view';
const V: Record<string, () => preact.JSX.Element> = { summary: SummaryView, top: TopView, hotpaths: HotPathsView, callers: CallersView, allocations: AllocationsView, report: ReportView };
function App() {
  const View = V[view.value];
  return <div style={{ height: '100vh', display: 'flex', flexDirection: 'column' }}><div role="tablist">{VIEW_NAMES.map((v) => <button role="tab" onClick={() => update({ view: v }, { push: true })}>{v}</button>)}</div><main style={{ flex: 1, minHeight: 0 }}>{View ? <View /> : null}</main></div>;
}
startSession(); followBrowser();
(window as any).openFiles = openFiles;
render(<App />, document.getElementById('app')!);
