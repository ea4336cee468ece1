import type { Reference } from '../../expression/references.ts';

interface Member {
  /** Some reference reads it as one that may be missing. */
  asked: boolean;
  readonly members: Map<string, Member>;
}

const newMember = (): Member => ({ asked: false, members: new Map() });

/** The values that the expressions of one field accept as missing: they read them with `.?`, or check them with has(…). */
export class AskedFor {
  readonly #root = newMember();

  constructor(references: readonly Reference[]) {
    for (const { root, path, optionalFrom } of references) {
      let member = memberOf(this.#root, root);
      for (const [index, name] of path.entries()) {
        member = memberOf(member, name);
        if (optionalFrom !== undefined && optionalFrom <= index) member.asked = true;
      }
    }
  }

  /** Whether a reference starts with this name. */
  hasRoot(root: string): boolean {
    return this.#root.members.has(root);
  }

  /** Whether a reference tolerates a missing last member of this path. */
  has(root: string, path: readonly string[]): boolean {
    let member = this.#root.members.get(root);
    for (const name of path) member = member?.members.get(name);
    return member?.asked ?? false;
  }
}

function memberOf({ members }: Member, name: string): Member {
  const known = members.get(name);
  if (known) return known;
  const made = newMember();
  members.set(name, made);
  return made;
}
