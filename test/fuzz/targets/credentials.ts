import { formatCredentials, parseCredentials } from '../../../src/protocol/wire.ts';
import { CANARY, isOneLine, jsonOf, must, mustEqual, orRefusal, type Target } from '../target.ts';

const example = (ServerURL: string, Username: string) =>
  JSON.stringify({ ServerURL, Username, Secret: CANARY });

/** What `store` reads, and what `get` makes of it. */
export function credentials(): Target {
  return {
    files: ['protocol/wire.ts'],
    isJson: true,
    seeds: [
      example('us.icr.io', 'iamapikey'),
      example('https://index.docker.io/v1/', 'anna'),
      `${example('a\u2028b', '\u0000')}\n`,
      '{"ServerURL":"x","Username":"","Secret":null}',
      '{"__proto__":{"ServerURL":"x"}}',
      '[]',
      'null',
    ],
    words: ['ServerURL', 'Username', 'Secret', '__proto__', 'toString'],
    check: (input) => {
      const parsed = orRefusal(() => parseCredentials(input), input);
      if (parsed === null) return;
      const { ServerURL, Username, Secret } = jsonOf(input) as Record<string, unknown>;
      must(isOneLine(parsed.serverURL) && isOneLine(parsed.username), 'a control character came through');
      mustEqual(
        [parsed.serverURL, parsed.username, parsed.secret.reveal()],
        [ServerURL, Username, Secret],
        'read',
      );
      const answer = formatCredentials(parsed);
      must(!/[\r\n]/.test(answer), 'the answer has more than one line');
      const expected = JSON.stringify({ ServerURL, Username, Secret });
      must(answer === expected, `answered ${answer} instead of ${expected}`);
    },
  };
}
