import { essentialSentence, keywords, nameOf, type Reading } from './reading.ts';
import { pressure } from './words.ts';

/** Every text answer ends with this: nobody shall take it for a model's. */
export const DEMO_MARK = '(demo answer)';

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
const clipped = (text: string, length: number): string => (text.length <= length ? text : `${text.slice(0, length - 1).replace(/\s+\S*$/, '')}…`);
const bare = (sentence: string): string => sentence.replace(/[.!?…\s]+$/, '');
const quoted = (reading: Reading): string => clipped(bare(essentialSentence(reading)), 180);
const isShort = (text: string): boolean => /\b(short|brief|concise|one[- ]line|one sentence|two sentences|1-2 sentences|tweet)\b/i.test(text);

function reply(reading: Reading): string[] {
  const name = nameOf(reading);
  const topic = keywords(reading.material, 3).join(', ');
  const sorry = pressure(reading.material) > 0.5 ? 'I am sorry for the trouble, and I can see that this is pressing.' : 'Thank you for telling us.';
  const greeting = `Hi${name ? ` ${name}` : ''},`;
  const heard = `${sorry} You wrote: “${quoted(reading)}”.`;
  if (isShort(reading.instructions)) return [greeting, `${heard} We are looking into it and will write again as soon as we know more.`];
  return [
    greeting,
    heard,
    `Here is what happens next: we check ${topic ? `everything about ${topic}` : 'your case'} on our side, and write to you with the result. ` +
      'If you can add when it happened and what you saw, it will go faster.',
    'Best regards,\nThe support team',
  ];
}

const summary = (reading: Reading): string[] => {
  const essential = essentialSentence(reading);
  const others = reading.sentences.filter((sentence) => sentence !== essential).slice(0, isShort(reading.instructions) ? 0 : 2);
  return [[essential, ...others].map((sentence) => `${clipped(bare(sentence), 200)}.`).join(' ')];
};

const social = (reading: Reading): string[] => {
  const tags = keywords(reading.material, 3).map((word) => `#${word.replace(/[^\p{L}\p{N}]/gu, '')}`);
  const lines = reading.sentences.slice(0, 2).map((sentence) => clipped(bare(sentence), 160));
  return [`New: ${quoted(reading)}.`, ...lines.slice(1).map((line) => `Good to know: ${line}.`), tags.join(' ')];
};

const bullets = (reading: Reading): string[] => [
  reading.sentences
    .slice(0, 5)
    .map((sentence) => `- ${clipped(bare(sentence), 160)}`)
    .join('\n'),
];

function article(reading: Reading): string[] {
  const words = keywords(reading.material, 6);
  const title = reading.fields.get('title') ?? reading.fields.get('product') ?? capital(words.slice(0, 3).join(', '));
  const audience = reading.fields.get('audience');
  const points = reading.sentences.slice(0, 6).map((sentence) => clipped(bare(sentence), 220));
  const body = points.slice(1).map((point) => `${capital(point)}. That is what makes the difference in daily work.`);
  return [
    `# ${title}`,
    `${capital(points[0] ?? title)}.${audience ? ` Written for ${audience}.` : ''}`,
    ...body,
    `In short: ${words.slice(0, 4).join(', ')}. Try it, and tell us what you think.`,
  ];
}

const plain = (reading: Reading): string[] => [
  `About “${quoted(reading)}”:`,
  `What stands out is ${keywords(reading.material, 4).join(', ') || 'little so far'}. ${reading.sentences.length > 1 ? `It also says: ${clipped(reading.sentences.at(-1) ?? '', 160)}` : ''}`.trim(),
];

const FORMS: readonly [RegExp, (reading: Reading) => string[]][] = [
  [/\b(summar(y|i[sz]e)|tl;?dr|abstract|in a nutshell)\b/i, summary],
  [/\b(social|snippets?|tweets?|linkedin|instagram|posts?\b(?! office)|caption)\b/i, social],
  [/\b(bullets?|bulleted|list of|checklist)\b/i, bullets],
  [/\b(article|blog|essay|announcement|press release|long draft|landing page|newsletter|launch copy|marketing|product page|content)\b/i, article],
  [/\b(reply|respond|answer|customer|support|e-?mail|letter|draft|message)\b/i, reply],
];

/** The most words or characters that the instructions allow. */
function limitOf(instructions: string): (text: string) => string {
  const [, words] = /\b(?:at most|under|max(?:imum)?|no more than|up to|within|below|in)\s+(?:of\s+)?(\d{1,4})\s+words?\b/i.exec(instructions) ?? [];
  const [, characters] = /\b(?:at most|under|max(?:imum)?|no more than|up to|within|below)\s+(?:of\s+)?(\d{2,5})\s+char/i.exec(instructions) ?? [];
  return (text) => {
    const fewer = words
      ? (text.match(/\S+\s*/g) ?? [])
          .slice(0, Math.max(1, Number(words) - 2))
          .join('')
          .trimEnd()
      : text;
    return characters ? clipped(fewer, Math.max(20, Number(characters) - DEMO_MARK.length - 2)) : fewer;
  };
}

/** Writes a text by what the instructions ask for: a reply, a summary, a post, a list, an article. Without the mark. */
export function writeText(reading: Reading): string {
  // What stands first in the instructions is the task; what follows tells about tone and circumstances.
  const found = FORMS.map(([pattern, form]) => ({ form, at: reading.instructions.search(pattern) }))
    .filter(({ at }) => at >= 0)
    .sort((one, two) => one.at - two.at);
  const feedback = reading.fields.get('reviewer comment') ?? reading.fields.get('comment') ?? reading.fields.get('feedback');
  const paragraphs = (found[0]?.form ?? plain)(reading);
  const revised = feedback ? [...paragraphs, `Changed after the review: ${clipped(feedback, 160)}`] : paragraphs;
  return limitOf(reading.instructions)(revised.filter((paragraph) => paragraph.trim() !== '').join('\n\n'));
}
