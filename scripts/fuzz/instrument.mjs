import { parseAst } from 'vitest/node';

/**
 * Source with a counter at the head of every block: function bodies, branches, loops, cases, and the
 * parts of an expression that need not be evaluated. Numbers begin at `first`; the counters are the
 * Uint8Array `globalThis.hits`. Types stay: Bun takes them out.
 *
 * Instead of jazzer.js: that is a native libFuzzer for Node, and the program runs on Bun, whose
 * engine and regular expressions are other ones.
 *
 * @param {string} source @param {number} first
 * @returns {{ code: string, blocks: number, words: string[] }} `words`: its string literals
 */
export function instrument(source, first) {
  /** @type {{ at: number, text: string, closes: boolean }[]} */
  const added = [];
  /** @type {Set<string>} */
  const words = new Set();
  let blocks = 0;

  const count = () => `hits[${first + blocks++}]++`;
  const open = (/** @type {number} */ at, /** @type {string} */ text) =>
    added.push({ at, text, closes: false });
  const close = (/** @type {number} */ at, /** @type {string} */ text) =>
    added.push({ at, text, closes: true });

  /** @param {any} node */
  function countExpression(node) {
    open(node.start, `(${count()},`);
    close(node.end, ')');
  }

  /** @param {any} node */
  function countStatement(node) {
    if (node.type === 'BlockStatement') return void open(node.start + 1, `${count()};`);
    open(node.start, `{${count()};`);
    close(node.end, '}');
  }

  /** @param {any} node */
  function visit(node) {
    switch (node.type) {
      case 'FunctionDeclaration':
      case 'FunctionExpression':
        if (node.body) countStatement(node.body);
        break;
      case 'ArrowFunctionExpression':
        if (node.body.type === 'BlockStatement') countStatement(node.body);
        else countExpression(node.body);
        break;
      case 'IfStatement':
        countStatement(node.consequent);
        if (node.alternate) countStatement(node.alternate);
        break;
      case 'ForStatement':
      case 'ForOfStatement':
      case 'ForInStatement':
      case 'WhileStatement':
      case 'CatchClause':
        countStatement(node.body);
        break;
      case 'ConditionalExpression':
        countExpression(node.consequent);
        countExpression(node.alternate);
        break;
      case 'LogicalExpression':
        countExpression(node.right);
        break;
      case 'SwitchCase':
        if (node.consequent[0]) open(node.consequent[0].start, `${count()};`);
        break;
      case 'Literal':
        if (typeof node.value === 'string') words.add(node.value);
        break;
    }
    for (const value of Object.values(node)) {
      for (const child of Array.isArray(value) ? value : [value]) {
        if (typeof child?.type === 'string') visit(child);
      }
    }
  }

  visit(parseAst(source, { lang: 'ts' }));
  return { code: insert(source, added), blocks, words: [...words] };
}

/**
 * Where several things stand at one place, what closes comes first, the innermost of it in front.
 *
 * @param {string} source @param {{ at: number, text: string, closes: boolean }[]} added
 */
function insert(source, added) {
  const closing = added.filter(({ closes }) => closes).reverse();
  const opening = added.filter(({ closes }) => !closes);
  let code = '';
  let done = 0;
  for (const { at, text } of [...closing, ...opening].sort((a, b) => a.at - b.at)) {
    code += source.slice(done, at) + text;
    done = at;
  }
  return code + source.slice(done);
}
