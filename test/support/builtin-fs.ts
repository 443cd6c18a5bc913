type Fs = typeof import('node:fs');

/** For those who do not import node:fs but ask for it when they need it (src/io/node.ts). */
export function placeBuiltinFs(fs: Fs): Fs {
  const original = process.getBuiltinModule;
  process.getBuiltinModule = ((id: string) =>
    id === 'node:fs' ? fs : original(id)) as typeof process.getBuiltinModule;
  return fs;
}
