import { BUILT_IN_DETECTORS } from '@switchyard/shared/contracts/redaction-rules.ts';
import { compileRules } from '../../redaction/rules.ts';

/*
 * What a server reports besides its answer, as kept in records and usage. A server may put anything there, even values that a run sent, so only
 * text that looks like a name is kept.
 */

const LONGEST_MODEL = 200;
const MODEL = /^[\w.:/@+-]+( [\w.:/@+-]+){0,5}$/;

/** Why models stop, in the words of the protocols and of common servers. */
const FINISH_REASONS: ReadonlySet<unknown> = new Set(
  (
    'stop length tool_calls function_call content_filter refusal end_turn max_tokens stop_sequence tool_use pause_turn model_context_window_exceeded ' +
    'eos eos_token abort cancelled error incomplete recitation safety insufficient_system_resource'
  ).split(' '),
);

const values = compileRules(BUILT_IN_DETECTORS.map((detector) => ({ detector, action: 'mask' })));

/** The model that served an answer. `asked`: the requested one, if the server reports none, or something that isn’t a name. */
export function reportedModel(reported: unknown, asked: string): string {
  if (typeof reported !== 'string' || reported === asked || reported.length > LONGEST_MODEL || !MODEL.test(reported)) return asked;
  return values.matches(reported).length === 0 ? reported : asked;
}

/** Why the model stopped. */
export const reportedFinish = (reported: unknown): string => (FINISH_REASONS.has(reported) ? String(reported) : 'other');
