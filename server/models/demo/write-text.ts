import { followDirectives } from './directives.ts';
import { DEMO_MARK, essentialSentence, keywords, nameOf, type Reading, spokenOf, titleOf } from './reading.ts';
import { pressure } from './words.ts';

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
const clipped = (text: string, length: number): string => (text.length <= length ? text : `${text.slice(0, length - 1).replace(/\s+\S*$/, '')}…`);
const bare = (sentence: string): string => sentence.replace(/[.!?…\s]+$/, '');
const QUOTED = 180;

/** The case in its own words: a short message is quoted whole, otherwise its most informative sentence. */
function quoted(reading: Reading): string {
  const spoken = spokenOf(reading);
  const quote = spoken !== undefined && spoken.length <= QUOTED ? spoken : clipped(essentialSentence(reading), QUOTED);
  return quote.replace(/[.\s]+$/, '');
}
const isShort = (text: string): boolean => /\b(short|brief|concise|one[- ]line|one sentence|two sentences|1-2 sentences|tweet)\b/i.test(text);

const COUNTS = ['one', 'two', 'three', 'four', 'five', 'six'];

/** How many of something the instructions ask for: “two sentences”, “3 snippets”. */
function wantedCount(instructions: string, things: string): number | undefined {
  const [, count = ''] = new RegExp(`\\b(\\d|${COUNTS.join('|')})(?:\\s+[\\w-]+)?\\s+(?:${things})\\b`, 'i').exec(instructions) ?? [];
  const number = Number(count) || COUNTS.indexOf(count.toLowerCase()) + 1;
  return number > 0 ? number : undefined;
}

