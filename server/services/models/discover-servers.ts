import type { DiscoveredServer } from '@switchyard/shared/contracts/models.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';

/*
 * Detects model servers on this machine on request. Only 127.0.0.1, only the given ports, all at once, each with a short
 * timeout. Responses are untrusted: no redirect is followed, little is read, and only a valid list of models counts.
 */

/** Default ports of model servers. */
const USUAL: ReadonlyMap<number, string> = new Map([
  [11_434, 'Ollama'],
  [1_234, 'LM Studio'],
  [8_080, 'llama.cpp'],
  [8_000, 'vLLM'],
]);
export const USUAL_PORTS: readonly number[] = [...USUAL.keys()];

/** Ports that many other programs use too: there, the response must identify the server. */
const SHARED_PORTS = new Set([8_080, 8_000]);
/** The `owned_by` values of each server's own models. */
const OWNERS: ReadonlyMap<unknown, string> = new Map([
  ['llamacpp', 'llama.cpp'],
  ['vllm', 'vLLM'],
  ['library', 'Ollama'],
]);

const LISTED_MODELS = 200;
const LONGEST_NAME = 200;

export interface DiscoveryParts {
  /** A fetch that may reach loopback and follows no redirect. */
  readonly fetch: typeof fetch;
  readonly ports: readonly number[];
  readonly timeLimitMs?: number;
  readonly maxBytes?: number;
}

/** The model servers that respond now, in the order of the ports. Silent, slow, or unrelated ones are left out. Never throws. */
export async function discoverServers({ fetch, ports, timeLimitMs = 1_000, maxBytes = 1_000_000 }: DiscoveryParts): Promise<DiscoveredServer[]> {
  const ask = async (port: number): Promise<DiscoveredServer[]> => {
    const baseUrl = `http://127.0.0.1:${port}/v1`;
    try {
      const answer = await fetch(`${baseUrl}/models`, { headers: { accept: 'application/json' }, signal: AbortSignal.timeout(timeLimitMs) });
      return found(port, baseUrl, answer.ok ? JSON.parse(await readText(answer, maxBytes)) : undefined);
    } catch {
      return [];
    }
  };
  return (await Promise.all(ports.map(ask))).flat();
}

/** Reads up to a limit. Leaving the loop closes the connection. */
async function readText(answer: Response, maxBytes: number): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const chunk of answer.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) throw new Error('too long for a list of models');
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/** A list of models in the OpenAI format: `{object: "list", data: [{id, object: "model", owned_by}]}`. */
function found(port: number, baseUrl: string, list: unknown): DiscoveredServer[] {
  if (!isPlainObject(list) || !Array.isArray(list.data)) return [];
  const entries = list.data.filter(isPlainObject);
  const models = entries.map(({ id }) => id).filter((id): id is string => typeof id === 'string' && id !== '' && id.length <= LONGEST_NAME);
  if (entries.length > 0 && models.length === 0) return [];
  return [{ kind: 'openai-compatible', name: nameOf(port, entries), baseUrl, models: models.slice(0, LISTED_MODELS) }];
}

function nameOf(port: number, entries: readonly Record<string, unknown>[]): string {
  const told = entries.map(({ owned_by }) => OWNERS.get(owned_by)).find((name) => name !== undefined);
  return told ?? (SHARED_PORTS.has(port) ? undefined : USUAL.get(port)) ?? `Model server on port ${port}`;
}
