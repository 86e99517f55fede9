// The page's icons: 16 px line drawings in the colour of the text around them.

import type { JSX } from 'preact';

const PATHS = {
  edit: 'M3 13l.7-3L10.5 3.2l2.3 2.3L6 12.3zM9.2 4.5l2.3 2.3',
  plus: 'M8 3.5v9M3.5 8h9',
  close: 'M4 4l8 8M12 4l-8 8',
  open: 'M1.5 12.5v-9h4l1.5 2h6v2M1.5 12.5l2-5h11l-2 5z',
  drop: 'M8 2v8M4.5 7L8 10.5 11.5 7M2.5 11v2.5h11V11',
  search: 'M7 12A5 5 0 107 2a5 5 0 000 10zM10.7 10.7L14 14',
  help: 'M6 6a2 2 0 113 1.7c-.7.4-1 .8-1 1.6M8 11.6v.2M8 14.5a6.5 6.5 0 100-13 6.5 6.5 0 000 13z',
  auto: 'M8 14a6 6 0 100-12 6 6 0 000 12zM8 2v12M8 5h5M8 8h6M8 11h5',
  light: 'M8 11a3 3 0 100-6 3 3 0 000 6zM8 1v1.5M8 13.5V15M1 8h1.5M13.5 8H15M3 3l1.1 1.1M11.9 11.9L13 13M13 3l-1.1 1.1M4.1 11.9L3 13',
  dark: 'M13.5 9.7A6 6 0 016.3 2.5a6 6 0 107.2 7.2z',
  copy: 'M5.5 5.5v-3h8v8h-3M2.5 5.5h8v8h-8z',
  check: 'M3 8.5l3.5 3.5L13 4.5',
  warning: 'M8 2L1.5 13.5h13zM8 6.5v3.2M8 11.6v.2',
  lock: 'M3.5 7.5h9v6h-9zM5.5 7.5V5a2.5 2.5 0 015 0v2.5',
  compare: 'M5 3L2 6l3 3M2 6h9M11 7l3 3-3 3M14 10H5',
  commands: 'M2.5 4l4 4-4 4M8 12.5h5.5',
  settings: 'M2 5h5.5M10.5 5H14M2 11h2.5M7.5 11H14M10.5 5a1.5 1.5 0 10-3 0 1.5 1.5 0 003 0zM7.5 11a1.5 1.5 0 10-3 0 1.5 1.5 0 003 0z',
  reset: 'M2.5 6.5V2.5h4M13.5 6.5V2.5h-4M2.5 9.5v4h4M13.5 9.5v4h-4',
} as const;

/** Name of an icon. */
export type IconName = keyof typeof PATHS;

/** An icon; decoration only, the words stand beside it or on its button. */
export function Icon({ name }: { name: IconName }): JSX.Element {
  return (
    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true" fill="none" stroke="currentColor"
      stroke-width="1.3" stroke-linecap="round" stroke-linejoin="round">
      <path d={PATHS[name]} />
    </svg>
  );
}
