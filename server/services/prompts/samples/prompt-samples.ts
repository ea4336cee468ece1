import type { PromptSample } from '@switchyard/shared/contracts/prompt-samples.ts';
import { workflows } from '../../../store/collections.ts';
import type { ServiceContext } from '../../context.ts';
import { allTemplates, type Gallery } from '../../sharing/templates.ts';
import { promptUsage } from '../prompt-usage.ts';
import { findPrompt } from '../prompt-versions.ts';
import { samplesOfInputs } from './input-samples.ts';
import { samplesOfRuns } from './run-samples.ts';

/*
 * Values to try a prompt with: of past runs, and of the sample inputs of workflows and templates that use it. Everything read is bounded:
 * workflows, runs, journals, templates, and samples.
 */

const MOST_WORKFLOWS = 10;
const MOST_TEMPLATES = 100;
/** Of runs, and of sample inputs. */
const MOST_OF_EACH = 25;
const MOST_CHARACTERS = 20_000;

/** Throws `not-found`. */
export async function promptSamples(context: ServiceContext, gallery: Gallery, name: string): Promise<{ items: PromptSample[] }> {
  await findPrompt(context, name);
  const usedBy = (await promptUsage(context.store, name)).slice(0, MOST_WORKFLOWS).map(({ id }) => id);
  const known = new Set<string>();
  return { items: [...(await firstOf(ofRuns(context, usedBy, name), known)), ...(await firstOf(ofInputs(context, usedBy, { gallery, name }), known))] };
}

/** The first few samples that are not known yet and short enough for a form. */
async function firstOf(samples: AsyncIterable<PromptSample>, known: Set<string>): Promise<PromptSample[]> {
  const found: PromptSample[] = [];
  for await (const sample of samples) {
    const text = JSON.stringify(sample.variables);
    if (text.length > MOST_CHARACTERS || known.has(text)) continue;
    known.add(text);
    found.push(sample);
    if (found.length === MOST_OF_EACH) break;
  }
  return found;
}

async function* ofRuns(context: ServiceContext, workflowIds: readonly string[], name: string): AsyncGenerator<PromptSample> {
  for (const id of workflowIds) yield* samplesOfRuns(context, id, name);
}

async function* ofInputs(
  context: ServiceContext,
  workflowIds: readonly string[],
  { gallery, name }: { readonly gallery: Gallery; readonly name: string },
): AsyncGenerator<PromptSample> {
  const { catalog, store } = context;
  for (const id of workflowIds) {
    const workflow = await store.get(workflows, id);
    if (!workflow) continue;
    for await (const { name: sample, variables } of samplesOfInputs(workflow.draft, catalog, name))
      yield { source: 'workflow', id, from: workflow.name, sample, at: null, labels: {}, variables };
  }
  let read = 0;
  for await (const template of allTemplates(context, gallery)) {
    for await (const { name: sample, variables } of samplesOfInputs(template.graph, catalog, name))
      yield { source: 'template', id: template.slug, from: template.name, sample, at: null, labels: {}, variables };
    if (++read === MOST_TEMPLATES) return;
  }
}
