/** Summary of a file without sample types: what it is. What it says is for the rules to tell. */
import type { JSX } from 'preact';
import type { FileInfo } from '../../core';
import { update } from '../../state';
import { Drawn } from '../../table/view';
import { Facts, FindingsPlace, Notes } from './view';

function Sentence({ info }: { info: FileInfo }): JSX.Element {
  if (info.kind !== 'bench') return <>This file has no sample types, so it says nothing about functions.</>;
  return (
    <>
      Times and allocations by operation, compared in{' '}
      <button type="button" class="link" onClick={() => update({ view: 'benchmarks' }, { push: true })}>
        Benchmarks
      </button>
      . They name no functions: a CPU or memory profile of the same benchmark does.
    </>
  );
}

/** All of it. */
export function Bare({ info }: { info: FileInfo }): JSX.Element {
  return (
    <>
      <p class="headline">
        {info.kindLabel}, {info.sizeText}
      </p>
      <ul class="verdict">
        <li>
          <Sentence info={info} />
        </li>
      </ul>
      <FindingsPlace />
      <Notes notes={info.diagnostics} />
      <Facts />
      <Drawn view="summary" of={info} />
    </>
  );
}
