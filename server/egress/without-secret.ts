import { Buffer } from 'node:buffer';

/** Shorter secrets occur in texts by chance. */
const LEAST = 4;
const MARK = '…';

/** Every form in which a service may echo a secret: plain, as `Basic` sends it, only the password, and each escaped for JSON and URLs. */
function spellings(secret: string): string[] {
  const password = secret.slice(secret.indexOf(':') + 1);
  const plain = [secret, Buffer.from(secret, 'utf8').toString('base64'), password].filter((text) => text.length >= LEAST);
  return [...new Set(plain.flatMap((text) => [text, JSON.stringify(text).slice(1, -1), encodeURIComponent(text.toWellFormed())]))].sort(
    (a, b) => b.length - a.length,
  );
}

/** Removes the secret of a request from response text: some services echo what they receive, and responses are stored in the journal. */
export function cutOut(secret: string): (text: string) => string {
  const all = spellings(secret);
  return (text) => all.reduce((left, one) => left.replaceAll(one, MARK), text);
}
