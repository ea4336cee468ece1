import type { ErrorCode } from '@switchyard/shared/errors.ts';

const ADVICE: Partial<Record<ErrorCode, string>> = {
  'bad-input': 'Correct the input, then run again.',
  'expression-failed': 'Correct the expression in this step, or the data that it reads.',
  'bad-output': 'Look at what the step gave, then change its schema or its prompt.',
  timeout: 'Run again, or give the step more time under Policy.',
  'step-crashed': 'Check the server log for the cause, then rerun from this step.',
  'run-crashed': 'Check the server log for the cause, then rerun.',
  'step-interrupted': 'Check on the other side whether the effect took place, then rerun from this step or stop here.',
  'loop-limit': 'Look at what decides about the way back: it never came to an end.',
  'output-failure': 'The workflow itself ended in a failure output: look at what led there.',
  'egress-refused': 'Use a public address, or let the operator allow this one with EGRESS_ALLOW.',
  'connect-failed': 'Check that the other side is up, then rerun from this step.',
  'dns-failed': 'Check the name in the URL, then rerun from this step.',
  'unexpected-status': 'Look at the answer below; correct the request, or the statuses that the step accepts.',
  'response-too-large': 'Ask for less, or raise the size limit of the step.',
  killed: 'Undo the kill switch under Settings, then rerun from this step.',
  'unknown-route': 'Choose a route that exists, or add it under Models.',
  'no-target': 'Give the route a target under Models.',
  'provider-auth': 'Put in a key that is valid under Models, then rerun from this step.',
  'provider-rate-limited': 'Wait a little, then rerun from this step; or add a fallback to the route under Models.',
  'provider-overloaded': 'Wait a little, then rerun from this step; or add a fallback to the route under Models.',
  'provider-unavailable': 'Check the connection under Models, then rerun from this step.',
  'provider-timeout': 'Rerun from this step, or give the route’s target more time under Models.',
  'empty-answer': 'Rerun from this step, or choose another model in the route.',
  'bad-answer': 'Make the prompt clearer about the form of the answer, or choose another model in the route.',
  'unknown-secret': 'Choose a connection that exists, or add it under Models.',
};

/** What a person can do about an error, where it does not say so itself. */
export const whatToDo = (code: ErrorCode): string => ADVICE[code] ?? 'Look at the step’s input and settings, then rerun from this step.';
