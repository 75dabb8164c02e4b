import {
  ExpressionBudgetError,
  ExpressionEvaluationError,
  ExpressionSyntaxError,
} from '#shared/expression/errors.ts';
import { compileExpression } from '#shared/expression/expression.ts';

function thrownBy(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

describe('compiling', () => {
  it('gives the same expression for the same text', () => {
    expect(compileExpression('a.b')).toBe(compileExpression('a.b'));
  });

  it('forgets texts that are long in all: what is made of them is longer by far', () => {
    const first = compileExpression('first.of.all');
    for (let turn = 0; turn < 20; turn += 1)
      compileExpression(`[${turn}${',a.b.c'.repeat(1_300)}]`);

    expect(compileExpression('first.of.all')).not.toBe(first);
  });

  it('says where a text is no expression', () => {
    const error = thrownBy(() => compileExpression('a + '));
    expect(error).toBeInstanceOf(ExpressionSyntaxError);
    expect(error).toMatchObject({ expressionCode: 'S0207', position: 4 });
  });

  it('refuses to evaluate text that is computed, saying where', () => {
    const error = thrownBy(() => compileExpression('a & $eval(b)'));
    expect(error).toMatchObject({ expressionCode: 'U0002', position: 10 });
  });

  it('refuses a regular expression that no machine can follow', () => {
    const error = thrownBy(() => compileExpression('a ~> /(?=(x+))\\1*y/'));
    expect(error).toMatchObject({ expressionCode: 'U0003' });
  });
});

describe('evaluating', () => {
  it('says where an operator failed, without the value', () => {
    const error = thrownBy(() => compileExpression('1 + name').evaluate({ name: 'Ada' }));
    expect(error).toBeInstanceOf(ExpressionEvaluationError);
    expect(error).toMatchObject({ expressionCode: 'T2002', position: 3 });
    expect(JSON.stringify(error) + String(error)).not.toContain('Ada');
  });

  it('takes time and chance from whoever compiles', () => {
    const expression = compileExpression('[$now(), $millis(), $random()]', {
      now: () => 1_700_000_000_000,
      random: () => 0.25,
    });
    expect(expression.evaluate(null)).toEqual([
      '2023-11-14T22:13:20.000Z',
      1_700_000_000_000,
      0.25,
    ]);
  });

  it('lets bindings give a built-in name another meaning', () => {
    expect(compileExpression('$sum').evaluate(null, { sum: 3 })).toBe(3);
  });

  it('does not change the input', () => {
    const input = { items: [] };
    compileExpression('items{"a": 1}').evaluate(input);
    expect(input).toEqual({ items: [] });
  });

  it('gives plain arrays and objects', () => {
    const result = compileExpression('{"list": items.a, "kept": items[0].a[]}').evaluate({
      items: [{ a: 1 }, { a: 2 }],
    });
    expect(result).toStrictEqual({ list: [1, 2], kept: [1] });
    for (const value of Object.values(Object(result))) {
      expect(Object.getPrototypeOf(value)).toBe(Array.prototype);
      expect(Object.getOwnPropertyNames(value)).toEqual(expect.not.arrayContaining(['sequence']));
    }
  });

  it('gives empty text for a function', () => {
    expect(compileExpression('{"f": $sum, "g": function($x){$x}}').evaluate(null)).toEqual({
      f: '',
      g: '',
    });
  });

  it('keeps prototype names as data', () => {
    const result = compileExpression('{"__proto__": 1, "constructor": 2}').evaluate(null);
    expect(Object.entries(Object(result))).toEqual([
      ['__proto__', 1],
      ['constructor', 2],
    ]);
  });

  it('does not see inherited members', () => {
    expect(compileExpression('[constructor, toString, a.__proto__]').evaluate({ a: {} })).toEqual(
      [],
    );
  });

  it('treats the marks of the reference as data', () => {
    const input = { a: { _jsonata_lambda: true } };
    expect(compileExpression('$boolean(a)').evaluate(input)).toBe(true);
  });
});

describe('budgets', () => {
  it.each([
    ['steps', '$map([1..100], function($i){$i})'],
    ['depth', '($f := function($n){1 + $f($n)}; $f(1))'],
    ['bytes', '$pad("x", 5000)'],
    ['sequence', '[1..60]'],
  ])('name what was exceeded: %s', (budget, text) => {
    const limits = { steps: 90, depth: 20, bytes: 4_000, sequence: 50 };
    const only = {
      steps: 1e6,
      depth: 400,
      bytes: 1e6,
      sequence: 1e6,
      [budget]: Object(limits)[budget],
    };
    const error = thrownBy(() => compileExpression(text, { budget: only }).evaluate(null));
    expect(error).toBeInstanceOf(ExpressionBudgetError);
    expect(error).toMatchObject({ code: 'expression_budget_exceeded', budget, detail: { budget } });
  });

  it('start anew with every evaluation', () => {
    const expression = compileExpression('$pad("x", 3000)', { budget: { bytes: 8_000 } });
    for (let turn = 0; turn < 10; turn += 1) expect(expression.evaluate(null)).toHaveLength(3000);
  });
});
