// Makes one call after the other of what `io` is in this runtime, and prints what came of each.
import { io } from '../../src/io.ts';

const [folder = ''] = process.argv.slice(2);

const bytes = (size: number) => new Uint8Array(size);
const open = (name: string) => io.open(`${folder}/${name}`);
const kind = (status: ReturnType<typeof io.statusOf>) =>
  status && [
    status.isFile(),
    status.isDirectory(),
    status.isCharacterDevice(),
    status.mode,
    status.uid,
    status.gid,
  ];

function readAll(name: string, size: number): unknown {
  const file = open(name);
  if (file === null) return null;
  const buffer = bytes(size);
  const counts = [io.read(file, buffer), io.read(file, bytes(size))];
  io.close(file);
  return [counts, new TextDecoder().decode(buffer)];
}

const CALLS: Record<string, () => unknown> = {
  'a file': () => readAll('file', 10),
  'a file that is longer': () => readAll('file', 3),
  'an empty file': () => readAll('empty', 4),
  'a name of several bytes a letter': () => readAll('größe-€', 4),
  'a missing file': () => open('missing'),
  'a file in a missing folder': () => open('missing/file'),
  'a file below a file': () => open('file/file'),
  'a name with a zero byte': () => open('file\0.txt'),
  'a file that others may not read': () => open('closed'),
  'a folder': () => readAll('folder', 4),
  'a pipe that nobody writes into': () => readAll('pipe', 4),
  'a link': () => readAll('link', 10),
  'a link in a circle': () => open('circle'),
  'the status of a file': () => kind(io.statusOf(`${folder}/file`)),
  'the status of a closed file': () => kind(io.statusOf(`${folder}/closed`)),
  'the status of a folder': () => kind(io.statusOf(`${folder}/folder`)),
  'the status of a link': () => kind(io.statusOf(`${folder}/link`)),
  'the status of nothing': () => kind(io.statusOf(`${folder}/missing`)),
  'the status of a name with a zero byte': () => kind(io.statusOf(`${folder}/file\0`)),
  'the status of an open file': () => kind(io.status(open('file') ?? -1)),
  'the status of a device': () => kind(io.status(io.open('/dev/null') ?? -1)),
  'the status of a file that is not open': () => kind(io.status(2 ** 20)),
  'reading what is not open': () => io.read(2 ** 20, bytes(1)),
  'writing into a file that is open to read': () => io.write(open('file') ?? -1, bytes(1)),
  'writing into nothing': () => io.write(2 ** 20, bytes(1)),
  'names in a folder': () => io.list(`${folder}/folder`).sort(),
  'names in a file': () => io.list(`${folder}/file`),
};

function outcome(call: () => unknown): unknown {
  try {
    return call();
  } catch (error) {
    const { code, path } = error as NodeJS.ErrnoException;
    return { code, path };
  }
}

const outcomes = Object.entries(CALLS).map(([name, call]) => [name, outcome(call)]);
console.log(JSON.stringify({ waits: io.awaitInput !== undefined, outcomes: Object.fromEntries(outcomes) }));
