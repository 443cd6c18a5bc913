/** The smallest program for macOS that Bun's compiler takes for its runtime, so that no test needs the real one. */
const PAGE = 16_384;
const CPUS = { x64: 0x1000007, arm64: 0x100000c };
const SEGMENT_SIZE = 72;
const SECTION_SIZE = 80;
/** In the place of its makers' signature: no blobs at all. */
const FOREIGN = Buffer.alloc(1000, 0xee);
/** The rest of its last segment: the last page that is signed is not full. */
const SYMBOLS = Buffer.alloc(304, 0x5a);

interface Segment {
  name: string;
  start: number;
  size: number;
  section?: string;
}

export function tinyMachO(cpu: keyof typeof CPUS): Buffer {
  const linkedit = { name: '__LINKEDIT', start: 2 * PAGE, size: SYMBOLS.length + FOREIGN.length };
  const commands = [
    segment({ name: '__TEXT', start: 0, size: PAGE }),
    segment({ name: '__BUN', start: PAGE, size: PAGE, section: '__bun' }),
    segment(linkedit),
    numbers(0x1d, 16, linkedit.start + SYMBOLS.length, FOREIGN.length),
  ];
  const size = commands.reduce((sum, { length }) => sum + length, 0);
  const header = numbers(0xfeedfacf, CPUS[cpu], 0, 2, commands.length, size, 0, 0);
  const code = Buffer.alloc(linkedit.start);
  Buffer.concat([header, ...commands]).copy(code);
  return Buffer.concat([code, SYMBOLS, FOREIGN]);
}

/** mach-o/loader.h: segment_command_64, and section_64. */
function segment({ name, start, size, section }: Segment): Buffer {
  const range = Buffer.alloc(32);
  const bounds = [0x1_0000_0000 + start, size, start, size];
  for (const [at, bound] of bounds.entries()) range.writeBigUInt64LE(BigInt(bound), 8 * at);
  const sections = section === undefined ? 0 : 1;
  return Buffer.concat([
    numbers(0x19, SEGMENT_SIZE + sections * SECTION_SIZE),
    text(name),
    range,
    numbers(7, 7, sections, 0),
    ...(section === undefined
      ? []
      : [text(section), text(name), range.subarray(0, 16), numbers(start, 14, 0, 0, 0, 0, 0, 0)]),
  ]);
}

function text(content: string): Buffer {
  const bytes = Buffer.alloc(16);
  bytes.write(content);
  return bytes;
}

function numbers(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [at, value] of values.entries()) bytes.writeUInt32LE(value, 4 * at);
  return bytes;
}
