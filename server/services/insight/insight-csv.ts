import type { Breakdown, ExceptionPathView, Figures, Insight, Share } from '@switchyard/shared/contracts/insight/insight.ts';
import { csvLine } from '../csv.ts';

/* Figures as CSV. A value that is unknown is empty. Of a share, its value and what it was computed from. */

const share = (name: string, of: (figures: Figures) => Share): readonly (readonly [string, (figures: Figures) => number | null])[] => [
  [name, (figures) => of(figures).value],
  [`${name}Of`, (figures) => of(figures).of],
];

const COLUMNS: readonly (readonly [name: string, of: (figures: Figures) => number | null])[] = [
  ...(
    ['runs', 'succeeded', 'failed', 'cancelled', 'withPerson', 'p50', 'p95', 'wholeP50', 'wholeP95', 'costMicros', 'unknownPrice', 'costPerSuccess'] as const
  ).map((name) => [name, (figures: Figures) => figures[name]] as const),
  ...(['success', 'escalation', 'correction', 'override', 'fallback', 'badRatings'] as const).flatMap((name) => share(name, (figures) => figures[name])),
];

const valuesOf = (figures: Figures): string[] => COLUMNS.map(([, of]) => String(of(figures) ?? ''));
const NAMES = COLUMNS.map(([name]) => name);

export const overviewCsv = ({ points }: Insight): string =>
  [['at', ...NAMES], ...points.map(({ at, figures }) => [at, ...valuesOf(figures)])].map(csvLine).join('');

export const breakdownCsv = ({ items }: Breakdown): string =>
  [
    ['key', 'name', 'calls', 'fallbackCalls', ...NAMES],
    ...items.map(({ key, name, calls, fallbackCalls, figures }) => [key, name, String(calls), String(fallbackCalls), ...valuesOf(figures)]),
  ]
    .map(csvLine)
    .join('');

export const exceptionsCsv = (items: readonly ExceptionPathView[]): string =>
  [
    ['workflowId', 'workflow', 'node', 'title', 'port', 'runs', 'handledBy', 'lastRun', 'lastAt', 'lastError'],
    ...items.map(({ workflowId, workflowName, nodeKey, nodeTitle, port, runs, handledBy, last }) => [
      workflowId,
      workflowName,
      nodeKey,
      nodeTitle,
      port,
      String(runs),
      handledBy,
      last.runId,
      last.at,
      last.code ?? '',
    ]),
  ]
    .map(csvLine)
    .join('');
