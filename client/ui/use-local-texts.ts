import { isPlainObject } from '@switchyard/shared/json.ts';
import { useState } from 'react';

const PREFIX = 'switchyard-typed:';

type Texts = Readonly<Record<string, string>>;

function read(key: string): Texts {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(key) ?? '');
    const isText = (entry: [string, unknown]): entry is [string, string] => typeof entry[1] === 'string';
    return isPlainObject(kept) ? Object.fromEntries(Object.entries(kept).filter(isText)) : {};
  } catch {
    return {};
  }
}

function write(key: string, texts: Texts): void {
  try {
    if (Object.keys(texts).length === 0) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(texts));
  } catch {
    // Storage is full. The page still has the texts until it is closed.
  }
}

/**
 * Texts typed into a small form by field name, stored in this browser from the first letter on. They survive a reload, a closed dialog, and
 * a lost connection. `place` names the form and its subject. Call `forget` once sent or discarded. Never for secrets.
 */
export function useLocalTexts(place: string): { readonly texts: Texts; readonly keep: (changes: Texts) => void; readonly forget: () => void } {
  const key = PREFIX + place;
  const [texts, setTexts] = useState<Texts>(() => read(key));
  const put = (next: Texts) => {
    setTexts(next);
    write(key, next);
  };
  return { texts, keep: (changes) => put({ ...texts, ...changes }), forget: () => put({}) };
}
