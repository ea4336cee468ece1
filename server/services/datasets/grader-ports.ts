import type { SpendLimit } from '@switchyard/shared/evaluation/stand-ins.ts';
import type { CodePool } from '../../code/code-pool.ts';
import type { GraderPorts } from '../../evaluation/graders/grader-ports.ts';
import type { CallPurpose, Chat } from '../../models/chat-port.ts';

/** The code of a grader runs once for each item, so it gets less time than a step. */
const CODE_MS = 5_000;

export interface GraderCalls {
  readonly chat: Chat;
  readonly code: Pick<CodePool, 'run'>;
}

/** The calls of graders, outside any run. */
export const graderPorts = (
  { chat, code }: GraderCalls,
  {
    workspaceId,
    purpose,
    now,
    limit,
  }: { readonly workspaceId: string; readonly purpose: CallPurpose; readonly now: Date; readonly limit?: SpendLimit | undefined },
): Pick<GraderPorts, 'ask' | 'runCode'> => ({
  ask: async (request, signal) => {
    const { answer } = await chat(request, { workspaceId, purpose, limit, signal, onDelta: () => undefined });
    return { value: answer.value, costMicros: answer.costMicros };
  },
  runCode: async (source, { input, expected, output }, signal) => {
    const scope = JSON.stringify({ input: { input, expected, output }, steps: {}, vars: {} });
    const { outcome } = await code.run({ source, scope, now: now.getTime(), seed: 'grader', timeoutMs: CODE_MS, group: workspaceId, signal });
    if ('error' in outcome) throw outcome.error;
    return outcome.output;
  },
});
