import { isPlainObject } from '../json.ts';

export interface NamedRoute {
  readonly name: string;
  /** Path into the params in dots. */
  readonly field: string;
}

/** The model routes that the params of a node name: its own, and those of the judges of its guardrails. */
export function namedRoutes({ route, guardrails }: Readonly<Record<string, unknown>>): NamedRoute[] {
  const judges = isPlainObject(guardrails) ? ['before', 'after'].map((stage) => [stage, guardrails[stage]] as const) : [];
  return [
    ...(typeof route === 'string' ? [{ name: route, field: 'route' }] : []),
    ...judges.flatMap(([stage, checks]) =>
      isPlainObject(checks) && checks.judge === true && typeof checks.route === 'string' ? [{ name: checks.route, field: `guardrails.${stage}.route` }] : [],
    ),
  ];
}
