import {
  compileTemplate,
  MissingInputError,
  MissingValueError,
  type Template,
} from '../../../../shared/integration/template/template.ts';

function template(text: string): Template {
  const compiled = compileTemplate(text, ['conn', 'params']);
  if ('fault' in compiled) throw new Error(compiled.fault);
  return compiled;
}

describe('a template', () => {
  it('looks up each path and encodes what it finds', () => {
    const scope = { conn: { a: 'x y' }, params: { b: 2 } };

    expect(template('/{{conn.a}}/{{ params.b }}').render(scope, encodeURIComponent)).toBe(
      '/x%20y/2',
    );
  });

  it('does not evaluate what it finds', () => {
    expect(
      template('{{conn.a}}').render({ conn: { a: '{{params.b}}' }, params: { b: 'secret' } }),
    ).toBe('{{params.b}}');
  });

  it.each([{}, { params: {} }, { params: { a: null } }, { params: { a: { b: 1 } } }])(
    'fails where the value is missing or no scalar: %p',
    (scope) => {
      expect(() => template('{{params.a}}').render(scope)).toThrow(MissingValueError);
    },
  );

  it('says which input of the connection is missing, and that connecting finds it', () => {
    const render = () => template('{{conn.instance_url}}').render({ conn: {} });

    expect(render).toThrow(MissingInputError);
    expect(render).toThrow('verify it');
  });

  it('does not look up what an object inherits', () => {
    expect(() => template('{{params.constructor}}').render({ params: {} })).toThrow(
      MissingValueError,
    );
  });

  it('yields the value itself where it is nothing but one path', () => {
    expect(template('{{params.a}}').value({ params: { a: { b: [1] } } })).toEqual({ b: [1] });
  });

  it('yields text where it is more than one path', () => {
    expect(template('n{{params.a}}').value({ params: { a: 1 } })).toBe('n1');
  });
});
