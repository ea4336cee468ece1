import { Parser } from 'htmlparser2';
import { DEEPEST_JSON } from '../../json.ts';
import { ExpressionFault } from '../expression-fault.ts';
import { visit } from '../metering/meter.ts';

/** Reading this many characters takes as long as visiting an element. */
const CHARACTERS_PER_VISIT = 24;
/** An element or attribute takes this many times as long as visiting one. */
const VISITS_PER_NAME = 2;

type Fields = Map<string, unknown>;
interface Open {
  readonly name: string;
  readonly fields: Fields;
  text: string;
}

/** Adds a field. Repeated ones become a list. */
function add(fields: Fields, name: string, value: unknown): void {
  const known = fields.get(name);
  if (known === undefined) fields.set(name, value);
  else if (Array.isArray(known)) known.push(value);
  else fields.set(name, [known, value]);
}

/** An element that has only text is that text. Otherwise, text is in the field `#text`. */
function contentOf({ fields, text }: Open): unknown {
  const own = text.trim();
  if (fields.size === 0) return own;
  if (own !== '') fields.set('#text', own);
  return fields;
}

export interface XmlLimits {
  /** Called before work that takes as long as visiting so many elements. May throw. */
  readonly visit?: (count: number) => void;
  /** The error for a text that is not XML. `why` follows a subject: “is nested too deep”. */
  fault(why: string): Error;
}

/** `parseXml` of expressions. */
export const parseXml = (text: string): ReadonlyMap<string, unknown> =>
  readXml(text, { visit, fault: (why) => new ExpressionFault(`parseXml() got text that ${why}`) });

/**
 * XML as objects: elements by name, repeated ones as a list, attributes with `@` before their names. Entities other than those of XML itself stay as
 * they are, so a document type can’t multiply text.
 */
export function readXml(text: string, { visit = () => {}, fault }: XmlLimits): ReadonlyMap<string, unknown> {
  const broken = (what: string): Error => fault(`is not XML: ${what}`);
  visit(Math.floor(text.length / CHARACTERS_PER_VISIT));
  const root: Open = { name: '', fields: new Map(), text: '' };
  const open: Open[] = [root];
  const parser = new Parser(
    {
      onattribute: () => visit(VISITS_PER_NAME),
      onopentag(name, attributes) {
        visit(VISITS_PER_NAME);
        if (open.length > DEEPEST_JSON) throw fault(`is nested more than ${DEEPEST_JSON} levels deep`);
        if (open.length === 1 && root.fields.size > 0) throw broken('it has more than one root element');
        open.push({ name, fields: new Map(Object.entries(attributes).map(([attribute, value]) => [`@${attribute}`, value])), text: '' });
      },
      ontext(piece) {
        visit(1);
        const last = open.at(-1) ?? root;
        if (last === root && piece.trim() !== '') throw broken('it has text outside of the root element');
        last.text += piece;
      },
      onclosetag(name, isImplied) {
        const closed = open.pop();
        const outer = open.at(-1);
        if (!closed || !outer || (isImplied && !isSelfClosed(parser, text))) throw broken(`<${name.slice(0, 100)}> is not closed`);
        add(outer.fields, name, contentOf(closed));
      },
    },
    { xmlMode: true },
  );
  parser.end(text);
  if (root.fields.size === 0) throw broken('it has no element');
  return root.fields;
}

/** The parser reports `<a/>` like an element without an end. */
const isSelfClosed = (parser: Parser, text: string): boolean => text.slice(parser.startIndex, parser.endIndex + 1).endsWith('/>');
