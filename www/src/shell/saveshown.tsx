// The part of the save panel about what is on screen: the page itself, a picture, a link.

import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { flamePng, flameSvg } from '../export/flame';
import type { Wanted } from '../export/flame';
import { linkText } from '../export/link';
import { stemOf } from '../lib/stem';
import { sameZoom } from '../lib/viewport';
import { file, FULL_ZOOM, query, sandwiched, selected, shape, state } from '../state';
import { download } from './download';
import { copyText } from './copytext';
import { SavePage } from './savepage';
import './save.css';

/** Widths of pictures that can be chosen; 0 for that of the page. */
const WIDTHS = [0, 1200, 1920, 3840] as const;

function shownWidth(): number {
  return document.querySelector('.flame-scroll')?.clientWidth ?? document.getElementById('view')?.clientWidth ?? 1200;
}

function wanted(width: number, whole: boolean): Wanted | null {
  const [info, asked] = [file.peek(), query.peek()];
  if (info === null || asked === null) return null;
  return {
    info, asked, state: state.peek(), turned: shape.peek(), node: selected.peek(), width: width || shownWidth(),
    // In a sandwich the zoom is one of its halves': the picture is that of the whole graph.
    whole: whole || sandwiched.peek(),
  };
}

async function savePicture(kind: 'svg' | 'png', width: number, whole: boolean): Promise<string> {
  const what = wanted(width, whole);
  if (what === null) return '';
  const name = [stemOf(what.info.name), `flame.${kind}`].filter((part) => part !== '').join('-');
  try {
    if (kind === 'svg') download(await flameSvg(what), 'image/svg+xml', name);
    else download(await flamePng(what), 'image/png', name);
    return `Handed ${name} to the browser`;
  } catch (error) {
    return `${name} could not be made: ${error instanceof Error ? error.message : String(error)}`;
  }
}

async function copyLink(): Promise<string> {
  if (await copyText(location.href)) return `Copied. ${linkText(state.peek())}`;
  return 'The browser does not let this page copy: the link stands in the address bar.';
}

function PictureOptions(props: { width: number; setWidth: (width: number) => void; whole: boolean; setWhole: (whole: boolean) => void }): JSX.Element {
  const isZoomed = !sameZoom(state.value.zoom, FULL_ZOOM);
  return (
    <div class="save-choices">
      <label class="control">
        Width
        <select class="menu" value={String(props.width)} onChange={(event) => props.setWidth(Number(event.currentTarget.value))}>
          {WIDTHS.map((width) => (
            <option key={width} value={String(width)}>
              {width === 0 ? 'as shown' : `${width} px`}
            </option>
          ))}
        </select>
      </label>
      {isZoomed && (
        <label class="control" title="Otherwise the part that is zoomed to">
          <input type="checkbox" checked={props.whole} onChange={(event) => props.setWhole(event.currentTarget.checked)} />
          Whole graph
        </label>
      )}
    </div>
  );
}

/** The part. */
export function SaveShown(): JSX.Element {
  const [page, setPage] = useState(false);
  const [width, setWidth] = useState(0);
  const [whole, setWhole] = useState(false);
  const [told, setTold] = useState('');
  const tell = (promise: Promise<string>): void => {
    setTold('Writing…');
    void promise.then(setTold);
  };
  const pictures = (['svg', 'png'] as const).map((kind) => (
    <button key={kind} type="button" class="button small" aria-label={`Flame graph as ${kind.toUpperCase()}`} title="The flame graph of what is shown, as a picture"
      onClick={() => tell(savePicture(kind, width, whole))}>
      {kind.toUpperCase()}
    </button>
  ));
  return (
    <div class="save-shown">
      <div class="save-row">
        <button type="button" class="button small" aria-expanded={page} title="The page with the profile inside: one file that opens offline"
          onClick={() => setPage(!page)}>
          Interactive page (HTML)
        </button>
        <button type="button" class="button small" title="The address of this state; it holds no data" onClick={() => tell(copyLink())}>
          Copy link
        </button>
      </div>
      {page && <SavePage />}
      <div class="save-row">
        <span class="save-label">Picture</span>
        {pictures}
        <PictureOptions width={width} setWidth={setWidth} whole={whole} setWhole={setWhole} />
      </div>
      <p class="save-told" role="status">
        {told}
      </p>
    </div>
  );
}
