// Where the worker gets the core's two modules from: the page hands them over. Stands in for `../modules.ts`.

import type * as Site from '../modules';

const handed = new Promise<readonly ArrayBuffer[]>((resolve) => {
  const hear = (event: MessageEvent<{ halves?: readonly ArrayBuffer[] }>): void => {
    const { halves } = event.data;
    if (halves === undefined) return;
    // It is not for the worker's own listener, which was added later.
    event.stopImmediatePropagation();
    removeEventListener('message', hear);
    resolve(halves);
  };
  addEventListener('message', hear);
});

let second: ArrayBuffer | undefined;

export const firstModule: typeof Site.firstModule = async () => {
  const halves = await handed;
  second = halves[1];
  return halves[0] as ArrayBuffer;
};

export const secondModuleNow: typeof Site.secondModuleNow = () => {
  if (second === undefined) throw new Error('it was not handed over');
  return second;
};

export const secondModule: typeof Site.secondModule = async () => {
  await handed;
  return secondModuleNow();
};
