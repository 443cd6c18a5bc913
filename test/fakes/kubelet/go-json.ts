import { parseDocument } from 'yaml';

/**
 * A Go struct as its JSON tags have it: name to type. `?` is omitempty or a pointer: it may be absent.
 */
export type Struct = Readonly<Record<string, { type: FieldType; optional?: true }>>;
export type FieldType =
  | 'string'
  | 'boolean'
  | 'number'
  | 'any'
  | 'duration'
  | { list: 'string' | Struct }
  | { map: 'string' | Struct }
  | { struct: Struct };

/**
 * Strict decoding, as the kubelet's codec does it (serializer.EnableStrict): an unknown field, a
 * field given twice, another case or another type is an error. YAML is decoded by way of JSON, as there.
 */
export function decodeStrict(text: string, struct: Struct): Record<string, unknown> {
  const document = parseDocument(text, { uniqueKeys: true, strict: true });
  const [error] = document.errors;
  if (error) throw new Error(`strict decoding error: ${error.message}`);
  return checkStruct(document.toJS(), struct, '');
}

/** The same for what is decoded already. */
export function checkStrict(value: unknown, struct: Struct): void {
  checkStruct(value, struct, '');
}

function checkStruct(value: unknown, struct: Struct, path: string): Record<string, unknown> {
  const fields = object(value, path);
  for (const [name, content] of Object.entries(fields)) {
    const field = Object.hasOwn(struct, name) ? struct[name] : undefined;
    if (!field) throw new Error(`strict decoding error: unknown field "${path}${name}"`);
    if (content !== null) checkField(content, field.type, `${path}${name}`);
  }
  for (const [name, { optional }] of Object.entries(struct)) {
    if (!optional && (fields[name] ?? null) === null) throw new Error(`${path}${name}: Required value`);
  }
  return fields;
}

function checkField(value: unknown, type: FieldType, path: string): void {
  if (type === 'any') return;
  if (type === 'duration') parseGoDuration(value);
  else if (typeof type === 'string') {
    if (typeof value !== type) throw new Error(`${path}: ${typeof value} instead of ${type}`);
  } else if ('struct' in type) checkStruct(value, type.struct, `${path}.`);
  else if ('list' in type) {
    if (!Array.isArray(value)) throw new Error(`${path}: not a list`);
    for (const one of value) checkElement(one, type.list, path);
  } else for (const one of Object.values(object(value, path))) checkElement(one, type.map, path);
}

function checkElement(value: unknown, type: 'string' | Struct, path: string): void {
  if (type === 'string') checkField(value, type, path);
  else checkStruct(value, type, `${path}.`);
}

function object(value: unknown, path: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw new Error(`${path}: not an object`);
}

const UNITS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

/** metav1.Duration, which is time.ParseDuration: `"300s"`, `"1h30m"`; milliseconds. */
export function parseGoDuration(value: unknown): number {
  const wrong = new Error(`time: invalid duration ${JSON.stringify(value)}`);
  if (typeof value !== 'string') throw wrong;
  if (/^[+-]?0$/.test(value)) return 0;
  if (!/^[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|ms|s|m|h))+$/.test(value)) throw wrong;
  let total = 0;
  for (const [, number, unit = ''] of value.matchAll(/([\d.]+)(ns|us|µs|ms|s|m|h)/g))
    total += Number(number) * (UNITS[unit] ?? 0);
  return value.startsWith('-') ? -total : total;
}
