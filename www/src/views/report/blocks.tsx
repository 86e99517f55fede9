/** The blocks of the report as elements; all text is text, pictures are images. */
import type { JSX } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';
import { Value } from '../../table/value';
import type { Block, DocumentColumn, Mark, Run, Section } from './document';

/** A section with its heading. */
export function SectionView(props: { section: Section }): JSX.Element {
  const { section } = props;
  const Heading = `h${Math.min(Math.max(section.level, 2), 4)}` as 'h2' | 'h3' | 'h4';
  return (
    <>
      <Heading id={`report-${section.id}`} tabIndex={-1}>
        {section.title}
      </Heading>
      {section.blocks.map((block, at) => (
        <BlockView key={at} block={block} />
      ))}
    </>
  );
}

function BlockView(props: { block: Block }): JSX.Element {
  const { block } = props;
  switch (block.type) {
    case 'paragraph':
      return (
        <p>
          <Runs runs={block.runs} />
        </p>
      );
    case 'note':
      return (
        <p class="doc-note">
          <Runs runs={block.runs} />
        </p>
      );
    case 'table':
      return <TableBlock {...block} />;
    case 'list': {
      const List = block.ordered ? 'ol' : 'ul';
      return (
        <List>
          {block.runs.map((runs, at) => (
            <li key={at}>
              <Runs runs={runs} />
            </li>
          ))}
        </List>
      );
    }
    case 'code':
      return <Code text={block.text} />;
    case 'figure':
      return <Picture caption={block.caption} svg={block.svg} />;
    case 'missing':
      return (
        <div class="doc-missing">
          <p>{block.text}</p>
          {block.command !== '' && <Code text={block.command} />}
        </div>
      );
  }
}

function Runs(props: { runs: readonly Run[] }): JSX.Element {
  return (
    <>
      {props.runs.map((run) => (run.code ? <Name text={run.text} /> : run.strong ? <strong>{run.text}</strong> : run.text))}
    </>
  );
}

/** A name that breaks, where it must, after a slash or a dot. */
function Name(props: { text: string }): JSX.Element {
  return (
    <code>
      {props.text.split(/(?<=[/.])/).map((part, at) => (
        <>
          {at > 0 && <wbr />}
          {part}
        </>
      ))}
    </code>
  );
}

/** Scrolls sideways by itself when too wide; hence a tab stop. */
function Code(props: { text: string }): JSX.Element {
  return (
    <pre tabIndex={0} role="group" aria-label="Text to copy">
      {props.text}
    </pre>
  );
}

interface TableProps {
  caption: string;
  columns: readonly DocumentColumn[];
  rows: readonly string[][];
  marks?: readonly Mark[];
}

function TableBlock(props: TableProps): JSX.Element {
  return (
    <div class="doc-table" tabIndex={0} role="group" aria-label={props.caption}>
      <table>
        <caption>{props.caption}</caption>
        <thead>
          <tr>
            {props.columns.map((column, at) => (
              <th key={at} scope="col" class={column.numeric ? 'vt-num' : undefined}>
                {column.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {props.rows.map((row, at) => (
            <tr key={at}>
              {row.map((cell, index) => (
                <DocumentCell key={index} text={cell} column={props.columns[index]} mark={index === 0 ? props.marks?.[at] : undefined} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function DocumentCell(props: { text: string; column: DocumentColumn | undefined; mark: Mark | undefined }): JSX.Element {
  const { text, column, mark } = props;
  const swatch = mark !== undefined && (
    <span class={mark.hatched ? 'part-swatch hatched' : 'part-swatch'} style={{ backgroundColor: mark.color }} />
  );
  if (column?.numeric === true) {
    return (
      <td class="vt-num">
        {swatch}
        <Value text={text} />
      </td>
    );
  }
  return (
    <td class={column?.code === true ? 'doc-name' : undefined}>
      {swatch}
      {column?.code === true ? <Name text={text} /> : text}
    </td>
  );
}

/** An SVG as an image: a browser runs no script and loads nothing from inside an image. */
function Picture(props: { caption: string; svg: string }): JSX.Element {
  const url = useMemo(() => URL.createObjectURL(new Blob([props.svg], { type: 'image/svg+xml' })), [props.svg]);
  useEffect(() => () => URL.revokeObjectURL(url), [url]);
  const [width, height] = sizeOf(props.svg);
  return (
    <figure>
      <img src={url} alt={props.caption} width={width} height={height} />
      <figcaption>{props.caption}</figcaption>
    </figure>
  );
}

/** Size by the picture's own `viewBox`, so that its place is kept before it is drawn. */
function sizeOf(svg: string): [number | undefined, number | undefined] {
  const box = /viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(svg.slice(0, 1000));
  return box === null ? [undefined, undefined] : [Number(box[1]), Number(box[2])];
}
