// A source file as lines, and whether it is the version that was measured. Pure.

/** Bytes of a file that is shown; larger ones are no sources. */
export const MOST_BYTES = 8 * 1024 * 1024;

/** Lines away from where the profile has a function that it may begin: comments in between, a moved import. */
const NEAR = 3;

/** The lines of a text, without their ends. A last one that is empty is none. */
export function linesOf(text: string): string[] {
  const lines = text.split(/\r\n|\n|\r/);
  if (lines[lines.length - 1] === '') lines.pop();
  return lines;
}

/** A function as the profile knows it. */
export interface Known {
  base: string;
  startLine: number;
  closure: boolean;
}

function isNear(lines: readonly string[], { base, startLine }: Known): boolean {
  const around = lines.slice(Math.max(0, startLine - 1 - NEAR), startLine + NEAR);
  return around.some((line) => line.includes(base));
}

/**
 * Why a text is not the one that was measured; empty when nothing speaks against it. `last` is the highest line
 * that the profile names.
 */
export function versionDoubt(lines: readonly string[], last: number, functions: readonly Known[]): string {
  if (last > lines.length) {
    return `The profile names line ${last}, and this file has ${lines.length}: it seems to be of another version.`;
  }
  const named = functions.filter(({ startLine, base, closure }) => startLine > 0 && !closure && /^[\p{L}_]\w*$/u.test(base));
  const lost = named.find((one) => !isNear(lines, one));
  if (lost === undefined) return '';
  return `${lost.base} is not near line ${lost.startLine}, where the profile has it: this file seems to be of another version.`;
}

/** Whether the path is that of a Go source. */
export function isGo(path: string): boolean {
  return path.endsWith('.go');
}
