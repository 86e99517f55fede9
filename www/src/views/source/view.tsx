/** Source: what each line of a function or file costs, beside its text where the sources were dropped. */
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { keyed, useQueryAnswer } from '../../core';
import type { Query, SourceInfo } from '../../core';
import { query, state } from '../../state';
import { profileFiles } from '../../sources';
import { Answered } from '../../table/view';
import { Code } from './code';
import { FileList, FileMenu } from './files';
import { FunctionList, FunctionMenu } from './list';
import { SourcesBar } from './sources';
import './source.css';

/** Narrower than this (CSS pixels) the list is a menu. */
const LIST_FROM = 720;

/** The Source view. */
export function SourceView(): JSX.Element {
  const asked = query.value;
  const { sel, sourceFile } = state.value;
  // In a whole file the selected function goes with the selected line, and changes nothing.
  const name = sourceFile === '' ? sel : '';
  const answer = useQueryAnswer<SourceInfo>(
    asked,
    (now) => keyed('view').source(now, { name, file: sourceFile }),
    [name, sourceFile],
  );
  useProfileFiles(asked);
  const self = useRef<HTMLElement>(null);
  const wide = useWide(self);
  const List = sourceFile === '' ? (wide ? FunctionList : FunctionMenu) : wide ? FileList : FileMenu;
  return (
    <section ref={self} class="pane source" aria-label="Source">
      <SourcesBar />
      <div class={wide ? 'source-in' : 'source-in source-narrow'}>
        <List info={answer.value} />
        <Answered answer={answer}>{(info) => <Code info={info} />}</Answered>
      </div>
    </section>
  );
}

/** Tells the trees which files there are to be found. */
function useProfileFiles(asked: Query | null): void {
  useEffect(() => {
    if (asked === null) return;
    keyed('source.files')
      .sourceFiles(asked, { column: 'flat', ascending: false, search: '' })
      .then(
        ({ rows }) => {
          profileFiles.value = rows.map(({ path }) => path);
        },
        // Why it failed is said where the lines should be.
        () => undefined,
      );
  }, [asked]);
}

function useWide(element: { current: HTMLElement | null }): boolean {
  const [wide, setWide] = useState(innerWidth > 900);
  useEffect(() => {
    const target = element.current;
    if (target === null) return undefined;
    const observer = new ResizeObserver(() => setWide(target.clientWidth >= LIST_FROM));
    observer.observe(target);
    return () => observer.disconnect();
  }, []);
  return wide;
}
