/** What our documents consist of. */
export interface Branch {
  readonly [key: string]: string | Branch | readonly Branch[];
}

/**
 * A document in block style. Every value, and every key that is more than a word, is quoted as JSON,
 * whose strings YAML 1.2 takes as they are: nothing in one can be read as anything but text.
 */
export function toYaml(branch: Branch, indent = ''): string {
  return Object.entries(branch)
    .map(([key, value]) => {
      const name = /^[a-z]+$/i.test(key) ? key : JSON.stringify(key);
      return `${indent}${name}:${below(value, indent)}`;
    })
    .join('');
}

function below(value: string | Branch | readonly Branch[], indent: string): string {
  if (typeof value === 'string') return ` ${JSON.stringify(value)}\n`;
  if (!isList(value)) return `\n${toYaml(value, `${indent}  `)}`;
  return `\n${value.map((item) => `${indent}  - ${toYaml(item, `${indent}    `).trimStart()}`).join('')}`;
}

function isList(value: Branch | readonly Branch[]): value is readonly Branch[] {
  return Array.isArray(value);
}
