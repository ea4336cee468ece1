import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { type Look, launchBrowser, openPage } from '../kit/browser.ts';
import { PATIENCE_MS } from '../kit/patience.ts';
import { type ServerProcess, startServerProcess } from '../kit/server-process.ts';

/*
 * What a file of browser tests stands on: one server process on a fresh data directory and one browser, both ended with the file.
 * Every test opens pages of its own profile.
 */

export interface OpenedPage {
  readonly page: Page;
  /** What went wrong in the page so far: its errors, and what it wrote to the console as one. */
  readonly mistakes: readonly string[];
}

export interface Stage {
  readonly server: ServerProcess;
  /** Opens a path of the server (`/runs`) in a profile of its own. */
  open(path?: string, look?: Look): Promise<OpenedPage>;
}

export interface StageOptions {
  /** How long an answer of the demo model takes. */
  readonly demoDelayMs?: number;
  /** Further settings of the server. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Sets the stage up before the tests of a file, and clears it away after them. */
export function useStage({ demoDelayMs = 0, env = {} }: StageOptions = {}): Stage {
  let server: ServerProcess | undefined;
  let browser: Browser | undefined;
  beforeAll(async () => {
    const starting = startServerProcess({ env: { SWITCHYARD_DEMO_DELAY_MS: String(demoDelayMs), ...env } }).then((started) => {
      server = started;
    });
    // Both to their end: where one cannot start, the other is still ended below.
    const [, launched] = await Promise.allSettled([starting, launchBrowser()]);
    if (launched.status === 'rejected') throw launched.reason;
    browser = launched.value;
    await starting;
  });
  // A page that is left open goes on drawing, and slows down all after it.
  afterEach(async () => {
    await Promise.all((browser?.contexts() ?? []).map((context) => context.close()));
  });
  afterAll(async () => {
    await browser?.close();
    await server?.[Symbol.asyncDispose]();
  });
  const running = (): ServerProcess => {
    if (!server) throw new Error('The stage is there from beforeAll on.');
    return server;
  };
  return {
    get server() {
      return running();
    },
    async open(path = '/', look = {}) {
      if (!browser) throw new Error('The stage is there from beforeAll on.');
      const opened = await openPage(browser, look);
      opened.page.setDefaultTimeout(PATIENCE_MS);
      await opened.page.goto(new URL(path, running().base).href);
      return opened;
    },
  };
}

/** Polls for as long as a locator waits, for what is not only on the page. */
export const eventually: typeof expect.poll = (look, options) => expect.poll(look, { timeout: PATIENCE_MS, interval: 25, ...options });
