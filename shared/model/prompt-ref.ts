import { isPlainObject } from '../json.ts';

/** How a node names a prompt: by a label, or by a version number. */
export interface PromptRef {
  readonly name: string;
  readonly label?: string | undefined;
  readonly version?: number | undefined;
}

/** A reference with its version in one run. */
export interface ResolvedPrompt {
  readonly name: string;
  readonly label?: string;
  readonly version: number;
  readonly contentHash: string;
}

/** A reference in its written form: `support-reply@production`. */
export const promptRefText = ({ name, label, version }: PromptRef): string => `${name}@${label ?? version ?? ''}`;

export const isSamePrompt = (one: PromptRef, other: PromptRef): boolean =>
  one.name === other.name && (one.label === undefined ? one.version === other.version && other.label === undefined : one.label === other.label);

/** The prompt that the messages of a model call came from. */
export interface PromptUse {
  readonly name: string;
  readonly version: number;
  readonly label?: string;
  readonly variant?: string;
}

/** The prompt of the registry that a node names in its param `prompt`. */
export function promptRefOf(params: unknown): PromptRef | undefined {
  const prompt = isPlainObject(params) ? params.prompt : undefined;
  if (!isPlainObject(prompt) || typeof prompt.name !== 'string' || prompt.name === '') return undefined;
  const { name, label, version } = prompt;
  if (typeof version === 'number') return { name, version };
  return typeof label === 'string' && label !== '' ? { name, label } : undefined;
}

/** The prompts that nodes name, each reference once. */
export function promptRefsOf(nodes: Iterable<{ readonly params: unknown }>): PromptRef[] {
  const found: PromptRef[] = [];
  for (const { params } of nodes) {
    const ref = promptRefOf(params);
    if (ref && !found.some((known) => isSamePrompt(known, ref))) found.push(ref);
  }
  return found;
}
