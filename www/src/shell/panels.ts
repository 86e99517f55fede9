// What the filter bar needs once there is a filter or a panel opens, in one piece.

import './panels.css';

export { FilterButtons } from './filterbuttons';
export { transformKeys } from './transforms';
export { Chips, Left, Notes, NothingLeft } from './chips';
export { FilterEditor } from './filteredit';
export { FrameMenuView } from './framemenu';
export { ModulePanel, OwnCode, OwnFact } from './owncode';
export { OptionsPanel } from './options';
export { SavePanel } from './saveas';
