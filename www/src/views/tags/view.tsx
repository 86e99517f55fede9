/** Tags: what the labels of the samples say, key by key; to filter by them, and to group stacks by them. */
import type { JSX } from 'preact';
import { keyed, useQueryAnswer } from '../../core';
import type { TagsInfo } from '../../core';
import { hasFilters } from '../../filtering';
import { countText } from '../../lib/bytes';
import { query } from '../../state';
import { Answered, Drawn } from '../../table/view';
import { Grouping } from './grouping';
import { KeySection } from './key';
import { Teaching } from './teaching';
import './tags.css';

/** The Tags view. */
export function TagsView(): JSX.Element {
  const answer = useQueryAnswer(query.value, (now) => keyed('view').tags(now), []);
  return (
    <section class="page tags" aria-label="Tags">
      <div class="page-in">
        <Answered answer={answer}>
          {(info) => (
            <>
              {info.keys.length === 0 ? <Teaching filtered={query.value !== null && hasFilters(query.value)} /> : <Keys info={info} />}
              <Drawn view="tags" of={info} />
            </>
          )}
        </Answered>
      </div>
    </section>
  );
}

function Keys({ info }: { info: TagsInfo }): JSX.Element {
  return (
    <>
      <Grouping keys={info.keys.map((key) => key.key)} />
      <p class="tags-about">
        {info.typeName}: {info.total} is 100 %.
        {info.keys.some((key) => key.several) && ' A sample that has several values of one label counts for each of them.'}
      </p>
      {info.keys.map((key) => (
        <KeySection key={key.key} info={key} />
      ))}
      {info.more > 0 && <p class="tags-about">and {countText(info.more)} more labels, each on less.</p>}
    </>
  );
}
