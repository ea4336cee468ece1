/** An HTTP request node made from a request of another tool. */
export interface ImportedRequest {
  readonly title: string;
  /** Params of an HTTP request node. `{name}` marks what must be filled in. */
  readonly params: Readonly<Record<string, unknown>>;
  /** Sentences about parts that were left out or can’t be carried over. */
  readonly notes: readonly string[];
}

export interface NamedText {
  readonly name: string;
  readonly value: string;
}

/** Headers that carry credentials. They belong in a connection, so that they never appear in a workflow. */
const CREDENTIAL = /^(authorization|cookie|proxy-authorization|x-(api|auth|access)[-_]?(key|token)|api[-_]?key|(x-)?[\w-]*-(token|secret|api-?key))$/i;
export const isCredential = (header: string): boolean => CREDENTIAL.test(header);

/** What the node sets itself, or must not contain. */
const LEFT_OUT = /^(host|content-length|connection|accept-encoding|transfer-encoding|sec-.*|origin|referer|user-agent)$/i;
export const isLeftOut = (header: string): boolean => LEFT_OUT.test(header);

/** `Create order`, from the last parts of a path. */
export function titleOf(method: string, url: string): string {
  const path = (/^[a-z]+:\/\/[^/]+([^?#]*)/i.exec(url)?.[1] ?? '').split('/').filter((part) => part !== '' && !part.includes('{'));
  const last = path.at(-1)?.replace(/\W+/g, ' ').trim();
  return last ? `${method.charAt(0)}${method.slice(1).toLowerCase()} ${last}`.slice(0, 60) : 'HTTP request';
}
