import { DEFAULT_WORKSPACE, runs, settings } from '@switchyard/server/store/collections.ts';
import { expect, it } from 'vitest';
import { barriersOn } from '../kit/axe.ts';
import { launchBrowser, openPage } from '../kit/browser.ts';
import { reviewGraph } from '../kit/graph.ts';
import { begin, readRun, whenRun, workflowOf } from '../kit/runs.ts';
import { startTestServer, temporaryDir } from '../kit/server.ts';
import { startServerProcess } from '../kit/server-process.ts';
import { openStoreOf } from '../kit/store.ts';

const BACKUP_AT = '2026-03-01T12:00:00.000Z';

it('shows how many runs a restore holds, and releases them with one click', async () => {
  await using folder = await temporaryDir();
  const before = await startTestServer({ dataDir: folder.path });
  const { id } = await begin(before, await workflowOf(before, reviewGraph()));
  await whenRun(before, id, 'waiting', ({ status }) => status === 'waiting');
  await before.stop();
  const store = await openStoreOf(folder.path);
  const here = store.in(DEFAULT_WORKSPACE);
  await here.update(runs, id, { heldSince: BACKUP_AT, heldWakeAt: null });
  const value = { backupAt: BACKUP_AT, restoredAt: BACKUP_AT, held: 1_204 };
  await here.insert(settings, { id: 'restored', workspaceId: DEFAULT_WORKSPACE, value });
  await store.close();

  await using server = await startServerProcess({ dataDir: folder.path });
  await using browser = await launchBrowser();
  for (const look of [
    { scheme: 'light', width: 1_440, height: 900 },
    { scheme: 'dark', width: 390, height: 844 },
  ] as const) {
    const { page } = await openPage(browser, look);
    await page.goto(new URL('/runs', server.base).href);
    await page.getByText('1,204 runs held').waitFor();
    expect(await barriersOn(page)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    if (look.scheme === 'light') continue;
    await page.getByRole('button', { name: 'Release runs' }).click();
    await page.getByText('runs held').waitFor({ state: 'detached' });
    await page.getByText('Releasing runs').waitFor({ state: 'detached' });
  }
  expect(await readRun(server, id)).toMatchObject({ status: 'waiting' });
});
