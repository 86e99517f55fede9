/** The strip of time: what samples have over time, or the profiles of one process; a range can be chosen. */
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { core, keyed, useQueryAnswer } from '../core';
import type { Query, TimeStrip as Strip } from '../core';
import { RangeChart } from '../range/chart';
import type { Range } from '../range/select';
import { addMade, showFile } from '../session';
import { Icon } from '../shell/icons';
import { file, files, query } from '../state';
import { clearTime, setTime } from '../tagging';
import './strip.css';

const HEIGHT = 35;
/** CSS pixels of a slice of time, and the least of a file. */
const SLICE = 2;
const FILE = 6;
/** The number of slices changes by steps, so that a window that is drawn wider does not ask at every pixel. */
const STEP = 32;
/** Milliseconds after which the strip does not wait any longer for a view, which may have failed. */
const PATIENCE = 2000;

/** The query whose view is drawn: questions are answered in order, and those of the view come first. */
function useDrawnQuery(): Query | null {
  const now = query.value;
  const [drawn, setDrawn] = useState<Query | null>(null);
  useEffect(() => {
    const root = document.documentElement;
    const look = (): void => {
      if (root.dataset['ready'] !== undefined) setDrawn(now);
    };
    const observer = new MutationObserver(look);
    observer.observe(root, { attributeFilter: ['data-ready'] });
    const timer = setTimeout(() => setDrawn(now), PATIENCE);
    look();
    return () => {
      observer.disconnect();
      clearTimeout(timer);
    };
  }, [now]);
  return files.value.some(({ id }) => id === drawn?.file) ? drawn : null;
}

/** The strip. */
export function TimeStrip(): JSX.Element {
  const [slices, setSlices] = useState(256);
  const drawn = useDrawnQuery();
  const answer = useQueryAnswer(drawn, (now) => keyed('time').timeStrip(now, slices), [slices, files.value.length]);
  const { value, asked, error } = answer;
  const onWidth = (width: number): void => setSlices(Math.max(STEP, Math.floor(width / SLICE / STEP) * STEP));
  return (
    <section class="time" aria-label="Time" aria-busy={answer.loading || drawn !== query.value}>
      {error !== '' && <p class="time-said">{error}</p>}
      {value !== undefined && value.slots.length > 0 && asked !== null && (
        <Shown strip={value} asked={asked} slices={slices} onWidth={onWidth} />
      )}
      {value !== undefined && value.slots.length === 0 && <p class="time-said">There is nothing to be shown over time.</p>}
    </section>
  );
}

function rangeOf(some: readonly number[]): Range | null {
  const [first, last] = some;
  return first === undefined || last === undefined ? null : [first, last];
}

interface Props {
  strip: Strip;
  asked: Query;
  slices: number;
  onWidth: (width: number) => void;
}

function Shown({ strip, asked, slices, onWidth }: Props): JSX.Element {
  const ofFiles = strip.source === 'files';
  const [pointed, setPointed] = useState<Range | null>(null);
  // Files that are chosen are no filter: they wait for what is to be done with them. A range of time is shown at
  // once, and not only when the strip comes that knows its filter.
  const [picked, setPicked] = useState<{ of: string | Query; range: Range | null } | null>(null);
  const of = ofFiles ? strip.slots.map((slot) => slot.file).join() : asked;
  const chosen = picked?.of === of ? picked.range : rangeOf(strip.chosen);
  const range = pointed ?? chosen;
  const words = useQueryAnswer(
    asked,
    (now) => (range === null ? null : keyed('time.range').timeRange(now, slices, range[0], range[1])),
    [slices, range?.[0], range?.[1]],
  );
  const said = range === null || words.value === undefined ? '' : `${words.value.name} · ${words.value.value} · ${words.value.pct}`;
  const note = strip.about.split('; ')[1] ?? '';
  const choose = (next: Range | null): void => {
    if (ofFiles && next !== null && next[0] === next[1]) {
      show(strip, next[0]);
      return;
    }
    setPicked({ of, range: next });
    if (!ofFiles) void chooseTime(asked, slices, next, chosen).then((done) => done || setPicked(null));
  };
  return (
    <>
      <div class="time-chart">
        <RangeChart
          label="Time"
          slots={strip.slots}
          chosen={chosen}
          said={said}
          height={HEIGHT}
          least={ofFiles ? FILE : 1}
          now={ofFiles ? strip.slots.findIndex((slot) => slot.file === file.value?.id) : -1}
          fine={!ofFiles}
          onPoint={setPointed}
          onChoose={choose}
          {...(ofFiles ? {} : { onWidth })}
        />
        <p class="time-ends" aria-hidden="true">
          <span>{strip.start}</span>
          {said === '' && note !== '' ? (
            <span class="time-note" title={strip.about}>
              {note}
            </span>
          ) : (
            <span class="time-said">{said}</span>
          )}
          <span>{strip.end}</span>
        </p>
      </div>
      <span class="hidden-visually">{strip.about}. Arrows move, with Shift they choose a range, Escape takes it back.</span>
      <div class="time-tools">
        {ofFiles && chosen !== null && <Merge strip={strip} range={chosen} done={() => setPicked(null)} />}
        {chosen !== null && (
          <button type="button" class="icon-button time-clear" aria-label="All of the time" title="All of the time (Escape)" onClick={() => choose(null)}>
            <Icon name="close" />
          </button>
        )}
      </div>
    </>
  );
}

/** Sets the filter of a range of time, or takes it away. Says false when nothing came of it. */
async function chooseTime(asked: Query, slices: number, range: Range | null, before: Range | null): Promise<boolean> {
  const [first, last] = range ?? before ?? [];
  if (first === undefined || last === undefined) return false;
  // A refusal means that the file was closed meanwhile.
  const found = await core.timeRange(asked, slices, first, last).catch(() => null);
  // Slices are those of the file, whatever else is filtered by then.
  if (found === null || found.expression === '' || query.peek()?.file !== asked.file) return false;
  if (range === null) clearTime(found.expression);
  else setTime(found.expression);
  return true;
}

function show(strip: Strip, at: number): void {
  const info = files.peek().find((one) => one.id === strip.slots[at]?.file);
  if (info !== undefined && info.id !== file.peek()?.id) showFile(info);
}

function Merge(props: { strip: Strip; range: Range; done: () => void }): JSX.Element {
  const { strip, range } = props;
  const [refused, setRefused] = useState('');
  const ids = strip.slots.slice(range[0], range[1] + 1).map((slot) => slot.file);
  const merge = async (): Promise<void> => {
    const before = query.peek();
    try {
      const [made] = await core.mergeFiles(new Uint32Array(ids));
      props.done();
      if (made === undefined) return;
      const added = addMade(made);
      // Whoever has gone on meanwhile is not taken away.
      if (query.peek() === before) showFile(added);
    } catch (error) {
      setRefused(error instanceof Error ? error.message : String(error));
    }
  };
  const why = refused || strip.unmergeable;
  if (why !== '') {
    return (
      <p class="time-why" role="status" title={why}>
        {why}
      </p>
    );
  }
  return (
    <button type="button" class="button small primary" onClick={() => void merge()}>
      Merge {ids.length} profiles
    </button>
  );
}
