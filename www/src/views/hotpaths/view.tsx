/** Hot paths: the heaviest ways through the program, from the root down, with plumbing folded. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { keyed, useQueryAnswer } from '../../core';
import type { HotPath, PathStep } from '../../core';
import { countText } from '../../lib/bytes';
import { query } from '../../state';
import { useAsked, useSelected } from '../../table/asked';
import { figureWidth } from '../../table/column';
import { Frame, NameText } from '../../table/frame';
import { GoButtons } from '../../table/small';
import { pick, showBox } from '../../table/show';
import { Heading } from '../../table/cell';
import { TERMS } from '../../table/terms';
import { Value } from '../../table/value';
import { Answered, Drawn } from '../../table/view';
import './hotpaths.css';

/** The Hot paths view. */
export function HotPathsView(): JSX.Element {
  const asked = query.value;
  const answer = useQueryAnswer(asked, (now) => keyed('view').hotPaths(now), []);
  return (
    <section class="page hotpaths" aria-label="Hot paths">
      <div class="page-in">
        <Answered answer={answer}>
          {(found) => (
            <>
              {found.paths.length === 0 ? (
                <p class="empty">This profile has no samples of this type, so no path carries anything.</p>
              ) : (
                <ol class="paths">
                  {found.paths.map((path, at) => (
                    <Path key={path.steps.at(-1)?.boxId ?? at} path={path} rank={at + 1} />
                  ))}
                </ol>
              )}
              <Drawn view="hotpaths" of={found} />
            </>
          )}
        </Answered>
      </div>
    </section>
  );
}

function Path(props: { path: HotPath; rank: number }): JSX.Element {
  const { path, rank } = props;
  const last = path.steps.at(-1);
  const title = `Path ${rank}`;
  const asked = useAsked();
  return (
    <li class="path">
      <div class="path-head">
        <h2>{title}</h2>
        <span class="path-share vt-bar" style={{ '--share': path.share.toFixed(4) }}>
          <Value text={path.pct} />
        </span>
        <Value text={path.value} />
        {last !== undefined && (
          <button type="button" class="link path-show" onClick={() => showBox(last.name, asked, last.boxId)}>
            Show in flame graph
          </button>
        )}
      </div>
      <table class="vt-table vt-small path-steps" aria-label={title}>
        <colgroup>
          <col style={{ width: `${figureWidth(path.steps.map((step) => step.flat), LEAST_FIGURE)}px` }} />
          <col style={{ width: `${figureWidth(path.steps.map((step) => step.cum), LEAST_FIGURE)}px` }} />
          <col class="path-pct" />
          <col />
        </colgroup>
        <thead>
          <tr>
            {HEADINGS.map((column) => (
              <Heading key={column.key} column={column} order={undefined} onSort={undefined} />
            ))}
          </tr>
        </thead>
        <tbody>
          {path.steps.map((step, at) => (
            <Step key={`${step.boxId}/${at}`} step={step} />
          ))}
        </tbody>
      </table>
    </li>
  );
}

/** Least width of a column of figures, in CSS pixels. */
const LEAST_FIGURE = 72;

const HEADINGS = [
  { key: 'flat', label: 'self', help: 'Cost of the function itself at this step of this path.', numeric: true },
  { key: 'cum', label: 'cum', help: 'Cost of this step with everything below it on this path.', numeric: true },
  { key: 'pct', label: 'cum%', help: TERMS.cumPct, numeric: true },
  { key: 'name', label: 'Name', help: TERMS.name, numeric: false },
].map((column) => ({ ...column, width: 0, cell: () => null }));

function Step(props: { step: PathStep }): JSX.Element {
  const { step } = props;
  const [open, setOpen] = useState(false);
  const asked = useAsked();
  const node = useSelected();
  return (
    <>
      {step.foldedCount > 0 && <Folded step={step} open={open} onToggle={() => setOpen(!open)} />}
      <tr
        class="vt-row step"
        aria-current={node === step.name.node ? 'true' : undefined}
        onClick={() => pick(step.name, asked)}
        onDblClick={() => showBox(step.name, asked, step.boxId)}
      >
        <td class="vt-num">
          <Value text={step.flat} />
        </td>
        <td class="vt-num vt-bar" style={{ '--share': step.share.toFixed(4) }}>
          <Value text={step.cum} />
        </td>
        <td class="vt-num path-pct">
          <Value text={step.cumPct} />
        </td>
        <td class="step-name">
          <button type="button" class="vt-pick">
            <Frame name={step.name} source />
          </button>
          <GoButtons name={step.name} />
        </td>
      </tr>
    </>
  );
}

/** Frames that were folded before a step. The core names the first of them and counts all. */
function Folded(props: { step: PathStep; open: boolean; onToggle: () => void }): JSX.Element {
  const { step, open } = props;
  const { folded: names, foldedCount } = step;
  const frames = foldedCount === 1 ? '1 frame' : `${countText(foldedCount)} frames`;
  const more = foldedCount - names.length;
  return (
    <tr class="folded">
      <td />
      <td />
      <td class="path-pct" />
      <td class="step-name">
        <button type="button" class="link fold" aria-expanded={open} onClick={props.onToggle}>
          {open ? `Fold ${frames}` : `… ${frames}`}
        </button>
        {open && (
          <ol class="folded-names">
            {names.map((name, at) => (
              <li key={at} title={name.dim + name.strong}>
                <NameText name={name} />
              </li>
            ))}
            {more > 0 && <li class="folded-more">and {countText(more)} more</li>}
          </ol>
        )}
      </td>
    </tr>
  );
}
