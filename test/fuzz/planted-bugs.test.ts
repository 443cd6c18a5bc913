import { expect, it } from 'vitest';
import { fuzzTarget, makeCopy, type Plant } from '../../scripts/fuzz/campaign.mjs';

interface PlantedBug extends Plant {
  what: string;
  target: string;
  /** What the fuzzer says of it. */
  finding: RegExp;
}

/** One mistake of each kind that the targets are there to find. */
const BUGS: PlantedBug[] = [
  {
    what: 'a dot that stands for any character lets another host through',
    target: 'registry-host',
    file: 'registry-host.ts',
    from: String.raw`(?:[a-z]{2}\d?\.)?icr\.io$/`,
    to: String.raw`(?:[a-z]{2}\d?.)?icr\.io$/`,
    finding: /is no host of ICR/,
  },
  {
    what: 'a line separator comes through to whoever reads line by line',
    target: 'credentials',
    file: 'protocol/wire.ts',
    from: String.raw`\x7f-\x9f\u2028\u2029]/`,
    to: String.raw`\x7f-\x9f\u2028]/`,
    finding: /a control character came through/,
  },
  {
    what: 'a quotation mark inside a string ends it, and an edit lands elsewhere',
    target: 'client-file',
    file: 'clients/json-text.ts',
    from: String.raw`"(?:[^"\\]|\\.)*"`,
    to: String.raw`"(?:[^"\\]|\\[^"])*"?`,
    finding: /./,
  },
  {
    what: 'a damaged record ends in a TypeError',
    target: 'record',
    file: 'stores/records.ts',
    from: '  } catch {\n    // Not JSON, or of another shape',
    to: '  } catch (error) {\n    if (!(error instanceof SyntaxError)) throw error;\n    // Not JSON, or of another shape',
    finding: /TypeError/,
  },
  {
    what: 'a sealed file opens though its first byte was changed',
    target: 'sealed-entry',
    file: 'sealing.ts',
    from: 'file[0] !== VERSION || ',
    to: '',
    finding: /opens though it was changed/,
  },
  {
    what: 'a secret is cut off before it is hidden',
    target: 'iam-reply',
    file: 'iam/rejection.ts',
    from: "clip(text.replaceAll(grant.secret.reveal(), '[secret]'), length)",
    to: "clip(text, length).replaceAll(grant.secret.reveal(), '[secret]')",
    finding: /quotes a secret/,
  },
  {
    what: 'a loop does not end for a header of a certain kind',
    target: 'retry-after',
    file: 'retry.ts',
    from: 'if (value === null) return undefined;',
    to: "if (value === null) return undefined;\n  while (value.includes('  ')) value = value.replace('   ', ' ');",
    finding: /no answer within/,
  },
  {
    what: 'the end of an array is not looked at',
    target: 'bus-message',
    file: 'stores/dbus/message.ts',
    from: "    if (this.position > end) throw new RangeError('an element goes beyond its array');\n",
    to: '',
    finding: /./,
  },
];

it.concurrent.for(BUGS)('$what: found', async (bug, { expect, onTestFinished }) => {
  const copy = makeCopy([bug]);
  onTestFinished(() => copy.remove());
  const { failure, inputs } = await fuzzTarget(copy, bug.target, {
    seed: 20261121,
    inputs: 100_000,
    hangMs: 5_000,
  });
  expect(failure?.error).toMatch(bug.finding);
  console.log(`${bug.target}: ${bug.what}: found by input ${inputs}, ${JSON.stringify(failure?.input)}`);
});

it('what is planted must fit the source', () => {
  expect(() => makeCopy([{ file: 'sealing.ts', from: 'not in there', to: '' }])).toThrow('exactly once');
});
