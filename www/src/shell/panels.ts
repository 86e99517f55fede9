// The panels of the filter bar, in one piece that is loaded after the page.

import './panels.css';

export { FilterEditor } from './filteredit';
export { OptionsPanel } from './options';
export { SavePanel } from './saveas';
