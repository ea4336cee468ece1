import type { Mark, Outcome } from '@switchyard/shared/contracts/evaluation/replays.ts';
import { type Icon, IconAbc, IconAlertOctagon, IconArrowsDiff, IconBan, IconCircleX, IconCoin, IconEqual, IconUserCheck } from '@tabler/icons-react';

/** How differences of replays look: one icon and one color each. */
type Tone = 'same' | 'words' | 'different' | 'person' | 'effect' | 'failed';

export const MARK_ICONS: Readonly<Record<Mark, Icon>> = {
  words: IconAbc,
  different: IconArrowsDiff,
  person: IconUserCheck,
  effect: IconBan,
  failed: IconCircleX,
};
export const MARK_WORDS: Readonly<Record<Mark, string>> = {
  words: 'different words',
  different: 'different',
  person: 'would ask a person',
  effect: 'would have an effect',
  failed: 'fail',
};

interface OutcomeLook {
  readonly tone: Tone;
  readonly Glyph: Icon;
  /** After a number: `5 would ask a person`. */
  readonly words: string;
}

export const OUTCOME_LOOKS: Readonly<Record<Outcome, OutcomeLook>> = {
  same: { tone: 'same', Glyph: IconEqual, words: 'same' },
  words: { tone: 'words', Glyph: IconAbc, words: 'different words' },
  different: { tone: 'different', Glyph: IconArrowsDiff, words: 'different' },
  person: { tone: 'person', Glyph: IconUserCheck, words: 'would ask a person' },
  effect: { tone: 'effect', Glyph: IconBan, words: 'stop before an effect' },
  'over-cost': { tone: 'effect', Glyph: IconCoin, words: 'over the cost limit' },
  failed: { tone: 'failed', Glyph: IconCircleX, words: 'fail' },
  'not-replayable': { tone: 'same', Glyph: IconAlertOctagon, words: 'not replayable' },
};
