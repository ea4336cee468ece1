import { registerHooks } from 'node:module';
import type { Breakage } from './broken-build.ts';

/* Loaded into a server process before all else (broken-build.ts): changes one source as it is read. A source that has moved on ends the process, so that nothing unbroken passes for broken. */

const breakages = JSON.parse(process.env.BREAKAGE ?? '[]') as Breakage[];

registerHooks({
  load: (url, context, nextLoad) => {
    const loaded = nextLoad(url, context);
    const here = breakages.filter(({ file }) => url.endsWith(file));
    if (here.length === 0) return loaded;
    const source = here.reduce((broken, { file, text, instead }) => {
      if (!broken.includes(text)) throw new Error(`${file} has no “${text}” that could be broken. Break it in another place.`);
      return broken.replace(text, () => instead);
    }, String(loaded.source));
    return { ...loaded, source };
  },
});
