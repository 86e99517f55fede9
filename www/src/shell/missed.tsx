// A link is about a file, and another one was opened: is that the same under another name?

import type { JSX } from 'preact';
import { countText } from '../lib/bytes';
import { missed, showInstead } from '../session';
import { files } from '../state';
import { chooseFiles } from './openbutton';
import './missed.css';

/** Files that have a button of their own. */
const MOST = 8;

/** The question. */
export function Missed(): JSX.Element {
  const readable = files.value.filter((info) => info.error == null);
  const more = readable.length - MOST;
  return (
    <section class="missed" aria-label="Another file than the link's">
      <h1>
        This link is about <code>{missed.value}</code>
      </h1>
      <p>That file was not among what was opened. Drop it or open it, or use another one: everything else that the link says stays.</p>
      <p>
        <button type="button" class="button primary" onClick={chooseFiles}>
          Open {missed.value}…
        </button>
      </p>
      <ul>
        {readable.slice(0, MOST).map((info) => (
          <li key={info.id}>
            <button type="button" class="button" onClick={() => showInstead(info)}>
              Use {info.name} instead
            </button>
          </li>
        ))}
      </ul>
      {more > 0 && <p class="dim">And {countText(more)} more in the list beside this.</p>}
    </section>
  );
}
