// Which file of a source tree is the one that a profile names. Pure: paths in, paths out.
//
// A profile has the paths of the machine that built the program, or what -trimpath made of them; a tree has
// those of a folder here. What both end with is the same, so ends are compared, and what stands before them
// makes a rule: "/home/ci/app/ is app/". The rule that explains most files wins, and is applied to all.

/** A prefix in the profile, and the folder of the tree that it stands for. Both end with a slash or are empty. */
export interface Rule {
  from: string;
  to: string;
}

/** A rule with what it does. */
export interface Mapped extends Rule {
  /** Somebody wrote it; the others follow from the files. */
  own: boolean;
  /** Files of the profile that it finds. */
  files: number;
}

/** What was found. */
export interface Match {
  /** Path in the tree, by the path in the profile. */
  found: ReadonlyMap<string, string>;
  /** The rules in the order in which they are tried. */
  rules: readonly Mapped[];
}

/** Rules of one drop that are weighed exactly; those that fewer files speak for are not looked at. */
const MOST_RULES = 200;
/** Places of the tree that one file is looked for in: there are thousands of doc.go. */
const MOST_PLACES = 200;

/** A path with slashes only, and without drive letter, `.` and doubled slashes. */
export function plainPath(path: string): string {
  const slashed = path.replace(/\\/g, '/').replace(/^[A-Za-z]:(?=\/)/, '');
  const rooted = slashed.startsWith('/');
  const parts = slashed.split('/').filter((part) => part !== '' && part !== '.');
  return (rooted ? '/' : '') + parts.join('/');
}

/** A prefix as rules have it. */
export function plainPrefix(text: string): string {
  const path = plainPath(text.trim());
  return path === '' || path === '/' ? path : `${path}/`;
}

