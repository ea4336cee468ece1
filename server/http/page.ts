import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '@switchyard/shared/errors.ts';
import express, { type Express } from 'express';

const A_YEAR = '365d';

/** Serves the built page: files by name, hashed ones for ever, and index.html for every address that is a page's. */
export function servePage(app: Express, dir: string): void {
  app.use('/assets', express.static(join(dir, 'assets'), { immutable: true, maxAge: A_YEAR, index: false, fallthrough: true }));
  app.use(express.static(dir, { index: false, dotfiles: 'ignore' }));
  app.get(/.*/, (request, response) => {
    if (/\.[a-z0-9]+$/i.test(request.path)) throw new AppError('not-found', `There is no file ${request.path}.`);
    // What scrapes figures must not take the page for them.
    if (request.path === '/metrics') throw new AppError('not-found', 'There are no metrics yet.');
    const page = join(dir, 'index.html');
    if (!existsSync(page)) throw new AppError('not-found', 'The page has not been built. Start with `pnpm start`, which builds it.');
    response.setHeader('cache-control', 'no-cache');
    response.sendFile(page);
  });
}
