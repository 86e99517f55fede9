// What a page that is one file carries: elements with base64 of gzip, which the browser neither runs nor draws.

/** Characters of base64 decoded at a time, so that a long text never stands in memory twice; a multiple of 4. */
const PIECE = 4 << 20;

function decodedPiece(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

/** What base64 stands for, in pieces. The browser gets a turn between two of them. */
function decoded(text: string): ReadableStream<Uint8Array<ArrayBuffer>> {
  let at = 0;
  return new ReadableStream({
    async pull(to) {
      if (at >= text.length) {
        to.close();
        return;
      }
      if (at > 0) await new Promise((resolve) => setTimeout(resolve, 0));
      to.enqueue(decodedPiece(text.slice(at, at + PIECE)));
      at += PIECE;
    },
  });
}

/** The bytes that an element carries. */
export async function carried(element: Element): Promise<Blob> {
  const packed = decoded(element.textContent ?? '');
  return new Response(packed.pipeThrough(new DecompressionStream('gzip'))).blob();
}
