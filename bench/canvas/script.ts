import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { buildPage, pageDirOf } from '@switchyard/server/page-build.ts';
import { type Figure, underLimit } from '../figure.ts';
import { ROOT } from '../process/child.ts';

/** Script that every page starts with, before the editor is opened: what index.html names, and everything it imports statically. */
export async function script(): Promise<Figure[]> {
  await buildPage(ROOT, (line) => process.stderr.write(`  ${line}\n`));
  const dir = pageDirOf(ROOT);
  const files = withImports(dir, namedByPage(readFileSync(join(dir, 'index.html'), 'utf8')));
  const bytes = files.reduce((sum, file) => sum + gzipSync(readFileSync(join(dir, file))).length, 0);
  return [underLimit('canvas-first-script', 'kB', { value: bytes / 1_000, goal: 230 })];
}

function namedByPage(html: string): string[] {
  const tags = html.match(/<(?:script|link)\b[^>]*>/g) ?? [];
  const loading = tags.filter((tag) => tag.startsWith('<script') || tag.includes('modulepreload'));
  const files = loading.map((tag) => /(?:src|href)="\/?([^"]+\.js)"/.exec(tag)?.[1]).filter((file) => file !== undefined);
  if (files.length === 0) throw new Error('The built page names no script.');
  return files;
}

/** `import … from "./x.js"`, `import "./x.js"`, `export … from "./x.js"`; not `import("./x.js")`, which is loaded on demand. */
const STATIC_IMPORT = /\b(?:from|import)\s*["']\.\/([\w.-]+\.js)["']/g;

function withImports(dir: string, entries: readonly string[]): string[] {
  const found = new Set<string>();
  const visit = (file: string): void => {
    if (found.has(file)) return;
    found.add(file);
    const folder = file.slice(0, file.lastIndexOf('/') + 1);
    for (const [, name] of readFileSync(join(dir, file), 'utf8').matchAll(STATIC_IMPORT)) visit(folder + name);
  };
  for (const entry of entries) visit(entry);
  return [...found];
}
