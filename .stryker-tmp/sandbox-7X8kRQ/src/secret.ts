const values = new WeakMap<Secret, string>();

/**
 * A secret that cannot be printed by accident: it shows as `[secret]` in templates, JSON and
 * inspection. `reveal()` is the one way to the value, so that every use can be found by searching.
 */
export class Secret {
  constructor(value: string) {
    values.set(this, value);
  }

  reveal(): string {
    return values.get(this) ?? '';
  }

  toString(): string {
    return '[secret]';
  }

  toJSON(): string {
    return '[secret]';
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '[secret]';
  }
}
