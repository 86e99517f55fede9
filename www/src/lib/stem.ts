// What files that are saved are called after.

/** The name of a profile without what says how it is packed, safe as part of a file's name; may be empty. */
export function stemOf(name: string): string {
  const base = name.split(/[\\/]/).pop() ?? '';
  return (
    base
      .replace(/\.(gz|zst)$/i, '')
      .replace(/\.(pb|pprof|prof|out)$/i, '')
      // What a file system, a shell or a URL could take for something else becomes a dash.
      .replace(/[^\p{L}\p{N}._-]+/gu, '-')
      .replace(/^[.-]+|[.-]+$/g, '')
  );
}
