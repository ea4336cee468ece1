import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { build } from 'vite';
import { ROOT } from './child.ts';

/** Bundles a page of `floors/` like the product's page, and opens it. */
export async function openFloor(page: Page, file: string): Promise<void> {
  const built = await build({
    configFile: false,
    root: join(ROOT, 'bench', 'floors'),
    mode: 'production',
    logLevel: 'error',
    build: { write: false, target: 'es2023', rolldownOptions: { input: join(ROOT, 'bench', 'floors', file) } },
  });
  const outputs = [built].flat().flatMap((part) => ('output' in part ? part.output : []));
  const [code, css] = [
    outputs.flatMap((part) => (part.type === 'chunk' ? part.code : [])).join('\n'),
    outputs.flatMap((part) => (part.type === 'asset' && part.fileName.endsWith('.css') ? String(part.source) : [])).join('\n'),
  ];
  await page.setContent(`<!doctype html><style>${css}</style><body></body>`);
  await page.addScriptTag({ content: code, type: 'module' });
}
