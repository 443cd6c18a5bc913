import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { makePicture, PICTURE } from '../../scripts/terminal-picture/picture.ts';

it('the picture in the README shows what the program and the clients say today (else: npm run picture)', async () => {
  expect(await makePicture()).toBe(readFileSync(PICTURE, 'utf8'));
});
