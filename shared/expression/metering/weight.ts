/** The amount of data: the elements of lists and objects, and about how many characters its JSON has. */
export interface Weight {
  readonly elements: number;
  readonly characters: number;
}

/** Beyond this many elements, data counts as the heaviest, to keep weighing cheap. */
const MOST_WEIGHED = 500_000;
const HEAVIEST: Weight = { elements: MOST_WEIGHED, characters: 64_000_000 };

/** Whether data has reached the maximum weight. */
export const isHeaviest = (data: object): boolean => weightOf(data).characters >= HEAVIEST.characters;

/** A number, true, false, or null, with its comma. */
const SCALAR = 8;
/** Quotes or brackets, and a comma or colon. */
const MARKS = 3;

const known = new WeakMap<object, Weight>();

/** The weight of JSON data, which must not change. Walks it once. */
export function weightOf(data: object): Weight {
  const weighed = known.get(data);
  if (weighed) return weighed;
  const weight = weigh(data);
  known.set(data, weight);
  return weight;
}

function weigh(data: object): Weight {
  let elements = 0;
  let characters = 0;
  const open: object[] = [data];
  const add = (value: unknown): void => {
    elements++;
    if (typeof value === 'string') characters += value.length + MARKS;
    else if (typeof value === 'object' && value !== null) open.push(value);
    else characters += SCALAR;
  };
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    characters += MARKS;
    if (elements + (Array.isArray(next) ? next.length : 0) > MOST_WEIGHED) return HEAVIEST;
    if (Array.isArray(next)) for (const item of next) add(item);
    else
      for (const name of Object.keys(next)) {
        characters += name.length + MARKS;
        add((next as Record<string, unknown>)[name]);
      }
  }
  return { elements, characters };
}
