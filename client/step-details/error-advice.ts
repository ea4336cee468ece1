import { ERRORS, type ErrorCode } from '@switchyard/shared/errors.ts';

const ADVICE: Partial<Record<ErrorCode, string>> = {
  'bad-input': 'Send the fields that the Input step asks for, or change what it asks for.',
  'expression-failed': 'Mend the expression in this step. For a name that may be missing, write input.?name.orValue("").',
  'bad-output': 'Look at the output above beside the schema of this step, and change the one that is wrong.',
  timeout: 'Raise the time limit under Policy, or find out why it takes so long.',
  'step-crashed': 'Check the server log for the cause, then rerun from this step.',
  'run-crashed': 'Check the server log for the cause, then rerun.',
  'step-interrupted': 'Find out whether the other side has acted on it, then rerun from this step.',
  'loop-limit': 'Check the condition that leads back, so that it ends.',
  'egress-refused': 'Use a public address, or let the operator allow this one with EGRESS_ALLOW.',
  'dns-failed': 'Check the spelling of the address.',
  'connect-failed': 'Check that the other side is up and the address and port are right, then rerun from this step.',
  'unexpected-status': 'Look at the answer below: correct the request, or add this status to the expected ones.',
  'response-too-large': 'Ask for less, or raise the longest answer of this step.',
  'bad-response': 'Take the answer as text, or look at what the other side sends.',
  killed: 'Undo the kill switch under Settings, then rerun from this step.',
  'unknown-route': 'Choose another route in this step, or add it under Models.',
  'no-target': 'Give the route a target under Models.',
  'provider-auth': 'Replace the key of the connection under Models.',
  'provider-rate-limited': 'Wait a little and rerun, or add a second target to the route under Models.',
  'provider-overloaded': 'Wait a little and rerun, or add a second target to the route under Models.',
  'provider-unavailable': 'Check the connection under Models, or add a second target to the route.',
  'provider-timeout': 'Raise the time limit of the route’s target, or add a faster one.',
  'empty-answer': 'Rerun, or ask on another route.',
  'bad-answer': 'Simplify the schema, or ask on a stronger route.',
  'unknown-secret': 'Choose a connection that is there, or add it under Models.',
  'output-failure': 'The workflow itself ended in an output that is marked as failure; look at its value.',
};

/** What the user can do about an error that doesn’t say so itself. */
export const adviceFor = (code: ErrorCode): string => {
  const advice = ADVICE[code];
  if (advice !== undefined) return advice;
  return 'retryable' in ERRORS[code] ? 'Rerun from this step in a moment.' : 'Correct this step, then rerun from it.';
};
