import { hash } from 'node:crypto';

/**
 * JSON by RFC 8785: members in the order of their UTF-16 code units, without white space, numbers and strings as ECMAScript writes them. Like
 * in JSON, members that are undefined are left out. A lone surrogate, which RFC 8785 doesn't allow, is escaped.
 */
export function canonical(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  let text = '';
  if (Array.isArray(value)) {
    for (const item of value) text += `${text === '' ? '' : ','}${canonical(item)}`;
    return `[${text}]`;
  }
  for (const name of Object.keys(value).sort()) {
    const member: unknown = (value as Record<string, unknown>)[name];
    if (member !== undefined) text += `${text === '' ? '' : ','}${JSON.stringify(name)}:${canonical(member)}`;
  }
  return `{${text}}`;
}

/** SHA-256 of the canonical JSON of a value, in hex. */
export const hashOf = (value: unknown): string => hash('sha256', canonical(value));
