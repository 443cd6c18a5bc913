import { expect, it } from 'vitest';
import type { ClientFile } from '../../../src/clients/client-files.ts';
import { describeChange } from '../../../src/clients/diff.ts';
import { addHelpers, removeLogins } from '../../../src/clients/helper-entries.ts';

const file: ClientFile = { client: 'docker', path: '/c.json', variable: null, isTemporary: false };
const SECRET = 'c2VjcmV0OnNlY3JldA==';

function diff(before: string | null, after: string | null): string {
  return describeChange({ file, target: file.path, before, after, hosts: [] }).join('\n');
}

it('is what diff -u shows, without the secrets', () => {
  const before = JSON.stringify(
    { HttpHeaders: { a: SECRET }, auths: { 'us.icr.io': { auth: SECRET } } },
    null,
    2,
  );
  expect(diff(before, addHelpers(before, ['us.icr.io']))).toBe(`--- /c.json
+++ /c.json
@@ -6,5 +6,8 @@
     "us.icr.io": {
       "auth": "…"
     }
+  },
+  "credHelpers": {
+    "us.icr.io": "icr"
   }
 }
\\ No newline at end of file`);
});

it('has a hunk for each place', () => {
  const lines = Array.from({ length: 12 }, (_, index) => `  "a${index}": ${index},\n`).join('');
  const before = `{\n  "auths": {"us.icr.io": {"auth": "${SECRET}"}},\n${lines}  "z": 1\n}\n`;
  const after = removeLogins(addHelpers(before, ['us.icr.io']), () => true);
  expect(
    diff(before, after)
      .split('\n')
      .filter((line) => /^[@+-]/.test(line)),
  ).toEqual([
    '--- /c.json',
    '+++ /c.json',
    '@@ -1,5 +1,5 @@',
    '-  "auths": {"us.icr.io": {"auth": "…"}},',
    '+  "auths": {},',
    '@@ -12,5 +12,8 @@',
    '-  "z": 1',
    '+  "z": 1,',
    '+  "credHelpers": {',
    '+    "us.icr.io": "icr"',
    '+  }',
  ]);
});

it('hides secrets in a file on one line', () => {
  const before = `{"auths":{"us.icr.io":{"auth":"${SECRET}"}},"credsStore":"pass"}`;
  const text = diff(before, addHelpers(before, ['us.icr.io']));
  expect(text).not.toContain(SECRET);
  expect(text).toContain('-{"auths":{"us.icr.io":{"auth":"…"}},"credsStore":"pass"}');
});

it('shows a new file, and a file that goes', () => {
  const text = addHelpers(null, ['us.icr.io']);
  expect(diff(null, text)).toMatch(/^--- \/dev\/null\n\+\+\+ \/c\.json\n@@ -0,0 \+1,5 @@\n\+\{/);
  expect(diff(text, null)).toMatch(/^--- \/c\.json\n\+\+\+ \/dev\/null\n@@ -1,5 \+0,0 @@\n-\{/);
});
