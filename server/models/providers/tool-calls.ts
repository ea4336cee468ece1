import { randomUUID } from 'node:crypto';
import { isPlainObject } from '@switchyard/shared/json.ts';
import type { ToolCall } from '@switchyard/shared/model/chat.ts';
import type { ProviderAnswer } from '../provider.ts';

const asString = (value: unknown): string => (typeof value === 'string' ? value : '');
/** Some servers send the arguments as an object. */
const argumentsIn = (value: unknown): string => (isPlainObject(value) ? JSON.stringify(value) : asString(value));

/** Collects the tool calls of a stream of chat completions. Their arguments arrive in pieces. */
export function createToolCalls() {
  const calls: { -readonly [K in keyof ToolCall]: ToolCall[K] }[] = [];
  const latest = new Map<unknown, (typeof calls)[number]>();
  return {
    add(deltas: unknown): void {
      if (!Array.isArray(deltas)) return;
      for (const [position, delta] of deltas.filter(isPlainObject).entries()) {
        const key = delta.index ?? position;
        const id = asString(delta.id);
        let call = latest.get(key);
        // Some servers give several calls the same index.
        if (!call || (id !== '' && call.id !== '' && id !== call.id)) {
          call = { id, name: '', arguments: '' };
          latest.set(key, call);
          calls.push(call);
        }
        const asked = isPlainObject(delta.function) ? delta.function : {};
        call.id ||= id;
        call.name ||= asString(asked.name);
        call.arguments += argumentsIn(asked.arguments);
      }
    },
    /** The calls, if there are any. Each has an ID. */
    end(): Pick<ProviderAnswer, 'toolCalls'> {
      const named = calls.filter(({ name }) => name !== '');
      if (named.length === 0) return {};
      return { toolCalls: named.map((call) => ({ id: call.id || `call_${randomUUID()}`, name: call.name, arguments: call.arguments || '{}' })) };
    },
  };
}