/** An element of a path as it is compared: the version that the module cache adds goes, `!a` is `A`. */
function comparable(part: string): string {
  return part.replace(/@v[^@]*$/, '').replace(/!([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function compared(path: string): string {
  // Most paths are as they are compared, and this is asked for each of them under each rule.
  if (!/[@!]/.test(path)) return path;
  return path.split('/').map(comparable).join('/');
}

/** What the compiler made: there is no such file anywhere. */
export function isMade(path: string): boolean {
  return path === '' || /(^|\/)(_cgo_[^/]*|_testmain\.go|<[^/]*>)$/.test(path);
}

/** Files of the standard library and of the module cache, by their paths on the machine that built. */
export function isLibrary(path: string): boolean {
  const plain = plainPath(path);
  // With -trimpath modules keep their version, and the standard library has no dot in its first element.
  return /(^|\/)pkg\/mod\/|@v\d|(^|\/)(usr\/(local|lib)\/)?go[\d.-]*\/src\/|^\$GOROOT|\/(toolchain|sdk)[^/]*\/.*\/src\//.test(plain)
    || /^(?!main\/|command-line)[a-z]\w*\/(?:\w+\/)*\w+\.(go|s)$/.test(plain);
}

/** The tree by exact path, by path without versions, and by file name. */
class Tree {
  private readonly exact = new Set<string>();
  private readonly loose = new Map<string, string>();
  private readonly named = new Map<string, string[]>();

  constructor(paths: readonly string[]) {
    for (const path of paths) {
      this.exact.add(path);
      const loose = compared(path);
      if (!this.loose.has(loose)) this.loose.set(loose, path);
      const name = lastPart(path);
      const same = this.named.get(name);
      if (same === undefined) this.named.set(name, [path]);
      else same.push(path);
    }
  }

  at(path: string): string | undefined {
    return this.exact.has(path) ? path : this.loose.get(compared(path));
  }

  called(name: string): readonly string[] {
    return this.named.get(name) ?? [];
  }
}

function lastPart(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Elements that both paths end with, and how many of them are equal to the letter. */
function commonEnd(one: readonly string[], other: readonly string[]): { length: number; exact: number } {
  let length = 0;
  let exact = 0;
  while (length < one.length && length < other.length) {
    const a = one[one.length - 1 - length] as string;
    const b = other[other.length - 1 - length] as string;
    if (a === '' || (a !== b && comparable(a) !== comparable(b))) break;
    if (a === b) exact++;
    length++;
  }
  return { length, exact };
}

function head(parts: readonly string[], end: number): string {
  const left = parts.slice(0, parts.length - end);
  return left.length === 0 ? '' : `${left.join('/')}/`;
}

/** The rules that would find a file where it ends like it most. */
function rulesFor(path: string, tree: Tree): Candidate[] {
  const parts = path.split('/');
  const own = !isLibrary(path);
  let best = { length: 0, exact: 0 };
  let rules: Candidate[] = [];
  for (const place of tree.called(lastPart(path)).slice(0, MOST_PLACES)) {
    const there = place.split('/');
    const end = commonEnd(parts, there);
    const isBetter = end.length > best.length || (end.length === best.length && end.exact > best.exact);
    if (isBetter) {
      best = end;
      rules = [];
    }
    if (end.length === best.length && end.exact === best.exact) {
      rules.push({ from: head(parts, end.length), to: head(there, end.length), strong: own && end.length > 1 });
    }
  }
  return rules;
}

/** Where a rule finds a file; undefined for nowhere. */
function apply(rule: Rule, path: string, tree: Tree): string | undefined {
  if (!path.startsWith(rule.from)) return undefined;
  // An empty prefix is for paths that begin nowhere in particular.
  if (rule.from === '' && path.startsWith('/')) return undefined;
  return tree.at(rule.to + path.slice(rule.from.length));
}

/**
 * Whether a rule is more than chance. One name that two trees share proves little where dozens of other
 * files should be found by it as well and are not; a folder and a name of the program's own are enough.
 */
function isSound({ strong }: Candidate, found: number, below: number): boolean {
  return found >= 3 || found * 2 >= below || (strong && found > 0);
}

interface Candidate extends Rule {
  /** It comes from a file that is of no library, and is called as its place here by more than its name. */
  strong: boolean;
}

interface Weighed extends Rule {
  found: number;
}

function weighed(rules: readonly Candidate[], paths: readonly string[], tree: Tree): Weighed[] {
  const all = rules.map((rule) => {
    const below = paths.filter((path) => path.startsWith(rule.from) && (rule.from !== '' || !path.startsWith('/')));
    return { ...rule, found: below.filter((path) => apply(rule, path, tree) !== undefined).length, below: below.length };
  });
  return all.filter((rule) => isSound(rule, rule.found, rule.below));
}

/** Most files first, then the longer prefix, then by name: the same for the same files in any order. */
function inOrder(one: Weighed, other: Weighed): number {
  return (
    other.found - one.found ||
    other.from.length - one.from.length ||
    compareText(one.from, other.from) ||
    compareText(one.to, other.to)
  );
}

function compareText(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

function guessed(paths: readonly string[], tree: Tree, removed: readonly Rule[]): Rule[] {
  const votes = new Map<string, { rule: Candidate; votes: number }>();
  for (const path of paths) {
    for (const rule of rulesFor(path, tree)) {
      if (removed.some((one) => one.from === rule.from && one.to === rule.to)) continue;
      const key = `${rule.from}\n${rule.to}`;
      const known = votes.get(key);
      if (known === undefined) votes.set(key, { rule, votes: 1 });
      else {
        known.votes++;
        known.rule.strong ||= rule.strong;
      }
    }
  }
  const heard = [...votes.values()].sort(
    (a, b) => b.votes - a.votes || compareText(a.rule.from, b.rule.from) || compareText(a.rule.to, b.rule.to),
  );
  const rules = heard.slice(0, MOST_RULES).map(({ rule }) => rule);
  return weighed(rules, paths, tree).sort(inOrder);
}

/**
 * Looks for every file of the profile in the tree: by the rules that somebody wrote, then by those that
 * follow from the files, without the ones that somebody removed. Rules that find nothing are left out,
 * unless somebody wrote them.
 */
export function matchSources(
  profile: readonly string[],
  tree: readonly string[],
  own: readonly Rule[] = [],
  removed: readonly Rule[] = [],
): Match {
  const index = new Tree(tree);
  const plain = new Map(profile.filter((path) => !isMade(path)).map((path) => [path, plainPath(path)]));
  const rules: Mapped[] = own.map((rule) => ({ ...rule, own: true, files: 0 }));
  for (const rule of guessed([...new Set(plain.values())], index, removed)) {
    if (!own.some(({ from }) => from === rule.from)) rules.push({ from: rule.from, to: rule.to, own: false, files: 0 });
  }
  const found = new Map<string, string>();
  for (const [path, as] of plain) {
    for (const rule of rules) {
      const place = apply(rule, as, index);
      if (place === undefined) continue;
      found.set(path, place);
      rule.files++;
      break;
    }
  }
  return { found, rules: rules.filter((rule) => rule.own || rule.files > 0) };
}

/**
 * The prefix to map when nothing was found: the folder that most of the hottest files lie in. `hottest` has the
 * heaviest first; files of libraries count only when there are no others.
 */
export function prefixToMap(hottest: readonly string[]): string {
  const real = hottest.filter((path) => !isMade(path));
  const own = real.filter((path) => !isLibrary(path));
  const paths = (own.length > 0 ? own : real).slice(0, 20).map(plainPath);
  const first = paths[0];
  if (first === undefined) return '';
  const folders = first.split('/').slice(0, -1);
  // From the whole folder of the hottest outwards, until it holds more than half of them.
  for (let end = folders.length; end > 0; end--) {
    const prefix = `${folders.slice(0, end).join('/')}/`;
    if (prefix !== '/' && paths.filter((path) => path.startsWith(prefix)).length * 2 > paths.length) return prefix;
  }
  return folders.length === 0 ? '' : `${folders.join('/')}/`;
}
