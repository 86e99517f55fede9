// The first thing to run in a page that is one file: the state that it was saved with, before anybody reads it.

const saved = document.getElementById('profiles')?.dataset['state'] ?? '';
// Loaded anew, or opened by a link to a state of it, the page has one already.
if (location.hash === '' && saved !== '') history.replaceState(null, '', `#${saved}`);
