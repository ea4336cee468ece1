/*
 * Vocabulary of the demo provider: what counts as a word, which forms are the same word, and which words are near synonyms. General English,
 * so that it works for new labels and messages too.
 */

const FILLERS = new Set(
  (
    'a about after again all also am an and any are as at be been before being but by can could did do does for from get got had has have he her here him his how i if in into is it its ' +
    'just like me more most my no nor not of off on once only or other our out over own please same she should so some still such than that the their them then there these they this those ' +
    'to too up us very was we were what when where which while who whom why will with would you your im ive dont cant wont isnt etc eg ie label message customer text user new use ' +
    'last next since today yesterday tomorrow every each many much day days week weeks month months ' +
    'one two three four five six seven eight nine ten'
  ).split(' '),
);

/** Words about the same topic. Any of them in a label's description adds the others, at less weight. */
const GROUPS: readonly string[] = [
  'billing bill invoice charge payment pay paid price pricing cost expensive fee subscription plan card receipt credit vat tax overcharge',
  'refund reimburse reimbursement moneyback chargeback repay return',
  'technical tech bug error crash broken fail failure freeze frozen glitch outage upload download install load sync slow lag defect malfunction export import connect screen timeout blank stuck notification unresponsive',
  'access login signin password locked lockout reset passcode authentication 2fa mfa credential username unlock verify verification',
  'urgent urgency asap immediately emergency critical outage down blocked blocking deadline severe production high',
  'sales buy purchase quote demo enterprise upgrade trial pricing discount lead vendor procurement',
  'praise thanks thank great love happy awesome excellent compliment wonderful positive delighted',
  'complaint angry terrible unacceptable disappointed furious awful horrible negative worst frustrated rude',
  'shipping delivery deliver ship package parcel arrive courier tracking shipment late',
  'cancel cancellation terminate unsubscribe close stop quit',
  'feature suggestion wish improvement improve idea enhancement roadmap request',
  'spam lottery winner prize click casino crypto unsolicited',
  'legal lawyer sue court gdpr privacy contract compliance attorney liability',
  'security hack hacked breach phishing stolen fraud suspicious compromised vulnerability',
  'job career hiring apply application candidate resume recruiter vacancy',
  'question how help guide documentation explain instruction information',
  'howto help guide documentation instruction tutorial manual',
];

/** Reduces a word to a stem: plural, tense, and a few endings. */
export function stem(word: string): string {
  const bare = word.toLowerCase().replace(/['’]s?$/, '');
  if (bare.length <= 3) return bare;
  const cut = bare
    .replace(/(ies)$/, 'y')
    .replace(/(sses|shes|ches|xes)$/, (ending) => ending.slice(0, -2))
    .replace(/([^s])s$/, '$1')
    .replace(/(ing|edly|ed|ation|ment|ly)$/, (ending) => (bare.length - ending.length >= 3 ? '' : ending));
  return cut.replace(/(.)\1$/, (pair, letter: string) => (/[bdgmnprt]/.test(letter) ? letter : pair)).replace(/(?<=..)e$/, '');
}

/** Phrases that count as one word, and their stem. */
const PHRASES: readonly [RegExp, string][] = [
  [/\b(?:log|sign)(?:ged|ging)?[ -]?in\b/gi, 'login'],
  [/\bmoney back\b/gi, 'moneyback'],
  [/\btim(?:e|es|ed|ing)[ -]?outs?\b/gi, 'timeout'],
  [/\b(?:how[ -]?to|how (?:do|can|would|should) (?:i|we|you)|where (?:do|can) (?:i|we))\b/gi, 'howto'],
];
/** Joins the words of a phrase. Never occurs in texts. */
const TIE = '\uE000';

/** The content words of a text, as stems with their original word or phrase, in order. */
export function tellingWords(text: string): { stem: string; word: string }[] {
  const stems = new Map<string, string>();
  const tied = PHRASES.reduce(
    (whole, [pattern, stands]) =>
      whole.replace(pattern, (phrase) => {
        const word = phrase.replace(/[ -]/g, TIE);
        stems.set(word, stem(stands));
        return word;
      }),
    text.replace(/[_/]/g, ' '),
  );
  const words = tied.normalize('NFC').match(/[\p{L}\p{N}][\p{L}\p{N}'’\uE000]*/gu) ?? [];
  return words
    .filter((word) => word.length > 1 && !FILLERS.has(word.toLowerCase().replace(/['’]/g, '')))
    .map((word) => ({ stem: stems.get(word) ?? stem(word), word: word.replaceAll(TIE, ' ') }));
}

const groupsOfStem = new Map<string, Set<string>>();
for (const group of GROUPS) {
  const stems = group.split(' ').map(stem);
  for (const one of stems) groupsOfStem.set(one, new Set([...(groupsOfStem.get(one) ?? []), ...stems]));
}

/** Near synonyms of this stem, without itself. */
export const related = (one: string): ReadonlySet<string> => {
  const all = new Set(groupsOfStem.get(one));
  all.delete(one);
  return all;
};

const PRESSING =
  /\b(urgent(ly)?|asap|immediately|emergency|critical|outage|down|block(ed|ing)|cannot|can['’]t|right now|today|deadline|crash(es|ed|ing)?|lost|angry|furious|unacceptable|lawyer|!!+)/gi;
const CALM = /\b(no rush|no hurry|whenever|when you have time|just wondering|curious|minor|small|low priority|thanks?|someday)\b/gi;

/** How urgent a text sounds, 0 to 1. 0.4 is neutral. */
export function pressure(text: string): number {
  const up = text.match(PRESSING)?.length ?? 0;
  const down = text.match(CALM)?.length ?? 0;
  return Math.max(0.05, Math.min(0.97, 0.4 + 0.2 * up - 0.15 * down));
}
