import { related, tellingWords } from './words.ts';

export interface LabelChoice {
  readonly label: string;
  /** 0 to 1: how clear the choice was. */
  readonly confidence: number;
  /** Words of the text that matched it. */
  readonly words: readonly string[];
}

/** Labels that mean “none of the others”. */
const FALLBACK = /^(unsure|other|others|none|unknown|general|misc|miscellaneous|not[ _-]?sure|unclear|n\/?a|neutral)$/i;

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
const asWords = (label: string): string => label.replace(/[_-]+/g, ' ').replace(/([a-z])([A-Z])/g, '$1 $2');

/** Matches a line that defines the label: `- billing: …`, `2. "billing" — …`, `{"name": "billing", …`. */
const definitionOf = (label: string): RegExp => {
  const name = label
    .split(/[_\s-]+/)
    .map(escaped)
    .join('[ _-]+');
  return new RegExp(
    `^[\\s\\-*•#\\d.)"'\`‘“{\\[]*(?:(?:name|label|value|key|id|title)["']?\\s*[:=]\\s*["'\`]?)?${name}(?![\\p{L}\\p{N}_])(?=\\s*["'\`’”*]*\\s*([:—–\\-(,=]|$))`,
    'iu',
  );
};

export interface Definitions {
  /** What the text says about each label. */
  readonly about: ReadonlyMap<string, string>;
  /** The text without those lines. */
  readonly rest: string;
}

/** Finds each label's description in a text: the line that starts with the label, and the lines that belong to it. */
export function readDefinitions(text: string, labels: readonly string[]): Definitions {
  const patterns = labels.map((label) => ({ label, pattern: definitionOf(label) }));
  const about = new Map<string, string>();
  const rest: string[] = [];
  let current: string | undefined;
  for (const line of text.split('\n')) {
    const defined = patterns.find(({ pattern }) => pattern.test(line))?.label;
    const goesOn = current !== undefined && line.trim() !== '' && (/^\s+/.test(line) || /^\s*(e\.?g\.?|for example|examples?)\b/i.test(line));
    if (defined !== undefined) current = defined;
    else if (!goesOn) current = undefined;
    if (current === undefined) rest.push(line);
    else about.set(current, `${about.get(current) ?? ''} ${line}`);
  }
  return { about, rest: rest.join('\n') };
}

const NAME = 3;
const DESCRIBED = 2;
const RELATED_TO_NAME = 1.5;
const RELATED_TO_DESCRIPTION = 0.6;
/** An example contains words of its own case besides those of its label, so a single one of them proves nothing. */
const IN_EXAMPLE = 0.75;
const EXAMPLES = /\b(?:examples?|e\.?g)\b[.:]*/i;

/** Weight of each stem that points to a label. */
function profileOf(label: string, about: string): Map<string, number> {
  const profile = new Map<string, number>();
  const add = (stem: string, weight: number) => profile.set(stem, Math.max(profile.get(stem) ?? 0, weight));
  const [description = '', ...examples] = about.split(EXAMPLES);
  for (const { stem } of tellingWords(examples.join(' '))) add(stem, IN_EXAMPLE);
  for (const { stem } of tellingWords(description)) {
    add(stem, DESCRIBED);
    for (const other of related(stem)) add(other, RELATED_TO_DESCRIPTION);
  }
  const name = tellingWords(asWords(label));
  for (const { stem } of name) {
    // Part of a longer name says less than a whole name: “request” is not yet “feature request”.
    add(stem, NAME / name.length);
    for (const other of related(stem)) add(other, RELATED_TO_NAME / name.length);
  }
  return profile;
}

/** Scores every label by the words it shares with the text. A word shared by several labels counts less for each. */
function scores(text: string, profiles: readonly Map<string, number>[]): { score: number; words: string[] }[] {
  const seen = new Map(tellingWords(text).map(({ stem, word }) => [stem, word]));
  const strongest = new Map([...seen.keys()].map((stem) => [stem, Math.max(...profiles.map((profile) => profile.get(stem) ?? 0))]));
  return profiles.map((profile) => {
    let score = 0;
    const words: string[] = [];
    for (const [stem, word] of seen) {
      const weight = profile.get(stem) ?? 0;
      const best = strongest.get(stem) ?? 0;
      if (weight === 0) continue;
      const sharers = profiles.filter((other) => (other.get(stem) ?? 0) >= weight).length;
      // Subtracts half of what another label scores higher: a word in a rival's name is no evidence for this label.
      score += (weight * (weight / best)) / sharers;
      if (weight === best) words.push(word);
    }
    return { score, words };
  });
}

/** Picks the label that matches the text best. `about` describes each label beyond its name. */
export function chooseLabel(text: string, labels: readonly string[], about: ReadonlyMap<string, string>): LabelChoice {
  const candidates = labels.filter((label) => !FALLBACK.test(label));
  const fallback = labels.find((label) => FALLBACK.test(label));
  const profiles = candidates.map((label) => profileOf(label, about.get(label) ?? ''));
  const ranked = scores(text, profiles)
    .map((entry, index) => ({ ...entry, label: candidates[index] ?? '' }))
    .sort((one, two) => two.score - one.score);
  const [best, second] = ranked;
  if (!best || best.score === 0) return { label: fallback ?? labels[0] ?? '', confidence: 0.3, words: [] };
  const margin = 1 - (second?.score ?? 0) / best.score;
  const confidence = 0.5 + 0.48 * (best.score / (best.score + 0.5)) * Math.min(1, margin * 1.3);
  return { label: best.label, confidence: Math.round(confidence * 100) / 100, words: best.words };
}
