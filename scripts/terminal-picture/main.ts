import { writeFileSync } from 'node:fs';
import { makePicture, PICTURE } from './picture.ts';

writeFileSync(PICTURE, await makePicture());
console.log(`written: ${PICTURE}`);
