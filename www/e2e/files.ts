/** Files that the tests of several views open. */
import { gzipSync } from 'node:zlib';
import type { NamedFile } from './archive';
import { DEMO, profileBytes } from './golden';
import { CPU_TYPES, cpuProfile, encodeProfile } from './profile';

/** The demo profiles. */
export const cpu: NamedFile = { name: 'cpu.pb.gz', bytes: profileBytes(DEMO.cpu) };
export const heap: NamedFile = { name: 'heap.pb.gz', bytes: profileBytes(DEMO.heap) };

/**
 * main calls a (60) and b (40); a spends 10 itself and calls c (50); b calls c (30) and spends 10. At 10 ms a sample:
 * c: flat 800ms, cum 800ms; a: flat 100ms, cum 600ms; b: flat 100ms, cum 400ms; main: flat 0, cum 1000ms.
 */
export const small: NamedFile = {
  name: 'small.pb.gz',
  bytes: cpuProfile([
    { stack: ['main.c', 'main.a', 'main.main'], values: [50, 500_000_000] },
    { stack: ['main.a', 'main.main'], values: [10, 100_000_000] },
    { stack: ['main.c', 'main.b', 'main.main'], values: [30, 300_000_000] },
    { stack: ['main.b', 'main.main'], values: [10, 100_000_000] },
  ]),
};

/** A profile of ten seconds of one program, begun at that second: so many ms of 10 ms each in one function below main. */
export function taken(second: number, name: string, ms: number): NamedFile {
  const samples = [{ stack: [name, 'main.main'], values: [ms / 10, ms * 1_000_000] }];
  const head = { time: 1.7e18 + second * 1e9, duration: 10e9, build: 'abc' };
  return { name: `${name}.pb.gz`, bytes: gzipSync(encodeProfile(CPU_TYPES, samples, head)) };
}
