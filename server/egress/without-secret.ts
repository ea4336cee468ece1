import { Buffer } from 'node:buffer';

/** Shorter ones stand in texts by chance. */
const LEAST = 4;
const MARK = '…';

/** All the ways in which a service that repeats what it was sent may show a secret: as it is, as `Basic` sends it, its password alone, and each within JSON. */
function spellings(secret: string): string[] {
  const password = secret.slice(secret.indexOf(':') + 1);
  const plain = [secret, Buffer.from(secret, 'utf8').toString('base64'), password].filter((text) => text.length >= LEAST);
  return [...new Set(plain.flatMap((text) => [text, JSON.stringify(text).slice(1, -1)]))].sort((a, b) => b.length - a.length);
}

/** Answers cut the secret of their request out of a text: some services repeat what they were sent, and answers are kept in the journal. */
export function cutOut(secret: string): (text: string) => string {
  const all = spellings(secret);
  return (text) => all.reduce((left, one) => left.replaceAll(one, MARK), text);
}
