/** How the name of a frame is written: package dim, function strong, cut from the left. */
import type { JSX } from 'preact';
import type { FrameName } from '../core';
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

/** The name of a frame on one line. Too long a name loses its beginning, for the end tells more. */
export function Frame(props: Props): JSX.Element {
  const { name, inline = '' } = props;
  const source = props.source === true ? frameSource(name) : props.source || '';
  return (
    <span class={`frame frame-${name.class}${props.keepSource === true ? ' frame-keep' : ''}`} title={frameTitle(name)}>
      <span class="frame-name">
        <span class="frame-cut">
          <bdi>
            <span class="frame-dim">{name.dim}</span>
            <span class="frame-strong">{name.strong}</span>
          </bdi>
        </span>
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
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
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
