import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '@switchyard/shared/errors.ts';
import express, { type Express } from 'express';

const A_YEAR = '365d';

/** Serves the built page: files by name, hashed ones cached forever, and index.html for every URL of the page. */
export function servePage(app: Express, dir: string): void {
  app.use('/assets', express.static(join(dir, 'assets'), { immutable: true, maxAge: A_YEAR, index: false, fallthrough: true }));
  app.use(express.static(dir, { index: false, dotfiles: 'ignore' }));
  app.get(/.*/, (request, response) => {
    if (/\.[a-z0-9]+$/i.test(request.path)) throw new AppError('not-found', `File ${request.path} not found.`);
    // A metrics scraper must not mistake the page for metrics.
    if (request.path === '/metrics') throw new AppError('not-found', 'No metrics yet.');
    const page = join(dir, 'index.html');
    if (!existsSync(page)) throw new AppError('not-found', 'The page isn’t built. Start with `pnpm start`, which builds it.');
    response.setHeader('cache-control', 'no-cache');
    response.sendFile(page);
  });
}
