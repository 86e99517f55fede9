import { expect, test } from 'vitest';
import { filesUnder } from './entries';

type Entry = FileSystemEntry;

function file(name: string, readable = true): Entry {
  return {
    name,
    isFile: true,
    file: (found: (file: File) => void, failed: () => void) => (readable ? found(new File([], name)) : failed()),
  } as unknown as Entry;
}

/** A folder that hands out its entries two at a time, and fails after them when it is `broken`. */
function folder(name: string, inside: Entry[], broken = false): Entry {
  const createReader = () => {
    let at = 0;
    return {
      readEntries: (found: (some: Entry[]) => void, failed: () => void) => {
        const some = inside.slice(at, (at += 2));
        if (some.length === 0 && broken) failed();
        else found(some);
      },
    };
  };
  return { name, isFile: false, createReader } as unknown as Entry;
}

test('files come breadth first, hidden ones stay out', async () => {
  const found = await filesUnder([folder('a', [folder('b', [file('deep')]), file('one'), file('.git'), file('two')])], 10);
  expect(found.files.map((one) => one.name)).toEqual(['one', 'two', 'deep']);
  expect(found).toMatchObject({ more: false, unreadable: 0 });
});

test('what is left out and what cannot be read is told', async () => {
  const many = [file('1'), file('2', false), file('3'), file('4')];
  expect(await filesUnder(many, 2)).toMatchObject({ more: true, unreadable: 1 });
  expect(await filesUnder(many, 3)).toMatchObject({ more: false, unreadable: 1 });
  expect(await filesUnder([folder('a', [file('1')], true)], 3)).toMatchObject({ more: false, unreadable: 1 });
});

test('sources in folders are known by their paths, and are not opened', async () => {
  const go = { ...file('main.go'), fullPath: '/app/main.go' };
  const found = await filesUnder([folder('app', [go, file('cpu.prof'), file('b.prof')]), file('x.go')], 2);
  expect(found.sources?.map(({ path }) => path)).toEqual(['app/main.go']);
  // What is dropped by itself is a file like any other.
  expect(found.files.map((one) => [one.name, found.inFolders?.has(one)])).toEqual([['x.go', false], ['cpu.prof', true]]);
  expect(found.more).toBe(true);
});
