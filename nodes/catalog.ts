import type { NodeCatalog } from '@switchyard/shared/graph/node-kind.ts';
import { classify } from './ai/classify.ts';
import { guardrail } from './ai/guardrail.ts';
import { prompt } from './ai/prompt.ts';
import { code } from './data/code.ts';
import { extract } from './data/extract.ts';
import { makeFile } from './data/make-file.ts';
import { redact } from './data/redact.ts';
import { transform } from './data/transform.ts';
import { callback } from './flow/callback.ts';
import { condition } from './flow/condition.ts';
import { delay } from './flow/delay.ts';
import { forEach } from './flow/for-each.ts';
import { group } from './flow/group.ts';
import { merge } from './flow/merge.ts';
import { note } from './flow/note.ts';
import { placeholder } from './flow/placeholder.ts';
import { workflow } from './flow/workflow.ts';
import { database } from './io/database.ts';
import { input } from './io/input.ts';
import { output } from './io/output.ts';
import { tool } from './io/tool.ts';
import { humanReview } from './people/human-review.ts';
import type { NodeDefinition } from './sdk/define-node.ts';
import { dedupe } from './state/dedupe.ts';
import { state } from './state/state.ts';

/** Every node type, in palette order. A new one needs its file and a line here. */
export const nodeTypes: readonly NodeDefinition[] = [
  input,
  output,
  condition,
  merge,
  forEach,
  workflow,
  delay,
  callback,
  prompt,
  classify,
  guardrail,
  transform,
  code,
  extract,
  makeFile,
  redact,
  state,
  dedupe,
  tool,
  database,
  humanReview,
  note,
  group,
  placeholder,
];

const byType: ReadonlyMap<string, NodeDefinition> = new Map(nodeTypes.map((definition) => [definition.type, definition]));

/** The node type with this ID; undefined if unknown here. */
export const definitionOf = (type: string): NodeDefinition | undefined => byType.get(type);

/** The node types as the graph checks and the engine's plan need them. */
export const catalog: NodeCatalog = (type) => byType.get(type);
