import { splitSentences } from './reading.ts';

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** What to write if the instructions ask for it. The group captures what they name. */
const DIRECTIVES: readonly [RegExp, (named: string) => string][] = [
  [/\bsay that (.+?)(?=,? and (?:ask|say)\b|, and (?:where|when|what|who|how)\b|[.;]|$)/i, (named) => `${capital(named)}.`],
  [/\bsay that .+?, and ((?:where|when|what|who|how)\b.+?)(?=\.?$)/i, (named) => `Here is ${named}.`],
  [/\bsay ((?:what|when|where|who|how|why)\b.+?)(?=[.;]|$)/i, (named) => `We will tell you ${named}.`],
  [
    /\b(?:give|offer|suggest|name) (?:one|a|some|the first) (?:thing|step|fix)/i,
    () => 'Please close it, start it again and try once more: that is the first thing to rule out.',
  ],
  [/\bask (?:for|about) (.+?)(?=[.;]|$)/i, (named) => `Could you send us ${named}?`],
  [/\bask ((?:what|whether|how|when|who|which|where|why)\b.+?)(?=[.;]|$)/i, (named) => `Could you tell us ${named}?`],
  [/\bask (?:one|two|a|some|back)\b[^.]*\bquestions?/i, () => 'What did you do, and what did you expect to happen?'],
];

const FORBIDS = /^(never|do not|don['’]t|avoid|no)\b/i;

/** Sentences that follow the instructions: “Say that …”, “Ask for …”. Prohibitions produce nothing. */
export function followDirectives(instructions: string): string[] {
  const asked = splitSentences(instructions).filter((sentence) => !FORBIDS.test(sentence));
  return asked.flatMap((sentence) =>
    DIRECTIVES.flatMap(([pattern, write]) => {
      const match = pattern.exec(sentence);
      return match ? [write(match[1] ?? '')] : [];
    }),
  );
}
