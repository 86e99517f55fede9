// Starts the layout worker from the text that the file carries. Stands in for `../views/graph/newlayout.ts`.

import type * as Site from '../views/graph/newlayout';
import LayoutWorker from '../views/graph/worker.ts?worker&inline';

export const newLayout: typeof Site.newLayout = () => new LayoutWorker({ name: 'layout' });
