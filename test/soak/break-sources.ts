import { registerHooks } from 'node:module';
import type { Breakage } from './broken-build.ts';

/* Loaded into a server process before all else (broken-build.ts): changes one source as it is read. A source that has moved on ends the process, so that nothing unbroken passes for broken. */

const { file, text, instead } = JSON.parse(process.env.BREAKAGE ?? '{}') as Breakage;

registerHooks({
  load: (url, context, nextLoad) => {
    const loaded = nextLoad(url, context);
    if (!url.endsWith(file)) return loaded;
    const source = String(loaded.source);
    if (!source.includes(text)) throw new Error(`${file} has no “${text}” that could be broken. Break it in another place.`);
    return { ...loaded, source: source.replace(text, () => instead) };
  },
});
