// What mouse and fingers do, for the sheet of keys: by the group of the keys that they stand beside.

import type { KeyAction } from './keys';

/** A gesture as the sheet shows it. */
export type Gesture = Pick<KeyAction, 'shown' | 'label' | 'group'> & { shown: string };

const GRAPH = 'Flame graph';
const TABLES = 'Tables';
const ROWS = 'Several rows';

/** All of them; words that belong together are kept by a hard space. */
export const GESTURES: readonly Gesture[] = [
  { shown: 'Right\u00a0click', label: 'Menu of a row or box; with a finger, a long press', group: 'Everywhere' },
  { shown: 'Drop', label: 'Open files, folders and archives', group: 'Everywhere' },
  { shown: 'Click', label: 'Select a function; with a finger, a tap', group: GRAPH },
  { shown: 'Double\u00a0click', label: 'Zoom to a box; with a finger, a double tap', group: GRAPH },
  { shown: 'Drag', label: 'Move about', group: GRAPH },
  { shown: 'Shift Wheel', label: 'Move sideways', group: GRAPH },
  { shown: 'Ctrl Wheel', label: 'Zoom at the pointer; with fingers, a pinch', group: GRAPH },
  { shown: 'Click', label: 'Select a row; on a heading, sort by it', group: TABLES },
  { shown: 'Double\u00a0click', label: 'Show the row in the flame graph', group: TABLES },
  { shown: 'Drag', label: 'The edge of a heading: width of its column; a double click fits it', group: TABLES },
  { shown: 'Ctrl Click', label: 'Pick one more row, or leave it', group: ROWS },
  { shown: 'Shift Click', label: 'Pick every row from the last to this one', group: ROWS },
];
