import { registerHooks } from 'node:module';
import type { Breakage } from './broken-build.ts';

/*
 * Loaded into a server process before everything else (broken-build.ts): changes one source as it is read. If the source no longer matches,
 * the process exits, so an unbroken build never passes as broken.
 */

const breakages = JSON.parse(process.env.BREAKAGE ?? '[]') as Breakage[];

registerHooks({
  load: (url, context, nextLoad) => {
    const loaded = nextLoad(url, context);
    const here = breakages.filter(({ file }) => url.endsWith(file));
    if (here.length === 0) return loaded;
    const source = here.reduce((broken, { file, text, instead }) => {
      if (!broken.includes(text)) throw new Error(`${file} has no “${text}” to break. Break it somewhere else.`);
      return broken.replace(text, () => instead);
    }, String(loaded.source));
    return { ...loaded, source };
  },
});
