import { emptyGraph, type Graph } from '@switchyard/shared/graph/graph.ts';
import { expect, test } from 'vitest';
import { type AutosavePorts, createAutosave, DEBOUNCE_MS, type SaveOutcome, type SaveReport, type ServerDraft } from './autosave.ts';

const graphNamed = (name: string): Graph => ({ ...emptyGraph(), vars: { name } });

/** A saver with a server that answers on demand, a manual clock, and a store for one local draft. */
function setup() {
  const start = graphNamed('start');
  const sent: { graph: Graph; revision: number; answer: (outcome: SaveOutcome) => Promise<void> }[] = [];
  let kept: Graph | undefined;
  let server: ServerDraft | undefined;
  let adopted: Graph | undefined;
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
    load: async () => server,
    adopt: (graph) => {
      adopted = graph;
    },
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
  /** Another tab saves this draft, and this one is notified. */
  const savedElsewhere = async (graph: Graph, revision: number) => {
    server = { graph, revision, updatedAt: null };
    saver.heard(revision);
    await new Promise(setImmediate);
  };
  /** The page reconnects to a server that has this draft. */
  const reconnected = async (graph: Graph, revision: number) => {
    server = { graph, revision, updatedAt: null };
    saver.heard('unknown');
    await new Promise(setImmediate);
  };
  return { saver, start, sent, last, wind, savedElsewhere, reconnected, kept: () => kept, report: () => report, adopted: () => adopted };
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

test('A draft stays in the browser until the server acknowledges it', async () => {
  const { saver, last, wind, kept, report } = setup();
  saver.changed(graphNamed('a'));
  expect(kept()?.vars?.name).toBe('a');
  wind(DEBOUNCE_MS);
  expect(kept()?.vars?.name).toBe('a');
  await last().answer(saved(2));
  expect(kept()).toBeUndefined();
  expect(report()).toMatchObject({ saveState: 'saved', revision: 2 });
});

test('Edits made during a request go with the next one, on the new revision', async () => {
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

test('Without a response, retries with growing delays and reports the next attempt', async () => {
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

test('A draft that failed to save is sent as soon as the server is back', async () => {
  const { saver, start, sent, last, wind, reconnected, report } = setup();
  saver.changed(graphNamed('a'));
  wind(DEBOUNCE_MS);
  await last().answer({ kind: 'offline' });
  await reconnected(start, 1);
  expect(sent).toHaveLength(2);
  await last().answer(saved(2));
  expect(report()?.saveState).toBe('saved');
});

test('A conflict stops saving until the user decides', async () => {
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

test('Using their version counts as saved on their revision', async () => {
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

test('A conflict with our own unacknowledged save is not a conflict', async () => {
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

test('Undoing to the saved draft saves again only if the server may have a different one', async () => {
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

test('A rejected draft is kept, the reason is reported, and the next change is sent', async () => {
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

test('Flushing sends at once and reports whether everything is saved', async () => {
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

test('A draft without edits adopts a newer one at once, and saves on its revision', async () => {
  const { saver, sent, wind, savedElsewhere, report, adopted } = setup();
  await savedElsewhere(graphNamed('theirs'), 2);
  expect(adopted()?.vars?.name).toBe('theirs');
  expect(report()).toMatchObject({ saveState: 'saved', revision: 2, conflict: null });
  saver.changed(graphNamed('mine'));
  wind(DEBOUNCE_MS);
  expect(sent.map(({ revision }) => revision)).toEqual([2]);
});

test('A draft with edits meets a newer one as a conflict before it is sent, and tracks it until the user decides', async () => {
  const { saver, sent, wind, savedElsewhere, report, adopted } = setup();
  saver.changed(graphNamed('mine'));
  await savedElsewhere(graphNamed('theirs'), 2);
  expect(report()).toMatchObject({ saveState: 'conflict', conflict: { revision: 2 } });
  await savedElsewhere(graphNamed('theirs again'), 3);
  expect(report()?.conflict?.theirs.vars?.name).toBe('theirs again');
  expect(adopted()).toBeUndefined();
  wind(60_000);
  expect(sent).toEqual([]);
  saver.keepMine();
  expect(sent[0]?.revision).toBe(3);
});

test('Being notified of our own save changes nothing, before or after its response', async () => {
  const { saver, last, wind, savedElsewhere, report, adopted } = setup();
  const mine = graphNamed('mine');
  saver.changed(mine);
  wind(DEBOUNCE_MS);
  await savedElsewhere(mine, 2);
  await last().answer(saved(2));
  await savedElsewhere(mine, 2);
  expect(report()).toMatchObject({ saveState: 'saved', revision: 2, conflict: null });
  expect(adopted()).toBeUndefined();
});

test('A save elsewhere right after our own is adopted once ours is acknowledged', async () => {
  const { saver, last, wind, savedElsewhere, report, adopted } = setup();
  saver.changed(graphNamed('mine'));
  wind(DEBOUNCE_MS);
  await savedElsewhere(graphNamed('theirs'), 3);
  expect(adopted()).toBeUndefined();
  await last().answer(saved(2));
  expect(adopted()?.vars?.name).toBe('theirs');
  expect(report()).toMatchObject({ saveState: 'saved', revision: 3 });
});
