import { isKey } from '../../graph/check/keys.ts';

const LONGEST = 60;

/** Gives each name a key for expressions. */
export function keyMaker(): (name: string) => string {
  const taken = new Set<string>();
  return (name) => {
    const slug = name
      .normalize('NFKD')
      .toLowerCase()
      .replace(/\p{M}+/gu, '')
      .replace(/[^a-z0-9]+/g, '_')
      .replace(/^[_0-9]+/, '')
      .slice(0, LONGEST)
      .replace(/_+$/, '');
    const stem = isKey(slug) ? slug : 'node';
    let key = stem;
    for (let number = 2; taken.has(key); number++) key = `${stem}_${number}`;
    taken.add(key);
    return key;
  };
}
