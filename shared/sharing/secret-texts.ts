import { isPlainObject } from '../json.ts';
import { leftOut } from './left-out.ts';

/** Names of fields, headers, and parameters whose value is a secret: the name itself, or its last words (`x-api-key`, `stripeSecret`). */
const SECRET_NAME =
  /(^|[-_. ])(authorization|cookie|api[-_ ]?key|access[-_ ]?key|private[-_ ]?key|client[-_ ]?secret|token|secret|password|passwd|passphrase|credentials?)$/;

/** Whether a value with this name counts as a secret. `maxTokens` and `token_count` don't. */
export const namesSecret = (name: string): boolean =>
  SECRET_NAME.test(
    name
      .trim()
      .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
      .toLowerCase(),
  );

interface Shape {
  readonly name: string;
  /**
   * Must be linear: outsiders choose the text. With a group `keep` before the secret, its match stays. With a group `needed`, only a
   * match that has it is a secret.
   */
  readonly pattern: RegExp;
}

/** Secrets recognizable by their format, anywhere. The whole match is secret, except for the group `keep`. */
const SHAPES: readonly Shape[] = [
  { name: 'private key', pattern: /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g },
  // Two parts of a JSON Web Token start with `{"` in base64. The first part always matches, so a search never starts within it again.
  { name: 'access token', pattern: /\beyJ[\w-]{8,}(?<needed>\.eyJ[\w-]{8,}\.[\w-]*)?/g },
  { name: 'API key', pattern: /\b(sk|rk|pk)[-_][\w-]{16,}/g },
  { name: 'API key', pattern: /\b(AKIA|ASIA)[0-9A-Z]{16}\b/g },
  { name: 'API key', pattern: /\bAIza[\w-]{30,}/g },
  { name: 'access token', pattern: /\b(gh[oprsu]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|xox[abeoprs]-[\w-]{10,}|whsec_[\w+/=-]{16,}|ya29\.[\w-]{16,})/g },
  { name: 'access token', pattern: /(?<keep>\b(Bearer|Basic)\s+)[\w.~+/-]{12,}=*/gi },
  { name: 'password', pattern: /(?<keep>:\/\/[^\s/:@{}]+:)[^\s/@{}]+(?=@)/g },
  {
    name: 'secret in a URL',
    pattern: /(?<keep>[?&](api[-_]?key|access[-_]?token|auth|client[-_]?secret|key|password|secret|sig|signature|token)=)[^&\s#{}"'<>]+/gi,
  },
  // URLs that are capabilities: anyone who has them can call them.
  { name: 'callback URL', pattern: /(?<keep>\/callbacks\/)[\w-]+\.[\w-]{43}(?![\w-])/g },
  { name: 'webhook URL', pattern: /(?<keep>\/hooks\/((test|status)\/)?)[\w-]{22}(?![\w-])/g },
  { name: 'link', pattern: /(?<keep>\/(r|shared|feedback)\/)[\w-]{22}(?![\w-])/g },
  { name: 'webhook URL', pattern: /(?<keep>\bhooks\.slack\.com\/services\/)[\w/]+/g },
];

/** What every match of SHAPES contains. Most texts have none of it, so one search replaces a dozen. */
const HINT =
  /-----BEGIN |eyJ|[srp]k[-_]|A[KS]IA|AIza|gh[oprsu]_|github_pat_|glpat-|xox|whsec_|ya29|bearer|basic|:\/\/|[?&]|\/hooks\/|\/callbacks\/|\/r\/|\/shared\/|\/feedback\/|hooks\.slack/i;

/** The text with everything that looks like a secret replaced by a placeholder that names it. */
export const withoutSecretTexts = (text: string): string =>
  HINT.test(text) ? SHAPES.reduce((rest, { name, pattern }) => rest.replace(pattern, (...match) => replacement(name, match)), text) : text;

/** The last argument of a replacer is the named groups, if the pattern has any. */
function replacement(name: string, match: readonly unknown[]): string {
  const last = match.at(-1);
  const groups: Readonly<Record<string, unknown>> = isPlainObject(last) ? last : {};
  if ('needed' in groups && groups.needed === undefined) return String(match[0]);
  return `${typeof groups.keep === 'string' ? groups.keep : ''}${leftOut(name)}`;
}