/** Informative sentences without their final period. Titles are left out if there are enough others. */
function statements(reading: Reading): string[] {
  const whole = reading.sentences.filter((sentence) => /[.!?…]["”’)]?$/.test(sentence));
  return (whole.length > 0 ? whole : reading.sentences).map((sentence) => clipped(bare(sentence), 220));
}

function reply(reading: Reading): string[] {
  const name = nameOf(reading);
  const quote = quoted(reading);
  const pressing = pressure(reading.material);
  const sorry =
    pressing > 0.65
      ? 'I am sorry for the trouble, and I can see that this is pressing.'
      : pressing > 0.5
        ? 'I am sorry for the trouble.'
        : 'Thank you for telling us.';
  const greeting = `Hi${name ? ` ${name}` : ''},`;
  const heard = quote === '' ? 'Your message reached us, but there is no text in it.' : `${sorry} You wrote: “${quote}”${/[!?…]$/.test(quote) ? '' : '.'}`;
  const done = followDirectives(reading.trusted).join(' ');
  if (isShort(reading.instructions)) return [greeting, `${heard} ${done || 'We are looking into it and will write again as soon as we know more.'}`];
  const usual =
    'Here is what happens next: a colleague checks this on our side, and we write to you with the result. ' +
    'If you can add when it happened and what you saw, it will go faster.';
  return [greeting, heard, done || usual, 'Best regards,\nThe support team'];
}

function summary(reading: Reading): string[] {
  const count = wantedCount(reading.instructions, 'sentences?') ?? (isShort(reading.instructions) ? 1 : 3);
  const all = statements(reading);
  // One sentence: the most informative one. Several: from the start, where informative texts usually say what matters.
  const start = count === 1 ? Math.max(0, all.indexOf(clipped(bare(essentialSentence(reading)), 220))) : 0;
  const chosen = all.slice(start, start + count);
  return [chosen.map((sentence) => `${sentence}.`).join(' ')];
}

const OPENINGS = ['New', 'Good to know', 'Did you know', 'In short', 'One more thing', 'And'];

function social(reading: Reading): string[] {
  const all = statements(reading);
  const count = Math.min(wantedCount(reading.instructions, '(?:social\\s+)?(?:snippets?|posts?|tweets?|captions?)') ?? 2, OPENINGS.length);
  const tags = tagsOf(reading, count).map((word) => `#${word.replace(/[^\p{L}\p{N}]/gu, '')}`);
  return OPENINGS.slice(0, count).map((opening, index) =>
    `${opening}: ${clipped(all[index % all.length] ?? quoted(reading), 160)}. ${tags[index] ?? tags[0] ?? ''}`.trim(),
  );
}

function bullets(reading: Reading): string[] {
  const lines = statements(reading).slice(0, 6);
  return [lines.map((line) => `- ${clipped(line, 160)}`).join('\n')];
}

/** The given keywords, as written, or else the most frequent words. */
function tagsOf(reading: Reading, count: number): string[] {
  const given = reading.fields
    .get('keywords')
    ?.split(/\s*[,;]\s*/)
    .filter(Boolean);
  return given && given.length > 0 ? given.slice(0, count) : keywords(reading.material, count);
}

/** What it is and for whom, as far as the text says. */
function opening(reading: Reading): string {
  const [name, audience, positioning] = [titleOf(reading), reading.fields.get('audience'), reading.fields.get('positioning')];
  const said = positioning && `${capital(bare(positioning))}.`;
  if (!audience) return said ?? '';
  if (!name) return [said, `Made for ${bare(audience)}.`].filter(Boolean).join(' ');
  // A capital at the start of a word is lowercased in the middle of a sentence, except in words such as “USB”.
  const inside = positioning && bare(positioning).replace(/^\p{Lu}(?=\p{Ll})/u, (letter) => letter.toLowerCase());
  return `${name} is made for ${bare(audience)}${inside ? `: ${inside}` : ''}.`;
}

function article(reading: Reading): string[] {
  const words = tagsOf(reading, 4);
  const positioning = reading.fields.get('positioning');
  const facts = statements(reading).filter((fact) => fact !== bare(positioning ?? ''));
  const points = facts.slice(0, 12).map((point) => `${capital(point)}.`);
  const pairs = points.flatMap((point, index) => (index % 2 === 0 ? [[point, points[index + 1]].filter(Boolean).join(' ')] : []));
  return [
    `# ${titleOf(reading) ?? capital(words.slice(0, 3).join(', '))}`,
    opening(reading),
    ...pairs,
    words.length > 0 ? `In short: ${words.join(', ')}.` : '',
  ];
}

/** A draft sent back is repeated with its sentences, and the requested change is named at the end. */
const revision = (reading: Reading): string[] => [
  statements(reading)
    .map((sentence) => `${sentence}.`)
    .join(' '),
];

const plain = (reading: Reading): string[] => [
  `About “${quoted(reading)}”:`,
  `What stands out is ${keywords(reading.material, 4).join(', ') || 'little so far'}.`,
  reading.sentences.length > 1 ? `It also says: ${clipped(reading.sentences.at(-1) ?? '', 160)}` : '',
];

const FORMS: readonly [RegExp, (reading: Reading) => string[]][] = [
  [/\b(revise|rewrite|rework|reword)\b/i, revision],
  [/\b(summar(y|ies|i[sz]e[sd]?)|tl;?dr|abstract|in a nutshell)\b/i, summary],
  [/\b(social|snippets?|tweets?|linkedin|instagram|posts?|captions?)\b/i, social],
  [/\b(bullets?|bulleted|list of|checklist)\b/i, bullets],
  [
    /\b(articles?|blogs?|essays?|announcements?|press releases?|long drafts?|landing pages?|newsletters?|launch cop(y|ies)|marketing|product pages?|content)\b/i,
    article,
  ],
  [/\b(repl(y|ies)|respond|answers?|customers?|support|e-?mails?|letters?|drafts?|messages?)\b/i, reply],
];

/** At most this many words, up to the end of a sentence if there is one. */
function wholeSentences(text: string, count: number): string {
  const words = text.match(/\S+\s*/g) ?? [];
  if (words.length <= count) return text;
  const cut = words.slice(0, count).join('').trimEnd();
  return /^[\s\S]*[.!?…”](?=\s|$)/.exec(cut)?.[0] ?? cut;
}

/** Keeps to the maximum of words or characters in the instructions. */
function withinLimit(text: string, instructions: string): string {
  const [, words] = /\b(?:at most|under|max(?:imum)?|no more than|up to|within|below|in)\s+(?:of\s+)?(\d{1,4})\s+words?\b/i.exec(instructions) ?? [];
  const [, characters] = /\b(?:at most|under|max(?:imum)?|no more than|up to|within|below)\s+(?:of\s+)?(\d{2,5})\s+char/i.exec(instructions) ?? [];
  const fewer = words ? wholeSentences(text, Math.max(1, Number(words) - 2)) : text;
  return characters ? clipped(fewer, Math.max(20, Number(characters) - DEMO_MARK.length - 2)) : fewer;
}

/** Writes what the instructions ask for: a reply, a summary, a post, a list, an article. Without the demo mark. */
export function writeText(reading: Reading): string {
  // The first sentence of the instructions is the task. The rest describes tone and circumstances.
  const found = FORMS.map(([pattern, form]) => ({ form, at: reading.instructions.search(pattern) }))
    .filter(({ at }) => at >= 0)
    .sort((one, two) => one.at - two.at);
  const feedback = [...reading.fields].find(([name]) => /\b(comment|feedback|reviewer)\b/.test(name))?.[1];
  const paragraphs = (found[0]?.form ?? plain)(reading);
  const revised = feedback ? [...paragraphs, `Changed after the review: ${clipped(feedback, 160)}`] : paragraphs;
  return withinLimit(revised.filter((paragraph) => paragraph.trim() !== '').join('\n\n'), reading.instructions);
}
