// Fetching what lies beside the page. A link is anybody's text: nothing about it is certain.

interface Address {
  url: URL;
  /** What the file is called. */
  name: string;
}

/** Throws for what is no address. */
function addressOf(source: string): Address {
  const url = new URL(source, document.baseURI);
  return { url, name: decodeURIComponent(url.pathname.split('/').pop() || source) };
}

/** What a source is called: the file, or the source itself when it is no address. */
export function nameOf(source: string): string {
  try {
    return addressOf(source).name;
  } catch {
    return source;
  }
}

/** The file, or why there is none. */
export async function fetchBeside(source: string, signal: AbortSignal): Promise<File | string> {
  try {
    const { url, name } = addressOf(source);
    if (url.origin !== location.origin) throw new Error('it lies on another site');
    const response = await fetch(url, { signal });
    if (!response.ok) throw new Error(`the server answered ${response.status}`);
    return new File([await response.blob()], name);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return `${nameOf(source)} could not be loaded: ${reason}.`;
  }
}
