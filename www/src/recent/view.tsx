// The files remembered on this device, on the landing page.

import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { bytesText } from '../lib/bytes';
import { openFiles } from '../session';
import { Icon } from '../shell/icons';
import { changes, unkept } from './remember';
import { forget, forgetAll, list, MOST_BYTES, take } from './store';
import type { Remembered } from './store';
import './recent.css';

async function open(one: Remembered): Promise<void> {
  const file = await take(one.id);
  if (file === undefined) changes.value++;
  else openFiles([file]);
}

/** Runs something that may fail, says so, and shows what is left. */
function run(work: Promise<void>): void {
  work
    .catch((error: unknown) => (unkept.value = error instanceof Error ? error.message : String(error)))
    .finally(() => changes.value++);
}

function Row({ one }: { one: Remembered }): JSX.Element {
  const day = new Date(one.opened).toLocaleDateString(undefined, { dateStyle: 'medium' });
  return (
    <li>
      <button type="button" class="recent-open" title={one.name} onClick={() => run(open(one))}>
        <span class="recent-name">{one.name}</span>
        <span class="dim">
          {bytesText(one.size)} · {day}
        </span>
      </button>
      <button type="button" class="icon-button" aria-label={`Forget ${one.name}`} onClick={() => run(forget(one.id))}>
        <Icon name="close" />
      </button>
    </li>
  );
}

/** The list. */
export function RecentList(): JSX.Element {
  const [rows, setRows] = useState<Remembered[] | null>(null);
  const changed = changes.value;
  useEffect(() => {
    let current = true;
    list().then(
      (found) => current && setRows(found),
      (error: unknown) => (unkept.value = error instanceof Error ? error.message : String(error)),
    );
    return () => {
      current = false;
    };
  }, [changed]);
  return (
    <>
      {rows !== null && rows.length > 0 && (
        <ul class="recent-list" aria-label="Recent files">
          {rows.map((one) => (
            <Row key={one.id} one={one} />
          ))}
        </ul>
      )}
      <p class="dim">
        {rows?.length === 0 ? 'What is opened from now on stands here. ' : ''}
        {bytesText(MOST_BYTES)} at most, the oldest go first; switching it off deletes them.{' '}
        {rows !== null && rows.length > 0 && (
          <button type="button" class="link" onClick={() => run(forgetAll())}>
            Forget all
          </button>
        )}
      </p>
    </>
  );
}
