import { definitionOf } from '@switchyard/nodes/catalog.ts';
import type { Prompt } from '@switchyard/shared/contracts/prompts.ts';
import type { Graph } from '@switchyard/shared/graph/graph.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';
import { promptRefsOf, promptRefText } from '@switchyard/shared/model/prompt-ref.ts';

/** A name that is looked up at each run, and what it means now. */
export interface Followed {
  readonly name: string;
  readonly now?: string;
}

/** What a version keeps as it is, and what each of its runs looks up. */
export interface VersionFacts {
  readonly frozen: readonly string[];
  readonly prompts: readonly Followed[];
  readonly routes: readonly string[];
}

const SCHEMA_PARAMS = ['schema', 'outputSchema'];
const MOST_NAMED = 12;

const counted = (count: number, one: string, more: string): string[] => (count === 0 ? [] : [`${count} ${count === 1 ? one : more}`]);

/** Reads the facts of a graph. `prompts` are those of the registry, for the versions that labels point to now. */
export function versionFacts({ nodes, edges, vars }: Graph, prompts: readonly Prompt[]): VersionFacts {
  const running = nodes.filter(({ type }) => definitionOf(type)?.role !== 'note');
  const refs = promptRefsOf(running.map(({ data }) => data));
  const schemas = running.flatMap(({ data }) => SCHEMA_PARAMS.filter((param) => isPlainObject(data.params[param])));
  const routes = running.flatMap(({ data: { params } }) => (typeof params.route === 'string' && params.route !== '' ? [params.route] : []));
  const labelled = refs.filter(({ label }) => label !== undefined);
  return {
    frozen: [
      ...counted(running.length, 'node', 'nodes'),
      ...counted(edges.length, 'edge', 'edges'),
      ...counted(schemas.length, 'schema', 'schemas'),
      ...counted(Object.keys(vars ?? {}).length, 'variable', 'variables'),
      ...refs.filter(({ label }) => label === undefined).map((ref) => promptRefText(ref)),
    ].slice(0, MOST_NAMED),
    prompts: labelled.slice(0, MOST_NAMED).map((ref) => {
      const version = prompts.find(({ name }) => name === ref.name)?.labels.find(({ label }) => label === ref.label)?.version;
      return { name: promptRefText(ref), ...(version !== undefined && { now: `v${version}` }) };
    }),
    routes: [...new Set(routes)].sort().slice(0, MOST_NAMED),
  };
}
