import { emptyGraph, type Graph } from '@switchyard/shared/graph/graph.ts';
import { expect, test } from 'vitest';
import { type AutosavePorts, createAutosave, DEBOUNCE_MS, type SaveOutcome, type SaveReport } from './autosave.ts';

const graphNamed = (name: string): Graph => ({ ...emptyGraph(), vars: { name } });

/** A saver with a server that answers when told, a clock that is wound by hand, and a shelf that remembers one draft. */
function setup() {
  const start = graphNamed('start');
  const sent: { graph: Graph; revision: number; answer: (outcome: SaveOutcome) => Promise<void> }[] = [];
  let kept: Graph | undefined;
  let report: SaveReport | undefined;
  let now = 0;
  let timers: { at: number; then: () => void }[] = [];
  const ports: AutosavePorts = {
    save: (graph, revision) =>
      new Promise((resolve) => {
        const answer = async (outcome: SaveOutcome) => {
          resolve(outcome);
          await new Promise(setImmediate);
        };
        sent.push({ graph, revision, answer });
      }),
    keep: (graph) => {
      kept = graph;
    },
    forget: () => {
      kept = undefined;
    },
    report: (next) => {
      report = next;
    },
    problems: () => {},
    after(ms, then) {
      const timer = { at: now + ms, then };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    now: () => now,
  };
  const wind = (ms: number) => {
    now += ms;
    const due = timers.filter((timer) => timer.at <= now);
    timers = timers.filter((timer) => timer.at > now);
    for (const timer of due) timer.then();
  };
  const saver = createAutosave(ports, { graph: start, revision: 1 });
  const last = () => sent[sent.length - 1] ?? { graph: start, revision: -1, answer: async () => {} };
  return { saver, start, sent, last, wind, kept: () => kept, report: () => report };
}

const saved = (revision: number): SaveOutcome => ({ kind: 'saved', revision, problems: [] });

test('A burst of changes is one request with the last of them', () => {
  const { saver, sent, wind, report } = setup();
  saver.changed(graphNamed('a'));
  saver.changed(graphNamed('ab'));
  expect(report()?.saveState).toBe('unsaved');
  wind(DEBOUNCE_MS);
  expect(sent.map(({ graph, revision }) => [graph.vars?.name, revision])).toEqual([['ab', 1]]);
  expect(report()?.saveState).toBe('saving');
});

test('A draft is kept in the browser until the server has acknowledged it', async () => {
  const { saver, last, wind, kept, report } = setup();
  saver.changed(graphNamed('a'));
  expect(kept()?.vars?.name).toBe('a');
  wind(DEBOUNCE_MS);
  expect(kept()?.vars?.name).toBe('a');
  await last().answer(saved(2));
  expect(kept()).toBeUndefined();
  expect(report()).toMatchObject({ saveState: 'saved', revision: 2 });
});

test('What is typed during a request goes with the next one, on the new revision', async () => {
  const { saver, sent, last, wind, report } = setup();
  saver.changed(graphNamed('a'));
  wind(DEBOUNCE_MS);
  saver.changed(graphNamed('b'));
  wind(10_000);
  expect(sent).toHaveLength(1);
  await last().answer(saved(2));
  expect(report()?.saveState).toBe('unsaved');
  wind(DEBOUNCE_MS);
  expect(sent[1]).toMatchObject({ revision: 2, graph: { vars: { name: 'b' } } });
});

test('Without an answer it tries again, later each time, and says when', async () => {
  const { saver, sent, last, wind, report, kept } = setup();
  saver.changed(graphNamed('a'));
  wind(DEBOUNCE_MS);
  await last().answer({ kind: 'offline' });
  expect(report()).toMatchObject({ saveState: 'offline', retryAt: DEBOUNCE_MS + 2_000 });
  wind(2_000);
  await last().answer({ kind: 'offline' });
  expect(report()?.retryAt).toBe(DEBOUNCE_MS + 2_000 + 4_000);
  expect(kept()?.vars?.name).toBe('a');
  wind(4_000);
  await last().answer(saved(2));
  expect(sent).toHaveLength(3);
  expect(report()?.saveState).toBe('saved');
});

test('A conflict stops saving until a person chooses', async () => {
  const { saver, sent, last, wind, report } = setup();
  saver.changed(graphNamed('mine'));
  wind(DEBOUNCE_MS);
  await last().answer({ kind: 'conflict', theirs: graphNamed('theirs'), revision: 7, updatedAt: null });
  saver.changed(graphNamed('mine too'));
  wind(60_000);
  expect(sent).toHaveLength(1);
  expect(report()?.conflict?.theirs.vars?.name).toBe('theirs');
  saver.keepMine();
  expect(sent[1]).toMatchObject({ revision: 7, graph: { vars: { name: 'mine too' } } });
  await last().answer(saved(8));
  expect(report()).toMatchObject({ saveState: 'saved', revision: 8, conflict: null });
});

test('Taking theirs counts as saved on their revision', async () => {
  const { saver, sent, last, wind, report, kept } = setup();
  const theirs = graphNamed('theirs');
  saver.changed(graphNamed('mine'));
  wind(DEBOUNCE_MS);
  await last().answer({ kind: 'conflict', theirs, revision: 7, updatedAt: null });
  saver.changed(theirs);
  saver.takeTheirs(theirs);
  expect(report()).toMatchObject({ saveState: 'saved', revision: 7, conflict: null });
  expect(kept()).toBeUndefined();
  wind(60_000);
  expect(sent).toHaveLength(1);
});

test('A conflict with what we ourselves sent, whose answer was lost, is no conflict', async () => {
  const { saver, sent, last, wind, report } = setup();
  saver.changed(graphNamed('a'));
  wind(DEBOUNCE_MS);
  await last().answer({ kind: 'offline' });
  saver.changed(graphNamed('ab'));
  wind(2_000);
  await last().answer({ kind: 'conflict', theirs: graphNamed('a'), revision: 2, updatedAt: null });
  expect(report()?.conflict).toBeNull();
  wind(DEBOUNCE_MS);
  expect(sent[2]).toMatchObject({ revision: 2, graph: { vars: { name: 'ab' } } });
});

test('Undoing to what the server has is saved again only when the server may have got something else', async () => {
  const { saver, start, sent, last, wind, report } = setup();
  saver.changed(graphNamed('a'));
  saver.changed(start);
  expect(report()?.saveState).toBe('saved');
  wind(60_000);
  expect(sent).toHaveLength(0);
  saver.changed(graphNamed('b'));
  wind(DEBOUNCE_MS);
  await last().answer({ kind: 'offline' });
  saver.changed(start);
  expect(report()?.saveState).toBe('offline');
  wind(2_000);
  expect(sent[1]?.graph).toBe(start);
});

test('A draft that the server refuses is kept, the reason is told, and the next change is sent', async () => {
  const { saver, sent, last, wind, report, kept } = setup();
  saver.changed(graphNamed('bad'));
  wind(DEBOUNCE_MS);
  await last().answer({ kind: 'refused', message: 'Too many nodes.' });
  expect(report()).toMatchObject({ saveState: 'unsaved', saveError: 'Too many nodes.' });
  expect(kept()?.vars?.name).toBe('bad');
  saver.changed(graphNamed('good'));
  wind(DEBOUNCE_MS);
  expect(sent[1]?.graph.vars?.name).toBe('good');
});

test('Flushing sends at once and tells whether all is saved', async () => {
  const { saver, last } = setup();
  saver.changed(graphNamed('a'));
  const done = saver.flush();
  await last().answer(saved(2));
  expect(await done).toBe(true);
  saver.changed(graphNamed('b'));
  const failed = saver.flush();
  await last().answer({ kind: 'offline' });
  expect(await failed).toBe(false);
});
