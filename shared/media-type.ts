/*
 * Media types in `Content-Type` headers (RFC 9110 §8.3), and the text encodings they name.
 */

export interface MediaType {
  /** `text/plain`, in lowercase. */
  readonly type: string;
  /** By lowercase name. */
  readonly parameters: ReadonlyMap<string, string>;
}

const TYPE = /^[ \t]*([!#$%&'*+.^_`|~0-9a-z-]+\/[!#$%&'*+.^_`|~0-9a-z-]+)[ \t]*/i;
const PARAMETER = /;[ \t]*(?:([!#$%&'*+.^_`|~0-9a-z-]+)=(?:([!#$%&'*+.^_`|~0-9a-z-]+)|"((?:[^"\\]|\\.)*)"))?[ \t]*/iy;

/** Parameters after the type: `; name=value; name="value"`. Undefined for anything else. */
export function parseParameters(text: string, from: number): Map<string, string> | undefined {
  const parameters = new Map<string, string>();
  for (let at = from; at < text.length; at = PARAMETER.lastIndex) {
    PARAMETER.lastIndex = at;
    const match = PARAMETER.exec(text);
    if (!match) return undefined;
    const name = match[1]?.toLowerCase();
    if (name !== undefined && !parameters.has(name)) parameters.set(name, match[2] ?? (match[3] ?? '').replace(/\\(.)/g, '$1'));
  }
  return parameters;
}

/** Parses one media type. Undefined for anything else, including a list of two. */
export function parseMediaType(text: string): MediaType | undefined {
  const match = TYPE.exec(text);
  const parameters = match ? parseParameters(text, match[0].length) : undefined;
  return match?.[1] !== undefined && parameters ? { type: match[1].toLowerCase(), parameters } : undefined;
}

/** A decoder that throws on bytes outside its encoding. Undefined if the label names no encoding of the WHATWG list. */
export function strictDecoder(label: string): { decode(bytes: Uint8Array): string } | undefined {
  try {
    return new TextDecoder(label, { fatal: true });
  } catch {
    return undefined;
  }
}
