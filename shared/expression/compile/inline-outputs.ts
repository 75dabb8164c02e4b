/** `$map`, `$filter` and `$sift` with the function written in the call, where their result leaves. */
import type { CallNode } from '../ast.ts';
import type { Evaluate } from '../frame.ts';
import { plainResult } from '../result.ts';
import type { Scope } from '../scope.ts';
import type { CompileContext, Output } from './context.ts';
import { type Body, eachFrame, inlineCall, siftMembers } from './inline-calls.ts';

const ITEM_BYTES = 8;

export function compileInlineOutput(
  node: CallNode,
  scope: Scope,
  context: CompileContext,
): Output | undefined {
  const call = inlineCall(node, scope, context);
  if (!call) return undefined;
  const { name, from, body } = call;
  if (name === 'sift') return { run: siftMembers(from, body, node.position, true), isPlain: true };
  return { run: name === 'map' ? mapOutput(from, body) : filterOutput(from, body), isPlain: true };
}

function mapOutput(from: Evaluate, body: Body): Evaluate {
  const { run, isPlain } = body.output();
  return (input, frame) => {
    const subject = from(input, frame);
    if (subject === undefined) return undefined;
    const { meter } = frame.run;
    const made: unknown[] = [];
    eachFrame(Array.isArray(subject) ? subject : [subject], frame, body, (_item, inner) => {
      const value = run(input, inner);
      if (value === undefined) return;
      made.push(isPlain && typeof value === 'object' ? value : plainResult(value, meter));
    });
    return unwrapped(made);
  };
}

function filterOutput(from: Evaluate, body: Body): Evaluate {
  const test = body.test();
  return (input, frame) => {
    const subject = from(input, frame);
    if (subject === undefined) return undefined;
    const { meter } = frame.run;
    const kept: unknown[] = [];
    eachFrame(Array.isArray(subject) ? subject : [subject], frame, body, (item, inner) => {
      if (test(input, inner)) kept.push(plainResult(item, meter));
    });
    meter.allocate(kept.length * ITEM_BYTES);
    return unwrapped(kept);
  };
}

/** As a sequence is: none is nothing, one is that one. */
function unwrapped(made: readonly unknown[]): unknown {
  return made.length > 1 ? made : made[0];
}
