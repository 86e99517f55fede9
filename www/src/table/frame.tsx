/** How the name of a frame is written: package dim, function strong, shortened as the room asks for. */
import type { JSX } from 'preact';
import type { FrameName } from '../core';
import { cells, pathLength, pieces, ways, widthOf } from '../lib/text';
import type { Fitted } from '../lib/text';
import './frame.css';

/** Inlining as pprof marks it: `inline`, `partial-inline` or empty. */
export type InlineMark = string;

interface Props {
  name: FrameName;
  inline?: InlineMark;
  /** `file:line` to show after the name; true takes the name's own. */
  source?: boolean | string;
  /** The source stays where room is scarce: it tells rows of one name apart. */
  keepSource?: boolean;
}

/**
 * A name on one line. All of it is in the document, for readers and for copies; the style hides what
 * there is no room for, by the widths in characters that are told here.
 */
export function NameText({ name }: { name: Fitted }): JSX.Element {
  const needs = ways(name).map(widthOf);
  const path = pathLength(name.dim);
  const part = (text: string, need?: number): JSX.Element => (
    <span class="frame-part" style={{ '--need': need, '--length': cells(text) }}>{text}</span>
  );
  return (
    <span class="frame-cut" style={{ '--need': needs[0] }}>
      <span class="frame-dim">
        {part(name.dim.slice(0, path), needs[1])}
        {part(name.dim.slice(path), needs[2])}
      </span>
      <bdi class="frame-strong">
        {pieces(name.strong).map((piece, at) => (at % 2 === 0 ? piece : <span class="frame-fold">{part(piece)}</span>))}
      </bdi>
    </span>
  );
}

/** The name of a frame on one line, with what else is known of it. */
export function Frame(props: Props): JSX.Element {
  const { name, inline = '' } = props;
  const source = props.source === true ? frameSource(name) : props.source || '';
  return (
    <span class={`frame frame-${name.class}${props.keepSource === true ? ' frame-keep' : ''}`} title={frameTitle(name)}>
      <span class="frame-name">
        <NameText name={name} />
        {inline !== '' && (
          <span class="frame-mark" title={inlineHelp(inline)}>
            {inline}
          </span>
        )}
      </span>
      {source !== '' && (
        <span class="frame-file" title={source}>
          <bdi>{lastPart(source)}</bdi>
        </span>
      )}
    </span>
  );
}

/** The end of a path: the directory is in the package's name, and whole in the title. */
function lastPart(path: string): string {
  return path.replace(/.*[/\\]/, '');
}

/** `file:line`, or the file alone when the line is unknown. */
export function frameSource(name: FrameName): string {
  return name.line > 0 ? `${name.file}:${name.line}` : name.file;
}

function frameTitle(name: FrameName): string {
  return name.file === '' ? name.full : `${name.full}\n${frameSource(name)}`;
}

function inlineHelp(mark: InlineMark): string {
  return mark === 'inline'
    ? 'Every call of this function was inlined into its caller'
    : 'Some calls of this function were inlined into their caller';
}
