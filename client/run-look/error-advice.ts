import { ERRORS, type ErrorCode } from '@switchyard/shared/errors.ts';

const ADD_FALLBACK = 'Wait a moment and rerun, or add a fallback to the route under Models.';

const ADVICE: Partial<Record<ErrorCode, string>> = {
  'bad-input': 'Send the fields the Input node expects, or change its schema.',
  'expression-failed': 'Fix the expression, or the data it reads. For a value that may be missing, write input.?name.orValue("").',
  'code-failed': 'Fix the code at the line shown. Test runs it with the values of the last run.',
  'no-text': 'Connect the error branch to a Prompt node that gets the file itself, or let a person read it.',
  'unreadable-file': 'Send the file again in a supported format, without a password.',
  'bad-output': 'Compare the output with the node’s schema, then fix one of them.',
  timeout: 'Increase the timeout under Error handling, or find out what is slow.',
  'step-crashed': 'Check the server log for the cause, then rerun from this step.',
  'run-crashed': 'Check the server log for the cause, then rerun.',
  'step-interrupted': 'Check whether the request took effect. If not, rerun from this step.',
  'loop-limit': 'Check the condition that loops back. It never stopped.',
  'output-failure': 'The workflow ended in an output marked as failed. Check what led there.',
  guardrail: 'Connect the “blocked” branch of the node to handle this, or change its guardrails.',
  'egress-refused': 'Use a public URL, or ask the operator to allow this one with EGRESS_ALLOW.',
  'dns-failed': 'Check the spelling of the host.',
  'connect-failed': 'Check the URL and that the server is running, then rerun from this step.',
  'unexpected-status': 'Check the response below. Fix the request, or add this status to the expected ones.',
  'response-too-large': 'Request less, or increase the max response size.',
  'bad-response': 'Set the response format to Text, or check what the API returns.',
  killed: 'Undo the kill switch under Settings, then rerun from this step.',
  'unknown-route': 'Choose another route, or add this one under Models.',
  'no-target': 'Add a target to the route under Models.',
  'provider-auth': 'Replace the connection’s API key under Models, then rerun from this step.',
  'provider-rate-limited': ADD_FALLBACK,
  'provider-overloaded': ADD_FALLBACK,
  'provider-unavailable': 'Check the connection under Models, or add a fallback to the route.',
  'provider-timeout': 'Increase the target’s timeout under Models, or add a faster target.',
  'empty-answer': 'Rerun from this step, or use another model.',
  'bad-answer': 'Simplify the schema, clarify the prompt, or use a stronger model.',
  'unknown-secret': 'Choose an existing connection, or add one under Models.',
};

/** What the user can do about an error that doesn’t say so itself. */
export const adviceFor = (code: ErrorCode): string =>
  ADVICE[code] ?? ('retryable' in ERRORS[code] ? 'Rerun from this step in a moment.' : 'Check the step’s input and settings, then rerun from it.');
