/** What the colours mean, of the states that occur. */
import type { JSX } from 'preact';
import { dark } from '../../../shell/theme';
import type { TimelineModel } from './model';
import { coloursFor, roleOf } from './palette';

/** States that are painted alike, by one name. */
const TOGETHER: Record<string, string> = { runnable: 'could run', channel: 'waiting: channel', waiting: 'waiting: other' };

/** The legend. */
export function Legend({ model }: { model: TimelineModel }): JSX.Element {
  const { states } = model.opened;
  const colours = coloursFor(states, dark.value);
  const seen = model.seen.value;
  const named = new Map<string, number>();
  states.forEach((state, number) => {
    const role = roleOf(state);
    if (role !== 'blank' && role !== 'idle' && role !== 'user' && seen.has(role) && !named.has(role)) named.set(role, number);
  });
  return (
    <ul class="tl-legend" aria-label="Legend">
      <li>
        <span class="swatch">
          {[0, 1, 2, 3].map((group) => (
            <i key={group} style={{ background: colours.groups[group] }} />
          ))}
        </span>
        running, by what the goroutine began with
      </li>
      {[...named].map(([role, number]) => (
        <li key={role}>
          <span class="swatch">
            <i style={{ background: colours.states[number] }} />
          </span>
          {TOGETHER[role] ?? states[number]}
        </li>
      ))}
    </ul>
  );
}
