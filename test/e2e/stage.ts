import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { type Look, launchBrowser, openPage } from '../kit/browser.ts';
import { PATIENCE_MS } from '../kit/patience.ts';
import { type ServerProcess, startServerProcess } from '../kit/server-process.ts';

/*
 * The setup of a browser test file: one server process on a new data directory and one browser, both ended with the file. Every test opens
 * pages in its own profile.
 */

export interface OpenedPage {
  readonly page: Page;
  /** What went wrong in the page so far: its errors, and errors it logged to the console. */
  readonly mistakes: readonly string[];
}

export interface Stage {
  readonly server: ServerProcess;
  /** Opens a path of the server (`/runs`) in its own profile. */
  open(path?: string, look?: Look): Promise<OpenedPage>;
}

export interface StageOptions {
  /** How long a response of the demo model takes. */
  readonly demoDelayMs?: number;
  /** Further settings of the server. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Sets up the stage before the tests of a file, and tears it down after them. */
export function useStage({ demoDelayMs = 0, env = {} }: StageOptions = {}): Stage {
  let server: ServerProcess | undefined;
  let browser: Browser | undefined;
  beforeAll(async () => {
    const starting = startServerProcess({ env: { SWITCHYARD_DEMO_DELAY_MS: String(demoDelayMs), ...env } }).then((started) => {
      server = started;
    });
    // Waits for both: if one can't start, the other is still ended below.
    const [, launched] = await Promise.allSettled([starting, launchBrowser()]);
    if (launched.status === 'rejected') throw launched.reason;
    browser = launched.value;
    await starting;
  });
  // An open page keeps drawing, and slows down everything after it.
  afterEach(async () => {
    await Promise.all((browser?.contexts() ?? []).map((context) => context.close()));
  });
  afterAll(async () => {
    await browser?.close();
    await server?.[Symbol.asyncDispose]();
  });
  const running = (): ServerProcess => {
    if (!server) throw new Error('The stage exists from beforeAll on.');
    return server;
  };
  return {
    get server() {
      return running();
    },
    async open(path = '/', look = {}) {
      if (!browser) throw new Error('The stage exists from beforeAll on.');
      const opened = await openPage(browser, look);
      opened.page.setDefaultTimeout(PATIENCE_MS);
      await opened.page.goto(new URL(path, running().base).href);
      return opened;
    },
  };
}

/** Polls for as long as a locator waits, for conditions outside the page. */
export const eventually: typeof expect.poll = (look, options) => expect.poll(look, { timeout: PATIENCE_MS, interval: 25, ...options });
