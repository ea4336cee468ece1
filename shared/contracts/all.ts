import * as alerts from './alerts.ts';
import * as billOfMaterials from './bill-of-materials.ts';
import * as pins from './building/pins.ts';
import * as routeCalls from './calls/route-calls.ts';
import * as changes from './changes.ts';
import * as code from './code.ts';
import * as services from './connections/services.ts';
import type { Contract } from './contract.ts';
import * as killSwitches from './controls/kill-switches.ts';
import * as queue from './controls/queue.ts';
import * as storage from './controls/storage.ts';
import * as authority from './evaluation/authority.ts';
import * as corrections from './evaluation/corrections.ts';
import * as datasets from './evaluation/datasets.ts';
import * as exceptionPaths from './evaluation/exception-paths.ts';
import * as experimentResults from './evaluation/experiment-results.ts';
import * as experiments from './evaluation/experiments.ts';
import * as feedback from './evaluation/feedback.ts';
import * as graders from './evaluation/graders.ts';
import * as releases from './evaluation/releases.ts';
import * as replays from './evaluation/replays.ts';
import * as rubrics from './evaluation/rubrics.ts';
import * as alertRules from './insight/alert-rules.ts';
import * as dailyHeads from './insight/daily-heads.ts';
import * as evidence from './insight/evidence.ts';
import * as insight from './insight/insight.ts';
import * as inventory from './insight/inventory.ts';
import * as models from './models.ts';
import * as money from './money.ts';
import * as policies from './policies.ts';
import * as promptFiles from './prompt-files.ts';
import * as promptSamples from './prompt-samples.ts';
import * as promptTries from './prompt-tries.ts';
import * as prompts from './prompts.ts';
import * as reruns from './reruns.ts';
import * as reviews from './reviews.ts';
import * as routes from './routes.ts';
import * as runs from './runs.ts';
import * as sharing from './sharing.ts';
import * as signIn from './sign-in.ts';
import * as state from './state/stored-values.ts';
import * as tables from './state/tables.ts';
import * as system from './system.ts';
import * as templates from './templates.ts';
import * as completions from './triggers/completions.ts';
import * as triggers from './triggers/triggers.ts';
import * as webhooks from './webhooks.ts';
import * as workflows from './workflows.ts';

const isContract = (value: unknown): value is Contract => typeof value === 'object' && value !== null && 'method' in value && 'path' in value;

/** Every operation of the API, for the OpenAPI document and the tests that cover all of them. */
export const allContracts: readonly Contract[] = [
  system,
  workflows,
  releases,
  pins,
  code,
  webhooks,
  completions,
  triggers,
  runs,
  reruns,
  reviews,
  corrections,
  authority,
  feedback,
  exceptionPaths,
  replays,
  templates,
  sharing,
  models,
  services,
  routes,
  routeCalls,
  prompts,
  promptSamples,
  promptTries,
  promptFiles,
  money,
  insight,
  alertRules,
  killSwitches,
  queue,
  storage,
  state,
  tables,
  policies,
  alerts,
  billOfMaterials,
  changes,
  datasets,
  graders,
  rubrics,
  evidence,
  dailyHeads,
  inventory,
  experimentResults,
  experiments,
  signIn,
].flatMap((resource) => Object.values(resource).filter(isContract));
