import { randomBytes } from 'node:crypto';

/** A name for URLs: lowercase letters, digits, and hyphens. */
export function slugOf(name: string): string {
  const slug = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60)
    .replace(/-+$/, '');
  return slug || 'workflow';
}

/** Names to try if the plain one is taken: `-2` to `-5`, then random ones. */
export function* slugChoices(name: string): Generator<string> {
  const slug = slugOf(name);
  yield slug;
  for (let number = 2; number <= 5; number++) yield `${slug}-${number}`;
  for (let tries = 0; tries < 5; tries++) yield `${slug}-${randomBytes(4).toString('hex')}`;
}
