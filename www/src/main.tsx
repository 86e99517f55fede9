// The only start-up code: state from the URL, listeners, mount, files that the link names.

import { render } from 'preact';
import './style/tokens.css';
import './style/base.css';
import './style/shell.css';
import './style/files.css';
import './style/landing.css';
import { App } from './app';
import { engineControl } from './core';
import { startActions } from './shell/actions';
import { startKeys } from './shell/keys';
import { startLazy } from './shell/lazy';
import { startTheme } from './shell/theme';
import { followLinks, startSession } from './session';
import { keepForOffline } from './offline';
import { startRemembering } from './recent/remember';
import { followSettings } from './settings';
import { loadPanels } from './shell/filterbar';
import { followBrowser, state } from './state';

followSettings();
startTheme();
startSession();
followBrowser();
startActions();
startKeys();
startLazy();
// The worker loads while the person looks for a file, and is there when the network is not.
engineControl.start();

const root = document.getElementById('app');
if (root !== null) render(<App />, root);

followLinks();
startRemembering();
keepForOffline();
// A link with filters needs their chips with the first picture.
if (state.peek().mine || state.peek().steps.length > 0) void loadPanels();
