import { type Browser, chromium, type Page } from 'playwright-core';
import { findChromium } from './chromium.ts';
import { PATIENCE_MS } from './patience.ts';

/** The browser itself sends nothing; a test stays on this machine. */
const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A real, headless Chromium. End it with `close`. */
export async function launchBrowser(): Promise<Browser> {
  return chromium.launch({ ...(await findChromium()), args: QUIET, timeout: PATIENCE_MS });
}

export interface Look {
  readonly width?: number;
  readonly height?: number;
  readonly scheme?: 'light' | 'dark';
}

/** A page in its own profile that records everything that goes wrong in it. */
export async function openPage(browser: Browser, { width = 1440, height = 900, scheme = 'light' }: Look = {}): Promise<{ page: Page; mistakes: string[] }> {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: scheme, reducedMotion: 'reduce' });
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const page = await context.newPage();
  const mistakes: string[] = [];
  page.on('pageerror', (error) => mistakes.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') mistakes.push(message.text());
  });
  return { page, mistakes };
}
