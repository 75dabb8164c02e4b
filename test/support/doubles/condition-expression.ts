/** Evaluates the conditions that our stores write: AND, OR, NOT, comparisons, attribute functions. */
const TOKEN = /\s*(<>|<=|>=|[()=<>,]|[#:]?[A-Za-z_][\w.#]*)/gy;

type Members = Readonly<Record<string, unknown>>;

export function conditionHolds(text: string, item: Members, values: Members): boolean {
  const reader = new Reader(tokens(text), item, values);
  const result = reader.either();
  if (!reader.done()) throw new Error(`condition not understood: ${text}`);
  return result;
}

function tokens(text: string): readonly string[] {
  const found: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const match = TOKEN.exec(text);
    if (!match) throw new Error(`condition not understood: ${text}`);
    found.push(match[1]!);
  }
  return found;
}

class Reader {
  #at = 0;
  readonly #tokens: readonly string[];
  readonly #item: Members;
  readonly #values: Members;

  constructor(list: readonly string[], item: Members, values: Members) {
    this.#tokens = list;
    this.#item = item;
    this.#values = values;
  }

  done(): boolean {
    return this.#at === this.#tokens.length;
  }

  either(): boolean {
    let result = this.#both();
    while (this.#take('OR')) result = this.#both() || result;
    return result;
  }

  #both(): boolean {
    let result = this.#one();
    while (this.#take('AND')) result = this.#one() && result;
    return result;
  }

  #one(): boolean {
    if (this.#take('NOT')) return !this.#one();
    if (this.#take('(')) {
      const result = this.either();
      this.#expect(')');
      return result;
    }
    const word = this.#next();
    if (this.#take('(')) return this.#call(word);
    return this.#compare(this.#operand(word));
  }

  #call(name: string): boolean {
    const first = this.#operand(this.#next());
    const second = this.#take(',') ? this.#operand(this.#next()) : undefined;
    this.#expect(')');
    if (name === 'attribute_exists') return first !== undefined;
    if (name === 'attribute_not_exists') return first === undefined;
    if (name === 'begins_with') return String(first).startsWith(String(second));
    if (name === 'contains') return Array.isArray(first) && first.includes(second);
    throw new Error(`function not understood: ${name}`);
  }

  #compare(left: unknown): boolean {
    const operator = this.#next();
    const right = this.#operand(this.#next());
    if (operator === '=') return left !== undefined && same(left, right);
    if (operator === '<>') return !same(left, right);
    if (left === undefined || typeof left !== typeof right) return false;
    const [a, b] = [left as number, right as number];
    if (operator === '<') return a < b;
    if (operator === '<=') return a <= b;
    if (operator === '>') return a > b;
    if (operator === '>=') return a >= b;
    throw new Error(`operator not understood: ${operator}`);
  }

  #operand(word: string): unknown {
    if (word.startsWith(':')) {
      if (!(word.slice(1) in this.#values)) throw new Error(`no value for ${word}`);
      return this.#values[word.slice(1)];
    }
    let value: unknown = this.#item;
    for (const step of word.split('.')) {
      value = (value as Members | undefined)?.[step.replace(/^#/, '')];
    }
    return value;
  }

  #next(): string {
    const token = this.#tokens[this.#at];
    if (token === undefined) throw new Error('the condition ends too early');
    this.#at += 1;
    return token;
  }

  #take(token: string): boolean {
    if (this.#tokens[this.#at] !== token) return false;
    this.#at += 1;
    return true;
  }

  #expect(token: string): void {
    if (!this.#take(token)) throw new Error(`the condition lacks ${token}`);
  }
}

function same(left: unknown, right: unknown): boolean {
  if (left instanceof Uint8Array && right instanceof Uint8Array) {
    return Buffer.from(left).equals(right);
  }
  return left === right;
}
