// Text on its way to the clipboard.

/** The way from before there was a clipboard to write to: answering the browser's own copying. */
function copyByEvent(text: string): boolean {
  let answered = false;
  const answer = (event: ClipboardEvent): void => {
    event.clipboardData?.setData('text/plain', text);
    event.preventDefault();
    answered = true;
  };
  document.addEventListener('copy', answer);
  const copied = document.execCommand('copy');
  document.removeEventListener('copy', answer);
  return copied && answered;
}

/** Copies text; says whether it worked. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Not allowed; or the page came over plain http, where there is no clipboard object.
    return copyByEvent(text);
  }
}
