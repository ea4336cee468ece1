import type { RunCode } from '../code/code-pool.ts';
import type { EnginePorts } from '../engine/ports.ts';
import { isLargeValue } from '../store/json-size.ts';
import { ownTurn } from '../turns.ts';

/** Runs user code in the sandbox. It sees only the names that S73 lists. */
export const codePort =
  (runCode: RunCode): EnginePorts['code'] =>
  async ({ scope, ...request }, { workflowId, signal }) => {
    const { input, steps, item, index, vars } = scope;
    const seen = { input, steps, item, index, vars };
    if (isLargeValue(seen)) await ownTurn();
    const { console, leftOut, ms, outcome } = await runCode({ ...request, scope: JSON.stringify(seen), group: workflowId, signal });
    return { outcome, record: { kind: 'code', console, ...(leftOut > 0 && { leftOut }), latencyMs: Math.round(ms) } };
  };
