// The browser that the measuring scripts drive, and what its processes use.
import { readFileSync } from 'node:fs';
import { chromium } from '@playwright/test';

/** Runs `use` with a browser that does nothing beside it, and closes it; how it draws may be said by other arguments. */
export async function withBrowser(use, drawing = ['--disable-gpu']) {
  // Chromium refuses to sandbox for root; nothing is opened that was not started for it.
  const root = process.getuid?.() === 0;
  const browser = await chromium.launch({
    executablePath: process.env.DROPPROF_CHROMIUM,
    args: ['--no-first-run', '--disable-background-networking', ...(root ? ['--no-sandbox'] : []), ...drawing],
  });
  try {
    await use(browser);
  } finally {
    await browser.close();
  }
}

/** Notes the longest task of the main thread of pages to come; {@link longestTask} tells. */
export function watchTasks(page) {
  return page.addInitScript(() => {
    window.longestTask = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) window.longestTask = Math.max(window.longestTask, entry.duration);
    }).observe({ type: 'longtask' });
  });
}

/** Milliseconds of the longest task; 0 when none took 50. */
export function longestTask(page) {
  return page.evaluate(() => window.longestTask);
}

/** Chromium's processes with their CPU time in seconds and, on Linux, their memory. */
export async function processes(session) {
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  return processInfo.map((process) => ({ ...process, ...memory(process.id) }));
}

/** What the tab used since `before`: Chromium holds spare renderers and one for its popups, and the tab's is the one that worked. */
export async function usedByTab(session, before) {
  const used = (await processes(session)).map((process) => {
    const was = before.find((other) => other.id === process.id);
    return { ...process, cpu: process.cpuTime - (was?.cpuTime ?? 0), idle: was?.VmRSS ?? 0 };
  });
  const renderers = used.filter((process) => process.type === 'renderer');
  const own = renderers.reduce((a, b) => (b.cpu > a.cpu ? b : a));
  return { own, all: used.reduce((sum, process) => sum + process.cpu, 0) };
}

/** Resident memory of a process, now and at most, in 10^6 bytes; zeros where /proc is missing. */
export function memory(pid) {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const field = (name) => Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1] ?? 0) * 1024 / 1e6;
    return { VmRSS: field('VmRSS'), VmHWM: field('VmHWM') };
  } catch {
    return { VmRSS: 0, VmHWM: 0 };
  }
}

export function print(key, value) {
  console.log(`${key}=${value.toFixed(3)}`);
}
