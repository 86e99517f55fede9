// The page as one file: the same page, and the profiles that it carries.

import './start';
import '../main';
import { openComing } from '../session';
import { carried } from './parts';

const elements = [...document.querySelectorAll<HTMLElement>('#profiles > script')];
void openComing(
  elements.map((element) => {
    const name = element.dataset['name'] ?? '';
    return { name, file: async () => new File([await carried(element)], name) };
  }),
);
