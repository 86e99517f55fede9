import { expect, test } from 'vitest';
import { escaped } from './markup';

test('what would be markup is text', () => {
  expect(escaped(`</script><b a="1" c='2'>&`)).toBe('&lt;/script&gt;&lt;b a=&quot;1&quot; c=&#39;2&#39;&gt;&amp;');
});

test('what XML cannot hold is replaced', () => {
  expect(escaped('a\0b\x1bc\ud800d\te')).toBe('a\ufffdb\ufffdc\ufffdd\te');
});
